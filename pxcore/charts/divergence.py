"""Pictures of divergence: the ranked gaps, the funnel of one source, one organisation's evidence."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from pxcore.analysis.judging.evidence import Evidence
from pxcore.analysis.judging.robustness import RobustnessReport
from pxcore.analysis.pairs.divergence import (
    MOST_FUNNEL_POINTS as MOST_FUNNEL_POINTS,  # how many a funnel draws
)
from pxcore.analysis.pairs.divergence import DivergenceReport, funnel_lines, funnel_points
from pxcore.charts.provider import standings
from pxcore.charts.ranges import intervals
from pxcore.charts.theme import (
    LIKELY_MARKS,
    SIGNAL_MARKS,
    SIGNED,
    Mark,
    Palette,
    Picture,
    explained,
    fitted,
    legend,
    one_of_a_kind,
    verdict_encodings,
    verdict_marks,
    where,
)
from pxcore.stats.funnel import Funnel
from pxcore.words import certainty as words
from pxcore.words import robustness as robustness_words

LIMIT = "limits, {}"
LIMITS = {"19 in 20": "dashes", "998 in 1,000": "line"}  # of a funnel, and how they are drawn
DOT = 0.25  # typical differences that a column of dots is wide
ROW = 25  # pixels a row takes with its name beside it
LEGEND = (
    "dissonance, unusual",
    "dissonance of usual size",
    "agreement",
    "partial agreement",
    "not enough evidence",
    "silence",
)


def ranked(report: DivergenceReport, palette: Palette) -> Picture:
    """One row an organisation: the gap as it probably is with its range, the least alike first."""
    rows = report.drawn()
    drawn = pd.DataFrame(
        {
            "unit": rows["unit"],
            "name": one_of_a_kind(rows["name"], rows["unit"]),
            "order": rows["order"],
            "gap": rows["gap"],
            "low": rows["gap_low"],
            "high": rows["gap_high"],
            "mark": rows["mark"],
            "likely": words.labels(rows),
            "reasons": report.reasons.kinds_of(rows["unit"]) if report.reasons else "",
            "answers": [
                f"{left:,.0f} / {right:,.0f}"
                for left, right in zip(
                    rows["left_respondents"], rows["right_respondents"], strict=True
                )
            ],
        }
    )
    picked = alt.selection_point(name="organisation", fields=["unit"], on="click", empty=False)
    left, right = report.left.short_title, report.right.short_title
    reach = float(np.nanmax(np.abs(drawn[["low", "high"]].to_numpy()))) if len(drawn) else 3.0
    x = alt.X(
        "low:Q",
        title=[f"← {right} better · {left} better →", "gap, in typical differences"],
        scale=alt.Scale(domain=[-reach * 1.05, reach * 1.05], nice=False),
        axis=alt.Axis(labelExpr=SIGNED, tickCount=7),
    )
    margin = report.verdicts.margin if report.verdicts else 1.0
    band = (
        alt.Chart(pd.DataFrame({"from": [-margin], "to": [margin]}))
        .mark_rect(color=palette.quiet, opacity=0.35)
        .encode(x=alt.X("from:Q"), x2=alt.X2("to:Q"))
    )
    present = [mark for mark in LIKELY_MARKS if mark in set(drawn["mark"])]
    picture = intervals(
        drawn,
        "name",
        "gap",
        x,
        palette,
        order=list(drawn.sort_values("order", kind="stable")["name"]),
        row=ROW,
        tooltip=[
            alt.Tooltip("name:N", title="Organisation"),
            alt.Tooltip("likely:N", title="How likely"),
            alt.Tooltip("answers:N", title=f"Answers ({left} / {right})"),
            alt.Tooltip("reasons:N", title="Reasons to look at"),
        ],
        point=verdict_encodings(present, palette, columns=2),
        reach={"strokeWidth": 2, "color": palette.muted, "opacity": 1},
        reached={"opacity": where(picked, 1.0, 0.7, alt.OpacityValue)},
        below=[band],
        picked=picked,
    )
    return explained(picture, verdict_marks(present, palette))


def funnel(report: DivergenceReport, of: str, picked: str, palette: Palette) -> Picture:
    """One source: percentage by number of answers, inside limits widened for usual differences.

    Parameters
    ----------
    of : the source, one of those with a funnel in the report.
    picked : code of the organisation that stands out, "" for none.
    """
    limits, source = next(item for item in report.funnels() if item[1].side.source == of)
    return funnel_of(source, limits, picked, palette)


def funnel_of(source: Evidence, limits: Funnel, picked: str, palette: Palette) -> Picture:
    """The same, of a source and the limits worked out of it."""
    points = funnel_points(source, limits, picked)
    lines = funnel_lines(limits, points["answers"])
    colour = palette.signal(source.side.signal)
    lowest = min(float(points["value"].min()), float(lines["limit"].min()))
    # labels a reader knows; a log axis of its own choice prints 50, 70, 90
    ticks = [step * 10**power for power in range(7) for step in (1, 2, 5)]
    x = alt.X(
        "answers:Q",
        title="Answers",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(values=ticks, format="~s", labelFlush=False),
    )
    y_scale = alt.Scale(domain=[max(0.0, lowest - 0.02), 1.0], nice=False)
    limit_lines = (
        alt.Chart(lines)
        .mark_line(color=palette.muted, strokeWidth=1.2)
        .encode(
            x=x,
            y=alt.Y("limit:Q", scale=y_scale),
            detail=alt.Detail("end:N"),
            strokeDash=alt.StrokeDash(
                "which:N",
                title="Limits",
                scale=alt.Scale(domain=list(LIMITS), range=[[4, 3], [1, 0]]),
                legend=legend(list(LIMITS), LIMIT),
            ),
        )
    )
    target = (
        alt.Chart(pd.DataFrame({"target": [limits.target]}))
        .mark_rule(color=palette.muted, opacity=0.7)
        .encode(y=alt.Y("target:Q", scale=y_scale))
    )
    dots = (
        alt.Chart(points)
        .mark_point(filled=True, shape=SIGNAL_MARKS[source.side.signal])
        .encode(
            x=x,
            y=alt.Y(
                "value:Q",
                title=f"{source.side.short_title}: % positive",
                scale=y_scale,
                axis=alt.Axis(format=".0%", tickCount=5),
            ),
            size=where("datum.picked", 190, 38, alt.SizeValue),
            color=where("datum.picked", palette.dissonance, colour, alt.ColorValue),
            opacity=where("datum.picked", 1.0, 0.65, alt.OpacityValue),
            tooltip=[
                alt.Tooltip("name:N", title="Organisation"),
                alt.Tooltip("value:Q", format=".0%", title="Positive"),
                alt.Tooltip("answers:Q", format=",.0f", title="Answers"),
            ],
        )
    )
    marks = [
        Mark(LIMIT.format(share), shape, palette.muted, palette.muted)
        for share, shape in LIMITS.items()
    ]
    return explained(fitted([limit_lines, target, dots], 270), marks)


def dots(report: DivergenceReport, unit: str, palette: Palette) -> Picture:
    """One organisation's gap as twenty dots, each 1 in 20; where the two agree is shaded."""
    places = report.certainty.dots(unit)
    margin = report.certainty.margin
    binned = np.round(places / DOT) * DOT
    rows = pd.DataFrame({"gap": binned})
    rows["height"] = rows.groupby("gap").cumcount() + 0.5
    rows["inside"] = np.abs(places) < margin
    reach = max(float(np.abs(binned).max(initial=0.0)) + DOT, 2 * margin)
    left, right = report.left.short_title, report.right.short_title
    x = alt.X(
        "gap:Q",
        title=[f"← {right} higher · {left} higher →", "(typical differences)"],
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=alt.Axis(labelExpr=SIGNED, tickCount=7, grid=False),
    )
    highest = max(6.0, float(rows["height"].max()) + 0.5)
    y = alt.Y("height:Q", axis=None, scale=alt.Scale(domain=[0, highest], nice=False))
    band = (
        alt.Chart(pd.DataFrame({"from": [-margin], "to": [margin]}))
        .mark_rect(color=palette.quiet, opacity=0.35)
        .encode(x=alt.X("from:Q"), x2=alt.X2("to:Q"))
    )
    circles = (
        alt.Chart(rows)
        .mark_circle(size=95, opacity=1)
        .encode(
            x=x, y=y,
            color=where("datum.inside", palette.agreement, palette.dissonance, alt.ColorValue),
        )
    )  # fmt: skip
    return fitted([band, circles], 146)


