"""The rows of a frame, one at a time and as JSON."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

JSON_SCHEMA = 1  # of everything printed for programs


def each(rows: pd.DataFrame) -> Iterator[Any]:
    """The rows one at a time, by the names of their columns."""
    # as `itertuples` has them, which makes a class anew each time: longer than most tables take
    columns = tuple(map(str, rows.columns))
    return map(_row(columns)._make, zip(*(rows[name].tolist() for name in rows), strict=True))


@lru_cache(maxsize=256)
def _row(columns: tuple[str, ...]) -> type[Any]:
    return namedtuple("Row", columns, rename=True)


class Row(Mapping[str, Any]):
    """One row of a frame; what is in it is read where it is asked for."""

    __slots__ = ("_place", "_rows")

    def __init__(self, rows: pd.DataFrame, place: int) -> None:
        self._rows, self._place = rows, place

    def __getitem__(self, name: str) -> Any:
        value = self._rows[name].array[self._place]
        return value.item() if isinstance(value, np.generic) else value

    def __iter__(self) -> Iterator[str]:
        return map(str, self._rows.columns)

    def __len__(self) -> int:
        return len(self._rows.columns)


def row_of(rows: pd.DataFrame, index: pd.Index, unit: str) -> Mapping[str, Any]:
    """The row of one organisation, nothing where it has none; `index` as in `of_units`."""
    place = index.get_indexer(pd.Index([unit], dtype=index.dtype))[0]
    return Row(rows, int(place)) if place >= 0 else {}


Rows = TypeVar("Rows", bound=pd.DataFrame)


def of_units(rows: Rows, index: pd.Index, units: Collection[str]) -> Rows:
    """The rows of some organisations, in their order; `index` has the organisation of each row, once."""
    chosen: Rows = rows.iloc[places_of(index, units)]
    return chosen


def places_of(index: pd.Index, units: Collection[str]) -> npt.NDArray[np.int64]:
    """Where some organisations are in an index that has each once, in its order."""
    places = index.get_indexer(pd.Index(list(units), dtype=index.dtype))
    return np.asarray(np.sort(places[places >= 0]))


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON prints them: what is missing is null."""
    present = rows.astype(object).where(rows.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in present.to_dict("records")]
