"""Do two sources hold the same answers? Counts that are more alike than those of different people.

Answers are counted in cells (an organisation, a day or a month, an answer). Given how many a cell holds
in both sources together, different people fall to one source or the other like the toss of a coin, and
the counts scatter at least that much, whatever both have in common: a campaign, a season, the same
opinion. The same people counted twice scatter less.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

Floats = npt.NDArray[np.float64]

MOST_OF_A_CELL = (
    4.0  # times the scatter by chance a cell counts at most: one campaign is not everything
)
TILTS = np.geomspace(0.03, 2000, 30)  # at which the bound is looked for; any of them holds
STEP = (
    0.5  # standard deviations of a total by which its share may be rounded, to work out few kinds
)
REACH = 8.5  # standard deviations of a count that are added up


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far two sources hold the same answers, a group each."""

    shared: Floats  # shape (groups,): share of the fewer answers that seem to stand in both, 0-1
    log_chance: (
        Floats  # shape (groups,): natural log of the chance, at most, that others are so alike
    )


def overlap(
    left: npt.ArrayLike,
    right: npt.ArrayLike,
    group: npt.ArrayLike,
    times: npt.ArrayLike | None = None,
    *,
    steady: float = 1.0,
    together: bool = False,
) -> Overlap:
    """Are the counts of two sources more alike than those of different people?

    Parameters
    ----------
    left, right : arrays of shape (cells,): whole numbers of answers in each cell, not negative.
    group : array of shape (cells,): whole numbers from 0, the organisation a cell belongs to.
    times : array of shape (cells,): how many cells there are of the kind; one each if not given.
    steady : the scatter of the counts by chance as a share of that of single people arriving by
        themselves, 0-1; see `steadiness`. Under 0.3 nothing can be told, and nothing is.
    together : all groups as one, each with its own share of the left source.

    Returns
    -------
    Overlap, one entry a group in the order of their numbers; one entry where `together`.

    Notes
    -----
    Within a group the counts of the left source, given the sums of the cells and its own total, are
    multivariate hypergeometric where the people are different and both follow one profile over the
    cells: that is independent binomials given their total. Different profiles scatter more. The
    statistic is the sum of squared deviations over their variances, each at most 4; the chance of
    one so small is bounded by Chernoff's inequality with the exact generating function of every
    cell, and the total given by its normal density under the tilted law (at most 1). It is a bound
    and no estimate: several times too high as a rule. The share is worked out from the same
    deviations, weighted by the sums of the cells: of two sources of a and b answers that share k,
    the difference varies by 1 − 2k/(a + b) of what it would by chance.

    Do not read it where one source takes a set number of answers a cell (quotas) without `steady`, or
    where the cells of one source are worked out from the other's.

    References
    ----------
    Chernoff H. A measure of asymptotic efficiency for tests of a hypothesis based on the sum of
    observations. Annals of Mathematical Statistics 1952;23:493-507.
    Fisher RA. The significance of deviations from expectation in a Poisson series. Biometrics
    1950;6:17-24.

    Checked against the exact hypergeometric probability, and against random tables: see the tests.
    """
    x, y, where, weight = _cells(left, right, group, times)
    groups = int(where.max()) + 1 if len(where) else 0
    entries = 1 if together else groups
    nothing = Overlap(np.zeros(entries), np.zeros(entries))
    if not groups or steady < 0.3:
        return nothing
    total_left = np.bincount(where, x * weight, groups).astype(np.float64)
    total = total_left + np.bincount(where, y * weight, groups).astype(np.float64)
    mixed = (total_left > 0) & (total_left < total)
    share = _rounded_share(total_left, total, mixed)
    known = mixed[where] & (x + y > 0)
    x, y, where, weight = x[known], y[known], where[known], weight[known]
    if not len(where):
        return nothing
    size, shares = x + y, share[where]
    squares = (x - size * shares) ** 2 / (size * shares * (1 - shares))
    squares = np.minimum(squares, MOST_OF_A_CELL) / steady

    # every kind of cell is worked out once: a share and a sum
    kinds, kind = np.unique(np.column_stack([shares, size]), axis=0, return_inverse=True)
    logs, varying, middle = _tilted(kinds[:, 1], kinds[:, 0])
    entry = np.zeros_like(where) if together else where
    seen = np.bincount(entry, squares * weight, entries)
    gaps = np.bincount(entry, squares * size * weight, entries)
    by_chance = np.bincount(entry, middle[kind] * size * weight, entries)
    given = np.where(mixed, _log_binomial(total_left, total, share), 0.0)
    exponent = np.full(entries, np.inf)
    for place, tilt in enumerate(TILTS):
        bound = np.bincount(where, logs[kind, place] * weight, groups)
        spread = np.bincount(where, varying[kind, place] * weight, groups)
        # the total is given: how likely it is under the tilted law, beside the plain one
        density = -np.log(2 * np.pi * np.maximum(spread, 1e-9)) / 2
        bound += np.where(mixed, np.minimum(0.0, density) - given, 0.0)
        held = np.array([bound.sum()]) if together else bound
        exponent = np.minimum(exponent, tilt * seen + held)

    fewer, both = np.minimum(total_left, total - total_left) * mixed, total * mixed
    if together:
        fewer, both = np.array([fewer.sum()]), np.array([both.sum()])
    left_over = np.divide(gaps, by_chance, out=np.ones(entries), where=by_chance > 0)
    shared = np.divide((1 - left_over) * both / 2, fewer, out=np.zeros(entries), where=fewer > 0)
    return Overlap(np.clip(shared, 0.0, 1.0), np.minimum(exponent, 0.0))


