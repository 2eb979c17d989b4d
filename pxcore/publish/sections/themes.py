"""What do people say behind the figures? Themes by source, from comments that are coded."""

from __future__ import annotations

from pxcore.analysis.comments.themes import ThemesReport
from pxcore.charts import themes as charts
from pxcore.charts.theme import Mark, Palette
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
from pxcore.publish.sections import picture_of
from pxcore.words import themes as words
from pxcore.words.basis import basis

QUESTION = "What do people say behind the figures?"


def section(report: ThemesReport, extracts: Released, palette: Palette) -> Section:
    """Themes of every source whose comments are coded; no comment leaves with it."""
    spoken = report.status == "ok"
    return Section(
        page="themes",
        question=QUESTION,
        answer=words.summary(report),
        limits=words.limits(report),
        pieces=(_shares(report, palette), _every(report)) if spoken else (),
        cautions=tuple(words.notes(report)) if spoken else (),
        method=words.method(report) if spoken else (),
        sources=basis(report),
        figures=every_column(words.table(report)) if spoken else None,
        files=files(extracts, report.extracts),
        revision=report.revision,
        marks=words.marks(report),
    )


def _shares(report: ThemesReport, palette: Palette) -> Piece:
    drawn = report.drawn()
    colours = dict(zip(drawn["source"], map(palette.signal, drawn["signal"]), strict=True))
    named = bool(report.topics)
    native = Native(
        Kind.RANGES, drawn.assign(**{name: drawn[name] * 100 for name in ("share", "low", "high")}),
        "theme", "share", low="low", high="high", series="source",
        marks=tuple(
            Mark(source, "circle", palette.ground if place else colour, colour)
            for place, (source, colour) in enumerate(colours.items())
        ),
        axes=("Per cent of people whose comments are coded", ""),
    )  # fmt: skip
    return Piece(
        words.prominence_title(report) or words.summary(report),
        (*words.findings(report), words.coders(report)),
        picture_of(charts.prominence, palette, report) if named else None,
        words.prominence(report),
        native if named else None,
    )


def _every(report: ThemesReport) -> Piece:
    return Piece(
        "Every theme: shares of people, each with its 95 % range.",
        (),
        table=Table(words.screen(report), headed(*words.columns(report))),
    )
