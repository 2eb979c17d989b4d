"""Whether the exact answers of one organisation can be worked out: how many, and how many are positive.

Of people not readable, by all statements together, as for cells of few people. Shares are those of the counts
shown beside them, which `readings.rates` checks, and add nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.attacker.cells import Cell
from benchmarks.attacker.system import Bound
from benchmarks.attacker.truth import People, group, none_of, one_of

FEW_ANSWERS = 20  # under which nobody's answers may be reconstructed
SPANS = ((), ("year",), ("quarter",))


@dataclass(frozen=True, slots=True)
class Reconstructed:
    """One organisation and span of which both numbers follow."""

    source: str
    said: str
    answers: int
    positive: int
    route: str


def answers_and_positive(people: People) -> list[Cell]:
    """Two cells one after the other for each organisation, in all and in each year and quarter."""
    if "answer overall" not in people.codes:
        return []
    cells = []
    for span in SPANS:
        for named, met in _spans(people, span):
            answered = group(people.source, *met, none_of("answer overall", "", "n")).answers()
            positive = answered.and_(one_of("answer overall", "1.0"))
            cells += [Cell(named, one, people.count(one)) for one in (answered, positive)]
    return cells


def by_statements(bounds: Sequence[Bound]) -> list[Reconstructed]:
    """Those of whom both cells of `answers_and_positive` follow."""
    return [
        Reconstructed(
            whole.cell.group.source, whole.cell.kind, whole.cell.people, part.cell.people,
            f"{whole.route}; {part.route}",
        )
        for whole, part in zip(bounds[::2], bounds[1::2], strict=True)
        if whole.pinned and part.pinned and whole.cell.people > 0
    ]  # fmt: skip


def _spans(people: People, span: Sequence[str]) -> Iterable[tuple[str, tuple]]:
    names = {name: list(people.values[name]) for name in ("organisation", *span)}
    seen = set()
    for numbers in zip(*(people.codes[name][people.hidden] for name in names), strict=True):
        if numbers in seen:
            continue
        seen.add(numbers)
        values = [names[name][number] for name, number in zip(names, numbers, strict=True)]
        yield (
            ", ".join(str(value) for value in values),
            tuple(one_of(name, value) for name, value in zip(names, values, strict=True)),
        )
