"""What is finished of an answer – pictures as sent, tables, sentences – made once for all sessions.

What is made of a report is known by the report itself: a load makes new reports, and what was made of the
old ones is never asked for again. The oldest goes first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

Made = TypeVar("Made")
MOST = 1_000  # things kept: some tens of a page, for as many views as a workshop looks at
_VALUES = (str, int, float, type(None))


class _Same:
    """Something known by which it is, not by what it holds, such as a report."""

    __slots__ = ("item",)

    def __init__(self, item: Any) -> None:
        self.item = item

    def __eq__(self, beside: object) -> bool:
        return isinstance(beside, _Same) and self.item is beside.item

    def __hash__(self) -> int:
        return id(self.item)


def finished(make: Callable[..., Made], *of: Any) -> Made:
    """What `make(*of)` makes, made once.

    Parameters
    ----------
    make : a function of the module it stands in, or of a report: one made anew each time is never known
        again. It changes nothing, and nothing changes what it made.
    of : reports, what a person chose (numbers, words), and tuples of them.
    """
    made: Made = _made(make, tuple(map(_known, of)))
    return made


class Answer:
    """A report, and what is made of it: `answer(words.summary)`, `answer(words.evidence, unit)`."""

    __slots__ = ("report",)

    def __init__(self, report: Any) -> None:
        self.report = report

    def __call__(self, make: Callable[..., Made], *details: Any) -> Made:
        return finished(make, self.report, *details)


def _known(item: Any) -> Any:
    if isinstance(item, tuple):
        return tuple(map(_known, item))
    return item if isinstance(item, _VALUES) else _Same(item)


def _itself(known: Any) -> Any:
    if isinstance(known, tuple):
        return tuple(map(_itself, known))
    return known.item if isinstance(known, _Same) else known


@lru_cache(maxsize=MOST)
def _made(make: Callable[..., Any], of: tuple[Any, ...]) -> Any:
    return make(*map(_itself, of))


def forget() -> None:
    """Keep nothing that was made: after something is erased for good."""
    _made.cache_clear()
