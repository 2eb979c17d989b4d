"""Work that goes on when a page is left: done once, kept, and begun anew after a failure."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, Thread

import pytest

from pxcore.ui import workers

LONG = 30  # seconds: a test that hangs fails


class GaveUp(BaseException):
    """The page is left, as Streamlit says it."""


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(workers, "LOOKS", 0.01)
    yield
    workers.forget()


def give_up(_: float) -> None:
    raise GaveUp


def test_who_leaves_ends_the_waiting_and_not_the_work() -> None:
    may_end, ended, times = Event(), Event(), []

    def work(_: workers.Progress) -> str:
        times.append(1)
        may_end.wait(LONG)
        ended.set()
        return "done"

    with pytest.raises(GaveUp):
        workers.waited_for("question", work, give_up)
    may_end.set()
    assert ended.wait(LONG)
    assert workers.waited_for("question", work, give_up) == "done"
    assert len(times) == 1


def test_two_who_ask_the_same_wait_for_one_work() -> None:
    may_end, times, results = Event(), [], []

    def work(_: workers.Progress) -> str:
        times.append(1)
        may_end.wait(LONG)
        return "done"

    def ask() -> None:
        results.append(workers.waited_for("question", work, lambda _: None))

    both = [Thread(target=ask) for _ in range(2)]
    for thread in both:
        thread.start()
    may_end.set()
    for thread in both:
        thread.join(LONG)
    assert results == ["done", "done"]
    # one of the two may have come when the other had its result
    assert len(times) <= 2
    assert not workers._jobs


def test_how_far_it_is_reaches_who_waits() -> None:
    seen, heard = [], Event()

    def work(progress: workers.Progress) -> None:
        progress(0.5)
        heard.wait(LONG)

    def look(share: float) -> None:
        seen.append(share)
        if share == 0.5:
            heard.set()

    workers.waited_for("question", work, look)
    assert seen[-1] == 0.5
    assert set(seen) <= {0.0, 0.5}


def test_a_failure_is_raised_and_not_kept() -> None:
    def fails(_: workers.Progress) -> None:
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            workers.waited_for("question", fails, lambda _: None)
    assert workers.waited_for("question", lambda _: "now", lambda _: None) == "now"


def test_what_nobody_asks_for_again_does_not_pile_up() -> None:
    for number in range(workers.MOST_KEPT + 10):
        ended = Event()

        def work(_: workers.Progress, ended: Event = ended) -> None:
            ended.wait(LONG)

        with pytest.raises(GaveUp):
            workers.waited_for(number, work, give_up)
        ended.set()
    workers.waited_for("last", lambda _: None, lambda _: None)
    assert len(workers._jobs) <= workers.MOST_KEPT + workers.THREADS + 1


def test_what_was_erased_is_not_handed_out() -> None:
    may_end = Event()

    def work(_: workers.Progress) -> str:
        may_end.wait(LONG)
        return "of the erased"

    with pytest.raises(GaveUp):
        workers.waited_for("question", work, give_up)
    workers.forget()
    may_end.set()
    assert workers.waited_for("question", lambda _: "anew", lambda _: None) == "anew"
