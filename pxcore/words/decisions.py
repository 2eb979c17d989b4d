"""What became of decisions, in words: moves, forecasts, reviews, and what the public is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from pxcore import maps
from pxcore.analysis.workshop.decisions import (
    After,
    DecisionsReport,
    Digest,
    Due,
    Followed,
    Move,
    Reach,
    ReviewDue,
    Why,
)
from pxcore.analysis.workshop.record import DecisionKind, Figure, Outcome
from pxcore.disclosure import Released
from pxcore.model import LEAGUE_SOURCE
from pxcore.stats.forecast import FEWEST_FORECASTS, ForecastScore
from pxcore.words import league, methods, workshop
from pxcore.words.english import (
    capital,
    counted,
    dated,
    fixed,
    joined,
    month_range,
    number,
    number_range,
    percent,
    points_signed,
    signed,
    uncapital,
)

MOVES: Mapping[Move, str] = MappingProxyType(
    {
        Move.AS_EXPECTED: "Moved as expected",
        Move.TOO_EARLY: "Too early to tell",
        Move.DID_NOT_MOVE: "Did not move",
        Move.OTHER_WAY: "Moved the other way",
        Move.CANNOT_TELL: "Cannot be told",
        Move.NOTHING_EXPECTED: "No figure was expected to move",
    }
)
DUES: Mapping[Due, str] = MappingProxyType(
    {
        Due.PAST: "The day has passed",
        Due.SOON: "Within 30 days",
        Due.LATER: "Later",
        Due.NEVER: "No day was set",
    }
)
_REACHES: Mapping[Reach, str] = MappingProxyType(
    {
        Reach.REACHED: "It has come as far as expected.",
        Reach.ON_THE_WAY: "It is on the way to what was expected.",
        Reach.SHORT: "It falls short of what was expected, and the day has passed.",
    }
)
_WHYS: Mapping[Why, str] = MappingProxyType(
    {
        Why.NO_DATA: "No figures are loaded from periods that begin after the decision.",
        Why.NO_FIGURE: "Too few answers came in since the decision for a figure.",
        Why.OPEN: "The range allows a move as expected and none at all.",
        Why.NOT_DUE: "It falls short so far, and the day has not come.",
        Why.BROKEN: "The question or its method changed since: what follows is another figure.",
        Why.NO_RANGE: "The figure had no range when it was written down.",
    }
)
_PROGRESS: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.DONE: "This is done.",
        Outcome.UNDER_WAY: "This is under way.",
        Outcome.NOT_STARTED: "This has not started yet.",
        Outcome.STOPPED: "This was stopped.",
    }
)
NOTHING = "Nothing is decided yet, so there is nothing to follow."
PICTURE = (
    "Dot and line: what came, with its 95 % range; blue where it moved as expected. Grey bar and tick: what "
    "would be expected with nothing done. The line at 100%: as far as expected."
)
METHOD = methods.method("decisions", fewest=FEWEST_FORECASTS)


# --- All of them ---


def summary(report: DecisionsReport) -> str:
    """How many moved, and how many it is too early to tell of."""
    standing = report.standing
    if not standing:
        return "No decision stands."
    counts = {move: sum(record.move is move for record in standing) for move in Move}
    parts = [
        f"{counts[Move.AS_EXPECTED]} moved as expected",
        f"{counts[Move.DID_NOT_MOVE] + counts[Move.OTHER_WAY]} did not",
        *([f"of {early} it is too early to tell"] if (early := counts[Move.TOO_EARLY]) else []),
    ]
    return f"Of {counted(len(standing), 'decision')}, {joined(parts)}."


def limits(report: DecisionsReport) -> str:
    """That a figure that moved does not say that the action did it."""
    if any(
        record.beyond is False and record.move is Move.AS_EXPECTED for record in report.standing
    ):
        return (
            "Some that moved as expected moved no further than would be expected with nothing done."
        )
    return (
        "A figure can move for other reasons than the action; each stands beside what would be expected "
        "with nothing done."
    )


def figures(report: DecisionsReport) -> list[tuple[str, str, str]]:
    """Label, value and what it rests on."""
    standing = report.standing
    moved = [record for record in standing if record.move is Move.AS_EXPECTED]
    expecting = sum(record.move is not Move.NOTHING_EXPECTED for record in standing)
    overdue = sum(review.overdue for review in report.due)
    return [
        ("Decisions", f"{len(standing)}", f"{len(report.records) - len(standing)} withdrawn"),
        ("Moved as expected", f"{len(moved)}", f"of {expecting} with a figure to move"),
        ("Reviews due", f"{len(report.due)}", f"{overdue} overdue"),
        ("Forecasts judged", f"{report.judged}", f"of {report.forecasts} the room gave"),
    ]


# --- One of them ---


def title(record: Followed) -> str:
    """The organisation, and what is to be done, briefly."""
    withdrawn = "" if record.decision.stands else " (withdrawn)"
    return f"{record.decision.name}: {record.decision.draft.words}{withdrawn}"


def theme(domain: str) -> str:
    """What a decision is about."""
    titles = {row["domain"]: row["title"] for row in maps.rows("domains")}
    return str(titles.get(domain, domain))


def source(record: Followed) -> str:
    expected = record.decision.draft.expected
    return "" if expected is None else str(maps.source(expected.figure.source)["short_title"])


def row_title(record: Followed) -> str:
    """What a decision is called in a picture: organisation and source."""
    return f"{record.decision.name}, {source(record)}"


def became(record: Followed) -> str:
    """What became of the figure: the difference with its range, then what that says."""
    expected, after = record.decision.draft.expected, record.after
    if expected is None:
        return f"{MOVES[record.move]}."
    if after is None:
        assert record.why is not None
        return _WHYS[record.why]
    says = _REACHES.get(record.reach) if record.reach else None
    if says is None:
        says = (
            _WHYS[record.why]
            if record.why is not None
            else "All of its range falls short of what was expected, and the day has passed."
            if record.move is Move.DID_NOT_MOVE
            else "All of its range lies on the side that was not expected."
        )
    return f"{difference(expected.figure, after)} {says}"


def difference(figure: Figure, after: After) -> str:
    """From what to what, over which months, and the difference with its range."""
    assert figure.value is not None
    answers = "" if after.respondents is None else f", {counted(after.respondents, 'answer')}"
    return (
        f"{maps.source(figure.source)['short_title']} went from {_value(figure.value, figure)} to "
        f"{_value(after.value, figure)} ({after.period}{answers}): {_move(after.move, figure)} "
        f"({_move_range(after.move_low, after.move_high, figure)})."
    )


def alone(record: Followed) -> str:
    """What would be expected with nothing done, beside what came; "" where it is not known."""
    expected, after, nothing = record.decision.draft.expected, record.after, record.alone
    if expected is None or after is None or nothing is None:
        return ""
    figure = expected.figure
    within = "beyond" if record.beyond else "within"
    return (
        f"With nothing done, {_move(nothing.move, figure)} would be expected "
        f"({_move_range(nothing.low, nothing.high, figure)}): an unusual figure comes back towards its "
        f"peers, who moved {_move(nothing.peers, figure)}. What came is {within} that range."
    )


def forecast(record: Followed) -> str:
    """The room's chance, and whether it came about; "" where none was given."""
    decision = record.decision
    if decision.chance is None:
        return ""
    came = {True: "it came about", False: "it did not come about", None: "not judged yet"}
    return f"The room gave it {fixed(decision.chance * 100)} in 100: {came[record.came_about]}."


