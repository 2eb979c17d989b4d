"""What a workshop says: every thing there is has its words, and a sentence says what happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.workshop.agenda import Purpose
from pxcore.analysis.workshop.course import Stage
from pxcore.analysis.workshop.frozen import FrozenCell
from pxcore.analysis.workshop.notes import Kind
from pxcore.analysis.workshop.record import (
    Confidence,
    DecisionKind,
    Direction,
    Expected,
    Gift,
    Outcome,
    figure_of,
)
from pxcore.analysis.workshop.room import Forecast, Movement, RoleTally, RoundReport, Tally
from pxcore.analysis.workshop.workshops import Answer, Role
from pxcore.stats.room import disagreement_index, room_agreement
from pxcore.store import Store
from pxcore.words import record as record_words
from pxcore.words import workshop as words
from tests.analysis.workshop.rooms import frozen


@pytest.fixture
def cells(demonstration: Store, every_pair: OverviewReport) -> tuple[FrozenCell, ...]:
    return frozen(demonstration, every_pair)


def tally(**given: int) -> Tally:
    return Tally({answer: given.get(answer.value, 0) for answer in Answer})


def report(counts: Tally, *, roles: tuple[RoleTally, ...] = ()) -> RoundReport:
    on_scale = [counts.counts[answer] for answer in (Answer.AGREE, Answer.PARTLY, Answer.DIFFER)]
    ratings = [8] * on_scale[0] + [5] * on_scale[1] + [2] * on_scale[2]
    enough = sum(on_scale) > 3
    return RoundReport(
        cell=1,
        round=1,
        tally=counts,
        roles=roles,
        agreement=room_agreement(on_scale, seed=1) if enough else None,
        split=disagreement_index(ratings) if enough else None,
        movement=None,
    )


def test_everything_has_its_words() -> None:
    for listed, titles in (
        (Answer, words.ANSWERS),
        (Role, words.ROLES),
        (Purpose, words.PURPOSES),
        (Stage, words.STAGES),
        (Kind, words.KINDS),
        (DecisionKind, record_words.DECISION_KINDS),
        (Gift, record_words.GIFTS),
        (Confidence, record_words.CONFIDENCES),
        (Outcome, record_words.OUTCOMES),
    ):
        assert set(titles) == set(listed)
    assert [float(chance) for chance in words.CHANCES] == sorted(words.CHANCES, reverse=True)


def test_both_figures_stand_beside_their_peers(cells: tuple[FrozenCell, ...]) -> None:
    differ, silent = cells[0], cells[3]
    assert words.figure(differ.left) == "FFT GP: 95.5% (93 to 97.2%; peers 89%), 558 answers."
    assert words.figure(differ.right) == "GP survey: 57% (49 to 65%; peers 74%), 170 answers."
    assert words.stands(differ.left) == "clearly above its peers"
    assert words.likely(differ) == "Very likely differ (more than 99 in 100)"
    assert words.learnt(differ) == (
        "That FFT GP and GP survey agree: before hearing this practice 70 in 100, after its 558 and 170 "
        "answers fewer than 1 in 100."
    )
    assert words.figure(silent.left) == "FFT GP: blank in the file: withheld or none received."
    assert words.stands(silent.left) == ""
    assert words.likely(silent) == "One source is silent"
    assert words.dots(silent) == ""
    assert "0 of 20 lie in the shaded band" in words.dots(differ)
    assert words.sides(differ) == ("GP survey better", "FFT GP better")


def test_what_is_expected_is_said_with_its_aim(cells: tuple[FrozenCell, ...]) -> None:
    day = date(2027, 9, 30)
    up = Expected(figure_of(cells[0].right), Direction.UP, 0.05, day)
    down = replace(up, direction=Direction.DOWN, amount=0.1)
    assert words.expectation(up) == (
        "GP survey rises from 57% to 62% or more in data up to 30 September 2027."
    )
    assert words.expectation(down) == (
        "GP survey falls from 57% to 47% or less in data up to 30 September 2027."
    )
    score = replace(figure_of(cells[0].right), unit="score", value=7.04)
    assert "from 7.0 to 7.5 or more" in words.expectation(replace(up, figure=score, amount=0.5))


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (tally(agree=12), "The room is of one mind: agreement 1.00"),
        (tally(agree=8, partly=2), "Most of the room agree"),
        (tally(agree=5, differ=5), "The room does not agree, or too few answered to say"),
        (tally(silent=4), "Fewer than 4 judged the two sources: even if all said the same"),
        (tally(agree=3), "Fewer than 4 judged the two sources"),
        (tally(agree=4), "Most of the room agree: agreement 1.00"),
    ],
)
def test_how_far_a_room_agrees(counts: Tally, said: str) -> None:
    assert words.room(report(counts))[0].startswith(said)


def test_a_split_room_is_told_so() -> None:
    assert (
        "The room is split: disagreement index" in words.room(report(tally(agree=5, differ=5)))[1]
    )
    assert "The room is not split" in words.room(report(tally(agree=5, partly=1)))[1]


def test_roles_of_few_people_are_said_to_be_pooled() -> None:
    roles = (
        RoleTally((Role.NURSE,), tally(differ=6, agree=1)),
        RoleTally((Role.DOCTOR, Role.MANAGER), tally(agree=5)),
    )
    shown = report(tally(differ=6, agree=6), roles=roles)
    assert words.roles(shown, 5) == [
        "Nurses and midwives (7): 6 differ and 1 agree.",
        "Doctors, with managers and administrators (5): 5 agree.",
        "Roles of fewer than 5 people are taken together, so that nobody stands alone.",
    ]
    assert words.roles(report(tally(agree=3)), 5) == [
        "Not shown by role: fewer than 5 people of any one role answered, or too few besides."
    ]
    assert words.present((("nurse", 7), ("doctor+manager", 5))) == (
        "7 nurses and midwives; 5 people (doctors, with managers and administrators)"
    )


def test_a_room_that_says_otherwise_is_asked_why(cells: tuple[FrozenCell, ...]) -> None:
    differ, agree, silent = cells[0], cells[2], cells[3]
    for cell, counts, asked in (
        (differ, tally(agree=6, differ=2), True),
        (differ, tally(differ=6, agree=2), False),
        (differ, tally(partly=6), False),
        (differ, tally(agree=3, differ=3), False),  # most say nothing
        (differ, tally(), False),
        (agree, tally(differ=6), True),
        (agree, tally(agree=6), False),
        (silent, tally(agree=6), False),  # the figures say nothing
    ):
        assert bool(words.otherwise(cell, counts)) is asked, counts


def test_who_moved() -> None:
    moved = Movement(10, 7, {(Answer.AGREE, Answer.DIFFER): 2, (Answer.SILENT, Answer.DIFFER): 1})
    assert words.movement(moved) == [
        "Of 10 who answered both times 7 stayed with what they said.",
        "2 moved from “agree” to “differ”.",
        "1 moved from “find that one says too little” to “differ”.",
    ]
    assert "nobody's change of mind is known" in words.movement(Movement(0, 0, {}))[0]


def test_the_chance_of_a_room() -> None:
    assert words.chance(Forecast((0.5, 0.8, 0.8), 0.8, 0.65, 0.8)) == (
        "The room's chance: 80 in 100, the middle of 3 answers (half of them from 65 to 80)."
    )
    assert words.chance(Forecast((0.8,), 0.8, 0.8, 0.8)) == (
        "The room's chance: 80 in 100, the middle of 1 answer."
    )
    assert words.chance(Forecast((), None, None, None)) == "Nobody has said how likely it is."


def test_a_comment_is_told_by_its_source_and_time_for_a_screen(
    cells: tuple[FrozenCell, ...],
) -> None:
    context, text = words.voices(cells[0])[0]
    assert context == "Healthwatch · February 2026 · positive · one of 24 who wrote"
    assert text == cells[0].comments[0].comment
