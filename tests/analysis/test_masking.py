"""Comments are masked as they are loaded, anew when the list of names changes, and never shown unmasked."""

from __future__ import annotations

import hashlib
import re
import traceback
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pandas as pd
import pytest

from pxcore.analysis import masking
from pxcore.analysis.files import load
from pxcore.disclosure import largest_noise, redaction
from pxcore.disclosure.redaction import MASKS, Redactor
from pxcore.disclosure.redaction.rules import Rule
from pxcore.errors import PxError, RedactionFailed
from pxcore.store import Store
from pxcore.words import masking as words
from tests.analysis.voices import committed, many
from tests.store.loads import extract, response

FEEDBACK = (
    b"source,date,practice_code,stars,comment\n"
    b"Healthwatch,2025-07-01,P-1,5,Mrs Example was kind; ring 07700 900456\n"
    b"Healthwatch,2025-07-02,P-1,4,Curly at the desk was kind\n"
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
        "Curly at the desk was kind",
    ]
    assert list(kept["folded"]) == [" mrs was kind ring ", " curly at the desk was kind "]
    assert kept["rules"].nunique() == 1
    assert masking.mask_missing(store) == 0


def test_listing_a_name_masks_anew_and_taking_it_off_again_unmasks(store: Store) -> None:
    load.load_files(store, [("healthwatch.csv", FEEDBACK)])
    new = masking.list_names(store, ["  curly ", "CURLY", "Ann  Other"], "A person")
    assert new == ["Ann Other", "curly"]
    assert masking.list_names(store, ["Curly"], "A person") == []
    assert "[name] at the desk was kind" in set(loaded(store)["comment"])
    listed = masking.masking(store).names
    assert set(listed["changed_by"]) == {"A person"}
    for name in listed["name"]:
        masking.unlist_name(store, name, "Another")
    assert masking.masking(store).names.empty
    assert "Curly at the desk was kind" in set(loaded(store)["comment"])
    log = store._connection.cursor().execute("from masked_name order by changed_at").df()
    assert len(log) == 2 * len(listed)  # nothing is taken out of the list's history
    assert set(log["changed_by"]) == {"A person", "Another"}


def test_a_later_file_is_masked_by_the_list_as_it_stands(store: Store) -> None:
    masking.list_names(store, ["Curly"], "A person")
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
    assert list(words.table(report)["masked_people"]) == ["fewer than 5"] * len(
        MASKS
    )  # masked or not
    assert words.summary(report) == (
        "Each kind of personal detail was masked in the comments of fewer than 5 people."
    )
    committed(store, many(20, comment="Mrs Zebrafish was kind"))
    people = masking.masking(store).masked.set_index("kind")["people"]
    assert abs(people.pop("name") - 20) <= largest_noise()
    assert people.isna().all()
    assert "by the number of people: name " in words.summary(masking.masking(store))


def test_the_rules_key_of_the_store_is_that_of_its_names(store: Store) -> None:
    masking.list_names(store, ["Curly"], "A person")
    assert masking.redactor(store).rules == Redactor(frozenset({"curly"})).rules


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


