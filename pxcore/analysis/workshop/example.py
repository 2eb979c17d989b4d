"""Two invented decisions of the demonstration, written down as if a room had met in May 2025.

One worked; the same elsewhere, and nothing moved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from pxcore.analysis.pairs.agreement import certainty
from pxcore.analysis.workshop import workshops
from pxcore.analysis.workshop.agenda import Purpose
from pxcore.analysis.workshop.frozen import data_key, freeze, view_as_json
from pxcore.analysis.workshop.record import (
    Confidence,
    Decision,
    Direction,
    Draft,
    Expected,
    figure_of,
    record,
)
from pxcore.model import USUAL_DISCLOSURE, Pairing, Period, Scope
from pxcore.store import Store

MET = datetime(2025, 5, 20, 14, tzinfo=UTC)
BEFORE = Period(date(2025, 1, 1), date(2025, 3, 31))
LEADER = "Invented facilitator"


@dataclass(frozen=True, slots=True)
class _Case:
    unit: str
    words: str
    hypothesis: str


CASES = (
    _Case(
        "P-0073",
        "People give up on the phone before anybody answers, and say so.",
        "Most poor answers come from those who could not get through.",
    ),
    _Case(
        "P-0120",
        "The same complaint about the phone, from fewer people.",
        "What works at one practice works at the other.",
    ),
)


def example(store: Store, kept: Store) -> tuple[Decision, ...]:
    """Keep a workshop on the demonstration with its two decisions.

    Parameters
    ----------
    store : the demonstration.
    kept : the database of its workshops.
    """
    pairing = Pairing("fft_gp", "gp_survey", window=BEFORE)
    report = certainty(store, pairing)
    cells = [
        # what people wrote since was not known to the room
        replace(
            freeze(store, report, case.unit, Purpose.PICKED.value, USUAL_DISCLOSURE),
            comments=(),
            readable=0,
        )
        for case in CASES
    ]
    workshop = workshops.make(
        kept,
        "Access by phone (invented)",
        LEADER,
        cells,
        revision=store.revision,
        data_key=data_key(store),
        view=view_as_json(Scope.of(pairing)),
        disclosure=USUAL_DISCLOSURE,
        on=MET,
    )
    workshops.end(kept, workshop)
    meeting = workshops.meeting(kept, workshop)
    return tuple(
        record(
            kept,
            meeting,
            place,
            Draft(
                words=case.words,
                action="A call-back line in place of the queue on the phone.",
                owner="Practice manager",
                hypothesis=case.hypothesis,
                alternatives="More staff at the phone: not to be had before the autumn.",
                due=date(2025, 6, 1),
                affected="People without the internet gain most: they cannot book otherwise.",
                risks="Those who cannot be called back at work.",
                confidence=Confidence.MODERATE,
                first_raised=date(2025, 3, 4),
                expected=Expected(figure_of(cell.left), Direction.UP, 0.10, date(2026, 3, 31)),
            ),
            LEADER,
            on=MET,
        )
        for place, (case, cell) in enumerate(zip(CASES, cells, strict=True), 1)
    )
