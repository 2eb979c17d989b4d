"""Community voice, one piece of feedback a row, and comments coded by hand."""

from __future__ import annotations

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

from pxcore.ingest import local_rows
from pxcore.ingest.community import CODED, FEEDBACK
from pxcore.ingest.source import Request

HEAD = ["date", "provider", "service", "stars", "sentiment", "themes", "age", "comment"]
ROWS = [
    [
        "2025-04-02",
        "Elm Road",
        "GP",
        5,
        "positive",
        "Waiting times; Staff attitudes",
        "25-34",
        "Kind",
    ],
    ["2025-04-03", "Oak Lane", "Dentist", 2, "", "Parking|Waiting times", "", "Slow"],
    ["2025-04-04", "Ash Court", "Pharmacy", "", "mixed", "", "85+", "Fine"],
]


def feedback(*rows, name="healthwatch_feedback.csv", head=None):
    return csv_workbook(name, [head or HEAD, *rows])


def test_feedback_becomes_responses_with_themes_and_services():
    workbook = feedback(*ROWS)
    assert FEEDBACK.recognise(workbook)
    extract = without_errors(parsed(FEEDBACK, workbook))
    responses = extract.frames["response"]
    assert responses["source"].eq("healthwatch").all()
    assert responses["service"].tolist() == ["general_practice", "dental", "pharmacy"]
    assert responses["themes"].tolist() == [
        ["Waiting times", "Staff attitudes"],
        ["Parking", "Waiting times"],
        [],
    ]
    assert responses["sentiment"].tolist() == ["positive", "negative", "mixed"]
    assert responses["age"].tolist() == ["25-34", "", "85 and over"]
    answers = extract.frames["answer"].set_index(["response", "measure"])
    assert answers.loc[("row 2", "overall"), "positive"] == 1
    assert answers.loc[("row 3", "overall"), "positive"] == 0  # by its two stars
    assert answers.loc[("row 4", "overall"), "positive"] == 0  # mixed is not positive
    assert answers.loc[("row 2", "rating"), ["score", "scale_high"]].tolist() == [5, 5]
    assert ("row 4", "rating") not in answers.index
    assert answers.xs("rating", level="measure")["positive"].isna().all()


def test_neither_local_answers_nor_surveys_are_taken_for_feedback():
    for head, row in (
        (["time", "rating", "surgery"], ["2025-01-01", "Very good", "Elm"]),
        (
            ["date", "practice_code", "phone", "overall_experience"],
            ["2025-01-01", "P-1", "Very easy", ""],
        ),
    ):
        workbook = csv_workbook("healthwatch.csv", [head, row])
        assert not FEEDBACK.recognise(workbook)
        assert any(source.recognise(workbook) for source in local_rows.SOURCES)
    assert not any(source.recognise(feedback(*ROWS)) for source in local_rows.SOURCES)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("Care Opinion stories 2025.csv", "care_opinion"),
        ("nhs.uk_reviews.csv", "nhs_reviews"),
        ("NHS Choices reviews.csv", "nhs_reviews"),
    ],
)
def test_the_file_name_tells_whose_feedback_it_is(name, source):
    extract = without_errors(parsed(FEEDBACK, feedback(*ROWS, name=name)))
    assert set(extract.frames["response"]["source"]) == {source}


def test_a_source_column_tells_it_row_by_row():
    rows = [["Healthwatch", *ROWS[0]], ["NHS.uk", *ROWS[1]]]
    extract = without_errors(
        parsed(FEEDBACK, feedback(*rows, name="feedback.csv", head=["source", *HEAD]))
    )
    assert extract.frames["response"]["source"].tolist() == ["healthwatch", "nhs_reviews"]


def test_where_nothing_tells_it_the_person_is_asked():
    workbook = feedback(*ROWS, name="feedback.csv")
    assert FEEDBACK.recognise(workbook)
    extract = parsed(FEEDBACK, workbook)
    assert extract.needs == ("source",)
    assert not extract.frames
    mended = without_errors(parsed(FEEDBACK, workbook, Request(source="nhs_reviews")))
    answers = mended.frames["answer"]
    assert answers[answers["measure"].eq("overall")]["positive"].tolist() == [1, 0, 0]


