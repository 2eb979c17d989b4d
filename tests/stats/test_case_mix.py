"""Case mix against published examples, R, metafor and statsmodels; and its laws."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.proportion import confint_proportions_2indep

from pxcore.errors import TooFewPairs
from pxcore.stats.case_mix import (
    CaseMix,
    Reversal,
    breslow_day,
    compare_case_mix,
    direct_standardise,
    mantel_haenszel,
    pooled_mix,
)

REFERENCE = Path(__file__).parents[1] / "reference"
unhurried = settings(deadline=None)  # a shared machine may pause
TABLES: dict[str, Any] = json.loads((REFERENCE / "case_mix.json").read_text())["tables"]
NAMES = [f"group {at}" for at in range(9)]


def counts(name: str, times: int = 1) -> tuple[Any, ...]:
    """Positive and all answers of the left, then of the right, and the names of the strata."""
    a, b, c, d = (np.asarray(TABLES[name][cell]) * times for cell in "abcd")
    return a, a + b, c, c + d, TABLES[name]["names"]


# Published examples


def test_the_migraine_example_of_sas_stat() -> None:
    """SAS/STAT user's guide, PROC FREQ, example of Cochran-Mantel-Haenszel statistics."""
    found = mantel_haenszel(*counts("migraine"))
    assert found.interval is not None
    assert round(found.ratio, 4) == 3.3132
    assert (round(found.interval.low, 4), round(found.interval.high, 4)) == (1.4456, 7.5934)
    assert (round(found.chi_square, 4), round(found.p_value, 4)) == (8.3052, 0.0040)
    a, n1, c, n2, _ = counts("migraine")
    assert round(breslow_day(a, n1 - a, c, n2 - c, found.ratio, tarone=False), 4) == 1.4929


def test_the_oesophagus_example_of_breslow_and_day() -> None:
    """Breslow and Day 1980, tables 4.1 and 4.2: a common odds ratio of 5.158, 9.32 for its change
    with age."""
    found = mantel_haenszel(*counts("oesophagus"))
    a, n1, c, n2, _ = counts("oesophagus")
    assert round(found.ratio, 3) == 5.158
    assert round(breslow_day(a, n1 - a, c, n2 - c, found.ratio, tarone=False), 2) == 9.32
    assert (found.used, found.skipped) == (6, ())


def test_berkeley_turns_round_but_not_in_every_department() -> None:
    """Bickel and others 1975; Freedman, Pisani and Purves, Statistics, chapter 2: of the six largest
    departments 44 % of men and 30 % of women were admitted, weighted by the applicants of each
    department 39 % and 43 %."""
    found = compare_case_mix(*counts("berkeley"))
    assert [round(100 * side.crude, 1) for side in (found.left, found.right)] == [44.5, 30.4]
    assert [round(100 * side.value) for side in (found.left, found.right)] == [39, 43]
    assert found.crude.interval.low > 0 > found.standardised.interval.high
    assert (found.turned, found.reversal) == (True, Reversal.PARTIAL)
    assert np.flatnonzero(found.by_group > 0).tolist() == [2, 4]  # departments C and E
    assert found.odds.heterogeneity_p == pytest.approx(0.002, abs=0.0005)


def test_kidney_stones_turn_round_in_both_groups_but_not_beyond_chance() -> None:
    """Charig and others 1986: 93 and 73 % against 87 and 69 %, yet 78 against 83 % in all; Peters
    and others 2017, example 6.37: 0.832 with everybody's stones."""
    found = compare_case_mix(*counts("kidney_stones"))
    assert [round(100 * side.crude) for side in (found.left, found.right)] == [78, 83]
    a, n1, c, n2, _ = counts("kidney_stones")
    assert (100 * a / n1).round().tolist() == [93, 73]
    assert (100 * c / n2).round().tolist() == [87, 69]
    assert found.left.value == pytest.approx(0.832, abs=0.001)
    assert (found.by_group > 0).all()
    assert found.turned
    assert found.reversal is Reversal.NONE


def test_ten_times_as_many_kidney_stones_are_a_full_reversal() -> None:
    found = compare_case_mix(*counts("kidney_stones", times=10))
    assert (found.turned, found.reversal) == (True, Reversal.FULL)
    a, n1, c, n2, _ = counts("kidney_stones", times=10)
    unheard = [np.append(one, more) for one, more in ((a, 0), (n1, 0), (c, 500), (n2, 500))]
    with_others = compare_case_mix(*unheard, ["small", "large", "none left"], reference=[1, 1, 0])
    assert with_others.reversal is Reversal.FULL  # who is on one side alone has no gap to show


