"""What the last load brought, and what it says of decisions, for programs."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.workshop.decisions import Digest, Followed, ReviewDue
from pxcore.words import decisions as words


def as_json(news: Digest | None) -> dict[str, Any]:
    """The digest of the last load; of an empty database without a day."""
    return {
        "status": "ok" if news else "nothing loaded",
        "loaded_on": news.loaded_on if news else None,
        "revision": news.revision if news else 0,
        "sources": [
            {
                "source": item.source,
                "files": item.files,
                "first_day": item.first,
                "last_day": item.last,
            }
            for item in (news.sources if news else ())
        ],
        "decisions": [_decision(record) for record in (news.decisions if news else ())],
        "reviews_due": [_review(review) for review in (news.due if news else ())],
    }


def _decision(record: Followed) -> dict[str, Any]:
    after = record.after
    assert after is not None  # the load speaks to it
    return {
        "decision": record.decision.decision,
        "organisation": record.decision.name,
        "code": record.decision.unit,
        "became": record.move.value,
        "move": after.move,
        "low": after.move_low,
        "high": after.move_high,
        "expected_with_nothing_done": record.alone.move if record.alone else None,
        "said": words.became(record),
    }


def _review(review: ReviewDue) -> dict[str, Any]:
    return {
        "decision": review.decision.decision,
        "organisation": review.decision.name,
        "days": review.days,
        "due": review.on,
        "overdue": review.overdue,
    }
