"""One source over time, of one organisation or of all of an area together: its points, and what is missing.

Counts are added and then divided; percentages are never averaged. Of confidential answers a point is shown
as the perturbation table has it, and one of too few is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.periods import Side, breaks_of, months_before, placing
from pxcore.analysis.judging.evidence import Kind, kind_of, weigh
from pxcore.disclosure import (
    ANSWERED,
    Answers,
    Confidential,
    Released,
    added,
    is_confidential,
    release,
)
from pxcore.errors import TooFewPairs
from pxcore.model import (
    Disclosure,
    Grain,
    Organisation,
    Pairing,
    Period,
    Settings,
    Withheld,
)
from pxcore.stats.intervals import wilson, with_noise
from pxcore.store import Store

EVER = Period(date(1900, 1, 1), date(2200, 1, 1))
STEADY = 0.9  # of the months between two breaks in which a steady organisation reports
WORTH_HAVING = 0.5  # of the answers: where the steady ones give fewer, all are taken
SHARE_MOVED = 0.1  # of all answers: more of them from other organisations than at first is said
PEERS_OVER = 12  # months, or their quarters, over which organisations are compared with each other
AREAS = ("pcn", "sub_icb", "icb", "region")
NO_FIGURE = "it has no figure that may be shown of organisations here"

SILENT = MappingProxyType(
    {
        "withheld_publisher": "withheld by the publisher",
        "withheld_unknown": "blank in the file",
        "withheld_not_calculable": "no answers",
        "withheld_missing": "missing in the file",
        "split": "the organisation was split",
        "to_confirm": "its successor is to be confirmed",
        "cycle": "its succession leads back to itself",
        "floor": "too few answers to show",  # of confidential answers, none read alike
        "": "no figure in the files",
    }
)


# of ANSWERED: what one row of a series does not have, or is worked out once people are counted
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


@dataclass(frozen=True, slots=True)
class Members:
    """Which organisations a series of an area adds up."""

    every: Every
    steady: bool = False  # only those that report nearly always; else all, and they change
    organisations: int = 0  # that are added up at some time
    fewest: int = 0  # in any one point shown
    most: int = 0
    others: int = 0  # left out because they report now and then
    moved: float = (
        0.0  # share of the answers that come from other organisations at the end than at first
    )
    grown: str = ""  # the organisation whose share grew most
    voices: bool = False  # people speak of organisations, which do not report themselves

    def said(self, one: str, many: str) -> str:
        """Who is added up, in a sentence or two; `one` and `many` are what organisations are called."""
        each = (
            f"{self.fewest:,}" if self.fewest == self.most else f"{self.fewest:,} to {self.most:,}"
        )
        if self.voices:
            return (
                f"All feedback about {many} here is added up: of whom people speak changes, and a change of "
                "the figure may be that."
            )
        if self.steady:
            often = {
                Every.MONTH: "at least 9 months in 10",
                Every.QUARTER: "at least 9 quarters in 10",
                Every.WAVE: "every wave",
            }[self.every]
            if self.organisations == 1:
                told = f"Only the one {one} that reports in {often} is counted"
            else:
                told = (
                    f"The {self.organisations:,} {many} that report in {often} are added up ({each} in "
                    f"any one)"
                )
            left_out = (
                "that reports now and then is"
                if self.others == 1
                else "that report now and then are"
            )
            told += f"; {self.others:,} {left_out} left out." if self.others else "."
        else:
            told = (
                f"All {many} that report are added up, {each} in any one {self.every.value}: who reports "
                "changes, and a change of the figure may be theirs."
            )
        if self.moved > SHARE_MOVED:
            told += (
                f" {self.moved:.0%} of the answers now come from other {many} than at first (most more "
                f"from {self.grown}): part of a rise or fall may be that."
            )
        return told


@dataclass(frozen=True, slots=True)
class History:
    """The points of one source, and what its peers tell of it."""

    side: Side
    every: Every
    points: Released  # one row per point due between the first and the last; see POINT
    members: Members | None  # None for one organisation
    typical: (
        float | None
    )  # one typical difference between organisations, in the unit of the measure
    extracts: tuple[int, ...]
    silent: str  # why there is no point at all; "" where there is one
    units: frozenset[str]  # the organisations whose answers are in the points shown

    @property
    def shown(self) -> Released:
        return Released(self.points[self.points["shown"]])

    def position(self, day: date) -> int:
        """The number of the month or quarter a day is in."""
        return position(day, self.every)


FIGURES = ("value", "low", "high", "respondents", "positive", "organisations")
POINT = (
    "position", "start", "end", "period", "value", "low", "high", "respondents", "positive",
    "organisations", "shown", "why",
)  # fmt: skip


def position(day: date, every: Every) -> int:
    """Months, or quarters, counted from the year 0."""
    months = day.year * 12 + day.month - 1
    return months // 3 if every is Every.QUARTER else months


def period_at(place: int, every: Every) -> Period:
    """The month or quarter of a position."""
    months = place * (3 if every is Every.QUARTER else 1)
    first = date(months // 12, months % 12 + 1, 1)
    after = months_before(first, -3 if every is Every.QUARTER else -1)
    return Period(first, after - timedelta(days=1))


def history(
    store: Store, side: Side, view: View, names: dict[str, str], cells_of: CellsOf | None = None
) -> History:
    """The whole history of one source as a view asks for it.

    `names` are those of organisations, for the words about who is added up. `cells_of` may keep cells
    between questions: they are the same for every organisation and area.
    """
    if kind_of(side) is Kind.COUNT:
        return silent(side, "a number of complaints is no rating of experience")
    told = cells_of(side, view) if cells_of else cells(store, side, view)
    every, members, units = told.every, None, frozenset({view.unit})
    if view.unit:
        points, why = _of_one(told.shown, view)
    elif side.unit != "proportion":
        return silent(side, "scores are not added up: choose one organisation", every)
    elif side.signal == "community":
        points, members, units, why = _of_everybody(told, view)
    else:
        points, members, units, why = _of_members(told, view, side, names)
    if points.empty and not told.confidential:
        return silent(side, why, every)
    points = _complete(points, told, side)
    # which file holds somebody's answers is not told of single responses
    unit, area = ("", "") if told.confidential else (view.unit, view.area)
    placed = _placed(side, view) | {"area": area}
    found = store.query("series_extracts", unit=unit, **placed)
    return History(
        side=replace(side, period=Period(points["start"].iloc[0], points["end"].iloc[-1])),
        every=every,
        points=points,
        members=members,
        typical=told.typical,
        extracts=tuple(int(number) for number in found["extract"]),
        # that nobody answered is not told of single responses: nobody and few read alike
        silent=""
        if points["shown"].any()
        else _most_said(points)
        if told.confidential
        else why or _most_said(points),
        units=units,
    )


def silent(side: Side, why: str, every: Every = Every.WAVE) -> History:
    """A source that shows nothing here, and why."""
    nothing = Released({name: [] for name in POINT}).astype({"shown": bool})
    return History(side, every, nothing, None, None, (), why, frozenset())


def _placed(side: Side, view: View) -> dict[str, Any]:
    """What places every row of a source, everywhere: what may be shown depends on all."""
    asked = Pairing(side.source, "", grain=view.level.value, organisation=view.organisation)
    return placing(side, asked, view.service, EVER)


@dataclass(frozen=True, slots=True)
class Cells:
    """Every organisation of the level on one source: one row each month, quarter or wave."""

    every: Every
    exact: Confidential  # what totals are added up from
    shown: Released  # what may not be shown is blank, `withheld` says why
    confidential: bool
    typical: float | None  # one typical difference between organisations


CellsOf = Callable[[Side, View], Cells]


def cells(store: Store, side: Side, view: View) -> Cells:
    """The cells of a source, whatever the organisation or area of the view."""
    every, rows = _paced(store.query("series", **_placed(side, view)), side)
    exact = _cells(rows, side, every)
    return Cells(
        every,
        Confidential(exact),
        release(exact, view.disclosure, Answers()),
        is_confidential(exact),
        _typical(exact, side, every),
    )


def one_by_one(told: Cells) -> Released:
    """One row per organisation and period that may be shown."""
    shown = told.shown[
        (told.shown["withheld"] == Withheld.NONE.value) & told.shown["value"].notna()
    ]
    return Released(shown.sort_values(["unit", "position"]).reset_index(drop=True))


# --- Cells: one row per organisation and point ---


def _paced(rows: pd.DataFrame, side: Side) -> tuple[Every, pd.DataFrame]:
    """How often the source speaks, and its rows with the position each belongs to.

    Community voice is told by the quarter at every level: by the month it is too few nearly always.
    """
    days = (rows["period_end"] - rows["period_start"]).dt.days + 1
    monthly, quarterly = days <= 31, (days > 31) & (days <= 92)
    first = rows["period_start"].dt
    whole = first.day == 1
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
    spoken = (rows["parts"] > 0) & rows["value"].notna()
    figures = ("respondents", "positive", "value", "low", "high", "anonymous", *_KEPT)
    counted = rows.assign(
        **{column: rows[column].astype("float64").where(spoken) for column in figures}
    )
    keys = ["unit", "position"]
    about = [*keys, *AREAS, "period_start", "period_end", "silent", "authors"]
    if not rows.duplicated(keys).any():
        cells = counted[[*about, *figures]]
    else:
        grouped = counted.groupby(keys, sort=False)
        texts = grouped.agg(
            **{area: (area, "last") for area in AREAS},
            period_start=("period_start", "min"),
            period_end=("period_end", "max"),
            silent=("silent", "max"),
            authors=("authors", _together),
        )
        cells = _summed(counted[[*keys, *figures]], keys).join(texts, on=keys)
        cells["low"] = cells["high"] = np.nan
    if (
        every is not Every.WAVE and side.unit == "proportion"
    ):  # counts are exact, percentages rounded
        exact = cells["positive"] / cells["respondents"].where(cells["respondents"] > 0)
        cells = cells.assign(value=exact.fillna(cells["value"]))
    # a figure without a number of answers stands on its publisher's rule
    silent = np.where(cells["value"].notna(), Withheld.NONE.value, Withheld.UNKNOWN.value)
    return _with_people(cells).assign(withheld=silent).reset_index(drop=True)


_KEPT = tuple(name for name in ANSWERED if name not in _NOT_OF_SERIES)


def _together(lists: pd.Series) -> list[str]:
    return [author for one in lists if isinstance(one, list | np.ndarray) for author in one]


def _summed(cells: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Counts and cell keys added up, and the share or mean of all answers together."""
    total = added(cells.assign(weight=cells["value"] * cells["respondents"]), by)
    share = total["positive"] / total["respondents"].where(total["respondents"] > 0)
    mean = total["weight"] / total["respondents"].where(total["respondents"] > 0)
    return total.assign(value=share.fillna(mean)).drop(columns="weight")


