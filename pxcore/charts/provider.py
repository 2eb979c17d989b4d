"""Pictures of organisations: where each source puts one among its peers; several side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pxcore.analysis.pairs.provider import ProviderReport
from pxcore.charts import grammar as alt
from pxcore.charts.ranges import intervals, range_tooltips
from pxcore.charts.theme import (
    SIGNAL_MARKS,
    SIGNED,
    Palette,
    Picture,
)

ROOM = 2  # typical differences drawn beyond the furthest mark
ROW = 30  # height of a source's row


def sources(report: ProviderReport, palette: Palette) -> Picture:
    """Where each source puts one organisation among its peers."""
    return standings(report.standings(), palette)


def beside(reports: tuple[ProviderReport, ...], place: int, palette: Palette) -> Picture:
    """The same of one of several organisations, all on one scale."""
    rows = [report.standings() for report in reports]
    return standings(rows[place], palette, beside=pd.concat(rows))


def standings(
    rows: pd.DataFrame, palette: Palette, *, beside: pd.DataFrame | None = None
) -> Picture:
    """Where each source puts an organisation among its peers, with its range.

    Parameters
    ----------
    rows : one row per source: source, signal, standing, low, high, in typical differences.
    palette : of the ground.
    beside : the rows of every organisation drawn beside this one, for one scale.
    """
    # one range of a source that can tell little would push all else together: it runs out of the picture
    scaled = rows if beside is None else beside
    widest, furthest = (
        float(np.nanmax(np.abs(scaled[names].to_numpy()))) if len(scaled) else 0.0
        for names in (["low", "high"], ["standing"])
    )
    reach = max(3.0, min(widest, furthest + ROOM))
    x = alt.X(
        "low:Q",
        title="← below its peers · typical differences · above →"
        if beside is None
        else "← below · typical differences · above →",
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=alt.Axis(labelExpr=SIGNED, tickMinStep=1),
    )
    signals = list(SIGNAL_MARKS)
    colour = alt.Color(
        "signal:N",
        legend=None,
        scale=alt.Scale(domain=signals, range=[palette.signal(name) for name in signals]),
    )
    return intervals(
        rows,
        "source",
        "standing",
        x,
        palette,
        order=list(dict.fromkeys(rows["source"])),
        row=ROW,
        tooltip=[
            alt.Tooltip("source:N", title="Source"),
            *range_tooltips("standing", "Standing", "+.1f"),
        ],
        both={"color": colour},
        point={
            "shape": alt.Shape(
                "signal:N",
                legend=None,
                scale=alt.Scale(domain=signals, range=[SIGNAL_MARKS[name] for name in signals]),
            )
        },
        reach={"clip": True},
        limit=160,
    )
