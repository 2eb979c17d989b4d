"""What whole counts less their parts tell where one person may be in several of them.

Somebody who wrote of several practices is one in the whole and one in each of them. What a whole has more
than the rest of it is then not the part, but the fewest that the part can be; and what two have together more
than both in one count is how many wrote of both.
"""

from __future__ import annotations

import math
from itertools import combinations_with_replacement

import numpy as np
from scipy import sparse

from benchmarks.attacker.system import (
    ALL_KEYS,
    Bound,
    System,
    Way,
    classes_of,
    holding,
    key_sum,
    tighten,
)


def overlapping(system: System, bounds: list[Bound]) -> None:
    """Narrow cells by people in several counts."""
    _less_the_rest(system, bounds)
    for place, bound in enumerate(bounds):
        if bound.cell.group.also:
            _in_both(system, place, bound)


def _narrow(bound: Bound, low: float, high: float, way: Way) -> None:
    if low > bound.low or high < bound.high:
        bound.shared = True
    tighten(bound, low, high, f"{way.said}, one person in several")
    if low == high:
        bound.ways.add(way)


def _less_the_rest(system: System, bounds: list[Bound]) -> None:
    """A cell holds at least those whom a whole has more than a part of it, where only people of the cell can
    be outside the part."""
    pattern = (system.matrix > 0).astype(float)
    classes = np.diff(system.matrix.indptr)
    for one in np.flatnonzero(system.low > 0):
        whole = system.matrix[one]
        inside = (pattern @ (whole > 0).astype(float).T).toarray().ravel() == classes
        inside &= system.high < system.low[one]
        inside[one] = False
        parts = np.flatnonzero(inside)
        if not len(parts):
            continue
        more = sparse.vstack([whole] * len(parts)) - system.matrix[parts]
        more.eliminate_zeros()
        # of answers somebody may have given several: only where they are counted once each
        single = np.array([not len(row.data) or row.data.max() <= 1 for row in more])
        single &= np.array([not len(row.data) or row.data.min() >= 0 for row in more])
        parts, more = parts[single], more[single]
        if not len(parts):
            continue
        sizes = np.asarray(more.sum(axis=1)).ravel()
        covered = (system.wanted @ more.T).tocoo()
        for place, step, held in zip(covered.row, covered.col, covered.data, strict=True):
            bound = bounds[place]
            low = system.low[one] - system.high[parts[step]]
            if held == sizes[step] and low > bound.low:
                sides = system.facts[one], system.facts[parts[step]]
                way = Way(*(tuple(side.routes) for side in sides), shared=True)
                _narrow(bound, low, bound.high, way)


def _in_both(system: System, place: int, bound: Bound) -> None:
    """Those of two groups: as many as both together have more than one count of them all."""
    held = classes_of(system.wanted, place)
    if not len(held):
        return
    key = key_sum(system.wanted, place, system.keys)
    for one, other in combinations_with_replacement(holding(system, held), 2):
        both = (system.row_keys[one] + system.row_keys[other] - key) % ALL_KEYS
        if both not in system.key_of or one == other:
            continue
        first, second, whole = (system.facts[fact] for fact in (one, other, system.key_of[both]))
        low = max(0.0, first.low + second.low - whole.high)
        high = min(first.high, second.high, first.high + second.high - whole.low)
        if math.isnan(high):
            continue
        routes = (*first.routes, *second.routes)
        _narrow(bound, low, high, Way(routes, tuple(whole.routes), shared=True))
