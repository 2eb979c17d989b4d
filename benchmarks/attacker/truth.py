"""What is true: the single responses of confidential sources, read from the store itself, and the cells
under the floor.

Nothing here is seen by the attacker but the people whose comments may be read. A `Group` says in words of a
row's attributes who is counted in a figure; the truth is how many people it holds. Whatever can be known of
a person is a column: the organisation as reported and as now organised, the areas it belongs to, service,
month, themes, feeling, groups, answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.names import readable as in_letters
from pxcore.analysis.masking import redactor
from pxcore.model import DISCLOSURE_FLOORS, GROUPS
from pxcore.store import Store

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
FLOOR = DISCLOSURE_FLOORS[0]
AREAS = ("pcn", "sub_icb", "icb", "region")
LEVELS = ("practice", "trust", "site", *AREAS)
ORGANISED = ("current", "reported")
# searched for among comments: a few words that many comments hold, and fewer
WORDS = (
    "wait",
    "phone",
    "kind",
    "rude",
    "appointment",
    "food",
    "parking",
    "listened",
    "clean",
    "pain",
)
NEVER = -1  # the month of a response without a date
FEELING_WORDS = {
    "positive": ("positive",),
    "neutral": ("neutral", "mixed"),
    "negative": ("negative",),
    "unsaid": ("",),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One attribute of a row, and the values of it that count (or, not `inside`, that do not)."""

    column: str
    values: frozenset[Any]
    inside: bool = True


