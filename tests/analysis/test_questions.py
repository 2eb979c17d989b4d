"""Questions put to a store: worked out anew, or once where it remembers."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest

from pxcore.analysis.pairs.agreement import agreement, certainty
from pxcore.analysis.pairs.coefficients import coefficients
from pxcore.analysis.questions import Kept, ask, ask_by, itself, known, remember
from pxcore.model import Pairing
from pxcore.store import Store
from tests.remembering import remembering

GP = Pairing("fft_gp", "gp_survey")


@dataclass(frozen=True, slots=True)
class Report:
    rows: pd.DataFrame  # no hash, and no truth of its own


worked_out: list[tuple[object, ...]] = []


def question(store: Store, *details: object, area: str = "") -> Report:
    worked_out.append((*details, area))
    if "refused" in details:
        raise ValueError("refused")
    return Report(pd.DataFrame({"revision": [store.revision]}))


def other_question(_: Store, *details: object) -> str:
    worked_out.append(details)
    return "another"


@pytest.fixture(autouse=True)
def nothing_worked_out() -> None:
    worked_out.clear()


def test_a_store_without_a_memory_works_everything_out_anew(store: Store) -> None:
    first = ask(store, question, GP)
    assert ask(store, question, GP) is not first
    assert len(worked_out) == 2


def test_a_store_that_remembers_works_a_question_out_once(store: Store) -> None:
    with remembering(store):
        first = ask(store, question, GP, area="N-1")
        assert ask(store, question, Pairing("fft_gp", "gp_survey"), area="N-1") is first
        assert ask(store, question, GP, area="N-2") is not first
        assert ask(store, question, GP) is not first
        assert ask(store, other_question, GP) == "another"
        assert len(worked_out) == 4
    ask(store, question, GP, area="N-1")
    assert len(worked_out) == 5


def test_a_change_of_the_data_makes_every_answer_new(store: Store) -> None:
    with remembering(store):
        first = ask(store, question, GP)
        store.confirm_aliases([{"name": "The Surgery", "context": "", "code": "P-1"}], "Ann")
        assert ask(store, question, GP).rows["revision"][0] == first.rows["revision"][0] + 1


def test_what_is_refused_is_asked_again(store: Store) -> None:
    with remembering(store):
        for _ in range(2):
            with pytest.raises(ValueError, match="refused"):
                ask(store, question, "refused")
    assert len(worked_out) == 2


def test_reports_are_known_by_which_they_are_and_settings_by_what_they_hold(store: Store) -> None:
    first, second = Report(pd.DataFrame({"a": [1]})), Report(pd.DataFrame({"a": [1]}))
    with remembering(store):
        assert ask(store, question, first) is ask(store, question, first)
        assert ask(store, question, second) is not ask(store, question, first)
        assert ask(store, question, (first, GP)) is ask(store, question, (first, GP))
        assert ask(store, question, store) is ask(store, question, store)
    assert len(worked_out) == 4
    details = (first, ("P-1", GP), store)
    assert itself(known(details)) == details


def test_what_makes_no_difference_is_no_part_of_what_is_remembered(store: Store) -> None:
    with remembering(store):
        first = ask_by(store, ("both",), question, "P-1")
        assert ask_by(store, ("both",), question, "P-2") is first
        assert ask_by(store, ("neither",), question, "P-2") is not first
    assert worked_out == [("P-1", ""), ("P-2", "")]


def test_a_memory_is_of_its_own_store(store: Store) -> None:
    memory = Kept()
    with remembering(store), remembering(Store.open()) as beside:
        remember(store, memory)
        ask(store, question, GP)
        ask(beside, question, GP)
        beside.close()
    assert len(worked_out) == 2


def test_the_same_pair_is_judged_once_whatever_stands_on_it(demonstration: Store) -> None:
    with remembering(demonstration):
        report = ask(demonstration, agreement, GP)
        likely = ask(demonstration, certainty, GP)
        deeper = ask(demonstration, coefficients, report)
    assert deeper is not None
    assert deeper.verdicts is report.verdicts is likely.judgement.verdicts
