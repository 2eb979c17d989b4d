"""What would settle it: promised against delivered, and its laws."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from pxcore.stats import settling
from pxcore.stats.certainty import VERY_LIKELY, VERY_UNLIKELY, posterior
from pxcore.stats.certainty_fit import usual_behaviour
from pxcore.stats.certainty_nodes import NARROWEST, STEPS, Counted, Scored, ScoreScale, natural
from pxcore.stats.settling import MOST_ANSWERS, Outlook, Side, chances, needed, spend
from tests.stats.certainty_worlds import certain, pair

USUAL = certain(0.6, 0.05)


def with_more(source: Counted, answers: int, truth: np.ndarray, seed: int) -> Counted:
    share = special.expit(1.1 + 0.45 * truth)
    more = np.random.default_rng(seed).binomial(answers, share)
    return Counted(source.positive + more, source.answers + answers, source.effective + answers)


def settled(left: Counted, right: Counted) -> np.ndarray:
    agree = posterior(USUAL, left, right).certainty().agree
    return (agree >= 0.9) | (agree <= 0.1)


def test_the_chance_promised_is_the_chance_delivered() -> None:
    truth, left, right = pair(1, 120, left=(1.1, 0.45, 50))
    open_still = np.flatnonzero(~settled(left, right))[:60]
    promised = np.array(
        [chances(USUAL, left, right, at, Side.LEFT, [60, 400], worth=1.0) for at in open_still]
    )
    for place, answers in enumerate((60, 400)):
        delivered = [
            settled(with_more(left, answers, truth[:, 0], seed), right)[open_still]
            for seed in range(20)
        ]
        # the truth of an organisation is one draw, whatever the luck of its answers
        error = np.std(np.mean(delivered, axis=0) - promised[:, place]) / np.sqrt(len(open_still))
        assert np.mean(delivered) == pytest.approx(promised[:, place].mean(), abs=2.6 * error)


def test_more_answers_settle_more_and_a_coarse_second_source_never_lets_them() -> None:
    left = Counted(np.full(2, 30.0), np.full(2, 40.0), np.full(2, 40.0))
    right = Counted(np.array([4300.0, 9.0]), np.array([5000.0, 12.0]), np.array([5000.0, 12.0]))
    agree = posterior(USUAL, left, right).certainty().agree
    rising = chances(USUAL, left, right, 0, Side.LEFT, [20, 100, 500, 2500], worth=1.0)
    assert (np.diff(rising) > -0.02).all()
    assert rising[-1] > rising[0] + 0.2
    further = needed(USUAL, left, right, agree, Side.LEFT, worth=1.0)
    assert further.outlook == (Outlook.POSSIBLE, Outlook.TOO_COARSE)
    assert further.chance[0] >= 0.8
    assert further.chance[1] < 0.8
    assert np.isnan(further.answers[1])
    halved = needed(USUAL, left, right, agree, Side.LEFT, worth=0.5)
    assert halved.answers[0] == pytest.approx(2 * further.answers[0], rel=0.1)
    fewer = chances(USUAL, left, right, 0, Side.LEFT, [further.answers[0] * 0.6], worth=1.0)
    assert fewer[0] < 0.8


def test_who_needs_nearly_as_many_as_anybody_would_ask_can_still_be_settled() -> None:
    left = Counted(np.array([30.0]), np.array([40.0]), np.array([40.0]))
    right = Counted(np.array([4300.0]), np.array([5000.0]), np.array([5000.0]))
    agree = posterior(USUAL, left, right).certainty().agree
    usual = needed(USUAL, left, right, agree, Side.LEFT, worth=1.0).answers[0]
    rare = needed(USUAL, left, right, agree, Side.LEFT, worth=usual / (1.05 * MOST_ANSWERS))
    assert rare.outlook == (Outlook.POSSIBLE,)
    assert 0.7 * MOST_ANSWERS < rare.answers[0] <= MOST_ANSWERS


def test_endless_answers_are_the_limit_of_very_many() -> None:
    _, left, right = pair(5, 4)
    for row in range(4):
        many, endless = chances(
            USUAL, left, right, row, Side.LEFT, [30_000, float("inf")], worth=1.0
        )
        assert many == pytest.approx(endless, abs=0.04)


def test_the_settled_need_nothing_and_the_silent_cannot_be_settled() -> None:
    _, left, right = pair(2, 2)
    further = needed(USUAL, left, right, [0.95, np.nan], Side.RIGHT, worth=1.0)
    assert further.outlook == (Outlook.SETTLED, Outlook.NOT_JUDGED)
    assert further.answers[0] == 0
    assert np.isnan(further.answers[1])


def test_who_stands_on_the_very_line_of_very_likely_is_settled() -> None:
    _, left, right = pair(2, 2)
    on_the_line = [VERY_LIKELY, VERY_UNLIKELY]
    further = needed(USUAL, left, right, on_the_line, Side.RIGHT, worth=1.0)
    assert further.outlook == (Outlook.SETTLED, Outlook.SETTLED)


def test_a_single_imagined_truth_is_drawn_from_the_middle_of_its_luck() -> None:
    left = Counted(np.array([30.0]), np.array([40.0]), np.array([40.0]))
    right = Counted(np.array([4300.0]), np.array([5000.0]), np.array([5000.0]))
    settled_by = chances(USUAL, left, right, 0, Side.LEFT, [3000, 90_000], worth=1.0, imagined=1)
    assert settled_by.tolist() == [1, 1]


def test_swapping_the_sources_and_the_side_changes_nothing() -> None:
    _, left, right = pair(3, 4)
    turned = certain(0.6, 0.05, centres=(2.2, 1.1), deviations=(0.5, 0.45))
    plain = chances(USUAL, left, right, 1, Side.LEFT, [50, 300], worth=1.0)
    mirrored = chances(turned, right, left, 1, Side.RIGHT, [50, 300], worth=1.0)
    assert mirrored == pytest.approx(plain, abs=1e-9)


def test_it_is_the_same_whichever_source_was_learnt_as_the_left() -> None:
    _, left, right = pair(4, 30)
    plain = usual_behaviour(left, right, draws=16)
    turned = usual_behaviour(right, left, draws=16)
    assert plain.swapped is not turned.swapped
    for row, side, opposite in ((0, Side.LEFT, Side.RIGHT), (3, Side.RIGHT, Side.LEFT)):
        assert chances(turned, right, left, row, opposite, [80], worth=1.0) == pytest.approx(
            chances(plain, left, right, row, side, [80], worth=1.0), abs=1e-9
        )


def test_scores_are_settled_by_more_precise_means() -> None:
    usual = certain(0.7, 0.05, centres=(0.0, 0.0), deviations=(1.0, 1.0))
    score = Scored(np.array([0.4]), np.array([1.0]))
    sure = Scored(np.array([0.0]), np.array([0.01]))
    rising = chances(usual, score, sure, 0, Side.LEFT, [1, 10, 1000], worth=1.0)
    assert (np.diff(rising) > 0).all()
    assert rising[-1] > 0.9


def test_a_budget_goes_where_it_settles_most() -> None:
    numbers = [50, 100, 200]
    chance = [[0.1, 0.8, 0.9], [0.0, 0.1, 0.85], [0.02, 0.03, 0.04]]
    spending = spend(chance, numbers, 300)
    assert spending.answers.tolist() == [100, 200, 0]
    assert spending.settled == pytest.approx(1.65)
    assert spending.settled_evenly == pytest.approx(0.8 + 0.1 + 0.03)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*(st.floats(0, 1),) * 3), min_size=1, max_size=4), st.integers(0, 500))
def test_spending_stays_within_the_budget_and_near_the_best_there_is(
    chance: list[tuple[float, float, float]], budget: int
) -> None:
    numbers = [30, 90, 150]
    spending = spend(chance, numbers, budget)
    assert spending.answers.sum() <= budget
    gains = [[0.0, *np.maximum.accumulate(row)] for row in chance]
    steps = [0, *numbers]
    best = max(
        sum(gains[row][place] for row, place in enumerate(places))
        for places in product(range(4), repeat=len(chance))
        if sum(steps[place] for place in places) <= budget
    )
    assert spending.settled <= best + 1e-9
    assert spending.settled >= best / 2 - 1e-9 or spending.settled >= best - 1


def test_numbers_of_answers_must_rise() -> None:
    with pytest.raises(ValueError, match="rise"):
        spend([[0.1, 0.2]], [50, 50], 100)


@pytest.mark.parametrize("deviations", [(2.0, 0.2), (0.2, 2.0)])
def test_nobody_is_imagined_surer_of_than_a_fortieth_of_the_own_spread(
    deviations: tuple[float, float],
) -> None:
    n = np.array([9.9e6])
    sources = [natural(Counted(n * share, n, n), ScoreScale()) for share in (0.75, 0.88)]
    point = certain(deviations=deviations).best
    places = settling._imagined_places(*sources, 0, point, np.arange(4000), 4000)
    across = STEPS[-1] / math.sqrt(12)  # within a step all places are as likely
    expected = math.hypot(NARROWEST, across) * deviations[0]
    assert places.std() == pytest.approx(expected, rel=0.01)
    assert places.mean() == pytest.approx(math.log(3), abs=0.02 * deviations[0])
