"""Correlations, their intervals, permutations and bootstrap, against R, scipy and published figures.

`agreement.R` and `agreement_python.py` in tests/reference made the recorded figures.
"""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pxcore.errors import TooFewPairs
from pxcore.stats.correlation import (
    MINIMUM_PAIRS,
    Correlation,
    average_ranks,
    bonett_wright,
    bootstrap,
    bootstrap_spearman,
    concordance,
    fieller,
    kendall,
    pearson,
    permutation_p,
    rank_correlation_of_draws,
    spearman,
)
from pxcore.stats.intervals import Interval

REFERENCE = Path(__file__).parents[1] / "reference"
R: dict[str, Any] = json.loads((REFERENCE / "agreement.json").read_text(encoding="utf-8"))
PYTHON: dict[str, Any] = json.loads(
    (REFERENCE / "agreement_python.json").read_text(encoding="utf-8")
)

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


# --- Pearson and Kendall ---


@pytest.mark.parametrize("name", ["noisy", "opposed", "meters"])
def test_pearson_and_its_interval_are_those_of_r(name: str) -> None:
    case = R["pairs"][name]
    found = pearson(case["left"], case["right"])
    assert found.estimate == pytest.approx(case["pearson"], abs=1e-12)
    assert found.interval is not None
    ends = [found.interval.low, found.interval.high]
    assert ends == pytest.approx(case["pearson_interval"], abs=1e-9)
    assert found.pairs == len(case["left"])


@pytest.mark.parametrize("name", ["noisy", "opposed", "meters"])
def test_kendall_and_spearman_with_ties_are_those_of_r(name: str) -> None:
    case = R["pairs"][name]
    assert kendall(case["left"], case["right"]).estimate == pytest.approx(case["kendall"])
    assert spearman(case["left"], case["right"]).estimate == pytest.approx(case["spearman"])


def test_fieller_holds_the_true_tau_of_normal_pairs_as_often_as_it_says() -> None:
    random = np.random.default_rng(3)
    true, held, times = 2 / math.pi * math.asin(0.6), 0, 400
    for _ in range(times):
        left = random.standard_normal(50)
        right = 0.6 * left + 0.8 * random.standard_normal(50)
        interval = kendall(left, right).interval
        assert interval is not None
        held += interval.low <= true <= interval.high
    assert 0.92 <= held / times <= 0.98


def test_fieller_by_hand() -> None:
    interval = fieller(0.5, 50)
    assert interval is not None
    half = 1.959964 * math.sqrt(0.437 / 46)
    assert interval.low == pytest.approx(math.tanh(math.atanh(0.5) - half), abs=1e-6)
    assert interval.high == pytest.approx(math.tanh(math.atanh(0.5) + half), abs=1e-6)
    assert fieller(-0.79, 50) is not None
    assert fieller(-0.8, 50) is None
    assert fieller(0.5, 4) is None


def test_beyond_four_fifths_kendall_has_no_interval_but_the_bootstraps() -> None:
    left = np.arange(30.0)
    right = left.copy()
    right[[3, 4, 11, 12, 20, 22]] = right[[4, 3, 12, 11, 22, 20]]
    assert kendall(left, right).interval is None
    found = kendall(left, right, seed=5)
    assert found.estimate > 0.8
    assert found.interval is not None
    assert 0.8 < found.interval.low < found.estimate < found.interval.high <= 1
    assert kendall(left, left, seed=5) == Correlation("Kendall", 1.0, None, 30)


@given(two_of_one_length())
def test_pearson_and_kendall_are_symmetric_in_range_and_inside_their_intervals(
    pair: tuple[list[float], list[float]],
) -> None:
    left, right = pair
    assume(len(set(left)) > 1 and len(set(right)) > 1)
    for coefficient in (pearson, kendall):
        found = coefficient(left, right)
        assert found.estimate == pytest.approx(coefficient(right, left).estimate, abs=1e-12)
        assert -1 <= found.estimate <= 1
        if found.interval is not None:
            assert -1 <= found.interval.low <= found.estimate <= found.interval.high <= 1


@given(two_of_one_length(), st.floats(-5, 5))
def test_a_general_shift_changes_no_correlation_and_a_bend_no_rank_correlation(
    pair: tuple[list[float], list[float]], shift: float
) -> None:
    left, right = pair
    assume(len(set(left)) > 1 and len(set(right)) > 1)
    moved = [one + shift for one in right]
    assert pearson(left, moved).estimate == pytest.approx(pearson(left, right).estimate)
    bent = [math.expm1(one / 4) + 30 for one in left]
    assert kendall(bent, right).estimate == pytest.approx(kendall(left, right).estimate)


def test_a_straight_line_has_pearson_one_and_no_interval() -> None:
    assert pearson(np.arange(12), np.arange(12) * 3 + 1) == Correlation("Pearson", 1.0, None, 12)


