"""One source over time, charted: its usual swing, its direction, and two such side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.independence import Independence, SameAnswers, independence
from pxcore.analysis.joining.periods import Side, breaks_of
from pxcore.analysis.rows import each
from pxcore.analysis.time.cells import Every, View
from pxcore.analysis.time.history import History
from pxcore.model import Grain, Organisation, Pairing, Settings
from pxcore.stats.control_chart import (
    FEW_ANSWERS,
    FEWEST_POINTS,
    Assurance,
    Chart,
    ControlChart,
    Variation,
    choose_chart,
    p_chart,
    xmr_chart,
)
from pxcore.stats.intervals import newcombe
from pxcore.stats.lead_lag import LeadLag, Leads, lead_lag
from pxcore.stats.trend import (
    MOVES,
    Direction,
    Together,
    Trend,
    TrendComparison,
    compare_trends,
    trend,
)
from pxcore.store import Store

STEP, STEP_POINTS = 2, 6  # times as many answers; points before and after
LEAP = 2.0  # times as many answers a month at the end as at first, or the other way round


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a series starts afresh; nothing is worked out across it."""

    on: date
    position: int
    label: str  # as data/reference/breaks.csv has it, or a person's reason
    kind: Literal["break", "rebase"]  # of the source itself, or decided by a person
    changed: str  # of a break: question, method, mode …
    by: str  # who decided; "" for a break


@dataclass(frozen=True, slots=True)
class Merger:
    """Where organisations became one."""

    on: date
    parts: str  # their codes
    unit: str


@dataclass(frozen=True, slots=True)
class WaveChange:
    """From the last wave but one to the last, in the unit of the measure, with its range."""

    before: str
    after: str
    change: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Target:
    """What a measure is wanted to reach, and who said so."""

    value: float
    reason: str
    by: str
    at: date


@dataclass(frozen=True)  # no slots: what is said of it in several places is worked out once
class Series:
    """One source over time, charted."""

    history: History
    cuts: tuple[Cut, ...]
    mergers: tuple[Merger, ...]
    chart: ControlChart | None  # of the points shown; None for waves, and where there is none
    target: Target | None
    trend: Trend | None  # since the last cut
    q_value: float | None  # of the trend, over all tested together

    @property
    def side(self) -> Side:
        return self.history.side

    @property
    def every(self) -> Every:
        return self.history.every

    @property
    def is_wave(self) -> bool:
        return self.every is Every.WAVE

    @property
    def shown(self) -> pd.DataFrame:
        return self.history.shown

    @cached_property
    def counted(self) -> bool:
        """Whether every point shown comes with its numbers of answers."""
        return _counted(self.shown)

    @cached_property
    def stretch(self) -> pd.DataFrame:
        """The points since the last cut."""
        return latest_stretch(self.shown, self.cuts)

    @cached_property
    def stepped(self) -> tuple[str, float, float] | None:
        """Where the number of answers changes at once, as a new way of asking makes it: the first such
        period, and the usual numbers before and after; None where it does not, or starts afresh there."""
        rows = self.stretch
        step = None if self.is_wave else volume_step(rows["respondents"])
        return step and (str(rows["period"].iloc[step[0]]), step[1], step[2])

    @property
    def moved_by_asking(self) -> bool:
        """Whether the number of answers steps inside the stretch looked at: no direction or change is then
        taken for one of care."""
        return self.stepped is not None

    @cached_property
    def leapt(self) -> tuple[float, float] | None:
        """The numbers of answers at first and at the end, where they are why no trend is looked for."""
        return leap(self.stretch["respondents"]) if self.side.unit == "proportion" else None

    @cached_property
    def last(self) -> Any:
        """The latest point shown."""
        return self.shown.iloc[-1]

    @property
    def variation(self) -> Variation:
        """That of the whole is that of its latest point."""
        return Variation.TOO_FEW if self.chart is None else self.chart.icon

    @property
    def assurance(self) -> Assurance | None:
        """Whether the usual swing lies clear of the target; None where none is set."""
        if self.target is None:
            return None
        return Assurance.TOO_FEW if self.chart is None else self.chart.assurance(self.target.value)

    @property
    def direction(self) -> Direction | None:
        """Which way it goes, as far as it shows over all trends tested together."""
        return None if self.trend is None else self.trend.direction(self.q_value)

    @property
    def moves(self) -> bool:
        """Whether it shows a direction."""
        return self.direction in MOVES

    @property
    def since(self) -> date:
        """The first day of the stretch since the last cut."""
        start: date = self.stretch["start"].iloc[0]
        return start

    @property
    def special(self) -> bool:
        """Whether the latest point is beyond the usual swing."""
        return self.variation in (Variation.IMPROVEMENT, Variation.CONCERN)

    @cached_property
    def wave_change(self) -> WaveChange | None:
        """From the last wave but one to the last; None where nothing is known of it."""
        stretch = self.stretch
        if not self.is_wave or len(stretch) < 2:
            return None
        before, after = stretch.iloc[-2], stretch.iloc[-1]
        change = after["value"] - before["value"]
        if self.side.unit == "proportion":
            if not np.isfinite([before["respondents"], after["respondents"]]).all():
                return None
            worth = Settings().design_effect
            ends = newcombe(
                after["value"],
                after["respondents"] / worth,
                before["value"],
                before["respondents"] / worth,
            )
        else:
            down = np.hypot(after["value"] - after["low"], before["high"] - before["value"])
            up = np.hypot(after["high"] - after["value"], before["value"] - before["low"])
            ends = change - down, change + up
        low, high = map(float, ends)
        if not np.isfinite([low, high]).all():
            return None
        return WaveChange(before["period"], after["period"], float(change), low, high)


