"""The binomial-normal likelihood of two sources' counts, held to brute force and to its laws."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from scipy import special, stats

from pxcore.stats.binomial_normal import BinomialNormal, Shares, shares
from pxcore.stats.intervals import Floats
from pxcore.stats.latent import (
    Estimability,
    LatentCorrelation,
    area_levels,
    latent_correlation,
)
from pxcore.stats.scale import Scaled, logit
from pxcore.stats.spread import peer_spread

Source = tuple[Shares, Scaled]
MANY, FEW = (1.1, 0.45, 90), (-0.2, 0.6, 16)  # centre and spread (logits), answers


def drawn(
    seed: int,
    count: int,
    correlation: float = 0.6,
    kinds: tuple[tuple[float, float, float], ...] = (MANY, FEW),
) -> list[Source]:
    """Two sources of the same providers, at least ten answers each."""
    random = np.random.default_rng(seed)
    truth = random.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], count)
    sources = []
    for place, (centre, spread, size) in enumerate(kinds):
        n = np.maximum(10, random.poisson(size * np.exp(0.5 * random.standard_normal(count))))
        share = random.binomial(n, special.expit(centre + spread * truth[:, place])) / n
        scaled = logit(share, n)
        sources.append((shares(share, n, scaled), scaled))
    return sources


def correlated(left: Source, right: Source, counts: bool = True) -> LatentCorrelation:
    return latent_correlation(
        left[1].value,
        left[1].variance,
        right[1].value,
        right[1].variance,
        left_spread=peer_spread(left[1].value, left[1].variance),
        right_spread=peer_spread(right[1].value, right[1].variance),
        percentages=(left[0], right[0]) if counts else None,
    )


def brute_force(left: Shares, right: Shares, at: Floats) -> float:
    """The same integral on a fine square of points."""
    u = np.arange(-8, 8.001, 0.04)
    first, second = np.meshgrid(u, u, indexing="ij")
    rho = math.tanh(at[4])
    density = stats.multivariate_normal([0, 0], [[1, rho], [rho, 1]]).pdf(
        np.dstack([first, second])
    )
    total = 0.0
    for place in range(len(left.share)):
        whole = density
        for side, (source, standing) in enumerate(((left, first), (right, second))):
            theta = at[side] + source.offset[place] + np.exp(at[2 + side] / 2) * standing
            good, worth = source.share[place] * source.worth[place], source.worth[place]
            whole = whole * np.exp(good * theta - worth * np.logaddexp(0, theta))
        total -= math.log(whole.sum() * 0.04**2)
    return total


@pytest.mark.parametrize(
    "kinds", [(MANY, FEW), ((2.6, 0.5, 50), (3.5, 0.5, 12))], ids=["usual", "near the ceiling"]
)
@pytest.mark.parametrize("fisher", [-1.0, 0.0, 0.7, 2.0])
def test_the_likelihood_is_brute_forces(
    kinds: tuple[tuple[float, float, float], ...], fisher: float
) -> None:
    (left, _), (right, _) = drawn(1, 12, 0.6, kinds)
    at = np.array([kinds[0][0] + 0.1, kinds[1][0] - 0.2, math.log(0.2), math.log(0.4), fisher])
    model = BinomialNormal(left, right)
    assert model.point(at).loss == pytest.approx(brute_force(left, right, at), abs=2e-3)


def test_slope_and_information_are_the_loss_differentiated() -> None:
    (left, _), (right, _) = drawn(2, 40)
    at = np.array([1.0, -0.1, -1.5, -1.0, 0.8])
    point = BinomialNormal(left, right).point(at)
    for place, step in enumerate(1e-3 * np.eye(5)):
        ahead, back = (BinomialNormal(left, right).point(at + way * step) for way in (1, -1))
        slope = (ahead.loss - back.loss) / 2e-3
        assert point.gradient[place] == pytest.approx(slope, abs=0.02)
        curvature = (ahead.gradient - back.gradient) / 2e-3
        assert point.information[place] == pytest.approx(curvature, rel=0.01, abs=0.02)


def test_few_answers_do_not_make_sources_look_alike() -> None:
    """With normal errors estimated from the same few answers agreement comes out .07 too high."""
    errors: dict[bool, list[float]] = {True: [], False: []}
    held = []
    for seed in range(60):
        left, right = drawn(seed, 90)
        for counts, those in errors.items():
            found = correlated(left, right, counts)
            if found.nearest is None or found.interval is None:
                continue
            those.append(found.nearest - 0.6)
            if counts:
                held.append(found.interval.low <= 0.6 <= found.interval.high)
    assert abs(np.mean(errors[True])) < 0.03 < np.mean(errors[False])
    assert np.mean(held) > 0.88


def test_swapped_shuffled_or_turned_round_it_is_the_same() -> None:
    left, right = drawn(5, 80)
    plain = correlated(left, right)
    order = np.random.default_rng(1).permutation(80)

    def of(source: Source, places: npt.NDArray[np.int64]) -> Source:
        own, scaled = source
        return (
            Shares(own.share[places], own.worth[places], own.offset[places]),
            Scaled(scaled.value[places], scaled.variance[places]),
        )

    turned = (
        Shares(1 - right[0].share, right[0].worth, -right[0].offset),
        Scaled(-right[1].value, right[1].variance),
    )
    assert plain.interval is not None
    for changed, sign in (
        (correlated(right, left), 1),
        (correlated(of(left, order), of(right, order)), 1),
        (correlated(left, turned), -1),
    ):
        assert changed.estimate == pytest.approx(sign * (plain.estimate or 0), abs=1e-5)
        assert changed.interval is not None
        ends = sorted((sign * changed.interval.low, sign * changed.interval.high))
        assert ends == pytest.approx([plain.interval.low, plain.interval.high], abs=2e-4)


def test_an_offset_is_the_level_of_a_providers_peers() -> None:
    left, right = drawn(7, 80, kinds=(MANY, MANY))
    level = np.where(np.arange(80) % 2, 1.0, 0.0)
    moved = Scaled(right[1].value - level, right[1].variance)
    lifted = shares(right[0].share, right[0].worth, moved)
    assert lifted.offset == pytest.approx(level)
    # all of them on one level higher is a centre that much lower
    up = Shares(right[0].share, right[0].worth, np.ones(80))
    at = np.array([1.0, 1.2, -1.5, -1.5, 0.7])
    assert BinomialNormal(left[0], up).point(at - [0, 1, 0, 0, 0]).loss == pytest.approx(
        BinomialNormal(left[0], right[0]).point(at).loss
    )


def test_what_enlarges_the_variance_makes_answers_worth_less() -> None:
    n = np.array([50.0, 200.0])
    share = np.array([0.8, 1.0])
    plain = logit(share, n)
    assert shares(share, n, plain).worth == pytest.approx(n)
    doubled = Scaled(plain.value, 2 * plain.variance)
    assert shares(share, n, doubled).worth == pytest.approx(n / 2)


def test_perfect_mirrors_are_at_the_limit() -> None:
    left, right = drawn(3, 120, 1.0, (MANY, (2.2, 0.5, 300)))
    found = correlated(left, right)
    assert found.interval is not None
    assert found.state is Estimability.AT_LIMIT or found.interval.high > 0.99
    assert found.interval.low > 0.7


# --- Organisations that share areas ---


def in_areas(
    seed: int, areas: int, each: int, *, share: float, within: float = 0.6, between: float = 0.6
) -> tuple[npt.NDArray[np.str_], list[Source]]:
    """Two big sources; `share` of what differs is of areas, which agree by `between`."""
    random = np.random.default_rng(seed)
    area = np.repeat(np.arange(areas), each)
    levels = random.multivariate_normal([0, 0], [[1, between], [between, 1]], areas)[area]
    own = random.multivariate_normal([0, 0], [[1, within], [within, 1]], areas * each)
    truth = math.sqrt(share) * levels + math.sqrt(1 - share) * own
    sources = []
    for place, (centre, spread, size) in enumerate((MANY, (2.2, 0.5, 300))):
        n = np.maximum(10, random.poisson(size, areas * each))
        good = random.binomial(n, special.expit(centre + spread * truth[:, place])) / n
        scaled = logit(good, n)
        sources.append((shares(good, n, scaled), scaled))
    return np.array([f"A-{place}" for place in area]), sources


def with_areas(
    areas: npt.NDArray[np.str_] | None, left: Source, right: Source, counts: bool = True
) -> LatentCorrelation:
    return latent_correlation(
        left[1].value,
        left[1].variance,
        right[1].value,
        right[1].variance,
        left_spread=peer_spread(left[1].value, left[1].variance),
        right_spread=peer_spread(right[1].value, right[1].variance),
        percentages=(left[0], right[0]) if counts else None,
        areas=areas,
    )


@pytest.mark.parametrize("counts", [True, False], ids=["counts", "restricted likelihood"])
def test_the_range_holds_though_areas_differ(counts: bool) -> None:
    held: dict[bool, list[bool]] = {True: [], False: []}
    for seed in range(50):
        areas, (left, right) = in_areas(seed, 8, 19, share=0.6)
        for known, those in held.items():
            ends = with_areas(areas if known else None, left, right, counts).interval
            # without any, every correlation fits
            those.append(ends is None or ends.low <= 0.6 <= ends.high)
    assert np.mean(held[True]) >= 0.9
    assert np.mean(held[False]) <= 0.8


def test_areas_never_narrow_a_range_and_few_of_them_change_nothing() -> None:
    areas, (left, right) = in_areas(3, 12, 8, share=0.0)
    plain, known = with_areas(None, left, right), with_areas(areas, left, right)
    assert plain.interval is not None
    assert known.interval is not None
    assert (known.estimate, plain.areas, known.areas) == (plain.estimate, 0, 12)
    assert known.interval.low <= plain.interval.low
    assert known.interval.high >= plain.interval.high
    assert with_areas(np.where(areas == "A-0", "A-0", "A-1"), left, right) == plain
    shuffled = np.random.default_rng(2).permutation(len(areas))
    moved = [
        (source.of(shuffled), Scaled(scaled.value[shuffled], scaled.variance[shuffled]))
        for source, scaled in (left, right)
    ]
    again = with_areas(areas[shuffled], moved[0], moved[1])
    assert again.interval is not None
    assert again.interval.low == pytest.approx(known.interval.low, abs=2e-4)


def test_the_level_of_each_area_taken_away_leaves_what_is_within() -> None:
    areas, sources = in_areas(5, 20, 10, share=0.7, within=0.0, between=0.95)
    inside = []
    for source, scaled in sources:
        spread = peer_spread(scaled.value, scaled.variance)
        levels = area_levels(scaled.value, scaled.variance, areas, spread)
        moved = Scaled(scaled.value - levels, scaled.variance)
        inside.append((replace(source, offset=levels), moved))
    whole = with_areas(areas, sources[0], sources[1])
    within = with_areas(None, inside[0], inside[1])
    assert (whole.nearest or 0) > 0.3
    assert abs(within.nearest or 0) < 0.2


def test_an_area_of_few_has_no_level() -> None:
    value, variance = np.arange(12.0), np.ones(12)
    areas = ["A"] * 5 + ["B"] * 4 + [""] * 3
    levels = area_levels(value, variance, areas, peer_spread(value, variance))
    assert levels[:5] == pytest.approx(2.0 - 5.5, abs=0.2)
    assert np.isnan(levels[5:]).all()
