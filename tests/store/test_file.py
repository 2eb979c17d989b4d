"""The database as a file: its owner's alone, and nothing erased left in its bytes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from pxcore.analysis.files.sources import sources
from pxcore.errors import StoreError
from pxcore.store import Store
from pxcore.store.file import copies_of, private
from pxcore.words import sources as words
from tests.store.loads import extract, fft, response

WORDS = "Nurse Joy of ward seven never once looked up from her zebras"


@pytest.fixture(autouse=True)
def usual_umask() -> object:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def with_words(name: str = "", **more: object) -> dict[str, object]:
    row, answer = response(1, "The Surgery", comment=WORDS, **more)
    redaction = {
        "response": "r1", "comment": f"{WORDS} shown", "folded": f" {WORDS.lower()} ", "masked": "{}",
        "rules": "r",
    }  # fmt: skip
    return extract(
        name,
        response=[row | {"themes": ["Rude nurse Joy"], "flags": []}],
        answer=[answer | {"answer": f"Poor: {WORDS}"}],
        redaction=[redaction],
    )


def test_a_new_database_its_folder_and_its_log_are_their_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "made" / "here" / "own.duckdb"
    store = Store.open(path)
    store.commit([with_words()])
    log = path.with_name("own.duckdb.wal")
    assert log.exists()
    assert [mode(file) for file in (path, log)] == [0o600, 0o600]
    assert [mode(folder) for folder in (path.parent, path.parent.parent)] == [0o700, 0o700]
    store.close()
    assert mode(path) == 0o600


def test_a_folder_that_was_there_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Store.open(tmp_path / "own.duckdb").close()
    assert mode(tmp_path) == 0o755


def test_the_umask_is_put_back_by_the_last_to_leave() -> None:
    def umask() -> int:
        now = os.umask(0)
        os.umask(now)
        return now

    with private():
        with private():
            assert umask() == 0o077
        assert umask() == 0o077
    assert umask() == 0o022


def test_erased_words_are_gone_from_every_byte(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    store = Store.open(path)
    number = store.commit([with_words()])[0]
    store.commit([extract(fft_fact=[fft("P-1", 9, 10)])])
    store.close()
    assert b"her zebras" in path.read_bytes()  # as they stand in the file
    store = Store.open(path)
    store.erase(number)
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    for trace in (b"her zebras", b"Rude nurse", b"Poor: "):
        assert trace not in left
    # all else goes on
    assert store.commit([extract(fft_fact=[fft("P-2", 9, 10)])]) == [3]
    assert store.query("coverage")["rows"].sum() == 2
    assert mode(path) == 0o600
    store.close()
    store = Store.open(path)
    assert store.revision == 4
    assert b"her zebras" not in path.read_bytes()
    store.close()


def test_the_history_keeps_that_words_were_erased_and_restoring_says_so(store: Store) -> None:
    number = store.commit([with_words("spoken.csv")])[0]
    store.erase(number)
    report = sources(store)
    assert report.history["event"].iloc[0] == "erased"
    assert report.history["said"].iloc[0].startswith("1 comment deleted for good")
    assert report.last_undoable() is None
    store.restore(number)
    report = sources(store)
    assert words.restored(report, number) == (
        "‘spoken.csv’ counts again, without its comments: they were erased for good. To have them back, "
        "load the file itself again."
    )
    assert store.query("coverage")["respondents"].tolist() == [1]
    assert store.unmasked("any").empty


def test_an_erased_file_can_be_loaded_again(store: Store) -> None:
    one = with_words("spoken.csv")
    store.erase(store.commit([one])[0])
    assert store.commit([one]) == [2]
    assert store.unmasked("any")["comment"].tolist() == [WORDS]
    assert store.query("coverage")["respondents"].tolist() == [1]


def test_what_is_not_there_cannot_be_erased(store: Store) -> None:
    with pytest.raises(StoreError, match="Extract 7 cannot be erased"):
        store.erase(7)


def test_copies_that_still_hold_erased_words_are_named(tmp_path: Path) -> None:
    path = tmp_path / "own [1].duckdb"
    for name in (
        "own [1].version-1.duckdb",
        "own [1].version-1.20260101-000000.duckdb",
        "own.version-1.duckdb",
    ):
        (tmp_path / name).write_bytes(b"x")
    assert [copy.name for copy in copies_of(path)] == [
        "own [1].version-1.20260101-000000.duckdb", "own [1].version-1.duckdb",
    ]  # fmt: skip
