"""Lead and lag against R's ar and ccf, on a published series and made ones; and its laws."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from pxcore.stats.lead_lag import (
    Leads,
    autoregression,
    cross_correlation,
    lead_lag,
    prewhitened,
    without_season,
)

REFERENCE = Path(__file__).parents[1] / "reference"
unhurried = settings(deadline=None)  # a shared machine may pause
THEIRS: dict[str, Any] = json.loads((REFERENCE / "lead_lag.json").read_text())
CASES = [name for name in THEIRS if name != "made_with"]


def found_in(name: str, **options: Any) -> Any:
    first, second = THEIRS[name]["first"], THEIRS[name]["second"]
    months = np.arange(len(first))
    return lead_lag(first, months, second, months, **options)


# What others find


@pytest.mark.parametrize("name", CASES)
def test_order_coefficients_and_correlations_equal_r(name: str) -> None:
    theirs, lags = THEIRS[name], np.arange(-6, 7)
    changes = [np.diff(theirs[which]) for which in ("first", "second")]
    first, second, coefficients = prewhitened(*changes)
    assert len(coefficients) == theirs["order"]
    assert coefficients.tolist() == pytest.approx(theirs["coefficients"], rel=1e-9)
    assert theirs["lags"] == lags.tolist()
    correlation = cross_correlation(first, second, lags)
    assert correlation == pytest.approx(np.asarray(theirs["correlation"]), abs=1e-10)
    assert len(first) == theirs["used"]
    # the same steps, once the season is gone
    ours, months = found_in(name), np.arange(len(changes[0]))
    first, second, coefficients = prewhitened(*(without_season(x, months + 1) for x in changes))
    assert ours.coefficients == tuple(coefficients.tolist())
    assert ours.correlation.tolist() == cross_correlation(first, second, lags).tolist()
    assert ours.months - ours.order - 1 == len(first)
    assert ours.limit == pytest.approx(1.959963984540054 / math.sqrt(len(first) - 11))


def test_sales_follow_their_leading_indicator_by_3_as_box_and_jenkins_found() -> None:
    ours = found_in("sales")
    assert (ours.state, ours.lag) == (Leads.FIRST, 3)
    # 4 and 5 stand out as well: the sales answer over several periods
    out = ours.lags[np.abs(ours.correlation) > ours.limit_all]
    assert out.tolist() == [3, 4, 5]


@pytest.mark.parametrize(
    ("name", "state", "lag"),
    [
        ("sales_turned", Leads.SECOND, -3),
        ("late", Leads.FIRST, 4),
        ("opposite", Leads.SECOND, -2),
        ("one_month", Leads.FIRST, 1),
        ("apart", Leads.NONE, None),
        ("shortest", Leads.NONE, None),
    ],
)
def test_who_moves_first(name: str, state: Leads, lag: int | None) -> None:
    ours = found_in(name)
    assert (ours.state, ours.lag, ours.reason) == (state, lag, "")


def test_the_sign_of_the_strongest_lag_is_kept() -> None:
    assert found_in("late").strength > 0.8
    assert found_in("opposite").strength < -0.8


def test_two_that_move_together_stand_out_at_lag_0() -> None:
    first = np.cumsum(np.random.default_rng(3).standard_normal(60))
    noise = np.random.default_rng(4).standard_normal(60) / 5
    months = np.arange(60)
    ours = lead_lag(first, months, 5 * first + noise, months)
    assert (ours.state, ours.lag) == (Leads.TOGETHER, 0)


def test_the_limit_for_all_lags_is_bonferronis() -> None:
    ours = found_in("shortest")
    worth = math.sqrt(ours.months - 1 - ours.order - 11)  # the season took 11 degrees of freedom
    assert ours.limit_all == pytest.approx(2.8905 / worth, abs=1e-4)  # z of 1 - 0.025 / 13
    assert ours.limit == pytest.approx(1.96 / worth, abs=1e-4)


def test_an_autoregression_finds_what_a_series_was_made_of() -> None:
    noise = np.random.default_rng(5).standard_normal(5000)
    made = lfilter([1], [1, -0.6, 0.3], noise)
    assert autoregression(made)[:2] == pytest.approx([0.6, -0.3], abs=0.05)


def test_unrelated_series_rarely_stand_out_where_their_levels_nearly_always_would() -> None:
    random = np.random.default_rng(6)
    months = np.arange(48)
    flagged, levels = 0, 0
    for _ in range(400):
        first, second = np.cumsum(random.standard_normal((2, 48)), axis=1)
        ours = lead_lag(first, months, second, months)
        flagged += ours.state is not Leads.NONE
        raw = cross_correlation(first, second, np.arange(-6, 7))
        levels += bool((np.abs(raw) > ours.limit_all).any())
    assert flagged / 400 <= 0.08  # 5 % by design
    assert levels / 400 > 0.5


@pytest.mark.parametrize("length", [36, 48, 96])
def test_a_season_that_two_share_is_no_lead(length: int) -> None:
    """Two that have nothing in common but worse winters, one a month or two later than the other's."""
    random, months = np.random.default_rng(11), np.arange(length)
    flagged, leads = 0, 0
    for _ in range(500):
        year, later = random.normal(0, 3, 12), int(random.integers(0, 7))
        first, second = random.standard_normal((2, length))
        seasons = year[months % 12], year[(months - later) % 12]
        ours = lead_lag(first + seasons[0], months, second + seasons[1], months)
        flagged += ours.state is not Leads.NONE
        moves = random.standard_normal(length + 3)  # and a true lead of 3 months beside the season
        followed = 0.8 * moves[:-3] + 0.6 * second
        ours = lead_lag(moves[3:] + seasons[0], months, followed + seasons[1], months)
        leads += (ours.state, ours.lag) == (Leads.FIRST, 3)
    assert flagged / 500 <= 0.07
    assert leads / 500 >= (0.4 if length == 36 else 0.9)


