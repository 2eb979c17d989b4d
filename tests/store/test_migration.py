"""A database of any older version opens, with all that people put into it; a copy is made first."""

from __future__ import annotations

import os
import stat
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from pxcore.errors import StoreError
from pxcore.store import Store
from pxcore.store.migration import migrations, newest_version
from pxcore.store.statements import statement
from tests.store.loads import extract, fft

SCHEMAS = Path(__file__).parent / "schemas"  # the tables as they once landed: never changed
LANDED = sorted(SCHEMAS.glob("*.sql"))
WHEN = datetime(2026, 1, 2, 3, 4)
# What people put in, by table; a table that a version did not have is left out.
PUT_IN: dict[str, tuple[Any, ...]] = {
    "extract": (
        1, "test", "old.csv", "0" * 64, "Old", "test", date(2024, 2, 29), WHEN, "loaded",
        1, 1, 0, 0, "{}", "[]", "[]",
    ),
    "history": (1, WHEN, "loaded", 1, "{}"),
    "alias": ("elm surgery", "", "Elm Surgery", "P-1", WHEN, "Ann"),
    "profile": ("ours", "{}", WHEN),
    "scenario": ("by text", "{}", WHEN, "Ann"),
    "rebase": (1, "fft_gp", "P-1", date(2024, 4, 1), "texts", "Ann", WHEN, False),
    "target": (1, "fft_gp", "overall", 0.9, "contract", "Ann", WHEN, False),
    "masked_name": ("Grace", True, "Ann", WHEN),
    "coding": (1, "fft_local", "r1", "key", "Ann", "coded", ["access"], "positive", WHEN),
    "group_band": ("age", "75+", "old", WHEN, "Ann", "few"),
    "workshop": ("w", 1, "June", WHEN, "Ann", 1, "key", "{}", "key", 5),
    "workshop_answer": (2, "w", 1, 1, "p", "form", "agree", None, "", WHEN),
    "decision": (
        "d", 1, 3, "w", 1, "P-1", "Elm Surgery", "practice", "access", "decision", "Ring", "Lines",
        "None", "Ring back", "Ann", date(2026, 3, 1), "yes", "Deaf people", "Cost", "low", "",
        ["nurse"], [6], ["W-1"], None, "fft_gp", "overall", "proportion", 0.7, 0.6, 0.8, 120.0,
        date(2025, 1, 1), date(2025, 3, 31), "up", 0.05, date(2026, 9, 1), 0.6, 8, None, None, None,
        True, "", "Ann", WHEN,
    ),
    "decision_review": (4, "d", 30, "done", "", "Ann", WHEN),
}  # fmt: skip


