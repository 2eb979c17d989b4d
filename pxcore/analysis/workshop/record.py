"""What a room decides, written down: versions are added, none is altered; and what became of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from pxcore.analysis.masking import note_masked
from pxcore.analysis.workshop.course import Place, Stage
from pxcore.analysis.workshop.frozen import FrozenCell, FrozenSource
from pxcore.analysis.workshop.room import forecast, roles_present
from pxcore.analysis.workshop.workshops import LONGEST_NOTE, Meeting, go, meeting, now
from pxcore.errors import NothingToCompare
from pxcore.store import Store

REVIEWS = (30, 90, 180)  # days after a decision
EVIDENCE_PREFIX, EVIDENCE_LENGTH = "W-", 8


class DecisionKind(StrEnum):
    DECISION = "decision"
    RECOMMENDATION = "recommendation"  # to somebody whose gift it is in


class Gift(StrEnum):
    """Whether what is to be done lies within the gift of those present."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Confidence(StrEnum):
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


class Outcome(StrEnum):
    """What became of an action, as a review finds it."""

    DONE = "done"
    UNDER_WAY = "under_way"
    NOT_STARTED = "not_started"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Figure:
    """The figure expected to move, as it stood."""

    source: str
    measure: str
    unit: str  # "proportion" (0-1) or "score"
    value: float | None
    low: float | None
    high: float | None
    respondents: float | None
    start: date | None  # of the period it was of
    end: date | None


@dataclass(frozen=True, slots=True)
class Expected:
    """That a figure moves: which way, at least how far in its own unit, in data up to which day."""

    figure: Figure
    direction: Direction
    amount: float
    by_date: date


# What is written in somebody's own words, and masked before it is kept.
OWN_WORDS = ("words", "hypothesis", "alternatives", "action", "affected", "risks", "dissent")


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision as it is filled in."""

    words: str
    action: str
    owner: str
    kind: DecisionKind = DecisionKind.DECISION
    hypothesis: str = ""
    alternatives: str = ""
    due: date | None = None
    within_gift: Gift = Gift.YES
    affected: str = ""
    risks: str = ""
    confidence: Confidence = Confidence.MODERATE
    dissent: str = ""
    first_raised: date | None = None
    expected: Expected | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One version of a decision."""

    decision: str
    version: int
    workshop: str
    cell: int | None
    unit: str
    name: str
    grain: str
    domain: str
    draft: Draft
    present: tuple[tuple[str, int], ...]  # roles (pooled ones joined by "+") and how many of each
    evidence: tuple[str, ...]
    chance: float | None
    chances: int | None
    reviews: Mapping[int, date]  # days -> when it is due
    stands: bool
    why_changed: str
    recorded_by: str
    recorded_at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Review:
    decision: str
    days: int
    outcome: Outcome
    words: str
    reviewed_by: str
    reviewed_at: datetime  # UTC


def figure_of(source: FrozenSource) -> Figure:
    """The figure of one source as it was frozen."""
    side = source.side
    return Figure(
        source=side.source,
        measure=side.measure,
        unit=side.unit,
        value=source.value,
        low=source.low,
        high=source.high,
        respondents=source.respondents,
        start=side.period.start if side.period else None,
        end=side.period.end if side.period else None,
    )


def evidence_code(facts_key: str) -> str:
    """A short code for the facts a decision rests on, as they were frozen."""
    return f"{EVIDENCE_PREFIX}{facts_key[:EVIDENCE_LENGTH].upper()}"


def record(
    store: Store,
    now_open: Meeting,
    cell: int,
    draft: Draft,
    by: str,
    on: datetime | None = None,
) -> Decision:
    """Keep a decision on one question of a workshop, with who was there and what it rests on; it is taken now
    unless `on` says when.

    Raises NothingToCompare where what it cannot do without is missing.
    """
    asked_of = now_open.workshop.cells[cell]
    facts = asked_of.facts
    if facts is None:
        raise NothingToCompare(
            "The practice question is about nothing real: nothing is decided on it."
        )
    return _keep(
        store,
        Decision(
            decision=secrets.token_hex(6),
            version=1,
            workshop=now_open.workshop.workshop,
            cell=cell,
            unit=facts.unit,
            name=facts.name,
            grain=facts.grain,
            domain=facts.domain,
            draft=_checked(store, draft, facts),
            present=_present(now_open),
            evidence=(evidence_code(asked_of.facts_key),),
            chance=None,
            chances=None,
            reviews={},
            stands=True,
            why_changed="",
            recorded_by=_signed(by),
            recorded_at=on or now(),
        ),
    )


