"""The agreement of two sources with the noise of few answers taken out of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from pxcore.stats.intervals import Floats, Interval
from pxcore.stats.scale import proportion_at
from pxcore.stats.spread import Spread

FEWEST_PAIRS = 20
LEAST_RELIABILITY = 0.3  # mean share of true difference in a source; under it nothing is estimated
AT_LIMIT = 0.999
_HALF_CHI_SQUARE = 1.9207294103470632  # half the 95th percentile of chi-square with 1 degree
_FURTHEST = 4.5  # of atanh rho: a correlation of 0.9998


class Estimability(StrEnum):
    """Whether an underlying agreement could be worked out."""

    ESTIMATED = "estimated"
    AT_LIMIT = "at the upper limit"
    NOT_ESTIMABLE = "cannot be estimated"


@dataclass(frozen=True, slots=True)
class LatentCorrelation:
    """The correlation of two sources' true values, with its interval, or why there is none."""

    state: Estimability
    reason: str  # why it cannot be estimated
    estimate: float | None  # None unless estimated
    interval: Interval | None  # at the upper limit only its lower end is meant
    pairs: int
    p_value: float | None  # of no underlying correlation at all
    left_variance: float  # between providers, noise removed, by the same model
    right_variance: float
    left_centre: float
    right_centre: float


@dataclass(frozen=True, slots=True)
class Margin:
    """What a simulation needs of one source: its centre, true SD and the noise of each provider."""

    centre: float
    deviation: float
    variance: Floats  # sampling variances on the test scale; used where there are no counts
    effective: Floats | None  # effective numbers of answers of a percentage; None for a score


@dataclass(frozen=True, slots=True)
class Expected:
    """What a coefficient would be in repeated draws from a known truth."""

    mean: float
    low: float  # 2.5th percentile of the draws
    high: float
    draws: int


def latent_correlation(
    left: npt.ArrayLike,
    left_variance: npt.ArrayLike,
    right: npt.ArrayLike,
    right_variance: npt.ArrayLike,
    *,
    left_spread: Spread,
    right_spread: Spread,
) -> LatentCorrelation:
    """How alike would the two sources rank providers if everybody had answered?

    Parameters
    ----------
    left, right : arrays of equal length, one value a provider on the test scale (logit for
        percentages), none missing.
    left_variance, right_variance : arrays of their sampling variances.
    left_spread, right_spread : the spread of each source in the whole peer group; they decide
        whether anything can be estimated.

    Returns
    -------
    LatentCorrelation. Not estimated with fewer than 20 pairs, where a source shows no true
    difference between providers, or where on average less than 0.3 of it is true difference. An
    estimate beyond 0.999 is given as “at the upper limit”, with the lower end of its range alone.

    Notes
    -----
    Bivariate normal true values plus known, independent sampling errors, by restricted maximum
    likelihood; the interval by profile likelihood. The errors are not independent where the same
    people answer both sources. It is not robust: a few contradictions pull it down.

    References
    ----------
    van Houwelingen HC, Arends LR, Stijnen T. Advanced methods in meta-analysis: multivariate
    approach and meta-regression. Statistics in Medicine 2002;21:589-624.
    Spearman C. The proof and measurement of association between two things. American Journal of
    Psychology 1904;15:72-101 (correction for attenuation).

    Checked against metafor (rma.mv, unstructured, REML) in R.
    """
    y1, y2 = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    v1, v2 = np.asarray(left_variance, dtype=float), np.asarray(right_variance, dtype=float)
    pairs = len(y1)
    reason = _not_estimable(pairs, left_spread, right_spread)
    if reason:
        return _without(reason, pairs, left_spread, right_spread)
    scale1, scale2 = float(y1.std()), float(y2.std())
    if scale1 == 0 or scale2 == 0:
        return _without(
            "one source gives every provider the same value", pairs, left_spread, right_spread
        )
    model = _Model(y1 / scale1, v1 / scale1**2, y2 / scale2, v2 / scale2**2)
    moments = (
        left_spread.variance / scale1**2,
        right_spread.variance / scale2**2,
        float(np.corrcoef(y1, y2)[0, 1]),
    )
    best = model.fit(model.restricted, moments)
    fisher = best.x[2]
    interval = _profile(model, best)
    free, tied = model.fit(model.full, moments), model.fit_at(model.full, 0.0, best.x[:2])
    chance = float(stats.chi2.sf(max(0.0, 2 * (tied.fun - free.fun)), 1))
    estimate = math.tanh(fisher)
    centres = model.centres(best.x)
    limit = abs(estimate) > AT_LIMIT
    return LatentCorrelation(
        state=Estimability.AT_LIMIT if limit else Estimability.ESTIMATED,
        reason="",
        estimate=None if limit else estimate,
        interval=interval,
        pairs=pairs,
        p_value=chance,
        left_variance=math.exp(best.x[0]) * scale1**2,
        right_variance=math.exp(best.x[1]) * scale2**2,
        left_centre=centres[0] * scale1,
        right_centre=centres[1] * scale2,
    )


