"""Trouble with the database is told by its cause; each is provoked, none is imitated."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pxcore.errors import StoreError
from pxcore.store import Store
from tests.store.loads import extract, fft, response

# Opens the store as a person without rights over everything would, and prints what is told.
ATTEMPT = """
import os, resource, sys
from pxcore.errors import StoreError
from pxcore.store import Store
from tests.store.loads import extract, fft
Store.open().close()  # all that is read of the program is read by now
if os.geteuid() == 0 and "nobody" in sys.argv:
    os.setgid(65534)
    os.setuid(65534)
try:
    store = Store.open(sys.argv[1])
    if "full" in sys.argv:
        resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(sys.argv[1]), resource.RLIM_INFINITY))
        try:
            for number in range(40):
                many = [fft(f"P-{number}-{place}", 9, 10) for place in range(3000)]
                store.commit([extract(fft_fact=many)])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print("opened")
except StoreError as problem:
    print(f"{problem.what}|{problem.where}|{problem.fix}")
"""


def attempt(path: Path, *how: str) -> tuple[str, str, str]:
    """What another process is told: what, where and how to mend it."""
    ran = subprocess.run(
        [sys.executable, "-c", ATTEMPT, str(path), *how],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert not ran.stderr
    what, where, fix = ran.stdout.strip().split("|")
    return what, where, fix


@pytest.fixture
def open_to_all(tmp_path: Path) -> Path:
    """A folder that another user can reach."""
    for folder in [tmp_path, *tmp_path.parents]:
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o755)
    return tmp_path


def told(path: Path) -> StoreError:
    with pytest.raises(StoreError) as problem:
        Store.open(path)
    assert problem.value.where == str(path)
    assert problem.value.__cause__ is None
    assert problem.value.__context__ is None or problem.value.__suppress_context__
    return problem.value


def test_a_file_in_use_names_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    holder = subprocess.Popen(
        [sys.executable, "-c",
         "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); "
         "sys.stdin.read()", str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        problem = told(path)
    finally:
        holder.communicate(b"")
    assert re.fullmatch(
        rf"The database is open in another program \(python.*, process {holder.pid}\)\.",
        problem.what,
    )


def damaged(path: Path, place: int) -> Path:
    store = Store.open(path)
    store.commit([extract(fft_fact=[fft(f"P-{n}", 9, 10) for n in range(2000)])])
    store.close()
    content = bytearray(path.read_bytes())
    content[place] ^= 255
    path.write_bytes(content)
    return path


def test_a_damaged_block_is_damage_and_not_a_lock(tmp_path: Path) -> None:
    problem = told(damaged(tmp_path / "own.duckdb", 4096 * 2 + 100))
    assert problem.what == "The database file is damaged."
    assert "Restore the file from a copy" in problem.fix


def test_a_file_cut_off_is_damage(tmp_path: Path) -> None:
    path = damaged(tmp_path / "own.duckdb", -1)
    path.write_bytes(path.read_bytes()[:9000])
    assert told(path).what == "The database file is damaged."


@pytest.mark.parametrize("content", [b"a,b\n1,2\n" * 500, b"", b"short"])
def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "own.duckdb"
    path.write_bytes(content)
    problem = told(path)
    assert problem.what == (
        "The file is not a database of this program, or damaged from its first bytes on."
    )
    assert "PX_DATABASE" in problem.fix
    assert "copy" not in problem.fix
    assert path.read_bytes() == content


def test_a_sqlite_file_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    other = sqlite3.connect(path)
    other.execute("create table patient (name)")
    other.commit()
    other.close()
    before = path.read_bytes()
    assert told(path).what == "The file is a SQLite database of another program."
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["own.duckdb"]


@pytest.mark.parametrize(
    "tables",
    [
        "create table patient (name varchar)",
        "create view patient as select 1 as name",
        "create table setting (colour varchar); create table extract (a int); "
        "create table history (b int)",
        "create table setting (name varchar, value varchar); create table patient (name varchar)",
    ],
)
def test_another_programs_database_is_left_as_it_is(tmp_path: Path, tables: str) -> None:
    path = tmp_path / "own.duckdb"
    other = duckdb.connect(str(path))
    other.execute(tables)
    other.close()
    before = path.read_bytes()
    assert told(path).what == "The file is a database of another program."
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["own.duckdb"]


def test_a_path_under_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    for path in (
        tmp_path / "notes.txt" / "own.duckdb",
        tmp_path / "notes.txt" / "a" / "own.duckdb",
    ):
        problem = told(path)
        assert problem.what == (
            "The path of the database leads through a file as if it were a folder."
        )
        assert "PX_DATABASE" in problem.fix


def test_a_folder_is_told(tmp_path: Path) -> None:
    assert told(tmp_path).what == "There is a folder where the database should be."


def test_no_permission_is_told_apart_from_damage(open_to_all: Path) -> None:
    path = open_to_all / "own.duckdb"
    Store.open(path).close()
    path.chmod(0o400)  # and another's, where the tests are run by root
    what, where, fix = attempt(path, "nobody")
    assert what == "You have no permission to read and write the database."
    assert where == str(path)
    assert "Nothing is damaged" in fix
    assert "PX_DATABASE" in fix
    assert "copy" not in fix


def test_a_folder_that_cannot_be_written_to_is_told(open_to_all: Path) -> None:
    folder = open_to_all / "shared"
    folder.mkdir()
    path = folder / "own.duckdb"
    Store.open(path).close()
    path.chmod(0o666)
    folder.chmod(0o555)
    try:
        what, _, fix = attempt(path, "nobody")
        assert what == "You have no permission to write in the folder of the database."
        assert "Nothing is damaged" in fix
        assert "copy" not in fix
        assert attempt(folder / "new.duckdb", "nobody")[0].startswith("You have no permission")
        assert attempt(folder / "sub" / "new.duckdb", "nobody")[0].startswith(
            "You have no permission"
        )
    finally:
        folder.chmod(0o755)


def test_a_folder_that_cannot_be_entered_is_told(open_to_all: Path) -> None:
    folder = open_to_all / "closed"
    folder.mkdir(mode=0o700)
    try:
        what, where, _ = attempt(folder / "new.duckdb", "nobody")
    finally:
        folder.chmod(0o755)
    assert what.startswith("You have no permission")
    assert where == str(folder / "new.duckdb")


def test_a_full_disk_is_told_and_takes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    Store.open(path).close()
    what, where, fix = attempt(path, "full")
    assert (what, where) == ("The disk is full.", str(path))
    assert "Nothing is damaged" in fix
    assert "Restore" not in fix
    store = Store.open(path)  # opens whole
    assert store.revision < 40
    store.close()


def test_no_words_of_a_comment_are_in_what_is_told(store: Store) -> None:
    row, answer = response(1, "The Surgery", comment="Nurse Joy was rude")
    broken = extract(response=[row], answer=[answer])
    frame = broken["frames"]["response"]
    frame["stars"] = frame["stars"].astype(object)
    frame.loc[0, "stars"] = "Nurse Joy was rude"  # a value its column cannot hold
    with pytest.raises(StoreError) as problem:
        store.commit([broken])
    assert "Joy" not in str(problem.value)
    assert problem.value.__cause__ is None
    assert problem.value.__suppress_context__
    assert "Joy" not in repr(problem.value.__reduce__())