@pytest.mark.parametrize(
    "path",
    ["marts/mart_comment", "staging/stg_comment", "staging/stg_coded", "staging/stg_found"],
)
def test_no_view_that_questions_ask_passes_the_comment_on(store: Store, path: str) -> None:
    name = path.partition("/")[2]
    sql = (resources.files("pxcore.store") / "sql" / f"{path}.sql").read_text("utf-8")
    sql = re.sub(r"--.*", "", sql)
    assert not re.search(r"\br\.\*|\bc\.comment\b", sql)
    if name == "mart_comment":
        columns = store._connection.cursor().execute("describe mart_comment").df()["column_name"]
        assert "comment" not in set(columns)
        used = [line.strip() for line in sql.splitlines() if "r.comment" in line]
        assert used == [  # that there is one, and a fingerprint of it
            "r.comment <> '' as has_words,",
            "md5(replace(r.comment, chr(8232), ' ')) as text_key,",
            "where r.live and (r.comment <> '' or len(r.themes) > 0 or len(r.flags) > 0)",
            "qualify r.answered_on is not null or r.comment = '' or r.extract = max(r.extract) over (",
            "partition by r.source, r.response, replace(r.comment, chr(8232), ' '), r.provider,",
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


# --- Themes, groups and what is typed -----------------------------------------------------------------

CODED = (
    b"source,date,practice_code,stars,themes,comment\n"
    b"Healthwatch,2025-07-01,P-1,5,Waiting times; Nurse Yetunde rude - ring 07700 900456,Slow\n"
    b"Healthwatch,2025-07-02,P-1,4,Staff attitudes,Kind\n"
)


def themes_kept(store: Store) -> set[str]:
    rows = store._connection.cursor().execute("select unnest(themes) from response").fetchall()
    return {theme for (theme,) in rows}


def test_themes_as_suppliers_wrote_them_are_masked_as_they_are_loaded(store: Store) -> None:
    assert load.load_files(store, [("themes.csv", CODED)])[0].status == "loaded"
    assert themes_kept(store) == {
        "Waiting times",
        "Nurse [name] rude - ring [phone number]",
        "Staff attitudes",
    }


def test_themes_of_an_older_database_are_masked_when_it_is_opened(store: Store) -> None:
    load.load_files(store, [("themes.csv", CODED)])
    connection = store._connection.cursor()
    connection.execute(
        "update response set themes = ['Ring 07700 900456', 'Parking'], age = 'Yetunde'"
    )
    connection.execute("update redaction set rules = 'old'")
    masking.mask_missing(store)
    assert themes_kept(store) == {"Ring [phone number]", "Parking"}
    assert connection.execute("select distinct age from response").fetchall() == [("[name]",)]


@pytest.mark.parametrize(
    ("label", "rows", "shown"),
    [
        ("Staff attitudes", 1, "Staff attitudes"),
        ("Doctor Availability", 40, "Doctor Availability"),  # a word on many rows is no name
        ("Nurse Yetunde", 40, "Nurse [name]"),
        ("Ring 07700 900456", 400, "Ring [phone number]"),
        ("White British", 1, "White British"),
        ("Feeling safe", 1, "Feeling safe"),
    ],
)
def test_a_vocabulary_stays_and_a_detail_does_not(label: str, rows: int, shown: str) -> None:
    assert masking.label_masked(label, rows, Redactor()) == shown


def test_no_word_of_the_shipped_maps_is_masked() -> None:
    words = masking._vocabulary()
    assert len(words) > 150
    assert [word for word in words if masking.label_masked(word, 1, Redactor()) != word] == []


def test_the_lines_of_a_comment_stay_lines_and_codes_outlive_that(store: Store) -> None:
    rows = (
        b"source,date,practice_code,stars,comment\n"
        b'Healthwatch,2025-07-01,P-1,5,"Clean and quick.\r\nTamsenne"\n'
    )
    load.load_files(store, [("lines.csv", rows)])
    assert list(loaded(store)["comment"]) == ["Clean and quick.\n[name]"]
    key = store._connection.cursor().execute("select text_key from stg_comment").fetchall()
    folded_once = hashlib.md5(b"Clean and quick. Tamsenne").hexdigest()
    assert key == [(folded_once,)]


def test_what_is_typed_beside_a_decision_is_masked(store: Store) -> None:
    assert masking.note_masked(store, " as Dr Sample asked, 07700 900456 ") == (
        "as Dr [name] asked, [phone number]"
    )


def test_what_goes_wrong_while_masking_quotes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An exception, its chain and the log hold no word of a comment."""

    def breaks(shadow: str) -> Iterator[tuple[int, int]]:
        raise KeyError(shadow)

    monkeypatch.setattr(redaction, "_NAMES", (Rule("name", breaks),))
    outcome = load.load_files(store, [("healthwatch.csv", FEEDBACK)])[0]
    assert outcome.status == "refused"
    with pytest.raises(RedactionFailed) as problem:
        Redactor().redact(FEEDBACK.decode())
    assert problem.value.__context__ is None
    told = "".join(traceback.format_exception(problem.value)) + caplog.text + outcome.problem
    for word in ("Curly", "Example", "07700"):
        assert word not in told
    assert loaded(store).empty
