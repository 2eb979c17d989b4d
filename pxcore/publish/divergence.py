"""Divergence for programs."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.judging.verdicts import STATES
from pxcore.analysis.pairs.divergence import DivergenceReport
from pxcore.analysis.rows import records
from pxcore.disclosure import rounded
from pxcore.publish.agreement import of_question
from pxcore.publish.certainty import of_pair
from pxcore.words import divergence, refusals
from pxcore.words import reasons as of_reasons
from pxcore.words import verdicts as of_verdicts


def as_json(report: DivergenceReport) -> dict[str, Any]:
    """The report for programs: stable keys, unrounded, proportions 0-1, missing is None."""
    alignment, verdicts = report.alignment, report.verdicts
    head: dict[str, Any] = of_question(report) | {
        "reason": refusals.text(report.refusals) or None,
        "withheld": alignment.withheld,
        "warnings": divergence.warnings(report),
        "hardly_track": report.hardly_track,
        "notes": [*report.marks, *of_verdicts.notes(report)],
    }
    if verdicts is None or report.status != "ok":
        return head | {"organisations": []}
    method, why = verdicts.method, report.reasons
    rows = divergence.table(report).drop(columns=["reasons"]).rename(columns={"sentence": "said"})
    organisations = records(rows)
    for record in organisations:
        record["reasons"] = [
            {"kind": reason.kind.value, "said": of_reasons.sentence(reason)}
            for reason in (why.of(record["unit"]) if why else [])
        ]
    return head | {
        "summary": divergence.summary(report),
        "certainty": of_pair(report.certainty),
        "tested": verdicts.tested,
        "heard": verdicts.heard,
        "could_agree": verdicts.could_agree,
        "states": {state.value: verdicts.count(state) for state in STATES},
        "unusual": len(verdicts.unusual),
        "of_usual_size": len(verdicts.of_usual_size),
        "usual_difference_variance": None
        if method is None
        else rounded(method.total, alignment.confidential),
        "false_discovery": verdicts.settings.false_discovery,
        "margin": verdicts.margin,
        "reasons_for_all": of_reasons.of_all(why) if why else [],
        "not_checked": of_reasons.unseen(why) if why else [],
        "organisations": organisations,
    }
