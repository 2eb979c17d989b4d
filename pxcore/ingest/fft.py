"""Friends and Family Test publication workbooks, every setting, and CSVs saved from one sheet.

One reader for all: a table is known by the names of its columns, its level by the finest
organisation it names, its scale by the answers in its headings. Published totals are not data:
the rows are reconciled with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.errors import ExtractError
from pxcore.ingest import cells
from pxcore.ingest.source import Asked, Extract, Findings, Source, extract
from pxcore.ingest.workbook import Header, Sheet, Workbook
from pxcore.model import ANSWERS, MODES, Grain, Period, Withheld

# --- What the columns are called -------------------------------------------------------------


def _headings(columns: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Column by its own name: the headings publishers give it, apart by “ | ” in the source."""
    return {name: tuple(headings.split(" | ")) for name, headings in columns.items()}


_ORGANISATIONS = _headings(
    {
        "region_code": "Region Code | Region (Local Office) code | NHS Region Code",
        "region_name": "Region Name | Region (Local Office) name | Region | NHS Region",
        "icb_code": (
            "ICB Code | STP Code | ICS Code | STP/ICB Code | Area Team Code | "
            "Integrated Care Board Code"
        ),
        "icb_name": (
            "ICB Name | STP Name | ICS Name | ICB | STP | Area Team Name | "
            "Integrated Care Board Name | Integrated Care Board"
        ),
        "sub_icb_code": (
            "Sub ICB Code | Sub ICB Location Code | Sub-ICB Location Code | SICBL Code | CCG Code"
        ),
        "sub_icb_name": (
            "Sub ICB Name | Sub ICB Location Name | Sub ICB Location | SICBL Name | CCG Name | CCG"
        ),
        "pcn_code": "PCN Code | Primary Care Network Code",
        "pcn_name": "PCN Name | PCN | Primary Care Network | Primary Care Network Name",
        "org_code": (
            "Trust Code | Org Code | Organisation Code | Organization Code | Provider Code | "
            "Trust/Org Code | ODS Code"
        ),
        "org_name": (
            "Trust Name | Org Name | Organisation Name | Organization Name | Provider Name | "
            "Trust | Organisation | Provider"
        ),
        "practice_code": (
            "Practice Code | GP Practice Code | GP Code | Surgery Code | Dental Practice Code | "
            "Contract Number | Contract Code"
        ),
        "practice_name": (
            "Practice Name | GP Practice Name | GP Practice | Practice | Surgery Name | "
            "Dental Practice Name | Contract Name"
        ),
        "site_code": "Site Code | Location Code | Hospital Code | Hospital Site Code",
        "site_name": "Site Name | Location Name | Hospital Name | Hospital Site Name",
        "ward_name": "Ward Name | Ward",
        "specialty_1": (
            "First Speciality | First Specialty | Speciality 1 | Specialty 1 | Main Speciality | "
            "Main Specialty"
        ),
        "specialty_2": "Second Speciality | Second Specialty | Speciality 2 | Specialty 2",
    }
)

_FIGURES = _headings(
    {
        "respondents": (
            "Total Responses | Total Number of Responses | Number of Responses | Responses | "
            "Total Reponses | Total Response | Total FFT Responses"
        ),
        "eligible": "Total Eligible | Eligible | Number Eligible | Total Eligible to Respond",
        "response_rate": "Response Rate | Response Rate % | % Response Rate",
        "percent_positive": (
            "Percentage Positive | % Positive | Percent Positive | Positive % | "
            "Percentage Recommended | % Recommended | Percentage Recommend | % Recommend | "
            "Percent Recommended | Percentage Would Recommend"
        ),
        "percent_negative": (
            "Percentage Negative | % Negative | Percent Negative | Negative % | "
            "Percentage Not Recommended | % Not Recommended | Percentage Not Recommend | "
            "% Not Recommend | Percent Not Recommended | Percentage Would Not Recommend"
        ),
    }
)

_EXPERIENCE = _headings(
    {
        "very_good": "Very Good",
        "good": "Good",
        "neither": "Neither Good nor Poor | Neither Good or Poor | Neither | Neither Poor nor Good",
        "poor": "Poor",
        "very_poor": "Very Poor",
    }
)

_RECOMMEND = _headings(
    {
        "very_good": "Extremely Likely",
        "good": "Likely",
        "neither": (
            "Neither Likely nor Unlikely | Neither Likely or Unlikely | Neither Unlikely nor Likely"
        ),
        "poor": "Unlikely",
        "very_poor": "Extremely Unlikely",
    }
)

# The names from April 2020 and, after them, how earlier workbooks spelled the same modes.
_MODES = _headings(
    {
        "mode_sms": "Mode SMS | SMS | SMS/Text | SMS/ Text Message | SMS/Text/Smartphone App",
        "mode_electronic_discharge": (
            "Mode Electronic Discharge | Electronic tablet/kiosk at point of discharge"
        ),
        "mode_electronic_home": "Mode Electronic Home",
        "mode_electronic_at_appointment": (
            "Mode Electronic At Appointment | Tablet/Kiosk | Electronic tablet/kiosk"
        ),
        "mode_electronic_after_appointment": "Mode Electronic After Appointment",
        "mode_paper_discharge": "Mode Paper Discharge | Paper/Postcard given at point of discharge",
        "mode_paper_home": "Mode Paper Home | Paper survey sent to the patient's home",
        "mode_paper_at_appointment": "Mode Paper At Appointment | Handwritten | Paper/Postcard",
        "mode_paper_after_appointment": "Mode Paper After Appointment",
        "mode_telephone": (
            "Mode Telephone | Telephone | Telephone call | Telephone survey once patient is home"
        ),
        "mode_online": (
            "Mode Online | Online | Smartphone App/Online | Website/Online | "
            "Online survey once patient is home"
        ),
        "mode_other": "Mode Other | Other",
    }
)

assert set(_MODES) == set(MODES)

_SCALED = tuple(answer for answer in ANSWERS if answer != "dont_know")
_ALIASES: dict[str, tuple[str, ...]] = {
    **_ORGANISATIONS,
    **_FIGURES,
    **_EXPERIENCE,
    **{f"recommend_{answer}": headings for answer, headings in _RECOMMEND.items()},
    "dont_know": ("Don't Know", "Do not know", "Don't know / unsure"),
    **_MODES,
}
_BANNERS = {
    cells.key(banner)
    for banner in ("Breakdown of Responses", "Mode of Collection", "Response Mode", "Responses by")
}
_COUNTED = frozenset({*_EXPERIENCE, *(f"recommend_{answer}" for answer in _RECOMMEND)})
_MOST_TELLING = _COUNTED | {"respondents", "eligible", "percent_positive", "percent_negative"}

