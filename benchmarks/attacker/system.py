"""Facts and cells of one source as sums over classes of people, and what is known of each cell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

from benchmarks.attacker.cells import Cell
from benchmarks.attacker.noise import Chances, Noise, Seen
from benchmarks.attacker.statements import Route
from benchmarks.attacker.truth import FLOOR

Numbers = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint64]
NEAR = 1e-6
ALL_KEYS = 2**64


@dataclass(frozen=True, slots=True)
class Way:
    """How a cell can be had by itself: the views of a whole, and of the part taken from it."""

    whole: tuple[Route, ...]
    part: tuple[Route, ...]
    shared: bool = (
        False  # one person may be in both, or the cell is of people in several organisations
    )

    @property
    def said(self) -> str:
        sides = [f"{some[0].page}, {some[0].table}" for some in (self.whole, self.part) if some]
        return " less ".join(sides)


@dataclass
class Bound:
    """What is known of one cell in the end."""

    cell: Cell
    low: float
    high: float
    route: str = ""  # how it came about: the tables, joined by “less”
    ways: set[Way] = field(default_factory=set)  # every one by which it is had exactly
    shared: bool = False  # whether people in several organisations narrowed it

    @property
    def pinned(self) -> bool:
        return self.low == self.high

    @property
    def narrow(self) -> bool:
        """Fewer than three of the values 0 to 4 are possible."""
        low, high = max(0.0, self.low), min(FLOOR - 1.0, self.high)
        return high - low + 1 < 3


@dataclass
class Fact:
    """What all statements about the same people say together."""

    low: float
    high: float
    routes: dict[Route, str]
    seen: list[Seen]  # of the one number they are moved to
    splits: set[tuple[int, ...]]  # facts that make it up and are moved one by one
    people: int  # in truth; for checks alone
    chances: Chances | None = None  # of each count, by what is seen of it

    def learn(self, noise: Noise) -> None:
        """What is seen of its own moved number."""
        self.chances = None
        if self.seen:
            self.chances = noise.likelihood(self.seen).within(self.low, self.high)
            self._narrow(*self.chances.ends)

    def add_up(self, facts: Sequence[Fact]) -> None:
        """What is seen of its parts."""
        for split in self.splits:
            parts = [facts[part] for part in split]
            self._narrow(sum(one.low for one in parts), sum(one.high for one in parts))
            known = [one.chances for one in parts]
            if all(known):
                whole = Chances(0, np.ones(1))
                for one in known:
                    whole = whole.plus(one)
                whole = whole.within(self.low, self.high)
                self.chances = self.chances.times(whole) if self.chances else whole

    def _narrow(self, low: float, high: float) -> None:
        self.low, self.high = max(self.low, low), min(self.high, high)
        assert self.low <= self.people <= self.high, self


@dataclass
class System:
    """Facts and cells of one source as sums over classes of people."""

    source: str
    facts: list[Fact]  # one of each set of classes
    matrix: sparse.csr_matrix  # facts × classes
    low: Numbers
    high: Numbers
    cells: list[Cell]
    wanted: sparse.csr_matrix  # cells × classes
    people: Numbers  # of each class in truth, for checks alone
    keys: Keys  # of each class; the key of a sum is the sum of the keys
    row_keys: list[int]  # of each fact
    key_of: dict[int, int]  # key -> fact
    by_class: sparse.csc_matrix  # the same facts, to go through class by class
    sizes: Numbers  # classes of each fact, by how often it counts them

    @property
    def classes(self) -> int:
        return int(self.matrix.shape[1])


def key_sum(matrix: sparse.csr_matrix, row: int, keys: Keys) -> int:
    """The key of a sum of classes: the sum of their keys."""
    span = slice(matrix.indptr[row], matrix.indptr[row + 1])
    times = matrix.data[span].astype(np.uint64)
    return int((keys[matrix.indices[span]] * times).sum(dtype=np.uint64))


def tighten(bound: Bound, low: float, high: float, route: str) -> None:
    low = math.ceil(low - NEAR) if low > 0 else 0
    high = math.floor(high + NEAR) if high < math.inf else math.inf
    if low > bound.low or high < bound.high:
        bound.low, bound.high = max(bound.low, low), min(bound.high, high)
        bound.route = route


def classes_of(matrix: sparse.csr_matrix, row: int) -> npt.NDArray[np.int32]:
    return matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]


def holding(system: System, held: npt.NDArray[np.int32]) -> list[int]:
    """Statements that hold all of some classes."""
    rows = system.by_class[:, held].indices
    return np.flatnonzero(np.bincount(rows, minlength=len(system.facts)) == len(held)).tolist()
