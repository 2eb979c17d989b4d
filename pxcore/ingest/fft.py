"""Friends and Family Test publication workbooks, every setting, and CSVs saved from one sheet.

One reader for all settings. Published totals are not data: the rows are reconciled with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.errors import ExtractError
from pxcore.frames import ANSWERS, MODES
from pxcore.ingest import cells, fft_checks
from pxcore.ingest.columns import check_formulas, check_merged, listed
from pxcore.ingest.fft_scales import patterns_of
from pxcore.ingest.fft_tables import (
    ALIASES,
    LEVELS,
    Flags,
    Numbers,
    Rows,
    Table,
    Texts,
    find_tables,
    headings_are_fft,
    rows_of,
)
from pxcore.ingest.source import Findings, Frames, Request, Source, counted
from pxcore.ingest.workbook import Sheet, Workbook
from pxcore.model import Grain, Period, Withheld

_FFT = patterns_of("name")["test"]
_SETTINGS = patterns_of("setting")  # of several words the first in this order wins
_SETTING_NAMES = tuple(_SETTINGS)
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
_TITLE_ROWS = 5
Named = TypeVar("Named")
_WHOSE = ("provider", "group_dimension", "group_value")  # what stands once a table


def recognise(workbook: Workbook) -> bool:
    """Whether this is a Friends and Family Test publication (or a CSV saved from one)."""
    sheets = _visible_sheets(workbook, None)
    titles = [title for sheet in sheets for title in _titles(sheet)]
    titled = bool(titles) or _says_fft(workbook.stem)
    if any(headings_are_fft(sheet, titled=titled) for sheet in sheets):
        return True
    dated = any(_setting_in(title) and cells.months_in(title) for title in titles)
    return dated and not workbook.is_csv


def _says_fft(words: str) -> bool:
    return bool(_FFT.search(cells.key(words)))


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


def _titles(sheet: Sheet) -> list[str]:
    """Cells of the first rows that speak of the Friends and Family Test."""
    return [
        cells.text(cell)
        for row in sheet.rows[:_TITLE_ROWS]
        for cell in row
        if isinstance(cell, str) and _says_fft(cell)
    ]


def _setting_in(words: str) -> str:
    keyed = cells.key(words)
    return next((name for name, pattern in _SETTINGS.items() if pattern.search(keyed)), "")


def read(workbook: Workbook, request: Request, findings: Findings) -> Frames:
    """Every table of the workbook as one frame of FFT facts, with everything noticed on the way."""
    sheets = _visible_sheets(workbook, findings)
    titles = [title for sheet in sheets for title in _titles(sheet)]
    tables = find_tables(sheets, findings)
    source = _source(workbook, titles, tables, request, findings)
    period = _period(workbook, sheets, titles, request, findings)
    tables = _placed(tables, source, workbook, titles, findings)

    facts: list[tuple[Table, pd.DataFrame]] = []
    for table in tables:
        if not table.modes_only:
            rows = _facts(table, source, period, findings)
            if len(rows):
                facts.append((table, rows))
    if not facts:
        _report_nothing(workbook, tables, findings)
        return {}
    rows = _without_second_tables(facts, findings)
    rows = _with_modes(rows, [table for table in tables if table.modes_only], findings)
    fft_checks.note_children(rows, {table.grain for table, _ in facts}, findings)
    if source:
        title = maps.source(source)["title"]
        findings.title = f"{title}, {period}" if period else title
    return {"fft_fact": rows}


def _report_nothing(workbook: Workbook, tables: list[Table], findings: Findings) -> None:
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


# --- Service, month and measure ----------------------------------------------------------------


def _source(
    workbook: Workbook,
    titles: list[str],
    tables: list[Table],
    request: Request,
    findings: Findings,
) -> str:
    in_name = _setting_in(workbook.stem)
    in_titles = tuple(dict.fromkeys(name for name in map(_setting_in, titles) if name))
    if len(in_titles) > 1:
        return _of_several("source", in_titles, (in_name, request.source), _title, findings) or ""
    in_title = in_titles[0] if in_titles else ""
    if in_title and in_name and in_title != in_name:
        findings.warning(
            f"The title says {_title(in_title)}, the file name {_title(in_name)}; the title is "
            "used.",
            "the file name",
            "Check that the file is the one you mean.",
        )
    setting = in_title or in_name or _setting_by_columns(tables)
    if request.source and request.source not in _SETTING_NAMES:
        findings.error(
            f"‘{request.source}’ is not a setting of the Friends and Family Test publications.",
            "the source chosen",
            f"Choose one of {', '.join(_SETTING_NAMES)}.",
            needs="source",
        )
        return setting
    if request.source and setting and request.source != setting:
        findings.warning(
            f"{_title(request.source)} was chosen, but the file is {_title(setting)}, which is used.",
            "the source chosen",
            "Check that the file is the one you mean.",
        )
    if not setting and not request.source:
        findings.error(
            "Neither the title, the file name nor the columns say which service this is (inpatient, "
            "A&E, maternity, outpatient, ambulance, community, mental health, GP or dental).",
            "the file",
            "Choose the service, or put it in the file’s name, such as "
            "‘FFT-community-July-2025.csv’.",
            needs="source",
        )
    return setting or request.source


def _title(source: str) -> str:
    return maps.source(source)["short_title"]


def _setting_by_columns(tables: list[Table]) -> str:
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
    request: Request,
    findings: Findings,
) -> Period | None:
    in_names = cells.months_in(workbook.stem)
    in_titles = tuple(dict.fromkeys(month for title in titles for month in cells.months_in(title)))
    if not in_titles:
        in_titles = tuple(
            dict.fromkeys(month for sheet in sheets for month in _months_beside(sheet))
        )
    in_title, in_name = cells.only(in_titles), cells.only(in_names)
    named = in_titles or in_names
    if len(named) > 1:
        return _of_several("period", named, (in_name, request.period), str, findings)
    if in_title and in_name and in_title != in_name:
        findings.warning(
            f"The title says {in_title}, the file name {in_name}; the title is used.",
            "the file name",
            "Check that the file is for the month you mean.",
        )
    period = in_title or in_name
    if period is None and request.period is not None:
        if request.period == Period.month(request.period.start.year, request.period.start.month):
            return request.period
        findings.error(
            f"{request.period} is not one month; these publications are monthly.",
            "the period chosen",
            "Choose the month the figures are for.",
            needs="period",
        )
        return None
    if period is None:
        findings.error(
            "Neither the title nor the file name says which month the figures are for.",
            "the file",
            "Choose the month, or put it in the file’s name, such as ‘FFT-GP-July-2025.csv’.",
            needs="period",
        )
    elif request.period is not None and request.period != period:
        findings.warning(
            f"{request.period} was chosen, but the file says {period}, which is used.",
            "the period chosen",
            "Check that the file is for the month you mean.",
        )
    return period


def _of_several(
    needs: str,
    named: tuple[Named, ...],
    choices: tuple[Named | None, ...],
    title_of: Callable[[Named], str],
    findings: Findings,
) -> Named | None:
    """Of several months or services a file speaks of, the one chosen by its name or the person."""
    what = {"period": "month", "source": "service"}[needs]
    words = listed(map(title_of, named))
    for choice in choices:
        if choice is not None and choice in named:
            findings.warning(
                f"The file mentions more than one {what} ({words}); {title_of(choice)} is used.",
                "the titles and the file name",
                "Check that the file is the one you mean.",
            )
            return choice
    findings.error(
        f"The file mentions more than one {what}: {words}.",
        "the titles and the file name",
        f"Choose the {what}, or put it in the file’s name, such as ‘FFT-inpatient-July-2025.xlsx’.",
        needs=needs,
    )
    return None


def _months_beside(sheet: Sheet) -> tuple[Period, ...]:
    """Months in short cells of their own, in the notes or above the header of a CSV."""
    above = sheet.rows[:_TITLE_ROWS]
    if sheet.is_csv:
        header = sheet.find_header(ALIASES, ())
        above = sheet.rows[: min(header.first_row if header else 0, 12)]
    elif not cells.key(sheet.name).startswith("note"):
        return ()
    return tuple(
        month
        for row in above
        for cell in row
        if isinstance(cell, date) or (isinstance(cell, str) and 0 < len(cell.strip()) <= 40)
        for month in cells.months_in(cell)
    )


def _placed(
    tables: list[Table], source: str, workbook: Workbook, titles: list[str], findings: Findings
) -> list[Table]:
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
        placed.append(replace(table, measure=measure, grain=grain))
    return placed


def _touch_point(table: Table, workbook: Workbook, titles: list[str]) -> str:
    texts = [table.sheet.name]
    if table.sheet.is_csv:
        above = table.sheet.rows[: table.header.first_row]
        texts = [workbook.stem, *titles, *(cells.text(cell) for row in above for cell in row)]
    for words in map(cells.key, texts):
        for name, pattern in _TOUCH_POINTS:
            if pattern.search(words):
                return name
    return ""


# --- Rows to facts -----------------------------------------------------------------------------


def _facts(table: Table, source: str, period: Period | None, findings: Findings) -> pd.DataFrame:
    """The rows of a table as facts, checked, with its published totals reconciled."""
    check_merged(table.sheet, table.header, findings)
    if table.grain is Grain.PRACTICE:  # elsewhere a blank is a fault of its row
        check_formulas(table.sheet, table.header, findings)
    rows = rows_of(table, findings)
    if not len(rows):
        return pd.DataFrame()
    fft_checks.check_figures(table, rows, findings)
    uncached = fft_checks.check_blanks(table, rows, findings)

    printed = rows.number("respondents")
    # Of all answers of the scale: not a number where one is not shown.
    summed = _summed(rows, tuple(table.answers))
    respondents = np.where(np.isnan(summed) | np.isnan(printed), printed, summed)
    positive = _summed(rows, table.scale.good if table.scale else ())
    value = fft_checks.published(table, rows, positive, respondents, findings)
    fft_checks.check_sums(table, rows, summed, positive, findings)
    fft_checks.check_modes(table, rows, findings)

    # A sign that says "not shown" is never worked round by dividing the counts.
    derived = fft_checks.share(positive, respondents)
    if "percent_positive" in rows.figures:
        unsaid = rows.figures["percent_positive"].blank & ~uncached
        derived = np.where(unsaid, derived, value)
    value = np.where(respondents == 0, np.nan, derived)
    withheld = _withheld(table, rows, value, respondents)
    shown = withheld == Withheld.NONE.value
    value = np.where(shown, value, np.nan)
    if not table.answers:
        positive = value * respondents
    positive = np.where(shown | (respondents == 0), positive, np.nan)

    facts = pd.DataFrame(
        {
            "source": source,
            "measure": table.measure,
            "grain": table.grain.value,
            "icb": rows.texts["icb_code"],
            "parent": _parents(table, rows),
            "provider": _providers(table, rows),
            "provider_name": _names(table, rows),
            "period_start": np.datetime64(period.start if period else "NaT", "us"),
            "period_end": np.datetime64(period.end if period else "NaT", "us"),
            "scale": table.scale.name if table.scale else "",
            "respondents": respondents,
            "eligible": rows.number("eligible"),
            **{answer: rows.number(answer) for answer in ANSWERS},
            "positive": positive,
            "value": value,
            **{mode: rows.number(mode) for mode in MODES},
            "withheld": withheld,
            "cell": [table.sheet.place(int(line)) for line in rows.lines],
            "group_dimension": rows.dimension,
            "group_value": rows.group,
        }
    )
    facts, unique = _without_repeats(table, facts, findings)
    everyone = rows.dimension == ""
    if everyone.any():
        fft_checks.reconcile(table, rows, unique & everyone, findings)
    else:
        findings.warning(
            f"{table.short_name}: there are figures of groups alone, and none of everyone.",
            table.sheet.place(),
            "Load the table of everyone too: without it these groups are compared with nothing.",
        )
    return facts


def _summed(rows: Rows, answers: tuple[str, ...]) -> Numbers:
    """The answers added up; not a number where there are none."""
    if not answers:
        return np.full(len(rows), np.nan)
    total: Numbers = np.sum([rows.number(answer) for answer in answers], axis=0)
    return total


def _providers(table: Table, rows: Rows) -> Texts:
    if table.grain is not Grain.WARD:
        return rows.texts[table.code]
    parts = ("site_code", "ward_name", "specialty_1", "specialty_2")
    keys = np.empty(len(rows), dtype=object)
    keys[:] = list(map("|".join, zip(*(rows.texts[part] for part in parts), strict=True)))
    return keys


def _parents(table: Table, rows: Rows) -> Texts | str:
    parent = {Grain.WARD: "site_code", Grain.SITE: "org_code"}.get(table.grain)
    return rows.texts[parent] if parent else ""


def _names(table: Table, rows: Rows) -> Texts:
    own = {grain: name for grain, _, name in LEVELS}[table.grain]
    if table.grain is Grain.PRACTICE and table.code == "org_code":
        own = "org_name"
    return rows.texts[own]


def _withheld(table: Table, rows: Rows, value: Numbers, respondents: Numbers) -> Texts:
    """Why a row has no value, or "none"."""
    dashed = respondents == 0
    for name in ("respondents", "percent_positive"):
        if name in rows.figures:
            dashed |= rows.figures[name].dashed
    # In GP publications a blank may be a suppressed figure or no return: they cannot be told apart.
    blank = Withheld.UNKNOWN if table.grain is Grain.PRACTICE else Withheld.MISSING
    why = np.full(len(rows), blank.value, dtype=object)
    why[dashed] = Withheld.NOT_CALCULABLE.value
    why[rows.starred(["respondents", "percent_positive", *table.answers])] = (
        Withheld.PUBLISHER.value
    )
    why[~np.isnan(value) & ~np.isnan(respondents)] = Withheld.NONE.value
    return why


def _without_repeats(
    table: Table, facts: pd.DataFrame, findings: Findings
) -> tuple[pd.DataFrame, Flags]:
    """Each organisation once: of identical rows the last; different rows are an error."""
    unique = np.ones(len(facts), dtype=bool)
    if facts["provider"].is_unique:
        return facts, unique
    repeated = facts.duplicated(list(_WHOSE), keep=False)
    if not repeated.any():
        return facts, unique
    figures = ["respondents", "eligible", *ANSWERS, "value", *MODES, "withheld"]
    for whose, rows in facts[repeated].groupby(list(_WHOSE), sort=False):
        provider = " ".join(str(part) for part in whose if part)
        places = ", ".join(rows["cell"])
        unique[rows.index[:-1]] = False
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
    return facts[unique], unique


# --- Across sheets ---------------------------------------------------------------------------


def _without_second_tables(
    facts: list[tuple[Table, pd.DataFrame]], findings: Findings
) -> pd.DataFrame:
    """All rows; an organisation given on two sheets at the same level is taken from the first."""
    if len(facts) == 1:
        return facts[0][1]
    given: dict[tuple[str, Grain], set[tuple[str, ...]]] = {}
    firsts = []
    for table, rows in facts:
        earlier = given.setdefault((table.measure, table.grain), set())
        whose = list(zip(*(rows[name] for name in _WHOSE), strict=True))
        repeated = pd.Series([row in earlier for row in whose], index=rows.index)
        if repeated.any():
            findings.reject("already given on an earlier sheet", int(repeated.sum()))
            findings.warning(
                f"{counted(int(repeated.sum()), 'row')} of sheet ‘{table.short_name}’ repeat "
                "organisations already given on an earlier sheet and are left out.",
                str(rows.loc[repeated, "cell"].iloc[0]),
                "If the sheets are different services, load them as separate files.",
            )
            rows = rows[~repeated]
        earlier.update(whose)
        firsts.append(rows)
    return pd.concat(firsts, ignore_index=True)


def _with_modes(rows: pd.DataFrame, tables: list[Table], findings: Findings) -> pd.DataFrame:
    """The rows with their collection modes, where those stand on a sheet of their own."""
    for table in tables:
        check_merged(table.sheet, table.header, findings)
        read = rows_of(table, Findings())
        if not len(read):
            continue
        fft_checks.check_figures(table, read, findings)
        fft_checks.check_modes(table, read, findings)
        modes = pd.DataFrame({mode: read.number(mode) for mode in table.modes})
        modes["provider"] = _providers(table, read)
        modes["printed"] = read.number("respondents")
        modes = modes.drop_duplicates("provider", keep="last").set_index("provider")
        mine = (rows["grain"] == table.grain.value) & (rows["measure"] == table.measure)
        mine &= rows["group_dimension"] == ""
        met = rows.loc[mine, "provider"]
        for mode in table.modes:
            rows.loc[mine, mode] = met.map(modes[mode]).to_numpy()
        strangers = modes.index.difference(pd.Index(met))
        if len(strangers):
            findings.warning(
                f"{counted(len(strangers), 'organisation')} of {table.name} (first "
                f"{strangers[0]}) {'has' if len(strangers) == 1 else 'have'} no row of responses.",
                table.sheet.place(),
                "Their collection modes are left out.",
            )
        elsewhere = met.map(modes["printed"])
        responses = rows.loc[mine, "respondents"]
        unequal = elsewhere.notna() & responses.notna() & (elsewhere != responses)
        if unequal.any():
            findings.warning(
                f"{counted(int(unequal.sum()), 'organisation')} of {table.name} (first "
                f"{met[unequal].iloc[0]}) {'has' if unequal.sum() == 1 else 'have'} a different "
                "number of responses there from the sheet of responses.",
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
    read=read,
)
