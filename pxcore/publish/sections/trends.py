"""Are the sources moving together? Each over time, with its signs, and every point."""

from __future__ import annotations

from pxcore.analysis.time.movers import MoversReport
from pxcore.analysis.time.trends import TrendsReport
from pxcore.charts import trends as charts
from pxcore.charts.theme import Palette
from pxcore.disclosure import Released
from pxcore.publish.document import (
    Piece,
    Section,
    Table,
    every_column,
    files,
    headed,
)
from pxcore.publish.sections import picture_of
from pxcore.words import movers
from pxcore.words import series as series_words
from pxcore.words import trends as words
from pxcore.words.basis import basis
from pxcore.words.columns import Column

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
            headed(
                Column.of("name", share=1.6),
                *(Column.of(m.side.source, "each", m.side.short_title) for m in changed.sources),
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
            headed(
                *("source", "latest", "variation", Column.of("direction", "course")),
                *(["assurance"] if report.any_target else []),
            ),
        ),
    )


def _points(report: TrendsReport) -> Piece:
    return Piece(
        "Every point.",
        (),
        table=Table(
            words.screen(report),
            headed(
                *("source", "period", Column.of("value", "score"), "respondents", "organisations"),
                *("swing", "rule"),
            ),
        ),
    )
