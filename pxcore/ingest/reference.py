"""Reference files: organisations, who belongs to whom, and who succeeded whom."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from pxcore.ingest import cells, dates
from pxcore.ingest.columns import data_rows, first_table, listed, one_table
from pxcore.ingest.source import Findings, Frames, Source
from pxcore.ingest.table import Table
from pxcore.ingest.workbook import Aliases, Header, Workbook
from pxcore.model import Grain

ODS = "Organisation Data Service"
OPEN_GOVERNMENT = "Open Government Licence v3.0"
# A publication of figures names organisations too, but is no list of them.
_FIGURE_HEAD = re.compile(r"responses|very good|positive|eligible|pct|patients|complaints|rating")


def _holds_figures(header: Header) -> bool:
    return any(_FIGURE_HEAD.search(title.lower()) for title in header.titles.values())


# --- What the reference files share -----------------------------------------------------------


def date_column(table: Table, name: str) -> pd.Series:
    """yyyymmdd as dates; what is neither a date nor blank is an error."""
    codes, different = pd.factorize(table[name].to_numpy(dtype=object), use_na_sentinel=False)
    read = dates.read(pd.Series([_as_date_text(cell) for cell in different], dtype=object)).frame
    table.errors(
        pd.Series(read["bad"].to_numpy(dtype=bool)[codes], index=table.index),
        name,
        lambda cell: f"‘{cells.text(cell)}’ is not a date.",
        "Write it as yyyymmdd, such as 20240401.",
        table[name],
    )
    return pd.Series(read["date"].to_numpy()[codes], index=table.index)


def _as_date_text(cell: object) -> object:
    return cells.text(cell) if isinstance(cell, (int, float)) else cell


def last_of_each(table: Table, key: str, what: str) -> Table:
    """Each key once, the last row of it; how many stood more than once is a warning."""
    repeats = table[key].duplicated(keep="last")
    if repeats.any():
        table.findings.warning(
            f"{int(repeats.sum())} {what} stand more than once "
            f"({listed(table[key][repeats].drop_duplicates())}); "
            "the last row of each was kept.",
            str(table["cell"][repeats].iloc[0]),
        )
    return table.without(repeats, "the same code stands more than once")


def belonging(
    table: Table, child: str, child_grain: Grain, parent: str, parent_grain: Grain
) -> pd.DataFrame:
    """One row per child and its parent of a grain; where a child has several, the commonest."""
    related = table[child].ne("") & table[parent].ne("") & table[child].ne(table[parent])
    pairs = table.frame[related]
    counted = (
        pairs.groupby([child, parent], sort=False)
        .agg(rows=("cell", "size"), cell=("cell", "last"))
        .reset_index()
        .sort_values("rows", ascending=False, kind="stable")
        .drop_duplicates(child)
        .sort_index()
    )
    return pd.DataFrame(
        {
            "code": counted[child],
            "grain": child_grain.value,
            "parent": counted[parent],
            "parent_grain": parent_grain.value,
            "cell": counted["cell"],
        }
    )


def _edges(table: Table, chain: Sequence[tuple[str, Grain]]) -> pd.DataFrame:
    """Who belongs to whom, of every two levels of a chain."""
    return pd.concat(
        belonging(table, child, child_grain, parent, parent_grain)
        for place, (child, child_grain) in enumerate(chain)
        for parent, parent_grain in chain[place + 1 :]
    )


# --- Practice -> network -> sub-ICB -> ICB -> region ------------------------------------------

MAPPING_ALIASES: Aliases = {
    "practice": ("GP_CODE", "Practice_Code", "PRAC_CODE"),
    "practice_name": ("GP_NAME", "Practice_Name", "PRAC_NAME"),
    "supplier": ("SUPPLIER", "SUPPLIER_NAME"),
    "pcn": ("PCN_CODE",),
    "pcn_name": ("PCN_NAME",),
    "sub_icb": ("SUB_ICB_LOCATION_CODE", "SUB_ICB_CODE"),
    "sub_icb_name": ("SUB_ICB_LOCATION_NAME", "SUB_ICB_NAME"),
    "icb": ("ICB_CODE",),
    "icb_name": ("ICB_NAME",),
    "region": ("REGION_CODE", "COMM_REGION_CODE"),
    "region_name": ("REGION_NAME", "COMM_REGION_NAME"),
}
_MAPPING_NEEDS = ("practice", "practice_name", "icb")
_CHAIN = (
    ("practice", Grain.PRACTICE),
    ("pcn", Grain.PCN),
    ("sub_icb", Grain.SUB_ICB),
    ("icb", Grain.ICB),
    ("region", Grain.REGION),
)
_NO_NETWORK = {"", "U", "UNALLOCATED", "NOT APPLICABLE", "N/A"}


def _recognise_mapping(workbook: Workbook) -> bool:
    match = first_table(workbook, MAPPING_ALIASES, ("icb", "practice_name"), least=4)
    return (
        match is not None
        and bool({"pcn", "sub_icb"} & match[1].columns.keys())
        and not _holds_figures(match[1])
    )


def _mapping_frames(table: Table) -> Frames:
    columns: dict[str, pd.Series] = {}
    for name, _ in _CHAIN:
        codes = table.codes(name)
        columns |= {
            name: codes.mask(codes.isin(_NO_NETWORK), ""),
            f"{name}_name": table.text(f"{name}_name"),
        }
    table = table.with_columns(cell=table.places(), **columns)
    table = data_rows(table, code="practice", name="practice_name")
    table = table.without(table["practice"].eq(""), "no practice code")
    _warn_where_repeats_disagree(table)
    table = last_of_each(table, "practice", "practice codes")
    providers = pd.concat(_named(table, name, grain) for name, grain in _CHAIN)
    return {"provider": providers, "parent": _edges(table, _CHAIN)}


def _warn_where_repeats_disagree(table: Table) -> None:
    parents = [name for name, _ in _CHAIN[1:]]
    several = table.frame.groupby("practice")[parents].nunique().gt(1).any(axis=1)
    names = several.index[several]
    if len(names):
        table.findings.warning(
            f"{len(names)} practices are given with different parents ({listed(names)}); the last row "
            "of each was taken.",
            str(table["cell"][table["practice"].isin(names)].iloc[0]),
            "Check which is right and delete the other row.",
        )


def _named(table: Table, name: str, grain: Grain) -> pd.DataFrame:
    """Each organisation of a column once, with its name."""
    rows = table.frame[table[name].ne("")].drop_duplicates(name, keep="last")
    status = "open" if grain is Grain.PRACTICE else ""
    return pd.DataFrame(
        {
            "code": rows[name],
            "name": rows[f"{name}_name"],
            "grain": grain.value,
            "status": status,
            "cell": rows["cell"],
        }
    )


# --- Trust -> site -> ward --------------------------------------------------------------------

_SITE_ALIASES: Aliases = {
    "icb": ("ICB Code",),
    "icb_name": ("ICB Name",),
    "trust": ("Trust Code",),
    "trust_name": ("Trust Name",),
    "site": ("Site Code",),
    "site_name": ("Site Name",),
    "ward": ("Ward Name",),
}
_SITE_NEEDS = ("trust", "trust_name", "site", "site_name", "ward")


def _recognise_sites(workbook: Workbook) -> bool:
    match = first_table(workbook, _SITE_ALIASES, ("ward", "trust"), least=4)
    return match is not None and not _holds_figures(match[1])


def _site_frames(table: Table) -> Frames:
    columns: dict[str, pd.Series] = {}
    for name in ("icb", "trust", "site"):
        codes = table.codes(name)
        columns |= {name: codes, f"{name}_name": _without_code(table.text(f"{name}_name"), codes)}
    table = table.with_columns(cell=table.places(), **columns)
    table = data_rows(table, code="trust", name="trust_name")
    table = table.without(table["trust"].eq(""), "no trust code")
    # Independent providers stand under themselves: a site may carry its trust's own code.
    own = table["site"].ne(table["trust"])
    providers = [
        _named(table, "trust", Grain.TRUST),
        _named(table.where(own), "site", Grain.SITE),
        _named(table.where(table["icb_name"].ne("")), "icb", Grain.ICB),
    ]
    edges = _edges(table, (("site", Grain.SITE), ("trust", Grain.TRUST), ("icb", Grain.ICB)))
    wards = table.frame[["site", "ward"]].drop_duplicates()
    table.findings.note(
        f"{len(wards)} wards of {table['site'].nunique()} sites; a ward has no code, so wards are "
        "known only from the extracts that report them."
    )
    trusts = table.frame.groupby("site")["trust"].nunique()
    moved = trusts.index[trusts > 1]
    if len(moved):
        table.findings.warning(
            f"{len(moved)} sites stand under more than one trust ({listed(moved)}); the trust with "
            "most wards was taken.",
            table.sheet.place(),
        )
    return {"provider": pd.concat(providers), "parent": edges}


def _without_code(names: pd.Series, codes: pd.Series) -> pd.Series:
    """“BLACKPOOL VICTORIA HOSPITAL - RXL01” without the code it carries."""
    bare = [
        re.sub(rf"\s*[-–]\s*{re.escape(code)}$", "", name, flags=re.IGNORECASE) if code else name
        for name, code in zip(names, codes, strict=True)
    ]
    return pd.Series(bare, index=names.index, dtype=object)


# --- Succession -------------------------------------------------------------------------------

SUCCESSION_ALIASES: Aliases = {
    "old_code": ("old_code", "old code", "predecessor", "predecessor code"),
    "new_code": ("new_code", "new code", "successor", "successor code"),
    "date": ("date", "succession date", "effective date", "succeeded_on"),
}


def _recognise_succession(workbook: Workbook) -> bool:
    return first_table(workbook, SUCCESSION_ALIASES, ("old_code",), least=2) is not None


def _succession_frames(table: Table) -> Frames:
    rows = successions(table, "old_code", "new_code", "date")
    table.errors(
        rows["succeeded_on"].isna() & table.text("date").eq(""),
        "date",
        "The date is blank.",
        "Write it as yyyymmdd.",
    )
    uncoded = rows["old_code"].eq("") | rows["new_code"].eq("")
    rows = _without(rows, uncoded, "no code on the row", table.findings)
    rows = each_succession_once(rows, table.findings)
    _report_several_successors(rows, table.findings)
    return {"succession": rows}


def successions(table: Table, old: str, new: str, day: str) -> pd.DataFrame:
    """The succession rows of a table, by the names of its columns."""
    return pd.DataFrame(
        {
            "old_code": table.codes(old),
            "new_code": table.codes(new),
            "succeeded_on": date_column(table, day),
            "cell": table.places(),
        }
    )


def _without(rows: pd.DataFrame, wrong: pd.Series, reason: str, findings: Findings) -> pd.DataFrame:
    findings.reject(reason, int(wrong.sum()))
    return rows[~wrong]


def each_succession_once(rows: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """The successions that may be followed: each once, none of a code to itself, none in a circle."""
    again = rows.duplicated(["old_code", "new_code", "succeeded_on"])
    rows = _without(rows, again, "the same succession stands more than once", findings)
    selves = rows["old_code"].eq(rows["new_code"])
    if selves.any():
        findings.warning(
            f"{int(selves.sum())} codes succeed themselves "
            f"({listed(rows.loc[selves, 'old_code'])}); these rows are ignored.",
            str(rows.loc[selves, "cell"].iloc[0]),
        )
        rows = _without(rows, selves, "a code that succeeds itself", findings)
    circling = _in_a_cycle(rows["old_code"].tolist(), rows["new_code"].tolist())
    wrong = pd.Series(circling, index=rows.index, dtype=bool)
    if wrong.any():
        findings.warning(
            f"{int(wrong.sum())} successions go round in a circle "
            f"({listed(rows.loc[wrong, 'old_code'] + ' → ' + rows.loc[wrong, 'new_code'])}): "
            "it is not clear which code is current, so they are not used.",
            str(rows.loc[wrong, "cell"].iloc[0]),
            "Delete the row that is wrong.",
        )
    return _without(rows, wrong, "part of a circle of successions", findings)


def _in_a_cycle(old: list[str], new: list[str]) -> list[bool]:
    """Whether each edge lies on a cycle: from its end, its start can be reached."""
    edges = set(zip(old, new, strict=True))
    while True:  # peel off what cannot be on a cycle: nothing leads in, or nothing leads out
        starts, ends = {a for a, _ in edges}, {b for _, b in edges}
        left = {(a, b) for a, b in edges if a in ends and b in starts}
        if len(left) == len(edges):
            break
        edges = left
    following: dict[str, list[str]] = {}
    for a, b in edges:
        following.setdefault(a, []).append(b)
    circling = {(a, b) for a, b in edges if _reaches(following, b, a)}
    return [edge in circling for edge in zip(old, new, strict=True)]


def _reaches(following: dict[str, list[str]], start: str, goal: str) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        code = waiting.pop()
        if code == goal:
            return True
        for successor in following.get(code, ()):
            if successor not in seen:
                seen.add(successor)
                waiting.append(successor)
    return False


def _report_several_successors(rows: pd.DataFrame, findings: Findings) -> None:
    each = rows.groupby("old_code").agg(
        successors=("new_code", "nunique"), dates=("succeeded_on", "nunique")
    )
    several = each["successors"] > 1
    split, unclear = each[several & each["dates"].eq(1)], each[several & each["dates"].gt(1)]
    if len(split):
        findings.note(
            f"{len(split)} codes were split on one date ({listed(split.index)}): "
            "what they reported stays with the old code."
        )
    if len(unclear):
        findings.warning(
            f"{len(unclear)} codes have several successors on different dates "
            f"({listed(unclear.index)}).",
            str(rows.loc[rows["old_code"].eq(unclear.index[0]), "cell"].iloc[0]),
            "Confirm which one is meant before their figures are carried over.",
        )


GP_MAPPING = Source(
    "gp_mapping",
    "Practices by network, sub-ICB location, ICB and region",
    "NHS England",
    OPEN_GOVERNMENT,
    ("provider", "parent"),
    _recognise_mapping,
    one_table(MAPPING_ALIASES, _MAPPING_NEEDS, _mapping_frames),
)
TRUST_SITES = Source(
    "trust_sites",
    "Trusts, sites and wards",
    "NHS England",
    OPEN_GOVERNMENT,
    ("provider", "parent"),
    _recognise_sites,
    one_table(_SITE_ALIASES, _SITE_NEEDS, _site_frames),
)
SUCCESSIONS = Source(
    "succession",
    "Succession of organisations",
    ODS,
    OPEN_GOVERNMENT,
    ("succession",),
    _recognise_succession,
    one_table(SUCCESSION_ALIASES, SUCCESSION_ALIASES, _succession_frames),
)
SOURCES: tuple[Source, ...] = (GP_MAPPING, TRUST_SITES, SUCCESSIONS)
