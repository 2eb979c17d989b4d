"""Pictures of what if: where verdicts went, both headlines, how verdicts stand up to other choices."""

from __future__ import annotations

import pandas as pd
import pytest

from pxcore.analysis.judging.robustness import RobustnessReport, robustness
from pxcore.analysis.pairs.what_if import WhatIfReport, what_if
from pxcore.charts import divergence
from pxcore.charts import what_if as charts
from pxcore.charts.theme import DARK, LIGHT, Palette
from pxcore.model import Months, Scenario
from pxcore.store import Store
from tests.analysis.frames import GP
from tests.charts.specs import drawn
from tests.charts.test_divergence import rows_with

GROUNDS = pytest.mark.parametrize("ground", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture(scope="module")
def year(demonstration: Store) -> WhatIfReport:
    return what_if(demonstration, GP, Scenario(months=Months.YEAR))


@pytest.fixture(scope="module")
def tried(demonstration: Store) -> RobustnessReport:
    return robustness(demonstration, GP)


@GROUNDS
def test_the_flow_counts_every_organisation_once(year: WhatIfReport, ground: Palette) -> None:
    rows = rows_with(drawn(charts.flow(year, ground)), "organisations")
    assert sum(row["organisations"] for row in rows) == len(year.moves)
    for row in rows:
        assert row["stayed"] == (row["before"] == row["after"])
        assert row["label"].startswith(f"{row['organisations']:,} ")


@GROUNDS
def test_both_views_have_their_figures_with_ranges(year: WhatIfReport, ground: Palette) -> None:
    spec = drawn(charts.headlines(year, ground))
    rows = rows_with(spec, "estimate")
    assert {(row["view"], row["what"]) for row in rows} == {
        (view, what) for view in charts.VIEWS for what in ("underlying", "raw")
    }
    assert all(row["low"] <= row["estimate"] <= row["high"] for row in rows)


@GROUNDS
def test_the_strip_holds_every_verdict_that_was_tried(
    tried: RobustnessReport, ground: Palette
) -> None:
    rows = rows_with(drawn(charts.strip(tried, ground)), "bin")
    heard = int(tried.heard.sum())
    assert sum(row["organisations"] for row in rows) == heard
    assert 0 < heard < len(tried.units)
    assert all(0 <= row["bin"] <= 1 for row in rows)


def test_a_way_of_counting_comments_is_told_only_where_it_was_varied(
    tried: RobustnessReport,
) -> None:
    def asked(rows: pd.DataFrame) -> list[str]:
        spec = drawn(divergence.specifications_of(rows, LIGHT))
        return [told["title"] for told in spec["layer"][1]["encoding"]["tooltip"]]

    rows = tried.of(tried.units[int(tried.heard.argmax())])
    assert asked(rows)[-1] == "False-discovery rate"
    ways = rows.assign(sentiment=["one", "other"] * (len(rows) // 2))
    assert asked(ways)[-2:] == ["False-discovery rate", "A comment counts"]
    half = ways.assign(comments=ways["sentiment"])
    assert asked(half)[-2:] == ["A comment counts", "A comment is"]
