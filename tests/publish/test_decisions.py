"""Decisions as files: what became of each; the public's page names nobody and holds what was let go alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from pxcore.analysis.files.sources import sources
from pxcore.analysis.workshop.decisions import DecisionsReport, Followed, Move
from pxcore.charts.theme import LIGHT
from pxcore.publish.document import Document
from pxcore.publish.files import KINDS
from pxcore.publish.sections.decisions import public, section
from pxcore.stats.forecast import forecast_score
from pxcore.store import Store
from pxcore.words import decisions as words
from tests.publish.documents import MARK, text_of
from tests.words.test_decisions import DECISION, DRAFT, MOVED

SILENT = replace(
    MOVED, after=None, alone=None, move=Move.NOTHING_EXPECTED, why=None, reach=None,
    decision=replace(
        DECISION, decision="second", name="Elm Surgery",
        draft=replace(DRAFT, expected=None, owner="Wilhelmina Quibble", words="=Open on Saturdays"),
    ),
)  # fmt: skip


def report(*records: Followed) -> DecisionsReport:
    score = forecast_score([0.9, 0.1] * 10, [1, 0] * 10)
    return DecisionsReport(records, 20, 20, score, date(2026, 11, 30), 7, (1,))


@pytest.fixture
def made(demonstration: Store) -> Document:
    extracts = sources(demonstration).extracts
    whole = report(MOVED, SILENT)
    parts = (
        section(whole, whole.records, extracts, LIGHT),
        public(whole, [MOVED], extracts),
    )
    return Document("Decisions", parts, LIGHT, MARK, date(2026, 11, 30))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.ending)
def test_every_kind_of_file_says_what_became_of_each(made: Document, kind: object) -> None:
    text = text_of(kind.write(made))  # type: ignore[attr-defined]
    for expected in (
        words.summary(report(MOVED, SILENT)).rstrip("."), "The Surgery", "Elm Surgery",
        "Open on Saturdays", words.became(MOVED), MARK,
    ):  # fmt: skip
        assert expected in text, expected
    assert ("Brier score" in text) is (kind.ending != "xlsx")  # type: ignore[attr-defined]  tables alone


def test_a_decision_has_a_row_in_figures_and_one_in_words(made: Document) -> None:
    decisions, told = made.sections
    assert decisions.figures is not None
    assert len(decisions.figures.rows) == 2
    (table,) = [piece.table for piece in decisions.pieces if piece.table is not None]
    assert table.rows["became"].tolist() == [words.MOVES[MOVED.move], words.MOVES[SILENT.move]]
    assert [piece.picture is not None for piece in decisions.pieces].count(True) == 2
    assert told.figures is not None
    assert told.figures.rows["we_did"].tolist() == [words.public(MOVED)[1][1]]


def test_the_public_is_told_of_what_was_let_go_and_nobody_is_named(made: Document) -> None:
    _, told = made.sections
    alone = replace(made, sections=(told,))
    for kind in KINDS:
        text = text_of(kind.write(alone))
        assert re.search("You said", text)
        assert words.public(MOVED)[0][1] in text
        assert "The Surgery" in text
        for private in ("Elm Surgery", "Quibble", DRAFT.owner, DECISION.recorded_by):
            assert not re.search(rf"\b{private}\b", text), (kind.ending, private)


def test_without_a_figure_there_is_no_picture_and_without_a_score_a_sentence(
    demonstration: Store,
) -> None:
    bare = replace(report(SILENT), score=None, judged=0)
    made = section(bare, bare.records, sources(demonstration).extracts, LIGHT)
    assert not [piece for piece in made.pieces if piece.picture is not None]
    assert made.pieces[-1].lines == (words.judged(bare),)
    nothing = section(replace(bare, records=()), (), sources(demonstration).extracts, LIGHT)
    assert nothing.figures is None