def _value(value: float, figure: Figure) -> str:
    return workshop.value(value, figure.unit)


def _move(move: float, figure: Figure) -> str:
    if figure.unit == "proportion":
        return f"{points_signed(move * 100)} points"
    return f"{signed(move, 1)}"


def _move_range(low: float, high: float, figure: Figure) -> str:
    if figure.unit == "proportion":
        return f"{points_signed(low * 100)} to {points_signed(high * 100)}"
    return f"{signed(low, 1)} to {signed(high, 1)}"


def table(records: Sequence[Followed]) -> Released:
    """A row a decision for a file, with what became of it."""
    rows = [_row(record) for record in records]
    return Released({name: [row[name] for row in rows] for name in _COLUMNS})


_COLUMNS = (
    "decision", "version", "stands", "workshop", "organisation", "code", "theme", "decided", "action",
    "owner", "due", "figure_source", "figure_measure", "figure_then", "direction", "amount", "by_date",
    "what_became_of_it", "in_words", "figure_after", "after_start", "after_end", "answers_after", "move",
    "move_low", "move_high", "expected_with_nothing_done", "with_nothing_done_low",
    "with_nothing_done_high", "chance", "came_about",
)  # fmt: skip


def _row(record: Followed) -> dict[str, object]:
    decision, after, nothing = record.decision, record.after, record.alone
    draft, expected = decision.draft, decision.draft.expected
    figure = expected.figure if expected else None
    return {
        "decision": decision.decision,
        "version": decision.version,
        "stands": "yes" if decision.stands else "withdrawn",
        "workshop": record.title,
        "organisation": decision.name,
        "code": decision.unit,
        "theme": theme(decision.domain),
        "decided": draft.words,
        "action": draft.action,
        "owner": draft.owner,
        "due": draft.due.isoformat() if draft.due else "",
        "figure_source": figure.source if figure else "",
        "figure_measure": figure.measure if figure else "",
        "figure_then": figure.value if figure else None,
        "direction": expected.direction.value if expected else "",
        "amount": expected.amount if expected else None,
        "by_date": expected.by_date.isoformat() if expected else "",
        "what_became_of_it": record.move.value,
        "in_words": became(record),
        "figure_after": after.value if after else None,
        "after_start": after.period.start.isoformat() if after else "",
        "after_end": after.period.end.isoformat() if after else "",
        "answers_after": after.respondents if after else None,
        "move": after.move if after else None,
        "move_low": after.move_low if after else None,
        "move_high": after.move_high if after else None,
        "expected_with_nothing_done": nothing.move if nothing else None,
        "with_nothing_done_low": nothing.low if nothing else None,
        "with_nothing_done_high": nothing.high if nothing else None,
        "chance": decision.chance,
        "came_about": {True: "yes", False: "no", None: ""}[record.came_about],
    }


