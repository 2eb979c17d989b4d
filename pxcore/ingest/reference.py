"""Reference files: organisations, who belongs to whom, who succeeded whom, and list sizes.

The files of the Organisation Data Service have no heading, so they are known by their shape (number
of columns, where the dates stand), never by the look of a code.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from pxcore.ingest import cells, dates
from pxcore.ingest.columns import (
    at,
    code_column,
    data_rows,
    first_table,
    listed,
    mapped,
    note_header,
    places,
    read_counts,
    read_numbers,
    report_missing,
    text_column,
    warn_of_unread_sheets,
)
from pxcore.ingest.source import Extract, Findings, Request, Source, extract
from pxcore.ingest.workbook import Aliases, Header, Sheet, Workbook
from pxcore.model import Grain

ODS = "Organisation Data Service"
OPEN_GOVERNMENT = "Open Government Licence v3.0"
PRACTICE_SETTING = "4"  # prescribing setting of a general practice
_YMD = re.compile(r"(19|20)\d\d[01]\d[0-3]\d")
_SHAPE_ROWS = 40
# Columns counted from 0. Status letters: A active, C closed, D dormant, P proposed.
_ODS_COLUMNS = {
    "code": 0,
    "name": 1,
    "region": 2,
    "geography": 3,
    "postcode": 9,
    "opened": 10,
    "closed": 11,
    "status": 12,
    "commissioner": 14,
    "setting": 25,
}
_MEMBER_COLUMNS = {"code": 0, "parent": 1, "joined": 3, "left": 4}


# A publication of figures names organisations too, but is no list of them.
_FIGURE_HEAD = re.compile(r"responses|very good|positive|eligible|pct|patients|complaints|rating")


def _holds_figures(header: Header) -> bool:
    return any(_FIGURE_HEAD.search(title.lower()) for title in header.titles.values())


# --- Files without a heading ------------------------------------------------------------------


def _headless(workbook: Workbook, width: int) -> list[list[str]] | None:
    """The first rows as text, where the one sheet has `width` columns throughout."""
    if len(workbook.sheet_names) != 1:
        return None
    rows = workbook.sheets[0].rows[:_SHAPE_ROWS]
    lines = [
        [cells.text(cell) for cell in row] for row in rows if any(c not in ("", None) for c in row)
    ]
    # A few odd rows are a fault to report, not another layout.
    if not lines or sum(len(line) == width for line in lines) < 0.8 * len(lines):
        return None
    return [line for line in lines if len(line) == width]


def _dated(lines: list[list[str]], column: int) -> bool:
    """Most rows have a yyyymmdd date there, and the very first has one: it is no heading."""
    dated = [bool(_YMD.fullmatch(line[column])) for line in lines]
    return dated[0] and sum(dated) >= 0.8 * len(dated)


def _blank_or_dated(lines: list[list[str]], column: int) -> bool:
    fits = [not line[column] or bool(_YMD.fullmatch(line[column])) for line in lines]
    return sum(fits) >= 0.8 * len(fits)


def _recognise_practices(workbook: Workbook) -> bool:
    lines = _headless(workbook, 27)
    return bool(
        lines
        and _dated(lines, 10)
        and _blank_or_dated(lines, 11)
        and sum(bool(line[12]) for line in lines) > len(lines) / 2
    )


def _recognise_trusts(workbook: Workbook) -> bool:
    lines = _headless(workbook, 27)
    return bool(
        lines
        and _dated(lines, 10)
        and _blank_or_dated(lines, 11)
        and not any(line[12] for line in lines)
    )


def _recognise_members(workbook: Workbook) -> bool:
    lines = _headless(workbook, 6)
    return bool(
        lines
        and _dated(lines, 3)
        and _blank_or_dated(lines, 4)
        and all(line[0] and line[1] for line in lines)
    )


def _positions(
    sheet: Sheet, columns: dict[str, int], width: int, findings: Findings
) -> pd.DataFrame:
    """The rows of a file without a heading, columns named by position; short rows are errors."""
    lines = []
    for row, line in enumerate(sheet.rows):
        if not any(cell not in ("", None) for cell in line):
            continue
        findings.rows_in += 1
        if len(line) != width:
            findings.error(
                f"The row has {len(line)} columns, not {width}.",
                sheet.place(row),
                "Check that no comma or quotation mark was lost; download the file again.",
            )
            continue
        lines.append((row, line))
    table = {
        name: pd.Series([line[position] for _, line in lines], dtype=object)
        for name, position in columns.items()
    }
    findings.note("No heading in this file: columns are known by their position.")
    return pd.DataFrame({**table, "row": pd.Series([row for row, _ in lines], dtype="int64")})


def date_column(
    table: pd.DataFrame, name: str, sheet: Sheet, column: int | None, findings: Findings
) -> pd.Series:
    """yyyymmdd as dates; what is neither a date nor blank is an error."""
    codes, different = pd.factorize(table[name].to_numpy(dtype=object), use_na_sentinel=False)
    read = dates.read(pd.Series([_as_date_text(cell) for cell in different], dtype=object)).frame
    bad = pd.Series(read["bad"].to_numpy(dtype=bool)[codes], index=table.index)
    for row, raw in zip(table.loc[bad, "row"], table.loc[bad, name], strict=True):
        findings.error(
            f"‘{cells.text(raw)}’ is not a date.",
            sheet.place(int(row), column),
            "Write it as yyyymmdd, such as 20240401.",
        )
    return pd.Series(read["date"].to_numpy()[codes], index=table.index)


def _as_date_text(cell: object) -> object:
    return cells.text(cell) if isinstance(cell, (int, float)) else cell


def last_of_each(rows: pd.DataFrame, key: list[str], what: str, findings: Findings) -> pd.DataFrame:
    """Each key once, the last row of it; how many stood more than once is a warning."""
    repeats = rows.duplicated(key, keep="last")
    if repeats.any():
        findings.reject("the same code stands more than once", int(repeats.sum()))
        findings.warning(
            f"{int(repeats.sum())} {what} stand more than once "
            f"({listed(rows.loc[repeats, key[0]].drop_duplicates())}); "
            "the last row of each was kept.",
            str(rows.loc[repeats, "cell"].iloc[0]),
        )
    return rows[~repeats]


def _reject_where(
    rows: pd.DataFrame, wrong: pd.Series, reason: str, findings: Findings
) -> pd.DataFrame:
    findings.reject(reason, int(wrong.sum()))
    return rows[~wrong]


def _organisations(
    sheet: Sheet, findings: Findings, *, practices: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The provider rows of an epraccur or etr file, and the table they came from."""
    table = _positions(sheet, _ODS_COLUMNS, 27, findings)
    table["cell"] = places(sheet, table)
    table["code"] = mapped(table["code"], cells.code)
    table = _reject_where(table, table["code"].eq(""), "no code on the row", findings)
    if practices:
        not_practices = text_column(table, "setting").ne(PRACTICE_SETTING)
        table = _reject_where(
            table,
            not_practices,
            "not a general practice (prescribing setting other than 4)",
            findings,
        )
    table = last_of_each(table, ["code"], "codes", findings)
    opened = date_column(table, "opened", sheet, _ODS_COLUMNS["opened"], findings)
    closed = date_column(table, "closed", sheet, _ODS_COLUMNS["closed"], findings)
    shut = closed.notna() | code_column(table, "status").eq("C")
    for row in table.loc[closed < opened, "row"]:
        findings.warning("The organisation closed before it opened.", sheet.place(int(row)))
    grain = Grain.PRACTICE if practices else Grain.TRUST
    providers = pd.DataFrame(
        {
            "code": table["code"],
            "name": text_column(table, "name"),
            "grain": grain.value,
            "status": np.where(shut, "closed", "open"),
            "opened": opened,
            "closed": closed,
            "postcode": text_column(table, "postcode"),
            "cell": table["cell"],
        }
    )
    return providers, table


