"""What a transaction that changes facts does to the tables: rows in, keys, who speaks, marts anew, checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import duckdb
import pandas as pd

from pxcore.errors import AlreadyLoaded, StoreError
from pxcore.frames import FRAMES
from pxcore.store.cursors import first_row
from pxcore.store.record_key import count_keys, record_keys
from pxcore.store.statements import MADE_IN_ORDER, checks, statement

FACTS = ("fft_fact", "survey_fact", "summary", "response", "document", "league")


def refuse_repeated(
    cursor: duckdb.DuckDBPyConnection,
    extracts: Sequence[Mapping[str, Any]],
    now: datetime,
) -> None:
    """Raise for the first file whose bytes are in the store, or came earlier in this batch."""
    known = {
        sha256: same
        for sha256, *same in cursor.execute(
            "select sha256, file_name, loaded_at, status, extract from extract "
            "where sha256 in (select unnest(?::varchar[])) "
            # erased: to bring its words back, the file itself is loaded again
            "and extract not in (select extract from history where event = 'erased')",
            [[extract["sha256"] for extract in extracts]],
        ).fetchall()
    }
    for extract in extracts:
        if extract["sha256"] not in known:
            known[extract["sha256"]] = [extract["file_name"], now, "loaded", None]
            continue
        file_name, loaded_at, status, number = known[extract["sha256"]]
        fix = (
            "Nothing was changed; there is nothing to do."
            if status == "loaded"
            else f"It was removed since: restore it in the history (extract {number})."
        )
        raise AlreadyLoaded(
            f"‘{extract['file_name']}’ is already loaded: the same contents came as "
            f"‘{file_name}’ on {loaded_at:%d %B %Y at %H:%M} UTC.",
            fix=fix,
        )


def insert(
    cursor: duckdb.DuckDBPyConnection,
    name: str,
    extracts: Sequence[Mapping[str, Any]],
    numbers: Sequence[int],
) -> None:
    frames = [
        extract["frames"][name].assign(extract=number)
        for extract, number in zip(extracts, numbers, strict=True)
        if name in extract["frames"]
    ]
    if not frames:
        return
    frame = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    columns = ["extract", *FRAMES[name]]
    frame = frame[columns]
    if name in FACTS:
        frame = frame.assign(live=True)
        columns.append("live")
    listed = ", ".join(f'"{column}"' for column in columns)
    order = (
        " order by source, provider, period_start" if name in ("fft_fact", "survey_fact") else ""
    )
    cursor.register("incoming", frame)
    cursor.execute(f"insert into {name} ({listed}) select {listed} from incoming{order}")
    cursor.unregister("incoming")


def key_responses(cursor: duckdb.DuckDBPyConnection, secret: str) -> bool:
    """Give every response and every confidential count that has none its record key; was there any?"""
    waiting = "select distinct extract from response where record_key is null order by extract"
    numbers = cursor.execute(waiting).fetchall()
    keyed = bool(numbers)
    for (number,) in numbers:
        rows, answers = (
            cursor.execute(f"select * from {name} where extract = ?", [number]).df()
            for name in ("response", "answer")
        )
        keys = record_keys(rows, answers, secret)
        cursor.register("incoming", rows[["extract", "response"]].assign(record_key=keys))
        cursor.execute(statement("load", "record_keys"))
        cursor.unregister("incoming")
    for name in ("fft_fact", "survey_fact"):
        rows = cursor.execute(
            f"select *, rowid as place from {name} where confidential and record_key is null"
        ).df()
        if len(rows):
            keyed = True
            keys = count_keys(rows, secret)
            cursor.register("incoming", rows[["place"]].assign(record_key=keys))
            cursor.execute(
                f"update {name} as f set record_key = i.record_key from incoming as i "
                "where f.rowid = i.place"
            )
            cursor.unregister("incoming")
    return keyed


def choose_speakers(
    cursor: duckdb.DuckDBPyConnection, numbers: Sequence[int]
) -> list[dict[str, int]]:
    """Mark which rows speak after a change; extracts (others) whose count of them changed."""
    sources, first, last = first_row(
        cursor, statement("load", "touched"), {"extracts": list(numbers)}
    )
    if not sources:
        return []
    scope = {"sources": sources}
    counting = statement("load", "live_rows")
    before = dict(cursor.execute(counting, scope).fetchall())
    for name in FACTS:
        cursor.execute(statement("load", f"speak_{name}"), scope | {"first": first, "last": last})
    after = dict(cursor.execute(counting, scope).fetchall())
    return [
        {"extract": int(number), "rows": int(before[number] - after.get(number, 0))}
        for number in before
        if number not in numbers and before[number] != after.get(number, 0)
    ]


def rebuild(cursor: duckdb.DuckDBPyConnection) -> None:
    for folder, name in MADE_IN_ORDER:
        if folder == "marts":
            cursor.execute(statement(folder, name))


def check(cursor: duckdb.DuckDBPyConnection) -> None:
    for name in checks():
        rows = cursor.execute(statement("checks", name)).fetchmany(3)
        if rows:
            why = statement("checks", name).splitlines()[0].removeprefix("-- ")
            raise StoreError(
                f"Nothing was loaded: a rule of the database does not hold ({why}).",
                f"check {name}",
                f"First found: {rows[0]}",
            )
