"""Control charts against NHSRplotthedots and qicharts2, a slow reading of the rules, and laws."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from pxcore.errors import TooFewPairs
from pxcore.stats.control_chart import (
    RARE,
    Assurance,
    Chart,
    ControlChart,
    Limits,
    Signal,
    Variation,
    average_moving_range,
    choose_chart,
    laney_sigma_z,
    outside_limits,
    p_chart,
    seven_point_shift,
    seven_point_trend,
    side_of_centre,
    two_in_three,
    xmr_chart,
)

REFERENCE = Path(__file__).parents[1] / "reference"
unhurried = settings(deadline=None)  # a shared machine may pause
THEIRS: list[dict[str, Any]] = json.loads((REFERENCE / "control_chart.json").read_text())["series"]
ATTENDED: dict[str, Any] = json.loads((REFERENCE / "p_chart.json").read_text())

# NHSRplotthedots, tests/testthat/_snaps/integration_tests.md (commit 0c096d8): the published
# snapshots of A&E attendances of England and of the share seen in time, April 2016 to March 2019.
ATTENDANCES = [
    *(1867781, 2070340, 1958802, 2079034, 1932901, 1952464, 2001816, 1907871, 1944567, 1895272),
    *(1735619, 2015834, 1949762, 2066789, 1994056, 2073944, 1924663, 1925961, 2044137, 1976971),
    *(2003954, 2000086, 1820012, 2049785, 1984369, 2164458, 2093942, 2179896, 1997854, 2005695),
    *(2079492, 2037847, 2047518, 2113413, 1954947, 2167550),
]
SEEN_IN_TIME = [
    *(0.9003512724457525, 0.9027555860390081, 0.9055994429248081, 0.9028524786030435),
    *(0.909763097023593, 0.9064786853944554, 0.8905308979446662, 0.8837903610883545),
    *(0.8617594559611471, 0.851413411900772, 0.8753090395991286, 0.9000949482943537),
    *(0.9051525263083392, 0.8970035160821932, 0.9072518525056468, 0.9034785895858326),
    *(0.9029928875860346, 0.8966609396555797, 0.8994186788850258, 0.8876655246839736),
    *(0.8498503458662225, 0.8529918213516818, 0.8504476893558943, 0.8462121637147311),
    *(0.8857248828216929, 0.9039011151983545, 0.9076297242234981, 0.8931949047110505),
    *(0.8972702710007838, 0.8894368286304747, 0.8900933497219513, 0.8760446687116353),
    *(0.8644632183941728, 0.843525141560121, 0.8422525009629417, 0.8660427671795345),
]
C, I, W = Variation.COMMON, Variation.IMPROVEMENT, Variation.CONCERN  # noqa: E741


def ends(chart: ControlChart, at: int = 0) -> list[float]:
    return [float(one[at]) for one in (chart.centre, chart.lower, chart.upper)]


# What others publish


def test_the_published_snapshot_with_limits_fixed_after_12_points() -> None:
    chart = xmr_chart(SEEN_IN_TIME, fix_after=12)
    assert ends(chart) == pytest.approx(
        [0.8908915564349236, 0.8614049789074258, 0.9203781339624213], rel=1e-14
    )
    # 9 common, 1 concern, 1 common, 8 improvement, 1 common, 4 concern, 5 common, 7 concern
    runs = [(C, 9), (W, 1), (C, 1), (I, 8), (C, 1), (W, 4), (C, 5), (W, 7)]
    assert list(chart.variation) == [word for word, times in runs for _ in range(times)]
    assert chart.icon is Variation.CONCERN
    assert chart.segments[0].baseline == 12


def test_the_published_snapshot_of_attendances() -> None:
    chart = xmr_chart(ATTENDANCES)
    assert ends(chart) == pytest.approx(
        [2000538.9444444445, 1731844.3644444444, 2269233.5244444446], rel=1e-14
    )
    assert set(chart.variation) == {Variation.COMMON}


def test_the_published_snapshot_rebased_in_april_2017() -> None:
    chart = xmr_chart(ATTENDANCES, np.arange(2016 * 12 + 3, 2019 * 12 + 3), rebase=[2017 * 12 + 3])
    assert ends(chart) == pytest.approx(
        [1946858.4166666667, 1639947.374848485, 2253769.4584848485], rel=1e-14
    )
    assert ends(chart, 12) == pytest.approx(
        [2027379.2083333333, 1772921.0639855072, 2281837.3526811595], rel=1e-14
    )
    assert set(chart.variation) == {Variation.COMMON}


def test_the_published_snapshots_with_and_without_an_outlying_point() -> None:
    """NHSRplotthedots, tests/testthat/_snaps/ptd_spc_standard.md (commit ea2177d), r1 and r2."""
    plain, screened = (xmr_chart(THEIRS[at]["values"]) for at in (0, 1))
    assert [float(f"{end:.7g}") for end in ends(plain)] == [0.1416238, -3.01138, 3.294627]
    assert [float(f"{end:.7g}") for end in ends(screened)] == [0.6694159, -2.383666, 3.722497]
    assert plain.segments[0].screened == 0
    assert screened.segments[0].screened == 2


CAUSES = {
    "Common Cause": (Signal.NONE, 0),
    "Above UCL": (Signal.OUTSIDE, 1),
    "Below LCL": (Signal.OUTSIDE, -1),
    "7 Point Trend (Increasing)": (Signal.TREND, 1),
    "7 Point Trend (Decreasing)": (Signal.TREND, -1),
    "2 in 3 Above CL": (Signal.TWO_IN_THREE, 1),
    "2 in 3 Below CL": (Signal.TWO_IN_THREE, -1),
    "7 Points Above CL": (Signal.SHIFT, 1),
    "7 Points Below CL": (Signal.SHIFT, -1),
}
TYPES = {
    "common_cause": Variation.COMMON,
    "special_cause_improvement": Variation.IMPROVEMENT,
    "special_cause_concern": Variation.CONCERN,
}


@pytest.mark.parametrize("theirs", THEIRS, ids=range(len(THEIRS)))
def test_limits_and_point_types_equal_those_of_the_package(theirs: dict[str, Any]) -> None:
    ours = xmr_chart(
        theirs["values"],
        rebase=theirs["rebase"],
        fix_after=theirs["fix_after"],
        improvement=theirs["improvement"],
    )
    of_each = np.asarray(theirs["segment"])
    for mine, name in ((ours.centre, "mean"), (ours.lower, "lower"), (ours.upper, "upper")):
        assert mine == pytest.approx(np.asarray(theirs[name])[of_each], abs=1e-9)
    assert ours.direction.dtype.kind == "i"
    assert list(zip(ours.signal, ours.direction.tolist(), strict=True)) == [
        CAUSES[cause] for cause in theirs["cause"]
    ]
    assert list(ours.variation) == [TYPES[one] for one in theirs["type"]]


def test_the_packages_series_show_every_rule_both_ways() -> None:
    assert {cause for one in THEIRS for cause in one["cause"]} == set(CAUSES)


@pytest.mark.parametrize(
    ("laney", "rebase", "name"),
    [
        (False, [], "p"),
        (True, [], "p_prime"),
        (True, [10], "p_prime_from_week_11_anew"),
    ],
)
def test_p_and_p_prime_equal_qicharts2_on_the_data_of_mohammed_and_others(
    laney: bool, rebase: list[int], name: str
) -> None:
    chart = p_chart(ATTENDED["positive"], ATTENDED["respondents"], rebase=rebase, laney=laney)
    theirs = ATTENDED[name]
    assert [segment.centre for segment in chart.segments] == pytest.approx(
        theirs["centre"], rel=1e-14
    )
    for side in sorted(set(theirs) - {"centre"}):
        assert getattr(chart, side) == pytest.approx(np.asarray(theirs[side]), rel=1e-14)


def test_a_p_chart_of_large_numbers_marks_nearly_all_and_p_prime_none() -> None:
    """The point of Mohammed and others 2013, figures 1 and 4."""
    counts = ATTENDED["positive"], ATTENDED["respondents"]
    assert p_chart(*counts, laney=False).signal.count(Signal.OUTSIDE) == 16
    prime = p_chart(*counts)
    assert set(prime.signal) == {Signal.NONE}
    assert prime.segments[0].swing == pytest.approx(10.64, abs=0.005)
    assert prime.chart is Chart.P_PRIME


# The rules, with the edge beside each (after the package's test-ptd_calculate_point_type.R)


@pytest.mark.parametrize(
    ("side", "marked"),
    [
        ([], []),
        ([1] * 6, [0] * 6),
        ([1] * 6 + [-1], [0] * 7),
        ([1] * 7, [1] * 7),
        ([1] * 8 + [-1], [1] * 8 + [0]),
        ([-1] * 8 + [1], [-1] * 8 + [0]),
        ([1, 1, 1, 0, 1, 1, 1, 1], [0] * 8),  # a point on the mean breaks the row
        ([0] * 9, [0] * 9),
    ],
)
def test_a_shift_is_seven_points_not_six(side: list[int], marked: list[int]) -> None:
    assert seven_point_shift(side).tolist() == marked


@pytest.mark.parametrize(
    ("values", "marked"),
    [
        ([], []),
        ([5], [0]),
        ([1, 2, 3, 4, 5, 6], [0] * 6),
        ([1, 2, 3, 3, 4, 5, 6], [0] * 7),  # a tie breaks it
        ([1, 2, 3, 4, 5, 6, 7], [1] * 7),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], [0, 1, 1, 1, 1, 1, 1, 1, 0]),
        ([7, 6, 5, 4, 3, 2, 1], [-1] * 7),
        ([2, 7, 6, 5, 4, 3, 2, 1, 3], [0, -1, -1, -1, -1, -1, -1, -1, 0]),
        (
            [0, 1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1],
            [1] * 7 + [-1] * 7,
        ),  # the peak starts the fall
        ([*range(7), *range(7)], [1] * 14),  # two rises with a drop between stay rises
    ],
)
def test_a_trend_is_seven_points_not_six(values: list[int], marked: list[int]) -> None:
    assert seven_point_trend(values).tolist() == marked


@pytest.mark.parametrize(
    ("near", "side", "marked"),
    [
        ([], [], []),
        ([0, 0, 0], [1, 1, 1], [0, 0, 0]),
        ([1, 0, 0], [1, 1, 1], [0, 0, 0]),  # one of three
        ([1, 0, 1], [1, 1, 1], [1, 0, 1]),
        ([0, 1, 1], [1, 1, 1], [0, 1, 1]),
        ([1, 1, 0], [1, 1, 1], [1, 1, 0]),
        ([-1, 0, -1], [-1, -1, -1], [-1, 0, -1]),
        ([0, 0, 1, 0, 1, 0, 0], [1] * 7, [0, 0, 1, 0, 1, 0, 0]),
        ([1, 0, 0, 1], [1] * 4, [0] * 4),
        ([1, 0, 0, 1, 1], [1] * 5, [0, 0, 0, 1, 1]),
        ([1, 0, 1], [1, -1, 1], [0, 0, 0]),  # not all three on one side
        ([1, -1, 0], [1, -1, 1], [0, 0, 0]),
        ([1, 1], [1, 1], [0, 0]),  # there is no third
    ],
)
def test_two_of_three_near_a_limit(near: list[int], side: list[int], marked: list[int]) -> None:
    assert two_in_three(near, side).tolist() == marked


def test_a_point_on_the_limit_is_inside_and_on_the_mean_on_no_side() -> None:
    assert outside_limits([0, 1, 2, 3, 4], 1, 3).tolist() == [-1, 0, 0, 0, 1]
    assert side_of_centre([0.1 + 0.2, 0.2, 0.4], 0.3).tolist() == [0, -1, 1]


def test_a_point_outside_the_limit_does_not_count_as_near() -> None:
    base = [0, 2] * 10  # mean 1, moving range 2: limits -4.32 and 6.32, near limit 4.55
    outside_and_near = xmr_chart([*base, 5, 9, 2], fix_after=20)
    assert outside_and_near.signal[20:] == (Signal.NONE, Signal.OUTSIDE, Signal.NONE)
    both_near = xmr_chart([*base, 5, 6, 2], fix_after=20)
    assert both_near.signal[20:] == (Signal.TWO_IN_THREE, Signal.TWO_IN_THREE, Signal.NONE)


@pytest.mark.parametrize(
    ("last", "at", "signal"),
    [
        ([-4, -3, -2, 0, 2, 4, 6.4], -1, Signal.OUTSIDE),  # ends a trend as well
        ([2, 2.5, 3, 3.5, 4, 5, 6], -1, Signal.TREND),  # near twice, and on one side for seven
        ([2, 3, 2, 3, 2, 5, 6], -1, Signal.TWO_IN_THREE),  # on one side for seven
        ([2, 3, 2, 3, 2, 3, 2], -1, Signal.SHIFT),
        ([2, 3, 2, 3, 2, 3, 0], -1, Signal.NONE),
    ],
)
def test_the_first_rule_that_holds_gives_the_label(
    last: list[float], at: int, signal: Signal
) -> None:
    assert xmr_chart([0, 2] * 10 + last, fix_after=20).signal[at] is signal


def test_a_rise_that_starts_below_the_mean_is_an_improvement_throughout() -> None:
    chart = xmr_chart([0, 2] * 10 + [-3, -2, -1, 0, 1.5, 2, 3], fix_after=20)
    assert set(chart.variation[20:]) == {Variation.IMPROVEMENT}
    down_is_good = xmr_chart([0, 2] * 10 + [-3, -2, -1, 0, 1.5, 2, 3], fix_after=20, improvement=-1)
    assert set(down_is_good.variation[20:]) == {Variation.CONCERN}


# A slow reading of the rules, with gaps and segments, which the package has not


def slowly(
    values: list[float], months: list[int], rebase: list[int]
) -> tuple[list[float], list[tuple[str, int]]]:
    """Average moving range of each point's segment, and rule and direction of each point."""
    count = len(values)
    segment = [sum(one <= month for one in rebase) for month in months]

    def joined(at: int) -> bool:
        return months[at] - months[at - 1] == 1 and segment[at] == segment[at - 1]

    def whole(first: int, length: int) -> bool:
        inside = first >= 0 and first + length <= count
        return inside and all(joined(at) for at in range(first + 1, first + length))

    swings, found = [], []
    for at in range(count):
        own = [one for one in range(count) if segment[one] == segment[at]]
        mean = sum(values[one] for one in own) / len(own)
        ranges = [abs(values[one] - values[one - 1]) for one in own if one and joined(one)]
        if len(own) < 8 or len(ranges) < 7 or not any(ranges):
            swings.append(float("nan"))
            found.append(("none", 0))
            continue
        kept = [one for one in ranges if one < 3.267 * sum(ranges) / len(ranges)]
        kept = kept if any(kept) else ranges
        swing = sum(kept) / len(kept)
        swings.append(swing)

        def beyond(point: int, far: float, mean: float = mean) -> int:
            gap = values[point] - mean
            return 0 if abs(gap) <= far else (1 if gap > 0 else -1)

        label, way = "none", 0
        for first in range(at - 6, at + 1):  # shift
            if whole(first, 7) and abs(sum(beyond(p, 1e-9) for p in range(first, first + 7))) == 7:
                label, way = "seven-point shift", beyond(at, 1e-9)
        near = 2 / 3 * 2.66 * swing
        for first in range(at - 2, at + 1):
            three = range(first, first + 3)
            if not whole(first, 3) or abs(sum(beyond(p, 1e-9) for p in three)) != 3:
                continue
            close = [p for p in three if beyond(p, near) and not beyond(p, 2.66 * swing)]
            if len(close) >= 2 and at in close:
                label, way = "two in three near a limit", beyond(at, 1e-9)
        for first in range(at - 6, at + 1):  # the last trend that holds the point counts
            if whole(first, 7):
                steps = [values[p + 1] - values[p] for p in range(first, first + 6)]
                if all(step > 0 for step in steps) or all(step < 0 for step in steps):
                    label, way = "seven-point trend", 1 if steps[0] > 0 else -1
        if beyond(at, 2.66 * swing):
            label, way = "outside the limits", beyond(at, 2.66 * swing)
        found.append((label, way))
    return swings, found


