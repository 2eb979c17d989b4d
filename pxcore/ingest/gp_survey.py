"""The GP Patient Survey: practice, ICB and national rows, in the naming to 2023 and from 2024.

Which column carries which measure in which year is data (data/reference/questions.csv).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from pxcore import maps
from pxcore.ingest import cells
from pxcore.ingest.columns import (
    data_rows,
    fieldwork,
    keep_once,
    listed,
    note_header,
    stated_years,
    wave_of,
    windows,
    years_in,
)
from pxcore.ingest.source import Findings, Frames, Request, Source
from pxcore.ingest.table import Table
from pxcore.ingest.workbook import Aliases, Header, Sheet, Workbook, headings
from pxcore.model import Grain, Withheld

NAME = "gp_survey"
_CODES = ("practice", "pcn", "icb", "area")
SMALLEST_BASE = 10  # results on fewer than ten people (unweighted) are suppressed by the publisher
NATIONAL = "ENGLAND"

_ORGANISATION = headings(
    {
        "practice": (
            "ad_practicecode | Practice_Code | Practice code | GP practice code | prac_code"
        ),
        "practice_name": "ad_practicename | Practice_Name | GP practice name",
        "pcn": "ad_pcncode | PCN_Code | PCN code",
        "pcn_name": "ad_pcnname | PCN_Name | PCN name",
        "icb": "ad_icscode | ad_icbcode | ICS_Code | ICS code | ICB_Code | ICB code | STP_Code",
        "icb_name": "ad_icsname | ad_icbname | ICS_Name | ICS name | ICB_Name | ICB name",
        "ccg": "ad_ccgcode | CCG_Code | CCG code",
        "region": "ad_commissioningregioncode | Region code",
        "area": "code | area code | org code | organisation code",
        "area_name": "name | area name | organisation name",
        "level": "type | area type | level | geography",
        "year": "year | survey year | wave",
        "distributed": "distributed",
        "received": "received",
    }
)
# The level an area row says it has, folded by cells.key.
_LEVELS = {
    "practice": Grain.PRACTICE,
    "gp practice": Grain.PRACTICE,
    "pcn": Grain.PCN,
    "ics": Grain.ICB,
    "icb": Grain.ICB,
    "ics icb": Grain.ICB,
    "icb ics": Grain.ICB,
    "region": Grain.REGION,
    "commissioning region": Grain.REGION,
    "national": Grain.NATIONAL,
    "england": Grain.NATIONAL,
    "country": Grain.NATIONAL,
}


def _variants(stem: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{stem}{joint}{part}" for part in parts for joint in (".", "_", ""))


def _columns_of(question: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The ways the columns of one question are headed: value, base, low, high."""
    head = question["column"]
    if head.lower().endswith("pct"):  # 2018-2023: Q28_12pct
        stem, number = head[:-3], head.split("_")[0]
        return {
            "value": (head, f"{stem}_pct", f"{stem}.pct"),
            # All who answered the question; see _answers_counted for those who count.
            "base": _variants(number, ("base", "baseuw", "base_uw", "basecount")),
            "low": (f"{stem}_low", f"{stem}_lowci", f"{stem}lowci", f"{number}ci_lower_wil"),
            "high": (f"{stem}_high", f"{stem}_highci", f"{stem}highci", f"{number}ci_upper_wil"),
        }
    return {
        "value": _variants(head, ("pcteval", "pct_eval")),
        "base": _variants(head, ("baseevaluw",)),
        "low": _variants(head, ("lowileval",)),
        "high": _variants(head, ("hiwileval", "highwileval")),
    }


def _questions() -> list[Mapping[str, str]]:
    return [row for row in maps.rows("questions") if row["source"] == NAME]


def _aliases() -> Aliases:
    aliases = dict(_ORGANISATION)
    for question in _questions():
        for part, names in _columns_of(question).items():
            aliases[f"{question['column']}:{part}"] = names
    return aliases


def _value_columns() -> dict[str, Mapping[str, str]]:
    return {f"{question['column']}:value": question for question in _questions()}


