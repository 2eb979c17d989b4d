"""Control charts by the rules of Making Data Count: does a month lie beyond the usual swing?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import stats

from pxcore.errors import TooFewPairs
from pxcore.stats.intervals import Floats

XMR_LIMIT = 2.66  # average moving ranges from mean to limit: 3 / 1.128, as Making Data Count rounds
RANGE_CONSTANT = 1.128  # d2: mean range of two normal values, in standard deviations
SCREEN = 3.267  # average moving ranges at which one range is left out (D4; Nelson 1982)
SIGMAS = 3.0  # from centre to limit on a p or p′ chart
NEAR = 2 / 3  # of the way from centre to limit
RUN = 7  # points of a shift or of a trend, not 6 or 8
FEWEST_POINTS = 8  # under this no limits
FEWEST_RANGES = FEWEST_POINTS - 1  # moving ranges that 8 points without a gap have
SETTLED_POINTS = 12  # under this trial limits; the fewest a fixed baseline may have
UNEVEN = 0.25  # of the mean number of answers: beyond this a month's own number must count
RANGES_WORTH = 0.62  # degrees of freedom a moving range is worth: neighbours share a point
COPIED = 0.001  # of honest series that would be called copies
FEW_ANSWERS = 30  # a month under this: its own number must count
RARER = 10.0  # of the rarer kind in a usual month: under this a month's own number must count
RARE = 30.0  # answers of the rarer kind in a month: under this chance is not normal, and counted exactly
_NOTHING = 1e-12  # relative: a difference this small is rounding, not variation

Signs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Chart(StrEnum):
    """Which control chart."""

    XMR = "XmR"
    P = "p"
    P_PRIME = "p′"


class Signal(StrEnum):
    """The rule that marks a point; the first that holds, in this order."""

    OUTSIDE = "outside the limits"
    TREND = "seven-point trend"
    TWO_IN_THREE = "two in three near a limit"
    SHIFT = "seven-point shift"
    NONE = "none"


class Variation(StrEnum):
    """What Making Data Count calls a point, and by its latest point a chart."""

    COMMON = "common cause"
    IMPROVEMENT = "special cause improvement"
    CONCERN = "special cause concern"
    TOO_FEW = "too few points"


class Assurance(StrEnum):
    """Whether the usual swing lies clear of a target."""

    PASS = "consistently passes"
    FAIL = "consistently fails"
    HIT_AND_MISS = "hit and miss"
    TOO_FEW = "too few points"


class Limits(StrEnum):
    """What the limits of a segment are worth."""

    SETTLED = "limits"
    TRIAL = "trial limits"  # fewer than 12 points: they will move as points are added
    NO_VARIATION = "no variation"  # the points do not vary: limits at the mean, nothing marked
    TOO_FEW = "too few points"  # fewer than 8 points, or too many gaps between them: no limits


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of points with one centre and one measure of their usual swing."""

    first: int  # position of its first point
    points: int
    baseline: int  # how many points, from the first, the limits were worked out from
    limits: Limits
    centre: float
    swing: float  # XmR: average moving range; p′: Laney's sigma z; p: 1
    ranges: int  # moving ranges the swing rests on
    screened: int  # moving ranges left out as outlying


