"""The pictures of two sources by group: their titles, and what they show in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pxcore.analysis.pairs.group_report import (
    TOTALS,
    GroupsReport,
)
from pxcore.analysis.rows import each
from pxcore.model import GRAIN_TITLES
from pxcore.stats.correlation import MINIMUM_PAIRS
from pxcore.stats.latent import Strength, strength
from pxcore.words.agreement import REVERSED_SCALE
from pxcore.words.english import (
    counted,
    number,
    signed,
)
from pxcore.words.groups import less, summary


def rankings_picture(report: GroupsReport) -> str:
    """The picture of agreement by group, in words."""
    parts = [f"{row.band}: {_ranking(report, row)}" for row in each(report.rankings)]
    return f"How alike the two rank organisations, by group. {'; '.join(parts)}."


def _ranking(report: GroupsReport, row: Any) -> str:
    """How alike the two rank organisations for one group, or why that cannot be told."""
    noun, nouns = GRAIN_TITLES[report.alignment.grain]
    if np.isnan(row.raw):
        if row.organisations < MINIMUM_PAIRS:
            compared = counted(row.organisations, noun, nouns)
            return f"not enough evidence: {compared}, and it takes {MINIMUM_PAIRS}"
        return "not enough evidence: all of them are alike in one of the two sources"
    text = f"raw {number(row.raw)} across {row.organisations:,} {nouns}"
    latent = report.underlying.get(row.band)
    if latent is not None and strength(latent) is Strength.OPPOSITE:
        return f"{text}, underlying in opposite order. {REVERSED_SCALE}"
    if latent is not None and latent.interval is not None:
        return text
    why = latent.reason if latent is not None and latent.reason else "too few answers"
    return f"{text}; underlying cannot be estimated: {why}"


def picture(report: GroupsReport) -> str:
    """The picture of each source by group."""
    parts = [
        f"{row.source}, {row.band}: {row.value:.0%} ({row.low:.0%} to {row.high:.0%})"
        for row in each(report.cells[report.cells["value"].notna()])
    ]
    return f"{summary(report)} {'; '.join(parts)}."


def picture_title(report: GroupsReport) -> str:
    """The title of the picture of each source by group; "" where no group is known of both."""
    rows = _of_bands(report)
    if rows.empty:
        return ""
    higher, lower = report.ordered(rows["gap"].sum())
    above = int((rows["gap"] * (1 if rows["gap"].sum() >= 0 else -1) > 0).sum())
    many = f"all {len(rows)}" if above == len(rows) else f"{above} of {len(rows)}"
    return f"{higher.short_title} above {lower.short_title} in {many} {_kind(report)}"


def gaps_title(report: GroupsReport) -> str:
    """The title of the picture of the gaps: from the smallest to the largest of a group."""
    rows = _of_bands(report)
    if rows.empty:
        return ""
    least, most = (signed(rows["gap"].agg(end) * 100) for end in ("min", "max"))
    return f"From {least} to {most} points, {less(report)}"


def rankings_title(report: GroupsReport) -> str:
    """The title of the picture of agreement by group."""
    raw = report.rankings["raw"].dropna()
    if len(raw) < 2:
        return ""
    return f"Raw agreement from {number(raw.min())} to {number(raw.max())}, by group"


def _of_bands(report: GroupsReport) -> pd.DataFrame:
    """The gap of each group, without those of all together."""
    if report.gaps is None:
        return pd.DataFrame(columns=["what", "gap"])
    rows = report.gaps.rows
    return rows[~rows["what"].isin(TOTALS)]


def _kind(report: GroupsReport) -> str:
    return "groups" if report.of_people else "fifths"


def gaps_picture(report: GroupsReport) -> str:
    """The picture of the gaps."""
    assert report.gaps is not None
    parts = [f"{row.what}: {signed(row.gap * 100)}" for row in each(report.gaps.rows)]
    return f"{less(report)}. {'; '.join(parts)}."
