"""Do two sources differ because they hear different people? Standardising and stratifying."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import stats

from pxcore.errors import TooFewPairs
from pxcore.stats.intervals import Z_95, Floats, Interval, wilson

FEWEST_ANSWERS = 5  # of a group; with fewer it is merged with its neighbour
EXPLAINED = 0.5  # of the crude gap: what is left is at most this, and case mix explains the rest
ZERO_CELL = 0.5  # answers added to each cell of a group's table where one is empty, for display
_ROUNDING = 1e-12  # a gap this small is none


class Reversal(StrEnum):
    """Whether a gap turns round once like is compared with like."""

    NONE = "no reversal"
    PARTIAL = "reversal"
    FULL = "full reversal"  # in every single group


@dataclass(frozen=True, slots=True)
class Standardised:
    """A proportion as it would be with a given mix of people."""

    value: float
    variance: float
    interval: Interval
    crude: float
    groups: tuple[tuple[str, ...], ...]  # the strata, merged where one had fewer than 5 answers


@dataclass(frozen=True, slots=True)
class StratumOdds:
    """The odds ratio in one stratum, for display."""

    stratum: str
    ratio: float
    interval: Interval
    adjusted: bool  # half an answer was added to each cell because one was empty


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """The odds of a positive answer, left to right, comparing like with like."""

    ratio: (
        float  # infinite, or 0, where one side has no negative, or no positive, answer to compare
    )
    interval: Interval | None  # None where the ratio is infinite or 0
    chi_square: float  # of no difference; without continuity correction, 1 degree of freedom
    p_value: float
    heterogeneity: float | None  # Breslow-Day with Tarone's correction; None with one stratum
    heterogeneity_p: float | None
    strata: tuple[StratumOdds, ...]
    used: int
    skipped: tuple[str, ...]  # strata with an empty margin: they say nothing of a difference


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of two proportions, left less right."""

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class CaseMix:
    """The gap between two sources as published, and with the same mix of people in both."""

    crude: Difference
    standardised: Difference
    left: Standardised
    right: Standardised
    odds: MantelHaenszel
    by_group: Floats  # the gap in each group of strata
    turned: bool  # crude and standardised, or Mantel-Haenszel, gaps point opposite ways
    reversal: Reversal  # turned, and at least one of the gaps is beyond chance
    confirmed: bool  # turned, and both the crude and an adjusted gap are beyond chance
    explained: bool  # case mix explains at least half of the crude gap


def pooled_mix(*respondents: npt.ArrayLike) -> Floats:
    """The share of each stratum among all answers of several sources together.

    Parameters
    ----------
    respondents : arrays of counts, one a stratum, one array a source.

    Returns
    -------
    Array of shares that sum to 1.

    References
    ----------
    Rothman KJ, Greenland S, Lash TL. Modern Epidemiology, 3rd ed. Lippincott, 2008, chapter 15.
    """
    total = np.sum([np.asarray(counts, dtype=float) for counts in respondents], axis=0)
    if not total.sum() > 0:
        raise TooFewPairs("No source has an answer in any group.")
    return np.asarray(total / total.sum())


def direct_standardise(
    positive: npt.ArrayLike,
    respondents: npt.ArrayLike,
    reference: npt.ArrayLike,
    names: Sequence[str],
    *,
    effective: npt.ArrayLike | None = None,
) -> Standardised:
    """What would the source show if it had heard another mix of people?

    Parameters
    ----------
    positive, respondents : arrays of counts, one a stratum, in an order in which neighbours are
        alike (age bands from young to old).
    reference : array of weights of equal length, the mix to look at; need not sum to 1. A stratum
        of weight 0 is left out.
    names : of the strata, for messages.
    effective : array of effective numbers of answers; the real ones where None.

    Returns
    -------
    Standardised: the sum of weight × proportion, and its variance, the sum of weight² × p̃ (1 - p̃)
    / n_eff with p̃ = (x + ½) / (n + 1), so that strata at 0 or 100 % are not taken as certain.
    Strata with fewer than 5 answers are merged with the smaller of their neighbours.

    Notes
    -----
    A stratum of the reference without a single answer cannot be filled in: TooFewPairs names it.
    Only the strata given are made alike, nothing else that may differ between the people heard. A
    mix that is nobody's is hypothetical, and is to be labelled so.

    References
    ----------
    Rothman KJ, Greenland S, Lash TL. Modern Epidemiology, 3rd ed. Lippincott, 2008, chapter 15
    (standardised measures).
    Peters J, Janzing D, Schölkopf B. Elements of Causal Inference. MIT Press, 2017, example 6.37
    (kidney stones, standardised to all patients).

    Checked against R's epi.directadj (value) and a binomial model with identity link (variance).
    """
    x, n, weight, known = _strata(positive, respondents, reference, names, effective)
    groups = _merged(n[None, :], weight)
    return _standardised(x, n, weight, known, groups, names)


