"""Written complaints by organisation (KO41a)."""

from __future__ import annotations

from datetime import date

import pytest
from layouts import (
    csv_workbook,
    needs_real_files,
    only_error,
    parsed,
    real_workbook,
    said,
    without_errors,
)

from pxcore.ingest.complaints import SOURCE

HEAD = [
    "Year", "ICS_Code", "Organisation_Code", "Organisation_Name", "Complaints_Total_New",
    "Complaints_Total_Resolved", "Complaints_Number_Upheld", "Complaints_Number_Partially_Upheld",
    "Complaints_Number_Not_Upheld", "Service_Total",
]  # fmt: skip
ELM = ["2024-25", "B-01", "t-01", "Elm Trust", 403, 354, 98, 61, 195, 418]


def complaints(*rows, head=None):
    return csv_workbook("ko41a.csv", [head or HEAD, *rows])


def changed(column, value):
    return [value if name == column else old for name, old in zip(HEAD, ELM, strict=True)]


def test_new_and_upheld_complaints_are_two_measures_of_a_financial_year():
    workbook = complaints(ELM)
    assert SOURCE.recognise(workbook)
    extract = without_errors(parsed(SOURCE, workbook))
    facts = extract.frames["survey_fact"].set_index("measure")
    assert facts.loc["new", "respondents"] == 403
    assert facts.loc["upheld", ["positive", "respondents"]].tolist() == [159, 354]
    assert facts.loc["upheld", "value"] == pytest.approx(159 / 354)
    assert facts.loc["new", ["provider", "parent", "grain"]].tolist() == ["T-01", "B-01", "trust"]
    assert facts.loc["new", "period_start"].date() == date(2024, 4, 1)
    assert facts.loc["new", "period_end"].date() == date(2025, 3, 31)
    assert any("services add up to 418 for 403 new" in note for note in extract.notes)
    assert not extract.warnings


def test_outcomes_that_do_not_add_up_are_told():
    assert "add up to 355, but 354" in said(
        parsed(SOURCE, complaints(changed("Complaints_Number_Not_Upheld", 196)))
    )


def test_nothing_resolved_means_no_share_upheld():
    row = [*ELM[:5], 0, 0, 0, 0, 418]
    facts = (
        without_errors(parsed(SOURCE, complaints(row))).frames["survey_fact"].set_index("measure")
    )
    assert facts.loc["upheld", "withheld"] == "not_calculable"


@pytest.mark.parametrize(
    ("column", "value", "what", "letter"),
    [
        ("Complaints_Total_New", "many", "is not a number", "E"),
        ("Complaints_Total_New", -1, "below zero", "E"),
        ("Complaints_Total_New", 1.5, "whole number", "E"),
        ("Complaints_Number_Upheld", 400, "More complaints were upheld", "G"),
        ("Year", "this year", "not a financial year", "A"),
        ("Year", "", "year is blank", "A"),
    ],
)
def test_each_fault_names_its_cell(column, value, what, letter):
    fault = only_error(parsed(SOURCE, complaints(changed(column, value))))
    assert what in fault.what
    assert fault.where == f"row 2, column {letter}"


def test_an_organisation_twice_is_an_error_unless_the_rows_are_the_same():
    assert (
        "stands 2 times"
        in only_error(parsed(SOURCE, complaints(ELM, changed("Complaints_Total_New", 404)))).what
    )
    assert len(without_errors(parsed(SOURCE, complaints(ELM, ELM))).frames["survey_fact"]) == 2


def test_totals_and_notes_are_not_organisations():
    extract = parsed(SOURCE, complaints(ELM, ["2024-25", "", "", "England", *ELM[4:]]))
    assert sum(extract.rows_rejected.values()) == 1


def test_a_missing_column_is_named():
    head = ["Code" if name == "Organisation_Code" else name for name in HEAD]
    assert "provider" in only_error(parsed(SOURCE, complaints(ELM, head=head))).what


def test_a_file_with_headings_only_is_refused():
    assert "no rows of data" in only_error(parsed(SOURCE, complaints())).what


@needs_real_files
def test_the_real_trust_has_403_new_complaints():
    extract = without_errors(
        parsed(SOURCE, real_workbook("complaints/rdy_ko41a_2024_25_Org_Level.csv"))
    )
    facts = extract.frames["survey_fact"].set_index("measure")
    assert facts.loc["new", "respondents"] == 403
    assert facts.loc["upheld", "positive"] == 159
    assert any("subjects add up to 468" in note for note in extract.notes)
