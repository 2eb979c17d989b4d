"""A picture as it is sent: finished, as Vega-Lite, its rows apart in Arrow; made once an answer."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import altair as alt
import pyarrow as pa
from altair.utils.schemapi import debug_mode

from pxcore.charts.theme import Mark, Palette, Picture

_TRANSFORMER = "arrow"
# What Altair transforms data with, and whether it checks each part as it is made, holds for the process.
_SETTINGS = threading.Lock()


@dataclass(frozen=True, slots=True)
class Specification:
    """A picture as it is sent.

    Attributes
    ----------
    vega : Vega-Lite; its datasets are Arrow tables by the name it knows them by. Not to be changed.
    legend : its legend in words, for the page to write in a small window.
    """

    vega: dict[str, Any]
    legend: tuple[Mark, ...]


def finished(spec: dict[str, Any], palette: Palette, line: str = "") -> dict[str, Any]:
    """A picture's Vega-Lite with what every picture has: its frame, the colour of its lines, and a line of
    words inside it, under its own title where it has one, that goes wherever the picture is copied to."""
    # Streamlit's own grey of words is under 4.5 to 1
    words_of = {"labelColor": palette.muted, "titleColor": palette.muted}
    axis = {"gridColor": palette.line, "gridOpacity": 0.5, "domainColor": palette.line} | words_of
    spec = spec | {"config": {"view": {"stroke": None}, "axis": axis, "legend": words_of}}
    if not line:
        return spec
    if "title" in spec:
        under = {"subtitle": line, "subtitleFontSize": 11, "subtitleColor": palette.muted}
        return spec | {"title": spec["title"] | under}
    words = {"text": line, "anchor": "start", "offset": 8}
    small = {"fontSize": 11, "fontWeight": "normal", "color": palette.muted}
    return spec | {"title": words | small}


def specification(
    draw: Callable[..., Picture], palette: Palette, line: str, *question: Any
) -> Specification:
    """What `draw(*question, palette)` draws, finished, as it is sent.

    Altair's checks of each part are left out: the tests make them of every picture. `line` as in
    `finished`.
    """
    tables: dict[str, pa.Table] = {}
    with _SETTINGS, debug_mode(False):
        picture: Picture = draw(*question, palette)
        rows = _Rows(tables)
        alt.data_transformers.register(_TRANSFORMER, rows.apart)
        with alt.data_transformers.enable(_TRANSFORMER):
            vega = picture.to_dict(validate=False)
    return Specification(finished(vega, palette, line) | {"datasets": tables}, picture.legend)


class _Rows:
    """The rows of a picture as tables; several layers are often drawn from the same frame."""

    def __init__(self, tables: dict[str, pa.Table]) -> None:
        self.tables = tables
        self.names: dict[
            int, tuple[Any, str]
        ] = {}  # with the frame, whose number is its own while it lives

    def apart(self, data: Any) -> dict[str, str]:
        """Keep the rows as a table, and refer to it by a name that is the same for the same rows."""
        if id(data) not in self.names:
            table = pa.Table.from_pandas(data, preserve_index=False)
            content = hashlib.sha256(table.schema.serialize())
            for batch in table.to_batches():
                content.update(batch.serialize())
            name = content.hexdigest()[:32]
            self.tables[name] = table
            self.names[id(data)] = data, name
        return {"name": self.names[id(data)][1]}
