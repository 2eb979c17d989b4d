"""A picture as it is sent: what Altair says of it, finished, with its rows as Arrow tables."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pytest
from altair.utils import schemapi

from pxcore.analysis.judging.certainty import certainty_of
from pxcore.analysis.pairs.agreement import agreement
from pxcore.charts.agreement import scatter
from pxcore.charts.specification import finished, specification
from pxcore.charts.theme import DARK, LIGHT, Palette, Picture, explained, fitted, where
from pxcore.charts.theme import Mark as LegendMark
from pxcore.model import Pairing
from pxcore.store import Store
from tests.charts.specs import drawn

ROWS = pd.DataFrame({"value": [1.0, 2.5], "name": ["a", "b"]})


def pair(title: str, palette: Palette) -> Picture:
    marks = alt.Chart(ROWS).mark_point().encode(x=alt.X("value:Q"), y=alt.Y("name:N"))
    of_all = {"title": {"text": title}} if title else {}
    return explained(
        fitted([marks], 200, **of_all), [LegendMark("mark", "circle", palette.text, palette.text)]
    )


def test_its_rows_are_tables_under_the_name_the_layer_knows() -> None:
    sent = specification(pair, LIGHT, "", "")
    table = sent.vega["datasets"][sent.vega["data"]["name"]]
    assert table.to_pandas()["value"].tolist() == [1.0, 2.5]
    assert table.column_names == ["value", "name"]  # no index
    assert [mark.label for mark in sent.legend] == ["mark"]


def test_the_same_rows_have_the_same_name_and_others_another() -> None:
    def named(rows: pd.DataFrame) -> set[str]:
        def draw(_: Palette) -> Picture:
            return fitted([alt.Chart(rows).mark_point().encode(x=alt.X("value:Q"))], 100)

        return set(specification(draw, LIGHT, "").vega["datasets"])

    assert named(ROWS) == named(ROWS.copy()) != named(ROWS.assign(value=[1.0, 2.6]))
    assert named(ROWS) != named(ROWS.rename(columns={"name": "title"}))


@pytest.mark.parametrize("ground", [LIGHT, DARK], ids=["light", "dark"])
def test_it_says_what_altair_says_and_what_every_picture_has(
    demonstration: Store, ground: Palette
) -> None:
    report = agreement(demonstration, Pairing("fft_gp", "gp_survey"))
    likely = certainty_of(demonstration, report.judgement)
    whole = drawn(scatter(report, likely, ground))
    sent = dict(specification(scatter, ground, "Synthetic data", report, likely).vega)
    assert sent.pop("config") == {
        "view": {"stroke": None},
        "axis": {
            "gridColor": ground.line,
            "gridOpacity": 0.5,
            "domainColor": ground.line,
            "labelColor": ground.muted,
            "titleColor": ground.muted,
        },
        "legend": {"labelColor": ground.muted, "titleColor": ground.muted},
    }
    assert sent.pop("title")["text"] == "Synthetic data"
    tables = sent.pop("datasets")
    rows = whole.pop("datasets")
    assert sorted(table.num_rows for table in tables.values()) == sorted(map(len, rows.values()))
    assert _nameless(sent) == _nameless(whole)


def _nameless(spec: object) -> object:
    """Without the names of data, which hang on how rows are kept, and of views, which hang on those."""
    if isinstance(spec, dict):
        return {
            key: _nameless(item)
            for key, item in spec.items()
            if key not in ("data", "name", "views")
        }
    return [_nameless(item) for item in spec] if isinstance(spec, list) else spec


def test_a_line_of_words_stands_under_a_title_or_is_one() -> None:
    alone = specification(pair, LIGHT, "Synthetic data", "").vega["title"]
    assert (alone["text"], alone["anchor"]) == ("Synthetic data", "start")
    under = specification(pair, LIGHT, "Synthetic data", "By month").vega["title"]
    assert (under["text"], under["subtitle"]) == ("By month", "Synthetic data")
    assert "title" not in finished({}, LIGHT)


def test_altair_checks_again_once_a_picture_is_made() -> None:
    specification(pair, LIGHT, "", "")
    assert schemapi.DEBUG_MODE
    assert alt.data_transformers.active == "default"


def test_a_channel_of_two_values_says_what_altair_says() -> None:
    picked = alt.selection_point(name="organisation", fields=["name"], empty=False)
    hovered = alt.selection_point(name="hovered", fields=["name"], on="mouseover", empty=False)
    for test in ("datum.value > 1", picked, picked | hovered):
        usual = (
            alt.Chart(ROWS)
            .mark_point()
            .encode(opacity=alt.condition(test, alt.value(1.0), alt.value(0.3)))
        )
        quick = alt.Chart(ROWS).mark_point().encode(opacity=where(test, 1.0, 0.3, alt.OpacityValue))
        one, other = (chart.to_dict()["encoding"] for chart in (usual, quick))
        assert one == other
