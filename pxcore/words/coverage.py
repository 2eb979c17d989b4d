"""What each source covers, in words."""

from __future__ import annotations

from pxcore.analysis.pairs.coverage import Coverage
from pxcore.analysis.rows import each
from pxcore.words.english import month_range


def summary(report: Coverage) -> str:
    if report.totals.empty:
        return "Nothing is loaded yet."
    parts = [
        f"{row.short_title}: {row.providers:.0f} organisations, {month_range(row.first, row.last)}"
        for row in each(report.totals)
    ]
    return "; ".join(parts) + "."
