"""A column of dates: what each cell holds, and in which order its days and months stand.

The order is a property of the column: 05/06/2026 alone is 5 June or 6 May. A column in which nothing
decides is reported as undecided, never read one way in silence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from pxcore.ingest import cells

DATES_READ = "2025-07-31, 31/07/2025 or 31 July 2025, each with or without a time"
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
_SPREADSHEET_DAY = range(20000, 80001)  # days from 30 December 1899, as spreadsheets count them
_FEWEST_TURNED = 2  # dates of either kind by which a spreadsheet is seen to have turned some round
_LONGEST_SHOWN = 30

_TIME = re.compile(
    r"(?:\s*(?:@|at|t|,|\s)\s*)(?:\d{1,2}[:.]\d\d(?:[:.]\d\d(?:[.,]\d+)?)?\s*(?:am|pm)?|\d{1,2}\s*(?:am|pm))"
    r"\s*(?:z|gmt|utc|bst|[+-]\d\d:?\d\d)?$"
)
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+(?=\d|[a-z])")
_NUMERIC = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d\d)")
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")
_YMD = re.compile(r"(\d{4})(\d\d)(\d\d)")
_NAME = rf"({cells.MONTH_NAME})"
_WORDED = (
    (re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s\-./]*(?:of )?{_NAME}\.?[\s\-./,]*(\d{{4}}|\d\d)"), 0),
    (re.compile(rf"{_NAME}\.?\s*(\d{{1,2}})(?:st|nd|rd|th)?[\s,]+(\d{{4}})"), 1),
)  # fmt: skip
_LETTERS = re.compile(r"[^\W\d_]+")


class Order(StrEnum):
    """How the numeric dates of a column (05/06/2026) were read."""

    PLAIN = "plain"  # none needs an order: year first, spelt out, or real dates
    DAY_FIRST = "day_first"  # some date fits day/month alone, none month/day alone
    MONTH_FIRST = "month_first"  # the other way round
    BOTH = "both"  # some fit one order alone and some the other
    UNDECIDED = "undecided"  # every one fits both orders
    BY_OTHERS = "by_others"  # day first, as the column's certain dates lie there and not otherwise
    TURNED = "turned"  # a spreadsheet seems to have turned round those it took for dates


@dataclass(frozen=True, slots=True)
class Dates:
    """A column of dates as read: one row per cell, and the order its numeric dates stand in."""

    frame: pd.DataFrame  # date (or NaT), uncertain, bad, no_such_day; the index of the cells
    order: Order


@dataclass(frozen=True, slots=True)
class _Cell:
    """What one cell says, taken by itself."""

    day_first: date | None = None
    month_first: date | None = None  # only of numeric dates
    numeric: bool = False
    real: bool = False  # a spreadsheet's own date
    no_such_day: bool = False

    @property
    def certain(self) -> date | None:
        return self.day_first if not self.numeric else None


def read(column: pd.Series) -> Dates:
    """A column of dates: `date` (or NaT), `uncertain`, `bad` (not a date), `no_such_day`, a row per cell.

    A numeric date that fits one order only is certain. One that fits both takes the order of the
    others of its column; where they stand in both orders, or nothing decides, it is read day first
    and uncertain. ISO and spelt-out dates are certain. Timestamps are UK civil time, kept as
    written. Two-digit years are 1969 to 2068.
    """
    every = [_cell(value) for value in column]
    numeric = [cell for cell in every if cell.numeric]
    order = _order(every, numeric)
    chosen = [
        (cell.month_first or cell.day_first)
        if order is Order.MONTH_FIRST
        else (cell.day_first or cell.month_first)
        for cell in every
    ]
    uncertain = [_is_uncertain(cell, order) for cell in every]
    blank = [cells.text(value) == "" for value in column]
    return Dates(
        pd.DataFrame(
            {
                "date": pd.to_datetime(pd.Series(chosen, dtype=object))
                .astype("datetime64[us]")
                .to_numpy(),
                "uncertain": np.array(uncertain, dtype=bool),
                "bad": np.array(
                    [day is None and not empty for day, empty in zip(chosen, blank, strict=True)],
                    dtype=bool,
                ),
                "no_such_day": np.array([cell.no_such_day for cell in every], dtype=bool),
            },
            index=column.index,
        ),
        order,
    )


def shape(value: Any) -> str:
    """The shape of a cell that is not a date, without its words: digits as 9, letters as a.

    Names of months and days stay, so that “31 Febtember 26” is seen for what it is and a name that
    stands there by mistake is not.
    """
    form = _LETTERS.sub(_letters, cells.text(value))[:_LONGEST_SHOWN]
    return re.sub(r"\d", "9", form)


def _letters(match: re.Match[str]) -> str:
    word = match[0]
    known = word.lower() in cells.MONTH_NAME.split("|") or word.lower() in (
        *("st", "nd", "rd", "th", "am", "pm", "gmt", "utc", "bst", "t", "z", "of", "at"),
        *("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    )
    return word if known else "a" * len(word)


def _cell(value: Any) -> _Cell:
    if isinstance(value, datetime):
        return _real(value.date()) if not pd.isna(value) else _Cell()
    if isinstance(value, date):
        return _real(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(float(value))
    words = cells.text(value).lower()
    if not words:
        return _Cell()
    if re.fullmatch(r"\d{5}(?:\.\d+)?|\d{8}", words):
        return _number(float(words))
    words = re.sub(r"[‐-―−]", "-", words)
    bare = _WEEKDAY.sub("", _TIME.sub("", words)).strip(" ,.")
    if match := _NUMERIC.fullmatch(bare):
        first, second, year = int(match[1]), int(match[2]), _full_year(match[3])
        day_first, month_first = _day(year, second, first), _day(year, first, second)
        if day_first == month_first:
            return _Cell(day_first, no_such_day=day_first is None)
        return _Cell(day_first, month_first, numeric=True)
    if match := _YEAR_FIRST.fullmatch(bare):
        return _plain(int(match[1]), int(match[2]), int(match[3]))
    for pattern, day_place in _WORDED:
        if match := pattern.fullmatch(bare):
            day, name = match.groups()[day_place], match.groups()[1 - day_place]
            return _plain(_full_year(match[3]), cells.month_number(name), int(day))
    month = cells.month(bare) if re.search(r"[a-z].*(\d{4}|[-'’]\d\d)$", bare) else None
    return _Cell(month.start) if month else _Cell()


def _real(day: date) -> _Cell:
    return _Cell(day, real=True) if EARLIEST <= day <= LATEST else _Cell()


def _number(value: float) -> _Cell:
    if not math.isfinite(value):
        return _Cell()
    whole = int(value)
    if whole in _SPREADSHEET_DAY:
        return _Cell(date(1899, 12, 30) + timedelta(days=whole), real=True)
    match = _YMD.fullmatch(str(whole))
    return _plain(*map(int, match.groups())) if match else _Cell()


def _plain(year: int, month: int, day: int) -> _Cell:
    read = _day(year, month, day)
    return _Cell(read, no_such_day=read is None)


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 69 else 1900)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        read = date(year, month, day)
    except ValueError:
        return None
    return read if EARLIEST <= read <= LATEST else None


def _order(every: list[_Cell], numeric: list[_Cell]) -> Order:
    if not numeric:
        return Order.PLAIN
    day_alone = sum(cell.month_first is None for cell in numeric)
    month_alone = sum(cell.day_first is None for cell in numeric)
    if day_alone and month_alone:
        return Order.BOTH
    if day_alone or month_alone:
        real = [cell.day_first for cell in every if cell.real and cell.day_first is not None]
        either = len(numeric) - day_alone - month_alone
        if _turned_round(real, day_alone + month_alone, either):
            return Order.TURNED
        return Order.DAY_FIRST if day_alone else Order.MONTH_FIRST
    certain = [cell.certain for cell in every if cell.certain is not None]
    by_day = _within((cell.day_first for cell in numeric), certain)
    by_month = _within((cell.month_first for cell in numeric), certain)
    return Order.BY_OTHERS if by_day and not by_month else Order.UNDECIDED


def _turned_round(real: list[date], alone: int, either: int) -> bool:
    """A spreadsheet takes for dates what fits its own order, and leaves the rest as text.

    Its trace: every date that stayed text fits one order alone, and no real date has a day over 12.
    """
    return (
        not either
        and alone >= _FEWEST_TURNED
        and len(real) >= _FEWEST_TURNED
        and all(day.day <= 12 for day in real)
    )


def _within(days: Iterable[date | None], certain: list[date]) -> bool:
    if not certain:
        return False
    first, last = min(certain), max(certain)
    return all(day is not None and first <= day <= last for day in days)


def _is_uncertain(cell: _Cell, order: Order) -> bool:
    if order is Order.TURNED:
        return (
            cell.real and cell.day_first is not None and cell.day_first.day != cell.day_first.month
        )
    fits_both = cell.numeric and cell.day_first is not None and cell.month_first is not None
    return fits_both and order in (Order.BOTH, Order.UNDECIDED)