Parts = tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Whom a figure counts: the people with a row that meets every condition of at least one of its
    parts; or, by answer, each such row."""

    source: str
    parts: Parts
    by_answer: bool = False
    felt: str = ""  # only those whose such rows are of that feeling taken together
    also: Parts = ()  # only those who have a row of these as well
    never: Parts = ()  # only those who have no row of these
    several: bool = False  # only those whose such rows are of several organisations

    def and_(self, *more: Condition) -> Group:
        """Those of them who meet more conditions too."""
        return replace(self, parts=tuple((*part, *more) for part in self.parts))

    def answers(self) -> Group:
        """The same, by answer."""
        return replace(self, by_answer=True)


def one_of(column: str, *values: Any) -> Condition:
    return Condition(column, frozenset(values))


def none_of(column: str, *values: Any) -> Condition:
    return Condition(column, frozenset(values), inside=False)


def between(column: str, first: int, last: int) -> Condition:
    return Condition(column, frozenset(range(first, last + 1)))


def group(source: str, *conditions: Condition) -> Group:
    return Group(source, (tuple(conditions),))


def month_number(day: Any) -> int:
    """Months since the year 0."""
    return int(day.year) * 12 + int(day.month) - 1


@dataclass
class People:
    """The rows of one source: attributes as whole numbers, and which person each row is of.

    Whose comments may be read is known of rows: somebody may be read of one organisation and not of another.
    A count takes them for readable where any of their rows in it is, as `key_of` and `max` do in SQL.
    """

    source: str
    codes: dict[str, npt.NDArray[np.int32]]
    values: dict[str, dict[Any, int]]  # column -> value -> its number
    person: Numbers  # by row, ascending
    readable: Flags  # by row
    real: Flags  # by person; False for one who might have answered and did not
    key: Numbers  # by person: the record key, for checks alone
    _kept: dict[Condition, Flags] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return len(self.person)

    @property
    def people(self) -> int:
        return len(self.real)

    @property
    def hidden(self) -> Flags:
        """By row: whether somebody has it, and it may not be read."""
        return ~self.readable & self.real[self.person]

    @property
    def repeated(self) -> bool:
        """Whether somebody has several rows."""
        return self.rows > self.people

    def _meets(self, condition: Condition) -> Flags:
        if condition not in self._kept:
            if len(self._kept) > 4000:
                self._kept.clear()
            known = self.values[condition.column]
            table = np.full(len(known), not condition.inside)
            for value in condition.values:
                if value in known:
                    table[known[value]] = condition.inside
            self._kept[condition] = table[self.codes[condition.column]]
        return self._kept[condition]

    def _held(self, parts: Parts) -> Flags:
        """By row: whether it meets one of them."""
        held = np.zeros(self.rows, dtype=bool)
        for part in parts:
            inside = np.ones(self.rows, dtype=bool)
            for condition in part:
                inside &= self._meets(condition)
            held |= inside
        return held

    def _any(self, rows: Flags) -> Flags:
        """By person: whether any of these rows is theirs."""
        if not self.repeated:
            return rows
        of = np.zeros(self.people, dtype=bool)
        of[self.person[rows]] = True
        return of

    def counts(self, asked: Group) -> tuple[Numbers, Numbers]:
        """By person: how often they are counted as readable, and how often as not."""
        held = self._held(asked.parts)
        if asked.by_answer and self.repeated:
            readable, hidden = (
                np.bincount(self.person[held & some], minlength=self.people)
                for some in (self.readable, ~self.readable)
            )
            return readable, hidden
        whole, read = self._any(held), self._any(held & self.readable)
        if asked.also:
            beside = self._held(asked.also)
            of_beside, read_beside = self._any(beside), self._any(beside & self.readable)
            # where they are not read in one of the two, as each is counted
            apart = (whole & ~read) | (of_beside & ~read_beside)
            whole = whole & of_beside
            read = whole & ~apart
        if asked.never:
            whole = whole & ~self._any(self._held(asked.never))
        if asked.several:
            whole = whole & self._several(held)
        if asked.felt:
            whole = whole & self._felt(held, asked.felt)
        return (whole & read).astype(np.int64), (whole & ~read).astype(np.int64)

    def _several(self, held: Flags) -> Flags:
        organisations = self.codes["organisation"]
        least = np.full(self.people, np.iinfo(np.int32).max)
        most = np.full(self.people, -1)
        np.minimum.at(least, self.person[held], organisations[held])
        np.maximum.at(most, self.person[held], organisations[held])
        return most > least

    def _felt(self, held: Flags, feeling: str) -> Flags:
        """Whose rows say no other than one feeling; any other mixture is neutral, as is a mixed one."""
        way = {
            name: self._any(held & self._meets(one_of("sentiment", *words)))
            for name, words in FEELING_WORDS.items()
            if name != "unsaid"
        }
        both = way["positive"] & way["negative"]
        if feeling == "neutral":
            return way["neutral"] | both
        if feeling == "unsaid":
            return ~(way["positive"] | way["neutral"] | way["negative"])
        return way[feeling] & ~way["neutral"] & ~both

    def members(self, asked: Group) -> Numbers:
        """By person: how often they are counted, not being readable there."""
        return self.counts(asked)[1]

    def count(self, asked: Group) -> int:
        """How many it holds in truth who are not readable there."""
        return int(self.members(asked)[self.real].sum())

    def anybody(self, asked: Group) -> bool:
        """Whether it holds anybody at all."""
        return bool(self._held(asked.parts).any())

    def of(self, people: Flags) -> People:
        """Some of them alone."""
        rows = people[self.person]
        codes = {name: numbers[rows] for name, numbers in self.codes.items()}
        first, person = np.unique(self.person[rows], return_inverse=True)
        return People(
            self.source,
            codes,
            self.values,
            person,
            self.readable[rows],
            self.real[first],
            self.key[first],
        )


@dataclass(frozen=True)
class Truth:
    """The people of every confidential source, and those whom the attacker has to reckon with: of whom some
    row may not be read, and those who might have answered and did not."""

    people: dict[str, People]
    might: dict[str, People]
    themes: tuple[str, ...]
    own_themes: tuple[str, ...]


_ROWS = """
select
    r.extract, r.response, r.source, r.code, r.unit as current, r.provider, r.provider_name,
    r.service, r.answered_on, r.mode, r.stars, r.sentiment, r.author,
    r.record_key, r.age, r.sex, r.ethnicity, r.deprivation, r.long_term_condition, r.disability, r.carer,
    r.themes, r.flags, r.comment <> '' as has_words,
    r.comment <> '' or len(r.themes) > 0 or len(r.flags) > 0 as is_comment,
    coalesce(p.succession, '') as succession, coalesce(p.grain, '') as grain,
    coalesce(d.folded, '') as folded, coalesce(o.grain, '') as own_grain,
    case when r.unit <> '' then r.unit else 'name ' || name_key(r.provider_name) end as organisation
