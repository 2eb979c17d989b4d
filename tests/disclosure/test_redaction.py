"""Personal details are masked in every spelling met so far, and nothing is added to what was said."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data.maker.comments import CLOSINGS, OPENINGS, PERSONAL, PHRASES
from pxcore.disclosure.redaction import (
    MASKS,
    Redactor,
    everyday,
    folded,
    forms,
    names,
    redact,
    vehicles,
)
from pxcore.disclosure.redaction.context import after, before
from pxcore.disclosure.redaction.objections import against
from pxcore.disclosure.redaction.plain import plain, shadow
from pxcore.disclosure.redaction.signatures import signatures
from tests.conftest import GOLDEN

MASK = re.compile("|".join(re.escape(mask) for mask in MASKS.values()))
# Words and marks that details are made of, so that what Hypothesis joins is often near to one.
PIECES = st.sampled_from(
    [
        "Dr", "Mrs", "nurse", "Sister", "Sample", "O’Neill", "van", "A.", "and", "was", "kind", ",",
        "07700", "900456", "0", "7", "999", "000", "0018", "+44", "(", ")", "-", "/", ".", "@",
        "example", "org", "dot", "at", "ZZ99", "3VZ", "e1", "4ns", "12", "Invented", "Lane", "street",
        "3rd", "April", "1951", "born", "nhs", "number", "[name]", "[NHS number]", "[", "]", "\u200b",
        "\u00a0", "\n", "ring", "me", "flat", "４", "é", "Ł", "www.", "ref", "Regards", "called",
    ]
)  # fmt: skip
COMMENTS = st.lists(PIECES, max_size=14).flatmap(
    lambda pieces: st.sampled_from([" ".join(pieces), "".join(pieces)])
)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        # NHS numbers: ten digits with a right check digit, however they are grouped
        ("It is 999 000 0018.", "It is [NHS number]."),
        ("It is 9990000018.", "It is [NHS number]."),
        ("It is 999-000-0018.", "It is [NHS number]."),
        ("It is 999\u00a0000\u20090018.", "It is [NHS number]."),
        ("It is ９９９０００００１８.", "It is [NHS number]."),
        ("It is 9\u200b990000018.", "It is [NHS number]."),
        ("NHS number: 999 000 0019", "NHS number: [NHS number]"),  # mistyped, and said to be one
        # telephones
        ("Ring 01632 960123.", "Ring [phone number]."),
        ("Ring (01632) 960 123.", "Ring [phone number]."),
        ("Ring +44 (0)7700 900456.", "Ring [phone number]."),
        ("Ring 0044 7700 900456.", "Ring [phone number]."),
        ("0 7 7 0 0 9 0 0 4 5 6 any time", "[phone number] any time"),
        ("O7700-900-456 any time", "[phone number] any time"),
        ("Abroad: +33 1 99 00 11 22", "Abroad: [phone number]"),
        ("ring me on 960123", "ring me on [phone number]"),
        # the web
        ("jo.sample@example.org", "[e-mail]"),
        ("jo.sample @ example . org", "[e-mail]"),
        ("jo (at) example (dot) org", "[e-mail]"),
        ("jo at example dot org", "[e-mail]"),
        ("see https://example.org/jo?x=1 for it", "see [web address] for it"),
        (
            "see [this](https://example.org/jo), or (www.example.org/jo).",
            "see [this]([web address]), or ([web address]).",
        ),
        ("I am @josample there", "I am [web address] there"),
        # places
        ("We are in ZZ99 3VZ now", "We are in [postcode] now"),
        ("We are in zz993vz now", "We are in [postcode] now"),
        ("We are in E1 4NS now", "We are in [postcode] now"),
        ("I live at 12 Invented Lane", "I live at [address]"),
        ("I live at 12a invented lane", "I live at [address]"),
        ("I live in Invented Gardens", "I live in [address]"),
        ("Flat 4b is mine", "[address] is mine"),
        # dates with a day
        ("DOB 03/04/1951", "DOB [date]"),
        ("date of birth: 3.4.51", "date of birth: [date]"),
        (
            "My date of birth is 12/03/1951 and they had it as 1915.",
            "My date of birth is [date] and they had it as [date].",
        ),
        ("DOB 3.4.51. It opened in 1990.", "DOB [date]. It opened in 1990."),
        ("born on the 3rd of April 1951", "born on the [date]"),
        ("born in 1951", "born in [date]"),
        ("admitted 2026-03-04", "admitted [date]"),
        ("April 3rd, 1951", "[date]"),
        # numbers that point to a person
        ("hospital number A1234567", "hospital number [number]"),
        ("my NI is QQ 12 34 56 C or AB123456C", "my NI is [number] or [number]"),
        # names
        ("Dr Madeup Sample listened", "Dr [name] listened"),
        ("Dr. A. B. Sample-Jones listened", "Dr. [name] listened"),
        ("dr sample listened", "dr [name] listened"),
        ("DR SAMPLE WAS KIND", "DR [name] WAS KIND"),
        ("Mr & Mrs Sample waited", "Mr & Mrs [name] waited"),
        ("Dr Van der Sample today", "Dr [name] today"),
        ("Dr Łukasz Żółć today", "Dr [name] today"),
        ("Nurses Ann, Beth and Cat were good", "Nurses [name] were good"),
        ("the receptionist, Ann, was good", "the receptionist, [name], was good"),
        ("a nurse called Ann was good", "a nurse called [name] was good"),
        ("My name is Jo Sample", "My name is [name]"),
        ("Regards,\nJo Sample", "Regards,\n[name]"),
        # as people write them: without titles, with odd marks, in words
        ("It is 999_000_0018 or 999, 000, 0018", "It is [NHS number] or [NHS number]"),
        ("It is ⁹⁹⁹⁰⁰⁰⁰⁰¹⁸.", "It is [NHS number]."),
        ("Ring 07700_900_456", "Ring [phone number]"),
        ("zero seven seven double zero nine zero zero four five six", "[phone number]"),
        ("jo.sample at example.org", "[e-mail]"),
        ("jo(at)example.org", "[e-mail]"),
        ("josample at gmail", "[e-mail]"),
        ("jo_sample@example,com", "[e-mail]"),
        ("I live on invented lane", "I live on [address]"),
        ("Rose Cottage, Invented Lane", "[address]"),
        ("my car, XX51 ABC, was ticketed", "my car, [number], was ticketed"),
        ("dob 030451", "dob [date]"),
        ("D.O.B. 03 04 51", "D.O.B. [date]"),
        ("born March the third, 1962", "born [date]"),
        ("the twelfth of March 1962", "the [date]"),
        ("on the third of April nineteen fifty one", "on the [date]"),
        ("dr.sample listened", "dr.[name] listened"),
        ("DrSample listened", "Dr[name] listened"),
        ("Dr: Sample, Dr-Other", "Dr: [name], Dr-[name]"),
        ("Drs Sample and Other", "Drs [name]"),
        ("Nurses Ann and Dr Sample", "Nurses [name] and Dr [name]"),
        ("nurse “Ann” or nurse/Ann", "nurse “[name]” or nurse/[name]"),
        ("a nurse by the name of Ann", "a nurse by the name of [name]"),
        ("my name's jo sample", "my name's [name]"),
        ("I'm Jo Sample", "I'm [name]"),
        ("My son Jo was seen", "My son [name] was seen"),
        ("My husband, Jo, waited", "My husband, [name], waited"),
        ("my 3 year old grandson Jo-Ann", "my 3 year old grandson [name]"),
        ("A big thank you to Ann, Bea and Dr Sample", "A big thank you to [name] and Dr [name]"),
        ("Thank you Ann and Bo for all", "Thank you [name] for all"),
        ("helped by Ann on reception", "helped by [name] on reception"),
        ("I saw Ann, the nurse, twice", "I saw [name], the nurse, twice"),
        ("The girl on reception, Ann, was", "The girl on reception, [name], was"),
        ("Re: Jo Sample", "Re: [name]"),
        ("Many thanks\nJo Sample", "Many thanks\n[name]"),
    ],
)
def test_a_detail_is_masked(said: str, shown: str) -> None:
    assert redact(said).text == shown


@pytest.mark.parametrize(
    "said",
    [
        "Number nine in the queue, 40 minutes",
        "Called at 08.00 08.15 08.30 and 8.45",
        "Seen from 2-3pm, at 2.30 pm, 24/7",
        "I waited 2 hours on the road",
        "Rang 111 twice and 999 once",
        "March 2026 was fine, 2025-26 was not",
        "The doctor was kind and the nurse explained",
        "Dr was late. Nurse Was kind. GP Monday morning",
        "10 out of 10, 5 stars",
        "Such a kind doctor. Five stars from me. A lovely lady. Easy to book",
        "Ward 4 on level 2",
        "Sadly, my son was not seen. MY MUM FELL. my wife. Very good",
        "My husband, Who is 80, waited; my daughter Was seen; my dad Parkinsons",
        "Thanks to Covid. Thank You Very Much To All. Thank you Keep it up",
        "Thank you Team for all you do. Thanks to Reception",
        "Unfortunately the receptionist was rude, on Monday the nurse too",
        "I am Very Happy. I'm Not sure. I am Deaf",
        "My name is on the list, her name is spelt wrong",
        "By Staff on reception. The lady on reception, However, was rude",
        "nurses/Doctors, nurse, HCA and midwives were kind",
        "From the start\nLove it. Many thanks\nExcellent service",
        "Re: Covid jab. Patient - satisfied",
        "Appointments at 9:15, 9:30, 10:00; the first of many; one or two, three at most, four once",
        "I live on a busy road, look at gmail, AT10 AND IN24 HRS",
    ],
)
def test_what_is_no_detail_stays(said: str) -> None:
    assert redact(said).text == said


def test_phrases_of_the_demonstration_hold_no_details_and_the_planted_ones_do() -> None:
    phrases = [said for by in PHRASES.values() for group in by.values() for said in group]
    for said in (*phrases, *OPENINGS, *(one for group in CLOSINGS.values() for one in group)):
        assert redact(said).text == said
    shown = " ".join(redact(said).text for said in PERSONAL)
    for detail in (
        "Example", "01632", "Madeup", "Sample", "example.org", "0018", "Invented", "3VZ", "1951",
        "Pretend", "Nobody", "900456", "Fictional", "Placeholder",
    ):  # fmt: skip
        assert detail not in shown, detail


def test_a_wrong_check_digit_alone_is_no_nhs_number() -> None:
    assert redact("999 000 0018").masked == {"NHS number": 1}
    assert "NHS number" not in redact("999 000 0019").masked


@pytest.mark.parametrize("digit", range(9))
def test_exactly_one_check_digit_fits(digit: int) -> None:
    """Modulus 11 leaves one right last digit for nine, or none (a remainder of ten)."""
    nine = f"99900000{digit}"
    fit = [last for last in range(10) if "NHS number" in redact(f"{nine}{last}").masked]
    weighted = sum((10 - at) * int(character) for at, character in enumerate(nine))
    check = 11 - weighted % 11
    assert fit == ([] if check == 10 else [check % 11])


def test_listed_names_are_masked_in_any_case_spacing_and_accent() -> None:
    names = ["Zoë", "Quell Other-Sample", "O’Neill"]
    said = "ZOE and Zoë's friend, quell  other sample, Quell Other; oneill O'Neill. Zoetrope."
    assert redact(said, names).text == (
        "[name] and [name]'s friend, [name], Quell Other; [name] [name]. Zoetrope."
    )
    assert redact(said, names).masked == {"name": 5}


def test_listed_names_are_masked_as_they_are_misspelt() -> None:
    names = ["Zoë", "Sarah-Jane", "O’Neill", "Quell Other", "Łukasz"]
    said = (
        "Zoes manner; SARAHJANE, O Neill, O'Neills; Other, Quell. lukasz, Zone, Quell, Other people"
    )
    assert redact(said, names).text == (
        "[name] manner; [name], [name], [name]; [name]. [name], Zone, Quell, Other people"
    )


def test_a_listed_name_is_not_found_inside_a_mask() -> None:
    assert redact("Dr Sample, name", ["name"]).text == "Dr [name], [name]"


def test_the_rules_key_tells_lists_apart_and_not_their_order() -> None:
    one, other = Redactor(frozenset({"Ann", "Bo"})), Redactor(frozenset({"bo", "ANN"}))
    assert one.rules == other.rules
    assert one.rules != Redactor(frozenset({"Ann"})).rules != Redactor().rules


@given(said=COMMENTS | st.text(max_size=60), names=st.lists(PIECES, max_size=2))
@example(said="Dr 07700900456 Sample", names=[])
@example(said="07700 900456 12345", names=["12345"])
def test_nothing_is_added_and_twice_is_once(said: str, names: list[str]) -> None:
    once = redact(said, names)
    assert redact(once.text, names).text == once.text
    at = 0
    readable = plain(said)
    for piece in MASK.split(once.text):  # what is left stands in the comment, in its order
        found = readable.find(piece, at)
        assert found >= 0
        at = found + len(piece)
    assert len(MASK.sub("", once.text)) <= len(readable)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_detail_is_masked_whatever_stands_around_it(before: str, after: str) -> None:
    assert "jo.sample" not in redact(f"{before}\njo.sample@example.org\n{after}").text
    assert "9000018" not in redact(f"{before}\n9990000018\n{after}").text
    assert "Madeup" not in redact(f"{before}\nMrs Madeup\n{after}").text


def test_a_long_comment_takes_no_time() -> None:
    """Nothing in the patterns doubles with the length: each of these is through in well under a second."""
    for evil in (
        "A" * 20_000, "1-" * 8_000, "a@" * 5_000, "w.w." * 4_000, "Dr " + "Aa " * 5_000,
        "thank you " + "Aa and " * 4_000, "Aa Bb," * 4_000, "my son " + "Aa, " * 5_000,
        "first of " * 4_000, "love," + " " * 9_000, "a.a " * 5_000,
    ):  # fmt: skip
        redact(evil)


# --- Made plain first ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Dr <em>Sample</em> listened", "Dr [name] listened"),
        ("Dr **Sample** listened", "Dr [name] listened"),
        ("ring 07700&nbsp;900&#160;456 please", "ring [phone number] please"),
        ("ring 07700&amp;nbsp;900456 please", "ring [phone number] please"),
        ("ring 07<b>700</b> 900456 please", "ring [phone number] please"),
        ("Dr S\u200bample and jo\u00ad@example.org", "Dr [name] and [e-mail]"),
        ("Ｄｒ Ｓａｍｐｌｅ, ０７７００ ９００４５６", "Dr [name], [phone number]"),
        ("\u202e07700\u202c 900456", "[phone number]"),
        (
            "my mum \U0001d413\U0001d41a\U0001d426\U0001d42c\U0001d422\U0001d427 waited",
            "my mum [name] waited",
        ),
        ("Lovely.<br/>Thanks,<br>Tamsenne", "Lovely.\nThanks,\n[name]"),
        ("Lovely_x000D_\nTamsenne", "Lovely\n[name]"),
        ("Nurse S\u0430rah was kind", "Nurse [name] was kind"),  # a Cyrillic letter in it
    ],
)
def test_what_hides_a_detail_is_taken_away_first(said: str, shown: str) -> None:
    assert redact(said).text == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("5* service, f*** the queue, 4 < 5 & A&E", "5* service, f*** the queue, 4 < 5 & A&E"),
        ("first line \r\n second\tline\u2028third", "first line\nsecond line\nthird"),
        (
            "good \U0001f468\u200d\U0001f469\u200d\U0001f467 care",
            "good \U0001f468\u200d\U0001f469\u200d\U0001f467 care",
        ),
        (
            "caf\u00e9, na\u00efve, \u00bd a day, 10 m\u00b2",
            "caf\u00e9, na\u00efve, \u00bd a day, 10 m\u00b2",
        ),
        ("I <3 this place, 1 <p 2", "I <3 this place, 1 <p 2"),
    ],
)
def test_what_hides_nothing_stays(said: str, shown: str) -> None:
    assert redact(said).text == shown


# --- More identifiers with a form --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("It is 943 476 5919", "It is [NHS number]"),
        ("NI number QQ 12 34 56 C was read out", "NI number [number] was read out"),
        ("hosp no. 48291 got mixed up", "hosp no. [number] got mixed up"),
        ("Datix W123456, SI/2024/0133", "Datix [number], [number]"),
        ("sort code 00-12-34 account 00123456", "sort code [number] account [number]"),
        ("IBAN GB29 NWBK 6016 1331 9268 19", "IBAN [number]"),
        ("licence MORGA657054SM9IJ shown", "licence [number] shown"),
        ("my car A123 BCD and ABC 123D, reg XYZ 1234", "my car [number] and [number], reg [number]"),
        ("I'm jo_sample on Twitter, insta: josample9", "I'm [web address] on Twitter, insta: [web address]"),
        ("facebook dot com slash josample", "[web address]"),
        ("I rang on 4th March and Tuesday 3rd June", "I rang on [date] and [date]"),
        ("appointment on 19/9 cancelled", "appointment on [date] cancelled"),
        ("My mother is 93 and was left; dad, aged 101,", "My mother is [age] and was left; dad, aged [age],"),
        ("she is 98 years old", "she is [age] years old"),
        ("lives at Rose House, Invented Terrace", "lives at [address]"),
    ],
)  # fmt: skip
def test_identifiers_of_every_kind(said: str, shown: str) -> None:
    assert redact(said).text == shown


@pytest.mark.parametrize(
    "said",
    [
        "I was 95th in the queue and waited 98 minutes, 100% awful, temperature 101.2",
        "Scored 10/10 and 5/5, open 24/7, BP 120/80, 2023/24",
        "Paid £250000 of taxes, 1000000% happy",
        "HBA1C and B12 were fine, COVID 19 too",
        "I will call in May. Next March then. Will you answer? Grace under pressure",
        "Hope Ward and the Nightingale unit, St Mary's Hospital, Queen Elizabeth Hospital",
        "Crohn's disease, Parkinson's nurse, Alzheimer's clinic, Hodgkin lymphoma",
        "Taking 40mg of Ramipril, then Naproxen. Omeprazole gave me cramps",
        "I drove from Preston to Chester and parked in Lincoln",
        "Joy of joys, faith restored, may it last, a rose in bloom, mark my words",
        "Every Tom, Dick and Harry; Marks and Spencer; Marie Curie nurses; Jack of all trades",
        "Recieved excelent care from the recpetionist",
        "THANKS TO ALL THE STAFF ON THE WARD, YOU WERE BRILLIANT",
        "Thank You Very Much To All The Lovely Staff On The Ward",
    ],
)
def test_look_alikes_stay(said: str) -> None:
    assert redact(said).text == said


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        # names that no list knows, by what stands around them
        ("Thanks Kestwyn! Lovely ward", "Thanks [name]! Lovely ward"),
        ("Cheers, Tamsenne x", "Cheers, [name] x"),
        ("Clean and quick.\nTamsenne", "Clean and quick.\n[name]"),
        ("Great service - Kestwyn L", "Great service - [name]"),
        ("my wife brenwyn was left waiting", "my wife [name] was left waiting"),
        ("thanks to kestwyn and tamsenne on ward 3", "thanks to [name] on ward 3"),
        ("SPOKE TO PERRAN LUDDICK AT DESK, RUDE", "SPOKE TO [name] AT DESK, RUDE"),
        ("From: Tamsenne Luddick", "From: [name]"),
        # of lists, in every position
        ("Sarah was lovely", "[name] was lovely"),
        ("then priya came in", "then [name] came in"),
        ("I saw Will Turner and Grace", "I saw [name]"),
        ("Mr van der Berg and dr de souza", "Mr [name] and dr [name]"),
        ("Dr S. J. Turner, seen by p.n. sharma", "Dr [name], seen by [name]"),
        ("my daughter (D. H.) waited", "my daughter ([name]) waited"),
        ("I'm T.W. from the group", "I'm [name] from the group"),
        ("Emma/Kayleigh/Rose on maternity", "[name] on maternity"),
        ("Will was so kind, will you tell him", "[name] was so kind, will you tell him"),
        ("Prof. Thompson's clinic", "Prof. [name]'s clinic"),
        ("Everyone calls her Smudge", "Everyone calls her [name]"),
    ],
)  # fmt: skip
def test_names_by_what_stands_around_them(said: str, shown: str) -> None:
    assert redact(said).text == shown


IDENTIFIERS = st.sampled_from(
    [
        "943 476 5919", "9990000018", "07700 900456", "+44 7700 900 456", "01632 960123",
        "jo.sample@example.org", "https://example.org/jo", "ZZ99 3VZ", "QQ 12 34 56 C", "@jo_sample",
        "3 April 1951", "03/04/1951", "XX51 KBC", "12 Invented Lane", "GB29 NWBK 6016 1331 9268 19",
        "MORGA657054SM9IJ", "Dr Sample", "Mrs Madeup", "INC-2024-00417", "RX293982",
    ]
)  # fmt: skip
INNOCENT = [
    *("the", "waiting", "room", "was", "clean", "and", "the", "staff", "were", "kind", "to", "us"),
    *("all", "day", "long", "so", "we", "would", "come", "back", "here"),
]


@given(
    identifier=IDENTIFIERS, at=st.integers(0, len(INNOCENT)), mark=st.sampled_from(["", ",", "."])
)
def test_an_identifier_is_masked_wherever_it_stands(identifier: str, at: int, mark: str) -> None:
    said = " ".join([*INNOCENT[:at], identifier + mark, *INNOCENT[at:]])
    shown = redact(said).text
    assert identifier not in shown
    assert [
        word for word in MASK.sub(" ", shown).split() if word not in ("Dr", "Mrs", ",", ".")
    ] == INNOCENT


HIDING = st.sampled_from(["\u200b", "\u00ad", "\u2060", "\ufeff", "<b></b>", "&#8203;", "&zwnj;"])


@given(identifier=IDENTIFIERS, at=st.integers(1, 7), hiding=HIDING)
def test_nothing_put_into_an_identifier_hides_it(identifier: str, at: int, hiding: str) -> None:
    hidden = f"{identifier[:at]}{hiding}{identifier[at:]}"
    assert redact(f"we said {hidden} to them").text == redact(f"we said {identifier} to them").text


@given(COMMENTS | st.text(max_size=80))
def test_plain_twice_is_plain_once_and_unmasks_nothing(said: str) -> None:
    once = plain(said)
    assert plain(once) == once
    assert redact(once).text == redact(said).text


@given(st.lists(PIECES | st.text("0123456789 -./O", max_size=12), max_size=12).map(" ".join))
def test_no_long_run_of_digits_is_left(said: str) -> None:
    """Six digits or more in a row stand in no masked text, but for round figures."""
    left = re.findall(r"(?<![0-9])[0-9]{6,}(?![0-9])", redact(said).text)
    assert [run for run in left if not re.fullmatch("[1-9][0-9]?0{5,}", run)] == []


# Written after the rules were first measured, and as other people write: what is between braces must go.
_WRITTEN = {
    "homes of every kind": """
