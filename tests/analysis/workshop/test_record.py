"""A decision: what it must say, its versions, and the room's probability."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pxcore.analysis.workshop import record, workshops
from pxcore.analysis.workshop.course import Place, Stage, closed
from pxcore.analysis.workshop.record import Direction, Draft, Expected, Outcome
from pxcore.analysis.workshop.workshops import Role
from pxcore.errors import NothingToCompare
from pxcore.store import Store
from tests.analysis.workshop.rooms import at, people, says

DRAFT = Draft(words="Ring back within a day", action="Second line", owner="Practice manager")


def expected(store: Store, identifier: str, **changed: object) -> Expected:
    facts = workshops.workshop(store, identifier).cells[1].facts
    assert facts is not None
    figure = record.figure_of(facts.right)
    assert figure.value == pytest.approx(0.572519)
    usual = Expected(figure, Direction.UP, 0.05, date(2027, 9, 30))
    return replace(usual, **changed)  # type: ignore[arg-type]


def test_a_decision_is_kept_with_who_was_there_and_what_it_rests_on(
    store: Store, identifier: str
) -> None:
    people(store, identifier, 6)
    people(store, identifier, 2, Role.DOCTOR)
    now = workshops.meeting(store, identifier)
    draft = replace(DRAFT, expected=expected(store, identifier), risks="Ring Sarah on 07700 900123")
    decided = record.record(store, now, 1, draft, "Ann")
    assert record.decisions(store, identifier) == (decided,)
    assert decided.draft.risks == "Ring [name] on [phone number]"
    assert decided.draft.owner == "Practice manager"
    assert decided.present == (("doctor+nurse", 8),)
    assert decided.evidence == (record.evidence_code(now.workshop.cells[1].facts_key),)
    assert decided.name == now.workshop.cells[1].name
    assert decided.reviews == {
        days: decided.recorded_at.date() + timedelta(days=days) for days in (30, 90, 180)
    }
    assert decided.draft.expected == draft.expected


@pytest.mark.parametrize("left_out", ["words", "action", "owner"])
def test_a_decision_says_what_who_and_what_is_decided(
    store: Store, identifier: str, left_out: str
) -> None:
    now = workshops.meeting(store, identifier)
    with pytest.raises(NothingToCompare, match="what is decided, the action, and who owns it"):
        record.record(store, now, 1, replace(DRAFT, **{left_out: " "}), "Ann")
    with pytest.raises(NothingToCompare, match="name of who writes it"):
        record.record(store, now, 1, DRAFT, "")
    with pytest.raises(NothingToCompare, match="nothing real"):
        record.record(store, now, 0, DRAFT, "Ann")
    assert record.versions(store) == ()


def test_what_is_expected_can_come_about(store: Store, identifier: str) -> None:
    now = workshops.meeting(store, identifier)
    facts = now.workshop.cells[1].facts
    assert facts is not None
    right = record.figure_of(facts.right)
    for wrong, why in (
        ({"amount": 0.0}, "by nothing"),
        ({"amount": 0.5}, "pass 0 or 100"),
        ({"by_date": date(2026, 1, 1)}, "within the period"),
        ({"figure": replace(right, value=0.9)}, "none of those"),
    ):
        draft = replace(DRAFT, expected=expected(store, identifier, **wrong))
        with pytest.raises(NothingToCompare, match=why):
            record.record(store, now, 1, draft, "Ann")
    silent = now.workshop.cells[4].facts
    assert silent is not None
    quiet = next(source for source in silent.sources if source.value is None)
    draft = replace(
        DRAFT, expected=replace(expected(store, identifier), figure=record.figure_of(quiet))
    )
    with pytest.raises(NothingToCompare, match="silent now"):
        record.record(store, now, 4, draft, "Ann")


def test_a_correction_is_a_new_version_and_the_old_one_stays(store: Store, identifier: str) -> None:
    now = workshops.meeting(store, identifier)
    first = record.record(store, now, 1, DRAFT, "Ann")
    with pytest.raises(NothingToCompare, match="needs its reason"):
        record.correct(store, first, DRAFT, " ", "Ann")
    second = record.correct(store, first, replace(DRAFT, owner="Ward sister"), "moved", "Ben")
    assert [version.draft.owner for version in record.versions(store)] == [
        "Practice manager",
        "Ward sister",
    ]
    assert record.decisions(store) == (second,)
    assert second.reviews == first.reviews
    with pytest.raises(NothingToCompare, match="changed meanwhile"):
        record.correct(store, first, DRAFT, "late", "Cy")
    third = record.withdraw(store, second, "no money", "Ann")
    assert not record.decisions(store)[0].stands
    assert (third.version, third.why_changed) == (3, "no money")


def test_the_rooms_chance_is_a_version_and_falls_away_when_more_is_expected(
    store: Store, identifier: str
) -> None:
    persons = people(store, identifier, 3)
    now = workshops.meeting(store, identifier)
    draft = replace(DRAFT, expected=expected(store, identifier))
    first = record.record(store, now, 1, draft, "Ann")
    assert record.keep_chance(store, now, first) is None
    now = at(store, identifier, 1, Stage.FORECAST)
    assert Place(1, Stage.FORECAST) in now.agenda.places()
    for person, chance in zip(persons, (0.5, 0.6, 0.9), strict=True):
        says(store, identifier, person, None, chance=chance)
    second = record.keep_chance(store, workshops.meeting(store, identifier), first)
    assert second is not None
    assert (second.chance, second.chances, second.version) == (0.6, 3, 2)
    assert record.keep_chance(store, workshops.meeting(store, identifier), second) is None
    same = record.correct(store, second, replace(draft, risks="Staff"), "added", "Ann")
    assert same.chance == 0.6
    more = replace(draft, expected=expected(store, identifier, amount=0.1))
    assert record.correct(store, same, more, "more", "Ann").chance is None


def test_closing_a_forecast_writes_the_rooms_chance_down(store: Store, identifier: str) -> None:
    (person,) = people(store, identifier, 1)
    now = workshops.meeting(store, identifier)
    record.record(store, now, 1, replace(DRAFT, expected=expected(store, identifier)), "Ann")
    record.record(store, now, 1, DRAFT, "Ann")  # which expects nothing
    now = at(store, identifier, 1, Stage.FORECAST)
    place = Place(1, closed(now.course.place.stage))
    assert place.stage is Stage.RECORDED
    says(store, identifier, person, None, chance=0.8)  # after the facilitator's page was drawn
    record.advance(store, identifier, place)
    assert [decision.chance for decision in record.decisions(store)] == [0.8, None]
    assert workshops.meeting(store, identifier).course.place == place


def test_of_a_review_the_last_word_stands(store: Store, identifier: str) -> None:
    decided = record.record(store, workshops.meeting(store, identifier), 1, DRAFT, "Ann")
    for outcome in (Outcome.UNDER_WAY, Outcome.DONE):
        record.review(store, decided, 30, outcome, "as planned", "Ann")
    record.review(store, decided, 90, Outcome.STOPPED, "", "Ben")
    found = {review.days: review.outcome for review in record.reviews(store)}
    assert found == {30: Outcome.DONE, 90: Outcome.STOPPED}
    with pytest.raises(ValueError, match="days"):
        record.review(store, decided, 31, Outcome.DONE, "", "Ann")
