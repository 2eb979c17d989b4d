"""The record of a workshop, in words and as rows: what it rests on, what the room said, what is decided."""

from __future__ import annotations

from collections.abc import Callable

from pxcore.analysis.workshop.minutes import CellMinutes, KeptDecision, Minutes
from pxcore.analysis.workshop.notes import Words
from pxcore.analysis.workshop.record import evidence_code
from pxcore.analysis.workshop.room import RoundReport
from pxcore.analysis.workshop.workshops import Answer
from pxcore.disclosure import Released
from pxcore.words import methods, record, workshop
from pxcore.words.english import (
    capital,
    counted,
    dated,
    joined,
    number_range,
    percent_range,
    uncapital,
)

METHOD = methods.method("workshop")
ROUNDS = {1: "First round", 2: "Second round"}


def summary(report: Minutes) -> str:
    """How much is decided, on how many questions, by how many people."""
    questions, people = (
        counted(len(report.cells), "question"),
        counted(report.people, "person", "people"),
    )
    standing = len(report.standing)
    decided = capital(counted(standing, "decision")) if standing else "Nothing is decided yet"
    return f"{decided} on {questions}, by {people}."


def limits(report: Minutes) -> str:
    """What it was frozen of, and that later data change nothing in it."""
    made = report.workshop
    day = dated(made.made_at.date())
    frozen = f"Frozen on {day} by {made.made_by}; files loaded later change nothing in it."
    return frozen if report.same_data else f"{frozen} The data have changed since."


def basis(report: Minutes) -> str:
    """By what the frozen data are known again."""
    made = report.workshop
    return f"Workshop “{made.title}” · data at revision {made.revision}, fingerprint {made.frozen_key[:16]}"


def cautions(report: Minutes) -> tuple[str, ...]:
    """What is not in it, and what to bear in mind."""
    waiting = (
        f"{capital(counted(report.waiting, 'text'))} that somebody wrote "
        f"{'waits' if report.waiting == 1 else 'wait'} to be looked at and "
        f"{'is' if report.waiting == 1 else 'are'} not in this record."
    )
    return (
        *((waiting,) if report.waiting else ()),
        "Nobody sees who said what: answers are counted, and roles of few people are taken together.",
        "Names and numbers of people are hidden by rules, and somebody has read each note and reason here. "
        "What is decided, its action, risks and dissent are masked by the same rules.",
    )


def present(report: Minutes) -> str:
    """Who was there, by role."""
    groups = [("+".join(role.value for role in roles), people) for roles, people in report.present]
    text = workshop.present(groups)
    return f"Present: {text}." if text else "Nobody has joined with a telephone."


def overview(report: Minutes) -> Released:
    """A row a question: what the figures say, what the room says, what is decided."""
    return Released(
        {
            "organisation": [workshop.title(cell.cell) for cell in report.cells],
            "figures_say": [workshop.likely(cell.facts) for cell in report.cells],
            "room_says": [
                capital(workshop.counts(cell.rounds[-1].tally)) if cell.rounds else "Not asked"
                for cell in report.cells
            ],
            "decided": [_each(cell, lambda kept: kept.decision.draft.words) for cell in report.cells],
            "owner": [_each(cell, lambda kept: kept.decision.draft.owner) for cell in report.cells],
            "due": [_each(cell, _due) for cell in report.cells],
        }
    )  # fmt: skip


def _due(kept: KeptDecision) -> str:
    due = kept.decision.draft.due
    return dated(due) if due else "no day set"


def _each(cell: CellMinutes, of: Callable[[KeptDecision], str]) -> str:
    return "; ".join(of(kept) for kept in cell.decisions if kept.decision.stands) or "–"


def cell_basis(report: Minutes, cell: CellMinutes) -> str:
    """What a question was about, and the code of the facts behind it."""
    frozen = dated(report.workshop.made_at.date())
    code = evidence_code(cell.cell.facts_key)
    return f"{workshop.subject(cell.cell)} · frozen {frozen} · evidence {code}"


def figures(cell: CellMinutes) -> Released:
    """A row a source, as it is read."""
    sources = (*cell.facts.sources, *cell.facts.beside)
    return Released(
        {
            "source": [source.side.short_title for source in sources],
            "period": [str(source.side.period or "") for source in sources],
            "figure": [
                source.silence or "not shown"
                if source.value is None
                else workshop.value(source.value, source.side.unit)
                for source in sources
            ],
            "range": [
                ""
                if source.low is None or source.high is None
                else percent_range(source.low, source.high)
                if source.side.unit == "proportion"
                else number_range(source.low, source.high)
                for source in sources
            ],
            "peers": [
                "" if source.peers is None else workshop.value(source.peers, source.side.unit)
                for source in sources
            ],
            "answers": [source.respondents for source in sources],
            "stands": [capital(workshop.stands(source)) for source in sources],
        }
    )


