"""Cell keys as SQL adds them up: the record keys of exactly the people in a cell, modulo 256."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from pxcore.analysis.alignment import align
from pxcore.model import Pairing
from pxcore.store import Store
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
        assert row["people_key"] == row["rows_key"] == here["record_key"].sum() % 256
        named = here[here["author"] != ""]["author"]
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
