"""How alike two sources order the same providers, and how sure that is."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pxcore.errors import TooFewPairs
from pxcore.stats.intervals import Z_95, Floats, Interval

# scipy.stats is imported where it is used: it takes longer to import than the first page to draw,
# and that page needs none of it.

MINIMUM_PAIRS = 10  # fewer: show the points, print no coefficient
FIELLER = 0.437  # variance of atanh(tau) times n - 4
FIELLER_VALID = 0.8  # beyond this |tau| that variance no longer holds
RESAMPLES = 2000  # bootstrap samples
PERMUTATIONS = 9999  # so that the smallest p is 1 in 10,000
_AT_ONCE = 2_000_000  # numbers a simulation holds in memory at a time


@dataclass(frozen=True, slots=True)
class Correlation:
    """A coefficient with its interval and the number of pairs it rests on."""

    label: str
    estimate: float
    interval: Interval | None  # None where the method has none (a perfect correlation)
    pairs: int


@dataclass(frozen=True, slots=True)
class Resampled:
    """A figure with the interval its own providers give when drawn again and again."""

    estimate: float
    interval: Interval | None  # None where hardly any draw gives a figure
    method: str  # "BCa", or "percentile" where BCa does not exist
    resamples: int
    seed: int


def average_ranks(values: npt.ArrayLike) -> Floats:
    """Ranks from 1, ties sharing their average rank."""
    array = np.asarray(values, dtype=float)
    _, inverse, counts = np.unique(array, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse], dtype=float)


def checked_pairs(
    left: npt.ArrayLike, right: npt.ArrayLike, what: str = "a correlation"
) -> tuple[Floats, Floats]:
    """Two arrays of equal length as floats; raises where they are no pairs, or fewer than ten."""
    x, y = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"left {x.shape} and right {y.shape} must be arrays of equal length")
    if np.isnan(x).any() or np.isnan(y).any():
        raise ValueError("left and right must hold no missing values")
    if len(x) < MINIMUM_PAIRS:
        raise TooFewPairs(f"{len(x)} pairs are too few to print {what}; it takes {MINIMUM_PAIRS}.")
    return x, y


def _ordered_pairs(left: npt.ArrayLike, right: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Pairs of two sources that each tell providers apart."""
    x, y = checked_pairs(left, right)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise TooFewPairs("One source gives every provider the same value: there is no order.")
    return x, y


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
    x, y = _ordered_pairs(left, right)
    rho = _product_moment(average_ranks(x), average_ranks(y))
    return Correlation("Spearman", rho, bonett_wright(rho, len(x)), len(x))


def bonett_wright(rho: float, pairs: int) -> Interval | None:
    """The 95 % interval of a Spearman correlation; None where |rho| is 1 or there are 3 pairs."""
    if pairs <= 3:
        return None
    return _fisher(rho, (1 + rho * rho / 2) / (pairs - 3))


def pearson(left: npt.ArrayLike, right: npt.ArrayLike) -> Correlation:
    """How closely do the values of two sources follow a straight line?

    Parameters
    ----------
    left, right : arrays of equal length, one value per provider on the test scale (logit for
        percentages, the score itself for scores); at least 10 pairs.

    Returns
    -------
    Correlation with the 95 % interval of Fisher's transform; None as interval where |r| is 1.

    Notes
    -----
    A few far providers can make it or break it: read it beside Spearman's. Like every raw figure it
    is drawn towards 0 by few answers. Not a measure of equal level.

    References
    ----------
    Fisher RA. On the “probable error” of a coefficient of correlation deduced from a small sample.
    Metron 1921;1:3-32.

    Checked against cor.test in R 4.2.2 and scipy.stats.pearsonr.
    """
    x, y = _ordered_pairs(left, right)
    r = _product_moment(x, y)
    return Correlation("Pearson", r, _fisher(r, 1 / (len(x) - 3)), len(x))


def kendall(left: npt.ArrayLike, right: npt.ArrayLike, *, seed: int | None = None) -> Correlation:
    """Of two providers taken at random, how much likelier do the sources agree on which is better?

    Parameters
    ----------
    left, right : arrays of equal length, one value per provider, as published; at least 10 pairs.
        Any unit: only the order counts.
    seed : of the bootstrap used where |tau| is 0.8 or more; None for no interval there.

    Returns
    -------
    Correlation: tau-b, corrected for ties, with Fieller's 95 % interval, or the bootstrap's.

    Notes
    -----
    Smaller than Spearman's on the same figures: about two thirds of it. The two are not to be
    compared with each other.

    References
    ----------
    Kendall MG. The treatment of ties in ranking problems. Biometrika 1945;33:239-251.
    Fieller EC, Hartley HO, Pearson ES. Tests for rank correlation coefficients I. Biometrika
    1957;44:470-481 (variance of the Fisher transform, 0.437 / (n - 4), for |tau| under 0.8).

    Checked against cor.test in R 4.2.2; the interval's coverage by simulation.
    """
    from scipy import stats

    x, y = _ordered_pairs(left, right)

    def tau_b(x: Floats, y: Floats) -> float:
        return float(stats.kendalltau(x, y, variant="b").statistic)

    tau = max(-1.0, min(1.0, tau_b(x, y)))
    interval = fieller(tau, len(x))
    if interval is None and seed is not None and abs(tau) < 1:
        interval = bootstrap(tau_b, x, y, seed=seed).interval
    return Correlation("Kendall", tau, interval, len(x))


