"""What the app remembers of its answers, and under which sign they are waited for."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pandas as pd
import pytest

from pxcore.analysis.comments.themes import themes
from pxcore.analysis.judging.certainty import learnt
from pxcore.analysis.judging.robustness import robustness
from pxcore.analysis.pairs.overview import every_pair, overview
from pxcore.analysis.questions import ask, remember
from pxcore.store import Store
from pxcore.ui import answers, memory, state

worked_out: list[tuple[object, ...]] = []


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store.open()
    remember(opened, memory.remembered)
    worked_out.clear()
    yield opened
    opened.close()
    memory.forget()


@pytest.fixture
def signs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which memory every question was put to: the one with a spinner, or the quiet one."""
    put: list[str] = []

    def noted(name: str, usual: Callable[..., Any]) -> Callable[..., Any]:
        def answered(**key: Any) -> Any:
            put.append(name)
            return usual(**key)

        return answered

    monkeypatch.setattr(memory, "_answered", noted("spinner", memory._answered))
    monkeypatch.setattr(memory, "_answered_quietly", noted("quiet", memory._answered_quietly))
    return put


def rows(_: Store, *details: object) -> pd.DataFrame:
    worked_out.append(details)
    return pd.DataFrame({"row": [len(worked_out)]})


def two(store: Store) -> int:
    return len(ask(store, rows, "left")) + len(ask(store, rows, "right"))


def put(store: Store, question: Callable[..., Any], work: Callable[..., Any]) -> Any:
    return memory.remembered(store, question, ("all",), work)


def test_an_answer_is_worked_out_once_a_revision_and_handed_out_as_it_is(store: Store) -> None:
    first = ask(store, rows, "P-1")
    assert ask(store, rows, "P-1") is first
    assert ask(store, rows, "P-2") is not first
    assert len(worked_out) == 2
    store.confirm_aliases([{"name": "The Surgery", "context": "", "code": "P-1"}], "Ann")
    assert ask(store, rows, "P-1") is not first


def test_a_question_of_the_same_name_elsewhere_is_another(store: Store) -> None:
    def twin(_: Store, *details: object) -> str:
        return f"another {details}"

    twin.__qualname__ = rows.__qualname__
    twin.__module__ = "elsewhere"
    first = ask(store, rows, "P-1")
    assert ask(store, twin, "P-1") == "another ('P-1',)"
    assert ask(store, rows, "P-1") is first


def test_codes_people_give_make_answers_on_comments_new_and_no_others(store: Store) -> None:
    answer = partial(rows, store)
    before = put(store, themes, answer), put(store, rows, answer)
    store.codings += 1
    after = put(store, themes, answer), put(store, rows, answer)
    assert after[0] is not before[0]
    assert after[1] is before[1]


def test_a_report_that_is_gone_is_never_taken_for_a_new_one(store: Store) -> None:
    def which(_: Store, report: pd.DataFrame) -> int:
        return int(report["row"].iloc[0])

    for number in range(20):  # a new frame may stand where the last one stood
        assert ask(store, which, pd.DataFrame({"row": [number]})) == number
        gc.collect()


def test_questions_inside_a_question_wait_under_its_sign(store: Store, signs: list[str]) -> None:
    assert ask(store, two) == 2
    assert signs == ["spinner", "quiet", "quiet"]
    ask(store, rows, "another")
    assert signs[3:] == ["spinner"]


def test_after_an_error_the_next_question_has_its_sign(store: Store, signs: list[str]) -> None:
    def refused(_: Store) -> None:
        raise ValueError("refused")

    for _ in range(2):
        with pytest.raises(ValueError, match="refused"):
            ask(store, refused)
    assert signs == ["spinner", "spinner"]


def test_what_has_a_bar_of_its_own_has_no_spinner_and_says_how_far_it_is(
    store: Store, signs: list[str]
) -> None:
    def slow(progress: Callable[[str, int, int], None]) -> str:
        progress("half", 1, 2)
        return "done"

    for question in (robustness, every_pair):
        assert put(store, question, slow) == "done"
    assert put(store, overview, lambda: "its questions have the bars") != "done"
    assert signs == ["quiet"] * 3


def test_probabilities_are_learnt_though_the_page_be_left(store: Store, signs: list[str]) -> None:
    def slow(progress: Callable[[float], None]) -> str:
        progress(0.5)
        return threading.current_thread().name

    assert put(store, learnt, slow).startswith("worker")
    assert signs == ["quiet"]


@pytest.mark.usefixtures("stores")
def test_a_page_asks_the_store_looked_at_and_erasing_keeps_nothing(
    monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    state._stores().open[state.DEMONSTRATION] = store
    remember(store, None)  # it is given its memory where it is looked at
    first = answers.ask(rows, "P-1")
    made = answers.finished(len, first)
    assert answers.ask(rows, "P-1") is first
    monkeypatch.setattr(store, "erase", worked_out.append)
    answers.erase(7)
    assert worked_out[-1] == 7
    assert memory._number_of.cache_info().currsize == 0
    assert answers.ask(rows, "P-1") is not first
    assert answers._made.cache_info().currsize == 0
    assert made == 1
