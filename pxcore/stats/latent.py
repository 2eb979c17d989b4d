"""The agreement of two sources with the noise of few answers taken out of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import stats

from pxcore.stats.binomial_normal import BinomialNormal, Fit, Shares
from pxcore.stats.intervals import Z_95, Floats, Interval
from pxcore.stats.latent_model import FURTHEST, Loss, Model, Place, profile
from pxcore.stats.remembered import remembered
from pxcore.stats.scale import proportion_at
from pxcore.stats.spread import Spread

FEWEST_PAIRS = 20
FEWEST_AREAS = 6  # under this nothing is known of how areas differ
FEWEST_IN_AREA = 5  # providers, for their mean to be taken away
LEAST_RELIABILITY = 0.3  # mean share of true difference in a source; under it nothing is estimated
AT_LIMIT = 0.999
_HALF_CHI_SQUARE = 1.9207294103470632  # half the 95th percentile of chi-square with 1 degree
_NO_DIFFERENCE = 1e-5  # of the variance observed: a true spread that small is none


class Estimability(StrEnum):
    """Whether an underlying agreement could be worked out."""

    ESTIMATED = "estimated"
    AT_LIMIT = "at the upper limit"
    AT_LOWER_LIMIT = "at the lower limit"
    NOT_ESTIMABLE = "cannot be estimated"


@dataclass(frozen=True, slots=True)
class LatentCorrelation:
    """The correlation of two sources' true values, with its interval, or why there is none."""

    state: Estimability
    reason: str  # why there is no estimate; empty where there is one, or it is at a limit
    estimate: float | None  # None unless estimated
    interval: Interval | None  # at a limit only its other end is meant
    pairs: int
    p_value: float | None  # of no underlying correlation at all
    left_variance: float  # between providers, noise removed, by the same model
    right_variance: float
    left_centre: float
    right_centre: float
    areas: int = 0  # whose differences the range allows for; 0 where it takes all for independent

    @property
    def nearest(self) -> float | None:
        """The estimate; at a limit, 1 or -1; None where nothing can be estimated."""
        limits = {Estimability.AT_LIMIT: 1.0, Estimability.AT_LOWER_LIMIT: -1.0}
        return limits.get(self.state, self.estimate)


def limit_within(low: float, high: float) -> float:
    """Which limit an estimate is at whose interval this is: 1 or, of opposite sources, -1."""
    return 1.0 if high >= -low else -1.0


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


