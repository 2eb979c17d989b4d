"""Why might two sources differ about an organisation? What the data themselves suggest, as prompts.

A reason is never an explanation: each is a fact to ask about; `words.reasons` asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import pandas as pd

from pxcore.analysis.joining.independence import SameAnswers
from pxcore.analysis.joining.periods import Side, breaks_of, months_apart, placing
from pxcore.analysis.judging.evidence import Evidence, Kind, months_of
from pxcore.analysis.judging.judgement import Judgement
from pxcore.analysis.questions import ask_by
from pxcore.analysis.rows import each
from pxcore.disclosure import Parts, Released, release
from pxcore.model import Disclosure, Organisation, Pairing, Period
from pxcore.store import Store

FEW_ANSWERS = 30
MODE_APART = 0.3  # of the share by text message, against peers or against its own past
MONTHS_BACK = 24
LOWEST_RATE = 0.05
OLDER_APART = 0.2  # of the share aged 65 or over
FEWEST_AGED = 20
FEWEST_BY_MODE = 5  # answers whose way of asking is known
UNSTATED = 0.5  # of a source's answers, which service they are about


class ReasonKind(StrEnum):
    """What a reason is about, the likeliest first."""

    SAME_PEOPLE = "same people"
    MODE = "mode of collection"
    ODD_MONTH = "odd month"
    MONTHS_MISSING = "months missing"
    RESPONSE_RATE = "response rate"
    FEW_ANSWERS = "number of answers"
    FULL_MARKS = "everybody positive"
    MERGER = "merger"
    WHO_ANSWERED = "who answered"
    SERVICES = "service mix"


@dataclass(frozen=True, slots=True)
class Reason:
    """One candidate reason: what the files show of an organisation."""

    kind: ReasonKind
    source: str = ""
    figure: float | None = None  # a share, months with answers, or answers
    beside: float | None = (
        None  # what it is held against: the middle, the past, all months, the other
    )
    period: Period | None = None  # the figure's, where it is held against the past
    month: str = ""  # that is odd, or in which the way of asking changed
    second: str = ""  # the other source, whose figure stands beside
    parts: str = ""  # the organisations that became this one
    on: date | None = None  # when they did
    noticed: SameAnswers | None = None


@dataclass(frozen=True, slots=True)
class OtherTimes:
    """The two sources are of different times."""

    left: str
    left_period: Period
    right: str
    right_period: Period
    months: int  # between them, about


@dataclass(frozen=True, slots=True)
class BreakBetween:
    """Something changed between the periods of the two."""

    change: str
    on: date


@dataclass(frozen=True, slots=True)
class Unseen:
    """A kind of reason that the files of some sources do not let one look at."""

    kind: ReasonKind
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Candidate reasons by organisation, the likeliest first, and those that hold for all of them."""

    by_unit: Mapping[str, tuple[Reason, ...]]
    of_all: tuple[OtherTimes | BreakBetween, ...]
    unseen: tuple[Unseen, ...]

    def of(self, unit: str) -> tuple[Reason, ...]:
        """The reasons of one organisation."""
        return self.by_unit.get(unit, ())

    def kinds_of(self, units: pd.Series) -> list[str]:
        """For each organisation its kinds of reason."""
        return [", ".join(dict.fromkeys(reason.kind for reason in self.of(unit))) for unit in units]


def reasons(store: Store, judged: Judgement) -> Reasons:
    """Everything the loaded files offer that could make two sources differ, whatever the area."""
    return ask_by(store, (replace(judged.alignment.pairing, area=""),), suggested, judged)


