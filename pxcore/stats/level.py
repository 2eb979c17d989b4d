"""Do two sources give the same figure, and not only the same order? For sources of one unit only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import stats

from pxcore.errors import TooFewPairs
from pxcore.stats.correlation import MINIMUM_PAIRS, checked_pairs
from pxcore.stats.intervals import Z_95, Floats, Interval

MARGIN = 0.05  # proportions: five percentage points count as the same level
SIGNIFICANT = 0.05
ENOUGH_PAIRS = 30  # under this limits of agreement are rough
CEILING = 0.97  # a proportion from which there is hardly room above
_ROUNDING = 1e-12  # differences this small beside the values are rounding, not differences


class LevelOutcome(StrEnum):
    """What may be said of the level of two sources."""

    SAME = "same level"
    DIFFERENT = "different level"
    CANNOT_SAY = "cannot say"
    SMALL = "a real but small difference"


@dataclass(frozen=True, slots=True)
class LevelDifference:
    """The mean difference of two sources and what it shows."""

    difference: float  # left less right
    interval: Interval  # 95 %
    equivalence_interval: (
        Interval  # 90 %: inside the margin where the level is shown to be the same
    )
    p_value: float  # of no difference
    equivalence_p: float  # of a difference as large as the margin, the worse of the two sides
    outcome: LevelOutcome
    margin: float
    pairs: int


@dataclass(frozen=True, slots=True)
class BlandAltman:
    """How far two sources lie apart on a provider, and how much of that is few answers."""

    pairs: int
    bias: float  # mean of left less right
    bias_interval: Interval
    deviation: float  # of the differences
    limits: Interval  # 95 of 100 providers differ by no more
    low_interval: Interval  # of the lower limit
    high_interval: Interval
    noise_share: float | None  # of the variance of the differences; None where noise is not known
    limits_without_noise: Interval | None
    spread_correlation: float | None  # of differences with means; None where one of them is even
    spread_p: float | None  # Pitman-Morgan: under 0.05 the two sources spread differently
    rough: bool  # fewer than 30 pairs
    ceiling_share: float | None  # of pairs with a value at 97 % or more


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line that turns the left source's figure into the right one's."""

    slope: float
    intercept: float
    slope_error: float | None = None
    intercept_error: float | None = None
    slope_interval: Interval | None = None
    intercept_interval: Interval | None = None

    def at(self, left: npt.ArrayLike) -> Floats:
        """The right source's figure where the left one has these."""
        return np.asarray(self.intercept + self.slope * np.asarray(left, dtype=float))


@dataclass(frozen=True, slots=True)
class Concordance:
    """Lin's coefficient and what keeps it from 1."""

    estimate: float
    interval: Interval | None  # None where the sources are identical or not correlated at all
    correlation: float  # what is lost by scatter
    accuracy: float  # what is lost by level and spread; their product is the estimate
    scale_shift: float  # the left source's SD over the right one's
    location_shift: float  # left less right, in SDs (their geometric mean)
    pairs: int


@dataclass(frozen=True, slots=True)
class IntraclassCorrelation:
    """The share of all variance that lies between providers."""

    label: str
    estimate: float
    interval: Interval | None  # None where the sources are identical
    providers: int
    sources: int


def checked_table(
    values: npt.ArrayLike, *, sources: int = 2, fewest: int = MINIMUM_PAIRS
) -> Floats:
    """A table (providers, sources) as floats; raises where it is none, has gaps or is too small."""
    table = np.asarray(values, dtype=float)
    if table.ndim != 2 or table.shape[1] < sources:
        raise ValueError(f"values {table.shape} must be (providers, sources), {sources} or more")
    if np.isnan(table).any():
        raise ValueError("values must not be missing: give only providers with every source")
    if len(table) < max(2, fewest):
        raise TooFewPairs(
            f"{len(table)} providers with every source are too few; it takes {max(2, fewest)}."
        )
    return table


