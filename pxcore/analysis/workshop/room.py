"""What a room says: who has answered, how far they agree, by role, and who changed their mind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pxcore.analysis.workshop.course import FORECAST_ROUND
from pxcore.analysis.workshop.workshops import ON_THE_SCALE, Answer, Meeting, Role
from pxcore.disclosure import enough
from pxcore.errors import TooFewPairs
from pxcore.model import Disclosure
from pxcore.stats.room import DisagreementIndex, RoomAgreement, disagreement_index, room_agreement

SEED = 18
# Where an answer stands on the scale of the disagreement index: the middle of its thirds.
ON_NINE: Mapping[Answer, float] = {Answer.AGREE: 8, Answer.PARTLY: 5, Answer.DIFFER: 2}


@dataclass(frozen=True, slots=True)
class Tally:
    """What some people answered."""

    counts: Mapping[Answer, int]  # every answer, given or not

    @property
    def people(self) -> int:
        return sum(self.counts.values())

    @property
    def commonest(self) -> tuple[Answer, ...]:
        """The answer most of them gave; several where they tie, none where nobody answered."""
        most = max(self.counts.values())
        return tuple(answer for answer, count in self.counts.items() if count == most > 0)


@dataclass(frozen=True, slots=True)
class RoleTally:
    """What the people of a role answered; of several that are pooled, for each has too few people."""

    roles: tuple[Role, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class Movement:
    """Who changed their mind between two rounds, of those who answered both on a phone."""

    both: int
    stayed: int
    moved: Mapping[tuple[Answer, Answer], int]  # from and to -> people


@dataclass(frozen=True, slots=True)
class RoundReport:
    """What the room said in one round of one question."""

    cell: int
    round: int
    tally: Tally
    roles: tuple[
        RoleTally, ...
    ]  # those of enough people, then the rest as one; none where that is nothing
    agreement: RoomAgreement | None  # None: fewer than stats.room.FEWEST_IN_ROOM on the scale
    split: DisagreementIndex | None  # None: fewer than three on the scale
    movement: Movement | None  # of the second round

    @property
    def in_common(self) -> Answer | None:
        """The answer that most of every role gave, where there are several roles to compare."""
        commonest = [set(group.tally.commonest) for group in self.roles]
        shared = set.intersection(*commonest) if len(commonest) > 1 else set()
        return shared.pop() if len(shared) == 1 else None


@dataclass(frozen=True, slots=True)
class Forecast:
    """How likely the room thinks it is that a figure moves as expected."""

    chances: tuple[float, ...]  # in order
    middle: float | None
    low: float | None  # a quarter of the answers lie below
    high: float | None


def waiting(now: Meeting) -> tuple[int, int]:
    """How many have answered in the open round, and how many are there. Never what."""
    place = now.course.place
    if place.round is None:
        return 0, len(now.present)
    hands = sum(now.shown_hands(place.cell, place.round).values())
    return len(now.latest(place.cell, place.round)) + hands, len(now.present) + hands


def round_report(now: Meeting, cell: int, round_: int) -> RoundReport:
    """What the room said in a round, hands and phones together."""
    role_of = {person.participant: person.role for person in now.joined}
    answers = now.latest(cell, round_)
    given = Counter(
        (role_of[participant], Answer(row["answer"])) for participant, row in answers.items()
    )
    given.update(now.shown_hands(cell, round_))
    total = Counter[Answer]()
    for (_, answer), people in given.items():
        total[answer] += people
    on_scale = [total[answer] for answer in ON_THE_SCALE]
    return RoundReport(
        cell=cell,
        round=round_,
        tally=_tally(total),
        roles=_by_role(given, now.workshop.disclosure),
        agreement=_agreement(on_scale),
        split=_split(on_scale),
        movement=_movement(now.latest(cell, 1), answers) if round_ == 2 else None,
    )


def _tally(counts: Mapping[Answer, int]) -> Tally:
    return Tally({answer: counts.get(answer, 0) for answer in Answer})


def _by_role(
    given: Mapping[tuple[Role, Answer], int], disclosure: Disclosure
) -> tuple[RoleTally, ...]:
    """The answers of each role of enough people; the rest are pooled, with another role where they are
    still too few, so that nobody's answer follows from the whole."""
    people = Counter[Role]()
    for (role, _), count in given.items():
        people[role] += count
    shown = [role for role in Role if people[role] and enough([people[role]], disclosure)[0]]
    pooled = [role for role in Role if people[role] and role not in shown]
    while pooled and shown and not enough([sum(people[role] for role in pooled)], disclosure)[0]:
        smallest = min(shown, key=people.__getitem__)
        shown.remove(smallest)
        pooled.append(smallest)
    groups = [(role,) for role in shown]
    if pooled and groups:
        groups.append(tuple(role for role in Role if role in pooled))  # type: ignore[arg-type]
    return tuple(
        RoleTally(
            roles,
            _tally(
                {answer: sum(given.get((role, answer), 0) for role in roles) for answer in Answer}
            ),
        )
        for roles in groups
    )


def _agreement(on_scale: list[int]) -> RoomAgreement | None:
    try:
        return room_agreement(on_scale, seed=SEED)
    except TooFewPairs:
        return None


def _split(on_scale: list[int]) -> DisagreementIndex | None:
    ratings = [
        ON_NINE[answer]
        for answer, people in zip(ON_THE_SCALE, on_scale, strict=True)
        for _ in range(people)
    ]
    try:
        return disagreement_index(ratings)
    except TooFewPairs:
        return None


def _movement(
    first: Mapping[str, Mapping[str, Any]], second: Mapping[str, Mapping[str, Any]]
) -> Movement:
    both = sorted(set(first) & set(second))
    pairs = Counter(
        (Answer(first[person]["answer"]), Answer(second[person]["answer"])) for person in both
    )
    stayed = sum(people for (before, after), people in pairs.items() if before is after)
    moved = {pair: people for pair, people in pairs.items() if pair[0] is not pair[1]}
    return Movement(len(both), stayed, moved)


def forecast(now: Meeting, cell: int) -> Forecast:
    """The probabilities that phones gave, and their middle."""
    chances = sorted(float(row["chance"]) for row in now.latest(cell, FORECAST_ROUND).values())
    if not chances:
        return Forecast((), None, None, None)
    low, middle, high = (float(end) for end in np.quantile(chances, [0.25, 0.5, 0.75]))
    return Forecast(tuple(chances), middle, low, high)


def roles_present(now: Meeting) -> tuple[tuple[tuple[Role, ...], int], ...]:
    """Who takes part, by role; roles of few people are pooled, as their answers are."""
    people = Counter(person.role for person in now.present)
    given = {(role, Answer.AGREE): count for role, count in people.items()}
    groups = _by_role(given, now.workshop.disclosure)
    if not groups:
        everyone = tuple(role for role in Role if people[role])
        return ((everyone, sum(people.values())),) if everyone else ()
    return tuple((group.roles, group.tally.people) for group in groups)
