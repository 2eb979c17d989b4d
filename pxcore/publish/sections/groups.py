"""Does it hold for everyone? Two sources by groups of people or of organisations."""

from __future__ import annotations

from pxcore.analysis.pairs.group_report import GroupsReport
from pxcore.charts import groups as charts
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
from pxcore.publish.picture import rows as rows_drawn
from pxcore.publish.sections import alike, picture_of
from pxcore.words import group_pictures as pictures
from pxcore.words import group_tables as tables
from pxcore.words import groups as words
from pxcore.words import verdicts
from pxcore.words.basis import basis
from pxcore.words.columns import Column

QUESTION = "Does it hold for everyone?"


def section(report: GroupsReport, extracts: Released, palette: Palette) -> Section:
    """Two sources by the groups of one dimension."""
    pieces: list[Piece] = []
    if report.has_cells:
        pieces.append(_cells(report, palette))
    if report.has_gaps:
        pieces.append(_gaps(report, palette))
    if len(report.rankings) and report.has_rankings:
        pieces.append(_rankings(report, palette))
    return Section(
        page="groups",
        question=QUESTION,
        answer=words.summary(report),
        limits=words.limits(report),
        pieces=tuple(pieces),
        cautions=(*verdicts.warnings(report), *words.notes(report)),
        method=words.method(report),
        sources=basis(report),
        figures=every_column(Released(report.cells.drop(columns=["side"])))
        if report.has_cells
        else None,
        files=files(extracts, report.alignment.extracts),
        revision=report.alignment.revision,
        marks=tuple(map(str, report.marks)),
    )


def _cells(report: GroupsReport, palette: Palette) -> Piece:
    return Piece(
        pictures.picture_title(report) or words.summary(report),
        tuple(words.findings(report)),
        picture_of(charts.by_group, palette, report),
        pictures.picture(report),
        table=Table(tables.screen(report), headed(*tables.columns(report))),
    )


def _gaps(report: GroupsReport, palette: Palette) -> Piece:
    picture = picture_of(charts.gaps, palette, report)
    return Piece(
        pictures.gaps_title(report),
        (pictures.gaps_picture(report),),
        picture,
        pictures.gaps_picture(report),
        Native(
            Kind.RANGES, rows_drawn(picture), "Gap", "Points", low="From", high="To",
            axes=(f"{report.left.short_title} less {report.right.short_title}, points", ""),
            marks=alike(palette.agreement),
        ) if picture is not None else None,
        Table(
            tables.gap_table(report),
            headed(Column.of("what", "which_gap"), "points"),
        ),
    )  # fmt: skip


def _rankings(report: GroupsReport, palette: Palette) -> Piece:
    return Piece(
        pictures.rankings_title(report),
        (words.rankings(report),),
        picture_of(charts.rankings, palette, report),
        pictures.rankings_picture(report),
        table=Table(
            tables.ranking_table(report),
            headed("band", words.organisations(report), "underlying_range", "raw_range"),
        ),
    )
