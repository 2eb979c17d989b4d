"""A fit is made once for the same numbers."""

from __future__ import annotations

import numpy as np
import pytest

from pxcore.stats import remembered as module
from pxcore.stats.remembered import remembered


def test_the_same_numbers_are_worked_out_once_and_others_anew() -> None:
    asked = []

    @remembered
    def total(values: np.ndarray, *, times: float = 1.0) -> float:
        asked.append(times)
        return float(values.sum() * times)

    ones = np.ones(3)
    assert [total(ones), total(ones.copy()), total(ones, times=2.0)] == [3.0, 3.0, 6.0]
    assert asked == [1.0, 2.0]
    assert total(ones.reshape(3, 1)) == total(ones.astype(int)) == 3.0  # others, though alike
    ones[0] = 5.0  # what is kept hangs on no array
    assert total(ones) == 7.0
    assert len(asked) == 5


def test_what_fails_is_not_kept_and_the_oldest_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    asked = []

    @remembered
    def inverse(value: float) -> float:
        asked.append(value)
        return 1 / value

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            inverse(0.0)
    assert asked == [0.0, 0.0]
    for value in (1.0, 2.0, 1.0, 4.0, 1.0, 2.0):  # 2 was asked for least lately as 4 came
        assert inverse(value) == 1 / value
    assert asked[2:] == [1.0, 2.0, 4.0, 2.0]
