"""Every picture of the demonstration, field by field, as it was when somebody last looked at it.

A colour stands under its meaning, so that light and dark are held against the same words: what one draws in
the colour of agreement the other draws so too. Of long rows some are kept, and the sum of every column.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.charts.specification import Specification, specification
from pxcore.charts.theme import DARK, LIGHT, Palette
from pxcore.store import Store
from tests.charts.gallery import Drawing, pictures

MOST_ROWS = 6  # of a table, evenly spread
DIGITS = 5


@pytest.fixture(scope="module")
def gallery(demonstration: Store, every_pair: OverviewReport) -> dict[str, Drawing]:
    return pictures(demonstration, every_pair)


def named_colours(palette: Palette) -> dict[str, str]:
    roles = [field.name for field in fields(palette) if field.name != "name"]
    return {getattr(palette, role): f"<{role}>" for role in roles}


def test_every_colour_of_a_ground_has_one_meaning() -> None:
    for palette in (LIGHT, DARK):
        assert len(named_colours(palette)) == len(fields(palette)) - 1


def described(picture: Specification, palette: Palette) -> dict[str, Any]:
    """A specification without what hangs on the ground, on names of data and on the last digits."""
    colours = named_colours(palette)
    tables = dict(picture.vega["datasets"])
    order: dict[str, str] = {}

    def plain(item: Any, key: str = "") -> Any:
        if isinstance(item, dict):
            if key == "data" and "name" in item:
                return {"name": order.setdefault(item["name"], f"table {len(order) + 1}")}
            return {
                name: plain(value, name)
                for name, value in item.items()
                if name not in ("datasets", "views") and not (name == "name" and "mark" in item)
            }
        if isinstance(item, list):
            return [plain(value) for value in item]
        if isinstance(item, float):
            return float(f"{item:.{DIGITS}g}")
        if isinstance(item, str):
            for colour, role in colours.items():  # also where two are mixed
                item = item.replace(colour, role)
        return item

    spec = plain(picture.vega)
    spec["datasets"] = {
        name: table(tables[held].to_pandas(), plain) for held, name in order.items()
    }
    spec["legend"] = [
        f"{mark.label} ({mark.shape}, {plain(mark.fill)}, {plain(mark.line)})"
        for mark in picture.legend
    ]
    return dict(json.loads(json.dumps(spec, default=str)))


def table(rows: pd.DataFrame, plain: Callable[[Any], Any]) -> dict[str, Any]:
    """The rows of a picture in short: how many, some of them, the sum of each column of numbers."""
    some = rows.iloc[np.unique(np.linspace(0, len(rows) - 1, MOST_ROWS).astype(int))]
    numbers = rows.select_dtypes("number")
    return {
        "rows": len(rows),
        "some": [
            [plain(cell) if isinstance(cell, str | float | int) else str(cell) for cell in row]
            for row in some.itertuples(index=False)
        ],
        "columns": list(rows.columns),
        "sums": {name: float(f"{numbers[name].sum():.{DIGITS}g}") for name in numbers},
    }


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_picture_is_drawn_as_it_was(
    gallery: dict[str, Drawing], palette: Palette, golden: Callable[[str, Any], None]
) -> None:
    chapters: dict[str, dict[str, Any]] = {}
    for name, (draw, question) in gallery.items():
        picture = specification(draw, palette, "Synthetic data", *question)
        chapters.setdefault(draw.__module__.rpartition(".")[2], {})[name] = described(
            picture, palette
        )
    for chapter, drawn in chapters.items():
        golden(f"charts_{chapter}", drawn)
