"""One source over time, of one organisation or of all of an area together: its points, and what is missing.

Counts are added and then divided; percentages are never averaged. Of confidential answers a point is shown
as the perturbation table has it, and one of too few is not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore.analysis.joining.periods import Side, breaks_of, months_before
from pxcore.analysis.judging.evidence import Kind, kind_of
from pxcore.analysis.time.cells import (
    AREAS,
    CARRIED,
    WORTH_HAVING,
    Cells,
    Every,
    View,
    cells,
    list_of,
    summed,
    with_people,
)
from pxcore.disclosure import Answers, Released, is_confidential, release
from pxcore.model import Period, Settings, Withheld
from pxcore.stats.intervals import wilson, with_noise
from pxcore.store import Store

STEADY = 0.9  # of the months between two breaks in which a steady organisation reports


class Silent(StrEnum):
    """Why a point, or a whole source, shows nothing. Those of a point first, named as SQL names them."""

    BY_PUBLISHER = "withheld_publisher"
    BLANK = "withheld_unknown"
    NO_ANSWERS = "withheld_not_calculable"
    MISSING = "withheld_missing"
    SPLIT = "split"
    TO_CONFIRM = "to_confirm"
    CYCLE = "cycle"
    FEW = "floor"  # of confidential answers, none read alike
    NOTHING = "nothing"
    NO_RATING = "no rating"
    SCORES = "scores"
    NOT_OF_UNIT = "not of the organisation"
    NOT_OF_AREA = "not of the area"
    NOBODY_SPEAKS = "nobody speaks of the area"
    WITHOUT_COUNTS = "without counts"
    SEVERAL_SERVICES = "several services"


@dataclass(frozen=True, slots=True)
class Members:
    """Which organisations a series of an area adds up."""

    every: Every
    steady: bool = False  # only those that report nearly always; else all, and they change
    organisations: int = 0  # that are added up at some time
    fewest: int = 0  # in any one point shown
    most: int = 0
    left_out: int = 0  # because they report now and then
    moved: float = 0.0  # share of the answers that come from elsewhere at the end than at first
    grown: str = ""  # the organisation whose share grew most
    voices: bool = False  # people speak of organisations, which do not report themselves


@dataclass(frozen=True)  # no slots: its points shown are chosen once
class History:
    """The points of one source, and what its peers show of it."""

    side: Side
    every: Every
    points: Released  # one row per point due between the first and the last; see POINT
    members: Members | None  # None for one organisation
    typical: float | None  # typical difference between organisations, in the unit of the measure
    extracts: tuple[int, ...]
    silent: Silent | None  # why there is no point at all; None where there is one
    units: frozenset[str]  # the organisations whose answers are in the points shown
    confidential: bool = False  # single responses, shown with noise

    @cached_property
    def shown(self) -> Released:
        return self.points[self.points["shown"]]

    def position(self, day: date) -> int:
        """The number of the month or quarter a day is in."""
        return position(day, self.every)


FIGURES = ("value", "low", "high", "respondents", "positive", "organisations")
POINT = (
    "position", "start", "end", "period", "value", "low", "high", "respondents", "positive",
    "organisations", "shown", "why",
)  # fmt: skip


def position(day: date, every: Every) -> int:
    """Months, or quarters, counted from the year 0."""
    months = day.year * 12 + day.month - 1
    return months // 3 if every is Every.QUARTER else months


@cache
def period_at(place: int, every: Every) -> Period:
    """The month or quarter of a position."""
    months = place * (3 if every is Every.QUARTER else 1)
    first = date(months // 12, months % 12 + 1, 1)
    after = months_before(first, -3 if every is Every.QUARTER else -1)
    return Period(first, after - timedelta(days=1))


def history(store: Store, side: Side, view: View, names: dict[str, str]) -> History:
    """The whole history of one source as a view asks for it; `names` are those of organisations."""
    if kind_of(side) is Kind.COUNT:
        return silent(side, Silent.NO_RATING)
    source = cells(store, side, view)
    every, members, units = source.every, None, frozenset({view.unit})
    why: Silent | None
    if view.unit:
        points, why = _of_one(source.shown, view)
    elif side.unit != "proportion":
        return silent(side, Silent.SCORES, every)
    elif side.signal == "community":
        points, members, units, why = _of_everybody(source, view)
    else:
        points, members, units, why = _of_members(source, view, side, names)
    if points.empty and not source.confidential:
        assert why is not None
        return silent(side, why, every)
    points = _complete(points, source, side)
    if points["shown"].any():
        why = None
    elif source.confidential or why is None:  # nobody and few read alike
        why = _usual_reason(points)
    return History(
        side=replace(side, period=Period(points["start"].iloc[0], points["end"].iloc[-1])),
        every=every,
        points=points,
        members=members,
        typical=source.typical,
        extracts=_extracts(source, view),
        silent=why,
        units=units,
        confidential=source.confidential and not view.disclosure.exact,
    )


def silent(side: Side, why: Silent, every: Every = Every.WAVE) -> History:
    """A source that shows nothing, and why."""
    nothing = Released({name: [] for name in POINT}).astype({"shown": bool})
    return History(side, every, nothing, None, None, (), why, frozenset())


def _extracts(source: Cells, view: View) -> tuple[int, ...]:
    """Numbers of the extracts behind what a view asks for; of single responses those of the whole source,
    for which file holds somebody's answers is not shown."""
    rows = source.files.figures
    if view.unit and not source.confidential:
        rows = rows[rows["unit"] == view.unit]
    elif view.area and not source.confidential:
        rows = rows[in_area(rows, view) | (rows["unit"] == view.area).to_numpy()]
    return tuple(sorted({int(number) for numbers in rows["extracts"] for number in numbers}))