@remembered
def latent_correlation(
    left: npt.ArrayLike,
    left_variance: npt.ArrayLike,
    right: npt.ArrayLike,
    right_variance: npt.ArrayLike,
    *,
    left_spread: Spread,
    right_spread: Spread,
    percentages: tuple[Shares, Shares] | None = None,
    areas: npt.ArrayLike | None = None,
    levels: int = 1,
) -> LatentCorrelation:
    """How alike would the two sources rank providers if everybody had answered?

    Parameters
    ----------
    left, right : arrays of equal length, one value a provider on the test scale (logit for
        percentages), none missing.
    left_variance, right_variance : arrays of their sampling variances.
    left_spread, right_spread : the spread of each source in the whole peer group; they decide
        whether anything can be estimated.
    percentages : both sources' percentages, where both are: their answers then have the binomial's own
        likelihood. None where a source gives only a score, or a change.
    areas : the area of each provider, where its range is to hold though areas differ; "" where a
        provider's is not known, which is then taken to be alone. None, or fewer than 6 areas: providers
        are taken to be independent of each other.
    levels : how many levels were taken away from the values first, each at the cost of a degree of
        freedom.

    Returns
    -------
    LatentCorrelation. Not estimated with fewer than 20 pairs, where a source shows no true
    difference between providers (in the peer group or in these pairs), where on average less than
    0.3 of it is true difference, or where every correlation fits. An estimate beyond 0.999 is given
    as “at the upper limit”, with the lower end of its range alone; of opposite sources as “at the
    lower limit”, with the upper end.

    Notes
    -----
    Bivariate normal true values. Percentages: binomial answers about them, by maximum likelihood; few
    answers near 100 % have no normal error, and one that is estimated with the value it belongs to
    makes agreement .02 to .05 too high. Scores: known, normal sampling errors, by restricted maximum
    likelihood. Errors of the two sources are independent, which is false where the same people answer
    both. The interval is by profile likelihood; of maximum likelihood a hundred and fiftieth wider,
    where 150 are compared, as a degree of freedom goes to the mean. Not robust: a few contradictions
    pull it down.

    Providers of one area share what makes the area differ, and are worth fewer than they are: with an
    intra-class correlation of .4 an interval that does not know held the truth 7 times in 10. The drop
    in likelihood allowed is then larger by the variance of the correlation between areas over that of
    independent providers, never smaller, and by Student's t with a degree of freedom less than there
    are areas. That variance is Bell and McCaffrey's; of scores the jackknife's, each area left out.

    References
    ----------
    van Houwelingen HC, Arends LR, Stijnen T. Advanced methods in meta-analysis: multivariate
    approach and meta-regression. Statistics in Medicine 2002;21:589-624.
    Stijnen T, Hamza TH, Ozdemir P. Random effects meta-analysis of event outcome in the framework of the
    generalized linear mixed model. Statistics in Medicine 2010;29:3046-3067 (the binomial-normal model).
    Spearman C. The proof and measurement of association between two things. American Journal of
    Psychology 1904;15:72-101 (correction for attenuation).
    Bell RM, McCaffrey DF. Bias reduction in standard errors for linear regression with multi-stage
    samples. Survey Methodology 2002;28:169-181.
    Rotnitzky A, Jewell NP. Hypothesis testing of regression parameters in semiparametric generalized
    linear models for cluster correlated data. Biometrika 1990;77:485-497 (adjusted likelihood).

    Checked against metafor (rma.mv, unstructured, REML) in R; of percentages against brute force, and in
    the calibration study.
    """
    y1, y2 = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    v1, v2 = np.asarray(left_variance, dtype=float), np.asarray(right_variance, dtype=float)
    if y1.ndim != 1 or not y1.shape == v1.shape == y2.shape == v2.shape:
        raise ValueError("left, right and their variances must be arrays of equal length")
    if np.isnan(y1).any() or np.isnan(y2).any() or not ((v1 > 0) & (v2 > 0)).all():
        raise ValueError("values must not be missing and variances must be above 0")
    pairs = len(y1)
    reason = _not_estimable(pairs, left_spread, right_spread)
    if reason:
        return _without(reason, pairs, left_spread, right_spread)
    scale1, scale2 = float(y1.std()), float(y2.std())
    if scale1 == 0 or scale2 == 0:
        return _without(
            "one source gives every provider the same value", pairs, left_spread, right_spread
        )
    model = Model(y1 / scale1, v1 / scale1**2, y2 / scale2, v2 / scale2**2)
    moments = (
        left_spread.variance / scale1**2,
        right_spread.variance / scale2**2,
        float(np.corrcoef(y1, y2)[0, 1]),
    )
    best = model.fit(moments)
    members = _members(areas)
    allowed = _HALF_CHI_SQUARE * (pairs - 1) / (pairs - levels)
    fitted = (
        _by_reml(model, best, (scale1, scale2), members, allowed)
        if percentages is None
        else _by_counts(model, best, (scale1, scale2), percentages, members, allowed)
    )
    if min(fitted.variances[0] / scale1**2, fitted.variances[1] / scale2**2) < _NO_DIFFERENCE:
        return _without(_NONE_LEFT, pairs, left_spread, right_spread)
    if fitted.interval.low <= -1 and fitted.interval.high >= 1:
        return _without(_ANYTHING, pairs, left_spread, right_spread)
    estimate = fitted.correlation
    state = Estimability.ESTIMATED
    if abs(estimate) > AT_LIMIT:
        state = Estimability.AT_LIMIT if estimate > 0 else Estimability.AT_LOWER_LIMIT
    return LatentCorrelation(
        state=state,
        reason="",
        estimate=estimate if state is Estimability.ESTIMATED else None,
        interval=fitted.interval,
        pairs=pairs,
        p_value=float(stats.chi2.sf(max(0.0, 2 * fitted.above_none), 1)),
        left_variance=fitted.variances[0],
        right_variance=fitted.variances[1],
        left_centre=fitted.centres[0],
        right_centre=fitted.centres[1],
        areas=len(members),
    )


@dataclass(frozen=True, slots=True)
class _Fitted:
    """What a likelihood says of two sources."""

    correlation: float
    interval: Interval
    variances: tuple[float, float]
    centres: tuple[float, float]
    above_none: float  # log likelihood of the best correlation above that of none


Places = npt.NDArray[np.int64]


def _members(areas: npt.ArrayLike | None) -> list[Places]:
    """The places of the providers of each area; empty where areas are too few to tell how they differ."""
    if areas is None:
        return []
    names = np.asarray(areas, dtype=object)
    known = sorted(set(names) - {""})
    if len(known) < FEWEST_AREAS:
        return []
    alone = [np.array([place]) for place in np.flatnonzero(names == "")]
    return [np.flatnonzero(names == name) for name in known] + alone


