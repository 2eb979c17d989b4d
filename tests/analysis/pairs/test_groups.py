"""Two sources by group: gaps, standardisation, reversals, agreement and what may be shown; by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some
from scipy.special import expit

from pxcore.analysis.files import load
from pxcore.analysis.joining.alignment import align
from pxcore.analysis.joining.bands import (
    AS_REGISTERED,
    EVERYBODY,
    NOT_TOLD,
    SAME_MIX,
    TAKEN_TOGETHER,
    keep,
)
from pxcore.analysis.judging.judgement import judgement
from pxcore.analysis.pairs.group_counts import Split, counted
from pxcore.analysis.pairs.group_report import ORGANISATIONS, GroupsReport, Record
from pxcore.analysis.pairs.groups import groups
from pxcore.disclosure import Released
from pxcore.disclosure.perturbation import largest_noise
from pxcore.model import GROUPS, Disclosure, Pairing, Period, Periods, Settings
from pxcore.publish.groups import as_json as as_json_of
from pxcore.stats.case_mix import Reversal, compare_case_mix
from pxcore.stats.intervals import newcombe, wilson
from pxcore.store import Store
from pxcore.words import group_pictures as pictures
from pxcore.words import group_records as records
from pxcore.words import group_tables as tables
from pxcore.words import groups as words
from pxcore.words.english import signed as signed_text
from pxcore.words.verdicts import warnings
from tests.analysis.frames import GP, alike, committed, standings
from tests.analysis.joining.test_selection import answers, two_local
from tests.store.loads import extract, fft, parent, provider, survey

# every survey answer counts as one, and figures are exact, so that they can be followed by hand
LOCAL = Pairing(
    "fft_local",
    "local_survey",
    settings=Settings(design_effect=1.0),
    disclosure=Disclosure(exact=True),
)
SHOWN = replace(LOCAL, disclosure=Disclosure())  # as they leave
YOUNG, MIDDLE, OLD = {"age": "25-34"}, {"age": "45-54"}, {"age": "75-84"}
Cells = list[tuple[str, dict[str, Any], int, int]]


def by_age(cells: dict[str, tuple[int, int]], practices: int = 2) -> Cells:
    """(answers, positive) of each age at each of some practices."""
    return [
        (f"P-{at}", {"age": age} if age else {}, n, x)
        for at in range(practices)
        for age, (n, x) in cells.items()
    ]


def quarter_from(year: int, month: int) -> Period:
    return Period(date(year, month, 1), date(year, month + 2, 31 if month in (1, 10) else 30))


def cell(report: GroupsReport, side: str, band: str) -> pd.Series:
    rows = report.cells
    return rows[(rows["side"] == side) & (rows["band"] == band)].iloc[0]


def gap(report: GroupsReport, what: str) -> pd.Series:
    assert report.gaps is not None
    return report.gaps.rows.set_index("what").loc[what]


# --- Reversals ---


def planted(store: Store) -> GroupsReport:
    """Taken together FFT is higher by 18 points; in either age it is lower by 10."""
    left = by_age({"25-34": (200, 80), "75-84": (1000, 800)})
    right = by_age({"25-34": (1000, 500), "75-84": (200, 180)})
    return groups(two_local(store, left, right), LOCAL, "age")


def test_a_planted_reversal_is_named_in_plain_words(store: Store) -> None:
    told = planted(store)
    assert told.gaps is not None
    assert told.gaps.mix is not None
    assert (told.gaps.mix.reversal, told.gaps.mix.confirmed) == (Reversal.FULL, True)
    assert words.summary(told) == (
        "Taken together FFT local is 17 points higher; with the same mix of people in both it is 10 points "
        "lower, and it points that way within every age group: the two sources heard different people, by "
        "age."
    )
    assert gap(told, TAKEN_TOGETHER)["gap"] == pytest.approx(880 / 1200 - 680 / 1200)
    assert gap(told, SAME_MIX)["gap"] == pytest.approx(-0.1)
    for band in ("16-44", "65 and over"):
        assert gap(told, band)["gap"] == pytest.approx(-0.1)
    assert "it is −10 (−" in words.findings(told)[0]
    assert words.findings(told)[0].endswith("Read the groups, not the total.")


def test_a_reversal_in_part_says_what_holds_of_like_people(store: Store) -> None:
    """Of three ages two turn round and one does not: never “every”."""
    left = by_age({"25-34": (400, 160), "45-54": (100, 76), "75-84": (2000, 1600)})
    right = by_age({"25-34": (2000, 1000), "45-54": (100, 70), "75-84": (400, 370)})
    told = groups(two_local(store, left, right), LOCAL, "age")
    assert told.gaps is not None
    assert told.gaps.mix is not None
    assert (told.gaps.mix.reversal, told.gaps.mix.confirmed) == (Reversal.PARTIAL, True)
    assert "with the same mix of people in both it is 11 points lower" in words.summary(told)
    assert "every" not in words.summary(told)


def test_an_adjusted_gap_near_nought_is_no_reversal_but_who_was_heard(store: Store) -> None:
    """Taken together 20 points; among like people a hair the other way, which chance explains."""
    left = by_age({"25-34": (200, 99), "75-84": (1000, 798)})
    right = by_age({"25-34": (1000, 500), "75-84": (200, 160)})
    told = groups(two_local(store, left, right), LOCAL, "age")
    assert told.gaps is not None
    assert told.gaps.mix is not None
    assert told.gaps.mix.turned
    assert (told.gaps.mix.confirmed, told.gaps.mix.explained) == (False, True)
    assert words.findings(told)[0].startswith(
        "Who was heard explains most of the gap: 20 points taken"
    )
    said = " ".join([words.summary(told), *words.findings(told)])
    assert "lower" not in said
    assert "heard different people" not in said


def test_where_the_gap_is_the_same_in_every_group_who_was_heard_explains_little(
    store: Store,
) -> None:
    left = by_age({"25-34": (500, 400), "75-84": (500, 450)})
    right = by_age({"25-34": (500, 300), "75-84": (500, 350)})
    told = groups(two_local(store, left, right), LOCAL, "age")
    assert words.findings(told)[0] == (
        "Who was heard explains little of the gap: 20 points taken together, 20 with the same mix of "
        "people in both (17 to 23)."
    )


def test_no_gap_beyond_chance_is_said_to_be_none(store: Store) -> None:
    even = by_age({"25-34": (60, 40), "75-84": (60, 45)})
    told = groups(two_local(store, even), LOCAL, "age")
    assert words.findings(told)[0].startswith(
        "Taken together the two do not differ beyond chance (0, "
    )


# --- The gap by group ---


def test_every_figure_can_be_followed_by_hand(store: Store) -> None:
    left = by_age({"25-34": (100, 90), "45-54": (60, 48), "75-84": (80, 60), "": (30, 20)})
    right = by_age({"25-34": (50, 30), "45-54": (70, 35), "75-84": (90, 60), "": (10, 6)})
    told = groups(two_local(store, left, right), LOCAL, "age")
    young = cell(told, "left", "16-44")
    assert (young["respondents"], young["value"]) == (200, 0.9)
    low, high = (float(end) for end in wilson(0.9, 200 / 1.5))  # assumed: one month, two practices
    assert (young["low"], young["high"]) == (pytest.approx(low), pytest.approx(high))
    assert young["difference"] == pytest.approx(0.9 - 108 / 140)
    untold = cell(told, "left", NOT_TOLD)
    assert (untold["respondents"], untold["value"]) == (60, pytest.approx(40 / 60))
    everybody = cell(told, "left", EVERYBODY)
    assert (everybody["respondents"], everybody["value"]) == (540, pytest.approx(436 / 540))
    assert gap(told, "16-44")["gap"] == pytest.approx(0.9 - 0.6)
    low, high = (float(end) for end in newcombe(0.9, 200 / 1.5, 0.6, 100))
    assert tuple(gap(told, "16-44")[["low", "high"]]) == (pytest.approx(low), pytest.approx(high))
    x, n = np.array([180, 96, 120]), np.array([200, 120, 160])
    y, m = np.array([60, 70, 120]), np.array([100, 140, 180])
    known = compare_case_mix(x / 1.5, n / 1.5, y, m, ["a", "b", "c"], reference=n + m)
    assert gap(told, SAME_MIX)["gap"] == pytest.approx(known.standardised.value)
    assert told.gap_p == pytest.approx(known.odds.heterogeneity_p)


def test_a_gap_that_differs_between_groups_is_said_with_the_widest_and_the_narrowest(
    store: Store,
) -> None:
    left = by_age({"25-34": (400, 380), "75-84": (400, 320)})
    right = by_age({"25-34": (400, 240), "75-84": (400, 310)})
    told = groups(two_local(store, left, right), LOCAL, "age")
    assert told.gap_differs is True
    assert words.summary(told) == (
        "FFT local stands 19 points above Local survey (16 to 22), and the gap differs between age "
        "groups: 35 points for people of 16-44, 3 points for people of 65 and over."
    )
    assert words.figures(told)[2][1] == "yes"


def test_answers_worth_less_widen_every_range(store: Store) -> None:
    two_local(store, by_age({"25-34": (100, 90), "75-84": (100, 70)}))
    plain = groups(store, LOCAL, "age")
    worth_a_quarter = groups(store, replace(LOCAL, settings=Settings(design_effect=4.0)), "age")
    for report, n in ((plain, 200), (worth_a_quarter, 50)):
        row = cell(report, "right", "16-44")
        assert row["low"] == pytest.approx(float(wilson(0.9, n)[0]))
        assert row["respondents"] == 200
    assert gap(plain, TAKEN_TOGETHER)["gap"] == gap(worth_a_quarter, TAKEN_TOGETHER)["gap"]
    assert gap(plain, SAME_MIX)["low"] > gap(worth_a_quarter, SAME_MIX)["low"]
    assert plain.gap_p is not None
    assert worth_a_quarter.gap_p is not None
    assert cell(plain, "left", "16-44")["low"] == cell(worth_a_quarter, "left", "16-44")["low"]


def test_comments_of_one_person_are_one_voice(store: Store) -> None:
    said: Cells = [("P-0", YOUNG | {"author": "", "sentiment": "positive"}, 20, 20)]
    said += [("P-0", YOUNG | {"author": "one", "sentiment": "positive"}, 20, 20)]
    said += [("P-0", OLD | {"sentiment": "positive"}, 30, 15)]
    store.commit(
        [
            answers("healthwatch", said),
            answers("fft_local", by_age({"25-34": (60, 50), "75-84": (60, 50)})),
        ]
    )
    told = groups(store, replace(LOCAL, right="healthwatch"), "age")
    row = cell(told, "right", "16-44")
    assert row["respondents"] == 40
    assert row["low"] <= float(wilson(1.0, 21)[0]) + 1e-9


def test_the_same_group_at_the_same_practice_is_compared_by_odds(store: Store) -> None:
    """One practice happy and mostly heard by FFT, one unhappy and mostly heard by the survey."""
    left = [
        ("P-0", YOUNG, 400, 360),
        ("P-0", OLD, 400, 360),
        ("P-1", YOUNG, 40, 20),
        ("P-1", OLD, 40, 20),
    ]
    right = [
        ("P-0", YOUNG, 40, 36),
        ("P-0", OLD, 40, 36),
        ("P-1", YOUNG, 400, 200),
        ("P-1", OLD, 400, 200),
    ]
    told = groups(two_local(store, left, right), LOCAL, "age")
    assert gap(told, SAME_MIX)["low"] > 0.2
    assert told.gaps is not None
    assert told.gaps.within is not None
    assert told.gaps.within.ratio == pytest.approx(1)
    assert any(
        "the same practice, the odds" in said and "1.0 times" in said
        for said in words.findings(told)
    )


# --- Registered patients ---


def registered(code: str, people: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"code": code, "dimension": "age", "group_value": g, "people": n, "cell": "A!1"}
        for g, n in people.items()
    ]


def test_the_gap_as_registered_patients_would_give_it(store: Store) -> None:
    left = by_age({"25-34": (100, 90), "75-84": (100, 60)})
    right = by_age({"25-34": (100, 60), "75-84": (100, 60)})
    two_local(store, left, right)
    lists = registered("P-0", {"5-14": 500, "15-44": 300, "75-84": 100})
    store.commit([extract(population=lists)])
    told = groups(store, LOCAL, "age")
    assert gap(told, AS_REGISTERED)["gap"] == pytest.approx(
        0.75 * 0.3
    )  # children are nobody's answer
    keep(store, "age", {"25-34": "25-34"}, "A", "")
    told = groups(store, LOCAL, "age")
    assert told.gaps is not None
    assert AS_REGISTERED not in set(told.gaps.rows["what"])
    assert any(
        "hold age groups that are not compared (16-44)" in note for note in words.notes(told)
    )


# --- As figures leave: the floor and the noise ---


def left_cells(store: Store, pairing: Pairing = SHOWN) -> pd.DataFrame:
    """Of the left source by band: answers, share and whether they are withheld."""
    rows = groups(store, pairing, "age").cells
    return rows[rows["side"] == "left"].set_index("band")[["respondents", "value", "withheld"]]


def test_a_group_of_few_reads_so_and_the_others_are_all_shown(store: Store) -> None:
    cells = by_age({"25-34": (90, 60), "45-54": (3, 1), "75-84": (30, 20), "": (12, 5)}, 1)
    told = groups(two_local(store, cells), SHOWN, "age")
    for side in ("left", "right"):
        few = cell(told, side, "45-64")
        assert few["withheld"] == "floor"
        assert few[["respondents", "value", "low", "high", "difference", "q_value"]].isna().all()
        for band, n in (("16-44", 90), ("65 and over", 30), (NOT_TOLD, 12), (EVERYBODY, 135)):
            row = cell(told, side, band)
            assert row["withheld"] == "none"
            # good answers and others each carry the noise
            assert abs(row["respondents"] - n) <= 2 * largest_noise()
    screen = tables.screen(told).set_index(["side", "band"])["note"]
    assert screen["left", "45-64"] == "fewer than 5"
    assert set(screen.drop(index="45-64", level="band")) == {""}
    assert "FFT local: fewer than 5 people of 45-64 answered." in words.notes(told)
    assert "45-64" not in pictures.picture(told)
    assert told.gaps is not None
    assert list(told.gaps.rows["what"]) == [TAKEN_TOGETHER, SAME_MIX, "16-44", "65 and over"]
    assert (
        "45-64: fewer than 5 answers in one of the two sources, and left out of the comparison."
        in words.notes(told)
    )


def test_nobody_reads_as_few_do_but_a_group_a_source_cannot_tell_is_blank(store: Store) -> None:
    """Nobody of 45-64 answered at the practice both speak of; the survey has no word for the oldest."""
    left: Cells = [*by_age({"25-34": (40, 20), "75-84": (40, 20)}, 1), ("P-9", MIDDLE, 40, 20)]
    two_local(store, left, by_age({"25-34": (40, 20), "45-54": (40, 20)}, 1))
    told = groups(store, SHOWN, "age")
    assert cell(told, "left", "45-64")["withheld"] == "floor"
    assert cell(told, "left", NOT_TOLD)["withheld"] == "floor"
    assert np.isnan(cell(told, "right", "65 and over")["respondents"])
    assert cell(told, "right", "65 and over")["withheld"] == "none"
    assert (
        "65 and over: recorded by one of the two sources alone, and left out of the comparison."
        in words.notes(told)
    )


def test_groups_of_few_may_be_joined_on_the_map(store: Store) -> None:
    cells = by_age({"25-34": (3, 2), "45-54": (4, 1), "75-84": (60, 30), "": (40, 20)}, 1)
    two_local(store, cells)
    assert set(left_cells(store)["withheld"][["16-44", "45-64"]]) == {"floor"}
    keep(store, "age", {"45-54": "16-44"}, "A", "")
    joined = left_cells(store).loc["16-44"]
    assert joined["withheld"] == "none"
    assert joined["respondents"] >= 5


def test_the_noise_is_part_of_every_range(store: Store) -> None:
    told = groups(two_local(store, by_age({"25-34": (20, 14), "75-84": (30, 12)}, 1)), SHOWN, "age")
    assert told.gaps is not None
    assert told.gaps.mix is not None
    bands = ["16-44", "65 and over"]
    left, right = ([cell(told, side, band) for band in bands] for side in ("left", "right"))
    for one, other in zip(left, right, strict=True):
        low, high = wilson(other["value"], other["respondents"])  # without the noise
        assert other["low"] < low
        assert high < other["high"]
        apart = gap(told, str(one["band"]))
        low, high = newcombe(one["value"], one["respondents"], other["value"], other["respondents"])
        assert apart["low"] < low
        assert high < apart["high"]
    n, m = (np.array([row["respondents"] for row in rows]) for rows in (left, right))
    x, y = (np.array([row["value"] for row in rows]) * k for rows, k in ((left, n), (right, m)))
    plain = compare_case_mix(x, n, y, m, bands)
    assert told.gaps.mix.standardised.value == pytest.approx(plain.standardised.value)
    assert told.gaps.mix.right.variance > plain.right.variance
    assert plain.odds.interval is not None
    assert told.gaps.mix.odds.interval is not None
    one, other = told.gaps.mix.odds.interval, plain.odds.interval
    assert one.high / one.low > other.high / other.low


@settings(max_examples=6)
@given(
    some.lists(some.tuples(some.integers(0, 14), some.integers(0, 14)), min_size=4, max_size=4),
    some.sampled_from([5, 10]),
)
def test_what_is_under_the_floor_is_blank_and_all_else_is_shown(
    counts: list[tuple[int, int]], floor: int
) -> None:
    names = ("25-34", "45-54", "75-84", "")
    sides = [
        {age: (n[at], n[at] // 2) for age, n in zip(names, counts, strict=True)} for at in (0, 1)
    ]
    assume(all(sum(n for n, _ in side.values()) for side in sides))
    fresh = Store.open()
    two_local(fresh, *(by_age(side, 1) for side in sides))
    told = groups(fresh, replace(LOCAL, disclosure=Disclosure(floor)), "age")
    fresh.close()
    bands = {"16-44": "25-34", "45-64": "45-54", "65 and over": "75-84", NOT_TOLD: ""}
    for at, side in enumerate(("left", "right")):
        rows = told.cells[(told.cells["side"] == side) & (told.cells["band"] != EVERYBODY)]
        real = np.array([sides[at][bands[band]][0] for band in rows["band"]])
        shown = (rows["withheld"] == "none").to_numpy() & rows["respondents"].notna().to_numpy()
        assert (rows["respondents"].to_numpy()[shown] >= floor).all()
        assert not shown[real < 5].any()  # no noise brings a few over the lowest floor
        if floor == 5:
            assert shown[real >= 5].all()


# --- The same people give the same number everywhere ---


def test_a_band_of_the_same_people_shows_the_same_number_under_every_map(store: Store) -> None:
    ages = {"16-24": (23, 11), "25-34": (31, 20), "45-54": (17, 9), "75-84": (40, 22), "": (9, 6)}
    two_local(store, by_age(ages, 1))
    before = left_cells(store)
    keep(store, "age", {"45-54": "65 and over"}, "A", "")
    after = left_cells(store)
    for band in ("16-44", NOT_TOLD, EVERYBODY):
        pd.testing.assert_series_equal(after.loc[band], before.loc[band])
    keep(store, "age", {"16-24": "the young", "25-34": "the young", "45-54": "45-54"}, "A", "")
    renamed = left_cells(store)
    assert renamed.loc["the young"].tolist() == before.loc["16-44"].tolist()
    assert renamed.loc["45-54"].tolist() == before.loc["45-64"].tolist()


def rows_of_left(store: Store, of: Mapping[str, str]) -> pd.DataFrame:
    """Answers shown of the left source, by practice (unit "": of all) and the band that `of` gives an age."""
    judged = judgement(store, SHOWN)
    assert judged.verdicts is not None
    units = sorted(judged.alignment.pairs["unit"])
    rows = counted(store, Split(judged.alignment, "age"), judged.verdicts.left, of, units)
    return rows.pivot(index="unit", columns="band", values="respondents")


def test_few_that_one_map_sets_apart_leave_noise_and_not_their_number(store: Store) -> None:
    """Three of 16-24 at each practice: the others of 16-44 alone are another cell, with its own noise."""
    two_local(
        store,
        [
            (f"P-{at}", {"age": age}, n, n // 2)
            for at in range(24)
            for age, n in (("16-24", 3), ("25-34", 40 + at))
        ],
    )
    joined = rows_of_left(store, {"16-24": "16-44", "25-34": "16-44"})
    apart = rows_of_left(store, {"16-24": "youngest", "25-34": "16-44"})
    assert apart["youngest"].drop("").isna().all()
    left = (joined["16-44"] - apart["16-44"]).drop("")
    assert left.nunique() > 3
    assert (left == 3).mean() < 0.5


def test_practices_need_not_add_up_to_all_of_them(store: Store) -> None:
    """What the practices shown leave of the whole is noise about the last one, and not its number."""
    two_local(store, by_age({"25-34": (33, 12), "75-84": (21, 9), "": (17, 6)}, practices=8))
    rows = rows_of_left(store, {"25-34": "16-44", "75-84": "65 and over"})
    whole, practices = rows.loc[""], rows.drop("")
    assert (whole - practices.sum() != 0).any()
    for band, n in (("16-44", 33), ("65 and over", 21), (NOT_TOLD, 17), (EVERYBODY, 71)):
        assert (practices[band] - n).abs().max() <= 2 * largest_noise()
        assert abs(whole[band] - 8 * n) <= 2 * largest_noise()


def in_networks(store: Store, people: dict[str, tuple[int, int, int]]) -> Store:
    """Answers of the young, the old and who told no age at practices of a network a letter, in one board."""
    cells = [
        (f"P-{unit}", age, n, n // 2)
        for unit, counts in people.items()
        for age, n in zip((YOUNG, OLD, {}), counts, strict=True)
    ]
    others = [(unit, age, 60 + at, 20) for at, (unit, age, _, _) in enumerate(cells)]
    two_local(store, cells, others)
    links = [parent(f"P-{unit}", f"N-{unit[0]}", "pcn") for unit in people]
    links += [parent(f"P-{unit}", "B-0", "icb") for unit in people]
    codes = [provider(f"N-{name}", "pcn") for name in {unit[0] for unit in people}]
    store.commit([extract(parent=links, provider=[*codes, provider("B-0", "icb")])])
    return store


def test_an_area_is_always_split_and_few_of_it_read_so(store: Store) -> None:
    people = {"a0": (40, 3, 20), "a1": (40, 0, 20), "b0": (40, 30, 20), "c0": (40, 60, 20)}
    in_networks(store, people)
    for area in ("N-a", "N-b", "N-c", "B-0", ""):
        told = groups(store, replace(SHOWN, area=area), "age")
        assert told.status == "ok"
        few = told.cells[told.cells["withheld"] == "floor"]
        assert list(few["band"]) == (["65 and over"] if area == "N-a" else [])


def test_an_area_of_the_same_organisations_shows_the_same_numbers(store: Store) -> None:
    in_networks(store, {"a0": (40, 9, 20), "b0": (40, 30, 20), "b1": (21, 13, 8)})
    everywhere, board = left_cells(store), left_cells(store, replace(SHOWN, area="B-0"))
    pd.testing.assert_frame_equal(everywhere, board)
    network, practice = (left_cells(store, replace(SHOWN, area=one)) for one in ("N-a", "P-a0"))
    pd.testing.assert_frame_equal(network, practice)
    # and the practice alone reads so beside another source, on another page
    pairs = align(store, SHOWN).pairs.set_index("unit")
    assert practice["respondents"][EVERYBODY] == pairs["left_respondents"]["P-a0"]
    assert practice["value"][EVERYBODY] == pytest.approx(pairs["left_value"]["P-a0"])


def test_the_same_people_read_the_same_beside_another_source(store: Store) -> None:
    two_local(store, by_age({"25-34": (23, 11), "75-84": (31, 20), "": (12, 6)}))
    store.commit([extract(fft_fact=[fft(f"P-{n}", 80, 100) for n in range(2)])])
    both = left_cells(store)
    alone = left_cells(store, replace(SHOWN, right="fft_gp"))
    pd.testing.assert_frame_equal(both, alone)


def test_few_of_a_group_in_one_quarter_read_so_and_the_other_quarters_are_shown(
    store: Store,
) -> None:
    on = ("2025-05-10", "2025-08-10", "2025-11-10", "2026-02-10")
    cells: Cells = [
        ("P-0", age | {"on": day}, 3 if age is OLD and day == on[3] else 30, 2)
        for age in (YOUNG, OLD, {})
        for day in on
    ]
    two_local(store, cells, [(unit, about, n + 40, x) for unit, about, n, x in cells])
    for month, few in ((4, False), (7, False), (10, False), (1, True)):
        quarter = quarter_from(2026 if month == 1 else 2025, month)
        told = left_cells(store, replace(SHOWN, window=quarter))
        assert (told["withheld"]["65 and over"] == "floor") == few
        assert set(told["withheld"].drop("65 and over")) == {"none"}


def test_who_tells_in_a_word_of_few_counts_as_not_told(store: Store) -> None:
    about: list[tuple[dict[str, Any], int, int]] = [
        ({"ethnicity": "White"}, 60, 30), ({"ethnicity": "Cornish"}, 20, 10),
        ({"ethnicity": "Martian colonist"}, 4, 2), ({"ethnicity": "Not known"}, 7, 3), ({}, 10, 5),
    ]  # fmt: skip
    two_local(store, [("P-0", one, n, x) for one, n, x in about])
    told = groups(store, LOCAL, "ethnicity")
    assert list(told.cells["band"][:4]) == ["White", "Cornish", NOT_TOLD, EVERYBODY]
    assert cell(told, "left", NOT_TOLD)["respondents"] == 4 + 7 + 10


def test_published_groups_are_shown_as_printed_whatever_the_floor(store: Store) -> None:
    left, right = standings(alike())
    split = [
        r | {"group_dimension": "sex", "group_value": group, "value": 0.5, "respondents": n}
        for r in right[:1]
        for group, n in (("Female", 2.0), ("Male", 1000.0))
    ]
    store.commit([extract(fft_fact=left), extract(survey_fact=[*right, *split])])
    told = groups(store, replace(GP, disclosure=Disclosure(30)), "sex")
    assert cell(told, "right", "Female")["respondents"] == 2
    assert cell(told, "right", "Male")["respondents"] == 1000
    assert np.isnan(cell(told, "right", NOT_TOLD)["respondents"])  # not said, and not worked out
    assert set(told.cells["withheld"]) == {"none"}


def test_confidential_counts_that_come_added_up_carry_the_noise_too(store: Store) -> None:
    """Of a file of the app's own layout that says its counts are confidential."""
    left, _ = standings(alike())
    whole = survey("P-0", 0.5) | {
        "source": "local_survey", "respondents": 80.0, "positive": 40.0, "confidential": True,
    }  # fmt: skip
    split = [
        whole | {"group_dimension": "sex", "group_value": group, "respondents": n, "positive": x}
        for group, n, x in (("Female", 60.0, 30.0), ("Male", 3.0, 2.0), ("Not known", 17.0, 8.0))
    ]
    store.commit([extract(fft_fact=left), extract(survey_fact=[whole, *split])])
    told = groups(store, Pairing("fft_gp", "local_survey"), "sex")
    assert cell(told, "right", "Male")["withheld"] == "floor"
    for band, n in (("Female", 60), (NOT_TOLD, 17), (EVERYBODY, 80)):
        assert abs(cell(told, "right", band)["respondents"] - n) <= 2 * largest_noise()
    row = cell(told, "right", "Female")
    assert row["low"] < wilson(row["value"], row["respondents"] / 1.3)[0]


