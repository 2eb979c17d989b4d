"""Pictures beside the headline: the curve, the bands, the levels and the other measures."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.coefficients import CoefficientsReport, Subset, coefficients
from pxcore.charts import coefficients as charts
from pxcore.charts.theme import DARK, LIGHT, Palette
from pxcore.store import Store
from pxcore.words import coefficients as words
from tests.analysis.frames import GP, alike, committed, standings
from tests.charts.specs import drawn

GROUNDS = pytest.mark.parametrize("ground", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture(scope="module")
def practices(demonstration: Store) -> CoefficientsReport:
    told = coefficients(demonstration, agreement(demonstration, GP))
    assert told is not None
    return told


def rows_with(spec: dict[str, Any], column: str) -> list[dict[str, Any]]:
    return [row for rows in spec["datasets"].values() for row in rows if column in row]


@GROUNDS
def test_the_curve_draws_both_figures_with_their_ranges(
    practices: CoefficientsReport, ground: Palette
) -> None:
    spec = drawn(charts.curve(practices, ground))
    rows = rows_with(spec, "floor")
    assert {row["what"] for row in rows} == {"underlying", "raw"}
    assert {row["which"] for row in rows} == {
        words.subset(practices, which) for which in practices.curve["which"]
    }
    assert all(row["low"] <= row["estimate"] <= row["high"] for row in rows)
    raw = [row for row in rows if (row["what"], row["which"]) == ("raw", Subset.ALL)]
    assert len(raw) == (practices.curve["which"] == Subset.ALL).sum()


def test_a_legend_names_no_figure_that_is_not_drawn(practices: CoefficientsReport) -> None:
    def named(told: CoefficientsReport) -> list[str]:
        picture = charts.curve(told, LIGHT)
        spec = drawn(picture)
        lines = next(one for one in spec["layer"] if "strokeDash" in one["encoding"])
        shown = lines["encoding"]["color"]["legend"]["values"]["expr"].removeprefix("small ? [] : ")
        written = [mark.label for mark in picture.legend if mark.shape == "circle"]
        assert json.loads(shown) == written
        return written

    assert named(practices) == ["underlying", "raw"]
    raw = practices.curve.assign(latent=np.nan, latent_low=np.nan, latent_high=np.nan)
    assert named(replace(practices, curve=raw)) == ["raw"]


@GROUNDS
def test_the_bands_draw_nine_cells_that_add_up(
    practices: CoefficientsReport, ground: Palette
) -> None:
    cells = rows_with(drawn(charts.bands(practices, ground)), "organisations")
    assert len(cells) == 9
    assert practices.bands is not None
    assert sum(cell["organisations"] for cell in cells) == practices.bands.pairs
    same = sum(cell["organisations"] for cell in cells if cell["same"])
    assert same / practices.bands.pairs == pytest.approx(practices.bands.match)


@GROUNDS
def test_the_levels_draw_each_organisation_and_every_line(
    practices: CoefficientsReport, ground: Palette
) -> None:
    level = practices.level
    assert level is not None
    spec = drawn(charts.bland_altman(practices, ground))
    assert len(rows_with(spec, "unit")) == len(level.points)
    lines = {(row["what"], row["at"]) for row in rows_with(spec, "at")}
    assert ("mean difference", level.bland_altman.bias) in lines
    assert len(lines) == 5


@GROUNDS
def test_the_other_measures_draw_those_of_the_same_thing_first(
    practices: CoefficientsReport, ground: Palette
) -> None:
    rows = rows_with(drawn(charts.measures(practices, ground)), "pair")
    assert rows[0]["what"] == "the same thing"
    assert len({row["pair"] for row in rows}) == len(practices.measures)


@pytest.mark.parametrize("count", [10, 12, 600])
def test_pictures_of_few_and_of_many(store: Store, count: int) -> None:
    random = np.random.default_rng(6)
    places = [(at, at + float(random.normal(0, 0.4))) for at, _ in alike(count)]
    committed(store, *standings(places, 300, 150))
    told = coefficients(store, agreement(store, GP))
    assert told is not None
    drawn(charts.curve(told, LIGHT))
    drawn(charts.bands(told, LIGHT))
    assert told.level is not None
    drawn(charts.bland_altman(told, LIGHT))
    drawn(charts.measures(told, LIGHT))
