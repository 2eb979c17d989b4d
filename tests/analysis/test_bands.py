"""The map of bands a person may change for one database: kept, honoured, undone, never in the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pxcore import maps
from pxcore.analysis.alignment import align
from pxcore.analysis.bands import (
    Bands,
    back_to_shipped,
    bands_of,
    keep,
    known_groups,
    shipped_band,
    told_groups,
)
from pxcore.errors import NothingToCompare
from pxcore.model import GROUPS, Pairing, Selection
from pxcore.store import Store
from tests.analysis.test_selection import two_local

LOCAL = Pairing("fft_local", "local_survey")
BY_AGE = [
    ("P-0", {"age": "16-24"}, 20, 10),
    ("P-0", {"age": "25-34"}, 12, 12),
    ("P-0", {"age": "35-44"}, 30, 15),
]


def of_age(store: Store, band: str) -> float:
    chosen = Selection(dimension="age", groups=(band,))
    pairs = align(store, replace(LOCAL, selection=chosen)).pairs
    return float(pairs["left_respondents"].sum())


def test_without_a_change_the_shipped_map_speaks(store: Store) -> None:
    assert bands_of(store) == Bands()
    assert Bands().of("age", "25-34") == "16-44"
    assert Bands().of("sex", "Female") == "Female"
    assert Bands().among("age", ["75-84", "16-24", "25-34", ""]) == ["16-44", "65 and over"]


def test_a_band_split_for_one_database_is_honoured_and_the_revision_rises(store: Store) -> None:
    two_local(store, BY_AGE)
    assert of_age(store, "16-44") == 62
    before = store.revision
    moved = keep(
        store, "age", {"16-24": "16-34", "25-34": " 16-34 ", "35-44": "16-44"}, "A. Person", "young"
    )
    assert (moved, store.revision) == (2, before + 1)
    assert of_age(store, "16-34") == 32
    assert of_age(store, "16-44") == 30
    changes = bands_of(store).changed("age")
    assert [(one.group, one.band, one.by, one.reason) for one in changes] == [
        ("16-24", "16-34", "A. Person", "young"),
        ("25-34", "16-34", "A. Person", "young"),
    ]
    assert "16-24 counts as ‘16-34’ instead of ‘16-44’ (by A. Person, " in changes[0].said()
    assert changes[0].said().endswith(": young)")
    assert bands_of(store).changed("sex") == []


def test_the_way_back_leaves_the_history_standing(store: Store) -> None:
    two_local(store, BY_AGE)
    keep(store, "age", {"16-24": "youngest"}, "", "")
    assert bands_of(store).changes[0].by == "this computer"
    back_to_shipped(store, "age", "B. Person")
    assert bands_of(store) == Bands()
    assert of_age(store, "16-44") == 62
    revision = store.revision
    back_to_shipped(store, "age", "B. Person")  # nothing to undo: nothing is written
    assert store.revision == revision
    told = store.query("history")
    said = told.loc[told["event"] == "groups changed", "detail"].tolist()
    assert said == [
        "16-24 counts as 16-44, by B. Person (back to the shipped map)",
        "16-24 counts as youngest, by this computer",
    ]


def test_the_latest_change_of_a_group_speaks_and_outlives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    with_change = Store.open(path)
    keep(with_change, "sex", {"Female": "Everybody"}, "A", "")
    keep(with_change, "sex", {"Female": "Women", "Male": "Men"}, "A", "")
    with_change.close()
    again = Store.open(path)
    assert again.revision == 2
    assert bands_of(again).among("sex", ["Male", "Female"]) == ["Women", "Men"]
    again.close()


def test_nothing_changed_is_nothing_written(store: Store) -> None:
    assert keep(store, "age", {"16-24": "16-44"}, "A", "") == 0
    assert store.revision == 0


@pytest.mark.parametrize(
    ("dimension", "band"), [("age", "  "), ("age", "x" * 41), ("height", "tall")]
)
def test_a_band_without_a_name_or_of_no_dimension_is_refused(
    store: Store, dimension: str, band: str
) -> None:
    with pytest.raises(NothingToCompare):
        keep(store, dimension, {"16-24": band}, "A", "")
    assert store.revision == 0


def test_the_table_names_the_band_of_each_group_and_the_shipped_one(store: Store) -> None:
    keep(store, "age", {"16-24": "youngest"}, "A", "")
    rows = bands_of(store).table("age", ["25-34", "16-24", "of another map"])
    assert rows.to_numpy().tolist() == [
        ["16-24", "youngest", "16-44"],
        ["25-34", "16-44", "16-44"],
        ["of another map", "of another map", "of another map"],
    ]


@given(some.sampled_from(GROUPS), some.data())
def test_every_group_has_one_band_and_the_order_is_that_of_the_maps(
    dimension: str, data: some.DataObject
) -> None:
    groups = known_groups(dimension)
    chosen = data.draw(some.lists(some.sampled_from(groups), unique=True))
    bands = Bands().among(dimension, chosen)
    assert len(bands) == len(set(bands))
    assert set(bands) == {shipped_band(dimension, group) for group in chosen}
    assert Bands().in_order(dimension, bands[::-1]) == bands


def test_the_shipped_file_is_as_it_was(store: Store) -> None:
    before = (maps.REFERENCE / "group_bands.csv").read_bytes()
    keep(store, "age", {"16-24": "youngest"}, "A", "")
    assert (maps.REFERENCE / "group_bands.csv").read_bytes() == before


def test_a_word_of_a_sources_own_can_be_counted_in_a_common_group(store: Store) -> None:
    told = [
        ("P-0", {"ethnicity": "White"}, 20, 10),
        ("P-0", {"ethnicity": "Cornish"}, 12, 12),
        ("P-0", {"ethnicity": "Chinese"}, 9, 3),
        ("P-0", {"ethnicity": "Martian colonist"}, 4, 2),  # too few people to be named
    ]
    two_local(store, told)
    listed = told_groups(store)
    assert set(listed.loc[listed["dimension"] == "ethnicity", "group_value"]) == {
        "White", "Cornish", "Chinese",
    }  # fmt: skip
    assert Bands().unplaced("ethnicity", ["White", "Cornish"]) == ["Cornish"]

    def of_white() -> float:
        chosen = Selection(dimension="ethnicity", groups=("White",))
        return float(align(store, replace(LOCAL, selection=chosen)).pairs["left_respondents"].sum())

    assert of_white() == 20
    keep(store, "ethnicity", {"Cornish": "White"}, "A. Person", "as the census counts it")
    assert of_white() == 32
    assert bands_of(store).unplaced("ethnicity", ["White", "Cornish"]) == []


def test_finer_groups_that_the_maps_know_count_in_the_common_ones() -> None:
    for row in maps.rows("groups"):
        band = shipped_band(row["dimension"], row["group"])
        assert band in {shipped_band(row["dimension"], g) for g in known_groups(row["dimension"])}
        assert shipped_band(row["dimension"], band) == band or row["dimension"] == "age"
    assert shipped_band("ethnicity", "Bangladeshi") == "Asian or Asian British"
