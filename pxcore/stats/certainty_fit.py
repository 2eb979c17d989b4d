"""How two sources usually behave: their levels, their spreads, how alike they are, how often one
contradicts the other; by marginal likelihood, and how sure that is.

The parameters are m (a source's centre), ln τ (its true spread), atanh r (how alike the standings
are) and the share e of organisations of which one source says something else than it usually would.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special, stats
from scipy.stats import qmc

from pxcore.errors import TooFewPairs
from pxcore.stats.certainty_nodes import (
    Answered,
    Block,
    Counted,
    Natural,
    ScoreScale,
    blocks,
    heard,
    mixed,
    natural,
    scale_of,
)
from pxcore.stats.intervals import Floats
from pxcore.stats.spread import FEWEST_PEERS, peer_spread

FEWEST_COMMON = 10  # organisations of which both sources speak: under that nothing is learnt
LEAST_SHARE, MOST_SHARE = 0.005, 0.30  # of organisations where a source contradicts
PARAMETERS = 6
DRAWS = 16  # of the parameters, over which everything is averaged; a power of 2, 16 or more
MOST_TRIED, FEWEST_TRIED = (
    256,
    32,
)  # places where the posterior is looked at for its mean and spread
WORK = 2e9  # products of nodes that these may take before places are saved on
SEED = 1  # of the fixed nodes
FREEDOM = 10.0  # of the t-distribution that draws are taken from
FIRST = 400  # organisations of many on which the search begins
MOST_STEPS, CLOSE = 60, 1e-9  # of the search; the fall of the loss still to come, in its own units
SEARCH = 0.4  # of the time, about, before the places about the mode are looked at
_SHIFT = 1e-4  # of the numerical curvature
_BOUNDS = np.array([12.0, 12.0, 4.0, 4.0, 2.6, 9.0])  # parameters are not searched beyond


@dataclass(frozen=True, slots=True)
class Prior:
    """What is held of a pair of sources before its answers are read.

    Of how alike: the median is 0.60 and 9 pairs in 10 lie between 0.04 and 0.88, which is what
    published and own figures of underlying agreement between such sources span.
    """

    alike: float = 0.7  # mean of atanh r
    alike_deviation: float = 0.4
    spread: float = math.log(0.5)  # mean of ln τ, on the logit scale or in observed SDs of a score
    spread_deviation: float = 0.8
    contradicting: float = 1.0  # organisations of which one source contradicts, of so many:
    organisations: float = 20.0

    def log_density(self, at: Floats) -> float:
        """Without its constant; levels are flat. Of the search's own coordinates."""
        share, slope = _share(at[5])
        spreads = ((at[2:4] - self.spread) / self.spread_deviation) ** 2
        alike = ((at[4] - self.alike) / self.alike_deviation) ** 2
        return float(
            -(spreads.sum() + alike) / 2
            + (self.contradicting - 1) * math.log(share)
            + (self.organisations - self.contradicting - 1) * math.log1p(-share)
            + math.log(slope)
        )

    def gradient(self, at: Floats) -> Floats:
        share, slope = _share(at[5])
        out = np.zeros(PARAMETERS)
        out[2:4] = -(at[2:4] - self.spread) / self.spread_deviation**2
        out[4] = -(at[4] - self.alike) / self.alike_deviation**2
        out[5] = slope * (
            (self.contradicting - 1) / share
            - (self.organisations - self.contradicting - 1) / (1 - share)
        ) + (1 - 2 * float(special.expit(at[5])))
        return out


@dataclass(frozen=True, slots=True)
class Parameters:
    """One set of parameters; centres and spreads on the scale of θ (see `certainty_nodes`)."""

    centres: tuple[float, float]
    deviations: tuple[float, float]
    correlation: float
    contradicting: float  # share of organisations