def test_every_frame_of_the_report_has_been_released(store: Store) -> None:
    two_local(store, by_age({"25-34": (90, 60), "45-54": (3, 1), "75-84": (30, 20)}, 1))
    for pairing in (SHOWN, LOCAL):
        told = groups(store, pairing, "age")
        assert told.gaps is not None
        frames = (told.who, told.cells, told.gaps.rows, told.rankings, told.compared, told.map_rows)
        assert all(type(frame) is Released for frame in frames)
        assert not any("key" in name for frame in frames for name in frame)


# --- Who tells what ---


def test_every_source_says_what_it_tells(store: Store) -> None:
    cells: Cells = [("P-0", YOUNG | {"sex": "Female"}, 30, 20), ("P-0", {"sex": "Male"}, 3, 1)]
    store.commit([answers("fft_local", cells), answers("local_survey", [("P-0", {}, 20, 10)])])
    store.commit([extract(fft_fact=[fft("P-0", 80, 100)])])
    told = groups(store, LOCAL)
    assert records.who_table(told).to_numpy().tolist() == [
        ["FFT local", "30 (91%)", "33 (100%)"],
    ]  # the others are named in the sentence
    assert records.who(told) == (
        "Cannot be split by any group of people: Local survey and FFT GP. No source records ethnicity, "
        "deprivation, long-term condition, disability or carer status."
    )
    assert told.status == "cannot_split"
    assert words.summary(told) == (
        "FFT local and Local survey cannot be compared by age: Local survey does not record age."
    )
    assert told.has_cells  # what the one tells is shown all the same
    assert list(told.offered) == ["age", "sex"]


