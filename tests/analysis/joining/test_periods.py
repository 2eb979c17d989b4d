"""Which periods meet: survey fieldwork against months, months against months, breaks never crossed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxcore.analysis.joining.periods import (
    Side,
    choose_periods,
    months_inside,
    unbroken,
    windows_of,
)
from pxcore.analysis.joining.refusals import Refusal
from pxcore.model import Pairing, Period, Periods
from pxcore.words.refusals import sentence

MONTHS_OF_2024 = [Period.month(2024, month) for month in range(1, 13)]


def side(source: str, signal: str, measure: str = "overall") -> Side:
    return Side(
        source=source,
        title=source,
        short_title=source,
        signal=signal,
        service="general_practice",
        measure=measure,
        measure_title=measure,
        domain="overall",
        unit="proportion",
        reported_grain="practice",
        period=None,
    )


FFT, SURVEY = side("fft_gp", "fft"), side("gp_survey", "survey")
HEALTHWATCH = side("healthwatch", "community")


def coverage(**periods: list[Period]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "source": source,
                "measure": "overall",
                "grain": "practice",
                "period_start": pd.Timestamp(period.start),
                "period_end": pd.Timestamp(period.end),
                "period_approximate": False,
            }
            for source, found in periods.items()
            for period in found
        ]
    )


def chosen(
    left: Side,
    right: Side,
    found: pd.DataFrame,
    periods: Periods = Periods.ALIGNED,
    window: Period | None = None,
) -> tuple[str, str, bool, list[str]]:
    refusals: list[Refusal] = []
    pairing = Pairing(left.source, right.source, periods=periods, window=window)
    one, other, aligned = choose_periods(left, right, found, pairing, refusals, [])
    return str(one.period), str(other.period), aligned, [sentence(refusal) for refusal in refusals]


@pytest.mark.parametrize(
    ("window", "months"),
    [
        (Period(date(2024, 1, 2), date(2024, 3, 25)), [1, 2, 3]),
        (Period(date(2024, 1, 17), date(2024, 3, 15)), [2]),  # 15 of 31 days at both ends
        (Period(date(2024, 1, 16), date(2024, 3, 15)), [1, 2]),  # 16 of 31 days, then 15
        (Period(date(2024, 11, 1), date(2024, 11, 30)), [11]),
    ],
)
def test_a_month_counts_with_half_of_its_days_inside(window: Period, months: list[int]) -> None:
    assert [month.start.month for month in months_inside(MONTHS_OF_2024, window)] == months


@given(st.dates(date(2023, 1, 1), date(2025, 12, 1)), st.integers(0, 400))
def test_no_month_is_taken_that_lies_mostly_outside(start: date, days: int) -> None:
    window = Period(start, date.fromordinal(start.toordinal() + days))
    for month in months_inside(MONTHS_OF_2024, window):
        assert month.overlap(window) * 2 >= month.days


def test_the_months_of_a_surveys_fieldwork_are_compared_with_it() -> None:
    found = coverage(fft_gp=MONTHS_OF_2024, gp_survey=[Period(date(2024, 1, 2), date(2024, 3, 25))])
    assert chosen(FFT, SURVEY, found) == ("Jan–Mar 2024", "2 Jan – 25 Mar 2024", True, [])


def test_the_latest_wave_that_meets_is_taken_not_the_latest() -> None:
    waves = [
        Period(date(2024, 1, 2), date(2024, 3, 25)),
        Period(date(2025, 1, 2), date(2025, 4, 1)),
    ]
    found = coverage(fft_gp=MONTHS_OF_2024, gp_survey=waves)
    assert chosen(FFT, SURVEY, found)[1] == "2 Jan – 25 Mar 2024"


def test_of_waves_that_meet_the_pair_that_ends_last_is_taken() -> None:
    year = Period(date(2023, 1, 1), date(2023, 12, 31))
    summer = Period(date(2023, 5, 20), date(2023, 9, 10))
    found = coverage(gp_survey=[year, summer], healthwatch=[year])
    assert chosen(SURVEY, HEALTHWATCH, found)[:2] == (str(year), str(year))


def test_a_side_says_how_many_months_it_has_and_should_have() -> None:
    wave = Period(date(2024, 1, 2), date(2024, 4, 25))
    found = coverage(fft_gp=[MONTHS_OF_2024[0], *MONTHS_OF_2024[2:]], gp_survey=[wave])
    pairing = Pairing("fft_gp", "gp_survey")
    left, right, _ = choose_periods(FFT, SURVEY, found, pairing, [], [])
    assert (left.months_found, left.months_due) == (3, 4)
    assert (right.months_found, right.months_due) == (0, 0)


def test_periods_that_do_not_meet_are_refused_naming_both() -> None:
    found = coverage(
        fft_gp=[Period.month(2026, 2)],
        gp_survey=[Period(date(2024, 1, 2), date(2024, 3, 25))],
    )
    _, _, aligned, refusals = chosen(FFT, SURVEY, found)
    assert not aligned
    assert "February 2026" in refusals[0]
    assert "2 Jan – 25 Mar 2024" in refusals[0]


def test_the_latest_of_each_is_never_called_aligned_where_they_do_not_meet() -> None:
    found = coverage(
        fft_gp=[Period.month(2026, 1), Period.month(2026, 2)],
        gp_survey=[Period(date(2024, 1, 2), date(2024, 3, 25))],
    )
    assert chosen(FFT, SURVEY, found, Periods.LATEST) == (
        "February 2026",
        "2 Jan – 25 Mar 2024",
        False,
        [],
    )


def test_two_monthly_sources_share_at_most_their_last_year() -> None:
    months = [Period.month(2023, m) for m in range(1, 13)] + MONTHS_OF_2024
    found = coverage(fft_gp=months, healthwatch=months[:-2])
    assert chosen(FFT, HEALTHWATCH, found)[:3] == (
        "Nov 2023 – Oct 2024",
        "Nov 2023 – Oct 2024",
        True,
    )


def test_no_comparison_crosses_the_change_of_the_question_in_2020() -> None:
    months = [Period.month(2019, m) for m in range(10, 13)]
    months += [Period.month(2020, m) for m in range(1, 9)]
    found = coverage(fft_gp=months, healthwatch=months)
    assert chosen(FFT, HEALTHWATCH, found)[0] == "Apr–Aug 2020"


def test_a_wave_that_straddles_a_break_is_refused() -> None:
    straddling = Period(date(2023, 12, 15), date(2024, 2, 20))
    months = [Period.month(2023, 12), Period.month(2024, 1), Period.month(2024, 2)]
    found = coverage(fft_gp=months, gp_survey=[straddling])
    assert "nothing is compared across it" in chosen(FFT, SURVEY, found)[3][0]


def test_a_source_without_dated_figures_is_refused_by_name() -> None:
    found = coverage(fft_gp=MONTHS_OF_2024)
    assert (
        "GP Patient Survey (Overall experience) has no dated figures for practices"
        in (chosen(FFT, SURVEY, found)[3][0])
    )


def test_a_quarter_asked_for_takes_what_both_have_inside_it() -> None:
    found = coverage(fft_gp=MONTHS_OF_2024, healthwatch=MONTHS_OF_2024[:5])
    quarter = Period(date(2024, 4, 1), date(2024, 6, 30))
    assert chosen(FFT, HEALTHWATCH, found, window=quarter)[:3] == (
        "Apr–Jun 2024",
        "Apr–May 2024",
        True,
    )


def test_a_quarter_one_source_is_silent_in_is_refused() -> None:
    found = coverage(fft_gp=MONTHS_OF_2024, healthwatch=MONTHS_OF_2024[:3])
    quarter = Period(date(2024, 4, 1), date(2024, 6, 30))
    refusals = chosen(FFT, HEALTHWATCH, found, window=quarter)[3]
    assert refusals == ["Healthwatch feedback has nothing in Apr–Jun 2024: it covers Jan–Mar 2024."]


def test_single_responses_are_counted_by_whole_quarters_alone() -> None:
    found = coverage(fft_gp=MONTHS_OF_2024, healthwatch=MONTHS_OF_2024).assign(
        people_key=float("nan")
    )
    found.loc[found["source"] == "healthwatch", "people_key"] = 7.0
    refusals = chosen(FFT, HEALTHWATCH, found, window=Period.month(2024, 5))[3]
    assert refusals == ["Healthwatch feedback: single responses are counted by whole quarters."]


def test_a_question_that_never_changed_is_unbroken_from_the_first_day_to_the_last() -> None:
    spring = replace(HEALTHWATCH, period=Period.month(2024, 5))
    assert unbroken(spring) == Period(date(1900, 1, 1), date(2200, 1, 1))
    changed = replace(FFT, period=Period.month(2024, 5))
    assert unbroken(changed).start == date(2020, 4, 1)


def test_quarters_and_years_have_their_financial_names() -> None:
    named = windows_of([Period.month(2024, 3), Period.month(2024, 4), Period.month(2024, 12)])
    assert {name: str(period) for name, period in named.items()} == {
        "2024-25": "Apr 2024 – Mar 2025",
        "2024-25 Q3": "Oct–Dec 2024",
        "2024-25 Q1": "Apr–Jun 2024",
        "2023-24": "Apr 2023 – Mar 2024",
        "2023-24 Q4": "Jan–Mar 2024",
    }
