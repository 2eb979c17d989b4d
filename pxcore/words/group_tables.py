"""Two sources by the groups of a dimension, in tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pxcore.analysis.pairs.group_report import (
    GroupsReport,
)
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.model import Withheld
from pxcore.words import verdicts
from pxcore.words.columns import Column
from pxcore.words.english import (
    at_limit,
    number,
    number_range,
    signed,
)
from pxcore.words.groups import organisations, signed_range, under_floor


def screen(report: GroupsReport) -> Released:
    """Each source by group, for the screen: per cents and ranges."""
    rows = report.cells
    return Released(
        rows.assign(
            percent=rows["value"] * 100,
            range=[
                "" if np.isnan(row.low) else f"{row.low:.0%} to {row.high:.0%}"
                for row in each(rows)
            ],
            against=[
                ""
                if np.isnan(row.difference)
                else f"{signed(row.difference * 100)} "
                f"({signed_range(row.difference_low, row.difference_high)})"
                for row in each(rows)
            ],
            q=["" if np.isnan(q) else verdicts.chance(q) for q in rows["q_value"]],
            note=[
                under_floor(report) if why == Withheld.FLOOR.value else ""
                for why in rows["withheld"]
            ],
        )
    )


def columns(report: GroupsReport) -> list[str | Column]:
    """Of the table for the screen."""
    return [
        *("source", "band", "percent", "range", Column.of("respondents", width="small")),
        organisations(report),
        *(["note"] if report.any_withheld else []),
        *(["against", "q"] if report.of_people else []),
    ]


def gap_table(report: GroupsReport) -> Released:
    assert report.gaps is not None
    rows = report.gaps.rows
    shown = [f"{signed(row.gap * 100)} ({signed_range(row.low, row.high)})" for row in each(rows)]
    return Released(rows.assign(points=shown))


def ranking_table(report: GroupsReport) -> Released:
    rows = report.rankings
    ranges = {
        f"{what}_range": [
            _figure(*row) for row in rows[[what, f"{what}_low", f"{what}_high"]].to_numpy()
        ]
        for what in ("raw", "underlying")
    }
    return Released(rows.assign(**ranges))


def _figure(value: float, low: float, high: float) -> str:
    if np.isnan(low):
        return "" if np.isnan(value) else f"{number(value)} (no range)"
    return (
        at_limit(low, high) if np.isnan(value) else f"{number(value)} ({number_range(low, high)})"
    )


COMPARED = ("two_groups", "underlying_difference", "raw_difference", "q")


def compared_table(report: GroupsReport) -> Released:
    """Agreement of every two groups set against one another."""

    def difference(value: float, low: float, high: float) -> str:
        if np.isnan(value):
            return "cannot be estimated"
        return f"{number(value)} ({number_range(low, high)})"

    rows = [
        {
            "two_groups": f"{row.first} against {row.second}",
            "raw_difference": difference(row.difference, row.low, row.high),
            "underlying_difference": difference(
                row.underlying, row.underlying_low, row.underlying_high
            ),
            "q": "" if np.isnan(row.q_value) else verdicts.chance(row.q_value),
        }
        for row in each(report.compared)
    ]
    return Released(pd.DataFrame(rows, columns=list(COMPARED)))


def map_table(report: GroupsReport) -> Released:
    """The map of groups: each as its source names it, what it counts as, and which source has it."""
    titles = {side.source: side.short_title for side in (report.left, report.right)}
    owners = [
        "both" if len(sources) > 1 else titles[sources[0]] for sources in report.map_rows["sources"]
    ]
    return Released(report.map_rows.drop(columns="sources").assign(owner=owners))


def owners(report: GroupsReport) -> dict[str, str]:
    """Whose words a change of the map can be about: a source's name, "" for any; and its title."""
    names = {name for sources in report.map_rows["sources"] for name in sources}
    sides = [side for side in (report.left, report.right) if side.source in names]
    return {"": "Any source", **{side.source: side.short_title for side in sides}}
