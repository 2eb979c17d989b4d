"""Why two sources cannot be compared, or no organisation judged on them: the cause, and its facts.

A cause is typed, so that what offers a way out of it need not read a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """What stands in the way."""

    SAME_SOURCE = "the same source on both sides"
    NO_FIGURES = "no dated figures at this level"
    APART = "the periods do not meet"
    WINDOW = "nothing inside the quarter or year asked for"
    BREAK = "a change of question in between"
    DOMAINS = "not about the same thing"
    SAME_PEOPLE = "the same people answered both"
    NO_BASE = "numbers of answers not published"
    SILENT = "a source that can support or contradict nobody"
    AREA = "too few in the area, enough elsewhere"
    NAMES = "names without a code"
    NOTHING_JOINS = "no organisation in both"
    FEW = "too few organisations"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason there is no answer, as an answer is: what stands in the way, and what it is about."""

    cause: Cause
    said: str  # the cause in a sentence
    fix: str = ""  # what can be done about it, for where nothing can be pressed
    months_apart: int = 0  # between the latest of both, where they do not meet
    measures: tuple[str, str] = ("", "")  # to be named, left and right, where they differ in domain
    domains: tuple[str, str] = ("", "")  # of both, in words
    source: str = ""  # the one that is in the way

    def __str__(self) -> str:
        return f"{self.said} {self.fix}".strip()
