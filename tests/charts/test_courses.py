"""The course of every source on one axis: each in its band, on its own scale, and never beyond it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxcore.analysis.time import decisions
from pxcore.analysis.time.series import Series
from pxcore.analysis.time.trends import TrendsReport, trends
from pxcore.charts import courses
from pxcore.charts.specification import specification
from pxcore.charts.theme import DARK, LIGHT, Palette
from pxcore.model import Pairing, Scope
from pxcore.publish import picture
from pxcore.store import Store
from tests.charts.specs import drawn
from tests.store.loads import extract, fft, survey

GROUNDS = pytest.mark.parametrize("ground", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture(scope="module")
def practices(demonstration: Store) -> TrendsReport:
    return trends(demonstration)


def rows_with(spec: dict[str, Any], *columns: str) -> pd.DataFrame:
    tables = [pd.DataFrame(rows) for rows in spec["datasets"].values()]
    (rows,) = [table for table in tables if set(columns) <= set(table.columns)]
    return rows


def values_in(rows: pd.DataFrame, floor: int, scale: courses.Scale) -> np.ndarray[Any, Any]:
    """What the places of a band stand for, by what its two ends stand for."""
    share = (rows["lane"] - floor - courses.LOWEST) / (courses.HIGHEST - courses.LOWEST)
    return np.asarray(scale.low + share * (scale.high - scale.low))


@GROUNDS
def test_every_point_stands_in_its_band_at_its_value(
    practices: TrendsReport, ground: Palette
) -> None:
    points = rows_with(drawn(courses.together(practices, ground)), "run", "signal")
    for place, series in enumerate(practices.series):
        floor, scale = len(practices.series) - 1 - place, courses.scale(series)
        rows = points[points["source"] == series.side.short_title]
        assert values_in(rows, floor, scale) == pytest.approx(series.shown["value"].to_numpy())
        assert rows["lane"].between(floor + courses.LOWEST, floor + courses.HIGHEST).all()


def test_the_axis_writes_what_the_ends_of_each_band_stand_for(practices: TrendsReport) -> None:
    spec = drawn(courses.together(practices, LIGHT))
    (axis,) = {
        json.dumps(layer["encoding"]["y"]["axis"])
        for layer in spec["layer"]
        if "axis" in layer["encoding"].get("y", {})
    }
    axis = json.loads(axis)
    assert len(axis["values"]) == axis["tickCount"] == 2 * len(practices.series)
    labels = json.loads(axis["labelExpr"].removeprefix("(").partition(")[")[0])
    for place, series in enumerate(practices.series):
        floor, scale = len(practices.series) - 1 - place, courses.scale(series)
        assert labels[f"{floor + courses.LOWEST:.3f}"] == f"{scale.low:.0%}"
        assert labels[f"{floor + courses.HIGHEST:.3f}"] == f"{scale.high:.0%}"


def test_limits_and_ranges_are_those_of_the_source(practices: TrendsReport) -> None:
    spec = drawn(courses.together(practices, LIGHT))
    place = [series.side.source for series in practices.series].index("fft_gp")
    series, floor = practices.series[place], len(practices.series) - 1 - place
    assert series.chart is not None
    tables = [pd.DataFrame(rows) for rows in spec["datasets"].values()]
    pieces = [table for table in tables if "piece" in table]
    scale = courses.scale(series)
    for line, limit in (("lower", series.chart.lower), ("upper", series.chart.upper)):
        (rows,) = [
            table[table["piece"].str.startswith(f"{line} {floor} ")]
            for table in pieces
            if table["piece"].str.startswith(f"{line} {floor} ").any()
        ]
        assert values_in(rows, floor, scale) == pytest.approx(np.asarray(limit))
    points = rows_with(spec, "run", "signal")
    waves = points[points["mark"].str.startswith("wave")]
    assert (waves["lane_low"] < waves["lane"]).all()
    assert (waves["lane"] < waves["lane_high"]).all()
    assert points.loc[points["source"] == "FFT GP", "lane_low"].isna().all()


def test_each_band_names_its_source_its_latest_figure_and_whether_it_stands_out(
    practices: TrendsReport,
) -> None:
    names = rows_with(drawn(courses.together(practices, LIGHT)), "name", "latest")
    titles = [series.side.short_title for series in practices.series]
    assert list(names["name"]) == [f"{title}, % positive" for title in titles]
    labels = dict(zip(titles, names["latest"], strict=True))
    assert labels["FFT GP"] == "89% in March 2026: no month outside its usual swing"
    assert labels["GP survey"] == "74% in Jan–Mar 2026: no change shown, +0.6 (−0.5 to +1.7)"
    assert labels["NHS.uk reviews"] == "30% in Jan–Mar 2026"  # a single point
    assert list(names["sign"]) == ["as usual", "as usual", "", "as usual", "as usual", ""]
    assert set(names["colour"]) == {LIGHT.muted}


def test_a_sign_has_the_colour_of_what_the_rules_say(demonstration: Store) -> None:
    better = trends(demonstration, unit="P-0073")
    place = better.series.index(better.of_source("fft_gp"))
    names = rows_with(drawn(courses.together(better, DARK)), "name", "latest")
    assert (names["sign"][place], names["colour"][place]) == ("better", DARK.improvement)
    asked = trends(demonstration, Scope(Pairing("", ""), service="inpatient"), unit="T-09")
    place = asked.series.index(asked.of_source("fft_inpatient"))
    assert asked.series[place].moved_by_asking
    names = rows_with(drawn(courses.together(asked, DARK)), "name", "latest")
    assert names["colour"][place] == DARK.muted


def test_breaks_gaps_and_a_target_are_drawn_in_their_band(store: Store) -> None:
    shares = 0.9 + 0.005 * (-1.0) ** np.arange(24)
    rows = [
        fft("P-1", 1000 * share, 1000.0, f"{2023 + n // 12}-{n % 12 + 1:02d}")
        for n, share in enumerate(shares)
        if n != 6
    ]
    rows.append(fft("P-1", None, None, "2023-07"))
    store.commit([extract(fft_fact=rows), extract(survey_fact=[survey("P-1", 0.7)])])
    report = trends(store, unit="P-1")
    decisions.start_afresh(store, report, "fft_gp", date(2024, 1, 1), "text messages", "Ann")
    decisions.set_target(store, report, "fft_gp", 0.5, "contract", "Ann")
    report = trends(store, unit="P-1")
    spec = drawn(courses.together(report, LIGHT))
    (hidden,) = rows_with(spec, "why").to_dict("records")
    assert (hidden["period"], hidden["source"]) == ("July 2023", "FFT GP")
    (line,) = rows_with(spec, "full").to_dict("records")
    assert line["label"].startswith("text messages")
    series = report.of_source("fft_gp")
    assert courses.scale(series).low <= 0.5
    floor = 1 - report.series.index(series)
    assert floor < hidden["lane"] < floor + courses.LOWEST
    assert line["lane"] == floor
    target = [
        table
        for rows in spec["datasets"].values()
        if (table := pd.DataFrame(rows)).columns.tolist() == ["lane"]
    ]
    stands = [value for table in target for value in values_in(table, floor, courses.scale(series))]
    assert any(value == pytest.approx(0.5) for value in stands)


def test_the_rows_taken_away_are_figures_and_not_places(practices: TrendsReport) -> None:
    rows = picture.rows(specification(courses.together, LIGHT, "", practices))
    assert {"Source", "Period", "% or score", "Answers", "Rule"} <= set(rows.columns)
    assert not [column for column in rows.columns if "lane" in column.lower()]
    assert len(rows) == sum(len(series.shown) for series in practices.series)
    assert "74% (73% to 75%)" in set(rows["% or score"])


def series_between(practices: TrendsReport, low: float, high: float) -> Series:
    """A single wave with that range, on the measure of the GP survey."""
    wave = practices.of_source("gp_survey")
    points = wave.history.points.iloc[:1].assign(value=(low + high) / 2, low=low, high=high)
    return replace(wave, history=replace(wave.history, points=points), chart=None, target=None)


@given(st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted))
def test_a_scale_holds_all_it_must_and_has_two_ends(
    practices: TrendsReport, ends: list[float]
) -> None:
    scale = courses.scale(series_between(practices, *ends))
    assert scale.low <= ends[0] + 1e-6
    assert scale.high >= ends[1] - 1e-6
    assert scale.high - scale.low >= 0.01 - 1e-9
    # wide enough to see, and no wider than twice what it holds and a step at either end
    assert scale.high - scale.low <= max(2.5 * (ends[1] - ends[0]), 0.04) + 1e-6