# Finest first: a table is about the finest organisation it names.
_LEVELS: tuple[tuple[Grain, str, str], ...] = (
    (Grain.WARD, "site_code", "ward_name"),
    (Grain.SITE, "site_code", "site_name"),
    (Grain.PRACTICE, "practice_code", "practice_name"),
    (Grain.TRUST, "org_code", "org_name"),
    (Grain.PCN, "pcn_code", "pcn_name"),
    (Grain.SUB_ICB, "sub_icb_code", "sub_icb_name"),
    (Grain.ICB, "icb_code", "icb_name"),
    (Grain.REGION, "region_code", "region_name"),
)

_FIGURE_TITLES = {
    "respondents": "Total Responses",
    "eligible": "Total Eligible",
    "percent_positive": "Percentage Positive",
    "very_good": "Very Good",
    "good": "Good",
    "neither": "Neither Good nor Poor",
    "poor": "Poor",
    "very_poor": "Very Poor",
    "dont_know": "Don't Know",
    "site_code": "Site Code",
    "practice_code": "Practice Code",
    "org_code": "Trust Code",
    "pcn_code": "PCN Code",
    "sub_icb_code": "Sub ICB Location Code",
    "icb_code": "ICB Code",
    "region_code": "Region Code",
}
_RECOMMEND_TITLES = {answer: words[0] for answer, words in _RECOMMEND.items()} | {
    "percent_positive": "Percentage Recommended"
}

# --- What the titles, sheets and labels say --------------------------------------------------

_FFT = re.compile(r"friends\s*(and|&)\s*family|\bfft\b|\bftt\b", re.IGNORECASE)
# Of several words the first in this order wins: “community mental health” is mental health.
_SETTINGS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("fft_maternity", r"\bmaternity\b"),
        ("fft_mental_health", r"\bmental health\b|\bmh\b"),
        ("fft_ambulance", r"\bambulance|\bpatient transport|\bpts\b"),
        ("fft_outpatient", r"\bout ?patients?\b"),
        ("fft_inpatient", r"\bin ?patients?\b"),
        ("fft_dental", r"\bdental\b|\bdentist"),
        ("fft_gp", r"\bgps?\b|\bgeneral practice"),
        ("fft_ae", r"\ba and e\b|\ba e\b|\bae\b|\baccident|\bemergency\b"),
        ("fft_community", r"\bcommunity\b"),
    )
)
_SETTING_NAMES = tuple(name for name, _ in _SETTINGS)
_TOUCH_POINTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("antenatal", r"\bq(uestion )?1\b|\bantenatal\b"),
        ("birth", r"\bq(uestion )?2\b|\bbirth\b|\blabour\b"),
        ("postnatal_ward", r"\bq(uestion )?3\b|\bpost ?natal ward\b"),
        ("postnatal_community", r"\bq(uestion )?4\b|\bpost ?natal community\b"),
    )
)
_SEE_AND_TREAT = re.compile(r"\bsat\b|\bsee and treat\b")
_NOT_DATA_SHEETS = re.compile(
    r"^(notes?|summary|bs|bsq\d|contents?|cover|introduction|guidance|information|read ?me|macros?"
    r"|time ?series|england|national)\b"
)
_TOTAL = re.compile(r"^(england|national|grand total|total|all (trusts|organisations|providers))\b")
_WHOLE_TOTAL = re.compile(r"^(england|total|grand total|england total)$|^england \((in|ex)clud")
_SELECTION = re.compile(r"^selection\b")
_SAVE_WITH_VALUES = (
    "Open the workbook in a spreadsheet program, let it calculate, save it and load it again."
)
_TITLE_ROWS = 5


@dataclass(frozen=True, slots=True)
class _Table:
    """One table found: where it stands, the level it is about and the scale of its answers."""

    sheet: Sheet
    header: Header
    grain: Grain
    code: str  # the column that holds the organisation's code
    measure: str
    scale: str
    answers: Mapping[str, int]  # column by answer, whichever scale; empty where no breakdown
    modes: tuple[str, ...]
    modes_only: bool

    @property
    def name(self) -> str:
        return f"sheet ‘{self.sheet.name}’" if not self.sheet.is_csv else "the file"

    @property
    def short_name(self) -> str:
        return self.sheet.name if not self.sheet.is_csv else "The file"

    def column(self, figure: str) -> int:
        return self.answers.get(figure, self.header.columns.get(figure, 0))

    def place(self, row: int, figure: str) -> str:
        return self.sheet.place(int(row), self.column(figure))

    def title(self, figure: str) -> str:
        return self.header.titles.get(self.column(figure), "") or _FIGURE_TITLES[figure]


# --- Recognising -----------------------------------------------------------------------------


def recognise(workbook: Workbook) -> bool:
    """Whether this is a Friends and Family Test publication (or a CSV saved from one)."""
    titled = False
    for sheet in _visible_sheets(workbook, None):
        if _headings_are_fft(sheet):
            return True
        titled = titled or any(
            _setting_in(title) and cells.month(title) for title in _titles(sheet)
        )
    return titled and not workbook.is_csv


def _headings_are_fft(sheet: Sheet) -> bool:
    if _is_not_data(sheet):
        return False
    _, named = sheet.closest_header(_ALIASES)
    if not named & (_COUNTED | {"respondents", "percent_positive"}):
        # The organisation's names may stand in the row above the answers.
        return len(named & set(MODES)) >= 3
    header = sheet.find_header(_ALIASES, ())
    if header is None:
        return False
    found = header.columns.keys()
    answers = len(found & _COUNTED)
    telling = len(found & _MOST_TELLING)
    organisations = any(found & {code, name} for _, code, name in _LEVELS)
    return answers >= 4 or (organisations and telling >= 3) or _pair_of_totals(found)


def _pair_of_totals(found: Iterable[str]) -> bool:
    """Practice or trust, total responses, percentage positive: the least a publication shows."""
    named = set(found)
    return {"respondents", "percent_positive"} <= named and bool(
        named & {code for _, code, _ in _LEVELS}
    )


def _visible_sheets(workbook: Workbook, findings: Findings | None) -> list[Sheet]:
    sheets = []
    for name in workbook.sheet_names:
        try:
            sheets.append(workbook.sheet(name))
        except ExtractError as damaged:
            for fault in damaged.faults if findings is not None else ():
                assert findings is not None
                findings.error(fault.what, fault.where, fault.fix)
    return sheets


def _is_not_data(sheet: Sheet) -> bool:
    return not sheet.is_csv and bool(_NOT_DATA_SHEETS.match(cells.key(sheet.name)))


def _titles(sheet: Sheet) -> list[str]:
    """Cells of the first rows that speak of the Friends and Family Test."""
    return [
        said
        for row in sheet.rows[:_TITLE_ROWS]
        for cell in row
        if isinstance(cell, str) and _FFT.search(said := cells.text(cell))
    ]


def _setting_in(said: str) -> str:
    keyed = cells.key(said)
    return next((name for name, pattern in _SETTINGS if pattern.search(keyed)), "")


# --- Parsing ---------------------------------------------------------------------------------