@st.composite
def months_with_gaps(draw: st.DrawFn) -> tuple[list[float], list[int], list[int]]:
    count = draw(st.integers(8, 40))
    steps = draw(
        st.lists(st.sampled_from([1, 1, 1, 1, 1, 1, 1, 2, 4]), min_size=count, max_size=count)
    )
    months = np.cumsum(steps).tolist()
    drift = draw(st.sampled_from([0, 0.5, -0.5, 2]))
    noise = draw(st.lists(st.integers(-4, 4), min_size=count, max_size=count))
    values = [90 + drift * at + one for at, one in enumerate(noise)]
    rebase = draw(st.lists(st.sampled_from(months), max_size=2, unique=True))
    return values, months, rebase


@unhurried
@given(months_with_gaps())
def test_gaps_and_segments_equal_a_slow_reading_of_the_rules(
    given_series: tuple[list[float], list[int], list[int]],
) -> None:
    values, months, rebase = given_series
    swings, found = slowly(values, months, rebase)
    chart = xmr_chart(values, months, rebase=rebase)
    away = np.abs(np.asarray(values) - chart.centre)[:, None]
    edges = np.asarray(swings)[:, None] * [2.66, 2.66 * 2 / 3]
    assume(not (np.abs(away - edges) < 1e-9).any())  # on a limit, rounding decides
    for segment in chart.segments:
        own = [swings[at] for at in range(segment.first, segment.first + segment.points)]
        if segment.limits in (Limits.SETTLED, Limits.TRIAL):
            assert segment.swing == pytest.approx(own[0], rel=1e-12)
        else:
            assert np.isnan(own).all()
    assert [(str(s), int(d)) for s, d in zip(chart.signal, chart.direction, strict=True)] == found


