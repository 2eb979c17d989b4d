"""Comments are masked as they are loaded, anew when the list of names changes, and never shown unmasked."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pandas as pd
import pytest

from pxcore.analysis import load, masking
from pxcore.disclosure.redaction import Redactor
from pxcore.errors import PxError
from pxcore.store import Store
from tests.store.loads import extract, response

FEEDBACK = (
    b"source,date,practice_code,stars,comment\n"
    b"Healthwatch,2025-07-01,P-1,5,Mrs Example was kind; ring 07700 900456\n"
    b"Healthwatch,2025-07-02,P-1,4,Zoe at the desk was kind\n"
    b"Healthwatch,2025-07-03,P-1,2,\n"
)


def loaded(store: Store) -> pd.DataFrame:
    return store._connection.cursor().execute("from redaction order by response").df()


def test_comments_are_masked_in_the_transaction_that_loads_them(store: Store) -> None:
    outcome = load.load_files(store, [("healthwatch.csv", FEEDBACK)])
    assert [one.status for one in outcome] == ["loaded"]
    kept = loaded(store)
    assert list(kept["comment"]) == [
        "Mrs [name] was kind; ring [phone number]",
        "Zoe at the desk was kind",
    ]
    assert list(kept["folded"]) == [" mrs was kind ring ", " zoe at the desk was kind "]
    assert kept["rules"].nunique() == 1
    assert masking.mask_missing(store) == 0


def test_listing_a_name_masks_anew_and_taking_it_off_again_unmasks(store: Store) -> None:
    load.load_files(store, [("healthwatch.csv", FEEDBACK)])
    new = masking.list_names(store, ["  zoe ", "ZOE", "Ann  Other"], "A person")
    assert new == ["Ann Other", "zoe"]
    assert masking.list_names(store, ["Zoe"], "A person") == []
    assert "[name] at the desk was kind" in set(loaded(store)["comment"])
    listed = masking.masking(store).names
    assert set(listed["changed_by"]) == {"A person"}
    for name in listed["name"]:
        masking.unlist_name(store, name, "Another")
    assert masking.masking(store).names.empty
    assert "Zoe at the desk was kind" in set(loaded(store)["comment"])
    log = store._connection.cursor().execute("from masked_name order by changed_at").df()
    assert len(log) == 2 * len(listed)  # nothing is taken out of the list's history
    assert set(log["changed_by"]) == {"A person", "Another"}


def test_a_later_file_is_masked_by_the_list_as_it_stands(store: Store) -> None:
    masking.list_names(store, ["Zoe"], "A person")
    load.load_files(store, [("healthwatch.csv", FEEDBACK)])
    assert "[name] at the desk was kind" in set(loaded(store)["comment"])


def test_a_database_from_before_masking_is_masked_when_asked_for(store: Store) -> None:
    told = [response(n, "A", comment=f"Dr Sample {n}", source="healthwatch") for n in range(7)]
    store.commit([extract(response=[r for r, _ in told], answer=[a for _, a in told])])
    assert loaded(store).empty
    heard: list[tuple[int, int]] = []
    assert masking.mask_missing(store, lambda _, done, of: heard.append((done, of))) == 7
    assert heard == [(0, 7)]
    assert all("Dr [name]" in comment for comment in loaded(store)["comment"])
    assert masking.mask_missing(store) == 0


def test_comments_masked_by_other_rules_are_masked_anew(store: Store) -> None:
    load.load_files(store, [("healthwatch.csv", FEEDBACK)])
    store._connection.cursor().execute("update redaction set rules = 'old', comment = 'raw'")
    assert masking.mask_missing(store) == 2
    assert "raw" not in set(loaded(store)["comment"])
    assert len(loaded(store)) == 2


def test_a_name_too_short_is_refused(store: Store) -> None:
    with pytest.raises(PxError, match="too short"):
        masking.list_names(store, ["J"], "A person")
    assert masking.masking(store).names.empty


def test_names_are_not_written_to_the_history(store: Store) -> None:
    masking.list_names(store, ["Zoe Example"], "A person")
    assert "Zoe" not in store.query("history").to_string()


def test_what_was_masked_is_counted_by_kind(store: Store) -> None:
    load.load_files(store, [("healthwatch.csv", FEEDBACK)])
    report = masking.masking(store)
    assert dict(zip(report.masked["kind"], report.masked["details"], strict=True)) == {
        "name": 1,
        "phone number": 1,
    }
    assert "1 name" in report.summary()


def test_the_rules_key_of_the_store_is_that_of_its_names(store: Store) -> None:
    masking.list_names(store, ["Zoe"], "A person")
    assert masking.redactor(store).rules == Redactor(frozenset({"zoe"})).rules


ASK = sorted((resources.files("pxcore.store") / "sql" / "ask").iterdir(), key=str)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ASK, ids=lambda path: path.name)
def test_no_question_reads_a_comment_as_received(path: Path) -> None:
    """The words as received leave the database for the masking alone (load/unmasked.sql)."""
    sql = re.sub(r"--.*", "", path.read_text("utf-8"))
    # `d` is `redaction` and `f` is stg_found, which takes its comment from there
    assert re.findall(r"(?<![df]\.)\bcomment\b", sql) == []
    for alias in re.findall(r"\b([df])\.comment\b", sql):
        named = set(re.findall(rf"(\w+)(?:\([^()]*\))?\s+as {alias}\b", sql))
        assert named <= {"redaction", "stg_found"}
        assert named
    read = re.findall(r"\b(?:from|join)\s+(?:stg_)?response\b(?:\s+as\s+(\w+))?", sql)
    assert not read or not re.search(r"select \*", sql)
    assert not any(f"{alias or 'response'}.*" in sql for alias in read)


@pytest.mark.parametrize("name", ["stg_comment", "stg_coded", "stg_found"])
def test_no_view_that_questions_ask_passes_the_comment_on(store: Store, name: str) -> None:
    sql = (resources.files("pxcore.store") / "sql" / "staging" / f"{name}.sql").read_text("utf-8")
    sql = re.sub(r"--.*", "", sql)
    assert not re.search(r"\br\.\*|\bc\.comment\b", sql)
    if name == "stg_comment":
        columns = store._connection.cursor().execute("describe stg_comment").df()["column_name"]
        assert "comment" not in set(columns)
        used = [line.strip() for line in sql.splitlines() if "r.comment" in line]
        assert used == [  # that there is one, and a fingerprint of it
            "r.comment <> '' as has_words,",
            "md5(r.comment) as text_key,",
            "where r.live and (r.comment <> '' or len(r.themes) > 0 or len(r.flags) > 0)",
            "qualify r.answered_on is not null or r.comment = '' or r.extract = max(r.extract) over (",
            "partition by r.source, r.response, r.comment, r.provider, r.provider_name",
        ]


def test_nothing_but_the_masking_asks_for_words_as_received() -> None:
    root = Path(__file__).parents[2]
    users = [
        path.relative_to(root).as_posix()
        for folder in ("pxcore", "pages", "benchmarks")
        for path in (root / folder).rglob("*.py")
        if ".unmasked(" in path.read_text(encoding="utf-8")
    ]
    assert users == ["pxcore/analysis/masking.py"]