def parse(workbook: Workbook, asked: Asked) -> Extract:
    """Every table of the workbook as one frame of FFT facts, with everything found on the way."""
    findings = Findings()
    sheets = _visible_sheets(workbook, findings)
    titles = [title for sheet in sheets for title in _titles(sheet)]
    tables = _tables(sheets, findings)
    source = _source(workbook, titles, tables, asked, findings)
    period = _period(workbook, sheets, titles, asked, findings)
    tables = _placed(tables, source, workbook, titles, findings)

    facts: list[pd.DataFrame] = []
    for table in tables:
        if not table.modes_only:
            facts.append(_facts(table, findings))
    facts = [frame for frame in facts if len(frame)]
    if not facts:
        _say_there_is_nothing(workbook, tables, findings)
        return extract(SOURCE, workbook, findings, {})
    rows = _without_second_tables(pd.concat(facts, ignore_index=True), findings)
    rows = _with_modes(rows, [table for table in tables if table.modes_only], findings)
    _note_children(rows, findings)
    rows["source"] = source
    rows["period_start"] = pd.Timestamp(period.start) if period else pd.NaT
    rows["period_end"] = pd.Timestamp(period.end) if period else pd.NaT
    title = maps.source(source)["title"] if source else ""
    return extract(
        SOURCE,
        workbook,
        findings,
        {"fft_fact": rows.drop(columns=["_place", "_independent", "_suppressed"])},
        title=f"{title}, {period}" if title and period else title,
    )


def _say_there_is_nothing(workbook: Workbook, tables: list[_Table], findings: Findings) -> None:
    if any(fault.severity == "error" and not fault.needs for fault in findings.faults):
        return
    if tables and all(table.modes_only for table in tables):
        findings.error(
            "The file holds collection modes only, not responses.",
            tables[0].name,
            "Load the workbook, or the sheet that holds Total Responses and the answers.",
        )
    elif tables:
        findings.error(
            "The tables hold no rows of data.",
            ", ".join(table.name for table in tables),
            "Check that the workbook was saved after the figures were filled in, with no filter "
            "set, and load it again.",
        )
    else:
        read = ", ".join(f"‘{name}’" for name in workbook.sheet_names)
        findings.error(
            "No table of Friends and Family Test responses was found"
            + (f" on the sheets {read}." if not workbook.is_csv else "."),
            "the file",
            "A table has one row of headings such as Trust Code, Total Responses, Percentage "
            "Positive and Very Good. Check that the right file was chosen.",
        )


# --- Finding the tables ----------------------------------------------------------------------


def _tables(sheets: list[Sheet], findings: Findings) -> list[_Table]:
    tables = []
    unplaced: list[tuple[Sheet, Header]] = []
    for sheet in sheets:
        if _is_not_data(sheet):
            continue
        header = sheet.find_header(_ALIASES, ())
        found = set(header.columns) if header else set()
        modes = found & set(MODES)
        if header is None or not (
            len(found & (_MOST_TELLING | {"dont_know"})) >= 2 or len(modes) >= 3
        ):
            if not sheet.is_csv:
                findings.note(f"Sheet ‘{sheet.name}’ holds no table of responses and was not read.")
            continue
        level = next(
            ((g, code, name) for g, code, name in _LEVELS if {code, name} & found)
            if "ward_name" in found
            else ((g, c, n) for g, c, n in _LEVELS if g is not Grain.WARD and {c, n} & found),
            None,
        )
        if level is None:
            unplaced.append((sheet, header))
            continue
        table = _table(sheet, header, level, findings)
        if table is not None:
            tables.append(table)
    for sheet, header in unplaced:
        if tables:
            findings.note(f"Sheet ‘{sheet.name}’ names no organisations and was not read.")
        else:
            _missing(sheet, header, ["Trust Code (or ICB, Site or Practice Code)"], findings)
    return tables


def _table(
    sheet: Sheet, header: Header, level: tuple[Grain, str, str], findings: Findings
) -> _Table | None:
    grain, code, _ = level
    columns = header.columns
    by_scale = {
        "experience": {a: columns[a] for a in _SCALED if a in columns},
        "recommend": {a: columns[f"recommend_{a}"] for a in _SCALED if f"recommend_{a}" in columns},
    }
    scale = max(by_scale, key=lambda name: len(by_scale[name]))
    answers = dict(by_scale[scale])
    modes = tuple(mode for mode in MODES if mode in columns)
    breakdown = bool(answers)
    if "dont_know" in columns and breakdown:
        answers["dont_know"] = columns["dont_know"]
    modes_only = bool(modes) and not breakdown and "percent_positive" not in columns

    titles = _FIGURE_TITLES | (_RECOMMEND_TITLES if scale == "recommend" else {})
    lacking = [titles[name] for name in (code, "respondents") if name not in columns]
    if breakdown:
        lacking += [titles[answer] for answer in ANSWERS if answer not in answers]
    elif not modes_only and "percent_positive" not in columns:
        lacking.append(titles["percent_positive"])
    findings.note(_header_said(sheet, header))
    if lacking:
        _missing(sheet, header, lacking, findings)
        return None
    return _Table(
        sheet,
        header,
        grain,
        code,
        "overall",
        scale if breakdown else "",
        answers,
        modes,
        modes_only,
    )


def _header_said(sheet: Sheet, header: Header) -> str:
    name = f"Sheet ‘{sheet.name}’" if not sheet.is_csv else "The file"
    first, last = header.first_row + 1, header.last_row + 1
    rows = f"row {first}" if first == last else f"rows {first}–{last}"
    used = set(header.columns.values())
    unused = [
        title
        for column, title in sorted(header.titles.items())
        if column not in used and title and cells.key(title) not in _BANNERS
    ]
    more = f"; columns not used: {', '.join(unused)}" if unused else ""
    return f"{name}: {rows} read as the header{more}."


def _missing(sheet: Sheet, header: Header, lacking: list[str], findings: Findings) -> None:
    name = f"Sheet ‘{sheet.name}’" if not sheet.is_csv else "The file"
    first, last = header.first_row + 1, header.last_row + 1
    rows = f"Row {first} was" if first == last else f"Rows {first}–{last} were"
    columns = " and ".join(f"‘{title}’" for title in lacking)
    findings.error(
        f"{name} has no column {columns}. {rows} read as the header.",
        sheet.place(header.last_row),
        "Download the publication again, or give the column back its published name.",
    )


# --- Setting, month and measure --------------------------------------------------------------


