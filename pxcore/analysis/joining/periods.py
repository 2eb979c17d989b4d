"""Which periods of two sources are set side by side: those that meet, or the latest of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.notes import Note, Noticed
from pxcore.analysis.joining.refusals import (
    AcrossBreak,
    Apart,
    NoFigures,
    NotByQuarter,
    NothingInside,
    Refusal,
)
from pxcore.disclosure import is_confidential
from pxcore.errors import NothingToCompare
from pxcore.model import (
    Disclosure,
    Grain,
    Months,
    Pairing,
    Period,
    Periods,
    Selection,
)

MOST_MONTHS = 12  # the window of two monthly sources: the last year they share
MONTHS_TITLES = MappingProxyType(
    {
        Months.FIELDWORK: "the survey's fieldwork",
        Months.AROUND: "three months more on each side",
        Months.YEAR: "a year to its end",
    }
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sources, with the measure, the level it reports and the period taken."""

    source: str
    title: str
    short_title: str
    signal: str
    service: str
    measure: str
    measure_title: str
    domain: str
    unit: str
    reported_grain: str
    period: Period | None
    period_approximate: bool = False
    months_found: int = 0
    months_due: int = 0
    selection: Selection = field(default_factory=Selection)  # as far as the source can follow it
    mix: tuple[tuple[str, float], ...] = ()  # band and share its answers are weighted to

    @classmethod
    def of(cls, source: str, measure: str, level: str) -> Side:
        """A source with one of its measures, as the shipped maps have them; its period is not taken yet."""
        about, known = maps.source(source), maps.measures().get((source, measure), {})
        return cls(
            source=source,
            title=about["title"],
            short_title=about["short_title"],
            signal=about["signal"],
            service=about["service"],
            measure=measure,
            measure_title=known.get("title", measure),
            domain=known.get("domain", "none"),
            unit=known.get("unit", "proportion"),
            reported_grain=level,
            period=None,
        )


def spans(coverage: pd.DataFrame, side: Side) -> list[Period]:
    """The periods a source speaks of with its measure and level, oldest first."""
    usual = maps.source(side.source)["grain"]
    rows = coverage[
        (coverage["source"] == side.source)
        & (coverage["measure"] == side.measure)
        & (coverage["grain"].where(coverage["grain"] != "", usual) == side.reported_grain)
        & coverage["period_start"].notna()
    ]
    return sorted(
        {
            Period(start.date(), end.date())
            for start, end in zip(rows["period_start"], rows["period_end"], strict=True)
        }
    )


def placing(side: Side, pairing: Pairing, service: str, period: Period) -> dict[str, Any]:
    """What staging/stg_placed.sql needs to place every row of a source."""
    return {
        "source": side.source,
        "measure": side.measure,
        "reported_grain": side.reported_grain,
        "grain": pairing.grain,
        "usual_grain": maps.source(side.source)["grain"],
        "area": pairing.area,
        "service": service,
        "start": period.start,
        "end": period.end,
        "organisation": pairing.organisation.value,
        "without_modes": list(side.selection.without_modes),
        "dimension": side.selection.dimension if side.selection.groups else "",
        "groups": list(side.selection.groups),
        "sentiment": side.selection.sentiment.value,
    }


def is_month(period: Period) -> bool:
    return period.is_whole_months and period.days <= 31


