"""The range of ranks: against a simulation written out, a known probability, and its laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from pxcore.errors import TooFewPairs
from pxcore.stats.ranks import quarter_of, rank_ranges


def written_out(
    standing: np.ndarray, variance: np.ndarray, draws: int
) -> tuple[np.ndarray, np.ndarray]:
    """The mean rank and the quarters, one draw and one provider at a time, by another generator."""
    random = np.random.RandomState(99)
    count = len(standing)
    ranks = np.zeros((draws, count))
    for draw in range(draws):
        true = []
        for y, v in zip(standing, variance, strict=True):
            towards = 1 / (1 / 1.0 + 1 / v)  # precision of peers (1) and of what is heard
            true.append(random.normal(towards * y / v, np.sqrt(towards)))
        for own in range(count):
            ranks[draw, own] = 1 + sum(other > true[own] for other in true)
    quarters = np.zeros((count, 4))
    for own in range(count):
        for rank in ranks[:, own]:
            quarters[own, min(int((rank - 1) * 4 / count), 3)] += 1 / draws
    return ranks, quarters


def test_ranges_and_quarters_are_those_of_a_simulation_written_out() -> None:
    random = np.random.default_rng(3)
    standing, variance = random.standard_normal(14), random.uniform(0.05, 1.5, 14)
    ranks, quarters = written_out(standing, variance, 4000)
    found = rank_ranges(standing, variance, seed=1)
    np.testing.assert_allclose(found.quarters, quarters, atol=0.03)
    low, high = np.percentile(ranks, [2.5, 97.5], axis=0)
    assert np.abs(found.low - low).max() <= 1
    assert np.abs(found.high - high).max() <= 1


def test_the_order_of_two_is_that_of_the_normal_distribution() -> None:
    # eight far above or below, and two in the middle of ten that share places 5 and 6
    standing = np.array([40.0, 30, 20, 10, 0.4, -0.2, -10, -20, -30, -40])
    variance = np.full(10, 0.01)
    variance[4:6] = 0.5
    found = rank_ranges(standing, variance, seed=2)
    mean, sd = (0.4 + 0.2) / 1.5, np.sqrt(2 * 0.5 / 1.5)
    # place 5 is of the second quarter of ten (3 to 5), place 6 of the third
    assert found.quarters[4, 1] == pytest.approx(norm.cdf(mean / sd), abs=0.02)
    assert (found.low[4], found.high[4]) == (5, 6)
    assert (found.low[0], found.high[0]) == (1, 1)


def test_where_nothing_is_known_every_quarter_is_as_likely() -> None:
    found = rank_ranges(np.linspace(-1, 1, 20), np.full(20, 1e6), seed=4)
    np.testing.assert_allclose(found.quarters, 0.25, atol=0.02)
    assert (found.low <= 2).all()
    assert (found.high >= 19).all()


def test_draws_are_the_same_for_the_same_seed() -> None:
    standing, variance = np.linspace(-1, 1, 12), np.full(12, 0.3)
    first, again = (rank_ranges(standing, variance, seed=5) for _ in range(2))
    np.testing.assert_array_equal(first.quarters, again.quarters)


@settings(max_examples=25, deadline=None)
@given(st.integers(10, 60), st.integers(0, 1000))
def test_ranges_lie_in_the_table_and_chances_add_up(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    found = rank_ranges(
        random.standard_normal(count), random.uniform(0.01, 3, count), seed=seed, draws=400
    )
    assert (found.low >= 1).all()
    assert (found.low <= found.high).all()
    assert (found.high <= count).all()
    np.testing.assert_allclose(found.quarters.sum(axis=1), 1)


@pytest.mark.parametrize(
    ("count", "quarters"), [(8, [0, 0, 1, 1, 2, 2, 3, 3]), (5, [0, 0, 1, 2, 3])]
)
def test_quarters_of_a_table(count: int, quarters: list[int]) -> None:
    assert quarter_of(range(1, count + 1), count).tolist() == quarters


def test_too_few_or_unknown_are_refused() -> None:
    with pytest.raises(TooFewPairs, match="it takes 10"):
        rank_ranges([1.0] * 9, [1.0] * 9, seed=1)
    for wrong in (np.nan, 0.0, -1.0):
        with pytest.raises(ValueError, match="above 0"):
            rank_ranges(np.arange(10.0), [wrong, *[1.0] * 9], seed=1)
