"""What a shown number allows: the exact values it may stand for, as the design in force has it.

`exact` is the design in which a shown count is the count; `perturbed` the one in which every count shown
has been moved by a published table and record keys that nobody knows.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

KEYS = 256
Interval = tuple[float, float]
ANYTHING: Interval = (0.0, math.inf)


class Noise(Protocol):
    """How numbers are shown."""

    name: str

    def shown(self, count: float) -> Interval:
        """Exact values that a shown count allows."""

    def few(self, floor: int) -> Interval:
        """What “fewer than the floor” allows, where the words say so."""

    def hidden(self, floor: int, *, somebody: bool) -> Interval:
        """What a blank allows that does not say whether it is itself of few; `somebody`: not of nobody."""

    def none(self) -> Interval:
        """What “nobody” allows."""


@dataclass(frozen=True, slots=True)
class Exact:
    """A shown count is the count; a blank may be of few, or hidden beside such."""

    name: str = "exact"

    def shown(self, count: float) -> Interval:
        return (count, count)

    def few(self, floor: int) -> Interval:
        return (1.0, floor - 1.0)

    def hidden(self, floor: int, *, somebody: bool) -> Interval:  # noqa: ARG002
        return (float(somebody), math.inf)

    def none(self) -> Interval:
        return (0.0, 0.0)


@dataclass(frozen=True)
class Perturbed:
    """A shown count is the count and the noise of its key; every count under the floor reads alike.

    `table` holds the noise: one row per exact count (0, 1, 2 …; the last stands for all above), one
    column per key. A blank reads as “fewer than the floor”, nobody as a count of nought.
    """

    table: npt.NDArray[np.int64]
    name: str = "perturbed"

    @classmethod
    def of_file(cls, path: Path) -> Perturbed:
        """From a CSV with the columns count, noise, first_key, last_key."""
        with path.open(encoding="utf-8", newline="") as lines:
            read = list(csv.DictReader(line for line in lines if not line.startswith("#")))
        rows = [{name: int(value) for name, value in row.items()} for row in read]
        table = np.zeros((max(row["count"] for row in rows) + 1, KEYS), dtype=np.int64)
        for row in rows:
            table[row["count"], row["first_key"] : row["last_key"] + 1] = row["noise"]
        return cls(table)

    @property
    def most(self) -> int:
        return int(np.abs(self.table).max())

    def as_shown(self, exact: int) -> npt.NDArray[np.int64]:
        """What an exact count is shown as, by key."""
        return exact + self.table[min(exact, len(self.table) - 1)]

    def likelihood(self, shown: float, exact: int) -> float:
        """The share of keys with which an exact count is shown so."""
        return float((self.as_shown(exact) == shown).mean())

    def likelihood_of_few(self, floor: int, exact: int) -> float:
        """The share of keys with which an exact count reads “fewer than the floor”."""
        return float((self.as_shown(exact) < floor).mean())

    def shown(self, count: float) -> Interval:
        near = range(max(0, int(count) - self.most), int(count) + self.most + 1)
        return _between(near, lambda exact: self.likelihood(count, exact))

    def few(self, floor: int) -> Interval:
        return _between(
            range(floor + self.most + 1), lambda exact: self.likelihood_of_few(floor, exact)
        )

    def hidden(self, floor: int, *, somebody: bool) -> Interval:  # noqa: ARG002
        return self.few(floor)

    def none(self) -> Interval:
        return self.shown(0)


def _between(near: range, likely: Callable[[int], float]) -> Interval:
    able = [exact for exact in near if likely(exact) > 0]
    return (float(min(able)), float(max(able))) if able else ANYTHING
