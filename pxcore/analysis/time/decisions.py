"""What people decide about series: where one starts afresh, what it should reach. Kept, never erased."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pxcore import maps
from pxcore.analysis.masking import note_masked
from pxcore.analysis.rows import each
from pxcore.analysis.time.trends import TrendsReport
from pxcore.errors import NothingToCompare
from pxcore.store import Store


def start_afresh(
    store: Store, report: TrendsReport, source: str, month: date, reason: str, by: str
) -> None:
    """Keep that a source's series in this view starts afresh at a month.

    Raises NothingToCompare where the month is none of its points, or reason or name are missing:
    nothing is then kept.
    """
    _signed(reason, by)
    if source not in report.titles() or month not in report.starts(source):
        raise NothingToCompare(
            "The series has no point at that month to start afresh from.",
            fix="Choose one of its months but the first.",
        )
    store.decide_rebase(source, report.view.owner, month, note_masked(store, reason), by.strip())


def set_target(
    store: Store, report: TrendsReport, source: str, value: float, reason: str, by: str
) -> None:
    """Keep a target for the measure shown of a source, in its unit (a proportion 0-1, or a score).

    Raises NothingToCompare for a value outside the measure's scale, or without a reason or name.
    """
    _signed(reason, by)
    side = report.of_source(source).side
    known = maps.measures().get((source, side.measure), {})
    low, high = float(known.get("scale_low") or 0), float(known.get("scale_high") or 1)
    if not low <= value <= high:
        raise NothingToCompare(
            f"A target of {value:g} is outside the scale of the measure.",
            fix=f"It runs from {low:g} to {high:g}.",
        )
    store.decide_target(source, side.measure, value, note_masked(store, reason), by.strip())


def withdraw(store: Store, decision: Mapping[Any, Any], owner: str, reason: str, by: str) -> None:
    """Undo a decision that `words.trends.decisions` lists: by a later one, never by erasing it."""
    _signed(reason, by)
    if decision["kind"] == "rebase":
        month = date.fromisoformat(str(decision["about"]))
        store.decide_rebase(
            decision["source"], owner, month, note_masked(store, reason), by.strip(), withdrawn=True
        )
        return
    standing = store.query("targets")
    rows = standing[
        standing["stands"]
        & (standing["source"] == decision["source"])
        & (standing["measure"] == decision["about"])
    ]
    for row in each(rows):
        store.decide_target(
            row.source,
            row.measure,
            row.value,
            note_masked(store, reason),
            by.strip(),
            withdrawn=True,
        )


def _signed(reason: str, by: str) -> None:
    if not reason.strip() or not by.strip():
        raise NothingToCompare(
            "Nothing was kept: a decision needs its reason and who made it.",
            fix="Fill in both.",
        )
