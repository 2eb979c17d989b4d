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
    at,
    code_column,
    data_rows,
    keep_once,
    listed,
    note_header,
    places,
    read_counts,
    read_rates,
    stated_years,
    survey_window,
    text_column,
    wave_of,
    years_in,
)
from pxcore.ingest.source import Extract, Findings, Request, Source, extract
from pxcore.ingest.workbook import Aliases, Header, Sheet, Workbook
from pxcore.model import Grain, Period, Withheld

NAME = "gp_survey"
_CODES = ("practice", "pcn", "icb", "area")
SMALLEST_BASE = 10  # results on fewer than ten people (unweighted) are suppressed by the publisher
NATIONAL = "ENGLAND"

_ORGANISATION: dict[str, tuple[str, ...]] = {
    "practice": (
        "ad_practicecode",
        "Practice_Code",
        "Practice code",
        "GP practice code",
        "prac_code",
    ),
    "practice_name": ("ad_practicename", "Practice_Name", "GP practice name"),
    "pcn": ("ad_pcncode", "PCN_Code", "PCN code"),
    "pcn_name": ("ad_pcnname", "PCN_Name", "PCN name"),
    "icb": ("ad_icscode", "ad_icbcode", "ICS_Code", "ICS code", "ICB_Code", "ICB code", "STP_Code"),
    "icb_name": ("ad_icsname", "ad_icbname", "ICS_Name", "ICS name", "ICB_Name", "ICB name"),
    "ccg": ("ad_ccgcode", "CCG_Code", "CCG code"),
    "region": ("ad_commissioningregioncode", "Region code"),
    "area": ("code", "area code", "org code", "organisation code"),
    "area_name": ("name", "area name", "organisation name"),
    "level": ("type", "area type", "level", "geography"),
    "year": ("year", "survey year", "wave"),
    "distributed": ("distributed",),
    "received": ("received",),
}
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


def parse(workbook: Workbook, request: Request) -> Extract:
    findings = Findings()
    tables = _tables(workbook)
    if not tables:
        findings.error(
            "No sheet has a column of results of the GP Patient Survey.",
            "the file",
            "Check that the headings (such as overallexp.pcteval or Q28_12pct) are in the file.",
        )
    parts = [
        rows
        for sheet, header in tables
        if len(rows := _sheet_rows(workbook, sheet, header, request, findings))
    ]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    frames = {"survey_fact": rows.drop(columns=["at_row"])} if len(rows) else {}
    return extract(SOURCE, workbook, findings, frames)


def _sheet_rows(
    workbook: Workbook, sheet: Sheet, header: Header, request: Request, findings: Findings
) -> pd.DataFrame:
    note_header(sheet, header, findings, _aliases())
    whole = sheet.table(header)
    table = data_rows(whole, sheet, findings, code=_CODES[0], name=_CODES[0])
    for code in _CODES[1:]:
        table = data_rows(table, sheet, findings, code=code, name=code)
    findings.rows_in += len(whole) - len(table)
    organisations = _organisations(table, sheet, header, findings)
    if organisations is None:
        return pd.DataFrame()
    table = table.loc[organisations.index]
    waves = _waves(workbook, table, sheet, header, request, findings)
    if waves is None:
        return pd.DataFrame()
    _check_returns(table, sheet, header, findings)
    measured = []
    for name, question in _value_columns().items():
        if name not in header.columns:
            continue
        fits = waves["wave"].map(lambda wave, asks=question: _applies_in(asks, wave))
        if not fits.all():
            findings.warning(
                f"‘{header.titles[header.columns[name]]}’ is known as “{question['measure']}” "
                f"only in the surveys of {question['year_from']} to "
                f"{question['year_to'] or 'now'}; "
                "other years number their questions differently and are not read from it.",
                sheet.place(header.last_row, header.columns[name]),
                "Add the question of that year to data/reference/questions.csv.",
            )
        if fits.any():
            measured.append(
                _measure(table[fits], question, sheet, header, workbook, findings)
                .join(organisations)
                .join(waves)
            )
    if not measured:
        findings.error(
            "None of the result columns is a question known for this year.",
            sheet.place(header.last_row),
            "Check the year in the file name, or add questions to data/reference/questions.csv.",
        )
        return pd.DataFrame()
    rows = pd.concat(measured, ignore_index=True)
    return _each_once(rows, findings).drop(columns=["wave"])