def test_a_missing_month_has_no_moving_range_and_starts_runs_afresh() -> None:
    months = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12]
    values = [0, 2, 0, 2, 50, 52, 50, 52, 50, 52, 50, 52]
    chart = xmr_chart(values, months)
    assert chart.segments[0].swing == 2.0  # the step of 48 lies in the gap
    assert chart.gap_before.tolist() == [False] * 4 + [True] + [False] * 7
    rising_then_wild = [0, 1, 2, 3, 4, 5, 6, 0, 6, 0, 6]
    assert set(xmr_chart(rising_then_wild).signal[:7]) == {Signal.TREND}
    late = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11]
    assert set(xmr_chart(rising_then_wild, late).signal) == {Signal.NONE}


def test_no_run_crosses_a_rebase() -> None:
    values = [3, 1, 3, 1, 1, 2, 3, 4, 5, 6, 7, 3, 8, 3, 8, 3, 8, 3, 8, 3]
    assert xmr_chart(values).signal.count(Signal.TREND) == 7  # six before the eleventh point
    cut = xmr_chart(values, rebase=[10])
    assert Signal.TREND not in cut.signal
    assert [segment.first for segment in cut.segments] == [0, 10]


# Where the package gives nothing


def test_jumps_are_not_screened_where_that_would_leave_limits_of_no_width() -> None:
    values = [100.0] * 10 + [90.0] + [100.0] * 11
    chart = xmr_chart(values)
    swing = 20 / 21
    mean = (21 * 100 + 90) / 22
    assert ends(chart) == pytest.approx([mean, mean - 2.66 * swing, mean + 2.66 * swing])
    assert chart.signal[10] is Signal.OUTSIDE
    assert chart.signal.count(Signal.OUTSIDE) == 1
    assert average_moving_range([5.0, 5.0, 5.0], [True] * 3) == (0.0, 2, 0)
    assert np.isnan(average_moving_range([5.0, 6.0], [False, False])[0])


