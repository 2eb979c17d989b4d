"""The true spread against metafor, statsmodels, a slow oracle and imaginary peers of known spread."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from statsmodels.stats.meta_analysis import combine_effects

from pxcore.errors import TooFewPairs
from pxcore.stats.scale import logit
from pxcore.stats.spread import (
    Spread,
    expected_next,
    peer_spread,
    shrink,
    standing,
    winsorising_constant,
)

METAFOR: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "reference" / "spread.json").read_text(encoding="utf-8")
)
SETS = ["bcg", "survey", "fft", "chance"]
few = settings(max_examples=25)


def peers(seed: int, providers: int, deviation: float) -> tuple[np.ndarray, np.ndarray]:
    """Values and variances of imaginary providers with a normal truth."""
    random = np.random.default_rng(seed)
    variance = 0.04 * random.gamma(2, 1, providers) + 0.01
    true = 1.1 + deviation * random.standard_normal(providers)
    return true + np.sqrt(variance) * random.standard_normal(providers), variance


some_peers = st.builds(peers, st.integers(0, 10**6), st.integers(10, 80), st.floats(0, 1))


# --- The constant ---


def test_the_winsorising_constant_is_the_published_figure() -> None:
    assert winsorising_constant(0.1) == pytest.approx(0.67865, abs=5e-6)
    assert winsorising_constant(0) == 1


@pytest.mark.parametrize("trim", [0.01, 0.05, 0.1, 0.2, 0.4])
def test_it_is_the_variance_of_a_winsorised_normal(trim: float) -> None:
    end = scipy.stats.norm.ppf(1 - trim)

    def square(z: float) -> float:
        return float(min(max(z, -end), end) ** 2 * scipy.stats.norm.pdf(z))

    assert winsorising_constant(trim) == pytest.approx(quad(square, -12, 12, points=[-end, end])[0])


# --- The spread ---


def slow_spread(y: list[float], v: list[float], trim: float) -> tuple[float, float]:
    """The specification word for word, one provider at a time, by bisection."""
    count = len(y)
    q = scipy.stats.norm.ppf(1 - trim)
    c = (1 - 2 * trim) - 2 * q * scipy.stats.norm.pdf(q) + 2 * trim * q**2

    def centre(t: float) -> float:
        mu = sorted(y)[count // 2]
        for _ in range(400):
            above = below = 0.0
            for one, noise in zip(y, v, strict=True):
                reach = 1.5 * math.sqrt(noise + t)
                above += min(max(one, mu - reach), mu + reach) / (noise + t)
                below += 1 / (noise + t)
            mu = above / below
        return mu

    def quantile(values: list[float], at: float) -> float:
        place = at * (count - 1)
        low = math.floor(place)
        high = min(low + 1, count - 1)
        return values[low] + (place - low) * (values[high] - values[low])

    def left_side(t: float) -> float:
        mu = centre(t)
        z = sorted((one - mu) / math.sqrt(noise + t) for one, noise in zip(y, v, strict=True))
        low, high = quantile(z, trim), quantile(z, 1 - trim)
        return sum(min(max(one, low), high) ** 2 for one in z) / c

    if left_side(0) <= count - 1:
        return 0.0, centre(0)
    low, high = 0.0, 10 * float(np.var(y))
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if left_side(middle) > count - 1 else (low, middle)
    return low, centre(low)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("trim", [0.1, 0.05])
def test_it_equals_the_specification_done_slowly(name: str, trim: float) -> None:
    data = METAFOR[name]
    found = peer_spread(data["value"], data["variance"], trim=trim)
    variance, centre = slow_spread(data["value"], data["variance"], trim)
    assert found.variance == pytest.approx(variance, abs=1e-8)
    assert found.centre == pytest.approx(centre, abs=1e-8)


@pytest.mark.parametrize("name", SETS)
def test_without_winsorising_it_is_paule_and_mandels_in_metafor_and_statsmodels(name: str) -> None:
    data = METAFOR[name]
    found = peer_spread(data["value"], data["variance"], trim=0)
    assert found.variance == pytest.approx(data["pm"], abs=1e-8)
    assert found.centre == pytest.approx(data["centre"], abs=1e-8)
    assert math.sqrt(found.centre_variance) == pytest.approx(data["error"], abs=1e-8)
    if name != "survey":  # there statsmodels oversteps the root, and gives 0
        other = combine_effects(
            np.array(data["value"]), np.array(data["variance"]), method_re="iterated", atol=1e-12
        )
        assert found.variance == pytest.approx(other.tau2, abs=1e-8)


def test_the_published_trials_of_bcg_vaccine() -> None:
    # Viechtbauer, Journal of Statistical Software 2010;36(3): 13 trials, log relative risks
    data = METAFOR["bcg"]
    assert peer_spread(data["value"], data["variance"], trim=0).variance == pytest.approx(
        0.318, abs=5e-4
    )


def test_it_finds_the_spread_it_was_given_and_flags_one_in_twenty() -> None:
    truth, found, outside = 0.2, [], []
    for seed in range(150):
        y, v = peers(seed, 150, math.sqrt(truth))
        spread = peer_spread(y, v)
        found.append(spread.variance)
        outside.append((np.abs(standing(y, v, spread).z) > 1.96).mean())
    error = np.std(found) / math.sqrt(len(found))
    assert np.mean(found) == pytest.approx(truth, abs=3 * error)
    assert np.mean(outside) == pytest.approx(0.05, abs=0.006)


def test_a_few_far_providers_hardly_move_it() -> None:
    y, v = peers(5, 200, 0.45)
    before, before_plain = peer_spread(y, v), peer_spread(y, v, trim=0)
    y[:8] += 4
    after, after_plain = peer_spread(y, v), peer_spread(y, v, trim=0)
    assert after.variance < 1.35 * before.variance
    assert after_plain.variance > 3 * before_plain.variance
    assert abs(after.centre - before.centre) < 0.05 < abs(after_plain.centre - before_plain.centre)


def test_chance_alone_is_no_spread_and_such_a_source_tells_nobody_apart() -> None:
    data = METAFOR["chance"]
    spread = peer_spread(data["value"], data["variance"])
    assert (spread.variance, spread.mean_reliability, spread.median_reliability) == (0, 0, 0)
    placed = standing(data["value"], data["variance"], spread)
    assert np.isnan(placed.value).all()
    assert np.isnan(placed.variance).all()
    assert np.isfinite(placed.z).all()
    assert shrink(data["value"], data["variance"], spread).value == pytest.approx(spread.centre)


def test_a_source_that_gives_everybody_the_same_has_no_spread() -> None:
    spread = peer_spread([0.3] * 12, [0.1] * 12)
    assert spread.variance == 0
    assert spread.centre == pytest.approx(0.3)


def test_the_reliability_is_the_mean_over_providers_not_ruled_by_the_smallest() -> None:
    y, v = peers(2, 100, 0.6)
    v[0] = 500.0
    spread = peer_spread(y, v)
    each = [spread.variance / (spread.variance + noise) for noise in v]
    assert spread.mean_reliability == pytest.approx(sum(each) / 100)
    assert spread.median_reliability == pytest.approx(sorted(each)[49] / 2 + sorted(each)[50] / 2)
    assert spread.mean_reliability > 0.7 > spread.variance / (spread.variance + v.mean())


@few
@given(some_peers, st.floats(-5, 5), st.floats(0.1, 10))
def test_moving_and_stretching_the_scale_moves_and_stretches_it(
    given_peers: tuple[np.ndarray, np.ndarray], shift: float, factor: float
) -> None:
    y, v = given_peers
    before, after = peer_spread(y, v), peer_spread(factor * y + shift, factor**2 * v)
    assert after.variance == pytest.approx(factor**2 * before.variance, rel=1e-5, abs=1e-7)
    assert after.centre == pytest.approx(factor * before.centre + shift, rel=1e-6, abs=1e-6)


@few
@given(some_peers, st.integers(0, 10**6))
def test_the_order_of_providers_changes_nothing(
    given_peers: tuple[np.ndarray, np.ndarray], seed: int
) -> None:
    y, v = given_peers
    order = np.random.default_rng(seed).permutation(len(y))
    before, after = peer_spread(y, v), peer_spread(y[order], v[order])
    assert after.variance == pytest.approx(before.variance, abs=1e-9)
    assert after.centre == pytest.approx(before.centre, abs=1e-9)


def test_under_ten_providers_there_is_no_average_to_stand_against() -> None:
    with pytest.raises(TooFewPairs, match="9 providers"):
        peer_spread(np.arange(9.0), np.ones(9))


@pytest.mark.parametrize(
    ("value", "variance"),
    [
        ([*range(11), np.nan], [1.0] * 12),
        (range(12), [*[1.0] * 11, 0.0]),
        (range(12), [*[1.0] * 11, np.nan]),
        (range(12), [1.0] * 11),
    ],
)
def test_missing_values_are_refused_not_dropped(value: list[float], variance: list[float]) -> None:
    with pytest.raises(ValueError, match="missing|equal length"):
        peer_spread(list(value), variance)


# --- Standing, shrinking, ranks ---

SPREAD = Spread(1.0, 0.01, 0.25, 50, 0.5, 0.5)


def test_a_standing_by_hand() -> None:
    placed = standing([2.0, 1.0, np.nan], [0.75, 0.25, 0.1], SPREAD)
    assert placed.value[:2] == pytest.approx([2.0, 0.0])  # peer SDs of 0.5
    assert placed.variance[:2] == pytest.approx([3.0, 1.0])
    assert placed.z[:2] == pytest.approx([1.0, 0.0])  # over the root of 0.75 + 0.25
    assert np.isnan(placed.value[2])
    assert np.isnan(placed.z[2])


@pytest.mark.parametrize("name", ["bcg", "survey", "fft"])
def test_shrinking_equals_metafors_best_predictions(name: str) -> None:
    data = METAFOR[name]
    spread = peer_spread(data["value"], data["variance"], trim=0)
    found = shrink(data["value"], data["variance"], spread)
    assert found.value == pytest.approx(data["shrunken"], abs=1e-8)
    assert np.sqrt(found.variance) == pytest.approx(data["shrunken_error"], abs=1e-8)


@few
@given(st.integers(0, 10**6))
def test_twice_the_answers_never_make_a_provider_less_sure(seed: int) -> None:
    random = np.random.default_rng(seed)
    p, n = random.uniform(0, 1, 30), random.integers(1, 500, 30)
    once, twice = logit(p, n), logit(p, 2 * n)
    assert (
        standing(twice.value, twice.variance, SPREAD).variance
        <= standing(once.value, once.variance, SPREAD).variance
    ).all()
    certain = Spread(1.0, 0.0, 0.25, 50, 0.5, 0.5)
    assert (
        shrink(twice.value, twice.variance, certain).variance
        <= shrink(once.value, once.variance, certain).variance
    ).all()


def test_the_next_season_of_eighteen_batters_is_nearer_the_mean_as_efron_and_morris_have_it() -> (
    None
):
    """Efron and Morris, Scientific American 1977;236:119-127: 45 times at bat, and the rest of 1970."""
    hits = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]) / 45
    rest = np.array(
        [
            0.346, 0.298, 0.276, 0.222, 0.273, 0.270, 0.263, 0.210, 0.269, 0.230, 0.264, 0.256,
            0.303, 0.264, 0.226, 0.285, 0.316, 0.200,
        ]
    )  # fmt: skip
    centre = float(hits.mean())
    noise = centre * (1 - centre) / 45
    factor = 1 - 15 * noise / ((hits - centre) ** 2).sum()
    assert factor == pytest.approx(0.212, abs=0.001)
    spread = Spread(centre, 0.0, noise * factor / (1 - factor), 18, 0.0, 0.0)
    after = expected_next(hits, np.full(18, noise), spread, centre, 0.0)
    assert after.value[0] == pytest.approx(0.294, abs=0.0006)  # Clemente, after 0.400
    assert after.value[-1] == pytest.approx(0.242, abs=0.0006)  # Alvis, after 0.156
    assert ((hits - rest) ** 2).sum() == pytest.approx(0.077, abs=0.002)
    assert ((after.value - rest) ** 2).sum() == pytest.approx(0.022, abs=0.001)


def test_what_is_expected_next_moves_with_the_peers_and_is_as_sure_as_the_figure_is_large() -> None:
    spread = Spread(1.0, 0.0, 0.25, 40, 0.8, 0.8)
    after = expected_next([2.0], [0.25], spread, 1.3, 0.1)
    assert after.value == pytest.approx([1.8])  # half way back, and up with the peers
    assert after.variance == pytest.approx([0.125 + 0.1])


@few
@given(st.integers(0, 500))
def test_next_figures_of_imaginary_peers_lie_in_the_range_they_are_expected_in(seed: int) -> None:
    random = np.random.default_rng(seed)
    variance = np.full(2000, 0.09)
    true = 1.1 + 0.4 * random.standard_normal(2000)
    first, second = (true + 0.3 * random.standard_normal(2000) for _ in range(2))
    extreme = first > np.quantile(first, 0.9)
    spread = peer_spread(first, variance)
    after = expected_next(first, variance, spread, spread.centre, variance)
    inside = np.abs(second - after.value) < 1.96 * np.sqrt(after.variance)
    assert inside[extreme].mean() == pytest.approx(0.95, abs=0.06)
    assert (second - first)[extreme].mean() == pytest.approx(
        (after.value - first)[extreme].mean(), abs=0.1
    )