def _tables(workbook: Workbook) -> list[tuple[Sheet, Header]]:
    aliases, values = _aliases(), set(_value_columns())
    tables = []
    for sheet in workbook.sheets:
        header = sheet.find_header(aliases, ())
        if header is not None and values & header.columns.keys():
            tables.append((sheet, _answers_counted(header)))
    return tables


def _answers_counted(header: Header) -> Header:
    """The heading with the base and interval of each percentage of 2018 to 2023.

    Q3_12pct leaves out those who have not tried: its base is Q3_1234base, not Q3base, and its
    interval may be Q3_12ci_lower_wil beside Q3ci_lower_wil. Of several such bases none is taken.
    """
    titles = {cells.key(title): column for column, title in header.titles.items()}
    columns = dict(header.columns)
    for question in _questions():
        head = question["column"]
        if not head.lower().endswith("pct") or f"{head}:value" not in columns:
            continue
        number, stem = cells.key(head.split("_")[0]), cells.key(head[:-3])
        bases = [
            column
            for title, column in titles.items()
            if re.fullmatch(rf"{number} \d+ ?base(?: ?uw)?", title)
        ]
        if len(bases) == 1:
            columns[f"{head}:base"] = bases[0]
        elif bases:
            columns.pop(f"{head}:base", None)
        for part, end in (("low", "lower"), ("high", "upper")):
            own = titles.get(f"{stem}ci {end} wil")
            if own is not None:
                columns[f"{head}:{part}"] = own
    return replace(header, columns=columns)


def recognise(workbook: Workbook) -> bool:
    """Some sheet has a heading only this survey has, such as overallexp.pcteval or Q28_12pct."""
    return bool(_tables(workbook))


def read(workbook: Workbook, request: Request, findings: Findings) -> Frames:
    tables = _tables(workbook)
    if not tables:
        findings.error(
            "No sheet has a column of results of the GP Patient Survey.",
            "the file",
            "Check that the headings (such as overallexp.pcteval or Q28_12pct) are in the file.",
        )
    parts = []
    for sheet, header in tables:
        note_header(sheet, header, findings, _aliases())
        parts.append(_rows(workbook, Table(sheet.table(header), sheet, header, findings), request))
    filled = [rows for rows in parts if len(rows)]
    return {"survey_fact": pd.concat(filled, ignore_index=True)} if filled else {}


def _rows(workbook: Workbook, table: Table, request: Request) -> pd.DataFrame:
    """The results of one sheet; none where its organisations or its year are not known."""
    lines = len(table)
    for code in _CODES:
        table = data_rows(table, code=code, name=code)
    table.findings.rows_in += lines - len(table)
    organisations = _organisations(table)
    if organisations is None:
        return pd.DataFrame()
    table = table.where(pd.Series(table.index.isin(organisations.index), index=table.index))
    waves = _waves(workbook, table, request)
    if waves is None:
        return pd.DataFrame()
    _check_returns(table)
    measured = []
    for name, question in _value_columns().items():
        if name not in table:
            continue
        fits = waves["wave"].map(lambda wave, asks=question: _applies_in(asks, wave))
        if not fits.all():
            table.findings.warning(
                f"‘{table.title(name)}’ is known as “{question['measure']}” only in the surveys of "
                f"{question['year_from']} to {question['year_to'] or 'now'}; other years number "
                "their questions differently and are not read from it.",
                table.at_heading(name),
                "Add the question of that year to data/reference/questions.csv.",
            )
        if fits.any():
            measured.append(_measure(table.where(fits), question, workbook))
    if not measured:
        table.findings.error(
            "None of the result columns is a question known for this year.",
            table.at_heading(),
            "Check the year in the file name, or add questions to data/reference/questions.csv.",
        )
        return pd.DataFrame()
    facts = [part.join(organisations).join(waves) for part in measured]
    rows = _each_once(pd.concat(facts, ignore_index=True), table.findings)
    return rows.drop(columns=["wave", "at_row"])


def _applies_in(question: Mapping[str, str], wave: str) -> bool:
    first, last = question["year_from"], question["year_to"]
    return not wave.isdigit() or (int(first or 0) <= int(wave) <= int(last or 9999))


