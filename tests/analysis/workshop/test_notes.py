"""What is written down in a workshop: masked, and let out by somebody."""

from __future__ import annotations

import pytest

from pxcore.analysis.workshop import notes, workshops
from pxcore.analysis.workshop.course import Stage
from pxcore.analysis.workshop.notes import Kind
from pxcore.analysis.workshop.workshops import Answer
from pxcore.errors import NothingToCompare
from pxcore.store import Store
from tests.analysis.workshop.rooms import at, people, says


def test_what_somebody_writes_is_masked_before_it_is_kept(store: Store, identifier: str) -> None:
    (person,) = people(store, identifier, 1)
    at(store, identifier, 1, Stage.ROUND_ONE)
    says(store, identifier, person, Answer.DIFFER, reason="Ring Dr Jones on 07700 900123")
    notes.add_note(store, identifier, 1, Kind.DISCUSSION, "Mrs Patel was told to wait", "Ann")
    texts = [words.words for words in notes.own_words(store, workshops.meeting(store, identifier))]
    assert texts == ["Ring Dr [name] on [phone number]", "Mrs [name] was told to wait"]
    kept = store._connection.execute("from workshop_answer").fetchall()
    assert "Jones" not in str(kept)


def test_words_leave_only_once_somebody_said_so(store: Store, identifier: str) -> None:
    notes.add_note(store, identifier, 1, Kind.MINORITY, "Not everybody thinks so", "Ann")
    (waiting,) = notes.own_words(store, workshops.meeting(store, identifier))
    assert waiting.leaves is None
    for leaves in (True, False):
        notes.review(store, waiting.number, leaves=leaves, by="Ann")
        (looked_at,) = notes.own_words(store, workshops.meeting(store, identifier))
        assert looked_at.leaves is leaves


def test_notes_say_what_they_must(store: Store, identifier: str) -> None:
    for kind, words, by in (
        (Kind.DISCUSSION, " ", "Ann"),
        (Kind.INFERENCE, "Phones", ""),
        (Kind.OVERRULE, "We know better", "Ann"),
    ):
        with pytest.raises(NothingToCompare):
            notes.add_note(store, identifier, 1, kind, words, by)
    notes.add_note(store, identifier, 1, Kind.OVERRULE, "Moved", "Ann", Answer.AGREE)
    (note,) = notes.own_words(store, workshops.meeting(store, identifier))
    assert note.answer is Answer.AGREE
