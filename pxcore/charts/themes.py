"""Pictures of themes: shares by source, by service, over time, together, and what was felt."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

import altair as alt
import pandas as pd

from pxcore.analysis.comments.themes import ThemesReport
from pxcore.charts.ranges import intervals
from pxcore.charts.theme import (
    NAME,
    SIGNAL_MARKS,
    Mark,
    Palette,
    Picture,
    either,
    explained,
    fitted,
    legend,
    months,
    names_above,
    rows_of,
    where,
)
from pxcore.words import themes as words

MOST_COLUMNS = 10  # of a heat map on a laptop, each with room for its head
HEAD = 13  # letters of a line of a head
LINE = 13  # its height
HEAT, TOGETHER = 24, 27  # height of a row of a heat map, and of themes against themes
FELT = 30  # of one with a mark for each feeling
UPRIGHT, LETTER = (
    -90,
    6,
)  # turn of a head where there is no room, and what a letter of it takes then
APART = 0.2  # share of a theme's row left free between it and the next
BESIDE = 1.5  # times the longest range: how far the axis goes where something stands at the right
NEGATIVE = "negative as a whole"
# Sources of one signal share its colour, and are told apart by their marks: filled, then hollow.
_MARKS = ("diamond", "triangle-up", "triangle-down", "cross", "square", "circle")


def prominence(report: ThemesReport, palette: Palette) -> Picture:
    """One row a theme: the share of people who named it, each source with its range."""
    rows = report.drawn()
    drawn = rows.assign(text=words.shares(report, rows))[
        ["theme", "order", "source", "signal", "share", "low", "high", "text"]
    ]
    order = list(dict.fromkeys(drawn["theme"]))
    voices = _voices(report, drawn["source"])
    beside = rows[["theme", "voice"]].merge(words.negative(report), on=["theme", "voice"])
    row = max(16 * len(voices), 22)
    colours = _encodings(report, voices, palette)
    picture = intervals(
        drawn,
        "theme",
        "share",
        alt.X(
            "low:Q",
            title="People who named it",
            axis=alt.Axis(
                format=".0%",
                tickCount=6,
                orient="top",
                # beyond the longest range stands what was felt, and no share
                labelExpr=f"datum.value > {drawn['high'].max():.4f} ? '' : datum.label",
            ),
            # what is written at the right has room beside the longest range
            scale=alt.Scale(domainMin=0)
            if beside.empty
            else alt.Scale(domain=[0, float(drawn["high"].max()) * BESIDE], nice=False),
        ),
        palette,
        order=order,
        row=row,
        tooltip=[
            alt.Tooltip("theme:N", title="Theme"),
            alt.Tooltip("source:N", title="Source"),
            alt.Tooltip("text:N", title="Share"),
        ],
        both={"yOffset": alt.YOffset("source:N", sort=voices)},
        reached={"color": _by_signal(drawn["signal"], palette)},
        point=colours,
        mark={"filled": False},
        reach={"strokeWidth": 2},
        nought=False,
        apart=APART,
        above=()
        if beside.empty
        else _negative(beside, rows_of("theme", order, row + NAME, apart=APART), voices, palette),
    )
    return explained(picture, _voice_marks(report, voices, palette))


def _negative(
    beside: pd.DataFrame, rows: alt.Y, voices: list[str], palette: Palette
) -> tuple[alt.Chart, alt.Chart]:
    """How many of those who named a theme are negative as a whole, written at the right."""
    right = alt.XValue("width")  # type: ignore[no-untyped-call]
    figures = (
        alt.Chart(beside[["theme", "source", "negative"]])
        .mark_text(align="right", color=palette.text, fontSize=11)
        .encode(
            x=right,
            y=rows,
            yOffset=alt.YOffset("source:N", sort=voices),
            text=alt.Text("negative:N"),
        )
    )
    head = (
        alt.Chart(pd.DataFrame({"head": [NEGATIVE]}))
        .mark_text(align="right", baseline="bottom", color=palette.muted, fontSize=11)
        .encode(x=right, y=alt.YValue(-9), text=alt.Text("head:N"))  # type: ignore[no-untyped-call]
    )
    return figures, head


def sheets(report: ThemesReport) -> list[list[str]]:
    """The sources of each heat map: as many as have room for upright heads beside each other."""
    wide = report.heat().groupby("voice", sort=False)["service"].nunique()
    maps: list[list[str]] = []
    room = 0
    for key in (voice.key for voice in report.voices if voice.key in wide.index):
        if not maps or wide[key] > room:
            maps.append([])
            room = MOST_COLUMNS
        maps[-1].append(key)
        room -= int(wide[key])
    return maps


def heat(report: ThemesReport, voices: Sequence[str], palette: Palette) -> Picture:
    """Theme by source and service: the darker, the more people named it; where few did, under what."""
    every = report.heat()
    high = float(every["share"].max()) if every["share"].notna().any() else 1.0
    rows = every[every["voice"].isin(voices)]
    columns = rows.sort_values("place_order").drop_duplicates("place_order")
    # a source's name stands once, over its first column
    leads = ~columns["voice"].duplicated()
    heads = {
        place: [*(wrap(source, HEAD) if lead else ()), *wrap(service, HEAD)]
        for place, source, service, lead in zip(
            columns["place_order"], columns["source"], columns["place"], leads, strict=True
        )
    }
    lines = max(len(head) for head in heads.values())
    drawn = rows.assign(
        column=[
            # lines of a label run downwards: the short ones begin with empty lines to end with the rest
            "\n".join([f"{place}", *[" "] * (lines - len(heads[place])), *heads[place]])
            for place in rows["place_order"]
        ],
        shown=[
            f"{100 * share:.0f}"
            if share == share
            else f"<{100 * under:.0f}"
            if under == under
            else ""
            for share, under in zip(rows["share"], rows["under"], strict=True)
        ],
        text=words.shares(report, rows),
    )[["theme", "order", "source", "place", "place_order", "column", "share", "shown", "text"]]
    order = list(dict.fromkeys(every["theme"]))
    x = alt.X(
        "column:N",
        sort=list(dict.fromkeys(drawn.sort_values("place_order")["column"])),
        title=None,
        axis=alt.Axis(
            orient="top",
            labelAngle=either(UPRIGHT, 0),
            labelExpr="narrow ? trim(join(slice(split(datum.label, '\\n'), 1), ' '))"
            " : slice(split(datum.label, '\\n'), 1)",
            labelFontSize=11,
            labelLineHeight=LINE,
            labelPadding=either(5, LINE * (lines - 1) + 5),
            labelAlign=either("'left'", "'center'"),
            labelBaseline=either("'middle'", "'bottom'"),
            labelFlush=False,
            labelLimit=200,
            labelOverlap=False,
            ticks=False,
            domain=False,
            grid=False,
        ),
    )
    tooltip = [
        alt.Tooltip("theme:N", title="Theme"),
        alt.Tooltip("source:N", title="Source"),
        alt.Tooltip("place:N", title="Service"),
        alt.Tooltip("text:N", title="Share"),
    ]
    y = rows_of("theme", order, HEAT + NAME)
    base = alt.Chart(drawn).encode(x=x, y=y, tooltip=tooltip)
    cells = base.mark_rect(stroke=palette.ground, strokeWidth=2).encode(
        color=alt.ColorValue(
            palette.ground,
            condition={
                "test": "isValid(datum.share)",
                "field": "share",
                "type": "quantitative",
                "scale": {"domain": [0, high], "range": [palette.panel, palette.community]},
                "legend": None,
            },
        )
    )
    labels = base.mark_text(fontSize=11).encode(
        text=alt.Text("shown:N"),
        color=alt.ColorValue(
            palette.muted,
            condition=[
                {"test": f"datum.share > {0.65 * high}", "value": palette.ground},
                {"test": "isValid(datum.share)", "value": palette.text},
            ],
        ),
    )
    many = max(len(order), 3)
    longest = max(len(" ".join(head)) for head in heads.values())
    return fitted(
        [cells, labels, names_above(y, "theme", order, palette)],
        HEAT * many + LINE * lines + 40,
        (HEAT + NAME) * many + min(200, LETTER * longest) + 40,
    )


def over_time(report: ThemesReport, theme: str, palette: Palette) -> Picture:
    """One theme's share, quarter by quarter or month by month, each source with its range."""
    rows = report.series(theme)
    drawn = rows.assign(text=words.shares(report, rows))[
        ["when", "source", "signal", "share", "low", "high", "text"]
    ]
    voices = _voices(report, drawn["source"])
    tooltip = [
        alt.Tooltip("source:N", title="Source"),
        alt.Tooltip("when:T", title="From", format="%B %Y"),
        alt.Tooltip("text:N", title="Share"),
    ]
    base = alt.Chart(drawn).encode(x=alt.X("when:T", title=None, axis=months(tickCount=8)))
    spans = base.mark_rule(strokeWidth=2, opacity=0.35).encode(
        y=alt.Y(
            "low:Q",
            title="People who named it",
            axis=alt.Axis(format=".0%", tickCount=5),
            scale=alt.Scale(domainMin=0),
        ),
        y2=alt.Y2("high:Q"),
        color=_by_signal(drawn["signal"], palette),
    )
    line = base.mark_line(strokeWidth=1.5, opacity=0.8).encode(
        y=alt.Y("share:Q"),
        detail=alt.Detail("source:N"),
        color=_by_signal(drawn["signal"], palette),
    )
    marks = base.mark_point(size=70, opacity=1, strokeWidth=2).encode(
        y=alt.Y("share:Q"), **_encodings(report, voices, palette), tooltip=tooltip
    )
    picture = fitted([spans, line, marks], 280)
    return explained(picture, _voice_marks(report, voices, palette))


