"""The underlying correlation against metafor, a slow likelihood and imaginary providers."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from pxcore.stats.intervals import Interval
from pxcore.stats.latent import (
    AT_LIMIT,
    FEWEST_PAIRS,
    Estimability,
    LatentCorrelation,
    Margin,
    expected_spearman,
    latent_correlation,
    most_influential,
    pearson_ceiling,
    strength,
)
from pxcore.stats.latent_model import Model
from pxcore.stats.scale import Scaled, logit
from pxcore.stats.spread import Spread, peer_spread

METAFOR: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "reference" / "latent.json").read_text(encoding="utf-8")
)
SETS = ["ordinary", "noisy", "unrelated"]
TELLS_APART = Spread(0.0, 0.01, 0.2, 50, 0.7, 0.7)
few = settings(max_examples=20, deadline=None)


def two_sources(
    seed: int, providers: int, correlation: float, answers: tuple[int, int] = (120, 200)
) -> tuple[Scaled, Scaled, np.ndarray, np.ndarray]:
    """Two imaginary sources on the logit scale, and the percentages they would publish."""
    random = np.random.default_rng(seed)
    shared = random.standard_normal(providers)
    told = []
    for sign, deviation, size in zip((1, -1), (0.5, 0.6), answers, strict=True):
        own = random.standard_normal(providers)
        true = math.sqrt(abs(correlation)) * shared + math.sqrt(1 - abs(correlation)) * own
        if sign < 0 and correlation < 0:
            true = -math.sqrt(-correlation) * shared + math.sqrt(1 + correlation) * own
        n = np.maximum(10, random.poisson(size, providers))
        p = random.binomial(n, 1 / (1 + np.exp(-(1.2 + deviation * true)))) / n
        told.append((logit(p, n), p))
    return told[0][0], told[1][0], told[0][1], told[1][1]


def correlate(left: Scaled, right: Scaled) -> LatentCorrelation:
    return latent_correlation(
        left.value,
        left.variance,
        right.value,
        right.variance,
        left_spread=peer_spread(left.value, left.variance),
        right_spread=peer_spread(right.value, right.variance),
    )


def of(data: dict[str, Any]) -> LatentCorrelation:
    return latent_correlation(
        data["left"],
        data["left_variance"],
        data["right"],
        data["right_variance"],
        left_spread=TELLS_APART,
        right_spread=TELLS_APART,
    )


def model_of(data: dict[str, Any]) -> Model:
    names = ("left", "left_variance", "right", "right_variance")
    return Model(*(np.array(data[name]) for name in names))


# --- Against metafor ---


@pytest.mark.parametrize("name", SETS)
def test_it_equals_metafors_unstructured_reml(name: str) -> None:
    said, found = METAFOR[name]["reml"], of(METAFOR[name])
    assert found.state is Estimability.ESTIMATED
    assert found.estimate == pytest.approx(said["rho"], abs=1e-5)
    assert [found.left_variance, found.right_variance] == pytest.approx(said["tau2"], rel=1e-4)
    assert [found.left_centre, found.right_centre] == pytest.approx(said["centre"], abs=1e-6)


@pytest.mark.parametrize("name", SETS)
def test_its_interval_is_metafors_profile_likelihood(name: str) -> None:
    said, found = METAFOR[name]["reml"], of(METAFOR[name])
    assert found.interval is not None
    ends = [found.interval.low, found.interval.high]
    assert ends == pytest.approx([said["rho_low"], said["rho_high"]], abs=2e-5)


@pytest.mark.parametrize("name", SETS)
def test_its_p_value_is_metafors_likelihood_ratio(name: str) -> None:
    assert of(METAFOR[name]).p_value == pytest.approx(METAFOR[name]["chance"], rel=1e-5)


@pytest.mark.parametrize("name", ["bcg", *SETS])
def test_the_likelihood_falls_along_the_correlation_as_in_metafor(name: str) -> None:
    model = model_of(METAFOR[name])
    best = model.fit((0.5, 0.5, 0.5))
    for rho, fall in zip(*METAFOR[name]["profile"].values(), strict=True):
        at = model.fit_at(math.atanh(rho), best.at[:2])
        assert at.loss - best.loss == pytest.approx(fall, abs=1e-6)


def test_the_published_example_of_the_bivariate_model() -> None:
    # van Houwelingen and others, Statistics in Medicine 2002;21:589-624, section 5: 13 trials of BCG
    # vaccine, log odds with and without it, by maximum likelihood
    model = model_of(METAFOR["bcg"])
    best = model.fit((1.0, 1.0, 0.9), restricted=False)
    with_vaccine, without = math.exp(best.at[0]), math.exp(best.at[1])
    rho = math.tanh(best.at[2])
    assert [with_vaccine, without] == pytest.approx([1.4314, 2.4073], abs=2e-4)
    assert rho * math.sqrt(with_vaccine * without) == pytest.approx(1.7573, abs=2e-4)
    assert model.centres(best.at) == pytest.approx((-4.8337, -4.0960), abs=2e-4)
    restricted = model.fit((1.0, 1.0, 0.9))
    assert math.tanh(restricted.at[2]) == pytest.approx(METAFOR["bcg"]["reml"]["rho"], abs=1e-5)


# --- Against a slow likelihood ---


def slow_loss(data: dict[str, Any], at: np.ndarray, restricted: bool) -> float:
    """Minus the log likelihood, one provider at a time, with matrices."""
    t1, t2, rho = math.exp(at[0]), math.exp(at[1]), math.tanh(at[2])
    between = np.array([[t1, rho * math.sqrt(t1 * t2)], [rho * math.sqrt(t1 * t2), t2]])
    y = np.column_stack([data["left"], data["right"]])
    noise = np.column_stack([data["left_variance"], data["right_variance"]])
    whole = [between + np.diag(v) for v in noise]
    information = sum(np.linalg.inv(sigma) for sigma in whole)
    weighted = sum(np.linalg.inv(sigma) @ one for sigma, one in zip(whole, y, strict=True))
    mean = np.linalg.solve(information, weighted)
    fit = sum(
        scipy.stats.multivariate_normal(mean, sigma).logpdf(one)
        for sigma, one in zip(whole, y, strict=True)
    )
    return -(fit - (0.5 * np.linalg.slogdet(information)[1] if restricted else 0))


@pytest.mark.parametrize("restricted", [True, False])
def test_the_likelihood_is_the_normal_density_provider_by_provider(restricted: bool) -> None:
    data = METAFOR["noisy"]
    model = model_of(data)
    points = [np.array(at) for at in ([-1, -0.5, 0.3], [0.2, -2, -0.9], [-3, 0.5, 2.0])]
    constant = {
        round(slow_loss(data, at, restricted) - model.loss(at, restricted).loss, 9) for at in points
    }
    assert len(constant) == 1


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("at", [(-1, -0.5, 0.3), (0.2, -2, -0.9), (-3, 0.5, 2.0), (-6, -1, 0.0)])
def test_the_gradient_is_the_slope_of_the_likelihood(
    restricted: bool, at: tuple[float, float, float]
) -> None:
    model = model_of(METAFOR["ordinary"])
    point = np.array(at, dtype=float)
    gradient = model.loss(point, restricted).gradient
    step = 1e-5
    numeric = [
        (
            model.loss(point + step * way, restricted).loss
            - model.loss(point - step * way, restricted).loss
        )
        / (2 * step)
        for way in np.eye(3)
    ]
    assert gradient == pytest.approx(numeric, rel=1e-5, abs=1e-6)


def test_the_interval_is_where_a_fine_grid_of_slow_fits_crosses() -> None:
    data = METAFOR["noisy"]
    found = of(data)
    assert found.interval is not None

    def least(fisher: float) -> float:
        fit = optimize.minimize(
            lambda logs: slow_loss(data, np.array([*logs, fisher]), True),
            [math.log(found.left_variance), math.log(found.right_variance)],
            method="Nelder-Mead",
            options={"xatol": 1e-4, "fatol": 1e-7},
        )
        return float(fit.fun)

    assert found.estimate is not None
    bottom = least(math.atanh(found.estimate))
    for end in (found.interval.low, found.interval.high):
        assert least(math.atanh(end)) - bottom == pytest.approx(1.9207, abs=1e-3)


# --- Laws ---


@few
@given(st.integers(0, 10**6), st.floats(-3, 3), st.floats(0.2, 5))
def test_swapping_moving_stretching_and_permuting_change_nothing(
    seed: int, shift: float, factor: float
) -> None:
    left, right, *_ = two_sources(seed, 60, 0.6)
    order = np.random.default_rng(seed).permutation(60)
    plain = correlate(left, right)
    moved = Scaled(factor * left.value[order] + shift, factor**2 * left.variance[order])
    changed = correlate(Scaled(right.value[order], right.variance[order]), moved)
    assert plain.interval is not None
    assert changed.interval is not None
    assert changed.state is plain.state
    if plain.estimate is not None:
        assert changed.estimate == pytest.approx(plain.estimate, abs=1e-4)
        assert plain.interval.low <= plain.estimate <= plain.interval.high
    assert changed.interval.low == pytest.approx(plain.interval.low, abs=1e-4)
    assert changed.interval.high == pytest.approx(plain.interval.high, abs=1e-4)
    assert changed.p_value == pytest.approx(plain.p_value, rel=1e-2, abs=1e-6)
    assert changed.right_variance == pytest.approx(factor**2 * plain.left_variance, rel=1e-3)
    assert -1 <= plain.interval.low <= plain.interval.high <= 1


@few
@given(st.integers(0, 10**6))
def test_turning_one_source_round_turns_the_sign(seed: int) -> None:
    left, right, *_ = two_sources(seed, 60, 0.6)
    plain, turned = correlate(left, right), correlate(left, Scaled(-right.value, right.variance))
    assert plain.interval is not None
    assert turned.interval is not None
    assert turned.interval.low == pytest.approx(-plain.interval.high, abs=1e-4)
    assert turned.interval.high == pytest.approx(-plain.interval.low, abs=1e-4)


def test_its_range_holds_the_truth_19_times_in_20() -> None:
    held, found = [], []
    for seed in range(150):
        left, right, *_ = two_sources(seed, 80, 0.6)
        one = correlate(left, right)
        assert one.interval is not None
        held.append(one.interval.low <= 0.6 <= one.interval.high)
        found.append(one.estimate if one.estimate is not None else 1.0)
    assert 0.90 <= np.mean(held) <= 0.99
    assert np.mean(found) == pytest.approx(0.6, abs=0.03)


def test_unrelated_sources_are_called_related_1_time_in_20() -> None:
    chance = [
        correlate(*two_sources(seed, 60, 0.0)[:2]).p_value or 0.0 for seed in range(1000, 1150)
    ]
    assert 0.01 <= np.mean(np.array(chance) < 0.05) <= 0.10


def test_many_answers_leave_the_plain_correlation() -> None:
    left, right, *_ = two_sources(1, 100, 0.6)
    sure = [Scaled(one.value, np.full(100, 1e-9)) for one in (left, right)]
    found = correlate(*sure)
    assert found.estimate == pytest.approx(
        scipy.stats.pearsonr(left.value, right.value).statistic, abs=1e-5
    )


def test_moments_and_likelihood_agree_where_nothing_is_odd() -> None:
    """Spearman's correction for attenuation (1904) is the check with no likelihood."""
    for seed in range(3):
        left, right, *_ = two_sources(seed, 400, 0.6)
        deviations = [peer_spread(side.value, side.variance).deviation for side in (left, right)]
        by_moments = np.cov(left.value, right.value)[0, 1] / np.prod(deviations)
        assert by_moments == pytest.approx(correlate(left, right).estimate, abs=0.06)


