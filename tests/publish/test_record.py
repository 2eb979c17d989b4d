"""The record of a workshop as files: the figures of the page, own words that were let go, nothing else."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest

from pxcore.analysis.files.sources import sources
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.workshop.frozen import FrozenSource
from pxcore.analysis.workshop.minutes import CellMinutes, Minutes, minutes
from pxcore.charts.theme import LIGHT
from pxcore.publish.document import Document
from pxcore.publish.files import KINDS, FileKind
from pxcore.publish.sections import record as section
from pxcore.store import Store
from pxcore.words import minutes as words
from pxcore.words import record as record_words
from pxcore.words import workshop as workshop_words
from tests.analysis.workshop.rooms import concluded, frozen, made
from tests.publish.documents import MARK, text_of


def every_source(cell: CellMinutes) -> tuple[FrozenSource, ...]:
    return (*cell.facts.sources, *cell.facts.beside)


@pytest.fixture(scope="module")
def report(demonstration: Store, every_pair: OverviewReport) -> Minutes:
    room, identifier = concluded(demonstration, every_pair)
    return minutes(room, demonstration, identifier)


@pytest.fixture(scope="module")
def made_of_it(report: Minutes, demonstration: Store) -> Document:
    parts = section.sections(report, sources(demonstration).extracts)
    return Document(section.title(report), parts, LIGHT, MARK, date(2026, 11, 30))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.ending)
def test_every_kind_of_file_holds_it(made_of_it: Document, report: Minutes, kind: FileKind) -> None:
    text = text_of(kind.write(made_of_it))
    (kept,) = report.standing
    rows = [*record_words.course(kept.decision), *record_words.follow_up(kept.decision)]
    for expected in (
        MARK, report.workshop.title, report.workshop.frozen_key[:16], kept.decision.draft.words,
        *(workshop_words.title(cell.cell) for cell in report.cells),
        *(text for _, text in rows), *(record_words.reviewed(review) for review in kept.reviews),
        *(record_words.version(version) for version in kept.versions),
        "It looks a long wait", "Not all of us think so", "The text messages went to few",
    ):  # fmt: skip
        assert expected in text, expected
    for private in ("This stays in the room", "Nobody has looked at this"):
        assert private not in text


def test_the_tables_of_the_report_hold_the_figures_as_they_were_frozen(
    made_of_it: Document, report: Minutes
) -> None:
    (word,) = [kind for kind in KINDS if kind.ending == "docx"]
    written = docx.Document(io.BytesIO(word.write(made_of_it)))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in written.tables]
    figures = [table[1:] for table in tables if table[0][0] == "Source" and "Peers" in table[0]]
    for cell, rows in zip(report.cells, figures, strict=True):
        for source, row in zip(every_source(cell), rows, strict=True):
            assert row[0] == source.side.short_title
            assert row[2] == (
                source.silence
                if source.value is None
                else workshop_words.value(source.value, source.side.unit)
            )
            assert row[5] == ("–" if source.respondents is None else f"{source.respondents:,.0f}")
    (said,) = [table[1:] for table in tables if table[0][-1] == "Second round"]
    counts = [[int(count) for count in row[1:]] for row in said]
    assert counts == [[0, 0], [3, 1], [5, 7], [0, 0], [0, 0]]
    decided = [row for table in tables for row in table if row[0].startswith("The room's chance")]
    assert decided == [["The room's chance that it does", "80 in 100, the middle of 3 answers"]]


def test_the_workbook_has_every_version_and_every_figure_as_a_number(
    made_of_it: Document, report: Minutes
) -> None:
    whole, first, second, third = made_of_it.sections
    assert whole.figures is not None
    assert whole.figures.rows["respondents"].tolist() == [
        source.respondents for cell in report.cells for source in every_source(cell)
    ]
    assert first.figures is not None
    assert first.figures.rows["version"].tolist() == [1, 2]
    assert second.figures is not None
    assert second.figures.rows["stands"].tolist() == ["yes", "withdrawn"]
    assert third.figures is None


def test_a_question_not_asked_and_nothing_decided_is_said(made_of_it: Document) -> None:
    (piece,) = made_of_it.sections[3].pieces
    assert piece.lines == ("The room was not asked.", "Nothing is decided on this question.")
    assert made_of_it.sections[2].pieces[0].lines == ("The room was not asked.",)


def test_a_workshop_just_made_has_a_record(
    demonstration: Store, every_pair: OverviewReport
) -> None:
    room = Store.open(None)
    identifier = made(room, frozen(demonstration, every_pair), demonstration)
    bare = minutes(room, demonstration, identifier)
    parts = section.sections(bare, sources(demonstration).extracts)
    assert parts[0].answer == f"Nothing is decided yet on {len(bare.cells)} questions, by 0 people."
    assert words.present(bare) == "Nobody has joined with a telephone."
    assert not [line for line in parts[0].cautions if "looked at and" in line]
    silent = [
        source.silence
        for cell in bare.cells
        for source in cell.facts.sources
        if source.value is None
    ]
    assert silent
    text = text_of(KINDS[1].write(Document("Bare", parts, LIGHT, "", date(2026, 11, 30))))
    assert all(silence in text for silence in silent)
    assert "says too little" in text


def test_a_page_without_pictures_carries_no_library(made_of_it: Document) -> None:
    (page,) = [kind for kind in KINDS if kind.ending == "html"]
    content = page.write(made_of_it)
    assert len(content) < 60_000
    assert b"<script" not in content
    assert b'<th scope="row">' in content
