"""Does one source move some months ahead of another?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import linalg, signal, stats

from pxcore.stats.intervals import Z_95, Floats

FEWEST_MONTHS = 36  # in common, without a gap or a break
FURTHEST_LAG = 6  # months either way
HIGHEST_ORDER = 6  # months of its own past by which a series may be foretold
ERROR_RATE = 0.05  # over all lags together
SEASON = 11  # degrees of freedom that the months of the year take
_ROUNDING = 1e-12  # relative: variation this small is rounding


class Leads(StrEnum):
    """Who moves first, as far as it shows."""

    FIRST = "the first moves ahead of the second"
    SECOND = "the second moves ahead of the first"
    TOGETHER = "the two move in the same month"
    NONE = "no lag stands out"
    NOT_QUALIFIED = "does not qualify"


@dataclass(frozen=True, slots=True)
class LeadLag:
    """How the monthly changes of two sources go together, some months apart."""

    state: Leads
    reason: str  # why it does not qualify
    months: int  # used: the longest run in common without a gap or a break
    order: int  # months of its own past taken out of the first series
    coefficients: tuple[float, ...]  # of that past, latest month first
    lags: npt.NDArray[
        np.int64
    ]  # months by which the second follows the first; empty if unqualified
    correlation: Floats  # at each lag
    limit: float | None  # beyond it 1 lag in 20 lies by chance
    limit_all: float | None  # beyond it any of the lags lies by chance 1 time in 20
    lag: int | None  # that stands out most, by the limit for all lags
    strength: float | None  # the correlation at that lag


def lead_lag(
    first: npt.ArrayLike,
    first_months: npt.ArrayLike,
    second: npt.ArrayLike,
    second_months: npt.ArrayLike,
    *,
    breaks: Sequence[int] = (),
) -> LeadLag:
    """Does one source move some months ahead of the other?

    Parameters
    ----------
    first, second : arrays of monthly values, none missing; any unit, each its own.
    first_months, second_months : arrays of whole numbers that count months, strictly rising (as
        years × 12 + month: 12 apart is the same month of the year), of the length of their values.
    breaks : months at which question or method of either source changed; nothing runs across one.

    Returns
    -------
    LeadLag. Both series are differenced once and the mean change of each month of the year is taken
    away; the past that foretells the first series (up to 6 months, by Yule-Walker and AIC) is
    filtered out of both; then they are correlated at lags of -6 to 6 months. A positive lag means
    that the second follows the first. A lag stands out beyond the normal limit over √(n - 11), as
    the season took 11 degrees of freedom, with Bonferroni's correction for 13 lags.

    Notes
    -----
    Needs 36 months in common without a gap or a break, or says why it does not qualify. The levels
    of two series are never correlated: any two that drift seem to follow each other at every lag.
    Nor is a season that both have: two that are worse every winter follow nothing but the year. With
    36 months little is left to find a lead in. To move ahead of is not to cause.

    References
    ----------
    Box GEP, Jenkins GM. Time Series Analysis: Forecasting and Control. Holden-Day, 1976, chapter
    11 (prewhitening); chapter 9 (seasonal series).
    Haugh LD, Box GEP. Identification of dynamic regression models connecting two time series.
    Journal of the American Statistical Association 1977;72:121-130.

    Checked against R's ar and ccf, on series M of Box and Jenkins (sales follow their leading
    indicator by 3 periods), and on made series that share a season alone.
    """
    x, y, when, why = _in_common(first, first_months, second, second_months, breaks)
    if why:
        return _not_qualified(why, len(x))
    x, y = (without_season(np.diff(series), when[1:]) for series in (x, y))
    if not x.any() or not y.any():
        return _not_qualified(
            "A source does not vary from month to month, but for its season.", len(x) + 1
        )
    x, y, coefficients = prewhitened(x, y)
    order = len(coefficients)
    lags = np.arange(-FURTHEST_LAG, FURTHEST_LAG + 1)
    correlation = cross_correlation(x, y, lags)
    count = len(x)
    worth = math.sqrt(count - SEASON)
    limit = Z_95 / worth
    limit_all = float(stats.norm.isf(ERROR_RATE / 2 / len(lags))) / worth
    at = int(np.argmax(np.abs(correlation)))
    state, lag, strength = Leads.NONE, None, None
    if abs(correlation[at]) > limit_all:
        lag, strength = int(lags[at]), float(correlation[at])
        state = Leads.TOGETHER
        if lag:
            state = Leads.FIRST if lag > 0 else Leads.SECOND
    return LeadLag(
        state=state,
        reason="",
        months=count + order + 1,
        order=order,
        coefficients=tuple(float(weight) for weight in coefficients),
        lags=lags,
        correlation=correlation,
        limit=limit,
        limit_all=limit_all,
        lag=lag,
        strength=strength,
    )


def without_season(values: npt.ArrayLike, months: npt.ArrayLike) -> Floats:
    """What is left of a monthly series once the mean of each month of the year is taken away?

    Parameters
    ----------
    values : array in order of time, none missing.
    months : array of whole numbers that count months, of equal length.

    Returns
    -------
    Array; exactly 0 where no more than rounding is left.

    References
    ----------
    Box GEP, Jenkins GM. Time Series Analysis: Forecasting and Control. Holden-Day, 1976, chapter 9.
    """
    x, year = (
        np.asarray(values, dtype=float),
        np.unique(np.asarray(months) % 12, return_inverse=True)[1],
    )
    left = x - (np.bincount(year, x) / np.bincount(year))[year]
    return np.where(np.abs(left) <= _ROUNDING * np.abs(x).max(initial=0.0), 0.0, left)


def prewhitened(first: Floats, second: Floats) -> tuple[Floats, Floats, Floats]:
    """Two series without the past that foretells the first.

    Parameters
    ----------
    first, second : arrays of equal length in order of time, evenly spaced; each must vary.

    Returns
    -------
    Both filtered by the first's autoregression, without the months it takes to start; and that
    autoregression.

    References
    ----------
    Box GEP, Jenkins GM. Time Series Analysis: Forecasting and Control. Holden-Day, 1976, section 11.2.

    Checked against R's ar and filter.
    """
    coefficients = autoregression(first)
    kernel = np.concatenate([[1.0], -coefficients])
    x, y = (
        signal.lfilter(kernel, [1.0], series - series.mean())[len(coefficients) :]
        for series in (first, second)
    )
    return x, y, coefficients


def autoregression(values: npt.ArrayLike, highest: int = HIGHEST_ORDER) -> Floats:
    """By how many months of its own past, and how, is a series best foretold?

    Parameters
    ----------
    values : array in order of time, evenly spaced, none missing; it must vary.
    highest : most months of the past to take.

    Returns
    -------
    Array of coefficients, latest month first; empty where the past foretells nothing worth having
    by Akaike's criterion, n ln(variance left) + 2 × months.

    References
    ----------
    Yule GU. On a method of investigating periodicities in disturbed series. Philosophical
    Transactions of the Royal Society A 1927;226:267-298.
    Akaike H. A new look at the statistical model identification. IEEE Transactions on Automatic
    Control 1974;19:716-723.

    Checked against R's ar.
    """
    x = np.asarray(values, dtype=float)
    if x.ndim != 1 or not np.isfinite(x).all() or len(x) <= highest + 1 or _is_flat(x):
        raise ValueError("the series must vary, have no missing value and outlast its past")
    apart = x - x.mean()
    covariance = np.correlate(apart, apart, "full")[len(x) - 1 : len(x) + highest] / len(x)
    best, least = np.empty(0), len(x) * math.log(covariance[0])
    for order in range(1, highest + 1):
        solution = linalg.solve_toeplitz(covariance[:order], covariance[1 : order + 1])
        left = float(covariance[0] - solution @ covariance[1 : order + 1])
        criterion = len(x) * math.log(left) + 2 * order
        if criterion < least:
            best, least = np.asarray(solution, dtype=float), criterion
    return best


def cross_correlation(first: npt.ArrayLike, second: npt.ArrayLike, lags: npt.ArrayLike) -> Floats:
    """How do two series correlate, the second taken some steps after the first?

    Parameters
    ----------
    first, second : arrays of equal length in order of time; each must vary.
    lags : array of whole numbers; at a positive one the second follows the first.

    Returns
    -------
    Array of correlations, one a lag: products over n and both standard deviations, whatever number
    of pairs a lag leaves.

    References
    ----------
    Box GEP, Jenkins GM. Time Series Analysis: Forecasting and Control. Holden-Day, 1976, section
    11.1.

    Checked against R's ccf (which gives it for the second against the first).
    """
    x, y = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"first {x.shape} and second {y.shape} must be of equal length")
    x, y = x - x.mean(), y - y.mean()
    products = np.correlate(y, x, "full")  # at n - 1 + lag
    steps = np.asarray(lags, dtype=np.int64)
    return np.asarray(products[len(x) - 1 + steps] / math.sqrt(float((x @ x) * (y @ y))))


def _in_common(
    first: npt.ArrayLike,
    first_months: npt.ArrayLike,
    second: npt.ArrayLike,
    second_months: npt.ArrayLike,
    breaks: Sequence[int],
) -> tuple[Floats, Floats, npt.NDArray[np.int64], str]:
    """The longest run of months both have, without a gap or a break: the values of each and the months,
    and why it is too short."""
    x, x_when = _monthly(first, first_months, "first")
    y, y_when = _monthly(second, second_months, "second")
    both, in_x, in_y = np.intersect1d(x_when, y_when, assume_unique=True, return_indices=True)
    era = np.searchsorted(np.sort(np.asarray(breaks, dtype=np.int64)), both, side="right")
    cut = np.flatnonzero((np.diff(both) > 1) | (np.diff(era) > 0)) + 1
    edges = [0, *cut.tolist(), len(both)]
    longest = max(zip(edges, edges[1:], strict=False), key=lambda run: run[1] - run[0])
    run = slice(*longest)
    length = longest[1] - longest[0]
    why = ""
    if len(both) < FEWEST_MONTHS:
        why = f"The two have {len(both)} months in common; it takes {FEWEST_MONTHS}."
    elif length < FEWEST_MONTHS:
        cause = "a gap or a break" if np.diff(era).any() else "a gap"
        why = (
            f"The longest run of months in common without {cause} is {length}; it takes "
            f"{FEWEST_MONTHS}."
        )
    return x[in_x][run], y[in_y][run], both[run], why


def _monthly(
    values: npt.ArrayLike, months: npt.ArrayLike, name: str
) -> tuple[Floats, npt.NDArray[np.int64]]:
    x, when = np.asarray(values, dtype=float), np.asarray(months)
    if x.ndim != 1 or not np.isfinite(x).all():
        raise ValueError(f"{name} must be one row of numbers, none missing: leave a month out")
    if when.shape != x.shape or (x.size and not np.issubdtype(when.dtype, np.integer)):
        raise ValueError(f"{name} needs one whole number of month for each value")
    if (np.diff(when) <= 0).any():
        raise ValueError(f"the months of {name} must rise strictly")
    return x, when.astype(np.int64)


def _is_flat(values: Floats) -> bool:
    """Whether a series varies by no more than rounding makes it."""
    return bool(np.ptp(values) <= _ROUNDING * float(np.abs(values).max()))


def _not_qualified(why: str, months: int) -> LeadLag:
    return LeadLag(
        state=Leads.NOT_QUALIFIED,
        reason=why,
        months=months,
        order=0,
        coefficients=(),
        lags=np.empty(0, dtype=np.int64),
        correlation=np.empty(0),
        limit=None,
        limit_all=None,
        lag=None,
        strength=None,
    )
