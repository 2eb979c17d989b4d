"""Workshops as they are kept: made, joined, answered, steered. Everything is a row added, on disk when it is
acknowledged; nothing is altered."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from pxcore.analysis.masking import note_masked
from pxcore.analysis.workshop.agenda import Purpose
from pxcore.analysis.workshop.course import (
    FORECAST_ROUND,
    Agenda,
    Course,
    Place,
    Stage,
    course,
    opening,
)
from pxcore.analysis.workshop.frozen import FrozenCell, as_json, from_json, key_of
from pxcore.errors import NothingToCompare
from pxcore.model import Disclosure
from pxcore.store import Store

ROOM_CODE, REMOTE_CODE = 6, 16  # letters of a code typed in, and of a link clicked on
ROOM_HOURS, REMOTE_HOURS = 8, 14 * 24
LONGEST_REASON, LONGEST_NOTE, LONGEST_NAME = 300, 2_000, 120
MOST_CELLS, MOST_PEOPLE = 12, 300
MOST_READ = 64  # workshops


class Answer(StrEnum):
    """What somebody says of two sources on one organisation."""

    AGREE = "agree"
    PARTLY = "partly"
    DIFFER = "differ"
    SILENT = "silent"  # a source is
    CANNOT_TELL = "cannot_tell"


ON_THE_SCALE = (Answer.AGREE, Answer.PARTLY, Answer.DIFFER)  # those that have an order


class Role(StrEnum):
    """As what somebody takes part."""

    DOCTOR = "doctor"
    NURSE = "nurse"
    ALLIED = "allied"
    MANAGER = "manager"
    ANALYST = "analyst"
    PATIENT = "patient"
    COMMUNITY = "community"
    SOMEONE_ELSE = "someone_else"


class Sent(StrEnum):
    """What became of something a phone sent."""

    KEPT = "kept"  # on disk
    CLOSED = "closed"  # the round is over: what was sent before stands
    REMOVED = "removed"
    NOT_JOINED = "not_joined"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class AgendaCell:
    """One question of the agenda."""

    cell: int
    purpose: Purpose
    name: str  # of the organisation; "" of the practice question
    facts: FrozenCell | None  # None of the practice question
    facts_key: str


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a workshop is about; none of it ever changes."""

    workshop: str
    title: str
    made_at: datetime
    made_by: str
    revision: int
    data_key: str
    frozen_view: str  # JSON: the filters and settings in force, see frozen.view_as_json
    frozen_key: str
    floor: int
    cells: tuple[AgendaCell, ...]  # the practice question first

    @property
    def disclosure(self) -> Disclosure:
        return Disclosure(self.floor)


@dataclass(frozen=True, slots=True)
class Participant:
    participant: str
    role: Role
    remote: bool
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Meeting:
    """A workshop as it stands now."""

    workshop: Workshop
    agenda: Agenda
    course: Course
    joined: tuple[Participant, ...]  # in the order in which they came, those removed too
    answers: tuple[Mapping[str, Any], ...]  # every row, in its order
    hands: tuple[Mapping[str, Any], ...]

    @property
    def cell(self) -> AgendaCell:
        return self.workshop.cells[self.course.place.cell]

    @property
    def present(self) -> tuple[Participant, ...]:
        return tuple(
            person for person in self.joined if person.participant not in self.course.removed
        )

    def latest(self, cell: int, round_: int) -> dict[str, Mapping[str, Any]]:
        """Participant -> their answer that counts."""
        removed = self.course.removed
        return {
            row["participant"]: row
            for row in self.answers
            if (row["cell"], row["round"]) == (cell, round_)
            and self.course.counts(cell, round_, row["number"])
            and row["participant"] not in removed
        }

    def shown_hands(self, cell: int, round_: int) -> dict[tuple[Role, Answer], int]:
        """Role and answer -> hands counted."""
        return {
            (Role(row["role"]), Answer(row["answer"])): int(row["people"])
            for row in self.hands
            if (row["cell"], row["round"]) == (cell, round_)
            and self.course.counts(cell, round_, row["number"])
        }


# --- Made and found ---


