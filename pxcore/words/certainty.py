"""How likely two sources agree on each organisation, in words: natural frequencies, never a p."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from pxcore.analysis.judging.certainty import AGREE, DIFFER, CertaintyReport, Unsaid
from pxcore.analysis.pairs.agreement import AgreementReport
from pxcore.disclosure import Released
from pxcore.model import GRAIN_TITLES
from pxcore.stats.certainty import Word
from pxcore.stats.certainty_fit import FEWEST_COMMON
from pxcore.words import refusals, verdicts
from pxcore.words.english import (
    capital,
    counted,
    fixed,
    joined,
    number,
    number_range,
    signed,
    uncapital,
)

MOST_IN_WORDS = 8  # organisations of a picture
MOST_NAMED = 3  # organisations of a headline
FAR_FROM_HEADLINE, FAR_FROM_ROBUST = (
    0.1,
    0.15,
)  # between two ways to how alike, from which both are told
# The mark of each word in text, those to look at first first.
GLYPHS: Mapping[str, str] = MappingProxyType(
    {
        Word.VERY_LIKELY_DIFFER.value: "◆",
        Word.PROBABLY_DIFFER.value: "◇",
        Word.COULD_BE_EITHER.value: "·",
        Word.PROBABLY_AGREE.value: "◐",
        Word.VERY_LIKELY_AGREE.value: "●",
        Unsaid.NOT_JUDGED.value: "",
        Unsaid.SILENT.value: "○",
    }
)
UNSAID: Mapping[str, str] = MappingProxyType(
    {
        Unsaid.NOT_JUDGED.value: "too few answers to say",
        Unsaid.SILENT.value: "one source is silent",
    }
)


def in_100(share: float) -> str:
    """A probability as a natural frequency: never 0 and never 100."""
    if share < 0.005:
        return "fewer than 1 in 100"
    return "more than 99 in 100" if share >= 0.995 else f"{fixed(share * 100)} in 100"


def of_100(share: float) -> str:
    """The same for a narrow column: the number alone; "" where nothing is said."""
    if np.isnan(share):
        return ""
    return "< 1" if share < 0.005 else "> 99" if share >= 0.995 else fixed(share * 100)


def pair(report: CertaintyReport) -> str:
    return f"{report.left.short_title} and {report.right.short_title}"


def summary(report: CertaintyReport) -> str:
    """For how many the two tell the same story, for how many they differ, for how many it could be
    either: what holds for most comes first."""
    if report.status != "ok" or report.likely.empty:
        return without(report)
    (agree, differ, either), likely = _totals(report), len(report.likely)
    many, marked = GRAIN_TITLES[report.alignment.grain][1], verdicts.marked(report)
    if differ > likely / 2:
        return (
            f"{pair(report)} tell different stories for most {many}: very likely or probably for "
            f"{differ:,} of {likely:,}{marked}. They {_probably('agree', agree)}{_unsettled(either)}."
        )
    most = f"most {many}: very likely or probably for {agree:,} of {likely:,}"
    some = f"{agree:,} of {counted(likely, *GRAIN_TITLES[report.alignment.grain])}, very likely or probably"
    return (
        f"{pair(report)} tell the same story for {most if agree > likely / 2 else some}{marked}. "
        f"They {_probably('differ', differ)}{_unsettled(either)}."
    )


def about_whom(report: CertaintyReport) -> str:
    """On how many the two differ and on whom first, then for how many they tell the same story."""
    if report.status != "ok" or report.likely.empty:
        return without(report)
    (agree, differ, either), likely = _totals(report), len(report.likely)
    of = f"of {counted(likely, *GRAIN_TITLES[report.alignment.grain])}{verdicts.marked(report)}"
    names = report.to_look_at()["name"].tolist()[:MOST_NAMED]
    first = "" if not names else f": {'first ' if differ > len(names) else ''}{joined(names)}"
    about = (
        f"{pair(report)} very likely or probably differ on {differ:,} {of}{first}."
        if differ
        else f"{pair(report)} probably differ on none {of}."
    )
    return f"{about} They {_probably('agree', agree)}{_unsettled(either)}."


def _totals(report: CertaintyReport) -> tuple[int, int, int]:
    """On how many the two probably agree, on how many they differ, and on how many it could be either."""
    counts = report.counts()
    agree, differ = (sum(counts[mark] for mark in marks) for marks in (AGREE, DIFFER))
    return agree, differ, counts[Word.COULD_BE_EITHER]


def _probably(do: str, organisations: int) -> str:
    """On how many two sources probably do something."""
    return (
        f"very likely or probably {do} on {organisations:,}"
        if organisations
        else f"probably {do} on none"
    )


def _unsettled(either: int) -> str:
    return f"; on {either:,} it could be either" if either else ""


def shares_title(report: CertaintyReport) -> str:
    """The title of a picture of all organisations; "" where nothing is said of any."""
    if report.status != "ok" or report.likely.empty:
        return ""
    agree, differ, _ = _totals(report)
    return f"Probably alike for {agree:,} of {len(report.likely):,}, different for {differ:,}"


def dots_title(report: CertaintyReport, unit: str) -> str:
    """The title of the dots of one organisation."""
    return f"{_inside(report, unit)} of 20 dots lie where the two agree"


def _inside(report: CertaintyReport, unit: str) -> int:
    return int((np.abs(report.dots(unit)) < report.margin).sum())


def settled(report: CertaintyReport) -> str:
    """Of how many it can be told one way or the other."""
    counts, likely = report.counts(), len(report.likely)
    if report.status != "ok" or not likely:
        return ""
    either, silent = counts[Word.COULD_BE_EITHER], len(report.in_view) - likely
    noun = counted(likely, *GRAIN_TITLES[report.alignment.grain])
    more = (
        f"; {silent:,} more {'has' if silent == 1 else 'have'} too few answers, or none"
        if silent
        else ""
    )
    return f"Whether they agree can be told for {likely - either:,} of {noun}{more}."


def without(report: CertaintyReport) -> str:
    """Why nothing is said of any organisation."""
    if report.judgement.refusals:
        return refusals.sentences(report.judgement.refusals)
    many = GRAIN_TITLES[report.alignment.grain][1]
    return (
        f"Fewer than {FEWEST_COMMON} {many} have answers in both sources: too few to learn how these two "
        "usually behave, so nothing is said of how likely they agree on one."
    )


def before(report: CertaintyReport) -> str:
    """What is known of any organisation before its answers are read."""
    assert report.before is not None
    noun = GRAIN_TITLES[report.alignment.grain][0]
    return (
        f"Of a {noun} whose answers nobody has read, the chance that these two agree is "
        f"{in_100(report.before.agree)}."
    )


def alike(report: CertaintyReport) -> str:
    """How alike the two are in general, as the probabilities take it."""
    usual = report.usual
    assert usual is not None
    return (
        f"Behind the probabilities: {pair(report)} usually put organisations alike with a correlation of "
        f"{number(usual.correlation)} ({number_range(usual.correlation_low, usual.correlation_high)}), "
        f"learnt from {counted(usual.common, *GRAIN_TITLES[report.alignment.grain])}, and one source "
        f"tells another story than usual about {in_100(usual.contradicting)}."
    )


def alike_otherwise(report: CertaintyReport, agreement: AgreementReport) -> str:
    """The same by two other ways, where they come to another figure; "" where they do not."""
    usual, latent = report.usual, agreement.latent
    assert usual is not None
    lines, headline = [], None if latent is None else latent.estimate
    if headline is not None and abs(headline - usual.correlation) > FAR_FROM_HEADLINE:
        lines.append(
            f"without what is held of such sources beforehand it is {number(headline)}, as on Agreement"
        )
    if agreement.robust is not None and abs(agreement.robust - usual.correlation) > FAR_FROM_ROBUST:
        lines.append(
            f"by how far the two usually differ, which single organisations move less, "
            f"{number(agreement.robust)}"
        )
    return f"{capital(joined(lines))}." if lines else ""


# --- One organisation ---


def labels(rows: pd.DataFrame) -> list[str]:
    """Of each organisation: the word, how likely, and whether the stricter test confirms it."""
    return [
        _label(mark, agree, bool(confirmed))
        for mark, agree, confirmed in zip(rows["mark"], rows["agree"], rows["shown"], strict=True)
    ]


def label(cell: Mapping[str, Any]) -> str:
    """The same of one organisation."""
    return _label(cell["mark"], cell["agree"], bool(cell["shown"]))


def _label(mark: str, agree: float, confirmed: bool) -> str:
    if mark in UNSAID:
        return f"{capital(mark)}: {UNSAID[mark]}"
    if mark == Word.COULD_BE_EITHER:
        return f"Could be either (agree: {in_100(agree)})"
    likely = 1 - agree if mark in DIFFER else agree
    return f"{capital(mark)} ({in_100(likely)}){', confirmed' if confirmed else ''}"


def label_of(report: CertaintyReport, unit: str) -> str:
    """The name of one organisation, and how likely the two agree on it."""
    cell = report.cell(unit)
    return f"{cell['name']}: {uncapital(label(cell))}."


def organisations(report: CertaintyReport) -> dict[str, str]:
    """Code -> name and code, those to look at first."""
    rows = report.in_view
    return {unit: f"{name} ({unit})" for unit, name in zip(rows["unit"], rows["name"], strict=True)}


def sources(report: CertaintyReport, unit: str) -> list[str]:
    """What each of the two says of one organisation, beside what it says of its peers."""
    judged = report.verdicts
    assert judged is not None
    return [
        verdicts.source_in_brief(weighed, report.cell(unit), which)
        for which, weighed in (("left", judged.left), ("right", judged.right))
    ]


def picture(report: CertaintyReport) -> str:
    """All organisations by how likely the two agree, in words: those that differ by name."""
    rows = report.to_look_at().head(MOST_IN_WORDS)
    names = [f"{name}: {text}" for name, text in zip(rows["name"], labels(rows), strict=True)]
    return " ".join([summary(report), f"{'; '.join(names)}." if names else ""]).strip()


def sentence(report: CertaintyReport, cell: Mapping[str, Any]) -> str:
    """What was known before the organisation was heard, and what is after; "" where nothing is said."""
    if report.before is None or np.isnan(cell["agree"]):
        return ""
    noun = GRAIN_TITLES[report.alignment.grain][0]
    counts = [cell["left_respondents"], cell["right_respondents"]]
    answers = (
        "its answers"
        if np.isnan(counts).any()
        else f"its {counts[0]:,.0f} and {counts[1]:,.0f} answers"
    )
    return (
        f"That {pair(report)} agree: before hearing this {noun} {in_100(report.before.agree)}, after "
        f"{answers} {in_100(cell['agree'])}."
    )


def gap(cell: Mapping[str, Any]) -> str:
    """The gap as it probably is, with its range; "" where nothing is said."""
    if np.isnan(cell["gap"]):
        return ""
    return (
        f"{signed(cell['gap'], 1)} ({signed(cell['gap_low'], 1)} to {signed(cell['gap_high'], 1)})"
    )


def gaps(rows: pd.DataFrame) -> list[str]:
    columns = ["gap", "gap_low", "gap_high"]
    return [gap(cell) for cell in rows[columns].to_dict("records")]  # type: ignore[arg-type]


def dots(report: CertaintyReport, unit: str) -> str:
    """The dots of one organisation in words."""
    if not len(report.dots(unit)):
        return ""
    return (
        f"Twenty equally likely gaps: {_inside(report, unit)} of 20 lie in the shaded band, where the two "
        "agree."
    )


def sides(report: CertaintyReport, cell: Mapping[str, Any]) -> str:
    """On which side of the average the two stand together, where that is likely; else how they stand."""
    if np.isnan(cell["agree"]):
        return ""
    above, below, opposite = cell["both_above"], cell["both_below"], cell["opposite"]
    many = GRAIN_TITLES[report.alignment.grain][1]
    return (
        f"Both above the average of all {many}: {in_100(above)}; both below: {in_100(below)}; on opposite "
        f"sides: {in_100(opposite)}."
    )


def shown(cell: Mapping[str, Any]) -> str:
    """Whether the stricter rules confirm what the word says; "" where nothing is said."""
    if np.isnan(cell["agree"]) or cell["mark"] == Word.COULD_BE_EITHER:
        return ""
    if cell["shown"]:
        return "Confirmed: a stricter test of this one organisation alone comes to the same."
    return (
        "Not confirmed by the stricter test of this organisation alone: the probability also goes by how "
        "alike the two usually are."
    )


def table(report: CertaintyReport) -> Released:
    """Every organisation in view, those least likely to agree first, with all that is said of it."""
    rows = report.in_view
    columns = [
        "name", "unit", "icb", "word", "mark", "shown", "agree", "left_higher", "right_higher",
        "both_above", "both_below", "opposite", "gap", "gap_low", "gap_high", "gap_points",
        "left_informed", "left_informed_low", "left_informed_high", "right_informed",
        "right_informed_low", "right_informed_high", "left_respondents", "right_respondents", "patients",
        "left_silence", "right_silence",
    ]  # fmt: skip
    return rows.assign(word=labels(rows))[columns].reset_index(drop=True)
