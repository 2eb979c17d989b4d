"""Cells read as numbers: what is one, what stands for none, what is not understood."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from pxcore.ingest.cells import numbers
from pxcore.model import Withheld


@pytest.mark.parametrize("cells", [[True, 3], [False, True], ["TRUE", 3], [True, "x"]])
def test_true_and_false_are_not_numbers(cells: list[object]) -> None:
    read = numbers(pd.Series(cells, dtype=object))
    assert bool(read["bad"][0])
    assert math.isnan(read["number"][0])


def test_a_column_of_booleans_holds_no_numbers() -> None:
    assert numbers(pd.Series([True, False]))["bad"].all()


def test_numbers_are_read_and_signs_for_none_kept_apart() -> None:
    read = numbers(pd.Series([12, "1,234", "45%", "*", "-", "", 0.5], dtype=object))
    assert read["number"].to_numpy() == pytest.approx(
        np.array([12, 1234, 45, np.nan, np.nan, np.nan, 0.5]), nan_ok=True
    )
    assert list(read["percent"]) == [False, False, True, False, False, False, False]
    assert list(read["withheld"][3:6]) == [
        Withheld.PUBLISHER.value,
        Withheld.NOT_CALCULABLE.value,
        Withheld.MISSING.value,
    ]
