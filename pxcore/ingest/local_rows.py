"""Local extracts with one response a row: Friends and Family answers, and local surveys.

Which scale a Friends and Family file uses is seen from its words (fft_scales.py): some practices kept the
old one for years after it ended.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pxcore.ingest import cells
from pxcore.ingest.columns import listed
from pxcore.ingest.fft_scales import Reading, every_word, headings_of, meanings_of
from pxcore.ingest.likert import Likert, scale
from pxcore.ingest.responses import COLUMNS, find, open_responses, rows_of, tallied, usable
from pxcore.ingest.source import Findings, Frames, Request, Source
from pxcore.ingest.table import Table, mapped
from pxcore.ingest.workbook import Aliases, Sheet, Workbook

LOOKED_AT = 400  # rows read to tell answers in words from stars


_NEITHER_WAY = Likert(np.nan, np.nan, np.nan, np.nan)


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
# Given in place of an answer: counts neither way.
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

_RATING = dict(headings_of("response"))
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
    return bool(answers) and sum(key in every_word() for key in answers) > len(answers) / 2


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


def _read_fft(workbook: Workbook, _: Request, findings: Findings) -> Frames:
    needed = {**_WHEN_AND_WHERE, "the rating": ("rating",)}
    table = open_responses(workbook, FFT_COLUMNS, needed, findings)
    if table is None:
        return {}
    _note_unread(table)
    table = usable(table)
    table = table.without(mapped(table["rating"], cells.key).eq(""), "no answer to the question")
    words = mapped(table["rating"], cells.key)
    reading = meanings_of(words)
    if reading.unclear:
        table.findings.error(
            f"The answers in ‘{table.title('rating')}’ ({tallied(table.text('rating'))}) fit several scales, "
            f"which count them differently: {listed(scale.title for scale in reading.unclear)}.",
            table.sheet.place(),
            "Load more of the answers in one file, or take the scale that is not meant out of "
            "data/reference/fft_answers.csv.",
        )
        return {}
    strange = ~words.isin(list(reading.meanings))
    _warn_of_strange(table, "rating", "rating", strange)
    table = table.without(strange, "an answer that is on no scale of the test")
    words = words[table.index]
    _note_scales(words, reading, table)
    responses = rows_of(table, "fft_local")
    answers = answer_rows(responses, "overall", table.text("rating"), words, reading.meanings)
    return {"response": responses, "answer": answers}


def _note_scales(words: pd.Series, reading: Reading, table: Table) -> None:
    """Say on which scale the answers are; an answer that is no place on a scale (don't know) is on any."""
    placed = [
        (scale.title, int(words.isin([key for answer in scale.rated for key in answer.keys]).sum()))
        for scale in reading.used
    ]
    used = [f"{count} on ‘{title}’" for title, count in placed if count]
    if len(used) > 1:
        table.findings.warning(
            f"The answers are on several scales: {listed(used)}.",
            table.sheet.place(),
            "The questions are not the same: load the parts as separate files if you can.",
        )
    elif used:
        table.findings.note(f"Answers are on one scale: {used[0]}.")


def _recognise_survey(workbook: Workbook) -> bool:
    match = find(workbook, SURVEY_COLUMNS)
    if match is None:
        return False
    named = match[1].columns.keys()
    return len(_QUESTIONS.keys() & named) >= 2 and bool({"date", "code", "name"} & named)


def _read_survey(workbook: Workbook, _: Request, findings: Findings) -> Frames:
    needed = {**_WHEN_AND_WHERE, "any question known": tuple(_QUESTIONS)}
    table = open_responses(workbook, SURVEY_COLUMNS, needed, findings)
    if table is None:
        return {}
    _note_unread(table)
    table = usable(table)
    words = {name: mapped(table[name], cells.key) for name in _QUESTIONS if name in table}
    read = {}
    for name, column in words.items():
        read[name] = column.isin(list(SURVEY_WORDS))
        _warn_of_strange(table, name, table.title(name), column.ne("") & ~read[name])
    silent = ~pd.DataFrame(read).any(axis=1)
    table = table.without(silent, "no answer that can be read")
    responses = rows_of(table, "local_survey")
    answers = []
    for name, given in read.items():
        rows = table.index[given[table.index]]
        answers.append(
            answer_rows(
                responses.loc[rows], name, table.text(name)[rows], words[name][rows], SURVEY_WORDS
            )
        )
    return {"response": responses, "answer": pd.concat(answers, ignore_index=True)}


def answer_rows(
    responses: pd.DataFrame,
    measure: str,
    answers: pd.Series,
    words: pd.Series,
    known: Mapping[str, Likert],
) -> pd.DataFrame:
    """The ANSWER rows of one question answered in words."""
    return scored_rows(responses, measure, answers, words.map(known))


def scored_rows(
    responses: pd.DataFrame, measure: str, answers: pd.Series, meant: pd.Series
) -> pd.DataFrame:
    """The ANSWER rows of one question, from what each answer counts as."""
    parts = {
        part: meant.map(lambda likert, part=part: getattr(likert, part)).astype(float)
        for part in ("positive", "score", "scale_low", "scale_high")
    }
    return responses[["source", "response"]].assign(measure=measure, answer=answers, **parts)


def _warn_of_strange(table: Table, name: str, title: str, strange: pd.Series) -> None:
    words = table.text(name)[strange]
    if len(words):
        table.findings.warning(
            f"{len(words)} answers in ‘{title}’ are not known and are not counted: "
            f"{tallied(words)}.",
            table.sheet.place(),
            f"Correct the words in ‘{title}’ to those of the question.",
        )


_UNREAD = {"per", "name", "sentiment", "score", "emotion", "polarity", "subjectivity"}


def _note_unread(table: Table) -> None:
    """Say that machine-made scores and columns with names of people are left alone."""
    left = [
        cells.text(head)
        for head in table.sheet.rows[table.header.last_row]
        if set(cells.key(head).split()) & _UNREAD and cells.key(head) not in _known_heads()
    ]
    if left:
        table.findings.note(
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
    read=_read_fft,
)
SURVEY_ROWS = Source(
    name="survey_rows",
    title="Local survey: responses",
    publisher="local",
    licence="",
    frames=("response", "answer"),
    recognise=_recognise_survey,
    read=_read_survey,
)
SOURCES = (FFT_ROWS, SURVEY_ROWS)
