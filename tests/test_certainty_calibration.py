"""The study of certainty's calibration: it runs on every kind of setting, and its table adds up."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from benchmarks.calibration import certainty
from benchmarks.calibration.attainable import share_moved
from benchmarks.calibration.certainty import NAMES, TABLE, study, write
from benchmarks.calibration.certainty_measures import (
    BINS,
    FOLLOWED,
    INTERVALS,
    SETTINGS,
    SETTLING,
    TOGETHER,
    drawn,
    perturbed,
    run,
    tally_of,
)
from benchmarks.calibration.certainty_table import COLUMNS, EVERY, MOVED, acceptance, rows_of
from benchmarks.calibration.measures import Tally
from benchmarks.calibration.study import gather
from pxcore.stats.certainty_nodes import Counted


@pytest.fixture(scope="module")
def committed() -> list[dict[str, str]]:
    return list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


def test_a_scenario_is_counted_bin_by_bin(tmp_path: Path) -> None:
    results = study(["null_small_group"], 2, kept=tmp_path / "kept", table=tmp_path / "table.csv")
    values = gather(results["null_small_group"])
    bins = [f"{low:g}-{high:g}" for low, high in INTERVALS]
    assert sum(values[f"share {name}"].value for name in bins) == pytest.approx(1)
    for name in bins:
        if f"claimed {name}" in values:
            low, high = map(float, name.split("-"))
            assert low <= values[f"claimed {name}"].value <= high
    assert values["brier"].value < 0.25
    rows = list(csv.DictReader((tmp_path / "table.csv").read_text("utf-8").splitlines()))
    assert tuple(rows[0]) == COLUMNS
    assert {row["scenario"] for row in rows} == {"null_small_group", EVERY}
    for sets in (2, None):
        assert study(["null_small_group"], sets, kept=tmp_path / "kept") == results


@pytest.mark.parametrize("name", ["comments_perturbed", "trusts_cqc"])
def test_confidential_comments_and_scores_have_settings_too(name: str) -> None:
    _, [(number, counted)] = run((name, [0]))
    assert number == 0
    assert counted["brier"][1] > 20
    assert SETTINGS[name].perturbed is (name == "comments_perturbed")


def test_three_sources_are_counted_against_the_truth() -> None:
    counted = tally_of(TOGETHER, 0)
    claimed = sum(above for name, (above, _) in counted.items() if name.startswith("claimed"))
    true = sum(above for name, (above, _) in counted.items() if name.startswith("true"))
    assert claimed == pytest.approx(true, rel=0.25)


def test_organisations_that_could_be_either_get_more_answers() -> None:
    counted = tally_of(SETTLING, 0)
    promised, many = counted["promised"]
    assert 0 < promised < many == FOLLOWED
    assert counted["delivered"][0] in range(FOLLOWED + 1)


def test_how_alike_sources_are_differs_where_that_is_the_setting() -> None:
    varied = {drawn(SETTINGS["null_ceiling_varied"], at).scenario.agreement for at in range(5)}
    assert len(varied) == 5
    assert {drawn(SETTINGS["null_ceiling"], at).scenario.agreement for at in range(5)} == {0.6}


def test_perturbed_counts_are_moved_a_little_and_say_by_how_much() -> None:
    exact = Counted(np.full(400, 20.0), np.full(400, 40.0), np.full(400, 40.0))
    shown = perturbed(exact, 1)
    assert shown.noise is not None
    moved = shown.positive / shown.answers - 0.5
    assert moved.any()
    assert moved.var() == pytest.approx(shown.noise.mean(), rel=0.35)


# --- Acceptance ---


def imagined(right: float = 0.93, **measures: float) -> list[Tally]:
    """Two data sets in which everybody is claimed to agree at 0.95."""
    one: Tally = {
        "claimed 0.9-1": (95.0, 100.0),
        "true 0.9-1": (100 * right, 100.0),
        "excess 0.9-1": (95 - 100 * right, 100.0),
        "share 0.9-1": (100.0, 100.0),
        "outer claimed": (95.0, 100.0),
        "outer right": (100 * right, 100.0),
        "rule 1": (50.0, 100.0),
        **{
            name: (100 * measures.get(name, value), 100.0)
            for name, value in {
                "firm": 0.7,
                "moved": 0.5,
                "brier": 0.1,
                "brier of the base rate": 0.2,
                "interval covers": 0.95,
                "planted of very likely differ": 0.9,
            }.items()
        },
    }
    return [one, one]


def verdicts_on(results: dict[str, list[Tally]]) -> dict[tuple[str, str], bool | None]:
    return {(judged.scenario, judged.line): judged.meets for judged in acceptance(results)}


def test_what_comes_true_as_often_as_claimed_passes_every_line() -> None:
    verdicts = verdicts_on({"null_usual": imagined(), "planted_two_big": imagined()})
    assert set(verdicts.values()) == {True}
    lines = {line for _, line in verdicts}
    assert len(lines) == 8
    for scenario in ("null_usual", "planted_two_big"):
        assert verdicts[scenario, "moved by .15 from before hearing"]


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"right": 0.89}, "reliability, 0.9 to 1"),
        ({"brier": 0.21}, "Brier score, against the base rate's"),
        ({"brier": 0.26, "brier of the base rate": 0.3}, "Brier score, against the rules'"),
        ({"interval covers": 0.89}, "95 % intervals of the gap that hold it"),
        ({"firm": 0.64}, "told something"),
        ({"moved": 0.14}, "moved by .15 from before hearing"),
        ({"planted of very likely differ": 0.7}, "very likely differ: planted"),
    ],
)
def test_what_misses_a_line_fails_it(changed: dict[str, float], line: str) -> None:
    failed = [of for of, meets in verdicts_on({"planted_two_big": imagined(**changed)}).items()
              if meets is False]  # fmt: skip
    assert ("planted_two_big", line) in failed
    assert len(failed) == (2 if line.startswith("reliability") else 1)  # and all bins together


def test_too_few_moved_from_before_hearing_fails_it() -> None:
    verdicts = verdicts_on({"null_usual": imagined(moved=0.39)})
    assert verdicts["null_usual", "moved by .15 from before hearing"] is False


def test_more_than_the_answers_hold_is_asked_of_no_method() -> None:
    """With every parameter known: nobody can be moved up by .15 from .857, and few are moved down."""
    before, moved = np.array([share_moved("planted_two_big", number) for number in range(4)]).T
    assert before == pytest.approx([before[0]] * 4)
    assert 0.85 < before[0] < 0.87
    assert moved.mean() == pytest.approx(MOVED["planted_two_big"], abs=0.06)
    assert MOVED["planted_two_big"] < 0.40 <= MOVED["null_usual"]
    assert share_moved("null_usual", 0)[1] > 0.40


def test_a_small_outer_bin_and_a_truth_on_the_margin_are_reported_only() -> None:
    few = imagined(0.5)
    for one in few:
        one["share 0.9-1"] = (2.0, 100.0)
    verdicts = verdicts_on({"null_ceiling": few, "at_the_margin": imagined(0.5)})
    assert verdicts["null_ceiling", "reliability, 0.9 to 1"] is None
    assert {meets for (name, _), meets in verdicts.items() if name == "at_the_margin"} == {None}


def test_the_error_of_a_handful_is_that_of_chance() -> None:
    handful: Tally = {
        "claimed 0.1-0.25": (1.0, 5.0),
        "true 0.1-0.25": (0.0, 5.0),
        "excess 0.1-0.25": (1.0, 5.0),
        "share 0.1-0.25": (5.0, 100.0),
    }
    many = {name: (100 * above, 100 * below) for name, (above, below) in handful.items()}
    [few], [sure] = (
        [
            one
            for one in acceptance({"null_usual": [tally] * 2})
            if one.line == "reliability, 0.1 to 0.25"
        ]
        for tally in (handful, many)
    )
    assert (few.meets, sure.meets) == (True, False)


def test_promised_chances_of_settling_are_held_to_their_own_error() -> None:
    def settling(delivered: float) -> list[Tally]:
        return [
            {
                "promised": (8.2, 10.0),
                "delivered": (delivered + more, 10.0),
                "excess": (8.2 - delivered - more, 10.0),
            }
            for more in (-1.0, 0.0, 1.0)
        ]

    [fair], [missed] = (acceptance({SETTLING: settling(count)}) for count in (8.0, 4.0))
    assert (fair.meets, missed.meets) == (True, False)
    [row] = rows_of({SETTLING: settling(8.0)})
    assert (row["claimed"], row["true"]) == ("0.8200", "0.8000")


def test_the_table_is_written_of_all_scenarios_at_once() -> None:
    with pytest.raises(SystemExit):
        certainty.main(["--write", "--scenario", "null_usual"])


# --- The committed table ---


def test_the_committed_table_has_every_scenario_in_order(committed: list[dict[str, str]]) -> None:
    assert tuple(committed[0]) == COLUMNS
    assert list(dict.fromkeys(row["scenario"] for row in committed)) == [*NAMES, EVERY]


def test_the_bins_of_the_committed_table_add_up(committed: list[dict[str, str]]) -> None:
    for name in dict.fromkeys(row["scenario"] for row in committed):
        if name == SETTLING:
            continue
        rows = [row for row in committed if row["scenario"] == name]
        assert sum(float(row["share"]) for row in rows) == pytest.approx(1, abs=1e-3)
        for row in rows:
            assert float(row["low"]) in BINS
            assert float(row["low"]) <= float(row["claimed"]) <= float(row["high"])
            assert int(row["sets"]) >= 20


def test_a_table_is_written_and_read_again(tmp_path: Path) -> None:
    write({"null_usual": imagined()}, tmp_path / "table.csv")
    rows = list(csv.DictReader((tmp_path / "table.csv").read_text("utf-8").splitlines()))
    assert [(row["low"], row["claimed"], row["true"]) for row in rows] == [
        ("0.9", "0.9500", "0.9300")
    ] * 2
