"""Rows of a frame, one at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pxcore.analysis.rows import each, of_units, row_of

ROWS = pd.DataFrame(
    {
        "unit": ["P-1", "P-2"],
        "people": [3, 4],
        "value": [0.5, np.nan],
        "heard": [True, False],
        "month": pd.to_datetime(["2026-04-01", None]),
        "class": ["a", "b"],  # no name a field of a row can have
    }
)
INDEX = pd.Index(ROWS["unit"])


@pytest.mark.parametrize("rows", [ROWS, ROWS.iloc[:0], ROWS.iloc[::-1]])
def test_rows_are_those_pandas_has(rows: pd.DataFrame) -> None:
    ours, theirs = list(each(rows)), list(rows.itertuples(index=False))
    assert repr(ours).replace("Row(", "Pandas(") == repr(theirs)
    for row, beside in zip(ours, theirs, strict=True):
        assert list(map(type, row)) == list(map(type, beside))
        assert row._fields == beside._fields


def test_one_row_holds_what_python_counts_with() -> None:
    row = row_of(ROWS, INDEX, "P-1")
    assert list(row) == list(ROWS.columns)
    assert len(row) == 6
    assert (row["unit"], row["people"], row["value"], row["heard"]) == ("P-1", 3, 0.5, True)
    assert [type(row[name]) for name in ("people", "value", "heard")] == [int, float, bool]
    assert np.isnan(row_of(ROWS, INDEX, "P-2")["value"])
    assert row.get("nothing", "none") == "none"


def test_an_organisation_that_is_not_there_has_no_row() -> None:
    assert row_of(ROWS, INDEX, "P-3") == {}
    assert of_units(ROWS, INDEX, ["P-3", "P-2"])["unit"].tolist() == ["P-2"]
