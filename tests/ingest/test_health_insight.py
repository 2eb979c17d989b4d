"""The Health Insight Survey: which tables, answers, boards and waves are read, and what is said of others."""

from __future__ import annotations

from datetime import date

import pytest

from pxcore import maps
from pxcore.ingest import Request, recognise
from pxcore.ingest.health_insight import SOURCE, board
from pxcore.model import Period
from tests.ingest.layouts import (
    by_provider,
    csv_workbook,
    only_error,
    said,
    spreadsheet,
    without_errors,
)

OVERALL = "Q14: Overall, how would you describe your experience of your GP practice?"
HEADS = [
    "Area code",
    "Area name",
    "Response option",
    "Percent",
    "LCL",
    "UCL",
    "Number of responses",
]
ENGLAND = ["E92000001", "England"]
DEVON = ["E54000037", "NHS Devon Integrated Care Board"]
NAMED = ["", "Beds, Luton & M. Keynes"]


def answers(area: list, good: object = 72.5, base: object = 1200) -> list[list]:
    return [
        [*area, "Good", good, 70.1, 74.9, base],
        [*area, "Neither good nor poor", 17.5, 15.1, 19.9, base],
        [*area, "Poor", 10.0, 8.1, 11.9, base],
    ]


def sheet(*areas: list, title: str = OVERALL, heads: list = HEADS) -> list[list]:
    rows = [row for area in areas or (ENGLAND, DEVON, NAMED) for row in answers(area)]
    return [
        [f"Table 14: {title}, by integrated care board, England"],
        ["This worksheet contains one table. Some shorthand is used in this table, [c] and [u]."],
        heads,
        *rows,
    ]


def book(table: list[list] | None = None, **more: list[list]):
    cover = [
        ["Experiences of NHS healthcare services in England"],
        ["Health Insight Survey, Wave 21: 3 to 25 February 2026"],
    ]
    return spreadsheet(
        "HIS-wave21.xlsx", {"Cover_sheet": cover, "14_ICB": table or sheet(), **more}
    )


def read(workbook, request: Request | None = None):
    source = recognise(workbook)
    assert source is SOURCE
    return source.parse(workbook, request or Request())


def test_good_answers_of_boards_and_england_are_read_with_their_limits():
    facts = without_errors(read(book())).frames["survey_fact"]
    assert set(facts["measure"]) == {"overall"}
    rows = by_provider(facts)
    assert set(rows.index) == {"ENGLAND", "QJK", "QHG"}
    assert dict(rows["grain"]) == {"ENGLAND": "national", "QJK": "icb", "QHG": "icb"}
    devon = rows.loc["QJK"]
    figures = devon[["value", "low", "high", "respondents"]].tolist()
    assert figures == pytest.approx([0.725, 0.701, 0.749, 1200])
    assert (devon["base_weighting"], devon["service"]) == ("unweighted", "general_practice")
    assert devon["cell"] == "14_ICB!7"


def test_the_wave_is_that_of_the_cover_its_own_column_or_the_list_of_waves():
    days = (date(2026, 2, 3), date(2026, 2, 25))

    def dated(extract) -> set:
        facts = without_errors(extract).frames["survey_fact"]
        return {(row.period_start.date(), row.period_end.date()) for row in facts.itertuples()}

    assert dated(read(book())) == {days}
    heads = [*HEADS, "Wave"]
    for written in (
        "21 - responses from 03 February 2026 to 25 February 2026",
        "Wave 21",
        "21",
        "between 3 February 2026 and 25 February 2026",
    ):
        rows = [*sheet(heads=heads)[:3], *([*row, written] for row in sheet()[3:])]
        assert dated(read(book(rows))) == {days}
    name = csv_workbook("health insight survey wave 20.csv", sheet())
    assert dated(read(name)) == {(date(2026, 1, 6), date(2026, 1, 28))}


def test_several_waves_of_one_file_are_kept_apart():
    first = [
        [*row, "20 - responses from 06 January 2026 to 28 January 2026"] for row in answers(DEVON)
    ]
    second = [
        [*row, "21 - responses from 03 February 2026 to 25 February 2026"] for row in answers(DEVON)
    ]
    extract = read(csv_workbook("q14icb.csv", [[OVERALL], [*HEADS, "Wave"], *first, *second]))
    assert len(without_errors(extract).frames["survey_fact"]) == 2


def test_a_wave_that_is_not_known_is_asked_for():
    workbook = csv_workbook("health insight survey.csv", sheet(DEVON))
    fault = read(workbook).errors[0]
    assert fault.needs == "period"
    window = Period(date(2027, 1, 5), date(2027, 1, 27))
    facts = without_errors(read(workbook, Request(period=window))).frames["survey_fact"]
    assert facts["period_start"].iloc[0].date() == window.start