def screen(records: Sequence[Followed]) -> Released:
    """A row a decision for reading, with what became of it in words."""
    return Released(
        {
            "organisation": [record.decision.name for record in records],
            "decided": [
                title(record).removeprefix(f"{record.decision.name}: ") for record in records
            ],
            "owner": [record.decision.draft.owner for record in records],
            "due": [
                dated(record.decision.draft.due) if record.decision.draft.due else ""
                for record in records
            ],
            "became": [MOVES[record.move] for record in records],
            "in_words": [became(record) for record in records],
            "alone": [alone(record) for record in records],
            "chance": [
                None if record.decision.chance is None else record.decision.chance * 100
                for record in records
            ],
        }
    )


def moves_title(records: Sequence[Followed]) -> str:
    """What the picture of moves shows, in a sentence."""
    expected = sum(record.move is Move.AS_EXPECTED for record in records)
    return f"{expected} of {counted(len(records), 'figure')} moved as expected."


def workshops(records: Sequence[Followed]) -> str:
    """Where it was decided: the titles of the workshops."""
    titles = [record.title for record in records if record.title]
    return ", ".join(dict.fromkeys(titles))


def published(records: Sequence[Followed]) -> str:
    """How many decisions the public is told of."""
    return f"What people said, what was done and what has changed: {counted(len(records), 'decision')}."


# --- Forecasts ---


def judged(report: DecisionsReport) -> str:
    """How far the score of the room's forecasts is."""
    if report.score is None:
        return (
            f"{report.judged} of {FEWEST_FORECASTS} forecasts judged: a score is given once there are "
            f"{FEWEST_FORECASTS}."
        )
    score = report.score
    return (
        f"{counted(score.forecasts, 'forecast')} judged: Brier score {number(score.brier)} "
        f"({number_range(score.interval.low, score.interval.high)}), where 0 is perfect."
    )


def against_base_rate(score: ForecastScore) -> str:
    """Whether forecasts say more than the share that came about."""
    low, high = score.gain_interval.low, score.gain_interval.high
    if low > 0:
        verdict = "The room's forecasts say more than that."
    elif high < 0:
        verdict = "The room's forecasts are worse than that."
    else:
        verdict = "Whether the room's forecasts say more than that cannot be told yet."
    return (
        f"Always saying the share that came about ({percent(score.base_rate)}) scores "
        f"{number(score.base_brier)}. {verdict}"
    )


def parts(score: ForecastScore) -> str:
    """Murphy's parts of the score."""
    return (
        f"Of the score, {number(score.reliability)} is for chances that were too high or too low; "
        f"{number(score.resolution)} is taken off for telling apart what comes about; "
        f"{number(score.uncertainty)} is how uncertain it all was."
    )


