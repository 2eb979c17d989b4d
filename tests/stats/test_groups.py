"""Each group against the rest, and agreement between groups: by hand, by others' programs, by their laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from pxcore.stats.correlation import bonett_wright, bootstrap_spearman, spearman
from pxcore.stats.groups import (
    FEWEST_ORGANISATIONS,
    AgreementGap,
    against_rest,
    beyond_noise,
    compare_dependent,
    compare_independent,
    group_averages,
)
from pxcore.stats.intervals import Interval, newcombe
from pxcore.stats.latent import Estimability, LatentCorrelation, latent_correlation
from pxcore.stats.spread import peer_spread

NAMES = ("young", "middle", "old")


def test_a_group_is_set_against_everybody_else() -> None:
    told = against_rest([40, 60, 30], [50, 100, 50])
    low, high = newcombe(40 / 50, 50, 90 / 150, 150)
    assert told.difference[0] == pytest.approx(0.8 - 0.6)
    assert (told.low[0], told.high[0]) == (pytest.approx(low), pytest.approx(high))
    square = stats.chi2_contingency(
        [[40, 10], [90, 60]], correction=False
    )  # the same test, squared
    assert told.p_value[0] == pytest.approx(square.pvalue)
    assert told.q_value == pytest.approx(stats.false_discovery_control(told.p_value))


def test_a_group_not_tested_is_still_part_of_the_rest_and_an_empty_one_is_nothing() -> None:
    told = against_rest([40, 60, 30, 0], [50, 100, 50, 0], [True, False, True, True])
    assert np.isnan(told.difference[[1, 3]]).all()
    assert np.isnan(told.q_value[[1, 3]]).all()
    assert told.difference[0] == pytest.approx(0.2)
    assert told.q_value[0] == pytest.approx(min(1.0, told.p_value[0] * 2))


def test_answers_worth_less_move_no_difference_and_widen_every_range() -> None:
    x, n = np.array([40, 60, 30]), np.array([50, 100, 50])
    full, less = against_rest(x, n), against_rest(x, n, effective=n / np.array([1, 2, 4]))
    assert less.difference == pytest.approx(full.difference)
    assert (less.low < full.low).all()
    assert (less.high > full.high).all()
    assert (less.p_value > full.p_value).all()
    low, high = newcombe(40 / 50, 50, 90 / 150, 50 + 12.5)
    assert (less.low[0], less.high[0]) == (pytest.approx(low), pytest.approx(high))
    with pytest.raises(ValueError, match="above 0"):
        against_rest(x, n, effective=[50, 0, 50])


def test_alone_there_is_nobody_to_be_set_against() -> None:
    assert np.isnan(against_rest([4], [9]).difference).all()


@given(some.lists(some.tuples(some.integers(0, 40), some.integers(1, 40)), min_size=2, max_size=6))
def test_of_two_groups_one_is_the_other_turned_round(cells: list[tuple[int, int]]) -> None:
    x = np.array([min(one, n) for one, n in cells], dtype=float)
    n = np.array([n for _, n in cells], dtype=float)
    told = against_rest(x, n)
    assert ((told.low <= told.difference + 1e-12) & (told.difference <= told.high + 1e-12)).all()
    if len(cells) == 2:
        assert told.difference[0] == pytest.approx(-told.difference[1])
        assert told.p_value[0] == pytest.approx(told.p_value[1])


def drawn(seed: int, count: int, agreements: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Organisations whose two sources agree so much for each group; groups share the organisation."""
    random = np.random.default_rng(seed)
    shared = random.standard_normal((count, 1))
    left = 0.6 * shared + 0.8 * random.standard_normal((count, len(agreements)))
    rho = np.array(agreements)
    right = rho * left + np.sqrt(1 - rho**2) * random.standard_normal((count, len(agreements)))
    return left, right


def test_groups_that_agree_otherwise_are_told_apart_and_equal_ones_are_not() -> None:
    told = compare_dependent(*drawn(1, 80, (0.85, 0.85, 0.0)), NAMES, seed=3)
    assert [(one.first, one.second) for one in told] == [
        ("young", "middle"), ("young", "old"), ("middle", "old"),
    ]  # fmt: skip
    assert [one.q_value < 0.05 for one in told] == [False, True, True]
    assert told[1].interval.low > 0.3


