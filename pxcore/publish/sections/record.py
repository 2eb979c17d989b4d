"""The record of a workshop: what was decided, then each question with what it rests on and what was said."""

from __future__ import annotations

from pxcore.analysis.workshop.minutes import CellMinutes, KeptDecision, Minutes
from pxcore.disclosure import Released
from pxcore.publish.document import Piece, Section, Table, every_column, files, headed
from pxcore.publish.page_names import RECORD
from pxcore.words import minutes as words
from pxcore.words import record as record_words
from pxcore.words import workshop as workshop_words
from pxcore.words.columns import Column

QUESTION = "What did this room conclude?"


def title(report: Minutes) -> str:
    """Of a document that holds the record alone."""
    return f"{report.workshop.title}: the record of a workshop"


def sections(report: Minutes, extracts: Released) -> tuple[Section, ...]:
    """The whole, then a section a question."""
    behind = files(extracts, report.extracts)
    revision = report.workshop.revision
    whole = Section(
        page=RECORD,
        question=QUESTION,
        answer=words.summary(report),
        limits=words.limits(report),
        pieces=(_overview(report),),
        cautions=words.cautions(report),
        method=words.METHOD,
        sources=words.basis(report),
        figures=every_column(words.frozen(report)),
        files=behind,
        revision=revision,
    )
    return whole, *(
        Section(
            page=RECORD,
            question=workshop_words.title(cell.cell),
            answer=f"{workshop_words.likely(cell.facts)}.",
            limits=workshop_words.learnt(cell.facts),
            pieces=_pieces(report, cell),
            cautions=(),
            method=(),
            sources=words.cell_basis(report, cell),
            figures=_versions(cell),
            files=behind,
            revision=revision,
            marks=cell.facts.marks,
        )
        for cell in report.cells
    )


def _overview(report: Minutes) -> Piece:
    return Piece(
        "Each question, and what is decided.",
        (words.present(report),),
        table=Table(
            words.overview(report),
            headed(
                *(Column.of("organisation", "name"), "figures_say", "room_says", "decided"),
                *("owner", "due"),
                names_rows=True,
            ),
        ),
    )


def _pieces(report: Minutes, cell: CellMinutes) -> tuple[Piece, ...]:
    own = Piece(
        "In the room’s own words.",
        table=Table(
            words.own_words(cell),
            headed(Column.of("about", "what"), Column.of("words", "in_words")),
        ),
    )
    return (
        _figures(cell),
        *((_room(report, cell),) if cell.rounds else ()),
        *((own,) if cell.words else ()),
        *(piece for kept in cell.decisions for piece in _decision(kept)),
    )


def _figures(cell: CellMinutes) -> Piece:
    return Piece(
        words.figures_title(cell),
        words.not_yet(cell),
        table=Table(
            words.figures(cell),
            headed(
                *("source", "period", "figure", "range", "peers"),
                *(Column.of("answers", "respondents"), Column.of("stands", "stands_alone")),
                names_rows=True,
            ),
        ),
    )


def _room(report: Minutes, cell: CellMinutes) -> Piece:
    rounds = [
        Column.of(f"round_{said.round}", "people", words.ROUNDS[said.round]) for said in cell.rounds
    ]
    columns = headed(Column.of("answer", "same_story"), *rounds, names_rows=True)
    return Piece(
        words.room_title(cell.rounds[-1]),
        words.room_lines(report, cell),
        table=Table(words.answers(cell), columns),
    )


def _decision(kept: KeptDecision) -> tuple[Piece, Piece]:
    columns = headed("what", Column.of("text", "in_words"), names_rows=True)
    return (
        Piece(words.decision_title(kept), table=Table(words.decision(kept), columns)),
        Piece(words.sign_title(kept), table=Table(words.sign(kept), columns)),
    )


def _versions(cell: CellMinutes) -> Table | None:
    """Every version of every decision, for a workbook: the latest speaks."""
    versions = [version for kept in cell.decisions for version in kept.versions]
    return every_column(record_words.table(versions)) if versions else None
