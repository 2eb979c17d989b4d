"""A picture by itself: PNG, SVG and the rows it is drawn from, with title, source and period inside.

Drawn by vl-convert, which needs no network, in the theme and the colours of the screen.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pxcore.charts.specification import Specification
from pxcore.charts.theme import Palette
from pxcore.disclosure import Released
from pxcore.words.columns import heading

WIDTH = 760  # of the plot, in pixels
WINDOW = 1366  # of the screen it is drawn as for
SCALE = 2  # of a PNG: sharp on paper, too
LETTERS, SMALL_LETTERS = 96, 120  # of a line of the title, and of smaller words
FEW_LINES = 3  # of a title in large letters
# vl-convert brings Liberation Sans along (Open Font License): letters as wide as Arial's, in which slides and
# reports are set, whatever a computer has. A font that some have and others lack would come first nowhere.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
_CHANNELS = ("x", "y", "x2", "y2")
_PLACING = {
    None,
    "order",
    "height",
    "column",
    "line",
    "lane",
    "lane_low",
    "lane_high",
}  # where a mark stands, and nothing more


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands inside a picture that goes anywhere.

    Attributes
    ----------
    title : the sentence it shows.
    lines : source and period, that the data are synthetic, the code it is called back by.
    """

    title: str
    lines: tuple[str, ...] = ()


def framed(
    picture: Specification, frame: Frame | None, palette: Palette, width: int = WIDTH
) -> dict[str, Any]:
    """Vega-Lite of a picture that needs no page around it: of a fixed width, its rows inside; without a
    frame where the page it is put on has all that."""
    # signals that ask how large the page is are told, for there is none
    text = json.dumps(_whole(picture), allow_nan=False)
    text = text.replace("containerSize()[0]", str(width)).replace("windowSize()[0]", str(WINDOW))
    whole: dict[str, Any] = json.loads(text)
    if frame is not None:
        whole["title"] = _titled(whole.get("title"), frame, palette)
    return whole | {
        "width": width,
        "background": palette.ground,
        "padding": 14,
    }


def as_wide_as_its_page(picture: Specification) -> dict[str, Any]:
    """Vega-Lite of a picture for a page of our own: as wide as there is room, its rows inside."""
    fit = {"type": "fit-x", "contains": "padding"}
    return _whole(picture) | {"width": "container", "autosize": fit, "background": "transparent"}


def _whole(picture: Specification) -> dict[str, Any]:
    """A picture with its rows inside, in the hand of the screen."""
    config = picture.vega.get("config", {})
    axis = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    return picture.vega | {
        "config": config
        | {
            "font": FONT,
            "axis": config.get("axis", {}) | axis,
            "legend": config.get("legend", {}) | {"labelFontSize": 12},
        },
        "datasets": {name: _rows(table) for name, table in picture.vega["datasets"].items()},
    }


def _titled(own: Any, frame: Frame, palette: Palette) -> dict[str, Any]:
    """The title of a picture: the sentence, in lines, and below it what it rests on; its own heading, where
    it has one, stays the first line."""
    lines = [line for text in frame.lines for line in textwrap.wrap(text, SMALL_LETTERS)]
    title: Any = textwrap.wrap(frame.title, LETTERS)
    letters = {"fontSize": 15, "fontWeight": 600, "lineHeight": 20}
    if isinstance(own, dict) and not isinstance(own.get("text"), str):
        title, lines = own["text"], textwrap.wrap(frame.title, SMALL_LETTERS) + lines
    elif len(title) > FEW_LINES:
        title = textwrap.wrap(frame.title, SMALL_LETTERS)
        letters = {"fontSize": 12, "fontWeight": 400, "lineHeight": 16}
    return letters | {
        "text": title,
        "anchor": "start",
        "frame": "bounds",
        "align": "left",
        "color": palette.text,
        "subtitle": lines,
        "subtitleFontSize": 11.5,
        "subtitleLineHeight": 16,
        "subtitleColor": palette.muted,
        "subtitlePadding": 5,
        "offset": 14,
    }


def _rows(table: Any) -> list[dict[str, Any]]:
    """The rows of an Arrow table as JSON has them."""
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in row.items()
        }
        for row in table.to_pylist()
    ]


def png(spec: dict[str, Any]) -> bytes:
    """A picture of `framed` as PNG, `SCALE` times as large as on screen."""
    import vl_convert  # here, for it takes a while to load and most runs draw nothing

    drawn: bytes = vl_convert.vegalite_to_png(spec, scale=SCALE)
    return drawn


def svg(spec: dict[str, Any]) -> str:
    """A picture of `framed` as SVG."""
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(spec)
    return drawn


def is_empty(picture: Specification) -> bool:
    """Whether it has no mark, lines and words around them apart: there would be nothing to see."""
    table, _ = _drawn(picture.vega)
    return table is None or table.num_rows == 0


def rows(picture: Specification) -> Released:
    """The rows that a picture is drawn from, under the headings a person reads in it.

    Of its layers those with most rows count: others are lines and words around them. What is drawn has been
    released, and is so again here.
    """
    table, columns = _drawn(picture.vega)
    if table is None:
        return Released()
    frame: pd.DataFrame = table.to_pandas()
    named = frame[list(columns)].rename(columns=columns)
    return Released(named)


def _drawn(vega: dict[str, Any]) -> tuple[Any, dict[str, str]]:
    """The table of the marks, and its columns by their headings: those of the tooltip in its order, then what
    places the marks."""
    tables: dict[str, tuple[list[tuple[str, str]], list[tuple[str, str]]]] = {}
    for encoding, data in _layers(vega, {}, {}):
        if data.get("name") not in vega["datasets"]:
            continue
        explained, placed = tables.setdefault(data["name"], ([], []))
        tips = encoding.get("tooltip") or []
        for tip in tips if isinstance(tips, list) else [tips]:
            if "field" in tip:
                explained.append((tip["field"], str(tip.get("title") or heading(tip["field"]))))
        for channel in map(encoding.get, _CHANNELS):
            if channel and channel.get("field") not in _PLACING:
                placed.append((channel["field"], _axis_title(channel)))
    if not tables:
        return None, {}
    name = max(tables, key=lambda key: (bool(tables[key][0]), vega["datasets"][key].num_rows))
    table, columns = vega["datasets"][name], [column for part in tables[name] for column in part]
    headings: dict[str, str] = {}
    for name, title in columns:
        if name in table.column_names and name not in headings:
            headings[name] = title if title not in headings.values() else f"{title} (as drawn)"
    return table, headings


def _axis_title(channel: dict[str, Any]) -> str:
    """What an axis says it shows; an end of a range is headed as such."""
    title, name = channel.get("title"), str(channel.get("field", ""))
    if name in ("low", "high") or not isinstance(title, str):
        return (
            " ".join(title)
            if isinstance(title, list) and name not in ("low", "high")
            else heading(name)
        )
    return title


def _layers(
    spec: dict[str, Any], data: dict[str, Any], encoding: dict[str, Any]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each layer's encoding with the data it is drawn from, its own or those around it."""
    data, encoding = spec.get("data", data), encoding | spec.get("encoding", {})
    inner = [*spec.get("layer", ()), *([spec["spec"]] if "spec" in spec else ())]
    if not inner:
        yield encoding, data
    for layer in inner:
        yield from _layers(layer, data, encoding)
