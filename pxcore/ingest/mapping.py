"""The engine of the mapping wizard: what a person said about an unknown layout, kept as a profile.

A profile remembers which column is which, and *how* the period is found, never the period itself: a
month carried over to next month's file would be wrong without anybody noticing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.errors import PxError
from pxcore.ingest import cells
from pxcore.ingest.columns import (
    ALIKE,
    at,
    code_column,
    keep_once,
    listed,
    note_header,
    places,
    read_counts,
    read_numbers,
    read_rates,
    service_of,
    survey_window,
    text_column,
    wave_of,
    years_in,
)
from pxcore.ingest.source import Asked, Extract, Findings, Source, extract
from pxcore.ingest.workbook import HEADER_SEARCH_ROWS, Header, Sheet, Workbook
from pxcore.model import Grain, Period, Signal, Withheld

UNITS = ("percentage", "proportion", "score")
FOUND_IN = ("file_name", "column", "cell", "ask")
KINDS = ("month", "survey_wave", "financial_quarter", "financial_year", "any")
BLANKS = (Withheld.PUBLISHER.value, Withheld.UNKNOWN.value, Withheld.MISSING.value)
# What a column may be, and how the wizard words it.
ROLES = {
    "code": "Provider code",
    "name": "Provider name",
    "grain": "Level of organisation",
    "parent": "Integrated care board (code)",
    "period": "Period",
    "measure": "Measure (its name)",
    "service": "Service",
    "respondents": "Number of people or answers",
    "positive": "Number of positive answers",
    "eligible": "Number of people eligible",
    "low": "Lower end of the interval",
    "high": "Upper end of the interval",
    "group_dimension": "What the group is by (age, sex …)",
    "group_value": "Group",
}
_YEAR_MARK = "{year}"


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """One column of results: its heading (with {year} where the year changes), measure and unit.

    respondents, positive, low and high are headings that belong to this measure alone; where blank,
    those of the profile's `columns` count.
    """

    column: str
    measure: str = ""  # blank: said by the row, in the column with the role "measure"
    unit: str = "percentage"
    respondents: str = ""
    positive: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """How the period is found in each file: in its name, a column, a cell, or by asking."""

    found_in: str = "ask"
    kind: str = "any"
    cell: str = ""  # such as "B2", for found_in "cell"


@dataclass(frozen=True)
class Profile:
    """A layout as a person explained it."""

    name: str
    source: str
    columns: Mapping[str, str]  # role -> heading
    values: tuple[ValueColumn, ...]
    period: PeriodRule = field(default_factory=PeriodRule)
    title: str = ""
    sheet: str = ""  # blank: the first sheet with these headings
    blanks: str = Withheld.UNKNOWN.value  # what a blank result means in this layout
    grain: str = ""  # blank: the usual one of the source
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # role -> word -> ours

    @property
    def layout(self) -> str:
        return f"mapping:{self.name}"


def to_json(profile: Profile) -> str:
    """The profile as text a person can read and keep."""
    return json.dumps(asdict(profile), indent=2, ensure_ascii=False) + "\n"


def from_json(said: str) -> Profile:
    """The profile in a text; PxError where it is not one."""
    try:
        given = json.loads(said)
    except json.JSONDecodeError as problem:
        raise PxError(
            "The mapping profile is not valid JSON.",
            f"line {problem.lineno}",
            "Save it again from the mapping wizard.",
        ) from problem
    try:
        profile = Profile(
            **{
                **given,
                "values": tuple(ValueColumn(**value) for value in given["values"]),
                "period": PeriodRule(**given.get("period", {})),
            }
        )
    except (TypeError, KeyError, AttributeError) as problem:
        raise PxError(
            f"The mapping profile does not have the expected fields ({problem}).",
            fix="Save it again from the mapping wizard.",
        ) from problem
    wrong = faults_of(profile)
    if wrong:
        raise PxError(wrong[0], f"profile ‘{profile.name}’", "Correct it in the mapping wizard.")
    return profile


def shipped_profiles() -> tuple[Profile, ...]:
    """The profiles in data/reference/profiles, for layouts met before."""
    folder = maps.REFERENCE / "profiles"
    return tuple(from_json(path.read_text("utf-8")) for path in sorted(folder.glob("*.json")))


def faults_of(profile: Profile) -> list[str]:
    """What is wrong with a profile before it meets any file, in sentences."""
    wrong = []
    if profile.source not in maps.sources():
        wrong.append(f"There is no source called ‘{profile.source}’.")
    if not profile.values:
        wrong.append("No column is mapped to a measure.")
    if not {"code", "name"} & profile.columns.keys():
        wrong.append("No column is mapped to the provider's code or name.")
    wrong += [
        f"‘{role}’ is not something a column can be."
        for role in profile.columns
        if role not in ROLES
    ]
    for value in profile.values:
        if value.unit not in UNITS:
            wrong.append(f"‘{value.unit}’ is not a unit; it is one of {', '.join(UNITS)}.")
        if not value.measure and "measure" not in profile.columns:
            wrong.append(f"The column ‘{value.column}’ is not mapped to a measure.")
    if profile.period.found_in not in FOUND_IN or profile.period.kind not in KINDS:
        wrong.append("The way the period is found is not known.")
    if profile.period.found_in == "column" and "period" not in profile.columns:
        wrong.append("The period is said to stand in a column, but no column is mapped to it.")
    if profile.period.found_in == "cell" and not _cell_at(profile.period.cell):
        wrong.append("The period is said to stand in a cell, but no cell (such as B2) is named.")
    if profile.blanks not in BLANKS:
        wrong.append(
            f"‘{profile.blanks}’ is not a meaning of a blank; it is one of {', '.join(BLANKS)}."
        )
    return wrong


# --- Recognising -----------------------------------------------------------------------------


def _headings(profile: Profile) -> dict[str, str]:
    """Every heading a profile needs, by a name of ours."""
    heads = dict(profile.columns)
    for position, value in enumerate(profile.values):
        for part in ("column", "respondents", "positive", "low", "high"):
            if heading := getattr(value, part):
                heads[f"{part}:{position}"] = heading
    return heads


def _pattern(heading: str) -> re.Pattern[str]:
    parts = [re.escape(cells.key(part)) for part in heading.split(_YEAR_MARK)]
    return re.compile(r"\s*(20\d\d)\s*".join(parts))


def _find(profile: Profile, workbook: Workbook) -> tuple[Sheet, Header, set[int]] | None:
    """The sheet and row with all the headings of the profile, and the years they carry."""
    for sheet in workbook.sheets:
        if profile.sheet and cells.key(sheet.name) != cells.key(profile.sheet) and not sheet.is_csv:
            continue
        for row, line in enumerate(sheet.rows[:HEADER_SEARCH_ROWS]):
            found = _match(profile, line)
            if found is not None:
                columns, years = found
                titles = {position: cells.text(cell) for position, cell in enumerate(line)}
                return sheet, Header(row, row, columns, titles), years
    return None


def _match(profile: Profile, line: list[Any]) -> tuple[dict[str, int], set[int]] | None:
    keyed = [cells.key(cell) for cell in line]
    columns, years = {}, set()
    for name, heading in _headings(profile).items():
        pattern = _pattern(heading)
        for position, said in enumerate(keyed):
            if said and (match := pattern.fullmatch(said)):
                columns[name] = position
                years |= {int(year) for year in match.groups()}
                break
        else:
            return None
    return columns, years


def recognises(profile: Profile, workbook: Workbook) -> bool:
    """Whether all the columns of the profile stand in one row of the workbook."""
    return _find(profile, workbook) is not None


def source_of(profile: Profile) -> Source:
    """The profile as a source, to stand beside the built-in ones."""
    known = maps.source(profile.source)
    frame = "fft_fact" if known["signal"] == Signal.FFT else "survey_fact"
    return Source(
        name=profile.layout,
        title=profile.title or f"{known['title']} (mapped)",
        publisher=known["publisher"],
        licence="",
        frames=(frame,),
        recognise=lambda workbook: recognises(profile, workbook),
        parse=lambda workbook, asked: parse_with(profile, workbook, asked),
    )


# --- Reading ---------------------------------------------------------------------------------


def parse_with(profile: Profile, workbook: Workbook, asked: Asked) -> Extract:
    """The extract of a workbook, read as the profile says."""
    source, findings = source_of(profile), Findings()
    found = _find(profile, workbook)
    if found is None:
        _report_absent(profile, workbook, findings)
        return extract(source, workbook, findings, {})
    sheet, header, years = found
    note_header(sheet, header, findings)
    table = _data_rows(profile, sheet, header, findings)
    periods = _periods(profile, workbook, sheet, header, table, years, asked, findings)
    measured = [
        _measured(profile, position, table, sheet, header, findings)
        for position in range(len(profile.values))
    ]
    if periods is None or not len(table):
        return extract(source, workbook, findings, {})
    rows = pd.concat([part.join(periods) for part in measured], ignore_index=True)
    rows = rows[rows["period_start"].notna() & rows["measure"].ne("")]
    identity = [
        name
        for name in (
            "measure",
            "grain",
            "provider",
            "provider_name",
            "service",
            "period_start",
            "group_value",
        )
        if name in rows
    ]
    rows = rows[_each_once(rows, identity, len(profile.values), findings)]
    frame = source.frames[0]
    return extract(source, workbook, findings, {frame: _shaped(profile, rows, frame)})


def _each_once(
    rows: pd.DataFrame, identity: list[str], measures: int, findings: Findings
) -> pd.Series:
    """keep_once, with a repeated line of the file counted once however many measures it carries."""
    before = dict(findings.rejected)
    keep = keep_once(
        rows,
        identity,
        ["value", "respondents"],
        lambda row: f"{row['provider'] or row['provider_name']} ({row['measure']})",
        findings,
    )
    for reason, count in list(findings.rejected.items()):
        more = count - before.get(reason, 0)
        if more and measures > 1:
            lines = rows.loc[~keep, "cell"].nunique()
            findings.rejected[reason] = before.get(reason, 0) + lines
    return keep


def _report_absent(profile: Profile, workbook: Workbook, findings: Findings) -> None:
    sheets = [
        sheet
        for sheet in workbook.sheets
        if not profile.sheet or sheet.is_csv or cells.key(sheet.name) == cells.key(profile.sheet)
    ]
    if not sheets:
        findings.error(
            f"There is no sheet called ‘{profile.sheet}’.",
            "the file",
            f"The sheets are {listed(workbook.sheet_names)}: rename one or correct the mapping.",
        )
        return
    patterns = {heading: _pattern(heading) for heading in _headings(profile).values()}
    best: tuple[int, Sheet, int, set[str]] = (-1, sheets[0], 0, set())
    for sheet in sheets:
        for row, line in enumerate(sheet.rows[:HEADER_SEARCH_ROWS]):
            keyed = [cells.key(cell) for cell in line]
            there = {
                h for h, p in patterns.items() if any(p.fullmatch(said) for said in keyed if said)
            }
            if len(there) > best[0]:
                best = (len(there), sheet, row, there)
    _, sheet, row, there = best
    for heading in patterns.keys() - there:
        findings.error(
            f"There is no column ‘{heading}’. Row {row + 1} was read as the header.",
            sheet.place(row),
            "Add the column, or make a new mapping if the layout has changed.",
        )


def _data_rows(profile: Profile, sheet: Sheet, header: Header, findings: Findings) -> pd.DataFrame:
    """The rows that name a provider; lines with figures but none are rejected and counted."""
    table = sheet.table(header)
    named = code_column(table, "code").ne("") | text_column(table, "name").ne("")
    figures = [name for name in table if ":" in str(name) or name in ("respondents", "positive")]
    filled = pd.Series(False, index=table.index)
    for name in figures:
        filled |= text_column(table, str(name)).ne("")
    lost = ~named & filled
    # Only a name and nothing else on the row is a note under the table.
    total = text_column(table, "name" if "name" in profile.columns else "code").map(cells.key)
    totals = ["total", "england", "grand total", "overall total"]
    total_row = total.isin([] if _is_national(profile) else totals)
    findings.rows_in += int((named | filled).sum())
    if lost.any():
        findings.reject("no provider on the row", int(lost.sum()))
        findings.warning(
            f"{int(lost.sum())} row{'s' if lost.sum() > 1 else ''} with figures name no provider.",
            at(sheet, header, table.loc[lost, "row"].iloc[0], "code"),
            "Fill in the code so that the row can be used.",
        )
    findings.reject("a total, not a provider", int((total_row & named).sum()))
    return table[named & ~total_row]


def _is_national(profile: Profile) -> bool:
    return profile.grain == Grain.NATIONAL or "grain" in profile.columns


def _periods(
    profile: Profile,
    workbook: Workbook,
    sheet: Sheet,
    header: Header,
    table: pd.DataFrame,
    years: set[int],
    asked: Asked,
    findings: Findings,
) -> pd.DataFrame | None:
    """Start, end and whether approximate, of every row."""
    rule = profile.period
    in_name = years_in(workbook.stem)
    if years and in_name and years != set(in_name):
        findings.warning(
            f"The headings say {listed(map(str, sorted(years)))}, the file name says "
            f"{listed(map(str, in_name))}.",
            sheet.place(header.first_row),
            "Check that the file has the right name.",
        )
    if rule.found_in == "column":
        return _periods_of_rows(profile, sheet, header, table, asked, findings)
    if rule.found_in == "file_name":
        read = period_in(workbook.stem, rule.kind, profile.source, free=True)
        if read is None and rule.kind == "survey_wave" and len(years) == 1:
            read = period_in(str(next(iter(years))), rule.kind, profile.source)
        where, tried = "the file name", workbook.stem
    elif rule.found_in == "cell":
        row, column = _cell_at(rule.cell) or (0, 0)
        line = sheet.rows[row] if row < len(sheet.rows) else []
        cell = line[column] if column < len(line) else ""
        read = period_in(cell, rule.kind, profile.source)
        where, tried = sheet.place(row, column), cells.text(cell)
    else:
        read, where, tried = None, "the file", ""
    if read is None and asked.period is not None:
        wave = wave_of(profile.source, asked.period) if rule.kind == "survey_wave" else ""
        read = (survey_window(profile.source, wave) if wave else None) or (asked.period, False)
    if read is None:
        kind = {"month": "month", "survey_wave": "year of the survey"}.get(rule.kind, "period")
        what = (
            f"No {kind} can be read from ‘{tried}’." if tried else f"The {kind} is not in the file."
        )
        findings.error(what, where, f"Say which {kind} these figures are for.", needs="period")
        return None
    period, approximate = read
    return pd.DataFrame(
        {
            "period_start": pd.Timestamp(period.start),
            "period_end": pd.Timestamp(period.end),
            "period_approximate": approximate,
        },
        index=table.index,
    )


def _periods_of_rows(
    profile: Profile,
    sheet: Sheet,
    header: Header,
    table: pd.DataFrame,
    asked: Asked,
    findings: Findings,
) -> pd.DataFrame:
    known: dict[Any, tuple[Period, bool] | None] = {}
    starts: list[Any] = []
    ends: list[Any] = []
    approximate = []
    for row, cell in zip(table["row"], table["period"], strict=True):
        if cell not in known:
            known[cell] = period_in(cell, profile.period.kind, profile.source)
        read = known[cell]
        if read is None and cells.text(cell) == "" and asked.period is not None:
            read = (asked.period, False)
        if read is None:
            findings.error(
                f"‘{cells.text(cell)}’ is not a period that can be read."
                if cells.text(cell)
                else "The period is blank.",
                at(sheet, header, row, "period"),
                "Write it as a month (2025-07 or July 2025), a quarter (2025-26 Q1) or two dates.",
            )
            starts.append(pd.NaT)
            ends.append(pd.NaT)
            approximate.append(False)
            continue
        starts.append(pd.Timestamp(read[0].start))
        ends.append(pd.Timestamp(read[0].end))
        approximate.append(read[1])
    return pd.DataFrame(
        {"period_start": starts, "period_end": ends, "period_approximate": approximate},
        index=table.index,
    )


def period_in(
    said: Any, kind: str, source: str, *, free: bool = False
) -> tuple[Period, bool] | None:
    """The period a cell says, read whole, and whether its dates are approximate.

    If `free`, the one period that free text such as a file name speaks of.
    """
    if kind == "survey_wave":
        years = years_in(cells.text(said))
        return survey_window(source, years[0]) if len(years) == 1 else None
    if kind == "month":
        month = cells.only(cells.months_in(said)) if free else cells.month(said)
        return (month, False) if month else None
    period = cells.only(cells.periods_in(cells.text(said))) if free else cells.period(said)
    if period is None:
        return survey_window(source, cells.text(said)) if kind == "any" else None
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1
    if kind == "financial_quarter" and months != 3:
        return None
    if kind == "financial_year" and months != 12:
        return None
    return period, False


def _cell_at(said: str) -> tuple[int, int] | None:
    """Row and column (from 0) of a cell named like B2."""
    match = re.fullmatch(r"([A-Za-z]{1,2})(\d{1,5})", said.strip())
    if match is None or int(match.group(2)) == 0:
        return None
    column = 0
    for letter in match.group(1).upper():
        column = column * 26 + ord(letter) - 64
    return int(match.group(2)) - 1, column - 1


def _measured(
    profile: Profile,
    position: int,
    table: pd.DataFrame,
    sheet: Sheet,
    header: Header,
    findings: Findings,
) -> pd.DataFrame:
    """One column of results as rows of facts, not yet with periods."""
    value_column = profile.values[position]

    def name_of(part: str) -> str:
        own = f"{part}:{position}"
        return own if own in table else part

    value_name, low, high = f"column:{position}", name_of("low"), name_of("high")
    if value_column.unit == "score":
        read = {
            name: read_numbers(table, name, sheet, header, findings)
            for name in (value_name, low, high)
        }
        _check_scale(
            profile, value_column, read[value_name], table, sheet, header, value_name, findings
        )
    else:
        read = read_rates(
            table, [value_name, low, high], sheet, header, findings, unit=value_column.unit
        )
    respondents = read_counts(table, name_of("respondents"), sheet, header, findings)
    positive = read_counts(table, name_of("positive"), sheet, header, findings)["number"]
    base, value = respondents["number"], read[value_name]["number"]
    for row in table.loc[positive > base, "row"]:
        findings.error(
            "More answers are positive than there are answers.",
            at(sheet, header, row, name_of("positive")),
            "Check the two counts at the source.",
        )
    outside = (read[low]["number"] > value + 1e-9) | (read[high]["number"] < value - 1e-9)
    for row in table.loc[outside, "row"]:
        findings.error(
            "The interval does not hold its value.",
            at(sheet, header, row, value_name),
            "Check the lower end, the value and the upper end at the source.",
        )
    blank = text_column(table, value_name).eq("")
    withheld = read[value_name]["withheld"].astype(object)
    withheld = withheld.mask(blank, profile.blanks)
    withheld = withheld.mask(blank & base.eq(0), Withheld.NOT_CALCULABLE.value)
    rows = pd.DataFrame(
        {
            "source": profile.source,
            "measure": value_column.measure
            or _words(profile, table, "measure", _measure_word(profile)),
            "grain": _grain(profile, table),
            "provider": code_column(table, "code"),
            "provider_name": text_column(table, "name"),
            "parent": code_column(table, "parent"),
            "service": _words(profile, table, "service", service_of),
            "group_dimension": text_column(table, "group_dimension").str.lower(),
            "group_value": text_column(table, "group_value"),
            "respondents": base,
            "eligible": read_counts(table, "eligible", sheet, header, findings)["number"]
            if position == 0
            else cells.numbers(table["eligible"])["number"]
            if "eligible" in table
            else np.nan,
            "positive": positive,
            "value": value,
            "low": read[low]["number"],
            "high": read[high]["number"],
            "withheld": withheld,
            "cell": places(sheet, table),
        },
        index=table.index,
    )
    if "measure" in table and not value_column.measure:
        _report_unknown_measures(profile, rows, table, sheet, header, findings)
    return rows


def _grain(profile: Profile, table: pd.DataFrame) -> Any:
    usual = profile.grain or maps.source(profile.source)["grain"]
    if "grain" not in table:
        return usual
    known = {grain.value for grain in Grain}
    said = _words(profile, table, "grain", lambda word: cells.key(word).replace(" ", "_"))
    return said.where(said.isin(known), usual)


def _words(profile: Profile, table: pd.DataFrame, role: str, otherwise: Any) -> pd.Series:
    """The words of a column as ours: as the profile says, else as `otherwise` reads them."""
    ours = {cells.key(word): mine for word, mine in profile.words.get(role, {}).items()}
    said = text_column(table, role)
    return said.map(lambda word: ours.get(cells.key(word)) or (otherwise(word) if word else ""))


def _measure_word(profile: Profile) -> Any:
    known = {}
    for (source, measure), row in maps.measures().items():
        if source == profile.source:
            known[cells.key(measure)] = known[cells.key(row["title"])] = measure
    return lambda word: known.get(cells.key(word), "")


def _report_unknown_measures(
    profile: Profile,
    rows: pd.DataFrame,
    table: pd.DataFrame,
    sheet: Sheet,
    header: Header,
    findings: Findings,
) -> None:
    unknown = rows["measure"].eq("")
    if not unknown.any():
        return
    words = text_column(table, "measure")[unknown]
    findings.reject("the measure is not known", int(unknown.sum()))
    findings.warning(
        f"{int(unknown.sum())} rows have a measure that is not known for this source: "
        f"{listed(f'‘{word}’' for word in words.drop_duplicates())}.",
        at(sheet, header, table.loc[unknown, "row"].iloc[0], "measure"),
        f"Map the words to measures in profile ‘{profile.name}’.",
    )


def _check_scale(
    profile: Profile,
    value_column: ValueColumn,
    read: pd.DataFrame,
    table: pd.DataFrame,
    sheet: Sheet,
    header: Header,
    name: str,
    findings: Findings,
) -> None:
    """A mean must lie on the measure's own scale, where that is known."""
    measure = maps.measures().get((profile.source, value_column.measure))
    if measure is None or not measure["scale_high"]:
        return
    low, high = float(measure["scale_low"] or 0), float(measure["scale_high"])
    outside = (read["number"] < low) | (read["number"] > high)
    for row, value in zip(table.loc[outside, "row"], read.loc[outside, "number"], strict=True):
        findings.error(
            f"A mean of {value:g} is outside the scale of {low:g} to {high:g}.",
            at(sheet, header, row, name),
            "Check that the column holds means on that scale, or map it as a percentage.",
        )


