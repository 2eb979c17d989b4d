"""Colour, mark and word by meaning; no hex code stands anywhere else in Python."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import altair as alt
import pandas as pd

from pxcore.analysis.judging.certainty import Unsaid
from pxcore.stats.certainty import Word
from pxcore.words.certainty import GLYPHS


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one ground, light or dark. Measured for contrast and for colour blindness."""

    name: str
    survey: str
    fft: str
    community: str
    text: str
    muted: str
    line: str
    ground: str
    panel: str
    quiet: str  # not enough evidence
    dissonance: str
    agreement: str
    partial: str
    improvement: str  # of a month on a chart over time, as are the next two
    concern: str
    common: str

    def signal(self, name: str) -> str:
        return {"survey": self.survey, "fft": self.fft, "community": self.community}[name]


LIGHT = Palette(
    name="light",
    survey="#12436D",
    fft="#D95F0E",
    community="#1B8F87",
    text="#1B2733",
    muted="#4F5F6D",
    line="#D5DBE1",
    ground="#FFFFFF",
    panel="#F4F6F8",
    quiet="#D9DDE1",
    dissonance="#801650",
    agreement="#2F6DB5",
    partial="#A9C9EC",
    improvement="#0072CE",
    concern="#D1610A",
    common="#6B7A86",
)
DARK = Palette(
    name="dark",
    survey="#9CC3EE",
    fft="#F0803C",
    community="#2FB5AA",
    text="#E9EEF3",
    muted="#A9B7C4",
    line="#33465A",
    ground="#0E1B2A",
    panel="#16263A",
    quiet="#475868",
    dissonance="#F06FA8",
    agreement="#7DB3F2",
    partial="#3A6494",
    improvement="#4FA8F5",
    concern="#F59A4F",
    common="#93A3B2",
)

# Half a disc inside its ring: the second outline runs the other way round, and so leaves its half empty.
HALF_DISC = "M0,-1A1,1,0,1,1,0,1A1,1,0,1,1,0,-1ZM0,1A1,1,0,0,0,0,-1Z"
# The mark of a verdict: word -> (glyph, vega shape, filled). Never red or green; each has its word too.
VERDICT_MARKS = {
    "agreement": ("●", "circle"),
    "partial agreement": ("◐", HALF_DISC),
    "dissonance, unusual": ("◆", "diamond"),
    "dissonance of usual size": ("◇", "diamond"),
    "not enough evidence": ("·", "circle"),
    "silence": ("○", "circle"),
}
# How likely two sources agree, those to look at first first; the same drawing in chart, table and legend.
_SHAPES = {
    Word.VERY_LIKELY_DIFFER.value: "diamond",
    Word.PROBABLY_DIFFER.value: "diamond",
    Word.PROBABLY_AGREE.value: HALF_DISC,
}
LIKELY_MARKS = {mark: (glyph, _SHAPES.get(mark, "circle")) for mark, glyph in GLYPHS.items()}
# What a mark is drawn as, where another word says the same.
_DRAWN_AS = {
    Word.VERY_LIKELY_DIFFER.value: "dissonance, unusual",
    Word.PROBABLY_DIFFER.value: "dissonance of usual size",
    Word.COULD_BE_EITHER.value: "not enough evidence",
    Word.PROBABLY_AGREE.value: "partial agreement",
    Word.VERY_LIKELY_AGREE.value: "agreement",
    Unsaid.NOT_JUDGED.value: "silence",
    Unsaid.SILENT.value: "silence",
}
_GLYPHS = VERDICT_MARKS | LIKELY_MARKS


# Labels of an axis of differences: a sign, but none at zero.
SIGNED = "datum.value === 0 ? '0' : format(datum.value, '+.0f')"
SIGNED_PERCENT = "datum.value === 0 ? '0%' : format(datum.value, '+.0%')"


def one_of_a_kind(names: pd.Series, units: pd.Series) -> list[str]:
    """Names for an axis: where two organisations share one, each with its code."""
    owners = pd.DataFrame({"name": names, "unit": units}).groupby("name")["unit"].nunique()
    return [
        f"{name} ({unit})" if owners[name] > 1 else str(name)
        for name, unit in zip(names, units, strict=True)
    ]


def verdict_fill(mark: str, colours: Palette) -> str:
    """What a verdict's mark is filled with."""
    return {
        "agreement": colours.agreement,
        "partial agreement": colours.agreement,  # of which half is filled
        "dissonance, unusual": colours.dissonance,
        "dissonance of usual size": colours.ground,
        "not enough evidence": colours.quiet,
        "silence": colours.ground,
    }[_DRAWN_AS.get(mark, mark)]


