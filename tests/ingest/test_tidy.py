"""Tidy figures: the layout any analyst can produce."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layouts import csv_workbook, only_error, parsed, said, spreadsheet, without_errors

from pxcore.ingest.source import Asked
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
    mended = parsed(SOURCE, tidy(ELM, name="x.csv"), Asked(source="local_survey"))
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
    assert "yet have a value" in said(extract)


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
    assert (
        fault.what == "‘respondants’ is no heading known here, so that its column cannot be read."
    )
    assert fault.fix == "Is it meant as respondents? Then call it ‘respondents’."


def test_another_column_misspelt_is_told_and_the_file_loads():
    told = without_errors(parsed(SOURCE, tidy([*ELM, "maternity"], head=[*HEAD, "servise"])))
    assert "‘servise’ is no heading known here" in said(told)


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
    assert extract.rows_rejected == {"no provider on the row": 1}
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
    extract = SOURCE.parse(open_workbook("tidy.csv", said.encode()), Asked())
    assert {name: len(rows) for name, rows in extract.frames.items()} == {frame: 1}
