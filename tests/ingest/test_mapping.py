"""The mapping wizard's engine: profiles kept, recognised, applied and suggested."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from layouts import (
    csv_workbook,
    needs_real_files,
    only_error,
    real_workbook,
    said,
    spreadsheet,
    without_errors,
)

from pxcore.errors import PxError
from pxcore.ingest.mapping import parse_with, source_of
from pxcore.ingest.profile import (
    PeriodRule,
    Profile,
    ValueColumn,
    faults_of,
    fitting,
    from_json,
    recognises,
    shipped_profiles,
    to_json,
)
from pxcore.ingest.source import Request
from pxcore.ingest.suggestion import suggest
from pxcore.model import Grain, Period

SHIPPED = {profile.name: profile for profile in shipped_profiles()}
FFT, SURVEY = SHIPPED["fft_gp_excerpt"], SHIPPED["gp_survey_excerpt"]
FFT_ROWS = [
    ["gp_code", "fft_responses", "fft_pct_positive"],
    ["P-0001", 10, 90.0],
    ["P-0002", "", ""],
    ["P-0003", 21, 100.0],
]
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def survey_file(year: int = 2024, name: str = "gpps_2024.csv"):
    head = ["gp_code", f"access_satisfaction_{year}", f"phone_easy_{year}"]
    return csv_workbook(name, [head, ["P-0001", 63.11, 46.4], ["P-0002", "", 50]])


def test_a_profile_survives_being_saved():
    assert from_json(to_json(SURVEY)) == SURVEY
    assert from_json(to_json(FFT)) == FFT


def test_an_fft_excerpt_gives_counts_and_unknown_blanks():
    workbook = csv_workbook("fft_gp_2026-02_x.csv", FFT_ROWS)
    assert recognises(FFT, workbook)
    extract = without_errors(parse_with(FFT, workbook, Request()))
    facts = extract.frames["fft_fact"].set_index("provider")
    assert extract.layout == "mapping:fft_gp_excerpt"
    assert facts.loc["P-0001", ["respondents", "value", "positive"]].tolist() == [10, 0.9, 9]
    assert facts.loc["P-0002", "withheld"] == "unknown"
    assert facts["period_start"].dt.date.eq(date(2026, 2, 1)).all()
    assert facts.loc["P-0003", "cell"] == "row 4"
    assert extract.rows_withheld == 1


def test_next_months_file_gets_its_own_month():
    march = parse_with(FFT, csv_workbook("fft_gp_2026-03_x.csv", FFT_ROWS), Request())
    assert march.frames["fft_fact"]["period_end"].dt.date.eq(date(2026, 3, 31)).all()


def test_a_file_name_without_a_month_asks_for_it():
    workbook = csv_workbook("practices.csv", FFT_ROWS)
    assert parse_with(FFT, workbook, Request()).needs == ("period",)
    mended = without_errors(parse_with(FFT, workbook, Request(period=MARCH)))
    assert mended.frames["fft_fact"]["period_start"].dt.date.eq(date(2026, 3, 1)).all()


def test_the_year_in_the_headings_may_change():
    for year in (2024, 2025):
        workbook = survey_file(year, f"gpps_{year}.csv")
        assert recognises(SURVEY, workbook)
        facts = without_errors(parse_with(SURVEY, workbook, Request())).frames["survey_fact"]
        assert facts["measure"].tolist() == ["contact", "contact", "phone", "phone"]
        assert facts["period_end"].dt.year.eq(year).all()
        assert facts["base_weighting"].eq("unknown").all()
        assert facts["withheld"].tolist() == ["none", "publisher", "none", "none"]


def test_a_year_in_the_headings_against_the_file_name_is_a_warning():
    extract = parse_with(SURVEY, survey_file(2025, "gpps_2024.csv"), Request())
    assert "headings say 2025" in said(extract)


def test_a_percentage_over_100_names_its_cell():
    rows = [FFT_ROWS[0], ["P-0001", 10, 900.0]]
    fault = only_error(parse_with(FFT, csv_workbook("fft_gp_2026-02.csv", rows), Request()))
    assert fault.where == "row 2, column C"
    assert "outside 0 to 100" in fault.what


def test_a_percentage_under_one_stays_a_percentage():
    rows = [FFT_ROWS[0], ["P-0001", 400, 1.0]]
    facts = parse_with(FFT, csv_workbook("fft_gp_2026-02.csv", rows), Request()).frames["fft_fact"]
    assert facts["value"].tolist() == [0.01]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (["P-0001", "ten", 90], "is not a number"),
        (["P-0001", 10.5, 90], "whole number"),
        (["P-0001", -4, 90], "below zero"),
        (["P-0003", 22, 100], "stands 2 times"),
    ],
)
def test_each_fault_of_a_row_is_an_error(row, what):
    workbook = csv_workbook("fft_gp_2026-02.csv", [*FFT_ROWS, row])
    assert any(what in fault.what for fault in parse_with(FFT, workbook, Request()).errors)


def test_a_repeated_row_is_counted_once_whatever_its_measures():
    workbook = csv_workbook(
        "gpps_2024.csv",
        [
            ["gp_code", "access_satisfaction_2024", "phone_easy_2024"],
            ["P-0001", 60, 50],
            ["P-0001", 60, 50],
        ],
    )
    extract = without_errors(parse_with(SURVEY, workbook, Request()))
    assert sum(extract.rows_rejected.values()) == 1
    assert len(extract.frames["survey_fact"]) == 2


def test_a_missing_column_is_named():
    workbook = csv_workbook("fft_gp_2026-02.csv", [["gp_code", "fft_responses"], ["P-0001", 10]])
    assert not recognises(FFT, workbook)
    assert "fft_pct_positive" in only_error(parse_with(FFT, workbook, Request())).what


def test_a_row_without_a_code_is_rejected_and_counted():
    workbook = csv_workbook("fft_gp_2026-02.csv", [*FFT_ROWS, ["", 10, 90], ["Total", 31, 95]])
    extract = parse_with(FFT, workbook, Request())
    assert extract.rows_rejected == {
        "no organisation on the row": 1,
        "a total, not an organisation": 1,
    }
    assert extract.rows_in == 5


@pytest.mark.parametrize("label", ["Total", "Grand total", "All practices", "England"])
def test_totals_and_the_notes_below_are_left_out_and_counted(label):
    below = [[label, 31, 95], ["Source: practice returns, March 2026", "", ""]]
    workbook = csv_workbook("fft_gp_2026-02.csv", [*FFT_ROWS, *below])
    extract = parse_with(FFT, workbook, Request())
    assert extract.rows_rejected == {
        "a total, not an organisation": 1,
        "a note under the table": 1,
    }
    assert extract.rows_in == 5


@pytest.mark.parametrize("label", ["Total", "England"])
def test_a_national_table_keeps_its_total(label):
    workbook = csv_workbook("fft_gp_2026-02.csv", [FFT_ROWS[0], [label, 31, 95]])
    extract = parse_with(replace(FFT, grain=Grain.NATIONAL), workbook, Request())
    assert extract.rows_rejected == {}
    assert extract.rows_in == 1


def test_the_period_can_stand_in_a_cell_or_a_column():
    rows = [
        ["Results", "July 2025"],
        ["Practice", "N", "% positive", "Month"],
        ["P-0001", 9, 80, "2025-06"],
    ]
    workbook = spreadsheet("x.xlsx", {"Notes": [["-"]], "Data": rows})
    profile = Profile(
        "p",
        "fft_gp",
        {"code": "Practice", "respondents": "N"},
        (ValueColumn("% positive", "overall"),),
    )
    by_cell = replace(profile, sheet="Data", period=PeriodRule("cell", "month", "B1"))
    facts = without_errors(parse_with(by_cell, workbook, Request())).frames["fft_fact"]
    assert facts["period_start"].dt.month.tolist() == [7]
    by_column = replace(
        profile, columns={**profile.columns, "period": "Month"}, period=PeriodRule("column", "any")
    )
    facts = without_errors(parse_with(by_column, workbook, Request())).frames["fft_fact"]
    assert facts["period_start"].dt.month.tolist() == [6]
    assert facts["cell"].tolist() == ["Data!3"]


def test_a_month_that_cannot_be_read_names_its_cell():
    profile = Profile(
        "p",
        "fft_gp",
        {"code": "code", "period": "month"},
        (ValueColumn("pct", "overall"),),
        PeriodRule("column", "month"),
    )
    workbook = csv_workbook("x.csv", [["code", "month", "pct"], ["P-0001", "Smarch", 90]])
    assert only_error(parse_with(profile, workbook, Request())).where == "row 2, column B"


def test_a_long_table_maps_its_measure_words():
    profile = Profile(
        "long",
        "gp_survey",
        {"code": "practice", "measure": "question", "respondents": "n"},
        (ValueColumn("result", unit="proportion"),),
        PeriodRule("file_name", "survey_wave"),
        words={"measure": {"How was it?": "overall"}},
    )
    rows = [
        ["practice", "question", "n", "result"],
        ["P-0001", "How was it?", 50, 0.7],
        ["P-0001", "Ease of contact by phone", 44, 0.5],
        ["P-0001", "Parking", 44, 0.1],
    ]
    extract = parse_with(profile, csv_workbook("gp 2025.csv", rows), Request())
    assert extract.frames["survey_fact"]["measure"].tolist() == ["overall", "phone"]
    assert extract.rows_rejected == {"the measure is not known": 1}
    assert "Parking" in said(extract)


COUNTS = Profile(
    "counts",
    "local_survey",
    {"code": "practice", "positive": "happy", "respondents": "asked"},
    (ValueColumn("", "overall", "counts"),),
    PeriodRule("file_name", "month"),
)


def test_counts_alone_give_the_share() -> None:
    rows = [
        ["practice", "happy", "asked"],
        ["P-0001", 40, 50],
        ["P-0002", "*", 50],
        ["P-0003", 0, 0],
    ]
    extract = without_errors(parse_with(COUNTS, csv_workbook("x 2026-02.csv", rows), Request()))
    facts = extract.frames["survey_fact"]
    assert facts["value"].fillna(-1).tolist() == [0.8, -1, -1]
    assert facts["positive"].fillna(-1).tolist() == [40, -1, 0]
    assert facts["withheld"].tolist() == ["none", "publisher", "not_calculable"]


def test_more_positive_answers_than_people_are_an_error() -> None:
    rows = [["practice", "happy", "asked"], ["P-0001", 60, 50]]
    fault = only_error(parse_with(COUNTS, csv_workbook("x 2026-02.csv", rows), Request()))
    assert "More answers are positive" in fault.what


def test_counts_need_both_numbers_and_a_measure_that_is_a_share() -> None:
    alone = replace(COUNTS, columns={"code": "practice", "positive": "happy"})
    assert "Counts need both" in " ".join(faults_of(alone))
    scored = replace(COUNTS, source="cqc_inpatient")
    assert "is a score" in " ".join(faults_of(scored))


def test_a_measure_word_left_out_by_a_person_is_left_out() -> None:
    profile = Profile(
        "long", "gp_survey", {"code": "practice", "measure": "question"},
        (ValueColumn("result", unit="percentage"),), PeriodRule("file_name", "survey_wave"),
        words={"measure": {"phone": ""}},
    )  # fmt: skip
    rows = [["practice", "question", "result"], ["P-1", "phone", 50], ["P-1", "overall", 60]]
    extract = parse_with(profile, csv_workbook("gp 2025.csv", rows), Request())
    assert extract.frames["survey_fact"]["measure"].tolist() == ["overall"]
    assert extract.rows_rejected == {"the measure is not known": 1}


def test_a_heading_that_two_columns_fit_is_not_recognised_and_told() -> None:
    rows = [["gp_code", "access_satisfaction_2023", "access_satisfaction_2024", "phone_easy_2024"]]
    workbook = csv_workbook("gpps.csv", [*rows, ["P-0001", 60, 61, 50]])
    assert not recognises(SURVEY, workbook)
    assert "2 columns fit" in only_error(parse_with(SURVEY, workbook, Request())).what


def test_the_layout_that_asks_for_more_columns_goes_first_and_equals_are_both_named() -> None:
    workbook = csv_workbook("fft_gp_2026-02.csv", FFT_ROWS)
    less = replace(FFT, name="less", columns={"code": "gp_code"})
    assert [one.name for one in fitting((less, FFT), workbook)] == [FFT.name]
    other = replace(FFT, name="other")
    assert [one.name for one in fitting((FFT, other), workbook)] == [FFT.name, "other"]


def test_notes_under_the_table_are_left_out_and_counted() -> None:
    rows = [*FFT_ROWS, [], ["Applied filters: Month is February 2026"]]
    extract = without_errors(parse_with(FFT, csv_workbook("fft_gp_2026-02.csv", rows), Request()))
    assert extract.rows_rejected == {"a note under the table": 1}
    assert (extract.rows_in, len(extract.frames["fft_fact"])) == (4, 3)


def test_a_mean_off_its_scale_is_an_error():
    profile = Profile(
        "cqc",
        "cqc_inpatient",
        {"code": "trust"},
        (ValueColumn("score", "overall", "score"),),
        PeriodRule("file_name", "survey_wave"),
    )
    workbook = csv_workbook("cqc 2024.csv", [["trust", "score"], ["T-01", 8.1], ["T-02", 81]])
    assert (
        "outside the scale of 0 to 10" in only_error(parse_with(profile, workbook, Request())).what
    )


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"source": "nosuch"}, "no source called"),
        ({"values": ()}, "No column is mapped"),
        ({"columns": {}}, "code or name"),
        ({"blanks": "zero"}, "meaning of a blank"),
        ({"period": PeriodRule("constant")}, "period"),
        ({"period": PeriodRule("column")}, "no column is mapped to it"),
        ({"period": PeriodRule("cell")}, "no cell"),
    ],
)
def test_a_wrong_profile_is_refused_with_the_reason(change, what):
    with pytest.raises(PxError, match=what):
        from_json(to_json(replace(FFT, **change)))


def test_text_that_is_no_profile_is_refused():
    with pytest.raises(PxError, match="not valid JSON"):
        from_json("{")
    with pytest.raises(PxError, match="expected fields"):
        from_json('{"name": "x"}')


def test_a_suggestion_for_an_fft_excerpt_can_be_used_as_it_stands():
    workbook = csv_workbook("fft_gp_2026-02_x.csv", [["Some title"], *FFT_ROWS])
    suggestion = suggest(workbook)
    assert suggestion.header_row == 1
    assert suggestion.source == "fft_gp"
    assert [guess.role for guess in suggestion.columns] == ["code", "respondents", "value"]
    assert suggestion.period == PeriodRule("file_name", "month")
    facts = without_errors(parse_with(suggestion.profile, workbook, Request())).frames["fft_fact"]
    assert len(facts) == 3


def test_misspelt_headings_are_taken_for_what_they_are_close_to():
    """Every heading that would tell a tidy file is wrong here: nothing but the wizard can help."""
    head = ["provder", "perid", "mesure", "postive", "responents"]
    rows = [[f"P-{n}", "2026-02", "overall", 40, 50] for n in range(3)]
    suggestion = suggest(csv_workbook("ours.csv", [head, *rows]))
    assert [guess.role for guess in suggestion.columns] == [
        "code", "period", "measure", "positive", "respondents",
    ]  # fmt: skip
    assert suggestion.misspelt == {
        "provder": "provider",
        "perid": "period",
        "mesure": "measure",
        "postive": "positive",
        "responents": "respondents",
    }


def test_a_heading_that_is_merely_another_word_is_not_taken_for_a_misspelt_one():
    head = ["code", "responses", "colour", "sea level", "permit"]
    rows = [[f"P-{n}", 50, "red", "low tide", "yes"] for n in range(3)]
    assert suggest(csv_workbook("ours.csv", [head, *rows])).misspelt == {}


def test_a_suggestion_for_a_survey_excerpt_marks_the_year_in_headings():
    suggestion = suggest(survey_file())
    assert suggestion.source == "gp_survey"
    assert suggestion.period == PeriodRule("file_name", "survey_wave")
    assert [value.column for value in suggestion.profile.values] == [
        "access_satisfaction_{year}",
        "phone_easy_{year}",
    ]
    assert [value.measure for value in suggestion.profile.values] == ["contact", "phone"]


def test_a_profile_is_a_source_like_any_other():
    source = source_of(FFT)
    workbook = csv_workbook("fft_gp_2026-02.csv", FFT_ROWS)
    assert source.frames == ("fft_fact",)
    assert source.recognise(workbook)
    assert not source.recognise(survey_file())
    assert len(source.parse(workbook, Request()).frames["fft_fact"]) == 3


@needs_real_files
def test_the_real_fft_excerpt_has_182_practices_with_data_and_78_unknown():
    workbook = real_workbook("fft/fft_gp_2026-02_north_east_london.csv")
    facts = without_errors(parse_with(FFT, workbook, Request())).frames["fft_fact"]
    assert facts["withheld"].value_counts().to_dict() == {"none": 182, "unknown": 78}
    assert set(facts["period_start"].dt.date) == {date(2026, 2, 1)}


@needs_real_files
def test_the_real_survey_excerpt_has_240_practices_and_two_measures():
    workbook = real_workbook("survey/gpps_2024_north_east_london.csv")
    facts = without_errors(parse_with(SURVEY, workbook, Request())).frames["survey_fact"]
    assert facts["measure"].value_counts().to_dict() == {"contact": 240, "phone": 240}
    assert set(facts["period_start"].dt.date) == {date(2024, 1, 2)}
