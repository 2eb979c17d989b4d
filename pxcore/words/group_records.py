"""Which source records what about the people who answered, in words and as a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pxcore.analysis.joining.selection import DIMENSIONS
from pxcore.analysis.pairs.group_report import (
    GroupsReport,
    Record,
)
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.words.english import (
    joined,
)
from pxcore.words.groups import under_floor

NONE = "–"  # a source cannot be split by it


def who(report: GroupsReport) -> str:
    """What can be asked of these sources, in a sentence or two."""
    able = report.who[report.who["tells"]]
    unable = joined(
        [name for name in dict.fromkeys(report.who["title"]) if name not in set(able["title"])]
    )
    absent = joined([DIMENSIONS[d] for d in DIMENSIONS if d not in set(able["dimension"])], "or")
    sentences = [
        f"Cannot be split by any group of people: {unable}." if unable else "",
        f"No source records {absent}." if absent else "",
    ]
    return " ".join(filter(None, sentences)) or "Every source records something about who answered."


def who_table(report: GroupsReport) -> Released:
    """One row per source that records anything, one column per dimension that any source records."""
    rows = report.who.assign(text=[_record(report, row) for row in each(report.who)])
    wide = rows.pivot(index="title", columns="dimension", values="text")
    able = rows.groupby("title")["tells"].any()
    names = dict.fromkeys(rows.loc[rows["how"] != Record.NOTHING, "title"])
    order = sorted(names, key=lambda name: not able[name])
    wide = wide.reindex(order)[report.dimensions].rename_axis(columns=None)
    return Released(wide.reset_index().rename(columns={"title": "source"}))


def _record(report: GroupsReport, row: Any) -> str:
    """What one source records of one dimension."""
    return {
        Record.COUNTED: f"{row.people:,.0f} ({row.share:.0%})",
        Record.FEW: under_floor(report),
        Record.PUBLISHED: "in its published figures",
        Record.HEARD_ALONE: "who was heard, not what they said",
        Record.NOTHING: NONE,
    }[Record(row.how)]


def dimension_titles(names: Iterable[str]) -> dict[str, str]:
    """Dimension -> its title, as the head of a column."""
    return {name: DIMENSIONS[name].capitalize() for name in names}


def next_step(report: GroupsReport) -> str:
    """What a person can do where these two cannot be split."""
    able = report.who[report.who["tells"]].groupby("dimension")["title"].agg(list)
    several = [
        f"**{DIMENSIONS[d]}**: {joined(able[d])}" for d in DIMENSIONS if len(able.get(d, ())) > 1
    ]
    if not several:
        return "Load local responses, one a row, with a column for age, sex, ethnicity or another group."
    return (
        "Sources that record the same about people can be compared by it. Choose two of them in the "
        f"sidebar: {'; '.join(several)}."
    )