from stg_named as r
left join mart_provider as p on p.code = r.code
left join stg_provider as o on o.code = r.provider
left join redaction as d on d.extract = r.extract and d.response = r.response and d.rules = $rules
where r.live
order by r.source, r.extract, r.response
"""
_ANSWERS = """
select a.extract, a.response, a.measure, coalesce(a.positive::varchar, 'n') as positive
from answer as a
join response as r using (extract, response)
where r.live
"""
_ANCESTORS = "select code, site, trust, pcn, sub_icb, icb, region from mart_provider"
_BELONGING = "select code, since, until, site, trust, pcn, sub_icb, icb, region from mart_belonging"
_KEYS = "select word, name_key(word) as folded from (select unnest($words) as word)"


def may_be_read(rows: pd.DataFrame) -> pd.Series:
    """By row: whether it has words, of an organisation about which enough people wrote some in its source."""
    words = rows["has_words"].astype(bool)
    of = [rows["source"], rows["organisation"]]
    wrote = rows["person"].where(words).groupby(of).transform("nunique")
    return words & (wrote >= FLOOR)


def truth_of(store: Store, *, structure_given: bool = True, two_parts: bool = True) -> Truth:
    """The people of a store's confidential sources.

    Without `two_parts` nobody counts as one whose comments may be read.

    With the structure given the attacker is told which combinations of attributes anybody has, though not how
    many; without, people who might have answered and did not stand among the others: of each organisation in
    every month, service and feeling, and of each theme.
    """
    cursor = store._connection.cursor()
    rows = cursor.execute(_ROWS, {"rules": redactor(store).rules}).df()
    answers = cursor.execute(_ANSWERS).df()
    wide = answers.pivot(index=["extract", "response"], columns="measure", values="positive")
    wide.columns = [f"answer {name}" for name in wide.columns]
    rows = rows.merge(wide.reset_index(), on=["extract", "response"], how="left")
    for name in wide.columns:
        rows[name] = rows[name].fillna("")
    words = sorted({word for listed in rows["themes"] for word in listed})
    raw, common = maps.theme_words()
    folded = cursor.execute(_KEYS, {"words": [*words, *raw]}).df()
    key_of = dict(zip(folded["word"], folded["folded"], strict=True))
    known = {key_of[one]: theme for one, theme in zip(raw, common, strict=True)}
    rows["own"] = [frozenset(listed) for listed in rows["themes"]]
    rows["common"] = [
        frozenset(known.get(key_of[word], word) for word in listed) for listed in rows["themes"]
    ]
    unlabelled = [
        any(key.lower().strip() == "labelling not possible" for key in listed)
        for listed in rows["flags"]
    ]
    coded_files = set(rows.loc[[bool(one) for one in rows["own"]], "extract"])
    rows["coded"] = rows["is_comment"] & rows["extract"].isin(coded_files) & ~np.array(unlabelled)
    rows["month"] = [NEVER if pd.isna(day) else month_number(day) for day in rows["answered_on"]]
    rows["day"] = [NEVER if pd.isna(day) else day.toordinal() for day in rows["answered_on"]]
    rows["person"] = [
        f"a {author}" if author else f"r {extract} {response}"
        for author, extract, response in zip(
            rows["author"], rows["extract"], rows["response"], strict=True
        )
    ]
    rows["real"] = True
    rows["readable"] = may_be_read(rows) if two_parts else False
    themes = tuple(sorted({one for listed in rows["common"] for one in listed}))
    own_themes = tuple(sorted({one for listed in rows["own"] for one in listed}))
    common_of = {word: known.get(key_of[word], word) for word in words}
    if not structure_given:
        rows = pd.concat([rows, _might_have(rows, themes, common_of)], ignore_index=True)
    rows = _placed(rows, cursor.execute(_ANCESTORS).df(), cursor.execute(_BELONGING).df())
    whole = {}
    for source, here in rows.groupby("source", sort=True):
        here = here.sort_values(["real", "person"], ascending=[False, True], kind="stable")
        whole[str(source)] = _people(str(source), here, themes, own_themes)
    return Truth(
        people={name: people.of(people.real) for name, people in whole.items()},
        might={name: people.of(people._any(~people.readable)) for name, people in whole.items()},
        themes=themes,
        own_themes=own_themes,
    )


def _might_have(
    rows: pd.DataFrame, themes: Sequence[str], common_of: dict[str, str]
) -> pd.DataFrame:
    """People who did not answer: of each organisation in every month, with each service, feeling and answer
    that its kind of organisation has; in one month of each quarter, and with each feeling in one of each
    year, with each theme; in one month of each year of each group of people, mode and number of stars; and in
    one month of all with each two themes, each theme in a supplier's words, and each word searched for."""
    own = ["code", "provider_name"]
    made = []
    for _, source in rows.groupby("source", sort=True):
        months = [month for month in sorted(set(source["month"])) if month != NEVER]
        dates = pd.DataFrame({"month": months, "day": [_day_of(month) for month in months]})
        quarterly, yearly = dates[dates["month"] % 3 == 0], dates[dates["month"] % 12 == 3]
        answers = [name for name in source.columns if name.startswith("answer ")]
        said = ["service", "sentiment", *answers]
        offered = source[[*own, "grain", "service"]].drop_duplicates()
        ways = source[["grain", *said]].drop_duplicates()
        every = offered.merge(ways, on=["grain", "service"]).drop(columns="grain")
        plain = every.drop_duplicates([*own, "service"])
        told = [
            (name, value)
            for name in (*GROUPS, "mode", "stars")
            for value in sorted(set(source[name].dropna()))
            if value != ""
        ]
        kinds = [every.merge(dates, how="cross").assign(**_as([("", "")]).iloc[0])]
        kinds.append(_crossed_with(plain, yearly, told))
        if any(len(listed) for listed in source["common"]):
            named = [("theme", theme) for theme in themes]
            kinds += [
                _crossed_with(plain, quarterly, named),
                _crossed_with(every, yearly, named),
                _crossed_with(
                    plain,
                    dates[:1],
                    [
                        *(("theme", f"{one}\0{other}") for one, other in combinations(themes, 2)),
                        *(("own", word) for word in common_of),
                        *(("word", word) for word in WORDS),
                    ],
                ),
            ]
        one = pd.concat(kinds, ignore_index=True)
        like = source.drop_duplicates(own).drop(columns=[*said, "month", "day"])
        one = one.merge(like.drop(columns=["common", "own", "folded"]), on=own)
        for name in (*GROUPS, "mode", "stars"):
            one[name] = one["value"].where(one["dimension"] == name, one[name])
        pairs = list(zip(one["dimension"], one["value"], strict=True))
        one["common"] = [_themes_of(kind, value, common_of) for kind, value in pairs]
        one["own"] = [frozenset((value,) if kind == "own" else ()) for kind, value in pairs]
        one["folded"] = [f" {value} " if kind == "word" else "" for kind, value in pairs]
        made.append(one.drop(columns=["dimension", "value"]))
    nobody = pd.concat(made, ignore_index=True).assign(real=False, author="", record_key=0)
    nobody["stars"] = nobody["stars"].astype("float64")
    nobody["person"] = [f"nobody {place}" for place in range(len(nobody))]
    # nobody else has words where all words may be read
    alone = nobody[~nobody["readable"]]
    return pd.concat([alone, *_elsewhere_too(rows, alone)], ignore_index=True)


