"""The surveys of the Care Quality Commission: which survey, which year, which scale."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pandas as pd
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

from pxcore.ingest.cqc_survey import SOURCE
from pxcore.ingest.source import Request
from pxcore.ingest.workbook import open_workbook
from pxcore.model import Period

HEAD = [
    "trustcode",
    "trustname",
    "n_tpat",
    "q46_mean",
    "q46_lower",
    "q46_upper",
    "q46_band",
    "q12_mean",
]
ELM = ["t-01", "Elm\xa0Trust", 512, 8.1, 7.9, 8.3, "About the same", 7.0]
OAK = ["T-02", "Oak Trust", 430, 7.5, 7.2, 7.8, "Worse", 6.5]
AIP = "20220128_aip20_trust-benchmark-data.xlsx"


def benchmark(*rows, name=AIP, sheet="Trust_Scores", head=None):
    return spreadsheet(name, {"Notes": [["About this file"]], sheet: [head or HEAD, *rows]})


def test_a_benchmark_sheet_gives_means_intervals_and_bands():
    workbook = benchmark(ELM, OAK)
    assert SOURCE.recognise(workbook)
    extract = without_errors(parsed(SOURCE, workbook))
    facts = extract.frames["survey_fact"]
    assert facts["source"].eq("cqc_inpatient").all()
    overall = facts[facts["measure"].eq("overall")].set_index("provider").loc["T-01"]
    assert overall[["value", "low", "high", "respondents"]].tolist() == [8.1, 7.9, 8.3, 512]
    assert overall[["band", "provider_name", "grain", "cell"]].tolist() == [
        "About the same", "Elm Trust", "trust", "Trust_Scores!2",
    ]  # fmt: skip
    assert overall["period_start"].date() == date(2020, 11, 1)  # the survey of 2020, not of 2022
    assert set(facts["measure"]) == {"overall", "q12"}


def test_an_ods_file_is_read_the_same():
    content = BytesIO()
    frame = pd.DataFrame([ELM, OAK], columns=HEAD)
    with pd.ExcelWriter(content, engine="odf") as writer:
        frame.to_excel(writer, sheet_name="Trust_Scores", index=False)
    workbook = open_workbook("20220128_aip20_trust-benchmark-data.ods", content.getvalue())
    facts = without_errors(parsed(SOURCE, workbook)).frames["survey_fact"]
    assert facts[facts["measure"].eq("overall")]["value"].tolist() == [8.1, 7.5]


@pytest.mark.parametrize(
    ("sheet", "name", "source"),
    [
        ("CMH20_Trust_Scores", "scores.xlsx", "cqc_mental_health"),
        ("UEC20_Trust_Scores", "scores.xlsx", "cqc_urgent"),
        ("Trust_Scores", "mat22_benchmark.xlsx", "cqc_maternity"),
        ("Trust_Scores", "Maternity survey 2023.xlsx", "cqc_maternity"),
    ],
)
def test_sheet_or_file_name_tells_the_survey(sheet, name, source):
    facts = without_errors(parsed(SOURCE, benchmark(ELM, name=name, sheet=sheet))).frames[
        "survey_fact"
    ]
    assert set(facts["source"]) == {source}


def test_where_nothing_tells_the_survey_the_person_is_asked():
    workbook = benchmark(ELM, name="scores_2020.xlsx")
    assert SOURCE.recognise(workbook)
    assert "source" in parsed(SOURCE, workbook).needs
    mended = without_errors(parsed(SOURCE, workbook, Request(source="cqc_inpatient")))
    assert len(mended.frames["survey_fact"]) == 2


def test_without_a_year_the_person_is_asked():
    workbook = benchmark(ELM, name="inpatient.xlsx")
    assert parsed(SOURCE, workbook).needs == ("period",)
    asked = Request(period=Period(date(2024, 11, 1), date(2024, 11, 30)))
    facts = without_errors(parsed(SOURCE, workbook, asked)).frames["survey_fact"]
    assert facts["period_start"].dt.year.eq(2024).all()


def test_older_scores_out_of_100_are_brought_to_10():
    rows = [[*ELM[:3], 81, 79, 83, "", 7.0], [*OAK[:3], 75, 72, 78, "", 6.5]]
    facts = without_errors(parsed(SOURCE, benchmark(*rows))).frames["survey_fact"]
    assert facts[facts["measure"].eq("overall")]["high"].tolist() == [8.3, 7.8]
    assert facts[facts["measure"].eq("q12")]["value"].tolist() == [7.0, 6.5]


def test_trusts_known_by_name_only_and_several_years_in_one_file():
    head = ["Trustname", "mean_Q35", "mean_S1", "rank_Q35", "year"]
    rows = [["Elm\xa0Trust", 7.0, 6.0, 3, "2019"], ["Elm Trust", 7.2, 6.1, 2, "2020"]]
    workbook = csv_workbook("community_mental_health_2019_2020.csv", [head, *rows])
    facts = without_errors(parsed(SOURCE, workbook)).frames["survey_fact"]
    assert facts["provider"].eq("").all()
    assert set(facts["provider_name"]) == {"Elm Trust"}
    overall = facts[facts["measure"].eq("overall")]
    assert overall["period_start"].dt.year.tolist() == [2018, 2019]
    assert facts["base_weighting"].eq("unknown").all()
    assert "s1" in set(facts["measure"])


def test_two_blocks_side_by_side_are_both_read():
    head = ["Trustname", "mean_Q35", "year", "", "Trustname", "mean_Q35", "year"]
    rows = [["Elm", 7.0, "2019", "", "Elm", 7.1, "2020"], ["Oak", 6.0, "2019", "", "", "", ""]]
    facts = without_errors(parsed(SOURCE, csv_workbook("cmh.csv", [head, *rows]))).frames[
        "survey_fact"
    ]
    assert facts["value"].tolist() == [7.0, 6.0, 7.1]


def test_sites_stand_under_their_trust():
    head = ["trustcode", "trustname", "sitecode", "sitename", "q46_mean"]
    facts = parsed(
        SOURCE, benchmark(["T-01", "Elm", "T-01-A", "Elm Hospital", 8.0], head=head)
    ).frames["survey_fact"]
    assert facts[["grain", "provider", "provider_name", "parent"]].values.tolist() == [
        ["site", "T-01-A", "Elm Hospital", "T-01"]
    ]


def test_summary_rows_and_notes_are_not_trusts():
    extract = parsed(
        SOURCE,
        benchmark(
            ELM, ["", "England", 9000, 8, 7.9, 8.1, "", 7], ["", "Note: scores are weighted"]
        ),
    )
    assert extract.rows_rejected == {"a summary row, not a trust": 1}
    assert extract.frames["survey_fact"]["provider"].unique().tolist() == ["T-01"]


@pytest.mark.parametrize(
    ("cell", "why"), [("*", "publisher"), ("", "unknown"), ("-", "not_calculable")]
)
def test_a_score_not_shown_keeps_the_reason(cell, why):
    row = [*OAK[:3], cell, "", "", "", 6.5]
    facts = without_errors(parsed(SOURCE, benchmark(ELM, row))).frames["survey_fact"]
    one = facts[facts["provider"].eq("T-02") & facts["measure"].eq("overall")].iloc[0]
    assert one["withheld"] == why
    assert pd.isna(one["value"])


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("q46_mean", "good", "is not a number"),
        ("q46_mean", 81, "outside 0 to 10"),
        ("q46_lower", 9.0, "interval of Q46"),
        ("n_tpat", -5, "below zero"),
        ("n_tpat", 5.5, "whole number"),
    ],
)
def test_each_fault_of_a_cell_names_the_cell(column, value, what):
    row = [value if name == column else old for name, old in zip(HEAD, ELM, strict=True)]
    if value == 81:
        row[4:6] = ["", ""]
    fault = only_error(parsed(SOURCE, benchmark(row, OAK, ["T-03", "Ash", 99, 8, 7, 9, "", 7])))
    assert what in fault.what
    assert fault.where.startswith("Trust_Scores!")
    assert fault.where.endswith("2")


def test_a_trust_twice_is_an_error_unless_the_rows_are_the_same():
    assert (
        "T-01 (2020) stands 2 times"
        in only_error(parsed(SOURCE, benchmark(ELM, [*ELM[:7], 7.5]))).what
    )
    assert without_errors(parsed(SOURCE, benchmark(ELM, ELM))).rows_accepted == 1


def test_a_missing_trust_column_is_named():
    head = ["x", "mean_Q3", "mean_Q4", "mean_Q5"]
    workbook = csv_workbook("cmh20.csv", [head, ["Elm", 7, 7, 7]])
    assert SOURCE.recognise(workbook)
    assert "no column of trusts" in only_error(parsed(SOURCE, workbook)).what


def test_a_year_without_a_mapped_question_is_told():
    extract = parsed(SOURCE, benchmark(ELM, name="aip19_scores.xlsx"))
    assert "None of the questions is mapped" in said(extract)


def test_a_sheet_with_headings_only_is_refused():
    assert "no rows of data" in only_error(parsed(SOURCE, benchmark())).what


@pytest.mark.parametrize(
    "head", [["Practice_Code", "Q28_12pct", "Q28base"], ["Trust Code", "Trust Name", "Very Good"]]
)
def test_other_files_are_not_taken_for_it(head):
    assert not SOURCE.recognise(csv_workbook("x.csv", [head, ["A", 1, 2]]))


@needs_real_files
def test_the_real_community_mental_health_file_has_two_waves():
    workbook = real_workbook("survey/cqc_community_mental_health_2019_2020_trust_means.csv")
    assert SOURCE.recognise(workbook)
    extract = without_errors(parsed(SOURCE, workbook))
    facts = extract.frames["survey_fact"]
    overall = facts[facts["measure"].eq("overall")]
    assert extract.rows_in == 111
    assert overall["value"].min() == pytest.approx(5.76, abs=0.01)
    assert overall["value"].max() == pytest.approx(7.77, abs=0.01)
    assert overall["period_start"].dt.year.value_counts().sum() == extract.rows_accepted
    assert not facts["provider_name"].str.contains("\xa0").any()
