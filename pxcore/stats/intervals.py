"""Intervals: the shared shape, Wilson's of a proportion and Newcombe's of a difference of two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Z_95 = 1.959963984540054  # the normal's 97.5th percentile

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A range of plausible values, both ends included, at its confidence level."""

    low: float
    high: float
    level: float = 0.95


def wilson(
    proportion: npt.ArrayLike, respondents: npt.ArrayLike, z: float = Z_95
) -> tuple[Floats, Floats]:
    """The range in which the true proportion plausibly lies, given who answered.

    Parameters
    ----------
    proportion : array of proportions, 0-1.
    respondents : array of the same shape; the number of answers, or the effective number where
        answers are weighted (then it need not be whole). NaN or 0 gives NaN.
    z : the normal quantile of the level; 1.96 for 95 %.

    Returns
    -------
    low, high : arrays of proportions. With nobody positive `low` is exactly 0, with everybody
        positive `high` is exactly 1.

    Notes
    -----
    No continuity correction. Valid for any size above 0, unlike the interval p ± 1.96 SE, which
    is empty at 0 % and 100 %.

    References
    ----------
    Wilson EB. Probable inference, the law of succession, and statistical inference. Journal of the
    American Statistical Association 1927;22:209-212.
    Newcombe RG. Two-sided confidence intervals for the single proportion. Statistics in Medicine
    1998;17:857-872 (method 3).
    """
    p = np.asarray(proportion, dtype=float)
    n = np.asarray(respondents, dtype=float)
    n = np.where(n > 0, n, np.nan)
    spread = z * z / n
    centre = (p + spread / 2) / (1 + spread)
    half = z * np.sqrt(p * (1 - p) / n + spread / (4 * n)) / (1 + spread)
    low = np.where(p <= 0, np.where(np.isnan(n), np.nan, 0.0), centre - half)
    high = np.where(p >= 1, np.where(np.isnan(n), np.nan, 1.0), centre + half)
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def newcombe(
    left: npt.ArrayLike,
    left_respondents: npt.ArrayLike,
    right: npt.ArrayLike,
    right_respondents: npt.ArrayLike,
    z: float = Z_95,
) -> tuple[Floats, Floats]:
    """In what range does the difference between two proportions plausibly lie?

    Parameters
    ----------
    left, right : arrays of proportions, 0-1.
    left_respondents, right_respondents : arrays of the same shape; numbers of answers, or effective
        numbers (then they need not be whole). NaN or 0 gives NaN.
    z : the normal quantile of the level; 1.96 for 95 %.

    Returns
    -------
    low, high : arrays of differences, left less right, between -1 and 1.

    Notes
    -----
    For answers of different people: not where the same people are in both proportions. Built from
    the two Wilson intervals, so that it can be read beside them; no continuity correction.

    References
    ----------
    Newcombe RG. Interval estimation for the difference between independent proportions: comparison
    of eleven methods. Statistics in Medicine 1998;17:873-890 (method 10).

    Checked against table II of that paper and statsmodels (confint_proportions_2indep).
    """
    p, q = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    low, high = difference_of_limits(
        p, wilson(p, left_respondents, z), q, wilson(q, right_respondents, z)
    )
    return np.clip(low, -1, 1), np.clip(high, -1, 1)


def difference_of_limits(
    left: npt.ArrayLike,
    left_limits: tuple[npt.ArrayLike, npt.ArrayLike],
    right: npt.ArrayLike,
    right_limits: tuple[npt.ArrayLike, npt.ArrayLike],
) -> tuple[Floats, Floats]:
    """In what range does the difference of two figures lie that each have a range of their own?

    Parameters
    ----------
    left, right : arrays of figures: proportions, or scores.
    left_limits, right_limits : low and high of each, of one level; NaN gives NaN.

    Returns
    -------
    low, high : arrays of differences, left less right.

    Notes
    -----
    Of two Wilson intervals it is Newcombe's method 10, of two normal ones the normal interval of a
    difference; so that one formula serves shares and scores, and figures whose published range knows of
    weights that their number of answers does not. For answers of different people.

    References
    ----------
    Zou GY, Donner A. Construction of confidence limits about effect measures: a general approach.
    Statistics in Medicine 2008;27:1693-1702.
    Newcombe RG. Interval estimation for the difference between independent proportions: comparison
    of eleven methods. Statistics in Medicine 1998;17:873-890 (method 10).
    """
    a, b = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    a_low, a_high = (np.asarray(end, dtype=float) for end in left_limits)
    b_low, b_high = (np.asarray(end, dtype=float) for end in right_limits)
    low = a - b - np.sqrt((a - a_low) ** 2 + (b_high - b) ** 2)
    high = a - b + np.sqrt((a_high - a) ** 2 + (b - b_low) ** 2)
    return np.asarray(low), np.asarray(high)


def with_noise(
    effective: npt.ArrayLike,
    share: npt.ArrayLike,
    answers: npt.ArrayLike,
    noise: npt.ArrayLike,
) -> npt.NDArray[np.float64]:
    """How much is a share worth once the noise of perturbed counts is part of its error?

    Parameters
    ----------
    effective : independent answers, without the noise.
    share : proportions, 0 to 1.
    answers : numbers of answers behind them.
    noise : variance that the noise adds to each share; 0 or NaN where there is none.

    Returns
    -------
    1 / (1/effective + noise / (p (1 - p))), with p the share smoothed by half an answer each way, so that
    p (1 - p) divided by it is the variance of sampling and of noise together.

    Notes
    -----
    The variances of independent errors add up. The noise of the cell key method is independent of the
    answers, without bias, and of a known variance.

    References
    ----------
    Fraser B, Wooton J. A proposed method for confidentialising tabular output to protect against
    differencing. UNECE/Eurostat work session on statistical data confidentiality, Geneva, 2005.
    """
    worth, p, n, extra = (
        np.asarray(values, dtype=float) for values in (effective, share, answers, noise)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        smooth = (p * n + 0.5) / (n + 1)
        both = 1 / (1 / worth + extra / (smooth * (1 - smooth)))
    return np.where(extra > 0, both, worth)
