"""What have we loaded, and can we trust it? Extracts with their provenance, history, reference."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pandas as pd

from pxcore.store import Store


@dataclass(frozen=True, slots=True)
class SourcesReport:
    """Everything loaded into a store, with where it came from."""

    extracts: pd.DataFrame  # one row per extract, newest first
    history: pd.DataFrame  # one row per change
    reference: pd.DataFrame  # one row per kind of reference data
    revision: int
    path: str

    def summary(self) -> str:
        loaded = self.extracts[self.extracts["status"] == "loaded"]
        facts = loaded[loaded["fact_rows"] > 0]
        if facts.empty:
            return "Nothing is loaded yet."
        files = len(facts)
        sources = {name for row in facts["sources"] for name in row.split(", ") if name}
        rows = int(facts["live_rows"].sum())
        first, last = facts["period_start"].min(), facts["period_end"].max()
        return (
            f"{files} file{'s' if files != 1 else ''} of {len(sources)} "
            f"source{'s' if len(sources) != 1 else ''} are loaded: {rows:,} rows, "
            f"{first:%B %Y} to {last:%B %Y}."
        )


def sources(store: Store) -> SourcesReport:
    extracts = store.query("extracts")
    for column in ("faults", "notes", "rejected"):
        extracts[column] = [json.loads(said) for said in extracts[column]]
    history = store.query("history")
    history["said"] = [
        _said(event, detail, extracts)
        for event, detail in zip(history["event"], history["detail"], strict=True)
    ]
    return SourcesReport(
        extracts=extracts,
        history=history,
        reference=store.query("reference_counts"),
        revision=store.revision,
        path=str(store.path) if store.path else "in memory",
    )


def _said(event: str, detail: str, extracts: pd.DataFrame) -> str:
    """A line of history in words: which earlier files a load replaced, or gave back."""
    if not detail.startswith("{"):
        return detail
    names = dict(zip(extracts["extract"], extracts["file_name"], strict=True))
    said = []
    for change in json.loads(detail).get("replaced", []):
        rows, name = change["rows"], names.get(change["extract"], "an earlier file")
        what = "replaced" if rows > 0 else "gave back"
        said.append(f"{what} {abs(rows):,} row{'s' if abs(rows) != 1 else ''} of {name}")
    return "; ".join(said)
