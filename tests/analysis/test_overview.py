"""Every pair of sources at once, and what each covers."""

from __future__ import annotations

import pandas as pd
import pytest

from pxcore.analysis.overview import coverage, overview
from pxcore.model import Disclosure, Periods
from pxcore.store import Store
from tests.store.loads import extract, fft, response, survey


def two_sources(store: Store, month: str = "2024-02", count: int = 12) -> Store:
    store.commit(
        [
            extract(fft_fact=[fft(f"P-{n}", 30 + n, 60, month) for n in range(count)]),
            extract(survey_fact=[survey(f"P-{n}", 0.4 + n / 40) for n in range(count)]),
        ]
    )
    return store


def test_an_empty_store_has_nothing_to_compare(store: Store) -> None:
    report = overview(store)
    assert report.agreements == ()
    assert "nothing to compare" in report.summary()
    assert report.figures()[0][1] == "0"
    assert report.table().empty
    assert report.coverage.summary() == "Nothing is loaded yet."


def test_one_source_alone_is_no_pair(store: Store) -> None:
    store.commit([extract(fft_fact=[fft("P-1", 30, 60)])])
    assert overview(store).agreements == ()


def test_the_pair_compared_is_the_summary(store: Store) -> None:
    report = overview(two_sources(store))
    assert "12 practices" in report.summary()
    assert report.table()[["pair", "status", "compared"]].values.tolist() == [
        ["FFT GP and GP survey", "Compared", 12]
    ]
    assert report.extracts == (1, 2)


def test_a_pair_refused_is_listed_with_its_reason_and_no_figure(store: Store) -> None:
    row = overview(two_sources(store, "2025-07")).table().iloc[0]
    assert row["status"] == "Not compared"
    assert pd.isna(row["correlation"])
    assert "July 2025" in row["said"]


def test_the_latest_of_each_is_marked_in_the_table(store: Store) -> None:
    report = overview(two_sources(store, "2025-07"), periods=Periods.LATEST)
    row = report.table().iloc[0]
    assert (row["status"], row["periods"]) == ("Compared", "July 2025 / 2 Jan – 25 Mar 2024")
    assert "not aligned in time" in row["said"]


@pytest.mark.parametrize(("source", "pairs"), [("healthwatch", 1), ("complaints", 0)])
def test_complaints_are_never_ranked_against_praise(store: Store, source: str, pairs: int) -> None:
    about = {"source": source, "grain": "trust", "service": ""}
    rows = [survey(f"T-{n}", 0.5 + n / 40, **about) for n in range(12)]
    answers = [fft(f"T-{n}", 30 + n, 60, source="fft_ae", grain="trust") for n in range(12)]
    store.commit([extract(survey_fact=rows), extract(fft_fact=answers)])
    assert len(overview(store).agreements) == pairs


def test_a_service_keeps_its_own_pairs_and_those_of_sources_on_several(
    demonstration: Store,
) -> None:
    report = overview(demonstration).of_service("general_practice")
    pairs = {(one.left.source, one.right.source) for one in report.agreements}
    assert ("fft_gp", "gp_survey") in pairs
    assert ("fft_inpatient", "cqc_inpatient") not in pairs
    assert "cqc_inpatient" not in set(report.coverage.totals["source"])


def test_the_demonstration_is_answered_strongest_evidence_first(demonstration: Store) -> None:
    report = overview(demonstration)
    compared = [len(one.pairs) for one in report.answered]
    assert compared == sorted(compared, reverse=True)
    assert report.summary() == report.answered[0].summary()


def few_answers(store: Store) -> Store:
    three = [response(n, provider="P-9") for n in range(3)]
    store.commit(
        [extract(response=[row for row, _ in three], answer=[answer for _, answer in three])]
    )
    return store


def test_a_small_number_of_people_stands_in_no_column_of_coverage(store: Store) -> None:
    report = coverage(few_answers(store))
    cell = report.cells.iloc[0]
    assert cell["withheld"] == "floor"
    assert pd.isna(cell["respondents"])
    assert pd.isna(cell["rows"])  # one row is one person here


def test_answers_that_are_hidden_do_not_add_up_to_zero(store: Store) -> None:
    assert pd.isna(coverage(few_answers(store)).totals["respondents"].iloc[0])


def test_coverage_follows_the_floor(store: Store) -> None:
    store.commit([extract(fft_fact=[fft("P-1", 6, 8)])])
    assert coverage(store).cells["respondents"].tolist() == [8]
    assert coverage(store, Disclosure(10)).cells["respondents"].isna().all()
