"""How far ranks are known: the ranks each provider may truly have, and in which quarter it may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pxcore.errors import TooFewPairs
from pxcore.stats.intervals import Floats

FEWEST_RANKED = 10
DRAWS = 10_000
LEVEL = 0.95
AT_ONCE = 500  # draws ranked together: bounds the memory of thousands of providers


@dataclass(frozen=True, slots=True)
class RankRanges:
    """For each provider, in the order given."""

    low: Floats  # the best rank it may have; 1 is the highest value
    high: Floats  # the worst
    quarters: Floats  # providers x 4: the probability of each quarter of the order, the best first
    draws: int
    seed: int


def rank_ranges(
    standing: npt.ArrayLike, variance: npt.ArrayLike, *, seed: int, draws: int = DRAWS
) -> RankRanges:
    """Which ranks may providers truly have, of which each is known with an error?

    Parameters
    ----------
    standing : array, one per provider: how far it stands from the average of its peers, in typical
        differences between them (their true standard deviation). Higher is better. At least 10, none missing.
    variance : array of the same length: the square of each one's standard error, in the same unit, above 0.
    seed : of the random draws.
    draws : how many orders are drawn.

    Returns
    -------
    RankRanges. Each draw takes for every provider a true standing, normal round its standing drawn towards
    the average by as much as it is noise, and orders them; 95 % of a provider's ranks lie in its range.
    Providers of the first quarter are the first n / 4 of the order, rounded up at each border.

    Notes
    -----
    Not to be read as a test of two providers: their ranges may overlap although they differ. Where
    providers hardly differ, every range is nearly the whole table: that is the finding, not a fault.

    References
    ----------
    Goldstein H, Spiegelhalter DJ. League tables and their limitations: statistical issues in comparisons of
    institutional performance. JRSS A 1996;159:385-443.
    Marshall EC, Spiegelhalter DJ. Reliability of league tables of in vitro fertilisation clinics:
    retrospective analysis of live birth rates. BMJ 1998;316:1701-1705.
    Checked against a simulation written out provider by provider, and against the normal distribution for the
    order of two (tests/stats/test_ranks.py).
    """
    y, v = np.asarray(standing, dtype=float), np.asarray(variance, dtype=float)
    if len(y) < FEWEST_RANKED:
        raise TooFewPairs(
            f"There are {len(y)} organisations to put in order; it takes {FEWEST_RANKED}.",
            fix="Load more of them.",
        )
    if y.shape != v.shape or not (np.isfinite(y).all() and np.isfinite(v).all() and (v > 0).all()):
        raise ValueError("standing and variance must be finite, as many, and variances above 0")
    weight = 1 / (1 + v)  # of what is heard, against peers that truly spread by 1
    random = np.random.default_rng(seed)
    count = len(y)
    ranks = np.empty((draws, count), dtype=np.int32)
    for start in range(0, draws, AT_ONCE):
        several = min(AT_ONCE, draws - start)
        true = weight * y + np.sqrt(weight * v) * random.standard_normal((several, count))
        order = np.argsort(-true, axis=1)
        np.put_along_axis(
            ranks[start : start + several], order, np.arange(1, count + 1, dtype=np.int32)[None], 1
        )
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(ranks, [tail, 100 - tail], axis=0, method="nearest")
    which = quarter_of(ranks, count)
    quarters = np.stack([(which == quarter).mean(axis=0) for quarter in range(4)], axis=1)
    return RankRanges(low.astype(float), high.astype(float), quarters, draws, seed)


def quarter_of(rank: npt.ArrayLike, count: int) -> npt.NDArray[np.int_]:
    """The quarter, 0 (best) to 3, that ranks from 1 lie in among so many."""
    quarter: npt.NDArray[np.int_] = np.minimum((np.asarray(rank) - 1) * 4 // count, 3).astype(int)
    return quarter