def made_then(schema: Path, path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """A database as that version left it, with rows; what it holds."""
    old = duckdb.connect(str(path))
    old.execute(schema.read_text("utf-8"))
    version = str(int(schema.name[:4]))
    old.execute(
        "insert into setting values ('schema', ?), ('kind', 'own'), ('revision', '1')", [version]
    )
    tables = {name for (name,) in old.execute("select table_name from duckdb_tables()").fetchall()}
    held = {}
    for table, row in PUT_IN.items():
        if table in tables:
            columns = [name for name, *_ in old.execute(f"describe {table}").fetchall()][: len(row)]
            marks = ", ".join("?" for _ in row)
            old.execute(f"insert into {table} ({', '.join(columns)}) values ({marks})", list(row))
            held[table] = [row]
    fact = {"extract": 1, "live": True} | fft("P-1", 9, 10)
    blank = {"icb": "", "parent": "", "scale": "2020"}
    old.register("rows", pd.DataFrame([blank | fact]))
    old.execute("insert into fft_fact by name select * from rows")
    old.execute("select nextval('extract_number')")
    old.close()
    return held


def tables_of(store: Store) -> list[tuple[Any, ...]]:
    """Every table of a store with its columns, types, defaults and constraints."""
    cursor = store._connection.cursor()
    columns = cursor.execute(
        "select table_name, column_name, data_type, is_nullable, column_default from duckdb_columns() "
        "where not internal and table_name not like 'mart_%' "
        "and table_name in (select table_name from duckdb_tables()) order by all"
    ).fetchall()
    constraints = cursor.execute(
        "select table_name, constraint_type, constraint_text from duckdb_constraints() "
        "where table_name not like 'mart_%' order by all"
    ).fetchall()
    return columns + constraints


@pytest.mark.parametrize("schema", LANDED, ids=lambda path: path.stem)
def test_a_database_of_any_landed_version_opens_with_all_that_people_put_in(
    schema: Path, tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "own.duckdb"
    held = made_then(schema, path)
    opened = Store.open(path)
    assert tables_of(opened) == tables_of(store)
    assert opened.revision == 1
    cursor = opened._connection.cursor()
    for table, rows in held.items():
        kept = cursor.execute(f"select * from {table}").fetchall()
        assert [row[: len(rows[0])] for row in kept[:1]] == rows, table
    assert opened.query("coverage")["respondents"].tolist() == [10]
    assert opened.commit([extract(fft_fact=[fft("P-1", 9, 12, "2024-03")])]) == [2]
    opened.close()


@pytest.mark.parametrize("schema", LANDED[:-1], ids=lambda path: path.stem)
def test_a_copy_as_it_was_stands_beside_it_for_its_owner_alone(
    schema: Path, tmp_path: Path
) -> None:
    path = tmp_path / "own.duckdb"
    made_then(schema, path)
    before = path.read_bytes()
    Store.open(path).close()
    version = int(schema.name[:4])
    copied = tmp_path / f"own.version-{version}.duckdb"
    assert copied.read_bytes() == before
    assert stat.S_IMODE(copied.stat().st_mode) == 0o600
    again = Store.open(path)  # once only
    history = again.query("history")
    assert history["detail"].tolist()[0] == (  # newest first
        f"from version {version} to {newest_version()}; as it was: {copied.name}"
    )
    assert [file.name for file in sorted(tmp_path.glob("*.duckdb"))] == ["own.duckdb", copied.name]
    again.close()


def test_what_was_only_in_the_log_is_in_the_copy(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    made_then(LANDED[0], path)
    killed = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); "
        "c.execute(\"update alias set code = 'P-7'\"); os._exit(0)"
    )
    import subprocess
    import sys

    subprocess.run([sys.executable, "-c", killed, str(path)], check=True)
    assert path.with_name("own.duckdb.wal").exists()
    Store.open(path).close()
    copied = duckdb.connect(str(tmp_path / "own.version-1.duckdb"), read_only=True)
    assert copied.execute("select code from alias").fetchall() == [("P-7",)]
    copied.close()


def test_a_step_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "own.duckdb"
    made_then(LANDED[0], path)
    broken = dict(migrations()) | {
        newest_version() + 1: "create table half (a integer); select 1/'x';"
    }
    monkeypatch.setattr("pxcore.store.migration.migrations", lambda: broken)
    with pytest.raises(StoreError, match="could not be brought up to date.*own.version-1.duckdb"):
        Store.open(path)
    left = duckdb.connect(str(path))
    assert left.execute("select value from setting where name = 'schema'").fetchall() == [("1",)]
    tables = {name for (name,) in left.execute("select table_name from duckdb_tables()").fetchall()}
    left.close()
    assert "half" not in tables
    assert "scenario" not in tables
    monkeypatch.undo()
    opened = Store.open(path)  # the copy of the first attempt stays, beside one of the second
    assert len(list(tmp_path.glob("own.version-1*.duckdb"))) == 2
    opened.close()


def test_a_program_older_than_the_database_says_so_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    Store.open(path).close()
    later = duckdb.connect(str(path))
    later.execute("update setting set value = '99' where name = 'schema'")
    later.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer version of this program.*of version 99"):
        Store.open(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["own.duckdb"]


def test_a_demonstration_of_an_older_version_is_not_taken_for_own_data(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    made_then(LANDED[0], path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="never mixed"):
        Store.open(path, kind="demonstration")
    assert path.read_bytes() == before


def test_todays_tables_are_the_newest_that_landed() -> None:
    """Whoever changes tables.sql writes a migration, and keeps the tables as they were before it."""
    assert LANDED[-1].read_text("utf-8") == statement("schema", "tables")
    assert int(LANDED[-1].name[:4]) == newest_version()
    assert list(migrations()) == list(range(2, newest_version() + 1))


def test_a_new_database_needs_no_copy(tmp_path: Path) -> None:
    Store.open(tmp_path / "own.duckdb").close()
    assert os.listdir(tmp_path) == ["own.duckdb"]
