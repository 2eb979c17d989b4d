"""Trends against pymannkendall, R's exact test and a published difference; and their laws."""

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
from scipy.signal import lfilter

from pxcore.errors import TooFewPairs
from pxcore.stats.intervals import Interval, wilson
from pxcore.stats.trend import (
    _RHO,
    MOVES,
    SLOPE_MARGIN,
    Direction,
    Together,
    _autoregressions,
    compare_trends,
    difference_interval,
    mann_kendall,
    resemblance,
    seasonal_mann_kendall,
    sen_slope,
    trend,
)

REFERENCE = Path(__file__).parents[1] / "reference"
unhurried = settings(deadline=None)  # a shared machine may pause
THEIRS: dict[str, Any] = json.loads((REFERENCE / "trend.json").read_text())
EXACT: list[dict[str, Any]] = json.loads((REFERENCE / "trend_exact.json").read_text())["series"]


def years(values: Any) -> np.ndarray:
    return 2015 + np.arange(len(values)) / 12


def months(values: Any) -> np.ndarray:
    return np.arange(len(values)) % 12


# What others find


@pytest.mark.parametrize("name", THEIRS["plain"])
def test_mann_kendall_and_sen_equal_pymannkendall(name: str) -> None:
    values, theirs = THEIRS["plain"][name]["values"], THEIRS["plain"][name]["original"]
    ours = mann_kendall(values)
    assert [ours.s, ours.variance, ours.z, ours.p_value] == pytest.approx(
        [theirs["s"], theirs["var_s"], theirs["z"], theirs["p"]], rel=1e-9
    )
    slope, _ = sen_slope(values, years(values))
    assert slope / 12 == pytest.approx(theirs["slope"], rel=1e-9)


@pytest.mark.parametrize("name", THEIRS["seasonal"])
def test_seasonal_mann_kendall_and_its_slope_equal_pymannkendall(name: str) -> None:
    values, theirs = THEIRS["seasonal"][name]["values"], THEIRS["seasonal"][name]["seasonal"]
    ours = seasonal_mann_kendall(values, months(values))
    assert [ours.s, ours.variance, ours.z, ours.p_value] == pytest.approx(
        [theirs["s"], theirs["var_s"], theirs["z"], theirs["p"]], rel=1e-9
    )
    assert ours.exact is False
    found = trend(values, years(values), months(values))
    assert found.seasonal
    assert found.slope == pytest.approx(theirs["slope"], rel=1e-9)


@pytest.mark.parametrize("theirs", EXACT, ids=range(len(EXACT)))
def test_the_exact_p_of_short_series_equals_r(theirs: dict[str, Any]) -> None:
    ours = mann_kendall(theirs["values"])
    assert ours.exact
    assert ours.p_value == pytest.approx(theirs["p"], rel=1e-9)
    pairs = math.comb(len(theirs["values"]), 2)
    assert ours.s == 2 * theirs["concordant"] - pairs


@pytest.mark.parametrize(
    "values",
    [
        [3, 3, 3, 5, 5, 1, 9, 9],
        [2, 2, 2, 2, 2, 2, 2, 7],
        [1, 1, 2, 2, 3, 3, 4, 4],
        [90, 91, 91, 93, 95, 95, 95, 99],
    ],
)
def test_the_exact_p_with_ties_equals_all_40320_orders(values: list[int]) -> None:
    orders = np.array(list(itertools.permutations(values)))
    scores = sum(
        np.sign(orders[:, later] - orders[:, earlier])
        for earlier, later in itertools.combinations(range(8), 2)
    )
    ours = mann_kendall(values)
    assert ours.p_value == pytest.approx(float((abs(scores) >= abs(ours.s)).mean()), rel=1e-12)
    assert ours.variance == pytest.approx(float((scores**2).mean()), rel=1e-12)


def test_the_slopes_interval_is_theilslopes() -> None:
    values = THEIRS["plain"]["nile"]["values"]
    found = scipy.stats.theilslopes(values, years(values), 0.95)
    slope, interval = sen_slope(values, years(values))
    assert (slope, interval.low, interval.high) == (found.slope, found.low_slope, found.high_slope)


