"""What is shown, read: one small reader for each kind of report.

A reader takes a report as a page or command gets it and yields a `Reading` for every number in it that
counts people of a confidential source: whom it counts, the number, or in what words it is not told. When a
report changes, its reader here is all that must follow. The columns each needs are named in its docstring.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from benchmarks.attacker.truth import (
    AREAS,
    Condition,
    Group,
    People,
    Truth,
    between,
    group,
    month_number,
    none_of,
    one_of,
)
from pxcore.analysis.comments.comments import CommentsReport
from pxcore.analysis.comments.mentions import NOT_STATED
from pxcore.analysis.comments.themes import ThemesReport
from pxcore.analysis.files.sources import SourcesReport
from pxcore.analysis.joining.alignment import Alignment
from pxcore.analysis.joining.bands import EVERYBODY, NOT_TOLD
from pxcore.analysis.joining.outcomes import LOOKED_AT
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.pairs.coverage import Coverage
from pxcore.analysis.pairs.group_counts import WITH_FIGURE
from pxcore.analysis.pairs.group_report import GroupsReport
from pxcore.analysis.time.trends import TrendsReport
from pxcore.model import Organisation, Sentiment

SEVERAL = "several"  # the line of an account that several reasons are told in
# a number that was moved; none, for it is under the floor or of nobody; that there is somebody; a number as
# it is; and that there is nobody
SHOWN, BLANK, LISTED, EXACT, NONE = "shown", "blank", "listed", "exact", "none"
TOGETHER = "single responses, counted together"
FEELING_WORDS = {
    "positive": ("positive",),
    "neutral": ("neutral", "mixed"),
    "negative": ("negative",),
    "unsaid": ("",),
}


@dataclass(frozen=True, slots=True)
class Part:
    """Some of those whom a figure counts, moved by themselves, and what they are shown as: between two
    numbers."""

    group: Group
    low: float = 0.0
    high: float = math.inf

    @property
    def told(self) -> bool:
        return self.high < math.inf


@dataclass(frozen=True, slots=True)
class Reading:
    """One number of a view, or what its blank says."""

    group: Group
    said: str  # SHOWN, BLANK, LISTED, EXACT or NONE
    count: float  # NaN where none is shown
    floor: int
    page: str
    route: str  # which table of the page
    parts: tuple[Part, ...] = ()  # that are moved one by one; what they are shown as adds up
    somebody: bool = False  # not of nobody
    figure: bool = True  # whether it counts among the figures a page could show
    most: bool = False  # the number is the largest of several: none of them is above it
    uncertain: bool = False  # who is counted is not certain: kept only where it is right


def _number(of: Group, value: Any, floor: int, page: str, route: str, **more: Any) -> Reading:
    """One count of people."""
    if value is None or pd.isna(value):
        return Reading(of, BLANK, math.nan, floor, page, route, (Part(of),), **more)
    count = float(value)
    return Reading(of, SHOWN, count, floor, page, route, (Part(of, count, count),), **more)


def _answers(
    of: Group,
    ways: Sequence[Group],
    respondents: Any,
    positive: Any,
    floor: int,
    page: str,
    route: str,
    **more: Any,
) -> Reading:
    """Answers that are positive, half so and not, moved one by one.

    `ways` are those three; of a measure without the second what each is shown as follows from their sum
    and the positive ones.
    """
    parts = [Part(way) for way in ways]
    if pd.isna(respondents):
        return Reading(of, BLANK, math.nan, floor, page, route, tuple(parts), **more)
    count = float(respondents)
    if len(parts) == 2 and pd.notna(positive):
        numbers = (float(positive), count - float(positive))
        parts = [
            Part(part.group, number, number) for part, number in zip(parts, numbers, strict=True)
        ]
    return Reading(of, SHOWN, count, floor, page, route, tuple(parts), **more)


# --- Two sources set side by side: Alignment, Agreement, Divergence, Provider, What if ---

IN_WINDOW = ("paired", "no_counterpart", "few_answers", "no_group", "no_base")
_ORDER = (
    "other_measure", "group_row", "other_service", "area_only", "name_not_matched", "other_grain",
    "date_uncertain", "outside_period", "split", "to_confirm", "cycle", "no_parent", "in_window",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Placed:
    """Whose rows have which outcome, as ask/side.sql decides it for one source."""

    people: People
    side: Side
    alignment: Alignment
    kept: dict[str, Group | None] = field(default_factory=dict)  # by outcome

    @property
    def source(self) -> str:
        return self.side.source

    @property
    def organised(self) -> str:
        return self.alignment.pairing.organisation.value

    @property
    def unit(self) -> str:
        return f"{self.alignment.grain.value} {self.organised}"

    def _tests(self) -> dict[str, tuple[Condition, Condition] | None]:
        """Outcome -> what its rows meet, and what all later ones meet; None where no row can have it."""
        side, service = self.side, self.alignment.service
        chosen = side.selection
        answer = f"answer {side.measure}"
        current = self.alignment.pairing.organisation is Organisation.CURRENT
        tests: dict[str, tuple[Condition, Condition] | None] = dict.fromkeys(_ORDER)
        tests["other_measure"] = (one_of(answer, ""), none_of(answer, ""))
        if chosen.dimension and chosen.groups:
            told = frozenset(chosen.groups)
            tests["group_row"] = (
                Condition(chosen.dimension, told, inside=False),
                Condition(chosen.dimension, told),
            )
        if service:
            tests["other_service"] = (
                none_of("service", "", service),
                one_of("service", "", service),
            )
        tests["area_only"] = (one_of("row_grain", "area"), none_of("row_grain", "area"))
        tests["name_not_matched"] = (one_of("code", ""), none_of("code", ""))
        grain = side.reported_grain
        tests["other_grain"] = (none_of("row_grain", grain), one_of("row_grain", grain))
        tests["date_uncertain"] = (one_of("month", -1), none_of("month", -1))
        period = None if self.alignment.refusals else side.period
        if period is None:
            tests["outside_period"] = (none_of("month", -1), one_of("month", -2))
        else:
            inside = between("month", month_number(period.start), month_number(period.end))
            tests["outside_period"] = (
                Condition(inside.column, inside.values, inside=False),
                inside,
            )
        if current:
            for name in ("split", "to_confirm", "cycle"):
                tests[name] = (one_of("succession", name), none_of("succession", name))
        tests["no_parent"] = (one_of(self.unit, ""), none_of(self.unit, ""))
        return tests

    def of_outcome(self, outcome: str) -> Group | None:
        """All rows with an outcome; None where that cannot be told of people."""
        outcome = "in_window" if outcome in IN_WINDOW else outcome
        if outcome not in self.kept:
            self.kept[outcome] = self._of_outcome(outcome)
        return self.kept[outcome]

    def _of_outcome(self, outcome: str) -> Group | None:
        if outcome not in _ORDER:
            return None
        chosen = self.side.selection
        met = [none_of("mode", *chosen.without_modes)] if chosen.without_modes else []
        if outcome == "other_measure":
            others = [
                name
                for name in self.people.codes
                if name.startswith("answer ")
                and name != f"answer {self.side.measure}"
                and set(self.people.values[name]) != {""}
            ]
            # each answer is a row: people only where one other measure is all there is
            return group(self.source, *met, none_of(others[0], "")) if len(others) == 1 else None
        for name, test in self._tests().items():
            if name == outcome:
                return group(self.source, *met, test[0]) if test else group(self.source, *met)
            if test:
                met.append(test[1])
        return None

    def of_unit(self, outcome: str, unit: str, name: str) -> Group | None:
        """Those of them at one organisation, or under one name without a code."""
        whole = self.of_outcome(outcome)
        if whole is None:
            return None
        if not unit:
            return whole.and_(one_of("code", ""), one_of("shown name", name))
        if outcome in IN_WINDOW:
            return whole.and_(one_of(self.unit, unit))
        code = "current" if self.organised == "current" else "code"
        (part,) = whole.parts
        named = none_of("code", "")
        return Group(
            whole.source,
            (
                (*part, named, one_of(self.unit, unit)),
                (*part, named, one_of(self.unit, ""), one_of(code, unit)),
            ),
        )

    def outcomes(self) -> list[str]:
        """Reasons of rows outside the window that somebody can have."""
        tests = self._tests()
        return [name for name in _ORDER[:-1] if tests[name] and name != "other_measure"]

    def of_none(self, outcome: str, listed: Sequence[tuple[str, str]]) -> Group | None:
        """All with an outcome but those of the organisations, or names without a code, listed."""
        whole = self.of_outcome(outcome)
        if whole is None:
            return None
        units = [unit for unit, _ in listed if unit]
        names = [name for unit, name in listed if not unit]
        code = "current" if self.organised == "current" else "code"
        kept = (
            (none_of("code", ""), none_of(self.unit, "", *units)),
            (none_of("code", ""), one_of(self.unit, ""), none_of(code, *units)),
            (one_of("code", ""), none_of("shown name", *names)),
        )
        return Group(whole.source, tuple((*part, *more) for part in whole.parts for more in kept))

    def ways(self, whole: Group) -> list[Group]:
        """Those of them whose answer is positive, half so, and not; of a measure that nobody can answer half
        positively, two."""
        return ways(self.people, self.side.measure, self.side.selection.sentiment, whole)

    def counted(self, whole: Group) -> Group:
        """Those whose answer counts one way or another."""
        return Group(whole.source, tuple(part for way in self.ways(whole) for part in way.parts))


def ways(people: People, measure: str, sentiment: Sentiment, whole: Group) -> list[Group]:
    """Those of a group whose answer is positive, half so, and not."""
    answer = f"answer {measure}"
    plain = [one_of(answer, value) for value in ("1.0", "0.5", "0.0")]
    if measure != "overall" or sentiment is Sentiment.POSITIVE:
        half = "0.5" in people.values.get(answer, {})
        return [whole.and_(way) for way in plain if half or way != plain[1]]
    if sentiment is Sentiment.MIXED_HALF:
        felt = [one_of("sentiment", value) for value in ("positive", "mixed", "negative")]
    else:
        felt = [
            one_of("stars", *values) for values in ((4.0, 5.0), (), (1.0, 2.0, 3.0))
        ]  # fmt: skip
    silent, spoken = one_of("sentiment", ""), none_of("sentiment", "")
    told = [
        Group(whole.source, (*whole.and_(spoken, one).parts, *whole.and_(silent, other).parts))
        for one, other in zip(felt, plain, strict=True)
    ]
    return [one for one in told if people.count(one.and_()) or one is not told[1]]


def alignment(truth: Truth, told: Alignment) -> Iterator[Reading]:
    """Both sources' figures by organisation, who is listed under which reason, and rows by reason.

    `Alignment.pairs`: unit, left_positive, left_respondents (and right_…); `Alignment.unmatched`: side, unit,
    name, outcome; `Alignment.account`: side, outcome, organisations, rows; `Alignment.everywhere` for the
    people of a source that is published, whose figures are no secret.
    """
    for place, (which, side) in enumerate((("left", told.left), ("right", told.right))):
        if side.source not in truth.people:
            continue
        placed = _Placed(truth.people[side.source], side, told)
        other = (told.right, told.left)[place]
        yield from _pairs(placed, told, which)
        yield from _did_not_join(placed, told, which, other.source not in truth.people)
        yield from _by_reason(placed, told, which)


def _pairs(placed: _Placed, told: Alignment, which: str) -> Iterator[Reading]:
    if placed.side.selection.mix or placed.side.unit != "proportion":
        return
    for row in told.pairs.to_dict("records"):
        whole = placed.of_unit("paired", str(row["unit"]), "")
        assert whole is not None
        yield _answers(
            placed.counted(whole), placed.ways(whole), row[f"{which}_respondents"],
            row[f"{which}_positive"], told.pairing.disclosure.floor, "Agreement",
            "figure of both sources",
        )  # fmt: skip


def rates(told: Alignment, sources: Collection[str]) -> tuple[int, int]:
    """How many shares of confidential answers are told, and how many are not those of the counts shown
    beside them.

    `Alignment.pairs`: left_value, left_positive, left_respondents (and right_…).
    """
    every = other = 0
    for which, side in (("left", told.left), ("right", told.right)):
        if side.source not in sources or side.unit != "proportion":
            continue
        value, positive, answers = (
            told.pairs[f"{which}_{name}"] for name in ("value", "positive", "respondents")
        )
        every += int(value.notna().sum())
        other += int(((value - positive / answers).abs() > 1e-12).sum())
    return every, other


def _did_not_join(
    placed: _Placed, told: Alignment, which: str, beside_published: bool
) -> Iterator[Reading]:
    """Who is of few beside a published source of enough; that who is not listed has nobody; and of exact
    figures, that who is listed has somebody."""
    pairing = told.pairing
    floor = max(pairing.disclosure.floor, pairing.rank_floor)
    rows = told.unmatched
    rows = rows[rows["side"] == which]
    enough: set[str] = set()
    if beside_published:
        other = told.everywhere[which == "left"].figures
        enough = set(other.loc[other["people"] >= floor, "unit"])
    listed: dict[str, list[tuple[str, str]]] = {
        "paired": [(str(unit), "") for unit in told.pairs["unit"]]
    }
    for row in rows.to_dict("records"):
        outcome, unit, name = str(row["outcome"]), str(row["unit"]), str(row["name"])
        looked_at = outcome in LOOKED_AT or outcome == "outside_area"
        own = "paired" if looked_at else outcome
        listed.setdefault(own, []).append((unit, name))
        of = placed.of_unit(own, unit, name)
        if of is None or outcome.startswith("withheld"):
            continue
        if pairing.disclosure.exact:
            table = f"listed: {outcome}"
            yield Reading(of, LISTED, math.nan, floor, "Alignment", table, figure=False)
        if outcome == "few_answers" and unit in enough:
            parts = tuple(Part(way) for way in placed.ways(of))
            yield Reading(
                placed.counted(of), BLANK, math.nan, floor, "Alignment", "too few to compare", parts
            )
    by_name = placed.outcomes() if pairing.disclosure.exact else ["name_not_matched"]
    for outcome in ("paired", *by_name):
        of = placed.of_none(outcome, listed.get(outcome, []))
        if of is not None:
            yield Reading(of, NONE, 0.0, floor, "Alignment", f"not listed: {outcome}", figure=False)


def _by_reason(placed: _Placed, told: Alignment, which: str) -> Iterator[Reading]:
    floor = told.pairing.disclosure.floor
    account = told.account[told.account["side"] == which]
    rows = told.unmatched[told.unmatched["side"] == which]
    named = set(account["outcome"])
    for row in account.to_dict("records"):
        outcomes = (
            sorted(set(rows["outcome"]) - named)
            if row["outcome"] == SEVERAL
            else [str(row["outcome"])]
        )
        parts = []
        for outcome in outcomes:
            if outcome == "paired":
                units = list(told.pairs["unit"])
            elif outcome == "outside_area" or outcome in IN_WINDOW:
                units = list(rows.loc[rows["outcome"] == outcome, "unit"])
            else:
                whole = placed.of_outcome(outcome)
                parts.append(whole.parts if whole else None)
                continue
            whole = placed.of_outcome("paired")
            assert whole is not None
            parts.append(whole.and_(Condition(placed.unit, frozenset(units))).parts)
        if not parts or any(part is None for part in parts):
            continue
        of = Group(placed.source, tuple(one for part in parts if part for one in part))
        # a reason of no listed organisation has a line only where somebody has it
        own = row["outcome"] in placed.outcomes() and row["outcome"] != "name_not_matched"
        yield _number(of, row["rows"], floor, "Alignment", "rows by reason", somebody=own)
    for outcome in set(placed.outcomes()) - named:
        whole = placed.of_outcome(outcome)
        if whole is not None:
            yield Reading(whole, NONE, 0.0, floor, "Alignment", f"no line: {outcome}", figure=False)


# --- Over time ---


def trends(truth: Truth, told: TrendsReport) -> Iterator[Reading]:
    """Every point of every source of single responses.

    `Series.history`: side, units, and `points` with start, end, respondents, positive, shown, why.
    """
    view = told.view
    floor = view.disclosure.floor
    organised = view.organisation.value
    for one in told.series:
        side = one.side
        if side.source not in truth.people:
            continue
        people = truth.people[side.source]
        answer = f"answer {side.measure}"
        met = [none_of(answer, "", "n"), one_of("row_grain", view.level.value)]
        if view.service:
            met.append(one_of("service", "", view.service))
        if organised == "current":
            met.append(none_of("succession", "split", "to_confirm", "cycle"))
        uncertain = False
        unit = f"{view.level.value} {organised}"
        if side.unit != "proportion":
            continue
        if view.unit:
            met.append(one_of(unit, view.unit))
        elif side.signal == "community":
            met.append(none_of(unit, ""))
            if view.area:
                met.append(_in_area(people, view.area, organised))
        else:
            met.append(Condition(unit, one.history.units))
            uncertain = True  # an organisation may be silent in a month
        whole = group(side.source, *met)
        route = "one organisation over time" if view.unit else "all together over time"
        for row in one.history.points.to_dict("records"):
            of = whole.and_(between("month", month_number(row["start"]), month_number(row["end"])))
            yield _answers(
                of, ways(people, side.measure, Sentiment.POSITIVE, of),
                row["respondents"] if row["shown"] else math.nan, row["positive"], floor,
                "Trends", route, uncertain=uncertain,
            )  # fmt: skip


def _in_area(people: People, area: str, organised: str) -> Condition:
    for level in AREAS:
        if area in people.values[f"area {level} {organised}"]:
            return one_of(f"area {level} {organised}", area)
    return one_of("current", "no such area")


# --- Themes and comments ---


def _asked(people: People, area: str, service: str, window: Any) -> list[Condition]:
    """The conditions of an area (or one organisation's code), a service and a span of days."""
    met = []
    if area:
        columns = [f"area {level} current" for level in (*AREAS, "trust")] + ["current"]
        met.append(
            next(
                (one_of(name, area) for name in columns if area in people.values[name]),
                one_of("current", "no such area"),
            )
        )
    if service:
        met.append(one_of("service", service))
    if window is not None:
        first, last = window.start, window.end
        if first.day == 1 and window.is_whole_months:
            met.append(between("month", month_number(first), month_number(last)))
        else:
            met.append(between("day", first.toordinal(), last.toordinal()))
    return met


def themes(truth: Truth, told: ThemesReport) -> Iterator[Reading]:
    """How many wrote, and named each theme: in all, by service, over time, by feeling, two together.

    `account`: source, people, with_words, undated;
    `voices`: source, published, people; `prominence`: theme, voice, people, silence; `services`: theme,
    voice, service, people, base; `points`: theme, voice, when, people, base;
    `feelings`: theme, voice, feeling, count; `pairs`: voice, left_theme, right_theme, people.
    """
    asked, floor = told.question, told.question.disclosure.floor
    prefix = "own" if asked.own_words else "theme"
    whole: dict[str, Group] = {}
    for voice in told.voices:
        if voice.published or voice.source not in truth.people:
            continue
        met = _asked(truth.people[voice.source], asked.area, asked.service, asked.window)
        whole[voice.key] = group(voice.source, one_of("coded", True), *met)
        yield _number(whole[voice.key], voice.people, floor, "Themes", "people of a source")

    wrote = {
        "people": (),
        "with_words": (one_of("has_words", True),),
        "undated": (one_of("month", -1),),
    }
    for row in told.account.to_dict("records"):
        source = str(row["source"])
        met = _asked(truth.people[source], asked.area, asked.service, asked.window)
        for name, more in wrote.items():
            yield _number(
                group(source, one_of("is_comment", True), *met, *more), row[name], floor, "Themes",
                "people who wrote", figure=name != "undated",
            )  # fmt: skip

    def named(voice: str, theme: str) -> Group:
        base = whole[voice]
        if not theme:
            return base
        known = f"{prefix} {theme}" in truth.people[base.source].codes
        return base.and_(one_of(f"{prefix} {theme}", True) if known else one_of("coded", "never"))

    for row in told.prominence.to_dict("records"):
        if row["voice"] in whole:
            yield _number(
                named(row["voice"], row["theme"]), row["people"], floor, "Themes", "themes in all",
                uncertain=row["people"] == row["base"],  # as many as everybody at most
            )  # fmt: skip
    for row in told.services.to_dict("records"):
        if row["voice"] not in whole or row["service"] == "":
            continue
        service = one_of("service", "" if row["service"] == NOT_STATED else row["service"])
        for theme, column in ((row["theme"], "people"), ("", "base")):
            yield _number(
                named(row["voice"], theme).and_(service), row[column], floor, "Themes",
                "themes by service" if theme else "people by service",
                figure=bool(theme),
                uncertain=bool(theme) and row["people"] == row["base"],
            )  # fmt: skip
    for row in told.points.to_dict("records"):
        if row["voice"] not in whole:
            continue
        start = month_number(pd.Timestamp(row["when"]))
        when = between("month", start, start + 2)
        for theme, column in ((row["theme"], "people"), ("", "base")):
            yield _number(
                named(row["voice"], theme).and_(when), row[column], floor, "Themes",
                "themes over time" if theme else "people over time",
                figure=bool(theme),
                uncertain=bool(theme) and row["people"] == row["base"],
            )  # fmt: skip
    for row in told.feelings.to_dict("records"):
        if row["voice"] in whole:
            felt = one_of("sentiment", *FEELING_WORDS[row["feeling"]])
            yield _number(
                named(row["voice"], row["theme"]).and_(felt), row["count"], floor, "Themes",
                "feelings of themes", uncertain=row["count"] == row["known"],
            )  # fmt: skip
    for row in told.pairs.to_dict("records"):
        if row["voice"] in whole:
            both = named(row["voice"], row["left_theme"]).and_(
                one_of(f"{prefix} {row['right_theme']}", True)
            )
            yield _number(
                both, row["people"], floor, "Themes", "two themes together", uncertain=True
            )


def comments(truth: Truth, told: CommentsReport) -> Iterator[Reading]:
    """How many wrote of each organisation, how many comments a search found, and how many are not shown.

    `CommentsReport.groups`: source, organisation, people, matches; and `not_shown`. What is found at one
    organisation is what the page says once that organisation is chosen.
    """
    asked, floor = told.question, told.question.disclosure.floor
    looked: list[Condition] = []
    if asked.theme:
        looked.append(one_of(f"theme {asked.theme}", True))
    if asked.feeling:
        looked.append(one_of("sentiment", asked.feeling))
    if asked.words:
        looked.append(one_of(f"word {asked.words}", True))
    for source, people in truth.people.items():
        met = _asked(people, asked.area, asked.service, asked.window)
        if (asked.source and source != asked.source) or True not in people.values["has_words"]:
            continue
        whole = group(source, one_of("has_words", True), *met)
        rows = told.groups[told.groups["source"] == source]
        if asked.organisation:
            rows = rows[rows["organisation"] == asked.organisation]
        for row in rows.to_dict("records"):
            here = whole.and_(one_of("organisation", row["organisation"]))
            yield _number(here, row["people"], floor, "Comments", "one of so many who wrote")
            if looked and all(one.column in people.codes for one in looked):
                yield Reading(
                    here.and_(*looked), EXACT, float(row["matches"]), floor, "Comments",
                    "found by a search", figure=False,
                )  # fmt: skip
        alone = asked.source == source and not asked.organisation
        if alone:
            rest = whole.and_(none_of("organisation", *rows["organisation"]))
            yield _number(
                rest, told.not_shown, floor, "Comments", "more are not shown", figure=False
            )


# --- What is loaded ---


def coverage(truth: Truth, told: Coverage, usual: dict[str, str], floor: int) -> Iterator[Reading]:
    """Answers by source and month, the most of any measure and level.

    `Coverage.cells`: source, period_start, period_end, respondents. `usual` is the level of each source.
    """
    for row in told.cells.to_dict("records"):
        source = str(row["source"])
        if source not in truth.people:
            continue
        people = truth.people[source]
        first, last = month_number(row["period_start"]), month_number(row["period_end"])
        when = between("month", first, last)
        # the larger of those whose organisation is known to be of that level and those with a name alone
        grains = [
            (one_of("own grain", ""),),
            (one_of("own grain", usual[source]),),
        ]
        for measure in (name for name in people.codes if name.startswith("answer ")):
            if set(people.values[measure]) - {"", "n"}:
                for grain in grains:
                    of = group(source, none_of(measure, "", "n"), when, *grain)
                    for most in (False, True):
                        yield _number(
                            of, row["respondents"], floor, "Coverage", "answers by month",
                            most=most, uncertain=not most, figure=False,
                        )  # fmt: skip


def sources(truth: Truth, told: SourcesReport, floor: int) -> Iterator[Reading]:
    """Rows in use of each file. `SourcesReport.extracts`: extract, live_rows, sources."""
    for row in told.extracts.to_dict("records"):
        for source in truth.people:
            if row["sources"] == source:
                yield _number(
                    group(source, one_of("extract", row["extract"])), row["live_rows"], floor,
                    "Sources", "rows of a file", figure=False,
                )  # fmt: skip


def trace(truth: Truth, told: Alignment, rows: pd.DataFrame, unit: str) -> Iterator[Reading]:
    """Answers behind one organisation's figure: of single responses one row, of all files and months.

    Columns: source (short title), cell, respondents, positive.
    """
    floor = told.pairing.disclosure.floor
    for side in (told.left, told.right):
        if side.source not in truth.people or side.unit != "proportion":
            continue
        placed = _Placed(truth.people[side.source], side, told)
        whole = placed.of_unit("paired", unit, "")
        assert whole is not None
        here = rows[(rows["source"] == side.short_title) & (rows["cell"] == TOGETHER)]
        for row in here.to_dict("records"):
            yield _answers(
                placed.counted(whole), placed.ways(whole), row["respondents"], row["positive"],
                floor, "Trace", "rows behind a figure",
            )  # fmt: skip


def groups(truth: Truth, told: GroupsReport, bands: Any) -> Iterator[Reading]:
    """Answers of each group. `GroupsReport.cells`: side, band, respondents, withheld; the organisations
    are those with a figure from both sources, as the page says; where some are left out the reading is
    not kept.
    """
    found = told.alignment
    floor = found.pairing.disclosure.floor
    if not told.of_people or told.cells.empty:
        return
    for place, (which, side) in enumerate((("left", found.left), ("right", found.right))):
        if side.source not in truth.people:
            continue
        people = truth.people[side.source]
        placed = _Placed(people, side, found)
        mine, other = found.rows[place], found.rows[1 - place]
        own, both = _with_figure(mine), _with_figure(mine) & _with_figure(other)
        values = list(people.values[told.group_by])
        for units in (both, own):
            whole = placed.of_outcome("paired")
            assert whole is not None
            here = whole.and_(Condition(placed.unit, frozenset(units)))
            for row in told.cells[told.cells["side"] == which].to_dict("records"):
                inside = [
                    value
                    for value in values
                    if row["band"]
                    in (
                        EVERYBODY,
                        bands.of(told.group_by, value, side.source) if value else NOT_TOLD,
                    )
                ]
                if not inside:
                    continue
                of = here.and_(one_of(told.group_by, *inside))
                positive = row["value"] * row["respondents"]
                yield _answers(
                    placed.counted(of), placed.ways(of), row["respondents"],
                    round(2 * positive) / 2 if pd.notna(positive) else math.nan, floor,
                    "Groups", "answers by group", uncertain=True,
                )  # fmt: skip


def _with_figure(rows: pd.DataFrame) -> set[str]:
    return set(rows.loc[rows["outcome"].isin(WITH_FIGURE), "unit"])
