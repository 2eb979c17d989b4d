"""Who belongs to whom has a date: the newest decides, whatever was loaded first."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pxcore.analysis.joining.alignment import align
from pxcore.analysis.joining.choices import choices
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.time.trends import organisations
from pxcore.model import Organisation, Pairing, Period
from pxcore.publish.agreement import as_json
from pxcore.store import Store
from pxcore.words.alignment import notes as notes_of
from tests.store.loads import became, extract, fft, parent, provider, survey

# Two boards became one on 1 April 2026, between two lists of organisations.
MERGED_BOARDS = [became("QA", "QN", "2026-04-01"), became("QB", "QN", "2026-04-01")]


def dated(day: str, name: str = "", **frames: list[dict[str, Any]]) -> dict[str, Any]:
    """An extract that speaks of a day ('' where it tells none)."""
    return extract(name, **frames) | {"as_at": date.fromisoformat(day) if day else None}


def board_list(day: str, **boards: str) -> dict[str, Any]:
    """A list of organisations as at a day: practice (P_1 for P-1) = board."""
    links = [parent(code.replace("_", "-"), board, "icb") for code, board in boards.items()]
    return dated(day, provider=[provider(link["code"]) for link in links], parent=links)


def belonging(store: Store, code: str = "P-1", level: str = "icb") -> str:
    """To whom an organisation belongs as now organised."""
    cursor = store._connection.cursor()
    row = cursor.execute(f"select {level} from mart_provider where code = ?", [code]).fetchone()
    assert row is not None
    return str(row[0])


def boards(store: Store, organisation: str, **asked: Any) -> dict[str, float]:
    """Board -> answers counted for it."""
    question = {
        "source": "fft_gp", "measure": "overall", "reported_grain": "practice", "grain": "icb",
        "usual_grain": "practice", "area": "", "service": "", "organisation": organisation,
        "without_modes": [], "dimension": "", "groups": [], "sentiment": "",
        "start": date(2020, 1, 1), "end": date(2030, 12, 31),
    } | asked  # fmt: skip
    rows = store.query("side", **question)
    rows = rows[rows["outcome"] == "in_window"]
    return dict(zip(rows["unit"], rows["respondents"], strict=True))


BOTH_WAYS = pytest.mark.parametrize("order", [1, -1], ids=["as it happened", "the newer first"])


@BOTH_WAYS
def test_the_newest_list_decides_whichever_was_loaded_first(store: Store, order: int) -> None:
    for one in [board_list("2023-06-30", P_1="QA"), board_list("2025-06-30", P_1="QB")][::order]:
        store.commit([one])
    assert belonging(store) == "QB"


@BOTH_WAYS
def test_the_newest_month_decides_whichever_was_loaded_first(store: Store, order: int) -> None:
    months = [fft("P-1", 9, 10, "2024-02", icb="QA"), fft("P-1", 9, 10, "2025-02", icb="QB")]
    for month in months[::order]:
        store.commit([extract(fft_fact=[month])])
    assert belonging(store) == "QB"


@BOTH_WAYS
def test_a_newer_publication_decides_against_an_older_list(store: Store, order: int) -> None:
    for one in [
        board_list("2023-06-30", P_1="QA"),
        extract(fft_fact=[fft("P-1", 9, 10, "2025-02", icb="QB")]),
    ][::order]:
        store.commit([one])
    assert belonging(store) == "QB"


@BOTH_WAYS
def test_an_older_list_loaded_later_overwrites_no_newer_name(store: Store, order: int) -> None:
    for one in [
        dated("2023-06-30", provider=[provider("P-1", name="The Old Surgery", status="open")]),
        dated("2025-06-30", provider=[provider("P-1", name="The New Surgery", status="closed")]),
    ][::order]:
        store.commit([one])
    cursor = store._connection.cursor()
    assert cursor.execute("select name, status from mart_provider").fetchall() == [
        ("The New Surgery", "closed")
    ]


@BOTH_WAYS
def test_the_newest_name_printed_counts_where_no_list_has_one(store: Store, order: int) -> None:
    months = [
        fft("P-1", 9, 10, "2024-02", provider_name="Old name"),
        fft("P-1", 9, 10, "2025-02", provider_name="New name"),
    ]
    for month in months[::order]:
        store.commit([extract(fft_fact=[month])])
    cursor = store._connection.cursor()
    assert cursor.execute("select name from mart_provider").fetchall() == [("New name",)]


@BOTH_WAYS
def test_a_list_without_a_date_is_as_new_as_its_newest_organisation(
    store: Store, order: int
) -> None:
    old = dated(
        "",
        provider=[provider("P-1"), provider("P-9", opened=date(2021, 5, 1))],
        parent=[parent("P-1", "QA", "icb")],
    )
    new = dated(
        "",
        provider=[provider("P-8", opened=date(2025, 5, 1))],
        parent=[parent("P-1", "QB", "icb")],
    )
    for one in [old, new][::order]:
        store.commit([one])
    assert belonging(store) == "QB"


def test_a_list_that_tells_no_date_at_all_gives_way_to_what_has_one(store: Store) -> None:
    store.commit([extract(fft_fact=[fft("P-1", 9, 10, icb="QA")])])
    store.commit([board_list("", P_1="QB", P_2="QB")])
    assert (belonging(store), belonging(store, "P-2")) == ("QA", "QB")
    assert boards(store, "reported") == {"QA": 10}


@BOTH_WAYS
def test_a_newer_chain_of_links_decides_against_an_older_direct_one(
    store: Store, order: int
) -> None:
    chain = dated(
        "2025-06-30",
        provider=[provider("P-1")],
        parent=[parent("P-1", "S-1", "sub_icb"), parent("S-1", "QB", "icb", own="sub_icb")],
    )
    for one in [board_list("2023-06-30", P_1="QA"), chain][::order]:
        store.commit([one])
    assert belonging(store) == "QB"


# --- Boards that became another ---


@BOTH_WAYS
def test_a_practice_belongs_to_the_board_its_board_became(store: Store, order: int) -> None:
    for one in [
        extract(
            fft_fact=[
                fft("P-1", 9, 10, "2026-02", icb="QA"),
                fft("P-2", 9, 20, "2026-02", icb="QB"),
            ]
        ),
        extract(succession=MERGED_BOARDS),
        dated("2026-06-30", parent=[parent("QN", "R-1", "region", own="icb")]),
    ][::order]:
        store.commit([one])
    assert boards(store, "current") == {"QN": 30}
    assert boards(store, "current", grain="region") == {"R-1": 30}
    assert boards(store, "reported") == {"QA": 10, "QB": 20}


@BOTH_WAYS
def test_as_reported_each_month_counts_for_the_board_of_its_time(store: Store, order: int) -> None:
    for one in [
        board_list("2023-06-30", P_1="QA"),
        extract(succession=MERGED_BOARDS),
        extract(fft_fact=[fft("P-1", 9, 10, "2026-03"), fft("P-1", 9, 40, "2026-04")]),
    ][::order]:
        store.commit([one])
    assert boards(store, "reported") == {"QA": 10, "QN": 40}
    assert boards(store, "current") == {"QN": 50}


@BOTH_WAYS
def test_a_board_still_named_after_its_end_stays_as_reported(store: Store, order: int) -> None:
    for one in [
        extract(succession=MERGED_BOARDS),
        extract(fft_fact=[fft("P-1", 9, 10, "2026-06", icb="QA")]),
    ][::order]:
        store.commit([one])
    assert boards(store, "reported") == {"QA": 10}
    assert boards(store, "current") == {"QN": 10}


@BOTH_WAYS
def test_what_stands_above_an_old_board_is_passed_on_where_nothing_newer_is_said(
    store: Store, order: int
) -> None:
    for one in [
        dated(
            "2025-06-30",
            provider=[provider("P-1")],
            parent=[parent("P-1", "QA", "icb"), parent("QA", "R-1", "region", own="icb")],
        ),
        extract(succession=MERGED_BOARDS),
    ][::order]:
        store.commit([one])
    assert (belonging(store), belonging(store, level="region")) == ("QN", "R-1")


@BOTH_WAYS
def test_the_board_of_the_time_is_found_by_way_of_a_place(store: Store, order: int) -> None:
    """The practice's own link never changes; that of the place above it does."""
    for one in [
        dated(
            "2023-06-30",
            parent=[parent("P-1", "S-1", "sub_icb"), parent("S-1", "QA", "icb", own="sub_icb")],
        ),
        dated(
            "2026-06-30",
            parent=[parent("P-1", "S-1", "sub_icb"), parent("S-1", "QN", "icb", own="sub_icb")],
        ),
        extract(fft_fact=[fft("P-1", 9, 10, "2024-02"), fft("P-1", 9, 40, "2026-07")]),
    ][::order]:
        store.commit([one])
    assert boards(store, "current") == {"QN": 50}
    assert boards(store, "reported") == {"QA": 10, "QN": 40}


