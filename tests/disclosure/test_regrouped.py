"""Groups joined otherwise, one map after another: what follows from all of them rests on enough people."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pxcore.disclosure import areas_split, beside_earlier, protect
from pxcore.model import Disclosure, Withheld


def shown_under(
    maps: list[str], whole: list[float], elsewhere: list[float] | None = None, floor: int = 5
) -> list[set[str]]:
    """The bands shown under each map in turn; a map names the band of each part by one letter."""
    frame = pd.DataFrame([list(one) for one in maps]).T
    told = []
    for latest in range(1, len(maps) + 1):
        found = beside_earlier(
            frame.iloc[:, :latest],
            np.array(whole, dtype=float),
            np.zeros((0, len(whole))),
            np.array(elsewhere or [0.0] * len(whole)),
            Disclosure(floor),
        )
        bands = pd.Series(whole, dtype=float).groupby(list(maps[latest - 1])).sum()
        cells = pd.DataFrame({"band": bands.index, "people": bands.to_numpy()})
        cells["withheld"] = [
            (Withheld.FLOOR if band in found.hidden else Withheld.NONE).value
            for band in bands.index
        ]
        cells = protect(cells, Disclosure(floor), count="people", values=[], totals_within=[])
        told.append(set(cells.loc[cells["withheld"] == Withheld.NONE.value, "band"]))
    return told


def followed(maps: list[str], shown: list[set[str]], people: list[float]) -> list[float]:
    """The people of every sum of parts that can be worked out, by brute force."""
    equations = [np.ones(len(people))]
    for one, bands in zip(maps, shown, strict=True):
        equations += [np.array([float(of == band) for of in one]) for band in sorted(bands)]
    known = np.array(equations).T
    found = []
    for chosen in product((0.0, 1.0), repeat=len(people)):
        target = np.array(chosen)
        solved = np.linalg.lstsq(known, target, rcond=None)[0]
        if np.abs(known @ solved - target).max() < 1e-8:
            found.append(float(target @ np.array(people)))
    return found


def test_one_map_alone_hides_what_the_small_number_rule_hides() -> None:
    assert shown_under(["aabn"], [3, 80, 40, 9]) == [{"a", "b", "n"}]
    assert shown_under(["abcn"], [3, 80, 40, 9]) == [{"b", "c"}]


def test_few_set_apart_do_not_follow_from_the_band_they_were_in() -> None:
    # a = 83 was shown; y = 3 is few, and so is what is left of a beside it
    assert shown_under(["aabn", "yabn"], [3, 80, 40, 9]) == [{"a", "b", "n"}, {"b", "n"}]


def test_few_moved_from_one_band_to_another_do_not_follow() -> None:
    assert shown_under(["aabn", "babn"], [3, 80, 40, 9])[1] == {"n"}
    assert shown_under(["aabn", "babn"], [30, 80, 40, 9])[1] == {"a", "b", "n"}


def test_two_changed_maps_are_held_against_each_other() -> None:
    """Neither differs by few from the shipped map, but by three from the other."""
    maps = ["aaabn", "ppabn", "pabbn"]
    shown = shown_under(maps, [40, 3, 50, 40, 60])
    assert shown[:2] == [{"a", "b", "n"}, {"p", "a", "b", "n"}]
    assert not {"p", "a"} <= shown[2]
    assert all(n == 0 or n >= 5 for n in followed(maps, shown, [40, 3, 50, 40, 60]))


def test_groups_too_small_to_be_shown_may_be_joined() -> None:
    assert shown_under(["abcn", "aacn"], [3, 4, 80, 40])[1] == {"a", "c", "n"}


def test_a_map_that_hides_somebody_leaves_no_rest_that_another_gives_away() -> None:
    """The first map hides 3 among 11; the second would show the 8 of them by themselves."""
    shown = shown_under(["abcn", "acbn"], [3, 80, 70, 8])
    assert shown[0] == {"b", "c"}
    assert shown[1] == {"b", "c"}


def test_few_at_organisations_shown_beside_another_source_do_not_follow() -> None:
    # everybody and b elsewhere would leave the three of a
    assert shown_under(["aabn"], [30, 80, 40, 9], [3, 0, 20, 0])[0] == {"n"}
    assert shown_under(["aabn"], [30, 80, 40, 9], [30, 0, 20, 2])[0] == {"a"}
    # of the parts together 23 answered elsewhere, of one of them three
    maps = ["aabn", "cabn"]
    shown = shown_under(maps, [30, 80, 40, 9], [3, 20, 20, 0])
    assert all(n == 0 or n >= 5 for n in followed(maps, shown, [3, 20, 20, 0]))


def test_what_no_map_sets_apart_is_told_as_one_class() -> None:
    frame = pd.DataFrame([list("aabn"), list("yabn")]).T
    people = np.array([3.0, 80, 40, 9])
    found = beside_earlier(frame, people, np.zeros((0, 4)), np.zeros(4), Disclosure())
    assert found.hidden == {"a", "y"}
    _, classes = found.told_apart[-1]
    assert classes[0] == classes[1]
    assert len(set(classes)) == 3
    assert len(found.told_apart) == 1  # the second map tells no more apart than the first


def test_few_at_the_organisations_where_a_band_is_small_hide_it() -> None:
    frame = pd.DataFrame([list("abn")]).T
    at_units = np.array([[40.0, 40, 0], [40, 2, 0]])
    found = beside_earlier(frame, np.array([80.0, 42, 20]), at_units, np.zeros(3), Disclosure())
    assert found.hidden == {"b", "n"}  # and the least beside it


def test_what_hid_beside_a_few_under_one_floor_is_not_shown_under_a_higher_one() -> None:
    """Under 5 b is few elsewhere, and a hid with it; under 10 n is few too, and a would come back."""
    whole, elsewhere = [10.0, 0, 10], [10.0, 1, 9]
    low, high = (shown_under(["abn"], whole, elsewhere, floor)[0] for floor in (5, 10))
    assert low == {"n"}
    assert high <= low


LETTERS = st.sampled_from("abcd")
PARTS = st.integers(2, 6)


@given(
    PARTS.flatmap(
        lambda parts: st.tuples(
            st.lists(
                st.lists(LETTERS, min_size=parts, max_size=parts).map("".join),
                min_size=1,
                max_size=4,
            ),
            st.lists(st.integers(0, 14), min_size=parts + 1, max_size=parts + 1),
            st.lists(st.integers(0, 9), min_size=parts + 1, max_size=parts + 1),
        )
    ),
    st.sampled_from([5, 10]),
)
def test_nothing_that_follows_from_all_maps_together_rests_on_few(
    drawn: tuple[list[str], list[int], list[int]], floor: int
) -> None:
    letters, counts, others = drawn
    maps = list(dict.fromkeys(f"{one}n" for one in letters))  # the last part did not tell
    whole, elsewhere = [float(n) for n in counts], [float(n) for n in others]
    if 0 < sum(whole) < floor or 0 < sum(elsewhere) < floor:
        return  # not even everybody is shown
    shown = shown_under(maps, whole, elsewhere, floor)
    for people in (whole, elsewhere):
        assert all(n == 0 or n >= floor for n in followed(maps, shown, people))
    # shown under a higher floor is shown under a lower one
    for low, high in zip(shown_under(maps, whole, elsewhere, 5), shown, strict=True):
        assert high <= low


# --- Areas ---


def looked_at(
    maps: list[str], people: list[list[float]], floors: tuple[int, ...]
) -> tuple[list[np.ndarray], dict[tuple[int, int], set[str]]]:
    """Every figure shown under every floor, map and area, as an equation over organisations × parts; and
    which areas were split under which floor and map."""
    table = np.array(people)
    units, parts = table.shape
    areas = pd.DataFrame({"pcn": [f"N-{unit}" for unit in range(units)]})
    frame = pd.DataFrame([list(one) for one in maps]).T
    told, split = [np.ones((units, parts))], {}
    for floor in floors:
        for latest in range(1, len(maps) + 1):
            found = beside_earlier(
                frame.iloc[:, :latest],
                table.sum(axis=0),
                np.zeros((0, parts)),
                np.zeros(parts),
                Disclosure(floor),
            )
            shown = shown_under(maps[:latest], table.sum(axis=0).tolist(), floor=floor)[-1]
            counts = pd.DataFrame(table, columns=[f"part {n}" for n in range(parts)])
            open_ = areas_split(found, counts, areas, levels=["pcn"])
            split[floor, latest] = open_
            for where in ["", *sorted(open_)]:
                here = np.array([where in ("", area) for area in areas["pcn"]])
                told.append(np.outer(here, np.ones(parts)))
                for band in shown:
                    told.append(
                        np.outer(here, np.array(list(maps[latest - 1])) == band).astype(float)
                    )
    return told, split


def few_that_follow(told: list[np.ndarray], people: list[list[float]], floor: int) -> bool:
    """By brute force; where a figure says that nobody answered, nobody did in any part of it."""
    counts = np.array(people).ravel()
    known = np.array([one.ravel() for one in told])
    nobody = known[known @ counts == 0].any(axis=0)
    known, counts = known[:, ~nobody], counts[~nobody]
    classes, of_class = np.unique(known, axis=1, return_inverse=True)
    sums = np.bincount(of_class.ravel(), weights=counts)
    _, sizes, directions = np.linalg.svd(classes)
    free = directions[int((sizes > 1e-9).sum()) :].T
    chosen = (np.arange(1, 2 ** len(sums))[:, None] >> np.arange(len(sums))) & 1
    few = chosen[(chosen @ sums > 0) & (chosen @ sums < floor)]
    return bool((np.abs(few @ free).max(axis=1, initial=0.0) < 1e-8).any()) if len(few) else False


def test_an_area_not_split_under_one_map_is_not_split_under_the_next() -> None:
    """Under the first map the third area is split, so that the first is not: the two of the second who did
    not tell would be left. The next map may not split the first instead."""
    people = [[60.0, 9, 9, 9, 40], [3, 20, 20, 20, 2], [4, 9, 60, 40, 20]]
    told, split = looked_at(["yymon", "yymyn", "ypmyn"], people, (5,))
    assert split[5, 1] == split[5, 2] == {"N-2"}
    assert "N-0" not in split[5, 3]
    assert not few_that_follow(told, people, 5)


@settings(max_examples=100)
@given(
    st.lists(st.lists(LETTERS, min_size=3, max_size=3).map("".join), min_size=1, max_size=3),
    st.lists(
        st.lists(st.sampled_from([0, 2, 4, 6, 9, 20, 40]), min_size=4, max_size=4),
        min_size=3,
        max_size=3,
    ),
    st.sampled_from([(5,), (10,), (5, 10)]),
)
def test_of_areas_maps_and_floors_together_no_few_follow(
    letters: list[str], counts: list[list[int]], floors: tuple[int, ...]
) -> None:
    maps = list(dict.fromkeys(f"{one}n" for one in letters))
    people = [[float(n) for n in unit] for unit in counts]
    if 0 < np.sum(people) < max(floors):
        return
    told, _ = looked_at(maps, people, floors)
    assert not few_that_follow(told, people, min(floors))