the crew went to {flat 2/1, 48 Dumbarton Rise} not ours
We're at {3F2, 17 Leamington Walk}, top buzzer
it's {apt 6, The Old Brewery}, the buzzer is broken
Please write to me c/o {The Old Post Office, Little Haddock}
I live at {Braeside, Glen Lochan}
we live on the {Whinney Banks estate}, not a bus in sight
{14 Lime Tree Close, Thornbury}, that is where I live
{5 Saddlers Yard, Wickham}, {SO87 4TT}
Send it to {6 Fairlawns}, please
she lives at {8 cornmarket}
SHE LIVES AT {8 CORNMARKET}.
Our house ({50 Chapel Fields}) is on a hill
the tower block, {Jubilee Towers}, has no lift
my student room is {Room 207, Block C, Tarn Halls}
is moored at {Tilbury Lock}
the people next door at {number 6} get my letters
down {Watery Lane} where we live the paramedics walked
my letters go to {27 Highfields Rd, S99}
{Flat C, 71 Albion Road} is mine
{1st Floor Flat, 9 Cobden Street} is mine
change of address: {flat 5, kestrel house}
i live in {hazel court} and the lift is broken
it went to {41 orchard dene}
mum's in {larchfield nursing home} now
""",
    "ages of whom": """
nearly {99} and still on the list
My nan, who'll be {98} in May, fell
we lost my dad at {91}
the gentleman opposite, {95}, cried all night
an old boy of {93}
not bad for {96}!
he'd be {91} now
She may be {94} but she's not stupid
mum - {93} - was left in the ambulance
Her {90} years have taught her patience
{93}/F fell at home
people of {95} shouldn't climb stairs
mum (dementia, {94}) waited
my {96} y.o. mum
""",
    "days by name": """
{Remembrance Sunday 2024} was bad
{Eid al-Adha 2024} we waited
{August bank holiday Monday 2024} was worse
{3rd–5th May 2025} in a corridor
between {3rd and 5th May} nobody came
{Sunday the eighth of February} at noon
I came {Thurs 12/2} and left
the {twenty first of November} was bad
on the {22nd of the 8th 2025}
{22nd day of August}
{1Feb2024}
I came in {4/1} with pains
dated {3 may}, no answer
""",
    "plates and codes": """
