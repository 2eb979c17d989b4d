"""What a statistic says where it cannot answer, to the letter: people are told it, or programmers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pxcore.errors import TooFewPairs
from pxcore.stats import (
    bands,
    case_mix,
    certainty,
    certainty_fit,
    certainty_sources,
    concordance,
    control_chart,
    correlation,
    design_check,
    forecast,
    funnel,
    groups,
    latent,
    lead_lag,
    level,
    overlap,
    planting,
    ranks,
    room,
    sensitivity,
    settling,
    spread,
    trend,
)
from tests.stats.certainty_worlds import certain, pair

TEN = np.arange(10.0)
EVEN = np.full(10, 3.0)
GAP = np.where(TEN == 4, np.nan, TEN)
SPREAD = spread.Spread(0.0, 0.1, 1.0, 30, 0.8, 0.8)
MARGIN = latent.Margin(0.0, 1.0, np.ones(10), None)
FEW = latent.Margin(0.0, 1.0, np.ones(9), None)
_, LEFT, RIGHT = pair(1, 12)
_, NINE, AS_MANY = pair(1, 9)
NOBODY = np.zeros(12, dtype=bool)

TOLD: list[tuple[Callable[[], Any], str]] = [
    (lambda: bands.yes_or_no_agreement([], []), "There is no case both have judged."),
    (lambda: bands.gwet_ac1([[0, 0], [0, 0]]), "There is no provider in the table."),
    (lambda: bands.band_reference(FEW, FEW, seed=1), "9 providers are too few; it takes 10."),
    (lambda: case_mix.pooled_mix([0, 0], [0, 0]), "No source has an answer in any group."),
    (
        lambda: case_mix.mantel_haenszel([5, 0], [5, 0], [4, 3], [4, 3], ["a", "b"]),
        "No group has answers on both sides, positive and not: nothing compares.",
    ),
    (
        lambda: case_mix.direct_standardise([5, 0], [9, 0], [1, 1], ["young", "old"]),
        "Nobody in the group ‘old’ answered, so its part of the mix cannot be known.",
    ),
    (
        lambda: case_mix.compare_case_mix([2, 1], [2, 2], [2, 1], [3, 2], ["young", "old"]),
        "It takes 5 answers to look at another mix of people.",
    ),
    (
        lambda: certainty_fit.usual_behaviour(NINE, AS_MANY),
        "9 are too few organisations to learn how these sources usually behave; it takes 10.",
    ),
    (
        lambda: concordance.kendall_w(np.column_stack([TEN, EVEN, TEN]), seed=1),
        "One source gives every provider the same value: there is no order.",
    ),
    (lambda: control_chart.xmr_chart([]), "There is no month to draw."),
    (
        lambda: correlation.spearman(TEN[:9], TEN[:9]),
        "9 pairs are too few to print a correlation; it takes 10.",
    ),
    (
        lambda: correlation.spearman(TEN, EVEN),
        "One source gives every provider the same value: there is no order.",
    ),
    (
        lambda: correlation.bootstrap(lambda x: float(x.mean()), TEN[:9], seed=1),
        "9 providers are too few to draw samples from; it takes 10.",
    ),
    (
        lambda: forecast.forecast_score([0.5] * 9, [1] * 9),
        "9 forecasts are too few to be scored; it takes 10.",
    ),
    (
        lambda: funnel.funnel([3] * 9, [5] * 9),
        "9 providers are too few to draw limits for; it takes 10.",
    ),
    (
        lambda: level.level_difference(TEN[:9], TEN[:9]),
        "9 pairs are too few to print a difference of level; it takes 10.",
    ),
    (
        lambda: level.bland_altman(TEN[:9], TEN[:9]),
        "9 pairs are too few to print limits of agreement; it takes 10.",
    ),
    (
        lambda: level.deming(TEN[:9], TEN[:9], 1),
        "9 pairs are too few to print a line; it takes 10.",
    ),
    (
        lambda: level.concordance(TEN[:9], TEN[:9]),
        "9 pairs are too few to print a concordance; it takes 10.",
    ),
    (lambda: level.concordance(TEN, EVEN), "One source gives every provider the same value."),
    (
        lambda: level.icc_agreement(np.ones((1, 2)), fewest=1),
        "1 providers with every source are too few; it takes 2.",
    ),
    (
        lambda: level.icc_agreement(np.column_stack([TEN, TEN])[:9]),
        "9 providers with every source are too few; it takes 10.",
    ),
    (
        lambda: level.icc_agreement(np.ones((10, 2))),
        "The sources show no differences between providers.",
    ),
    (
        lambda: ranks.rank_ranges(TEN[:9], np.ones(9), seed=1),
        "There are 9 organisations to put in order; it takes 10.",
    ),
    (lambda: room.gwet_of_many([[1, 0], [0, 1]]), "Nothing has been judged by two people."),
    (
        lambda: room.room_agreement([1, 1], seed=1),
        f"It takes {room.FEWEST_IN_ROOM} people to say whether they agree beyond chance.",
    ),
    (
        lambda: room.disagreement_index([1, 9]),
        "It takes three people to say whether they are split.",
    ),
    (
        lambda: spread.peer_spread(TEN[:9], np.ones(9)),
        "9 providers are too few to say where one stands among its peers; it takes 10.",
    ),
    (
        lambda: trend.mann_kendall([1, 2, 3]),
        f"3 points are too few to look for a trend; it takes {trend.FEWEST_POINTS}.",
    ),
]

WRONG: list[tuple[Callable[[], Any], str]] = [
    (
        lambda: bands.band_table([0, 1], [0]),
        "left (2,) and right (1,) must be arrays of equal length",
    ),
    (lambda: bands.band_table([0, 2], [0, 1]), "bands are -1, 0 or 1, and not missing"),
    (
        lambda: bands.yes_or_no_agreement([True], [True, False]),
        "left (1,) and right (2,) must be arrays of equal length",
    ),
    (
        lambda: bands.gwet_ac2([[1, 2]]),
        "the table (1, 2) must be square, with two categories or more",
    ),
    (lambda: bands.gwet_ac2([[1, -2], [0, 1]]), "counts must not be missing nor negative"),
    (
        lambda: bands.band_reference(MARGIN, FEW, seed=1),
        "both sources must have the same providers",
    ),
    (
        lambda: case_mix.mantel_haenszel([5], [9], [4, 3], [8, 7], ["a"]),
        "give one count of positive, one of all answers and one name a stratum",
    ),
    (
        lambda: case_mix.direct_standardise([5, 6], [9, 9], [1], ["a", "b"]),
        "reference must be one weight a stratum, none below 0 and not all 0",
    ),
    (
        lambda: case_mix.direct_standardise([5, 6], [9, 9], [1, 1], ["a", "b"], effective=[0, 9]),
        "effective must be one number above 0 for each stratum with answers",
    ),
    (
        lambda: case_mix.direct_standardise([5, 6], [9, 9], [1, 1], ["a"]),
        "give one count of positive, one of all answers and one name a stratum",
    ),
    (
        lambda: case_mix.direct_standardise([5, 10], [9, 9], [1, 1], ["a", "b"]),
        "no stratum may have more positive answers than answers, or below 0",
    ),
    (
        lambda: certainty.posterior(certain(), LEFT, RIGHT).certainty(0.0),
        "the margin must be above 0",
    ),
    (
        lambda: certainty_fit.usual_behaviour(LEFT, AS_MANY),
        "the two sources must hold the same organisations in the same order",
    ),
    (lambda: certainty_sources.together((LEFT,), {}), "1 sources; it takes 2 to 4"),
    (
        lambda: certainty_sources.together((LEFT, RIGHT, LEFT), {(0, 1): certain()}),
        "of every source some pair must be known",
    ),
    (
        lambda: control_chart.choose_chart([5, 0]),
        "every month must have answers; leave out a month without",
    ),
    (
        lambda: control_chart.p_chart([1], [2, 3]),
        "positive (1,) and respondents (2,) must be of equal length",
    ),
    (
        lambda: control_chart.p_chart([3, 1], [2, 3]),
        "every month needs answers, and no more positive ones than answers",
    ),
    (
        lambda: control_chart.xmr_chart([1, 2], [1]),
        "months must be 2 whole numbers, one for each value",
    ),
    (
        lambda: control_chart.xmr_chart([1, 2], [2, 2]),
        "months must rise strictly: sort the points and pool equal months",
    ),
    (
        lambda: control_chart.xmr_chart([1, 2], fix_after=control_chart.SETTLED_POINTS - 1),
        f"fix_after must be {control_chart.SETTLED_POINTS} points or more, not "
        f"{control_chart.SETTLED_POINTS - 1}",
    ),
    (
        lambda: control_chart.xmr_chart([1, 2], improvement=0),
        "improvement must be 1 (up is good) or -1 (down is good)",
    ),
    (
        lambda: control_chart.xmr_chart([1, np.nan]),
        "values must be one row of numbers, none missing: leave a month out",
    ),
    (
        lambda: control_chart.p_chart([1, np.nan], [2, 2]),
        "positive must be one row of numbers, none missing: leave a month out",
    ),
    (
        lambda: control_chart.p_chart([1, 1], [[2, 2]]),
        "respondents must be one row of numbers, none missing: leave a month out",
    ),
    (
        lambda: correlation.pearson(TEN, TEN[:9]),
        "left (10,) and right (9,) must be arrays of equal length",
    ),
    (lambda: correlation.pearson(TEN, GAP), "left and right must hold no missing values"),
    (
        lambda: correlation.permutation_p(TEN, TEN, ["a"], seed=1),
        "groups (1,) must name each of 10 providers",
    ),
    (
        lambda: correlation.bootstrap(lambda *_: 0.0, TEN, TEN[:9], seed=1),
        "the arrays must have one row for each of the same providers",
    ),
    (
        lambda: design_check.design_check(certain(), LEFT, RIGHT, NOBODY),
        "of no organisation do both sources speak",
    ),
    (lambda: forecast.forecast_score([1.1] * 10, [1] * 10), "a chance lies between 0 and 1"),
    (
        lambda: funnel.funnel([3], [5, 6]),
        "positive (1,) and respondents (2,) must be of equal length",
    ),
    (
        lambda: funnel.funnel([3], [2]),
        "every provider needs answers, and no more positive ones than answers",
    ),
    (
        lambda: groups.against_rest([3], [2]),
        "give one number of positive answers, at most all answers, a group",
    ),
    (
        lambda: groups.against_rest([1, 1], [2, 2], effective=[0, 1]),
        "give one effective number, above 0, for each group with answers",
    ),
    (
        lambda: groups.compare_dependent(np.ones((10, 2)), np.ones((10, 2)), ["a"], seed=1),
        "left and right must be organisations × groups, one name a group",
    ),
    (
        lambda: groups.compare_independent([0.1], [30, 40], ["a"]),
        "give one correlation, one number of organisations and one name a group",
    ),
    (
        lambda: groups.group_averages([1.0, np.nan], ["a", "b"], ["a"]),
        "give one figure, none missing, and one group an organisation",
    ),
    (
        lambda: latent.latent_correlation(
            TEN, np.ones(9), TEN, np.ones(10), left_spread=SPREAD, right_spread=SPREAD
        ),
        "left, right and their variances must be arrays of equal length",
    ),
    (
        lambda: latent.latent_correlation(
            GAP, np.ones(10), TEN, np.ones(10), left_spread=SPREAD, right_spread=SPREAD
        ),
        "values must not be missing and variances must be above 0",
    ),
    (
        lambda: lead_lag.autoregression([1, 1, 1]),
        "the series must vary, have no missing value and outlast its past",
    ),
    (
        lambda: lead_lag.cross_correlation([1, 2], [1, 2, 3], [0]),
        "first (2,) and second (3,) must be of equal length",
    ),
    (
        lambda: lead_lag.lead_lag([1, np.nan], [1, 2], [1], [1]),
        "first must be one row of numbers, none missing: leave a month out",
    ),
    (
        lambda: lead_lag.lead_lag([1], [1], [1, 2], [1]),
        "second needs one whole number of month for each value",
    ),
    (
        lambda: lead_lag.lead_lag([1, 2], [2, 2], [1], [1]),
        "the months of first must rise strictly",
    ),
    (
        lambda: level.icc_agreement(TEN),
        "values (10,) must be (providers, sources), 2 or more",
    ),
    (
        lambda: level.icc_agreement(np.column_stack([TEN, GAP])),
        "values must not be missing: give only providers with every source",
    ),
    (lambda: level.level_difference(TEN, TEN, margin=0), "the margin must be above 0"),
    (
        lambda: level.bland_altman(TEN, TEN, [1.0], [1.0]),
        "sampling variances must be one per provider, not missing, not negative",
    ),
    (lambda: level.deming(TEN, TEN, 0), "the error ratio must be above 0"),
    (
        lambda: level.structural_line(0, 1, 0, 1, 1.1),
        "a correlation lies between -1 and 1, a deviation is not negative",
    ),
    (
        lambda: overlap.overlap([1], [1, 2], [0]),
        "left, right, group and times must be of equal length",
    ),
    (lambda: overlap.overlap([-1], [1], [0]), "counts must be known and not negative"),
    (
        lambda: planting.planted(certain(), (LEFT, RIGHT), (LEFT, RIGHT), NOBODY),
        "of no organisation is anything said",
    ),
    (
        lambda: ranks.rank_ranges(TEN, np.zeros(10), seed=1),
        "standing and variance must be finite, as many, and variances above 0",
    ),
    (
        lambda: room.gwet_of_many([[1], [2]]),
        "the counts (2, 1) must be subjects × two categories or more",
    ),
    (lambda: room.disagreement_index([0, 5, 9]), "ratings must be from 1 to 9, none missing"),
    (
        lambda: sensitivity.stability([1, 2], 0, {}),
        "verdicts (2,) must be (specifications, providers)",
    ),
    (lambda: sensitivity.stability([[0.5]], 0, {}), "verdicts must be whole numbers"),
    (
        lambda: sensitivity.stability([[1], [1]], 2, {}),
        "the default 2 is not one of 2 specifications",
    ),
    (
        lambda: sensitivity.stability([[1], [1]], 0, {"floor": ["a"]}),
        "floor must name the option of each of 2 rows",
    ),
    (lambda: settling.spend([[0.5]], [0], 9), "numbers of answers must rise from above 0"),
    (
        lambda: spread.peer_spread(TEN, np.ones(9)),
        "value (10,) and variance (9,) must be arrays of equal length",
    ),
    (
        lambda: spread.peer_spread(TEN, np.zeros(10)),
        "values must not be missing and variances must be above 0",
    ),
    (
        lambda: trend.seasonal_mann_kendall(np.arange(48.0), [1]),
        "season (1,) must be of the length of values (48,)",
    ),
    (lambda: trend.compare_trends(None, None, margin=0), "units and margin must be above 0"),
    (
        lambda: trend.difference_interval(0, trend.Interval(-1, 1), 0, trend.Interval(-1, 1, 0.9)),
        "the two intervals must be of one level",
    ),
    (lambda: trend.mann_kendall([1, np.nan]), "values must be one row of numbers, none missing"),
    (
        lambda: trend.sen_slope(np.arange(12), np.zeros(12)),
        "years must be one rising number for each value",
    ),
]


@pytest.mark.parametrize(("ask", "words"), TOLD)
def test_too_few_are_refused_in_these_words(ask: Callable[[], Any], words: str) -> None:
    with pytest.raises(TooFewPairs) as refused:
        ask()
    assert str(refused.value).startswith(words)
    assert str(refused.value).removeprefix(words) in ("", f" {refused.value.fix}")


@pytest.mark.parametrize(("ask", "words"), WRONG)
def test_arrays_that_cannot_be_meant_are_refused_in_these_words(
    ask: Callable[[], Any], words: str
) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the words are compared below
        ask()
    assert str(refused.value) == words


def test_who_has_too_few_to_rank_is_told_what_to_do() -> None:
    with pytest.raises(TooFewPairs) as refused:
        ranks.rank_ranges(TEN[:9], np.ones(9), seed=1)
    assert refused.value.fix == "Load more of them."
