"""The cells of one source: an organisation in a month or wave, added up where that is allowed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from pxcore.analysis.joining.periods import Side, placing
from pxcore.analysis.judging.evidence import weigh
from pxcore.analysis.questions import ask_by
from pxcore.disclosure import (
    ANSWERED,
    Answers,
    Confidential,
    Released,
    added,
    is_confidential,
    release,
)
from pxcore.disclosure.perturbation import joined_key, parts_of_key, sum_of_keys
from pxcore.errors import TooFewPairs
from pxcore.model import Disclosure, Grain, Organisation, Pairing, Period, Settings, Withheld
from pxcore.store import Store

EVER = Period(date(1900, 1, 1), date(2200, 1, 1))

WORTH_HAVING = 0.5  # of the answers: where the steady ones give fewer, all are taken

PEERS_OVER = 12  # months, or their quarters, over which organisations are compared with each other

AREAS = ("pcn", "sub_icb", "icb", "region")

# of ANSWERED: what one row of a series does not have, or is worked out once people are counted
_SPAN = {"period_start": ("period_start", "min"), "period_end": ("period_end", "max")}

_NOT_OF_SERIES = ("heaviest", "within_variance", "weighted_value", "weighted_worth")


class Every(StrEnum):
    """How often a source speaks."""

    MONTH = "month"
    QUARTER = "quarter"
    WAVE = "wave"


@dataclass(frozen=True, slots=True)
class View:
    """Whose series are looked at: one organisation's, or those of all of an area together."""

    unit: str  # "" for all of the area together
    area: str  # "" for everywhere
    level: Grain  # practice or trust
    service: str
    organisation: Organisation
    disclosure: Disclosure

    @property
    def owner(self) -> str:
        """The organisation or area whose series it is: under which decisions about it are kept."""
        return self.unit or self.area


def _placed(side: Side, view: View) -> dict[str, Any]:
    """What places every row of a source, everywhere: what may be shown depends on all."""
    pairing = Pairing(side.source, "", grain=view.level.value, organisation=view.organisation)
    return placing(side, pairing, view.service, EVER)


@dataclass(frozen=True, slots=True)
class Cells:
    """Every organisation of the level on one source: one row each month, quarter or wave."""

    every: Every
    exact: Confidential  # what totals are added up from
    shown: Released  # what may not be shown is blank, `withheld` says why
    confidential: bool
    typical: float | None  # one typical difference between organisations
    files: Confidential  # one row per organisation: numbers of the extracts behind it
    spans: pd.DataFrame  # by position the first and the last day of it


def cells(store: Store, side: Side, view: View) -> Cells:
    """The cells of a source, whatever the organisation or area of the view."""
    known_by = side.source, side.measure, replace(view, unit="", area="")
    return ask_by(store, known_by, counted, side, view)


def counted(store: Store, side: Side, view: View) -> Cells:
    """The cells of a source, counted."""
    placed = _placed(side, view)
    every, rows = _paced(store.query("series", **placed), side)
    exact = _cells(rows, side, every)
    return Cells(
        every,
        Confidential(exact),
        release(exact, view.disclosure, Answers()),
        is_confidential(exact),
        _typical(exact, side, every),
        Confidential(store.query("series_extracts", **placed)),
        exact.groupby("position").agg(**_SPAN),
    )


def _paced(rows: pd.DataFrame, side: Side) -> tuple[Every, pd.DataFrame]:
    """How often the source speaks, and its rows with the position each belongs to.

    Community voice is shown by the quarter at every level: by the month it is nearly always too few.
    """
    days = (rows["period_end"] - rows["period_start"]).dt.days + 1
    monthly, quarterly = days <= 31, (days > 31) & (days <= 92)
    first = rows["period_start"].dt
    whole = (first.day == 1) & rows["period_end"].dt.is_month_end
    months = first.year * 12 + first.month - 1
    if side.signal == "survey" and monthly.any():
        # a survey of the people of one month a year is a wave, not a series of months
        due = months[monthly].max() - months[monthly].min() + 1
        monthly &= months[monthly].nunique() >= WORTH_HAVING * due
    if (monthly & whole).any():
        every = Every.QUARTER if side.signal == "community" else Every.MONTH
        rows = rows[monthly & whole]
    elif (quarterly & whole & (first.month % 3 == 1)).any() and side.signal != "survey":
        every = Every.QUARTER
        rows = rows[quarterly & whole & (first.month % 3 == 1)]
    else:
        every = Every.WAVE
        spans = list(zip(rows["period_start"], rows["period_end"], strict=True))
        waves = {span: place for place, span in enumerate(sorted(set(spans)))}
        return every, rows.assign(position=[waves[span] for span in spans])
    places = months[rows.index] // (3 if every is Every.QUARTER else 1)
    return every, rows.assign(position=places)


