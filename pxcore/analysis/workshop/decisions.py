"""What became of what was decided: did the figure move as expected, and were the room's forecasts right?

A decision names a figure as it stood on a frozen view. What came after is the same measure of the same
organisation, from the periods that begin after the decision and end by the day it names, pooled and
weighed as the frozen figure was.
"""

from __future__ import annotations

import calendar
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import numpy as np
import pandas as pd

from pxcore.analysis.joining.periods import Side, breaks_of, spans, unbroken
from pxcore.analysis.judging.evidence import Evidence, by_itself
from pxcore.analysis.masking import redactor
from pxcore.analysis.questions import ask_by
from pxcore.analysis.rows import each
from pxcore.analysis.workshop.record import (
    REVIEWS,
    Decision,
    Direction,
    Expected,
    Review,
    decisions,
    reviews,
    versions,
)
from pxcore.analysis.workshop.workshops import workshop
from pxcore.disclosure import is_confidential, rounded
from pxcore.model import Disclosure, Organisation, Pairing, Period
from pxcore.stats.forecast import FEWEST_FORECASTS, ForecastScore, forecast_score
from pxcore.stats.intervals import Z_95, difference_of_limits
from pxcore.stats.scale import proportion_at
from pxcore.stats.spread import expected_next
from pxcore.store import Store

ROUNDING = 1e-9  # 0.62 less 0.57 is 0.05, though not in doubles
SOON = 30  # days ahead in which something due is listed


class Move(StrEnum):
    """What became of the figure expected to move."""

    AS_EXPECTED = "moved as expected"
    TOO_EARLY = "too early to tell"
    DID_NOT_MOVE = "did not move"
    OTHER_WAY = "moved the other way"
    CANNOT_TELL = "cannot be told"
    NOTHING_EXPECTED = "no figure expected to move"


class Reach(StrEnum):
    """How far a figure that moved as expected has come."""

    REACHED = "reached"  # the figure itself has moved as far as expected
    ON_THE_WAY = "on the way"
    SHORT = "short"  # the day has passed, and all of its range falls short of what was expected


class Why(StrEnum):
    """Why nothing is said of a move, or not yet."""

    NO_DATA = "no data"  # from periods that begin after the decision and end by the day
    NO_FIGURE = "no figure"  # there are data, and none of the organisation, or too few answers
    OPEN = "open"  # the range allows a move and none
    NOT_DUE = "not due"  # it falls short so far, and the day has not come
    BROKEN = "broken"  # question or method changed since: what follows is another figure
    NO_RANGE = "no range"  # of the figure as it stood


@dataclass(frozen=True, slots=True)
class After:
    """The figure as it came afterwards, and the difference it makes; in the unit of the measure."""

    period: Period
    value: float
    low: float
    high: float
    respondents: float | None
    move: float  # less the figure as it stood
    move_low: float
    move_high: float


@dataclass(frozen=True, slots=True)
class Alone:
    """How the figure is expected to move if nothing is done, from how its peers lie and moved."""

    move: float
    low: float  # in 95 of 100 such cases the figure afterwards lies between
    high: float
    peers: float  # how far the average of all peers moved


@dataclass(frozen=True, slots=True)
class Followed:
    """A decision, and what became of it."""

    decision: Decision
    title: str  # of the workshop
    since: date  # when what is expected was written down
    move: Move
    reach: Reach | None
    why: Why | None
    after: After | None
    alone: Alone | None  # None where too few peers are to be compared with
    passed: bool  # the day of what is expected
    came_about: bool | None  # of a forecast whose day has passed; None: it is not judged yet
    reviews: tuple[Review, ...]
    action: str  # masked by the rules in force now, with the names listed beside the data
    extracts: tuple[int, ...]  # behind the figure afterwards

    @property
    def beyond(self) -> bool | None:
        """Whether the figure lies outside what is expected if nothing is done; None where that is unknown."""
        if self.after is None or self.alone is None:
            return None
        return not self.alone.low <= self.after.move <= self.alone.high


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """A review that nobody has written down."""

    decision: Decision
    days: int
    on: date
    overdue: bool


@dataclass(frozen=True, slots=True)
class DecisionsReport:
    """Every decision over all workshops, the latest first, and how good the forecasts were."""

    records: tuple[Followed, ...]
    forecasts: int  # decisions with a chance the room gave
    judged: int  # of these, whose day has passed and whose figure is known
    score: ForecastScore | None  # None while too few are judged
    today: date
    revision: int  # of the data
    extracts: tuple[int, ...]  # behind the figures

    @property
    def standing(self) -> tuple[Followed, ...]:
        return tuple(record for record in self.records if record.decision.stands)

    @property
    def due(self) -> tuple[ReviewDue, ...]:
        """Reviews due, overdue or soon, the longest overdue first."""
        return tuple(sorted(_due(self), key=_by_day))


