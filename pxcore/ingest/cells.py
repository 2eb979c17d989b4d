"""What one cell holds: text, a number or why there is none, a period.

Publishers pad codes, break lines inside headings, write percentages three ways and use half a dozen
signs for “not shown”. All of that is read here, once.
"""

from __future__ import annotations

import calendar
import math
import re
import unicodedata
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore.model import Period, Withheld

# '*' and its kin are withheld by the publisher; '-' is "not calculable" (no responses); ':' and 'z'
# and 'N/A' say there is nothing to show. (GSS symbols: [c] confidential, [low] small, [x] not
# available, [z] not applicable, [u] low reliability.) A dagger or a hash alone in a cell is some
# publisher's sign for no figure; only its notes say which.
WITHHELD_SIGNS = {
    sign: why
    for why, signs in {
        Withheld.PUBLISHER: "* ** [c] c [u] [low] ~ supp suppressed withheld redacted -98",
        Withheld.MISSING: "-99 : .. … [x] x na n/a #n/a nan null none",
        Withheld.NOT_CALCULABLE: "- – − [z] z #div/0!",
        Withheld.UNKNOWN: "† ‡ #",
    }.items()
    for sign in signs.split()
}
SIGNS_READ = "*, [c], [low], ~, <5, 1-4, 5 or fewer, suppressed, -, [z], :, .., [x], n/a, †, #"
_FEW = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
# A count given only as small: “<5”, “5 or fewer”, “1-4”, “Suppressed (n<5)”.
_SMALL = re.compile(
    rf"(?:(?:<|≤|<=|=<|fewer than|less than|under|below|up to|at most)\s*{_FEW}"
    rf"|{_FEW} or (?:fewer|less|under|below)"
    r"|[01]\s*(?:-|–|to)\s*[1-9]\d?"
    rf"|(?:suppressed|withheld)?\s*\(?(?:n\s*)?(?:<|≤|<=)\s*{_FEW}\)?)"
)
# An exponent is read only with its sign, as programs write it: 5E3 may be somebody's code.
_NUMBER = re.compile(
    r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]\d+)?"
)
# What follows a number that was changed, or may yet be: “41 [r]”, “33p”, “12 [note 3]”.
_MARKED = re.compile(
    r"(?P<number>.*[\d.%])\s*(?:"
    r"\[(?P<mark>r|p|e|b|u|revised|provisional|estimated)\]|\((?P<round>r|p|revised|provisional)\)"
    r"|(?P<bare>[rp])|(?P<note>\[note\s*\d+\]|[¹²³⁴-⁹]+))",
    re.IGNORECASE,
)
_MARKS = {
    "r": "revised",
    "p": "provisional",
    "e": "estimated",
    "b": "a break in the series",
    "u": "unreliable",
}
_PLAIN_NUMBERS = re.compile(r"[0-9.,+\- %*]*")
# “[note 1]” and “(note 1)” after a heading point to the notes of the sheet.
_NOTE_MARK = re.compile(
    r"\s*(?:\[\s*(?:foot)?notes?\s*\d[\d,\s]*\]|\(\s*(?:foot)?notes?\s*\d[\d,\s]*\)|\[\d{1,2}\])$",
    re.IGNORECASE,
)
_COUNTED_HEADING = re.compile(r"(?:theme|topic|tag)s?\s*\[\d+\]", re.IGNORECASE)
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9%+.]+")
LONGEST_HEADING = 200  # longer cells are somebody's words: not to be remembered


def text(value: Any) -> str:
    """The cell as words: non-breaking and double spaces, line breaks and byte-order marks folded."""
    if isinstance(value, str):
        if not value.isascii():
            value = unicodedata.normalize("NFC", value)
            value = value.replace("\ufeff", "").replace("\u200b", "")
        return " ".join(value.split())
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
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
def _folded_heading(heading: str) -> str:
    # Cached: the same headings are folded for every sheet, file and source.
    return _folded(without_note(text(heading)))


