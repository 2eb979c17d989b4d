"""What a room decided, in words and as rows: the decision, its versions, its reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from pxcore.analysis.workshop.record import (
    Confidence,
    Decision,
    DecisionKind,
    Gift,
    Outcome,
    Review,
)
from pxcore.disclosure import Released
from pxcore.words import workshop
from pxcore.words.english import counted, dated, fixed

DECISION_KINDS: Mapping[DecisionKind, str] = MappingProxyType(
    {DecisionKind.DECISION: "Decision", DecisionKind.RECOMMENDATION: "Recommendation"}
)
GIFTS: Mapping[Gift, str] = MappingProxyType(
    {
        Gift.YES: "Yes, we can do it ourselves",
        Gift.PARTLY: "In part: somebody else must act too",
        Gift.NO: "No: we recommend it to somebody else",
    }
)
CONFIDENCES: Mapping[Confidence, str] = MappingProxyType(
    {
        Confidence.LOW: "Low: a try",
        Confidence.MODERATE: "Moderate",
        Confidence.HIGH: "High",
    }
)
OUTCOMES: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.DONE: "Done",
        Outcome.UNDER_WAY: "Under way",
        Outcome.NOT_STARTED: "Not started",
        Outcome.STOPPED: "Stopped",
    }
)


def heading(decision: Decision) -> str:
    """What a decision is called in a list."""
    withdrawn = "" if decision.stands else " (withdrawn)"
    return f"{DECISION_KINDS[decision.draft.kind]} on {decision.name}{withdrawn}"


def version(decision: Decision) -> str:
    """Which version this is, who wrote it, and why."""
    reason = decision.why_changed or ("the room's chance" if decision.version > 1 else "")
    why = f": {reason}" if reason else ""
    return f"Version {decision.version}, {dated(decision.recorded_at.date())}, by {decision.recorded_by}{why}"


def chance(decision: Decision) -> str:
    """The probability the room gives it; "" where none is written down."""
    if decision.chance is None or decision.chances is None:
        return ""
    return f"{fixed(decision.chance * 100)} in 100, the middle of {counted(decision.chances, 'answer')}"


def rows(decision: Decision) -> list[tuple[str, str]]:
    """Heading and text of all that is written down; what was left empty is left out."""
    draft = decision.draft
    return [(DECISION_KINDS[draft.kind], draft.words), *course(decision), *follow_up(decision)]


def course(decision: Decision) -> list[tuple[str, str]]:
    """What is done about it, by whom, and why so."""
    draft = decision.draft
    return _filled_in(
        ("What we think explains it", draft.hypothesis),
        ("What else was thought of, and why not", draft.alternatives),
        ("Action", draft.action),
        ("Owner", draft.owner),
        ("Due", dated(draft.due) if draft.due else ""),
        ("In our gift", GIFTS[draft.within_gift]),
        ("Who is affected, and who might be left out", draft.affected),
        ("Risks", draft.risks),
        ("Confidence", CONFIDENCES[draft.confidence]),
        ("Who does not agree, and why", draft.dissent),
        ("First raised", dated(draft.first_raised) if draft.first_raised else ""),
    )


def follow_up(decision: Decision) -> list[tuple[str, str]]:
    """What is expected of it, what it rests on, and when it is looked at again."""
    expected = decision.draft.expected
    return _filled_in(
        ("The figure expected to move", workshop.expectation(expected) if expected else ""),
        ("The room's chance that it does", chance(decision)),
        ("Present", workshop.present(decision.present)),
        ("Evidence", ", ".join(decision.evidence)),
        (
            "Reviews due",
            "; ".join(f"{days} days: {dated(day)}" for days, day in decision.reviews.items()),
        ),
    )


def _filled_in(*listed: tuple[str, str]) -> list[tuple[str, str]]:
    return [(name, text) for name, text in listed if text]


def reviewed(review: Review) -> str:
    """What a review found."""
    words = f": {review.words}" if review.words else ""
    return (
        f"After {review.days} days: {OUTCOMES[review.outcome].lower()}{words} "
        f"({review.reviewed_by}, {dated(review.reviewed_at.date())})"
    )


def table(versions: Sequence[Decision]) -> Released:
    """Every version as a row for a file; the latest of a decision speaks."""
    listed = [_row(version) for version in versions]
    return Released({column: [row[column] for row in listed] for column in _COLUMNS})


_COLUMNS = (
    "decision", "version", "stands", "recorded_at", "recorded_by", "why_changed", "organisation", "code",
    "topic", "kind", "decided", "hypothesis", "alternatives", "action", "owner", "due", "in_our_gift",
    "affected", "risks", "confidence", "dissent", "first_raised", "figure_source", "figure_measure",
    "figure_now", "direction", "amount", "by_date", "chance", "chances", "present", "evidence",
)  # fmt: skip


def _row(version: Decision) -> dict[str, Any]:
    draft, expected = version.draft, version.draft.expected
    figure = expected.figure if expected else None
    return {
        "decision": version.decision,
        "version": version.version,
        "stands": "yes" if version.stands else "withdrawn",
        "recorded_at": f"{version.recorded_at:%Y-%m-%d %H:%M} UTC",
        "recorded_by": version.recorded_by,
        "why_changed": version.why_changed,
        "organisation": version.name,
        "code": version.unit,
        "topic": version.domain,
        "kind": draft.kind.value,
        "decided": draft.words,
        "hypothesis": draft.hypothesis,
        "alternatives": draft.alternatives,
        "action": draft.action,
        "owner": draft.owner,
        "due": draft.due.isoformat() if draft.due else "",
        "in_our_gift": draft.within_gift.value,
        "affected": draft.affected,
        "risks": draft.risks,
        "confidence": draft.confidence.value,
        "dissent": draft.dissent,
        "first_raised": draft.first_raised.isoformat() if draft.first_raised else "",
        "figure_source": figure.source if figure else "",
        "figure_measure": figure.measure if figure else "",
        "figure_now": figure.value if figure else None,
        "direction": expected.direction.value if expected else "",
        "amount": expected.amount if expected else None,
        "by_date": expected.by_date.isoformat() if expected else "",
        "chance": version.chance,
        "chances": version.chances,
        "present": workshop.present(version.present),
        "evidence": ", ".join(version.evidence),
    }