@dataclass(frozen=True, slots=True)
class Usual:
    """How two sources usually behave, as their answers and the prior have it."""

    best: Parameters  # where the posterior is highest
    draws: tuple[Parameters, ...]  # of the posterior's mean and covariance
    weights: Floats  # of the draws; they sum to 1
    worth: (
        float  # equally weighted places that those are worth from which mean and spread are known
    )
    scales: tuple[ScoreScale, ScoreScale]
    swapped: bool  # the draws hold the sources in their own order, not in the caller's
    common: int  # organisations of which both sources speak
    correlation: float  # posterior mean of r
    correlation_low: float  # 95 % interval
    correlation_high: float
    contradicting: float  # posterior mean of e
    prior: Prior  # what was held of them beforehand


def usual_behaviour(
    left: Answered,
    right: Answered,
    *,
    prior: Prior | None = None,
    draws: int = DRAWS,
    progress: Callable[[float], None] | None = None,
) -> Usual:
    """How do two sources usually behave towards each other, and how sure is that?

    Parameters
    ----------
    left, right : the exact figures of all organisations, in one order; organisations of which one
        source alone speaks help to learn that source's centre and spread.
    prior : None for the usual one.
    draws : of the parameters, a power of 2 and at least 16.
    progress : is given the share done, 0 to 1.

    Raises
    ------
    TooFewPairs, with fewer than 10 organisations in common.

    Notes
    -----
    The mode by Newton's method on all six parameters; then the posterior's mean and covariance from
    places drawn from a t-distribution about it, weighted by what the posterior has there over what
    was drawn from (it is skewed, and its mean is not its mode). The draws are fixed nodes in pairs,
    brought to exactly that mean and covariance: with 60 organisations or more, 16 such nodes moved no
    probability of agreement by more than 0.007 from what thousands of weighted places gave, and with
    thousands of organisations by 0.003 (with 20, some by 0.02).

    References
    ----------
    Breslow NE, Clayton DG. Approximate inference in generalized linear mixed models. Journal of the
    American Statistical Association 1993;88:9-25 (why counts need their own likelihood).
    Geweke J. Bayesian inference in econometric models using Monte Carlo integration. Econometrica
    1989;57:1317-1339 (importance sampling from a t-distribution).
    Ionides EL. Truncated importance sampling. Journal of Computational and Graphical Statistics
    2008;17:295-311.
    Julier SJ, Uhlmann JK. Unscented filtering and nonlinear estimation. Proceedings of the IEEE
    2004;92:401-422 (few nodes of the right mean and covariance).
    """
    if len(left.speaks) != len(right.speaks):
        raise ValueError("the two sources must hold the same organisations in the same order")
    common = int((left.speaks & right.speaks).sum())
    if common < FEWEST_COMMON:
        raise TooFewPairs(
            f"{common} are too few organisations to learn how these sources usually behave; it "
            f"takes {FEWEST_COMMON}."
        )
    prior = prior or Prior()
    swapped = _order(right) < _order(left)
    scales = scale_of(left), scale_of(right)
    first, second = _ordered(left, right, scales, swapped)
    count = len(first.a)
    some = np.unique(np.linspace(0, count - 1, min(count, FIRST)).astype(np.int64))
    start = _start(first, second)
    at, curvature = _Likelihood(first.of(some), second.of(some), start, prior).mode(start)
    likelihood = _Likelihood(first, second, at, prior)  # nodes for the spreads as they are
    at, curvature = likelihood.mode(at, curvature * count / len(some))
    tried = _tried(likelihood, at, curvature, likelihood.affordable(), progress)
    return _usual(at, *tried, draws, scales, swapped, common, prior)


def refitted(usual: Usual, left: Answered, right: Answered, *, draws: int = DRAWS) -> Usual:
    """The same for data like those that `usual` was learnt from, beginning there: a few steps.

    Parameters
    ----------
    usual : of the data that these are like; the prior is the same.
    left, right : as for `usual_behaviour`.
    draws : of the parameters, a power of 2 and at least 16.
    """
    first, second = _ordered(left, right, usual.scales, usual.swapped)
    best = usual.best
    logs = [math.log(deviation) for deviation in best.deviations]
    part = (best.contradicting - LEAST_SHARE) / (MOST_SHARE - LEAST_SHARE)
    start = np.array([*best.centres, *logs, math.atanh(best.correlation), special.logit(part)])
    likelihood = _Likelihood(first, second, start, usual.prior)
    at, curvature = likelihood.mode(start)
    tried = _tried(likelihood, at, curvature, likelihood.affordable())
    common = int((left.speaks & right.speaks).sum())
    return _usual(at, *tried, draws, usual.scales, usual.swapped, common, usual.prior)


