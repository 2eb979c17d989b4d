"""Tidy figures: the layout any analyst can produce."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layouts import csv_workbook, only_error, parsed, said, spreadsheet, without_errors

from pxcore.ingest.source import Request
from pxcore.ingest.tidy import SOURCE
from pxcore.ingest.workbook import open_workbook

HEAD = ["provider", "period", "measure", "positive", "respondents"]
ELM = ["p-0001", "2025-07", "overall", 90, 100]
OAK = ["P-0002", "July 2025", "Overall experience", 30, 40]


def tidy(*rows, head=None, name="fft_gp_tidy.csv"):
    return csv_workbook(name, [head or HEAD, *rows])


def test_fft_figures_become_fft_facts():
    workbook = tidy(ELM, OAK)
    assert SOURCE.recognise(workbook)
    extract = without_errors(parsed(SOURCE, workbook))
    facts = extract.frames["fft_fact"]
    assert list(extract.frames) == ["fft_fact"]
    assert facts["value"].tolist() == [0.9, 0.75]
    assert facts["measure"].tolist() == ["overall", "overall"]
    assert facts["grain"].eq("practice").all()
    assert facts["period_end"].dt.date.eq(date(2025, 7, 31)).all()
    assert facts["provider"].tolist() == ["P-0001", "P-0002"]


def test_each_row_may_name_its_own_source():
    head = [*HEAD, "source", "grain", "low", "high"]
    rows = [
        [*ELM, "fft_gp", "", "", ""],
        ["P-0001", 2024, "contact", 60, 100, "gp_survey", "practice", "", ""],
        ["T-01", "2024-25 Q2", "overall", 8, 10, "healthwatch", "trust", "", ""],
    ]
    frames = without_errors(parsed(SOURCE, tidy(*rows, head=head, name="all.csv"))).frames
    assert len(frames["fft_fact"]) == 1
    others = frames["survey_fact"].set_index("source")
    assert others.loc["gp_survey", "period_start"].date() == date(2024, 1, 2)
    assert others.loc["gp_survey", ["period_approximate", "service"]].tolist() == [
        True,
        "general_practice",
    ]
    assert others.loc["healthwatch", "period_start"].date() == date(2024, 7, 1)


def test_without_a_source_the_person_is_asked():
    assert parsed(SOURCE, tidy(ELM, name="x.csv")).needs == ("source",)
    mended = parsed(SOURCE, tidy(ELM, name="x.csv"), Request(source="local_survey"))
    assert len(without_errors(mended).frames["survey_fact"]) == 1


def test_percentages_may_stand_in_for_counts():
    head = ["provider", "period", "measure", "percentage", "respondents"]
    facts = parsed(SOURCE, tidy(["P-1", "2025-07", "overall", "90%", 10], head=head)).frames[
        "fft_fact"
    ]
    assert facts["value"].tolist() == [0.9]


def test_means_stay_on_their_own_scale():
    head = ["provider", "period", "measure", "value", "respondents"]
    workbook = tidy(["T-1", 2024, "overall", 8.2, 300], head=head, name="cqc_inpatient.csv")
    assert parsed(SOURCE, workbook).frames["survey_fact"]["value"].tolist() == [8.2]


@pytest.mark.parametrize(
    ("positive", "respondents", "why"),
    [
        ("*", 3, "publisher"),
        ("", 0, "not_calculable"),
        ("-", 0, "not_calculable"),
        ("", 12, "missing"),
        (0, 0, "not_calculable"),
    ],
)
def test_figures_not_shown_keep_the_reason(positive, respondents, why):
    row = ["P-0001", "2025-07", "overall", positive, respondents]
    facts = without_errors(parsed(SOURCE, tidy(row))).frames["fft_fact"]
    assert facts["withheld"].tolist() == [why]
    assert facts["value"].isna().all()


def test_a_withheld_column_wins_over_a_value():
    extract = parsed(SOURCE, tidy([*ELM, "publisher"], head=[*HEAD, "withheld"]))
    assert extract.frames["fft_fact"]["value"].isna().all()
    assert "marked as withheld but have a value" in said(extract)


@pytest.mark.parametrize(
    ("head", "row", "what", "where"),
    [
        (HEAD, ["P-1", "2025-07", "overall", "most", 10], "is not a number", "row 2, column D"),
        (HEAD, ["P-1", "2025-07", "overall", 11, 10], "answers are positive", "row 2, column D"),
        (HEAD, ["P-1", "2025-07", "overall", 9.5, 10], "whole number", "row 2, column D"),
        (HEAD, ["P-1", "2025-07", "overall", 9, -10], "below zero", "row 2, column E"),
        (HEAD, ["P-1", "sometime", "overall", 9, 10], "not a period", "row 2, column B"),
        (HEAD, ["P-1", "2025-07", "", 9, 10], "measure is blank", "row 2, column C"),
        ([*HEAD, "percentage"], [*ELM, 190], "outside 0 to 100", "row 2, column F"),
        ([*HEAD, "grain"], [*ELM, "planet"], "not a level", "row 2, column F"),
        ([*HEAD, "withheld"], [*ELM, "secret"], "not a reason", "row 2, column F"),
        ([*HEAD, "source"], [*ELM, "rumour"], "no source called", "row 2, column F"),
        ([*HEAD, "value", "low", "high"], [*ELM, 0.9, 0.95, 1], "interval", "row 2, column G"),
    ],
)  # fmt: skip
def test_each_fault_names_its_cell(head, row, what, where):
    errors = parsed(SOURCE, tidy(row, head=head)).errors
    assert [fault.where for fault in errors if what in fault.what] == [where]


def test_a_percentage_that_does_not_fit_its_counts_is_told():
    assert "not positive out of respondents" in said(
        parsed(SOURCE, tidy([*ELM, 80], head=[*HEAD, "percentage"]))
    )


def test_a_provider_twice_is_an_error_unless_the_rows_are_the_same():
    assert "stands 2 times" in only_error(parsed(SOURCE, tidy(ELM, [*ELM[:3], 91, 100]))).what
    assert parsed(SOURCE, tidy(ELM, ELM)).rows_rejected == {"the same row stands more than once": 1}


def test_unknown_measures_are_kept_and_told():
    extract = without_errors(parsed(SOURCE, tidy(["P-1", "2025-07", "parking", 3, 10])))
    assert extract.frames["fft_fact"]["measure"].tolist() == ["parking"]
    assert "‘parking’" in said(extract)


def test_headings_misspelt_are_told_with_what_they_are_meant_to_be():
    wrong = {"provider": "provder", "measure": "Mesure"}
    workbook = tidy(ELM, head=[wrong.get(name, name) for name in HEAD])
    assert SOURCE.recognise(workbook)
    fixes = [fault.fix for fault in parsed(SOURCE, workbook).errors]
    assert fixes == [
        f"Is ‘{heading}’ meant? Then call it ‘{name}’." for name, heading in wrong.items()
    ]


def test_a_figure_is_not_lost_in_silence_for_a_heading_misspelt():
    head = ["respondants" if name == "respondents" else name for name in HEAD]
    fault = only_error(parsed(SOURCE, tidy(ELM, head=head)))
    assert fault.what == "‘respondants’ is not a known heading, so its column cannot be read."
    assert fault.fix == "Is it meant as respondents? Then call it ‘respondents’."


def test_another_column_misspelt_is_told_and_the_file_loads():
    told = without_errors(parsed(SOURCE, tidy([*ELM, "maternity"], head=[*HEAD, "servise"])))
    assert "‘servise’ is not a known heading" in said(told)


def test_a_table_of_another_kind_is_not_taken_for_a_misspelt_one():
    head = ["provider", "value", "source", "colour", "size"]
    assert not SOURCE.recognise(tidy(["P-1", 1, "x", "red", 2], head=head))


@pytest.mark.parametrize("missing", ["measure", "positive"])
def test_a_missing_column_is_named(missing):
    head = ["other" if name == missing else name for name in HEAD]
    workbook = tidy(ELM, head=head)
    assert SOURCE.recognise(workbook)
    assert missing in only_error(parsed(SOURCE, workbook)).what


def test_rows_without_a_provider_are_rejected_and_an_empty_table_refused():
    extract = parsed(SOURCE, tidy(ELM, ["", *ELM[1:]]))
    assert extract.rows_rejected == {"no organisation on the row": 1}
    assert "no rows of data" in only_error(parsed(SOURCE, tidy())).what


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        min_size=1,
        max_size=20,
    )
)
def test_what_is_put_in_is_what_is_read(counts):
    rows = [[f"P-{n:04}", "2025-07", "overall", *pair] for n, pair in enumerate(counts)]
    workbook = spreadsheet("fft_gp.xlsx", {"Data": [["Title"], HEAD, *rows]})
    facts = without_errors(parsed(SOURCE, workbook)).frames["fft_fact"]
    assert facts[["positive", "respondents"]].astype(int).values.tolist() == [
        list(p) for p in counts
    ]
    assert facts["cell"].tolist() == [f"Data!{row + 3}" for row in range(len(counts))]


@pytest.mark.parametrize(
    ("source", "frame"), [("local_survey", "survey_fact"), ("fft_gp", "fft_fact")]
)
def test_a_file_of_one_signal_hands_over_one_frame(source: str, frame: str) -> None:
    said = (
        f"source,provider,period,measure,positive,respondents\n{source},P-1,2026-02,overall,9,12\n"
    )
    extract = SOURCE.parse(open_workbook("tidy.csv", said.encode()), Request())
    assert {name: len(rows) for name, rows in extract.frames.items()} == {frame: 1}


SHARES = ["provider", "period", "measure", "percentage", "respondents"]


@pytest.mark.parametrize(
    ("percentage", "respondents", "positive"),
    [("79", 52, 41), ("78.85", 52, 41), ("0%", 30, 0), ("100%", 30, 30), ("78.8462", 52, 41)],
)
def test_positive_answers_are_worked_back_where_a_whole_number_fits(
    percentage, respondents, positive
):
    workbook = tidy(["P-1", "2025-07", "overall", percentage, respondents], head=SHARES)
    extract = without_errors(parsed(SOURCE, workbook))
    assert extract.frames["fft_fact"]["positive"].tolist() == [positive]
    assert any("worked back" in note for note in extract.notes)


def test_a_weighted_percentage_gives_no_positive_answers():
    workbook = tidy(["P-1", "2025-07", "overall", "51.37", 10], head=SHARES)
    extract = without_errors(parsed(SOURCE, workbook))
    facts = extract.frames["fft_fact"]
    assert facts["positive"].isna().all()
    assert facts["value"].tolist() == pytest.approx([0.5137])
    assert any("no whole number" in note for note in extract.notes)


def test_a_count_the_publisher_withholds_is_not_worked_back():
    workbook = tidy(
        ["P-1", "2025-07", "overall", "*", "80%", 50], head=[*HEAD[:4], "percentage", HEAD[4]]
    )
    assert parsed(SOURCE, workbook).frames["fft_fact"]["positive"].isna().all()


@given(st.integers(1, 180).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(max_examples=40, deadline=None)
def test_what_is_worked_back_gives_the_percentage_printed(counts):
    positive, respondents = counts
    printed = f"{100 * positive / respondents:.1f}%"
    workbook = tidy(["P-1", "2025-07", "overall", printed, respondents], head=SHARES)
    facts = without_errors(parsed(SOURCE, workbook)).frames["fft_fact"]
    assert facts["positive"].tolist() == [positive]


def test_a_column_of_percentages_with_none_over_one_is_refused():
    workbook = tidy(["P-1", "2025-07", "overall", 0.82, 50], head=SHARES)
    assert "may be percentages or proportions" in only_error(parsed(SOURCE, workbook)).what
    signed = tidy(["P-1", "2025-07", "overall", "0.5%", 200], head=SHARES)
    assert without_errors(parsed(SOURCE, signed)).frames["fft_fact"]["value"].tolist() == [0.005]


def test_a_column_of_noughts_and_ones_is_read_as_proportions_and_told():
    head = ["provider", "period", "measure", "value", "respondents"]
    extract = parsed(SOURCE, tidy(["P-1", "2025-07", "overall", 1, 9], head=head))
    assert extract.frames["fft_fact"]["value"].tolist() == [1.0]
    assert "0 or 1" in said(extract)


def test_names_without_codes_are_read_for_matching():
    head = ["source", "provider_name", "period", "measure", "value"]
    workbook = tidy(["cqc_inpatient", "Invented Trust", 2023, "overall", 8.2], head=head)
    assert SOURCE.recognise(workbook)
    facts = without_errors(parsed(SOURCE, workbook)).frames["survey_fact"]
    assert facts[["provider", "provider_name"]].to_numpy().tolist() == [["", "Invented Trust"]]


@pytest.mark.parametrize("label", ["Total", "Grand Total", "ALL PRACTICES", "Average"])
def test_a_total_is_left_out_and_counted(label):
    extract = without_errors(parsed(SOURCE, tidy(ELM, [label, "2025-07", "overall", 90, 100])))
    assert extract.rows_rejected == {"a total, not an organisation": 1}
    assert extract.frames["fft_fact"]["provider"].tolist() == ["P-0001"]


def test_england_is_the_country_and_no_practice():
    facts = parsed(SOURCE, tidy(ELM, ["England", *ELM[1:]])).frames["fft_fact"]
    assert facts["grain"].tolist() == ["practice", "national"]


@pytest.mark.parametrize("said_", ["2025 Q3", "FY26", "w/c 30/03/2026", "Spring 2025"])
def test_a_period_that_may_be_two_is_refused_with_the_spellings_read(said_):
    fault = only_error(parsed(SOURCE, tidy([ELM[0], said_, *ELM[2:]])))
    assert said_ in fault.what
    assert "2025-26 Q1" in fault.fix


def test_other_sheets_with_the_same_table_are_told():
    workbook = spreadsheet("fft_gp.xlsx", {"Jan": [HEAD, ELM], "Feb": [HEAD, OAK], "x": [["a"]]})
    assert "Only sheet ‘Jan’ is read; ‘Feb’ has the same headings." in said(
        parsed(SOURCE, workbook)
    )


def merged(*ranges: str, rows):
    book = openpyxl.Workbook()
    for row in [HEAD, *rows]:
        book.active.append(row)
    for one in ranges:
        book.active.merge_cells(one)
    content = io.BytesIO()
    book.save(content)
    return open_workbook("fft_gp.xlsx", content.getvalue())


def test_a_code_merged_over_rows_is_read_in_each():
    rows = [ELM, ["", *ELM[1:2], "phone", 40, 100], OAK]
    extract = without_errors(parsed(SOURCE, merged("A2:A3", rows=rows)))
    assert extract.frames["fft_fact"]["provider"].tolist() == ["P-0001", "P-0001", "P-0002"]
    assert any("merged with the cell above" in note for note in extract.notes)
    plain = parsed(SOURCE, merged(rows=rows))
    assert plain.rows_rejected == {"no organisation on the row": 1}


def test_a_number_merged_over_rows_is_refused():
    rows = [ELM, [OAK[0], OAK[1], "phone", "", 100]]
    fault = only_error(parsed(SOURCE, merged("D2:D3", rows=rows)))
    assert "merged over several rows" in fault.what
    assert fault.where == "Sheet!D2"


def test_formulas_never_worked_out_are_refused():
    rows = [[*ELM[:3], "=80+10", 100], [*OAK[:3], "=20+10", 40]]
    fault = only_error(parsed(SOURCE, merged(rows=rows)))
    assert "Column D (‘positive’) holds formulas that were never worked out, in 2 cells" in (
        fault.what
    )
    assert "save it" in fault.fix
