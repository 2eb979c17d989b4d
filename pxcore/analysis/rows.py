"""The rows of a frame, one at a time and as JSON."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Collection, Iterator
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
