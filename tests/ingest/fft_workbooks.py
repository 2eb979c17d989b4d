"""Friends and Family Test workbooks made in code, in the publisher's true layouts.

`small` sheets are lists of rows a test can break; `filled_shell` writes into an official workbook.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import xlsxwriter

ANSWERS = ("very_good", "good", "neither", "poor", "very_poor", "dont_know")
EXPERIENCE = ("Very Good", "Good", "Neither Good nor Poor", "Poor", "Very Poor", "Don't Know")
RECOMMEND = (
    "Extremely Likely",
    "Likely",
    "Neither Likely nor Unlikely",
    "Unlikely",
    "Extremely Unlikely",
    "Don't Know",
)
MODE_HEADINGS = {
    "mode_sms": "Mode SMS",
    "mode_electronic_discharge": "Mode Electronic Discharge",
    "mode_electronic_home": "Mode Electronic Home",
    "mode_electronic_at_appointment": "Mode Electronic At Appointment",
    "mode_electronic_after_appointment": "Mode Electronic After Appointment",
    "mode_paper_discharge": "Mode Paper Discharge",
    "mode_paper_home": "Mode Paper Home",
    "mode_paper_at_appointment": "Mode Paper At Appointment",
    "mode_paper_after_appointment": "Mode Paper After Appointment",
    "mode_telephone": "Mode Telephone",
    "mode_online": "Mode Online",
    "mode_other": "Mode Other",
}
_STAY = (
    "mode_sms",
    "mode_electronic_discharge",
    "mode_electronic_home",
    "mode_paper_discharge",
    "mode_paper_home",
    "mode_telephone",
    "mode_online",
    "mode_other",
)
_NO_HOME = tuple(mode for mode in _STAY if mode != "mode_electronic_home")
_APPOINTMENT = (
    "mode_sms",
    "mode_electronic_at_appointment",
    "mode_electronic_after_appointment",
    "mode_paper_at_appointment",
    "mode_paper_after_appointment",
    "mode_telephone",
    "mode_online",
    "mode_other",
)
INCLUDING = "England (including Independent Sector Providers)"
EXCLUDING = "England (excluding Independent Sector Providers)"
SELECTION = "Selection (excluding suppressed data)"
NATIONAL = "England"

_ICB = ("ICB Code", "ICB Name")
_TRUST = ("ICB Code", "Trust Code", "Trust Name")
_SITE = (*_TRUST, "Site Code", "Site Name")
_WARD = (*_SITE, "Ward Name")
_FIELDS = {
    "ICB Code": "icb",
    "ICB code": "icb",
    "ICB Name": "icb_name",
    "Trust Code": "trust",
    "Trust Name": "trust_name",
    "Org Code": "trust",
    "Organisation Name": "trust_name",
    "Site Code": "site",
    "Site Name": "site_name",
    "Ward Name": "ward",
    "Practice Code": "practice",
    "Practice Name": "practice_name",
    "First Speciality": "specialty_1",
    "Second Speciality": "specialty_2",
}


@dataclass(frozen=True)
class Layout:
    """One sheet: what its columns are called and on which row (from 1) they stand."""

    sheet: str
    identity: tuple[str, ...]
    header_row: int
    eligible: bool = True
    answers: tuple[str, ...] = EXPERIENCE
    percentages: tuple[str, ...] = ("Percentage Positive", "Percentage Negative")
    modes: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    totals: tuple[str, ...] = (INCLUDING, EXCLUDING, SELECTION)

    @property
    def first_data_row(self) -> int:
        return self.header_row + 2 + len(self.totals)

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Heading and the name of the figure or field under it."""
        return [
            *((heading, _FIELDS[heading]) for heading in self.identity),
            ("Total Responses", "respondents"),
            *((("Total Eligible", "eligible"),) if self.eligible else ()),
            *zip(self.percentages, ("positive_share", "negative_share"), strict=False),
            *(zip(self.answers, ANSWERS, strict=True) if self.answers else ()),
            *((MODE_HEADINGS[mode], mode) for mode in self.modes),
            *((heading, _FIELDS[heading]) for heading in self.tail),
        ]