def test_who_tells_what_is_counted_in_people_and_few_read_so(store: Store) -> None:
    cells: Cells = [("P-0", YOUNG | {"carer": "Yes"}, 3, 2), ("P-0", YOUNG, 40, 20)]
    cells += [
        ("P-0", OLD | {"author": "one person"}, 9, 9),
        ("P-0", {"author": "one person"}, 2, 2),
    ]
    two_local(store, cells)
    told = groups(store, LOCAL).who.set_index(["source", "dimension"])
    assert told.loc[("fft_local", "age"), ["people", "share"]].tolist() == [44, 1]
    told = groups(store, SHOWN).who.set_index(["source", "dimension"])
    assert told["how"]["fft_local", "carer"] == Record.FEW
    assert told["tells"]["fft_local", "carer"]
    assert np.isnan(told["people"]["fft_local", "carer"])
    assert abs(told["people"]["fft_local", "age"] - 44) <= largest_noise()


def test_two_sources_that_tell_nothing_about_people_say_so(store: Store) -> None:
    told = groups(committed(store, *standings(alike())), GP)
    assert words.summary(told) == (
        "Neither FFT GP nor GP survey records who answered: they cannot be split by any group."
    )
    assert (told.group_by, told.has_cells, told.has_gaps) == ("", False, False)
    assert records.next_step(told).startswith("Load local responses, one a row")


