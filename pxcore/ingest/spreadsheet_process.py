"""The program that reads spreadsheets for `spreadsheet.py`, one after another, in a process of its own.

An abort inside the spreadsheet reader (it asks for all the cells between two far corners at once)
ends this process and not the server. It is started by its path and imports nothing of ours, so that
a start takes hundredths of a second.

A request is a kind (one byte), a length (eight bytes) and the file's bytes. An answer is a length and
a pickled dictionary: either "fault" (a reason that `spreadsheet.py` words) or what was requested.
"""

from __future__ import annotations

import gc
import io
import pickle
import re
import sys
import time
import zipfile
import zlib
from collections import Counter
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

READ, LOCATE = b"R", b"L"
MEGABYTE = 1024**2
MEMORY = 700 * MEGABYTE  # and, for large files, MEMORY_A_BYTE for each byte of theirs
MEMORY_A_BYTE = 16
MOST_ANSWERED = 200 * MEGABYTE  # and, for large files, MEMORY_A_BYTE for each byte of theirs
MOST_UNPACKED = 400 * MEGABYTE  # and, for large files, UNPACKED_A_BYTE for each byte of theirs
UNPACKED_A_BYTE = 12
SECONDS = 15.0  # of processor time, and SECONDS_A_MEGABYTE
SECONDS_A_MEGABYTE = 0.5
MOST_COLUMNS = 16_384  # as many as a sheet has
MOST_CELLS_NAMED = 10_000
GAP = 1_000  # rows or columns with nothing in them: what stands behind is far outside

_NOT_CELLS = re.compile(r"(^|/)media/|vbaProject")
_FORMULAS = (b"<f>", b"<f ", b":f>", b":f ")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"\s*(<(?:\w+:)?v\s*/>|<(?:\w+:)?v>([^<]*)<)?"
)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_TEXT = re.compile(rb'\bt="str"')
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>/]*>')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Unreadable(Exception):
    """The file cannot be read: a reason, and what it is about (a part, a size)."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def main() -> None:
    """Answer requests until the parent closes the pipe."""
    gc.disable()  # rows of cells have no cycles
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever prints must not fall among the answers
    while kind := requests.read(1):
        content = requests.read(int.from_bytes(requests.read(8), "big"))
        _limit(len(content))
        payload = _payload(kind, content)
        del content
        answers.write(len(payload).to_bytes(8, "big"))
        answers.write(payload)
        answers.flush()
        del payload


def _payload(kind: bytes, content: bytes) -> bytes:
    """The answer as it is sent; one text that all cells share is written out for each of them."""
    too_much = {"fault": "memory", "detail": ""}
    try:
        payload = pickle.dumps(_answer(kind, content), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        payload = b""
    allowed = MOST_ANSWERED + MEMORY_A_BYTE * len(content)
    return payload if 0 < len(payload) <= allowed else pickle.dumps(too_much)


def _answer(kind: bytes, content: bytes) -> dict[str, Any]:
    try:
        return far_cell(content) if kind == LOCATE else sheets(content)
    except Unreadable as problem:
        return {"fault": problem.reason, "detail": problem.detail}
    except MemoryError:
        return {"fault": "memory", "detail": ""}
    except PasswordError:
        return {"fault": "password", "detail": ""}
    except BaseException:  # a panic inside the reader is no Exception
        return {"fault": "unreadable", "detail": ""}


def _limit(size: int) -> None:
    """Bound the memory and processor time that reading a file of `size` bytes may take."""
    try:
        import resource
    except ImportError:  # Windows: the parent's clock alone
        return
    memory = MEMORY + MEMORY_A_BYTE * size
    resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
    seconds = int(time.process_time() + seconds_for(size)) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def seconds_for(size: int) -> float:
    """Seconds of processor time that reading a file of `size` bytes may take."""
    return SECONDS + SECONDS_A_MEGABYTE * size / MEGABYTE


# --- The zip that a workbook is ----------------------------------------------------------------


def sound(content: bytes) -> tuple[bytes, dict[str, bytes]]:
    """A zip with the same parts, each with its checksum verified, and the parts that are worksheets.

    The reader below does not verify checksums to the end, and reads another list of parts than this
    one where the two lists of a damaged zip differ: it is given a zip made anew.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise Unreadable("cut off") from None
    except (NotImplementedError, ValueError, OSError, UnicodeDecodeError):
        raise Unreadable("damaged", "its list of parts") from None
    with archive:
        parts = [part for part in archive.infolist() if not part.is_dir()]
        unpacked = sum(part.file_size for part in parts)
        if unpacked > MOST_UNPACKED + UNPACKED_A_BYTE * len(content):
            raise Unreadable("unpacks", f"{unpacked / MEGABYTE:,.0f} MB")
        twice = [name for name, times in Counter(p.filename for p in parts).items() if times > 1]
        if twice:
            raise Unreadable("damaged", twice[0])
        copy, worksheets = io.BytesIO(), {}
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as verified:
            for part in parts:
                data = _part(archive, part)
                if _NOT_CELLS.search(part.filename):
                    continue
                if part.filename.startswith("xl/worksheets/") and any(f in data for f in _FORMULAS):
                    worksheets[part.filename] = data
                if part.filename == "[Content_Types].xml":
                    _check_listed(data, {entry.filename for entry in parts})
                verified.writestr(part.filename, data)
    return copy.getvalue(), worksheets