def together(report: ThemesReport, voice: str, palette: Palette) -> Picture:
    """Themes against themes of one source: the larger the mark, the more, or less, they go together."""
    rows = report.square(voice)
    ways = ["more than by chance", "less than by chance"]
    drawn = rows.assign(
        first=rows["left_theme"],
        second=rows["right_theme"],
        size=rows["phi"].abs(),
        way=[ways[0] if phi > 0 else ways[1] for phi in rows["phi"]],
        sure=["beyond chance" if shown else "may be chance" for shown in rows["shown"]],
        text=words.together(rows),
    )[["first", "second", "size", "way", "sure", "text", "left_order"]]
    order = list(dict.fromkeys(drawn.sort_values("left_order")["first"]))
    colour = palette.signal(report.voice(voice).signal)
    seconds = set(drawn["second"])
    named = [theme for theme in order if theme in seconds]
    y = rows_of("second", named, TOGETHER + NAME, limit=220, grid=True)
    marks = (
        alt.Chart(drawn)
        .mark_point(strokeWidth=1.5)
        .encode(
            x=alt.X(
                "first:N",
                sort=order,
                title=None,
                axis=alt.Axis(
                    orient="top",
                    labelAngle=either(UPRIGHT, -40),
                    labelLimit=180,
                    labelOverlap=False,
                    ticks=False,
                    grid=True,
                ),
            ),
            y=y,
            size=alt.Size("size:Q", scale=alt.Scale(range=[10, 420]), legend=None),
            fill=alt.Fill(
                "way:N",
                title=None,
                scale=alt.Scale(domain=ways, range=[colour, palette.ground]),
                legend=legend(ways, orient="bottom", symbolStrokeColor=colour),
            ),
            stroke=alt.StrokeValue(colour),
            opacity=where("datum.sure === 'beyond chance'", 1.0, 0.3, alt.OpacityValue),
            tooltip=[
                alt.Tooltip("first:N", title="Theme"),
                alt.Tooltip("second:N", title="and"),
                alt.Tooltip("text:N", title="Together"),
                alt.Tooltip("sure:N", title="Sure?"),
            ],
        )
    )
    many = max(len(order), 4)
    picture = fitted(
        [marks, names_above(y, "second", named, palette)],
        TOGETHER * many + 190,
        (TOGETHER + NAME) * many + 190,
    )
    return explained(
        picture,
        [
            Mark(ways[0], "circle", colour, colour),
            Mark(ways[1], "circle", palette.ground, colour),
        ],
    )


