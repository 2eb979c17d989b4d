"""Is a source going up or down over the years, and do two sources go the same way?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import stats

from pxcore.errors import TooFewPairs
from pxcore.stats.intervals import Floats, Interval

FEWEST_POINTS = 8  # under this no trend is looked for
NORMAL_FROM = 10  # points; with 8 or 9 the exact distribution is used
SEASONAL_FROM = 36  # months; fewer hold too few Januaries to compare
SHOWN = 0.05  # p, or q where several trends are tested, at which a trend is taken as shown
SLOPE_MARGIN = 0.25  # peer SDs a year within which two slopes are said to be alike
LEAST_WORTH = 9  # separate points that so many alike must be worth, to tell a trend from swings
ESTIMATED = 3  # level, slope and autocorrelation: degrees of freedom they take
_FITTED = 1e-10  # relative: what is left of a straight line this small is rounding
_RHO = np.linspace(0, 0.99, 34)  # autocorrelations between which is interpolated


class Direction(StrEnum):
    """Which way a series goes, as far as it shows."""

    UP = "up"
    DOWN = "down"
    NOT_SHOWN = "no trend shown"
    CANNOT_TELL = "cannot tell"  # neighbouring points resemble each other too much for so few


MOVES = (Direction.UP, Direction.DOWN)


class Together(StrEnum):
    """How the trends of two sources go together."""

    SAME = "same direction"
    OPPOSITE = "opposite directions"
    ONE = "only one shows a trend"
    NEITHER = "neither shows a trend"
    TOO_FEW = "too few points to compare trends"


@dataclass(frozen=True, slots=True)
class MannKendall:
    """Kendall's S over time and its test."""

    points: int
    s: float  # pairs of points that rise less those that fall
    variance: float  # of S if there were no trend, ties and autocorrelation allowed for
    z: float
    p_value: float
    exact: bool  # p from the exact distribution of S, not from z


@dataclass(frozen=True, slots=True)
class Trend:
    """A rise or fall over time: how sure, and how steep."""

    test: MannKendall
    slope: float  # a year, in the unit of the values
    interval: Interval  # 95 %
    interval_90: Interval  # for showing that two slopes are alike
    autocorrelation: float  # of neighbouring points' own swings
    inflation: float  # how many times the variance of S was raised for it; 1 where it was not
    seasonal: bool  # each month of the year compared with itself alone

    @property
    def tells(self) -> bool:
        """Whether the points are worth enough separate ones to tell a trend from slow swings."""
        return self.inflation == 1 or self.test.points / self.inflation >= LEAST_WORTH

    def direction(self, p_value: float | None = None) -> Direction:
        """Up, down or not shown, by its own p or by a `p_value` adjusted for many tests."""
        if not self.tells:
            return Direction.CANNOT_TELL
        shown = (self.test.p_value if p_value is None else p_value) <= SHOWN
        if not shown or self.test.s == 0:
            return Direction.NOT_SHOWN
        return Direction.UP if self.test.s > 0 else Direction.DOWN


@dataclass(frozen=True, slots=True)
class TrendComparison:
    """Two trends side by side, slopes in peer SDs a year."""

    together: Together
    difference: float | None  # left less right; None with too few points, as are the intervals
    interval: Interval | None  # 95 %
    interval_90: Interval | None
    alike: bool  # shown to lie within the margin
    differ: bool  # the 95 % interval leaves out no difference
    margin: float


