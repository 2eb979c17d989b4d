"""The memory of the app: what is answered is kept for all sessions, and waiting for it shows.

Answers are kept by (store, revision, question), and the question carries the disclosure settings: a load
makes every answer new, and nothing else does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache, partial
from itertools import count
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pxcore.analysis import comments
from pxcore.analysis.judging import certainty, checks, robustness
from pxcore.analysis.pairs import overview, scenarios, settling
from pxcore.analysis.questions import Question, known
from pxcore.store import Store
from pxcore.ui import workers

Answer = TypeVar("Answer")
Progress = Callable[[str, int, int], None]
MOST = 150  # answers kept of either memory
SELDOM = 0.1  # seconds between two steps of a bar that grows
# Questions waited for under a bar of their own, and what it says.
BARS: dict[Question, str] = {
    overview.every_pair: "Comparing every pair of sources",
    overview.in_area: "Comparing every pair of sources",
    settling.settling: "Imagining further answers",
    checks.checks: "Checking the probabilities",
    robustness.robustness: "Judging under other choices",
    scenarios.side_by_side: "Asking again",
}
# Those that are worked out though their page be left; they put no question themselves.
IN_A_WORKER: dict[Question, str] = {certainty.learnt: "Learning how alike the two usually are"}
OF_BARS = (overview.overview,)  # those put to others that have a bar

_working: ContextVar[bool] = ContextVar("working", default=False)  # a spinner turns, or a bar grows


def _answer_to(number: int, _work: Callable[[], Any]) -> Any:  # noqa: ARG001  the key
    return _work()


# One memory of answers, as it is one function: with a spinner, and without where something else tells.
# Reports are frozen and nothing changes their frames (a test holds every page to that), so that they are
# handed out as they are: to copy the report of nineteen pairs takes longer than all else on a page.
_answered = st.cache_resource(max_entries=MOST, show_spinner="Working it out …")(_answer_to)
_answered_quietly = st.cache_resource(max_entries=MOST, show_spinner=False)(_answer_to)

_numbers = count()


@lru_cache(maxsize=2 * MOST)
def _number_of(_key: tuple[Any, ...]) -> int:
    """The number of a question as it is asked: Streamlit's digest of all a pairing holds takes a
    millisecond, and a page asks forty times. What a key names lives as long as its number is known."""
    return next(_numbers)


def remembered(
    store: Store, question: Question, of: tuple[Any, ...], work: Callable[..., Any]
) -> Any:
    """The answer to a question, worked out once a revision. What people coded since makes no answer new but
    those on comments.

    What takes long is waited for under one sign: that of the outermost question, or its own bar.
    """
    quiet = _working.get()  # something else tells that it takes a while
    own_bar = question in BARS or question in IN_A_WORKER or question in OF_BARS
    of_comments = question.__module__.startswith(f"{comments.__name__}.")
    key = (
        f"{question.__module__}.{question.__qualname__}",
        store.id,
        store.revision,
        store.codings if of_comments else 0,
        known(of),
    )

    answer: Callable[[], Any] = work
    if question in BARS:
        answer = partial(with_progress, BARS[question], _with_its_progress(work))
    elif question in IN_A_WORKER:
        title = IN_A_WORKER[question]
        answer = partial(_in_a_worker, title, key, _with_its_progress(work), quiet=quiet)
    put = _answered_quietly if own_bar or quiet else _answered
    before = _working.set(True)
    try:
        return put(number=_number_of(key), _work=answer)
    finally:
        _working.reset(before)


def _with_its_progress(work: Callable[..., Answer]) -> Callable[[Any], Answer]:
    """What a question works out, given what it says to how far it is."""
    return lambda progress: work(progress=progress)


def with_progress(title: str, work: Callable[[Progress], Answer]) -> Answer:
    """What `work` returns, under a bar that grows meanwhile."""
    bar = st.progress(0.0, text=title)
    drawn = time.monotonic()

    def progress(doing: str, done: int, of: int) -> None:
        nonlocal drawn
        if time.monotonic() - drawn < SELDOM:
            return
        drawn = time.monotonic()
        bar.progress(min(1.0, done / max(1, of)), text=f"{title}: {doing}")

    try:
        return work(progress)
    finally:
        bar.empty()


def _in_a_worker(
    title: str, key: tuple[Any, ...], work: Callable[[workers.Progress], Answer], *, quiet: bool
) -> Answer:
    """What is worked out though its page be left, with a bar if it takes more than a moment."""
    room: list[DeltaGenerator] = []  # none where it takes but a moment

    def progress(share: float) -> None:
        if not room:
            room.append(st.empty())
        if quiet:
            room[0].empty()  # where a page that is left is given up
        else:
            room[0].progress(share, text=title)

    try:
        return workers.waited_for(key, work, progress)
    finally:
        for place in room:
            place.empty()


def forget() -> None:
    """Keep no answer: after something is erased for good."""
    _answered.clear()
    _answered_quietly.clear()
    _number_of.cache_clear()
    workers.forget()