def felt(report: ThemesReport, voice: str, palette: Palette) -> Picture:
    """One row a theme: of those who named it, how many were negative, and how many positive."""
    rows = report.felt()
    rows = rows[(rows["voice"] == voice) & rows["feeling"].isin(["positive", "negative"])]
    drawn = rows.assign(text=words.feelings(rows))[
        ["name", "order", "feeling", "share", "low", "high", "text"]
    ]
    order = list(dict.fromkeys(drawn.sort_values("order", kind="stable")["name"]))
    shown = ["positive", "negative"]
    colour = palette.signal(report.voice(voice).signal)
    picture = intervals(
        drawn,
        "name",
        "share",
        alt.X(
            "low:Q",
            title=["Of those who named it", "and whose feeling is known"],
            axis=alt.Axis(format=".0%", tickCount=6),
            scale=alt.Scale(domain=[0, 1]),
        ),
        palette,
        order=order,
        row=FELT,
        tooltip=[
            alt.Tooltip("name:N", title="Those who named"),
            alt.Tooltip("feeling:N", title="Felt"),
            alt.Tooltip("text:N", title="Share"),
        ],
        both={"yOffset": alt.YOffset("feeling:N", sort=shown)},
        point={
            "fill": alt.Fill(
                "feeling:N",
                title=None,
                scale=alt.Scale(domain=shown, range=[colour, palette.ground]),
                legend=legend(shown, symbolStrokeColor=colour, symbolType="diamond"),
            ),
            "stroke": alt.StrokeValue(colour),
        },
        mark={"filled": False, "shape": "diamond"},
        reach={"strokeWidth": 2, "color": colour},
        nought=False,
        apart=0.2,
    )
    return explained(
        picture,
        [
            Mark(shown[0], "diamond", colour, colour),
            Mark(shown[1], "diamond", palette.ground, colour),
        ],
    )