def fieller(tau: float, pairs: int) -> Interval | None:
    """The 95 % interval of Kendall's tau; None where |tau| is 0.8 or more, or there are 4 pairs."""
    if pairs <= 4 or abs(tau) >= FIELLER_VALID:
        return None
    return _fisher(tau, FIELLER / (pairs - 4))


def concordance(rho: float) -> float:
    """How often the one of two organisations that stands higher by one normal score does so by another.

    Parameters
    ----------
    rho : Pearson correlation of the two scores, −1 to 1.

    Returns
    -------
    Probability that two pairs drawn at random lie the same way round: ½ of scores that have nothing to
    do with each other, 1 of the same order.

    References
    ----------
    Kruskal WH. Ordinal measures of association. Journal of the American Statistical Association
    1958;53:814-861 (section 5: of two normal variates it is ½ + arcsin(rho) / π).
    """
    return 0.5 + float(np.arcsin(rho)) / math.pi


def _product_moment(x: Floats, y: Floats) -> float:
    return max(-1.0, min(1.0, float(np.corrcoef(x, y)[0, 1])))


def _fisher(r: float, variance: float) -> Interval | None:
    """The 95 % interval by Fisher's transform; None where |r| is 1."""
    if abs(r) >= 1 - 1e-12:
        return None
    half, centre = Z_95 * math.sqrt(variance), math.atanh(r)
    return Interval(math.tanh(centre - half), math.tanh(centre + half))


# --- Which of two agrees better ---


# --- By drawing lots: permutations and the bootstrap ---


