"""Two sources' likelihoods and their usual agreement on nodes: what `certainty` integrates over.

A standing u is a distance from the average in true standard deviations of a source. Nodes lie evenly
on it, so close that the narrowest posterior of those that share them is met several times: for a
smooth function on a line the trapezium rule then errs by less than rounding does elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from pxcore.stats.intervals import Floats, with_noise
from pxcore.stats.scale import logit

CONTRADICTION = 6.0  # variance added to the standing of a source that contradicts, squared peer SDs
STEPS = (1 / 4, 1 / 8, 1 / 16, 1 / 32)  # between nodes, in peer SDs
NARROWEST = 0.025  # peer SDs: an answer surer than that is treated as no surer; see `natural`
LEAST_REACH, MOST_REACH = 10, 24  # peer SDs to either side that the nodes span
BEYOND = 4  # posterior standard deviations of nodes past the furthest organisation
FAINT = 1e-13  # a likelihood, its top at 1, that adds nothing to an integral
EVERY = slice(None)
MAD_TO_SD = 1.482602218505602  # of a normal

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Counted:
    """A percentage source: one count an organisation, all arrays of one length.

    No answers, or a missing number of them, where the source does not speak of an organisation.
    """

    positive: Floats  # answers counted as good; need not be whole where answers are weighted
    answers: Floats
    effective: Floats  # independent answers they are worth
    noise: Floats | None = None  # variance of the share from perturbed counts; None: exact

    @property
    def speaks(self) -> Flags:
        with np.errstate(invalid="ignore"):
            return np.asarray((self.answers > 0) & (self.effective > 0) & (self.positive >= 0))

    def of(self, rows: Places) -> Counted:
        noise = None if self.noise is None else self.noise[rows]
        return Counted(self.positive[rows], self.answers[rows], self.effective[rows], noise)


@dataclass(frozen=True, slots=True)
class Scored:
    """A source of mean scores, each with its sampling variance; missing where it does not speak."""

    value: Floats
    variance: Floats

    @property
    def speaks(self) -> Flags:
        with np.errstate(invalid="ignore"):
            return np.asarray(np.isfinite(self.value) & (self.variance > 0))

    def of(self, rows: Places) -> Scored:
        return Scored(self.value[rows], self.variance[rows])


Answered = Counted | Scored


@dataclass(frozen=True, slots=True)
class Natural:
    """A source's log likelihood of θ = m + τ u, organisation by organisation: a θ - b κ(θ).

    κ is ln(1 + exp θ) for counts and θ²/2 for scores. Where the source does not speak a and b are 0:
    the likelihood is flat.
    """

    a: Floats
    b: Floats
    counts: bool
    value: Floats  # where the likelihood is about highest, on the scale of θ; NaN where flat
    variance: Floats  # its sampling variance there
    speaks: Flags

    def potential(self, theta: Floats) -> Floats:
        return np.logaddexp(0.0, theta) if self.counts else theta * theta / 2

    def slope(self, theta: Floats) -> Floats:
        return np.asarray(special.expit(theta)) if self.counts else theta

    def log_likelihood(self, theta: Floats, rows: Places | slice = slice(None)) -> Floats:
        """(organisations, nodes), without its constant."""
        # one product of matrices: once through memory instead of three times
        sides = np.column_stack([self.a[rows], self.b[rows]])
        return np.asarray(sides @ np.stack([theta, -self.potential(theta)]))

    def of(self, rows: Places) -> Natural:
        return Natural(
            self.a[rows],
            self.b[rows],
            self.counts,
            self.value[rows],
            self.variance[rows],
            self.speaks[rows],
        )

    def blunted(self, deviation: float) -> Natural:
        """As it is, but nobody measured more surely than a fortieth of a peer SD."""
        least = (NARROWEST * deviation) ** 2
        share = np.where(self.speaks, np.minimum(1.0, self.variance / least), 1.0)
        return Natural(
            self.a * share,
            self.b * share,
            self.counts,
            self.value,
            self.variance / share,
            self.speaks,
        )


@dataclass(frozen=True, slots=True)
class ScoreScale:
    """How a score was brought to a common footing: its middle taken away, by its observed SD."""

    middle: float = 0.0
    deviation: float = 1.0


def scale_of(source: Answered) -> ScoreScale:
    """The middle and robust SD of a source of scores, as it was observed; of counts none is needed."""
    if isinstance(source, Counted) or not source.speaks.any():
        return ScoreScale()
    known = source.value[source.speaks]
    middle = float(np.median(known))
    deviation = MAD_TO_SD * float(np.median(np.abs(known - middle))) or float(known.std())
    return ScoreScale(middle, deviation or 1.0)


def natural(source: Answered, scale: ScoreScale) -> Natural:
    """A source in the form that the integrals take.

    Parameters
    ----------
    source : counts or scores of all organisations.
    scale : for scores, of the exact figures from which the parameters are learnt.

    Returns
    -------
    Natural. The binomial's logarithm is multiplied by effective over real answers, so that weighting
    and months that differ by more than chance make the answers worth less; the noise of perturbed
    counts makes them worth less again, as its variance adds to that of sampling.

    References
    ----------
    Fraser B, Wooton J. A proposed method for confidentialising tabular output to protect against
    differencing. UNECE/Eurostat work session on statistical data confidentiality, Geneva, 2005.
    """
    speaks = source.speaks
    if isinstance(source, Scored):
        y = np.where(speaks, (source.value - scale.middle) / scale.deviation, 0.0)
        v = np.where(speaks, source.variance / scale.deviation**2, np.inf)
        return Natural(y / v, 1 / v, False, np.where(speaks, y, np.nan), v, speaks)
    n = np.where(speaks, source.answers, 1.0)
    x = np.clip(np.where(speaks, source.positive, 0.0), 0.0, n)
    worth = np.where(speaks, np.minimum(source.effective, n), 1.0)
    if source.noise is not None:
        worth = with_noise(worth, x / n, n, np.where(speaks, source.noise, 0.0))
    share = np.where(speaks, worth / n, 0.0)
    scaled = logit(x / n, n, worth)
    return Natural(
        share * x,
        share * n,
        True,
        np.where(speaks, scaled.value, np.nan),
        np.where(speaks, scaled.variance, np.inf),
        speaks,
    )


# --- Nodes ---


@dataclass(frozen=True, slots=True)
class Block:
    """Organisations that share their nodes, because their posteriors are about as narrow."""

    rows: Places
    nodes: Floats
    step: float

    def components(
        self, correlation: float, left: slice = EVERY, right: slice = EVERY
    ) -> tuple[Floats, Floats, Floats]:
        """Density of the two standings: as usual, where the left contradicts, where the right does.

        On all nodes, or on those of each source that are asked for.
        """
        usual, first, second = (
            rows[left, None] * across[left, right] * columns[right]
            for rows, across, columns in self._factors(correlation)
        )
        return usual, first, second

    def density(
        self, correlation: float, share: float, left: slice = EVERY, right: slice = EVERY
    ) -> Floats:
        """The three together; a `share` of organisations have a source that contradicts."""
        shape = len(self.nodes[left]), len(self.nodes[right])
        total, part = np.zeros(shape), np.empty(shape)
        weights = 1 - share, share / 2, share / 2
        for weight, (rows, across, columns) in zip(
            weights, self._factors(correlation), strict=True
        ):
            np.multiply(across[left, right], columns[right], out=part)
            part *= (weight * rows[left])[:, None]
            total += part
        return total

    def _factors(self, correlation: float) -> Iterator[tuple[Floats, Floats, Floats]]:
        # q a² - 2 r ab + p b² is (q - |r|) a² + (p - |r|) b² + |r| (a ∓ b)²: three exponentials along a
        # line, where on the square it would be most of the time that certainty takes
        count, alike = len(self.nodes), abs(correlation)
        square = self.nodes**2
        apart = (self.step * np.arange(1.0 - count, count)) ** 2
        for more in ((0.0, 0.0), (CONTRADICTION, 0.0), (0.0, CONTRADICTION)):
            p, q = 1 + more[0], 1 + more[1]
            determinant = p * q - correlation**2
            along = np.exp(-alike * apart / (2 * determinant))
            windows = np.lib.stride_tricks.sliding_window_view(along, count)
            across = windows[:, ::-1] if correlation >= 0 else windows
            rows = np.exp(-(q - alike) * square / (2 * determinant))
            rows /= 2 * math.pi * math.sqrt(determinant)
            yield rows, across, np.exp(-(p - alike) * square / (2 * determinant))

    def slopes(
        self,
        correlation: float,
        components: Sequence[Floats],
        left: slice = EVERY,
        right: slice = EVERY,
    ) -> list[Floats]:
        """Those densities' derivatives by the correlation."""
        u, v = self.nodes[left], self.nodes[right]
        first, product, second = np.square(u)[:, None], np.outer(u, v), np.square(v)[None, :]
        out = []
        for more, density in zip(
            ((0.0, 0.0), (CONTRADICTION, 0.0), (0.0, CONTRADICTION)), components, strict=True
        ):
            p, q = 1 + more[0], 1 + more[1]
            determinant = p * q - correlation**2
            form = (q * first - 2 * correlation * product + p * second) / determinant
            out.append(density * (correlation + product - correlation * form) / determinant)
        return out


