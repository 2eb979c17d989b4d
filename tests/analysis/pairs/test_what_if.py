"""A baseline beside a scenario: what changed is shown as it is, and nothing follows by subtraction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from pxcore.analysis.judging.verdicts import MARKS
from pxcore.analysis.pairs import what_if as question
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.what_if import NOT_COMPARED, Holds, HowFar, WhatIfReport, what_if
from pxcore.model import (
    Disclosure,
    Mix,
    Months,
    Pairing,
    Peers,
    Period,
    Scenario,
)
from pxcore.publish.what_if import as_json as as_json_of
from pxcore.stats.verdict import Rule
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


def test_the_verdicts_that_moved_are_those_of_the_two_reports(few_asked: WhatIfReport) -> None:
    for view, report in (("before", few_asked.baseline), ("after", few_asked.changed)):
        assert report.verdicts is not None
        cells = report.verdicts.shown.set_index("unit")["rule"]
        marks = few_asked.moves.set_index("unit")[view]
        for unit, rule in cells.items():
            assert marks[unit] == MARKS[Rule(rule)]
    moved = set(few_asked.moved["unit"])
    assert moved >= {"P-3", "P-4"}
    assert set(few_asked.moves.loc[few_asked.moves["unit"].isin(["P-3", "P-4"]), "after"]) == {
        "silence"
    }
    flow = few_asked.flow()
    assert flow["organisations"].sum() == len(few_asked.moves) == 26
    changed = flow[flow["before"] != flow["after"]]["organisations"].sum()
    assert changed == len(few_asked.moved)
    assert f"{changed} of 26 practices get a different verdict" in words.summary(few_asked)


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
    assert before["before"] == "dissonance, unusual"
    assert before["after"] != "dissonance, unusual"
    sentences = words.what_changed(report)
    assert sentences[0].startswith(f"Practice P-20 (now {before['after']})")
    assert sentences[0].endswith("no longer “dissonance, unusual”.")
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
    assert phrase in words.summary(few_asked)


def test_a_scenario_that_cannot_be_compared_is_refused_in_words(store: Store) -> None:
    practices(store)
    report = what_if(store, GP, Scenario(window=Period(date(2020, 4, 1), date(2020, 6, 30))))
    assert report.changed.status == "refused"
    assert "nothing can be compared" in words.summary(report)
    assert not report.answered
    assert (report.moves["after"] == NOT_COMPARED).all()


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
    assert set(planted["before"]) == set(planted["after"]) == {"dissonance, unusual"}
    assert "practically the same" in words.summary(report)
    # the same verdicts at the top; somebody else's changes
    graded = report.moved[["before", "after"]].isin(question.GRADED).any(axis=None)
    assert report.holds is (Holds.PARTLY if graded else Holds.YES)


def test_a_conclusion_holds_in_part_where_somebody_said_to_differ_no_longer_is(
    demonstration: Store,
) -> None:
    report = what_if(demonstration, GP, Scenario(margin=1.5))
    gone = report.moved[report.moved["before"].isin(question.GRADED)]
    assert report.how_far is HowFar.SAME
    assert report.holds is (Holds.PARTLY if len(gone) else Holds.YES)


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
    report = question.without_each(lambda pair: agreement(demonstration, pair), GP, third)
    table = words.without_each_table(report)
    assert table["left_out"].tolist() == ["Healthwatch", "GP survey", "FFT GP"]
    assert set(report.verdicts().columns) == {
        "unit",
        "name",
        *(pair.left_out for pair in report.pairs),
    }
    assert words.without_each(report).startswith(
        "Without Healthwatch: FFT GP and GP survey rank practices alike"
    )
    nobody = question.without_each(lambda pair: agreement(demonstration, pair), GP, "")
    assert "This takes three kinds of source" in words.without_each(nobody)


def test_what_is_told_to_programs_is_what_is_shown(demonstration: Store) -> None:
    report = what_if(demonstration, GP, Scenario(dimension="", peers=Peers.ICB, mix=None))
    as_json: dict[str, Any] = as_json_of(report)
    assert as_json["scenario"] == {"peers": "icb"}
    assert as_json["summary"] == words.summary(report)
    assert len(as_json["verdicts"]) == len(report.moves)
    assert Mix.NONE == ""  # a mix of none is no mix
