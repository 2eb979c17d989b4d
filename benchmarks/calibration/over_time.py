"""Series over time in which nothing happens, or one thing does, and what the delivered statistics say.

A data set is one series, or two beside each other: no organisations and no files are drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy import signal

from benchmarks.calibration.measures import Tally
from benchmarks.calibration.world import SEED
from pxcore.stats.control_chart import Signal, p_chart, xmr_chart
from pxcore.stats.lead_lag import Leads, lead_lag
from pxcore.stats.trend import MOVES, Direction, trend

CHARTED = 24  # months of a control chart
FEW, CEILING = 12, 0.98  # answers a month, and the share of them that is positive
ALIKE = 0.9  # correlation of neighbouring months
LENGTHS = (24, 36, 48, 60)
IN_COMMON = (36, 60)  # months of two series
SEASON = 3.0  # spread of the months of the year, in standard deviations of the rest
DELAY, FOLLOWED = 3, 0.8  # months, and how far the second then follows the first

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OverTime:
    """One kind of series: in words, and what is counted on one data set of it."""

    title: str
    tally: Callable[[np.random.Generator], Tally]


def _chance(random: np.random.Generator) -> Tally:
    """Whether anything is marked on a chart of chance alone."""
    charts = {
        "marked p_prime": p_chart(random.binomial(FEW, CEILING, CHARTED), [FEW] * CHARTED),
        "marked xmr": xmr_chart(random.standard_normal(CHARTED)),
    }
    return {
        name: (float(set(chart.signal) != {Signal.NONE}), 1.0) for name, chart in charts.items()
    }


def _slow_swings(random: np.random.Generator) -> Tally:
    """Whether a direction is shown of months without one that resemble their neighbours."""
    told: Tally = {}
    for months in LENGTHS:
        swings = (
            random.standard_normal(months) * np.r_[1, np.full(months - 1, np.sqrt(1 - ALIKE**2))]
        )
        at = np.arange(months)
        way = trend(signal.lfilter([1], [1, -ALIKE], swings), at / 12, at % 12).direction()
        told[f"direction {months}"] = (float(way in MOVES), 1.0)
        told[f"cannot_tell {months}"] = (float(way is Direction.CANNOT_TELL), 1.0)
    return told


def _shared_season(random: np.random.Generator) -> Tally:
    """Whether one source is said to lead where both have a season, one of them some months later; without
    anything else in common, and where the second truly follows."""
    told: Tally = {}
    for months in IN_COMMON:
        at, year, later = np.arange(months), random.normal(0, SEASON, 12), random.integers(0, 7)
        moves, rest = random.standard_normal(months + DELAY), random.standard_normal(months)
        first = moves[DELAY:] + year[at % 12]
        season = year[(at - later) % 12]
        followed = FOLLOWED * moves[:-DELAY] + np.sqrt(1 - FOLLOWED**2) * rest
        apart, led = (lead_lag(first, at, second + season, at) for second in (rest, followed))
        told[f"false_lead {months}"] = (float(apart.state is not Leads.NONE), 1.0)
        told[f"true_lead {months}"] = (float(led.lag == DELAY), 1.0)
    return told


SERIES = {
    "chance_over_time": OverTime("24 months in which nothing but chance varies", _chance),
    "slow_swings": OverTime("months without trend, neighbours correlating at 0.9", _slow_swings),
    "shared_season": OverTime("two sources that share a season, one later", _shared_season),
}


def tallies(name: str, sets: Iterable[int]) -> list[Tally]:
    """What is counted on each data set; the same number gives the same one."""
    return [
        SERIES[name].tally(np.random.default_rng([SEED, crc32(name.encode()), number]))
        for number in sets
    ]
