"""Which groups count as one: the shipped map of bands, with what a person changed for one database.

A group is what a source tells, in its own categories; a band is what several sources can be compared by.
Two sources may mean other people by the same word (a survey that numbers deprivation the other way): a
change may be for one of them alone.

The shipped file never changes. A change is kept in the store with who made it, when and why; the latest
of a group speaks, and a way back to the shipped map is one more change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from pxcore import maps
from pxcore.analysis.masking import note_masked
from pxcore.disclosure import Count, Released, release
from pxcore.errors import NothingToCompare
from pxcore.model import GROUPS, Disclosure, Withheld
from pxcore.store import Store

LONGEST_NAME = 40
THIS_COMPUTER = "this computer"  # who decides where nobody is named
# What stands beside bands in every table: no band may be called so.
NOT_TOLD, EVERYBODY = "Not told", "Everybody"
TAKEN_TOGETHER, SAME_MIX = "Taken together", "Same mix of people in both"
AS_REGISTERED = "As the registered patients"
NO_BAND = (NOT_TOLD, EVERYBODY, TAKEN_TOGETHER, SAME_MIX, AS_REGISTERED)
# As publishers call those who did not tell.
NO_GROUP = (
    "not provided", "not known", "not stated", "not told", "prefer not to say", "unknown",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BandChange:
    """One group counted in another band than it would be: as any source tells it, or as one does."""

    dimension: str
    source: str  # "" for any
    group: str
    band: str
    instead_of: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Bands:
    """The band of each group, as one database has it. A change for one source speaks before one for
    any."""

    changes: tuple[BandChange, ...] = ()  # what differs from the shipped map, in its order

    def of(self, dimension: str, group: str, source: str = "") -> str:
        """The band of a group as a source tells it; the group itself where it is joined to none."""
        for spoken_by in dict.fromkeys((source, "")):
            for change in self.changes:
                if (change.dimension, change.source, change.group) == (dimension, spoken_by, group):
                    return change.band
        return shipped_band(dimension, group)

    def among(self, dimension: str, groups_by_source: Mapping[str, Sequence[str]]) -> list[str]:
        """The bands of the groups that some sources tell, each once, in the order of the maps."""
        return self.in_order(
            dimension,
            [
                self.of(dimension, group, source)
                for source, groups in groups_by_source.items()
                for group in groups
                if group
            ],
        )

    def in_order(self, dimension: str, bands: Sequence[str]) -> list[str]:
        """Some bands, each once, in the order of their first groups in the maps."""
        known = known_groups(dimension)
        every = [self.of(dimension, group) for group in known]
        every += [shipped_band(dimension, group) for group in known]
        wanted = set(bands) - {""}
        ordered = [band for band in dict.fromkeys(every) if band in wanted]
        return ordered + sorted(wanted - set(every))

    def changed(self, dimension: str, sources: Collection[str] | None = None) -> list[BandChange]:
        """What was changed of a dimension; of some sources, with what was changed for any."""
        return [
            change
            for change in self.changes
            if change.dimension == dimension
            and (sources is None or change.source in ("", *sources))
        ]

    def unplaced(self, dimension: str, groups_by_source: Mapping[str, Sequence[str]]) -> list[str]:
        """Words of a source's own that count in no group the maps know, nor in one a person chose."""
        known = set(known_groups(dimension))
        words = {
            group
            for source, groups in groups_by_source.items()
            for group in groups
            if group and group not in known and self.of(dimension, group, source) == group
        }
        return sorted(words)

    def table(self, dimension: str, groups_by_source: Mapping[str, Sequence[str]]) -> pd.DataFrame:
        """One row per group that sources tell, or two where it counts otherwise for one of them: its band,
        that of the shipped map, and which sources tell it so (their names, in the order of `told`)."""
        groups = {group for groups in groups_by_source.values() for group in groups} - {""}
        known = [group for group in known_groups(dimension) if group in groups]
        rows: dict[tuple[str, str], list[str]] = {}
        for group in (*known, *sorted(groups - set(known))):
            for source in (source for source, some in groups_by_source.items() if group in some):
                rows.setdefault((group, self.of(dimension, group, source)), []).append(source)
        return pd.DataFrame(
            [
                (group, band, shipped_band(dimension, group), tuple(sources))
                for (group, band), sources in rows.items()
            ],
            columns=["group", "band", "shipped", "sources"],
        )


def known_groups(dimension: str) -> list[str]:
    """Every group of a dimension that the shipped maps name, in their order."""
    return list(
        dict.fromkeys(
            row["group"]
            for name in ("group_bands", "groups")
            for row in maps.rows(name)
            if row["dimension"] == dimension
        )
    )