def _maternity() -> tuple[Layout, ...]:
    sheets: list[Layout] = []
    for q in (1, 2, 3, 4):
        sheets.append(Layout(f"ICB Q{q}", _ICB, 9, eligible=q == 2))
        sheets.append(Layout(f"Trusts Q{q}", _TRUST, 9, eligible=q == 2, modes=_STAY))
        if q < 4:
            sheets.append(Layout(f"Sites Q{q}", _SITE, 9, eligible=False))
    return tuple(sheets)


SETTINGS: dict[str, tuple[Layout, ...]] = {
    "inpatient": (
        Layout("ICB", _ICB, 10),
        Layout("Trusts", _TRUST, 10, modes=_STAY),
        Layout("Sites", _SITE, 10),
        Layout("Wards", _WARD, 10, tail=("First Speciality", "Second Speciality")),
    ),
    "ae": (
        Layout("ICB", _ICB, 3, totals=(NATIONAL, SELECTION)),
        Layout("Trusts", _TRUST, 3, modes=_NO_HOME, totals=(NATIONAL, SELECTION)),
        Layout("Sites", _SITE, 3, totals=(NATIONAL, SELECTION)),
    ),
    "maternity": _maternity(),
    "outpatient": (Layout("ICB", _ICB, 8), Layout("Orgs", _TRUST, 8, modes=_APPOINTMENT)),
    "ambulance": (
        Layout("PTS ICB", _ICB, 8),
        Layout("PTS Org", ("ICB code", "Org Code", "Organisation Name"), 8),
        Layout(
            "Mode Org",
            ("ICB Code", "Org Code", "Organisation Name"),
            8,
            eligible=False,
            answers=(),
            percentages=(),
            modes=_NO_HOME,
        ),
    ),
}
TITLES = {
    "inpatient": "Inpatient Friends and Family Test (FFT) Data - July 2025",
    "ae": "A&E Friends and Family Test (FFT) data - July 2025",
    "maternity": "Maternity Friends and Family Test (FFT) Data - July 2025",
    "outpatient": "Outpatients Friends and Family Test (FFT) Data - July 2025",
    "ambulance": "Ambulance Friends and Family Test (FFT) data - July 2025",
    "community": "Community Friends and Family Test (FFT) Data - July 2025",
    "mental_health": "Mental Health Friends and Family Test (FFT) Data - July 2025",
    "gp": "GP Friends and Family Test (FFT) Data - July 2025",
    "dental": "Dental Friends and Family Test (FFT) Data - July 2025",
}
PRACTICES = Layout(
    "Practices",
    ("ICB Code", "Practice Code", "Practice Name"),
    4,
    eligible=False,
    totals=(NATIONAL,),
)

Row = dict[str, Any]


# --- Figures ---------------------------------------------------------------------------------


def counted(answers: Iterable[int], **fields: Any) -> Row:
    """A row with its answers, their total and the shares rounded to two places."""
    row = dict(zip(ANSWERS, answers, strict=True))
    total = sum(row.values())
    shares: Row = {"positive_share": "-", "negative_share": "-"}
    if total:
        shares = {
            "positive_share": round((row["very_good"] + row["good"]) / total, 2),
            "negative_share": round((row["poor"] + row["very_poor"]) / total, 2),
        }
    return {**fields, **row, "respondents": total, "eligible": total * 3 + 7, **shares}


def with_modes(row: Row, modes: tuple[str, ...], rng: np.random.Generator) -> Row:
    if not modes:
        return row
    split = rng.multinomial(row["respondents"], np.ones(len(modes)) / len(modes))
    return {**row, **dict(zip(modes, (int(n) for n in split), strict=True))}


