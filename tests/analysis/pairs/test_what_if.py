"""A baseline beside a scenario: what changed is shown as it is, and nothing follows by subtraction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pxcore.analysis.judging.certainty import PRIORS
from pxcore.analysis.pairs import what_if as question
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.what_if import NOT_COMPARED, Holds, HowFar, WhatIfReport, what_if
from pxcore.disclosure import Released
from pxcore.model import (
    Beforehand,
    Disclosure,
    Months,
    Pairing,
    Period,
    Scenario,
)
from pxcore.stats.certainty import Word
from pxcore.store import Store
from pxcore.words import what_if as words
from tests.analysis.frames import alike, committed, standings
from tests.store.loads import parent, provider

GP = Pairing("fft_gp", "gp_survey")
LOCAL = Pairing("fft_local", "local_survey")
INPATIENT = Pairing("fft_inpatient", "cqc_inpatient")


def practices(store: Store) -> Store:
    """Twenty-four practices both sources put at the same place, and two the sources contradict each
    other on; two of the first rest on few answers."""
    places = [*alike(24), (2.5, -2.5), (-2.5, 2.5)]
    left, right = standings(places)
    for place in (3, 4):
        left[place] |= {"respondents": 20.0, "positive": 18.0, "value": 0.9}
    return committed(store, left, right)


@pytest.fixture(scope="module")
def few_asked() -> WhatIfReport:
    store = practices(Store.open())
    return what_if(store, GP, Scenario(evidence_floor=30))


# --- What changed, by hand ---


def test_those_with_fewer_answers_are_lost_by_name_and_counted(few_asked: WhatIfReport) -> None:
    assert (len(few_asked.baseline.pairs), len(few_asked.changed.pairs)) == (26, 24)
    assert [item.name for item in few_asked.lost] == ["Practice P-3", "Practice P-4"]
    assert {item.outcome for item in few_asked.lost} == {"few_answers"}
    assert "2 practices are no longer compared: Practice P-3 (too few answers" in words.limits(
        few_asked
    )
    figures = {label: (value, was) for label, value, was in words.figures(few_asked)}
    assert figures["Practices compared"] == ("24", "was 26")
    left = 4000 * 24
    assert figures["Answers"][0] == f"{left:,} / {3000 * 24:,}"
    assert f"was {left + 40:,}" in figures["Answers"][1]


def test_what_is_said_of_each_is_that_of_the_two_views(few_asked: WhatIfReport) -> None:
    for view, report in (
        ("before", few_asked.likely_before),
        ("after", few_asked.likely_after),
    ):
        rows = few_asked.moves.set_index("unit")
        cells = report.in_view.set_index("unit").loc[rows.index]
        assert rows[view].tolist() == cells["mark"].tolist()
        for column in ("agree", "gap", "gap_low", "gap_high"):
            np.testing.assert_array_equal(rows[f"{column}_{view}"], cells[column])
    moved = set(few_asked.moved["unit"])
    assert moved >= {"P-3", "P-4"}
    few = few_asked.moves[few_asked.moves["unit"].isin(["P-3", "P-4"])]
    assert set(few["after"]) == {"not judged"}
    flow = few_asked.flow()
    assert flow["organisations"].sum() == len(few_asked.moves) == 26
    changed = flow[flow["before"] != flow["after"]]["organisations"].sum()
    assert changed == len(few_asked.moved)
    counts, were = few_asked.likely_after.counts(), few_asked.likely_before.counts()
    agree, was = (
        number["very likely agree"] + number["probably agree"] for number in (counts, were)
    )
    assert f"the same story for {agree} of 24 practices, where it was {was} of 26" in words.summary(
        few_asked
    )
    assert len(few_asked.likely_after.likely) == 24


def test_a_contradiction_that_a_scenario_takes_away_is_named(store: Store) -> None:
    """The FFT of one practice was poor in its fieldwork months alone; over a year it is as its survey."""
    months = [f"2023-{m:02d}" for m in range(4, 13)] + ["2024-01", "2024-02", "2024-03"]
    left, right = standings(alike(24))
    rows = []
    for place, one in enumerate(left):
        for month in months:
            share = one["value"]
            if place == 20 and month >= "2024":
                share = 0.62
            start = pd.Timestamp(f"{month}-01")
            rows.append(
                one
                | {"positive": float(round(share * 600)), "respondents": 600.0}
                | {
                    "period_start": start.date(),
                    "period_end": (start + pd.offsets.MonthEnd()).date(),
                }
            )
    rows = [row | {"value": row["positive"] / 600} for row in rows]
    committed(store, rows, right)
    report = what_if(store, GP, Scenario(months=Months.YEAR))
    before = report.moves.set_index("unit").loc["P-20"]
    assert before["before"] == Word.VERY_LIKELY_DIFFER
    assert before["after"] not in question.DIFFER
    assert words.what_changed(report)[0] == (
        f"No longer among those that differ: Practice P-20 (now {before['after']})."
    )
    assert set(report.turned["unit"]) >= {"P-20"}
    assert report.holds is not Holds.YES
    assert report.moved["unit"].iloc[0] == "P-20"  # it leads the table


def test_the_move_of_the_headline_is_told_against_the_range_it_had(few_asked: WhatIfReport) -> None:
    before, after = few_asked.baseline.latent, few_asked.changed.latent
    assert before is not None
    assert after is not None
    assert before.interval is not None
    assert before.estimate is not None
    assert after.estimate is not None
    move = after.estimate - before.estimate
    room = (
        before.interval.high - before.estimate
        if move > 0
        else before.estimate - before.interval.low
    )
    assert few_asked.headline_move == pytest.approx(move / room)
    phrase = (
        "practically the same" if abs(move / room) < 0.1
        else "inside the range" if abs(move / room) <= 1 else "outside the range"
    )  # fmt: skip
    assert phrase in words.limits(few_asked)


def test_a_scenario_that_cannot_be_compared_is_refused_in_words(store: Store) -> None:
    practices(store)
    report = what_if(store, GP, Scenario(window=Period(date(2020, 4, 1), date(2020, 6, 30))))
    assert report.changed.status == "refused"
    assert "nothing can be compared" in words.summary(report)
    assert not report.answered
    assert (report.moves["after"] == NOT_COMPARED).all()


def test_what_is_held_beforehand_is_a_choice_and_moves_no_figure_of_all_together(
    store: Store,
) -> None:
    """The less is held of how alike the two are, the less is known of it; what is measured stays."""
    random = np.random.default_rng(5)
    at = random.standard_normal(16)
    other = 0.6 * at + 0.8 * random.standard_normal(16)
    committed(store, *standings(list(zip(at, other, strict=True))))
    spans = []
    for beforehand in Beforehand:
        report = what_if(store, GP, Scenario(beforehand=beforehand or None))
        assert report.answered is bool(beforehand)
        usual = report.likely_after.usual
        assert usual is not None
        assert usual.prior == PRIORS[beforehand]
        assert report.changed.correlation == report.baseline.correlation
        assert report.changed.latent == report.baseline.latent
        ends = np.arctanh([usual.correlation_low, usual.correlation_high])
        spans.append(float(np.diff(ends)[0]))
    assert spans[0] < spans[1] < spans[2]
    strange = replace(report, scenario=Scenario(beforehand=Beforehand.WIDER))
    assert words.title(strange) == "With twice as open a mind on how alike the two are"


# --- Confidential ---


def test_the_smallest_number_shown_is_never_lowered(store: Store) -> None:
    strict = replace(GP, disclosure=Disclosure(10))
    assert Scenario(evidence_floor=5).of(strict).disclosure.floor == 10
    assert Scenario(evidence_floor=30).of(strict).disclosure.floor == 30
    practices(store)
    report = what_if(store, strict, Scenario(evidence_floor=5))
    assert report.changed.pairs[["left_respondents", "right_respondents"]].min(axis=None) >= 10


# --- Organisations in one of the two alone ---


def in_two_boards(store: Store) -> Store:
    left, right = standings(alike(30))
    links = [parent(f"P-{n}", f"B-{n % 2}", "icb") for n in range(30)]
    boards = [provider("B-0", "icb"), provider("B-1", "icb")]
    return committed(store, left, right, parent=links, provider=boards)


# --- Scenarios themselves ---


# --- The demonstration ---


def test_the_conclusion_about_the_planted_contradictions_holds_over_a_year(
    demonstration: Store,
) -> None:
    report = what_if(demonstration, GP, Scenario(months=Months.YEAR))
    planted = report.moves[report.moves["unit"].isin(["P-0012", "P-0044", "P-0057", "P-0081"])]
    assert set(planted["before"]) == set(planted["after"]) == {Word.VERY_LIKELY_DIFFER}
    assert "practically the same" in words.limits(report)


def test_a_conclusion_holds_in_part_where_something_very_likely_is_no_longer_probable(
    few_asked: WhatIfReport,
) -> None:
    """A word that moves to the next one is no other conclusion; one that leaves its side is."""
    assert few_asked.how_far is not HowFar.OUTSIDE
    first = few_asked.moves.index[0]

    def holds(before: str, after: str) -> Holds | None:
        moves = few_asked.moves.copy()
        moves["before"] = moves["after"] = Word.PROBABLY_AGREE
        moves.loc[first, ["before", "after"]] = [before, after]
        return replace(few_asked, moves=Released(moves)).holds

    for one, other, expected in (
        (Word.VERY_LIKELY_DIFFER, Word.PROBABLY_DIFFER, Holds.YES),
        (Word.VERY_LIKELY_AGREE, Word.PROBABLY_AGREE, Holds.YES),
        (Word.PROBABLY_DIFFER, Word.COULD_BE_EITHER, Holds.YES),
        (Word.VERY_LIKELY_DIFFER, Word.COULD_BE_EITHER, Holds.PARTLY),
        (Word.VERY_LIKELY_AGREE, "not judged", Holds.PARTLY),
        (Word.VERY_LIKELY_AGREE, Word.VERY_LIKELY_DIFFER, Holds.PARTLY),
        (Word.VERY_LIKELY_AGREE, NOT_COMPARED, Holds.YES),  # in one of the two alone
    ):
        assert holds(one, other) is holds(other, one) is expected


def test_a_headline_outside_its_range_does_not_hold(demonstration: Store) -> None:
    report = what_if(demonstration, GP, Scenario(margin=1.5))
    high = report.baseline.latent
    assert high is not None
    assert high.interval is not None
    assert report.changed.latent is not None
    far = replace(report.changed.latent, estimate=high.interval.high + 0.1)
    outside = replace(report, changed=replace(report.changed, latent=far))
    assert outside.how_far is HowFar.OUTSIDE
    assert outside.holds is Holds.NO


def test_each_of_three_sources_is_left_out_in_turn(demonstration: Store) -> None:
    baseline = agreement(demonstration, GP)
    third = question.third_source(demonstration, baseline)
    assert third == "healthwatch"
    report = question.without_each(demonstration, GP)
    table = words.without_each_table(report)
    assert table["without"].tolist() == ["Healthwatch", "GP survey", "FFT GP"]
    assert set(report.verdicts().columns) == {
        "unit",
        "name",
        *(pair.left_out for pair in report.pairs),
    }
    assert words.without_each(report).startswith(
        "Without Healthwatch: FFT GP and GP survey rank practices alike"
    )
    assert "This takes three kinds of source" in words.without_each(question.WithoutEach(()))
