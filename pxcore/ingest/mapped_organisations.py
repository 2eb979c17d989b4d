"""Organisations in a layout a person explained: whom they belong to, and what became of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pxcore.ingest import reference
from pxcore.ingest.profile import Profile
from pxcore.ingest.table import Table
from pxcore.model import Grain


def frames(profile: Profile, table: Table) -> dict[str, pd.DataFrame]:
    """The provider, parent and succession frames that the columns mapped can fill."""
    table.findings.rows_in += len(table)
    codes = {name: table.codes(name) for name in ("code", "parent", "successor")}
    mapped = {name for name in ("name", "parent", "parent_name", "successor") if name in table}
    table = table.with_columns(cell=table.places(), **codes)
    table = table.without(table["code"].eq(""), "no code on the row")
    filled: dict[str, pd.DataFrame] = {}
    providers = [_providers(profile, table)] if "name" in mapped else []
    if "parent" in mapped:
        _report_two_parents(table)
        filled["parent"] = reference.belonging(
            table, "code", Grain(profile.grain), "parent", Grain(profile.parent_grain)
        )
        if "parent_name" in mapped:
            providers.append(_parents(profile, table))
    if providers:
        filled["provider"] = pd.concat(providers)
    if "successor" in mapped:
        filled["succession"] = _successions(table)
    return filled


def _report_two_parents(table: Table) -> None:
    pairs = table.frame.loc[table["parent"].ne(""), ["code", "parent", "cell"]].drop_duplicates(
        ["code", "parent"]
    )
    for code, rows in pairs[pairs["code"].duplicated(keep=False)].groupby("code", sort=False):
        table.findings.error(
            f"{code} belongs to {' and to '.join(rows['parent'].head(3))}.",
            " and ".join(rows["cell"].head(3)),
            "Keep the row that applies now.",
        )


def _providers(profile: Profile, table: Table) -> pd.DataFrame:
    rows = reference.last_of_each(table, "code", "codes")
    opened, closed = (
        reference.date_column(rows, name) if name in rows else pd.Series(pd.NaT, index=rows.index)
        for name in ("opened", "closed")
    )
    dated = "opened" in rows or "closed" in rows
    return pd.DataFrame(
        {
            "code": rows["code"],
            "name": rows.text("name"),
            "grain": profile.grain,
            "status": np.where(closed.notna(), "closed", "open" if dated else ""),
            "opened": opened,
            "closed": closed,
            "postcode": rows.text("postcode"),
            "cell": rows["cell"],
        }
    )


def _parents(profile: Profile, table: Table) -> pd.DataFrame:
    rows = table.where(table["parent"].ne("") & ~table["parent"].duplicated(keep="last"))
    return pd.DataFrame(
        {
            "code": rows["parent"],
            "name": rows.text("parent_name"),
            "grain": profile.parent_grain,
            "cell": rows["cell"],
        }
    )


def _successions(table: Table) -> pd.DataFrame:
    moved = table.where(table["successor"].ne(""))
    rows = reference.successions(moved, "code", "successor", "succeeded_on")
    moved.errors(
        moved.text("succeeded_on").eq(""),
        "succeeded_on",
        "The day on which the code became another is blank.",
        "Fill in the date.",
    )
    return reference.each_succession_once(rows, table.findings)