def correct(
    store: Store, before: Decision, draft: Draft, why: str, by: str, facts: FrozenCell | None = None
) -> Decision:
    """Keep a new version of a decision, and why; what it said before stays."""
    # a chance is of what was expected when the room was asked
    same = draft.expected == before.draft.expected
    return _keep(
        store,
        replace(
            before,
            version=before.version + 1,
            draft=_checked(store, draft, facts),
            why_changed=_reason(store, why),
            recorded_by=_signed(by),
            recorded_at=now(),
            chance=before.chance if same else None,
            chances=before.chances if same else None,
        ),
    )


def withdraw(store: Store, before: Decision, why: str, by: str) -> Decision:
    """Keep that a decision no longer stands, and why."""
    return _keep(
        store,
        replace(
            before,
            version=before.version + 1,
            stands=False,
            why_changed=_reason(store, why),
            recorded_by=_signed(by),
            recorded_at=now(),
        ),
    )


def keep_chance(store: Store, now_open: Meeting, before: Decision) -> Decision | None:
    """Write the room's probability into a decision; None where it stands there, or nobody gave any."""
    if before.cell is None:
        return None
    given = forecast(now_open, before.cell)
    if given.middle is None or (before.chance, before.chances) == (
        given.middle,
        len(given.chances),
    ):
        return None
    return _keep(
        store,
        replace(
            before,
            version=before.version + 1,
            chance=given.middle,
            chances=len(given.chances),
            why_changed="",
            recorded_at=now(),
        ),
    )


def advance(store: Store, workshop: str, place: Place) -> None:
    """Show a stage of a question; once a forecast is over, the room's probability is written down."""
    go(store, workshop, place)
    if place.stage is Stage.RECORDED:
        now_open = meeting(store, workshop)  # as it is now: people answer until the step is taken
        for decision in decisions(store, workshop):
            if decision.cell == place.cell and decision.stands and decision.draft.expected:
                keep_chance(store, now_open, decision)


def review(
    store: Store, decision: Decision, days: int, outcome: Outcome, words: str, by: str
) -> None:
    """Keep what a review finds; a later word on the same review stands in its place."""
    if days not in REVIEWS:
        raise ValueError(f"days ({days}) must be one of {REVIEWS}")
    store.add(
        (
            "decision_review",
            {
                "decision": decision.decision,
                "days": days,
                "outcome": outcome.value,
                "words": note_masked(store, words.strip()[:LONGEST_NOTE]),
                "reviewed_by": _signed(by),
                "reviewed_at": now(),
            },
        )
    )


def versions(store: Store, workshop: str = "") -> tuple[Decision, ...]:
    """Every version of every decision (of one workshop), the oldest first."""
    return tuple(_decision(row) for row in store.events("decisions", workshop=workshop))


def decisions(store: Store, workshop: str = "") -> tuple[Decision, ...]:
    """Every decision as its latest version has it, withdrawn ones too, the oldest first."""
    latest = {version.decision: version for version in versions(store, workshop)}
    return tuple(latest.values())


def reviews(store: Store) -> tuple[Review, ...]:
    """Every review as it was last found."""
    return tuple(
        Review(
            row["decision"],
            row["days"],
            Outcome(row["outcome"]),
            row["words"],
            row["reviewed_by"],
            row["reviewed_at"],
        )
        for row in store.events("decision_reviews")
    )


def _present(now_open: Meeting) -> tuple[tuple[str, int], ...]:
    return tuple(
        ("+".join(role.value for role in roles), people)
        for roles, people in roles_present(now_open)
    )


def _signed(by: str) -> str:
    name = " ".join(by.split())
    if not name:
        raise NothingToCompare(
            "Nothing was kept: a record needs the name of who writes it.", fix="Fill it in."
        )
    return name


def _reason(store: Store, why: str) -> str:
    if not why.strip():
        raise NothingToCompare(
            "Nothing was kept: a change needs its reason.", fix="Say why it is changed."
        )
    return note_masked(store, why.strip()[:LONGEST_NOTE])


def _checked(store: Store, draft: Draft, facts: FrozenCell | None) -> Draft:
    """The draft masked; refused where it says too little or expects what cannot be."""
    missing = [name for name in ("words", "action", "owner") if not getattr(draft, name).strip()]
    if missing:
        raise NothingToCompare(
            "Nothing was kept: a decision needs what is decided, the action, and who owns it.",
            fix="Fill in all three.",
        )
    expected = draft.expected
    if expected is not None:
        _check_expected(expected, facts)
    masked: dict[str, Any] = {
        name: note_masked(store, getattr(draft, name).strip()[:LONGEST_NOTE]) for name in OWN_WORDS
    }
    return replace(draft, **masked, owner=_signed(draft.owner))


