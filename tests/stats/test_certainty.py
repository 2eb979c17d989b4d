"""Certainty against brute force, its limits, its laws and imaginary organisations."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from pxcore.errors import TooFewPairs
from pxcore.stats.certainty import (
    Certainty,
    Place,
    Posterior,
    Word,
    before,
    posterior,
    quantiles,
    word,
)
from pxcore.stats.certainty_fit import Prior, Usual, usual_behaviour
from pxcore.stats.certainty_nodes import Answered, Counted, Scored, up_to
from tests.stats.certainty_worlds import brute_force, certain, pair

EXACT = 1e-6  # what may change where nothing should
few = settings(max_examples=25, deadline=None)


def certainty_of(left: Answered, right: Answered, draws: int = 32) -> Certainty:
    return posterior(usual_behaviour(left, right, draws=draws), left, right).certainty()


def counted(*rows: tuple[float, float, float]) -> Counted:
    positive, answers, effective = np.array(rows, dtype=float).T
    return Counted(positive, answers, effective)


def mirrored(certainty: Certainty) -> dict[str, np.ndarray]:
    """What the same organisations would be called with the sources the other way round."""
    return {
        "agree": certainty.agree,
        "left_higher": certainty.right_higher,
        "right_higher": certainty.left_higher,
        "both_above": certainty.both_above,
        "both_below": certainty.both_below,
        "opposite": certainty.opposite,
        "gap": -certainty.gap,
        "gap_low": -certainty.gap_high,
        "gap_high": -certainty.gap_low,
    }


def same(first: Certainty, second: Certainty, order: np.ndarray | slice = slice(None)) -> None:
    for field in fields(Certainty):
        left, right = getattr(first, field.name), getattr(second, field.name)
        if isinstance(left, Place):
            for part in fields(Place):
                values = getattr(left, part.name), getattr(right, part.name)[order]
                assert values[0] == pytest.approx(values[1], abs=EXACT, nan_ok=True)
        elif isinstance(left, np.ndarray):
            assert left == pytest.approx(right[order], abs=EXACT, nan_ok=True)


# --- Against brute force ---

LEFT = counted(
    (60, 85, 65), (85, 85, 65), (20, 85, 60), (9, 12, 9), (3000, 4000, 3000), (10, 10, 8),
    (70, 85, 85), (64, 85, 65), (40, 40, 40), (700, 1000, 800), (300, 1000, 900), (12, 30, 20),
)  # fmt: skip
RIGHT = counted(
    (270, 300, 200), (300, 300, 200), (290, 300, 200), (12, 12, 12), (3500, 4000, 2000), (4, 12, 8),
    (200, 300, 250), (270, 300, 200), (5, 20, 20), (880, 1000, 700), (950, 1000, 600), (30, 30, 20),
)  # fmt: skip


def test_the_places_of_a_gap_are_those_of_its_range() -> None:
    silent = counted(*[(0, 0, 0)] * 12)
    usual = certain(0.6, 0.05)
    found = posterior(usual, LEFT, RIGHT)
    certainty = found.certainty()
    low, middle, high = found.gaps((0.025, 0.5, 0.975)).T
    assert low == pytest.approx(certainty.gap_low)
    assert high == pytest.approx(certainty.gap_high)
    assert ((low < middle) & (middle < high)).all()
    assert np.isnan(posterior(usual, silent, silent).gaps((0.5,))).all()


def close_to_brute_force(usual: Usual, left: Answered, right: Answered, margin: float) -> None:
    certainty = posterior(usual, left, right).certainty(margin)
    for at in range(len(certainty.agree)):
        slow = brute_force(usual, left, right, at, margin)
        for name in ("left_higher", "right_higher", "both_above", "both_below"):
            assert getattr(certainty, name)[at] == pytest.approx(slow[name], abs=0.002), (at, name)
        for name in ("gap", "gap_low", "gap_high"):
            assert getattr(certainty, name)[at] == pytest.approx(slow[name], abs=0.04), (at, name)
        assert certainty.left.mean[at] == pytest.approx(slow["left"], abs=0.01)
        assert certainty.right.mean[at] == pytest.approx(slow["right"], abs=0.01)


@pytest.mark.parametrize(
    ("correlation", "contradicting", "margin"),
    [(0.6, 0.05, 1.0), (0.9, 0.2, 0.5), (-0.5, 0.01, 1.5)],
)
def test_every_probability_is_that_of_a_fine_square_of_points(
    correlation: float, contradicting: float, margin: float
) -> None:
    close_to_brute_force(certain(correlation, contradicting), LEFT, RIGHT, margin)


def test_a_score_beside_counts_is_that_of_a_fine_square_of_points() -> None:
    random = np.random.default_rng(4)
    value = 8 + 0.5 * random.standard_normal(12)
    score = Scored(value, random.uniform(0.01, 0.3, 12))
    usual = certain(0.7, 0.05, centres=(8.0, 2.2), deviations=(0.3, 0.5))
    close_to_brute_force(usual, score, RIGHT, 1.0)


def slow_chain(left: Counted, right: Counted, length: int) -> np.ndarray:
    """P(agree) averaged over a random walk through the parameters (Metropolis 1953): no Laplace, no
    gradient, standings on 41 fixed points."""
    random = np.random.default_rng(1)
    u = np.linspace(-6, 6, 41)
    first, second = np.meshgrid(u, u, indexing="ij")
    # of the cell about a gap of 0.9, from 0.75 to 1.05, five sixths lie within 1
    near = np.where(np.isclose(np.abs(first - second), 0.9), 5 / 6, np.abs(first - second) < 1)

    def normal(more: tuple[float, float], r: float) -> np.ndarray:
        p, q = 1 + more[0], 1 + more[1]
        area = p * q - r * r
        form = (q * first**2 - 2 * r * first * second + p * second**2) / area
        return np.exp(-form / 2) / math.sqrt(area)

    def at(point: np.ndarray) -> tuple[float, np.ndarray]:
        r, e = math.tanh(point[4]), 0.005 + 0.295 / (1 + math.exp(-point[5]))
        density = (1 - e) * normal((0, 0), r) + e / 2 * (normal((6, 0), r) + normal((0, 6), r))
        tables = []
        for side, source in enumerate((left, right)):
            theta = point[side] + math.exp(point[2 + side]) * u
            logs = source.positive[:, None] * theta - source.answers[:, None] * np.log1p(
                np.exp(theta)
            )
            rate = source.positive / source.answers
            entropy = special.entr(rate) + special.entr(1 - rate)
            tables.append(np.exp(logs + (source.answers * entropy)[:, None]))
        whole = ((tables[0] @ density) * tables[1]).sum(axis=1)
        agree = ((tables[0] @ (density * near)) * tables[1]).sum(axis=1) / whole
        prior = -(((point[2:4] - math.log(0.5)) / 0.8) ** 2).sum() / 2
        prior += -(((point[4] - 0.7) / 0.4) ** 2) / 2 + 18 * math.log(1 - e)
        prior += math.log((e - 0.005) * (0.3 - e))
        return float(np.log(whole).sum() + prior), agree

    place = np.array([1.1, 2.2, math.log(0.5), math.log(0.5), 0.7, -1.5])
    steps = 0.55 * np.array([0.15, 0.15, 0.25, 0.25, 0.35, 1.0])
    height, agree = at(place)
    total, count = np.zeros(len(left.answers)), 0
    for number in range(length):
        ahead = place + steps * random.standard_normal(6)
        reached, its = at(ahead)
        if math.log(random.random()) < reached - height:
            place, height, agree = ahead, reached, its
        if number >= length // 10:
            total, count = total + agree, count + 1
    return total / count


def test_averaging_over_the_parameters_is_that_of_a_long_random_walk() -> None:
    _, left, right = pair(11, 20)
    walked = slow_chain(left, right, 8_000)
    agree = certainty_of(left, right, 256).agree
    assert agree == pytest.approx(walked, abs=0.02)
    assert np.mean(agree - walked) == pytest.approx(0, abs=0.01)


# --- Limits with a formula ---


def normal_mixture(d: np.ndarray, v: np.ndarray, r: float, e: float) -> np.ndarray:
    """P(left higher by more than 1) where both likelihoods are normal: three normals, weighted."""
    chances, weights = [], []
    for share, more in ((1 - e, (0, 0)), (e / 2, (6, 0)), (e / 2, (0, 6))):
        shape = np.array([[1 + more[0], r], [r, 1 + more[1]]])
        gain = shape @ np.linalg.inv(shape + np.diag(v))
        mean, left = gain @ d, shape - gain @ shape
        deviation = math.sqrt(left[0, 0] + left[1, 1] - 2 * left[0, 1])
        chances.append(stats.norm.sf((1 - (mean[0] - mean[1])) / deviation))
        weights.append(share * stats.multivariate_normal([0, 0], shape + np.diag(v)).pdf(d))
    return np.dot(chances, weights) / np.sum(weights)


def test_scores_are_the_mixture_of_three_normals() -> None:
    random = np.random.default_rng(3)
    d = random.standard_normal((30, 2)) * [1.5, 1.0]
    v = random.uniform(0.005, 1.5, (30, 2))
    sources = [Scored(d[:, side], v[:, side]) for side in (0, 1)]
    usual = certain(0.7, 0.1, centres=(0.0, 0.0), deviations=(1.0, 1.0))
    chance = posterior(usual, *sources).certainty().left_higher
    formula = [normal_mixture(d[at], v[at], 0.7, 0.1) for at in range(30)]
    assert chance == pytest.approx(formula, abs=1e-3)


def test_many_answers_are_the_mixture_of_three_normals() -> None:
    truth = np.array([[0.3, 0.1], [1.2, 0.1], [-0.5, 0.55], [2.5, -0.5]])
    usual, answers = certain(0.6, 0.05), 3000.0
    sources, d, v = [], np.empty((4, 2)), np.empty((4, 2))
    for side in (0, 1):
        centre, deviation = usual.best.centres[side], usual.best.deviations[side]
        share = special.expit(centre + deviation * truth[:, side])
        sources.append(counted(*((p * answers, answers, answers) for p in share)))
        d[:, side] = truth[:, side]
        v[:, side] = 1 / (answers * share * (1 - share)) / deviation**2
    chance = posterior(usual, *sources).certainty().left_higher
    assert chance == pytest.approx(
        [normal_mixture(d[at], v[at], 0.6, 0.05) for at in range(4)], abs=0.01
    )


@pytest.mark.parametrize("margin", [0.5, 1.0, 1.5])
def test_answers_worth_nothing_leave_what_was_known_before(margin: float) -> None:
    usual = certain(0.6, 0.1)
    nothing = counted((8, 10, 1e-9))
    certainty = posterior(usual, nothing, nothing).certainty(margin)
    base = before(usual, margin)
    for name in ("agree", "left_higher", "right_higher", "both_above", "both_below", "opposite"):
        assert getattr(certainty, name)[0] == pytest.approx(getattr(base, name), abs=2e-3)
    assert certainty.before == base
    assert certainty.gap[0] == pytest.approx(0, abs=1e-6)


def test_before_is_what_draws_from_the_model_show() -> None:
    random = np.random.default_rng(2)
    u = random.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 400_000)
    contradicting = random.random(400_000) < 0.2
    side = random.integers(2, size=400_000)
    for place in (0, 1):
        odd = contradicting & (side == place)
        u[odd, place] += math.sqrt(6) * random.standard_normal(odd.sum())
    base = before(certain(0.5, 0.2))
    gap = u[:, 0] - u[:, 1]
    assert base.agree == pytest.approx((np.abs(gap) < 1).mean(), abs=3e-3)
    assert base.both_above == pytest.approx((u > 0).all(axis=1).mean(), abs=3e-3)
    assert base.opposite == pytest.approx((u.prod(axis=1) < 0).mean(), abs=3e-3)


def test_weights_on_nodes_integrate_a_normal_density_up_to_any_point() -> None:
    nodes = np.arange(-20, 21) * 0.25
    points = np.linspace(-2, 2, 37)
    area = up_to(points, nodes, 0.25) @ stats.norm.pdf(nodes, 0.1, 0.35)
    assert area == pytest.approx(stats.norm.cdf(points, 0.1, 0.35), abs=1e-4)


# --- Laws ---


def test_swapping_the_sources_mirrors_everything() -> None:
    _, left, right = pair(5, 40)
    plain, turned = certainty_of(left, right), certainty_of(right, left)
    for name, values in mirrored(plain).items():
        assert getattr(turned, name) == pytest.approx(values, abs=EXACT)
    for part in fields(Place):
        assert getattr(turned.left, part.name) == pytest.approx(
            getattr(plain.right, part.name), abs=EXACT
        )
    assert turned.before.left_higher == pytest.approx(plain.before.right_higher, abs=EXACT)


def test_the_order_of_the_organisations_changes_nothing() -> None:
    _, left, right = pair(6, 40)
    order = np.random.default_rng(1).permutation(40)
    moved = [
        Counted(source.positive[order], source.answers[order], source.effective[order])
        for source in (left, right)
    ]
    same(certainty_of(*moved), certainty_of(left, right), order)


@pytest.mark.parametrize("shift", [-7.3, 100.0])
def test_a_score_that_is_rosier_everywhere_changes_nothing(shift: float) -> None:
    truth, left, _ = pair(7, 40)
    score = Scored(8 + 0.3 * truth[:, 1], np.full(40, 0.02))
    plain = certainty_of(left, score)
    same(certainty_of(left, Scored(score.value + shift, score.variance)), plain)
    same(certainty_of(left, Scored(10 * score.value, 100 * score.variance)), plain)


def test_organisations_of_which_neither_source_speaks_change_nothing() -> None:
    _, left, right = pair(8, 40)
    longer = [
        Counted(*(np.append(values, np.nan) for values in (s.positive, s.answers, s.effective)))
        for s in (left, right)
    ]
    certainty, plain = certainty_of(*longer), certainty_of(left, right)
    assert certainty.agree[:40] == pytest.approx(plain.agree, abs=EXACT)
    assert math.isnan(certainty.agree[40])
    assert certainty.words[40] is None


def test_a_single_source_gives_a_standing_but_no_gap() -> None:
    _, left, right = pair(9, 40)
    answers = right.answers.copy()
    answers[0] = 0.0
    alone = Counted(right.positive, answers, right.effective)
    certainty = certainty_of(left, alone)
    assert math.isnan(certainty.agree[0])
    assert math.isnan(certainty.gap_low[0])
    assert certainty.left.low[0] < certainty.left.mean[0] < certainty.left.high[0]
    # what is known of the silent source follows the one that speaks, and is far less sure
    assert np.sign(certainty.right.mean[0]) == np.sign(certainty.left.mean[0])
    assert (certainty.right.high - certainty.right.low)[0] > 2.5


USUAL = certain(0.6, 0.05)
counts = st.integers(10, 400).flatmap(
    lambda n: st.tuples(st.integers(n // 3, n), st.just(n), st.floats(0.3, 1).map(lambda w: w * n))
)


@few
@given(counts, counts)
def test_probabilities_add_up_and_stay_in_order(
    left: tuple[float, float, float], right: tuple[float, float, float]
) -> None:
    answers: Posterior = posterior(USUAL, counted(left), counted(right))
    narrow, usual, wide = (answers.certainty(margin) for margin in (0.5, 1.0, 1.5))
    for certainty in (narrow, usual, wide):
        total = certainty.agree + certainty.left_higher + certainty.right_higher
        assert total == pytest.approx([1.0], abs=1e-6)
        sides = certainty.both_above + certainty.both_below + certainty.opposite
        assert sides == pytest.approx([1.0], abs=1e-6)
        assert certainty.gap_low[0] <= certainty.gap[0] <= certainty.gap_high[0]
        assert certainty.left.low[0] <= certainty.left.mean[0] <= certainty.left.high[0]
        for name in (
            "agree",
            "left_higher",
            "right_higher",
            "both_above",
            "both_below",
            "opposite",
        ):
            assert 0 <= getattr(certainty, name)[0] <= 1
    assert narrow.agree[0] <= usual.agree[0] + 1e-4 <= wide.agree[0] + 2e-4
    assert usual.gap[0] == narrow.gap[0] == wide.gap[0]


@few
@given(st.integers(10, 300), st.data(), counts)
def test_the_better_the_answers_of_a_source_the_higher_it_stands(
    answers: int, data: st.DataObject, right: tuple[float, float, float]
) -> None:
    fewer = data.draw(st.integers(answers // 3, answers - 1))
    left = counted((fewer, answers, answers), (fewer + 1, answers, answers))
    # without contradictions: where one source may contradict, a left source that comes nearer the
    # average can show the right one to be the odd one, which then is drawn less towards the left
    usual = certain(0.6, 0.0)
    certainty = posterior(usual, left, counted(right, right)).certainty()
    for values in (certainty.gap, certainty.left_higher, -certainty.right_higher):
        assert values[0] <= values[1] + 1e-3
    assert certainty.left.mean[0] < certainty.left.mean[1]
    assert certainty.right.mean[0] <= certainty.right.mean[1] + 1e-6  # it follows, r being above 0


def test_more_answers_to_the_same_effect_leave_less_open() -> None:
    left = counted(*((0.75 * n, n, n) for n in (20.0, 80.0, 320.0, 1280.0)))
    right = counted(*((270, 300, 300),) * 4)
    certainty = posterior(USUAL, left, right).certainty()
    assert (np.diff(certainty.gap_high - certainty.gap_low) < 0).all()


# --- On imaginary organisations ---


def test_planted_contradictions_are_called_and_few_else_are() -> None:
    truth, left, right = pair(
        21, 150, 0.8, left=(1.1, 0.45, 400), right=(2.2, 0.5, 1000), planted=10
    )
    certainty = certainty_of(left, right)
    differ = np.array([name is Word.VERY_LIKELY_DIFFER for name in certainty.words])
    assert differ[:10].sum() >= 8
    assert differ[10:].sum() <= 4
    assert (np.abs(truth[:, 0] - truth[:, 1])[differ] > 0.9).all()


def test_what_is_called_so_likely_comes_true_so_often() -> None:
    agree, true, covers = [], [], []
    for seed in range(4):
        truth, left, right = pair(30 + seed, 150)
        certainty, gap = certainty_of(left, right), truth[:, 0] - truth[:, 1]
        agree.append(certainty.agree)
        true.append(np.abs(gap) < 1)
        covers.append((certainty.gap_low <= gap) & (gap <= certainty.gap_high))
    claimed, came = np.concatenate(agree), np.concatenate(true)
    for low, high in ((0, 0.25), (0.25, 0.75), (0.75, 0.9), (0.9, 1)):
        inside = (claimed >= low) & (claimed <= high)
        assert came[inside].mean() == pytest.approx(claimed[inside].mean(), abs=0.09)
    assert 0.91 <= np.mean(covers) <= 0.985


def test_how_alike_they_are_is_learnt_from_the_answers() -> None:
    for truth in (0.0, 0.6, 0.9):
        learnt = [
            usual_behaviour(*pair(seed, 200, truth, left=(1.1, 0.45, 300))[1:], draws=16)
            for seed in range(3)
        ]
        assert np.mean([usual.correlation for usual in learnt]) == pytest.approx(truth, abs=0.1)
        for usual in learnt:
            assert usual.correlation_low < usual.correlation < usual.correlation_high


def test_the_prior_holds_only_where_answers_say_little() -> None:
    _, left, right = pair(1, 20, 0.0)
    usual, wide = usual_behaviour(left, right), usual_behaviour(left, right, prior=Prior(0.0, 1.0))
    assert wide.correlation < usual.correlation < 0.6
    _, left, right = pair(1, 400, 0.0, left=(1.1, 0.45, 300))
    usual, wide = usual_behaviour(left, right), usual_behaviour(left, right, prior=Prior(0.0, 1.0))
    assert usual.correlation == pytest.approx(wide.correlation, abs=0.05)


def test_full_marks_on_few_answers_are_no_certainty() -> None:
    _, left, right = pair(12, 60, left=(2.6, 0.45, 50), right=(3.5, 0.5, 100))
    full = [
        Counted(
            np.append(s.positive, 12.0), np.append(s.answers, 12.0), np.append(s.effective, 12.0)
        )
        for s in (left, right)
    ]
    certainty = certainty_of(*full)
    assert abs(certainty.agree[-1] - certainty.before.agree) < 0.1
    assert np.isfinite(certainty.gap_high).all()


def test_an_organisation_far_outside_all_others_still_has_a_probability() -> None:
    _, left, right = pair(13, 60)
    right = Counted(
        np.append(right.positive[1:], 5.0),
        np.append(right.answers[1:], 2000.0),
        np.append(right.effective[1:], 2000.0),
    )
    certainty = certainty_of(left, right)
    assert certainty.left_higher[-1] > 0.999
    assert certainty.gap_low[-1] > 3


def test_hundreds_of_thousands_of_answers_are_read_without_stepping_over_them() -> None:
    usual = certain(0.6, 0.05)
    n = 500_000.0
    share = special.expit(1.1 + 0.45 * np.array([0.0, 0.9, 1.1]))
    left = counted(*((p * n, n, n) for p in share))
    right = counted(*((special.expit(2.2) * n, n, n),) * 3)
    certainty = posterior(usual, left, right).certainty()
    assert certainty.agree[:2] == pytest.approx([1, 1], abs=0.02)
    assert certainty.agree[2] < 0.02
    assert certainty.gap == pytest.approx([0.0, 0.9, 1.1], abs=0.01)


def test_the_noise_of_perturbed_counts_makes_less_sure() -> None:
    share_noise = np.array([0.0, 0.0004, 0.004])
    left = Counted(np.full(3, 45.0), np.full(3, 85.0), np.full(3, 85.0), share_noise)
    right = counted(*((270, 300, 300),) * 3)
    certainty = posterior(USUAL, left, right).certainty()
    plain = posterior(USUAL, replace(left, noise=None), right).certainty()
    assert certainty.agree[0] == pytest.approx(plain.agree[0], abs=1e-12)
    assert (np.diff(certainty.gap_high - certainty.gap_low) > 0).all()


# --- Refusals and words ---


def test_under_ten_organisations_in_common_nothing_is_learnt() -> None:
    _, left, right = pair(1, 30)
    answers = right.answers.copy()
    answers[9:] = 0
    with pytest.raises(TooFewPairs, match="9 are too few organisations to learn how"):
        usual_behaviour(left, Counted(right.positive, answers, right.effective))
    answers[9] = 300
    usual = usual_behaviour(left, Counted(right.positive, answers, right.effective))
    assert usual.common == 10


def test_sources_of_different_lengths_and_a_margin_of_nothing_are_mistakes() -> None:
    _, left, right = pair(1, 30)
    with pytest.raises(ValueError, match="same organisations"):
        usual_behaviour(left, pair(1, 29)[2])
    with pytest.raises(ValueError, match="margin"):
        posterior(USUAL, left, right).certainty(0.0)


@pytest.mark.parametrize(
    ("agree", "expected"),
    [
        (1.0, Word.VERY_LIKELY_AGREE),
        (0.9, Word.VERY_LIKELY_AGREE),
        (0.899, Word.PROBABLY_AGREE),
        (0.75, Word.PROBABLY_AGREE),
        (0.749, Word.COULD_BE_EITHER),
        (0.251, Word.COULD_BE_EITHER),
        (0.25, Word.PROBABLY_DIFFER),
        (0.101, Word.PROBABLY_DIFFER),
        (0.1, Word.VERY_LIKELY_DIFFER),
        (0.0, Word.VERY_LIKELY_DIFFER),
        (math.nan, None),
    ],
)
def test_the_words_go_by_the_table(agree: float, expected: Word | None) -> None:
    assert word(agree) is expected


def test_quantiles_are_those_of_a_normal_and_end_with_the_nodes() -> None:
    step = 0.25
    nodes = step * np.arange(-32, 33.0)
    centres, deviations = np.array([0.3, -1.1]), np.array([1.0, 0.6])
    density = stats.norm(centres[:, None], deviations[:, None]).pdf(nodes)
    shares = (0.025, 0.3, 0.5, 0.975)
    for share, places in zip(shares, quantiles(density, nodes, step, shares), strict=True):
        assert places == pytest.approx(stats.norm(centres, deviations).ppf(share), abs=2e-3)
    # of what passes the last node nothing is known: there a share is reached at the last, or never
    cut = nodes[28:37]
    lowest, highest = quantiles(density[:1, 28:37], cut, step, (0.0, 0.9999))
    assert lowest.tolist() == [cut[0]]
    assert highest.tolist() == [cut[-1]]