def make(
    store: Store,
    title: str,
    by: str,
    cells: Sequence[FrozenCell],
    *,
    revision: int,
    data_key: str,
    view: str,
    disclosure: Disclosure,
    on: datetime | None = None,
) -> str:
    """Keep a workshop on what was frozen; its identifier. It is made now unless `on` says when.

    Raises NothingToCompare without a title, a name or a question."""
    title, by = short(title), short(by)
    if not title or not by:
        raise NothingToCompare("A workshop needs a title and who leads it.", fix="Fill in both.")
    if not 1 <= len(cells) <= MOST_CELLS:
        raise NothingToCompare(
            f"A workshop has one to {MOST_CELLS} questions, and {len(cells)} are chosen.",
            fix="Three to five fill an hour.",
        )
    workshop, texts = secrets.token_hex(8), [as_json(cell) for cell in cells]
    practice = {
        "workshop": workshop, "cell": 0, "purpose": Purpose.PRACTICE.value, "unit": "", "name": "",
        "grain": "", "left_source": "", "left_measure": "", "right_source": "", "right_measure": "",
        "domain": "", "facts": "", "facts_key": "",
    }  # fmt: skip
    store.add(
        (
            "workshop",
            {
                "workshop": workshop,
                "title": title,
                "made_at": on or now(),
                "made_by": by,
                "revision": revision,
                "data_key": data_key,
                "frozen_view": view,
                "frozen_key": key_of(data_key, view, *texts),
                "floor": disclosure.floor,
            },
        ),
        ("workshop_cell", practice),
        *(
            (
                "workshop_cell",
                {
                    "workshop": workshop,
                    "cell": place,
                    "purpose": cell.purpose,
                    "unit": cell.unit,
                    "name": cell.name,
                    "grain": cell.grain,
                    "left_source": cell.left.side.source,
                    "left_measure": cell.left.side.measure,
                    "right_source": cell.right.side.source,
                    "right_measure": cell.right.side.measure,
                    "domain": cell.domain,
                    "facts": text,
                    "facts_key": key_of(text),
                },
            )
            for place, (cell, text) in enumerate(zip(cells, texts, strict=True), 1)
        ),
    )
    return workshop


def listed(store: Store) -> list[Mapping[str, Any]]:
    """Every workshop, the latest first."""
    return [dict(row) for row in store.events("workshops")]


_made: dict[tuple[str, str], Workshop] = {}  # read once a process: none of it ever changes


def workshop(store: Store, identifier: str) -> Workshop:
    """What a workshop is about. Raises NothingToCompare where there is none, or not what was frozen."""
    key = (store.id, identifier)
    if key not in _made:
        if len(_made) >= MOST_READ:
            _made.pop(next(iter(_made)))
        _made[key] = _read(store, identifier)
    return _made[key]


def _read(store: Store, identifier: str) -> Workshop:
    rows = [row for row in store.events("workshops") if row["workshop"] == identifier]
    if not rows:
        raise NothingToCompare("There is no such workshop in these data.")
    row, cells = rows[0], store.events("workshop_cells", workshop=identifier)
    frozen = [cell["facts"] for cell in cells if cell["facts"]]
    if key_of(row["data_key"], row["frozen_view"], *frozen) != row["frozen_key"]:
        raise NothingToCompare(
            "What this workshop looks at is not what was frozen when it was made.",
            fix="Somebody changed the database by other means. Make the workshop anew.",
        )
    return Workshop(
        workshop=identifier,
        title=row["title"],
        made_at=row["made_at"],
        made_by=row["made_by"],
        revision=row["revision"],
        data_key=row["data_key"],
        frozen_view=row["frozen_view"],
        frozen_key=row["frozen_key"],
        floor=row["floor"],
        cells=tuple(
            AgendaCell(
                cell=cell["cell"],
                purpose=Purpose(cell["purpose"]),
                name=cell["name"],
                facts=from_json(cell["facts"]) if cell["facts"] else None,
                facts_key=cell["facts_key"],
            )
            for cell in cells
        ),
    )


def meeting(store: Store, identifier: str, participant: str = "") -> Meeting:
    """A workshop as it stands now, with the answers of everybody, or of one participant alone. Raises
    NothingToCompare where there is none."""
    with store.happening():
        made = workshop(store, identifier)
        steps = store.events("workshop_steps", workshop=identifier)
        joined = store.events("workshop_participants", workshop=identifier)
        answers = store.events("workshop_answers", workshop=identifier, participant=participant)
        hands = store.events("workshop_hands", workshop=identifier)
        forecast = {
            row["cell"]: row["figure_source"] != "" and row["stands"]
            for row in store.events("decisions", workshop=identifier)
        }
    return Meeting(
        workshop=made,
        agenda=Agenda(
            cells=len(made.cells) - 1,
            with_comments=frozenset(
                cell.cell for cell in made.cells if cell.facts and cell.facts.comments
            ),
            with_forecast=frozenset(cell for cell, moves in forecast.items() if moves),
        ),
        course=course(steps),
        joined=tuple(
            Participant(row["participant"], Role(row["role"]), row["remote"], row["joined_at"])
            for row in joined
        ),
        answers=tuple(answers),
        hands=tuple(hands),
    )


# --- Phones ---


def participant_of(identifier: str, secret: str) -> str:
    """Who holds a secret, in one workshop: the secret itself is kept nowhere, and two workshops are not to
    be joined by it."""
    return hashlib.sha256(f"{identifier}\0{secret}".encode()).hexdigest()[:32]


