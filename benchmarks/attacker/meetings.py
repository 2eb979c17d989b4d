"""What a workshop freezes and takes along, and what becomes of its decisions: read as a room sees it.

Projector, phones and joint display show what is frozen and nothing else of the data; the record leaves as
files; Decisions and `px changes` show the figure that came afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from unittest import mock

import pandas as pd

from benchmarks.attacker import side_by_side
from benchmarks.attacker.leaving import as_number, left_by
from benchmarks.attacker.reading import EXACT, Reading, number
from benchmarks.attacker.truth import Truth, group, one_of
from pxcore.analysis.files.sources import sources
from pxcore.analysis.judging.certainty import CertaintyReport
from pxcore.analysis.pairs.agreement import certainty
from pxcore.analysis.workshop import record, workshops
from pxcore.analysis.workshop.decisions import decisions_report
from pxcore.analysis.workshop.frozen import FrozenCell, data_key, freeze, view_as_json
from pxcore.analysis.workshop.minutes import minutes
from pxcore.analysis.workshop.record import Direction, Draft, Expected, figure_of
from pxcore.model import Disclosure, Pairing, Period, Scope
from pxcore.publish.asking import PAPER
from pxcore.publish.document import Document
from pxcore.publish.files import KINDS
from pxcore.publish.sections import record as record_section
from pxcore.store import Store

MOST_UNITS = 5  # questions of a workshop
DRAFT = Draft(words="Ring back within a day", action="A second line", owner="Ann")
DECIDED, DUE, AFTER = datetime(2025, 3, 31, 9), date(2026, 3, 31), date(2026, 11, 30)
FIRST_YEAR = Period(date(2024, 4, 1), date(2025, 3, 31))


def meeting(store: Store, truth: Truth, pairing: Pairing) -> Iterator[Reading]:
    """A workshop on the organisations of which both sources say most, its record, and its decisions."""
    report = certainty(store, pairing)
    if report.status == "refused" or not len(report.cells):
        return
    fewest = report.cells[["left_respondents", "right_respondents"]].min(axis=1, skipna=False)
    units = list(report.cells.assign(fewest=fewest).nlargest(MOST_UNITS, "fewest")["unit"])
    cells = [freeze(store, report, str(unit), "picked", Disclosure()) for unit in units]
    for cell in cells:
        yield from _frozen(truth, report, cell)
    room = Store.open(None)
    identifier = workshops.make(
        room, "A meeting", "Ann", cells, revision=store.revision, data_key=data_key(store),
        view=view_as_json(Scope.of(report.alignment.pairing)), disclosure=Disclosure(),
    )  # fmt: skip
    held = minutes(room, store, identifier)
    parts = record_section.sections(held, sources(store).extracts)
    kept = Document(record_section.title(held), parts, PAPER, "", AFTER)
    for kind in KINDS:
        yield from _recorded(truth, report, cells, left_by(kind.write(kept)).tables, kind.title)
    yield from _afterwards(store, room, identifier, truth, report, cells)
    room.close()


def _figure(
    truth: Truth, report: CertaintyReport, cell: FrozenCell, which: str, answers: float, route: str
) -> Iterator[Reading]:
    rows = pd.DataFrame({"unit": [cell.unit], f"{which}_respondents": [answers]})
    yield from side_by_side.figures(truth, report.alignment, which, rows, "Workshop", route)


def _frozen(truth: Truth, report: CertaintyReport, cell: FrozenCell) -> Iterator[Reading]:
    for which, source in (("left", cell.left), ("right", cell.right)):
        if source.respondents is not None:
            yield from _figure(truth, report, cell, which, source.respondents, "what is frozen")
    # of an area those who wrote are of several organisations, and it is not said of which
    of_one = [
        comment
        for comment in cell.comments
        if cell.unit in truth.people[comment.source].values["organisation"]
    ]
    for comment in of_one:
        wrote = group(
            comment.source,
            one_of("has_words", True),
            one_of("organisation", cell.unit),
        )
        yield number(
            wrote, comment.people, Disclosure().floor, "Workshop", "one of so many who wrote"
        )
    sources = {comment.source for comment in of_one}
    if len(sources) == 1 and cell.readable > len(cell.comments):  # all of them are of one source
        (source,) = sources
        wrote = group(
            source, one_of("has_words", True), one_of("organisation", cell.unit)
        ).answers()
        yield Reading(
            wrote, EXACT, float(cell.readable), Disclosure().floor, "Workshop", "comments that may be read",
            figure=False, uncertain=True,
        )  # fmt: skip


def _recorded(
    truth: Truth,
    report: CertaintyReport,
    cells: list[FrozenCell],
    tables: list[pd.DataFrame],
    kind: str,
) -> Iterator[Reading]:
    """The figures of the record, in its order: of each question a table with a row a source."""
    held = [table for table in tables if {"95 % range", "Answers"} <= set(table.columns)]
    for cell, table in zip(cells, held, strict=True):
        answers = map(as_number, table["Answers"])
        for which, source, count in zip(("left", "right"), cell.sources, answers, strict=True):
            if source.value is not None and count is not None:
                yield from _figure(truth, report, cell, which, count, f"the record as {kind}")


def _afterwards(
    store: Store,
    room: Store,
    identifier: str,
    truth: Truth,
    report: CertaintyReport,
    cells: list[FrozenCell],
) -> Iterator[Reading]:
    """The figure after a decision of the first year's end, of each source and organisation."""
    with mock.patch.object(record, "now", return_value=DECIDED):
        for place, cell in enumerate(cells, 1):
            for source in cell.sources:
                figure = figure_of(source)
                if figure.value is None or figure.unit != "proportion":
                    continue
                if figure.end is None or figure.end >= DUE:
                    continue
                up = figure.value < 0.5  # so that there is room
                expected = Expected(figure, Direction.UP if up else Direction.DOWN, 0.01, DUE)
                draft = replace(DRAFT, expected=expected)
                record.record(room, workshops.meeting(room, identifier), place, draft, "Ann")
    alignment = report.alignment
    for one in decisions_report(store, room, AFTER).records:
        after, expected = one.after, one.decision.draft.expected
        if after is None or expected is None or after.respondents is None:
            continue
        for which, side in (("left", alignment.left), ("right", alignment.right)):
            if side.source == expected.figure.source:
                later = replace(alignment, **{which: replace(side, period=after.period)})
                rows = pd.DataFrame(
                    {"unit": [one.decision.unit], f"{which}_respondents": [after.respondents]}
                )
                yield from side_by_side.figures(
                    truth, later, which, rows, "Decisions", "the figure afterwards"
                )
