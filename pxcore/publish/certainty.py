"""Certainty for programs."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.judging.certainty import CertaintyReport
from pxcore.analysis.rows import JSON_SCHEMA, records
from pxcore.disclosure import rounded
from pxcore.publish.agreement import of_side
from pxcore.words import certainty
from pxcore.words import verdicts as of_verdicts


def as_json(report: CertaintyReport) -> dict[str, Any]:
    """The report for programs: stable keys, unrounded, probabilities 0-1, missing is None."""
    alignment = report.alignment
    return {
        "schema": JSON_SCHEMA,
        "status": report.status,
        "reason": None if report.status == "ok" else certainty.without(report),
        "grain": alignment.grain.value,
        "area": alignment.pairing.area or None,
        "floor": alignment.pairing.disclosure.floor,
        "evidence_floor": alignment.pairing.evidence_floor,
        "left": of_side(report.left),
        "right": of_side(report.right),
        "extracts": list(alignment.extracts),
        "revision": alignment.revision,
        "aligned_in_time": alignment.aligned_in_time,
        "across_domains": alignment.across_domains,
        "notes": [*report.marks, *of_verdicts.notes(report)],
        "certainty": of_pair(report),
        "organisations": records(certainty.table(report)) if report.status == "ok" else [],
    }


def of_pair(report: CertaintyReport) -> dict[str, Any] | None:
    """How two sources usually behave, what that says before any is heard, and how many have which word."""
    usual, before = report.usual, report.before
    if usual is None or before is None:
        return None
    figures: dict[str, Any] = {
        "summary": certainty.summary(report),
        "organisations": usual.common,
        "margin": report.margin,
        "correlation": usual.correlation,
        "correlation_low": usual.correlation_low,
        "correlation_high": usual.correlation_high,
        "contradicting": usual.contradicting,
        "before": {
            "agree": before.agree,
            "left_higher": before.left_higher,
            "right_higher": before.right_higher,
            "both_above": before.both_above,
            "both_below": before.both_below,
            "opposite": before.opposite,
        },
        "words": report.counts(),
    }
    return dict(rounded(figures, report.alignment.confidential))
