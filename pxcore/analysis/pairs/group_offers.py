"""What can two sources be split by? Which source records what of the people who answered it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.bands import told_groups
from pxcore.analysis.joining.selection import DIMENSIONS, peers_of
from pxcore.analysis.judging.judgement import Judgement
from pxcore.analysis.pairs.group_report import ORGANISATIONS, SIDES, Record
from pxcore.analysis.questions import ask
from pxcore.analysis.rows import each
from pxcore.disclosure import Parts, Released, enough, release
from pxcore.model import Disclosure, Grain, Peers
from pxcore.store import Store


def recorded_by_both(store: Store, judged: Judgement) -> dict[str, dict[str, list[str]]]:
    """Side -> dimension -> the groups it records."""
    splits = ask(store, told_groups)
    splits = splits[splits["dimension"].isin(list(DIMENSIONS))]
    sides = (judged.alignment.left, judged.alignment.right)
    return {
        which: {
            str(name): sorted(rows["group_value"])
            for name, rows in splits[splits["source"] == side.source].groupby("dimension")
        }
        for which, side in zip(SIDES, sides, strict=True)
    }


def offered(store: Store, judged: Judgement) -> dict[str, str]:
    """What can be asked, and its title: what both record first, then groups of practices, then what one of
    them records."""
    sides = recorded_by_both(store, judged).values()
    both = [d for d in DIMENSIONS if all(d in dimensions for dimensions in sides)]
    either = [d for d in DIMENSIONS if any(d in dims for dims in sides) and d not in both]
    titles = {d: DIMENSIONS[d].capitalize() for d in (*both, *either)}
    ordered = both
    alignment = judged.alignment
    if (
        alignment.grain is Grain.PRACTICE
        and not alignment.refusals
        and peers_of(store, Peers.DEPRIVATION, [str(unit) for unit in alignment.pairs["unit"]])
    ):
        ordered = [*both, ORGANISATIONS]
        titles[ORGANISATIONS] = "Practices by their patients' deprivation"
    return {name: titles[name] for name in (*ordered, *either)}


def who_records_what(store: Store, judged: Judgement) -> Released:
    """One row per source of the service and dimension: of how many people it is recorded, and how."""
    service, disclosure = judged.alignment.service, judged.alignment.pairing.disclosure
    counts = store.query("told_groups").assign(tells=lambda rows: rows["told"] > 0)
    loaded = {*store.query("coverage")["source"], *counts["source"]}
    names = [
        name
        for name, about in maps.sources().items()
        if name in loaded and (not service or about["service"] in ("", service))
    ]
    shown = release(
        counts, disclosure, Parts((("told", "told_key"), ("untold", "untold_key")), "people")
    )
    recorded = {(row.source, row.dimension): row for row in each(shown)}
    rows = []
    for name in names:
        for dimension in DIMENSIONS:
            row: dict[str, Any] = {
                "source": name,
                "title": maps.source(name)["short_title"],
                "dimension": dimension,
                "people": np.nan,
                "share": np.nan,
                "tells": False,
                "how": Record.NOTHING.value,
            }
            if (name, dimension) in recorded:
                row |= _recorded(recorded[name, dimension], disclosure)
            rows.append(row)
    columns = ["source", "title", "dimension", "people", "share", "tells", "how"]
    return Released(pd.DataFrame(rows, columns=columns))


def _recorded(row: Any, disclosure: Disclosure) -> dict[str, Any]:
    """What a source records of a dimension."""
    if row.tells and not (disclosure.exact or enough(row.told, disclosure)):
        return {"tells": True, "how": Record.FEW.value}
    if row.tells:
        share = row.told / row.people
        return {"tells": True, "people": row.told, "share": share, "how": Record.COUNTED.value}
    if row.published:
        return {"tells": True, "how": Record.PUBLISHED.value}
    return {"how": Record.HEARD_ALONE.value} if row.heard else {}
