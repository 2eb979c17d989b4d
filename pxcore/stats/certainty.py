"""How likely is it, for every organisation, that two sources agree on it?

`usual_behaviour` (in `certainty_fit`) learns how the two usually behave; `posterior` reads each
organisation's answers against that; `Posterior.certainty` says how likely agreement is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import special

from pxcore.stats.certainty_fit import Parameters, Usual
from pxcore.stats.certainty_nodes import (
    CONTRADICTION,
    Answered,
    Block,
    Natural,
    blocks,
    heard,
    natural,
    up_to,
)
from pxcore.stats.intervals import Floats
from pxcore.stats.verdict import MARGIN

VERY_LIKELY, PROBABLY, UNLIKELY, VERY_UNLIKELY = 0.90, 0.75, 0.25, 0.10
AT_ONCE = 100_000  # likelihoods at nodes that are worked out together
TOGETHER = 400  # organisations whose gaps are added up together
_FINER = 4  # points to a node on which a distribution is read for its quantiles


class Word(StrEnum):
    """What is said of a probability that two sources agree."""

    VERY_LIKELY_AGREE = "very likely agree"
    PROBABLY_AGREE = "probably agree"
    COULD_BE_EITHER = "could be either"
    PROBABLY_DIFFER = "probably differ"
    VERY_LIKELY_DIFFER = "very likely differ"


def word(agree: float) -> Word | None:
    """The word for a probability of agreement; None where there is no probability."""
    if math.isnan(agree):
        return None
    if agree >= VERY_LIKELY:
        return Word.VERY_LIKELY_AGREE
    if agree >= PROBABLY:
        return Word.PROBABLY_AGREE
    if agree > UNLIKELY:
        return Word.COULD_BE_EITHER
    return Word.PROBABLY_DIFFER if agree > VERY_UNLIKELY else Word.VERY_LIKELY_DIFFER


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of any organisation before its answers are read, from the pair alone."""

    agree: float
    left_higher: float  # by more than the margin
    right_higher: float
    both_above: float  # the average
    both_below: float
    opposite: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where one source truly stands, the second source's answers read too; peer SDs."""

    mean: Floats
    low: Floats  # 95 % interval
    high: Floats


@dataclass(frozen=True, slots=True)
class Certainty:
    """How likely everything is, an organisation at a time; missing where a source does not speak."""

    agree: Floats  # the true standings lie within the margin of each other
    left_higher: Floats  # the left source stands higher by more than the margin
    right_higher: Floats
    both_above: Floats  # both stand above the average
    both_below: Floats
    opposite: Floats
    gap: Floats  # median of left less right, peer SDs
    gap_low: Floats  # 95 % interval
    gap_high: Floats
    left: Place
    right: Place
    before: Before
    margin: float  # peer SDs

    @property
    def words(self) -> list[Word | None]:
        return [word(agree) for agree in self.agree.tolist()]


@dataclass(frozen=True, slots=True)
class _Densities:
    """Organisations of one block: densities of the gap and of both standings, on nodes."""

    rows: npt.NDArray[np.int64]
    step: float
    gap: Floats  # (organisations, gap nodes)
    gap_nodes: Floats
    left: Floats  # (organisations, nodes)
    right: Floats
    nodes: Floats
    both_above: Floats
    both_below: Floats


@dataclass(frozen=True, slots=True)
class Posterior:
    """What both sources' answers leave open on every organisation; read it by `certainty`."""

    usual: Usual
    organisations: int
    speak: npt.NDArray[np.bool_]  # both sources do
    left_speaks: npt.NDArray[np.bool_]
    right_speaks: npt.NDArray[np.bool_]
    parts: tuple[_Densities, ...]

    def certainty(self, margin: float = MARGIN) -> Certainty:
        """Everything that is said of the organisations, with agreement meant within this margin.

        Parameters
        ----------
        margin : peer SDs; 0.5, 1 or 1.5 in the app.
        """
        if not margin > 0:
            raise ValueError("the margin must be above 0")
        names = "left_higher right_higher both_above both_below gap gap_low gap_high"
        out = {name: np.full(self.organisations, np.nan) for name in names.split()}
        places = {side: np.full((3, self.organisations), np.nan) for side in ("left", "right")}
        for part in self.parts:
            rows = part.rows
            below, above = (part.gap @ up_to([-margin, margin], part.gap_nodes, part.step).T).T
            out["right_higher"][rows] = np.clip(below, 0, 1)
            out["left_higher"][rows] = np.clip(1 - above, 0, 1)
            out["both_above"][rows] = np.clip(part.both_above, 0, 1)
            out["both_below"][rows] = np.clip(part.both_below, 0, 1)
            ends = quantiles(part.gap, part.gap_nodes, part.step, (0.025, 0.5, 0.975))
            out["gap_low"][rows], out["gap"][rows], out["gap_high"][rows] = ends
            for side, density in (("left", part.left), ("right", part.right)):
                low, high = quantiles(density, part.nodes, part.step, (0.025, 0.975))
                places[side][:, rows] = (part.step * (density @ part.nodes), low, high)
        for values in out.values():
            values[~self.speak] = np.nan
        either = self.left_speaks | self.right_speaks
        for table in places.values():
            table[:, ~either] = np.nan
        differ = out["left_higher"] + out["right_higher"]
        sides = out["both_above"] + out["both_below"]
        return Certainty(
            agree=np.clip(1 - differ, 0, 1),
            opposite=np.clip(1 - sides, 0, 1),
            left=Place(*places["left"]),
            right=Place(*places["right"]),
            before=before(self.usual, margin),
            margin=margin,
            **out,
        )

    def gaps(self, shares: tuple[float, ...]) -> Floats:
        """(organisations, shares): where the distribution of each gap passes these shares, peer SDs."""
        out = np.full((self.organisations, len(shares)), np.nan)
        for part in self.parts:
            ends = quantiles(part.gap, part.gap_nodes, part.step, shares)
            out[part.rows] = np.column_stack(ends)
        out[~self.speak] = np.nan
        return out


