"""Columns as Streamlit draws them."""

from __future__ import annotations

import pandas as pd

from pxcore.ui.columns import configured
from pxcore.words.columns import Cells, Column, nouns


def test_numbers_stand_as_numbers_and_in_words_at_the_same_side() -> None:
    rows = pd.DataFrame({"respondents": [12, 3000], "left": ["12", "fewer than 5"]})
    drawn = configured(rows, ["respondents", Column.of("left", "respondents", "Answers, left")])
    number = drawn["respondents"]["type_config"]
    assert (number["type"], number["format"]) == ("number", "localized")
    assert drawn["left"]["type_config"]["type"] == "text"
    assert (drawn["left"]["alignment"], drawn["left"]["label"]) == ("right", "Answers, left")


def test_numbers_of_which_some_or_all_are_missing_stay_numbers() -> None:
    """As words they would be sorted as words are: 10 before 9."""
    rows = pd.DataFrame({"rows": [None, None], "odd": pd.Series([9, None], dtype=object)})
    drawn = configured(rows, ["rows", "odd"]).values()
    assert [one["type_config"]["type"] for one in drawn] == ["number", "number"]
    assert len(configured(rows.head(0), ["rows", "odd"])) == 2


def test_days_in_words_are_words() -> None:
    rows = pd.DataFrame({"opened": [pd.Timestamp("2026-02-01")], "closed": ["not closed"]})
    drawn = configured(rows, ["opened", "closed"])
    assert [drawn[name]["type_config"]["type"] for name in drawn] == ["date", "text"]
    assert drawn["closed"]["alignment"] is None


def test_the_first_column_alone_is_pinned_where_a_table_asks_for_it() -> None:
    rows = pd.DataFrame({"name": ["a"], "unit": ["P-1"]})
    assert [one["pinned"] for one in configured(rows, ["name", "unit"], pin=True).values()] == [
        True,
        None,
    ]
    assert [one["pinned"] for one in configured(rows, ["name", "unit"]).values()] == [None, None]


def test_cells_of_every_kind_can_be_drawn() -> None:
    rows = pd.DataFrame({"cell": [1.0]})
    for cells in Cells:
        assert (
            configured(rows, [Column.of("cell", cells=cells, title="A title")])["cell"]["label"]
            == "A title"
        )


def test_what_a_noun_says_is_what_is_drawn() -> None:
    of = nouns()["probable_gap"]
    drawn = configured(pd.DataFrame({"probable_gap": ["1"]}), ["probable_gap"])["probable_gap"]
    assert (drawn["label"], drawn["width"], drawn["help"]) == (of.title, of.width, of.help)
