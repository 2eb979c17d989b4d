"""What happens, mostly in workshops: rows are added, one at a time, and read as they are now."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from pxcore.errors import StoreError
from pxcore.store.cursors import roll_back, scalar
from pxcore.store.file import private
from pxcore.store.statements import EVENT_TABLES, PARAMETER, event_tables_of, statement
from pxcore.store.trouble import trouble

MOST_ANSWERS_CACHED = 64


class Happenings:
    """The tables of what happens in a database that is open, and what is wrong with it where something is."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path | None) -> None:
        self._connection = connection
        self.path = path
        self.lost = False  # DuckDB gave it up, as on a full disk: it must be opened anew
        self._happening = threading.RLock()
        self._added: Counter[str] = Counter()  # rows added since, by table of what happens
        self._happened: dict[Any, tuple[Any, list[dict[str, Any]]]] = {}

    @contextmanager
    def happening(self) -> Iterator[None]:
        """What is asked and added inside stands together: nothing happens in any workshop meanwhile.

        A lock of its own, so that a telephone does not wait for a file that is being loaded.
        """
        with self._happening:
            yield

    def add(self, *rows: tuple[str, Mapping[str, Any]]) -> int:
        """Add rows to tables of what happens, all or none; on disk when this returns. The number of the last.

        Each is a table and its columns but `number`, in any order. No answer changes: `revision` stays.
        """
        if strange := {table for table, _ in rows} - set(EVENT_TABLES):
            raise ValueError(f"{strange} are no tables of what happens")
        number = 0
        with self._happening, private():
            cursor = self._connection.cursor()
            try:
                cursor.begin()
                for table, row in rows:
                    columns, values = list(row), list(row.values())
                    if table != "workshop_cell":  # which is numbered by its place on the agenda
                        number = int(scalar(cursor, "select nextval('workshop_number')"))
                        columns, values = [*columns, "number"], [*values, number]
                    places = ", ".join("?" for _ in columns)
                    cursor.execute(
                        f"insert into {table} ({', '.join(columns)}) values ({places})", values
                    )
                cursor.commit()
                self._added.update(table for table, _ in rows)
            except duckdb.Error as problem:
                roll_back(cursor)
                raise self._trouble(problem, "Nothing was kept.") from None
            finally:
                cursor.close()
        return number

    def events(self, name: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """The rows answered by sql/ask/<name>.sql of what has happened, as it is now.

        What was answered is kept until a row is added to a table that is asked: thirty telephones ask the
        same again and again. It is handed out as it is: nobody changes it.
        """
        text = statement("ask", name)
        wanted = set(PARAMETER.findall(text))
        bound = {key: value for key, value in parameters.items() if key in wanted}
        key = (name, *sorted(bound.items()))
        with self._happening:
            at = tuple(self._added[table] for table in event_tables_of(text))
            before = self._happened.get(key)
            if before is not None and before[0] == at:
                return before[1]
            rows = self._events(text, bound)
            if len(self._happened) >= MOST_ANSWERS_CACHED:
                self._happened.pop(next(iter(self._happened)))
            self._happened[key] = (at, rows)
            return rows

    def _events(self, text: str, bound: Mapping[str, Any]) -> list[dict[str, Any]]:
        with private():
            cursor = self._connection.cursor()
            try:
                answered = cursor.execute(text, bound)
                columns = [column for column, *_ in answered.description]
                return [dict(zip(columns, row, strict=True)) for row in answered.fetchall()]
            except duckdb.Error as problem:
                raise self._trouble(problem, "The database could not answer.") from None
            finally:
                cursor.close()

    def _trouble(self, problem: duckdb.Error, doing: str) -> StoreError:
        """What is wrong, told truly; a database that DuckDB gave up must be opened anew."""
        self.lost = self.lost or isinstance(problem, duckdb.FatalException)
        return trouble(self.path, problem, doing)
