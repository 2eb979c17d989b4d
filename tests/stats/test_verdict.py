"""The verdict of a pair: every rule by hand, its tests against outside figures, and its laws."""

from __future__ import annotations

import json
import math
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.weightstats import DescrStatsW

from pxcore.stats.scale import Scaled, logit
from pxcore.stats.spread import Spread, Standing, peer_spread, standing
from pxcore.stats.verdict import (
    ASSUMED_METHOD_VARIANCE,
    EVIDENCE_FLOOR,
    MethodVariance,
    PairVerdicts,
    Rule,
    Side,
    State,
    above_average,
    detectable_correlation,
    heterogeneity,
    method_variance,
    pair_verdicts,
    reach_in_points,
    robust_agreement,
    side_words,
    speaks,
    split_method_variance,
)

METAFOR: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "reference" / "spread.json").read_text(encoding="utf-8")
)
few = settings(max_examples=25, deadline=None)


def standings(*places: tuple[float, float]) -> Standing:
    """From pairs of a distance in peer SDs and its standard error."""
    value, error = np.array(places, dtype=float).T
    return Standing(value, error**2, value / np.sqrt(1 + error**2))


def judged(
    left: Standing,
    right: Standing,
    total: float = 0.5,
    centre: float = 0.0,
    **choices: Any,
) -> PairVerdicts:
    """Verdicts where both speak on everyone and the usual difference is given."""
    everyone = np.ones(len(left.value), dtype=bool)
    method = MethodVariance(total, centre, 50, False)
    return pair_verdicts(left, right, everyone, everyone, method=method, **choices)