def _parse_practices(workbook: Workbook, request: Request) -> Extract:  # noqa: ARG001
    findings, sheet = Findings(), workbook.sheets[0]
    providers, table = _organisations(sheet, findings, practices=True)
    edges = belonging(
        table.assign(commissioner=code_column(table, "commissioner")),
        "code",
        Grain.PRACTICE,
        "commissioner",
        Grain.SUB_ICB,
    )
    return extract(PRACTICES, workbook, findings, {"provider": providers, "parent": edges})


def _parse_trusts(workbook: Workbook, request: Request) -> Extract:  # noqa: ARG001
    findings, sheet = Findings(), workbook.sheets[0]
    providers, table = _organisations(sheet, findings, practices=False)
    table = table.assign(
        geography=code_column(table, "geography"), region=code_column(table, "region")
    )
    edges = pd.concat(
        [
            belonging(table, "code", Grain.TRUST, "geography", Grain.ICB),
            belonging(table, "code", Grain.TRUST, "region", Grain.REGION),
        ]
    )
    return extract(TRUSTS, workbook, findings, {"provider": providers, "parent": edges})


def _parse_members(workbook: Workbook, request: Request) -> Extract:  # noqa: ARG001
    findings, sheet = Findings(), workbook.sheets[0]
    table = _positions(sheet, _MEMBER_COLUMNS, 6, findings)
    table["cell"] = places(sheet, table)
    table["code"], table["parent"] = (
        mapped(table["code"], cells.code),
        mapped(table["parent"], cells.code),
    )
    date_column(table, "joined", sheet, _MEMBER_COLUMNS["joined"], findings)
    left = date_column(table, "left", sheet, _MEMBER_COLUMNS["left"], findings)
    table = _reject_where(table, left.notna(), "the membership has ended", findings)
    table = _reject_where(
        table, table["code"].eq("") | table["parent"].eq(""), "no code on the row", findings
    )
    table = last_of_each(table, ["code"], "practices", findings)
    edges = belonging(table, "code", Grain.PRACTICE, "parent", Grain.SUB_ICB)
    return extract(MEMBERS, workbook, findings, {"parent": edges})