def verdict_line(mark: str, colours: Palette) -> str:
    """What a verdict's mark is drawn round with."""
    return {
        "agreement": colours.agreement,
        "partial agreement": colours.agreement,
        "dissonance, unusual": colours.dissonance,
        "dissonance of usual size": colours.dissonance,
        "not enough evidence": colours.muted,
        "silence": colours.muted,
    }[_DRAWN_AS.get(mark, mark)]


# --- Small windows: names above rows, legends in HTML ---
#
# Python is not told how wide a window is, so the picture decides as it is drawn: these are signals of
# Vega's own, asked again whenever `width` changes. 230 pixels of names beside the rows leave a
# telephone no room for what they name.
SMALL_WINDOW = 700  # pixels; screen.css shows the legend in HTML under the same
NARROW_ROOM = 440  # pixels of a column of a page
_SMALL = f"if(isValid(width), windowSize()[0], 0) < {SMALL_WINDOW}"
_NARROW = f"small || if(isValid(width), containerSize()[0], 0) < {NARROW_ROOM}"
NAME = 15  # height of a name above its row


def either(narrow: float | str, wide: float | str) -> dict[str, str]:
    """A property of a picture of `fitted`: an expression for little room, and one for enough."""
    return {"expr": f"narrow ? {narrow} : {wide}"}


@dataclass(frozen=True, slots=True)
class Mark:
    """What a legend says of one mark, as it is drawn."""

    label: str
    shape: str  # of Vega, or "line" or "dashes"
    fill: str
    line: str
    size: int = 13  # pixels across


@dataclass(frozen=True, slots=True)
class Picture:
    """Layers, how high they are drawn, and their legend in words.

    Layers are put together, and what every picture has is put in, once they are Vega-Lite: Altair's own
    objects copy all they hold at each change, and `alt.layer` copies every layer four times.

    Attributes
    ----------
    height, narrow : in pixels, or an expression for them, with enough room and where it is narrow.
    legend : for the page to write beside it in a small window.
    of_all : what is said of all layers together, such as a title, as Vega-Lite has it.
    """

    layers: tuple[alt.Chart, ...]
    height: int | str
    narrow: int
    legend: tuple[Mark, ...] = ()
    of_all: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self, *, validate: bool = True) -> dict[str, Any]:
        """Vega-Lite; with `validate`, held to its schema."""
        context: dict[str, Any] = {"top_level": False, "datasets": {}}
        layers = [layer.to_dict(validate=validate, context=context) for layer in self.layers]
        spec: dict[str, Any] = {"$schema": alt.SCHEMA_URL, **self.of_all}
        if len({layer["data"]["name"] for layer in layers}) == 1:
            spec["data"] = [layer.pop("data") for layer in layers][0]
        params = []
        for place, layer in enumerate(layers):
            if picks := layer.pop("params", ()):  # Streamlit looks for them at the top
                layer["name"] = f"layer_{place}"
                params += [pick | {"views": [layer["name"]]} for pick in picks]
        spec |= {"layer": layers, "datasets": context["datasets"]}
        spec |= {
            "height": self.narrow if isinstance(self.height, str) else self.height,
            "params": [
                *params,
                {"name": "small", "expr": _SMALL},
                {"name": "narrow", "expr": _NARROW},
                # Vega merges this into the signal it has of that name
                {"name": "height", "expr": f"narrow ? {self.narrow} : {self.height}"},
            ],
        }
        if validate:
            alt.LayerChart.validate(spec)
        return spec


def fitted(
    layers: Sequence[alt.Chart], height: int | str, narrow: int | None = None, **of_all: Any
) -> Picture:
    """The layers at their height, and at another where their room is narrow; `either` works in them."""
    if narrow is None:
        narrow = int(height)  # an expression comes with a number beside it
    return Picture(tuple(layers), height, narrow, of_all=of_all)


def where(test: Any, then: Any, otherwise: Any, channel: Callable[..., Any]) -> Any:
    """A channel that has one value where a test holds and another elsewhere.

    Altair's own conditions take twenty times as long: they try every kind of channel there is.

    Parameters
    ----------
    test : an expression on a mark's row, or what is picked of the marks.
    channel : such as `alt.OpacityValue`.
    """
    if isinstance(test, str):
        condition: dict[str, Any] = {"test": test}
    elif isinstance(test, alt.Parameter):
        condition = {"param": test.name, "empty": False}
    else:  # one pick or another
        condition = {"test": test.to_dict(validate=False)}
    return channel(otherwise, condition=condition | {"value": then})