@dataclass(frozen=True, slots=True)
class ControlChart:
    """Every point with its limits and what the rules say of it."""

    chart: Chart
    values: Floats
    centre: Floats  # one a point, as are the limits; NaN where a segment has none
    lower: Floats
    upper: Floats
    near_lower: Floats  # two thirds of the way to the limits
    near_upper: Floats
    signal: tuple[Signal, ...]
    direction: Signs  # of the signal: 1 up, -1 down, 0 none
    variation: tuple[Variation, ...]
    gap_before: Flags  # a month is missing before this point: runs start afresh
    segments: tuple[Segment, ...]
    improvement: int  # 1 where up is good, -1 where down is good

    @property
    def icon(self) -> Variation:
        """What is said of the whole chart: what its latest point is."""
        return self.variation[-1]

    @property
    def under_dispersed(self) -> bool:
        """A p′ chart that varies less than chance alone ever would: are the data copies?

        Not wherever sigma z is under 1, which half of all honest series are: only where it is lower than
        in 1 of 1,000 of them. So many moving ranges are worth 0.62 times as many degrees of freedom.
        """
        return self.chart is Chart.P_PRIME and any(
            segment.limits in (Limits.SETTLED, Limits.TRIAL)
            and segment.ranges > 0
            and stats.chi2.cdf(
                RANGES_WORTH * segment.ranges * segment.swing**2, RANGES_WORTH * segment.ranges
            )
            < COPIED
            for segment in self.segments
        )

    def assurance(self, target: float) -> Assurance:
        """Will the target be met, if nothing changes? By the limits of the latest point."""
        lower, upper = float(self.lower[-1]), float(self.upper[-1])
        if np.isnan(lower):
            return Assurance.TOO_FEW
        if target > upper:
            return Assurance.FAIL if self.improvement == 1 else Assurance.PASS
        if target < lower:
            return Assurance.PASS if self.improvement == 1 else Assurance.FAIL
        return Assurance.HIT_AND_MISS


def choose_chart(respondents: npt.ArrayLike, positive: npt.ArrayLike | None = None) -> Chart:
    """Does each month's number of answers have to count in its limits?

    Parameters
    ----------
    respondents : array of numbers of answers, one a month, none 0 or missing.
    positive : array of how many of them are positive; None where that is not known.

    Returns
    -------
    Chart.P_PRIME where a month lies more than 25 % from the mean number of answers or has fewer
    than 30, or where fewer than 10 a month are of the rarer kind, near 0 or 100 %; else Chart.XMR.

    References
    ----------
    Provost LP, Murray SK. The Health Care Data Guide. Jossey-Bass, 2011, chapter 5 (limits that
    vary where subgroup sizes do by more than 25 %).
    """
    n = _array(respondents, "respondents")
    if not (n > 0).all():
        raise ValueError("every month must have answers; leave out a month without")
    uneven = bool((np.abs(n - n.mean()) > UNEVEN * n.mean()).any())
    few = bool((n < FEW_ANSWERS).any())
    if positive is not None:
        x = _array(positive, "positive")
        few = few or float(min(x.mean(), (n - x).mean())) < RARER
    return Chart.P_PRIME if uneven or few else Chart.XMR


def xmr_chart(
    values: npt.ArrayLike,
    months: npt.ArrayLike | None = None,
    *,
    rebase: Sequence[int] = (),
    fix_after: int | None = None,
    improvement: int = 1,
) -> ControlChart:
    """Does any month lie beyond the usual swing from month to month?

    Parameters
    ----------
    values : array, one value a month in order, any unit, none missing (a withheld month is left
        out).
    months : array of whole numbers that count months, strictly rising (as years × 12 + month);
        where None the values follow each other without a gap.
    rebase : months from which centre and limits are worked out anew; nothing runs across one.
    fix_after : how many points of each segment the limits rest on, at least 12; all where None.
    improvement : 1 where up is good, -1 where down is good.

    Returns
    -------
    ControlChart. Limits lie 2.66 average moving ranges from the mean, after moving ranges of 3.267
    times their average or more are left out, once. They are not clipped to the range of the unit.

    Notes
    -----
    Not for months whose numbers of answers differ much: see `choose_chart`. A gap of more than one
    month between two points has no moving range, and runs start afresh after it. Fewer than 8
    points have no limits, fewer than 12 trial limits. Where the ranges kept by the screen are all
    0 (a series at 100 % but for a month or two), all ranges are used.

    References
    ----------
    NHS England. Making Data Count: Strengthening your decisions. 2019 (the rules, with 7 points).
    Nelson LS. Control charts for individual measurements. Journal of Quality Technology
    1982;14:172-173 (screening of moving ranges).
    Provost LP, Murray SK. The Health Care Data Guide. Jossey-Bass, 2011, chapter 5.

    Checked against the published snapshots of the R package NHSRplotthedots 0.2.2, and its own code
    run on 40 series.
    """
    y = _array(values, "values")
    follows, group, gap = _layout(months, len(y), rebase)
    _check_options(fix_after, improvement)
    pieces, half = [], np.full(len(y), np.nan)
    for first, stop, _ in _runs(group):
        base = slice(first, min(stop, first + (fix_after or stop)))
        swing, used, screened = average_moving_range(y[base], follows[base])
        enough = base.stop - first >= FEWEST_POINTS and used + screened >= FEWEST_RANGES
        flat = swing <= _NOTHING * float(np.abs(y[base]).max())
        centre = float(y[first]) if np.ptp(y[base]) == 0 else float(y[base].mean())
        pieces.append(
            _segment(first, stop, base, centre, swing, used, screened, enough=enough, flat=flat)
        )
        half[first:stop] = 0.0 if flat else XMR_LIMIT * swing
    bounds = _normal_bounds(y, pieces, half)
    return _chart(Chart.XMR, y, pieces, bounds, follows, gap, improvement)