def mann_kendall(values: npt.ArrayLike, *, inflation: float = 1.0) -> MannKendall:
    """Do later values tend to be higher, or lower, than earlier ones?

    Parameters
    ----------
    values : array in order of time, at least 8, none missing; any unit.
    inflation : by how much the variance of S is multiplied, for autocorrelation.

    Returns
    -------
    MannKendall, two-sided. The variance allows for ties; z is moved one pair towards 0; with 8 or
    9 points and no inflation p is exact; with inflation it is Student's, with the degrees of freedom
    that so many points are worth less 3.

    Notes
    -----
    Only the order counts: it does not say how steep the change is. Points that resemble their
    neighbours make p too small: see `resemblance`.

    References
    ----------
    Mann HB. Nonparametric tests against trend. Econometrica 1945;13:245-259.
    Kendall MG. Rank Correlation Methods, 4th ed. Griffin, 1975.

    Checked against pymannkendall, and R's cor.test for the exact p.
    """
    y = _series(values)
    count, s = len(y), _score(y)
    variance = _score_variance(y) * inflation
    exact = count < NORMAL_FROM and inflation == 1.0
    z = _z_score(s, variance)
    p = _exact_p(y, s) if exact else 2 * _tail(z, count, inflation)
    return MannKendall(count, s, variance, z, min(1.0, p), exact)


def seasonal_mann_kendall(
    values: npt.ArrayLike, season: npt.ArrayLike, *, inflation: float = 1.0
) -> MannKendall:
    """Do later values tend to be higher or lower, each month of the year compared with itself?

    Parameters
    ----------
    values : array in order of time, at least 36, none missing.
    season : array of whole numbers of equal length: the month of the year.
    inflation : by how much the variance of S is multiplied, for autocorrelation.

    Returns
    -------
    MannKendall: S and its variance summed over the months of the year.

    References
    ----------
    Hirsch RM, Slack JR, Smith RA. Techniques of trend analysis for monthly water quality data.
    Water Resources Research 1982;18:107-121.

    Checked against pymannkendall.
    """
    y, month = _series(values, SEASONAL_FROM), np.asarray(season)
    if month.shape != y.shape:
        raise ValueError(f"season {month.shape} must be of the length of values {y.shape}")
    groups = [y[month == name] for name in np.unique(month)]
    s = sum(_score(group) for group in groups)
    variance = sum(_score_variance(group) for group in groups) * inflation
    z = _z_score(s, variance)
    p = 2 * _tail(z, len(y), inflation)
    return MannKendall(len(y), s, variance, z, p, exact=False)


def sen_slope(
    values: npt.ArrayLike, years: npt.ArrayLike, *, level: float = 0.95, inflation: float = 1.0
) -> tuple[float, Interval]:
    """By how much a year does the series rise or fall?

    Parameters
    ----------
    values : array in order of time, at least 8, none missing.
    years : array of times in years, strictly rising.
    level : of the interval.
    inflation : by how much the variance of Kendall's S is multiplied, for autocorrelation; it
        widens the interval.

    Returns
    -------
    slope, interval : the median of the slopes between all pairs of points, and its interval.

    Notes
    -----
    A few far points cannot move it. Not for a series with a break: a step is not a slope.

    References
    ----------
    Sen PK. Estimates of the regression coefficient based on Kendall's tau. Journal of the American
    Statistical Association 1968;63:1379-1389.

    Checked against pymannkendall and scipy.stats.theilslopes.
    """
    y, t = _series(values), _times(values, years)
    # theilslopes reads a level by its distance from 0 or 1: a wider interval is a smaller alpha.
    reach = _quantile(level, len(y), inflation) * math.sqrt(inflation)
    alpha = max(2 * float(stats.norm.sf(reach)), 1e-200)  # of an interval without end: all slopes
    line = stats.theilslopes(y, t, alpha)
    return float(line.slope), Interval(float(line.low_slope), float(line.high_slope), level)


