"""Scenarios: kept, withdrawn, offered for two sources, and several beside one baseline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pxcore import model
from pxcore.analysis.judging.certainty import AGREE, DIFFER
from pxcore.analysis.pairs import scenarios
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.what_if import NOT_COMPARED, what_if
from pxcore.disclosure import Released
from pxcore.errors import NothingToCompare, PxError
from pxcore.model import (
    GROUPS,
    Disclosure,
    Months,
    Pairing,
    Peers,
    Period,
    Scenario,
    Sentiment,
)
from pxcore.store import Store
from pxcore.words import scenarios as scenario_words
from pxcore.words import what_if as words
from tests.analysis.frames import alike, committed, standings
from tests.analysis.joining.test_selection import two_local
from tests.analysis.pairs.test_what_if import GP, INPATIENT, LOCAL, practices

PAIRS = (GP, INPATIENT, LOCAL, Pairing("fft_gp", "healthwatch"))
any_scenario = some.builds(
    Scenario,
    left=some.sampled_from(["", "fft_local"]),
    window=some.none() | some.just(Period(date(2024, 1, 1), date(2024, 3, 31))),
    months=some.none() | some.sampled_from(Months),
    evidence_floor=some.none() | some.sampled_from((5, 10, 30)),
    design_effect=some.none() | some.sampled_from((1.0, 2.0)),
    scale=some.none() | some.sampled_from(model.TestScale),
    beforehand=some.none() | some.sampled_from((model.Beforehand.WIDER, model.Beforehand.NOTHING)),
    comments_halved=some.none() | some.just(True),
    without_modes=some.lists(some.sampled_from(["SMS", "Paper"]), unique=True).map(tuple),
    dimension=some.sampled_from(GROUPS),
    groups=some.lists(some.sampled_from(["16-44", "45-64"]), min_size=1, unique=True).map(tuple),
    sentiment=some.none() | some.sampled_from([Sentiment.MIXED_HALF, Sentiment.STARS]),
    peers=some.none() | some.sampled_from([Peers.ICB, Peers.SIZE]),
)


def test_more_months_are_not_offered_where_both_are_monthly(store: Store) -> None:
    """They would change nothing, and nothing changing would be said to hold."""
    cells = [(f"P-{n}", {}, 40, 20 + n) for n in range(12)]
    two_local(store, cells, [(unit, about, 50, n) for unit, about, _, n in cells])
    assert not scenarios.options(store, agreement(store, LOCAL)).months
    committed(store, *standings(alike(12)))
    assert scenarios.options(store, agreement(store, GP)).months


@given(scenario=any_scenario)
def test_a_scenario_comes_back_as_it_was_kept(scenario: Scenario) -> None:
    assert Scenario.from_json(scenario.as_json()) == scenario


def test_a_scenario_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="a scenario has no weather"):
        Scenario.from_json({"weather": "fine"})
    with pytest.raises(ValueError, match="fortnight"):
        Scenario.from_json({"months": "fortnight"})


def test_saved_scenarios_are_replaced_and_withdrawn_and_nothing_is_forgotten(store: Store) -> None:
    practices(store)
    revision = store.revision
    scenarios.keep(store, "A year ", Scenario(months=Months.YEAR), "Ada")
    scenarios.keep(store, "Strict", Scenario(margin=0.5))
    scenarios.keep(store, "A year", Scenario(months=Months.AROUND), "Grace")
    assert [(one.name, one.saved_by) for one in scenarios.saved(store)] == [
        ("A year", "Grace"), ("Strict", "this computer"),
    ]  # fmt: skip
    assert scenarios.saved(store)[0].scenario == Scenario(months=Months.AROUND)
    scenarios.withdraw(store, "A year")
    assert [one.name for one in scenarios.saved(store)] == ["Strict"]
    assert store.revision == revision  # no answer changed
    store.keep_scenario("Later", '{"weather": "fine"}', "a later version")
    assert [one.name for one in scenarios.saved(store)] == ["Strict"]


def test_scenarios_stand_beside_one_baseline_as_each_does_alone(store: Store) -> None:
    practices(store)
    asked = {
        "Many answers": Scenario(evidence_floor=30),
        "Strict": Scenario(margin=0.5),
        "By network": Scenario(grain="pcn"),
    }
    reports = {name: what_if(store, GP, scenario) for name, scenario in asked.items()}
    likely = reports["Strict"].likely_before
    gone = Scenario(left="fft_dental")
    with pytest.raises(PxError) as refused:
        what_if(store, GP, gone)
    beside = scenarios.side_by_side(store, GP, (*asked.items(), ("Dentists", gone)))
    rows = beside.rows.set_index("name")
    screen = scenario_words.screen(beside).set_index("name")
    assert list(rows.index) == ["Baseline", *asked, "Dentists"]
    assert (rows.loc["Baseline", "compared"], rows.loc["Many answers", "compared"]) == (26, 24)
    for name in ("Many answers", "Strict"):
        report, row = reports[name], rows.loc[name]
        after = report.moves["after"]
        assert screen.loc[name, "what"] == scenario_words.title(report.scenario)
        assert row["agree"] == after.isin(AGREE).sum()
        assert row["differ"] == after.isin(DIFFER).sum() >= 2
        assert row["holds"] == report.holds
        assert row[list(scenarios.COUNTED)].sum() == (after != NOT_COMPARED).sum()
        assert (row["moved"], row["in_both"]) == (len(report.moved), len(report.in_both))
        assert row["headline_move"] == report.headline_move
        assert report.changed.latent is not None
        assert row["underlying"] == report.changed.latent.estimate
    assert rows.loc["Baseline", "differ"] == likely.in_view["mark"].isin(DIFFER).sum() >= 2
    assert rows.loc["By network", "holds"] == ""
    assert screen.loc["By network", "changed"] == "another level of organisation"
    assert screen.loc["Dentists", "changed"] == str(refused.value)
    assert screen.loc["Strict", "changed"] == f"{rows.loc['Strict', 'moved']:.0f} of 26"
    assert (
        "In 2 of 2 the headline stays inside the range the baseline already"
        in scenario_words.summary(beside)
    )
    assert (
        "1 cannot be set beside it by a single figure. 1 cannot be compared"
        in scenario_words.summary(beside)
    )
    assert words.figures(reports["Strict"])[0][1] in screen.loc["Strict", "underlying"]
    assert (
        scenario_words.summary(scenarios.side_by_side(store, GP, ()))
        == "No scenario to set beside the baseline."
    )


def test_where_nobody_can_be_judged_no_number_of_other_verdicts_is_told(store: Store) -> None:
    committed(store, *standings(alike(9)))
    report = scenarios.side_by_side(store, GP, (("A", Scenario(margin=0.5)),))
    assert scenario_words.screen(report)["changed"].tolist() == ["", "nothing is said of any"]
    assert report.rows["moved"].isna().all()


def test_the_questions_often_asked_are_answered_in_a_sentence() -> None:
    def often(*answers: str) -> str:
        rows = [{"name": f"Question {n}", "holds": answer} for n, answer in enumerate(answers)]
        columns = list(scenarios.SCENARIO)
        return scenario_words.often(
            scenarios.SideBySide(Released([{"name": "Baseline"}, *rows], columns=columns))
        )

    assert often("yes", "yes") == "Yes: the conclusion holds in all 2 questions often asked."
    assert often("yes") == "Yes: the conclusion holds in the question often asked."
    assert often("yes", "partly", "yes") == (
        "Partly: it holds in 2 of 3 questions often asked and in part in 1."
    )
    assert often("no", "partly", "yes", "") == (
        "No: it holds in 1 of 3 questions often asked, in part in 1 and not in 1."
    )
    assert often("no") == "No: it does not hold in the question often asked."
    assert often("no", "no") == "No: it holds in none of 2 questions often asked and not in 2."
    assert often("", "").startswith("None of the questions often asked can be answered")


@pytest.mark.parametrize("name", ["Baseline", " baseline ", "This one (not saved)"])
def test_a_saved_scenario_is_not_called_what_stands_beside_it(store: Store, name: str) -> None:
    with pytest.raises(NothingToCompare, match="stands for something else"):
        scenarios.keep(store, name, Scenario(margin=0.5))
    assert scenarios.saved(store) == ()


@pytest.mark.parametrize("pairing", PAIRS, ids=lambda pair: f"{pair.left}-{pair.right}")
def test_every_question_often_asked_is_answered_or_says_why_not(
    demonstration: Store, pairing: Pairing
) -> None:
    baseline = agreement(demonstration, pairing)
    offered = scenarios.options(demonstration, baseline)
    assert [preset.question for preset in offered.presets] == list(scenarios.Question)
    for preset in offered.presets:
        if preset.scenario is None:
            assert scenario_words.why_not(preset, baseline).endswith(".")
            continue
        try:
            report = what_if(demonstration, pairing, preset.scenario)
        except PxError as problem:  # pragma: no cover
            pytest.fail(f"{preset.question}: {problem}")
        assert words.summary(report).endswith(".")
        assert words.what_changed(report)
        shown = report.changed.pairs[["left_people", "right_people"]]
        assert not (shown < pairing.disclosure.floor).any(axis=None)
        assert not words.screen(report).empty or report.moved.empty


def test_a_service_is_asked_for_where_both_speak_of_several(store: Store) -> None:
    def told(answers_each: int, shift: int) -> list[Any]:
        return [
            (f"P-{n}", {"service": service}, answers_each, 10 + (n + shift) % 15)
            for n in range(12)
            for service in ("maternity", "inpatient")
        ]

    two_local(store, told(30, 0), told(40, 4))
    assert scenarios.options(store, agreement(store, LOCAL)).services == ("inpatient", "maternity")
    exact = replace(LOCAL, disclosure=Disclosure(exact=True))
    report = what_if(store, exact, Scenario(service="maternity"))
    assert scenario_words.title(report.scenario) == "Maternity alone"
    assert report.changed.pairs["left_respondents"].tolist() == [30.0] * 12
    assert Scenario.from_json(report.scenario.as_json()) == report.scenario