def _shaped(profile: Profile, rows: pd.DataFrame, frame: str) -> pd.DataFrame:
    """The rows with the columns of the frame their signal keeps."""
    if frame == "fft_fact":
        derived = (rows["value"] * rows["respondents"]).round(6)
        rows = rows.assign(
            icb=rows["parent"].where(~rows["grain"].isin(["site", "ward"]), ""),
            parent=rows["parent"].where(rows["grain"].isin(["site", "ward"]), ""),
            positive=rows["positive"].where(rows["positive"].notna(), derived),
        )
        return rows.drop(
            columns=[
                "service",
                "group_dimension",
                "group_value",
                "low",
                "high",
                "period_approximate",
            ]
        )
    usual = maps.source(profile.source)["service"]
    weighting = np.where(rows["respondents"].notna(), "", "unknown")
    return rows.assign(
        service=rows["service"].where(rows["service"].ne(""), usual), base_weighting=weighting
    )


# --- Suggesting ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What one column of an unknown file probably is."""

    heading: str
    column: int
    role: str  # one of ROLES, "value", or "" (leave out)
    unit: str = ""
    measure: str = ""
    why: str = ""
    examples: tuple[str, ...] = ()
    meant: str = ""  # the word the heading comes close to, where it is none that is known


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where the wizard starts: the sheet, the heading row, what each column seems to be."""

    sheet: str
    header_row: int  # counted from 0
    columns: tuple[ColumnGuess, ...]
    source: str  # "" where nothing points at one
    period: PeriodRule
    profile: Profile  # a first draft, to be confirmed

    @property
    def misspelt(self) -> dict[str, str]:
        """Headings that come close to a known word: heading -> the word."""
        return {guess.heading: guess.meant for guess in self.columns if guess.meant}


_ROLE_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("code", re.compile(r"\bcode\b|\bods\b|\borg id\b")),
    ("low", re.compile(r"\blow(er)?\b|\blow ?ci\b|\blcl\b")),
    ("high", re.compile(r"\bhigh(er)?\b|\bupper\b|\bhigh ?ci\b|\bucl\b")),
    ("eligible", re.compile(r"\beligible\b|\binvited\b")),
    (
        "value",
        re.compile(r"%|\bpct\b|percent|proportion|\bmean\b|\bscore\b|\brate\b|satisf|\beasy\b"),
    ),
    ("positive", re.compile(r"\bpositive\b|\brecommend")),
    (
        "respondents",
        re.compile(r"respon[ds]|\bbase\b|\bn\b|\bcount\b|\btotal\b|\banswers\b|\breviews\b"),
    ),
    ("period", re.compile(r"\bmonth\b|\bperiod\b|\bquarter\b|\bdate\b|\byear\b|\bwave\b")),
    ("service", re.compile(r"\bservice\b|\bsetting\b|\bspecialty\b")),
    ("measure", re.compile(r"\bmeasure\b|\bquestion\b|\bindicator\b")),
    (
        "name",
        re.compile(r"\bname\b|\bpractice\b|\btrust\b|\bprovider\b|\bsurgery\b|\borganisation\b"),
    ),
)
# Words of headings that may be misspelt; shorter ones are alike by chance.
_MEANT: Mapping[str, str] = {
    **dict.fromkeys(("provider", "practice", "organisation", "organization", "surgery"), "name"),
    **dict.fromkeys(("period", "month", "quarter"), "period"),
    **dict.fromkeys(("measure", "question", "indicator"), "measure"),
    **dict.fromkeys(("positive", "recommended"), "positive"),
    **dict.fromkeys(("respondents", "responses", "answers", "reviews"), "respondents"),
    **dict.fromkeys(("percentage", "percent", "proportion", "satisfaction", "score"), "value"),
    **dict.fromkeys(("eligible", "invited"), "eligible"),
    **dict.fromkeys(("service", "specialty"), "service"),
    **dict.fromkeys(("lower",), "low"),
    **dict.fromkeys(("higher", "upper"), "high"),
}
_CODE = re.compile(
    r"(?=.*\d)[A-Z0-9-]{3,8}"
)  # an ODS code, or one of a site or of the demonstration
_SOURCE_WORDS = (
    ("fft_gp", ("fft gp", "friends and family gp", "gp fft", "fft practice")),
    ("fft_inpatient", ("fft inpatient", "inpatient fft")),
    ("fft_ae", ("fft ae", "fft a and e")),
    ("fft_maternity", ("fft maternity",)),
    ("fft_outpatient", ("fft outpatient",)),
    ("fft_community", ("fft community",)),
    ("fft_mental_health", ("fft mental",)),
    ("gp_survey", ("gpps", "gp patient survey", "gp survey")),
    ("cqc_inpatient", ("cqc inpatient", "adult inpatient", "aip")),
    ("cqc_urgent", ("uec", "urgent and emergency")),
    ("cqc_mental_health", ("cmh", "community mental health")),
    ("cqc_maternity", ("cqc maternity",)),
    ("healthwatch", ("healthwatch",)),
)
_MEASURE_WORDS = (
    ("phone", ("phone", "telephone")),
    ("website", ("website",)),
    ("app", ("nhs app", "app")),
    ("reception", ("reception",)),
    ("preferred", ("preferred",)),
    ("listened", ("listen",)),
    ("care", ("care and concern",)),
    ("appointment", ("appointment", "booking")),
    ("contact", ("contact", "access")),
    ("overall", ("overall", "positive", "satisf", "recommend", "experience")),
)


def suggest(workbook: Workbook, sheet: str = "", header_row: int | None = None) -> Suggestion:
    """A starting point for the wizard, from headings and contents; nothing in it is certain.

    `sheet` and `header_row` (counted from 0) are the person's own choice, where they made one.
    """
    return _suggest_for(workbook, *_placed(workbook, sheet, header_row))


def _placed(workbook: Workbook, sheet: str, header_row: int | None) -> tuple[Sheet, int]:
    likely, row = _likely_header(workbook)
    chosen = workbook.sheet(sheet) if sheet else likely
    if header_row is not None:
        return chosen, min(header_row, max(0, len(chosen.rows) - 1))
    return chosen, row if chosen.name == likely.name else 0


def _suggest_for(workbook: Workbook, sheet: Sheet, row: int) -> Suggestion:
    line = sheet.rows[row] if sheet.rows else []
    below = [
        one for one in sheet.rows[row + 1 : row + 201] if any(c not in ("", None) for c in one)
    ]
    source = _likely_source(workbook, line)
    guesses = tuple(
        _guess(
            column,
            cells.text(cell),
            [one[column] if column < len(one) else "" for one in below],
            source,
        )
        for column, cell in enumerate(line)
        if cells.text(cell)
    )
    guesses = _one_of_each(guesses)
    period = _likely_period(workbook, guesses, source)
    profile = Profile(
        name=cells.key(re.sub(r"\d+", " ", workbook.stem)).replace(" ", "_") or "mapping",
        source=source,
        columns={
            guess.role: guess.heading for guess in guesses if guess.role and guess.role != "value"
        },
        values=tuple(
            ValueColumn(with_year_mark(guess.heading), guess.measure, guess.unit)
            for guess in guesses
            if guess.role == "value"
        ),
        period=period,
        sheet="" if sheet.is_csv or len(workbook.sheet_names) == 1 else sheet.name,
    )
    return Suggestion(sheet.name, row, guesses, source, period, profile)


def _likely_header(workbook: Workbook) -> tuple[Sheet, int]:
    """The row with most worded headings that stands over at least as many filled cells."""
    best: tuple[float, Sheet, int] = (-1.0, workbook.sheets[0], 0)
    for sheet in workbook.sheets:
        for row, line in enumerate(sheet.rows[:HEADER_SEARCH_ROWS]):
            worded = [cells.text(cell) for cell in line if cells.text(cell)]
            names = [said for said in worded if np.isnan(cells.number(said)[0])]
            under = sheet.rows[row + 1] if row + 1 < len(sheet.rows) else []
            filled = sum(1 for cell in under if cells.text(cell))
            figures = sum(1 for cell in under if not np.isnan(cells.number(cell)[0]))
            if len(names) < 2 or len(set(names)) < len(names):
                continue
            score = min(len(names), max(filled, 1)) + figures - 2 * (len(worded) - len(names))
            if score > best[0]:
                best = (score, sheet, row)
    return best[1], best[2]


def _likely_source(workbook: Workbook, line: Iterable[Any]) -> str:
    said = f" {cells.key(workbook.stem)} {' '.join(cells.key(cell) for cell in line)} "
    for source, words in _SOURCE_WORDS:
        if any(f" {word} " in said for word in words):
            return source
    if " fft " in said:
        return "fft_gp" if " gp " in said or "practice" in said else ""
    return ""


def _guess(column: int, heading: str, below: list[Any], source: str) -> ColumnGuess:
    folded = cells.key(heading)
    examples = tuple(dict.fromkeys(cells.text(cell) for cell in below if cells.text(cell)))[:3]
    read = cells.numbers(pd.Series(below, dtype=object)) if below else None
    figures = read["number"].dropna() if read is not None else pd.Series(dtype=float)
    filled = sum(1 for cell in below if cells.text(cell))
    numeric = filled > 0 and len(figures) >= 0.6 * filled
    role = next((role for role, words in _ROLE_WORDS if words.search(folded)), "")
    meant = "" if role else _close_word(folded)
    role = role or _MEANT.get(meant, "")
    if role == "name" and examples and all(_CODE.fullmatch(one) for one in examples):
        role = "code"
    if (
        not numeric
        and role in ("value", "positive", "respondents", "eligible", "low", "high")
        and filled
    ):
        role = ""
    if not role and numeric:
        whole = bool((figures % 1 == 0).all())
        role = "value" if not whole and float(figures.max()) <= 100 else ""
    if role == "positive" and numeric and bool((figures % 1 != 0).any()):
        role = "value"
    if role in ("name", "code") and numeric:
        role = "period" if figures.between(1990, 2100).all() else ""
    if role != "value":
        return ColumnGuess(
            heading,
            column,
            role,
            why=f"by its heading ‘{heading}’" if role else "",
            examples=examples,
            meant=meant if role else "",
        )
    assert read is not None
    unit = cells.proportions(read["number"], read["percent"])[1]
    if re.search(r"\bmean\b|\bscore\b", folded) and (
        not len(figures) or float(figures.max()) <= 10
    ):
        unit = "score"
    known = {measure for owner, measure in maps.measures() if owner == source}
    measure = next(
        (
            name
            for name, words in _MEASURE_WORDS
            if name in known and any(w in folded for w in words)
        ),
        "",
    )
    return ColumnGuess(
        heading, column, "value", unit, measure, "numbers between 0 and 100", examples, meant
    )


def _close_word(heading: str) -> str:
    """The known word that a word of a heading comes close to without being it, or “”."""
    for said in heading.split():
        close = get_close_matches(said, _MEANT, n=1, cutoff=ALIKE)
        if close and said != close[0]:
            return close[0]
    return ""


def _one_of_each(guesses: tuple[ColumnGuess, ...]) -> tuple[ColumnGuess, ...]:
    """Only the first column keeps a role that can stand once; results may stand many times."""
    taken: set[str] = set()
    kept = []
    for guess in guesses:
        role = guess.role
        if role in taken and role != "value":
            role = ""
        taken.add(role)
        kept.append(replace(guess, role=role, meant=guess.meant if role else ""))
    return tuple(kept)


def _likely_period(workbook: Workbook, guesses: tuple[ColumnGuess, ...], source: str) -> PeriodRule:
    if any(guess.role == "period" for guess in guesses):
        return PeriodRule("column", "any")
    survey = source in maps.sources() and maps.source(source)["signal"] == Signal.SURVEY
    if survey and len(years_in(workbook.stem)) == 1:
        return PeriodRule("file_name", "survey_wave")
    if cells.only(cells.months_in(workbook.stem)):
        return PeriodRule("file_name", "month")
    if cells.only(cells.periods_in(workbook.stem)):
        return PeriodRule("file_name", "any")
    return PeriodRule("ask", "any")


def with_year_mark(heading: str) -> str:
    """access_satisfaction_2024 as access_satisfaction_{year}: next year's file then fits too."""
    years = years_in(heading)
    return heading.replace(str(years[0]), _YEAR_MARK) if len(years) == 1 else heading
