"""What a scenario changes, in sentences."""

from __future__ import annotations

from dataclasses import replace

from pxcore import model
from pxcore.analysis.pairs import scenarios
from pxcore.analysis.pairs import what_if as question
from pxcore.analysis.pairs.what_if import Holds, what_if
from pxcore.model import Months, Peers, Scenario, Sentiment
from pxcore.store import Store
from pxcore.words import scenarios as scenario_words
from pxcore.words import what_if as words
from tests.analysis.frames import alike, committed, standings
from tests.analysis.joining.test_selection import answers
from tests.analysis.pairs.test_what_if import GP, LOCAL, in_two_boards, practices


def test_nothing_asked_is_nothing_changed(store: Store) -> None:
    practices(store)
    same = what_if(store, GP, Scenario())
    assert not same.answered
    assert "Choose a question" in words.summary(same)
    assert same.moved.empty
    unchanged = what_if(store, GP, Scenario(scale=model.TestScale.LOGIT, margin=1.0))
    assert unchanged.moved.empty
    assert unchanged.headline_move == 0
    assert words.what_changed(unchanged) == [
        "Nothing changes: the conclusion does not depend on this choice."
    ]
    assert "practically the same" in words.limits(unchanged)
    assert same.holds is None
    assert unchanged.holds is Holds.YES
    assert words.summary(unchanged).startswith("Yes. ")


def test_where_neither_can_judge_that_is_not_said_to_hold(store: Store) -> None:
    committed(store, *standings(alike(4)))
    report = what_if(store, GP, Scenario(margin=1.5))
    assert words.what_changed(report) != [
        "Nothing changes: the conclusion does not depend on this choice."
    ]


def test_those_outside_the_area_asked_about_have_no_other_verdict(store: Store) -> None:
    in_two_boards(store)
    report = what_if(store, GP, Scenario(area="B-0"))
    assert "of 15 practices, where it was" in words.summary(report)
    assert words.what_changed(report) == ["15 practices are in the baseline alone."]
    assert "15 practices are no longer compared: Practice P-1 (outside" in words.limits(report)
    other = what_if(store, replace(GP, area="B-1"), Scenario(area="B-0"))
    assert words.summary(other).endswith("no practice is in both.")
    assert words.what_changed(other) == [
        "15 practices are in the baseline alone.",
        "15 practices are in the scenario alone.",
    ]
    assert "same answers" not in words.no_test(other)
    assert "same answers" in words.no_test(report)


def test_verdicts_on_another_level_are_not_set_beside(store: Store) -> None:
    in_two_boards(store)
    report = what_if(store, GP, Scenario(grain="icb"))
    apart = "hat is said of integrated care boards cannot be set beside what is said of practices."
    assert words.summary(report).endswith(f"w{apart}")
    assert words.what_changed(report) == [f"W{apart}"]
    assert report.lost == ()
    assert words.figures(report)[1] == ("Another word", "–", "another level")


def test_answers_of_another_source_are_not_said_to_have_been_its_own(store: Store) -> None:
    practices(store)
    cells = [(f"P-{n}", {}, 20, 10) for n in range(26)]
    store.commit([answers("fft_local", cells)])
    report = what_if(store, GP, Scenario(left="fft_local"))
    rests = {label: was for label, _, was in words.figures(report)}["Answers"]
    assert rests.startswith("FFT local, was 96,040 of FFT GP; GP survey, was ")


def test_where_nobody_can_be_judged_nothing_is_said_to_hold(store: Store) -> None:
    """Nine practices: too few for a verdict, and for a figure of all of them."""
    committed(store, *standings(alike(9)))
    report = what_if(store, GP, Scenario(margin=1.5))
    assert words.summary(report).endswith("nothing is said of a single practice, before or after.")
    assert words.what_changed(report) == [
        "Nothing is said of a single organisation, before or after; nor is there a figure for all of "
        "them together."
    ]
    assert not scenarios.options(store, report.baseline).judged


def test_one_is_said_as_one(store: Store) -> None:
    left, right = standings(alike(24))
    left[3] |= {"respondents": 20.0, "positive": 18.0, "value": 0.9}
    committed(store, left, right)
    report = what_if(store, GP, Scenario(evidence_floor=30))
    assert "1 practice is no longer compared: Practice P-3 (too few" in words.limits(report)
    assert "of 23 practices, where it was" in words.summary(report)
    assert "Nothing more is said of 1: " in " ".join(words.what_changed(report))


def test_what_neither_source_can_follow_is_not_said_to_hold(store: Store) -> None:
    """Nobody tells age, how an answer came or stars: the figures would be those of the baseline."""
    practices(store)
    asked = {
        "Older": Scenario(dimension="age", groups=("65 and over",)),
        "By stars": Scenario(sentiment=Sentiment.STARS),
        "No texts": Scenario(without_modes=("SMS",)),
        "One person": Scenario(comments_halved=True),
        "Strict": Scenario(margin=0.5),
    }
    reports = {name: what_if(store, GP, scenario) for name, scenario in asked.items()}
    for name, report in reports.items():
        assert report.followed is report.answered is (name == "Strict")
    older = reports["Older"]
    assert words.summary(older) == (
        "Age 65 and over alone: these sources cannot show that, so nothing changes."
    )
    assert older.headline_move is None
    assert "FFT GP cannot be split by age" in words.limits(older)
    assert words.limits(reports["By stars"]) == "Neither source records what this would take."
    beside = scenarios.side_by_side(store, GP, tuple(asked.items()))
    rows = beside.rows.set_index("name")
    assert rows.loc["Older", "status"] == scenarios.Status.NOT_FOLLOWED
    changed = scenario_words.screen(beside).set_index("name")["changed"]
    assert changed["Older"] == "cannot be shown by these sources"
    assert rows.loc["Older", ["compared", "underlying", "headline_move"]].isna().all()
    assert scenario_words.summary(beside) == (
        "In 1 of 1 the headline stays inside the range the baseline already allowed. 4 cannot be "
        "shown by these sources."
    )


def test_an_underlying_figure_is_never_set_beside_a_raw_one(demonstration: Store) -> None:
    """Without text messages the underlying agreement cannot be estimated any more."""
    report = what_if(demonstration, LOCAL, Scenario(without_modes=("SMS",)))
    assert report.baseline.estimated
    assert not report.changed.estimated
    raw = report.baseline.correlation
    assert raw is not None
    assert words.in_general(report).startswith(
        "Underlying agreement can no longer be estimated (it was "
    )
    assert f"instead of {raw.estimate:.2f}" in words.limits(report)
    label, _, rests = words.figures(report)[0]
    assert label == "Raw rank correlation"
    assert f"was {raw.estimate:.2f}" in rests
    assert report.headline_move is not None
    assert report.holds is Holds.PARTLY


def test_a_headline_that_moves_is_not_nothing(demonstration: Store) -> None:
    for scenario in (Scenario(peers=Peers.DEPRIVATION), Scenario(months=Months.YEAR)):
        report = what_if(demonstration, GP, scenario)
        assert report.headline_move is not None
        if abs(report.headline_move) >= question.PRACTICALLY_THE_SAME:
            assert not any(
                said.startswith("Nothing changes") for said in words.what_changed(report)
            )
