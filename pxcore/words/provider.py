"""What all sources say of one organisation, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pxcore.analysis.judging.certainty import AGREE
from pxcore.analysis.judging.verdicts import MARKS
from pxcore.analysis.pairs.provider import DIFFERING, ProviderReport
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.stats.ranks import DRAWS
from pxcore.stats.verdict import Rule
from pxcore.words import methods
from pxcore.words import reasons as reason_words
from pxcore.words import verdicts as verdict_words
from pxcore.words.certainty import in_100, label
from pxcore.words.english import counted, joined, signed
from pxcore.words.overview import by_measure, of_pair


def summary(report: ProviderReport) -> str:
    """The one plain sentence."""
    if not len(report.audible):
        return (
            f"{report.name}: no source has enough answers to say where it stands among its peers."
        )
    return f"{report.name}: {_verdict(report)}. {_enough(report)}"


def _verdict(report: ProviderReport) -> str:
    """What the pairs of sources come to: the difference or the agreement that is likeliest."""
    marks = report.pairs["mark"]
    differing = report.pairs[marks.isin(DIFFERING)]
    agreed = report.pairs[marks.isin([*AGREE, MARKS[Rule.AGREEMENT]])]
    if len(differing):
        others = len(differing) - 1
        more = f", and so do {others} more pairs" if others > 1 else ""
        more = ", and so does one more pair" if others == 1 else more
        return f"{_pair(report, differing)} {_how(differing)} about it{more}"
    if len(agreed):
        return f"{_pair(report, agreed)} {_how(agreed)} about it"
    if len(report.pairs):
        return f"whether {_pair(report, report.pairs)} agree about it could be either"
    return "no two sources can be set against each other"


def _how(rows: pd.DataFrame) -> str:
    """What the first pair of some does, and how likely."""
    row = rows.iloc[0]
    if np.isnan(row["agree"]):
        return "differ" if row["mark"] in DIFFERING else "agree"
    likely = 1 - row["agree"] if row["mark"] in DIFFERING else row["agree"]
    return f"{row['mark']} ({in_100(likely)})"


def _pair(report: ProviderReport, rows: pd.DataFrame) -> str:
    """The first pair of some, as a sentence names it."""
    return of_pair(report.agreements[rows["left"].iloc[0], rows["right"].iloc[0]])


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
        "▲ above and ▼ below its peers: all others of its kind. A prompt to look, not a judgement of care.",
    ]
    return " ".join(filter(None, sentences))


MOST_CARDS = 5  # sources in the row of figures


def figures(report: ProviderReport) -> list[tuple[str, str, str]]:
    """The sources that are heard: value, and what it rests on, beside its peers."""
    return [
        (
            f"{row.source}, {row.period}",
            f"{_arrow(row)} {_value(row, row.value)}".strip(),
            f"{_range(row)}{_peers(row)}{_answers(row)}",
        )
        for row in each(report.audible.head(MOST_CARDS))
    ]


def _arrow(row: Any) -> str:
    """Above its peers or below; "" where there are none, or the two are printed alike."""
    if not np.isfinite(row.peers):
        return ""
    apart = verdict_words.difference_printed(row.value, row.peers, row.proportion)
    return verdict_words.arrow(apart)


def _peers(row: Any) -> str:
    return f"peers {_value(row, row.peers)}; " if np.isfinite(row.peers) else ""


def _value(row: Any, value: float) -> str:
    if not np.isfinite(value):
        return "–"
    return verdict_words.printed(value, row.proportion)


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
    """Of each pair of sources how likely they agree about it, or its verdict; with its marks."""
    return [_sentence(report, row) for row in report.pairs.to_dict("records")]


def _sentence(report: ProviderReport, row: Mapping[Any, Any]) -> str:
    agreement = report.agreements[row["left"], row["right"]]
    assert agreement.verdicts is not None
    cells = agreement.verdicts.cells
    own = cells[cells["unit"] == report.unit]
    if np.isnan(row["agree"]):
        return verdict_words.sentences(agreement.verdicts, own, agreement.marks)[0]
    sides = [
        f"{side.short_title} {verdict_words.side(own[f'{which}_above'].iloc[0])}"
        for which, side in (("left", agreement.left), ("right", agreement.right))
    ]
    return f"{label(row)}: {', '.join(sides)}{verdict_words.marked(agreement)}."


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


def picture_title(report: ProviderReport) -> str:
    """The title of the picture of where each source puts it, clearly or probably."""
    heard = [verdict_words.side(above) for above in report.audible["above"]]
    below, above = (sum(way in place for place in heard) for way in ("below", "above"))
    near = len(heard) - below - above
    return f"{below} below its peers, {above} above{f', {near} near them' if near else ''}"


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
    """One row per pair of sources, with what is said of it in a sentence."""
    return Released(report.pairs.assign(sentence=verdicts(report)))


def method() -> tuple[str, ...]:
    return methods.method("provider", draws=f"{DRAWS:,}")
