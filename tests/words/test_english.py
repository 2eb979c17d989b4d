"""Numbers, counted nouns and lists as they are printed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxcore.words.english import (
    capital,
    counted,
    dated,
    few,
    fixed,
    joined,
    month_range,
    number,
    number_range,
    percent,
    signed,
    uncapital,
)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(0.285, 2, "0.29"), (2.5, 0, "3"), (-2.5, 0, "−3"), (-0.04, 1, "0.0"), (1234.5, 0, "1,235")],
)
def test_halves_are_rounded_up_as_publishers_do(value: float, decimals: int, text: str) -> None:
    assert fixed(value, decimals) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.285, "29%"), (0.125, "13%"), (0.125001, "13%"), (0.1249, "12%"), (0.0425, "4.3%"), (0.9555, "95.6%"),
     (0.0, "0%"), (1.0, "100%")],
)  # fmt: skip
def test_a_percentage_is_rounded_as_publishers_do(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.4, "+0.4"), (-0.4, "−0.4"), (0.04, "0.0"), (-0.04, "0.0")]
)
def test_a_difference_has_its_sign_and_nought_has_none(value: float, text: str) -> None:
    assert signed(value, 1) == text


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_a_sign_is_the_only_difference(value: float, decimals: int) -> None:
    assert signed(value, decimals).lstrip("+") == fixed(value, decimals)


def test_one_is_singular_and_all_else_plural() -> None:
    assert [counted(n, "practice") for n in (0, 1, 2, 1204)] == [
        "0 practices", "1 practice", "2 practices", "1,204 practices",
    ]  # fmt: skip
    assert counted(2, "person", "people") == "2 people"


def test_lists_read_as_a_sentence_does() -> None:
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert joined(["a", "b"], "or") == "a or b"
    assert few("abcd") == "a, b, c and d"
    assert few("abcdef") == "a, b, c and 3 more"


def test_a_capital_letter_leaves_the_rest() -> None:
    assert capital("the FFT") == "The FFT"
    assert capital("") == ""
    assert uncapital("The FFT") == "the FFT"


def test_a_date_and_a_range_read_as_in_a_sentence() -> None:
    assert dated(date(2026, 3, 3)) == "3 March 2026"
    assert number_range(-0.29, 0.55) == "−0.29 to 0.55"
    assert month_range(date(2025, 1, 1), date(2026, 3, 31)) == "Jan 2025–Mar 2026"
    assert month_range(date(2026, 3, 1), date(2026, 3, 31)) == "March 2026"


def test_a_correlation_has_two_decimals_and_a_true_minus() -> None:
    assert [number(value) for value in (-0.001, -0.25, 0.5)] == ["0.00", "−0.25", "0.50"]


def test_a_percentage_has_a_decimal_near_the_ends_alone() -> None:
    assert [percent(share) for share in (0, 0.031, 0.5, 0.973, 1)] == [
        "0%", "3.1%", "50%", "97.3%", "100%",
    ]  # fmt: skip