def test_what_is_left_of_a_season_has_no_mean_in_any_month() -> None:
    months = np.arange(5, 45)
    left = without_season(np.random.default_rng(12).normal(size=40), months)
    assert [left[months % 12 == month].mean() for month in range(12)] == pytest.approx([0] * 12)


# What does not qualify, and why


def test_36_months_in_common_qualify_and_35_do_not() -> None:
    random = np.random.default_rng(7)
    first, second = random.standard_normal((2, 60))
    months = np.arange(60)
    enough = lead_lag(first, months, second[:36], months[24:])
    assert (enough.state is Leads.NOT_QUALIFIED, enough.months) == (False, 36)
    short = lead_lag(first, months, second[:35], months[25:])
    assert short.state is Leads.NOT_QUALIFIED
    assert short.reason == "The two have 35 months in common; it takes 36."
    assert (short.limit, short.limit_all, short.lag, short.strength) == (None, None, None, None)
    assert (short.order, short.coefficients, len(short.lags), len(short.correlation)) == (
        0,
        (),
        0,
        0,
    )
    none = lead_lag([], [], second, months)
    assert none.reason == "The two have 0 months in common; it takes 36."


def test_a_gap_or_a_break_ends_a_run() -> None:
    random = np.random.default_rng(8)
    first, second = random.standard_normal((2, 60))
    months = np.arange(60)
    gap = lead_lag(first, months, np.delete(second, 30), np.delete(months, 30))
    assert gap.reason == "The longest run of months in common without a gap is 30; it takes 36."
    later = lead_lag(first[:55], months[:55], np.delete(second, 20), np.delete(months, 20))
    assert later.reason == "The longest run of months in common without a gap is 34; it takes 36."
    assert later.months == 34
    broken = lead_lag(first, months, second, months, breaks=[31])
    assert broken.reason == (
        "The longest run of months in common without a gap or a break is 31; it takes 36."
    )
    for outside in (0, -5, 60, 99):
        assert lead_lag(first, months, second, months, breaks=[outside]).months == 60