def _widened(best: Place, pulls: Sequence[float]) -> float:
    """How many times as large a drop of likelihood the range allows, as areas differ: by how far each area
    pulls the correlation (Fisher's transform)."""
    if not pulls:
        return 1.0
    between = float(np.square(pulls).sum())
    independent = float(np.linalg.pinv(best.information)[-1, -1])
    return max(1.0, between / independent * (stats.t.ppf(0.975, len(pulls) - 1) / Z_95) ** 2)


def _by_reml(
    model: Model,
    best: Loss,
    scales: tuple[float, float],
    members: Sequence[Places],
    allowed: float,
) -> _Fitted:
    free = model.fit_from(best.at, restricted=False)
    tied = model.fit_at(0.0, best.at[:2], restricted=False)
    first, second = model.centres(best.at)
    t1, t2, fisher = best.at
    return _Fitted(
        math.tanh(fisher),
        profile(
            best,
            lambda at: model.fit_from(at, free=2),
            allowed * _widened(best, _pulls_left_out(model, best, members)),
        ),
        (math.exp(t1) * scales[0] ** 2, math.exp(t2) * scales[1] ** 2),
        (first * scales[0], second * scales[1]),
        tied.loss - free.loss,
    )


def _pulls_left_out(model: Model, best: Loss, members: Sequence[Places]) -> list[float]:
    """How far each area pulls the correlation: by leaving it out (the jackknife)."""
    without = []
    for area in members:
        kept = np.delete(np.arange(len(model.y1)), area)
        rest = Model(model.y1[kept], model.v1[kept], model.y2[kept], model.v2[kept])
        without.append(float(np.clip(rest.fit_from(best.at).at[2], -FURTHEST, FURTHEST)))
    share = math.sqrt(max(0, len(members) - 1) / max(1, len(members)))
    return [share * (place - float(np.mean(without))) for place in without]


def _pulls(best: Fit, percentages: tuple[Shares, Shares], members: Sequence[Places]) -> list[float]:
    """How far each area pulls the correlation: its slope at the best, enlarged for what it bent the fit."""
    pulls = []
    values, vectors = np.linalg.eigh(best.information)
    root = (vectors / np.sqrt(np.maximum(values, 1e-6 * values.max()))).T
    for area in members:
        own = BinomialNormal(*(source.of(area) for source in percentages)).point(best.at)
        share, turned = np.linalg.eigh(root @ own.information @ root.T)
        enlarged = turned @ (
            (turned.T @ (root @ own.gradient)) / np.sqrt(np.maximum(0.05, 1 - share))
        )
        pulls.append(float((root.T @ enlarged)[4]))
    return pulls


def _by_counts(
    model: Model,
    near: Loss,
    scales: tuple[float, float],
    percentages: tuple[Shares, Shares],
    members: Sequence[Places],
    allowed: float,
) -> _Fitted:
    """By the answers' own likelihood, begun where that of normal errors is best."""
    counts = BinomialNormal(*percentages)
    means = [mean * scale for mean, scale in zip(model.centres(near.at), scales, strict=True)]
    logs = np.maximum(near.at[:2], -4.0) + 2 * np.log(scales)
    best = counts.fit([*means, *logs, max(-2.0, min(2.0, near.at[2]))])
    tied = counts.fit([*best.at[:4], 0.0], free=4)
    pairs = len(percentages[0].share)
    allowed *= pairs / (pairs - 1) * _widened(best, _pulls(best, percentages, members))
    return _Fitted(
        math.tanh(best.at[4]),
        profile(best, lambda at: counts.fit(at, free=4), allowed),
        (math.exp(best.at[2]), math.exp(best.at[3])),
        (float(best.at[0]), float(best.at[1])),
        tied.loss - best.loss,
    )


def area_levels(
    value: npt.ArrayLike, variance: npt.ArrayLike, areas: npt.ArrayLike, spread: Spread
) -> Floats:
    """How far does the area of each provider stand from all, in one source?

    Parameters
    ----------
    value, variance : arrays of equal length, one a provider, on the test scale.
    areas : the area of each.
    spread : of the source; its true variance weighs providers of few answers.

    Returns
    -------
    Array: the weighted mean of the area's providers less the centre. Taken away from the values it leaves
    what differs within areas. NaN where an area has fewer than 5 providers, or none is known.

    References
    ----------
    Neuhaus JM, Kalbfleisch JD. Between- and within-cluster covariate effects in the analysis of clustered
    data. Biometrics 1998;54:638-645.
    """
    y, names = np.asarray(value, dtype=float), np.asarray(areas, dtype=object)
    weight = 1 / (np.asarray(variance, dtype=float) + spread.variance)
    levels = np.full(len(y), np.nan)
    for name in sorted(set(names) - {""}):
        inside = names == name
        if int(inside.sum()) >= FEWEST_IN_AREA:
            levels[inside] = np.average(y[inside], weights=weight[inside]) - spread.centre
    return levels