@pytest.mark.parametrize("value", [0.1, 0.0, 100 / 3])
def test_a_constant_series_has_its_limits_at_its_mean_and_nothing_marked(value: float) -> None:
    chart = xmr_chart([value] * 11)
    assert ends(chart) == [value, value, value]
    assert set(chart.signal) == {Signal.NONE}
    assert chart.icon is Variation.COMMON
    assert chart.segments[0].limits is Limits.NO_VARIATION


@pytest.mark.parametrize(
    ("positive", "respondents"),
    [([10] * 9, [10] * 9), ([0] * 9, [10] * 9), ([9, 18, 27] * 3, [10, 20, 30] * 3)],
)
def test_proportions_that_do_not_vary_have_limits_at_their_mean(
    positive: list[int], respondents: list[int]
) -> None:
    chart = p_chart(positive, respondents)
    assert (chart.lower == chart.upper).all()
    assert chart.lower == pytest.approx(np.full(9, positive[0] / respondents[0]), rel=1e-14)
    assert set(chart.signal) == {Signal.NONE}
    assert chart.segments[0].limits is Limits.NO_VARIATION


@pytest.mark.parametrize(
    ("points", "limits"), [(7, Limits.TOO_FEW), (8, Limits.TRIAL), (11, Limits.TRIAL)]
)
def test_under_8_points_no_limits_under_12_trial_ones(points: int, limits: Limits) -> None:
    for chart in (
        xmr_chart(ATTENDANCES[:points]),
        p_chart(ATTENDED["positive"][:points], ATTENDED["respondents"][:points]),
    ):
        assert chart.segments[0].limits is limits
        assert np.isnan(chart.lower).all() == (limits is Limits.TOO_FEW)
        assert (chart.icon is Variation.TOO_FEW) == (limits is Limits.TOO_FEW)
    assert xmr_chart(ATTENDANCES[:12]).segments[0].limits is Limits.SETTLED


