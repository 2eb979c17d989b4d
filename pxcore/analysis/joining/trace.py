"""Which rows of which files stand behind one organisation's figure? So that it can be defended."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pxcore.analysis.joining.alignment import Alignment
from pxcore.analysis.joining.outcomes import LOOKED_AT
from pxcore.analysis.joining.periods import Side
from pxcore.disclosure import Answers, Confidential, Released, release
from pxcore.model import Disclosure, Period, Withheld
from pxcore.store import Store

MOST_NAMED = 3
SINGLE_RESPONSES = "single responses"  # instead of a cell: they are counted together


def trace(store: Store, alignment: Alignment, unit: str) -> Released:
    """One row per row of a file behind the figures of one organisation, both sides.

    Exact rows of published sources alone. Of single responses one row gives how many there are, as shown, and
    which files the source has: in which of them somebody answered would show when few did.
    """
    tables = []
    pairing = alignment.pairing
    sides = ((alignment.left, alignment.right), (alignment.right, alignment.left))
    for (side, beside), everywhere in zip(sides, alignment.everywhere, strict=True):
        if side.period is None:
            continue
        rows = store.query(
            "trace",
            source=side.source,
            measure=side.measure,
            start=side.period.start,
            end=side.period.end,
            service=side.service or beside.service,
            organisation=pairing.organisation.value,
            grain=alignment.grain.value,
            reported_grain=side.reported_grain,
            unit=unit,
        )
        tables.append(release(rows, pairing.disclosure).assign(source=side.short_title))
        tables.append(_responses(store, everywhere, side, unit, pairing.disclosure))
    rows = Released(
        pd.concat([table for table in tables if len(table)] or tables, ignore_index=True)
    )
    rows["period"] = [
        str(Period(start.date(), end.date()))
        for start, end in zip(rows["period_start"], rows["period_end"], strict=True)
    ]
    few = (rows["withheld"] == Withheld.FLOOR.value) & rows["respondents"].isna()
    return rows.assign(few=few)


def _responses(
    store: Store, everywhere: Confidential, side: Side, unit: str, disclosure: Disclosure
) -> Released:
    rows = everywhere.figures
    rows = rows[
        (rows["unit"] == unit) & rows["outcome"].isin(LOOKED_AT) & rows["people_key"].notna()
    ]
    shown = release(rows, disclosure, Answers())
    files = store.query("extracts").set_index("extract")
    named = [files.loc[list(numbers)] for numbers in rows["extracts"]]
    assert side.period is not None
    return Released(
        {
            "file_name": [_listed(some["file_name"]) for some in named],
            "title": [_listed(some["title"]) for some in named],
            "cell": SINGLE_RESPONSES,
            "provider": shown["unit"],
            "period_start": pd.Timestamp(side.period.start),
            "period_end": pd.Timestamp(side.period.end),
            **{name: shown[name] for name in ("respondents", "positive", "value", "withheld")},
            "source": np.full(len(shown), side.short_title, dtype=object),
        }
    )


def _listed(names: pd.Series) -> str:
    different = list(dict.fromkeys(names))
    more = len(different) - MOST_NAMED
    return ", ".join(different[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