def choose_periods(
    left: Side,
    right: Side,
    coverage: pd.DataFrame,
    pairing: Pairing,
    refusals: list[Refusal],
    notes: list[Note],
) -> tuple[Side, Side, bool]:
    left_spans, right_spans = spans(coverage, left), spans(coverage, right)
    for side, covered in ((left, left_spans), (right, right_spans)):
        if not covered:
            refusals.append(NoFigures(side.source, side.measure, Grain(side.reported_grain)))
    if refusals:
        return left, right, False
    approximate = _approximate(coverage, left), _approximate(coverage, right)
    if pairing.periods is Periods.LATEST:
        chosen: tuple[Period, Period] | None = (left_spans[-1], right_spans[-1])
    elif pairing.window is not None:
        if not (pairing.window.is_whole_quarters or pairing.disclosure.exact):
            for side, cover in ((left, coverage), (right, coverage)):
                if is_confidential(cover[cover["source"] == side.source]):
                    refusals.append(NotByQuarter(side.source))
        inside = _inside(left_spans, pairing.window), _inside(right_spans, pairing.window)
        for side, covered, part in zip(
            (left, right), (left_spans, right_spans), inside, strict=True
        ):
            if part is None:
                refusals.append(NothingInside(side.source, pairing.window, tuple(covered)))
        if refusals or inside[0] is None or inside[1] is None:
            return left, right, False
        chosen = (inside[0], inside[1])
    else:
        chosen = _meeting(left_spans, right_spans)
    if chosen is None:
        refusals.append(
            Apart(
                left.source,
                right.source,
                tuple(left_spans),
                tuple(right_spans),
                round(months_apart(left_spans[-1], right_spans[-1])),
            )
        )
        return left, right, False
    if pairing.months is not Months.FIELDWORK and pairing.periods is Periods.ALIGNED:
        chosen = _widened((left, right), (left_spans, right_spans), chosen, pairing.months)
    placed = []
    for side, covered, period, rough in zip(
        (left, right), (left_spans, right_spans), chosen, approximate, strict=True
    ):
        cut = _cut_at_break(side, period)
        if cut is None:
            refusals.append(AcrossBreak(side.source, _break_in(side, period)))
            cut = period
        elif cut != period:
            notes.append(Note(Noticed.CUT_AT_BREAK, side.source, _break_in(side, period)))
        months = [span for span in covered if is_month(span) and cut.start <= span.start <= cut.end]
        due = (cut.end.year - cut.start.year) * 12 + cut.end.month - cut.start.month + 1
        placed.append(
            replace(
                side,
                period=cut,
                period_approximate=rough,
                months_found=len(months),
                months_due=due if months else 0,
            )
        )
    met = placed[0].period is not None and placed[1].period is not None
    aligned = met and _meet(placed[0].period, placed[1].period)  # type: ignore[arg-type]
    return placed[0], placed[1], bool(aligned)


def _widened(
    sides: tuple[Side, Side],
    spans_of: tuple[Sequence[Period], Sequence[Period]],
    chosen: tuple[Period, Period],
    months: Months,
) -> tuple[Period, Period]:
    """More months of the monthly source beside a survey's wave; two monthly sources stay as they are."""
    first, second = (
        widened(replace(side, period=period), months).period or period if by_month else period
        for side, period, by_month in zip(sides, chosen, widening(*spans_of), strict=True)
    )
    return first, second


def widening(left: Sequence[Period], right: Sequence[Period]) -> tuple[bool, bool]:
    """Which of two sources may be taken over more months, by the periods they speak of: the monthly one
    beside one that is not; else neither."""
    monthly = [all(map(is_month, spans)) for spans in (left, right)]
    return (False, False) if all(monthly) else (monthly[0], monthly[1])


def widened(side: Side, months: Months) -> Side:
    """A monthly source over more months than the fieldwork's, inside the time its question stood."""
    if side.period is None or months is Months.FIELDWORK:
        return side
    start, end = side.period.start, side.period.end
    if months is Months.AROUND:
        last = months_before(date(end.year, end.month, 1), -3)
        around = Period(months_before(start, 3), Period.month(last.year, last.month).end)
    else:
        around = Period(months_before(date(end.year, end.month, 1), 11), end)
    whole = unbroken(side)
    inside = Period(max(around.start, whole.start), min(around.end, whole.end))
    return replace(side, period=inside)


def _approximate(coverage: pd.DataFrame, side: Side) -> bool:
    rows = (coverage["source"] == side.source) & (coverage["measure"] == side.measure)
    return bool(coverage.loc[rows, "period_approximate"].any())


def months_apart(first: Period, second: Period) -> float:
    """How many months lie between the middles of two periods."""
    return abs(middle_day(first) - middle_day(second)) / 30.44


def middle_day(period: Period) -> float:
    return (period.start.toordinal() + period.end.toordinal()) / 2


def _meet(first: Period, second: Period) -> bool:
    """At least half of the shorter period lies inside the other."""
    return first.overlap(second) * 2 >= min(first.days, second.days)


BY_QUARTER = (
    "Single responses are counted by whole quarters."  # by the month many windows hold the same few
)
CHOOSE_A_QUARTER = "Choose a quarter or a year."