def _with_people(cells: pd.DataFrame) -> pd.DataFrame:
    """With the people behind each cell, named authors once, and the most answers of one of them."""
    named = [
        Counter(authors if isinstance(authors, list | np.ndarray) else ())
        for authors in cells["authors"]
    ]
    single = cells["people_key"].notna()
    people = cells["anonymous"].fillna(0) + [len(authors) for authors in named]
    return cells.assign(
        people=people.where(single, cells["respondents"]),
        heaviest=[float(max(authors.values(), default=1)) for authors in named],
    )


# --- Points ---


def _of_one(cells: Released, view: View) -> tuple[Released, str]:
    here = Released(cells[cells["unit"] == view.unit].sort_values("position"))
    if here.empty:
        return _no_points(), "it has no figure of this organisation"
    why = np.where(
        here["withheld"] == Withheld.FLOOR.value, SILENT["floor"], here["silent"].map(SILENT)
    )
    shown = (here["withheld"] == Withheld.NONE.value).to_numpy()
    return here.assign(shown=shown, why=np.where(shown, "", why), organisations=1), ""


def _no_points() -> Released:
    columns = ["position", "period_start", "period_end", "shown", "why", "noise"]
    nothing = Released(columns=[*dict.fromkeys([*columns, *FIGURES])])
    return nothing.astype({"position": "int64", "shown": bool})


