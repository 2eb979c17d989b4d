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
from benchmarks.attacker.reading import BLANK, EXACT, LISTED, NONE, SHOWN, Reading
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
class Counted:
    """What is true of a group."""

    readable: int
    hidden: int
    which: int  # a mark of exactly the readable
    readable_key: int
    hidden_key: int
    heaviest: int  # times that the person counted most often is counted


@dataclass(frozen=True, slots=True)
class Known:
    """The same, and what it is shown as where it is one count."""

    readable: int
    hidden: int
    which: int
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
        chance = np.random.default_rng(keys)
        self.keys: dict[str, Keys] = {  # by source, of each person
            name: chance.integers(KEYS, size=people.people) if self.simulated else people.key
            for name, people in truth.people.items()
        }
        self.by_group: dict[Group, Statement] = {}
        self.counted: dict[Group, Counted] = {}
        self.kept: dict[tuple[Group, int], Known] = {}
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

    def of_group(self, group: Group) -> Counted:
        """What is true of a group."""
        if group not in self.counted:
            readable, hidden = self.truth.people[group.source].counts(group)
            keys = self.keys[group.source]
            self.counted[group] = Counted(
                int(readable.sum()), int(hidden.sum()), hash(readable.tobytes()),
                int((keys * readable).sum()), int((keys * hidden).sum()),
                int((readable + hidden).max(initial=1)),
            )  # fmt: skip
        return self.counted[group]

    def known(self, group: Group, heaviest: int = 1) -> Known:
        """What is true of a group, and what it is shown as beside a person with so many answers."""
        if (group, heaviest) not in self.kept:
            of = self.of_group(group)
            moved = self.noise.moved(of.hidden, of.hidden_key, heaviest)
            beside = self.noise.moved(of.readable, of.readable_key, heaviest)
            shown = self._on_its_side(of.readable, of.hidden, moved + beside)
            self.kept[group, heaviest] = Known(of.readable, of.hidden, of.which, moved, shown)
        return self.kept[group, heaviest]

    def _heaviest(self, one: Reading) -> int:
        return max(1, self.of_group(one.group).heaviest) if one.heaviest else 1

    def _on_its_side(self, readable: int, hidden: int, shown: int) -> int:
        """Both numbers together, kept on the side of the floor on which the count is."""
        if self.rule != "total" or not self.noise.most or not (readable and hidden):
            return shown
        return max(shown, FLOOR) if readable + hidden >= FLOOR else min(shown, FLOOR - 1)

    def _rule_of(self, one: Reading) -> str:
        return "apart" if one.alone and self.rule == "moved" else self.rule

    def _few(self, one: Reading) -> bool:
        """Whether it reads “fewer than 5”, by the rule."""
        known = self.known(one.by_people or one.group)
        rule = self._rule_of(one)
        if rule == "apart":
            return max(known.readable, known.hidden) < FLOOR
        if rule == "moved":
            return known.readable + known.moved < FLOOR if known.readable else known.hidden < FLOOR
        return known.all < FLOOR

    def _parts_shown(self, one: Reading) -> list[int]:
        heaviest = self._heaviest(one)
        return [self.known(part.group, heaviest).shown for part in one.parts]

    def _is_blank(self, one: Reading) -> bool:
        """Whether a number is not shown: of too few, by the rule or by a higher floor."""
        if self._few(one):
            return True
        shown = max(sum(self._parts_shown(one)), FLOOR)
        if self._heaviest(one) > 1:
            # of people with several answers the number of people decides, as it is moved
            shown = min(shown, self.known(one.by_people or one.group).shown)
        return shown < one.floor

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
            return self._is_blank(one) and (known.all > 0 or not one.somebody)
        if one.alone and self.noise.most and self._few(one):
            return False
        parts = self._parts_shown(one)
        if not all(
            part.low <= shown <= part.high for shown, part in zip(parts, one.parts, strict=True)
        ):
            return False
        shown = sum(parts)
        if not self._few(one) and self.noise.most:
            shown = max(shown, FLOOR)
        return abs(shown - one.count) < NEAR

    def _as_moved(self, one: Reading) -> Reading:
        """The reading as it would be with the record keys made up here."""
        if one.said in (NONE, EXACT, LISTED):
            return one
        if self._is_blank(one):
            return replace(one, said=BLANK, count=math.nan)
        shown = self._parts_shown(one)
        total = float(max(sum(shown), FLOOR))
        told = sum(shown) == total
        parts = tuple(
            replace(part, low=float(number) if told else 0.0, high=float(number) if told else total)
            for part, number in zip(one.parts, shown, strict=True)
        )
        return replace(one, said=SHOWN, count=total, parts=parts)

    def _by_row(self, one: Reading) -> Reading:
        """The same reading; where nobody has several rows, an answer is a person."""
        if self.truth.people[one.group.source].repeated:
            return one
        return replace(
            one, group=replace(one.group, by_answer=False), by_people=None,
            parts=tuple(
                replace(part, group=replace(part.group, by_answer=False)) for part in one.parts
            ),
        )  # fmt: skip

    def _take(self, view: str, one: Reading) -> None:
        self.readings += 1
        one = self._by_row(one)
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
                f"shown {self._parts_shown(one)}; {one}",
            )
            return
        people = self.known(one.by_people or one.group)
        if one.figure and people.all >= one.floor:
            page = self.pages.setdefault(one.page, Shown())
            page.legitimate += 1
            page.withheld += one.said != SHOWN
        heaviest = self._heaviest(one)
        low, high = self._interval(one, known, heaviest)
        stated = self._state(one.group, view, one, low, high)
        decides = stated
        if one.by_people is not None:
            low, high = self._decided(one, people, heaviest)
            decides = self._state(one.by_people, view, one, low, high)
        rule = self._rule_of(one)
        if rule == "moved" and one.said == BLANK and one.floor == FLOOR and heaviest == 1:
            decides.see(Seen(0.0, FLOOR - 1.0 - people.readable, 0, 0))
        if one.said != SHOWN or one.most:
            return
        if rule == "moved" and self.noise.most:
            most = one.count + 2 * self.noise.most * heaviest * (1 + len(one.parts))
            decides.see(Seen(float(FLOOR - people.readable), most, 0, 1))
        if len(one.parts) > 1 and all(part.told for part in one.parts):
            stated.splits.add(tuple(part.group for part in one.parts))
        for part in one.parts:
            if not part.told:
                continue
            of = self.known(part.group)
            first, last, low, high = part.low, part.high, 0.0, math.inf
            if rule == "total" and self.noise.most and first == last:
                # what is shown tells on which side of the floor the count is
                if last >= FLOOR:
                    low, first = FLOOR - of.readable, 0.0 if last == FLOOR else first
                else:
                    high, last = FLOOR - 1 - of.readable, 2.0 * FLOOR if last == FLOOR - 1 else last
            self._state(part.group, view, one, max(low, 0.0), high).see(
                Seen(first, last, of.readable, of.which, heaviest)
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

    def _interval(self, one: Reading, known: Known, heaviest: int) -> tuple[float, float]:
        """People not readable, or their answers, that a number allows, whatever is seen of moved numbers."""
        low, high = 0.0, math.inf
        wide = 2 * self.noise.most * heaviest * len(one.parts)
        if one.said == NONE:
            high = 0.0
        elif one.said == EXACT:
            low = high = one.count - known.readable
        elif one.said == SHOWN:
            least = 0.0 if one.most or (self.noise.most and one.count <= FLOOR) else one.count
            low, high = least - known.readable - wide, one.count - known.readable + wide
        if one.said == LISTED:
            low = max(low, 1.0 - known.readable)
        if one.by_people is None:
            least, most = self._decided(one, known, heaviest)
            low, high = max(low, least), min(high, most)
        return max(low, 0.0), max(high, 0.0)

    def _decided(self, one: Reading, people: Known, heaviest: int) -> tuple[float, float]:
        """People not readable that are allowed by a number's being shown or not."""
        low, high = 0.0, math.inf
        rule = self._rule_of(one)
        if one.said == BLANK:
            # under the lowest floor no noise decides, but by the last rule
            wide = 2 * self.noise.most * heaviest * len(one.parts)
            wide = wide if one.floor > FLOOR or rule == "moved" else 0
            high = one.floor - 1 - people.readable + wide
            high = max(high, FLOOR - 1) if rule == "apart" else high
        elif one.said == SHOWN and self.noise.most and not one.most and one.count > 0:
            low = FLOOR - people.readable
            if rule == "apart":
                low = 0 if people.readable >= FLOOR else FLOOR
            elif rule == "moved":
                low -= self.noise.most * len(one.parts)
        if one.somebody:
            low = max(low, 1.0 - people.readable)
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
