"""What a room says of itself: by role without singling anybody out, and who changed their mind."""

from __future__ import annotations

from pxcore.analysis.workshop import workshops
from pxcore.analysis.workshop.course import Place, Stage
from pxcore.analysis.workshop.room import forecast, roles_present, round_report, waiting
from pxcore.analysis.workshop.workshops import Answer, Role
from pxcore.store import Store
from tests.analysis.workshop.rooms import at, people, says


def say(store: Store, identifier: str, persons: list[str], *answers: Answer) -> None:
    for person, answer in zip(persons, answers, strict=True):
        says(store, identifier, person, answer)


def test_who_has_answered_is_counted_and_never_what(store: Store, identifier: str) -> None:
    persons = people(store, identifier, 3)
    assert waiting(workshops.meeting(store, identifier)) == (0, 3)
    at(store, identifier, 1, Stage.ROUND_ONE)
    say(store, identifier, persons[:2], Answer.AGREE, Answer.DIFFER)
    assert waiting(workshops.meeting(store, identifier)) == (2, 3)
    workshops.count_hands(
        store, identifier, Place(1, Stage.ROUND_ONE), Role.DOCTOR, {Answer.AGREE: 4}
    )
    assert waiting(workshops.meeting(store, identifier)) == (6, 7)


def test_roles_of_few_people_are_pooled_until_nobody_stands_alone(
    store: Store, identifier: str
) -> None:
    nurses = people(store, identifier, 7)
    managers = people(store, identifier, 5, Role.MANAGER)
    doctors = people(store, identifier, 2, Role.DOCTOR)
    at(store, identifier, 1, Stage.ROUND_ONE)
    say(store, identifier, nurses, *[Answer.DIFFER] * 6, Answer.AGREE)
    say(store, identifier, managers, *[Answer.DIFFER] * 5)
    report = round_report(workshops.meeting(store, identifier), 1, 1)
    assert [(group.roles, group.tally.people) for group in report.roles] == [
        ((Role.NURSE,), 7),
        ((Role.MANAGER,), 5),
    ]
    assert report.in_common is Answer.DIFFER
    say(store, identifier, doctors, Answer.AGREE, Answer.AGREE)
    report = round_report(workshops.meeting(store, identifier), 1, 1)
    assert [(group.roles, group.tally.people) for group in report.roles] == [
        ((Role.NURSE,), 7),
        ((Role.DOCTOR, Role.MANAGER), 7),  # two doctors alone would be seen by subtraction
    ]
    assert report.tally.people == 14
    assert report.tally.counts[Answer.AGREE] == 3


def test_a_small_room_is_not_split_by_role(store: Store, identifier: str) -> None:
    nurses, doctors = people(store, identifier, 3), people(store, identifier, 3, Role.DOCTOR)
    at(store, identifier, 1, Stage.ROUND_ONE)
    say(store, identifier, [*nurses, *doctors], *[Answer.AGREE] * 6)
    report = round_report(workshops.meeting(store, identifier), 1, 1)
    assert report.roles == ()
    assert report.in_common is None
    assert report.tally.people == 6
    assert roles_present(workshops.meeting(store, identifier)) == (((Role.DOCTOR, Role.NURSE), 6),)


def test_silence_and_doubt_are_counted_apart_from_the_scale(store: Store, identifier: str) -> None:
    persons = people(store, identifier, 7)
    at(store, identifier, 1, Stage.ROUND_ONE)
    say(
        store, identifier, persons,
        Answer.AGREE, Answer.AGREE, Answer.DIFFER, Answer.SILENT, Answer.CANNOT_TELL, Answer.SILENT,
        Answer.AGREE,
    )  # fmt: skip
    report = round_report(workshops.meeting(store, identifier), 1, 1)
    assert report.agreement is not None
    assert report.agreement.people == 4
    assert report.split is not None
    assert report.split.people == 4
    assert report.tally.counts[Answer.SILENT] == 2
    assert report.tally.commonest == (Answer.AGREE,)


def test_nobody_on_the_scale_is_no_agreement(store: Store, identifier: str) -> None:
    persons = people(store, identifier, 2)
    at(store, identifier, 1, Stage.ROUND_ONE)
    say(store, identifier, persons, Answer.SILENT, Answer.AGREE)
    report = round_report(workshops.meeting(store, identifier), 1, 1)
    assert report.agreement is None
    assert report.split is None
    assert report.movement is None


def test_movement_is_of_those_who_answered_both(store: Store, identifier: str) -> None:
    persons = people(store, identifier, 4)
    at(store, identifier, 1, Stage.ROUND_ONE)
    say(store, identifier, persons, *[Answer.AGREE] * 4)
    at(store, identifier, 1, Stage.ROUND_TWO)
    say(store, identifier, persons[:3], Answer.DIFFER, Answer.DIFFER, Answer.AGREE)
    movement = round_report(workshops.meeting(store, identifier), 1, 2).movement
    assert movement is not None
    assert (movement.both, movement.stayed) == (3, 1)
    assert movement.moved == {(Answer.AGREE, Answer.DIFFER): 2}


def test_the_middle_of_the_rooms_chances(store: Store, identifier: str) -> None:
    assert forecast(workshops.meeting(store, identifier), 1).middle is None
    persons = people(store, identifier, 5)
    at(store, identifier, 1, Stage.FORECAST)
    for person, chance in zip(persons, (0.1, 0.9, 0.6, 0.7, 0.6), strict=True):
        says(store, identifier, person, None, chance=chance)
    given = forecast(workshops.meeting(store, identifier), 1)
    assert (given.low, given.middle, given.high) == (0.6, 0.6, 0.7)
    assert given.chances == (0.1, 0.6, 0.6, 0.7, 0.9)
