"""Three or more sources on one organisation: do all that speak put it on one side of the average?

How the true standings go together is split into what several sources share and what each has to
itself: R = Λ Λ' + δ I with δ the smallest eigenvalue of R. Given what is shared, the sources know
nothing of one another, so that each is integrated out by itself, and what is left is an integral
over one dimension fewer than there are sources.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from pxcore.stats.certainty import Place, quantiles
from pxcore.stats.certainty_fit import Prior, Usual
from pxcore.stats.certainty_nodes import (
    CONTRADICTION,
    Answered,
    Block,
    Flags,
    Natural,
    ScoreScale,
    blocks,
    natural,
    up_to,
)
from pxcore.stats.intervals import Floats

LEAST_EIGENVALUE = 0.02
MOST_SOURCES = 4
POINTS, FEWEST_POINTS, WORK = 16, 4, 4e9  # draws of the parameters; products they may take
REACH = 7.5  # nodes of what is shared, in its own standard deviations
STEP = 1.4  # between them, in standard deviations of what the surest sources leave open of it
AT_ONCE = 4_000_000  # figures held at once

Pairs = Mapping[tuple[int, int], Usual]
Singles = npt.NDArray[np.float32]
Both = tuple[Singles, Singles]  # what a source says of what is shared: as usual, and contradicting


@dataclass(frozen=True, slots=True)
class Nearest:
    """A correlation matrix, and whether the pairs' figures had to be changed to make it one."""

    matrix: Floats
    adjusted: bool


@dataclass(frozen=True, slots=True)
class Together:
    """What several sources say of every organisation; missing where fewer than two speak."""

    all_above: Floats  # P(every source that speaks truly stands above the average)
    all_below: Floats
    places: tuple[Place, ...]  # a source at a time, informed by all the rest
    correlation: Nearest  # of the true standings, as averaged
    assumed: tuple[tuple[int, int], ...]  # pairs of which nothing was learnt: the prior's middle


def nearest_correlation(table: Floats) -> Nearest:
    """The correlation matrix that pairwise figures come nearest to.

    Parameters
    ----------
    table : symmetric, 1 on the diagonal.

    Returns
    -------
    Nearest: eigenvalues under 0.02 are raised to it, and the diagonal is brought back to 1.

    References
    ----------
    Rebonato R, Jäckel P. The most general methodology to create a valid correlation matrix for risk
    management and option pricing purposes. Journal of Risk 2000;2:17-27 (spectral decomposition).
    """
    values, vectors = np.linalg.eigh(table)
    if values[0] >= LEAST_EIGENVALUE:
        return Nearest(np.array(table, dtype=float), False)
    raised = (vectors * np.maximum(values, LEAST_EIGENVALUE)) @ vectors.T
    size = np.sqrt(np.diag(raised))
    return Nearest(raised / np.outer(size, size), True)


def together(sources: Sequence[Answered], pairs: Pairs) -> Together:
    """What do three or four sources say of every organisation, each for what it is worth?

    Parameters
    ----------
    sources : in one order of organisations, as they may be shown; a source that does not speak of an
        organisation takes no part in it.
    pairs : places of two sources, the smaller first -> how these two usually behave, learnt with the
        smaller as left. A pair of which nothing could be learnt is left out.

    Notes
    -----
    One source in a share of organisations contradicts all the rest; its own share is half of what its
    pairs show, on average. Averaged over draws of the parameters, those of a source from each of its
    pairs in turn.

    References
    ----------
    Dunnett CW, Sobel M. Approximations to the probability integral and certain percentage points of a
    multivariate analogue of Student's t-distribution. Biometrika 1955;42:258-260 (integrating over
    what is shared).

    Checked against brute force on a cube of points (tests).
    """
    count = len(sources)
    if not 2 <= count <= MOST_SOURCES:
        raise ValueError(f"{count} sources; it takes 2 to {MOST_SOURCES}")
    if {place for pair in pairs for place in pair} != set(range(count)):
        raise ValueError("of every source some pair must be known")
    speaks = np.column_stack([source.speaks for source in sources])
    likelihoods = [natural(source, _scale(place, pairs)) for place, source in enumerate(sources)]
    centres, deviations = zip(*(_level(place, pairs, None) for place in range(count)), strict=True)
    blunted = [
        source.blunted(deviation) for source, deviation in zip(likelihoods, deviations, strict=True)
    ]
    organisations = len(speaks)
    sides = np.zeros((2, organisations))
    table = np.full((count, 3, organisations), np.nan)
    middle = nearest_correlation(_correlations(count, pairs, None))
    shared = _Shared.of(middle.matrix)
    for block in blocks(blunted, centres, deviations, widest=math.sqrt(shared.own)):
        points = _points(len(block.rows) * len(block.nodes) * shared.size * 3 * count)
        above, below, densities = _averaged(block, blunted, speaks, pairs, points)
        sides[:, block.rows] = above, below
        for place, density in enumerate(densities):
            low, high = quantiles(density, block.nodes, block.step, (0.025, 0.975))
            table[place][:, block.rows] = block.step * (density @ block.nodes), low, high
    few = speaks.sum(axis=1) < 2
    sides[:, few] = np.nan
    table[:, :, ~speaks.any(axis=1)] = np.nan
    missing = [pair for pair in combinations(range(count), 2) if pair not in pairs]
    return Together(
        all_above=np.clip(sides[0], 0, 1),
        all_below=np.clip(sides[1], 0, 1),
        places=tuple(Place(*rows) for rows in table),
        correlation=middle,
        assumed=tuple(missing),
    )


