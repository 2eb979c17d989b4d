"""Second heading rows, options side by side and notes under the table, known by their shape."""

from __future__ import annotations

from layouts import csv_workbook

from pxcore.ingest.platforms import heading_rows, levelled
from pxcore.ingest.workbook import Sheet


def sheet(*rows: list[str]) -> Sheet:
    return csv_workbook("x.csv", rows).sheets[0]


QUALTRICS = (
    ["EndDate", "practice", "QID1"],
    ["End Date", "Which practice?", "How was it?"],
    ['{"ImportId":"endDate"}', '{"ImportId":"QID0"}', '{"ImportId":"QID1"}'],
    ["2026-03-02", "P-0001", "Very good"],
)
SPLIT = (
    ["Respondent ID", "How was it?", "", "", "Why?"],
    ["", "Very good", "Good", "Poor", "Open-Ended Response"],
    ["101", "Very good", "", "", "Kind"],
    ["102", "", "", "Poor", ""],
    ["103", "Very good", "Good", "", ""],
)
MATRIX = (
    ["Respondent ID", "How easy was it?", "", "Why?"],
    ["", "By phone", "Online", "Open-Ended Response"],
    ["101", "Very easy", "Not easy", "-"],
    ["102", "Easy", "Easy", "-"],
)


def test_rows_of_identifiers_end_the_headings() -> None:
    assert heading_rows(sheet(*QUALTRICS), 0) == 3
    level = levelled(sheet(*QUALTRICS), 0, 3)
    assert level.titles == ("EndDate", "practice", "QID1")
    assert level.questions == ("End Date", "Which practice?", "How was it?")
    assert level.notes == ("Headings too, no data: rows 2 to 3.",)
    assert level.sheet.rows[1:3] == [["", "", ""]] * 2


def test_options_side_by_side_are_one_answer_and_two_ticked_are_none() -> None:
    assert heading_rows(sheet(*SPLIT), 0) == 2
    level = levelled(sheet(*SPLIT), 0, 2)
    assert level.titles == ("Respondent ID", "How was it?", "", "", "Why?")
    assert [row[1] for row in level.sheet.rows[2:]] == ["Very good", "Poor", "Very good; Good"]
    assert [row[0] for row in level.sheet.rows[2:]] == ["101", "102", "103"]


def test_several_questions_under_one_heading_stay_apart() -> None:
    level = levelled(sheet(*MATRIX), 0, heading_rows(sheet(*MATRIX), 0))
    assert level.titles[1:3] == ("How easy was it? – By phone", "How easy was it? – Online")


def test_a_row_of_data_is_no_second_heading() -> None:
    rows = (["when", "where", "verdict"], ["2026-03-02", "P-1", "Good"], ["", "P-1", "Poor"])
    assert heading_rows(sheet(*rows), 0) == 1
    words = (["name", "place", "verdict"], ["Elm", "North", "Good"], ["Oak", "South", "Poor"])
    assert heading_rows(sheet(*words), 0) == 1


def test_a_heading_that_stands_twice_is_numbered() -> None:
    assert levelled(sheet(["n", "%", "n"], ["1", "2", "3"]), 0).titles == ("n", "%", "n (2)")


def test_filters_and_notes_under_the_table_are_taken_away_and_counted() -> None:
    rows = (
        ["Report of the month"],
        ["code", "n", "%"],
        ["P-0001", "10", "90"],
        ["P-0002", "", ""],
        [],
        ["Applied filters:\nMonth is February 2026"],
    )
    level = levelled(sheet(*rows), 1)
    assert level.foot_rows == 1
    assert level.notes == (
        "Under the table, left out: row 6 (notes, no data).",
        "Above the table, left out: row 1.",
    )
    assert level.sheet.rows[3][0] == "P-0002"  # one filled cell, and yet a row of data
