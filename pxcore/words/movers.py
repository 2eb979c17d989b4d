"""Which organisations move, in words."""

from __future__ import annotations

from pxcore.analysis.rows import each
from pxcore.analysis.time.movers import MoversReport
from pxcore.disclosure import Released
from pxcore.model import GRAIN_TITLES
from pxcore.stats.trend import FEWEST_POINTS, Direction
from pxcore.words.english import signed, tested_together
from pxcore.words.series import DIRECTION_WORDS


def in_brief(report: MoversReport) -> str:
    """How many rise and how many fall, in a line."""
    many = GRAIN_TITLES[report.level][1]
    up = int((report.moving["direction"] == Direction.UP).sum())
    down = len(report.moving) - up
    return (
        f"One by one on {report.side.short_title}: of {len(report.shown):,} {many}, {up or 'none'} rising "
        f"and {down or 'none'} falling beyond chance."
    )


def summary(report: MoversReport) -> str:
    """How many move, and what that rests on."""
    text = f"{report.side.short_title}: {_answer(report)}"
    if report.leapt:
        text += (
            f" {report.leapt:,} with a leap in the number of answers {'is' if report.leapt == 1 else 'are'} "
            "left out: few and many answers a month cannot be compared."
        )
    return text


def _answer(report: MoversReport) -> str:
    rows, moving = report.shown, report.moving
    many = GRAIN_TITLES[report.level][1]
    if rows.empty:
        return (
            f"none of the {many} here has the {FEWEST_POINTS} points since the last break that a direction "
            "takes."
        )
    together = "all tested together"
    if len(report.rows) > len(rows):
        together = f"tested together with all {len(report.rows):,}"
    if moving.empty:
        nobody = f"the one that can be tested of the {many} here shows no"
        if len(rows) > 1:
            nobody = f"of {len(rows):,} {many} none shows a"
        return f"{nobody} direction beyond chance ({together}). That is not to say that none moves."
    up = int((moving["direction"] == Direction.UP).sum())
    return (
        f"{len(moving):,} of {len(rows):,} {many} show{'s' if len(moving) == 1 else ''} a direction, {up:,} "
        f"rising and {len(moving) - up:,} falling ({together}; about 1 in 20 of such findings is expected to "
        "be chance)."
    )


def alone(report: MoversReport) -> str:
    """Organisations whose range leaves out 0 and that show no direction among all tested."""
    rows = report.shown
    clear = (rows["low"] * rows["high"] > 0) & (rows["direction"] == Direction.NOT_SHOWN)
    return tested_together(list(rows.loc[clear, "name"]), len(report.rows), "no trend is shown")


def table(report: MoversReport) -> Released:
    """Every organisation tested, as shown."""
    rows = report.shown
    return rows.assign(
        way=[DIRECTION_WORDS[Direction(way)] for way in rows["direction"]],
        a_year=[
            f"{signed(row.slope * 100, 1)} ({signed(row.low * 100, 1)} to {signed(row.high * 100, 1)})"
            for row in each(rows)
        ],
    )
