"""From an older version of the tables to this program's: numbered steps, all or none, after a copy.

`sql/migrations/NNNN_what.sql` brings a database of version NNNN - 1 to NNNN; `sql/schema/tables.sql` makes
a new one as the last of them leaves it, and a test holds the two together. Version 1 was the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

import duckdb

from pxcore.errors import StoreError
from pxcore.store.file import connect, copy_before, newer, private, settings_of
from pxcore.store.trouble import trouble


@cache
def migrations() -> Mapping[int, str]:
    """Version -> the statements that lead to it, in their order."""
    folder = resources.files(__package__) / "sql" / "migrations"
    steps = sorted((int(step.name[:4]), step.read_text("utf-8")) for step in folder.iterdir())
    return MappingProxyType(dict(steps))


def newest_version() -> int:
    return max(migrations())


def version_of(path: Path, settings: Mapping[str, str]) -> int:
    """The version a database says it is of. Raises StoreError where this program cannot know it."""
    text = settings.get("schema", "")
    if not text.isdecimal() or not 1 <= int(text) <= newest_version():
        raise newer(path, text, newest_version())
    return int(text)


def migrate(path: Path) -> None:
    """Bring a database to this program's version: a copy is made first, then all steps or none.

    Raises StoreError; the database is then as it was.
    """
    _write_out(path)
    settings = settings_of(path)
    before = version_of(path, settings)
    copied = copy_before(path, before)
    connection = connect(path)
    try:
        with private():
            connection.begin()
            row = connection.execute("select value from setting where name = 'schema'").fetchone()
            if row is None or row[0] != str(before):  # another program was faster: its copy holds
                connection.rollback()
                copied.unlink()
                return
            for version, statements in migrations().items():
                if version > before:
                    connection.execute(statements)
            connection.execute(
                "update setting set value = ? where name = 'schema'", [str(newest_version())]
            )
            connection.execute(
                "insert into history values (?, ?, 'brought up to date', null, ?)",
                [
                    int(settings.get("revision", "0")),
                    datetime.now(UTC).replace(tzinfo=None),
                    f"from version {before} to {newest_version()}; as it was: {copied.name}",
                ],
            )
            connection.commit()
            connection.execute("checkpoint")
    except duckdb.Error as problem:
        why = trouble(path, problem, "The database could not be brought up to date.")
        raise StoreError(
            why.what, why.where, f"{why.fix} A copy as it was is {copied.name}, beside it."
        ) from None
    finally:
        with private():
            connection.close()


def _write_out(path: Path) -> None:
    """All that is committed into the one file, so that a copy of it holds everything."""
    connection = connect(path)
    try:
        with private():
            connection.execute("checkpoint")
    except duckdb.Error as problem:
        raise trouble(path, problem) from None
    finally:
        with private():
            connection.close()
