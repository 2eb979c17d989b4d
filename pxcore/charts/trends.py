"""Pictures of sources over time: small multiples under one time axis, one row a source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from textwrap import wrap
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from pxcore.analysis.time.series import Series
from pxcore.analysis.time.trends import TrendsReport
from pxcore.charts.theme import Palette, Picture, fitted, months
from pxcore.stats.control_chart import Limits, Variation
from pxcore.words import series as words
from pxcore.words.history import SILENT

# What a point is drawn as: its word -> vega shape. Never told apart by colour alone.
POINT_MARKS = {
    "improvement": "triangle-up",
    "concern": "triangle-down",
    "usual swing": "circle",
    "no limits": "square",
    "wave, with its 95 % range": "diamond",
}
MARK_OF = {
    Variation.IMPROVEMENT: "improvement",
    Variation.CONCERN: "concern",
    Variation.COMMON: "usual swing",
    Variation.TOO_FEW: "no limits",
}
TITLE, LINE = 46, 17  # letters of a line of a heading where there is no room, and its height
LONGEST_LABEL = 34  # letters of a label beside a line
ROW = 184  # height of a row with its heading and its dates


def row(report: TrendsReport, place: int, palette: Palette) -> Picture:
    """The series at a place of the report: points, mean, limits, breaks, mergers, what is not shown.

    Drawn under each other the rows share one time axis: all have the same days and the same margin.
    """
    marks = {mark for drawn in report.series for mark in point_rows(drawn)["mark"]}
    present = [mark for mark in POINT_MARKS if mark in marks]
    return _row(report.series[place], days(report), present, palette)


def days(report: TrendsReport) -> tuple[str, str]:
    """The first and the last day of the time axis of a report, with a little room at either end."""
    starts = [drawn.history.points["start"].iloc[0] for drawn in report.series]
    ends = [drawn.history.points["end"].iloc[-1] for drawn in report.series]
    pad = timedelta(days=max(10, (max(ends) - min(starts)).days // 60))
    return at(min(starts) - pad), at(max(ends) + pad)


def over(domain: tuple[str, str]) -> alt.X:
    """The time axis."""
    return alt.X(
        "at:T",
        title=None,
        scale=alt.Scale(domain=list(domain)),
        axis=months(
            tickCount=alt.TimeIntervalStep(interval="month", step=_months_apart(domain)),
            labelFlush=True,
            grid=True,
        ),
    )


def mark_encodings(
    present: list[str], palette: Palette, usual: int, standing_out: int
) -> dict[str, Any]:
    """Shape, colours and size of the column `mark`: areas of a usual mark, and of what stands out."""
    colours = colours_of(palette)

    def scale(values: Mapping[str, str]) -> alt.Scale:
        return alt.Scale(domain=present, range=[values[mark] for mark in present])

    return {
        "shape": alt.Shape("mark:N", title=None, scale=scale(POINT_MARKS), legend=None),
        "fill": alt.Fill("mark:N", title=None, scale=scale(colours), legend=None),
        "stroke": alt.Stroke("mark:N", title=None, scale=scale(colours), legend=None),
        "size": alt.Size(
            "mark:O",
            # ordinal: the scale sizes have of themselves takes a list for two ends, and one for none
            scale=alt.Scale(
                type="ordinal",
                domain=present,
                range=[
                    standing_out if mark in ("improvement", "concern") else usual
                    for mark in present
                ],
            ),
            legend=None,
        ),
    }


def at(day: date) -> str:
    """A day as Vega-Lite reads it, without a time zone."""
    return datetime.combine(day, time()).isoformat()


def middle(start: date, end: date) -> str:
    return at(start + (end - start) / 2)


def point_rows(series: Series) -> pd.DataFrame:
    """The points of a source as drawn, each with its words."""
    points = series.shown
    chart = series.chart
    if chart is None:
        marks, signals = ["wave, with its 95 % range"] * len(points), [""] * len(points)
    else:
        marks = [MARK_OF[variation] for variation in chart.variation]
        signals = [words.SIGNAL_WORDS[signal] for signal in chart.signal]
    return pd.DataFrame(
        {
            "at": [middle(s, e) for s, e in zip(points["start"], points["end"], strict=True)],
            "period": points["period"].to_numpy(),
            "value": points["value"].to_numpy(),
            "low": points["low"].to_numpy(),
            "high": points["high"].to_numpy(),
            "text": [words.value(series.side, value) for value in points["value"]],
            "answers": [
                f"{n:,.0f}" if np.isfinite(n) else "not given" for n in points["respondents"]
            ],
            "mark": marks,
            "signal": [signal or "nothing stands out" for signal in signals],
            "run": runs(series),
        }
    )


def runs(series: Series) -> list[int]:
    """Which points one line joins: those without a gap or a cut between them."""
    points = series.shown
    places = points["position"].to_numpy(dtype=np.int64)
    era = [sum(start >= cut.on for cut in series.cuts) for start in points["start"]]
    breaks = (np.diff(era, prepend=era[:1]) != 0) | (np.diff(places, prepend=places[:1]) > 1)
    return [int(run) for run in np.cumsum(breaks)]


def limit_rows(series: Series) -> pd.DataFrame:
    """Mean and limits at each point, as they are drawn: within what the measure can be."""
    chart = series.chart
    if chart is None:
        return pd.DataFrame({"at": [], "centre": [], "lower": [], "upper": [], "segment": []})
    points = series.shown
    top = 1.0 if series.side.unit == "proportion" else np.inf
    segment = np.zeros(len(points), dtype=np.int64)
    for place, piece in enumerate(chart.segments):
        segment[piece.first : piece.first + piece.points] = place
    rows = pd.DataFrame(
        {
            "at": [middle(s, e) for s, e in zip(points["start"], points["end"], strict=True)],
            "centre": chart.centre,
            "lower": np.clip(chart.lower, 0.0, top),
            "upper": np.clip(chart.upper, 0.0, top),
            "segment": segment,
        }
    )
    return rows[np.isfinite(rows["centre"])]


def line_rows(series: Series) -> pd.DataFrame:
    """Where the series starts afresh, and where organisations became one."""
    rows: list[tuple[date, str, str, str]] = [
        (cut.on, words.cut(cut), cut.label, cut.kind) for cut in series.cuts
    ]
    for merger in series.mergers:
        text = words.merger(merger)
        rows.append((merger.on, text, text, "merger"))
    return pd.DataFrame(
        [(at(on), shortened(label), full, kind) for on, label, full, kind in rows],
        columns=["at", "label", "full", "kind"],
    )


def shortened(label: str) -> str:
    if len(label) <= LONGEST_LABEL:
        return label
    return label[:LONGEST_LABEL].rsplit(" ", 1)[0].rstrip(" ,;") + " …"


def hidden_rows(series: Series) -> pd.DataFrame:
    """Months or quarters without a point, and why."""
    hidden = series.history.points[~series.history.points["shown"]]
    return pd.DataFrame(
        {
            "at": [middle(s, e) for s, e in zip(hidden["start"], hidden["end"], strict=True)],
            "period": hidden["period"].to_numpy(),
            "why": [SILENT[why] for why in hidden["why"]],
        }
    )


def heading(series: Series) -> str:
    """What a row shows and how: source, measure, kind of chart, target."""
    side = series.side
    unit = "% positive" if side.unit == "proportion" else side.measure_title.lower()
    title = side.short_title
    if side.unit == "proportion" and side.measure != "overall":
        title += f", {side.measure_title.lower()}"
    target = (
        f"; long dashes: target {words.value(side, series.target.value)}" if series.target else ""
    )
    if series.is_wave or series.chart is None:
        return f"{title}: {unit} by the wave, with 95 % ranges{target}"
    return f"{title}: {unit} by the {series.every.value}{_trial(series)}{target}"


def measured(series: Series) -> str:
    """The source with what its figures are."""
    side = series.side
    unit = "% positive" if side.unit == "proportion" else "score"
    plain = side.unit == "proportion" and side.measure == "overall"
    return f"{side.short_title}, {'' if plain else f'{side.measure_title.lower()}, '}{unit}"


def colours_of(palette: Palette) -> dict[str, str]:
    """Mark of a point -> its colour."""
    return {
        "improvement": palette.improvement,
        "concern": palette.concern,
        "usual swing": palette.common,
        "no limits": palette.common,
        "wave, with its 95 % range": palette.survey,
    }


def _trial(series: Series) -> str:
    assert series.chart is not None
    return {Limits.TRIAL: ", trial limits", Limits.TOO_FEW: ", too few points for limits"}.get(
        series.chart.segments[-1].limits, ""
    )


def _months_apart(domain: tuple[str, str]) -> int:
    """Months between two labels of the axis: at most about eight, at the starts of months."""
    days = (pd.Timestamp(domain[1]) - pd.Timestamp(domain[0])).days
    return next((step for step in (1, 2, 3, 6) if days <= step * 8 * 31), 12)


def _row(
    series: Series,
    domain: tuple[str, str],
    present: list[str],
    palette: Palette,
) -> Picture:
    points, limits, lines, hidden = (
        point_rows(series), limit_rows(series), line_rows(series), hidden_rows(series),
    )  # fmt: skip
    proportion = series.side.unit == "proportion"
    drawn = [points["value"], limits["lower"], limits["upper"]]
    if series.is_wave or series.variation is Variation.TOO_FEW:
        drawn += [points["low"], points["high"]]
    if series.target is not None:
        drawn.append(pd.Series([series.target.value]))
    ends = pd.concat([part.astype("float64") for part in drawn]).dropna()
    low, high = float(ends.min()), float(ends.max())
    if (
        series.is_wave or series.variation is Variation.TOO_FEW
    ):  # a point or two fill no axis by themselves
        least = 0.1 if proportion else 0.5
        short = max(0.0, least - (high - low)) / 2
        low, high = low - short, high + short
        if proportion:
            low, high = max(low, 0.0), min(high, 1.0)
    room = max(high - low, 0.02 if proportion else 0.2) * 0.08
    low, high = low - room, high + 2.2 * room  # above: the labels of lines
    x = over(domain)
    y_scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    y_axis = alt.Axis(
        format=".0%" if proportion and high - low > 0.05 else (".1%" if proportion else ".1f"),
        tickCount=3,
        minExtent=44,
        maxExtent=44,
        title=None,
    )

    def y(field: str) -> Any:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=y_axis)

    layers: list[alt.Chart] = []
    if len(limits):
        base = alt.Chart(limits)
        for field in ("lower", "upper"):
            layers.append(
                base.mark_line(
                    color=palette.muted, strokeWidth=1, strokeDash=[4, 3], interpolate="step"
                ).encode(x=x, y=y(field), detail=alt.Detail("segment:N"))
            )
        layers.append(
            base.mark_line(color=palette.muted, strokeWidth=1.2).encode(
                x=x, y=y("centre"), detail=alt.Detail("segment:N")
            )
        )
    if series.target is not None:
        layers.append(
            alt.Chart(pd.DataFrame({"target": [series.target.value]}))
            .mark_rule(color=palette.text, strokeDash=[8, 4], strokeWidth=1.2)
            .encode(y=y("target"))
        )
    if len(lines):
        base = alt.Chart(lines)
        tooltip = [alt.Tooltip("full:N", title="Here")]
        # words begin at their line, or end at it where they would run out of the picture
        beyond = "scale('x', toDate(datum.at)) > width / 2"
        layers.append(
            base.mark_rule(color=palette.text, strokeWidth=1.2, strokeDash=[2, 2]).encode(
                x=x, tooltip=tooltip
            )
        )
        layers.append(
            base.mark_text(
                align={"expr": f"{beyond} ? 'right' : 'left'"},
                baseline="top",
                dx={"expr": f"{beyond} ? -4 : 4"},
                color=palette.text,
                fontSize=11,
            ).encode(x=x, y=alt.YValue(1), text=alt.Text("label:N"), tooltip=tooltip)  # type: ignore[no-untyped-call]
        )
    if len(hidden):
        layers.append(
            alt.Chart(hidden)
            .mark_text(text="×", color=palette.muted, fontSize=11, baseline="bottom")
            .encode(
                x=x,
                y=alt.YValue("height"),  # type: ignore[no-untyped-call]
                tooltip=[
                    alt.Tooltip("period:N", title="Not shown"),
                    alt.Tooltip("why:N", title="Why"),
                ],
            )
        )
    tooltip = [
        alt.Tooltip("period:N", title="Period"),
        alt.Tooltip("text:N", title=series.side.measure_title),
        alt.Tooltip("answers:N", title="Answers"),
        alt.Tooltip("signal:N", title="Rule"),
    ]
    base = alt.Chart(points)
    if series.is_wave or series.variation is Variation.TOO_FEW:
        layers.append(
            base.mark_rule(
                strokeWidth=2,
                color=palette.survey if series.is_wave else palette.common,
                opacity=0.7,
            ).encode(x=x, y=y("low"), y2=alt.Y2("high:Q"), tooltip=tooltip)
        )
    layers.append(
        # grey: its heading tells the source, colour what the rules say (the Friends and Family Test's
        # own orange is all but that of concern)
        base.mark_line(strokeWidth=1.4, color=palette.common, opacity=0.6).encode(
            x=x, y=y("value"), detail=alt.Detail("run:N")
        )
    )
    layers.append(
        base.mark_point(filled=True, size=52, opacity=1).encode(
            x=x, y=y("value"), **mark_encodings(present, palette, 30, 80), tooltip=tooltip
        )
    )
    title = heading(series)
    narrow = wrap(title, TITLE)
    height = ROW
    return fitted(
        layers,
        height,
        height + LINE * (len(narrow) - 1),
        title={
            "text": {"expr": f"narrow ? {json.dumps(narrow)} : {json.dumps(title)}"},
            "anchor": "start",
            "frame": "group",
            "fontSize": 13,
            "color": palette.text,
            "offset": 6,
        },
    )
