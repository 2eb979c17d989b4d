"""Makes the labelled comments from hand-written frames and names, byte for byte from a seed.

    python -m benchmarks.redaction.synthetic

Each part has a folder of its own: `frames.txt` (comments with slots), `innocent.txt` (comments that name
nobody), `sayings.txt` (nor do these, but for people everybody knows), `written.txt` (comments written
whole, labels and all) and `names.txt`. No frame, given name or surname stands in both, so that the
held-back part measures rules on what their writers have not seen. Everything is invented; the README says
how numbers were kept from being anybody's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from types import MappingProxyType

from benchmarks.redaction.labelled import CLASSES, FOLDER, INNOCENT, PARTS, Comment, Label

SEED = 20261113
SIZES = MappingProxyType({"development": (1150, 620), "held back": (900, 330)})
_TOKEN = re.compile(
    r"\{(?P<slot>[\w-]+)(?:: (?P<words>[^{}]+))?\}|\[(?P<choice>[^\[\]|]*\|[^\[\]]*)\]|(?P<end>\\n)"
)
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"

# Slot -> the class of its label.
SLOTS: Mapping[str, str] = MappingProxyType(
    {
        "full": "full name",
        "titled": "surname after a title",
        "first": "first name alone",
        "surname": "surname alone",
        "nick": "nickname",
        "kin": "kin",
        "staff": "staff by role",
        "particle": "name with a particle or hyphen",
        "particlefull": "name with a particle or hyphen",
        "initials": "initials",
        "inits": "initials",
        "sign": "signature",
        "list": "names in a list",
        "nhs": "NHS number",
        "hospital": "hospital number",
        "ni": "National Insurance number",
        "phone": "phone number",
        "email": "e-mail",
        "web": "web address",
        "handle": "social handle",
        "postcode": "postcode",
        "address": "address",
        "vehicle": "vehicle",
        "dob": "date of birth",
        "date": "date",
        "ref": "reference number",
        "sort": "bank details",
        "account": "bank details",
        "card": "bank details",
        "iban": "bank details",
        "passport": "passport or driving licence",
        "licence": "passport or driving licence",
        "age": "age over 89",
        "rare": "rare context",
    }
)


# --- Names ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pool:
    """The names of one kind: origins with their weights and names."""

    origins: tuple[str, ...]
    weights: tuple[int, ...]
    names: tuple[tuple[str, ...], ...]

    def draw(self, random: Random, origin: str = "") -> tuple[str, str]:
        """An origin and one of its names, the first of a list oftener than the last."""
        if origin not in self.origins:
            origin = random.choices(self.origins, self.weights)[0]
        names = self.names[self.origins.index(origin)]
        return origin, names[int(len(names) * random.random() ** 1.5)]


def folder_lines(part: str, name: str) -> list[str]:
    """The lines of a hand-written file of a part, comments and blank lines left out."""
    path = FOLDER / part.replace(" ", "_") / f"{name}.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


@cache
def pools(part: str) -> Mapping[str, Pool]:
    """Kind of name -> its pool."""
    read: dict[str, list[tuple[str, int, tuple[str, ...]]]] = {}
    for line in folder_lines(part, "names"):
        head, names = line.split(": ", 1)
        kind, origin, weight = head.split()
        read.setdefault(kind, []).append((origin, int(weight), tuple(names.split(", "))))
    return MappingProxyType({kind: Pool(*zip(*rows, strict=True)) for kind, rows in read.items()})


class Drawn:
    """Draws what stands in the slots of one part."""

    def __init__(self, part: str, random: Random) -> None:
        self.pools = pools(part)
        self.random = random
        self.held_back = part != PARTS[0]

    def fill(self, slot: str) -> str:
        return getattr(self, f"_{slot}")()  # type: ignore[no-any-return]

    # names

    def _given(self) -> str:
        return self.pools["given"].draw(self.random)[1]

    _first = _kin = _staff = _list = _given

    def _surname(self) -> str:
        return self.pools["surname"].draw(self.random)[1]

    _titled = _surname

    def _full(self) -> str:
        origin, given = self.pools["given"].draw(self.random)
        same = self.random.random() < 0.85  # people marry and move: the rest are of another origin
        surname = self.pools["surname"].draw(self.random, origin if same else "")[1]
        middle = f" {self._letter()}." if self.random.random() < 0.05 else ""
        return f"{given}{middle} {surname}"

    def _particle(self) -> str:
        return self.pools["particle"].draw(self.random)[1]

    def _particlefull(self) -> str:
        return f"{self._given()} {self._particle()}"

    def _nick(self) -> str:
        return self.pools["nick"].draw(self.random)[1]

    def _letter(self) -> str:
        return self.random.choice(_LETTERS)

    def _initials(self) -> str:
        a, b, surname = self._letter(), self._letter(), self._surname()
        shapes = [
            f"{a}. {b}. {surname}",
            f"{a} {surname}",
            f"{a}.{b}. {surname}",
            f"{a}. {surname}",
        ]
        if self.held_back:
            shapes += [f"{a}{b} {surname}", f"{surname} {a}.", f"{surname}, {a}.{b}."]
        return self.random.choice(shapes)

    def _inits(self) -> str:
        a, b, c = self._letter(), self._letter(), self._letter()
        return self.random.choice([f"{a}.{b}.", f"{a}{b}", f"{a}. {b}.", f"{a}{b}{c}", f"{a}.{b}"])

    def _sign(self) -> str:
        shapes = [self._full, self._full, self._given, self._initials, self._full, self._given]
        return self.random.choice(shapes)()

    # numbers

    def _digits(self, how_many: int) -> str:
        return "".join(self.random.choice("0123456789") for _ in range(how_many))

    def _nhs(self) -> str:
        number = "9434765919" if self.random.random() < 0.1 else self._nhs_digits()
        a, b, c = number[:3], number[3:6], number[6:]
        shapes = [f"{a} {b} {c}", number, f"{a}-{b}-{c}", f"{a} {b} {c}"]
        if self.held_back:
            shapes += [
                f"{a}.{b}.{c}",
                f"{a}  {b}  {c}",
                f"{a} {b}{c}",
                f"{number[:5]} {number[5:]}",
            ]
        return self.random.choice(shapes)

    def _nhs_digits(self) -> str:
        while True:
            digits = f"999{self._digits(6)}"
            check = 11 - sum((10 - at) * int(digit) for at, digit in enumerate(digits)) % 11
            if check != 10:
                return f"{digits}{check % 11}"

    def _hospital(self) -> str:
        shapes = [f"{self._letter()}{self._digits(6)}", self._digits(7), f"RX{self._digits(6)}"]
        if self.held_back:
            shapes += [
                f"{self._digits(3)}-{self._digits(4)}",
                f"{self._letter()} {self._digits(7)}",
            ]
        return self.random.choice(shapes)

    def _ni(self) -> str:
        head, tail = self.random.choice(["QQ", "TN", "ZZ"]), self.random.choice("ABCD")
        a, b, c = self._digits(2), self._digits(2), self._digits(2)
        shapes = [f"{head} {a} {b} {c} {tail}", f"{head}{a}{b}{c}{tail}", f"{head}{a} {b}{c}{tail}"]
        if self.held_back:
            shapes += [f"{head}-{a}-{b}-{c}-{tail}", f"{head} {a}{b}{c} {tail}"]
        return self.random.choice(shapes)

    def _phone(self) -> str:
        n = self._digits(3)
        shapes = [
            f"07700 900{n}",
            f"07700900{n}",
            f"07700 900 {n}",
            f"+44 7700 900{n}",
            f"020 7946 0{n}",
            f"(020) 7946 0{n}",
            f"01632 960{n}",
            f"01632 960 {n}",
            f"0113 496 0{n}",
            f"0161 4960{n}",
            f"029 2018 0{n}",
            f"0808 157 0{n}",
            f"077 00 90 0{n[0]} {n[1:]}",
        ]
        if self.held_back:
            shapes += [
                f"+44 (0)20 7946 0{n}",
                f"0044 7700 900{n}",
                f"07700-900-{n}",
                f"01632/960{n}",
                f"(01632) 960{n}",
                f"028 9018 0{n}",
                f"+447700900{n}",
                f"03069 990{n}",
                f"07 700 900 {n}",
                f"0131.496.0{n}",
            ]
        return self.random.choice(shapes)

    def _email(self) -> str:
        given, surname = _ascii(self._given()), _ascii(self._surname())
        n = self.random.randint(1, 99)
        shapes = [
            f"{given}.{surname}@mail.example",
            f"{given}{n}@example.com",
            f"{given[0]}_{surname}{n}@example.org",
            f"{surname}.family@example.co.uk",
            f"{given} at example dot com",
        ]
        if self.held_back:
            shapes += [
                f"{given}.{surname} (at) example.org",
                f"{given}-{surname}{n}@post.example.net",
                f"{given}{surname}[at]example.com",
                f"{given} @ example.com",
            ]
        return self.random.choice(shapes)

    def _web(self) -> str:
        word = _ascii(self._surname())
        n = self._digits(4)
        shapes = [
            f"https://www.example.org/{word}-story",
            f"www.example.com/{word}",
            f"{word}family.example.co.uk/photos",
            f"http://example.net/p?id={n}",
            f"facebook.com/{word}.{n}",
            f"facebook dot com slash {word}{n}",
        ]
        if self.held_back:
            shapes += [
                f"fb.com/{word}{n}",
                f"{word}blog.example.com",
                f"www dot example dot org slash {word}",
                f"youtu.be/{word}{n}",
                f"HTTPS://EXAMPLE.ORG/{word.upper()}",
                f"tinyurl.com/{word}{n}",
            ]
        return self.random.choice(shapes)

    def _handle(self) -> str:
        given, n = _ascii(self._given()), self.random.randint(10, 99)
        shapes = [f"@{given}_{n}", f"@{given}{_ascii(self._surname())}", f"{given}_xo{n}"]
        if self.held_back:
            shapes += [f"@the_real_{given}", f"{given}.{_ascii(self._surname())}.{n}"]
        return self.random.choice(shapes)

    def _postcode(self) -> str:
        area = self.random.choice(["LS", "BD", "NE", "CF", "BT", "EH", "PL", "SO", "HU", "TQ"])
        out = f"{area}{self.random.randint(60, 98)}"
        if self.random.random() < 0.25:
            out = f"{self.random.choice('BEGLMNSW')}{self.random.randint(1, 9)}"
        inward = f"{self._digits(1)}{self._letter()}{self._letter()}"
        for unused, used in zip("CKMV", "ADEF", strict=True):  # letters no second half has
            inward = inward.replace(unused, used)
        shapes = [f"{out} {inward}", f"{out} {inward}", f"{out}{inward}", f"{out} {inward}".lower()]
        if self.held_back:
            shapes += [f"{out}  {inward}", f"{out}-{inward}", f"SW1A {inward}", f"EC4Y {inward}"]
        return self.random.choice(shapes)

    def _address(self) -> str:
        street = self.pools["street"].draw(self.random)[1]
        house = self.pools["house"].draw(self.random)[1]
        n = self.random.randint(1, 188)
        shapes = [
            f"{n} {street}",
            f"{n} {street}",
            f"{n} {street}",
            f"Flat {n % 20 + 1}, {n} {street}",
            f"{n}{self.random.choice('AB')} {street}",
            f"{house}, {street}",
        ]
        if self.held_back:
            shapes += [
                f"Flat {n % 9 + 1}{self.random.choice('ABC')} {street}",
                f"{n}, {street}",
                f"Apartment {n}, {house}",
                f"{n} {_short_street(street)}",
            ]
        return self.random.choice(shapes)

    def _vehicle(self) -> str:
        a, b, c, d, e = (self._letter() for _ in range(5))
        years = self.random.choice([28, 34, 41, 49, 82, 87, 93, 96])
        n = self.random.randint(11, 989)
        shapes = [
            f"{a}{b}{years} {c}{d}{e}",
            f"{a}{b}{years}{c}{d}{e}",
            f"{a}{b}{years} {c}{d}{e}".lower(),
            f"{a}{n} {c}{d}{e}",
            f"{a}{b}{c} {n}{d}",
            f"{a}{b}{c} {n}",
        ]
        if self.held_back:
            shapes += [f"{n} {a}{b}", f"{a}{n % 9 + 1} {c}{d}{e}", f"{a}{b} {years} {c}{d}{e}"]
        return self.random.choice(shapes)

    def _day(self, first: int, last: int) -> str:
        day, month, year = (
            self.random.randint(1, 28),
            self.random.randint(1, 12),
            self.random.randint(first, last),
        )
        name = _MONTHS[month - 1]
        shapes = [
            f"{day:02}/{month:02}/{year}",
            f"{day}/{month}/{year % 100:02}",
            f"{day} {name} {year}",
            f"{day}{_ordinal(day)} {name} {year}",
            f"{day:02}.{month:02}.{year}",
            f"{name} {day}{_ordinal(day)}, {year}",
            f"{day}-{month}-{year}",
        ]
        if self.held_back:
            shapes += [
                f"{day}{_ordinal(day)} of {name} {year}",
                f"{year}-{month:02}-{day:02}",
                f"{day} {name[:3]} {year % 100:02}",
                f"{day:02} {month:02} {year}",
                f"{day}-{name[:3]}-{year}",
                f"{day}{_ordinal(day)} {name[:3]} ’{year % 100:02}",
            ]
        return self.random.choice(shapes)

    def _dob(self) -> str:
        return self._day(1931, 2019)

    def _date(self) -> str:
        if self.random.random() < 0.55:
            return self._day(2023, 2026)
        day, name = self.random.randint(1, 28), self.random.choice(_MONTHS)
        week = self.random.choice(["Monday", "Tuesday", "Wed", "Thursday", "Friday"])
        shapes = [
            f"{day} {name}",
            f"{day}{_ordinal(day)} {name}",
            f"{week} {day}{_ordinal(day)} {name}",
            f"{name} {day}{_ordinal(day)}",
            f"{day}/{self.random.randint(1, 12)}",
        ]
        if self.held_back:
            shapes += [
                f"the {day}{_ordinal(day)} of {name}".removeprefix("the "),
                f"{week} {day} {name[:3]}",
                f"{name[:3]} {day}",
                f"{day}.{self.random.randint(1, 12)}",
            ]
        return self.random.choice(shapes)

    def _ref(self) -> str:
        shapes = [
            f"INC-2025-{self._digits(5)}",
            f"C/{self._digits(2)}/{self._digits(4)}",
            f"W{self._digits(6)}",
            self._digits(6),
            f"COM{self._digits(5)}",
        ]
        if self.held_back:
            shapes += [
                f"2026/{self._digits(4)}/{self._letter()}{self._letter()}",
                f"PHSO-{self._digits(7)}",
                f"{self._letter()}{self._letter()}{self._digits(3)}/{self._digits(2)}",
                f"#{self._digits(5)}",
            ]
        return self.random.choice(shapes)

    def _sort(self) -> str:
        a, b = self._digits(2), self._digits(2)
        shapes = [f"00-{a}-{b}", f"00 {a} {b}"]
        return self.random.choice([*shapes, f"00{a}{b}"] if self.held_back else shapes)

    def _account(self) -> str:
        number = f"00{self._digits(6)}"
        shapes = [number, f"{number[:4]} {number[4:]}"]
        return self.random.choice(shapes if self.held_back else shapes[:1])

    def _card(self) -> str:
        number = f"400000{self._digits(9)}"  # a range kept for tests
        number += next(str(last) for last in range(10) if _luhn(f"{number}{last}"))
        spaced = " ".join(number[at : at + 4] for at in range(0, 16, 4))
        return self.random.choice([number, spaced, spaced.replace(" ", "-")])

    def _iban(self) -> str:
        return self.random.choice(["GB29 NWBK 6016 1331 9268 19", "GB29NWBK60161331926819"])

    def _passport(self) -> str:
        return self.random.choice(
            [f"00{self._digits(7)}", f"{self._letter()}0000{self._digits(4)}"]
        )

    def _licence(self) -> str:
        a, b = self._letter(), self._letter()
        name = _ascii(self._surname()).upper()[:5].ljust(5, "9")
        sixth = f"{self._digits(1)}0{self.random.randint(1, 9)}{self.random.randint(10, 28)}"
        return f"{name}{sixth}{self._digits(1)}{a}{b}9{self._letter()}{self._letter()}"

    def _age(self) -> str:
        numbers = [str(age) for age in range(90, 106)]
        if self.held_back:
            numbers += ["ninety one", "ninety-seven", "a hundred and one", "ninety-four"]
        else:
            numbers += ["ninety-two", "ninety five", "ninety"]
        return self.random.choice(numbers)


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip


def _ordinal(day: int) -> str:
    return "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _short_street(street: str) -> str:
    for long, short in (
        ("Road", "Rd"),
        ("Street", "St"),
        ("Avenue", "Ave"),
        ("Close", "Cl"),
        ("Drive", "Dr"),
    ):
        street = street.replace(long, short)
    return street


def _ascii(name: str) -> str:
    return "".join(c for c in name.replace("ł", "l").lower() if c.isascii() and c.isalpha())


def _luhn(number: str) -> bool:
    doubled = [int(c) * (1 + at % 2) for at, c in enumerate(reversed(number))]
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0


# --- Comments ------------------------------------------------------------------------------------

Piece = tuple[str, str]  # words, and the class of their label or ""


def pieces(frame: str, drawn: Drawn) -> list[Piece]:
    """A frame with its choices made and its slots filled.

    Raises
    ------
    ValueError : a brace that opens no slot known.
    """
    made, at = [], 0
    for token in _TOKEN.finditer(frame):
        made.append((frame[at : token.start()], ""))
        at = token.end()
        if token["end"]:
            made.append(("\n", ""))
        elif token["choice"] is not None:
            made.append((drawn.random.choice(token["choice"].split("|")), ""))
        else:
            slot = token["slot"]
            if slot not in SLOTS:
                raise ValueError(f"‘{frame}’: there is no slot ‘{slot}’.")
            made.append((token["words"] or drawn.fill(slot), SLOTS[slot]))
    made.append((frame[at:], ""))
    if any(mark in words for words, kind in made if not kind for mark in "{}"):
        raise ValueError(f"‘{frame}’: a brace that is no slot.")
    return [piece for piece in made if piece[0]]


def comment(number: str, made: list[Piece], manner: str = "as usual") -> Comment:
    """The comment of these pieces."""
    text, labels = "", []
    for words, kind in made:
        if kind:
            labels.append(Label(len(text), len(text) + len(words), kind))
        text += words
    return Comment(number, text, tuple(labels), manner, "" if labels else INNOCENT[0])


def _each(
    made: list[Piece], change: Callable[[str], str], labelled: bool | None = None
) -> list[Piece]:
    return [
        (change(words) if labelled in (None, bool(kind)) else words, kind) for words, kind in made
    ]


def disguised(made: list[Piece], random: Random) -> list[Piece]:
    """The labels written so that a program reads other characters than a person does."""

    def rewritten(words: str) -> str:
        ways = [
            lambda: f"<em>{words}</em>",
            lambda: f"<b>{words[:2]}</b>{words[2:]}",
            lambda: f"{words[:2]}\u200b{words[2:]}",
            lambda: f"{words[:3]}\u00ad{words[3:]}",
        ]
        if " " in words:
            ways += [
                lambda: words.replace(" ", "&nbsp;"),
                lambda: words.replace(" ", "\u00a0"),
                lambda: words.replace(" ", "  "),
                lambda: words.replace(" ", "\n", 1),
                lambda: words.replace(" ", "<br>", 1),
            ]
        if any(map(str.isdigit, words)):
            ways += [lambda: words.translate(_WIDE)] * 3
        if "@" in words:
            ways += [lambda: words.replace("@", "&#64;")] * 2
        if "'" in words or "’" in words:
            ways += [lambda: re.sub("['’]", "&#39;", words)] * 3
        return random.choice(ways)()

    return _each(made, rewritten, labelled=True)


_WIDE = {ord("0") + digit: chr(0xFF10 + digit) for digit in range(10)}  # full-width digits


def untidy(made: list[Piece], random: Random) -> list[Piece]:
    """Typing as people type: marks left out, letters swapped, thank yous shortened, spaces doubled."""

    def typed(words: str) -> str:
        way = random.randrange(5)
        if way == 0:
            return re.sub(r"[.,!](?=\s|$)", "", words)
        if way == 1:
            return words.replace(". ", "  ")
        if way == 2:
            long = list(re.finditer(r"[a-z]{6,}", words))
            if long:
                at = random.choice(long).start() + 2
                return f"{words[:at]}{words[at + 1]}{words[at]}{words[at + 2 :]}"
        if way == 3:
            for plain, short in (("you", "u"), ("please", "plz"), ("to", "2"), ("because", "cos")):
                words = re.sub(rf"\b{plain}\b", short, words)
        if way == 4:
            words = re.sub(r"([!?.])(?=\s|$)", r"\1\1\1", words)
        return words

    return _each(made, typed, labelled=False)


def _has_form(frame: str) -> bool:
    slots = [CLASSES[SLOTS[token["slot"]]] for token in _TOKEN.finditer(frame) if token["slot"]]
    return "form" in slots


def part(name: str) -> list[Comment]:
    """Every comment of a part, in mixed order: written whole, from frames, and innocent.

    Raises
    ------
    ValueError : a line names no slot, or the lines make too few distinct comments.
    """
    random = Random(f"{SEED} {name}")
    drawn = Drawn(name, random)
    frames, innocent = folder_lines(name, "frames"), folder_lines(name, "innocent")
    sayings = folder_lines(name, "sayings")
    asides = [line for line in innocent if len(line) > 25]
    # what has a form is drawn twice as often, so that each of its many classes is often there
    frames += [frame for frame in frames if _has_form(frame)]
    made = {}
    for line in folder_lines(name, "written"):
        whole = comment("", pieces(line, drawn))
        made[whole.text] = whole
    for lines, size in zip((frames, innocent + sayings), SIZES[name], strict=True):
        wanted = len(made) + size
        for _ in range(60):
            for line in random.sample(lines, len(lines)):
                if len(made) < wanted:
                    typed = _from_frame(line, drawn, asides, identifiers=lines is frames)
                    if line in sayings:
                        typed = replace(typed, innocent=INNOCENT[1])
                    made.setdefault(typed.text, typed)
        if len(made) < wanted:
            raise ValueError(f"{name}: {len(lines)} lines make fewer than {size} comments.")
    mixed = random.sample(list(made.values()), len(made))
    return [
        replace(each, number=f"synthetic-{name[0].upper()}{at:04}")
        for at, each in enumerate(mixed, start=1)
    ]


def _from_frame(line: str, drawn: Drawn, asides: list[str], *, identifiers: bool) -> Comment:
    """A comment of a frame as somebody might have typed it, perhaps with more than the matter itself."""
    random = drawn.random
    made, manner = pieces(line, drawn), "as usual"
    if random.random() < (0.2 if identifiers else 0.12):
        aside = pieces(random.choice(asides), drawn)
        gap = [(random.choice([" ", " ", "\n", " ... ", ". "]), "")]
        made = [*aside, *gap, *made] if random.random() < 0.5 else [*made, *gap, *aside]
    chance = random.random()
    if chance < 0.11:
        made, manner = _each(made, str.lower), "small letters"
    elif chance < 0.16:
        made, manner = _each(made, str.upper), "capitals"
    elif chance < 0.26 and identifiers:
        made, manner = disguised(made, random), "disguised"
    if random.random() < 0.2:
        made = untidy(made, random)
    return comment("", made, manner)


def file_of(made: list[Comment]) -> str:
    """The file of a part: a JSON object a line."""
    rows = [
        {
            "comment": each.number,
            "manner": each.manner,
            "text": each.text,
            "labels": [[label.start, label.end, label.kind] for label in each.labels],
        }
        | ({"innocent": each.innocent} if each.innocent else {})
        for each in made
    ]
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def main() -> None:
    for name in PARTS:
        path = FOLDER / f"{name.replace(' ', '_')}.jsonl"
        path.write_text(file_of(part(name)), encoding="utf-8", newline="\n")
        print(f"Written to {path.name}.")


if __name__ == "__main__":
    main()
