"""Reading whole columns: text, counts, proportions, and the faults a person must be told of.

Shared by the layouts that are one plain table; each fault says what, where and how to mend it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore import maps
from pxcore.ingest import cells
from pxcore.ingest.source import Findings
from pxcore.ingest.workbook import Aliases, Header, Sheet, Workbook
from pxcore.model import Period, Withheld

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
ALIKE = 0.8  # of two headings, by difflib, where one may be the other misspelt


def mapped(column: pd.Series, meaning: Callable[[Any], Hashable]) -> pd.Series:
    """`meaning` of every cell, worked out once for each different cell."""
    codes, different = pd.factorize(column.to_numpy(dtype=object), use_na_sentinel=False)
    meanings = np.empty(len(different), dtype=object)
    for position, cell in enumerate(different):
        meanings[position] = meaning(cell)
    return pd.Series(meanings[codes], index=column.index, dtype=object)


def text_column(table: pd.DataFrame, name: str) -> pd.Series:
    """The column as folded text; blank throughout where the file has no such column."""
    if name not in table:
        return pd.Series("", index=table.index, dtype=object)
    return mapped(table[name], cells.text)


def code_column(table: pd.DataFrame, name: str) -> pd.Series:
    """The column as organisation codes: trimmed, upper case."""
    if name not in table:
        return pd.Series("", index=table.index, dtype=object)
    return mapped(table[name], cells.code)


def places(sheet: Sheet, table: pd.DataFrame) -> pd.Series:
    """The place of every row, as a person finds it."""
    return table["row"].map(sheet.place).astype(object)


def at(sheet: Sheet, header: Header | None, row: int, name: str) -> str:
    """The place of one cell of a named column."""
    column = header.columns.get(name) if header is not None else None
    return sheet.place(int(row), column)


def title_of(header: Header, name: str) -> str:
    """The heading of a column as printed."""
    column = header.columns.get(name)
    return name if column is None else header.titles.get(column, name)


def note_header(
    sheet: Sheet, header: Header, findings: Findings, aliases: Aliases | None = None
) -> None:
    """Say which row was taken for the heading, and what of the table under it is not as it seems.

    With `aliases`, a second column that may be meant is told too.
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
    filled = sheet.fill_merged(header.data_row)
    if filled:
        single = filled == 1
        findings.note(
            f"{filled:,} cell{'' if single else 's'} of ‘{sheet.name}’ {'is' if single else 'are'} merged "
            "with the cell above and read as that cell."
        )
    for name, column in header.columns.items():
        merged = sheet.merged_figures(header.data_row, column)
        if merged:
            findings.error(
                f"Cells of ‘{title_of(header, name)}’ are merged over several rows and hold a "
                "number: nobody can tell which row it belongs to.",
                sheet.place(merged[0], column),
                "Take the merging away and type the number in each row it is for.",
            )


def check_formulas(sheet: Sheet, header: Header, findings: Findings) -> None:
    """An error for each column that is read and holds formulas saved without their values."""
    for name, column in header.columns.items():
        empty = sheet.unworked(header.data_row, column)
        if empty:
            findings.error(
                f"Column {cells.column_letter(column)} (‘{title_of(header, name)}’) holds formulas "
                f"that were never worked out, in {len(empty):,} "
                f"{'cell' if len(empty) == 1 else 'cells'}.",
                sheet.place(empty[0], column),
                "Open the file in a spreadsheet program, save it and load that copy.",
            )


def _check_repeated(sheet: Sheet, header: Header, aliases: Aliases, findings: Findings) -> None:
    """A second column for what one column is read for: refused where the headings are the same."""
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


def data_rows(
    table: pd.DataFrame,
    sheet: Sheet,
    findings: Findings,
    *,
    code: str,
    name: str,
    national: bool = False,
) -> pd.DataFrame:
    """The rows that are about one organisation, without totals and the notes under a table.

    Both are counted under their reason. A total is known by its whole label, in the code or in a
    name without a code; a note stands alone in its row, below all data. In a national table a total
    is what the table is about.
    """
    note = _notes_below(table, sheet)
    codes, names = text_column(table, code), text_column(table, name)
    total = mapped(codes, says_total).astype(bool)
    total |= codes.eq("") & mapped(names, _names_total).astype(bool)
    total &= ~note & (not national)
    findings.reject("a note under the table", int(note.sum()))
    findings.reject("a total, not an organisation", int(total.sum()))
    return table[~note & ~total]


def _names_total(cell: Any) -> bool:
    return says_total(cell) or _TOTAL_OF.match(cells.key(cell)) is not None


def _notes_below(table: pd.DataFrame, sheet: Sheet) -> pd.Series:
    """Rows at the foot of a table with words in one cell, the first, and nothing else."""
    notes = pd.Series(False, index=table.index)
    for position, row in zip(reversed(table.index), reversed(table["row"]), strict=True):
        line = [cells.text(cell) for cell in sheet.rows[int(row)]]
        filled = [place for place, word in enumerate(line) if word]
        if len(filled) != 1 or " " not in line[filled[0]] or any(line[: filled[0]]):
            break
        if filled[0] != min(len(line) - 1, _first_used(sheet, table)):
            break
        notes[position] = True
    return notes


def _first_used(sheet: Sheet, table: pd.DataFrame) -> int:
    """The leftmost column that any row of the table fills."""
    return min(
        (
            next((place for place, cell in enumerate(sheet.rows[int(row)]) if cell != ""), 0)
            for row in table["row"].head(50)
        ),
        default=0,
    )


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
    """One error a required column that is absent from the sheet that comes closest."""
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


