"""From published figures to the test scale: effective numbers of answers, logit and arcsine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from pxcore.stats.intervals import Z_95, Floats

DESIGN_EFFECT = 1.3  # of a weighted percent survey that publishes no interval: an assumption
ROUNDED_TO = 0.005  # half a percentage point: a percentage printed without decimals
ROUNDING_MATTERS = 0.05  # of the sampling variance; under that, rounding is left out of account


@dataclass(frozen=True, slots=True)
class Scaled:
    """One value a provider on the scale tests are made on, with its sampling variance."""

    value: Floats
    variance: Floats


def effective_from_interval(
    proportion: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike, z: float = Z_95
) -> Floats:
    """How many simple answers would give the interval a survey published?

    Parameters
    ----------
    proportion, low, high : arrays of proportions, 0-1, with the published 95 % interval.

    Returns
    -------
    p (1 - p) / s², s being a quarter of the interval's width (by 1.96 exactly); NaN where the
    proportion is 0 or 1 or the interval has no width.

    References
    ----------
    Kish L. Survey Sampling. Wiley, 1965, section 8.2 (effective sample size).

    Checked against the Scottish GP Access Survey 2011/12, technical report volume 1, annex D.
    """
    p = np.asarray(proportion, dtype=float)
    error = (np.asarray(high, dtype=float) - np.asarray(low, dtype=float)) / (2 * z)
    known = (p > 0) & (p < 1) & (error > 0)
    out = np.full(p.shape, np.nan)
    return np.asarray(np.divide(p * (1 - p), error**2, out=out, where=known))


def effective_from_design(
    respondents: npt.ArrayLike, design_effect: npt.ArrayLike = DESIGN_EFFECT
) -> Floats:
    """The number of answers divided by a design effect, where a survey publishes neither interval
    nor weights.

    Parameters
    ----------
    respondents : array of numbers of answers.
    design_effect : how many weighted answers are worth one; 1.3 is assumed for percent surveys.

    Notes
    -----
    An assumption, said wherever it is used. A national Scottish survey published a design factor of
    1.118, a design effect of 1.25, for health boards.

    References
    ----------
    Kish L. Survey Sampling. Wiley, 1965, section 8.2.
    """
    return np.asarray(np.asarray(respondents, dtype=float) / np.asarray(design_effect))


def logit(
    proportion: npt.ArrayLike,
    respondents: npt.ArrayLike,
    effective: npt.ArrayLike | None = None,
    *,
    rounded: bool = False,
) -> Scaled:
    """Percentages on the scale the tests are made on: the log of the odds.

    Parameters
    ----------
    proportion : array of proportions, 0-1.
    respondents : array of the real numbers of answers.
    effective : array of effective numbers of answers, above 0; the real ones where None.
    rounded : True where the percentages were published without decimals.

    Returns
    -------
    Scaled: ln(p̃ / (1 - p̃)) with p̃ = (x + ½) / (n + 1), and its sampling variance
    (n / n_eff) / ((n + 1) p̃ (1 - p̃)).

    Notes
    -----
    Half an answer is added to the real count, not to the effective one: added to the effective one
    it would draw small samples towards 50 %. Near 100 %, where the Friends and Family Test lives,
    this scale keeps the rate of false alarms at its nominal value; the arcsine does not.

    Rounding adds (half a point)² / 3 to the variance of the proportion, where that is more than 5 %
    of it. A percentage printed as 0 or 100 stands for the last half point, whose middle is 0.25 or
    99.75: nearer the end than that the scale is not stretched, or the addition would grow without
    bound with the number of answers.

    References
    ----------
    Haldane JBS. The estimation and significance of the logarithm of a ratio of frequencies. Annals
    of Human Genetics 1956;20:309-311.
    Gart JJ, Zweifel JR. On the bias of various estimators of the logit and its variance. Biometrika
    1967;54:181-187.
    """
    p, n = np.asarray(proportion, dtype=float), np.asarray(respondents, dtype=float)
    n = np.where(n > 0, n, np.nan)
    effect = _design_effect(n, effective)
    smooth = (p * n + 0.5) / (n + 1)
    spread = smooth * (1 - smooth)
    variance = effect / ((n + 1) * spread)
    if rounded:
        inner = np.clip(smooth, ROUNDED_TO / 2, 1 - ROUNDED_TO / 2)
        more = ROUNDED_TO**2 / 3 / (inner * (1 - inner)) ** 2
        variance = variance + np.where(more > ROUNDING_MATTERS * variance, more, 0.0)
    return Scaled(np.log(smooth / (1 - smooth)), variance)


def freeman_tukey(
    proportion: npt.ArrayLike, respondents: npt.ArrayLike, effective: npt.ArrayLike | None = None
) -> Scaled:
    """Percentages on the double-arcsine scale: the other choice of scale, to see what it changes.

    Parameters
    ----------
    proportion, respondents, effective : as for `logit`.

    Returns
    -------
    Scaled: the mean of asin √(x / (n + 1)) and asin √((x + 1) / (n + 1)), and its variance
    (n / n_eff) / (4 n + 2).

    References
    ----------
    Freeman MF, Tukey JW. Transformations related to the angular and the square root. Annals of
    Mathematical Statistics 1950;21:607-611.
    """
    p, n = np.asarray(proportion, dtype=float), np.asarray(respondents, dtype=float)
    n = np.where(n > 0, n, np.nan)
    effect = _design_effect(n, effective)
    count = p * n
    angle = (np.arcsin(np.sqrt(count / (n + 1))) + np.arcsin(np.sqrt((count + 1) / (n + 1)))) / 2
    return Scaled(angle, np.where(np.isnan(angle), np.nan, effect / (4 * n + 2)))


def _design_effect(n: Floats, effective: npt.ArrayLike | None) -> Floats:
    """How many real answers are worth one; NaN where there is no effective answer."""
    if effective is None:
        return np.ones(n.shape)
    known = np.asarray(effective, dtype=float)
    return np.asarray(n / np.where(known > 0, known, np.nan))


def proportion_at(value: npt.ArrayLike) -> Floats:
    """The proportion, 0-1, that stands at a point of the logit scale."""
    return np.asarray(special.expit(np.asarray(value, dtype=float)))
