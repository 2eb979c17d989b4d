"""Small real files made in code, for the tests of the layouts."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from pxcore.errors import Fault
from pxcore.ingest import SOURCES
from pxcore.ingest.source import Extract, Request, Source
from pxcore.ingest.workbook import Workbook, open_workbook

REAL = os.environ.get("PX_REAL_FILES")
needs_real_files = pytest.mark.skipif(
    not REAL, reason="PX_REAL_FILES is not set: the real files are not part of the repository"
)
Rows = Sequence[Sequence[Any]]


def csv_workbook(name: str, rows: Rows, encoding: str = "utf-8") -> Workbook:
    lines = io.StringIO()
    csv.writer(lines).writerows(rows)
    return open_workbook(name, lines.getvalue().encode(encoding))


def spreadsheet(name: str, sheets: Mapping[str, Rows]) -> Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return open_workbook(name, content.getvalue())


def real_workbook(path: str) -> Workbook:
    assert REAL is not None
    file = Path(REAL) / path
    return open_workbook(file.name, file.read_bytes())


def parsed(source: Source, workbook: Workbook, request: Request | None = None) -> Extract:
    return source.parse(workbook, request or Request())


def without_errors(extract: Extract) -> Extract:
    assert not extract.errors, [str(fault) for fault in extract.errors]
    return extract


def only_error(extract: Extract) -> Fault:
    assert len(extract.errors) == 1, [str(fault) for fault in extract.errors]
    return extract.errors[0]


def said(extract: Extract) -> str:
    """Every warning, as one text to search in."""
    return " | ".join(str(fault) for fault in extract.warnings)


def by_provider(frame: pd.DataFrame, measure: str = "") -> pd.DataFrame:
    rows = frame[frame["measure"] == measure] if measure else frame
    return rows.set_index("provider")


def sources_that_recognise(workbook: Workbook) -> list[str]:
    return [source.name for source in SOURCES if source.recognise(workbook)]
