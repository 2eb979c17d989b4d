"""Totals of areas inside areas: no sum or difference of what is shown rests on a few people."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pxcore.disclosure import protect, totals_shown
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
