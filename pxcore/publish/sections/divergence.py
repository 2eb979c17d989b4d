"""About whom do two sources differ? Every organisation, and the one picked."""

from __future__ import annotations

from pxcore.analysis.pairs.divergence import DivergenceReport
from pxcore.charts import divergence as charts
from pxcore.charts.theme import Palette
from pxcore.disclosure import Released
from pxcore.publish.document import (
    Kind,
    Native,
    Piece,
    Section,
    Table,
    every_column,
    files,
    headed,
)
from pxcore.publish.sections import picture_of, word_marks
from pxcore.words import certainty, verdicts
from pxcore.words import divergence as words
from pxcore.words.basis import basis

QUESTION = "About whom do they differ?"


def section(report: DivergenceReport, unit: str, extracts: Released, palette: Palette) -> Section:
    """Two sources, organisation by organisation; `unit` is the one looked at, "" of none."""
    pieces: list[Piece] = []
    if report.status == "ok":
        pieces.append(_ranked(report, palette))
    if unit:
        pieces.append(_organisation(report, unit, palette))
    if report.status != "refused":
        pieces.append(_everybody(report))
    return Section(
        page="divergence",
        question=QUESTION,
        answer=words.summary(report),
        limits=words.limits(report),
        pieces=tuple(pieces),
        cautions=(*words.warnings(report), *verdicts.notes(report)),
        method=words.method(report),
        sources=basis(report),
        figures=None
        if report.status == "refused"
        else every_column(words.table(report), report.left.short_title, report.right.short_title),
        files=files(extracts, report.alignment.extracts),
        revision=report.alignment.revision,
        marks=tuple(map(str, report.marks)),
        statistics=tuple((word, float(n)) for word, n in report.certainty.counts().items())
        if report.status == "ok"
        else (),
    )


def _ranked(report: DivergenceReport, palette: Palette) -> Piece:
    drawn = report.drawn()
    return Piece(
        certainty.shares_title(report.certainty) or words.summary(report),
        (
            words.summary(report),
            "How far apart the two sources probably put an organisation, with the range that holds it 19 "
            "times in 20. Within one typical difference they agree.",
        ),
        picture_of(charts.ranked, palette, report),
        words.ranked(report),
        Native(
            Kind.RANGES, drawn, "name", "gap", low="gap_low", high="gap_high", series="mark",
            marks=word_marks(set(drawn["mark"]), palette),
            axes=(
                f"← {report.right.short_title} better · gap, typical differences · "
                f"{report.left.short_title} better →",
                "",
            ),
        ) if len(drawn) else None,
    )  # fmt: skip


def _organisation(report: DivergenceReport, unit: str, palette: Palette) -> Piece:
    spoken = report.has_standing(unit)
    return Piece(
        certainty.label_of(report.certainty, unit),
        (*words.sources(report, unit), words.sentence(report, unit), *words.reasons(report, unit)),
        picture_of(charts.standing, palette, report, unit) if spoken else None,
        " ".join(words.sources(report, unit)),
    )


def _everybody(report: DivergenceReport) -> Piece:
    name, *columns = words.columns(report)
    return Piece(
        "Every organisation, with its figures.",
        (),
        table=Table(
            words.screen(report),
            headed(name, "unit", *columns),
        ),
    )
