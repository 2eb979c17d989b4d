"""Would probabilities as sure as these come true, if data like these behaved as is assumed, or worse?

Imaginary data of the same design (the same organisations, numbers of answers and design effects)
are made with the parameters as they were learnt, and again in three worlds that are a little worse;
the method is run on each. No such check sees every way in which a model can be wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import special

from pxcore.stats.certainty import VERY_LIKELY, VERY_UNLIKELY, posterior
from pxcore.stats.certainty_fit import MOST_SHARE, Parameters, Usual, refitted
from pxcore.stats.certainty_nodes import (
    CONTRADICTION,
    Answered,
    Counted,
    Flags,
    Scored,
    ScoreScale,
)
from pxcore.stats.intervals import Floats
from pxcore.stats.verdict import MARGIN

SETS = 20  # imaginary data sets a world
BINS = (0.0, 0.10, 0.25, 0.50, 0.75, 0.90, 1.0)
TAILS, DISPERSION, CONTRADICTING = 5.0, 1.5, 0.2
_SEED = 20261129

Both = tuple[Answered, Answered]


class World(StrEnum):
    """How the imaginary organisations behave."""

    ASSUMED = "as this app assumes"
    HEAVY_TAILS = "with more extreme organisations (t, 5 degrees of freedom)"
    DISPERSED = "with answers worth two thirds of what they are taken for"
    CONTRADICTING = "with one source contradicting in 1 organisation of 5"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was claimed in one world, and what was true."""

    world: World
    claimed: Floats  # mean P(agree), by the bins of BINS; NaN where nobody is in one
    true: Floats  # share that did agree
    organisations: npt.NDArray[np.int64]  # in each bin, over all data sets
    sure: (
        float  # mean probability of what was called very likely, either way; NaN where nothing was
    )
    right: float  # how often that came true
    error: float  # its Monte Carlo standard error, the data set as the unit; NaN of fewer than 2
    sets: int


@dataclass(frozen=True, slots=True)
class DesignCheck:
    """The four worlds, and how often “very likely” came true in the worst and the best of them."""

    worlds: tuple[Checked, ...]

    @property
    def worst(self) -> float:
        return min(
            (world.right for world in self.worlds if not math.isnan(world.right)), default=math.nan
        )

    @property
    def best(self) -> float:
        return max(
            (world.right for world in self.worlds if not math.isnan(world.right)), default=math.nan
        )


def design_check(
    usual: Usual,
    left: Answered,
    right: Answered,
    judged: npt.ArrayLike | None = None,
    *,
    sets: int = SETS,
    margin: float = MARGIN,
    progress: Callable[[float], None] | None = None,
) -> DesignCheck:
    """How often would “very likely” be right on data of this design?

    Parameters
    ----------
    usual, left, right : as for `certainty.posterior`; the values of the sources are not used.
    judged : flags of the organisations that get a probability; all of which both speak where None.
    sets : imaginary data sets a world.
    margin : peer SDs.
    progress : is given the share done, 0 to 1, after each data set.

    Returns
    -------
    DesignCheck.

    Notes
    -----
    The parameters of each data set are a draw from what was learnt, and are learnt anew from it,
    beginning where the real data's search ended.

    References
    ----------
    Little RJ. Calibrated Bayes: a Bayes/frequentist roadmap. The American Statistician
    2006;60:213-223.
    """
    both = left.speaks & right.speaks
    used = both if judged is None else both & np.asarray(judged, dtype=bool)
    if not used.any():
        raise ValueError("of no organisation do both sources speak")
    passed = np.cumsum(usual.weights)
    out = []
    for number, world in enumerate(World):
        agree, true = [], []
        for at in range(sets):
            random = np.random.default_rng([_SEED, number, at])
            draw = int(np.searchsorted(passed, (at + 0.5) / sets * passed[-1]))
            truth, exact, shown = _imagined(usual, usual.draws[draw], left, right, world, random)
            learnt = refitted(usual, *exact)
            certainty = posterior(learnt, *shown).certainty(margin)
            agree.append(certainty.agree[used])
            true.append((np.abs(truth[:, 0] - truth[:, 1]) < margin)[used])
            if progress is not None:
                progress((number * sets + at + 1) / (sets * len(World)))
        out.append(_checked(world, np.array(agree), np.array(true)))
    return DesignCheck(tuple(out))


