"""One source over time, charted: its usual swing, its direction, and two such side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.independence import independence
from pxcore.analysis.joining.periods import Side, breaks_of
from pxcore.analysis.rows import each
from pxcore.analysis.time.history import Every, History, View
from pxcore.model import GRAIN_TITLES, Organisation, Pairing, Settings
from pxcore.stats.control_chart import (
    FEW_ANSWERS,
    FEWEST_POINTS,
    Assurance,
    Chart,
    ControlChart,
    Signal,
    Variation,
    choose_chart,
    p_chart,
    xmr_chart,
)
from pxcore.stats.intervals import newcombe
from pxcore.stats.lead_lag import FEWEST_MONTHS, LeadLag, Leads, lead_lag
from pxcore.stats.trend import (
    SLOPE_MARGIN,
    Direction,
    Together,
    Trend,
    TrendComparison,
    compare_trends,
    trend,
)
from pxcore.store import Store

FEW_OF_A_KIND = 3  # answers not positive (or positive) in a usual month; under it runs mean little
STEP, STEP_POINTS = 2, 6  # times as many answers; points before and after
LEAP = 2.0  # times as many answers a month at the end as at first, or the other way round

# An icon is a glyph of our own and its words; neither stands without the other.
VARIATION_GLYPHS = MappingProxyType(
    {
        Variation.IMPROVEMENT: "▲",
        Variation.CONCERN: "▼",
        Variation.COMMON: "≈",
        Variation.TOO_FEW: "…",
    }
)
ASSURANCE_GLYPHS = MappingProxyType(
    {Assurance.PASS: "✓", Assurance.FAIL: "✗", Assurance.HIT_AND_MISS: "±", Assurance.TOO_FEW: "…"}
)
VARIATION_WORDS = MappingProxyType(
    {
        Variation.IMPROVEMENT: "Special cause, improvement",
        Variation.CONCERN: "Special cause, concern",
        Variation.COMMON: "Common cause",
        Variation.TOO_FEW: "Too few points for limits",
    }
)
ASSURANCE_WORDS = MappingProxyType(
    {
        Assurance.PASS: "reached in every month of the usual swing",
        Assurance.FAIL: "missed in every month of the usual swing",
        Assurance.HIT_AND_MISS: "reached or missed by chance",
        Assurance.TOO_FEW: "too few points to say",
    }
)
SIGNAL_WORDS = MappingProxyType(
    {
        Signal.OUTSIDE: "outside the limits",
        Signal.TREND: "one of 7 in a row, each higher or each lower",
        Signal.TWO_IN_THREE: "one of 2 in 3 near a limit",
        Signal.SHIFT: "one of 7 in a row on one side of the mean",
        Signal.NONE: "",
    }
)
DIRECTION_GLYPHS = MappingProxyType(
    {Direction.UP: "↗", Direction.DOWN: "↘", Direction.NOT_SHOWN: "→"}
)
DIRECTION_WORDS = MappingProxyType(
    {Direction.UP: "rising", Direction.DOWN: "falling", Direction.NOT_SHOWN: "no trend shown"}
)


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a series starts afresh; nothing is worked out across it."""

    on: date
    position: int
    label: str
    short: str  # a few words to stand beside a line
    kind: str  # "break": of the source itself; "rebase": decided by a person
    by: str  # who decided; "" for a break


@dataclass(frozen=True, slots=True)
class Target:
    """What a measure is wanted to reach, and who said so."""

    value: float
    reason: str
    by: str
    at: date


