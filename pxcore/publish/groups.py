"""Two sources by the groups of a dimension, for programs."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.pairs.group_report import GroupsReport
from pxcore.analysis.rows import records
from pxcore.words import groups as words


def as_json(report: GroupsReport) -> dict[str, Any]:
    """Proportions 0-1, missing is None; as exactly as it may leave."""
    mix = report.gaps.mix if report.gaps is not None else None
    return {
        "status": report.status,
        "reason": words.reason(report) or None,
        "group_by": report.group_by or None,
        "summary": words.summary(report),
        "cells": records(report.cells),
        "gaps": records(report.gaps.rows) if report.gaps is not None else [],
        "gap_differs_p": report.gap_p,
        "reversal": mix.reversal.value if mix is not None else None,
        "agreement": records(report.rankings),
        "agreement_differences": records(report.compared),
        "notes": [*report.marks, *words.notes(report)],
        "extracts": list(report.alignment.extracts),
        "revision": report.alignment.revision,
    }
