"""What stands above the columns of tables, on pages and in documents: data/reference/columns.csv.

A noun has one title, one way to write its cells, one usual width and one help text wherever it is shown.
Where a frame calls it by another name, or a table needs a title or width of its own, `Column.of` says so
there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from pxcore import maps


class Cells(StrEnum):
    """How the cells of a column are written; a number may come in words (“fewer than 5”)."""

    TEXT = "text"
    FIGURES = "figures"  # in words: an estimate with its range
    COUNT = "count"
    PERCENT = "percent"
    TENTHS = "tenths"
    HUNDREDTHS = "hundredths"
    THOUSANDTHS = "thousandths"
    DAY = "day"
    MOMENT = "moment"
    PICTURE = "picture"
    TICK = "tick"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : in the frame.
    width : on a page: pixels, “small”, “medium” or “large”; None is as wide as its cells.
    share : of the width of a table in a document, beside the others.
    """

    name: str
    title: str
    cells: Cells
    width: int | str | None
    share: float
    help: str

    @classmethod
    def of(cls, name: str, noun: str = "", title: str = "", **own: Any) -> Column:
        """A column of a frame: its noun, where that is another name, and what is this table's own of it."""
        usual = nouns()[noun or name]
        return replace(usual, name=name, title=title or usual.title, **own)


@cache
def nouns() -> Mapping[str, Column]:
    """Every noun that a column can be of."""
    return MappingProxyType({row["column"]: _noun(row) for row in maps.rows("columns")})


def _noun(row: Mapping[str, str]) -> Column:
    width = int(row["width"]) if row["width"].isdecimal() else row["width"] or None
    share = float(row["share"] or 1)
    return Column(row["column"], row["title"], Cells(row["cells"]), width, share, row["help"])


def columns(listed: Iterable[str | Column]) -> list[Column]:
    """Columns of which some are named alone: those are as their nouns are."""
    return [Column.of(name) if isinstance(name, str) else name for name in listed]


def heading(name: str) -> str:
    """Above figures for analysts: the title of a noun, or else the column's name in plain words."""
    noun = nouns().get(name)
    title = (noun and noun.title) or name.replace("_", " ").strip()
    return f"{title[:1].upper()}{title[1:]}"
