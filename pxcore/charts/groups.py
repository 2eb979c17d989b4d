"""Pictures of groups: each source by group, the gap between two, and how alike they rank organisations."""

from __future__ import annotations

import pandas as pd

from pxcore.analysis.pairs.group_report import TOTALS, GroupsReport
from pxcore.charts import grammar as alt
from pxcore.charts.ranges import intervals, range_tooltips, underlying_and_raw
from pxcore.charts.theme import (
    SIGNAL_MARKS,
    SIGNED,
    Mark,
    Palette,
    Picture,
    explained,
    legend,
)
from pxcore.stats.latent import limit_within

ROW, GAP = 46, 34  # pixels a group takes with two sources in it, and with one gap


def by_group(report: GroupsReport, palette: Palette) -> Picture:
    """The percentage of each source in each group, with its range."""
    rows = report.cells[report.cells["value"].notna()]
    order = [band for band in dict.fromkeys(report.cells["band"]) if band in set(rows["band"])]
    sides = [report.left, report.right]
    present = [side for side in sides if side.short_title in set(rows["source"])]
    titles = [side.short_title for side in present]
    colours = [palette.signal(side.signal) for side in present]
    if len(set(colours)) < len(colours):  # two sources of one kind
        colours[-1] = palette.muted
    picture = intervals(
        rows,
        "band",
        "value",
        alt.X(
            "low:Q",
            title="Positive answers",
            scale=alt.Scale(zero=False, nice=True),
            axis=alt.Axis(format=".0%", tickCount=6),
        ),
        palette,
        order=order,
        row=ROW,
        tooltip=[
            alt.Tooltip("source:N", title="Source"),
            alt.Tooltip("band:N", title="Group"),
            *range_tooltips("value", "Positive", ".0%"),
            alt.Tooltip("respondents:Q", format=",", title="Answers"),
        ],
        both={
            "yOffset": alt.YOffset("source:N", sort=titles),
            "color": alt.Color(
                "source:N",
                title=None,
                scale=alt.Scale(domain=titles, range=colours),
                legend=legend(titles),
            ),
        },
        point={
            "shape": alt.Shape(
                "source:N",
                title=None,
                scale=alt.Scale(
                    domain=titles, range=[SIGNAL_MARKS[side.signal] for side in present]
                ),
            )
        },
        nought=False,
        limit=210,
        apart=0.2,
    )
    marks = [
        Mark(side.short_title, SIGNAL_MARKS[side.signal], colour, colour)
        for side, colour in zip(present, colours, strict=True)
    ]
    return explained(picture, marks)


def gaps(report: GroupsReport, palette: Palette) -> Picture:
    """The gap taken together, with the same mix of people in both, and in each group."""
    assert report.gaps is not None
    rows = report.gaps.rows
    points = {name: rows[name] * 100 for name in ("gap", "low", "high")}
    rows = rows.assign(band=rows["what"], total=rows["what"].isin(TOTALS), **points)
    rows = rows[["band", *points, "total"]]
    order = list(rows["band"])
    kinds = [True, False]
    return intervals(
        rows,
        "band",
        "gap",
        alt.X(
            "low:Q",
            title=f"{report.left.short_title} less {report.right.short_title}, points",
            axis=alt.Axis(labelExpr=SIGNED, tickCount=6),
        ),
        palette,
        order=order,
        row=GAP,
        tooltip=[alt.Tooltip("band:N", title="Gap"), *range_tooltips("gap", "Points", "+.0f")],
        both={
            "color": alt.Color(
                "total:N",
                scale=alt.Scale(domain=kinds, range=[palette.text, palette.agreement]),
                legend=None,
            )
        },
        point={
            "shape": alt.Shape(
                "total:N", scale=alt.Scale(domain=kinds, range=["diamond", "circle"]), legend=None
            )
        },
        limit=210,
    )


def rankings(report: GroupsReport, palette: Palette) -> Picture:
    """Underlying and raw agreement of each group on one axis, with their ranges."""
    columns = ["band", "what", "estimate", "low", "high", "organisations"]
    figures = [
        report.rankings.assign(
            what=what,
            estimate=report.rankings[what],
            low=report.rankings[f"{what}_low"],
            high=report.rankings[f"{what}_high"],
        )[columns]
        for what in ("underlying", "raw")
    ]
    rows = pd.concat(figures, ignore_index=True)
    rows = rows[rows["low"].notna()]
    limits = [limit_within(*ends) for ends in rows[["low", "high"]].to_numpy()]
    rows["estimate"] = rows["estimate"].fillna(pd.Series(limits, index=rows.index, dtype=float))
    order = [band for band in report.rankings["band"] if band in set(rows["band"])]
    return underlying_and_raw(
        rows,
        "band",
        palette,
        order=order,
        about=[
            alt.Tooltip("band:N", title="Group"),
            alt.Tooltip("organisations:Q", format=",", title="Compared"),
        ],
        height=48,
    )