def posterior(usual: Usual, left: Answered, right: Answered) -> Posterior:
    """What is known of every organisation's two standings, once its answers are read.

    Parameters
    ----------
    usual : how the two sources usually behave, learnt from exact figures.
    left, right : the figures that may be shown, in the caller's order of organisations and with the
        sources as they were given to `usual_behaviour`; perturbed counts with their noise.

    Returns
    -------
    Posterior, averaged over the draws of the parameters.

    Notes
    -----
    The true standings are normal with correlation r; in a share e of organisations one source stands
    elsewhere by a spread of √6 peer SDs. Counts speak through the binomial likelihood, tempered by
    what they are worth: its normal approximation is far too sure near 100 %.

    A probability here holds where organisations behave as this model says; how often such
    probabilities come true is measured by `python -m benchmarks.calibration.certainty`. Where a pair
    of sources has too few answers to show how alike the two are (near 100 %), what is claimed is
    right as often as claimed over all the pairs that the prior expects, and not for pairs of one
    likeness: then those data sets claim most in which the two happen to look most alike.

    References
    ----------
    Chu H, Cole SR. Bivariate meta-analysis of sensitivity and specificity with sparse data: a
    generalized linear mixed model approach. Journal of Clinical Epidemiology 2006;59:1331-1332.
    Tukey JW. A survey of sampling from contaminated distributions. In: Contributions to Probability
    and Statistics. Stanford University Press, 1960, pages 448-485.

    Checked against quadrature on a dense grid by independent code (tests).
    """
    first, second = natural(left, usual.scales[0]), natural(right, usual.scales[1])
    speaks = first.speaks, second.speaks
    if usual.swapped:
        first, second = second, first
    parts = [
        _averaged(block, sources, usual.draws, usual.weights)
        for block, sources in laid_out(usual, first, second)
    ]
    if usual.swapped:
        parts = [_mirrored(part) for part in parts]
    return Posterior(usual, len(first.a), speaks[0] & speaks[1], *speaks, tuple(parts))


Pair = tuple[Natural, Natural]


def laid_out(usual: Usual, first: Natural, second: Natural) -> list[tuple[Block, Pair]]:
    """Blocks of nodes for organisations, and their sources, in the order of the draws."""
    best = usual.best
    sources = first.blunted(best.deviations[0]), second.blunted(best.deviations[1])
    return [(block, sources) for block in blocks(sources, best.centres, best.deviations)]


def tables(block: Block, sources: Pair, points: Sequence[Parameters]) -> tuple[Floats, Floats]:
    """(draws, organisations, nodes): each source's likelihood, its top at 1."""
    out = []
    for place, source in enumerate(sources):
        logs = np.stack(
            [
                source.log_likelihood(
                    point.centres[place] + point.deviations[place] * block.nodes, block.rows
                )
                for point in points
            ]
        )
        out.append(np.exp(logs - logs.max(axis=2, keepdims=True)))
    return out[0], out[1]


def densities(block: Block, points: Sequence[Parameters], left: slice, right: slice) -> Floats:
    """(draws, nodes, nodes): how the two standings go together, on some nodes of each source."""
    return np.stack(
        [block.density(point.correlation, point.contradicting, left, right) for point in points]
    )


