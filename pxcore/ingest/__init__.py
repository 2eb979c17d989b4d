"""Bytes in, extract out. No database, no Streamlit.

`SOURCES` is the registry: adding a source is one file in this folder and one line here.
"""

from __future__ import annotations

from pxcore.ingest import (
    community,
    complaints,
    cqc_survey,
    documents,
    fft,
    gp_survey,
    health_insight,
    healthwatch_tables,
    local_rows,
    ods,
    oversight,
    population,
    reference,
    tidy,
)
from pxcore.ingest.source import Extract, Request, Source
from pxcore.ingest.workbook import Workbook, open_workbook

SOURCES: tuple[Source, ...] = (
    fft.SOURCE,
    gp_survey.SOURCE,
    health_insight.SOURCE,
    cqc_survey.SOURCE,
    *ods.SOURCES,
    *reference.SOURCES,
    *population.SOURCES,
    *local_rows.SOURCES,
    documents.SOURCE,
    *community.SOURCES,
    healthwatch_tables.SOURCE,
    complaints.SOURCE,
    oversight.SOURCE,
    tidy.SOURCE,
)


def recognise(workbook: Workbook) -> Source | None:
    """The one source whose layout this is, or None: then it is a case for the mapping wizard."""
    return next((source for source in SOURCES if source.recognise(workbook)), None)


__all__ = ["SOURCES", "Request", "Extract", "Source", "Workbook", "open_workbook", "recognise"]
