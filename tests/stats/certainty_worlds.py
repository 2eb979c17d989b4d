"""Imaginary pairs of sources for the tests of certainty, and the brute force they are held to."""

from __future__ import annotations

import numpy as np
from scipy import special, stats

from pxcore.stats.certainty_fit import Parameters, Prior, Usual
from pxcore.stats.certainty_nodes import Answered, Counted, Scored, ScoreScale

SURVEY, FFT = (1.1, 0.45, 85), (2.2, 0.5, 300)  # centre, spread (logit), answers


def pair(
    seed: int,
    organisations: int,
    correlation: float = 0.6,
    *,
    left: tuple[float, float, float] = SURVEY,
    right: tuple[float, float, float] = FFT,
    planted: int = 0,
) -> tuple[np.ndarray, Counted, Counted]:
    """True standings (organisations, 2) and counts; the first `planted` contradict by 3 peer SDs."""
    random = np.random.default_rng(seed)
    shape = [[1, correlation], [correlation, 1]]
    truth = random.multivariate_normal([0, 0], shape, organisations)
    truth[:planted, 1] += 3 * random.choice([-1, 1], planted)
    counts = []
    for place, (centre, spread, size) in enumerate((left, right)):
        answers = np.maximum(
            10, np.rint(size * np.exp(0.5 * random.standard_normal(organisations)))
        )
        share = special.expit(centre + spread * truth[:, place])
        positive = random.binomial(answers.astype(int), share).astype(float)
        counts.append(Counted(positive, answers, answers.copy()))
    return truth, counts[0], counts[1]


def certain(
    correlation: float = 0.6,
    contradicting: float = 0.05,
    *,
    centres: tuple[float, float] = (1.1, 2.2),
    deviations: tuple[float, float] = (0.45, 0.5),
) -> Usual:
    """A pair whose parameters are known for sure."""
    best = Parameters(centres, deviations, correlation, contradicting)
    return Usual(
        best=best,
        draws=(best,),
        weights=np.ones(1),
        worth=1.0,
        scales=(ScoreScale(), ScoreScale()),
        swapped=False,
        common=100,
        correlation=correlation,
        correlation_low=correlation,
        correlation_high=correlation,
        contradicting=contradicting,
        prior=Prior(),
    )


def brute_force(
    usual: Usual, left: Answered, right: Answered, at: int, margin: float = 1.0
) -> dict[str, float]:
    """Every probability of one organisation, on a fine square of points, with scipy's densities."""
    point, step = usual.best, 0.04
    u = np.arange(-350, 351) * step
    first, second = np.meshgrid(u, u, indexing="ij")
    places = np.dstack([first, second])
    r, e = point.correlation, point.contradicting
    density = (1 - e) * stats.multivariate_normal([0, 0], [[1, r], [r, 1]]).pdf(places)
    density += e / 2 * stats.multivariate_normal([0, 0], [[7, r], [r, 1]]).pdf(places)
    density += e / 2 * stats.multivariate_normal([0, 0], [[1, r], [r, 7]]).pdf(places)
    heights = []
    for side, source in enumerate((left, right)):
        theta = point.centres[side] + point.deviations[side] * u
        if isinstance(source, Scored):
            logs = stats.norm(theta, np.sqrt(source.variance[at])).logpdf(source.value[at])
        else:
            x, n = source.positive[at], source.answers[at]
            logs = stats.binom.logpmf(x, n, special.expit(theta)) * source.effective[at] / n
        heights.append(np.exp(logs - logs.max()))
    weight = density * heights[0][:, None] * heights[1][None, :]
    weight /= weight.sum()
    gap, edge = first - second, step / 4

    def chance(inside: np.ndarray, on: np.ndarray) -> float:
        return float(weight[inside].sum() + weight[on].sum() / 2)

    order = np.argsort(gap, axis=None, kind="stable")
    passed = np.cumsum(weight.ravel()[order])
    low, middle, high = gap.ravel()[order][np.searchsorted(passed, (0.025, 0.5, 0.975))]
    above = [np.where(np.abs(side) < edge, 0.5, side > 0) for side in (first, second)]
    return {
        "left_higher": chance(gap > margin + edge, np.abs(gap - margin) < edge),
        "right_higher": chance(gap < -margin - edge, np.abs(gap + margin) < edge),
        "both_above": float((weight * above[0] * above[1]).sum()),
        "both_below": float((weight * (1 - above[0]) * (1 - above[1])).sum()),
        "gap": float(middle),
        "gap_low": float(low),
        "gap_high": float(high),
        "left": float((weight * first).sum()),
        "right": float((weight * second).sum()),
    }
