"""Cell keys as SQL adds them up: the record keys of exactly the people in a cell, modulo 256."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from pxcore.analysis.joining.alignment import align
from pxcore.analysis.time.cells import View, cells
from pxcore.disclosure.perturbation import parts_of_key, perturbed
from pxcore.model import DISCLOSURE_FLOORS, Disclosure, Grain, Organisation, Pairing, Period
from pxcore.store import Store
from pxcore.store.loading import rebuild
from tests.store.loads import extract, response, survey


@pytest.fixture
def loaded(store: Store) -> tuple[Store, pd.DataFrame]:
    """Four practices with single responses, some of named people; every response with its record key."""
    said = [
        response(
            n, provider=f"P-{n % 4}", positive=n % 3 > 0, on=f"2024-0{1 + n % 3}-10",
            author=f"A-{n % 7}" if n % 5 == 0 else "",
        )
        for n in range(160)
    ]  # fmt: skip
    store.commit(
        [
            extract(response=[row for row, _ in said], answer=[answer for _, answer in said]),
            extract(survey_fact=[survey(f"P-{n}", 0.5 + n / 40) for n in range(4)]),
        ]
    )
    people = store._connection.cursor().execute(
        "select r.provider as unit, r.author, r.record_key, a.positive, r.answered_on "
        "from response as r join answer as a using (extract, response)"
    )
    return store, people.df()


def test_each_organisation_has_the_keys_of_its_own_answers(
    loaded: tuple[Store, pd.DataFrame],
) -> None:
    store, people = loaded
    alignment = align(store, Pairing("fft_local", "gp_survey"))
    assert alignment.left.period is not None
    start, end = (
        pd.Timestamp(day) for day in (alignment.left.period.start, alignment.left.period.end)
    )
    inside = people[pd.to_datetime(people["answered_on"]).between(start, end)]
    rows = alignment.rows[0].query("outcome == 'paired'").set_index("unit")
    assert len(rows) == 4
    for unit, here in inside.groupby("unit"):
        row: Any = rows.loc[unit]
        for part, answers in (("positive", here["positive"] == 1), ("rest", here["positive"] == 0)):
            assert row[f"{part}_answers"] == answers.sum()
            assert row[f"{part}_key"] == here.loc[answers, "record_key"].sum() % 256
        assert row["rows_key"] == here["record_key"].sum() % 256
        named = here[here["author"] != ""]["author"]
        once = here[(here["author"] == "") | ~here["author"].duplicated()]
        assert row["people_key"] == once["record_key"].sum() % 256
        assert row["people"] == (here["author"] == "").sum() + named.nunique()
        assert row["heaviest"] == max(named.value_counts().max(), 1)


def test_each_month_has_the_keys_of_all_its_answers(loaded: tuple[Store, pd.DataFrame]) -> None:
    store, people = loaded
    shown = store.query("coverage").query("source == 'fft_local'")
    assert date(2024, 1, 1) in {day.date() for day in shown["period_start"]}
    for row in shown.itertuples():
        here = people[pd.to_datetime(people["answered_on"]).dt.month == row.period_start.month]
        assert row.people_key == here["record_key"].sum() % 256
        assert row.respondents == len(here)


@pytest.mark.parametrize("others", [1, 2, 3, 4, 7])
def test_whoever_may_be_read_is_one_person_in_however_many_comments(
    store: Store, others: int
) -> None:
    """Two who are read wrote three comments each in the window; beside them stand people without words."""
    about: dict[str, Any] = {"provider": "P-A", "source": "healthwatch", "on": "2024-02-10"}
    said = [response(n, **about, author=f"R-{n % 2}", comment="Words") for n in range(6)]
    said += [response(100 + n, **about | {"on": "2022-01-10"}, comment="More") for n in range(6)]
    said += [response(200 + n, **about, mode=f"mode {n}") for n in range(others)]
    store.commit(
        [
            extract(response=[row for row, _ in said], answer=[answer for _, answer in said]),
            extract(survey_fact=[survey("P-A", 0.5)]),
        ]
    )
    window = Period.month(2024, 2)
    exact = Disclosure(exact=True)
    rows = align(store, Pairing("healthwatch", "gp_survey", window=window, disclosure=exact))
    row: Any = rows.everywhere[0].figures.query("unit == 'P-A' and respondents > 0").iloc[0]
    assert row["people"] == 2 + others
    _, _, readable = parts_of_key(row["people_key"])
    assert readable == 2
    view = View("P-A", "", Grain.PRACTICE, "", Organisation.CURRENT, exact)
    points = cells(store, rows.left, view).exact.figures.sort_values("position")
    assert points["people_key"].iloc[-1] == row["people_key"]


@pytest.fixture
def two_practices(store: Store) -> Store:
    """Two practices: of A so many wrote that they may be read, of B three people, in January."""
    said = [
        response(
            n, provider="P-A" if n < 20 else "P-B", source="healthwatch", positive=n % 2,
            on=f"2024-0{1 + n % 3}-10" if n < 20 else "2024-01-15", comment=f"Words {n}",
            sentiment="positive" if n % 2 else "negative",
        )
        for n in range(23)
    ]  # fmt: skip
    store.commit(
        [
            extract(
                response=[row for row, _ in said],
                answer=[answer for _, answer in said],
            )
        ]
    )
    return store


def test_so_many_may_be_read_as_the_lowest_floor_has_it(store: Store) -> None:
    cursor = store._connection.cursor()
    rows = cursor.execute("select n, enough_to_read(n) from range(20) as t(n)").fetchall()
    assert [n for n, enough in rows if enough] == list(range(DISCLOSURE_FLOORS[0], 20))


def test_who_may_be_read_is_keyed_apart(two_practices: Store) -> None:
    keys = two_practices._connection.cursor().execute(
        "select r.provider, raw.record_key, cell_key(r.record_key) as key from stg_response as r "
        "join response as raw using (extract, response)"
    ).df()  # fmt: skip
    for row in keys.itertuples():
        expected = (0, row.record_key, 1) if row.provider == "P-A" else (row.record_key, 0, 0)
        assert tuple(int(part) for part in parts_of_key(row.key)) == expected


def test_the_same_others_add_the_same_number_in_every_span(two_practices: Store) -> None:
    """Nobody of B wrote in February or March: every span holds the same three people and others of A."""
    cursor = two_practices._connection.cursor()
    totals = set()
    for last in (31, 31 + 29, 31 + 29 + 31):
        end = date(2024, 1, 1) + timedelta(days=last - 1)
        (themes,) = two_practices.query(
            "comment_account", area="", service="", start=date(2024, 1, 1), end=end
        ).to_dict("records")
        people, key = cursor.execute(
            "select sum(respondents), cell_key(sum(answered.people_key)) from mart_response "
            "where period_end <= ?", [end]
        ).fetchall()[0]  # fmt: skip
        assert (people, key) == (themes["people"], themes["people_key"])
        hidden, read, readable = parts_of_key(key)
        assert people - readable == 3
        totals.add(perturbed(people, key) - perturbed(readable, read))
    assert len(totals) == 1


def test_without_words_nobody_is_read(two_practices: Store) -> None:
    two_practices._connection.cursor().execute("update response set comment = ''")
    rebuild(two_practices._connection.cursor())
    keys = (
        two_practices._connection.cursor()
        .execute("select cell_key(record_key) from stg_response")
        .df()
    )
    assert (parts_of_key(keys.iloc[:, 0])[2] == 0).all()
