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
    A provider is odd where its months, or its window against its other months, differ beyond the
    usual over-dispersion at p < 0.001; its own ratio then stands for it.

    Notes
    -----
    Providers with nobody, or everybody, positive over the window say nothing about it and are left
    out. A plain pooled ratio is ruled by a few wrong months; hence the cap.

    References
    ----------
    McCullagh P, Nelder JA. Generalized Linear Models, 2nd ed. Chapman and Hall, 1989, section 4.5.2.
    """
    who, when = np.asarray(provider, dtype=np.int64), np.asarray(month, dtype=np.int64)
    x, n = np.asarray(positive, dtype=float), np.asarray(respondents, dtype=float)
    kept = (n > 0) & ~np.isnan(x)
    within = np.asarray(inside, dtype=bool) & kept

    def total(of: Floats, where: npt.NDArray[np.bool_]) -> Floats:
        return np.bincount(who[where], weights=of[where], minlength=providers).astype(float)

    count, answers = total(x, within), total(n, within)
    months = np.bincount(who[within], minlength=providers)
    informative = (months >= 2) & (count > 0) & (count < answers)
    rate = np.divide(count, answers, out=np.full(providers, np.nan), where=answers > 0)
    own = rate[who]
    told = within & informative[who]
    expected = np.where(told, n * own * (1 - own), 1.0)
    departure = np.where(told, (x - n * own) ** 2 / expected, 0.0)
    chi_square = total(departure, told)
    freedom = np.maximum(months - 1, 1)
    ratio = chi_square / freedom

    found = int(informative.sum())
    usual, assumed = ASSUMED, True
    if found >= FEWEST_PROVIDERS:
        capped = np.minimum(ratio[informative], np.quantile(ratio[informative], CAP))
        usual = max(1.0, float(capped.mean()) / _expected_capped_mean(freedom[informative]))
        assumed = False
    beyond = informative & (stats.chi2.sf(chi_square / usual, freedom) < ODD)
    shifted, apart = _window_apart(who, x, n, kept, within, count, answers, providers, usual)
    odd = beyond | shifted
    each = np.where(odd, np.maximum(usual, np.where(beyond, ratio, apart)), usual)
    return MonthlyOverdispersion(
        usual, assumed, found, each, odd, _most_apart(who, when, x, n, within, rate, odd)
    )


def _expected_capped_mean(freedom: npt.NDArray[np.int64]) -> float:
    """The capped mean that chance alone gives: 0.900 for 2 degrees of freedom, 0.970 for 11."""
    degrees, times = np.unique(freedom, return_counts=True)
    share = times / times.sum()

    def below(cap: float) -> float:
        return float((share * stats.chi2.cdf(cap * degrees, degrees)).sum()) - CAP

    cap = optimize.brentq(below, 1e-9, 60.0)
    kept = stats.chi2.cdf(cap * degrees, degrees + 2)
    return float((share * (kept + cap * stats.chi2.sf(cap * degrees, degrees))).sum())


def _window_apart(
    who: npt.NDArray[np.int64],
    x: Floats,
    n: Floats,
    kept: npt.NDArray[np.bool_],
    within: npt.NDArray[np.bool_],
    count: Floats,
    answers: Floats,
    providers: int,
    usual: float,
) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Where the window differs from the provider's other published months, and by what ratio."""
    outside = kept & ~within
    other_count = np.bincount(who[outside], weights=x[outside], minlength=providers)
    other_answers = np.bincount(who[outside], weights=n[outside], minlength=providers)
    whole, positives = answers + other_answers, count + other_count
    both = (answers > 0) & (other_answers > 0) & (positives > 0) & (positives < whole)
    rate = np.divide(positives, whole, out=np.full(providers, 0.5), where=whole > 0)
    gap = count / np.maximum(answers, 1) - other_count / np.maximum(other_answers, 1)
    chance = rate * (1 - rate) * (1 / np.maximum(answers, 1) + 1 / np.maximum(other_answers, 1))
    chi_square = np.where(both, gap**2 / np.where(both, chance, 1.0), 0.0)
    return both & (stats.chi2.sf(chi_square / usual, 1) < ODD), chi_square


def _most_apart(
    who: npt.NDArray[np.int64],
    when: npt.NDArray[np.int64],
    x: Floats,
    n: Floats,
    within: npt.NDArray[np.bool_],
    rate: Floats,
    odd: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int64]:
    """The month of the window that departs most from its provider's own rate."""
    named = np.full(len(odd), -1, dtype=np.int64)
    rows = np.flatnonzero(within & odd[who])
    apart = np.abs(x[rows] - n[rows] * rate[who[rows]]) / np.sqrt(n[rows])
    order = rows[np.argsort(apart, kind="stable")]
    named[who[order]] = when[order]  # the last written is the one furthest apart
    return named
