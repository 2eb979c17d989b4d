"""What a room writes down, and what its people said in their own words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pxcore.analysis.masking import note_masked
from pxcore.analysis.workshop.workshops import LONGEST_NOTE, Answer, Meeting, now, short
from pxcore.errors import NothingToCompare
from pxcore.store import Store


class Kind(StrEnum):
    """What a note of the discussion is."""

    DISCUSSION = "discussion"
    INFERENCE = "inference"  # of a named person, from the figures and what people wrote
    COMMON = "common"  # what all roles agree on
    OVERRULE = "overrule"  # the room says otherwise than the figures, with its reason
    MINORITY = "minority"  # a view that not everybody shares


def add_note(
    store: Store,
    identifier: str,
    cell: int,
    kind: Kind,
    words: str,
    by: str,
    answer: Answer | None = None,
) -> None:
    """Keep a note, masked. Raises NothingToCompare without words, without a name where one is needed, or,
    to overrule, without the room's own answer."""
    words, by = words.strip()[:LONGEST_NOTE], short(by)
    if not words:
        raise NothingToCompare(
            "Nothing was kept: the note is empty.", fix="Write it, then keep it."
        )
    if kind is Kind.INFERENCE and not by:
        raise NothingToCompare("An inference is somebody's: say whose.", fix="Fill in the name.")
    if kind is Kind.OVERRULE and answer is None:
        raise NothingToCompare(
            "To overrule the figures, say what the room says instead.", fix="Choose an answer."
        )
    store.add(
        (
            "workshop_note",
            {
                "workshop": identifier,
                "cell": cell,
                "kind": kind.value,
                "answer": answer.value if answer is not None else "",
                "words": note_masked(store, words),
                "written_by": by,
                "written_at": now(),
            },
        )
    )


@dataclass(frozen=True, slots=True)
class Words:
    """Somebody's own words, masked, and whether they may leave."""

    number: int
    cell: int
    kind: Kind | None  # None of the reason of an answer, which is nobody's by name
    words: str
    by: str
    answer: Answer | None
    round: int | None
    leaves: bool | None  # None: nobody has looked at it yet


def own_words(store: Store, now_open: Meeting) -> tuple[Words, ...]:
    """Every note and every reason that counts, in their order."""
    identifier = now_open.workshop.workshop
    outcomes = {
        row["reviewed"]: row["outcome"] == "leaves"
        for row in store.events("workshop_reviews", workshop=identifier)
    }
    notes = [
        Words(
            number=row["number"],
            cell=row["cell"],
            kind=Kind(row["kind"]),
            words=row["words"],
            by=row["written_by"],
            answer=Answer(row["answer"]) if row["answer"] else None,
            round=None,
            leaves=outcomes.get(row["number"]),
        )
        for row in store.events("workshop_notes", workshop=identifier)
    ]
    reasons = [
        Words(
            number=row["number"],
            cell=cell.cell,
            kind=None,
            words=row["reason"],
            by="",
            answer=Answer(row["answer"]) if row["answer"] else None,
            round=round_,
            leaves=outcomes.get(row["number"]),
        )
        for cell in now_open.workshop.cells
        for round_ in (1, 2)
        for row in now_open.latest(cell.cell, round_).values()
        if row["reason"]
    ]
    return tuple(sorted([*notes, *reasons], key=_by_number))


def _by_number(words: Words) -> int:
    return words.number


def review(store: Store, number: int, *, leaves: bool, by: str) -> None:
    """Keep whether somebody's words may leave, and who decided it."""
    store.add(
        (
            "workshop_review",
            {
                "reviewed": number,
                "outcome": "leaves" if leaves else "stays",
                "reviewed_by": short(by),
                "reviewed_at": now(),
            },
        )
    )