def _organisations(table: Table) -> pd.DataFrame | None:
    """Grain, code, name and parent of every row of data; None where no column says whose it is."""
    given = table.header.columns.keys()
    if not given & {"practice", "pcn", "icb", "area", "level", "area_name"}:
        table.report_absent(
            "of practice codes",
            "Add the column ‘ad_practicecode’ (from 2024) or ‘Practice_Code’ (to 2023).",
        )
        return None
    named = _named(table)
    unnamed = named["provider"].eq("")
    values = [column for column in _value_columns() if column in table]
    filled = pd.concat([table.text(column).ne("") for column in values], axis=1).any(axis=1)
    # A line without a code and without figures is a note under the table, not a row of data.
    note = unnamed & ~filled
    lost = unnamed & filled
    table.findings.rows_in += int((~note).sum())
    table.findings.reject("no practice or area code", int(lost.sum()))
    table.warn_once(
        lost,
        "practice",
        lambda rows: f"{rows} rows with results have no practice or area code.",
        "Fill in the code so that the row can be used.",
    )
    return named[~unnamed]


def _named(table: Table) -> pd.DataFrame:
    """Grain, code, name and parent of every row, by the level stated or the finest code on it."""
    practice, pcn = table.codes("practice"), table.codes("pcn")
    icb, area = table.codes("icb"), table.codes("area")
    level = table.text("level").map(cells.key).map(_LEVELS)
    area_name = table.text("area_name")
    region = table.codes("region")
    england = area.isin(["ENGLAND", "E92000001", "ENG"]) | area_name.str.lower().isin(["england"])
    for column in ("practice_name", "icb_name"):
        england |= table.text(column).str.lower().isin(["england", "national"])
    england |= practice.eq("ENGLAND") | icb.eq("ENGLAND")
    # The level stated wins; then England by name; else the finest code on the row.
    grain = level.fillna("").astype(object)
    by_code = [(england, Grain.NATIONAL), (practice.ne(""), Grain.PRACTICE)]
    if "practice" not in table:
        by_code += [(area.ne(""), Grain.ICB), (pcn.ne(""), Grain.PCN), (icb.ne(""), Grain.ICB)]
    for rows, known_grain in by_code:
        grain = grain.mask(grain.eq("") & rows, known_grain)
    code = pd.Series("", index=table.index, dtype=object)
    name = area_name.copy()
    own = {
        Grain.PRACTICE: (practice, "practice_name"),
        Grain.PCN: (pcn, "pcn_name"),
        Grain.ICB: (icb, "icb_name"),
        Grain.REGION: (region, "icb_name"),
    }
    for known_grain, (codes, names) in own.items():
        rows = grain.eq(known_grain)
        code = code.mask(rows, codes.where(codes.ne(""), area))
        printed = table.text(names)
        name = name.mask(rows & printed.ne(""), printed)
    national = grain.eq(Grain.NATIONAL)
    code = code.mask(national, NATIONAL)
    name = name.mask(national, "England")
    parent = icb.where(icb.ne(""), table.codes("ccg")).where(grain.eq(Grain.PRACTICE), "")
    return pd.DataFrame(
        {
            "grain": grain.map(str),
            "provider": code,
            "provider_name": name,
            "parent": parent,
        }
    )


def _waves(workbook: Workbook, table: Table, request: Request) -> pd.DataFrame | None:
    """Wave and fieldwork of every row, from a year column, the file name, or as requested."""
    in_name = years_in(workbook.stem)
    stated = stated_years(table)
    if len(stated) and stated.ne("").all():
        waves = stated
        if in_name and set(waves) - set(map(str, in_name)):
            table.findings.warning(
                f"The column ‘year’ says {listed(sorted(set(waves)))}, the file name "
                f"{listed(map(str, in_name))}; the column is used.",
                table.at(table["row"].iloc[0], "year"),
                "Check that the file is the one you mean.",
            )
    elif len(in_name) == 1:
        waves = stated.where(stated.ne(""), str(in_name[0]))
    elif request.period is not None:
        wave = wave_of(NAME, request.period)
        waves = pd.Series(wave or str(request.period.end.year), index=table.index, dtype=object)
        if not wave:
            return windows(waves.map(lambda _: (request.period, False))).assign(wave=waves)
    else:
        why = (
            f"names several years ({', '.join(map(str, in_name))})" if in_name else "names no year"
        )
        table.findings.error(
            f"The survey year is not known: the file name {why} and there is no column ‘year’.",
            table.sheet.place(),
            "Say which year's survey this is.",
            needs="period",
        )
        return None
    return fieldwork(table, waves, NAME, request, _UNKNOWN_WAVE, "year")


