"""What one column of an unknown file probably is, from its heading and from what it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.ingest import cells, scales
from pxcore.ingest.columns import ALIKE
from pxcore.ingest.responses import COLUMNS
from pxcore.model import GROUPS

MOST_WORDS = 60
_MOST = 0.6  # of the filled cells of a column, to say what it holds


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What one column of an unknown file probably is."""

    heading: str
    column: int
    role: str  # a role of what the rows hold, "value", "answer", or "" (leave out)
    unit: str = ""
    measure: str = ""
    why: str = ""
    examples: tuple[str, ...] = ()
    meant: str = ""  # the word the heading comes close to, where it is none that is known
    scale: str = ""
    question: str = ""  # what stands under the heading in a second heading row
    words: tuple[str, ...] = ()  # different words of the column, at most a few
    two_ways: str = ""  # a date that may be day/month or month/day, where no date decides


# --- What a cell is ---------------------------------------------------------------------------

_CODE = re.compile(
    r"(?=.*\d)[A-Z0-9-]{3,8}"
)  # an ODS code, or one of a site or of the demonstration
_DATE = re.compile(
    r"\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}([ T,].*)?|\d{1,2}(st|nd|rd|th)? [A-Za-z]{3,9},? \d{2,4}.*"
)
_LETTERS = re.compile(r"[^\W\d_]")


def _figure(cell: Any) -> float:
    """The number of a cell; letters make a code or a word of it, whatever they look like."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    word = cells.text(cell)
    if not word or _LETTERS.search(word):
        return float("nan")
    return cells.number(word)[0]


def _is_date(cell: Any) -> bool:
    if isinstance(cell, datetime | date):
        return True
    return isinstance(cell, str) and bool(_DATE.fullmatch(cells.text(cell)))


def _is_code(cell: Any) -> bool:
    word = cells.text(cell)
    return bool(_LETTERS.search(word)) and bool(_CODE.fullmatch(word)) and cells.month(word) is None


def is_heading(word: str) -> bool:
    """Words, not what a row of data would hold."""
    return bool(
        _LETTERS.search(word)
        and not _is_code(word)
        and not _is_date(word)
        and not (cells.month(word) and len(word) <= 9)
        and np.isnan(_figure(word))
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an unknown file: its heading, and what its cells are."""

    position: int
    heading: str
    question: str  # under the heading, in a second heading row
    filled: int
    figures: pd.Series
    codes: int
    dates: int
    different: tuple[str, ...]  # words, in order of their appearance
    percent: bool

    def mostly(self, count: int) -> bool:
        return self.filled > 0 and count >= _MOST * self.filled

    @property
    def key(self) -> str:
        return cells.key(self.heading)

    @property
    def folded(self) -> str:
        """Heading and question together."""
        return cells.key(f"{self.heading} {self.question}")

    @property
    def numeric(self) -> bool:
        return self.mostly(len(self.figures))

    @property
    def coded(self) -> bool:
        return self.mostly(self.codes)

    @property
    def dated(self) -> bool:
        return self.mostly(self.dates)

    @property
    def worded(self) -> bool:
        return self.filled > 0 and not (self.numeric or self.coded or self.dated)

    @property
    def scales(self) -> tuple[str, ...]:
        """The scales that hold every word of the column."""
        few = 0 < len(self.different) <= 15
        return scales.fitting(self.different) if few else ()

    @property
    def years(self) -> bool:
        return bool(self.figures.between(1990, 2100).all()) or bool(
            self.figures.between(19000101, 21001231).all()
        )

    def guess(self, role: str, **more: Any) -> ColumnGuess:
        why = f"by its heading ‘{self.heading}’ and what it holds" if role else ""
        return ColumnGuess(
            self.heading,
            self.position,
            role,
            **{"why": why, **more},
            examples=self.different[:3],
            question=self.question,
            words=self.different[:MOST_WORDS],
        )


def column_of(position: int, heading: str, question: str, below: Sequence[Any]) -> Column:
    """A column, with what its cells under the heading are."""
    filled = [cell for cell in below if cells.text(cell)]
    figures = [number for cell in filled if not np.isnan(number := _figure(cell))]
    return Column(
        position,
        heading,
        question,
        len(filled),
        pd.Series(figures, dtype=float),
        sum(map(_is_code, filled)),
        sum(map(_is_date, filled)),
        tuple(dict.fromkeys(cells.text(cell) for cell in filled)),
        any(cells.text(cell).endswith("%") for cell in filled),
    )