def suggested(store: Store, judged: Judgement) -> Reasons:
    """The reasons, looked for."""
    verdicts, alignment = judged.verdicts, judged.alignment
    assert verdicts is not None
    noticed: list[tuple[str, Reason]] = []
    if judged.independence is not None:
        noticed += [
            (unit, Reason(ReasonKind.SAME_PEOPLE, noticed=same))
            for unit, same in judged.independence.evidence.items()
        ]
    unseen: list[Unseen] = []
    aged = []
    for source in (verdicts.left, verdicts.right):
        pairing = alignment.pairing
        noticed += _modes(store, source, pairing, alignment.service, unseen)
        noticed += _months(source)
        noticed += _rates(source, unseen)
        noticed += _sizes(source)
        noticed += _services(store, source, pairing, alignment.service)
        aged.append(_profile(store, source.side, pairing.disclosure))
    if alignment.pairing.organisation is Organisation.CURRENT:
        noticed += _mergers(store, verdicts.left, verdicts.right)
    noticed += _who(verdicts.left.side, verdicts.right.side, aged[0], aged[1], unseen)
    order = list(ReasonKind)
    by_unit: dict[str, dict[Reason, None]] = {}
    for unit, reason in sorted(noticed, key=lambda item: order.index(item[1].kind)):
        by_unit.setdefault(unit, {})[reason] = None
    return Reasons(
        {unit: tuple(each) for unit, each in sorted(by_unit.items())},
        tuple(_of_all(judged)),
        tuple(dict.fromkeys(unseen)),
    )


def _of_all(judged: Judgement) -> Iterator[OtherTimes | BreakBetween]:
    left, right = judged.alignment.left, judged.alignment.right
    if left.period is None or right.period is None:
        return
    if not judged.alignment.aligned_in_time:
        apart = round(months_apart(left.period, right.period))
        yield OtherTimes(left.source, left.period, right.source, right.period, apart)
    first = min(left.period.start, right.period.start)
    last = max(left.period.end, right.period.end)
    for side in (left, right):
        for on, label in breaks_of(side):
            if first < on <= last:
                yield BreakBetween(label, on)


def _modes(
    store: Store, source: Evidence, pairing: Pairing, service: str, unseen: list[Unseen]
) -> Iterator[tuple[str, Reason]]:
    """By text message: far from peers, or far from its own past."""
    side, rows = source.side, source.rows
    known = rows[rows["by_any_mode"] >= FEWEST_BY_MODE]
    if known.empty:
        if source.kind is Kind.FFT:
            unseen.append(Unseen(ReasonKind.MODE, (side.source,)))
        return
    share = (known["by_text"].fillna(0) / known["by_any_mode"]).set_axis(known["unit"])
    middle = float(share.median())
    months = months_of(store, side, pairing, service)
    stepped = dict(_steps_in_mode(months[months["by_any_mode"] >= FEWEST_BY_MODE], side))
    for unit, now in share.items():
        before, month = stepped.get(str(unit), (now, ""))
        if abs(now - before) >= MODE_APART:
            yield (
                str(unit),
                Reason(ReasonKind.MODE, side.source, now, before, side.period, month),
            )
        elif abs(now - middle) >= MODE_APART:
            yield str(unit), Reason(ReasonKind.MODE, side.source, now, middle)


def _steps_in_mode(months: pd.DataFrame, side: Side) -> Iterator[tuple[str, tuple[float, str]]]:
    """For each organisation: its share by text in its first months, and when it changed most."""
    assert side.period is not None
    started = pd.to_datetime(months["period_start"])
    end = pd.Timestamp(side.period.end)
    recent = (started <= end) & (started > end - pd.DateOffset(months=MONTHS_BACK))
    steps = months[recent]
    steps = steps.assign(share=steps["by_text"].fillna(0) / steps["by_any_mode"])
    steps = steps.sort_values(["unit", "period_start"])
    step = steps.groupby("unit")["share"].diff().abs()
    # the share of all months up to the step, however early it came
    before = steps.groupby("unit")["share"].transform(
        lambda shares: shares.expanding().mean().shift()
    )
    steps = steps.assign(before=before, step=step)
    jumps = steps[steps["step"].notna()].sort_values("step").drop_duplicates("unit", keep="last")
    for row in each(jumps):
        if row.step >= MODE_APART / 2:
            yield str(row.unit), (float(row.before), f"{pd.Timestamp(row.period_start):%B %Y}")


def _months(source: Evidence) -> Iterator[tuple[str, Reason]]:
    side, rows = source.side, source.rows
    for row in each(rows[rows["odd_month"] != ""]):
        yield str(row.unit), Reason(ReasonKind.ODD_MONTH, side.source, month=row.odd_month)
    if side.months_due > 1 and source.kind is not Kind.COMMENTS:  # few comments: silent months
        for row in each(rows[rows["periods"] < side.months_found]):
            missing = Reason(
                ReasonKind.MONTHS_MISSING, side.source, float(row.periods), side.months_found
            )
            yield str(row.unit), missing


