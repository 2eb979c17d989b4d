"""A picture as it is sent: finished, as Vega-Lite, its rows apart in Arrow; made once an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from pxcore.charts.grammar import as_table, name_of
from pxcore.charts.theme import Mark, Palette, Picture


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
    """What `draw(*question, palette)` draws, finished, as it is sent. `line` as in `finished`."""
    tables: dict[str, pa.Table] = {}

    def apart(rows: pd.DataFrame) -> dict[str, str]:
        """Keep the rows as a table, and refer to it by its name."""
        table = as_table(rows)
        name = name_of(table)
        tables[name] = table
        return {"name": name}

    picture = draw(*question, palette)
    vega = picture.to_dict(apart)
    return Specification(finished(vega, palette, line) | {"datasets": tables}, picture.legend)