def level_difference(
    left: npt.ArrayLike, right: npt.ArrayLike, *, margin: float = MARGIN
) -> LevelDifference:
    """Do two sources stand at the same level, on average over providers?

    Parameters
    ----------
    left, right : arrays of equal length, one proportion (0-1) per provider; at least 10 pairs.
    margin : difference up to which the level counts as the same; 0.05 is five percentage points.

    Returns
    -------
    LevelDifference. “Same level” where the 90 % interval lies inside the margin, “different level”
    where the 95 % interval leaves out 0, “a real but small difference” where both hold, and “cannot
    say” where neither does.

    Notes
    -----
    Only for sources of one unit. Different levels are no disagreement: the Friends and Family Test
    is always rosier than a survey. Every provider counts the same, whatever its number of answers.

    References
    ----------
    Schuirmann DJ. A comparison of the two one-sided tests procedure and the power approach for
    assessing the equivalence of average bioavailability. Journal of Pharmacokinetics and
    Biopharmaceutics 1987;15:657-680.

    Checked against statsmodels (ttost_paired) and scipy.stats.ttest_rel.
    """
    x, y = checked_pairs(left, right, "a difference of level")
    if not margin > 0:
        raise ValueError("the margin must be above 0")
    d = x - y
    pairs = len(d)
    mean, error = float(d.mean()), float(d.std(ddof=1)) / math.sqrt(pairs)

    def above(bound: float) -> float:
        """p of the mean lying no higher than this bound."""
        if error == 0:
            return 0.5 if mean == bound else float(mean < bound)
        return float(stats.t.sf((mean - bound) / error, pairs - 1))

    def within(level: float) -> Interval:
        half = float(stats.t.ppf((1 + level) / 2, pairs - 1)) * error
        return Interval(mean - half, mean + half, level)

    p_value = min(1.0, 2 * min(above(0.0), 1 - above(0.0)))
    equivalence_p = max(above(-margin), 1 - above(margin))
    same, different = equivalence_p < SIGNIFICANT, p_value < SIGNIFICANT
    outcome = {
        (True, False): LevelOutcome.SAME,
        (True, True): LevelOutcome.SMALL,
        (False, True): LevelOutcome.DIFFERENT,
        (False, False): LevelOutcome.CANNOT_SAY,
    }[same, different]
    return LevelDifference(
        mean, within(0.95), within(0.9), p_value, equivalence_p, outcome, margin, pairs
    )


# --- Limits of agreement ---


