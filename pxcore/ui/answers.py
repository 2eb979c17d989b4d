"""What a page asks, and what is finished of an answer – pictures as sent, tables, sentences: each made once
for all sessions.

What is made of a report is known by the report itself: a load makes new reports, and what was made of the
old ones is never asked for again. The oldest goes first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec, TypeVar

from pxcore.analysis import questions
from pxcore.analysis.questions import itself, known
from pxcore.store import Store
from pxcore.ui import memory, state

Details = ParamSpec("Details")
Report = TypeVar("Report")
Made = TypeVar("Made")
MOST = 1_000  # things kept: some tens of a page, for as many views as a workshop looks at


def ask(
    question: Callable[Concatenate[Store, Details], Report],
    *details: Details.args,
    **named: Details.kwargs,
) -> Report:
    """The answer to a question put to the store looked at: `ask(agreement, pairing)`."""
    return questions.ask(state.store(), question, *details, **named)


def finished(make: Callable[..., Made], *of: Any) -> Made:
    """What `make(*of)` makes, made once.

    Parameters
    ----------
    make : a function of the module it stands in, or of a report: one made anew each time is never known
        again. It changes nothing, and nothing changes what it made.
    of : reports, what a person chose (numbers, words), and tuples of them; nothing where it is the same for
        all data.
    """
    made: Made = _made(make, tuple(map(known, of)))
    return made


class Answer:
    """A report, and what is made of it: `answer(words.summary)`, `answer(words.evidence, unit)`."""

    __slots__ = ("report",)

    def __init__(self, report: Any) -> None:
        self.report = report

    def __call__(self, make: Callable[..., Made], *details: Any) -> Made:
        return finished(make, self.report, *details)


@lru_cache(maxsize=MOST)
def _made(make: Callable[..., Any], of: tuple[Any, ...]) -> Any:
    return make(*map(itself, of))


def erase(extract: int) -> None:
    """Take a file out, delete its comments for good, and keep nothing that was made of them."""
    state.store().erase(extract)
    memory.forget()
    forget()


def forget() -> None:
    """Keep nothing that was made of reports."""
    _made.cache_clear()