@pytest.mark.parametrize("coefficient", [pearson, kendall])
def test_too_few_and_missing_are_refused_by_all(coefficient: Any) -> None:
    with pytest.raises(TooFewPairs, match="9 pairs"):
        coefficient(np.arange(9), np.arange(9))
    with pytest.raises(TooFewPairs, match="no order"):
        coefficient(np.full(12, 0.9), np.arange(12))
    with pytest.raises(ValueError, match="missing"):
        coefficient([1.0] * 11 + [np.nan], np.arange(12))


# --- Williams ---


# --- Permutations ---


def every_permutation_p(left: list[float], right: list[float], groups: list[int]) -> float:
    """The share of all orders inside the groups as far from their mean as the one seen."""
    one, other = scipy.stats.rankdata(left), scipy.stats.rankdata(right)
    members = [[at for at, group in enumerate(groups) if group == name] for name in set(groups)]
    products = []
    for orders in itertools.product(*(itertools.permutations(each) for each in members)):
        moved = other.copy()
        for each, order in zip(members, orders, strict=True):
            moved[each] = other[list(order)]
        products.append(float(one @ moved))
    mean = np.mean(products)
    return float(np.mean(np.abs(products - mean) >= abs(one @ other - mean) - 1e-9))


@pytest.mark.parametrize(
    ("groups", "right"),
    [
        ([0, 0, 0, 1, 1, 1, 2, 2, 2, 2], [1, 3, 2, 4, 5, 6, 6, 8, 9, 10]),
        ([0, 0, 0, 1, 1, 1, 2, 2, 2, 2], [3, 1, 2, 6, 5, 4, 7, 8, 8, 7]),
        ([1, 0, 1, 0, 1, 0, 2, 2, 2, 0], [5, 3, 9, 1, 1, 2, 6, 7, 7, 10]),
    ],
)
def test_p_within_groups_is_that_of_every_permutation(groups: list[int], right: list[int]) -> None:
    left = [1.0, 2, 3, 4, 5, 6, 7, 8, 8, 10]
    exact = every_permutation_p(left, [float(one) for one in right], groups)
    found = permutation_p(left, right, groups, seed=1)
    assert found == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 9999) + 1e-4)


def test_p_of_one_group_is_that_of_r_and_of_scipy() -> None:
    case = R["exact"]
    assert permutation_p(case["left"], case["right"], seed=2) == pytest.approx(case["p"], abs=0.004)
    case = PYTHON["permutation"]
    found = permutation_p(case["left"], case["right"], seed=2, resamples=99_999)
    assert found == pytest.approx(case["p"], abs=0.001)


def test_p_is_as_common_as_it_says_where_there_is_no_agreement() -> None:
    random = np.random.default_rng(9)
    groups = np.repeat([0, 1], 15)
    found = [
        permutation_p(
            random.standard_normal(30) + groups,
            random.standard_normal(30) + 2 * groups,  # groups differ in level, nothing else agrees
            groups,
            seed=k,
            resamples=199,
        )
        for k in range(300)
    ]
    assert 0.02 <= np.mean(np.array(found) <= 0.05) <= 0.085
    assert 0.42 <= np.mean(np.array(found) <= 0.5) <= 0.58


def test_the_smallest_p_is_one_in_ten_thousand_and_the_seed_decides() -> None:
    left = np.arange(150.0)
    assert permutation_p(left, left, seed=1) == 1 / 10_000
    random = np.random.default_rng(4)
    other = left + 400 * random.standard_normal(150)
    assert permutation_p(left, other, seed=1) == permutation_p(left, other, seed=1)
    assert permutation_p(left, other, seed=1) == pytest.approx(
        permutation_p(other, -left, seed=2), abs=0.03
    )


def test_groups_of_one_leave_nothing_to_permute() -> None:
    assert permutation_p(np.arange(12), np.arange(12), np.arange(12), seed=1, resamples=99) == 1.0
    with pytest.raises(ValueError, match="name each"):
        permutation_p(np.arange(12), np.arange(12), np.arange(11), seed=1)


# --- The bootstrap ---


def test_the_bootstrap_of_the_law_school_data_is_that_of_r() -> None:
    case = R["school"]
    found = bootstrap(
        lambda a, b: pearson(a, b).estimate, case["left"], case["right"], seed=8, resamples=4000
    )
    assert (found.method, found.resamples, found.seed) == ("BCa", 4000, 8)
    assert found.estimate == pytest.approx(case["estimate"])
    assert found.interval is not None
    assert [found.interval.low, found.interval.high] == pytest.approx(case["bca"], abs=0.03)


