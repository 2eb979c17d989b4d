"""The Friends and Family Test as data: its scales, their answers, and what its columns are called.

data/reference/fft_answers.csv has a block a scale, fft_headings.csv the headings and the names of the
test: a reformed or renamed test loads by rows there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from pxcore import maps
from pxcore.errors import PxError
from pxcore.frames import ANSWERS
from pxcore.ingest import cells
from pxcore.ingest.likert import Likert

GOOD, UNRATED = "good", "unrated"
COUNTS = (GOOD, "neither", "poor", UNRATED)
_FILE = "data/reference/fft_answers.csv"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a scale: the column its number is kept in, its words and what it counts as."""

    kept: str  # one of model.ANSWERS
    words: tuple[str, ...]  # the first as it is headed
    counts: str  # one of COUNTS

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(map(cells.key, self.words))


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale, its answers from best to worst."""

    name: str
    title: str
    answers: tuple[Answer, ...]

    @property
    def good(self) -> tuple[str, ...]:
        """The columns of the answers that count as good."""
        return tuple(answer.kept for answer in self.answers if answer.counts == GOOD)

    @property
    def rated(self) -> tuple[Answer, ...]:
        return tuple(answer for answer in self.answers if answer.counts != UNRATED)

    def meanings(self) -> dict[str, Likert]:
        """What each folded word counts as. Every answer is in the denominator, as the publisher has it."""
        most = float(len(self.rated))
        places = {answer.kept: most - place for place, answer in enumerate(self.rated)}
        return {
            key: Likert(float(answer.counts == GOOD), places.get(answer.kept, np.nan), 1.0, most)
            for answer in self.answers
            for key in answer.keys
        }


@cache
def scales() -> Mapping[str, Scale]:
    """The scales by name. Raises PxError for a row of the file that says nothing that is known."""
    titles: dict[str, str] = {}
    answers: dict[str, list[Answer]] = {}
    for row in maps.rows("fft_answers"):
        words = (row["heading"], *(word for word in row["also"].split("|") if word))
        answer = Answer(row["answer"], words, row["counts"])
        of_scale = answers.setdefault(row["scale"], [])
        titles.setdefault(row["scale"], row["title"])
        known = {key for earlier in of_scale for key in earlier.keys}
        if (
            answer.kept not in ANSWERS
            or answer.counts not in COUNTS
            or not row["heading"]
            or answer.kept in {earlier.kept for earlier in of_scale}
            or known & set(answer.keys)
        ):
            raise PxError(
                f"The answer ‘{row['heading']}’ of the scale ‘{row['scale']}’ cannot be read.",
                _FILE,
                f"An answer is kept in one of {', '.join(ANSWERS)}, each once a scale; counts as one "
                f"of {', '.join(COUNTS)}; and no word stands for two answers of a scale.",
            )
        of_scale.append(answer)
    return {name: Scale(name, titles[name], tuple(of_scale)) for name, of_scale in answers.items()}


@cache
def every_word() -> frozenset[str]:
    """Every folded word for an answer, of any scale."""
    return frozenset(key for scale in scales().values() for key in scale.meanings())


@dataclass(frozen=True, slots=True)
class Reading:
    """What the different answers of one column count as, and the scales they are on."""

    meanings: Mapping[str, Likert]
    used: tuple[Scale, ...]  # first the one that holds most of the answers
    unclear: tuple[Scale, ...]  # several that hold as many and disagree; else empty


def meanings_of(words: Iterable[str]) -> Reading:
    """The scale whose words the folded answers of a column are; answers of others by theirs.

    Where several hold as many of the answers and one of these would count differently, none is taken.
    """
    given = set(words) & every_word()
    by_scale = {name: scale.meanings() for name, scale in scales().items()}
    ranked = sorted(by_scale, key=lambda name: -len(given & by_scale[name].keys()))
    most = len(given & by_scale[ranked[0]].keys())
    leading = [name for name in ranked if len(given & by_scale[name].keys()) == most]
    shared = [by_scale[name] for name in leading]
    unclear = [
        word for word in given if len({_told(known[word]) for known in shared if word in known}) > 1
    ]
    if unclear:
        return Reading({}, (), tuple(scales()[name] for name in leading))
    meanings: dict[str, Likert] = {}
    used = []
    for name in ranked:
        new = (given & by_scale[name].keys()) - meanings.keys()
        if new:
            used.append(scales()[name])
            meanings |= {word: by_scale[name][word] for word in new}
    return Reading(meanings, tuple(used), ())


def _told(likert: Likert) -> tuple[float, ...]:
    """What an answer counts as, so that two can be compared (a place that is none is none)."""
    place = likert.score
    return (
        (likert.positive, -1.0) if np.isnan(place) else (likert.positive, place, likert.scale_high)
    )


# --- What things are called ----------------------------------------------------------------------


@cache
def headings_of(kind: str) -> Mapping[str, tuple[str, ...]]:
    """The headings of a kind (organisation, figure, mode, group, response) by our own names."""
    return {
        row["name"]: tuple(row["words"].split("|"))
        for row in maps.rows("fft_headings")
        if row["of"] == kind
    }


@cache
def patterns_of(kind: str) -> Mapping[str, re.Pattern[str]]:
    """What finds the words of a kind (name, setting) in a folded text, in their order."""
    return {
        name: re.compile(rf"\b(?:{'|'.join(re.escape(cells.key(word)) for word in words)})\b")
        for name, words in headings_of(kind).items()
    }
