"""A workshop from joining to its end: what was acknowledged is kept, sent twice is sent once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.workshop import workshops
from pxcore.analysis.workshop.course import Place, Stage, back, forward
from pxcore.analysis.workshop.frozen import FrozenCell
from pxcore.analysis.workshop.workshops import Answer, Role, Sent
from pxcore.errors import NothingToCompare
from pxcore.store import Store
from tests.analysis.workshop.rooms import at, frozen, made, people, says


def answers_of(store: Store, identifier: str, cell: int = 1, round_: int = 1) -> dict[str, str]:
    now = workshops.meeting(store, identifier)
    return {person: row["answer"] for person, row in now.latest(cell, round_).items()}


def test_a_workshop_needs_a_title_a_name_and_questions(
    store: Store, cells: tuple[FrozenCell, ...]
) -> None:
    from pxcore.model import Disclosure

    def make(title: str, by: str, *of: FrozenCell) -> str:
        return workshops.make(
            store, title, by, of, revision=1, data_key="", view="{}", disclosure=Disclosure()
        )

    for title, by, of in ((" ", "Ann", cells), ("June", "", cells), ("June", "Ann", ())):
        with pytest.raises(NothingToCompare):
            make(title, by, *of)
    with pytest.raises(NothingToCompare, match="one to 12"):
        make("June", "Ann", *cells * 3)
    assert workshops.listed(store) == []


def test_an_answer_is_changeable_until_the_round_closes(store: Store, identifier: str) -> None:
    (person,) = people(store, identifier, 1)
    at(store, identifier, 1, Stage.ROUND_ONE)
    assert says(store, identifier, person, Answer.AGREE, "a") is Sent.KEPT
    assert says(store, identifier, person, Answer.DIFFER, "b") is Sent.KEPT
    assert answers_of(store, identifier) == {person: "differ"}
    at(store, identifier, 1, Stage.CLOSED_ONE)
    open_then = Place(1, Stage.ROUND_ONE)
    for request, answer, sent in (
        ("c", Answer.AGREE, Sent.CLOSED),
        ("b", Answer.DIFFER, Sent.KEPT),
    ):
        assert (
            workshops.send(store, identifier, person, request, open_then, answer=answer) is sent
        ), "what is on disk is acknowledged, whenever it is sent again"
    assert answers_of(store, identifier) == {person: "differ"}


def test_who_has_not_joined_or_was_removed_is_not_counted(store: Store, identifier: str) -> None:
    stays, goes = people(store, identifier, 2)
    at(store, identifier, 1, Stage.ROUND_ONE)
    assert says(store, identifier, "stranger", Answer.AGREE) is Sent.NOT_JOINED
    assert says(store, identifier, goes, Answer.AGREE) is Sent.KEPT
    workshops.remove(store, identifier, goes)
    assert says(store, identifier, goes, Answer.DIFFER, "again") is Sent.REMOVED
    assert says(store, identifier, stays, Answer.PARTLY) is Sent.KEPT
    assert answers_of(store, identifier) == {stays: "partly"}
    workshops.readmit(store, identifier, goes)
    assert answers_of(store, identifier) == {stays: "partly", goes: "agree"}


def test_nothing_is_no_answer_and_a_chance_is_between_0_and_1(
    store: Store, identifier: str
) -> None:
    (person,) = people(store, identifier, 1)
    at(store, identifier, 1, Stage.ROUND_ONE)
    assert says(store, identifier, person, None) is Sent.NO_ANSWER
    at(store, identifier, 1, Stage.QUESTION)
    assert says(store, identifier, person, Answer.AGREE) is Sent.NO_ANSWER
    at(store, identifier, 1, Stage.FORECAST)
    assert says(store, identifier, person, Answer.AGREE) is Sent.NO_ANSWER
    assert says(store, identifier, person, None, chance=1.2) is Sent.NO_ANSWER
    assert says(store, identifier, person, None, chance=0.7) is Sent.KEPT


def test_undo_takes_back_the_last_step_and_the_one_before(store: Store, identifier: str) -> None:
    (person,) = people(store, identifier, 1)
    at(store, identifier, 1, Stage.ROUND_ONE)
    says(store, identifier, person, Answer.AGREE)
    workshops.reset(store, identifier, 1, 1)
    assert answers_of(store, identifier) == {}
    assert workshops.undo(store, identifier)  # that it opened
    assert workshops.undo(store, identifier)  # that it began anew
    assert answers_of(store, identifier) == {person: "agree"}
    assert workshops.undo(store, identifier)
    assert workshops.meeting(store, identifier).course.place == Place(0, Stage.WELCOME)
    assert not workshops.undo(store, identifier)
    workshops.end(store, identifier)
    assert workshops.meeting(store, identifier).course.ended
    workshops.undo(store, identifier)
    assert not workshops.meeting(store, identifier).course.ended


def test_a_timer_runs_until_the_next_stage(store: Store, identifier: str) -> None:
    workshops.start_timer(store, identifier, 3)
    ends_at = workshops.meeting(store, identifier).course.ends_at
    assert ends_at is not None
    assert timedelta(minutes=2) < ends_at - workshops.now() < timedelta(minutes=4)
    workshops.start_timer(store, identifier, 0)
    assert workshops.meeting(store, identifier).course.ends_at is None
    workshops.start_timer(store, identifier, 3)
    assert at(store, identifier, 1, Stage.QUESTION).course.ends_at is None


def test_the_keys_lead_through_every_stage_and_back(store: Store, identifier: str) -> None:
    walked = []
    while True:
        now = workshops.meeting(store, identifier)
        walked.append(now.course.place)
        place = forward(now.agenda, now.course)
        if place is None:
            break
        workshops.go(store, identifier, place)
    assert walked == now.agenda.places()
    assert Place(1, Stage.FORECAST) not in walked  # nothing is expected yet
    assert Place(1, Stage.VOICES) in walked
    while (place := back(now.agenda, now.course)) is not None:
        assert place.round is None, "a round whose outcome was seen does not open by going back"
        workshops.go(store, identifier, place)
        now = workshops.meeting(store, identifier)
    assert now.course.place == Place(0, Stage.WELCOME)


def test_a_closed_round_opens_again_until_its_outcome_was_seen(
    store: Store, identifier: str
) -> None:
    now = at(store, identifier, 1, Stage.CLOSED_ONE)
    assert back(now.agenda, now.course) == Place(1, Stage.ROUND_ONE)
    at(store, identifier, 1, Stage.ROOM)
    workshops.undo(store, identifier)  # it was seen all the same
    now = workshops.meeting(store, identifier)
    assert now.course.place == Place(1, Stage.CLOSED_ONE)
    assert back(now.agenda, now.course) == Place(1, Stage.QUESTION)
    workshops.reset(store, identifier, 1, 1)
    now = at(store, identifier, 1, Stage.CLOSED_ONE)
    assert back(now.agenda, now.course) == Place(1, Stage.ROUND_ONE)


def test_hands_are_counted_in_place_of_what_was_counted_before(
    store: Store, identifier: str
) -> None:
    now = at(store, identifier, 1, Stage.ROUND_ONE)
    for agree in (4, 6):
        workshops.count_hands(
            store, identifier, now.course.place, Role.NURSE, {Answer.AGREE: agree, Answer.DIFFER: 1}
        )
    hands = workshops.meeting(store, identifier).shown_hands(1, 1)
    assert hands == {(Role.NURSE, Answer.AGREE): 6, (Role.NURSE, Answer.DIFFER): 1}
    now = at(store, identifier, 1, Stage.ROOM)
    with pytest.raises(NothingToCompare, match="in a round"):
        workshops.count_hands(store, identifier, now.course.place, Role.NURSE, {Answer.AGREE: 1})


def test_what_was_acknowledged_is_there_after_the_file_is_opened_anew(
    tmp_path: Path, cells: tuple[FrozenCell, ...], demonstration: Store
) -> None:
    path = tmp_path / "own.duckdb"
    store = Store.open(path)
    identifier = made(store, cells, demonstration)
    (person,) = people(store, identifier, 1)
    at(store, identifier, 1, Stage.ROUND_ONE)
    says(store, identifier, person, Answer.PARTLY)
    before = workshops.meeting(store, identifier)
    revision = store.revision
    store.close()
    store = Store.open(path)
    assert workshops.meeting(store, identifier) == before
    assert store.revision == revision == 0  # no answer of any page changes by a workshop
    store.close()


def test_no_row_goes_to_another_table(store: Store) -> None:
    with pytest.raises(ValueError, match="no tables of what happens"):
        store.add(("setting", {"name": "kind", "value": "demonstration"}))


def test_rows_are_added_all_or_none(store: Store, identifier: str) -> None:
    from pxcore.errors import StoreError

    step = {
        "workshop": identifier, "step": "end", "stage": "", "participant": "",
        "done_at": workshops.now(),
    }  # fmt: skip
    with pytest.raises(StoreError, match="Nothing was kept"):
        store.add(("workshop_step", step), ("workshop_step", step | {"step": "dance"}))
    assert not workshops.meeting(store, identifier).course.ended


@pytest.fixture(scope="module")
def running(
    every_pair: OverviewReport, demonstration: Store
) -> Iterator[tuple[Store, tuple[FrozenCell, ...], Store]]:
    held = Store.open()
    yield held, frozen(demonstration, every_pair), demonstration
    held.close()


posts = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 5), st.sampled_from(Answer)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=30)
@given(posts, st.data())
def test_posts_in_any_repetition_count_as_if_each_had_come_once(
    running: tuple[Store, tuple[FrozenCell, ...], Store],
    sent: list[tuple[int, int, Answer]],
    data: st.DataObject,
) -> None:
    """A phone that hears nothing sends again: what stands is what the first copies said, in their order."""
    store, cells, demonstration = running
    identifier = made(store, cells[:1], demonstration)
    persons = people(store, identifier, 4)
    at(store, identifier, 1, Stage.ROUND_ONE)
    place = Place(1, Stage.ROUND_ONE)
    expected: dict[str, str] = {}
    first: set[tuple[int, int]] = set()
    repeats = data.draw(st.lists(st.sampled_from(sent), max_size=6))
    for person, request, answer in [*sent, *repeats]:
        assert (
            workshops.send(store, identifier, persons[person], f"r{request}", place, answer=answer)
            is Sent.KEPT
        )
        if (person, request) not in first:
            first.add((person, request))
            expected[persons[person]] = answer.value
    assert answers_of(store, identifier) == expected
