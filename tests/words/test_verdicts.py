"""Verdicts in words: chances, probabilities, sides and gaps as they are printed."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxcore.stats.verdict import Side
from pxcore.words.verdicts import at_least, chance, side


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.8, "at least 80%"), (0.8499, "at least 84%"), (0.99, "at least 99%"),
     (0.9901, "more than 99%"), (1.0, "more than 99%")],
)  # fmt: skip
def test_a_probability_is_a_lower_bound_and_never_certainty(share: float, said: str) -> None:
    assert at_least(share) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "< 0.001"), (1e-300, "< 0.001"), (0.00099, "< 0.001"), (0.0012, "0.001"),
     (0.049, "0.049"), (0.03, "0.03"), (0.2, "0.2"), (0.25, "0.25"), (1.0, "1"), (math.nan, "–")],
)  # fmt: skip
def test_a_chance_is_never_printed_as_nought(value: float, said: str) -> None:
    assert chance(value) == said


@given(st.floats(0, 1))
def test_no_chance_reads_as_nought(value: float) -> None:
    assert not re.fullmatch(r"0(\.0+)?", chance(value))


@pytest.mark.parametrize(
    ("above", "said"),
    [
        (0.99, "clearly above its peers"),
        (0.85, "probably above its peers"),
        (0.5, "not distinguishable from average"),
        (0.15, "probably below its peers"),
        (0.01, "clearly below its peers"),
        (math.nan, ""),
    ],
)
def test_the_side_of_a_source_in_words(above: float, said: str) -> None:
    assert side(above) == said
    assert said == "" or any(said.startswith(side.value) for side in Side)