def belonging(
    table: pd.DataFrame, child: str, child_grain: Grain, parent: str, parent_grain: Grain
) -> pd.DataFrame:
    """One row per child and its parent of a grain; where a child has several, the commonest."""
    pairs = table[table[child].ne("") & table[parent].ne("") & table[child].ne(table[parent])]
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


def _parse_mapping(workbook: Workbook, request: Request) -> Extract:  # noqa: ARG001
    findings = Findings()
    match = first_table(workbook, MAPPING_ALIASES, _MAPPING_NEEDS)
    if match is None:
        report_missing(workbook, MAPPING_ALIASES, _MAPPING_NEEDS, findings)
        return extract(GP_MAPPING, workbook, findings, {})
    sheet, header = match
    note_header(sheet, header, findings, MAPPING_ALIASES)
    warn_of_unread_sheets(workbook, sheet, MAPPING_ALIASES, header, findings)
    table = sheet.table(header)
    findings.rows_in = len(table)
    for name, _ in _CHAIN:
        table[name] = code_column(table, name)
        table[f"{name}_name"] = text_column(table, f"{name}_name")
        table.loc[table[name].isin(_NO_NETWORK), name] = ""
    table["cell"] = places(sheet, table)
    table = data_rows(table, sheet, findings, code="practice", name="practice_name")
    table = _reject_where(table, table["practice"].eq(""), "no practice code", findings)
    _warn_where_repeats_disagree(table, findings)
    table = last_of_each(table, ["practice"], "practice codes", findings)
    providers = [_named(table, name, grain) for name, grain in _CHAIN]
    edges = [
        belonging(table, child, child_grain, parent, parent_grain)
        for place, (child, child_grain) in enumerate(_CHAIN)
        for parent, parent_grain in _CHAIN[place + 1 :]
    ]
    frames = {"provider": pd.concat(providers), "parent": pd.concat(edges)}
    return extract(GP_MAPPING, workbook, findings, frames)


def _warn_where_repeats_disagree(table: pd.DataFrame, findings: Findings) -> None:
    parents = [name for name, _ in _CHAIN[1:]]
    several = table.groupby("practice")[parents].nunique().gt(1).any(axis=1)
    if several.any():
        findings.warning(
            f"{int(several.sum())} practices are given with different parents "
            f"({listed(several.index[several])}); the last row of each was taken.",
            str(table.loc[table["practice"].isin(several.index[several]), "cell"].iloc[0]),
            "Check which is right and delete the other row.",
        )


def _named(table: pd.DataFrame, name: str, grain: Grain) -> pd.DataFrame:
    """Each organisation of a column once, with its name."""
    rows = table[table[name].ne("")].drop_duplicates(name, keep="last")
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


