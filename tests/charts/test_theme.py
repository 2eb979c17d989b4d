"""Names above rows and legends in HTML: what a picture says of itself where it has little room."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pytest

from pxcore.charts.theme import (
    HALF_DISC,
    LIGHT,
    LIKELY_MARKS,
    NAME,
    SIGNAL_MARKS,
    VERDICT_MARKS,
    Mark,
    Picture,
    explained,
    fitted,
    legend,
    names_above,
    rows_of,
    verdict_marks,
)
from pxcore.charts.themes import _MARKS
from pxcore.ui import show

ORDER = ["Zebra Surgery", "O'Hara & Sons", "A practice: “quoted”"]


def picture() -> Picture:
    rows = pd.DataFrame({"name": ORDER, "value": [1.0, 2.0, 3.0]})
    y = rows_of("name", ORDER, 40)
    marks = alt.Chart(rows).mark_point().encode(x="value:Q", y=y)
    return fitted([marks, names_above(y, "name", ORDER, LIGHT)], 200, 300)


def test_a_name_stands_beside_its_row_or_above_it_and_never_both() -> None:
    spec = picture().to_dict()
    marks, names = spec["layer"]
    beside = marks["encoding"]["y"]["axis"]["labelExpr"]
    above = names["mark"]["text"]["expr"]
    assert beside == "narrow ? '' : datum.label"
    assert above == "narrow ? datum['name'] : ''"
    assert [row["name"] for row in spec["datasets"][names["data"]["name"]]] == ORDER
    assert marks["encoding"]["y"]["sort"] == names["encoding"]["y"]["sort"] == ORDER
    # above: the top of the band, which leaves the name its room
    assert names["encoding"]["y"]["bandPosition"] == 0
    assert (
        marks["encoding"]["y"]["scale"]["paddingInner"]["expr"] == f"narrow ? {NAME / 40:.3f} : 0.0"
    )


def test_a_picture_asks_for_its_room_whenever_its_width_changes() -> None:
    told = {one["name"]: one["expr"] for one in picture().to_dict()["params"]}
    assert told["height"] == "narrow ? 300 : 200"
    for asked, of in (("small", "windowSize()[0]"), ("narrow", "containerSize()[0]")):
        assert "width" in told[asked].replace(
            of, ""
        )  # a signal is looked at again when another changes
        assert of in told[asked]


@pytest.mark.parametrize("words", ["{}", "limits, {}", "{} answers"])
def test_a_legend_shows_its_values_where_there_is_room_alone(words: str) -> None:
    told = legend(["it's", "other"], words).to_dict()
    assert told["values"]["expr"] == 'small ? [] : ["it\'s", "other"]'
    assert words.split("{}")[0] in told["labelExpr"]


def test_a_legend_is_written_as_the_marks_are_drawn() -> None:
    marks = [
        *verdict_marks([*VERDICT_MARKS, *LIKELY_MARKS], LIGHT),
        Mark("<b>limits</b>", "dashes", "red", "red"),
    ]
    said = show.legend(explained(picture(), marks).legend)
    assert "&lt;b&gt;limits&lt;/b&gt;" in said
    assert all(mark in said for mark in (*VERDICT_MARKS, *LIKELY_MARKS))
    assert f"background:{LIGHT.dissonance}" in said
    assert "dashed" in said


def test_every_shape_a_picture_draws_can_be_written() -> None:
    marks = (*VERDICT_MARKS.values(), *LIKELY_MARKS.values())
    shapes = {*_MARKS, *SIGNAL_MARKS.values(), *(shape for _, shape in marks)}
    for shape in shapes | {"line", "dashes", "dots"}:
        assert "<i style=" in show.legend([Mark("", shape, "", "", 9)])
    assert shapes <= {"circle", "square", HALF_DISC, *show._OUTLINES}