@dataclass(frozen=True, slots=True)
class Filter:
    """Which decisions are looked at; "" and None for all."""

    owner: str = ""
    unit: str = ""
    theme: str = ""
    due: Due | None = None


class Due(StrEnum):
    """By when an action is due."""

    PAST = "past"
    SOON = "soon"
    LATER = "later"
    NEVER = "never"


def due_of(decision: Decision, today: date) -> Due:
    day = decision.draft.due
    if day is None:
        return Due.NEVER
    if day < today:
        return Due.PAST
    return Due.SOON if day <= today + timedelta(days=SOON) else Due.LATER


def filtered(report: DecisionsReport, chosen: Filter) -> tuple[Followed, ...]:
    """The records a person looks at, withdrawn ones too."""
    return tuple(
        record
        for record in report.records
        if chosen.owner in ("", record.decision.draft.owner)
        and chosen.unit in ("", record.decision.unit)
        and chosen.theme in ("", record.decision.domain)
        and chosen.due in (None, due_of(record.decision, report.today))
    )


def decisions_report(store: Store, workshops: Store, today: date) -> DecisionsReport:
    """Follow every decision kept in one store with the data of another (which may be the same)."""
    happened = (
        max((row["number"] for row in workshops.events(name, workshop="")), default=0)
        for name in ("decisions", "decision_reviews")
    )
    return ask_by(store, (workshops.id, *happened, today), followed_up, workshops, today)


def followed_up(store: Store, workshops: Store, today: date) -> DecisionsReport:
    """What became of every decision."""
    every_review, every_version = reviews(workshops), versions(workshops)
    follow = _Following(store, workshops, today)
    records = []
    for decision in reversed(decisions(workshops)):
        own = [version for version in every_version if version.decision == decision.decision]
        of_it = tuple(review for review in every_review if review.decision == decision.decision)
        records.append(follow.followed(decision, own, of_it))
    scored = [
        (record.decision.chance, record.came_about)
        for record in records
        if record.decision.stands
        and record.decision.chance is not None
        and record.came_about is not None
    ]
    return DecisionsReport(
        records=tuple(records),
        forecasts=sum(
            record.decision.stands and record.decision.chance is not None for record in records
        ),
        judged=len(scored),
        score=forecast_score(*zip(*scored, strict=True))
        if len(scored) >= FEWEST_FORECASTS
        else None,
        today=today,
        revision=store.revision,
        extracts=tuple(sorted({number for record in records for number in record.extracts})),
    )


def _due(report: DecisionsReport) -> list[ReviewDue]:
    listed = []
    for record in report.standing:
        done = {review.days for review in record.reviews}
        listed += [
            ReviewDue(record.decision, days, on, on < report.today)
            for days, on in record.decision.reviews.items()
            if days not in done and on <= report.today + timedelta(days=SOON)
        ]
    return listed


def _by_day(review: ReviewDue) -> tuple[date, int]:
    return review.on, REVIEWS.index(review.days)


# --- Since the last load ---


@dataclass(frozen=True, slots=True)
class SourceNews:
    """What the last load brought of one source."""

    source: str
    files: int
    first: date  # of the days they speak of
    last: date


@dataclass(frozen=True, slots=True)
class Digest:
    """What is new since the last load: files of that day, and the decisions they say something of."""

    loaded_on: date  # UTC
    sources: tuple[SourceNews, ...]
    decisions: tuple[Followed, ...]
    due: tuple[ReviewDue, ...]
    revision: int


def digest(store: Store, report: DecisionsReport) -> Digest | None:
    """What changed with the files loaded on the last day on which any was; None where none ever was.

    Numbers of rows are left out: of single responses they are people.
    """
    rows = store.query("extracts")
    rows = rows[(rows["status"] == "loaded") & (rows["live_rows"] > 0)]
    if rows.empty:
        return None
    days = pd.to_datetime(rows["loaded_at"]).dt.date
    newest = rows[days == days.max()]
    numbers = {int(number) for number in newest["extract"]}
    news = []
    for source in sorted({name for names in newest["sources"] for name in names.split(", ")}):
        own = newest[[source in names.split(", ") for names in newest["sources"]]]
        first, last = own["period_start"].min(), own["period_end"].max()
        news.append(SourceNews(source, len(own), first.date(), last.date()))
    return Digest(
        loaded_on=days.max(),
        sources=tuple(news),
        decisions=tuple(
            record for record in report.standing if numbers.intersection(record.extracts)
        ),
        due=report.due,
        revision=store.revision,
    )


