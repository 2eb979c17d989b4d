"""The map of bands a person may change for one database: kept, honoured, undone, never in the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from pxcore import maps
from pxcore.analysis.joining.alignment import align
from pxcore.analysis.joining.bands import (
    NO_BAND,
    Bands,
    back_to_shipped,
    bands_of,
    groups_told,
    keep,
    known_groups,
    shipped_band,
    take_back,
    told_groups,
)
from pxcore.errors import NothingToCompare
from pxcore.model import GROUPS, Disclosure, Pairing, Selection
from pxcore.store import Store
from pxcore.words.bands import change as change_in_words
from tests.analysis.joining.test_selection import two_local
from tests.store.loads import extract, survey

LOCAL = Pairing("fft_local", "local_survey", disclosure=Disclosure(exact=True))
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
    assert Bands().among("age", {"a": ["75-84", "16-24"], "b": ["25-34", ""]}) == [
        "16-44",
        "65 and over",
    ]


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
    assert "16-24 counts as ‘16-34’ instead of ‘16-44’ (by A. Person, " in change_in_words(
        changes[0]
    )
    assert change_in_words(changes[0]).endswith(": young)")
    assert bands_of(store).changed("sex") == []


def test_the_way_back_leaves_the_history_standing(store: Store) -> None:
    two_local(store, BY_AGE)
    keep(store, "age", {"16-24": "youngest"}, "", "")
    assert bands_of(store).changes[0].by == "this computer"
    take_back(store, bands_of(store).changes, "B. Person")
    assert bands_of(store) == Bands()
    assert of_age(store, "16-44") == 62
    revision = store.revision
    take_back(store, bands_of(store).changes, "B. Person")  # nothing to undo: nothing is written
    assert store.revision == revision
    told = store.query("history")
    said = told.loc[told["event"] == "groups changed", "detail"].tolist()
    assert said == [
        "16-24 counts as before its change, by B. Person (taken back)",
        "16-24 counts as youngest, by this computer",
    ]


def test_the_latest_change_of_a_group_speaks_and_outlives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    with_change = Store.open(path)
    keep(with_change, "sex", {"Female": "All"}, "A", "")
    keep(with_change, "sex", {"Female": "Women", "Male": "Men"}, "A", "")
    with_change.close()
    again = Store.open(path)
    assert again.revision == 2
    assert bands_of(again).among("sex", {"a": ["Male", "Female"]}) == ["Women", "Men"]
    again.close()


def test_a_source_that_means_other_people_by_the_same_word_is_mapped_by_itself(
    store: Store,
) -> None:
    """A survey that numbers deprivation the other way: fifth 1 is its least deprived."""
    told = [
        ("P-0", {"deprivation": "1 (most deprived)"}, 30, 12),
        ("P-0", {"deprivation": "5 (least deprived)"}, 20, 18),
        ("P-0", {"deprivation": "3"}, 10, 5),
    ]
    two_local(store, told)
    turned = {"1 (most deprived)": "5 (least deprived)", "5 (least deprived)": "1 (most deprived)"}
    why = "its fifth 1 is the least deprived"
    assert keep(store, "deprivation", turned, "A. Person", why, "local_survey") == 2
    most = Selection(dimension="deprivation", groups=("1 (most deprived)",))
    pair = align(store, replace(LOCAL, selection=most)).pairs.iloc[0]
    assert (pair["left_respondents"], pair["right_respondents"]) == (30, 20)
    bands = bands_of(store)
    assert bands.of("deprivation", "1 (most deprived)") == "1 (most deprived)"
    assert bands.of("deprivation", "1 (most deprived)", "fft_local") == "1 (most deprived)"
    assert bands.of("deprivation", "1 (most deprived)", "local_survey") == "5 (least deprived)"
    both = {source: [group for _, one, *_ in told for group in one.values()]
            for source in ("fft_local", "local_survey")}  # fmt: skip
    assert bands.table("deprivation", both)[["group", "band", "sources"]].to_numpy().tolist() == [
        ["1 (most deprived)", "1 (most deprived)", ("fft_local",)],
        ["1 (most deprived)", "5 (least deprived)", ("local_survey",)],
        ["3", "3", ("fft_local", "local_survey")],
        ["5 (least deprived)", "5 (least deprived)", ("fft_local",)],
        ["5 (least deprived)", "1 (most deprived)", ("local_survey",)],
    ]
    assert bands.changed("deprivation", ["fft_local"]) == []
    said = [change_in_words(change) for change in bands.changed("deprivation", ["local_survey"])]
    assert said[0].startswith("1 (most deprived) of ")
    assert said[0].endswith(f": {why})")
    take_back(store, bands.changes[:1], "")
    assert [change.group for change in bands_of(store).changes] == ["5 (least deprived)"]


@pytest.mark.parametrize("name", [*NO_BAND, "not told", " EVERYBODY "])
def test_no_band_is_called_as_what_stands_beside_bands(store: Store, name: str) -> None:
    with pytest.raises(NothingToCompare, match="stands for something else"):
        keep(store, "age", {"16-24": name}, "A", "")
    assert bands_of(store) == Bands()


def test_a_change_for_one_source_speaks_before_one_for_any(store: Store) -> None:
    keep(store, "age", {"16-24": "youngest"}, "A", "")
    keep(store, "age", {"16-24": "16-44"}, "A", "", "local_survey")
    bands = bands_of(store)
    assert bands.of("age", "16-24", "local_survey") == "16-44"
    assert bands.of("age", "16-24", "fft_local") == "youngest"
    # without the change for any it says nothing of its own, and is no change
    take_back(store, [one for one in bands.changes if not one.source], "")
    assert bands_of(store) == Bands()
    assert keep(store, "age", {"16-24": "16-44"}, "A", "", "fft_local") == 0


def test_the_way_back_takes_also_a_change_that_says_nothing_of_its_own(store: Store) -> None:
    """A source counts a group as any does now: without the change for any, its own would speak again."""
    keep(store, "age", {"16-24": "youngest"}, "A", "", "fft_local")
    keep(store, "age", {"16-24": "youngest", "25-34": "young"}, "A", "")
    keep(store, "sex", {"Female": "Women"}, "A", "")
    assert [change.source for change in bands_of(store).changed("age")] == ["", ""]
    back_to_shipped(store, "age", ("fft_local", "local_survey"), "")
    assert bands_of(store).changed("age") == []
    assert bands_of(store).of("age", "16-24", "fft_local") == "16-44"
    assert bands_of(store).of("sex", "Female") == "Women"


def test_a_database_made_before_a_change_could_be_for_one_source_opens(tmp_path: Path) -> None:
    path = tmp_path / "own.duckdb"
    Store.open(path).close()
    with duckdb.connect(str(path)) as older:
        older.execute("alter table group_band drop column source")
        older.execute("update setting set value = '1' where name = 'schema'")
        older.execute(
            "insert into group_band values "
            "('age', '16-24', 'youngest', '2026-01-01', 'A. Person', '')"
        )
    again = Store.open(path)
    assert bands_of(again).of("age", "16-24", "local_survey") == "youngest"
    assert keep(again, "age", {"16-24": "16-44"}, "A", "", "local_survey") == 1
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
    rows = bands_of(store).table("age", {"a": ["25-34", "16-24"], "b": ["16-24", "of another map"]})
    assert rows.to_numpy().tolist() == [
        ["16-24", "youngest", "16-44", ("a", "b")],
        ["25-34", "16-44", "16-44", ("a",)],
        ["of another map", "of another map", "of another map", ("b",)],
    ]


@given(some.sampled_from(GROUPS), some.data())
def test_every_group_has_one_band_and_the_order_is_that_of_the_maps(
    dimension: str, data: some.DataObject
) -> None:
    groups = known_groups(dimension)
    chosen = data.draw(some.lists(some.sampled_from(groups), unique=True))
    bands = Bands().among(dimension, {"a": chosen})
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
    every = groups_told(store).set_index(["source", "dimension", "group_value"])
    rare = every.loc[("fft_local", "ethnicity", "Martian colonist")]
    assert (rare["named"], rare["withheld"]) == (False, "floor")
    assert np.isnan(rare["people"])
    assert Bands().unplaced("ethnicity", {"a": ["White", "Cornish"]}) == ["Cornish"]

    def of_white() -> float:
        chosen = Selection(dimension="ethnicity", groups=("White",))
        return float(align(store, replace(LOCAL, selection=chosen)).pairs["left_respondents"].sum())

    assert of_white() == 20
    keep(store, "ethnicity", {"Cornish": "White"}, "A. Person", "as the census counts it")
    assert of_white() == 32
    assert bands_of(store).unplaced("ethnicity", {"a": ["White", "Cornish"]}) == []


def test_people_are_counted_once_to_name_a_word_and_published_words_are_named(store: Store) -> None:
    own = [
        ("P-0", {"ethnicity": "Manx", "author": "one person"}, 9, 9),
        ("P-0", {"ethnicity": "Cornish"}, 5, 5),
    ]
    two_local(store, own)
    published = survey("P-0", 0.5) | {
        "group_dimension": "ethnicity", "group_value": "Shetlander", "respondents": 3.0,
    }  # fmt: skip
    store.commit([extract(survey_fact=[published])])
    named = told_groups(store)
    named = named[named["dimension"] == "ethnicity"]
    assert set(named["group_value"]) == {"Cornish", "Shetlander"}
    assert named.set_index("group_value")["people"]["Shetlander"] == 3


def test_finer_groups_that_the_maps_know_count_in_the_common_ones() -> None:
    for row in maps.rows("groups"):
        band = shipped_band(row["dimension"], row["group"])
        assert band in {shipped_band(row["dimension"], g) for g in known_groups(row["dimension"])}
        assert shipped_band(row["dimension"], band) == band or row["dimension"] == "age"
    assert shipped_band("ethnicity", "Bangladeshi") == "Asian or Asian British"