def _source(
    workbook: Workbook,
    titles: list[str],
    tables: list[_Table],
    asked: Asked,
    findings: Findings,
) -> str:
    in_title = next((name for name in map(_setting_in, titles) if name), "")
    in_name = _setting_in(workbook.stem)
    if in_title and in_name and in_title != in_name:
        findings.warning(
            f"The title says {_spoken(in_title)}, the file name {_spoken(in_name)}; the title is "
            "used.",
            "the file name",
            "Check that the file is the one you mean.",
        )
    found = in_title or in_name or _setting_by_columns(tables)
    if asked.source and asked.source not in _SETTING_NAMES:
        findings.error(
            f"‘{asked.source}’ is not a setting of the Friends and Family Test publications.",
            "the source asked for",
            f"Choose one of {', '.join(_SETTING_NAMES)}.",
            needs="source",
        )
        return found
    if asked.source and found and asked.source != found:
        findings.warning(
            f"{_spoken(asked.source)} was chosen, but the file is {_spoken(found)}, which is used.",
            "the source asked for",
            "Check that the file is the one you mean.",
        )
    if not found and not asked.source:
        findings.error(
            "Neither a title, the file name nor the columns say which service this is (inpatient, "
            "A&E, maternity, outpatient, ambulance, community, mental health, GP or dental).",
            "the file",
            "Choose the service, or put it in the file’s name, such as "
            "‘FFT-community-July-2025.csv’.",
            needs="source",
        )
    return found or asked.source


def _spoken(source: str) -> str:
    return maps.source(source)["short_title"]


def _setting_by_columns(tables: list[_Table]) -> str:
    grains = {table.grain for table in tables}
    modes = {mode for table in tables for mode in table.modes}
    names = [cells.key(table.sheet.name) for table in tables]
    if Grain.PRACTICE in grains:
        return "fft_gp"
    if any(re.search(r"\bq[1-4]$", name) for name in names):
        return "fft_maternity"
    if any(name.startswith("pts") for name in names):
        return "fft_ambulance"
    if "mode_electronic_after_appointment" in modes:
        return "fft_outpatient"
    return "fft_inpatient" if Grain.WARD in grains else ""


def _period(
    workbook: Workbook,
    sheets: list[Sheet],
    titles: list[str],
    asked: Asked,
    findings: Findings,
) -> Period | None:
    in_title = next((month for month in map(cells.month, titles) if month), None)
    if in_title is None:
        in_title = next(filter(None, map(_month_beside_title, sheets)), None)
    in_name = cells.month(workbook.stem)
    if in_title and in_name and in_title != in_name:
        findings.warning(
            f"The title says {in_title}, the file name {in_name}; the title is used.",
            "the file name",
            "Check that the file is the month you mean.",
        )
    found = in_title or in_name
    if found is None and asked.period is not None:
        if asked.period == Period.month(asked.period.start.year, asked.period.start.month):
            return asked.period
        findings.error(
            f"{asked.period} is not one month; these publications are monthly.",
            "the period asked for",
            "Choose the month the figures are for.",
            needs="period",
        )
        return None
    if found is None:
        findings.error(
            "Neither a title nor the file name says which month the figures are for.",
            "the file",
            "Choose the month, or put it in the file’s name, such as ‘FFT-GP-July-2025.csv’.",
            needs="period",
        )
    elif asked.period is not None and asked.period != found:
        findings.warning(
            f"{asked.period} was chosen, but the file says {found}, which is used.",
            "the period asked for",
            "Check that the file is the month you mean.",
        )
    return found


def _month_beside_title(sheet: Sheet) -> Period | None:
    """A month in a short cell of its own, in the notes or above the header of a CSV."""
    above = sheet.rows[:_TITLE_ROWS]
    if sheet.is_csv:
        header = sheet.find_header(_ALIASES, ())
        above = sheet.rows[: min(header.first_row if header else 0, 12)]
    elif not cells.key(sheet.name).startswith("note"):
        return None
    for row in above:
        for cell in row:
            short = isinstance(cell, date) or (
                isinstance(cell, str) and 0 < len(cell.strip()) <= 40
            )
            if short and (found := cells.month(cell)):
                return found
    return None


def _placed(
    tables: list[_Table], source: str, workbook: Workbook, titles: list[str], findings: Findings
) -> list[_Table]:
    """The tables with the measure and the level that the setting gives them."""
    placed = []
    for table in tables:
        measure, grain = "overall", table.grain
        if source in ("fft_gp", "fft_dental") and grain is Grain.TRUST:
            grain = Grain.PRACTICE
        if source == "fft_ambulance" and _SEE_AND_TREAT.search(cells.key(table.sheet.name)):
            measure = "see_and_treat"
        if source == "fft_maternity":
            measure = _touch_point(table, workbook, titles)
            if not measure:
                findings.error(
                    f"Nothing says which maternity touch point {table.name} is about.",
                    table.sheet.place(),
                    "Put it in the name of the sheet (Q1 antenatal, Q2 birth, Q3 postnatal ward, "
                    "Q4 postnatal community) or of the file, such as "
                    "‘FFT-maternity-Q2-July-2025.csv’.",
                )
                measure = "overall"
        placed.append(
            _Table(
                table.sheet,
                table.header,
                grain,
                table.code,
                measure,
                table.scale,
                table.answers,
                table.modes,
                table.modes_only,
            )
        )
    return placed


def _touch_point(table: _Table, workbook: Workbook, titles: list[str]) -> str:
    said = [table.sheet.name]
    if table.sheet.is_csv:
        above = table.sheet.rows[: table.header.first_row]
        said = [workbook.stem, *titles, *(cells.text(cell) for row in above for cell in row)]
    for words in map(cells.key, said):
        for name, pattern in _TOUCH_POINTS:
            if pattern.search(words):
                return name
    return ""


# --- Reading one table -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one table sorted into data and published totals, and their figures."""

    data: pd.DataFrame  # identifying columns as text, and `row`
    numbers: Mapping[str, pd.DataFrame]  # per figure: number, withheld, percent, bad, blank
    totals: Mapping[str, pd.Series]  # kind ("including", "excluding") -> figures
    labels: Mapping[str, str]  # kind -> the label as printed


def _texts(column: pd.Series, read: Callable[[object], str]) -> pd.Series:
    """A column as text; each distinct cell is read once."""
    seen: dict[object, str] = {}
    said = []
    for cell in column:
        if cell not in seen:
            seen[cell] = read(cell)
        said.append(seen[cell])
    return pd.Series(said, index=column.index, dtype=object)


def _figure_columns(table: _Table) -> list[str]:
    named = ["respondents", "eligible", "percent_positive", "percent_negative"]
    return [
        *(figure for figure in named if figure in table.header.columns),
        *(answer for answer in ANSWERS if answer in table.answers),
        *table.modes,
    ]


