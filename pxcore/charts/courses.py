"""The course of every source on one dated axis: a band each, each with its own scale.

A band is one unit high, the first at the top. Values are placed within their band here, so that one picture
holds percentages and scores; its axis writes what the places stand for.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from pxcore.analysis.time.series import Series
from pxcore.analysis.time.trends import TrendsReport
from pxcore.charts import trends
from pxcore.charts.theme import Palette, Picture, either, fitted
from pxcore.stats.control_chart import Variation
from pxcore.words import series as words

BAND, NARROW_BAND, DATES = 58, 66, 36  # pixels: of a source, and beneath all the axis with its room
LOWEST, HIGHEST = 0.07, 0.70  # of a band: its values lie between; above them its words
WORDS = 0.85
SIGN = 11  # pixels from the edge to the middle of a sign
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)  # between two ends of a scale, as shares
MOST_STEPS = 5
POINT, STANDS_OUT = 26, 76  # areas of a mark


# Drawn, not written: the letters of a picture are few where a computer has no fonts.
SIGNS = {
    "better": "triangle-up",
    "worse": "triangle-down",
    "as usual": "M-1,0.2Q-0.5,-1,0,0Q0.5,1,1,-0.2",
}
_SIGN_OF = {
    Variation.IMPROVEMENT: "better",
    Variation.CONCERN: "worse",
    Variation.COMMON: "as usual",
}


@dataclass(frozen=True, slots=True)
class Scale:
    """What the lower and the upper end of a band stand for, in the unit of its measure."""

    low: float
    high: float


def scale(series: Series) -> Scale:
    """Round ends that hold every point, its range where it is drawn, the limits and the target."""
    points, chart = series.shown, series.chart
    parts = [points["value"]]
    if chart is not None:
        limits = trends.limit_rows(series)
        parts += [limits["lower"], limits["upper"]]
    if _ranged(series):
        parts += [points["low"], points["high"]]
    if series.target is not None:
        parts.append(pd.Series([series.target.value]))
    values = np.concatenate([np.asarray(part, dtype=np.float64) for part in parts])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    whole = 1.0 if series.side.unit == "proportion" else 10.0
    step = whole * next(
        (step for step in STEPS if (high - low) / whole <= MOST_STEPS * step), STEPS[-1]
    )
    # as a whole number of steps, past what arithmetic leaves of .9 / .1
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if first == last:
        first, last = first - 1, last + 1
    return Scale(first * step, last * step)


def together(report: TrendsReport, palette: Palette) -> Picture:
    """Every source of the report: points, mean, limits, ranges, breaks, mergers, what is not shown."""
    many = len(report.series)
    bands = [
        _Band(drawn, many - 1 - place, scale(drawn)) for place, drawn in enumerate(report.series)
    ]
    points = _points(bands)
    marks = [mark for mark in trends.POINT_MARKS if mark in set(points["mark"])]
    x = trends.over(trends.days(report))
    labels = {f"{tick:.3f}": label for band in bands for tick, label in band.ticks()}
    y = alt.Y(
        "lane:Q",
        title=None,
        scale=alt.Scale(domain=[0, many], nice=False, zero=False),
        axis=alt.Axis(
            values=[float(tick) for tick in labels],
            tickCount=len(labels),  # else Vega thins them to what it thinks fits
            labelExpr=f"({json.dumps(labels)})[format(datum.value, '.3f')]",
            labelOverlap=False,
            minExtent=34,
            grid=True,
            domain=False,
            ticks=False,
        ),
    )
    layers = [
        *_frames(bands, y, palette),
        *_usual(bands, x, y, palette),
        *_events(bands, x, palette),
        *_course(points, marks, x, y, palette),
        *_names(bands, y, palette),
    ]
    return fitted(layers, many * BAND + DATES, many * NARROW_BAND + DATES)


@dataclass(frozen=True, slots=True)
class _Band:
    series: Series
    floor: int  # its lower edge
    scale: Scale

    def at(self, value: float) -> float:
        """Where a value stands."""
        return _lane(value, self.floor, self.scale.low, self.scale.high)

    def ticks(self) -> list[tuple[float, str]]:
        return [
            (self.at(end), words.value(self.series.side, end))
            for end in (self.scale.low, self.scale.high)
        ]


def _of_all(bands: list[_Band], rows_of: Callable[[Series], pd.DataFrame]) -> pd.DataFrame:
    """Rows of every series with what places them."""
    rows = [rows_of(band.series) for band in bands]
    many = [len(of_band) for of_band in rows]
    places: dict[str, list[Any]] = {
        "source": [band.series.side.short_title for band in bands],
        "floor": [band.floor for band in bands],
        "low_end": [band.scale.low for band in bands],
        "high_end": [band.scale.high for band in bands],
    }
    repeated = {name: np.repeat(values, many) for name, values in places.items()}
    return pd.concat(rows, ignore_index=True).assign(**repeated)


def _lane(value: Any, floor: Any, low: Any, high: Any) -> Any:
    """Where values stand between the ends of their bands; numbers, or columns of them."""
    return floor + LOWEST + (value - low) / (high - low) * (HIGHEST - LOWEST)


def _lanes(rows: pd.DataFrame, column: str) -> pd.Series:
    values: pd.Series = _lane(
        rows[column].astype("float64"), rows["floor"], rows["low_end"], rows["high_end"]
    )
    return values


def _points(bands: list[_Band]) -> pd.DataFrame:
    rows = _of_all(bands, trends.point_rows)
    sides = {band.floor: band.series.side for band in bands}
    drawn = {band.floor for band in bands if _ranged(band.series)}
    ranged = rows["low"].notna() & rows["floor"].isin(drawn)
    read = zip(
        ranged, rows["floor"], *(rows[name] for name in ("text", "low", "high")), strict=True
    )
    text = [
        f"{figure} ({words.value(sides[floor], low)} to {words.value(sides[floor], high)})"
        if has
        else figure
        for has, floor, figure, low, high in read
    ]
    lanes = {
        "lane": _lanes(rows, "value"),
        "lane_low": _lanes(rows, "low").where(ranged),
        "lane_high": _lanes(rows, "high").where(ranged),
    }
    runs = rows["floor"].astype(str) + " " + rows["run"].astype(str)
    shown = ["at", "source", "period", "text", "answers", "mark", "signal"]
    return rows.assign(text=text)[shown].assign(**lanes, run=runs)


def _limits(bands: list[_Band]) -> pd.DataFrame:
    """Mean and limits, a row a point and a line."""
    rows = _of_all(bands, trends.limit_rows)
    pieces = rows["floor"].astype(str) + " " + rows["segment"].astype(str)
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "at": rows["at"],
                    "lane": _lanes(rows, line),
                    "line": "mean" if line == "centre" else "limit",
                    "piece": f"{line} " + pieces,
                }
            )
            for line in ("centre", "lower", "upper")
        ],
        ignore_index=True,
    )


def _ranged(series: Series) -> bool:
    """Whether its points are drawn with their ranges: where no limits say what is usual."""
    return series.is_wave or series.variation is Variation.TOO_FEW


def _frames(bands: list[_Band], y: alt.Y, palette: Palette) -> list[alt.Chart]:
    """A line between two bands, and the target of each that has one."""
    edges = pd.DataFrame({"lane": [float(band.floor) for band in bands if band.floor]})
    targets = pd.DataFrame(
        {
            "lane": [
                band.at(band.series.target.value)
                for band in bands
                if band.series.target is not None
            ]
        }
    )
    drawn = []
    if len(edges):
        drawn.append(alt.Chart(edges).mark_rule(color=palette.line).encode(y=y))
    if len(targets):
        dashes = alt.Chart(targets).mark_rule(
            color=palette.text, strokeDash=[8, 4], strokeWidth=1.2
        )
        drawn.append(dashes.encode(y=y))
    return drawn


def _usual(bands: list[_Band], x: alt.X, y: alt.Y, palette: Palette) -> list[alt.Chart]:
    """Mean and limits of each that has them."""
    rows = _limits(bands)
    if not len(rows):
        return []
    mean, limits = (
        alt.Chart(rows.loc[rows["line"] == line, ["at", "lane", "piece"]])
        for line in ("mean", "limit")
    )
    piece = alt.Detail("piece:N")
    return [
        limits.mark_line(
            color=palette.muted, strokeWidth=1, strokeDash=[4, 3], interpolate="step"
        ).encode(x=x, y=y, detail=piece),
        mean.mark_line(color=palette.muted, strokeWidth=1).encode(x=x, y=y, detail=piece),
    ]


def _events(bands: list[_Band], x: alt.X, palette: Palette) -> list[alt.Chart]:
    """Where a series starts afresh, and months that are not shown."""
    # through its band, and at its foot
    lines = _of_all(bands, trends.line_rows)
    lines = lines.assign(lane=lines["floor"].astype(float), lane_high=lines["floor"] + HIGHEST)
    hidden = _of_all(bands, trends.hidden_rows)
    hidden = hidden.assign(lane=hidden["floor"] + LOWEST / 2)
    drawn = []
    if len(lines):
        base = alt.Chart(lines[["at", "lane", "lane_high", "label", "full"]])
        tooltip = [alt.Tooltip("full:N", title="Here")]
        # words begin at their line, or end at it where they would run out of the picture
        beyond = "scale('x', toDate(datum.at)) > width / 2"
        drawn += [
            base.mark_rule(color=palette.text, strokeWidth=1.2, strokeDash=[2, 2]).encode(
                x=x, y=alt.Y("lane:Q"), y2=alt.Y2("lane_high:Q"), tooltip=tooltip
            ),
            base.mark_text(
                align={"expr": f"{beyond} ? 'right' : 'left'"},
                baseline="bottom",
                dx={"expr": f"{beyond} ? -4 : 4"},
                dy=-1,
                color=palette.text,
                fontSize=11,
            ).encode(x=x, y=alt.Y("lane:Q"), text=alt.Text("label:N"), tooltip=tooltip),
        ]
    if len(hidden):
        drawn.append(
            alt.Chart(hidden[["at", "lane", "source", "period", "why"]])
            .mark_text(text="×", color=palette.muted, fontSize=11)
            .encode(
                x=x,
                y=alt.Y("lane:Q"),
                tooltip=[
                    alt.Tooltip("source:N", title="Source"),
                    alt.Tooltip("period:N", title="Not shown"),
                    alt.Tooltip("why:N", title="Why"),
                ],
            )
        )
    return drawn


def _course(
    points: pd.DataFrame, marks: list[str], x: alt.X, y: alt.Y, palette: Palette
) -> list[alt.Chart]:
    tooltip = [
        alt.Tooltip("source:N", title="Source"),
        alt.Tooltip("period:N", title="Period"),
        alt.Tooltip("text:N", title="% or score"),
        alt.Tooltip("answers:N", title="Answers"),
        alt.Tooltip("signal:N", title="Rule"),
    ]
    base = alt.Chart(points)
    return [
        # no rule where there is no range
        base.mark_rule(strokeWidth=2, color=palette.survey, opacity=0.7).encode(
            x=x, y=alt.Y("lane_low:Q"), y2=alt.Y2("lane_high:Q"), tooltip=tooltip
        ),
        base.mark_line(strokeWidth=1.4, color=palette.common, opacity=0.6).encode(
            x=x, y=y, detail=alt.Detail("run:N")
        ),
        base.mark_point(filled=True, opacity=1).encode(
            x=x,
            y=y,
            **trends.mark_encodings(marks, palette, POINT, STANDS_OUT),
            tooltip=tooltip,
        ),
    ]


def _names(bands: list[_Band], y: alt.Y, palette: Palette) -> list[alt.Chart]:
    """Above the values of a band its sign and which source it is, and at its end the latest figure."""
    series = [band.series for band in bands]
    signs = [_sign(drawn) for drawn in series]
    rows = pd.DataFrame(
        {
            "lane": [band.floor + WORDS for band in bands],
            "name": [trends.measured(drawn) for drawn in series],
            "latest": [words.course(drawn) for drawn in series],
            "sign": signs,
            "shape": [SIGNS.get(sign, "circle") for sign in signs],
            "colour": [_colour(drawn, palette) for drawn in series],
        }
    )
    base = alt.Chart(rows)
    colour = alt.Color("colour:N", scale=None)
    at_sign = alt.XValue(SIGN)  # type: ignore[no-untyped-call]
    shown = {"expr": "datum.sign ? 1 : 0"}
    return [
        base.mark_point(size=200, strokeWidth=1.6, opacity=shown).encode(
            x=at_sign, y=y, color=colour
        ),
        base.mark_point(size=52, strokeWidth=1.6, opacity=shown).encode(
            x=at_sign, y=y, color=colour, shape=alt.Shape("shape:N", scale=None)
        ),
        base.mark_text(
            align="left", fontSize=12, fontWeight="bold", color=palette.text,
            dx={"expr": f"datum.sign ? {2 * SIGN} : 4"},
        ).encode(x=alt.XValue(0), y=y, text=alt.Text("name:N")),  # type: ignore[no-untyped-call]
        base.mark_text(
            align="right", fontSize=12, color=palette.text, text=either("''", "datum.latest")
        ).encode(x=alt.XValue("width"), y=y),  # type: ignore[no-untyped-call]
    ]  # fmt: skip


def _sign(series: Series) -> str:
    """What is usual or not; "" of waves and of too few points."""
    return "" if series.chart is None else _SIGN_OF.get(series.variation, "")


def _colour(series: Series, palette: Palette) -> str:
    good = {Variation.IMPROVEMENT: palette.improvement, Variation.CONCERN: palette.concern}
    return palette.muted if series.moved_by_asking else good.get(series.variation, palette.muted)
