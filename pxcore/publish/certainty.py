"""Certainty for programs."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.judging.certainty import CertaintyReport
from pxcore.analysis.rows import records
from pxcore.disclosure import rounded
from pxcore.publish.agreement import of_question
from pxcore.words import certainty
from pxcore.words import verdicts as of_verdicts


def as_json(report: CertaintyReport) -> dict[str, Any]:
    """The report for programs: stable keys, unrounded, probabilities 0-1, missing is None."""
    return of_question(report) | {
        "reason": None if report.status == "ok" else certainty.without(report),
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
