"""The planted check and the history check: what is put in is found, what is not is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pxcore.stats.certainty import PROBABLY, UNLIKELY, VERY_UNLIKELY, posterior
from pxcore.stats.certainty_fit import Usual, usual_behaviour
from pxcore.stats.certainty_nodes import Counted, Scored
from pxcore.stats.planting import _shifted, planted, repeated
from tests.stats.certainty_worlds import pair

Both = tuple[Counted, Counted]
EVERY = np.ones(60, dtype=bool)


@pytest.fixture(scope="module")
def sources() -> Both:
    """Sixty organisations, well measured in both."""
    _, left, right = pair(3, 60, left=(1.1, 0.45, 900), right=(2.2, 0.5, 1500))
    return left, right


@pytest.fixture(scope="module")
def usual(sources: Both) -> Usual:
    return usual_behaviour(*sources, draws=32)


def test_a_large_shift_is_always_found(sources: Both, usual: Usual) -> None:
    done: list[float] = []
    (large,) = planted(usual, sources, sources, EVERY, shifts=[8.0], most=9, progress=done.append)
    assert (large.shift, large.organisations) == (8.0, 9)
    assert large.differ == large.very_likely == 1
    assert large.differ_interval.low > 0.6
    assert large.differ_interval.high == 1
    assert done == pytest.approx([1 / 3, 2 / 3, 1])


def test_no_shift_finds_no_more_than_the_data_say_of_themselves(
    sources: Both, usual: Usual
) -> None:
    (none,) = planted(usual, sources, sources, EVERY, shifts=[0.0], most=21)
    agree = posterior(usual, *sources).certainty().agree
    assert none.organisations == 21
    # the parameters are learnt anew, which moves a probability by little
    assert none.differ * 21 <= (agree <= UNLIKELY + 0.03).sum()
    assert none.very_likely * 21 <= (agree <= VERY_UNLIKELY + 0.03).sum()


def test_more_is_found_of_larger_shifts_and_twice_the_same(sources: Both, usual: Usual) -> None:
    small, large = planted(usual, sources, sources, EVERY, shifts=[1.0, 3.0], most=9)
    assert small.differ < large.differ
    assert all(size.very_likely <= size.differ for size in (small, large))
    assert planted(usual, sources, sources, EVERY, shifts=[3.0], most=9) == (large,)


def test_only_those_that_get_a_probability_are_shifted(sources: Both, usual: Usual) -> None:
    few = np.arange(60) < 3
    (size,) = planted(usual, sources, sources, few, shifts=[2.0])
    assert size.organisations == 3
    with pytest.raises(ValueError, match="no organisation"):
        planted(usual, sources, sources, ~EVERY)


def test_a_shift_moves_one_organisation_up_and_the_next_one_down(
    sources: Both, usual: Usual
) -> None:
    rows = np.array([4, 9])
    for side, source in enumerate(sources):
        moved = _shifted(source, usual, side, rows, 2.0)
        assert isinstance(moved, Counted)
        before, after = source.positive / source.answers, moved.positive / moved.answers
        assert after[4] > before[4]
        assert after[9] < before[9]
        assert (np.delete(after, rows) == np.delete(before, rows)).all()
        assert ((after >= 0) & (after <= 1)).all()
    # a swapped pair knows its sources in the opposite order
    turned = replace(usual, swapped=not usual.swapped)
    deviations = usual.best.deviations
    assert deviations[0] != deviations[1]
    ends = [_shifted(sources[0], which, 0, rows, 1.0) for which in (usual, turned)]
    assert ends[0].positive[4] != ends[1].positive[4]


def test_a_score_is_shifted_in_its_own_points() -> None:
    truth, left, _ = pair(2, 30)
    score = Scored(8 + 0.3 * truth[:, 1], np.full(30, 0.02))
    usual = usual_behaviour(left, score, draws=16)
    place = 0 if usual.swapped else 1
    by = usual.best.deviations[place] * usual.scales[1].deviation
    moved = _shifted(score, usual, 1, np.array([0, 1]), 3.0)
    assert isinstance(moved, Scored)
    assert moved.value[:2] - score.value[:2] == pytest.approx([3 * by, -3 * by])
    assert by == pytest.approx(0.3, rel=0.4)  # the spread of the true scores


# --- Halves ---


def test_halves_that_agree_are_kept() -> None:
    agree = np.array([0.95, 0.8, PROBABLY, 0.5, UNLIKELY, 0.05, np.nan])
    same = repeated(agree, agree)
    assert (same.agree, same.agree_kept, same.agree_turned) == (3, 3, 0)
    assert (same.differ, same.differ_kept, same.differ_turned) == (2, 2, 0)


def test_what_turns_and_what_goes_silent_are_counted_apart() -> None:
    first = [0.9, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.5]
    second = [0.9, 0.5, 0.1, np.nan, 0.1, 0.9, 0.5, 0.9]
    kept = repeated(first, second)
    assert (kept.agree, kept.agree_kept, kept.agree_turned) == (3, 1, 1)
    assert (kept.differ, kept.differ_kept, kept.differ_turned) == (3, 1, 1)
    nothing = repeated([np.nan], [0.9])
    assert (nothing.agree, nothing.differ) == (0, 0)