def _spans_at(
    cells: pd.DataFrame, group: npt.NDArray[np.intp], groups: int
) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.datetime64]]:
    """The first and the last day of the cells of each numbered group."""
    starts, ends = (cells[name].to_numpy() for name in ("period_start", "period_end"))
    first, last = np.full(groups, starts.max()), np.full(groups, ends.min())
    np.minimum.at(first, group, starts)
    np.maximum.at(last, group, ends)
    return first, last


def _listed_at(
    cells: pd.DataFrame, column: str, positions: npt.NDArray[np.int64]
) -> list[list[Any]]:
    """At each position what all its cells list in a column."""
    listed: dict[int, list[Any]] = {int(position): [] for position in positions}
    for position, items in zip(cells["position"].tolist(), cells[column].tolist(), strict=True):
        listed[position].extend(list_of(items))
    return list(listed.values())


# --- Points ---


def _of_one(cells: Released, view: View) -> tuple[Released, Silent | None]:
    rows = cells[cells["unit"] == view.unit].sort_values("position")
    if rows.empty:
        return _no_points(), Silent.NOT_OF_UNIT
    why = np.where(
        rows["withheld"] == Withheld.FLOOR.value,
        Silent.FEW,
        rows["silent"].replace("", Silent.NOTHING),
    )
    shown = (rows["withheld"] == Withheld.NONE.value).to_numpy()
    return rows.assign(shown=shown, why=np.where(shown, "", why), organisations=1), None


@cache
def _no_points() -> Released:
    columns = ["position", "period_start", "period_end", "shown", "why", "noise"]
    nothing = Released(columns=[*dict.fromkeys([*columns, *FIGURES])])
    return nothing.astype({"position": "int64", "shown": bool})


def in_area(cells: pd.DataFrame, view: View) -> npt.NDArray[np.bool_]:
    """By row of organisations with the areas they belong to: whether it is of the area looked at."""
    if not view.area:
        return np.ones(len(cells), dtype=bool)
    inside = np.zeros(len(cells), dtype=bool)
    for level in AREAS:
        inside |= (cells[level] == view.area).to_numpy()
    return inside


def _total(cells: pd.DataFrame, view: View) -> Released:
    """The organisations of each position added up, as they may be shown together."""
    carried = ["anonymous", *CARRIED] if is_confidential(cells) else []
    counts = ["position", "respondents", "positive", "value", *carried]
    points = summed(cells[counts], ["position"]).sort_values("position")
    positions, group = np.unique(cells["position"].to_numpy(), return_inverse=True)
    first, last = _spans_at(cells, group, len(positions))
    points = points.assign(
        period_start=first,
        period_end=last,
        organisations=np.bincount(group).astype(float),  # a cell is one organisation's
    )
    if carried:
        for column in ("authors", "author_keys"):
            points[column] = _listed_at(cells, column, positions)
        points = with_people(points)
    else:
        points["people"] = points["respondents"]
    return release(points.assign(low=np.nan, high=np.nan), view.disclosure, Answers())


def _of_everybody(
    source: Cells, view: View
) -> tuple[Released, Members | None, frozenset[str], Silent | None]:
    """All feedback about organisations of the area, whoever they are."""
    cells = source.exact.figures
    rows = cells[(cells["people"] > 0) & in_area(cells, view)]
    if rows.empty:
        return _no_points(), None, frozenset(), Silent.NOBODY_SPEAKS
    points = _total(rows, view)
    if source.confidential:
        points["organisations"] = np.nan  # of how many somebody spoke is a count of people too
    shown = (points["withheld"] == Withheld.NONE.value).to_numpy()
    points = points.assign(shown=shown, why=np.where(shown, "", Silent.FEW))
    if not shown.any():
        return points, None, frozenset(), None
    units = frozenset(rows["unit"].astype(str))
    return points, Members(source.every, voices=True), units, None