def in_area(cells: pd.DataFrame, view: View) -> npt.NDArray[np.bool_]:
    """By row of organisations with the areas they belong to: whether it is of the area looked at."""
    if not view.area:
        return np.ones(len(cells), dtype=bool)
    inside = np.zeros(len(cells), dtype=bool)
    for level in AREAS:
        inside |= (cells[level] == view.area).to_numpy()
    return inside


def _total(cells: pd.DataFrame, view: View) -> Released:
    """The organisations of each position added up, as they may be shown together."""
    about = (
        cells.groupby("position")
        .agg(
            period_start=("period_start", "min"),
            period_end=("period_end", "max"),
            organisations=("unit", "nunique"),
            authors=("authors", _together),
        )
        .astype({"organisations": "float64"})
    )
    counts = ["position", "respondents", "positive", "value", "anonymous", *_KEPT]
    points = _summed(cells[counts], ["position"]).join(about, on="position")
    points = _with_people(points).assign(low=np.nan, high=np.nan)
    return release(points.sort_values("position"), view.disclosure, Answers())


def _of_everybody(told: Cells, view: View) -> tuple[Released, Members | None, frozenset[str], str]:
    """All feedback about organisations of the area, whoever they are."""
    cells = told.exact.figures
    here = cells[(cells["people"] > 0) & in_area(cells, view)]
    if here.empty:
        return _no_points(), None, frozenset(), "it says nothing of organisations here"
    points = _total(here, view)
    if told.confidential:
        points["organisations"] = np.nan  # of how many somebody spoke is a count of people too
    shown = (points["withheld"] == Withheld.NONE.value).to_numpy()
    points = points.assign(shown=shown, why=np.where(shown, "", SILENT["floor"]))
    if not shown.any():
        return points, None, frozenset(), ""
    units = frozenset(here["unit"].astype(str))
    return points, Members(told.every, voices=True), units, ""