def test_publishers_words_for_who_did_not_tell_are_no_group(store: Store) -> None:
    left, right = standings(alike())
    split = [
        r | {"group_dimension": "sex", "group_value": group, "value": 0.9, "respondents": n}
        for r in right
        for group, n in (("Female", 1500.0), ("Male", 1000.0), ("Not provided", 500.0))
    ]
    store.commit([extract(fft_fact=left), extract(survey_fact=[*right, *split])])
    told = groups(store, GP, "sex")
    assert told.status == "cannot_split"
    assert list(told.cells["band"]) == ["Female", "Male", NOT_TOLD, EVERYBODY]
    assert cell(told, "right", NOT_TOLD)["respondents"] == 24 * 500
    how = told.who.set_index(["source", "dimension"])["how"]
    assert how["gp_survey", "sex"] == Record.PUBLISHED
    table = records.who_table(told).set_index("source")
    assert table.loc["GP survey", "sex"] == "in its published figures"


def test_where_periods_do_not_meet_it_is_refused_and_still_says_who_tells_what(
    store: Store,
) -> None:
    store.commit([answers("fft_local", [("P-0", YOUNG, 30, 20)])])
    store.commit([extract(survey_fact=[survey(f"P-{n}", 0.5, wave=2025) for n in range(12)])])
    told = groups(store, Pairing("fft_local", "gp_survey"), "age")
    assert told.status == "refused"
    assert "do not meet" in words.summary(told)
    assert "FFT local" in set(records.who_table(told)["source"])