def test_areas_to_choose_from_are_todays_or_those_of_the_time(store: Store) -> None:
    store.commit(
        [
            extract(fft_fact=[fft("P-1", 9, 10, "2026-02", icb="QA")]),
            extract(succession=MERGED_BOARDS),
        ]
    )
    assert list(choices(store).areas) == ["QN"]
    assert list(choices(store, Organisation.REPORTED).areas) == ["QA", "QN"]
    assert list(organisations(store, "QA", "", Organisation.REPORTED)) == ["P-1"]
    assert list(organisations(store, "QA", "", Organisation.CURRENT)) == []


def test_the_rows_behind_a_board_of_the_time_are_its_own(store: Store) -> None:
    store.commit(
        [
            board_list("2023-06-30", P_1="QA"),
            extract(succession=MERGED_BOARDS),
            extract(fft_fact=[fft("P-1", 9, 10, "2026-03"), fft("P-1", 9, 40, "2026-04")]),
        ]
    )
    asked = {
        "source": "fft_gp", "measure": "overall", "start": date(2026, 1, 1), "service": "",
        "end": date(2026, 12, 31), "grain": "icb", "reported_grain": "practice",
    }  # fmt: skip

    def traced(unit: str, organisation: str) -> list[float]:
        rows = store.query("trace", **asked, unit=unit, organisation=organisation)
        return rows["respondents"].tolist()

    assert traced("QA", "reported") == [10]
    assert traced("QN", "reported") == [40]
    assert traced("QN", "current") == [10, 40]
    assert traced("QA", "current") == []


