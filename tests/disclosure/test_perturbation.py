"""The perturbation table, and counts as it has them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from cell_key_perturbation.create_perturbed_table import create_perturbed_table
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import perturbation as made
from pxcore import maps
from pxcore.disclosure.perturbation import (
    KEYS,
    SECOND_KEY,
    enough_people,
    joined_key,
    largest_noise,
    noise_table,
    noise_variance,
    parts_of_key,
    perturbed,
    perturbed_with_variance,
    rest_of_key,
    sum_of_keys,
)
from pxcore.model import DISCLOSURE_FLOORS

FLOOR = DISCLOSURE_FLOORS[0]
EVERY_KEY = np.arange(KEYS)


def test_the_shipped_table_is_the_one_the_benchmark_makes() -> None:
    shipped = [tuple(map(int, row.values())) for row in maps.rows("perturbation")]
    assert shipped == made.table()


def test_each_count_has_one_noise_for_each_cell_key() -> None:
    for count in range(made.FLOOR + made.MOST + 1):
        ranges = [(first, last) for of, _, first, last in made.table() if of == count]
        assert [key for first, last in ranges for key in range(first, last + 1)] == list(EVERY_KEY)


def test_a_count_of_nobody_is_shown_as_nobody() -> None:
    assert (noise_table()[0] == 0).all()


@pytest.mark.parametrize("count", range(1, 40))
def test_a_count_stays_on_its_side_of_the_floor(count: int) -> None:
    shown = perturbed(np.full(KEYS, count), EVERY_KEY)
    assert ((shown >= FLOOR) == (count >= FLOOR)).all()
    assert (shown >= 0).all()
    assert np.abs(shown - count).max() <= largest_noise() == made.MOST


@pytest.mark.parametrize("count", [FLOOR + made.MOST, 20, 500])
def test_the_noise_has_no_bias_from_floor_and_largest_noise_upwards(count: int) -> None:
    assert perturbed(np.full(KEYS, count), EVERY_KEY).mean() == count


@pytest.mark.parametrize("count", range(1, 30))
def test_no_number_shown_tells_the_count(count: int) -> None:
    """With as much reason to believe in each count, none is believed by more than six in ten."""
    lows = range(FLOOR) if count < FLOOR else range(FLOOR, count + 2 * made.MOST + 1)
    chances = pd.DataFrame(
        {n: pd.Series(perturbed(np.full(KEYS, n), EVERY_KEY)).value_counts() / KEYS for n in lows}
    ).fillna(0.0)
    belief = chances.div(chances.sum(axis=1), axis=0)
    for shown in set(perturbed(np.full(KEYS, count), EVERY_KEY)):
        assert belief.loc[shown].max() <= 0.6, (count, shown)


def test_as_the_statistics_authorities_package_has_it() -> None:
    """Against cell-key-perturbation of the Office for National Statistics, with our table."""
    rng = np.random.default_rng(7)
    people = pd.DataFrame(
        {
            "area": rng.choice(["A", "B", "C"], 400, p=[0.9, 0.07, 0.03]),
            "answer": rng.choice(["yes", "no", "half"], 400, p=[0.7, 0.25, 0.05]),
            "record_key": rng.integers(0, KEYS, 400),
        }
    )
    table = noise_table()
    last = len(table) - 1
    ptable = pd.DataFrame(
        {
            "pcv": np.repeat(np.arange(1, 751), KEYS),
            "ckey": np.tile(EVERY_KEY, 750),
            "pvalue": np.concatenate([table[min(count, last)] for count in range(1, 751)]),
        }
    )
    oracle = create_perturbed_table(
        people, ptable, ["area"], ["answer"], "record_key", use_existing_ons_id=False, threshold=0
    )
    cells = people.groupby(["area", "answer"])["record_key"].agg(["size", "sum"]).reset_index()
    ours = cells.assign(shown=perturbed(cells["size"], cells["sum"]))
    both = oracle.merge(ours, on=["area", "answer"])
    assert len(both) == len(ours) >= 8
    assert (both["count"].astype(float) == both["shown"]).all()


@given(st.integers(2, 12), st.integers(1, 60), st.integers(0, KEYS - 1))
def test_who_answers_often_is_hidden_by_as_much_more_noise(
    heaviest: int, count: int, key: int
) -> None:
    shown = perturbed([count], [key], [heaviest])[0]
    tail = noise_table()[-1]
    assert shown == max(0, count + tail[key] + (heaviest - 1) * tail[(key + SECOND_KEY) % KEYS])


def test_the_variance_of_the_noise_is_that_of_every_count_shown_so() -> None:
    rng = np.random.default_rng(3)
    counts = rng.integers(0, 60, 400_000)
    shown = perturbed(counts, rng.integers(0, KEYS, len(counts)))
    for number in (0, 2, 4, 5, 7, 9, 12, 20, 40):
        here = shown == number
        simulated = ((shown - counts)[here] ** 2).mean()
        assert noise_variance(number) == pytest.approx(simulated, rel=0.06)


def test_a_missing_count_stays_missing() -> None:
    assert np.isnan(perturbed([np.nan], [3])).all()


people = st.tuples(st.integers(1, 60), st.integers(0, KEYS - 1)) | st.just((0, 0))


@given(people, people)
def test_who_may_be_read_and_who_may_not_are_moved_each_by_themselves(
    read: tuple[int, int], hidden: tuple[int, int]
) -> None:
    """Less those read, every total of the same others is the same moved number."""
    count = read[0] + hidden[0]
    key = joined_key([hidden[1]], [read[1]], [read[0]])
    apart = perturbed([read[0]], [read[1]])[0] + perturbed([hidden[0]], [hidden[1]])[0]
    assert perturbed([count], key)[0] == apart
    # whether it is shown tells of those read, who are known, and of the others their moved number alone
    others = perturbed([hidden[0]], [hidden[1]])[0]
    assert enough_people([count], key)[0] == (read[0] + others >= FLOOR)


@given(people, people)
def test_the_variance_of_a_total_is_that_of_both_its_parts(
    read: tuple[int, int], hidden: tuple[int, int]
) -> None:
    key = joined_key([hidden[1]], [read[1]], [read[0]])
    _, variance = perturbed_with_variance([read[0] + hidden[0]], key)
    parts = [float(noise_variance(perturbed([n], [k])[0])) for n, k in (read, hidden) if n]
    assert variance[0] == pytest.approx(sum(parts) if parts else noise_variance(0))


def test_somebody_who_wrote_more_comments_than_there_are_people_is_counted_once() -> None:
    """Three comments of one person, and another person who may not be read."""
    shown = perturbed([2], joined_key([9], [30], [3]))[0]
    assert shown == perturbed([2], [39])[0]


sums = st.tuples(st.integers(0, KEYS - 1), st.integers(0, KEYS - 1), st.integers(0, 2**20 - 1))


@given(sums, sums)
def test_cell_keys_come_apart_and_together_again(
    one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    whole = joined_key(*([a + b] for a, b in zip(one, other, strict=True)))
    assert [int(part[0]) for part in parts_of_key(whole)] == [
        (one[0] + other[0]) % KEYS, (one[1] + other[1]) % KEYS, one[2] + other[2],
    ]  # fmt: skip
    assert rest_of_key(whole, joined_key(*([a] for a in one))) == joined_key(*([b] for b in other))


def test_the_key_of_a_published_count_stays_missing() -> None:
    assert np.isnan(joined_key([np.nan], [3], [1])).all()
    assert np.isnan(rest_of_key([np.nan], [3])).all()


def test_keys_of_disjoint_people_are_added_part_by_part() -> None:
    one, two = joined_key([250, 3], [255, 1], [2, 40]), joined_key([10, 9], [7, 30], [5, 0])
    assert [part.tolist() for part in parts_of_key(sum_of_keys([one, two]))] == [
        [4, 12], [6, 31], [7, 40],
    ]  # fmt: skip
    known = sum_of_keys([one, [np.nan, 4.0]])
    assert np.isnan(known).tolist() == [True, False]


def test_a_missing_key_or_count_moves_nothing_but_by_the_first_key() -> None:
    shown, variance = perturbed_with_variance([12, 12, np.nan], [np.nan, 0, 4])
    assert shown[0] == shown[1] == 12 + noise_table()[-1][0]
    assert np.isnan(shown[2])
    assert variance[:2] == pytest.approx(noise_variance(shown[:2]))


@pytest.mark.parametrize(
    ("count", "readable", "enough", "alone"),
    [(5, 5, True, True), (4, 4, False, False), (9, 4, True, True), (8, 4, None, False), (12, 0, True, True),
     (4, 0, False, False), (5, 0, True, True), (6, 9, True, True), (4, 5, False, False)],
)  # fmt: skip
def test_enough_are_read_or_not_or_both_together(
    count: int, readable: int, enough: bool | None, alone: bool
) -> None:
    key = joined_key([5], [9], [readable])
    assert enough_people([count], key, alone=True).tolist() == [alone]
    if enough is None:
        enough = readable + float(perturbed([count - readable], [5])[0]) >= FLOOR
    assert enough_people([count], key).tolist() == [enough]


def test_noise_of_the_heaviest_grows_with_the_square_of_what_they_wrote_more() -> None:
    _, once = perturbed_with_variance([40, 40], [7, 7], [1, 0.5])
    assert once[0] == once[1]
    shown, often = perturbed_with_variance([40], [7], [3])
    assert often[0] == pytest.approx(5 * float(noise_variance(shown[0])))
