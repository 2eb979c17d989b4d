"""Pictures of what if: the headline of both, where verdicts went, how each stands up to other choices."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from pxcore.analysis.judging.certainty import MARKS
from pxcore.analysis.judging.robustness import RobustnessReport
from pxcore.analysis.pairs.what_if import NOT_COMPARED, WhatIfReport
from pxcore.charts.ranges import underlying_and_raw
from pxcore.charts.theme import (
    NAME,
    VERDICT_MARKS,
    Mark,
    Palette,
    Picture,
    either,
    explained,
    fitted,
    legend,
    names_above,
    rows_of,
    where,
)
from pxcore.stats.sensitivity import FAIRLY_STABLE, STABLE
from pxcore.words import what_if as words

VIEWS = ("Baseline", "Scenario")
CELL, STRIP = 34, 44  # height of a row of the verdicts' ways, and of one of the strip
ORGANISATIONS = "{} organisations"
UPRIGHT = -90  # turn of a head where there is no room
ORDER = (*(mark.value for mark in MARKS), NOT_COMPARED)
# The words on two lines, for the head of a narrow column.
_TWO_LINES = {word: "|".join(word.rsplit(" ", 1)) for word in ORDER}


def headlines(report: WhatIfReport, palette: Palette) -> Picture:
    """Underlying agreement and raw correlation of both views on one axis, with their ranges."""
    rows = report.headline_rows()
    return underlying_and_raw(
        rows,
        "view",
        palette,
        order=VIEWS,
        about=[
            alt.Tooltip("view:N", title="View"),
            alt.Tooltip("pairs:Q", format=",", title="Compared"),
        ],
        height=62,
    )


def flow(report: WhatIfReport, palette: Palette) -> Picture:
    """How many organisations went from which word (rows) to which (columns); those that stayed are
    quiet."""
    rows = report.flow()
    rows = rows.assign(
        stayed=rows["before"] == rows["after"],
        label=[
            words.flow_cell(*cell)
            for cell in zip(rows["before"], rows["after"], rows["organisations"], strict=True)
        ],
    )
    rows = rows.assign(head=[_TWO_LINES[mark] for mark in rows["after"]])
    befores = [mark for mark in ORDER if mark in set(rows["before"])]
    afters = [_TWO_LINES[mark] for mark in ORDER if mark in set(rows["after"])]
    x = alt.X(
        "head:N",
        sort=afters,
        title="Under the scenario",
        axis=alt.Axis(
            orient="top",
            labelAngle=either(UPRIGHT, 0),
            labelAlign=either("'left'", "'center'"),
            labelBaseline=either("'middle'", "'bottom'"),
            labelLimit=either(160, 90),
            labelOverlap=False,
            labelFlush=False,
            labelExpr="narrow ? replace(datum.label, '|', ' ') : split(datum.label, '|')",
            ticks=False,
            domain=False,
        ),
    )
    y = rows_of("before", befores, CELL + NAME, limit=200, title="Baseline")
    tooltip = [alt.Tooltip("label:N", title="Organisations")]
    colours = alt.Scale(domain=[True, False], range=[palette.panel, palette.partial])
    tiles = (
        alt.Chart(rows)
        .mark_rect(stroke=palette.line, strokeWidth=1)
        .encode(x=x, y=y, color=alt.Color("stayed:N", scale=colours, legend=None), tooltip=tooltip)
    )
    numbers = (
        alt.Chart(rows)
        .mark_text(fontSize=14, color=palette.text)
        .encode(
            x=x,
            y=y,
            text=alt.Text("organisations:Q", format=","),
            opacity=where("datum.stayed", 0.65, 1, alt.OpacityValue),
            tooltip=tooltip,
        )
    )
    many = max(2, len(befores))
    return fitted(
        [tiles, numbers, names_above(y, "before", befores, palette)],
        CELL * many + 120,
        (CELL + NAME) * many + 200,
    )


def strip(report: RobustnessReport, palette: Palette) -> Picture:
    """One dot an organisation: the share of reasonable choices that give its verdict, by verdict."""
    rows = pd.DataFrame(
        {
            "unit": report.units,
            "mark": report.marks[report.default],
            "share": report.stability.share,
        }
    )
    rows = rows[report.heard]
    grouped = rows.assign(bin=(rows["share"] * 20).round() / 20).groupby(
        ["mark", "bin"], as_index=False
    )
    dots = grouped.agg(organisations=("unit", "count"))
    dots = dots.assign(
        label=[
            f"{n:,} with this verdict in about {share:.0%} of the ways"
            for n, share in zip(dots["organisations"], dots["bin"], strict=True)
        ]
    )
    marks = [mark for mark in VERDICT_MARKS if mark in set(dots["mark"])]
    most = max(int(dots["organisations"].max()), 1) if len(dots) else 1
    sizes = {
        number: round(float(np.sqrt((40 + 560 * number / most) * 4 / np.pi)))
        for number in sorted({1, (most + 1) // 2, most})
    }
    y = rows_of("mark", marks, STRIP + NAME, limit=200)
    limits = (
        alt.Chart(pd.DataFrame({"at": [FAIRLY_STABLE, STABLE]}))
        .mark_rule(color=palette.muted, strokeDash=[3, 3])
        .encode(x=alt.X("at:Q"))
    )
    points = (
        alt.Chart(dots)
        .mark_circle(color=palette.agreement, opacity=0.8)
        .encode(
            x=alt.X(
                "bin:Q",
                title=[
                    "Share of the reasonable ways that give the same verdict",
                    "(│ fairly stable from 70%, stable from 90%)",
                ],
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format=".0%", tickCount=6),
            ),
            y=y,
            size=alt.Size(
                "organisations:Q",
                title=None,
                scale=alt.Scale(domain=[0, most], range=[40, 600]),
                legend=legend(list(sizes), ORGANISATIONS, format="d"),
            ),
            tooltip=[alt.Tooltip("mark:N", title="Verdict"), alt.Tooltip("label:N", title="Ways")],
        )
    )
    many = max(2, len(marks))
    picture = fitted(
        [limits, points, names_above(y, "mark", marks, palette)],
        STRIP * many + 170,
        (STRIP + NAME) * many + 170,
    )
    return explained(
        picture,
        [
            Mark(
                ORGANISATIONS.format(f"{number:,}"),
                "circle",
                palette.agreement,
                palette.agreement,
                across,
            )
            for number, across in sizes.items()
        ],
    )