def bland_altman(
    left: npt.ArrayLike,
    right: npt.ArrayLike,
    left_variance: npt.ArrayLike | None = None,
    right_variance: npt.ArrayLike | None = None,
    *,
    ceiling: float | None = CEILING,
) -> BlandAltman:
    """How far apart may two sources' figures for one provider be expected to lie?

    Parameters
    ----------
    left, right : arrays of equal length, one proportion (0-1) per provider, or any one unit; at
        least 10 pairs.
    left_variance, right_variance : arrays of sampling variances on the same scale, for a proportion
        p̃ (1 - p̃) / n_eff; None where they are not known.
    ceiling : the value from which there is hardly room above; None for a unit without one.

    Returns
    -------
    BlandAltman: bias with its t interval; limits of agreement, bias ± 1.96 SD, each with its exact
    interval; how much of the scatter few answers alone would give, and the limits without it; and
    whether the two sources spread differently.

    Notes
    -----
    Only for sources of one unit; level and ranking together. Differences go with means wherever one
    source spreads its providers more than the other, of necessity: it does not say that the bias grows.
    With fewer than 30 pairs the limits are rough. Near 100 % the limits can pass it.

    References
    ----------
    Bland JM, Altman DG. Statistical methods for assessing agreement between two methods of clinical
    measurement. Lancet 1986;327:307-310.
    Carkeet A. Exact parametric confidence intervals for Bland-Altman limits of agreement. Optometry
    and Vision Science 2015;92:e71-e80.
    Pitman EJG. A note on normal correlation. Biometrika 1939;31:9-12. Morgan WA. A test for the
    significance of the difference between two variances. Biometrika 1939;31:13-19.

    Checked against the peak flow data of the 1986 paper, and lm, cor.test and qt in R 4.2.2.
    """
    x, y = checked_pairs(left, right, "limits of agreement")
    pairs = len(x)
    d, m = x - y, (x + y) / 2
    bias, deviation = float(d.mean()), float(d.std(ddof=1))
    half = float(stats.t.ppf(0.975, pairs - 1)) * deviation / math.sqrt(pairs)
    near, far = _limit_factors(pairs)
    share, without = _noise(x, left_variance, right_variance, bias, deviation)
    spread_correlation, spread_p = _spreads(m, d)
    at_ceiling = None
    if ceiling is not None:
        at_ceiling = float((np.maximum(x, y) >= ceiling).mean())
    return BlandAltman(
        pairs=pairs,
        bias=bias,
        bias_interval=Interval(bias - half, bias + half),
        deviation=deviation,
        limits=Interval(bias - Z_95 * deviation, bias + Z_95 * deviation),
        low_interval=Interval(bias - far * deviation, bias - near * deviation),
        high_interval=Interval(bias + near * deviation, bias + far * deviation),
        noise_share=share,
        limits_without_noise=without,
        spread_correlation=spread_correlation,
        spread_p=spread_p,
        rough=pairs < ENOUGH_PAIRS,
        ceiling_share=at_ceiling,
    )


def _limit_factors(pairs: int) -> tuple[float, float]:
    """Between how many SDs from the bias a limit lies, with 95 % confidence."""
    root = math.sqrt(pairs)
    near, far = (
        float(stats.nct.ppf(share, pairs - 1, Z_95 * root)) / root for share in (0.025, 0.975)
    )
    if math.isfinite(near) and math.isfinite(far):
        return near, far
    half = Z_95 * math.sqrt(1 / pairs + Z_95**2 / (2 * (pairs - 1)))  # past the library's reach
    return Z_95 - half, Z_95 + half


def _noise(
    x: Floats,
    left_variance: npt.ArrayLike | None,
    right_variance: npt.ArrayLike | None,
    bias: float,
    deviation: float,
) -> tuple[float | None, Interval | None]:
    """The share of the scatter that is sampling noise, and the limits without it."""
    if left_variance is None or right_variance is None:
        return None, None
    v = np.asarray(left_variance, dtype=float) + np.asarray(right_variance, dtype=float)
    if v.shape != x.shape or not (v >= 0).all():
        raise ValueError("sampling variances must be one per provider, not missing, not negative")
    noise = float(v.mean())
    true = math.sqrt(max(0.0, deviation**2 - noise))
    share = min(1.0, noise / deviation**2) if deviation > 0 else 1.0
    return share, Interval(bias - Z_95 * true, bias + Z_95 * true)


def _spreads(mean: Floats, difference: Floats) -> tuple[float | None, float | None]:
    """The correlation of differences with means and its p; None where either is even but for rounding."""
    a, b = mean - mean.mean(), difference - difference.mean()
    xx, yy, xy = float(a @ a), float(b @ b), float(a @ b)
    largest = float(max(np.abs(mean).max(), np.abs(difference).max()))
    if min(xx, yy) <= len(a) * (_ROUNDING * largest) ** 2:
        return None, None
    r = max(-1.0, min(1.0, xy / math.sqrt(xx * yy)))
    t = math.inf if abs(r) == 1 else abs(r) * math.sqrt((len(a) - 2) / (1 - r * r))
    return r, float(2 * stats.t.sf(t, len(a) - 2))


# --- Lines ---