# --- Agreement by group ---


def ranked(store: Store, agreements: dict[str, float], practices: int = 40) -> GroupsReport:
    """Practices at which the two sources agree so much for people of each age."""
    random = np.random.default_rng(5)
    left: Cells = []
    right: Cells = []
    for age, rho in agreements.items():
        one = random.standard_normal(practices)
        other = rho * one + np.sqrt(1 - rho**2) * random.standard_normal(practices)
        for at in range(practices):
            for cells, place in ((left, one[at]), (right, other[at])):
                cells.append(
                    (f"P-{at}", {"age": age}, 60, int(round(60 * float(expit(1 + 0.8 * place)))))
                )
    return groups(two_local(store, left, right), LOCAL, "age")


def test_agreement_that_differs_between_groups_is_found_and_named(store: Store) -> None:
    told = ranked(store, {"25-34": 0.0, "75-84": 0.97})
    assert told.rankings["organisations"].tolist() == [40, 40]
    raw = told.rankings.set_index("band")["raw"]
    assert raw["65 and over"] - raw["16-44"] > 0.5
    assert told.compared[["first", "second"]].to_numpy().tolist() == [["16-44", "65 and over"]]
    assert told.compared["high"][0] < 0
    assert "More alike for people of 65 and over than for people of 16-44" in words.rankings(told)
    assert words.figures(told)[3][1] == "yes"
    assert told.rankings["underlying_low"].notna().all()


