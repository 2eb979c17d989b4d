"""Files with one response a row: Friends and Family answers and local surveys."""

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

from pxcore.ingest.local_rows import FFT_ROWS, SURVEY_ROWS

FFT_HEAD = ["time", "rating", "surgery", "pcn", "submission_id"]
FFT_ANSWERS = [
    ["2025-09-18 00:51:49", "Very good", "Elm-Road", "North-PCN", "a1"],
    ["2025-09-18 02:37:19", "Neither good or poor", "Elm-Road", "North-PCN", ""],
    ["2025-09-19 03:42:05", "Don't know", "Oak Lane", "North-PCN", ""],
]
SURVEY_HEAD = [
    "date",
    "practice_code",
    "phone",
    "appointment_time",
    "making_appointment",
    "overall_experience",
]
SURVEY_ANSWERS = [
    ["2025-01-02", " p-0001", "Very easy", "Fairly satisfied", "Fairly good", "Very good"],
    ["2025-01-03", "P-0002", "Not at all easy", "", "Don't know", "Fairly poor"],
]


def fft(*rows, head=None):
    return csv_workbook("local.csv", [head or FFT_HEAD, *rows])


def survey(*rows, head=None):
    return csv_workbook("local.csv", [head or SURVEY_HEAD, *rows])


def test_fft_answers_become_responses_and_answers():
    workbook = fft(*FFT_ANSWERS)
    assert FFT_ROWS.recognise(workbook)
    assert not SURVEY_ROWS.recognise(workbook)
    extract = without_errors(parsed(FFT_ROWS, workbook))
    responses, answers = extract.frames["response"], extract.frames["answer"]
    assert responses["response"].tolist() == ["a1", "row 3", "row 4"]
    assert responses["provider_name"].tolist() == ["Elm-Road", "Elm-Road", "Oak Lane"]
    assert responses["provider_context"].eq("North-PCN").all()
    assert responses["service"].eq("general_practice").all()
    assert responses["answered_on"].dt.date.tolist()[0] == date(2025, 9, 18)
    assert answers["positive"].tolist() == [1, 0, 0]
    assert answers["score"].tolist()[:2] == [5, 3]
    assert answers["answer"].tolist()[1] == "Neither good or poor"
    assert extract.rows_in == 3
    assert not extract.warnings


def test_the_old_scale_is_told_from_its_words_not_the_date():
    rows = [
        ["2024-02-01", word, "Elm", "", ""] for word in ("Extremely likely", "Likely", "Unlikely")
    ]
    extract = without_errors(parsed(FFT_ROWS, fft(*rows)))
    assert extract.frames["answer"]["positive"].tolist() == [1, 1, 0]
    assert any("until March 2020" in note for note in extract.notes)


def test_both_scales_in_one_file_are_told():
    rows = [["2024-02-01", word, "Elm", "", ""] for word in ("Extremely likely", "Very good")]
    assert "1 on ‘Very good, good" in said(parsed(FFT_ROWS, fft(*rows)))


def test_the_last_of_a_repeated_id_is_kept_and_blank_ids_are_no_repeats():
    again = ["2025-09-20", "Poor", "Elm-Road", "North-PCN", "a1"]
    extract = parsed(FFT_ROWS, fft(*FFT_ANSWERS, again))
    assert extract.rows_rejected == {"sent again with the same submission id": 1}
    assert extract.frames["answer"]["answer"].tolist()[-1] == "Poor"
    assert len(extract.frames["response"]) == 3
    assert "a1" in said(extract)


def test_rows_without_a_provider_or_a_known_answer_are_rejected_with_the_reason():
    extract = parsed(
        FFT_ROWS,
        fft(
            *FFT_ANSWERS,
            ["2025-09-20", "Good", "", "", ""],
            ["2025-09-20", "Splendid", "Elm-Road", "", ""],
            ["2025-09-20", "", "Elm-Road", "", ""],
        ),
    )
    assert extract.rows_rejected == {
        "no organisation on the row": 1,
        "an answer that is on no scale of the test": 1,
        "no answer to the question": 1,
    }
    assert "‘Splendid’ (1)" in said(extract)
    assert extract.rows_accepted == len(extract.frames["response"]) == 3


