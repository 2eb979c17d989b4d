"""Pictures beside the headline: the curve of the evidence floor, bands, levels, other measures."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from pxcore.analysis.coefficients import CoefficientsReport, Level
from pxcore.charts.ranges import FIGURES, drawn_of
from pxcore.charts.theme import SIGNED_PERCENT, Palette

BAND_WORDS = ("worse", "as expected", "better")


def curve(report: CoefficientsReport, palette: Palette) -> alt.LayerChart:
    """Raw and underlying agreement as more answers are asked for, with their ranges."""
    rows = []
    for what, of in zip(FIGURES, ("latent", "raw"), strict=True):
        part = report.curve[["which", "floor", "pairs", of, f"{of}_low", f"{of}_high"]]
        part.columns = pd.Index(["which", "floor", "pairs", "estimate", "low", "high"])
        rows.append(part.assign(what=what).dropna(subset=["estimate", "low"]))
    drawn = pd.concat(rows)
    first = drawn["which"].iloc[0] if len(drawn) else ""
    colour = alt.Color(
        "what:N",
        title=None,
        scale=alt.Scale(domain=list(FIGURES), range=[palette.agreement, palette.muted]),
        legend=alt.Legend(
            orient="top", symbolOpacity=1, symbolType="circle", values=drawn_of(drawn)
        ),
    )
    x = alt.X(
        "floor:Q",
        title="Fewest answers asked for in both sources",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(values=sorted(drawn["floor"].unique().tolist()), grid=False),
    )
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
        .encode(x=x, y=alt.Y("low:Q", scale=y_scale), y2="high:Q", color=colour)
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
            legend=alt.Legend(
                orient="top",
                labelLimit=320,
                symbolType="stroke",
                symbolSize=500,
                symbolStrokeColor=palette.text,
                symbolStrokeWidth=2,
                symbolOpacity=1,
            )
            if drawn["which"].nunique() > 1
            else None,
        ),
        tooltip=tooltip,
    )
    return (
        alt.layer(bands, lines, points)
        .properties(height=340)
        .configure_view(stroke=None)
        .configure_axis(gridColor=palette.line, gridOpacity=0.5)
    )


def bands(report: CoefficientsReport, palette: Palette) -> alt.LayerChart:
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
        .encode(x=x, y=y, text="organisations:Q")
    )
    return alt.layer(tiles, counts).properties(height=250).configure_view(stroke=None)


def bland_altman(level: Level, palette: Palette, left: str, right: str) -> alt.LayerChart:
    """Differences against means, the limits of agreement, and what they would be without noise."""
    limits = level.bland_altman
    points = level.points
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
            y="at:Q",
            strokeDash=alt.StrokeDash(
                "what:N",
                title=None,
                scale=alt.Scale(
                    domain=["mean difference", "limit of agreement", "limit without noise"],
                    range=[[1, 0], [6, 4], [2, 3]],
                ),
                legend=alt.Legend(orient="top", labelLimit=220),
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
    return (
        alt.layer(rules, dots)
        .properties(height=360)
        .configure_view(stroke=None)
        .configure_axis(gridColor=palette.line, gridOpacity=0.4)
    )


def measures(report: CoefficientsReport, palette: Palette) -> alt.LayerChart:
    """Each pair of measures: those of the same thing ought to go together best."""
    left = report.measures["left"].nunique()
    rows = report.measures.assign(
        pair=[
            f"{one} – {other}" if left > 1 else other
            for one, other in zip(report.measures["left"], report.measures["right"], strict=True)
        ],
        what=np.where(report.measures["same_domain"], "the same thing", "another thing"),
    ).sort_values(["same_domain", "estimate"], ascending=[False, False])
    base = alt.Chart(rows)
    y = alt.Y(
        "pair:N",
        sort=None,
        title=None,
        axis=alt.Axis(
            labelLimit=300, labelOverlap=False, labelFlush=False, ticks=False, domain=False
        ),
    )
    colour = alt.Color(
        "what:N",
        title="Asks about",
        scale=alt.Scale(
            domain=["the same thing", "another thing"], range=[palette.agreement, palette.muted]
        ),
        legend=alt.Legend(orient="top", titleOrient="left"),
    )
    tooltip = [
        alt.Tooltip("left:N", title=report.agreement.left.short_title),
        alt.Tooltip("right:N", title=report.agreement.right.short_title),
        alt.Tooltip("estimate:Q", format=".2f", title="Raw rank correlation"),
        alt.Tooltip("low:Q", format=".2f", title="From"),
        alt.Tooltip("high:Q", format=".2f", title="To"),
        alt.Tooltip("pairs:Q", title="Organisations"),
    ]
    zero = (
        alt.Chart(pd.DataFrame({"zero": [0.0]}))
        .mark_rule(color=palette.muted, strokeDash=[3, 3])
        .encode(x="zero:Q")
    )
    spans = base.mark_rule(strokeWidth=4, opacity=0.5).encode(
        x=alt.X("low:Q", title="Raw rank correlation", scale=alt.Scale(domain=[-0.5, 1])),
        x2="high:Q",
        y=y,
        color=colour,
        tooltip=tooltip,
    )
    dots = base.mark_circle(size=100, opacity=1).encode(
        x="estimate:Q", y=y, color=colour, tooltip=tooltip
    )
    return (
        alt.layer(zero, spans, dots)
        .properties(height=28 * max(2, len(rows)) + 100)
        .configure_view(stroke=None)
        .configure_axis(gridColor=palette.line, gridOpacity=0.5)
    )
