"""The demonstration from other seeds: its own gives what its files say, and the table keeps its promise."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd

from benchmarks.demonstration_seeds import COLUMNS, TABLE, TOLD, Seed, summary, told
from data.maker import planted
from pxcore.analysis.pairs.agreement import certainty
from pxcore.model import Pairing
from pxcore.store import Store


def test_the_demonstrations_own_seed_says_what_its_files_say(demonstration: Store) -> None:
    likely = certainty(demonstration, Pairing("fft_gp", "gp_survey")).likely.set_index("unit")
    practices = told(planted.SEED, trusts=False).rows.set_index("unit")
    assert len(practices) > 100
    assert (practices["mark"] == likely.loc[practices.index, "mark"]).all()
    assert np.allclose(practices["agree"], likely.loc[practices.index, "agree"])
    # what was planted apart is apart in truth
    assert practices.loc[list(planted.MILDER), "gap"].abs().min() > 1


def test_what_is_so_is_counted_against_what_was_stated() -> None:
    units = ["P-0012", "P-0060", "P-0047", *(f"X-{at}" for at in range(4))]
    marks = ["very likely differ"] * 2 + ["very likely agree"] + ["very likely differ"] * 4
    rows = pd.DataFrame(
        {
            "unit": units,
            "mark": marks,
            "agree": 0.05,
            "gap": [3.0, 2.0, 0.0, 2.0, 2.0, -2.0, 0.5],
        }
    )
    table = {
        (row["group"], row["what"]): row for row in summary([Seed(1, trusts=False, rows=rows)])
    }
    assert table["practices planted three apart", TOLD]["count"] == 1
    assert table["practices planted milder", TOLD]["count"] == 1
    assert table["practices planted alike", TOLD]["count"] == 0
    right = table["practices not planted", "truly differ, of “very likely differ”"]
    assert (right["organisations"], right["count"], right["stated"]) == (4, 3, "3.8")
    said = table["practices not planted", "“very likely differ”, of all judged"]
    assert (said["organisations"], said["count"]) == (5, 4)


def test_nothing_very_likely_differs_more_often_than_stated() -> None:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        table = {(row["group"], row["what"]): row for row in csv.DictReader(lines)}
    assert all(tuple(row) == COLUMNS for row in table.values())
    assert int(table["practices planted three apart", TOLD]["seeds"]) == 200
    assert float(table["practices planted three apart", TOLD]["share"]) > 0.95
    # no more practices that were not planted are called so than were stated to differ
    said = table["practices not planted", "“very likely differ”, of all judged"]
    assert int(said["count"]) < float(said["stated"])
    # and of all that are called so, no fewer do than were stated, but for chance
    right = table["all practices", "truly differ, of “very likely differ”"]
    assert float(right["high"]) >= float(right["stated"]) / int(right["organisations"])
