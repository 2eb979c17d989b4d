"""The columns of a table as Streamlit draws them; what they are: `words/columns.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import pandas as pd
import streamlit as st
from pandas.api.types import infer_dtype

from pxcore.words.columns import Cells, Column, columns

_numbers = partial(partial, st.column_config.NumberColumn)
_DRAWN: Mapping[Cells, Callable[..., Any]] = MappingProxyType(
    {
        Cells.TEXT: st.column_config.TextColumn,
        Cells.FIGURES: partial(st.column_config.TextColumn, alignment="right"),
        Cells.COUNT: _numbers(format="localized"),
        Cells.PERCENT: _numbers(format="%.0f%%"),
        Cells.TENTHS: _numbers(format="%.1f"),
        Cells.HUNDREDTHS: _numbers(format="%.2f"),
        Cells.THOUSANDTHS: _numbers(format="%.3f"),
        Cells.DAY: partial(st.column_config.DateColumn, format="D MMM YYYY"),
        Cells.MOMENT: partial(st.column_config.DatetimeColumn, format="D MMM YYYY, HH:mm"),
        Cells.PICTURE: st.column_config.ImageColumn,
        Cells.TICK: st.column_config.CheckboxColumn,
        Cells.LINK: partial(st.column_config.LinkColumn, display_text=":material/open_in_new:"),
    }
)
_NUMBERS = (Cells.COUNT, Cells.PERCENT, Cells.TENTHS, Cells.HUNDREDTHS, Cells.THOUSANDTHS)
_TIMES = (Cells.DAY, Cells.MOMENT)


def configured(
    rows: pd.DataFrame, listed: Iterable[str | Column], pin: bool = False
) -> dict[str, Any]:
    """What Streamlit is told of each column, by its name; the first may be pinned to its place."""
    drawn: dict[str, Any] = {}
    for column in columns(listed):
        draw = _DRAWN[_as_they_come(rows[column.name], column.cells)]
        pinned = True if pin and not drawn else None
        drawn[column.name] = draw(
            column.title, width=column.width, help=column.help or None, pinned=pinned
        )
    return drawn


def _as_they_come(values: pd.Series, cells: Cells) -> Cells:
    """How they are written, or as words are, where numbers or times come in words."""
    in_words = (cells in _NUMBERS or cells in _TIMES) and infer_dtype(values) == "string"
    return cells if not in_words else Cells.FIGURES if cells in _NUMBERS else Cells.TEXT
