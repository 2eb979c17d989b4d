"""What documents of community evidence say of an organisation, in words."""

from __future__ import annotations

from typing import Any

import numpy as np

from pxcore.analysis.comments.documents import DocumentsReport
from pxcore.analysis.pairs.provider import ProviderReport
from pxcore.analysis.rows import each
from pxcore.model import Period, Signal
from pxcore.words.counts import fewer_than
from pxcore.words.english import counted

CAPTION = (
    "Written down by those named. It fills a silence and is no figure: no rate, standing or probability is "
    "worked out from it."
)


def sentences(report: DocumentsReport) -> list[str]:
    """Each finding: who heard how many people, when and how, about what, and their words."""
    return [_sentence(row, report) for row in each(report.rows)]


def fills(report: DocumentsReport, provider: ProviderReport) -> str:
    """That documents speak where no community source is heard; "" where one is, or none does."""
    heard = provider.audible["signal"].eq(Signal.COMMUNITY.value).any()
    if heard or report.rows.empty:
        return ""
    return (
        "No community source has a rating of it; "
        f"{counted(len(report.rows), 'finding')} written down of what people told somebody "
        f"{'is' if len(report.rows) == 1 else 'are'} below."
    )


def _sentence(row: Any, report: DocumentsReport) -> str:
    people = (
        counted(row.people, "person", "people")
        if np.isfinite(row.people)
        else f"{fewer_than(report.disclosure)} people (or a number not given)"
    )
    about = f", on {row.theme}" if row.theme else ""
    when = _when(Period(row.start.date(), row.end.date()))
    line = f"{row.written_by} spoke with {people} {when} ({row.method}){about}"
    return f"{line}: “{row.quotation}”" if row.quotation else f"{line}."


def _when(period: Period) -> str:
    """On a day, in a month, or over some time."""
    if period.days == 1:
        return f"on {period.start.day} {period.start:%B %Y}"
    return f"in {period}" if period.is_whole_months else f"over {period}"