def _of_members(
    told: Cells, view: View, side: Side, names: dict[str, str]
) -> tuple[Released, Members | None, frozenset[str], str]:
    """The organisations that report nearly always, added up; between breaks each stretch by itself."""
    here = told.shown[in_area(told.shown, view)]
    spoken = here[
        (here["withheld"] == Withheld.NONE.value)
        & (here["respondents"] > 0)
        & here["positive"].notna()
    ]
    if spoken.empty:
        said = NO_FIGURE
        if (here["value"].notna() & here["respondents"].isna()).any():
            said = "published without numbers of answers, which cannot be added up"
        return _no_points(), None, frozenset(), said
    cuts = sorted(pd.Timestamp(on) for on, _ in breaks_of(side))
    starts = pd.to_datetime(spoken["period_start"]).to_numpy()
    stretch = np.searchsorted(np.array(cuts, dtype="datetime64[us]"), starts, side="right")
    due = spoken.groupby(stretch)["position"].transform("nunique")
    reported = spoken.groupby([stretch, "unit"])["position"].transform("nunique")
    is_steady = (reported >= STEADY * due).to_numpy()
    share = spoken.loc[is_steady, "respondents"].sum() / spoken["respondents"].sum()
    steady = bool(share >= WORTH_HAVING)
    taken = spoken[is_steady] if steady else spoken
    points = _total(told.exact.figures.loc[taken.index], view)
    last = stretch[is_steady if steady else np.ones(len(spoken), dtype=bool)] == stretch.max()
    moved, grown = _moved(taken[last], told.every)
    members = Members(
        every=told.every,
        steady=steady,
        organisations=taken["unit"].nunique(),
        fewest=int(points["organisations"].min()),
        most=int(points["organisations"].max()),
        others=spoken["unit"].nunique() - taken["unit"].nunique(),
        moved=moved,
        grown=names.get(grown, grown),
    )
    shown = (points["withheld"] == Withheld.NONE.value).to_numpy()
    points = points.assign(shown=shown, why=np.where(shown, "", SILENT["floor"]))
    return points, members, frozenset(taken["unit"].astype(str)), ""


def _moved(cells: pd.DataFrame, every: Every) -> tuple[float, str]:
    """Share of the answers given elsewhere than at first, and where most more are given now."""
    places = np.sort(cells["position"].unique())
    year = 12 if every is Every.MONTH else 4
    if every is Every.WAVE or len(places) < 2 * year:
        return 0.0, ""
    shares = []
    for some in (places[:year], places[-year:]):
        counts = cells[cells["position"].isin(some)].groupby("unit")["respondents"].sum()
        shares.append(counts / counts.sum())
    change = shares[1].sub(shares[0], fill_value=0.0)
    return float(change.abs().sum() / 2), str(change.idxmax())