I drive {NU 41 BBZ} and I paid
a skoda {ca 28 vrn} again
Entered my reg as {SD49 FGO} instead of {SD49 FG0}
whoever owns {RJ 7} parks badly
number plate was {738 HLD}
{FN49 HAY} parked across both bays
wristband {R411827} was mine
badge {41182} was rude
quoting {41182/RF} gets me nowhere
her pin is {04I1182E}
MRN no. {4118-2773}
refs {4417} and {4418}
two complaints, {c25/117} and {c25/118}, no answer
crn {rjz411827} it says
pay into {00-11-82 00417735}
card {xxxx xxxx xxxx 7735} was charged
card ending {1102} exp {03/28}
CHI number {120933 1182}.
""",
    "ages": """
mum, aged {93}, was left on a trolley
She's {91} and can hardly stand
he is {93} years old and lives alone
My {96}-year-old mum fell in the bathroom
my {94} yr old father was sent home at midnight
a {93yo} should not sit in a corridor
my nan ({98}) waited in a wheelchair
he will be {102} next week
Dad turns {90} in June
Gran, who turned {95} last month, was frightened
she was {ninety-four} and frail
My mother is in her {nineties} and deaf
Grandad is in his {90s}
He died at the age of {95}
at {97} she still does her own shopping
at {99} years of age he deserves better
Being {92}, I find the stairs hard
As a {91} year old I cannot use the app
I'm {93} and live on my own
I am {ninety two} years young
Mum ({F, 94}) was moved three times
{94M} admitted with chest pain
my husband, {90}, has dementia
She is nearly {100} and sharp as a tack
a lady of {96} in the next bed
she celebrated her {100th} birthday on the ward
it was his {91st} birthday
I care for my {93 y/o} aunt
he is {ninety three} years old
my Dad is a {centenarian}
how do you expect someone of {95} to queue
when you are {92} you cannot stand for long
patient was {101} yrs
for a {97}-year-old with a broken hip that is cruel
Age: {94}
""",
    "addresses": """