def deming(left: npt.ArrayLike, right: npt.ArrayLike, error_ratio: float) -> Line | None:
    """Which line turns one source's figure into the other's, when both have noise?

    Parameters
    ----------
    left, right : arrays of equal length, one value per provider, in one unit; at least 10 pairs.
    error_ratio : the mean sampling variance of left over that of right; known, not guessed.

    Returns
    -------
    Line, right on left, with jackknife standard errors and t intervals of n - 2 degrees of freedom;
    None where the sources are not correlated at all.

    Notes
    -----
    Takes all scatter about the line for sampling noise. Sources nearly always differ beyond that:
    prefer `structural_line` then.

    References
    ----------
    Deming WE. Statistical Adjustment of Data. Wiley, 1943.
    Linnet K. Estimation of the linear relationship between the measurements of two methods with
    proportional errors. Statistics in Medicine 1990;9:1463-1473 (the jackknife).

    Checked against the worked example of NCSS, chapter 303, and prcomp in R 4.2.2.
    """
    x, y = checked_pairs(left, right, "a line")
    if not (error_ratio > 0 and math.isfinite(error_ratio)):
        raise ValueError("the error ratio must be above 0")
    n = len(x)
    a, b = x - x.mean(), y - y.mean()
    u, q, p = float(a @ a), float(b @ b), float(a @ b)
    slope = float(_deming_slope(np.array([u]), np.array([q]), np.array([p]), error_ratio)[0])
    if math.isnan(slope):
        return None
    intercept = float(y.mean() - slope * x.mean())
    # sums of squares without each provider in turn, in closed form
    shrink = n / (n - 1)
    slopes = _deming_slope(u - shrink * a * a, q - shrink * b * b, p - shrink * a * b, error_ratio)
    intercepts = (y.mean() - b / (n - 1)) - slopes * (x.mean() - a / (n - 1))
    if np.isnan(slopes).any():
        return Line(slope, intercept)
    times = float(stats.t.ppf(0.975, n - 2))
    slope_error, intercept_error = (
        math.sqrt((n - 1) / n * float(((values - values.mean()) ** 2).sum()))
        for values in (slopes, intercepts)
    )
    return Line(
        slope=slope,
        intercept=intercept,
        slope_error=slope_error,
        intercept_error=intercept_error,
        slope_interval=Interval(slope - times * slope_error, slope + times * slope_error),
        intercept_interval=Interval(
            intercept - times * intercept_error, intercept + times * intercept_error
        ),
    )


def _deming_slope(u: Floats, q: Floats, p: Floats, ratio: float) -> Floats:
    """The slope from sums of squares and products; NaN where there is no correlation at all."""
    gap = ratio * q - u
    root = np.sqrt(gap**2 + 4 * ratio * p**2)
    slopes = np.full(np.shape(p), np.nan)
    # the plain formula takes two nearly equal numbers from each other where gap < 0, and its other form
    # where gap > 0: each is worked out where it holds alone
    np.divide(gap + root, 2 * ratio * p, out=slopes, where=(p != 0) & (gap >= 0))
    np.divide(2 * p, root - gap, out=slopes, where=(p != 0) & (gap < 0))
    return slopes


def structural_line(
    left_centre: float,
    left_deviation: float,
    right_centre: float,
    right_deviation: float,
    correlation: float,
) -> Line | None:
    """Which line joins the true values of two sources that also differ beyond noise?

    Parameters
    ----------
    left_centre, right_centre : centres of the two sources on the test scale.
    left_deviation, right_deviation : their true standard deviations between providers.
    correlation : the underlying correlation; only its sign is used.

    Returns
    -------
    Line of right on left through the centres, with slope ± right SD / left SD; None where the
    correlation is 0 or a source tells nobody apart.

    Notes
    -----
    Treats both sources alike: the line of left on right is the same line. It is no prediction, which
    would be flatter.

    References
    ----------
    Kermack KA, Haldane JBS. Organic correlation and allometry. Biometrika 1950;37:30-41.
    Fuller WA. Measurement Error Models. Wiley, 1987, section 1.3.
    """
    if not -1 <= correlation <= 1 or left_deviation < 0 or right_deviation < 0:
        raise ValueError("a correlation lies between -1 and 1, a deviation is not negative")
    if correlation == 0 or left_deviation == 0 or right_deviation == 0:
        return None
    slope = math.copysign(right_deviation / left_deviation, correlation)
    return Line(slope, right_centre - slope * left_centre)