def test_the_longest_run_without_a_break_is_used() -> None:
    random = np.random.default_rng(9)
    first, second = random.standard_normal((2, 60))
    months = np.arange(60)
    ours = lead_lag(first, months, second, months, breaks=[20])
    alone = lead_lag(first[20:], months[20:], second[20:], months[20:])
    assert ours.months == 40
    assert ours.correlation.tolist() == alone.correlation.tolist()


@pytest.mark.parametrize(
    "still", [np.full(40, 0.1), 0.1 * np.arange(40), np.sin(np.arange(40) * np.pi / 6)]
)
def test_a_series_without_variation_does_not_qualify(still: np.ndarray) -> None:
    months, moving = np.arange(40), np.random.default_rng(10).standard_normal(40)
    for pair in ((still, moving), (moving, still)):
        ours = lead_lag(pair[0], months, pair[1], months)
        assert (ours.state, ours.months) == (Leads.NOT_QUALIFIED, 40)
        assert ours.reason == "A source does not vary from month to month, but for its season."


# Laws

pairs = st.integers(0, 10_000).map(lambda seed: np.random.default_rng(seed).normal(size=(2, 40)))


@unhurried
@given(pairs)
def test_taken_the_other_way_round_the_lags_turn(two: np.ndarray) -> None:
    lags = np.arange(-6, 7)
    assert cross_correlation(two[0], two[1], lags) == pytest.approx(
        cross_correlation(two[1], two[0], -lags)
    )


@unhurried
@given(pairs)
def test_lag_0_is_pearsons_correlation(two: np.ndarray) -> None:
    assert cross_correlation(two[0], two[1], [0])[0] == pytest.approx(np.corrcoef(two)[0, 1])


@unhurried
@given(pairs, st.sampled_from([-3.0, 0.5, 10.0]), st.integers(-50, 50))
def test_another_unit_changes_at_most_the_sign(two: np.ndarray, scale: float, shift: int) -> None:
    months = np.arange(40)
    one = lead_lag(two[0], months, two[1], months)
    other = lead_lag(two[0] * 7 + 90, months, two[1] * scale + shift, months)
    assert other.correlation == pytest.approx(np.sign(scale) * one.correlation, abs=1e-9)
    assert (np.abs(one.correlation) <= 1 + 1e-12).all()


@unhurried
@given(st.integers(0, 10_000), st.integers(0, 6))
def test_a_delay_of_white_noise_is_found_at_its_lag(seed: int, delay: int) -> None:
    steps = np.random.default_rng(seed).standard_normal(66)
    level = np.cumsum(steps)
    months = np.arange(60)
    ours = lead_lag(level[6:], months, level[6 - delay : 66 - delay], months)
    assert ours.lag == delay
    assert ours.state is (Leads.FIRST if delay else Leads.TOGETHER)


# What is refused


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: lead_lag([1.0, np.nan], [0, 1], [1, 2], [0, 1]), "first .* none missing"),
        (lambda: lead_lag([1, 2], [0, 1], [1, 2], [0, 1, 2]), "second needs one whole number"),
        (lambda: lead_lag([1, 2], [0.5, 1.5], [1, 2], [0, 1]), "first needs one whole number"),
        (lambda: lead_lag([1, 2], [0, 1], [1, 2], [1, 1]), "months of second must rise"),
        (lambda: autoregression(np.full(40, 1.0)), "must vary"),
        (lambda: autoregression(np.eye(40)), "must vary"),
        (lambda: autoregression([1, 2, 1, 2, 1, 3, 1]), "outlast"),
        (lambda: cross_correlation([1, 2], [1, 2, 3], [0]), "equal length"),
    ],
)
def test_what_cannot_be_compared_is_refused(call: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        call()
