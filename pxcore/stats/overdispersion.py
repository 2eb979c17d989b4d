"""How much a monthly source swings beyond chance, and whose months are odd."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from pxcore.stats.intervals import Floats

CAP = 0.9  # the quantile at which a provider's ratio is capped, so that a few cannot rule
FEWEST_PROVIDERS = 10
ASSUMED = 1.5  # the over-dispersion taken where fewer providers show one
ODD = 0.001


@dataclass(frozen=True, slots=True)
class MonthlyOverdispersion:
    """By how much months differ beyond chance, for all providers and for each."""

    usual: float  # how many answers are worth one, for an ordinary provider; at least 1
    assumed: bool  # too few providers to estimate it: 1.5 is taken
    providers: int  # how many it was estimated from
    each: Floats  # one per provider: the usual, or more where its months are odd
    odd: npt.NDArray[np.bool_]
    odd_month: npt.NDArray[np.int64]  # the month that stands out most; -1 where none is odd


def monthly_overdispersion(
    provider: npt.ArrayLike,
    month: npt.ArrayLike,
    positive: npt.ArrayLike,
    respondents: npt.ArrayLike,
    inside: npt.ArrayLike,
    providers: int,
) -> MonthlyOverdispersion:
    """Do a provider's months differ by more than chance, and by how much as a rule?

    Parameters
    ----------
    provider : array of whole numbers, 0 to providers - 1: whose month it is.
    month : array of whole numbers that name the months; any numbering.
    positive, respondents : arrays of counts, one per provider and published month.
    inside : array of flags: the month belongs to the window compared.
    providers : how many there are.

    Returns
    -------
    MonthlyOverdispersion. The usual value is the mean of Pearson's chi-square over its degrees of
    freedom, capped at its 90th percentile and divided by what chance alone would give; at least 1.
    A provider is odd where its months differ beyond the usual over-dispersion at p < 0.001, or its
    window differs from its other months beyond what windows usually do; its own ratio then stands
    for it, if larger: that of its months, or of its window where that is a single month.

    Notes
    -----
    Providers with nobody, or everybody, positive over the window say nothing about it and are left
    out. A plain pooled ratio is ruled by a few wrong months; hence the cap. Over years most
    providers drift: a window is odd only by the measure of the other providers' windows. And a
    window that differs from earlier years but is steady in itself is flagged, no more: the
    difference may be the truth.

    References
    ----------
    McCullagh P, Nelder JA. Generalized Linear Models, 2nd ed. Chapman and Hall, 1989, section 4.5.2.

    Checked against scipy.stats.chi2_contingency and a loop over providers.
    """
    who, when = np.asarray(provider, dtype=np.int64), np.asarray(month, dtype=np.int64)
    x, n = np.asarray(positive, dtype=float), np.asarray(respondents, dtype=float)
    known = (n > 0) & ~np.isnan(x)
    within = np.asarray(inside, dtype=bool) & known

    def total(of: Floats, where: npt.NDArray[np.bool_]) -> Floats:
        return np.bincount(who[where], weights=of[where], minlength=providers).astype(float)

    count, answers = total(x, within), total(n, within)
    months = np.bincount(who[within], minlength=providers)
    informative = (months >= 2) & (count > 0) & (count < answers)
    rate = np.divide(count, answers, out=np.full(providers, np.nan), where=answers > 0)
    own = rate[who]
    informs = within & informative[who]
    expected = np.where(informs, n * own * (1 - own), 1.0)
    departure = np.where(informs, (x - n * own) ** 2 / expected, 0.0)
    chi_square = total(departure, informs)
    freedom = np.maximum(months - 1, 1)
    ratio = chi_square / freedom

    providers_used = int(informative.sum())
    assumed = providers_used < FEWEST_PROVIDERS
    usual = ASSUMED if assumed else _usual(ratio[informative], freedom[informative])
    beyond = informative & (stats.chi2.sf(chi_square / usual, freedom) < ODD)

    apart, comparable = _window_apart(who, x, n, known & ~within, count, answers)
    drift = usual  # windows differ from other months at least as much as months do
    if int(comparable.sum()) >= FEWEST_PROVIDERS:
        single = np.ones(int(comparable.sum()), dtype=np.int64)
        drift = max(usual, _usual(apart[comparable], single))
    shifted = comparable & (stats.chi2.sf(apart / drift, 1) < ODD)
    odd = beyond | shifted
    own_ratio = np.where(months >= 2, ratio, apart)
    each = np.where(odd, np.maximum(usual, own_ratio), usual)
    return MonthlyOverdispersion(
        usual, assumed, providers_used, each, odd, _most_apart(who, when, x, n, known, within, odd)
    )


def _usual(ratio: Floats, freedom: npt.NDArray[np.int64]) -> float:
    """The mean of ratios capped at their 90th percentile, over what chance alone would give."""
    capped = np.minimum(ratio, np.quantile(ratio, CAP))
    return max(1.0, float(capped.mean()) / _expected_capped_mean(freedom))


def _expected_capped_mean(freedom: npt.NDArray[np.int64]) -> float:
    """The capped mean that chance alone gives: 0.900 for 2 degrees of freedom, 0.970 for 11."""
    degrees, times = np.unique(freedom, return_counts=True)
    share = times / times.sum()

    def below(cap: float) -> float:
        return float((share * stats.chi2.cdf(cap * degrees, degrees)).sum()) - CAP

    cap = optimize.brentq(below, 1e-9, 60.0)
    below_cap = stats.chi2.cdf(cap * degrees, degrees + 2)
    return float((share * (below_cap + cap * stats.chi2.sf(cap * degrees, degrees))).sum())


def _window_apart(
    who: npt.NDArray[np.int64],
    x: Floats,
    n: Floats,
    outside: npt.NDArray[np.bool_],
    count: Floats,
    answers: Floats,
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Chi-square of each window against the provider's other months, and where there are both."""
    providers = len(count)
    outside_count = np.bincount(who[outside], x[outside], providers).astype(float)
    outside_answers = np.bincount(who[outside], n[outside], providers).astype(float)
    both = (answers > 0) & (outside_answers > 0)
    chi_square = _two_rates_apart(count, answers, outside_count, outside_answers)
    return chi_square, both & (count + outside_count > 0) & (
        count + outside_count < answers + outside_answers
    )


