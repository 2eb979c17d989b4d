"""What is shown, read: one small reader for each kind of report, those of two sources in `side_by_side`.

A reader takes a report as a page or command gets it and yields a `Reading` for every number in it that
counts people of a confidential source. When a report changes, its reader is all that must follow. The
columns each needs are named in its docstring.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import pandas as pd

from benchmarks.attacker.reading import EXACT, Reading, answers, number
from benchmarks.attacker.side_by_side import ways
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
from pxcore.analysis.comments.mentions import (
    EXPECTED_OF_A_PAIR,
    FEWEST_OF_A_PAIR,
    NOT_STATED,
)
from pxcore.analysis.comments.themes import ThemesReport
from pxcore.analysis.files.sources import SourcesReport
from pxcore.analysis.pairs.coverage import Coverage
from pxcore.analysis.time.movers import MoversReport
from pxcore.analysis.time.trends import TrendsReport
from pxcore.model import Sentiment

# --- Over time ---


def trends(
    truth: Truth,
    told: TrendsReport,
    points: Mapping[str, pd.DataFrame] | None = None,
    route: str = "",
) -> Iterator[Reading]:
    """Every point of every source of single responses; those of a file, by the short titles of sources, where
    it is given.

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
        shown = "one organisation over time" if view.unit else "all together over time"
        rows = one.history.points if points is None else points.get(side.short_title)
        for row in () if rows is None else rows.to_dict("records"):
            of = whole.and_(between("month", month_number(row["start"]), month_number(row["end"])))
            yield answers(
                of, ways(people, side.measure, Sentiment.POSITIVE, of),
                row["respondents"] if row["shown"] else math.nan, row["positive"], floor,
                "Trends", route or shown, uncertain=uncertain,
            )  # fmt: skip


def changes(truth: Truth, told: MoversReport) -> Iterator[Reading]:
    """Both years of every organisation on every source of single responses.

    `Moves`: side, before, after, and `rows` with unit, before, after, answers_before, answers_after.
    """
    view = told.view
    organised = view.organisation.value
    for one in told.sources:
        side = one.side
        if side.source not in truth.people or side.unit != "proportion":
            continue
        people = truth.people[side.source]
        met = [none_of(f"answer {side.measure}", "", "n"), one_of("row_grain", view.level.value)]
        if view.service:
            met.append(one_of("service", "", view.service))
        if organised == "current":
            met.append(none_of("succession", "split", "to_confirm", "cycle"))
        whole = group(side.source, *met)
        for row in one.rows.to_dict("records"):
            own = whole.and_(one_of(f"{view.level.value} {organised}", row["unit"]))
            for when, year in (("before", one.before), ("after", one.after)):
                of = own.and_(between("month", month_number(year.start), month_number(year.end)))
                count = row[f"answers_{when}"]
                yield answers(
                    of, ways(people, side.measure, Sentiment.POSITIVE, of),
                    count, row[when] * count, view.disclosure.floor,
                    "Trends", "one organisation, two years",
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
        yield number(whole[voice.key], voice.people, floor, "Themes", "people of a source")

    wrote = {
        "people": (),
        "with_words": (one_of("has_words", True),),
        "undated": (one_of("month", -1),),
    }
    for row in told.account.to_dict("records"):
        source = str(row["source"])
        met = _asked(truth.people[source], asked.area, asked.service, asked.window)
        for name, more in wrote.items():
            yield number(
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
            yield number(
                named(row["voice"], row["theme"]), row["people"], floor, "Themes", "themes in all",
                uncertain=row["people"] == row["base"],  # as many as everybody at most
            )  # fmt: skip
    for row in told.services.to_dict("records"):
        if row["voice"] not in whole or row["service"] == "":
            continue
        service = one_of("service", "" if row["service"] == NOT_STATED else row["service"])
        for theme, column in ((row["theme"], "people"), ("", "base")):
            yield number(
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
            yield number(
                named(row["voice"], theme).and_(when), row[column], floor, "Themes",
                "themes over time" if theme else "people over time",
                figure=bool(theme),
                uncertain=bool(theme) and row["people"] == row["base"],
            )  # fmt: skip
    for row in told.feelings.to_dict("records"):
        if row["voice"] in whole:
            felt = replace(named(row["voice"], row["theme"]), felt=row["feeling"])
            yield number(
                felt, row["count"], floor, "Themes",
                "feelings of themes", uncertain=row["count"] == row["known"],
            )  # fmt: skip
    listed = {
        (row["voice"], row["left_theme"], row["right_theme"]): row["people"]
        for row in told.pairs.to_dict("records")
    }
    for voice, left, right in sorted({*listed, *_looked_at_together(told.prominence)}):
        if voice in whole:
            yield number(
                named(voice, left).and_(one_of(f"{prefix} {right}", True)),
                listed.get((voice, left, right)), floor, "Themes", "two themes together",
                uncertain=True, alone=True,
            )  # fmt: skip


def _looked_at_together(prominence: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Every two themes of a voice that are shown together unless too few people named both."""
    if "topic" not in prominence:
        return  # of a file, which says nothing of what is left out
    for voice, rows in prominence.groupby("voice"):
        able = rows[rows["topic"].astype(bool) & (rows["people"] >= FEWEST_OF_A_PAIR)]
        for one, other in combinations(able.sort_values("theme").itertuples(), 2):
            if one.people * other.people / one.base >= EXPECTED_OF_A_PAIR:
                yield str(voice), str(one.theme), str(other.theme)


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
            yield number(here, row["people"], floor, "Comments", "one of so many who wrote")
            if looked and all(one.column in people.codes for one in looked):
                yield Reading(
                    here.and_(*looked).answers(), EXACT, float(row["matches"]), floor, "Comments",
                    "found by a search", figure=False,
                )  # fmt: skip
        alone = asked.source == source and not asked.organisation
        if alone:
            rest = whole.and_(none_of("organisation", *rows["organisation"]))
            yield number(
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
                    of = group(source, none_of(measure, "", "n"), when, *grain).answers()
                    for most in (False, True):
                        yield number(
                            of, row["respondents"], floor, "Coverage", "answers by month",
                            most=most, uncertain=not most, figure=False,
                        )  # fmt: skip


def sources(truth: Truth, told: SourcesReport, floor: int) -> Iterator[Reading]:
    """Rows in use of each file. `SourcesReport.extracts`: extract, live_rows, sources."""
    for row in told.extracts.to_dict("records"):
        for source in truth.people:
            if row["sources"] == source:
                yield number(
                    group(source, one_of("extract", row["extract"])).answers(), row["live_rows"], floor,
                    "Sources", "rows of a file", figure=False,
                )  # fmt: skip