def without_note(heading: str) -> str:
    """A heading without the marks that point to a note: “Total Responses [note 1]”."""
    if heading[-1:] not in ("]", ")") or _COUNTED_HEADING.fullmatch(heading):
        return heading
    bare = _NOTE_MARK.sub("", heading)
    return without_note(bare) if bare != heading else heading


def _folded(words: str) -> str:
    if words.isascii() and words.isalnum():
        return words.lower()
    folded = words.lower().replace("’", "").replace("`", "").replace("'", "").replace("&", " and ")
    return _NOT_IN_A_KEY.sub(" ", folded).strip()


def code(value: Any) -> str:
    """An organisation code: trimmed, upper case."""
    return text(value).upper()


class NumberRead(NamedTuple):
    """One cell as a number."""

    number: float  # nan where there is none
    withheld: Withheld  # why there is none
    percent: bool = False  # written with a % sign
    mark: str = ""  # "revised", "provisional" …, where a mark after it says so


def number(value: Any) -> NumberRead:
    """The number in a cell, why there is none, and what is written with it.

    Text that is neither a number nor a known sign returns (nan, Withheld.NONE): a fault for the
    caller to report. What only a program would take for a number (inf, 1e999, 5E3, 0x10, TRUE) is
    not a number.
    """
    if isinstance(value, bool):  # TRUE is not a number
        return NumberRead(math.nan, Withheld.NONE)
    if isinstance(value, (int, float)):
        if isinstance(value, float) and math.isnan(value):
            return NumberRead(math.nan, Withheld.MISSING)
        finite = math.isfinite(value)
        return NumberRead(float(value) if finite else math.nan, Withheld.NONE)
    words = text(value)
    if not words:
        return NumberRead(math.nan, Withheld.MISSING)
    sign = WITHHELD_SIGNS.get(words.lower())
    if sign is not None:
        return NumberRead(math.nan, sign)
    if _SMALL.fullmatch(words.lower()):
        return NumberRead(math.nan, Withheld.PUBLISHER)
    plain, percent = _number_in(words)
    if not math.isnan(plain):
        return NumberRead(plain, Withheld.NONE, percent)
    marked = _MARKED.fullmatch(words)
    if marked is not None:
        plain, percent = _number_in(marked["number"])
        mark = (marked["mark"] or marked["round"] or marked["bare"] or "").lower()[:1]
        if not math.isnan(plain):
            return NumberRead(plain, Withheld.NONE, percent, _MARKS.get(mark, ""))
    return NumberRead(math.nan, Withheld.NONE)


def _number_in(words: str) -> tuple[float, bool]:
    """Text that is a number and nothing else, and whether it has a % sign; nan where it is not."""
    percent = words.endswith("%")
    bare = words.removesuffix("%").strip()
    if not _NUMBER.fullmatch(bare):
        return math.nan, False
    read = float(bare.replace(",", "").replace(" ", ""))
    return (read, percent) if math.isfinite(read) else (math.nan, False)


class NumbersRead(NamedTuple):
    """Many cells as numbers, a place per cell in every array."""

    number: npt.NDArray[np.float64]
    withheld: npt.NDArray[np.object_]  # why there is no number, a Withheld value
    percent: npt.NDArray[np.bool_]  # written with a % sign
    bad: npt.NDArray[np.bool_]  # text not understood
    mark: npt.NDArray[np.object_]  # "revised" and its like; "" for most


def numbers(cells: pd.Series) -> pd.DataFrame:
    """One row per cell: `number`, `withheld` (a Withheld value), `percent`, `bad` (text not
    understood) and `mark` (“revised”, “provisional”)."""
    return pd.DataFrame(numbers_in(cells.to_numpy())._asdict(), index=cells.index)