def _not_estimable(pairs: int, left: Spread, right: Spread) -> str:
    if pairs < FEWEST_PAIRS:
        return f"{pairs} pairs are too few; it takes {FEWEST_PAIRS}"
    if left.variance == 0 or right.variance == 0:
        return "a source shows no difference between providers beyond chance"
    if min(left.mean_reliability, right.mean_reliability) < LEAST_RELIABILITY:
        return "what a source shows between providers is mostly chance, with so few answers each"
    return ""


def _without(reason: str, pairs: int, left: Spread, right: Spread) -> LatentCorrelation:
    return LatentCorrelation(
        Estimability.NOT_ESTIMABLE,
        reason,
        None,
        None,
        pairs,
        None,
        left.variance,
        right.variance,
        left.centre,
        right.centre,
    )


class _Model:
    """The likelihood of two variances and a correlation; the two means are profiled out."""

    def __init__(self, y1: Floats, v1: Floats, y2: Floats, v2: Floats) -> None:
        self.y1, self.v1, self.y2, self.v2 = y1, v1, y2, v2

    def _parts(self, at: npt.ArrayLike) -> tuple[float, float, float]:
        """Sum of log determinants, log determinant of the means' information, quadratic form."""
        log1, log2, fisher = np.asarray(at, dtype=float)
        t1, t2 = math.exp(log1), math.exp(log2)
        c = math.tanh(fisher) * math.sqrt(t1 * t2)
        s1, s2 = self.v1 + t1, self.v2 + t2
        determinant = s1 * s2 - c * c
        a, b = s2 / determinant, s1 / determinant
        off = -c / determinant
        a11, a22, a12 = a.sum(), b.sum(), off.sum()
        b1 = float(a @ self.y1 + off @ self.y2)
        b2 = float(off @ self.y1 + b @ self.y2)
        information = float(a11 * a22 - a12 * a12)
        m1 = (a22 * b1 - a12 * b2) / information
        m2 = (a11 * b2 - a12 * b1) / information
        e1, e2 = self.y1 - m1, self.y2 - m2
        form = float(a @ (e1 * e1) + 2 * (off @ (e1 * e2)) + b @ (e2 * e2))
        self._means = (float(m1), float(m2))
        return float(np.log(determinant).sum()), math.log(information), form

    def restricted(self, at: npt.ArrayLike) -> float:
        determinants, information, form = self._parts(at)
        return 0.5 * (determinants + information + form)

    def full(self, at: npt.ArrayLike) -> float:
        determinants, _, form = self._parts(at)
        return 0.5 * (determinants + form)

    def centres(self, at: npt.ArrayLike) -> tuple[float, float]:
        self._parts(at)
        return self._means

    def fit(
        self, loss: Callable[[npt.ArrayLike], float], moments: tuple[float, float, float]
    ) -> optimize.OptimizeResult:
        """The best of three starts: the moments' correlation, none, and a strong one."""
        first = math.atanh(max(-0.95, min(0.95, moments[2])))
        logs = [math.log(max(one, 1e-3)) for one in moments[:2]]
        found = [
            optimize.minimize(
                loss, [*logs, start], method="L-BFGS-B", bounds=_BOUNDS, options={"ftol": 1e-13}
            )
            for start in (first, 0.0, math.atanh(0.9))
        ]
        return min(found, key=lambda one: float(one.fun))

    def fit_at(
        self, loss: Callable[[npt.ArrayLike], float], fisher: float, start: Floats
    ) -> optimize.OptimizeResult:
        found: optimize.OptimizeResult = optimize.minimize(
            lambda logs: loss([*logs, fisher]),
            [float(one) for one in start],
            method="L-BFGS-B",
            bounds=_BOUNDS[:2],
            options={"ftol": 1e-13},
        )
        return found


_BOUNDS = [(math.log(1e-6), math.log(1e2))] * 2 + [(-_FURTHEST, _FURTHEST)]