def test_a_short_segment_marks_nothing_and_leaves_the_other_alone() -> None:
    chart = xmr_chart([*SEEN_IN_TIME[:12], *range(7)], rebase=[12])
    assert [segment.limits for segment in chart.segments] == [Limits.SETTLED, Limits.TOO_FEW]
    assert chart.variation[12:] == (Variation.TOO_FEW,) * 7
    assert chart.variation[:12] == xmr_chart(SEEN_IN_TIME[:12]).variation
    counts = ATTENDED["positive"], ATTENDED["respondents"]
    for laney in (True, False):
        cut = p_chart(*counts, rebase=[13], laney=laney)
        assert [segment.limits for segment in cut.segments] == [Limits.SETTLED, Limits.TOO_FEW]


def test_points_that_never_neighbour_have_no_limits() -> None:
    chart = xmr_chart(ATTENDANCES, np.arange(0, 72, 2))
    assert chart.segments[0].limits is Limits.TOO_FEW
    assert chart.assurance(2e6) is Assurance.TOO_FEW
    counts = ATTENDED["positive"], ATTENDED["respondents"], np.arange(0, 40, 2)
    assert p_chart(*counts).segments[0].limits is Limits.TOO_FEW
    assert p_chart(*counts, laney=False).segments[0].limits is Limits.SETTLED  # it needs no ranges
    swing, used = laney_sigma_z([1, 2], [9, 9], [True, False])
    assert (np.isnan(swing), used) == (True, 0)


