"""Formulas of an .xlsx that were saved without their values: a reader of values sees blanks there.

Programs that write workbooks without a spreadsheet's help leave them so.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from xml.etree import ElementTree

_MOST_BYTES = 400_000_000  # of one sheet's part: more is not looked through
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?=[^>]*?\br=\"([A-Z]{1,3})(\d{1,7})\")[^>]*(?<!/)>\s*<(?:\w+:)?f\b(.*?)</(?:\w+:)?c>",
    re.DOTALL,
)
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)\b[^>]*>[^<]")


def unworked_formulas(archive: bytes, sheet: str) -> frozenset[tuple[int, int]]:
    """Row and column (from 0) of every formula on a sheet that has no value; none where the parts
    of the file are not as expected (then nothing is known of its formulas)."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as parts:
            part = _part_of(parts, sheet)
            if part is None or parts.getinfo(part).file_size > _MOST_BYTES:
                return frozenset()
            xml = parts.read(part)
    except (zipfile.BadZipFile, KeyError, OSError, ElementTree.ParseError):
        return frozenset()
    if b"f>" not in xml and b"f " not in xml:
        return frozenset()
    return frozenset(
        (int(match[2]) - 1, _column(match[1]))
        for match in _CELL.finditer(xml)
        if not _VALUE.search(match[3])
    )


def _part_of(parts: zipfile.ZipFile, sheet: str) -> str | None:
    """The part of an .xlsx that holds a sheet."""
    book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
    relation = next(
        (one.get(_RELATION) for one in book.iter(f"{_MAIN}sheet") if one.get("name") == sheet), None
    )
    relations = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    target = next((one.get("Target") for one in relations if one.get("Id") == relation), None)
    if not relation or not target:
        return None
    return posixpath.normpath(posixpath.join("xl", target)).lstrip("/")


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1
