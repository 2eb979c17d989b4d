"""The small-number rule: what is shown, what is hidden, and that nothing follows by subtraction."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxcore.disclosure import protect
from pxcore.model import DISCLOSURE_FLOORS, Disclosure


def cells(counts: list[float], **columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"answers": counts, "value": [0.5] * len(counts), **columns})


def shown(counts: list[float], floor: int = 5, **rules: object) -> list[bool]:
    """Which cells still say something."""
    told = protect(
        cells(counts),
        Disclosure(floor),
        count="answers",
        values=["value"],
        **rules,  # type: ignore[arg-type]
    )
    return list(told["withheld"] == "none")


@pytest.mark.parametrize(
    ("floor", "counts", "expected"),
    [
        (5, [0, 1, 4, 5, 6], [True, False, False, True, True]),
        (10, [0, 4, 9, 10], [True, False, False, True]),
        (30, [0, 29, 30], [True, False, True]),
    ],
)
def test_a_figure_on_fewer_answers_than_the_floor_is_hidden(
    floor: int, counts: list[float], expected: list[bool]
) -> None:
    assert shown(counts, floor) == expected


def test_a_hidden_cell_loses_its_count_and_every_value_that_rests_on_it() -> None:
    told = protect(cells([4.0, 8.0]), Disclosure(), count="answers", values=["value"])
    assert told[["answers", "value"]].isna().to_numpy().tolist() == [[True, True], [False, False]]
    assert list(told["withheld"]) == ["floor", "none"]


def test_what_a_publisher_withheld_stays_withheld_whatever_its_count() -> None:
    told = protect(
        cells([500.0], withheld=["publisher"]), Disclosure(), count="answers", values=["value"]
    )
    assert told["withheld"].tolist() == ["publisher"]
    assert told[["answers", "value"]].isna().all(axis=None)


def test_a_value_without_a_base_stands_on_its_publishers_rule() -> None:
    assert shown([np.nan]) == [True]


def test_the_frame_given_is_not_changed() -> None:
    given_cells = cells([1.0, 50.0])
    protect(given_cells, Disclosure(), count="answers", values=["value"])
    assert given_cells["answers"].tolist() == [1.0, 50.0]


def test_one_hidden_cell_beside_a_total_takes_the_next_smallest_with_it() -> None:
    assert shown([3, 40, 12, 90], totals_within=[]) == [False, True, False, True]


def test_without_a_total_nothing_more_is_hidden() -> None:
    assert shown([3, 40, 12, 90]) == [False, True, True, True]


def test_of_equal_counts_the_first_in_order_is_hidden() -> None:
    assert shown([2, 20, 20, 30], totals_within=[]) == [False, False, True, True]


def test_two_hidden_cells_that_hold_fewer_than_the_floor_together_take_a_third() -> None:
    assert shown([1, 2, 30, 40], totals_within=[]) == [False, False, False, True]


def test_a_publishers_single_withheld_cell_is_covered_too() -> None:
    told = protect(
        cells([np.nan, 25.0, 60.0], withheld=["publisher", "none", "none"]),
        Disclosure(),
        count="answers",
        values=["value"],
        totals_within=[],
    )
    assert list(told["withheld"]) == ["publisher", "floor", "none"]


def test_a_cell_that_is_merely_missing_needs_no_cover() -> None:
    told = protect(
        cells([np.nan, 25.0], withheld=["missing", "none"]),
        Disclosure(),
        count="answers",
        values=["value"],
        totals_within=[],
    )
    assert list(told["withheld"]) == ["missing", "none"]


def test_a_true_zero_is_shown_and_covers_nobody() -> None:
    assert shown([0, 3, 50], totals_within=[]) == [True, False, False]


def test_each_group_with_a_total_is_guarded_by_itself() -> None:
    told = protect(
        cells([3.0, 40.0, 60.0, 70.0], area=["a", "a", "b", "b"]),
        Disclosure(),
        count="answers",
        values=["value"],
        totals_within=["area"],
    )
    assert list(told["withheld"]) == ["floor", "floor", "none", "none"]


def test_no_cells_are_no_trouble() -> None:
    told = protect(cells([]), Disclosure(), count="answers", values=["value"], totals_within=[])
    assert told.empty


def test_only_the_floors_offered_are_accepted() -> None:
    with pytest.raises(ValueError, match="must be one of"):
        Disclosure(1)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from("abc")), min_size=1, max_size=25),
    st.sampled_from(DISCLOSURE_FLOORS),
)
def test_no_hidden_cell_follows_from_the_total_of_its_group(
    drawn: list[tuple[int, str]], floor: int
) -> None:
    counts = [float(count) for count, _ in drawn]
    frame = cells(counts, area=[area for _, area in drawn])
    told = protect(
        frame, Disclosure(floor), count="answers", values=["value"], totals_within=["area"]
    )
    hidden = told["withheld"] != "none"
    assert not ((frame["answers"] < floor) & (frame["answers"] > 0) & ~hidden).any()
    for _, group in frame.groupby("area"):
        concealed = group[hidden[group.index]]
        rest = group[~hidden[group.index] & (group["answers"] > 0)]
        if len(concealed) and len(rest):  # what is left to show could give the hidden away
            assert len(concealed) >= 2
            assert concealed["answers"].sum() >= floor