@dataclass(frozen=True, slots=True)
class Apart:
    """How far two series of an area speak of different organisations."""

    # None of community voice: of how many somebody spoke is a count of people too
    shared: int | None
    most: int
    level: Grain


@dataclass(frozen=True, slots=True)
class Pair:
    """Two series side by side: their directions, and whether one moves first."""

    left: Series
    right: Series
    comparison: TrendComparison
    in_typical: bool  # slopes are in typical differences between organisations
    ahead: LeadLag | None  # None where it was not looked at
    same_people: (
        SameAnswers | None
    )  # what says that the two are not two sources; None where they are
    apart: Apart | None  # None where they mostly speak of the same organisations

    @property
    def title(self) -> str:
        return f"{self.left.side.short_title} and {self.right.side.short_title}"

    @property
    def together(self) -> Together:
        return self.comparison.together

    @property
    def moved_by_asking(self) -> Series | None:
        """The first of the two that moves where its number of answers changed."""
        both = (self.left, self.right)
        return next((series for series in both if series.moves and series.moved_by_asking), None)

    @property
    def counts(self) -> bool:
        """Whether the directions can be compared and are those of two sources."""
        return (
            self.together is not Together.TOO_FEW
            and not (self.same_people or self.apart)
            and self.moved_by_asking is None
        )

    @property
    def months_in_common(self) -> int:
        both = np.intersect1d(self.left.shown["position"], self.right.shown["position"])
        return int(both.size)

    @property
    def looked_at(self) -> bool:
        """Whether it was looked at which of the two moves first."""
        return self.ahead is not None and self.ahead.state is not Leads.NOT_QUALIFIED


# --- One series ---


def charted(
    history: History,
    view: View,
    rebases: pd.DataFrame,
    targets: pd.DataFrame,
    mergers: pd.DataFrame | None,
) -> Series:
    """A history with its chart and its direction, between breaks and what people have decided."""
    cuts = _cuts(history, view, rebases)
    return Series(
        history=history,
        cuts=cuts,
        mergers=_mergers(history, view, mergers),
        chart=_chart(history, cuts),
        target=_target(history.side, targets),
        trend=_trend(history, cuts),
        q_value=None,
    )


