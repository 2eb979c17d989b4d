"""The cells of a published table as words, the same in every file that prints them."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd

from pxcore.publish.document import Form, Table
from pxcore.words.english import fixed

MISSING = "–"


def written(value: Any, form: Form) -> str:
    """One cell as it is printed; `MISSING` where there is none."""
    if value is None or value is pd.NaT or (pd.api.types.is_float(value) and value != value):
        return MISSING
    if isinstance(value, pd.Timestamp):
        return f"{value.day} {value:%B %Y}"
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if not pd.api.types.is_number(value):
        return str(value) or ("" if form is Form.TEXT else MISSING)
    number = float(cast(float, value))
    match form:
        case Form.COUNT:
            return fixed(number)
        case Form.SHARE:
            return f"{fixed(100 * number, 1)}%"
        case Form.PERCENT:
            return fixed(number, 1)
        case _:
            return fixed(number, 2)


def rows(table: Table, most: int | None = None) -> list[list[str]]:
    """The rows of a table as words, the first `most`."""
    shown = table.rows if most is None else table.rows.head(most)
    columns = [
        [written(value, column.form) for value in shown[column.name]] for column in table.columns
    ]
    return [list(row) for row in zip(*columns, strict=True)]
