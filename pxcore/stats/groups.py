"""Does it hold for every group? Each group against the others, and agreement between groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy import stats

from pxcore.stats.correlation import (
    MINIMUM_PAIRS,
    RESAMPLES,
    average_ranks,
    bonett_wright,
    rank_correlation_of_draws,
)
from pxcore.stats.intervals import Z_95, Floats, Interval, newcombe
from pxcore.stats.latent import LatentCorrelation
from pxcore.stats.multiplicity import discovery_rates

FEWEST_ORGANISATIONS = 5  # of a group; with fewer its average is not printed


@dataclass(frozen=True, slots=True)
class AgainstRest:
    """Each group of a source against everybody else in it."""

    difference: Floats  # of proportions, the group less the rest
    low: Floats
    high: Floats
    p_value: Floats
    q_value: Floats  # false-discovery rate over the groups tested


@dataclass(frozen=True, slots=True)
class AgreementGap:
    """By how much two groups differ in how alike two sources rank organisations."""

    first: str
    second: str
    difference: float  # of rank correlations, first less second
    interval: Interval
    p_value: float
    q_value: float  # false-discovery rate over all pairs of groups; NaN where it was not tested
    underlying: float | None = None  # of underlying correlations; None where either has none
    underlying_interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class GroupAverages:
    """The average organisation of each group."""

    mean: Floats  # NaN for a group of fewer than 5 organisations
    low: Floats
    high: Floats
    organisations: npt.NDArray[np.int64]
    p_value: float | None  # of no difference between groups; None with fewer than two of them


def against_rest(
    positive: npt.ArrayLike,
    respondents: npt.ArrayLike,
    tested: npt.ArrayLike | None = None,
    *,
    effective: npt.ArrayLike | None = None,
) -> AgainstRest:
    """Does a group of people answer otherwise than everybody else who told which group is theirs?

    Parameters
    ----------
    positive, respondents : arrays, one a group: numbers of positive answers and of answers.
    tested : array of flags, the groups that are tested and shown; all where None. The others are part
        of everybody else.
    effective : array, one a group: how many independent answers its answers are worth; as many as there are
        where None.

    Returns
    -------
    AgainstRest; NaN for a group that is not tested, is empty, or has nobody beside it.

    Notes
    -----
    The interval is Newcombe's; the test is the score test of equal proportions, so that the two may
    part company by a hair. False-discovery rates by Benjamini and Hochberg over the groups tested. Of
    two groups both are tested against each other: one finding, told twice.

    References
    ----------
    Newcombe RG. Interval estimation for the difference between independent proportions: comparison
    of eleven methods. Statistics in Medicine 1998;17:873-890 (method 10).
    Benjamini Y, Hochberg Y. Controlling the false discovery rate. Journal of the Royal Statistical
    Society B 1995;57:289-300.

    Checked against scipy.stats.chi2_contingency, whose statistic is its square.
    """
    x, n = np.asarray(positive, dtype=float), np.asarray(respondents, dtype=float)
    if x.shape != n.shape or x.ndim != 1 or not ((x >= 0) & (x <= n)).all():
        raise ValueError("give one number of positive answers, at most all answers, a group")
    worth = n if effective is None else np.asarray(effective, dtype=float)
    if worth.shape != n.shape or not (worth[n > 0] > 0).all():
        raise ValueError("give one effective number, above 0, for each group with answers")
    rest, others, others_worth = x.sum() - x, n.sum() - n, worth.sum() - worth
    used = (n > 0) & (others > 0)
    if tested is not None:
        used &= np.asarray(tested, dtype=bool)
    with np.errstate(invalid="ignore", divide="ignore"):
        p, q = np.where(used, x / n, np.nan), np.where(used, rest / others, np.nan)
        low, high = newcombe(p, worth, q, others_worth)
        pooled = x.sum() / n.sum()
        error = np.sqrt(pooled * (1 - pooled) * (1 / worth + 1 / others_worth))
        z = np.where(error > 0, (p - q) / error, np.where(used, 0.0, np.nan))
    return AgainstRest(
        difference=p - q,
        low=np.where(used, low, np.nan),
        high=np.where(used, high, np.nan),
        p_value=2 * stats.norm.sf(np.abs(z)),
        q_value=discovery_rates(2 * stats.norm.sf(np.abs(z))),
    )


def compare_dependent(
    left: npt.ArrayLike,
    right: npt.ArrayLike,
    names: Sequence[str],
    *,
    seed: int,
    resamples: int = RESAMPLES,
) -> tuple[AgreementGap, ...]:
    """Do two sources rank the same organisations more alike for one group of people than for another?

    Parameters
    ----------
    left, right : arrays of organisations × groups: the value of each source for one group's answers
        at one organisation; NaN where there is none.
    names : of the groups.
    seed : of the random draws.
    resamples : how many samples of organisations are drawn.

    Returns
    -------
    One AgreementGap for each two groups that both have at least 10 organisations.

    Notes
    -----
    The organisations are the same and the people differ, so that two groups' correlations are not
    independent: organisations are drawn with the values of every group. Percentile interval; the
    p-value is the smallest level at which it leaves out no difference, never below 1 in the number of
    samples. Raw correlations are lower where answers are fewer: groups of unequal numbers of answers
    may differ for that alone. With fewer than 30 organisations the interval is too narrow.

    References
    ----------
    Efron B, Tibshirani RJ. An Introduction to the Bootstrap. Chapman and Hall, 1993, chapters 13 and
    16.
    Benjamini Y, Hochberg Y. Controlling the false discovery rate. Journal of the Royal Statistical
    Society B 1995;57:289-300.

    Checked on drawn organisations: without a difference about 1 in 20 is called one.
    """
    x, y = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    if x.shape != y.shape or x.ndim != 2 or x.shape[1] != len(names):
        raise ValueError("left and right must be organisations × groups, one name a group")
    both = ~(np.isnan(x) | np.isnan(y))
    used = [at for at in range(len(names)) if both[:, at].sum() >= MINIMUM_PAIRS]
    if len(used) < 2:
        return ()
    count = len(x)
    picks = np.random.default_rng(seed).integers(0, count, size=(resamples, count))
    cells = picks + count * np.arange(resamples)[:, None]
    times = np.bincount(cells.ravel(), minlength=resamples * count).reshape(resamples, count)
    estimate, drawn = {}, {}
    for at in used:
        known = both[:, at]
        a, b = x[known, at], y[known, at]
        estimate[at] = _rank_correlation(a, b)
        drawn[at] = rank_correlation_of_draws(a, b, times[:, known].astype(float))
    gaps = []
    for first, second in combinations(used, 2):
        draws = drawn[first] - drawn[second]
        draws = draws[~np.isnan(draws)]
        gap = estimate[first] - estimate[second]
        if np.isnan(gap) or len(draws) < resamples / 2:
            continue
        low, high = np.quantile(draws, [0.025, 0.975])
        below, above = (draws <= 0).sum() + 1, (draws >= 0).sum() + 1
        p = min(1.0, 2 * float(min(below, above)) / (len(draws) + 1))
        gaps.append((first, second, gap, Interval(float(low), float(high)), p))
    return _gaps(gaps, names)


def compare_independent(
    correlation: npt.ArrayLike, pairs: npt.ArrayLike, names: Sequence[str]
) -> tuple[AgreementGap, ...]:
    """Do two sources rank the organisations of one group more alike than those of another?

    Parameters
    ----------
    correlation, pairs : arrays, one a group: Spearman's rank correlation and the number of
        organisations it rests on.
    names : of the groups.

    Returns
    -------
    One AgreementGap for each two groups that both have at least 10 organisations.

    Notes
    -----
    For groups of different organisations. The interval is built from the intervals of the two
    (Zou); the test is of their Fisher-transformed difference with the variance of Bonett and Wright.
    A group whose true values differ less shows a lower correlation for that alone.

    References
    ----------
    Zou GY. Toward using confidence intervals to compare correlations. Psychological Methods
    2007;12:399-413.
    Bonett DG, Wright TA. Sample size requirements for estimating Pearson, Kendall and Spearman
    correlations. Psychometrika 2000;65:23-28.
    """
    rho, n = np.asarray(correlation, dtype=float), np.asarray(pairs, dtype=float)
    if rho.shape != n.shape or rho.shape != (len(names),):
        raise ValueError("give one correlation, one number of organisations and one name a group")
    gaps = []
    for i, j in combinations(range(len(names)), 2):
        if min(n[i], n[j]) < MINIMUM_PAIRS or np.isnan(rho[[i, j]]).any():
            continue
        first, second = (bonett_wright(float(rho[at]), int(n[at])) for at in (i, j))
        if first is None or second is None:
            continue
        gap = float(rho[i] - rho[j])
        low = gap - np.hypot(rho[i] - first.low, second.high - rho[j])
        high = gap + np.hypot(first.high - rho[i], rho[j] - second.low)
        variance = sum((1 + rho[at] ** 2 / 2) / (n[at] - 3) for at in (i, j))
        z = (np.arctanh(rho[i]) - np.arctanh(rho[j])) / np.sqrt(variance)
        p = float(2 * stats.norm.sf(abs(z)))
        gaps.append((i, j, gap, Interval(float(low), float(high)), p))
    return _gaps(gaps, names)


def beyond_noise(
    gaps: Sequence[AgreementGap], underlying: Mapping[str, LatentCorrelation | None]
) -> tuple[AgreementGap, ...]:
    """Do two sources agree otherwise for two groups, even once few answers are allowed for?

    Parameters
    ----------
    gaps : of raw correlations, as `compare_dependent` or `compare_independent` gives them.
    underlying : group -> its underlying correlation; None or without an interval where it has none.

    Returns
    -------
    The same gaps, each with the difference of underlying correlations, and the p-value of the weaker of
    the two findings: raw and underlying correlations must both differ. NaN where an underlying
    correlation cannot be estimated, for then a raw difference may be one of numbers of answers alone.

    Notes
    -----
    Raw correlations are lower where answers are fewer: with 150 to 200 answers against 30 to 45, and no
    difference at all, their test alone calls one in about 1 of 5 draws. The interval is built from the
    two profile intervals (Zou) as if the groups were independent, which is on the safe side where they
    answer about the same organisations. Intersection-union: no adjustment for asking both.

    References
    ----------
    Zou GY. Toward using confidence intervals to compare correlations. Psychological Methods
    2007;12:399-413.
    Berger RL. Multiparameter hypothesis testing and acceptance sampling. Technometrics
    1982;24:295-300 (intersection-union test).

    Checked on drawn organisations: without a difference at most about 1 in 20 is called one.
    """
    confirmed = []
    for gap in gaps:
        first, second = (_with_ends(underlying.get(name)) for name in (gap.first, gap.second))
        if first is None or second is None:
            confirmed.append(replace(gap, p_value=float("nan")))
            continue
        difference = first[0] - second[0]
        below = float(np.hypot(first[0] - first[1], second[2] - second[0]))
        above = float(np.hypot(first[2] - first[0], second[0] - second[1]))
        toward_none = below if difference > 0 else above
        p = 2 * stats.norm.sf(Z_95 * abs(difference) / toward_none) if toward_none > 0 else 1.0
        confirmed.append(
            replace(
                gap,
                p_value=max(gap.p_value, float(p)),
                underlying=difference,
                underlying_interval=Interval(difference - below, difference + above),
            )
        )
    rates = discovery_rates(np.array([gap.p_value for gap in confirmed]))
    return tuple(
        replace(gap, q_value=float(rate)) for gap, rate in zip(confirmed, rates, strict=True)
    )


def _with_ends(latent: LatentCorrelation | None) -> tuple[float, float, float] | None:
    """An underlying correlation and its ends; at its limit, the limit."""
    if latent is None or latent.interval is None:
        return None
    low, high, estimate = latent.interval.low, latent.interval.high, latent.nearest
    assert estimate is not None
    return estimate, min(low, estimate), max(high, estimate)


def group_averages(
    values: npt.ArrayLike, groups: Sequence[str], names: Sequence[str]
) -> GroupAverages:
    """Does the average organisation of one group differ from that of another?

    Parameters
    ----------
    values : array, one figure an organisation, such as the gap between two sources.
    groups : the group of each organisation.
    names : of the groups, in the order of the answer.

    Returns
    -------
    GroupAverages: mean and 95 % t-interval of each group of at least 5 organisations, and the test of
    Alexander and Govern of whether these means differ.

    Notes
    -----
    Every organisation counts alike, however many answers it has; what organisations differ by
    themselves is part of the interval, so that it speaks of organisations like these. No equal spread
    is assumed.

    References
    ----------
    Alexander RA, Govern DM. A new and simpler approximation for ANOVA under variance heterogeneity.
    Journal of Educational Statistics 1994;19:91-101.
    """
    x = np.asarray(values, dtype=float)
    if x.ndim != 1 or len(groups) != len(x) or np.isnan(x).any():
        raise ValueError("give one figure, none missing, and one group an organisation")
    of = np.asarray(groups, dtype=object)
    samples = [x[of == name] for name in names]
    mean, low, high = (np.full(len(names), np.nan) for _ in range(3))
    for at, sample in enumerate(samples):
        if len(sample) < FEWEST_ORGANISATIONS:
            continue
        mean[at] = sample.mean()
        half = stats.t.ppf(0.975, len(sample) - 1) * sample.std(ddof=1) / np.sqrt(len(sample))
        low[at], high[at] = mean[at] - half, mean[at] + half
    compared = [
        sample for sample in samples if len(sample) >= FEWEST_ORGANISATIONS and sample.std() > 0
    ]
    p = float(stats.alexandergovern(*compared).pvalue) if len(compared) > 1 else None
    return GroupAverages(
        mean, low, high, np.array([len(sample) for sample in samples], dtype=np.int64), p
    )


def _rank_correlation(x: Floats, y: Floats) -> float:
    a, b = average_ranks(x), average_ranks(y)
    if a.std() == 0 or b.std() == 0:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def _gaps(
    gaps: Sequence[tuple[int, int, float, Interval, float]], names: Sequence[str]
) -> tuple[AgreementGap, ...]:
    rates = discovery_rates(np.array([p for *_, p in gaps]))
    return tuple(
        AgreementGap(names[i], names[j], gap, interval, p, float(rate))
        for (i, j, gap, interval, p), rate in zip(gaps, rates, strict=True)
    )
