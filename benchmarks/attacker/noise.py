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

from pxcore.disclosure.perturbation import SECOND_KEY

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
    heaviest: int = 1  # answers of the person with most of them


@dataclass(frozen=True)
class Noise:
    """A table of noise: one row per count (0, 1, 2 …; the last is that of all above), one column per key."""

    table: npt.NDArray[np.int64]
    name: str = "perturbed"
    _kept: dict[tuple[int, int], tuple[int, Numbers]] = field(
        default_factory=dict, compare=False, repr=False
    )

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

    def moved(self, count: int, key: int, heaviest: int = 1) -> int:
        """A count as it is shown, of people or of answers of whom one person gave as many as `heaviest`."""
        return int(self.by_key(count, heaviest)[key % KEYS])

    def by_key(self, count: int, heaviest: int = 1) -> npt.NDArray[np.int64]:
        """What a count is shown as, by its cell key."""
        last = len(self.table) - 1
        if heaviest <= 1 or count == 0:
            return np.maximum(0, count + self.table[min(count, last)])
        more = np.roll(self.table[last], -SECOND_KEY)
        return np.maximum(0, count + self.table[last] + (heaviest - 1) * more)

    def chances(self, count: int, heaviest: int = 1) -> tuple[int, Numbers]:
        """The first number that a count may be moved to, and how likely it and each after it is."""
        asked = (count, heaviest if count else 1)
        if asked not in self._kept:
            moved = self.by_key(*asked)
            first = int(moved.min())
            self._kept[asked] = (first, np.bincount(moved - first) / KEYS)
        return self._kept[asked]

    def range_of(self, count: int, heaviest: int = 1) -> Range:
        """The least and the most that a count may be moved to."""
        first, chances = self.chances(count, heaviest)
        return float(first), float(first + len(chances) - 1)

    def given(self, seen: Sequence[Seen]) -> Chances:
        """How likely all that is seen of one moved number is, by the number."""
        ranges = [self.range_of(one.readable, one.heaviest) for one in seen]
        start = max(
            0, int(max(one.low - most for one, (_, most) in zip(seen, ranges, strict=True)))
        )
        last = int(min(one.high - least for one, (least, _) in zip(seen, ranges, strict=True)))
        numbers = np.arange(start, max(start, last) + 1)
        likely = np.ones(len(numbers))
        for one in seen:
            likely *= self._likely(one, numbers)
        return Chances(start, likely)

    def _likely(self, one: Seen, numbers: npt.NDArray[np.int64]) -> Numbers:
        """How likely it is that something is seen, where the moved number is each of these."""
        first, chances = self.chances(one.readable, one.heaviest)
        under = np.concatenate([[0.0], np.cumsum(chances)])  # by place: less than first + place
        most = np.clip(one.high - numbers - first + 1, 0, len(chances)).astype(int)
        least = np.clip(one.low - numbers - first, 0, len(chances)).astype(int)
        return np.maximum(0.0, under[most] - under[least])

    def likelihood(self, seen: Sequence[Seen]) -> Chances:
        """How likely all that is seen of one moved number is, by the people behind it."""
        if any(one.heaviest > 1 for one in seen):
            return self._by_every_key(seen)
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

    def _by_every_key(self, seen: Sequence[Seen]) -> Chances:
        """The same where the answers stand beside people with more or fewer: their cell key moves them
        otherwise beside each, yet it is the same key."""
        spans = []
        for one in seen:
            least, most = self.range_of(one.readable, one.heaviest)
            reach = self.most * one.heaviest
            spans.append((one.low - most - reach, one.high - least + reach))
        start = max(0, int(max(low for low, _ in spans)))
        last = max(start, int(min(high for _, high in spans)))
        found = np.zeros(last - start + 1)
        for place in range(len(found)):
            likely = np.ones(KEYS)
            for one in seen:
                likely *= self._likely(one, self.by_key(start + place, one.heaviest))
            found[place] = likely.mean()
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
