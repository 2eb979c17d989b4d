"""One number of a view: whom it counts, the number, or in what words it is not told."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from benchmarks.attacker.truth import Group

# a number that was moved; none, for it is under the floor or of nobody; that there is somebody; a number as
# it is; and that there is nobody
SHOWN, BLANK, LISTED, EXACT, NONE = "shown", "blank", "listed", "exact", "none"


@dataclass(frozen=True, slots=True)
class Part:
    """Some of those whom a figure counts, moved by themselves, and what they are shown as: between two
    numbers."""

    group: Group
    low: float = 0.0
    high: float = math.inf

    @property
    def told(self) -> bool:
        return self.high < math.inf


@dataclass(frozen=True, slots=True)
class Reading:
    """One number of a view, or what its blank says."""

    group: Group
    said: str  # SHOWN, BLANK, LISTED, EXACT or NONE
    count: float  # NaN where none is shown
    floor: int
    page: str
    route: str  # which table of the page
    parts: tuple[Part, ...] = ()  # that are moved one by one; what they are shown as adds up
    somebody: bool = False  # not of nobody
    by_people: Group | None = (
        None  # whose number decides whether it is shown, where it counts answers
    )
    heaviest: bool = False  # its noise hides all answers of the person with most of them
    figure: bool = True  # whether it counts among the figures a page could show
    most: bool = False  # the number is the largest of several: none of them is above it
    uncertain: bool = False  # who is counted is not certain: kept only where it is right
    alone: bool = False  # shown only where the readable, or the others, are enough by themselves


def number(of: Group, value: Any, floor: int, page: str, route: str, **more: Any) -> Reading:
    """One count of people, or of answers."""
    if value is None or pd.isna(value):
        return Reading(of, BLANK, math.nan, floor, page, route, (Part(of),), **more)
    count = float(value)
    return Reading(of, SHOWN, count, floor, page, route, (Part(of, count, count),), **more)


def answers(
    of: Group,
    ways: Sequence[Group],
    respondents: Any,
    positive: Any,
    floor: int,
    page: str,
    route: str,
    **more: Any,
) -> Reading:
    """Answers that are positive, half so and not, moved one by one.

    `ways` are those three; of a measure without the second what each is shown as follows from their sum
    and the positive ones. `of` and they are of people, and how many of those there are decides.
    """
    parts = [Part(way.answers()) for way in ways]
    more |= {"by_people": of, "heaviest": True}
    of = of.answers()
    if pd.isna(respondents):
        return Reading(of, BLANK, math.nan, floor, page, route, tuple(parts), **more)
    count = float(respondents)
    if len(parts) == 2 and pd.notna(positive):
        shown = (float(positive), count - float(positive))
        parts = [Part(part.group, one, one) for part, one in zip(parts, shown, strict=True)]
    return Reading(of, SHOWN, count, floor, page, route, tuple(parts), **more)
