"""Delimited text to rows: the encoding, the separator and where a quotation mark was left open.

Everything is decided over whole rows of the file; where two readings are reasonable the file is
refused with both, never read as the first that fits.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pxcore.errors import ExtractError, Fault, Severity
from pxcore.ingest.spreadsheet_process import MOST_COLUMNS

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright bars"}
SAMPLED_ROWS = 200  # rows that decide the separator
MOST_PLACES = 5  # rows named in one fault
_UTF8 = "Open it in a spreadsheet program and save it as CSV UTF-8."
# Signs that stand inside a word only where another alphabet was meant: ‘Bro¿ek’ for ‘Brożek’.
_SIGN_IN_A_WORD = re.compile(r"(?<=[^\W\d_])[¡¢£¤¥¦§©ª«¬®¯°±²³µ¶¸¹º»¼½¾¿†‡‰‹›ƒ](?=[^\W\d_])")
# A whole letter of UTF-8 beyond ASCII.
_UTF8_LETTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Text:
    """Delimited text read: its rows, how it was read, and what a person should know."""

    rows: list[list[Any]]
    encoding: str
    separator: str
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def read(name: str, content: bytes) -> Text:
    """The rows of a delimited file. Raises ExtractError where it cannot be read whole."""
    decoded, encoding, notes = _decoded(name, content)
    _check_letters(name, decoded)
    separator = _separator(name, decoded)
    rows = _rows(name, decoded, separator)
    return Text(rows, encoding, separator, _faults(decoded, rows, separator), notes)


def _broken(name: str, what: str, fix: str, where: str = "the file") -> ExtractError:
    return ExtractError(name, [Fault(Severity.ERROR, what, where, fix)])


# --- Encoding ----------------------------------------------------------------------------------


def _decoded(name: str, content: bytes) -> tuple[str, str, tuple[str, ...]]:
    """The text, its encoding, and a note where another encoding could have been meant."""
    wide = _wide(content)
    if wide:
        try:
            return content.decode(wide).removeprefix("\ufeff"), wide, ()
        except UnicodeDecodeError:
            raise _broken(
                name,
                "The file is cut off or damaged: it is UTF-16 text, and not all of it can be read.",
                "Download or save it again, as CSV UTF-8 if you can choose.",
            ) from None
    if b"\x00" in content:
        raise _broken(
            name,
            "The file is not text: its name says it is delimited, its contents are binary.",
            "Check what kind of file it is and give its name the right ending.",
            _row_of(content, content.index(0)),
        )
    try:
        return content.decode("utf-8-sig"), "utf-8", ()
    except UnicodeDecodeError as problem:
        letters = len(_UTF8_LETTER.findall(content))
        others = len(_BEYOND_ASCII.findall(_UTF8_LETTER.sub(b"", content)))
        if letters > others:  # a pair of Western European signs looks like a letter now and then
            raise _broken(
                name,
                "The file mixes two encodings: most of it is UTF-8, and one place is not.",
                _UTF8 + " Letters with accents may have to be typed again.",
                _row_of(content, problem.start),
            ) from None
    return _single_byte(name, content)


def _row_of(content: bytes, at: int) -> str:
    lines_before = content.count(b"\n", 0, at)
    return f"row {lines_before + 1}"


def _wide(content: bytes) -> str:
    """UTF-16, by its mark or by a zero at every second byte; "" otherwise."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = content[:4000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > len(sample) * 0.4 and not even:
        return "utf-16-le"
    return "utf-16-be" if even > len(sample) * 0.4 and not odd else ""


def _single_byte(name: str, content: bytes) -> tuple[str, str, tuple[str, ...]]:
    """Western European text, which spreadsheet programs of this country write."""
    try:
        decoded = content.decode("cp1252")
    except UnicodeDecodeError as problem:
        raise _broken(
            name,
            "The encoding of the file is not known: it is neither UTF-8 nor Western European "
            "(Windows-1252).",
            _UTF8,
            _row_of(content, problem.start),
        ) from None
    if odd := _SIGN_IN_A_WORD.search(decoded):
        raise _broken(
            name,
            "The encoding of the file is not known: read as Western European (Windows-1252), a word "
            f"would hold the sign ‘{odd.group()}’.",
            _UTF8,
            _row_of(decoded.encode("cp1252"), odd.start()),
        )
    return (
        decoded,
        "cp1252",
        (
            "The file is not UTF-8; it was read as Western European text (Windows-1252). Check a "
            "name that holds an accent or a curly quotation mark.",
        ),
    )


def _check_letters(name: str, decoded: str) -> None:
    if control := _CONTROL.search(decoded):
        raise _broken(
            name,
            f"The file holds a character that does not belong in text (number {ord(control.group())}): it is "
            "damaged, or not text.",
            "Download or save it again.",
            f"row {len(decoded[: control.start()].splitlines()) or 1}",
        )


# --- Separator ---------------------------------------------------------------------------------


