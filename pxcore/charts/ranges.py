"""Figures with their ranges, a row a thing: the one way the app draws an interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import altair as alt
import pandas as pd

from pxcore.charts.theme import (
    NAME,
    Mark,
    Palette,
    Picture,
    explained,
    fitted,
    legend,
    names_above,
    rows_of,
)

NONE: Mapping[str, Any] = MappingProxyType({})
RANGE: Mapping[str, Any] = {"strokeWidth": 4, "opacity": 0.5}
POINT: Mapping[str, Any] = {"size": 110, "opacity": 1, "filled": True, "strokeWidth": 2}
AROUND = 110  # pixels that axis and legend take
AROUND_NARROW = 90  # with little room no legend is drawn


def intervals(
    rows: pd.DataFrame,
    of: str,
    estimate: str,
    x: alt.X,
    palette: Palette,
    *,
    order: Sequence[str],
    row: int,
    tooltip: Sequence[alt.Tooltip],
    both: Mapping[str, Any] = NONE,
    point: Mapping[str, Any] = NONE,
    reached: Mapping[str, Any] = NONE,
    mark: Mapping[str, Any] = NONE,
    reach: Mapping[str, Any] = NONE,
    nought: bool = True,
    below: Sequence[alt.Chart] = (),
    above: Sequence[alt.Chart] = (),
    picked: alt.Parameter | None = None,
    named: int | None = None,
    **names: Any,
) -> Picture:
    """One row a thing: its figure, and the range of it from `low` to `high`.

    Parameters
    ----------
    rows : the columns `of`, low, high and `estimate`, and what the encodings ask for.
    of : column that names the things; drawn in `order`.
    x : the axis, of the field low.
    row, named : height of a row in pixels, with its name beside it and above it.
    tooltip : what can be read at a range or its figure.
    both, point, reached : encodings of figure and range alike, such as a colour, of the figure alone, and of
        the range alone.
    mark, reach : properties of the figure's mark and of the range that differ from the usual.
    nought : whether a line stands at 0.
    below, above : layers under and over all others.
    picked : what a click on a figure sets.
    names : as `rows_of` takes them.
    """
    named = row + NAME if named is None else named
    y = rows_of(of, order, named, **names)
    base, shared = alt.Chart(rows), {"y": y, "tooltip": list(tooltip), **both}
    figures = base.mark_point(**{**POINT, **mark}).encode(
        x=alt.X(f"{estimate}:Q"), **shared, **point
    )
    layers = [
        *below,
        *([at_nought(palette)] if nought else ()),
        base.mark_rule(**{**RANGE, **reach}).encode(x=x, x2=alt.X2("high:Q"), **shared, **reached),
        figures if picked is None else figures.add_params(picked),
        *above,
        names_above(y, of, order, palette),
    ]
    many = max(2, len(set(order)))
    return fitted(
        layers,
        row * many + AROUND,
        named * many + (AROUND_NARROW if named > row else AROUND),
    )


def at_nought(palette: Palette) -> alt.Chart:
    """A dashed line where a figure is 0."""
    return (
        alt.Chart(pd.DataFrame({"zero": [0.0]}))
        .mark_rule(color=palette.muted, strokeDash=[3, 3])
        .encode(x=alt.X("zero:Q"))
    )


def correlation_axis(title: str | Sequence[str], low: float = -1) -> alt.X:
    """An axis of correlations."""
    ticks = [tick for tick in (-1, -0.5, 0, 0.5, 1) if tick >= low]
    return alt.X(
        "low:Q",
        title=title,
        scale=alt.Scale(domain=[low, 1]),
        axis=alt.Axis(values=ticks, format=".1f"),
    )


def range_tooltips(estimate: str, title: str, form: str) -> list[alt.Tooltip]:
    """The figure and both ends of its range."""
    return [
        alt.Tooltip(f"{estimate}:Q", format=form, title=title),
        alt.Tooltip("low:Q", format=form, title="From"),
        alt.Tooltip("high:Q", format=form, title="To"),
    ]


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
    strokes = []
    offset = alt.YOffset("what:N", sort=list(FIGURES))
    if marks is not None:
        y = rows_of(of, order, height, limit=260, size=13, apart=0.2)
        strokes.append(
            alt.Chart(marks)
            .mark_tick(thickness=3, size=16, color=palette.text)
            .encode(
                x=alt.X("estimate:Q"), y=y, yOffset=offset,
                tooltip=[alt.Tooltip("reading:N", title="Reading")],
            )
        )  # fmt: skip
    mirrors = ["│ two perfect mirrors, as raw"] if marks is not None else []
    picture = intervals(
        rows,
        of,
        "estimate",
        correlation_axis(["0 unrelated, 1 the same order", *mirrors]),
        palette,
        order=order,
        row=height,
        named=height,
        tooltip=[
            alt.Tooltip("what:N", title="Figure"),
            *range_tooltips("estimate", "Estimate", ".2f"),
            *about,
        ],
        both={
            "yOffset": offset,
            "color": alt.Color(
                "what:N",
                title=None,
                scale=alt.Scale(domain=list(FIGURES), range=[palette.agreement, palette.muted]),
                legend=legend(drawn_of(rows), symbolOpacity=1),
            ),
        },
        above=strokes,
        limit=260,
        size=13,
        apart=0.2,
    )
    return explained(picture, figure_marks(rows, palette))
