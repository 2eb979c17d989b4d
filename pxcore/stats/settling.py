"""How many more answers would settle whether two sources agree on an organisation?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from pxcore.stats.certainty import VERY_LIKELY, VERY_UNLIKELY
from pxcore.stats.certainty_fit import Parameters, Usual
from pxcore.stats.certainty_nodes import (
    CONTRADICTION,
    Answered,
    Natural,
    blocks,
    natural,
    up_to,
)
from pxcore.stats.intervals import Floats
from pxcore.stats.verdict import MARGIN

ENOUGH = 0.8  # chance of being settled that is promised
IMAGINED = 416  # sets of further answers drawn an organisation
POINTS = 16  # draws of the parameters that they are drawn from and read with
MOST_ANSWERS = 100_000.0  # more is as good as all
BRACKET = (0.25, 0.5, 1.0, 2.0, 4.0)  # of the number that the normal form gives
_SEED = 1


class Side(StrEnum):
    """Which of the two sources is to get more answers."""

    LEFT = "left"
    RIGHT = "right"


class Outlook(StrEnum):
    """What more answers to one source can do for an organisation."""

    SETTLED = "settled as it is"
    POSSIBLE = "so many more answers would settle it"
    TOO_COARSE = "more answers to this source cannot settle it: the second one is too coarse"
    NOT_JUDGED = "no probability, so nothing to settle"


@dataclass(frozen=True, slots=True)
class Needed:
    """Further answers to one source, an organisation at a time."""

    answers: Floats  # that settle it with the chance promised; NaN where there is no such number
    chance: Floats  # of being settled by that many; of all that could be asked where there is none
    outlook: tuple[Outlook, ...]


@dataclass(frozen=True, slots=True)
class Spending:
    """A number of answers spread over organisations."""

    answers: npt.NDArray[np.int64]  # an organisation
    settled: float  # organisations expected to be settled by them
    settled_evenly: float  # by the same number spread evenly


def chances(
    usual: Usual,
    left: Answered,
    right: Answered,
    row: int,
    side: Side,
    numbers: Sequence[float],
    *,
    worth: float,
    margin: float = MARGIN,
    imagined: int = IMAGINED,
) -> Floats:
    """How likely would so many more answers make it very likely that the two agree, or differ?

    Parameters
    ----------
    usual, left, right : as for `certainty.posterior`.
    row : the organisation.
    side : the source that gets more answers.
    numbers : further real answers to be tried; infinity for all that could ever be asked.
    worth : of one real answer: effective answers in a source of counts, and in one of scores the
        precision that an answer adds (1 over the variance of one person's score).
    margin : peer SDs.
    imagined : sets of further answers.

    Returns
    -------
    One chance a number. The same imagined truths and the same luck serve every number, so that chances
    differ by the answers and not by the draw.

    References
    ----------
    Spiegelhalter DJ, Freedman LS. A predictive approach to selecting the size of a clinical trial,
    based on subjective clinical opinion. Statistics in Medicine 1986;5:1-13.
    """
    first, second, points = _in_order(usual, left, right, side)
    scale = usual.scales[0 if side is Side.LEFT else 1].deviation
    random = np.random.default_rng(_SEED)
    each = math.ceil(imagined / len(points))
    theta = np.concatenate(
        [
            _imagined_places(first, second, row, point, random.permutation(each), each)
            for point in points
        ]
    )
    luck = random.permutation((np.arange(len(theta)) + 0.5) / len(theta))
    out = []
    for number in numbers:
        if number > MOST_ANSWERS:
            agree = _agreement_when_known(theta, second.of(np.array([row])), points, margin)
            out.append(_settled(agree))
            continue
        more = _with_more(first, row, theta, luck, number * worth * scale**2)
        agree = _agreement(more, second.of(np.full(len(theta), row)), points, margin)
        out.append(_settled(agree))
    return np.array(out)


def needed(
    usual: Usual,
    left: Answered,
    right: Answered,
    agree: npt.ArrayLike,
    side: Side,
    *,
    worth: npt.ArrayLike,
    margin: float = MARGIN,
    enough: float = ENOUGH,
    imagined: int = IMAGINED,
) -> Needed:
    """How many more answers to one source would, with a chance of 4 in 5, settle each organisation?

    Parameters
    ----------
    usual, left, right, side, margin, imagined : as for `chances`.
    agree : the probabilities of agreement as they are; organisations that are settled are passed over.
    worth : of one real answer, an organisation at a time or one for all.
    enough : the chance wanted.

    Notes
    -----
    The normal form brackets the number, drawn answers decide. Where even all the answers that could be
    asked do not reach the chance wanted, the second source is too coarse.

    References
    ----------
    Spiegelhalter DJ, Freedman LS. A predictive approach to selecting the size of a clinical trial,
    based on subjective clinical opinion. Statistics in Medicine 1986;5:1-13.
    """
    probability = np.asarray(agree, dtype=float)
    value = np.broadcast_to(np.asarray(worth, dtype=float), probability.shape)
    answers, chance = np.full(len(probability), np.nan), np.full(len(probability), np.nan)
    outlook = []
    for row, now in enumerate(probability):
        if math.isnan(now):
            outlook.append(Outlook.NOT_JUDGED)
            continue
        if now >= VERY_LIKELY or now <= VERY_UNLIKELY:
            outlook.append(Outlook.SETTLED)
            answers[row], chance[row] = 0.0, 1.0
            continue

        def tried(numbers: Sequence[float], row: int = row) -> Floats:
            return chances(
                usual, left, right, row, side, numbers,
                worth=float(value[row]), margin=margin, imagined=imagined,
            )  # fmt: skip

        everything = float(tried([math.inf])[0])
        if everything < enough:
            outlook.append(Outlook.TOO_COARSE)
            chance[row] = everything
            continue
        guess = normal_form(usual, left, right, row, side, float(value[row]), margin, enough)
        numbers = np.unique([*np.minimum(guess * np.array(BRACKET), MOST_ANSWERS), math.inf])
        reached = np.append(tried(numbers[:-1].tolist()), everything)
        place = int(np.argmax(reached >= enough))
        if place == len(numbers) - 1:  # only just within reach, of more than anybody would ask
            outlook.append(Outlook.TOO_COARSE)
            chance[row] = reached[place - 1]
            continue
        answers[row], chance[row] = math.ceil(numbers[place]), reached[place]
        if place > 0:
            logs, ends = np.log(numbers[place - 1 : place + 1]), reached[place - 1 : place + 1]
            between = math.ceil(math.exp(np.interp(enough, ends, logs)))
            at = float(tried([between])[0])
            if at >= enough:
                answers[row], chance[row] = between, at
        outlook.append(Outlook.POSSIBLE)
    return Needed(answers, chance, tuple(outlook))


def normal_form(
    usual: Usual,
    left: Answered,
    right: Answered,
    row: int,
    side: Side,
    worth: float,
    margin: float = MARGIN,
    enough: float = ENOUGH,
) -> float:
    """About how many more answers it takes, were everything normal: where the search begins.

    The mean of the gap moves with what its variance loses; agreement becomes very likely or very
    unlikely beyond two values of that mean.
    """
    first, second, _ = _in_order(usual, left, right, side)
    point = usual.best
    if usual.swapped is (side is Side.LEFT):
        point = _turned(point)
    scale = usual.scales[0 if side is Side.LEFT else 1].deviation
    centre, spread = point.centres[0], point.deviations[0]
    slope = 1.0
    if first.counts:
        share = float(special.expit(first.value[row]))
        slope = share * (1 - share)
    noise = first.variance[row] / spread**2, second.variance[row] / point.deviations[1] ** 2
    values = np.array(
        [
            (first.value[row] - centre) / spread,
            (second.value[row] - point.centres[1]) / point.deviations[1],
        ]
    )
    shape = np.array([[1.0, point.correlation], [point.correlation, 1.0]])

    def gap(v: float) -> tuple[float, float]:
        gain = shape @ np.linalg.inv(shape + np.diag([v, noise[1]]))
        mean, left_over = gain @ values, shape - gain @ shape
        return float(mean[0] - mean[1]), float(
            left_over[0, 0] + left_over[1, 1] - 2 * left_over[0, 1]
        )

    mean, now = gap(noise[0])
    for number in np.geomspace(5, MOST_ANSWERS, 60):
        after = gap(1 / (1 / noise[0] + number * worth * scale**2 * slope * spread**2))[1]
        means = mean + math.sqrt(max(now - after, 1e-12)) * _QUANTILES
        deviation = math.sqrt(after)
        agree = stats.norm.cdf((margin - means) / deviation)
        agree -= stats.norm.cdf((-margin - means) / deviation)
        if ((agree >= VERY_LIKELY) | (agree <= VERY_UNLIKELY)).mean() >= enough:
            return float(number)
    return MOST_ANSWERS / 4


_QUANTILES = special.ndtri((np.arange(200) + 0.5) / 200)


def spend(chance: npt.ArrayLike, numbers: npt.ArrayLike, budget: int) -> Spending:
    """Where would a number of answers settle most?

    Parameters
    ----------
    chance : (organisations, numbers), the chance that so many further answers settle each, from
        `chances`.
    numbers : those numbers, rising; none at all is understood.
    budget : answers there are.

    Returns
    -------
    Spending: by greedy steps, always the one with most gain an answer that can still be paid for.

    References
    ----------
    Fox B. Discrete optimization via marginal analysis. Management Science 1966;13:210-216.
    """
    steps = np.concatenate([[0.0], np.asarray(numbers, dtype=float)])
    if not (np.diff(steps) > 0).all():
        raise ValueError("numbers of answers must rise from above 0")
    table = np.asarray(chance, dtype=float)
    gains = np.maximum.accumulate(np.column_stack([np.zeros(len(table)), table]), axis=1)
    at = np.zeros(len(table), dtype=np.int64)
    rest = float(budget)
    while len(table):
        cost = steps[None, :] - steps[at][:, None]
        gain = gains - gains[np.arange(len(table)), at][:, None]
        fits = (cost > 0) & (cost <= rest) & (gain > 0)
        rate = np.divide(gain, cost, out=np.full(gain.shape, -1.0), where=fits)
        best = int(rate.argmax())
        if rate.flat[best] <= 0:
            break
        row, column = divmod(best, len(steps))
        rest -= float(cost[row, column])
        at[row] = column
    evenly = budget / max(1, len(table))
    even = sum(float(np.interp(evenly, steps, row)) for row in gains)
    settled = float(gains[np.arange(len(table)), at].sum())
    return Spending(steps[at].astype(np.int64), settled, even)


# --- Imagined answers ---


def _in_order(
    usual: Usual, left: Answered, right: Answered, side: Side
) -> tuple[Natural, Natural, list[Parameters]]:
    """The source that gets answers first, and evenly weighted draws of the parameters to match."""
    sources = natural(left, usual.scales[0]), natural(right, usual.scales[1])
    passed = np.cumsum(usual.weights)
    even = np.searchsorted(passed, (np.arange(POINTS) + 0.5) / POINTS * passed[-1])
    places = np.unique(even) if len(usual.draws) == 1 else even
    points = [usual.draws[place] for place in places]
    if side is Side.RIGHT:
        sources = sources[1], sources[0]
    if usual.swapped is (side is Side.LEFT):
        points = [_turned(point) for point in points]
    return sources[0], sources[1], points


def _turned(point: Parameters) -> Parameters:
    return Parameters(
        (point.centres[1], point.centres[0]),
        (point.deviations[1], point.deviations[0]),
        point.correlation,
        point.contradicting,
    )


def _imagined_places(
    first: Natural,
    second: Natural,
    row: int,
    point: Parameters,
    order: npt.NDArray[np.int64],
    each: int,
) -> Floats:
    """True places of one organisation in the first source, as likely as they are now: values of θ."""
    rows = np.array([row])
    sources = (
        first.of(rows).blunted(point.deviations[0]),
        second.of(rows).blunted(point.deviations[1]),
    )
    block = blocks(sources, point.centres, point.deviations)[0]
    density = block.density(point.correlation, point.contradicting)
    heights = [
        _heights(source, centre + deviation * block.nodes)[0]
        for source, centre, deviation in zip(sources, point.centres, point.deviations, strict=True)
    ]
    weight = heights[0] * (density @ heights[1])
    passed = np.concatenate([[0.0], np.cumsum(weight) / weight.sum()])
    edges = np.append(block.nodes - block.step / 2, block.nodes[-1] + block.step / 2)
    u = np.interp((order + 0.5) / each, passed, edges)
    return np.asarray(point.centres[0] + point.deviations[0] * u)


def _heights(source: Natural, theta: Floats) -> Floats:
    logs = source.log_likelihood(theta)
    return np.asarray(np.exp(logs - logs.max(axis=1)[:, None]))


def _with_more(first: Natural, row: int, theta: Floats, luck: Floats, worth: float) -> Natural:
    """One organisation with further answers, once for every imagined truth."""
    a, b = np.full(len(theta), first.a[row]), np.full(len(theta), first.b[row])
    if first.counts:
        # whole effective answers, so that they are drawn with the variance they are read with
        whole = max(1.0, round(worth))
        a = a + stats.binom.ppf(luck, whole, special.expit(theta))
        b = b + whole
        share = (a + 0.5) / (b + 1)
        value, variance = special.logit(share), 1 / ((b + 1) * share * (1 - share))
    else:
        a = a + worth * (theta + special.ndtri(luck) / math.sqrt(worth))
        b = b + worth
        value, variance = a / b, 1 / b
    return Natural(a, b, first.counts, value, variance, np.ones(len(theta), dtype=bool))


def _agreement(
    first: Natural, second: Natural, points: Sequence[Parameters], margin: float
) -> Floats:
    """P(agree) of imagined organisations that share what the second source says."""
    total = np.zeros(len(first.a))
    middle = points[len(points) // 2]
    first, second = first.blunted(middle.deviations[0]), second.blunted(middle.deviations[1])
    for block in blocks((first, second), middle.centres, middle.deviations):
        size = len(block.nodes)
        gaps = block.step * np.arange(1.0 - size, size)
        ends = up_to([-margin, margin], gaps, block.step) / block.step
        within = (ends[1] - ends[0])[np.subtract.outer(np.arange(size), np.arange(size)) + size - 1]
        for point in points:
            density = block.density(point.correlation, point.contradicting)
            theta = [
                centre + deviation * block.nodes
                for centre, deviation in zip(point.centres, point.deviations, strict=True)
            ]
            across = _heights(second.of(block.rows[:1]), theta[1])[0]
            table = _heights(first.of(block.rows), theta[0])
            total[block.rows] += (table @ ((density * within) @ across)) / (
                table @ (density @ across)
            )
    return total / len(points)


def _agreement_when_known(
    theta: Floats, second: Natural, points: Sequence[Parameters], margin: float
) -> Floats:
    """The same where endless answers have shown exactly where the first source stands."""
    total = np.zeros(len(theta))
    for point in points:
        r = point.correlation
        source = second.blunted(point.deviations[1])
        block = blocks(
            (source,), point.centres[1:], point.deviations[1:], widest=math.sqrt(1 - r * r)
        )[0]
        u, v = ((theta - point.centres[0]) / point.deviations[0])[:, None], block.nodes
        density = np.zeros((len(theta), len(v)))
        e = point.contradicting
        for share, p, q in (
            (1 - e, 1.0, 1.0),
            (e / 2, 1 + CONTRADICTION, 1.0),
            (e / 2, 1.0, 1 + CONTRADICTION),
        ):
            determinant = p * q - r * r
            form = (q * u**2 - 2 * r * u * v + p * v**2) / determinant
            density += share * np.exp(-form / 2) / math.sqrt(determinant)
        weight = density * _heights(source, point.centres[1] + point.deviations[1] * v)
        within = up_to(u[:, 0] + margin, v, block.step) - up_to(u[:, 0] - margin, v, block.step)
        total += (weight * within).sum(axis=1) / block.step / weight.sum(axis=1)
    return total / len(points)


def _settled(agree: Floats) -> float:
    return float(((agree >= VERY_LIKELY) | (agree <= VERY_UNLIKELY)).mean())
