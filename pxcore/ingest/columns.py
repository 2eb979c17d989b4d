"""Finding the one table of a file, its heading, its rows of data, and what stands beside them.

Shared by the layouts that are one plain table; each fault says what, where and how to mend it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore import maps
from pxcore.ingest import cells
from pxcore.ingest.source import Findings, Frames, Request, counted
from pxcore.ingest.table import Table, mapped
from pxcore.ingest.workbook import Aliases, Header, Sheet, Workbook
from pxcore.model import Grain, Period

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
ALIKE = 0.8  # of two headings, by difflib, where one may be the other misspelt


def note_header(
    sheet: Sheet, header: Header, findings: Findings, aliases: Aliases | None = None
) -> None:
    """Say which row was taken for the heading, and what is odd about the table under it.

    With `aliases`, a second column that may be meant is noted too.
    """
    rows = (
        f"row {header.first_row + 1}"
        if header.first_row == header.last_row
        else f"rows {header.first_row + 1}-{header.last_row + 1}"
    )
    where = "The file" if sheet.is_csv else f"Sheet ‘{sheet.name}’"
    findings.note(f"{where}: {rows} read as the header.")
    check_merged(sheet, header, findings)
    check_formulas(sheet, header, findings)
    if aliases is not None:
        _check_repeated(sheet, header, aliases, findings)


def check_merged(sheet: Sheet, header: Header, findings: Findings) -> None:
    """Words of merged cells are read in every row they span; a merged number is an error."""
    if filled := sheet.fill_merged(header.data_row):
        findings.note(
            f"{counted(filled, 'cell')} of ‘{sheet.name}’ {'is' if filled == 1 else 'are'} merged "
            "with the cell above and read as that cell."
        )
    for name, column in header.columns.items():
        if merged := sheet.merged_figures(header.data_row, column):
            findings.error(
                f"Cells of ‘{_title(header, name)}’ are merged over several rows and hold a "
                "number: it is not clear which row it belongs to.",
                sheet.place(merged[0], column),
                "Unmerge the cells and type the number in each row it is for.",
            )


def check_formulas(sheet: Sheet, header: Header, findings: Findings) -> None:
    """An error for each column that is read and holds formulas saved without their values."""
    for name, column in header.columns.items():
        if empty := sheet.unworked(header.data_row, column):
            findings.error(
                f"Column {cells.column_letter(column)} (‘{_title(header, name)}’) holds formulas that "
                f"were never worked out, in {counted(len(empty), 'cell')}.",
                sheet.place(empty[0], column),
                "Open the file in a spreadsheet program, save it and load that copy.",
            )


def _title(header: Header, name: str) -> str:
    return header.titles.get(header.columns[name], name)


def _check_repeated(sheet: Sheet, header: Header, aliases: Aliases, findings: Findings) -> None:
    """A second column for the same thing: refused where the headings are the same."""
    wanted = {cells.key(alias): name for name, names in aliases.items() for alias in names}
    for column, title in sorted(header.titles.items()):
        name = wanted.get(cells.key(title))
        if name is None or header.columns.get(name, column) == column:
            continue
        first = header.columns[name]
        if cells.key(header.titles[first]) != cells.key(title):
            findings.note(f"‘{title}’ is not read: ‘{header.titles[first]}’ is read in its place.")
        elif _column_cells(sheet, header, column) != _column_cells(sheet, header, first):
            findings.error(
                f"Two columns are headed ‘{title}’ and hold different things.",
                f"{sheet.place(header.last_row, first)} and {sheet.place(header.last_row, column)}",
                "Keep the one that is meant, or give them different headings.",
            )


def _column_cells(sheet: Sheet, header: Header, column: int) -> list[str]:
    return [
        cells.text(line[column]) if column < len(line) else ""
        for line in sheet.rows[header.data_row :]
    ]


def warn_of_unread_sheets(
    workbook: Workbook, read: Sheet, aliases: Aliases, header: Header, findings: Findings
) -> None:
    """Say that other sheets hold the same table and are not read."""
    same = [
        sheet.name
        for sheet in workbook.sheets
        if sheet is not read and sheet.find_header(aliases, header.columns) is not None
    ]
    if same:
        findings.warning(
            f"Only sheet ‘{read.name}’ is read; {listed(f'‘{name}’' for name in same)} "
            f"{'has' if len(same) == 1 else 'have'} the same headings.",
            f"sheet ‘{read.name}’",
            "Put all rows on one sheet, or save each sheet as its own file.",
        )


def open_table(
    workbook: Workbook, aliases: Aliases, needs: Iterable[str], findings: Findings
) -> Table | None:
    """The first table that has all it needs; None, with a fault for each column that is absent."""
    match = first_table(workbook, aliases, needs)
    if match is None:
        report_missing(workbook, aliases, needs, findings)
        return None
    return opened(workbook, *match, aliases, findings)


def opened(
    workbook: Workbook, sheet: Sheet, header: Header, aliases: Aliases, findings: Findings
) -> Table:
    """The table under a heading, with what is odd about it and the sheets not read beside it."""
    note_header(sheet, header, findings, aliases)
    warn_of_unread_sheets(workbook, sheet, aliases, header, findings)
    return Table(sheet.table(header), sheet, header, findings)


def one_table(
    aliases: Aliases, needs: Iterable[str], frames_of: Callable[[Table], Frames]
) -> Callable[[Workbook, Request, Findings], Frames]:
    """How a source reads a file that is one plain table, each of whose rows counts."""

    def read(workbook: Workbook, _: Request, findings: Findings) -> Frames:
        table = open_table(workbook, aliases, needs, findings)
        if table is None:
            return {}
        findings.rows_in = len(table)
        return frames_of(table)

    return read


# A whole cell that names no organisation but the sum of several.
_TOTAL = re.compile(
    r"(?:the )?(?:(?:grand|overall|over all|england|national|sub)[ -]?)?totals?(?: england)?"
    r"|overall|average|mean|sum|all|all (?:practices|surgeries|trusts|organisations|providers|sites)"
)
_TOTAL_OF = re.compile(
    r"(?:(?:grand|overall|sub)[ -]?)?totals? (?:for|of|across|in|excluding|including)\b"
)


def says_total(cell: Any) -> bool:
    """Whether a code or name is the label of a total: “Grand Total”, “All practices”."""
    return _TOTAL.fullmatch(cells.key(cell)) is not None


def data_rows(table: Table, *, code: str, name: str, national: bool = False) -> Table:
    """The rows that are about one organisation, without totals and the notes under a table.

    Both are counted under their reason. A total is known by its whole label, in the code or in a
    name without a code; a note stands alone in its row, below all data. In a national table a total
    is what the table is about.
    """
    note = _notes_below(table)
    codes, names = table.text(code), table.text(name)
    total = mapped(codes, says_total).astype(bool)
    total |= codes.eq("") & mapped(names, _names_total).astype(bool)
    total &= ~note & (not national)
    table.findings.reject("a note under the table", int(note.sum()))
    table.findings.reject("a total, not an organisation", int(total.sum()))
    return table.where(~note & ~total)


def _names_total(cell: Any) -> bool:
    return says_total(cell) or _TOTAL_OF.match(cells.key(cell)) is not None


def _notes_below(table: Table) -> pd.Series:
    """Rows at the foot of a table with words in one cell, the first, and nothing else."""
    notes = pd.Series(False, index=table.index)
    for position, row in zip(reversed(table.index), reversed(table["row"]), strict=True):
        line = [cells.text(cell) for cell in table.sheet.rows[int(row)]]
        filled = [place for place, word in enumerate(line) if word]
        if len(filled) != 1 or " " not in line[filled[0]]:
            break
        if filled[0] != min(len(line) - 1, _first_used(table)):
            break
        notes[position] = True
    return notes


def _first_used(table: Table) -> int:
    """The leftmost column that any of the first rows of the table fills."""
    lines = (table.sheet.rows[int(row)] for row in table["row"].head(50))
    firsts = (next((at for at, cell in enumerate(line) if cell != ""), 0) for line in lines)
    return min(firsts, default=0)


def first_table(
    workbook: Workbook, aliases: Aliases, required: Iterable[str], *, least: int = 0
) -> tuple[Sheet, Header] | None:
    """The first sheet with a heading that has all of `required`."""
    for sheet in workbook.sheets:
        header = sheet.find_header(aliases, required, least=least)
        if header is not None:
            return sheet, header
    return None


def report_missing(
    workbook: Workbook, aliases: Aliases, required: Iterable[str], findings: Findings
) -> None:
    """An error for each required column that is absent from the sheet that comes closest."""
    wanted = list(required)
    scored = [(sheet, *sheet.closest_header(aliases)) for sheet in workbook.sheets]
    sheet, row, named = max(scored, key=lambda candidate: len(candidate[2]))
    absent = [name for name in wanted if name not in named]
    if not named:
        findings.error(
            "No row of the file has the headings of this layout.",
            sheet.place(),
            "Check that the row of headings was saved with the figures.",
        )
        return
    meant = misspelt(sheet, row, aliases)
    for name in absent:
        known = ", ".join(f"‘{alias}’" for alias in aliases[name][:3])
        findings.error(
            f"There is no column for {name.replace('_', ' ')}. "
            f"Row {row + 1} was read as the header.",
            sheet.place(row),
            f"Is ‘{meant[name]}’ meant? Then call it ‘{aliases[name][0]}’."
            if name in meant
            else f"Add a column headed {known}, or check that the table starts on that row.",
        )


def misspelt(sheet: Sheet, row: int, aliases: Aliases) -> dict[str, str]:
    """Columns a row of headings does not name but comes close to: name -> the heading as it stands."""
    wanted = {cells.key(alias): name for name, folded in aliases.items() for alias in folded}
    headings = {cells.key(cell): cells.text(cell) for cell in sheet.rows[row] if cells.text(cell)}
    named = {wanted[folded] for folded in headings if folded in wanted}
    meant: dict[str, str] = {}
    for folded, heading in headings.items():
        if folded in wanted:
            continue
        close = get_close_matches(folded, wanted, n=1, cutoff=ALIKE)
        if close and wanted[close[0]] not in named:
            meant.setdefault(wanted[close[0]], heading)
    return meant


def half_a_unit(shares: npt.ArrayLike) -> float:
    """Half a unit of the last decimal most of the shares (0-1) are printed to."""
    values = np.asarray(shares, dtype=float)
    present = values[~np.isnan(values)]
    for decimals in (2, 3, 4, 5):
        exact = np.abs(np.round(present, decimals) - present) < 1e-9
        if not len(present) or exact.mean() >= 0.5:
            return float(0.5 * 10.0**-decimals + 1e-9)
    return 1e-5


def whole_positive(value: pd.Series, respondents: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The whole number of positive answers nearest to a share of respondents, and whether it fits.

    A share of people counted one by one is given by it as printed, but for its rounding; a weighted
    one is not.
    """
    nearest = (value * respondents).round()
    given = value.notna() & (respondents > 0)
    off = (nearest / respondents - value).abs()
    return nearest, given & (off <= half_a_unit(value[given]))


