"""The likelihood of two noisy sources whose true standings correlate, and where it is highest."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import optimize

from pxcore.stats.intervals import Floats, Interval

FURTHEST = 4.5  # of atanh rho: a correlation of 0.9998

MOST_STEPS, CLOSE = 200, 1e-8  # of the search for the best likelihood; slope per pair


@dataclass(frozen=True, slots=True)
class Loss:
    """A point of the parameters, and the loss there with its slope and expected curvature."""

    at: Floats
    loss: float
    gradient: Floats
    information: Floats


class Model:
    """The likelihood of two variances and a correlation; the two means are profiled out.

    Its parameters are the logarithms of the variances and the Fisher transform of the correlation.
    """

    def __init__(self, y1: Floats, v1: Floats, y2: Floats, v2: Floats) -> None:
        self.y1, self.v1, self.y2, self.v2 = y1, v1, y2, v2

    def loss(self, at: npt.ArrayLike, restricted: bool = True) -> Loss:
        """Minus the log likelihood, without its constant; its gradient; Fisher's information."""
        point = np.asarray(at, dtype=float)
        t1, t2, rho = math.exp(point[0]), math.exp(point[1]), math.tanh(point[2])
        root = math.sqrt(t1 * t2)
        covariance = rho * root
        determinant, (a, off, b) = self._inverse(t1, covariance, t2)
        (a11, a12, a22), information, (m1, m2) = self._means(a, off, b)
        e1, e2 = self.y1 - m1, self.y2 - m2
        r1, r2 = a * e1 + off * e2, off * e1 + b * e2
        value = float(np.log(determinant).sum()) + float(r1 @ e1 + r2 @ e2)
        aa, ao, oo, ob, bb = a @ a, a @ off, off @ off, off @ b, b @ b
        both = a @ b + oo
        # by the three entries of the covariance matrix: first variance, covariance, second variance
        slope = np.array([a11 - r1 @ r1, 2 * (a12 - r1 @ r2), a22 - r2 @ r2])
        if restricted:
            value += math.log(information)
            i11, i12, i22 = a22 / information, -a12 / information, a11 / information
            slope -= (
                i11 * aa + 2 * i12 * ao + i22 * oo,
                2 * (i11 * ao + i12 * both + i22 * ob),
                i11 * oo + 2 * i12 * ob + i22 * bb,
            )
        curvature = np.array([[aa, 2 * ao, oo], [2 * ao, 2 * both, 2 * ob], [oo, 2 * ob, bb]])
        # and from those entries to the parameters
        entries = np.array(
            [
                [t1, covariance / 2, 0.0],
                [0.0, covariance / 2, t2],
                [0.0, root * (1 - rho * rho), 0.0],
            ]
        )
        return Loss(point, value / 2, entries @ slope / 2, entries @ curvature @ entries.T / 2)

    def _inverse(
        self, t1: float, covariance: float, t2: float
    ) -> tuple[Floats, tuple[Floats, ...]]:
        """Determinant and inverse of every provider's two by two matrix, true spread and noise."""
        s1, s2 = self.v1 + t1, self.v2 + t2
        determinant = s1 * s2 - covariance * covariance
        return determinant, (s2 / determinant, -covariance / determinant, s1 / determinant)

    def _means(
        self, a: Floats, off: Floats, b: Floats
    ) -> tuple[tuple[float, float, float], float, tuple[float, float]]:
        """The means' information, its determinant, and the means by generalised least squares."""
        a11, a12, a22 = float(a.sum()), float(off.sum()), float(b.sum())
        b1, b2 = float(a @ self.y1 + off @ self.y2), float(off @ self.y1 + b @ self.y2)
        information = a11 * a22 - a12 * a12
        m1, m2 = (a22 * b1 - a12 * b2) / information, (a11 * b2 - a12 * b1) / information
        return (a11, a12, a22), information, (m1, m2)

    def centres(self, at: Floats) -> tuple[float, float]:
        t1, t2 = math.exp(at[0]), math.exp(at[1])
        _, inverse = self._inverse(t1, math.tanh(at[2]) * math.sqrt(t1 * t2), t2)
        return self._means(*inverse)[2]

    def fit(self, moments: tuple[float, float, float], restricted: bool = True) -> Loss:
        """The best of three starts: the moments' correlation, none, and a strong one."""
        first = math.atanh(max(-0.95, min(0.95, moments[2])))
        logs = [math.log(max(moment, 1e-3)) for moment in moments[:2]]
        fits = [
            self.fit_from([*logs, start], restricted) for start in (first, 0.0, math.atanh(0.9))
        ]
        return min(fits, key=lambda fit: fit.loss)

    def fit_at(self, fisher: float, logs: Floats, restricted: bool = True) -> Loss:
        """The best two variances where the correlation is given."""
        return self.fit_from([*logs[:2], fisher], restricted, free=2)

    def fit_from(self, start: npt.ArrayLike, restricted: bool = True, free: int = 3) -> Loss:
        """The best point downhill of a start, by Fisher scoring with halved steps.

        By hand: scipy's searches come to the same point in twice the time, or ten times with both
        cores busy (L-BFGS-B, whose linear algebra on a handful of numbers starts threads).
        """
        point = self.loss(start, restricted)
        for _ in range(MOST_STEPS):
            slope = point.gradient[:free]
            if np.abs(slope).max() <= CLOSE * len(self.y1):
                break
            curvature = point.information[:free, :free]
            ridge = 1e-9 * np.trace(curvature) * np.eye(free)  # flat where a variance is nothing
            step = np.zeros(3)
            step[:free] = -np.linalg.solve(curvature + ridge, slope)
            step /= max(1.0, float(np.abs(step).max()))
            tried = self.loss(point.at + step, restricted)
            while tried.loss >= point.loss and np.abs(step).max() > CLOSE:
                step /= 2
                tried = self.loss(point.at + step, restricted)
            if tried.loss >= point.loss:
                break
            point = tried
        return point