def test_a_rate_and_review_schema_is_healthwatch():
    head = [
        "feedback_id",
        "date",
        "ods_code",
        "feedback_rating",
        "feedback_comment",
        "feedback_response",
    ]
    rows = [
        ["7", "2025-04-02", "p-0001", "Excellent", "Good", "Thanks"],
        ["8", "2025-04-03", "P-0002", 1, "", ""],
    ]
    workbook = csv_workbook("export.csv", [head, *rows])
    assert FEEDBACK.recognise(workbook)
    responses = without_errors(parsed(FEEDBACK, workbook)).frames["response"]
    assert responses["source"].eq("healthwatch").all()
    assert responses["stars"].tolist() == [5, 1]
    assert responses["provider"].tolist() == ["P-0001", "P-0002"]


def test_criticality_marks_a_care_opinion_export():
    head = ["label", "feedback", "criticality", "organization", "row_index"]
    workbook = csv_workbook(
        "text.csv", [head, ["Staff", "Kind", 0, "T-01", 1], ["Wait", "Slow", 3, "T-01", 2]]
    )
    assert FEEDBACK.recognise(workbook)
    answers = without_errors(parsed(FEEDBACK, workbook)).frames["answer"]
    assert answers[["measure", "score"]].values.tolist() == [
        ["criticality", 0.0],
        ["criticality", 3.0],
    ]


def test_stars_outside_one_to_five_and_unknown_sentiments_are_counted_not_kept():
    rows = [
        ROWS[0],
        ["2025-04-02", "Elm", "GP", 7, "", "", "", ""],
        ["2025-04-02", "Elm", "GP", "", "grumpy", "", "", ""],
        ["2025-04-02", "Elm", "GP", "4 out of 5", "", "", "", ""],
    ]
    extract = without_errors(parsed(FEEDBACK, feedback(*rows)))
    assert "‘7’ (1)" in said(extract)
    assert "‘grumpy’ (1)" in said(extract)
    assert extract.frames["response"]["stars"].tolist()[3] == 4
    assert extract.rows_accepted == 4


def test_ticked_and_numbered_theme_columns_are_read():
    head = [
        "date",
        "provider",
        "stars",
        "theme 1",
        "theme 2",
        "Waiting times",
        "Not assigned",
        "ward",
    ]
    rows = [
        ["2025-04-02", "Elm", 4, "Parking", "Staff", 1, "", "x-ray"],
        ["2025-04-02", "Elm", 4, "", "", "", 1, ""],
    ]
    responses = parsed(FEEDBACK, feedback(*rows, head=head)).frames["response"]
    assert responses["themes"].tolist() == [["Parking", "Staff", "Waiting times"], []]
    assert responses["flags"].tolist() == [[], ["Not assigned"]]


def test_unknown_services_are_kept_in_their_own_words_and_counted():
    extract = parsed(FEEDBACK, feedback(["2025-04-02", "Elm", "Moon base", 4, "", "", "", ""]))
    assert extract.frames["response"][["service", "service_raw"]].values.tolist() == [
        ["", "Moon base"]
    ]
    assert "‘Moon base’ (1)" in said(extract)


def test_rows_without_a_provider_are_rejected():
    extract = parsed(FEEDBACK, feedback(*ROWS, ["2025-04-02", "", "GP", 4, "", "", "", ""]))
    assert extract.rows_rejected == {"no organisation on the row": 1}


def test_a_missing_provider_column_is_named():
    head = ["date", "x", "service", "stars", "feedback_comment", "criticality"]
    workbook = csv_workbook("healthwatch.csv", [head, ["2025-04-02", "Elm", "GP", 4, "", ""]])
    assert FEEDBACK.recognise(workbook)
    assert "the provider" in only_error(parsed(FEEDBACK, workbook)).what


def test_an_empty_file_of_feedback_is_refused():
    assert "no rows of data" in only_error(parsed(FEEDBACK, feedback())).what


