"""Spreadsheets read in a process of their own, so that no file can end or freeze the server.

The process is kept for the next file: a start costs more than most files do.
"""

from __future__ import annotations

import atexit
import datetime
import io
import pickle
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pxcore.errors import ExtractError, Fault, Severity
from pxcore.ingest import cells, spreadsheet_process
from pxcore.ingest.spreadsheet_process import LOCATE, MEGABYTE, READ, seconds_for

PROGRAM = Path(spreadsheet_process.__file__)
MOST_IDLE = 2  # processes kept for the next files
LARGEST_REUSED = 20 * MEGABYTE  # after a larger file the memory of its process is given back
_SAVE_AGAIN = "Open the file in a spreadsheet program, save it again and load that copy."
# The process bounds its own processor time; where it cannot, the clock on the wall does. Elsewhere that
# waits longer: a busy machine is no fault of the file.
PATIENCE = 3.0 if hasattr(signal, "SIGXCPU") else 1.0
OUT_OF_TIME = -getattr(signal, "SIGXCPU", 0) or None
_DOWNLOAD_AGAIN = (
    "Download it again and check that its size matches the publisher's page, or ask for it again."
)
# Reason that the process gives -> what is wrong and how to mend it; {} is what it is about.
_REASONS = {
    "cut off": ("The file is cut off: it was not saved or downloaded whole.", _DOWNLOAD_AGAIN),
    "damaged": (
        "The file is damaged: its part ‘{}’ is not what was saved (its checksum does not match).",
        _DOWNLOAD_AGAIN,
    ),
    "missing": (
        "The file is damaged: its part ‘{}’ is listed but missing.",
        _DOWNLOAD_AGAIN,
    ),
    "password": (
        "The workbook is protected by a password, so it cannot be read.",
        "Open it with the password, remove the password (File, Info, Protect Workbook) and "
        "save it again.",
    ),
    "unpacks": (
        "The workbook unpacks to {}, far more than such a file holds.",
        "Save the sheet with the figures as a file of its own, or as CSV.",
    ),
    "columns": (
        "A sheet of the workbook has {} columns, more than a spreadsheet program writes.",
        _SAVE_AGAIN,
    ),
    "memory": (
        "The workbook needs more memory than one file is allowed.",
        "Delete empty rows and columns beyond the figures (select them to the end of the sheet, "
        "delete, save), or save the sheet with the figures as CSV.",
    ),
    "time": (
        "The workbook could not be read within {} seconds.",
        "Save the sheet with the figures as a file of its own, or as CSV.",
    ),
    "unreadable": (
        "The file cannot be read as a spreadsheet.",
        "Open it in a spreadsheet program and save it again as .xlsx, or as .csv.",
    ),
}


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a sheet: `rows` is None where the sheet cannot be read."""

    name: str
    rows: list[list[Any]] | None
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]  # first and last cell, from 0
    without_result: tuple[tuple[int, int], ...]  # row and column of formulas never worked out


@dataclass(frozen=True, slots=True)
class Book:
    """A spreadsheet file read: its visible sheets with their cells, the names of its hidden ones."""

    sheets: tuple[Cells, ...]
    hidden: tuple[str, ...]


def read(name: str, content: bytes) -> Book:
    """The cells of every visible sheet. Raises ExtractError: damaged, protected, too large, too slow."""
    answer = _ask(READ, content)
    if answer.get("fault") == "memory":
        raise _too_large(name, content)
    if "fault" in answer:
        raise _fault(name, answer["fault"], answer.get("detail", ""))
    return Book(
        tuple(
            Cells(
                title,
                None if rows is None else [[] if row is None else row for row in rows],
                tuple(merged),
                tuple(without_result),
            )
            for title, rows, merged, without_result in answer["sheets"]
        ),
        tuple(answer["hidden"]),
    )


def _fault(name: str, reason: str, detail: str = "", where: str = "the file") -> ExtractError:
    what, fix = _REASONS[reason]
    return ExtractError(name, [Fault(Severity.ERROR, what.format(detail), where, fix)])


def _too_large(name: str, content: bytes) -> ExtractError:
    """What to delete: the cell that stands far outside the others, where there is one."""
    far = _ask(LOCATE, content).get("far")
    if not far:
        return _fault(name, "memory")
    sheet, row, column = far
    cell = f"{cells.column_letter(column)}{row + 1}"
    return ExtractError(
        name,
        [
            Fault(
                Severity.ERROR,
                f"Cell {cell} of the sheet ‘{sheet}’ stands far outside the other cells: the sheet "
                "is too large to be read.",
                f"{sheet}!{cell}",
                "Delete the row or column it stands in, save the file and load it again.",
            )
        ],
    )


# --- The processes -----------------------------------------------------------------------------


class _Process:
    """One process that reads spreadsheets, asked for one file at a time."""

    def __init__(self) -> None:
        self._popen = subprocess.Popen(
            [sys.executable, "-P", str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # an abort's last words may hold cells
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def ask(self, kind: bytes, content: bytes) -> dict[str, Any] | None:
        """The answer; None where the process ended before it could give one."""
        requests, answers = self._popen.stdin, self._popen.stdout
        assert requests is not None
        assert answers is not None
        late = threading.Event()
        clock = threading.Timer(PATIENCE * seconds_for(len(content)), self._end, [late])
        clock.daemon = True
        clock.start()
        try:
            requests.write(kind + len(content).to_bytes(8, "big"))
            requests.write(content)
            requests.flush()
            length = int.from_bytes(answers.read(8), "big")
            payload = answers.read(length)
            if length and len(payload) == length:
                answer = _Answers(io.BytesIO(payload)).load()
                return answer if isinstance(answer, dict) else None
        except (OSError, EOFError, pickle.UnpicklingError):
            pass
        finally:
            clock.cancel()
        self.close()
        if late.is_set() or self._popen.returncode == OUT_OF_TIME:
            return {"fault": "time", "detail": f"{seconds_for(len(content)):.0f}"}
        return None

    def _end(self, late: threading.Event) -> None:
        late.set()
        self._popen.kill()

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def close(self) -> None:
        self._popen.kill()
        for stream in (self._popen.stdin, self._popen.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # what was left to be written cannot be
                    continue
        self._popen.wait()


class _Answers(pickle.Unpickler):
    """Reads what the process answers: cells, and nothing that could run."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in ("date", "datetime", "time", "timedelta"):
            return getattr(datetime, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no cell")


_idle: list[_Process] = []
_lock = threading.Lock()


def _ask(kind: bytes, content: bytes) -> dict[str, Any]:
    """The answer of an idle process, or of a new one: of a new one too where an idle one ended."""
    with _lock:
        process = _idle.pop() if _idle else None
    answer = process.ask(kind, content) if process is not None else None
    if process is None or answer is None:
        process = _Process()
        answer = process.ask(kind, content)
    with _lock:
        if process.alive and len(_idle) < MOST_IDLE and len(content) <= LARGEST_REUSED:
            _idle.append(process)
        else:
            process.close()
    # A process that ends without an answer asked for more memory than it was given.
    return {"fault": "memory"} if answer is None else answer


@atexit.register
def close() -> None:
    """End the idle processes."""
    with _lock:
        while _idle:
            _idle.pop().close()
