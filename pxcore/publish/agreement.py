"""Agreement for programs."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.joining.periods import Side
from pxcore.analysis.judging.judgement import Judged
from pxcore.analysis.judging.verdicts import STATES
from pxcore.analysis.pairs.agreement import SEED, AgreementReport
from pxcore.analysis.rows import JSON_SCHEMA
from pxcore.disclosure import rounded
from pxcore.stats.correlation import Correlation
from pxcore.stats.intervals import Interval
from pxcore.stats.latent import Expected, LatentCorrelation, strength
from pxcore.words import agreement, refusals
from pxcore.words import verdicts as of_verdicts


def as_json(report: AgreementReport) -> dict[str, Any]:
    """The report for programs: stable keys, unrounded, proportions 0-1, missing is None."""
    return dict(rounded(_as_json(report), report.alignment.confidential))


def _as_json(report: AgreementReport) -> dict[str, Any]:
    alignment, verdicts = report.alignment, report.verdicts
    return of_question(report) | {
        "reason": refusals.text(report.refusals) or None,
        "pairs": len(report.pairs),
        "spearman": of_correlation(report.correlation),
        "latent": _of_latent(report),
        "latent_within_areas": _of_within(report),
        "latent_robust": report.robust,
        "perfect_mirrors": of_expected(report.mirrors),
        "too_alike": report.judgement.too_alike,
        "model_expects": of_expected(report.expected),
        "verdicts": None
        if verdicts is None
        else {
            "heard": verdicts.heard,
            "could_agree": verdicts.could_agree,
            **{state.value.replace(" ", "_"): verdicts.count(state) for state in STATES},
        },
        "withheld": alignment.withheld,
        "unmatched": report.unmatched,
        "warnings": agreement.warnings(report),
        "notes": [*report.marks, *of_verdicts.notes(report)],
    }


def _of_latent(report: AgreementReport) -> dict[str, Any] | None:
    latent: LatentCorrelation | None = report.latent
    if latent is None:
        return None
    return {
        "state": latent.state.value,
        "reason": agreement.not_estimated(latent, report.verdicts) or latent.reason or None,
        "estimate": latent.estimate,
        **of_interval(latent.interval),
        "pairs": latent.pairs,
        "p_value": latent.p_value,
        "areas": latent.areas,
        "words": strength(latent).value,
    }


def _of_within(report: AgreementReport) -> dict[str, Any] | None:
    within = report.within_areas
    if within is None or within.interval is None:
        return None
    return {"estimate": within.estimate, **of_interval(within.interval), "pairs": within.pairs}


def of_interval(interval: Interval | None) -> dict[str, float | None]:
    return {
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "level": interval.level if interval else None,
    }


def of_correlation(correlation: Correlation | None) -> dict[str, Any] | None:
    if correlation is None:
        return None
    return {"estimate": correlation.estimate, **of_interval(correlation.interval)}


def of_expected(expected: Expected | None) -> dict[str, Any] | None:
    if expected is None:
        return None
    return {
        "mean": expected.mean,
        "low": expected.low,
        "high": expected.high,
        "draws": expected.draws,
        "seed": SEED,
    }


def of_question(report: Judged) -> dict[str, Any]:
    """What was asked of two sources, and of which files the answer is."""
    alignment = report.alignment
    return {
        "schema": JSON_SCHEMA,
        "status": report.status,
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
    }


def of_side(side: Side) -> dict[str, Any]:
    return {
        "source": side.source,
        "measure": side.measure,
        "period_start": side.period.start.isoformat() if side.period else None,
        "period_end": side.period.end.isoformat() if side.period else None,
    }
