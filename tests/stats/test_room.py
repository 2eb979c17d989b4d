"""How far a room agrees: published examples, and what holds whatever the answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxcore.errors import TooFewPairs
from pxcore.stats.room import FEWEST_IN_ROOM, disagreement_index, gwet_of_many, room_agreement

# cac.raw4raters of irrCAC (Gwet 2014): 12 subjects, four raters, five categories; 0 is not rated
FOUR_RATERS = [
    [1, 1, 0, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [0, 5, 5, 5], [0, 0, 1, 1], [0, 0, 3, 0],
]  # fmt: skip
answers = st.lists(st.integers(0, 30), min_size=3, max_size=3).filter(
    lambda row: sum(row) >= FEWEST_IN_ROOM
)


def test_four_raters_agree_as_published() -> None:
    counts = np.array([[row.count(k) for k in range(1, 6)] for row in FOUR_RATERS])
    assert gwet_of_many(counts, np.eye(5)) == pytest.approx(0.77544, abs=5e-6)


def test_a_panel_as_published() -> None:
    panel = disagreement_index([4, 5, 6, *[7] * 5, *[8] * 5, 9, 9])
    assert panel.median == 7
    assert panel.range == 1
    assert panel.limit == pytest.approx(6.1)
    assert panel.index == pytest.approx(1 / 6.1)
    assert not panel.split


def test_a_panel_of_two_halves_is_split() -> None:
    panel = disagreement_index([2, 2, 2, 8, 8, 8])
    assert panel.limit == pytest.approx(2.35)  # symmetric: no allowance
    assert panel.split
    assert not disagreement_index([8, 8, 8, 5, 5, 5]).split


def test_a_room_of_one_mind_agrees_and_few_people_say_so_less_surely() -> None:
    few, many = (room_agreement([people, 0, 0], seed=1) for people in (5, 30))
    assert few.estimate == many.estimate == 1
    assert few.interval.low < many.interval.low < 1 == many.interval.high
    assert (few.people, many.people) == (5, 30)


def test_two_halves_agree_less_than_chance_and_neighbours_more_than_ends() -> None:
    assert room_agreement([5, 0, 5], seed=1).estimate < 0
    assert room_agreement([5, 5, 0], seed=1).estimate > 0.3


@pytest.mark.parametrize("end", [0, 2])
def test_fewer_people_than_can_be_told_from_chance_are_none(end: int) -> None:
    """With so many who all say the same the interval first lies above chance."""
    for people, is_told in ((FEWEST_IN_ROOM - 1, False), (FEWEST_IN_ROOM, True)):
        answers = np.full(3, 0.5)
        answers[end] += people  # Jeffreys' prior, and all of one voice
        shares = np.random.default_rng(1).dirichlet(answers, size=400_000)
        alike = 1 - np.subtract.outer(range(3), range(3)) ** 2 / 4
        chance = alike.sum() / 6 * (shares * (1 - shares)).sum(axis=1)
        agreed = ((shares @ alike) * shares).sum(axis=1)
        low = np.quantile((agreed - chance) / (1 - chance), 0.025)
        assert bool(low > 0) is is_told


def test_too_few_people_say_nothing() -> None:
    for people in (1, FEWEST_IN_ROOM - 1):
        with pytest.raises(TooFewPairs):
            room_agreement([people, 0, 0], seed=1)
    with pytest.raises(TooFewPairs):
        disagreement_index([1, 9])
    with pytest.raises(ValueError, match="1 to 9"):
        disagreement_index([0, 5, 5])
    with pytest.raises(ValueError, match="two categories"):
        gwet_of_many([[3], [4]])


@given(answers)
def test_the_interval_holds_the_estimate_and_turning_the_scale_round_changes_nothing(
    row: list[int],
) -> None:
    agreed = room_agreement(row, seed=7, draws=200)
    assert agreed.interval.low <= agreed.estimate <= agreed.interval.high <= 1
    assert room_agreement(row[::-1], seed=7, draws=200).estimate == pytest.approx(agreed.estimate)


@given(st.lists(st.integers(1, 9), min_size=3, max_size=40))
def test_a_panel_seen_from_the_end_of_the_scale_is_as_split(ratings: list[int]) -> None:
    turned = disagreement_index([10 - rating for rating in ratings])
    assert turned.index == pytest.approx(disagreement_index(ratings).index, abs=1e-9)
