"""Pictures of the overview: every pair's correlation on one axis; what is loaded, month by month."""

from __future__ import annotations

import altair as alt
import pandas as pd

from pxcore.analysis.overview import Coverage, OverviewReport
from pxcore.charts.theme import SIGNAL_TITLES, Palette


def agreements(report: OverviewReport, palette: Palette) -> alt.LayerChart:
    """One row per pair of sources: raw rank correlation, interval, number compared."""
    rows = pd.DataFrame(
        [
            {
                "pair": f"{one.left.short_title} – {one.right.short_title}",
                "estimate": one.correlation.estimate,
                "low": one.correlation.interval.low if one.correlation.interval else None,
                "high": one.correlation.interval.high if one.correlation.interval else None,
                "compared": one.correlation.pairs,
                "said": one.summary(),
                "label": f"{one.correlation.pairs} compared",
            }
            for one in report.answered
            if one.correlation is not None
        ]
    )
    y = alt.Y(
        "pair:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelLimit=260, ticks=False, domain=False, labelFontSize=13),
    )
    tooltip = [alt.Tooltip("said:N", title="Reading")]
    base = alt.Chart(rows)
    zero = (
        alt.Chart(pd.DataFrame({"zero": [0.0]}))
        .mark_rule(color=palette.muted, strokeDash=[3, 3])
        .encode(x="zero:Q")
    )
    bars = base.mark_rule(strokeWidth=5, opacity=0.45, color=palette.agreement).encode(
        x=alt.X(
            "low:Q",
            title="Raw rank correlation: 0 unrelated, 1 the same order",
            scale=alt.Scale(domain=[-1, 1]),
            axis=alt.Axis(values=[-1, -0.5, 0, 0.5, 1], format=".1f"),
        ),
        x2="high:Q",
        y=y,
        tooltip=tooltip,
    )
    dots = base.mark_circle(size=130, opacity=1, color=palette.agreement).encode(
        x="estimate:Q", y=y, tooltip=tooltip
    )
    labels = base.mark_text(align="left", dx=8, dy=-11, color=palette.muted).encode(
        x="estimate:Q", y=y, text="label:N"
    )
    return (
        alt.layer(zero, bars, dots, labels)
        .properties(height=max(120, 46 * len(rows) + 40))
        .configure_view(stroke=None)
        .configure_axis(gridColor=palette.line, gridOpacity=0.5)
    )


def coverage(report: Coverage, palette: Palette) -> alt.LayerChart:
    """Source by month: how many organisations have a figure; hollow where all are withheld."""
    cells = report.cells.assign(
        share=report.cells["providers"]
        / report.cells.groupby("source")["providers"].transform("max").clip(lower=1),
        signal_title=report.cells["signal"].map(SIGNAL_TITLES),
        said=[
            f"{row.providers} with a figure, {row.providers_withheld} withheld or missing"
            for row in report.cells.itertuples()
        ],
        # a bar must be wide enough to see, however short its period
        shown_end=report.cells["period_end"] + pd.Timedelta(days=1),
    )
    x = alt.X("period_start:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=8, grid=False))
    y = alt.Y(
        "short_title:N",
        sort=list(dict.fromkeys(cells["short_title"])),
        title=None,
        axis=alt.Axis(
            labelLimit=180, labelOverlap=False, ticks=False, domain=False, labelFontSize=12
        ),
    )
    tooltip = [
        alt.Tooltip("title:N", title="Source"),
        alt.Tooltip("period_start:T", title="From", format="%-d %b %Y"),
        alt.Tooltip("period_end:T", title="To", format="%-d %b %Y"),
        alt.Tooltip("said:N", title="Organisations"),
        alt.Tooltip("respondents:Q", title="Answers", format=",.0f"),
    ]
    colour = alt.Color(
        "signal_title:N",
        title=None,
        scale=alt.Scale(
            domain=list(SIGNAL_TITLES.values()),
            range=[palette.signal(name) for name in SIGNAL_TITLES],
        ),
        legend=alt.Legend(orient="top"),
    )
    bars = (
        alt.Chart(cells)
        .mark_bar(height=15, stroke=palette.ground, strokeWidth=1)
        .encode(
            x=x,
            x2="shown_end:T",
            y=y,
            color=colour,
            tooltip=tooltip,
            opacity=alt.Opacity(
                "share:Q", scale=alt.Scale(domain=[0, 1], range=[0.25, 1.0]), legend=None
            ),
        )
    )
    return (
        alt.layer(bars)
        .properties(height=24 * cells["short_title"].nunique() + 110)
        .configure_view(stroke=None)
    )
