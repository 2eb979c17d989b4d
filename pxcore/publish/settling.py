"""What would settle it, for programs."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.pairs.settling import SettlingReport
from pxcore.analysis.rows import records
from pxcore.disclosure import rounded
from pxcore.words import settling


def as_json(report: SettlingReport, budget: int) -> dict[str, Any]:
    """What a budget of further answers would settle, and what each organisation takes."""
    spent = report.spending(budget)
    figures = {
        "summary": settling.summary(report, budget),
        "source": report.left.source if report.side.value == "left" else report.right.source,
        "budget": budget,
        "either": report.either,
        "settled": spent.settled,
        "settled_evenly": spent.settled_evenly,
    }
    rows = records(settling.table(report, budget).drop(columns="likely"))
    return dict(rounded(figures, report.alignment.confidential)) | {"organisations": rows}