def test_names_of_people_and_machine_scores_are_not_read():
    head = [*FFT_HEAD, "free_text", "do_better", "free_text_PER", "sentiment_score_free_text"]
    extract = parsed(FFT_ROWS, fft([*FFT_ANSWERS[0], "Kind", "Signs", "['Ann']", 0.9], head=head))
    assert extract.frames["response"]["comment"].tolist() == ["Kind\nSigns"]
    assert "Ann" not in extract.frames["response"].to_string()
    assert any("free_text_PER" in note for note in extract.notes)


def test_dates_in_both_orders_are_kept_undated_and_counted():
    rows = [
        [when, "Good", "Elm", "", ""]
        for when in ("30/09/2021", "9/30/2022", "05/06/2022", "soon", "")
    ]
    extract = without_errors(parsed(FFT_ROWS, fft(*rows)))
    responses = extract.frames["response"]
    assert responses["answered_on"].isna().tolist() == [False, False, True, True, True]
    assert responses["date_uncertain"].tolist() == [False, False, True, False, False]
    assert responses["date_raw"].tolist()[2] == "05/06/2022"
    for reason in (
        "either day/month",
        "cannot be read (the first has the form aaaa)",
        "have no date",
    ):
        assert reason in said(extract)


def test_groups_are_mapped_and_strange_words_counted():
    head = [*FFT_HEAD, "age", "sex", "ethnicity", "collection mode"]
    rows = [
        [*FFT_ANSWERS[0], "25 to 34", "woman", "Bangladeshi", "SMS"],
        [*FFT_ANSWERS[1], 87, "M", "martian  colonist", "Paper"],
        [*FFT_ANSWERS[2], "Prefer not to say", "", "Not provided", ""],
    ]
    extract = parsed(FFT_ROWS, fft(*rows, head=head))
    responses = extract.frames["response"]
    assert responses["age"].tolist() == ["25-34", "85 and over", ""]
    assert responses["sex"].tolist() == ["Female", "Male", ""]
    # in the source's own words where the maps know none, so that a person can say where they count
    assert responses["ethnicity"].tolist() == ["Bangladeshi", "Martian colonist", ""]
    assert responses["mode"].tolist() == ["SMS", "Paper", ""]
    assert "‘Martian colonist’ (1)" in said(extract)
    assert "Not provided" not in said(extract)


@pytest.mark.parametrize(
    ("told", "group"),
    [("70", "65-74"), ("30", "25-34"), ("65+", "65 and over"), ("18-44", "16-44"), ("84", "75-84")],
)
def test_an_age_is_put_in_the_finest_group_it_fits(told, group):
    head = [*FFT_HEAD, "age"]
    extract = parsed(FFT_ROWS, fft([*FFT_ANSWERS[0], told], head=head))
    assert extract.frames["response"]["age"].tolist() == [group]


@pytest.mark.parametrize(
    "told",
    [
        "I am the mother of a little boy who came in last week",  # a sentence
        "07700 900123",
        "julie@example.org",
        "=1+1",
    ],
)
def test_what_is_no_category_is_never_kept_as_a_group(told):
    head = [*FFT_HEAD, "ethnicity"]
    rows = [[*answer, told] for answer in FFT_ANSWERS]
    extract = parsed(FFT_ROWS, fft(*rows, head=head))
    assert extract.frames["response"]["ethnicity"].eq("").all()
    assert "3 answers on ethnicity are not a category" in said(extract)
    assert told not in said(extract)


@pytest.mark.parametrize(("column", "what"), [(0, "the date"), (2, "the provider")])
def test_a_missing_column_is_named(column, what):
    head = [name if n != column else "other" for n, name in enumerate(FFT_HEAD)]
    workbook = fft(*FFT_ANSWERS, head=head)
    assert FFT_ROWS.recognise(workbook)
    assert what in only_error(parsed(FFT_ROWS, workbook)).what


def test_a_title_line_and_windows_1252_text_are_read():
    rows = [["Responses of our practices"], FFT_HEAD, ["2025-09-18", "Good", "St Ann’s", "", ""]]
    workbook = csv_workbook("local.csv", rows, "cp1252")
    assert FFT_ROWS.recognise(workbook)
    responses = parsed(FFT_ROWS, workbook).frames["response"]
    assert responses[["provider_name", "cell"]].values.tolist() == [["St Ann’s", "row 3"]]