def _rows(table: _Table, findings: Findings) -> _Rows:
    raw = table.sheet.table(table.header)
    if table.scale == "recommend":
        raw = raw.drop(columns=[a for a in _SCALED if a in raw])
        raw = raw.rename(columns={f"recommend_{answer}": answer for answer in _SCALED})
    figures = _figure_columns(table)
    identity = pd.DataFrame(
        {
            name: _texts(raw[name], cells.code if name.endswith("_code") else cells.text)
            if name in raw
            else pd.Series("", index=raw.index, dtype=object)
            for name in _ORGANISATIONS
        }
    )
    # The publisher closes some tables with a row of dashes.
    identity = identity.where(~identity.isin(["-", "–", "−", "N/A"]), "")
    identity["row"] = raw["row"]
    code = identity[table.code]
    names = [name for name in _ORGANISATIONS if name in raw and name != table.code]
    shows = [_shows_a_figure(raw[figure]).to_numpy() for figure in figures]
    empty = ~np.logical_or.reduce(shows, axis=0)

    kind = pd.Series("data", index=raw.index, dtype=object)
    said = np.sum([(identity[name] != "").to_numpy() for name in [table.code, *names]], axis=0)
    # A sentence under the table stands alone in its row; a code alone may be a silent practice.
    alone = (said == 1) & (code.str.contains(" ") | bool(names))
    kind[empty & ((code == "") | alone)] = "note"
    uncoded = (code == "") & (kind == "data")
    kind[uncoded] = "uncoded"
    header_key = cells.key(table.header.titles[table.header.columns[table.code]])
    kind[code.map(lambda c: bool(c) and cells.key(c) == header_key)] = "note"
    # Only rows without a code, and codes or names that are nothing but a total's label.
    suspects = kind.index[(kind != "data") | _says_total(identity, [table.code, *names])]
    for at in suspects:
        label, sort = _total_label(identity.loc[at, [table.code, *names]], coded=bool(code[at]))
        if label:
            kind[at] = sort
            identity.loc[at, "label"] = label
    if "label" not in identity:
        identity["label"] = ""

    uncoded_rows = identity[kind == "uncoded"]
    findings.rows_in += int((kind == "data").sum()) + len(uncoded_rows)
    if len(uncoded_rows):
        findings.reject("no organisation code", len(uncoded_rows))
        findings.warning(
            f"{_counted(len(uncoded_rows), 'row')} with figures on {table.name} "
            f"{'has' if len(uncoded_rows) == 1 else 'have'} no organisation code and "
            f"{'is' if len(uncoded_rows) == 1 else 'are'} left out.",
            table.place(int(uncoded_rows["row"].iloc[0]), table.code),
            "If they are organisations, add their codes; if they are sub-totals, nothing is lost.",
        )
    totals, labels = _totals(identity, raw, kind, figures)
    kept = kind == "data"
    data = identity[kept]
    return _Rows(
        data, {figure: _numbers(raw.loc[kept, figure]) for figure in figures}, totals, labels
    )


def _shows_a_figure(column: pd.Series) -> pd.Series:
    return ~_is_blank(column) & ~column.isin(["-", "–", "−"])


def _is_blank(column: pd.Series) -> pd.Series:
    blank = column.isin(["", None]) | column.isna()
    return blank | column.map(lambda cell: isinstance(cell, str) and not cell.strip())


def _says_total(identity: pd.DataFrame, names: list[str]) -> pd.Series:
    """Rows with a cell that is exactly a total's label."""
    says = pd.Series(False, index=identity.index)
    for name in names:
        distinct = {said for said in identity[name].unique() if said}
        labels = {said for said in distinct if _WHOLE_TOTAL.match(said.lower())}
        if labels:
            says |= identity[name].isin(labels)
    return says


def _total_label(said: pd.Series, *, coded: bool) -> tuple[str, str]:
    for words in said:
        lower = words.lower()
        if _SELECTION.match(lower):
            return words, "selection"
        if (_WHOLE_TOTAL if coded else _TOTAL).match(lower):
            return words, "excluding" if "exclud" in lower else "including"
    return "", ""


def _totals(
    identity: pd.DataFrame, raw: pd.DataFrame, kind: pd.Series, figures: list[str]
) -> tuple[dict[str, pd.Series], dict[str, str]]:
    totals: dict[str, pd.Series] = {}
    labels: dict[str, str] = {}
    for sort in ("including", "excluding"):
        rows = kind.index[kind == sort]
        if len(rows):
            at = rows[0]
            printed = {figure: cells.number(raw.at[at, figure])[0] for figure in figures}
            totals[sort] = pd.Series(printed, dtype=float)
            labels[sort] = str(identity.at[at, "label"])
    return totals, labels


def _numbers(column: pd.Series) -> pd.DataFrame:
    numbers = cells.numbers(column)
    numbers["blank"] = _is_blank(column)
    return numbers


def _facts(table: _Table, findings: Findings) -> pd.DataFrame:
    """The rows of a table as facts, checked, with its published totals reconciled."""
    rows = _rows(table, findings)
    if rows.data.empty:
        return pd.DataFrame()
    data, numbers = rows.data, rows.numbers
    _check_text(table, data, numbers, findings)
    _check_counts(table, data, numbers, findings)
    uncached = _check_blanks(table, data, numbers, findings)

    printed = numbers["respondents"]["number"]
    answers = pd.DataFrame({answer: numbers[answer]["number"] for answer in table.answers})
    whole = answers.notna().all(axis=1) if table.answers else pd.Series(False, index=data.index)
    summed = answers.sum(axis=1).where(whole) if table.answers else printed * np.nan
    respondents = summed.where(whole & printed.notna(), printed)
    positive = answers["very_good"] + answers["good"] if table.answers else printed * np.nan
    value = _published(table, data, numbers, positive, respondents, printed, findings)
    _check_sums(table, data, printed, summed, positive, findings)
    _check_eligible(table, data, numbers, printed, findings)
    _check_modes(table, data, numbers, printed, findings)

    # A percentage sign that says "not shown" is never worked round by dividing the counts.
    if "percent_positive" in numbers:
        unsaid = numbers["percent_positive"]["blank"] & ~uncached
        value = value.where(~unsaid, positive / respondents.where(respondents > 0))
    else:
        value = positive / respondents.where(respondents > 0)
    value = value.where(respondents != 0)
    withheld = _withheld(table, numbers, value, respondents)
    shown = withheld == Withheld.NONE.value
    value = value.where(shown)
    if not table.answers:
        positive = value * respondents
    positive = positive.where(shown | (respondents == 0))

    place = table.sheet.place
    facts = pd.DataFrame(
        {
            "measure": table.measure,
            "grain": table.grain.value,
            "icb": data["icb_code"],
            "parent": _parents(table, data),
            "provider": _providers(table, data),
            "provider_name": _names(table, data),
            "scale": table.scale,
            "respondents": respondents,
            "eligible": _number(numbers, "eligible", data.index),
            **{answer: _number(numbers, answer, data.index) for answer in ANSWERS},
            "positive": positive,
            "value": value,
            **{mode: _number(numbers, mode, data.index) for mode in MODES},
            "withheld": withheld,
            "cell": [place(int(row)) for row in data["row"]],
            "_place": table.short_name,
            "_independent": _independent(data),
            "_suppressed": _stars(numbers, ["respondents"], data.index),
        }
    )
    facts, kept = _without_repeats(table, facts, findings)
    _reconcile(table, rows, kept, printed, findings)
    return facts


def _number(numbers: Mapping[str, pd.DataFrame], figure: str, index: pd.Index) -> pd.Series:
    if figure not in numbers:
        return pd.Series(np.nan, index=index)
    return numbers[figure]["number"]


