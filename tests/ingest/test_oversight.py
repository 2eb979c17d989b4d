"""The oversight framework's league tables: score, segment and rank of trusts of one kind, by quarter."""

from __future__ import annotations

from datetime import date

import pytest

from pxcore.ingest import Extract, Request, recognise
from pxcore.ingest.oversight import SOURCE
from tests.ingest.layouts import csv_workbook, only_error, said, without_errors

HEADS = [
    "Region", "Trust_type", "Trust_subtype", "Trust_code", "Trust_name", "Quarter", "Average_score",
    "Likely_range_of_average_score", "Segment", "Trust_in_financial_deficit", "Rank",
    "Likely_range_of_rank",
]  # fmt: skip
ELM = ["North", "Acute trust", "Large", "T-01", "Elm Trust", "Q3 2025/26", 2.31, "2.1 - 2.5", 3, "Yes", 35,
       "28 - 42"]  # fmt: skip


def row(**changed: object) -> list:
    return [changed.get(head, cell) for head, cell in zip(HEADS, ELM, strict=True)]


def read(*rows: list, heads: list = HEADS, name: str = "acute-trust-league-table.csv") -> Extract:
    workbook = csv_workbook(name, [heads, *rows])
    assert recognise(workbook) is SOURCE
    return SOURCE.parse(workbook, Request())


def test_a_trust_has_its_rank_segment_and_likely_range():
    trust = without_errors(read(ELM)).frames["league"].iloc[0]
    assert (trust["provider"], trust["kind"]) == ("T-01", "Acute trust")
    assert trust[["score", "segment", "rank", "rank_low", "rank_high"]].tolist() == [
        2.31,
        3,
        35,
        28,
        42,
    ]
    assert (trust["period_start"].date(), trust["period_end"].date()) == (
        date(2025, 10, 1),
        date(2025, 12, 31),
    )


def test_the_quarter_may_stand_in_the_file_name():
    trust = (
        without_errors(read(row(Quarter=""), name="league-table-2025-26 Q2.csv"))
        .frames["league"]
        .iloc[0]
    )
    assert trust["period_start"].date() == date(2025, 7, 1)


def test_a_quarter_that_nothing_tells_is_asked_for():
    assert only_error(read(row(Quarter=""))).needs == "period"


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"Segment": 6}, "no segment"),
        ({"Segment": 2.5}, "whole number"),
        ({"Rank": 0, "Likely_range_of_rank": ""}, "1 or more"),
        ({"Rank": 50}, "does not hold the rank"),
        ({"Trust_type": ""}, "kind of trust is blank"),
        ({"Quarter": "last winter"}, "not a quarter"),
    ],
)
def test_what_cannot_be_is_an_error_at_its_row(changed: dict, what: str):
    fault = only_error(read(row(**changed)))
    assert what in fault.what
    assert fault.where.startswith("row 2")


def test_a_range_that_cannot_be_read_is_left_out_and_said():
    extract = without_errors(read(row(Likely_range_of_rank="about 30")))
    assert extract.frames["league"]["rank_low"].isna().all()
    assert "about 30" in said(extract)


def test_a_trust_without_a_rank_is_counted_and_left_out():
    extract = without_errors(read(ELM, row(Trust_code="T-02", Rank="-", Likely_range_of_rank="")))
    assert len(extract.frames["league"]) == 1
    assert extract.rows_rejected == {"no rank on the row": 1}


def test_one_trust_twice_with_another_rank_is_an_error():
    assert "stands 2 times" in only_error(read(ELM, row(Rank=36))).what


def test_columns_that_are_not_read_are_named():
    extract = without_errors(read([*ELM, 3.2], heads=[*HEADS, "Access_domain_score"]))
    assert any("Access_domain_score" in note for note in extract.notes)
    assert not any("Region" in note for note in extract.notes)
