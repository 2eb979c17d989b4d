"""Pictures of the overview: every pair's correlation on one axis; what is loaded, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from pxcore.analysis.judging.certainty import CertaintyReport, Unsaid
from pxcore.analysis.pairs.coverage import Coverage
from pxcore.analysis.pairs.matrix import Matrix
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.charts.ranges import underlying_and_raw
from pxcore.charts.theme import (
    LIKELY_MARKS,
    NAME,
    SIGNAL_TITLES,
    Mark,
    Palette,
    Picture,
    either,
    explained,
    fitted,
    legend,
    months,
    names_above,
    one_of_a_kind,
    rows_of,
    verdict_fill,
    verdict_line,
    where,
)
from pxcore.stats.certainty import Word
from pxcore.stats.latent import limit_within
from pxcore.words import agreement as agreement_words
from pxcore.words import certainty
from pxcore.words import matrix as words
from pxcore.words.english import capital, number, number_range

MONTHS = 24  # height of a source's row of months
CELL = 27  # height of a cell of the matrix
A_LINE, A_NARROW_LINE = 32, 16  # marks of the strip beside one another
LINE, APART = 17, 8  # pixels: height of a line of marks, and between two words
BESIDE = 170  # pixels that a word and its number take beside its marks
HEAD_LINE = 17
BESIDE_MARK = 14  # pixels to the letter or the tick of a cell
TICK = "M-1,0L-0.3,0.7L1,-0.8"  # that a verdict is shown
_NO_MARK = (Unsaid.NOT_JUDGED.value,)
UPRIGHT, HEADS = -90, 210  # turn of a head where there is no room, and what heads then take


def agreements(overview: OverviewReport, palette: Palette) -> Picture:
    """One row per pair of sources: underlying agreement and raw rank correlation, each with its range,
    and what two perfect mirrors would show."""
    readings = []
    for report in overview.answered:
        pair = f"{report.left.short_title} – {report.right.short_title}"
        many = report.correlation.pairs if report.correlation else 0
        for what, estimate, interval in (
            ("underlying", report.latent.estimate if report.latent else None,
             report.latent.interval if report.latent else None),
            ("raw", report.correlation.estimate if report.correlation else None,
             report.correlation.interval if report.correlation else None),
        ):  # fmt: skip
            if interval is not None:
                readings.append(
                    {
                        "pair": pair,
                        "what": what,
                        "estimate": limit_within(interval.low, interval.high)
                        if estimate is None
                        else estimate,
                        "low": interval.low,
                        "high": interval.high,
                        "compared": f"{many:,} compared",
                        "reading": agreement_words.summary(report),
                    }
                )
    columns = ["pair", "what", "estimate", "low", "high", "compared", "reading"]
    rows = pd.DataFrame(readings, columns=columns)
    mirrors = pd.DataFrame(
        [
            {
                "pair": f"{report.left.short_title} – {report.right.short_title}",
                "what": "raw",
                "estimate": report.mirrors.mean,
                "reading": "Two perfect mirrors of the truth would show about "
                f"{number(report.mirrors.mean)} as raw "
                f"({number_range(report.mirrors.low, report.mirrors.high)})",
            }
            for report in overview.answered
            if report.mirrors is not None
        ],
        columns=["pair", "what", "estimate", "reading"],
    )
    return underlying_and_raw(
        rows,
        "pair",
        palette,
        order=list(dict.fromkeys(rows["pair"])),
        about=[alt.Tooltip("reading:N", title="Reading")],
        height=54,
        marks=mirrors,
    )


def matrix(whole: Matrix, area: str, most: int, palette: Palette) -> Picture:
    """Organisations by pairs of sources: a mark a cell, ticked where shown, its word in the tooltip.

    Parameters
    ----------
    area, most : which organisations, as in `Matrix.part`.
    """
    pairs = whole.telling
    cells = whole.part(area, most)
    sizes = {Word.COULD_BE_EITHER.value: 12} | dict.fromkeys(_NO_MARK, 0)
    cells = cells[cells["pair"].isin(pairs)]
    drawn = cells.assign(
        likely=certainty.labels(cells),
        name=one_of_a_kind(cells["name"], cells["unit"]),
        size=[sizes.get(mark, 80) for mark in cells["mark"]],
        answers=[
            f"{_answers(left)} / {_answers(right)}"
            for left, right in zip(cells["left_answers"], cells["right_answers"], strict=True)
        ],
    )
    rows = max(drawn["unit"].nunique(), 2)
    order = list(drawn.sort_values("place", kind="stable")["name"].drop_duplicates())
    y = rows_of("name", order, CELL + NAME)
    x = alt.X(
        "pair:N",
        sort=list(pairs),
        title=None,
        axis=alt.Axis(
            orient="top",
            labelAngle=either(UPRIGHT, 0),
            labelAlign=either("'left'", "'center'"),
            labelBaseline=either("'middle'", "'bottom'"),
            labelPadding=either("2", f"{HEAD_LINE}"),  # of two lines the second lies below
            labelLimit=170,
            labelOverlap=False,
            labelFlush=False,
            # one source a line; upright, one line
            labelExpr="narrow ? datum.label : split(datum.label, ' – ')",
            ticks=False,
            domain=False,
        ),
    )
    tooltip = [
        alt.Tooltip("name:N", title="Organisation"),
        alt.Tooltip("pair:N", title="Sources"),
        alt.Tooltip("likely:N", title="How likely"),
        alt.Tooltip("answers:N", title="Answers"),
    ]
    picked = alt.selection_point(name="cell", fields=["unit", "left", "right"], empty=False)
    marks = list(LIKELY_MARKS)
    tiles = (
        alt.Chart(drawn)
        .mark_rect(stroke=palette.line, strokeWidth=1)
        .encode(
            x=x,
            y=y,
            tooltip=tooltip,
            color=alt.Color(
                "mark:N",
                legend=None,
                scale=alt.Scale(domain=marks, range=[tile(mark, palette) for mark in marks]),
            ),
            opacity=where(picked, 0.6, 1.0, alt.OpacityValue),
        )
        .add_params(picked)
    )

    def of_mark(channel: Any, values: Sequence[Any]) -> Any:
        return channel("mark:N", legend=None, scale=alt.Scale(domain=marks, range=list(values)))

    inks = [ink(mark, palette) for mark in marks]
    hollow = (Word.PROBABLY_DIFFER.value, Unsaid.SILENT.value)
    has_mark, has_letter = ~drawn["mark"].isin(_NO_MARK), drawn["letter"] != ""

    def placed(rows: pd.DataFrame) -> alt.Chart:
        return alt.Chart(rows).encode(x=x, y=y, tooltip=tooltip)

    # drawn, not written: few letters have these marks, and a computer may have no others
    points = (
        placed(drawn)
        .mark_point(opacity=1, strokeWidth=1.5)
        .encode(
            shape=of_mark(alt.Shape, [LIKELY_MARKS[mark][1] for mark in marks]),
            fill=of_mark(
                alt.Fill,
                [tile(mark, palette) if mark in hollow else ink(mark, palette) for mark in marks],
            ),
            stroke=of_mark(alt.Stroke, inks),
            size=alt.Size("size:Q", scale=None, legend=None),
        )
    )
    letters = [
        placed(rows)
        .mark_text(fontSize=14, fontWeight="bold", dx=beside)
        .encode(text=alt.Text("letter:N"), color=of_mark(alt.Color, inks))
        for rows, beside in (
            (drawn[has_letter & has_mark], BESIDE_MARK),
            (drawn[has_letter & ~has_mark], 0),
        )
    ]
    ticks = (
        placed(drawn[drawn["shown"]])
        .mark_point(
            shape=TICK, size=90, strokeWidth=2, opacity=1, fill="transparent", xOffset=BESIDE_MARK
        )
        .encode(stroke=of_mark(alt.Stroke, inks))
    )
    names = names_above(y, "name", order, palette)
    return fitted(
        [
            tiles,
            points,
            *letters,
            ticks,
            names,
        ],
        CELL * rows + 60,
        (CELL + NAME) * rows + HEADS,
        resolve={
            "scale": dict.fromkeys(("color", "fill", "stroke", "size", "shape"), "independent")
        },
    )


def strip(report: CertaintyReport, palette: Palette) -> Picture:
    """Every organisation in view a mark, gathered by how likely the two sources agree on it: beside each
    word how many there are, and those to look at first first."""
    rows = report.in_view
    counts = {mark: count for mark, count in report.counts().items() if count}
    begins: dict[
        str, list[int]
    ] = {}  # pixels from the top, with enough room and where it is narrow
    wide = narrow = 0
    for mark, count in counts.items():
        many = count if mark not in _NO_MARK else 0
        begins[mark] = [wide, narrow]
        wide += LINE * max(1, -(-many // A_LINE)) + APART
        narrow += LINE * (1 + -(-many // A_NARROW_LINE)) + APART
    place = rows.groupby("mark").cumcount().to_numpy()
    drawn = pd.DataFrame(
        {
            "unit": rows["unit"],
            "name": rows["name"],
            "mark": rows["mark"],
            "likely": certainty.labels(rows),
            "answers": [
                f"{_answers(left)} / {_answers(right)}"
                for left, right in zip(
                    rows["left_respondents"], rows["right_respondents"], strict=True
                )
            ],
            "column": place % A_LINE,
            "narrow_column": place % A_NARROW_LINE,
            "line": LINE * (place // A_LINE) + rows["mark"].map(lambda mark: begins[mark][0]),
            "narrow_line": LINE * (1 + place // A_NARROW_LINE)
            + rows["mark"].map(lambda mark: begins[mark][1]),
        }
    )
    drawn = drawn[~drawn["mark"].isin(_NO_MARK)]
    heads = pd.DataFrame(
        {
            "mark": list(counts),
            "word": [capital(mark) for mark in counts],
            "count": [f"{count:,}" for count in counts.values()],
            "why": [certainty.UNSAID[mark] if mark in _NO_MARK else "" for mark in counts],
            "line": [begin for begin, _ in begins.values()],
            "narrow_line": [begin for _, begin in begins.values()],
        }
    )
    middle = LINE / 2
    x = alt.X("x:Q", scale=None, axis=None)
    y = alt.Y("y:Q", scale=None, axis=None)
    marks = list(counts)
    picked = alt.selection_point(name="organisation", fields=["unit"], on="click", empty=False)

    def of_mark(channel: Any, values: Sequence[Any]) -> Any:
        scale = alt.Scale(domain=marks, range=list(values))
        return channel("mark:N", legend=None, scale=scale)

    placed = (
        alt.Chart(drawn)
        .transform_calculate(
            x=f"narrow ? (datum.narrow_column + 0.5) * width / {A_NARROW_LINE} : "
            f"{BESIDE} + (datum.column + 0.5) * (width - {BESIDE}) / {A_LINE}",
            y=f"(narrow ? datum.narrow_line : datum.line) + {middle}",
        )
        .encode(x=x, y=y)
    )
    tooltip = [
        alt.Tooltip("name:N", title="Organisation"),
        alt.Tooltip("likely:N", title="How likely"),
        alt.Tooltip(
            "answers:N", title=f"Answers ({report.left.short_title} / {report.right.short_title})"
        ),
    ]
    points = (
        placed.mark_point(opacity=1, strokeWidth=1.5)
        .encode(
            shape=of_mark(alt.Shape, [LIKELY_MARKS[mark][1] for mark in marks]),
            fill=of_mark(alt.Fill, [verdict_fill(mark, palette) for mark in marks]),
            stroke=of_mark(alt.Stroke, [verdict_line(mark, palette) for mark in marks]),
            strokeDash=of_mark(
                alt.StrokeDash, [[2, 2] if mark == Unsaid.SILENT else [1, 0] for mark in marks]
            ),
            size=where(
                picked,
                240,
                {"expr": f"datum.mark === '{Word.COULD_BE_EITHER.value}' ? 28 : 105"},
                alt.SizeValue,
            ),
            tooltip=tooltip,
        )
        .add_params(picked)
    )

    def beside(at: int) -> alt.Chart:
        return (
            alt.Chart(heads)
            .transform_calculate(
                x=f"{at}", y=f"(narrow ? datum.narrow_line : datum.line) + {middle}"
            )
            .encode(x=x, y=y)
        )

    words_beside = (
        beside(0)
        .mark_text(align="left", fontSize=13, color=palette.text)
        .encode(text=alt.Text("word:N"))
    )
    numbers = (
        beside(BESIDE - 14)
        .mark_text(align="right", fontSize=14, fontWeight="bold", color=palette.text)
        .encode(text=alt.Text("count:N"))
    )
    why = (
        beside(BESIDE)
        .mark_text(align="left", fontSize=12, color=palette.muted)
        .encode(text=alt.Text("why:N"))
    )
    return fitted([points, words_beside, numbers, why], wide + 8, narrow + 8)


def _answers(count: float) -> str:
    return "–" if pd.isna(count) else f"{count:,.0f}"


def tile(mark: str, palette: Palette) -> str:
    """What the cell of a mark is filled with."""
    return {
        Word.VERY_LIKELY_AGREE.value: palette.agreement,
        Word.PROBABLY_AGREE.value: palette.partial,
        Word.VERY_LIKELY_DIFFER.value: palette.dissonance,
        Word.COULD_BE_EITHER.value: palette.panel,
    }.get(mark, palette.ground)


def ink(mark: str, palette: Palette) -> str:
    """Glyphs stand out from their tile: the ground on a strong one, the text on a light one."""
    return {
        Word.VERY_LIKELY_AGREE.value: palette.ground,
        Word.PROBABLY_AGREE.value: palette.text,
        Word.VERY_LIKELY_DIFFER.value: palette.ground,
        Word.PROBABLY_DIFFER.value: palette.dissonance,
    }.get(mark, palette.muted)


def distribution(whole: Matrix, pair: str, palette: Palette) -> Picture:
    """On how many organisations of each area one pair of sources agrees, differs, or could be either."""
    counts = words.by_area(whole, pair)
    marks = list(LIKELY_MARKS)
    drawn = counts.assign(order=counts["mark"].map(marks.index))
    areas = sorted(set(drawn["area"]))
    y = rows_of("area", areas, CELL + NAME, limit=260)
    stroke = {Word.PROBABLY_DIFFER.value: palette.dissonance}
    bars = (
        alt.Chart(drawn)
        .mark_bar(strokeWidth=1.2, height=17)
        .encode(
            x=alt.X("organisations:Q", stack="zero", title="Organisations"),
            y=y,
            order=alt.Order("order:O"),
            color=alt.Color(
                "mark:N",
                title=None,
                sort=marks,
                scale=alt.Scale(domain=marks, range=[tile(mark, palette) for mark in marks]),
                legend=None,  # the page's own legend stands above, with each verdict's number
            ),
            stroke=alt.Stroke(
                "mark:N",
                legend=None,
                scale=alt.Scale(
                    domain=marks, range=[stroke.get(mark, palette.line) for mark in marks]
                ),
            ),
            tooltip=[
                alt.Tooltip("area:N", title="Area"),
                alt.Tooltip("mark:N", title="How likely"),
                alt.Tooltip("organisations:Q", title="Organisations", format=","),
            ],
        )
    )
    many = max(2, len(areas))
    return fitted(
        [bars, names_above(y, "area", areas, palette)],
        CELL * many + 90,
        (CELL + NAME) * many + 70,
    )


def coverage(report: Coverage, palette: Palette) -> Picture:
    """Source by month: how many organisations have a figure; hollow where all are withheld."""
    cells = report.cells.assign(
        share=report.cells["providers"]
        / report.cells.groupby("source")["providers"].transform("max").clip(lower=1),
        signal_title=report.cells["signal"].map(SIGNAL_TITLES),
        shown=[
            f"single responses, of {row.providers} organisations in all"
            if row.single
            else f"{row.providers} with a figure, {row.providers_withheld} withheld or missing"
            for row in report.cells.itertuples()
        ],
        # a bar must be wide enough to see, however short its period
        shown_end=report.cells["period_end"] + pd.Timedelta(days=1),
    )
    x = alt.X("period_start:T", title=None, axis=months(tickCount=8, grid=False))
    sources = list(dict.fromkeys(cells["short_title"]))
    y = rows_of("short_title", sources, MONTHS + NAME, limit=180)
    tooltip = [
        alt.Tooltip("title:N", title="Source"),
        alt.Tooltip("period_start:T", title="From", format="%-d %b %Y"),
        alt.Tooltip("period_end:T", title="To", format="%-d %b %Y"),
        alt.Tooltip("shown:N", title="Organisations"),
        alt.Tooltip("respondents:Q", title="Answers", format=",.0f"),
    ]
    colour = alt.Color(
        "signal_title:N",
        title=None,
        scale=alt.Scale(
            domain=list(SIGNAL_TITLES.values()),
            range=[palette.signal(name) for name in SIGNAL_TITLES],
        ),
        legend=legend(list(SIGNAL_TITLES.values())),
    )
    bars = (
        alt.Chart(cells)
        .mark_bar(height=15, stroke=palette.ground, strokeWidth=1)
        .encode(
            x=x,
            x2=alt.X2("shown_end:T"),
            y=y,
            color=colour,
            tooltip=tooltip,
            opacity=alt.Opacity(
                "share:Q", scale=alt.Scale(domain=[0, 1], range=[0.25, 1.0]), legend=None
            ),
        )
    )
    picture = fitted(
        [bars, names_above(y, "short_title", sources, palette)],
        MONTHS * len(sources) + 110,
        (MONTHS + NAME) * len(sources) + 70,
    )
    marks = [
        Mark(title, "square", palette.signal(name), palette.signal(name))
        for name, title in SIGNAL_TITLES.items()
    ]
    return explained(picture, marks)