def _checked(world: World, agree: Floats, true: Flags) -> Checked:
    """From (sets, organisations)."""
    place = np.clip(np.searchsorted(BINS, agree, side="right") - 1, 0, len(BINS) - 2)
    many = np.bincount(place.ravel(), minlength=len(BINS) - 1)
    sums = [
        np.bincount(place.ravel(), weights=values.ravel().astype(float), minlength=len(BINS) - 1)
        for values in (agree, true)
    ]
    blank = np.full(len(many), np.nan)
    claimed, came = (np.divide(part, many, out=blank.copy(), where=many > 0) for part in sums)
    sure = (agree >= VERY_LIKELY) | (agree <= VERY_UNLIKELY)
    right = np.where(agree >= VERY_LIKELY, true, ~true) & sure
    count, sets = int(sure.sum()), len(agree)
    rate = right.sum() / count if count else math.nan
    error = math.nan
    if count and sets > 1:
        rest = right.sum(axis=1) - rate * sure.sum(axis=1)
        error = math.sqrt(float((rest**2).sum()) * sets / (sets - 1)) / count
    return Checked(
        world=world,
        claimed=claimed,
        true=came,
        organisations=many,
        sure=float(np.maximum(agree, 1 - agree)[sure].mean()) if count else math.nan,
        right=float(rate),
        error=error,
        sets=sets,
    )


def _imagined(
    usual: Usual,
    point: Parameters,
    left: Answered,
    right: Answered,
    world: World,
    random: np.random.Generator,
) -> tuple[Floats, Both, Both]:
    """True standings (organisations, 2), both sources' exact figures, and those that are shown."""
    e = CONTRADICTING if world is World.CONTRADICTING else point.contradicting
    truth = _standings(len(left.speaks), point.correlation, min(e, MOST_SHARE), world, random)
    dispersion = DISPERSION if world is World.DISPERSED else 1.0
    pairs = []
    for place, (source, scale) in enumerate(zip((left, right), usual.scales, strict=True)):
        at = place ^ int(usual.swapped)  # the draws hold the sources in their own order
        theta = point.centres[at] + point.deviations[at] * truth[:, place]
        pairs.append(_answers(source, scale, theta, dispersion, random))
    return truth, (pairs[0][0], pairs[1][0]), (pairs[0][1], pairs[1][1])


def _standings(
    count: int, correlation: float, e: float, world: World, random: np.random.Generator
) -> Floats:
    if world is World.HEAVY_TAILS:
        shared, own = (
            random.standard_t(TAILS, (count, width)) * math.sqrt((TAILS - 2) / TAILS)
            for width in (1, 2)
        )
    else:
        shared, own = random.standard_normal((count, 1)), random.standard_normal((count, 2))
    r = abs(correlation)
    truth = math.sqrt(r) * shared + math.sqrt(1 - r) * own
    if correlation < 0:
        truth[:, 1] = math.sqrt(1 - r) * own[:, 1] - math.sqrt(r) * shared[:, 0]
    odd = np.flatnonzero(random.random(count) < e)
    truth[odd, random.integers(2, size=len(odd))] += math.sqrt(
        CONTRADICTION
    ) * random.standard_normal(len(odd))
    return np.asarray(truth)


def _answers(
    source: Answered,
    scale: ScoreScale,
    theta: Floats,
    dispersion: float,
    random: np.random.Generator,
) -> Both:
    """A source's exact figures, and those that are shown."""
    if isinstance(source, Scored):
        error = np.sqrt(np.where(source.speaks, source.variance, 1.0) * dispersion)
        value = scale.middle + scale.deviation * theta + error * random.standard_normal(len(theta))
        exact = Scored(np.where(source.speaks, value, np.nan), source.variance)
        return exact, exact
    # as many whole answers as they are worth, spread over those that were given
    speaks = source.speaks
    worth = np.where(speaks, np.minimum(source.effective, source.answers), 1.0) / dispersion
    whole = np.maximum(1, np.rint(worth)).astype(np.int64)
    share = random.binomial(whole, special.expit(theta)) / whole
    counted = Counted(
        np.where(speaks, share * source.answers, np.nan), source.answers, source.effective
    )
    if source.noise is None:
        return counted, counted
    noise = np.where(speaks, source.noise, 0.0)
    seen = np.clip(share + np.sqrt(noise) * random.standard_normal(len(theta)), 0, 1)
    positive = np.where(speaks, seen * source.answers, np.nan)
    return counted, replace(counted, positive=positive, noise=source.noise)