def mantel_haenszel(
    left_positive: npt.ArrayLike,
    left_respondents: npt.ArrayLike,
    right_positive: npt.ArrayLike,
    right_respondents: npt.ArrayLike,
    names: Sequence[str],
) -> MantelHaenszel:
    """Comparing like with like, are people on the left more often positive than on the right?

    Parameters
    ----------
    left_positive, left_respondents, right_positive, right_respondents : arrays of counts of equal
        length, one a stratum.
    names : of the strata.

    Returns
    -------
    MantelHaenszel: the common odds ratio with the interval of Robins, Breslow and Greenland, the
    chi-square of no difference without continuity correction, and the test of Breslow and Day with
    Tarone's correction of whether the ratio differs between strata.

    Notes
    -----
    Strata in which a side has no answer, or all answers are positive, or none, say nothing of a
    difference; they are skipped and named. Real counts are used: weights of a survey are not. Where
    the ratio differs between strata, one number for all of them says little.

    References
    ----------
    Mantel N, Haenszel W. Statistical aspects of the analysis of data from retrospective studies of
    disease. Journal of the National Cancer Institute 1959;22:719-748.
    Robins J, Breslow N, Greenland S. Estimators of the Mantel-Haenszel variance consistent in both
    sparse data and large-strata limiting models. Biometrics 1986;42:311-323.
    Breslow NE, Day NE. Statistical Methods in Cancer Research, volume I. IARC, 1980, section 4.4.
    Tarone RE. On heterogeneity tests based on efficient scores. Biometrika 1985;72:91-95.

    Checked against R's mantelhaen.test and metafor, statsmodels, and the SAS/STAT migraine example.
    """
    a, n1 = _counts(left_positive, left_respondents, names)
    c, n2 = _counts(right_positive, right_respondents, names)
    b, d = n1 - a, n2 - c
    telling = (n1 > 0) & (n2 > 0) & (a + c > 0) & (b + d > 0)
    skipped = tuple(name for name, tells in zip(names, telling, strict=True) if not tells)
    if not telling.any():
        raise TooFewPairs("No group has answers on both sides, positive and not: nothing compares.")
    a, b, c, d = a[telling], b[telling], c[telling], d[telling]
    total = a + b + c + d

    up, down = a * d / total, b * c / total
    ratio = float(up.sum() / down.sum()) if down.sum() > 0 else math.inf
    interval = None
    if up.sum() > 0 and down.sum() > 0:
        agree, against = (a + d) / total, (b + c) / total
        error = math.sqrt(
            (agree * up).sum() / (2 * up.sum() ** 2)
            + (agree * down + against * up).sum() / (2 * up.sum() * down.sum())
            + (against * down).sum() / (2 * down.sum() ** 2)
        )
        interval = _of_logs(math.log(ratio), error)

    expected = (a + b) * (a + c) / total
    spread = (a + b) * (c + d) * (a + c) * (b + d) / (total**2 * (total - 1))
    chi_square = float((a - expected).sum() ** 2 / spread.sum())
    heterogeneity = None
    if len(a) > 1 and interval is not None:
        heterogeneity = breslow_day(a, b, c, d, ratio)
    labels = [name for name, tells in zip(names, telling, strict=True) if tells]
    return MantelHaenszel(
        ratio=ratio,
        interval=interval,
        chi_square=chi_square,
        p_value=float(stats.chi2.sf(chi_square, 1)),
        heterogeneity=heterogeneity,
        heterogeneity_p=(
            None if heterogeneity is None else float(stats.chi2.sf(heterogeneity, len(a) - 1))
        ),
        strata=tuple(
            _stratum_odds(name, *cells) for name, *cells in zip(labels, a, b, c, d, strict=True)
        ),
        used=len(a),
        skipped=skipped,
    )


