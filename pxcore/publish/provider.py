"""What all sources say of one organisation, for programs."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.pairs.provider import ProviderReport
from pxcore.analysis.rows import records
from pxcore.words import provider as words


def as_json(report: ProviderReport) -> dict[str, Any]:
    pairs = words.pairs_table(report).rename(columns={"sentence": "said"})
    return {
        "schema": 1,
        "unit": report.unit,
        "name": report.name,
        "summary": words.summary(report),
        "sources": records(words.table(report).rename(columns={"sentence": "said"})),
        "pairs": records(
            pairs[["pair", "verdict", "said", "difference", "low", "high", "q_value"]]
        ),
        "silences": words.silences(report),
        "reasons": words.reasons(report),
        "extracts": list(report.extracts),
        "revision": report.revision,
    }