def _parse_sites(workbook: Workbook, request: Request) -> Extract:  # noqa: ARG001
    findings = Findings()
    match = first_table(workbook, _SITE_ALIASES, _SITE_NEEDS)
    if match is None:
        report_missing(workbook, _SITE_ALIASES, _SITE_NEEDS, findings)
        return extract(TRUST_SITES, workbook, findings, {})
    sheet, header = match
    note_header(sheet, header, findings, _SITE_ALIASES)
    warn_of_unread_sheets(workbook, sheet, _SITE_ALIASES, header, findings)
    table = sheet.table(header)
    findings.rows_in = len(table)
    for name in ("icb", "trust", "site"):
        table[name] = code_column(table, name)
        table[f"{name}_name"] = _without_code(text_column(table, f"{name}_name"), table[name])
    table["cell"] = places(sheet, table)
    table = data_rows(table, sheet, findings, code="trust", name="trust_name")
    table = _reject_where(table, table["trust"].eq(""), "no trust code", findings)
    chain = (("site", Grain.SITE), ("trust", Grain.TRUST), ("icb", Grain.ICB))
    # Independent providers stand under themselves: a site may carry its trust's own code.
    own = table["site"].ne(table["trust"])
    providers = [
        _named(table, "trust", Grain.TRUST),
        _named(table[own], "site", Grain.SITE),
        _named(table[table["icb_name"].ne("")], "icb", Grain.ICB),
    ]
    edges = [
        belonging(table, child, child_grain, parent, parent_grain)
        for place, (child, child_grain) in enumerate(chain)
        for parent, parent_grain in chain[place + 1 :]
    ]
    wards = table[["site", "ward"]].drop_duplicates()
    findings.note(
        f"{len(wards)} wards of {table['site'].nunique()} sites; a ward has no code, so wards are "
        "known only from the extracts that report them."
    )
    moved = table.groupby("site")["trust"].nunique()
    if (moved > 1).any():
        findings.warning(
            f"{int((moved > 1).sum())} sites stand under more than one trust "
            f"({listed(moved.index[moved > 1])}); the trust with most wards was taken.",
            sheet.place(),
        )
    frames = {"provider": pd.concat(providers), "parent": pd.concat(edges)}
    return extract(TRUST_SITES, workbook, findings, frames)


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


def _parse_succession(workbook: Workbook, request: Request) -> Extract:  # noqa: ARG001
    findings = Findings()
    match = first_table(workbook, SUCCESSION_ALIASES, SUCCESSION_ALIASES)
    if match is None:
        report_missing(workbook, SUCCESSION_ALIASES, SUCCESSION_ALIASES, findings)
        return extract(SUCCESSIONS, workbook, findings, {})
    sheet, header = match
    note_header(sheet, header, findings, SUCCESSION_ALIASES)
    warn_of_unread_sheets(workbook, sheet, SUCCESSION_ALIASES, header, findings)
    table = sheet.table(header)
    findings.rows_in = len(table)
    rows = pd.DataFrame(
        {
            "old_code": code_column(table, "old_code"),
            "new_code": code_column(table, "new_code"),
            "succeeded_on": date_column(table, "date", sheet, header.columns["date"], findings),
            "cell": places(sheet, table),
        }
    )
    blank_date = rows["succeeded_on"].isna() & text_column(table, "date").eq("")
    for row in table.loc[blank_date, "row"]:
        findings.error(
            "The date is blank.", at(sheet, header, row, "date"), "Write it as yyyymmdd."
        )
    no_code = rows["old_code"].eq("") | rows["new_code"].eq("")
    rows = _reject_where(rows, no_code, "no code on the row", findings)
    rows = _reject_where(
        rows,
        rows.duplicated(["old_code", "new_code", "succeeded_on"]),
        "the same succession stands more than once",
        findings,
    )
    rows = without_loops(rows, findings)
    _tell_several_successors(rows, findings)
    return extract(SUCCESSIONS, workbook, findings, {"succession": rows})