def numbers_in(cells: npt.NDArray[Any]) -> NumbersRead:
    """The numbers of an array of cells, without the fixed cost of a frame: there are many small files."""
    plain = pd.to_numeric(cells, errors="coerce") if cells.dtype == object else cells
    values = np.array(plain, dtype=float)
    withheld = np.full(len(cells), Withheld.NONE.value, dtype=object)
    percent = np.zeros(len(cells), dtype=bool)
    bad = np.zeros(len(cells), dtype=bool)
    mark = np.full(len(cells), "", dtype=object)
    raw = cells.astype(object, copy=False)
    # -98 and -99 are signs, not numbers; booleans are not numbers either.
    doubtful = np.isnan(values) | (values < 0) | np.isinf(values)
    if cells.dtype != np.float64:
        kinds = set(map(type, raw))
        if any(issubclass(kind, bool) for kind in kinds):
            doubtful |= np.fromiter((isinstance(cell, bool) for cell in raw), bool, len(raw))
        # pandas takes 5E3 and 1e999 for numbers: only what is plain need not be looked at again.
        some_text = any(issubclass(kind, str) for kind in kinds)
        words = [cell for cell in raw if isinstance(cell, str)] if some_text else []
        if words and not _PLAIN_NUMBERS.fullmatch("".join(words)):
            doubtful |= np.fromiter(
                (isinstance(cell, str) and not _PLAIN_NUMBERS.fullmatch(cell) for cell in raw),
                bool,
                len(raw),
            )
    for position in np.flatnonzero(doubtful).tolist():
        cell = raw[position]
        if isinstance(cell, str) and not cell:  # most of them
            withheld[position] = Withheld.MISSING.value
            continue
        read = number(cell if isinstance(cell, bool) else text(cell))
        values[position], percent[position] = read.number, read.percent
        withheld[position], mark[position] = read.withheld.value, read.mark
        bad[position] = math.isnan(read.number) and read.withheld is Withheld.NONE
    return NumbersRead(values, withheld, percent, bad, mark)


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
MONTH_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
# Every spelling of a period that is read, for saying how to mend one that is not.
PERIODS_READ = (
    "2025-07, July 2025, 2025-26 Q1, Q1 2025/26, H1 2025-26, 2025-26, April to June 2025 or "
    "2025-07-01/2025-09-30"
)
_YEAR = r"20\d\d"
_YEARS = rf"({_YEAR})\s*[-/_]\s*(?:20)?(\d\d)"  # a financial year: 2025-26, 2025/2026
_OF_A_YEAR = re.compile(
    rf"(?:(?:fy|financial year)\s*)?(?:{_YEARS})(?:\s*financial year)?", re.IGNORECASE
)
_SHORT_YEARS = re.compile(r"(?:fy|financial year)\s*(\d\d)\s*[-/_]\s*(\d\d)")
_PART = r"(q|qtr|quarter|h|half)\s*([1-4])"
_PART_FIRST = re.compile(rf"{_PART}\s*,?\s*(?:of\s*)?(?:fy\s*)?(?:{_YEARS})")
_PART_LAST = re.compile(rf"(?:fy\s*)?(?:{_YEARS})\s*[,_]?\s*{_PART}")
_JOINT = r"[\s_\-./,'’]*"
_MONTH_FORMS = (
    (re.compile(rf"({MONTH_NAME})\.?{_JOINT}({_YEAR}|\d\d)"), "name"),  # July 2025, Jul-25
    (re.compile(rf"({_YEAR}){_JOINT}({MONTH_NAME})"), "year name"),  # 2025 July
    (re.compile(rf"({_YEAR})[\s_\-./]?(0[1-9]|1[0-2])"), "year"),  # 2025-07, 202507
    (re.compile(rf"(0?[1-9]|1[0-2])[\s_\-./]({_YEAR})"), "month"),  # 07/2025
)
_POINT = (
    rf"\d{{4}}-\d\d-\d\d|\d{{1,2}}[/.]\d{{1,2}}[/.]{_YEAR}"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)?\s*)?(?:{MONTH_NAME})\.?(?:\s*,?\s*{_YEAR}|[-/'’]\d\d)?"
    rf"|{_YEAR}[-/]?(?:0[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])/{_YEAR}"
)
_SPAN = re.compile(
    rf"(?:from\s+)?({_POINT})\s*(?:/|-|\.\.|\s(?:to|until|till)\s)\s*({_POINT})(?:\s*inclusive)?"
)
_DAY_OF_MONTH = re.compile(
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?\s*)?({MONTH_NAME})\.?(?:{_JOINT}({_YEAR}|\d\d))?"
)


