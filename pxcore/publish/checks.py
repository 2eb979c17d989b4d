"""The checks of certainty for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pxcore.analysis.judging.checks import ChecksReport
from pxcore.analysis.rows import JSON_SCHEMA
from pxcore.disclosure import rounded
from pxcore.publish.agreement import of_side
from pxcore.words import certainty, checks


def as_json(report: ChecksReport) -> dict[str, Any]:
    """The report for programs: stable keys, shares 0-1, missing is None."""
    head = {
        "schema": JSON_SCHEMA,
        "status": report.status,
        "reason": None if report.design else certainty.without(report.certainty),
        "left": of_side(report.left),
        "right": of_side(report.right),
        "extracts": list(report.alignment.extracts),
        "revision": report.alignment.revision,
    }
    design = report.design
    figures = {
        "summary": checks.summary(report) if design else None,
        "design": [
            {
                "world": world.world.value,
                "claimed": world.sure,
                "right": world.right,
                "error": world.error,
                "sets": world.sets,
            }
            for world in (design.worlds if design else ())
        ],
        "planted": [
            {
                "shift": found.shift,
                "organisations": found.organisations,
                "differ": found.differ,
                "differ_low": found.differ_interval.low,
                "differ_high": found.differ_interval.high,
                "very_likely": found.very_likely,
                "very_likely_low": found.very_likely_interval.low,
                "very_likely_high": found.very_likely_interval.high,
            }
            for found in report.planted
        ],
        "history": None
        if report.history is None
        else {"source": report.halved, **asdict(report.history)},
    }
    return head | dict(rounded(figures, report.alignment.confidential))
