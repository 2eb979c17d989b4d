"""The funnel the NHS draws: arcsine scale, limits widened for over-dispersion. For charts only.

Every p-value, verdict and spread comes from `spread`, whose limits hold what they promise; these
are a little narrow, because winsorised scores are taken as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pxcore.errors import TooFewPairs
from pxcore.stats.intervals import Z_95, Floats
from pxcore.stats.spread import FEWEST_PEERS, STRONG, TRIM


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """Control limits, proportions, at given numbers of answers."""

    respondents: Floats
    low_95: Floats
    high_95: Floats
    low_998: Floats
    high_998: Floats


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel of proportions, with its limits at each provider's own number of answers."""

    target: float  # the centre line: everybody positive over everybody who answered, 0-1
    dispersion: float  # phi: the mean square of the winsorised z-scores; about 1 without excess
    between: float  # variance between providers on the arcsine scale; 0: limits of chance alone
    z: Floats  # against chance alone
    z_adjusted: Floats  # against chance and the usual spread
    limits: FunnelLimits


def funnel(positive: npt.ArrayLike, respondents: npt.ArrayLike, *, trim: float = TRIM) -> Funnel:
    """Which providers stand outside what chance and the usual spread would give, as the NHS draws it?

    Parameters
    ----------
    positive, respondents : arrays of counts, one per provider; at least 10 providers, none missing,
        each with at least one answer. Positive counts need not be whole.
    trim : share of z-scores winsorised at each end.

    Returns
    -------
    Funnel. Values are put on the scale asin √p, where chance has the variance 1 / (4 n); the excess
    over chance of the winsorised z-scores becomes a variance between providers, which widens the
    limits.

    Notes
    -----
    For charts only. The winsorised z-scores are not corrected for their winsorising, as is the
    custom: limits meant for 1 in 20 leave up to 1 in 8 ordinary providers outside. Near 100 % the
    scale is skewed besides.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
    2005;24:1185-1202.
    Spiegelhalter DJ. Handling over-dispersion of performance indicators. Quality and Safety in
    Health Care 2005;14:347-351.
    DerSimonian R, Laird N. Meta-analysis in clinical trials. Controlled Clinical Trials
    1986;7:177-188.

    Checked against FunnelPlotR (data type PR), and the step from phi to the variance against
    metafor (DL).
    """
    x, n = np.asarray(positive, dtype=float), np.asarray(respondents, dtype=float)
    if x.shape != n.shape or x.ndim != 1:
        raise ValueError(f"positive {x.shape} and respondents {n.shape} must be of equal length")
    if not ((n > 0) & (x >= 0) & (x <= n)).all():
        raise ValueError("every provider needs answers, and no more positive ones than answers")
    if len(n) < FEWEST_PEERS:
        raise TooFewPairs(
            f"{len(n)} providers are too few to draw limits for; it takes {FEWEST_PEERS}."
        )
    target = float(x.sum() / n.sum())
    variance = 1 / (4 * n)
    distance = np.arcsin(np.sqrt(x / n)) - _angle(target)
    z = distance / np.sqrt(variance)
    low, high = np.quantile(z, [trim, 1 - trim])
    dispersion = float((np.clip(z, low, high) ** 2).mean())
    between = between_variance(dispersion, variance)
    return Funnel(
        target=target,
        dispersion=dispersion,
        between=between,
        z=z,
        z_adjusted=distance / np.sqrt(variance + between),
        limits=funnel_limits(target, between, n),
    )


def between_variance(dispersion: float, variance: npt.ArrayLike) -> float:
    """The variance between providers that the mean square of their z-scores speaks of, in one step.

    Parameters
    ----------
    dispersion : mean square of the z-scores, winsorised or not.
    variance : array of sampling variances.

    References
    ----------
    DerSimonian R, Laird N. Meta-analysis in clinical trials. Controlled Clinical Trials
    1986;7:177-188.
    """
    weight = 1 / np.asarray(variance, dtype=float)
    excess = len(weight) * dispersion - (len(weight) - 1)
    return max(0.0, float(excess / (weight.sum() - (weight**2).sum() / weight.sum())))


def funnel_limits(target: float, between: float, respondents: npt.ArrayLike) -> FunnelLimits:
    """The control limits at any numbers of answers: for the lines of a funnel.

    Parameters
    ----------
    target, between : of a `Funnel`.
    respondents : array of numbers of answers, above 0.

    Returns
    -------
    FunnelLimits at 1.96 and 3.09 standard deviations, kept between 0 and 1.

    References
    ----------
    Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
    2005;24:1185-1202.
    """
    n = np.asarray(respondents, dtype=float)
    reach = np.sqrt(1 / (4 * n) + between)

    def at(deviations: float) -> Floats:
        # past a right angle the sine comes down again: limits end at 0 and 1
        angle = np.clip(_angle(target) + deviations * reach, 0, np.pi / 2)
        return np.asarray(np.sin(angle) ** 2)

    return FunnelLimits(n, at(-Z_95), at(Z_95), at(-STRONG), at(STRONG))


def _angle(proportion: float) -> float:
    return float(np.arcsin(np.sqrt(proportion)))
