"""Whether a theme is named more or less often than before, in words."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.comments.themes import ThemesReport
from pxcore.analysis.rows import each
from pxcore.stats.trend import Direction
from pxcore.words.counts import fewer_than
from pxcore.words.english import points_signed, tested_together

DIRECTIONS = {
    Direction.UP: "rising",
    Direction.DOWN: "falling",
    Direction.NOT_SHOWN: "not shown",
    Direction.CANNOT_TELL: "cannot tell",
}


def trend(report: ThemesReport, row: Any) -> str:
    """One theme of one voice over time."""
    voice = report.voice(row.voice).title
    slope, low, high = (points_signed(value) for value in (row.slope, row.low, row.high))
    steep = f"{slope} percentage points a year ({low} to {high}), {row.points} quarters"
    if row.direction == Direction.CANNOT_TELL:
        return (
            f"{row.theme} in {voice}: cannot tell, each quarter is so like the one before that so few cannot "
            f"tell a trend from a slow swing; {steep}."
        )
    if row.direction == Direction.NOT_SHOWN:
        return f"{row.theme} in {voice}: no rise or fall shown; {steep}."
    return f"{row.theme} is {DIRECTIONS[row.direction]} in {voice}: {steep}."


def over_time(report: ThemesReport, theme: str) -> str:
    """One theme over time, in every voice."""
    sentences = [trend(report, row) for row in each(report.trends[report.trends["theme"] == theme])]
    hidden = report.points[(report.points["theme"] == theme) & report.points["share"].isna()]
    if len(hidden):
        many = "one point" if len(hidden) == 1 else f"{len(hidden)} points"
        fewer = fewer_than(report.question.disclosure)
        sentences.append(f"At {many} {fewer} people named it: not drawn.")
    return " ".join(sentences) or f"{theme}: named by too few people to look at over time."


def trends_alone(report: ThemesReport) -> str:
    """Trends that would be findings by themselves, and are none among those tested together."""
    rows = report.trends
    if rows.empty:
        return ""
    alone = rows[(rows["low"] * rows["high"] > 0) & (rows["direction"] == Direction.NOT_SHOWN)]
    names = [
        f"{row.theme} ({report.voice(row.voice).title})" if len(report.titles()) > 1 else row.theme
        for row in each(alone)
    ]
    return tested_together(names, len(rows), "no trend is shown")