# Outside implementations


@pytest.mark.parametrize("name", TABLES)
def test_mantel_haenszel_and_tarone_equal_r_and_metafor(name: str) -> None:
    ours, theirs = mantel_haenszel(*counts(name)), TABLES[name]
    assert ours.interval is not None
    for other in (theirs, theirs["metafor"]):
        assert [ours.ratio, ours.interval.low, ours.interval.high] == pytest.approx(
            [other["ratio"], other["low"], other["high"]], rel=1e-9
        )
        assert ours.chi_square == pytest.approx(other["chi_square"], rel=1e-9)
        assert ours.p_value == pytest.approx(other["p_value"], rel=1e-9)
    assert ours.heterogeneity == pytest.approx(theirs["metafor"]["tarone"], rel=1e-7)
    assert ours.heterogeneity_p == pytest.approx(theirs["metafor"]["tarone_p"], rel=1e-7)
    a, n1, c, n2, _ = counts(name)
    assert breslow_day(a, n1 - a, c, n2 - c, ours.ratio, tarone=False) == pytest.approx(
        theirs["metafor"]["breslow_day"], rel=1e-7
    )


@pytest.mark.parametrize("name", TABLES)
def test_the_odds_ratio_of_each_stratum_equals_metafor(name: str) -> None:
    ours, theirs = mantel_haenszel(*counts(name)).strata, TABLES[name]["strata"]
    assert [one.ratio for one in ours] == pytest.approx(theirs["ratio"], rel=1e-9)
    assert [one.interval.low for one in ours] == pytest.approx(theirs["low"], rel=1e-9)
    assert [one.interval.high for one in ours] == pytest.approx(theirs["high"], rel=1e-9)
    cells = zip(*(TABLES[name][cell] for cell in "abcd"), strict=True)
    assert [one.adjusted for one in ours] == [min(four) == 0 for four in cells]
    assert [one.stratum for one in ours] == TABLES[name]["names"]