def keep_once(
    rows: pd.DataFrame,
    identity: list[str],
    figures: list[str],
    label: Callable[[pd.Series], str],
    findings: Findings,
) -> pd.Series:
    """Which rows to keep so that every identity stands once.

    The same figures again: the last is kept, the others are rejected. Different figures for one
    identity are an error, since it is not clear which is right.
    """
    repeated = rows.duplicated(identity, keep=False)
    if not repeated.any():
        return pd.Series(True, index=rows.index)
    keep = ~rows.duplicated(identity, keep="last")
    shown = 0
    same = 0
    for _, group in rows[repeated].groupby(identity, sort=False, dropna=False):
        alike = group[figures].fillna(-1).astype(str).nunique().max() <= 1
        if alike:
            same += len(group) - 1
            continue
        shown += 1
        findings.error(
            f"{label(group.iloc[0])} stands {len(group)} times with different figures.",
            " and ".join(group["cell"].head(3)),
            "Keep the right row and delete the others.",
        )
    if same:
        findings.warning(
            f"{same} row{'s' if same > 1 else ''} repeat another row word for word; "
            "the last of each was kept.",
            str(rows.loc[rows.duplicated(identity, keep="last"), "cell"].iloc[0]),
        )
        findings.reject("the same row stands more than once", same)
    return keep


