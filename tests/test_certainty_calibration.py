"""The study of certainty's calibration: it runs on every kind of setting, and its table adds up."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.calibration.certainty import BINS, SETTINGS, TOGETHER, perturbed, run, study, table
from benchmarks.calibration.study import gather
from pxcore.stats.certainty_nodes import Counted


def test_a_scenario_is_counted_bin_by_bin() -> None:
    results = study(["null_small_group"], 2)
    values = gather(results["null_small_group"])
    bins = [f"{low:g}-{high:g}" for low, high in zip(BINS, BINS[1:], strict=False)]
    assert sum(values[f"share {name}"].value for name in bins) == pytest.approx(1)
    for name in bins:
        if f"claimed {name}" in values:
            low, high = map(float, name.split("-"))
            assert low <= values[f"claimed {name}"].value <= high
    assert values["brier"].value < 0.25
    lines = table(results)
    assert len(lines) == 3
    assert {line.count("|") for line in lines} == {13}


@pytest.mark.parametrize("name", ["comments_perturbed", "trusts_cqc"])
def test_confidential_comments_and_scores_have_settings_too(name: str) -> None:
    _, number, counted = run((name, 0))
    assert number == 0
    assert counted["brier"][1] > 20
    assert SETTINGS[name].perturbed is (name == "comments_perturbed")


def test_three_sources_are_counted_against_the_truth() -> None:
    _, _, counted = run((TOGETHER, 0))
    claimed = sum(above for name, (above, _) in counted.items() if name.startswith("claimed"))
    true = sum(above for name, (above, _) in counted.items() if name.startswith("true"))
    assert claimed == pytest.approx(true, rel=0.25)


def test_perturbed_counts_are_moved_a_little_and_say_by_how_much() -> None:
    exact = Counted(np.full(400, 20.0), np.full(400, 40.0), np.full(400, 40.0))
    shown = perturbed(exact, 1)
    assert shown.noise is not None
    moved = shown.positive / shown.answers - 0.5
    assert moved.any()
    assert moved.var() == pytest.approx(shown.noise.mean(), rel=0.35)
