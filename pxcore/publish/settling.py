"""What would settle it, for programs."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.pairs.settling import SettlingReport
from pxcore.analysis.rows import records
from pxcore.disclosure import rounded
from pxcore.words import settling


def as_json(report: SettlingReport) -> dict[str, Any]:
    """What a budget of further answers would settle, and what each organisation takes."""
    spent = report.spending
    figures = {
        "summary": settling.summary(report),
        "source": report.left.source if report.side.value == "left" else report.right.source,
        "budget": report.budget,
        "either": report.either,
        "settled": None if spent is None else spent.settled,
        "settled_evenly": None if spent is None else spent.settled_evenly,
    }
    rows = [] if spent is None else records(settling.table(report).drop(columns="likely"))
    return dict(rounded(figures, report.alignment.confidential)) | {"organisations": rows}