def test_the_same_values_in_two_groups_differ_by_nothing() -> None:
    left, right = drawn(2, 30, (0.5,))
    told = compare_dependent(np.repeat(left, 2, 1), np.repeat(right, 2, 1), NAMES[:2], seed=3)
    assert told == (AgreementGap("young", "middle", 0.0, told[0].interval, 1.0, 1.0),)
    assert (told[0].interval.low, told[0].interval.high) == (0, 0)


def test_the_correlation_of_each_group_is_its_own_over_the_organisations_it_has() -> None:
    left, right = drawn(4, 40, (0.7, 0.4))
    left[:12, 1] = np.nan
    told = compare_dependent(left, right, NAMES[:2], seed=5)[0]
    expected = (
        spearman(left[:, 0], right[:, 0]).estimate - spearman(left[12:, 1], right[12:, 1]).estimate
    )
    assert told.difference == pytest.approx(expected)


def test_beside_a_constant_nothing_the_draws_are_those_of_one_correlation() -> None:
    """A group with the same order in every sample leaves only the other's own bootstrap."""
    left, right = drawn(6, 60, (0.5, 0.5))
    right[:, 1] = left[:, 1]
    told = compare_dependent(left, right, NAMES[:2], seed=9)[0]
    alone = bootstrap_spearman(left[:, 0], right[:, 0], seed=11)
    assert alone.interval is not None
    assert told.interval.low + 1 == pytest.approx(alone.interval.low, abs=0.03)
    assert told.interval.high + 1 == pytest.approx(alone.interval.high, abs=0.03)


def test_too_few_organisations_are_not_compared() -> None:
    left, right = drawn(7, 9, (0.5, 0.5))
    assert compare_dependent(left, right, NAMES[:2], seed=1) == ()
    left, right = drawn(7, 20, (0.5, 0.5))
    left[:11, 1] = np.nan
    assert compare_dependent(left, right, NAMES[:2], seed=1) == ()


def test_without_a_difference_about_one_in_twenty_is_called_one() -> None:
    found = [
        compare_dependent(*drawn(seed, 40, (0.5, 0.5)), NAMES[:2], seed=seed, resamples=400)[0]
        for seed in range(200)
    ]
    assert 0.01 <= np.mean([one.p_value <= 0.05 for one in found]) <= 0.10


def test_different_organisations_are_compared_by_both_their_intervals() -> None:
    told = compare_independent([0.8, 0.2, 0.5], [50, 60, 9], NAMES)
    assert [(one.first, one.second) for one in told] == [("young", "middle")]
    variance = (1 + 0.8**2 / 2) / 47 + (1 + 0.2**2 / 2) / 57
    z = (np.arctanh(0.8) - np.arctanh(0.2)) / np.sqrt(variance)
    assert told[0].p_value == pytest.approx(2 * stats.norm.sf(z))
    one, other = bonett_wright(0.8, 50), bonett_wright(0.2, 60)
    assert one is not None
    assert other is not None
    assert told[0].interval.low == pytest.approx(0.6 - np.hypot(0.8 - one.low, other.high - 0.2))
    assert told[0].interval.high == pytest.approx(0.6 + np.hypot(one.high - 0.8, 0.2 - other.low))


def test_the_average_organisation_of_each_group_with_its_range_and_the_test() -> None:
    random = np.random.default_rng(3)
    values = [*random.normal(10, 1, 12), *random.normal(14, 4, 20), 5.0, 6.0]
    groups = ["a"] * 12 + ["b"] * 20 + ["c"] * 2
    told = group_averages(values, groups, ["a", "b", "c", "d"])
    assert told.organisations.tolist() == [12, 20, 2, 0]
    assert np.isnan(told.mean[2:]).all()
    known = stats.ttest_1samp(values[:12], 0).confidence_interval()
    assert (told.low[0], told.high[0]) == pytest.approx((known.low, known.high))
    expected = stats.alexandergovern(values[:12], values[12:32]).pvalue
    assert told.p_value == pytest.approx(expected)
    assert told.p_value is not None
    assert told.p_value < 0.01
    assert group_averages([1.0] * 6, ["a"] * 6, ["a"]).p_value is None


@pytest.mark.parametrize(("count", "shown"), [(FEWEST_ORGANISATIONS, True), (4, False)])
def test_five_organisations_are_enough_for_an_average(count: int, shown: bool) -> None:
    values = [0.1, 0.2, 0.3, 0.4, 0.5, *np.linspace(0, 1, count)]
    told = group_averages(values, ["a"] * 5 + ["b"] * count, ["a", "b"])
    assert np.isfinite([told.mean[1], told.low[1], told.high[1]]).all() == shown
    assert (told.p_value is not None) == shown


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: against_rest([3], [2]),
        lambda: compare_dependent(np.zeros((3, 2)), np.zeros((3, 3)), NAMES, seed=1),
        lambda: compare_independent([0.1], [20], NAMES),
        lambda: group_averages([1.0, np.nan], ["a", "a"], ["a"]),
    ],
)
def test_what_does_not_belong_together_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        wrong()  # type: ignore[operator]


