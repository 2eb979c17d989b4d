"""Every statistic on a few small sets of data: not a figure of it moves unnoticed.

What is right stands in the tests of each statistic, by published values, outside programs and laws, within
the tolerance that those allow. These figures only stay: where one is changed on purpose, look at the
difference and run with --update-golden.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import special

from pxcore.stats import (
    bands,
    binomial_normal,
    case_mix,
    certainty,
    certainty_fit,
    certainty_nodes,
    certainty_sources,
    concordance,
    control_chart,
    correlation,
    design_check,
    forecast,
    funnel,
    groups,
    intervals,
    latent,
    lead_lag,
    level,
    multiplicity,
    overdispersion,
    overlap,
    planting,
    ranks,
    room,
    scale,
    sensitivity,
    settling,
    shares,
    spread,
    trend,
    verdict,
)
from pxcore.stats.certainty_nodes import Counted, Scored
from tests.figures import SEARCHED, as_json

# --- Data: no random numbers, which another version of a library may draw otherwise ---


def spaced(count: int, turn: float) -> np.ndarray:
    """Numbers between 0 and 1 in no order, evenly spread (a multiple of an irrational number)."""
    return (np.arange(1, count + 1) * turn) % 1


def bell(count: int, turn: float) -> np.ndarray:
    return np.round(special.ndtri(spaced(count, turn)), 3)


ONE, TWO, THREE = bell(30, math.sqrt(2)), bell(30, math.sqrt(3)), bell(30, math.sqrt(5))
LEFT_N = np.rint(20 + 180 * spaced(30, math.sqrt(7)))
RIGHT_N = np.rint(30 + 400 * spaced(30, math.sqrt(11)))
LEFT_X = np.rint(LEFT_N * special.expit(1.0 + 0.5 * ONE))
RIGHT_X = np.rint(RIGHT_N * special.expit(2.0 + 0.3 * ONE + 0.4 * TWO))
LEFT, RIGHT = np.round(LEFT_X / LEFT_N, 3), np.round(RIGHT_X / RIGHT_N, 3)
SCORES = np.round(3 + 0.4 * ONE + 0.3 * THREE, 2)
SCORE_VARIANCE = np.round(1.1 / RIGHT_N, 5)
TIED = np.round(RIGHT, 1)
AREAS = [f"area {place % 3}" for place in range(30)]
LEFT_SCALED, RIGHT_SCALED = scale.logit(LEFT, LEFT_N), scale.logit(RIGHT, RIGHT_N, RIGHT_N / 1.6)
LEFT_SPREAD = spread.peer_spread(LEFT_SCALED.value, LEFT_SCALED.variance)
RIGHT_SPREAD = spread.peer_spread(RIGHT_SCALED.value, RIGHT_SCALED.variance)
LEFT_STANDING = spread.standing(LEFT_SCALED.value, LEFT_SCALED.variance, LEFT_SPREAD)
RIGHT_STANDING = spread.standing(RIGHT_SCALED.value, RIGHT_SCALED.variance, RIGHT_SPREAD)
APART = replace(
    RIGHT_STANDING, value=np.where(np.arange(30) % 7 == 0, -4, 1) * RIGHT_STANDING.value
)
SPEAK = np.arange(30) % 8 != 5
MARGINS = (
    latent.Margin(
        LEFT_SPREAD.centre, LEFT_SPREAD.deviation, LEFT_SCALED.variance, np.rint(LEFT_N / 1.3)
    ),
    latent.Margin(RIGHT_SPREAD.centre, RIGHT_SPREAD.deviation, RIGHT_SCALED.variance, None),
)
COUNTED = Counted(LEFT_X, LEFT_N, LEFT_N / 1.2)
NOISY = Counted(
    np.where(SPEAK, RIGHT_X, np.nan), np.where(SPEAK, RIGHT_N, np.nan), RIGHT_N, np.full(30, 1e-4)
)
SCORED = Scored(np.where(np.arange(30) == 4, np.nan, SCORES), SCORE_VARIANCE)
MONTHS = np.arange(36)
SEASON = MONTHS % 12
COURSE = np.round(
    0.8 + 0.002 * MONTHS + 0.02 * np.sin(MONTHS / 6 * math.pi) + 0.03 * bell(36, math.sqrt(2)), 3
)
LATER = np.round(0.6 + 0.5 * np.concatenate([COURSE[:2], COURSE[:-2]]) + 0.01 * bell(36, 3**0.5), 3)
OF_MONTHS = np.rint(60 + 40 * spaced(36, math.sqrt(6)))
JUMPED = np.where(MONTHS > 20, COURSE + 0.12, COURSE)
SHORT = [0.81, 0.84, 0.8, 0.86, 0.85, 0.88, 0.9, 0.87]
PEOPLE = np.array([[12, 3, 1, 0], [0, 4, 9, 2], [5, 5, 5, 5], [0, 0, 0, 8], [7, 1, 0, 1]])
BANDS = [[8, 3, 1, 0, 0], [2, 7, 4, 1, 0], [1, 3, 9, 3, 1], [0, 2, 3, 6, 2], [0, 0, 1, 3, 5]]


def usual() -> certainty_fit.Usual:
    return certainty_fit.usual_behaviour(COUNTED, NOISY)


def scored() -> certainty_fit.Usual:
    return certainty_fit.usual_behaviour(COUNTED, SCORED)


def several() -> dict[tuple[int, int], certainty_fit.Usual]:
    sources = (COUNTED, NOISY, SCORED)
    return {
        (one, two): certainty_fit.usual_behaviour(sources[one], sources[two])
        for one, two in ((0, 1), (0, 2), (1, 2))
    }


def of_case_mix(**options: Any) -> case_mix.CaseMix:
    return case_mix.compare_case_mix(
        [40, 60, 20, 9],
        [60, 80, 50, 12],
        [30, 70, 60, 2],
        [50, 110, 90, 4],
        list("abcd"),
        **options,
    )


def of_overdispersion(scatter: float, providers: int = 16) -> overdispersion.MonthlyOverdispersion:
    who, when = np.repeat(np.arange(providers), 10), np.tile(np.arange(10), providers)
    n = np.rint(40 + 100 * spaced(10 * providers, math.sqrt(2)))
    z = bell(10 * providers, math.sqrt(3)) * scatter + bell(providers, math.sqrt(5))[who] / 3
    z[33], z[57] = 3.0, -3.0
    x = np.rint(n * special.expit(1.5 + z))
    return overdispersion.monthly_overdispersion(
        who, when, x, n, (when >= 5) | (who == 2), providers
    )


def model() -> binomial_normal.BinomialNormal:
    return binomial_normal.BinomialNormal(
        binomial_normal.shares(LEFT, LEFT_N, LEFT_SCALED),
        binomial_normal.shares(RIGHT, RIGHT_N, RIGHT_SCALED),
    )


def latent_of(
    left: np.ndarray,
    left_variance: np.ndarray,
    right: np.ndarray,
    right_variance: np.ndarray,
    **options: Any,
) -> latent.LatentCorrelation:
    return latent.latent_correlation(
        left,
        left_variance,
        right,
        right_variance,
        left_spread=spread.peer_spread(left, left_variance),
        right_spread=spread.peer_spread(right, right_variance),
        **options,
    )


PERCENTAGES = (
    binomial_normal.shares(LEFT, LEFT_N, LEFT_SCALED),
    binomial_normal.shares(RIGHT, RIGHT_N, RIGHT_SCALED),
)
SCALED = LEFT_SCALED.value, LEFT_SCALED.variance, RIGHT_SCALED.value, RIGHT_SCALED.variance

CASES: dict[str, dict[str, Callable[[], Any]]] = {
    "bands": {
        "bands of z": lambda: bands.band_of([-3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, np.nan]),
        "agreement": lambda: bands.band_agreement(
            bands.band_of(ONE), bands.band_of(0.7 * ONE + 0.6 * TWO)
        ),
        "kappa": lambda: [
            bands.weighted_kappa(BANDS),
            bands.gwet_ac1(BANDS),
            bands.gwet_ac2(BANDS),
        ],
        "yes or no": lambda: bands.yes_or_no_agreement(ONE > 0, ONE + TWO > 0.2),
        "yes alone": lambda: bands.yes_or_no_agreement(ONE > -9, ONE + TWO > -1),
        "reference": lambda: bands.band_reference(*MARGINS, seed=3, draws=20),
    },
    "binomial_normal": {
        "shares": lambda: PERCENTAGES[1],
        "point": lambda: model().point([1.0, 2.0, -1.2, -1.5, 0.4]),
        "point from another": lambda: [
            (shared := model()).point([1.0, 2.0, -1.2, -1.5, 0.4]).loss,
            shared.point([1.2, 1.8, -1.4, -1.1, -0.3]),
        ],
        "best": lambda: model().fit([1.0, 2.0, -1.2, -1.5, 0.4]),
        "best from afar": lambda: model().fit([0.0, 0.0, 1.0, 1.0, -1.5]).at,
        "best of four": lambda: model().fit([1.0, 2.0, -1.2, -1.5, 0.4], free=4),
    },
    "case_mix": {
        "standardised": lambda: case_mix.direct_standardise(
            [30, 0, 7, 41], [40, 12, 7, 60], [100, 50, 20, 90], list("abcd")
        ),
        "of weighted answers": lambda: case_mix.direct_standardise(
            [30, 0, 7, 41],
            [40, 12, 7, 60],
            [100, 50, 20, 90],
            list("abcd"),
            effective=[30, 9, 5, 41],
        ),
        "mix": lambda: case_mix.pooled_mix([40, 12, 7, 60], [10, 0, 3, 6]),
        "compared": of_case_mix,
        "compared by another mix": lambda: of_case_mix(reference=[10, 30, 40, 5]),
        "compared with weights": lambda: of_case_mix(
            left_effective=[50, 70, 40, 10], right_effective=[45, 100, 80, 4]
        ),
        "odds": lambda: case_mix.mantel_haenszel(
            [4, 0, 12, 9], [9, 7, 15, 9], [2, 3, 10, 8], [11, 8, 20, 14], list("abcd")
        ),
        "alike": lambda: [
            case_mix.breslow_day(
                np.array([4.0, 5, 12]),
                np.array([5.0, 7, 3]),
                np.array([2.0, 3, 10]),
                np.array([9.0, 5, 10]),
                1.7,
                tarone=tarone,
            )
            for tarone in (True, False)
        ],
    },
    "certainty": {
        "certainty": lambda: certainty.posterior(usual(), COUNTED, NOISY).certainty(),
        "words": lambda: certainty.posterior(usual(), COUNTED, NOISY).certainty().words,
        "with half the margin": lambda: (
            certainty.posterior(usual(), COUNTED, NOISY).certainty(margin=0.5).agree
        ),
        "gaps": lambda: certainty.posterior(scored(), COUNTED, SCORED).gaps((0.1, 0.5, 0.9)),
        "of a score": lambda: certainty.posterior(scored(), COUNTED, SCORED).certainty(),
        "swapped": lambda: certainty.posterior(
            certainty_fit.usual_behaviour(SCORED, COUNTED), SCORED, COUNTED
        ).certainty(),
        "before": lambda: [certainty.before(usual()), certainty.before(scored(), margin=0.5)],
    },
    "certainty_fit": {
        "usual": usual,
        "usual beside a score": scored,
        "by another prior": lambda: certainty_fit.usual_behaviour(
            COUNTED, NOISY, prior=certainty_fit.Prior(0.2, 0.5, -0.4, 0.6, 2.0, 30.0), draws=32
        ),
        "refitted": lambda: certainty_fit.refitted(
            scored(), Counted(RIGHT_X, RIGHT_N, RIGHT_N), SCORED
        ),
    },
    "certainty_nodes": {
        "scales": lambda: [
            certainty_nodes.scale_of(source)
            for source in (
                COUNTED,
                SCORED,
                Scored(np.array([1.0, 1, 1, 4]), np.ones(4)),
                Scored(np.ones(4), np.ones(4)),
                Scored(np.full(3, np.nan), np.ones(3)),
            )
        ],
        "natural": lambda: [
            certainty_nodes.natural(source, certainty_nodes.scale_of(source))
            for source in (COUNTED, NOISY, SCORED)
        ],
        "blunted": lambda: [
            certainty_nodes.natural(source, certainty_nodes.scale_of(source)).blunted(deviation)
            for source, deviation in ((COUNTED, 9.0), (NOISY, 4.0), (SCORED, 0.5))
        ],
        "some of them": lambda: certainty_nodes.natural(NOISY, certainty_nodes.ScoreScale()).of(
            np.array([5, 2])
        ),
        "likelihood": lambda: [
            certainty_nodes.natural(source, certainty_nodes.ScoreScale()).log_likelihood(
                np.array([-1.0, 0.0, 2.5]), np.array([0, 5, 7])
            )
            for source in (NOISY, SCORED)
        ],
        "blocks": lambda: [
            [block.rows, block.step, len(block.nodes), block.nodes[0], block.nodes[-1]]
            for widest in (math.inf, 0.06)
            for deviations in ((0.5, 0.4), (0.05, 2.0))
            for block in certainty_nodes.blocks(
                [
                    certainty_nodes.natural(source, certainty_nodes.ScoreScale())
                    for source in (COUNTED, NOISY)
                ],
                (1.0, 2.0),
                deviations,
                widest=widest,
            )
        ],
        "weights up to": lambda: certainty_nodes.up_to(
            [[-0.3, 0.0], [0.1, 2.0]], 0.25 * np.arange(-4, 5.0), 0.25
        ),
    },
    "certainty_sources": {
        "nearest": lambda: certainty_sources.nearest_correlation(
            np.array([[1, 0.9, -0.7], [0.9, 1, 0.6], [-0.7, 0.6, 1]])
        ),
        "possible": lambda: certainty_sources.nearest_correlation(
            np.array([[1, 0.9, 0.5], [0.9, 1, 0.6], [0.5, 0.6, 1]])
        ),
        "together": lambda: certainty_sources.together((COUNTED, NOISY, SCORED), several()),
        "one pair unknown": lambda: certainty_sources.together(
            (COUNTED, NOISY, SCORED),
            {pair: known for pair, known in several().items() if pair != (0, 2)},
        ),
        "two": lambda: certainty_sources.together((COUNTED, NOISY), {(0, 1): usual()}),
    },
    "concordance": {
        "three": lambda: concordance.kendall_w(
            np.column_stack([LEFT, TIED, SCORES]), seed=1, resamples=200
        ),
        "few": lambda: concordance.kendall_w(
            np.column_stack([LEFT, TIED, SCORES])[:7], seed=1, resamples=200, fewest=5
        ),
        "eight": lambda: concordance.kendall_w(
            np.column_stack([LEFT, TIED])[:8], seed=1, resamples=200, fewest=5
        ),
    },
    "control_chart": {
        "which": lambda: [
            control_chart.choose_chart(n, x)
            for n, x in (
                (OF_MONTHS, None),
                ([100, 100, 100], None),
                ([75, 100, 125], None),
                ([74, 100, 126], None),
                ([30, 30], None),
                ([29, 30], None),
                ([100, 100], [90, 90]),
                ([100, 100], [91, 90]),
                ([100, 100], [10, 10]),
                ([100, 100], [9, 10]),
            )
        ],
        "single values": lambda: control_chart.xmr_chart(JUMPED),
        "with gaps": lambda: control_chart.xmr_chart(
            np.delete(JUMPED, [4, 9, 10]), np.delete(MONTHS, [4, 9, 10]), improvement=-1
        ),
        "rebased": lambda: control_chart.xmr_chart(JUMPED, MONTHS, rebase=(21,)),
        "fixed": lambda: control_chart.xmr_chart(JUMPED, fix_after=12, improvement=-1),
        "shares": lambda: control_chart.p_chart(np.rint(OF_MONTHS * JUMPED.clip(0, 1)), OF_MONTHS),
        "shares rebased": lambda: control_chart.p_chart(
            np.rint(OF_MONTHS * COURSE),
            OF_MONTHS,
            MONTHS + (MONTHS > 30),
            rebase=(18,),
            fix_after=12,
        ),
        "shares by a plain chart": lambda: control_chart.p_chart(
            np.rint(OF_MONTHS * JUMPED.clip(0, 1)), OF_MONTHS, laney=False, improvement=-1
        ),
        "few months": lambda: control_chart.xmr_chart(SHORT),
        "rules": lambda: [
            control_chart.seven_point_shift(
                [1, 1, 1, 1, 1, 1, 1, 0, 1, -1, -1, -1, -1, -1, -1, -1, -1]
            ),
            control_chart.seven_point_trend([1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1, 0, 4, 5, 6]),
            control_chart.two_in_three(
                [True, False, True, True, False, False, True], [1, 1, 1, -1, -1, -1, -1]
            ),
            control_chart.side_of_centre([1, 2, 3], [2, 2, 2]),
            control_chart.outside_limits([1, 2, 3, 4], [2, 2, 2, 2], [3, 3, 3, 3]),
        ],
    },
    "correlation": {
        "ranks": lambda: correlation.average_ranks(TIED),
        "spearman": lambda: [
            correlation.spearman(LEFT, TIED),
            correlation.spearman(LEFT[:10], -LEFT[:10]),
        ],
        "pearson": lambda: correlation.pearson(LEFT, SCORES),
        "kendall": lambda: [
            correlation.kendall(LEFT, TIED),
            correlation.kendall(LEFT, SCORES),
            correlation.kendall(LEFT, SCORES, seed=4),
            correlation.kendall(LEFT[:12], TIED[:12], seed=4),
        ],
        "intervals": lambda: [
            correlation.bonett_wright(0.4, 12),
            correlation.fieller(0.4, 12),
            correlation.concordance(0.4),
        ],
        "permuted": lambda: [
            correlation.permutation_p(LEFT, TIED, seed=2, resamples=99),
            correlation.permutation_p(LEFT, TIED, AREAS, seed=2, resamples=99),
        ],
        "resampled": lambda: [
            correlation.bootstrap(
                lambda x, y: float(np.median(x) - y.mean()), LEFT, RIGHT, seed=2, resamples=99
            ),
            correlation.bootstrap_spearman(LEFT, TIED, seed=2, resamples=99),
        ],
    },
    "design_check": {
        "worlds": lambda: design_check.design_check(usual(), COUNTED, NOISY, sets=2),
        "of some": lambda: design_check.design_check(
            scored(), COUNTED, SCORED, np.arange(30) < 12, sets=3, margin=0.7
        ),
    },
    "forecast": {
        "score": lambda: forecast.forecast_score(
            [0.1, 0.2, 0.2, 0.5, 0.7, 0.9, 0.95, 0.4, 0.6, 0.85, 0.3, 1.0],
            [0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1],
        ),
    },
    "funnel": {
        "funnel": lambda: funnel.funnel(RIGHT_X, RIGHT_N),
        "untrimmed": lambda: funnel.funnel(RIGHT_X, RIGHT_N, trim=0.0),
        "limits": lambda: funnel.funnel_limits(0.83, 0.02, [5, 50, 500]),
        "between": lambda: [
            funnel.between_variance(3.0, [0.1, 0.2, 0.4]),
            funnel.between_variance(0.9, [0.1, 0.2]),
        ],
    },
    "groups": {
        "against nobody": lambda: [
            groups.against_rest([3, 0, 0], [5, 0, 0]),
            groups.against_rest([0, 0], [5, 4]),
            groups.against_rest([3, 2], [3, 2], [True, False]),
        ],
        "against the rest": lambda: groups.against_rest([30, 10, 44, 0], [40, 30, 50, 0]),
        "weighted": lambda: groups.against_rest(
            [30, 10, 44, 5], [40, 30, 50, 9], [True, False, True, True], effective=[30, 25, 44, 6]
        ),
        "dependent": lambda: groups.compare_dependent(
            np.column_stack([LEFT, SCORES, TIED]),
            np.column_stack([RIGHT, RIGHT, SCORES]),
            list("abc"),
            seed=1,
            resamples=99,
        ),
        "independent": lambda: groups.compare_independent(
            [0.2, 0.7, 0.5], [30, 45, 12], list("abc")
        ),
        "averages": lambda: groups.group_averages(
            LEFT, AREAS, ["area 0", "area 1", "area 2", "area 9"]
        ),
    },
    "intervals": {
        "wilson": lambda: intervals.wilson([0, 0.3, 1, 0.97], [5, 40, 12, 0], 1.6),
        "newcombe": lambda: intervals.newcombe([0.2, 0.9], [30, 44], [0.5, 0.8], [20, 51]),
        "newcombe wider": lambda: intervals.newcombe(
            [0.2, 0.9], [30, 44], [0.5, 0.8], [20, 51], 2.5
        ),
        "noise about nobody": lambda: intervals.with_noise([0, 0], [0.5, 0], [0, 0], [1e-3, 0]),
        "noise": lambda: intervals.with_noise([20, 30], [0.4, 0.9], [40, 30], [1e-3, 0]),
    },
    "latent": {
        "counts": lambda: latent_of(*SCALED, percentages=PERCENTAGES),
        "counts in areas": lambda: latent_of(
            *SCALED, percentages=PERCENTAGES, areas=AREAS, levels=2
        ),
        "scores": lambda: latent_of(*SCALED),
        "scores in areas": lambda: latent_of(
            LEFT_SCALED.value, LEFT_SCALED.variance, SCORES, SCORE_VARIANCE, areas=AREAS, levels=2
        ),
        "mirrors": lambda: latent_of(*SCALED[:2], SCALED[0], SCALED[1]),
        "opposites": lambda: latent_of(*SCALED[:2], -SCALED[0], SCALED[1]),
        "few": lambda: latent_of(*(of[:10] for of in SCALED)),
        "all noise": lambda: latent_of(SCALED[0], 9 * SCALED[1], *SCALED[2:]),
        "levels of areas": lambda: latent.area_levels(SCALED[0], SCALED[1], AREAS, LEFT_SPREAD),
        "ceiling": lambda: latent.pearson_ceiling(latent_of(*SCALED), SCALED[1], SCALED[3]),
        "expected": lambda: latent.expected_spearman(*MARGINS, 0.5, seed=2, draws=40),
        "influential": lambda: [
            latent.most_influential(LEFT, SCORES),
            latent.most_influential(LEFT, SCORES, 5),
        ],
        "strength": lambda: [
            latent.strength(
                replace(
                    latent_of(*SCALED), estimate=estimate, interval=intervals.Interval(low, 0.95)
                )
            )
            for estimate in (0.1, 0.3, 0.5, 0.7, 0.9)
            for low in (-0.1, 0.05, 0.3, 0.6, 0.85)
        ],
        "limits": lambda: [
            latent.limit_within(low, high) for low, high in ((-0.5, 0.9), (0.2, 0.4))
        ],
    },
    "lead_lag": {
        "following": lambda: lead_lag.lead_lag(COURSE, MONTHS, LATER, MONTHS),
        "with a gap": lambda: lead_lag.lead_lag(
            np.tile(COURSE, 2),
            np.arange(72) + (np.arange(72) > 20),
            np.tile(LATER, 2),
            np.arange(72),
            breaks=(10,),
        ),
        "short": lambda: lead_lag.lead_lag(COURSE[:30], MONTHS[:30], LATER, MONTHS),
        "season": lambda: lead_lag.without_season(COURSE, MONTHS),
        "past": lambda: [
            lead_lag.autoregression(np.sin(np.arange(40.0)) + bell(40, 2**0.5)),
            lead_lag.autoregression(np.sin(np.arange(40.0)) + bell(40, 2**0.5), 2),
        ],
        "crossed": lambda: lead_lag.cross_correlation(COURSE, LATER, [-3, 0, 2]),
    },
    "level": {
        "difference": lambda: [
            level.level_difference(LEFT, RIGHT),
            level.level_difference(LEFT, LEFT + 0.01 * ONE, margin=0.02),
        ],
        "limits": lambda: level.bland_altman(
            LEFT, RIGHT, LEFT * (1 - LEFT) / LEFT_N, RIGHT * (1 - RIGHT) / RIGHT_N
        ),
        "limits of scores": lambda: level.bland_altman(SCORES, SCORES + 0.1 * TWO, ceiling=None),
        "limits of thousands": lambda: level.bland_altman(np.tile(LEFT, 60), np.tile(RIGHT, 60)),
        "line": lambda: [level.deming(LEFT, RIGHT, 1.3), level.deming(RIGHT, -LEFT, 0.4)],
        "structural": lambda: level.structural_line(0.8, 0.1, 0.9, 0.05, 0.6),
        "lin": lambda: level.concordance(LEFT, RIGHT),
        "icc": lambda: [
            of(np.column_stack([LEFT, RIGHT, SCORES / 5])[:count], fewest=5)
            for of in (level.icc_agreement, level.icc_consistency)
            for count in (30, 6)
        ],
    },
    "multiplicity": {
        "rates": lambda: multiplicity.discovery_rates([0.01, 0.02, np.nan, 0.5, 0.04, 0.021, 1.0]),
    },
    "overdispersion": {
        "calm": lambda: of_overdispersion(0.05),
        "restless": lambda: of_overdispersion(0.6),
        "few": lambda: of_overdispersion(0.6, providers=7),
    },
    "overlap": {
        "same": lambda: overlap.overlap(LEFT_X, np.rint(LEFT_X * 1.4), np.arange(30) // 10),
        "different": lambda: overlap.overlap(LEFT_X, RIGHT_X, np.arange(30) // 10),
        "weighted": lambda: overlap.overlap(
            [3, 0, 4, 9, 2, 7, 0],
            [5, 1, 7, 16, 3, 14, 0],
            [0, 0, 0, 1, 1, 1, 2],
            [9, 4, 2, 3, 8, 1, 1],
            steady=0.8,
        ),
        "all as one": lambda: overlap.overlap(
            [3, 0, 4, 9, 2, 7],
            [5, 1, 7, 16, 3, 14],
            [0, 0, 0, 1, 1, 1],
            [9, 4, 2, 3, 8, 1],
            together=True,
        ),
        "steadiness": lambda: [
            overlap.steadiness(LEFT_N, RIGHT_N),
            overlap.steadiness(LEFT_N, LEFT_N + ONE.round()),
        ],
        "by chance": lambda: [
            overlap.scatter_by_chance(40, 70, 0.2),
            overlap.scatter_by_chance(40, 70, 0.9),
        ],
        "same counts": lambda: overlap.same_counts(
            [[3, 0, 4, 9, 2], [7, 1, 2, 2, 5]], [[3, 1, 4, 8, 2], [7, 1, 2, 2, 5]]
        ),
    },
    "planting": {
        "planted": lambda: planting.planted(
            usual(), (COUNTED, NOISY), (COUNTED, NOISY), SPEAK, shifts=(1.0, 3.0), most=6
        ),
        "planted in scores": lambda: planting.planted(
            scored(),
            (COUNTED, SCORED),
            (COUNTED, SCORED),
            np.arange(30) % 2 == 1,
            shifts=(2.0,),
            margin=0.6,
            most=4,
        ),
        "repeated": lambda: planting.repeated(
            [0.99, 0.97, 0.96, 0.01, 0.04, 0.5, np.nan, 0.98, 0.02],
            [0.98, 0.5, 0.01, 0.02, 0.99, 0.99, 0.5, np.nan, 0.4],
        ),
    },
    "ranks": {
        "ranges": lambda: ranks.rank_ranges(ONE[:11], np.full(11, 0.2), seed=3, draws=200),
        "quarters": lambda: [
            ranks.quarter_of(np.arange(1, count + 1), count) for count in (4, 9, 10)
        ],
    },
    "room": {
        "many": lambda: [room.gwet_of_many(PEOPLE), room.gwet_of_many(PEOPLE, np.eye(4))],
        "agreement": lambda: [
            room.room_agreement([9, 2, 1], seed=2, draws=200),
            room.room_agreement([8, 0], seed=2, draws=200),
        ],
        "index": lambda: [
            room.disagreement_index(of) for of in ([1, 2, 2, 9, 8, 9], [7, 7, 8, 6, 7], [1, 9, 5])
        ],
    },
    "scale": {
        "from intervals": lambda: [
            scale.effective_from_interval([0.2, 0.8, 0.99], [0.1, 0.75, 0.9], [0.35, 0.84, 1.0]),
            scale.effective_from_interval(0.3, 0.2, 0.4, 1.6),
        ],
        "from designs": lambda: [
            scale.effective_from_design([10, 90]),
            scale.effective_from_design([10, 90], [1, 2.5]),
        ],
        "logits": lambda: [
            scale.logit([0, 0.4, 1], [9, 40, 12]),
            scale.logit([0, 0.4, 1], [9, 40, 12], [5, 20, 11], rounded=True),
        ],
        "arcsines": lambda: [
            scale.freeman_tukey([0, 0.4, 1], [9, 40, 12]),
            scale.freeman_tukey([0, 0.4, 1], [9, 40, 12], [5, 20, 11]),
        ],
        "back": lambda: scale.proportion_at([-2, 0, 3.3]),
    },
    "sensitivity": {
        "stability": lambda: sensitivity.stability(
            [
                [1, 1, 2, 3, -1],
                [1, 2, 2, 3, 1],
                [1, 1, 2, 2, 1],
                [1, 2, 2, -1, 1],
                [1, 1, 1, 3, 1],
                [1, 2, 2, 3, 2],
                [1, 1, 2, 3, 1],
                [1, 2, 2, 3, 1],
                [1, 1, 2, 3, 1],
                [1, 2, 2, 3, 1],
            ],
            4,
            {"floor": list("ababababab"), "period": list("xxyyxxyyxx")},
        ),
    },
    "settling": {
        "chances": lambda: [
            settling.chances(
                usual(), COUNTED, NOISY, 3, side, [10, 100, math.inf], worth=0.8, imagined=64
            )
            for side in settling.Side
        ],
        "of a score": lambda: settling.chances(
            scored(),
            COUNTED,
            SCORED,
            2,
            settling.Side.RIGHT,
            [10, 100],
            worth=0.9,
            margin=0.8,
            imagined=64,
        ),
        "needed": lambda: settling.needed(
            usual(),
            COUNTED,
            NOISY,
            np.where(
                np.arange(30) < 4,
                certainty.posterior(usual(), COUNTED, NOISY).certainty().agree,
                np.nan,
            ),
            settling.Side.LEFT,
            worth=np.full(30, 0.8),
            imagined=64,
        ),
        "by the normal": lambda: [
            settling.normal_form(usual(), COUNTED, NOISY, row, side, 0.8)
            for row in (0, 3)
            for side in settling.Side
        ],
        "spent": lambda: settling.spend(
            [[0.1, 0.3, 0.9], [0.2, 0.5, 0.6], [0.0, 0.0, 0.4], [0.3, 0.2, 0.8]], [10, 30, 90], 170
        ),
    },
    "shares": {
        "of nobody": lambda: [
            shares.share_differences([0, 0, 2], [0, 0, 4], [0, 2, 0], [0, 5, 0]),
            shares.association([0, 0, 3, 2], [0, 4, 3, 2], [0, 0, 5, 5], [0, 9, 5, 5]),
        ],
        "differences": lambda: shares.share_differences(
            [3, 40, 0], [20, 60, 9], [9, 30, 5], [25, 70, 11]
        ),
        "association": lambda: shares.association(
            [3, 20, 0, 6], [10, 30, 5, 6], [12, 40, 7, 6], [50, 90, 40, 20]
        ),
    },
    "spread": {
        "constant": lambda: [spread.winsorising_constant(), spread.winsorising_constant(0.05)],
        "peers": lambda: [LEFT_SPREAD, RIGHT_SPREAD, spread.peer_spread(*SCALED[:2], trim=0.0)],
        "peers of scores": lambda: spread.peer_spread(SCORES, SCORE_VARIANCE, trim=0.05),
        "standing": lambda: LEFT_STANDING,
        "shrunk": lambda: spread.shrink(*SCALED[:2], LEFT_SPREAD),
        "next": lambda: spread.expected_next(*SCALED[:2], LEFT_SPREAD, 1.3, np.full(30, 0.04)),
    },
    "trend": {
        "exact": lambda: trend.mann_kendall(SHORT),
        "tied": lambda: trend.mann_kendall(np.round(COURSE, 2), inflation=1.4),
        "seasonal": lambda: [
            trend.seasonal_mann_kendall(COURSE, SEASON),
            trend.seasonal_mann_kendall(np.round(COURSE, 2), SEASON, inflation=1.3),
        ],
        "slope": lambda: [
            trend.sen_slope(SHORT, np.arange(8) / 4),
            trend.sen_slope(COURSE, MONTHS / 12, level=0.9, inflation=1.5),
        ],
        "resemblance": lambda: [
            trend.resemblance(COURSE, MONTHS / 12),
            trend.resemblance(COURSE, MONTHS / 12, SEASON),
        ],
        "trend": lambda: [
            trend.trend(COURSE, MONTHS / 12),
            trend.trend(COURSE, MONTHS / 12, SEASON),
            trend.trend(SHORT, np.arange(8) / 4),
        ],
        "compared": lambda: [
            trend.compare_trends(
                trend.trend(COURSE, MONTHS / 12, SEASON),
                right,
                right_unit=2.0,
                left_p=p,
                margin=0.02,
            )
            for right in (
                trend.trend(LATER, MONTHS / 12, SEASON),
                trend.trend(-2 * COURSE, MONTHS / 12),
                None,
            )
            for p in (None, 0.2)
        ],
    },
    "verdict": {
        "speaks": lambda: verdict.speaks(
            [9, 10, 11, 10, 400],
            [9, 5, 4.9, np.nan, 90],
            spread.Standing(np.array([1, 1, 1, 1, np.nan]), np.ones(5), np.ones(5)),
        ),
        "method": lambda: [
            verdict.method_variance(LEFT_STANDING, side, both)
            for side in (RIGHT_STANDING, APART)
            for both in (None, SPEAK, np.arange(30) < 8)
        ],
        "agreement": lambda: verdict.robust_agreement(
            verdict.method_variance(LEFT_STANDING, RIGHT_STANDING)
        ),
        "verdicts": lambda: verdict.pair_verdicts(
            LEFT_STANDING, RIGHT_STANDING, SPEAK, np.ones(30, bool)
        ),
        "verdicts apart": lambda: verdict.pair_verdicts(
            LEFT_STANDING,
            APART,
            SPEAK,
            SPEAK,
            margin=0.7,
            false_discovery=0.2,
            spreads=(LEFT_SPREAD, RIGHT_SPREAD),
        ),
        "verdicts by a given method": lambda: verdict.pair_verdicts(
            LEFT_STANDING,
            APART,
            SPEAK,
            SPEAK,
            method=verdict.MethodVariance(0.3, 0.1, 30, False, 0.01),
        ),
        "sides": lambda: [
            verdict.above_average(LEFT_STANDING),
            verdict.side_words([0.99, 0.9, 0.5, 0.1, 0.01, np.nan]),
        ],
        "points": lambda: verdict.reach_in_points(LEFT_SPREAD, [-1, 0.5, 2]),
        "detectable": lambda: [
            verdict.detectable_correlation(count, ceiling)
            for count in (3, 4, 30)
            for ceiling in (1.0, 0.6)
        ],
        "split": lambda: verdict.split_method_variance(
            [[0, 0.5, 0.9], [0.5, 0, 0.7], [0.9, 0.7, 0]]
        ),
        "heterogeneity": lambda: verdict.heterogeneity(
            np.column_stack([ONE, TWO, np.where(SPEAK, THREE, np.nan)]),
            np.full((30, 3), 0.2),
            [0.3, 0.2, 0.1],
        ),
    },
}


@pytest.mark.parametrize("statistic", CASES)
def test_no_figure_moves_unnoticed(statistic: str, golden: Callable[..., None]) -> None:
    now = {name: as_json(case()) for name, case in CASES[statistic].items()}
    golden(f"statistics/{statistic}", now, SEARCHED)
