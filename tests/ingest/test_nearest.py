"""How far an unknown file is from the layouts known: which headings to rename or add."""

from __future__ import annotations

from layouts import csv_workbook

from pxcore.ingest.nearest import nearest


def test_a_tidy_file_under_other_headings_names_each_rename() -> None:
    head = ["Org", "Mnth", "Question", "Happy people", "Asked"]
    rows = [[f"P-000{n}", "2026-02", "overall", 40, 50] for n in range(3)]
    (miss,) = nearest(csv_workbook("x.csv", [head, *rows]))
    assert miss.title == "Tidy figures"
    assert dict(miss.renames) == {
        "Org": "provider", "Mnth": "period", "Question": "measure", "Asked": "respondents",
    }  # fmt: skip
    assert miss.absent == ("positive",)
    assert str(miss).startswith("5 headings away from ‘Tidy figures’: rename ‘Org’ to ‘provider’")


def test_a_percentage_is_not_renamed_to_a_count() -> None:
    head = ["gp_code", "month", "responses", "pct_positive"]
    rows = [[f"P-000{n}", "2026-02", 120, 81.5] for n in range(3)]
    (miss,) = nearest(csv_workbook("x.csv", [head, *rows]))
    assert dict(miss.renames)["pct_positive"] == "percentage"


def test_answers_name_what_to_call_date_place_and_answer() -> None:
    rows = [["2026-03-02", "Elder Lane Surgery", "Very good"], ["2026-03-03", "Elm", "Good"]]
    (miss,) = nearest(csv_workbook("x.csv", [["When", "Practice used", "Verdict"], *rows]))
    assert miss.title == "Friends and Family Test: local responses"
    assert [heading for heading, _ in miss.renames] == ["When", "Practice used", "Verdict"]


def test_a_file_far_from_all_names_none() -> None:
    assert nearest(csv_workbook("x.csv", [["colour", "weight"], ["red", 3]])) == []