def _voices(report: ThemesReport, present: pd.Series) -> list[str]:
    """The titles drawn, in the order of the report."""
    drawn = set(present)
    return [voice.title for voice in report.voices if voice.title in drawn]


def _signals(report: ThemesReport, voices: list[str]) -> list[str]:
    signals = {voice.title: voice.signal for voice in report.voices}
    return [signals[title] for title in voices]


def _by_signal(present: pd.Series, palette: Palette) -> alt.Color:
    """The colour of lines, which need no legend beside that of their marks."""
    signals = sorted(set(present))
    return alt.Color(
        "signal:N",
        scale=alt.Scale(domain=signals, range=[palette.signal(signal) for signal in signals]),
        legend=None,
    )


def _voice_marks(report: ThemesReport, voices: list[str], palette: Palette) -> list[Mark]:
    """Each source by its signal's own mark filled, the next of the signal hollow."""
    signals = _signals(report, voices)
    marks = []
    for at, (voice, signal) in enumerate(zip(voices, signals, strict=True)):
        before = signals[:at].count(signal)
        own = [SIGNAL_MARKS[signal], *(m for m in _MARKS if m not in SIGNAL_MARKS.values())]
        colour = palette.signal(signal)
        fill = colour if before % 2 == 0 else palette.ground
        marks.append(Mark(voice, own[(before // 2) % len(own)], fill, colour))
    return marks


def _encodings(
    report: ThemesReport, voices: list[str], palette: Palette
) -> dict[str, alt.Shape | alt.Fill | alt.Stroke]:
    """Shape, fill and line of the column `source`."""
    marks = _voice_marks(report, voices, palette)

    def scale(values: list[str]) -> alt.Scale:
        return alt.Scale(domain=voices, range=values)

    wide = max((len(voice) for voice in voices), default=0) > 30
    shown = legend(voices, columns=either(1, 1 if wide else 2))
    return {
        "shape": alt.Shape(
            "source:N", title=None, scale=scale([mark.shape for mark in marks]), legend=shown
        ),
        "fill": alt.Fill("source:N", title=None, scale=scale([mark.fill for mark in marks])),
        "stroke": alt.Stroke("source:N", title=None, scale=scale([mark.line for mark in marks])),
    }
