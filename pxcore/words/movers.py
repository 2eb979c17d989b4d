"""Which organisations changed from one year to the next, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pxcore.analysis.rows import each
from pxcore.analysis.time.movers import MoversReport, Moves
from pxcore.disclosure import Released
from pxcore.model import GRAIN_TITLES
from pxcore.stats.trend import Direction
from pxcore.words import series
from pxcore.words.english import capital, counted, joined, tested_together

MOST_NAMES = 3
LONG_YEAR = 500  # days between two waves from which they are not called years
_APART = "the number of answers doubled or halved at once, or the series starts afresh"
WAYS = {Direction.UP: "rose", Direction.DOWN: "fell"}
MARKS = {Direction.UP: "▲", Direction.DOWN: "▼", Direction.NOT_SHOWN: ""}


def summary(report: MoversReport) -> str:
    """Whether organisations change together, in a sentence or two; "" where no source covers two years."""
    many = GRAIN_TITLES[report.view.level][1]
    tested = report.in_two()
    if not tested:
        return " ".join(of_source(moves, many) for moves in report.sources)
    names = report.names
    changed = [
        f"{_named([names[unit] for unit in alike])} {verb} in {_where(report, alike)}"
        for way, verb in WAYS.items()
        if (alike := report.alike(way))
    ]
    if opposed := report.opposed:
        changed.append(
            f"{_named([names[unit] for unit in opposed])} rose in one source and fell in another"
        )
    if not changed:
        return f"Of {tested:,} {many}, none changed beyond chance in two sources."
    went = len(report.changed_in_two)
    number = "one" if went == 1 else f"{went:,}"
    begin = f"Of {tested:,} {many}, {number} changed in two sources {_within(report)}"
    return f"{begin}{': ' if len(changed) == 1 else '. '}{'. '.join(changed)}."


def counts(report: MoversReport) -> str:
    """How many rose and fell on each source, a sentence each."""
    many = GRAIN_TITLES[report.view.level][1]
    sentences: list[str] = []
    for moves in report.sources:
        tested = f"of {len(moves.shown):,}{'' if sentences else f' {many}'}"
        ways = ((len(moves.that_went(way)), verb) for way, verb in WAYS.items())
        went = [f"{number:,} {tested} {verb}" for number, verb in ways if number]
        sentences.append(
            f"in {moves.side.short_title} {joined(went or [f'none {tested} changed'])}."
        )
    first, *others = sentences
    return " ".join([f"{capital(_since(report))}, beyond chance, {first}", *map(capital, others)])


def _yearly(report: MoversReport) -> bool:
    return max((moves.after.end - moves.before.end).days for moves in report.sources) < LONG_YEAR


def _within(report: MoversReport) -> str:
    return "year on year" if _yearly(report) else "from wave to wave"


def _since(report: MoversReport) -> str:
    return f"from one {'year' if _yearly(report) else 'wave'} to the next"


def _where(report: MoversReport, alike: Mapping[str, Sequence[str]]) -> str:
    """The sources that all of them changed in, where those are the same; of a single organisation from what
    to what."""
    sources = list(alike.values())
    if any(titles != sources[0] for titles in sources) or len(sources[0]) > MOST_NAMES:
        return "two sources or more"
    if len(alike) > 1:
        return f"{'both ' if len(sources[0]) == 2 else ''}{joined(sources[0])}"
    (unit,) = alike
    steps = []
    for moves in report.sources:
        if moves.side.short_title in sources[0]:
            for row in each(moves.shown[moves.shown["unit"] == unit]):
                before, after = (
                    series.value(moves.side, value) for value in (row.before, row.after)
                )
                steps.append(f"{moves.side.short_title} ({before}→{after})")
    return joined(steps)


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return joined([*names[:MOST_NAMES], *([f"{more:,} more"] if more > 0 else [])])


def of_source(moves: Moves, many: str) -> str:
    """How many rose and how many fell on one source, and between what."""
    up, down = (len(moves.that_went(way)) for way in WAYS)
    tested = len(moves.shown)
    return (
        f"{moves.side.short_title}, {moves.after} beside {moves.before}: of {tested:,} {many} "
        f"{up or 'none'} rose and {down or 'none'} fell beyond chance."
    )


def notes(report: MoversReport) -> list[str]:
    """Each source's own count, whom it leaves out, and what stands out by itself alone."""
    many = GRAIN_TITLES[report.view.level][1]
    sentences = []
    for moves in report.sources:
        sentence = of_source(moves, many)
        if moves.apart:
            sentence += (
                f" {counted(moves.apart, *GRAIN_TITLES[report.view.level])} left out: {_APART}."
            )
        if alone := _alone(moves):
            sentence += f" {alone}"
        sentences.append(sentence)
    return sentences + _same_people(report)