# Assurance (after the package's test-ptd_calculate_assurance_type.R) and the choice of chart


@pytest.mark.parametrize(
    ("lower", "upper", "up_is_good", "down_is_good"),
    [
        (1, 3, Assurance.FAIL, Assurance.PASS),
        (5, 7, Assurance.PASS, Assurance.FAIL),
        (1, 5, Assurance.HIT_AND_MISS, Assurance.HIT_AND_MISS),
        (1, 4, Assurance.HIT_AND_MISS, Assurance.HIT_AND_MISS),  # a limit on the target reaches it
        (4, 7, Assurance.HIT_AND_MISS, Assurance.HIT_AND_MISS),
    ],
)
def test_assurance_is_by_the_latest_limits(
    lower: float, upper: float, up_is_good: Assurance, down_is_good: Assurance
) -> None:
    chart = xmr_chart(ATTENDANCES)
    early = np.full(35, 9.0)
    made = replace(chart, lower=np.append(early, lower), upper=np.append(early, upper))
    assert made.assurance(4) is up_is_good
    assert replace(made, improvement=-1).assurance(4) is down_is_good


@pytest.mark.parametrize(
    ("respondents", "chart"),
    [
        ([75, 100, 125], Chart.XMR),
        ([74, 100, 126], Chart.P_PRIME),
        ([30, 30, 30], Chart.XMR),
        ([30, 30, 29], Chart.P_PRIME),
        ([1, 1, 1], Chart.P_PRIME),
    ],
)
def test_a_months_own_number_counts_where_numbers_differ_or_are_few(
    respondents: list[int], chart: Chart
) -> None:
    assert choose_chart(respondents) is chart


def test_copied_figures_vary_less_than_chance() -> None:
    copied = p_chart([70, 71] * 8, [100] * 16)
    assert copied.under_dispersed
    assert copied.segments[0].swing < 1
    assert not p_chart(ATTENDED["positive"], ATTENDED["respondents"]).under_dispersed
    assert not p_chart([10] * 9, [10] * 9).under_dispersed  # nothing varies: no measure of it
    a_little_more_than_chance = p_chart([65, 75] * 8, [100] * 16)
    assert 1 < a_little_more_than_chance.segments[0].swing < 2
    assert not a_little_more_than_chance.under_dispersed


def test_honest_series_are_not_called_copies() -> None:
    """Half of them swing less than chance would make them on average; that is chance too."""
    random = np.random.default_rng(4)
    charts = [p_chart(random.binomial(200, 0.8, 14), [200] * 14) for _ in range(300)]
    assert np.mean([chart.segments[0].swing < 1 for chart in charts]) > 0.4
    assert sum(chart.under_dispersed for chart in charts) <= 1


