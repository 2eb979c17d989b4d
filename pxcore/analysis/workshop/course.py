"""Where a workshop stands: the stages of each question, and what follows from what the facilitator did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Stage(StrEnum):
    """What stands on the screen of one question, in its order."""

    WELCOME = "welcome"  # of the practice question alone: people join
    QUESTION = "question"  # both figures are shown, nobody answers yet
    ROUND_ONE = "round_one"  # phones are open; each answers for themselves
    CLOSED_ONE = "closed_one"
    ROOM = "room"  # what the room said
    ANSWER = "answer"  # how likely the two agree, as worked out
    VOICES = "voices"  # what people wrote
    ROUND_TWO = "round_two"
    CLOSED_TWO = "closed_two"
    MOVEMENT = "movement"  # who changed their mind
    DECISION = "decision"  # it is written down
    FORECAST = "forecast"  # phones are open: how likely is it to come about?
    RECORDED = "recorded"


# A stage in which phones are open -> the round that answers are of; the stage after which it is seen.
ROUNDS: Mapping[Stage, int] = {Stage.ROUND_ONE: 1, Stage.ROUND_TWO: 2, Stage.FORECAST: 3}
FORECAST_ROUND = ROUNDS[Stage.FORECAST]
_CLOSED: Mapping[Stage, Stage] = {
    Stage.ROUND_ONE: Stage.CLOSED_ONE,
    Stage.ROUND_TWO: Stage.CLOSED_TWO,
    Stage.FORECAST: Stage.RECORDED,
}
_SEEN: Mapping[int, Stage] = {1: Stage.ROOM, 2: Stage.MOVEMENT, 3: Stage.RECORDED}
PRACTICE_STAGES = (
    Stage.WELCOME,
    Stage.QUESTION,
    Stage.ROUND_ONE,
    Stage.CLOSED_ONE,
    Stage.ROOM,
)
STAGES = tuple(stage for stage in Stage if stage is not Stage.WELCOME)


@dataclass(frozen=True, slots=True)
class Place:
    """A question of the agenda and its stage."""

    cell: int
    stage: Stage

    @property
    def round(self) -> int | None:
        """The round that is open; None where phones wait."""
        return ROUNDS.get(self.stage)


@dataclass(frozen=True, slots=True)
class Course:
    """What follows from the steps of a workshop."""

    place: Place
    ended: bool
    ends_at: datetime | None  # of the timer, UTC
    removed: frozenset[str]  # participants
    resets: Mapping[
        tuple[int, int], int
    ]  # question and round -> number of the step that began it anew
    seen: frozenset[tuple[int, int]]  # rounds of which the outcome has been on the screen since
    undoable: int | None  # the number of the last step that still stands
    number: int  # of the last step: what is on the screen is known by it

    def counts(self, cell: int, round_: int, number: int) -> bool:
        """Whether an answer with a number was given since its round last began."""
        return number > self.resets.get((cell, round_), 0)

    @property
    def open_round(self) -> int | None:
        return None if self.ended else self.place.round


def course(steps: Sequence[Mapping[str, Any]]) -> Course:
    """Where a workshop stands after its steps, in their order."""
    undone = {step["undoes"] for step in steps if step["step"] == "undo"}
    standing = [step for step in steps if step["step"] != "undo" and step["number"] not in undone]
    place, ended, ends_at = Place(0, Stage.WELCOME), False, None
    removed: set[str] = set()
    resets: dict[tuple[int, int], int] = {}
    for step in standing:
        match step["step"]:
            case "stage":
                place, ended, ends_at = Place(step["cell"], Stage(step["stage"])), False, None
            case "reset":
                resets[step["cell"], step["round"]] = step["number"]
            case "timer":
                ends_at = step["ends_at"]
            case "remove":
                removed.add(step["participant"])
            case "readmit":
                removed.discard(step["participant"])
            case "end":
                ended = True
    # what has been seen cannot be unseen: a step taken back counts as well
    seen = {
        (step["cell"], round_)
        for step in steps
        if step["step"] == "stage"
        for round_, stage in _SEEN.items()
        if _order(Stage(step["stage"])) >= _order(stage)
        and step["number"] > resets.get((step["cell"], round_), 0)
    }
    return Course(
        place=place,
        ended=ended,
        ends_at=ends_at,
        removed=frozenset(removed),
        resets=resets,
        seen=frozenset(seen),
        undoable=standing[-1]["number"] if standing else None,
        number=steps[-1]["number"] if steps else 0,
    )


def _order(stage: Stage) -> int:
    return list(Stage).index(stage)


@dataclass(frozen=True, slots=True)
class Agenda:
    """How many questions there are after the practice question, and what can be shown of each."""

    cells: int
    with_comments: frozenset[int]
    with_forecast: frozenset[int]  # a figure is written down that is expected to move

    def stages(self, cell: int) -> tuple[Stage, ...]:
        if cell == 0:
            return PRACTICE_STAGES
        left_out = set()
        if cell not in self.with_comments:
            left_out.add(Stage.VOICES)
        if cell not in self.with_forecast:
            left_out |= {Stage.FORECAST, Stage.RECORDED}
        return tuple(stage for stage in STAGES if stage not in left_out)

    def places(self) -> list[Place]:
        return [Place(cell, stage) for cell in range(self.cells + 1) for stage in self.stages(cell)]


def forward(agenda: Agenda, now: Course) -> Place | None:
    """The place after this; None at the end. A round whose outcome has been seen is passed over."""
    return _next(agenda, now, 1)


def back(agenda: Agenda, now: Course) -> Place | None:
    """The place before this; None at the beginning. A closed round opens again, unless its outcome has been
    seen: then answers would no longer be anybody's own."""
    return _next(agenda, now, -1)


def _next(agenda: Agenda, now: Course, step: int) -> Place | None:
    places = agenda.places()
    at = places.index(now.place) if now.place in places else _nearest(places, now.place)
    at += step
    while 0 <= at < len(places):
        place = places[at]
        if place.round is None or (place.cell, place.round) not in now.seen:
            return place
        at += step
    return None


def _nearest(places: Sequence[Place], place: Place) -> int:
    """Of a stage that its question no longer has: the last before it."""
    before = [
        at
        for at, beside in enumerate(places)
        if (beside.cell, _order(beside.stage)) <= (place.cell, _order(place.stage))
    ]
    return before[-1]


def closed(stage: Stage) -> Stage:
    """The stage that follows when phones are closed."""
    return _CLOSED[stage]


def opening(round_: int) -> Stage:
    """The stage in which a round is open."""
    return next(stage for stage, number in ROUNDS.items() if number == round_)