def test_the_plain_ceiling_is_what_pearsons_correlation_of_perfect_mirrors_shows() -> None:
    left, right, *_ = two_sources(3, 3000, 1.0, answers=(120, 60))
    found = correlate(left, right)
    shown = scipy.stats.pearsonr(left.value, right.value).statistic
    assert shown < 0.85
    assert pearson_ceiling(found, left.variance, right.variance) == pytest.approx(shown, abs=0.02)


# --- Where there is no estimate ---


def test_perfect_mirrors_are_at_the_upper_limit_with_the_lower_end_alone() -> None:
    left, right, *_ = two_sources(5, 150, 1.0)
    found = correlate(left, right)
    assert found.state is Estimability.AT_LIMIT
    assert found.estimate is None
    assert found.reason == ""
    assert found.interval is not None
    assert 0.7 < found.interval.low < AT_LIMIT
    assert found.interval.high == 1
    assert strength(found) == "strong"
    turned = correlate(left, Scaled(-right.value, right.variance))
    assert turned.state is Estimability.AT_LOWER_LIMIT
    assert (found.nearest, turned.nearest) == (1, -1)
    assert turned.interval is not None
    assert turned.interval.low == -1
    assert strength(turned) == "opposite"


@pytest.mark.parametrize(
    ("left", "right", "pairs", "reason"),
    [
        (TELLS_APART, TELLS_APART, FEWEST_PAIRS - 1, "19 pairs are too few"),
        (replace(TELLS_APART, variance=0.0), TELLS_APART, 60, "no difference"),
        (TELLS_APART, replace(TELLS_APART, variance=0.0), 60, "no difference"),
        (TELLS_APART, replace(TELLS_APART, mean_reliability=0.29), 60, "mostly chance"),
    ],
)
def test_it_cannot_be_estimated_and_is_then_never_one(
    left: Spread, right: Spread, pairs: int, reason: str
) -> None:
    one, other, *_ = two_sources(6, pairs, 0.8)
    found = latent_correlation(
        one.value,
        one.variance,
        other.value,
        other.variance,
        left_spread=left,
        right_spread=right,
    )
    assert found.state is Estimability.NOT_ESTIMABLE
    assert reason in found.reason
    assert (found.estimate, found.interval, found.p_value) == (None, None, None)
    assert strength(found) == "cannot be estimated"