_NONE_LEFT = "a source shows no difference between providers beyond chance"
_ANYTHING = "these figures fit any underlying agreement, from none to perfect to its opposite"


def _not_estimable(pairs: int, left: Spread, right: Spread) -> str:
    if pairs < FEWEST_PAIRS:
        return f"{pairs} pairs are too few; it takes {FEWEST_PAIRS}"
    if left.variance == 0 or right.variance == 0:
        return _NONE_LEFT
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


def pearson_ceiling(
    latent: LatentCorrelation, left_variance: npt.ArrayLike, right_variance: npt.ArrayLike
) -> float:
    """What the raw correlation of two perfect mirrors would be about; for `detectable_correlation`.

    Parameters
    ----------
    latent : of the same providers; its variances are used.
    left_variance, right_variance : arrays of sampling variances.

    Returns
    -------
    The geometric mean of the two mean reliabilities, 0-1. To print what two perfect mirrors would
    show, take `expected_spearman`, which knows ties and ceilings.

    References
    ----------
    Spearman C. The proof and measurement of association between two things. American Journal of
    Psychology 1904;15:72-101.
    """

    def reliability(between: float, noise: npt.ArrayLike) -> float:
        return float((between / (between + np.asarray(noise, dtype=float))).mean())

    left = reliability(latent.left_variance, left_variance)
    return math.sqrt(left * reliability(latent.right_variance, right_variance))


# --- What a coefficient would show, were the truth known ---


@remembered
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
    a = stats.rankdata(first, axis=1)
    b = stats.rankdata(second, axis=1)
    a = a - a.mean(axis=1, keepdims=True)
    b = b - b.mean(axis=1, keepdims=True)
    size = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    out = np.full(len(size), np.nan)
    return np.asarray(np.divide((a * b).sum(axis=1), size, out=out, where=size > 0))


def most_influential(left: npt.ArrayLike, right: npt.ArrayLike, count: int = 3) -> Floats:
    """Which providers, taken out one at a time, move the raw rank correlation most?

    Parameters
    ----------
    left, right : arrays of equal length, as published.
    count : how many to name.

    Returns
    -------
    Array of shape (count, 2): place in the arrays, and the change of the coefficient without it,
    largest first.

    Notes
    -----
    A closed form without new ranks finds the candidates; only they are truly taken out.

    Checked against taking out every provider in turn.
    """
    left_ranks, right_ranks = stats.rankdata(np.asarray(left)), stats.rankdata(np.asarray(right))
    n = len(left_ranks)
    a, b = left_ranks - left_ranks.mean(), right_ranks - right_ranks.mean()
    whole = _cosine(a, b)
    # a centred product without one point, in closed form
    shrink = n / (n - 1)
    cross = (a * b).sum() - shrink * a * b
    size = np.sqrt(np.maximum(0.0, ((a**2).sum() - shrink * a**2) * ((b**2).sum() - shrink * b**2)))
    rough = np.divide(cross, size, out=np.zeros(n), where=size > 1e-9) - whole
    candidates = np.argsort(-np.abs(rough), kind="stable")[: 10 * count]
    change = np.empty(len(candidates))
    for at, place in enumerate(candidates):
        rest_a, rest_b = (
            stats.rankdata(np.delete(ranks, place)) for ranks in (left_ranks, right_ranks)
        )
        change[at] = _cosine(rest_a - rest_a.mean(), rest_b - rest_b.mean()) - whole
    first = np.argsort(-np.abs(change), kind="stable")[:count]
    return np.column_stack([candidates[first].astype(float), change[first]])


def _cosine(a: Floats, b: Floats) -> float:
    """The correlation of two centred arrays; 0 where one has no spread."""
    size = math.sqrt(float(a @ a) * float(b @ b))
    return float(a @ b) / size if size > 0 else 0.0


class Strength(StrEnum):
    """How strong an underlying agreement is."""

    STRONG = "strong"
    MODERATE = "moderate or better"
    POSITIVE = "positive, strength uncertain"
    OPPOSITE = "opposite"
    LITTLE = "little or none"
    UNKNOWN = "these data cannot say"
    NOT_ESTIMABLE = "cannot be estimated"


def strength(latent: LatentCorrelation) -> Strength:
    """The strength of an underlying agreement, chosen by its interval and never by its estimate."""
    if latent.interval is None:
        return Strength.NOT_ESTIMABLE
    low, high = latent.interval.low, latent.interval.high
    if low >= 0.7:
        return Strength.STRONG
    if low >= 0.4:
        return Strength.MODERATE
    if low > 0:
        return Strength.POSITIVE
    if high < 0:
        return Strength.OPPOSITE
    if low > -0.3 and high < 0.3:
        return Strength.LITTLE
    return Strength.UNKNOWN
