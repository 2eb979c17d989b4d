"""What several months of one organisation say of it: how far they stray, and which are out of the usual."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from pxcore.analysis.joining.periods import Side
from pxcore.disclosure import rounded
from pxcore.stats.overdispersion import MonthlyOverdispersion, monthly_overdispersion


def months_apart(
    rows: pd.DataFrame, months: pd.DataFrame | None, side: Side
) -> MonthlyOverdispersion:
    units = pd.Index(rows["unit"])
    if months is None or months.empty or side.period is None:
        nothing = np.array([])
        return monthly_overdispersion(nothing, nothing, nothing, nothing, nothing, len(units))
    who = units.get_indexer(months["unit"])
    known = months[who >= 0]
    started = pd.to_datetime(known["period_start"])
    inside = (started >= pd.Timestamp(side.period.start)) & (
        started <= pd.Timestamp(side.period.end)
    )
    return monthly_overdispersion(
        who[who >= 0],
        (started.dt.year * 12 + started.dt.month - 1).to_numpy(),
        known["positive"].to_numpy(dtype=float),
        known["respondents"].to_numpy(dtype=float),
        inside.to_numpy(),
        len(units),
    )


def as_usual(over: MonthlyOverdispersion) -> MonthlyOverdispersion:
    """Without what exact months say of one provider, which of confidential answers stays hidden; what they
    say of all is no finer than any such figure, for the intervals shown let it be worked out."""
    usual = rounded(over.usual, confidential=True)
    return replace(
        over,
        usual=usual,
        each=np.full_like(over.each, usual),
        odd=np.zeros_like(over.odd),
        odd_month=np.full_like(over.odd_month, -1),
    )


def odd_months(
    rows: pd.DataFrame, months: pd.DataFrame | None, over: MonthlyOverdispersion | None
) -> list[str]:
    """For each provider whose months are odd, the month that stands out; else ""."""
    if over is None or months is None:
        return [""] * len(rows)
    return [
        date(month // 12, month % 12 + 1, 1).strftime("%B %Y") if odd and month >= 0 else ""
        for odd, month in zip(over.odd.tolist(), over.odd_month.tolist(), strict=True)
    ]
