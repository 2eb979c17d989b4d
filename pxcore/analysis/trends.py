"""Are the sources moving together? Each over time with its usual swing, its direction, and both compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.agreement import JSON_SCHEMA
from pxcore.analysis.alignment import readable
from pxcore.analysis.evidence import each
from pxcore.analysis.independence import independence
from pxcore.analysis.periods import Side, breaks_of
from pxcore.analysis.series import Every, History, View, history, sides_of
from pxcore.errors import NothingToCompare
from pxcore.model import GRAIN_TITLES, Disclosure, Grain, Organisation, Pairing, Period
from pxcore.stats.control_chart import (
    FEWEST_POINTS,
    SETTLED_POINTS,
    Assurance,
    Chart,
    ControlChart,
    Limits,
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
    q_values,
    trend,
)
from pxcore.store import Store

MOST_SERIES = 8
WHOLE = ""  # all organisations together

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
        Variation.COMMON: "Common cause: the usual swing",
        Variation.TOO_FEW: "Too few points for limits",
    }
)
ASSURANCE_WORDS = MappingProxyType(
    {
        Assurance.PASS: "Usually above the target",
        Assurance.FAIL: "Usually below the target",
        Assurance.HIT_AND_MISS: "Above and below the target by chance",
        Assurance.TOO_FEW: "Too few points to say",
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
DIRECTION_WORDS = MappingProxyType(
    {Direction.UP: "rising", Direction.DOWN: "falling", Direction.NOT_SHOWN: "no trend shown"}
)


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a series starts afresh; nothing is worked out across it."""

    on: date
    position: int
    label: str
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
    def direction(self) -> Direction | None:
        """Which way it goes, as far as it shows over all trends tested together."""
        return None if self.trend is None else self.trend.direction(self.q_value)

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
        if self.chart is None:
            return VARIATION_WORDS[Variation.TOO_FEW]
        words = VARIATION_WORDS[self.variation]
        signal = self.chart.signal[-1]
        way = {1: "higher than usual", -1: "lower than usual", 0: ""}[
            int(self.chart.direction[-1])
        ]
        if signal is Signal.NONE:
            return words
        return f"{words}: {way} ({SIGNAL_WORDS[signal]})"

    def assurance_said(self) -> str:
        if self.target is None or self.assurance is None:
            return ""
        return f"{ASSURANCE_WORDS[self.assurance]} of {self.value_said(self.target.value)}"

    def step(self, amount: float) -> str:
        """A change in the unit of the measure: points of a percentage, or of its score."""
        return signed(amount * 100) if self.side.unit == "proportion" else f"{amount:+.2f}".replace("-", "−")

    def direction_said(self) -> str:
        """Which way, how steeply, and since when."""
        if self.trend is None:
            return self.why_no_trend
        low, high = self.trend.interval.low, self.trend.interval.high
        unit = "percentage points" if self.side.unit == "proportion" else "points"
        words = DIRECTION_WORDS[self.direction or Direction.NOT_SHOWN]
        return (
            f"{words[0].upper()}{words[1:]}: {self.step(self.trend.slope)} {unit} a year "
            f"({self.step(low)} to {self.step(high)}), since {self.since:%B %Y}"
        )

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
            low, high = newcombe(
                after["value"], after["respondents"] / 1.3, before["value"], before["respondents"] / 1.3
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
            return "Not counted: the same people seem to have answered both."
        if self.together is Together.TOO_FEW:
            return "Too few points to compare."
        told = {
            Together.SAME: f"Same direction: both {ways[0]}.",
            Together.OPPOSITE: f"Opposite directions: {self.left.side.short_title} {ways[0]}, "
            f"{self.right.side.short_title} {ways[1]}.",
            Together.ONE: f"Only {self._mover()} shows a trend.",
            Together.NEITHER: "Neither shows a trend; that is not agreement.",
        }[self.together]
        if self.comparison.alike and self.in_typical:
            return f"{told} Shown to change alike, within {SLOPE_MARGIN} typical differences a year."
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
        return (
            f"{signed(found.difference, 2)} ({signed(found.interval.low, 2)} to "
            f"{signed(found.interval.high, 2)})"
        )

    def ahead_said(self) -> str:
        """Whether one moves first; otherwise why that was not looked at."""
        if self.ahead is None or self.ahead.state is Leads.NOT_QUALIFIED:
            return f"Not looked at: {self.why_not}"
        left, right = self.left.side.short_title, self.right.side.short_title
        if self.ahead.lag is None or self.ahead.strength is None:
            return f"No lag stands out over {self.ahead.months} months."
        way = "the same way" if self.ahead.strength > 0 else "the other way"
        if self.ahead.lag == 0:
            return f"They move in the same month, {way} ({self.ahead.strength:+.2f}).".replace("-", "−")
        first, second = (left, right) if self.ahead.lag > 0 else (right, left)
        months = abs(self.ahead.lag)
        return (
            f"{first} moves about {months} month{'s' if months > 1 else ''} ahead of {second}, {way} "
            f"({self.ahead.strength:+.2f})."
        ).replace("-", "−")


@dataclass(frozen=True, slots=True)
class TrendsReport:
    """Every source of one organisation, or of all of an area together, over time."""

    view: View
    name: str  # of the organisation or area; "" for everywhere
    series: tuple[Series, ...]  # with at least one point
    silent: tuple[tuple[Side, str], ...]  # sources that show nothing here, and why
    pairs: tuple[Pair, ...]
    organisations: Mapping[str, str]  # code -> name and code, those that can be looked at
    rebases: pd.DataFrame  # decisions on where these series start afresh, the latest first
    targets: pd.DataFrame
    left_out: int  # series beyond the most that are drawn
    revision: int

    @property
    def monthly(self) -> tuple[Series, ...]:
        """The series that have a chart of their own: by the month or quarter."""
        return tuple(one for one in self.series if not one.is_wave)

    @property
    def directed(self) -> tuple[Series, ...]:
        return tuple(one for one in self.series if one.trend is not None)

    @property
    def counted(self) -> tuple[Pair, ...]:
        """Pairs whose directions can be compared and are two sources."""
        return tuple(
            pair
            for pair in self.pairs
            if pair.together is not Together.TOO_FEW and not pair.same_people
        )

    @property
    def extracts(self) -> tuple[int, ...]:
        return tuple(sorted({n for one in self.series for n in one.history.extracts}))

    def whom(self) -> str:
        """Whose series these are."""
        many = GRAIN_TITLES[self.view.level][1]
        if self.view.unit:
            return self.name
        return f"All {many} of {self.name} together" if self.name else f"All {many} together"

    def summary(self) -> str:
        """The one plain sentence."""
        if not self.series:
            return f"{self.whom()}: no source has a figure over time that may be shown."
        directed, counted = self.directed, self.counted
        if not directed:
            told = "source has" if len(self.series) == 1 else "sources have"
            return (
                f"{self.whom()}: {len(self.series)} {told} figures over time, none with the "
                f"{FEWEST_POINTS} points since its last change of question that a direction takes."
            )
        if len(directed) == 1:
            one = directed[0]
            return (
                f"{self.whom()}: only {one.side.short_title} speaks often enough to show a direction, so "
                f"nothing can be said to move together. {one.direction_said()}."
            )
        said = [
            f"{one.side.short_title} is {DIRECTION_WORDS[one.direction]}"
            for one in directed
            if one.direction in (Direction.UP, Direction.DOWN)
        ]
        flat = [one.side.short_title for one in directed if one.direction is Direction.NOT_SHOWN]
        if not said:
            return (
                f"{self.whom()}: none of {listed([one.side.short_title for one in directed])} shows a "
                "trend; that is not agreement."
            )
        if flat:
            said.append(f"{listed(flat)} show{'s' if len(flat) == 1 else ''} no trend")
        same = sum(pair.together is Together.SAME for pair in counted)
        opposite = sum(pair.together is Together.OPPOSITE for pair in counted)
        verdict = "not shown to move together"
        if opposite:
            verdict = "some move in opposite directions"
        elif same and not flat:
            verdict = "moving in the same direction"
        elif same:
            verdict = "some move in the same direction"
        return f"{self.whom()}: {verdict}. {'; '.join(said)}."

    def limits(self) -> str:
        """What limits it."""
        if not self.series:
            return ""
        said = []
        waves = [one.side.short_title for one in self.series if one.is_wave]
        if waves:
            said.append(
                f"{listed(waves)} speak{'s' if len(waves) == 1 else ''} in waves: points, no direction."
            )
        if self.silent:
            names = [side.short_title for side, _ in self.silent]
            said.append(f"Silent here: {listed(names)}.")
        said.append("A month that stands out is a prompt to look, not a judgement of care.")
        return " ".join(said)

    def figures(self) -> list[tuple[str, str, str]]:
        directed, monthly, counted = self.directed, self.monthly, self.counted
        up = sum(one.direction is Direction.UP for one in directed)
        down = sum(one.direction is Direction.DOWN for one in directed)
        odd = [one for one in monthly if one.variation in (Variation.IMPROVEMENT, Variation.CONCERN)]
        limited = [one for one in monthly if one.variation is not Variation.TOO_FEW]
        same = sum(pair.together is Together.SAME for pair in counted)
        ahead = [pair for pair in self.pairs if pair.ahead and pair.ahead.state is not Leads.NOT_QUALIFIED]
        leading = [pair for pair in ahead if pair.ahead and pair.ahead.lag]
        told = [
            (
                "Rising · falling",
                f"{up} · {down}",
                f"of {len(directed)} source{'s' if len(directed) != 1 else ''} with at least "
                f"{FEWEST_POINTS} points; the rest show no trend",
            ),
            (
                "Latest point stands out",
                f"{len(odd)}",
                f"of {len(limited)} source{'s' if len(limited) != 1 else ''} with limits"
                + (f": {listed([one.side.short_title for one in odd])}" if odd else ""),
            ),
            (
                "Pairs in the same direction",
                f"{same}",
                f"of {len(counted)} pair{'s' if len(counted) != 1 else ''} that can be compared",
            ),
            (
                "One moves first",
                f"{len(leading)}" if ahead else "cannot tell",
                f"of {len(ahead)} pair{'s' if len(ahead) != 1 else ''} looked at"
                if ahead
                else f"it takes two sources with {FEWEST_MONTHS} months in common",
            ),
        ]
        return told

    def findings(self) -> list[str]:
        """Up to four short things to notice."""
        said = []
        for one in self.monthly:
            if one.variation in (Variation.IMPROVEMENT, Variation.CONCERN):
                said.append(f"{one.side.short_title}: {one.latest_said()}. {one.variation_said()}.")
        for one in self.monthly:
            found = one.chart
            if found is None or len(said) > 3:
                continue
            far = [
                str(period)
                for period, signal in zip(one.shown["period"], found.signal, strict=True)
                if signal is Signal.OUTSIDE
            ]
            if far:
                said.append(
                    f"{one.side.short_title}, outside the limits: {listed(far[-3:])}"
                    + (f" and {len(far) - 3} earlier." if len(far) > 3 else ".")
                )
        said += [f"{change}." for one in self.series if (change := one.wave_change())]
        for one in self.series:
            if one.chart is not None and one.chart.under_dispersed:
                said.append(
                    f"{one.side.short_title} varies less than chance alone would make it: are some "
                    "figures copies of others?"
                )
        for pair in self.pairs:
            if pair.same_people:
                said.append(f"{pair.title}: {pair.same_people}")
        return said or ["No point stands out from its usual swing."]

    def notes(self) -> list[str]:
        """What was decided in drawing each series, and what is not there."""
        many = GRAIN_TITLES[self.view.level][1]
        said = []
        for one in self.series:
            title = one.side.short_title
            if one.history.members is not None:
                said.append(f"{title}: {one.history.members.said(many)}")
            hidden = one.history.points[~one.history.points["shown"]]
            if len(hidden):
                told = hidden["why"].value_counts()
                said.append(
                    f"{title}: {len(hidden)} {one.every.value}{'s' if len(hidden) != 1 else ''} not "
                    "shown: " + "; ".join(f"{why} ({n})" for why, n in told.items()) + "."
                )
            for cut in one.cuts:
                when = f"{cut.on:%B %Y}"
                said.append(
                    f"{title}, {when}: {cut.label}. The step is not a change in care."
                    if cut.kind == "break"
                    else f"{title} starts afresh in {when}: {cut.label} (decided by {cut.by})."
                )
            said += [f"{title}, {on:%B %Y}: {what}; counts are added throughout." for on, what in one.mergers]
        said += [f"{side.short_title}: {why}." for side, why in self.silent]
        if self.left_out:
            said.append(f"{self.left_out} more sources are not drawn: choose a service.")
        looked = sum(pair.ahead is not None for pair in self.pairs)
        if looked > 1:
            said.append(
                f"{looked} pairs were looked at for who moves first; in about 1 of 20 such pairs a lag "
                "stands out by chance."
            )
        return said

    def warnings(self) -> list[str]:
        return [
            f"{pair.title}: {pair.same_people}" for pair in self.pairs if pair.same_people
        ]

    def picture_said(self) -> str:
        """The picture in words."""
        told = [
            f"{one.side.short_title}: {one.latest_said()}; {one.variation_said()}"
            + (f"; {one.assurance_said()}" if one.target else "")
            for one in self.series
        ]
        return f"{self.summary()} {'. '.join(told)}."

    def table(self) -> pd.DataFrame:
        """Every point due, of every source, with its limits and what the rules say of it."""
        told = []
        for one in self.series:
            points = one.history.points
            rows = points.assign(
                source=one.side.short_title,
                measure=one.side.measure_title,
                centre=np.nan,
                lower_limit=np.nan,
                upper_limit=np.nan,
                variation="",
                signal="",
                chart="waves" if one.is_wave else "",
            )
            if one.chart is not None:
                at = points.index[points["shown"]]
                rows.loc[at, "centre"] = one.chart.centre
                rows.loc[at, "lower_limit"] = one.chart.lower
                rows.loc[at, "upper_limit"] = one.chart.upper
                rows.loc[at, "variation"] = [v.value for v in one.chart.variation]
                rows.loc[at, "signal"] = [SIGNAL_WORDS[s] for s in one.chart.signal]
                rows["chart"] = one.chart.chart.value
            cuts = pd.Series("", index=points.index)
            for cut in one.cuts:
                first = points.index[[start >= cut.on for start in points["start"]]]
                cuts.loc[first[:1]] = cut.label
            told.append(rows.assign(starts_afresh=cuts))
        columns = [
            "source", "measure", "period", "start", "end", "value", "low", "high", "respondents",
            "positive", "organisations", "chart", "centre", "lower_limit", "upper_limit", "variation",
            "signal", "starts_afresh", "why",
        ]  # fmt: skip
        if not told:
            return pd.DataFrame(columns=columns)
        return pd.concat(told, ignore_index=True)[columns]

    def screen(self) -> pd.DataFrame:
        """The table for the screen: percentages, the latest points first."""
        rows = self.table()
        proportion = {
            one.side.short_title for one in self.series if one.side.unit == "proportion"
        }
        scale = np.where(rows["source"].isin(proportion), 100.0, 1.0)
        for column in ("value", "low", "high", "centre", "lower_limit", "upper_limit"):
            rows[column] = rows[column].astype("float64") * scale
        rows["limits"] = [
            "" if np.isnan(low) else f"{low:.1f} to {high:.1f}"
            for low, high in zip(rows["lower_limit"], rows["upper_limit"], strict=True)
        ]
        rows["said"] = [
            signal if signal else (why or variation)
            for signal, why, variation in zip(
                rows["signal"], rows["why"], rows["variation"], strict=True
            )
        ]
        return rows.sort_values("start", ascending=False, kind="stable").reset_index(drop=True)

    def pairs_table(self) -> pd.DataFrame:
        """One row per pair of series that could be compared."""
        return pd.DataFrame(
            [
                {
                    "pair": pair.title,
                    "said": pair.said(),
                    "gap": pair.gap_said(),
                    "ahead": pair.ahead_said(),
                }
                for pair in self.pairs
            ],
            columns=["pair", "said", "gap", "ahead"],
        )

    def series_named(self) -> dict[str, str]:
        """Source -> title, of the series that can be started afresh or given a target."""
        return {one.side.source: one.side.title for one in self.monthly}

    def one(self, source: str) -> Series:
        return next(one for one in self.series if one.side.source == source)

    def starts(self, source: str) -> dict[date, str]:
        """The months or quarters at which a series could start afresh, the latest first."""
        points = self.one(source).history.points.iloc[1:]
        return {
            start: str(period)
            for start, period in zip(points["start"][::-1], points["period"][::-1], strict=True)
        }

    def decisions(self) -> pd.DataFrame:
        """Every decision on these series, in words, the latest first; withdrawn ones stay listed."""
        told = []
        titles = maps.sources()
        for row in each(self.rebases):
            what = f"{titles[row.source]['short_title']} starts afresh in {row.month:%B %Y}"
            told.append((row, "rebase", what, f"{row.month:%Y-%m-%d}"))
        for row in each(self.targets):
            measure = maps.measures().get((row.source, row.measure), {})
            value = percent(row.value) if measure.get("unit", "proportion") == "proportion" else f"{row.value:g}"
            told.append((row, "target", f"{titles[row.source]['short_title']}: target {value}", row.measure))
        told.sort(key=lambda one: -int(one[0].revision))
        return pd.DataFrame(
            [
                {
                    "kind": kind,
                    "source": row.source,
                    "what": ("No longer: " if row.withdrawn else "") + what,
                    "reason": row.reason,
                    "by": row.decided_by,
                    "at": row.decided_at,
                    "stands": bool(row.stands),
                    "about": about,
                }
                for row, kind, what, about in told
            ],
            columns=["kind", "source", "what", "reason", "by", "at", "stands", "about"],
        )

    def method(self) -> tuple[str, ...]:
        charts = " ".join(
            f"{one.side.short_title}: {one.why_chart}" for one in self.monthly if one.why_chart
        )
        return (
            "**The usual swing** of a series is what it differs by from one month to the next. Points "
            "outside the limits, 7 in a row on one side of the mean, 7 in a row each higher (or lower), "
            "and 2 in 3 near a limit are special causes: something beyond the usual swing. The rules "
            "are those of NHS England's Making Data Count. Up is better for every measure here.",
            f"**Which chart**: an XmR chart; a p′ chart where the number of answers differs by more than "
            f"a quarter from its mean or is under 30 in any month, so that its limits follow the "
            f"answers. Under {FEWEST_POINTS} points there are no limits, under {SETTLED_POINTS} trial "
            f"limits. {charts}",
            "**Nothing is worked out across a break** of question or method, or across a month at which a "
            "person has decided that a series starts afresh. A missing month breaks a run.",
            "**All together**: answers are added up, never percentages averaged, over the organisations that "
            "report nearly always, so that a change of who reports is not taken for a change. Where an "
            "organisation sends many more answers than before, the total leans towards it.",
            "**Direction**: Mann–Kendall test and Sen's slope since the last break, each month of the year "
            "compared with itself from 36 months on; allowed for neighbouring months resembling each "
            "other, and held to a false-discovery rate of 5 % over the sources shown. No trend shown does not "
            f"mean none. Two slopes are shown to be alike only where their difference lies within "
            f"{SLOPE_MARGIN} typical differences between organisations a year.",
            f"**Who moves first** is looked at only where two sources have {FEWEST_MONTHS} months in common "
            "without a gap or a break: monthly changes, with each series' own past taken out, at lags of up "
            "to 6 months. To move ahead of is not to cause.",
            "**Community voice** is told by the quarter, surveys by the wave with 95 % ranges. A figure "
            "that rests on too few people is not drawn, nor can it be had from a total.",
        )

    def as_json(self) -> dict[str, Any]:
        """The report for programs: stable keys, unrounded, proportions 0-1, missing is None."""
        rows = self.table()
        records = rows.astype(object).where(rows.notna(), None).to_dict("records")
        for record in records:
            record["start"], record["end"] = str(record["start"]), str(record["end"])
        return {
            "schema": JSON_SCHEMA,
            "status": "ok" if self.series else "not_enough_evidence",
            "summary": self.summary(),
            "unit": self.view.unit or None,
            "area": self.view.area or None,
            "name": self.name or None,
            "level": self.view.level.value,
            "service": self.view.service or None,
            "floor": self.view.disclosure.floor,
            "revision": self.revision,
            "extracts": list(self.extracts),
            "notes": self.notes(),
            "sources": [
                {
                    "source": one.side.source,
                    "measure": one.side.measure,
                    "every": one.every.value,
                    "chart": one.chart.chart.value if one.chart else None,
                    "why_chart": one.why_chart or None,
                    "variation": None if one.is_wave else one.variation.value,
                    "target": one.target.value if one.target else None,
                    "assurance": one.assurance.value if one.assurance else None,
                    "direction": one.direction.value if one.direction else None,
                    "why_no_trend": one.why_no_trend or None,
                    "slope": one.trend.slope if one.trend else None,
                    "slope_low": one.trend.interval.low if one.trend else None,
                    "slope_high": one.trend.interval.high if one.trend else None,
                    "p_value": one.trend.test.p_value if one.trend else None,
                    "q_value": one.q_value,
                    "starts_afresh": [
                        {"on": str(cut.on), "kind": cut.kind, "label": cut.label, "by": cut.by or None}
                        for cut in one.cuts
                    ],
                    "points": [
                        {key: value for key, value in record.items() if key not in ("source", "measure")}
                        for record in records
                        if record["source"] == one.side.short_title
                    ],
                }
                for one in self.series
            ],
            "silent": [
                {"source": side.source, "reason": why} for side, why in self.silent
            ],
            "pairs": [
                {
                    "left": pair.left.side.source,
                    "right": pair.right.side.source,
                    "together": pair.together.value,
                    "said": pair.said(),
                    "difference": pair.comparison.difference if pair.in_typical else None,
                    "difference_low": pair.comparison.interval.low
                    if pair.comparison.interval and pair.in_typical
                    else None,
                    "difference_high": pair.comparison.interval.high
                    if pair.comparison.interval and pair.in_typical
                    else None,
                    "lead_lag": pair.ahead.state.value if pair.ahead else None,
                    "lag": pair.ahead.lag if pair.ahead else None,
                    "lead_lag_said": pair.ahead_said(),
                    "same_people": pair.same_people or None,
                }
                for pair in self.pairs
            ],
        }


# --- Words ---


def percent(value: float) -> str:
    """A proportion for print: whole per cent, one decimal only above 95 or under 5."""
    shown = value * 100
    near_an_end = 95 < shown < 100 or 0 < shown < 5
    return f"{shown:.1f} %" if near_an_end else f"{shown:.0f} %"


def answers(count: float) -> str:
    return f"{count:,.0f} answer{'s' if round(count) != 1 else ''}"


def signed(value: float, decimals: int = 1) -> str:
    """A change for print: its sign, a true minus, no sign at zero."""
    rounded = round(value, decimals)
    return f"{0.0:.{decimals}f}" if rounded == 0 else f"{rounded:+.{decimals}f}".replace("-", "−")


def listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


# --- Asking ---


def trends(
    store: Store,
    *,
    unit: str = "",
    area: str = "",
    service: str = "",
    organisation: Organisation = Organisation.CURRENT,
    disclosure: Disclosure | None = None,
    measures: tuple[tuple[str, str], ...] = (),
) -> TrendsReport:
    """Every source over time, of one organisation or of all of an area together.

    `unit` is a practice or trust, "" for all of the `area`, which is "" for everywhere. Without a unit
    the `service` says which organisations are meant; "" is the service most organisations speak of.
    `measures` names a measure of a source where it is not the usual one.

    Raises NothingToCompare for a unit no loaded file holds.
    """
    coverage = store.query("coverage")
    loaded = [source for source in maps.sources() if source in set(coverage["source"])]
    speakers = store.query(
        "speakers",
        sources=loaded,
        usual_grains=[maps.source(source)["grain"] for source in loaded],
        organisation=organisation.value,
        area=area,
    )
    speakers = speakers.assign(name=speakers["name"].map(readable))
    if unit:
        everywhere = speakers if not area else store.query(
            "speakers",
            sources=loaded,
            usual_grains=[maps.source(source)["grain"] for source in loaded],
            organisation=organisation.value,
            area="",
        )
        own = everywhere[everywhere["unit"] == unit]
        if own.empty:
            raise NothingToCompare(
                f"No loaded file holds figures of {unit}.",
                fix="Give the code of a practice or trust: see ‘align’, or the Alignment page.",
            )
        level = Grain(str(own["level"].mode().iloc[0]))
        speaking = sorted(set(own.loc[own["level"] == level.value, "source"]))
        name = readable(str(own["name"].iloc[0]))
    else:
        service = service or _usual_service(speakers)
        level = _level_of(service, speakers)
        speaking = loaded
        name = _area_name(store, area)
    view = View(unit, area if not unit else "", level, service, organisation, disclosure or Disclosure())
    names = dict(zip(speakers["unit"], speakers["name"], strict=True))
    rebases, targets = store.query("rebases"), store.query("targets")
    mergers = store.query("mergers") if unit else None
    charted: list[Series] = []
    silent: list[tuple[Side, str]] = []
    for side in sides_of(coverage, speaking, view, dict(measures)):
        told = history(store, side, view, names)
        if told.silent:
            silent.append((side, told.silent))
        else:
            charted.append(_charted(told, view, rebases, targets, mergers))
    tested = [one for one in charted if one.trend is not None]
    adjusted = dict(
        zip(
            [one.side.source for one in tested],
            q_values([one.trend.test.p_value for one in tested if one.trend]).tolist(),
            strict=True,
        )
    )
    judged = tuple(
        _with_q(one, adjusted.get(one.side.source)) for one in charted[:MOST_SERIES]
    )
    inside = speakers[speakers["level"].isin(["practice", "trust"])]
    if service and not unit:
        of_service = [s for s in loaded if maps.source(s)["service"] in ("", service)]
        inside = inside[inside["source"].isin(of_service) & (inside["level"] == level.value)]
    organisations = dict(
        sorted(
            {
                str(row.unit): f"{row.name} ({row.unit})" for row in each(inside)
            }.items(),
            key=lambda item: item[1].lower(),
        )
    )
    return TrendsReport(
        view=view,
        name=name,
        series=judged,
        silent=tuple(silent),
        pairs=_pairs(store, judged, view),
        organisations=MappingProxyType(organisations),
        rebases=rebases[
            (rebases["unit"] == view.owner)
            & rebases["source"].isin([one.side.source for one in judged])
        ],
        targets=targets[targets["source"].isin([one.side.source for one in judged])],
        left_out=max(0, len(charted) - MOST_SERIES),
        revision=store.revision,
    )


def _usual_service(speakers: pd.DataFrame) -> str:
    """The service of most organisations that have a source of it alone."""
    services = speakers["source"].map(lambda source: maps.source(source)["service"])
    told = speakers.assign(service=services)
    told = told[told["service"] != ""]
    counts = told.groupby("service")["unit"].nunique()
    return str(counts.idxmax()) if len(counts) else ""


def _level_of(service: str, speakers: pd.DataFrame) -> Grain:
    """The level at which sources of a service speak of organisations."""
    services = speakers["source"].map(lambda source: maps.source(source)["service"])
    here = speakers[services == service] if service else speakers
    levels = (here if len(here) else speakers)["level"]
    return Grain(str(levels.mode().iloc[0])) if len(levels) else Grain.PRACTICE


def _area_name(store: Store, area: str) -> str:
    if not area:
        return ""
    areas = store.query("areas")
    found = areas.loc[areas["code"] == area, "name"]
    return readable(str(found.iloc[0])) if len(found) else area


# --- One series ---


def _charted(
    told: History,
    view: View,
    rebases: pd.DataFrame,
    targets: pd.DataFrame,
    mergers: pd.DataFrame | None,
) -> Series:
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


def _with_q(one: Series, q_value: float | None) -> Series:
    return Series(
        one.history, one.cuts, one.mergers, one.chart, one.why_chart, one.target, one.trend, q_value,
        one.why_no_trend,
    )  # fmt: skip


def _cuts(told: History, view: View, rebases: pd.DataFrame) -> tuple[Cut, ...]:
    """Breaks of the source and decisions of people that fall inside what is drawn."""
    first, last = told.points["start"].iloc[0], told.points["start"].iloc[-1]
    cuts = [
        Cut(on, told.position(on), label, "break", "")
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
                cuts.append(Cut(on, told.position(on), row.reason, "rebase", row.decided_by))
    return tuple(sorted(cuts, key=lambda cut: cut.on))


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
        targets["stands"] & (targets["source"] == side.source) & (targets["measure"] == side.measure)
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
    if told.side.unit != "proportion" or not (shown["respondents"] > 0).all() or shown["positive"].isna().any():
        return xmr_chart(shown["value"], places, rebase=rebase), "XmR: its figures come without counts."
    respondents = shown["respondents"].to_numpy(dtype=float)
    if choose_chart(respondents) is Chart.XMR:
        return (
            xmr_chart(shown["value"], places, rebase=rebase),
            f"XmR: much the same number of answers in every {told.every.value}.",
        )
    low, high = respondents.min(), respondents.max()
    return (
        p_chart(shown["positive"], respondents, places, rebase=rebase),
        f"p′: {low:,.0f} to {high:,.0f} answers in a {told.every.value}.",
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
    places = rows["position"].to_numpy(dtype=np.int64)
    values = rows["value"].to_numpy(dtype=float)
    if told.every is Every.QUARTER:
        return trend(values, places / 4), ""
    return trend(values, places / 12, places % 12), ""


# --- Two series ---


def _pairs(store: Store, series: Sequence[Series], view: View) -> tuple[Pair, ...]:
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
    same = _same_people(store, left, right, view)
    ahead, why_not = None, "the same people seem to have answered both."
    if not same:
        ahead, why_not = _ahead(left, right)
    return Pair(left, right, comparison, in_typical, ahead, why_not, same)


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
            return None, (
                f"{one.side.short_title} is told by the {one.every.value}; it takes {FEWEST_MONTHS} "
                "months in common."
            )
    found = lead_lag(
        left.shown["value"],
        left.shown["position"].to_numpy(dtype=np.int64),
        right.shown["value"],
        right.shown["position"].to_numpy(dtype=np.int64),
        breaks=[cut.position for one in (left, right) for cut in one.cuts],
    )
    if found.state is Leads.NOT_QUALIFIED:
        reason = found.reason[0].lower() + found.reason[1:]
        return found, reason
    return found, ""


# --- Deciding ---


def start_afresh(
    store: Store, report: TrendsReport, source: str, month: date, reason: str, by: str
) -> None:
    """Keep that a source's series in this view starts afresh at a month.

    Raises NothingToCompare where the month is none of its points, or reason or name are missing:
    nothing is then kept.
    """
    _signed(reason, by)
    if source not in report.series_named() or month not in report.starts(source):
        raise NothingToCompare(
            "The series has no point at that month to start afresh from.",
            fix="Choose one of its months but the first.",
        )
    store.decide_rebase(source, report.view.owner, month, reason.strip(), by.strip())


def set_target(
    store: Store, report: TrendsReport, source: str, value: float, reason: str, by: str
) -> None:
    """Keep a target for the measure shown of a source, in its unit (a proportion 0-1, or a score).

    Raises NothingToCompare for a value outside the measure's scale, or without a reason or name.
    """
    _signed(reason, by)
    side = report.one(source).side
    known = maps.measures().get((source, side.measure), {})
    low, high = float(known.get("scale_low") or 0), float(known.get("scale_high") or 1)
    if not low <= value <= high:
        raise NothingToCompare(
            f"A target of {value:g} is outside the scale of the measure.",
            fix=f"It runs from {low:g} to {high:g}.",
        )
    store.decide_target(source, side.measure, value, reason.strip(), by.strip())


def withdraw(store: Store, decision: Mapping[str, Any], owner: str, reason: str, by: str) -> None:
    """Undo a decision listed by `TrendsReport.decisions`: by a later one, never by erasing it."""
    _signed(reason, by)
    if decision["kind"] == "rebase":
        month = date.fromisoformat(str(decision["about"]))
        store.decide_rebase(decision["source"], owner, month, reason.strip(), by.strip(), withdrawn=True)
        return
    standing = store.query("targets")
    here = standing[
        standing["stands"]
        & (standing["source"] == decision["source"])
        & (standing["measure"] == decision["about"])
    ]
    for row in each(here):
        store.decide_target(
            row.source, row.measure, row.value, reason.strip(), by.strip(), withdrawn=True
        )


def _signed(reason: str, by: str) -> None:
    if not reason.strip() or not by.strip():
        raise NothingToCompare(
            "Nothing was kept: a decision needs its reason and who made it.",
            fix="Fill in both.",
        )