@pytest.mark.parametrize("name", [name for name in TABLES if name != "sparse"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_the_standardised_proportion_equals_epir_and_its_variance_a_binomial_model(
    name: str, side: str
) -> None:
    a, n1, c, n2, names = counts(name)
    mix = pooled_mix(n1, n2)
    assert mix == pytest.approx(np.asarray(TABLES[name]["mix"]), rel=1e-9)
    x, n = (a, n1) if side == "left" else (c, n2)
    ours, theirs = direct_standardise(x, n, mix, names), TABLES[name][side]
    assert ours.value == pytest.approx(theirs["value"], rel=1e-9)
    assert ours.variance == pytest.approx(theirs["variance"], rel=1e-9)
    assert ours.groups == tuple((name,) for name in names)
    half = 1.959963984540054 * math.sqrt(theirs["variance"])
    assert ours.interval.low == pytest.approx(max(0, theirs["value"] - half), rel=1e-9)
    assert ours.interval.high == pytest.approx(min(1, theirs["value"] + half), rel=1e-9)


def test_the_crude_gap_has_newcombes_interval() -> None:
    a, n1, c, n2, names = counts("kidney_stones")
    found = compare_case_mix(a, n1, c, n2, names).crude
    theirs = confint_proportions_2indep(273, 350, 289, 350, compare="diff", method="newcomb")
    assert found.value == pytest.approx(273 / 350 - 289 / 350)
    assert (found.interval.low, found.interval.high) == pytest.approx(theirs, rel=1e-9)


def test_the_interval_holds_the_truth_about_19_times_in_20() -> None:
    random = np.random.default_rng(12)
    truth, n, mix = np.array([0.95, 0.8, 0.6]), np.array([30, 60, 25]), np.array([0.2, 0.3, 0.5])
    held = 0
    for _ in range(2000):
        found = direct_standardise(random.binomial(n, truth), n, mix, NAMES[:3]).interval
        held += found.low <= (mix * truth).sum() <= found.high
    assert 0.93 <= held / 2000 <= 0.97


# Merging, refusing, skipping


@pytest.mark.parametrize(
    ("respondents", "groups"),
    [
        ([5, 5, 5], [[0], [1], [2]]),
        ([4, 9, 20], [[0, 1], [2]]),
        ([20, 9, 4], [[0], [1, 2]]),
        ([20, 4, 9], [[0], [1, 2]]),  # with the smaller neighbour
        ([9, 4, 20], [[0, 1], [2]]),
        ([9, 4, 9], [[0, 1], [2]]),  # of two alike, the one before
        ([1, 1, 1, 20], [[0, 1, 2, 3]]),
        ([3, 3, 20], [[0, 1], [2]]),
        ([1, 1, 3], [[0, 1, 2]]),
    ],
)
def test_a_stratum_with_fewer_than_5_answers_joins_its_neighbour(
    respondents: list[int], groups: list[list[int]]
) -> None:
    n = np.asarray(respondents)
    x = n // 2
    mix = np.arange(1, len(n) + 1)
    found = direct_standardise(x, n, mix, NAMES[: len(n)])
    assert found.groups == tuple(tuple(NAMES[at] for at in group) for group in groups)
    by_hand = sum(mix[group].sum() * x[group].sum() / n[group].sum() for group in groups)
    assert found.value == pytest.approx(by_hand / mix.sum())
    assert found.crude == pytest.approx(x.sum() / n.sum())


def test_two_sources_are_standardised_over_the_same_groups() -> None:
    found = compare_case_mix(
        [8, 9, 30], [10, 20, 50], [3, 20, 25], [4, 40, 60], ["young", "middle", "old"]
    )
    assert found.left.groups == found.right.groups == (("young", "middle"), ("old",))
    assert found.by_group == pytest.approx([17 / 30 - 23 / 44, 30 / 50 - 25 / 60])


def test_a_stratum_of_the_mix_without_an_answer_is_refused_by_name() -> None:
    with pytest.raises(TooFewPairs, match="Nobody in the group ‘old’"):
        direct_standardise([8, 0], [10, 0], [1, 1], ["young", "old"])
    with pytest.raises(TooFewPairs, match="Nobody in the group ‘old’"):
        compare_case_mix([8, 0], [10, 0], [8, 1], [10, 9], ["young", "old"])


def test_a_stratum_outside_the_mix_is_left_out() -> None:
    found = direct_standardise([8, 0, 3], [10, 0, 30], [1, 0, 1], ["young", "middle", "old"])
    assert found.value == pytest.approx((0.8 + 0.1) / 2)
    assert found.groups == (("young",), ("old",))
    assert found.crude == pytest.approx(11 / 40)


def test_strata_at_nought_or_all_are_not_taken_as_certain() -> None:
    found = direct_standardise([10, 0], [10, 20], [0.5, 0.5], NAMES[:2])
    smooth = np.array([10.5 / 11, 0.5 / 21])
    assert found.variance == pytest.approx((0.25 * smooth * (1 - smooth) / [10, 20]).sum())
    everybody = direct_standardise([10, 20], [10, 20], [0.5, 0.5], NAMES[:2])
    assert everybody.interval.high == 1.0
    assert everybody.interval.low < 1.0


def test_effective_numbers_change_the_variance_alone() -> None:
    x, n = np.array([8, 15]), np.array([10, 30])
    full = direct_standardise(x, n, [1, 1], NAMES[:2])
    half = direct_standardise(x, n, [1, 1], NAMES[:2], effective=n / 2)
    assert half.value == full.value
    assert half.variance == pytest.approx(2 * full.variance)
    sides = (x, n, x[::-1], n[::-1], NAMES[:2])
    gap, wider = (
        compare_case_mix(*sides, left_effective=known, right_effective=other)
        for known, other in ((None, None), (n / 2, n[::-1] / 2))
    )
    assert wider.odds.ratio == pytest.approx(gap.odds.ratio)
    assert gap.odds.interval is not None
    assert wider.odds.interval is not None
    assert wider.odds.interval.low < gap.odds.interval.low
    assert wider.odds.interval.high > gap.odds.interval.high
    for name in ("crude", "standardised"):
        one, other = getattr(gap, name), getattr(wider, name)
        assert other.value == one.value
        assert other.interval.low < one.interval.low < one.interval.high < other.interval.high


def test_strata_that_say_nothing_are_skipped_and_named() -> None:
    a, n1 = [8, 0, 9, 0, 5], [10, 0, 9, 7, 9]
    c, n2 = [5, 4, 8, 0, 2], [10, 9, 8, 5, 9]
    names = ["telling", "nobody left", "all positive", "none positive", "telling too"]
    found = mantel_haenszel(a, n1, c, n2, names)
    assert found.skipped == ("nobody left", "all positive", "none positive")
    assert found.used == 2
    alone = mantel_haenszel(*(np.asarray(one)[[0, 4]] for one in (a, n1, c, n2)), NAMES[:2])
    assert (found.ratio, found.chi_square, found.heterogeneity) == (
        alone.ratio,
        alone.chi_square,
        alone.heterogeneity,
    )


def test_a_single_stratum_has_no_test_of_a_differing_ratio() -> None:
    found = mantel_haenszel([8], [10], [5], [10], ["all"])
    assert (found.heterogeneity, found.heterogeneity_p) == (None, None)
    assert found.ratio == pytest.approx(4.0)
    assert found.strata[0].ratio == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("left", "right", "ratio"), [([9, 9], [5, 5], math.inf), ([5, 5], [9, 9], 0.0)]
)
def test_a_side_without_a_negative_answer_has_a_ratio_without_an_interval(
    left: list[int], right: list[int], ratio: float
) -> None:
    found = mantel_haenszel(left, [9, 9], right, [9, 9], NAMES[:2])
    assert found.ratio == ratio
    assert (found.interval, found.heterogeneity) == (None, None)
    assert 0 < found.p_value < 0.05
    assert all(stratum.adjusted for stratum in found.strata)
    gap = compare_case_mix(left, [9, 9], right, [9, 9], NAMES[:2])
    assert (gap.turned, gap.reversal) == (False, Reversal.NONE)


# What becomes of a gap


def gap_of(left: list[int], right: list[int], positive: tuple[list[float], list[float]]) -> CaseMix:
    n1, n2 = np.asarray(left), np.asarray(right)
    p1, p2 = (np.asarray(one) for one in positive)
    return compare_case_mix((n1 * p1).round(), n1, (n2 * p2).round(), n2, ["young", "old"])


@pytest.mark.parametrize(
    ("right_young", "explained"),
    [  # the left heard more of the young, who are happier on the left by 0, 10 or 20 points
        (0.7, True),  # nothing is left: all of it is who answered
        (0.6, True),  # 44 % of it is left
        (0.5, False),  # 70 % is
    ],
)
def test_a_gap_is_explained_where_half_of_it_or_less_is_left(
    right_young: float, explained: bool
) -> None:
    found = gap_of([500, 500], [200, 800], ([0.7, 0.5], [right_young, 0.5]))
    assert found.explained is explained
    left = abs(found.standardised.value) / abs(found.crude.value)
    assert (left <= 0.5) is explained
    assert found.reversal is Reversal.NONE


def test_exactly_half_left_counts_as_explained_and_no_gap_as_not() -> None:
    half = compare_case_mix(
        [80, 40], [100, 100], [35, 45], [50, 150], ["young", "old"], reference=[1, 1]
    )
    assert half.crude.value == pytest.approx(0.2)
    assert half.standardised.value == pytest.approx(0.1)
    assert half.explained
    none = gap_of([100, 100], [100, 100], ([0.6, 0.4], [0.6, 0.4]))
    assert none.crude.value == 0
    assert (none.explained, none.turned) == (False, False)


def test_a_gap_explained_away_may_fall_on_the_other_side_but_is_not_confirmed() -> None:
    found = gap_of([500, 500], [200, 800], ([0.7, 0.5], [0.71, 0.5]))
    assert found.crude.interval.low > 0 > found.standardised.value > -0.01
    assert (found.reversal, found.confirmed, found.explained) == (Reversal.PARTIAL, False, True)
    assert compare_case_mix(*counts("berkeley")).confirmed
    assert compare_case_mix(*counts("kidney_stones", times=10)).confirmed


def test_a_gap_beyond_chance_only_with_the_same_mix_is_a_reversal() -> None:
    found = compare_case_mix([133, 17], [173, 17], [207, 210], [295, 224], ["young", "old"])
    assert found.crude.interval.low < found.crude.value < 0 < found.crude.interval.high
    assert found.standardised.interval.low > 0
    assert found.odds.interval is not None
    assert found.odds.interval.low < 1 < found.odds.interval.high
    assert (found.turned, found.reversal) == (True, Reversal.FULL)


def test_a_gap_that_only_the_odds_ratio_turns_round_is_a_reversal() -> None:
    # Looked at with the applicants of department C alone, where men did better, the gap stands.
    a, n1, c, n2, names = counts("berkeley")
    found = compare_case_mix(a, n1, c, n2, names, reference=[0, 0, 1, 0, 0, 0])
    assert found.crude.value > 0
    assert found.standardised.value > 0
    assert found.odds.ratio < 1
    assert (found.turned, found.reversal) == (True, Reversal.PARTIAL)
    assert not found.confirmed  # the odds ratio is not beyond chance
    assert found.left.groups == (("C",),)


def test_an_odds_ratio_on_the_side_of_the_crude_gap_confirms_no_reversal() -> None:
    found = compare_case_mix(
        [300, 49], [500, 100], [200, 52], [500, 100], ["young", "old"], reference=[0, 1]
    )
    assert found.crude.interval.low > 0 > found.standardised.value
    assert found.odds.interval is not None
    assert found.odds.interval.low > 1
    assert (found.turned, found.reversal, found.confirmed) == (True, Reversal.PARTIAL, False)


# Laws


@st.composite
def two_sources(draw: st.DrawFn, fewest: int = 1) -> tuple[np.ndarray, ...]:
    strata = draw(st.integers(1, 5))
    sizes = st.lists(st.integers(fewest, 60), min_size=strata, max_size=strata)
    n1, n2 = np.array(draw(sizes)), np.array(draw(sizes))
    shares = st.lists(st.integers(0, 100), min_size=strata, max_size=strata)
    a, c = (n * np.array(draw(shares)) // 100 for n in (n1, n2))
    return a, n1, c, n2


def telling(sides: tuple[np.ndarray, ...]) -> bool:
    a, n1, c, n2 = sides
    up, down = (a * (n2 - c) / (n1 + n2)).sum(), ((n1 - a) * c / (n1 + n2)).sum()
    return up > 0 and down > 0


@unhurried
@given(two_sources())
def test_any_table_equals_statsmodels(sides: tuple[np.ndarray, ...]) -> None:
    assume(telling(sides))
    a, n1, c, n2 = sides
    ours = mantel_haenszel(a, n1, c, n2, NAMES[: len(a)])
    kept = (a + c > 0) & (a + c < n1 + n2)
    cube = np.array([[a, n1 - a], [c, n2 - c]])[:, :, kept].astype(float)
    theirs = StratifiedTable(cube)
    assert ours.interval is not None
    assert ours.ratio == pytest.approx(theirs.oddsratio_pooled)
    low, high = theirs.oddsratio_pooled_confint()
    assert (ours.interval.low, ours.interval.high) == pytest.approx((low, high), rel=1e-6)
    assert ours.chi_square == pytest.approx(theirs.test_null_odds(correction=False).statistic)
    if kept.sum() > 1 and abs(ours.ratio - 1) > 1e-9:  # at 1 theirs divides by nought
        tarone = theirs.test_equal_odds(adjust=True)
        assert ours.heterogeneity == pytest.approx(tarone.statistic, rel=1e-6, abs=1e-6)


@unhurried
@given(two_sources(), st.randoms())
def test_the_order_of_strata_changes_no_odds(sides: tuple[np.ndarray, ...], random: Any) -> None:
    assume(telling(sides))
    order = list(range(len(sides[0])))
    random.shuffle(order)
    names = NAMES[: len(order)]
    one = mantel_haenszel(*sides, names)
    other = mantel_haenszel(*(side[order] for side in sides), names)
    assert other.ratio == pytest.approx(one.ratio)
    assert other.chi_square == pytest.approx(one.chi_square, abs=1e-9)
    assert (other.heterogeneity or 0) == pytest.approx(one.heterogeneity or 0, abs=1e-6)


@unhurried
@given(two_sources())
def test_swapping_the_sides_turns_the_ratio_over(sides: tuple[np.ndarray, ...]) -> None:
    assume(telling(sides))
    a, n1, c, n2 = sides
    names = NAMES[: len(a)]
    one, other = mantel_haenszel(a, n1, c, n2, names), mantel_haenszel(c, n2, a, n1, names)
    assert one.interval is not None
    assert other.interval is not None
    assert other.ratio == pytest.approx(1 / one.ratio)
    assert other.interval.low == pytest.approx(1 / one.interval.high)
    assert one.interval.low <= one.ratio <= one.interval.high
    assert other.chi_square == pytest.approx(one.chi_square, abs=1e-9)
    assert (other.heterogeneity or 0) == pytest.approx(one.heterogeneity or 0, abs=1e-6)
    assert (one.heterogeneity or 0) >= -1e-9


@unhurried
@given(two_sources(fewest=5))
def test_swapping_the_sides_turns_the_gaps_round(sides: tuple[np.ndarray, ...]) -> None:
    assume(telling(sides))
    a, n1, c, n2 = sides
    names = NAMES[: len(a)]
    one, other = compare_case_mix(a, n1, c, n2, names), compare_case_mix(c, n2, a, n1, names)
    for name in ("crude", "standardised"):
        gap, turned = getattr(one, name), getattr(other, name)
        assert turned.value == pytest.approx(-gap.value, abs=1e-12)
        assert turned.interval.low == pytest.approx(-gap.interval.high, abs=1e-9)
        assert gap.interval.low - 1e-12 <= gap.value <= gap.interval.high + 1e-12
    assert (other.turned, other.reversal, other.explained) == (
        one.turned,
        one.reversal,
        one.explained,
    )


@unhurried
@given(two_sources(fewest=5))
def test_standardising_to_its_own_mix_gives_the_crude_figure(
    sides: tuple[np.ndarray, ...],
) -> None:
    a, n1, _, _ = sides
    found = direct_standardise(a, n1, n1, NAMES[: len(a)])
    assert found.value == pytest.approx(a.sum() / n1.sum(), abs=1e-12)
    assert found.value == pytest.approx(found.crude, abs=1e-12)


@unhurried
@given(two_sources(fewest=5))
def test_a_standardised_figure_lies_between_those_of_the_strata(
    sides: tuple[np.ndarray, ...],
) -> None:
    a, n1, _, n2 = sides
    found = direct_standardise(a, n1, n2, NAMES[: len(a)])
    assert (a / n1).min() - 1e-12 <= found.value <= (a / n1).max() + 1e-12
    assert 0 <= found.interval.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.interval.high <= 1
    other_unit = direct_standardise(a, n1, n2 * 8, NAMES[: len(a)])
    assert other_unit.value == pytest.approx(found.value, abs=1e-12)


@unhurried
@given(two_sources(fewest=5))
def test_counting_the_others_mirrors_a_standardised_figure(sides: tuple[np.ndarray, ...]) -> None:
    a, n1, _, n2 = sides
    names = NAMES[: len(a)]
    one, other = direct_standardise(a, n1, n2, names), direct_standardise(n1 - a, n1, n2, names)
    assert other.value == pytest.approx(1 - one.value, abs=1e-12)
    assert other.variance == pytest.approx(one.variance)


# What is refused


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: pooled_mix([0, 0], [0, 0]), TooFewPairs, "No source has an answer"),
        (lambda: direct_standardise([1], [4], [1], ["all"]), TooFewPairs, "takes 5 answers"),
        (lambda: compare_case_mix([50], [100], [1], [4], ["a"]), TooFewPairs, "takes 5 answers"),
        (lambda: direct_standardise([1, 2], [9, 9], [1, 1], ["a"]), ValueError, "one name"),
        (lambda: direct_standardise([], [], [], []), ValueError, "one name"),
        (lambda: direct_standardise([9], [8], [1], ["a"]), ValueError, "more positive"),
        (lambda: direct_standardise([np.nan], [8], [1], ["a"]), ValueError, "more positive"),
        (lambda: direct_standardise([4], [8], [0], ["a"]), ValueError, "reference"),
        (lambda: direct_standardise([4], [8], [-1], ["a"]), ValueError, "reference"),
        (
            lambda: direct_standardise([4], [8], [1], ["a"], effective=[0]),
            ValueError,
            "effective",
        ),
        (
            lambda: direct_standardise([1], [1], [1], ["a"], effective=[0]),
            ValueError,
            "effective",
        ),
        (lambda: mantel_haenszel([9], [9], [8], [8], ["a"]), TooFewPairs, "nothing compares"),
        (lambda: mantel_haenszel([9], [9], [8, 1], [8, 1], ["a"]), ValueError, "one name"),
    ],
)
def test_what_cannot_be_made_alike_is_refused(call: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        call()
