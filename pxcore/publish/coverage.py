"""What each source covers, for programs."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.pairs.coverage import Coverage
from pxcore.analysis.rows import each, records
from pxcore.words.english import month_range


def as_json(report: Coverage) -> dict[str, Any]:
    spans = [month_range(row.first, row.last) for row in each(report.totals)]
    return {
        "schema": 1,
        "revision": report.revision,
        "sources": records(report.totals.assign(span=spans) if spans else report.totals),
        "periods": records(report.cells),
    }
