"""The scales people answer on, by name: what each answer counts as. A person confirms which one it is.

The same word may stand on several scales (“poor”), so that no column is read by words alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from pxcore.ingest import cells
from pxcore.ingest.fft_scales import scales
from pxcore.ingest.likert import Likert, scale
from pxcore.ingest.local_rows import NOT_ANSWERED

_NUMBERED = re.compile(r"(\d{1,2}(?:\.0+)?)(?: ?(?:/|out of) ?(\d+))?(?: ?stars?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale: its title and what a word on it counts as (None: not on it)."""

    title: str
    low: float
    high: float
    meaning: Callable[[str], Likert | None]


def _of_words(title: str, words: Mapping[str, Likert], *more: Mapping[str, Likert]) -> Scale:
    known = {**words}
    for extra in more:
        known.update(extra)
    scored = [likert.score for likert in words.values()]
    return Scale(title, 1.0, np.nanmax(scored), lambda word: known.get(cells.key(word)))


def _fft(name: str) -> Scale:
    """A Friends and Family scale: don't know counts among all answers, as the publisher has it."""
    of_test = scales()[name]
    return _of_words(of_test.title, of_test.meanings())


def _turned(words: tuple[str, ...]) -> dict[str, Likert]:
    return scale(tuple(reversed(words)), 2)


def _numbered(low: int, high: int, positive: int) -> Callable[[str], Likert | None]:
    """Numbers from `low` to `high`, those from `positive` on positive; also stars as signs."""

    def meaning(word: str) -> Likert | None:
        if word and set(word) <= {"★", "☆"}:
            number: float = word.count("★")
        else:
            match = _NUMBERED.fullmatch(word.strip())
            if match is None or (match.group(2) and int(match.group(2)) != high):
                return None
            number = float(match.group(1))
        if not low <= number <= high:
            return None
        return Likert(float(number >= positive), float(number), float(low), float(high))

    return meaning


def _criticality(word: str) -> Likert | None:
    known = _CRITICAL.get(cells.key(word))
    number = _numbered(0, 5, 6)(word) if known is None else None
    if number is not None:
        return Likert(np.nan, number.score, 0.0, 5.0)
    return known


_CRITICAL = {
    word: Likert(np.nan, float(place), 0.0, 5.0)
    for place, word in enumerate(
        (
            "not critical",
            "minimally critical",
            "mildly critical",
            "moderately critical",
            "strongly critical",
            "severely critical",
        )
    )
}
_AGREE = (
    "strongly agree",
    "agree",
    "neither agree nor disagree",
    "disagree",
    "strongly disagree",
)
_SENTIMENT = {
    "positive": Likert(1.0, 3.0, 1.0, 3.0),
    "neutral": Likert(0.0, 2.0, 1.0, 3.0),
    "mixed": Likert(0.0, 2.0, 1.0, 3.0),
    "negative": Likert(0.0, 1.0, 1.0, 3.0),
}


def _survey(title: str, *words: str) -> Scale:
    return _of_words(title, scale(words, 2), NOT_ANSWERED)


SCALES: Mapping[str, Scale] = {
    **{name: _fft(name) for name in scales()},
    "fairly_good": _survey(
        "Very good, fairly good … very poor",
        "very good", "fairly good", "neither good nor poor", "fairly poor", "very poor",
    ),
    "fairly_easy": _survey(
        "Very easy, fairly easy, not very easy …",
        "very easy", "fairly easy", "not very easy", "not at all easy",
    ),
    "easy": _survey(
        "Very easy, easy, not easy …", "very easy", "easy", "not easy", "not at all easy"
    ),
    "easy_difficult": _survey(
        "Very easy, fairly easy, fairly difficult …",
        "very easy", "fairly easy", "fairly difficult", "very difficult",
    ),
    "fairly_satisfied": _survey(
        "Very satisfied, fairly satisfied …",
        "very satisfied", "fairly satisfied", "neither satisfied nor dissatisfied",
        "fairly dissatisfied", "very dissatisfied",
    ),
    "satisfied": _survey(
        "Very satisfied, satisfied …",
        "very satisfied", "satisfied", "neither satisfied nor dissatisfied",
        "dissatisfied", "very dissatisfied",
    ),
    "agree": _survey("Strongly agree … strongly disagree: to agree is good", *_AGREE),
    "disagree": _of_words(
        "Strongly agree … strongly disagree: to disagree is good", _turned(_AGREE), NOT_ANSWERED
    ),
    "helpful": _survey(
        "Very helpful, fairly helpful …",
        "very helpful", "fairly helpful", "not very helpful", "not at all helpful",
    ),
    "yes": _of_words("Yes or no: yes is good", scale(("yes", "no"), 1), NOT_ANSWERED),
    "no": _of_words("Yes or no: no is good", scale(("no", "yes"), 1), NOT_ANSWERED),
    "stars": Scale("1 to 5, or stars: 4 and 5 are positive", 1.0, 5.0, _numbered(1, 5, 4)),
    "sentiment": _of_words("Positive, neutral, mixed, negative", _SENTIMENT),
    "criticality": Scale("Criticality, 0 (not critical) to 5 (severely)", 0.0, 5.0, _criticality),
}  # fmt: skip


def fitting(words: Iterable[str]) -> tuple[str, ...]:
    """The scales that hold every one of the different words; none where no word is an answer."""
    different = {cells.key(word) or word: word for word in words if word}
    names = []
    for name, candidate in SCALES.items():
        meant = [candidate.meaning(word) for word in different.values()]
        if meant and all(meant) and any(not np.isnan(likert.score) for likert in meant if likert):
            names.append(name)
    return tuple(names)