# --- The parameters of several pairs together ---


def _points(work: int) -> int:
    return int(min(POINTS, max(FEWEST_POINTS, WORK // work)))


def _drawn(usual: Usual, share: float) -> int:
    """The draw that stands at a share of all their weight."""
    passed = np.cumsum(usual.weights)
    return int(np.searchsorted(passed, share * passed[-1]))


def _scale(place: int, pairs: Pairs) -> ScoreScale:
    return next(usual.scales[pair.index(place)] for pair, usual in pairs.items() if place in pair)


def _level(place: int, pairs: Pairs, point: tuple[int, float] | None) -> tuple[float, float]:
    """Centre and spread of a source: the mode, averaged over its pairs, or one pair's draw."""
    known = [(pair, usual) for pair, usual in sorted(pairs.items()) if place in pair]
    if point is not None:
        known = [known[point[0] % len(known)]]
    levels = []
    for pair, usual in known:
        parameters = usual.best if point is None else usual.draws[_drawn(usual, point[1])]
        at = pair.index(place) ^ int(usual.swapped)
        levels.append((parameters.centres[at], math.log(parameters.deviations[at])))
    centre, log = np.mean(levels, axis=0)
    return float(centre), math.exp(log)


def _correlations(count: int, pairs: Pairs, point: tuple[int, float] | None) -> Floats:
    table = np.eye(count)
    for first, second in combinations(range(count), 2):
        usual = pairs.get((first, second))
        r = math.tanh(Prior().alike)
        if usual is not None:
            r = usual.correlation
            if point is not None:
                r = usual.draws[_drawn(usual, point[1])].correlation
        table[first, second] = table[second, first] = r
    return table


def _contradicting(count: int, pairs: Pairs) -> Floats:
    """The share of organisations in which each source contradicts the rest."""
    return np.array(
        [
            np.mean([usual.contradicting / 2 for pair, usual in pairs.items() if place in pair])
            for place in range(count)
        ]
    )


# --- The integral ---


@dataclass(frozen=True, slots=True)
class _Shared:
    """Nodes of what sources share, their weights, and how each source's standing follows them."""

    means: Floats  # (sources, nodes)
    weights: Floats
    own: float  # variance that each has to itself

    @property
    def size(self) -> int:
        return len(self.weights)

    @classmethod
    def of(cls, matrix: Floats) -> _Shared:
        values, vectors = np.linalg.eigh(matrix)
        own = float(values[0])
        axes, loadings = [], []
        for value, vector in zip(values, vectors.T, strict=True):
            if value - own < 1e-9:
                continue
            step = STEP * math.sqrt(own / value)
            half = math.ceil(REACH / step)
            axes.append(step * np.arange(-half, half + 1.0))
            loadings.append(vector * math.sqrt(value - own))
        if not axes:
            return cls(np.zeros((len(matrix), 1)), np.ones(1), own)
        grid = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")])
        near = (grid**2).sum(axis=0) <= REACH**2
        grid = grid[:, near]
        weights = np.exp(-(grid**2).sum(axis=0) / 2)
        return cls(np.array(loadings).T @ grid, weights / weights.sum(), own)


def _averaged(
    block: Block, sources: Sequence[Natural], speaks: Flags, pairs: Pairs, points: int
) -> tuple[Floats, Floats, list[Floats]]:
    """P(all above), P(all below) and the densities of the standings, for a block of organisations.

    In single precision, which keeps four figures more than are wanted, in half the time.
    """
    count, rows = len(sources), block.rows
    above, below = np.zeros(len(rows)), np.zeros(len(rows))
    densities = [np.zeros((len(rows), len(block.nodes))) for _ in sources]
    shares = _contradicting(count, pairs).tolist()
    for number in range(points):
        point = number, (number + 0.5) / points
        shared = _Shared.of(nearest_correlation(_correlations(count, pairs, point)).matrix)
        size = max(1, AT_ONCE // (shared.size * (2 + 2 * count)))
        kernels = [
            (_kernel(block, mean, shared.own), _kernel(block, mean, shared.own + CONTRADICTION))
            for mean in shared.means
        ]
        weights = shared.weights.astype(np.float32)
        levels = [_level(place, pairs, point) for place in range(count)]
        for start in range(0, len(rows), size):
            part = slice(start, start + size)
            tables = []
            for source, (centre, deviation) in zip(sources, levels, strict=True):
                logs = source.log_likelihood(centre + deviation * block.nodes, rows[part])
                tables.append(np.exp((logs - logs.max(axis=1)[:, None]).astype(np.float32)))
            up, down, places = _contracted(
                block, tables, kernels, weights, shares, speaks[rows[part]]
            )
            above[part] += up / points
            below[part] += down / points
            for density, place in zip(densities, places, strict=True):
                density[part] += place / points
    return above, below, densities


def _kernel(block: Block, mean: Floats, variance: float) -> Singles:
    """(nodes, shared nodes): density of a standing given what is shared."""
    away = block.nodes[:, None] - mean[None, :]
    density = np.exp(-(away**2) / (2 * variance)) * block.step / math.sqrt(2 * math.pi * variance)
    return np.asarray(density, dtype=np.float32)


def _contracted(
    block: Block,
    tables: Sequence[Singles],
    kernels: Sequence[Both],
    weights: Singles,
    shares: Sequence[float],
    speaks: Flags,
) -> tuple[Singles, Singles, list[Singles]]:
    """The sources integrated out one after the other, then what they share."""
    low = (up_to(0.0, block.nodes, block.step) / block.step).astype(np.float32)
    scaled, passed, below, above = [], [], [], []
    for place, (table, (kernel, wider)) in enumerate(zip(tables, kernels, strict=True)):
        # brought to 1 at its highest, so that sources far apart do not multiply to nothing
        top = (table @ wider).max(axis=1, keepdims=True)
        scaled.append(table / top)
        both = scaled[-1] @ kernel, scaled[-1] @ wider
        under = (scaled[-1] * low) @ kernel, (scaled[-1] * low) @ wider
        over = both[0] - under[0], both[1] - under[1]
        silent = ~speaks[:, place]  # it may stand on either side
        for side in (under, over):
            for part, whole in zip(side, both, strict=True):
                part[silent] = whole[silent]
        passed.append(both)
        below.append(under)
        above.append(over)
    total = _mixture(passed, shares)[1] @ weights
    out = [(_mixture(side, shares)[1] @ weights) / total for side in (above, below)]
    densities = []
    for place, (table, (kernel, wider)) in enumerate(zip(scaled, kernels, strict=True)):
        rest, fewer = ([*values[:place], *values[place + 1 :]] for values in (passed, shares))
        usual, without = _mixture(rest, fewer, shares[place])
        density = (without * weights) @ kernel.T + (usual * (shares[place] * weights)) @ wider.T
        density *= table
        densities.append(density / (total[:, None] * block.step))
    return out[0], out[1], densities


def _mixture(
    passed: Sequence[Both], shares: Sequence[float], already: float = 0.0
) -> tuple[Singles, Singles]:
    """The product of all sources as usual; and with that, each in its share, of one contradicting."""
    usual, odd = passed[0][0], shares[0] * passed[0][1]
    for (own, stray), share in zip(passed[1:], shares[1:], strict=True):
        odd = odd * own + (share * stray) * usual
        usual = usual * own
    return usual, (1 - sum(shares) - already) * usual + odd