def _cuts(history: History, view: View, rebases: pd.DataFrame) -> tuple[Cut, ...]:
    """Breaks of the source and decisions of people that fall inside what is drawn."""
    first, last = history.points["start"].iloc[0], history.points["start"].iloc[-1]
    kinds = {row["label"]: row["kind"] for row in maps.rows("breaks")}
    cuts = [
        Cut(on, history.position(on), label, "break", kinds.get(label, ""), "")
        for on, label in breaks_of(history.side)
        if first < on <= last
    ]
    if history.every is not Every.WAVE and len(rebases):
        for row in each(
            rebases[
                rebases["stands"]
                & (rebases["source"] == history.side.source)
                & (rebases["unit"] == view.owner)
            ]
        ):
            on = row.month.date()
            if first < on <= last:
                place = history.position(on)
                cuts.append(Cut(on, place, row.reason, "rebase", "", row.decided_by))
    return tuple(sorted(cuts, key=lambda cut: cut.on))


def _mergers(history: History, view: View, mergers: pd.DataFrame | None) -> tuple[Merger, ...]:
    if mergers is None or view.organisation is not Organisation.CURRENT:
        return ()
    first, last = history.points["start"].iloc[0], history.points["end"].iloc[-1]
    return tuple(
        Merger(row.succeeded_on.date(), row.parts, row.unit)
        for row in each(mergers[mergers["unit"] == view.unit])
        if pd.notna(row.succeeded_on) and first <= row.succeeded_on.date() <= last
    )


def _target(side: Side, targets: pd.DataFrame) -> Target | None:
    if targets.empty:
        return None
    rows = targets[
        targets["stands"]
        & (targets["source"] == side.source)
        & (targets["measure"] == side.measure)
    ]
    if rows.empty:
        return None
    row = rows.iloc[0]
    return Target(float(row["value"]), row["reason"], row["decided_by"], row["decided_at"].date())


def _chart(history: History, cuts: tuple[Cut, ...]) -> ControlChart | None:
    """The control chart of a series by the month or quarter."""
    if history.every is Every.WAVE:
        return None
    shown = history.shown
    places = shown["position"].to_numpy(dtype=np.int64)
    rebase = [cut.position for cut in cuts]
    respondents = shown["respondents"].to_numpy(dtype=float)
    if (
        history.side.unit != "proportion"
        or not _counted(shown)
        or choose_chart(respondents, shown["positive"]) is Chart.XMR
    ):
        return xmr_chart(shown["value"], places, rebase=rebase)
    return p_chart(shown["positive"], respondents, places, rebase=rebase)


def _counted(shown: pd.DataFrame) -> bool:
    return bool((shown["respondents"] > 0).all() and shown["positive"].notna().all())


def latest_stretch(shown: pd.DataFrame, cuts: Sequence[Cut]) -> pd.DataFrame:
    """The points since the last cut."""
    last = max((cut.on for cut in cuts), default=date.min)
    rows = shown[[start >= last for start in shown["start"]]]
    return rows if len(rows) else shown.tail(1)


def _trend(history: History, cuts: tuple[Cut, ...]) -> Trend | None:
    """The direction since the last cut; None where there are too few points, or a leap of answers."""
    rows = latest_stretch(history.shown, cuts)
    if history.every is Every.WAVE or len(rows) < FEWEST_POINTS:
        return None
    if history.side.unit == "proportion" and leap(rows["respondents"]):
        return None
    places = rows["position"].to_numpy(dtype=np.int64)
    values = rows["value"].to_numpy(dtype=float)
    if history.every is Every.QUARTER:
        return trend(values, places / 4)
    return trend(values, places / 12, places % 12)


def leap(respondents: pd.Series) -> tuple[float, float] | None:
    """How many answers a month has at first and at the end, where that alone could make a trend.

    Of a few answers most often all are positive, where of many 94 in 100 are: months of few answers
    followed by months of many would seem to fall.
    """
    counts = respondents.dropna().to_numpy(dtype=float)
    third = len(counts) // 3
    if third == 0:
        return None
    first, last = float(np.median(counts[:third])), float(np.median(counts[-third:]))
    few, many = sorted((first, last))
    return (first, last) if few < FEW_ANSWERS and many > LEAP * few else None