def test_the_icon_is_of_the_latest_point() -> None:
    assert xmr_chart([*ATTENDANCES, 4e6]).icon is Variation.IMPROVEMENT
    assert xmr_chart([*ATTENDANCES, 4e6, 2e6]).icon is Variation.COMMON


def test_limits_of_a_proportion_stay_within_0_and_1() -> None:
    chart = p_chart([9, 10, 7, 10, 9, 10, 10, 8, 10, 9], [10] * 10)
    assert chart.upper.max() == 1.0
    low = p_chart([1, 0, 3, 0, 1, 0, 0, 2, 0, 1], [10] * 10)
    assert low.lower.min() == 0.0


# Near the ceiling


def marked(charts: list[ControlChart]) -> float:
    """The share of charts on which anything is marked."""
    return float(np.mean([set(chart.signal) != {Signal.NONE} for chart in charts]))


@pytest.mark.parametrize(
    ("answers", "share"), [(12, 0.98), (12, 0.02), (20, 0.95), (40, 0.98), (100, 0.95)]
)
def test_pure_chance_near_the_ceiling_marks_no_more_charts_than_a_normal_series(
    answers: int, share: float
) -> None:
    random = np.random.default_rng(7)
    normal = marked([xmr_chart(random.standard_normal(24)) for _ in range(200)])
    counts = [random.binomial(answers, share, 24) for _ in range(200)]
    assert marked([p_chart(x, [answers] * 24) for x in counts]) <= normal
    assert choose_chart([answers] * 24, counts[0]) is Chart.P_PRIME


def test_seven_months_at_100_per_cent_are_no_shift_where_most_months_are() -> None:
    positive = [12, 12, 11, 12, 12, 12, 10, 12, *[12] * 7, 11]
    chart = p_chart(positive, [12] * len(positive))
    assert set(chart.signal) == {Signal.NONE}
    side = chart.values - chart.centre
    assert (side[8:15] > 0).all()  # though all of them lie above the centre


def test_a_true_fall_near_the_ceiling_is_marked() -> None:
    random = np.random.default_rng(8)
    shares = np.repeat([0.98, 0.78], [18, 6])
    assert marked([p_chart(random.binomial(12, shares), [12] * 24) for _ in range(100)]) > 0.6


def test_exact_limits_are_the_binomials_own_quantiles() -> None:
    positive = [12, 12, 12, 12, 10, 11, 12, 12, 12, 12, 12, 12]
    chart = p_chart(positive, [12] * 12)
    centre = sum(positive) / 144
    assert chart.segments[0].swing < 1  # and chance's own swing is taken
    least = next(x for x in range(13) if stats.binom.cdf(x, 12, centre) >= stats.norm.sf(3))
    assert chart.lower == pytest.approx(np.full(12, least / 12))
    assert chart.upper == pytest.approx(np.ones(12))


def test_large_numbers_keep_laneys_limits() -> None:
    chart = p_chart(ATTENDED["positive"], ATTENDED["respondents"])
    segment = chart.segments[0]
    error = np.sqrt(segment.centre * (1 - segment.centre) / np.array(ATTENDED["respondents"]))
    assert chart.upper == pytest.approx(segment.centre + 3 * segment.swing * error)


# Laws

whole_series = st.lists(st.integers(-30, 30), min_size=8, max_size=40).filter(
    lambda values: len(set(values)) > 1
)


def clear_of_limits(chart: ControlChart) -> bool:
    """No point so near a limit that rounding decides."""
    edges = (chart.lower, chart.upper, chart.near_lower, chart.near_upper)
    return all((np.abs(chart.values - edge) > 1e-6).all() for edge in edges)


@unhurried
@given(whole_series, st.integers(-1000, 1000), st.sampled_from([0.25, 2.0, 64.0]))
def test_another_unit_moves_the_limits_and_no_label(
    values: list[int], shift: int, scale: float
) -> None:
    chart = xmr_chart(values)
    assume(clear_of_limits(chart))
    moved = xmr_chart(np.asarray(values) * scale + shift)
    assert moved.upper == pytest.approx(chart.upper * scale + shift, abs=1e-6)
    assert moved.lower == pytest.approx(chart.lower * scale + shift, abs=1e-6)
    assert (moved.signal, moved.variation) == (chart.signal, chart.variation)


