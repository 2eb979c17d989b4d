"""Are two sources two sources? Where the same people answered both, agreement would say nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pxcore.analysis.evidence import each
from pxcore.analysis.periods import Side, placing
from pxcore.model import Pairing, Period
from pxcore.store import Store

# A quarter of the fewer rows meeting within two minutes with the same answer: two samples of one
# practice's patients meet so by accident in well under a hundredth of rows.
SHARE_OF_ROWS = 0.25
FEWEST_ROWS = 10
EVER = Period(date(1900, 1, 1), date(2200, 1, 1))
TIMES_CHANCE = (
    3  # as often as with one source ten minutes late, when nobody can meet but by accident
)
# Ten or more answers and the same number positive, in three periods or in a whole wave of many.
FEWEST_PERIODS = 3
SHARE_OF_PERIODS = 0.5
SHARE_OF_PROVIDERS = 0.2  # of all compared on one period: too many to be chance


@dataclass(frozen=True, slots=True)
class Independence:
    """Whose two sources seem to be the same people, and by what evidence."""

    units: tuple[str, ...]  # providers whose two figures are not independent
    evidence: dict[str, str]  # provider -> what was found
    compared: int  # providers that could be looked at

    def summary(self, named: dict[str, str]) -> str:
        """What was found; "" where nothing was."""
        if not self.units:
            return ""
        first = ", ".join(named.get(unit, unit) for unit in self.units[:3])
        more = f" and {len(self.units) - 3} more" if len(self.units) > 3 else ""
        return (
            f"The same people seem to have answered both sources at {first}{more}: "
            f"{self.evidence[self.units[0]]}. Their agreement is no evidence, and is not counted."
        )


def independence(
    store: Store, left: Side, right: Side, pairing: Pairing, service: str
) -> Independence:
    """Look for the same people in both sources, over all they have in common: by single responses, else
    by identical counts.

    `pairing` names the level compared; its area and period do not matter.
    """
    # whose two figures are the same is told by name: never from fewer answers than may be shown
    fewest = max(FEWEST_ROWS, pairing.disclosure.floor)
    asked: dict[str, Any] = {"fewest": fewest}
    for which, side in (("left", left), ("right", right)):
        placed = placing(side, pairing, service, EVER)
        asked |= placed | {f"{which}_{name}": value for name, value in placed.items()}
    found = _by_rows(store.query("shared_responses", **asked), fewest)
    counted = store.query("shared_counts", **asked)
    by_counts = _by_counts(counted)
    evidence = by_counts | found
    return Independence(
        units=tuple(sorted(evidence)),
        evidence=evidence,
        compared=len(counted),
    )


def _by_rows(rows: pd.DataFrame, fewest: int) -> dict[str, str]:
    fewer = rows[["left_rows", "right_rows"]].min(axis=1)
    same = rows[
        (fewer >= fewest)
        & (rows["matched"] >= SHARE_OF_ROWS * fewer)
        & (rows["matched"] >= TIMES_CHANCE * rows["by_chance"])
    ]
    return {
        str(row.unit): (
            f"{row.matched / min(row.left_rows, row.right_rows):.0%} of the responses carry the same "
            "answer within two minutes in both"
        )
        for row in each(same)
    }


def _by_counts(rows: pd.DataFrame) -> dict[str, str]:
    many = rows[
        (rows["identical"] >= FEWEST_PERIODS)
        & (rows["identical"] >= SHARE_OF_PERIODS * rows["periods"])
    ]
    told = {
        str(row.unit): (
            f"in {row.identical} of {row.periods} periods both hold the very same number of answers "
            "and of positive ones"
        )
        for row in each(many)
    }
    once = rows[(rows["identical"] > 0) & (rows["identical"] == rows["periods"])]
    if len(once) >= FEWEST_PERIODS and len(once) >= SHARE_OF_PROVIDERS * len(rows):
        told |= {
            str(unit): "both hold the very same number of answers and of positive ones, as at "
            f"{len(once) - 1} other organisations"
            for unit in once["unit"]
        }
    return told
