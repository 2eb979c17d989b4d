"""Brier's score against values worked out by hand, its parts, and what its range promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pxcore.errors import TooFewPairs
from pxcore.stats.forecast import FEWEST_FORECASTS, forecast_score

# Ten forecasts: four at 0.8 of which three came about, two at 0.5 of which one, four at 0.1 of which none.
CHANCE = [0.8, 0.8, 0.8, 0.8, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1]
CAME = [1, 1, 1, 0, 1, 0, 0, 0, 0, 0]


def test_the_score_of_ten_is_that_worked_out_by_hand() -> None:
    score = forecast_score(CHANCE, CAME)
    # 3 × 0.04 + 0.64 + 2 × 0.25 + 4 × 0.01 = 1.30
    assert score.brier == pytest.approx(0.130)
    assert (score.base_rate, score.base_brier) == (pytest.approx(0.4), pytest.approx(0.24))
    assert score.gain == pytest.approx(0.11)
    # (4 × 0.05² + 0 + 4 × 0.1²) / 10, and (4 × 0.35² + 2 × 0.1² + 4 × 0.4²) / 10
    assert score.reliability == pytest.approx(0.005)
    assert score.resolution == pytest.approx(0.115)
    assert score.uncertainty == pytest.approx(0.24)
    assert [(group.forecasts, group.chance, group.share) for group in score.groups] == [
        (4, pytest.approx(0.1), 0.0),
        (2, 0.5, 0.5),
        (4, pytest.approx(0.8), 0.75),
    ]
    # Wilson's range of none of four and of three of four (Newcombe 1998, method 3)
    assert score.groups[0].interval.high == pytest.approx(0.4899, abs=1e-4)
    assert score.groups[2].interval.low == pytest.approx(0.3006, abs=1e-4)


def test_the_range_is_the_same_each_time_and_holds_the_score() -> None:
    score = forecast_score(CHANCE, CAME)
    assert score == forecast_score(CHANCE, CAME)
    # losses 0.04 thrice, 0.64, 0.25 twice, 0.01 four times: all bootstrap means, by their exact counts
    ends = np.quantile(_all_means(), [0.025, 0.975])
    assert [score.interval.low, score.interval.high] == pytest.approx(list(ends), abs=0.006)
    assert score.gain_interval.low < score.gain < score.gain_interval.high


def _all_means() -> np.ndarray:
    """The means of samples of ten with replacement, by another way than the code's."""
    random = np.random.default_rng(1)
    counts = random.multinomial(10, [0.3, 0.1, 0.2, 0.4], size=200_000)
    return counts @ np.array([0.04, 0.64, 0.25, 0.01]) / 10


def test_who_always_says_the_base_rate_gains_nothing_and_a_liar_loses() -> None:
    assert forecast_score([0.4] * 10, CAME).gain == pytest.approx(0)
    liar = forecast_score([1 - chance for chance in CHANCE], CAME)
    assert liar.gain_interval.high < 0
    perfect = forecast_score(CAME, CAME)
    assert (perfect.brier, perfect.reliability) == (0, 0)
    assert perfect.interval.high == 0


def test_fewer_than_ten_are_not_scored_and_a_chance_is_one() -> None:
    with pytest.raises(TooFewPairs, match=f"9 forecasts.*{FEWEST_FORECASTS}"):
        forecast_score(CHANCE[:9], CAME[:9])
    with pytest.raises(ValueError, match="between 0 and 1"):
        forecast_score([1.2, *CHANCE[1:]], CAME)


CHANCES = st.one_of(st.floats(0, 1), st.sampled_from([0.05, 0.3, 0.5, 0.95]))


@settings(max_examples=40)
@given(st.lists(st.tuples(CHANCES, st.booleans()), min_size=10, max_size=30))
def test_murphys_parts_add_up_and_are_those_of_the_groups(pairs: list[tuple[float, bool]]) -> None:
    chance, came = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    score = forecast_score(chance, came)
    assert score.brier == pytest.approx(score.reliability - score.resolution + score.uncertainty)
    between = sum(
        group.forecasts * (group.share - score.base_rate) ** 2 for group in score.groups
    ) / len(pairs)
    group = np.minimum((chance * 5).astype(int), 4)
    if all(np.ptp(chance[group == place]) == 0 for place in set(group)):
        assert score.resolution == pytest.approx(between)  # alike inside groups: Murphy's own
    assert sum(group.forecasts for group in score.groups) == len(pairs)
    assert 0 <= score.interval.low <= score.interval.high <= 1
