"""How verdicts stand up to other choices, against worked grids and an obvious slow count."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxcore.stats.sensitivity import NOT_TRIED, Steadiness, stability
from pxcore.stats.verdict import Rule

SCALES, FLOORS, RATES = ("logit", "freeman-tukey"), (5, 10, 30), (0.05, 0.1)
GRID = list(itertools.product(SCALES, FLOORS, RATES))
OPTIONS = {
    "scale": [scale for scale, _, _ in GRID],
    "floor": [floor for _, floor, _ in GRID],
    "rate": [rate for _, _, rate in GRID],
}
DEFAULT = GRID.index(("logit", 10, 0.05))


def verdicts(*changed: Iterable[tuple[str, int, float]]) -> np.ndarray:
    """Not enough evidence everywhere, but dissonance in the specifications given, per provider."""
    return np.array(
        [
            [Rule.DISSONANCE_UNUSUAL if one in where else Rule.NOT_ENOUGH for where in changed]
            for one in GRID
        ]
    )


def test_a_verdict_no_choice_changes_is_stable_and_no_choice_decides() -> None:
    found = stability(verdicts([], GRID), DEFAULT, OPTIONS)
    assert found.share.tolist() == [1.0, 1.0]
    assert list(found.steadiness) == [Steadiness.STABLE] * 2
    assert list(found.decisive) == [-1, -1]
    assert (found.specifications, found.choices) == (12, ("scale", "floor", "rate"))


def test_the_choice_that_flips_a_verdict_is_named() -> None:
    by_floor = [one for one in GRID if one[1] == 30]
    by_scale = [one for one in GRID if one[0] == "freeman-tukey"]
    found = stability(verdicts(by_floor, by_scale), DEFAULT, OPTIONS)
    assert [found.choices[at] for at in found.decisive] == ["floor", "scale"]
    assert found.share == pytest.approx([8 / 12, 6 / 12])
    assert [Steadiness(one).words for one in found.steadiness] == ["depends on choices"] * 2
    assert found.swings[:, 0] == pytest.approx([0, 1, 0])
    assert found.swings[:, 1] == pytest.approx([1, 0, 0])


def test_two_choices_together_swing_by_their_shares() -> None:
    only_there = [one for one in GRID if one[1] == 5 and one[2] == 0.1]  # 2 of 12
    found = stability(verdicts(only_there), DEFAULT, OPTIONS)
    assert found.share == pytest.approx([10 / 12])
    assert Steadiness(found.steadiness[0]).words == "fairly stable"
    # with floor 5 half the specifications keep the verdict, with rate 0.1 two thirds
    assert found.swings[:, 0] == pytest.approx([0, 1 / 2, 1 / 3])
    assert found.choices[found.decisive[0]] == "floor"


def test_a_specification_that_does_not_apply_to_a_provider_is_left_out_of_its_share() -> None:
    """By hand: four ways, of which the second pair does not apply to the second provider."""
    table = np.array([[1, 1], [1, 2], [2, NOT_TRIED], [2, NOT_TRIED]])
    found = stability(table, 0, {"a": [0, 0, 1, 1], "b": [0, 1, 0, 1]})
    assert found.share.tolist() == [0.5, 0.5]
    assert found.swings.tolist() == [[1, 0], [0, 1]]  # of one option nothing is known: no swing
    assert found.decisive.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("same", "steadiness"),
    [
        (100, Steadiness.STABLE),
        (90, Steadiness.STABLE),
        (89, Steadiness.FAIRLY_STABLE),
        (70, Steadiness.FAIRLY_STABLE),
        (69, Steadiness.DEPENDS),
        (1, Steadiness.DEPENDS),
    ],
)
def test_the_bounds_of_the_three_words(same: int, steadiness: Steadiness) -> None:
    table = np.where(np.arange(100) < same, 2, 8)[:, None]
    assert stability(table, 0, {}).steadiness[0] == steadiness
    assert stability(table, 0, {}).decisive[0] == -1


@given(st.lists(st.lists(st.integers(1, 4), min_size=12, max_size=12), min_size=1, max_size=6))
def test_shares_and_swings_are_those_of_counting_one_by_one(columns: list[list[int]]) -> None:
    table = np.array(columns).T
    found = stability(table, DEFAULT, OPTIONS)
    for provider, column in enumerate(columns):
        kept = [one == column[DEFAULT] for one in column]
        assert found.share[provider] == pytest.approx(sum(kept) / 12)
        for row, labels in enumerate(OPTIONS.values()):
            shares = []
            for label in set(labels):
                of = [k for k, taken in zip(kept, labels, strict=True) if taken == label]
                shares.append(sum(of) / len(of))
            assert found.swings[row, provider] == pytest.approx(max(shares) - min(shares))


@given(
    st.lists(st.lists(st.integers(1, 4), min_size=12, max_size=12), min_size=2, max_size=6),
    st.permutations(range(12)),
)
def test_the_order_of_providers_and_of_specifications_changes_nothing(
    columns: list[list[int]], order: list[int]
) -> None:
    table = np.array(columns).T
    found = stability(table, DEFAULT, OPTIONS)
    moved = stability(
        table[order][:, ::-1],
        order.index(DEFAULT),
        {name: np.array(labels)[order] for name, labels in OPTIONS.items()},
    )
    assert moved.share[::-1] == pytest.approx(found.share)
    assert moved.swings[:, ::-1] == pytest.approx(found.swings)
    renamed = stability(table + 10, DEFAULT, OPTIONS)
    assert renamed.share == pytest.approx(found.share)


def test_grids_that_do_not_fit_are_refused() -> None:
    table = verdicts([])
    with pytest.raises(ValueError, match="not one of 12"):
        stability(table, 12, OPTIONS)
    with pytest.raises(ValueError, match="floor must name"):
        stability(table, 0, {"floor": [5, 10]})
    with pytest.raises(ValueError, match="whole numbers"):
        stability(table * 1.0, 0, OPTIONS)
    with pytest.raises(ValueError, match="specifications, providers"):
        stability(np.array([1, 2]), 0, OPTIONS)
