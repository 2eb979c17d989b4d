"""Do forecasts come true as often as they say? Brier's score, its parts, and the base rate beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pxcore.errors import TooFewPairs
from pxcore.stats.intervals import Interval, wilson

FEWEST_FORECASTS = 10  # of fewer nothing is said
GROUPS = 5  # of chances, equally wide
DRAWS, SEED = 10_000, 20261130


@dataclass(frozen=True, slots=True)
class ForecastGroup:
    """Forecasts of about the same chance."""

    forecasts: int
    chance: float  # their mean
    share: float  # of them that came about
    interval: Interval  # of the share


@dataclass(frozen=True, slots=True)
class ForecastScore:
    """How good forecasts were: 0 is perfect, 0.25 is always to say one half."""

    forecasts: int
    brier: float
    interval: Interval
    base_rate: float  # share of all that came about
    base_brier: float  # of always saying that share
    gain: float  # base_brier less brier: above 0, forecasts say more than the base rate
    gain_interval: Interval
    reliability: float  # how far chances lie from what came about; 0 is calibrated
    resolution: float  # how far they tell apart what comes about; spread inside groups included
    uncertainty: float  # brier is reliability less resolution plus this
    groups: tuple[ForecastGroup, ...]  # those that hold a forecast, the least likely first


def forecast_score(chance: npt.ArrayLike, outcome: npt.ArrayLike) -> ForecastScore:
    """Were forecasts right as often as they said, and better than always saying the base rate?

    Parameters
    ----------
    chance : array of probabilities, 0-1, at least 10.
    outcome : array of the same length; true (1) where it came about.

    Returns
    -------
    ForecastScore. Its ranges are the middle 95 % of 10,000 bootstrap samples of the forecasts, from a
    fixed seed; the base rate is that of each sample. The groups are fifths of the chance.

    Notes
    -----
    The base rate is known only afterwards, so that to be no worse than it is already something.
    The range treats forecasts as independent of each other: those of one room on one day are less than that,
    and their range is then somewhat wider than said. With few forecasts it is too narrow besides.

    Raises TooFewPairs under 10 forecasts, ValueError for a chance outside 0 to 1.

    References
    ----------
    Brier GW. Verification of forecasts expressed in terms of probability. Monthly Weather Review
    1950;78:1-3.
    Murphy AH. A new vector partition of the probability score. Journal of Applied Meteorology
    1973;12:595-600.
    Stephenson DB, Coelho CAS, Jolliffe IT. Two extra components in the Brier score decomposition.
    Weather and Forecasting 2008;23:752-757 (what is spread inside groups).
    """
    p, o = np.asarray(chance, dtype=float), np.asarray(outcome, dtype=float)
    if len(p) < FEWEST_FORECASTS:
        raise TooFewPairs(
            f"{len(p)} forecasts are too few to be scored; it takes {FEWEST_FORECASTS}."
        )
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("a chance lies between 0 and 1")
    losses, rate = (p - o) ** 2, float(o.mean())
    brier, base = float(losses.mean()), rate * (1 - rate)
    drawn = np.random.default_rng(SEED).integers(0, len(p), size=(DRAWS, len(p)))
    briers, rates = losses[drawn].mean(axis=1), o[drawn].mean(axis=1)
    group = np.minimum((p * GROUPS).astype(int), GROUPS - 1)
    groups, reliability = [], 0.0
    for place in np.unique(group):
        inside = group == place
        of_group, mean, share = int(inside.sum()), float(p[inside].mean()), float(o[inside].mean())
        low, high = wilson(share, of_group)
        groups.append(ForecastGroup(of_group, mean, share, Interval(float(low), float(high))))
        reliability += of_group * (mean - share) ** 2 / len(p)
    return ForecastScore(
        forecasts=len(p),
        brier=brier,
        interval=_middle(briers),
        base_rate=rate,
        base_brier=base,
        gain=base - brier,
        gain_interval=_middle(rates * (1 - rates) - briers),
        reliability=reliability,
        resolution=reliability + base - brier,
        uncertainty=base,
        groups=tuple(groups),
    )


def _middle(draws: npt.NDArray[np.float64]) -> Interval:
    low, high = np.quantile(draws, [0.025, 0.975])
    return Interval(float(low), float(high))
