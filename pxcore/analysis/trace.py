"""Which rows of which files stand behind one organisation's figure? So that it can be defended."""

from __future__ import annotations

import pandas as pd

from pxcore.analysis.alignment import Alignment
from pxcore.disclosure import protect
from pxcore.model import Period
from pxcore.store import Store


def trace(store: Store, alignment: Alignment, unit: str) -> pd.DataFrame:
    """One row per row of a file behind the figures of one organisation, both sides.

    Single responses are counted by month, never listed. Small numbers are hidden, and with them
    enough others that none follows from the total shown for the organisation.
    """
    told = []
    pairing = alignment.pairing
    for side, other in ((alignment.left, alignment.right), (alignment.right, alignment.left)):
        if side.period is None:
            continue
        rows = store.query(
            "trace",
            source=side.source,
            measure=side.measure,
            start=side.period.start,
            end=side.period.end,
            service=side.service or other.service,
            organisation=pairing.organisation.value,
            grain=alignment.grain.value,
            reported_grain=side.reported_grain,
            unit=unit,
        )
        rows = protect(
            rows,
            pairing.disclosure,
            count="people",
            values=["respondents", "positive", "value"],
            totals_within=[],
        )
        told.append(rows.assign(source=side.short_title))
    rows = pd.concat(told, ignore_index=True)
    rows["period"] = [
        str(Period(start.date(), end.date()))
        for start, end in zip(rows["period_start"], rows["period_end"], strict=True)
    ]
    return rows
