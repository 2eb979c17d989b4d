"""The files of the Organisation Data Service: practices, trusts and who belongs to which commissioner.

They have no heading, so they are known by their shape (number of columns, where the dates stand),
never by the look of a code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from pxcore.ingest import cells
from pxcore.ingest.reference import (
    ODS,
    OPEN_GOVERNMENT,
    belonging,
    date_column,
    last_of_each,
)
from pxcore.ingest.source import Findings, Frames, Request, Source
from pxcore.ingest.table import Table
from pxcore.ingest.workbook import Header, Sheet, Workbook
from pxcore.model import Grain

PRACTICE_SETTING = "4"  # prescribing setting of a general practice
_YMD = re.compile(r"(19|20)\d\d[01]\d[0-3]\d")
_SHAPE_ROWS = 40
# Columns counted from 0. Status letters: A active, C closed, D dormant, P proposed.
_ODS_COLUMNS = {
    "code": 0,
    "name": 1,
    "region": 2,
    "geography": 3,
    "postcode": 9,
    "opened": 10,
    "closed": 11,
    "status": 12,
    "commissioner": 14,
    "setting": 25,
}
_MEMBER_COLUMNS = {"code": 0, "parent": 1, "joined": 3, "left": 4}

# --- Known by their shape ---------------------------------------------------------------------


def _headless(workbook: Workbook, width: int) -> list[list[str]] | None:
    """The first rows as text, where the one sheet has `width` columns throughout."""
    if len(workbook.sheet_names) != 1:
        return None
    rows = workbook.sheets[0].rows[:_SHAPE_ROWS]
    lines = [
        [cells.text(cell) for cell in row] for row in rows if any(c not in ("", None) for c in row)
    ]
    # A few odd rows are a fault to report, not another layout.
    if not lines or sum(len(line) == width for line in lines) < 0.8 * len(lines):
        return None
    return [line for line in lines if len(line) == width]


def _dated(lines: list[list[str]], column: int) -> bool:
    """Most rows have a yyyymmdd date there, and the very first has one: it is no heading."""
    dated = [bool(_YMD.fullmatch(line[column])) for line in lines]
    return dated[0] and sum(dated) >= 0.8 * len(dated)


def _blank_or_dated(lines: list[list[str]], column: int) -> bool:
    fits = [not line[column] or bool(_YMD.fullmatch(line[column])) for line in lines]
    return sum(fits) >= 0.8 * len(fits)


def _organisation_lines(workbook: Workbook) -> list[list[str]]:
    """The first rows, where they are as in epraccur and etr."""
    lines = _headless(workbook, 27)
    return lines if lines and _dated(lines, 10) and _blank_or_dated(lines, 11) else []


def _recognise_practices(workbook: Workbook) -> bool:
    lines = _organisation_lines(workbook)
    return sum(bool(line[12]) for line in lines) > len(lines) / 2


def _recognise_trusts(workbook: Workbook) -> bool:
    lines = _organisation_lines(workbook)
    return bool(lines) and not any(line[12] for line in lines)


def _recognise_members(workbook: Workbook) -> bool:
    lines = _headless(workbook, 6)
    return bool(
        lines
        and _dated(lines, 3)
        and _blank_or_dated(lines, 4)
        and all(line[0] and line[1] for line in lines)
    )


# --- Reading ----------------------------------------------------------------------------------


def _positions(sheet: Sheet, columns: Mapping[str, int], width: int, findings: Findings) -> Table:
    """The rows of a file without a heading, columns named by position; short rows are errors."""
    lines = []
    for row, line in enumerate(sheet.rows):
        if not any(cell not in ("", None) for cell in line):
            continue
        findings.rows_in += 1
        if len(line) != width:
            findings.error(
                f"The row has {len(line)} columns, not {width}.",
                sheet.place(row),
                "Check that no comma or quotation mark was lost; download the file again.",
            )
            continue
        lines.append((row, line))
    frame = pd.DataFrame(
        {
            name: pd.Series([line[position] for _, line in lines], dtype=object)
            for name, position in columns.items()
        }
    )
    frame["row"] = pd.Series([row for row, _ in lines], dtype="int64")
    findings.note("No heading in this file: columns are known by their position.")
    table = Table(frame, sheet, Header(0, 0, columns, {}), findings)
    codes = {name: table.codes(name) for name in ("code", "parent") if name in table}
    return table.with_columns(cell=table.places(), **codes)


def _organisations(
    workbook: Workbook, findings: Findings, grain: Grain
) -> tuple[pd.DataFrame, Table]:
    """The provider rows of an epraccur or etr file, and the table they came from."""
    table = _positions(workbook.sheets[0], _ODS_COLUMNS, 27, findings)
    table = table.without(table["code"].eq(""), "no code on the row")
    if grain is Grain.PRACTICE:
        table = table.without(
            table.text("setting").ne(PRACTICE_SETTING),
            "not a general practice (prescribing setting other than 4)",
        )
    table = last_of_each(table, "code", "codes")
    opened, closed = date_column(table, "opened"), date_column(table, "closed")
    shut = closed.notna() | table.codes("status").eq("C")
    table.warnings(closed < opened, "", "The organisation closed before it opened.", "")
    providers = pd.DataFrame(
        {
            "code": table["code"],
            "name": table.text("name"),
            "grain": grain.value,
            "status": np.where(shut, "closed", "open"),
            "opened": opened,
            "closed": closed,
            "postcode": table.text("postcode"),
            "cell": table["cell"],
        }
    )
    return providers, table


def _read_practices(workbook: Workbook, _: Request, findings: Findings) -> Frames:
    providers, table = _organisations(workbook, findings, Grain.PRACTICE)
    table = table.with_columns(commissioner=table.codes("commissioner"))
    edges = belonging(table, "code", Grain.PRACTICE, "commissioner", Grain.SUB_ICB)
    return {"provider": providers, "parent": edges}


def _read_trusts(workbook: Workbook, _: Request, findings: Findings) -> Frames:
    providers, table = _organisations(workbook, findings, Grain.TRUST)
    table = table.with_columns(geography=table.codes("geography"), region=table.codes("region"))
    edges = [
        belonging(table, "code", Grain.TRUST, "geography", Grain.ICB),
        belonging(table, "code", Grain.TRUST, "region", Grain.REGION),
    ]
    return {"provider": providers, "parent": pd.concat(edges)}


def _read_members(workbook: Workbook, _: Request, findings: Findings) -> Frames:
    table = _positions(workbook.sheets[0], _MEMBER_COLUMNS, 6, findings)
    date_column(table, "joined")
    table = table.without(date_column(table, "left").notna(), "the membership has ended")
    uncoded = table["code"].eq("") | table["parent"].eq("")
    table = last_of_each(table.without(uncoded, "no code on the row"), "code", "practices")
    return {"parent": belonging(table, "code", Grain.PRACTICE, "parent", Grain.SUB_ICB)}


PRACTICES = Source(
    "ods_practices",
    "Practices (epraccur)",
    ODS,
    OPEN_GOVERNMENT,
    ("provider", "parent"),
    _recognise_practices,
    _read_practices,
)
TRUSTS = Source(
    "ods_trusts",
    "Trusts (etr)",
    ODS,
    OPEN_GOVERNMENT,
    ("provider", "parent"),
    _recognise_trusts,
    _read_trusts,
)
MEMBERS = Source(
    "ods_members",
    "Practice membership (epcmem)",
    ODS,
    OPEN_GOVERNMENT,
    ("parent",),
    _recognise_members,
    _read_members,
)
SOURCES: tuple[Source, ...] = (PRACTICES, TRUSTS, MEMBERS)
