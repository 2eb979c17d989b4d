"""The cells looked for: counts of one to four people, of kinds that pages show where more people answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from benchmarks.attacker.truth import (
    AREAS,
    FLOOR,
    NEVER,
    Group,
    People,
    Truth,
    group,
    none_of,
    one_of,
)
from pxcore.model import GROUPS


@dataclass(frozen=True, slots=True)
class Cell:
    """A count of few people in one source, of a kind that pages show where more people answered."""

    kind: str
    group: Group
    people: int

    @property
    def of_several(self) -> bool:
        """Whether it is of people by how many organisations they wrote of."""
        return bool(self.group.also or self.group.never or self.group.several)


def _crossed(*columns: str) -> Callable[[People], list[Group]]:
    """Every combination of values that somebody in the source has in a row that may not be read."""

    def made(people: People) -> list[Group]:
        if not set(columns) <= set(people.codes):
            return []
        found = {name: list(people.values[name]) for name in columns}
        numbers = np.column_stack([people.codes[name] for name in columns])
        own = np.unique(numbers[people.hidden], axis=0)
        return [
            group(
                people.source,
                *(
                    one_of(name, found[name][number])
                    for name, number in zip(columns, row, strict=True)
                ),
            )
            for row in own
            if not any(
                found[name][number] in ("", NEVER)
                for name, number in zip(columns, row, strict=True)
            )
        ]

    return made


def _by_theme(*columns: str) -> Callable[[People], list[Group]]:
    """The same of those who named each theme."""

    def made(people: People) -> list[Group]:
        themes = [name for name in people.codes if name.startswith("theme ")]
        if not themes:
            return []
        crossed = _crossed(*columns)(people) if columns else [group(people.source)]
        return [one.and_(one_of(theme, True)) for theme in themes for one in crossed]

    return made


KINDS: dict[str, Callable[[People], list[Group]]] = {
    "organisation": _crossed("organisation"),
    "organisation, year": _crossed("organisation", "year"),
    "organisation, quarter": _crossed("organisation", "quarter"),
    "organisation, month": _crossed("organisation", "month"),
    "organisation, service": _crossed("organisation", "service"),
    "organisation, feeling": _crossed("organisation", "sentiment"),
    "organisation, answer": _crossed("organisation", "answer overall"),
    "organisation, theme": _by_theme("organisation"),
    **{f"organisation, {name}": _crossed("organisation", name) for name in GROUPS},
    **{f"{level}, quarter": _crossed(f"area {level} current", "quarter") for level in AREAS},
    **{f"{level}, month": _crossed(f"area {level} current", "month") for level in AREAS},
    **{f"{level}, service": _crossed(f"area {level} current", "service") for level in AREAS},
    **{f"{level}, theme": _by_theme(f"area {level} current") for level in AREAS},
    "month": _crossed("month"),
    "service, quarter": _crossed("service", "quarter"),
    "theme, quarter": _by_theme("quarter"),
    "theme, month": _by_theme("month"),
    "theme, service": _by_theme("service"),
    "theme, feeling": _by_theme("sentiment"),
}


def _alone(level: str) -> Callable[[People], list[Group]]:
    """Those of each organisation who wrote of no other in its area; everywhere where no level is named."""

    def made(people: People) -> list[Group]:
        if not people.repeated:
            return []
        column = f"area {level} current"
        crossed = _crossed("organisation", *([column] if level else []))(people)
        return [
            replace(one, never=((none_of("organisation", *part[0].values), *part[1:]),))
            for one in crossed
            for part in one.parts
        ]

    return made


def _of_two(people: People) -> list[Group]:
    """Those who wrote of two organisations."""
    if not people.repeated:
        return []
    organisations = people.codes["organisation"]
    wrote: dict[int, set[int]] = {}
    for person, organisation in zip(people.person, organisations, strict=True):
        wrote.setdefault(int(person), set()).add(int(organisation))
    pairs = {pair for some in wrote.values() for pair in combinations(sorted(some), 2)}
    names = list(people.values["organisation"])
    first, second = (
        [one_of("organisation", names[pair[place]]) for pair in sorted(pairs)] for place in (0, 1)
    )
    return [
        replace(group(people.source, one), also=((other,),))
        for one, other in zip(first, second, strict=True)
    ]


def _of_several(*columns: str) -> Callable[[People], list[Group]]:
    """Those who wrote of several organisations of each area, or span."""

    def made(people: People) -> list[Group]:
        if not people.repeated:
            return []
        return [replace(one, several=True) for one in _crossed(*columns)(people)]

    return made


# of people who wrote of several organisations: what whole counts less their parts would tell of
OVERLAPS: dict[str, Callable[[People], list[Group]]] = {
    "organisation, and no other": _alone(""),
    **{f"organisation, and no other of its {level}": _alone(level) for level in AREAS},
    "two organisations": _of_two,
    **{f"several organisations, {level}": _of_several(f"area {level} current") for level in AREAS},
    "several organisations, quarter": _of_several("quarter"),
}


def cells_under_the_floor(truth: Truth) -> list[Cell]:
    """Every cell of every kind with one to four people, those whose comments may be read left out."""
    found: list[Cell] = []
    for people in truth.people.values():
        for kind, groups in {**KINDS, **OVERLAPS}.items():
            for one in groups(people):
                count = people.count(one)
                if 0 < count < FLOOR:
                    found.append(Cell(kind, one, count))
    return found