def read_numbers(
    table: pd.DataFrame,
    name: str,
    sheet: Sheet,
    header: Header,
    findings: Findings,
) -> pd.DataFrame:
    """The column's numbers and why each absent one is absent; text in it is an error."""
    if name not in table:
        return pd.DataFrame(
            {
                "number": np.nan,
                "withheld": Withheld.MISSING.value,
                "percent": False,
                "bad": False,
                "mark": "",
            },
            index=table.index,
        )
    read = cells.numbers(table[name])
    for row, raw in _rows_where(read["bad"], table, table[name]):
        findings.error(
            f"‘{cells.text(raw)}’ in the column ‘{title_of(header, name)}’ is not a number.",
            at(sheet, header, row, name),
            f"Type the number, or a sign for one not shown: {cells.SIGNS_READ}.",
        )
    note_marks(read["mark"], title_of(header, name), findings)
    return read


def note_marks(marks: Iterable[str], title: str, findings: Findings) -> None:
    """Say how many numbers of a column are marked as revised, provisional and the like."""
    for mark, count in Counter(mark for mark in marks if mark).items():
        findings.note(
            f"{count:,} number{'' if count == 1 else 's'} in ‘{title}’ "
            f"{'is' if count == 1 else 'are'} marked as {mark}."
        )


def _rows_where(
    wrong: pd.Series, table: pd.DataFrame, values: pd.Series
) -> Iterable[tuple[int, Any]]:
    """Where each wrong row stands, and what it says. (Mostly none: nothing is then selected.)"""
    if not wrong.any():
        return ()
    return zip(table.loc[wrong, "row"], values[wrong], strict=True)


def read_counts(
    table: pd.DataFrame,
    name: str,
    sheet: Sheet,
    header: Header,
    findings: Findings,
    *,
    whole: bool = True,
) -> pd.DataFrame:
    """Numbers that count people or answers: none below zero; if `whole`, none with a fraction."""
    read = read_numbers(table, name, sheet, header, findings)
    count = read["number"]
    for row, value in _rows_where(count < 0, table, count):
        findings.error(
            f"‘{title_of(header, name)}’ is {value:g}: a count cannot be below zero.",
            at(sheet, header, row, name),
            "Correct the count, or leave it blank where it is not known.",
        )
    if whole:
        fraction = (count >= 0) & ((count - count.round()).abs() > 1e-6)
        for row, value in _rows_where(fraction, table, count):
            findings.error(
                f"‘{title_of(header, name)}’ is {value:g}: a count must be a whole number.",
                at(sheet, header, row, name),
                "Check that the column holds counts, not percentages or weighted figures.",
            )
    return read


def read_rates(
    table: pd.DataFrame,
    names: Iterable[str],
    sheet: Sheet,
    header: Header,
    findings: Findings,
    *,
    unit: str = "",
    negative_is_missing: bool = False,
) -> dict[str, pd.DataFrame]:
    """Columns of one percentage (it and its interval) as proportions 0-1, their unit told together.

    `unit` forces "percentage" or "proportion"; blank tells it from the values.
    """
    read = {name: read_numbers(table, name, sheet, header, findings) for name in names}
    if negative_is_missing:
        for column in read.values():
            signed = column["number"] < 0
            if signed.any():
                column.loc[signed, "withheld"] = Withheld.MISSING.value
                column.loc[signed, "number"] = np.nan
    together = np.concatenate([column["number"] for column in read.values()])
    signs = np.concatenate([column["percent"] for column in read.values()])
    if not unit:
        unit = cells.proportions(pd.Series(together), pd.Series(signs))[1]
        present = together[~np.isnan(together)]
        if len(present) and np.isin(present, (0.0, 1.0)).all() and present.any():
            first = next(iter(read))
            findings.warning(
                f"Every number in ‘{title_of(header, first)}’ is 0 or 1: they are read as "
                "proportions, so that 1 is 100 %.",
                sheet.place(header.last_row, header.columns.get(first)),
                "Write percentages with a % sign.",
            )
    scale = 100.0 if unit == "percentage" or signs.any() else 1.0
    for name, column in read.items():
        printed = column["number"]
        share = printed / scale
        outside = (share < 0) | (share > 1 + 1e-9)
        for row, value in _rows_where(outside, table, printed):
            findings.error(
                f"‘{title_of(header, name)}’ is {value:g}, outside 0 to {scale:g}.",
                at(sheet, header, row, name),
                f"Correct the {'percentage' if scale > 1 else 'proportion'} at its source.",
            )
        column["number"] = np.where(outside, share, np.minimum(share, 1.0))
    return read


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
    """The whole number of positive answers nearest to a share of respondents, and whether it gives the
    share as printed: a share of people counted singly does, but for its rounding; a weighted one does not."""
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
    identity are an error, since nobody can tell which is right.
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


def years_in(words: str) -> list[int]:
    """The different years (20xx) a text names, in order."""
    return list(dict.fromkeys(int(year) for year in _YEAR.findall(words)))


def only_year(words: str) -> str:
    """The one year a text names, as text; "" where it names none or several."""
    years = years_in(words)
    return str(years[0]) if len(years) == 1 else ""


def stated_years(
    table: pd.DataFrame, sheet: Sheet, header: Header, findings: Findings
) -> pd.Series:
    """The year each row states in its column ‘year’, as text; "" where blank, an error where unclear."""
    words = text_column(table, "year")
    stated = mapped(words, only_year)
    unclear = words.ne("") & stated.eq("")
    for row, word in zip(table.loc[unclear, "row"], words[unclear], strict=True):
        findings.error(
            f"‘{word}’ is not one year.",
            at(sheet, header, row, "year"),
            "Write the year of the survey, such as 2025.",
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