def _ordered(
    left: Answered, right: Answered, scales: tuple[ScoreScale, ScoreScale], swapped: bool
) -> tuple[Natural, Natural]:
    """Both sources, and all organisations, in an order of their own: the caller's changes nothing."""
    first, second = natural(left, scales[0]), natural(right, scales[1])
    if swapped:
        first, second = second, first
    order = np.lexsort((second.b, second.a, first.b, first.a))
    order = order[(first.speaks | second.speaks)[order]]
    return first.of(order), second.of(order)


def _usual(
    at: Floats,
    places: Floats,
    weights: Floats,
    draws: int,
    scales: tuple[ScoreScale, ScoreScale],
    swapped: bool,
    common: int,
    prior: Prior,
) -> Usual:
    fisher = places[:, 4]
    ends = _quantiles(fisher, weights, (0.025, 0.975))
    return Usual(
        best=parameters(at),
        draws=tuple(parameters(place) for place in _alike(places, weights, draws)),
        weights=np.full(draws, 1 / draws),
        worth=float(1 / np.square(weights).sum()),
        scales=scales,
        swapped=swapped,
        common=common,
        correlation=float(weights @ np.tanh(fisher)),
        correlation_low=math.tanh(ends[0]),
        correlation_high=math.tanh(ends[1]),
        contradicting=float(weights @ np.array([_share(place[5])[0] for place in places])),
        prior=prior,
    )


def parameters(at: Floats) -> Parameters:
    """From the coordinates of the search."""
    return Parameters(
        (float(at[0]), float(at[1])),
        (math.exp(at[2]), math.exp(at[3])),
        math.tanh(at[4]),
        _share(at[5])[0],
    )


def _share(logit: float) -> tuple[float, float]:
    """The share of contradictions, and its derivative; it stays within its ends."""
    part = float(special.expit(logit))
    width = MOST_SHARE - LEAST_SHARE
    return LEAST_SHARE + width * part, max(width * part * (1 - part), 1e-300)


def _order(source: Answered) -> tuple[float, ...]:
    """What decides which source is taken first: nothing that a shift of a score would change."""
    there = source.speaks
    if isinstance(source, Counted):
        return (0.0, float(source.answers[there].sum()), float(source.positive[there].sum()))
    middle = float(np.median(source.value[there])) if there.any() else 0.0
    skew = float(np.sum((source.value[there] - middle) ** 3))
    return (1.0, float(source.variance[there].sum()), round(skew, 9))


def _start(first: Natural, second: Natural) -> Floats:
    centres, logs = [], []
    for source in (first, second):
        y, v = source.value[source.speaks], source.variance[source.speaks]
        assert len(y) >= FEWEST_PEERS
        spread = peer_spread(y, v)
        centres.append(spread.centre)
        logs.append(math.log(max(0.2, min(2.0, spread.deviation))))
    return np.array([*centres, *logs, 0.6, math.log(0.18)])


# --- The marginal likelihood ---


@dataclass(frozen=True, slots=True)
class _Point:
    loss: float
    gradient: Floats


