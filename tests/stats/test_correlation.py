"""Spearman's correlation against scipy, and its Bonett-Wright interval against the formula."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import assume, given
from hypothesis import strategies as st

from pxcore.errors import TooFewPairs
from pxcore.stats.correlation import MINIMUM_PAIRS, average_ranks, bonett_wright, spearman

values = st.lists(st.integers(0, 12).map(float), min_size=MINIMUM_PAIRS, max_size=60)


def two_of_one_length() -> st.SearchStrategy[tuple[list[float], list[float]]]:
    return st.integers(MINIMUM_PAIRS, 60).flatmap(
        lambda n: st.tuples(
            st.lists(st.integers(0, 12).map(float), min_size=n, max_size=n),
            st.lists(st.integers(0, 12).map(float), min_size=n, max_size=n),
        )
    )


@given(two_of_one_length())
def test_it_equals_scipy_with_ties(pair: tuple[list[float], list[float]]) -> None:
    left, right = pair
    assume(len(set(left)) > 1 and len(set(right)) > 1)
    assert spearman(left, right).estimate == pytest.approx(
        scipy.stats.spearmanr(left, right).statistic, abs=1e-12
    )


@given(values)
def test_ranks_share_their_average_on_ties(given_values: list[float]) -> None:
    assert list(average_ranks(given_values)) == list(scipy.stats.rankdata(given_values))


@given(two_of_one_length())
def test_swapping_the_sides_changes_nothing(pair: tuple[list[float], list[float]]) -> None:
    left, right = pair
    assume(len(set(left)) > 1 and len(set(right)) > 1)
    assert spearman(left, right).estimate == pytest.approx(spearman(right, left).estimate)


@given(two_of_one_length(), st.randoms())
def test_the_order_of_providers_changes_nothing(
    pair: tuple[list[float], list[float]], random: object
) -> None:
    left, right = pair
    assume(len(set(left)) > 1 and len(set(right)) > 1)
    order = list(range(len(left)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = spearman([left[at] for at in order], [right[at] for at in order])
    assert shuffled.estimate == pytest.approx(spearman(left, right).estimate)


@given(two_of_one_length())
def test_a_monotone_change_of_scale_changes_nothing(
    pair: tuple[list[float], list[float]],
) -> None:
    left, right = pair
    assume(len(set(left)) > 1 and len(set(right)) > 1)
    bent = [math.expm1(one / 4) + 30 for one in left]
    assert spearman(bent, right).estimate == pytest.approx(spearman(left, right).estimate)


@given(two_of_one_length())
def test_the_interval_holds_the_estimate_and_stays_in_range(
    pair: tuple[list[float], list[float]],
) -> None:
    left, right = pair
    assume(len(set(left)) > 1 and len(set(right)) > 1)
    found = spearman(left, right)
    if found.interval is not None:
        assert -1 <= found.interval.low <= found.estimate <= found.interval.high <= 1


@pytest.mark.parametrize(
    ("rho", "pairs", "low", "high"),
    [  # worked out from the printed coefficients and numbers of published studies, by the formula
        (0.46, 156, 0.32, 0.58),  # Greaves and others, BMJ 2013: FFT against the inpatient survey
        (0.21, 142, 0.05, 0.36),
        (0.36, 38, 0.04, 0.62),
        (0.59, 33, 0.28, 0.79),
        (0.49, 270, 0.39, 0.58),  # Bardach and others, BMJ Qual Saf 2013
    ],
)
def test_the_interval_of_published_figures(rho: float, pairs: int, low: float, high: float) -> None:
    interval = bonett_wright(rho, pairs)
    assert interval is not None
    assert (round(interval.low, 2), round(interval.high, 2)) == (low, high)


def test_the_same_order_has_no_interval() -> None:
    found = spearman(np.arange(12), np.arange(12) * 3 + 1)
    assert (found.estimate, found.interval, found.pairs) == (1.0, None, 12)


def test_under_ten_pairs_there_is_no_coefficient() -> None:
    with pytest.raises(TooFewPairs, match="9 pairs"):
        spearman(np.arange(9), np.arange(9))


def test_a_source_that_tells_nobody_apart_has_no_coefficient() -> None:
    with pytest.raises(TooFewPairs, match="no order"):
        spearman(np.full(12, 0.9), np.arange(12))


def test_missing_values_are_refused_not_dropped() -> None:
    with pytest.raises(ValueError, match="missing"):
        spearman([1.0] * 11 + [np.nan], np.arange(12))


def test_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="equal length"):
        spearman(np.arange(12), np.arange(11))
