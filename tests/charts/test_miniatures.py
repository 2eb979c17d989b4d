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


def lines(address: str) -> list[ElementTree.Element]:
    return drawing(address).findall(f"{SVG}line")


def test_a_range_lies_between_its_ends_on_an_axis_from_minus_one_to_one() -> None:
    middle, reach = lines(miniatures.interval(0.5, 0.25, 0.75, (0.0, 1.0), LIGHT))
    half = miniatures.WIDTH / 2
    scale = half - miniatures.EDGE
    assert float(middle.attrib["x1"]) == pytest.approx(half)
    assert float(reach.attrib["x1"]) == pytest.approx(half + 0.25 * scale, abs=0.1)
    assert float(reach.attrib["x2"]) == pytest.approx(half + 0.75 * scale, abs=0.1)


def test_the_band_is_the_range_without_the_question_and_the_point_its_estimate() -> None:
    picture = drawing(miniatures.interval(-0.5, -0.75, -0.25, (-1.0, 0.0), LIGHT))
    (band,) = picture.findall(f"{SVG}rect")
    assert float(band.attrib["x"]) == pytest.approx(miniatures.EDGE, abs=0.1)
    assert float(band.attrib["width"]) == pytest.approx(
        miniatures.WIDTH / 2 - miniatures.EDGE, abs=0.1
    )
    (point,) = picture.findall(f"{SVG}circle")
    assert float(point.attrib["cx"]) == pytest.approx(
        miniatures.EDGE + (miniatures.WIDTH - 2 * miniatures.EDGE) / 4, abs=0.1
    )


def test_at_the_limit_there_is_a_range_and_no_point_and_without_a_range_nothing() -> None:
    at_limit = drawing(miniatures.interval(np.nan, 0.8, 1.0, (np.nan, np.nan), LIGHT))
    assert at_limit.findall(f"{SVG}circle") == []
    assert at_limit.findall(f"{SVG}rect") == []
    assert miniatures.interval(0.5, np.nan, np.nan, (0.0, 1.0), LIGHT) == ""


def test_a_series_that_starts_afresh_has_a_line_there(report: TrendsReport) -> None:
    survey = report.of_source("gp_survey")
    assert len(survey.cuts) == 1
    assert len(lines(miniatures.series(survey, LIGHT))) == 1
    assert lines(miniatures.series(report.of_source("fft_gp"), LIGHT)) == []
