"""The database as a file: whose it is, who may read it, and copies of it.

A file is looked at before it is opened for writing, so that one of another program, or of a newer
version of this one, is left byte for byte as it is.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pxcore.errors import StoreError
from pxcore.store.trouble import ANOTHER, trouble

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
OWN_TABLES = frozenset(
    {"setting", "extract", "history"}
)  # in a database of this program since its first
OWNER_ONLY = 0o077  # what a umask takes from everybody else

_masking, _masked = threading.Lock(), [0, 0]  # how many are inside, and the umask before the first


@contextmanager
def private() -> Iterator[None]:
    """What is created meanwhile (the database, its log, its temporary files) is its owner's alone.

    The umask is of the whole process: the last to leave puts back what the first found.
    """
    with _masking:
        if not _masked[0]:
            _masked[1] = os.umask(OWNER_ONLY)
        _masked[0] += 1
    try:
        yield
    finally:
        with _masking:
            _masked[0] -= 1
            if not _masked[0]:
                os.umask(_masked[1])


def connect(path: Path | None) -> duckdb.DuckDBPyConnection:
    """The file opened for writing, made if new; or a database in memory. Raises StoreError."""
    if path is None:
        # the demonstration: so few rows that a second thread costs more than it saves
        return duckdb.connect(":memory:", config={**CONFIG, "threads": 1})
    fresh = not os.path.exists(path)  # of a folder nobody lets us into, too
    with private():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return duckdb.connect(str(path), config=CONFIG)
        except (duckdb.Error, OSError) as problem:
            if fresh and not isinstance(problem, FileExistsError):
                with suppress(
                    OSError
                ):  # a stub that a full disk left would be taken for a stranger's
                    path.unlink()
            if isinstance(problem, FileExistsError):  # of a parent that is a file
                problem = NotADirectoryError(20, "Not a directory", str(path))
            raise trouble(path, problem) from None


def settings_of(path: Path) -> Mapping[str, str]:
    """What the settings of a file say, without changing a byte of it; none of an empty database.

    Raises StoreError where it is no database of this program, or cannot be read.
    """
    try:
        looking = duckdb.connect(str(path), read_only=True, config=CONFIG)
    except duckdb.ConnectionException:  # this process has it open, and has looked at it
        return {}
    except duckdb.Error as problem:
        if "sqlite" in str(problem):
            raise _strange(path, "a SQLite database of another program") from None
        raise trouble(path, problem) from None
    try:
        tables = {
            name
            for (name,) in looking.execute(
                "select table_name from information_schema.tables"
            ).fetchall()
        }
        if not tables:
            return {}
        if not tables >= OWN_TABLES:
            raise _strange(path, "a database of another program")
        rows = looking.execute("select name, value from setting").fetchall()
        if not rows:
            raise _strange(path, "a database whose making was broken off")
    except duckdb.BinderException:
        raise _strange(path, "a database of another program") from None
    except duckdb.Error as problem:
        raise trouble(path, problem) from None
    finally:
        looking.close()
    return {str(name): str(value) for name, value in rows}


def _strange(path: Path, what: str) -> StoreError:
    return StoreError(
        f"The file is {what}.",
        str(path),
        "It was left as it is. Choose another file with PX_DATABASE or --database.",
    )


def copy_before(path: Path, version: int) -> Path:
    """A copy of a file that nobody has open, beside it, named with its version; its owner's alone."""
    name = f"{path.stem}.version-{version}"
    copied = path.with_name(f"{name}{path.suffix}")
    if copied.exists():  # of an earlier attempt: it stays
        copied = path.with_name(f"{name}.{datetime.now(UTC):%Y%m%d-%H%M%S}{path.suffix}")
    with private():
        try:
            with path.open("rb") as original, copied.open("xb") as copy:
                shutil.copyfileobj(original, copy, 1 << 20)
                copy.flush()
                os.fsync(copy.fileno())
        except OSError as problem:
            with suppress(OSError):
                copied.unlink()
            raise trouble(copied, problem, "The database could not be copied.") from None
    return copied


def copies_of(path: Path) -> list[Path]:
    """Copies made beside a file before it was brought to a newer version."""
    return sorted(path.parent.glob(f"{_literal(path.stem)}.version-*{_literal(path.suffix)}"))


def _literal(text: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in text)


def rewrite(path: Path) -> None:
    """Write the file anew, so that nothing deleted is left in its bytes. Nobody may have it open."""
    fresh = path.with_name(f"{path.name}.rewriting")
    with private():
        try:
            fresh.unlink(missing_ok=True)
            connection = duckdb.connect(str(path), config=CONFIG)
            try:
                place = str(fresh).replace("'", "''")
                connection.execute(f"attach '{place}' as fresh")
                row = connection.execute("select current_database()").fetchone()
                assert row is not None
                name = str(row[0]).replace('"', '""')
                connection.execute(f'copy from database "{name}" to fresh')
                connection.execute("detach fresh")
            finally:
                connection.close()
            os.chmod(fresh, path.stat().st_mode & 0o777)
            os.replace(fresh, path)
        except (duckdb.Error, OSError) as problem:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise trouble(path, problem, "The database could not be written anew.") from None


def newer(path: Path, version: str, newest: int) -> StoreError:
    return StoreError(
        "The database was made by a newer version of this program.",
        str(path),
        f"It is of version {version}, and this program knows versions up to {newest}. Bring this program "
        f"up to date, {ANOTHER} Nothing was changed.",
    )