def p_chart(
    positive: npt.ArrayLike,
    respondents: npt.ArrayLike,
    months: npt.ArrayLike | None = None,
    *,
    rebase: Sequence[int] = (),
    fix_after: int | None = None,
    improvement: int = 1,
    laney: bool = True,
) -> ControlChart:
    """Does any month lie beyond the usual swing, each month's number of answers allowed for?

    Parameters
    ----------
    positive, respondents : arrays of counts, one a month in order; respondents above 0.
    months, rebase, fix_after, improvement : as for `xmr_chart`.
    laney : True for the p′ chart, whose limits also hold the swing from month to month that is not
        chance; False for the plain p chart.

    Returns
    -------
    ControlChart of proportions. Limits lie 3 standard errors from the pooled proportion, times
    Laney's sigma z on a p′ chart, within 0 and 1. The rules are those of `xmr_chart`.

    Notes
    -----
    Near 0 or 100 %, where a month has fewer than 30 of the rarer answers, chance is not normal: at 98 % of
    12 answers three months in four are at 100 %, seven of them in a row mean nothing, and 10 of 12 lies
    beyond three standard errors once in four years. Such a month is beyond a limit only where its binomial
    tail is as small as the normal's there (at least chance's own swing is taken for usual), and stands on a
    side of the centre only where that side has at most half of the binomial's chance: 100 % then breaks a
    row.

    The plain p chart marks nearly every point where numbers are large; p′ equals it where nothing
    but chance varies. A sigma z under 1 is kept: months vary less than chance would make them, so
    look for copied figures.

    References
    ----------
    Laney DB. Improved control charts for attributes. Quality Engineering 2002;14:531-537.
    Mohammed MA, Panesar JS, Laney DB, Wilson R. Statistical process control charts for attribute
    data involving very large sample sizes. BMJ Quality and Safety 2013;22:362-368.

    Checked against the R package qicharts2 on the data of Mohammed and others 2013.
    """
    x, n = _array(positive, "positive"), _array(respondents, "respondents")
    if x.shape != n.shape:
        raise ValueError(f"positive {x.shape} and respondents {n.shape} must be of equal length")
    if not ((n > 0) & (x >= 0) & (x <= n)).all():
        raise ValueError("every month needs answers, and no more positive ones than answers")
    follows, group, gap = _layout(months, len(x), rebase)
    _check_options(fix_after, improvement)
    pieces, half = [], np.full(len(x), np.nan)
    for first, stop, _ in _runs(group):
        base = slice(first, min(stop, first + (fix_after or stop)))
        centre = float(x[base].sum() / n[base].sum())
        swing, used = 1.0, 0
        if laney:
            swing, used = laney_sigma_z(x[base], n[base], follows[base])
        enough = base.stop - first >= FEWEST_POINTS and (not laney or used >= FEWEST_RANGES)
        flat = centre in (0.0, 1.0) or swing <= _NOTHING
        pieces.append(_segment(first, stop, base, centre, swing, used, 0, enough=enough, flat=flat))
        error = np.sqrt(centre * (1 - centre) / n[first:stop])
        half[first:stop] = 0.0 if flat else SIGMAS * swing * error
    chart = Chart.P_PRIME if laney else Chart.P
    bounds = _normal_bounds(x / n, pieces, half, within=(0.0, 1.0))
    bounds = _exact_near_an_end(x, n, pieces, bounds)
    return _chart(chart, x / n, pieces, bounds, follows, gap, improvement)