def fft_facts(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of figures as Friends and Family facts: only sites and wards have a parent beside their ICB."""
    below = rows["grain"].isin([Grain.SITE.value, Grain.WARD.value])
    rows = rows.assign(icb=rows["parent"].where(~below, ""), parent=rows["parent"].where(below, ""))
    return rows.drop(columns=["service", "low", "high", "period_approximate"])


def years_in(words: str) -> list[int]:
    """The different years (20xx) a text names, in order."""
    return list(dict.fromkeys(int(year) for year in _YEAR.findall(words)))


def only_year(words: str) -> str:
    """The one year a text names, as text; "" where it names none or several."""
    years = years_in(words)
    return str(years[0]) if len(years) == 1 else ""


def stated_years(table: Table) -> pd.Series:
    """The year each row states in its column ‘year’, as text; "" where blank, an error where unclear."""
    words = table.text("year")
    stated = mapped(words, only_year)
    table.errors(
        words.ne("") & stated.eq(""),
        "year",
        lambda word: f"‘{word}’ is not one year.",
        "Write the year of the survey, such as 2025.",
        words,
    )
    return stated


def survey_window(source: str, wave: int | str) -> tuple[Period, bool] | None:
    """The fieldwork of a survey's wave and whether its dates are approximate; None if not known."""
    for row in maps.rows("survey_windows"):
        if row["source"] == source and row["wave"] == str(wave):
            start, end = row["fieldwork_start"], row["fieldwork_end"]
            period = Period(date.fromisoformat(start), date.fromisoformat(end))
            return period, row["approximate"] != "no"
    return None


def wave_of(source: str, period: Period) -> str:
    """The wave whose fieldwork a period touches most, or "" (a year given stands for its wave)."""
    best, most = "", 0
    for row in maps.rows("survey_windows"):
        if row["source"] != source:
            continue
        window = Period(
            date.fromisoformat(row["fieldwork_start"]), date.fromisoformat(row["fieldwork_end"])
        )
        shared = period.overlap(window)
        named = row["wave"] == str(period.end.year)
        if shared and (shared, named) > (most, False):
            best, most = row["wave"], shared
    return best


def dated(periods: pd.Series) -> pd.DataFrame:
    """The first and last day of each row's period; blank where it has none."""
    return pd.DataFrame(
        {
            "period_start": [pd.Timestamp(p.start) if p else pd.NaT for p in periods],
            "period_end": [pd.Timestamp(p.end) if p else pd.NaT for p in periods],
        },
        index=periods.index,
    )


def windows(pairs: pd.Series) -> pd.DataFrame:
    """The first and last day of each row's period and whether they are approximate, of pairs of both."""
    known = [pair if isinstance(pair, tuple) else (None, False) for pair in pairs]
    periods = pd.Series([period for period, _ in known], index=pairs.index, dtype=object)
    return dated(periods).assign(period_approximate=[rough for _, rough in known])


def report_periods(
    table: Table, periods: pd.Series, words: pd.Series, kind: str, fix: str, name: str = "period"
) -> None:
    """An error at each row without a period: its words are not one, or it is blank and must be supplied."""
    none = periods.isna()
    for row, word in zip(table.frame.loc[none, "row"], words[none], strict=True):
        table.findings.error(
            f"‘{word}’ is not a {kind}." if word else f"The {name} is blank.",
            table.at(row, name),
            fix,
            needs="" if word else "period",
        )


def fieldwork(
    table: Table,
    waves: pd.Series,
    source: str,
    request: Request,
    unknown: tuple[str, str],
    name: str = "",
) -> pd.DataFrame | None:
    """Wave, first and last day of its fieldwork and whether they are approximate, of every row.

    None where the days of a wave are known neither to us nor from the request: `unknown` is what is
    wrong then ({} is the wave) and how to mend it, and `name` the column that states the wave.
    """
    known: dict[str, tuple[Period, bool]] = {}
    for wave in sorted(set(waves)):
        window = survey_window(source, wave)
        if window is None and request.period is not None:
            window = request.period, False
        if window is not None:
            known[wave] = window
        elif source:
            where = table.at_first(waves.eq(wave), name) if name in table else table.sheet.place()
            what, fix = unknown
            table.findings.error(what.format(wave), where, fix, needs="period")
    return (
        windows(waves.map(known)).assign(wave=waves)
        if known and set(waves) <= known.keys()
        else None
    )


def listed(words: Iterable[str], most: int = 5) -> str:
    """A few of the words, and how many more there are."""
    every = list(words)
    text = ", ".join(every[:most])
    return text if len(every) <= most else f"{text} and {len(every) - most} more"


@cache
def _services() -> Mapping[str, str]:
    known: dict[str, str] = {}
    for row in maps.rows("services"):
        for word in (row["service"], row["title"], *row["also"].split("|")):
            known.setdefault(cells.key(word), row["service"])
    return known


def service_of(word: str) -> str:
    """Which of our services a word names, or "" where none."""
    return _services().get(cells.key(word), "")


def confidential(sources: pd.Series, stated: pd.Series | None = None) -> pd.Series:
    """Whether the figures of each row are confidential: as the file says (“yes” or “no”), else as sources.csv
    marks their source."""
    usual = sources.isin(list(maps.confidential_sources()))
    if stated is None:
        return usual
    return usual.mask(stated.eq("yes"), True).mask(stated.eq("no"), False)
