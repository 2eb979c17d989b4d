"""The invented decisions of the demonstration end as its story says."""

from __future__ import annotations

from datetime import date

from pxcore.analysis.workshop import workshops
from pxcore.analysis.workshop.decisions import Move, decisions_report
from pxcore.analysis.workshop.example import BEFORE, CASES, example
from pxcore.store import Store


def test_one_worked_and_after_the_other_nothing_moved(demonstration: Store) -> None:
    kept = Store.open()
    decisions = example(demonstration, kept)
    report = decisions_report(demonstration, kept, date(2026, 11, 30))
    moves = {record.decision.unit: record.move for record in report.records}
    assert moves == {"P-0073": Move.AS_EXPECTED, "P-0120": Move.DID_NOT_MOVE}
    assert {decision.unit for decision in decisions} == {case.unit for case in CASES}


def test_the_room_knew_only_what_there_was_when_it_met(demonstration: Store) -> None:
    kept = Store.open()
    for decision in example(demonstration, kept):
        assert decision.draft.expected is not None
        end = decision.draft.expected.figure.end
        assert end is not None
        assert end <= BEFORE.end < decision.recorded_at.date()
        made = workshops.workshop(kept, decision.workshop)
        assert decision.cell is not None
        facts = made.cells[decision.cell].facts
        assert facts is not None
        assert facts.comments == ()
        assert all(
            side.side.period and side.side.period.end < date(2025, 5, 1) for side in facts.sources
        )
