"""Which organisations have changed? Each source's latest year beside the year before, or its last two waves;
every organisation of the level tested, held to a false-discovery rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from pxcore.analysis.joining.periods import Side, breaks_of, months_before, spans
from pxcore.analysis.judging.evidence import Evidence, Kind, by_itself, kind_of
from pxcore.analysis.questions import ask, ask_by
from pxcore.analysis.time.cells import AREAS, Cells, Every, View, cells
from pxcore.analysis.time.history import Silent, in_area
from pxcore.analysis.time.series import copies, leap, volume_step
from pxcore.analysis.time.trends import TrendsReport, speakers
from pxcore.disclosure import OfOne, Released, release
from pxcore.model import Grain, Pairing, Period, Withheld
from pxcore.stats.intervals import difference_of_limits
from pxcore.stats.multiplicity import discovery_rates
from pxcore.stats.trend import MOVES, SHOWN, Direction
from pxcore.stats.verdict import LEAST_EFFECTIVE
from pxcore.store import Store

YEAR = 12  # months
QUARTER = 3  # months: the shortest part of a year that is set beside the same part a year before
MOST_SOURCES = 4
ROW = (
    "unit", "name", "before", "after", "change", "low", "high", "answers_before", "answers_after", "p_value",
)  # fmt: skip


@dataclass(frozen=True)  # no slots: which rows are in view is chosen once
class Moves:
    """Every organisation with enough answers of one source at both times, and which way it went."""

    side: Side
    before: Period
    after: Period
    rows: Released  # one row per organisation tested, the clearest change first: ROW, AREAS and
    # q_value, direction, in_area
    left_out: (
        Released  # organisations whose numbers of answers, or way of asking, changed meanwhile
    )

    @cached_property
    def shown(self) -> Released:
        """Those of the area looked at."""
        return Released(self.rows[self.rows["in_area"].astype(bool)])

    @property
    def apart(self) -> int:
        """How many of the area looked at are left out."""
        return int(self.left_out["in_area"].sum())

    def that_went(self, way: Direction) -> Released:
        """Those of the area looked at that went a way beyond chance."""
        return self._by_direction[way]

    @cached_property
    def _by_direction(self) -> dict[Direction, Released]:
        directions = self.shown["direction"].to_numpy()
        return {way: Released(self.shown[directions == way.value]) for way in MOVES}


@dataclass(frozen=True)  # no slots: what is named in several places is worked out once
class MoversReport:
    """Which organisations changed, source by source."""

    view: View
    sources: tuple[Moves, ...]
    same_people: frozenset[
        tuple[str, frozenset[str]]
    ]  # organisation, and two sources that are one there
    revision: int

    @cached_property
    def names(self) -> dict[str, str]:
        """Unit -> name, of the area looked at: what changed in most sources and most clearly first."""
        rows = pd.concat([_nothing(), *(pd.DataFrame(moves.shown) for moves in self.sources)])
        moved = rows["direction"] != Direction.NOT_SHOWN.value
        rows = rows.assign(moved=moved.groupby(rows["unit"]).transform("sum"))
        rows = rows.sort_values(["moved", "p_value"], ascending=[False, True], kind="stable")
        rows = rows.drop_duplicates("unit")
        return dict(zip(rows["unit"], rows["name"], strict=True))

    def alike(self, way: Direction) -> dict[str, list[str]]:
        """Organisations that went the same way in two sources or more, and those sources."""
        return self._alike.get(way, {})

    @cached_property
    def _alike(self) -> dict[Direction, dict[str, list[str]]]:
        return {way: self._that_agree(way) for way in (Direction.UP, Direction.DOWN)}

    def _that_agree(self, way: Direction) -> dict[str, list[str]]:
        went = [(moves.side, set(moves.that_went(way)["unit"])) for moves in self.sources]
        alike = {}
        for unit in self.names:
            sides = [side for side, units in went if unit in units]
            if any(self._are_two(unit, *pair) for pair in combinations(sides, 2)):
                alike[unit] = [side.short_title for side in sides]
        return alike

    @cached_property
    def opposed(self) -> list[str]:
        """Organisations that rose in one source and fell in another."""
        both = self._that_went(Direction.UP) & self._that_went(Direction.DOWN)
        return [unit for unit in self.names if unit in both]

    @cached_property
    def changed_in_two(self) -> list[str]:
        """Organisations that changed in two sources or more, the same way or not, those named first first."""
        changed = {*self.alike(Direction.UP), *self.alike(Direction.DOWN), *self.opposed}
        return [unit for unit in self.names if unit in changed]

    def in_two(self) -> int:
        """How many organisations are tested in two sources or more."""
        units = pd.Series(
            [unit for moves in self.sources for unit in moves.shown["unit"]], dtype=object
        )
        return int(units[units.duplicated()].nunique())

    def _that_went(self, way: Direction) -> set[str]:
        return {unit for moves in self.sources for unit in moves.that_went(way)["unit"]}

    def _are_two(self, unit: str, first: Side, second: Side) -> bool:
        return (unit, frozenset({first.source, second.source})) not in self.same_people


def movers(store: Store, report: TrendsReport) -> MoversReport:
    """Which organisations changed, on each source of a report that speaks of two years or waves."""
    everywhere = replace(report.view, unit="", area="")
    by_source = [
        within(moved, report.view)
        for side, every in _of_organisations(report)
        if (moved := _moves_of(store, side, every, everywhere)) is not None
    ]
    spoken = tuple(moved for moved in by_source if len(moved.shown))[:MOST_SOURCES]
    return MoversReport(
        report.view, spoken, _same_people(store, everywhere, spoken), report.revision
    )


def _moves_of(store: Store, side: Side, every: Every, view: View) -> Moves | None:
    return ask_by(store, (side.source, side.measure, view), moves, side, every, view)


def _same_people(
    store: Store, view: View, sources: Sequence[Moves]
) -> frozenset[tuple[str, frozenset[str]]]:
    """Organisations that went the same way in two sources which seem to be the same people there: looked for
    only where somebody did."""
    found: set[tuple[str, frozenset[str]]] = set()
    for first, second in combinations(sources, 2):
        both = {
            unit
            for way in (Direction.UP, Direction.DOWN)
            for unit in set(first.that_went(way)["unit"]) & set(second.that_went(way)["unit"])
        }
        if both:
            sides = first.side, second.side
            same = both.intersection(copies(store, *sides, view).units)
            found |= {(unit, frozenset(side.source for side in sides)) for unit in same}
    return frozenset(found)


def _of_organisations(report: TrendsReport) -> list[tuple[Side, Every]]:
    """The sources that speak of the organisations looked at, and not of their board; scores too, which are
    not added up over an area."""
    drawn = [(series.side, series.every) for series in report.series]
    scores = [
        (history.side, history.every)
        for history in report.silent
        if history.silent is Silent.SCORES
    ]
    return [
        (side, every)
        for side, every in [*drawn, *scores]
        if kind_of(side) is not Kind.COUNT and side.reported_grain != Grain.ICB.value
    ]


def within(whole: Moves, view: View) -> Moves:
    """The same in view of an area, which chooses whom to show and changes no direction."""
    rows, left_out = (
        Released(frame.assign(in_area=in_area(frame, view)))
        for frame in (whole.rows, whole.left_out)
    )
    return replace(whole, rows=rows, left_out=left_out)


def moves(store: Store, side: Side, every: Every, view: View) -> Moves | None:
    """How every organisation changed on one source; None where it does not speak of two years or waves.

    `view` is of every area: what is a change is tested over all organisations of the level.

    Notes
    -----
    The two figures are compared on the scale on which sources are judged, each with its own error: months
    that swing more than answers do, publishers' intervals and the noise of confidential counts are in it. A
    step counts in full, which a straight line over three years hardly sees; a slow rise counts by a year.
    """
    source = cells(store, side, view)
    times = years(
        spans(store.query("coverage"), side), side, every, whole_quarters=source.confidential
    )
    if times is None:
        return None
    before, after = times
    weighed = [_weighed(store, replace(side, period=time), view) for time in times]
    steps = _steps(_points_of(source), store.query("rebases"), side, before, after)
    rows = _changes(*(_enough(one) for one in weighed))
    names = (
        ask(store, speakers, view.organisation).drop_duplicates("unit").set_index("unit")["name"]
    )
    areas = source.shown.drop_duplicates("unit", keep="last").set_index("unit")[list(AREAS)]
    rows = rows.assign(name=rows["unit"].map(names).fillna(rows["unit"])).join(areas, on="unit")
    rows[list(AREAS)] = rows[list(AREAS)].fillna("")
    apart = rows["unit"].isin(steps)
    tested = rows[~apart].assign(q_value=discovery_rates(rows.loc[~apart, "p_value"]))
    if source.confidential:  # whether one shows goes by the figures as they are printed
        tested = release(tested, view.disclosure, OfOne(chances=("p_value", "q_value")))
    up = np.where(tested["change"] > 0, Direction.UP.value, Direction.DOWN.value)
    clear = (tested["q_value"] <= SHOWN) & (tested["change"] != 0)
    tested = tested.assign(direction=np.where(clear, up, Direction.NOT_SHOWN.value))
    tested = tested.sort_values(["q_value", "p_value"], kind="stable").reset_index(drop=True)
    rows_of_all = Released(tested, columns=[*ROW, *AREAS, "q_value", "direction"])
    left_out = Released(rows.loc[apart, ["unit", "name", *AREAS]])
    if rows.empty:
        return None
    return within(Moves(side, before, after, rows_of_all, left_out), view)


def _points_of(source: Cells) -> Released:
    """One row per organisation and period that may be shown."""
    rows = source.shown
    shown = rows[(rows["withheld"] == Withheld.NONE.value) & rows["value"].notna()]
    return Released(shown.sort_values(["unit", "position"]).reset_index(drop=True))


def years(
    covered: list[Period], side: Side, every: Every, *, whole_quarters: bool
) -> tuple[Period, Period] | None:
    """The two times that are set side by side, the earlier first; None where there are not two.

    Of waves the last two since the question last changed. Of months and quarters the latest twelve months and
    the twelve before, since then; where fewer than two years are there, the latest months and the same months
    a year before, three at least, so that winters are compared with winters. Single responses are counted by
    whole quarters.
    """
    last = covered[-1].end if covered else date.min
    since = max((on for on, _ in breaks_of(side) if on <= last), default=date.min)
    covered = [span for span in covered if span.start >= since]
    if every is Every.WAVE:
        return (covered[-2], covered[-1]) if len(covered) > 1 else None
    covered = [span for span in covered if span.is_whole_months]
    if not covered:
        return None
    first, end = min(span.start for span in covered), max(span.end for span in covered)
    after_end = end + timedelta(days=1)
    if whole_quarters:
        after_end = months_before(after_end, (after_end.month - 1) % QUARTER)
    months = (after_end.year - first.year) * 12 + after_end.month - first.month
    length = min(YEAR, months - YEAR) // QUARTER * QUARTER
    if length < QUARTER:
        return None

    def ending(day: date) -> Period:
        return Period(months_before(day, length), day - timedelta(days=1))

    return ending(months_before(after_end, YEAR)), ending(after_end)


def _weighed(store: Store, side: Side, view: View) -> Evidence:
    pairing = Pairing(
        side.source,
        "",
        grain=view.level.value,
        organisation=view.organisation,
        disclosure=view.disclosure,
    )
    return by_itself(store, side, pairing, view.service)[0]


def _enough(source: Evidence) -> pd.DataFrame:
    """The organisations with enough answers, as they may be shown."""
    rows = source.rows
    with np.errstate(invalid="ignore"):
        enough = (rows["people"] >= source.evidence_floor) & (rows["effective"] >= LEAST_EFFECTIVE)
    enough &= np.isfinite(rows["scaled_variance"]) & rows[["low", "high"]].notna().all(axis=1)
    columns = ["unit", "value", "low", "high", "respondents", "scaled", "scaled_variance"]
    return pd.DataFrame(rows.loc[enough, columns])


def _changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """One row per organisation of both: its change with the 95 % range, and the p of none."""
    both = before.merge(after, on="unit", suffixes=("_before", "_after"))
    low, high = difference_of_limits(
        both["value_after"], (both["low_after"], both["high_after"]),
        both["value_before"], (both["low_before"], both["high_before"]),
    )  # fmt: skip
    difference = (both["scaled_after"] - both["scaled_before"]).to_numpy(dtype=float)
    variance = both["scaled_variance_before"] + both["scaled_variance_after"]
    z = np.abs(difference) / np.sqrt(variance.to_numpy(dtype=float))
    return pd.DataFrame(
        {
            "unit": both["unit"],
            "before": both["value_before"],
            "after": both["value_after"],
            "change": both["value_after"] - both["value_before"],
            "low": low,
            "high": high,
            "answers_before": both["respondents_before"],
            "answers_after": both["respondents_after"],
            "p_value": 2 * stats.norm.sf(z),
        }
    )


def _steps(
    points: pd.DataFrame, decided: pd.DataFrame, side: Side, before: Period, after: Period
) -> set[str]:
    """The organisations of which the two times do not count the same: the number of answers doubled or
    halved at once, few became many, or somebody has decided that the series starts afresh in between."""
    start, end = pd.Timestamp(before.start), pd.Timestamp(after.end)
    inside = points[(points["period_start"] >= start) & (points["period_start"] <= end)]
    steps = {
        str(unit)
        for unit, of_unit in inside.groupby("unit", sort=False)
        if leap(of_unit["respondents"]) or volume_step(of_unit["respondents"])
    }
    decided = decided[decided["stands"].astype(bool) & (decided["source"] == side.source)]
    months = pd.to_datetime(decided["month"])
    return steps | set(decided.loc[(months > start) & (months <= end), "unit"])


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=["unit", "name", "direction", "p_value"])
