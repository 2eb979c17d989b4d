"""Level, limits of agreement, lines, concordance and intraclass correlation, against R and papers.

`agreement.R` and `agreement_python.py` in tests/reference made the recorded figures.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.weightstats import ttost_paired

from pxcore.errors import TooFewPairs
from pxcore.stats.intervals import Interval, newcombe
from pxcore.stats.level import (
    LevelOutcome,
    Line,
    bland_altman,
    concordance,
    deming,
    icc_agreement,
    icc_consistency,
    level_difference,
    structural_line,
)

REFERENCE = Path(__file__).parents[1] / "reference"
R: dict[str, Any] = json.loads((REFERENCE / "agreement.json").read_text(encoding="utf-8"))
PYTHON: dict[str, Any] = json.loads(
    (REFERENCE / "agreement_python.json").read_text(encoding="utf-8")
)


def ends(interval: Interval | None) -> list[float]:
    assert interval is not None
    return [interval.low, interval.high]


def shares() -> st.SearchStrategy[tuple[np.ndarray, np.ndarray]]:
    """Two sources of percentages without decimals over the same 10 to 40 providers."""
    one = st.integers(0, 100).map(lambda whole: whole / 100)
    return st.integers(10, 40).flatmap(
        lambda n: st.tuples(
            st.lists(one, min_size=n, max_size=n).map(np.array),
            st.lists(one, min_size=n, max_size=n).map(np.array),
        )
    )


def tells_apart(pair: tuple[np.ndarray, np.ndarray]) -> bool:
    return bool(np.ptp(pair[0]) > 0 and np.ptp(pair[1]) > 0)


# --- Newcombe ---


@pytest.mark.parametrize(
    ("left", "left_answers", "right", "right_answers", "low", "high"),
    [  # Newcombe 1998, table II, method 10
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0000),
        (10, 10, 0, 10, 0.6075, 1.0000),
    ],
)
def test_newcombes_own_table(
    left: int, left_answers: int, right: int, right_answers: int, low: float, high: float
) -> None:
    found = newcombe(left / left_answers, left_answers, right / right_answers, right_answers)
    assert [round(float(end), 4) for end in found] == [low, high]


@given(st.integers(1, 400), st.integers(1, 400), st.data())
def test_newcombe_agrees_with_statsmodels_and_turns_with_the_sides(
    left_answers: int, right_answers: int, data: st.DataObject
) -> None:
    left = data.draw(st.integers(0, left_answers))
    right = data.draw(st.integers(0, right_answers))
    p, q = left / left_answers, right / right_answers
    low, high = newcombe(p, left_answers, q, right_answers)
    outside = confint_proportions_2indep(
        left, left_answers, right, right_answers, method="newcomb", compare="diff"
    )
    assert [low, high] == pytest.approx([max(-1, outside[0]), min(1, outside[1])], abs=1e-9)
    assert -1 <= low <= p - q + 1e-12
    assert p - q - 1e-12 <= high <= 1
    turned = newcombe(q, right_answers, p, left_answers)
    assert [-turned[1], -turned[0]] == pytest.approx([low, high], abs=1e-12)
    more = newcombe(p, 2 * left_answers, q, 2 * right_answers)
    assert more[1] - more[0] <= high - low + 1e-12


def test_newcombe_takes_arrays_of_effective_numbers_and_says_nothing_of_nobody() -> None:
    low, high = newcombe([0.9, 0.9], [84.6, 0], [0.8, 0.8], [40.2, 40])
    assert low[0] < 0.1 < high[0]
    assert np.isnan([low[1], high[1]]).all()


# --- Level ---


@given(shares(), st.sampled_from([0.03, 0.05, 0.1]))
def test_the_two_one_sided_tests_are_those_of_statsmodels(
    pair: tuple[np.ndarray, np.ndarray], margin: float
) -> None:
    left, right = pair
    if np.ptp(left - right) < 0.005:
        right = right + np.linspace(0, 0.01, len(right))
    found = level_difference(left, right, margin=margin)
    outside, _, _ = ttost_paired(left, right, -margin, margin)
    assert found.equivalence_p == pytest.approx(float(outside), abs=1e-9)
    paired = scipy.stats.ttest_rel(left, right)
    assert found.p_value == pytest.approx(float(paired.pvalue), abs=1e-9)
    for level, interval in ((0.95, found.interval), (0.9, found.equivalence_interval)):
        outside_interval = paired.confidence_interval(level)
        assert ends(interval) == pytest.approx(list(outside_interval), abs=1e-9)
        assert interval.level == level


@given(shares())
def test_the_outcome_is_read_off_the_two_intervals(pair: tuple[np.ndarray, np.ndarray]) -> None:
    found = level_difference(*pair)
    inside = found.equivalence_interval.low > -0.05 and found.equivalence_interval.high < 0.05
    off_nought = found.interval.low > 0 or found.interval.high < 0
    expected = {
        (True, False): LevelOutcome.SAME,
        (True, True): LevelOutcome.SMALL,
        (False, True): LevelOutcome.DIFFERENT,
        (False, False): LevelOutcome.CANNOT_SAY,
    }[inside, off_nought]
    assert found.outcome is expected
    turned = level_difference(pair[1], pair[0])
    assert turned.outcome is found.outcome
    assert turned.difference == -found.difference


@pytest.mark.parametrize(
    ("shift", "scatter", "outcome"),
    [
        (0.0, 0.02, LevelOutcome.SAME),
        (0.02, 0.02, LevelOutcome.SMALL),
        (0.12, 0.05, LevelOutcome.DIFFERENT),
        (0.03, 0.2, LevelOutcome.CANNOT_SAY),
    ],
)
def test_the_four_outcomes(shift: float, scatter: float, outcome: LevelOutcome) -> None:
    steps = np.tile([-1.0, 1.0], 20) * scatter
    assert level_difference(0.8 + shift + steps, np.full(40, 0.8)).outcome is outcome


def test_identical_sources_stand_at_the_same_level_without_a_division_by_nought() -> None:
    values = np.linspace(0.5, 0.9, 12)
    found = level_difference(values, values)
    assert (found.p_value, found.equivalence_p) == (1.0, 0.0)
    assert found.outcome is LevelOutcome.SAME
    apart = level_difference(np.full(12, 0.75), np.full(12, 0.5))  # always the same step apart
    assert (apart.p_value, apart.outcome) == (0.0, LevelOutcome.DIFFERENT)


# --- Bland-Altman ---


@pytest.mark.parametrize("name", ["meters", "fanning", "wider", "noisy"])
def test_limits_and_their_exact_intervals_are_those_of_r(name: str) -> None:
    case = R["limits"][name]
    found = bland_altman(case["left"], case["right"])
    assert found.bias == pytest.approx(case["bias"], abs=1e-12)
    assert found.deviation == pytest.approx(case["deviation"])
    assert ends(found.bias_interval) == pytest.approx(case["bias_interval"])
    assert ends(found.limits) == pytest.approx(case["limits"])
    assert ends(found.low_interval) == pytest.approx(case["low_interval"], rel=1e-6)
    assert ends(found.high_interval) == pytest.approx(case["high_interval"], rel=1e-6)
    assert found.spread_correlation == pytest.approx(case["spread_correlation"])
    assert found.spread_p == pytest.approx(case["spread_p"], rel=1e-6)


def test_the_peak_flow_meters_of_bland_and_altman() -> None:
    case = R["limits"]["meters"]
    found = bland_altman(case["left"], case["right"])
    # Lancet 1986: mean difference -2.1, SD 38.8, 95 % interval -22.0 to 17.8 l/min
    assert (round(found.bias, 1), round(found.deviation, 1)) == (-2.1, 38.8)
    assert [round(end, 1) for end in ends(found.bias_interval)] == [-22.0, 17.8]
    # their limits are ± 2 SD: -79.7 and 75.5 from the rounded figures
    two = [found.bias - 2 * found.deviation, found.bias + 2 * found.deviation]
    assert two == pytest.approx([-79.7, 75.5], abs=0.15)
    assert found.rough


def test_noise_of_few_answers_is_told_apart_from_true_differences() -> None:
    random = np.random.default_rng(6)
    true = random.normal(0.8, 0.05, 4000)
    answers = np.full(4000, 50)
    left = random.binomial(answers, true) / answers
    right = random.binomial(answers, true - 0.04 + random.normal(0, 0.02, 4000)) / answers
    noise = [one * (1 - one) / (answers - 1) for one in (left, right)]
    found = bland_altman(left, right, *noise)
    assert found.noise_share is not None
    assert found.noise_share == pytest.approx(1 - 0.02**2 / found.deviation**2, abs=0.03)
    low, high = ends(found.limits_without_noise)
    assert [low, high] == pytest.approx([0.04 - 1.96 * 0.02, 0.04 + 1.96 * 0.02], abs=0.012)
    assert found.limits.low < low < high < found.limits.high


def test_more_noise_than_scatter_leaves_no_true_differences() -> None:
    left = np.tile([0.8, 0.81], 8)
    found = bland_altman(left, np.full(16, 0.8), np.full(16, 0.01), np.full(16, 0.01))
    assert found.noise_share == 1.0
    assert ends(found.limits_without_noise) == pytest.approx([found.bias, found.bias])


def test_the_share_at_the_ceiling_counts_providers_with_either_source_there() -> None:
    left = np.array([0.97, 0.5, 0.99, 0.6, 0.96, 0.7, 0.7, 0.7, 0.7, 0.7])
    right = np.array([0.5, 0.98, 0.99, 0.6, 0.96, 0.7, 0.7, 0.7, 0.7, 0.7])
    assert bland_altman(left, right).ceiling_share == 0.3
    assert bland_altman(left, right, ceiling=None).ceiling_share is None


def test_sources_always_the_same_step_apart_have_limits_and_no_spread() -> None:
    left = np.linspace(0.5, 0.9, 31)
    found = bland_altman(left, left - 0.03)
    assert ends(found.limits) == pytest.approx([0.03, 0.03])
    assert (found.spread_correlation, found.spread_p, found.rough) == (None, None, False)


def test_the_exact_interval_of_a_limit_holds_it_as_often_as_it_says() -> None:
    random = np.random.default_rng(2)
    held, times = 0, 1500
    for _ in range(times):
        found = bland_altman(random.standard_normal(12), np.zeros(12), ceiling=None)
        held += found.high_interval.low <= 1.959964 <= found.high_interval.high
    assert held / times == pytest.approx(0.95, abs=0.017)


@given(shares(), st.floats(-0.2, 0.2))
def test_limits_turn_with_the_sides_hold_the_bias_and_move_with_a_shift(
    pair: tuple[np.ndarray, np.ndarray], shift: float
) -> None:
    left, right = pair
    found, turned = bland_altman(left, right), bland_altman(right, left)
    assert turned.bias == -found.bias
    assert [-turned.limits.high, -turned.limits.low] == pytest.approx(ends(found.limits))
    assert [-turned.high_interval.high, -turned.high_interval.low] == pytest.approx(
        ends(found.low_interval)
    )
    assert found.limits.low <= found.bias <= found.limits.high
    assert found.low_interval.low <= found.limits.low <= found.low_interval.high
    assert found.high_interval.low <= found.limits.high <= found.high_interval.high
    moved = bland_altman(left + shift, right)
    assert moved.bias == pytest.approx(found.bias + shift, abs=1e-12)
    assert moved.deviation == pytest.approx(found.deviation, abs=1e-12)


def test_unusable_variances_are_refused() -> None:
    values = np.linspace(0.5, 0.9, 12)
    with pytest.raises(ValueError, match="sampling variances"):
        bland_altman(values, values, np.full(12, np.nan), np.full(12, 0.01))
    with pytest.raises(TooFewPairs, match="9 pairs are too few to print limits of agreement"):
        bland_altman(values[:9], values[:9])


# --- Several waves of one provider ---


# --- Lines ---


def test_demings_line_is_that_of_ncss() -> None:
    # NCSS chapter 303, error ratio 4: 1.0012 (SE 0.1872) and -0.0897 (SE 1.7220)
    x = [7, 8.3, 10.5, 9, 5.1, 8.2, 10.2, 10.3, 7.1, 5.9]
    y = [7.9, 8.2, 9.6, 9, 6.5, 7.3, 10.2, 10.6, 6.3, 5.2]
    found = deming(x, y, 4)
    assert found is not None
    assert found.slope_error is not None
    assert found.intercept_error is not None
    assert (round(found.slope, 4), round(found.slope_error, 4)) == (1.0012, 0.1872)
    assert (round(found.intercept, 4), round(found.intercept_error, 4)) == (-0.0897, 1.7220)


@pytest.mark.parametrize("name", ["even", "survey", "meters", "opposed"])
def test_demings_line_is_the_principal_axis_of_r(name: str) -> None:
    case = R["deming"][name]
    found = deming(case["left"], case["right"], case["ratio"])
    assert found is not None
    assert [found.slope, found.intercept] == pytest.approx(case["line"])
    assert [found.slope_error, found.intercept_error] == pytest.approx(case["error"])
    halves = [
        (interval.high - interval.low) / 2
        for interval in (found.slope_interval, found.intercept_interval)
        if interval is not None
    ]
    assert halves == pytest.approx(case["half"])
    assert found.at(2.0) == pytest.approx(case["line"][1] + 2 * case["line"][0])


@given(shares(), st.floats(0.1, 10))
def test_the_line_of_left_on_right_is_the_same_line(
    pair: tuple[np.ndarray, np.ndarray], ratio: float
) -> None:
    line, turned = deming(*pair, ratio), deming(pair[1], pair[0], 1 / ratio)
    if line is None or abs(line.slope) > 1e6 or abs(line.slope) < 1e-6:
        return
    assert turned is not None
    assert turned.slope == pytest.approx(1 / line.slope, rel=1e-6)


def test_a_resample_with_next_to_no_correlation_divides_by_nothing() -> None:
    """Of one left out in turn what is left of a product can be 5e-17."""
    left = [0.25, 0.0, 0.02, 0.93, 0.4, 1.0, 0.5, 0.72, 0.97, 0.69]
    right = [0.77, 0.0, 0.48, 0.15, 0.34, 1.0, 0.27, 0.25, 0.38, 0.68]
    line, turned = (
        deming(np.array(one), np.array(two), 1.0) for one, two in ((left, right), (right, left))
    )
    assert line is not None
    assert turned is not None
    assert turned.slope == pytest.approx(1 / line.slope, rel=1e-6)


def test_without_any_correlation_there_is_no_line() -> None:
    left = np.tile([0.0, 0.0, 1.0, 1.0], 3)
    assert deming(left, np.tile([0.0, 1.0], 6), 1.0) is None
    assert deming(left, np.full(12, 0.5), 1.0) is None
    with pytest.raises(ValueError, match="above 0"):
        deming(left, left, 0.0)


def test_a_line_that_hangs_on_a_single_provider_has_no_errors() -> None:
    """Without the last there is no correlation at all: of nothing there is no jackknife."""
    left = np.array([-1.0, -1, 1, 1, -1, -1, 1, 1, 0, 0, 11])
    right = np.array([-1.0, 1, -1, 1, -1, 1, -1, 1, 0, 0, 11])
    assert deming(left, right, 1.0) == Line(1.0, 0.0)
    assert deming(left, right + 2, 1.0) == Line(1.0, 2.0)


def test_with_little_error_in_left_the_line_is_ordinary_regression() -> None:
    case = R["deming"]["even"]
    found = deming(case["left"], case["right"], 1e-13)
    assert found is not None
    assert found.slope == pytest.approx(
        scipy.stats.linregress(case["left"], case["right"]).slope, rel=1e-6
    )


def test_the_structural_line_goes_through_the_centres_by_the_true_spreads() -> None:
    found = structural_line(1.0, 0.5, 2.0, 0.25, -0.4)
    assert found is not None
    assert (found.slope, found.intercept) == (-0.5, 2.5)
    assert float(found.at(1.0)) == 2.0
    back = structural_line(2.0, 0.25, 1.0, 0.5, -0.4)
    assert back is not None
    assert back.slope == 1 / found.slope
    assert structural_line(1.0, 0.5, 2.0, 0.25, 0.0) is None
    assert structural_line(1.0, 0.0, 2.0, 0.25, 0.9) is None
    with pytest.raises(ValueError, match="between -1 and 1"):
        structural_line(1.0, 0.5, 2.0, 0.25, 1.4)


def test_the_structural_line_finds_the_line_of_many_well_measured_providers() -> None:
    random = np.random.default_rng(1)
    shared = random.standard_normal(20_000)
    left = 1 + 0.4 * (0.8 * shared + 0.6 * random.standard_normal(20_000))
    right = 2 + 0.2 * (0.8 * shared + 0.6 * random.standard_normal(20_000))
    found = structural_line(left.mean(), left.std(), right.mean(), right.std(), 0.64)
    assert found is not None
    assert found.slope == pytest.approx(0.5, abs=0.01)


# --- Concordance ---


@pytest.mark.parametrize("name", ["noisy", "opposed", "meters"])
def test_lins_coefficient_and_its_parts_are_those_of_epir(name: str) -> None:
    case = R["pairs"][name]
    found = concordance(case["left"], case["right"])
    assert found.estimate == pytest.approx(case["ccc"])
    assert ends(found.interval) == pytest.approx(case["ccc_interval"])
    assert found.accuracy == pytest.approx(case["accuracy"])
    # epiR takes right over left, and right less left
    assert found.scale_shift == pytest.approx(1 / case["scale_shift"])
    assert found.location_shift == pytest.approx(-case["location_shift"])


@given(shares().filter(tells_apart))
def test_concordance_is_symmetric_in_range_and_never_beyond_the_correlation(
    pair: tuple[np.ndarray, np.ndarray],
) -> None:
    found, turned = concordance(*pair), concordance(pair[1], pair[0])
    assert found.estimate == pytest.approx(turned.estimate, abs=1e-12)
    assert -1 <= found.estimate <= 1
    assert abs(found.estimate) <= abs(found.correlation) + 1e-12
    assert found.correlation * found.accuracy == pytest.approx(found.estimate, abs=1e-9)
    if found.interval is not None:
        assert -1 <= found.interval.low <= found.estimate <= found.interval.high <= 1


def test_on_centred_scores_of_one_spread_concordance_is_the_correlation() -> None:
    random = np.random.default_rng(3)
    left = random.standard_normal(40)
    right = left + random.standard_normal(40)
    level = [(one - one.mean()) / one.std() for one in (left, right)]
    found = concordance(*level)
    assert found.estimate == pytest.approx(found.correlation)


def test_identical_sources_have_concordance_one_and_no_interval() -> None:
    values = np.linspace(0.5, 0.9, 12)
    found = concordance(values, values)
    assert found.estimate == pytest.approx(1.0)
    assert found.interval is None
    with pytest.raises(TooFewPairs, match="the same value"):
        concordance(values, np.full(12, 0.5))


# --- Intraclass correlation ---


def test_the_table_of_shrout_and_fleiss() -> None:
    case = R["icc"]["shrout"]
    agreement = icc_agreement(case["values"], fewest=6)
    consistency = icc_consistency(case["values"], fewest=6)
    # Psychological Bulletin 1979, table 4: ICC(2,1) = .29, ICC(3,1) = .71
    assert (round(agreement.estimate, 2), round(consistency.estimate, 2)) == (0.29, 0.71)
    assert (agreement.providers, agreement.sources) == (6, 4)


@pytest.mark.parametrize("name", ["shrout", "three", "two", "opposed"])
def test_both_coefficients_are_those_of_psych(name: str) -> None:
    case = R["icc"][name]
    for function, expected in (
        (icc_agreement, case["agreement"]),
        (icc_consistency, case["consistency"]),
    ):
        found = function(case["values"], fewest=6)
        assert [found.estimate, *ends(found.interval)] == pytest.approx(expected)


@pytest.mark.parametrize("name", ["two", "four"])
def test_both_coefficients_are_those_of_pingouin(name: str) -> None:
    case = PYTHON["icc"][name]
    for kind, function in (("agreement", icc_agreement), ("consistency", icc_consistency)):
        found = function(case["values"])
        assert found.estimate == pytest.approx(case[kind])
        assert ends(found.interval) == pytest.approx(case[f"{kind}_interval"], abs=0.0051)


def slow_icc(table: np.ndarray) -> tuple[float, float]:
    """Both coefficients by analysis of variance, one sum at a time."""
    n, k = table.shape
    mean = table.mean()
    total = sum((one - mean) ** 2 for one in table.ravel())
    rows = sum(k * (table[i].mean() - mean) ** 2 for i in range(n))
    columns = sum(n * (table[:, j].mean() - mean) ** 2 for j in range(k))
    msr, msc = rows / (n - 1), columns / (k - 1)
    mse = (total - rows - columns) / ((n - 1) * (k - 1))
    return (
        (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n),
        (msr - mse) / (msr + (k - 1) * mse),
    )


@given(
    st.integers(10, 30).flatmap(
        lambda n: st.integers(2, 4).flatmap(
            lambda k: st.lists(
                st.lists(st.integers(0, 20).map(float), min_size=k, max_size=k),
                min_size=n,
                max_size=n,
            ).map(np.array)
        )
    ),
    st.permutations(range(4)),
)
def test_laws_of_the_intraclass_correlations(table: np.ndarray, order: list[int]) -> None:
    try:
        agreement, consistency = icc_agreement(table), icc_consistency(table)
    except TooFewPairs:
        assert np.ptp(table, axis=0).max() == 0 or np.ptp(table) == 0
        return
    slow = slow_icc(table)
    assert agreement.estimate == pytest.approx(max(-1.0, slow[0]), abs=1e-9)
    assert consistency.estimate == pytest.approx(slow[1], abs=1e-9)
    for found in (agreement, consistency):
        assert -1 - 1e-12 <= found.estimate <= 1
        if found.interval is not None:
            assert found.interval.low - 1e-9 <= found.estimate <= found.interval.high + 1e-9
    turned = table[:, [one for one in order if one < table.shape[1]]][::-1]
    assert icc_agreement(turned).estimate == pytest.approx(agreement.estimate, abs=1e-9)
    lifted = table + np.arange(table.shape[1])
    assert icc_consistency(lifted).estimate == pytest.approx(consistency.estimate, abs=1e-9)


def test_identical_sources_share_all_variance_and_have_no_interval() -> None:
    values = np.linspace(0.5, 0.9, 12)
    for function in (icc_agreement, icc_consistency):
        found = function(np.column_stack([values, values]))
        assert found.estimate == pytest.approx(1.0)
        assert found.interval is None
    lifted = np.column_stack([values, values + 0.25])
    assert icc_consistency(lifted).estimate == pytest.approx(1.0)
    assert icc_agreement(lifted).estimate < 0.5


def test_tables_that_cannot_bear_a_coefficient_are_refused() -> None:
    with pytest.raises(TooFewPairs, match="9 providers"):
        icc_agreement(np.arange(18.0).reshape(9, 2))
    with pytest.raises(TooFewPairs, match="no differences"):
        icc_consistency(np.tile([0.3, 0.7], (12, 1)))
    with pytest.raises(ValueError, match="missing"):
        icc_agreement(np.full((12, 2), np.nan))
    with pytest.raises(ValueError, match="providers, sources"):
        icc_agreement(np.arange(12.0))


@pytest.mark.parametrize("apart", [0.0, 5.0, 30.0])
def test_an_icc_lies_in_its_interval_where_the_two_are_opposed(apart: float) -> None:
    random = np.random.default_rng(1)
    for _ in range(100):
        count, rho = int(random.integers(10, 40)), random.uniform(-0.99, 0.5)
        table = random.multivariate_normal([0, apart], [[1, rho], [rho, 1]], count)
        told = icc_agreement(table)
        assert told.interval is not None
        assert -1 <= told.interval.low <= told.estimate <= told.interval.high <= 1