def permutation_p(
    left: npt.ArrayLike,
    right: npt.ArrayLike,
    groups: npt.ArrayLike | None = None,
    *,
    seed: int,
    resamples: int = PERMUTATIONS,
) -> float:
    """How often would chance alone give a rank correlation as far from what it expects?

    Parameters
    ----------
    left, right : arrays of equal length, one value per provider, as published; at least 10 pairs.
    groups : array naming each provider's peer group; values change places only inside a group. None
        for a single group.
    seed : of the random draws.
    resamples : how many; with 9,999 the smallest p is 0.0001.

    Returns
    -------
    Two-sided p of Spearman's coefficient, (b + 1) / (B + 1).

    Notes
    -----
    Says only that there is some agreement, not how much. With groups the coefficient expected by
    chance is not 0 where groups differ in level: distances are measured from that expectation.

    References
    ----------
    Phipson B, Smyth GK. Permutation p-values should never be zero. Statistical Applications in
    Genetics and Molecular Biology 2010;9:39.
    Good P. Permutation, Parametric and Bootstrap Tests of Hypotheses, 3rd ed. Springer, 2005.

    Checked against every permutation, one by one, scipy.stats.permutation_test, and cor.test in R
    4.2.2.
    """
    x, y = _ordered_pairs(left, right)
    count = len(x)
    if groups is None:
        group = np.zeros(count, dtype=np.int64)
    else:
        names = np.asarray(groups)
        if names.shape != x.shape:
            raise ValueError(f"groups {names.shape} must name each of {count} providers")
        group = np.unique(names, return_inverse=True)[1]
    order = np.argsort(group, kind="stable")
    group = group[order]
    left_ranks = average_ranks(x)[order] - (count + 1) / 2
    right_ranks = average_ranks(y)[order] - (count + 1) / 2
    size = np.bincount(group)
    expected = float(
        (np.bincount(group, left_ranks) * np.bincount(group, right_ranks) / size).sum()
    )
    observed = abs(float(left_ranks @ right_ranks) - expected)
    close = 1e-9 * count**3  # products of ranks are exact to well below this
    random = np.random.default_rng(seed)
    beyond, left_over = 0, resamples
    while left_over:
        rows = min(left_over, max(1, _AT_ONCE // count))
        # sorting random keys shuffles; keys of different groups never overlap
        shuffled = right_ranks[np.argsort(random.random((rows, count)) + 2.0 * group, axis=1)]
        beyond += int((np.abs(shuffled @ left_ranks - expected) >= observed - close).sum())
        left_over -= rows
    return (beyond + 1) / (resamples + 1)


def bootstrap(
    statistic: Callable[..., float],
    *arrays: npt.ArrayLike,
    seed: int,
    resamples: int = RESAMPLES,
) -> Resampled:
    """Between what bounds would a figure lie, had other providers like these been drawn?

    Parameters
    ----------
    statistic : takes the arrays, gives one number; may raise TooFewPairs.
    arrays : one row per provider, all of equal length; at least 10 providers.
    seed : of the random draws.
    resamples : how many samples are drawn.

    Returns
    -------
    Resampled: the figure and its 95 % BCa interval, or the percentile interval where BCa does not
    exist.

    Notes
    -----
    Providers are drawn with all their values, never values on their own. With few providers, or a
    figure at the end of its range, the interval is too narrow. Draws without a figure are left out.

    References
    ----------
    Efron B. Better bootstrap confidence intervals. Journal of the American Statistical Association
    1987;82:171-185.

    Checked against boot 1.3 in R on the law school data of Efron and Tibshirani (1993).
    """
    from scipy import stats

    tables = [np.asarray(table) for table in arrays]
    if not tables or len({len(table) for table in tables}) != 1:
        raise ValueError("the arrays must have one row for each of the same providers")
    count = len(tables[0])
    if count < MINIMUM_PAIRS:
        raise TooFewPairs(
            f"{count} providers are too few to draw samples from; it takes {MINIMUM_PAIRS}."
        )

    def of(rows: npt.NDArray[np.integer[Any]]) -> float:
        try:
            return float(statistic(*(table[rows] for table in tables)))
        except TooFewPairs:
            return math.nan

    everyone = np.arange(count)
    estimate = float(statistic(*tables))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of samples without a figure; they are handled below
        resampled = stats.bootstrap(
            (everyone,),
            of,
            n_resamples=resamples,
            vectorized=False,
            method="BCa",
            rng=np.random.default_rng(seed),
        )
    low, high = float(resampled.confidence_interval.low), float(resampled.confidence_interval.high)
    if math.isfinite(low) and math.isfinite(high):
        return Resampled(estimate, Interval(low, high), "BCa", resamples, seed)
    interval = _percentile(np.asarray(resampled.bootstrap_distribution, dtype=float))
    return Resampled(estimate, interval, "percentile", resamples, seed)


def _percentile(draws: Floats) -> Interval | None:
    """The middle 95 % of the draws that have a figure; None where fewer than half have."""
    known = draws[np.isfinite(draws)]
    if 2 * len(known) < len(draws):
        return None
    low, high = np.quantile(known, [0.025, 0.975])
    return Interval(float(low), float(high))


def bootstrap_spearman(
    left: npt.ArrayLike, right: npt.ArrayLike, *, seed: int, resamples: int = RESAMPLES
) -> Correlation:
    """How alike do two sources rank the same providers, whatever the shape of their values?

    Parameters
    ----------
    left, right : arrays of equal length, one value per provider, as published; at least 10 pairs.
    seed : of the random draws.
    resamples : how many samples of providers are drawn.

    Returns
    -------
    Correlation: Spearman's, with the 95 % percentile interval of the bootstrap. None as interval
    where hardly any sample has an order.

    Notes
    -----
    Ranks are worked out anew in each sample, ties included, from how often each provider is drawn:
    exact, and many times faster than ranking each sample. With fewer than 30 pairs the interval is
    too narrow: prefer the one of `spearman`.

    References
    ----------
    Efron B, Tibshirani RJ. An Introduction to the Bootstrap. Chapman and Hall, 1993, chapter 13.

    Checked against scipy.stats.rankdata sample by sample, and boot 1.3 in R.
    """
    x, y = _ordered_pairs(left, right)
    count = len(x)
    random = np.random.default_rng(seed)
    drawn = np.empty(resamples)
    rows = max(1, _AT_ONCE // count)
    for start in range(0, resamples, rows):
        size = min(rows, resamples - start)
        picks = random.integers(0, count, size=(size, count))
        cells = picks + count * np.arange(size)[:, None]
        times = np.bincount(cells.ravel(), minlength=size * count).reshape(size, count)
        drawn[start : start + size] = rank_correlation_of_draws(x, y, times.astype(float))
    rho = _product_moment(average_ranks(x), average_ranks(y))
    return Correlation("Spearman", rho, _percentile(drawn), count)


def rank_correlation_of_draws(x: Floats, y: Floats, times: Floats) -> Floats:
    """Spearman's of samples given as how often each provider is drawn, one sample a row."""
    a, b = _ranks_of_draws(x, times), _ranks_of_draws(y, times)
    # ranks with ties averaged have this mean whatever the ties
    middle = (times.sum(axis=1, keepdims=True) + 1) / 2
    a, b = a - middle, b - middle
    weighted = times * a
    cross = (weighted * b).sum(axis=1)
    size = np.sqrt((weighted * a).sum(axis=1) * (times * b * b).sum(axis=1))
    out = np.full(len(size), np.nan)
    np.divide(cross, size, out=out, where=size > 0)
    return np.asarray(np.clip(out, -1, 1))


def _ranks_of_draws(values: Floats, times: Floats) -> Floats:
    """Each provider's average rank in each sample; a tie is all copies of all equal providers."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    order = np.argsort(inverse, kind="stable")
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    tied = np.add.reduceat(times[:, order], first, axis=1)
    rank = np.cumsum(tied, axis=1) - (tied - 1) / 2
    return np.asarray(rank[:, inverse])
