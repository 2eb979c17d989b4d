"""What a workshop leaves behind: of each question the figures as they were frozen, what the room said, own
words that somebody has let go, what is decided and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pxcore.analysis.rows import each
from pxcore.analysis.workshop import notes, record, workshops
from pxcore.analysis.workshop.frozen import FrozenCell, data_key
from pxcore.analysis.workshop.notes import Words
from pxcore.analysis.workshop.record import Decision, Review
from pxcore.analysis.workshop.room import RoundReport, roles_present, round_report
from pxcore.analysis.workshop.workshops import AgendaCell, Role, Workshop
from pxcore.store import Store


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """A decision as its latest version has it, every version, and what reviews found."""

    decision: Decision
    versions: tuple[Decision, ...]
    reviews: tuple[Review, ...]


@dataclass(frozen=True, slots=True)
class CellMinutes:
    """One question of the record."""

    cell: AgendaCell
    facts: FrozenCell
    rounds: tuple[RoundReport, ...]  # those in which anybody answered
    words: tuple[Words, ...]  # that may leave
    decisions: tuple[KeptDecision, ...]


@dataclass(frozen=True, slots=True)
class Minutes:
    """The record of a workshop.

    Attributes
    ----------
    people : who take part.
    present : how many of each role; small roles are pooled.
    waiting : texts that nobody has looked at yet, and that are therefore not in it.
    extracts : files of its sources that count among the data frozen; today's, where they are the same data.
    same_data : whether today's data are those frozen.
    """

    workshop: Workshop
    people: int
    present: tuple[tuple[tuple[Role, ...], int], ...]
    cells: tuple[CellMinutes, ...]
    waiting: int
    extracts: tuple[int, ...]
    same_data: bool

    @property
    def decisions(self) -> tuple[KeptDecision, ...]:
        return tuple(kept for cell in self.cells for kept in cell.decisions)

    @property
    def standing(self) -> tuple[KeptDecision, ...]:
        return tuple(kept for kept in self.decisions if kept.decision.stands)

    @property
    def versions(self) -> tuple[Decision, ...]:
        return tuple(version for kept in self.decisions for version in kept.versions)


def minutes(room: Store, data: Store, identifier: str) -> Minutes:
    """The record of a workshop. Raises NothingToCompare where there is none.

    Parameters
    ----------
    room : where the workshop is kept.
    data : what it was frozen of; of own data the same store.
    """
    now_open = workshops.meeting(room, identifier)
    listed = notes.own_words(room, now_open)
    versions, reviews = record.versions(room, identifier), record.reviews(room)
    cells = []
    for cell in now_open.workshop.cells:
        if cell.facts is None:
            continue
        rounds = [round_report(now_open, cell.cell, number) for number in (1, 2)]
        cells.append(
            CellMinutes(
                cell=cell,
                facts=cell.facts,
                rounds=tuple(report for report in rounds if report.tally.people),
                words=tuple(text for text in listed if text.cell == cell.cell and text.leaves),
                decisions=_kept(versions, reviews, cell.cell),
            )
        )
    same_data = data_key(data) == now_open.workshop.data_key
    return Minutes(
        workshop=now_open.workshop,
        people=len(now_open.present),
        present=roles_present(now_open),
        cells=tuple(cells),
        waiting=sum(text.leaves is None for text in listed),
        extracts=_extracts(data, now_open.workshop, same_data),
        same_data=same_data,
    )


def _kept(
    versions: Sequence[Decision], reviews: Sequence[Review], cell: int
) -> tuple[KeptDecision, ...]:
    by_decision: dict[str, list[Decision]] = {}
    for version in versions:
        if version.cell == cell:
            by_decision.setdefault(version.decision, []).append(version)
    return tuple(
        KeptDecision(
            own[-1], tuple(own), tuple(review for review in reviews if review.decision == decision)
        )
        for decision, own in by_decision.items()
    )


def _extracts(data: Store, made: Workshop, same_data: bool) -> tuple[int, ...]:
    """Files with figures of a source that was frozen, from the time it was taken of: those that count, or,
    where the data have changed since, those that had been loaded by then."""
    sides = {
        (source.side.source, source.side.period)
        for cell in made.cells
        if cell.facts
        for source in (*cell.facts.sources, *cell.facts.beside)
    }
    rows = data.query("extracts")
    counted = rows["status"] == "loaded" if same_data else rows["loaded_at"] <= made.made_at
    return tuple(
        sorted(
            {
                int(row.extract)
                for row in each(rows[counted & (rows["fact_rows"] > 0)])
                for source, period in sides
                if source in row.sources.split(", ")
                and (
                    period is None
                    or (
                        row.period_start.date() <= period.end
                        and period.start <= row.period_end.date()
                    )
                )
            }
        )
    )