# --- Several said on one date ---


@BOTH_WAYS
def test_two_lists_of_one_date_that_disagree_are_counted_and_said(store: Store, order: int) -> None:
    for one in [
        board_list("2024-02-01", P_1="QB"),
        board_list("2024-02-01", P_1="QA"),
        extract(fft_fact=[fft("P-1", 90, 100), fft("P-2", 90, 100)]),
        extract(survey_fact=[survey("P-1", 0.9), survey("P-2", 0.8)]),
    ][::order]:
        store.commit([one])
    assert belonging(store) == "QA"
    notes = notes_of(align(store, Pairing("fft_gp", "gp_survey")))
    assert (
        "Files of the same date put 1 organisation under different areas: P-1 under QA, not QB. "
        "The first code counts, or the one in a list of organisations; take out the file that is wrong."
    ) in notes


def test_two_boards_that_are_one_by_now_are_no_disagreement(store: Store) -> None:
    store.commit(
        [
            board_list("2024-02-01", P_1="QB"),
            board_list("2024-02-01", P_1="QA"),
            extract(succession=MERGED_BOARDS),
        ]
    )
    assert belonging(store) == "QN"
    assert store.query("disputed_parents").empty


# --- The order of loading ---

PRACTICES = [f"P-{number}" for number in range(1, 13)]
OLD_BOARD = {code: "QA" if place % 2 else "QB" for place, code in enumerate(PRACTICES)}


