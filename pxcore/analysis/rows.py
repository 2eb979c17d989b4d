"""The rows of a frame, one at a time and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

JSON_SCHEMA = 1  # of everything printed for programs


def each(rows: pd.DataFrame) -> Iterator[Any]:
    """The rows one at a time, by the names of their columns."""
    return rows.itertuples(index=False)


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON prints them: what is missing is null."""
    present = rows.astype(object).where(rows.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in present.to_dict("records")]
