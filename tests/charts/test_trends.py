"""Pictures of sources over time: one row a source, one time axis, marks by shape and colour."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import pytest

from pxcore.analysis.time import decisions
from pxcore.analysis.time.trends import TrendsReport, trends
from pxcore.charts import trends as charts
from pxcore.charts.specification import finished
from pxcore.charts.theme import DARK, LIGHT, Palette
from pxcore.stats.control_chart import Variation
from pxcore.store import Store
from tests.charts.specs import drawn
from tests.store.loads import extract, fft, survey

GROUNDS = pytest.mark.parametrize("ground", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture(scope="module")
def trust(demonstration: Store) -> TrendsReport:
    return trends(demonstration, unit="T-08")


@pytest.fixture(scope="module")
def practices(demonstration: Store) -> TrendsReport:
    return trends(demonstration)


def specs(report: TrendsReport, ground: Palette = LIGHT) -> list[dict[str, Any]]:
    return [drawn(charts.row(report, place, ground)) for place in range(len(report.series))]


def rows_with(spec: dict[str, Any], column: str) -> list[dict[str, Any]]:
    return [row for rows in spec["datasets"].values() for row in rows if column in row]


def layers_with(spec: dict[str, Any], channel: str) -> list[dict[str, Any]]:
    return [one for one in spec["layer"] if channel in one.get("encoding", {})]


@GROUNDS
def test_every_row_has_the_same_days_and_margin_and_its_dates(
    practices: TrendsReport, ground: Palette
) -> None:
    told = specs(practices, ground)
    assert len(told) == len(practices.series) == 6
    domains = {
        str(one["encoding"]["x"]["scale"]["domain"])
        for spec in told
        for one in layers_with(spec, "x")
    }
    assert len(domains) == 1
    margins = {
        one["encoding"]["y"]["axis"]["minExtent"]
        for spec in told
        for one in layers_with(spec, "y")
        if "axis" in one["encoding"]["y"]
    }
    assert len(margins) == 1
    axes = [one["encoding"]["x"]["axis"] for spec in told for one in layers_with(spec, "x")]
    assert all(axis.get("labels", True) for axis in axes)


@GROUNDS
def test_a_point_has_the_shape_and_colour_of_what_the_rules_say(
    trust: TrendsReport, ground: Palette
) -> None:
    place = next(n for n, one in enumerate(trust.series) if one.side.source == "fft_ae")
    spec = drawn(charts.row(trust, place, ground))
    (points,) = layers_with(spec, "shape")
    words = points["encoding"]["shape"]["scale"]["domain"]
    shapes = dict(zip(words, points["encoding"]["shape"]["scale"]["range"], strict=True))
    fills = dict(zip(words, points["encoding"]["fill"]["scale"]["range"], strict=True))
    assert shapes["concern"] == "triangle-down"
    assert (shapes["usual swing"], fills["usual swing"]) == ("circle", ground.common)
    assert fills["concern"] == ground.concern
    assert len(set(shapes.values())) == len(shapes)  # never told apart by colour alone
    marks = {row["period"]: row["mark"] for row in rows_with(spec, "mark")}
    assert marks["December 2024"] == "concern"
    concerns = sum(v is Variation.CONCERN for v in trust.series[place].chart.variation)  # type: ignore[union-attr]
    assert sum(mark == "concern" for mark in marks.values()) == concerns


@GROUNDS
def test_no_line_has_a_colour_that_says_improvement_or_concern(
    trust: TrendsReport, ground: Palette
) -> None:
    said = {ground.improvement, ground.concern, ground.fft}  # the last is all but that of concern
    for spec in specs(trust, ground):
        lines = [one["mark"] for one in spec["layer"] if one["mark"]["type"] in ("line", "rule")]
        assert lines
        assert not said & {mark.get("color") for mark in lines}


def test_waves_have_ranges_and_a_break_its_line(practices: TrendsReport) -> None:
    place = next(n for n, one in enumerate(practices.series) if one.is_wave)
    spec = drawn(charts.row(practices, place, LIGHT))
    assert [row["label"] for row in rows_with(spec, "full")] == ["The question changed"]
    assert {row["mark"] for row in rows_with(spec, "mark")} == {"wave, with its 95 % range"}
    assert len({row["run"] for row in rows_with(spec, "run")}) == 2  # no line across the break
    assert layers_with(spec, "y2")
    assert not rows_with(spec, "centre")


def test_one_wave_alone_does_not_fill_its_axis(store: Store) -> None:
    store.commit([extract(survey_fact=[survey("P-1", 0.854)])])
    spec = drawn(charts.row(trends(store, unit="P-1"), 0, LIGHT))
    low, high = layers_with(spec, "y")[0]["encoding"]["y"]["scale"]["domain"]
    assert high - low > 0.1
    assert 0 <= low < 0.854 < high


def title(spec: dict[str, Any]) -> str:
    """The heading where there is room; where there is none it is the same words on several lines."""
    narrow, wide = map(json.loads, spec["title"]["text"]["expr"][len("narrow ? ") :].split(" : "))
    assert " ".join(narrow) == wide
    assert max(map(len, narrow)) <= charts.TITLE
    return str(wide)


def test_gaps_decisions_and_a_target_are_drawn(store: Store) -> None:
    shares = 0.9 + 0.005 * (-1.0) ** np.arange(24)
    told = [
        fft("P-1", 1000 * share, 1000.0, f"{2023 + n // 12}-{n % 12 + 1:02d}")
        for n, share in enumerate(shares)
        if n != 6
    ]
    told.append(fft("P-1", None, None, "2023-07"))
    store.commit([extract(fft_fact=told), extract(survey_fact=[survey("P-1", 0.7)])])
    report = trends(store, unit="P-1")
    decisions.start_afresh(store, report, "fft_gp", date(2024, 1, 1), "text messages " * 8, "Ann")
    decisions.set_target(store, report, "fft_gp", 0.85, "contract", "Ann")
    spec = drawn(charts.row(trends(store, unit="P-1"), 0, LIGHT))
    (hidden,) = rows_with(spec, "why")
    assert (hidden["period"], hidden["why"]) == ("July 2023", "withheld by the publisher")
    (line,) = rows_with(spec, "full")
    assert line["label"].endswith("…")
    assert len(line["label"]) <= charts.LONGEST_LABEL + 2
    assert {row["target"] for row in rows_with(spec, "target")} == {0.85}
    assert title(spec).endswith("; long dashes: target 85%")
    assert [row["run"] for row in rows_with(spec, "run")] == [0] * 6 + [1] * 5 + [2] * 12


def test_limits_are_drawn_within_what_a_percentage_can_be(trust: TrendsReport) -> None:
    for spec in specs(trust):
        for row in rows_with(spec, "upper"):
            assert 0 <= row["lower"] <= row["upper"] <= 1


@GROUNDS
def test_the_mark_of_invented_data_leaves_the_heading(trust: TrendsReport, ground: Palette) -> None:
    spec = finished(drawn(charts.row(trust, 0, ground)), ground, "Synthetic data")
    assert title(spec) == "FFT inpatient: % positive by the month"
    assert spec["title"]["subtitle"] == "Synthetic data"


def test_one_source_alone_and_many_are_drawn(store: Store) -> None:
    sources = (
        "fft_inpatient", "fft_ae", "fft_outpatient", "fft_ambulance", "fft_community",
        "fft_mental_health", "fft_maternity",
    )  # fmt: skip
    for count, source in enumerate(sources, start=1):
        measure = "birth" if source == "fft_maternity" else "overall"
        months = [
            fft(
                "T-1",
                80.0 + n % 3,
                100.0,
                f"2024-{n + 1:02d}",
                source=source,
                grain="trust",
                measure=measure,
            )
            for n in range(12)
        ]
        store.commit([extract(fft_fact=months)])
        assert len(specs(trends(store, unit="T-1"))) == count


def test_a_source_with_a_single_kind_of_point_is_drawn(store: Store) -> None:
    """Without a list for its range, a scale of sizes takes two ends, and a single size is then none."""
    store.commit([extract(fft_fact=[fft("P-1", 40, 60, "2026-02")])])
    (spec,) = specs(trends(store, unit="P-1"))
    sizes = [one["encoding"]["size"]["scale"] for one in layers_with(spec, "size")]
    assert [scale["type"] for scale in sizes] == ["ordinal"]
    assert len(sizes[0]["range"]) == len(sizes[0]["domain"]) == 1
