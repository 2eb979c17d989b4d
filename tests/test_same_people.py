"""The same people are found in every disguise, others are not taken for them: the study in short form, and
real rows against themselves."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.same_people import COLUMNS, TABLE, WORLDS, looked_at, study, write

SAME = [name for name, world in WORLDS.items() if world.overlap == 1]
OTHERS = [name for name, world in WORLDS.items() if not world.overlap]
PAIRS = 2


@pytest.mark.parametrize("name", SAME)
def test_the_same_people_are_found_in_every_disguise(name: str) -> None:
    told = study([name], PAIRS)[0]
    assert told["caught"] == PAIRS


@pytest.mark.parametrize("name", OTHERS)
def test_other_people_are_not_taken_for_the_same(name: str) -> None:
    told = study([name], PAIRS)[0]
    assert told["caught"] == 0


def test_the_same_number_draws_the_same_pairs(tmp_path: Path) -> None:
    once, again = (study(["part_30_months"], 2) for _ in range(2))
    assert once == again
    write(once, tmp_path / "told.csv")
    write(study(["other"], 1), tmp_path / "told.csv")
    with (tmp_path / "told.csv").open(encoding="utf-8", newline="") as lines:
        assert [row["scenario"] for row in csv.DictReader(lines)] == ["part_30_months", "other"]


def test_the_committed_table_holds_every_scenario_and_keeps_its_promise() -> None:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = {row["scenario"]: row for row in csv.DictReader(lines)}
    assert list(rows) == list(WORLDS)
    for name, row in rows.items():
        assert tuple(row) == COLUMNS
        assert row["title"] == WORLDS[name].title
        caught, pairs = int(row["caught"]), int(row["pairs"])
        if not WORLDS[name].overlap:
            assert pairs >= 100
            assert caught <= 0.01 * pairs, name
        if WORLDS[name].overlap == 1:
            assert caught >= 0.8 * pairs, name


DISGUISES = ["as they come", "hour", "dates", "day off", "months"]


@pytest.fixture(scope="module")
def rows(real: Path) -> pd.DataFrame:
    told = pd.read_csv(real / "fft" / "fft_gp_rows_2025-09_2026-08_new_scale.csv")
    return pd.DataFrame(
        {
            "unit": told["surgery"],
            "moment": pd.to_datetime(told["time"], errors="coerce"),
            "answer": told["rating"].str.strip().str.lower(),
        }
    ).dropna()


def one_morning(rows: pd.DataFrame) -> pd.DataFrame:
    """The same answers, all within four hours of one day."""
    since = rows["moment"] - rows["moment"].dt.normalize()
    return rows.assign(moment=pd.Timestamp("2026-01-14 09:00") + since / 6)


@pytest.mark.parametrize("share", [1.0, 0.6, 0.3])
@pytest.mark.parametrize("disguise", DISGUISES)
def test_real_rows_are_found_beside_themselves(
    rows: pd.DataFrame, disguise: str, share: float
) -> None:
    part = rows[np.random.default_rng(1).random(len(rows)) < share]
    told = looked_at(rows, part, disguise)
    assert len(told.units) >= 0.8 * rows["unit"].nunique()


@pytest.mark.parametrize("disguise", ["as they come", "hour", "dates"])
def test_real_rows_of_one_morning_are_found_beside_themselves(
    rows: pd.DataFrame, disguise: str
) -> None:
    told = looked_at(one_morning(rows), one_morning(rows), disguise)
    assert len(told.units) == rows["unit"].nunique()


@pytest.mark.parametrize("disguise", DISGUISES)
def test_two_halves_of_real_rows_are_other_people(rows: pd.DataFrame, disguise: str) -> None:
    half = np.random.default_rng(2).random(len(rows)) < 0.5
    assert looked_at(rows[half], rows[~half], disguise).units == ()
    brief = one_morning(rows)
    assert looked_at(brief[half], brief[~half], disguise).units == ()