# --- Beyond what few answers do ---


def practices(
    random: np.random.Generator, rho: float, answers: tuple[int, int], count: int = 40
) -> tuple[np.ndarray, ...]:
    """What two sources say of practices for one group, from so many answers each: logit and variance."""
    one = random.standard_normal(count)
    other = rho * one + np.sqrt(1 - rho**2) * random.standard_normal(count)
    told: list[np.ndarray] = []
    for centre, spread, place, n in ((1.1, 0.45, one, answers[0]), (2.2, 0.5, other, answers[1])):
        p = (random.binomial(n, 1 / (1 + np.exp(-centre - spread * place))) + 0.5) / (n + 1)
        told += [np.log(p / (1 - p)), 1 / (n * p * (1 - p))]
    return tuple(told)


def of_two_groups(
    seed: int, rho: tuple[float, float], answers: tuple[tuple[int, int], tuple[int, int]]
) -> tuple[AgreementGap, AgreementGap]:
    """Raw and confirmed comparison of two groups of different practices."""
    random = np.random.default_rng(seed)
    told = [practices(random, *one) for one in zip(rho, answers, strict=True)]
    latent = {
        name: latent_correlation(
            *one, left_spread=peer_spread(*one[:2]), right_spread=peer_spread(*one[2:])
        )
        for name, one in zip(NAMES, told, strict=False)
    }
    raw = compare_independent(
        [spearman(one[0], one[2]).estimate for one in told], [40, 40], NAMES[:2]
    )
    return raw[0], beyond_noise(raw, latent)[0]


def test_fewer_answers_alone_are_no_difference_in_agreement() -> None:
    """The raw test takes few answers for disagreement; once they are allowed for it is seldom called."""
    found = [of_two_groups(seed, (0.75, 0.75), ((150, 200), (40, 60))) for seed in range(100)]
    raw = np.mean([one.p_value <= 0.05 for one, _ in found])
    confirmed = np.mean([one.p_value <= 0.05 for _, one in found])
    assert raw > 0.10
    assert confirmed <= 0.05


def test_a_real_difference_in_agreement_is_found_with_enough_answers() -> None:
    found = [of_two_groups(seed, (0.95, 0.0), ((150, 200), (100, 150)))[1] for seed in range(40)]
    assert np.mean([one.q_value <= 0.05 for one in found]) > 0.7
    assert np.mean([one.underlying for one in found if one.underlying is not None]) > 0.7


def test_the_difference_of_underlying_figures_has_zous_interval() -> None:
    gap = AgreementGap("young", "old", 0.5, Interval(0.2, 0.8), 0.001, 0.001)

    def latent(estimate: float | None, low: float, high: float) -> LatentCorrelation:
        return LatentCorrelation(
            Estimability.AT_LIMIT if estimate is None else Estimability.ESTIMATED,
            "",
            estimate,
            Interval(low, high),
            40,
            0.01,
            1,
            1,
            0,
            0,
        )

    (told,) = beyond_noise([gap], {"young": latent(0.9, 0.7, 0.97), "old": latent(0.3, 0.0, 0.6)})
    assert told.underlying == pytest.approx(0.6)
    assert told.underlying_interval is not None
    assert told.underlying_interval.low == pytest.approx(0.6 - np.hypot(0.2, 0.3))
    assert told.underlying_interval.high == pytest.approx(0.6 + np.hypot(0.07, 0.3))
    assert told.p_value == pytest.approx(2 * stats.norm.sf(1.959964 * 0.6 / np.hypot(0.2, 0.3)))
    # at the limit, the limit; and the weaker of the two findings speaks
    (told,) = beyond_noise([gap], {"young": latent(None, 0.8, 1.0), "old": latent(0.9, 0.6, 0.98)})
    assert told.underlying == pytest.approx(0.1)
    assert told.p_value > 0.3
    (told,) = beyond_noise([gap], {"young": latent(0.9, 0.7, 0.97), "old": None})
    assert (told.underlying, np.isnan(told.p_value), np.isnan(told.q_value)) == (None, True, True)