def test_agreement_that_does_not_differ_is_not_said_to_be_the_same(store: Store) -> None:
    told = ranked(store, {"25-34": 0.7, "75-84": 0.7}, practices=20)
    assert words.figures(told)[3][1] == "no sign of it"
    assert "that does not show they are the same" in words.rankings(told)


def test_under_ten_practices_agreement_by_group_cannot_be_told(store: Store) -> None:
    told = ranked(store, {"25-34": 0.9, "75-84": 0.9}, practices=9)
    assert told.rankings["raw"].isna().all()
    assert told.compared.empty
    assert words.figures(told)[3][1] == "cannot be told"
    assert words.rankings(told).startswith("Not enough evidence: at most 9 practices")


def test_why_agreement_by_group_cannot_be_told_is_the_true_reason(store: Store) -> None:
    """Twelve practices, and nothing but good answers in one source; one practice."""
    cells = by_age({"25-34": (20, 20), "75-84": (20, 20)}, practices=12)
    told = groups(two_local(store, cells, by_age({"25-34": (25, 0), "75-84": (25, 0)}, 12)), LOCAL)
    assert words.rankings(told).startswith(
        "Not enough evidence: in no group can practices be ranked in both."
    )
    assert "all of them are alike in one of the two sources" in pictures.rankings_picture(told)
    assert any("only good, or no good, answers" in said for said in words.findings(told))
    other = Store.open()
    two_local(other, by_age({"25-34": (20, 10)}, 1), by_age({"25-34": (30, 10)}, 1))
    assert "at most one practice has enough answers" in words.rankings(groups(other, LOCAL))
    other.close()