@dataclass(frozen=True, slots=True)
class Series:
    """One source over time, charted."""

    history: History
    cuts: tuple[Cut, ...]
    mergers: tuple[tuple[date, str], ...]
    chart: ControlChart | None  # of the points shown; None for waves, and where there is none
    why_chart: str  # which chart it is and why
    target: Target | None
    trend: Trend | None  # since the last cut
    q_value: float | None  # of the trend, over all tested together
    why_no_trend: str

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

    @property
    def stepped(self) -> tuple[str, float, float] | None:
        """Where the number of answers changes at once, as a new way of asking makes it: the first such
        period, and the usual numbers before and after; None where it does not, or starts afresh there."""
        rows = latest_stretch(self.shown, self.cuts)
        found = None if self.is_wave else volume_step(rows["respondents"])
        return found and (str(rows["period"].iloc[found[0]]), found[1], found[2])

    def step_said(self) -> str:
        """The step in the number of answers, in a sentence; "" where there is none."""
        found = self.stepped
        if found is None:
            return ""
        at, before, after = found
        return (
            f"{self.side.short_title}: from {at} about {after:,.0f} answers a "
            f"{self.every.value} instead of {before:,.0f}. Another way of asking moves a series by itself: "
            "if it changed, start the series afresh there"
        )

    @property
    def moved_by_asking(self) -> str:
        """Where the number of answers steps inside the stretch looked at: why no direction or change is
        taken for one of care; "" where it does not."""
        found = self.stepped
        if found is None:
            return ""
        at, before, after = found
        return (
            f"its number of answers changed in {at} (about {before:,.0f} to {after:,.0f} a "
            f"{self.every.value})"
        )

    @property
    def last(self) -> Any:
        """The latest point shown."""
        return self.shown.iloc[-1]

    @property
    def variation(self) -> Variation:
        """What is said of the whole: what its latest point is."""
        return Variation.TOO_FEW if self.chart is None else self.chart.icon

    @property
    def assurance(self) -> Assurance | None:
        """Whether the usual swing lies clear of the target; None where none is set."""
        if self.target is None:
            return None
        return Assurance.TOO_FEW if self.chart is None else self.chart.assurance(self.target.value)

    @property
    def lopsided(self) -> bool:
        """So near an end, on so few answers, that half the points lie on the same side by chance."""
        if self.chart is None or self.side.unit != "proportion":
            return False
        points = self._stretch()
        answers, positive = points["respondents"].sum(), points["positive"].sum()
        if not answers > 0:
            return False
        rarer = min(positive, answers - positive) / answers
        return bool(points["respondents"].median() * rarer < FEW_OF_A_KIND)

    @property
    def direction(self) -> Direction | None:
        """Which way it goes, as far as it shows over all trends tested together."""
        return None if self.trend is None else self.trend.direction(self.q_value)

    @property
    def moves(self) -> bool:
        """Whether it shows a direction."""
        return self.direction in (Direction.UP, Direction.DOWN)

    @property
    def since(self) -> date:
        """The first day of the stretch since the last cut."""
        start: date = self._stretch()["start"].iloc[0]
        return start

    def _stretch(self) -> pd.DataFrame:
        return latest_stretch(self.shown, self.cuts)

    def value_said(self, value: float) -> str:
        if not np.isfinite(value):
            return ""
        return percent(value) if self.side.unit == "proportion" else f"{value:.1f}"

    def latest_said(self) -> str:
        """The latest figure with what it rests on."""
        last = self.last
        said = f"{self.value_said(last['value'])} in {last['period']}"
        if np.isfinite(last["low"]) and (self.is_wave or self.variation is Variation.TOO_FEW):
            said += f" ({self.value_said(last['low'])} to {self.value_said(last['high'])})"
        return said + (
            f", {answers(last['respondents'])}" if np.isfinite(last["respondents"]) else ""
        )

    def variation_said(self) -> str:
        """The variation icon in words."""
        if self.is_wave:
            return "Waves: points with their 95 % ranges, no limits"
        words, more = self._variation_words(), self._variation_more()
        return f"{words}: {more}" if more else words

    @property
    def special(self) -> bool:
        """Whether the latest point is beyond the usual swing."""
        return self.variation in (Variation.IMPROVEMENT, Variation.CONCERN)

    def _variation_words(self) -> str:
        if self.special and self.moved_by_asking:
            return "Special cause"  # neither improvement nor concern: the way of asking may have moved it
        return VARIATION_WORDS[self.variation]

    def _variation_more(self) -> str:
        if self.chart is None or self.variation is Variation.TOO_FEW:
            return ""
        signal = self.chart.signal[-1]
        if signal is Signal.NONE:
            return "the usual swing"
        way = "higher" if self.chart.direction[-1] > 0 else "lower"
        why = f"; {self.moved_by_asking}" if self.moved_by_asking else ""
        return f"{way} than usual ({SIGNAL_WORDS[signal]}){why}"

    def assurance_said(self) -> str:
        if self.target is None or self.assurance is None:
            return ""
        return f"Target {self.value_said(self.target.value)}: {ASSURANCE_WORDS[self.assurance]}"

    def step(self, amount: float) -> str:
        """A change in the unit of the measure: points of a percentage, or of its score."""
        return (
            signed(amount * 100)
            if self.side.unit == "proportion"
            else f"{amount:+.2f}".replace("-", "−")
        )

    def direction_said(self) -> str:
        """Which way, how steeply, and since when."""
        words, more = self._direction_parts()
        return f"{words}: {more}"

    def _direction_parts(self) -> tuple[str, str]:
        if self.trend is None:
            return "No direction", self.why_no_trend
        low, high = self.trend.interval.low, self.trend.interval.high
        words = DIRECTION_WORDS[self.direction or Direction.NOT_SHOWN]
        together = (
            ""
            if self.direction is self.trend.direction()
            else "; alone it would show one, tested together with the other sources it does not"
        )
        because = ""
        if self.moves and self.moved_by_asking:
            words, because = "no trend in care shown", f"; {self.moved_by_asking}"
        return f"{words[0].upper()}{words[1:]}", (
            f"{self.step(self.trend.slope)} points a year ({self.step(low)} to {self.step(high)}) since "
            f"{self.since:%B %Y}{together}{because}"
        )

    def icons(self) -> list[tuple[str, str, str, int]]:
        """Each icon: glyph, words, what more there is to say, and whether it is good (1), of concern (-1)
        or neither."""
        told = []
        if not self.is_wave:
            good = {Variation.IMPROVEMENT: 1, Variation.CONCERN: -1}.get(self.variation, 0)
            good = 0 if self.moved_by_asking else good
            glyph, words = VARIATION_GLYPHS[self.variation], self._variation_words()
            told.append((glyph, words, self._variation_more(), good))
        if self.target is not None and self.assurance is not None:
            good = {Assurance.PASS: 1, Assurance.FAIL: -1}.get(self.assurance, 0)
            words = f"Target {self.value_said(self.target.value)}"
            told.append(
                (ASSURANCE_GLYPHS[self.assurance], words, ASSURANCE_WORDS[self.assurance], good)
            )
        way = self.direction
        good = {Direction.UP: 1, Direction.DOWN: -1}.get(way, 0) if way else 0
        good = 0 if self.moved_by_asking else good
        told.append(("…" if way is None else DIRECTION_GLYPHS[way], *self._direction_parts(), good))
        return told

    def said(self) -> str:
        """The whole row in words."""
        signs = "; ".join(
            f"{words}: {more}" if more else words for _, words, more, _ in self.icons()
        )
        return f"{self.side.short_title}: {self.latest_said()}. {signs}."

    def wave_change(self) -> str:
        """From the last wave but one to the last, with its range; "" where nothing can be said."""
        stretch = self._stretch()
        if not self.is_wave or len(stretch) < 2:
            return ""
        before, after = stretch.iloc[-2], stretch.iloc[-1]
        change = after["value"] - before["value"]
        if self.side.unit == "proportion":
            if not np.isfinite([before["respondents"], after["respondents"]]).all():
                return ""
            worth = Settings().design_effect
            low, high = newcombe(
                after["value"],
                after["respondents"] / worth,
                before["value"],
                before["respondents"] / worth,
            )
        else:
            down = np.hypot(after["value"] - after["low"], before["high"] - before["value"])
            up = np.hypot(after["high"] - after["value"], before["value"] - before["low"])
            low, high = change - down, change + up
        if not np.isfinite([float(low), float(high)]).all():
            return ""
        told = "a change" if low * high > 0 else "no change shown"
        return (
            f"{self.side.short_title}: {told} from {before['period']} to {after['period']}, "
            f"{self.step(change)} ({self.step(float(low))} to {self.step(float(high))})"
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """Two series side by side: their directions, and whether one moves first."""

    left: Series
    right: Series
    comparison: TrendComparison
    in_typical: bool  # slopes are in typical differences between organisations
    ahead: LeadLag | None  # None where it was not looked at
    why_not: str  # why not, or why it does not qualify
    same_people: str  # why the two are not two sources; "" where they seem to be
    others: str  # how far they speak of different organisations; "" where mostly of the same

    @property
    def title(self) -> str:
        return f"{self.left.side.short_title} and {self.right.side.short_title}"

    @property
    def together(self) -> Together:
        return self.comparison.together

    def said(self) -> str:
        """The directions in a sentence."""
        ways = [
            None if one.direction is None else DIRECTION_WORDS[one.direction]
            for one in (self.left, self.right)
        ]
        if self.same_people:
            return "Not counted: the same people, it seems."
        moved = [one for one in (self.left, self.right) if one.moves and one.moved_by_asking]
        if moved:
            return f"Not counted: {moved[0].side.short_title}, {moved[0].moved_by_asking}."
        if self.together is Together.TOO_FEW:
            return "Too few points to compare."
        if self.others:
            return f"Not counted: {self.others}."
        told = {
            Together.SAME: f"Same direction: both {ways[0]}.",
            Together.OPPOSITE: f"Opposite directions: {self.left.side.short_title} {ways[0]}, "
            f"{self.right.side.short_title} {ways[1]}.",
            Together.ONE: f"Only {self._mover()} shows a trend.",
            Together.NEITHER: "Neither shows a trend; that is not agreement.",
        }[self.together]
        if self.comparison.alike and self.in_typical:
            return (
                f"{told} Shown to change alike, within {SLOPE_MARGIN} typical differences a year."
            )
        if self.comparison.differ and self.in_typical:
            return f"{told} They do not change alike."
        return told

    def _mover(self) -> str:
        one = self.left if self.left.direction is not Direction.NOT_SHOWN else self.right
        way = DIRECTION_WORDS[one.direction or Direction.NOT_SHOWN]
        return f"{one.side.short_title} ({way})"

    def gap_said(self) -> str:
        """The difference of the two slopes in typical differences a year, with its range."""
        found = self.comparison
        if found.difference is None or found.interval is None or not self.in_typical:
            return ""
        if self.same_people or self.others:
            return ""
        return (
            f"{signed(found.difference, 2)} ({signed(found.interval.low, 2)} to "
            f"{signed(found.interval.high, 2)})"
        )

    def ahead_said(self) -> str:
        """Whether one moves first; otherwise why that was not looked at."""
        if self.ahead is None or self.ahead.state is Leads.NOT_QUALIFIED:
            return f"Cannot tell: {self.why_not}"
        left, right = self.left.side.short_title, self.right.side.short_title
        if self.ahead.lag is None or self.ahead.strength is None:
            return f"No lag stands out over {self.ahead.months} months."
        way = "the same way" if self.ahead.strength > 0 else "the other way"
        if self.ahead.lag == 0:
            return f"They move in the same month, {way} ({self.ahead.strength:+.2f}).".replace(
                "-", "−"
            )
        first, second = (left, right) if self.ahead.lag > 0 else (right, left)
        months = abs(self.ahead.lag)
        return (
            f"{first} moves about {months} month{'s' if months > 1 else ''} ahead of {second}, {way} "
            f"({self.ahead.strength:+.2f})."
        ).replace("-", "−")


# --- One series ---


def charted(
    told: History,
    view: View,
    rebases: pd.DataFrame,
    targets: pd.DataFrame,
    mergers: pd.DataFrame | None,
) -> Series:
    """A history with its chart and its direction, between breaks and what people have decided."""
    cuts = _cuts(told, view, rebases)
    chart, why = _chart(told, cuts)
    found, why_not = _trend(told, cuts)
    return Series(
        history=told,
        cuts=cuts,
        mergers=_mergers(told, view, mergers),
        chart=chart,
        why_chart=why,
        target=_target(told.side, targets),
        trend=found,
        q_value=None,
        why_no_trend=why_not,
    )


def _cuts(told: History, view: View, rebases: pd.DataFrame) -> tuple[Cut, ...]:
    """Breaks of the source and decisions of people that fall inside what is drawn."""
    first, last = told.points["start"].iloc[0], told.points["start"].iloc[-1]
    cuts = [
        Cut(on, told.position(on), label, _break_words(label), "break", "")
        for on, label in breaks_of(told.side)
        if first < on <= last
    ]
    if told.every is not Every.WAVE:
        for row in each(
            rebases[
                rebases["stands"]
                & (rebases["source"] == told.side.source)
                & (rebases["unit"] == view.owner)
            ]
        ):
            on = row.month.date()
            if first < on <= last:
                cuts.append(
                    Cut(on, told.position(on), row.reason, row.reason, "rebase", row.decided_by)
                )
    return tuple(sorted(cuts, key=lambda cut: cut.on))


def _break_words(label: str) -> str:
    kind = next((row["kind"] for row in maps.rows("breaks") if row["label"] == label), "")
    return f"The {kind} changed" if kind in ("question", "method", "mode") else label


def _mergers(
    told: History, view: View, mergers: pd.DataFrame | None
) -> tuple[tuple[date, str], ...]:
    if mergers is None or view.organisation is not Organisation.CURRENT:
        return ()
    first, last = told.points["start"].iloc[0], told.points["end"].iloc[-1]
    return tuple(
        (row.succeeded_on.date(), f"{row.parts} became {row.unit}")
        for row in each(mergers[mergers["unit"] == view.unit])
        if pd.notna(row.succeeded_on) and first <= row.succeeded_on.date() <= last
    )


def _target(side: Side, targets: pd.DataFrame) -> Target | None:
    here = targets[
        targets["stands"]
        & (targets["source"] == side.source)
        & (targets["measure"] == side.measure)
    ]
    if here.empty:
        return None
    row = here.iloc[0]
    return Target(float(row["value"]), row["reason"], row["decided_by"], row["decided_at"].date())


def _chart(told: History, cuts: tuple[Cut, ...]) -> tuple[ControlChart | None, str]:
    """The control chart of a series by the month or quarter, and why it is that one."""
    if told.every is Every.WAVE:
        return None, ""
    shown = told.shown
    places = shown["position"].to_numpy(dtype=np.int64)
    rebase = [cut.position for cut in cuts]
    counted = (shown["respondents"] > 0).all() and shown["positive"].notna().all()
    if told.side.unit != "proportion" or not counted:
        return xmr_chart(
            shown["value"], places, rebase=rebase
        ), "XmR: its figures come without counts."
    respondents = shown["respondents"].to_numpy(dtype=float)
    if choose_chart(respondents) is Chart.XMR:
        return (
            xmr_chart(shown["value"], places, rebase=rebase),
            f"XmR: much the same number of answers in every {told.every.value}.",
        )
    low, high = respondents.min(), respondents.max()
    return (
        p_chart(shown["positive"], respondents, places, rebase=rebase),
        f"p′: {f'{low:,.0f} to ' if low < high else ''}{answers(high)} in a {told.every.value}.",
    )


def latest_stretch(shown: pd.DataFrame, cuts: Sequence[Cut]) -> pd.DataFrame:
    """The points since the last cut."""
    last = max((cut.on for cut in cuts), default=date.min)
    rows = shown[[start >= last for start in shown["start"]]]
    return rows if len(rows) else shown.tail(1)


def _trend(told: History, cuts: tuple[Cut, ...]) -> tuple[Trend | None, str]:
    """The direction since the last cut, or why none is looked for."""
    rows = latest_stretch(told.shown, cuts)
    many = {Every.MONTH: "months", Every.QUARTER: "quarters", Every.WAVE: "waves"}[told.every]
    if told.every is Every.WAVE or len(rows) < FEWEST_POINTS:
        since = f" since {cuts[-1].on:%B %Y}" if cuts else ""
        count = f"{len(rows)} {many if len(rows) != 1 else many[:-1]}"
        return None, f"{count}{since}: too few to look for a trend, which takes {FEWEST_POINTS}"
    leapt = leap(rows["respondents"]) if told.side.unit == "proportion" else None
    if leapt:
        return None, (
            f"the number of answers went from about {leapt[0]:,.0f} to {leapt[1]:,.0f} in a "
            f"{told.every.value}, and so few and so many cannot be compared; start the series afresh "
            "where it changed"
        )
    places = rows["position"].to_numpy(dtype=np.int64)
    values = rows["value"].to_numpy(dtype=float)
    if told.every is Every.QUARTER:
        return trend(values, places / 4), ""
    return trend(values, places / 12, places % 12), ""


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
        for left, right in combinations([one for one in series if not one.is_wave], 2)
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
    others = _other_organisations(left, right, view)
    same, ahead, why_not = "", None, others
    if not others:
        if comparison.together is not Together.TOO_FEW:  # else nothing is compared
            same = _same_people(store, left, right, view)
        why_not = "the same people, it seems"
        if not same:
            ahead, why_not = _ahead(left, right)
    return Pair(left, right, comparison, in_typical, ahead, why_not, same, others)


def _other_organisations(left: Series, right: Series, view: View) -> str:
    """Why two series of an area are not of one area; "" where they mostly add up the same."""
    if view.unit:
        return ""
    one, other = left.history.units, right.history.units
    shared, most = len(one & other), max(len(one), len(other))
    if 2 * shared >= most:
        return ""
    many = GRAIN_TITLES[view.level][1]
    if any(series.side.signal == "community" for series in (left, right)):
        return f"few {many} in common"  # of how many somebody spoke is a count of people too
    return f"{shared:,} of {most:,} {many} in common"


def _same_people(store: Store, left: Series, right: Series, view: View) -> str:
    """Why two sources are not two here; "" where nothing suggests it."""
    services = {left.side.service, right.side.service} - {""}
    if len(services) > 1:
        return ""  # of different services: other people, or at least other visits
    asked = Pairing(
        left.side.source,
        right.side.source,
        grain=view.level.value,
        organisation=view.organisation,
        disclosure=view.disclosure,
    )
    found = independence(store, left.side, right.side, asked, view.service)
    if view.unit:
        told = found.evidence.get(view.unit, "")
    else:
        told = found.evidence[found.units[0]] if len(found.units) * 2 > found.compared else ""
    return f"the same people seem to have answered both: {told}." if told else ""


def _ahead(left: Series, right: Series) -> tuple[LeadLag | None, str]:
    for one in (left, right):
        if one.every is not Every.MONTH:
            return None, f"{one.side.short_title} speaks by the {one.every.value}"
    found = lead_lag(
        left.shown["value"],
        left.shown["position"].to_numpy(dtype=np.int64),
        right.shown["value"],
        right.shown["position"].to_numpy(dtype=np.int64),
        breaks=[cut.position for one in (left, right) for cut in one.cuts],
    )
    if found.state is not Leads.NOT_QUALIFIED:
        return found, ""
    common = np.intersect1d(left.shown["position"], right.shown["position"]).size
    if common < FEWEST_MONTHS:
        return found, f"{common} months in common, not {FEWEST_MONTHS}"
    return found, f"no {FEWEST_MONTHS} unbroken months"


# --- Words ---


def percent(value: float) -> str:
    """A proportion for print: whole per cent, one decimal only above 95 or under 5."""
    shown = value * 100
    near_an_end = 95 < shown < 100 or 0 < shown < 5
    return f"{shown:.1f}%" if near_an_end else f"{shown:.0f}%"


def share(some: int, of: int) -> str:
    """So many of so many; nothing of nothing is not “0”."""
    return f"{some} of {of}" if of else "–"


def answers(count: float) -> str:
    return f"{count:,.0f} answer{'s' if round(count) != 1 else ''}"


def signed(value: float, decimals: int = 1) -> str:
    """A change for print: its sign, a true minus, no sign at zero."""
    rounded = round(value, decimals)
    return f"{0.0:.{decimals}f}" if rounded == 0 else f"{rounded:+.{decimals}f}".replace("-", "−")
