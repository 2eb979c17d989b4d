"""Why might two sources differ about an organisation? What the data themselves suggest, as prompts.

A reason is never an explanation: each says what was found and asks whether it matters here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pxcore.analysis.joining.periods import Side, breaks_of, months_apart, placing
from pxcore.analysis.judging.evidence import Evidence, Kind, months_of
from pxcore.analysis.judging.verdicts import Judgement
from pxcore.analysis.rows import each
from pxcore.disclosure import Parts, Released, release
from pxcore.model import Disclosure, Organisation, Pairing
from pxcore.store import Store

FEW_ANSWERS = 30
MODE_APART = 0.3  # of the share by text message, against peers or against its own past
MONTHS_BACK = 24
LOWEST_RATE = 0.05
OLDER_APART = 0.2  # of the share aged 65 or over
FEWEST_AGED = 20
FEWEST_BY_MODE = 5  # answers whose way of asking is known
UNSAID = 0.5

KINDS = (
    "same people",
    "mode of collection",
    "odd month",
    "months missing",
    "response rate",
    "number of answers",
    "everybody positive",
    "merger",
    "who answered",
    "service mix",
)


@dataclass(frozen=True, slots=True)
class Reasons:
    """Candidate reasons: one row an organisation and kind, and those that hold for all of them."""

    each: Released  # unit, kind, said
    of_all: tuple[str, ...]
    not_checked: tuple[str, ...]  # what these files do not let one look at

    def of(self, unit: str) -> list[tuple[str, str]]:
        """Kind and sentence, the likeliest first."""
        here = self.each[self.each["unit"] == unit]
        return list(zip(here["kind"], here["said"], strict=True))

    def kinds_of(self, units: pd.Series) -> list[str]:
        """For each organisation its kinds of reason in a few words."""
        told = self.each.groupby("unit", sort=False)["kind"].agg(
            lambda kinds: ", ".join(dict.fromkeys(kinds))
        )
        return [str(told.get(unit, "")) for unit in units]


def reasons(store: Store, judged: Judgement) -> Reasons:
    """Everything the loaded files offer that could make the two sources differ."""
    verdicts, alignment = judged.verdicts, judged.alignment
    assert verdicts is not None
    found: list[tuple[str, str, str]] = []
    if judged.independence is not None:
        found += [
            (unit, "same people", f"Are these two sources? {said[:1].upper()}{said[1:]}.")
            for unit, said in judged.independence.evidence.items()
        ]
    not_checked: list[str] = []
    aged = []
    for source in (verdicts.left, verdicts.right):
        pairing = alignment.pairing
        found += _modes(store, source, pairing, alignment.service, not_checked)
        found += _months(source)
        found += _rates(source, not_checked)
        found += _sizes(source)
        found += _unsaid(store, source, pairing, alignment.service)
        aged.append(_profile(store, source.side, pairing.disclosure))
    if alignment.pairing.organisation is Organisation.CURRENT:
        found += _mergers(store, verdicts.left, verdicts.right)
    found += _who(verdicts.left.side, verdicts.right.side, aged[0], aged[1], not_checked)
    order = {kind: place for place, kind in enumerate(KINDS)}
    each = Released(found, columns=["unit", "kind", "said"]).drop_duplicates()
    each = each.assign(place=each["kind"].map(order)).sort_values(["unit", "place"], kind="stable")
    return Reasons(
        each.drop(columns="place").reset_index(drop=True),
        tuple(_of_all(judged)),
        tuple(dict.fromkeys(not_checked)),
    )


def _of_all(judged: Judgement) -> Iterator[str]:
    left, right = judged.alignment.left, judged.alignment.right
    if left.period is None or right.period is None:
        return
    if not judged.alignment.aligned_in_time:
        apart = months_apart(left.period, right.period)
        yield (
            f"Different times: {left.short_title} is of {left.period}, {right.short_title} of "
            f"{right.period}, about {apart:.0f} months apart. Has care changed in between?"
        )
    first = min(left.period.start, right.period.start)
    last = max(left.period.end, right.period.end)
    for side in (left, right):
        for on, label in breaks_of(side):
            if first < on <= last:
                yield f"A break lies between the two periods: {label} ({on:%B %Y})."


def _modes(
    store: Store, source: Evidence, pairing: Pairing, service: str, not_checked: list[str]
) -> Iterator[tuple[str, str, str]]:
    """By text message: far from peers, or far from its own past."""
    side, rows = source.side, source.rows
    known = rows[rows["by_any_mode"] >= FEWEST_BY_MODE]
    if known.empty:
        if source.kind is Kind.FFT:
            not_checked.append(f"mode of collection ({side.short_title} does not tell it)")
        return
    share = (known["by_text"].fillna(0) / known["by_any_mode"]).set_axis(known["unit"])
    middle = float(share.median())
    months = months_of(store, side, pairing, service)
    stepped = dict(_steps_in_mode(months[months["by_any_mode"] >= FEWEST_BY_MODE], side))
    for unit, now in share.items():
        if unit in stepped:
            before, month = stepped[unit]
            if abs(now - before) >= MODE_APART:
                yield (
                    str(unit),
                    "mode of collection",
                    f"Did the way of asking change the answers? By text message came {before:.0%} of "
                    f"{side.short_title} answers at first and {now:.0%} in {side.period}; the step "
                    f"came in {month}.",
                )
                continue
        if abs(now - middle) >= MODE_APART:
            yield (
                str(unit),
                "mode of collection",
                f"Is it the way of asking? {now:.0%} of {side.short_title} answers came by text "
                f"message here, {middle:.0%} at the middle organisation.",
            )


def _steps_in_mode(months: pd.DataFrame, side: Side) -> Iterator[tuple[str, tuple[float, str]]]:
    """For each organisation: its share by text in its first months, and when it changed most."""
    assert side.period is not None
    started = pd.to_datetime(months["period_start"])
    end = pd.Timestamp(side.period.end)
    recent = (started <= end) & (started > end - pd.DateOffset(months=MONTHS_BACK))
    told = months[recent]
    told = told.assign(share=told["by_text"].fillna(0) / told["by_any_mode"])
    told = told.sort_values(["unit", "period_start"])
    step = told.groupby("unit")["share"].diff().abs()
    # the share of all months up to the step, however early it came
    before = told.groupby("unit")["share"].transform(
        lambda shares: shares.expanding().mean().shift()
    )
    told = told.assign(before=before, step=step)
    jumps = told[told["step"].notna()].sort_values("step").drop_duplicates("unit", keep="last")
    for row in each(jumps):
        if row.step >= MODE_APART / 2:
            yield str(row.unit), (float(row.before), f"{pd.Timestamp(row.period_start):%B %Y}")


def _months(source: Evidence) -> Iterator[tuple[str, str, str]]:
    side, rows = source.side, source.rows
    for row in each(rows[rows["odd_month"] != ""]):
        yield (
            str(row.unit),
            "odd month",
            f"What happened in {row.odd_month}? That month of {side.short_title} stands apart from "
            "the others of this organisation by more than chance.",
        )
    if side.months_due > 1 and source.kind is not Kind.COMMENTS:  # few comments: silent months
        for row in each(rows[rows["periods"] < side.months_found]):
            yield (
                str(row.unit),
                "months missing",
                f"{side.short_title} has answers in {row.periods:.0f} of the {side.months_found} months. "
                "Were the others withheld, or was nobody asked?",
            )


def _rates(source: Evidence, not_checked: list[str]) -> Iterator[tuple[str, str, str]]:
    side = source.side
    known = source.rows[(source.rows["eligible"] > 0) & (source.rows["respondents"] > 0)]
    if known.empty:
        if source.kind is not Kind.COMMENTS:
            not_checked.append(f"response rate ({side.short_title} does not tell who was asked)")
        return
    rate = known["respondents"] / known["eligible"]
    middle = float(rate.median())
    for unit, share in zip(known["unit"], rate, strict=True):
        if share > 1:
            yield (
                str(unit),
                "response rate",
                f"{side.short_title} has more answers than people to be asked ({share:.0%}). Is the "
                "number of people asked right?",
            )
        elif share < max(LOWEST_RATE, middle / 2):
            yield (
                str(unit),
                "response rate",
                f"Who did not answer? {share:.1%} of those asked answered {side.short_title} here, "
                f"{middle:.0%} at the middle organisation.",
            )


def _sizes(source: Evidence) -> Iterator[tuple[str, str, str]]:
    side = source.side
    rows = source.rows[source.rows["speaks"]]
    for row in each(rows[rows["respondents"] < FEW_ANSWERS]):
        yield (
            str(row.unit),
            "number of answers",
            f"Would more answers say the same? {side.short_title} rests on {row.respondents:.0f} "
            "answers here.",
        )
    for row in each(rows[rows["full_marks"]]):
        yield (
            str(row.unit),
            "everybody positive",
            f"Who was asked? All {row.respondents:.0f} answers of {side.short_title} are positive.",
        )


def _mergers(store: Store, *sources: Evidence) -> Iterator[tuple[str, str, str]]:
    """Organisations made of others within two years of the periods compared, or still added up."""
    merged = store.query("mergers").set_index("unit")
    ends = [source.side.period.end for source in sources if source.side.period is not None]
    told: set[str] = set()
    for source in sources:
        pooled = set(source.rows.loc[source.rows["merged_from"] != "", "unit"])
        for unit in source.rows["unit"]:
            if unit in told or unit not in merged.index or not ends:
                continue
            parts, on = merged.loc[unit, "parts"], pd.Timestamp(merged.loc[unit, "succeeded_on"])
            recent = pd.Timestamp(max(ends)) - pd.DateOffset(months=MONTHS_BACK) <= on
            if recent or unit in pooled:
                told.add(str(unit))
                yield (
                    str(unit),
                    "merger",
                    f"Do its parts differ? {parts} became this organisation on {on.day} {on:%B %Y}; "
                    "answers are added up.",
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
    one: pd.DataFrame,
    other: pd.DataFrame,
    not_checked: list[str],
) -> Iterator[tuple[str, str, str]]:
    """The share of older people among those who answered, where both sources tell ages."""
    silent = [
        side.short_title
        for side, ages in ((left, one), (right, other))
        if ages.empty or ages["aged"].sum() == 0
    ]
    if silent:
        not_checked.append(f"who answered ({' and '.join(silent)} without ages)")
        return
    both = one.merge(other, on="unit", suffixes=("_left", "_right"))
    both = both[both[["aged_left", "aged_right"]].min(axis=1) >= FEWEST_AGED]
    for row in each(both):
        first, second = row.older_left / row.aged_left, row.older_right / row.aged_right
        if abs(first - second) >= OLDER_APART:
            yield (
                str(row.unit),
                "who answered",
                f"Did other people answer? {first:.0%} of those who answered {left.short_title} are 65 "
                f"or older, {second:.0%} of those who answered {right.short_title}.",
            )


def _unsaid(
    store: Store, source: Evidence, pairing: Pairing, service: str
) -> Iterator[tuple[str, str, str]]:
    """A source that speaks of several services: how much of it says which."""
    side = source.side
    if side.service or not service or side.period is None:
        return
    everywhere = replace(pairing, area="")
    rows = store.query("service_mix", **placing(side, everywhere, service, side.period))
    parts = (("unsaid", "unsaid_key"), ("stated", "stated_key"))
    mix = release(rows, pairing.disclosure, Parts(parts, "respondents"))
    for row in each(mix[mix["unsaid"] >= UNSAID * mix["respondents"]]):
        yield (
            str(row.unit),
            "service mix",
            f"Is it the same service? {row.unsaid / row.respondents:.0%} of what "
            f"{side.short_title} holds here does not say which service it is about.",
        )


def counted(found: Sequence[tuple[str, str]]) -> str:
    """The first reason in a few words, and how many more there are."""
    if not found:
        return ""
    more = f" (+{len(found) - 1})" if len(found) > 1 else ""
    return f"{found[0][0]}{more}"
