"""Do two sources agree about one provider? The tests, and the eight rules of the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from pxcore.stats.intervals import Floats
from pxcore.stats.multiplicity import discovery_rates
from pxcore.stats.scale import proportion_at
from pxcore.stats.spread import FEWEST_PEERS, Spread, Standing, peer_spread

EVIDENCE_FLOOR = 10  # answers a source needs to be heard on a provider
LEAST_EFFECTIVE = 5.0  # effective answers it needs
MARGIN = 1.0  # peer SDs within which two sources are said to agree
FALSE_DISCOVERY = 0.05
MOST_NOISE = (
    1.0  # standard error of a difference, in peer SDs, beyond which none is graded of usual size
)
ONE_SIDED = 1.6448536269514722  # the normal's 95th percentile
POWER_80 = 1.9599639845400545 + 0.8416212335729143  # two-sided 5 %, found 4 times in 5
SAME_SIDE = 0.8
CLEARLY, PROBABLY = 0.975, 0.8  # of a source's own probability of standing above the average
EVENNESS = 1e-5  # weight of the split's evenness beside the pairs' figures
STANDS_OUT = 0.1  # false-discovery rate at which a provider is left out of the usual difference
ASSUMED_METHOD_VARIANCE = 0.5  # per source, where too few providers have both to estimate it

Flags = npt.NDArray[np.bool_]


class State(StrEnum):
    """What may be said of two sources on one provider."""

    AGREEMENT = "agreement"
    PARTIAL = "partial agreement"
    DISSONANCE = "dissonance"
    SILENCE = "silence"
    NOT_ENOUGH = "not enough evidence"


class Rule(IntEnum):
    """The rule that gave a verdict; the first that holds."""

    SILENCE = 1
    AGREEMENT = 2
    DISSONANCE_UNUSUAL = 3
    SAME_SIDE_UNUSUAL = 4
    DISSONANCE_USUAL = 5
    SAME_SIDE_APART = 6
    SAME_SIDE = 7
    NOT_ENOUGH = 8

    @property
    def state(self) -> State:
        return _STATES[self]


_STATES = {
    Rule.SILENCE: State.SILENCE,
    Rule.AGREEMENT: State.AGREEMENT,
    Rule.DISSONANCE_UNUSUAL: State.DISSONANCE,
    Rule.SAME_SIDE_UNUSUAL: State.PARTIAL,
    Rule.DISSONANCE_USUAL: State.DISSONANCE,
    Rule.SAME_SIDE_APART: State.PARTIAL,
    Rule.SAME_SIDE: State.PARTIAL,
    Rule.NOT_ENOUGH: State.NOT_ENOUGH,
}


@dataclass(frozen=True, slots=True)
class MethodVariance:
    """How far two sources usually differ on a provider, beyond chance, in squared peer SDs."""

    total: float
    centre: float  # the usual difference, removed from every provider's
    providers: int
    assumed: bool  # too few providers with both: not estimated but taken as 0.5 for each source
    centre_variance: float = (
        0.0  # sampling variance of the centre; 0 where total and centre are known
    )

    @property
    def estimated(self) -> bool:
        return self.centre_variance > 0


@dataclass(frozen=True, slots=True)
class PairVerdicts:
    """One verdict a provider on two sources, with every figure that led to it."""

    rule: npt.NDArray[np.int64]  # a Rule
    difference: Floats  # peer SDs, left less right, the usual difference taken away
    noise: Floats  # its standard error from few answers alone
    z: Floats  # against how far these sources usually differ, as a normal's score
    p_value: Floats
    q_value: Floats  # false-discovery rate over the providers tested
    beyond_chance: Floats  # p of no difference at all: large sources nearly always differ a little
    same_side: Floats  # probability, at least, that both stand on one side of the average
    detectable: Floats  # smallest difference that would have been found 4 times in 5
    widest: Floats  # the widest difference these answers still allow
    narrowest: Floats  # the smallest difference these answers allow, by the same measure
    agrees: Flags  # shown to lie within the margin
    unusual: Flags
    apart: Flags  # shown to lie beyond the margin
    could_agree: Flags  # had the two been the same, agreement could have been shown
    method: MethodVariance
    tested: int  # how many tests the false-discovery rate is over
    margin: float


def speaks(
    respondents: npt.ArrayLike,
    effective: npt.ArrayLike,
    standing: Standing,
    evidence_floor: int = EVIDENCE_FLOOR,
) -> Flags:
    """Has a source enough answers on a provider to be heard?

    Parameters
    ----------
    respondents, effective : arrays of real and effective numbers of answers.
    standing : of the same providers.
    evidence_floor : real answers needed.

    Returns
    -------
    Array of flags: enough real answers, at least 5 effective ones, and a source that tells
    providers apart at all.
    """
    n, known = np.asarray(respondents, dtype=float), np.asarray(effective, dtype=float)
    enough = (n >= evidence_floor) & (known >= LEAST_EFFECTIVE)
    return np.asarray(enough & ~np.isnan(standing.value) & ~np.isnan(standing.variance))


def method_variance(
    left: Standing, right: Standing, both: npt.ArrayLike | None = None
) -> MethodVariance:
    """How far do two sources usually differ on a provider, once chance is taken away?

    Parameters
    ----------
    left, right : Standing of the same providers.
    both : flags of providers on which both speak; all with both values where None.

    Returns
    -------
    MethodVariance, by the same robust estimate as a source's own spread, so that a few
    contradictions do not hide themselves; then once more without the providers that stand out by a
    false-discovery rate of 0.10 against the first estimate. With fewer than 10 providers 0.5 is
    assumed for each source, as if the underlying correlation were 0.5.

    Notes
    -----
    Winsorised scores still count, at the edge: with 5 % contradictions of 3 standard deviations the
    first estimate is a quarter too large (0.51 where 0.40 is true), and hides some of them. Without
    those that stand out it is 0.44; where nothing stands out nothing changes.

    References
    ----------
    Spiegelhalter DJ. Handling over-dispersion of performance indicators. Quality and Safety in
    Health Care 2005;14:347-351 (winsorised z-scores).
    Rousseeuw PJ, Leroy AM. Robust Regression and Outlier Detection. Wiley, 1987, chapter 1 (one step
    of re-estimation without what stands out).
    """
    speaking = _both(left, right, both)
    count = int(speaking.sum())
    if count < FEWEST_PEERS:
        return MethodVariance(2 * ASSUMED_METHOD_VARIANCE, 0.0, count, True)
    gap, chance = (
        left.value[speaking] - right.value[speaking],
        left.variance[speaking] + right.variance[speaking],
    )
    apart = peer_spread(gap, chance)
    z = (gap - apart.centre) / np.sqrt(chance + apart.variance)
    ordinary = discovery_rates(2 * stats.norm.sf(np.abs(z))) > STANDS_OUT
    if FEWEST_PEERS <= ordinary.sum() < count:
        apart = peer_spread(gap[ordinary], chance[ordinary])
    return MethodVariance(apart.variance, apart.centre, count, False, apart.centre_variance)


def _both(left: Standing, right: Standing, both: npt.ArrayLike | None) -> Flags:
    known = ~(np.isnan(left.value) | np.isnan(right.value))
    return np.asarray(known if both is None else known & np.asarray(both, dtype=bool))


def robust_agreement(method: MethodVariance) -> float | None:
    """The underlying agreement of two sources that a few contradictions cannot pull down.

    Parameters
    ----------
    method : as `method_variance` gives it.

    Returns
    -------
    1 - K / 2, from -1 to 1; None where K is assumed.

    Notes
    -----
    True standings with unit variance and correlation rho differ with variance 2 (1 - rho): hence
    rho = 1 - K / 2. Shown beside `latent_correlation`, which is not robust; where the two are more
    than 0.15 apart, a few providers rule the latter.

    References
    ----------
    Bland JM, Altman DG. Statistical methods for assessing agreement between two methods of clinical
    measurement. Lancet 1986;327:307-310 (the variance of differences as the measure of agreement).
    """
    if method.assumed:
        return None
    return max(-1.0, min(1.0, 1 - method.total / 2))


def pair_verdicts(
    left: Standing,
    right: Standing,
    left_speaks: npt.ArrayLike,
    right_speaks: npt.ArrayLike,
    *,
    margin: float = MARGIN,
    false_discovery: float = FALSE_DISCOVERY,
    method: MethodVariance | None = None,
    spreads: tuple[Spread, Spread] | None = None,
) -> PairVerdicts:
    """Do two sources agree about each provider, differ, or can nothing be said?

    Parameters
    ----------
    left, right : Standing of the same providers, in peer SDs of each source.
    left_speaks, right_speaks : flags, as `speaks` gives them.
    margin : peer SDs within which the two are said to agree.
    false_discovery : share of chance findings allowed among those called unusual.
    method : how far the two usually differ; worked out here where None.
    spreads : of the two sources, whose own error agreement has to allow for; None where they are known.

    Returns
    -------
    PairVerdicts, over every provider given. Silent providers have NaN for every figure.

    Notes
    -----
    The first rule that holds gives the verdict: (1) silence where one of the two does not speak;
    (2) agreement where the difference is shown to lie within the margin; (3) dissonance, unusual,
    where it is larger than these two sources usually differ, by a false-discovery rate, and they do
    not stand on one side of the average; (4) partial agreement where they do; (5) dissonance of
    usual size where it is shown to lie beyond the margin and they do not; (6) partial agreement
    where they do; (7) partial agreement where both probably stand on one side of the average;
    (8) otherwise not enough evidence. “Not different” is never taken for agreement.

    Centre and spread are estimates: with 20 organisations truly one standard deviation apart, one in
    four was called agreement. Agreement allows for the error of the usual difference's centre and of
    both spreads, by which standings were divided; the test of unusual difference for the error of the
    centre, and of K by Student's t with a degree of freedom less than there are organisations.

    References
    ----------
    Schuirmann DJ. A comparison of the two one-sided tests procedure. Journal of Pharmacokinetics
    and Biopharmaceutics 1987;15:657-680.
    Benjamini Y, Hochberg Y. Controlling the false discovery rate. Journal of the Royal Statistical
    Society B 1995;57:289-300.
    Student. The probable error of a mean. Biometrika 1908;6:1-25.
    Farmer T and others. Developing and implementing a triangulation protocol for qualitative health
    research. Qualitative Health Research 2006;16:377-394 (the words agreement, partial agreement,
    dissonance and silence).
    """
    both = _both(left, right, np.asarray(left_speaks, bool) & np.asarray(right_speaks, bool))
    method = method or method_variance(left, right, both)

    def where_both(values: Floats) -> Floats:
        return np.where(both, values, np.nan)

    difference = where_both(left.value - right.value - method.centre)
    chance = where_both(left.variance + right.variance)
    noise = np.sqrt(chance)
    whole = np.sqrt(chance + method.total)
    z = difference / np.sqrt(chance + method.total + method.centre_variance)
    tail = np.asarray(stats.norm.sf(np.abs(z)))
    if method.estimated:
        # as a normal's: what one provider needs to be called unusual is then the same of all
        tail = np.asarray(stats.t.sf(np.abs(z), method.providers - 1))
        z = np.sign(z) * stats.norm.isf(tail)
    p_value = 2 * tail
    q_value = discovery_rates(p_value)
    far = np.abs(difference)
    unsure = np.sqrt(chance + method.centre_variance + _of_spreads(left, right, spreads))
    one_sided = ONE_SIDED
    if method.estimated:
        one_sided = float(stats.t.ppf(0.95, method.providers - 1))
    widest = far + one_sided * unsure
    narrowest = far - ONE_SIDED * noise
    left_side, right_side = above_average(left), above_average(right)
    same_side = where_both(left_side * right_side + (1 - left_side) * (1 - right_side))
    with np.errstate(invalid="ignore"):  # NaN stands for silence, and is False in every comparison
        agrees = widest < margin
        unusual = q_value <= false_discovery
        apart = (narrowest > margin) & (noise <= MOST_NOISE)
        sided = same_side >= SAME_SIDE
        could_agree = one_sided * unsure < margin
    if method.assumed:
        agrees, unusual, apart = (np.zeros(len(both), dtype=bool) for _ in range(3))
        sided = could_agree = agrees
    rule = np.where(
        both, np.where(agrees, Rule.AGREEMENT, graded(unusual, apart, sided)), Rule.SILENCE
    )
    return PairVerdicts(
        rule=rule.astype(np.int64),
        difference=difference,
        noise=noise,
        z=z,
        p_value=p_value,
        q_value=q_value,
        beyond_chance=2 * stats.norm.sf(far / noise),
        same_side=same_side,
        detectable=POWER_80 * whole,
        widest=widest,
        narrowest=narrowest,
        agrees=agrees,
        unusual=unusual,
        apart=apart,
        could_agree=could_agree,
        method=method,
        tested=int(both.sum()),
        margin=margin,
    )


def graded(unusual: Flags, apart: Flags, sided: Flags) -> npt.NDArray[np.int64]:
    """The Rule of providers on which both sources speak and are not shown to agree."""
    return np.select(
        [unusual & ~sided, unusual, apart & ~sided, apart, sided],
        [
            Rule.DISSONANCE_UNUSUAL,
            Rule.SAME_SIDE_UNUSUAL,
            Rule.DISSONANCE_USUAL,
            Rule.SAME_SIDE_APART,
            Rule.SAME_SIDE,
        ],
        Rule.NOT_ENOUGH,
    )


def _of_spreads(
    left: Standing, right: Standing, spreads: tuple[Spread, Spread] | None
) -> Floats | float:
    """The variance that a difference has because the spreads it is measured in are estimates."""
    if spreads is None:
        return 0.0
    # of the logarithm of a standard deviation: a quarter of that of its variance's
    first, second = (
        (spread.variance_error / spread.variance / 2) ** 2 if spread.variance else 0.0
        for spread in spreads
    )
    return np.asarray(left.value**2 * first + right.value**2 * second)


class Side(StrEnum):
    """On which side of its peers a source places a provider, in words."""

    CLEARLY_ABOVE = "clearly above"
    PROBABLY_ABOVE = "probably above"
    AVERAGE = "not distinguishable from average"
    PROBABLY_BELOW = "probably below"
    CLEARLY_BELOW = "clearly below"


def side_words(above: npt.ArrayLike) -> npt.NDArray[np.str_]:
    """On which side of its peers does a source place each provider, in words?

    Parameters
    ----------
    above : array of probabilities of standing above the average, as `above_average` has it.

    Returns
    -------
    Array of the values of `Side`: clearly above from 0.975, probably above from 0.80, probably
    below to 0.20, clearly below to 0.025; "" where the source does not speak.
    """
    p = np.asarray(above, dtype=float)
    words = [Side.CLEARLY_ABOVE, Side.CLEARLY_BELOW, Side.PROBABLY_ABOVE, Side.PROBABLY_BELOW]
    holds = [p >= CLEARLY, 1 - p >= CLEARLY, p >= PROBABLY, 1 - p >= PROBABLY, ~np.isnan(p)]
    return np.select(holds, [str(word) for word in (*words, Side.AVERAGE)], "")


def above_average(standing: Standing) -> Floats:
    """How probably does each provider stand above its peers' average, by this source alone?

    Parameters
    ----------
    standing : in true standard deviations of the source.

    Returns
    -------
    Array of probabilities; NaN where there is no figure.

    Notes
    -----
    A provider's true place has the prior N(0, 1): that of its peers. The other source's answer is
    not used: with three comments the probability would then be the other source's.

    References
    ----------
    Gelman A and others. Bayesian Data Analysis, 3rd ed. Chapman and Hall, 2013, section 2.5 (normal
    data, known variance).
    """
    v = standing.variance
    return np.asarray(stats.norm.cdf(standing.value / np.sqrt(v * (1 + v))))


def reach_in_points(spread: Spread, difference: npt.ArrayLike) -> tuple[Floats, Floats]:
    """How many percentage points below and above the average is a difference in peer SDs?

    Parameters
    ----------
    spread : of a source on the logit scale.
    difference : array, in peer SDs.

    Returns
    -------
    down, up : arrays of percentage points, both positive. Near 100 % they differ greatly.
    """
    reach = np.asarray(difference, dtype=float) * spread.deviation
    below, middle, above = (100 * proportion_at(spread.centre + way * reach) for way in (-1, 0, 1))
    return middle - below, above - middle


def detectable_correlation(pairs: int, ceiling: float = 1.0) -> float | None:
    """The weakest correlation that this many providers would show 4 times in 5.

    Parameters
    ----------
    pairs : providers with both sources; at least 4.
    ceiling : what two perfect mirrors would show; 1 for the raw correlation, less for the
        underlying one.

    Returns
    -------
    A correlation, or None where none, however strong, could be shown.

    References
    ----------
    Cohen J. Statistical Power Analysis for the Behavioral Sciences, 2nd ed. Erlbaum, 1988, chapter 3
    (by Fisher's transform).
    """
    if pairs < 4 or ceiling <= 0:
        return None
    weakest = float(np.tanh(POWER_80 / np.sqrt(pairs - 3))) / ceiling
    return weakest if weakest < 1 else None


# --- Three or more sources ---


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Do three or more sources differ on a provider by more than they usually do?"""

    q: Floats  # Cochran's Q; NaN where fewer than two sources speak
    degrees: npt.NDArray[np.int64]
    p_value: Floats
    rate: Floats  # false-discovery rate
    share: Floats  # I-squared: share of variation beyond chance and usual difference; NaN as q
    odd_source: npt.NDArray[np.int64]  # whose removal lowers Q most; -1 with fewer than three


def split_method_variance(totals: npt.ArrayLike) -> Floats:
    """Each source's share of the usual differences between all pairs of sources.

    Parameters
    ----------
    totals : k x k array of the pairs' method variances; NaN where a pair has too few providers.

    Returns
    -------
    k variances, none negative, whose sums come nearest the pairs'; 0.5 where a source has no pair.

    References
    ----------
    Lawson CL, Hanson RJ. Solving Least Squares Problems. Prentice-Hall, 1974, chapter 23
    (non-negative least squares).
    """
    table = np.asarray(totals, dtype=float)
    k = len(table)
    rows, wanted = [], []
    for i in range(k):
        for j in range(i + 1, k):
            if not np.isnan(table[i, j]):
                row = np.zeros(k)
                row[[i, j]] = 1
                rows.append(row)
                wanted.append(table[i, j])
    variances = np.full(k, ASSUMED_METHOD_VARIANCE)
    if rows:
        design = np.array(rows)
        paired = design.any(axis=0)
        # where the pairs do not settle the split (two sources; a chain of them) the most even one
        # is taken: without that, the order of the sources would decide
        even = np.vstack([design[:, paired], EVENNESS * np.eye(int(paired.sum()))])
        target = np.append(wanted, np.zeros(int(paired.sum())))
        split = optimize.nnls(even, target)[0]
        # solved anew where it is above nought, the shortest of equals: so small a weight of evenness
        # loses half of the digits, and the order of the sources would show in the rest
        above = split > 0
        split[above] = np.linalg.lstsq(design[:, paired][:, above], np.array(wanted), rcond=None)[0]
        variances[paired] = np.maximum(split, 0.0)
    return variances


def heterogeneity(
    value: npt.ArrayLike, variance: npt.ArrayLike, method: npt.ArrayLike
) -> Heterogeneity:
    """Do the sources differ on a provider by more than these sources usually do?

    Parameters
    ----------
    value, variance : arrays (providers, sources), in peer SDs, centred so that no source is
        generally rosier; NaN where a source does not speak.
    method : one variance a source, as `split_method_variance` gives.

    References
    ----------
    Cochran WG. The combination of estimates from different experiments. Biometrics 1954;10:101-129.
    Higgins JPT, Thompson SG. Quantifying heterogeneity in a meta-analysis. Statistics in Medicine
    2002;21:1539-1558 (I-squared).

    Checked against statsmodels (combine_effects) and metafor.
    """
    d, v = np.asarray(value, dtype=float), np.asarray(variance, dtype=float)
    known = ~(np.isnan(d) | np.isnan(v))
    q = _cochran(d, v, np.asarray(method, dtype=float), known)
    speaking = known.sum(axis=1)
    degrees = np.maximum(speaking - 1, 0)
    q = np.where(speaking >= 2, q, np.nan)
    p_value = np.full(len(q), np.nan)
    tested = speaking >= 2
    p_value[tested] = stats.chi2.sf(q[tested], degrees[tested])
    share = np.where(tested, 0.0, np.nan)
    np.divide(np.maximum(0.0, q - degrees), q, out=share, where=tested & (q > 0))
    without = np.full(d.shape, np.inf)
    for source in range(d.shape[1]):
        rest = known.copy()
        rest[:, source] = False
        lowered = _cochran(d, v, np.asarray(method, dtype=float), rest)
        without[:, source] = np.where(known[:, source], lowered, np.inf)
    odd = np.where(speaking >= 3, without.argmin(axis=1), -1)
    return Heterogeneity(q, degrees, p_value, discovery_rates(p_value), share, odd)


def _cochran(d: Floats, v: Floats, method: Floats, known: Flags) -> Floats:
    weight = np.where(known, 1 / np.where(known, v + method, 1.0), 0.0)
    total = weight.sum(axis=1)
    centred = np.where(known, d, 0.0)
    mean = np.divide(
        (weight * centred).sum(axis=1), total, out=np.zeros(len(total)), where=total > 0
    )
    return np.asarray((weight * (centred - mean[:, None]) ** 2 * known).sum(axis=1))
