"""Are two sources two sources? Where the same people answered both, agreement would say nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binom, poisson

from pxcore.analysis.joining.periods import Side, placing
from pxcore.analysis.rows import each
from pxcore.disclosure import enough
from pxcore.model import Disclosure, Pairing, Period
from pxcore.stats.overlap import overlap, same_counts, scatter_by_chance, steadiness
from pxcore.store import Store

FEWEST_ROWS = 10
EVER = Period(date(1900, 1, 1), date(2200, 1, 1))
# Of the fewer answers, seemingly in both: under this two sources are two, for all they have in common.
SHARE_SHARED = 0.2
# A quarter of the fewer rows meeting with the same answer, three times as often as a little later.
SHARE_OF_ROWS = 0.25
TIMES_CHANCE = 3
# Chance of one sign at one pair of sources, over all its organisations; three signs are looked at.
BY_CHANCE = 0.002
# The same number of answers and of positive ones, in three periods or in a whole wave of many.
FEWEST_PERIODS = 3
SHARE_OF_PERIODS = 0.5
SHARE_OF_PROVIDERS = 0.2  # of all compared on one period: too many to be chance
CELLS = ("sign", "lag", "unit", "left_answers", "right_answers", "cells")


class Sign(StrEnum):
    """By what two sources give themselves away as one."""

    TIME = "time"  # answers stand in both at one time, or so many minutes apart throughout
    DAY = "day"  # on one day, or one day apart throughout
    MONTH = "month"  # their numbers move together, period by period
    COUNTS = "counts"  # the very same numbers, in many periods of one organisation
    WAVE = "wave"  # the very same numbers, at many organisations


# Times as they come take half of that chance, the others that are tried share the rest.
OTHER_LAGS = {Sign.TIME: 104, Sign.DAY: 2, Sign.MONTH: 0}


@dataclass(frozen=True, slots=True)
class SameAnswers:
    """What was noticed of one organisation: that two sources seem to hold the same answers."""

    sign: Sign
    share: float = 0.0  # of the fewer answers, to a tenth: worked out from single responses
    lag: int = 0  # minutes (of the time) or days (of the day) between the two
    together: bool = False  # noticed of this and other organisations taken together
    alike: int = 0  # periods, or other organisations, with the very same numbers
    periods: int = 0  # that could be compared


@dataclass(frozen=True, slots=True)
class Independence:
    """Whose two sources seem to be the same people, and by what evidence."""

    units: tuple[str, ...]  # providers whose two figures are not independent
    evidence: dict[str, SameAnswers]  # by provider
    compared: int  # providers that could be looked at


def independence(
    store: Store, left: Side, right: Side, pairing: Pairing, service: str
) -> Independence:
    """Look for the same people in both sources, over all they have in common: by single responses, else
    by identical counts.

    `pairing` names the level compared; its area and period do not matter.
    """
    query: dict[str, Any] = {}
    for which, side in (("left", left), ("right", right)):
        placed = placing(side, pairing, service, EVER)
        query |= placed | {f"{which}_{name}": value for name, value in placed.items()}
    counted = store.query("shared_counts", **query)
    in_rows = set(store.query("response_sources")["source"])
    cells = (
        store.query("shared_cells", **query)
        if {left.source, right.source} <= in_rows
        else pd.DataFrame(columns=list(CELLS))
    )
    return same_people(
        counted, cells, lambda: store.query("shared_days", **query), pairing.disclosure
    )


def same_people(
    counted: pd.DataFrame,
    cells: pd.DataFrame,
    days: Callable[[], pd.DataFrame],
    disclosure: Disclosure,
) -> Independence:
    """Look for the same people in what the two sources hold; needs no database.

    Parameters
    ----------
    counted : one row per organisation and period, as ask/shared_counts.sql tells it.
    cells : answers held one a row, in cells, as ask/shared_cells.sql tells them; empty where one of
        the sources holds none so.
    days : gives the steps from week to week of ask/shared_days.sql, where they are needed.
    disclosure : whose two figures are the same is told by name, never from fewer answers than may be shown.
    """
    evidence = _by_month(counted, disclosure)
    both = counted[_many(counted[["left_answers", "right_answers"]].min(axis=1), disclosure)]
    evidence |= _by_counts(both)
    rows = {
        sign: _of_many(cells[cells["sign"] == sign], disclosure) for sign in ("time", "late", "day")
    }
    evidence |= _by_day(rows["day"], days)
    evidence |= _by_time(rows["time"], rows["late"])
    return Independence(
        units=tuple(sorted(evidence)),
        evidence=evidence,
        compared=len({*both["unit"], *rows["time"]["unit"], *rows["day"]["unit"]}),
    )


def _many(answers: pd.Series, disclosure: Disclosure) -> pd.Series:
    """Whether the fewer answers of two sources are enough to look at, and to be told of."""
    return (answers >= FEWEST_ROWS) & enough(answers, disclosure)


def _of_many(rows: pd.DataFrame, disclosure: Disclosure) -> pd.DataFrame:
    """The cells of the organisations with enough answers in both."""
    if rows.empty:
        return rows
    totals = rows.assign(
        left=rows["left_answers"] * rows["cells"], right=rows["right_answers"] * rows["cells"]
    )
    answers = totals.groupby(["lag", "unit"])[["left", "right"]].transform("sum").min(axis=1)
    return rows[_many(answers, disclosure)]


def _by_time(rows: pd.DataFrame, late: pd.DataFrame) -> dict[str, SameAnswers]:
    if rows.empty:
        return {}
    noticed = SameAnswers(Sign.TIME, lag=abs(int(rows["lag"].iloc[0]) * 5))
    return _shared(rows, noticed, 1.0, likely=_met(rows, late))


def _met(rows: pd.DataFrame, late: pd.DataFrame) -> set[str]:
    """The organisations at which far more answers meet than with one source a quarter of an hour late. It is
    no proof: paper forms typed in together carry one time too."""
    if rows.empty:
        return set()
    counted = []
    for cells in (rows, late):
        fewer = cells[["left_answers", "right_answers"]].min(axis=1) * cells["cells"]
        counted.append(fewer.groupby(cells["unit"]).sum())
    met, by_chance = counted[0], counted[1].reindex(counted[0].index, fill_value=0)
    left, right = (
        (rows[f"{which}_answers"] * rows["cells"]).groupby(rows["unit"]).sum()
        for which in ("left", "right")
    )
    many = (met >= SHARE_OF_ROWS * np.minimum(left, right)) & (met >= TIMES_CHANCE * by_chance)
    chance = poisson.sf(met - 1, by_chance + 1) * len(met) * math.exp(_tries(Sign.TIME, 1))
    return {str(unit) for unit in met.index[many & (chance < BY_CHANCE / 2)]}


def _by_day(rows: pd.DataFrame, days: Callable[[], pd.DataFrame]) -> dict[str, SameAnswers]:
    evidence: dict[str, SameAnswers] = {}
    for lag, of_lag in rows.groupby("lag"):
        noticed = SameAnswers(Sign.DAY, lag=1 if lag else 0)
        shared = _shared(of_lag, noticed, 1.0)
        if shared:  # a set number of answers a day would be as even
            shared = _shared(of_lag, noticed, _scatter(days(), of_lag))
        evidence = shared | evidence if lag else evidence | shared
    return evidence


def _by_month(rows: pd.DataFrame, disclosure: Disclosure) -> dict[str, SameAnswers]:
    """Counts by period and answer that move together beyond chance."""
    whole = rows.groupby("unit")[["left_answers", "right_answers"]].transform("sum").min(axis=1)
    rows = rows[_many(whole, disclosure)]
    if rows.empty:
        return {}
    steps = pd.concat(
        [
            pd.DataFrame(
                {"which": which, "now": answers, "before": answers.groupby(rows["unit"]).shift()}
            )
            for which in ("left", "right")
            for answers in (rows[f"{which}_answers"],)
        ]
    ).dropna()
    cells = pd.concat(
        [
            pd.DataFrame(
                {
                    "unit": rows["unit"],
                    "left_answers": left,
                    "right_answers": right,
                    "cells": 1,
                    "lag": 0,
                }
            )
            for left, right in (
                (rows["left_positive"], rows["right_positive"]),
                (
                    rows["left_answers"] - rows["left_positive"],
                    rows["right_answers"] - rows["right_positive"],
                ),
            )
        ]
    )
    for which in ("left", "right"):
        cells[f"{which}_answers"] = cells[f"{which}_answers"].round().clip(lower=0)
    return _shared(cells, SameAnswers(Sign.MONTH), _scatter(steps, cells))


def _scatter(steps: pd.DataFrame, cells: pd.DataFrame) -> float:
    """The scatter by chance, where one of the sources takes a set number of answers."""
    of = {which: steps[steps["which"] == which] for which in ("left", "right")}
    left, right = (steadiness(of[which]["now"], of[which]["before"]) for which in of)
    answers = [
        float((cells[f"{side}_answers"] * cells["cells"]).sum()) for side in ("left", "right")
    ]
    return scatter_by_chance(left, right, answers[0] / max(1.0, sum(answers)))


def _shared(
    rows: pd.DataFrame, noticed: SameAnswers, steady: float, likely: Collection[str] = ()
) -> dict[str, SameAnswers]:
    """The organisations at which two sources hold the same answers by the sign `noticed`: each by itself
    (those `likely` by another sign are not one of many tries), and those left over taken together."""
    if rows.empty:
        return {}
    group, named = pd.factorize(rows["unit"])
    units = [str(unit) for unit in named]
    left, right = rows["left_answers"].to_numpy(), rows["right_answers"].to_numpy()
    times = rows["cells"].to_numpy()
    alone = overlap(left, right, group, times, steady=steady)
    # half of the chance for each by itself, half for those left over
    least = math.log(BY_CHANCE / 2) - _tries(noticed.sign, int(rows["lag"].iloc[0]))
    line = np.where(
        np.isin(units, list(likely)), math.log(BY_CHANCE / 2), least - math.log(len(units))
    )
    same = (alone.log_chance < line) & (alone.shared >= SHARE_SHARED)
    evidence = {
        units[place]: replace(noticed, share=_tenths(alone.shared[place]))
        for place in np.flatnonzero(same)
    }
    rest = ~same[group]
    if not rest.any() or same.sum() + 1 == len(units):
        return evidence
    others, left_over = pd.factorize(group[rest])
    both = overlap(left[rest], right[rest], others, times[rest], steady=steady, together=True)
    if both.log_chance[0] < least and both.shared[0] >= SHARE_SHARED:
        together = replace(noticed, share=_tenths(both.shared[0]), together=True)
        evidence |= {units[place]: together for place in left_over}
    return evidence


def _tenths(share: float) -> float:
    """An estimate worked out from single responses is no finer than a tenth."""
    return round(float(share), 1)


def _tries(sign: Sign, lag: int) -> float:
    """The log of how many times one sign was tried, as far as it counts at this lag."""
    others = OTHER_LAGS[sign]
    return math.log(2.0 * others if lag else 2.0) if others else 0.0


def _by_counts(rows: pd.DataFrame) -> dict[str, SameAnswers]:
    """The very same numbers, oftener than chance."""
    if rows.empty:
        return {}
    left, right = rows[["left_answers", "left_positive"]], rows[["right_answers", "right_positive"]]
    identical = (left["left_answers"] == right["right_answers"]) & (
        (left["left_positive"] - right["right_positive"]).abs() < 0.5
    )
    kinds = (
        np.column_stack([side.iloc[:, 1], side.iloc[:, 0] - side.iloc[:, 1]])
        for side in (left, right)
    )
    chance = same_counts(*kinds)
    periods = (
        pd.DataFrame({"unit": rows["unit"], "identical": identical, "chance": chance})
        .groupby("unit", as_index=False)
        .agg(periods=("unit", "size"), identical=("identical", "sum"), chance=("chance", "mean"))
    )
    luck = binom.sf(periods["identical"] - 1, periods["periods"], periods["chance"])
    many = periods[
        (periods["identical"] >= FEWEST_PERIODS)
        & (periods["identical"] >= SHARE_OF_PERIODS * periods["periods"])
        & (luck * len(periods) < BY_CHANCE)
    ]
    evidence = {
        str(row.unit): SameAnswers(Sign.COUNTS, alike=int(row.identical), periods=int(row.periods))
        for row in each(many)
    }
    once = periods[(periods["identical"] > 0) & (periods["identical"] == periods["periods"])]
    by_chance = float(chance.mean() ** periods["periods"].min())
    if (
        len(once) >= FEWEST_PERIODS
        and len(once) >= SHARE_OF_PROVIDERS * len(periods)
        and binom.sf(len(once) - 1, len(periods), by_chance) < BY_CHANCE
    ):
        wave = SameAnswers(Sign.WAVE, alike=len(once) - 1)
        evidence |= {str(unit): wave for unit in once["unit"]}
    return evidence