def test_the_fast_rank_bootstrap_is_that_of_r() -> None:
    case = R["ranks"]
    found = bootstrap_spearman(case["left"], case["right"], seed=8, resamples=8000)
    assert found.estimate == pytest.approx(case["estimate"])
    assert found.interval is not None
    ends = [found.interval.low, found.interval.high]
    assert ends == pytest.approx(case["percentile"], abs=0.015)


@settings(max_examples=40)
@given(two_of_one_length(), st.integers(0, 10_000))
def test_the_fast_rank_bootstrap_equals_ranking_each_sample(
    pair: tuple[list[float], list[float]], seed: int
) -> None:
    left, right = np.array(pair[0]), np.array(pair[1])
    assume(len(set(left)) > 1 and len(set(right)) > 1)
    picks = np.random.default_rng(seed).integers(0, len(left), size=(60, len(left)))
    slow = []
    for rows in picks:
        one, other = scipy.stats.rankdata(left[rows]), scipy.stats.rankdata(right[rows])
        if np.ptp(one) > 0 and np.ptp(other) > 0:
            slow.append(np.corrcoef(one, other)[0, 1])
    found = bootstrap_spearman(left, right, seed=seed, resamples=60).interval
    if len(slow) < 30:
        assert found is None
    else:
        assert found is not None
        ends = [found.low, found.high]
        assert ends == pytest.approx(list(np.quantile(slow, [0.025, 0.975])), abs=1e-12)


def test_providers_are_drawn_with_all_their_sources() -> None:
    random = np.random.default_rng(2)
    table = random.standard_normal((25, 1)) + 0.3 * random.standard_normal((25, 3))

    def least_pair(rows: np.ndarray) -> float:
        return float(np.corrcoef(rows.T).min())

    found = bootstrap(least_pair, table, seed=1, resamples=500)
    assert found.estimate == pytest.approx(least_pair(table))
    assert found.interval is not None
    assert 0.5 < found.interval.low < found.estimate  # drawn apart, the sources would not agree


def test_where_bca_does_not_exist_the_percentiles_stand_in() -> None:
    same = bootstrap(lambda a: float((a >= 0).mean()), np.arange(12), seed=1)
    assert same.method == "percentile"
    assert same.interval == Interval(1.0, 1.0)
    # one provider alone differs: a third of the samples are without it and have no figure
    lone = np.array([0.0] * 11 + [1.0])
    left_out = bootstrap(lambda a, b: pearson(a, b).estimate, lone, np.arange(12), seed=1)
    assert left_out.method == "percentile"
    assert left_out.interval is not None
    assert left_out.interval.low <= left_out.estimate <= left_out.interval.high


def test_a_figure_that_no_sample_has_has_no_interval() -> None:
    seen: list[int] = []

    def once(values: np.ndarray) -> float:
        seen.append(1)
        if len(seen) > 1:
            raise TooFewPairs("no more")
        return float(values.mean())

    assert bootstrap(once, np.arange(10.0), seed=1, resamples=50).interval is None


def test_the_bootstrap_refuses_few_and_unequal_arrays() -> None:
    with pytest.raises(TooFewPairs, match="9 providers"):
        bootstrap(np.mean, np.arange(9.0), seed=1)
    with pytest.raises(ValueError, match="one row for each"):
        bootstrap(np.mean, np.arange(12.0), np.arange(11.0), seed=1)


@pytest.mark.parametrize(("rho", "often"), [(-1.0, 0.0), (0.0, 0.5), (0.5, 2 / 3), (1.0, 1.0)])
def test_concordance_at_its_ends_and_where_the_angle_is_known(rho: float, often: float) -> None:
    assert concordance(rho) == pytest.approx(often)


def test_concordance_by_drawing_two_organisations() -> None:
    random = np.random.default_rng(5)
    first, second = random.multivariate_normal([0, 0], [[1, 0.52], [0.52, 1]], (2, 200_000))
    same = np.sign(first - second)
    assert (same[:, 0] == same[:, 1]).mean() == pytest.approx(concordance(0.52), abs=0.003)


def test_two_providers_drawn_once_each_are_ranked_and_one_drawn_twice_is_not() -> None:
    x, y = np.array([1.0, 2.0]), np.array([4.0, 3.0])
    drawn = rank_correlation_of_draws(x, y, np.array([[1.0, 1.0], [2.0, 0.0]]))
    assert drawn[0] == pytest.approx(-1)
    assert np.isnan(drawn[1])


@pytest.mark.parametrize(("left", "right"), [([3.0] * 10, range(10)), (range(10), [3.0] * 10)])
def test_a_source_that_gives_everybody_the_same_has_no_order(left: Any, right: Any) -> None:
    with pytest.raises(TooFewPairs, match="no order"):
        spearman(left, right)
    assert spearman(np.arange(10) / 9, np.arange(10)).estimate == pytest.approx(1)
    assert spearman(np.arange(10), np.arange(10) / 9).estimate == pytest.approx(1)
