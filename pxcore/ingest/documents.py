"""Community evidence as a document: who heard whom, when, how many people, by which method, and a quotation.

One row a quotation or finding. It fills a silence and is no figure: nothing of it is counted, so a
column of figures beside it is not read, and said not to be.
"""

from __future__ import annotations

import re

import pandas as pd

from pxcore.ingest import cells, dates
from pxcore.ingest.columns import data_rows, dated, listed, open_table
from pxcore.ingest.responses import PRACTICE_HEADS, PRACTICE_NAMES
from pxcore.ingest.source import Findings, Frames, Request, Source
from pxcore.ingest.table import Table
from pxcore.ingest.workbook import Workbook, headings
from pxcore.model import Period

NAME = "community_evidence"
COLUMNS = headings(
    {
        "code": "organisation code | provider code | provider_code | ods code | code",
        "name": "organisation | organisation name | provider | provider name | about",
        "context": "network | pcn | icb | area",
        "from": "collected from | from | collected on | date collected | heard from | heard on",
        "to": "to | collected to | collected until | until | heard until",
        "people": "people | number of people | people heard | people spoken with | how many people",
        "method": "method | how | collected by | how it was collected",
        "written_by": "who wrote it | written by | author | wrote | written up by",
        "theme": "theme | topic | about what",
        "comment": "quotation | quote | what was said | in their words",
    }
)
COLUMNS["code"] += PRACTICE_HEADS
COLUMNS["name"] += PRACTICE_NAMES
_DAY = re.compile(r"\d{4}-\d\d-\d\d|\d+[/.]\d+[/.]\d+")
_NEEDS = ("from", "people", "method", "written_by", "comment")


def recognise(workbook: Workbook) -> bool:
    """Some sheet says how many people were heard, how, by whom it was written, and has a quotation."""
    needed = ("people", "method", "written_by", "comment")
    return any(sheet.find_header(COLUMNS, needed) is not None for sheet in workbook.sheets)


def read(workbook: Workbook, _: Request, findings: Findings) -> Frames:
    table = open_table(workbook, COLUMNS, _NEEDS, findings)
    if table is None:
        return {}
    if not {"code", "name"} & table.header.columns.keys():
        table.report_absent(
            "of organisations", "Add the column ‘Organisation’ or ‘Organisation code’."
        )
        return {}
    _note_unread(table)
    findings.rows_in = len(table)
    table = data_rows(table, code="code", name="name")
    nobody = table.text("code").eq("") & table.text("name").eq("")
    table = table.without(nobody, "no organisation on the row")
    rows = _rows(table)
    again = rows.drop(columns=["response", "cell"]).duplicated()
    table.without(again, "the same row stands more than once")
    rows = rows[~again]
    return {"document": rows} if len(rows) else {}


def _note_unread(table: Table) -> None:
    used = set(table.header.columns.values())
    unread = [
        title for place, title in sorted(table.header.titles.items()) if place not in used and title
    ]
    if unread:
        table.findings.note(
            f"Not read, as evidence in documents is no figure and has no column for it: {listed(unread)}."
        )


def _rows(table: Table) -> pd.DataFrame:
    for name, what in (("method", "how people were heard"), ("written_by", "who wrote it")):
        table.errors(
            table.text(name).eq(""),
            name,
            f"The row does not say {what}.",
            "Write it, such as ‘an engagement visit’ and ‘Healthwatch’.",
        )
    people = table.counts("people")
    table.errors(
        people["number"].eq(0),
        "people",
        "Nobody was heard: that is no evidence.",
        "Give the number of people, or take the row out.",
    )
    table.warn_once(
        people["number"].isna(),
        "people",
        lambda rows: (
            f"{rows} rows do not say how many people were heard: their words are not shown."
        ),
        "Give the number of people.",
    )
    periods = _collected(table)
    return pd.DataFrame(
        {
            "source": NAME,
            "response": table["row"].map(lambda row: f"row {int(row) + 1}"),
            "provider": table.codes("code"),
            "provider_name": table.text("name"),
            "provider_context": table.text("context"),
            "people": people["number"].where(people["number"] > 0),
            "method": table.text("method"),
            "written_by": table.text("written_by"),
            "theme": table.text("theme"),
            "comment": table["comment"].map(cells.prose),
            "cell": table.places(),
        },
        index=table.index,
    ).join(dated(periods))


def _collected(table: Table) -> pd.Series:
    """From when to when each row was collected; a fault at each that says it not or ends before it starts."""
    blank = table.text("to").eq("")
    periods: list[Period | None] = []
    for row, start, end, same in zip(
        table["row"], _spans(table, "from"), _spans(table, "to"), blank, strict=True
    ):
        last = start if same else end
        reversed_ = start is not None and last is not None and last.end < start.start
        if reversed_:
            table.findings.error(
                "It was collected to a day before the day it was collected from.",
                table.at(row, "to"),
                "Correct one of the two.",
            )
        whole = start is not None and last is not None and not reversed_
        periods.append(Period(start.start, last.end) if whole and start and last else None)
    return pd.Series(periods, index=table.index, dtype=object)


def _spans(table: Table, name: str) -> list[Period | None]:
    """The day or month in each cell of a column; None, with a fault, where it is not one for certain."""
    if name not in table:
        return [None] * len(table)
    days = dates.read(table[name]).frame
    spans: list[Period | None] = []
    for row, cell, day, uncertain in zip(
        table["row"], table[name], days["date"], days["uncertain"], strict=True
    ):
        words = cells.text(cell)
        # a day is read as the first of a month by cells.period, a month as its first day by dates.read
        month = cells.period(cell) if isinstance(cell, str) and not _DAY.search(words) else None
        certain = Period(day.date(), day.date()) if pd.notna(day) and not uncertain else None
        spans.append(month or certain)
        if spans[-1] is None and (words or name == "from"):
            table.findings.error(
                f"‘{words}’ is not one day or month, for certain."
                if words
                else "The row does not say when it was collected.",
                table.at(row, name),
                "Write it as 2026-03-05 or March 2026.",
            )
    return spans


SOURCE = Source(
    name="documents",
    title="Community evidence in documents",
    publisher="",
    licence="",
    frames=("document",),
    recognise=recognise,
    read=read,
)