def _profile(model: _Model, best: optimize.OptimizeResult) -> Interval:
    """The correlations whose restricted likelihood is within 1.92 of the best; ends clipped."""
    logs = {"at": np.asarray(best.x[:2])}

    def beyond(fisher: float) -> float:
        found = model.fit_at(model.restricted, fisher, logs["at"])
        logs["at"] = found.x
        return float(found.fun - best.fun) - _HALF_CHI_SQUARE

    def end(direction: int) -> float:
        inner, step = float(best.x[2]), 0.25
        logs["at"] = np.asarray(best.x[:2])
        while abs(inner) < _FURTHEST or inner * direction < 0:
            outer = max(-_FURTHEST, min(_FURTHEST, inner + direction * step))
            if beyond(outer) >= 0:
                return math.tanh(float(optimize.brentq(beyond, inner, outer, xtol=1e-5)))
            inner, step = outer, step * 1.6
        return float(direction)

    return Interval(end(-1), end(1))


# --- What a coefficient would show, were the truth known ---


def expected_spearman(
    left: Margin, right: Margin, correlation: float, *, seed: int, draws: int = 1000
) -> Expected:
    """What raw rank correlation would these numbers of answers show, if the truth were known?

    Parameters
    ----------
    left, right : Margin of each source over the same providers.
    correlation : the true correlation; 1 for two perfect mirrors of one truth.
    seed : of the random draws.
    draws : how many imaginary data sets; fewer where there are many providers, whose coefficient
        hardly varies.

    Returns
    -------
    Expected: the mean and the middle 95 % of the coefficients.

    Notes
    -----
    Answers are drawn as counts at the effective number of answers and turned into percentages, so
    that ties and ceilings come out as they do in the files. Never “the highest possible”: a sample
    can show more.
    """
    count = len(left.variance)
    draws = max(200, min(draws, 1_000_000 // max(1, count)))
    random = np.random.default_rng(seed)
    shared = random.standard_normal((draws, count))
    own = random.standard_normal((draws, count))
    mixed = correlation * shared + math.sqrt(max(0.0, 1 - correlation**2)) * own
    first = _published(left, shared, random)
    second = _published(right, mixed, random)
    rho = _rank_correlations(first, second)
    rho = rho[~np.isnan(rho)]
    if not len(rho):
        return Expected(math.nan, math.nan, math.nan, 0)
    low, high = np.quantile(rho, [0.025, 0.975])
    return Expected(float(rho.mean()), float(low), float(high), draws)


def _published(margin: Margin, truth: Floats, random: np.random.Generator) -> Floats:
    """What a source would print: percentages of whole answers, or scores with normal error."""
    true = margin.centre + margin.deviation * truth
    if margin.effective is None:
        return np.asarray(true + np.sqrt(margin.variance) * random.standard_normal(true.shape))
    answers = np.maximum(1, np.rint(margin.effective)).astype(np.int64)
    return np.asarray(random.binomial(answers, proportion_at(true)) / answers)


def _rank_correlations(first: Floats, second: Floats) -> Floats:
    """Spearman's coefficient of each row of two tables, ties averaged; NaN without any order."""
    one = stats.rankdata(first, axis=1)
    other = stats.rankdata(second, axis=1)
    one = one - one.mean(axis=1, keepdims=True)
    other = other - other.mean(axis=1, keepdims=True)
    size = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    out = np.full(len(size), np.nan)
    return np.asarray(np.divide((one * other).sum(axis=1), size, out=out, where=size > 0))


def most_influential(left: npt.ArrayLike, right: npt.ArrayLike, count: int = 3) -> Floats:
    """Which providers, taken out one at a time, move the raw rank correlation most?

    Parameters
    ----------
    left, right : arrays of equal length, as published.
    count : how many to name.

    Returns
    -------
    Array of shape (count, 2): place in the arrays, and the change of the coefficient without it,
    largest first. Ranks are not worked out anew without the provider, which changes nothing that
    matters.
    """
    one, other = stats.rankdata(np.asarray(left)), stats.rankdata(np.asarray(right))
    n = len(one)
    a, b = one - one.mean(), other - other.mean()
    # a centred product without one point, in closed form
    shrink = n / (n - 1)
    cross = (a * b).sum() - shrink * a * b
    size = np.sqrt(((a**2).sum() - shrink * a**2) * ((b**2).sum() - shrink * b**2))
    without = np.divide(cross, size, out=np.zeros(n), where=size > 0)
    change = without - (a * b).sum() / math.sqrt((a**2).sum() * (b**2).sum())
    first = np.argsort(-np.abs(change), kind="stable")[:count]
    return np.column_stack([first.astype(float), change[first]])


def in_words(latent: LatentCorrelation) -> str:
    """The strength of an underlying agreement, chosen by its interval and never by its estimate."""
    if latent.interval is None:
        return "cannot be estimated"
    low, high = latent.interval.low, latent.interval.high
    if low >= 0.7:
        return "strong"
    if low >= 0.4:
        return "moderate or better"
    if low > 0:
        return "positive, strength uncertain"
    if high < 0:
        return "opposite"
    if low > -0.3 and high < 0.3:
        return "little or none"
    return "these data cannot say"