def resemblance(
    values: npt.ArrayLike, years: npt.ArrayLike, season: npt.ArrayLike | None = None
) -> tuple[float, float]:
    """How much do neighbouring points resemble each other, and how much wider does a trend vary for it?

    Parameters
    ----------
    values : array in order of time, at least 8, none missing.
    years : array of times in years, strictly rising.
    season : array of whole numbers, the month of the year, where each is compared with itself alone.

    Returns
    -------
    autocorrelation, inflation : of neighbouring points' own swings, 0 to 0.99, with what a fitted line
        (and the level of each month of the year) hides of it put back; and the factor on the variance
        of Kendall's S, 1 where nothing is seen.

    Notes
    -----
    Around a fitted line points resemble each other less than they do by themselves: 24 that correlate
    at 0.9 show 0.62 on average. What is seen is therefore read as the autocorrelation that would show so
    much, the swings taken as a first-order autoregression; the factor is that on the variance of a least
    squares slope, beside independent points that vary as much.

    References
    ----------
    Marriott FHC, Pope JA. Bias in the estimation of autocorrelations. Biometrika 1954;41:390-402.
    Bayley GV, Hammersley JM. The "effective" number of independent observations in an autocorrelated
    time series. Supplement to the Journal of the Royal Statistical Society 1946;8:184-197.
    Hamed KH, Rao AR. A modified Mann-Kendall trend test for autocorrelated data. Journal of
    Hydrology 1998;204:182-196 (the factor on the variance of S).
    """
    y, t = _series(values), _times(values, years)
    steps = np.round((t - t[0]) / np.diff(t).min(), 6)
    month = np.zeros(len(y)) if season is None else np.asarray(season)
    left, seen, inflation = _autoregressions(tuple(steps.tolist()), tuple(month.tolist()))
    swings = left @ y
    if np.abs(swings).max() <= _FITTED * np.abs(y).max():
        return 0.0, 1.0
    shown = round(float(swings[1:] @ swings[:-1] / (swings @ swings)), 9)
    autocorrelation = float(np.interp(shown, seen, _RHO))
    return autocorrelation, float(np.interp(autocorrelation, _RHO, inflation))


@lru_cache(maxsize=512)
def _autoregressions(
    steps: tuple[float, ...], month: tuple[float, ...]
) -> tuple[Floats, Floats, Floats]:
    """What takes away line and levels, the autocorrelation then seen and the inflation, at each of _RHO."""
    t, names = np.array(steps), np.array(month)
    levels = np.array([names == name for name in np.unique(names)], dtype=float)
    within = np.eye(len(t)) - levels.T @ (levels / levels.sum(axis=1, keepdims=True))
    line = within @ t
    left = within - np.outer(line, line) / (line @ line)
    neighbours = left @ np.eye(len(t), k=1) @ left
    seen, inflation = [], []
    for rho in _RHO:
        alike = rho ** np.abs(t[:, None] - t)
        seen.append((neighbours * alike).sum() / (left * alike).sum())
        spread = (within * alike).sum() / np.trace(within)  # as much as the points seem to vary
        inflation.append(line @ alike @ line / (line @ line) / spread)
    return left, np.maximum.accumulate(seen), np.array([1.0, *inflation[1:]])


def trend(
    values: npt.ArrayLike, years: npt.ArrayLike, season: npt.ArrayLike | None = None
) -> Trend:
    """Is the series going up or down, how surely and how steeply?

    Parameters
    ----------
    values : array in order of time, at least 8, none missing, no break of method inside.
    years : array of times in years, strictly rising (months / 12 for months).
    season : array of whole numbers, the month of the year, for a monthly series; with 36 or more
        months each is compared with itself. None for surveys.

    Returns
    -------
    Trend. Where neighbouring points resemble each other the variance of S is raised as `resemblance` has
    it, p is Student's, and the interval of the slope is widened alike; where so many points are then
    worth fewer than 9 separate ones its direction is “cannot tell”.

    Notes
    -----
    No trend shown does not mean none: read the interval of the slope. Of series without trend whose
    neighbours correlate at 0.9, tested at 5 %, about 5 in 100 show one at 24 to 60 points (29 to 46
    with Hamed and Rao's own autocorrelations, which a fitted line hides); most others cannot
    tell. A step is no trend: it makes neighbours alike.

    References
    ----------
    As for `mann_kendall`, `seasonal_mann_kendall`, `sen_slope` and `resemblance`.
    Gilbert RO. Statistical Methods for Environmental Pollution Monitoring. Van Nostrand Reinhold,
    1987, chapters 16 and 17 (the interval of the seasonal slope).

    Checked against pymannkendall.
    """
    y, t = _series(values), _times(values, years)
    seasonal = season is not None and len(y) >= SEASONAL_FROM
    month = np.asarray(season) if seasonal else np.zeros(len(y), dtype=np.int64)
    slopes = _slopes_within(y, t, month) if seasonal else np.empty(0)
    slope = float(np.median(slopes)) if seasonal else sen_slope(y, t)[0]

    autocorrelation, inflation = resemblance(y, t, month)
    if seasonal:
        test = seasonal_mann_kendall(y, month, inflation=inflation)
        wide, narrow = (
            _slope_interval(slopes, _quantile(level, len(y), inflation), test.variance, level)
            for level in (0.95, 0.9)
        )
    else:
        test = mann_kendall(y, inflation=inflation)
        wide, narrow = (
            sen_slope(y, t, level=level, inflation=inflation)[1] for level in (0.95, 0.9)
        )
    return Trend(test, slope, wide, narrow, autocorrelation, inflation, seasonal)