_UNKNOWN_WAVE = (
    "The fieldwork of the {} survey is not known.",
    "Say when it was in the field, or add it to data/reference/survey_windows.csv.",
)


def _check_returns(table: Table) -> None:
    """Forms returned cannot exceed forms sent. (Forms sent are not people eligible: not kept.)"""
    if "distributed" in table and "received" in table:
        sent, back = table.count("distributed"), table.count("received")
        table.warnings(
            back > sent,
            "received",
            "More forms came back than were sent.",
            "Check ‘distributed’ and ‘received’ at the source.",
        )


def _measure(table: Table, question: Mapping[str, str], workbook: Workbook) -> pd.DataFrame:
    """One question's results: value, interval, base and why a value is not shown."""
    names = {part: f"{question['column']}:{part}" for part in ("value", "low", "high", "base")}
    read = table.rates([names["value"], names["low"], names["high"]], negative_is_missing=True)
    value, low, high = (read[names[part]]["number"] for part in ("value", "low", "high"))
    base = table.count(names["base"])
    table.check_interval(
        low,
        value,
        high,
        names["value"],
        f"The interval of “{question['measure']}” does not hold its value.",
        "Check the three columns at the source: lower end, value, upper end.",
    )
    withheld = _why_withheld(table, names["value"], read[names["value"]], base)
    shown = withheld.eq(Withheld.NONE.value)
    return pd.DataFrame(
        {
            "source": NAME,
            "measure": question["measure"],
            "service": maps.source(NAME)["service"],
            "respondents": base,
            "value": value.where(shown),
            "low": low.where(shown),
            "high": high.where(shown),
            "base_weighting": _base_weighting(table.header, names["base"], question, workbook),
            "withheld": withheld,
            "cell": table.places(),
            "at_row": table["row"],
        },
        index=table.index,
    )


def _why_withheld(table: Table, name: str, read: pd.DataFrame, base: pd.Series) -> pd.Series:
    """The sign in the cell says why; a blank is suppression where the base is under ten."""
    why = read["withheld"].astype(object)
    blank = table.text(name).eq("")
    why = why.mask(blank & base.isna(), Withheld.UNKNOWN.value)
    why = why.mask(blank & (base < SMALLEST_BASE), Withheld.PUBLISHER.value)
    return why.mask(blank & (base == 0), Withheld.NOT_CALCULABLE.value)


def _base_weighting(
    header: Header, base: str, question: Mapping[str, str], workbook: Workbook
) -> str:
    """How the base counts people. To 2023 only the file name shows that a file is weighted."""
    if base not in header.columns:
        return "unknown"
    if not question["column"].lower().endswith("pct"):
        return "unweighted"  # .baseevaluw
    name = workbook.name.lower()
    if "unweighted" in name:
        return "unweighted"
    return "weighted" if "weighted" in name else "unknown"


def _each_once(rows: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Every organisation and wave once per sheet, judged over all its measures together."""
    identity = ["grain", "provider", "wave"]
    figures = ["value", "respondents", "low", "high", "withheld"]
    wide = rows.pivot(index="at_row", columns="measure", values=figures)
    wide.columns = pd.Index([" ".join(map(str, pair)) for pair in wide.columns.to_list()])
    first = rows.drop_duplicates("at_row").set_index("at_row")[[*identity, "cell"]]
    keep = keep_once(
        first.join(wide),
        identity,
        list(wide.columns),
        lambda row: f"{row['grain'].title()} {row['provider']} ({row['wave']})",
        findings,
    )
    return rows[rows["at_row"].map(keep)]


SOURCE = Source(
    name="gp_survey",
    title="GP Patient Survey",
    publisher="NHS England / Ipsos",
    licence="Open Government Licence v3.0",
    frames=("survey_fact",),
    recognise=recognise,
    read=read,
)
