"""Effective numbers of answers against published examples; the test scales against enumeration."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from pxcore.stats.scale import (
    ROUNDED_TO,
    effective_from_design,
    effective_from_interval,
    freeman_tukey,
    logit,
    proportion_at,
)

proportions = st.floats(0, 1)
numbers = st.integers(1, 20_000)


# --- Effective numbers of answers ---


def test_the_published_interval_of_a_weighted_survey_gives_back_its_design_factor() -> None:
    # Scottish survey of GP and local services 2011/12, technical report volume 1, annex D: Ayrshire
    # and Arran, 7,878 answers, standard error before weighting 0.003708, deft 1.118110, printed
    # half-width 0.008126. The proportion (printed as 88 %) follows from the standard error.
    answers, deft, half = 7878, 1.118110, 0.008126
    proportion = (1 + np.sqrt(1 - 4 * 0.003708**2 * answers)) / 2
    assert proportion == pytest.approx(0.8765, abs=1e-4)
    found = effective_from_interval(proportion, proportion - half, proportion + half)
    assert found == pytest.approx(answers / deft**2, rel=1e-3)
    assert effective_from_design(answers, deft**2) == pytest.approx(6301.6, abs=0.1)


def test_an_interval_without_width_or_at_an_end_tells_no_number() -> None:
    found = effective_from_interval([0, 1, 0.5, 0.5], [0, 0.9, 0.5, np.nan], [0.1, 1, 0.5, 0.6])
    assert np.isnan(found).all()


@given(st.floats(0.01, 0.99), st.floats(2, 1e5))
def test_a_normal_interval_gives_back_the_number_it_was_made_with(p: float, n: float) -> None:
    half = scipy.stats.norm.ppf(0.975) * np.sqrt(p * (1 - p) / n)
    assert effective_from_interval(p, p - half, p + half) == pytest.approx(n, rel=1e-9)


# --- The logit ---


def test_the_logit_at_nobody_and_everybody_is_that_of_half_an_answer() -> None:
    scaled = logit([0, 1], [10, 10])
    assert scaled.value == pytest.approx([np.log(0.5 / 10.5), np.log(10.5 / 0.5)])
    assert scaled.variance == pytest.approx([1 / 0.5 + 1 / 10.5] * 2)


@given(proportions, numbers, st.floats(1, 3))
def test_the_variance_is_the_two_reciprocal_counts_times_the_design_effect(
    p: float, n: int, effect: float
) -> None:
    found = logit(p, n, n / effect)
    x = p * n
    expected = (1 / (x + 0.5) + 1 / (n - x + 0.5)) * effect
    assert found.variance == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("p", "n"), [(0.71, 110), (0.9, 200), (0.45, 40), (0.95, 400)])
def test_the_variance_is_what_repeated_samples_would_show(p: float, n: int) -> None:
    counts = np.arange(n + 1)
    chance = scipy.stats.binom.pmf(counts, n, p)
    scaled = logit(counts / n, n)
    mean = chance @ scaled.value
    assert mean == pytest.approx(np.log(p / (1 - p)), abs=0.005)
    assert chance @ (scaled.value - mean) ** 2 == pytest.approx(chance @ scaled.variance, rel=0.04)


def test_ten_of_ten_stands_above_an_average_of_94_however_few_answers_they_are_worth() -> None:
    average = np.log(0.94 / 0.06)
    assert logit(1.0, 10, 5).value > average
    assert np.log((5 + 0.5) / 0.5) < average  # half an answer added to the effective number


@given(proportions, numbers)
def test_turning_a_question_round_turns_its_sign(p: float, n: int) -> None:
    good, bad = logit(p, n), logit(1 - p, n)
    assert good.value == pytest.approx(-bad.value, abs=1e-6)
    assert good.variance == pytest.approx(bad.variance, rel=1e-6)


@given(proportions, numbers, st.floats(1, 3))
def test_twice_the_answers_never_make_either_scale_less_sure(p: float, n: int, e: float) -> None:
    for scale in (logit, freeman_tukey):
        once, twice = scale(p, n, n / e), scale(p, 2 * n, 2 * n / e)
        assert twice.variance <= once.variance * (1 + 1e-9)


def test_no_answers_have_no_value() -> None:
    for scale in (logit, freeman_tukey):
        found = scale([0.5, 0.5, np.nan], [0, np.nan, 20], [1, 1, 20])
        assert np.isnan(found.value).all()
        assert np.isnan(found.variance).all()
        assert np.isnan(scale(0.5, 20, 0).variance)


def test_rounding_counts_only_where_it_is_not_lost_in_chance() -> None:
    # 71 % of 200: rounding is 0.8 % of the variance and left out; of 5,000: 20 %, and added
    few, many = logit(0.71, [200, 5000]).variance
    with_rounding = logit(0.71, [200, 5000], rounded=True).variance
    assert with_rounding[0] == few
    assert with_rounding[1] - many == pytest.approx(0.005**2 / 3 / (0.71 * 0.29) ** 2, rel=1e-3)


@given(st.integers(2, 98), st.integers(2000, 100_000))
def test_rounding_is_what_a_true_value_anywhere_in_the_last_point_would_add(
    percent: int, n: int
) -> None:
    p = percent / 100
    within = np.linspace(p - ROUNDED_TO, p + ROUNDED_TO, 2001)
    spread = np.log(within / (1 - within)).var()
    chance = logit(p, n).variance
    added = logit(p, n, rounded=True).variance - chance
    if spread > 0.06 * chance:
        assert added == pytest.approx(spread, rel=0.1)
    elif spread < 0.04 * chance:
        assert added == 0


@given(st.integers(1, 10**6))
def test_rounding_at_the_ends_does_not_grow_without_bound(n: int) -> None:
    added = logit([0, 1], n, rounded=True).variance - logit([0, 1], n).variance
    assert (added >= 0).all()
    assert (added < 1.35).all()


# --- The arcsine, and back ---


@pytest.mark.parametrize(("p", "n"), [(0.5, 40), (0.8, 100), (0.9, 300)])
def test_the_arcsine_has_the_variance_it_says(p: float, n: int) -> None:
    counts = np.arange(n + 1)
    chance = scipy.stats.binom.pmf(counts, n, p)
    scaled = freeman_tukey(counts / n, n)
    mean = chance @ scaled.value
    assert chance @ (scaled.value - mean) ** 2 == pytest.approx(1 / (4 * n + 2), rel=0.02)


def test_the_arcsine_by_hand() -> None:
    scaled = freeman_tukey([0, 0.75], [4, 4], [4, 2])
    assert scaled.value == pytest.approx(
        [np.arcsin(np.sqrt(0.2)) / 2, (np.arcsin(np.sqrt(0.6)) + np.arcsin(np.sqrt(0.8))) / 2]
    )
    assert scaled.variance == pytest.approx([1 / 18, 2 / 18])


@given(st.floats(0.001, 0.999))
def test_a_point_of_the_scale_leads_back_to_its_proportion(p: float) -> None:
    assert proportion_at(np.log(p / (1 - p))) == pytest.approx(p)


def test_the_far_ends_of_the_scale_are_nought_and_one() -> None:
    assert list(proportion_at([-1000, 1000])) == [0, 1]
