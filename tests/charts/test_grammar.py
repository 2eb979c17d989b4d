"""What pictures are written in says what Altair says."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
import pytest

from pxcore.charts import grammar
from pxcore.charts.theme import where

ROWS = pd.DataFrame(
    {"value": [1.0, None], "name": ["a", "b"], "on": pd.to_datetime(["2025-01-01"] * 2)}
)
BESIDE = pd.DataFrame({"value": [2], "name": ["a"], "on": pd.to_datetime(["2025-01-01"])})


def two_layers(by: Any, rows: pd.DataFrame, beside: pd.DataFrame) -> dict[str, Any]:
    """A picture of every kind of part, by Altair or by the grammar."""
    picked = by.selection_point(name="unit", fields=["name"], on="click", empty=False)
    base = by.Chart(rows)
    marks = (
        base.transform_calculate(twice="2 * datum.value")
        .transform_filter("datum.value > 0")
        .mark_point(filled=True, size={"expr": "28"})
        .encode(
            x=by.X(
                "on:T",
                title=None,
                axis=by.Axis(tickCount=by.TimeIntervalStep(interval="month", step=3)),
            ),
            y=by.Y("value:Q", scale=by.Scale(domain=[0, 1], zero=False)),
            shape=by.Shape("name:N", legend=by.Legend(orient="top"), sort=["b", "a"]),
            fill=by.Fill("name:N", legend=None),
            tooltip=[by.Tooltip("name:N", title="Name"), by.Tooltip("value:Q", format=".2f")],
            detail=by.Detail("name:N"),
            order=by.Order("value:O"),
        )
        .add_params(picked)
    )
    ranges = (
        by.Chart(beside)
        .mark_rule(strokeDash=[4, 3])
        .encode(x=by.X("on:T"), y=by.YValue(1), y2=by.Y2("value:Q"), x2=by.X2("value:Q"))
        .encode(yOffset=by.YOffset("name:N"), text="name:N")
    )
    title = by.Title("Both", anchor="start")
    resolve = by.Resolve(scale={"color": "independent"})
    spec: dict[str, Any] = by.layer(marks, ranges, title=title, resolve=resolve).to_dict()
    spec.pop("config", None)
    return spec


@pytest.mark.parametrize("beside", [ROWS, BESIDE], ids=["the same rows", "others"])
def test_a_picture_says_what_altair_says(beside: pd.DataFrame) -> None:
    ours, theirs = (two_layers(by, ROWS, beside) for by in (grammar, alt))
    rows, expected = (list(spec.pop("datasets").values()) for spec in (ours, theirs))
    assert len(rows) == len(expected) == (1 if beside is ROWS else 2)
    assert [[row["value"] for row in table] for table in rows] == [
        [row["value"] for row in table] for table in expected
    ]
    for spec in (ours, theirs):
        views = [layer.pop("name", None) for layer in spec["layer"]]
        assert [param.pop("views") for param in spec["params"]] == [[views[0]]]
        for part in (spec, *spec["layer"]):  # data are named by their rows
            assert ("data" in part) == ((part is spec) == (beside is ROWS))
            part.pop("data", None)
    assert ours == theirs


def test_a_channel_of_two_values_says_what_altair_says() -> None:
    spoken = []
    for by in (alt, grammar):
        picked = by.selection_point(name="organisation", fields=["name"], empty=False)
        hovered = by.selection_point(name="hovered", fields=["name"], on="mouseover", empty=False)
        for test in ("datum.value > 1", picked, picked | hovered):
            channel = (
                alt.condition(test, alt.value(1.0), alt.value(0.3))
                if by is alt
                else where(test, 1.0, 0.3, grammar.OpacityValue)
            )
            drawn = by.layer(by.Chart(ROWS).mark_point().encode(opacity=channel)).to_dict()
            spoken.append(drawn["layer"][0]["encoding"])
    assert spoken[:3] == spoken[3:]


def test_a_change_makes_another_chart_and_another_channel() -> None:
    base = grammar.Chart(ROWS)
    points, lines = base.mark_point().encode(x="value:Q"), base.mark_line()
    assert (points.mark["type"], lines.mark["type"], base.mark) == ("point", "line", {})
    assert lines.encoding == {}
    first = grammar.Y("name:N", title="Name")
    second = first.copy()
    second["title"] = None
    assert (first["title"], type(second)) == ("Name", grammar.Y)


@pytest.mark.parametrize("shorthand", ["value", "value:", "value:quantitative", "sum(value)"])
def test_a_column_without_its_kind_of_values_is_refused(shorthand: str) -> None:
    with pytest.raises(ValueError, match="which kind of values"):
        grammar.X(shorthand)
