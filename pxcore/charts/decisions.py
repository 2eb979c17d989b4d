"""Pictures of decisions: how far each figure moved, and whether forecasts come true as often as they say."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from pxcore.analysis.workshop.decisions import Followed, Move
from pxcore.analysis.workshop.record import Direction
from pxcore.charts.ranges import intervals
from pxcore.charts.theme import Mark, Palette, Picture, explained, fitted
from pxcore.stats.forecast import ForecastScore
from pxcore.words import decisions as words

ROW = 46
FURTHEST = 3.0  # times what was expected: ranges that reach further are cut, and the axis says so
SQUARE = 340
ALONE, CAME = "expected with nothing done", "what came, with its range"


def moves(records: Sequence[Followed], palette: Palette) -> Picture:
    """Each move as a share of what was expected: 0 is none, 1 is as far as expected; beneath it, in grey,
    what would be expected with nothing done."""
    rows = pd.DataFrame([_row(record) for record in records if record.after is not None])
    again = rows.groupby("name").cumcount()  # several decisions on one organisation and source
    rows["name"] = [
        f"{name} · {count + 1}" if count else name
        for name, count in zip(rows["name"], again, strict=True)
    ]
    order = list(rows["name"])
    colours = [palette.agreement, palette.dissonance, palette.muted]
    named = [Move.AS_EXPECTED, Move.OTHER_WAY, Move.TOO_EARLY]
    reach = float(rows[["low", "high", "alone_low", "alone_high"]].abs().max().max())
    furthest = float(rows[["move", "alone"]].abs().max().max())
    end = max(1.5, min(FURTHEST, reach), 1.08 * furthest)  # no figure is cut, only a range
    x = alt.X(
        "low:Q",
        title=["Move, as a share of what was expected", "(what runs to an edge runs on beyond it)"],
        scale=alt.Scale(domain=[-end, end], clamp=True),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    y = alt.Y("name:N", sort=order)
    base = alt.Chart(rows)
    nothing = base.mark_bar(height=16, color=palette.line, opacity=0.9).encode(
        x=alt.X("alone_low:Q", scale=alt.Scale(domain=[-end, end], clamp=True)),
        x2=alt.X2("alone_high:Q"),
        y=y,
    )
    middle = base.mark_tick(thickness=2, size=18, color=palette.text).encode(
        x=alt.X("alone:Q"), y=y
    )
    wanted = (
        alt.Chart(pd.DataFrame({"at": [1.0]}))
        .mark_rule(color=palette.text, strokeWidth=1.5)
        .encode(x=alt.X("at:Q"))
    )
    picture = intervals(
        rows,
        "name",
        "move",
        x,
        palette,
        order=order,
        row=ROW,
        tooltip=[
            alt.Tooltip("name:N", title="Decision"),
            alt.Tooltip("says:N", title="What became of it"),
            alt.Tooltip("became:N", title="The figure"),
        ],
        both={
            "color": alt.Color(
                "kind:N",
                scale=alt.Scale(domain=[kind.value for kind in named], range=colours),
                legend=None,
            )
        },
        below=(nothing, wanted),
        above=(middle,),
        limit=270,
    )
    marks = [
        Mark(CAME, "circle", palette.agreement, palette.agreement),
        Mark(f"{ALONE}: range and middle", "square", palette.line, palette.line),
        Mark("as far as expected", "line", palette.text, palette.text),
    ]
    return explained(picture, marks)


def _row(record: Followed) -> dict[str, object]:
    after, nothing, expected = record.after, record.alone, record.decision.draft.expected
    assert after is not None
    assert expected is not None
    unit = expected.amount if expected.direction is Direction.UP else -expected.amount
    low, high = sorted((after.move_low / unit, after.move_high / unit))
    row: dict[str, object] = {
        "name": words.row_title(record),
        "move": after.move / unit,
        "low": low,
        "high": high,
        "kind": _kind(record.move),
        "says": words.MOVES[record.move],
        "became": words.difference(expected.figure, after),
        "alone": None,
        "alone_low": None,
        "alone_high": None,
    }
    if nothing is not None:
        ends = sorted((nothing.low / unit, nothing.high / unit))
        row |= {"alone": nothing.move / unit, "alone_low": ends[0], "alone_high": ends[1]}
    return row


def _kind(move: Move) -> str:
    """Which of three colours a move has: as expected, not, or not known."""
    if move is Move.DID_NOT_MOVE:
        return Move.OTHER_WAY.value
    return move.value


def reliability(score: ForecastScore, palette: Palette) -> Picture:
    """How often forecasts of about the same chance came about: on the diagonal they say what they mean."""
    rows = pd.DataFrame(
        {
            "chance": [group.chance for group in score.groups],
            "share": [group.share for group in score.groups],
            "low": [group.interval.low for group in score.groups],
            "high": [group.interval.high for group in score.groups],
            "forecasts": [group.forecasts for group in score.groups],
            "label": words.groups(score),
        }
    )
    axis = alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1])
    whole = alt.Scale(domain=[0, 1])
    x = alt.X("chance:Q", title="The chance the room gave", scale=whole, axis=axis)
    diagonal = (
        alt.Chart(pd.DataFrame({"chance": [0.0, 1.0], "share": [0.0, 1.0]}))
        .mark_line(color=palette.muted, strokeDash=[4, 3])
        .encode(x=x, y=alt.Y("share:Q"))
    )
    base = alt.Chart(rows)
    tooltip = [alt.Tooltip("label:N", title="Forecasts")]
    ranges = base.mark_rule(strokeWidth=4, opacity=0.5, color=palette.agreement).encode(
        x=x,
        y=alt.Y("low:Q", title="Share that came about", scale=whole, axis=axis),
        y2=alt.Y2("high:Q"),
        tooltip=tooltip,
    )
    points = base.mark_point(filled=True, opacity=1, color=palette.agreement).encode(
        x=x,
        y=alt.Y("share:Q"),
        size=alt.Size("forecasts:Q", scale=alt.Scale(range=[60, 240]), legend=None),
        tooltip=tooltip,
    )
    picture = fitted([diagonal, ranges, points], SQUARE)
    return explained(
        picture,
        [
            Mark(
                "share that came about, with its range",
                "circle",
                palette.agreement,
                palette.agreement,
            ),
            Mark("as often as was said", "dashes", palette.muted, palette.muted),
        ],
    )
