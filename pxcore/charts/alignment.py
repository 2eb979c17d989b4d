"""Pictures of alignment: which periods meet, and what became of every row."""

from __future__ import annotations

import altair as alt
import pandas as pd

from pxcore.analysis.alignment import Alignment
from pxcore.charts.theme import Palette


def windows(alignment: Alignment, palette: Palette) -> alt.LayerChart:
    """The periods both sources speak of; those compared are strong, the rest faint."""
    rows = []
    for side, found in (
        (alignment.left, alignment.left_spans),
        (alignment.right, alignment.right_spans),
    ):
        for period in found:
            taken = (
                not alignment.refusals
                and side.period is not None
                and side.period.start <= period.start
                and period.end <= side.period.end
            )
            rows.append(
                {
                    "source": side.short_title,
                    "signal": side.signal,
                    "start": pd.Timestamp(period.start),
                    "end": pd.Timestamp(period.end) + pd.Timedelta(days=1),
                    "period": str(period),
                    "use": "Compared" if taken else "Not used",
                }
            )
    spans = pd.DataFrame(rows)
    signals = [alignment.left.signal, alignment.right.signal]
    return (
        alt.layer(
            alt.Chart(spans)
            .mark_bar(height=24, stroke=palette.ground, strokeWidth=1.5, cornerRadius=2)
            .encode(
                x=alt.X("start:T", title=None, axis=_months(spans)),
                x2="end:T",
                y=alt.Y(
                    "source:N",
                    sort=None,
                    title=None,
                    axis=alt.Axis(ticks=False, domain=False, labelFontSize=13, labelLimit=180),
                ),
                color=alt.Color(
                    "signal:N",
                    legend=None,
                    scale=alt.Scale(domain=signals, range=[palette.signal(s) for s in signals]),
                ),
                opacity=alt.Opacity(
                    "use:N",
                    title=None,
                    scale=alt.Scale(domain=["Compared", "Not used"], range=[1.0, 0.22]),
                    legend=alt.Legend(orient="top", symbolFillColor=palette.text),
                ),
                tooltip=[
                    alt.Tooltip("source:N", title="Source"),
                    alt.Tooltip("period:N", title="Period"),
                    alt.Tooltip("use:N", title="Use"),
                ],
            )
        )
        .properties(height=200)
        .configure_view(stroke=None)
        .configure_axis(gridColor=palette.line, gridOpacity=0.5)
    )


MOST_LABELS = 8


def _months(spans: pd.DataFrame) -> alt.Axis:
    """An axis that names a month once: a label is a whole number of months from the next."""
    first, last = spans["start"].min(), spans["end"].max()
    months = 1 if spans.empty else (last.year - first.year) * 12 + last.month - first.month + 1
    apart = next((step for step in (1, 2, 3, 6) if months <= step * MOST_LABELS), 12)
    ticks = {"interval": "month", "step": apart}
    if apart == 12:
        ticks = {"interval": "year", "step": -(-months // (12 * MOST_LABELS))}
    return alt.Axis(format="%b %Y", tickCount=ticks)


def account(alignment: Alignment, palette: Palette) -> alt.LayerChart:
    """Every row loaded of both sources, by what became of it."""
    rows = alignment.account.assign(
        kind=[
            "Compared"
            if outcome == "paired"
            else OTHER
            if outcome in OTHER_QUESTION
            else "Did not join"
            for outcome in alignment.account["outcome"]
        ],
    )
    kinds = ["Compared", "Did not join", OTHER]
    return (
        alt.layer(
            alt.Chart(rows)
            .mark_bar(height=26)
            .encode(
                x=alt.X(
                    "rows:Q",
                    title="Share of the rows loaded",
                    stack="normalize",
                    axis=alt.Axis(format=".0%", tickCount=5),
                ),
                y=alt.Y(
                    "source:N",
                    sort=None,
                    title=None,
                    axis=alt.Axis(ticks=False, domain=False, labelFontSize=13, labelLimit=180),
                ),
                color=alt.Color(
                    "kind:N",
                    title=None,
                    sort=kinds,
                    scale=alt.Scale(
                        domain=kinds, range=[palette.agreement, palette.dissonance, palette.quiet]
                    ),
                    legend=alt.Legend(orient="top"),
                ),
                order=alt.Order("color_kind_sort_index:Q"),
                tooltip=[
                    alt.Tooltip("reason:N", title="What became of them"),
                    alt.Tooltip("rows:Q", title="Rows", format=","),
                ],
            )
        )
        .properties(height=215)
        .configure_view(stroke=None)
    )


OTHER = "Not asked about here"  # another period, measure, service, level or area
# Rows that answer another question than the one asked: not failures to join.
OTHER_QUESTION = frozenset(
    {
        "other_measure",
        "other_service",
        "group_row",
        "other_grain",
        "outside_period",
        "outside_area",
        "superseded",
    }
)