def _check_expected(expected: Expected, facts: FrozenCell | None) -> None:
    figure = expected.figure
    if facts is not None and figure not in [figure_of(source) for source in facts.sources]:
        raise NothingToCompare("The figure expected to move is none of those that were frozen.")
    if figure.value is None:
        raise NothingToCompare(
            "The figure expected to move is silent now: nobody could say whether it moved.",
            fix="Choose the other source, or expect nothing.",
        )
    if expected.amount <= 0:
        raise NothingToCompare(
            "The figure is expected to move by nothing.", fix="Say by how much at least."
        )
    aim = figure.value + (1 if expected.direction is Direction.UP else -1) * expected.amount
    if figure.unit == "proportion" and not 0 <= aim <= 1:
        raise NothingToCompare(
            "The figure would have to pass 0 or 100 per cent.", fix="Expect less of it."
        )
    if figure.end is not None and expected.by_date <= figure.end:
        raise NothingToCompare(
            "The day lies within the period the figure is of.", fix="Choose a later one."
        )


_FIGURE = tuple(item.name for item in fields(Figure))
_OF_DRAFT = tuple(item.name for item in fields(Draft) if item.name != "expected")


def _keep(store: Store, decision: Decision) -> Decision:
    expected = decision.draft.expected
    first = decision.recorded_at.date() if not decision.reviews else None
    due = (
        dict(decision.reviews)
        if first is None
        else {days: first + timedelta(days=days) for days in REVIEWS}
    )
    kept = replace(decision, reviews=due)
    row: dict[str, Any] = {
        name: getattr(kept, name)
        for name in (
            "decision", "version", "workshop", "cell", "unit", "name", "grain", "domain", "chance",
            "chances", "stands", "why_changed", "recorded_by", "recorded_at",
        )
    }  # fmt: skip
    row |= {name: getattr(kept.draft, name) for name in _OF_DRAFT}
    figure = asdict(expected.figure) if expected else dict.fromkeys(_FIGURE)
    row |= {f"figure_{name}": value for name, value in figure.items()}
    for name in ("source", "measure", "unit"):
        row[f"figure_{name}"] = row[f"figure_{name}"] or ""
    row |= {
        "direction": expected.direction if expected else "",
        "amount": expected.amount if expected else None,
        "by_date": expected.by_date if expected else None,
        "roles": [role for role, _ in kept.present],
        "people": [people for _, people in kept.present],
        "evidence": list(kept.evidence),
    }
    row |= {f"review_{days}": day for days, day in due.items()}
    with store.happening():
        known = store.events("decisions", workshop=kept.workshop)
        if sum(version["decision"] == kept.decision for version in known) != kept.version - 1:
            raise NothingToCompare(
                "Nothing was kept: the decision was changed meanwhile.",
                fix="Look at it again, and change what stands now.",
            )
        store.add(
            ("decision", {k: v.value if isinstance(v, StrEnum) else v for k, v in row.items()})
        )
    return kept


def _decision(row: Mapping[str, Any]) -> Decision:
    expected = None
    if row["figure_source"]:
        figure = Figure(**{name: row[f"figure_{name}"] for name in _FIGURE})
        expected = Expected(figure, Direction(row["direction"]), row["amount"], row["by_date"])
    draft = {name: row[name] for name in _OF_DRAFT}
    draft |= {
        "kind": DecisionKind(row["kind"]),
        "within_gift": Gift(row["within_gift"]),
        "confidence": Confidence(row["confidence"]),
    }
    return Decision(
        decision=row["decision"],
        version=row["version"],
        workshop=row["workshop"],
        cell=row["cell"],
        unit=row["unit"],
        name=row["name"],
        grain=row["grain"],
        domain=row["domain"],
        draft=Draft(**draft, expected=expected),
        present=tuple(zip(row["roles"], row["people"], strict=True)),
        evidence=tuple(row["evidence"]),
        chance=row["chance"],
        chances=row["chances"],
        reviews={days: row[f"review_{days}"] for days in REVIEWS if row[f"review_{days}"]},
        stands=row["stands"],
        why_changed=row["why_changed"],
        recorded_by=row["recorded_by"],
        recorded_at=row["recorded_at"],
    )