I live at {14 Larkspur Close} and the bus does not come
we are at {7, Bramble Crescent}, round the corner
they sent the letter to {22 Otter Mews} by mistake
letters go to {31 Heron Way}
delivered to {5 Tanyard Row} not my house
the ambulance went to {118 Mill Rise}
number {12 Hazel View} is my mum's
pick me up from {9 Fern Court} please
my address is {no. 7 Willow Walk}
carers never came to {44 Beacon Hill}
You can find me at {3 Swan Parade}
they had me down at {16 The Green}
I'm at {27 Primrose Drive}
the district nurse went to {2 Station Rd} instead of {20 Station Rd}
they posted it to {86 Cobden St}
of {15 Elm Ave}, I waited
{4 Orchard Cl} is where I am
Please update to {11 Sorrel Cres}
{Flat 3b, 10 Tower Terrace} is on the third floor
i live at {19 larkspur close}
im at {12 heron drive} and nobody came
living on {Marlpit Lane} I have no bus
I live in {Cobden Street} opposite the surgery
my house on {Tanyard Hill} has no parking
the house on the corner of {Fletcher Road} is mine
we moved to {Apple Tree Cottage}
the paramedics could not find {Rose Cottage}
They sent a letter to {The Old Forge}, which is not ours
my mum lives at {Bluebell House, Pound Lane}
send it to {Flat 12, Kestrel Court}
from {Apartment 6, The Maltings}
I live at number {42} and my neighbour is deaf
she lives at {35A Church Gate}
neighbours in {Bridle Path} saw it all
my flat at {8/2 Leith Walk} is cold
home is {77 Upper Brook Street}
I live down {Gasworks Lane}
my neighbour at {no 15} had the same
I walked home to {Sycamore Avenue} in my slippers
we live in {sycamore avenue}
""",
    "vehicles": """
