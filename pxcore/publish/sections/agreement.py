"""Do two sources order organisations alike? The scatter, how strong it is, and everyone compared."""

from __future__ import annotations

from pxcore.analysis.judging.certainty import CertaintyReport
from pxcore.analysis.pairs.agreement import AgreementReport
from pxcore.charts import agreement as charts
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
from pxcore.publish.sections import alike, picture_of, word_marks
from pxcore.words import agreement as words
from pxcore.words import certainty, verdicts
from pxcore.words.basis import basis

RAW, RAW_FROM, RAW_TO = (
    "raw rank correlation", "raw rank correlation, from", "raw rank correlation, to",
)  # fmt: skip
QUESTION = "Do two sources order organisations alike?"


def section(
    report: AgreementReport, likely: CertaintyReport | None, extracts: Released, palette: Palette
) -> Section:
    """Two sources over all organisations; `likely` is None where nothing is compared."""
    pieces: list[Piece] = []
    if likely is not None and len(report.pairs):
        pieces.append(_scatter(report, likely, palette))
        if report.correlation is not None:
            pieces.append(_strength(report, palette))
        pieces.append(_compared(report))
    return Section(
        page="agreement",
        question=QUESTION,
        answer=words.headline(report),
        limits=words.limits(report),
        pieces=tuple(pieces),
        cautions=(*words.warnings(report), *verdicts.notes(report)),
        method=words.method(report),
        sources=basis(report),
        figures=every_column(report.table(), report.left.short_title, report.right.short_title)
        if pieces
        else None,
        files=files(extracts, report.alignment.extracts),
        revision=report.alignment.revision,
        marks=tuple(map(str, report.marks)),
        statistics=_statistics(report),
    )


def _statistics(report: AgreementReport) -> tuple[tuple[str, float], ...]:
    """The raw correlation with its range: what the values compared give by themselves."""
    raw = report.correlation
    if raw is None:
        return ()
    ends = (
        ((RAW_FROM, raw.interval.low), (RAW_TO, raw.interval.high))
        if raw.interval is not None
        else ()
    )
    return ((RAW, raw.estimate), *ends)


def _scatter(report: AgreementReport, likely: CertaintyReport, palette: Palette) -> Piece:
    placed = report.pairs[
        report.pairs["left_standing"].notna() & report.pairs["right_standing"].notna()
    ]
    by_unit = dict(zip(likely.in_view["unit"], likely.in_view["mark"], strict=True))
    placed = placed.assign(mark=[by_unit.get(unit, "not judged") for unit in placed["unit"]])
    native = Native(
        Kind.POINTS, Released(placed), "name", "left_standing", "right_standing", series="mark",
        marks=word_marks(set(placed["mark"]), palette),
        axes=(
            f"{report.left.short_title}: standing among peers",
            f"{report.right.short_title}: standing among peers",
        ),
    )  # fmt: skip
    return Piece(
        certainty.shares_title(likely) or words.headline(report),
        tuple(words.findings(report, likely)),
        picture_of(charts.scatter, palette, report, likely),
        words.summary(report),
        native if len(placed) else None,
    )


def _strength(report: AgreementReport, palette: Palette) -> Piece:
    picture = picture_of(charts.coefficient, palette, report)
    return Piece(
        words.coefficient_title(report),
        tuple(filter(None, [words.context(report), words.published(report)])),
        picture,
        words.context(report),
        Native(
            Kind.RANGES, rows_drawn(picture), "What", "Correlation", low="From", high="To",
            axes=("0 unrelated, 1 the same order", ""), marks=alike(palette.agreement),
        ) if picture is not None else None,
    )  # fmt: skip


def _compared(report: AgreementReport) -> Piece:
    return Piece(
        "The organisations compared.",
        (),
        table=Table(words.screen(report), headed(*words.columns(report))),
    )
