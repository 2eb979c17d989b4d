"""Three or more sources at once: do they rank providers alike, and stand at the same level?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from pxcore.errors import TooFewPairs
from pxcore.stats.correlation import MINIMUM_PAIRS, PERMUTATIONS
from pxcore.stats.intervals import Floats
from pxcore.stats.level import checked_table

FEWEST_FOR_CHI_SQUARE = 8  # providers; under this p comes from permutations
_AT_ONCE = 2_000_000  # numbers a simulation holds in memory at a time


@dataclass(frozen=True, slots=True)
class KendallW:
    """How alike several sources rank the same providers: 0 not at all, 1 in the same order."""

    estimate: float
    chi_square: float
    degrees: int
    p_value: float
    by_permutation: bool  # p from permutations, for fewer than 8 providers
    mean_spearman: float  # over all pairs of sources
    providers: int
    sources: int


def kendall_w(
    values: npt.ArrayLike,
    *,
    seed: int,
    resamples: int = PERMUTATIONS,
    fewest: int = MINIMUM_PAIRS,
) -> KendallW:
    """How alike do three or more sources rank the same providers?

    Parameters
    ----------
    values : array (providers, sources), none missing; two or more sources, any units: only the order
        inside each source counts.
    seed : of the permutations, made for fewer than 8 providers.
    resamples : how many permutations.
    fewest : providers it takes; fewer than 10 only to check against textbooks.

    Returns
    -------
    KendallW, corrected for ties, with chi-square = k (n - 1) W on n - 1 degrees of freedom, and the
    mean Spearman coefficient over pairs of sources.

    Notes
    -----
    With k sources that have nothing to do with each other W is about 1 / k, not 0: the mean
    Spearman, (k W - 1) / (k - 1) where there are no ties, is easier to read. A raw figure, drawn
    down by few answers. It says nothing of level.

    References
    ----------
    Kendall MG, Babington Smith B. The problem of m rankings. Annals of Mathematical Statistics
    1939;10:275-287.
    Siegel S, Castellan NJ. Nonparametric Statistics for the Behavioral Sciences, 2nd ed.
    McGraw-Hill, 1988, section 9.6.
    Legendre P. Species associations: the Kendall coefficient of concordance revisited. Journal of
    Agricultural, Biological, and Environmental Statistics 2005;10:226-245.

    Checked against Kendall's three tied rankings (Siegel 1956: 0.828), kendall.global of vegan
    2.6-4 in R, and scipy.stats.friedmanchisquare with providers as treatments.
    """
    table = checked_table(values, fewest=fewest)
    n, k = table.shape
    ranks = np.asarray(stats.rankdata(table, axis=0), dtype=float) - (n + 1) / 2
    squares = (ranks**2).sum(axis=0)
    if (squares == 0).any():
        raise TooFewPairs("One source gives every provider the same value: there is no order.")
    most = k * float(squares.sum())
    w = float((ranks.sum(axis=1) ** 2).sum()) / most
    chi_square = k * (n - 1) * w
    few = n < FEWEST_FOR_CHI_SQUARE
    p_value = float(stats.chi2.sf(chi_square, n - 1))
    if few:
        p_value = _permuted(ranks, w * most, seed, resamples)
    pairwise = (ranks.T @ ranks) / np.sqrt(np.outer(squares, squares))
    mean = (float(pairwise.sum()) - k) / (k * (k - 1))
    return KendallW(w, chi_square, n - 1, p_value, few, max(-1.0, min(1.0, mean)), n, k)


def _permuted(ranks: Floats, observed: float, seed: int, resamples: int) -> float:
    """The share of random orders of every source whose rank sums spread as much."""
    random = np.random.default_rng(seed)
    n, k = ranks.shape
    beyond, left_over = 0, resamples
    while left_over:
        rows = min(left_over, max(1, _AT_ONCE // (n * k)))
        drawn = random.permuted(np.broadcast_to(ranks, (rows, n, k)), axis=1)
        spread = (drawn.sum(axis=2) ** 2).sum(axis=1)
        beyond += int((spread >= observed * (1 - 1e-9)).sum())
        left_over -= rows
    return (beyond + 1) / (resamples + 1)
