"""The comparison of reports passes what another processor would round, and nothing else."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.figures import differences

REPORT = {"summary": "Alike.", "pairs": 13, "low": 0.3, "rows": [{"value": 71.5}, {"value": None}]}


def changed(**changes: Any) -> dict[str, Any]:
    return REPORT | changes


@pytest.mark.parametrize("figure", [0.3, -0.3, 0.0003, 4.2e11])
def test_a_figure_may_differ_by_what_a_processor_rounds_and_no_more(figure: float) -> None:
    kept = changed(low=figure)
    assert not list(differences(changed(low=figure * (1 + 1e-12)), kept))
    assert len(list(differences(changed(low=figure * (1 + 1e-8)), kept))) == 1
    assert len(list(differences(changed(low=-figure), kept))) == 1


def test_nought_may_come_out_as_what_is_left_of_a_difference_of_ones() -> None:
    assert not list(differences(changed(low=-2.2e-16), changed(low=0.0)))
    assert list(differences(changed(low=1e-9), changed(low=0.0)))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"summary": "Alike"}, ".summary"),
        ({"pairs": 14}, ".pairs"),
        ({"pairs": 13.0}, ".pairs"),
        ({"pairs": True}, ".pairs"),
        ({"low": None}, ".low"),
        ({"low": math.nan}, ".low"),
        ({"rows": [{"value": 71.5}]}, ".rows"),
        ({"rows": [{"value": 71.6}, {"value": None}]}, ".rows[0].value"),
        ({"rows": [{"value": None}, {"value": 71.5}]}, ".rows[0].value"),
        ({"more": 1}, ""),
    ],
)
def test_words_counts_and_order_match_exactly(change: dict[str, Any], place: str) -> None:
    found = list(differences(changed(**change), REPORT))
    assert found
    assert found[0].startswith(f"{place}: ")


def test_a_key_that_is_missing_or_moved_is_a_difference() -> None:
    assert list(differences({"a": 1, "b": 2}, {"b": 2, "a": 1}))
    assert list(differences({"a": 1}, {"a": 1, "b": 2}))


def test_a_figure_that_is_missing_in_both_is_no_difference() -> None:
    assert not list(differences({"a": math.nan, "b": None}, {"a": math.nan, "b": None}))
