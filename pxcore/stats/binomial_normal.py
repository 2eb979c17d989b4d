"""The likelihood of two sources' counts: normal true values, binomial answers, integrated together."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from pxcore.stats.intervals import Floats
from pxcore.stats.scale import Scaled, logit

NODES = 5  # in each direction, about each provider's most likely true values
TOGETHER = 512  # providers worked out at a time: what a processor keeps close by
MOST_STEPS, CLOSE = 60, 1e-8  # of the search; the fall of the loss still to come
_NODE, _WEIGHT = special.roots_hermitenorm(NODES)
_FIRST, _SECOND = (grid.ravel()[:, None] for grid in np.meshgrid(_NODE, _NODE, indexing="ij"))
_WEIGHTS = (
    np.log(np.outer(_WEIGHT, _WEIGHT)).ravel() + np.add.outer(_NODE**2, _NODE**2).ravel() / 2
)[:, None]
_MODE_STEPS, _MODE_CLOSE = 25, 1e-3  # nodes need the most likely values only roughly
_LOWEST, _FURTHEST = -16.0, 5.0  # of the logarithms of the variances, and of atanh rho


@dataclass(frozen=True, slots=True)
class Shares:
    """One source's percentages as its likelihood takes them: one value a provider in every array."""

    share: Floats  # of good answers, 0-1
    worth: Floats  # independent answers it is worth
    offset: Floats  # logits: the level of a provider's peers beside that of all

    def of(self, places: npt.NDArray[np.int64]) -> Shares:
        return Shares(self.share[places], self.worth[places], self.offset[places])


def shares(proportion: npt.ArrayLike, answers: npt.ArrayLike, scaled: Scaled) -> Shares:
    """Percentages for their own likelihood, worth as much as on the test scale.

    Parameters
    ----------
    proportion, answers : arrays of shares of good answers, 0-1, and real numbers of answers.
    scaled : the same on the logit scale. Whatever enlarges its variances (weights, months that differ,
        rounding, noise) makes the answers worth less; values moved to the level of all peers give the
        offset.
    """
    p, n = np.asarray(proportion, dtype=float), np.asarray(answers, dtype=float)
    plain = logit(p, n)
    return Shares(p, n * plain.variance / scaled.variance, plain.value - scaled.value)


@dataclass(frozen=True, slots=True)
class Fit:
    """A point of the parameters, and the loss there with its slope and information."""

    at: Floats  # both means, logarithms of both variances, atanh rho
    loss: float
    gradient: Floats
    information: Floats  # curvature of the loss


class BinomialNormal:
    """Minus the log likelihood of two sources' counts, true values integrated out provider by provider.

    Parameters
    ----------
    left, right : Shares of the same providers. Answers worth less than their number multiply the
        binomial's logarithm.

    Notes
    -----
    Adaptive Gauss-Hermite quadrature in two dimensions: nodes about each provider's most likely pair of
    true values, as far apart as the likelihood is wide there. Slope and curvature are exact for the
    integral (Fisher's and Louis's identities), as a normal's logarithm is a polynomial in its values.
    Five nodes a direction leave the logarithm of the whole likelihood right to 0.001.

    References
    ----------
    Liu Q, Pierce DA. A note on Gauss-Hermite quadrature. Biometrika 1994;81:624-629.
    Louis TA. Finding the observed information matrix when using the EM algorithm. Journal of the Royal
    Statistical Society B 1982;44:226-233.
    """

    def __init__(self, left: Shares, right: Shares) -> None:
        self.worth = np.stack([left.worth, right.worth])
        self.good = np.stack([left.share, right.share]) * self.worth
        self.offset = np.stack([left.offset, right.offset])
        self._mode = np.zeros_like(self.worth)  # of the last point, where the next search begins
        self._last: tuple[Floats, Floats] | None = None

    def point(self, at: npt.ArrayLike) -> Fit:
        """The loss, its slope and its curvature at a point of the parameters."""
        place = np.asarray(at, dtype=float)
        means, deviations, rho = place[:2], np.exp(place[2:4] / 2), math.tanh(place[4])
        mode, (h11, h12, h22) = self._most_likely(means, deviations, rho)
        loss, mean, spread = 0.0, np.zeros(5), np.zeros((5, 5))
        for start in range(0, mode.shape[1], TOGETHER):
            part = slice(start, start + TOGETHER)
            bends = h11[part], h12, h22[part]
            log, of_mean, of_spread = self._summed(
                means, deviations, rho, part, mode[:, part], bends
            )
            loss, mean, spread = loss - log, mean + of_mean, spread + of_spread
        count = mode.shape[1]
        slope, by_powers, curvature = _normal(deviations, rho, mean, count)
        loss += count * (math.log(1 - rho * rho) / 2 + math.log(2 * math.pi))
        return Fit(place, loss, -slope, -(curvature + by_powers @ spread @ by_powers.T))

    def _summed(
        self,
        means: Floats,
        deviations: Floats,
        rho: float,
        part: slice,
        mode: Floats,
        bends: tuple[Floats, float, Floats],
    ) -> tuple[float, Floats, Floats]:
        """Of some providers: the log likelihood, and the sums of means and covariances of the powers (first,
        second, first squared, product, second squared) of their standings."""
        h11, h12, h22 = bends
        # a root of the inverse curvature: nodes along the first standing, then across it
        across = 1 / np.sqrt(h22)
        along = np.sqrt(h22 / (h11 * h22 - h12 * h12))
        first = mode[0] + along * _FIRST
        second = mode[1] - h12 / h22 * along * _FIRST + across * _SECOND
        powers = np.stack([first, second, first * first, first * second, second * second])
        whole = powers[2] - 2 * rho * powers[3] + powers[4]
        logs = _WEIGHTS - whole / (2 - 2 * rho * rho)
        # the first standing is the same along every row of nodes
        for source, standing in enumerate((first[::NODES], second)):
            theta = means[source] + self.offset[source, part] + deviations[source] * standing
            log = self.good[source, part] * theta - self.worth[source, part] * np.log1p(
                np.exp(theta)
            )
            logs += log if source else np.repeat(log, NODES, axis=0)
        top = logs.max(axis=0)
        heights = np.exp(logs - top)
        total = heights.sum(axis=0)
        heights /= total
        mean = (powers * heights).sum(axis=1)
        flat = powers.reshape(5, -1)
        spread = (flat * heights.ravel()) @ flat.T - mean @ mean.T
        return float((np.log(total * along * across) + top).sum()), mean.sum(axis=1), spread

    def _most_likely(
        self, means: Floats, deviations: Floats, rho: float
    ) -> tuple[Floats, tuple[Floats, float, Floats]]:
        """Each provider's most likely standings, and the curvature there, by Newton's method."""
        rest = 1 - rho * rho
        if self._last is not None:  # the same true values, seen from other parameters
            before, wide = self._last
            self._mode = (before[:, None] + wide[:, None] * self._mode - means[:, None]) / (
                deviations[:, None]
            )
        u = self._mode
        for _ in range(_MODE_STEPS):
            chance = special.expit(means[:, None] + self.offset + deviations[:, None] * u)
            pull = deviations[:, None] * (self.good - self.worth * chance)
            bend = (deviations**2)[:, None] * self.worth * chance * (1 - chance)
            h11, h12, h22 = bend[0] + 1 / rest, -rho / rest, bend[1] + 1 / rest
            slope = pull[0] - (u[0] - rho * u[1]) / rest, pull[1] - (u[1] - rho * u[0]) / rest
            determinant = h11 * h22 - h12 * h12
            step = np.stack(
                [
                    (h22 * slope[0] - h12 * slope[1]) / determinant,
                    (h11 * slope[1] - h12 * slope[0]) / determinant,
                ]
            )
            furthest = float(np.abs(step).max())
            if furthest < _MODE_CLOSE:
                break
            u = u + np.clip(step, -1.0, 1.0)
        self._mode, self._last = u, (means, deviations)
        return u, (h11, h12, h22)

    def fit(self, start: npt.ArrayLike, free: int = 5) -> Fit:
        """The best point downhill of a start, of the first `free` parameters, by Newton's method."""
        point = self.point(start)
        for _ in range(MOST_STEPS):
            step = np.zeros(5)
            values, vectors = np.linalg.eigh(point.information[:free, :free])
            bent = np.maximum(np.abs(values), 1e-6 * np.abs(values).max())
            slope = vectors.T @ point.gradient[:free]
            if float(slope @ (slope / bent)) < CLOSE:
                break
            step[:free] = -vectors @ (slope / bent)
            step /= max(1.0, float(np.abs(step).max()))
            tried = self.point(_within(point.at + step))
            while tried.loss >= point.loss and np.abs(step).max() > 1e-6:
                step /= 2
                tried = self.point(_within(point.at + step))
            if tried.loss >= point.loss:
                break
            point = tried
        return point