def _of_members(
    source: Cells, view: View, side: Side, names: dict[str, str]
) -> tuple[Released, Members | None, frozenset[str], Silent | None]:
    """The organisations that report nearly always, added up; between breaks each stretch by itself."""
    columns = ["unit", "position", "period_start", "withheld", "value", "respondents", "positive"]
    rows = source.shown.loc[in_area(source.shown, view), columns]
    counted = rows[
        (rows["withheld"] == Withheld.NONE.value)
        & (rows["respondents"] > 0)
        & rows["positive"].notna()
    ]
    if counted.empty:
        without_counts = (rows["value"].notna() & rows["respondents"].isna()).any()
        why = Silent.WITHOUT_COUNTS if without_counts else Silent.NOT_OF_AREA
        return _no_points(), None, frozenset(), why
    cuts = sorted(pd.Timestamp(on) for on, _ in breaks_of(side))
    starts = pd.to_datetime(counted["period_start"]).to_numpy()
    stretch = np.searchsorted(np.array(cuts, dtype="datetime64[us]"), starts, side="right")
    is_steady = _steady(stretch, counted["unit"], counted["position"])
    share = counted.loc[is_steady, "respondents"].sum() / counted["respondents"].sum()
    steady = bool(share >= WORTH_HAVING)
    taken = counted[is_steady] if steady else counted
    points = _total(source.exact.figures.loc[taken.index], view)
    last = stretch[is_steady if steady else np.ones(len(counted), dtype=bool)] == stretch.max()
    moved, grown = _moved(taken[last], source.every)
    members = Members(
        every=source.every,
        steady=steady,
        organisations=taken["unit"].nunique(),
        fewest=int(points["organisations"].min()),
        most=int(points["organisations"].max()),
        left_out=counted["unit"].nunique() - taken["unit"].nunique(),
        moved=moved,
        grown=names.get(grown, grown),
    )
    shown = (points["withheld"] == Withheld.NONE.value).to_numpy()
    points = points.assign(shown=shown, why=np.where(shown, "", Silent.FEW))
    return points, members, frozenset(taken["unit"].astype(str)), None


def _steady(
    stretch: npt.NDArray[np.intp], units: pd.Series, positions: pd.Series
) -> npt.NDArray[np.bool_]:
    """By row, one per organisation and position: whether its organisation reports at nearly every position
    of the stretch at which anybody does."""
    unit = pd.factorize(units)[0]
    of_unit = stretch * (unit.max() + 1) + unit
    reported = np.bincount(of_unit)[of_unit]
    due = np.bincount(np.unique(np.column_stack([stretch, positions]), axis=0)[:, 0])[stretch]
    return np.asarray(reported >= STEADY * due)


def _moved(cells: pd.DataFrame, every: Every) -> tuple[float, str]:
    """Share of the answers given elsewhere than at first, and where most more are given now."""
    places = np.sort(cells["position"].unique())
    year = 12 if every is Every.MONTH else 4
    if every is Every.WAVE or len(places) < 2 * year:
        return 0.0, ""
    shares = []
    for ends in (places[:year], places[-year:]):
        counts = cells[cells["position"].isin(ends)].groupby("unit")["respondents"].sum()
        shares.append(counts / counts.sum())
    change = shares[1].sub(shares[0], fill_value=0.0)
    return float(change.abs().sum() / 2), str(change.idxmax())


def _complete(points: Released, source: Cells, side: Side) -> Released:
    """A row for every month or quarter between the first and the last, in the columns of POINT.

    Of single responses the first and the last of the source: when somebody answered is not shown.
    """
    every = source.every
    spans = source.spans
    if not source.confidential:
        spans = points.set_index("position")[["period_start", "period_end"]]
    due = np.sort(spans.index.to_numpy(dtype=np.int64))
    if every is Every.WAVE:
        days = spans.sort_index()
        periods = [
            Period(start.date(), end.date())
            for start, end in zip(days["period_start"], days["period_end"], strict=True)
        ]
    else:
        due = np.arange(due[0], due[-1] + 1)
        periods = [period_at(place, every) for place in due.tolist()]
    at = np.searchsorted(due, points["position"].to_numpy(dtype=np.int64))

    def along(column: str, missing: Any, kind: Any = float) -> npt.NDArray[Any]:
        """What the points have in a column, at their positions."""
        values = np.full(len(due), missing, dtype=kind)
        values[at] = points[column].to_numpy(dtype=kind)
        return values

    shown = along("shown", missing=False, kind=bool)
    # where each row is a person, nobody's answers and those of a few read alike
    nothing = Silent.FEW if source.confidential else Silent.NOTHING
    figures = {name: np.where(shown, along(name, np.nan), np.nan) for name in FIGURES}
    if side.unit == "proportion":
        shares, answers = figures["value"], figures["respondents"]
        worth = answers / (
            Settings().design_effect if kind_of(side) is Kind.PERCENT_SURVEY else 1.0
        )
        ends = wilson(shares, with_noise(worth, shares, answers, along("noise", np.nan)))
        for name, end in zip(("low", "high"), ends, strict=True):
            figures[name] = np.where(np.isnan(figures[name]), end, figures[name])
    return Released(
        {
            "position": due,
            "start": [period.start for period in periods],
            "end": [period.end for period in periods],
            "period": [str(period) for period in periods],
            **figures,
            "shown": shown,
            "why": along("why", nothing, object),
        }
    )


def _usual_reason(points: pd.DataFrame) -> Silent:
    """The reason given most often; that there is nothing only where there is no other."""
    reasons = points.loc[points["why"] != Silent.NOTHING, "why"]
    return Silent((reasons if len(reasons) else points["why"]).mode().iloc[0])
