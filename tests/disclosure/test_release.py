"""The one door: counts as they may leave, and what rests on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxcore.disclosure import (
    Answers,
    Confidential,
    Count,
    OfMany,
    OfOne,
    Parts,
    Released,
    added,
    answers_shown,
    enough,
    is_confidential,
    largest_noise,
    release,
    rounded,
)
from pxcore.disclosure.perturbation import (
    joined_key,
    parts_of_key,
    perturbed,
    perturbed_with_variance,
)
from pxcore.disclosure.release import SECOND_KEYS, is_chance, with_rounded_chances
from pxcore.model import Disclosure, Withheld
from tests.figures import as_json

USUAL, EXACT = Disclosure(), Disclosure(exact=True)
KEY = st.integers(0, 255)


def answers(**columns: Any) -> pd.DataFrame:
    """One row of confidential answers, by default thirty of which three are not positive."""
    row = {
        "positive_answers": 27.0, "half_answers": 0.0, "rest_answers": 3.0,
        "positive_key": 12.0, "half_key": 0.0, "rest_key": 200.0,
        "score_key": np.nan, "people_key": 212.0, "heaviest": 1.0,
        "scale_low": np.nan, "scale_high": np.nan, "within_variance": np.nan,
    } | columns  # fmt: skip
    parts = [row[f"{part}_answers"] for part in ("positive", "half", "rest")]
    row = {
        "respondents": sum(parts),
        "positive": parts[0] + parts[1] / 2,
        "value": (parts[0] + parts[1] / 2) / max(1.0, sum(parts)),
        "people": sum(parts),
    } | row
    return pd.DataFrame([row])


def counts(*of: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(of, columns=["people", "key"]).assign(share=0.5, name="x")


COUNT = Count("people", "key", hides=("share",))


# --- Counts ---


def test_a_published_count_is_shown_as_printed_however_small() -> None:
    shown = release(counts((1, np.nan), (0, np.nan), (40, np.nan)), USUAL, COUNT)
    assert shown["people"].tolist() == [1, 0, 40]
    assert (shown["withheld"] == Withheld.NONE.value).all()


def test_what_a_publisher_withheld_stays_so() -> None:
    rows = counts((40, np.nan)).assign(withheld=Withheld.PUBLISHER.value)
    shown = release(rows, USUAL, COUNT)
    assert shown["people"].isna().all()
    assert shown["share"].isna().all()
    assert shown["withheld"].tolist() == [Withheld.PUBLISHER.value]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_a_confidential_count_under_the_floor_is_blank_with_what_rests_on_it(count: int) -> None:
    shown = release(counts((count, 77)), USUAL, COUNT)
    assert shown["people"].isna().all()
    assert shown["share"].isna().all()
    assert shown["withheld"].tolist() == [Withheld.FLOOR.value]
    assert shown["name"].tolist() == ["x"]


@given(st.integers(5, 400), KEY)
def test_a_count_shown_is_as_the_table_has_it(count: int, key: int) -> None:
    shown = release(counts((count, key)), USUAL, COUNT)["people"].iloc[0]
    assert shown == perturbed(count, key)
    assert shown >= 5
    assert abs(shown - count) <= largest_noise()


@pytest.mark.parametrize("floor", [10, 30])
@given(st.integers(0, 60), KEY)
def test_a_higher_floor_tells_nothing_that_the_lowest_does_not(
    floor: int, count: int, key: int
) -> None:
    """It hides what is shown under it, and changes no number: two floors are no two looks at a count."""
    usual = release(counts((count, key)), USUAL, COUNT)["people"].iloc[0]
    higher = release(counts((count, key)), Disclosure(floor), COUNT)["people"].iloc[0]
    assert np.isnan(higher) if not usual >= floor else higher == usual


def test_no_key_and_no_count_of_one_persons_answers_leaves() -> None:
    rows = counts((12, 3)).assign(heavy=2.0)
    shown = release(rows, USUAL, Count("people", "key", heaviest="heavy"))
    assert "key" not in shown
    assert "heavy" not in shown
    assert not set(release(answers(), USUAL, Answers())) & {
        "positive_answers", "rest_key", "people_key", "heaviest",
    }  # fmt: skip


@given(st.integers(1, 6), st.integers(0, 6), KEY)
def test_that_a_count_is_shown_tells_of_the_others_their_moved_number_alone(
    read: int, hidden: int, key: int
) -> None:
    """Beside three who were read, on which side of five the count is would tell how many the others are."""
    key = key if hidden else 0
    shown = read + float(perturbed(hidden, key)) >= 5
    people_key = joined_key([key], [9], [read])
    rows = pd.DataFrame({"people": [read + hidden], "key": people_key})
    people = release(rows, USUAL, COUNT)["people"]
    assert people.notna().tolist() == [shown]
    assert not (people < 5).any()
    answers = pd.DataFrame(
        {
            "respondents": [read + hidden], "people": [read + hidden], "value": [1.0],
            "positive_answers": [read + hidden], "half_answers": [0], "rest_answers": [0],
            "positive_key": people_key, "half_key": [0], "rest_key": [0],
            "people_key": people_key, "heaviest": [1],
        }
    )  # fmt: skip
    assert release(answers, USUAL, Answers())["respondents"].notna().tolist() == [shown]


@given(st.integers(0, 8), st.integers(0, 8), KEY)
def test_that_two_groups_together_are_shown_does_not_tell_that_somebody_else_is_there(
    read: int, hidden: int, key: int
) -> None:
    """Of three who were read and some others, a count shown would: nobody is never moved."""
    rows = pd.DataFrame(
        {
            "people": [read + hidden],
            "key": joined_key([key if hidden else 0], [9 if read else 0], [read]),
        }
    )
    shown = release(rows, USUAL, Count("people", "key", alone=True))
    assert shown["people"].notna().tolist() == [read >= 5 or hidden >= 5]
    assert not (shown["people"] < 5).any()
    few = [] if read >= 5 or hidden >= 5 else [Withheld.FLOOR.value]
    assert [why for why in shown["withheld"] if why != Withheld.NONE.value] == few


def test_exact_figures_are_exact() -> None:
    shown = release(counts((2, 3), (12, 3)), EXACT, COUNT)
    assert shown["people"].tolist() == [2, 12]


@given(st.lists(st.tuples(st.integers(0, 40), KEY), min_size=1, max_size=6))
def test_people_added_up_have_the_key_of_all_of_them(cells: list[tuple[int, int]]) -> None:
    """However a set of people is put together, the same number is shown."""
    rows = pd.DataFrame(cells, columns=["people", "key"]).assign(of="all")
    total = release(added(rows, ["of"]), USUAL, Count("people", "key"))["people"].iloc[0]
    count, key = rows["people"].sum(), rows["key"].sum() % 256
    shown = float(perturbed(count, key))
    assert np.isnan(total) if shown < 5 else total == shown


# --- Answers ---


@given(st.integers(0, 60), st.integers(0, 12), st.integers(0, 60), KEY, KEY, KEY)
def test_shares_come_from_the_parts_shown(
    positive: int, half: int, rest: int, one: int, two: int, three: int
) -> None:
    rows = answers(
        positive_answers=float(positive), half_answers=float(half), rest_answers=float(rest),
        positive_key=float(one), half_key=float(two), rest_key=float(three),
        people_key=float((one + two + three) % 256),
    )  # fmt: skip
    shown = release(rows, USUAL, Answers()).iloc[0]
    if positive + half + rest < 5:
        assert np.isnan(shown["value"])
        assert np.isnan(shown["respondents"])
        assert shown["withheld"] == Withheld.FLOOR.value
        return
    parts = [float(perturbed(*of)) for of in ((positive, one), (half, two), (rest, three))]
    assert shown["respondents"] == max(5.0, sum(parts))
    missing = shown["respondents"] - sum(parts)
    assert shown["positive"] == pytest.approx(parts[0] + parts[1] / 2 + missing / 2)
    assert shown["value"] == pytest.approx(shown["positive"] / shown["respondents"])
    assert 0 <= shown["positive"] <= shown["respondents"]
    assert shown["people"] == shown["respondents"]
    assert shown["noise"] > 0


def test_one_person_with_many_answers_is_under_the_floor() -> None:
    rows = answers(people=1.0, heaviest=30.0)
    assert release(rows, USUAL, Answers())["value"].isna().all()


def test_answers_of_people_who_answer_often_carry_more_noise() -> None:
    once, often = (
        release(answers(people=people, heaviest=heaviest), USUAL, Answers()).iloc[0]
        for people, heaviest in ((30.0, 1.0), (10.0, 3.0))
    )
    assert often["noise"] > 4 * once["noise"]
    assert often["people"] <= often["respondents"]


@given(st.integers(5, 200), KEY)
def test_a_mean_moves_by_the_noise_times_its_scale_and_stays_on_it(count: int, key: int) -> None:
    rows = answers(
        positive_answers=0.0, rest_answers=0.0, respondents=float(count), people=float(count),
        value=4.9, score_key=float(key), people_key=float(key), scale_low=1.0, scale_high=5.0,
        within_variance=1.2,
    )  # fmt: skip
    shown = release(rows, USUAL, Answers()).iloc[0]
    assert shown["respondents"] == perturbed(count, key)
    assert 1 <= shown["value"] <= 5
    assert abs(shown["value"] - 4.9) <= largest_noise() * 4 / shown["respondents"] + 1e-9
    assert shown["standard_error"] > (1.2 / shown["respondents"]) ** 0.5


def test_published_answers_and_exact_ones_are_as_they_are() -> None:
    published = answers(people_key=np.nan)
    for rows, disclosure in ((published, USUAL), (answers(), EXACT)):
        shown = release(rows, disclosure, Answers()).iloc[0]
        assert (shown["respondents"], shown["positive"], shown["noise"]) == (30, 27, 0)


def test_a_published_interval_of_confidential_answers_does_not_leave() -> None:
    rows = answers().assign(low=0.81, high=0.95)
    assert release(rows, USUAL, Answers())[["low", "high"]].isna().all(axis=None)


# --- Parts, statistics ---


def test_parts_add_up_and_are_blank_with_their_total_alone() -> None:
    rows = pd.DataFrame(
        {"old": [2.0, 2.0], "old_key": [9, 9], "young": [30.0, 1.0], "young_key": [4, 4]}
    )
    parts = Parts((("old", "old_key"), ("young", "young_key")), "aged")
    shown = release(rows, USUAL, parts)
    assert shown["aged"].iloc[0] == perturbed(2, 9) + perturbed(30, 4)
    assert shown.iloc[1][["old", "young", "aged"]].isna().all()
    exact = release(rows, EXACT, parts)
    assert exact["aged"].tolist() == [32, 3]


def test_statistics_are_no_finer_than_confidential_counts_allow() -> None:
    rows = pd.DataFrame({"gap": [1.2345], "q": [0.01234], "same": [0.12345], "mean": [0.98765]})
    shown = release(
        rows,
        USUAL,
        OfOne(gaps=("gap",), chances=("q",), probabilities=("same",)),
        OfMany(("mean",), confidential=True),
    ).iloc[0]
    assert shown.tolist() == pytest.approx([1.2, 0.01, 0.12, 0.99])
    assert release(rows, EXACT, OfMany(("mean",), confidential=True))["mean"].iloc[0] == 0.98765
    assert release(rows, USUAL, OfMany(("mean",), confidential=False))["mean"].iloc[0] == 0.98765


def test_figures_for_programs_are_rounded_alike() -> None:
    tree = {"rho": 0.98765, "pairs": 12, "ends": [0.1234, None], "said": "0.98765"}
    assert rounded(tree, True) == {
        "rho": 0.99,
        "pairs": 12,
        "ends": [0.12, None],
        "said": "0.98765",
    }
    assert rounded(tree, False) is tree


def test_what_is_done_to_released_figures_is_released() -> None:
    shown = release(counts((12, 3), (40, 9)), USUAL, COUNT)
    for made in (
        shown[shown["people"] > 0],
        shown.assign(more=1),
        shown.sort_values("people"),
        shown[["name"]],
        shown.reset_index(drop=True),
    ):
        assert isinstance(made, Released)


def test_enough_is_at_the_floor_and_above() -> None:
    assert enough([4, 5, np.nan], USUAL).tolist() == [False, True, False]
    assert enough([9, 10], Disclosure(10)).tolist() == [False, True]


@pytest.mark.parametrize("key", range(0, 256, 5))
def test_a_mean_moves_by_its_own_noise_times_the_range_of_its_scale(key: int) -> None:
    row = pd.DataFrame(
        {
            "respondents": [20.0], "people": [20.0], "people_key": [float(key)], "value": [3.0],
            "score_key": [float(key)], "scale_low": [1.0], "scale_high": [5.0],
        }
    )  # fmt: skip
    shown = answers_shown(row)
    (moved,) = perturbed(np.array([20.0]), np.array([float(key + SECOND_KEYS)]))
    assert shown["value"] == pytest.approx(3 + (moved - 20) * 4 / shown["respondents"])


def test_the_noise_of_a_share_is_that_of_each_answer_weighed_by_how_it_moves_the_share() -> None:
    shown = answers_shown(answers(positive_answers=20.0, half_answers=9.0, half_key=77.0))
    parts = [(20.0, 12.0), (9.0, 77.0), (3.0, 200.0)]
    variances = [
        perturbed_with_variance(np.array([count]), np.array([key]), np.array([1.0]))[1][0]
        for count, key in parts
    ]
    share = shown["value"]
    moves = ((1 - share) ** 2, (0.5 - share) ** 2, share**2)
    expected = sum(move * variance for move, variance in zip(moves, variances, strict=True))
    assert len(set(variances)) == 3
    assert shown["noise"] == pytest.approx(expected / shown["respondents"] ** 2)


def test_an_answer_of_nobody_has_no_value_and_no_error() -> None:
    nobody = answers(
        positive_answers=0.0, rest_answers=0.0, people_key=0.0, score_key=0.0,
        scale_low=1.0, scale_high=5.0, within_variance=1.0,
    )  # fmt: skip
    shown = answers_shown(nobody)
    assert shown["respondents"].tolist() == [0]
    assert not np.isfinite(shown["standard_error"]).any()


def test_exact_figures_are_not_printed_by_accident() -> None:
    assert "27" not in repr(Confidential(answers()))


# --- One table of every kind of row: what leaves of it stays the same ---


def many(count: int, step: int, of: int) -> np.ndarray:
    """Whole numbers from 0 under `of`, in no order."""
    return (np.arange(count) * step) % of


def every_kind() -> pd.DataFrame:
    """Confidential counts from nobody to many, published ones, and what a publisher withheld."""
    people = np.array([0, 1, 3, 4, 5, 6, 7, 8, 9, 12, 15, 21, 40, 90, 300, 7, 4, 30], dtype=float)
    rows = len(people)
    positive = np.floor(people * 0.6)
    half = np.floor(people * 0.2)
    read = np.where(np.arange(rows) % 4 == 2, np.minimum(people, 6), 0)
    keys = {
        name: many(rows, step, 256)
        for name, step in (("positive", 83), ("half", 47), ("rest", 151))
    }
    table = pd.DataFrame(
        {
            "name": [f"practice {place}" for place in range(rows)],
            "withheld": [Withheld.PUBLISHER.value if place == 15 else "" for place in range(rows)],
            "people": people, "respondents": people + (many(rows, 3, 5) == 1),
            "positive_answers": positive, "half_answers": half,
            "rest_answers": people - positive - half,
            **{f"{part}_key": of.astype(float) for part, of in keys.items()},
            "people_key": joined_key(many(rows, 61, 256), many(rows, 19, 256), read),
            "heaviest": 1.0 + (many(rows, 5, 7) == 3),
            "positive": positive + half / 2, "value": (positive + half / 2) / np.maximum(people, 1),
            "standard_error": 0.1, "low": 0.2, "high": 0.9, "also": people * 2,
            "worth": 1.0, "p_value": 0.0123 * (1 + many(rows, 7, 9)), "chance": 0.012345,
            "gap": 1.2345, "mean": 0.98765, "own": np.arange(rows) % 3 > 0,
        }
    ).replace({"withheld": {"": Withheld.NONE.value}})  # fmt: skip
    table.loc[16:, [name for name in table if name.endswith("_key")]] = np.nan
    return table


def of_scores() -> pd.DataFrame:
    table = every_kind()
    score = np.arange(len(table)) % 5 != 0
    return table.assign(
        score_key=np.where(score & table["people_key"].notna(), many(len(table), 29, 256), np.nan),
        scale_low=1.0, scale_high=5.0, within_variance=0.8,
        value=1 + many(len(table), 7, 41) / 10,
        weighted_value=np.where(np.arange(len(table)) % 5 == 0, 0.55, np.nan), weighted_worth=0.8,
    )  # fmt: skip


COUNTED = Count(
    "people", "people_key", hides=("also", "gap"), heaviest="heaviest", variance="moved_by"
)
AS_PARTS = Parts(
    tuple((f"{part}_answers", f"{part}_key") for part in ("positive", "half", "rest")), "whole"
)
STATISTICS = (
    OfOne(("gap",), ("p_value",), ("chance",), where="own"),
    OfMany(("mean",), confidential=True, chances=("p_value",)),
)
LEAVING: dict[str, Callable[[], Any]] = {
    f"{title}, {name}": lambda spec=spec, disclosure=disclosure, rows=rows: release(
        rows(), disclosure, *spec
    )
    for title, spec, rows in (
        ("counts", (COUNTED,), every_kind),
        ("counts by themselves", (Count("people", "people_key", alone=True),), every_kind),
        ("counts without keys", (Count("people", "none", variance="moved_by"),), every_kind),
        ("answers", (Answers(hides=("also",)),), every_kind),
        ("scores", (Answers(withheld="why"),), of_scores),
        ("published answers", (Answers(),), lambda: every_kind().iloc[16:]),
        ("parts", (AS_PARTS,), every_kind),
        ("published parts", (AS_PARTS,), lambda: every_kind().iloc[16:]),
        ("statistics", STATISTICS, every_kind),
        ("all of it", (COUNTED, Answers(), *STATISTICS), of_scores),
    )
    for name, disclosure in (("usual", USUAL), ("floor 10", Disclosure(10)), ("exact", EXACT))
}


@pytest.mark.parametrize("disclosure", ["usual", "floor 10", "exact"])
def test_what_leaves_of_a_table_stays_the_same(
    disclosure: str, golden: Callable[..., None]
) -> None:
    leaves = {
        title: {
            name: " ".join(
                "–" if of != of else f"{of:.9g}" if isinstance(of, float) else str(of)
                for of in values
            )
            for name, values in as_json(make()).items()
        }
        for title, make in LEAVING.items()
        if title.endswith(disclosure)
    }
    golden(f"released_{disclosure.replace(' ', '_')}", leaves)


def test_sums_within_areas_keep_what_each_column_means() -> None:
    rows = of_scores().assign(area=list("abc") * 6, kind=list("xy") * 9, rows_key=np.nan)
    sums = added(rows, ["area", "kind"])
    assert list(sums.columns[:2]) == ["area", "kind"]
    assert "name" not in sums
    assert len(sums) == 6
    cells = rows.groupby(["area", "kind"], sort=False)
    for name in ("people", "positive_answers"):
        assert sums[name].tolist() == cells[name].sum().tolist()
    for name in ("heaviest", "scale_high", "within_variance"):
        assert sums[name].tolist() == cells[name].max().tolist()
    assert added(rows.assign(scale_low=np.arange(18.0)), ["area"])["scale_low"].tolist() == [
        0,
        1,
        2,
    ]
    assert sums["rows_key"].isna().all()
    assert added(rows.assign(people=np.nan), ["area"])["people"].isna().all()
    (together,) = added(rows.assign(all="all"), ["all"])["people_key"]
    known = rows["people_key"].dropna()
    parts = np.array([parts_of_key([key]) for key in known])[:, :, 0].sum(axis=0)
    assert together == joined_key(*([part] for part in parts))[0]
    published = added(rows.iloc[16:].assign(all="all"), ["all"])
    assert published["people_key"].isna().all()


@dataclass(frozen=True)
class Result:
    estimate: float
    q_value: float
    of_p: float
    parts: tuple[float, ...]
    name: str = "0.98765"


def test_results_are_rounded_field_by_field() -> None:
    result = Result(0.98765, 0.012345, 0.00049, (0.12345, 1.0))
    assert rounded(result, True) == Result(0.99, 0.01, 0.0, (0.12, 1.0))
    assert with_rounded_chances(result, True) == Result(0.98765, 0.01, 0.0, (0.12345, 1.0))
    assert with_rounded_chances(result, False) is result
    nested = {"p_value": 0.0456, "within": [{"q_value": 0.5555, "x": 0.5555}], "p": 0.0456, "n": 3}
    assert rounded(nested, True) == {
        "p_value": 0.05, "within": [{"q_value": 0.6, "x": 0.56}], "p": 0.05, "n": 3,
    }  # fmt: skip
    assert with_rounded_chances(nested, True)["within"] == [{"q_value": 0.6, "x": 0.5555}]
    assert rounded(Result, True) is Result
    assert rounded({"p_value": None}, True) == {"p_value": None}


def test_a_chance_is_known_by_its_name() -> None:
    named = {
        "p_value": True,
        "q_value": True,
        "trend_p": True,
        "p": False,
        "_p": True,
        "peer": False,
    }
    assert {name: is_chance(name) for name in named} == named


def test_figures_are_confidential_by_the_keys_of_their_people() -> None:
    assert is_confidential(every_kind())
    assert not is_confidential(every_kind().iloc[16:])
    assert not is_confidential(every_kind().drop(columns="people_key"))
