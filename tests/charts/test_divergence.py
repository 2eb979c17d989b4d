"""Pictures of divergence: ranked gaps, funnels and one organisation's standing, few and many."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from pxcore.analysis.pairs.divergence import MOST_DRAWN, DivergenceReport, divergence
from pxcore.charts import divergence as charts
from pxcore.charts.theme import DARK, LIGHT, Palette, verdict_fill
from pxcore.model import Pairing
from pxcore.stats.funnel import funnel, funnel_limits
from pxcore.store import Store
from tests.analysis.frames import GP, alike, committed, figures, standings, weighed
from tests.charts.specs import drawn
from tests.store.loads import fft, survey

GROUNDS = pytest.mark.parametrize("ground", [LIGHT, DARK], ids=["light", "dark"])
TRUSTS = Pairing("fft_inpatient", "cqc_inpatient")


@pytest.fixture(scope="module")
def practices(demonstration: Store) -> DivergenceReport:
    return divergence(demonstration, GP)


@pytest.fixture(scope="module")
def trusts(demonstration: Store) -> DivergenceReport:
    return divergence(demonstration, TRUSTS)


def rows_with(spec: dict[str, Any], column: str) -> list[dict[str, Any]]:
    return [row for rows in spec["datasets"].values() for row in rows if column in row]


@GROUNDS
def test_the_ranked_gaps_draw_those_least_likely_to_agree_first(
    practices: DivergenceReport, ground: Palette
) -> None:
    spec = drawn(charts.ranked(practices, ground))
    assert "organisation" in {parameter["name"] for parameter in spec["params"]}
    rows = sorted(rows_with(spec, "gap"), key=lambda row: row["order"])
    assert len(rows) == MOST_DRAWN
    assert [row["unit"] for row in rows] == practices.drawn()["unit"].tolist()
    assert [row["mark"] for row in rows[:4]] == ["very likely differ"] * 4
    assert {row["unit"] for row in rows[:4]} == {"P-0012", "P-0044", "P-0057", "P-0081"}
    assert all(row["low"] <= row["gap"] <= row["high"] for row in rows)
    assert any("Jesselden" in row["name"] for row in rows[:4])


def test_a_mark_has_the_colour_and_shape_of_its_word(practices: DivergenceReport) -> None:
    spec = drawn(charts.ranked(practices, LIGHT))
    marks = next(one for one in spec["layer"] if "shape" in one["encoding"])["encoding"]
    words = marks["shape"]["scale"]["domain"]
    assert marks["fill"]["scale"]["domain"] == marks["stroke"]["scale"]["domain"] == words
    assert marks["fill"]["scale"]["range"] == [verdict_fill(word, LIGHT) for word in words]
    shapes = dict(zip(words, marks["shape"]["scale"]["range"], strict=True))
    assert shapes["very likely differ"] == shapes["probably differ"] == "diamond"
    assert shapes["could be either"] == "circle"


def test_the_axis_says_which_way_is_better_for_whom(practices: DivergenceReport) -> None:
    spec = drawn(charts.ranked(practices, LIGHT))
    title = next(
        one["encoding"]["x"]["title"] for one in spec["layer"] if "title" in one["encoding"]["x"]
    )
    said = " ".join(title) if isinstance(title, list) else title
    assert re.search("← GP survey (the )?better.*FFT GP (the )?better →", said)


@GROUNDS
def test_the_funnels(
    practices: DivergenceReport, trusts: DivergenceReport, ground: Palette
) -> None:
    for report in (practices, trusts):
        for _, source in report.funnels():
            unit = str(source.rows["unit"].iloc[3])
            spec = drawn(charts.funnel(report, source.side.source, unit, ground))
            points = rows_with(spec, "picked")
            assert [row["unit"] for row in points if row["picked"]] == [unit]
            assert min(row["answers"] for row in points) >= source.evidence_floor
            lines = rows_with(spec, "limit")
            assert all(0 <= row["limit"] <= 1 for row in lines)
            assert {row["which"] for row in lines} == {"19 in 20", "998 in 1,000"}


def test_the_lines_of_a_funnel_are_its_limits(practices: DivergenceReport) -> None:
    limits, source = practices.funnels()[0]
    lines = rows_with(drawn(charts.funnel(practices, source.side.source, "", LIGHT)), "limit")
    upper = [row for row in lines if (row["which"], row["end"]) == ("998 in 1,000", "high")]
    answers = np.array([row["answers"] for row in upper])
    at = funnel_limits(limits.target, limits.between, answers)
    assert [row["limit"] for row in upper] == pytest.approx(at.high_998.tolist())


def crowded(count: int) -> tuple[set[str], set[str]]:
    """The organisations drawn in a funnel of so many, and those outside its limits."""
    random = np.random.default_rng(1)
    n = random.integers(20, 400, count).astype(float)
    value = random.binomial(n.astype(int), expit(2 + 0.4 * random.standard_normal(count))) / n
    source = weighed(figures(value, n), "fft_gp")
    limits = funnel(value * n, n)
    spec = drawn(charts.funnel_of(source, limits, "P-7", LIGHT))
    outside = {f"P-{place}" for place in np.flatnonzero(np.abs(limits.z_adjusted) > 1.96)}
    return {row["unit"] for row in rows_with(spec, "picked")}, outside


def test_a_funnel_of_very_many_keeps_those_outside_and_the_one_picked() -> None:
    points, outside = crowded(2000)
    assert outside | {"P-7"} <= points
    assert len(points - outside) < 1200


def test_a_funnel_draws_no_more_ordinary_organisations_than_its_limit() -> None:
    points, outside = crowded(1500)
    assert len(points - outside) <= charts.MOST_FUNNEL_POINTS + 1


@GROUNDS
def test_the_gap_of_one_organisation_is_twenty_dots(
    practices: DivergenceReport, ground: Palette
) -> None:
    for unit in ("P-0044", "P-0052"):
        rows = rows_with(drawn(charts.dots(practices, unit, ground)), "height")
        places = practices.certainty.dots(unit)
        assert len(rows) == len(places) == 20
        inside = sum(row["inside"] for row in rows)
        # a dot is 1 in 20: as many inside the shaded band as the probability says, to a dot
        assert abs(inside / 20 - practices.cell(unit)["agree"]) <= 0.05
        assert len({(row["gap"], row["height"]) for row in rows}) == 20  # no dot upon another
        assert np.median(places) == pytest.approx(practices.cell(unit)["gap"], abs=0.1)
    silent = charts.dots(practices, "P-0018", ground).to_dict()  # of which nothing is said
    assert silent["height"] > 0


@GROUNDS
def test_the_standing_of_one_organisation(practices: DivergenceReport, ground: Palette) -> None:
    spec = drawn(charts.standing(practices, "P-0012", ground))
    rows = rows_with(spec, "standing")
    assert [row["source"] for row in rows] == ["FFT GP", "GP survey"]
    assert all(row["low"] < row["standing"] < row["high"] for row in rows)
    half = rows_with(drawn(charts.standing(practices, "P-0041", ground)), "standing")
    assert [row["source"] for row in half] == ["GP survey"]
    assert charts.standing(practices, "P-0018", ground).to_dict()["height"] > 0  # silent in both


# --- Small and large ---


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([fft("P-1", 9, 10)], [survey("P-2", 0.5)]),
        ([fft("P-1", 9, 10)], [survey("P-1", 0.5)]),
        ([fft("P-1", None, None)], [survey("P-1", None)]),
        standings(alike(6)),
    ],
    ids=["nobody in both", "one", "withheld", "six"],
)
def test_pictures_of_nearly_nothing_are_still_pictures(
    store: Store, left: list[dict[str, Any]], right: list[dict[str, Any]]
) -> None:
    report = divergence(committed(store, left, right), GP)
    assert charts.ranked(report, LIGHT).to_dict()["height"] > 0
    for unit in report.rows["unit"]:
        assert charts.standing(report, unit, LIGHT).to_dict()["height"] > 0
    assert report.funnels() == []


@GROUNDS
def test_six_hundred_organisations_are_ranked_in_a_page(store: Store, ground: Palette) -> None:
    random = np.random.default_rng(4)
    places = [(float(at), float(at + 0.8 * random.standard_normal())) for at in
              random.standard_normal(600)]  # fmt: skip
    report = divergence(committed(store, *standings(places, 300, 150)), GP)
    spec = drawn(charts.ranked(report, ground))
    assert len(rows_with(spec, "gap")) == MOST_DRAWN
    assert spec["height"] < 900
    for _, source in report.funnels():
        spec = drawn(charts.funnel(report, source.side.source, "", ground))
        assert len(rows_with(spec, "value")) == 600


def test_two_organisations_of_one_name_are_two_rows(store: Store) -> None:
    left, right = standings([*alike(20), (2.0, -2.0), (-2.0, 2.0)])
    for row in (*left[-2:], *right[-2:]):
        row["provider_name"] = "The Surgery"
    spec = drawn(charts.ranked(divergence(committed(store, left, right), GP), LIGHT))
    rows = rows_with(spec, "gap")
    place = next(one["encoding"]["y"]["field"] for one in spec["layer"] if "y" in one["encoding"])
    assert len({row[place] for row in rows}) == len({row["unit"] for row in rows})


def test_an_area_draws_its_own_organisations(demonstration: Store) -> None:
    report = divergence(demonstration, replace(GP, area="B-01"))
    spec = drawn(charts.ranked(report, LIGHT))
    assert report.verdicts is not None
    assert {row["unit"] for row in rows_with(spec, "gap")} <= set(report.verdicts.shown["unit"])
