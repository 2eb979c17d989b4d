"""What does a trust's rank in the oversight framework's league table hide?

The table is set beside the patient experience of the same trusts, source by source: which ranks each
source allows, and how likely the trust is in the quarter the table puts it in. Never blended: no rank
of the table enters a figure of a source, nor the other way round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pxcore.analysis.judging.evidence import Evidence
from pxcore.analysis.pairs.provider import Voice
from pxcore.disclosure import OfOne, Released, release
from pxcore.model import Disclosure, Period
from pxcore.stats.ranks import FEWEST_RANKED, quarter_of, rank_ranges
from pxcore.store import Store

SEED = 20_260_101
SOURCE = ("source", "title", "place", "low", "high", "trusts", "quarter", "chance", "elsewhere")


@dataclass(frozen=True, slots=True)
class LeagueReport:
    """One trust in the latest league table it stands in, and the ranks each source allows it."""

    unit: str
    kind: str  # of trust, as the table has it
    period: Period
    rank: int
    trusts: int  # in the table
    segment: float
    likely: tuple[float, float]  # the publisher's range of the rank; NaN where there is none
    sources: Released  # one row per source that hears the trust; see SOURCE
    unheard: tuple[str, ...]  # sources that hear it, but fewer than ten trusts of the table
    extracts: tuple[int, ...]


def league(store: Store, unit: str, voices: Sequence[Voice]) -> LeagueReport | None:
    """A trust's rank beside what each source that hears it knows of the same trusts; None of one in no table.

    A source's ranks are of the trusts of the table that it hears; the trust's place in the table is counted
    among these alone, so that both are out of the same number.
    """
    table = store.query("league", unit=unit)
    if table.empty:
        return None
    own = table[table["provider"] == unit].iloc[0]
    rows, unheard = [], []
    for voice in voices:
        if str(voice.cell[f"{voice.which}_silence"]):
            continue
        row = _ranked(unit, table, voice.evidence)
        if row is None:
            unheard.append(voice.evidence.side.short_title)
        else:
            rows.append(row)
    return LeagueReport(
        unit=unit,
        kind=str(own["kind"]),
        period=Period(own["period_start"].date(), own["period_end"].date()),
        rank=int(own["rank"]),
        trusts=len(table),
        segment=float(own["segment"]),
        likely=(float(own["rank_low"]), float(own["rank_high"])),
        sources=_released(rows),
        unheard=tuple(unheard),
        extracts=tuple(sorted({int(number) for number in table["extract"]})),
    )


def _released(rows: Sequence[dict[str, object]]) -> Released:
    """A row per source; how likely the quarter is, of single responses in whole numbers of 100."""
    frame = pd.DataFrame(rows, columns=[*SOURCE, "confidential"])
    shown = release(frame, Disclosure(), OfOne(probabilities=("chance",), where="confidential"))
    return Released(shown[list(SOURCE)])


def _ranked(unit: str, table: pd.DataFrame, evidence: Evidence) -> dict[str, object] | None:
    """The ranks one source allows a trust among those of the table that it hears; None of too few."""
    heard = evidence.rows[evidence.rows["standing"].notna()]
    both = table.merge(heard, left_on="provider", right_on="unit", suffixes=("", "_heard"))
    if len(both) < FEWEST_RANKED or unit not in set(both["provider"]):
        return None
    both = both.sort_values(["rank", "provider"], kind="stable").reset_index(drop=True)
    at = int(np.flatnonzero(both["provider"] == unit)[0])
    place = (
        int((both["rank"] < both["rank"][at]).sum()) + 1
    )  # those that share a rank share a place
    ranges = rank_ranges(both["standing"], both["standing_variance"], seed=SEED)
    quarter = int(quarter_of(place, len(both)))
    low, high = float(ranges.low[at]), float(ranges.high[at])
    return {
        "source": evidence.side.short_title,
        "title": evidence.side.title,
        "place": place,
        "low": low,
        "high": high,
        "trusts": len(both),
        "quarter": quarter,
        "chance": float(ranges.quarters[at, quarter]),
        "elsewhere": not low <= place <= high,
        "confidential": evidence.confidential,
    }
