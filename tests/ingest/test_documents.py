"""Community evidence as a document: who, when, how many people, method, quotation, and no figure."""

from __future__ import annotations

from datetime import date

import pytest

from pxcore.ingest import Extract, Request, recognise
from pxcore.ingest.documents import SOURCE
from tests.ingest.layouts import csv_workbook, only_error, said, spreadsheet, without_errors

HEADS = [
    "Organisation", "Organisation code", "Collected from", "To", "People", "Method", "Who wrote it", "Theme",
    "Quotation",
]  # fmt: skip
ELM = ["Elm Road Surgery", "P-1", "March 2026", "", 14, "an engagement visit", "Healthwatch Elmshire",
       "Access", "Nobody picks up."]  # fmt: skip


def read(*rows: list, heads: list = HEADS) -> Extract:
    workbook = csv_workbook("evidence.csv", [heads, *rows])
    assert recognise(workbook) is SOURCE
    return SOURCE.parse(workbook, Request())


def row(**changed: object) -> list:
    return [changed.get(head, cell) for head, cell in zip(HEADS, ELM, strict=True)]


def test_each_finding_is_a_row_with_who_when_and_how_many():
    finding = without_errors(read(ELM)).frames["document"].iloc[0]
    assert finding["provider"] == "P-1"
    assert (finding["people"], finding["method"]) == (14, "an engagement visit")
    assert (finding["written_by"], finding["theme"]) == ("Healthwatch Elmshire", "Access")
    assert finding["comment"] == "Nobody picks up."
    assert (finding["period_start"].date(), finding["period_end"].date()) == (
        date(2026, 3, 1),
        date(2026, 3, 31),
    )


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-03-05", "", (date(2026, 3, 5), date(2026, 3, 5))),
        ("5 March 2026", "April 2026", (date(2026, 3, 5), date(2026, 4, 30))),
        ("25/03/2026", "26/03/2026", (date(2026, 3, 25), date(2026, 3, 26))),
        (date(2026, 3, 5), date(2026, 3, 6), (date(2026, 3, 5), date(2026, 3, 6))),
    ],
)
def test_when_it_was_collected_is_a_day_a_month_or_a_span(start: object, end: object, days: tuple):
    changed = {"Collected from": start, "To": end}
    workbook = spreadsheet("evidence.xlsx", {"Findings": [HEADS, row(**changed)]})
    finding = without_errors(SOURCE.parse(workbook, Request())).frames["document"].iloc[0]
    assert (finding["period_start"].date(), finding["period_end"].date()) == days


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"Collected from": "last spring"}, "not one day or month"),
        ({"Collected from": ""}, "does not say when"),
        ({"Collected from": "03/04/2026"}, "not one day or month"),
        ({"Collected from": "May 2026", "To": "April 2026"}, "before the day"),
        ({"Method": ""}, "how people were heard"),
        ({"Who wrote it": ""}, "who wrote it"),
        ({"People": 0}, "Nobody was heard"),
        ({"People": 2.5}, "whole number"),
        ({"People": "many"}, "not a number"),
    ],
)
def test_what_is_missing_or_cannot_be_is_an_error_at_its_row(changed: dict, what: str):
    fault = only_error(read(row(**changed)))
    assert what in fault.what
    assert fault.where.startswith("row 2")


def test_a_number_that_is_not_given_is_said():
    extract = without_errors(read(row(People="")))
    assert "how many people" in said(extract)
    assert extract.frames["document"]["people"].isna().all()


def test_a_figure_beside_it_is_not_read_and_said_not_to_be():
    extract = without_errors(read([*ELM, "4 stars"], heads=[*HEADS, "Rating"]))
    assert any("no figure" in note and "Rating" in note for note in extract.notes)
    assert set(extract.frames) == {"document"}


def test_the_same_row_twice_is_kept_once():
    extract = without_errors(read(ELM, ELM, row(Quotation="Kind.")))
    assert len(extract.frames["document"]) == 2
    assert extract.rows_rejected == {"the same row stands more than once": 1}
