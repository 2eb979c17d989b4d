"""Answers under headings of their own, read as a person explained them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from layouts import csv_workbook, only_error, said, without_errors

from pxcore.ingest.mapping import parse_with
from pxcore.ingest.profile import AnswerColumn, Profile, faults_of
from pxcore.ingest.source import Request

FORM = Profile(
    "form",
    "local_survey",
    {"code": "Where", "date": "When", "comment": "Why?", "response": "No"},
    (),
    holds="answers",
    answers=(
        AnswerColumn("Verdict", "overall", "experience"),
        AnswerColumn("Rang?", "phone", "easy"),
    ),
    service="general_practice",
)
HEAD = ["No", "When", "Where", "Verdict", "Rang?", "Why?"]
ROWS = [
    ["1", "2026-03-01", "P-0001", "Very good", "Easy", "Kind"],
    ["2", "2026-03-02", "P-0001", "Poor", "", ""],
    ["3", "2026-03-03", "", "Poor", "Easy", ""],
    ["4", "2026-03-04", "P-0002", "Lovely", "", ""],
]


def test_answers_become_responses_and_an_answer_a_question() -> None:
    extract = without_errors(parse_with(FORM, csv_workbook("f.csv", [HEAD, *ROWS]), Request()))
    responses, answers = extract.frames["response"], extract.frames["answer"]
    assert responses["response"].tolist() == ["1", "2"]
    assert responses["comment"].tolist() == ["Kind", ""]
    assert responses["service"].eq("general_practice").all()
    assert answers[["response", "measure", "positive", "score"]].to_numpy().tolist() == [
        ["1", "overall", 1.0, 5.0], ["2", "overall", 0.0, 2.0], ["1", "phone", 1.0, 3.0],
    ]  # fmt: skip
    assert extract.rows_rejected == {
        "no organisation on the row": 1,
        "no answer that can be read": 1,
    }
    assert "‘Lovely’ (1)" in said(extract)


def test_the_order_of_day_and_month_is_said_not_guessed() -> None:
    rows = [HEAD, ["1", "03/02/2026 09:00:00 AM", "P-0001", "Good", "", ""]]
    fault = only_error(parse_with(FORM, csv_workbook("f.csv", rows), Request()))
    assert fault.where == "row 2, column B"
    assert "day/month or month/day" in fault.what
    for order, day in (("day", date(2026, 2, 3)), ("month", date(2026, 3, 2))):
        profile = replace(FORM, dates=order)
        frame = without_errors(parse_with(profile, csv_workbook("f.csv", rows), Request())).frames
        assert frame["response"]["answered_on"].dt.date.tolist() == [day]
        assert frame["response"]["date_raw"].tolist() == ["03/02/2026 09:00:00 AM"]


def test_a_date_against_the_order_said_is_told() -> None:
    rows = [HEAD, ["1", "30/02/2026", "P-0001", "Good", "", ""]]
    extract = parse_with(replace(FORM, dates="month"), csv_workbook("f.csv", rows), Request())
    assert "date that cannot be read" in said(extract)


def test_a_remembered_second_heading_that_is_missing_or_new_is_an_error() -> None:
    two = replace(FORM, heading_rows=2)
    fault = only_error(parse_with(two, csv_workbook("f.csv", [HEAD, *ROWS]), Request()))
    assert (fault.what, fault.where) == (
        "Row 2 should be a heading, but holds an answer.", "row 2, column D",
    )  # fmt: skip
    under = ["", "", "Response", "Response", "Response", "Open-Ended Response"]
    more = parse_with(FORM, csv_workbook("f.csv", [HEAD, under, *ROWS]), Request())
    assert "Row 2 is also a heading" in only_error(more).what
    whole = parse_with(two, csv_workbook("f.csv", [HEAD, under, *ROWS]), Request())
    assert len(without_errors(whole).frames["response"]) == 2


def test_options_side_by_side_are_read_by_their_profile() -> None:
    rows = [
        ["No", "When", "Where", "Verdict", "", "", "Rang?", "Why?"],
        ["", "", "Response", "Very good", "Good", "Poor", "Response", "Open-Ended Response"],
        ["1", "2026-03-01", "P-0001", "Very good", "", "", "Easy", "Kind"],
        ["2", "2026-03-01", "P-0001", "", "", "Poor", "", ""],
    ]
    profile = replace(FORM, heading_rows=2)
    extract = without_errors(parse_with(profile, csv_workbook("f.csv", rows), Request()))
    assert extract.frames["answer"]["answer"].tolist() == ["Very good", "Poor", "Easy"]
    assert any("Options side by side" in note for note in extract.notes)


def test_stars_of_a_community_source_are_a_mean_and_say_the_sentiment() -> None:
    profile = Profile(
        "stars", "nhs_reviews", {"name": "Where", "date": "When"}, (), holds="answers",
        answers=(AnswerColumn("Stars", "rating", "stars"),),
    )  # fmt: skip
    rows = [["When", "Where", "Stars"], *(["2026-03-01", "Elm", n] for n in (5, 3, 1))]
    frames = without_errors(parse_with(profile, csv_workbook("s.csv", rows), Request())).frames
    assert frames["answer"]["score"].tolist() == [5, 3, 1]
    assert frames["answer"]["positive"].isna().all()
    assert frames["response"]["sentiment"].tolist() == ["positive", "neutral", "negative"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"columns": {"code": "Where"}}, "date of the answer"),
        ({"answers": ()}, "No column is mapped to an answer"),
        ({"answers": (AnswerColumn("Verdict", "overall", ""),)}, "No scale is given for ‘Verdict’"),
        ({"answers": (AnswerColumn("Verdict", "", "easy"),)}, "No measure is given for ‘Verdict’"),
        ({"answers": (FORM.answers[0], FORM.answers[0])}, "Two columns"),
        ({"source": "gp_survey"}, "not collected as individual people's answers"),
        (
            {"source": "healthwatch", "answers": (AnswerColumn("Rang?", "phone", "stars"),)},
            "scale of 1–4",
        ),
        ({"service": "barber"}, "no service called"),
        ({"dates": "year"}, "not an order of dates"),
    ],
)
def test_a_wrong_profile_of_answers_is_told(change: dict[str, object], what: str) -> None:
    assert what in " ".join(faults_of(replace(FORM, **change)))
