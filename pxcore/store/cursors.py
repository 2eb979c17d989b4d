"""What DuckDB's cursors leave to be said each time: a row, a value, many rows, back to where it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import duckdb


def first_row(
    cursor: duckdb.DuckDBPyConnection, text: str, parameters: Mapping[str, Any]
) -> tuple[Any, ...]:
    row = cursor.execute(text, dict(parameters)).fetchone()
    assert row is not None
    return tuple(row)


def scalar(cursor: duckdb.DuckDBPyConnection, text: str) -> Any:
    return first_row(cursor, text, {})[0]


def execute_each(
    cursor: duckdb.DuckDBPyConnection, text: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Run a statement once a row, planned once: much faster than a call each."""
    if rows:  # DuckDB refuses none
        cursor.executemany(text, rows)


def roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    with suppress(duckdb.Error):  # the transaction may have ended already
        cursor.rollback()
