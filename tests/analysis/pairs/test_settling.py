"""What further answers would settle: those that could be either, a budget spread, and its words."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from pxcore.analysis.pairs import settling as question
from pxcore.analysis.pairs.agreement import certainty
from pxcore.analysis.pairs.settling import SIDES, STEPS, SettlingReport, settling, settling_of
from pxcore.cli.run import plain as for_json
from pxcore.publish.settling import as_json
from pxcore.stats.certainty import Word
from pxcore.stats.settling import ENOUGH, Outlook
from pxcore.store import Store
from pxcore.words import settling as words
from tests.analysis.frames import GP, alike, committed, standings

MOST = 4  # worked through here
Steps = list[tuple[str, int, int]]


@pytest.fixture(scope="module")
def run(empty: Path) -> tuple[SettlingReport, Steps]:
    """Two dozen practices of two sources that hardly go together, half of which could be either."""
    random = np.random.default_rng(7)
    at = random.standard_normal(24)
    beside = 0.3 * at + 0.95 * random.standard_normal(24)
    store = Store.open(copied_from=empty)
    committed(store, *standings(zip(at.tolist(), beside.tolist(), strict=True), 150, 400))
    steps: Steps = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(question, "MOST", MOST)
        report = settling(store, GP, "left", lambda *step: steps.append(step))
    store.close()
    return report, steps


@pytest.fixture(scope="module")
def report(run: tuple[SettlingReport, Steps]) -> SettlingReport:
    return run[0]


def test_those_that_could_be_either_with_most_people_are_worked_through(
    run: tuple[SettlingReport, Steps],
) -> None:
    report, steps = run
    either = report.certainty.likely
    either = either[either["mark"] == Word.COULD_BE_EITHER]
    assert report.either == len(either) > MOST == len(report.rows)
    people = report.certainty.people
    ranked = either.sort_values([people, "unit"], ascending=[False, True])
    assert report.rows["unit"].tolist() == ranked["unit"].head(MOST).tolist()
    assert report.chances.shape == (MOST, len(STEPS))
    assert [done for _, done, _ in steps] == list(range(MOST))
    assert words.limits(report).startswith(
        f"Of {report.either} practices that could be either, the {MOST} with most people"
    )


def test_the_answers_needed_keep_their_promise_or_none_do(report: SettlingReport) -> None:
    for row in report.rows.itertuples():
        if row.outlook == Outlook.POSSIBLE.name:
            assert row.answers_needed > 0
            assert row.chance >= ENOUGH
        else:
            assert row.outlook == Outlook.TOO_COARSE.name
            assert math.isnan(row.answers_needed)
            assert row.chance < ENOUGH
    assert ((report.chances >= 0) & (report.chances <= 1)).all()
    assert (report.chances[:, -1] >= report.chances[:, 0]).all()


def test_a_budget_is_spent_where_it_settles_most(report: SettlingReport) -> None:
    settled = []
    for budget in (question.LEAST, 100, question.USUAL, 1000, question.MOST_ANSWERS):
        spent = report.spending(budget)
        assert spent.answers.sum() <= budget
        assert spent.settled >= spent.settled_evenly - 0.05
        assert len(words.table(report, budget)) == len(report.rows)
        settled.append(spent.settled)
    assert settled == sorted(settled)
    assert settled[-1] <= len(report.rows)


def test_what_is_said_is_what_is_spent(report: SettlingReport) -> None:
    spent = report.spending(3000)
    said = words.summary(report, 3000)
    assert said.startswith(f"{int(spent.answers.sum()):,} more answers to FFT GP, asked at ")
    assert "spread evenly over all would settle" in said
    table = words.table(report, 3000)
    asked = dict(zip(report.rows["unit"], spent.answers.tolist(), strict=True))
    assert dict(zip(table["unit"], table["asked"], strict=True)) == asked
    assert table["asked"].is_monotonic_decreasing
    for row in table.itertuples():
        coarse = row.outlook.startswith("Out of reach: GP survey is too coarse here (at best ")
        assert coarse is math.isnan(row.answers_needed)
        assert row.outlook
    assert "9 in 10 or more" in words.limits(report)


def test_the_json_says_the_same(report: SettlingReport) -> None:
    sent = json.loads(json.dumps(for_json(as_json(report, 300)), allow_nan=False))
    assert sent["summary"] == words.summary(report, 300)
    assert (sent["source"], sent["budget"], sent["either"]) == ("fft_gp", 300, report.either)
    assert sum(one["asked"] for one in sent["organisations"]) <= 300
    assert sent["settled"] >= sent["settled_evenly"] - 0.05


def test_where_nothing_could_be_either_there_is_nothing_to_settle(store: Store) -> None:
    known = certainty(committed(store, *standings([*alike(), (2.4, -2.4)])), GP)
    assert known.counts()[Word.COULD_BE_EITHER] == 0
    for side in SIDES:
        told = settling_of(known, side)
        assert (told.status, told.either, len(told.rows)) == ("ok", 0, 0)
        assert (
            words.summary(told, 300) == "No practice could be either: there is nothing to settle."
        )
        assert as_json(told, 300)["organisations"] == []
        assert words.table(told, 300).empty


def test_where_nothing_is_said_nothing_is_settled(store: Store) -> None:
    left, right = standings(alike(30))
    told = settling(committed(store, left[:18], right[10:]), GP, "right")
    assert told.status == "not_enough_evidence"
    assert words.summary(told, 300).startswith("Not enough evidence: ")
    assert as_json(told, 300)["settled"] == 0


def test_a_side_that_is_none_is_refused(store: Store) -> None:
    known = certainty(committed(store, *standings(alike())), GP)
    with pytest.raises(ValueError, match="middle"):
        settling_of(known, "middle")