def _separator(name: str, decoded: str) -> str:
    """The one separator under which the rows of the file are alike in width.

    A separator is scored by the share of rows that have the commonest width; a file of one column
    has none. Raises ExtractError where two fit equally well.
    """
    lines = "".join(islice(io.StringIO(decoded, newline=""), SAMPLED_ROWS * 3))
    csv.field_size_limit(10_000_000)
    scores: dict[str, tuple[float, int]] = {}
    for separator in SEPARATORS:
        if separator not in lines:
            continue
        widths = Counter(
            len(row)
            for row in islice(
                csv.reader(io.StringIO(lines, newline=""), delimiter=separator), SAMPLED_ROWS
            )
            if any(cell.strip() for cell in row)
        )
        wide = {width: rows for width, rows in widths.items() if width > 1}
        if wide:
            width, rows = max(wide.items(), key=lambda item: (item[1], item[0]))
            scores[separator] = (rows / widths.total(), width)
    if not scores:
        return ","
    best = max(scores.values())
    first = [separator for separator, score in scores.items() if score[0] == best[0]]
    if len(first) == 1:
        return first[0]
    # Alike in every row under both: the separator is the one that the heading row uses alone.
    heading = next((line for line in lines.splitlines() if any(s in line for s in first)), "")
    in_heading = [separator for separator in first if separator in heading]
    if len(in_heading) == 1:
        return in_heading[0]
    raise _broken(
        name,
        "The separator is not clear: every row holds as many "
        + " and as many ".join(SEPARATORS[separator] for separator in first)
        + ".",
        "Save the file again from a spreadsheet program, as CSV UTF-8 (comma delimited).",
    )


# --- Rows --------------------------------------------------------------------------------------


def _rows(name: str, decoded: str, separator: str) -> list[list[Any]]:
    """Every row of the text. Raises ExtractError at a quotation mark that is never closed."""
    csv.field_size_limit(10_000_000)
    # strict: a quotation mark never closed would otherwise swallow the rest of the file
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=separator, strict=True)
    rows: list[list[Any]] = []
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return rows
        except csv.Error:
            place = f"row {len(rows) + 1}"
            raise _broken(
                name,
                f"A quotation mark opens in {place} and is not closed as it should be: "
                "everything after it would be read as one cell.",
                'Close it, or write a quotation mark inside a cell twice (""), and load the file '
                "again.",
                place if line == len(rows) + 1 else f"{place}, line {line} of the text",
            ) from None
        if len(row) > MOST_COLUMNS:
            raise _broken(
                name,
                f"The row has {len(row):,} columns; no more than {MOST_COLUMNS:,} are read.",
                "Save only the columns you need, or swap rows and columns.",
                f"row {len(rows) + 1}",
            )
        rows.append(row)


def _faults(decoded: str, rows: list[list[Any]], separator: str) -> tuple[Fault, ...]:
    """Rows that are wider than the table, that swallowed others, or that break off."""
    widths = Counter(len(row) for row in rows if any(row))
    table = max(
        (width for width in widths if width > 1),
        key=lambda width: (widths[width], width),
        default=0,
    )
    if not table or widths[table] < 2:
        return ()
    checks = (
        _wider(rows, table, separator),
        _swallowing(rows, table, separator),
        _broken_off(decoded, rows, table),
    )
    return tuple(fault for fault in checks if fault is not None)


def _wider(rows: list[list[Any]], table: int, separator: str) -> Fault | None:
    start = next(at for at, row in enumerate(rows) if len(row) == table)
    headings = max(len(row) for row in rows[: start + 1])
    wide = [
        at + 1
        for at, row in enumerate(rows)
        if at > start and len(row) > headings and any(row[headings:])
    ]
    if not wide:
        return None
    return Fault(
        Severity.ERROR,
        f"{_counted(wide)} more cells than the headings: everything after the extra separator "
        "has slipped to the right.",
        _places(wide),
        f"Put the text that holds {SEPARATORS[separator]} in quotation marks, or take them out.",
    )


def _swallowing(rows: list[list[Any]], table: int, separator: str) -> Fault | None:
    """A cell that holds whole rows: two quotation marks left open, one closing the other."""
    swallowing = [
        at + 1
        for at, row in enumerate(rows)
        if table > 2
        and any(
            line.count(separator) == table - 1
            for cell in row
            if "\n" in cell
            for line in cell.splitlines()[1:-1]
        )
    ]
    if not swallowing:
        return None
    return Fault(
        Severity.ERROR,
        f"{_counted(swallowing)} a cell in quotation marks that holds whole rows of the table.",
        _places(swallowing),
        "Close the quotation mark where its cell ends.",
    )


def _broken_off(decoded: str, rows: list[list[Any]], table: int) -> Fault | None:
    """The last row is shorter than the table and has no line end."""
    last = max((at for at, row in enumerate(rows) if any(row)), default=0)
    if not last or decoded.endswith(("\n", "\r")) or len(rows[last - 1]) != table:
        return None
    if len(rows[last]) >= table:
        return None
    return Fault(
        Severity.ERROR,
        f"The file breaks off in the middle of its last row, which has {len(rows[last])} of {table} "
        "cells and no line end.",
        f"row {last + 1}",
        "Download or save it again: what followed is missing. If nothing is missing, end the row.",
    )


def _counted(rows: list[int]) -> str:
    return "One row has" if len(rows) == 1 else f"{len(rows):,} rows have"


def _places(rows: list[int]) -> str:
    listed = ", ".join(map(str, rows[:MOST_PLACES]))
    more = f" and {len(rows) - MOST_PLACES:,} more" if len(rows) > MOST_PLACES else ""
    return f"row{'s' if len(rows) > 1 else ''} {listed}{more}"