def average_moving_range(values: npt.ArrayLike, follows: npt.ArrayLike) -> tuple[float, int, int]:
    """By how much does a point usually differ from the one before, outlying jumps left out?

    Parameters
    ----------
    values : array in order.
    follows : flags of equal length: the point directly follows the one before (the first flag
        counts for nothing).

    Returns
    -------
    average, used, screened : the average moving range and how many ranges it rests on and leaves
        out; NaN where there is none.

    References
    ----------
    Nelson LS. Control charts for individual measurements. Journal of Quality Technology
    1982;14:172-173.
    """
    y, joined = np.asarray(values, dtype=float), np.asarray(follows, dtype=bool)
    ranges = np.abs(np.diff(y))[joined[1:]]
    if ranges.size == 0:
        return float("nan"), 0, 0
    screened = ranges[ranges < SCREEN * ranges.mean()]
    if (
        not screened.any()
    ):  # no range kept, or none above 0: the screen would leave limits of no width
        screened = ranges
    return float(screened.mean()), len(screened), len(ranges) - len(screened)


def laney_sigma_z(
    positive: npt.ArrayLike, respondents: npt.ArrayLike, follows: npt.ArrayLike
) -> tuple[float, int]:
    """How many times as much as chance do proportions swing from one month to the next?

    Parameters
    ----------
    positive, respondents : arrays of counts in order.
    follows : flags of equal length: the point directly follows the one before.

    Returns
    -------
    sigma_z, used : the average moving range of the z-scores over 1.128, and how many ranges it
        rests on; 0 where nobody or everybody is positive, NaN where there is no range.

    References
    ----------
    Laney DB. Improved control charts for attributes. Quality Engineering 2002;14:531-537.
    """
    x, n = np.asarray(positive, dtype=float), np.asarray(respondents, dtype=float)
    joined = np.asarray(follows, dtype=bool)[1:]
    if not joined.any():
        return float("nan"), 0
    pooled = x.sum() / n.sum()
    if pooled in (0.0, 1.0):
        return 0.0, int(joined.sum())
    z = (x / n - pooled) / np.sqrt(pooled * (1 - pooled) / n)
    return float(np.abs(np.diff(z))[joined].mean() / RANGE_CONSTANT), int(joined.sum())


def side_of_centre(values: npt.ArrayLike, centre: npt.ArrayLike) -> Signs:
    """On which side of the centre is each point? 1 above, -1 below, 0 on it."""
    y, middle = np.asarray(values, dtype=float), np.asarray(centre, dtype=float)
    apart = np.abs(y - middle) > _NOTHING * np.maximum(np.abs(y), np.abs(middle))
    return np.where(apart, np.sign(y - middle), 0.0).astype(np.int64)


def outside_limits(values: npt.ArrayLike, lower: npt.ArrayLike, upper: npt.ArrayLike) -> Signs:
    """Which points lie beyond a limit? 1 above the upper, -1 below the lower; on it is inside."""
    y = np.asarray(values, dtype=float)
    return (y > np.asarray(upper)).astype(np.int64) - (y < np.asarray(lower)).astype(np.int64)


def seven_point_shift(side: npt.ArrayLike) -> Signs:
    """Which points belong to 7 or more in a row on one side of the centre? A 0 breaks the row."""
    signs = np.asarray(side, dtype=np.int64)
    marked = np.zeros(len(signs), dtype=np.int64)
    for first, stop, sign in _runs(signs):
        if stop - first >= RUN:
            marked[first:stop] = sign
    return marked


def seven_point_trend(values: npt.ArrayLike) -> Signs:
    """Which points belong to 7 or more in a row, each higher (or each lower) than the one before?

    A tie breaks the row. A point that ends one trend and starts the next belongs to the next.
    """
    y = np.asarray(values, dtype=float)
    marked = np.zeros(len(y), dtype=np.int64)
    for first, stop, sign in _runs(np.sign(np.diff(y)).astype(np.int64)):
        if sign and stop - first >= RUN - 1:  # 7 points have 6 steps between them
            marked[first : stop + 1] = sign
    return marked


