"""Who plays: a store, what is true of it, and what the application would remember of its answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from benchmarks.attacker import exports
from benchmarks.attacker.reading import Reading
from benchmarks.attacker.statements import Statements
from benchmarks.attacker.truth import Truth
from pxcore import maps
from pxcore.analysis.comments.comments import CommentsQuestion
from pxcore.analysis.comments.themes import ThemesQuestion
from pxcore.analysis.joining.alignment import Alignment, align, inside
from pxcore.analysis.joining.choices import Choices, choices
from pxcore.analysis.questions import Kept, remember
from pxcore.analysis.time.cells import counted
from pxcore.analysis.time.movers import moves
from pxcore.errors import PxError
from pxcore.model import Pairing
from pxcore.store import Store

Asked = TypeVar("Asked", Pairing, ThemesQuestion, CommentsQuestion)


@dataclass(frozen=True)
class View:
    """One choice of filters on one page or command."""

    page: str
    said: str
    ask: Callable[[Player], Iterable[Reading]]


@dataclass
class Player:
    """A store, what is true of it, and answers that the application would have kept too."""

    store: Store
    truth: Truth
    offered: Choices = field(init=False)
    usual: dict[str, str] = field(init=False)
    exact: bool = False  # whether every view is asked for exact figures
    rates: tuple[int, int] = (0, 0)  # told, and not those of the counts beside them
    strangers: list[str] = field(default_factory=list)  # numbers of a file that its page has not
    files: int = 0  # read
    reports: exports.Remembering = field(init=False)
    _alignments: dict[Pairing, Alignment] = field(default_factory=dict)
    _series: dict[Any, Any] = field(default_factory=dict)
    _kept: Kept = field(default_factory=Kept)

    def __post_init__(self) -> None:
        self.offered = choices(self.store)
        self.usual = {name: row["grain"] for name, row in maps.sources().items()}
        self.reports = exports.Remembering(self.store)
        remember(self.store, self.series)

    @cached_property
    def offered_units(self) -> list[str]:
        """Organisations that somebody wrote about."""
        return sorted(
            {
                str(name)
                for people in self.truth.people.values()
                for level in ("practice", "trust")
                for name in people.values[f"{level} current"]
            }
        )

    def play(self, views: Iterable[View], into: Statements) -> None:
        """Play views one after another; one that is refused says nothing."""
        for view in views:
            try:
                into.view(f"{view.page}: {view.said}", list(view.ask(self)))
            except PxError:
                into.view(f"{view.page}: {view.said}", ())

    def asked(self, one: Asked) -> Asked:
        """A question as this player asks it."""
        return replace(one, disclosure=replace(one.disclosure, exact=self.exact))

    def alignment(self, pairing: Pairing) -> Alignment:
        pairing = self.asked(pairing)
        whole = Pairing(**{name: getattr(pairing, name) for name in FIELDS} | {"area": ""})
        if whole not in self._alignments:
            if len(self._alignments) > 300:
                self._alignments.clear()
            self._alignments[whole] = align(self.store, whole)
        return inside(self._alignments[whole], pairing.area)

    def series(
        self, _: Store, question: Any, known_by: tuple[Any, ...], work: Callable[..., Any]
    ) -> Any:
        """Cells and moves, worked out once; moves of single responses alone, for what publishers print tells
        nothing."""
        if question not in (counted, moves):
            return work()
        if question is moves and known_by[0] not in self.truth.people:
            return None
        if (question, known_by) not in self._series:
            self._series[question, known_by] = work()
        return self._series[question, known_by]

    @contextmanager
    def as_exported(self) -> Iterator[exports.Remembering]:
        """Answers as a command gives them that writes files: every question once."""
        remember(self.store, self._kept)
        try:
            yield self.reports
        finally:
            remember(self.store, self.series)


FIELDS = (
    "left", "right", "left_measure", "right_measure", "grain", "area", "service", "periods", "window",
    "organisation", "months", "disclosure", "settings", "selection",
)  # fmt: skip
