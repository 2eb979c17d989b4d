"""One source over time in words and signs, and two of them side by side."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from pxcore.analysis.joining.periods import Side
from pxcore.analysis.time.cells import Every
from pxcore.analysis.time.series import Apart, Cut, Merger, Pair, Series
from pxcore.model import GRAIN_TITLES
from pxcore.stats.control_chart import FEWEST_POINTS, Assurance, Chart, Signal, Variation
from pxcore.stats.lead_lag import FEWEST_MONTHS
from pxcore.stats.trend import MOVES, SLOPE_MARGIN, Direction, Together
from pxcore.words import independence
from pxcore.words.english import capital, counted, fixed, percent, signed

SAME_PEOPLE = "the same people, it seems"
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
# In a table, where the sign stands beside them.
VARIATION_IN_BRIEF = MappingProxyType(
    {
        Variation.IMPROVEMENT: "Yes: better than usual",
        Variation.CONCERN: "Yes: worse than usual",
        Variation.COMMON: "No: the usual swing",
        Variation.TOO_FEW: "Too few points to say",
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
    {
        Direction.UP: "↗",
        Direction.DOWN: "↘",
        Direction.NOT_SHOWN: "→",
        Direction.CANNOT_TELL: "?",
    }
)
DIRECTION_WORDS = MappingProxyType(
    {
        Direction.UP: "rising",
        Direction.DOWN: "falling",
        Direction.NOT_SHOWN: "no trend shown",
        Direction.CANNOT_TELL: "cannot tell",
    }
)


# --- Figures ---


def value(side: Side, value: float) -> str:
    """A figure of a source: a percentage, or a score."""
    if not np.isfinite(value):
        return ""
    return percent(value) if side.unit == "proportion" else fixed(value, 1)


def step(side: Side, amount: float) -> str:
    """A change in the unit of the measure: points of a percentage, or of its score."""
    return signed(amount * 100, 1) if side.unit == "proportion" else signed(amount, 2)


def latest_in_brief(series: Series) -> str:
    """The latest figure and when it was."""
    last = series.last
    return f"{value(series.side, last['value'])} in {last['period']}"


def course(series: Series) -> str:
    """The latest figure, when it was, and what stands out: a label beside its course."""
    text, change = latest_in_brief(series), series.wave_change
    if change is not None:
        amount, low, high = (step(series.side, x) for x in (change.change, change.low, change.high))
        shown = "changed" if change.low * change.high > 0 else "no change shown"
        return f"{text}: {shown}, {amount} ({low} to {high})"
    if series.chart is None or series.variation is Variation.TOO_FEW:
        return text
    marks = series.chart.variation
    many = sum(variation in (Variation.IMPROVEMENT, Variation.CONCERN) for variation in marks)
    out = (
        f"{many:,} of {counted(len(marks), series.every.value)}"
        if many
        else f"no {series.every.value}"
    )
    return f"{text}: {out} outside its usual swing"


def latest(series: Series) -> str:
    """The latest figure with what it rests on."""
    side, last, text = series.side, series.last, latest_in_brief(series)
    if np.isfinite(last["low"]) and (series.is_wave or series.variation is Variation.TOO_FEW):
        text += f" ({value(side, last['low'])} to {value(side, last['high'])})"
    answers = last["respondents"]
    return f"{text}, {counted(answers, 'answer')}" if np.isfinite(answers) else text


def moved_by_asking(series: Series) -> str:
    """Where the number of answers steps: why no direction or change is taken for one of care."""
    if series.stepped is None:
        return ""
    period, before, after = series.stepped
    return (
        f"its number of answers changed in {period} (about {before:,.0f} to {after:,.0f} a "
        f"{series.every.value})"
    )


def stepped(series: Series) -> str:
    """The step in the number of answers, in a sentence; "" where there is none."""
    if series.stepped is None:
        return ""
    period, before, after = series.stepped
    return (
        f"{series.side.short_title}: from {period} about {after:,.0f} answers a {series.every.value} instead "
        f"of {before:,.0f}. A new way of asking moves a series by itself: if it changed, start the series "
        "afresh there."
    )


def wave_change(series: Series) -> str:
    """From the last wave but one to the last; "" where nothing can be said."""
    change = series.wave_change
    if change is None:
        return ""
    amount, low, high = (step(series.side, x) for x in (change.change, change.low, change.high))
    text = "a change" if change.low * change.high > 0 else "no change shown"
    return (
        f"{series.side.short_title}: {text} from {change.before} to {change.after}, {amount} ({low} to "
        f"{high})."
    )


def why_chart(series: Series) -> str:
    """Which chart it is, and why; "" of waves."""
    if series.chart is None:
        return ""
    answers, every = series.shown["respondents"], series.every.value
    if series.chart.chart is Chart.P_PRIME:
        low, high = answers.min(), answers.max()
        least = f"{low:,.0f} to " if low < high else ""
        return f"p′: {least}{counted(high, 'answer')} in a {every}."
    if series.side.unit == "proportion" and series.counted:
        return f"XmR: much the same number of answers in every {every}."
    return "XmR: its figures come without counts."


def cut(cut: Cut) -> str:
    """A few words to stand beside the line at which a series starts afresh."""
    return (
        f"The {cut.changed} changed" if cut.changed in ("question", "method", "mode") else cut.label
    )


def merger(merger: Merger) -> str:
    return f"{merger.parts} became {merger.unit}"


# --- Signs: a glyph and its words ---


def variation(series: Series) -> str:
    """The variation icon in words."""
    if series.is_wave:
        return "Waves: points with their 95 % ranges, no limits"
    more = _why_variation(series)
    return f"{_variation(series)}: {more}" if more else _variation(series)


def _variation(series: Series) -> str:
    if series.special and series.moved_by_asking:
        return (
            "Special cause"  # neither improvement nor concern: the way of asking may have moved it
        )
    return VARIATION_WORDS[series.variation]


def _why_variation(series: Series) -> str:
    if series.chart is None or series.variation is Variation.TOO_FEW:
        return ""
    signal = series.chart.signal[-1]
    if signal is Signal.NONE:
        return "the usual swing"
    way = "higher" if series.chart.direction[-1] > 0 else "lower"
    why = f"; {moved_by_asking(series)}" if series.moved_by_asking else ""
    return f"{way} than usual ({SIGNAL_WORDS[signal]}){why}"


def target(series: Series) -> str:
    """The target; "" where none is set."""
    return "" if series.target is None else f"Target {value(series.side, series.target.value)}"


def assurance(series: Series) -> str:
    if series.assurance is None:
        return ""
    return f"{target(series)}: {ASSURANCE_WORDS[series.assurance]}"


def direction(series: Series) -> str:
    """Which way, how steeply, and since when."""
    return ": ".join(_direction(series))


def _direction(series: Series) -> tuple[str, str]:
    if series.trend is None:
        return "No direction", why_no_trend(series)
    way = DIRECTION_WORDS[series.direction or Direction.NOT_SHOWN]
    together = because = ""
    if series.direction is not series.trend.direction():
        together = "; alone it would show one, tested together with the other sources it does not"
    if series.moves and series.moved_by_asking:
        way, because = "no trend in care shown", f"; {moved_by_asking(series)}"
    if not series.trend.tells:
        because = (
            f"; each {series.every.value} is so like the one before that so few cannot tell a trend from a "
            "slow swing"
        )
    interval = series.trend.interval
    slope, low, high = (
        step(series.side, x) for x in (series.trend.slope, interval.low, interval.high)
    )
    return capital(way), (
        f"{slope} points a year ({low} to {high}) since {series.since:%B %Y}{together}{because}"
    )


def why_no_trend(series: Series) -> str:
    """Why no direction is looked for; "" where one is."""
    if series.trend is not None:
        return ""
    points, leapt = len(series.stretch), series.leapt
    if series.is_wave or points < FEWEST_POINTS or leapt is None:
        since = f" since {series.cuts[-1].on:%B %Y}" if series.cuts else ""
        if series.is_wave and points >= FEWEST_POINTS:
            return (
                f"{counted(points, 'wave')}{since}: a direction is looked for by the month or "
                "quarter alone"
            )
        return (
            f"{counted(points, series.every.value)}{since}: too few to look for a trend, which takes "
            f"{FEWEST_POINTS}"
        )
    return (
        f"the number of answers went from about {leapt[0]:,.0f} to {leapt[1]:,.0f} in a "
        f"{series.every.value}, and so few and so many cannot be compared; start the series afresh where it "
        "changed"
    )


def icons(series: Series) -> list[tuple[str, str, str, int]]:
    """Each icon: glyph, words, what more there is to say, and whether it is good (1), of concern (-1)
    or neither."""
    by_asking = series.moved_by_asking
    signs = []
    if not series.is_wave:
        good = {Variation.IMPROVEMENT: 1, Variation.CONCERN: -1}.get(series.variation, 0)
        glyph = VARIATION_GLYPHS[series.variation]
        signs.append((glyph, _variation(series), _why_variation(series), 0 if by_asking else good))
    if series.assurance is not None:
        good = {Assurance.PASS: 1, Assurance.FAIL: -1}.get(series.assurance, 0)
        glyph = ASSURANCE_GLYPHS[series.assurance]
        signs.append((glyph, target(series), ASSURANCE_WORDS[series.assurance], good))
    way = series.direction
    good = {Direction.UP: 1, Direction.DOWN: -1}.get(way, 0) if way else 0
    glyph = "…" if way is None else DIRECTION_GLYPHS[way]
    signs.append((glyph, *_direction(series), 0 if by_asking else good))
    return signs


def icon_row(series: Series) -> dict[str, str]:
    """The same for a table: words beside a sign; "–" where there is none."""
    way = series.direction
    few = way is None and (series.is_wave or len(series.stretch) < FEWEST_POINTS)
    return {
        "source": series.side.short_title,
        "latest": latest(series),
        "variation": "–"
        if series.is_wave
        else "Yes, where the way of asking changed"
        if series.special and series.moved_by_asking
        else VARIATION_IN_BRIEF[series.variation],
        "assurance": "–"
        if series.assurance is None
        else f"{ASSURANCE_GLYPHS[series.assurance]} {target(series)}",
        "direction": "Too few points to say"
        if few
        else f"{'' if way is None else DIRECTION_GLYPHS[way]} {_direction(series)[0]}".strip(),
    }


def summary(series: Series) -> str:
    """The whole row in words."""
    signs = "; ".join(f"{label}: {more}" if more else label for _, label, more, _ in icons(series))
    return f"{series.side.short_title}: {latest(series)}. {signs}."


# --- Two series ---


def directions(pair: Pair) -> str:
    """The directions of two series in a sentence."""
    if pair.same_people:
        return f"Not counted: {SAME_PEOPLE}."
    moved = pair.moved_by_asking
    if moved is not None:
        return f"Not counted: {moved.side.short_title}, {moved_by_asking(moved)}."
    if pair.together is Together.TOO_FEW:
        return "Too few points to compare."
    if pair.apart:
        return f"Not counted: {apart(pair.apart)}."
    left, right = (
        (series.side.short_title, DIRECTION_WORDS[series.direction or Direction.NOT_SHOWN])
        for series in (pair.left, pair.right)
    )
    mover = left if pair.left.direction in MOVES else right
    text = {
        Together.SAME: f"Same direction: both {left[1]}.",
        Together.OPPOSITE: f"Opposite directions: {left[0]} {left[1]}, {right[0]} {right[1]}.",
        Together.ONE: f"Only {mover[0]} ({mover[1]}) shows a trend.",
        Together.NEITHER: "Neither shows a trend, so it cannot be told whether they move together.",
    }[pair.together]
    if pair.comparison.alike and pair.in_typical:
        return f"{text} Shown to change alike, within {SLOPE_MARGIN} typical differences a year."
    if pair.comparison.differ and pair.in_typical:
        return f"{text} They do not change alike."
    return text


def apart(apart: Apart | None) -> str:
    """How far two series speak of different organisations; "" where mostly of the same."""
    if apart is None:
        return ""
    many = GRAIN_TITLES[apart.level][1]
    if apart.shared is None:
        return f"few {many} in common"
    return f"{apart.shared:,} of {apart.most:,} {many} in common"


def same_people(pair: Pair) -> str:
    """Why two sources are not two; "" where they seem to be."""
    if not pair.same_people:
        return ""
    return f"the same people seem to have answered both: {independence.sign(pair.same_people)}."


def gap(pair: Pair) -> str:
    """The difference of the two slopes in typical differences a year, with its range."""
    difference, interval = pair.comparison.difference, pair.comparison.interval
    if difference is None or interval is None or not pair.in_typical:
        return ""
    if pair.same_people or pair.apart:
        return ""
    return f"{signed(difference, 2)} ({signed(interval.low, 2)} to {signed(interval.high, 2)})"


def ahead(pair: Pair) -> str:
    """Whether one moves first; otherwise why that was not looked at."""
    if pair.ahead is None or not pair.looked_at:
        return f"Cannot tell: {_why_not_ahead(pair)}"
    left, right = pair.left.side.short_title, pair.right.side.short_title
    if pair.ahead.lag is None or pair.ahead.strength is None:
        return f"No lag stands out over {pair.ahead.months} months."
    same = "the same way" if pair.ahead.strength > 0 else "the other way"
    way = f"{same} ({signed(pair.ahead.strength, 2)})"
    if pair.ahead.lag == 0:
        return f"They move in the same month, {way}."
    first, second = (left, right) if pair.ahead.lag > 0 else (right, left)
    months = counted(abs(pair.ahead.lag), "month")
    return f"{first} moves about {months} ahead of {second}, {way}."


def _why_not_ahead(pair: Pair) -> str:
    if pair.apart or pair.same_people:
        return apart(pair.apart) or SAME_PEOPLE
    for series in (pair.left, pair.right):
        if series.every is not Every.MONTH:
            return f"{series.side.short_title} speaks by the {series.every.value}"
    if pair.months_in_common < FEWEST_MONTHS:
        return f"{pair.months_in_common} months in common, not {FEWEST_MONTHS}"
    return f"no {FEWEST_MONTHS} unbroken months"
