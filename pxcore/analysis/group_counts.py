"""How many people of each group answered a source, and what of it may be shown.

No figure of a group rests on fewer people than may be shown, nor does one follow by subtraction: from the
total, from the organisations shown one by one, from another pair of sources, another area, another quarter or
the year, or from another map of groups that was in force before. Who counts as not having told is therefore
decided once, over all areas and under the shipped map; an area is split by the same figures or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pxcore.analysis.alignment import Alignment, belongs
from pxcore.analysis.bands import EVERYBODY, NOT_TOLD, maps_ever, shipped_map
from pxcore.analysis.evidence import Evidence, Kind
from pxcore.analysis.periods import Side, placing, quarters_of_year
from pxcore.disclosure import (
    Regrouped,
    areas_split,
    beside_earlier,
    floors_up_to,
    protect,
    told_apart,
)
from pxcore.model import DISCLOSURE_FLOORS, Period, Withheld
from pxcore.stats.groups import against_rest
from pxcore.stats.intervals import wilson
from pxcore.store import Store

CELL = (
    "side", "source", "band", "respondents", "organisations", "value", "low", "high",
    "difference", "difference_low", "difference_high", "q_value", "withheld",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Split:
    """Two sources set side by side everywhere, whatever the area looked at, and the dimension they are
    split by."""

    alignment: Alignment
    dimension: str


@dataclass(frozen=True, slots=True)
class Counted:
    """One source by band: over all its organisations in question, and at each."""

    whole: pd.DataFrame  # by band: respondents, positive, people; EVERYBODY and NOT_TOLD among them
    units: pd.DataFrame  # unit, band, respondents, positive, people
    worth: float  # independent answers an answer is worth
    by_unit: pd.DataFrame  # organisations × bands and NOT_TOLD: people
    few: int  # answers counted as not told, because so few of an organisation gave them
    few_at: frozenset[tuple[str, str]]  # unit and band of the shipped map of those
    given_away: frozenset[str]  # organisations of which so few would follow from the total
    organisations: int


WITH_FIGURE = ("paired", "no_counterpart", "under_floor")


def spoken_of(rows: pd.DataFrame, same: set[str]) -> list[str]:
    """Organisations with a figure of one source. Those with too few people to be shown one by one count too,
    unless all of them together are so few that they would follow from the total; the same organisations
    whatever the floor, for else those left out under one would follow from the other."""
    here = rows[rows["outcome"].isin(WITH_FIGURE) & (rows["unit"] != "")]
    here = here[~here["unit"].isin(same)]
    for floor in DISCLOSURE_FLOORS:
        small = here["people"] < floor
        # all of them small: under that floor nothing of them is shown at all
        if not small.all() and 0 < here.loc[small, "people"].sum() < floor:
            here = here[~small]
    return sorted(set(map(str, here["unit"])))


def spoken_of_by_both(alignment: Alignment, own: list[list[str]]) -> list[str]:
    """Organisations with a figure from both. Those with too few answers to be shown one by one count too,
    unless so few people answered at all of them that it would follow from the total, whatever the floor."""
    both = set(own[0]) & set(own[1])
    people = []
    for rows in alignment.rows:
        here = rows[rows["unit"].isin(both) & rows["outcome"].isin(WITH_FIGURE)]
        people.append(here.groupby("unit")["people"].sum(min_count=1))
    for floor in DISCLOSURE_FLOORS:
        small = both & {str(unit) for one in people for unit in one.index[one < floor]}
        if small < both and any(one.reindex(sorted(small)).sum() < floor for one in people):
            both -= small
    return sorted(both)


def _query(
    store: Store,
    split: Split,
    side: Side,
    groups: Mapping[str, str],
    units: Sequence[str],
    *,
    by_quarter: bool = False,
) -> pd.DataFrame:
    """ask/bands.sql: by band where groups are given, else everybody; each quarter apart where asked for."""
    alignment = split.alignment
    assert side.period is not None
    asked = placing(side, alignment.pairing, alignment.service, side.period)
    return store.query(
        "bands",
        **asked
        | {
            "dimension": split.dimension if groups else "",
            "groups": list(groups),
            "bands": list(groups.values()),
            "units": list(units),
            "by_quarter": by_quarter,
        },
    )


def counted_safely(
    store: Store,
    split: Split,
    able: Mapping[str, tuple[Evidence, dict[str, str]]],
    units: Sequence[str],
) -> tuple[dict[str, Counted], set[str]]:
    """The answers of the sources by band, over the same organisations; and those left out.

    Who counts as not having told under a lower floor does so under a higher one, and who does so under the
    shipped map does so under any other: joined with others, what they said would follow from both.
    """
    left_out: set[str] = set()
    few_at: dict[str, frozenset[tuple[str, str]]] = dict.fromkeys(able, frozenset())
    counted: dict[str, Counted] = {}
    shipped = {which: shipped_map(split.dimension, groups) for which, (_, groups) in able.items()}
    for floor in floors_up_to(split.alignment.pairing.disclosure.floor):
        while True:
            kept = [unit for unit in units if unit not in left_out]
            counted = {
                which: _counted(store, split, source, shipped[which], kept, few_at[which], floor)
                for which, (source, _) in able.items()
            }
            given_away = set().union(*(one.given_away for one in counted.values()))
            if not given_away:
                break
            left_out |= given_away
        few_at = {which: one.few_at for which, one in counted.items()}
    for which, (source, groups) in able.items():
        if groups != shipped[which]:
            counted[which] = _counted(store, split, source, groups, kept, few_at[which])
    return counted, left_out


def _counted(
    store: Store,
    split: Split,
    source: Evidence,
    groups: Mapping[str, str],
    units: Sequence[str],
    few_at: frozenset[tuple[str, str]] = frozenset(),
    floor: int = 0,
) -> Counted:
    """The answers of one source by band.

    A band of few people at an organisation is not shown for it. Where all those together are few, what
    they said would follow from the band's total and the organisations shown: they count as not having
    told, among others who did not; where there are no such others, their organisations are given away. Of
    whom that is decided already (`few_at`) it is followed; nothing more is decided without a floor.
    """
    rows = _query(store, split, source.side, groups, units)
    everybody = _query(store, split, source.side, {}, units)
    columns = ["respondents", "positive", "people"]
    at_units = rows[rows["unit"] != ""].reset_index(drop=True)
    whole = rows[rows["unit"] == ""].set_index("band")[columns].copy()
    total = everybody[everybody["unit"] == ""][columns].sum()
    untold = (total - whole.sum()).clip(lower=0)
    taken = _taken(store, split, source, groups, units, few_at)
    at_units = _without(at_units, taken)
    small = at_units[at_units["people"] < floor]
    together = small.groupby("band")["people"].sum()
    left = whole["people"].sub(taken.groupby("band")["people"].sum(), fill_value=0)
    enough = left.index[left >= floor]  # the others are not shown at all
    more = small[small["band"].isin(together.index[together < floor].intersection(enough))]
    hides = bool(untold["people"] + taken["people"].sum() >= floor)
    dropped = pd.concat([taken, more]) if hides else taken
    at_units = at_units.drop(index=more.index) if hides else at_units
    for band, gone in dropped.groupby("band")[columns].sum().iterrows():
        whole.loc[str(band)] = (whole.loc[str(band)] - gone).clip(lower=0)
        untold = untold + gone
    whole.loc[NOT_TOLD] = untold
    whole.loc[EVERYBODY] = total
    by_unit = at_units.pivot_table(index="unit", columns="band", values="people", aggfunc="sum")
    people = everybody[everybody["unit"] != ""].set_index("unit")["people"]
    by_unit = by_unit.reindex(people.index).fillna(0.0)
    by_unit[NOT_TOLD] = (people - by_unit.sum(axis=1)).clip(lower=0)
    known = source.rows[source.rows["unit"].isin(list(units))]
    answers = known["respondents"].sum()
    worth = float(known["effective"].sum() / answers) if answers > 0 else 1.0
    return Counted(
        whole=whole,
        units=at_units,
        by_unit=by_unit,
        worth=min(worth, 1.0) if worth > 0 else 1.0,
        few=int(dropped["respondents"].sum()),
        few_at=few_at | (_places(more) if hides else frozenset()),
        given_away=frozenset() if hides else frozenset(map(str, more["unit"])),
        organisations=int((everybody["unit"] != "").sum()),
    )


def _places(rows: pd.DataFrame) -> frozenset[tuple[str, str]]:
    return frozenset(zip(rows["unit"], rows["band"], strict=True))


def _taken(
    store: Store,
    split: Split,
    source: Evidence,
    groups: Mapping[str, str],
    units: Sequence[str],
    few_at: frozenset[tuple[str, str]],
) -> pd.DataFrame:
    """The answers of `few_at`, by organisation and the band they count in."""
    shipped = shipped_map(split.dimension, groups)
    pairs = sorted({(shipped[group], band) for group, band in groups.items()})
    of_pair = {group: str(pairs.index((shipped[group], groups[group]))) for group in groups}
    if not few_at:
        return pd.DataFrame(columns=["unit", "band", "respondents", "positive", "people"])
    rows = _query(store, split, source.side, of_pair, units)
    rows = rows[rows["band"].isin(of_pair.values()) & (rows["unit"] != "")]
    both = [pairs[int(pair)] for pair in rows["band"]]
    places = zip(rows["unit"], (then for then, _ in both), strict=True)
    told = rows.assign(band=[now for _, now in both])
    return told[[place in few_at for place in places]].reset_index(drop=True)


def _without(rows: pd.DataFrame, taken: pd.DataFrame) -> pd.DataFrame:
    """The answers by organisation and band without those taken away; nothing where nobody is left."""
    if taken.empty:
        return rows
    counts = ["respondents", "positive", "people"]
    gone = taken.groupby(["unit", "band"])[counts].sum()
    gone = gone.reindex(pd.MultiIndex.from_frame(rows[["unit", "band"]])).fillna(0.0)
    left = rows[counts].sub(gone.to_numpy()).clip(lower=0)
    return rows.assign(**left)[left["respondents"] > 0].reset_index(drop=True)


AREAS = ("pcn", "sub_icb", "icb", "region")


def inside(split: Split, area: str, units: Sequence[str]) -> list[str]:
    """Those of some organisations that belong to an area; all of them where none is chosen."""
    if not area:
        return list(units)
    here = {
        str(unit) for rows in split.alignment.rows for unit in rows.loc[belongs(rows, area), "unit"]
    }
    return [unit for unit in units if unit in here]


def shown_of(
    store: Store,
    split: Split,
    which: str,
    source: Evidence,
    groups: Mapping[str, str],
    everywhere: Counted,
    units: Sequence[str],
    mine: Sequence[str],
    order: list[str],
    area: str,
) -> tuple[Counted, pd.DataFrame] | None:
    """The answers of one source by band and its cells, of an area where one is chosen; None where that
    area may not be split.

    `units` are those counted everywhere, `mine` all of which the source has a figure.
    """

    parts = _parts(store, split, source, groups, everywhere, units, mine)
    cells = _cells_of(split, which, source, everywhere, order, set(parts.regrouped.hidden))
    if not area:
        return everywhere, cells
    here = inside(split, area, units)
    others = sorted(set(inside(split, area, mine)) - set(here))
    rest = _counted(store, split, source, parts.of, others).by_unit
    if not parts.may_be_split(split, area, rest):
        return None
    counted = _counted(store, split, source, groups, here, everywhere.few_at)
    hidden = set(cells.loc[cells["withheld"] != Withheld.NONE.value, "band"]) - {EVERYBODY}
    anybody = counted.whole["people"].reindex(sorted(hidden)).sum() > 0
    return counted, _cells_of(split, which, source, counted, order, hidden if anybody else set())


@dataclass(frozen=True, slots=True)
class _Parts:
    """A source by its groups, those together that every map of bands had in one band, and what of them can
    be told apart."""

    of: dict[str, str]  # group -> part
    by_unit: pd.DataFrame  # organisations × parts and NOT_TOLD: people
    quarters: list[
        pd.DataFrame
    ]  # the same in each quarter of the year, where one of them is looked at
    regrouped: Regrouped

    def may_be_split(self, split: Split, area: str, elsewhere: pd.DataFrame) -> bool:
        """Whether an area may be shown by band beside other areas and the whole: what can be told apart there
        is of nobody or of enough people, also of the source's organisations in the area that are shown beside
        another source only (`elsewhere`: as `by_unit`)."""
        for disclosure, classes in self.regrouped.told_apart:
            rest = told_apart(elsewhere.reindex(columns=self.by_unit.columns), classes).sum()
            if ((rest > 0) & (rest < disclosure.floor)).any():
                return False
        placed = pd.concat([rows[["unit", *AREAS]] for rows in split.alignment.rows]).fillna("")
        placed = placed.sort_values(list(AREAS), ascending=False).drop_duplicates("unit")
        areas = placed.set_index("unit").reindex(self.by_unit.index).fillna("")
        if split.alignment.grain.value in AREAS:  # an organisation that is itself an area
            areas[split.alignment.grain.value] = areas.index
        # split in one quarter alone, an area would follow in it from the others and the year
        tables = [self.by_unit, *self.quarters]
        if self.quarters:
            year = pd.concat(self.quarters).groupby(level=0).sum()
            tables.append(year.reindex(self.by_unit.index))
        return all(
            area in areas_split(self.regrouped, table, areas, levels=AREAS) for table in tables
        )


def _parts(
    store: Store,
    split: Split,
    source: Evidence,
    groups: Mapping[str, str],
    everywhere: Counted,
    units: Sequence[str],
    mine: Sequence[str],
) -> _Parts:
    maps = maps_ever(store, split.dimension, source.side.source, groups)
    apart = {group: tuple(one[group] for one in maps) for group in groups}
    distinct = list(dict.fromkeys(apart.values()))
    of, here = {group: str(distinct.index(bands)) for group, bands in apart.items()}, everywhere
    if len(maps) > 1:
        here = _counted(store, split, source, of, units, everywhere.few_at)
    else:  # the shipped map: its bands are the parts
        of = dict(groups)
    names = [*dict.fromkeys(of.values()), NOT_TOLD]
    elsewhere = pd.Series(0.0, index=names)
    if others := sorted(set(mine) - set(units)):
        whole = _counted(store, split, source, of, others).whole["people"]
        elsewhere = whole.reindex(names).fillna(0.0)
    by_unit = here.by_unit.reindex(columns=names).fillna(0.0)
    quarters = _quarters(store, split, source, of, by_unit)
    regrouped = beside_earlier(
        pd.DataFrame([*distinct, (NOT_TOLD,) * len(maps)]),
        here.whole["people"].reindex(names).fillna(0.0).to_numpy(),
        by_unit.assign(**{NOT_TOLD: 0.0}).to_numpy(),  # of organisations nobody looks at them
        elsewhere.to_numpy(),
        split.alignment.pairing.disclosure,
        np.array([table.sum().to_numpy() for table in quarters]) if quarters else None,
    )
    return _Parts(of, by_unit, quarters, regrouped)


def _quarters(
    store: Store, split: Split, source: Evidence, of: Mapping[str, str], by_unit: pd.DataFrame
) -> list[pd.DataFrame]:
    """People by organisation and part in each quarter of the year, the first first, of a source of single
    responses of which a quarter is looked at; else none."""
    period = source.side.period
    assert period is not None
    found = quarters_of_year(period)
    if not found:
        return []
    side = replace(source.side, period=Period(found[0].start, found[-1].end))
    told, everybody = (
        rows[rows["unit"] != ""]
        for rows in (
            _query(store, split, side, groups, list(by_unit.index), by_quarter=True)
            for groups in (of, {})
        )
    )
    tables = []
    for quarter, whole in everybody.groupby("quarter", sort=True):
        here = told[told["quarter"] == quarter].pivot(index="unit", columns="band", values="people")
        table = here.reindex(index=by_unit.index, columns=by_unit.columns).fillna(0.0)
        people = whole.set_index("unit")["people"].reindex(by_unit.index).fillna(0.0)
        tables.append(table.assign(**{NOT_TOLD: (people - table.sum(axis=1)).clip(lower=0)}))
    return tables


def _cells_of(
    split: Split,
    which: str,
    source: Evidence,
    counted: Counted,
    order: list[str],
    few: set[str],
) -> pd.DataFrame:
    """One row per band, those who did not tell, and everybody; what may not be shown is blank."""
    disclosure, side = split.alignment.pairing.disclosure, source.side
    whole = counted.whole.reindex([*order, NOT_TOLD]).fillna(0.0)
    n, x = whole["respondents"].to_numpy(), whole["positive"].to_numpy()
    effective = n * counted.worth
    if source.kind is Kind.COMMENTS:
        effective = np.minimum(effective, whole["people"].to_numpy())
    total = counted.whole.loc[EVERYBODY]
    rows = pd.DataFrame(
        {
            "band": [*order, NOT_TOLD, EVERYBODY],
            "respondents": [*n, total["respondents"]],
            "people": [*whole["people"], total["people"]],
            "positive": [*x, total["positive"]],
            "effective": [*effective, total["respondents"] * counted.worth],
            "organisations": counted.organisations,
        }
    )
    rows["value"] = rows["positive"] / rows["respondents"].where(rows["respondents"] > 0)
    low, high = wilson(rows["value"].to_numpy(), rows["effective"].to_numpy())
    rows = rows.assign(low=low, high=high)
    rows["withheld"] = Withheld.NONE.value
    rows.loc[rows["band"].isin(few), "withheld"] = Withheld.FLOOR.value
    hidden = ["respondents", "value", "low", "high"]
    told = rows[rows["band"] != EVERYBODY]
    everybody = protect(rows[rows["band"] == EVERYBODY], disclosure, count="people", values=hidden)
    # by name, so that of bands of as many people the same is hidden whatever the map's order
    by_name = told.sort_values("band")
    shown = protect(by_name, disclosure, count="people", values=hidden, totals_within=[])
    shown = shown.reindex(told.index)
    in_band = (told["band"] != NOT_TOLD).to_numpy()
    visible = (shown["withheld"] == Withheld.NONE.value).to_numpy()
    rest = against_rest(
        np.where(in_band, told["value"].fillna(0) * told["effective"], 0.0),
        np.where(in_band, told["effective"], 0.0),
        visible & in_band,
    )
    shown = shown.assign(
        difference=rest.difference,
        difference_low=rest.low,
        difference_high=rest.high,
        q_value=rest.q_value,
    )
    blank = everybody.assign(
        difference=np.nan, difference_low=np.nan, difference_high=np.nan, q_value=np.nan
    )
    return pd.concat([shown, blank], ignore_index=True).assign(side=which, source=side.short_title)[
        list(CELL)
    ]
