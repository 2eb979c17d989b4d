"""Local extracts with one response a row: Friends and Family answers, and local surveys.

Which scale a Friends and Family file uses is told from its words: some practices kept the old one
for years after it ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pxcore.ingest import cells
from pxcore.ingest.columns import mapped, note_header, text_column, warn_of_unread_sheets
from pxcore.ingest.responses import (
    COLUMNS,
    counted,
    find,
    reject,
    require,
    rows_of,
    usable,
)
from pxcore.ingest.source import Extract, Findings, Request, Source, extract
from pxcore.ingest.workbook import Aliases, Sheet, Workbook

LOOKED_AT = 400  # rows read to tell answers in words from stars


@dataclass(frozen=True, slots=True)
class Likert:
    """What one answer in words counts as: positive 1, 0 or null, and its place on its scale."""

    positive: float
    score: float
    scale_low: float
    scale_high: float


_NEITHER_WAY = Likert(np.nan, np.nan, np.nan, np.nan)


def scale(words: tuple[str, ...], positive: int) -> dict[str, Likert]:
    """Answers from best to worst, the first `positive` of them positive; higher is better."""
    most = len(words)
    return {
        cells.key(word): Likert(float(place < positive), float(most - place), 1.0, float(most))
        for place, word in enumerate(words)
    }


EXPERIENCE = scale(("very good", "good", "neither good nor poor", "poor", "very poor"), 2)
RECOMMEND = scale(
    ("extremely likely", "likely", "neither likely nor unlikely", "unlikely", "extremely unlikely"),
    2,
)
# Don't know is in the denominator of the Friends and Family percentage, as the publisher has it.
_DONT_KNOW = Likert(0.0, np.nan, 1.0, 5.0)
FFT_WORDS: Mapping[str, Likert] = {
    **EXPERIENCE,
    **RECOMMEND,
    cells.key("neither good or poor"): EXPERIENCE[cells.key("neither good nor poor")],
    cells.key("neither likely or unlikely"): RECOMMEND[cells.key("neither likely nor unlikely")],
    cells.key("neither"): EXPERIENCE[cells.key("neither good nor poor")],
    cells.key("don't know"): _DONT_KNOW,
    cells.key("do not know"): _DONT_KNOW,
}

_SURVEY_SCALES = (
    (("very good", "fairly good", "neither good nor poor", "fairly poor", "very poor"), 2),
    (("very good", "good", "neither good nor poor", "poor", "very poor"), 2),
    (("very easy", "fairly easy", "not very easy", "not at all easy"), 2),
    (("very easy", "easy", "not easy", "not at all easy"), 2),
    (("very easy", "fairly easy", "fairly difficult", "very difficult"), 2),
    (
        (
            "very satisfied",
            "fairly satisfied",
            "neither satisfied nor dissatisfied",
            "fairly dissatisfied",
            "very dissatisfied",
        ),
        2,
    ),
    (
        (
            "very satisfied",
            "satisfied",
            "neither satisfied nor dissatisfied",
            "dissatisfied",
            "very dissatisfied",
        ),
        2,
    ),
)
SURVEY_WORDS: dict[str, Likert] = {}
for _words, _positive in _SURVEY_SCALES:
    SURVEY_WORDS = {**scale(_words, _positive), **SURVEY_WORDS}
# Said in place of an answer: counts neither way.
NOT_ANSWERED: Mapping[str, Likert] = {
    cells.key(word): _NEITHER_WAY
    for word in (
        "don't know",
        "not applicable",
        "n/a",
        "haven't tried",
        "have not tried",
        "can't remember",
        "i don't use",
        "i have not used",
        "not sure",
        "prefer not to say",
    )
}
SURVEY_WORDS |= NOT_ANSWERED

_RATING = {
    "rating": (
        "rating",
        "fft rating",
        "fft answer",
        "fft response",
        "fft_rating",
        "overall rating",
    ),
}
_QUESTIONS: dict[str, tuple[str, ...]] = {
    "phone": ("phone", "ease of phone", "phone_easy", "getting through on the phone"),
    "appointment_time": ("appointment_time", "appointment times", "appointment time"),
    "appointment": ("making_appointment", "making an appointment", "appointment experience"),
    "overall": ("overall_experience", "overall experience"),
    "website": ("website", "ease of website", "using the website"),
}
FFT_COLUMNS: Aliases = {**COLUMNS, **_RATING}
SURVEY_COLUMNS: Aliases = {
    **{name: heads for name, heads in COLUMNS.items() if name not in _QUESTIONS},
    **_QUESTIONS,
}
_WHEN_AND_WHERE = {"the date": ("date",), "the provider (its code or name)": ("code", "name")}


def in_fft_words(sheet: Sheet, first_row: int, column: int) -> bool:
    """Whether most answers of a column are words of the Friends and Family Test, not stars."""
    answers = [
        key
        for row in sheet.rows[first_row : first_row + LOOKED_AT]
        if column < len(row) and (key := cells.key(row[column]))
    ]
    return bool(answers) and sum(key in FFT_WORDS for key in answers) > len(answers) / 2


def _recognise_fft(workbook: Workbook) -> bool:
    match = find(workbook, FFT_COLUMNS)
    if match is None:
        return False
    sheet, header = match
    return (
        "rating" in header.columns
        and bool({"date", "code", "name"} & header.columns.keys())
        and in_fft_words(sheet, header.data_row, header.columns["rating"])
    )


def _parse_fft(workbook: Workbook, request: Request) -> Extract:  # noqa: ARG001
    findings = Findings()
    match = find(workbook, FFT_COLUMNS)
    if match is None or not require(
        *match, {**_WHEN_AND_WHERE, "the rating": ("rating",)}, findings
    ):
        return extract(FFT_ROWS, workbook, findings, {})
    sheet, header = match
    note_header(sheet, header, findings, FFT_COLUMNS)
    warn_of_unread_sheets(workbook, sheet, FFT_COLUMNS, header, findings)
    _note_unread(sheet.rows[header.last_row], findings)
    table = usable(sheet.table(header), sheet, findings)
    words = mapped(table["rating"], cells.key)
    table = reject(table, words.eq(""), "no answer to the question", findings)
    words = words[table.index]
    strange = ~words.isin(list(FFT_WORDS))
    _tell_strange(text_column(table, "rating")[strange], "rating", sheet, findings)
    table = reject(table, strange, "an answer that is not one of the six", findings)
    words = words[table.index]
    _tell_scale(words, sheet, findings)
    responses = rows_of(table, sheet, header, "fft_local", findings)
    answers = answer_rows(responses, "overall", text_column(table, "rating"), words, FFT_WORDS)
    return extract(FFT_ROWS, workbook, findings, {"response": responses, "answer": answers})


def _tell_scale(words: pd.Series, sheet: Sheet, findings: Findings) -> None:
    new = int(words.isin(list(EXPERIENCE)).sum())
    old = int(words.isin(list(RECOMMEND)).sum())
    if old and new:
        findings.warning(
            f"{new} answers use the scale from April 2020 (“very good”) and {old} the one before "
            "(“extremely likely”).",
            sheet.place(),
            "The two questions are not the same: load the two parts as separate files if you can.",
        )
    elif old:
        findings.note("Answers are on the scale used until March 2020 (“extremely likely”).")
    elif new:
        findings.note("Answers are on the scale used from April 2020 (“very good”).")


def _recognise_survey(workbook: Workbook) -> bool:
    match = find(workbook, SURVEY_COLUMNS)
    if match is None:
        return False
    named = match[1].columns.keys()
    return len(_QUESTIONS.keys() & named) >= 2 and bool({"date", "code", "name"} & named)


def _parse_survey(workbook: Workbook, request: Request) -> Extract:  # noqa: ARG001
    findings = Findings()
    match = find(workbook, SURVEY_COLUMNS)
    if match is None or not require(
        *match, {**_WHEN_AND_WHERE, "any question known": tuple(_QUESTIONS)}, findings
    ):
        return extract(SURVEY_ROWS, workbook, findings, {})
    sheet, header = match
    note_header(sheet, header, findings, SURVEY_COLUMNS)
    warn_of_unread_sheets(workbook, sheet, SURVEY_COLUMNS, header, findings)
    _note_unread(sheet.rows[header.last_row], findings)
    table = usable(sheet.table(header), sheet, findings)
    questions = [name for name in _QUESTIONS if name in table]
    words = {name: mapped(table[name], cells.key) for name in questions}
    read = {}
    for name in questions:
        strange = words[name].ne("") & ~words[name].isin(list(SURVEY_WORDS))
        title = header.titles[header.columns[name]]
        _tell_strange(text_column(table, name)[strange], title, sheet, findings)
        read[name] = words[name].isin(list(SURVEY_WORDS))
    silent = ~pd.DataFrame(read).any(axis=1)
    table = reject(table, silent, "no answer that can be read", findings)
    responses = rows_of(table, sheet, header, "local_survey", findings)
    answers = []
    for name in questions:
        given = read[name][table.index]
        answers.append(
            answer_rows(
                responses[given],
                name,
                text_column(table, name)[given],
                words[name][table.index][given],
                SURVEY_WORDS,
            )
        )
    frames = {"response": responses, "answer": pd.concat(answers, ignore_index=True)}
    return extract(SURVEY_ROWS, workbook, findings, frames)


def answer_rows(
    responses: pd.DataFrame,
    measure: str,
    answers: pd.Series,
    words: pd.Series,
    known: Mapping[str, Likert],
) -> pd.DataFrame:
    """The ANSWER rows of one question answered in words."""
    meant = words.map(known)
    return pd.DataFrame(
        {
            "source": responses["source"],
            "response": responses["response"],
            "measure": measure,
            "answer": answers,
            **{
                part: meant.map(lambda likert, part=part: getattr(likert, part)).astype(float)
                for part in ("positive", "score", "scale_low", "scale_high")
            },
        },
        index=responses.index,
    )


def _tell_strange(words: pd.Series, title: str, sheet: Sheet, findings: Findings) -> None:
    if len(words):
        findings.warning(
            f"{len(words)} answers in ‘{title}’ are not known and are not counted: "
            f"{counted(words)}.",
            sheet.place(),
            f"Correct the words in ‘{title}’ to those of the question.",
        )


_UNREAD = ("per", "name", "sentiment", "score", "emotion", "polarity", "subjectivity")


def _note_unread(headings: list[object], findings: Findings) -> None:
    """Say that machine-made scores and columns with names of people are left alone."""
    left = [
        cells.text(head)
        for head in headings
        if set(cells.key(head).split()) & set(_UNREAD) and cells.key(head) not in _known_heads()
    ]
    if left:
        findings.note(
            f"Not read (names of people, or scores made by a machine): {', '.join(left)}."
        )


def _known_heads() -> set[str]:
    aliases = {**COLUMNS, **_RATING, **_QUESTIONS}
    return {cells.key(head) for heads in aliases.values() for head in heads}


FFT_ROWS = Source(
    name="fft_rows",
    title="Friends and Family Test: local responses",
    publisher="local",
    licence="",
    frames=("response", "answer"),
    recognise=_recognise_fft,
    parse=_parse_fft,
)
SURVEY_ROWS = Source(
    name="survey_rows",
    title="Local survey: responses",
    publisher="local",
    licence="",
    frames=("response", "answer"),
    recognise=_recognise_survey,
    parse=_parse_survey,
)
SOURCES = (FFT_ROWS, SURVEY_ROWS)
