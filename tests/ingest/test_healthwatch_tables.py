"""The published tables of a Healthwatch report, and where they do not add up."""

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
    spreadsheet,
    without_errors,
)

from pxcore.ingest.healthwatch_tables import SOURCE
from pxcore.ingest.source import Request
from pxcore.model import Period

QUARTER = "2024-07-01/2024-09-30"
SENTIMENT = [
    "Service Type", "Positive", "Positive %", "Neutral", "Neutral %", "Negative", "Negative %",
    "Total", "period",
]  # fmt: skip
GP = ["GP", 60, 60, 25, 25, 15, 15, 100, QUARTER]
DENTIST = ["Dentist", 8, 80, 1, 10, 1, 10, 10, QUARTER]


def sentiment(*rows, name="healthwatch_elm_vale_2024q2_service_sentiment.csv"):
    return csv_workbook(name, [SENTIMENT, *rows])


def test_services_by_sentiment_become_counts_of_an_area():
    workbook = sentiment(GP, DENTIST)
    assert SOURCE.recognise(workbook)
    extract = without_errors(parsed(SOURCE, workbook))
    rows = extract.frames["summary"].set_index("service")
    assert not extract.warnings
    gp = rows.loc["general_practice"]
    assert gp[["measure", "grain", "provider_name"]].tolist() == ["overall", "area", "Elm Vale"]
    assert gp[["respondents", "positive", "neutral", "negative", "value"]].tolist() == [
        100,
        60,
        25,
        15,
        0.6,
    ]
    assert gp["period_start"].date() == date(2024, 7, 1)
    assert gp["cell"] == "row 2"


def test_counts_written_with_their_percentage_are_read():
    head = ["Service Type", "Positive", "Neutral", "Negative", "Total", "period"]
    row = ["GP", "184 (60%)", "74 (15%)", "47 (24%)", 305, QUARTER]
    extract = without_errors(parsed(SOURCE, csv_workbook("healthwatch.csv", [head, row])))
    assert extract.frames["summary"]["positive"].tolist() == [184]
    assert "neutral (15%) and negative (24%) have changed places" in said(extract)
    assert "the counts give 24% and 15%" in said(extract)


def test_parts_that_do_not_add_up_are_told_with_both_figures():
    row = ["Ambulance", 38, 78, 7, 14, 4, 8, 50, QUARTER]
    extract = without_errors(parsed(SOURCE, sentiment(row)))
    assert "add up to 49, but the total says 50" in said(extract)
    assert len(extract.warnings) == 1  # 78% is 38 of 49
    assert extract.frames["summary"]["respondents"].tolist() == [49]


def test_a_percentage_that_does_not_fit_its_count_is_told():
    row = ["GP", 60, 66, 25, 25, 15, 15, 100, QUARTER]
    assert "printed as 66%, but 60 of 100 is 60%" in said(parsed(SOURCE, sentiment(row)))


def test_the_total_row_is_checked_and_is_not_data():
    total = ["Overall Total", 68, 62, 26, 24, 16, 14, 111, QUARTER]
    extract = without_errors(parsed(SOURCE, sentiment(GP, DENTIST, total)))
    assert len(extract.frames["summary"]) == 2
    assert extract.rows_rejected == {"a total row (checked against the rows)": 1}
    assert "printed as 111, but the rows add up to 110" in said(extract)


def test_themes_keep_their_words_and_service():
    head = ["Service Type", "Theme", "Positive", "Neutral", "Negative", "Total", "period"]
    rows = [
        ["GP", "Waiting times", 3, 1, 6, 10, QUARTER],
        ["Hospital", "Waiting times", 5, 0, 5, 10, QUARTER],
    ]
    rows = without_errors(parsed(SOURCE, csv_workbook("healthwatch.csv", [head, *rows]))).frames[
        "summary"
    ]
    assert rows["measure"].tolist() == ["theme", "theme"]
    assert rows["theme"].tolist() == ["Waiting times", "Waiting times"]
    assert rows["value"].tolist() == [0.3, 0.5]
    assert rows["provider_name"].tolist() == ["", ""]


NETWORK = [
    "PCN NAME", "No of reviews", "Overall star rating (1-5)",
    "Access: Getting an appointment (1-4)", "period",
]  # fmt: skip


def test_networks_have_mean_ratings_on_their_own_scales():
    workbook = spreadsheet(
        "hw.xlsx", {"PCN": [["Ratings"], NETWORK, ["North Net", 36, 3.4, 2.4, QUARTER]]}
    )
    rows = without_errors(parsed(SOURCE, workbook)).frames["summary"].set_index("measure")
    assert rows.loc["rating", ["grain", "provider_name", "value", "scale_high"]].tolist() == [
        "pcn", "North Net", 3.4, 5,
    ]  # fmt: skip
    assert rows.loc["appointment", ["respondents", "scale_high", "cell"]].tolist() == [
        36,
        4,
        "PCN!3",
    ]


def test_hospitals_keep_small_bases_and_their_blanks():
    head = ["Name of Hospital", "No of reviews", "Overall Rating (1-5)", "Waiting Times", "period"]
    rows = [["Elm Hospital", 331, 3.5, 2.9, QUARTER], ["Oak Hospital", 10, "", "", QUARTER]]
    frame = without_errors(parsed(SOURCE, csv_workbook("hw.csv", [head, *rows]))).frames["summary"]
    small = frame[frame["provider_name"].eq("Oak Hospital")]
    assert small["respondents"].tolist() == [10, 10]
    assert small["withheld"].tolist() == ["publisher", "publisher"]
    assert frame["grain"].eq("site").all()