def _part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    if part.flag_bits & 0x1:
        raise Unreadable("password")
    try:
        data = archive.read(part)
    except MemoryError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise Unreadable("damaged", part.filename) from None
    except RuntimeError:
        raise Unreadable("damaged", part.filename) from None
    if len(data) != part.file_size:
        raise Unreadable("damaged", part.filename)
    return data


def _check_listed(content_types: bytes, parts: set[str]) -> None:
    """Every part that the workbook lists is there: a lost one would read as blank cells."""
    for name in re.findall(rb'PartName="/([^"]+)"', content_types):
        if name.decode("utf-8", "replace") not in parts:
            raise Unreadable("missing", name.decode("utf-8", "replace"))


# --- Cells -------------------------------------------------------------------------------------


def sheets(content: bytes) -> dict[str, Any]:
    """Every visible sheet: its rows (blank ones as None), merged ranges, formulas without a result."""
    worksheets: dict[str, bytes] = {}
    if content.startswith(b"PK"):
        content, worksheets = sound(content)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    metadata = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    visible = [m.name for m in metadata if m.visible == SheetVisibleEnum.Visible]
    blank = _without_result(content, worksheets)
    read: list[tuple[str, list[list[Any] | None] | None, list[Any], list[Any]]] = []
    for name in visible:
        try:
            sheet = book.get_sheet_by_name(name)
            if sheet.end is not None and sheet.end[1] >= MOST_COLUMNS:
                raise Unreadable("columns", f"{sheet.end[1] + 1:,}")
            # skip_empty_area=False: otherwise leading blank rows vanish and references are wrong
            rows = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or []
        except (MemoryError, Unreadable):
            raise
        except Exception:
            read.append((name, None, [], []))
            continue
        read.append((name, _trimmed(rows), merged, blank.get(name, [])))
    hidden = [m.name for m in metadata if m.visible != SheetVisibleEnum.Visible]
    return {"sheets": read, "hidden": hidden}


def _trimmed(rows: list[list[Any]]) -> list[list[Any] | None]:
    """The rows, blank ones as None and none at the end: a cell far down costs no million lists."""
    trimmed = [row if any(cell != "" for cell in row) else None for row in rows]
    while trimmed and trimmed[-1] is None:
        trimmed.pop()
    return trimmed


def _without_result(content: bytes, worksheets: dict[str, bytes]) -> dict[str, list[Any]]:
    """Cells (row, column, from 0) by sheet whose formula was saved without its result."""
    by_part: dict[str, list[tuple[int, int]]] = {}
    for part, data in worksheets.items():
        cells = []
        for formula in _FORMULA.finditer(data):
            attributes, element, result = formula.groups()
            if result or (element and _TEXT.search(attributes)):  # a text may be empty
                continue
            if reference := _REFERENCE.search(attributes):
                cells.append(_place(reference))
            if len(cells) >= MOST_CELLS_NAMED:
                break
        if cells:
            by_part[part] = cells
    if not by_part:
        return {}
    names = _sheet_names(content)
    return {names[part]: cells for part, cells in by_part.items() if part in names}


def _sheet_names(content: bytes) -> dict[str, str]:
    """Name of a sheet by the part of the zip that holds its cells."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {
        relation.get("Id", ""): relation.get("Target", "").removeprefix("/xl/")
        for relation in relations
    }
    return {
        f"xl/{targets.get(sheet.get(_RELATION, ''), '')}": sheet.get("name", "")
        for sheet in book.iter()
        if sheet.tag.endswith("}sheet")
    }


def _place(reference: re.Match[bytes]) -> tuple[int, int]:
    column = 0
    for letter in reference.group(1):
        column = column * 26 + letter - 64
    return int(reference.group(2)) - 1, column - 1


# --- What a workbook too large to read holds far outside ---------------------------------------


def far_cell(content: bytes) -> dict[str, Any]:
    """The sheet and cell (row, column, from 0) that stands far outside the others, if there is one."""
    if not content.startswith(b"PK"):
        return {"far": None}
    content, _ = sound(content)
    names = _sheet_names(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part, name in names.items():
            if part not in archive.namelist():
                continue
            with archive.open(part) as opened:
                cells = _cells_in(opened)
            for axis in (0, 1):
                used = sorted({cell[axis] for cell in cells})
                for before, after in zip(used, used[1:], strict=False):
                    if after - before > GAP:
                        far = min(cell for cell in cells if cell[axis] >= after)
                        return {"far": (name, *far)}
    return {"far": None}


def _cells_in(opened: Any) -> set[tuple[int, int]]:
    """Places of the cells of a worksheet, read piece by piece."""
    cells: set[tuple[int, int]] = set()
    rest = b""
    while piece := opened.read(MEGABYTE):
        text = rest + piece
        end = text.rfind(b"<")
        cells.update(_place(cell) for cell in _CELL.finditer(text, 0, end if end > 0 else 0))
        rest = text[end:] if end > 0 else text
        if len(cells) > 2_000_000 or len(rest) > 8 * MEGABYTE:
            break
    cells.update(_place(cell) for cell in _CELL.finditer(rest))
    return cells


if __name__ == "__main__":
    main()