@unhurried
@given(whole_series)
def test_upside_down_with_down_as_good_is_the_same(values: list[int]) -> None:
    chart, turned = xmr_chart(values), xmr_chart([-one for one in values], improvement=-1)
    assume(clear_of_limits(chart))
    assert (turned.signal, turned.variation) == (chart.signal, chart.variation)
    assert turned.direction.tolist() == (-chart.direction).tolist()
    assert turned.lower == pytest.approx(-chart.upper)


@unhurried
@given(whole_series)
def test_backwards_a_rise_is_a_fall_and_the_limits_are_the_same(values: list[int]) -> None:
    chart, backwards = xmr_chart(values), xmr_chart(values[::-1])
    assert ends(backwards) == pytest.approx(ends(chart))
    steps = np.sign(np.diff(values))
    forward, back = seven_point_trend(values), seven_point_trend(values[::-1])[::-1]
    assert (forward != 0).tolist() == (back != 0).tolist()
    for at in np.flatnonzero(forward):
        sides = set(steps[max(at - 1, 0) : at + 1].tolist())
        if len(sides) == 1:  # not the peak at which one trend turns into another
            assert back[at] == -forward[at]


@unhurried
@given(whole_series, whole_series)
def test_segments_are_charts_of_their_own(first: list[int], second: list[int]) -> None:
    joined = xmr_chart([*first, *second], rebase=[len(first)])
    apart = [xmr_chart(first), xmr_chart(second)]
    assert joined.signal == apart[0].signal + apart[1].signal
    assert joined.upper.tolist() == [*apart[0].upper, *apart[1].upper]


@unhurried
@given(whole_series.filter(lambda values: len(values) > 12))
def test_later_points_never_move_limits_fixed_before_them(values: list[int]) -> None:
    fixed, longer = xmr_chart(values, fix_after=12), xmr_chart([*values, 999], fix_after=12)
    assert ends(longer) == ends(fixed)


counts = st.lists(
    st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=8,
    max_size=30,
)


@unhurried
@given(counts)
def test_counting_the_others_mirrors_a_p_prime_chart(pairs: list[tuple[int, int]]) -> None:
    x, n = (np.asarray(one) for one in zip(*pairs, strict=True))
    chart, mirror = p_chart(x, n), p_chart(n - x, n)
    assert mirror.lower == pytest.approx(1 - chart.upper, abs=1e-9)
    assert mirror.upper == pytest.approx(1 - chart.lower, abs=1e-9)


@unhurried
@given(counts)
def test_p_prime_limits_are_the_p_limits_times_sigma_z(pairs: list[tuple[int, int]]) -> None:
    x, n = (np.asarray(one) for one in zip(*pairs, strict=True))
    prime, plain = p_chart(x, n), p_chart(x, n, laney=False)
    inside = (prime.lower > 0) & (plain.lower > 0)
    inside &= n * np.minimum(plain.centre, 1 - plain.centre) >= RARE  # else counted exactly
    swing = prime.segments[0].swing
    assert (prime.centre - prime.lower)[inside] == pytest.approx(
        ((plain.centre - plain.lower) * swing)[inside], abs=1e-12
    )
    assert ((plain.lower >= 0) & (plain.upper <= 1)).all()


# What is refused


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: xmr_chart([]), TooFewPairs, "no month"),
        (lambda: xmr_chart([1.0, np.nan] * 6), ValueError, "none missing"),
        (lambda: xmr_chart([1, 2, 3], [1, 2]), ValueError, "3 whole numbers"),
        (lambda: xmr_chart([1, 2, 3], [1.0, 2.0, 3.0]), ValueError, "3 whole numbers"),
        (lambda: xmr_chart([1, 2, 3], [1, 3, 2]), ValueError, "rise strictly"),
        (lambda: xmr_chart([1, 2, 3], [1, 2, 2]), ValueError, "rise strictly"),
        (lambda: xmr_chart(ATTENDANCES, fix_after=11), ValueError, "12 points or more"),
        (lambda: xmr_chart(ATTENDANCES, improvement=0), ValueError, "improvement"),
        (lambda: p_chart([1, 2], [3]), ValueError, "equal length"),
        (lambda: p_chart([1, 0], [3, 0]), ValueError, "needs answers"),
        (lambda: p_chart([4], [3]), ValueError, "no more positive"),
        (lambda: choose_chart([10, 0]), ValueError, "must have answers"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        call()