def join(store: Store, identifier: str, participant: str, role: Role, *, remote: bool) -> bool:
    """Take part, or in another role; joining twice is joining once. False where the room is full."""
    with store.happening():
        rows = store.events("workshop_participants", workshop=identifier)
        before = [row["role"] for row in rows if row["participant"] == participant]
        if not before and len(rows) >= MOST_PEOPLE:
            return False
        if before != [role.value]:
            store.add(
                (
                    "workshop_participant",
                    {
                        "workshop": identifier,
                        "participant": participant,
                        "role": role.value,
                        "remote": remote,
                        "joined_at": now(),
                    },
                )
            )
    return True


def send(
    store: Store,
    identifier: str,
    participant: str,
    request: str,
    place: Place,
    *,
    answer: Answer | None = None,
    chance: float | None = None,
    reason: str = "",
) -> Sent:
    """Keep what somebody answers in a round, masked; it is on disk when KEPT is returned.

    The same request again is the same answer, whatever came between: it is not taken for a change of mind.
    """
    round_ = place.round
    is_forecast = round_ == FORECAST_ROUND
    if round_ is None or not request or (chance if is_forecast else answer) is None:
        return Sent.NO_ANSWER
    if chance is not None and not 0 <= chance <= 1:
        return Sent.NO_ANSWER
    masked = note_masked(store, reason.strip()[:LONGEST_REASON]) if reason.strip() else ""
    with store.happening():
        own = store.events("workshop_answers", workshop=identifier, participant=participant)
        if any(row["request"] == request for row in own):
            return Sent.KEPT
        joined = store.events("workshop_participants", workshop=identifier)
        if participant not in {row["participant"] for row in joined}:
            return Sent.NOT_JOINED
        stands = course(store.events("workshop_steps", workshop=identifier))
        if participant in stands.removed:
            return Sent.REMOVED
        if stands.ended or stands.place != place:
            return Sent.CLOSED
        store.add(
            (
                "workshop_answer",
                {
                    "workshop": identifier,
                    "cell": place.cell,
                    "round": round_,
                    "participant": participant,
                    "request": request[:64],
                    "answer": "" if is_forecast or answer is None else answer.value,
                    "chance": chance if is_forecast else None,
                    "reason": masked,
                    "answered_at": now(),
                },
            )
        )
    return Sent.KEPT


# --- The facilitator ---


def go(store: Store, identifier: str, place: Place) -> None:
    """Show a stage of a question."""
    _step(store, identifier, "stage", cell=place.cell, stage=place.stage.value)


def reset(store: Store, identifier: str, cell: int, round_: int) -> None:
    """Begin a round anew: what was answered stays on disk, and counts no more. Phones open."""
    _step(store, identifier, "reset", cell=cell, round=round_)
    go(store, identifier, Place(cell, opening(round_)))


def start_timer(store: Store, identifier: str, minutes: float) -> None:
    """So many minutes from now; 0 takes the timer away."""
    ends_at = now() + timedelta(minutes=minutes) if minutes else None
    _step(store, identifier, "timer", ends_at=ends_at)


def remove(store: Store, identifier: str, participant: str) -> None:
    """Count a participant's answers no more, and take none of theirs; they can be readmitted."""
    _step(store, identifier, "remove", participant=participant)


def readmit(store: Store, identifier: str, participant: str) -> None:
    _step(store, identifier, "readmit", participant=participant)


def end(store: Store, identifier: str) -> None:
    _step(store, identifier, "end")


def undo(store: Store, identifier: str) -> bool:
    """Take back the last thing the facilitator did; whether there was any."""
    with store.happening():
        last = course(store.events("workshop_steps", workshop=identifier)).undoable
        if last is None:
            return False
        _step(store, identifier, "undo", undoes=last)
    return True


def _step(store: Store, identifier: str, step: str, **details: Any) -> None:
    row: dict[str, Any] = {
        "workshop": identifier, "step": step, "cell": None, "stage": "", "round": None,
        "participant": "", "ends_at": None, "undoes": None, "done_at": now(),
    }  # fmt: skip
    store.add(("workshop_step", row | details))


def count_hands(
    store: Store, identifier: str, place: Place, role: Role, people: Mapping[Answer, int]
) -> None:
    """Keep how many hands of a role went up for each answer, in place of what was counted before."""
    round_ = place.round if place.round is not None else _round_closed(place.stage)
    if round_ is None or round_ == FORECAST_ROUND:
        raise NothingToCompare(
            "Hands are counted in a round.", fix="Open the round, or close it, and count then."
        )
    store.add(
        *(
            (
                "workshop_hands",
                {
                    "workshop": identifier,
                    "cell": place.cell,
                    "round": round_,
                    "role": role.value,
                    "answer": answer.value,
                    "people": int(count),
                    "entered_at": now(),
                },
            )
            for answer, count in people.items()
        )
    )


def _round_closed(stage: Stage) -> int | None:
    return {Stage.CLOSED_ONE: 1, Stage.CLOSED_TWO: 2}.get(stage)


def short(text: str) -> str:
    return " ".join(text.split())[:LONGEST_NAME]


def now() -> datetime:
    """UTC, as all that is kept."""
    return datetime.now(UTC).replace(tzinfo=None)
