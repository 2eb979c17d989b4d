"""Which periods meet: survey fieldwork against months, months against months, breaks never crossed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxcore.analysis.joining.periods import (
    Side,
    choose_periods,
    is_month,
    months_apart,
    months_before,
    months_inside,
    placing,
    refuse_part_of_a_quarter,
    spans,
    unbroken,
    widened,
    widening,
    windows_of,
)
from pxcore.analysis.joining.refusals import Refusal
from pxcore.errors import NothingToCompare
from pxcore.model import Disclosure, Months, Pairing, Period, Periods, Selection
from pxcore.words.refusals import sentence
from tests.figures import as_json

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


# --- Every way of choosing, on a few sets of periods ---

WAVE = Period(date(2024, 1, 2), date(2024, 3, 25))
NEXT_WAVE = Period(date(2025, 1, 2), date(2025, 4, 1))
WEEKS = Period(date(2024, 5, 20), date(2024, 6, 9))
YEAR = Period(date(2023, 4, 1), date(2024, 3, 31))
BEFORE = [Period.month(2019, month) for month in range(10, 13)]
AROUND_A_BREAK = [*BEFORE, *(Period.month(2020, month) for month in range(1, 9))]
LONG = [*(Period.month(2023, month) for month in range(1, 13)), *MONTHS_OF_2024]
COVERED = {
    "months and a wave": (FFT, MONTHS_OF_2024, SURVEY, [WAVE]),
    "a wave and months": (SURVEY, [WAVE, NEXT_WAVE], FFT, MONTHS_OF_2024[2:7]),
    "months with a gap and weeks": (FFT, [*MONTHS_OF_2024[:4], *MONTHS_OF_2024[6:]], SURVEY, [WEEKS]),
    "months and a wave that ended before": (FFT, MONTHS_OF_2024[5:], SURVEY, [WAVE]),
    "months and months": (FFT, LONG, HEALTHWATCH, LONG[3:-2]),
    "months and later months": (FFT, MONTHS_OF_2024[:2], HEALTHWATCH, MONTHS_OF_2024[7:]),
    "months around a break": (FFT, AROUND_A_BREAK, HEALTHWATCH, AROUND_A_BREAK),
    "a year and waves": (HEALTHWATCH, [YEAR], SURVEY, [WAVE, NEXT_WAVE]),
    "a wave across a break": (SURVEY, [Period(date(2023, 12, 15), date(2024, 2, 20))], FFT, LONG),
    "nothing and months": (FFT, [], HEALTHWATCH, MONTHS_OF_2024),
}  # fmt: skip
WINDOWS = {
    "a quarter": Period(date(2024, 1, 1), date(2024, 3, 31)),
    "a financial year": YEAR,
    "a month": Period.month(2024, 5),
    "some days": Period(date(2024, 2, 10), date(2024, 5, 16)),
}


def covered(left: Side, left_spans: list[Period], right: Side, right_spans: list[Period]) -> Any:
    """Both sources' periods, the left ones approximate and the right ones of single responses; beside
    them rows of another measure and level, and one without a date."""
    both = coverage(**{left.source: left_spans, right.source: right_spans})
    rows = pd.concat([both, coverage(**{left.source: [Period.month(2026, 1)]})], ignore_index=True)
    rows["period_approximate"] = rows["source"] == left.source
    rows["people_key"] = (rows["source"] == right.source).map({True: 3.0, False: float("nan")})
    last = rows.index[-1]
    rows.loc[last, "measure"] = "access"
    of_a_trust = rows.iloc[[last]].assign(measure="overall", grain="trust")
    undated = rows.iloc[[0]].assign(period_start=pd.NaT, period_end=pd.NaT)
    rows.loc[0, "grain"] = ""  # as the source usually reports
    return pd.concat([rows, of_a_trust, undated], ignore_index=True)


def picked(name: str, **pairing: Any) -> Any:
    left, left_spans, right, right_spans = COVERED[name]
    refusals: list[Refusal] = []
    notes: list[Any] = []
    asked = Pairing(left.source, right.source, **pairing)
    rows = covered(left, left_spans, right, right_spans)
    *sides, aligned = choose_periods(left, right, rows, asked, refusals, notes)
    return as_json(
        {
            "sides": [
                f"{of.period}, {of.months_found} of {of.months_due}, {of.period_approximate}"
                for of in sides
            ],
            "aligned": aligned,
            "refusals": refusals,
            "notes": notes,
        }
    )


@pytest.mark.parametrize("name", COVERED)
def test_which_periods_are_chosen(name: str, golden: Callable[..., None]) -> None:
    chosen_by = {
        **{f"{periods}, {months}": picked(name, periods=periods, months=months)
           for periods, months in product(Periods, Months)},
        **{title: picked(name, window=window) for title, window in WINDOWS.items()},
        "a month, exactly": picked(
            name, window=WINDOWS["a month"], disclosure=Disclosure(exact=True)
        ),
    }  # fmt: skip
    golden(f"periods/{name.replace(' ', '_')}", chosen_by)


def test_a_source_speaks_of_its_own_measure_and_level_in_order() -> None:
    rows = covered(FFT, [*MONTHS_OF_2024[3:5], MONTHS_OF_2024[0]], HEALTHWATCH, MONTHS_OF_2024)
    assert spans(rows, FFT) == [MONTHS_OF_2024[0], *MONTHS_OF_2024[3:5]]
    assert spans(rows, replace(FFT, reported_grain="trust")) == [Period.month(2026, 1)]
    assert spans(rows, replace(FFT, measure="access")) == [Period.month(2026, 1)]


def test_a_side_is_as_the_shipped_maps_have_it() -> None:
    assert as_json(replace(Side.of("gp_survey", "overall", "practice"), period=WAVE)) == as_json(
        Side(
            "gp_survey", "GP Patient Survey", "GP survey", "survey", "general_practice", "overall",
            "Overall experience", "overall", "proportion", "practice", WAVE,
        )
    )  # fmt: skip
    unknown = Side.of("gp_survey", "no such", "practice")
    assert (unknown.measure_title, unknown.domain, unknown.unit) == (
        "no such",
        "none",
        "proportion",
    )
    score = Side.of("cqc_inpatient", "overall", "trust")
    assert (score.unit, score.service, score.domain) == ("score", "inpatient", "overall")


def test_what_places_the_rows_of_a_source() -> None:
    side_ = replace(FFT, selection=Selection(("paper",), "age", ("65 and over",)))
    placed = placing(side_, Pairing("fft_gp", "gp_survey", grain="pcn", area="Q1"), "dental", WAVE)
    assert placed == {
        "source": "fft_gp", "measure": "overall", "reported_grain": "practice", "grain": "pcn",
        "usual_grain": "practice", "area": "Q1", "service": "dental", "start": WAVE.start,
        "end": WAVE.end, "organisation": "current", "without_modes": ["paper"], "dimension": "age",
        "groups": ["65 and over"], "sentiment": "",
    }  # fmt: skip
    ungrouped = replace(FFT, selection=Selection(dimension="age"))
    assert placing(ungrouped, Pairing("a", "b"), "", WAVE)["dimension"] == ""


def test_a_month_is_whole_and_one() -> None:
    assert [is_month(period) for period in (
        Period.month(2024, 2), Period(date(2024, 2, 1), date(2024, 2, 28)),
        Period(date(2024, 2, 1), date(2024, 3, 31)), Period(date(2024, 2, 2), date(2024, 2, 29)),
    )] == [True, False, False, False]  # fmt: skip


@pytest.mark.parametrize(
    ("left", "right", "wider"),
    [
        (LONG, [WAVE], (True, False)),
        ([WAVE], LONG, (False, True)),
        (LONG, LONG, (False, False)),
        ([WAVE], [YEAR], (False, False)),
        ([*LONG, WAVE], [WAVE], (False, False)),
    ],
)
def test_a_monthly_source_is_widened_beside_one_that_is_not(
    left: list[Period], right: list[Period], wider: tuple[bool, bool]
) -> None:
    assert widening(left, right) == wider


@pytest.mark.parametrize(
    ("source", "months", "start", "end"),
    [
        (FFT, Months.FIELDWORK, date(2024, 1, 1), date(2024, 3, 31)),
        (FFT, Months.AROUND, date(2023, 10, 1), date(2024, 6, 30)),
        (FFT, Months.YEAR, date(2023, 4, 1), date(2024, 3, 31)),
        (SURVEY, Months.AROUND, date(2024, 1, 1), date(2024, 6, 30)),  # a break on the first day
        (SURVEY, Months.YEAR, date(2024, 1, 1), date(2024, 3, 31)),
    ],
)
def test_more_months_stay_within_the_time_of_a_question(
    source: Side, months: Months, start: date, end: date
) -> None:
    at = replace(source, period=Period(date(2024, 1, 1), date(2024, 3, 31)))
    assert widened(at, months).period == Period(start, end)
    assert widened(source, months).period is None


def test_a_question_stands_until_the_day_before_it_changes() -> None:
    until = replace(SURVEY, period=Period.month(2023, 5))
    assert unbroken(until) == Period(date(1900, 1, 1), date(2023, 12, 31))
    on_the_day = replace(SURVEY, period=Period.month(2024, 1))
    assert unbroken(on_the_day) == Period(date(2024, 1, 1), date(2200, 1, 1))
    across = replace(SURVEY, period=Period(date(2023, 12, 1), date(2024, 1, 31)))
    assert unbroken(across) == Period(date(1900, 1, 1), date(2200, 1, 1))


def test_months_lie_apart_by_the_middles_of_their_days() -> None:
    first, second = Period(date(2024, 1, 1), date(2024, 1, 31)), Period.month(2024, 5)
    assert months_apart(first, second) == months_apart(second, first) == 121 / 30.44


def test_months_before_count_over_years() -> None:
    start = date(2024, 3, 1)
    assert [months_before(start, by) for by in (0, 2, 3, 15, -9, -10)] == [
        date(2024, 3, 1), date(2024, 1, 1), date(2023, 12, 1), date(2022, 12, 1),
        date(2024, 12, 1), date(2025, 1, 1),
    ]  # fmt: skip


def test_comments_of_part_of_a_quarter_are_refused_with_the_way_out() -> None:
    with pytest.raises(NothingToCompare) as refused:
        refuse_part_of_a_quarter(Period.month(2024, 5), Disclosure())
    assert str(refused.value).startswith(
        "May 2024: single responses are counted by whole quarters."
    )
    assert refused.value.fix == "Choose a quarter or a year."
    refuse_part_of_a_quarter(Period.month(2024, 5), Disclosure(exact=True))
    refuse_part_of_a_quarter(WINDOWS["a quarter"], Disclosure())
    refuse_part_of_a_quarter(None, Disclosure())
