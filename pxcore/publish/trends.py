"""Sources over time for programs."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.rows import JSON_SCHEMA, records
from pxcore.analysis.time.movers import MoversReport
from pxcore.analysis.time.trends import TrendsReport
from pxcore.words import movers
from pxcore.words import series as over_time
from pxcore.words import trends as words
from pxcore.words.history import silent


def as_json(report: TrendsReport, changed: MoversReport) -> dict[str, Any]:
    """Stable keys, unrounded, proportions 0-1, missing is None."""
    points = records(words.table(report))
    for record in points:
        record["start"], record["end"] = str(record["start"]), str(record["end"])
    return {
        "schema": JSON_SCHEMA,
        "status": "ok" if report.series else "not_enough_evidence",
        "summary": words.headline(report, changed),
        "unit": report.view.unit or None,
        "area": report.view.area or None,
        "name": report.name or None,
        "level": report.view.level.value,
        "service": report.view.service or None,
        "floor": report.view.disclosure.floor,
        "revision": report.revision,
        "extracts": list(report.extracts),
        "notes": words.notes(report),
        "sources": [
            {
                "source": series.side.source,
                "measure": series.side.measure,
                "every": series.every.value,
                "chart": series.chart.chart.value if series.chart else None,
                "why_chart": over_time.why_chart(series) or None,
                "variation": None if series.is_wave else series.variation.value,
                "target": series.target.value if series.target else None,
                "assurance": series.assurance.value if series.assurance else None,
                "direction": series.direction.value if series.direction else None,
                "why_no_trend": over_time.why_no_trend(series) or None,
                "slope": series.trend.slope if series.trend else None,
                "slope_low": series.trend.interval.low if series.trend else None,
                "slope_high": series.trend.interval.high if series.trend else None,
                "p_value": series.trend.test.p_value if series.trend else None,
                "q_value": series.q_value,
                "starts_afresh": [
                    {
                        "on": str(cut.on),
                        "kind": cut.kind,
                        "label": cut.label,
                        "by": cut.by or None,
                    }
                    for cut in series.cuts
                ],
                "points": [
                    {
                        key: value
                        for key, value in record.items()
                        if key not in ("source", "measure")
                    }
                    for record in points
                    if record["source"] == series.side.short_title
                ],
            }
            for series in report.series
        ],
        "silent": [
            {"source": past.side.source, "reason": silent(past.silent)} for past in report.silent
        ],
        "organisations": records(movers.table(changed)),
        "pairs": [
            {
                "left": pair.left.side.source,
                "right": pair.right.side.source,
                "together": pair.together.value,
                "said": over_time.directions(pair),
                "difference": pair.comparison.difference if pair.in_typical else None,
                "difference_low": pair.comparison.interval.low
                if pair.comparison.interval and pair.in_typical
                else None,
                "difference_high": pair.comparison.interval.high
                if pair.comparison.interval and pair.in_typical
                else None,
                "lead_lag": pair.ahead.state.value if pair.ahead else None,
                "lag": pair.ahead.lag if pair.ahead else None,
                "lead_lag_said": over_time.ahead(pair),
                "same_people": over_time.same_people(pair) or None,
                "different_organisations": over_time.apart(pair.apart) or None,
            }
            for pair in report.pairs
        ],
    }