def breslow_day(
    left_positive: Floats,
    left_negative: Floats,
    right_positive: Floats,
    right_negative: Floats,
    ratio: float,
    *,
    tarone: bool = True,
) -> float:
    """By how much do the odds ratios of strata differ beyond chance?

    Parameters
    ----------
    left_positive, left_negative, right_positive, right_negative : arrays of counts, one a stratum,
        no empty margin.
    ratio : the common odds ratio.
    tarone : with Tarone's correction, without which it is not chi-square for the ratio of Mantel
        and Haenszel.

    Returns
    -------
    Chi-square with as many degrees of freedom as there are strata, less one.

    References
    ----------
    Breslow NE, Day NE. Statistical Methods in Cancer Research, volume I. IARC, 1980, section 4.4.
    Tarone RE. On heterogeneity tests based on efficient scores. Biometrika 1985;72:91-95.
    """
    a, n1 = left_positive, left_positive + left_negative
    positive, total = a + right_positive, n1 + right_positive + right_negative
    fitted = _fitted(n1, positive, total, ratio)
    cells = [fitted, n1 - fitted, positive - fitted, total - n1 - positive + fitted]
    spread = 1 / np.sum([1 / cell for cell in cells], axis=0)
    statistic = float(((a - fitted) ** 2 / spread).sum())
    if tarone:
        statistic -= float((a - fitted).sum() ** 2 / spread.sum())
    return statistic