# --- What a heading says ----------------------------------------------------------------------

_ROLE_WORDS = tuple(
    (role, re.compile(words))
    for role, words in (
        ("parent", r"\b(icb|icbs|ics|parent|region|commissioner|sub icb|pcn)\b.*\b(code|ods)\b"),
        ("code", r"\bcode\b|\bods\b|\borg id\b"),
        ("low", r"\blow(er)?\b|\blow ?ci\b|\blcl\b"),
        ("high", r"\bhigh(er)?\b|\bupper\b|\bhigh ?ci\b|\bucl\b"),
        ("eligible", r"\beligible\b|\binvited\b"),
        (
            "value",
            r"%|\bpct\b|percent|proportion|\bmean\b|\bscore\b|\brate\b|satisf|\beasy\b|^value$",
        ),
        ("positive", r"\bpositive\b|\brecommend"),
        (
            "respondents",
            r"respon[ds]|\bbase\b|\bn\b|\bcount\b|\btotal\b|\banswers\b|\breviews\b|\basked\b",
        ),
        ("period", r"\bmonth\b|\bperiod\b|\bquarter\b|\bdate\b|\byear\b|\bwave\b"),
        ("service", r"\bservice\b|\bsetting\b|\bspecialty\b"),
        ("measure", r"\bmeasure\b|\bquestion\b|\bindicator\b"),
        (
            "name",
            r"\b(practice|trust|provider|surgery|organisation|organization|hospital)\b",
        ),
    )
)
_ROLE_OF = dict(_ROLE_WORDS)
_PLACE_WORDS = re.compile(
    r"\b(surgery|practice|medical|cent(re|er)|hospitals?|trust|health|clinic|infirmary|"
    r"partnership|doctors?)\b"
)
_PERSONAL = re.compile(r"\b(e ?mail|ip|phone number|first name|last name|surname|postcode)\b")
COMMENT = re.compile(
    r"\bwhy\b|\bcomments?\b|\btell us\b|\bfeedback\b|\bfree text\b|\bimprove|\banything else\b"
    r"|\bbetter\b|\bstory\b|\breview\b"
)
_PERSON_ID = re.compile(r"^((respon(se|dent)|submission|review|story|feedback) ?)?ids?$")
_FORMER = re.compile(r"\b(new|successor|successors|became)\b.*\bcode\b|\bsuccessor\b")
RATED = re.compile(r"\brating\b|\bstars?\b|\bscore\b|\bcriticality\b")
_ANSWER_GROUPS = {
    group: {cells.key(head) for head in COLUMNS[group]} for group in GROUPS if group in COLUMNS
}
# Words of headings that may be misspelt; shorter ones are alike by chance.
_MEANT: Mapping[str, str] = {
    **dict.fromkeys(("provider", "practice", "organisation", "organization", "surgery"), "name"),
    **dict.fromkeys(("period", "month", "quarter"), "period"),
    **dict.fromkeys(("measure", "question", "indicator"), "measure"),
    **dict.fromkeys(("positive", "recommended"), "positive"),
    **dict.fromkeys(("respondents", "responses", "answers", "reviews"), "respondents"),
    **dict.fromkeys(("percentage", "percent", "proportion", "satisfaction", "score"), "value"),
    **dict.fromkeys(("eligible", "invited"), "eligible"),
    **dict.fromkeys(("service", "specialty"), "service"),
    **dict.fromkeys(("lower",), "low"),
    **dict.fromkeys(("higher", "upper"), "high"),
}
_MEASURE_WORDS = (
    ("phone", ("phone", "telephone")),
    ("appointment_time", ("appointment time",)),
    ("website", ("website",)),
    ("app", ("nhs app", "app")),
    ("reception", ("reception",)),
    ("preferred", ("preferred",)),
    ("listened", ("listen",)),
    ("care", ("care and concern",)),
    ("appointment", ("appointment", "booking")),
    ("contact", ("contact", "access")),
    ("overall", ("overall", "positive", "satisf", "recommend", "experience")),
)


# --- Guessing ---------------------------------------------------------------------------------