class _Likelihood:
    """Minus the log posterior of the parameters, standings integrated out on nodes."""

    def __init__(self, first: Natural, second: Natural, at: Floats, prior: Prior) -> None:
        point = parameters(at)
        self.prior = prior
        self.sources = tuple(
            source.blunted(deviation)
            for source, deviation in zip((first, second), point.deviations, strict=True)
        )
        self.blocks = blocks(self.sources, point.centres, point.deviations)

    def affordable(self) -> int:
        """Places to look at: the more organisations, the nearer to normal and the fewer it takes."""
        each = sum(len(block.rows) * len(block.nodes) ** 2 for block in self.blocks)
        return int(2 ** math.floor(math.log2(min(MOST_TRIED, max(FEWEST_TRIED, WORK / each)))))

    def loss(self, at: Floats) -> float:
        point = parameters(at)
        total = -self.prior.log_density(at)
        for block in self.blocks:
            (table, across), tops, (left, right) = self._tables(block, point)
            density = block.density(point.correlation, point.contradicting, left, right)
            whole = ((table @ density) * across).sum(axis=1)
            total -= float(np.log(whole * block.step**2).sum() + tops)
        return total

    def _tables(
        self, block: Block, point: Parameters
    ) -> tuple[tuple[Floats, Floats], float, tuple[slice, slice]]:
        """Each source's likelihood, its top at 1; the logarithm of those tops; and at which nodes:
        those where the likelihood of any organisation is more than nothing.
        """
        tables, tops, nodes = [], 0.0, []
        for source, centre, deviation in zip(
            self.sources, point.centres, point.deviations, strict=True
        ):
            logs = source.log_likelihood(centre + deviation * block.nodes, block.rows)
            top = logs.max(axis=1)
            logs -= top[:, None]
            table = np.exp(logs, out=logs)
            nodes.append(heard(table))
            tables.append(table[:, nodes[-1]])
            tops += float(top.sum())
        return (tables[0], tables[1]), tops, (nodes[0], nodes[1])

    def point(self, at: Floats) -> _Point:
        """The loss and its gradient: by Fisher's identity, a mean over the posterior of standings."""
        point = parameters(at)
        total = -self.prior.log_density(at)
        gradient = -self.prior.gradient(at)
        for block in self.blocks:
            (table, across), tops, nodes = self._tables(block, point)
            components = block.components(point.correlation, *nodes)
            density = mixed(components, point.contradicting)
            passed = table @ density
            whole = (passed * across).sum(axis=1)
            total -= float(np.log(whole * block.step**2).sum() + tops)
            share = table / whole[:, None]
            marginals = (share * (across @ density.T), passed * across / whole[:, None])
            for place, (source, centre, deviation, marginal) in enumerate(
                zip(self.sources, point.centres, point.deviations, marginals, strict=True)
            ):
                standing = block.nodes[nodes[place]]
                theta = centre + deviation * standing
                pull = source.a[block.rows] @ marginal
                pull = pull - (source.b[block.rows] @ marginal) * source.slope(theta)
                gradient[place] -= float(pull.sum())
                gradient[2 + place] -= float(pull @ (deviation * standing))
            joint = share.T @ across
            by_r = mixed(block.slopes(point.correlation, components, *nodes), point.contradicting)
            by_share = (components[1] + components[2]) / 2 - components[0]
            gradient[4] -= float((joint * by_r).sum()) * (1 - point.correlation**2)
            gradient[5] -= float((joint * by_share).sum()) * _share(at[5])[1]
        return _Point(total, gradient)

    def curvature(self, at: Floats) -> Floats:
        rows = [
            (self.point(at + step).gradient - self.point(at - step).gradient) / (2 * _SHIFT)
            for step in _SHIFT * np.eye(PARAMETERS)
        ]
        table = np.array(rows)
        return np.asarray((table + table.T) / 2)

    def mode(self, start: Floats, curvature: Floats | None = None) -> tuple[Floats, Floats]:
        """The most likely parameters and the curvature there, made positive.

        Newton's steps, the curvature brought up to date from the gradients met on the way (Broyden,
        Fletcher, Goldfarb, Shanno): worked out anew at every step it would be most of the time.
        """
        at = np.array(start, dtype=float)
        point = self.point(at)
        near = _positive(self.curvature(at) if curvature is None else curvature)
        for _ in range(MOST_STEPS):
            step = -np.linalg.solve(near, point.gradient)
            if -float(step @ point.gradient) < CLOSE:
                break
            step /= max(1.0, float(np.abs(step).max()))
            ahead = np.clip(at + step, -_BOUNDS, _BOUNDS)
            tried = self.point(ahead)
            while tried.loss > point.loss and np.abs(step).max() > 1e-7:
                step = step / 3
                ahead = np.clip(at + step, -_BOUNDS, _BOUNDS)
                tried = self.point(ahead)
            if tried.loss > point.loss:
                break
            near = _updated(near, ahead - at, tried.gradient - point.gradient)
            at, point = ahead, tried
        return at, _positive(self.curvature(at))


