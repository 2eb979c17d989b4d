"""What all sources say of one organisation, in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pxcore.analysis.pairs.provider import GRADED, ProviderReport
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.stats.ranks import DRAWS
from pxcore.stats.verdict import Rule
from pxcore.words import methods
from pxcore.words import reasons as reason_words
from pxcore.words import verdicts as verdict_words
from pxcore.words.certainty import in_100
from pxcore.words.english import counted, joined, signed
from pxcore.words.overview import by_measure, pair


def summary(report: ProviderReport) -> str:
    """The one plain sentence."""
    if not len(report.audible):
        return (
            f"{report.name}: no source has enough answers to say where it stands among its peers."
        )
    return f"{report.name}: {_verdict(report)}. {_enough(report)}"


def _verdict(report: ProviderReport) -> str:
    """What the pairs of sources come to."""
    rules = report.pairs["rule"]
    graded, agreed = report.pairs[rules.isin(GRADED)], report.pairs[rules == Rule.AGREEMENT]
    if len(graded):
        unusual = graded["rule"].iloc[0] == GRADED[0]
        how = "contradict each other about it, unusually so" if unusual else "differ about it"
        others = len(graded) - 1
        more = f", and so do {others} more pairs" if others > 1 else ""
        more = ", and so does one more pair" if others == 1 else more
        return f"{_pair(report, graded)} {how}{more}"
    if len(agreed):
        return f"{_pair(report, agreed)} agree about it"
    if len(report.pairs):
        return "no two sources are shown to differ about it, and none to agree"
    return "no two sources can be set against each other"


def _pair(report: ProviderReport, rows: pd.DataFrame) -> str:
    """The first pair of some, as a sentence names it."""
    return pair(report.agreements[rows["left"].iloc[0], rows["right"].iloc[0]])


def _enough(report: ProviderReport) -> str:
    enough, sources = len(report.audible), counted(len(report.sources), "source")
    return f"{enough} of {sources} {'has' if enough == 1 else 'have'} enough answers."


def limits(report: ProviderReport) -> str:
    area = f" of {report.area}" if report.area else ""
    sentences = [f"{report.unit}, a {report.kind}{area}."]
    if report.merged_from:
        sentences.append(f"Made of {report.merged_from}: their answers are added up.")
    sentences += [
        by_measure(report.by_measure),
        "A prompt to look, not a judgement of care, and no league table.",
    ]
    return " ".join(filter(None, sentences))


def figures(report: ProviderReport) -> list[tuple[str, str, str]]:
    """The sources that are heard: value, and what it rests on."""
    return [
        (f"{row.source}, {row.period}", _value(row, row.value), f"{_range(row)}{_answers(row)}")
        for row in each(report.audible.head(4))
    ]


def _value(row: Any, value: float) -> str:
    if not np.isfinite(value):
        return "–"
    return f"{value:.0%}" if row.proportion else f"{value:.1f}"


def _range(row: Any) -> str:
    return f"{_value(row, row.low)} to {_value(row, row.high)}; " if np.isfinite(row.low) else ""


def _answers(row: Any) -> str:
    if not np.isfinite(row.respondents):
        return "number of answers not given"
    return counted(row.respondents, "answer")


def sources(report: ProviderReport) -> list[str]:
    """Each source that has a figure, in a sentence; one whose figure is not heard says so."""
    has_value = report.sources["value"].notna()
    return [text for text, shown in zip(_sentences(report), has_value, strict=True) if shown]


def _sentences(report: ProviderReport) -> list[str]:
    return [
        verdict_words.source(voice.evidence, voice.cell, voice.which) for voice in report.voices
    ]


def together(report: ProviderReport) -> str:
    """Whether all sources that are heard put it on one side of the average; "" of fewer than three."""
    heard = report.together
    if heard is None:
        return ""
    titles = joined([side.short_title for side in heard.sources])
    return (
        f"Heard together, {titles} all put it below the average of its peers: {in_100(heard.below)}; all "
        f"above: {in_100(heard.above)}."
    )


def silences(report: ProviderReport) -> list[str]:
    """Which source is silent, and of what kind."""
    silent = report.sources[report.sources["silence"] != ""]
    return [f"{row.source} ({row.period}): {row.silence}" for row in each(silent)]


def verdicts(report: ProviderReport) -> list[str]:
    """The verdict of each pair of sources, in a sentence with its marks."""
    return [_sentence(report, row) for row in each(report.pairs)]


def _sentence(report: ProviderReport, row: Any) -> str:
    agreement = report.agreements[row.left, row.right]
    assert agreement.verdicts is not None
    cells = agreement.verdicts.cells
    own = cells[cells["unit"] == report.unit]
    return verdict_words.sentences(agreement.verdicts, own, agreement.marks)[0]


def reasons(report: ProviderReport) -> list[str]:
    """Candidate reasons for the first difference, as prompts."""
    return (
        list(map(reason_words.sentence, report.reasons.of(report.unit))) if report.reasons else []
    )


def repeated(report: ProviderReport) -> list[str]:
    """Which sources hold the same answers as another."""
    return [
        f"{beside.short_title} holds the same answers as {side.short_title} here: they are counted once."
        for side, beside in report.repeated
    ]


def picture(report: ProviderReport) -> str:
    """The picture in words."""
    standings = [
        f"{row.source} {signed(row.standing, 1)} ({signed(row.low_standing, 1)} to "
        f"{signed(row.high_standing, 1)}) typical differences from its peers"
        for row in each(report.audible)
    ]
    return f"{report.name}: {'; '.join(standings) or 'nothing to draw'}."


def table(report: ProviderReport) -> Released:
    """One row per source, for download."""
    rows = report.sources
    where = [verdict_words.side(above) if np.isfinite(above) else "" for above in rows["above"]]
    return Released(
        rows.drop(columns=["proportion", "above", "silence"]).assign(
            where=where,
            silence=rows["silence"],
            sentence=_sentences(report),
            unit=report.unit,
            name=report.name,
        )
    )


def pairs_table(report: ProviderReport) -> Released:
    """One row per pair of sources, with its verdict in a few words and in a sentence."""
    rows = report.pairs
    return Released(
        rows.assign(
            verdict=[verdict_words.LABELS[Rule(rule)] for rule in rows["rule"]],
            sentence=verdicts(report),
        )
    )


def method() -> tuple[str, ...]:
    return methods.method("provider", draws=f"{DRAWS:,}")
