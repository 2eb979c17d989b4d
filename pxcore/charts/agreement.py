"""Pictures of agreement: two sources against each other, and the coefficient beside others'."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from pxcore.analysis.joining.periods import Side
from pxcore.analysis.judging.certainty import CertaintyReport, Unsaid
from pxcore.analysis.pairs.agreement import AgreementReport
from pxcore.charts.ranges import correlation_axis, intervals, range_tooltips
from pxcore.charts.theme import (
    LIKELY_MARKS,
    SIGNED,
    Mark,
    Palette,
    Picture,
    either,
    explained,
    fitted,
    legend,
    verdict_encodings,
    verdict_marks,
    where,
)
from pxcore.stats.certainty import Word
from pxcore.stats.latent import limit_within
from pxcore.words import certainty

MOST_POINTS = 500  # beyond, marks are binned: they would only cover one another
AXIS_ROOM = 0.02
ROW = 42  # height of a row of the coefficients
# Height of a picture whose diagonal matters, axes and legend beside it: the plot is as high as it is wide.
SQUARE = "clamp(containerSize()[0] + 40, 420, 760)"
NARROW = 420  # height of a scatter on a telephone
ANSWERS, ORGANISATIONS = "{} answers", "{} organisations"
SIZES = (18, 260)  # area of the mark of the fewest answers and of the most
WHOLE = 0.97  # of the reach: how far out a mark is drawn, so that the edge cuts none
Align = Literal["left", "right"]
Box = tuple[float, float, float, float]
# organisations named in the picture, pixels of a name and of a letter, and the width that is reckoned with
MOST_NAMED, NAME, LETTER, USUAL_WIDTH = 6, 140, 5.6, 416
# beside a mark: alignment of a name, and how many pixels to the right of it and below it
PLACES: tuple[tuple[Align, int, int], ...] = (
    ("left", 9, 0),
    ("right", -9, 0),
    ("left", 6, -13),
    ("right", -6, -13),
    ("left", 6, 13),
    ("right", -6, 13),
    ("left", 14, -25),
    ("right", -14, -25),
    ("left", 14, 25),
    ("right", -14, 25),
    ("left", 24, -40),
    ("right", -24, -40),
    ("left", 24, 40),
    ("right", -24, 40),
    ("left", 30, -58),
    ("right", -30, -58),
    ("left", 30, 58),
    ("right", -30, 58),
)
FURTHEST = 4.0  # typical differences drawn; what lies beyond stands at the edge


def scatter(report: AgreementReport, likely: CertaintyReport, palette: Palette) -> Picture:
    """One mark per organisation, by how likely the two agree on it; its interval in both sources; the middles
    of both as lines."""
    pairs = report.pairs
    left, right = report.left, report.right
    if len(pairs) > MOST_POINTS:
        return _binned(report, palette)
    if report.has_standing:
        return _standing(report, likely, palette)
    points = _points(pairs, left, right)
    picked = alt.selection_point(name="organisation", fields=["unit"], on="click", empty=False)
    hovered = alt.selection_point(name="hovered", fields=["unit"], on="pointerover", empty=False)
    across = alt.Scale(domain=_domain(points, "left", left), nice=False)
    upwards = alt.Scale(domain=_domain(points, "right", right), nice=False)
    x = alt.X(
        "left_value:Q",
        title=axis_title(left),
        scale=across,
        axis=alt.Axis(format=_format(left), tickCount=6),
    )
    y = alt.Y(
        "right_value:Q",
        title=axis_title(right),
        scale=upwards,
        axis=alt.Axis(format=_format(right), tickCount=6),
    )
    base = alt.Chart(points)
    shown = hovered | picked
    crosses = [
        base.mark_rule(clip=True, color=palette.muted, strokeWidth=1.2).encode(
            x=alt.X("left_low:Q", scale=across),
            x2=alt.X2("left_high:Q"),
            y=y,
            opacity=where(shown, 1.0, 0.0, alt.OpacityValue),
        ),
        base.mark_rule(clip=True, color=palette.muted, strokeWidth=1.2).encode(
            y=alt.Y("right_low:Q", scale=upwards),
            y2=alt.Y2("right_high:Q"),
            x=x,
            opacity=where(shown, 1.0, 0.0, alt.OpacityValue),
        ),
    ]
    marks = (
        base.mark_circle(stroke=palette.ground, strokeWidth=0.7, clip=True)
        .encode(
            x=x,
            y=y,
            size=alt.Size(
                "answers:Q",
                title=None,  # the fewer of the two
                scale=alt.Scale(range=list(SIZES), zero=True),
                legend=legend(_legend_sizes(points), ANSWERS),
            ),
            color=where(picked, palette.dissonance, palette.signal(left.signal), alt.ColorValue),
            opacity=where(shown, 1.0, 0.62, alt.OpacityValue),
            tooltip=[
                alt.Tooltip("name:N", title="Organisation"),
                alt.Tooltip("left_said:N", title=left.short_title),
                alt.Tooltip("right_said:N", title=right.short_title),
                alt.Tooltip("merged_from:N", title="Merged from"),
            ],
        )
        .add_params(picked, hovered)
    )
    picture = fitted([*_middles(points, palette, across, upwards), *crosses, marks], 460, NARROW)
    colour = palette.signal(left.signal)
    return explained(
        picture,
        [
            Mark(ANSWERS.format(f"{answers:,.0f}"), "circle", colour, colour, across)
            for answers, across in zip(_legend_sizes(points), _legend_widths(points), strict=True)
        ],
    )


def _standing(report: AgreementReport, likely: CertaintyReport, palette: Palette) -> Picture:
    """Both sources in typical differences between peers: the same standing lies on the line."""
    left, right = report.left, report.right
    pairs = report.pairs[
        report.pairs["left_standing"].notna() & report.pairs["right_standing"].notna()
    ]
    cells = likely.cells.set_index("unit").reindex(pairs["unit"])
    cells = cells.fillna({"mark": Unsaid.NOT_JUDGED.value, "shown": False})
    points = _points(pairs, left, right).assign(
        mark=cells["mark"].to_numpy(), likely=certainty.labels(cells)
    )
    columns = ["left_standing", "right_standing"]
    # the few beyond stand at the edge: they have few answers, and would press the others together
    reach = min(FURTHEST, float(np.ceil(np.abs(points[columns].to_numpy()).max() * 2 + 0.4) / 2))
    edge = reach * WHOLE
    points = points.assign(**{column: points[column].clip(-edge, edge) for column in columns})
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    picked = alt.selection_point(name="organisation", fields=["unit"], on="click", empty=False)
    hovered = alt.selection_point(name="hovered", fields=["unit"], on="pointerover", empty=False)
    x = alt.X(
        "left_standing:Q",
        title=[f"{left.short_title}: standing among peers", "(typical differences)"],
        scale=scale,
        axis=alt.Axis(labelExpr=SIGNED, tickCount=6),
    )
    y = alt.Y(
        "right_standing:Q",
        title=f"{right.short_title}: standing among peers",
        scale=scale,
        axis=alt.Axis(labelExpr=SIGNED, tickCount=6),
    )
    base = alt.Chart(points)
    shown = hovered | picked
    cross = base.mark_rule(clip=True, color=palette.muted, strokeWidth=1.2)
    faint = where(shown, 1.0, 0.0, alt.OpacityValue)
    crosses = [
        cross.encode(
            x=alt.X("left_standing_low:Q", scale=scale), x2=alt.X2("left_standing_high:Q"), y=y,
            opacity=faint,
        ),
        cross.encode(
            y=alt.Y("right_standing_low:Q", scale=scale), y2=alt.Y2("right_standing_high:Q"), x=x,
            opacity=faint,
        ),
    ]  # fmt: skip
    present = [mark for mark in LIKELY_MARKS if mark in set(points["mark"])]
    marks = (
        base.mark_point(filled=True, strokeWidth=1.3, clip=True)
        .encode(
            x=x,
            y=y,
            size=alt.Size(
                "answers:Q",
                title="Answers (the fewer of the two)",
                scale=alt.Scale(range=[22, 260], zero=True),
                legend=None,
            ),
            **verdict_encodings(present, palette),
            opacity=where(shown, 1.0, 0.85, alt.OpacityValue),
            tooltip=[
                alt.Tooltip("name:N", title="Organisation"),
                alt.Tooltip("left_said:N", title=left.short_title),
                alt.Tooltip("right_said:N", title=right.short_title),
                alt.Tooltip("likely:N", title="How likely"),
                alt.Tooltip("merged_from:N", title="Merged from"),
            ],
        )
        .add_params(picked, hovered)
    )
    named = points[points["mark"] == Word.VERY_LIKELY_DIFFER].head(MOST_NAMED)
    beneath = [*_same_standing(report, reach, palette), *_names(named, points, reach, palette)]
    return explained(
        fitted([*beneath, *crosses, marks], SQUARE, NARROW),
        verdict_marks(present, palette),
    )


def _names(
    named: pd.DataFrame, points: pd.DataFrame, reach: float, palette: Palette
) -> list[alt.Chart]:
    """The names of those that very likely differ, each where there is room beside its mark."""
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    placed = named.assign(place=_places(named, points, reach))
    pixel = 2 * reach / USUAL_WIDTH  # in typical differences
    across, down = (
        np.array([PLACES[place][axis] for place in placed["place"]], dtype=float) * pixel
        for axis in (1, 2)
    )
    to_name = placed.assign(
        beside=placed["left_standing"] + across, below=placed["right_standing"] - down
    )
    lines = (
        alt.Chart(to_name[["left_standing", "right_standing", "beside", "below"]])
        .mark_rule(color=palette.text, strokeWidth=0.8, clip=True, opacity=either(0, 1))
        .encode(
            x=alt.X("left_standing:Q", scale=scale),
            y=alt.Y("right_standing:Q", scale=scale),
            x2=alt.X2("beside:Q"),
            y2=alt.Y2("below:Q"),
        )
    )
    return [
        lines,
        *_written(to_name, scale, palette),
    ]


def _written(placed: pd.DataFrame, scale: alt.Scale, palette: Palette) -> list[alt.Chart]:
    return [
        alt.Chart(placed[placed["place"] == place])
        .mark_text(
            align=align,
            dx=2 if align == "left" else -2,
            color=palette.text,
            fontSize=11,
            limit=NAME,
            clip=True,
            opacity=either(0, 1),  # no room for them on a telephone
        )
        .encode(
            x=alt.X("beside:Q", scale=scale),
            y=alt.Y("below:Q", scale=scale),
            text=alt.Text("name:N"),
        )
        for place, (align, _, _) in enumerate(PLACES)
        if (placed["place"] == place).any()
    ]


def _places(named: pd.DataFrame, points: pd.DataFrame, reach: float) -> list[int]:
    """For each name the one of `PLACES` at which it stays in the picture and covers the fewest names and
    marks, in a picture of usual width."""
    pixels = USUAL_WIDTH / (2 * reach)
    marks = [_around(*at) for at in _pixels(points, reach, pixels)]
    names: list[Box] = []
    places = []
    for (x, y), name in zip(_pixels(named, reach, pixels), named["name"], strict=True):
        boxes = [_box(x, y, min(NAME, LETTER * len(name)), *place) for place in PLACES]
        covered = [
            (
                min(box[0], box[2]) < 0 or max(box[1], box[3]) > USUAL_WIDTH,
                sum(_meet(box, it) for it in names),
                sum(_meet(box, it) for it in marks),
            )
            for box in boxes
        ]
        places.append(covered.index(min(covered)))
        names.append(boxes[places[-1]])
    return places


def _pixels(points: pd.DataFrame, reach: float, pixels: float) -> list[tuple[float, float]]:
    across = (points["left_standing"] + reach) * pixels
    down = (reach - points["right_standing"]) * pixels
    return list(zip(across, down, strict=True))


def _around(x: float, y: float) -> Box:
    """The room of a mark."""
    return x - 6, x + 6, y - 6, y + 6


def _box(x: float, y: float, width: float, align: Align, dx: int, dy: int) -> Box:
    """Left, right, top and bottom of a name in pixels."""
    start = x + dx - (width if align == "right" else 0)
    return start, start + width, y + dy - 7, y + dy + 7


def _meet(box: Box, other: Box) -> bool:
    return box[0] < other[1] and other[0] < box[1] and box[2] < other[3] and other[2] < box[3]


def _same_standing(report: AgreementReport, reach: float, palette: Palette) -> list[alt.Chart]:
    """The line of the same standing in both sources, a typical difference to each side, the middles,
    and what each quarter means."""
    verdicts = report.verdicts
    margin = verdicts.margin if verdicts else 1.0
    # left less right is on average this much; taken away before a gap is judged
    centre = verdicts.method.centre if verdicts and verdicts.method else 0.0
    ends = np.array([-reach - 4, reach + 4])
    line = pd.DataFrame(
        {
            "x": ends,
            "y": ends - centre,
            "low": ends - centre - margin,
            "high": ends - centre + margin,
        }
    )
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    x = alt.X("x:Q", scale=scale)
    band = (
        alt.Chart(line)
        .mark_area(color=palette.quiet, opacity=0.35, clip=True)
        .encode(x=x, y=alt.Y("low:Q", scale=scale), y2=alt.Y2("high:Q"))
    )
    middle = (
        alt.Chart(line)
        .mark_line(color=palette.muted, strokeDash=[5, 4], clip=True)
        .encode(x=x, y=alt.Y("y:Q", scale=scale))
    )
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=palette.muted, opacity=0.5)
    left, right = report.left.short_title, report.right.short_title
    far, aside = reach * 0.95, reach * 0.72  # clear of the line that runs into two corners
    corners = pd.DataFrame(
        {
            "x": [-far, aside, far, -aside],
            "y": [far, far, -far, -far],
            "align": ["left", "right", "right", "left"],
            "said": [
                f"{right} better, {left} worse",
                "both better",
                f"{left} better, {right} worse",
                "both worse",
            ],
        }
    )
    texts = [
        alt.Chart(corners[corners["align"] == align])
        .mark_text(
            align=align,
            color=palette.muted,
            fontSize=11,
            fontStyle="italic",
            text=either("split(datum.said, ', ')", "datum.said"),
            dy=either("datum.y < 0 ? -9 : 0", 0),  # two lines, clear of the edge
        )
        .encode(x=alt.X("x:Q", scale=scale), y=alt.Y("y:Q", scale=scale))
        for align in ("left", "right")
    ]
    return [
        band,
        middle,
        zero.encode(x=alt.X("zero:Q", scale=scale)),
        zero.encode(y=alt.Y("zero:Q", scale=scale)),
        *texts,
    ]


def _points(pairs: pd.DataFrame, left: Side, right: Side) -> pd.DataFrame:
    answers = pairs[["left_respondents", "right_respondents"]].min(axis=1)
    return pairs.assign(
        answers=answers.fillna(answers.median() if answers.notna().any() else 1.0),
        left_said=_labels(pairs, "left", left),
        right_said=_labels(pairs, "right", right),
    )


def _labels(pairs: pd.DataFrame, which: str, side: Side) -> list[str]:
    """A value in words: its figure, interval and answers."""
    labels = []
    for value, low, high, n in zip(
        *(pairs[f"{which}_{column}"] for column in ("value", "low", "high", "respondents")),
        strict=True,
    ):
        proportion = side.unit == "proportion"
        figure = f"{value:.0%}" if proportion else f"{value:.1f}"
        if not np.isnan(low):
            span = f"{low:.0%} to {high:.0%}" if proportion else f"{low:.1f} to {high:.1f}"
            figure += f" ({span})"
        labels.append(
            figure + (f", {n:,.0f} answers" if not np.isnan(n) else ", answers not given")
        )
    return labels


def _middles(
    points: pd.DataFrame, palette: Palette, across: alt.Scale, upwards: alt.Scale
) -> list[alt.Chart]:
    middle = pd.DataFrame(
        {"left": [points["left_value"].median()], "right": [points["right_value"].median()]}
    )
    base = alt.Chart(middle).mark_rule(strokeDash=[4, 4], color=palette.muted, opacity=0.8)
    return [
        base.encode(x=alt.X("left:Q", scale=across)),
        base.encode(y=alt.Y("right:Q", scale=upwards)),
    ]


def _binned(report: AgreementReport, palette: Palette) -> Picture:
    """Many organisations: how many stand where, in a grid of forty by forty."""
    pairs = report.pairs
    bins = 40
    counts, x_edges, y_edges = np.histogram2d(pairs["left_value"], pairs["right_value"], bins=bins)
    rows, columns = np.nonzero(counts)
    cells = pd.DataFrame(
        {
            "x": x_edges[rows],
            "x2": x_edges[rows + 1],
            "y": y_edges[columns],
            "y2": y_edges[columns + 1],
            "organisations": counts[rows, columns],
        }
    )
    colour = palette.signal(report.left.signal)
    few, many = int(cells["organisations"].min()), int(cells["organisations"].max())
    shades = dict(zip(sorted({few, many}), (0.25, 1.0), strict=False))
    tiles = (
        alt.Chart(cells)
        .mark_rect(color=colour)
        .encode(
            x=alt.X(
                "x:Q",
                title=axis_title(report.left),
                scale=alt.Scale(zero=False),
                axis=alt.Axis(format=_format(report.left)),
            ),
            x2=alt.X2("x2:Q"),
            y=alt.Y(
                "y:Q",
                title=axis_title(report.right),
                scale=alt.Scale(zero=False),
                axis=alt.Axis(format=_format(report.right)),
            ),
            y2=alt.Y2("y2:Q"),
            opacity=alt.Opacity(
                "organisations:Q",
                title=None,
                scale=alt.Scale(domain=[few, many], range=[0.25, 1.0]),
                legend=legend(list(shades), ORGANISATIONS),
            ),
            tooltip=[alt.Tooltip("organisations:Q", title="Organisations", format=",")],
        )
    )
    marks = []
    for number, shade in shades.items():
        mixed = f"color-mix(in srgb, {colour} {shade:.0%}, {palette.ground})"
        marks.append(Mark(ORGANISATIONS.format(f"{number:,}"), "square", mixed, mixed))
    return explained(fitted([tiles], 460, NARROW), marks)


def coefficient(report: AgreementReport, palette: Palette) -> Picture:
    """Underlying and raw agreement, what two perfect mirrors would show, and published figures, on
    one axis."""
    assert report.correlation is not None
    raw = report.correlation
    rows: list[dict[str, Any]] = []
    if report.latent is not None and report.latent.interval is not None:
        interval, estimate = report.latent.interval, report.latent.estimate
        rows.append(
            _range_row(
                "Underlying (chance taken away)", estimate, interval.low, interval.high, "ours"
            )
            | {"pair": f"{report.latent.pairs:,} compared"}
        )
    low, high = (raw.interval.low, raw.interval.high) if raw.interval else (raw.estimate,) * 2
    rows.append(
        _range_row("Raw (as answered)", raw.estimate, low, high, "ours")
        | {"pair": f"{raw.pairs:,} compared"}
    )
    if report.mirrors is not None:
        mirrors = report.mirrors
        rows.append(
            _range_row("Two perfect mirrors, raw", mirrors.mean, mirrors.low, mirrors.high, "model")
            | {"pair": f"{mirrors.draws:,} imaginary data sets"}
        )
    rows += [
        _range_row(
            "Published, raw" if len(report.published) == 1 else f"Published {place}, raw",
            float(row["estimate"]),
            float(row["low"]),
            float(row["high"]),
            "others",
        )
        | {"pair": f"{row['pair']} ({row['n']})"}
        for place, row in enumerate(report.published, 1)
    ]
    drawn = pd.DataFrame(rows)
    return intervals(
        drawn,
        "what",
        "estimate",
        correlation_axis("0 unrelated, 1 the same order"),
        palette,
        order=list(drawn["what"]),
        row=ROW,
        named=ROW,
        tooltip=[
            alt.Tooltip("pair:N", title="Pair"),
            *range_tooltips("estimate", "Correlation", ".2f"),
        ],
        both={
            "color": alt.Color(
                "whose:N",
                legend=None,
                scale=alt.Scale(
                    domain=["ours", "model", "others"],
                    range=[palette.agreement, palette.text, palette.muted],
                ),
            )
        },
        limit=240,
    )


def _range_row(
    what: str, estimate: float | None, low: float, high: float, whose: str
) -> dict[str, Any]:
    at = limit_within(low, high) if estimate is None else estimate
    return {"what": what, "estimate": at, "low": low, "high": high, "whose": whose}


def axis_title(side: Side) -> list[str]:
    """What an axis shows, in one line or two."""
    unit = {
        "proportion": "% positive",
        "score": "mean score, 0–10",
        "stars": "mean stars",
        "rating": "mean rating",
    }.get(side.unit, side.unit)
    if side.measure_title.lower() == "overall experience":
        return [f"{side.short_title}: {unit}"]
    return [side.short_title, f"{side.measure_title}: {unit}"]


def _format(side: Side) -> str:
    return ".0%" if side.unit == "proportion" else ".1f"


def _domain(points: pd.DataFrame, which: str, side: Side) -> list[float]:
    low, high = points[f"{which}_value"].min(), points[f"{which}_value"].max()
    room = max((high - low) * 0.06, AXIS_ROOM if side.unit == "proportion" else 0.1)
    top = 1.0 if side.unit == "proportion" else high + room
    return [
        max(0.0, low - room),
        min(top + 0.005, high + room) if side.unit == "proportion" else top,
    ]


def _legend_sizes(points: pd.DataFrame) -> list[float]:
    largest = float(points["answers"].max())
    if not largest or np.isnan(largest):
        return []
    step = 10 ** np.floor(np.log10(largest))
    return sorted({float(v) for v in (step / 2, step, np.floor(largest / step) * step) if v >= 1})


def _legend_widths(points: pd.DataFrame) -> list[int]:
    """How wide the marks of the legend's sizes are, in pixels."""
    largest = float(points["answers"].max())
    least, most = SIZES
    areas = [
        least + (most - least) * answers / largest if largest else least
        for answers in _legend_sizes(points)
    ]
    return [round(float(np.sqrt(4 * area / np.pi))) for area in areas]