def _complete(points: Released, told: Cells, side: Side) -> Released:
    """A row for every month or quarter between the first and the last, in the columns of POINT.

    Of single responses the first and the last of the source: when somebody answered is not told.
    """
    every = told.every
    known = points.set_index("position")
    spans = told.exact.figures if told.confidential else points
    spans = spans.groupby("position").agg(
        period_start=("period_start", "min"), period_end=("period_end", "max")
    )
    places = (
        list(range(int(spans.index.min()), int(spans.index.max()) + 1))
        if every is not Every.WAVE
        else [int(place) for place in spans.index]
    )
    known = known.reindex(places)
    known[["period_start", "period_end"]] = spans.reindex(places)
    periods = [
        Period(start.date(), end.date()) if every is Every.WAVE else period_at(place, every)
        for place, start, end in zip(
            places, known["period_start"], known["period_end"], strict=True
        )
    ]
    shown = known["shown"].eq(True).to_numpy()
    # where each row is a person, nobody's answers and those of a few read alike
    nothing = SILENT["floor" if told.confidential else ""]
    why = known["why"].where(known["why"].notna(), nothing).to_numpy()
    complete = Released(
        {
            "position": places,
            "start": [period.start for period in periods],
            "end": [period.end for period in periods],
            "period": [str(period) for period in periods],
            **{name: known[name].astype("float64").where(shown).to_numpy() for name in FIGURES},
            "shown": shown,
            "why": why,
        }
    )
    if side.unit == "proportion":
        worth = complete["respondents"] / (
            Settings().design_effect if kind_of(side) is Kind.PERCENT_SURVEY else 1.0
        )
        noise = known["noise"].to_numpy(dtype=float)
        shares, answers = complete["value"], complete["respondents"]
        low, high = wilson(shares, with_noise(worth, shares, answers, noise))
        complete["low"] = complete["low"].fillna(pd.Series(low))
        complete["high"] = complete["high"].fillna(pd.Series(high))
    return complete


def _most_said(points: pd.DataFrame) -> str:
    """The reason given most often; that there is nothing only where there is no other."""
    told = points.loc[points["why"] != SILENT[""], "why"]
    return str((told if len(told) else points["why"]).mode().iloc[0])


# --- Peers ---


def _typical(cells: pd.DataFrame, side: Side, every: Every) -> float | None:
    """One typical difference between organisations over the last year, in the unit of the measure."""
    spoken = cells[cells["value"].notna() & (cells["respondents"] > 0)]
    if spoken.empty or every is Every.WAVE or side.unit != "proportion":
        return None
    year = PEERS_OVER if every is Every.MONTH else PEERS_OVER // 3
    recent = spoken[spoken["position"] > spoken["position"].max() - year]
    figures = recent.groupby("unit", as_index=False).agg(
        respondents=("respondents", "sum"),
        positive=("positive", "sum"),
        people=("people", "sum"),
    )
    figures = figures.assign(value=figures["positive"] / figures["respondents"], name="")
    told = side
    if side.signal == "fft":
        told = replace(
            side,
            period=Period(recent["period_start"].min().date(), recent["period_end"].max().date()),
        )
    months = spoken[["unit", "period_start", "respondents", "positive"]]
    try:
        weighed = weigh(figures, months, told, Settings(), evidence_floor=Settings().evidence_floor)
    except TooFewPairs:
        return None
    if weighed.spread is None or weighed.spread.variance == 0 or weighed.scale != "logit":
        return None
    return float(np.mean(weighed.points(1.0))) / 100  # from percentage points


# --- Which sources speak ---


def sides_of(
    coverage: pd.DataFrame,
    sources: Collection[str],
    view: View,
    measures: dict[str, str],
) -> list[Side]:
    """Each source that speaks at the level and of the service, with its measure, in the usual order."""
    sides = []
    for source in maps.sources():
        about = maps.source(source)
        if source not in sources or (view.service and about["service"] not in ("", view.service)):
            continue
        here = coverage[coverage["source"] == source]
        here = here[here["grain"].where(here["grain"] != "", about["grain"]) == view.level.value]
        if here.empty:
            continue
        measure = _measure(source, here, measures.get(source, ""))
        known = maps.measures().get((source, measure), {})
        sides.append(
            Side(
                source=source,
                title=about["title"],
                short_title=about["short_title"],
                signal=about["signal"],
                service=about["service"],
                measure=measure,
                measure_title=known.get("title", measure),
                domain=known.get("domain", "none"),
                unit=known.get("unit", "proportion"),
                reported_grain=view.level.value,
                period=None,
            )
        )
    order = {"fft": 0, "survey": 1, "community": 2}
    return sorted(sides, key=lambda side: order[side.signal])


def _measure(source: str, here: pd.DataFrame, wanted: str) -> str:
    """The measure named; else of those about care as a whole the one told most often."""
    loaded = here.groupby("measure", sort=False)["period_start"].nunique()
    if wanted in loaded.index:
        return wanted
    known = [measure for owner, measure in maps.measures() if owner == source]
    ordered = sorted(loaded.index, key=lambda m: known.index(m) if m in known else len(known))
    domains = {
        measure: maps.measures().get((source, measure), {}).get("domain", "none")
        for measure in ordered
    }
    rated = [m for m in ordered if domains[m] == "overall"] or [
        m for m in ordered if domains[m] != "none"
    ]
    return str(max(rated or ordered, key=lambda measure: int(loaded[measure])))
