"""Are the sources moving together? Each over time, with its signs, and every point."""

from __future__ import annotations

from pxcore.analysis.time.movers import MoversReport
from pxcore.analysis.time.trends import TrendsReport
from pxcore.charts import trends as charts
from pxcore.charts.theme import Palette
from pxcore.disclosure import Released
from pxcore.publish.document import (
    Column,
    Form,
    Piece,
    Section,
    Table,
    every_column,
    files,
)
from pxcore.publish.sections import picture_of
from pxcore.words import movers
from pxcore.words import series as series_words
from pxcore.words import trends as words
from pxcore.words.basis import basis

QUESTION = "Are they moving together?"


def section(
    report: TrendsReport, changed: MoversReport, extracts: Released, palette: Palette
) -> Section:
    """Every source of an organisation or of an area over time."""
    pieces: list[Piece] = []
    if report.series:
        pieces.append(_signs(report, changed))
        if changed.sources and not report.view.unit:
            pieces.append(_changes(changed))
        pieces += [
            Piece(
                f"{series.side.short_title}: {series_words.latest(series)}.",
                (series_words.summary(series),),
                picture_of(charts.row, palette, report, place),
                series_words.summary(series),
            )
            for place, series in enumerate(report.series)
        ]
        pieces.append(_points(report))
    return Section(
        page="trends",
        question=QUESTION,
        answer=words.headline(report, changed),
        limits=words.beneath(report, changed),
        pieces=tuple(pieces),
        cautions=tuple(words.notes(report)),
        method=words.method(report),
        sources=basis(report),
        figures=every_column(words.table(report)),
        files=files(extracts, report.extracts),
        revision=report.revision,
    )


def _changes(changed: MoversReport) -> Piece:
    return Piece(
        "Which of them changed.",
        tuple(movers.notes(changed)),
        table=Table(
            movers.screen(changed),
            (
                Column("name", "Organisation", share=1.6),
                *(Column(moves.side.source, moves.side.short_title) for moves in changed.sources),
            ),
        ),
    )


def _signs(report: TrendsReport, changed: MoversReport) -> Piece:
    of_one = movers.of_one(changed) if report.view.unit else []
    return Piece(
        "What stands out, source by source.",
        (*of_one, *words.findings(report)),
        table=Table(
            words.icon_table(report),
            (
                Column("source", "Source", share=0.8),
                Column("latest", "Latest", share=1.7),
                Column("variation", "Does it vary more than usual?", share=1.2),
                Column("direction", "Where is it heading?"),
                *([Column("assurance", "Its target", share=0.8)] if report.any_target else []),
            ),
        ),
    )


def _points(report: TrendsReport) -> Piece:
    return Piece(
        "Every point.",
        (),
        table=Table(
            words.screen(report),
            (
                Column("source", "Source"),
                Column("period", "Period"),
                Column("value", "Per cent or score", Form.PERCENT, 0.7),
                Column("respondents", "Answers", Form.COUNT, 0.6),
                Column("organisations", "Organisations", Form.COUNT, 0.7),
                Column("swing", "Mean (limits)", share=1.3),
                Column("rule", "What the rules say", share=1.3),
            ),
        ),
    )