# --- Groups of organisations ---


def by_fifth(store: Store, gaps: tuple[float, ...], each_fifth: int = 12) -> GroupsReport:
    random = np.random.default_rng(8)
    left, right, lists = [], [], []
    for fifth, apart in enumerate(gaps):
        for at in range(each_fifth):
            code, place = f"P-{fifth}-{at}", float(random.normal(0.7, 0.05))
            n = 2000.0
            left.append(fft(code, round(n * min(0.99, place + apart)), n))
            right.append(survey(code, place + float(random.normal(0, 0.02)), 400))
            lists.append(
                {
                    "code": code, "dimension": "deprivation", "group_value": str(fifth + 1),
                    "people": 5000, "cell": "A!1",
                }
            )  # fmt: skip
    people = [provider(row["code"]) for row in lists]
    return groups(committed(store, left, right, population=lists, provider=people), GP)


def test_practices_by_deprivation_are_groups_of_organisations_and_labelled_so(store: Store) -> None:
    told = by_fifth(store, (0.02, 0.10, 0.20))
    assert told.group_by == ORGANISATIONS
    assert words.summary(told).startswith(
        "Practices by how deprived their patients are: FFT GP stands 10 "
    )
    assert (
        "the gap differs between fifths: 20 points for fifth 3, 1 point for fifth 1"
        in words.summary(told)
    )
    assert "groups of organisations, not of people" in words.limits(told)
    assert gap(told, "Fifth 2")["gap"] == pytest.approx(0.10, abs=0.02)
    assert cell(told, "left", "Fifth 1")["organisations"] == 12
    assert told.rankings["organisations"].tolist() == [12, 12, 12]
    assert len(told.compared) == 3
    assert (told.map_rows.empty, told.of_people) == (True, False)


