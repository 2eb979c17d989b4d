"""The GP Patient Survey in its two namings, and what goes wrong in its files."""

from __future__ import annotations

from datetime import date

import pytest
from layouts import by_provider, csv_workbook, only_error, parsed, said, spreadsheet, without_errors

from pxcore.ingest.gp_survey import SOURCE
from pxcore.ingest.source import Request
from pxcore.model import Period

NEW = [
    "ad_practicecode",
    "ad_practicename",
    "ad_icscode",
    "distributed",
    "received",
    "overallexp.pcteval",
    "overallexp.baseevaluw",
    "overallexp.lowileval",
    "overallexp.hiwileval",
    "localgpservicesphone.pcteval",
    "localgpservicesphone.baseevaluw",
]
A = ["p-0001 ", "Elm Road", "B-01", 300, 100, 0.8, 95, 0.71, 0.87, 0.5, 90]
B = ["P-0002", "Oak Lane", "B-01", 280, 80, 0.6, 75, 0.5, 0.7, 0.4, 70]


def with_value(row: list, column: str, value: object) -> list:
    return [value if name == column else old for name, old in zip(NEW, row, strict=True)]


def new_file(*rows: list, name: str = "GPPS_2024_practice.csv"):
    return csv_workbook(name, [NEW, *rows])


def test_the_naming_from_2024_gives_one_row_per_practice_and_measure():
    workbook = new_file(A, B)
    assert SOURCE.recognise(workbook)
    extract = without_errors(parsed(SOURCE, workbook))
    facts = extract.frames["survey_fact"]
    assert len(facts) == 4
    assert extract.rows_in == 2
    overall = by_provider(facts, "overall").loc["P-0001"]
    assert (overall["value"], overall["low"], overall["high"]) == (0.8, 0.71, 0.87)
    assert overall["respondents"] == 95
    assert (overall["grain"], overall["parent"], overall["service"]) == (
        "practice",
        "B-01",
        "general_practice",
    )
    assert overall["base_weighting"] == "unweighted"
    assert overall["period_start"].date() == date(2024, 1, 2)
    assert overall["period_end"].date() == date(2024, 3, 25)
    assert overall["period_approximate"]
    assert overall["cell"] == "row 2"
    assert by_provider(facts, "phone").loc["P-0002", "value"] == 0.4


def test_forms_sent_are_not_people_eligible():
    facts = parsed(SOURCE, new_file(A)).frames["survey_fact"]
    assert facts["eligible"].isna().all()


def test_heads_with_underscores_and_moved_down_the_sheet_are_read_the_same():
    heads = [head.replace(".", "_") for head in NEW]
    workbook = spreadsheet(
        "gpps 2025.xlsx", {"About": [["Notes"]], "Practice": [["GP Patient Survey"], [], heads, A]}
    )
    assert SOURCE.recognise(workbook)
    facts = without_errors(parsed(SOURCE, workbook)).frames["survey_fact"]
    assert facts["cell"].tolist() == ["Practice!4", "Practice!4"]
    assert facts["low"].tolist()[0] == 0.71


def test_the_naming_to_2023_reads_percentages_and_weighted_bases():
    head = ["Practice_Code", "Practice_Name", "CCG_Code", "Q28_12pct", "Q28base", "Q18_12pct"]
    rows = [["P-0001", "Elm", "16C", 81.5, 100, 0.4], ["P-0002", "Oak", "16C", 62, 90, 0.75]]
    workbook = csv_workbook("GPPS_2023_Practice_data_(weighted).csv", [head, *rows])
    assert SOURCE.recognise(workbook)
    facts = without_errors(parsed(SOURCE, workbook)).frames["survey_fact"]
    overall, booking = by_provider(facts, "overall"), by_provider(facts, "appointment")
    assert overall.loc["P-0001", "value"] == pytest.approx(0.815)
    assert overall.loc["P-0001", "base_weighting"] == "weighted"
    assert booking.loc["P-0002", "value"] == 0.75  # this column holds proportions
    assert booking.loc["P-0002", "base_weighting"] == "unknown"
    assert overall.loc["P-0001", "parent"] == "16C"


def test_icb_and_national_rows_have_their_own_grain():
    head = ["code", "name", "type", "overallexp.pcteval", "overallexp.baseevaluw"]
    rows = [
        ["ENGLAND", "England", "National", 75.4, 700000],
        ["B-01", "Norwick", "ICS/ICB", 70, 9000],
    ]
    facts = parsed(SOURCE, csv_workbook("gpps_2025_areas.csv", [head, *rows])).frames["survey_fact"]
    assert facts[["grain", "provider"]].values.tolist() == [
        ["national", "ENGLAND"],
        ["icb", "B-01"],
    ]
    assert facts["value"].tolist() == pytest.approx([0.754, 0.70])


