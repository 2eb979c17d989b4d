"""Which rows of which files stand behind one organisation's figure? So that it can be defended."""

from __future__ import annotations

import pandas as pd

from pxcore.analysis.alignment import Alignment
from pxcore.analysis.words import counts_said
from pxcore.disclosure import Answers, Released, release
from pxcore.model import Period, Withheld
from pxcore.store import Store


def trace(store: Store, alignment: Alignment, unit: str) -> Released:
    """One row per row of a file behind the figures of one organisation, both sides.

    Exact rows of published sources alone; confidential single responses are counted by file, as shown.
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
        rows = release(rows, pairing.disclosure, Answers())
        told.append(rows.assign(source=side.short_title))
    rows = Released(pd.concat(told, ignore_index=True))
    rows["period"] = [
        str(Period(start.date(), end.date()))
        for start, end in zip(rows["period_start"], rows["period_end"], strict=True)
    ]
    few = (rows["withheld"] == Withheld.FLOOR.value) & rows["respondents"].isna()
    answers = counts_said(rows["respondents"], pairing.disclosure)
    return rows.assign(
        answers_said=[
            said if one_few or pd.notna(count) else ""
            for said, one_few, count in zip(answers, few, rows["respondents"], strict=True)
        ]
    )
