"""Pictures in the cell of a table hold what the series holds."""

from __future__ import annotations

import re
from base64 import b64decode
from xml.etree import ElementTree

import numpy as np
import pytest

from pxcore.analysis.time.trends import TrendsReport, trends
from pxcore.charts import miniatures
from pxcore.charts.theme import LIGHT
from pxcore.model import Pairing, Scope
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


def test_a_wave_has_no_sign(report: TrendsReport) -> None:
    assert miniatures.sign(report.of_source("gp_survey"), LIGHT) == ""


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
    series = trends(
        demonstration, Scope(Pairing("", ""), service="inpatient"), unit="T-09"
    ).of_source("fft_inpatient")
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
