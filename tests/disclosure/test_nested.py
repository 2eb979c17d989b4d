"""Totals of areas inside areas: no sum or difference of what is shown rests on a few people."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pxcore.disclosure import protect, splits_shown, totals_shown
from pxcore.model import Disclosure

LEVELS = ("pcn", "icb")
Row = tuple[int, str, str]  # people, network, board


def looked_at(rows: list[Row], floor: int = 5) -> tuple[pd.DataFrame, set[str]]:
    """The organisations of one period as protected, and the areas whose total may be shown."""
    cells = pd.DataFrame(rows, columns=["people", "pcn", "icb"]).assign(period=1)
    cells["people"] = cells["people"].astype("float64")
    told = protect(cells, Disclosure(floor), count="people", values=[], totals_within=["period"])
    open_ = totals_shown(
        cells.assign(withheld=told["withheld"]),
        Disclosure(floor),
        count="people",
        within="period",
        levels=LEVELS,
    )
    return told, {code for code, _ in open_}


def test_a_network_that_hides_one_practice_is_not_shown_beside_the_others() -> None:
    told, areas = looked_at([(20, "N-1", "B-1"), (3, "N-1", "B-1"), (4, "N-2", "B-1")])
    assert told["withheld"].tolist() == ["none", "floor", "floor"]
    assert "N-1" not in areas
    assert "N-2" not in areas
    assert "B-1" in areas  # it hides seven people, none of whom can be told apart


def test_a_network_that_hides_several_is_shown() -> None:
    _, areas = looked_at([(20, "N-1", "B-1"), (3, "N-1", "B-1"), (4, "N-1", "B-1")])
    assert areas == {"N-1", "B-1", ""}


def test_what_one_network_tells_must_not_give_away_another() -> None:
    # the second network's own total would leave three people of the board to be worked out
    rows = [(9, "N-1", "B-1"), (3, "N-1", "B-1"), (2, "N-2", "B-1"), (4, "N-2", "B-1")]
    _, areas = looked_at(rows)
    assert "N-1" not in areas
    assert not {"N-2", "B-1"} <= areas
    assert "" in areas


ROWS = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from("abc"), st.sampled_from("AB")),
    min_size=1,
    max_size=9,
).map(lambda rows: [(n, f"{board}{network}", board) for n, network, board in rows])


@given(rows=ROWS, floor=st.sampled_from([5, 10]))
def test_no_rest_of_a_shown_total_is_a_few_people(rows: list[Row], floor: int) -> None:
    told, areas = looked_at(rows, floor)
    # Whom does each shown figure, less the largest shown figures inside it, still stand for?
    rest: dict[str, int] = defaultdict(int)
    for place, (people, network, board) in enumerate(rows):
        if told["withheld"][place] != "none":
            chain = [area for area in (network, board, "") if area in areas]
            rest[chain[0] if chain else f"unknown {place}"] += people
        else:
            assert people == 0 or people >= floor
    for owner, people in rest.items():
        assert owner.startswith("unknown") or people == 0 or people >= floor


# --- Areas split into groups ---


def split(rows: list[tuple[list[int], str, str]], floor: int = 5) -> set[str]:
    """The areas that may be shown by group, of organisations with (people of each group, network, board)."""
    counts = pd.DataFrame([people for people, _, _ in rows]).astype("float64")
    areas = pd.DataFrame([row[1:] for row in rows], columns=list(LEVELS))
    return splits_shown(counts, areas, Disclosure(floor), levels=LEVELS)


def test_an_area_with_a_group_of_few_is_not_split_nor_what_would_give_it_away() -> None:
    rows = [([9, 3], "N-1", "B-1"), ([9, 9], "N-2", "B-1"), ([8, 8], "N-3", "B-1")]
    # of the others the one is not split with it, for the board is
    assert split(rows) == {"N-2", "B-1"}
    assert split([([9, 6], "N-1", "B-1"), *rows[1:]]) == {"N-1", "N-2", "N-3", "B-1"}


def test_an_area_without_anybody_of_a_group_is_split() -> None:
    assert split([([9, 0], "N-1", "B-1"), ([9, 9], "N-2", "B-1")]) == {"N-1", "N-2", "B-1"}


SPLIT_ROWS = st.lists(
    st.tuples(
        st.lists(st.integers(0, 12), min_size=2, max_size=2),
        st.sampled_from("abc"),
        st.sampled_from("AB"),
    ),
    min_size=1,
    max_size=9,
).map(lambda rows: [(people, f"{board}{network}", board) for people, network, board in rows])


@given(rows=SPLIT_ROWS, floor=st.sampled_from([5, 10]))
def test_nothing_follows_from_areas_that_are_split(
    rows: list[tuple[list[int], str, str]], floor: int
) -> None:
    shown = split(rows, floor)
    rest: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for people, network, board in rows:
        owner = next((area for area in (network, board) if area in shown), "")
        rest[owner] = [one + more for one, more in zip(rest[owner], people, strict=True)]
    total = [sum(people[at] for people, _, _ in rows) for at in (0, 1)]
    for owner, left in rest.items():
        for at in (0, 1):
            # of the whole a few remain only where there are no more
            few_at_all = owner == "" and total[at] < floor
            assert left[at] == 0 or left[at] >= floor or few_at_all
