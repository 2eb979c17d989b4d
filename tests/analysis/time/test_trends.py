"""Sources over time: what is drawn, flagged and compared, and what each awkward series is told as."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pxcore.analysis.files import load
from pxcore.analysis.joining import matching
from pxcore.analysis.questions import ask
from pxcore.analysis.time import decisions
from pxcore.analysis.time.changes import changes
from pxcore.analysis.time.history import Silent
from pxcore.analysis.time.movers import movers
from pxcore.analysis.time.series import Merger, Series, volume_step
from pxcore.analysis.time.trends import TrendsReport, trends
from pxcore.disclosure import largest_noise
from pxcore.errors import NothingToCompare, UnknownSource
from pxcore.model import Disclosure, Organisation, Pairing, Period, Scope
from pxcore.publish.trends import as_json
from pxcore.stats.control_chart import Assurance, Chart, Limits, Signal, Variation
from pxcore.stats.lead_lag import Leads
from pxcore.stats.trend import MOVES, Direction, Together
from pxcore.store import Store
from pxcore.words import changes as of_changes
from pxcore.words import series as over_time
from pxcore.words import trends as words
from tests.remembering import remembering
from tests.store.loads import became, extract, fft, parent, provider, response, survey

REFERENCE = Path(__file__).parents[2] / "reference"
PACKAGE = [
    one
    for one in json.loads((REFERENCE / "control_chart.json").read_text("utf-8"))["series"]
    if one["fix_after"] is None and one["improvement"] == 1 and not one["rebase"]
]
P_PRIME = json.loads((REFERENCE / "p_chart.json").read_text("utf-8"))
TYPES = {
    "common_cause": Variation.COMMON,
    "special_cause_improvement": Variation.IMPROVEMENT,
    "special_cause_concern": Variation.CONCERN,
}
MANY = 1000.0


def month(place: int, first: int = 2023 * 12) -> str:
    return f"{(first + place) // 12}-{(first + place) % 12 + 1:02d}"


def rows(
    shares: Iterable[float | None],
    answers: float | Sequence[float] = MANY,
    unit: str = "P-1",
    first: int = 2023 * 12,
    **more: Any,
) -> list[dict[str, Any]]:
    """GP FFT of one practice month by month; None: a month that is not in any file."""
    told = list(shares)
    n = np.broadcast_to(np.asarray(answers, dtype=float), (len(told),))
    return [
        fft(unit, share * size, float(size), month(place, first), **more)
        for place, (share, size) in enumerate(zip(told, n, strict=True))
        if share is not None
    ]


def loaded(store: Store, *several: list[dict[str, Any]], **frames: Any) -> Store:
    loads = [extract(fft_fact=[row for one in several for row in one])]
    store.commit(loads + ([extract(**frames)] if frames else []))
    return store


def only(report: TrendsReport) -> Series:
    assert len(report.series) == 1
    return report.series[0]


def one(store: Store, *several: list[dict[str, Any]], **frames: Any) -> Series:
    return only(trends(loaded(store, *several, **frames), unit="P-1"))


def steady(count: int, around: float = 0.9, seed: int = 0) -> np.ndarray:
    """Up and down by half a point, one month after the other: no signal by any rule."""
    return np.round(around + 0.005 * (-1.0) ** (np.arange(count) + seed), 4)


# --- The published packages' own examples, from file to report ---


@pytest.mark.parametrize("theirs", PACKAGE[:8], ids=range(8))
def test_the_packages_series_loaded_as_files_carry_the_packages_flags(
    store: Store, theirs: dict[str, Any]
) -> None:
    values = np.asarray(theirs["values"], dtype=float)
    shares = 0.5 + 0.4 * (values - values.mean()) / np.abs(values - values.mean()).max()
    told = one(store, rows(shares))
    assert told.chart is not None
    assert told.chart.chart is Chart.XMR
    assert list(told.chart.variation) == [TYPES[kind] for kind in theirs["type"]]
    assert told.variation is TYPES[theirs["type"][-1]]


def test_the_packages_p_prime_limits_come_out_of_a_loaded_file(store: Store) -> None:
    # the example's weeks are much alike: one more, of few answers, before a break of our own
    counts = zip(P_PRIME["positive"], P_PRIME["respondents"], strict=True)
    told = [
        fft("P-1", float(x), float(n), month(place)) for place, (x, n) in enumerate(counts, start=1)
    ]
    report = trends(loaded(store, [fft("P-1", 9.0, 10.0, month(0)), *told]), unit="P-1")
    decisions.start_afresh(
        store, report, "fft_gp", date(2023, 2, 1), "counting began in earnest", "T"
    )
    chart = only(trends(store, unit="P-1")).chart
    assert chart is not None
    assert chart.chart is Chart.P_PRIME
    assert chart.lower[1:] == pytest.approx(P_PRIME["p_prime"]["lower"], abs=1e-9)
    assert chart.upper[1:] == pytest.approx(P_PRIME["p_prime"]["upper"], abs=1e-9)


# --- Awkward series ---


def test_nothing_is_worked_out_across_a_change_of_question(store: Store) -> None:
    first = 2019 * 12  # fifteen months before the break of April 2020
    shares = [*steady(15, 0.95), *steady(21, 0.80)]
    told = one(store, rows(shares, first=first))
    assert [cut.kind for cut in told.cuts] == ["break"]
    assert told.chart is not None
    assert [piece.points for piece in told.chart.segments] == [15, 21]
    assert set(told.chart.variation) == {Variation.COMMON}  # the step itself is no signal
    assert told.since == date(2020, 4, 1)
    assert told.trend is not None
    assert told.trend.test.points == 21
    assert told.direction is Direction.NOT_SHOWN


def test_a_missing_month_breaks_a_run_and_is_told(store: Store) -> None:
    shares: list[float | None] = [*steady(12), *([0.903] * 4), None, *([0.903] * 3)]
    told = one(store, rows(shares))
    assert told.chart is not None
    assert Signal.SHIFT not in told.chart.signal[12:]  # four and three, not seven
    points = told.history.points
    assert len(points) == 20
    assert points.loc[~points["shown"], "why"].tolist() == [Silent.NOTHING]
    whole = one(Store.open(), rows([share for share in shares if share is not None]))
    assert whole.chart is not None
    assert Signal.SHIFT in whole.chart.signal[12:]


def test_ties_break_a_trend(store: Store) -> None:
    rising = [0.900, 0.902, 0.904, 0.904, 0.906, 0.908, 0.910, 0.912]
    told = one(store, rows([*steady(12), *rising]))
    assert told.chart is not None
    assert Signal.TREND not in told.chart.signal


@pytest.mark.parametrize("share", [0.9, 1.0, 0.0])
def test_a_constant_series_has_no_flags_and_no_trend(store: Store, share: float) -> None:
    told = one(store, rows([share] * 24))
    assert told.chart is not None
    assert told.chart.segments[0].limits is Limits.NO_VARIATION
    assert set(told.chart.variation) == {Variation.COMMON}
    assert told.direction is Direction.NOT_SHOWN


@pytest.mark.parametrize(
    ("months", "limits"),
    [(7, Limits.TOO_FEW), (8, Limits.TRIAL), (11, Limits.TRIAL), (12, Limits.SETTLED)],
)
def test_few_points_have_trial_limits_or_none(store: Store, months: int, limits: Limits) -> None:
    told = one(store, rows(steady(months)))
    assert told.chart is not None
    assert told.chart.segments[0].limits is limits
    if months < 8:
        assert told.variation is Variation.TOO_FEW
        assert told.trend is None
        assert (
            over_time.direction(told)
            == "No direction: 7 months: too few to look for a trend, which takes 8"
        )


def test_uneven_or_few_answers_make_it_a_p_prime_chart(store: Store) -> None:
    told = one(store, rows(steady(24), [60.0] * 23 + [180.0]))
    assert told.chart is not None
    assert told.chart.chart is Chart.P_PRIME
    assert over_time.why_chart(told) == "p′: 60 to 180 answers in a month."


def test_a_month_withheld_is_a_gap_and_in_no_output(store: Store) -> None:
    told = rows(steady(24), 40.0)
    told[5] = fft("P-1", None, None, month(5))
    told[9] = fft("P-1", 7.0, 9.0, month(9))  # few, and printed by its publisher
    loaded(store, told)
    report = trends(store, Scope(Pairing("", "", disclosure=Disclosure(10))), unit="P-1")
    hidden = words.table(report)[~words.table(report)["value"].notna()]
    assert hidden["why"].tolist() == ["withheld by the publisher"]
    assert hidden[["respondents", "positive", "low", "high"]].isna().all(axis=None)
    counts = [
        p["respondents"]
        for s in as_json(report, movers(store, report))["sources"]
        for p in s["points"]
    ]
    assert 9.0 in counts
    assert counts.count(None) == 1
    assert "1 month not shown" in " ".join(words.notes(report))


def test_a_leap_in_the_number_of_answers_is_not_taken_for_a_trend(store: Store) -> None:
    random = np.random.default_rng(2)
    counts = [6.0] * 15 + [240.0] * 15
    told = [
        fft("P-1", float(random.binomial(int(n), 0.94)), n, month(place))
        for place, n in enumerate(counts)
    ]
    loaded(store, told)
    report = trends(store, unit="P-1")
    assert only(report).trend is None
    assert over_time.direction(only(report)).startswith(
        "No direction: the number of answers went from about 6 to 240 in a month"
    )
    assert words.summary(report).endswith(
        "not long and even enough since the last break to look for a direction."
    )
    decisions.start_afresh(store, report, "fft_gp", date(2024, 4, 1), "text messages", "Ann")
    assert only(trends(store, unit="P-1")).direction not in (None, *MOVES)


def test_the_volume_jump_that_was_planted_is_no_trend(demonstration: Store) -> None:
    assert trends(demonstration, unit="P-0052").of_source("fft_gp").trend is None


def test_one_organisation_alone_is_not_told_as_many(store: Store) -> None:
    now_and_then: list[float | None] = [0.9, None, None] * 4
    loaded(store, rows(steady(12), 400.0), rows(now_and_then, 50.0, "P-2"))
    notes = " ".join(words.notes(trends(store)))
    assert "Only the one practice that reports in at least 9 months in 10 is counted" in notes
    assert "1 that reports now and then is left out." in notes


def test_an_organisation_nobody_speaks_of_is_refused(store: Store) -> None:
    loaded(store, rows(steady(12)))
    with pytest.raises(NothingToCompare, match="No loaded file holds figures of P-9"):
        trends(store, unit="P-9")
    with pytest.raises(NothingToCompare, match="belongs to N-9"):
        trends(store, Scope(Pairing("", "", area="N-9")))
    with pytest.raises(UnknownSource, match="no service called"):
        trends(store, Scope(Pairing("", ""), service="hearsay"))


def test_what_is_silent_says_why(store: Store) -> None:
    loaded(store, [fft("P-1", None, None, month(place)) for place in range(12)])
    report = trends(store, unit="P-1")
    assert report.series == ()
    assert [past.silent for past in report.silent] == [Silent.BY_PUBLISHER]
    assert (
        words.summary(report) == "Practice P-1: no source has a figure over time that may be shown."
    )
    assert "withheld by the publisher" in " ".join(words.next_steps(report))


# --- All of an area together ---


def belonging(*units: str) -> dict[str, Any]:
    return {
        "provider": [provider(unit) for unit in units] + [provider("N-1", "pcn")],
        "parent": [parent(unit, "N-1", "pcn") for unit in units],
    }


def test_counts_are_added_and_percentages_never_averaged(store: Store) -> None:
    loaded(
        store, rows([0.9] * 12, 900.0), rows([0.5] * 12, 100.0, "P-2"), **belonging("P-1", "P-2")
    )
    told = only(trends(store, Scope(Pairing("", "", area="N-1"))))
    assert told.shown["value"].tolist() == pytest.approx([0.86] * 12)
    assert told.history.members is not None
    assert told.history.members.organisations == 2


def test_an_organisation_that_joins_halfway_does_not_make_a_fall(store: Store) -> None:
    halfway: list[float | None] = [None] * 12 + [0.6] * 12
    loaded(
        store,
        rows(steady(24), 500.0),
        rows(steady(24, seed=4), 500.0, "P-2"),
        rows(halfway, 300.0, "P-3"),
    )
    told = only(trends(store, Scope(Pairing("", ""), service="general_practice")))
    assert told.history.units == {"P-1", "P-2"}
    assert told.direction is Direction.NOT_SHOWN
    assert told.chart is not None
    assert set(told.chart.variation) == {Variation.COMMON}
    assert "1 that reports now and then is left out" in " ".join(
        words.notes(trends(store, Scope(Pairing("", ""), service="general_practice")))
    )


def test_where_hardly_anybody_reports_steadily_it_is_said_that_who_reports_changes(
    store: Store,
) -> None:
    early: list[float | None] = [0.9] * 12 + [None] * 12
    late: list[float | None] = [None] * 12 + [0.8] * 12
    loaded(store, rows(early, 400.0), rows(late, 400.0, "P-2"), rows([0.9] * 24, 20.0, "P-3"))
    report = trends(store, Scope(Pairing("", ""), service="general_practice"))
    assert only(report).history.members is not None
    assert "who reports changes" in " ".join(words.notes(report))


def test_answers_that_come_from_elsewhere_than_at_first_are_said(store: Store) -> None:
    grown = [10.0] * 12 + [400.0] * 12
    loaded(store, rows([0.9] * 24, 200.0), rows([0.7] * 24, grown, "P-2"))
    said = " ".join(words.notes(trends(store, Scope(Pairing("", ""), service="general_practice"))))
    assert "62% of the answers now come from other practices than at first" in said
    assert "Practice P-2" in said


def test_scores_are_not_added_up(store: Store) -> None:
    scores = [
        survey(f"T-{n}", 8.0, wave=wave, source="cqc_inpatient", grain="trust", service="inpatient")
        for n in range(3)
        for wave in (2024, 2025)
    ]
    store.commit([extract(survey_fact=scores)])
    report = trends(store, Scope(Pairing("", ""), service="inpatient"))
    assert [past.silent for past in report.silent] == [Silent.SCORES]
    assert len(only(trends(store, unit="T-0")).shown) == 2


# --- Waves, community voice, mergers ---


def test_waves_are_points_with_ranges_and_no_change_is_told_across_a_break(store: Store) -> None:
    waves = [
        survey("P-1", share, 400, wave) for wave, share in ((2023, 0.9), (2024, 0.7), (2025, 0.5))
    ]
    store.commit([extract(survey_fact=waves)])
    told = only(trends(store, unit="P-1"))
    assert told.chart is None
    assert told.is_wave
    assert [cut.on for cut in told.cuts] == [date(2024, 1, 1)]
    assert (told.shown["low"] < told.shown["value"]).all()
    assert over_time.wave_change(told).startswith(
        "GP survey: a change from 2 Jan – 25 Mar 2024 to 2 Jan – 25 Mar 2025, −20.0"
    )
    later = trends(
        loaded(Store.open(), [], survey_fact=[waves[0], waves[1]], **belonging("P-1")), unit="P-1"
    )
    assert over_time.wave_change(only(later)) == ""


def voices(count: int, on: str, start: int, **more: Any) -> list[Any]:
    return [
        response(start + n, source="healthwatch", provider="P-1", positive=n % 2, on=on, **more)
        for n in range(count)
    ]


def test_community_voice_is_told_by_the_quarter_and_counts_people(store: Store) -> None:
    told = [
        *voices(3, "2024-01-10", 0), *voices(3, "2024-02-10", 10),
        *voices(6, "2024-05-10", 20, author="one and the same"),
        *voices(5, "2024-07-10", 40),
    ]  # fmt: skip
    store.commit(
        [
            extract(response=[row for row, _ in told], answer=[answer for _, answer in told]),
            extract(provider=[provider("P-1")]),
        ]
    )
    points = only(trends(store, unit="P-1")).history.points
    assert points["period"].tolist() == ["Jan–Mar 2024", "Apr–Jun 2024", "Jul–Sep 2024"]
    assert 5 <= points["respondents"].tolist()[0] <= 10
    # one author who wrote six times is one person
    assert points["why"].tolist() == ["", Silent.FEW, ""]
    report = trends(store, unit="P-1")
    assert "3 quarters" not in words.summary(report)
    assert only(report).variation is Variation.TOO_FEW


def test_one_author_of_many_practices_is_one_person_in_their_total(store: Store) -> None:
    told = [
        response(n, source="healthwatch", provider=f"P-{n}", author=author, on="2024-01-10")
        for n, author in enumerate(["the same"] * 6)
    ]
    told += [
        response(10 + n, source="healthwatch", provider=f"P-{n}", on="2024-04-10") for n in range(6)
    ]
    units = [f"P-{n}" for n in range(6)]
    store.commit(
        [
            extract(response=[row for row, _ in told], answer=[answer for _, answer in told]),
            extract(fft_fact=[fft(unit, 9, 10) for unit in units], **belonging(*units)),
        ]
    )
    points = (
        trends(store, Scope(Pairing("", ""), service="general_practice"))
        .of_source("healthwatch")
        .history.points
    )
    assert points["shown"].tolist() == [False, True]
    assert 6 <= points["respondents"].tolist()[1] <= 10  # each of the six practices has somebody


def test_a_merger_is_marked_and_counts_are_added_throughout(store: Store) -> None:
    before: list[float | None] = [0.9] * 12 + [None] * 12
    after: list[float | None] = [None] * 12 + [0.9] * 12
    loaded(
        store,
        rows(before, 100.0, "P-8"),
        rows(before, 300.0, "P-9"),
        rows(after, 400.0),
        succession=[became("P-8", "P-1", "2024-01-01"), became("P-9", "P-1", "2024-01-01")],
    )
    told = only(trends(store, unit="P-1"))
    assert told.shown["respondents"].tolist() == [400.0] * 24
    assert told.mergers == (Merger(date(2024, 1, 1), "P-8 and P-9", "P-1"),)
    reported = only(
        trends(store, Scope(Pairing("", "", organisation=Organisation.REPORTED)), unit="P-1")
    )
    assert len(reported.shown) == 12
    assert reported.mergers == ()
    with pytest.raises(NothingToCompare, match="P-8 is not an organisation of today"):
        trends(store, unit="P-8")


# --- Decisions ---


def test_a_series_starts_afresh_by_a_decision_that_is_kept_and_can_be_undone(store: Store) -> None:
    loaded(store, rows([*steady(12, 0.8), *steady(12, 0.95)]))
    before = only(trends(store, unit="P-1"))
    assert before.chart is not None
    assert before.variation is Variation.IMPROVEMENT
    revision = store.revision
    decisions.start_afresh(
        store, trends(store, unit="P-1"), "fft_gp", date(2024, 1, 1), " texts, not cards ", "Ann"
    )
    report = trends(store, unit="P-1")
    told = only(report)
    assert store.revision == revision + 1
    assert [(cut.kind, cut.label, cut.by) for cut in told.cuts] == [
        ("rebase", "texts, not cards", "Ann")
    ]
    assert told.chart is not None
    assert set(told.chart.variation) == {Variation.COMMON}
    assert (
        "FFT GP starts afresh in January 2024: texts, not cards (decided by Ann)."
        in words.notes(report)
    )

    decision = words.decisions(report).to_dict("records")[0]
    decisions.withdraw(store, decision, "P-1", "was care after all", "Bob")
    again = trends(store, unit="P-1")
    assert only(again).cuts == ()
    told_now = words.decisions(again)
    assert told_now["what"].tolist() == [
        "No longer: FFT GP starts afresh in January 2024", "FFT GP starts afresh in January 2024",
    ]  # fmt: skip
    assert told_now["of"].tolist() == [report.name] * 2
    assert told_now["reason"].tolist() == ["was care after all", "texts, not cards"]
    assert told_now["stands"].tolist() == [False, False]
    events = store.query("history")["event"].tolist()
    assert events[:2] == ["series joined again", "series started afresh"]


def test_a_decision_holds_for_its_own_series_alone(store: Store) -> None:
    loaded(store, rows(steady(24)), rows(steady(24), unit="P-2"))
    decisions.start_afresh(
        store, trends(store, unit="P-1"), "fft_gp", date(2024, 1, 1), "texts", "Ann"
    )
    assert only(trends(store, unit="P-2")).cuts == ()
    assert only(trends(store, Scope(Pairing("", ""), service="general_practice"))).cuts == ()


@pytest.mark.parametrize(("reason", "by"), [("", "Ann"), ("texts", " ")])
def test_a_decision_without_reason_or_name_is_not_kept(store: Store, reason: str, by: str) -> None:
    report = trends(loaded(store, rows(steady(24))), unit="P-1")
    revision = store.revision
    with pytest.raises(NothingToCompare, match="reason and who made it"):
        decisions.start_afresh(store, report, "fft_gp", date(2024, 1, 1), reason, by)
    with pytest.raises(NothingToCompare, match="reason and who made it"):
        decisions.set_target(store, report, "fft_gp", 0.9, reason, by)
    assert store.revision == revision


def test_a_month_that_is_no_point_and_a_target_off_the_scale_are_refused(store: Store) -> None:
    report = trends(loaded(store, rows(steady(24))), unit="P-1")
    with pytest.raises(NothingToCompare, match="no point at that month"):
        decisions.start_afresh(store, report, "fft_gp", date(2023, 1, 1), "first", "Ann")
    with pytest.raises(NothingToCompare, match="outside the scale"):
        decisions.set_target(store, report, "fft_gp", 95, "per cent?", "Ann")


@pytest.mark.parametrize(
    ("target", "assurance"),
    [(0.5, Assurance.PASS), (0.9, Assurance.HIT_AND_MISS), (0.99, Assurance.FAIL)],
)
def test_a_target_is_held_against_the_usual_swing(
    store: Store, target: float, assurance: Assurance
) -> None:
    report = trends(loaded(store, rows(steady(24))), unit="P-1")
    assert only(report).assurance is None
    decisions.set_target(store, report, "fft_gp", target, "contract", "Ann")
    told = only(trends(store, unit="P-1"))
    assert told.assurance is assurance
    assert over_time.assurance(told).startswith(f"Target {over_time.value(told.side, target)}: ")
    decisions.withdraw(
        store,
        words.decisions(trends(store, unit="P-1")).to_dict("records")[0],
        "P-1",
        "ended",
        "Bob",
    )
    assert only(trends(store, unit="P-1")).assurance is None
    assert store.query("targets")["withdrawn"].tolist() == [True, False]


# --- Two sources ---


def two(
    store: Store, left: Sequence[float], right: Sequence[float], size: float = 2000.0
) -> TrendsReport:
    """FFT inpatient and outpatient of twelve trusts: T-0 as given, the others spread around."""
    told = []
    for source, shares, service in (("fft_inpatient", left, 1), ("fft_outpatient", right, 2)):
        for unit in range(12):
            spread = 0.0 if unit == 0 else (unit - 6) * 0.008
            noise = np.random.default_rng(100 * service + unit).normal(0, 0.003, len(shares))
            of_unit = list(shares) if unit == 0 else list(0.88 + spread + noise)
            told += rows(
                np.round(np.clip(of_unit, 0, 1), 4).tolist(),
                size,
                f"T-{unit}",
                source=source,
                grain="trust",
            )
    return trends(loaded(store, told), unit="T-0")


def wobble(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.004, count)


@pytest.mark.parametrize(
    ("left", "right", "together", "sentence"),
    [
        (0.03, 0.03, Together.SAME, "Same direction: both rising."),
        (0.03, -0.03, Together.OPPOSITE, "Opposite directions: FFT inpatient rising"),
        (0.03, 0.0, Together.ONE, "Only FFT inpatient (rising) shows a trend."),
        (
            0.0,
            0.0,
            Together.NEITHER,
            "Neither shows a trend, so it cannot be told whether they move together.",
        ),
    ],
)
def test_directions_are_compared(
    store: Store, left: float, right: float, together: Together, sentence: str
) -> None:
    years = np.arange(30) / 12
    report = two(store, 0.85 + left * years + wobble(30, 5), 0.87 + right * years + wobble(30, 6))
    (pair,) = report.pairs
    assert pair.together is together
    assert over_time.directions(pair).startswith(sentence)
    assert pair.in_typical
    assert over_time.gap(pair)
    if together is Together.SAME:
        assert "moving in the same direction" in words.summary(report)
    if together is Together.OPPOSITE:
        assert "opposite directions" in words.summary(report)
        assert "They do not change alike." in over_time.directions(pair)
    if together is Together.NEITHER:
        assert words.summary(report).endswith(
            "shows a trend, so it cannot be told whether they move together."
        )


def test_who_moves_first_is_told_where_it_qualifies(store: Store) -> None:
    lead = np.cumsum(np.random.default_rng(8).normal(0, 0.006, 63))
    left, right = 0.85 + lead[3:], 0.87 + lead[:-3] + wobble(60, 9) / 4
    report = two(store, left, right)
    (pair,) = report.pairs
    assert pair.ahead is not None
    assert pair.ahead.state is Leads.FIRST
    assert over_time.ahead(pair).startswith(
        "FFT inpatient moves about 3 months ahead of FFT outpatient, the same way (+0."
    )
    assert "cause" not in over_time.ahead(pair)


def test_who_moves_first_is_not_told_where_it_does_not_qualify(store: Store) -> None:
    report = two(store, 0.85 + wobble(30, 5), 0.87 + wobble(30, 6))
    assert over_time.ahead(report.pairs[0]) == "Cannot tell: 30 months in common, not 36"


def test_a_break_inside_disqualifies_the_lag(store: Store) -> None:
    report = two(store, 0.85 + wobble(60, 5), 0.87 + wobble(60, 6))
    assert report.pairs[0].ahead is not None
    decisions.start_afresh(store, report, "fft_inpatient", date(2025, 6, 1), "texts", "Ann")
    again = trends(store, unit="T-0")
    assert over_time.ahead(again.pairs[0]) == "Cannot tell: no 36 unbroken months"


def test_the_same_people_in_two_sources_are_no_two_sources(demonstration: Store) -> None:
    report = trends(demonstration, Scope(Pairing("", "", area="N-007")))
    pair = next(one for one in report.pairs if one.title == "FFT GP and FFT local")
    assert over_time.directions(pair) == "Not counted: the same people, it seems."
    assert over_time.ahead(pair) == "Cannot tell: the same people, it seems"
    assert over_time.gap(pair) == ""
    assert pair not in report.counted


def test_sources_of_different_organisations_are_not_compared(demonstration: Store) -> None:
    report = trends(demonstration)
    pair = next(one for one in report.pairs if one.title == "FFT GP and Local survey")
    assert over_time.directions(pair) == "Not counted: 36 of 107 practices in common."


# --- Many organisations ---


@pytest.mark.parametrize("alike", [True, False])
def test_changes_from_wave_to_wave_are_compared_over_all_organisations(
    store: Store, alike: bool
) -> None:
    random = np.random.default_rng(11)
    answers, figures = [], []
    for unit in range(60):
        change = random.normal(0, 0.5)
        other = change if alike else random.normal(0, 0.5)
        for wave, sign in ((2025, -0.5), (2026, 0.5)):
            share = 1 / (1 + np.exp(-(1.0 + sign * change)))
            figures.append(survey(f"P-{unit}", round(float(share), 4), 3000, wave))
            friends = 1 / (1 + np.exp(-(2.0 + sign * other)))
            for at in (1, 2, 3):
                answers.append(fft(f"P-{unit}", round(4000 * friends), 4000.0, f"{wave}-{at:02d}"))
    store.commit([extract(fft_fact=answers), extract(survey_fact=figures)])
    (told,) = changes(store, trends(store, Scope(Pairing("", ""), service="general_practice")))
    assert told.organisations == 60
    assert told.latent is not None
    assert told.latent.interval is not None
    if alike:
        assert told.latent.interval.low > 0.8
        assert "practices that rise in one" in of_changes.summary(told)
    else:
        assert told.latent.interval.low < 0 < told.latent.interval.high
        assert "cannot be told" in of_changes.summary(told)


def test_one_wave_since_the_break_compares_no_changes(store: Store) -> None:
    figures = [survey(f"P-{n}", 0.7, 300, wave) for n in range(30) for wave in (2023, 2024)]
    months = [fft(f"P-{n}", 90.0, 100.0, month(at)) for n in range(30) for at in range(15)]
    store.commit([extract(fft_fact=months), extract(survey_fact=figures)])
    (told,) = changes(store, trends(store, Scope(Pairing("", ""), service="general_practice")))
    assert (
        of_changes.summary(told)
        == "GP survey and FFT GP: only one wave of GP survey since its last change."
    )


# --- The demonstration ---


def test_the_odd_month_that_was_planted_stands_outside_the_limits(demonstration: Store) -> None:
    told = trends(demonstration, unit="T-08").of_source("fft_ae")
    assert told.chart is not None
    outside = [
        period
        for period, signal in zip(told.shown["period"], told.chart.signal, strict=True)
        if signal is Signal.OUTSIDE
    ]
    assert outside == ["December 2024"]


def test_the_mode_shift_that_was_planted_is_seen_as_a_special_cause(demonstration: Store) -> None:
    report = trends(demonstration, unit="T-09")
    told = report.of_source("fft_inpatient")
    assert told.variation is Variation.IMPROVEMENT
    assert "T-09" not in words.summary(report)


LOOKED_AT = Pairing("fft_gp", "gp_survey", area="N-007")


@pytest.mark.parametrize(
    ("scope", "unit"),
    [
        (Scope(replace(LOOKED_AT, area="N-008")), ""),
        (Scope(replace(LOOKED_AT, organisation=Organisation.REPORTED)), ""),
        (Scope(replace(LOOKED_AT, disclosure=Disclosure(30))), ""),
        (Scope(LOOKED_AT, (("gp_survey", "contact"),)), ""),
        (Scope(LOOKED_AT, service="inpatient"), ""),
        (Scope(LOOKED_AT), "P-0066"),
    ],
)
def test_what_is_over_time_is_one_report_until_something_of_it_is_another(
    demonstration: Store, scope: Scope, unit: str
) -> None:
    """What is drawn of it is known by it, and stays as it is when two other sources are chosen."""
    other_two = replace(
        LOOKED_AT, left="healthwatch", window=Period(date(2026, 1, 1), date(2026, 3, 31))
    )
    with remembering(demonstration):
        first = ask(demonstration, trends, Scope(LOOKED_AT))
        assert ask(demonstration, trends, Scope(other_two)) is first
        assert ask(demonstration, trends, scope, unit) is not first


def test_the_same_people_are_the_same_number_of_one_and_of_an_area(store: Store) -> None:
    """A practice alone in its network: its quarter, the network's and everybody's are the same people."""
    said = [*voices(30, "2024-01-10", 0), *voices(21, "2024-04-10", 100)]
    store.commit(
        [
            extract(response=[row for row, _ in said], answer=[answer for _, answer in said]),
            extract(**belonging("P-1")),
        ]
    )
    shown = [
        trends(store, Scope(Pairing("", "", area=area)), unit)
        .of_source("healthwatch")
        .history.points[["respondents", "positive"]]
        for area, unit in (("", "P-1"), ("N-1", ""), ("", ""))
    ]
    assert shown[0].equals(shown[1])
    assert shown[0].equals(shown[2])
    exact = trends(
        store, Scope(Pairing("", "", disclosure=Disclosure(exact=True))), unit="P-1"
    ).of_source("healthwatch")
    assert exact.history.points["respondents"].tolist() == [30, 21]
    assert (shown[0]["respondents"] - [30, 21]).abs().max() <= 2 * largest_noise()


@pytest.mark.parametrize("floor", [5, 10, 30])
@pytest.mark.parametrize(("area", "unit"), [("", ""), ("N-007", ""), ("", "P-0066")])
def test_no_point_rests_on_fewer_answers_than_the_floor(
    demonstration: Store, floor: int, area: str, unit: str
) -> None:
    """Of single responses: what publishers print is shown as printed."""
    pairing = Pairing("", "", area=area, disclosure=Disclosure(floor))
    report = trends(demonstration, Scope(pairing), unit)
    rows = words.table(report)
    confidential = rows["source"].isin(["FFT local", "Local survey", "Healthwatch", "Care Opinion"])
    assert confidential.any() or unit
    assert (rows.loc[confidential, "respondents"].dropna() >= floor).all()
    assert json.dumps(as_json(report, movers(demonstration, report)), allow_nan=False)


# --- Real files ---


def test_the_real_rows_of_a_network_are_a_series_of_its_practices(real: Path, store: Store) -> None:
    names = (
        "ods/epraccur.csv", "ods/gp_mapping_2025-08.csv",
        "fft/fft_gp_rows_2025-09_2026-08_new_scale.csv", "survey/gpps_2024_north_east_london.csv",
    )  # fmt: skip
    load.load_files(store, [(name.split("/")[1], (real / name).read_bytes()) for name in names])
    sure = matching.matching(store).sure
    matching.confirm(store, list(zip(sure["name"], sure["context"], sure["code"], strict=True)))
    report = trends(store, Scope(Pairing("", ""), service="general_practice"))
    told = report.of_source("fft_local")
    assert len(told.shown) >= 8
    assert (told.shown["respondents"] >= 5).all()
    assert [past.silent for past in report.silent] == [Silent.WITHOUT_COUNTS]
    assert report.pairs == ()


def test_where_the_number_of_answers_steps_a_person_is_asked_whether_the_way_of_asking_changed(
    demonstration: Store,
) -> None:
    """T-09 went from paper to text messages in June 2025; a rise of answers by and by is no step."""
    report = trends(demonstration, unit="T-09")
    told = [said for said in words.findings(report) if "instead of" in said]
    assert len(told) == 1
    assert told[0].startswith("FFT inpatient: from June 2025 about ")
    assert "start the series afresh there" in told[0]
    assert volume_step(pd.Series(np.linspace(100, 400, 30))) is None
    assert volume_step(pd.Series([100.0] * 6 + [300.0] * 5)) is None  # too short to tell
    assert volume_step(pd.Series([100.0] * 6 + [300.0] * 6)) == (6, 100.0, 300.0)
    assert volume_step(pd.Series([300.0] * 8 + [100.0] * 8)) == (8, 300.0, 100.0)


def test_a_step_cannot_be_told_from_a_slow_swing(store: Store) -> None:
    told = [fft("P-1", 140 if n < 12 else 180, 200, month(n)) for n in range(24)]
    loaded(store, told)
    series = only(trends(store, unit="P-1"))
    assert (series.direction, series.q_value, series.moves) == (Direction.CANNOT_TELL, None, False)
    sentence = over_time.direction(series)
    assert sentence.startswith("Cannot tell: ")
    assert "each month is so like the one before" in sentence


@pytest.mark.parametrize("after", [50, 150])
def test_a_rise_where_the_number_of_answers_steps_is_called_no_improvement(
    store: Store, after: int
) -> None:
    """Positives rise through a month in which the answers leap: the way of asking may have moved them."""
    told = [
        fft("P-1", round((0.7 + 0.01 * n + 0.01 * (-1) ** n) * answers), answers, month(n))
        for n, answers in enumerate([50] * 12 + [after] * 12)
    ]
    loaded(store, told)
    report = trends(store, unit="P-1")
    one = report.of_source("fft_gp")
    assert one.trend is not None
    assert one.moves
    said = " ".join([words.summary(report), over_time.summary(one), *words.findings(report)])
    stepped = after != 50
    assert one.moved_by_asking is stepped
    assert ("its number of answers changed in January 2024" in words.summary(report)) is stepped
    assert ("improvement" in said) is not stepped
    assert ("Rising" in said) is not stepped
    assert all(good == 0 for *_, good in over_time.icons(one)) is stepped
    row = words.icon_table(report).set_index("source").loc["FFT GP"]
    expected = "Yes, where the way of asking changed" if stepped else "Yes: better than usual"
    assert row["variation"] == expected
    assert row["direction"].endswith(over_time.icons(one)[-1][1])