def frozen(report: Minutes) -> Released:
    """A row a source of every question, as numbers."""
    rows = [
        {
            "organisation": workshop.title(cell.cell),
            "unit": cell.facts.unit,
            "source": source.side.short_title,
            "measure": source.side.measure_title,
            "period": str(source.side.period or ""),
            "value": source.value,
            "low": source.low,
            "high": source.high,
            "respondents": source.respondents,
            "peers": source.peers,
            "silence": source.silence,
            "agree": cell.facts.agree,
            "mark": cell.facts.mark,
            "evidence": evidence_code(cell.cell.facts_key),
        }
        for cell in report.cells
        for source in (*cell.facts.sources, *cell.facts.beside)
    ]
    return Released(rows)


def figures_title(cell: CellMinutes) -> str:
    """What each source says, in a sentence."""
    said = [
        f"{source.side.short_title} "
        + (
            "says too little"
            if source.value is None
            else workshop.value(source.value, source.side.unit)
        )
        for source in cell.facts.sources
    ]
    return f"{joined(said)}."


def not_yet(cell: CellMinutes) -> tuple[str, ...]:
    """That the room was not asked, and that nothing is decided, where it is so."""
    asked = () if cell.rounds else ("The room was not asked.",)
    return asked if cell.decisions else (*asked, "Nothing is decided on this question.")


def room_title(said: RoundReport) -> str:
    """What the room said in a round, in a sentence."""
    return f"The room, {uncapital(ROUNDS[said.round])}: {workshop.counts(said.tally)}."


def room_lines(report: Minutes, cell: CellMinutes) -> tuple[str, ...]:
    """What the room says of itself, by role, and who changed their mind."""
    lines: list[str] = []
    for said in cell.rounds:
        of_round = [*workshop.room(said), *workshop.roles(said, report.workshop.floor)]
        if said.movement is not None:
            of_round = [*workshop.movement(said.movement), *of_round]
        lines += [f"{ROUNDS[said.round]}. {line}" for line in of_round]
    return tuple(lines)


def answers(cell: CellMinutes) -> Released:
    """A row an answer, a column a round: how many gave it."""
    return Released(
        {"answer": [workshop.ANSWERS[answer] for answer in Answer]}
        | {f"round_{said.round}": _counts(said) for said in cell.rounds}
    )


def _counts(said: RoundReport) -> list[int]:
    return [said.tally.counts[answer] for answer in Answer]


def about(text: Words) -> str:
    """What somebody's words are."""
    if text.kind is None:
        said = workshop.ANSWERS[text.answer] if text.answer else ""
        return f"Why somebody said “{said}”, round {text.round}"
    instead = f", “{workshop.ANSWERS[text.answer]}”" if text.answer else ""
    return workshop.KINDS[text.kind] + instead + (f" ({text.by})" if text.by else "")


def own_words(cell: CellMinutes) -> Released:
    """What was written and may leave, a row each."""
    return Released(
        {
            "about": [about(text) for text in cell.words],
            "words": [text.words for text in cell.words],
        }
    )


def decision_title(kept: KeptDecision) -> str:
    """What is decided, in its own words, and of whom."""
    return f"{record.heading(kept.decision)}: {kept.decision.draft.words}"


def decision(kept: KeptDecision) -> Released:
    """What is done, by whom, and why, a row each."""
    return _rows(record.course(kept.decision))


def sign_title(kept: KeptDecision) -> str:
    """By what it will be known whether it worked, in a sentence."""
    expected = kept.decision.draft.expected
    return workshop.expectation(expected) if expected else "No figure is expected to move."


def sign(kept: KeptDecision) -> Released:
    """What is expected of it and how likely, who was there, reviews and versions, a row each."""
    reviewed = [("Reviewed", record.reviewed(review)) for review in kept.reviews]
    versions = "; ".join(record.version(version) for version in kept.versions)
    return _rows([*record.follow_up(kept.decision), *reviewed, ("Versions", versions)])


def _rows(rows: list[tuple[str, str]]) -> Released:
    return Released({"what": [name for name, _ in rows], "text": [text for _, text in rows]})
