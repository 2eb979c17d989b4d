"""Community voice with one piece of feedback a row: Healthwatch, Care Opinion, NHS.uk reviews, and
comments coded by hand.

Higher scores are better everywhere; a layout whose numbers run the other way is turned round here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.ingest import cells
from pxcore.ingest.columns import (
    mapped,
    note_header,
    note_marks,
    text_column,
    title_of,
    warn_of_unread_sheets,
)
from pxcore.ingest.local_rows import in_fft_words
from pxcore.ingest.responses import COLUMNS, counted, find, require, rows_of, usable
from pxcore.ingest.source import Extract, Findings, Request, Source, extract
from pxcore.ingest.workbook import Aliases, Header, Sheet, Workbook

KINDS = ("healthwatch", "care_opinion", "nhs_reviews")
FLAGS = {"not assigned", "labelling not possible", "safeguarding concerns"}
_FEEDBACK: dict[str, tuple[str, ...]] = {
    "response": (*COLUMNS["response"], "feedback_id", "feedback id", "story id", "story_id"),
    "stars": (
        "stars",
        "star rating",
        "rating",
        "overall rating",
        "overall star rating",
        "feedback_rating",
        "review rating",
    ),
    "sentiment": ("sentiment", "overall sentiment"),
    "criticality": ("criticality",),
    "themes": ("themes", "theme", "topics", "tags"),
    "origin": ("source", "platform", "collected from"),
    "question": ("question",),
    "reply": ("feedback_response", "feedback_hw_reply", "response text", "provider response"),
}
FEEDBACK_COLUMNS: Aliases = {**COLUMNS, **_FEEDBACK}
_CODED_COLUMNS: Aliases = {
    **COLUMNS,
    "response": ("comment id", "comment_id"),
    "comment": (*COLUMNS["comment"], "fft answer"),
    "fft": ("fft categorical answer",),
    "question": ("fft question",),
    "sentiment": ("comment sentiment",),
    "personal": ("person identifiable info?",),
}
_ORIGINS = (
    ("healthwatch", re.compile(r"health ?watch|\bhw\b")),
    ("care_opinion", re.compile(r"care ?opinion|patient ?opinion|\bco\b")),
    ("nhs_reviews", re.compile(r"nhs ?(uk|choices|website|reviews?)|nhs\.uk")),
)
_FFT_WORDS = ("Very good", "Good", "Neither good nor poor", "Poor", "Very poor")
_STARS = re.compile(r"([0-9](?:\.\d+)?)(?: ?(?:/|out of) ?5)?(?: ?stars?)?", re.IGNORECASE)
# The form of one local Healthwatch names its five stars.
_STAR_WORDS = {"terrible": 1.0, "poor": 2.0, "average": 3.0, "good": 4.0, "excellent": 5.0}
_SENTIMENTS = {
    "positive": "positive",
    "very positive": "positive",
    "negative": "negative",
    "very negative": "negative",
    "neutral": "neutral",
    "neither": "neutral",
    "mixed": "mixed",
    "unclear": "",
    "not known": "",
}
_TICKS = {"", "0", "0.0", "1", "1.0", "x", "y", "n", "yes", "no", "true", "false"}
_TICKED = {"1", "1.0", "x", "y", "yes", "true"}


# --- Feedback and reviews ---------------------------------------------------------------------


def _recognise_feedback(workbook: Workbook) -> bool:
    match = find(workbook, FEEDBACK_COLUMNS)
    if match is None or _recognise_coded(workbook):
        return False
    sheet, header = match
    named = header.columns.keys()
    if {"criticality", "reply"} & named and {"comment", "stars"} & named:
        return True
    judged = {"stars", "sentiment"} & named
    described = {"comment", "themes", "origin"} & named
    if "date" not in named or not {"code", "name"} & named or not (judged or "comment" in named):
        return False
    if "stars" in named and in_fft_words(sheet, header.data_row, header.columns["stars"]):
        return False
    return bool(described) or "stars" in named


def _parse_feedback(workbook: Workbook, request: Request) -> Extract:
    findings = Findings()
    match = find(workbook, FEEDBACK_COLUMNS)
    if match is None or not require(
        *match,
        {
            "the provider (its code or name)": ("code", "name"),
            "stars, sentiment or criticality": ("stars", "sentiment", "criticality"),
        },
        findings,
    ):
        return extract(FEEDBACK, workbook, findings, {})
    sheet, header = match
    note_header(sheet, header, findings, FEEDBACK_COLUMNS)
    warn_of_unread_sheets(workbook, sheet, FEEDBACK_COLUMNS, header, findings)
    if "date" not in header.columns and "criticality" not in header.columns:
        findings.error(
            f"There is no column for the date. Row {header.last_row + 1} was read as the header.",
            sheet.place(header.last_row),
            "Add the column ‘date’.",
        )
    table = usable(sheet.table(header), sheet, findings)
    origins = _origins(table, workbook, header, request, findings)
    if origins is None:
        findings.error(
            "Nothing says whose feedback this is.",
            "the file",
            "Say whether it is Healthwatch feedback, Care Opinion stories or NHS.uk reviews.",
            needs="source",
        )
        origins = pd.Series("", index=table.index, dtype=object)
    responses = rows_of(table, sheet, header, "", findings).assign(source=origins)
    stars = _stars(table, sheet, header, findings)
    sentiment = _sentiment(table, sheet, header, findings)
    # The reports' own rule: one or two stars negative, three neutral, four or five positive.
    by_stars = stars.map(lambda star: _sentiment_of_stars(star))
    responses["stars"] = stars
    responses["sentiment"] = sentiment.where(sentiment.ne(""), by_stars)
    responses["themes"], responses["flags"] = _themes(table, sheet, header)
    critical = _criticality(table, sheet, header, findings)
    answers = _feedback_answers(responses, text_column(table, "sentiment"), critical)
    frames = {"response": responses, "answer": answers}
    return extract(FEEDBACK, workbook, findings, frames if origins.ne("").all() else {})


def _origins(
    table: pd.DataFrame, workbook: Workbook, header: Header, request: Request, findings: Findings
) -> pd.Series | None:
    """Whose feedback each row is: as asked, by a column, by the file name, by what only one has."""
    if request.source in KINDS:
        return pd.Series(request.source, index=table.index, dtype=object)
    words = text_column(table, "origin")
    origins = mapped(words, lambda word: _origin_in(str(word)))
    if len(origins) and origins.ne("").all():
        return origins
    by_name = _origin_in(workbook.stem)
    if not by_name and "criticality" in header.columns:
        by_name = "care_opinion"
    if not by_name and any(
        cells.key(title).startswith("feedback ") for title in header.titles.values()
    ):
        by_name = "healthwatch"
    unknown = origins.eq("") & words.ne("")
    if by_name and unknown.any():
        findings.warning(
            f"{int(unknown.sum())} rows name an origin that is not known ({counted(words[unknown])}); "
            f"they are taken for {maps.source(by_name)['title']}, as the whole file is.",
            "the file",
            "Write Healthwatch, Care Opinion or NHS.uk, or load those rows as a file of their own.",
        )
    return origins.where(origins.ne(""), by_name) if by_name else None


def _origin_in(text: str) -> str:
    """The one origin that words name; "" where they name none or several."""
    folded = cells.key(text)
    named = [origin for origin, words in _ORIGINS if words.search(folded)]
    return named[0] if len(named) == 1 else ""


def _stars(table: pd.DataFrame, sheet: Sheet, header: Header, findings: Findings) -> pd.Series:
    """Stars of five; what is neither one to five nor a known word is left out and counted."""
    if "stars" not in table:
        return pd.Series(np.nan, index=table.index)
    ratings = text_column(table, "stars")
    read = mapped(ratings, _star).astype(float)
    wrong = ratings.ne("") & read.isna()
    if wrong.any():
        findings.warning(
            f"{int(wrong.sum())} ratings are not one to five stars and are not counted: "
            f"{counted(ratings[wrong])}.",
            sheet.place(int(table.loc[wrong, "row"].iloc[0]), header.columns["stars"]),
            "Write the stars as a number from 1 to 5.",
        )
    return read


def _star(cell: Any) -> float:
    word = str(cell).strip()
    if word.lower() in _STAR_WORDS:
        return _STAR_WORDS[word.lower()]
    if word and set(word) <= {"★", "☆"}:
        return float(word.count("★")) or np.nan
    match = _STARS.fullmatch(word)
    number = float(match.group(1)) if match else np.nan
    return number if 1 <= number <= 5 else np.nan


def _sentiment_of_stars(stars: float) -> str:
    if np.isnan(stars):
        return ""
    return "positive" if stars >= 4 else "negative" if stars <= 2 else "neutral"


def _sentiment(table: pd.DataFrame, sheet: Sheet, header: Header, findings: Findings) -> pd.Series:
    labels = text_column(table, "sentiment")
    words = mapped(labels, cells.key)
    strange = words.ne("") & ~words.isin(list(_SENTIMENTS))
    if strange.any():
        findings.warning(
            f"{int(strange.sum())} sentiments are not known and are not counted: "
            f"{counted(labels[strange])}.",
            sheet.place(int(table.loc[strange, "row"].iloc[0]), header.columns["sentiment"]),
            "Write positive, neutral, negative or mixed.",
        )
    return words.map(_SENTIMENTS).fillna("").astype(object)


# Headings of the published data set that scores praise too, from −5 (most critical) to +5.
_SCORED_BOTH_WAYS = {"label", "subcategory"}


def _criticality(
    table: pd.DataFrame, sheet: Sheet, header: Header, findings: Findings
) -> pd.Series:
    """How critical a story is, 0 (not at all) to 5.

    Moderators score 0 to 5. A data set made from their stories scores −5 (most critical) to +5 (most
    positive), where praise is not critical: it is known by a score below zero or by its headings.
    """
    if "criticality" not in table:
        return pd.Series(np.nan, index=table.index)
    numbers = cells.numbers(table["criticality"])
    note_marks(numbers["mark"], title_of(header, "criticality"), findings)
    read = numbers["number"]
    both_ways = bool((read < 0).any()) or {
        cells.key(title) for title in header.titles.values()
    } >= (_SCORED_BOTH_WAYS)
    lowest = -5 if both_ways else 0
    wrong = text_column(table, "criticality").ne("") & ~read.between(lowest, 5)
    if wrong.any():
        findings.warning(
            f"{int(wrong.sum())} criticality scores are not {lowest} to 5 and are not counted: "
            f"{counted(text_column(table, 'criticality')[wrong])}.",
            sheet.place(int(table.loc[wrong, "row"].iloc[0]), header.columns["criticality"]),
            "Correct the score.",
        )
    findings.note(
        "Criticality is read as −5 (most critical) to +5 (most positive); praise is not critical."
        if both_ways
        else "Criticality is read as 0 (not critical) to 5 (most critical)."
    )
    read = read.where(read.between(lowest, 5))
    return (-read).clip(lower=0.0) + 0.0 if both_ways else read


def _feedback_answers(
    responses: pd.DataFrame, sentiments: pd.Series, critical: pd.Series
) -> pd.DataFrame:
    """Overall sentiment, stars and criticality as answers to the measures of each source."""
    judged = responses["sentiment"].ne("")
    stars = responses["stars"]
    reviews = responses["source"].eq("nhs_reviews")
    word = sentiments.where(sentiments.ne(""), stars.map(_star_words))
    # An NHS.uk review counts by its stars alone.
    positive = responses["sentiment"].eq("positive").astype(float)
    overall = _answers(
        responses, "overall", word, positive, pd.Series(np.nan, responses.index), None
    )
    # Stars are a mean, so they have no positive: the store then averages their scores.
    neither = pd.Series(np.nan, responses.index)
    rating = _answers(responses, "rating", stars.map(_star_words), neither, stars, (1.0, 5.0))
    criticality = _answers(
        responses,
        "criticality",
        critical.map(lambda score: "" if np.isnan(score) else f"{score:g}"),
        neither,
        critical,
        (0.0, 5.0),
    )
    known = maps.measures()
    rated = responses["source"].map(lambda source: (source, "rating") in known)
    parts = [
        overall[judged & (~reviews | stars.notna() | sentiments.ne(""))],
        rating[stars.notna() & rated],
        criticality[critical.notna() & responses["source"].eq("care_opinion")],
    ]
    return pd.concat(parts, ignore_index=True)


def _star_words(stars: float) -> str:
    return "" if np.isnan(stars) else f"{stars:g} star{'' if stars == 1 else 's'}"


def _answers(
    responses: pd.DataFrame,
    measure: str,
    answer: pd.Series,
    positive: pd.Series,
    score: pd.Series,
    scale: tuple[float, float] | None,
) -> pd.DataFrame:
    low, high = scale or (np.nan, np.nan)
    return pd.DataFrame(
        {
            "source": responses["source"],
            "response": responses["response"],
            "measure": measure,
            "answer": answer,
            "positive": positive,
            "score": score,
            "scale_low": low,
            "scale_high": high,
        },
        index=responses.index,
    )


# --- Themes -----------------------------------------------------------------------------------


def _themes(table: pd.DataFrame, sheet: Sheet, header: Header) -> tuple[pd.Series, pd.Series]:
    """Themes and flags of every row: from one cell split by ; or |, numbered columns, or ticks."""
    themes: list[list[str]] = [[] for _ in range(len(table))]
    flags: list[list[str]] = [[] for _ in range(len(table))]
    if "themes" in table:
        split = mapped(text_column(table, "themes"), lambda cell: tuple(_split(str(cell))))
        for place, words in enumerate(split):
            themes[place].extend(words)
    taken = set(header.columns.values())
    lines = [sheet.rows[row] for row in table["row"]]
    for column, title in header.titles.items():
        if column in taken:
            continue
        numbered = re.fullmatch(r"(theme|topic|tag) ?\d+", cells.key(title))
        cell_words = [_word(line, column) for line in lines]
        if numbered:
            for place, word in enumerate(cell_words):
                themes[place].extend(_split(word))
        elif {word.lower() for word in set(cell_words)} <= _TICKS and any(cell_words):
            if not _is_ticked_theme(title, set(cell_words)):
                continue
            into = flags if cells.key(title) in FLAGS else themes
            for place, word in enumerate(cell_words):
                if word.lower() in _TICKED:
                    into[place].append(title)
    return (
        pd.Series(
            [list(dict.fromkeys(words)) for words in themes], index=table.index, dtype=object
        ),
        pd.Series(flags, index=table.index, dtype=object),
    )


def _is_ticked_theme(title: str, words: Iterable[str]) -> bool:
    """A column of yes and no is a theme only if it is known as one; ticks alone are enough."""
    answered = {word.lower() for word in words} & {"yes", "no", "y", "n", "true", "false"}
    if not answered:
        return True
    known = {cells.key(word) for row in maps.rows("themes") for word in row["also"].split("|")}
    return cells.key(title) in known


def _word(line: list[Any], column: int) -> str:
    return cells.text(line[column]) if column < len(line) else ""


def _split(cell: str) -> list[str]:
    """“Waiting times; Staff attitudes” as two themes."""
    return [word for part in re.split(r"[;|\n]", cell) if (word := part.strip())]


# --- Comments coded by hand -------------------------------------------------------------------


def _recognise_coded(workbook: Workbook) -> bool:
    match = find(workbook, _CODED_COLUMNS)
    return match is not None and bool({"fft", "sentiment"} & match[1].columns.keys())


def _parse_coded(workbook: Workbook, request: Request) -> Extract:  # noqa: ARG001
    findings = Findings()
    match = find(workbook, _CODED_COLUMNS)
    if match is None or not require(
        *match,
        {
            "the date": ("date",),
            "the trust (its code or name)": ("code", "name"),
            "the Friends and Family answer or the comment sentiment": ("fft", "sentiment"),
        },
        findings,
    ):
        return extract(CODED, workbook, findings, {})
    sheet, header = match
    note_header(sheet, header, findings, _CODED_COLUMNS)
    warn_of_unread_sheets(workbook, sheet, _CODED_COLUMNS, header, findings)
    table = usable(sheet.table(header), sheet, findings)
    responses = rows_of(table, sheet, header, "coded_comments", findings)
    fft = _five_point_codes(table, "fft", sheet, header, findings)
    sentiment = _five_point_codes(table, "sentiment", sheet, header, findings)
    responses["sentiment"] = sentiment.map(
        {1.0: "positive", 2.0: "positive", 3.0: "neutral", 4.0: "negative", 5.0: "negative"}
    ).fillna("")
    responses["themes"], responses["flags"] = _themes(table, sheet, header)
    answers = pd.concat(
        [
            _fft_answers(responses, fft, findings),
            _answers(
                responses,
                "sentiment",
                responses["sentiment"],
                sentiment.le(2).astype(float),
                6 - sentiment,
                (1.0, 5.0),
            )[sentiment.notna()],
        ],
        ignore_index=True,
    )
    return extract(CODED, workbook, findings, {"response": responses, "answer": answers})


def _fft_answers(responses: pd.DataFrame, fft: pd.Series, findings: Findings) -> pd.DataFrame:
    """The Friends and Family answer, once a respondent: the file repeats it with each comment."""
    rows = _answers(
        responses,
        "overall",
        fft.map(dict(enumerate(_FFT_WORDS, start=1))),
        fft.le(2).astype(float),
        6 - fft,
        (1.0, 5.0),
    )[fft.notna()]
    who = responses.loc[rows.index, ["provider", "provider_name", "author"]].assign(fft=fft)
    again = who.duplicated() & who["author"].ne("")
    if again.any():
        findings.note(
            f"{int(again.sum())} comments repeat the Friends and Family answer of a "
            "respondent with several comments; each answer is counted once."
        )
    return rows[~again]


def _five_point_codes(
    table: pd.DataFrame, name: str, sheet: Sheet, header: Header, findings: Findings
) -> pd.Series:
    """Codes 1 (best) to 5 (worst); any other is left out and counted."""
    if name not in table:
        return pd.Series(np.nan, index=table.index)
    codes = text_column(table, name)
    numbers = cells.numbers(table[name])
    note_marks(numbers["mark"], title_of(header, name), findings)
    read = numbers["number"]
    right = read.isin([1, 2, 3, 4, 5])
    wrong = codes.ne("") & ~right
    if wrong.any():
        findings.warning(
            f"{int(wrong.sum())} values of ‘{header.titles[header.columns[name]]}’ are outside the "
            f"documented 1 to 5 and are not counted: {counted(codes[wrong])}.",
            sheet.place(int(table.loc[wrong, "row"].iloc[0]), header.columns[name]),
            "Ask the supplier what these codes mean.",
        )
    return read.where(right)


FEEDBACK = Source(
    name="community_rows",
    title="Community feedback: Healthwatch, Care Opinion, NHS.uk reviews",
    publisher="",
    licence="",
    frames=("response", "answer"),
    recognise=_recognise_feedback,
    parse=_parse_feedback,
)
CODED = Source(
    name="coded_comments",
    title="Comments coded with sentiment and themes",
    publisher="local",
    licence="",
    frames=("response", "answer"),
    recognise=_recognise_coded,
    parse=_parse_coded,
)
SOURCES = (FEEDBACK, CODED)