def batches(block: Block, count: int) -> list[slice]:
    """Draws that are worked out together: few enough to stay in the processor's own memory."""
    size = max(1, AT_ONCE // (len(block.rows) * len(block.nodes)))
    return [slice(at, min(at + size, count)) for at in range(0, count, size)]


def _averaged(
    block: Block, sources: Pair, draws: Sequence[Parameters], weights: Floats
) -> _Densities:
    count, size, step = len(block.rows), len(block.nodes), block.step
    gap = np.zeros((2 * size - 1, count))
    places = np.zeros((2, count, size))
    sides = np.zeros((2, count))
    below = up_to(0.0, block.nodes, step) / step
    for batch in batches(block, len(draws)):
        likelihoods = tables(block, sources, draws[batch])
        for rows, left, right in _near(*likelihoods):
            first, second = likelihoods[0][:, rows, left], likelihoods[1][:, rows, right]
            part = densities(block, draws[batch], left, right)
            passed = first @ part
            share = (weights[batch, None] / (passed * second).sum(axis=2))[:, :, None]
            first *= share
            places[0][rows, left] += (first * (second @ part.transpose(0, 2, 1))).sum(axis=0)
            places[1][rows, right] += (passed * second * share).sum(axis=0)
            for place, side in enumerate((1 - below, below)):
                both = ((first * side[left]) @ part) * second
                sides[place][rows] += (both @ side[right]).sum(axis=0)
            for shift in range(left.start - right.stop + 1, left.stop - right.start):
                low, high = max(left.start, right.start + shift), min(left.stop, right.stop + shift)
                both = (
                    first[:, :, low - left.start : high - left.start]
                    * (second[:, :, low - shift - right.start : high - shift - right.start])
                )
                offset = right.start - left.start + shift
                along = part.diagonal(-offset, axis1=1, axis2=2)[:, :, None]
                gap[shift + size - 1, rows] += (both @ along)[:, :, 0].sum(axis=0)
    nodes = step * np.arange(1.0 - size, size)
    return _Densities(
        block.rows, step, gap.T / step, nodes, places[0] / step, places[1] / step, block.nodes,
        sides[0], sides[1],
    )  # fmt: skip


def _near(first: Floats, second: Floats) -> Iterator[tuple[npt.NDArray[np.int64], slice, slice]]:
    """Organisations on which the first source says about the same, and the nodes, of each source,
    where the likelihood of any of them is more than nothing.
    """
    order = np.argsort(first[0].argmax(axis=1), kind="stable")
    tops = first.max(axis=0), second.max(axis=0)
    for rows in np.array_split(order, math.ceil(len(order) / TOGETHER)):
        yield rows, heard(tops[0][rows]), heard(tops[1][rows])


def _mirrored(part: _Densities) -> _Densities:
    return _Densities(
        part.rows, part.step, part.gap[:, ::-1], part.gap_nodes, part.right, part.left, part.nodes,
        part.both_above, part.both_below,
    )  # fmt: skip


def quantiles(
    density: Floats, nodes: Floats, step: float, shares: tuple[float, ...]
) -> list[Floats]:
    """Where a distribution given by its density on nodes passes these shares."""
    count = len(nodes)
    points = _FINER * (count - 1) + 1
    offsets = np.arange(1 - points, points) / _FINER
    weights = up_to(offsets, np.zeros(1), 1.0)[:, 0] * step
    table = weights[np.arange(points)[:, None] - _FINER * np.arange(count) + points - 1]
    rising = np.maximum.accumulate(np.clip(density @ table.T, 0, 1), axis=1)
    out = []
    for share in shares:
        after = np.clip((rising < share).sum(axis=1), 1, points - 1)
        rows = np.arange(len(rising))
        low, high = rising[rows, after - 1], rising[rows, after]
        part = np.divide(share - low, high - low, out=np.zeros(len(rows)), where=high > low)
        out.append(nodes[0] + step / _FINER * (after - 1 + np.clip(part, 0, 1)))
    return out


def before(usual: Usual, margin: float = MARGIN) -> Before:
    """The same probabilities before any answer of an organisation is read: the pair's base rate.

    Parameters
    ----------
    usual : how the two sources usually behave.
    margin : peer SDs.

    References
    ----------
    Sheppard WF. On the application of the theory of error to cases of normal distribution and normal
    correlation. Philosophical Transactions of the Royal Society A 1899;192:101-167 (the share of a
    bivariate normal in a quadrant).
    """
    apart, same = 0.0, 0.0
    for point, weight in zip(usual.draws, usual.weights, strict=True):
        r, e = point.correlation, point.contradicting
        for share, more in ((1 - e, 0.0), (e, CONTRADICTION)):
            deviation = math.sqrt(2 * (1 - r) + more)
            apart += weight * share * float(special.ndtr(-margin / deviation))
            quadrant = 0.25 + math.asin(r / math.sqrt(1 + more)) / (2 * math.pi)
            same += weight * share * quadrant
    apart, same = float(apart), float(same)
    return Before(1 - 2 * apart, apart, apart, same, same, 1 - 2 * same)
