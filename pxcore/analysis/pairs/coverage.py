"""What does each source cover? How much of each is loaded, month by month."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pxcore import maps
from pxcore.disclosure import Count, Released, added, release
from pxcore.model import USUAL_DISCLOSURE, Disclosure
from pxcore.store import Store


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of each source is loaded, month by month."""

    cells: Released  # one row per source and period
    totals: Released  # one row per source
    revision: int


def coverage(store: Store, disclosure: Disclosure = USUAL_DISCLOSURE) -> Coverage:
    """How much of each source is loaded, by period; small counts of answers are not shown."""
    cells = store.query("coverage")
    cells = cells[cells["period_start"].notna()]
    if cells.empty:
        cells = cells.assign(
            **dict.fromkeys(("short_title", "title", "signal", "service", "single"), "")
        )
        nothing = pd.DataFrame(columns=["source", "short_title"])
        return Coverage(Released(cells), Released(nothing), store.revision)
    cells = _finest(cells)
    periods = ["source", "period_start", "period_end"]
    months = cells.groupby(periods, as_index=False).agg(
        providers=("providers", "max"),
        providers_withheld=("providers_withheld", "max"),
        organisations=("organisations", "max"),
        grain=("grain", "first"),
    )
    # of several measures, the one with most answers
    counts = ["respondents", "people_key", "rows", "rows_key"]
    most = cells.sort_values("respondents", na_position="first").groupby(periods)[counts].last()
    months = months.join(most, on=periods)
    for column in ("short_title", "title", "signal", "service"):
        months[column] = [maps.source(name)[column] for name in months["source"]]
    shown = (
        # rows go with the answers: of a source with one response a row they are people too
        Count("respondents", "people_key", hides=("rows",)),
        Count("rows", "rows_key"),
    )
    whole = release(added(months[["source", *counts]], ["source"]), disclosure, *shown)
    if not disclosure.exact:
        # of how many somebody spoke in a month is a count of people too
        single = months["people_key"].notna()
        months["providers"] = months["providers"].mask(single, months["organisations"])
        months["providers_withheld"] = months["providers_withheld"].mask(single, 0)
    months = release(months.assign(single=months["people_key"].notna()), disclosure, *shown)
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
        providers=("organisations", "max"),
        periods=("period_start", "nunique"),
        first=("period_start", "min"),
        last=("period_end", "max"),
    )
    totals["respondents"] = totals["source"].map(whole.set_index("source")["respondents"])
    return Coverage(months, Released(totals), store.revision)


def _finest(cells: pd.DataFrame) -> pd.DataFrame:
    """Each source at the level it is usually compared at, else the one with most organisations."""
    finest = []
    for source, rows in cells.groupby("source", sort=False):
        usual = maps.source(str(source))["grain"]
        grains = rows["grain"].where(rows["grain"] != "", usual)
        chosen = (
            usual
            if (grains == usual).any()
            else str(rows.assign(grain=grains).groupby("grain")["providers"].max().idxmax())
        )
        finest.append(rows[grains == chosen].assign(grain=chosen))
    return pd.concat(finest)