def steadiness(counts: npt.ArrayLike, before: npt.ArrayLike) -> float:
    """Does a source's number of answers vary as much as that of people who come by themselves?

    Parameters
    ----------
    counts, before : arrays of equal length: answers in a time, and in the one before it (or a week
        before it) at the same organisation.

    Returns
    -------
    The mean squared step over the sum of both counts: about 1 where people come by themselves, 0
    where a set number is asked each time, above 1 where their number really changes. 1 where there
    is nothing to go by.

    References
    ----------
    von Neumann J, Kent RH, Bellinson HR, Hart BI. The mean square successive difference. Annals of
    Mathematical Statistics 1941;12:153-162.
    """
    now, then = np.asarray(counts, dtype=float), np.asarray(before, dtype=float)
    whole = float((now + then).sum())
    return float(((now - then) ** 2).sum()) / whole if whole > 0 else 1.0


def scatter_by_chance(left: float, right: float, share: float) -> float:
    """The scatter of different people's counts where one of the sources is steadier than chance.

    Parameters
    ----------
    left, right : `steadiness` of each source.
    share : of the answers that are in the left source, 0-1.

    Returns
    -------
    `steady` of `overlap`, 0-1: the difference of both counts varies by each one's own steadiness,
    weighted by the other's share.

    References
    ----------
    Fisher RA. The significance of deviations from expectation in a Poisson series. Biometrics
    1950;6:17-24.
    """
    return min(1.0, (1 - share) * left + share * right)


def same_counts(left: npt.ArrayLike, right: npt.ArrayLike) -> Floats:
    """How likely would different people give two sources the very same numbers?

    Parameters
    ----------
    left, right : arrays of shape (cells, answers): whole numbers of answers of each kind.

    Returns
    -------
    Array of shape (cells,): the chance that all numbers of a cell are the same in both, given their
    sums: a coin tossed for each answer. Of an odd sum, that of the even number below it.

    References
    ----------
    Fisher RA. The significance of deviations from expectation in a Poisson series. Biometrics
    1950;6:17-24.
    """
    sums = np.asarray(left, dtype=float) + np.asarray(right, dtype=float)
    # whether a sum is even is itself luck
    halves = np.floor(sums / 2)
    logs = gammaln(2 * halves + 1) - 2 * gammaln(halves + 1) - 2 * halves * np.log(2.0)
    return np.asarray(np.exp(logs.sum(axis=1)))


def _cells(
    left: npt.ArrayLike, right: npt.ArrayLike, group: npt.ArrayLike, times: npt.ArrayLike | None
) -> tuple[Floats, Floats, npt.NDArray[np.int64], Floats]:
    x = np.rint(np.asarray(left, dtype=float))
    y = np.rint(np.asarray(right, dtype=float))
    where = np.asarray(group, dtype=np.int64)
    weight = np.ones(len(x)) if times is None else np.asarray(times, dtype=float)
    if not len(x) == len(y) == len(where) == len(weight):
        raise ValueError("left, right, group and times must be of equal length")
    if np.isnan(x).any() or np.isnan(y).any() or (x < 0).any() or (y < 0).any():
        raise ValueError("counts must be known and not negative")
    return x, y, where, weight


def _rounded_share(left: Floats, total: Floats, mixed: npt.NDArray[np.bool_]) -> Floats:
    """The left source's share of each group, near enough: any share gives a bound, and the same share at
    many groups is worked out once."""
    whole = np.where(mixed, total, 2.0)
    share = np.where(mixed, left, 1.0) / whole
    step = STEP * np.sqrt(share * (1 - share) / whole)
    steps = 2.0 ** np.ceil(-np.log2(step))
    return np.asarray(np.rint(share * steps) / steps)


def _tilted(sums: Floats, share: Floats) -> tuple[Floats, Floats, Floats]:
    """Of every kind of cell, at each tilt: the log of its generating function and the variance of its
    count under the tilted law; and its mean square by chance."""
    spread = np.sqrt(sums * share * (1 - share))
    low = np.floor(np.maximum(0.0, sums * share - REACH * spread - 1))
    high = np.ceil(np.minimum(sums, sums * share + REACH * spread + 1))
    lengths = (high - low + 1).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    kind = np.repeat(np.arange(len(sums)), lengths)
    count = low[kind] + (np.arange(len(kind)) - starts[kind])
    away = count - sums[kind] * share[kind]
    chance = np.exp(_log_binomial(count, sums[kind], share[kind]))
    square = np.minimum((away / spread[kind]) ** 2, MOST_OF_A_CELL)
    logs = np.empty((len(sums), len(TILTS)))
    varying = np.empty_like(logs)
    for place, tilt in enumerate(TILTS):  # one at a time: all at once would not fit in memory
        tilted = chance * np.exp(-tilt * square)
        whole = np.maximum(np.add.reduceat(tilted, starts), 1e-300)
        first = np.add.reduceat(tilted * away, starts) / whole
        varying[:, place] = np.add.reduceat(tilted * away**2, starts) / whole - first**2
        logs[:, place] = np.log(whole)
    return logs, varying, np.add.reduceat(chance * square, starts)


def _log_binomial(count: Floats, size: Floats, share: Floats) -> Floats:
    inside = np.clip(share, 1e-300, 1 - 1e-16)
    return np.asarray(
        gammaln(size + 1)
        - gammaln(count + 1)
        - gammaln(size - count + 1)
        + count * np.log(inside)
        + (size - count) * np.log1p(-inside)
    )
