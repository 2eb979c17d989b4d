"""What is wrong with a database, told truly: by DuckDB's own words, which were provoked one by one.

DuckDB raises one class for most of them, and ends its message with that of the operating system. What
it says beyond that is never passed on: it may quote a value, and a value may be somebody's words.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from pxcore.errors import StoreError

ANOTHER = "or choose another place for the database with PX_DATABASE or --database."
_HOLDER = re.compile(
    r"Conflicting lock is held in (?P<program>.+?)(?: by user .+?)? \(PID (?P<pid>\d+)\)"
)
_WAL = re.compile(r'"[^"]+\.wal"')
# How Linux, macOS and Windows say it -> what it means. The more telling stand first: a database that
# could not be written is closed by DuckDB with "invalidated" before the cause.
_SIGNS = (
    ("full", ("No space left on device", "not enough space on the disk", "Disk quota exceeded",
              "File too large")),
    ("read-only", ("Read-only file system", "The media is write protected")),
    ("busy", ("Could not set lock on file", "being used by another process")),
    ("permission", ("Permission denied", "Access is denied", "Operation not permitted")),
    ("folder", ("Is a directory",)),
    ("under a file", ("Not a directory",)),
    ("missing", ("No such file or directory", "The system cannot find the path specified")),
    ("newer", ("Trying to read a database file with version number",)),
    ("no database", ("it is not a valid DuckDB database file",)),
    ("damaged", ("Corrupt database file", "Could not read enough bytes", "computed checksum")),
)  # fmt: skip
_MESSAGES = {
    "full": (
        "The disk is full.",
        "Nothing is damaged, and what was loaded before is still there. Free some space and try again, "
        + ANOTHER,
    ),
    "read-only": (
        "The disk the database lies on cannot be written to: it is read-only.",
        f"Nothing is damaged. Make it writable, {ANOTHER}",
    ),
    "permission": (
        "You have no permission to read and write the database.",
        f"Nothing is damaged. Ask whoever looks after the computer for that permission, {ANOTHER}",
    ),
    "permission for the folder": (
        "You have no permission to write in the folder of the database.",
        "Nothing is damaged. DuckDB keeps a second file beside the database while it writes. Ask "
        f"whoever looks after the computer for that permission, {ANOTHER}",
    ),
    "folder": (
        "There is a folder where the database should be.",
        "Name a file in it, such as own.duckdb, with PX_DATABASE or --database.",
    ),
    "under a file": (
        "The path of the database leads through a file as if it were a folder.",
        "Name a file in a folder with PX_DATABASE or --database.",
    ),
    "missing": (
        "The folder of the database is not there.",
        f"Make it, {ANOTHER}",
    ),
    "newer": (
        "The database was made by a newer version of this program.",
        f"Bring this program up to date, {ANOTHER} Nothing was changed.",
    ),
    "no database": (
        "The file is not a database of this program, or damaged from its first bytes on.",
        "It was left as it is. Choose another file with PX_DATABASE or --database.",
    ),
    "damaged": (
        "The database file is damaged.",
        f"Nothing was changed. Restore the file from a copy, {ANOTHER}",
    ),
}


def trouble(
    path: Path | None,
    problem: duckdb.Error | OSError,
    doing: str = "The database cannot be opened.",
) -> StoreError:
    """The trouble a database is in, as a person may be told; `doing` where the cause is not known."""
    text = str(problem)
    where = str(path) if path else "in memory"
    kind = next((kind for kind, signs in _SIGNS if any(sign in text for sign in signs)), "")
    if kind == "busy":
        holder = _HOLDER.search(text)
        program = f" ({Path(holder['program']).name}, process {holder['pid']})" if holder else ""
        return StoreError(
            f"The database is open in another program{program}.",
            where,
            f"Close the other window or command that uses it and try again, {ANOTHER}",
        )
    if kind == "permission" and _WAL.search(text):
        kind = "permission for the folder"
    if kind:
        what, fix = _MESSAGES[kind]
        return StoreError(what, where, fix)
    if isinstance(problem, OSError):
        return StoreError(doing, where, f"The computer says: {problem.strerror}.")
    return StoreError(
        doing,
        where,
        f"DuckDB reports {type(problem).__name__}; what it says further may quote data and is not shown. "
        "Nothing was changed. If it happens again, report what you did.",
    )