@pytest.mark.parametrize(
    ("sign", "why"),
    [("[c]", "publisher"), ("[u]", "publisher"), ("[x]", "missing"), ("", "unknown")],
)
def test_why_an_estimate_is_not_shown_is_kept(sign: str, why: str):
    table = [*sheet(DEVON)[:3], [*DEVON, "Good", sign, sign, sign, sign or 8]]
    row = without_errors(read(book(table))).frames["survey_fact"].iloc[0]
    assert row["withheld"] == why
    assert row[["value", "low", "high"]].isna().all()


def test_the_question_to_people_with_a_condition_is_another_measure():
    title = OVERALL + " (For those with a long-term health condition)"
    facts = without_errors(read(book(Q15_ICB=sheet(title=title)))).frames["survey_fact"]
    assert set(facts["measure"]) == {"overall", "overall_long_term"}


def test_tables_that_are_not_read_are_named():
    by_age = [
        [f"Table 13: {OVERALL}, by age"],
        ["Breakdown", *HEADS[2:]],
        *([row[1], *row[2:]] for row in answers(["", "16 to 24 years"])),
    ]
    dentist = sheet(title="Q21: Do you have a dentist?")
    extract = without_errors(read(book(by_age=by_age, dentist=dentist)))
    assert len(extract.frames["survey_fact"]) == 3
    assert any("2 tables not read" in note and "dentist?" in note for note in extract.notes)
    alone = spreadsheet("health insight survey.xlsx", {"21": dentist})
    assert "questions.csv" in only_error(read(alone)).fix


def test_good_beside_very_good_is_not_taken_for_both():
    table = [*sheet(DEVON), [*DEVON, "Very good", 30.0, 28.0, 32.0, 1200]]
    extract = read(book(table))
    assert "answer by answer" in said(extract)
    assert not extract.frames
    both = [*table, [*DEVON, "Very good or good", 72.5, 70.0, 75.0, 1200]]
    facts = without_errors(read(book(both))).frames["survey_fact"]
    assert facts["high"].tolist() == [0.75]


def test_a_table_that_names_two_questions_apart_is_not_taken_for_either():
    contact = "How easy or difficult was it to make contact with your GP practice?"
    extract = read(book(sheet(DEVON, title=f"{OVERALL} {contact}")))
    assert not extract.frames
    assert "a question that is known" in only_error(extract).what
    nested = f"{OVERALL} (For those with a long-term health condition)"
    facts = without_errors(read(book(sheet(DEVON, title=nested)))).frames["survey_fact"]
    assert set(facts["measure"]) == {"overall_long_term"}


def test_a_board_that_is_not_known_is_kept_by_its_name():
    new = ["E54000099", "NHS Vale of Nowhere Integrated Care Board"]
    extract = without_errors(read(book(sheet(DEVON, new))))
    row = extract.frames["survey_fact"].set_index("provider_name").loc[new[1]]
    assert (row["provider"], row["grain"]) == ("", "icb")
    assert "Vale of Nowhere" in said(extract)


def test_breakdowns_on_one_sheet_are_told_apart():
    heads = ["Demographic", *HEADS]
    rows = [["England", *row] for row in answers(ENGLAND)]
    rows += [["Integrated Care Board (ICB)", *row] for row in answers(DEVON)]
    rows += [["Age", *row] for row in answers(["", "16 to 24 years"])]
    extract = without_errors(read(book([[OVERALL], heads, *rows])))
    assert set(extract.frames["survey_fact"]["provider"]) == {"ENGLAND", "QJK"}
    assert extract.rows_rejected["a breakdown other than integrated care board"] == 3
    assert extract.rows_rejected["another answer to the same question"] == 4
    assert (extract.rows_in, extract.rows_accepted) == (9, 2)


def test_limits_that_do_not_hold_their_estimate_are_an_error():
    table = [*sheet(DEVON)[:3], [*DEVON, "Good", 80.0, 70.1, 74.9, 1200]]
    assert "do not hold" in only_error(read(book(table))).what


def test_one_board_twice_with_different_figures_is_an_error():
    table = [*sheet(DEVON), *answers(DEVON, good=71.0)]
    assert "stands 2 times" in only_error(read(book(table))).what


def test_a_small_percentage_is_one_by_its_heading():
    table = [*sheet()[:3], [*DEVON, "Good", 0.9, 0.5, 1.4, 1200]]
    assert without_errors(read(book(table))).frames["survey_fact"]["value"].iloc[
        0
    ] == pytest.approx(0.009)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("NHS Devon Integrated Care Board", "QJK"),
        ("devon icb", "QJK"),
        ("Herts & W. Essex", "QM7"),
        ("South West", ""),
        ("16 to 24 years", ""),
    ],
)
def test_boards_are_known_by_their_names(name: str, code: str):
    assert board(name) == code


def test_every_board_has_one_row_and_no_code_stands_for_two():
    rows = maps.rows("icbs")
    assert len(rows) == 42
    for field in ("code", "ons", "name"):
        every = [word for row in rows for word in row[field].split("|")]
        assert len(every) == len(set(every))


def test_figures_of_another_survey_are_left_to_others():
    assert not SOURCE.recognise(csv_workbook("some survey.csv", sheet()[2:]))
