"""What all views together state: for every group of people counted anywhere, the exact values still
possible."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from benchmarks.attacker.noise import KEYS, Noise, Seen
from benchmarks.attacker.readings import BLANK, EXACT, LISTED, NONE, SHOWN, Reading
from benchmarks.attacker.truth import FLOOR, Group, Truth

Keys = npt.NDArray[np.int64]
NEAR = 1e-6
RULES = ("moved", "apart", "total")  # by which a count of readable and hidden people is shown
MOST_ROUTES = 6  # kept of one statement
# ways to look that change who is counted: as a view says
WAYS = ("reported", "around", "first two months", "from the 10th", "Joined")


@dataclass(frozen=True, slots=True)
class Route:
    """A table of a page, as one of several ways to look at it shows it."""

    page: str
    table: str
    way: str  # one of WAYS that the view is of; "" as usual


@dataclass
class Statement:
    """How many people of a group, not readable, there may be, and which views say so."""

    group: Group
    low: float
    high: float
    people: int  # in truth; for checks alone
    routes: dict[Route, str] = field(default_factory=dict)  # -> a view
    seen: list[Seen] = field(default_factory=list)  # of the one number they are moved to
    # disjoint groups that make it up and are moved one by one, each with a statement
    splits: set[tuple[Group, ...]] = field(default_factory=set)

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def see(self, one: Seen) -> None:
        """Keep what is seen, once: the same people are moved alike everywhere."""
        if one not in self.seen:
            self.seen.append(one)

    def narrow(self, low: float, high: float) -> None:
        self.low, self.high = max(self.low, low), min(self.high, high)


@dataclass
class Shown:
    """Figures of one page: how many rest on enough people, and how many of those are not shown."""

    legitimate: int = 0
    withheld: int = 0

    @property
    def share(self) -> float:
        return self.withheld / self.legitimate if self.legitimate else math.nan


@dataclass(frozen=True, slots=True)
class Known:
    """What is true of a group, and what it is shown as where it is one count."""

    readable: int
    hidden: int
    which: int  # a mark of exactly the readable
    moved: int  # what the hidden are shown as by themselves
    shown: int

    @property
    def all(self) -> int:
        return self.readable + self.hidden


class Statements:
    """Everything stated so far, group by group.

    With `keys` every number is shown as record keys made up from that number would move it, and where the
    `rule` has it: the readable are enough with what the hidden are moved to, as the views have it; either
    are by themselves; or all of them are, and each count is kept on its side of the floor. Without `lists`
    who is listed tells nothing.
    """

    def __init__(
        self,
        truth: Truth,
        noise: Noise,
        *,
        keys: int | None = None,
        rule: str = RULES[0],
        lists: bool = True,
    ) -> None:
        self.truth = truth
        self.noise = noise
        self.rule = rule
        self.lists = lists
        self.simulated = keys is not None
        self.keys: dict[
            str, tuple[Keys, Keys]
        ] = {}  # by source: of the readable, and of the others
        chance = np.random.default_rng(keys)
        for name in truth.people:
            both = (truth.readable[name], truth.hidden[name])
            self.keys[name] = tuple(
                chance.integers(KEYS, size=some.people) if self.simulated else some.key
                for some in both
            )  # type: ignore[assignment]
        self.by_group: dict[Group, Statement] = {}
        self.kept: dict[Group, Known] = {}
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

    def known(self, group: Group) -> Known:
        """What is true of a group."""
        if group not in self.kept:
            readable, hidden = (
                some[group.source] for some in (self.truth.readable, self.truth.hidden)
            )
            of_readable, of_hidden = self.keys[group.source]
            beside, others = readable.members(group), hidden.members(group)
            told, moved = int(beside.sum()), int(others.sum())
            hidden_shown = self.noise.moved(moved, int(of_hidden[others].sum()))
            self.kept[group] = Known(
                told,
                moved,
                hash(beside.tobytes()),
                hidden_shown,
                self._on_its_side(
                    told,
                    moved,
                    hidden_shown + self.noise.moved(told, int(of_readable[beside].sum())),
                ),
            )
        return self.kept[group]

    def _on_its_side(self, readable: int, hidden: int, shown: int) -> int:
        """Both numbers together, kept on the side of the floor on which the count is."""
        if self.rule != "total" or not self.noise.most or not (readable and hidden):
            return shown
        return max(shown, FLOOR) if readable + hidden >= FLOOR else min(shown, FLOOR - 1)

    def _few(self, one: Reading) -> bool:
        """Whether it reads “fewer than 5”, by the rule."""
        known = self.known(one.group)
        if self.rule == "apart":
            return max(known.readable, known.hidden) < FLOOR
        if self.rule == "moved":
            return known.readable + known.moved < FLOOR if known.readable else known.hidden < FLOOR
        return known.all < FLOOR

    def _right(self, one: Reading) -> bool:
        """Whether a reading is what the people and their record keys are shown as."""
        known = self.known(one.group)
        if one.most:  # of another group, it may be
            return True
        if one.said == NONE:
            return known.all == 0
        if one.said == EXACT:
            return known.all == one.count
        if one.said == LISTED:
            return known.all > 0
        if one.said == BLANK:
            shown = sum(self.known(part.group).shown for part in one.parts)
            few = self._few(one) or max(shown, FLOOR) < one.floor
            return few and (known.all > 0 or not one.somebody)
        parts = [(self.known(part.group).shown, part) for part in one.parts]
        if not all(part.low <= shown <= part.high for shown, part in parts):
            return False
        shown = sum(shown for shown, _ in parts)
        if not self._few(one) and self.noise.most:
            shown = max(shown, FLOOR)
        return abs(shown - one.count) < NEAR

    def _as_moved(self, one: Reading) -> Reading:
        """The reading as it would be with the record keys made up here."""
        if one.said in (NONE, EXACT, LISTED):
            return one
        shown = [self.known(part.group).shown for part in one.parts]
        total = float(max(sum(shown), FLOOR))
        if self._few(one) or total < one.floor:
            return replace(one, said=BLANK, count=math.nan)
        told = sum(shown) == total
        parts = tuple(
            replace(part, low=float(number) if told else 0.0, high=float(number) if told else total)
            for part, number in zip(one.parts, shown, strict=True)
        )
        return replace(one, said=SHOWN, count=total, parts=parts)

    def _take(self, view: str, one: Reading) -> None:
        self.readings += 1
        if self.simulated:
            if one.uncertain or one.most:
                return
            one = self._as_moved(one)
        if not self.lists:
            if one.said in (LISTED, NONE):
                return
            one = replace(one, somebody=False)
        one = self._loosened(one)
        known = self.known(one.group)
        if not self._right(one):
            if one.uncertain:
                self.uncertain += 1
                return
            key = (one.page, one.route)
            self.wrong[key] += 1
            self.first_wrong.setdefault(
                key,
                f"{view}: {one.said} {one.count:g}, in truth {known.readable} and {known.hidden}, "
                f"shown {[self.known(part.group).shown for part in one.parts]}; {one}",
            )
            return
        if one.figure and known.all >= one.floor:
            page = self.pages.setdefault(one.page, Shown())
            page.legitimate += 1
            page.withheld += one.said != SHOWN
        low, high = self._interval(one, known)
        stated = self._state(one.group, view, one, low, high)
        if self.rule == "moved" and one.said == BLANK and one.floor == FLOOR:
            stated.see(Seen(0.0, FLOOR - 1.0 - known.readable, 0, 0))
        if one.said != SHOWN or one.most:
            return
        if self.rule == "moved":
            most = one.count + 2 * self.noise.most * (1 + len(one.parts))
            stated.see(Seen(float(FLOOR - known.readable), most, 0, 1))
        if len(one.parts) > 1 and all(part.told for part in one.parts):
            stated.splits.add(tuple(part.group for part in one.parts))
        for part in one.parts:
            if not part.told:
                continue
            of = self.known(part.group)
            first, last, low, high = part.low, part.high, 0.0, math.inf
            if self.rule == "total" and self.noise.most and first == last:
                # what is shown tells on which side of the floor the count is
                if last >= FLOOR:
                    low, first = FLOOR - of.readable, 0.0 if last == FLOOR else first
                else:
                    high, last = FLOOR - 1 - of.readable, 2.0 * FLOOR if last == FLOOR - 1 else last
            self._state(part.group, view, one, max(low, 0.0), high).see(
                Seen(first, last, of.readable, of.which)
            )

    def _loosened(self, one: Reading) -> Reading:
        """What is shown at the floor may have been raised to it: what is missing is half of either part."""
        if one.said != SHOWN or not self.noise.most or not 0 < one.count <= FLOOR:
            return one
        raised = min(part.high for part in one.parts)
        return replace(
            one, parts=tuple(replace(part, low=part.low - raised) for part in one.parts if part.told)
            or one.parts,
        )  # fmt: skip

    def _interval(self, one: Reading, known: Known) -> tuple[float, float]:
        """People not readable that a reading allows, whatever is seen of moved numbers."""
        low, high = 0.0, math.inf
        if one.said == NONE:
            high = 0.0
        elif one.said == EXACT:
            low = high = one.count - known.readable
        elif one.said == BLANK:
            # under the lowest floor no noise decides, but by the last rule
            wide = 2 * self.noise.most * len(one.parts)
            wide = wide if one.floor > FLOOR or self.rule == "moved" else 0
            high = one.floor - 1 - known.readable + wide
            high = max(high, FLOOR - 1) if self.rule == "apart" else high
        elif one.said == SHOWN:
            wide = 2 * self.noise.most * len(one.parts)
            least = 0.0 if one.most or (self.noise.most and one.count <= FLOOR) else one.count
            low, high = least - known.readable - wide, one.count - known.readable + wide
            if self.noise.most and not one.most and one.count > 0:
                least = FLOOR - known.readable
                if self.rule == "apart":
                    least = 0 if known.readable >= FLOOR else FLOOR
                elif self.rule == "moved":
                    least -= self.noise.most * len(one.parts)
                low = max(low, least)
        if one.somebody or one.said == LISTED:
            low = max(low, 1.0 - known.readable)
        return max(low, 0.0), max(high, 0.0)

    def _state(
        self, group: Group, view: str, one: Reading, low: float = 0.0, high: float = math.inf
    ) -> Statement:
        if group not in self.by_group:
            self.by_group[group] = Statement(group, 0.0, math.inf, self.known(group).hidden)
        stated = self.by_group[group]
        tighter = low > stated.low or high < stated.high
        stated.narrow(low, high)
        assert stated.low <= stated.people <= stated.high, (view, one, stated)
        if tighter or len(stated.routes) < MOST_ROUTES:
            way = next((name for name in WAYS if name in view), "")
            stated.routes.setdefault(Route(one.page, one.route, way), view)
        return stated

    def of(self, source: str) -> list[Statement]:
        return [one for one in self.by_group.values() if one.group.source == source]
