"""Does it last? How much of how two sources differ in one year is still there in the next."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pxcore.analysis.judging.evidence import Evidence
from pxcore.analysis.judging.judgement import Judgement, judgement
from pxcore.errors import PxError
from pxcore.model import Pairing, Period
from pxcore.stats.latent import Estimability, LatentCorrelation, latent_correlation
from pxcore.stats.spread import FEWEST_PEERS, peer_spread
from pxcore.store import Store


@dataclass(frozen=True, slots=True)
class LastingReport:
    """How alike the differences of two sources are in two years, chance taken out."""

    now: Judgement
    before: (
        Judgement | None
    )  # the same two sources a year earlier; None where they were not both loaded
    organisations: int  # judged in both years
    share: LatentCorrelation | None  # of the true differences that lasts; None of too few

    @property
    def estimated(self) -> bool:
        return self.share is not None and self.share.state is not Estimability.NOT_ESTIMABLE


def lasting(store: Store, pairing: Pairing) -> LastingReport:
    """Set the differences of two sources beside those of a year earlier, all areas together."""
    now = judgement(store, replace(pairing, area=""))
    earlier = _year_before(now)
    if earlier is None or now.not_compared():
        return LastingReport(now, None, 0, None)
    question = replace(now.alignment.pairing, area="", window=earlier)
    try:
        before = judgement(store, question)
    except PxError:  # nothing is loaded of that year
        return LastingReport(now, None, 0, None)
    if before.not_compared() or before.verdicts is None or now.verdicts is None:
        return LastingReport(now, None, 0, None)
    earlier_ones = _differences(before).add_suffix("_before")
    both = _differences(now).join(earlier_ones, how="inner").dropna()
    if len(both) < FEWEST_PEERS:
        return LastingReport(now, before, len(both), None)
    columns = [both[name].to_numpy() for name in both]
    gap, variance, gap_before, variance_before = columns
    share = latent_correlation(
        gap_before, variance_before, gap, variance,
        left_spread=peer_spread(gap_before, variance_before),
        right_spread=peer_spread(gap, variance),
    )  # fmt: skip
    return LastingReport(now, before, len(both), share)


def _year_before(now: Judgement) -> Period | None:
    """The time of the comparison, a year earlier, in the whole quarters nearest to it: fieldwork does not
    begin on the same day each year, and single responses are counted by the quarter."""
    periods = [side.period for side in (now.alignment.left, now.alignment.right) if side.period]
    if not periods:
        return None
    longest = max(periods, key=lambda period: period.days)
    year = pd.DateOffset(years=1)
    start = _nearest_quarter(pd.Timestamp(longest.start) - year)
    after = _nearest_quarter(pd.Timestamp(longest.end) - year + pd.Timedelta(days=1))
    after = max(after, start + pd.DateOffset(months=3))
    return Period(start.date(), (after - pd.Timedelta(days=1)).date())


def _nearest_quarter(day: pd.Timestamp) -> pd.Timestamp:
    """The first day of a quarter that is nearest."""
    before = day.to_period("Q").start_time
    after = before + pd.DateOffset(months=3)
    return before if day - before <= after - day else after


def _differences(judged: Judgement) -> pd.DataFrame:
    """Of each organisation judged: the gap of its two standings in typical differences, and its variance."""
    verdicts = judged.verdicts
    assert verdicts is not None
    cells = verdicts.cells
    units = cells.loc[cells["tested"], "unit"]
    (left, left_variance), (right, right_variance) = (
        _standings(source, units) for source in (verdicts.left, verdicts.right)
    )
    rows = pd.DataFrame({"gap": left - right, "variance": left_variance + right_variance})
    return rows.set_index(units)


def _standings(source: Evidence, units: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Exact distances from the centre in true standard deviations, and their variances."""
    spread, rows = source.spread, source.exact_of(units)
    if spread is None or spread.variance == 0:
        return np.full(len(units), np.nan), np.full(len(units), np.nan)
    scaled = (rows["scaled"].to_numpy(dtype=float) - spread.centre) / spread.deviation
    return scaled, rows["scaled_variance"].to_numpy(dtype=float) / spread.variance
