"""Record keys: the same person has the same one, in every file and after every change."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from scipy.stats import chisquare

from pxcore.store import Store
from pxcore.store.record_key import KEYS, new_secret, record_keys
from tests.store.loads import extract

SECRET = "ab" * 32


def row(response: str, **more: Any) -> dict[str, Any]:
    return {
        "source": "fft_local",
        "response": response,
        "provider": "P-1",
        "provider_name": "Elm Surgery",
        "answered_on": date(2026, 1, 5),
        "date_raw": "2026-01-05",
        "mode": "sms",
        "cell": f"row {response}",
    } | more


def answer(response: str, said: str = "Good") -> dict[str, Any]:
    return {
        "source": "fft_local",
        "response": response,
        "measure": "overall",
        "answer": said,
        "positive": 1.0,
    }


def keys(
    rows: list[dict[str, Any]], answers: list[dict[str, Any]], secret: str = SECRET
) -> list[int]:
    frames = extract(response=rows, answer=answers)["frames"]
    return record_keys(frames["response"], frames["answer"], secret)


def test_a_row_keeps_its_key_wherever_it_stands() -> None:
    rows = [row("1"), row("2", mode="paper"), row("3", comment="Kind staff")]
    answers = [answer("1"), answer("2"), answer("3")]
    first = keys(rows, answers)
    moved = [row("9", comment="Kind staff", cell="row 70"), row("8"), row("7", mode="paper")]
    assert keys(moved, [answer("9"), answer("8"), answer("7")]) == [first[2], first[0], first[1]]


def test_codes_that_a_supplier_adds_later_change_no_key() -> None:
    plain = keys([row("1", comment="Long wait")], [answer("1")])
    coded = row("1", comment="Long wait", themes=["Waiting"], sentiment="negative", flags=["x"])
    assert keys([coded], [answer("1")]) == plain


def test_what_was_answered_is_part_of_whom_a_row_is() -> None:
    many = [keys([row("1")], [answer("1", said)])[0] for said in ("Good", "Poor", "Neither", "…")]
    assert len(set(many)) > 1


def test_rows_alike_are_different_people_and_named_ones_are_not() -> None:
    alike = keys([row(str(n)) for n in range(40)], [answer(str(n)) for n in range(40)])
    assert len(set(alike)) > 20
    named = keys(
        [row(str(n), author="A-7") for n in range(40)], [answer(str(n)) for n in range(40)]
    )
    assert len(set(named)) == 1


def test_a_name_is_another_person_in_another_source() -> None:
    both = [row("1", author="A-7"), row("2", author="A-7", source="local_survey")]
    secrets = [f"{n:064x}" for n in range(20)]
    assert any(len(set(keys(both, [], secret))) == 2 for secret in secrets)


def test_keys_hang_on_the_secret_and_are_spread_evenly() -> None:
    rows = [row(str(n), comment=f"comment {n}") for n in range(5_000)]
    one, other = keys(rows, []), keys(rows, [], "cd" * 32)
    assert np.mean(np.array(one) == np.array(other)) < 0.02
    assert chisquare(np.bincount(one, minlength=KEYS)).pvalue > 1e-4


def test_own_databases_have_secrets_of_their_own_and_the_demonstration_one_that_is_known() -> None:
    assert new_secret("own") != new_secret("own")
    assert new_secret("demonstration") == new_secret("demonstration")


def held(store: Store) -> list[tuple[str, int]]:
    rows = store._connection.cursor().execute(
        "select comment, record_key from response order by comment, record_key"
    )
    return rows.fetchall()


def test_a_file_taken_out_and_loaded_again_has_the_same_keys(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    store = Store.open(path)
    rows = [row(str(n), comment=f"comment {n}") for n in range(9)]
    (number,) = store.commit([extract("a.csv", response=rows, answer=[answer("1")])])
    before = held(store)
    store.erase(number)
    again = [row(f"other {n}", comment=f"comment {n}") for n in range(9)]
    store.commit([extract("b.csv", response=again, answer=[answer("other 1")])])
    store.close()
    store = Store.open(path)
    assert [pair for pair in held(store) if pair[0]] == before
    store.close()


def test_a_migrated_database_gets_the_keys_a_new_one_would_have(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    store = Store.open(path)
    store.commit([extract("a.csv", response=[row("1", comment="x"), row("2", comment="y")])])
    before = held(store)
    store.close()
    connection = duckdb.connect(str(path))
    connection.execute("drop view if exists stg_comment")
    for view in ("stg_found", "stg_coded", "stg_asked", "stg_response"):
        connection.execute(f"drop view if exists {view}")
    connection.execute("alter table response drop column record_key")
    # the version before there were record keys
    connection.execute("update setting set value = '2' where name = 'schema'")
    connection.close()
    store = Store.open(path)
    assert held(store) == before
    store.close()