# --- One figure for level and ranking together ---


def concordance(left: npt.ArrayLike, right: npt.ArrayLike) -> Concordance:
    """How near do two sources come to giving every provider the very same figure?

    Parameters
    ----------
    left, right : arrays of equal length, one value per provider, in one unit; at least 10 pairs.

    Returns
    -------
    Concordance: Lin's coefficient (moments over n) with the 95 % interval of its Fisher transform,
    and its two parts: correlation, and accuracy of level and spread.

    Notes
    -----
    Level and ranking together; never for a score against a percentage. Depends on how much the
    providers differ, and is drawn down by few answers.

    References
    ----------
    Lin LI-K. A concordance correlation coefficient to evaluate reproducibility. Biometrics
    1989;45:255-268; with the correction of the variance in Biometrics 2000;56:324-325.

    Checked against epi.ccc of epiR 2.0.57 in R.
    """
    x, y = checked_pairs(left, right, "a concordance")
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise TooFewPairs("One source gives every provider the same value.")
    n = len(x)
    s1, s2 = float(x.std()), float(y.std())
    cross = float(((x - x.mean()) * (y - y.mean())).mean())
    gap = float(x.mean() - y.mean())
    estimate = max(-1.0, min(1.0, 2 * cross / (s1**2 + s2**2 + gap**2)))
    r = max(-1.0, min(1.0, cross / (s1 * s2)))
    shift = gap / math.sqrt(s1 * s2)
    accuracy = 2 / (s1 / s2 + s2 / s1 + shift**2)
    interval = None
    if abs(r) > 1e-12 and abs(estimate) < 1 - 1e-12:
        c2 = estimate**2
        variance = (
            (1 - r**2) * c2 * (1 - c2) / r**2
            + 2 * estimate**3 * (1 - estimate) * shift**2 / r
            - 0.5 * c2**2 * shift**4 / r**2
        ) / ((n - 2) * (1 - c2) ** 2)
        half, centre = Z_95 * math.sqrt(max(0.0, variance)), math.atanh(estimate)
        interval = Interval(math.tanh(centre - half), math.tanh(centre + half))
    return Concordance(estimate, interval, r, accuracy, s1 / s2, shift, n)