def two_in_three(near: npt.ArrayLike, side: npt.ArrayLike) -> Signs:
    """Which points near a limit are 2 or more of 3 in a row on one side of the centre?

    Parameters
    ----------
    near : 1 where a point lies between the upper limit and two thirds of the way to it, -1 by the
        lower, else 0. A point outside the limits is not near.
    side : 1 above the centre, -1 below, 0 on it.

    Returns
    -------
    Array: 1 or -1 at the points near a limit, 0 at all others, the third of the three as well.
    """
    close, signs = np.asarray(near, dtype=np.int64), np.asarray(side, dtype=np.int64)
    marked = np.zeros(len(close), dtype=np.int64)
    for first in range(len(close) - 2):
        three = slice(first, first + 3)
        if abs(signs[three].sum()) == 3 and np.count_nonzero(close[three]) >= 2:
            marked[three] = np.where(close[three] != 0, close[three], marked[three])
    return marked


def _segment(
    first: int,
    stop: int,
    base: slice,
    centre: float,
    swing: float,
    used: int,
    screened: int,
    *,
    enough: bool,
    flat: bool,
) -> Segment:
    length = base.stop - first
    limits = Limits.SETTLED if length >= SETTLED_POINTS else Limits.TRIAL
    if not enough:
        limits = Limits.TOO_FEW
    elif flat:
        limits = Limits.NO_VARIATION
    return Segment(first, stop - first, length, limits, centre, swing, used, screened)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Limits at each point, and on which side of the centre it stands."""

    lower: Floats
    upper: Floats
    near_lower: Floats
    near_upper: Floats
    side: Signs


def _normal_bounds(
    values: Floats,
    segments: Sequence[Segment],
    half: Floats,
    within: tuple[float, float] = (-np.inf, np.inf),
) -> _Bounds:
    """Limits as far from the centre as chance goes where it is normal."""
    centre = np.full(len(values), np.nan)
    for segment in segments:
        if segment.limits is not Limits.TOO_FEW:
            centre[segment.first : segment.first + segment.points] = segment.centre
    ends = (centre + way * half for way in (-1, 1, -NEAR, NEAR))
    lower, upper, near_lower, near_upper = (np.clip(end, *within) for end in ends)
    return _Bounds(lower, upper, near_lower, near_upper, side_of_centre(values, centre))


def _exact_near_an_end(
    x: Floats, n: Floats, segments: Sequence[Segment], bounds: _Bounds
) -> _Bounds:
    """Limits and sides by the binomial's own tails in months with few answers of the rarer kind."""
    lower, upper, side = bounds.lower.copy(), bounds.upper.copy(), bounds.side.copy()
    near_lower, near_upper = bounds.near_lower.copy(), bounds.near_upper.copy()
    for segment in segments:
        if segment.limits not in (Limits.SETTLED, Limits.TRIAL):
            continue
        p, points = segment.centre, np.arange(segment.first, segment.first + segment.points)
        few = points[n[points] * min(p, 1 - p) < RARE]
        answers, positive = np.rint(n[few]), np.rint(x[few])
        for low, high, sigmas in ((lower, upper, SIGMAS), (near_lower, near_upper, NEAR * SIGMAS)):
            tail = stats.norm.sf(sigmas * max(1.0, segment.swing))
            least = stats.binom.ppf(tail, answers, p) / answers
            most = (answers - stats.binom.ppf(tail, answers, 1 - p)) / answers
            low[few], high[few] = np.minimum(low[few], least), np.maximum(high[few], most)
        above = np.asarray(stats.binom.sf(positive - 1, answers, p)) < 0.5
        below = np.asarray(stats.binom.cdf(positive, answers, p)) < 0.5
        side[few] = above.astype(np.int64) - below.astype(np.int64)
    return _Bounds(lower, upper, near_lower, near_upper, side)


