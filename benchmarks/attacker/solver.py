"""What follows from all statements of one source together: the least and the most people of each cell.

People whom no statement and no cell tells apart are one class; how many each class holds is the unknown.
First what is stated of a cell itself or follows by taking one group from another; then bounds propagated
over all statements; then what the equations alone decide; then a linear programme for the least and the
most of each cell still of interest.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

from benchmarks.attacker.cells import Cell
from benchmarks.attacker.noise import Noise
from benchmarks.attacker.overlaps import overlapping
from benchmarks.attacker.statements import Statement
from benchmarks.attacker.system import (
    ALL_KEYS,
    NEAR,
    Bound,
    Fact,
    Numbers,
    System,
    Way,
    classes_of,
    holding,
    key_sum,
    tighten,
)
from benchmarks.attacker.truth import People

SEED = 20261130
ROUNDS = 30  # of bounds propagation
MOST_EQUATIONS = 5000  # solved together, those of the fewest classes
MOST_TOUCHING, MOST_AROUND, MOST_INSIDE = 80, 16, 300  # statements of one linear programme
POSSIBLE = (
    2000  # people who might be in a group of which nothing is known but that it is not of nobody
)
MERGED = 4  # times that facts are merged once more


def system_of(
    people: People, statements: Sequence[Statement], cells: Sequence[Cell], noise: Noise
) -> System:
    """Collapse people to classes, and statements that hold the same classes to one."""
    chance = np.random.default_rng(SEED)
    mark = np.zeros(people.people, dtype=np.uint64)
    packed: list[tuple[npt.NDArray[np.uint8], dict[int, int]]] = []
    kept = []
    open_ = not people.real.all()
    for asked in (*statements, *cells):
        members = people.members(asked.group)
        if isinstance(asked, Statement):
            if (
                math.isinf(asked.high)
                and np.count_nonzero(members) > POSSIBLE
                and not (asked.seen or asked.splits)
            ):
                continue
            if open_ and not members[~people.real].any():
                # nobody else is thought of: that those who answered are all would be given away
                asked = replace(asked, low=0.0)
            kept.append(asked)
        # somebody with several answers is counted several times
        more = {int(place): int(members[place]) for place in np.flatnonzero(members > 1)}
        packed.append((np.packbits(members > 0), more))
        mark += members.astype(np.uint64) * chance.integers(1, 2**63, dtype=np.uint64)
    known, first, of_class = np.unique(mark, return_index=True, return_inverse=True)
    counts = np.bincount(of_class, weights=people.real, minlength=len(known))
    rows, columns, values = [], [], []
    for place, (bits, more) in enumerate(packed):
        times = np.unpackbits(bits, count=people.people).astype(float)
        times[list(more)] = list(more.values())
        times = times[first]
        held = np.flatnonzero(times)
        columns.append(held)
        rows.append(np.full(len(held), place))
        values.append(times[held])
    shape = (len(packed), len(known))
    whole = sparse.csr_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape
    )
    place_of = {one.group: place for place, one in enumerate(kept)}
    facts = [
        Fact(
            one.low, one.high, dict(one.routes), list(one.seen),
            {tuple(place_of[part] for part in split) for split in one.splits}, one.people,
        )
        for one in kept
    ]  # fmt: skip
    system = _merged(
        people.source, whole[: len(kept)], facts, cells, whole[len(kept) :], counts, noise
    )
    for _ in range(MERGED):
        _, most = propagated(system)
        if (most > 0).all():
            break
        # people who cannot be there tell no two groups apart
        system = _merged(
            people.source, system.matrix[:, most > 0], system.facts, cells,
            system.wanted[:, most > 0], system.people[most > 0], noise,
        )  # fmt: skip
    return system


def _merged(
    source: str,
    matrix: sparse.csr_matrix,
    facts: Sequence[Fact],
    cells: Sequence[Cell],
    wanted: sparse.csr_matrix,
    counts: Numbers,
    noise: Noise,
) -> System:
    """Of facts about the same classes one, with all that is seen of them; facts about nobody left out."""
    keys = np.random.default_rng(SEED).integers(1, 2**63, size=matrix.shape[1], dtype=np.uint64)
    key_of: dict[int, int] = {}
    merged: list[Fact] = []
    kept, now = [], []
    for place, one in enumerate(facts):
        key = key_sum(matrix, place, keys)
        if key == 0:
            now.append(-1)
            continue
        now.append(key_of.setdefault(key, len(merged)))
        if now[-1] == len(merged):
            kept.append(place)
            merged.append(replace(one, seen=list(one.seen), splits=set(), routes=dict(one.routes)))
            continue
        same = merged[now[-1]]
        if one.low > same.low or one.high < same.high:
            same.routes = {**one.routes, **same.routes}
        same.low, same.high = max(same.low, one.low), min(same.high, one.high)
        same.seen += [seen for seen in one.seen if seen not in same.seen]
    for place, one in enumerate(facts):
        for split in one.splits:
            parts = tuple(sorted(now[part] for part in split if now[part] >= 0))
            if now[place] >= 0 and parts != (now[place],):
                merged[now[place]].splits.add(parts)
    for one in merged:
        one.learn(noise)
    for one in merged:
        one.add_up(merged)
    stated = matrix[kept]
    return System(
        source=source,
        facts=merged,
        matrix=stated,
        low=np.array([one.low for one in merged]),
        high=np.array([one.high for one in merged]),
        cells=list(cells),
        wanted=wanted,
        people=counts,
        keys=keys,
        row_keys=list(key_of),
        key_of=key_of,
        by_class=stated.tocsc(),
        sizes=np.asarray(stated.sum(axis=1)).ravel(),
    )


def solve(
    system: System, *, seconds: float = math.inf, of_interest: int | None = None
) -> list[Bound]:
    """The least and the most people of each cell, and how that follows; without equations and linear
    programmes where there are no seconds for them. Linear programmes are of the first cells alone, those
    `of_interest`."""
    until = time.monotonic() + seconds
    least, most = propagated(system)
    bounds = [Bound(cell, 0.0, math.inf) for cell in system.cells]
    _apart(system, bounds)
    own = system.wanted
    low, high = own @ least, own @ np.where(np.isinf(most), 1e12, most)
    for place, bound in enumerate(bounds):
        tighten(
            bound, low[place], high[place] if high[place] < 1e11 else math.inf, "bounds propagation"
        )
    overlapping(system, bounds)
    if seconds > 0:
        _equations(system, bounds)
        _programmes(system, bounds[:of_interest], least, most, until)
    for bound in bounds:
        assert bound.low - NEAR <= bound.cell.people <= bound.high + NEAR, (bound, system.source)
    return bounds


def propagated(system: System) -> tuple[Numbers, Numbers]:
    """The least and the most of each class, from one statement after another until nothing moves."""
    matrix, columns = system.matrix, system.by_class
    least = np.zeros(system.classes)
    most = np.full(system.classes, math.inf)
    pattern = (matrix > 0).astype(float)
    for _ in range(ROUNDS):
        endless = np.isinf(most)
        bounded = np.where(endless, 0.0, most)
        sum_least, sum_most = matrix @ least, matrix @ bounded
        open_ends = pattern @ endless.astype(float)
        room = system.high - sum_least
        at_most = _reduced(columns, room, np.minimum) + least
        # what the others can hold at most: one class without an end leaves the rest to itself
        short = np.where(open_ends == 0, system.low - sum_most, -math.inf)
        alone = np.where(open_ends == 1, system.low - sum_most, -math.inf)
        at_least = np.where(
            endless,
            _reduced(columns, alone, np.maximum),
            _reduced(columns, short, np.maximum) + bounded,
        )
        new_least = np.maximum(least, np.ceil(at_least - NEAR))
        new_most = np.minimum(most, np.floor(at_most + NEAR))
        if (new_least == least).all() and (new_most == most).all():
            break
        least, most = new_least, new_most
    return least, most


def _reduced(columns: sparse.csc_matrix, by_row: Numbers, how: np.ufunc) -> Numbers:
    """By class, the smallest (or largest) of its statements' values, each divided by how often it counts the
    class."""
    nothing = math.inf if how is np.minimum else -math.inf
    found = np.full(columns.shape[1], nothing)
    some = np.flatnonzero(np.diff(columns.indptr))
    if len(some):
        found[some] = how.reduceat(by_row[columns.indices] / columns.data, columns.indptr[some])
    return found


# --- One group from another ---


def apart(system: System, place: int) -> list[tuple[int, int]]:
    """Pairs of statements of which a cell is the first less the second; the second is −1 where it is the
    first itself."""
    held = classes_of(system.wanted, place)
    if not len(held):
        return []
    around = holding(system, held)
    key = key_sum(system.wanted, place, system.keys)
    found = []
    for one in around:
        rest = (system.row_keys[one] - key) % ALL_KEYS
        if rest == 0:
            found.append((one, -1))
        elif rest in system.key_of:
            found.append((one, system.key_of[rest]))
    return found


def _apart(system: System, bounds: list[Bound]) -> None:
    """Every cell that is stated itself, or is what one statement holds more than another."""
    for place, bound in enumerate(bounds):
        for one, other in sorted(apart(system, place), key=lambda pair: pair[1] >= 0):
            whole = system.facts[one]
            part = system.facts[other] if other >= 0 else None
            low = whole.low - (part.high if part else 0.0)
            high = whole.high - (part.low if part else 0.0)
            way = Way(
                tuple(whole.routes), tuple(part.routes) if part else (), bound.cell.of_several
            )
            bound.shared |= bound.cell.of_several and (low > bound.low or high < bound.high)
            if low == high:
                bound.ways.add(way)
            tighten(bound, low, high, way.said)


# --- Equations ---


def _equations(system: System, bounds: list[Bound]) -> None:
    """Cells that the exact statements alone decide: those that are sums of them, some taken away."""
    exact = np.flatnonzero(system.low == system.high)
    open_ = [place for place, bound in enumerate(bounds) if not bound.pinned]
    if not len(exact) or not open_:
        return
    exact = exact[np.argsort(system.sizes[exact], kind="stable")][:MOST_EQUATIONS]
    rows, wanted = system.matrix[exact], system.wanted[open_]
    # the part of a cell that lies in the space the equations span, by their products with one another
    products = (rows @ rows.T).toarray()
    sizes, turned = np.linalg.eigh(products)
    kept = sizes > 1e-9 * sizes[-1]
    turned = turned[:, kept] / np.sqrt(sizes[kept])
    shares = turned.T @ (rows @ wanted.T).toarray()
    rest = np.asarray(wanted.sum(axis=1)).ravel() - (shares**2).sum(axis=0)
    values = (turned.T @ system.low[exact]) @ shares
    for place, missing, value in zip(open_, rest, values, strict=True):
        if abs(missing) < 1e-5 and abs(value - round(value)) < 1e-3:
            tighten(bounds[place], round(value), round(value), "several views together")


# --- Linear programmes ---


def _programmes(
    system: System, bounds: list[Bound], least: Numbers, most: Numbers, until: float
) -> None:
    """The least and the most of every cell that is not pinned yet, as long as there is time: of the
    statements that hold the cell, and those inside the smallest of them."""
    order = sorted(
        (place for place, bound in enumerate(bounds) if not bound.pinned),
        key=lambda place: bounds[place].high - bounds[place].low,
    )
    for place in order:
        if time.monotonic() > until:
            return
        _programme(system, bounds, place, least, most)


def _programme(
    system: System, bounds: list[Bound], place: int, least: Numbers, most: Numbers
) -> None:
    rows = _near(system, place)
    if not len(rows):
        return
    goal = system.wanted[place]
    # classes that these statements and the cell do not tell apart are one
    both = sparse.vstack([system.matrix[rows], goal]).tocsc()
    marks = np.random.default_rng(SEED).random(both.shape[0])
    held = np.flatnonzero(np.diff(both.indptr))
    mark = np.round(both[:, held].T @ marks, 9)
    _, first, of_class = np.unique(mark, return_index=True, return_inverse=True)
    ends = np.column_stack(
        [
            np.bincount(of_class, weights=least[held]),
            np.bincount(of_class, weights=np.minimum(most[held], 1e9)),
        ]
    )
    ends[ends[:, 1] > 1e8, 1] = math.inf
    small = both[:, held[first]].tocsr()
    matrix, aim = small[:-1], small[-1].toarray().ravel()
    lows, highs = system.low[rows], system.high[rows]
    equal = lows == highs
    above, below = np.isfinite(highs) & ~equal, (lows > 0) & ~equal
    inequalities = sparse.vstack([matrix[above], -matrix[below]])
    limits = np.concatenate([highs[above], -lows[below]])
    found = []
    for sign in (1.0, -1.0):
        done = linprog(
            sign * aim,
            A_ub=inequalities if inequalities.shape[0] else None,
            b_ub=limits if inequalities.shape[0] else None,
            A_eq=matrix[equal] if equal.any() else None,
            b_eq=highs[equal] if equal.any() else None,
            bounds=ends,
            method="highs",
        )
        found.append(sign * done.fun if done.status == 0 else sign * -math.inf)
    tighten(bounds[place], max(found[0], 0.0), found[1], "linear programme")


def _near(system: System, place: int) -> npt.NDArray[np.int64]:
    """The statements a cell's programme is of: the smallest that hold some of it, and those inside
    these."""
    held = classes_of(system.wanted, place)
    touching = np.unique(system.by_class[:, held].indices)
    touching = touching[np.argsort(system.sizes[touching], kind="stable")][:MOST_TOUCHING]
    if not len(touching):
        return touching
    around = system.matrix[touching[:MOST_AROUND]]
    covered = np.zeros(system.classes)
    covered[np.unique(around.indices)] = 1.0
    inside = np.flatnonzero(system.matrix @ covered >= system.sizes - 0.5)
    inside = inside[np.argsort(-system.sizes[inside], kind="stable")][:MOST_INSIDE]
    return np.unique(np.concatenate([touching, inside]))