def _cells(rows: pd.DataFrame, side: Side, every: Every) -> pd.DataFrame:
    """One row per organisation and position: counts added, people counted once."""
    answered = (rows["parts"] > 0) & rows["value"].notna()
    figures = ("respondents", "positive", "value", "low", "high", "anonymous", *CARRIED)
    counted = rows.assign(
        **{column: rows[column].astype("float64").where(answered) for column in figures}
    )
    keys = ["unit", "position"]
    about = [*keys, *AREAS, "period_start", "period_end", "silent", "authors", "author_keys"]
    if not rows.duplicated(keys).any():
        cells = counted[[*about, *figures]]
    else:
        grouped = counted.groupby(keys, sort=False)
        texts = grouped.agg(
            **{area: (area, "last") for area in AREAS},
            **_SPAN,
            silent=("silent", "max"),
            authors=("authors", _together),
            author_keys=("author_keys", _together),
        )
        cells = summed(counted[[*keys, *figures]], keys).join(texts, on=keys)
        cells["low"] = cells["high"] = np.nan
    if (
        every is not Every.WAVE and side.unit == "proportion"
    ):  # counts are exact, percentages rounded
        exact = cells["positive"] / cells["respondents"].where(cells["respondents"] > 0)
        cells = cells.assign(value=exact.fillna(cells["value"]))
    # a figure without a number of answers stands on its publisher's rule
    silent = np.where(cells["value"].notna(), Withheld.NONE.value, Withheld.UNKNOWN.value)
    return with_people(cells).assign(withheld=silent).reset_index(drop=True)


CARRIED = tuple(name for name in ANSWERED if name not in _NOT_OF_SERIES)


def _together(lists: pd.Series) -> list[Any]:
    return [item for listed in lists for item in list_of(listed)]


def list_of(cell: Any) -> Sequence[Any]:
    """What a cell lists; nothing where it is blank."""
    return list(cell) if isinstance(cell, list | np.ndarray) else []


def summed(cells: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Counts and cell keys added up, and the share or mean of all answers together."""
    total = added(cells.assign(weight=cells["value"] * cells["respondents"]), by)
    share = total["positive"] / total["respondents"].where(total["respondents"] > 0)
    mean = total["weight"] / total["respondents"].where(total["respondents"] > 0)
    return total.assign(value=share.fillna(mean)).drop(columns="weight")


def with_people(cells: pd.DataFrame) -> pd.DataFrame:
    """With the people behind each cell, named authors once, and the most answers of one of them."""
    named = [Counter(list_of(authors)) for authors in cells["authors"]]
    single = cells["people_key"].notna()
    # an author once, in however many months and places, and as who may be read where a row of theirs may
    of_authors = np.zeros((3, len(cells)))
    for place, (authors, keys) in enumerate(
        zip(cells["authors"], cells["author_keys"], strict=True)
    ):
        key_of: dict[str, float] = {}
        for author, key in zip(list_of(authors), list_of(keys), strict=True):
            key_of[author] = max(key, key_of.get(author, 0.0))
        of_authors[:, place] = np.sum(parts_of_key(list(key_of.values())), axis=1)
    of_named = pd.Series(joined_key(*of_authors), cells.index)
    people = cells["anonymous"].fillna(0) + [len(authors) for authors in named]
    return cells.assign(
        people=people.where(single, cells["respondents"]),
        people_key=sum_of_keys([cells["anonymous_key"], of_named.where(single)]),
        heaviest=[float(max(authors.values(), default=1)) for authors in named],
    )


def _typical(cells: pd.DataFrame, side: Side, every: Every) -> float | None:
    """One typical difference between organisations over the last year, in the unit of the measure."""
    answered = cells[cells["value"].notna() & (cells["respondents"] > 0)]
    if answered.empty or every is Every.WAVE or side.unit != "proportion":
        return None
    year = PEERS_OVER if every is Every.MONTH else PEERS_OVER // 3
    recent = answered[answered["position"] > answered["position"].max() - year]
    figures = recent.groupby("unit", as_index=False).agg(
        respondents=("respondents", "sum"),
        positive=("positive", "sum"),
        people=("people", "sum"),
    )
    figures = figures.assign(value=figures["positive"] / figures["respondents"], name="")
    if side.signal == "fft":
        side = replace(
            side,
            period=Period(recent["period_start"].min().date(), recent["period_end"].max().date()),
        )
    months = answered[["unit", "period_start", "respondents", "positive"]]
    try:
        weighed = weigh(figures, months, side, Settings(), evidence_floor=Settings().evidence_floor)
    except TooFewPairs:
        return None
    if weighed.spread is None or weighed.spread.variance == 0 or weighed.scale != "logit":
        return None
    return float(np.mean(weighed.points(1.0))) / 100  # from percentage points