CODED_HEAD = [
    "Comment ID", "Trust", "Respondent ID", "Date", "Service type 1", "FFT categorical answer",
    "Comment sentiment", "Not assigned", "Waiting times", "Parking",
]  # fmt: skip
CODED_ROWS = [
    ["c1", "Elm Trust", "r1", "30/09/2021", "PTS\xa0 - Patient Transport", 1, 1, "", 1, ""],
    ["c2", "Elm Trust", "r1", "30/09/2021", "PTS\xa0 - Patient Transport", 1, 4, 1, "", ""],
    ["c3", "Elm Trust", "r2", "9/30/2022", "111", 5, "", "", 1, 1],
    ["c4", "Elm Trust", "r3", "03/04/2022", "111", 7, 3, "", "", ""],
    ["c5", "Elm Trust", "r4", "03/03/2022", "111", 6, "", "", "", ""],
]


def coded(*rows, head=None):
    return spreadsheet(
        "comments.xlsx", {"Comments": [["Coded comments"], head or CODED_HEAD, *rows]}
    )


def test_coded_comments_turn_their_scales_round_and_keep_flags_apart():
    workbook = coded(*CODED_ROWS)
    assert CODED.recognise(workbook)
    assert not FEEDBACK.recognise(workbook)
    extract = without_errors(parsed(CODED, workbook))
    responses = extract.frames["response"].set_index("response")
    assert responses["sentiment"].tolist() == ["positive", "negative", "", "neutral", ""]
    assert responses.loc["c3", "themes"] == ["Waiting times", "Parking"]
    assert responses.loc["c2", "flags"] == ["Not assigned"]
    assert responses.loc["c1", "service"] == "ambulance"
    assert responses["date_uncertain"].tolist() == [False, False, False, True, False]
    overall = extract.frames["answer"].query("measure == 'overall'").set_index("response")
    assert overall["positive"].to_dict() == {"c1": 1, "c3": 0}  # c2 repeats its respondent's answer
    assert overall["score"].to_dict() == {"c1": 5, "c3": 1}
    assert "2 values of ‘FFT categorical answer’" in said(extract)


def test_a_coded_file_without_its_date_column_is_refused():
    head = ["when?" if name == "Date" else name for name in CODED_HEAD]
    assert "the date" in only_error(parsed(CODED, coded(*CODED_ROWS, head=head))).what


@needs_real_files
def test_the_real_coded_comments_have_440_answers_outside_the_scale():
    workbook = real_workbook("comments/fft_comments_coded_2021_2023_two_trusts.csv")
    assert CODED.recognise(workbook)
    extract = without_errors(parsed(CODED, workbook))
    assert len(extract.frames["response"]) == 7908
    assert "‘7’ (416), ‘6’ (24)" in said(extract)
    themes = {theme for row in extract.frames["response"]["themes"] for theme in row}
    assert len(themes) == 43  # of 50 columns 3 are flags and 4 are never ticked
    flags = {flag for row in extract.frames["response"]["flags"] for flag in row}
    assert flags == {"Not assigned", "Labelling not possible", "Safeguarding concerns?"}
    assert extract.frames["response"]["date_uncertain"].any()


SCORED = ["date", "provider", "criticality", "feedback"]


def scores(extract):
    answers = extract.frames["answer"]
    return answers[answers["measure"].eq("criticality")]["score"].tolist()


@pytest.mark.parametrize(
    ("head", "given", "read"),
    [
        (SCORED, [3, 4, -5, -3, 0], [0, 0, 5, 3, 0]),
        ([*SCORED, "label", "subcategory"], [3, 5], [0, 0]),
        (SCORED, [0, 3, 5], [0, 3, 5]),
    ],
)
def test_criticality_below_nought_is_the_most_critical(head, given, read):
    rows = [["2025-04-02", "Elm", score, "Words", "x", "y"][: len(head)] for score in given]
    extract = parsed(FEEDBACK, csv_workbook("care_opinion.csv", [head, *rows]))
    assert scores(extract) == read
    assert any("Criticality is read as" in note for note in extract.notes)


def test_an_origin_that_is_two_is_told():
    head = ["date", "provider", "source", "stars", "comment"]
    rows = [["2025-04-02", "Elm", "Care Opinion, shown on NHS.uk", 4, "Kind"]]
    workbook = csv_workbook("healthwatch.csv", [head, *rows])
    assert "name an origin that is not known" in said(parsed(FEEDBACK, workbook))
