"""Do our sources agree? The answer of Overview, where to look first, the matrix, every pair."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pxcore.analysis.judging.certainty import CertaintyReport
from pxcore.analysis.pairs.matrix import Matrix
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.rows import each
from pxcore.charts import overview as charts
from pxcore.charts.theme import Palette
from pxcore.disclosure import Released
from pxcore.publish.document import (
    Form,
    Kind,
    Native,
    Piece,
    Section,
    Table,
    every_column,
    files,
    headed,
)
from pxcore.publish.sections import alike, picture_of, word_marks
from pxcore.words import certainty as certainty_words
from pxcore.words import coverage as coverage_words
from pxcore.words import matrix as matrix_words
from pxcore.words import overview as words
from pxcore.words.basis import basis
from pxcore.words.columns import Column
from pxcore.words.english import capital
from pxcore.words.overview import Pair

MOST_MARKS = 400  # organisations that are drawn one by one
MOST_ROWS = 14  # of the matrix
QUESTION = "Do our sources agree?"


def section(
    report: OverviewReport, pair: Pair | None, extracts: Released, palette: Palette
) -> Section:
    """Overview of a pair of sources; without one, what can be said of all.

    Parameters
    ----------
    extracts : every file loaded, as `SourcesReport` has them.
    """
    pieces: list[Piece] = []
    if pair is not None:
        pieces.append(_strip(report.likely[pair], words.summary(report, pair), palette))
    if report.looks(pair):
        pieces.append(_looks(report, pair))
    pieces += [_matrix(matrix, palette) for matrix in report.matrices() if matrix.telling]
    pieces += [_pairs(report, palette), _coverage(report, palette)]
    return Section(
        page="overview",
        question=QUESTION,
        answer=words.summary(report, pair),
        limits=words.limits(report, pair),
        pieces=tuple(pieces),
        cautions=tuple(words.findings(report)),
        method=words.method(),
        sources=basis(report.likely[pair]) if pair is not None else basis(report),
        figures=every_column(words.table(report)),
        files=files(extracts, report.extracts),
        revision=report.coverage.revision,
    )


def _strip(likely: CertaintyReport, answer: str, palette: Palette) -> Piece:
    counts = likely.counts()
    rows = Released(
        {"word": [capital(word) for word in counts], "organisations": list(counts.values())}
    )
    drawn = len(likely.in_view) <= MOST_MARKS
    return Piece(
        certainty_words.shares_title(likely) or answer,
        (answer, *filter(None, [certainty_words.settled(likely)])),
        picture_of(charts.strip, palette, likely) if drawn else None,
        certainty_words.picture(likely),
        Native(
            Kind.SHARES, rows, "word", "organisations", series="word",
            marks=tuple(replace(mark, label=capital(mark.label)) for mark in word_marks(counts, palette)),
            axes=("Organisations", ""), form=Form.COUNT,
        ),
        Table(
            rows,
            headed(Column.of("word", "they"), "organisations"),
        ),
    )  # fmt: skip


def _looks(report: OverviewReport, pair: Pair | None) -> Piece:
    rows = Released(
        [
            {
                "name": look.name,
                "pair": words.of_pair(look.report),
                "what": words.what(look),
                "each_source": "; ".join(words.each_source(look)),
                "reason": words.reason(look) or words.NO_REASON,
            }
            for look in report.looks(pair)
        ]
    )
    return Piece(
        f"Where to look first: {rows['name'].iloc[0]}"
        + (f" and {len(rows) - 1} more." if len(rows) > 1 else "."),
        ("A prompt to look, not a judgement of care.",),
        table=Table(
            rows,
            headed(
                *("name", "pair", Column.of("what", "likely"), "each_source"),
                Column.of("reason", "reasons", title="A reason to look at", share=1.5),
            ),
        ),
    )


def _matrix(matrix: Matrix, palette: Palette) -> Piece:
    cells = pd.DataFrame(matrix.part("", MOST_ROWS))
    cells = cells.assign(said=certainty_words.labels(cells))
    wide = cells.pivot(index=["place", "name"], columns="pair", values="said")
    pairs = [pair for pair in matrix.telling if pair in wide]
    rows = Released(wide.reset_index()[["name", *pairs]].fillna(""))
    return Piece(
        f"{matrix_words.title(matrix)}: those on which most sources differ first.",
        tuple(filter(None, [matrix_words.summary(matrix), matrix_words.letters(matrix)])),
        picture_of(charts.matrix, palette, matrix, "", MOST_ROWS),
        matrix_words.summary(matrix),
        table=Table(
            rows,
            headed("name", *(Column.of(pair, "each", pair) for pair in pairs)),
        ),
    )


def _pairs(report: OverviewReport, palette: Palette) -> Piece:
    answered = report.answered
    shown = words.table(report)
    ranked = shown[shown["underlying"].notna()]
    native = Native(
        Kind.RANGES, Released(ranked), "pair", "underlying", low="underlying_low", high="underlying_high",
        axes=("Underlying agreement: 1 the same order throughout, 0 no relation", ""),
        marks=alike(palette.agreement),
    )  # fmt: skip
    return Piece(
        "How alike two sources rank the same organisations in general, pair by pair.",
        tuple(words.findings(report)),
        picture_of(charts.agreements, palette, report) if answered else None,
        "; ".join(
            f"{row.pair}: {row.underlying_range or row.raw_range or row.to_bear_in_mind}"
            for row in each(words.screen(report))
        ),
        native if len(ranked) else None,
        Table(
            words.screen(report),
            headed(
                "pair", "compared", "underlying_range", "raw_range", "mirrors", "to_bear_in_mind"
            ),
        ),
    )


def _coverage(report: OverviewReport, palette: Palette) -> Piece:
    text = coverage_words.summary(report.coverage)
    return Piece(
        "What each source covers, month by month.",
        (
            "Paler: fewer organisations than in the source’s fullest month. A gap: nothing is loaded.",
        ),
        picture_of(charts.coverage, palette, report.coverage),
        text,
    )
