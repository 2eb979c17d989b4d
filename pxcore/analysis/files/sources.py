"""What have we loaded, and can we trust it? Extracts with their provenance, history, reference."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from pxcore import maps
from pxcore.disclosure import Count, Released, release
from pxcore.model import USUAL_DISCLOSURE, Disclosure, Period
from pxcore.store import Store

# How often a source comes, as sources.csv has it -> months from the end of one file to that of the next.
MONTHS_APART: Mapping[str, int] = MappingProxyType(
    {"four weeks": 1, "month": 1, "year": 12, "two years": 24}
)


@dataclass(frozen=True, slots=True)
class SourcesReport:
    """Everything loaded into a store, with where it came from."""

    extracts: Released  # one row per extract, newest first
    history: Released  # one row per change
    reference: Released  # one row per kind of reference data
    revision: int
    path: str
    copies: tuple[str, ...] = ()  # made before the database was brought to a newer version

    @property
    def loaded(self) -> pd.DataFrame:
        """The extracts that count, those of reference data too."""
        return self.extracts[self.extracts["status"] == "loaded"]

    @property
    def with_figures(self) -> pd.DataFrame:
        """Those that count and hold figures; of few single responses how many is not known here."""
        return self.loaded[self.loaded["fact_rows"] != 0]

    @property
    def odd(self) -> int:
        """Odd values and gaps that were noticed in loading what counts."""
        return int(self.loaded["faults"].map(len).sum())

    def left_out(self) -> dict[str, int]:
        """Why rows of the files that count were left out -> how many, the most frequent reason first."""
        reasons: Counter[str] = Counter()
        for rejected in self.loaded["rejected"]:
            reasons.update(rejected)
        return dict(reasons.most_common())

    def listed(self) -> Released:
        """One row per file, as shown."""
        facts = self.extracts.assign(
            # a row of the list is short
            title=self.extracts["title"].str.replace("Friends and Family Test", "FFT"),
            warnings=self.extracts["faults"].map(len),
            rows_said=[few_or(rows) for rows in self.extracts["rows_kept"]],
            state=[
                "Taken out"
                if status == "removed"
                else "Loaded"
                if facts == live or (pd.isna(facts) and pd.isna(live))
                else ("Replaced" if not live > 0 else "Partly replaced")
                for status, facts, live in zip(
                    self.extracts["status"],
                    self.extracts["fact_rows"],
                    self.extracts["live_rows"],
                    strict=True,
                )
            ],
            period=[
                "" if pd.isna(start) else str(Period(start.date(), end.date()))
                for start, end in zip(
                    self.extracts["period_start"], self.extracts["period_end"], strict=True
                )
            ],
        )
        columns: list[str] = [
            "extract",
            "file_name",
            "title",
            "publisher",
            "state",
            "period",
            "rows_in",
            "rows_kept",
            "rows_said",
            "rows_withheld",
            "rows_rejected",
            "warnings",
            "loaded_at",
            "sha256",
        ]
        return Released(facts[columns])

    def by_source(self) -> Released:
        """One row per source with a figure: what it is, what time it covers, its files, what is odd in them.

        Columns: source, title, publisher, signal, every (how often it comes), page (where it is published),
        first, last, next (the end of what its next file would reach), out (a day of the month in which that
        is usually published; neither where the source comes at no fixed time or nobody knows), files, odd.
        What is no source of experience, such as a league table, has the title of its layout, and no signal.
        """
        facts = self.with_figures.assign(source=self.with_figures["sources"].str.split(", "))
        facts = facts.explode("source")
        facts = facts[facts["source"] != ""].assign(odd=facts["faults"].map(len))
        rows = facts.groupby("source").agg(
            first=("period_start", "min"),
            last=("period_end", "max"),
            files=("extract", "nunique"),
            odd=("odd", "sum"),
            title=("title", "last"),
            publisher=("publisher", "last"),
        )
        about = pd.DataFrame.from_dict(dict(maps.sources()), orient="index")
        about = about[["title", "publisher", "signal", "every", "months_to_publish", "page"]]
        order = [
            name
            for name in (*about.index, *rows.index.difference(about.index))
            if name in rows.index
        ]
        listed = about.reindex(order).combine_first(rows[["title", "publisher"]]).reindex(order)
        listed = listed.fillna({"signal": "", "every": "", "months_to_publish": "", "page": ""})
        listed = listed.join(rows.drop(columns=["title", "publisher"]))
        listed["next"] = _later(listed["last"], listed["every"].map(MONTHS_APART))
        after = pd.to_numeric(listed.pop("months_to_publish"), errors="coerce")
        listed["out"] = _later(listed["next"], after)
        # what wants a look first
        listed = listed.sort_values("odd", ascending=False, key=lambda odd: odd > 0, kind="stable")
        return Released(listed.rename_axis("source").reset_index())

    def last_undoable(self) -> tuple[str, int, str] | None:
        """The last load, removal or return of a file: event, extract and file name."""
        changes = self.history[
            self.history["event"].isin(["loaded", "removed", "restored", "erased"])
        ]
        if changes.empty or changes.iloc[0]["event"] == "erased":
            return None
        last = changes.iloc[0]
        return str(last["event"]), int(last["extract"]), str(last["file_name"])


def sources(store: Store, disclosure: Disclosure = USUAL_DISCLOSURE) -> SourcesReport:
    extracts = store.query("extracts")
    # of a file of single responses its rows are people
    single = extracts["fact_key"].notna()
    extracts = extracts.assign(kept_key=extracts["fact_key"].where(single))
    whole = ("fact_rows", "rows_kept", "live_rows")
    extracts = extracts.astype(dict.fromkeys((*whole, "rows_in"), "float64"))
    extracts.loc[single, "rows_kept"] = extracts.loc[single, "fact_rows"]
    extracts = release(
        extracts,
        disclosure,
        Count("fact_rows", "fact_key", withheld="fact_withheld"),
        Count("live_rows", "live_key", withheld="live_withheld"),
        Count("rows_kept", "kept_key", withheld="kept_withheld"),
    )
    extracts["rows_in"] = extracts["rows_in"].mask(
        single, extracts["rows_kept"] + extracts["rows_rejected"]
    )
    for column in ("faults", "notes", "rejected"):
        extracts[column] = [json.loads(parts) for parts in extracts[column]]
    history = Released(store.query("history"))
    history["said"] = [
        _detail(detail, extracts, set(extracts.loc[single, "extract"]))
        for detail in history["detail"]
    ]
    return SourcesReport(
        extracts=extracts,
        history=history,
        reference=Released(store.query("reference_counts")),
        revision=store.revision,
        path=str(store.path) if store.path else "in memory",
        copies=store.copies(),
    )


def _later(days: pd.Series, months: pd.Series) -> pd.Series:
    """The days so many months later; none where either is not known."""
    later = [
        day + pd.DateOffset(months=int(number)) if pd.notna(day) and pd.notna(number) else None
        for day, number in zip(days, months, strict=True)
    ]
    return pd.Series(pd.to_datetime(pd.Series(later, dtype=object)).to_numpy(), index=days.index)


def _detail(detail: str, extracts: Released, single: Collection[int]) -> str:
    """A line of history in words: which earlier files a load replaced, or gave back."""
    if not detail.startswith("{"):
        return detail
    names = dict(zip(extracts["extract"], extracts["file_name"], strict=True))
    facts = json.loads(detail)
    parts = []
    if "erased" in facts:
        words = facts["erased"]
        parts.append(f"{words:,} comment{'s' if words != 1 else ''} deleted for good")
    for change in facts.get("replaced", []):
        rows, name = change["rows"], names.get(change["extract"], "an earlier file")
        what = "replaced" if rows > 0 else "gave back"
        count = f"{abs(rows):,} row{'s' if abs(rows) != 1 else ''}"
        parts.append(f"{what} {'rows' if change['extract'] in single else count} of {name}")
    return "; ".join(parts)


def few_or(rows: float) -> str:
    """A number of rows; of few people, that it is few."""
    return "few" if pd.isna(rows) else f"{rows:,.0f}"


def shipped_map(name: str) -> Released:
    """A map of data/reference as a person reads it: titles instead of our names."""
    rows = Released([dict(row) for row in maps.rows(name)])
    if "source" in rows:
        known = maps.sources()
        rows["source"] = [known[row]["title"] if row in known else row for row in rows["source"]]
    if "domain" in rows:
        titles = {row["domain"]: row["title"] for row in maps.rows("domains")}
        rows["domain"] = rows["domain"].map(titles)
    if "also" in rows:
        rows["also"] = rows["also"].str.replace("|", ", ")
    return rows
