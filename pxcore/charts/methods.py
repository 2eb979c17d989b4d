"""Pictures of Methods: do the probabilities come true?"""

from __future__ import annotations

import altair as alt
import pandas as pd

from pxcore.analysis.files.methods import EVERY, MethodsReport
from pxcore.charts.theme import Mark, Palette, Picture, explained, fitted, legend, where
from pxcore.words.methods import LEAST_SHARE

KINDS = ("all kinds together", "one kind of invented data")


def reliability(report: MethodsReport, palette: Palette) -> Picture:
    """What was said of agreement and how often it was so: on the line where such statements come true."""
    rows = report.reliability()
    rows = rows[(rows["scenario"] == EVERY) | (rows["share"] >= LEAST_SHARE)]
    drawn = pd.DataFrame(
        {
            "title": rows["title"],
            "kind": [KINDS[scenario != EVERY] for scenario in rows["scenario"]],
            "said": rows["claimed"],
            "was": rows["true"],
            "low": (rows["true"] - 1.96 * rows["error"]).clip(0, 1),
            "high": (rows["true"] + 1.96 * rows["error"]).clip(0, 1),
        }
    )
    axis = alt.Axis(format=".0%", tickCount=5)
    scale = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("said:Q", title="What was said: the two agree", scale=scale, axis=axis)
    line = (
        alt.Chart(pd.DataFrame({"at": [0.0, 1.0]}))
        .mark_line(color=palette.muted, strokeDash=[4, 3])
        .encode(x=alt.X("at:Q", scale=scale), y=alt.Y("at:Q", scale=scale))
    )
    tooltip = [
        alt.Tooltip("title:N", title="Invented data"),
        alt.Tooltip("said:Q", format=".0%", title="Said"),
        alt.Tooltip("was:Q", format=".0%", title="Was"),
    ]
    ranges = (
        alt.Chart(drawn[drawn["kind"] == KINDS[1]])
        .mark_rule(color=palette.common, opacity=0.5)
        .encode(x=x, y=alt.Y("low:Q", scale=scale), y2=alt.Y2("high:Q"))
    )
    points = (
        alt.Chart(drawn)
        .mark_point(filled=True, opacity=1)
        .encode(
            x=x,
            y=alt.Y("was:Q", title="How often it was so", scale=scale, axis=axis),
            size=where(f"datum.kind === '{KINDS[0]}'", 170, 40, alt.SizeValue),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=list(KINDS), range=[palette.agreement, palette.common]),
                legend=legend(list(KINDS)),
            ),
            tooltip=tooltip,
        )
    )
    marks = [
        Mark(KINDS[0], "circle", palette.agreement, palette.agreement),
        Mark(KINDS[1], "circle", palette.common, palette.common),
    ]
    return explained(fitted([line, ranges, points], 380), marks)