def test_an_icb_sheet_beside_the_practice_sheet_is_read_too():
    head = ["ad_icscode", "ad_icsname", "overallexp.pcteval"]
    workbook = spreadsheet(
        "gpps_2024.xlsx",
        {"Practice": [NEW, A], "ICS": [head, ["B-01", "Norwick", 0.7], ["", "England", 0.74]]},
    )
    facts = without_errors(parsed(SOURCE, workbook)).frames["survey_fact"]
    overall = by_provider(facts, "overall")
    assert overall["grain"].to_dict() == {
        "P-0001": "practice",
        "B-01": "icb",
        "ENGLAND": "national",
    }


@pytest.mark.parametrize(
    ("cell", "base", "why"),
    [
        ("*", 95, "publisher"),
        ("", 8, "publisher"),
        ("", 0, "not_calculable"),
        ("", 95, "missing"),
        ("", "", "unknown"),
        ("-", 0, "not_calculable"),
        (":", 95, "missing"),
        (-98, 95, "publisher"),
        (-99, 95, "missing"),
        (-97, 95, "missing"),
    ],
)
def test_a_value_not_shown_keeps_the_reason(cell, base, why):
    row = with_value(with_value(A, "overallexp.pcteval", cell), "overallexp.baseevaluw", base)
    row = with_value(with_value(row, "overallexp.lowileval", ""), "overallexp.hiwileval", "")
    extract = without_errors(parsed(SOURCE, new_file(row, B)))
    overall = by_provider(extract.frames["survey_fact"], "overall").loc["P-0001"]
    assert overall["withheld"] == why
    assert overall[["value", "low", "high"]].isna().all()


def test_a_year_column_gives_each_row_its_own_wave():
    rows = [[*A, 2024], [*A, 2025]]
    extract = without_errors(parsed(SOURCE, csv_workbook("gpps.csv", [[*NEW, "year"], *rows])))
    overall = extract.frames["survey_fact"].query("measure == 'overall'")
    assert [start.year for start in overall["period_end"]] == [2024, 2025]


@pytest.mark.parametrize("name", ["practices.csv", "gpps_1999.csv", "gpps_2024_2025.csv"])
def test_a_file_without_one_year_asks_for_it(name):
    extract = parsed(SOURCE, new_file(A, name=name))
    assert extract.needs == ("period",)
    wave = Period(date(2025, 1, 1), date(2025, 12, 31))
    mended = without_errors(parsed(SOURCE, new_file(A, name=name), Request(period=wave)))
    assert mended.frames["survey_fact"]["period_end"].dt.date.eq(date(2025, 4, 1)).all()


def test_a_wave_without_a_window_asks_for_its_fieldwork():
    extract = parsed(SOURCE, new_file(A, name="gpps_2031.csv"))
    assert only_error(extract).needs == "period"
    fieldwork = Period(date(2031, 1, 5), date(2031, 4, 2))
    mended = without_errors(
        parsed(SOURCE, new_file(A, name="gpps_2031.csv"), Request(period=fieldwork))
    )
    assert not mended.frames["survey_fact"]["period_approximate"].any()


def test_a_question_number_is_not_read_in_a_year_it_is_not_known_for():
    workbook = csv_workbook("gpps_2024.csv", [["Practice_Code", "Q28_12pct"], ["P-0001", 0.8]])
    extract = parsed(SOURCE, workbook)
    assert "2018 to 2023" in said(extract)
    assert "known for this year" in only_error(extract).what


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("overallexp.pcteval", "eighty", "is not a number"),
        ("overallexp.lowileval", 0.9, "interval"),
        ("overallexp.hiwileval", 0.75, "interval"),
        ("overallexp.baseevaluw", -3, "below zero"),
        ("overallexp.baseevaluw", 95.4, "whole number"),
        ("localgpservicesphone.baseevaluw", "many", "is not a number"),
    ],
)
def test_each_fault_of_a_cell_names_the_cell(column, value, what):
    fault = only_error(parsed(SOURCE, new_file(with_value(A, column, value), B)))
    assert what in fault.what
    letter = chr(65 + NEW.index("overallexp.pcteval" if what == "interval" else column))
    assert fault.where == f"row 2, column {letter}"


