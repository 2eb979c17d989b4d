"""Why two sources cannot be compared, or no organisation judged on them: the cause, and its facts.

Each kind of refusal is a class with what it is about, so that whatever offers a way out of it need not
read a sentence; `words.refusals` says it. Kinds that take more than two sources and their periods to
know stand where they are found out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pxcore.model import Grain, Period


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


class Refusal:
    """One reason there is no answer, as an answer is: what stands in the way, and what it is about."""

    __slots__ = ()
    cause: Cause


@dataclass(frozen=True, slots=True)
class SameSource(Refusal):
    """One source stands on both sides."""

    source: str
    cause: Cause = Cause.SAME_SOURCE


@dataclass(frozen=True, slots=True)
class NoFigures(Refusal):
    """A source has no dated figures of its measure at the level it reports."""

    source: str
    measure: str
    grain: Grain
    cause: Cause = Cause.NO_FIGURES


@dataclass(frozen=True, slots=True)
class NotByQuarter(Refusal):
    """A source of single responses is asked about part of a quarter."""

    source: str
    cause: Cause = Cause.WINDOW


@dataclass(frozen=True, slots=True)
class NothingInside(Refusal):
    """A source has nothing in the window asked for."""

    source: str
    window: Period
    covered: tuple[Period, ...]  # every period it speaks of, oldest first
    cause: Cause = Cause.WINDOW


@dataclass(frozen=True, slots=True)
class Apart(Refusal):
    """The periods of the two do not meet."""

    left: str
    right: str
    left_covered: tuple[Period, ...]
    right_covered: tuple[Period, ...]
    months: int  # between the latest of both
    cause: Cause = Cause.APART


@dataclass(frozen=True, slots=True)
class AcrossBreak(Refusal):
    """A source's period lies across a change, and cannot be cut at it."""

    source: str
    change: str  # as the map of breaks names it
    cause: Cause = Cause.BREAK


@dataclass(frozen=True, slots=True)
class OtherDomains(Refusal):
    """The two are not about the same thing."""

    left: str
    right: str
    domains: tuple[str, str]  # of both
    measures: tuple[str, str]  # to be named to compare them all the same; "" where none need be
    cause: Cause = Cause.DOMAINS