# --- One figure, before and after ---


class _Following:
    """Asks the data for each source and period once, however many decisions stand on it."""

    def __init__(self, store: Store, workshops: Store, today: date) -> None:
        self._store, self._workshops, self._today = store, workshops, today
        self._coverage = store.query("coverage")
        self._weigh: Callable[[Side, Pairing, str], tuple[Evidence, pd.DataFrame]] = cache(
            self._weighed
        )
        self._rules = redactor(store)

    def _weighed(self, side: Side, pairing: Pairing, service: str) -> tuple[Evidence, pd.DataFrame]:
        return by_itself(self._store, side, pairing, service)

    def followed(
        self, decision: Decision, own: Sequence[Decision], of_it: tuple[Review, ...]
    ) -> Followed:
        expected, since = decision.draft.expected, expected_since(own)
        made = workshop(self._workshops, decision.workshop)
        record = Followed(
            decision=decision,
            title=made.title,
            since=since,
            move=Move.NOTHING_EXPECTED,
            reach=None,
            why=None,
            after=None,
            alone=None,
            passed=False,
            came_about=None,
            reviews=of_it,
            action=self._rules.redact(decision.draft.action).text,
            extracts=(),
        )
        if expected is None or decision.cell is None:
            return record
        facts = made.cells[decision.cell].facts
        assert facts is not None  # nothing is decided on the practice question
        figure = expected.figure
        frozen = next(
            source.side
            for source in facts.sources
            if (source.side.source, source.side.measure) == (figure.source, figure.measure)
        )
        services = [source.side.service for source in facts.sources if source.side.service]
        view = json.loads(self._view(decision.workshop))
        service = services[0] if services else str(view.get("service", ""))
        pairing = Pairing(
            figure.source,
            "",
            grain=decision.grain,
            organisation=Organisation(view.get("organisation", Organisation.CURRENT)),
            disclosure=Disclosure(made.floor),
        )
        end = self._last_day(frozen)
        passed = self._today > expected.by_date or (end is not None and end >= expected.by_date)
        record = replace(record, passed=passed, move=Move.TOO_EARLY)
        if figure.value is None or figure.low is None or figure.high is None:
            return replace(record, move=Move.CANNOT_TELL, why=Why.NO_RANGE)
        if frozen.period is not None and any(
            frozen.period.end < on <= since + timedelta(days=1) for on, _ in breaks_of(frozen)
        ):
            return replace(record, move=Move.CANNOT_TELL, why=Why.BROKEN)
        window = self._window(frozen, since, expected.by_date)
        later = None if window is None else self._later(frozen, window)
        if later is None:
            return replace(record, why=Why.NO_DATA)
        weighed, rows = self._weigh(later, pairing, service)
        after = _after(weighed, decision.unit, expected)
        if after is None:
            return replace(record, why=Why.NO_FIGURE)
        record = _judged(replace(record, after=after), expected)
        return replace(
            record,
            extracts=_extracts(rows, "" if weighed.confidential else decision.unit),
            alone=self._alone(frozen, weighed, pairing, service, decision.unit, expected),
            came_about=_reaches(after, expected) if passed else None,
        )

    def _view(self, identifier: str) -> str:
        return next(
            str(row["frozen_view"])
            for row in self._workshops.events("workshops")
            if row["workshop"] == identifier
        )

    def _last_day(self, side: Side) -> date | None:
        covered = spans(self._coverage, side)
        return max((span.end for span in covered), default=None)

    def _window(self, side: Side, since: date, by_date: date) -> Period | None:
        """The days from which figures count; whole quarters of confidential answers, whose days are not
        to be had one by one."""
        first, last = since + timedelta(days=1), min(by_date, unbroken(side).end)
        rows = self._coverage[self._coverage["source"] == side.source]
        if is_confidential(rows):
            first, last = _next_quarter(first), _last_quarter(last)
        return Period(first, last) if first <= last else None

    def _later(self, side: Side, window: Period) -> Side | None:
        """The source over all its periods inside a window; None where it has none."""
        inside = [
            span
            for span in spans(self._coverage, side)
            if window.start <= span.start and span.end <= window.end
        ]
        if not inside:
            return None
        rows = self._coverage[self._coverage["source"] == side.source]
        covered = (
            window
            if is_confidential(rows)
            else Period(inside[0].start, max(span.end for span in inside))
        )
        return replace(side, period=covered)

    def _alone(
        self,
        frozen: Side,
        later: Evidence,
        pairing: Pairing,
        service: str,
        unit: str,
        expected: Expected,
    ) -> Alone | None:
        if frozen.period is None or later.spread is None:
            return None
        before, _ = self._weigh(frozen, pairing, service)
        now, then = (rows.rows[rows.rows["unit"] == unit] for rows in (before, later))
        if before.spread is None or now.empty or before.scale != later.scale:
            return None
        after = expected_next(
            now["scaled"], now["scaled_variance"], before.spread, later.spread.centre,
            then["scaled_variance"],
        )  # fmt: skip
        half = Z_95 * np.sqrt(after.variance)
        middle, low, high = (
            float(ends[0]) if before.scale == "score" else float(proportion_at(ends)[0])
            for ends in (after.value, after.value - half, after.value + half)
        )
        stood = expected.figure.value
        if stood is None or not np.isfinite([middle, low, high]).all():
            return None
        moves = (middle - stood, low - stood, high - stood, later.average - before.average)
        return Alone(*rounded(moves, later.confidential))


