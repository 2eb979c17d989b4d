"""How sure a guess of a cell can be, where counts are moved: from all that is shown of it and around it.

Every value from 0 to 4 is taken to be as likely as any other at first. What is shown of the cell itself,
and of every two groups that differ by it, makes some of them likelier, by the table of noise, which
everybody knows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.attacker.noise import Perturbed
from benchmarks.attacker.solver import Bound, System, apart
from benchmarks.attacker.statements import Statement
from benchmarks.attacker.truth import FLOOR, Cell

Numbers = npt.NDArray[np.float64]
SURE = 0.6
MOST_PAIRS = 60
ROOM = 12  # how far beyond what is shown exact counts are looked for, beside the noise


@dataclass(frozen=True, slots=True)
class Guess:
    """How likely each of 0 to 4 is for one cell."""

    cell: Cell
    chances: tuple[float, ...]
    pairs: int  # of groups that differ by the cell, which it rests on

    @property
    def of_the_truth(self) -> float:
        return self.chances[self.cell.people]

    @property
    def surest(self) -> float:
        return max(self.chances)


def guesses(system: System, bounds: Sequence[Bound], noise: Perturbed) -> list[Guess]:
    """A guess of every cell; values outside what the solver leaves open are ruled out."""
    kept: dict[int, tuple[int, Numbers]] = {}
    return [_guess(system, place, bound, noise, kept) for place, bound in enumerate(bounds)]


def _guess(
    system: System,
    place: int,
    bound: Bound,
    noise: Perturbed,
    kept: dict[int, tuple[int, Numbers]],
) -> Guess:
    chances = np.array([float(bound.low <= value <= bound.high) for value in range(FLOOR)])
    used: set[int] = set()
    pairs = 0
    for one, other in sorted(apart(system, place), key=lambda pair: pair[1]):
        if one in used or other in used or pairs >= MOST_PAIRS:
            continue  # the same noise tells nothing twice
        first, whole = _likelihood(system, one, noise, kept)
        if other < 0:
            chances *= [_at(first, whole, value) for value in range(FLOOR)]
        else:
            start, part = _likelihood(system, other, noise, kept)
            chances *= [
                sum(
                    likely * _at(first, whole, start + step + value)
                    for step, likely in enumerate(part)
                )
                for value in range(FLOOR)
            ]
        used |= {one} | ({other} if other >= 0 else set())
        pairs += 1
        if chances.sum() > 0:
            chances /= chances.sum()
    total = chances.sum()
    told = chances / total if total > 0 else np.full(FLOOR, 1 / FLOOR)
    return Guess(bound.cell, tuple(float(one) for one in told), pairs)


def _at(first: int, likely: Numbers, value: int) -> float:
    return float(likely[value - first]) if 0 <= value - first < len(likely) else 0.0


def _likelihood(
    system: System, place: int, noise: Perturbed, kept: dict[int, tuple[int, Numbers]]
) -> tuple[int, Numbers]:
    """How likely what is shown of a statement is for each exact count, from the first one on."""
    if place not in kept:
        kept[place] = likelihood(system.statements[place], noise)
    return kept[place]


def likelihood(one: Statement, noise: Perturbed) -> tuple[int, Numbers]:
    """The first exact count that is possible, and how likely what is shown is from there on."""
    told = [count for count, _ in one.shown if not math.isnan(count)]
    if told:
        first = max(0, int(told[0]) - noise.most)
        exact = range(first, int(told[0]) + noise.most + 1)
        return first, np.array([noise.likelihood(told[0], value) for value in exact])
    if one.shown:
        floor = min(floor for _, floor in one.shown)
        exact = range(floor + noise.most + 1)
        return 0, np.array([noise.likelihood_of_few(floor, value) for value in exact])
    last = int(one.high) if one.high < math.inf else int(one.low) + ROOM
    return int(one.low), np.ones(last - int(one.low) + 1)
