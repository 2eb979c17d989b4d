"""Do two sources hold the same answers? Against exact probabilities, and random tables of other people."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from pxcore.stats.overlap import overlap, same_counts, scatter_by_chance, steadiness


def test_identical_counts_are_as_unlikely_as_the_hypergeometric_says() -> None:
    left = np.array([360, 40])
    found = overlap(left, left, np.zeros(2))
    exact = hypergeom.logpmf(40, 800, 80, 400)  # 40 of the 80 unhappy in the left half
    assert found.log_chance[0] == pytest.approx(exact, abs=0.02)
    assert found.shared[0] == 1.0


def test_twice_fifteen_single_answers_are_as_unlikely_as_counted() -> None:
    found = overlap(np.ones(15), np.ones(15), np.zeros(15))
    assert found.log_chance[0] == pytest.approx(15 * math.log(2) - math.log(math.comb(30, 15)))


def test_kinds_of_cells_count_as_often_as_there_are_such_cells() -> None:
    one, other = np.array([1, 0, 1, 1, 1]), np.array([1, 1, 0, 1, 1])
    whole = overlap(one, other, np.zeros(5))
    kinds = overlap([1, 0, 1], [1, 1, 0], np.zeros(3), [3, 1, 1])
    assert kinds.log_chance == pytest.approx(whole.log_chance)
    assert kinds.shared == pytest.approx(whole.shared)
    nearly = overlap([9] * 12 + [5] * 3, [9] * 12 + [3] * 3, np.zeros(15))
    kinds = overlap([9, 5], [9, 3], np.zeros(2), [12, 3])
    assert nearly.log_chance[0] < -1
    assert kinds.log_chance == pytest.approx(nearly.log_chance)


def halves(random: np.random.Generator, cells: int, mean: float) -> tuple[np.ndarray, np.ndarray]:
    profile = mean * random.gamma(0.5, 2, cells)  # campaigns: both rise and fall together
    return random.poisson(profile), random.poisson(profile)


@pytest.mark.parametrize(("cells", "mean"), [(300, 0.3), (60, 1.0), (24, 20.0), (4, 200.0)])
def test_other_people_are_called_the_same_no_oftener_than_said(cells: int, mean: float) -> None:
    random = np.random.default_rng(cells)
    told = [overlap(*halves(random, cells, mean), np.zeros(cells)) for _ in range(400)]
    chance = np.exp([one.log_chance[0] for one in told])
    for line in (0.2, 0.05, 0.01):
        assert (chance <= line).mean() <= line + 3 * math.sqrt(line / 400)


@pytest.mark.parametrize("share", [1.0, 0.6, 0.3])
@pytest.mark.parametrize(("cells", "mean"), [(400, 0.8), (60, 15.0)])
def test_the_share_in_both_is_estimated(share: float, cells: int, mean: float) -> None:
    random = np.random.default_rng(5)
    told = []
    for _ in range(60):
        profile = mean * random.gamma(0.5, 2, cells)
        both = random.poisson(profile * share)
        left, right = (both + random.poisson(profile * (1 - share)) for _ in range(2))
        told.append(overlap(left, right, np.zeros(cells)))
    assert np.mean([one.shared[0] for one in told]) == pytest.approx(share, abs=0.07)


def test_one_file_inside_the_other_is_wholly_in_both() -> None:
    random = np.random.default_rng(6)
    inside = random.poisson(5, 200)
    found = overlap(inside, inside + random.poisson(3, 200), np.zeros(200))
    assert found.shared[0] == pytest.approx(1.0, abs=0.15)
    assert found.log_chance[0] < -20


def test_many_groups_together_tell_what_none_tells_alone() -> None:
    random = np.random.default_rng(7)
    group = np.repeat(np.arange(40), 24)
    both = random.poisson(3, len(group))
    left, right = (both + random.poisson(7, len(group)) for _ in range(2))
    assert (overlap(left, right, group).log_chance > math.log(0.001 / 40)).mean() > 0.8
    together = overlap(left, right, group, together=True)
    assert together.log_chance[0] < math.log(1e-4)
    assert together.shared[0] == pytest.approx(0.3, abs=0.1)


def test_a_set_number_of_answers_is_not_taken_for_the_same_people() -> None:
    random = np.random.default_rng(8)
    asked, free = np.full(200, 20), random.poisson(20, 200)
    assert overlap(asked, free, np.zeros(200)).log_chance[0] < -10  # what it would be taken for
    told = [steadiness(one[1:], one[:-1]) for one in (asked, free)]
    assert told[0] == 0
    assert told[1] == pytest.approx(1, abs=0.2)
    steady = scatter_by_chance(told[0], told[1], 0.5)
    assert overlap(asked, free, np.zeros(200), steady=steady).log_chance[0] > math.log(0.05)
    assert overlap(asked, asked, np.zeros(200), steady=0.0).log_chance[0] == 0


def test_one_campaign_of_one_source_does_not_hide_the_rest() -> None:
    both = np.random.default_rng(9).poisson(2, 300)
    left = both.copy()
    left[7] += 60
    assert overlap(left, both, np.zeros(300)).log_chance[0] < -10


def test_the_chance_of_the_very_same_numbers() -> None:
    found = same_counts([[1, 0], [3, 1]], [[1, 0], [3, 1]])
    assert found == pytest.approx([0.5, math.comb(6, 3) / 64 * 0.5])


def test_nothing_to_compare_is_no_sign() -> None:
    assert overlap([], [], []).log_chance.shape == (0,)
    assert overlap([5, 3], [0, 0], [0, 0]).log_chance.tolist() == [0.0]
    assert overlap([5, 0], [0, 0], [0, 1], together=True).log_chance.tolist() == [0.0]
    assert steadiness([], []) == 1.0


def test_counts_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        overlap([-1], [2], [0])
    with pytest.raises(ValueError, match="equal length"):
        overlap([1, 2], [2], [0])


counts = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 3)), min_size=1, max_size=40
)


@given(counts)
def test_which_source_is_left_makes_no_difference(rows: list[tuple[int, int, int]]) -> None:
    left, right, group = (np.array(one) for one in zip(*rows, strict=True))
    one, other = overlap(left, right, group), overlap(right, left, group)
    assert one.log_chance == pytest.approx(other.log_chance, abs=1e-6)
    assert one.shared == pytest.approx(other.shared, abs=1e-6)
    assert ((one.shared >= 0) & (one.shared <= 1) & (one.log_chance <= 0)).all()


@given(counts)
def test_the_order_of_the_cells_makes_no_difference(rows: list[tuple[int, int, int]]) -> None:
    left, right, group = (np.array(one) for one in zip(*rows, strict=True))
    one, other = overlap(left, right, group), overlap(left[::-1], right[::-1], group[::-1])
    assert one.log_chance == pytest.approx(other.log_chance, abs=1e-9)
