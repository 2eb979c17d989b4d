"""The record of a workshop: every question, own words that were let go alone, every version of a decision."""

from __future__ import annotations

from datetime import datetime

import pytest

from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.workshop import workshops
from pxcore.analysis.workshop.minutes import minutes
from pxcore.errors import NothingToCompare
from pxcore.store import Store
from tests.analysis.workshop.rooms import concluded, frozen, made


def test_it_holds_every_question_with_what_was_said_and_decided(
    demonstration: Store, every_pair: OverviewReport
) -> None:
    room, identifier = concluded(demonstration, every_pair)
    report = minutes(room, demonstration, identifier)
    assert [cell.facts for cell in report.cells] == list(frozen(demonstration, every_pair)[:3])
    first, second, third = report.cells
    assert [said.round for said in first.rounds] == [1, 2]
    assert (second.rounds, third.rounds, third.decisions) == ((), (), ())
    assert [text.words for text in first.words] == [
        "It looks a long wait", "Not all of us think so", "The text messages went to few",
    ]  # fmt: skip
    assert report.waiting == 1
    (kept,) = first.decisions
    assert [version.version for version in kept.versions] == [1, 2]
    assert (kept.decision.chance, [review.days for review in kept.reviews]) == (0.8, [30])
    assert report.standing == (kept,)
    assert [version.stands for version in report.versions] == [True, True, True, False]
    assert report.people == 8
    assert len(report.present) == 1  # two doctors would stand alone


def test_its_files_are_those_of_its_sources_and_of_the_time_frozen(
    demonstration: Store, every_pair: OverviewReport
) -> None:
    room = Store.open(None)
    identifier = made(room, frozen(demonstration, every_pair)[:1], demonstration)
    report = minutes(room, demonstration, identifier)
    rows = demonstration.query("extracts").set_index("extract").loc[list(report.extracts)]
    facts = report.cells[0].facts
    sides = [source.side for source in (*facts.sources, *facts.beside)]
    assert report.same_data
    assert set(rows["sources"]) == {side.source for side in sides}
    for side in sides:
        assert side.period is not None
        own = rows[rows["sources"] == side.source]
        assert (own["period_start"].dt.date <= side.period.end).all()
        assert (own["period_end"].dt.date >= side.period.start).all()


def test_once_the_data_have_changed_files_loaded_later_are_not_in_it(
    demonstration: Store, every_pair: OverviewReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Store.open(None)
    cells = frozen(demonstration, every_pair)[:1]
    monkeypatch.setattr("tests.analysis.workshop.rooms.data_key", lambda _: "another")
    now = minutes(room, demonstration, made(room, cells, demonstration))
    assert not now.same_data
    assert now.extracts
    monkeypatch.setattr(workshops, "now", lambda: datetime(2020, 1, 1))
    before = minutes(room, demonstration, made(room, cells, demonstration))
    assert before.extracts == ()


def test_there_is_no_record_of_no_workshop(demonstration: Store) -> None:
    with pytest.raises(NothingToCompare):
        minutes(Store.open(None), demonstration, "nothing")
