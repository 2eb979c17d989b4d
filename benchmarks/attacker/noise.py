"""What a shown number allows: how counts are moved before they are shown, by a table that everybody knows.

A count is shown as the sum of separately moved numbers: of the people whose comments may be read, whom the
attacker knows one by one, and of the others; of answers, once of each disjoint answer. What is known of a
moved number is a range (one number, mostly); what of the people behind it, how likely it is for each count.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

KEYS = 256
Numbers = npt.NDArray[np.float64]
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a view shows of a moved number of people not readable, with another of people who are."""

    low: float
    high: float  # of both numbers together
    readable: int  # how many people of the second
    which: int  # a mark of exactly those: the same are moved alike


@dataclass(frozen=True)
class Noise:
    """A table of noise: one row per count (0, 1, 2 …; the last is that of all above), one column per key."""

    table: npt.NDArray[np.int64]
    name: str = "perturbed"
    _kept: dict[int, tuple[int, Numbers]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of_file(cls, path: Path) -> Noise:
        """From a CSV with the columns count, noise, first_key, last_key."""
        with path.open(encoding="utf-8", newline="") as lines:
            read = list(csv.DictReader(line for line in lines if not line.startswith("#")))
        rows = [{name: int(value) for name, value in row.items()} for row in read]
        table = np.zeros((max(row["count"] for row in rows) + 1, KEYS), dtype=np.int64)
        for row in rows:
            table[row["count"], row["first_key"] : row["last_key"] + 1] = row["noise"]
        return cls(table)

    @classmethod
    def none(cls) -> Noise:
        """A shown count is the count."""
        return cls(np.zeros((1, KEYS), dtype=np.int64), "exact")

    @property
    def most(self) -> int:
        return int(np.abs(self.table).max())

    def moved(self, count: int, key: int) -> int:
        """A count of people as it is shown."""
        return max(0, count + int(self.table[min(count, len(self.table) - 1), key % KEYS]))

    def chances(self, count: int) -> tuple[int, Numbers]:
        """The first number that a count may be moved to, and how likely it and each after it is."""
        if count not in self._kept:
            moved = np.maximum(0, count + self.table[min(count, len(self.table) - 1)])
            first = int(moved.min())
            self._kept[count] = (first, np.bincount(moved - first) / KEYS)
        return self._kept[count]

    def range_of(self, count: int) -> Range:
        """The least and the most that a count may be moved to."""
        first, chances = self.chances(count)
        return float(first), float(first + len(chances) - 1)

    def given(self, seen: Sequence[Seen]) -> Chances:
        """How likely all that is seen of one moved number is, by the number."""
        start = max(0, int(max(one.low - self.range_of(one.readable)[1] for one in seen)))
        last = int(min(one.high - self.range_of(one.readable)[0] for one in seen))
        numbers = np.arange(start, max(start, last) + 1)
        likely = np.ones(len(numbers))
        for one in seen:
            first, chances = self.chances(one.readable)
            under = np.concatenate([[0.0], np.cumsum(chances)])  # by place: less than first + place
            most = np.clip(one.high - numbers - first + 1, 0, len(chances)).astype(int)
            least = np.clip(one.low - numbers - first, 0, len(chances)).astype(int)
            likely *= np.maximum(0.0, under[most] - under[least])
        return Chances(start, likely)

    def likelihood(self, seen: Sequence[Seen]) -> Chances:
        """How likely all that is seen of one moved number is, by the people behind it."""
        given = self.given(seen)
        start = max(0, given.start - self.most)
        counts = range(start, given.start + len(given.likely) + self.most)
        found = np.zeros(len(counts))
        for place, count in enumerate(counts):
            first, chances = self.chances(count)
            found[place] = sum(
                chance * given.at(first + step) for step, chance in enumerate(chances)
            )
        return Chances(start, found)


@dataclass(frozen=True, slots=True)
class Chances:
    """How likely something is for each whole number from the first on, and 0 for all others."""

    start: int
    likely: Numbers

    def at(self, number: int) -> float:
        place = number - self.start
        return float(self.likely[place]) if 0 <= place < len(self.likely) else 0.0

    @property
    def ends(self) -> Range:
        """The least and the most that is possible at all."""
        able = np.flatnonzero(self.likely > 0)
        if not len(able):
            return 0.0, math.inf
        return float(self.start + able[0]), float(self.start + able[-1])

    def times(self, other: Chances) -> Chances:
        """Of both together, of the same number."""
        start = max(self.start, other.start)
        last = min(self.start + len(self.likely), other.start + len(other.likely))
        numbers = range(start, max(start + 1, last))
        return Chances(start, np.array([self.at(one) * other.at(one) for one in numbers]))

    def plus(self, other: Chances) -> Chances:
        """Of the sum of two numbers, every split of it as likely as any other at first."""
        return Chances(self.start + other.start, np.convolve(self.likely, other.likely))

    def within(self, low: float, high: float) -> Chances:
        numbers = self.start + np.arange(len(self.likely))
        return Chances(self.start, np.where((numbers >= low) & (numbers <= high), self.likely, 0.0))