def refuse_part_of_a_quarter(window: Period | None, disclosure: Disclosure) -> None:
    """Raise where comments are asked of a window that cuts a quarter, but for exact figures."""
    if window is not None and not window.is_whole_quarters and not disclosure.exact:
        raise NothingToCompare(
            f"{window}: {BY_QUARTER[0].lower()}{BY_QUARTER[1:]}", fix=CHOOSE_A_QUARTER
        )


def months_inside(months: Sequence[Period], window: Period) -> list[Period]:
    """The calendar months with at least half of their days inside a window."""
    return [month for month in months if month.overlap(window) * 2 >= month.days]


def _meeting(left: Sequence[Period], right: Sequence[Period]) -> tuple[Period, Period] | None:
    """The latest periods of both that meet, or None."""
    left_monthly, right_monthly = all(map(is_month, left)), all(map(is_month, right))
    if left_monthly and right_monthly:
        common = sorted(set(left) & set(right))
        if not common:
            return None
        earliest = months_before(common[-1].start, MOST_MONTHS - 1)
        within = [month for month in common if month.start >= earliest]
        window = Period(within[0].start, within[-1].end)
        return window, window
    if left_monthly or right_monthly:
        months, waves = (left, right) if left_monthly else (right, left)
        for wave in reversed(waves):
            # as months_inside, but that a wave of three weeks lies in the month that holds most of it
            inside = [month for month in months if is_month(month) and _meet(month, wave)]
            if inside:
                window = Period(inside[0].start, inside[-1].end)
                return (window, wave) if left_monthly else (wave, window)
        return None
    meeting = [(first, second) for first in left for second in right if _meet(first, second)]
    return max(meeting, key=lambda pair: (pair[0].end, pair[1].end), default=None)


def _inside(periods: Sequence[Period], window: Period) -> Period | None:
    """What a source has in a window: its months inside, or its latest wave that meets it."""
    months = months_inside([span for span in periods if is_month(span)], window)
    if months:
        return Period(months[0].start, months[-1].end)
    waves = [span for span in periods if not is_month(span) and _meet(span, window)]
    return waves[-1] if waves else None


def windows_of(months: Sequence[Period]) -> dict[str, Period]:
    """The financial years and quarters that months fall in, latest first, by their usual names."""
    named: dict[str, Period] = {}
    for month in sorted(months, reverse=True):
        april = month.start.year - (month.start.month < 4)
        year = f"{april}-{(april + 1) % 100:02d}"
        quarter = (month.start.month - 4) % 12 // 3
        first = months_before(date(april, 4, 1), -3 * quarter)
        last = Period.month(*_year_month(months_before(first, -2)))
        named.setdefault(year, Period(date(april, 4, 1), date(april + 1, 3, 31)))
        named.setdefault(f"{year} Q{quarter + 1}", Period(first, last.end))
    return named


def _year_month(day: date) -> tuple[int, int]:
    return day.year, day.month


def months_before(start: date, count: int) -> date:
    """The first of the month so many months before; after, where the count is negative."""
    months = start.year * 12 + start.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def breaks_of(side: Side) -> list[tuple[date, str]]:
    return [
        (date.fromisoformat(row["date"]), row["label"])
        for row in maps.rows("breaks")
        if row["source"] == side.source or (not row["source"] and row["signal"] == side.signal)
    ]


def unbroken(side: Side) -> Period:
    """The time around a side's period in which its question did not change."""
    assert side.period is not None
    before = [on for on, _ in breaks_of(side) if on <= side.period.start]
    after = [on - timedelta(days=1) for on, _ in breaks_of(side) if on > side.period.end]
    return Period(
        max(before, default=date(1900, 1, 1)),
        max(side.period.end, min(after, default=date(2200, 1, 1))),
    )


def _break_in(side: Side, period: Period) -> str:
    return next((label for on, label in breaks_of(side) if period.start < on <= period.end), "")


def _cut_at_break(side: Side, period: Period) -> Period | None:
    """The part of a period after its last break; None where the period is not made of months."""
    inside = [on for on, _ in breaks_of(side) if period.start < on <= period.end]
    if not inside:
        return period
    return Period(max(inside), period.end) if period.is_whole_months and period.days > 31 else None
