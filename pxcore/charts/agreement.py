"""Pictures of agreement: two sources against each other, and the coefficient beside others'."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from pxcore.analysis.agreement import AgreementReport
from pxcore.analysis.periods import Side
from pxcore.charts.theme import Palette

MOST_POINTS = 500  # beyond, marks are binned: they would only cover one another
AXIS_ROOM = 0.02


def scatter(report: AgreementReport, palette: Palette) -> alt.Chart | alt.LayerChart:
    """One mark per organisation; its interval in both sources; the middles of both as lines."""
    pairs = report.pairs
    left, right = report.left, report.right
    if len(pairs) > MOST_POINTS:
        return _binned(report, palette)
    points = _points(pairs, left, right)
    picked = alt.selection_point(name="organisation", fields=["unit"], on="click", empty=False)
    hovered = alt.selection_point(name="hovered", fields=["unit"], on="pointerover", empty=False)
    across = alt.Scale(domain=_domain(points, "left", left), nice=False)
    upwards = alt.Scale(domain=_domain(points, "right", right), nice=False)
    x = alt.X(
        "left_value:Q",
        title=axis_title(left),
        scale=across,
        axis=alt.Axis(format=_format(left), tickCount=6),
    )
    y = alt.Y(
        "right_value:Q",
        title=axis_title(right),
        scale=upwards,
        axis=alt.Axis(format=_format(right), tickCount=6),
    )
    base = alt.Chart(points)
    shown = hovered | picked
    crosses = [
        base.mark_rule(clip=True, color=palette.muted, strokeWidth=1.2).encode(
            x=alt.X("left_low:Q", scale=across),
            x2="left_high:Q",
            y=y,
            opacity=alt.condition(shown, alt.value(1.0), alt.value(0.0)),
        ),
        base.mark_rule(clip=True, color=palette.muted, strokeWidth=1.2).encode(
            y=alt.Y("right_low:Q", scale=upwards),
            y2="right_high:Q",
            x=x,
            opacity=alt.condition(shown, alt.value(1.0), alt.value(0.0)),
        ),
    ]
    marks = (
        base.mark_circle(stroke=palette.ground, strokeWidth=0.7, clip=True)
        .encode(
            x=x,
            y=y,
            size=alt.Size(
                "answers:Q",
                title="Answers (the fewer of the two)",
                scale=alt.Scale(range=[18, 260], zero=True),
                legend=alt.Legend(
                    orient="top", titleOrient="left", titleLimit=260, values=_legend_sizes(points)
                ),
            ),
            color=alt.condition(
                picked, alt.value(palette.dissonance), alt.value(palette.signal(left.signal))
            ),
            opacity=alt.condition(shown, alt.value(1.0), alt.value(0.62)),
            tooltip=[
                alt.Tooltip("name:N", title="Organisation"),
                alt.Tooltip("left_said:N", title=left.short_title),
                alt.Tooltip("right_said:N", title=right.short_title),
                alt.Tooltip("merged_from:N", title="Merged from"),
            ],
        )
        .add_params(picked, hovered)
    )
    return (
        alt.layer(*_middles(points, palette, across, upwards), *crosses, marks)
        .properties(height=460)
        .configure_view(stroke=None)
        .configure_axis(gridColor=palette.line, gridOpacity=0.5, domainColor=palette.line)
    )


def _points(pairs: pd.DataFrame, left: Side, right: Side) -> pd.DataFrame:
    answers = pairs[["left_respondents", "right_respondents"]].min(axis=1)
    return pairs.assign(
        answers=answers.fillna(answers.median() if answers.notna().any() else 1.0),
        left_said=_said(pairs, "left", left),
        right_said=_said(pairs, "right", right),
    )


def _said(pairs: pd.DataFrame, which: str, side: Side) -> list[str]:
    """A value in words: its figure, interval and answers."""
    told = []
    for value, low, high, n in zip(
        *(pairs[f"{which}_{column}"] for column in ("value", "low", "high", "respondents")),
        strict=True,
    ):
        proportion = side.unit == "proportion"
        figure = f"{value:.0%}" if proportion else f"{value:.1f}"
        if not np.isnan(low):
            span = f"{low:.0%} to {high:.0%}" if proportion else f"{low:.1f} to {high:.1f}"
            figure += f" ({span})"
        told.append(figure + (f", {n:,.0f} answers" if not np.isnan(n) else ", answers not given"))
    return told


def _middles(
    points: pd.DataFrame, palette: Palette, across: alt.Scale, upwards: alt.Scale
) -> list[alt.Chart]:
    middle = pd.DataFrame(
        {"left": [points["left_value"].median()], "right": [points["right_value"].median()]}
    )
    base = alt.Chart(middle).mark_rule(strokeDash=[4, 4], color=palette.muted, opacity=0.8)
    return [
        base.encode(x=alt.X("left:Q", scale=across)),
        base.encode(y=alt.Y("right:Q", scale=upwards)),
    ]


def _binned(report: AgreementReport, palette: Palette) -> alt.Chart:
    """Many organisations: how many stand where, in a grid of forty by forty."""
    pairs = report.pairs
    bins = 40
    counts, x_edges, y_edges = np.histogram2d(pairs["left_value"], pairs["right_value"], bins=bins)
    rows, columns = np.nonzero(counts)
    cells = pd.DataFrame(
        {
            "x": x_edges[rows],
            "x2": x_edges[rows + 1],
            "y": y_edges[columns],
            "y2": y_edges[columns + 1],
            "organisations": counts[rows, columns],
        }
    )
    return (
        alt.Chart(cells)
        .mark_rect(color=palette.signal(report.left.signal))
        .encode(
            x=alt.X(
                "x:Q",
                title=axis_title(report.left),
                scale=alt.Scale(zero=False),
                axis=alt.Axis(format=_format(report.left)),
            ),
            x2="x2:Q",
            y=alt.Y(
                "y:Q",
                title=axis_title(report.right),
                scale=alt.Scale(zero=False),
                axis=alt.Axis(format=_format(report.right)),
            ),
            y2="y2:Q",
            opacity=alt.Opacity("organisations:Q", scale=alt.Scale(range=[0.25, 1.0])),
            tooltip=[alt.Tooltip("organisations:Q", format=",")],
        )
        .properties(height=460)
    )


def coefficient(report: AgreementReport, palette: Palette) -> alt.LayerChart:
    """Our raw rank correlation with its interval, and published figures, on one axis."""
    assert report.correlation is not None
    interval = report.correlation.interval
    rows: list[dict[str, Any]] = [
        {
            "what": "Here",
            "estimate": report.correlation.estimate,
            "low": interval.low if interval else report.correlation.estimate,
            "high": interval.high if interval else report.correlation.estimate,
            "pair": f"{report.correlation.pairs} compared",
            "ours": True,
        }
    ]
    rows += [
        {
            "what": "Published" if len(report.published) == 1 else f"Published {place}",
            "estimate": float(row["estimate"]),
            "low": float(row["low"]),
            "high": float(row["high"]),
            "pair": f"{row['pair']} ({row['n']})",
            "ours": False,
        }
        for place, row in enumerate(report.published, 1)
    ]
    return _ranges(pd.DataFrame(rows), palette, height=44 * len(rows) + 30)


def _ranges(rows: pd.DataFrame, palette: Palette, height: int) -> alt.LayerChart:
    base = alt.Chart(rows)
    y = alt.Y(
        "what:N", sort=None, title=None, axis=alt.Axis(labelLimit=240, ticks=False, domain=False)
    )
    colour = alt.condition("datum.ours", alt.value(palette.agreement), alt.value(palette.muted))
    tooltip = [
        alt.Tooltip("pair:N", title="Pair"),
        alt.Tooltip("estimate:Q", format=".2f", title="Correlation"),
        alt.Tooltip("low:Q", format=".2f", title="From"),
        alt.Tooltip("high:Q", format=".2f", title="To"),
    ]
    zero = (
        alt.Chart(pd.DataFrame({"zero": [0.0]}))
        .mark_rule(color=palette.muted, strokeDash=[3, 3])
        .encode(x="zero:Q")
    )
    bars = base.mark_rule(strokeWidth=4, opacity=0.55).encode(
        x=alt.X(
            "low:Q",
            title="Raw rank correlation",
            scale=alt.Scale(domain=[-1, 1]),
            axis=alt.Axis(values=[-1, -0.5, 0, 0.5, 1], format=".1f"),
        ),
        x2="high:Q",
        y=y,
        color=colour,
        tooltip=tooltip,
    )
    dots = base.mark_circle(size=110, opacity=1).encode(
        x="estimate:Q", y=y, color=colour, tooltip=tooltip
    )
    return (
        alt.layer(zero, bars, dots)
        .properties(height=height)
        .configure_view(stroke=None)
        .configure_axis(gridColor=palette.line, gridOpacity=0.5)
    )


def axis_title(side: Side) -> list[str]:
    """What an axis shows, in one line or two."""
    unit = {
        "proportion": "% positive",
        "score": "mean score, 0–10",
        "stars": "mean stars",
        "rating": "mean rating",
    }.get(side.unit, side.unit)
    if side.measure_title.lower() == "overall experience":
        return [f"{side.short_title}: {unit}"]
    return [side.short_title, f"{side.measure_title}: {unit}"]


def _format(side: Side) -> str:
    return ".0%" if side.unit == "proportion" else ".1f"


def _domain(points: pd.DataFrame, which: str, side: Side) -> list[float]:
    low, high = points[f"{which}_value"].min(), points[f"{which}_value"].max()
    room = max((high - low) * 0.06, AXIS_ROOM if side.unit == "proportion" else 0.1)
    top = 1.0 if side.unit == "proportion" else high + room
    return [
        max(0.0, low - room),
        min(top + 0.005, high + room) if side.unit == "proportion" else top,
    ]


def _legend_sizes(points: pd.DataFrame) -> list[float]:
    largest = float(points["answers"].max())
    if not largest or np.isnan(largest):
        return []
    step = 10 ** np.floor(np.log10(largest))
    return sorted({float(v) for v in (step / 2, step, np.floor(largest / step) * step) if v >= 1})