def without_loops(rows: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    selves = rows["old_code"].eq(rows["new_code"])
    if selves.any():
        findings.warning(
            f"{int(selves.sum())} codes are said to succeed themselves "
            f"({listed(rows.loc[selves, 'old_code'])}); these rows are ignored.",
            str(rows.loc[selves, "cell"].iloc[0]),
        )
        rows = _reject_where(rows, selves, "a code that succeeds itself", findings)
    circling = _in_a_cycle(rows["old_code"].tolist(), rows["new_code"].tolist())
    wrong = pd.Series(circling, index=rows.index)
    if wrong.any():
        findings.warning(
            f"{int(wrong.sum())} successions go round in a circle "
            f"({listed(rows.loc[wrong, 'old_code'] + ' → ' + rows.loc[wrong, 'new_code'])}): "
            "nobody can tell which code is the present one, so they are not used.",
            str(rows.loc[wrong, "cell"].iloc[0]),
            "Delete the row that is wrong.",
        )
        rows = _reject_where(rows, wrong, "part of a circle of successions", findings)
    return rows


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


def _tell_several_successors(rows: pd.DataFrame, findings: Findings) -> None:
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


# --- List sizes -------------------------------------------------------------------------------

_BANDS = {
    "0to4": "0-4",
    "5to14": "5-14",
    "15to44": "15-44",
    "45to64": "45-64",
    "65to74": "65-74",
    "75to84": "75-84",
    "85plus": "85 and over",
}
_SEXES = {"male": "Male", "female": "Female"}
_QUINTILES = {1: "1 (most deprived)", 2: "2", 3: "3", 4: "4", 5: "5 (least deprived)"}
_LIST_ALIASES: Aliases = {
    "practice": ("practice_code", "gp_code"),
    "total": ("total_patients", "total patients", "list size"),
    "decile": ("decile", "imd decile"),
    **{sex: (f"total_{sex}",) for sex in _SEXES},
    **{f"{sex} {band}": (f"{sex}_patients_{band}",) for sex in _SEXES for band in _BANDS},
}


def _recognise_lists(workbook: Workbook) -> bool:
    match = first_table(workbook, _LIST_ALIASES, ("total",), least=3)
    return match is not None


def _parse_lists(workbook: Workbook, request: Request) -> Extract:  # noqa: ARG001
    findings = Findings()
    match = first_table(workbook, _LIST_ALIASES, ("practice", "total"))
    if match is None:
        report_missing(workbook, _LIST_ALIASES, ("practice", "total"), findings)
        return extract(LIST_SIZES, workbook, findings, {})
    sheet, header = match
    note_header(sheet, header, findings, _LIST_ALIASES)
    warn_of_unread_sheets(workbook, sheet, _LIST_ALIASES, header, findings)
    table = sheet.table(header)
    findings.rows_in = len(table)
    table["cell"] = places(sheet, table)
    table["practice"] = code_column(table, "practice")
    table = data_rows(table, sheet, findings, code="practice", name="practice_name")
    table = _reject_where(table, table["practice"].eq(""), "no practice code", findings)
    table = last_of_each(table, ["practice"], "practice codes", findings)
    count = {
        name: read_counts(table, name, sheet, header, findings)["number"]
        for name in header.columns
        if name not in ("practice", "decile")
    }
    parts = [_people(table, "", "", count["total"])]
    parts += [_people(table, "sex", _SEXES[sex], count[sex]) for sex in _SEXES if sex in count]
    for band, title in _BANDS.items():
        both = [count[f"{sex} {band}"] for sex in _SEXES if f"{sex} {band}" in count]
        if len(both) == 2:
            parts.append(_people(table, "age", title, both[0] + both[1]))
    if "decile" in table:
        decile = read_numbers(table, "decile", sheet, header, findings)["number"]
        decile = decile.round(6)  # a spreadsheet may have kept 3 as 2.9999999998
        for row in table.loc[decile.notna() & ~decile.isin(range(1, 11)), "row"]:
            findings.error(
                "A decile is a whole number from 1 to 10.",
                at(sheet, header, row, "decile"),
                "Correct it, or leave it blank.",
            )
        quintile = np.ceil(decile / 2).map(_QUINTILES)
        known = quintile.notna()
        parts.append(_people(table[known], "deprivation", quintile[known], count["total"][known]))
    if set(_SEXES) <= count.keys():
        gap = (count["male"] + count["female"] - count["total"]).abs() > 0.5
        if gap.any():
            findings.warning(
                f"In {int(gap.sum())} practices men and women do not add up to the total.",
                str(table.loc[gap, "cell"].iloc[0]),
            )
    return extract(LIST_SIZES, workbook, findings, {"population": pd.concat(parts)})


def _people(
    table: pd.DataFrame, dimension: str, group: str | pd.Series, people: pd.Series
) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "code": table["practice"],
            "dimension": dimension,
            "group_value": group,
            "people": people,
            "cell": table["cell"],
        }
    )
    return rows[people.notna()]


_REGISTERED_ALIASES: Aliases = {
    "practice": ("CODE", "ORG_CODE", "PRACTICE_CODE"),
    "kind": ("TYPE", "ORG_TYPE"),
    "sex": ("SEX",),
    "age": ("AGE", "AGE_GROUP_5"),
    "people": ("NUMBER_OF_PATIENTS",),
    "extracted": ("EXTRACT_DATE",),
}
_REGISTERED_NEEDS = ("practice", "sex", "age", "people")
_REGISTERED_SEXES = {"male": "Male", "female": "Female", "m": "Male", "f": "Female"}


