"""How well the probabilities do, in words: from the table that is shipped."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pxcore.analysis.files.methods import EVERY, REPORTED, MethodsReport, methods
from pxcore.words import methods as words


@pytest.fixture(scope="module")
def report() -> MethodsReport:
    return methods()


def test_the_sentence_holds_what_all_and_the_worst_came_to(report: MethodsReport) -> None:
    said = f"{words.reliability(report)} {words.worst(report)}"
    figures = [int(number) for number in re.findall(r"(\d+)(?: in 100| times)", said)]
    rows = report.reliability()
    top = rows[rows["low"] == 0.9].set_index("scenario")
    assert figures[0] == round(top.loc[EVERY, "claimed"] * 100)
    assert figures[1] == round(top.loc[EVERY, "true"] * 100)
    kinds = top[(top["share"] >= words.LEAST_SHARE) & (top.index != EVERY)]
    assert figures[3] == round(kinds["true"][(kinds["true"] - kinds["claimed"]).idxmin()] * 100)


def test_worlds_on_the_margin_are_reported_and_not_counted(report: MethodsReport) -> None:
    assert set(report.certainty["scenario"]) & set(REPORTED)
    assert not set(report.reliability()["scenario"]) & set(REPORTED)


def test_over_all_worlds_what_is_called_very_likely_is_as_often_right(
    report: MethodsReport,
) -> None:
    rows = report.reliability()
    outer = rows[(rows["scenario"] == EVERY) & rows["low"].isin([0.0, 0.9])]
    assert ((outer["claimed"] - outer["true"]).abs() <= 0.02).all()
    assert "said 94, was 94" in words.reliability_picture(report)


def test_without_the_study_nothing_is_claimed(report: MethodsReport) -> None:
    unmeasured = replace(report, certainty=report.certainty.head(0))
    assert words.reliability(unmeasured) == words.worst(unmeasured) == ""
    assert words.summary(unmeasured) == words.trials_in_brief(unmeasured)
    assert words.summary(report) == words.reliability(report)
    assert len(words.scenarios(unmeasured)) == 0


def test_every_kind_of_invented_data_has_its_row(report: MethodsReport) -> None:
    rows = words.scenarios(report)
    assert rows["scenario"].is_unique
    assert rows["outer_right"].str.fullmatch(r"\d+%|–").all()
