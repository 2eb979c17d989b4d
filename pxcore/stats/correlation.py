"""How alike two sources order the same providers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pxcore.errors import TooFewPairs
from pxcore.stats.intervals import Z_95, Interval

MINIMUM_PAIRS = 10  # fewer: show the points, print no coefficient


@dataclass(frozen=True, slots=True)
class Correlation:
    """A coefficient with its interval and the number of pairs it rests on."""

    label: str
    estimate: float
    interval: Interval | None  # None where the method has none (a perfect correlation)
    pairs: int


def average_ranks(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Ranks from 1, ties sharing their average rank."""
    array = np.asarray(values, dtype=float)
    _, inverse, counts = np.unique(array, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse], dtype=float)


def spearman(left: npt.ArrayLike, right: npt.ArrayLike) -> Correlation:
    """How alike do two sources rank the same providers, as published?

    Parameters
    ----------
    left, right : arrays of equal length, one value per provider, higher better; at least 10 pairs.
        Any unit: only the order counts. Ties share their average rank.

    Returns
    -------
    Correlation with the 95 % Bonett-Wright interval; None as interval where |rho| is 1.

    Notes
    -----
    A raw figure: with few answers per provider even two perfect mirrors of the truth would show
    well under 1. Not a measure of equal level.

    References
    ----------
    Spearman C. The proof and measurement of association between two things. American Journal of
    Psychology 1904;15:72-101.
    Bonett DG, Wright TA. Sample size requirements for estimating Pearson, Kendall and Spearman
    correlations. Psychometrika 2000;65:23-28 (variance of the Fisher transform, 1 + rho²/2).

    Checked against scipy.stats.spearmanr.
    """
    x, y = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"left {x.shape} and right {y.shape} must be arrays of equal length")
    if np.isnan(x).any() or np.isnan(y).any():
        raise ValueError("left and right must hold no missing values")
    if len(x) < MINIMUM_PAIRS:
        raise TooFewPairs(
            f"{len(x)} pairs are too few to print a correlation; it takes {MINIMUM_PAIRS}."
        )
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise TooFewPairs("One source gives every provider the same value: there is no order.")
    rho = float(np.corrcoef(average_ranks(x), average_ranks(y))[0, 1])
    rho = max(-1.0, min(1.0, rho))
    return Correlation("Spearman", rho, bonett_wright(rho, len(x)), len(x))


def bonett_wright(rho: float, pairs: int) -> Interval | None:
    """The 95 % interval of a Spearman correlation; None where |rho| is 1 or there are 3 pairs."""
    if pairs <= 3 or abs(rho) >= 1 - 1e-12:
        return None
    half = Z_95 * math.sqrt((1 + rho * rho / 2) / (pairs - 3))
    centre = math.atanh(rho)
    return Interval(math.tanh(centre - half), math.tanh(centre + half))