def groups(score: ForecastScore) -> list[str]:
    """Each group of forecasts of about the same chance, in words."""
    return [
        f"Of {counted(group.forecasts, 'forecast')} of about {fixed(group.chance * 100)} in 100, "
        f"{fixed(group.share * group.forecasts)} came about."
        for group in score.groups
    ]


# --- Reviews ---


def due(review: ReviewDue) -> str:
    """Which review, of what, and when."""
    late = "was due" if review.overdue else "is due"
    return (
        f"{review.decision.name}: the review after {review.days} days {late} on {dated(review.on)}."
    )


# --- You said, we did ---


def public(record: Followed) -> list[tuple[str, str]]:
    """Heading and sentence of what may be published of a decision: nobody is named, no owner, no writer."""
    draft = record.decision.draft
    when = (
        f"First raised in {draft.first_raised:%B %Y}."
        if draft.first_raised
        else f"Decided in {record.since:%B %Y}."
    )
    recommended = draft.kind is DecisionKind.RECOMMENDATION
    lines = [
        ("You said", f"{when} {_public_figure(record)}".strip()),
        ("We asked others to act" if recommended else "We did", _sentence(record.action)),
        ("What has changed", _public_change(record)),
    ]
    if record.reviews:
        latest = max(record.reviews, key=lambda review: review.reviewed_at)
        lines[1] = (lines[1][0], f"{lines[1][1]} {_PROGRESS[latest.outcome]}")
    return lines


def public_table(records: Sequence[Followed]) -> Released:
    """The same as rows for a sheet."""
    listed = [[sentence for _, sentence in public(record)] for record in records]
    rows = {"name": [record.decision.name for record in records]}
    for place, column in enumerate(("you_said", "we_did", "what_has_changed")):
        rows[column] = [sentences[place] for sentences in listed]
    return Released(rows)


def _sentence(text: str) -> str:
    text = capital(text.strip())
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _public_figure(record: Followed) -> str:
    expected = record.decision.draft.expected
    about = uncapital(theme(record.decision.domain))
    if expected is None:
        return f"It was about {about}."
    figure = expected.figure
    assert figure.value is not None
    heard = "" if figure.respondents is None else f" of {counted(figure.respondents, 'answer')}"
    of = (
        f"{_value(figure.value, figure)}{heard} spoke well of it"
        if figure.unit == "proportion"
        else f"the score was {_value(figure.value, figure)}{heard and f', {heard[4:]}'}"
    )
    return f"It was about {about}: in the {_instrument(figure)}, {of}."


def _instrument(figure: Figure) -> str:
    return str(maps.source(figure.source)["title"])


def _public_change(record: Followed) -> str:
    expected, after = record.decision.draft.expected, record.after
    if expected is None:
        return "No figure was to change; people tell us whether it is better."
    if after is None:
        return "It is too early to tell."
    figure = expected.figure
    assert figure.value is not None
    way = "rose" if after.move > 0 else "fell"
    before, now = _value(figure.value, figure), _value(after.value, figure)
    went = (
        f"The figure {way} from {before} to {now}."
        if before != now
        else f"The figure is still {now}."
    )
    verdicts = {
        Move.AS_EXPECTED: "That is what we hoped for, and more than chance.",
        Move.OTHER_WAY: "That is not what we hoped for, and we will look at it again.",
        Move.DID_NOT_MOVE: "It has not changed as we hoped, and we will look at it again.",
        Move.TOO_EARLY: "It is too early to tell whether that is more than chance.",
    }
    also = (
        " A figure like this often comes back by itself."
        if record.move is Move.AS_EXPECTED and record.beyond is False
        else ""
    )
    return f"{went} {verdicts[record.move]}{also}"


# --- Since the last load ---


def since(news: Digest) -> str:
    """What the last load brought."""
    files = counted(sum(item.files for item in news.sources), "file")
    with_figures = counted(len(news.decisions), "decision has", "decisions have")
    return (
        f"Since the load of {dated(news.loaded_on)}: {files} of {counted(len(news.sources), 'source')}; "
        f"{with_figures} new figures."
    )


def news_of_sources(news: Digest) -> list[str]:
    return [
        f"{_source_title(item.source)}: {counted(item.files, 'file')}, "
        f"{month_range(item.first, item.last)}."
        for item in news.sources
    ]


def _source_title(source: str) -> str:
    return league.TITLE if source == LEAGUE_SOURCE else maps.source(source)["short_title"]


def news_of_decision(record: Followed) -> str:
    return f"{record.decision.name}: {uncapital(MOVES[record.move])}. {became(record)}"