def _providers(table: _Table, data: pd.DataFrame) -> pd.Series:
    if table.grain is not Grain.WARD:
        return data[table.code]
    return (
        data["site_code"]
        + "|"
        + data["ward_name"]
        + "|"
        + data["specialty_1"]
        + "|"
        + data["specialty_2"]
    )


def _parents(table: _Table, data: pd.DataFrame) -> pd.Series:
    parent = {Grain.WARD: "site_code", Grain.SITE: "org_code"}.get(table.grain)
    return data[parent] if parent else pd.Series("", index=data.index, dtype=object)


def _names(table: _Table, data: pd.DataFrame) -> pd.Series:
    own = {grain: name for grain, _, name in _LEVELS}[table.grain]
    if table.grain is Grain.PRACTICE and table.code == "org_code":
        own = "org_name"
    return data[own]


def _independent(data: pd.DataFrame) -> pd.Series:
    """Rows of independent sector providers: an ICB code of IS…, or the words in a name."""
    independent = data["icb_code"].str.match(r"IS\d*$")
    for name in ("icb_name", "region_name", "org_name"):
        said = data[name].str.lower()
        independent |= said.str.startswith("independent sector")
    return independent.astype(bool)


def _stars(
    numbers: Mapping[str, pd.DataFrame], figures: Iterable[str], index: pd.Index
) -> pd.Series:
    starred = pd.Series(False, index=index)
    for figure in figures:
        if figure in numbers:
            starred |= numbers[figure]["withheld"] == Withheld.PUBLISHER.value
    return starred


def _withheld(
    table: _Table,
    numbers: Mapping[str, pd.DataFrame],
    value: pd.Series,
    respondents: pd.Series,
) -> pd.Series:
    """Why a row has no value, or "none"."""
    index = value.index
    starred = _stars(numbers, ["respondents", "percent_positive", *table.answers], index)
    dashed = pd.Series(False, index=index)
    for figure in ("respondents", "percent_positive"):
        if figure in numbers:
            dashed |= numbers[figure]["withheld"] == Withheld.NOT_CALCULABLE.value
    # In GP publications a blank may be a suppressed figure or no return: they cannot be told apart.
    blank = Withheld.UNKNOWN if table.grain is Grain.PRACTICE else Withheld.MISSING
    why = np.select(
        [
            (value.notna() & respondents.notna()).to_numpy(),
            starred.to_numpy(),
            ((respondents == 0) | dashed).to_numpy(),
        ],
        [Withheld.NONE.value, Withheld.PUBLISHER.value, Withheld.NOT_CALCULABLE.value],
        blank.value,
    )
    return pd.Series(why, index=index, dtype=object)


# --- Checks ----------------------------------------------------------------------------------


def _each(
    table: _Table,
    data: pd.DataFrame,
    wrong: pd.Series,
    figure: str,
    tell: Callable[[str, str], None],
    say: Callable[[int], str],
) -> None:
    """Tell of every row where `wrong` holds, with its cell."""
    for at in data.index[wrong.to_numpy(dtype=bool)]:
        where = table.place(_row_of(data, at), figure)
        tell(f"{_row_name(table, data, at)}: {say(at)}", where)


def _row_of(data: pd.DataFrame, at: int) -> int:
    return int(data["row"].loc[at])


def _row_name(table: _Table, data: pd.DataFrame, at: int) -> str:
    name = {grain: column for grain, _, column in _LEVELS}[table.grain]
    parts = (str(data[column].loc[at]) for column in (table.code, name))
    return " ".join(part for part in parts if part)


def _check_text(
    table: _Table, data: pd.DataFrame, numbers: Mapping[str, pd.DataFrame], findings: Findings
) -> None:
    for figure, column in numbers.items():
        if not column["bad"].any():
            continue
        cell_column = table.column(figure)

        def said(at: int, cell_column: int = cell_column) -> str:
            return cells.text(table.sheet.rows[_row_of(data, at)][cell_column])

        _each(
            table,
            data,
            column["bad"],
            figure,
            lambda what, where: findings.error(
                what, where, "Put the number there, or the publisher’s sign (* or -) if not shown."
            ),
            lambda at, figure=figure, said=said: (  # type: ignore[misc]
                f"‘{said(at)}’ stands where ‘{table.title(figure)}’ should be a number."
            ),
        )


def _check_counts(
    table: _Table, data: pd.DataFrame, numbers: Mapping[str, pd.DataFrame], findings: Findings
) -> None:
    for figure, column in numbers.items():
        if figure.startswith("percent"):
            continue
        number = column["number"]
        for wrong, kind, fix in (
            (number < 0, "is negative", "A count cannot be below 0: correct it."),
            (
                (number >= 0) & (number % 1 != 0),
                "is not a whole number",
                "A count of responses is whole: check that the column is not a percentage.",
            ),
        ):
            if wrong.any():
                _each(
                    table,
                    data,
                    wrong,
                    figure,
                    lambda what, where, fix=fix: findings.error(what, where, fix),  # type: ignore[misc]
                    lambda at, figure=figure, number=number, kind=kind: (  # type: ignore[misc]
                        f"‘{table.title(figure)}’ ({number[at]:g}) {kind}."
                    ),
                )


def _check_blanks(
    table: _Table, data: pd.DataFrame, numbers: Mapping[str, pd.DataFrame], findings: Findings
) -> pd.Series:
    """Blanks where a filled row must have a figure: formulas saved without their values."""
    due = ["respondents", *(["percent_positive"] if "percent_positive" in numbers else [])]
    due += list(table.answers)
    blanks = pd.DataFrame({figure: numbers[figure]["blank"] for figure in due})
    none_at_all = pd.DataFrame({f: n["blank"] for f, n in numbers.items()}).all(axis=1)
    uncached = pd.Series(False, index=data.index)
    if table.grain is Grain.PRACTICE:
        return uncached
    if none_at_all.all():
        findings.error(
            f"All {len(data):,} rows of {table.name} name an organisation and hold no figure: the "
            "workbook was probably saved without the results of its formulas.",
            table.place(data["row"].iloc[0], "respondents"),
            _SAVE_WITH_VALUES,
        )
        return uncached
    for figure in due:
        wrong = blanks[figure] & ~none_at_all
        if wrong.any():
            uncached |= wrong
            _each(
                table,
                data,
                wrong,
                figure,
                lambda what, where: findings.error(what, where, _SAVE_WITH_VALUES),
                lambda _, figure=figure: (  # type: ignore[misc]
                    f"‘{table.title(figure)}’ is blank although the row is filled: perhaps a "
                    "formula saved without its result."
                ),
            )
    return uncached


