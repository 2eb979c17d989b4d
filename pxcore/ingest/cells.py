"""What one cell says: text, a number or why there is none, a month, a date.

Publishers pad codes, break lines inside headings, write percentages three ways and use half a dozen
signs for “not shown”. All of that is read here, once.
"""

from __future__ import annotations

import calendar
import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore.model import Period, Withheld

# '*' and its kin are withheld by the publisher; '-' is "not calculable" (no responses); ':' and 'z'
# and 'N/A' say there is nothing to show. (GSS symbols: [c] confidential, [x] not available,
# [z] not applicable, [u] low reliability.)
WITHHELD_SIGNS = {
    "*": Withheld.PUBLISHER,
    "**": Withheld.PUBLISHER,
    "[c]": Withheld.PUBLISHER,
    "c": Withheld.PUBLISHER,
    "[u]": Withheld.PUBLISHER,
    "supp": Withheld.PUBLISHER,
    "suppressed": Withheld.PUBLISHER,
    "-98": Withheld.PUBLISHER,
    "-99": Withheld.MISSING,
    "-": Withheld.NOT_CALCULABLE,
    "–": Withheld.NOT_CALCULABLE,
    "−": Withheld.NOT_CALCULABLE,
    "[z]": Withheld.NOT_CALCULABLE,
    "z": Withheld.NOT_CALCULABLE,
    "#div/0!": Withheld.NOT_CALCULABLE,
    ":": Withheld.MISSING,
    "[x]": Withheld.MISSING,
    "x": Withheld.MISSING,
    "na": Withheld.MISSING,
    "n/a": Withheld.MISSING,
    "#n/a": Withheld.MISSING,
    "nan": Withheld.MISSING,
    "null": Withheld.MISSING,
    "none": Withheld.MISSING,
}
_BELOW = re.compile(r"^(<|≤|fewer than|less than|under)\s*\d+$", re.IGNORECASE)
_NUMBER = re.compile(r"^[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][+-]?\d+)?$")
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9%+.]+")
LONGEST_HEADING = 200  # longer cells are somebody's words: not to be remembered


def text(value: Any) -> str:
    """The cell as words: non-breaking and double spaces, line breaks and byte-order marks folded."""
    if isinstance(value, str):
        if not value.isascii():
            value = unicodedata.normalize("NFC", value)
            value = value.replace("\ufeff", "").replace("\u200b", "")
        return " ".join(value.split())
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return str(value)


BREAK = "\u2028"  # where a line ends inside what somebody wrote


def prose(value: Any) -> str:
    """The cell as somebody's own words: folded as by `text`, but each line still a line (BREAK)."""
    if isinstance(value, str):
        return BREAK.join(line for line in map(text, value.splitlines()) if line)
    return text(value)


def key(value: Any) -> str:
    """A heading folded for comparison: lower case, curly quotes straightened, punctuation to spaces."""
    if isinstance(value, str) and len(value) <= LONGEST_HEADING:
        return _folded_heading(value)
    return _folded(text(value))


@lru_cache(maxsize=20_000)
def _folded_heading(said: str) -> str:
    # Cached: the same headings are folded for every sheet, file and source asked.
    return _folded(text(said))


def _folded(said: str) -> str:
    if said.isascii() and said.isalnum():
        return said.lower()
    folded = said.lower().replace("’", "").replace("`", "").replace("'", "").replace("&", " and ")
    return _NOT_IN_A_KEY.sub(" ", folded).strip()


def code(value: Any) -> str:
    """An organisation code: trimmed, upper case."""
    return text(value).upper()


def number(value: Any) -> tuple[float, Withheld, bool]:
    """The number in a cell, why there is none, and whether it was written with a % sign.

    Text that is neither a number nor a known sign returns (nan, Withheld.NONE, False): a fault for
    the caller to report.
    """
    if isinstance(value, bool):  # TRUE is not a number
        return math.nan, Withheld.NONE, False
    if isinstance(value, (int, float)):
        if isinstance(value, float) and math.isnan(value):
            return math.nan, Withheld.MISSING, False
        return float(value), Withheld.NONE, False
    said = text(value)
    if not said:
        return math.nan, Withheld.MISSING, False
    sign = WITHHELD_SIGNS.get(said.lower())
    if sign is not None:
        return math.nan, sign, False
    if _BELOW.match(said):
        return math.nan, Withheld.PUBLISHER, False
    percent = said.endswith("%")
    bare = said.removesuffix("%").strip().replace(" ", "")
    if bare and _NUMBER.match(bare) and any(letter.isdigit() for letter in bare):
        return float(bare.replace(",", "")), Withheld.NONE, percent
    return math.nan, Withheld.NONE, False


