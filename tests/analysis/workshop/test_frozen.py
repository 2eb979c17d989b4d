"""What a workshop looks at stays as it was, to the byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.workshop import workshops
from pxcore.analysis.workshop.agenda import Purpose, suggestions
from pxcore.analysis.workshop.frozen import as_json, data_key, freeze, from_json, view_as_json
from pxcore.errors import NothingToCompare
from pxcore.model import Disclosure, Pairing, Period, Scope
from pxcore.store import Store
from pxcore.words import certainty as words
from tests.analysis.workshop.rooms import frozen, made
from tests.store.loads import extract, fft


def test_the_agenda_offers_differences_an_agreement_a_silence_and_what_is_unsettled(
    every_pair: OverviewReport,
) -> None:
    offered = suggestions(every_pair)
    assert [item.purpose for item in offered] == [
        Purpose.DIFFERENCE,
        Purpose.DIFFERENCE,
        Purpose.AGREEMENT,
        Purpose.SILENCE,
        Purpose.SETTLE,
    ]
    assert len({item.unit for item in offered}) == 5
    # as Overview opens: whom to look at first is the same on both
    first = every_pair.looks(next(iter(every_pair.likely)))
    assert [item.unit for item in offered[:2]] == [look.unit for look in first[:2]]
    marks = [every_pair.certainties[item.pair].cell(item.unit)["mark"] for item in offered]
    assert "differ" in marks[0]
    assert marks[2:] == ["very likely agree", "silent", "could be either"]


def test_what_is_frozen_is_what_the_pages_say(
    demonstration: Store, every_pair: OverviewReport
) -> None:
    look = next(look for look in every_pair.every_look if look.unit == "P-0057")
    cell = frozen(demonstration, every_pair)[0]
    assert (cell.unit, cell.name) == (look.unit, look.name)
    assert cell.agree == look.cell["agree"]
    assert (cell.left.value, cell.right.value) == (
        look.cell["left_value"],
        look.cell["right_value"],
    )
    assert f"peers {cell.left.peers:.0%}" in words.sources(look.certainty, look.unit)[0]
    assert len(cell.dots) == 20
    assert len(cell.comments) == 6 < cell.readable


def test_a_third_source_stands_beside_where_there_is_one(
    demonstration: Store, every_pair: OverviewReport
) -> None:
    pair = ("fft_local", "gp_survey")  # of whose practices FFT GP speaks too
    unit = str(every_pair.certainties[pair].likely["unit"].iloc[0])
    report, others = every_pair.certainties[pair], every_pair.certainties.values()
    cell = freeze(demonstration, report, unit, "picked", Disclosure(), others)
    (third,) = cell.beside
    assert third.side.source not in pair
    assert third.silence == ""
    likely = next(
        other
        for (left, right), other in every_pair.certainties.items()
        if third.side.source in (left, right) and other.cell(cell.unit)
    )
    which = "left" if likely.left.source == third.side.source else "right"
    assert third.value == likely.cell(cell.unit)[f"{which}_value"]
    assert from_json(as_json(cell)) == cell
    alone = freeze(demonstration, report, unit, "picked", Disclosure(), [report])
    assert alone.beside == ()


def test_what_is_kept_is_read_again_as_it_was(
    demonstration: Store, every_pair: OverviewReport
) -> None:
    for cell in frozen(demonstration, every_pair):
        assert from_json(as_json(cell)) == cell
        assert "NaN" not in as_json(cell)
    silent = frozen(demonstration, every_pair)[3]
    assert silent.agree is None
    assert silent.dots == ()
    assert "" in (silent.left.silence, silent.right.silence)
    assert silent.left.silence or silent.right.silence


FORMS = sorted((Path(__file__).parent / "frozen").glob("*.json"))


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_what_an_earlier_version_kept_is_read_for_ever(form: Path) -> None:
    """Never change a file of that folder: add one where what is kept changes."""
    cell = from_json(form.read_text(encoding="utf-8"))
    assert cell.name == "Thistleden Medical Centre"
    assert cell.right.value == pytest.approx(0.572519)
    assert cell.right.side.period is not None
    assert len(cell.dots) == 20
    assert from_json(as_json(cell)) == cell


def test_todays_form_is_among_those(demonstration: Store, every_pair: OverviewReport) -> None:
    def shape(facts: object) -> object:
        if isinstance(facts, dict):
            return {key: shape(value) for key, value in facts.items()}
        return [shape(facts[0])] if isinstance(facts, list) and facts else type(facts).__name__

    today = json.loads(as_json(frozen(demonstration, every_pair)[0]))
    landed = [json.loads(form.read_text(encoding="utf-8")) for form in FORMS]
    assert list(today) == list(landed[-1])
    assert shape(today["left"]) == shape(landed[-1]["left"])


def test_facts_that_are_missing_are_named(demonstration: Store, every_pair: OverviewReport) -> None:
    facts = json.loads(as_json(frozen(demonstration, every_pair)[0]))
    del facts["mark"]
    with pytest.raises(NothingToCompare, match="lacks facts.*mark"):
        from_json(json.dumps(facts))
    facts = json.loads(as_json(frozen(demonstration, every_pair)[0]))
    assert from_json(json.dumps(facts | {"gone": 1})) == frozen(demonstration, every_pair)[0]


def test_nothing_is_frozen_while_exact_figures_are_on(
    demonstration: Store, every_pair: OverviewReport
) -> None:
    look = every_pair.looks()[0]
    with pytest.raises(NothingToCompare, match="exact figures"):
        freeze(demonstration, look.certainty, look.unit, "picked", Disclosure(exact=True))
    with pytest.raises(NothingToCompare, match="say nothing of that"):
        freeze(demonstration, look.certainty, "nobody", "picked", Disclosure())


def test_a_later_load_changes_the_data_and_not_the_workshop(
    store: Store, demonstration: Store, every_pair: OverviewReport
) -> None:
    store.commit([extract(fft_fact=[fft("P-1", 9, 10)])])
    cells, before = frozen(demonstration, every_pair), data_key(store)
    identifier = made(store, cells, store)
    seen = workshops.workshop(store, identifier)
    store.commit([extract(fft_fact=[fft("P-1", 9, 12, "2024-03")])])
    assert seen.data_key == before != data_key(store)
    assert workshops.workshop(store, identifier) == seen
    assert [cell.facts for cell in seen.cells[1:]] == list(cells)
    store.remove(2)
    assert data_key(store) == before  # the same files speak again


def test_what_somebody_changed_by_other_means_is_not_shown(
    store: Store, demonstration: Store, every_pair: OverviewReport
) -> None:
    identifier = made(store, frozen(demonstration, every_pair), demonstration)
    store._connection.execute(
        "update workshop_cell set facts = replace(facts, '0.57', '0.97') where cell = 1"
    )
    with pytest.raises(NothingToCompare, match="not what was frozen"):
        workshops.workshop(store, identifier)


def test_the_view_holds_every_filter() -> None:
    window = Period.month(2026, 3)
    asked = Pairing("a", "b", left_measure="m", area="B-01", window=window)
    view = json.loads(view_as_json(Scope.of(asked)))
    assert view["area"] == "B-01"
    assert view["window"] == {"start": "2026-03-01", "end": "2026-03-31"}
    assert view["disclosure"] == {"floor": 5, "exact": False}
    assert view["measures"] == [["a", "m"]]
    assert "left" not in view
