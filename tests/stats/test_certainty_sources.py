"""Three sources together against brute force, pairs and their laws."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy import special, stats

from pxcore.stats.certainty import posterior
from pxcore.stats.certainty_fit import usual_behaviour
from pxcore.stats.certainty_nodes import Counted
from pxcore.stats.certainty_sources import nearest_correlation, together
from tests.stats.certainty_worlds import certain

CENTRES, DEVIATIONS = (1.1, 2.2, -0.2), (0.45, 0.5, 0.6)
R = np.array([[1, 0.7, 0.5], [0.7, 1, 0.3], [0.5, 0.3, 1]])
SHARE = 0.06  # of organisations with a contradiction, a pair


def pairs(matrix: np.ndarray, order: tuple[int, ...] = (0, 1, 2)) -> dict:
    known = {}
    for first in range(len(order)):
        for second in range(first + 1, len(order)):
            a, b = order[first], order[second]
            known[first, second] = certain(
                matrix[a, b],
                SHARE,
                centres=(CENTRES[a], CENTRES[b]),
                deviations=(DEVIATIONS[a], DEVIATIONS[b]),
            )
    return known


def three(organisations: int, seed: int = 1) -> list[Counted]:
    random = np.random.default_rng(seed)
    truth = random.multivariate_normal([0, 0, 0], R, organisations)
    sources = []
    for place, size in enumerate((85, 300, 12)):
        n = np.maximum(10, random.poisson(size, organisations)).astype(float)
        share = special.expit(CENTRES[place] + DEVIATIONS[place] * truth[:, place])
        sources.append(Counted(random.binomial(n.astype(int), share).astype(float), n, 0.8 * n))
    return sources


def brute_force(sources: list[Counted], at: int) -> tuple[float, float, list[float]]:
    step = 0.15
    u = (np.arange(-50, 50) + 0.5) * step  # no point on 0
    places = np.stack(np.meshgrid(u, u, u, indexing="ij"), axis=-1)
    weight = (1 - 1.5 * SHARE) * stats.multivariate_normal(np.zeros(3), R).pdf(places)
    for odd in range(3):
        shape = R + 6 * np.outer(np.eye(3)[odd], np.eye(3)[odd])
        weight += SHARE / 2 * stats.multivariate_normal(np.zeros(3), shape).pdf(places)
    speaking = []
    for place, source in enumerate(sources):
        if not source.speaks[at]:
            continue
        speaking.append(place)
        share = special.expit(CENTRES[place] + DEVIATIONS[place] * u)
        logs = stats.binom.logpmf(source.positive[at], source.answers[at], share)
        height = np.exp(0.8 * (logs - logs.max()))
        weight *= np.expand_dims(height, tuple(axis for axis in range(3) if axis != place))
    weight /= weight.sum()
    above = np.all([places[..., place] > 0 for place in speaking], axis=0)
    below = np.all([places[..., place] < 0 for place in speaking], axis=0)
    means = [float((weight * places[..., place]).sum()) for place in range(3)]
    return float(weight[above].sum()), float(weight[below].sum()), means


def test_three_sources_are_those_of_a_cube_of_points() -> None:
    sources = three(6)
    answers = sources[2].answers.copy()
    answers[:2] = 0  # silent
    sources[2] = Counted(sources[2].positive, answers, sources[2].effective)
    joint = together(sources, pairs(R))
    assert not joint.correlation.adjusted
    for at in range(6):
        above, below, means = brute_force(sources, at)
        assert joint.all_above[at] == pytest.approx(above, abs=0.005)
        assert joint.all_below[at] == pytest.approx(below, abs=0.005)
        for place, mean in zip(joint.places, means, strict=True):
            assert place.mean[at] == pytest.approx(mean, abs=0.005)
            assert place.low[at] < mean < place.high[at]


def test_two_sources_are_the_pair() -> None:
    left, right, _ = three(20)
    usual = pairs(R)[0, 1]
    joint = together([left, right], {(0, 1): usual})
    pair = posterior(usual, left, right).certainty()
    assert joint.all_above == pytest.approx(pair.both_above, abs=1e-4)
    assert joint.all_below == pytest.approx(pair.both_below, abs=1e-4)
    for name in ("mean", "low", "high"):
        assert getattr(joint.places[0], name) == pytest.approx(getattr(pair.left, name), abs=1e-3)


def test_learnt_parameters_are_taken_in_the_order_they_were_learnt_in() -> None:
    left, right, _ = three(40)
    for sources in ((left, right), (right, left)):
        usual = usual_behaviour(*sources, draws=32)
        joint = together(sources, {(0, 1): usual})
        pair = posterior(usual, *sources).certainty()
        assert joint.all_above == pytest.approx(pair.both_above, abs=0.03)
        assert joint.places[1].mean == pytest.approx(pair.right.mean, abs=0.1)


@pytest.mark.parametrize("order", list(permutations(range(3)))[1:4])
def test_the_order_of_the_sources_changes_nothing(order: tuple[int, int, int]) -> None:
    sources = three(5)
    plain = together(sources, pairs(R))
    moved = together([sources[place] for place in order], pairs(R, order))
    assert moved.all_above == pytest.approx(plain.all_above, abs=1e-6)
    for at, place in enumerate(order):
        assert moved.places[at].mean == pytest.approx(plain.places[place].mean, abs=1e-6)


def test_a_third_source_that_says_nothing_leaves_the_first_two_as_they_were() -> None:
    left, right, third = three(8)
    silent = Counted(third.positive, np.zeros(8), third.effective)
    joint = together([left, right, silent], pairs(R))
    assert (joint.places[2].high - joint.places[2].low > 2.5).all()
    pair = posterior(pairs(R)[0, 1], left, right).certainty()
    assert joint.all_above == pytest.approx(pair.both_above, abs=1e-4)
    assert joint.places[0].mean == pytest.approx(pair.left.mean, abs=1e-4)


def test_figures_of_pairs_that_cannot_all_hold_are_brought_together() -> None:
    impossible = np.array([[1, 0.9, 0.9], [0.9, 1, -0.5], [0.9, -0.5, 1]])
    nearest = nearest_correlation(impossible)
    assert nearest.adjusted
    assert np.diag(nearest.matrix) == pytest.approx([1, 1, 1])
    assert np.linalg.eigvalsh(nearest.matrix)[0] > 0
    assert not nearest_correlation(R).adjusted
    joint = together(three(3), pairs(impossible))
    assert joint.correlation.adjusted
    assert ((joint.all_above >= 0) & (joint.all_above <= 1)).all()


def test_a_pair_that_is_not_known_is_taken_from_the_prior_and_named() -> None:
    known = pairs(R)
    del known[1, 2]
    joint = together(three(3), known)
    assert joint.assumed == ((1, 2),)
    assert joint.correlation.matrix[1, 2] == pytest.approx(np.tanh(0.7))
    del known[0, 2]
    with pytest.raises(ValueError, match="some pair"):
        together(three(3), known)


def test_fewer_than_two_that_speak_are_no_common_verdict() -> None:
    sources = three(4)
    for place in (1, 2):
        answers = sources[place].answers.copy()
        answers[0] = 0
        sources[place] = Counted(sources[place].positive, answers, sources[place].effective)
    joint = together(sources, pairs(R))
    assert np.isnan(joint.all_above[0])
    assert np.isfinite(joint.places[0].mean[0])