def compare_trends(
    left: Trend | None,
    right: Trend | None,
    *,
    left_unit: float = 1.0,
    right_unit: float = 1.0,
    left_p: float | None = None,
    right_p: float | None = None,
    margin: float = SLOPE_MARGIN,
) -> TrendComparison:
    """Do two sources go the same way?

    Parameters
    ----------
    left, right : Trend of each; None where it has too few points.
    left_unit, right_unit : one peer SD of each source in the unit of its values; 1 where the values
        already are peer SDs.
    left_p, right_p : p-values adjusted for the number of trends tested; each trend's own where None.
    margin : peer SDs a year within which two slopes are said to be alike.

    Returns
    -------
    TrendComparison. The intervals of the difference join those of the two slopes (MOVER); `alike`
    where the 90 % one lies within the margin, which is two one-sided tests at 5 %.

    Notes
    -----
    The two are taken as independent. Two sources of which neither shows a trend have not been shown
    to go the same way: see `alike`.

    References
    ----------
    Zou GY, Donner A. Construction of confidence limits about effect measures: a general approach.
    Statistics in Medicine 2008;27:1693-1702.
    Schuirmann DJ. A comparison of the two one-sided tests procedure and the power approach. Journal
    of Pharmacokinetics and Biopharmaceutics 1987;15:657-680.

    Checked against the published difference of two proportions of Newcombe 1998, which is the same
    construction.
    """
    if not (left_unit > 0 and right_unit > 0 and margin > 0):
        raise ValueError("units and margin must be above 0")
    if left is None or right is None:
        return TrendComparison(Together.TOO_FEW, None, None, None, False, False, margin)
    ways = left.direction(left_p), right.direction(right_p)
    silent = sum(way not in MOVES for way in ways)
    together = Together.SAME if ways[0] is ways[1] else Together.OPPOSITE
    if silent:
        together = Together.ONE if silent == 1 else Together.NEITHER
    first, second = left.slope / left_unit, right.slope / right_unit
    wide = difference_interval(
        first, _scaled(left.interval, left_unit), second, _scaled(right.interval, right_unit)
    )
    narrow = difference_interval(
        first, _scaled(left.interval_90, left_unit), second, _scaled(right.interval_90, right_unit)
    )
    alike = -margin < narrow.low and narrow.high < margin
    differ = wide.low > 0 or wide.high < 0
    return TrendComparison(together, first - second, wide, narrow, alike, differ, margin)


def difference_interval(
    first: float, first_interval: Interval, second: float, second_interval: Interval
) -> Interval:
    """The interval of a difference of two independent estimates, from the interval of each.

    Parameters
    ----------
    first, second : the estimates.
    first_interval, second_interval : their intervals, of one level; need not be symmetric.

    References
    ----------
    Zou GY, Donner A. Construction of confidence limits about effect measures: a general approach.
    Statistics in Medicine 2008;27:1693-1702 (MOVER).
    """
    if first_interval.level != second_interval.level:
        raise ValueError("the two intervals must be of one level")
    gap = first - second
    down = math.hypot(first - first_interval.low, second_interval.high - second)
    up = math.hypot(first_interval.high - first, second - second_interval.low)
    return Interval(gap - down, gap + up, first_interval.level)


