"""What was masked in comments, in words."""

from __future__ import annotations

from pxcore.analysis.masking import MaskingReport
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.words.counts import counts_said, fewer_than

LIMITS = (
    "Masking finds most details, not all: Methods says how many of each kind it finds in invented comments. "
    "What somebody describes may show who they are, and is not masked. A listed name that is also a word "
    "(Will, Grace) is masked wherever the word stands. Themes and notes are masked for good: taking a name "
    "off the list brings it back in comments alone."
)


def summary(report: MaskingReport) -> str:
    many = report.masked[report.masked["people"].notna()]
    fewer = f"{fewer_than(report.disclosure)} people"
    if many.empty:
        return f"Each kind of personal detail was masked in the comments of {fewer}."
    kinds = ", ".join(f"{row.kind} {row.people:,.0f}" for row in each(many))
    return f"Masked in the comments, by the number of people: {kinds}; every other kind: {fewer}."


def table(report: MaskingReport) -> Released:
    """The kinds for the screen."""
    people = counts_said(report.masked["people"], report.disclosure)
    return Released({"detail": report.masked["kind"], "masked_people": people})
