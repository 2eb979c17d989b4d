"""The three checks of two sources: what they find in the demonstration, and where nothing is checked."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pxcore.analysis.judging import checks as question
from pxcore.analysis.judging.checks import ChecksReport, checks
from pxcore.cli.run import plain as for_json
from pxcore.model import Pairing
from pxcore.publish.checks import as_json
from pxcore.stats.certainty_nodes import Counted
from pxcore.stats.design_check import World
from pxcore.store import Store
from pxcore.words import checks as words
from tests.analysis.frames import GP, alike, committed, standings

NETWORKS = replace(GP, grain="pcn")
Steps = list[tuple[str, int, int]]


@pytest.fixture(scope="module")
def run(demonstration: Store) -> tuple[ChecksReport, Steps]:
    steps: Steps = []
    report = checks(
        demonstration,
        replace(NETWORKS, area="B-01"),
        lambda *step: steps.append(step),
        sets=2,
    )
    return report, steps


@pytest.fixture(scope="module")
def report(run: tuple[ChecksReport, Steps]) -> ChecksReport:
    return run[0]


def test_all_areas_are_checked_together(report: ChecksReport) -> None:
    assert report.status == "ok"
    assert report.alignment.pairing.area == ""
    assert len(report.certainty.likely) == 26


def test_every_world_is_tried_on_the_same_organisations(report: ChecksReport) -> None:
    assert report.design is not None
    assert [world.world for world in report.design.worlds] == list(World)
    for world in report.design.worlds:
        assert world.sets == 2
        assert world.organisations.sum() == 2 * 26
        assert 0.9 <= world.sure <= 1
    low, high = (int(n) for n in re.findall(r"(\d+) to (\d+) times", words.summary(report))[0])
    assert low <= high <= 100


def test_larger_differences_are_found_more_often(report: ChecksReport) -> None:
    assert [size.shift for size in report.planted] == [1.0, 2.0, 3.0]
    assert all(size.organisations == 26 for size in report.planted)
    assert report.planted[2].differ > report.planted[0].differ
    lines = words.planted(report)
    assert lines[0].startswith("Moved by one typical difference, a primary care network is called")
    assert all(
        f"(planted in {size.organisations}," in line
        for size, line in zip(report.planted, lines, strict=True)
    )


def test_the_months_of_the_monthly_source_are_halved(report: ChecksReport) -> None:
    assert report.halved == "FFT GP"
    kept = report.history
    assert kept is not None
    assert kept.agree_kept + kept.agree_turned <= kept.agree
    assert kept.differ_kept + kept.differ_turned <= kept.differ
    assert 0 < kept.agree + kept.differ <= 26
    lines = words.history(report)
    assert lines[0].startswith("The months of FFT GP split in two")
    assert len(lines) == 1 + (kept.agree > 0) + (kept.differ > 0)


def test_the_halves_are_the_whole_and_each_answer_is_in_one(
    report: ChecksReport, demonstration: Store
) -> None:
    verdicts, units = report.verdicts, pd.Series(report.certainty.units)
    assert verdicts is not None
    halves = question._halves(demonstration, verdicts.left, report.judgement, units)
    assert halves is not None
    exact = verdicts.left.exact_of(units)
    answers = sum(np.nan_to_num(half.answers) for half in halves)
    assert answers == pytest.approx(exact["respondents"].fillna(0).to_numpy(dtype=float))
    positive = sum(np.nan_to_num(half.positive) for half in halves)
    assert positive == pytest.approx(exact["positive"].fillna(0).to_numpy(dtype=float))
    assert all(isinstance(half, Counted) and (half.answers > 0).any() for half in halves)


def test_progress_names_what_is_being_done_and_ends(run: tuple[ChecksReport, Steps]) -> None:
    steps = run[1]
    doing = list(dict.fromkeys(what for what, _, _ in steps))
    assert doing == [
        "splitting the months",
        "planting differences",
        "inventing data of this design",
    ]
    assert all(0 <= done <= whole for _, done, whole in steps)
    assert steps[-1][1] == steps[-1][2]


def test_the_json_is_whole_and_says_the_same(report: ChecksReport) -> None:
    sent = json.loads(json.dumps(for_json(as_json(report)), allow_nan=False))
    assert sent["summary"] == words.summary(report)
    assert [world["world"] for world in sent["design"]] == [world.value for world in World]
    assert [size["shift"] for size in sent["planted"]] == [1, 2, 3]
    assert sent["history"]["source"] == "FFT GP"
    assert len(words.designs(report)) == len(World)
    assert not words.designs(report).astype(str).eq("nan").any(axis=None)


# --- Nothing to check, and nothing to halve ---


def test_where_nothing_is_said_there_is_nothing_to_check(store: Store) -> None:
    left, right = standings(alike(30))
    told = checks(committed(store, left[:18], right[10:]), GP, sets=2)
    assert (told.status, told.design, told.planted) == ("not_enough_evidence", None, ())
    assert "both have enough answers on only 8 practices" in words.summary(told)
    assert words.limits(told) == ""
    assert words.designs(told).empty
    sent: dict[str, Any] = json.loads(json.dumps(for_json(as_json(told)), allow_nan=False))
    assert (sent["summary"], sent["design"], sent["history"]) == (None, [], None)
    assert sent["reason"] == words.summary(told)


def test_a_single_month_cannot_be_halved(store: Store) -> None:
    random = np.random.default_rng(5)
    at = random.standard_normal(20)
    places = [
        (float(one), float(one + 0.4 * noise))
        for one, noise in zip(at, random.standard_normal(20), strict=True)
    ]
    told = checks(committed(store, *standings(places, 300, 150)), GP, sets=2)
    assert told.status == "ok"
    assert (told.history, told.halved) == (None, "")
    assert words.history(told) == [
        "Neither source has published months that could be split in two."
    ]


def test_neither_source_is_monthly(demonstration: Store) -> None:
    told = question._history(
        demonstration,
        (judged := question.judgement(demonstration, Pairing("local_survey", "gp_survey"))),
        np.array([], dtype=bool),
        question.certainty_of(demonstration, judged),
    )
    assert told == (None, "")


def test_the_months_of_single_responses_are_not_split(demonstration: Store) -> None:
    local = Pairing("fft_local", "gp_survey")
    report = checks(demonstration, local, sets=2)
    assert report.alignment.confidential
    assert report.design is not None  # something is said of these two
    assert (report.history, report.halved) == (None, "")
    assert words.history(report) == [
        "Neither source has published months that could be split in two."
    ]
