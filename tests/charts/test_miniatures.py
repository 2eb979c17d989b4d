"""Pictures in the cell of a table hold what the series holds."""

from __future__ import annotations

import re
from base64 import b64decode
from xml.etree import ElementTree

import numpy as np
import pytest

from pxcore.analysis.time.trends import TrendsReport, trends
from pxcore.charts import miniatures
from pxcore.charts.theme import DARK, LIGHT, Palette
from pxcore.stats.control_chart import Variation
from pxcore.store import Store

SVG = "{http://www.w3.org/2000/svg}"


def drawing(address: str) -> ElementTree.Element:
    kind, _, content = address.partition(",")
    assert kind == "data:image/svg+xml;base64"
    return ElementTree.fromstring(b64decode(content))


@pytest.fixture(scope="module")
def report(demonstration: Store) -> TrendsReport:
    return trends(demonstration, unit="P-0073")


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_every_point_shown_is_drawn_at_its_height(report: TrendsReport, palette: Palette) -> None:
    for series in report.series:
        picture = drawing(miniatures.series(series, palette))
        points = picture.findall(f"{SVG}circle")
        values = series.shown["value"].to_numpy()[-miniatures.MOST_POINTS :]
        assert len(points) == len(values)
        heights = [float(point.attrib["cy"]) for point in points]
        for one, more in zip(values, values[1:], strict=False):
            assert np.isfinite([one, more]).all()
        order = np.argsort(values, kind="stable")
        assert (np.diff(np.array(heights)[order]) <= 0.11).all()  # the higher, the nearer the top
        for point in points:
            assert 0 <= float(point.attrib["cx"]) <= miniatures.WIDTH
            assert 0 <= float(point.attrib["cy"]) <= miniatures.HEIGHT


def test_points_the_rules_mark_have_the_colour_of_their_kind(report: TrendsReport) -> None:
    series = report.of_source("fft_gp")
    assert series.chart is not None
    colours = [
        point.attrib["fill"]
        for point in drawing(miniatures.series(series, LIGHT)).findall(f"{SVG}circle")
    ]
    marked = series.chart.variation[-miniatures.MOST_POINTS :]
    assert colours.count(LIGHT.improvement) == list(marked).count(Variation.IMPROVEMENT) > 0
    assert colours.count(LIGHT.concern) == list(marked).count(Variation.CONCERN) > 0


def test_the_mean_is_a_whole_line_and_the_limits_are_dashed(report: TrendsReport) -> None:
    lines = drawing(miniatures.series(report.of_source("fft_gp"), LIGHT)).findall(f"{SVG}polyline")
    assert [("stroke-dasharray" in line.attrib) for line in lines] == [False, True, True, False]


def test_a_wave_has_points_and_no_line(report: TrendsReport) -> None:
    wave = report.of_source("gp_survey")
    assert drawing(miniatures.series(wave, LIGHT)).findall(f"{SVG}polyline") == []
    assert miniatures.sign(wave, LIGHT) == ""


def test_the_sign_rises_for_an_improvement_and_has_its_colour(report: TrendsReport) -> None:
    series = report.of_source("fft_gp")
    assert series.variation is Variation.IMPROVEMENT
    picture = drawing(miniatures.sign(series, LIGHT))
    (course,) = picture.findall(f"{SVG}polyline")
    assert course.attrib["stroke"] == LIGHT.improvement
    heights = [float(y) for y in re.findall(r",(\d+)", course.attrib["points"])]
    assert heights == sorted(heights, reverse=True)


def test_a_move_where_the_way_of_asking_changed_is_neither_good_nor_bad(
    demonstration: Store,
) -> None:
    series = trends(demonstration, unit="T-09", service="inpatient").of_source("fft_inpatient")
    assert series.moved_by_asking
    assert LIGHT.improvement not in miniatures.sign(series, LIGHT)
    picture = drawing(miniatures.sign(series, LIGHT))
    assert {line.attrib["stroke"] for line in picture.findall(f"{SVG}polyline")} == {LIGHT.muted}
