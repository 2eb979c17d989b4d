"""The true spread of providers in one source, and where each stands in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from pxcore.errors import TooFewPairs
from pxcore.stats.intervals import Floats
from pxcore.stats.scale import Scaled

FEWEST_PEERS = 10  # under this nothing is said relative to peers
FEW_PEERS = 30  # under this with caution
TRIM = 0.1  # z-scores are winsorised at their own 10th and 90th percentiles
CLIP = 1.5  # the centre is a mean of values clipped to this many standard deviations
SPREAD_OF_SQUARES = (
    2.8  # variance of a squared winsorised z-score over its mean squared; unwinsorised 2
)
STRONG = 3.090232306167813  # the normal's 99.9th percentile


@dataclass(frozen=True, slots=True)
class Spread:
    """The centre of a source's providers and how much they truly differ, noise removed."""

    centre: float
    centre_variance: float
    variance: float  # between providers, noise removed; 0: the source cannot tell them apart
    providers: int
    mean_reliability: float  # mean share of a provider's variance that is true difference
    median_reliability: float
    variance_error: float = 0.0  # standard error of the variance

    @property
    def deviation(self) -> float:
        """The true standard deviation between providers: one peer SD."""
        return float(np.sqrt(self.variance))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where each provider stands among its peers, in true standard deviations of the source."""

    value: Floats  # distance from the centre, in peer SDs; NaN where the source tells none apart
    variance: Floats  # its sampling variance, in squared peer SDs
    z: Floats  # distance over its whole standard deviation, true spread and noise


def winsorising_constant(trim: float = TRIM) -> float:
    """The variance left when normal scores are winsorised at a share of each end; 0.67865 at 0.1."""
    if trim == 0:
        return 1.0
    q = stats.norm.ppf(1 - trim)
    return float((1 - 2 * trim) - 2 * q * stats.norm.pdf(q) + 2 * trim * q * q)


def peer_spread(value: npt.ArrayLike, variance: npt.ArrayLike, *, trim: float = TRIM) -> Spread:
    """How much do providers truly differ in this source, once chance is taken away?

    Parameters
    ----------
    value, variance : arrays of equal length, one per provider of the peer group, on the test scale
        (logit for percentages); at least 10, none missing.
    trim : share of z-scores winsorised at each end; 0 gives the Paule-Mandel estimate.

    Returns
    -------
    Spread. Its variance solves: sum of squared winsorised z-scores, over the winsorising constant,
    equals the number of providers less one. The centre is a weighted mean of values clipped to
    1.5 standard deviations, so that a few far ones cannot move it.

    Notes
    -----
    Without the constant the spread comes out too small and limits meant for 1 in 20 flag 1 in 9.
    A variance of 0 means the source shows no difference between providers beyond chance: it can
    neither support nor contradict another.

    References
    ----------
    Paule RC, Mandel J. Consensus values and weighting factors. Journal of Research of the National
    Bureau of Standards 1982;87:377-385.
    Spiegelhalter DJ. Handling over-dispersion of performance indicators. Quality and Safety in
    Health Care 2005;14:347-351 (winsorised z-scores).

    Checked (trim = 0) against metafor and statsmodels.
    """
    y, v = np.asarray(value, dtype=float), np.asarray(variance, dtype=float)
    if y.shape != v.shape or y.ndim != 1:
        raise ValueError(f"value {y.shape} and variance {v.shape} must be arrays of equal length")
    if np.isnan(y).any() or not (v > 0).all():
        raise ValueError("values must not be missing and variances must be above 0")
    count = len(y)
    if count < FEWEST_PEERS:
        raise TooFewPairs(
            f"{count} providers are too few to say where one stands among its peers; it takes "
            f"{FEWEST_PEERS}."
        )
    constant = winsorising_constant(trim)

    def surplus(between: float) -> float:
        z = (y - _centre(y, v, between, trim)) / np.sqrt(v + between)
        low, high = np.quantile(z, [trim, 1 - trim])
        return float((np.clip(z, low, high) ** 2).sum() / constant - (count - 1))

    most = 10 * float(y.var())
    between = 0.0
    if most > 0 and surplus(0.0) > 0:
        between = float(optimize.brentq(surplus, 0.0, most, xtol=most * 1e-10))
    weight = 1 / (v + between)
    reliability = between / (between + v)
    return Spread(
        centre=_centre(y, v, between, trim),
        centre_variance=float(1 / weight.sum()),
        variance=between,
        providers=count,
        mean_reliability=float(reliability.mean()),
        median_reliability=float(np.median(reliability)),
        variance_error=float(np.sqrt(SPREAD_OF_SQUARES * count) / weight.sum()),
    )


def _centre(y: Floats, v: Floats, between: float, trim: float) -> float:
    weight = 1 / (v + between)
    reach = CLIP * np.sqrt(v + between)
    if trim == 0:
        return float((weight * y).sum() / weight.sum())
    centre = float(np.median(y))
    for _ in range(50):
        clipped = np.clip(y, centre - reach, centre + reach)
        moved = float((weight * clipped).sum() / weight.sum())
        if abs(moved - centre) <= 1e-12 * (1 + abs(centre)):
            return moved
        centre = moved
    return centre


def standing(value: npt.ArrayLike, variance: npt.ArrayLike, spread: Spread) -> Standing:
    """How far is each provider from its peers' centre, in true standard deviations?

    Parameters
    ----------
    value, variance : arrays on the test scale; NaN where a provider has no figure.
    spread : of the peer group.

    Returns
    -------
    Standing. Where the spread is 0 the distances are NaN: the source tells nobody apart.

    Notes
    -----
    Divided by the true spread, noise removed: by the observed one, sources with few answers would
    seem to agree less for that alone. Beyond 1.96 in z lies 1 in 20 ordinary providers.
    """
    y, v = np.asarray(value, dtype=float), np.asarray(variance, dtype=float)
    whole = np.sqrt(v + spread.variance)
    z = (y - spread.centre) / whole
    if spread.variance == 0:
        nothing = np.full(y.shape, np.nan)
        return Standing(nothing, nothing.copy(), z)
    return Standing((y - spread.centre) / spread.deviation, v / spread.variance, z)


def shrink(value: npt.ArrayLike, variance: npt.ArrayLike, spread: Spread) -> Scaled:
    """The best guess of each provider's true place: few answers are drawn towards the centre.

    Parameters
    ----------
    value, variance : arrays on the test scale.
    spread : of the peer group.

    Returns
    -------
    Scaled: the shrunken value and its posterior variance, the centre's own uncertainty included.

    Notes
    -----
    For maps and ranks; never put into a correlation, which it would change.

    References
    ----------
    Efron B, Morris C. Data analysis using Stein's estimator and its generalizations. Journal of the
    American Statistical Association 1975;70:311-319.
    """
    y, v = np.asarray(value, dtype=float), np.asarray(variance, dtype=float)
    keep = spread.variance / (spread.variance + v)
    variance_after = keep * v + (1 - keep) ** 2 * spread.centre_variance
    return Scaled(spread.centre + keep * (y - spread.centre), variance_after)


def expected_next(
    value: npt.ArrayLike,
    variance: npt.ArrayLike,
    spread: Spread,
    later_centre: npt.ArrayLike,
    later_variance: npt.ArrayLike,
) -> Scaled:
    """Where is each provider's next figure expected, if nothing is done about any of them?

    Parameters
    ----------
    value, variance : arrays on the test scale: the figures now.
    spread : of the peer group now.
    later_centre : where the peers' centre is next.
    later_variance : sampling variance of the next figure.

    Returns
    -------
    Scaled: the expected next figure, and the variance of that figure around it.

    Notes
    -----
    A provider picked because its figure was extreme owes part of that to chance, and its next figure is
    expected nearer the centre whatever is done. True standings are taken to stay as they are; where they
    wander by themselves, figures lie further from what is expected than said.

    References
    ----------
    Galton F. Regression towards mediocrity in hereditary stature. Journal of the Anthropological
    Institute 1886;15:246-263.
    Barnett AG, van der Pols JC, Dobson AJ. Regression to the mean: what it is and how to deal with it.
    International Journal of Epidemiology 2005;34:215-220.
    Efron B, Morris C. Stein's paradox in statistics. Scientific American 1977;236:119-127.
    """
    standing_now = shrink(value, variance, spread)
    shift = np.asarray(later_centre, dtype=float) - spread.centre
    return Scaled(
        standing_now.value + shift,
        standing_now.variance + np.asarray(later_variance, dtype=float),
    )
