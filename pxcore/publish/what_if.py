"""A baseline beside a scenario, for programs."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.pairs.what_if import WhatIfReport
from pxcore.analysis.rows import records
from pxcore.publish import agreement
from pxcore.words import what_if as words


def as_json(report: WhatIfReport) -> dict[str, Any]:
    return {
        "scenario": report.scenario.as_json(),
        "title": words.title(report),
        "summary": words.summary(report),
        "headline_move": report.headline_move,
        "baseline": agreement.as_json(report.baseline),
        "changed": agreement.as_json(report.changed),
        "verdicts": records(words.table(report).rename(columns={"verdict": "said"})),
        "what_changed": words.what_changed(report),
    }
