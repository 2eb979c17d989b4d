"""What is shown, read: one small reader for each kind of report.

A reader takes a report as a page or command gets it and yields a `Reading` for every number in it that
counts people of a confidential source: whom it counts, the number, or in what words it is not told. When a
report changes, its reader here is all that must follow. The columns each needs are named in its docstring.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
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
from pxcore.analysis.alignment import Alignment
from pxcore.analysis.comments import CommentsReport
from pxcore.analysis.group_report import GroupsReport
from pxcore.analysis.overview import Coverage
from pxcore.analysis.periods import Side
from pxcore.analysis.sources import SourcesReport
from pxcore.analysis.themes import ThemesReport
from pxcore.analysis.trends import TrendsReport
from pxcore.model import Organisation, Sentiment

SEVERAL = "several"  # the line of an account that several reasons are told in
SHOWN, FEW, HIDDEN, NONE = "shown", "few", "hidden", "none"
FEELING_WORDS = {
    "positive": ("positive",),
    "neutral": ("neutral", "mixed"),
    "negative": ("negative",),
    "unsaid": ("",),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One number of a view, or the words in its place."""

    group: Group
    said: str  # SHOWN; FEW: the words say it is under the floor; HIDDEN: it may be hidden beside such; NONE
    count: float  # NaN where none is shown
    floor: int
    page: str
    route: str  # which table of the page
    somebody: bool = False  # a blank that is not of nobody
    figure: bool = True  # whether it counts among the figures a page could show
    most: bool = False  # the number is the largest of several: none of them is above it
    uncertain: bool = False  # who is counted is not certain: kept only where it can be right


def _number(of: Group, value: Any, floor: int, page: str, route: str, **more: Any) -> Reading:
    missing = value is None or pd.isna(value)
    said = HIDDEN if missing else SHOWN
    return Reading(of, said, math.nan if missing else float(value), floor, page, route, **more)


# --- Two sources set side by side: Alignment, Agreement, Divergence, Provider, What if ---

IN_WINDOW = ("paired", "no_counterpart", "under_floor", "small_rest", "no_group", "no_base")
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

    def counted(self, whole: Group) -> Group:
        """Those whose answer counts one way or the other."""
        answer, chosen = f"answer {self.side.measure}", self.side.selection
        if self.side.measure == "overall" and chosen.sentiment is Sentiment.MIXED_HALF:
            return whole.and_(none_of("sentiment", "neutral"))
        if self.side.measure == "overall" and chosen.sentiment is Sentiment.STARS:
            return whole.and_(none_of("stars", -1.0))
        told = set(self.people.values.get(answer, {}))
        return whole.and_(none_of(answer, "", "n")) if told - {"", "n"} else whole


def alignment(truth: Truth, told: Alignment) -> Iterator[Reading]:
    """Both sources' figures by organisation, and what did not join by organisation and by reason.

    `Alignment.pairs`: unit, left_people, left_value, left_positive, left_respondents (and right_…);
    `Alignment.unmatched`: side, unit, name, outcome, rows; `Alignment.account`: side, outcome, rows;
    `Alignment.everywhere` for the people of a source that is published, whose figures are no secret.
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
    floor = told.pairing.disclosure.floor
    usual = placed.side.selection.sentiment is Sentiment.POSITIVE and not placed.side.selection.mix
    for row in told.pairs.to_dict("records"):
        whole = placed.of_unit("paired", str(row["unit"]), "")
        assert whole is not None
        counted = placed.counted(whole)
        yield _number(counted, row[f"{which}_people"], floor, "Agreement", "figure of both sources")
        positive = row[f"{which}_positive"]
        if usual and pd.notna(positive):
            yield _number(
                counted.and_(one_of(f"answer {placed.side.measure}", "1.0")),
                round(float(positive)),
                floor,
                "Agreement",
                "rate × answers of both sources",
                figure=False,
            )


@dataclass(frozen=True, slots=True)
class Rate:
    """What is printed of one organisation's rate."""

    answered: Group
    positive: Group
    answers: float  # as shown
    value: float  # proportion
    decimals: int  # of the percentage
    floor: int
    said: str