def icc_agreement(values: npt.ArrayLike, *, fewest: int = MINIMUM_PAIRS) -> IntraclassCorrelation:
    """What share of all variance is between providers, when sources should give the same figure?

    Parameters
    ----------
    values : array (providers, sources), in one unit, none missing; two or more sources.
    fewest : providers it takes; fewer than 10 only to check against textbooks.

    Returns
    -------
    IntraclassCorrelation ICC(A,1), two-way, single measures, with McGraw and Wong's 95 % interval.

    Notes
    -----
    Differences of level count against agreement: only for sources of one unit, and not the headline
    where sources have unequal numbers of answers, which it takes for disagreement. An estimate
    under -1, possible with few providers, is given as -1. Of a negative one McGraw and Wong's degrees of
    freedom can come to next to nothing, and their interval leaves the estimate out: it then has those of
    an estimate of 0.

    References
    ----------
    McGraw KO, Wong SP. Forming inferences about some intraclass correlation coefficients.
    Psychological Methods 1996;1:30-46 (case 2A, table 7; the correction on page 390).
    Shrout PE, Fleiss JL. Intraclass correlations: uses in assessing rater reliability.
    Psychological Bulletin 1979;86:420-428 (there called ICC(2,1)).

    Checked against the table of Shrout and Fleiss, ICC of psych 2.2.9 in R, and pingouin 0.7.0.
    """
    rows, columns, rest, n, k = _mean_squares(values, fewest)
    estimate = (rows - rest) / (rows + (k - 1) * rest + k / n * (columns - rest))
    interval = None
    if estimate < 1 - 1e-12:

        def around(share: float) -> Interval:
            a = k * share / (n * (1 - share))
            b = 1 + k * share * (n - 1) / (n * (1 - share))
            degrees = (a * columns + b * rest) ** 2 / (
                (a * columns) ** 2 / (k - 1) + (b * rest) ** 2 / ((n - 1) * (k - 1))
            )
            upper = float(stats.f.ppf(0.975, n - 1, degrees))
            lower = float(stats.f.ppf(0.975, degrees, n - 1))
            scaled = k * columns + (k * n - k - n) * rest
            low = n * (rows - upper * rest) / (upper * scaled + n * rows)
            high = n * (lower * rows - rest) / (scaled + n * lower * rows)
            return Interval(*(max(-1.0, min(1.0, end)) for end in (low, high)))

        interval = around(estimate)
        if not interval.low <= max(-1.0, estimate) <= interval.high:
            interval = around(0.0)
    return IntraclassCorrelation("ICC(A,1)", max(-1.0, min(1.0, estimate)), interval, n, k)


def icc_consistency(values: npt.ArrayLike, *, fewest: int = MINIMUM_PAIRS) -> IntraclassCorrelation:
    """What share of variance is between providers, once each source's general level is set aside?

    Parameters
    ----------
    values : array (providers, sources), none missing; one unit, or peer SDs; two or more sources.
    fewest : providers it takes; fewer than 10 only to check against textbooks.

    Returns
    -------
    IntraclassCorrelation ICC(C,1), two-way, single measures, with its 95 % F interval.

    Notes
    -----
    A source that is always rosier by the same amount agrees fully. Like every raw figure it is drawn
    down by few answers.

    References
    ----------
    McGraw KO, Wong SP. Forming inferences about some intraclass correlation coefficients.
    Psychological Methods 1996;1:30-46 (case 2).
    Shrout PE, Fleiss JL. Intraclass correlations: uses in assessing rater reliability.
    Psychological Bulletin 1979;86:420-428 (there called ICC(3,1)).

    Checked against the table of Shrout and Fleiss, ICC of psych 2.2.9 in R, and pingouin 0.7.0.
    """
    rows, _, rest, n, k = _mean_squares(values, fewest)
    estimate = min(1.0, (rows - rest) / (rows + (k - 1) * rest))
    interval = None
    if estimate < 1 - 1e-12:
        ratio, low, high = rows / rest, n - 1, (n - 1) * (k - 1)
        least = ratio / float(stats.f.ppf(0.975, low, high))
        most = ratio * float(stats.f.ppf(0.975, high, low))
        interval = Interval((least - 1) / (least + k - 1), (most - 1) / (most + k - 1))
    return IntraclassCorrelation("ICC(C,1)", estimate, interval, n, k)


def _mean_squares(values: npt.ArrayLike, fewest: int) -> tuple[float, float, float, int, int]:
    """Mean squares of providers, sources and the rest, and how many of each there are."""
    table = checked_table(values, fewest=fewest)
    n, k = table.shape
    mean = table.mean()
    by_provider, by_source = table.mean(axis=1), table.mean(axis=0)
    rest = table - by_provider[:, None] - by_source + mean
    rows = k * float(((by_provider - mean) ** 2).sum()) / (n - 1)
    columns = n * float(((by_source - mean) ** 2).sum()) / (k - 1)
    error = float((rest**2).sum()) / ((n - 1) * (k - 1))
    if rows + error <= (_ROUNDING * float(np.abs(table).max())) ** 2:
        raise TooFewPairs("The sources show no differences between providers.")
    return rows, columns, error, n, k