def rows_of(
    field: str,
    order: Sequence[str],
    row: int,
    *,
    limit: int = 230,
    size: int = 12,
    apart: float = 0.0,
    title: str | None = None,
    grid: bool = False,
) -> alt.Y:
    """Rows with their names beside them, or, with `names_above` and little room, above them.

    Parameters
    ----------
    field : column that names the rows, drawn in `order`.
    row : height of a row with its name above it, in pixels.
    limit, size : of a name beside its row, in pixels.
    apart : share of a row left free between rows beside their names, where a row has rows of its own.
    grid : whether each row has a line.
    """
    share = NAME / row
    return alt.Y(
        f"{field}:N",
        sort=list(order),
        title=title,
        scale=alt.Scale(
            type="band",
            paddingInner=either(f"{share:.3f}", apart),
            paddingOuter=either(f"{share / 2:.3f}", apart),
            align=either("1", "0.5"),
        ),
        axis=alt.Axis(
            labelLimit=limit,
            labelExpr="narrow ? '' : datum.label",
            labelOverlap=False,
            labelFlush=False,
            ticks=False,
            domain=False,
            grid=grid,
            labelFontSize=size,
        ),
    )


def names_above(y: alt.Y, field: str, order: Sequence[str], palette: Palette) -> alt.Chart:
    """The names of `rows_of` where its room is narrow; nothing elsewhere."""
    above = y.copy()
    above["bandPosition"] = 0
    return (
        alt.Chart(pd.DataFrame({field: list(order)}, dtype="str"))
        .mark_text(
            align="left",
            baseline="bottom",
            dy=-1,
            fontSize=12,
            color=palette.text,
            limit={"expr": "width"},
            text=either(f"datum['{field}']", "''"),
        )
        .encode(y=above, x=alt.XValue(0))  # type: ignore[no-untyped-call]
    )


def months(**properties: Any) -> alt.Axis:
    """An axis of time: its labels stand clear of one another, and none is cut at an edge."""
    usual: dict[str, Any] = {
        "format": "%b %Y", "labelAngle": 0, "labelOverlap": True, "labelBound": True,
    }  # fmt: skip
    return alt.Axis(**usual | properties)


def legend(values: Sequence[Any], words: str = "{}", **properties: Any) -> alt.Legend:
    """A legend above the picture; a small window has that of `explained` instead.

    `words` are what is said of a value, which stands in place of the braces: a title would take its
    room where the legend is gone.
    """
    before, after = words.split("{}")
    usual: dict[str, Any] = {
        "orient": "top",
        "title": None,
        "labelExpr": f"{json.dumps(before)} + datum.label + {json.dumps(after)}",
        "symbolStrokeWidth": 1.5,  # a hollow mark stays hollow
        "labelLimit": either("containerSize()[0] - 60", "340"),
        "values": {"expr": f"small ? [] : {json.dumps(list(values))}"},
    }
    return alt.Legend(**usual | properties)


def explained(picture: Picture, marks: Sequence[Mark]) -> Picture:
    """The picture with its legend in words, for the page to write beside it in a small window."""
    return replace(picture, legend=tuple(marks))


def verdict_marks(present: Sequence[str], colours: Palette) -> list[Mark]:
    """The legend of `verdict_encodings`."""
    return [
        Mark(mark, _GLYPHS[mark][1], verdict_fill(mark, colours), verdict_line(mark, colours))
        for mark in present
    ]


def verdict_encodings(present: Sequence[str], colours: Palette, columns: int = 3) -> dict[str, Any]:
    """Shape, fill and line of the column `mark`, with a legend of the verdicts that are drawn."""

    def scale(values: list[str]) -> alt.Scale:
        return alt.Scale(domain=list(present), range=values)

    return {
        "shape": alt.Shape(
            "mark:N",
            title=None,
            scale=scale([_GLYPHS[mark][1] for mark in present]),
            legend=legend(present, columns=either("1", f"{columns}")),
        ),
        "fill": alt.Fill(
            "mark:N", title=None, scale=scale([verdict_fill(mark, colours) for mark in present])
        ),
        "stroke": alt.Stroke(
            "mark:N", title=None, scale=scale([verdict_line(mark, colours) for mark in present])
        ),
    }


SIGNAL_MARKS = {"survey": "circle", "fft": "square", "community": "diamond"}
SIGNAL_TITLES = {
    "survey": "Survey",
    "fft": "Friends and Family Test",
    "community": "Community voice",
}


def palette(name: str) -> Palette:
    return DARK if name == "dark" else LIGHT