def _recognise_registered(workbook: Workbook) -> bool:
    return first_table(workbook, _REGISTERED_ALIASES, ("people", "sex"), least=3) is not None


def _parse_registered(workbook: Workbook, request: Request) -> Extract:  # noqa: ARG001
    findings = Findings()
    match = first_table(workbook, _REGISTERED_ALIASES, _REGISTERED_NEEDS)
    if match is None:
        report_missing(workbook, _REGISTERED_ALIASES, _REGISTERED_NEEDS, findings)
        return extract(REGISTERED, workbook, findings, {})
    sheet, header = match
    note_header(sheet, header, findings, _REGISTERED_ALIASES)
    warn_of_unread_sheets(workbook, sheet, _REGISTERED_ALIASES, header, findings)
    table = sheet.table(header)
    findings.rows_in = len(table)
    table["cell"] = places(sheet, table)
    table["practice"] = code_column(table, "practice")
    kind = text_column(table, "kind").str.lower()
    areas = kind.ne("") & ~kind.isin(["gp", "gp practice", "practice"])
    table = _reject_where(table, areas, "an area, not a practice", findings)
    table = data_rows(table, sheet, findings, code="practice", name="practice_name")
    table = _reject_where(table, table["practice"].eq(""), "no practice code", findings)
    people = read_counts(table, "people", sheet, header, findings)["number"]
    sex, age = text_column(table, "sex").str.lower(), text_column(table, "age").str.upper()
    everyone = sex.isin(["all", ""]) & age.eq("ALL")
    parts = [_people(table[everyone], "", "", people[everyone])]
    named = sex.map(_REGISTERED_SEXES)
    if not everyone.any():  # no printed total: the sum over all rows
        summed = table.assign(people=people).groupby("practice", sort=False)
        whole = summed.agg(people=("people", "sum"), cell=("cell", "first")).reset_index()
        parts = [_people(whole, "", "", whole["people"])]
    by_sex = named.notna() & age.eq("ALL")
    parts.append(_people(table[by_sex], "sex", named[by_sex], people[by_sex]))
    findings.reject("a single year or band of age (not kept)", int((~everyone & ~by_sex).sum()))
    return extract(REGISTERED, workbook, findings, {"population": pd.concat(parts)})


# --- The sources ------------------------------------------------------------------------------

PRACTICES = Source(
    "ods_practices",
    "Practices (epraccur)",
    ODS,
    OPEN_GOVERNMENT,
    ("provider", "parent"),
    _recognise_practices,
    _parse_practices,
)
TRUSTS = Source(
    "ods_trusts",
    "Trusts (etr)",
    ODS,
    OPEN_GOVERNMENT,
    ("provider", "parent"),
    _recognise_trusts,
    _parse_trusts,
)
MEMBERS = Source(
    "ods_members",
    "Practice membership (epcmem)",
    ODS,
    OPEN_GOVERNMENT,
    ("parent",),
    _recognise_members,
    _parse_members,
)
GP_MAPPING = Source(
    "gp_mapping",
    "Practices by network, sub-ICB location, ICB and region",
    "NHS England",
    OPEN_GOVERNMENT,
    ("provider", "parent"),
    _recognise_mapping,
    _parse_mapping,
)
TRUST_SITES = Source(
    "trust_sites",
    "Trusts, sites and wards",
    "NHS England",
    OPEN_GOVERNMENT,
    ("provider", "parent"),
    _recognise_sites,
    _parse_sites,
)
SUCCESSIONS = Source(
    "succession",
    "Succession of organisations",
    ODS,
    OPEN_GOVERNMENT,
    ("succession",),
    _recognise_succession,
    _parse_succession,
)
LIST_SIZES = Source(
    "list_sizes",
    "List sizes by age, sex and deprivation",
    "NHS England",
    OPEN_GOVERNMENT,
    ("population",),
    _recognise_lists,
    _parse_lists,
)
REGISTERED = Source(
    "registered_patients",
    "Patients registered at a practice (gp-reg-pat)",
    "NHS England",
    OPEN_GOVERNMENT,
    ("population",),
    _recognise_registered,
    _parse_registered,
)
SOURCES: tuple[Source, ...] = (
    PRACTICES,
    TRUSTS,
    MEMBERS,
    GP_MAPPING,
    TRUST_SITES,
    SUCCESSIONS,
    LIST_SIZES,
    REGISTERED,
)