def test_a_file_with_headings_only_is_refused():
    assert "no rows of data" in only_error(parsed(FFT_ROWS, fft())).what


def test_stars_are_not_friends_and_family_answers():
    assert not FFT_ROWS.recognise(fft(["2025-09-18", 4, "Elm", "", ""]))


def test_a_survey_gives_several_answers_a_response():
    workbook = spreadsheet("s.xlsx", {"Responses": [SURVEY_HEAD, *SURVEY_ANSWERS]})
    assert SURVEY_ROWS.recognise(workbook)
    assert not FFT_ROWS.recognise(workbook)
    extract = without_errors(parsed(SURVEY_ROWS, workbook))
    assert extract.frames["response"]["provider"].tolist() == ["P-0001", "P-0002"]
    answers = extract.frames["answer"].set_index(["response", "measure"])
    assert len(answers) == 7
    assert answers.loc[("row 2", "phone"), ["positive", "score", "scale_high"]].tolist() == [
        1,
        4,
        4,
    ]
    assert answers.loc[("row 2", "appointment_time"), "positive"] == 1
    assert answers.loc[("row 3", "overall"), "positive"] == 0
    assert answers.loc[("row 3", "appointment")].isna()["positive"]


def test_an_unknown_answer_of_a_survey_is_not_counted_but_its_row_is_kept():
    strange = ["2025-01-04", "P-0003", "Purple", "", "", "Very good"]
    empty = ["2025-01-04", "P-0003", "", "", "", ""]
    extract = parsed(SURVEY_ROWS, survey(*SURVEY_ANSWERS, strange, empty))
    assert "‘Purple’ (1)" in said(extract)
    assert extract.rows_rejected == {"no answer that can be read": 1}
    assert extract.frames["answer"]["response"].tolist().count("row 4") == 1


@needs_real_files
def test_the_real_rows_lose_8_repeats_and_6_without_a_practice():
    workbook = real_workbook("fft/fft_gp_rows_2025-09_2026-08_new_scale.csv")
    assert FFT_ROWS.recognise(workbook)
    extract = without_errors(parsed(FFT_ROWS, workbook))
    assert extract.rows_in == 7348
    assert extract.rows_rejected == {
        "no organisation on the row": 6,
        "sent again with the same submission id": 8,
    }
    assert len(extract.frames["response"]) == 7334


def test_an_id_that_different_answers_share_is_no_id():
    rows = [[f"2026-01-{day:02}", "Good", "Elm", "", "manual"] for day in (5, 6, 7)]
    again = ["2026-01-09", "Good", "Elm", "", "a1B2c3"]
    extract = parsed(FFT_ROWS, fft(*rows, [*rows[0][:2], "Oak", "", "manual"], again, again))
    assert extract.rows_rejected == {"sent again with the same submission id": 1}
    responses = extract.frames["response"]
    assert len(responses) == 5
    assert responses["response"].is_unique
    assert "share the submission id ‘manual’" in said(extract)


def test_dates_that_all_fit_both_orders_are_told_and_in_no_month():
    rows = [[f"05/{month:02}/2026", "Good", "Elm", "", ""] for month in range(1, 13)]
    extract = without_errors(parsed(FFT_ROWS, fft(*rows)))
    assert extract.frames["response"]["date_uncertain"].sum() == 11
    assert "every date written so in this column fits both" in said(extract)


def test_dates_read_month_first_are_told():
    rows = [[when, "Good", "Elm", "", ""] for when in ("03/13/2026", "03/04/2026")]
    extract = without_errors(parsed(FFT_ROWS, fft(*rows)))
    days = extract.frames["response"]["answered_on"].dt.date.tolist()
    assert [str(day) for day in days] == ["2026-03-13", "2026-03-04"]
    assert "month/day/year" in said(extract)


def test_what_stands_for_a_date_is_told_by_its_form_alone():
    rows = [["31/02/2026", "Good", "Elm", "", ""], ["Ann Elder 07700", "Good", "Elm", "", ""]]
    warnings = said(parsed(FFT_ROWS, fft(*rows)))
    assert "not in the calendar (the first has the form 99/99/9999)" in warnings
    assert "the first has the form aaa aaaaa 99999" in warnings
    assert "Ann" not in warnings