def volume_step(respondents: pd.Series) -> tuple[int, float, float] | None:
    """Where a series has at once at least twice as many answers, or half as many, and stays there.

    The place of the first such point, and the usual numbers before and after; None where
    there is no such place, or the six points before it and the six after overlap.
    """
    counts = respondents.to_numpy(dtype=float)
    best: tuple[float, int, float, float] | None = None
    for at in range(STEP_POINTS, len(counts) - STEP_POINTS + 1):
        before, after = counts[at - STEP_POINTS : at], counts[at : at + STEP_POINTS]
        if np.isnan(before).any() or np.isnan(after).any() or before.min() <= 0 or after.min() <= 0:
            continue
        few, many = float(np.median(before)), float(np.median(after))
        apart = max(few, many) / min(few, many)
        clear = after.min() > before.max() or after.max() < before.min()
        if clear and apart >= STEP and (best is None or apart > best[0]):
            best = apart, at, few, many
    return best[1:] if best else None


# --- Two series ---


def paired(store: Store, series: Sequence[Series], view: View) -> tuple[Pair, ...]:
    """Every two series by the month or quarter, side by side."""
    return tuple(
        _pair(store, left, right, view)
        for left, right in combinations([drawn for drawn in series if not drawn.is_wave], 2)
    )


def _pair(store: Store, left: Series, right: Series, view: View) -> Pair:
    units = left.history.typical, right.history.typical
    in_typical = units[0] is not None and units[1] is not None
    comparison = compare_trends(
        left.trend,
        right.trend,
        left_unit=units[0] if in_typical and units[0] else 1.0,
        right_unit=units[1] if in_typical and units[1] else 1.0,
        left_p=left.q_value,
        right_p=right.q_value,
    )
    apart = _apart(left, right, view)
    same: SameAnswers | None = None
    ahead: LeadLag | None = None
    if apart is None:
        if comparison.together is not Together.TOO_FEW:  # else nothing is compared
            same = _same_people(store, left, right, view)
        if same is None:
            ahead = _ahead(left, right)
    return Pair(left, right, comparison, in_typical, ahead, same, apart)


def _apart(left: Series, right: Series, view: View) -> Apart | None:
    """How far two series of an area are not of one area; None where they mostly add up the same."""
    if view.unit:
        return None
    units = left.history.units, right.history.units
    shared, most = len(units[0] & units[1]), max(map(len, units))
    if 2 * shared >= most:
        return None
    voices = any(series.side.signal == "community" for series in (left, right))
    return Apart(None if voices else shared, most, view.level)


def copies(store: Store, left: Side, right: Side, view: View) -> Independence:
    """Of whom two sources seem to hold the same people's answers."""
    if len({left.service, right.service} - {""}) > 1:
        # of different services: different people, or at least different visits
        return Independence(units=(), evidence={}, compared=0)
    pairing = Pairing(
        left.source,
        right.source,
        grain=view.level.value,
        organisation=view.organisation,
        disclosure=view.disclosure,
    )
    return independence(store, left, right, pairing, view.service)


def _same_people(store: Store, left: Series, right: Series, view: View) -> SameAnswers | None:
    """What says that two sources are not two; None where nothing does."""
    same = copies(store, left.side, right.side, view)
    if view.unit:
        return same.evidence.get(view.unit)
    return same.evidence[same.units[0]] if len(same.units) * 2 > same.compared else None


def _ahead(left: Series, right: Series) -> LeadLag | None:
    if not left.every is right.every is Every.MONTH:
        return None
    return lead_lag(
        left.shown["value"],
        left.shown["position"].to_numpy(dtype=np.int64),
        right.shown["value"],
        right.shown["position"].to_numpy(dtype=np.int64),
        breaks=[cut.position for cut in (*left.cuts, *right.cuts)],
    )