def starred(row: Row) -> Row:
    """The row as the publisher shows it when suppressed: every figure but Total Eligible."""
    shown = {"icb", "icb_name", "trust", "trust_name", "site", "site_name", "ward"}
    shown |= {"specialty_1", "specialty_2", "eligible", "practice", "practice_name"}
    return {name: cell if name in shown else "*" for name, cell in row.items()}


@dataclass
class World:
    """Rows per level, each level the sum of the one below, before anything is suppressed."""

    wards: list[Row] = field(default_factory=list)
    sites: list[Row] = field(default_factory=list)
    trusts: list[Row] = field(default_factory=list)
    icbs: list[Row] = field(default_factory=list)


def world(seed: int, *, trusts: int = 6, sites: int = 2, wards: int = 3) -> World:
    rng = np.random.default_rng(seed)
    made = World()
    for t in range(trusts):
        independent = t % 5 == 4
        icb = "IS1" if independent else f"B-{t % 3:02}"
        icb_name = "INDEPENDENT SECTOR PROVIDERS" if independent else f"Invented board {t % 3}"
        trust = {"icb": icb, "trust": f"T-{t:03}", "trust_name": f"Invented Trust {t}"}
        for s in range(sites):
            site = {**trust, "site": f"T-{t:03}-{s}", "site_name": f"Invented Site {t} {s}"}
            for w in range(wards):
                size = int(rng.choice([0, 2, 4, 15, 60, 300], p=[0.05, 0.1, 0.05, 0.3, 0.3, 0.2]))
                answers = [
                    int(n) for n in rng.multinomial(size, [0.7, 0.2, 0.04, 0.02, 0.02, 0.02])
                ]
                made.wards.append(
                    counted(
                        answers,
                        **site,
                        ward=f"Ward {w}",
                        specialty_1="100 - GENERAL SURGERY" if w % 2 else "",
                        specialty_2="",
                    )
                )
            mine = [row for row in made.wards if row["site"] == site["site"]]
            made.sites.append(counted(_added(mine), **site))
        mine = [row for row in made.sites if row["trust"] == trust["trust"]]
        made.trusts.append(counted(_added(mine), **trust))
        made.trusts[-1]["icb_name"] = icb_name
    for icb in sorted({row["icb"] for row in made.trusts}):
        mine = [row for row in made.trusts if row["icb"] == icb]
        made.icbs.append(counted(_added(mine), icb=icb, icb_name=mine[0]["icb_name"]))
    return made


def _added(rows: list[Row]) -> list[int]:
    return [sum(row[answer] for row in rows) for answer in ANSWERS]


def rows_for(layout: Layout, made: World, seed: int) -> tuple[list[Row], dict[str, Row]]:
    """The sheet's rows as published, small ones starred, and its totals over all of them."""
    rng = np.random.default_rng(seed)
    level = {"ICB": made.icbs, "ICB Code": made.icbs}.get(layout.identity[-1])
    if layout.identity[-1] == "Ward Name":
        level = made.wards
    elif layout.identity[-1] == "Site Name":
        level = made.sites
    elif layout.identity[-1] == "ICB Name":
        level = made.icbs
    else:
        level = made.trusts
    whole = [with_modes(row, layout.modes, rng) for row in level]
    totals = {
        INCLUDING: summed(whole),
        EXCLUDING: summed([row for row in whole if not row["icb"].startswith("IS")]),
        NATIONAL: summed(whole),
        SELECTION: {**dict.fromkeys((*ANSWERS, "respondents"), 0), "positive_share": "-"},
    }
    published = [starred(row) if 0 < row["respondents"] < 5 else row for row in whole]
    return published, totals


