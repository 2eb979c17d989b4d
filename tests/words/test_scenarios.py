"""Scenarios in words: every choice is named, and figures of two kinds are not ranked together."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from pxcore.analysis.pairs import scenarios
from pxcore.disclosure import Released
from pxcore.model import Scenario
from pxcore.words import scenarios as words
from tests.analysis.pairs.test_scenarios import any_scenario


@given(scenario=any_scenario)
def test_a_scenario_says_every_choice_it_makes(scenario: Scenario) -> None:
    phrases = words.described(scenario)
    choices = set(scenario.as_json()) - {"dimension"}  # named with its groups
    assert len(phrases) == len(choices)
    assert words.title(scenario)[0].isupper()


def test_underlying_and_raw_figures_are_not_ranked_by_how_far_they_move() -> None:
    rows = Released(
        {
            "name": ["Baseline", "A", "B", "C"],
            "status": "ok",
            "headline": [None, *["underlying agreement"] * 2, "raw rank correlation"],
            "headline_move": [np.nan, 0.2, -0.4, 3.0],
        }
    )
    assert words.summary(scenarios.SideBySide(rows)) == (
        "In 2 of 3 the headline stays inside the range the baseline already allowed; ‘B’ moves the "
        "underlying agreement most."
    )
    alone = scenarios.SideBySide(rows.iloc[:3])
    assert words.summary(alone).endswith("; ‘B’ moves it most.")
