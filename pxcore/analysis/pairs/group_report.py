"""What `groups` works out of two sources by the groups of a dimension."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

from pxcore import maps
from pxcore.analysis.joining.bands import (
    AS_REGISTERED,
    EVERYBODY,
    SAME_MIX,
    TAKEN_TOGETHER,
    BandChange,
)
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.joining.refusals import Refusal
from pxcore.analysis.joining.selection import DIMENSIONS
from pxcore.analysis.judging.judgement import Judged, Judgement
from pxcore.disclosure import Released
from pxcore.errors import TooFewPairs
from pxcore.model import Withheld
from pxcore.stats.case_mix import CaseMix, MantelHaenszel
from pxcore.stats.groups import GroupAverages
from pxcore.stats.latent import LatentCorrelation

ORGANISATIONS = "practices_by_deprivation"  # groups of organisations, not of people
BEYOND_CHANCE = 0.05
SIDES = ("left", "right")
MOST_PAIRS = 3  # of other sources that are offered
TOTALS = (TAKEN_TOGETHER, SAME_MIX, AS_REGISTERED)

GAP = ("what", "gap", "low", "high", "left_respondents", "right_respondents")
RANKING = (
    "band", "organisations", "raw", "raw_low", "raw_high", "underlying", "underlying_low",
    "underlying_high",
)  # fmt: skip
COMPARED = (
    "first", "second", "difference", "low", "high", "underlying", "underlying_low", "underlying_high",
    "p_value", "q_value",
)  # fmt: skip


class Obstacle(StrEnum):
    """Why one source cannot be split by a dimension."""

    NOT_RECORDED = "does not record it"
    NO_PERCENTAGES = "gives no percentages of people"


class Record(StrEnum):
    """What a source records of a dimension."""

    COUNTED = "counted"
    FEW = "too few to show"
    PUBLISHED = "in its published figures"
    HEARD_ALONE = "who was heard, not what they said"
    NOTHING = "nothing"


class NoteKind(StrEnum):
    """What was joined, left out or could not be done."""

    ALONE = "groups of one source alone"
    FEW = "groups of too few answers"
    ONE_GROUP = "fewer than two groups"
    JOINED = "groups joined for the same mix"
    NO_ODDS = "groups without odds"
    REGISTERED_OTHERWISE = "groups of registered patients that are not compared"
    NOT_REGISTERED = "practices in no list of registered patients"
    FEW_ORGANISATIONS = "fifths of too few practices"
    NO_PERCENTAGES = "a source without percentages"
    PROBLEM = "too few for a figure"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was joined, left out or could not be done, and of whom."""

    kind: NoteKind
    groups: tuple[str, ...] = ()
    joined: tuple[tuple[str, ...], ...] = ()
    count: int = 0
    problem: TooFewPairs | None = None


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gap between two sources by group, and with the same mix of people in both."""

    rows: Released  # one row per gap: taken together, with the same mix, and by group; see GAP
    mix: CaseMix | None  # None of organisations, or where nothing compares
    within: MantelHaenszel | None  # the same group at the same organisation
    averages: GroupAverages | None  # of organisations alone
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class GroupsReport(Judged):
    """Two sources by the groups of one dimension."""

    judgement: Judgement
    status: str  # "ok", "refused", or "cannot_split": not by both sources
    group_by: str  # one of DIMENSIONS, or ORGANISATIONS; "" where nothing can be split
    offered: Mapping[str, str]  # what can be asked for these two sources -> its title
    splits: tuple[bool, bool]  # whether each of the two can be split
    who: Released  # one row per source and dimension: how many people are recorded by it
    cells: Released  # one row per source and group; see CELL
    gaps: Gaps | None
    rankings: Released  # one row per group: how alike the two rank organisations; see RANKING
    compared: Released  # agreement of every two groups, set against one another; see COMPARED
    changes: tuple[BandChange, ...]  # what of the map of groups a person changed
    map_rows: Released  # of `Bands.table`: this dimension, as the two sources record it
    unplaced: tuple[str, ...]  # words of a source's own that count in no common group
    obstacles: tuple[tuple[Side, Obstacle], ...] = ()  # why one of the two cannot be split
    underlying: Mapping[str, LatentCorrelation | None] = field(default_factory=dict)  # by group

    @property
    def of_people(self) -> bool:
        return self.group_by in DIMENSIONS

    @property
    def has_cells(self) -> bool:
        """Whether any figure of a group can be shown."""
        return bool(self.cells["value"].notna().any())

    @property
    def has_gaps(self) -> bool:
        return self.gaps is not None and len(self.gaps.rows) > 1

    @property
    def has_rankings(self) -> bool:
        return bool(self.rankings["raw"].notna().any())

    @property
    def any_withheld(self) -> bool:
        return bool((self.cells["withheld"] != Withheld.NONE.value).any())

    @property
    def organisations(self) -> int:
        """How many organisations both sources speak of."""
        rows = self.cells[self.cells["band"] == EVERYBODY]
        return int(rows["organisations"].min()) if len(rows) else 0

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Why the two are not compared at all; empty where they are, split or not."""
        return self.judgement.not_compared()

    def ordered(self, gap: float) -> tuple[Side, Side]:
        """The side that stands higher, and the lower one."""
        return (self.left, self.right) if gap >= 0 else (self.right, self.left)

    @property
    def gap_p(self) -> float | None:
        """Of no difference of the gap between groups; None where it was not tested."""
        if self.gaps is None:
            return None
        if self.gaps.averages is not None:
            return self.gaps.averages.p_value
        return self.gaps.mix.odds.heterogeneity_p if self.gaps.mix is not None else None

    @property
    def gap_differs(self) -> bool | None:
        """Whether the gap differs between groups beyond chance; None where it cannot be told."""
        return None if self.gap_p is None else self.gap_p < BEYOND_CHANCE

    @property
    def agreement_tested(self) -> Released:
        """Every two groups of which more than raw figures can be compared."""
        return Released(self.compared[self.compared["q_value"].notna()])

    @property
    def agreement_differs(self) -> Released:
        """Every two groups for which the two sources agree differently, beyond chance."""
        tested = self.agreement_tested
        return Released(tested[tested["q_value"] < BEYOND_CHANCE])

    @property
    def dimensions(self) -> list[str]:
        """The dimensions of which any source records anything."""
        recorded = set(self.who.loc[self.who["how"] != Record.NOTHING, "dimension"])
        return [dimension for dimension in DIMENSIONS if dimension in recorded]

    def elsewhere(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Pairs of other sources that both record who answered: left, right, and the dimensions.

        Of different kinds first, and those that record most.
        """
        recorded = {
            str(source): set(rows["dimension"])
            for source, rows in self.who[self.who["tells"]].groupby("source")
        }
        ranked = []
        for pair in combinations(recorded, 2):
            shared = tuple(d for d in DIMENSIONS if d in recorded[pair[0]] & recorded[pair[1]])
            if shared and set(pair) != {self.left.source, self.right.source}:
                signals = {maps.source(name)["signal"] for name in pair}
                left, right = sorted(pair, key=list(maps.sources()).index, reverse=True)
                ranked.append((len(signals) < 2, -len(shared), left, right, shared))
        return [(left, right, shared) for _, _, left, right, shared in sorted(ranked)[:MOST_PAIRS]]