def heard(table: Floats) -> slice:
    """The nodes at which any likelihood of (organisations, nodes) is more than nothing."""
    places = np.flatnonzero((table > FAINT).any(axis=0))
    return slice(int(places[0]), int(places[-1]) + 1)


def mixed(components: Sequence[Floats], share: float) -> Floats:
    """The three densities together; `share` of organisations have a source that contradicts."""
    usual, left, right = components
    return (1 - share) * usual + share / 2 * (left + right)


def blocks(
    sources: Sequence[Natural],
    centres: Sequence[float],
    deviations: Sequence[float],
    *,
    widest: float = math.inf,
) -> tuple[Block, ...]:
    """Nodes for every organisation, close enough for its posterior at these parameters.

    The step is at most `widest` and the smallest of the sources' posterior standard deviations; the
    trapezium rule is then right to about exp(-2 π²).
    """
    narrow = np.full(len(sources[0].a), widest)
    furthest = 0.0
    for source, centre, deviation in zip(sources, centres, deviations, strict=True):
        noise = source.variance / deviation**2
        narrow = np.minimum(narrow, np.sqrt(1 / (1 + 1 / noise)))
        wide = 1 + CONTRADICTION
        there = source.speaks
        part = wide / (wide + noise[there])
        distance = np.abs(source.value[there] - centre) / deviation * part
        distance += BEYOND * np.sqrt(part * noise[there])
        furthest = max(furthest, float(distance.max(initial=0.0)))
    reach = min(MOST_REACH, max(LEAST_REACH, math.ceil(furthest)))
    chosen = np.minimum(np.searchsorted(-np.array(STEPS), -narrow), len(STEPS) - 1)
    laid = []
    for place, step in enumerate(STEPS):
        rows = np.flatnonzero(chosen == place)
        if len(rows):
            count = round(reach / step)
            laid.append(Block(rows, step * np.arange(-count, count + 1.0), step))
    return tuple(laid)


def up_to(point: npt.ArrayLike, nodes: Floats, step: float) -> Floats:
    """Weights (points, nodes) that make a density on nodes its integral up to each point.

    Exact for a band-limited density (the integral of the sinc functions that interpolate it), where
    a sum over the nodes below would be off by a part of a node's weight.

    References
    ----------
    Stenger F. Numerical Methods Based on Sinc and Analytic Functions. Springer, 1993, section 3.6.
    """
    distance = (np.asarray(point, dtype=float)[..., None] - nodes) / step
    return np.asarray(step * (0.5 + special.sici(math.pi * distance)[0] / math.pi))
