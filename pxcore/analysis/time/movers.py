"""Which organisations move? One source, each organisation by itself, held to a false-discovery rate."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pxcore.analysis.joining.periods import Side, breaks_of
from pxcore.analysis.time.history import AREAS, Cells, Every, View, in_area, one_by_one
from pxcore.analysis.time.series import DIRECTION_WORDS, leap, signed
from pxcore.analysis.time.trends import speakers
from pxcore.disclosure import Released
from pxcore.model import GRAIN_TITLES
from pxcore.stats.trend import FEWEST_POINTS, SHOWN, Direction, q_values, trend
from pxcore.store import Store
from pxcore.words.english import tested_together

LATE = 6  # months before the end of the source at which an organisation must still report


@dataclass(frozen=True, slots=True)
class MoversReport:
    """Every organisation with enough points on one source, and which way it goes."""

    side: Side
    rows: Released  # one row per organisation tested: those that show a direction first
    many: str  # practices or trusts
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
        return self.shown[self.shown["direction"] != Direction.NOT_SHOWN.value]

    def summary(self) -> str:
        """How many move, and what that rests on."""
        said = self._said()
        if self.leapt:
            said += (
                f" {self.leapt:,} with a leap in the number of answers {'is' if self.leapt == 1 else 'are'} "
                "left out: few and many answers a month cannot be compared."
            )
        return said

    def _said(self) -> str:
        here, moving = self.shown, self.moving
        if here.empty:
            return (
                f"{self.side.short_title}: none of the {self.many} here has the {FEWEST_POINTS} points "
                "since the last break that a direction takes."
            )
        up = int((moving["direction"] == Direction.UP.value).sum())
        together = (
            f"tested together with all {len(self.rows):,}"
            if len(self.rows) > len(here)
            else "all tested together"
        )
        if moving.empty:
            return (
                f"{self.side.short_title}: "
                + (
                    f"of {len(here):,} {self.many} none"
                    if len(here) > 1
                    else f"the one that can be tested of the {self.many} here"
                )
                + f" shows {'a' if len(here) > 1 else 'no'} direction beyond chance ({together}). That is "
                "not to say that none moves."
            )
        return (
            f"{self.side.short_title}: {len(moving):,} of {len(here):,} {self.many} "
            f"show{'s' if len(moving) == 1 else ''} a direction, {up:,} "
            f"rising and {len(moving) - up:,} falling ({together}; about 1 in 20 of such findings is "
            "expected to be chance)."
        )

    def alone(self) -> str:
        """Organisations whose range leaves out 0 and that show no direction among all tested."""
        rows = self.shown
        here = (rows["low"] * rows["high"] > 0) & (rows["direction"] == Direction.NOT_SHOWN.value)
        return tested_together(list(rows.loc[here, "name"]), len(self.rows), "no trend is shown")

    def table(self) -> Released:
        """Every organisation tested, as shown."""
        rows = self.shown
        return rows.assign(
            way=[DIRECTION_WORDS[Direction(way)] for way in rows["direction"]],
            a_year=[
                f"{signed(slope * 100)} ({signed(low * 100)} to {signed(high * 100)})"
                for slope, low, high in zip(rows["slope"], rows["low"], rows["high"], strict=True)
            ],
        )


def within(whole: MoversReport, view: View) -> MoversReport:
    """The same in view of an area, which chooses whom to show and changes no direction."""
    rows, left_out = (
        found.assign(in_area=in_area(found, view)) for found in (whole.rows, whole.left_out)
    )
    return replace(whole, rows=rows, left_out=left_out)


def movers(store: Store, side: Side, view: View, told: Cells) -> MoversReport | None:
    """The direction of every organisation on one monthly source of percentages; None for others.

    Tested over all organisations of the level, whatever area is looked at; since the last break of the
    source, on the points that may be shown.
    """
    whole = _movers(store, side, view, told)
    return None if whole is None else within(whole, view)


def _movers(store: Store, side: Side, view: View, told: Cells) -> MoversReport | None:
    cells = one_by_one(told)
    if told.every is not Every.MONTH or side.unit != "proportion" or cells.empty:
        return None
    last = max(
        (on for on, _ in breaks_of(side) if pd.Timestamp(on) <= cells["period_start"].max()),
        default=None,
    )
    if last is not None:
        cells = cells[cells["period_start"] >= pd.Timestamp(last)]
    names = speakers(store, view.organisation).drop_duplicates("unit").set_index("unit")["name"]
    latest = int(cells["position"].max())
    tested, leapt = [], []
    for unit, points in cells.groupby("unit", sort=False):
        places = points["position"].to_numpy(dtype=np.int64)
        if len(points) < FEWEST_POINTS or places[-1] <= latest - LATE:
            continue
        first = points.iloc[0]
        where = {level: str(first[level]) for level in AREAS}
        if leap(points["respondents"]):
            leapt.append({"unit": str(unit)} | where)
            continue
        found = trend(points["value"].to_numpy(dtype=float), places / 12, places % 12)
        tested.append(
            {
                "unit": str(unit),
                "name": str(names.get(unit, unit)),
                "slope": found.slope,
                "low": found.interval.low,
                "high": found.interval.high,
                "p_value": found.test.p_value,
                "points": len(points),
                "answers": float(points["respondents"].sum()),
                "trend": found,
            }
            | where
        )
    rows = Released(
        tested,
        columns=[
            "unit", "name", "slope", "low", "high", "p_value", "points", "answers", "trend", *AREAS,
        ],
    )  # fmt: skip
    rows["q_value"] = q_values(rows["p_value"])
    rows["direction"] = [
        found.direction(q).value for found, q in zip(rows["trend"], rows["q_value"], strict=True)
    ]
    rows = rows.drop(columns="trend").assign(shows=rows["q_value"] <= SHOWN)
    rows = rows.sort_values(["shows", "p_value"], ascending=[False, True], kind="stable")
    return MoversReport(
        side=side,
        rows=rows.drop(columns="shows").reset_index(drop=True),
        many=GRAIN_TITLES[view.level][1],
        left_out=Released(leapt, columns=["unit", *AREAS]),
    )
