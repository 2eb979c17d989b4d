"""What is true: the single responses of confidential sources, read from the store itself, and the cells
under the floor.

Nothing here is seen by the attacker but the people whose comments may be read. A `Group` says in words of a
row's attributes who is counted in a figure; the truth is how many people it holds. Whatever can be known of
a person is a column: the organisation as reported and as now organised, the areas it belongs to, service,
month, themes, feeling, groups, answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Condition:
    """One attribute of a row, and the values of it that count (or, not `inside`, that do not)."""

    column: str
    values: frozenset[Any]
    inside: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """Whom a figure counts: the people with a row that meets every condition of at least one of its
    parts."""

    source: str
    parts: tuple[tuple[Condition, ...], ...]

    def and_(self, *more: Condition) -> Group:
        """Those of them who meet more conditions too."""
        return Group(self.source, tuple((*part, *more) for part in self.parts))


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
    """The rows of one source: attributes as whole numbers, and which person each row is of."""

    source: str
    codes: dict[str, npt.NDArray[np.int32]]
    values: dict[str, dict[Any, int]]  # column -> value -> its number
    person: npt.NDArray[np.int64]  # by row, ascending
    real: Flags  # by person; False for one who might have answered and did not
    key: npt.NDArray[np.int64]  # by person: the record key, for checks alone
    _kept: dict[Condition, Flags] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return len(self.person)

    @property
    def people(self) -> int:
        return len(self.real)

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

    def members(self, asked: Group) -> Flags:
        """By person: whether they are counted."""
        held = np.zeros(self.rows, dtype=bool)
        for part in asked.parts:
            inside = np.ones(self.rows, dtype=bool)
            for condition in part:
                inside &= self._meets(condition)
            held |= inside
        if self.rows == self.people:
            return held
        by_person = np.zeros(self.people, dtype=bool)
        by_person[self.person[held]] = True
        return by_person

    def count(self, asked: Group) -> int:
        """How many people it holds in truth."""
        return int((self.members(asked) & self.real).sum())

    def of(self, rows: Flags) -> People:
        """Some of its rows alone."""
        codes = {name: numbers[rows] for name, numbers in self.codes.items()}
        first, person = np.unique(self.person[rows], return_inverse=True)
        return People(self.source, codes, self.values, person, self.real[first], self.key[first])


@dataclass(frozen=True)
class Truth:
    """The people of every confidential source; of them those whose comments may be read, whom the attacker
    knows one by one, and the others; and with the others those who might have answered and did not."""

    people: dict[str, People]
    readable: dict[str, People]
    hidden: dict[str, People]
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
    # nobody else has words where all words may be read
    rows = rows[rows["real"] | ~rows["readable"]].reset_index(drop=True)
    rows = _placed(rows, cursor.execute(_ANCESTORS).df(), cursor.execute(_BELONGING).df())
    whole, flags = {}, {}
    for source, here in rows.groupby("source", sort=True):
        here = here.sort_values(["real", "person"], ascending=[False, True], kind="stable")
        whole[str(source)] = _people(str(source), here, themes, own_themes)
        flags[str(source)] = [
            here[name].to_numpy(dtype=bool) for name in ("readable", "real")
        ]  # fmt: skip

    def of(chosen: Callable[[Flags, Flags], Flags]) -> dict[str, People]:
        return {name: one.of(chosen(*flags[name])) for name, one in whole.items()}

    return Truth(
        people=of(lambda _, real: real),
        readable=of(lambda readable, _: readable),
        hidden=of(lambda readable, real: real & ~readable),
        might=of(lambda readable, _: ~readable),
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
    return nobody.assign(person=[f"nobody {place}" for place in range(len(nobody))])


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
    return People(source, codes, values, person.astype(np.int64), real, key)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


# --- The universe: which cells are looked for ---


@dataclass(frozen=True, slots=True)
class Cell:
    """A count of few people in one source, of a kind that pages show where more people answered."""

    kind: str
    group: Group
    people: int


def _crossed(*columns: str) -> Callable[[People], list[Group]]:
    """Every combination of values that somebody in the source has."""

    def made(people: People) -> list[Group]:
        if not set(columns) <= set(people.codes):
            return []
        found = {name: list(people.values[name]) for name in columns}
        numbers = np.column_stack([people.codes[name] for name in columns])
        own = np.unique(numbers[people.real[people.person]], axis=0)
        return [
            group(
                people.source,
                *(
                    one_of(name, found[name][number])
                    for name, number in zip(columns, row, strict=True)
                ),
            )
            for row in own
            if not any(
                found[name][number] in ("", NEVER)
                for name, number in zip(columns, row, strict=True)
            )
        ]

    return made


def _by_theme(*columns: str) -> Callable[[People], list[Group]]:
    """The same of those who named each theme."""

    def made(people: People) -> list[Group]:
        themes = [name for name in people.codes if name.startswith("theme ")]
        if not themes:
            return []
        crossed = _crossed(*columns)(people) if columns else [group(people.source)]
        return [one.and_(one_of(theme, True)) for theme in themes for one in crossed]

    return made


KINDS: dict[str, Callable[[People], list[Group]]] = {
    "organisation": _crossed("organisation"),
    "organisation, year": _crossed("organisation", "year"),
    "organisation, quarter": _crossed("organisation", "quarter"),
    "organisation, month": _crossed("organisation", "month"),
    "organisation, service": _crossed("organisation", "service"),
    "organisation, feeling": _crossed("organisation", "sentiment"),
    "organisation, answer": _crossed("organisation", "answer overall"),
    "organisation, theme": _by_theme("organisation"),
    **{f"organisation, {name}": _crossed("organisation", name) for name in GROUPS},
    **{f"{level}, quarter": _crossed(f"area {level} current", "quarter") for level in AREAS},
    **{f"{level}, month": _crossed(f"area {level} current", "month") for level in AREAS},
    **{f"{level}, service": _crossed(f"area {level} current", "service") for level in AREAS},
    **{f"{level}, theme": _by_theme(f"area {level} current") for level in AREAS},
    "month": _crossed("month"),
    "service, quarter": _crossed("service", "quarter"),
    "theme, quarter": _by_theme("quarter"),
    "theme, month": _by_theme("month"),
    "theme, service": _by_theme("service"),
    "theme, feeling": _by_theme("sentiment"),
}


def cells_under_the_floor(truth: Truth) -> list[Cell]:
    """Every cell of every kind with one to four people, those whose comments may be read left out."""
    found: list[Cell] = []
    for people in truth.hidden.values():
        for kind, groups in KINDS.items():
            for one in groups(people):
                count = people.count(one)
                if 0 < count < FLOOR:
                    found.append(Cell(kind, one, count))
    return found