# what a row has of its organisation
_OF_ORGANISATION = (
    "code", "current", "provider", "provider_name", "organisation", "succession", "grain", "own_grain",
    "readable",
)  # fmt: skip
APART = (
    1,
    7,
)  # places, in the order of organisations, between the two that somebody might write of


def _elsewhere_too(rows: pd.DataFrame, alone: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Of sources in which somebody wrote several times: people who might have written of each organisation
    and of another, near or far in their order; people whom the attacker reads there among them."""
    for source, here in rows.groupby("source", sort=True):
        if not here["author"].duplicated().where(here["author"] != "", False).any():
            continue
        mine = alone[alone["source"] == source]
        known = here.sort_values("readable").drop_duplicates(["code", "provider_name"])
        known = known.sort_values(["grain", "code", "provider_name"], ignore_index=True)
        place_of = {
            pair: place
            for place, pair in enumerate(zip(known["code"], known["provider_name"], strict=True))
        }
        own = np.array(
            [place_of[pair] for pair in zip(mine["code"], mine["provider_name"], strict=True)]
        )
        for step in APART:
            beside = known[list(_OF_ORGANISATION)].iloc[(own + step) % len(known)]
            second = mine.assign(**{name: beside[name].to_numpy() for name in _OF_ORGANISATION})
            named = [f"{person} and {step}" for person in mine["person"]]
            yield from (one.assign(person=named) for one in (mine, second))


def _as(told: Sequence[tuple[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(told, columns=["dimension", "value"], dtype=object)


def _crossed_with(
    rows: pd.DataFrame, dates: pd.DataFrame, told: Sequence[tuple[str, Any]]
) -> pd.DataFrame:
    return rows.merge(dates, how="cross").merge(_as(told), how="cross")


def _themes_of(kind: str, value: Any, common_of: dict[str, str]) -> frozenset[str]:
    if kind == "theme":
        return frozenset(value.split("\0"))
    return frozenset((common_of[value],)) if kind == "own" else frozenset()


def _day_of(month: int) -> int:
    return pd.Timestamp(month // 12, month % 12 + 1, 15).toordinal()


def _placed(rows: pd.DataFrame, ancestors: pd.DataFrame, belonging: pd.DataFrame) -> pd.DataFrame:
    """The organisation each row counts for at every level, as now organised and as reported."""
    now = ancestors.fillna("").set_index("code").to_dict("index")
    then: dict[str, list[dict[str, Any]]] = {}
    for row in belonging.to_dict("records"):
        then.setdefault(row["code"], []).append(row)
    usual = {name: row["grain"] for name, row in maps.sources().items()}
    grains = [
        grain or usual.get(source, "")
        for grain, source in zip(rows["grain"], rows["source"], strict=True)
    ]
    keys = list(zip(rows["code"], rows["current"], rows["month"], grains, strict=True))
    of = {key: _belongs(*key, now, then) for key in dict.fromkeys(keys)}
    placed = pd.DataFrame([of[key] for key in keys], index=rows.index)
    return pd.concat(
        [rows.assign(row_grain=grains, **{"own grain": rows["own_grain"]}), placed], axis=1
    )


def _belongs(
    code: str,
    current: str,
    month: int,
    grain: str,
    now: dict[str, dict[str, Any]],
    then: dict[str, list[dict[str, Any]]],
) -> dict[str, str]:
    """What one organisation counts for at each level in a month."""
    told: dict[str, str] = {}
    for how, own in (("current", current), ("reported", code)):
        above = now.get(own, {})
        if how == "reported" and month != NEVER:
            end = pd.Timestamp(month // 12, month % 12 + 1, 1) + pd.offsets.MonthEnd(0)
            for one in then.get(own, ()):
                if pd.Timestamp(one["since"]) <= end < _until(one["until"]):
                    above = one
        for level in LEVELS:
            told[f"{level} {how}"] = own if grain == level else str(above.get(level, ""))
        for level in (*AREAS, "trust"):
            told[f"area {level} {how}"] = str(above.get(level, ""))
    return told


def _until(day: Any) -> pd.Timestamp:
    try:
        return pd.Timestamp(day)
    except (ValueError, OverflowError):
        return pd.Timestamp.max


def _people(
    source: str, rows: pd.DataFrame, themes: Sequence[str], own_themes: Sequence[str]
) -> People:
    plain = [
        "organisation", "current", "code", "service", "month", "day", "mode",
        "sentiment", *GROUPS, "extract", "succession", "row_grain", "own grain", "has_words", "is_comment",
        "coded", *(name for name in rows.columns if name.startswith("answer ")),
        *(f"{level} {how}" for level in LEVELS for how in ORGANISED),
        *(f"area {level} {how}" for level in (*AREAS, "trust") for how in ORGANISED),
    ]  # fmt: skip
    columns: dict[str, Iterable[Any]] = {name: rows[name] for name in plain}
    columns["stars"] = rows["stars"].fillna(-1)
    columns["shown name"] = [in_letters(name) for name in rows["provider_name"]]
    columns["quarter"] = rows["month"] // 3
    columns["year"] = (rows["month"] - 3) // 12
    for theme in themes:
        columns[f"theme {theme}"] = [theme in listed for listed in rows["common"]]
    for theme in own_themes:
        columns[f"own {theme}"] = [theme in listed for listed in rows["own"]]
    for word in WORDS:
        columns[f"word {word}"] = rows["folded"].str.contains(f" {word}", regex=False)
    codes, values = {}, {}
    for name, column in columns.items():
        numbers, found = pd.factorize(pd.Series(list(column)))
        codes[name] = numbers.astype(np.int32)
        values[name] = {_plain(value): place for place, value in enumerate(found)}
    person, first = pd.factorize(rows["person"])
    by_person = rows[["real", "record_key"]].set_axis(person).groupby(level=0)
    real = by_person["real"].any().to_numpy(dtype=bool)
    assert len(real) == len(first)
    key = by_person["record_key"].first().fillna(0).to_numpy(dtype=np.int64)
    readable = rows["readable"].to_numpy(dtype=bool)
    return People(source, codes, values, person.astype(np.int64), readable, real, key)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