class NumbersRead(NamedTuple):
    """Many cells as numbers, a place per cell in every array."""

    number: npt.NDArray[np.float64]
    withheld: npt.NDArray[np.object_]  # why there is no number, a Withheld value
    percent: npt.NDArray[np.bool_]  # written with a % sign
    bad: npt.NDArray[np.bool_]  # text not understood


def numbers(cells: pd.Series) -> pd.DataFrame:
    """One row per cell: `number`, `withheld` (a Withheld value), `percent`, `bad` (text not understood)."""
    return pd.DataFrame(numbers_in(cells.to_numpy())._asdict(), index=cells.index)


def numbers_in(cells: npt.NDArray[Any]) -> NumbersRead:
    """The numbers of an array of cells: without a frame's fixed cost, for files many and small."""
    plain = pd.to_numeric(cells, errors="coerce") if cells.dtype == object else cells
    values = np.array(plain, dtype=float)
    withheld = np.full(len(cells), Withheld.NONE.value, dtype=object)
    percent = np.zeros(len(cells), dtype=bool)
    bad = np.zeros(len(cells), dtype=bool)
    raw = cells.astype(object, copy=False)
    # -98 and -99 are signs, not numbers; booleans are not numbers either.
    doubtful = np.isnan(values) | (values < 0) | np.isinf(values)
    if cells.dtype != np.float64:
        doubtful |= np.fromiter((isinstance(cell, bool) for cell in raw), bool, len(raw))
    for position in np.flatnonzero(doubtful).tolist():
        cell = raw[position]
        if isinstance(cell, str) and not cell:  # most of them
            withheld[position] = Withheld.MISSING.value
            continue
        value, why, is_percent = number(cell if isinstance(cell, bool) else text(cell))
        values[position], percent[position] = value, is_percent
        withheld[position] = why.value
        bad[position] = math.isnan(value) and why is Withheld.NONE
    return NumbersRead(values, withheld, percent, bad)


def proportions(values: pd.Series, percent_signs: pd.Series | None = None) -> tuple[pd.Series, str]:
    """A column of percentages or proportions as proportions, and which it was read as.

    A column whose every value is at most 1.5 holds proportions (none above 1 can then be a
    percentage, and no real column of percentages stays under 1.5); decided per column, as some years
    of one publication differ from others.
    """
    signed = percent_signs is not None and bool(percent_signs.any())
    present = values.dropna()
    if not signed and len(present) and float(present.max()) <= 1.5:
        return values, "proportion"
    return values / 100.0, "percentage"


_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}
_MONTHS["sept"] = 9
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MONTH_PATTERNS = (
    # July 2025, Jul-25, FFT-GP-Oct-22, october-2025
    (
        re.compile(rf"(?<![a-z])({_NAME})[a-z]*[\s_\-./,']*(20\d\d|\d\d)(?!\d)", re.IGNORECASE),
        "name",
    ),
    # 2025-07, 2025_07, 202507
    (re.compile(r"(?<!\d)(20\d\d)[\s_\-./]?(0[1-9]|1[0-2])(?!\d)"), "year"),
    # 07-2025
    (re.compile(r"(?<!\d)(0[1-9]|1[0-2])[\s_\-./](20\d\d)(?!\d)"), "month"),
)


def month(value: Any) -> Period | None:
    """The calendar month a cell or a file name speaks of, or None."""
    if isinstance(value, datetime | date):
        return Period.month(value.year, value.month)
    said = text(value)
    for pattern, form in _MONTH_PATTERNS:
        found = pattern.search(said)
        if not found:
            continue
        first, second = found.group(1), found.group(2)
        if form == "name":
            year = int(second) + (2000 if len(second) == 2 else 0)
            return Period.month(year, _MONTHS[first.lower()])
        if form == "year":
            return Period.month(int(first), int(second))
        return Period.month(int(second), int(first))
    return None


_QUARTER = re.compile(r"(20\d\d)\s*[-/–]\s*(\d\d)\D*?\bq\s*([1-4])\b", re.IGNORECASE)
_FINANCIAL = re.compile(r"(?<!\d)(20\d\d)\s*[-/–_]\s*(20)?(\d\d)(?![\d-])")
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)\s*(?:/|to|–|\.\.)\s*(\d{4}-\d\d-\d\d)", re.IGNORECASE)


