"""The report of themes for programs."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.comments.themes import ThemesReport
from pxcore.analysis.rows import JSON_SCHEMA
from pxcore.words import themes as words

_PAIR = {"with_right": "with_other", "without_right": "without_other"}  # as they are printed


def as_json(report: ThemesReport) -> dict[str, Any]:
    """Stable keys, unrounded, missing as null."""
    return {
        "schema": JSON_SCHEMA,
        "status": report.status,
        "reason": None if report.status == "ok" else words.summary(report),
        "revision": report.revision,
        "floor": report.question.disclosure.floor,
        "suggestions": report.question.suggestions,
        "own_words": report.question.own_words,
        "sources": [
            {
                "voice": voice.key,
                "source": voice.source,
                "title": voice.title,
                "people": voice.people,
                "published": voice.published,
                "coded_by": words.coded_by(voice),
            }
            for voice in report.voices
        ],
        "themes": words.table(report).to_dict("records") if len(report.prominence) else [],
        "compared": [report.left, report.right] if len(report.differences) else None,
        "differences": report.differences.to_dict("records"),
        "trends": report.trends.to_dict("records"),
        "too_short": {key: words.TOO_SHORT[reason] for key, reason in report.too_short.items()},
        "pairs": report.pairs.rename(columns=_PAIR).to_dict("records"),
        "silence": words.silence(report),
        "notes": words.notes(report),
        "extracts": list(report.extracts),
    }
