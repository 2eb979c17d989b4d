"""Pictures of alignment: which periods meet, and what became of every row."""

from __future__ import annotations

import altair as alt
import pandas as pd

from pxcore.analysis.joining.alignment import Alignment
from pxcore.charts.theme import (
    Mark,
    Palette,
    Picture,
    explained,
    fitted,
    legend,
    months,
    names_above,
    rows_of,
)
from pxcore.words import alignment as words

ROW = 60  # height of a source's row
FAINT = 0.22  # opacity of what is not used
USES = {True: "Darker: compared", False: "Paler: not used"}


def windows(alignment: Alignment, palette: Palette) -> Picture:
    """The periods both sources speak of; those compared are strong, the rest faint."""
    rows = []
    for side, counts in (
        (alignment.left, alignment.left_spans),
        (alignment.right, alignment.right_spans),
    ):
        for period in counts:
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
                    "use": USES[taken],
                }
            )
    spans = pd.DataFrame(rows)
    signals = [alignment.left.signal, alignment.right.signal]
    sources = list(dict.fromkeys(spans["source"]))
    y = rows_of("source", sources, ROW, limit=180, size=13)
    picture = fitted(
        [
            alt.Chart(spans)
            .mark_bar(height=24, stroke=palette.ground, strokeWidth=1.5, cornerRadius=2)
            .encode(
                x=alt.X("start:T", title=None, axis=_months(spans)),
                x2=alt.X2("end:T"),
                y=y,
                color=alt.Color(
                    "signal:N",
                    legend=None,
                    scale=alt.Scale(domain=signals, range=[palette.signal(s) for s in signals]),
                ),
                opacity=alt.Opacity(
                    "use:O",
                    title=None,
                    scale=alt.Scale(domain=[*USES.values()], range=[1.0, FAINT]),
                    legend=legend([*USES.values()], symbolFillColor=palette.text),
                ),
                tooltip=[
                    alt.Tooltip("source:N", title="Source"),
                    alt.Tooltip("period:N", title="Period"),
                    alt.Tooltip("use:N", title="Use"),
                ],
            ),
            names_above(y, "source", sources, palette),
        ],
        200,
    )
    faint = f"color-mix(in srgb, {palette.text} {FAINT:.0%}, {palette.ground})"
    return explained(
        picture,
        [
            Mark(USES[True], "square", palette.text, palette.text),
            Mark(USES[False], "square", faint, faint),
        ],
    )


MOST_LABELS = 8


def _months(spans: pd.DataFrame) -> alt.Axis:
    """An axis that names a month once: a label is a whole number of months from the next."""
    first, last = spans["start"].min(), spans["end"].max()
    length = 1 if spans.empty else (last.year - first.year) * 12 + last.month - first.month + 1
    apart = next((step for step in (1, 2, 3, 6) if length <= step * MOST_LABELS), 12)
    ticks = {"interval": "month", "step": apart}
    if apart == 12:
        ticks = {"interval": "year", "step": -(-length // (12 * MOST_LABELS))}
    return months(tickCount=ticks)


def account(alignment: Alignment, palette: Palette) -> Picture:
    """Every row loaded of both sources, by what became of it."""
    account = words.account(alignment)
    rows = account.assign(
        kind=[
            "Compared"
            if outcome == "paired"
            else ELSEWHERE
            if outcome in OUTSIDE_THE_QUESTION
            else "Did not join"
            for outcome in account["outcome"]
        ],
    )
    kinds = ["Compared", "Did not join", ELSEWHERE]
    colours = [palette.agreement, palette.dissonance, palette.quiet]
    sources = list(dict.fromkeys(rows["source"]))
    y = rows_of("source", sources, ROW, limit=180, size=13)
    picture = fitted(
        [
            alt.Chart(rows)
            .mark_bar(height=26)
            .encode(
                x=alt.X(
                    "rows:Q",
                    title="Share of the rows loaded",
                    stack="normalize",
                    axis=alt.Axis(format=".0%", tickCount=5),
                ),
                y=y,
                color=alt.Color(
                    "kind:N",
                    title=None,
                    sort=kinds,
                    scale=alt.Scale(domain=kinds, range=colours),
                    legend=legend(kinds),
                ),
                order=alt.Order("color_kind_sort_index:Q"),
                tooltip=[
                    alt.Tooltip("reason:N", title="What became of them"),
                    alt.Tooltip("rows:Q", title="Rows", format=","),
                ],
            ),
            names_above(y, "source", sources, palette),
        ],
        215,
    )
    return explained(
        picture,
        [Mark(kind, "square", colour, colour) for kind, colour in zip(kinds, colours, strict=True)],
    )


ELSEWHERE = "Not asked about here"  # another period, measure, service, level or area
# Rows that answer another question than the one asked: not failures to join.
OUTSIDE_THE_QUESTION = frozenset(
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