def test_twenty_pairs_and_a_reliability_of_three_tenths_are_enough() -> None:
    one, other, *_ = two_sources(6, FEWEST_PAIRS, 0.8)
    barely = replace(TELLS_APART, mean_reliability=0.3)
    found = latent_correlation(
        one.value,
        one.variance,
        other.value,
        other.variance,
        left_spread=barely,
        right_spread=barely,
    )
    assert found.state is not Estimability.NOT_ESTIMABLE


@pytest.mark.parametrize(
    ("seed", "reason"), [(25, "no difference"), (3, "fit any"), (9, "fit any"), (29, "fit any")]
)
def test_where_these_pairs_show_no_spread_nothing_is_estimated(seed: int, reason: str) -> None:
    # the peer group may show a spread that the providers both sources hold do not: the likelihood
    # then runs off to a perfect correlation of next to nothing
    random = np.random.default_rng(seed)
    left = Scaled(0.1 * random.standard_normal(50), np.full(50, 0.25))
    right = Scaled(random.standard_normal(50), np.full(50, 0.1))
    found = latent_correlation(
        left.value,
        left.variance,
        right.value,
        right.variance,
        left_spread=TELLS_APART,
        right_spread=TELLS_APART,
    )
    assert found.state is Estimability.NOT_ESTIMABLE
    assert reason in found.reason
    assert (found.estimate, found.interval, found.p_value) == (None, None, None)