def shipped_band(dimension: str, group: str) -> str:
    """The band of a group in data/reference/group_bands.csv."""
    for row in maps.rows("group_bands"):
        if (row["dimension"], row["group"]) == (dimension, group):
            return row["band"]
    return group


def bands_of(store: Store) -> Bands:
    """The map of bands of one database."""
    decided = store.query("group_bands").to_dict("records")
    for_any = {
        (row["dimension"], row["group_value"]): row["band"] for row in decided if not row["source"]
    }
    changes = []
    for row in decided:
        dimension, group = row["dimension"], row["group_value"]
        usual = shipped_band(dimension, group)
        if row["source"]:
            usual = for_any.get((dimension, group), usual)
        if row["band"] != usual:
            changes.append(
                BandChange(
                    dimension,
                    row["source"],
                    group,
                    row["band"],
                    usual,
                    row["kept_by"],
                    row["kept_at"].to_pydatetime(),
                    row["reason"],
                )
            )
    return Bands(tuple(changes))


def groups_told(store: Store) -> Released:
    """One row per source, dimension and group its answers tell (ask/splits.sql): how many people told it, as
    shown, and whether it is `named`: those who did not tell are not, nor is a word of a source's own that too
    few people used."""
    splits = release(store.query("splits"), Disclosure(), Count("people", "people_key"))
    of_people = splits["dimension"].isin(GROUPS)
    untold = splits["group_value"].str.lower().isin(NO_GROUP)
    known = pd.MultiIndex.from_tuples(
        [(dimension, group) for dimension in GROUPS for group in known_groups(dimension)]
    )
    own_word = ~pd.MultiIndex.from_frame(splits[["dimension", "group_value"]]).isin(known)
    rare = own_word & (splits["withheld"] == Withheld.FLOOR.value)
    return Released(splits.assign(named=~(of_people & (untold | rare))))


def told_groups(store: Store) -> Released:
    """Those of `groups_told` that are named."""
    splits = groups_told(store)
    return Released(splits[splits["named"]].reset_index(drop=True))


def keep(
    store: Store,
    dimension: str,
    wanted: Mapping[str, str],
    by: str,
    reason: str,
    source: str = "",
) -> int:
    """Count groups in other bands from now on: group -> band, as one source tells them or (“”) as any
    does. How many groups it changed.

    Raises NothingToCompare for a dimension there is none of, or a band without a name.
    """
    if dimension not in GROUPS:
        raise NothingToCompare(f"There is no dimension called ‘{dimension}’.")
    named_bands = {group: " ".join(band.split()) for group, band in wanted.items()}
    for group, band in named_bands.items():
        if not band or len(band) > LONGEST_NAME:
            raise NothingToCompare(
                f"The band of ‘{group}’ needs a name of at most {LONGEST_NAME} letters.",
                fix="Give it the name of another band to join them, or its own name to set it apart.",
            )
        if band.casefold() in [name.casefold() for name in NO_BAND]:
            raise NothingToCompare(
                f"No band can be called ‘{band}’: it stands for something else beside them.",
                fix="Give it another name.",
            )
    now = bands_of(store)
    moved = {
        group: band
        for group, band in named_bands.items()
        if band != now.of(dimension, group, source)
    }
    if moved:
        store.keep_bands(
            dimension, moved, by.strip() or THIS_COMPUTER, note_masked(store, reason), source
        )
    return len(moved)


def take_back(store: Store, changes: Collection[BandChange], by: str) -> None:
    """Undo changes; what was changed stays in the history."""
    alike: dict[tuple[str, str], dict[str, str]] = {}
    for change in changes:
        alike.setdefault((change.dimension, change.source), {})[change.group] = ""
    for (dimension, source), groups in alike.items():
        store.keep_bands(dimension, groups, by.strip() or THIS_COMPUTER, "taken back", source)


def back_to_shipped(store: Store, dimension: str, sources: Collection[str], by: str) -> None:
    """Undo every change of a dimension that speaks for some sources, also one that says nothing of its own
    now because it is the same as for any source."""
    decided = store.query("group_bands")
    undone = decided[(decided["dimension"] == dimension) & decided["source"].isin(["", *sources])]
    for source, rows in undone.groupby("source", sort=False):
        groups = dict.fromkeys(map(str, rows["group_value"]), "")
        store.keep_bands(dimension, groups, by.strip() or THIS_COMPUTER, "taken back", str(source))
