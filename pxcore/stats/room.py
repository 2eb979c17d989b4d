"""How far the people of a room agree among themselves on one question, and whether they are split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pxcore.errors import TooFewPairs
from pxcore.stats.bands import quadratic
from pxcore.stats.intervals import Floats, Interval

DRAWS = 4_000
# Of fewer nothing can be said: the interval of three who all say the same still reaches below chance.
FEWEST_IN_ROOM = 4
IPR_SYMMETRIC, ASYMMETRY = 2.35, 1.5  # of the RAND/UCLA manual
MIDDLE = 5.0  # of its scale of 1 to 9


@dataclass(frozen=True, slots=True)
class RoomAgreement:
    """Gwet's AC2 among several people: 1 where all say the same, about 0 where they might as well guess."""

    estimate: float
    interval: Interval
    people: int


@dataclass(frozen=True, slots=True)
class DisagreementIndex:
    """Whether a panel is split, on a scale of 1 to 9."""

    median: float
    range: float  # between the 30th and 70th percentiles
    limit: float  # the range that this panel may have, adjusted for symmetry
    index: float  # range by limit
    people: int

    @property
    def split(self) -> bool:
        return self.index > 1


def gwet_of_many(counts: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """How far do several people agree beyond chance, near misses counting for something?

    Parameters
    ----------
    counts : array (subjects, categories in their order), how many people chose each; every category there
        may be, chosen or not. Subjects judged by one person help to say what chance would give.
    weights : square array, what two categories count for as agreement; quadratic where none are given,
        the identity for AC1.

    Returns
    -------
    Gwet's AC2 (with the identity AC1).

    References
    ----------
    Gwet KL. Computing inter-rater reliability and its variance in the presence of high agreement.
    British Journal of Mathematical and Statistical Psychology 2008;61:29-48.
    Gwet KL. Handbook of Inter-Rater Reliability, 4th ed. Advanced Analytics, 2014, chapters 2-5.

    Checked against the example of four raters of irrCAC (cac.raw4raters): AC1 0.77544.
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or table.shape[1] < 2 or np.isnan(table).any() or (table < 0).any():
        raise ValueError(f"the counts {table.shape} must be subjects × two categories or more")
    people = table.sum(axis=1)
    several = people > 1
    if not several.any():
        raise TooFewPairs("Nothing has been judged by two people.")
    alike = quadratic(table.shape[1]) if weights is None else np.asarray(weights, dtype=float)
    rated, of = table[several], people[several]
    pairs = (rated * (rated @ alike - 1)).sum(axis=1) / (of * (of - 1))
    rated_at_all = people > 0
    shares = (table[rated_at_all] / people[rated_at_all, None]).mean(axis=0)
    by_chance = _chance(shares, alike)
    return float((pairs.mean() - by_chance) / (1 - by_chance))


def room_agreement(counts: npt.ArrayLike, *, seed: int, draws: int = DRAWS) -> RoomAgreement:
    """How far do the people of a room agree on one question?

    Parameters
    ----------
    counts : array, how many people gave each answer, answers in their order; at least `FEWEST_IN_ROOM`
        people, for with fewer even one voice cannot be told from chance.
    seed, draws : of the random shares behind the interval.

    Returns
    -------
    RoomAgreement. The interval is for a room of such people without end: Gwet's coefficient of shares
    drawn from their posterior distribution after Jeffreys' prior, widened to hold the estimate where all
    say the same. Unlike an interval from a standard error it is not empty there.

    Notes
    -----
    Of a single question: it says nothing of how well these people would agree on another.

    References
    ----------
    As for `gwet_of_many`; Jeffreys' prior of shares: Brown LD, Cai TT, DasGupta A. Interval estimation
    for a binomial proportion. Statistical Science 2001;16:101-133.
    """
    answers = np.asarray(counts, dtype=float)
    if answers.sum() < FEWEST_IN_ROOM:
        raise TooFewPairs(
            f"It takes {FEWEST_IN_ROOM} people to say whether they agree beyond chance."
        )
    estimate = gwet_of_many(answers[None, :])
    alike = quadratic(len(answers))
    shares = np.random.default_rng(seed).dirichlet(answers + 0.5, size=draws)
    by_chance = _chance(shares, alike)
    agreed = ((shares @ alike) * shares).sum(axis=-1)
    low, high = np.quantile((agreed - by_chance) / (1 - by_chance), [0.025, 0.975])
    return RoomAgreement(
        estimate,
        Interval(min(float(low), estimate), max(float(high), estimate)),
        int(answers.sum()),
    )


def disagreement_index(ratings: npt.ArrayLike) -> DisagreementIndex:
    """Is a panel split on one question?

    Parameters
    ----------
    ratings : array, one a person, 1 to 9; at least three people.

    Returns
    -------
    DisagreementIndex: the range between the 30th and 70th percentiles, by the range that panels classed
    as split have at the same distance from the middle of the scale. Over 1 the panel is split.

    References
    ----------
    Fitch K, Bernstein SJ, Aguilar MD, et al. The RAND/UCLA Appropriateness Method User's Manual. RAND,
    2001, chapter 8.

    Checked against the worked example in BMJ Open 2012;2:e001431, table 1.
    """
    rated = np.asarray(ratings, dtype=float)
    if rated.ndim != 1 or np.isnan(rated).any() or (rated < 1).any() or (rated > 9).any():
        raise ValueError("ratings must be from 1 to 9, none missing")
    if len(rated) < 3:
        raise TooFewPairs("It takes three people to say whether they are split.")
    low, median, high = np.quantile(rated, [0.3, 0.5, 0.7])
    limit = IPR_SYMMETRIC + ASYMMETRY * abs(MIDDLE - (low + high) / 2)
    return DisagreementIndex(
        float(median),
        float(high - low),
        float(limit),
        float((high - low) / limit),
        len(rated),
    )


def _chance(shares: Floats, alike: Floats) -> Floats:
    """Agreement by chance, spread over every category."""
    categories = alike.shape[0]
    factor = alike.sum() / (categories * (categories - 1))
    return np.asarray(factor * (shares * (1 - shares)).sum(axis=-1))
