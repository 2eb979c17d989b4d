"""What joined, for programs."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.joining.alignment import Alignment
from pxcore.analysis.rows import JSON_SCHEMA, records
from pxcore.publish.agreement import of_side
from pxcore.words import alignment as words
from pxcore.words import refusals


def as_json(alignment: Alignment) -> dict[str, Any]:
    """The alignment for programs: every pair, all that did not join, and the account of every row."""
    unmatched = alignment.unmatched.assign(reason=words.reasons(alignment.unmatched))
    account = words.account(alignment)
    return {
        "schema": JSON_SCHEMA,
        "status": "refused" if alignment.refusals else "ok",
        "reason": refusals.text(alignment.refusals) or None,
        "grain": alignment.grain.value,
        "aligned_in_time": alignment.aligned_in_time,
        "across_domains": alignment.across_domains,
        "left": of_side(alignment.left),
        "right": of_side(alignment.right),
        "withheld": alignment.withheld,
        "pairs": records(alignment.pairs),
        "unmatched": records(unmatched.drop(columns="elsewhere")),
        "account": records(account.drop(columns=["rows_text", "organisations_text"])),
        "notes": words.notes(alignment),
    }