def compare_case_mix(
    left_positive: npt.ArrayLike,
    left_respondents: npt.ArrayLike,
    right_positive: npt.ArrayLike,
    right_respondents: npt.ArrayLike,
    names: Sequence[str],
    *,
    reference: npt.ArrayLike | None = None,
    left_effective: npt.ArrayLike | None = None,
    right_effective: npt.ArrayLike | None = None,
) -> CaseMix:
    """Is the gap between two sources there because they heard different people?

    Parameters
    ----------
    left_positive, left_respondents, right_positive, right_respondents : arrays of counts of equal
        length, one a stratum, in an order in which neighbours are alike.
    names : of the strata.
    reference : array of weights of the strata; the two sources pooled where None.
    left_effective, right_effective : arrays of effective numbers of answers, on which intervals and the
        comparison of odds rest; the real ones where None.

    Returns
    -------
    CaseMix. Both are standardised over the same strata, merged where either has fewer than 5
    effective answers. A reversal needs gaps of opposite sign and at least one 95 % interval, of the crude,
    the standardised or the Mantel-Haenszel gap, that leaves out no difference; it is full where the
    gap of every group is opposite to the crude one.

    Notes
    -----
    A crude gap that is there only because of who answered leaves an adjusted gap near nought, which
    falls on the other side half the time: such a reversal is not `confirmed`, and `explained` is the
    better word for it.

    Friends and Family Test and Healthwatch rarely publish who answered: then only the survey can be
    re-weighted, by `direct_standardise`, and the comparison stays unadjusted on the other side.

    References
    ----------
    Simpson EH. The interpretation of interaction in contingency tables. Journal of the Royal
    Statistical Society B 1951;13:238-241.
    Bickel PJ, Hammel EA, O'Connell JW. Sex bias in graduate admissions: data from Berkeley. Science
    1975;187:398-404.
    Charig CR and others. Comparison of treatment of renal calculi by open surgery, percutaneous
    nephrolithotomy, and extracorporeal shockwave lithotripsy. BMJ 1986;292:879-882.
    Newcombe RG. Interval estimation for the difference between independent proportions. Statistics
    in Medicine 1998;17:873-890 (method 10, the crude gap).

    Checked on the Berkeley and kidney-stone data.
    """
    if reference is None:
        reference = pooled_mix(left_respondents, right_respondents)
    x1, n1, weight, known1 = _strata(
        left_positive, left_respondents, reference, names, left_effective
    )
    x2, n2, _, known2 = _strata(
        right_positive, right_respondents, reference, names, right_effective
    )
    odds = mantel_haenszel(_worth(x1, n1, known1), known1, _worth(x2, n2, known2), known2, names)
    crude = _crude(x1, n1, known1, x2, n2, known2)

    groups = _merged(np.array([known1, known2]), weight)
    left = _standardised(x1, n1, weight, known1, groups, names)
    right = _standardised(x2, n2, weight, known2, groups, names)
    gap = left.value - right.value
    half = Z_95 * math.sqrt(left.variance + right.variance)
    standardised = Difference(gap, Interval(max(-1.0, gap - half), min(1.0, gap + half)))

    by_group = _pooled(x1, n1, groups) - _pooled(x2, n2, groups)
    sign, adjusted, log = _sign(crude.value), _sign(gap), _sign(odds.ratio - 1)
    turned = sign != 0 and -sign in (adjusted, log)
    crude_beyond = _leaves_out(crude.interval, 0)
    adjusted_beyond = _leaves_out(standardised.interval, 0)
    odds_beyond = odds.interval is not None and _leaves_out(odds.interval, 1)
    reversal = Reversal.NONE
    if turned and (crude_beyond or adjusted_beyond or odds_beyond):
        groups = _merged(
            np.array([known1, known2]), ((n1 > 0) & (n2 > 0)).astype(float)
        )  # in the mix or not
        gaps = _pooled(x1, n1, groups) - _pooled(x2, n2, groups)
        full = all(_sign(float(gap)) == -sign for gap in gaps)
        reversal = Reversal.FULL if full else Reversal.PARTIAL
    turned_beyond = (adjusted_beyond and adjusted == -sign) or (odds_beyond and log == -sign)
    return CaseMix(
        crude=crude,
        standardised=standardised,
        left=left,
        right=right,
        odds=odds,
        by_group=by_group,
        turned=turned,
        reversal=reversal,
        confirmed=turned and crude_beyond and turned_beyond,
        explained=sign != 0 and abs(gap) <= EXPLAINED * abs(crude.value) + _ROUNDING,
    )


def _strata(
    positive: npt.ArrayLike,
    respondents: npt.ArrayLike,
    reference: npt.ArrayLike,
    names: Sequence[str],
    effective: npt.ArrayLike | None,
) -> tuple[Floats, Floats, Floats, Floats]:
    x, n = _counts(positive, respondents, names)
    weight = np.asarray(reference, dtype=float)
    known = n if effective is None else np.asarray(effective, dtype=float)
    if weight.shape != n.shape or not (weight >= 0).all() or not weight.sum() > 0:
        raise ValueError("reference must be one weight a stratum, none below 0 and not all 0")
    if known.shape != n.shape or not (known[n > 0] > 0).all():
        raise ValueError("effective must be one number above 0 for each stratum with answers")
    for name, answers, share in zip(names, n, weight, strict=True):
        if answers == 0 and share > 0:
            raise TooFewPairs(
                f"Nobody in the group ‘{name}’ answered, so its part of the mix cannot be known."
            )
    return x, n, weight / weight.sum(), known


def _worth(x: Floats, n: Floats, known: Floats) -> Floats:
    """Effective numbers of positive answers."""
    share = np.divide(x, n, out=np.zeros_like(x), where=n > 0)
    return np.where(known == n, x, share * known)


def _counts(
    positive: npt.ArrayLike, respondents: npt.ArrayLike, names: Sequence[str]
) -> tuple[Floats, Floats]:
    x, n = np.asarray(positive, dtype=float), np.asarray(respondents, dtype=float)
    if x.shape != n.shape or x.shape != (len(names),) or not len(names):
        raise ValueError("give one count of positive, one of all answers and one name a stratum")
    if not ((x >= 0) & (x <= n)).all():
        raise ValueError("no stratum may have more positive answers than answers, or below 0")
    return x, n


