"""Pictures of organisations: where each source puts one among its peers; several side by side."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from pxcore.charts.theme import SIGNAL_MARKS, SIGNED, Palette

ROOM = 2  # typical differences drawn beyond the furthest mark
PANEL = 250  # pixels of one organisation beside others


def standings(rows: pd.DataFrame, palette: Palette, *, several: bool = False) -> Any:
    """Where each source puts an organisation among its peers, with its range.

    Parameters
    ----------
    rows : one row per source (and, with `several`, organisation `name`): source, signal, standing, low,
        high, in typical differences.
    palette : of the ground.
    several : whether to draw a panel an organisation, on one scale.
    """
    base = alt.Chart(rows)
    y = alt.Y(
        "source:N",
        sort=list(dict.fromkeys(rows["source"])),
        title=None,
        axis=alt.Axis(
            ticks=False, domain=False, labelLimit=160, labelOverlap=False, labelFlush=False
        ),
    )
    # one range of a source that can tell little would push all else together: it runs out of the picture
    widest, furthest = (
        float(np.nanmax(np.abs(rows[names].to_numpy()))) if len(rows) else 0.0
        for names in (["low", "high"], ["standing"])
    )
    reach = max(3.0, min(widest, furthest + ROOM))
    x = alt.X(
        "low:Q",
        title="← below · typical differences · above →"
        if several
        else "← below its peers · typical differences · above →",
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=alt.Axis(labelExpr=SIGNED, tickMinStep=1),
    )
    signals = list(SIGNAL_MARKS)
    colour = alt.Color(
        "signal:N",
        legend=None,
        scale=alt.Scale(domain=signals, range=[palette.signal(name) for name in signals]),
    )
    tooltip = [
        alt.Tooltip("source:N", title="Source"),
        alt.Tooltip("standing:Q", format="+.1f", title="Standing"),
        alt.Tooltip("low:Q", format="+.1f", title="From"),
        alt.Tooltip("high:Q", format="+.1f", title="To"),
    ]
    average = base.mark_rule(color=palette.muted, strokeDash=[3, 3]).encode(x=alt.datum(0))
    spans = base.mark_rule(strokeWidth=4, opacity=0.5, clip=True).encode(
        x=x, x2="high:Q", y=y, color=colour, tooltip=tooltip
    )
    dots = base.mark_point(size=150, filled=True, opacity=1).encode(
        x="standing:Q",
        y=y,
        color=colour,
        shape=alt.Shape(
            "signal:N",
            legend=None,
            scale=alt.Scale(domain=signals, range=[SIGNAL_MARKS[name] for name in signals]),
        ),
        tooltip=tooltip,
    )
    layers = alt.layer(average, spans, dots)
    height = 30 * max(2, rows["source"].nunique())
    if several:
        return (
            layers.properties(width=PANEL, height=height)
            .facet(
                facet=alt.Facet(
                    "name:N",
                    sort=list(dict.fromkeys(rows["name"])),
                    title=None,
                    header=alt.Header(labelFontSize=13, labelLimit=PANEL, labelAnchor="start"),
                ),
                columns=3,
            )
            .configure_view(stroke=None)
            .configure_axis(gridColor=palette.line, gridOpacity=0.5)
        )
    return (
        layers.properties(height=height + 115)
        .configure_view(stroke=None)
        .configure_axis(gridColor=palette.line, gridOpacity=0.5)
    )
