"""Pictures beside the headline: the curve of the evidence floor, bands, levels, other measures."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from pxcore.analysis.pairs.coefficients import CoefficientsReport
from pxcore.charts.ranges import (
    FIGURES,
    correlation_axis,
    drawn_of,
    figure_marks,
    intervals,
    range_tooltips,
)
from pxcore.charts.theme import (
    SIGNED_PERCENT,
    Mark,
    Palette,
    Picture,
    explained,
    fitted,
    legend,
)
from pxcore.words import coefficients as words

ASKS = "asks about {}"
ROW = 28  # height of a pair of measures
LINES = {"mean difference": "line", "limit of agreement": "dashes", "limit without noise": "dots"}
DASHES = [[1, 0], [6, 4], [2, 3]]  # a line, dashes and dots
BAND_WORDS = ("worse", "as expected", "better")


def curve(report: CoefficientsReport, palette: Palette) -> Picture:
    """Raw and underlying agreement as more answers are asked for, with their ranges."""
    rows = []
    for what, of in zip(FIGURES, ("latent", "raw"), strict=True):
        part = report.curve[["which", "floor", "pairs", of, f"{of}_low", f"{of}_high"]]
        part.columns = pd.Index(["which", "floor", "pairs", "estimate", "low", "high"])
        part = part.assign(which=[words.subset(report, which) for which in part["which"]])
        rows.append(part.assign(what=what).dropna(subset=["estimate", "low"]))
    drawn = pd.concat(rows)
    first = drawn["which"].iloc[0] if len(drawn) else ""
    colour = alt.Color(
        "what:N",
        title=None,
        scale=alt.Scale(domain=list(FIGURES), range=[palette.agreement, palette.muted]),
        legend=legend(drawn_of(drawn), symbolOpacity=1, symbolType="circle"),
    )
    x = alt.X(
        "floor:Q",
        title="Fewest answers asked for in both sources",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(values=sorted(drawn["floor"].unique().tolist()), grid=False),
    )
    which = list(dict.fromkeys(drawn["which"]))
    y_scale = alt.Scale(domain=[min(-0.2, float(drawn["low"].min())) if len(drawn) else -0.2, 1])
    tooltip = [
        alt.Tooltip("what:N", title="Figure"),
        alt.Tooltip("which:N", title="Of"),
        alt.Tooltip("floor:Q", title="Fewest answers"),
        alt.Tooltip("pairs:Q", title="Organisations"),
        alt.Tooltip("estimate:Q", format=".2f", title="Estimate"),
        alt.Tooltip("low:Q", format=".2f", title="From"),
        alt.Tooltip("high:Q", format=".2f", title="To"),
    ]
    base = alt.Chart(drawn)
    bands = (
        base.transform_filter(alt.datum.which == first)
        .mark_area(opacity=0.14)
        .encode(x=x, y=alt.Y("low:Q", scale=y_scale), y2=alt.Y2("high:Q"), color=colour)
    )
    points = base.mark_point(filled=True, size=30, opacity=1).encode(
        x=x, y=alt.Y("estimate:Q", scale=y_scale), color=colour, tooltip=tooltip
    )
    lines = base.mark_line().encode(
        x=x,
        y=alt.Y("estimate:Q", title="Correlation", scale=y_scale, axis=alt.Axis(format=".1f")),
        color=colour,
        strokeDash=alt.StrokeDash(
            "which:N",
            title=None,
            sort=None,
            scale=alt.Scale(domain=which, range=DASHES[: len(which)]),
            legend=legend(
                which,
                symbolType="stroke",
                symbolSize=500,
                symbolStrokeColor=palette.text,
                symbolStrokeWidth=2,
                symbolOpacity=1,
            )
            if len(which) > 1
            else None,
        ),
        tooltip=tooltip,
    )
    marks = figure_marks(drawn, palette)
    if len(which) > 1:
        marks += [
            Mark(label, shape, palette.text, palette.text)
            for label, shape in zip(which, ("line", "dashes", "dots"), strict=False)
        ]
    return explained(fitted([bands, lines, points], 340), marks)


def bands(report: CoefficientsReport, palette: Palette) -> Picture:
    """How many organisations are worse, as expected or better in each source."""
    assert report.bands is not None
    table = np.asarray(report.bands.table)
    left, right = report.agreement.left.short_title, report.agreement.right.short_title
    cells = pd.DataFrame(
        [
            {
                "left": BAND_WORDS[row],
                "right": BAND_WORDS[column],
                "organisations": int(table[row, column]),
                "same": row == column,
            }
            for row in range(3)
            for column in range(3)
        ]
    )
    x = alt.X(
        "right:N",
        sort=list(BAND_WORDS),
        title=right,
        axis=alt.Axis(labelAngle=0, orient="top", ticks=False, domain=False),
    )
    y = alt.Y("left:N", sort=list(BAND_WORDS), title=left, axis=alt.Axis(ticks=False, domain=False))
    tiles = (
        alt.Chart(cells)
        .mark_rect(stroke=palette.line)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "organisations:Q",
                legend=None,
                scale=alt.Scale(
                    type="sqrt", range=[palette.ground, palette.partial], interpolate="rgb"
                ),
            ),
            tooltip=[
                alt.Tooltip("left:N", title=left),
                alt.Tooltip("right:N", title=right),
                alt.Tooltip("organisations:Q", title="Organisations"),
            ],
        )
    )
    counts = (
        alt.Chart(cells)
        .mark_text(fontSize=15, color=palette.text)
        .encode(x=x, y=y, text=alt.Text("organisations:Q"))
    )
    return fitted([tiles, counts], 250)


def bland_altman(report: CoefficientsReport, palette: Palette) -> Picture:
    """Differences against means, the limits of agreement, and what they would be without noise."""
    assert report.level is not None
    limits, points = report.level.bland_altman, report.level.points
    left, right = report.agreement.left.short_title, report.agreement.right.short_title
    lines = [
        {"at": limits.bias, "what": "mean difference", "dash": "mean"},
        {"at": limits.limits.low, "what": "limit of agreement", "dash": "limit"},
        {"at": limits.limits.high, "what": "limit of agreement", "dash": "limit"},
    ]
    if limits.limits_without_noise is not None:
        lines += [
            {"at": limits.limits_without_noise.low, "what": "limit without noise", "dash": "pure"},
            {"at": limits.limits_without_noise.high, "what": "limit without noise", "dash": "pure"},
        ]
    drawn = pd.DataFrame(lines)
    rules = (
        alt.Chart(drawn)
        .mark_rule(color=palette.muted)
        .encode(
            y=alt.Y("at:Q"),
            strokeDash=alt.StrokeDash(
                "what:N",
                title=None,
                scale=alt.Scale(domain=list(LINES), range=DASHES),
                legend=legend(list(LINES)),
            ),
            tooltip=[
                alt.Tooltip("what:N", title="Line"),
                alt.Tooltip("at:Q", format="+.0%", title="At"),
            ],
        )
    )
    dots = (
        alt.Chart(points)
        .mark_circle(color=palette.agreement, opacity=0.6, size=45)
        .encode(
            x=alt.X(
                "mean:Q",
                title="Mean of the two, % positive",
                scale=alt.Scale(zero=False, nice=False, padding=12),
                axis=alt.Axis(format=".0%", tickCount=6),
            ),
            y=alt.Y(
                "difference:Q",
                title=f"{left} less {right}, points",
                axis=alt.Axis(labelExpr=SIGNED_PERCENT),
            ),
            tooltip=[
                alt.Tooltip("name:N", title="Organisation"),
                alt.Tooltip("mean:Q", format=".0%", title="Mean"),
                alt.Tooltip("difference:Q", format="+.0%", title="Difference"),
            ],
        )
    )
    marks = [
        Mark(line, shape, palette.muted, palette.muted)
        for line, shape in LINES.items()
        if line in set(drawn["what"])
    ]
    return explained(fitted([rules, dots], 360), marks)


def measures(report: CoefficientsReport, palette: Palette) -> Picture:
    """Each pair of measures: those of the same thing ought to go together best."""
    left = report.measures["left"].nunique()
    rows = report.measures.assign(
        pair=[
            f"{first} – {second}" if left > 1 else second
            for first, second in zip(report.measures["left"], report.measures["right"], strict=True)
        ],
        what=np.where(report.measures["same_domain"], "the same thing", "another thing"),
    ).sort_values(["same_domain", "estimate"], ascending=[False, False])
    kinds, colours = ["the same thing", "another thing"], [palette.agreement, palette.muted]
    picture = intervals(
        rows,
        "pair",
        "estimate",
        correlation_axis("Raw rank correlation", -0.5),
        palette,
        order=list(dict.fromkeys(rows["pair"])),
        row=ROW,
        tooltip=[
            alt.Tooltip("left:N", title=report.agreement.left.short_title),
            alt.Tooltip("right:N", title=report.agreement.right.short_title),
            *range_tooltips("estimate", "Raw rank correlation", ".2f"),
            alt.Tooltip("pairs:Q", title="Organisations"),
        ],
        both={
            "color": alt.Color(
                "what:N",
                title=None,
                scale=alt.Scale(domain=kinds, range=colours),
                legend=legend(kinds, ASKS),
            )
        },
        limit=300,
    )
    marks = [
        Mark(ASKS.format(kind), "circle", colour, colour)
        for kind, colour in zip(kinds, colours, strict=True)
    ]
    return explained(picture, marks)