def _applies_in(question: Mapping[str, str], wave: str) -> bool:
    first, last = question["year_from"], question["year_to"]
    return not wave.isdigit() or (int(first or 0) <= int(wave) <= int(last or 9999))


def _organisations(
    table: pd.DataFrame, sheet: Sheet, header: Header, findings: Findings
) -> pd.DataFrame | None:
    """Grain, code, name and parent of every row of data; None where no column says whose it is."""
    given = header.columns.keys()
    if not given & {"practice", "pcn", "icb", "area", "level", "area_name"}:
        findings.error(
            "There is no column of practice codes. "
            f"Row {header.last_row + 1} was read as the header.",
            sheet.place(header.last_row),
            "Add the column ‘ad_practicecode’ (from 2024) or ‘Practice_Code’ (to 2023).",
        )
        return None
    practice, pcn = code_column(table, "practice"), code_column(table, "pcn")
    icb, area = code_column(table, "icb"), code_column(table, "area")
    level = text_column(table, "level").map(cells.key).map(_LEVELS)
    area_name = text_column(table, "area_name")
    region = code_column(table, "region")
    england = area.isin(["ENGLAND", "E92000001", "ENG"]) | area_name.str.lower().isin(["england"])
    for column in ("practice_name", "icb_name"):
        england |= text_column(table, column).str.lower().isin(["england", "national"])
    england |= practice.eq("ENGLAND") | icb.eq("ENGLAND")
    # The level said wins; then England by name; else the finest code on the row.
    grain = level.fillna("").astype(object)
    by_code = [(england, Grain.NATIONAL), (practice.ne(""), Grain.PRACTICE)]
    if "practice" not in given:
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
        printed = text_column(table, names)
        name = name.mask(rows & printed.ne(""), printed)
    national = grain.eq(Grain.NATIONAL)
    code = code.mask(national, NATIONAL)
    name = name.mask(national, "England")
    parent = icb.where(icb.ne(""), code_column(table, "ccg")).where(grain.eq(Grain.PRACTICE), "")

    values = [column for column in _value_columns() if column in table]
    filled = pd.concat([text_column(table, column).ne("") for column in values], axis=1).any(axis=1)
    unnamed = code.eq("")
    # A line without a code and without figures is a note under the table, not a row of data.
    note = unnamed & ~filled
    lost = unnamed & filled
    findings.rows_in += int((~note).sum())
    if lost.any():
        findings.reject("no practice or area code", int(lost.sum()))
        findings.warning(
            f"{int(lost.sum())} rows with results have no practice or area code.",
            at(sheet, header, table.loc[lost, "row"].iloc[0], "practice"),
            "Fill in the code so that the row can be used.",
        )
    return pd.DataFrame(
        {
            "grain": grain.map(str),
            "provider": code,
            "provider_name": name,
            "parent": parent,
        }
    )[~unnamed]


def _waves(
    workbook: Workbook,
    table: pd.DataFrame,
    sheet: Sheet,
    header: Header,
    request: Request,
    findings: Findings,
) -> pd.DataFrame | None:
    """Wave and fieldwork of every row, from a year column, the file name, or as asked."""
    in_name = years_in(workbook.stem)
    stated = stated_years(table, sheet, header, findings)
    if len(stated) and stated.ne("").all():
        waves = stated
        if in_name and set(waves) - set(map(str, in_name)):
            findings.warning(
                f"The column ‘year’ says {listed(sorted(set(waves)))}, the file name "
                f"{listed(map(str, in_name))}; the column is used.",
                at(sheet, header, table["row"].iloc[0], "year"),
                "Check that the file is the one you mean.",
            )
    elif len(in_name) == 1:
        waves = stated.where(stated.ne(""), str(in_name[0]))
    elif request.period is not None:
        wave = wave_of(NAME, request.period)
        if not wave:
            return _same(table, str(request.period.end.year), request.period, False)
        waves = pd.Series(wave, index=table.index, dtype=object)
    else:
        why = (
            "names no year"
            if not in_name
            else f"names several years ({', '.join(map(str, in_name))})"
        )
        findings.error(
            f"The survey year is not known: the file name {why} and there is no column ‘year’.",
            sheet.place(),
            "Say which year's survey this is.",
            needs="period",
        )
        return None
    parts = []
    for wave, rows in table.groupby(waves, sort=True):
        window = survey_window(NAME, str(wave))
        if window is not None:
            parts.append(_same(rows, str(wave), *window))
        elif request.period is not None:
            parts.append(_same(rows, str(wave), request.period, False))
        else:
            findings.error(
                f"The fieldwork of the {wave} survey is not known.",
                at(sheet, header, rows["row"].iloc[0], "year")
                if "year" in table
                else sheet.place(),
                "Say when it was in the field, or add it to data/reference/survey_windows.csv.",
                needs="period",
            )
    return (
        pd.concat(parts).loc[table.index] if parts and sum(map(len, parts)) == len(table) else None
    )