def rates(truth: Truth, told: Alignment, decimals: int = 1) -> Iterator[Rate]:
    """Percentages of organisations as Agreement prints them.

    `Alignment.pairs`: unit, left_value, left_respondents (and right_…).
    """
    for which, side in (("left", told.left), ("right", told.right)):
        if side.source not in truth.people or side.unit != "proportion":
            continue
        if side.selection.sentiment is not Sentiment.POSITIVE or side.selection.mix:
            continue
        placed = _Placed(truth.people[side.source], side, told)
        for row in told.pairs.to_dict("records"):
            answers, value = row[f"{which}_respondents"], row[f"{which}_value"]
            whole = placed.of_unit("paired", str(row["unit"]), "")
            if whole is None or pd.isna(answers) or pd.isna(value):
                continue
            counted = placed.counted(whole)
            yield Rate(
                counted, counted.and_(one_of(f"answer {side.measure}", "1.0")), float(answers),
                float(value), decimals, told.pairing.disclosure.floor,
                f"{side.source}, {row['unit']}, {side.period}",
            )  # fmt: skip


def _did_not_join(
    placed: _Placed, told: Alignment, which: str, beside_published: bool
) -> Iterator[Reading]:
    floor = told.pairing.disclosure.floor
    rows = told.unmatched
    rows = rows[rows["side"] == which]
    enough: set[str] = set()
    if beside_published:
        other = told.everywhere[which == "left"]
        if isinstance(other, pd.DataFrame):  # else it is handed to nobody who shows it
            enough = set(other.loc[other["people"] >= floor, "unit"])
    for row in rows.to_dict("records"):
        outcome, unit = str(row["outcome"]), str(row["unit"])
        if outcome == "outside_area":
            outcome = "paired"  # one of those looked at: which of them is not told here
        of = placed.of_unit(outcome, unit, str(row["name"]))
        if of is None:
            continue
        few = outcome == "under_floor" and unit in enough
        reading = _number(
            of, row["rows"], floor, "Alignment", f"did not join: {row['outcome']}", somebody=True
        )
        if few:
            # the other source is published and told elsewhere: it is this one that is of few
            yield Reading(
                placed.counted(of), FEW, math.nan, floor, "Alignment", "too few answers to show"
            )
        yield reading


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
        yield _number(of, row["rows"], floor, "Alignment", "rows by reason", somebody=True)


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
            if not row["shown"]:
                none = row["why"] == "nothing received"
                yield Reading(
                    of, NONE if none else HIDDEN, math.nan, floor, "Trends", route,
                    somebody=True, uncertain=uncertain, figure=not none,
                )  # fmt: skip
                continue
            yield _number(of, row["respondents"], floor, "Trends", route, uncertain=uncertain)
            if pd.notna(row["positive"]):
                yield _number(
                    of.and_(one_of(answer, "1.0")), round(float(row["positive"])), floor,
                    "Trends", "rate × answers over time", uncertain=uncertain, figure=False,
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
    """How many named each theme: in all, by service, over time, by feeling, two together.

    `voices`: source, published, people; `prominence`: theme, voice, people, silence; `services`: theme,
    voice, service, people, base; `points`: theme, voice, when, people, base (and `trends`: voice, cut);
    `feelings`: theme, voice, feeling, count; `pairs`: voice, left_theme, right_theme, people.
    """
    asked, floor = told.asked, told.asked.disclosure.floor
    prefix = "own" if asked.own_words else "theme"
    whole: dict[str, Group] = {}
    for voice in told.voices:
        if voice.published or voice.source not in truth.people:
            continue
        met = _asked(truth.people[voice.source], asked.area, asked.service, asked.window)
        whole[voice.key] = group(voice.source, one_of("coded", True), *met)
        yield _number(
            whole[voice.key], voice.people, floor, "Themes", "people of a source", somebody=True
        )

    def named(voice: str, theme: str) -> Group:
        base = whole[voice]
        if not theme:
            return base
        known = f"{prefix} {theme}" in truth.people[base.source].codes
        return base.and_(one_of(f"{prefix} {theme}", True) if known else one_of("coded", "never"))

    for row in told.prominence.to_dict("records"):
        if row["voice"] in whole:
            yield _number(
                named(row["voice"], row["theme"]), row["people"], floor, "Themes", "themes in all"
            )
    for row in told.services.to_dict("records"):
        if row["voice"] not in whole or row["service"] == "":
            continue
        service = one_of("service", "" if row["service"] == "not said" else row["service"])
        for theme, column in ((row["theme"], "people"), ("", "base")):
            yield _number(
                named(row["voice"], theme).and_(service), row[column], floor, "Themes",
                "themes by service" if theme else "people by service",
                figure=bool(theme),
            )  # fmt: skip
    cut = (
        dict(zip(told.trends["voice"], told.trends["cut"], strict=True)) if len(told.trends) else {}
    )
    for row in told.points.to_dict("records"):
        if row["voice"] not in whole:
            continue
        start = month_number(pd.Timestamp(row["when"]))
        months = 3 if cut.get(row["voice"], "quarter") == "quarter" else 1
        when = between("month", start, start + months - 1)
        for theme, column in ((row["theme"], "people"), ("", "base")):
            yield _number(
                named(row["voice"], theme).and_(when), row[column], floor, "Themes",
                "themes over time" if theme else "people over time",
                figure=bool(theme),
            )  # fmt: skip
    for row in told.feelings.to_dict("records"):
        if row["voice"] in whole:
            felt = one_of("sentiment", *FEELING_WORDS[row["feeling"]])
            yield _number(
                named(row["voice"], row["theme"]).and_(felt), row["count"], floor, "Themes",
                "feelings of themes",
            )  # fmt: skip
    for row in told.pairs.to_dict("records"):
        if row["voice"] in whole:
            both = named(row["voice"], row["left_theme"]).and_(
                one_of(f"{prefix} {row['right_theme']}", True)
            )
            yield _number(both, row["people"], floor, "Themes", "two themes together")


def comments(truth: Truth, told: CommentsReport) -> Iterator[Reading]:
    """How many wrote of each organisation, how many comments a search found, and how many are not shown.

    `CommentsReport.groups`: source, organisation, people, found; and `not_shown`. What is found at one
    organisation is what the page says once that organisation is chosen.
    """
    asked, floor = told.asked, told.asked.disclosure.floor
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
                yield _number(
                    here.and_(*looked), row["found"], floor, "Comments", "found by a search",
                    figure=False,
                )  # fmt: skip
        alone = asked.source == source and not asked.organisation
        if alone:
            rest = whole.and_(none_of("organisation", *rows["organisation"]))
            if told.not_shown >= floor or told.not_shown == 0:
                said = NONE if told.not_shown == 0 else SHOWN
                yield Reading(
                    rest, said, float(told.not_shown), floor, "Comments", "more are not shown",
                    figure=False,
                )  # fmt: skip
            else:
                yield Reading(
                    rest, FEW, math.nan, floor, "Comments", "more are not shown", figure=False
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
                    yield _number(
                        group(source, none_of(measure, "", "n"), when, *grain), row["respondents"],
                        floor, "Coverage", "answers by month", most=True, figure=False,
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


def trace(
    truth: Truth, told: Alignment, rows: pd.DataFrame, unit: str, files: dict[str, int]
) -> Iterator[Reading]:
    """People behind one organisation's figure by file and month.

    Columns: source (short title), file_name, provider, period_start, people, positive. `files` are the
    numbers of files by name.
    """
    floor = told.pairing.disclosure.floor
    for side, other in ((told.left, told.right), (told.right, told.left)):
        if side.source not in truth.people:
            continue
        organised = told.pairing.organisation.value
        service = side.service or other.service
        here = rows[rows["source"] == side.short_title]
        keys = ["file_name", "provider", "period_start"]
        for (file_name, provider, start), some in here.groupby(keys, sort=False):
            met = [
                none_of(f"answer {side.measure}", "", "n"),
                one_of("extract", files.get(str(file_name), -1)),
                one_of("code", str(provider)),
                one_of("month", month_number(start)),
            ]
            if service:
                met.append(one_of("service", "", service))
            if told.grain.value != side.reported_grain:
                met.append(one_of(f"{told.grain.value} {organised}", unit))
            of = group(side.source, *met)
            yield _number(
                of, some["people"].sum(skipna=False), floor, "Trace", "rows behind a figure",
                somebody=True, uncertain=len(some) > 1,
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
        figure = ("paired", "no_counterpart", "under_floor")
        own = set(mine.loc[mine["outcome"].isin(figure), "unit"])
        both = own & set(other.loc[other["outcome"].isin(figure), "unit"])
        values = [value for value in people.values[told.group_by] if value]
        for units in (both, own):
            whole = placed.of_outcome("paired")
            assert whole is not None
            counted = placed.counted(whole).and_(Condition(placed.unit, frozenset(units)))
            for row in told.cells[told.cells["side"] == which].to_dict("records"):
                inside = [
                    value
                    for value in values
                    if bands.of(told.group_by, value, side.source) == row["band"]
                ]
                if not inside:
                    continue
                yield _number(
                    counted.and_(one_of(told.group_by, *inside)), row["respondents"], floor,
                    "Groups", "answers by group", uncertain=True,
                )  # fmt: skip