def _words(value: Any) -> str:
    """A cell's words for reading a period: lower case, dashes alike, the mark of a note taken off."""
    words = without_note(text(value)).lower()
    return re.sub("[‐-―−]", "-", words).strip(" .;:")


def period(value: Any) -> Period | None:
    """The period in a cell, read whole: a span, a financial year, half or quarter, a month.

    None where any part of the cell is not understood, or where it may be two periods: “2025 Q3” is
    of the calendar or the financial year, “FY26” ends or starts in 2026, “2010-11” is a month or a
    year. Numeric dates are taken day first only where that alone fits.
    """
    if isinstance(value, datetime | date):  # a spreadsheet's month is the first day of it
        return Period.month(value.year, value.month) if value.day == 1 else None
    words = _words(value)
    years, single = _financial_year(words), _calendar_month(words)
    if years is not None and single is not None:
        return None
    return years or single or _part_of_year(words) or _span(words)


def month(value: Any) -> Period | None:
    """The calendar month in a cell, read whole; None for any other period."""
    read = period(value)
    return read if read is not None and is_month(read) else None


def financial_year(value: Any) -> Period | None:
    """The financial year in a cell, where nothing else can be meant: 2010-11 is no month then."""
    return _financial_year(_words(value))


def is_month(span: Period) -> bool:
    return span == Period.month(span.start.year, span.start.month)


def _financial_year(words: str) -> Period | None:
    match = _OF_A_YEAR.fullmatch(words) or _SHORT_YEARS.fullmatch(words)
    if match is None:
        return None
    first = int(match[1]) % 100 + 2000
    return _year_from(first) if int(match[2]) == (first + 1) % 100 else None


def _year_from(first: int) -> Period:
    return Period(date(first, 4, 1), date(first + 1, 3, 31))


