"""The Wilson interval against published figures and two outside implementations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.proportion import proportion_confint

from pxcore.stats.intervals import difference_of_limits, wilson


@pytest.mark.parametrize(
    ("positive", "answers", "low", "high"),
    [  # Newcombe 1998, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_published_worked_examples(
    positive: int, answers: int, low: float, high: float
) -> None:
    found = wilson(positive / answers, answers)
    assert [round(float(end), 4) for end in found] == [low, high]


@given(st.integers(1, 5000), st.data())
def test_whole_counts_agree_with_scipy_and_statsmodels(answers: int, data: st.DataObject) -> None:
    positive = data.draw(st.integers(0, answers))
    low, high = wilson(positive / answers, answers)
    scipy_says = binomtest(positive, answers).proportion_ci(method="wilson")
    statsmodels_says = proportion_confint(positive, answers, method="wilson")
    assert [low, high] == pytest.approx([scipy_says.low, scipy_says.high], abs=1e-12)
    assert [low, high] == pytest.approx(list(statsmodels_says), abs=1e-12)


@given(st.floats(0, 1), st.floats(0.5, 1e6))
def test_it_holds_its_estimate_and_stays_inside_nought_and_one(
    proportion: float, answers: float
) -> None:
    low, high = wilson(proportion, answers)
    assert 0 <= low <= proportion + 1e-12
    assert proportion - 1e-12 <= high <= 1


@given(st.floats(0, 1), st.floats(1, 1e5))
def test_twice_the_answers_never_widen_it(proportion: float, answers: float) -> None:
    low, high = wilson(proportion, answers)
    low_of_more, high_of_more = wilson(proportion, 2 * answers)
    assert high_of_more - low_of_more <= high - low + 1e-12


def test_nobody_positive_starts_at_exactly_nought_and_everybody_ends_at_exactly_one() -> None:
    assert wilson(0.0, 7)[0] == 0.0
    assert wilson(1.0, 7)[1] == 1.0


def test_no_answers_have_no_interval() -> None:
    low, high = wilson([0.0, 0.5, 1.0], [0, 0, np.nan])
    assert np.isnan(low).all()
    assert np.isnan(high).all()


def test_an_effective_number_need_not_be_whole() -> None:
    low, high = wilson(0.7, 84.6)
    below, above = wilson(0.7, [84, 85])
    assert below[0] < low < below[1]
    assert above[1] < high < above[0]


@pytest.mark.parametrize(
    ("left", "right", "low", "high"),
    [  # Newcombe 1998 (differences), table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_the_difference_of_two_ranges_is_newcombes_of_two_shares(
    left: tuple[int, int], right: tuple[int, int], low: float, high: float
) -> None:
    (x, n), (y, m) = left, right
    ends = difference_of_limits(x / n, wilson(x / n, n), y / m, wilson(y / m, m))
    assert [round(float(end), 4) for end in ends] == [low, high]


def test_the_difference_of_two_normal_ranges_is_the_normal_range() -> None:
    # 8.2 ± 1.96 × 0.3 less 7.8 ± 1.96 × 0.4: 0.4 ± 1.96 × 0.5
    half = [1.959963984540054 * error for error in (0.3, 0.4)]
    low, high = difference_of_limits(
        8.2, (8.2 - half[0], 8.2 + half[0]), 7.8, (7.8 - half[1], 7.8 + half[1])
    )
    assert [float(low), float(high)] == pytest.approx([0.4 - 0.97998, 0.4 + 0.97998], abs=1e-5)