I was fined, my reg is {AB12 CDE}
my car {ab12cde} was clamped
parked my {ab12 cde} in the drop-off bay
reg {A123 BCD} got a ticket
my old {abc 123d} could not get in
plate {ABC123D}
the car park camera read {P482KLM} wrong
registration number {KV19 ZXT}
reg no {kv19zxt} paid at the machine
Vehicle {ABZ 1234} blocked the bay
my car is {GXZ 4821}
number plate {jiz 7729}
Private plate {J4 NET} parked across two bays
car reg: {S1 MON}
vehicle registration {R15 ING}
a white van {BD51 SMR} parked in the disabled bay
the taxi ({LN68 WPO}) never arrived
Blue Fiesta {YK07 TRZ} hit mine
PCN for {NU64 HHV}
Someone scratched my Astra, {FG58-YYT}
the patient transport vehicle {EX17OPL} was filthy
ticketed my motorbike {OY20 RNB}
entered {wk13 plo} at the machine
it is a silver Yaris reg. {MJ15 KKD}
ambulance reg {wx70 hgj}
parking charge on {T739 GHN}
parking fine for {7 GHN}
""",
    "references": """
my ref is {4471-B}
Ref: {PC/22/0917}
reference {CX88213}
quote REF-{20931} when ringing
my case no is {7734}
case number {C-5521/23}
ticket {#48213} is still open
helpdesk ticket number {INC0048213}
complaint number {C2291} is still open
my complaint ({2024/118}) was ignored
DATIX {W118233}
datix number was {88213}
incident {INC-9931}
an incident report was raised, {IR1-4432}
PALS ref {P/0932/24}
pals case {24-1187}
booking reference {9QK4T}
booking ref: {HX7 2PL}
UBRN {0000 4821 9937}
my UBRN was {483920117734}
claim {CLM-00912}
claim no. {NHSLA/4432}
my unique reference {ZX-91-QT}
job number {J99213}
order number {10492-A}
I rang 111 and was given reference {M-44-8821}
appointment reference {APT77421}
log number {4417} from the police
crime number {CR/10293/24}
the reference they gave me, {88-1203-X}, meant nothing
Ombudsman ref {P-003912}
your letter ref {JS/KL/4471}
prescription number {D88210F}
the referral id is {RF 22914}
(ref {0091827})
my complaint, number {3321}, has had no answer
Ref no {aw/2291}
case id {q7714}
""",
    "bank": """
sort code {20-11-43} account {44819203}
sort code {20 11 43} acc no {44819203}
sort code {201143}, account number {44819203}
my account is {20-11-43 44819203}
please refund to {20-11-43}, {44819203}
refund to a/c {44819203} s/c {201143}
card number {4929 1234 5678 9012}
they took my card {4111111111111111}
paid with {5500-0000-0000-0004} and was charged twice
card ending {4417} was charged twice
the last four digits are {4417}
last 4 digits {9920} of my debit card
my Visa ending in {3391}
IBAN {GB29 NWBK 6016 1331 9268 19}
iban {gb29nwbk60161331926819}
send travel money to {60-83-71} / {12345678}
bank details: {608371} {12345678}
refund my travel to sort {60 83 71} account {1234 5678}
BACS to {12345678} {60-83-71}
Amex {3782 822463 10005}
CVV {331} was read out loud
""",
    "dates": """
I was admitted on {4 March} and left on the {9th of March}
seen {12/11} at 9am
op on {03.02.25}
born {14/2/39}
dob {14-Feb-1939}
DOB {140239}
Date of birth {14 02 1939}
d.o.b {14.2.39}
my birthday is {2nd Feb}
on the {21st January 2025}
discharged {Jan 7}
since {11 Sept} I have had no letter
the appointment of {Tuesday 4 June} was cancelled
appointment {4/6/25} cancelled
on {06-Jun-25} I rang
he died on {Christmas Day 2023}
born in {1938}
{2025/03/14} was the day
born on {Valentine's Day 1951}
admitted {14.03}
""",
    "hospital numbers": """
MRN {884213}
mrn: {M884213}
hospital no {H44821}
hospital no. {448-213}
Hosp num {448213K}
K-number {K448213}
my K number is {448213}
patient id {7714}
patient ID: {PX-7714}
patient number {99213}
my chart number {44 82 13}
unit no {U44821}
case notes {A/44821}
notes number {44821}
wristband said {RX884213}
my wristband number was {88421}
NHS no {943 476 5919}
nhs {9434765919}
hospital ID {0044821}
EPR number {E8842}
PID {88421}
X number {X77421}
district number {D448213}
CRN {5544821}
my record no {44-82-13}
""",
    "names": """
{Okonkwo} on the front desk was rude
I was seen by {Hargreaves}, who never looked up
consultant was {Mukherjee}
under {Farquhar}'s team
{Ponsonby} is the best surgeon in the county
patient {Whitcombe} in bed 4 was shouting
the patient in the next bed, {Whitcombe}, was left wet
{Featherstone} did my knee
ask for {Abernethy}
my consultant {Szczepanski} retired
Surgeon: {Ramaswamy}
Doc {Ollerenshaw} is a gem
midwife {Tattersall} stayed past her shift
referred by {Ogunleye}
Nurse {Baz} made me laugh
everyone calls him {Gaz}
{Shaz} on nights was lovely
{Wozza} the porter had us in stitches
{Jonno} from physio sorted me out
known as {Tez}
{Maz} and {Kaz} on reception
{Mandy-Lou} took my bloods
thank you {Bev} x
Signed {J.S.}
Mrs {P} was kind
Mr {T} did my hip
thanks to {A.K.} on nights
Dr {A K Patel} was good
Dr {AK} was good
{R. Blenkinsop} was my nurse
my named nurse, {T.}, was great
{K.L.M.}
yours, {D.W.}
sister {B} is a legend
{J S Throckmorton}
nurse {M.} held my hand
Dr {van der Merwe} was brilliant
{Pieter van Dijk} operated
{Maria de Souza} was on duty
{Ahmed el-Masri} explained everything
{Fatima al-Rashid} did my scan
{Yusuf bin Talal} helped
{Siobhan O’Shaughnessy} was my midwife
Mr {Mac Giolla}
Mrs {St John-Stevas} was sweet
{Ruaridh MacAllister} came out to us
{Oliver St John} was the registrar
{Luca Di Stefano} listened
{Ana dos Santos} cleaned the ward
Ms {Le Fanu} came
Dr {D’Souza} and Dr {D’Arcy}
{Priya} was my nurse
{Agnieszka} from housekeeping smiled
{Callum} did the blood test
My consultant, {Higginbottom}, was late
""",
    "homes, vehicles and ages in more phrases": """
She is in her {ninetieth} year
on his {ninety fifth} birthday
She's {ninety-odd} and deaf
My nan {94} and still going strong
Mum is now nearly {95}
my neighbour Joan, {94}, was left waiting
my mother-in-law ({96}) cannot hear
we are {91} and {93}
three months short of her {100th}
Mum turned {one hundred} on the ward
he is in his {mid-nineties}
a {nonogenarian} patient
a {centenerian} next door
she lived to {101}
We moved to {number nine Chapel Street} last year
lives opposite the church on {Mill Lane number four}
{Pitch 12 Willow Caravan Park}, that is home
My father is in {room 14 at Sunnybank care home}
our boat, narrowboat {Kingfisher}, has no letterbox
the man from {79 kestrel drive} said the same
flat above the chippy on {Marsh Street}
delivered to {fairholme, church street} by mistake
He lives at {Basement Flat, 9 Albion Place}
taxi was sent to {27-29 High St}
They delivered it to {23 Queensway}
She still lives at {8 heol y bryn} on her own
The ambulance could not find {Hillside Farm}
post goes to {PO Box 118}
registered {WN 67 OPQ} at the desk
blue corsa {uzs 547} left in the bay
{K 1 NGS} is my private plate
taxi licence {PH 5521} took me home
the cab number {217} left me
a car reg ending {5TY}
Northern Irish plate {AIZ 4567}
my mobility scooter {Q 123 ABC} was moved
the embassy’s plate {101 D 202}
""",
}


@pytest.mark.parametrize(
    "said", [line for part in _WRITTEN.values() for line in part.split("\n") if line]
)
def test_a_detail_is_masked_in_other_phrases(said: str) -> None:
    shown = MASK.sub("\0", redact(re.sub("[{}]", "", said)).text)
    kept = re.findall("[A-Za-z0-9]+", re.sub(r"\{[^}]*\}", " ", said))
    for detail in re.findall(r"\{([^}]*)\}", said):
        for word in re.findall("[A-Za-z0-9]+", detail):
            if word not in kept and (len(word) > 1 or len(detail) < 3):
                assert not re.search(rf"(?<![A-Za-z0-9]){word}(?![A-Za-z0-9])", shown), shown


_INNOCENT = """
She was 90 seconds late
the hospital is 90 years old and looks it
a 100 year old building
10/10/10 for all three nurses
5-10-15 minutes late each time
8/10 for care, 3/10 for parking
In March they said May, in May they said August.
two litres of a prep called moviprep
500/30 co-codamol
ZONE B LEVEL 2 CAR PARK IS ALWAYS FULL
1ST CLASS CARE, 2ND CLASS BUILDING
I'M AT THE END OF MY TETHER
We live on the housing estate
He lives in a care home and they forget him
Take the B1023, left at the lights
COVID19 CLINIC CHAOS
her sats were 94 and falling
beam me up Scotty
by George they did it
Wernicke-Korsakoff, they told him
Charlotte potatoes with every meal
aged 45 and fit
I waited 90 minutes
95 % of the time it is fine
My 85-year-old mum was fine
waited 93 minutes for a scan
my blood pressure was 95 over 60
his sats were 94 and his pulse 101
temperature of 99 all night
I rang 94 times
there were 97 people ahead of me
it was like something from the 1990s
The place looks as if it was built in the nineties
back in the 90s we had a cottage hospital
number 95 in the queue
her weight is 92 kg
the 96 bus stops outside
I give it 100 out of 100
100% satisfied
ninety per cent of the staff were good
it is a 90 mile round trip
bed 94 was empty
at 90 quid a month it is dear
over 90 of us were waiting
form FP92A
I waited in ward 12 for hours
They moved me to Ward B12
room A12 was cold
the form FP10 was wrong
theatre CT2 ran late
clinic room G14 was too small
bay C and bed 7
level 2 zone B3
car park C2 was full
the lift to floor 4 was broken
car park 5 is a long walk
parking cost 12 pounds
parked 300 metres away
parked for 3 hours
I rang 111 and then 999
Rang 101 by mistake
my queue number was 17
ticket number 42 at the blood test counter
the ticket machine swallowed 5 pounds
my BP was 140/85
120/80 as usual
a dose of 500 mg twice a day
took 20mg of atorvastatin
it cost £12.50 for parking
appointment at 10.45 and seen at 11.30
between 9 and 5
24/7 care
in 2023/24 the waiting list doubled
case of two weeks became case of two years
in my case 3 weeks
reference was made to 2 options
the incident took 3 hours to sort
I made a complaint 3 times
a complaint in 2019 went nowhere
a claim of 100 people waiting is not true
booking 3 weeks ahead is impossible
B12 injection
vitamin D3 and B12
covid 19 jab
type 2 diabetes
stage 3 kidney disease
HbA1c of 48
a T4 result
L4 and L5 discs
C5 on my neck
a 1:1 meeting
3 out of 5 stars
scored 8/10
10/10 would recommend
my card was declined 3 times
card payments only over 5 pounds
the last two digits were wrong on the sign
my account of it was ignored 3 times
the code for the door changed
the M25 and the A40 were shut
take the A127 and turn left
Parking at the Queen's Road surgery is awful
the clinic at 12 High Street is easy to reach
The practice at 40 Station Road has no ramp
the hospital on London Road is old
the bus to Mill Lane was late
the walk in centre is a long way
2 nurses on the way
3 hours on the road
room 4 on the right
10 beds in a row
5 minutes down the road
one nurse to 12 patients in view
the staff at number 12 clinic were kind
they live in the past
lives in fear
i live in hope
I live in the close
I live on my own
came home to a mess
it is a court case waiting to happen
the house officer was lovely
the hospital number is engaged
patient number one in the queue
the record number of patients in 2024
in May I rang
over 3 may come
the March winds blew in
5 star service
I was 4th in the queue
the 3rd time this week
on the 2nd visit
2 in 3 get in
Every Tom, Dick and Harry was seen before me
The doctor was a Jack of all trades
A quick jab and Bob’s your uncle
for Pete’s sake answer the phone
They were taking the mickey
Murphy’s law the lift broke
the wiring looked like Heath Robinson’s work
some smart Alec at the desk
a plain Jane of a waiting room
I'm just a Joe Bloggs to them
I left happy as Larry
all about keeping up with the Joneses
robbing Peter to pay Paul
All work and no play makes Jack a dull boy
Jack Frost had been in the waiting room
a Jekyll and Hyde service
before you could say Jack Robinson
I'm all right Jack attitude
I don't know him from Adam
not on your nelly
gordon bennett what a wait
Gordon Bennett, what a queue
the real McCoy
Hobson’s choice
sweet Fanny Adams
Big Bertha of a scanner
even Stevens
a Peeping Tom could see in
it is a doubting Thomas who says so
it was Pandora’s box
like Florence Nightingale with a drip
like Fred Karno’s army
Tom Cobley and all
I nearly met St Peter
a bit of a Scrooge about blankets
no Einstein needed
it does not take Sherlock to see it
they want to be Mother Teresa
Aunt Sally for everyone to throw at
as old as Methuselah
the patience of Job
the wisdom of Solomon
Rob Roy of a porter
a right Charlie I looked
a proper Charlie
it was like Fort Knox
My name is mud
Johnny come lately managers
for the love of Mike
a Walter Mitty manager
proud as Lucifer
great Scott what a view
Simon says sit down
Roger that said the driver
hey presto
a Good Samaritan helped me up
Davy Jones’s locker
Bob a job week
Hell’s bells and Betsy
Happy Harry he was not
a lazy Susan in the canteen
a Molotov of a temper
Diana, Princess of Wales, opened the wing
King Charles opened the new wing
Prince William came to see the unit
Queen Camilla shook hands
Kate Middleton visited
Boris Johnson promised forty hospitals
Keir Starmer said it would be fixed
Margaret Thatcher closed it
Gordon Brown opened it in 2008
Aneurin Bevan would turn in his grave
Nye Bevan would weep
Tony Blair visited once
Wes Streeting should come and see
David Beckham could not have hobbled faster
Harry Kane could not have kicked it harder
the nurse sang Elton John songs
they played Adele and Ed Sheeran all day
Like waiting for Godot
a poster of Marcus Rashford in the children’s room
Mary Seacole nursed in the Crimea
Edith Cavell would be proud
Alexander Fleming found penicillin
Edward Jenner gave us vaccines
Joseph Lister would be shocked at the sinks
Captain Tom raised millions
the Captain Sir Tom Moore garden is lovely
Ant and Dec were on the telly
Jeremy Vine was on the radio
listening to Ken Bruce passed the time
Holly Willoughby on the telly at full volume
This Morning with Phillip Schofield was on
Homes under the hammer and Martin Roberts all morning
Dr Who was on the television
Mrs Brown’s Boys was on in the day room
Judge Rinder was on
Doctor Foster went to Gloucester
Call the Midwife it was not
watching Peppa Pig kept my daughter calm
she had her Harry Potter book
he read Charles Dickens to pass the time
reading Agatha Christie in bed
a Jamie Oliver meal it was not
Gordon Ramsay would have walked out of the kitchen
like Fawlty Towers without the laughs
Carry On Doctor it was
House of Cards
they played Simon and Garfunkel
Come on Eileen was on the radio
the choir sang Danny Boy
Billie Jean on a loop as hold music
hold music is Greensleeves and Vivaldi
Hey Jude on hold for an hour
Sweet Caroline sung by the whole bay
Jolene on the radio again
Waltzing Matilda
Roxanne played on hold
the Rosie Hospital is wonderful
the Jessop Wing was spotless
St Thomas’ is a maze
St Mary’s is lovely
Guy’s and St Thomas’ run it
the John Radcliffe has terrible parking
at the Royal Victoria Infirmary
Queen Elizabeth Hospital
Addenbrooke’s is huge
went to James Cook for my scan
James Paget is a long way
at Stoke Mandeville
The Lister has no parking
Great Ormond Street saved him
the Florence Nightingale ward
on Nightingale Ward
the Edith Cavell building
Elizabeth Garrett Anderson wing
Bevan ward was noisy
Moved from Churchill Ward to Attlee ward
on Rose ward
Marie Curie nurses
Macmillan nurses were great
Sue Ryder looked after him
the Maggie’s centre
Maggie’s was a haven
St Christopher’s hospice
the Margaret Centre
the Teenage Cancer Trust unit
Ronald McDonald House put us up
the Katharine House hospice
the Alexandra wing
the Peter Pan ward
Jenny Lind ward for children
the Robert Jones hospital at Oswestry
in the Christie they are angels
the Walton Centre
the Harold Wood clinic
the Prince Charles is our nearest
the Freeman did my transplant
the Nuffield across the road
the Philip Noble unit
Costa and Greggs in the foyer
the WH Smith in the foyer
Marks and Spencer sandwiches
the John Lewis of hospitals
a Ben and Jerry's afterwards
Boots and Lloyds both closed
Sainsbury’s car park
the Wetherspoons opposite
the George and Dragon next door
the Duke of Wellington pub opposite
the Lord Nelson next door
The Prince Albert is noisy at night
the King’s Arms car park
a Jack Daniels would have helped
a Henry hoover in the corridor
the Dyson dryer was broken
Henry the hoover
a Stanley knife
a Thomas the Tank Engine toy
Parkinson’s nurse
Crohn’s disease
Bell’s palsy
the Braden score
Waterlow score
Glasgow Coma Scale
an Apgar score of nine
a Zimmer frame
Foley catheter
the Doppler test
my Achilles tendon
a Caesarean
a Thomas splint
Ménière’s disease
Sjögren’s
Hashimoto’s
St Vitus dance
the Heimlich manoeuvre
the Epley manoeuvre
Martha’s rule
the Francis report
the Ockenden review
the Cumberlege report
Duty of candour and the Montgomery ruling
Sarah’s law
the Beveridge report
the Kirkup report
Schwartz rounds
Amazon parcels arrive quicker
Angel Delight for pudding
the vicar of Dibley
Victoria sponge
a bakewell tart and an Eccles cake
Christmas Eve shift
Good Friday closing
Mothering Sunday
St George’s day
St Andrew’s church hall
Boxing Day
the Jubilee line
the Victoria line was shut
the Elizabeth line makes it easy
Southend Victoria station
St Pancras is near
Chelmsford is too far
Billericay, Wickford and Basildon are closer
Harold Hill has no clinic
King’s Lynn is an hour away
I go to Rayleigh for it
the Thundersley surgery
Milton Keynes
Bury St Edmunds
Outstanding from start to finish
Shambolic. Nothing else to say
Parking is a nightmare
Grace under pressure
Patience is what you need
Hope it improves
Will they ever answer
Mark my words
Bill me for it
Rob us of our dignity
Faith restored
Joy to behold
Sunny side up
Frank exchange of views
Miles away from anywhere
Chase them all the time
Rich tea biscuits
Daisy chain of referrals
Rose above it all
Summer was worse
Autumn clinics are full
Dawn start for the coach
Ivy on the walls
Holly on the tables at Christmas
Iris scan at the door
Olive oil and fresh salad
Ginger biscuits
Basil and tomato soup
Earl Grey tea was offered
Art on the walls
Crystal clear
Amber alert
Ruby wedding
Pearl of a nurse
Jade walls
Sandy coloured paint
Dale view ward
Heather and lavender by the door
Robin on the windowsill every morning
Jack up the price
Josh around
Pat on the back
Nick of time
Drew blood twice
Gene testing
Ray of sunshine
Carol singers came
Penny for your thoughts
Dot the i
Gay nurse
Tom yum soup
Max dose
Dean of the cathedral
Long wait, Short visit
Young doctors
White walls
Brown envelopes
Green tea
Black mould on the ceiling
King size bed
Wood panels
Stone cold dinner
Cook chill food
Baker Street station
Hall was cold
Hill outside is steep
Wells of patience
Little help
Small room
Sharp scratch
Sharps bin was full
Best ward
Strong painkillers
Wise words
Noble profession
Swift response
Moody staff
Savage cuts
Bright and airy
Gentle hands
Golden hour
Singleton bay
Bland food
Fry ups on Sundays
Rice pudding
Bacon rolls
Berry crumble
Lamb stew
Salmon on Fridays
Pike on the wall
Gathered round the Nurse station
her 95th percentile
this was my 100th call
they were 93 in the queue
my friend waited, 94 minutes in all
both 100 miles away
died at 10 that night
I had to lie flat 2 hours after
gave me 2 x 500mg paracetamol
ESR 95, CRP 100
from 3 nurses close to tears
at 10 we drive home
one street away
I live near the surgery on High Street
farm shop at the entrance is nice
Bay 4, Block C
the reg ending was wrong
car parking was full at 9am
car mot 2024
BP 90 SYS
NO 12 BUS IS LATE
AT 10 THE NURSE LEFT
"""


@pytest.mark.parametrize("said", _INNOCENT.strip().splitlines())
def test_sayings_famous_people_services_and_numbers_stay(said: str) -> None:
    assert redact(said).text == said


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("send it to 23\nEastgate please", "send it to [address] please"),
        ("the LV\n96 TXX had no ticket", "the [number] had no ticket"),
        ("I'm ninety\none you know", "I'm [age] you know"),
        ("number plate (LC\n87 OMT) was read wrong", "number plate ([number]) was read wrong"),
        # a sentence or a paragraph that ends is no detail cut in two
        ("I was given 4.\nVictoria Road is closed", "I was given 4.\nVictoria Road is closed"),
        ("Bed 12\n\nPark Road is noisy", "Bed 12\n\nPark Road is noisy"),
    ],
)
def test_a_detail_may_go_on_in_the_next_line(said: str, shown: str) -> None:
    assert redact(said).text == shown


@pytest.mark.parametrize(
    "said",
    [
        "Mr T was kind",
        "Dr House saw me",
        "my nurse Miranda",
        "Noah and his sister",
        "my brother Gordon Brown",
        "many thanks to Gordon Brown",
    ],
)
def test_a_well_known_name_hides_nobody_who_bears_a_part_of_it(said: str) -> None:
    assert "[name]" in redact(said).text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Thanks to Priya and sometimes Rose", "Thanks to [name] and sometimes [name]"),
        ("Thanks to Priya and of course Rose", "Thanks to [name] and of course [name]"),
        ("they called him sonny", "they called him [name]"),
        ("we call him sonny", "we call him [name]"),
        ("Okafor is kind", "[name] is kind"),
        ("I saw OKAFOR today", "I saw [name] today"),
        ("a song by Jolene", "a song by Jolene"),
        ("We heard that Florence", "We heard that [name]"),
        ("Okafor to her credit rang back", "[name] to her credit rang back"),
        ("the one they call him tarquinio", "the one they call him [name]"),
        ("Jolene came on the radio", "Jolene came on the radio"),
        ("by Joy Okafor College", "by Joy Okafor College"),
        ("Dr Sam. Jones was kind", "Dr [name]. [name] was kind"),
        ("Thank you Elizabeth-", "Thank you [name]-"),
        ("El-Sayed saw me in ten minutes", "[name] saw me in ten minutes"),
        ("Miles Adeyemi at reception", "[name] at reception"),
    ],
)
def test_small_words_and_marks_around_a_name(said: str, shown: str) -> None:
    assert redact(said).text == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("In March they said May", "In March they said May"),
        (
            "In the waiting room they said May would see me",
            "In the waiting room they said [name] would see me",
        ),
    ],
)
def test_a_month_is_none_where_no_month_stands_near(said: str, shown: str) -> None:
    assert redact(said).text == shown


@pytest.mark.parametrize("said", ["The booking Room 123 was wrong", "THE COMPLAINT TOOK 345 DAYS"])
def test_a_word_in_capitals_before_a_number_is_no_part_of_a_reference(said: str) -> None:
    assert redact(said).text == said


def test_a_word_that_is_also_a_name_is_not_an_everyday_word() -> None:
    assert [everyday(word) for word in ("waiting", "Rose", "okafor")] == [True, False, False]


def test_words_for_searching_are_small_without_masks_marks_and_apostrophes() -> None:
    assert folded("[name] didn't ring; “Très” bien") == " didnt ring tres bien "


def test_the_letters_of_the_service_on_a_vehicle_are_no_plate() -> None:
    said = "The ambulance with NHS 24 on it blocked the road"
    assert redact(said).text == said


def test_rules_that_need_digits_are_left_out_without_any() -> None:
    assert not any(rule.digits for rule in forms.WITHOUT_DIGITS)
    assert {rule for rule in forms.RULES if not rule.digits} == set(forms.WITHOUT_DIGITS)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("see josample on twitter", "see [web address] on twitter"),
        ("some feedback on facebook", "some feedback on facebook"),
        ("Their page Lovely on Instagram", "Their page Lovely on Instagram"),
        ("instagram: josample", "instagram: [web address]"),
        ("instagram: lovely", "instagram: lovely"),
        ("Twitter is Feedback", "Twitter is Feedback"),
    ],
)
def test_a_word_on_a_network_is_no_handle(said: str, shown: str) -> None:
    assert redact(said).text == shown


SHORT = ("AM", "PM", "A", "I", "M", "B", "T", "GP", "ST", "ND", "RD", "TH", "am", "nd", "Th", "at")


@pytest.mark.parametrize(
    ("plate", "taken"),
    [
        *((f"{word} 12", False) for word in SHORT),
        *((text, True) for text in ("XK 12", "C 12", "xk 12", "12 ZKB", "J4 NET", "J 123 NET", "KIZ 1234")),
        *((text, False) for text in ("THE 12", "ward 12", "12 days", "J4 AND", "J4 THE", "J4 WAS", "J4 NHS")),
    ],
)  # fmt: skip
def test_after_a_word_for_a_plate_all_but_words_and_units_is_one(plate: str, taken: bool) -> None:
    assert vehicles._is_introduced_plate(plate) == taken


# --- What each neighbour of a name weighs ---


def weighed(said: str) -> str:
    """What may be read of a phrase; then of each word that may be a name its worth by itself, and what the
    words before it, a signature, those behind it and those against it add."""
    words, candidates = names._weighed(shadow(plain(said)))
    signed = signatures(words, candidates)
    parts = [redact(said).text]
    for place, word in candidates.items():
        kind = "unknown" if word.unknown else "word" if word.word else "listed"
        sums = before(words, word), signed.get(place, 0.0), after(words, word), against(words, word)
        parts.append(
            f"{words.text[place]} ({kind}) {word.worth:g}" + "".join(f" {of:+g}" for of in sums)
        )
    return "; ".join(parts)


def test_what_speaks_for_a_name_and_against_it_weighs_the_same(golden: Callable[..., None]) -> None:
    """A word weighed a little otherwise seldom changes what is masked of a phrase, but of some comment.

    The phrases are the file's own: a new one is put into it by hand, and --update-golden weighs it.
    """
    phrases = json.loads((GOLDEN / "redaction_weights.json").read_text(encoding="utf-8"))
    golden("redaction_weights", {said: weighed(said) for said in phrases})