def summed(rows: list[Row]) -> Row:
    figures = (*ANSWERS, "respondents", "eligible", *MODE_HEADINGS)
    total: Row = {f: sum(row[f] for row in rows) for f in figures if rows and f in rows[0]}
    if total.get("respondents"):
        total["positive_share"] = round(
            (total["very_good"] + total["good"]) / total["respondents"], 2
        )
        total["negative_share"] = round(
            (total["poor"] + total["very_poor"]) / total["respondents"], 2
        )
    return total


# --- Sheets ----------------------------------------------------------------------------------

Grid = list[list[Any]]


def grid(layout: Layout, rows: Iterable[Row], totals: Mapping[str, Row] | None = None) -> Grid:
    """The sheet cell by cell: banner row, answers under it, totals rows, data."""
    columns = layout.columns
    lines: Grid = [[""] * len(columns) for _ in range(layout.header_row + 1)]
    upper, lower = lines[-2], lines[-1]
    for column, (heading, name) in enumerate(columns):
        below = name in ANSWERS or name in MODE_HEADINGS
        (lower if below else upper)[column] = heading
    if layout.answers:
        upper[[name for _, name in columns].index("very_good")] = "Breakdown of Responses"
    if layout.modes:
        banner = "Mode of Collection" if layout.answers else "Breakdown of Responses"
        upper[[name for _, name in columns].index(layout.modes[0])] = banner
    label_column = len(layout.identity) - 1
    for label in layout.totals:
        line = [(totals or {}).get(label, {}).get(name, "") for _, name in columns]
        line[label_column] = label
        lines.append(line)
    lines += [[row.get(name, "") for _, name in columns] for row in rows]
    return lines


def xlsx(
    sheets: Mapping[str, Grid],
    *,
    title: str = "",
    hidden: Mapping[str, Grid] | None = None,
    merge: Mapping[str, Iterable[tuple[int, int, int, int]]] | None = None,
) -> bytes:
    """A workbook: Notes with the title in A2, an empty Summary, the sheets, the hidden ones."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        notes = book.add_worksheet("Notes")
        notes.write(1, 0, title)
        book.add_worksheet("Summary").write(6, 2, "Number of organisations submitting")
        for name, lines in {**sheets, **(hidden or {})}.items():
            sheet = book.add_worksheet(name)
            for r, line in enumerate(lines):
                for c, cell in enumerate(line):
                    if cell != "":
                        sheet.write(r, c, cell)
            for first_row, first_column, last_row, last_column in (merge or {}).get(name, ()):
                said = lines[first_row][first_column]
                sheet.merge_range(first_row, first_column, last_row, last_column, said)
            if hidden and name in hidden:
                sheet.hide()
    return buffer.getvalue()


def text(lines: Grid, *, encoding: str = "utf-8") -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(lines)
    return buffer.getvalue().encode(encoding)


def official(setting: str, made: World, seed: int = 1) -> bytes:
    """A whole workbook of a setting, from scratch, in the official layout."""
    sheets = {}
    for layout in SETTINGS[setting]:
        rows, totals = rows_for(layout, made, seed)
        sheets[layout.sheet] = grid(layout, rows, totals)
    return xlsx(sheets, title=TITLES[setting], hidden={"BS": [["Sort", "STP Code"], ["STP", 1]]})


def filled_shell(shell: Path, setting: str, made: World, seed: int = 1) -> bytes:
    """The official workbook with rows written where its data starts and its totals stand."""
    book = openpyxl.load_workbook(shell)
    for layout in SETTINGS[setting]:
        rows, totals = rows_for(layout, made, seed)
        sheet = book[layout.sheet]
        names = [name for _, name in layout.columns]
        for at, label in enumerate(layout.totals):
            if label == SELECTION:
                continue  # live formulas, as the publisher leaves them
            for column, name in enumerate(names, 1):
                if name in totals[label]:
                    sheet.cell(layout.header_row + 2 + at, column, totals[label][name])
        for at, row in enumerate(rows, layout.first_data_row):
            for column, name in enumerate(names, 1):
                if row.get(name, "") != "":
                    sheet.cell(at, column, row[name])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