def period(value: Any) -> Period | None:
    """A period in words: a span of dates, a financial quarter or year, a month, or None."""
    said = text(value)
    if span := _SPAN.search(said):
        start, end = (date.fromisoformat(part) for part in span.groups())
        return Period(start, end) if start <= end else None
    if quarter := _QUARTER.search(said):
        year, number_of = int(quarter.group(1)), int(quarter.group(3))
        starts = date(year + (number_of == 4), (4, 7, 10, 1)[number_of - 1], 1)
        ends = Period.month(starts.year, starts.month + 2).end
        return Period(starts, ends)
    year_match = _FINANCIAL.search(said)
    if year_match and int(year_match.group(3)) == (int(year_match.group(1)) + 1) % 100:
        year = int(year_match.group(1))
        return Period(date(year, 4, 1), date(year + 1, 3, 31))
    return month(value)


_NUMERIC_DATE = re.compile(r"^(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})(?:[ T](.*))?$")


def dates(cells: pd.Series) -> pd.DataFrame:
    """A column of dates: one row per cell, `date` (or NaT), `uncertain`, `bad`.

    A column that holds both orders (30/09/2021 and 9/30/2022) is read day-first where both fit, and
    those rows are uncertain; a date that fits one order only is certain. ISO dates and real dates
    always are. Timestamps are UK civil time, kept as written.
    """
    raw = list(cells)
    parsed: list[date | None] = [None] * len(raw)
    ambiguous: list[int] = []
    bad = [False] * len(raw)
    day_first = month_first = False
    for position, value in enumerate(raw):
        if isinstance(value, datetime):
            parsed[position] = value.date()
            continue
        if isinstance(value, date):
            parsed[position] = value
            continue
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if math.isnan(value):
                continue
            whole = int(value)
            if 19000101 <= whole <= 21001231:
                parsed[position] = _ymd(str(whole))
            elif 20000 <= whole <= 80000:  # a spreadsheet's day number, from 30 December 1899
                parsed[position] = date(1899, 12, 30) + timedelta(days=whole)
            bad[position] = parsed[position] is None
            continue
        said = text(value)
        if not said:
            continue
        match = _NUMERIC_DATE.match(said)
        if match is None:
            parsed[position] = _worded_date(said)
            bad[position] = parsed[position] is None
            continue
        first, second, third = (int(part) for part in match.groups()[:3])
        if len(match.group(1)) == 4:
            parsed[position] = _date(first, second, third)
        else:
            year = third if third > 99 else 2000 + third
            as_day_first, as_month_first = _date(year, second, first), _date(year, first, second)
            parsed[position] = as_day_first or as_month_first
            if as_day_first and as_month_first and first != second:
                ambiguous.append(position)
            elif as_day_first and not as_month_first:
                day_first = True
            elif as_month_first and not as_day_first:
                month_first = True
        bad[position] = parsed[position] is None
    uncertain = [False] * len(raw)
    if month_first:
        if day_first:
            for position in ambiguous:
                uncertain[position] = True
        else:  # the whole column is month-first
            for position in ambiguous:
                swapped = parsed[position]
                if swapped is not None:
                    parsed[position] = date(swapped.year, swapped.day, swapped.month)
    return pd.DataFrame(
        {
            "date": pd.to_datetime(pd.Series(parsed, dtype=object))
            .astype("datetime64[us]")
            .to_numpy(),
            "uncertain": uncertain,
            "bad": bad,
        },
        index=cells.index,
    )


def _date(year: int, month_: int, day: int) -> date | None:
    try:
        return date(year, month_, day)
    except ValueError:
        return None


def _ymd(said: str) -> date | None:
    return _date(int(said[:4]), int(said[4:6]), int(said[6:8]))


def _worded_date(said: str) -> date | None:
    if re.fullmatch(r"(19|20)\d{6}", said):
        return _ymd(said)
    for form in ("%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d%b%Y", "%B %d, %Y", "%d %B %y"):
        try:
            return datetime.strptime(said.split(" 00:00")[0], form).date()
        except ValueError:
            continue
    found = month(said)
    return found.start if found and re.fullmatch(r"[A-Za-z]+[\s\-']*\d{2,4}", said) else None


def column_letter(index: int) -> str:
    """The spreadsheet's name of a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
