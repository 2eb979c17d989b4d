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
from pxcore.ingest.local_rows import in_fft_words
from pxcore.ingest.responses import (
    COLUMNS,
    find,
    open_responses,
    rows_of,
    split_themes,
    tallied,
    usable,
    warn_uncounted,
)
from pxcore.ingest.source import Findings, Frames, Request, Source
from pxcore.ingest.table import Table, mapped, note_marks
from pxcore.ingest.workbook import Aliases, Workbook

KINDS = ("healthwatch", "care_opinion", "nhs_reviews")
FLAGS = {"not assigned", "labelling not possible", "safeguarding concerns"}
_FEEDBACK: dict[str, tuple[str, ...]] = {
    "response": (*COLUMNS["response"], "feedback_id", "feedback id", "story id", "story_id"),
    "stars": (
        *("stars", "star rating", "rating", "overall rating", "overall star rating"),
        *("feedback_rating", "review rating"),
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


def _read_feedback(workbook: Workbook, request: Request, findings: Findings) -> Frames:
    needed = {
        "the provider (its code or name)": ("code", "name"),
        "stars, sentiment or criticality": ("stars", "sentiment", "criticality"),
    }
    table = open_responses(workbook, FEEDBACK_COLUMNS, needed, findings)
    if table is None:
        return {}
    if "date" not in table and "criticality" not in table:
        table.report_absent("for the date", "Add the column ‘date’.")
    table = usable(table)
    origins = _origins(table, workbook, request)
    if origins is None:
        findings.error(
            "Nothing says whose feedback this is.",
            "the file",
            "Say whether it is Healthwatch feedback, Care Opinion stories or NHS.uk reviews.",
            needs="source",
        )
        origins = pd.Series("", index=table.index, dtype=object)
    responses = rows_of(table, "").assign(source=origins)
    stars, sentiment = _stars(table), _sentiment(table)
    # The reports' own rule: one or two stars negative, three neutral, four or five positive.
    by_stars = stars.map(_sentiment_of_stars)
    responses["stars"] = stars
    responses["sentiment"] = sentiment.where(sentiment.ne(""), by_stars)
    responses["themes"], responses["flags"] = _themes(table)
    critical = _criticality(table)
    answers = _feedback_answers(responses, table.text("sentiment"), critical)
    return {"response": responses, "answer": answers} if origins.ne("").all() else {}


def _origins(table: Table, workbook: Workbook, request: Request) -> pd.Series | None:
    """Whose feedback each row is: as requested, by a column, by the file name, by what only one has."""
    if request.source in KINDS:
        return pd.Series(request.source, index=table.index, dtype=object)
    words = table.text("origin")
    origins = mapped(words, lambda word: _origin_in(str(word)))
    if len(origins) and origins.ne("").all():
        return origins
    by_name = _origin_in(workbook.stem)
    if not by_name and "criticality" in table.header.columns:
        by_name = "care_opinion"
    if not by_name and any(
        cells.key(title).startswith("feedback ") for title in table.header.titles.values()
    ):
        by_name = "healthwatch"
    unknown = origins.eq("") & words.ne("")
    if by_name and unknown.any():
        table.findings.warning(
            f"{int(unknown.sum())} rows name an origin that is not known ({tallied(words[unknown])}); "
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


def _stars(table: Table) -> pd.Series:
    """Stars of five; what is neither one to five nor a known word is left out and counted."""
    if "stars" not in table:
        return pd.Series(np.nan, index=table.index)
    ratings = table.text("stars")
    read = mapped(ratings, _star).astype(float)
    warn_uncounted(
        table,
        "stars",
        ratings.ne("") & read.isna(),
        "ratings are not one to five stars",
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


def _sentiment(table: Table) -> pd.Series:
    words = mapped(table.text("sentiment"), cells.key)
    warn_uncounted(
        table,
        "sentiment",
        words.ne("") & ~words.isin(list(_SENTIMENTS)),
        "sentiments are not known",
        "Write positive, neutral, negative or mixed.",
    )
    return words.map(_SENTIMENTS).fillna("").astype(object)


# Headings of the published data set that scores praise too, from −5 (most critical) to +5.
_SCORED_BOTH_WAYS = {"label", "subcategory"}


def _criticality(table: Table) -> pd.Series:
    """How critical a story is, 0 (not at all) to 5.

    Moderators score 0 to 5. A data set made from their stories scores −5 (most critical) to +5 (most
    positive), where praise is not critical: it is known by a score below zero or by its headings.
    """
    if "criticality" not in table:
        return pd.Series(np.nan, index=table.index)
    numbers = cells.numbers(table["criticality"])
    note_marks(numbers["mark"], table.title("criticality"), table.findings)
    read = numbers["number"]
    titles = {cells.key(title) for title in table.header.titles.values()}
    both_ways = bool((read < 0).any()) or titles >= _SCORED_BOTH_WAYS
    lowest = -5 if both_ways else 0
    warn_uncounted(
        table,
        "criticality",
        table.text("criticality").ne("") & ~read.between(lowest, 5),
        f"criticality scores are not {lowest} to 5",
        "Correct the score.",
    )
    table.findings.note(
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
    overall = _answers(responses, "overall", word, positive=positive)
    # Stars are a mean, so they have no positive: the store then averages their scores.
    rating = _answers(responses, "rating", stars.map(_star_words), score=stars, scale=(1.0, 5.0))
    scores = critical.map(lambda score: "" if np.isnan(score) else f"{score:g}")
    criticality = _answers(responses, "criticality", scores, score=critical, scale=(0.0, 5.0))
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
    *,
    positive: pd.Series | float = np.nan,
    score: pd.Series | float = np.nan,
    scale: tuple[float, float] = (np.nan, np.nan),
) -> pd.DataFrame:
    return responses[["source", "response"]].assign(
        measure=measure,
        answer=answer,
        positive=positive,
        score=score,
        scale_low=scale[0],
        scale_high=scale[1],
    )


# --- Themes -----------------------------------------------------------------------------------


def _themes(table: Table) -> tuple[pd.Series, pd.Series]:
    """Themes and flags of every row: from one cell split by ; or |, numbered columns, or ticks."""
    themes: list[list[str]] = [[] for _ in range(len(table))]
    flags: list[list[str]] = [[] for _ in range(len(table))]
    if "themes" in table:
        split = mapped(table.text("themes"), lambda cell: tuple(split_themes(str(cell))))
        for place, words in enumerate(split):
            themes[place].extend(words)
    taken = set(table.header.columns.values())
    lines = [table.sheet.rows[row] for row in table["row"]]
    for column, title in table.header.titles.items():
        if column in taken:
            continue
        numbered = re.fullmatch(r"(theme|topic|tag) ?\d+", cells.key(title))
        cell_words = [_word(line, column) for line in lines]
        if numbered:
            for place, word in enumerate(cell_words):
                themes[place].extend(split_themes(word))
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


# --- Comments coded by hand -------------------------------------------------------------------


def _recognise_coded(workbook: Workbook) -> bool:
    match = find(workbook, _CODED_COLUMNS)
    return match is not None and bool({"fft", "sentiment"} & match[1].columns.keys())


def _read_coded(workbook: Workbook, _: Request, findings: Findings) -> Frames:
    needed = {
        "the date": ("date",),
        "the trust (its code or name)": ("code", "name"),
        "the Friends and Family answer or the comment sentiment": ("fft", "sentiment"),
    }
    table = open_responses(workbook, _CODED_COLUMNS, needed, findings)
    if table is None:
        return {}
    table = usable(table)
    responses = rows_of(table, "coded_comments")
    fft, sentiment = _five_point_codes(table, "fft"), _five_point_codes(table, "sentiment")
    responses["sentiment"] = sentiment.map(
        {1.0: "positive", 2.0: "positive", 3.0: "neutral", 4.0: "negative", 5.0: "negative"}
    ).fillna("")
    responses["themes"], responses["flags"] = _themes(table)
    judged = _five_point_answers(responses, "sentiment", responses["sentiment"], sentiment)
    answers = [_fft_answers(responses, fft, findings), judged]
    return {"response": responses, "answer": pd.concat(answers, ignore_index=True)}


def _five_point_answers(
    responses: pd.DataFrame, measure: str, words: pd.Series, codes: pd.Series
) -> pd.DataFrame:
    """Codes from 1 (best) to 5 as answers, of which 1 and 2 are positive; higher scores are better."""
    positive = codes.le(2).astype(float)
    rows = _answers(responses, measure, words, positive=positive, score=6 - codes, scale=(1.0, 5.0))
    return rows[codes.notna()]


def _fft_answers(responses: pd.DataFrame, fft: pd.Series, findings: Findings) -> pd.DataFrame:
    """The Friends and Family answer, once a respondent: the file repeats it with each comment."""
    words = fft.map(dict(enumerate(_FFT_WORDS, start=1)))
    rows = _five_point_answers(responses, "overall", words, fft)
    who = responses.loc[rows.index, ["provider", "provider_name", "author"]].assign(fft=fft)
    again = who.duplicated() & who["author"].ne("")
    if again.any():
        findings.note(
            f"{int(again.sum())} comments repeat the Friends and Family answer of a "
            "respondent with several comments; each answer is counted once."
        )
    return rows[~again]


def _five_point_codes(table: Table, name: str) -> pd.Series:
    """Codes 1 (best) to 5 (worst); any other is left out and counted."""
    if name not in table:
        return pd.Series(np.nan, index=table.index)
    numbers, title = cells.numbers(table[name]), table.title(name)
    note_marks(numbers["mark"], title, table.findings)
    right = numbers["number"].isin([1, 2, 3, 4, 5])
    warn_uncounted(
        table,
        name,
        table.text(name).ne("") & ~right,
        f"values of ‘{title}’ are outside the documented 1 to 5",
        "Ask the supplier what these codes mean.",
    )
    return numbers["number"].where(right)


FEEDBACK = Source(
    name="community_rows",
    title="Community feedback: Healthwatch, Care Opinion, NHS.uk reviews",
    publisher="",
    licence="",
    frames=("response", "answer"),
    recognise=_recognise_feedback,
    read=_read_feedback,
)
CODED = Source(
    name="coded_comments",
    title="Comments coded with sentiment and themes",
    publisher="local",
    licence="",
    frames=("response", "answer"),
    recognise=_recognise_coded,
    read=_read_coded,
)
SOURCES = (FEEDBACK, CODED)