def _scaled(interval: Interval, unit: float) -> Interval:
    return Interval(interval.low / unit, interval.high / unit, interval.level)


def _series(values: npt.ArrayLike, fewest: int = FEWEST_POINTS) -> Floats:
    y = np.asarray(values, dtype=float)
    if y.ndim != 1 or not np.isfinite(y).all():
        raise ValueError("values must be one row of numbers, none missing")
    if len(y) < fewest:
        raise TooFewPairs(f"{len(y)} points are too few to look for a trend; it takes {fewest}.")
    return y


def _times(values: npt.ArrayLike, years: npt.ArrayLike) -> Floats:
    t = np.asarray(years, dtype=float)
    if t.shape != np.shape(values) or not (np.diff(t) > 0).all():
        raise ValueError("years must be one rising number for each value")
    return t


def _score(y: Floats) -> float:
    """Kendall's S: pairs that rise less pairs that fall."""
    return float(np.triu(np.sign(y[None, :] - y[:, None]), 1).sum())


def _score_variance(y: Floats) -> float:
    """The variance of S if there were no trend; values that tie take their share from it."""
    n, tied = len(y), np.unique(y, return_counts=True)[1].astype(float)
    return float(n * (n - 1) * (2 * n + 5) - (tied * (tied - 1) * (2 * tied + 5)).sum()) / 18


def _z_score(s: float, variance: float) -> float:
    return 0.0 if s == 0 else (s - math.copysign(1.0, s)) / math.sqrt(variance)


def _exact_p(y: Floats, s: float) -> float:
    """Share of all orders of these values in which S is as far from 0 as here.

    The orders by their number of falling pairs are the coefficients of a q-multinomial:
    (1 - q)(1 - q²)…(1 - qⁿ), divided by the same product for each group of tied values.
    """
    n, tied = len(y), np.unique(y, return_counts=True)[1]
    pairs = int(n * (n - 1) - (tied * (tied - 1)).sum()) // 2  # that can rise or fall
    orders = np.zeros(n * (n + 1) // 2 + 1, dtype=np.int64)
    orders[0] = 1
    for power in range(1, n + 1):
        orders[power:] -= orders[:-power].copy()
    for group in tied:
        for power in range(1, int(group) + 1):
            for at in range(power, len(orders)):
                orders[at] += orders[at - power]
    orders = orders[: pairs + 1]
    far = np.abs(pairs - 2 * np.arange(pairs + 1)) >= abs(s)
    return float(orders[far].sum() / orders.sum())


def _slopes_within(y: Floats, t: Floats, month: npt.NDArray[np.int64]) -> Floats:
    """The slopes between all pairs of points of one month of the year, sorted."""
    first, second = np.triu_indices(len(y), 1)
    same = month[first] == month[second]
    first, second = first[same], second[same]
    return np.sort((y[second] - y[first]) / (t[second] - t[first]))


def _tail(z: float, points: int, inflation: float) -> float:
    """The chance of a score so far from 0, to one side."""
    if inflation <= 1:
        return float(stats.norm.sf(abs(z)))
    return float(stats.t.sf(abs(z), max(1.0, points / inflation - ESTIMATED)))


def _quantile(level: float, points: int, inflation: float) -> float:
    """How many standard deviations of S an interval of this level reaches."""
    if inflation <= 1:
        return float(stats.norm.isf((1 - level) / 2))
    return float(stats.t.isf((1 - level) / 2, max(1.0, points / inflation - ESTIMATED)))


def _slope_interval(slopes: Floats, quantile: float, variance: float, level: float) -> Interval:
    """The interval of the median slope, from the variance of S, as theilslopes counts it."""
    reach = quantile * math.sqrt(variance)
    low = max(round((len(slopes) - reach) / 2) - 1, 0)
    high = min(round((len(slopes) + reach) / 2), len(slopes) - 1)
    return Interval(float(slopes[low]), float(slopes[high]), level)
