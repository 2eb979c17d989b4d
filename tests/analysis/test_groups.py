"""Two sources by group: gaps, standardisation, reversals, agreement and what may be shown; by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some
from scipy.special import expit

from pxcore.analysis import load
from pxcore.analysis.bands import (
    AS_REGISTERED,
    EVERYBODY,
    NOT_TOLD,
    SAME_MIX,
    TAKEN_TOGETHER,
    bands_of,
    keep,
)
from pxcore.analysis.group_report import ORGANISATIONS, GroupsReport, points, signed_points
from pxcore.analysis.groups import groups
from pxcore.analysis.periods import quarters_of_year
from pxcore.model import GROUPS, Disclosure, Pairing, Period, Periods, Settings
from pxcore.stats.case_mix import Reversal, compare_case_mix
from pxcore.stats.intervals import newcombe, wilson
from pxcore.store import Store
from tests.analysis.frames import GP, alike, committed, standings
from tests.analysis.test_selection import answers, two_local
from tests.disclosure.test_regrouped import few_that_follow
from tests.store.loads import extract, fft, parent, provider, survey

# every survey answer counts as one, so that figures can be followed by hand
LOCAL = Pairing("fft_local", "local_survey", settings=Settings(design_effect=1.0))
YOUNG, MIDDLE, OLD = {"age": "25-34"}, {"age": "45-54"}, {"age": "75-84"}
Cells = list[tuple[str, dict[str, Any], int, int]]


def by_age(cells: dict[str, tuple[int, int]], practices: int = 2) -> Cells:
    """(answers, positive) of each age at each of some practices."""
    return [
        (f"P-{at}", {"age": age} if age else {}, n, x)
        for at in range(practices)
        for age, (n, x) in cells.items()
    ]


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
    assert told.summary() == (
        "Taken together FFT local is 17 points higher; with the same mix of people in both it is 10 points "
        "lower, and it points that way within every age group: the two sources heard different people, by "
        "age."
    )
    assert gap(told, TAKEN_TOGETHER)["gap"] == pytest.approx(880 / 1200 - 680 / 1200)
    assert gap(told, SAME_MIX)["gap"] == pytest.approx(-0.1)
    for band in ("16-44", "65 and over"):
        assert gap(told, band)["gap"] == pytest.approx(-0.1)
    assert "it is −10 (−" in told.findings()[0]
    assert told.findings()[0].endswith("Read the groups, not the total.")


def test_a_reversal_in_part_says_what_holds_of_like_people(store: Store) -> None:
    """Of three ages two turn round and one does not: never “every”."""
    left = by_age({"25-34": (400, 160), "45-54": (100, 76), "75-84": (2000, 1600)})
    right = by_age({"25-34": (2000, 1000), "45-54": (100, 70), "75-84": (400, 370)})
    told = groups(two_local(store, left, right), LOCAL, "age")
    assert told.gaps is not None
    assert told.gaps.mix is not None
    assert (told.gaps.mix.reversal, told.gaps.mix.confirmed) == (Reversal.PARTIAL, True)
    assert "with the same mix of people in both it is 11 points lower" in told.summary()
    assert "every" not in told.summary()


def test_an_adjusted_gap_near_nought_is_no_reversal_but_who_was_heard(store: Store) -> None:
    """Taken together 20 points; among like people a hair the other way, which chance explains."""
    left = by_age({"25-34": (200, 99), "75-84": (1000, 798)})
    right = by_age({"25-34": (1000, 500), "75-84": (200, 160)})
    told = groups(two_local(store, left, right), LOCAL, "age")
    assert told.gaps is not None
    assert told.gaps.mix is not None
    assert told.gaps.mix.turned
    assert (told.gaps.mix.confirmed, told.gaps.mix.explained) == (False, True)
    assert told.findings()[0].startswith("Who was heard explains most of the gap: 20 points taken")
    said = " ".join([told.summary(), *told.findings()])
    assert "lower" not in said
    assert "heard different people" not in said


def test_where_the_gap_is_the_same_in_every_group_who_was_heard_explains_little(
    store: Store,
) -> None:
    left = by_age({"25-34": (500, 400), "75-84": (500, 450)})
    right = by_age({"25-34": (500, 300), "75-84": (500, 350)})
    told = groups(two_local(store, left, right), LOCAL, "age")
    assert told.findings()[0] == (
        "Who was heard explains little of the gap: 20 points taken together, 20 with the same mix of "
        "people in both (17 to 23)."
    )


def test_no_gap_beyond_chance_is_said_to_be_none(store: Store) -> None:
    even = by_age({"25-34": (60, 40), "75-84": (60, 45)})
    told = groups(two_local(store, even), LOCAL, "age")
    assert told.findings()[0].startswith("Taken together the two do not differ beyond chance (0, ")


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
    assert told.summary() == (
        "FFT local stands 19 points above Local survey (16 to 22), and the gap differs between age "
        "groups: 35 points for people of 16-44, 3 points for people of 65 and over."
    )
    assert told.figures()[2][1] == "yes"


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
    told = groups(store, Pairing("fft_local", "healthwatch"), "age")
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
        "the same practice, the odds" in said and "1.0 times" in said for said in told.findings()
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
    assert any("tell other age groups (16-44)" in note for note in told.notes())


# --- Small numbers ---


def test_a_small_group_is_hidden_with_the_next_and_not_told_is_a_group(store: Store) -> None:
    cells = by_age({"25-34": (90, 60), "45-54": (3, 1), "75-84": (30, 20), "": (12, 5)}, 1)
    told = groups(two_local(store, cells), LOCAL, "age")
    for side in ("left", "right"):
        assert np.isnan(cell(told, side, "45-64")["value"])
        assert np.isnan(cell(told, side, NOT_TOLD)["respondents"])  # it would follow from the total
        assert cell(told, side, "65 and over")["respondents"] == 30
        assert cell(told, side, EVERYBODY)["respondents"] == 135
    assert told.gaps is not None
    assert not {"45-64", NOT_TOLD} & set(told.gaps.rows["what"])
    note = "2 rows are not shown (45-64, Not told), to protect groups of fewer than 5 people."
    assert f"FFT local: {note}" in told.notes()
    assert "45-64" not in told.picture_said()
    assert "45-64: too few answers, compared together." in told.notes()


FEW_AT_ONE: Cells = [
    ("P-0", YOUNG, 40, 30), ("P-0", OLD, 40, 30), ("P-1", YOUNG, 40, 30), ("P-1", OLD, 2, 0),
]  # fmt: skip


def test_few_of_a_group_at_one_practice_are_counted_among_those_who_did_not_tell(
    store: Store,
) -> None:
    told = groups(two_local(store, [*FEW_AT_ONE, ("P-0", {}, 9, 6)]), LOCAL, "age")
    assert cell(told, "left", "65 and over")["respondents"] == 40
    assert cell(told, "left", NOT_TOLD)["respondents"] == 11
    assert any("a few answers count as ‘not told’" in note for note in told.notes())


def test_where_nobody_else_did_not_tell_their_practice_is_left_out(store: Store) -> None:
    told = groups(two_local(store, FEW_AT_ONE), LOCAL, "age")
    assert cell(told, "left", "65 and over")["respondents"] == 40
    assert cell(told, "left", "16-44")["respondents"] == 40
    assert cell(told, "left", EVERYBODY)["respondents"] == 80
    assert any(note.startswith("1 practice is left out: so few") for note in told.notes())


def test_an_organisation_of_few_does_not_follow_from_everybody(store: Store) -> None:
    """One source alone tells age: its practice with three answers is in no total shown elsewhere."""
    told_by_one = [*by_age({"25-34": (40, 30), "75-84": (40, 30)}), ("P-9", YOUNG, 3, 1)]
    silent: Cells = [("P-0", {}, 50, 40), ("P-1", {}, 50, 40)]
    told = groups(two_local(store, told_by_one, silent), LOCAL, "age")
    assert cell(told, "left", EVERYBODY)["respondents"] == 160
    assert cell(told, "left", EVERYBODY)["organisations"] == 2


def test_few_elsewhere_do_not_follow_from_another_pair_of_sources(store: Store) -> None:
    left: Cells = [*by_age({"25-34": (40, 30), "75-84": (40, 30)}), ("P-9", OLD, 3, 1)]
    left += [("P-9", YOUNG, 30, 20)]
    right = by_age({"25-34": (40, 30), "75-84": (40, 30)})
    told = groups(two_local(store, left, right), LOCAL, "age")
    assert np.isnan(cell(told, "left", "65 and over")["value"])
    assert cell(told, "right", "65 and over")["value"] == 0.75


def test_few_set_apart_by_a_changed_map_do_not_follow_from_the_shipped_one(store: Store) -> None:
    cells = by_age({"16-24": (3, 1), "25-34": (80, 60), "45-54": (60, 30), "75-84": (50, 30)}, 1)
    two_local(store, cells)
    assert cell(groups(store, LOCAL, "age"), "left", "16-44")["respondents"] == 83
    keep(store, "age", {"16-24": "youngest"}, "A", "asked for")
    told = groups(store, LOCAL, "age")
    assert np.isnan(cell(told, "left", "youngest")["value"])
    assert np.isnan(cell(told, "left", "16-44")["value"])  # 80 of the 83 shown by the shipped map
    assert any("16-24 counts as ‘youngest’ instead of ‘16-44’ (by A" in one for one in told.notes())


def test_few_who_count_as_not_told_do_not_come_back_with_bands_that_are_joined(
    store: Store,
) -> None:
    """Three of 45-64 at one practice count as not told; joined with 16-44 they would follow."""
    cells: Cells = [("P-0", YOUNG, 40, 30), ("P-0", MIDDLE, 40, 20), ("P-0", {}, 20, 10)]
    cells += [("P-1", YOUNG, 40, 30), ("P-1", MIDDLE, 3, 1), ("P-1", {}, 20, 10)]
    two_local(store, cells)
    before = groups(store, LOCAL, "age")
    keep(store, "age", {"25-34": "under 65", "45-54": "under 65"}, "A", "")
    after = groups(store, LOCAL, "age")
    for side in ("left", "right"):
        assert cell(before, side, "16-44")["respondents"] == 80
        assert cell(before, side, "45-64")["respondents"] == 40
        assert cell(before, side, NOT_TOLD)["respondents"] == 43
        assert cell(after, side, "under 65")["respondents"] == 120
        assert cell(after, side, NOT_TOLD)["respondents"] == 43


def test_two_changed_maps_are_held_against_each_other(store: Store) -> None:
    """Each differs from the shipped map by many, from the other by the three of 35-44."""
    cells = by_age(
        {"16-24": (40, 30), "25-34": (50, 20), "35-44": (3, 2), "75-84": (60, 30), "": (40, 20)}, 1
    )
    two_local(store, cells)
    keep(store, "age", {"16-24": "P"}, "A", "")
    first = groups(store, LOCAL, "age")
    assert cell(first, "left", "P")["respondents"] == 40
    assert cell(first, "left", "16-44")["respondents"] == 53
    keep(store, "age", {"35-44": "P"}, "A", "", "fft_local")
    second = groups(store, LOCAL, "age")
    for band in ("P", "16-44"):
        assert np.isnan(cell(second, "left", band)["value"])
        assert not np.isnan(cell(second, "right", band)["value"])  # nothing changed for the survey
    keep(store, "age", {"35-44": "16-44"}, "A", "", "fft_local")  # the first map again
    again = groups(store, LOCAL, "age")
    assert cell(again, "left", "P")["respondents"] == 40


def test_groups_too_small_to_be_shown_may_be_joined(store: Store) -> None:
    cells = by_age({"25-34": (3, 2), "45-54": (4, 1), "75-84": (60, 30), "": (40, 20)}, 1)
    two_local(store, cells)
    assert np.isnan(cell(groups(store, LOCAL, "age"), "left", "16-44")["value"])
    keep(store, "age", {"45-54": "16-44"}, "A", "")
    assert cell(groups(store, LOCAL, "age"), "left", "16-44")["respondents"] == 7


def test_few_who_did_not_tell_elsewhere_do_not_follow_from_another_pair(store: Store) -> None:
    told = by_age({"25-34": (40, 30), "75-84": (40, 30), "": (20, 10)})
    more: Cells = [("P-9", YOUNG, 30, 20), ("P-9", OLD, 30, 20), ("P-9", {}, 3, 1)]
    two_local(store, [*told, *more], told)
    report = groups(store, LOCAL, "age")
    assert np.isnan(cell(report, "left", NOT_TOLD)["value"])
    assert cell(report, "right", NOT_TOLD)["respondents"] == 40


def test_an_area_shows_no_few_that_two_maps_would_tell_apart(store: Store) -> None:
    """45-54 is 27 people everywhere, but three in one network: joined now with one band, now with another."""
    ages: list[dict[str, Any]] = [{"age": "16-24"}, MIDDLE, OLD, {}]
    people = {"a0": (40, 3, 40, 20), "b0": (40, 4, 40, 20), "c0": (40, 20, 40, 20)}
    cells = [
        (f"P-{unit}", age, n, n // 2)
        for unit, counts in people.items()
        for age, n in zip(ages, counts, strict=True)
    ]
    two_local(store, cells, [(unit, age, n + 50, x) for unit, age, n, x in cells])
    links = [parent(f"P-{unit}", f"N-{unit[0]}", "pcn") for unit in people]
    store.commit([extract(parent=links, provider=[provider(f"N-{n}", "pcn") for n in "abc"])])
    shown: dict[str, list[bool]] = {}
    for band in ("16-44", "65 and over"):
        keep(store, "age", {"45-54": band}, "A", "")
        for area in ("", "N-a", "N-b", "N-c"):
            report = groups(store, replace(LOCAL, area=area), "age")
            shown.setdefault(area, []).append(report.status == "ok")
    assert shown[""] == [True, True]
    assert shown["N-c"] == [True, True]
    assert not any(shown["N-a"])


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    some.lists(
        some.tuples(*[some.sampled_from([0, 2, 3, 4, 6, 9, 20, 40])] * 2), min_size=5, max_size=5
    ),
    some.lists(
        some.tuples(
            some.sampled_from(["16-24", "25-34", "45-54", "75-84"]),
            some.sampled_from(["16-44", "45-64", "P"]),
            some.sampled_from(["", "fft_local"]),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_all_maps_a_person_tried_together_tell_of_no_few(
    counts: list[tuple[int, int]], tried: list[tuple[str, str, str]]
) -> None:
    """Every figure shown under every map is one equation: what follows from them is nobody or enough."""
    ages = ["16-24", "25-34", "45-54", "75-84", ""]
    assume(all(sum(n[at] for n in counts) >= 5 for at in (0, 1)))
    assume(any(sum(n) for n in counts[:4]))
    fresh = Store.open()
    cells: Cells = [
        (f"P-{at}", {"age": age} if age else {}, n[at], n[at] // 2)
        for at in (0, 1)
        for age, n in zip(ages, counts, strict=True)
        if n[at]
    ]
    two_local(fresh, cells)
    people = np.array([float(sum(n)) for n in counts])
    known = [np.ones(len(ages))]  # everybody
    for group, band, source in [("", "", ""), *tried]:
        if group:
            keep(fresh, "age", {group: band}, "A", "", source)
        report, bands = groups(fresh, LOCAL, "age"), bands_of(fresh)
        rows = report.cells[(report.cells["side"] == "left") & report.cells["respondents"].notna()]
        for row in rows[~rows["band"].isin([NOT_TOLD, EVERYBODY])].to_dict("records"):
            of_band = [
                bool(age) and bands.of("age", age, "fft_local") == row["band"] for age in ages
            ]
            # who counts as not told at one practice is in no figure of a band
            if people[of_band].sum() == row["respondents"]:
                known.append(np.array(of_band, dtype=float))
    fresh.close()
    equations = np.array(known).T
    for chosen in product((0.0, 1.0), repeat=len(ages)):
        target = np.array(chosen)
        solved = np.linalg.lstsq(equations, target, rcond=None)[0]
        if np.abs(equations @ solved - target).max() < 1e-8:
            assert target @ people == 0 or target @ people >= 5


QUARTERS = ("2025-05-10", "2025-08-10", "2025-11-10", "2026-02-10")


def by_quarter(store: Store, people: dict[str, tuple[int, int, int, int]]) -> Store:
    """Answers of each age at one practice in each quarter of a year."""
    cells: Cells = [
        ("P-0", ({"age": age} if age else {}) | {"on": on}, n[at], n[at] // 2)
        for age, n in people.items()
        for at, on in enumerate(QUARTERS)
    ]
    return two_local(store, cells, [(unit, about, n and n + 40, x) for unit, about, n, x in cells])


def shown_of_left(store: Store, window: Period, floor: int = 5) -> dict[str, float]:
    asked = replace(LOCAL, window=window, disclosure=Disclosure(floor))
    rows = groups(store, asked, "age").cells
    rows = rows[(rows["side"] == "left") & rows["respondents"].notna()]
    return {str(band): float(n) for band, n in zip(rows["band"], rows["respondents"], strict=True)}


YEAR, YEAR_END = Period(date(2025, 4, 1), date(2026, 3, 31)), Period.month(2026, 2)


def test_few_of_one_quarter_do_not_follow_from_the_others_and_the_year(store: Store) -> None:
    by_quarter(
        store,
        {"25-34": (40, 40, 40, 40), "45-54": (30, 20, 20, 20), "75-84": (30, 30, 30, 3),
         "": (20, 20, 20, 20)},
    )  # fmt: skip
    assert shown_of_left(store, YEAR)["65 and over"] == 93
    for quarter in quarters_of_year(YEAR_END):
        told = shown_of_left(store, quarter)
        assert set(told) == {
            "16-44",
            "45-64",
            EVERYBODY,
        }  # the same in each; and who did not tell beside it
        assert told["16-44"] == 40


def test_an_area_is_split_in_every_quarter_or_in_none(store: Store) -> None:
    """Three of 65 and over in the last quarter of one network: nor are its other quarters split."""
    cells: Cells = [
        (f"P-{net}0", age | {"on": on}, 3 if (net, age, on) == ("a", OLD, QUARTERS[3]) else 30, 15)
        for net in "abc"
        for age in (YOUNG, OLD, {})
        for on in QUARTERS
    ]
    two_local(store, cells, [(unit, about, n + 40, x) for unit, about, n, x in cells])
    links = [parent(f"P-{net}0", f"N-{net}", "pcn") for net in "abc"]
    store.commit([extract(parent=links, provider=[provider(f"N-{net}", "pcn") for net in "abc"])])

    def split(net: str, window: Period) -> bool:
        asked = replace(LOCAL, area=f"N-{net}", window=window)
        return "left" in set(groups(store, asked, "age").cells["side"])

    quarters = quarters_of_year(YEAR_END)
    assert [split("a", quarter) for quarter in quarters] == [False] * 4
    assert split("a", YEAR)
    # of the other two one stands beside what is left of the whole
    assert [sum(split(net, quarter) for net in "bc") for quarter in quarters] == [1] * 4


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    some.lists(some.tuples(*[some.sampled_from([0, 2, 4, 6, 9, 20])] * 4), min_size=4, max_size=4)
)
def test_quarters_and_their_year_together_tell_of_no_few(
    counts: list[tuple[int, int, int, int]],
) -> None:
    people = dict(zip(("25-34", "45-54", "75-84", ""), counts, strict=True))
    assume(all(sum(n[at] for n in counts) >= 5 for at in range(4)))
    fresh = Store.open()
    by_quarter(fresh, people)
    bands = {"16-44": "25-34", "45-64": "45-54", "65 and over": "75-84", NOT_TOLD: ""}
    ages = list(people)
    told = []
    windows = [*quarters_of_year(YEAR_END), YEAR]
    for place, window in enumerate(windows):
        here = np.array([place in (at, 4) for at in range(4)])
        for band, n in shown_of_left(fresh, window).items():
            of = np.array([band == EVERYBODY or bands.get(band) == age for age in ages])
            figure = np.outer(of, here).astype(float)
            assert (figure * np.array(counts)).sum() == n
            told.append(figure)
    fresh.close()
    assert not few_that_follow(told, [[float(n) for n in one] for one in counts], 5)


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


def old_in(store: Store, area: str) -> float:
    told = groups(store, replace(LOCAL, area=area), "age")
    return float(cell(told, "left", "65 and over")["respondents"])


def test_few_at_one_practice_do_not_follow_from_the_areas_around_it(store: Store) -> None:
    """Three of 65 and over at one practice, and four at each of two others elsewhere."""
    people = {"a0": (40, 4, 20), "a1": (40, 4, 20), "a2": (40, 30, 20), "b0": (40, 60, 20)}
    in_networks(store, people | {"c0": (40, 3, 20), "c1": (40, 30, 20)})
    parts = [old_in(store, area) for area in ("N-a", "N-b", "N-c")]
    assert parts == [38, 60, 33]  # not 30, from which and the rest of the board three would follow
    assert old_in(store, "B-0") == old_in(store, "") == sum(parts)


def test_an_area_is_not_split_where_few_of_a_group_would_follow(store: Store) -> None:
    people = {"a0": (40, 3, 20), "b0": (40, 30, 20), "c0": (40, 60, 20), "d0": (40, 9, 20)}
    in_networks(store, people | {"a1": (40, 0, 20), "b1": (40, 4, 20)})
    told = groups(store, replace(LOCAL, area="N-a"), "age")
    assert told.status == "cannot_split"
    assert told.summary() == (
        "FFT local and Local survey cannot be compared by age: what fewer than 5 people of a group said in "
        "FFT local would follow by subtraction in this area; look at a larger one."
    )
    assert set(told.cells["side"]) == {"right"}
    # nor the smallest other, beside which the three would be all that is left
    assert groups(store, replace(LOCAL, area="N-d"), "age").status == "cannot_split"
    for area in ("N-b", "N-c", "B-0", ""):
        assert groups(store, replace(LOCAL, area=area), "age").status == "ok"


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    some.lists(some.tuples(some.integers(0, 14), some.integers(0, 14)), min_size=4, max_size=4),
    some.sampled_from([5, 10]),
)
def test_no_shown_figure_rests_on_few_or_gives_few_away(
    counts: list[tuple[int, int]], floor: int
) -> None:
    names = ("25-34", "45-54", "75-84", "")
    sides = [
        {age: (n[at], n[at] // 2) for age, n in zip(names, counts, strict=True)} for at in (0, 1)
    ]
    assume(all(sum(n for n, _ in side.values()) for side in sides))
    fresh = Store.open()
    two_local(fresh, *(by_age(side, 1) or [("P-0", {}, 1, 1)] for side in sides))
    told = groups(fresh, replace(LOCAL, disclosure=Disclosure(floor)), "age")
    fresh.close()
    bands = {"16-44": "25-34", "45-64": "45-54", "65 and over": "75-84", NOT_TOLD: ""}
    for at, side in enumerate(("left", "right")):
        rows = told.cells[(told.cells["side"] == side) & (told.cells["band"] != EVERYBODY)]
        real = np.array([sides[at][bands[band]][0] for band in rows["band"]])
        shown = rows["respondents"].notna().to_numpy()
        assert (real[shown & (real > 0)] >= floor).all()
        if len(rows) and (~shown).any() and shown[real > 0].any():
            assert (real[~shown] > 0).sum() >= 2
            assert real[~shown].sum() >= floor


# --- Who tells what ---


def test_every_source_says_what_it_tells_and_a_few_are_not_counted(store: Store) -> None:
    cells: Cells = [("P-0", YOUNG | {"sex": "Female"}, 30, 20), ("P-0", {"sex": "Male"}, 3, 1)]
    store.commit([answers("fft_local", cells), answers("local_survey", [("P-0", {}, 20, 10)])])
    store.commit([extract(fft_fact=[fft("P-0", 80, 100)])])
    told = groups(store, LOCAL)
    assert told.who_screen().to_numpy().tolist() == [
        ["FFT local", "told by some", "33 (100%)"],
    ]  # the others are named in the sentence
    assert told.who_said() == (
        "Cannot be split by any group of people: Local survey and FFT GP. No source tells ethnicity, "
        "deprivation, long-term condition, disability or carer status."
    )
    assert told.status == "cannot_split"
    assert told.summary() == (
        "FFT local and Local survey cannot be compared by age: Local survey does not tell age."
    )
    assert told.has_cells  # what the one tells is shown all the same
    assert list(told.offered) == ["age", "sex"]


def test_two_sources_that_tell_nothing_about_people_say_so(store: Store) -> None:
    told = groups(committed(store, *standings(alike())), GP)
    assert told.summary() == (
        "Neither FFT GP nor GP survey tells who answered: they cannot be split by any group."
    )
    assert (told.group_by, told.has_cells, told.has_gaps) == ("", False, False)
    assert told.next_step().startswith("Load local responses, one a row")


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
    said = told.who.set_index(["source", "dimension"])["said"]
    assert said["gp_survey", "sex"] == "in its published figures"


def test_where_periods_do_not_meet_it_is_refused_and_still_says_who_tells_what(
    store: Store,
) -> None:
    store.commit([answers("fft_local", [("P-0", YOUNG, 30, 20)])])
    store.commit([extract(survey_fact=[survey(f"P-{n}", 0.5, wave=2025) for n in range(12)])])
    told = groups(store, Pairing("fft_local", "gp_survey"), "age")
    assert told.status == "refused"
    assert "do not meet" in told.summary()
    assert "FFT local" in set(told.who_screen()["source"])


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
    assert [(one.first, one.second) for one in told.compared] == [("16-44", "65 and over")]
    assert told.compared[0].interval.high < 0
    assert "More alike for people of 65 and over than for people of 16-44" in told.ranking_answer()
    assert told.figures()[3][1] == "yes"
    assert told.rankings["underlying_low"].notna().all()


def test_agreement_that_does_not_differ_is_not_said_to_be_the_same(store: Store) -> None:
    told = ranked(store, {"25-34": 0.7, "75-84": 0.7}, practices=20)
    assert told.figures()[3][1] == "not beyond chance"
    assert "that does not show they are the same" in told.ranking_answer()


def test_under_ten_practices_agreement_by_group_cannot_be_told(store: Store) -> None:
    told = ranked(store, {"25-34": 0.9, "75-84": 0.9}, practices=9)
    assert told.rankings["raw"].isna().all()
    assert told.compared == ()
    assert told.figures()[3][1] == "cannot be told"
    assert told.ranking_answer().startswith("Not enough evidence: at most 9 practices")


def test_why_agreement_by_group_cannot_be_told_is_the_true_reason(store: Store) -> None:
    """Twelve practices, and nothing but good answers in one source; one practice."""
    cells = by_age({"25-34": (20, 20), "75-84": (20, 20)}, practices=12)
    told = groups(two_local(store, cells, by_age({"25-34": (25, 0), "75-84": (25, 0)}, 12)), LOCAL)
    assert told.ranking_answer().startswith(
        "Not enough evidence: in no group can practices be ranked in both."
    )
    assert "all of them are alike in one of the two sources" in told.rankings_said()
    assert any("only good, or no good, answers" in said for said in told.findings())
    other = Store.open()
    two_local(other, by_age({"25-34": (20, 10)}, 1), by_age({"25-34": (30, 10)}, 1))
    assert "at most one practice has enough answers" in groups(other, LOCAL).ranking_answer()
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
    assert told.summary().startswith(
        "Practices by how deprived their patients are: FFT GP stands 10 "
    )
    assert (
        "the gap differs between fifths: 20 points for fifth 3, 1 point for fifth 1"
        in told.summary()
    )
    assert "groups of organisations, not of people" in told.limits()
    assert gap(told, "Fifth 2")["gap"] == pytest.approx(0.10, abs=0.02)
    assert cell(told, "left", "Fifth 1")["organisations"] == 12
    assert told.rankings["organisations"].tolist() == [12, 12, 12]
    assert len(told.compared) == 3
    assert (told.map_rows.empty, told.of_people) == (True, False)


def test_a_fifth_of_few_practices_has_no_average_and_that_is_said(store: Store) -> None:
    told = by_fifth(store, (0.1, 0.1), each_fifth=4)
    assert told.gap_differs is None
    assert "cannot be told" in told.summary()
    assert any("Fifth 1 and Fifth 2: fewer than 5 practices" in note for note in told.notes())


# --- The demonstration, and real files ---


def test_the_story_of_the_demonstration_is_found(
    demonstration: Store, golden: Callable[[str, Any], None]
) -> None:
    told = groups(demonstration, Pairing("fft_local", "local_survey"))
    assert told.group_by == "age"
    assert told.summary() == (
        "FFT local stands 16 points above Local survey (15 to 18), and the gap differs between age "
        "groups: 28 points for people of 16-44, 7 points for people of 45-64."
    )
    assert (
        cell(told, "left", EVERYBODY)["organisations"] == 38
    )  # at one the same people answered, and nobody has local files of P-0018
    assert "Wrengarth Surgery" in told.warnings()[0]
    assert told.figures()[3][1] == "not beyond chance"
    golden("demonstration_groups", told.as_json())


def test_an_area_shows_its_own_people(demonstration: Store) -> None:
    whole = groups(demonstration, Pairing("fft_local", "local_survey"), "age")
    nowhere = groups(demonstration, Pairing("fft_local", "local_survey", area="N-008"), "age")
    there = groups(demonstration, Pairing("fft_local", "local_survey", area="B-01"), "age")
    assert nowhere.summary().startswith("No practice has enough answers to compare FFT local and")
    assert not nowhere.has_cells
    pd.testing.assert_frame_equal(there.cells, whole.cells)  # nobody else has local files


def test_the_gap_planted_to_turn_round_is_found_and_named(demonstration: Store) -> None:
    told = groups(
        demonstration, Pairing("fft_local", "local_survey", area="N-005"), "long_term_condition"
    )
    assert told.summary() == (
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
    said = " ".join([told.summary(), *told.findings()])
    assert not {"Yes", "No"} & set(said.replace(",", " ").replace(".", " ").split())


def test_groups_that_differ_in_numbers_of_answers_alone_are_not_told_apart(
    demonstration: Store,
) -> None:
    """Raw agreement is lower for the few: no difference between ethnic groups was planted."""
    told = groups(demonstration, Pairing("fft_local", "local_survey"), "ethnicity")
    assert told.agreement_differs == []


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


@pytest.mark.parametrize("seed", range(6))
def test_a_lower_floor_beside_a_higher_one_gives_nobody_away(store: Store, seed: int) -> None:
    """A person may choose 5, then 10: what is shown under both differs by nobody or by enough people."""
    random = np.random.default_rng(seed)

    def told(shift: int) -> Cells:
        return [
            (f"P-{n}", {"age": age}, int(count), int(count) // 2 + shift)
            for n in range(4)
            for age in ("25-34", "75-84", "")
            if (count := random.choice([1, 2, 3, 4, 6, 8, 9, 12, 25, 40] if age else [20, 40]))
            > 2 * shift
        ]

    two_local(store, told(0), told(1))
    shown = {
        floor: groups(store, replace(LOCAL, disclosure=Disclosure(floor)), "age").cells
        for floor in (5, 10, 30)
    }
    for low, high in ((5, 10), (5, 30), (10, 30)):
        both = shown[low].merge(shown[high], on=["side", "band"], suffixes=("_low", "_high"))
        apart = (both["respondents_low"] - both["respondents_high"]).abs().dropna()
        assert (apart.eq(0) | apart.ge(low)).all(), both.to_string()


# --- Words ---


@pytest.mark.parametrize(
    ("value", "size", "signed"),
    [(0.164, "16 points", "+16"), (-0.01, "1 point", "−1"), (0.004, "under 1 point", "0")],
)
def test_points_are_whole_and_nought_has_no_sign(value: float, size: str, signed: str) -> None:
    assert (points(value), signed_points(value)) == (size, signed)
