"""The likelihood of two variances and a correlation: its height, its slope, its curvature, its ranges."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

from pxcore.stats.latent_model import Loss, Model, profile

Y1 = np.array([0.2, -0.6, 1.1, 0.4, -1.3, 0.9, 0.1, -0.4, 1.6, -0.2, 0.7, -1.0])
Y2 = np.array([1.4, 0.3, 1.2, 1.9, 0.9, 1.7, 0.2, 1.5, 1.6, 0.1, 1.8, 0.4])
V1, V2 = np.linspace(0.05, 0.4, 12), np.linspace(0.3, 0.02, 12)
MODEL = Model(Y1, V1, Y2, V2)
PLACES = ([-0.4, -1.0, 0.7], [0.3, -0.2, -0.9], [-2.0, 0.1, 0.0])


def covariances(at: Any) -> np.ndarray:
    t1, t2, rho = math.exp(at[0]), math.exp(at[1]), math.tanh(at[2])
    off = rho * math.sqrt(t1 * t2)
    return np.array([[[t1 + a, off], [off, t2 + b]] for a, b in zip(V1, V2, strict=True)])


def by_the_book(at: Any, restricted: bool) -> float:
    """Minus the log likelihood, provider by provider; restricted by the determinant of the means."""
    shapes = covariances(at)
    inverses = np.linalg.inv(shapes)
    values = np.column_stack([Y1, Y2])
    information = inverses.sum(axis=0)
    means = np.linalg.solve(information, np.einsum("kij,kj->i", inverses, values))
    logs = [
        stats.multivariate_normal(means, of).logpdf(y) for of, y in zip(shapes, values, strict=True)
    ]
    constant = len(values) * math.log(2 * math.pi)
    more = math.log(np.linalg.det(information)) / 2 if restricted else 0.0
    return float(-np.sum(logs) - constant + more)


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("at", PLACES)
def test_the_loss_and_its_slope_are_those_of_the_book(at: list[float], restricted: bool) -> None:
    point = MODEL.loss(at, restricted)
    assert point.loss == pytest.approx(by_the_book(at, restricted), rel=1e-12)
    numeric = optimize.approx_fprime(np.array(at), lambda near: by_the_book(near, restricted), 1e-7)
    assert point.gradient == pytest.approx(numeric, abs=1e-5)
    assert point.at.tolist() == at


@pytest.mark.parametrize("at", PLACES)
def test_the_information_is_fishers(at: list[float]) -> None:
    """Half the trace of Σ⁻¹ ∂Σ Σ⁻¹ ∂Σ, over providers."""
    inverses, step = np.linalg.inv(covariances(at)), 1e-6
    slopes = [
        (covariances(np.array(at) + way) - covariances(np.array(at) - way)) / (2 * step)
        for way in step * np.eye(3)
    ]
    parts = [np.einsum("kij,kjl->kil", inverses, slope) for slope in slopes]
    expected = [[np.einsum("kij,kji->", one, two) / 2 for two in parts] for one in parts]
    assert MODEL.loss(at).information == pytest.approx(np.array(expected), rel=1e-6, abs=1e-9)


def test_restricted_is_what_is_meant_where_nothing_is_said() -> None:
    at = PLACES[0]
    assert MODEL.loss(at).loss == MODEL.loss(at, True).loss != MODEL.loss(at, False).loss
    moments = (0.7, 0.3, 0.5)
    assert MODEL.fit(moments).loss == MODEL.fit(moments, True).loss
    assert MODEL.fit(moments).loss != MODEL.fit(moments, False).loss
    assert MODEL.fit_at(0.3, np.zeros(2)).loss == MODEL.fit_at(0.3, np.zeros(2), True).loss


@pytest.mark.parametrize("restricted", [True, False])
def test_the_best_is_where_a_search_without_slopes_ends(restricted: bool) -> None:
    best = MODEL.fit((0.7, 0.3, 0.5), restricted)
    slow = optimize.minimize(
        by_the_book,
        PLACES[0],
        (restricted,),
        method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-11},
    )
    assert best.at == pytest.approx(slow.x, abs=1e-4)
    assert best.loss == pytest.approx(slow.fun, abs=1e-8)
    free = optimize.minimize(
        lambda logs: by_the_book([*logs, 0.3], restricted), best.at[:2], method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-11},
    ).fun  # fmt: skip
    given = MODEL.fit_at(0.3, best.at, restricted)
    assert given.at[2] == 0.3
    assert given.loss == pytest.approx(free, abs=1e-8)


def test_the_best_is_the_same_from_any_moments() -> None:
    fits = [MODEL.fit((t1, t2, rho)) for t1, t2, rho in ((1, 1, 1.0), (0.0, 2, -1.0), (3, -1, 0.2))]
    for fit in fits:
        assert fit.at == pytest.approx(fits[0].at, abs=1e-4)


def test_centres_are_the_generalised_least_squares_means() -> None:
    inverses = np.linalg.inv(covariances(PLACES[0]))
    expected = np.linalg.solve(
        inverses.sum(axis=0), np.einsum("kij,kj->i", inverses, np.column_stack([Y1, Y2]))
    )
    assert MODEL.centres(np.array(PLACES[0])) == pytest.approx(tuple(expected), rel=1e-12)


# --- The range of a correlation ---


@dataclass(frozen=True)
class Hill:
    """A likelihood that is a parabola, its two other parameters moving with the correlation."""

    at: np.ndarray
    loss: float
    information: np.ndarray


def parabola(middle: float, bend: float) -> tuple[Hill, Any]:
    shape = np.array([[2.0, 0.3, 0.4], [0.3, 1.5, -0.2], [0.4, -0.2, bend]])
    top = np.array([0.5, -1.0, middle])

    def fit_at(at: np.ndarray) -> Hill:
        assert np.isfinite(at).all()
        away = at[-1] - middle
        rest = -np.linalg.solve(shape[:2, :2], shape[:2, 2]) * away
        place = np.append(top[:2] + rest, at[-1])
        return Hill(place, float((place - top) @ shape @ (place - top)) / 2, shape)

    return Hill(top, 0.0, shape), fit_at


@pytest.mark.parametrize(("middle", "bend"), [(0.4, 30.0), (-0.8, 9.0), (0.0, 400.0), (1.5, 50.0)])
def test_of_a_parabola_the_range_is_the_middle_and_its_error(middle: float, bend: float) -> None:
    best, fit_at = parabola(middle, bend)
    error = math.sqrt(np.linalg.inv(best.information)[-1, -1])
    for allowed, times in ((1.920729, 1.959964), (0.5, 1.0), (8.0, 4.0)):
        ends = profile(best, fit_at, allowed)
        expected = np.tanh([middle - times * error, middle + times * error])
        assert [ends.low, ends.high] == pytest.approx(expected, abs=2e-5)


def test_a_likelihood_that_never_falls_enough_allows_every_correlation() -> None:
    best, fit_at = parabola(0.2, 0.2)
    ends = profile(best, fit_at, 50.0)
    assert (ends.low, ends.high) == (-1.0, 1.0)
    assert isinstance(MODEL.fit((0.7, 0.3, 0.5)), Loss)
