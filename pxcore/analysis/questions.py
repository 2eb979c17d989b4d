"""Questions put to a store: a function of it, and what it is asked of.

A store may be given a memory, which hands out what was worked out before. Questions that stand on others put
them by `ask`, so that pages, commands and codes share one composition, and whoever remembers does so once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from pxcore.store import Store

Details = ParamSpec("Details")
Answer = TypeVar("Answer")
Question = Callable[..., Any]
# is given the store, the question, what it is asked of, and what works the answer out
Memory = Callable[[Store, Question, tuple[Any, ...], Callable[..., Any]], Any]

_memories: WeakKeyDictionary[Store, Memory] = WeakKeyDictionary()


def remember(store: Store, memory: Memory | None) -> None:
    """Give a store a memory of its answers; None takes it away, and every question is worked out anew."""
    if memory is None:
        _memories.pop(store, None)
    else:
        _memories[store] = memory


def ask(
    store: Store,
    question: Callable[Concatenate[Store, Details], Answer],
    *details: Details.args,
    **named: Details.kwargs,
) -> Answer:
    """The answer of `question(store, *details)`, from the memory of the store where it has one."""
    work = partial(question, store, *details, **named)
    answer: Answer = _memory_of(store)(store, question, (*details, *sorted(named.items())), work)
    return answer


def ask_by(
    store: Store,
    known_by: tuple[Any, ...],
    question: Callable[Concatenate[Store, Details], Answer],
    *details: Details.args,
    **named: Details.kwargs,
) -> Answer:
    """The same, remembered by what the answer depends on, where that is less than the details."""
    work = partial(question, store, *details, **named)
    answer: Answer = _memory_of(store)(store, question, known_by, work)
    return answer


def _memory_of(store: Store) -> Memory:
    return _memories.get(store, _anew)


def _anew(
    _store: Store, _question: Question, _of: tuple[Any, ...], work: Callable[..., Any]
) -> Any:
    return work()


class Kept:
    """The memory of one run of the program: every answer, until the store changes."""

    def __init__(self) -> None:
        self._answers: dict[Any, Any] = {}

    def __call__(
        self, store: Store, question: Question, of: tuple[Any, ...], work: Callable[..., Any]
    ) -> Any:
        key = store.revision, store.codings, question, known(of)
        if key not in self._answers:
            self._answers[key] = work()
        return self._answers[key]


class Same:
    """Something known by which it is, not by what it holds, such as a report."""

    __slots__ = ("item",)

    def __init__(self, item: Any) -> None:
        self.item = item

    def __eq__(self, beside: object) -> bool:
        return isinstance(beside, Same) and self.item is beside.item

    def __hash__(self) -> int:
        return id(self.item)


def known(item: Any) -> Any:
    """What something is known by: a value (a number, a word, settings) by what it is; all else, such as a
    report or a store, by which it is; tuples by what is in them."""
    if type(item) is tuple:
        return tuple(map(known, item))
    hashed: object = type(item).__hash__
    try:
        hash(item)
    except TypeError:  # a frame is in it
        return Same(item)
    return Same(item) if hashed is object.__hash__ else item


def itself(known_by: Any) -> Any:
    """What `known` was given."""
    if type(known_by) is tuple:
        return tuple(map(itself, known_by))
    return known_by.item if isinstance(known_by, Same) else known_by
