"""Names without a code, and what became of organisations, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.matching import MatchingReport
from pxcore.disclosure import Released
from pxcore.model import Disclosure
from pxcore.words.counts import fewer_than
from pxcore.words.english import counted

SUCCESSIONS: Mapping[str, str] = MappingProxyType(
    {
        "merged": "Became part of another; followed",
        "split": "Split on one date; cannot be followed",
        "to_confirm": "Several successors on different dates; to be confirmed",
        "cycle": "Its succession leads back to itself; not followed",
    }
)


def waiting(report: MatchingReport, sources: Sequence[str]) -> str:
    """How many names of some sources wait for a code, and with how many rows; "" where none does."""
    names = report.open_names
    return "; ".join(
        f"{maps.source(str(source))['short_title']}: {counted(len(rows), 'name')} without a code, on "
        f"{_rows(rows['rows'], report.disclosure)} rows"
        for source, rows in names[names["source"].isin(sources)].groupby("source", sort=False)
    )


def _rows(rows: pd.Series, disclosure: Disclosure) -> str:
    """How many rows; a name with few reads as that."""
    few = fewer_than(disclosure)
    if rows.isna().all():
        return few if len(rows) == 1 else f"{few} each"
    return f"{rows.sum():,.0f}" + (" and more" if rows.isna().any() else "")


def successions(rows: Released) -> Released:
    """Organisations with data that changed, each with what happened."""
    return rows.assign(happened=rows["succession"].map(SUCCESSIONS))
