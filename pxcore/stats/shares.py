"""Shares of people who speak of something: do two differ, and do two things go together?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from pxcore.stats.intervals import Floats, newcombe
from pxcore.stats.multiplicity import discovery_rates


@dataclass(frozen=True, slots=True)
class ShareDifferences:
    """Differences between two shares, many tested together; arrays of one length."""

    difference: Floats  # left less right, -1 to 1
    low: Floats  # 95 %
    high: Floats
    p_value: Floats
    q_value: Floats


@dataclass(frozen=True, slots=True)
class Association:
    """How two things go together among the same people; arrays of one length."""

    phi: Floats  # -1 to 1; 0 where they have nothing to do with each other
    lift: Floats  # how many times as many people named both as chance would have
    with_other: Floats  # of those who named the other, the share that named the one
    without_other: Floats  # of those who did not
    low: Floats  # 95 % range of the difference between these two shares
    high: Floats
    p_value: Floats
    q_value: Floats


def share_differences(
    left: npt.ArrayLike,
    left_people: npt.ArrayLike,
    right: npt.ArrayLike,
    right_people: npt.ArrayLike,
) -> ShareDifferences:
    """Do more of one group of people speak of something than of another?

    Parameters
    ----------
    left, right : arrays of counts: people who spoke of it. NaN where it is not known.
    left_people, right_people : arrays of counts: all people asked about. At least the count.

    Effective numbers need not be whole; Fisher's test takes the nearest that are.

    Returns
    -------
    ShareDifferences. Newcombe's interval; p of Fisher's exact test, two-sided; q over all that have
    a p (Benjamini-Hochberg). NaN where a count is missing or nobody was asked.

    Notes
    -----
    For different people on the two sides. Fisher's test is cautious where few spoke of it: with very
    few it cannot find anything, and its p is then near 1.

    References
    ----------
    Fisher RA. Statistical Methods for Research Workers, 5th ed. Oliver and Boyd, 1934, section 21.02.
    Benjamini Y, Hochberg Y. Controlling the false discovery rate. Journal of the Royal Statistical
    Society B 1995;57:289-300.
    Newcombe RG. Interval estimation for the difference between independent proportions. Statistics
    in Medicine 1998;17:873-890.

    Checked against statsmodels (confint_proportions_2indep, multipletests).
    """
    x, n, y, m = (
        np.asarray(counts, dtype=float) for counts in (left, left_people, right, right_people)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        p, q = x / n, y / m
    low, high = newcombe(p, n, q, m)
    p_value = np.array([_fisher(*four) for four in zip(x, n - x, y, m - y, strict=True)])
    return ShareDifferences(p - q, low, high, p_value, discovery_rates(p_value))


def association(
    both: npt.ArrayLike, one: npt.ArrayLike, other: npt.ArrayLike, people: npt.ArrayLike
) -> Association:
    """Do people who speak of one thing also speak of another?

    Parameters
    ----------
    both : array of counts: people who named both. NaN where it is not known.
    one, other : arrays of counts: people who named each, the other or not.
    people : array of counts: all people.

    Effective numbers need not be whole; Fisher's test takes the nearest that are.

    Returns
    -------
    Association. The interval is Newcombe's, of the share that named the one among those who named the
    other, less that among those who did not; p of Fisher's exact test, two-sided.

    Notes
    -----
    That two things are named together does not say that one brings about the other: people who write
    more name more, and every pair then goes together a little.

    References
    ----------
    Yule GU. On the methods of measuring association between two attributes. Journal of the Royal
    Statistical Society 1912;75:579-652 (phi).
    Others as for `share_differences`.

    Checked against scipy (chi2_contingency: phi is the root of chi-square over n; fisher_exact).
    """
    b, a, c, n = (np.asarray(given, dtype=float) for given in (both, one, other, people))
    with np.errstate(divide="ignore", invalid="ignore"):
        with_other, without_other = b / c, (a - b) / (n - c)
        lift = b * n / (a * c)
        phi = (b * n - a * c) / np.sqrt(a * c * (n - a) * (n - c))
    low, high = newcombe(with_other, c, without_other, n - c)
    p_value = np.array(
        [_fisher(*four) for four in zip(b, c - b, a - b, n - c - a + b, strict=True)]
    )
    return Association(
        phi, lift, with_other, without_other, low, high, p_value, discovery_rates(p_value)
    )


def _fisher(yes: float, no: float, yes2: float, no2: float) -> float:
    table = np.array([[yes, no], [yes2, no2]])
    if np.isnan(table).any() or (table.sum(axis=1) == 0).any():
        return float("nan")
    return float(stats.fisher_exact(np.rint(table).astype(np.int64)).pvalue)