def _same_people(report: MoversReport) -> list[str]:
    """Who went the same way in two sources that are one there, and so is not said to have done so in two."""
    names, titles = (
        report.names,
        {moves.side.source: moves.side.short_title for moves in report.sources},
    )
    return [
        f"{joined(sorted(titles[source] for source in sources))} seem to be the same people at "
        f"{names[unit]}: they count as one source."
        for unit, sources in sorted(report.same_people, key=lambda item: (item[0], sorted(item[1])))
    ]


def _alone(moves: Moves) -> str:
    """Organisations whose range leaves out no change and that show none among all tested."""
    rows = moves.shown
    clear = (rows["low"] * rows["high"] > 0) & (rows["direction"] == Direction.NOT_SHOWN.value)
    return tested_together(list(rows.loc[clear, "name"]), len(moves.rows), "no change is shown")


def headline_of_one(report: MoversReport, name: str) -> str:
    """Whether an organisation changed in each source, in a sentence; "" where none covers two years of it."""
    own = {
        moves.side.short_title: (moves, row)
        for moves in report.sources
        for row in each(moves.rows[moves.rows["unit"] == report.view.unit])
    }
    if not own:
        return ""
    went = {
        way: [
            f"{title} ({(_from_to if way is Direction.NOT_SHOWN else _with_range)(moves, row)})"
            for title, (moves, row) in own.items()
            if row.direction == way.value
        ]
        for way in MARKS
    }
    clauses = [f"{verb} in {joined(went[way])}" for way, verb in WAYS.items() if went[way]]
    if still := went[Direction.NOT_SHOWN]:
        shown = "no change beyond chance in" if clauses else "shows no change beyond chance in"
        clauses.append(f"{shown} {joined(still, 'or')}")
    apart = [
        moves.side.short_title
        for moves in report.sources
        if report.view.unit in set(moves.left_out["unit"])
    ]
    sentence = f"{capital(_since(report))}, {name} {'; '.join(clauses)}."
    if apart:
        sentence += f" {joined(apart)} {'is' if len(apart) == 1 else 'are'} not compared: {_APART}."
    return sentence


def of_one(report: MoversReport) -> list[str]:
    """What the organisation looked at did on each source."""
    sentences = []
    for moves in report.sources:
        rows = moves.rows[moves.rows["unit"] == report.view.unit]
        for row in each(rows):
            way = Direction(row.direction)
            verb = WAYS.get(way, "no change shown")
            sentences.append(
                f"{moves.side.short_title}: {verb}, {_from_to(moves, row)} ({_range(moves, row)} points), "
                f"{moves.before} to {moves.after}; tested with all {len(moves.rows):,}."
            )
    return sentences


def _from_to(moves: Moves, row: object) -> str:
    before, after = (series.value(moves.side, getattr(row, name)) for name in ("before", "after"))
    return f"{before} → {after}"


def _with_range(moves: Moves, row: object) -> str:
    """80% → 92%: +7.5 to +16.0."""
    return f"{_from_to(moves, row)}: {_range(moves, row)}"


def _range(moves: Moves, row: object) -> str:
    low, high = (series.step(moves.side, getattr(row, name)) for name in ("low", "high"))
    return f"{low} to {high}"


def screen(report: MoversReport) -> Released:
    """One row an organisation, those that changed first: what each source said at both times."""
    names = report.names
    rows = pd.DataFrame({"unit": list(names), "name": list(names.values())}, dtype=object)
    for moves in report.sources:
        cells = {
            row.unit: f"{MARKS[Direction(row.direction)]} {_with_range(moves, row)}{_chance(row)}".strip()
            for row in each(moves.shown)
        }
        rows[moves.side.source] = rows["unit"].map(cells).fillna("")
    return Released(rows)


def _chance(row: Any) -> str:
    """That a change whose own range leaves out none is not shown among all tested; "" of others."""
    clear = row.low * row.high > 0 and row.direction == Direction.NOT_SHOWN.value
    return ", within chance" if clear else ""


def table(report: MoversReport) -> Released:
    """Every organisation and source, with its change, its range and the chance of it."""
    frames = [
        moves.shown.assign(
            source=moves.side.short_title,
            period_before=str(moves.before),
            period_after=str(moves.after),
        )
        for moves in report.sources
    ]
    columns = [
        "source", "unit", "name", "period_before", "period_after", "before", "after", "change", "low",
        "high", "answers_before", "answers_after", "p_value", "q_value", "direction",
    ]  # fmt: skip
    return Released(pd.concat(frames, ignore_index=True) if frames else None, columns=columns)