def _rates(source: Evidence, unseen: list[Unseen]) -> Iterator[tuple[str, Reason]]:
    side = source.side
    known = source.rows[(source.rows["eligible"] > 0) & (source.rows["respondents"] > 0)]
    if known.empty:
        if source.kind is not Kind.COMMENTS:
            unseen.append(Unseen(ReasonKind.RESPONSE_RATE, (side.source,)))
        return
    rate = known["respondents"] / known["eligible"]
    middle = float(rate.median())
    for unit, share in zip(known["unit"], rate, strict=True):
        if share > 1 or share < max(LOWEST_RATE, middle / 2):
            yield str(unit), Reason(ReasonKind.RESPONSE_RATE, side.source, float(share), middle)


def _sizes(source: Evidence) -> Iterator[tuple[str, Reason]]:
    side = source.side
    rows = source.rows[source.rows["speaks"]]
    few, full = rows[rows["respondents"] < FEW_ANSWERS], rows[rows["full_marks"]]
    for row in each(few):
        yield str(row.unit), Reason(ReasonKind.FEW_ANSWERS, side.source, float(row.respondents))
    for row in each(full):
        yield str(row.unit), Reason(ReasonKind.FULL_MARKS, side.source, float(row.respondents))


def _mergers(store: Store, *sources: Evidence) -> Iterator[tuple[str, Reason]]:
    """Organisations made of others within two years of the periods compared, or still added up."""
    merged = store.query("mergers").set_index("unit")
    ends = [source.side.period.end for source in sources if source.side.period is not None]
    seen: set[str] = set()
    for source in sources:
        pooled = set(source.rows.loc[source.rows["merged_from"] != "", "unit"])
        for unit in source.rows["unit"]:
            if unit in seen or unit not in merged.index or not ends:
                continue
            parts, on = merged.loc[unit, "parts"], pd.Timestamp(merged.loc[unit, "succeeded_on"])
            recent = pd.Timestamp(max(ends)) - pd.DateOffset(months=MONTHS_BACK) <= on
            if recent or unit in pooled:
                seen.add(str(unit))
                yield (
                    str(unit),
                    Reason(ReasonKind.MERGER, parts=str(parts), on=on.date()),
                )


def _profile(store: Store, side: Side, disclosure: Disclosure) -> Released:
    assert side.period is not None
    rows = store.query("profile", source=side.source, start=side.period.start, end=side.period.end)
    return release(
        rows, disclosure, Parts((("older", "older_key"), ("younger", "younger_key")), "aged")
    )


def _who(
    left: Side,
    right: Side,
    left_ages: pd.DataFrame,
    right_ages: pd.DataFrame,
    unseen: list[Unseen],
) -> Iterator[tuple[str, Reason]]:
    """The share of older people among those who answered, where both sources give ages."""
    silent = tuple(
        side.source
        for side, ages in ((left, left_ages), (right, right_ages))
        if ages.empty or ages["aged"].sum() == 0
    )
    if silent:
        unseen.append(Unseen(ReasonKind.WHO_ANSWERED, silent))
        return
    both = left_ages.merge(right_ages, on="unit", suffixes=("_left", "_right"))
    both = both[both[["aged_left", "aged_right"]].min(axis=1) >= FEWEST_AGED]
    for row in each(both):
        first, second = row.older_left / row.aged_left, row.older_right / row.aged_right
        if abs(first - second) >= OLDER_APART:
            older = Reason(
                ReasonKind.WHO_ANSWERED,
                left.source,
                float(first),
                float(second),
                second=right.source,
            )
            yield str(row.unit), older


def _services(
    store: Store, source: Evidence, pairing: Pairing, service: str
) -> Iterator[tuple[str, Reason]]:
    """A source that speaks of several services: how much of it does not say which."""
    side = source.side
    if side.service or not service or side.period is None:
        return
    everywhere = replace(pairing, area="")
    rows = store.query("service_mix", **placing(side, everywhere, service, side.period))
    parts = (("unsaid", "unsaid_key"), ("stated", "stated_key"))
    mix = release(rows, pairing.disclosure, Parts(parts, "respondents"))
    for row in each(mix[mix["unsaid"] >= UNSTATED * mix["respondents"]]):
        share = float(row.unsaid / row.respondents)
        yield str(row.unit), Reason(ReasonKind.SERVICES, side.source, share)