def figure_guess(column: Column, source: str) -> ColumnGuess:
    folded, read = column.folded, column.figures
    fractions = bool((read % 1 != 0).any())
    role = next((role for role, words in _ROLE_WORDS if words.search(folded)), "")
    meant = "" if role else _close_word(column.key)
    role = role or _MEANT.get(meant, "")
    counts = ("positive", "respondents", "eligible")
    if role in ("value", "low", "high", *counts) and column.filled and not column.numeric:
        role = ""
    if role in counts and fractions:
        role = "value" if role == "positive" else ""
    if role in ("name", "code", "parent", "measure", "service") and column.numeric:
        role = "period" if role == "name" and bool(read.between(1990, 2100).all()) else ""
    if role in ("name", "code") and column.filled:
        role = "code" if column.coded else "name" if role == "name" else ""
    if not role and column.coded and "id" not in folded.split():
        role = "code"
    if not role and column.numeric and fractions and float(read.max()) <= 100:
        role = "value"
    if role != "value":
        return column.guess(role, meant=meant if role else "")
    unit = cells.proportions(read, pd.Series([column.percent]))[1]
    if re.search(r"\bmean\b|\bscore\b", folded) and (not len(read) or float(read.max()) <= 10):
        unit = "score"
    return column.guess(
        "value",
        unit=unit,
        measure=_measure_in(folded, source),
        why="numbers between 0 and 100",
        meant=meant,
    )


def _measure_in(folded: str, source: str) -> str:
    """The measure of a source whose words stand in a heading; "" where none or several do."""
    known = {measure for owner, measure in maps.measures() if owner == source}
    named = [
        name
        for name, words in _MEASURE_WORDS
        if name in known and any(re.search(rf"\b{word}", folded) for word in words)
    ]
    special = [name for name in named if name not in ("overall", "contact")]
    if "appointment_time" in special:
        special = [name for name in special if name != "appointment"]
    if len(special) <= 1:
        return next(iter([*special, *named]), "")
    return ""


def answer_guess(column: Column, source: str) -> ColumnGuess:
    folded, fits = column.folded, column.scales
    own = {word for text in (column.heading, column.question) if (word := cells.key(text))}
    role, scale = "", ""
    if _PERSONAL.search(folded):
        role = ""
    elif any(own & heads for heads in _ANSWER_GROUPS.values()):
        role = next(group for group, heads in _ANSWER_GROUPS.items() if own & heads)
    elif fits and (not column.numeric or RATED.search(folded)):
        role, scale = "answer", fits[0] if len(fits) == 1 else ""
        if "yes" in fits or "no" in fits:
            role = ""  # yes to what?
    elif column.dated:
        role = "date"
    elif column.coded and not _PERSON_ID.search(column.key):
        role = "code"
    elif any(_PERSON_ID.search(word) for word in own):
        role = "response" if len(column.different) == column.filled else "author"
    elif column.worded and COMMENT.search(folded):
        role = "comment"
    elif column.worded and (_ROLE_OF["name"].search(folded) or _names_places(column)):
        role = "name"
    measure = _measure_in(folded, source) if role == "answer" else ""
    if role == "answer" and source == "fft_local":
        measure = "overall"
    return column.guess(role, measure=measure, scale=scale)


def _names_places(column: Column) -> bool:
    places = sum(bool(_PLACE_WORDS.search(cells.key(word))) for word in column.different)
    return places >= _MOST * len(column.different)


_PARENT_WORDS = re.compile(r"\b(icb|ics|parent|region|commissioner|pcn)\b")


def organisation_guess(column: Column, _: str) -> ColumnGuess:
    folded = column.folded

    def names(words: str) -> bool:
        return bool(re.search(words, folded))

    role = ""
    if column.coded and _FORMER.search(folded):
        role = "successor"
    elif column.coded and (_PARENT_WORDS.search(folded) or names(r"\bbelongs\b")):
        role = "parent"
    elif column.coded:
        role = "code"
    elif names(r"\bclosed?\b|\bclosing\b") and not column.worded:
        role = "closed"
    elif names(r"\bopen(ed)?\b|\bopening\b") and not column.worded:
        role = "opened"
    elif column.filled and not column.worded and names(r"\bdate\b|\bon\b"):
        role = "succeeded_on"
    elif names(r"\bpostcode\b"):
        role = "postcode"
    elif column.worded and _PARENT_WORDS.search(folded):
        role = "parent_name"
    elif column.worded and names(r"\bname\b|\bpractice\b|\btrust\b|\borganisation\b"):
        role = "name"
    return column.guess(role)


def _close_word(heading: str) -> str:
    """The known word that a word of a heading comes close to without being it, or “”."""
    for word in heading.split():
        close = get_close_matches(word, _MEANT, n=1, cutoff=ALIKE)
        if close and word != close[0]:
            return close[0]
    return ""