def _published(
    table: _Table,
    data: pd.DataFrame,
    numbers: Mapping[str, pd.DataFrame],
    positive: pd.Series,
    respondents: pd.Series,
    printed: pd.Series,
    findings: Findings,
) -> pd.Series:
    """The published percentages as proportions, checked against 0–100 % and against the counts."""
    if "percent_positive" not in numbers:
        return pd.Series(np.nan, index=data.index)
    column = numbers["percent_positive"]
    from_counts = positive / respondents.where(respondents > 0)
    scale = _percentage_scale(column, from_counts)
    value = column["number"] / scale
    outside = (value < 0) | (value > 1 + 1e-9)
    _each(
        table,
        data,
        outside,
        "percent_positive",
        lambda what, where: findings.error(
            what, where, "A percentage lies between 0 and 100: correct it."
        ),
        lambda at: f"‘{table.title('percent_positive')}’ is {100 * value[at]:g} %.",
    )
    if "percent_negative" in numbers:
        negative = numbers["percent_negative"]["number"] / scale
        beyond = (negative < 0) | (negative > 1 + 1e-9)
        _each(
            table,
            data,
            beyond,
            "percent_negative",
            lambda what, where: findings.error(
                what, where, "A percentage lies between 0 and 100: correct it."
            ),
            lambda at: f"‘{table.title('percent_negative')}’ is {100 * negative[at]:g} %.",
        )
    rounding = _rounding(value)
    of_printed = positive / printed.where(printed > 0)
    differs = ((value - from_counts).abs() > rounding) & ~((value - of_printed).abs() <= rounding)
    _each(
        table,
        data,
        differs & ~outside,
        "percent_positive",
        lambda what, where: findings.warning(
            what, where, "The published percentage is used; check the row against the publication."
        ),
        lambda at: (
            f"the percentage printed ({100 * value[at]:.4g} %) is not the one its counts give "
            f"({100 * from_counts[at]:.4g} %)."
        ),
    )
    return value


def _percentage_scale(column: pd.DataFrame, from_counts: pd.Series) -> float:
    """100 for percentages, 1 for proportions: by the counts where given, else by the values."""
    number = column["number"]
    signed = column["percent"]
    compared = (number.notna() & from_counts.notna() & (number > 0)).to_numpy()
    if compared.any() and not signed.any():
        off = (number - from_counts).abs()[compared].median()
        off_by_100 = (number / 100 - from_counts).abs()[compared].median()
        return 1.0 if off <= off_by_100 else 100.0
    present = number.dropna()
    # One stray value above 1 (a fault, told as one) must not turn a column of proportions.
    if len(present) >= 10 and not signed.any() and float((present <= 1).mean()) >= 0.9:
        return 1.0
    _, read_as = cells.proportions(number, signed)
    return 1.0 if read_as == "proportion" else 100.0


def _rounding(value: pd.Series) -> float:
    """Half a unit of the last decimal most of the column is printed to, as a proportion."""
    present = value.dropna().to_numpy()
    if not len(present):
        return 0.005
    for decimals in (2, 3, 4, 5):
        exact = np.abs(np.round(present, decimals) - present) < 1e-9
        if exact.mean() >= 0.5:
            return float(0.5 * 10.0**-decimals + 1e-9)
    return 1e-5


def _check_sums(
    table: _Table,
    data: pd.DataFrame,
    printed: pd.Series,
    summed: pd.Series,
    positive: pd.Series,
    findings: Findings,
) -> None:
    if not table.answers:
        return
    over = positive > printed
    _each(
        table,
        data,
        over,
        "respondents",
        lambda what, where: findings.error(
            what, where, "More positive answers than responses cannot be: correct the row."
        ),
        lambda at: f"{positive[at]:,.0f} positive answers of {printed[at]:,.0f} responses.",
    )
    unequal = summed.notna() & printed.notna() & (summed != printed) & ~over
    _each(
        table,
        data,
        unequal,
        "respondents",
        lambda what, where: findings.warning(
            what, where, "The sum of the answers is used as the number of respondents."
        ),
        lambda at: (
            f"the answers sum to {summed[at]:,.0f}, ‘{table.title('respondents')}’ says "
            f"{printed[at]:,.0f}."
        ),
    )


def _check_eligible(
    table: _Table,
    data: pd.DataFrame,
    numbers: Mapping[str, pd.DataFrame],
    printed: pd.Series,
    findings: Findings,
) -> None:
    if "eligible" not in numbers:
        return
    eligible = numbers["eligible"]["number"]
    _each(
        table,
        data,
        eligible < printed,
        "eligible",
        lambda what, where: findings.warning(
            what, where, "The response rate would be over 100 %; it is not to be relied on."
        ),
        lambda at: f"{printed[at]:,.0f} responses of {eligible[at]:,.0f} people eligible.",
    )


def _check_modes(
    table: _Table,
    data: pd.DataFrame,
    numbers: Mapping[str, pd.DataFrame],
    printed: pd.Series,
    findings: Findings,
) -> None:
    if not table.modes:
        return
    modes = pd.DataFrame({mode: numbers[mode]["number"] for mode in table.modes})
    summed = modes.sum(axis=1).where(modes.notna().all(axis=1))
    unequal = summed.notna() & printed.notna() & (summed != printed)
    if unequal.any():
        first = data.index[unequal][0]
        findings.warning(
            f"{_counted(int(unequal.sum()), 'row')} of {table.name}: the collection modes do not "
            f"add up to ‘Total Responses’ (first {_row_name(table, data, first)}: "
            f"{summed[first]:,.0f} and {printed[first]:,.0f}).",
            table.place(_row_of(data, first), table.modes[0]),
            "The modes are kept as printed.",
        )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _without_repeats(
    table: _Table, facts: pd.DataFrame, findings: Findings
) -> tuple[pd.DataFrame, pd.Series]:
    """Each organisation once: of identical rows the last; different rows are an error."""
    kept = pd.Series(True, index=facts.index)
    repeated = facts["provider"].duplicated(keep=False)
    if not repeated.any():
        return facts, kept
    figures = ["respondents", "eligible", *ANSWERS, "value", *MODES, "withheld"]
    for provider, rows in facts[repeated].groupby("provider", sort=False):
        places = ", ".join(rows["cell"])
        kept[rows.index[:-1]] = False
        if len(rows[figures].drop_duplicates()) == 1:
            findings.reject("the same row again", len(rows) - 1)
            findings.warning(
                f"{provider} stands {len(rows)} times on {table.name} with the same figures.",
                places,
                "It is counted once.",
            )
        else:
            findings.reject("the same organisation again, with other figures", len(rows) - 1)
            findings.error(
                f"{provider} stands {len(rows)} times on {table.name} with different figures.",
                places,
                "Keep the right row and delete the others.",
            )
    return facts[kept], kept


# --- Reconciling -----------------------------------------------------------------------------


def _reconcile(
    table: _Table, rows: _Rows, kept: pd.Series, printed: pd.Series, findings: Findings
) -> None:
    """The rows summed against each published total; the gap told where nothing explains it."""
    independent = _independent(rows.data)
    if not rows.totals:
        findings.note(
            f"{table.short_name}: no published total to reconcile {len(kept):,} rows with."
        )
    for sort, published in rows.totals.items():
        chosen = kept.copy()
        without = sort == "excluding"
        if without:
            if not independent.any() and not _same(published, rows.totals.get("including")):
                findings.note(
                    f"{table.short_name}: independent sector providers cannot be told apart, so "
                    "the total without them was not checked."
                )
                continue
            chosen &= ~independent
        _reconcile_one(
            table, rows, chosen, published, rows.labels[sort], printed, without, findings
        )