def _extracts(rows: pd.DataFrame, unit: str) -> tuple[int, ...]:
    """The files behind the figure of an organisation; "" of all, for which file holds somebody's answers is
    not shown."""
    inside = rows[rows["outcome"] == "in_window"]
    if unit:
        inside = inside[inside["unit"] == unit]
    return tuple(sorted({int(number) for row in each(inside) for number in row.extracts}))


def expected_since(own: Sequence[Decision]) -> date:
    """The day on which what is expected was written down as it now stands, from a decision's versions."""
    latest = own[-1]
    since = latest
    for version in reversed(own):
        if version.draft.expected != latest.draft.expected:
            break
        since = version
    return since.recorded_at.date()


def _after(weighed: Evidence, unit: str, expected: Expected) -> After | None:
    """The figure of one organisation afterwards; None where it is not shown, or of too few answers."""
    rows = weighed.rows[weighed.rows["unit"] == unit]
    figure = expected.figure
    if rows.empty or figure.value is None or figure.low is None or figure.high is None:
        return None
    row = rows.iloc[0]
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    if not np.isfinite([value, low, high]).all() or not row["people"] >= weighed.evidence_floor:
        return None
    move_low, move_high = difference_of_limits(
        value, (low, high), figure.value, (figure.low, figure.high)
    )
    assert weighed.side.period is not None
    respondents = float(row["respondents"])
    return After(
        period=weighed.side.period,
        value=value,
        low=low,
        high=high,
        respondents=respondents if np.isfinite(respondents) else None,
        move=value - figure.value,
        move_low=float(move_low),
        move_high=float(move_high),
    )


def _signed(move: float, expected: Expected) -> float:
    """A move as counted in the direction expected."""
    return move if expected.direction is Direction.UP else -move


def _reaches(after: After, expected: Expected) -> bool:
    """Whether the figure itself has moved as far as expected."""
    return _signed(after.move, expected) >= expected.amount - ROUNDING


def _judged(record: Followed, expected: Expected) -> Followed:
    """What the difference says: by its range, and by whether the day has passed."""
    after = record.after
    assert after is not None
    low, high = sorted(_signed(end, expected) for end in (after.move_low, after.move_high))
    if low > 0:
        if _reaches(after, expected):
            reach = Reach.REACHED
        else:
            reach = Reach.SHORT if record.passed and high < expected.amount else Reach.ON_THE_WAY
        return replace(record, move=Move.AS_EXPECTED, reach=reach)
    if high < 0:
        return replace(record, move=Move.OTHER_WAY)
    if high < expected.amount:
        return (
            replace(record, move=Move.DID_NOT_MOVE)
            if record.passed
            else replace(record, why=Why.NOT_DUE)
        )
    return replace(record, why=Why.OPEN)


def _next_quarter(day: date) -> date:
    """The first day of a quarter, on a day or after it."""
    month = (day.month - 1) // 3 * 3 + 1
    first = date(day.year, month, 1)
    if first >= day:
        return first
    return date(day.year + (month == 10), (month + 2) % 12 + 1, 1)


def _last_quarter(day: date) -> date:
    """The last day of a quarter, on a day or before it."""
    month = (day.month - 1) // 3 * 3 + 3
    last = date(day.year, month, calendar.monthrange(day.year, month)[1])
    if last <= day:
        return last
    return date(day.year, month - 2, 1) - timedelta(days=1)
