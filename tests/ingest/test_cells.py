"""Cells read as numbers and periods: what is one, what stands for none, what is not understood."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxcore.ingest.cells import financial_year, key, month, months_in, number, numbers, period
from pxcore.model import Period, Withheld


@pytest.mark.parametrize("cells", [[True, 3], [False, True], ["TRUE", 3], [True, "x"]])
def test_true_and_false_are_not_numbers(cells: list[object]) -> None:
    read = numbers(pd.Series(cells, dtype=object))
    assert bool(read["bad"][0])
    assert math.isnan(read["number"][0])


def test_a_column_of_booleans_holds_no_numbers() -> None:
    assert numbers(pd.Series([True, False]))["bad"].all()


def test_numbers_are_read_and_signs_for_none_kept_apart() -> None:
    read = numbers(pd.Series([12, "1,234", "45%", "*", "-", "", 0.5], dtype=object))
    assert read["number"].to_numpy() == pytest.approx(
        np.array([12, 1234, 45, np.nan, np.nan, np.nan, 0.5]), nan_ok=True
    )
    assert list(read["percent"]) == [False, False, True, False, False, False, False]
    assert list(read["withheld"][3:6]) == [
        Withheld.PUBLISHER.value,
        Withheld.NOT_CALCULABLE.value,
        Withheld.MISSING.value,
    ]


@pytest.mark.parametrize(
    "written", ["inf", "Infinity", "1e999", "1e+999", "0x10", "1_000", "5E3", "E5", "41 52", "1,23"]
)
def test_what_only_a_program_takes_for_a_number_is_none(written: str) -> None:
    read = numbers(pd.Series([written, "7"], dtype=object))
    assert bool(read["bad"][0])
    assert math.isnan(read["number"][0])
    assert read["number"][1] == 7


def test_a_number_too_large_or_not_finite_in_a_spreadsheet_is_none() -> None:
    assert numbers(pd.Series([math.inf, 3.0]))["bad"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("written", "value", "mark"),
    [
        ("41 [r]", 41, "revised"),
        ("33p", 33, "provisional"),
        ("1,234 (r)", 1234, "revised"),
        ("12 [note 3]", 12, ""),
        ("12²", 12, ""),
        ("1 234", 1234, ""),
        ("1.2E+05", 120000, ""),
        ("٥", 5, ""),
    ],
)
def test_a_number_with_a_mark_is_the_number(written: str, value: float, mark: str) -> None:
    read = number(written)
    assert (read.number, read.mark, read.withheld) == (value, mark, Withheld.NONE)


@pytest.mark.parametrize(
    ("sign", "why"),
    [
        *(
            (one, Withheld.PUBLISHER)
            for one in (
                *("1-4", "1 to 7", "<=5", "≤5", "5 or fewer", "fewer than five", "under 5"),
                *("[low]", "~", "Suppressed (n<5)", "n<5", "up to 4"),
            )
        ),
        ("..", Withheld.MISSING),
        ("†", Withheld.UNKNOWN),
        ("#", Withheld.UNKNOWN),
    ],
)
def test_signs_for_small_numbers_are_withheld(sign: str, why: Withheld) -> None:
    assert number(sign).withheld is why


@pytest.mark.parametrize("range_", ["10-20", "5-1", "2026-02", "3 to 4"])
def test_other_ranges_are_no_sign(range_: str) -> None:
    read = number(range_)
    assert math.isnan(read.number)
    assert read.withheld is Withheld.NONE


QUARTER = Period(date(2025, 4, 1), date(2025, 6, 30))


@pytest.mark.parametrize(
    "said",
    [
        *("2025-26 Q1", "Q1 2025/26", "Quarter 1 2025-26", "q1 of 2025-2026", "2025/26 qtr 1"),
        *("Apr-Jun 2025", "April to June 2025", "April 2025 - June 2025", "Apr–Jun 2025"),
        *("2025-04-01/2025-06-30", "01/04/2025 - 30/06/2025", "1 April 2025 to 30 June 2025"),
        *("2025-04 to 2025-06", "1 Apr – 30 Jun 2025", "April 2025 to June 2025 [note 2]"),
    ],
)
def test_a_quarter_is_read_however_it_is_spelt(said: str) -> None:
    assert period(said) == QUARTER
    assert month(said) is None


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("H1 2025/26", date(2025, 4, 1), date(2025, 9, 30)),
        ("2025-26 H2", date(2025, 10, 1), date(2026, 3, 31)),
        ("Q4 2025-26", date(2026, 1, 1), date(2026, 3, 31)),
        ("2025/26", date(2025, 4, 1), date(2026, 3, 31)),
        ("FY25/26", date(2025, 4, 1), date(2026, 3, 31)),
        ("Dec-Feb 2026", date(2025, 12, 1), date(2026, 2, 28)),
        ("Jul-25", date(2025, 7, 1), date(2025, 7, 31)),
        ("01/07/2025", date(2025, 7, 1), date(2025, 7, 31)),
        ("202507", date(2025, 7, 1), date(2025, 7, 31)),
        ("2 Jan – 25 Mar 2024", date(2024, 1, 2), date(2024, 3, 25)),
    ],
)
def test_other_periods_are_read_whole(said: str, start: date, end: date) -> None:
    assert period(said) == Period(start, end)


@pytest.mark.parametrize(
    "said",
    [
        *("2025 Q3", "Q3 2025", "2024q2", "FY26", "Q1 FY26", "2010-11", "2025", "2025-13"),
        *("w/c 30/03/2026", "week ending 4 Jan 2026", "14 August 2025", "07/01/2025"),
        *("01/04/2025 - 05/06/2025", "31/02/2026 - 05/03/2026", "2025-02-30/2025-03-31"),
        *("Jul 25 - Aug 26", "2025-26 Q5", "2025-27", "June 2025 to April 2025", "2025-04 or so"),
        *("Q1 2025/26 and Q2 2025/26", "Apr, May and Jun 2025", "2025-07-15"),
    ],
)
def test_what_may_be_two_periods_or_is_not_wholly_understood_is_none(said: str) -> None:
    assert period(said) is None


def test_a_year_of_complaints_is_no_month() -> None:
    assert financial_year("2010-11") == Period(date(2010, 4, 1), date(2011, 3, 31))
    assert financial_year("2010-12") is None


@given(
    st.dates(date(2012, 1, 1), date(2035, 12, 31)), st.dates(date(2012, 1, 1), date(2035, 12, 31))
)
def test_any_span_of_dates_is_read_as_it_is_written(first: date, last: date) -> None:
    first, last = min(first, last), max(first, last)
    wanted = Period(first, last)
    assert period(f"{first}/{last}") == wanted
    assert period(f"{first:%d %B %Y} to {last:%d %b %Y}") == wanted
    assert period(str(Period.month(first.year, first.month))) == Period.month(
        first.year, first.month
    )


@pytest.mark.parametrize(
    ("name", "months"),
    [
        ("fft-gp-jul-22", ["July 2022"]),
        ("FFT_GP_MacroWebfile_Dec-25", ["December 2025"]),
        ("fft-gp-feb-23-v2", ["February 2023"]),
        ("fft_2025-07_published_2025-08-14", ["July 2025"]),
        ("Inpatient Friends and Family Test (FFT) Data - July 2025", ["July 2025"]),
        ("published 14 August 2025", []),
        ("FFT Apr-Jun 2025", []),
        ("marketing 23", []),
        ("from 2023-04 to 2026-03", []),
        ("FFT Jan 2025 and Feb 2025", ["January 2025", "February 2025"]),
    ],
)
def test_free_text_names_every_month_in_it_and_no_part_of_another_period(
    name: str, months: list[str]
) -> None:
    assert [str(one) for one in months_in(name)] == months


@pytest.mark.parametrize(
    ("heading", "folded"),
    [
        ("Total Responses [note 1]", "total responses"),
        ("Don't Know [note 3, 4]", "dont know"),
        ("positive (note 2)", "positive"),
        ("Themes [note 1]", "themes"),
        ("Theme [1]", "theme 1"),
        ("Overall star rating (1-5)", "overall star rating 1 5"),
    ],
)
def test_marks_of_notes_after_a_heading_are_passed_over(heading: str, folded: str) -> None:
    assert key(heading) == folded