def test_an_inflated_interval_reaches_the_square_root_further_in_ranks() -> None:
    values = np.asarray(THEIRS["plain"]["nile"]["values"])
    pairs = list(itertools.combinations(range(len(values)), 2))
    slopes = sorted((values[b] - values[a]) / (b - a) for a, b in pairs)
    sigma = math.sqrt(mann_kendall(values, inflation=2.25).variance)
    reach = scipy.stats.t.isf(0.025, len(values) / 2.25 - 3) * sigma
    low = round((len(slopes) - reach) / 2) - 1
    high = round((len(slopes) + reach) / 2)
    interval = sen_slope(values, np.arange(len(values)), inflation=2.25)[1]
    assert (interval.low, interval.high) == pytest.approx((slopes[low], slopes[high]), rel=1e-12)


def test_the_seasonal_interval_with_one_season_is_theilslopes() -> None:
    values = THEIRS["plain"]["alternating_40"]["values"]
    found = trend(values, years(values), np.zeros(40, dtype=int))
    assert found.seasonal
    assert found.inflation == 1.0
    for interval in (found.interval, found.interval_90):
        theirs = scipy.stats.theilslopes(values, years(values), interval.level)
        assert (interval.low, interval.high) == (theirs.low_slope, theirs.high_slope)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [  # Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_the_interval_of_a_difference_joins_two_intervals_as_published(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    estimates = [positive / answers for positive, answers in (first, second)]
    parts = [
        Interval(*(float(end) for end in wilson(p, n)))
        for p, (_, n) in zip(estimates, (first, second), strict=True)
    ]
    found = difference_interval(estimates[0], parts[0], estimates[1], parts[1])
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


# Which method is used when


def test_autocorrelation_raises_the_variance_and_widens_the_interval() -> None:
    theirs = THEIRS["plain"]["nile"]
    found = trend(theirs["values"], years(theirs["values"]))
    assert found.autocorrelation == pytest.approx(0.41, abs=0.01)
    assert found.inflation == pytest.approx(2.34, abs=0.01)  # Hamed and Rao's own is 2.14
    z = theirs["original"]["z"] / math.sqrt(found.inflation)
    freedom = len(theirs["values"]) / found.inflation - 3
    assert found.test.p_value == pytest.approx(2 * scipy.stats.t.sf(abs(z), freedom), rel=0.01)
    plain = sen_slope(theirs["values"], years(theirs["values"]))[1]
    assert found.interval.low < plain.low < plain.high < found.interval.high
    assert found.interval.low <= found.interval_90.low
    assert found.interval_90.high <= found.interval.high


def autoregressive(random: np.random.Generator, count: int, rho: float) -> np.ndarray:
    swings = random.standard_normal(count)
    swings[1:] *= math.sqrt(1 - rho**2)
    return lfilter([1], [1, -rho], swings)


@pytest.mark.parametrize(("count", "rho"), [(24, 0.0), (24, 0.9), (36, 0.9), (48, 0.9), (60, 0.9)])
def test_months_that_resemble_each_other_show_no_trend_where_there_is_none(
    count: int, rho: float
) -> None:
    random, at = np.random.default_rng(13), np.arange(count)
    ways = [
        trend(autoregressive(random, count, rho), at / 12, at % 12).direction() for _ in range(500)
    ]
    assert sum(way in MOVES for way in ways) / 500 <= 0.07
    unable = ways.count(Direction.CANNOT_TELL) / 500
    assert unable < 0.05 if rho == 0 else unable > 0.5  # most say so instead


@pytest.mark.parametrize(("count", "rho", "steep"), [(24, 0.0, 3), (60, 0.3, 3), (60, 0.6, 4)])
def test_a_true_trend_is_still_shown(count: int, rho: float, steep: float) -> None:
    random, at = np.random.default_rng(14), np.arange(count)
    rising = [
        trend(autoregressive(random, count, rho) + steep * at / count, at / 12, at % 12)
        for _ in range(200)
    ]
    assert sum(found.direction() is Direction.UP for found in rising) / 200 >= 0.8


@pytest.mark.parametrize("rho", [0.3, 0.6, 0.9])
def test_the_autocorrelation_that_a_line_hides_is_put_back(rho: float) -> None:
    random, at = np.random.default_rng(15), np.arange(48)
    found = [resemblance(autoregressive(random, 48, rho), at / 12, at % 12)[0] for _ in range(300)]
    assert np.median(found) == pytest.approx(rho, abs=0.08)


def test_the_inflation_is_that_of_a_slope_of_such_swings() -> None:
    """By how much the slopes of made series vary more than those of independent points that spread alike."""
    random, at, rho = np.random.default_rng(16), np.arange(30), 0.6
    made = np.array([autoregressive(random, 30, rho) for _ in range(20_000)])
    line = at - at.mean()
    variance = (made @ line / (line @ line)).var() / (
        made.var(axis=1, ddof=1).mean() / (line @ line)
    )
    shown = _autoregressions(tuple(at.tolist()), (0.0,) * 30)
    assert np.interp(rho, _RHO, shown[2]) == pytest.approx(variance, rel=0.03)


def test_too_few_that_resemble_each_other_cannot_tell() -> None:
    at = np.arange(24)
    stepped = np.where(at < 12, 0.0, 5.0) + np.random.default_rng(17).normal(0, 0.1, 24)
    found = trend(stepped, at / 12)
    assert not found.tells
    assert found.direction() is found.direction(0.001) is Direction.CANNOT_TELL
    assert math.isfinite(found.interval.low)
    assert found.interval.low < 0 < found.interval.high


def test_alternation_never_makes_a_trend_surer() -> None:
    values = THEIRS["plain"]["alternating_40"]["values"]
    found = trend(values, years(values))
    assert (found.autocorrelation, found.inflation) == (0.0, 1.0)
    assert found.test == mann_kendall(values)


def test_a_series_that_comes_and_goes_with_the_seasons_is_compared_month_by_month() -> None:
    values = THEIRS["seasonal"]["rising_48"]["values"]
    by_month = trend(values, years(values), months(values))
    assert by_month.direction() is Direction.UP
    assert by_month.test.p_value < mann_kendall(values).p_value / 5
    assert by_month.interval.low < 1 < by_month.interval.high  # it was made to rise by 1 a year


@pytest.mark.parametrize(("count", "seasonal"), [(35, False), (36, True)])
def test_seasons_need_36_months(count: int, seasonal: bool) -> None:
    values = THEIRS["seasonal"]["rising_48"]["values"][:count]
    assert trend(values, years(values), months(values)).seasonal is seasonal


@pytest.mark.parametrize(("count", "exact"), [(8, True), (9, True), (10, False)])
def test_p_is_exact_up_to_9_points(count: int, exact: bool) -> None:
    values = np.arange(count) + np.resize([1, -1], count)
    found = trend(values, np.arange(count))
    assert found.test.exact is exact
    if not exact:
        assert found.test.p_value == pytest.approx(2 * scipy.stats.norm.sf(abs(found.test.z)))


@pytest.mark.parametrize("season", [None, np.arange(48) % 12])
def test_a_straight_line_and_a_flat_one(season: np.ndarray | None) -> None:
    rising = trend(0.1 * np.arange(48), np.arange(48) / 12, season)
    assert rising.slope == pytest.approx(1.2)
    assert (rising.interval.low, rising.interval.high) == pytest.approx((1.2, 1.2))
    assert (rising.autocorrelation, rising.inflation) == (0.0, 1.0)
    assert rising.direction() is Direction.UP
    flat = trend(np.full(48, 0.1), np.arange(48) / 12, season)
    assert (flat.slope, flat.test.s, flat.test.z, flat.test.p_value) == (0.0, 0.0, 0.0, 1.0)
    assert flat.direction() is Direction.NOT_SHOWN


def test_a_p_adjusted_for_many_tests_decides_the_direction() -> None:
    found = trend(THEIRS["plain"]["rising_12"]["values"], np.arange(12))
    assert found.test.p_value == pytest.approx(0.009, abs=0.0005)
    assert found.direction() is Direction.UP
    assert found.direction(0.05) is Direction.UP
    assert found.direction(0.0501) is Direction.NOT_SHOWN


# Two trends


LINE = np.arange(12.0)
STEADY_UP = trend(LINE * 0.5 + [0, 0.1] * 6, LINE)  # half a unit a year, hardly any doubt
STEADY_DOWN = trend(-LINE * 0.5 + [0, 0.1] * 6, LINE)
STEADY_FLAT = trend([0, 0.1, 0.05, 0, 0.1, 0.05] * 2, LINE)
WILD = trend([3, -3, 4, -4, 2, -2, 3, -3, 4, -4, 2, -2], LINE)


@pytest.mark.parametrize(
    ("left", "right", "together", "alike", "differ"),
    [
        (STEADY_UP, STEADY_UP, Together.SAME, True, False),
        (STEADY_UP, STEADY_DOWN, Together.OPPOSITE, False, True),
        (STEADY_UP, STEADY_FLAT, Together.ONE, False, True),
        (STEADY_FLAT, STEADY_FLAT, Together.NEITHER, True, False),
        (WILD, STEADY_FLAT, Together.NEITHER, False, False),  # not shown is not the same
    ],
)
def test_how_two_trends_go_together(
    left: Any, right: Any, together: Together, alike: bool, differ: bool
) -> None:
    found = compare_trends(left, right)
    assert (found.together, found.alike, found.differ) == (together, alike, differ)
    assert found.margin == SLOPE_MARGIN
    turned = compare_trends(right, left)
    assert (turned.together, turned.alike, turned.differ) == (together, alike, differ)
    assert turned.difference == pytest.approx(-found.difference)
    assert (turned.interval.low, turned.interval.high) == pytest.approx(
        (-found.interval.high, -found.interval.low)
    )
    assert found.interval.low <= found.interval_90.low <= found.difference
    assert found.difference <= found.interval_90.high <= found.interval.high


def test_slopes_are_compared_in_peer_sds() -> None:
    in_points = trend(LINE * 2 + [0, 0.4] * 6, LINE)
    assert not compare_trends(in_points, STEADY_UP).alike
    found = compare_trends(in_points, STEADY_UP, left_unit=4.0)
    assert found.difference == pytest.approx(0, abs=1e-12)
    assert found.alike
    assert not compare_trends(in_points, STEADY_UP, left_unit=4.0, margin=1e-6).alike
    wide = compare_trends(STEADY_UP, STEADY_UP, left_unit=0.25, right_unit=0.25)
    assert wide.interval.high == pytest.approx(
        4 * compare_trends(STEADY_UP, STEADY_UP).interval.high
    )


def test_adjusted_p_values_decide_how_they_go_together() -> None:
    found = compare_trends(STEADY_UP, STEADY_DOWN, left_p=0.2)
    assert found.together is Together.ONE
    assert compare_trends(STEADY_UP, STEADY_DOWN, left_p=0.2, right_p=0.2).together is (
        Together.NEITHER
    )


def test_too_few_points_are_a_state_of_their_own() -> None:
    for found in (compare_trends(None, STEADY_UP), compare_trends(STEADY_UP, None)):
        assert found.together is Together.TOO_FEW
        assert found.difference is found.interval is found.interval_90 is None
        assert (found.alike, found.differ) == (False, False)


# Laws

series = st.lists(st.integers(-20, 20), min_size=8, max_size=30)


@unhurried
@given(series, st.integers(-100, 100), st.sampled_from([0.5, 2.0, 16.0]))
def test_another_unit_changes_the_slope_alone(values: list[int], shift: int, scale: float) -> None:
    one, other = (
        trend(values, years(values)),
        trend(np.array(values) * scale + shift, years(values)),
    )
    assert other.test == one.test
    assert other.slope == pytest.approx(one.slope * scale)
    assert other.autocorrelation == pytest.approx(one.autocorrelation, abs=1e-6)


@unhurried
@given(series, st.sampled_from([1e-9, 1e9]))
def test_the_inflation_has_no_unit(values: list[int], scale: float) -> None:
    one = resemblance(values, years(values))
    assert resemblance(np.array(values) * scale, years(values)) == pytest.approx(one, abs=1e-6)


@unhurried
@given(series)
def test_backwards_a_rise_is_a_fall(values: list[int]) -> None:
    forward, back = mann_kendall(values), mann_kendall(values[::-1])
    assert (back.s, back.z) == (-forward.s, -forward.z)
    assert back.p_value == forward.p_value
    slope, interval = sen_slope(values, np.arange(len(values)))
    turned, opposite = sen_slope(values[::-1], np.arange(len(values)))
    assert turned == pytest.approx(-slope)
    # theilslopes counts ranks from both ends alike, so the interval mirrors but for one rank
    assert opposite.low <= turned <= opposite.high
    assert interval.low <= slope <= interval.high


@unhurried
@given(series, st.integers(-5, 5))
def test_adding_a_line_adds_its_slope(values: list[int], steep: int) -> None:
    at = np.arange(len(values))
    assert sen_slope(np.array(values) + steep * at, at)[0] == pytest.approx(
        sen_slope(values, at)[0] + steep
    )


@unhurried
@given(series)
def test_only_the_order_counts_for_the_test(values: list[int]) -> None:
    assume(len(set(values)) > 1)
    bent = np.expm1(np.array(values) / 5)
    assert mann_kendall(bent) == mann_kendall(values)


@unhurried
@given(series)
def test_s_and_its_p_equal_kendalls_tau(values: list[int]) -> None:
    assume(len(set(values)) > 1)
    ours = mann_kendall(values)
    tau = scipy.stats.kendalltau(np.arange(len(values)), values).statistic
    untied = math.comb(len(values), 2)
    tied = untied - sum(math.comb(values.count(one), 2) for one in set(values))
    assert ours.s / math.sqrt(untied * tied) == pytest.approx(tau, abs=1e-12)
    assert 0 < ours.p_value <= 1


@unhurried
@given(st.lists(st.integers(0, 9), min_size=36, max_size=60), st.randoms())
def test_the_order_of_the_months_of_the_year_changes_nothing(
    values: list[int], random: Any
) -> None:
    names = list(range(12))
    random.shuffle(names)
    renamed = [names[month] for month in months(values)]
    one, other = (seasonal_mann_kendall(values, names) for names in (months(values), renamed))
    assert (other.s, other.z) == pytest.approx((one.s, one.z))
    assert (other.variance, other.p_value) == pytest.approx((one.variance, one.p_value))


# What is refused


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: mann_kendall(range(7)), TooFewPairs, "7 points"),
        (lambda: trend(range(7), range(7)), TooFewPairs, "it takes 8"),
        (lambda: seasonal_mann_kendall(range(35), range(35)), TooFewPairs, "it takes 36"),
        (lambda: seasonal_mann_kendall(range(36), range(35)), ValueError, "length"),
        (lambda: mann_kendall([1.0] * 8 + [np.nan]), ValueError, "none missing"),
        (lambda: sen_slope(range(8), [0, 1, 2, 3, 4, 5, 6, 6]), ValueError, "rising"),
        (lambda: sen_slope(range(8), range(9)), ValueError, "one rising number"),
        (lambda: compare_trends(STEADY_UP, STEADY_UP, left_unit=0), ValueError, "above 0"),
        (lambda: compare_trends(STEADY_UP, STEADY_UP, right_unit=0), ValueError, "above 0"),
        (lambda: compare_trends(STEADY_UP, STEADY_UP, margin=0), ValueError, "above 0"),
        (
            lambda: difference_interval(0, Interval(-1, 1), 0, Interval(-1, 1, 0.9)),
            ValueError,
            "one level",
        ),
    ],
)
def test_what_has_no_trend_is_refused(call: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        call()
