"""On whom two sources differ beyond chance, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from pxcore.analysis.judging.evidence import FULL_MARKS_UNDER, Evidence
from pxcore.analysis.judging.judgement import Judgement
from pxcore.analysis.pairs.divergence import DivergenceReport, Order
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.stats.funnel import Funnel
from pxcore.stats.verdict import Rule
from pxcore.words import alignment, certainty, methods, refusals
from pxcore.words import reasons as of_reasons
from pxcore.words import verdicts as of_verdicts
from pxcore.words.columns import Column
from pxcore.words.english import fixed, signed
from pxcore.words.verdicts import chance

MOST_IN_WORDS = 8  # organisations of the ranked picture


def summary(report: DivergenceReport) -> str:
    """The one plain sentence."""
    if report.status != "ok":
        return refusals.sentences(report.refusals)
    return certainty.about_whom(report.certainty)


def limits(report: DivergenceReport) -> str:
    """What limits the answer, muted beneath it."""
    if report.status != "ok":
        return ""
    return f"{certainty.before(report.certainty)} A prompt to look, not a judgement of care."


def findings(report: DivergenceReport) -> list[str]:
    """Up to four short things to notice."""
    verdicts = report.verdicts
    if verdicts is None:
        return []
    lines = []
    for row in each(report.differing.head(1)):
        candidates = report.reasons.of(str(row.unit)) if report.reasons else []
        lines.append(
            f"{row.name}: {verdicts.left.side.short_title}: {of_verdicts.side(row.left_above)}. "
            f"{verdicts.right.side.short_title}: {of_verdicts.side(row.right_above)}."
            + (f" {of_reasons.sentence(candidates[0])}" if candidates else "")
        )
    lines += _odd(report)
    if report.reasons:
        lines += of_reasons.of_all(report.reasons)
        lines += of_reasons.not_checked(report.reasons)
    return lines


def _odd(report: DivergenceReport) -> list[str]:
    """Months that stand apart, and full marks on few answers."""
    verdicts, lines = report.verdicts, []
    assert verdicts is not None
    for which, side in (("left", report.left), ("right", report.right)):
        odd = verdicts.shown[verdicts.shown[f"{which}_odd_month"] != ""]
        full = verdicts.shown[verdicts.shown[f"{which}_full_marks"]]
        if len(odd):
            named = [
                f"{name} ({month})"
                for name, month in zip(odd["name"], odd[f"{which}_odd_month"], strict=True)
            ]
            lines.append(
                f"{side.short_title}, months that stand apart by more than chance: "
                f"{'; '.join(named[:3])}{_more(named, 3)}"
            )
        if len(full):
            named = full["name"].tolist()
            lines.append(
                f"{side.short_title}, everybody positive on fewer than {FULL_MARKS_UNDER} answers: "
                f"{', '.join(named[:4])}{_more(named, 4)}"
            )
    return lines


def _more(names: list[str], shown: int) -> str:
    return f" and {len(names) - shown} more." if len(names) > shown else "."


def warnings(report: DivergenceReport) -> list[str]:
    """What a reader must hear before believing the list."""
    hardly = [of_verdicts.hardly_track(report)] if report.hardly_track else []
    return [*hardly, *of_verdicts.warnings(report)]


def method(report: DivergenceReport) -> tuple[str, ...]:
    """How it is worked out."""
    verdicts, step = report.verdicts, ""
    if verdicts and verdicts.left.spread and verdicts.right.spread:
        lengths = [
            f"{of_verdicts.in_points(source, 1)} on {source.side.short_title}"
            for source in (verdicts.left, verdicts.right)
        ]
        step = f" Here it is {' and '.join(lengths)}."
    return (*methods.method("divergence", step=step), *alignment.method())


# --- Tables and pictures ---


def table(report: DivergenceReport) -> Released:
    """Every organisation judged or silent, those least likely to agree first."""
    assert report.verdicts is not None
    rows = report.rows
    columns = [
        "name", "unit", "icb", "word", "agree", "left_higher", "right_higher", "both_above",
        "both_below", "opposite", "gap", "gap_low", "gap_high", "gap_points", "shown", "patients",
        "verdict", "sentence", "difference", "difference_low",
        "difference_high", "z", "p_value", "q_value", "same_side", "detectable", "reasons",
        "left_value", "left_low", "left_high", "left_respondents", "left_standing",
        "right_value", "right_low", "right_high", "right_respondents", "right_standing",
        "left_silence", "right_silence", "left_odd_month", "right_odd_month",
    ]  # fmt: skip
    return rows.assign(
        word=rows["mark"],
        verdict=of_verdicts.labels(rows["rule"]),
        sentence=of_verdicts.sentences(report.verdicts, rows),
        reasons=report.reasons.kinds_of(rows["unit"]) if report.reasons else "",
    )[columns].reset_index(drop=True)


ORDERS: Mapping[Order, str] = MappingProxyType(
    {
        Order.PEOPLE: "First those that differ: how likely, how far apart, how many people",
        Order.LIKELY: "How likely they differ",
        Order.SIZE: "Size, the largest first",
        Order.VOICE: "Community voice, the poorest first",
    }
)


def orders(report: DivergenceReport, beside: Judgement | None) -> dict[str, str]:
    """What the list can be ordered by; by community voice only where there is some."""
    return {
        order.value: title
        for order, title in ORDERS.items()
        if order is not Order.VOICE or len(report.voice(beside))
    }


def people_list(report: DivergenceReport, by: Order, beside: Judgement | None) -> Released:
    """Every organisation by its name, its mark with the word for how likely the two agree on it, what each
    says of it, the patients whom it concerns, and how many times in 100 the two agree."""
    rows, judged = report.ordered(by, beside), report.verdicts
    assert judged is not None
    return Released(
        rows.assign(
            word=[f"{certainty.GLYPHS[mark]} {mark}".strip() for mark in rows["mark"]],
            left=of_verdicts.beside_average(judged.left, rows, "left"),
            right=of_verdicts.beside_average(judged.right, rows, "right"),
            in_100=[certainty.of_100(agree) for agree in rows["agree"]],
        )[
            [
                *("name", "word", "left", "right"),
                *(["patients"] if rows["patients"].notna().any() else []),
                *("in_100", "unit"),
            ]
        ].reset_index(drop=True)
    )


def screen(report: DivergenceReport) -> Released:
    """The table for the screen: how likely, and the gap, in words."""
    rows = report.rows
    return rows.assign(
        likely=certainty.labels(rows),
        probable_gap=certainty.gaps(rows),
        reasons=report.reasons.kinds_of(rows["unit"]) if report.reasons else "",
    )[
        [
            "name",
            "unit",
            "likely",
            "probable_gap",
            "left_respondents",
            "right_respondents",
            "reasons",
        ]
    ].reset_index(drop=True)


def columns(report: DivergenceReport) -> list[str | Column]:
    """Of the table for the screen."""
    answers = [
        Column.of(f"{which}_respondents", "respondents", f"{side.short_title}, answers", width=125)
        for which, side in (("left", report.left), ("right", report.right))
    ]
    return ["name", "likely", "probable_gap", *answers, "reasons"]


def ranked(report: DivergenceReport) -> str:
    """The ranked picture in words."""
    rows = report.drawn().head(MOST_IN_WORDS)
    parts = [
        f"{name}: {label}, gap {signed(difference, 1)}"
        for name, label, difference in zip(
            rows["name"], certainty.labels(rows), rows["gap"], strict=True
        )
    ]
    return f"{summary(report)} {'; '.join(parts)}."


def funnel(report: DivergenceReport, drawn: Funnel, source: Evidence) -> str:
    """A funnel in words."""
    return (
        f"{source.side.short_title}: {report.outside(drawn)} of {len(drawn.z_adjusted)} organisations "
        f"outside limits that hold 998 in 1,000; average {drawn.target:.0%}."
    )


# --- One organisation ---


def organisations(report: DivergenceReport) -> dict[str, str]:
    """Code -> name and code, those to look at first."""
    return certainty.organisations(report.certainty)


def label(report: DivergenceReport, unit: str) -> str:
    """How likely the two agree on one organisation, in a word and a figure."""
    return certainty.label(report.cell(unit))


def sentence(report: DivergenceReport, unit: str) -> str:
    """What was known before one organisation was heard, and what is after; else why nothing is said."""
    return certainty.sentence(report.certainty, report.cell(unit)) or _verdict(report, unit)


def sources(report: DivergenceReport, unit: str) -> list[str]:
    """What each of the two says of one organisation, beside the average."""
    return certainty.sources(report.certainty, unit)


def dots(report: DivergenceReport, unit: str) -> str:
    """The dots of one organisation in words; "" where nothing is said of it."""
    return certainty.dots(report.certainty, unit)


def dots_title(report: DivergenceReport, unit: str) -> str:
    """The title of that picture."""
    return certainty.dots_title(report.certainty, unit)


def _verdict(report: DivergenceReport, unit: str) -> str:
    assert report.verdicts is not None
    cells = report.certainty.cells
    return of_verdicts.sentences(report.verdicts, cells[cells["unit"] == unit])[0]


def evidence(report: DivergenceReport, unit: str) -> list[str]:
    """What stands behind what is said of one organisation, in sentences."""
    verdicts, cell = report.verdicts, report.cell(unit)
    assert verdicts is not None
    lines = [
        of_verdicts.source(source, cell, which)
        for which, source in (("left", verdicts.left), ("right", verdicts.right))
    ]
    if np.isfinite(cell["gap"]):
        left, right = report.left.short_title, report.right.short_title
        first, second, size = (left, right, 1) if cell["gap"] >= 0 else (right, left, -1)
        ends = sorted((size * cell["gap_low"], size * cell["gap_high"]))
        lines += [
            f"{first} probably puts it {fixed(abs(cell['gap']), 1)} typical differences higher than "
            f"{second} does ({fixed(ends[0], 1)} to {fixed(ends[1], 1)}), the general difference of level "
            "taken away.",
            certainty.sides(report.certainty, cell),
            certainty.shown(cell),
        ]
    return list(filter(None, lines))


def tested(report: DivergenceReport, unit: str) -> list[str]:
    """What the stricter test of one organisation alone says, for the analyst."""
    verdicts, cell = report.verdicts, report.cell(unit)
    assert verdicts is not None
    if not np.isfinite(cell["difference"]):
        return []
    detectable = "; ".join(
        f"on {source.side.short_title} {of_verdicts.detectable(source, cell['detectable'])}"
        for source in (verdicts.left, verdicts.right)
    )
    return [
        f"{of_verdicts.LABELS[Rule(int(cell['rule']))]}. {_verdict(report, unit)}",
        f"Taken alone, the two are {abs(cell['difference']):.1f} typical differences apart "
        f"({_span(cell)}). That both stand on the same side of the average is "
        f"{_likely(cell['same_side'])}. Of all gaps at least as unusual, the share expected to be chance "
        f"is {chance(cell['q_value'])} (q, over {verdicts.tested:,} tested together).",
        f"With these answers a gap of {cell['detectable']:.1f} typical differences would have been "
        f"found 4 times in 5: {detectable}.",
    ]


def reasons(report: DivergenceReport, unit: str) -> list[str]:
    """What the files offer on one organisation, on all of them, and what they do not show."""
    if report.reasons is None:
        return []
    lines = [of_reasons.sentence(reason) for reason in report.reasons.of(unit)]
    lines += of_reasons.of_all(report.reasons)
    nothing = "Nothing in these files stands out. That is no explanation either."
    return [*(lines or [nothing]), *of_reasons.not_checked(report.reasons)]


def _likely(share: float) -> str:
    """The probability of the same side in words; it understates sameness a little."""
    if share < 0.01:
        return "less than 1% likely by these answers"
    return f"{of_verdicts.at_least(share)} likely"


def _span(cell: Mapping[str, Any]) -> str:
    sign = 1 if cell["difference"] >= 0 else -1
    low, high = sorted((sign * cell["difference_low"], sign * cell["difference_high"]))
    return f"{low:.1f} to {high:.1f}".replace("-", "−")
