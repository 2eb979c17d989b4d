"""Which organisations changed from one year to the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from pxcore.analysis.time import decisions
from pxcore.analysis.time.cells import Every
from pxcore.analysis.time.movers import MoversReport, Moves, movers, years
from pxcore.analysis.time.trends import TrendsReport, trends
from pxcore.model import Pairing, Period, Scope
from pxcore.stats.intervals import newcombe
from pxcore.stats.trend import Direction
from pxcore.store import Store
from pxcore.words import movers as words
from pxcore.words import trends as trends_words
from tests.analysis.frames import side
from tests.remembering import remembering
from tests.store.loads import extract, fft, survey

FIRST = 2024 * 12  # January 2024: two calendar years


def month(place: int) -> str:
    return f"{(FIRST + place) // 12}-{(FIRST + place) % 12 + 1:02d}"


def practice(
    unit: str, before: float, after: float, answers: float = 200.0, seed: int = 0, months: int = 24
) -> list[dict[str, Any]]:
    """Months of a practice, the last twelve at another level than those before."""
    random = np.random.default_rng(seed)
    return [
        fft(
            unit,
            float(random.binomial(int(answers), after if at >= months - 12 else before)),
            answers,
            month(at),
        )
        for at in range(months)
    ]


def peers(store: Store, moving: dict[str, tuple[float, float]], count: int = 30) -> TrendsReport:
    rows: list[dict[str, Any]] = []
    for place in range(count):
        unit = f"P-{place:02d}"
        before, after = moving.get(unit, (0.85, 0.85))
        rows += practice(unit, before, after, seed=place)
    store.commit([extract(fft_fact=rows)])
    return trends(store, Scope(Pairing("", ""), service="general_practice"))


def only(report: MoversReport) -> Moves:
    (moves,) = report.sources
    return moves


def changed(report: MoversReport) -> list[str]:
    """Who changed beyond chance in some source."""
    ways = (Direction.UP, Direction.DOWN)
    return sorted(
        {u for moves in report.sources for way in ways for u in moves.that_went(way)["unit"]}
    )


# --- Times ---


def of_months(first: int, count: int) -> list[Period]:
    return [Period.month((first + at) // 12, (first + at) % 12 + 1) for at in range(count)]


GP_FFT, GP_SURVEY = side("fft_gp"), side("gp_survey")


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (
            24,
            (
                Period(date(2024, 1, 1), date(2024, 12, 31)),
                Period(date(2025, 1, 1), date(2025, 12, 31)),
            ),
        ),
        (
            30,
            (
                Period(date(2024, 7, 1), date(2025, 6, 30)),
                Period(date(2025, 7, 1), date(2026, 6, 30)),
            ),
        ),
        # of less than two years the latest months and the same months a year before
        (
            18,
            (
                Period(date(2024, 1, 1), date(2024, 6, 30)),
                Period(date(2025, 1, 1), date(2025, 6, 30)),
            ),
        ),
        (
            16,
            (
                Period(date(2024, 2, 1), date(2024, 4, 30)),
                Period(date(2025, 2, 1), date(2025, 4, 30)),
            ),
        ),
        (14, None),
        (0, None),
    ],
)
def test_a_year_stands_beside_the_year_before(
    months: int, expected: tuple[Period, Period] | None
) -> None:
    assert years(of_months(FIRST, months), GP_FFT, Every.MONTH, whole_quarters=False) == expected


def test_single_responses_are_counted_by_whole_quarters() -> None:
    times = years(of_months(FIRST, 26), GP_FFT, Every.MONTH, whole_quarters=True)
    assert times is not None
    assert all(time.is_whole_quarters for time in times)
    assert times[1].end == date(2025, 12, 31)


@given(months=st.integers(0, 60), first=st.integers(2021 * 12, 2025 * 12), quarters=st.booleans())
def test_both_times_are_as_long_and_a_year_apart(months: int, first: int, quarters: bool) -> None:
    times = years(of_months(first, months), GP_FFT, Every.MONTH, whole_quarters=quarters)
    if times is None:
        assert months < 18
        return
    before, after = times
    assert (after.start.year - before.start.year, after.start.month) == (1, before.start.month)
    assert (after.end.year - before.end.year, after.end.month) == (1, before.end.month)
    assert before.end < after.start
    assert before.start >= of_months(first, 1)[0].start


def test_no_change_is_worked_out_across_a_change_of_question() -> None:
    covered = of_months(2019 * 12, 24)  # the question changed in April 2020
    assert years(covered, GP_FFT, Every.MONTH, whole_quarters=False) is None


def test_of_waves_the_last_two_since_the_question_changed() -> None:
    waves = [Period(date(year, 1, 2), date(year, 3, 25)) for year in (2023, 2024, 2025)]
    assert years(waves, GP_SURVEY, Every.WAVE, whole_quarters=False) == (waves[1], waves[2])
    assert years(waves[:2], GP_SURVEY, Every.WAVE, whole_quarters=False) is None  # new in 2024


# --- Changes ---


def test_those_that_changed_are_named_and_held_to_a_rate_over_all(store: Store) -> None:
    report = peers(store, {"P-03": (0.75, 0.90), "P-07": (0.90, 0.80)})
    moves = only(movers(store, report))
    assert list(moves.that_went(Direction.UP)["unit"]) == ["P-03"]
    assert list(moves.that_went(Direction.DOWN)["unit"]) == ["P-07"]
    assert len(moves.rows) == 30
    assert moves.rows["q_value"].to_numpy() == pytest.approx(
        scipy.stats.false_discovery_control(moves.rows["p_value"])
    )


def test_a_change_has_the_range_of_both_figures(store: Store) -> None:
    report = peers(store, {"P-03": (0.75, 0.90)})
    row = only(movers(store, report)).rows.set_index("unit").loc["P-03"]
    assert row["change"] == pytest.approx(row["after"] - row["before"])
    low, high = newcombe(row["after"], 2400.0, row["before"], 2400.0)
    # never narrower than binomial chance: months that swing more than answers do widen it
    assert row["low"] <= low + 1e-9
    assert row["high"] >= high - 1e-9


def test_chance_alone_seldom_names_anybody() -> None:
    named = 0
    for seed in range(12):
        own = Store.open()
        rows: list[dict[str, Any]] = []
        for place in range(25):
            rows += practice(f"P-{place:02d}", 0.85, 0.85, 60.0, seed=1000 * seed + place)
        own.commit([extract(fft_fact=rows)])
        named += bool(
            changed(movers(own, trends(own, Scope(Pairing("", ""), service="general_practice"))))
        )
        own.close()
    assert named <= 3  # 12 times 5 in 100; more than three of them once in 200


def test_a_leap_in_the_number_of_answers_is_left_out(store: Store) -> None:
    rows = [*practice("P-0", 0.80, 0.95)]
    for row in rows[12:]:
        row["respondents"], row["positive"] = 900.0, 900.0 * row["value"]
    others = [row for n in (1, 2) for row in practice(f"P-{n}", 0.8, 0.8, seed=n)]
    store.commit([extract(fft_fact=[*rows, *others])])
    moves = only(movers(store, trends(store, Scope(Pairing("", ""), service="general_practice"))))
    assert list(moves.left_out["unit"]) == ["P-0"]
    assert "P-0" not in set(moves.rows["unit"])
    assert "1 practice left out" in " ".join(
        words.notes(
            movers(store, trends(store, Scope(Pairing("", ""), service="general_practice")))
        )
    )
    one = movers(store, trends(store, unit="P-0"))
    assert words.headline_of_one(one, "Practice P-0") == ""


def test_a_series_that_starts_afresh_in_between_is_left_out(store: Store) -> None:
    report = peers(store, {"P-03": (0.75, 0.90)})
    own = trends(store, unit="P-03")
    decisions.start_afresh(store, own, "fft_gp", date(2025, 1, 1), "texts instead of cards", "Ann")
    moves = only(movers(store, trends(store, Scope(Pairing("", ""), service="general_practice"))))
    assert list(moves.left_out["unit"]) == ["P-03"]
    assert not changed(movers(store, report))


def test_an_area_chooses_whom_to_show_and_changes_no_figure(demonstration: Store) -> None:
    whole = movers(demonstration, trends(demonstration))
    part = movers(demonstration, trends(demonstration, Scope(Pairing("", "", area="N-007"))))
    for moves in part.sources:
        same = next(one for one in whole.sources if one.side.source == moves.side.source)
        assert 0 < len(moves.shown) < len(same.shown)
        both = moves.shown.merge(same.rows, on="unit", suffixes=("", "_whole"))
        assert (both["q_value"] == both["q_value_whole"]).all()


# --- Together ---


def two_sources(
    store: Store,
    of_fft: Callable[[str], tuple[float, float]],
    of_survey: Callable[[str], tuple[float, float]],
) -> MoversReport:
    rows: list[dict[str, Any]] = []
    waves: list[dict[str, Any]] = []
    for place in range(20):
        unit = f"P-{place:02d}"
        rows += practice(unit, *of_fft(unit), seed=place)
        for year, share in zip((2025, 2026), of_survey(unit), strict=True):
            waves.append(survey(unit, share, 400, year))
    store.commit([extract(fft_fact=rows)])
    store.commit([extract(survey_fact=waves)])
    return movers(store, trends(store, Scope(Pairing("", ""), service="general_practice")))


def moving(**of: tuple[float, float]) -> Callable[[str], tuple[float, float]]:
    return lambda unit: of.get(unit.replace("-", "_"), (0.8, 0.8))


def test_who_rose_in_both_is_named(store: Store) -> None:
    report = two_sources(store, moving(P_01=(0.7, 0.9)), moving(P_01=(0.6, 0.85)))
    assert report.alike(Direction.UP) == {"P-01": ["FFT GP", "GP survey"]}
    assert words.summary(report) == (
        "Of 20 practices, one changed in two sources year on year: Practice P-01 rose in FFT GP (71%→90%) "
        "and GP survey (60%→85%)."
    )
    assert words.counts(report) == (
        "From one year to the next, beyond chance, in FFT GP 1 of 20 practices rose. In GP survey 1 of 20 "
        "rose."
    )
    assert words.screen(report).iloc[0]["fft_gp"].startswith("▲ 71% → 90%")


def test_several_that_rose_and_one_that_fell_are_named_in_sentences(store: Store) -> None:
    rises, falls = {"P_01": (0.7, 0.9), "P_02": (0.7, 0.9)}, {"P_03": (0.9, 0.7)}
    report = two_sources(store, moving(**rises, **falls), moving(**rises, **falls))
    assert set(report.changed_in_two) == {"P-01", "P-02", "P-03"}
    assert words.summary(report).startswith(
        "Of 20 practices, 3 changed in two sources year on year. Practice P-0"
    )
    assert " rose in both FFT GP and GP survey. Practice P-03 fell in FFT GP (" in words.summary(
        report
    )


def test_who_rose_in_one_and_fell_in_the_other_is_named(store: Store) -> None:
    report = two_sources(store, moving(P_01=(0.7, 0.9)), moving(P_01=(0.85, 0.6)))
    assert report.opposed == ["P-01"]
    assert "rose in one source and fell in another" in words.summary(report)


def test_who_changed_in_one_alone_did_not_change_together(store: Store) -> None:
    report = two_sources(store, moving(P_01=(0.7, 0.9)), moving())
    assert not report.alike(Direction.UP)
    assert changed(report) == ["P-01"]
    assert words.summary(report) == ("Of 20 practices, none changed beyond chance in two sources.")


def test_one_organisation_is_held_against_all(store: Store) -> None:
    two_sources(store, moving(P_01=(0.7, 0.9)), moving())
    report = movers(store, trends(store, unit="P-01"))
    assert words.headline_of_one(report, "Practice P-01").startswith(
        "From one year to the next, Practice P-01 rose in FFT GP (71% → 90%: +17.0 to +21.5)"
    )
    assert words.headline_of_one(report, "Practice P-01").endswith(
        "; no change beyond chance in GP survey (80% → 80%)."
    )


def test_the_decision_worth_taking_of_the_demonstration_stands_out(demonstration: Store) -> None:
    report = movers(demonstration, trends(demonstration))
    assert changed(report) == ["P-0073"]
    assert list(report.alike(Direction.UP).values()) == [["FFT GP", "GP survey"]]
    nothing = movers(demonstration, trends(demonstration, unit="P-0120"))
    assert "no change beyond chance" in words.headline_of_one(nothing, "P-0120")


def test_a_new_way_of_asking_in_the_demonstration_is_no_change(demonstration: Store) -> None:
    report = movers(
        demonstration,
        trends(demonstration, Scope(Pairing("", ""), service="inpatient"), unit="T-09"),
    )
    (inpatient,) = (moves for moves in report.sources if moves.side.source == "fft_inpatient")
    assert "T-09" in set(inpatient.left_out["unit"])
    assert "FFT inpatient is not compared" in words.headline_of_one(report, "T-09")


def test_the_same_answers_in_two_sources_are_not_two_that_rose(store: Store) -> None:
    rows: list[dict[str, Any]] = []
    for place in range(20):
        unit = f"P-{place:02d}"
        before, after = (0.7, 0.9) if unit == "P-01" else (0.8, 0.8)
        rows += practice(unit, before, after, seed=place)
    copies = [row | {"source": "fft_local"} for row in rows]
    store.commit([extract(fft_fact=rows), extract(fft_fact=copies)])
    report = movers(store, trends(store, Scope(Pairing("", ""), service="general_practice")))
    assert [moves.side.source for moves in report.sources] == ["fft_gp", "fft_local"]
    assert all(list(moves.that_went(Direction.UP)["unit"]) == ["P-01"] for moves in report.sources)
    assert report.alike(Direction.UP) == {}
    assert "changed beyond chance in two sources" in words.summary(report)
    assert "seem to be the same people" in " ".join(words.notes(report))


def test_what_stands_out_by_itself_alone_is_said_to_be_within_chance(demonstration: Store) -> None:
    report = movers(demonstration, trends(demonstration))
    shown = words.screen(report).set_index("unit")
    for moves in report.sources:
        for row in moves.shown.to_dict("records"):
            alone = row["low"] * row["high"] > 0 and row["direction"] == Direction.NOT_SHOWN.value
            assert ("within chance" in shown.loc[row["unit"], moves.side.source]) is bool(alone)
    assert shown["gp_survey"].str.contains("within chance").any()


def test_another_measure_is_another_question(demonstration: Store) -> None:
    one, other = (
        trends(demonstration, Scope(Pairing("", ""), service="general_practice", measures=measures))
        for measures in ((), (("gp_survey", "phone"),))
    )
    assert one.view == other.view
    with remembering(demonstration):
        before, after = (
            next(m for m in movers(demonstration, report).sources if m.side.source == "gp_survey")
            for report in (one, other)
        )
    assert before.side.measure != after.side.measure


def test_of_a_single_source_who_changed_is_counted_once(store: Store) -> None:
    rows = [row for place in range(20) for row in practice(f"P-{place:02d}", 0.8, 0.8, seed=place)]
    store.commit([extract(fft_fact=rows)])
    report = trends(store, Scope(Pairing("", ""), service="general_practice"))
    changed_of = movers(store, report)
    assert changed_of.in_two() == 0
    assert "of 20 practices none rose" in trends_words.headline(report, changed_of)
    assert "of 20 practices" not in trends_words.beneath(report, changed_of)
