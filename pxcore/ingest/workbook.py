"""Bytes to named sheets of raw cells; headers found by the names of their columns, never by row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pandas as pd

from pxcore.errors import ExtractError, Fault, Severity
from pxcore.ingest import cells, delimited, spreadsheet

SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
DELIMITED = (".csv", ".tsv", ".txt")
FILE_TYPES = SPREADSHEETS + DELIMITED
HEADER_SEARCH_ROWS = 60
_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"  # how xlsx and ods begin, and how xls does
# A name in a heading row: canonical column -> the ways publishers write it.
Aliases = Mapping[str, tuple[str, ...]]
Range = tuple[tuple[int, int], tuple[int, int]]  # first and last row and column, from 0


def headings(columns: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Columns by our own names: the headings publishers give them, set apart by “ | ” in the source."""
    return {name: tuple(words.split(" | ")) for name, words in columns.items()}


def by_heading(columns: Mapping[str, str]) -> dict[str, str]:
    """The same the other way round: our own name by each heading."""
    return {word: name for name, words in headings(columns).items() for word in words}


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table's headings stand: rows (0-based, first and last) and the column of each name."""

    first_row: int
    last_row: int
    columns: Mapping[str, int]
    titles: Mapping[int, str]  # every heading as printed, by column

    @property
    def data_row(self) -> int:
        return self.last_row + 1


@dataclass(slots=True)
class Sheet:
    """One sheet: raw cells by row and column, both counted from 0 with nothing skipped."""

    name: str
    rows: list[list[Any]]
    is_csv: bool = False
    merged: tuple[Range, ...] = ()  # cells merged into one
    without_result: frozenset[tuple[int, int]] = frozenset()  # formulas never worked out
    # Recognising and parsing ask the same of a sheet, and several sources do: worked out once.
    _folded: list[list[str]] | None = None
    _headers: dict[tuple[int, frozenset[str], int], tuple[Aliases, Header | None]] = field(
        default_factory=dict
    )

    def _top(self) -> list[list[str]]:
        """The rows a heading may stand in, folded for comparison."""
        if self._folded is None:
            self._folded = [
                [cells.key(cell) for cell in row] for row in self.rows[: HEADER_SEARCH_ROWS + 1]
            ]
        return self._folded

    def fill_merged(self, first_row: int) -> int:
        """Words of merged cells put into each row they span, from a row on; how many were filled.

        Only within their own column, and never a number: it would be counted once for each row.
        """
        filled = 0
        for (top, left), (bottom, _) in self.merged:
            if top < first_row or top >= len(self.rows) or left >= len(self.rows[top]):
                continue
            words = self.rows[top][left]
            if words in ("", None) or isinstance(words, (int, float)):
                continue
            for row in range(top + 1, min(bottom + 1, len(self.rows))):
                if left < len(self.rows[row]) and self.rows[row][left] in ("", None):
                    self.rows[row][left] = words
                    filled += 1
        return filled

    def merged_figures(self, first_row: int, column: int) -> list[int]:
        """The rows in which a number of a column begins that is merged over several rows."""
        return [
            top
            for (top, left), (bottom, _) in self.merged
            if left == column
            and first_row <= top < min(bottom, len(self.rows))
            and column < len(self.rows[top])
            and isinstance(self.rows[top][column], (int, float))
        ]

    def unworked(self, first_row: int, column: int) -> list[int]:
        """The rows of a column that hold a formula whose value was never worked out."""
        return sorted(row for row, at in self.without_result if at == column and row >= first_row)

    def place(self, row: int | None = None, column: int | None = None) -> str:
        """How a person finds the cell: “Trusts!C15”, or “row 15, column C” in a CSV."""
        if row is None:
            return f"sheet ‘{self.name}’" if not self.is_csv else "the file"
        if column is None:
            return f"row {row + 1}" if self.is_csv else f"{self.name}!{row + 1}"
        letter = cells.column_letter(column)
        return (
            f"row {row + 1}, column {letter}" if self.is_csv else f"{self.name}!{letter}{row + 1}"
        )

    def find_header(
        self, aliases: Aliases, required: Iterable[str], *, least: int = 0
    ) -> Header | None:
        """The heading row (or two rows) that names most of `aliases`, with all of `required`.

        A two-row heading has its upper names where the lower row is blank or unknown. Of equal
        candidates the highest wins; a single row is preferred to two.
        """
        must = frozenset(required)
        question = (id(aliases), must, least)
        if question not in self._headers:  # the aliases are kept too, so that their id stays theirs
            self._headers[question] = (aliases, self._find_header(aliases, must, least))
        return self._headers[question][1]

    def _find_header(self, aliases: Aliases, must: frozenset[str], least: int) -> Header | None:
        wanted = _wanted(aliases)
        best: tuple[int, Header] | None = None
        limit = min(len(self.rows), HEADER_SEARCH_ROWS)
        keyed = self._top()
        keyed_sets = [set(line) for line in keyed]
        for row in range(limit):
            for height in (1, 2):
                if row + height > len(self.rows):
                    continue
                # What the rows name at all is quickly known; most rows end here.
                named = {
                    wanted[word]
                    for at in range(row, row + height)
                    for word in wanted.keys() & keyed_sets[at]
                }
                if not must <= named or (best is not None and len(named) <= best[0]):
                    continue
                columns: dict[str, int] = {}
                titles: dict[int, str] = {}
                width = max(len(keyed[at]) for at in range(row, row + height))
                for column in range(width):
                    for at in reversed(range(row, row + height)):
                        word = keyed[at][column] if column < len(keyed[at]) else ""
                        if not word:
                            continue
                        if column not in titles or word in wanted:
                            titles[column] = cells.text(self.rows[at][column])
                        if word in wanted:
                            columns.setdefault(wanted[word], column)
                            break
                if not must <= columns.keys() or len(columns) < least:
                    continue
                if height == 2 and not any(cells.key(t) in wanted for t in keyed[row + 1]):
                    continue
                score = len(columns)
                if best is None or score > best[0]:
                    best = (score, Header(row, row + height - 1, columns, titles))
        return best[1] if best else None

    def closest_header(self, aliases: Aliases) -> tuple[int, set[str]]:
        """The row that names most of `aliases`, and which it names: for saying what is missing."""
        wanted = _wanted(aliases)
        best: tuple[int, set[str]] = (0, set())
        for row, line in enumerate(self._top()[:HEADER_SEARCH_ROWS]):
            named = {wanted[word] for word in line if word in wanted}
            if len(named) > len(best[1]):
                best = (row, named)
        return best

    def table(self, header: Header) -> pd.DataFrame:
        """The rows under a header as raw cells, columns by canonical name, plus `row` (0-based).

        Wholly blank rows are left out.
        """
        start = header.data_row
        records = [
            (row, line)
            for row, line in enumerate(self.rows[start:], start)
            if any(cell not in ("", None) for cell in line)
        ]
        frame = pd.DataFrame(
            {
                name: pd.Series(
                    [line[column] if column < len(line) else "" for _, line in records],
                    dtype=object,
                )
                for name, column in header.columns.items()
            }
        )
        frame["row"] = pd.Series([row for row, _ in records], dtype="int64")
        return frame