def test_a_source_that_gives_everybody_the_same_has_no_correlation() -> None:
    found = latent_correlation(
        np.ones(30),
        np.ones(30),
        np.arange(30.0),
        np.ones(30),
        left_spread=TELLS_APART,
        right_spread=TELLS_APART,
    )
    assert found.state is Estimability.NOT_ESTIMABLE


@pytest.mark.parametrize(
    ("value", "variance"),
    [([np.nan] + [1.0] * 24, [1.0] * 25), ([1.0] * 25, [0.0] + [1.0] * 24), ([1.0] * 24,) * 2],
)
def test_missing_values_are_refused_not_dropped(value: list[float], variance: list[float]) -> None:
    with pytest.raises(ValueError, match="missing|equal length"):
        latent_correlation(
            value,
            variance,
            np.arange(25.0),
            np.ones(25),
            left_spread=TELLS_APART,
            right_spread=TELLS_APART,
        )


# --- What the raw correlation would show ---


def slow_expected(
    left: Margin, right: Margin, rho: float, seed: int, draws: int
) -> tuple[float, float, float]:
    """One imaginary data set at a time, one provider at a time."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        published: list[list[float]] = [[], []]
        for at in range(len(left.variance)):
            shared, own = random.standard_normal(2)
            truths = (shared, rho * shared + math.sqrt(1 - rho**2) * own)
            for side, (margin, truth) in enumerate(zip((left, right), truths, strict=True)):
                true = margin.centre + margin.deviation * truth
                if margin.effective is None:
                    published[side].append(random.normal(true, math.sqrt(margin.variance[at])))
                else:
                    n = round(margin.effective[at])
                    published[side].append(random.binomial(n, 1 / (1 + math.exp(-true))) / n)
        found.append(scipy.stats.spearmanr(*published).statistic)
    low, high = np.quantile(found, [0.025, 0.975])
    return float(np.mean(found)), float(low), float(high)


@pytest.mark.parametrize("rho", [1.0, 0.4, -0.7])
def test_the_expected_correlation_equals_a_loop_over_data_sets_and_providers(rho: float) -> None:
    random = np.random.default_rng(1)
    n = random.integers(20, 200, 30)
    survey = Margin(2.4, 0.5, np.full(30, 0.1), n.astype(float))
    score = Margin(8.0, 0.3, random.uniform(0.01, 0.1, 30), None)
    mean, low, high = slow_expected(survey, score, rho, 2, 1500)
    found = expected_spearman(survey, score, rho, seed=3, draws=4000)
    assert found.draws == 4000
    assert found.mean == pytest.approx(mean, abs=0.02)
    assert [found.low, found.high] == pytest.approx([low, high], abs=0.05)


def test_perfect_mirrors_with_endless_answers_show_one_and_with_few_well_under_it() -> None:
    many = Margin(0.0, 1.0, np.full(40, 1e-9), np.full(40, 1e9))
    assert expected_spearman(many, many, 1.0, seed=1).mean == pytest.approx(1, abs=1e-3)
    few_answers = Margin(0.0, 0.4, np.full(40, 0.4), np.full(40, 10.0))
    found = expected_spearman(few_answers, few_answers, 1.0, seed=1)
    assert found.low < found.mean < found.high < 0.75


def test_the_same_seed_gives_the_same_and_many_providers_take_fewer_draws() -> None:
    margin = Margin(1.0, 0.5, np.full(4000, 0.1), np.full(4000, 50.0))
    first, again = (expected_spearman(margin, margin, 0.5, seed=9) for _ in range(2))
    assert first == again
    assert first.draws == 250
    assert first.mean != expected_spearman(margin, margin, 0.5, seed=10).mean


def test_sources_without_any_order_expect_nothing() -> None:
    flat = Margin(40.0, 0.0, np.ones(12), np.full(12, 5.0))
    found = expected_spearman(flat, flat, 1.0, seed=1)
    assert (found.draws, math.isnan(found.mean)) == (0, True)


def test_the_model_check_passes_its_own_data_and_catches_planted_contradictions() -> None:
    inside = []
    for seed in range(40):
        left, right, shown_left, shown_right = two_sources(seed, 80, 0.6)
        inside.append(observed_within(left, right, shown_left, shown_right))
    assert np.mean(inside) >= 0.85
    left, right, shown_left, shown_right = two_sources(3, 80, 0.9, answers=(300, 300))
    # the providers with fewest answers contradict: the likelihood hears them least
    turned = np.arange(80) < 40
    noisy = Scaled(
        np.where(turned, -6 * (right.value - right.value.mean()), right.value),
        np.where(turned, 4.0, right.variance),
    )
    shown = np.where(turned, 1 - shown_right, shown_right)
    assert not observed_within(left, noisy, shown_left, shown)


def observed_within(
    left: Scaled, right: Scaled, shown_left: np.ndarray, shown_right: np.ndarray
) -> bool:
    """Does the raw correlation lie where the fitted model expects it?"""
    fitted = correlate(left, right)
    p = [1 / (1 + np.exp(-one.value)) for one in (left, right)]
    margins = [
        Margin(centre, math.sqrt(variance), one.variance, 1 / (one.variance * share * (1 - share)))
        for centre, variance, one, share in zip(
            (fitted.left_centre, fitted.right_centre),
            (fitted.left_variance, fitted.right_variance),
            (left, right),
            p,
            strict=True,
        )
    ]
    estimate = fitted.estimate if fitted.estimate is not None else 1.0
    expected = expected_spearman(margins[0], margins[1], estimate, seed=1)
    observed = scipy.stats.spearmanr(shown_left, shown_right).statistic
    return bool(expected.low <= observed <= expected.high)


# --- Who moves it ---


@pytest.mark.parametrize(("seed", "providers"), [(1, 40), (2, 120), (3, 120), (4, 250)])
def test_the_influential_are_those_of_taking_out_everyone_in_turn(
    seed: int, providers: int
) -> None:
    *_, left, right = two_sources(seed, providers, 0.5, answers=(30, 30))  # with many ties
    whole = scipy.stats.spearmanr(left, right).statistic
    change = np.array(
        [
            scipy.stats.spearmanr(np.delete(left, at), np.delete(right, at)).statistic - whole
            for at in range(providers)
        ]
    )
    found = most_influential(left, right)
    assert np.abs(found[:, 1]) == pytest.approx(np.sort(np.abs(change))[::-1][:3], abs=1e-12)
    assert found[:, 1] == pytest.approx(change[found[:, 0].astype(int)], abs=1e-12)


def test_a_planted_contradiction_is_found_first() -> None:
    left = np.arange(50.0)
    right = left.copy()
    right[3] = 99.0
    found = most_influential(left, right, count=1)
    assert found[0, 0] == 3
    assert found[0, 1] > 0
    assert found.shape == (1, 2)


def test_where_one_provider_makes_all_the_difference_nothing_is_left_without_it() -> None:
    left = np.array([1.0] * 11 + [2.0])
    found = most_influential(left, np.arange(12.0), count=1)
    assert found[0, 0] == 11
    assert found[0, 1] == pytest.approx(-scipy.stats.spearmanr(left, np.arange(12.0)).statistic)


# --- Words ---


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.7, 0.9, "strong"),
        (0.69, 0.99, "moderate or better"),
        (0.4, 0.8, "moderate or better"),
        (0.39, 0.9, "positive, strength uncertain"),
        (0.01, 0.2, "positive, strength uncertain"),
        (-0.9, -0.01, "opposite"),
        (-0.29, 0.29, "little or none"),
        (-0.3, 0.29, "these data cannot say"),
        (-0.1, 0.6, "these data cannot say"),
        (0.0, 0.5, "these data cannot say"),
    ],
)
def test_the_words_go_by_the_range(low: float, high: float, words: str) -> None:
    latent = replace(of(METAFOR["ordinary"]), interval=Interval(low, high))
    assert strength(latent) == words


@pytest.mark.parametrize(("many", "counted"), [(5, 0), (6, 6)])
def test_from_six_areas_on_a_range_allows_for_them_and_who_has_none_is_alone(
    many: int, counted: int
) -> None:
    left, right, *_ = two_sources(7, 60, 0.6)
    names = np.array([f"area {at % many}" for at in range(60)])
    spreads = peer_spread(left.value, left.variance), peer_spread(right.value, right.variance)

    def over(areas: np.ndarray) -> LatentCorrelation:
        return latent_correlation(
            left.value, left.variance, right.value, right.variance,
            left_spread=spreads[0], right_spread=spreads[1], areas=areas,
        )  # fmt: skip

    assert over(names).areas == counted
    unknown = over(np.where(np.arange(60) < 4, "", names))
    assert unknown.areas == (counted + 4 if counted else 0)