def _same(table: pd.DataFrame, wave: str, period: Period, approximate: bool) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "wave": wave,
            "period_start": pd.Timestamp(period.start),
            "period_end": pd.Timestamp(period.end),
            "period_approximate": approximate,
        },
        index=table.index,
    )


def _check_returns(table: pd.DataFrame, sheet: Sheet, header: Header, findings: Findings) -> None:
    """Forms returned cannot exceed forms sent. (Forms sent are not people eligible: not kept.)"""
    if not {"distributed", "received"} <= header.columns.keys():
        return
    sent = read_counts(table, "distributed", sheet, header, findings)["number"]
    back = read_counts(table, "received", sheet, header, findings)["number"]
    for row in table.loc[back > sent, "row"]:
        findings.warning(
            "More forms came back than were sent.",
            at(sheet, header, row, "received"),
            "Check ‘distributed’ and ‘received’ at the source.",
        )


def _measure(
    table: pd.DataFrame,
    question: Mapping[str, str],
    sheet: Sheet,
    header: Header,
    workbook: Workbook,
    findings: Findings,
) -> pd.DataFrame:
    """One question's results: value, interval, base and why a value is not shown."""
    names = {part: f"{question['column']}:{part}" for part in ("value", "low", "high", "base")}
    read = read_rates(
        table,
        [names["value"], names["low"], names["high"]],
        sheet,
        header,
        findings,
        negative_is_missing=True,
    )
    value, low, high = (read[names[part]]["number"] for part in ("value", "low", "high"))
    base = read_counts(table, names["base"], sheet, header, findings)["number"]
    for row in table.loc[(low > value + 1e-9) | (high < value - 1e-9), "row"]:
        findings.error(
            f"The interval of “{question['measure']}” does not hold its value.",
            at(sheet, header, row, names["value"]),
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
            "base_weighting": _base_weighting(header, names["base"], question, workbook),
            "withheld": withheld,
            "cell": places(sheet, table),
            "at_row": table["row"],
        },
        index=table.index,
    )


def _why_withheld(table: pd.DataFrame, name: str, read: pd.DataFrame, base: pd.Series) -> pd.Series:
    """The sign in the cell says why; a blank is suppression where the base is under ten."""
    why = read["withheld"].astype(object)
    blank = text_column(table, name).eq("")
    why = why.mask(blank & base.isna(), Withheld.UNKNOWN.value)
    why = why.mask(blank & (base < SMALLEST_BASE), Withheld.PUBLISHER.value)
    return why.mask(blank & (base == 0), Withheld.NOT_CALCULABLE.value)


def _base_weighting(
    header: Header, base: str, question: Mapping[str, str], workbook: Workbook
) -> str:
    """How the base counts people. To 2023 only the file name tells a weighted file from others."""
    if base not in header.columns:
        return "unknown"
    if not question["column"].lower().endswith("pct"):
        return "unweighted"  # .baseevaluw
    name = workbook.name.lower()
    if "unweighted" in name:
        return "unweighted"
    return "weighted" if "weighted" in name else "unknown"


def _each_once(rows: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Every organisation and wave once a sheet, judged over all its measures together."""
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
    parse=parse,
)