class Place(Protocol):
    """A point of a likelihood's parameters, the Fisher transform of the correlation last."""

    @property
    def at(self) -> Floats: ...
    @property
    def loss(self) -> float: ...
    @property
    def information(self) -> Floats: ...


def profile(best: Place, fit_at: Callable[[Floats], Place], allowed: float) -> Interval:
    """The correlations whose likelihood, the other parameters at their best, is within `allowed` of the
    best; ends clipped. `fit_at` begins at a point and keeps its correlation."""
    middle = float(best.at[-1])
    error = math.sqrt(max(1e-6, float(np.linalg.pinv(best.information)[-1, -1])))

    def end(direction: int) -> float:
        course = np.zeros(len(best.at) - 1)  # of the other parameters, as the correlation moves

        def beyond(fisher: float) -> float:
            nonlocal course
            if fisher == middle:
                return -math.sqrt(allowed)
            # from the flat part of the likelihood, where a variance is next to nothing, no way leads
            # back: the next search starts nearer the best
            rest = best.at[:-1] + np.clip(course * (fisher - middle), -3, 3)
            fit = fit_at(np.append(rest, fisher))
            course = (fit.at[:-1] - best.at[:-1]) / (fisher - middle)
            # roots of the loss are about as far from none as correlations are from the best
            return math.sqrt(max(0.0, fit.loss - best.loss)) - math.sqrt(allowed)

        inner, step = middle, min(0.5, 2.1 * error)
        while abs(inner) < FURTHEST or inner * direction < 0:
            outer = max(-FURTHEST, min(FURTHEST, inner + direction * step))
            if beyond(outer) >= 0:
                return math.tanh(float(optimize.brentq(beyond, inner, outer, xtol=1e-5)))
            inner, step = outer, step * 1.6
        return float(direction)

    return Interval(end(-1), end(1))
