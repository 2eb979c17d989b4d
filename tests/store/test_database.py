"""The store: loads all or none, replaces and gives back, and never a wrong answer to a thread."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pxcore.errors import AlreadyLoaded, StoreError
from pxcore.frames import FRAMES
from pxcore.store import Store
from pxcore.store.loading import FACTS
from pxcore.store.statements import statement
from tests.store.loads import extract, fft, provider, response, survey


def figures(store: Store) -> dict[tuple[str, str], float]:
    """(provider, month) -> respondents, of the rows that speak."""
    cursor = store._connection.cursor()  # the one look inside: at the rows that speak
    rows = cursor.execute(
        "select provider, strftime(period_start, '%Y-%m'), respondents from fft_fact where live"
    ).fetchall()
    return {(code, month): n for code, month, n in rows}


@pytest.mark.parametrize("name", FRAMES)
def test_a_table_has_the_columns_its_frame_declares(store: Store, name: str) -> None:
    columns = [row[0] for row in store._connection.cursor().execute(f"describe {name}").fetchall()]
    extra = {"extract", "live"} if name in FACTS else {"extract"}
    extra |= {"record_key"} if name in ("response", "fft_fact", "survey_fact") else set()
    assert set(columns) == set(FRAMES[name]) | extra


def test_a_load_counts_one_revision_and_keeps_its_provenance(store: Store) -> None:
    assert store.revision == 0
    store.commit([extract("fft.csv", fft_fact=[fft("P-1", 9, 10)])])
    assert store.revision == 1
    kept = store.query("extracts").iloc[0]
    assert (kept["file_name"], kept["status"], kept["live_rows"]) == ("fft.csv", "loaded", 1)
    assert re.fullmatch("[0-9a-f]{64}", kept["sha256"])


def test_the_same_contents_twice_are_refused_and_nothing_changes(store: Store) -> None:
    one = extract("fft.csv", fft_fact=[fft("P-1", 9, 10)])
    store.commit([one])
    with pytest.raises(AlreadyLoaded, match="already loaded"):
        store.commit([one | {"file_name": "copy of fft.csv"}])
    assert (store.revision, len(store.query("extracts"))) == (1, 1)


def test_a_removed_file_loaded_again_is_pointed_at_the_history(store: Store) -> None:
    one = extract(fft_fact=[fft("P-1", 9, 10)])
    number = store.commit([one])[0]
    store.remove(number)
    with pytest.raises(AlreadyLoaded, match="restore it"):
        store.commit([one])


def test_a_load_that_breaks_a_rule_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(StoreError, match="a rule of the database does not hold"):
        store.commit(
            [
                extract(fft_fact=[fft("P-1", 9, 10)]),
                extract(fft_fact=[fft("P-2", 90, 10, value=0.9)]),  # more positive than answered
            ]
        )
    assert store.revision == 0
    assert store.query("extracts").empty
    assert figures(store) == {}


def test_two_rows_of_one_file_for_one_figure_are_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="counted twice"):
        store.commit([extract(fft_fact=[fft("P-1", 9, 10), fft("P-1", 8, 10)])])


def test_a_revised_file_replaces_only_what_it_holds(store: Store) -> None:
    store.commit(
        [extract(fft_fact=[fft("P-1", 9, 10), fft("P-2", 9, 20), fft("P-1", 9, 30, "2024-03")])]
    )
    store.commit([extract(fft_fact=[fft("P-1", 10, 11)])])
    assert figures(store) == {
        ("P-1", "2024-02"): 11,
        ("P-2", "2024-02"): 20,
        ("P-1", "2024-03"): 30,
    }


def test_the_history_says_what_was_replaced(store: Store) -> None:
    first = store.commit([extract(fft_fact=[fft("P-1", 9, 10), fft("P-2", 9, 20)])])[0]
    store.commit([extract(fft_fact=[fft("P-1", 10, 11)])])
    newest = store.query("history").iloc[0]
    assert newest["event"] == "loaded"
    assert f'"extract": {first}, "rows": 1' in newest["detail"]


def test_taking_the_revision_out_gives_the_older_figure_back(store: Store) -> None:
    store.commit([extract(fft_fact=[fft("P-1", 9, 10)])])
    revised = store.commit([extract(fft_fact=[fft("P-1", 10, 11)])])[0]
    store.remove(revised)
    assert figures(store) == {("P-1", "2024-02"): 10}
    store.restore(revised)
    assert figures(store) == {("P-1", "2024-02"): 11}


def test_what_is_not_there_cannot_be_removed(store: Store) -> None:
    with pytest.raises(StoreError, match="Extract 7"):
        store.remove(7)


def test_a_provider_respelt_is_still_the_same_provider(store: Store) -> None:
    store.commit([extract(fft_fact=[fft("P-1", 9, 10, provider_name="THE SURGERY")])])
    store.commit([extract(fft_fact=[fft("P-1", 9, 12, provider_name="The Surgery")])])
    assert figures(store) == {("P-1", "2024-02"): 12}


def test_a_longer_local_file_replaces_the_months_it_repeats(store: Store) -> None:
    def rows(*numbers: int, on: str) -> dict[str, list[dict[str, object]]]:
        made = [response(n, "The Surgery", on=on) for n in numbers]
        return {"response": [one for one, _ in made], "answer": [answer for _, answer in made]}

    store.commit([extract(**rows(1, 2, 3, on="2024-02-10"))])
    february = rows(1, 2, 3, 4, on="2024-02-10")
    march = rows(9, on="2024-03-02")
    store.commit(
        [
            extract(
                response=february["response"] + march["response"],
                answer=february["answer"] + march["answer"],
            )
        ]
    )
    months = store.query("coverage").set_index("period_start")["respondents"]
    assert months.tolist() == [4, 1]


def test_an_answer_without_its_response_is_refused(store: Store) -> None:
    row, answer = response(1, "The Surgery")
    with pytest.raises(StoreError, match="belongs to a response"):
        store.commit([extract(response=[row], answer=[answer | {"response": "another"}])])


def test_a_name_takes_the_code_a_person_confirmed_and_gives_it_back(store: Store) -> None:
    row, answer = response(1, "Health Partners @ Violet House")
    store.commit(
        [
            extract(
                response=[row],
                answer=[answer],
                provider=[provider("P-1", name="HEALTH PARTNERS AT VIOLET HOUSE")],
            )
        ]
    )
    assert store.query("unmatched_names")["code"].tolist() == [""]
    store.confirm_aliases([{"name": "Health-Partners-at-Violet-House", "code": "P-1"}], by="me")
    assert store.query("unmatched_names")["code"].tolist() == ["P-1"]
    store.forget_alias("health partners at violet house")
    assert store.query("unmatched_names")["code"].tolist() == [""]


def test_suggestions_put_the_same_name_and_the_named_network_first(store: Store) -> None:
    from tests.store.loads import parent

    row, answer = response(1, "The Surgery", provider_context="Hill PCN")
    store.commit(
        [
            extract(
                response=[row],
                answer=[answer],
                provider=[
                    provider("P-1", name="THE SURGERY"),
                    provider("P-2", name="THE SURGERY"),
                    provider("N-1", "pcn", name="VALE PCN"),
                    provider("N-2", "pcn", name="HILL PCN"),
                ],
                parent=[parent("P-1", "N-1", "pcn"), parent("P-2", "N-2", "pcn")],
            )
        ]
    )
    best = store.query("alias_suggestions").query("place == 1").iloc[0]
    assert (best["code"], bool(best["exact"]), bool(best["in_context"])) == ("P-2", True, True)


def test_a_file_keeps_everything_between_runs(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    first = Store.open(path)
    first.commit([extract(fft_fact=[fft("P-1", 9, 10)])])
    first.close()
    second = Store.open(path)
    assert (second.revision, figures(second)) == (1, {("P-1", "2024-02"): 10})
    second.close()


def test_demonstration_and_own_data_are_never_mixed(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    Store.open(path).close()
    with pytest.raises(StoreError, match="never mixed"):
        Store.open(path, kind="demonstration")


def test_a_damaged_file_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    path.write_bytes(b"not a database at all" * 400)
    with pytest.raises(StoreError, match="damaged"):
        Store.open(path)


def test_a_file_open_in_another_program_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); "
            "sys.stdin.read()",
            str(path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(StoreError, match="open in another program"):
            Store.open(path)
    finally:
        holder.communicate(b"")


def test_nothing_outside_can_be_read_once_it_is_open(store: Store, tmp_path: Path) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_text("a\n1\n")
    with pytest.raises(duckdb.PermissionException):
        store._connection.cursor().execute(f"select * from read_csv('{outside}')")
    with pytest.raises(duckdb.Error):
        store._connection.cursor().execute("set enable_external_access = true")


def test_threads_get_their_own_answers(store: Store) -> None:
    store.commit(
        [extract(survey_fact=[survey(f"P-{n}", n / 100, respondents=n) for n in range(1, 61)])]
    )

    def ask(number: int) -> bool:
        rows = store.query(
            "trace",
            source="gp_survey",
            measure="overall",
            start="2024-01-01",
            end="2024-12-31",
            service="",
            organisation="reported",
            grain="practice",
            reported_grain="practice",
            unit=f"P-{number}",
        )
        return rows["respondents"].tolist() == [number]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, [1 + n % 60 for n in range(480)]))


def test_every_query_starts_by_saying_what_a_row_is() -> None:
    folder = Path(sys.modules[Store.__module__].__file__ or "").parent / "sql" / "ask"
    for path in folder.glob("*.sql"):
        assert statement("ask", path.stem).startswith("-- "), path.name


# --- Decisions about series ---


def test_a_decision_is_added_never_changed_and_stands_until_a_later_one(store: Store) -> None:
    asked = ("fft_gp", "P-1", date(2024, 4, 1))
    store.decide_rebase(*asked, "texts", "Ann")
    store.decide_rebase(*asked, "an error", "Bob", withdrawn=True)
    store.decide_rebase(*asked, "texts after all", "Ann")
    told = store.query("rebases")
    assert told["reason"].tolist() == ["texts after all", "an error", "texts"]
    assert told["stands"].tolist() == [True, False, False]
    assert told["revision"].tolist() == [3, 2, 1]
    assert store.query("history")["detail"].iloc[0] == (
        "fft_gp, P-1, April 2024: texts after all (Ann)"
    )


def test_the_latest_target_of_a_measure_stands(store: Store) -> None:
    store.decide_target("fft_gp", "overall", 0.9, "contract", "Ann")
    store.decide_target("fft_gp", "overall", 0.95, "new contract", "Ann")
    store.decide_target("fft_ae", "overall", 0.8, "contract", "Ann")
    standing = store.query("targets").query("stands")
    assert dict(zip(standing["source"], standing["value"], strict=True)) == {
        "fft_gp": 0.95, "fft_ae": 0.8,
    }  # fmt: skip


def changed(path: Path, *statements: str) -> None:
    """Statements run on a database while no program of ours has it open."""
    connection = duckdb.connect(str(path))
    for text in statements:
        connection.execute(text)
    connection.close()


def test_an_open_database_is_as_it_was_closed_and_its_marts_are_not_made_anew(
    tmp_path: Path,
) -> None:
    path = tmp_path / "own.duckdb"
    Store.open(path).close()
    changed(path, "insert into mart_provider by name select 'P-1' as code, 'The Elms' as name")
    again = Store.open(path)
    assert _name_of(again, "P-1") == "The Elms"
    again.close()


def test_views_and_marts_of_another_version_are_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    Store.open(path).close()
    changed(
        path,
        "update setting set value = 'of another version' where name = 'views and marts'",
        "insert into mart_provider by name select 'P-1' as code, 'The Elms' as name",
        "create or replace view stg_resolved as select 1 as source",
    )
    again = Store.open(path)
    assert again.query("known_codes").empty
    assert again._connection.execute("select * from mart_provider").fetchall() == []
    assert "provider" in [
        name for name, *_ in again._connection.execute("describe stg_resolved").fetchall()
    ]
    again.close()


def test_a_database_from_before_decisions_were_kept_still_opens(tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    Store.open(path).close()
    changed(
        path,
        "drop table rebase",
        "drop table target",
        "delete from setting where name = 'views and marts'",
    )
    store = Store.open(path)
    store.decide_target("fft_gp", "overall", 0.9, "contract", "Ann")
    store.close()
    again = Store.open(path)
    assert again.query("targets")["decided_by"].tolist() == ["Ann"]
    assert again.query("rebases").empty
    again.close()


def _named(name: str, as_at: date | None, opened: str | None = None) -> dict[str, object]:
    row = {"code": "P-1", "name": name, "grain": "practice", "opened": opened}
    return {**extract(f"{name}.csv", provider=[row]), "as_at": as_at}


def _name_of(store: Store, code: str) -> str:
    found = store._connection.execute("select name from mart_provider where code = ?", [code])
    return str(found.fetchall()[0][0])


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("dated", [True, False])
def test_a_name_is_that_of_the_newest_file_in_whatever_order_they_are_loaded(
    store: Store, turned: bool, dated: bool
) -> None:
    old = _named("Old Name", date(2020, 4, 1) if dated else None, "2001-01-01")
    new = _named("New Name", date(2025, 4, 1) if dated else None, "2024-01-01")
    for one in [new, old] if turned else [old, new]:
        store.commit([one])
    assert _name_of(store, "P-1") == "New Name"


@pytest.mark.parametrize("turned", [False, True])
def test_a_name_in_figures_is_that_of_the_newest_period(store: Store, turned: bool) -> None:
    rows = [
        fft("P-1", 9, 10, month, provider_name=name)
        for month, name in (("2024-01", "Old Name"), ("2025-01", "New Name"))
    ]
    for row in reversed(rows) if turned else rows:
        store.commit([extract(fft_fact=[row])])
    assert _name_of(store, "P-1") == "New Name"