def _same(one: pd.Series, other: pd.Series | None) -> bool:
    return other is not None and bool(((one == other) | (one.isna() & other.isna())).all())


def _reconcile_one(
    table: _Table,
    rows: _Rows,
    chosen: pd.Series,
    published: pd.Series,
    label: str,
    printed: pd.Series,
    without_independent: bool,
    findings: Findings,
) -> None:
    figures = [f for f in ("respondents", *ANSWERS, "eligible") if f in rows.numbers]
    figures = [figure for figure in figures if pd.notna(published[figure])]
    if "respondents" not in figures:
        findings.note(
            f"{table.short_name}: the published total ‘{label}’ is blank: not reconciled."
        )
        return
    hidden = _hidden_eligible(rows, chosen)
    unexplained: list[str] = []
    explained = 0.0
    for figure in figures:
        column = rows.numbers[figure]
        summed = float((printed if figure == "respondents" else column["number"])[chosen].sum())
        gap = float(published[figure]) - summed
        if gap == 0:
            continue
        starred = bool((column["withheld"] != Withheld.NONE.value)[chosen].any())
        most = {"respondents": hidden, "eligible": np.inf}.get(figure, explained)
        if starred and 0 < gap <= most:
            explained = gap if figure == "respondents" else explained
            continue
        unexplained.append(
            f"{table.title(figure)} {summed:,.0f} in the rows, {published[figure]:,.0f} published, "
            f"difference {gap:+,.0f}"
        )
    count = int(chosen.sum())
    if unexplained:
        findings.warning(
            f"{table.short_name}: the rows do not add up to the published total ‘{label}’: "
            f"{'; '.join(unexplained)}.",
            table.sheet.place(),
            "The rows are used, not the total. Check whether rows were deleted or filtered out.",
        )
        return
    suppressed = int(_stars(rows.numbers, ["respondents"], chosen.index)[chosen].sum())
    difference = (
        f" ({_counted(suppressed, 'withheld row')} hold the other {explained:,.0f})"
        if explained
        else ""
    )
    kind = " without the independent sector" if without_independent else ""
    findings.note(
        f"{table.short_name}: {_counted(count, 'row')} sum to the published total{kind} of "
        f"{published['respondents']:,.0f} responses{difference}."
    )


def _hidden_eligible(rows: _Rows, chosen: pd.Series) -> float:
    """The most responses the withheld rows can hold: the people eligible there, where printed."""
    starred = _stars(rows.numbers, ["respondents"], chosen.index) & chosen
    if "eligible" not in rows.numbers:
        return np.inf
    eligible = rows.numbers["eligible"]["number"][starred]
    return float(eligible.sum()) if eligible.notna().all() and len(eligible) else np.inf


def _note_children(rows: pd.DataFrame, findings: Findings) -> None:
    """How many trusts equal the sum of their sites, and sites of their wards: said, not judged."""
    for child, parent, said in (
        (Grain.SITE, Grain.TRUST, ("sites", "trusts")),
        (Grain.WARD, Grain.SITE, ("wards", "sites")),
    ):
        for measure, part in rows.groupby("measure", sort=False):
            children = part[part["grain"] == child.value]
            parents = part[part["grain"] == parent.value].set_index("provider")["respondents"]
            if children.empty or parents.empty:
                continue
            open_ = children.groupby("parent")["respondents"].agg(
                lambda responses: responses.sum() if responses.notna().all() else np.nan
            )
            both = pd.concat({"children": open_, "parent": parents}, axis=1).dropna()
            equal = int((both["children"] == both["parent"]).sum())
            of = "" if measure == "overall" else f" ({str(measure).replace('_', ' ')})"
            findings.note(
                f"The {said[0]} sum to the {said[1][:-1]}’s own figure for {equal:,} of the "
                f"{len(both):,} {said[1]} with every figure shown{of}."
            )


# --- Across sheets ---------------------------------------------------------------------------


def _without_second_tables(rows: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """An organisation given on two sheets at the same level is taken from the first."""
    key = ["measure", "grain", "provider"]
    repeated = rows.duplicated(key, keep="first")
    if not repeated.any():
        return rows
    for sheet, again in rows[repeated].groupby("_place", sort=False):
        findings.reject("already given on an earlier sheet", len(again))
        findings.warning(
            f"{_counted(len(again), 'row')} of sheet ‘{sheet}’ repeat organisations already given "
            "on an earlier sheet and are left out.",
            str(again["cell"].iloc[0]),
            "If the sheets are different services, load them as separate files.",
        )
    return rows[~repeated].reset_index(drop=True)


def _with_modes(rows: pd.DataFrame, tables: list[_Table], findings: Findings) -> pd.DataFrame:
    """The rows with their collection modes, where those stand on a sheet of their own."""
    for table in tables:
        read = _rows(table, Findings())
        if read.data.empty:
            continue
        _check_text(table, read.data, read.numbers, findings)
        _check_counts(table, read.data, read.numbers, findings)
        printed = read.numbers["respondents"]["number"]
        _check_modes(table, read.data, read.numbers, printed, findings)
        modes = pd.DataFrame({mode: read.numbers[mode]["number"] for mode in table.modes})
        modes["provider"] = _providers(table, read.data)
        modes["printed"] = printed
        modes = modes.drop_duplicates("provider", keep="last").set_index("provider")
        mine = (rows["grain"] == table.grain.value) & (rows["measure"] == table.measure)
        met = rows.loc[mine, "provider"]
        for mode in table.modes:
            rows.loc[mine, mode] = met.map(modes[mode]).to_numpy()
        strangers = modes.index.difference(pd.Index(met))
        if len(strangers):
            findings.warning(
                f"{_counted(len(strangers), 'organisation')} of {table.name} (first "
                f"{strangers[0]}) {'has' if len(strangers) == 1 else 'have'} no row of responses.",
                table.sheet.place(),
                "Their collection modes are left out.",
            )
        elsewhere = met.map(modes["printed"])
        responses = rows.loc[mine, "respondents"]
        other = elsewhere.notna() & responses.notna() & (elsewhere != responses)
        if other.any():
            findings.warning(
                f"{_counted(int(other.sum()), 'organisation')} of {table.name} (first "
                f"{met[other].iloc[0]}) {'has' if other.sum() == 1 else 'have'} another number of "
                "responses there than on the sheet of responses.",
                table.sheet.place(),
                "The modes are kept as printed.",
            )
        findings.note(f"{table.short_name}: collection modes joined to {len(met):,} organisations.")
    return rows


SOURCE = Source(
    name="fft",
    title="Friends and Family Test publication",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    frames=("fft_fact",),
    recognise=recognise,
    parse=parse,
)