def world() -> list[dict[str, Any]]:
    """A small world in which every file contradicts another on something."""
    months = [
        extract(
            f"fft-{month}.csv",
            fft_fact=[
                fft(
                    code, 60 + 3 * place, 100 + place, month,
                    icb=OLD_BOARD[code] if month < "2026-04" else "QN",
                    provider_name=f"{code} in {month}",
                )
                for place, code in enumerate(PRACTICES)
            ],
        )
        for month in ("2024-02", "2024-03", "2026-02", "2026-05")
    ]  # fmt: skip
    waves = [
        extract(
            f"survey-{wave}.csv",
            survey_fact=[
                survey(code, 0.5 + place / 30, 100 + place, wave, parent=OLD_BOARD[code])
                for place, code in enumerate(PRACTICES)
            ],
        )
        for wave in (2024, 2026)
    ]
    lists = [
        dated(
            day,
            f"list-{day}-{kind}.csv",
            provider=[
                provider(code, name=f"{code} {kind} {day}", status=status, opened=opened)
                for code in PRACTICES[: 6 if kind == "short" else 12]
            ],
            parent=[
                parent(code, f"{kind}-{place % 3}", level)
                for place, code in enumerate(PRACTICES)
                for level in ("pcn", "sub_icb")
            ]
            + [parent(f"{kind}-{n}", f"Q{'ABX'[n]}", "icb", own="sub_icb") for n in range(3)]
            + [parent("QX", "R-1", "region", own="icb"), parent("QN", "R-2", "region", own="icb")],
        )
        for day, kind, status, opened in (
            ("2023-06-30", "short", "open", date(2001, 1, 1)),
            ("2026-05-31", "long", "closed", None),
            ("2026-05-31", "other", "", date(2002, 1, 1)),
            ("", "undated", "open", None),
        )
    ]
    successions = [
        extract("boards.csv", succession=MERGED_BOARDS),
        extract("practices.csv", succession=[became("P-11", "P-12", "2025-01-01")]),
    ]
    return [*months, *waves, *lists, *successions]


def answers(store: Store) -> dict[str, Any]:
    """All that hangs on who belongs to whom, but the numbers extracts were given."""
    cursor = store._connection.cursor()
    found: dict[str, Any] = {
        table: cursor.execute(f"select * from {table} order by all").fetchall()
        for table in ("mart_parent", "mart_provider", "mart_belonging")
    }
    for organisation in ("current", "reported"):
        found[f"areas {organisation}"] = _rows(store.query("areas", organisation=organisation))
        for grain in ("practice", "pcn", "sub_icb", "icb", "region"):
            found[f"{organisation} {grain}"] = boards(store, organisation, grain=grain)
    found["disputed"] = _rows(store.query("disputed_parents"))
    for organisation, year in ((Organisation.REPORTED, 2024), (Organisation.CURRENT, 2026)):
        window = Period(date(year, 1, 1), date(year, 12, 31))
        report = agreement(
            store, Pairing("fft_gp", "gp_survey", window=window, organisation=organisation)
        )
        found[f"agreement {year}"] = {
            name: value
            for name, value in as_json(report).items()
            if name not in ("revision", "extracts")  # numbers of the order itself
        }
        found[f"pairs {year}"] = _rows(report.alignment.pairs)
        found[f"notes {year}"] = notes_of(report.alignment)
    return found


def _rows(frame: pd.DataFrame) -> list[str]:
    return [str(row) for row in frame.to_dict(orient="records")]


@cache
def as_it_happened() -> dict[str, Any]:
    store = Store.open()
    store.commit(world())
    found = answers(store)
    store.close()
    return found


def test_the_small_world_compares_something() -> None:
    found = as_it_happened()
    assert found["current icb"]
    assert found["disputed"]
    assert found["reported icb"] != found["current icb"]
    assert all(rows for name, rows in found.items() if name.startswith("pairs"))


@settings(max_examples=6)
@given(order=st.permutations(range(len(world()))), cuts=st.sets(st.integers(1, len(world()) - 1)))
def test_the_order_of_loading_changes_no_answer(order: list[int], cuts: set[int]) -> None:
    """In whatever order files come, and in however many transactions."""
    files = world()
    ends = [*sorted(cuts), len(files)]
    store = Store.open()
    for start, end in zip([0, *ends], ends, strict=False):
        store.commit([files[place] for place in order[start:end]])
    found = answers(store)
    store.close()
    assert found == as_it_happened()
