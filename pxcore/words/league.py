"""What a rank in the oversight framework's league table hides, in words."""

from __future__ import annotations

from typing import Any

import numpy as np

from pxcore.analysis.pairs.league import LeagueReport
from pxcore.analysis.rows import each
from pxcore.stats.ranks import DRAWS
from pxcore.words.certainty import in_100
from pxcore.words.english import counted, joined

TITLE = "NHS Oversight Framework"
QUARTERS = ("best", "second", "third", "last")
CAPTION = (
    "The table is of many things, of which patient experience is one. The two are never blended: ranges "
    f"are of what each source knows, by {DRAWS:,} draws."
)


def summary(report: LeagueReport) -> str:
    """Its rank as printed."""
    low, high = report.likely
    likely = (
        f"; by the table's own likely range {low:.0f} to {high:.0f}" if np.isfinite(low) else ""
    )
    segment = f", segment {report.segment:.0f}" if np.isfinite(report.segment) else ""
    return (
        f"The league table of {report.period} ({report.kind}) has it at {report.rank} of "
        f"{counted(report.trusts, 'trust')}{segment}{likely}."
    )


def sentences(report: LeagueReport) -> list[str]:
    """What each source says of that place, those that would put it elsewhere first."""
    ordered = report.sources.sort_values("elsewhere", ascending=False, kind="stable")
    lines = [_sentence(row) for row in each(ordered)]
    if report.unheard:
        lines.append(f"{joined(report.unheard)}: fewer than 10 trusts of the table are heard.")
    return lines


def _sentence(row: Any) -> str:
    where = (
        f"{row.source}: anywhere from {row.low:.0f} to {row.high:.0f} of the {row.trusts} trusts it hears. "
        f"The table has it at {row.place} of these"
    )
    elsewhere = ", so this source would order otherwise" if row.elsewhere else ""
    return (
        f"{where}{elsewhere}; in the table's {QUARTERS[row.quarter]} quarter: {in_100(row.chance)}."
    )