def _two_rates_apart(x: Floats, n: Floats, x2: Floats, n2: Floats) -> Floats:
    """Pearson's chi-square of a two by two table, element by element; 0 where there is none."""
    whole, positives = n + n2, x + x2
    known = (n > 0) & (n2 > 0) & (positives > 0) & (positives < whole)
    n, n2 = np.where(known, n, 1.0), np.where(known, n2, 1.0)
    rate = np.where(known, positives / np.where(known, whole, 1.0), 0.5)
    gap = x / n - x2 / n2
    return np.where(known, gap**2 / (rate * (1 - rate) * (1 / n + 1 / n2)), 0.0)


def _most_apart(
    who: npt.NDArray[np.int64],
    when: npt.NDArray[np.int64],
    x: Floats,
    n: Floats,
    known: npt.NDArray[np.bool_],
    within: npt.NDArray[np.bool_],
    odd: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int64]:
    """The month of the window that departs most from all its provider's other published months.

    Against the others, and not against the window with the month itself in it: in a window of two
    months that measure could not tell the wrong one from the right one.
    """
    providers = len(odd)
    named = np.full(providers, -1, dtype=np.int64)
    all_x = np.bincount(who[known], weights=x[known], minlength=providers)
    all_n = np.bincount(who[known], weights=n[known], minlength=providers)
    rows = np.flatnonzero(within & odd[who])
    of = who[rows]
    apart = _two_rates_apart(x[rows], n[rows], all_x[of] - x[rows], all_n[of] - n[rows])
    order = np.argsort(apart, kind="stable")
    named[of[order]] = when[rows[order]]  # the last written is the one furthest apart
    return named