def imaginary(
    seed: int, providers: int = 60, agreement: float = 0.6
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Proportions and answers of two sources, many providers with few answers."""
    random = np.random.default_rng(seed)
    shared = random.standard_normal(providers)
    out = []
    for deviation, size in ((0.6, 200), (0.7, 60)):
        own = random.standard_normal(providers)
        true = 1.0 + deviation * (math.sqrt(agreement) * shared + math.sqrt(1 - agreement) * own)
        n = np.maximum(4, random.poisson(size * random.gamma(2, 0.5, providers)))
        out += [random.binomial(n, 1 / (1 + np.exp(-true))) / n, n]
    return out[0], out[1], out[2], out[3]


def placed(scaled: Scaled, respondents: np.ndarray) -> Standing:
    heard = respondents >= EVIDENCE_FLOOR
    return standing(
        scaled.value,
        scaled.variance,
        peer_spread(scaled.value[heard], scaled.variance[heard]),
    )


def verdicts(left: Scaled, left_n: np.ndarray, right: Scaled, right_n: np.ndarray) -> PairVerdicts:
    """The whole way from the test scale to the verdicts."""
    one, other = placed(left, left_n), placed(right, right_n)
    return pair_verdicts(one, other, speaks(left_n, left_n, one), speaks(right_n, right_n, other))


# --- The rules, one by one ---


def test_one_silent_source_is_silence_with_no_figures() -> None:
    sure = standings((0, 0.1), (0, 0.1), (0, 0.1))
    found = pair_verdicts(
        sure,
        sure,
        [True, False, False],
        [True, True, False],
        method=MethodVariance(0.5, 0, 50, False),
    )
    assert list(found.rule) == [Rule.AGREEMENT, Rule.SILENCE, Rule.SILENCE]
    for name in ("difference", "noise", "z", "p_value", "q_value", "same_side", "detectable"):
        assert np.isnan(getattr(found, name)[1:]).all(), name
    for name in ("agrees", "unusual", "apart", "could_agree"):
        assert not getattr(found, name)[1:].any(), name
    assert found.tested == 1


def test_agreement_needs_the_whole_range_within_one_peer_sd() -> None:
    # standard errors of 0.3 and 0.4: noise 0.5, and 1.645 x 0.5 = 0.822
    near = judged(standings((0.1, 0.3), (0.2, 0.3)), standings((0.0, 0.4), (0.0, 0.4)))
    assert near.noise == pytest.approx([0.5, 0.5])
    assert near.widest == pytest.approx([0.9224, 1.0224], abs=1e-4)
    assert list(near.agrees) == [True, False]
    assert list(near.rule) == [Rule.AGREEMENT, Rule.NOT_ENOUGH]
    assert list(near.could_agree) == [True, True]


def test_dissonance_unusual_is_far_beyond_the_usual_and_on_two_sides() -> None:
    found = judged(standings((2.5, 0.3)), standings((-1.5, 0.4)))
    assert found.z == pytest.approx([4 / math.sqrt(0.25 + 0.5)])
    assert found.q_value == pytest.approx(2 * scipy.stats.norm.sf(found.z))
    assert found.same_side[0] < 0.01
    assert list(found.rule) == [Rule.DISSONANCE_UNUSUAL]


def test_unusual_on_one_side_is_partial_agreement() -> None:
    found = judged(standings((5.0, 0.3)), standings((1.0, 0.4)))
    assert found.unusual[0]
    assert found.same_side[0] > 0.8
    assert list(found.rule) == [Rule.SAME_SIDE_UNUSUAL]


def test_dissonance_of_usual_size_is_beyond_the_margin_but_no_outlier() -> None:
    # 2.0 - 1.645 x 0.5 = 1.18 > 1; z = 2 / sqrt(0.25 + 2) = 1.33
    found = judged(standings((1.0, 0.3)), standings((-1.0, 0.4)), total=2.0)
    assert found.narrowest == pytest.approx([1.1776], abs=1e-4)
    assert not found.unusual[0]
    assert list(found.rule) == [Rule.DISSONANCE_USUAL]


def test_apart_on_one_side_is_partial_agreement() -> None:
    found = judged(standings((3.0, 0.3)), standings((1.0, 0.4)), total=2.0)
    assert not found.unusual[0]
    assert found.apart[0]
    assert list(found.rule) == [Rule.SAME_SIDE_APART]


def test_a_noise_over_one_peer_sd_is_never_apart() -> None:
    # 4.5 - 1.645 x 1.01 = 2.84 > 1, but such a source could say anything
    sure = judged(standings((2.5, 0.99)), standings((-2.0, 0.01)), total=9.0)
    unsure = judged(standings((2.5, 1.01)), standings((-2.0, 0.01)), total=9.0)
    assert (sure.apart[0], unsure.apart[0]) == (True, False)
    assert list(sure.rule) == [Rule.DISSONANCE_USUAL]
    assert list(unsure.rule) == [Rule.NOT_ENOUGH]


def test_probably_one_side_is_partial_agreement_in_direction() -> None:
    found = judged(standings((1.2, 0.6), (-1.2, 0.6)), standings((1.0, 0.7), (-1.0, 0.7)))
    assert (found.same_side >= 0.8).all()
    assert (found.widest > 1).all()
    assert list(found.rule) == [Rule.SAME_SIDE] * 2


def test_not_different_is_not_agreement() -> None:
    found = judged(standings((0.0, 0.9)), standings((0.0, 0.9)))
    assert found.p_value[0] == 1
    assert list(found.rule) == [Rule.NOT_ENOUGH]
    assert not found.could_agree[0]


def test_the_first_rule_that_holds_decides() -> None:
    # a difference of 0.8 measured with a noise of 0.04: within the margin, and unusual if the two
    # usually do not differ at all
    found = judged(standings((0.8, 0.03)), standings((0.0, 0.026458)), total=0.01)
    assert found.agrees[0]
    assert found.unusual[0]
    assert list(found.rule) == [Rule.AGREEMENT]
    # unusual and apart, on two sides: unusual is said
    both = judged(standings((2.5, 0.3)), standings((-1.5, 0.4)))
    assert both.unusual[0]
    assert both.apart[0]
    assert list(both.rule) == [Rule.DISSONANCE_UNUSUAL]
    # apart and on one side: apart is said
    one_side = judged(standings((3.0, 0.3)), standings((1.0, 0.4)), total=2.0)
    assert one_side.same_side[0] >= 0.8
    assert list(one_side.rule) == [Rule.SAME_SIDE_APART]


def test_the_rules_one_provider_at_a_time() -> None:
    """Every verdict of many imaginary pairs, worked out anew from the specification's table."""
    random = np.random.default_rng(3)
    count = 4000
    left, right = (
        Standing(
            random.normal(0, 1.6, count), random.gamma(1.5, 0.2, count) + 0.01, np.zeros(count)
        )
        for _ in range(2)
    )
    hears = random.uniform(size=(2, count)) < 0.95
    method = MethodVariance(1.3, 0.1, count, False)
    found = pair_verdicts(left, right, hears[0], hears[1], method=method)
    seen = set()
    for at in range(count):
        d = left.value[at] - right.value[at] - 0.1
        noise = math.sqrt(left.variance[at] + right.variance[at])
        a, b = (
            scipy.stats.norm.cdf(
                (side.value[at] / (1 + side.variance[at]))
                / math.sqrt(side.variance[at] / (1 + side.variance[at]))
            )
            for side in (left, right)
        )
        same = a * b + (1 - a) * (1 - b)
        u, g = found.q_value[at] <= 0.05, abs(d) - 1.6448536 * noise > 1 and noise <= 1
        if not hears[:, at].all():
            expected = 1
        elif abs(d) + 1.6448536 * noise < 1:
            expected = 2
        elif u and same < 0.8:
            expected = 3
        elif u:
            expected = 4
        elif g and same < 0.8:
            expected = 5
        elif g:
            expected = 6
        elif same >= 0.8:
            expected = 7
        else:
            expected = 8
        assert found.rule[at] == expected, at
        seen.add(expected)
    assert seen == {1, 2, 3, 4, 5, 6, 7, 8}
    states = [Rule(rule).state for rule in found.rule]
    assert states.count(State.PARTIAL) == int(np.isin(found.rule, [4, 6, 7]).sum())


def test_every_rule_has_its_state() -> None:
    assert [rule.state.value for rule in Rule] == [
        "silence",
        "agreement",
        "dissonance",
        "partial agreement",
        "dissonance",
        "partial agreement",
        "partial agreement",
        "not enough evidence",
    ]


@pytest.mark.parametrize(("margin", "agrees", "apart"), [(0.5, 0, 2), (1.0, 1, 1), (2.5, 2, 0)])
def test_the_margin_moves_agreement_and_apart(margin: float, agrees: int, apart: int) -> None:
    found = judged(
        standings((0.7, 0.05), (2.0, 0.05)), standings((0.0, 0.05), (0.0, 0.05)), margin=margin
    )
    assert (found.agrees.sum(), found.apart.sum()) == (agrees, apart)
    assert found.margin == margin


# --- Who is heard ---


def test_ten_answers_five_effective_ones_and_a_source_that_tells_apart_are_needed() -> None:
    where = standings(*[(0.0, 0.3)] * 5)
    where = replace(where, value=np.array([0, 0, 0, 0, np.nan]))
    found = speaks([10, 9, 30, 30, 30], [10, 9, 5, 4.9, 30], where)
    assert list(found) == [True, False, True, False, False]
    assert list(speaks([5, 4], [5, 5], where_of(where, 2), evidence_floor=5)) == [True, False]


def where_of(where: Standing, count: int) -> Standing:
    return Standing(*(getattr(where, field.name)[:count] for field in fields(Standing)))


@few
@given(st.integers(0, 10**6), st.integers(0, 6))
def test_six_comments_are_never_agreement(seed: int, positive: int) -> None:
    left_p, left_n, right_p, right_n = imaginary(seed)
    right_p[0], right_n[0] = positive / 6, 6
    left, right = logit(left_p, left_n), logit(right_p, right_n)
    found = verdicts(left, left_n, right, right_n)
    assert found.rule[0] == Rule.SILENCE
    # and where the floor is set to five answers, they are heard but cannot settle it
    one, other = placed(left, left_n), placed(right, right_n)
    low = pair_verdicts(
        one, other, speaks(left_n, left_n, one, 5), speaks(right_n, right_n, other, 5)
    )
    assert low.rule[0] != Rule.SILENCE or left_n[0] < 5
    assert low.rule[0] != Rule.AGREEMENT
    assert not low.could_agree[0]


def test_too_few_providers_with_both_cap_every_verdict() -> None:
    random = np.random.default_rng(1)
    left, right = (
        Standing(random.normal(0, 3, 9), np.full(9, 0.01), np.zeros(9)) for _ in range(2)
    )
    everyone = np.ones(9, dtype=bool)
    everyone[0] = False
    found = pair_verdicts(left, right, everyone, everyone)
    assert found.method == MethodVariance(2 * ASSUMED_METHOD_VARIANCE, 0.0, 8, True)
    assert list(found.rule) == [Rule.SILENCE] + [Rule.NOT_ENOUGH] * 8
    assert not (found.agrees | found.unusual | found.apart | found.could_agree).any()


# --- How far two sources usually differ ---


def test_the_usual_difference_is_the_robust_spread_of_differences() -> None:
    random = np.random.default_rng(5)
    left, right = (
        Standing(random.normal(0, 1, 80), random.uniform(0.05, 0.3, 80), np.zeros(80))
        for _ in range(2)
    )
    found = method_variance(left, right)
    apart = peer_spread(left.value - right.value, left.variance + right.variance)
    assert (found.total, found.centre) == (apart.variance, apart.centre)
    assert (found.providers, found.assumed) == (80, False)


def test_it_and_the_robust_agreement_find_the_agreement_they_were_given() -> None:
    found = []
    for seed in range(60):
        random = np.random.default_rng(seed)
        shared = random.standard_normal(200)
        places = []
        for _ in range(2):
            true = math.sqrt(0.7) * shared + math.sqrt(0.3) * random.standard_normal(200)
            noise = random.uniform(0.1, 0.5, 200)
            value = true + np.sqrt(noise) * random.standard_normal(200)
            places.append(Standing(value, noise, value))
        method = method_variance(*places)
        found.append(robust_agreement(method))
        assert found[-1] == 1 - method.total / 2
    assert np.mean([one or 0.0 for one in found]) == pytest.approx(0.7, abs=0.02)


@pytest.mark.parametrize(("total", "agreement"), [(0.0, 1.0), (0.5, 0.75), (2.0, 0.0), (9.0, -1.0)])
def test_the_robust_agreement_by_hand(total: float, agreement: float) -> None:
    assert robust_agreement(MethodVariance(total, 0.0, 50, False)) == agreement
    assert robust_agreement(MethodVariance(total, 0.0, 5, True)) is None


def test_planted_contradictions_do_not_hide_themselves() -> None:
    random = np.random.default_rng(7)
    shared = random.standard_normal(150)
    left, right = (
        Standing(
            shared + 0.5 * random.standard_normal(150) + 0.2 * random.standard_normal(150),
            np.full(150, 0.04),
            np.zeros(150),
        )
        for _ in range(2)
    )
    planted = replace(right, value=right.value + np.where(np.arange(150) < 7, 5.0, 0.0))
    before, after = method_variance(left, right), method_variance(left, planted)
    assert after.total < 1.3 * before.total
    found = pair_verdicts(left, planted, np.ones(150, bool), np.ones(150, bool))
    assert found.unusual[:7].all()
    assert found.unusual[7:].sum() <= 1


def test_the_split_is_exact_for_three_pairs_and_even_where_it_is_not_settled() -> None:
    none = np.nan
    three = np.array([[none, 0.5, 0.7], [0.5, none, 0.8], [0.7, 0.8, none]])
    assert split_method_variance(three) == pytest.approx([0.2, 0.3, 0.5], abs=1e-8)
    two = np.array([[none, 0.6], [0.6, none]])
    assert split_method_variance(two) == pytest.approx([0.3, 0.3], abs=1e-8)
    chain = np.array([[none, 0.6, none], [0.6, none, 0.6], [none, 0.6, none]])
    assert split_method_variance(chain) == pytest.approx([0.2, 0.4, 0.2], abs=1e-8)
    alone = np.full((3, 3), none)
    alone[0, 1] = alone[1, 0] = 0.4
    assert split_method_variance(alone) == pytest.approx([0.2, 0.2, 0.5], abs=1e-8)
    assert list(split_method_variance(np.full((2, 2), none))) == [0.5, 0.5]


def test_no_share_of_the_split_is_negative_and_it_is_the_nearest() -> None:
    table = np.array([[np.nan, 0.1, 0.9], [0.1, np.nan, 0.1], [0.9, 0.1, np.nan]])
    found = split_method_variance(table)

    def off(kappa: np.ndarray) -> float:
        return float(
            sum((kappa[a] + kappa[b] - table[a, b]) ** 2 for a, b in ((0, 1), (0, 2), (1, 2)))
        )

    grid = np.stack(np.meshgrid(*[np.arange(0, 0.91, 0.02)] * 3), -1).reshape(-1, 3)
    assert (found >= 0).all()
    assert off(found) <= min(off(one) for one in grid) + 1e-9


@few
@given(st.integers(0, 10**6))
@example(5913)  # lost half of its digits once
def test_the_order_of_sources_does_not_change_the_split(seed: int) -> None:
    random = np.random.default_rng(seed)
    table = random.uniform(0, 1, (4, 4))
    table = table + table.T
    table[random.uniform(size=(4, 4)) < 0.4] = np.nan
    table = np.where(np.isnan(table) | np.isnan(table.T), np.nan, table)
    order = random.permutation(4)
    mixed = split_method_variance(table[np.ix_(order, order)])
    assert mixed == pytest.approx(split_method_variance(table)[order], abs=1e-6)


# --- The tests against outside figures ---


@given(st.floats(-3, 3), st.floats(0.02, 1.5))
def test_agreement_is_two_one_sided_tests_as_in_statsmodels(
    difference: float, noise: float
) -> None:
    found = judged(standings((difference, noise)), standings((0.0, 1e-9)))
    sample = np.array([-1.0, 1.0])  # whose mean and standard error are those asked for
    sample = difference + noise * sample * math.sqrt(2) / np.std(sample, ddof=1)
    p_value = DescrStatsW(sample).ztost_mean(-1.0, 1.0)[0]
    if abs(p_value - 0.05) > 1e-6:
        assert found.agrees[0] == (p_value < 0.05)


def slow_rates(p_values: list[float]) -> list[float]:
    """Benjamini and Hochberg's q by its definition: the least level at which each is rejected."""
    count = len(p_values)
    return [
        min(
            min(1.0, other * count / sum(one <= other for one in p_values))
            for other in p_values
            if other >= p
        )
        for p in p_values
    ]


@few
@given(st.integers(0, 10**6))
def test_false_discovery_rates_equal_scipy_and_their_definition(seed: int) -> None:
    random = np.random.default_rng(seed)
    left, right = (
        Standing(random.normal(0, 2, 30), random.uniform(0.01, 1, 30), np.zeros(30))
        for _ in range(2)
    )
    hears = random.uniform(size=30) < 0.8
    hears[0] = True
    found = pair_verdicts(
        left, right, hears, np.ones(30, bool), method=MethodVariance(0.5, 0, 30, False)
    )
    p_values = found.p_value[hears]
    assert found.q_value[hears] == pytest.approx(slow_rates(list(p_values)))
    assert found.q_value[hears] == pytest.approx(scipy.stats.false_discovery_control(p_values))
    assert np.isnan(found.q_value[~hears]).all()
    assert found.tested == hears.sum()


@pytest.mark.parametrize("at", range(5))
def test_heterogeneity_equals_metafor_and_statsmodels(at: int) -> None:
    data = METAFOR["heterogeneity"][at]
    value, variance, method = (np.array(data[name]) for name in ("value", "variance", "method"))
    found = heterogeneity([value], [variance], method)
    assert found.q[0] == pytest.approx(data["q"], rel=1e-9)
    assert found.p_value[0] == pytest.approx(data["p"], rel=1e-9)
    assert found.share[0] == pytest.approx(data["i2"], abs=1e-9)
    other = combine_effects(value, variance + method)
    assert found.q[0] == pytest.approx(other.q)
    assert found.share[0] == pytest.approx(max(0, other.i2))
    assert found.degrees[0] == len(value) - 1


def test_two_sources_have_the_pairs_z_squared() -> None:
    left, right = standings((1.5, 0.3), (-0.5, 0.2)), standings((0.2, 0.5), (0.1, 0.9))
    pair = judged(left, right, total=0.8)
    found = heterogeneity(
        np.column_stack([left.value, right.value]),
        np.column_stack([left.variance, right.variance]),
        [0.4, 0.4],
    )
    assert found.q == pytest.approx(pair.z**2)
    assert found.p_value == pytest.approx(pair.p_value)
    assert found.rate == pytest.approx(pair.q_value)


def test_silent_sources_are_left_out_of_heterogeneity_and_the_odd_one_is_named() -> None:
    none = np.nan
    value = [[0.1, 0.0, 3.0], [0.1, none, 3.0], [none, none, 1.0], [-2.5, 0.1, 0.0]]
    found = heterogeneity(value, np.full((4, 3), 0.1), [0.1, 0.1, 0.1])
    assert list(found.degrees) == [2, 1, 0, 2]
    assert list(found.odd_source) == [2, -1, -1, 0]
    assert np.isnan([found.q[2], found.p_value[2], found.rate[2], found.share[2]]).all()
    alone = heterogeneity([[0.1, 3.0]], np.full((1, 2), 0.1), [0.1, 0.1])
    assert found.q[1] == alone.q[0]
    assert found.rate[[0, 1, 3]] == pytest.approx(
        scipy.stats.false_discovery_control(found.p_value[[0, 1, 3]])
    )


@few
@given(st.integers(0, 10**6), st.integers(3, 5))
def test_the_odd_source_is_the_one_whose_removal_lowers_q_most(seed: int, sources: int) -> None:
    random = np.random.default_rng(seed)
    value, variance = random.normal(0, 2, (1, sources)), random.uniform(0.05, 1, (1, sources))
    method = random.uniform(0, 0.5, sources)
    without = [
        combine_effects(np.delete(value[0], at), np.delete(variance[0] + method, at)).q
        for at in range(sources)
    ]
    assert heterogeneity(value, variance, method).odd_source[0] == np.argmin(without)


# --- Sides ---


@pytest.mark.parametrize(("d", "v"), [(0.3, 0.2), (-1.0, 0.5), (1.5, 3.0), (0.0, 1.0), (2.0, 0.05)])
def test_the_probability_of_a_side_by_integrating_over_the_truth(d: float, v: float) -> None:
    def weight(true: float) -> float:
        return float(scipy.stats.norm.pdf(true) * scipy.stats.norm.pdf(d, true, math.sqrt(v)))

    whole = quad(weight, -10, 10)[0]
    above = above_average(Standing(np.array([d]), np.array([v]), np.zeros(1)))[0]
    assert above == pytest.approx(quad(weight, 0, 10)[0] / whole, abs=1e-7)


def test_the_probability_of_the_same_side_by_drawing_truths_that_fit() -> None:
    left, right = standings((0.8, 0.7)), standings((0.5, 0.4))
    found = judged(left, right)
    random = np.random.default_rng(1)
    drawn = [
        side.value / (1 + side.variance)
        + np.sqrt(side.variance / (1 + side.variance)) * random.standard_normal(400_000)
        for side in (left, right)
    ]
    assert found.same_side[0] == pytest.approx(((drawn[0] > 0) == (drawn[1] > 0)).mean(), abs=0.003)


def test_a_side_in_words_goes_by_its_probability_ends_included() -> None:
    p = [1, 0.975, 0.9749, 0.8, 0.7999, 0.5, 0.2001, 0.2, 0.0251, 0.025, 0, np.nan]
    assert list(side_words(p)) == [
        Side.CLEARLY_ABOVE,
        Side.CLEARLY_ABOVE,
        Side.PROBABLY_ABOVE,
        Side.PROBABLY_ABOVE,
        Side.AVERAGE,
        Side.AVERAGE,
        Side.AVERAGE,
        Side.PROBABLY_BELOW,
        Side.PROBABLY_BELOW,
        Side.CLEARLY_BELOW,
        Side.CLEARLY_BELOW,
        "",
    ]
    assert side_words(0.5) == "not distinguishable from average"


# --- What could have been seen ---


def test_the_smallest_detectable_difference_is_found_four_times_in_five() -> None:
    found = judged(standings((0.4, 0.3)), standings((0.0, 0.4)))
    whole = math.sqrt(0.25 + 0.5)
    assert found.detectable == pytest.approx([2.8016 * whole], rel=1e-4)
    drawn = np.random.default_rng(1).normal(found.detectable[0], whole, 400_000) / whole
    assert (np.abs(drawn) > 1.959964).mean() == pytest.approx(0.8, abs=0.003)


def test_near_the_ceiling_a_source_can_fall_far_but_hardly_rise() -> None:
    # FFT at 91 %: a reach that takes it down 52 points takes it up by 8
    spread = Spread(math.log(0.91 / 0.09), 0.001, 0.25, 90, 0.8, 0.8)
    reach = (math.log(0.91 / 0.09) - math.log(0.39 / 0.61)) / 0.5
    down, up = reach_in_points(spread, [reach, 0.0])
    assert down == pytest.approx([52, 0])
    assert up == pytest.approx([8.4, 0], abs=0.05)
    assert reach_in_points(spread, 1e6)[1] == pytest.approx(9)


@given(st.floats(-4, 4), st.floats(0.1, 1), st.floats(0, 6))
def test_points_stay_between_nought_and_a_hundred(centre: float, sd: float, d: float) -> None:
    spread = Spread(centre, 0.001, sd**2, 90, 0.8, 0.8)
    down, up = reach_in_points(spread, d)
    middle = 100 / (1 + math.exp(-centre))
    assert 0 <= down <= middle
    assert 0 <= up <= 100 - middle
    assert (up - down) * -np.sign(centre) >= -1e-9  # above the middle there is less room upwards


@pytest.mark.parametrize("pairs", [10, 94, 1000])
def test_the_smallest_detectable_correlation_is_found_four_times_in_five(pairs: int) -> None:
    weakest = detectable_correlation(pairs)
    assert weakest is not None
    z = math.atanh(weakest) * math.sqrt(pairs - 3)
    assert scipy.stats.norm.sf(1.959964 - z) == pytest.approx(0.8, abs=1e-5)
    assert detectable_correlation(pairs, 0.9) == pytest.approx(weakest / 0.9)


def test_where_no_correlation_however_strong_could_be_shown() -> None:
    assert detectable_correlation(94) == pytest.approx(0.2855, abs=1e-4)
    assert detectable_correlation(94, 0.28) is None
    assert detectable_correlation(3) is None
    assert detectable_correlation(50, 0.0) is None


# --- Laws ---


@few
@given(st.integers(0, 10**6))
def test_swapping_the_sides_changes_no_verdict(seed: int) -> None:
    left_p, left_n, right_p, right_n = imaginary(seed)
    left, right = logit(left_p, left_n), logit(right_p, right_n)
    plain = verdicts(left, left_n, right, right_n)
    swapped = verdicts(right, right_n, left, left_n)
    assert list(swapped.rule) == list(plain.rule)
    for name in ("noise", "p_value", "q_value", "same_side", "detectable", "widest"):
        assert getattr(swapped, name) == pytest.approx(
            getattr(plain, name), rel=1e-6, abs=1e-8, nan_ok=True
        )
    assert swapped.z == pytest.approx(-plain.z, rel=1e-6, abs=1e-7, nan_ok=True)


@few
@given(st.integers(0, 10**6), st.floats(-3, 3), st.floats(-3, 3))
def test_a_rosier_source_is_no_disagreement(seed: int, one: float, other: float) -> None:
    left_p, left_n, right_p, right_n = imaginary(seed)
    left, right = logit(left_p, left_n), logit(right_p, right_n)
    plain = verdicts(left, left_n, right, right_n)
    moved = verdicts(
        Scaled(left.value + one, left.variance),
        left_n,
        Scaled(right.value + other, right.variance),
        right_n,
    )
    assert list(moved.rule) == list(plain.rule)
    assert moved.z == pytest.approx(plain.z, rel=1e-5, abs=1e-6, nan_ok=True)


@few
@given(st.integers(0, 10**6))
def test_the_order_of_providers_changes_no_verdict(seed: int) -> None:
    left_p, left_n, right_p, right_n = imaginary(seed)
    order = np.random.default_rng(seed).permutation(len(left_n))
    plain = verdicts(logit(left_p, left_n), left_n, logit(right_p, right_n), right_n)
    mixed = verdicts(
        logit(left_p[order], left_n[order]),
        left_n[order],
        logit(right_p[order], right_n[order]),
        right_n[order],
    )
    assert list(mixed.rule) == list(plain.rule[order])
    assert mixed.q_value == pytest.approx(plain.q_value[order], rel=1e-6, nan_ok=True)


@few
@given(st.integers(0, 10**6), st.integers(1, 20))
def test_a_provider_silent_in_both_changes_nothing(seed: int, silent: int) -> None:
    left_p, left_n, right_p, right_n = imaginary(seed)

    def and_silent(values: np.ndarray, filling: float) -> np.ndarray:
        return np.append(values, np.full(silent, filling))

    plain = verdicts(logit(left_p, left_n), left_n, logit(right_p, right_n), right_n)
    more_left, more_right = and_silent(left_n, 0), and_silent(right_n, 0)
    more = verdicts(
        logit(and_silent(left_p, np.nan), more_left),
        more_left,
        logit(and_silent(right_p, np.nan), more_right),
        more_right,
    )
    for field in fields(PairVerdicts):
        before, after = getattr(plain, field.name), getattr(more, field.name)
        if isinstance(before, np.ndarray):
            assert np.array_equal(before, after[: len(before)], equal_nan=before.dtype == float)
        else:
            assert before == after
    assert (more.rule[len(left_n) :] == Rule.SILENCE).all()


@few
@given(st.integers(0, 10**6))
def test_every_figure_stays_in_its_range(seed: int) -> None:
    left_p, left_n, right_p, right_n = imaginary(seed)
    found = verdicts(logit(left_p, left_n), left_n, logit(right_p, right_n), right_n)
    both = found.rule != Rule.SILENCE
    assert both.sum() == found.tested
    for name in ("p_value", "q_value", "same_side", "beyond_chance"):
        values = getattr(found, name)[both]
        assert ((values >= 0) & (values <= 1)).all(), name
    assert (found.q_value[both] >= found.p_value[both]).all()
    assert (found.beyond_chance[both] <= found.p_value[both] + 1e-12).all()
    assert (found.narrowest[both] <= np.abs(found.difference[both])).all()
    assert (found.widest[both] >= np.abs(found.difference[both])).all()
    assert not (found.agrees & found.apart).any()
    assert (found.could_agree | ~found.agrees).all()


def test_ordinary_providers_are_flagged_one_time_in_twenty_before_and_hardly_after() -> None:
    raw, flagged = [], []
    for seed in range(60):
        left_p, left_n, right_p, right_n = imaginary(seed, providers=150)
        found = verdicts(logit(left_p, left_n), left_n, logit(right_p, right_n), right_n)
        tested = found.rule != Rule.SILENCE
        raw.append((found.p_value[tested] <= 0.05).mean())
        flagged.append(bool(found.unusual.any()))
    assert 0.035 <= np.mean(raw) <= 0.06
    assert np.mean(flagged) <= 0.12


# --- Few organisations: centre, spread and usual difference are estimates ---


def judged_of(seed: int, truth: np.ndarray, noise: float = 0.15) -> PairVerdicts:
    """Verdicts on organisations that truly stand so (organisations, 2), by everything estimated."""
    random = np.random.default_rng(seed)
    variance = np.full(len(truth), noise**2)
    sides, spreads = [], []
    for place in range(2):
        value = truth[:, place] + noise * random.standard_normal(len(truth))
        spreads.append(peer_spread(value, variance))
        sides.append(standing(value, variance, spreads[-1]))
    hears = np.ones(len(truth), dtype=bool)
    return pair_verdicts(sides[0], sides[1], hears, hears, spreads=(spreads[0], spreads[1]))


def test_20_organisations_truly_apart_are_hardly_ever_called_agreement() -> None:
    """Their centre alone is off by a quarter of a standard deviation: it was 1 in 4."""
    called = []
    for seed in range(150):
        random = np.random.default_rng([seed, 20])
        apart = random.choice([-0.5, 0.5], 20)
        middle = math.sqrt(0.75) * random.standard_normal(20)
        called.append(judged_of(seed, np.column_stack([middle + apart, middle - apart])).agrees)
    assert np.mean(called) <= 0.07  # 5 in 100, and what 150 trials of 20 may be off


@pytest.mark.parametrize("count", [20, 50])
def test_of_few_organisations_1_table_in_10_at_most_has_a_false_flag(count: int) -> None:
    flagged = []
    for seed in range(300):
        random = np.random.default_rng([seed, count])
        truth = random.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], count)
        flagged.append(judged_of(seed, truth, 0.4).unusual.any())
    assert np.mean(flagged) <= 0.10


def test_where_spreads_and_method_are_known_nothing_is_added() -> None:
    side = Standing(np.array([1.0, -2.0]), np.full(2, 0.1), np.zeros(2))
    other = Standing(np.array([0.8, 1.0]), np.full(2, 0.1), np.zeros(2))
    both, known = np.ones(2, dtype=bool), MethodVariance(0.5, 0.0, 50, False)
    told = pair_verdicts(side, other, both, both, method=known)
    assert told.z == pytest.approx(np.array([0.2, -3.0]) / math.sqrt(0.7))
    assert told.p_value == pytest.approx(2 * scipy.stats.norm.sf(np.abs(told.z)))
    unsure = replace(known, centre_variance=0.02)
    more = pair_verdicts(side, other, both, both, method=unsure)
    tail = scipy.stats.t.sf(np.array([0.2, 3.0]) / math.sqrt(0.72), 49)
    assert more.p_value == pytest.approx(2 * tail)
    assert np.abs(more.z) == pytest.approx(scipy.stats.norm.isf(tail))
    assert more.widest == pytest.approx(
        np.abs(told.difference) + scipy.stats.t.ppf(0.95, 49) * math.sqrt(0.22)
    )