def _part_of_year(words: str) -> Period | None:
    """A quarter or half of a financial year: “Q1 2025/26”, “2025-26 H2”."""
    if match := _PART_FIRST.fullmatch(words):
        kind, place, first, second = match.groups()
    elif match := _PART_LAST.fullmatch(words):
        first, second, kind, place = match.groups()
    else:
        return None
    year, length = int(first), 3 if kind[0] == "q" else 6
    if int(second) != (year + 1) % 100 or int(place) * length > 12:
        return None
    starts = 3 + (int(place) - 1) * length  # months after January
    ends = starts + length - 1
    return Period(
        date(year + starts // 12, starts % 12 + 1, 1),
        Period.month(year + ends // 12, ends % 12 + 1).end,
    )


def _calendar_month(words: str) -> Period | None:
    for pattern, form in _MONTH_FORMS:
        match = pattern.fullmatch(words)
        if match is None:
            continue
        first, second = match.groups()
        if form == "name":
            return Period.month(int(second) % 100 + 2000, _MONTHS[first])
        if form == "year name":
            return Period.month(int(first), _MONTHS[second])
        year, number_of = (first, second) if form == "year" else (second, first)
        return Period.month(int(year), int(number_of))
    return _first_of_month(words)


def _first_of_month(words: str) -> Period | None:
    """A month written as its first day, as spreadsheets do: 2025-07-01, 01/07/2025."""
    iso = re.fullmatch(rf"({_YEAR})-(0[1-9]|1[0-2])-01(?:[ t]00:00(?::00)?)?", words)
    if iso:
        return Period.month(int(iso[1]), int(iso[2]))
    day = re.fullmatch(rf"0?1/(0?[1-9]|1[0-2])/({_YEAR})(?: 00:00(?::00)?)?", words)
    return Period.month(int(day[2]), int(day[1])) if day else None


def _span(words: str) -> Period | None:
    """Two ends and what lies between: “Apr-Jun 2025”, “1 April 2025 to 30 June 2025”."""
    match = _SPAN.fullmatch(words)
    if match is None:
        return None
    last = _point(match[2], None)
    first = _point(match[1], last.end if last is not None else None)
    if first is None or last is None or first.start > last.end:
        return None
    numeric = [end for end in match.groups() if re.fullmatch(r"\d+[/.]\d+[/.]\d+", end)]
    if numeric and not any(int(re.split("[/.]", end)[0]) > 12 for end in numeric):
        return None  # 01/04/2025 - 05/06/2025 fits both orders
    return Period(first.start, last.end)


def _point(words: str, before: date | None) -> Period | None:
    """One end of a span; without a year it is the last such day or month before the other end."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", words):
        return _day(*map(int, words.split("-")))
    if re.fullmatch(r"\d+[/.]\d+[/.]\d+", words):
        day, number_of, year = map(int, re.split("[/.]", words))
        return _day(year, number_of, day)
    match = _DAY_OF_MONTH.fullmatch(words)
    if match is None:
        return _calendar_month(words)
    number_of = _MONTHS[match[2]]
    if match[3]:
        year = int(match[3]) % 100 + 2000
    elif before is not None:
        day_of = (number_of, int(match[1] or 1))
        year = before.year - (day_of > (before.month, before.day))
    else:
        return None
    return _day(year, number_of, int(match[1])) if match[1] else Period.month(year, number_of)


def _day(year: int, number_of: int, day: int) -> Period | None:
    try:
        return Period(date(year, number_of, day), date(year, number_of, day))
    except ValueError:
        return None


# Longest first: “Apr-Jun 2025” names no June, “2025-26 Q1” no year, “14 August 2025” no month.
_NAMED = re.compile(
    "|".join(
        (
            rf"(?<![a-z\d]){_SPAN.pattern}(?![a-z\d])",
            rf"(?<![a-z\d]){_PART_LAST.pattern}(?![a-z\d])",
            rf"(?<![a-z\d]){_PART_FIRST.pattern}(?![a-z\d])",
            r"(?<!\d)(?P<day>\d{4}-\d\d-\d\d|20\d{6}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}"
            rf"|(?<![a-z])\d{{1,2}}(?:st|nd|rd|th)?[\s_\-]+(?:{MONTH_NAME})[\s_\-,]+{_YEAR})(?!\d)",
            rf"(?<![a-z])(?:{MONTH_NAME})\.?{_JOINT}(?:{_YEAR}|\d\d)(?!\d)",
            rf"(?<!\d){_YEAR}{_JOINT}(?:{MONTH_NAME})(?![a-z])",
            rf"(?<!\d){_YEAR}\s*[-/_]\s*20\d\d(?![\d-])",
            rf"(?<!\d){_YEAR}[\s_\-./]?\d\d(?!\d|-\d)",
            rf"(?<!\d)(?:0[1-9]|1[0-2])[\s_\-./]{_YEAR}(?!\d)",
        )
    )
)


def periods_in(words: str) -> tuple[Period, ...]:
    """The different periods that free text (a title, a file name) names, in order.

    Days (a date of publication) are not periods and are passed over.
    """
    periods = []
    for match in _NAMED.finditer(_words(words)):
        if match["day"]:
            continue
        read = period(match[0].replace("_", " "))
        if read is not None:
            periods.append(read)
    return tuple(dict.fromkeys(periods))


def months_in(words: Any) -> tuple[Period, ...]:
    """The different calendar months that free text names, in order; a date is its own month."""
    if isinstance(words, datetime | date):
        return (Period.month(words.year, words.month),)
    return tuple(span for span in periods_in(text(words)) if is_month(span))


def only(periods: tuple[Period, ...]) -> Period | None:
    """The one period named; None where none is, or several are."""
    return periods[0] if len(periods) == 1 else None


def month_number(name: str) -> int:
    """1 to 12 of a month's English name or short name."""
    return _MONTHS[name.lower()]


def column_letter(index: int) -> str:
    """The spreadsheet's name of a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
