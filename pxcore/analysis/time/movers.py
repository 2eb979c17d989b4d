"""Which organisations move? One source, each organisation by itself, held to a false-discovery rate."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pxcore.analysis.joining.periods import Side, breaks_of
from pxcore.analysis.time.history import AREAS, Cells, Every, View, by_organisation, in_area
from pxcore.analysis.time.series import leap
from pxcore.analysis.time.trends import speakers
from pxcore.disclosure import OfOne, Released, release
from pxcore.model import Grain
from pxcore.stats.multiplicity import discovery_rates
from pxcore.stats.trend import FEWEST_POINTS, MOVES, SHOWN, trend
from pxcore.store import Store

LATE = 6  # months before the end of the source at which an organisation must still report


@dataclass(frozen=True, slots=True)
class MoversReport:
    """Every organisation with enough points on one source, and which way it goes."""

    side: Side
    rows: Released  # one row per organisation tested: those that show a direction first
    level: Grain
    left_out: Released  # organisations whose numbers of answers changed too much

    @property
    def leapt(self) -> int:
        """How many of the area looked at are left out because their numbers of answers changed too much."""
        return int(self.left_out["in_area"].sum())

    @property
    def shown(self) -> Released:
        """Those of the area looked at."""
        return self.rows[self.rows["in_area"].astype(bool)]  # of nobody, the column has no kind

    @property
    def moving(self) -> Released:
        return self.shown[self.shown["direction"].isin(MOVES)]


def within(whole: MoversReport, view: View) -> MoversReport:
    """The same in view of an area, which chooses whom to show and changes no direction."""
    rows, left_out = (
        frame.assign(in_area=in_area(frame, view)) for frame in (whole.rows, whole.left_out)
    )
    return replace(whole, rows=rows, left_out=left_out)


def movers(store: Store, side: Side, view: View, source: Cells) -> MoversReport | None:
    """The direction of every organisation on one monthly source of percentages; None for others.

    Tested over all organisations of the level, whatever area is looked at; since the last break of the
    source, on the points that may be shown.
    """
    whole = _movers(store, side, view, source)
    return None if whole is None else within(whole, view)


def _movers(store: Store, side: Side, view: View, source: Cells) -> MoversReport | None:
    cells = by_organisation(source)
    if source.every is not Every.MONTH or side.unit != "proportion" or cells.empty:
        return None
    last = max(
        (on for on, _ in breaks_of(side) if pd.Timestamp(on) <= cells["period_start"].max()),
        default=None,
    )
    if last is not None:
        cells = cells[cells["period_start"] >= pd.Timestamp(last)]
    names = speakers(store, view.organisation).drop_duplicates("unit").set_index("unit")["name"]
    latest = int(cells["position"].max())
    rows, leapt = [], []
    for unit, points in cells.groupby("unit", sort=False):
        places = points["position"].to_numpy(dtype=np.int64)
        if len(points) < FEWEST_POINTS or places[-1] <= latest - LATE:
            continue
        first = points.iloc[0]
        where = {level: str(first[level]) for level in AREAS}
        if leap(points["respondents"]):
            leapt.append({"unit": str(unit)} | where)
            continue
        direction = trend(points["value"].to_numpy(dtype=float), places / 12, places % 12)
        rows.append(
            {
                "unit": str(unit),
                "name": str(names.get(unit, unit)),
                "slope": direction.slope,
                "low": direction.interval.low,
                "high": direction.interval.high,
                "p_value": direction.test.p_value,
                "points": len(points),
                "answers": float(points["respondents"].sum()),
                "trend": direction,
            }
            | where
        )
    tested = Released(
        rows,
        columns=[
            "unit", "name", "slope", "low", "high", "p_value", "points", "answers", "trend", *AREAS,
        ],
    )  # fmt: skip
    tested["q_value"] = discovery_rates(
        np.where([way.tells for way in tested["trend"]], tested["p_value"], np.nan)
    )
    tested["direction"] = [
        way.direction(q).value for way, q in zip(tested["trend"], tested["q_value"], strict=True)
    ]
    tested = tested.drop(columns="trend").assign(shows=tested["q_value"] <= SHOWN)
    tested = tested.sort_values(["shows", "p_value"], ascending=[False, True], kind="stable")
    tested = tested.drop(columns="shows").reset_index(drop=True)
    if source.confidential:
        tested = release(tested, view.disclosure, OfOne(chances=("p_value", "q_value")))
    return MoversReport(
        side=side,
        rows=tested,
        level=view.level,
        left_out=Released(leapt, columns=["unit", *AREAS]),
    )