def _merged(answers: Floats, weight: Floats) -> list[list[int]]:
    """Neighbouring strata of the mix together until every source has 5 answers in each group.

    The group with the fewest answers is joined to the neighbour with fewer, the one before on a tie.
    """
    groups = [[at] for at in np.flatnonzero(weight > 0).tolist()]
    while len(groups) > 1:
        size = [float(answers[:, group].sum(axis=1).min()) for group in groups]
        least = int(np.argmin(size))
        if size[least] >= FEWEST_ANSWERS:
            return groups
        beside = [at for at in (least - 1, least + 1) if 0 <= at < len(groups)]
        neighbour = min(beside, key=lambda at: size[at])
        first = min(least, neighbour)
        groups[first : first + 2] = [groups[first] + groups[first + 1]]
    if answers[:, groups[0]].sum(axis=1).min() < FEWEST_ANSWERS:
        raise TooFewPairs(f"It takes {FEWEST_ANSWERS} answers to look at another mix of people.")
    return groups


def _pooled(x: Floats, n: Floats, groups: list[list[int]]) -> Floats:
    return np.array([x[group].sum() / n[group].sum() for group in groups])


def _standardised(
    x: Floats,
    n: Floats,
    weight: Floats,
    known: Floats,
    groups: list[list[int]],
    names: Sequence[str],
) -> Standardised:
    share = np.array([weight[group].sum() for group in groups])
    positive = np.array([x[group].sum() for group in groups])
    answers = np.array([n[group].sum() for group in groups])
    worth = np.array([known[group].sum() for group in groups])
    smooth = (positive + 0.5) / (answers + 1)
    value = float((share * positive / answers).sum())
    variance = float((share**2 * smooth * (1 - smooth) / worth).sum())
    half = Z_95 * math.sqrt(variance)
    return Standardised(
        value=value,
        variance=variance,
        interval=Interval(max(0.0, value - half), min(1.0, value + half)),
        crude=float(x.sum() / n.sum()),
        groups=tuple(tuple(names[at] for at in group) for group in groups),
    )


def _crude(
    x1: Floats, n1: Floats, known1: Floats, x2: Floats, n2: Floats, known2: Floats
) -> Difference:
    """The gap of the two as published, with Newcombe's hybrid score interval."""
    p1, p2 = x1.sum() / n1.sum(), x2.sum() / n2.sum()
    low1, high1 = wilson(p1, known1.sum())
    low2, high2 = wilson(p2, known2.sum())
    gap = float(p1 - p2)
    return Difference(
        gap,
        Interval(
            gap - math.hypot(float(p1 - low1), float(high2 - p2)),
            gap + math.hypot(float(high1 - p1), float(p2 - low2)),
        ),
    )


def _fitted(n1: Floats, positive: Floats, total: Floats, ratio: float) -> Floats:
    """How many positive answers on the left each stratum would have at a common odds ratio."""
    # (1 - ratio) e² + (total - n1 - m + ratio (n1 + m)) e - ratio n1 m = 0, m being all positive; the
    # one root that leaves no cell below 0, in the form that holds at a ratio of 1 as well.
    linear = total - n1 - positive + ratio * (n1 + positive)
    root = np.sqrt(linear**2 + 4 * (1 - ratio) * ratio * n1 * positive)
    return np.asarray(2 * ratio * n1 * positive / (linear + root))


def _stratum_odds(name: str, a: float, b: float, c: float, d: float) -> StratumOdds:
    empty = min(a, b, c, d) == 0
    if empty:
        a, b, c, d = (cell + ZERO_CELL for cell in (a, b, c, d))
    log = math.log(a * d / (b * c))
    error = math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return StratumOdds(name, math.exp(log), _of_logs(log, error), empty)


def _of_logs(log: float, error: float) -> Interval:
    return Interval(math.exp(log - Z_95 * error), math.exp(log + Z_95 * error))


def _sign(gap: float) -> int:
    return 0 if abs(gap) <= _ROUNDING else int(math.copysign(1, gap))


def _leaves_out(interval: Interval, value: float) -> bool:
    return interval.low > value or interval.high < value
