"""Do our sources agree? Every natural pair of sources at once, and what each covers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from pxcore import maps
from pxcore.analysis.agreement import AgreementReport, agreement
from pxcore.disclosure import protect
from pxcore.errors import NothingToCompare, UnknownSource
from pxcore.model import Disclosure, Organisation, Pairing, Periods, Signal
from pxcore.store import Store


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of each source is loaded, month by month."""

    cells: pd.DataFrame  # one row per source and period
    totals: pd.DataFrame  # one row per source
    revision: int

    def summary(self) -> str:
        if self.totals.empty:
            return "Nothing is loaded yet."
        said = [
            f"{row.short_title}: {int(row.providers)} organisations, {row.span}"
            for row in self.totals.itertuples()
        ]
        return "; ".join(said) + "."


@dataclass(frozen=True, slots=True)
class OverviewReport:
    """The agreement of every pair of sources that can be compared, strongest evidence first."""

    agreements: tuple[AgreementReport, ...]
    coverage: Coverage

    @property
    def answered(self) -> tuple[AgreementReport, ...]:
        return tuple(report for report in self.agreements if report.status == "ok")

    def summary(self) -> str:
        if not self.agreements:
            return (
                "There is nothing to compare yet: load at least two sources that speak of the same "
                "organisations."
            )
        if not self.answered:
            return (
                "These sources cannot be compared yet: "
                + self.agreements[0].reason[:1].lower()
                + self.agreements[0].reason[1:]
            )
        return self.answered[0].summary()


def coverage(store: Store, disclosure: Disclosure | None = None) -> Coverage:
    """How much of each source is loaded, by period; small counts of answers are not shown."""
    cells = store.query("coverage")
    cells = cells[cells["period_start"].notna()]
    if cells.empty:
        return Coverage(cells, pd.DataFrame(columns=["source", "short_title"]), store.revision)
    cells = _finest(cells)
    months = cells.groupby(["source", "period_start", "period_end"], as_index=False).agg(
        providers=("providers", "max"),
        providers_withheld=("providers_withheld", "max"),
        respondents=("respondents", "max"),
        rows=("rows", "max"),
        grain=("grain", "first"),
    )
    for column in ("short_title", "title", "signal", "service"):
        months[column] = [maps.source(name)[column] for name in months["source"]]
    months = protect(months, disclosure or Disclosure(), count="respondents", values=[])
    order = list(maps.sources())
    months = months.sort_values(
        ["source", "period_start"], key=lambda c: c.map(order.index) if c.name == "source" else c
    ).reset_index(drop=True)
    totals = months.groupby("source", as_index=False, sort=False).agg(
        short_title=("short_title", "first"),
        title=("title", "first"),
        signal=("signal", "first"),
        service=("service", "first"),
        grain=("grain", "first"),
        providers=("providers", "max"),
        periods=("period_start", "nunique"),
        respondents=("respondents", "sum"),
        first=("period_start", "min"),
        last=("period_end", "max"),
    )
    totals["span"] = [
        f"{first:%b %Y}–{last:%b %Y}" if first.month != last.month or first.year != last.year
        else f"{first:%B %Y}"
        for first, last in zip(totals["first"], totals["last"], strict=True)
    ]
    return Coverage(months, totals, store.revision)


def _finest(cells: pd.DataFrame) -> pd.DataFrame:
    """Each source at the level it is usually compared at, else the one with most organisations."""
    kept = []
    for source, here in cells.groupby("source", sort=False):
        usual = maps.source(str(source))["grain"]
        grains = here["grain"].where(here["grain"] != "", usual)
        chosen = (
            usual
            if (grains == usual).any()
            else here.assign(grain=grains).groupby("grain")["providers"].max().idxmax()
        )
        kept.append(here[grains == chosen].assign(grain=chosen))
    return pd.concat(kept)


def overview(
    store: Store,
    *,
    area: str = "",
    disclosure: Disclosure | None = None,
    periods: Periods = Periods.ALIGNED,
    organisation: Organisation = Organisation.CURRENT,
) -> OverviewReport:
    """Compare every two sources of different signals that may speak of the same organisations."""
    disclosure = disclosure or Disclosure()
    loaded = list(dict.fromkeys(store.query("coverage")["source"]))
    loaded.sort(key=list(maps.sources()).index)
    reports: list[AgreementReport] = []
    for one, other in combinations(loaded, 2):
        if not _comparable(one, other):
            continue
        left, right = sorted((one, other), key=_side_order)
        try:
            reports.append(
                agreement(
                    store,
                    Pairing(
                        left,
                        right,
                        area=area,
                        periods=periods,
                        organisation=organisation,
                        disclosure=disclosure,
                    ),
                )
            )
        except (NothingToCompare, UnknownSource):
            continue
    rank = {"ok": 0, "not_enough_evidence": 1, "refused": 2}
    reports.sort(key=lambda report: (rank[report.status], -len(report.pairs)))
    return OverviewReport(tuple(reports), coverage(store, disclosure))


def _side_order(source: str) -> int:
    return [Signal.FFT, Signal.COMMUNITY, Signal.SURVEY].index(Signal(maps.source(source)["signal"]))


def _comparable(one: str, other: str) -> bool:
    """Different signals, and services that may be the same (a source may speak of several)."""
    first, second = maps.source(one), maps.source(other)
    if first["signal"] == second["signal"] or "complaints" in (one, other):
        return False
    return first["service"] == second["service"] or "" in (first["service"], second["service"])