def test_a_fifth_of_few_practices_has_no_average_and_that_is_said(store: Store) -> None:
    told = by_fifth(store, (0.1, 0.1), each_fifth=4)
    assert told.gap_differs is None
    assert "cannot be told" in words.summary(told)
    assert any("Fifth 1 and Fifth 2: fewer than 5 practices" in note for note in words.notes(told))


# --- The demonstration, and real files ---


def test_the_story_of_the_demonstration_is_found(
    demonstration: Store, golden: Callable[[str, Any], None]
) -> None:
    told = groups(demonstration, Pairing("fft_local", "local_survey"))
    assert told.group_by == "age"
    assert words.summary(told) == (
        "FFT local stands 16 points above Local survey (15 to 18), and the gap differs between age "
        "groups: 28 points for people of 16-44, 7 points for people of 45-64."
    )
    assert (
        cell(told, "left", EVERYBODY)["organisations"] == 38
    )  # at one the same people answered, and nobody has local files of P-0018
    assert "Wrengarth Surgery" in warnings(told)[0]
    assert words.figures(told)[3][1] == "no sign of it"
    golden("demonstration_groups", as_json_of(told))


def test_an_area_shows_its_own_people(demonstration: Store) -> None:
    whole = groups(demonstration, Pairing("fft_local", "local_survey"), "age")
    nowhere = groups(demonstration, Pairing("fft_local", "local_survey", area="N-008"), "age")
    there = groups(demonstration, Pairing("fft_local", "local_survey", area="B-01"), "age")
    assert words.summary(nowhere).startswith(
        "No practice has enough answers to compare FFT local and"
    )
    assert not nowhere.has_cells
    pd.testing.assert_frame_equal(there.cells, whole.cells)  # nobody else has local files


def test_the_gap_planted_to_turn_round_is_found_and_named(demonstration: Store) -> None:
    told = groups(
        demonstration, Pairing("fft_local", "local_survey", area="N-005"), "long_term_condition"
    )
    assert words.summary(told) == (
        "Taken together FFT local is 9 points higher; with the same mix of people in both it is 9 points "
        "lower, and it points that way within both those with and without a long-term condition: the two "
        "sources heard different people, by long-term condition."
    )
    assert told.gaps is not None
    assert told.gaps.mix is not None
    assert (told.gaps.mix.reversal, told.gaps.mix.confirmed) == (Reversal.FULL, True)


@pytest.mark.parametrize("dimension", GROUPS)
def test_every_group_of_people_can_be_asked_for_in_the_demonstration(
    demonstration: Store, dimension: str
) -> None:
    told = groups(demonstration, Pairing("fft_local", "local_survey"), dimension)
    assert (told.status, told.group_by) == ("ok", dimension)
    assert told.has_gaps
    assert told.rankings["raw"].notna().sum() >= 2
    answer = words.summary(told).removeprefix("Yes, as far as these answers tell.")
    said = " ".join([answer, *words.findings(told)])
    assert not {"Yes", "No"} & set(said.replace(",", " ").replace(".", " ").split())


def test_groups_that_differ_in_numbers_of_answers_alone_are_not_told_apart(
    demonstration: Store,
) -> None:
    """Raw agreement is lower for the few: no difference between ethnic groups was planted."""
    told = groups(demonstration, Pairing("fft_local", "local_survey"), "ethnicity")
    assert told.agreement_differs.empty


def test_real_practices_by_the_deprivation_of_their_patients(real: Path, store: Store) -> None:
    names = (
        *sorted((real / "ods").glob("*.csv")),
        *sorted((real / "population").glob("*.csv")),
        next((real / "fft").glob("fft_gp_2026-02*.csv")),
        next((real / "survey").glob("gpps_2024*.csv")),
    )
    load.load_readings(
        store, [load.read(path.name, path.read_bytes(), store=store) for path in names]
    )
    told = groups(
        store, Pairing("fft_gp", "gp_survey", "overall", "contact", periods=Periods.LATEST)
    )
    assert (told.status, told.group_by) == ("ok", ORGANISATIONS)
    assert told.rankings["organisations"].sum() > 100
    assert gap(told, TAKEN_TOGETHER)["low"] > 0.1
    assert told.marks == ("not aligned in time", "across domains")


# --- Words ---


@pytest.mark.parametrize(
    ("value", "size", "signed"),
    [(0.164, "16 points", "+16"), (-0.01, "1 point", "−1"), (0.004, "under 1 point", "0")],
)
def test_points_are_whole_and_nought_has_no_sign(value: float, size: str, signed: str) -> None:
    assert (words.points(value), signed_text(value * 100)) == (size, signed)
