"""A baseline beside a scenario: what changed is told as it is, and nothing follows by subtraction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from pxcore import model
from pxcore.analysis.judging.verdicts import MARKS
from pxcore.analysis.pairs import what_if as question
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.what_if import NOT_COMPARED, WhatIfReport, options, what_if
from pxcore.errors import NothingToCompare, PxError
from pxcore.model import (
    GROUPS,
    Disclosure,
    Mix,
    Months,
    Pairing,
    Peers,
    Period,
    Scenario,
    Sentiment,
)
from pxcore.stats.verdict import Rule
from pxcore.store import Store
from tests.analysis.frames import alike, committed, standings
from tests.analysis.joining.test_selection import answers, two_local
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
    assert [name for name, _ in few_asked.lost] == ["Practice P-3", "Practice P-4"]
    assert {why for _, why in few_asked.lost} == {"too few answers, or none, to compare"}
    assert (
        "2 practices are not compared any more: Practice P-3 (too few answers" in few_asked.limits()
    )
    told = {label: (value, was) for label, value, was in few_asked.figures()}
    assert told["Practices compared"] == ("24", "was 26")
    left = 4000 * 24
    assert told["Answers"][0] == f"{left:,} / {3000 * 24:,}"
    assert f"was {left + 40:,}" in told["Answers"][1]


def test_the_verdicts_that_moved_are_those_of_the_two_reports(few_asked: WhatIfReport) -> None:
    for view, report in (("before", few_asked.baseline), ("after", few_asked.changed)):
        assert report.verdicts is not None
        cells = report.verdicts.shown.set_index("unit")["rule"]
        told = few_asked.moves.set_index("unit")[view]
        for unit, rule in cells.items():
            assert told[unit] == MARKS[Rule(rule)]
    moved = set(few_asked.moved["unit"])
    assert moved >= {"P-3", "P-4"}
    assert set(few_asked.moves.loc[few_asked.moves["unit"].isin(["P-3", "P-4"]), "after"]) == {
        "silence"
    }
    flow = few_asked.flow()
    assert flow["organisations"].sum() == len(few_asked.moves) == 26
    changed = flow[flow["before"] != flow["after"]]["organisations"].sum()
    assert changed == len(few_asked.moved)
    assert f"{changed} of 26 practices get another verdict" in few_asked.summary()


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
    told = what_if(store, GP, Scenario(months=Months.YEAR))
    before = told.moves.set_index("unit").loc["P-20"]
    assert before["before"] == "dissonance, unusual"
    assert before["after"] != "dissonance, unusual"
    said = told.what_changed()
    assert said[0].startswith(f"Practice P-20 (now {before['after']})")
    assert said[0].endswith("no longer “dissonance, unusual”.")
    assert told.moved["unit"].iloc[0] == "P-20"  # it leads the table


def test_nothing_asked_is_nothing_changed(store: Store) -> None:
    practices(store)
    same = what_if(store, GP, Scenario())
    assert not same.asks
    assert "Choose a question" in same.summary()
    assert same.moved.empty
    unchanged = what_if(store, GP, Scenario(scale=model.TestScale.LOGIT, margin=1.0))
    assert unchanged.moved.empty
    assert unchanged.headline_move == 0
    assert unchanged.what_changed() == [
        "Nothing changes: the conclusion does not hang on this choice."
    ]
    assert "practically the same" in unchanged.summary()


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
    words = (
        "practically the same" if abs(move / room) < 0.1
        else "inside the range" if abs(move / room) <= 1 else "outside the range"
    )  # fmt: skip
    assert words in few_asked.summary()


def test_a_scenario_that_cannot_be_compared_is_refused_in_words(store: Store) -> None:
    practices(store)
    told = what_if(store, GP, Scenario(window=Period(date(2020, 4, 1), date(2020, 6, 30))))
    assert told.changed.status == "refused"
    assert "nothing can be compared" in told.summary()
    assert not told.asks
    assert (told.moves["after"] == NOT_COMPARED).all()


def test_where_neither_can_judge_that_is_not_said_to_hold(store: Store) -> None:
    committed(store, *standings(alike(4)))
    told = what_if(store, GP, Scenario(margin=1.5))
    assert told.what_changed() != ["Nothing changes: the conclusion does not hang on this choice."]


# --- Confidential ---


def test_the_smallest_number_shown_is_never_lowered(store: Store) -> None:
    strict = replace(GP, disclosure=Disclosure(10))
    assert Scenario(evidence_floor=5).of(strict).disclosure.floor == 10
    assert Scenario(evidence_floor=30).of(strict).disclosure.floor == 30
    practices(store)
    told = what_if(store, strict, Scenario(evidence_floor=5))
    assert told.changed.pairs[["left_respondents", "right_respondents"]].min(axis=None) >= 10


# --- Organisations in one of the two alone ---


def in_two_boards(store: Store) -> Store:
    left, right = standings(alike(30))
    links = [parent(f"P-{n}", f"B-{n % 2}", "icb") for n in range(30)]
    boards = [provider("B-0", "icb"), provider("B-1", "icb")]
    return committed(store, left, right, parent=links, provider=boards)


def test_those_outside_the_area_asked_about_have_no_other_verdict(store: Store) -> None:
    in_two_boards(store)
    told = what_if(store, GP, Scenario(area="B-0"))
    assert told.summary().endswith("no verdict changes, of 15.")
    assert told.what_changed() == ["15 practices are in the baseline alone."]
    assert told.limits().startswith("15 practices are not compared any more: Practice P-1 (outside")
    other = what_if(store, replace(GP, area="B-1"), Scenario(area="B-0"))
    assert other.summary().endswith("no practice is in both.")
    assert other.what_changed() == [
        "15 practices are in the baseline alone.",
        "15 practices are in the scenario alone.",
    ]
    assert "same answers" not in other.limits()


def test_verdicts_on_another_level_are_not_set_beside(store: Store) -> None:
    in_two_boards(store)
    told = what_if(store, GP, Scenario(grain="icb"))
    apart = "erdicts on integrated care boards cannot be set beside those on practices."
    assert told.summary().endswith(f"v{apart}")
    assert told.what_changed() == [f"V{apart}"]
    assert told.lost == ()
    assert told.figures()[1] == ("Other verdicts", "–", "another level")


def test_answers_of_another_source_are_not_said_to_have_been_its_own(store: Store) -> None:
    practices(store)
    cells = [(f"P-{n}", {}, 20, 10) for n in range(26)]
    store.commit([answers("fft_local", cells)])
    told = what_if(store, GP, Scenario(left="fft_local"))
    rests = {label: was for label, _, was in told.figures()}["Answers"]
    assert rests.startswith("FFT local, was 96,040 of FFT GP; GP survey, was ")


def test_where_nobody_can_be_judged_nothing_is_said_to_hold(store: Store) -> None:
    """Nine practices: too few for a verdict, and for a figure of all of them."""
    committed(store, *standings(alike(9)))
    told = what_if(store, GP, Scenario(margin=1.5))
    assert told.summary().endswith("no single practice can be judged, before or after.")
    assert told.what_changed() == [
        "No single organisation can be judged, before or after; nor is there a figure for all of them "
        "together."
    ]
    assert not question.options(store, told.baseline).judged


def test_more_months_are_not_offered_where_both_are_monthly(store: Store) -> None:
    """They would change nothing, and nothing changing would be said to hold."""
    cells = [(f"P-{n}", {}, 40, 20 + n) for n in range(12)]
    two_local(store, cells, [(unit, about, 50, n) for unit, about, _, n in cells])
    assert not question.options(store, agreement(store, LOCAL)).months
    committed(store, *standings(alike(12)))
    assert question.options(store, agreement(store, GP)).months


def test_one_is_said_as_one(store: Store) -> None:
    left, right = standings(alike(24))
    left[3] |= {"respondents": 20.0, "positive": 18.0, "value": 0.9}
    committed(store, left, right)
    told = what_if(store, GP, Scenario(evidence_floor=30))
    assert "1 practice is not compared any more: Practice P-3 (too few" in told.limits()
    assert told.summary().endswith("1 of 24 practices gets another verdict.")


# --- Scenarios themselves ---

scenarios = some.builds(
    Scenario,
    left=some.sampled_from(["", "fft_local"]),
    window=some.none() | some.just(Period(date(2024, 1, 1), date(2024, 3, 31))),
    months=some.none() | some.sampled_from(Months),
    evidence_floor=some.none() | some.sampled_from((5, 10, 30)),
    design_effect=some.none() | some.sampled_from((1.0, 2.0)),
    scale=some.none() | some.sampled_from(model.TestScale),
    comments_halved=some.none() | some.just(True),
    without_modes=some.lists(some.sampled_from(["SMS", "Paper"]), unique=True).map(tuple),
    dimension=some.sampled_from(GROUPS),
    groups=some.lists(some.sampled_from(["16-44", "45-64"]), min_size=1, unique=True).map(tuple),
    sentiment=some.none() | some.sampled_from([Sentiment.MIXED_HALF, Sentiment.STARS]),
    peers=some.none() | some.sampled_from([Peers.ICB, Peers.SIZE]),
)


@given(scenario=scenarios)
def test_a_scenario_comes_back_as_it_was_kept(scenario: Scenario) -> None:
    assert Scenario.from_json(scenario.as_json()) == scenario


@given(scenario=scenarios)
def test_a_scenario_says_every_choice_it_makes(scenario: Scenario) -> None:
    said = question.described(scenario)
    told = set(scenario.as_json()) - {"dimension"}  # said with its groups
    assert len(said) == len(told)
    assert question.titled(scenario)[0].isupper()


def test_a_scenario_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="a scenario has no weather"):
        Scenario.from_json({"weather": "fine"})
    with pytest.raises(ValueError, match="fortnight"):
        Scenario.from_json({"months": "fortnight"})


def test_saved_scenarios_are_replaced_and_withdrawn_and_nothing_is_forgotten(store: Store) -> None:
    practices(store)
    revision = store.revision
    question.keep(store, "A year ", Scenario(months=Months.YEAR), "Ada")
    question.keep(store, "Strict", Scenario(margin=0.5))
    question.keep(store, "A year", Scenario(months=Months.AROUND), "Grace")
    assert [(one.name, one.saved_by) for one in question.saved(store)] == [
        ("A year", "Grace"), ("Strict", "this computer"),
    ]  # fmt: skip
    assert question.saved(store)[0].scenario == Scenario(months=Months.AROUND)
    question.withdraw(store, "A year")
    assert [one.name for one in question.saved(store)] == ["Strict"]
    assert store.revision == revision  # no answer changed
    store.keep_scenario("Later", '{"weather": "fine"}', "a later version")
    assert [one.name for one in question.saved(store)] == ["Strict"]


def test_scenarios_stand_beside_one_baseline_as_each_does_alone(store: Store) -> None:
    practices(store)
    baseline = agreement(store, GP)
    asked = {
        "Many answers": Scenario(evidence_floor=30),
        "Strict": Scenario(margin=0.5),
        "By network": Scenario(grain="pcn"),
    }
    reports = {name: what_if(store, GP, scenario) for name, scenario in asked.items()}
    gone = (Scenario(left="fft_dental"), "No file of FFT dental is loaded.")
    told = question.side_by_side(baseline, reports, {"Dentists": gone})
    rows = told.rows.set_index("name")
    assert list(rows.index) == ["Baseline", *asked, "Dentists"]
    assert (rows.loc["Baseline", "compared"], rows.loc["Many answers", "compared"]) == (26, 24)
    for name in ("Many answers", "Strict"):
        report, row = reports[name], rows.loc[name]
        after = report.moves["after"]
        assert row["what"] == report.title
        assert row["agreement"] == (after == "agreement").sum()
        assert row["unusual"] == (after == "dissonance, unusual").sum() == 2
        assert row[list(question.COUNTED)].sum() == (after != NOT_COMPARED).sum()
        assert (row["moved"], row["in_both"]) == (len(report.moved), len(report.in_both))
        assert row["headline_move"] == report.headline_move
        assert report.changed.latent is not None
        assert row["underlying"] == report.changed.latent.estimate
    assert rows.loc["Baseline", "unusual"] == 2
    assert rows.loc["By network", "moved_said"] == "another level of organisation"
    assert rows.loc["Dentists", "moved_said"] == gone[1]
    assert "In 2 of 2 the headline stays inside the range the baseline already" in told.summary()
    assert "1 cannot be set beside it by one figure. 1 cannot be compared" in told.summary()
    screen = told.screen().set_index("name")
    assert reports["Strict"].figures()[0][1] in screen.loc["Strict", "underlying"]
    assert (
        question.side_by_side(baseline, {}).summary() == "No scenario to set beside the baseline."
    )


def test_what_neither_source_can_follow_is_not_said_to_hold(store: Store) -> None:
    """Nobody tells age, how an answer came or stars: the figures would be those of the baseline."""
    practices(store)
    baseline = agreement(store, GP)
    asked = {
        "Older": Scenario(dimension="age", groups=("65 and over",)),
        "By stars": Scenario(sentiment=Sentiment.STARS),
        "No texts": Scenario(without_modes=("SMS",)),
        "One person": Scenario(comments_halved=True),
        "Strict": Scenario(margin=0.5),
    }
    reports = {name: what_if(store, GP, scenario) for name, scenario in asked.items()}
    for name, report in reports.items():
        assert report.followed is report.asks is (name == "Strict")
    older = reports["Older"]
    assert older.summary() == (
        "Age 65 and over alone: these sources cannot follow it, and nothing changes."
    )
    assert older.headline_move is None
    assert "FFT GP cannot be split by age" in older.limits()
    assert reports["By stars"].limits() == "Neither of them tells what it would take."
    told = question.side_by_side(baseline, reports)
    rows = told.rows.set_index("name")
    assert rows.loc["Older", "moved_said"] == "cannot be followed"
    assert rows.loc["Older", ["compared", "underlying", "headline_move"]].isna().all()
    assert told.summary() == (
        "In 1 of 1 the headline stays inside the range the baseline already allowed. 4 cannot be "
        "followed by these sources."
    )


def test_where_nobody_can_be_judged_no_number_of_other_verdicts_is_told(store: Store) -> None:
    committed(store, *standings(alike(9)))
    baseline = agreement(store, GP)
    told = question.side_by_side(baseline, {"A": what_if(store, GP, Scenario(margin=0.5))})
    assert told.rows["moved_said"].tolist() == ["", "none can be judged"]
    assert told.rows["moved"].isna().all()


def test_underlying_and_raw_figures_are_not_ranked_by_how_far_they_move() -> None:
    told = pd.DataFrame(
        {
            "name": ["Baseline", "A", "B", "C"],
            "status": "ok",
            "headline": [None, *["underlying agreement"] * 2, "raw rank correlation"],
            "headline_move": [np.nan, 0.2, -0.4, 3.0],
        }
    )
    assert question.SideBySide(told).summary() == (
        "In 2 of 3 the headline stays inside the range the baseline already allowed; ‘B’ moves the "
        "underlying agreement most."
    )
    alone = question.SideBySide(told.iloc[:3])
    assert alone.summary().endswith("; ‘B’ moves it most.")


@pytest.mark.parametrize("name", ["Baseline", " baseline ", "This one (not saved)"])
def test_a_saved_scenario_is_not_called_what_stands_beside_it(store: Store, name: str) -> None:
    with pytest.raises(NothingToCompare, match="stands for something else"):
        question.keep(store, name, Scenario(margin=0.5))
    assert question.saved(store) == ()


# --- The demonstration ---


PAIRS = (GP, INPATIENT, LOCAL, Pairing("fft_gp", "healthwatch"))


@pytest.mark.parametrize("pairing", PAIRS, ids=lambda one: f"{one.left}-{one.right}")
def test_every_question_often_asked_is_answered_or_says_why_not(
    demonstration: Store, pairing: Pairing
) -> None:
    baseline = agreement(demonstration, pairing)
    options = question.options(demonstration, baseline)
    assert len({one.title for one in options.presets}) == len(options.presets)
    for one in options.presets:
        if one.scenario is None:
            assert one.why_not.endswith(".")
            continue
        try:
            told = what_if(demonstration, pairing, one.scenario)
        except PxError as problem:  # pragma: no cover
            pytest.fail(f"{one.title}: {problem}")
        assert told.summary().endswith(".")
        assert told.what_changed()
        shown = told.changed.pairs[["left_people", "right_people"]]
        assert not (shown < pairing.disclosure.floor).any(axis=None)
        assert not told.screen().empty or told.moved.empty


def test_the_conclusion_about_the_planted_contradictions_holds_over_a_year(
    demonstration: Store,
) -> None:
    told = what_if(demonstration, GP, Scenario(months=Months.YEAR))
    planted = told.moves[told.moves["unit"].isin(["P-0012", "P-0044", "P-0057", "P-0081"])]
    assert set(planted["before"]) == set(planted["after"]) == {"dissonance, unusual"}
    assert "inside the range the baseline already allowed" in told.summary()


def test_each_of_three_sources_is_left_out_in_turn(demonstration: Store) -> None:
    baseline = agreement(demonstration, GP)
    third = question.third_source(demonstration, baseline)
    assert third == "healthwatch"
    told = question.without_each(demonstration, GP, third)
    assert told.rows["left_out"].tolist() == ["Healthwatch", "GP survey", "FFT GP"]
    assert set(told.verdicts.columns) == {"unit", "name", *told.rows["pair"]}
    assert told.summary().startswith(
        "Without Healthwatch: FFT GP and GP survey rank practices alike"
    )
    nobody = question.without_each(demonstration, GP, "")
    assert "It takes three kinds of source" in nobody.summary()


def test_what_is_told_to_programs_is_what_is_shown(demonstration: Store) -> None:
    told = what_if(demonstration, GP, Scenario(dimension="", peers=Peers.ICB, mix=None))
    as_json: dict[str, Any] = told.as_json()
    assert as_json["scenario"] == {"peers": "icb"}
    assert as_json["summary"] == told.summary()
    assert len(as_json["verdicts"]) == len(told.moves)
    assert Mix.NONE == ""  # a mix of none is no mix


def test_a_service_is_asked_for_where_both_speak_of_several(store: Store) -> None:
    def told(answers_each: int, shift: int) -> list[Any]:
        return [
            (f"P-{n}", {"service": service}, answers_each, 10 + (n + shift) % 15)
            for n in range(12)
            for service in ("maternity", "inpatient")
        ]

    two_local(store, told(30, 0), told(40, 4))
    assert options(store, agreement(store, LOCAL)).services == ("inpatient", "maternity")
    exact = replace(LOCAL, disclosure=Disclosure(exact=True))
    report = what_if(store, exact, Scenario(service="maternity"))
    assert report.title == "Maternity alone"
    assert report.changed.pairs["left_respondents"].tolist() == [30.0] * 12
    assert Scenario.from_json(report.scenario.as_json()) == report.scenario


def test_an_underlying_figure_is_never_set_beside_a_raw_one(demonstration: Store) -> None:
    """Without text messages the underlying agreement cannot be estimated any more."""
    told = what_if(demonstration, LOCAL, Scenario(without_modes=("SMS",)))
    assert told.baseline.estimated
    assert not told.changed.estimated
    raw = told.baseline.correlation
    assert raw is not None
    assert told.summary().startswith(
        "Without the answers by SMS: underlying agreement can no longer be estimated (it was "
    )
    assert f"instead of {raw.estimate:.2f}" in told.summary()
    label, _, rests = told.figures()[0]
    assert label == "Raw rank correlation"
    assert f"was {raw.estimate:.2f}" in rests
    assert told.headline_move is not None


def test_a_headline_that_moves_is_not_nothing(demonstration: Store) -> None:
    for scenario in (Scenario(peers=Peers.DEPRIVATION), Scenario(months=Months.YEAR)):
        told = what_if(demonstration, GP, scenario)
        assert told.headline_move is not None
        if abs(told.headline_move) >= question.PRACTICALLY_THE_SAME:
            assert not any(said.startswith("Nothing changes") for said in told.what_changed())
