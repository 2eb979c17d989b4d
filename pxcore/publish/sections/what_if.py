"""Does the conclusion hold if …? A baseline beside a scenario."""

from __future__ import annotations

from pxcore.analysis.pairs.what_if import WhatIfReport
from pxcore.charts import what_if as charts
from pxcore.charts.theme import Palette
from pxcore.disclosure import Released
from pxcore.publish.document import Piece, Section, Table, every_column, files, headed
from pxcore.publish.sections import picture_of
from pxcore.words import agreement
from pxcore.words import what_if as words
from pxcore.words.basis import basis

QUESTION = "Does the conclusion hold if …?"


def section(report: WhatIfReport, extracts: Released, palette: Palette) -> Section:
    """Two sources under a scenario, beside their baseline."""
    pieces: list[Piece] = []
    if report.answered:
        pieces.append(_flow(report, palette))
        if len(report.headline_rows()):
            pieces.append(
                Piece(
                    words.headlines_title(report) or words.in_general(report),
                    (
                        words.in_general(report),
                        f"Baseline: {agreement.summary(report.baseline)}",
                    ),
                    picture_of(charts.headlines, palette, report),
                    words.in_general(report),
                )
            )
        pieces.append(_moved(report))
    return Section(
        page="what_if",
        question=QUESTION,
        answer=words.summary(report),
        limits=words.limits(report),
        pieces=tuple(pieces),
        cautions=(words.no_test(report),) if report.answered else (),
        method=words.method(),
        sources=basis(report),
        figures=every_column(words.table(report)) if report.answered else None,
        files=files(extracts, report.extracts),
        revision=report.baseline.alignment.revision,
        marks=(words.title(report), *map(str, report.changed.marks)),
    )


def _flow(report: WhatIfReport, palette: Palette) -> Piece:
    changes = words.what_changed(report)
    return Piece(
        words.flow_title(report),
        tuple(changes),
        picture_of(charts.flow, palette, report),
        " ".join(changes),
    )


def _moved(report: WhatIfReport) -> Piece:
    return Piece(
        "Organisations spoken of with another word.",
        (),
        table=Table(
            words.screen(report),
            headed("name", "likely_before", "likely_after", "range_before", "range_after"),
        ),
    )
