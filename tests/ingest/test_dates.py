"""Columns of dates: each spelling, the order of day and month, and what is not known of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxcore.ingest.dates import Order, read, shape

FOURTH = date(2026, 3, 4)
SPELT = (
    *("4th March 2026", "March 4, 2026", "Wed, 04 Mar 2026 10:15:00 GMT", "4 March 2026 14:05"),
    *("2026-03-04T23:30:00Z", "2026-03-04T10:15:00+01:00", "4-Mar-26", "20260304", "04Mar2026"),
    *("Mar 04 2026 02:05PM", "2026/3/4", "46085", 46085.59, "Wednesday 4 March 2026"),
    *(datetime(2026, 3, 4, 9), FOURTH, "4th of March 2026", "4 March 2026 at 2pm", 20260304.0),
)


@pytest.mark.parametrize("said", SPELT)
def test_a_date_is_read_however_it_is_spelt(said: object) -> None:
    column = read(pd.Series([said], dtype=object))
    assert column.order is Order.PLAIN
    assert column.frame["date"].dt.date.tolist() == [FOURTH]
    assert not column.frame[["uncertain", "bad"]].to_numpy().any()


@pytest.mark.parametrize("said", ["04/03/26 14:05", "04.03.2026", "04/03/2026 @ 14:05"])
def test_the_certain_dates_of_a_column_decide_the_others(said: str) -> None:
    column = read(pd.Series(["4 March 2026", said, "2026-03-05"], dtype=object))
    assert column.order is Order.BY_OTHERS
    assert column.frame["date"].dt.date.tolist()[1] == FOURTH
    assert not column.frame["uncertain"].any()


def test_where_every_date_fits_both_orders_none_is_certain() -> None:
    column = read(pd.Series([f"05/{month:02}/2026" for month in range(1, 13)]))
    assert column.order is Order.UNDECIDED
    assert column.frame["uncertain"].sum() == 11  # 05/05 is the same day either way


def test_one_date_that_fits_one_order_decides_for_all() -> None:
    by_day = read(pd.Series(["05/06/2026", "13/06/2026"]))
    assert (by_day.order, by_day.frame["uncertain"].any()) == (Order.DAY_FIRST, False)
    by_month = read(pd.Series(["05/06/2026", "06/13/2026"]))
    assert by_month.order is Order.MONTH_FIRST
    assert by_month.frame["date"].dt.date.tolist()[0] == date(2026, 5, 6)


def test_both_orders_leave_those_that_fit_both_uncertain() -> None:
    column = read(pd.Series(["30/09/2021", "9/30/2022", "05/06/2022"]))
    assert column.order is Order.BOTH
    assert column.frame["uncertain"].tolist() == [False, False, True]


def test_dates_that_a_spreadsheet_turned_round_are_uncertain() -> None:
    turned = [datetime(2026, 1, 5), datetime(2026, 2, 5), datetime(2026, 5, 5)]
    column = read(pd.Series([*turned, "5/13/2026", "5/14/2026"], dtype=object))
    assert column.order is Order.TURNED
    assert column.frame["uncertain"].tolist() == [True, True, False, False, False]
    honest = read(pd.Series([datetime(2026, 1, 25), *turned, "5/13/2026", "5/14/2026"]))
    assert honest.order is Order.MONTH_FIRST


@pytest.mark.parametrize("said", ["31/02/2026", "2026-02-30", "30 February 2026", 20260231])
def test_a_day_that_does_not_exist_is_said_to_be_none(said: object) -> None:
    frame = read(pd.Series([said], dtype=object)).frame
    assert frame["bad"].tolist() == [True]
    assert frame["no_such_day"].tolist() == [True]


@pytest.mark.parametrize("said", ["soon", "Mar 04", "07700 900123", float("inf"), 12345678, "1e9"])
def test_what_is_no_date_is_bad(said: object) -> None:
    frame = read(pd.Series([said], dtype=object)).frame
    assert frame["bad"].tolist() == [True]
    assert frame["date"].isna().all()


def test_blanks_are_neither_dates_nor_bad() -> None:
    frame = read(pd.Series(["", None, float("nan"), pd.NaT], dtype=object)).frame
    assert frame["date"].isna().all()
    assert not frame["bad"].any()


def test_the_shape_of_a_cell_shows_its_form_and_no_word_of_it() -> None:
    assert shape("31 Febtember 26") == "99 aaaaaaaaa 99"
    assert shape("4 March 2026, 2pm") == "9 March 9999, 9pm"
    assert shape("Mrs Ann Elder") == "aaa aaa aaaaa"
    assert shape("07700 900123") == "99999 999999"


@given(st.lists(st.dates(date(2013, 1, 1), date(2060, 12, 31)), min_size=1, max_size=12))
def test_no_date_is_read_as_another_day_and_called_certain(days: list[date]) -> None:
    for form in ("%d/%m/%Y", "%m/%d/%Y"):
        frame = read(pd.Series([day.strftime(form) for day in days])).frame
        certain = ~frame["uncertain"]
        wrong = [
            given != day
            for given, day, sure in zip(frame["date"].dt.date, days, certain, strict=True)
            if sure
        ]
        assert not any(wrong)


@given(st.integers(20000, 80000))
def test_a_spreadsheets_day_number_is_its_day(number: int) -> None:
    day = date(1899, 12, 30) + timedelta(days=number)
    for written in (number, float(number) + 0.5, str(number)):
        frame = read(pd.Series([written], dtype=object)).frame
        if day <= date(2100, 12, 31):
            assert frame["date"].dt.date.tolist() == [day]