def test_a_rating_off_its_scale_names_the_cell():
    fault = only_error(
        parsed(SOURCE, csv_workbook("hw.csv", [NETWORK, ["North", 36, 3.4, 4.6, QUARTER]]))
    )
    assert fault.where == "row 2, column D"
    assert "1 to 4" in fault.what


def test_demographic_tables_are_counts_of_reviewers_by_group():
    head = ["Field", "Value", "No of Reviews", "period"]
    rows = [
        ["Gender", "Woman (including trans woman)", 60, QUARTER],
        ["Gender", "Not provided", 40, QUARTER],
        ["Ethnicity", "Irish", 10, QUARTER],
        ["Ethnicity", "Roma", 5, QUARTER],
        ["Ethnicity", "Bangladeshi", 84, QUARTER],
    ]
    extract = without_errors(parsed(SOURCE, csv_workbook("healthwatch_elm.csv", [head, *rows])))
    frame = extract.frames["summary"].set_index(["group_dimension", "group_value"])["respondents"]
    assert frame.to_dict() == {
        ("sex", "Female"): 60,
        ("sex", "Not provided"): 40,
        ("ethnicity", "White Irish"): 10,  # bands join them; the report's own groups are kept
        ("ethnicity", "Roma"): 5,
        ("ethnicity", "Bangladeshi"): 84,
    }
    assert "Gender 100, Ethnicity 99" in said(extract)


def test_quarters_are_financial_and_nothing_heard_is_unknown():
    head = ["Service Type", "quarter", "positive_reviews", "positive_pct"]
    rows = [["GP", "2024-25 Q1", 271, 69], ["Optician", "2024-25 Q4", 0, 0]]
    frame = without_errors(
        parsed(SOURCE, csv_workbook("healthwatch_elm.csv", [head, *rows]))
    ).frames["summary"]
    assert frame["period_start"].dt.date.tolist() == [date(2024, 4, 1), date(2025, 1, 1)]
    assert frame["value"].tolist()[0] == 0.69
    assert frame["withheld"].tolist() == ["none", "unknown"]
    assert frame["respondents"].isna().all()


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (["GP", "sixty", 60, 25, 25, 15, 15, 100, QUARTER], "is not a number"),
        (["GP", -1, 60, 25, 25, 15, 15, 100, QUARTER], "below zero"),
        (["GP", 60.5, 60, 25, 25, 14.5, 15, 100, QUARTER], "whole number"),
        (["GP", 60, 60, 25, 25, 15, 15, 100, "last summer"], "not a period"),
    ],
)
def test_each_fault_of_a_row_is_an_error(row, what):
    assert any(what in fault.what for fault in parsed(SOURCE, sentiment(row)).errors)


def test_a_service_twice_is_an_error_unless_the_rows_are_the_same():
    twice = parsed(SOURCE, sentiment(GP, ["GP", 61, 60, 24, 25, 15, 15, 100, QUARTER]))
    assert "stands twice" in only_error(twice).what
    same = without_errors(parsed(SOURCE, sentiment(GP, GP)))
    assert len(same.frames["summary"]) == 1


def test_without_a_period_the_person_is_asked():
    rows = [line[:-1] for line in (SENTIMENT, GP)]
    workbook = csv_workbook("healthwatch_elm_2024q2.csv", rows)
    assert parsed(SOURCE, workbook).needs == ("period",)
    asked = Request(period=Period(date(2024, 7, 1), date(2024, 9, 30)))
    assert len(without_errors(parsed(SOURCE, workbook, asked)).frames["summary"]) == 1


def test_a_missing_column_is_named():
    workbook = csv_workbook("hw.csv", [NETWORK[:1] + NETWORK[2:], ["North", 3.4, 2.4, QUARTER]])
    assert SOURCE.recognise(workbook)
    assert "reviews" in only_error(parsed(SOURCE, workbook)).what


def test_rows_of_feedback_are_not_a_published_table():
    head = ["date", "provider", "stars", "sentiment", "comment"]
    assert not SOURCE.recognise(
        csv_workbook("healthwatch.csv", [head, ["2025-01-01", "Elm", 4, "", ""]])
    )


@needs_real_files
@pytest.mark.parametrize(
    ("name", "rows", "warning"),
    [
        ("2024-25_quarterly_positive", 18, ""),
        ("2024q2_demographics", None, ""),
        ("2024q2_gp_by_pcn", 49, ""),
        ("2024q2_hospital", 28, ""),
        ("2024q2_service_sentiment", 12, "add up to 49, but the total says 50"),
        ("2024q2_themes", 21, ""),
    ],
)
def test_the_real_tables_load(name, rows, warning):
    workbook = real_workbook(f"healthwatch/healthwatch_tower_hamlets_{name}.csv")
    assert SOURCE.recognise(workbook)
    extract = without_errors(parsed(SOURCE, workbook))
    frame = extract.frames["summary"]
    if rows:
        assert len(frame) == rows
    else:
        assert frame.groupby("group_dimension")["respondents"].sum().eq(1198).all()
    assert warning in said(extract)
    if "sentiment" in name:
        assert "neutral (15%) and negative (24%) have changed places" in said(extract)