def _wanted(aliases: Aliases) -> Mapping[str, str]:
    """Canonical column by the folded words a heading may have."""
    return _folded_aliases(tuple(aliases.items()))


@lru_cache(maxsize=100)
def _folded_aliases(aliases: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    return {cells.key(alias): name for name, names in aliases for alias in names}


@dataclass(slots=True, eq=False)
class Workbook:
    """A file opened: its name, its bytes' fingerprint, its visible sheets, what was seen in opening it."""

    name: str
    sha256: str
    sheet_names: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    encoding: str = ""
    is_csv: bool = False
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    _sheets: Mapping[str, Sheet] = field(default_factory=dict)

    def sheet(self, name: str) -> Sheet:
        if name not in self._sheets:
            raise _broken(
                self.name,
                f"The sheet ‘{name}’ cannot be read: it may be damaged.",
                "Open the file in a spreadsheet program, save it again and load that copy.",
                f"sheet ‘{name}’",
            )
        return self._sheets[name]

    @property
    def sheets(self) -> list[Sheet]:
        return [self.sheet(name) for name in self.sheet_names]

    @property
    def stem(self) -> str:
        return self.name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1].rsplit(".", 1)[0]


def open_workbook(name: str, content: bytes) -> Workbook:
    """Open a spreadsheet or delimited file from its bytes; nothing is written to disk.

    Raises ExtractError that says what is wrong with the file and how to mend it.
    """
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    sha256 = hashlib.sha256(content).hexdigest()
    if not content.strip():
        raise _empty(name)
    if content.startswith(_OLE) and b"E\x00n\x00c\x00r\x00y\x00p\x00t" in content:
        raise _broken(
            name,
            "The workbook is protected by a password, so it cannot be read.",
            "Open it with the password, remove the password (File, Info, Protect Workbook) and "
            "save it again.",
        )
    if content.startswith((_ZIP, _OLE)) or suffix in SPREADSHEETS:
        return _open_spreadsheet(name, content, sha256)
    if suffix in DELIMITED or suffix == "":
        text = delimited.read(name, content)
        if not text.rows:  # nothing but a byte order mark
            raise _empty(name)
        sheet = Sheet("file", text.rows, is_csv=True)
        return Workbook(
            name,
            sha256,
            ("file",),
            encoding=text.encoding,
            is_csv=True,
            faults=text.faults,
            notes=text.notes,
            _sheets={"file": sheet},
        )
    raise _broken(
        name,
        f"Files of type ‘{suffix}’ cannot be read.",
        f"Save it as one of {', '.join(FILE_TYPES)}.",
    )


def _broken(name: str, what: str, fix: str, where: str = "the file") -> ExtractError:
    return ExtractError(name, [Fault(Severity.ERROR, what, where, fix)])


def _empty(name: str) -> ExtractError:
    return _broken(name, "The file is empty.", "Download it again: nothing was saved in it.")


def _open_spreadsheet(name: str, content: bytes, sha256: str) -> Workbook:
    book = spreadsheet.read(name, content)
    if not book.sheets:
        raise _broken(name, "The workbook has no visible sheet.", "Unhide the sheet with the data.")
    sheets = {
        read.name: Sheet(
            read.name,
            read.rows,
            merged=read.merged,
            without_result=frozenset(read.without_result),
        )
        for read in book.sheets
        if read.rows is not None
    }
    faults: tuple[Fault, ...] = ()
    if content.startswith(_OLE):
        faults = (
            Fault(
                Severity.WARNING,
                "The file is an old .xls workbook, which carries no checksums: damage to a figure in it "
                "cannot be noticed.",
                "the file",
                "Compare a total or two with the publisher's, or save it as .xlsx at its source.",
            ),
        )
    return Workbook(
        name,
        sha256,
        tuple(read.name for read in book.sheets),
        book.hidden,
        faults=faults,
        _sheets=sheets,
    )