def _within(at: Floats) -> Floats:
    at[2:4] = np.maximum(at[2:4], _LOWEST)
    at[4] = min(_FURTHEST, max(-_FURTHEST, at[4]))
    return at


def _normal(
    deviations: Floats, rho: float, powers: Floats, count: int
) -> tuple[Floats, Floats, Floats]:
    """Of the logarithm of the normal's density, summed over providers: its slope by the parameters, what of
    it each power (first, second, first squared, product, second squared) brings, and its curvature.
    """
    t1, t2 = deviations
    rest = 1 - rho * rho
    a, b = 1 / (rest * t1), 1 / (rest * t2)
    by_powers = np.array(
        [
            [a, -rho * a, 0.0, 0.0, 0.0],
            [-rho * b, b, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.5 / rest, -0.5 * rho / rest, 0.0],
            [0.0, 0.0, 0.0, -0.5 * rho / rest, 0.5 / rest],
            [0.0, 0.0, -rho / rest, 1 + 2 * rho * rho / rest, -rho / rest],
        ]
    )
    slope = by_powers @ powers + count * np.array([0.0, 0.0, -0.5, -0.5, rho])
    u1, u2, s11, s12, s22 = powers
    q1, q2 = u1 - rho * u2, u2 - rho * u1
    whole = (s11 - 2 * rho * s12 + s22) / rest
    curvature = np.zeros((5, 5))
    curvature[0, 0], curvature[1, 1] = -count * a / t1, -count * b / t2
    curvature[0, 1] = count * rho * a / t2
    curvature[0, 2], curvature[1, 3] = -(u1 + q1) * a / 2, -(u2 + q2) * b / 2
    curvature[0, 3], curvature[1, 2] = rho * u2 * a / 2, rho * u1 * b / 2
    curvature[0, 4] = (2 * rho * q1 / rest - u2) / t1
    curvature[1, 4] = (2 * rho * q2 / rest - u1) / t2
    curvature[2, 2] = (rho * s12 / 2 - s11) / (2 * rest)
    curvature[3, 3] = (rho * s12 / 2 - s22) / (2 * rest)
    curvature[2, 3] = rho * s12 / (4 * rest)
    curvature[2, 4] = (2 * rho * (s11 - rho * s12) / rest - s12) / 2
    curvature[3, 4] = (2 * rho * (s22 - rho * s12) / rest - s12) / 2
    curvature[4, 4] = count * rest + 2 * rho * s12 - (1 + rho * rho) * whole
    return slope, by_powers, curvature + np.triu(curvature, 1).T
