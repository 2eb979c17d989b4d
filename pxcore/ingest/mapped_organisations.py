"""Organisations in a layout a person explained: whom they belong to, and what became of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pxcore.ingest import reference
from pxcore.ingest.columns import code_column, places, text_column
from pxcore.ingest.profile import Profile
from pxcore.ingest.source import Findings
from pxcore.ingest.workbook import Header, Sheet
from pxcore.model import Grain


def frames(
    profile: Profile, sheet: Sheet, header: Header, findings: Findings
) -> dict[str, pd.DataFrame]:
    """The provider, parent and succession frames that the columns mapped can fill."""
    table = sheet.table(header)
    findings.rows_in += len(table)
    table["cell"] = places(sheet, table)
    for name in ("code", "parent", "successor"):
        table[name] = code_column(table, name)
    blank = table["code"].eq("")
    findings.reject("no code on the row", int(blank.sum()))
    table = table[~blank]
    filled: dict[str, pd.DataFrame] = {}
    if "name" in header.columns:
        filled["provider"] = _providers(profile, table, sheet, header, findings)
    if "parent" in header.columns:
        _tell_two_parents(table, findings)
        filled["parent"] = reference.belonging(
            table, "code", Grain(profile.grain), "parent", Grain(profile.parent_grain)
        )
        if "parent_name" in header.columns:
            named = _parents(profile, table)
            filled["provider"] = pd.concat(
                [*(filled[n] for n in ("provider",) if n in filled), named]
            )
    if "successor" in header.columns:
        filled["succession"] = _successions(table, sheet, header, findings)
    return filled


def _tell_two_parents(table: pd.DataFrame, findings: Findings) -> None:
    pairs = table.loc[table["parent"].ne(""), ["code", "parent", "cell"]].drop_duplicates(
        ["code", "parent"]
    )
    for code, rows in pairs[pairs["code"].duplicated(keep=False)].groupby("code", sort=False):
        findings.error(
            f"{code} is said to belong to {' and to '.join(rows['parent'].head(3))}.",
            " and ".join(rows["cell"].head(3)),
            "Keep the row that holds now.",
        )


def _providers(
    profile: Profile, table: pd.DataFrame, sheet: Sheet, header: Header, findings: Findings
) -> pd.DataFrame:
    rows = reference.last_of_each(table, ["code"], "codes", findings)
    opened, closed = (
        reference.date_column(rows, name, sheet, header.columns[name], findings)
        if name in header.columns
        else pd.Series(pd.NaT, index=rows.index)
        for name in ("opened", "closed")
    )
    dated = {"opened", "closed"} & header.columns.keys()
    return pd.DataFrame(
        {
            "code": rows["code"],
            "name": text_column(rows, "name"),
            "grain": profile.grain,
            "status": np.where(closed.notna(), "closed", "open" if dated else ""),
            "opened": opened,
            "closed": closed,
            "postcode": text_column(rows, "postcode"),
            "cell": rows["cell"],
        }
    )


def _parents(profile: Profile, table: pd.DataFrame) -> pd.DataFrame:
    rows = table[table["parent"].ne("")].drop_duplicates("parent", keep="last")
    return pd.DataFrame(
        {
            "code": rows["parent"],
            "name": text_column(rows, "parent_name"),
            "grain": profile.parent_grain,
            "cell": rows["cell"],
        }
    )


def _successions(
    table: pd.DataFrame, sheet: Sheet, header: Header, findings: Findings
) -> pd.DataFrame:
    moved = table[table["successor"].ne("")]
    rows = pd.DataFrame(
        {
            "old_code": moved["code"],
            "new_code": moved["successor"],
            "succeeded_on": reference.date_column(
                moved, "succeeded_on", sheet, header.columns["succeeded_on"], findings
            ),
            "cell": moved["cell"],
        }
    )
    for row in moved.loc[text_column(moved, "succeeded_on").eq(""), "row"]:
        findings.error(
            "The day on which the code became another is blank.",
            sheet.place(int(row), header.columns["succeeded_on"]),
            "Fill in the date.",
        )
    again = rows.duplicated(["old_code", "new_code", "succeeded_on"])
    findings.reject("the same succession stands more than once", int(again.sum()))
    return reference.without_loops(rows[~again], findings)
