"""The design check: what it makes of a method that is right, and of a design that says little."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pxcore.stats.certainty_fit import usual_behaviour
from pxcore.stats.certainty_nodes import Counted, Scored
from pxcore.stats.design_check import SETS, World, _checked, _imagined, _standings, design_check
from tests.stats.certainty_worlds import pair


def test_on_its_own_assumptions_the_method_is_right_as_often_as_it_claims() -> None:
    _, left, right = pair(1, 40)
    usual = usual_behaviour(left, right, draws=64)
    done: list[float] = []
    check = design_check(usual, left, right, sets=2, progress=done.append)
    assert [checked.world for checked in check.worlds] == list(World)
    assumed = check.worlds[0]
    assert assumed.right == pytest.approx(assumed.sure, abs=max(0.12, 2.6 * assumed.error))
    assert assumed.organisations.sum() == 2 * 40
    assert check.worst <= assumed.right <= check.best
    assert done == pytest.approx(list(np.arange(1, 9) / 8))


def test_a_score_and_a_silent_organisation_have_a_design_too() -> None:
    truth, left, _ = pair(2, 30)
    score = Scored(8 + 0.3 * truth[:, 1], np.full(30, 0.02))
    left.answers[0] = 0
    usual = usual_behaviour(left, score, draws=32)
    judged = np.arange(30) < 20
    check = design_check(usual, left, score, judged, sets=2)
    assert all(checked.organisations.sum() == 2 * 19 for checked in check.worlds)
    with pytest.raises(ValueError, match="no organisation"):
        design_check(usual, left, score, np.zeros(30, dtype=bool))


def test_shares_by_bin_are_counted_by_hand() -> None:
    agree = np.array([[0.05, 0.95, 0.5], [0.92, 0.10, 0.3]])
    true = np.array([[False, True, True], [False, True, False]])
    checked = _checked(World.ASSUMED, agree, true)
    assert checked.organisations.tolist() == [1, 1, 1, 1, 0, 2]
    assert checked.true[[0, 1, 2, 3, 5]].tolist() == [0, 1, 0, 1, 0.5]
    assert math.isnan(checked.true[4])
    assert checked.sure == pytest.approx((0.95 + 0.95 + 0.92 + 0.90) / 4)
    assert checked.right == 0.5
    assert checked.error == pytest.approx(math.sqrt((1 + 1) * 2) / 4)
    nothing = _checked(World.ASSUMED, np.array([[0.5]]), np.array([[True]]))
    assert math.isnan(nothing.right)


def test_imagined_answers_are_about_as_good_as_the_real_ones() -> None:
    _, left, right = pair(4, 60)
    for sources in ((left, right), (right, left)):
        usual = usual_behaviour(*sources, draws=16)
        random = np.random.default_rng(1)
        _, exact, _ = _imagined(usual, usual.best, *sources, World.ASSUMED, random)
        for imagined, real in zip(exact, sources, strict=True):
            share = imagined.positive.sum() / imagined.answers.sum()
            assert share == pytest.approx(real.positive.sum() / real.answers.sum(), abs=0.04)
            assert (imagined.answers == real.answers).all()


@pytest.mark.parametrize("world", list(World))
@pytest.mark.parametrize("correlation", [0.7, -0.4])
def test_imagined_standings_have_the_correlation_that_is_wanted(
    world: World, correlation: float
) -> None:
    random = np.random.default_rng(1)
    truth = _standings(60_000, correlation, 0.0, world, random)
    assert np.corrcoef(truth.T)[0, 1] == pytest.approx(correlation, abs=0.03)
    assert truth.std(axis=0) == pytest.approx([1, 1], abs=0.03)
    odd = _standings(60_000, correlation, 0.2, world, random)
    assert odd.var(axis=0) == pytest.approx([1.6, 1.6], abs=0.08)


def test_noise_of_perturbed_counts_is_part_of_the_design() -> None:
    _, left, right = pair(3, 20)
    noisy = Counted(left.positive, left.answers, left.effective, np.full(20, 1e-3))
    usual = usual_behaviour(left, right, draws=32)
    assert design_check(usual, noisy, right, sets=1).worlds[0].sets == 1
    assert SETS > 1