def _updated(curvature: Floats, step: Floats, change: Floats) -> Floats:
    bend, pushed = float(step @ change), curvature @ step
    if bend <= 1e-12:
        return curvature
    gone = np.outer(pushed, pushed) / float(step @ pushed)
    return np.asarray(curvature - gone + np.outer(change, change) / bend)


def _positive(curvature: Floats) -> Floats:
    """The nearest thing to a hill: directions in which the loss is flat or falls get a little slope."""
    values, vectors = np.linalg.eigh(curvature)
    return np.asarray((vectors * np.maximum(np.abs(values), 0.05)) @ vectors.T)


# --- Averaging over what is not known of the parameters ---


def _tried(
    likelihood: _Likelihood,
    at: Floats,
    curvature: Floats,
    count: int,
    progress: Callable[[float], None] | None = None,
) -> tuple[Floats, Floats]:
    """Places (count, parameters) about the mode, and how much of the posterior each stands for."""
    root = np.linalg.cholesky(np.linalg.inv(curvature))
    normal, stretch = _fixed_nodes(count)
    places = np.clip(at + (normal * stretch[:, None]) @ root.T, -_BOUNDS, _BOUNDS)
    distance = (normal**2).sum(axis=1) * stretch**2
    drawn_from = -(FREEDOM + PARAMETERS) / 2 * np.log1p(distance / FREEDOM)
    losses = []
    for place in places:
        losses.append(likelihood.loss(place))
        if progress is not None:
            progress(SEARCH + (1 - SEARCH) * len(losses) / count)
    logs = -np.array(losses) - drawn_from
    weights = np.exp(logs - logs.max())
    weights = np.minimum(weights, weights.mean() * math.sqrt(count))
    return places, weights / weights.sum()


def _alike(places: Floats, weights: Floats, count: int) -> Floats:
    """Places (count, parameters) of one weight that have the same mean and covariance."""
    mean = weights @ places
    away = places - mean
    root = np.linalg.cholesky(away.T @ (away * weights[:, None]))
    return np.asarray(np.clip(mean + _fixed_nodes(count)[0] @ root.T, -_BOUNDS, _BOUNDS))


def _fixed_nodes(count: int) -> tuple[Floats, Floats]:
    """Standard normal nodes (count, parameters) spread evenly, and each one's stretch to a t.

    Scrambled Sobol points from one seed, so that they are always the same, each with its opposite,
    made to have covariance 1 exactly: of what is even about the mode nothing is left in a mean.

    References
    ----------
    Owen AB. Scrambling Sobol' and Niederreiter-Xing points. Journal of Complexity 1998;14:466-489.
    Hammersley JM, Morton KW. A new Monte Carlo technique: antithetic variates. Mathematical
    Proceedings of the Cambridge Philosophical Society 1956;52:449-475.
    """
    even = qmc.Sobol(PARAMETERS + 1, scramble=True, rng=SEED).random(count // 2)
    normal = special.ndtri(even[:, :PARAMETERS])
    normal = normal @ np.linalg.inv(np.linalg.cholesky(2 * normal.T @ normal / count)).T
    stretch = np.sqrt(FREEDOM / stats.chi2.ppf(even[:, PARAMETERS], FREEDOM))
    return np.concatenate([normal, -normal]), np.tile(stretch, 2)


def _quantiles(values: Floats, weights: Floats, shares: tuple[float, ...]) -> Floats:
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order]) - weights[order] / 2
    return np.interp(shares, below, values[order])
