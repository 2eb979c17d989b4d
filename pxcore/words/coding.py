"""Coding by hand in words: who coded how much, and how alike."""

from __future__ import annotations

import numpy as np

from pxcore import maps
from pxcore.analysis.comments.coding import CodingReport
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.words.english import number, percent, percent_range

_ALONE = (
    "No comment has been coded by two people yet. Let a second person code some of the same comments: where "
    "two differ, a theme's share depends on who codes."
)


def sources(rows: Released) -> dict[str, str]:
    """Sources with comments to code: name -> title with how many people wrote."""
    return {
        str(
            row.source
        ): f"{maps.source(str(row.source))['short_title']}: {row.with_words:,.0f} people"
        + (" (supplier coded)" if row.coded_by_supplier else "")
        for row in each(rows)
    }


def summary(report: CodingReport) -> str:
    if report.coders.empty:
        return "Nobody has coded comments of this source here yet."
    counts = ", ".join(f"{row.coder} {row.coded:,}" for row in each(report.coders))
    return f"Comments coded: {counts}."


def agreement(report: CodingReport) -> list[str]:
    """How alike each two coders code."""
    if report.pairs.empty:
        return [_ALONE]
    return [
        f"{row.first} and {row.second} have coded too few of the same comments to say how alike."
        if np.isnan(row.same)
        else f"{row.first} and {row.second} gave exactly the same themes to {percent(row.share)} "
        f"({percent_range(row.low, row.high)}) of {row.both:,.0f} comments both coded."
        for row in each(report.pairs)
    ]


def table(report: CodingReport) -> Released:
    """Agreement by theme, for the screen."""
    rows = report.agreement
    return Released(
        {
            "coders": [f"{row.first} and {row.second}" for row in each(rows)],
            "theme": rows["theme"],
            "both": rows["both"],
            "match": [
                f"{percent(row.match)} ({percent_range(row.low, row.high)})" for row in each(rows)
            ],
            "kappa": [_ranged(row.kappa, row.kappa_low, row.kappa_high) for row in each(rows)],
            "ac1": [_ranged(row.ac1, row.ac1_low, row.ac1_high) for row in each(rows)],
        }
    )


def _ranged(value: float, low: float, high: float) -> str:
    return "" if np.isnan(value) else f"{number(value)} ({number(low)} to {number(high)})"