def test_a_percentage_over_100_is_an_error():
    rows = [
        with_value(A, "localgpservicesphone.pcteval", 104),
        with_value(B, "localgpservicesphone.pcteval", 40),
    ]
    assert "outside 0 to 100" in only_error(parsed(SOURCE, new_file(*rows))).what


def test_every_fault_is_found_at_once():
    rows = [with_value(A, "overallexp.pcteval", "x?"), with_value(B, "overallexp.baseevaluw", -3)]
    assert len(parsed(SOURCE, new_file(*rows)).errors) == 2


def test_a_practice_given_twice_with_different_figures_is_an_error():
    fault = only_error(parsed(SOURCE, new_file(A, with_value(A, "overallexp.pcteval", 0.75), B)))
    assert "P-0001" in fault.what
    assert fault.where == "row 2 and row 3"


def test_a_practice_given_twice_with_the_same_figures_is_kept_once():
    extract = without_errors(parsed(SOURCE, new_file(A, A, B)))
    assert extract.rows_rejected == {"the same row stands more than once": 1}
    assert len(extract.frames["survey_fact"]) == 4
    assert "row 3" in set(extract.frames["survey_fact"]["cell"])


def test_a_missing_code_column_is_named():
    workbook = csv_workbook("gpps_2024.csv", [NEW[3:], A[3:]])
    assert SOURCE.recognise(workbook)
    assert "no column of practice codes" in only_error(parsed(SOURCE, workbook)).what


def test_a_row_without_a_code_is_rejected_and_a_note_is_not_a_row():
    note = ["", "Note: results under 10 are suppressed", *[""] * 9]
    extract = parsed(SOURCE, new_file(A, with_value(B, "ad_practicecode", ""), note))
    assert extract.rows_in == 2
    assert extract.rows_rejected == {"no practice or area code": 1}


def test_more_forms_back_than_sent_is_a_warning():
    assert "More forms" in said(parsed(SOURCE, new_file(with_value(A, "received", 301))))


def test_a_file_with_headings_only_holds_no_data():
    assert "no rows of data" in only_error(parsed(SOURCE, new_file())).what


def test_windows_1252_names_are_read():
    workbook = csv_workbook(
        "g_2024.csv", [NEW, with_value(A, "ad_practicename", "St Ann’s")], "cp1252"
    )
    assert parsed(SOURCE, workbook).frames["survey_fact"]["provider_name"].iloc[0] == "St Ann’s"


@pytest.mark.parametrize(
    "head",
    [["gp_code", "access_satisfaction_2024"], ["Trust Code", "Total Responses"], ["time", "phone"]],
)
def test_other_files_are_not_taken_for_it(head):
    assert not SOURCE.recognise(csv_workbook("gpps_2024.csv", [head, ["A", 1]]))


OLD_BASES = [
    *("Practice_Code", "Q3base", "Q3_1234base", "Q28base", "Q18base"),
    *("Q3_12pct", "Q28_12pct", "Q18_12pct", "Q3ci_lower_wil", "Q3ci_upper_wil"),
]


def test_to_2023_the_base_is_of_those_whose_answers_count_and_the_interval_is_read():
    row = ["P-1", 120, 95, 119, 118, 0.7, 0.8, 0.75, 0.6, 0.79]
    extract = without_errors(parsed(SOURCE, csv_workbook("GPPS_2022.csv", [OLD_BASES, row])))
    facts = extract.frames["survey_fact"].set_index("measure")
    assert facts["respondents"].to_dict() == {"phone": 95, "overall": 119, "appointment": 118}
    assert facts.loc["phone", ["low", "high"]].tolist() == [0.6, 0.79]
    assert facts.loc["overall", ["low", "high"]].isna().all()


def test_of_two_bases_of_one_percentage_neither_is_taken():
    head = [*OLD_BASES[:3], "Q3_123base", "Q3_12pct"]
    workbook = csv_workbook("GPPS_2022.csv", [head, ["P-1", 120, 95, 80, 0.7]])
    facts = without_errors(parsed(SOURCE, workbook)).frames["survey_fact"]
    assert facts["respondents"].isna().all()


def test_a_year_that_is_two_is_refused_and_one_that_the_name_denies_is_told():
    head, row = [*NEW, "year"], [*A, "2023-24 and 2024-25"]
    both = parsed(SOURCE, csv_workbook("GPPS_2024.csv", [head, row]))
    assert any("is not one year" in fault.what for fault in both.errors)
    other = parsed(SOURCE, csv_workbook("GPPS_2024.csv", [head, [*A, 2025]]))
    assert "the column is used" in said(other)
