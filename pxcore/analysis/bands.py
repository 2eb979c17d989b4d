"""Which groups count as one: the shipped map of bands, with what a person changed for one database.

A group is what a source tells, in its own categories; a band is what several sources can be compared by.

The shipped file never changes. A change is kept in the store with who made it, when and why; the latest
of a group speaks, and a way back to the shipped map is one more change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from pxcore import maps
from pxcore.errors import NothingToCompare
from pxcore.model import GROUPS, Disclosure
from pxcore.store import Store

LONGEST_NAME = 40
# As publishers call those who did not tell.
NO_GROUP = ("not provided", "not known", "not stated", "prefer not to say", "unknown")


@dataclass(frozen=True, slots=True)
class BandChange:
    """One group counted in another band than the shipped map has it."""

    dimension: str
    group: str
    band: str
    by: str
    at: datetime
    reason: str

    def said(self) -> str:
        """The change, who made it, when and why."""
        why = f": {self.reason}" if self.reason else ""
        return (
            f"{self.group} counts as ‘{self.band}’ instead of "
            f"‘{shipped_band(self.dimension, self.group)}’ (by {self.by}, "
            f"{self.at.day} {self.at:%B %Y}{why})"
        )


@dataclass(frozen=True, slots=True)
class Bands:
    """The band of each group, as one database has it."""

    changes: tuple[BandChange, ...] = ()  # what differs from the shipped map, in its order

    def of(self, dimension: str, group: str) -> str:
        """The band of a group; the group itself where it is joined to none."""
        for change in self.changes:
            if (change.dimension, change.group) == (dimension, group):
                return change.band
        return shipped_band(dimension, group)

    def among(self, dimension: str, groups: Sequence[str]) -> list[str]:
        """The bands of some groups, each once, in the order of their first groups in the maps."""
        known = [group for group in known_groups(dimension) if group in set(groups)]
        ordered = [*known, *sorted(set(groups) - set(known))]
        return list(dict.fromkeys(self.of(dimension, group) for group in ordered if group))

    def in_order(self, dimension: str, bands: Sequence[str]) -> list[str]:
        """Some bands, each once, in the order of their first groups in the maps."""
        every = self.among(dimension, known_groups(dimension))
        found = set(bands) - {""}
        return [band for band in every if band in found] + sorted(found - set(every))

    def changed(self, dimension: str) -> list[BandChange]:
        return [change for change in self.changes if change.dimension == dimension]

    def unplaced(self, dimension: str, told: Sequence[str]) -> list[str]:
        """Words of a source's own that count in no group the maps know, nor in one a person chose."""
        known = set(known_groups(dimension))
        return [
            group
            for group in told
            if group and group not in known and self.of(dimension, group) == group
        ]

    def table(self, dimension: str, told: Sequence[str]) -> pd.DataFrame:
        """One row per group that sources tell: its band, and the band of the shipped map."""
        groups = [group for group in known_groups(dimension) if group in set(told)]
        groups += sorted(set(told) - set(groups) - {""})
        return pd.DataFrame(
            {
                "group": groups,
                "band": [self.of(dimension, group) for group in groups],
                "shipped": [shipped_band(dimension, group) for group in groups],
            }
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
    told = [
        BandChange(
            row["dimension"],
            row["group_value"],
            row["band"],
            row["kept_by"],
            row["kept_at"].to_pydatetime(),
            row["reason"],
        )
        for row in store.query("group_bands").to_dict("records")
        if row["band"] != shipped_band(row["dimension"], row["group_value"])
    ]
    return Bands(tuple(told))


def told_groups(store: Store) -> pd.DataFrame:
    """One row per source, dimension and group its answers tell: ask/splits.sql without those who did not
    tell, and without words of a source's own that too few people used to be named."""
    splits = store.query("splits")
    named = splits["dimension"].isin(GROUPS)
    untold = splits["group_value"].str.lower().isin(NO_GROUP)
    known = pd.MultiIndex.from_tuples(
        [(dimension, group) for dimension in GROUPS for group in known_groups(dimension)]
    )
    own_word = ~pd.MultiIndex.from_frame(splits[["dimension", "group_value"]]).isin(known)
    rare = own_word & (splits["people"] < Disclosure().floor)
    return splits[~(named & (untold | rare))].reset_index(drop=True)


def keep(store: Store, dimension: str, wanted: Mapping[str, str], by: str, reason: str) -> int:
    """Count groups in other bands from now on: group -> band. How many groups it changed.

    Raises NothingToCompare for a dimension there is none of, or a band without a name.
    """
    if dimension not in GROUPS:
        raise NothingToCompare(f"There is no dimension called ‘{dimension}’.")
    asked = {group: " ".join(band.split()) for group, band in wanted.items()}
    for group, band in asked.items():
        if not band or len(band) > LONGEST_NAME:
            raise NothingToCompare(
                f"The band of ‘{group}’ needs a name of at most {LONGEST_NAME} letters.",
                fix="Give it the name of another band to join them, or its own name to set it apart.",
            )
    now = bands_of(store)
    moved = {group: band for group, band in asked.items() if band != now.of(dimension, group)}
    if moved:
        store.keep_bands(dimension, moved, by.strip() or "this computer", reason.strip())
    return len(moved)


def back_to_shipped(store: Store, dimension: str, by: str) -> None:
    """Undo every change of a dimension; what was changed stays in the history."""
    changed = bands_of(store).changed(dimension)
    if changed:
        shipped = {change.group: shipped_band(dimension, change.group) for change in changed}
        store.keep_bands(
            dimension, shipped, by.strip() or "this computer", "back to the shipped map"
        )
