"""A workshop in words: the questions, the answers, what the room said, what the figures say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from pxcore import maps
from pxcore.analysis.workshop.agenda import Purpose
from pxcore.analysis.workshop.course import Stage
from pxcore.analysis.workshop.frozen import FrozenCell, FrozenSource
from pxcore.analysis.workshop.notes import Kind
from pxcore.analysis.workshop.record import Decision, Direction, Expected
from pxcore.analysis.workshop.room import Forecast, Movement, RoundReport, Tally
from pxcore.analysis.workshop.workshops import AgendaCell, Answer, Role
from pxcore.model import GRAIN_TITLES, Grain
from pxcore.stats.certainty import Word
from pxcore.stats.room import FEWEST_IN_ROOM
from pxcore.words import certainty, source_card, verdicts
from pxcore.words.certainty import in_100
from pxcore.words.english import (
    capital,
    counted,
    dated,
    fixed,
    joined,
    number,
    number_range,
    percent,
    percent_range,
    uncapital,
)

ANSWERS: Mapping[Answer, str] = MappingProxyType(
    {
        Answer.AGREE: "They agree",
        Answer.PARTLY: "They agree in part",
        Answer.DIFFER: "They differ",
        Answer.SILENT: "One of them says too little",
        Answer.CANNOT_TELL: "I cannot tell",
    }
)
_BRIEFLY: Mapping[Answer, str] = MappingProxyType(
    {
        Answer.AGREE: "agree",
        Answer.PARTLY: "agree in part",
        Answer.DIFFER: "differ",
        Answer.SILENT: "find that one says too little",
        Answer.CANNOT_TELL: "cannot tell",
    }
)
ROLES: Mapping[Role, str] = MappingProxyType(
    {
        Role.DOCTOR: "Doctor",
        Role.NURSE: "Nurse or midwife",
        Role.ALLIED: "Therapist, pharmacist or other clinician",
        Role.MANAGER: "Manager or administrator",
        Role.ANALYST: "Analyst",
        Role.PATIENT: "Patient or carer",
        Role.COMMUNITY: "Healthwatch or community group",
        Role.SOMEONE_ELSE: "Someone else",
    }
)
_MANY: Mapping[Role, str] = MappingProxyType(
    {
        Role.DOCTOR: "doctors",
        Role.NURSE: "nurses and midwives",
        Role.ALLIED: "therapists, pharmacists and other clinicians",
        Role.MANAGER: "managers and administrators",
        Role.ANALYST: "analysts",
        Role.PATIENT: "patients and carers",
        Role.COMMUNITY: "Healthwatch and community groups",
        Role.SOMEONE_ELSE: "others",
    }
)
PURPOSES: Mapping[Purpose, str] = MappingProxyType(
    {
        Purpose.PRACTICE: "practice",
        Purpose.DIFFERENCE: "a strong difference",
        Purpose.AGREEMENT: "a surprising agreement",
        Purpose.SILENCE: "a silence that concerns many people",
        Purpose.SETTLE: "could be either: more answers would settle it",
        Purpose.PICKED: "picked by hand",
    }
)
STAGES: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.WELCOME: "People join",
        Stage.QUESTION: "The question",
        Stage.ROUND_ONE: "First round: phones are open",
        Stage.CLOSED_ONE: "First round closed",
        Stage.ROOM: "What the room says",
        Stage.ANSWER: "What the figures say",
        Stage.VOICES: "What people wrote",
        Stage.ROUND_TWO: "Second round: phones are open",
        Stage.CLOSED_TWO: "Second round closed",
        Stage.MOVEMENT: "Who changed their mind",
        Stage.DECISION: "What shall we do?",
        Stage.FORECAST: "How likely is it? Phones are open",
        Stage.RECORDED: "What is written down",
    }
)
KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.DISCUSSION: "Something that was said",
        Kind.INFERENCE: "What somebody concludes from figures and comments",
        Kind.COMMON: "What all roles agree on",
        Kind.OVERRULE: "The room says otherwise than the figures",
        Kind.MINORITY: "A view not everybody shares",
    }
)
# The chances offered on a phone, and how each is said.
CHANCES: Mapping[float, str] = MappingProxyType(
    {
        0.95: "Almost certain",
        0.8: "Likely",
        0.65: "More likely than not",
        0.5: "As likely as not",
        0.35: "Less likely than not",
        0.2: "Unlikely",
        0.05: "Almost certainly not",
    }
)
OF_ONE_MIND = 0.5  # the least agreement of a room of which that is said
PRACTICE_NAME = "A café (practice)"
PRACTICE_LINES = (
    "Comment cards: 57 of 60 guests were happy. In most cafés it is 54 of 60.",
    "Asked in the street: 26 of 40 would come again. In most cafés it is 31 of 40.",
)
PROMPTS = (
    "What explains it? Say it as a guess that could be wrong.",
    "What else was thought of, and why not?",
    "What do we do, and who owns it?",
    "Is it in our gift? If not, to whom do we recommend it?",
    "Who is affected, and who might be left out?",
    "Which figure should move, which way, how far, by when?",
)
PHONE_WAITS = "Look at the screen. Your phone opens when it is time to answer."
PRIVACY = (
    "Nobody sees what you answered, only how many said what. Your name is not asked for. Names and numbers "
    "in what you write are hidden before it is kept."
)


# --- The question ---


def title(cell: AgendaCell) -> str:
    return cell.name or PRACTICE_NAME


def subject(cell: AgendaCell) -> str:
    """What the two sources are about, beneath the name."""
    facts = cell.facts
    if facts is None:
        return "Nothing real: everybody tries their phone."
    measures = dict.fromkeys(source.side.measure_title for source in facts.sources)
    return f"{pair(facts)} · {capital(joined([uncapital(measure) for measure in measures]))}"


def pair(facts: FrozenCell) -> str:
    return f"{facts.left.side.short_title} and {facts.right.side.short_title}"


def question(cell: AgendaCell) -> str:
    """What phones are asked in a round."""
    if cell.facts is None:
        return "The café: do comment cards and people in the street tell the same story?"
    return f"{cell.name}: do {pair(cell.facts)} tell the same story?"


def sent(answer: Answer, reason: str) -> str:
    """What a phone has sent, once it is kept."""
    return f"Sent: “{ANSWERS[answer]}”{', with your reason' if reason else ''}."


def said_first(answer: Answer) -> str:
    """What a telephone is reminded of in the second round: its own answer in the first, and no other."""
    return f"In the first round you said: “{ANSWERS[answer]}”. Tap it again to stay with it."


def forecast_question(decision: Decision) -> str:
    """What phones are asked of a decision; "" of one that expects nothing."""
    expected = decision.draft.expected
    if expected is None:
        return ""
    return f"{decision.name}: how likely is it that {moves(expected)}?"


def moves(expected: Expected) -> str:
    """What is expected, to stand inside a sentence."""
    figure = expected.figure
    assert figure.value is not None
    rises = expected.direction is Direction.UP
    aim = figure.value + (1 if rises else -1) * expected.amount
    way, least = ("rises", "or more") if rises else ("falls", "or less")
    return (
        f"{_source_title(figure.source)} {way} from {value(figure.value, figure.unit)} to "
        f"{value(aim, figure.unit)} {least} in data up to {dated(expected.by_date)}"
    )


def expectation(expected: Expected) -> str:
    """The same as a sentence."""
    return f"{capital(moves(expected))}."


def _source_title(source: str) -> str:
    return str(maps.source(source)["short_title"])


# --- The figures, as they were frozen ---


def value(figure: float, unit: str) -> str:
    return percent(figure) if unit == "proportion" else fixed(figure, 1)


def figure(source: FrozenSource) -> str:
    """One source in a line: its figure, its range, its peers, its answers; else why it is silent."""
    side = source.side
    if source.value is None:
        return f"{side.short_title}: {source.silence or 'not shown'}."
    parts = []
    if source.low is not None and source.high is not None:
        parts.append(
            percent_range(source.low, source.high)
            if side.unit == "proportion"
            else f"{fixed(source.low, 1)} to {fixed(source.high, 1)}"
        )
    if source.peers is not None:
        parts.append(f"peers {value(source.peers, side.unit)}")
    beside = f" ({'; '.join(parts)})" if parts else ""
    answers = "" if source.respondents is None else f", {counted(source.respondents, 'answer')}"
    silent = f"; not heard: {source.silence}" if source.silence else ""
    return f"{side.short_title}: {value(source.value, side.unit)}{beside}{answers}{silent}."


def also(source: FrozenSource) -> str:
    """What a third source says, of which nothing is judged here."""
    return f"Also: {figure(source)}"


def stands(source: FrozenSource) -> str:
    """On which side of its peers one source alone puts the organisation."""
    return "" if source.above is None or source.silence else verdicts.side(source.above)


def likely(facts: FrozenCell) -> str:
    """The word for how likely the two agree, and how likely; else why none is said."""
    if facts.mark in certainty.UNSAID:
        return capital(certainty.UNSAID[facts.mark])
    return certainty.label(_certainty(facts) | {"shown": False})


def shown(facts: FrozenCell) -> str:
    """Whether the stricter test of this one organisation comes to the same; "" where nothing is said."""
    return certainty.shown(_certainty(facts))


def _certainty(facts: FrozenCell) -> dict[str, Any]:
    agree = float("nan") if facts.agree is None else facts.agree
    return {"mark": facts.mark, "agree": agree, "shown": facts.shown}


def learnt(facts: FrozenCell) -> str:
    """How likely the two agree before the organisation is heard, and after."""
    if facts.before is None or facts.agree is None:
        return "How likely the two agree here cannot be said: one of them says too little."
    noun = GRAIN_TITLES[Grain(facts.grain)][0]
    answers = [source.respondents for source in facts.sources]
    heard = (
        "its answers"
        if None in answers
        else f"its {joined([f'{count:,.0f}' for count in answers if count is not None])} answers"
    )
    return (
        f"That {pair(facts)} agree: before hearing this {noun} {in_100(facts.before)}, after {heard} "
        f"{in_100(facts.agree)}."
    )


def dots(facts: FrozenCell) -> str:
    """The dots in words."""
    inside = sum(abs(dot) < facts.margin for dot in facts.dots)
    return (
        f"Twenty equally likely gaps: {inside} of 20 lie in the shaded band, where the two agree."
        if facts.dots
        else ""
    )


def sides(facts: FrozenCell) -> tuple[str, str]:
    """What lies to the left and to the right of the dots."""
    return f"{facts.right.side.short_title} better", f"{facts.left.side.short_title} better"


def marks(facts: FrozenCell) -> str:
    """What must stand beside every figure of the pair."""
    return f"{capital('; '.join(facts.marks))}." if facts.marks else ""


def otherwise(facts: FrozenCell, tally: Tally) -> str:
    """Said where most of the room say otherwise than the figures; "" where they do not."""
    most = tally.commonest
    if len(most) != 1 or not _differs(facts, most[0]):
        return ""
    return (
        "Most of the room say otherwise than the figures: if that is its answer, write down why, as “The "
        "room says otherwise than the figures”."
    )


def _differs(facts: FrozenCell, answer: Answer) -> bool:
    figures_say = {
        Word.VERY_LIKELY_AGREE.value: {Answer.AGREE, Answer.PARTLY},
        Word.PROBABLY_AGREE.value: {Answer.AGREE, Answer.PARTLY},
        Word.PROBABLY_DIFFER.value: {Answer.DIFFER, Answer.PARTLY},
        Word.VERY_LIKELY_DIFFER.value: {Answer.DIFFER, Answer.PARTLY},
    }
    return facts.mark in figures_say and answer not in figures_say[facts.mark]


def card(source: FrozenSource, grain: str) -> list[tuple[str, str]]:
    """What there is to know of a source: heading and sentence."""
    return source_card.facts(source.card, Grain(grain))


def voices(facts: FrozenCell) -> list[tuple[str, str]]:
    """Each comment with where it stands, for a screen across the room."""
    return [
        (
            " · ".join(
                part
                for part in (
                    _source_title(comment.source),
                    "" if comment.month is None else f"{comment.month:%B %Y}",
                    comment.sentiment,
                    f"one of {comment.people:,} who wrote",
                )
                if part
            ),
            comment.comment,
        )
        for comment in facts.comments
    ]


_BRIEF = ("How many", "When", "Cannot bear")  # of a source's card, for a screen across the room


def card_in_brief(source: FrozenSource, grain: str) -> str:
    """What a room must know of a source, in three sentences."""
    return " ".join(
        f"Cannot bear: {uncapital(sentence)}" if heading == "Cannot bear" else sentence
        for heading, sentence in card(source, grain)
        if heading in _BRIEF
    )


# --- The room ---


def joined_so_far(people: int) -> str:
    """How many people have joined."""
    return f"{counted(people, 'person has', 'people have')} joined"


def answered(those: int, of: int) -> str:
    """How many have answered, never what."""
    return f"{those} of {of} have answered"


def counts(tally: Tally) -> str:
    """How many said what, the commonest first."""
    given = sorted(
        ((count, answer) for answer, count in tally.counts.items() if count),
        key=lambda pair_of: -pair_of[0],
    )
    return joined([f"{count} {_BRIEFLY[answer]}" for count, answer in given]) or "nobody answered"


def room(report: RoundReport) -> list[str]:
    """What the room says of itself, in short sentences."""
    return [line for line in (_agreement(report), _split(report), _in_common(report)) if line]


def _agreement(report: RoundReport) -> str:
    agreed = report.agreement
    if agreed is None:
        few = f"Fewer than {FEWEST_IN_ROOM} judged the two sources"
        return f"{few}: even if all said the same, it could be chance."
    interval = agreed.interval
    if interval.low > OF_ONE_MIND:
        much = "The room is of one mind"
    elif interval.low > 0:
        much = "Most of the room agree"
    else:
        much = "The room does not agree, or too few answered to say"
    return (
        f"{much}: agreement {number(agreed.estimate)} ({number_range(interval.low, interval.high)}); "
        "1 is one voice, 0 is chance."
    )


def _split(report: RoundReport) -> str:
    panel = report.split
    if panel is None:
        return ""
    split = "The room is split" if panel.split else "The room is not split"
    return f"{split}: disagreement index {number(panel.index)}, over 1 is split."


def _in_common(report: RoundReport) -> str:
    if report.in_common is None:
        return ""
    return f"In every role most say the same: {uncapital(ANSWERS[report.in_common])}."


def roles(report: RoundReport, floor: int) -> list[str]:
    """What each role said; roles of few people are pooled, and that is said."""
    if not report.roles:
        return [
            f"Not shown by role: fewer than {floor} people of any one role answered, or too few besides."
        ]
    lines = [
        f"{capital(role_names(group.roles))} ({group.tally.people}): {counts(group.tally)}."
        for group in report.roles
    ]
    if any(len(group.roles) > 1 for group in report.roles):
        lines.append(
            f"Roles of fewer than {floor} people are taken together, so that nobody stands alone."
        )
    return lines


def role_names(several: Sequence[Role]) -> str:
    return ", with ".join(_MANY[role] for role in several)


def present(groups: Sequence[tuple[str, int]]) -> str:
    """Who was there, as a record keeps it."""
    parts = []
    for names, count in groups:
        roles = [Role(name) for name in names.split("+")]
        several = f"{counted(count, 'person', 'people')} ({role_names(roles)})"
        parts.append(several if len(roles) > 1 else f"{count} {role_names(roles)}")
    return "; ".join(parts)


def movement(moved: Movement) -> list[str]:
    """Who changed their mind."""
    if not moved.both:
        return ["Nobody answered both rounds on a phone, so nobody's change of mind is known."]
    lines = [f"Of {moved.both} who answered both times {moved.stayed} stayed with what they said."]
    for (before, after), people in sorted(moved.moved.items(), key=lambda item: -item[1]):
        lines.append(f"{people} moved from “{_BRIEFLY[before]}” to “{_BRIEFLY[after]}”.")
    return lines


def decided(decisions: int) -> str:
    """How much a room has decided."""
    return f"{capital(counted(decisions, 'decision'))} written down." if decisions else ""


def on_screen(decision: Decision) -> list[tuple[str, str]]:
    """Heading and sentence of what a room sees of its decision."""
    draft = decision.draft
    due = f", by {dated(draft.due)}" if draft.due else ""
    lines = [("Action", f"{draft.action} ({draft.owner}{due})")]
    if draft.expected is not None:
        lines.append(("Expected", expectation(draft.expected)))
    if draft.dissent:
        lines.append(("Not everybody agrees", f"Not everybody agrees: {draft.dissent}"))
    return lines


def chance(given: Forecast) -> str:
    """The room's probability."""
    if given.middle is None or given.low is None or given.high is None:
        return "Nobody has said how likely it is."
    spread = (
        f" (half of them from {fixed(given.low * 100)} to {fixed(given.high * 100)})"
        if given.low < given.high
        else ""
    )
    return (
        f"The room's chance: {fixed(given.middle * 100)} in 100, the middle of "
        f"{counted(len(given.chances), 'answer')}{spread}."
    )


def newer(made_on: date) -> str:
    return (
        f"The data have changed since this workshop was made on {dated(made_on)}. It goes on showing what it "
        "froze; make a new one to look at today's."
    )
