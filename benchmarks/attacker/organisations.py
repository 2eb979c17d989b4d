"""Whether the exact answers of one organisation can be worked out: how many, and how many are positive.

Two ways. All statements together, as for cells of few people; and what is printed of a rate: of all pairs
of positive and answers that a shown count allows, those whose percentage is printed so, in every view of
the same answers. The second takes rates to be worked out from exact counts: where they are of counts as
shown, the true pair is seldom among those left.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.attacker.noise import Noise
from benchmarks.attacker.readings import Rate
from benchmarks.attacker.solver import Bound
from benchmarks.attacker.truth import Cell, Group, People, group, none_of, one_of

FEW_ANSWERS = 20  # under which nobody's answers may be reconstructed
SPANS = ((), ("year",), ("quarter",))
MOST_PIECES = 400  # pairs looked through for one organisation


@dataclass(frozen=True, slots=True)
class Reconstructed:
    """One organisation and span of which both numbers follow."""

    source: str
    said: str
    answers: int
    positive: int
    route: str


@dataclass
class Rates:
    """What is printed of the rate of each organisation, over all views."""

    seen: dict[Group, list[Rate]] = field(default_factory=lambda: defaultdict(list))

    def take(self, found: Iterable[Rate]) -> None:
        for one in found:
            if one not in self.seen[one.answered]:
                self.seen[one.answered].append(one)

    def reconstructed(
        self, noise: Noise, people: dict[str, People]
    ) -> tuple[list[Reconstructed], int]:
        """Those of whom one pair alone is left and it is the true one; and of how many one wrong pair
        is."""
        found, wrong = [], 0
        for answered, views in self.seen.items():
            able = None
            for one in views:
                allowed = pairs_allowed(one, noise)
                able = allowed if able is None else able & allowed
            source = people[answered.source]
            true = (source.count(views[0].positive), source.count(answered))
            if able is not None and len(able) == 1:
                if able == {true}:
                    found.append(
                        Reconstructed(
                            answered.source, views[0].said, true[1], true[0], "rate as printed"
                        )
                    )
                else:
                    wrong += 1
        return found, wrong


def pairs_allowed(one: Rate, noise: Noise) -> set[tuple[int, int]]:
    """Pairs of positive and all answers whose percentage is printed as it is."""
    low, high = noise.shown(one.answers)
    high = min(high, low + MOST_PIECES)
    printed = round(100 * one.value, one.decimals)
    found = set()
    for answers in range(max(1, int(low)), int(high) + 1):
        near = one.value * answers
        reach = math.ceil(answers * 0.5 * 10**-one.decimals / 100) + 1
        for positive in range(max(0, int(near) - reach), min(answers, int(near) + reach + 1) + 1):
            if round(100 * positive / answers, one.decimals) == printed:
                found.add((positive, answers))
    return found


def answers_and_positive(people: People) -> list[Cell]:
    """Two cells one after the other for each organisation, in all and in each year and quarter."""
    if "answer overall" not in people.codes:
        return []
    cells = []
    for span in SPANS:
        for named, met in _spans(people, span):
            answered = group(people.source, *met, none_of("answer overall", "", "n"))
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
    for numbers in zip(*(people.codes[name] for name in names), strict=True):
        if numbers in seen:
            continue
        seen.add(numbers)
        values = [names[name][number] for name, number in zip(names, numbers, strict=True)]
        yield (
            ", ".join(str(value) for value in values),
            tuple(one_of(name, value) for name, value in zip(names, values, strict=True)),
        )