def standing(report: DivergenceReport, unit: str, palette: Palette) -> Picture:
    """One organisation: where each source puts it among its peers, with its range."""
    cell = report.cell(unit)
    rows = pd.DataFrame(
        [
            {
                "source": side.short_title,
                "signal": side.signal,
                "standing": cell[f"{which}_standing"],
                "low": cell[f"{which}_standing_low"],
                "high": cell[f"{which}_standing_high"],
            }
            for which, side in (("left", report.left), ("right", report.right))
        ]
    ).dropna(subset=["standing"])
    return standings(rows, palette)


def specifications(report: RobustnessReport, unit: str, palette: Palette) -> Picture:
    """One organisation under every specification, sorted by its z-score; ours is marked."""
    return specifications_of(robustness_words.specifications(report, unit), palette)


def specifications_of(rows: pd.DataFrame, palette: Palette) -> Picture:
    """The same, of the rows of an organisation."""
    placed = rows[rows["z"].notna()]
    drawn = placed.assign(
        order=range(1, len(placed) + 1),
        floor=placed["floor"].astype(str),
        scale=placed["scale"].astype(str),
    )
    present = [mark for mark in LEGEND if mark in set(drawn["mark"])]
    x = alt.X(
        "order:Q", title="Ways to work it out, by the size of the gap", axis=alt.Axis(grid=False)
    )
    tooltip = [
        alt.Tooltip("mark:N", title="Verdict"),
        alt.Tooltip("z:Q", format="+.1f", title="Gap in standard errors"),
        alt.Tooltip("scale:N", title="Scale"),
        alt.Tooltip("floor:N", title="Answers to be heard"),
        alt.Tooltip("window:N", title="Months"),
        alt.Tooltip("design_effect:Q", title="Design effect"),
        alt.Tooltip("rate:Q", title="False-discovery rate"),
    ]
    for name, title in (("sentiment", "A comment counts"), ("comments", "A comment is")):
        if drawn[name].nunique() > 1:
            tooltip.append(alt.Tooltip(f"{name}:N", title=title))
    base = alt.Chart(drawn)
    points = base.mark_point(filled=True, size=60, opacity=1, strokeWidth=1.2).encode(
        x=x,
        y=alt.Y("z:Q", title="Gap, in its standard errors", axis=alt.Axis(labelExpr=SIGNED)),
        **verdict_encodings(present, palette),
        tooltip=tooltip,
    )
    ours = (
        alt.Chart(drawn[drawn["default"]])
        .mark_rule(color=palette.text, strokeDash=[2, 2])
        .encode(x=x, tooltip=[alt.Tooltip("mark:N", title="As judged here")])
    )
    picture = fitted([ours, points], 240)
    return explained(picture, verdict_marks(present, palette))
