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

from benchmarks.attacker.cells import Cell
from benchmarks.attacker.noise import Chances, Noise
from benchmarks.attacker.solver import apart
from benchmarks.attacker.system import Bound, Fact, System
from benchmarks.attacker.truth import FLOOR
from pxcore.disclosure.perturbation import SECOND_KEY

SURE = 0.6
MOST_PAIRS = 60
ROOM = 12  # how far counts are looked for where nothing is shown


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


def guesses(system: System, bounds: Sequence[Bound]) -> list[Guess]:
    """A guess of every cell; values outside what the solver leaves open are ruled out."""
    return [_guess(system, place, bound) for place, bound in enumerate(bounds)]


def _guess(system: System, place: int, bound: Bound) -> Guess:
    chances = np.array([float(bound.low <= value <= bound.high) for value in range(FLOOR)])
    used: set[int] = set()
    pairs = 0
    for one, other in sorted(apart(system, place), key=lambda pair: pair[1]):
        numbers = [_moved(system, side) for side in (one, other) if side >= 0]
        every = set().union(*numbers)
        # the same noise tells nothing twice
        if pairs >= MOST_PAIRS or every & used or sum(map(len, numbers)) > len(every):
            continue
        whole = _likelihood(system.facts[one])
        if other < 0:
            chances *= [whole.at(value) for value in range(FLOOR)]
        else:
            part = _likelihood(system.facts[other])
            chances *= [
                sum(
                    likely * whole.at(part.start + step + value)
                    for step, likely in enumerate(part.likely)
                )
                for value in range(FLOOR)
            ]
        used |= every
        pairs += 1
        if chances.sum() > 0:
            chances /= chances.sum()
    total = chances.sum()
    found = chances / total if total > 0 else np.full(FLOOR, 1 / FLOOR)
    return Guess(bound.cell, tuple(float(one) for one in found), pairs)


def _moved(system: System, place: int) -> set[int]:
    """The moved numbers that what is known of a fact rests on."""
    fact = system.facts[place]
    return ({place} if fact.seen else set()).union(*fact.splits) or {place}


def _likelihood(fact: Fact) -> Chances:
    """How likely what is shown of a fact is for each count."""
    if fact.chances is not None:
        return fact.chances.within(fact.low, fact.high)
    last = int(fact.high) if fact.high < math.inf else int(fact.low) + ROOM
    return Chances(int(fact.low), np.ones(last - int(fact.low) + 1))


def beside_many_answers(noise: Noise, answers: int) -> float:
    """How often one person with so many answers guesses rightly how many single answers, 0 to 4, stand beside
    them where all are shown as one count: to the noise of one answer as many times another is added as there
    are more."""
    likely = np.zeros((FLOOR, answers * (1 + noise.most) + FLOOR))
    tail = noise.table[-1]
    for others in range(FLOOR):
        shown = np.maximum(0, answers + others + tail + (answers - 1) * np.roll(tail, -SECOND_KEY))
        likely[others] = np.bincount(shown, minlength=likely.shape[1])
    return float(likely.max(axis=0).sum() / likely.sum())