def _chart(
    chart: Chart,
    values: Floats,
    segments: list[Segment],
    bounds: _Bounds,
    follows: Flags,
    gap: Flags,
    improvement: int,
) -> ControlChart:
    """The limits at each point, the rules stretch by stretch, and what both come to."""
    count = len(values)
    centre, ruled = np.full(count, np.nan), np.zeros(count, dtype=bool)
    too_few = np.zeros(count, dtype=bool)
    for segment in segments:
        points = slice(segment.first, segment.first + segment.points)
        too_few[points] = segment.limits is Limits.TOO_FEW
        ruled[points] = segment.limits in (Limits.SETTLED, Limits.TRIAL)
        if segment.limits is not Limits.TOO_FEW:
            centre[points] = segment.centre
    side = bounds.side
    outside = outside_limits(values, bounds.lower, bounds.upper)
    near = np.where(outside == 0, outside_limits(values, bounds.near_lower, bounds.near_upper), 0)
    marks = {signal: np.zeros(count, dtype=np.int64) for signal in Signal}
    marks[Signal.OUTSIDE] = outside
    for first, stop, _ in _runs(np.cumsum(~follows)):
        run = slice(first, stop)
        marks[Signal.TREND][run] = seven_point_trend(values[run])
        marks[Signal.TWO_IN_THREE][run] = two_in_three(near[run], side[run])
        marks[Signal.SHIFT][run] = seven_point_shift(side[run])

    signals, direction = [], np.zeros(count, dtype=np.int64)
    for at in range(count):
        signal = next((kind for kind in Signal if ruled[at] and marks[kind][at]), Signal.NONE)
        signals.append(signal)
        direction[at] = marks[signal][at]
    words = {0: Variation.COMMON, 1: Variation.IMPROVEMENT, -1: Variation.CONCERN}
    variation = tuple(
        Variation.TOO_FEW if few else words[int(sign) * improvement]
        for few, sign in zip(too_few, direction, strict=True)
    )
    return ControlChart(
        chart=chart,
        values=values,
        centre=centre,
        lower=bounds.lower,
        upper=bounds.upper,
        near_lower=bounds.near_lower,
        near_upper=bounds.near_upper,
        signal=tuple(signals),
        direction=direction,
        variation=variation,
        gap_before=gap,
        segments=tuple(segments),
        improvement=improvement,
    )


def _layout(
    months: npt.ArrayLike | None, count: int, rebase: Sequence[int]
) -> tuple[Flags, Signs, Flags]:
    """Which points directly follow the one before, which segment each is in, where a gap lies."""
    when = np.arange(count) if months is None else np.asarray(months)
    if when.shape != (count,) or not np.issubdtype(when.dtype, np.integer):
        raise ValueError(f"months must be {count} whole numbers, one for each value")
    steps = np.diff(when)
    if (steps <= 0).any():
        raise ValueError("months must rise strictly: sort the points and pool equal months")
    group = np.searchsorted(np.sort(np.asarray(rebase, dtype=np.int64)), when, side="right")
    gap = np.concatenate([[False], steps > 1])
    same = np.concatenate([[False], np.diff(group) == 0])
    return same & ~gap, group.astype(np.int64), gap


def _check_options(fix_after: int | None, improvement: int) -> None:
    if fix_after is not None and fix_after < SETTLED_POINTS:
        raise ValueError(f"fix_after must be {SETTLED_POINTS} points or more, not {fix_after}")
    if improvement not in (1, -1):
        raise ValueError("improvement must be 1 (up is good) or -1 (down is good)")


def _array(values: npt.ArrayLike, name: str) -> Floats:
    array = np.asarray(values, dtype=float)
    if array.ndim != 1 or not np.isfinite(array).all():
        raise ValueError(f"{name} must be one row of numbers, none missing: leave a month out")
    if array.size == 0:
        raise TooFewPairs("There is no month to draw.")
    return array


def _runs(signs: npt.NDArray[np.int64]) -> Iterator[tuple[int, int, int]]:
    """Rows of equal numbers: where each starts, where the next one starts, and the number."""
    edges = [0, *(np.flatnonzero(np.diff(signs)) + 1).tolist(), len(signs)]
    for first, stop in zip(edges, edges[1:], strict=False):
        if stop > first:
            yield first, stop, int(signs[first])
