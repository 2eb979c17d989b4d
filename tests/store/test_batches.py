"""Many extracts, or many names, written at once are as if each had been written alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pxcore.errors import AlreadyLoaded
from pxcore.store import Store
from tests.store.loads import extract, fft


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store.open()
    yield opened
    opened.close()


def test_the_same_contents_twice_in_one_batch_are_refused(store: Store) -> None:
    one = extract("fft.csv", fft_fact=[fft("P-1", 9, 10)])
    with pytest.raises(AlreadyLoaded, match="‘copy.csv’ is already loaded.*came as ‘fft.csv’"):
        store.commit([one, one | {"file_name": "copy.csv"}])
    assert (store.revision, len(store.query("extracts"))) == (0, 0)


def test_every_extract_of_a_batch_has_its_number_and_its_line_of_history(store: Store) -> None:
    numbers = store.commit(
        [extract(f"{code}.csv", fft_fact=[fft(code, 9, 10)]) for code in ("P-1", "P-2", "P-3")]
    )
    assert sorted(set(numbers)) == numbers
    kept = store.query("extracts").sort_values("extract")
    assert list(kept["extract"]) == numbers
    assert list(kept["file_name"]) == ["P-1.csv", "P-2.csv", "P-3.csv"]
    history = store.query("history")
    assert list(history["extract"]) == numbers
    assert set(history["event"]) == {"loaded"}


def test_a_batch_of_nothing_changes_nothing_but_the_revision(store: Store) -> None:
    assert store.commit([]) == []
    store.confirm_aliases([], by="someone")
    assert store.query("extracts").empty
    assert store.query("history").empty


def test_of_a_name_said_twice_at_once_the_last_code_stands(store: Store) -> None:
    store.confirm_aliases([{"name": "Elm Surgery", "code": "P-1"}], by="first")
    store.confirm_aliases(
        [
            {"name": "Elm Surgery", "code": "P-2"},
            {"name": "Elm Surgery", "context": "York", "code": "P-3"},
            {"name": "ELM surgery", "code": "P-4"},
        ],
        by="second",
    )
    kept = store._connection.cursor().execute(
        "select context_key, name, code, confirmed_by from alias order by context_key"
    )
    assert kept.fetchall() == [
        ("", "ELM surgery", "P-4", "second"),
        ("york", "Elm Surgery", "P-3", "second"),
    ]
    assert len(store.query("history")) == 4
