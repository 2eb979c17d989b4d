"""Where the wizard starts: roles by content and heading, nothing preset where several columns fit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from layouts import csv_workbook, spreadsheet

from pxcore.ingest.profile import ANSWERS, FIGURES, ORGANISATIONS, AnswerColumn
from pxcore.ingest.suggestion import Suggestion, remembered, suggest

FORM = [
    ["ID", "Start time", "Completion time", "Email", "Name", "Which practice did you visit?\xa0",
     "Overall, how was your experience of our service?\n", "Please can you tell us why?"],
    *(
        [n, datetime(2026, 3, n, 9), datetime(2026, 3, n, 9, 4), "anonymous", name, practice, said, why]
        for n, name, practice, said, why in (
            (2, "Ann Invented", "Elder Lane Surgery", "Very good", "Kind"),
            (4, "Bob Invented", "Birch Court Practice", "Good", ""),
            (6, "Cat Invented", "Elder Lane Surgery", "Poor", "Slow"),
        )
    ),
]  # fmt: skip


def roles(suggestion: Suggestion) -> dict[str, str]:
    return {guess.heading: guess.role for guess in suggestion.columns}


def test_a_form_is_taken_for_answers_and_nobodys_name_for_a_provider() -> None:
    found = suggest(spreadsheet("form.xlsx", {"Form1": FORM}))
    assert (found.holds, found.source) == (ANSWERS, "fft_local")
    told = roles(found)
    assert told["Name"] == told["Email"] == ""
    assert told["Which practice did you visit?"] == "name"
    assert told["Please can you tell us why?"] == "comment"
    assert told["ID"] == "response"
    assert told["Start time"] == told["Completion time"] == ""  # both fit: a person says which
    assert found.profile.answers == (
        AnswerColumn("Overall, how was your experience of our service?", "overall", "experience"),
    )
    assert found.profile.service == "general_practice"


def test_a_scale_is_preset_only_where_one_alone_fits() -> None:
    for words, scale in (
        (("Very easy", "Fairly easy", "Not very easy"), "fairly_easy"),
        (("Very easy", "Fairly easy"), ""),
        (("Extremely likely", "Likely", "Don't know"), "recommend"),
    ):
        rows = [[f"2026-03-0{n + 1}", "P-0001", word] for n, word in enumerate(words)]
        found = suggest(csv_workbook("x.csv", [["When", "Where", "How was it?"], *rows]))
        assert found.columns[2].scale == scale, words


def test_where_two_columns_fit_one_role_neither_is_preset() -> None:
    rows = [[f"P-000{n}", f"P-010{n}", 50, 40, 81.5] for n in range(4)]
    head = ["Practice code", "Old practice code", "Responses", "Respondents", "Score pct"]
    found = suggest(csv_workbook("x.csv", [head, *rows]))
    assert roles(found) == dict(zip(head, ["", "", "", "", "value"], strict=True))


def test_codes_of_a_letter_and_figures_are_no_numbers() -> None:
    rows: list[list[Any]] = [["practice code", "list", "score pct"]]
    rows += [[f"E8207{n}", 9000 - n, 70 + n / 2] for n in range(3)]
    found = suggest(csv_workbook("x.csv", rows))
    assert (found.holds, found.header_row) == (FIGURES, 0)
    assert roles(found) == {"practice code": "code", "list": "", "score pct": "value"}


def test_a_row_of_data_over_a_fuller_one_is_not_taken_for_the_heading() -> None:
    rows = [
        ["gp_code", "month", "responses", "pct_positive"],
        ["P-1001", "2025-01", "", ""],
        ["P-1001", "2025-02", "", ""],
        ["P-1001", "2025-03", "120", "91.7"],
        ["P-1002", "2025-01", "80", "85.0"],
    ]
    found = suggest(csv_workbook("x.csv", rows))
    assert found.header_row == 0
    assert roles(found) == {
        "gp_code": "code", "month": "period", "responses": "respondents", "pct_positive": "value",
    }  # fmt: skip


def test_a_files_own_measure_column_says_the_measure() -> None:
    rows = [["gp_code", "year", "measure", "value", "base"]]
    rows += [[f"P-100{n}", "2025", "phone", "41.2", "110"] for n in range(4)]
    found = suggest(csv_workbook("long gpps.csv", rows))
    assert found.source == "gp_survey"
    assert found.profile.columns["measure"] == "measure"
    assert [value.measure for value in found.profile.values] == [""]


def test_counts_alone_are_a_result_whose_measure_is_to_be_said() -> None:
    rows = [["Practice", "Month", "Positive", "Responses"], ["P-0001", "2026-02", 40, 50]]
    found = suggest(csv_workbook("ours.csv", rows))
    assert [(one.column, one.measure, one.unit) for one in found.profile.values] == [
        ("", "", "counts")
    ]


def test_a_list_of_organisations_is_taken_for_one() -> None:
    rows = [["Code", "Practice name", "ICB code", "New code", "Date of change"]]
    rows += [
        [f"P-000{n}", f"Elm {'ABC'[n]} Surgery", "B-01", f"P-010{n}", "20240401"] for n in range(3)
    ]
    found = suggest(csv_workbook("list.csv", rows))
    assert (found.holds, found.source) == (ORGANISATIONS, "")
    assert list(roles(found).values()) == ["code", "name", "parent", "successor", "succeeded_on"]


def test_dates_that_may_be_two_days_are_pointed_out_unless_one_decides() -> None:
    for last, example in (("03/04/2026", "01/03/2026"), ("13/04/2026", "")):
        rows = [["When", "Surgery", "Verdict"], ["01/03/2026", "P-0001", "Very good"],
                [last, "P-0001", "Poor"]]  # fmt: skip
        assert suggest(csv_workbook("x.csv", rows)).columns[0].two_ways == example


def test_a_remembered_layout_starts_as_it_stands_with_a_file_and_without() -> None:
    workbook = spreadsheet("form.xlsx", {"Form1": FORM})
    first = suggest(workbook)
    columns = {**first.profile.columns, "date": "Completion time"}
    profile = first.profile.__class__(**{**vars(first.profile), "columns": columns})
    again = remembered(profile, workbook)
    assert roles(again)["Completion time"] == "date"
    assert roles(again)["Start time"] == ""
    assert again.columns[5].examples == ("Elder Lane Surgery", "Birch Court Practice")
    bare = roles(remembered(profile))
    assert bare["Completion time"] == "date"
    assert "Start time" not in bare
