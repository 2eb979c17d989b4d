"""Underlying agreement and raw correlation of several things on one axis, each with its range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from pxcore.charts.theme import (
    Mark,
    Palette,
    Picture,
    explained,
    fitted,
    legend,
    names_above,
    rows_of,
)

FIGURES = ("underlying", "raw")


def drawn_of(rows: pd.DataFrame) -> list[str]:
    """Which of FIGURES have a range to draw: a legend names no other."""
    drawn = set(rows.loc[rows["low"].notna(), "what"])
    return [figure for figure in FIGURES if figure in drawn]


def figure_marks(rows: pd.DataFrame, palette: Palette, shape: str = "circle") -> list[Mark]:
    """The legend of the figures that are drawn."""
    colours = dict(zip(FIGURES, (palette.agreement, palette.muted), strict=True))
    return [Mark(item, shape, colours[item], colours[item]) for item in drawn_of(rows)]


def underlying_and_raw(
    rows: pd.DataFrame,
    of: str,
    palette: Palette,
    *,
    order: Sequence[str],
    about: Sequence[alt.Tooltip],
    height: int,
    marks: pd.DataFrame | None = None,
) -> Picture:
    """Two figures a row, with their ranges, from -1 to 1.

    Parameters
    ----------
    rows : one row per thing and figure: the column `of`, what (one of FIGURES), estimate, low, high.
    of : column that names the things; drawn in `order`.
    about : what else is told of a mark, beside the figure and its range.
    height : of a row, in pixels.
    marks : the same without a range (`of`, what, estimate, reading): short strokes, the perfect mirrors.
    """
    order = list(order)
    y = rows_of(of, order, height, limit=260, size=13, apart=0.2)
    placed: dict[str, Any] = {
        "y": y,
        "yOffset": alt.YOffset("what:N", sort=list(FIGURES)),
    }
    row = placed | {
        "color": alt.Color(
            "what:N",
            title=None,
            scale=alt.Scale(domain=list(FIGURES), range=[palette.agreement, palette.muted]),
            legend=legend(drawn_of(rows), symbolOpacity=1),
        ),
        "tooltip": [
            alt.Tooltip("what:N", title="Figure"),
            alt.Tooltip("estimate:Q", format=".2f", title="Estimate"),
            alt.Tooltip("low:Q", format=".2f", title="From"),
            alt.Tooltip("high:Q", format=".2f", title="To"),
            *about,
        ],
    }
    base = alt.Chart(rows)
    zero = (
        alt.Chart(pd.DataFrame({"zero": [0.0]}))
        .mark_rule(color=palette.muted, strokeDash=[3, 3])
        .encode(x=alt.X("zero:Q"))
    )
    bars = base.mark_rule(strokeWidth=5, opacity=0.45).encode(
        x=alt.X(
            "low:Q",
            title=[
                "0 unrelated, 1 the same order",
                *(["│ two perfect mirrors, as raw"] if marks is not None else ()),
            ],
            scale=alt.Scale(domain=[-1, 1]),
            axis=alt.Axis(values=[-1, -0.5, 0, 0.5, 1], format=".1f"),
        ),
        x2=alt.X2("high:Q"),
        **row,
    )
    layers = [
        zero,
        bars,
        base.mark_circle(size=110, opacity=1).encode(x=alt.X("estimate:Q"), **row),
    ]
    if marks is not None:
        layers.append(
            alt.Chart(marks)
            .mark_tick(thickness=3, size=16, color=palette.text)
            .encode(
                x=alt.X("estimate:Q"), tooltip=[alt.Tooltip("reading:N", title="Reading")], **placed
            )
        )
    layers.append(names_above(y, of, order, palette))
    picture = fitted(alt.layer(*layers), height * max(1, rows[of].nunique()) + 110)
    return explained(picture, figure_marks(rows, palette))
