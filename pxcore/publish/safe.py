"""Text as a cell of a file that any program shows as it is, and a frame as CSV made of such cells."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

# What a spreadsheet program would work out instead of showing (OWASP, CSV injection); a number stays one.
_FORMULA = re.compile(r"[=+\-@\t\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?%?")
# What XML, of which office files are made, cannot hold.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def legible(words: str) -> str:
    """Words that any file can hold."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")  # a lone return would end a row
    return _NOT_XML.sub("\ufffd", lines)


def is_formula(words: str) -> bool:
    """Whether a spreadsheet program would work words out instead of showing them."""
    return bool(_FORMULA.match(words)) and not _NUMBER.fullmatch(words)


def safe(cell: Any) -> Any:
    """A cell's words, marked as words where a spreadsheet program would take them for a formula; whatever is
    no words as it is."""
    if not isinstance(cell, str):
        return cell
    words = legible(cell)
    return f"'{words}" if is_formula(words) else words


def as_csv(rows: pd.DataFrame) -> bytes:
    """A frame as a CSV file that any spreadsheet program shows as it is. Every CSV is made here."""
    written = rows.rename(columns=safe)
    for place in range(written.shape[1]):
        column = written.iloc[:, place]
        if not pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_datetime64_dtype(
            column
        ):
            written.isetitem(place, column.map(safe).to_numpy(dtype=object))
    return written.to_csv(index=False).encode("utf-8-sig")
