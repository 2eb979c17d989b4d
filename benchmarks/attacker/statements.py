"""What all views together state: for every group of people counted anywhere, the exact values still
possible."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.attacker.noise import ANYTHING, KEYS, Interval, Noise, Perturbed
from benchmarks.attacker.readings import FEW, NONE, SHOWN, Reading
from benchmarks.attacker.truth import Group, Truth

SEED = 20261130
MOST_ROUTES = 6  # kept of one statement
# ways to look that change who is counted: as a view says
WAYS = ("reported", "around", "first two months", "from the 10th")


@dataclass(frozen=True, slots=True)
class Route:
    """A table of a page, as one of several ways to look at it shows it."""

    page: str
    table: str
    way: str  # one of WAYS that the view is of; "" as usual


@dataclass
class Statement:
    """How many people a group may hold, and which views say so."""

    group: Group
    low: float
    high: float
    people: int  # in truth; for checks alone
    routes: dict[Route, str] = field(default_factory=dict)  # -> a view
    # counts as shown (NaN: fewer than the floor) and the floor
    shown: list[tuple[float, int]] = field(default_factory=list)

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def tell(self, count: float, floor: int) -> None:
        """Keep what is shown of it, once: the same people are shown with the same noise everywhere."""
        if math.isnan(count):
            if not any(math.isnan(known) and least == floor for known, least in self.shown):
                self.shown.append((count, floor))
        elif not any(known == count for known, _ in self.shown):
            self.shown.append((count, floor))


@dataclass
class Shown:
    """Figures of one page: how many rest on enough people, and how many of those are not shown."""

    legitimate: int = 0
    withheld: int = 0

    @property
    def share(self) -> float:
        return self.withheld / self.legitimate if self.legitimate else math.nan


class Statements:
    """Everything stated so far, group by group."""

    def __init__(self, truth: Truth, noise: Noise, *, simulated: bool = False) -> None:
        self.truth = truth
        self.noise = noise
        chance = np.random.default_rng(SEED)
        # of each person, where what is shown is made up here
        self.keys = {
            name: chance.integers(KEYS, size=people.people)
            for name, people in truth.people.items()
            if simulated
        }
        self.by_group: dict[Group, Statement] = {}
        self.pages: dict[str, Shown] = {}
        self.views = 0
        self.readings = 0
        self.uncertain = 0  # readings whose people are not certain and cannot be right
        self.wrong: Counter[tuple[str, str]] = (
            Counter()
        )  # a reading the truth contradicts: a reader is wrong
        self.first_wrong: dict[tuple[str, str], str] = {}

    def view(self, view: str, readings: Iterable[Reading]) -> None:
        """Take in all the numbers of one view."""
        self.views += 1
        for one in readings:
            self._take(view, one)

    def _interval(self, one: Reading) -> Interval:
        if one.said == SHOWN:
            low, high = self.noise.shown(one.count)
            return (0.0, high) if one.most else (low, high)
        if one.most:
            return ANYTHING
        if one.said == NONE:
            return self.noise.none()
        if one.said == FEW:
            return self.noise.few(one.floor)
        return self.noise.hidden(one.floor, somebody=one.somebody)

    def _as_moved(self, one: Reading) -> Reading:
        """The reading as it would be if the count were moved by the noise of its people's keys."""
        assert isinstance(self.noise, Perturbed)
        members = self.truth.people[one.group.source].members(one.group)
        key = int(self.keys[one.group.source][members].sum()) % KEYS
        shown = int(self.noise.as_shown(int(members.sum()))[key]) if members.any() else 0
        said = SHOWN if shown >= one.floor or not members.any() else FEW
        return replace(one, said=said, count=float(shown))

    def _take(self, view: str, one: Reading) -> None:
        self.readings += 1
        if self.keys:
            if one.uncertain or one.most:
                return
            one = self._as_moved(one)
        known = self.by_group.get(one.group)
        if known is None:
            people = self.truth.people[one.group.source].count(one.group)
            known = Statement(one.group, 0.0, math.inf, people)
        low, high = self._interval(one)
        if not low <= known.people <= high:
            if one.uncertain:
                self.uncertain += 1
                return
            key = (one.page, one.route)
            self.wrong[key] += 1
            self.first_wrong.setdefault(
                key, f"{view}: {one.said} {one.count:g}, in truth {known.people}; {one.group}"
            )
            return
        if one.figure and known.people >= one.floor:
            page = self.pages.setdefault(one.page, Shown())
            page.legitimate += 1
            page.withheld += one.said != SHOWN
        if (low, high) == ANYTHING:
            return
        self.by_group[one.group] = known
        if low > known.low or high < known.high:
            known.low, known.high = max(known.low, low), min(known.high, high)
        if (low, high) == (known.low, known.high) and len(known.routes) < MOST_ROUTES:
            way = next((name for name in WAYS if name in view), "")
            known.routes.setdefault(Route(one.page, one.route, way), view)
        if not one.most:
            known.tell({SHOWN: one.count, NONE: 0.0}.get(one.said, math.nan), one.floor)

    def of(self, source: str) -> list[Statement]:
        return [one for one in self.by_group.values() if one.group.source == source]
