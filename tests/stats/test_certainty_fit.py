"""How the usual behaviour of two sources is learnt: its likelihood, its search and its draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, special, stats

from pxcore.stats import certainty_fit as fit
from pxcore.stats.certainty import posterior
from pxcore.stats.certainty_fit import PARAMETERS, Prior, usual_behaviour
from pxcore.stats.certainty_nodes import ScoreScale, natural
from tests.stats.certainty_worlds import pair

AT = np.array([1.0, 2.1, math.log(0.4), math.log(0.6), 0.5, -1.0])


def likelihood(organisations: int = 40) -> fit._Likelihood:
    _, left, right = pair(3, organisations)
    sources = (natural(source, ScoreScale()) for source in (left, right))
    return fit._Likelihood(*sources, AT, Prior())


def test_the_gradient_is_the_slope_of_the_loss() -> None:
    model, step = likelihood(), 1e-5
    numeric = [
        (model.loss(AT + way) - model.loss(AT - way)) / (2 * step)
        for way in step * np.eye(PARAMETERS)
    ]
    point = model.point(AT)
    assert point.gradient == pytest.approx(numeric, rel=1e-5, abs=1e-5)
    assert point.loss == pytest.approx(model.loss(AT), abs=1e-9)


def test_the_marginal_likelihood_is_that_of_adaptive_quadrature() -> None:
    _, left, right = pair(3, 2)
    point = fit.parameters(AT)
    r, e = point.correlation, point.contradicting
    shapes = ([[1, r], [r, 1]], [[7, r], [r, 1]], [[1, r], [r, 7]])
    normals = [stats.multivariate_normal([0, 0], shape) for shape in shapes]
    total = 0.0
    for at in range(2):

        def density(v: float, u: float, at: int = at) -> float:
            prior = np.dot([1 - e, e / 2, e / 2], [normal.pdf([u, v]) for normal in normals])
            for side, (source, place) in enumerate(((left, u), (right, v))):
                theta = point.centres[side] + point.deviations[side] * place
                x, n = source.positive[at], source.answers[at]
                prior *= math.exp(x * theta - n * math.log1p(math.exp(theta)) - peak(x, n))
            return float(prior)

        area, _ = integrate.dblquad(density, -5, 5, -5, 5, epsabs=1e-5, epsrel=1e-4)
        total += math.log(area) + sum(
            peak(source.positive[at], source.answers[at]) for source in (left, right)
        )
    sources = [natural(source, ScoreScale()) for source in (left, right)]
    model = fit._Likelihood(*sources, AT, Prior())
    assert -model.loss(AT) - Prior().log_density(AT) == pytest.approx(total, abs=1e-3)


def peak(positive: float, answers: float) -> float:
    """The highest that a binomial's logarithm gets, so that the quadrature meets no tiny numbers."""
    share = (positive + 0.5) / (answers + 1)
    return positive * math.log(share) + (answers - positive) * math.log1p(-share)


def test_the_prior_is_as_specified() -> None:
    prior = Prior()
    fisher = stats.norm(prior.alike, prior.alike_deviation)
    assert math.tanh(fisher.median()) == pytest.approx(0.60, abs=0.005)
    assert np.tanh(fisher.ppf([0.05, 0.95])) == pytest.approx([0.04, 0.88], abs=0.005)

    def slow(at: np.ndarray) -> float:
        part = special.expit(at[5])
        share = 0.005 + 0.295 * part
        return float(
            stats.norm(math.log(0.5), 0.8).logpdf(at[2:4]).sum()
            + fisher.logpdf(at[4])
            + stats.beta(1, 19).logpdf(share)
            + math.log(part * (1 - part))
        )

    places = np.random.default_rng(1).standard_normal((5, PARAMETERS))
    constants = [prior.log_density(place) - slow(place) for place in places]
    assert constants == pytest.approx([constants[0]] * 5, abs=1e-9)


def test_the_search_ends_where_the_loss_is_flat_whatever_it_starts_from() -> None:
    model = likelihood()
    first, curvature = model.mode(AT)
    second, _ = model.mode(np.array([2.0, 1.0, -1.5, 0.3, -0.5, 1.0]))
    assert np.abs(model.point(first).gradient).max() < 1e-3
    assert second == pytest.approx(first, abs=1e-3)
    assert (np.linalg.eigvalsh(curvature) > 0).all()


def test_the_fixed_nodes_are_normal_and_balanced() -> None:
    normal, stretch = fit._fixed_nodes(256)
    assert normal.shape == (256, PARAMETERS)
    assert normal.mean(axis=0) == pytest.approx(np.zeros(PARAMETERS), abs=1e-12)
    assert normal.T @ normal / 256 == pytest.approx(np.eye(PARAMETERS), abs=1e-12)
    assert stretch.min() > 0.5


def test_draws_have_the_mean_and_covariance_of_the_places_tried() -> None:
    random = np.random.default_rng(3)
    turned = random.standard_normal((PARAMETERS, PARAMETERS)) / 4
    places = random.standard_normal((200, PARAMETERS)) @ turned
    weights = random.dirichlet(np.ones(200))
    few = fit._alike(places, weights, 16)
    assert few.mean(axis=0) == pytest.approx(weights @ places, abs=1e-12)
    expected = np.cov(places.T, aweights=weights, bias=True)
    assert np.cov(few.T, bias=True) == pytest.approx(expected, abs=1e-12)


def test_draws_are_of_one_weight_and_few_places_are_wasted() -> None:
    _, left, right = pair(2, 100)
    usual = usual_behaviour(left, right)
    assert usual.weights == pytest.approx(np.full(fit.DRAWS, 1 / fit.DRAWS))
    assert usual.worth > fit.MOST_TRIED / 4
    assert usual.scales == (ScoreScale(), ScoreScale())
    spreads = np.array([draw.deviations for draw in usual.draws])
    assert (spreads > 0).all()


def test_more_draws_move_no_probability_by_much() -> None:
    _, left, right = pair(14, 60)
    fewer, more = (
        posterior(usual_behaviour(left, right, draws=count), left, right).certainty().agree
        for count in (fit.DRAWS, 128)
    )
    assert fewer == pytest.approx(more, abs=0.004)


def test_of_many_organisations_fewer_places_are_tried() -> None:
    _, left, right = pair(2, 1500)
    usual = usual_behaviour(left, right)
    assert usual.worth < fit.MOST_TRIED / 2
    assert usual.correlation == pytest.approx(0.6, abs=0.08)
    assert usual.best.deviations == pytest.approx(
        (0.5, 0.45) if usual.swapped else (0.45, 0.5), abs=0.05
    )
