"""Pictures of groups: every source, gap and agreement drawn is a row of the report; nothing withheld is."""

from __future__ import annotations

from typing import Any

import pytest

from pxcore.analysis.joining.bands import TAKEN_TOGETHER
from pxcore.analysis.pairs.group_report import GroupsReport
from pxcore.analysis.pairs.groups import groups
from pxcore.charts import groups as charts
from pxcore.charts.theme import DARK, LIGHT, Palette
from pxcore.model import Pairing
from pxcore.store import Store
from tests.analysis.joining.test_selection import two_local
from tests.analysis.pairs.test_groups import SHOWN, by_age
from tests.charts.specs import drawn

GROUNDS = pytest.mark.parametrize("ground", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture(scope="module")
def people(demonstration: Store) -> GroupsReport:
    return groups(demonstration, Pairing("fft_local", "local_survey"), "age")


@pytest.fixture(scope="module")
def practices(demonstration: Store) -> GroupsReport:
    return groups(demonstration, Pairing("fft_gp", "gp_survey"))


def rows_with(spec: dict[str, Any], column: str) -> list[dict[str, Any]]:
    return [row for rows in spec["datasets"].values() for row in rows if column in row]


@GROUNDS
def test_each_source_is_drawn_in_its_own_colour_and_shape(
    people: GroupsReport, ground: Palette
) -> None:
    spec = drawn(charts.by_group(people, ground))
    rows = rows_with(spec, "value")
    assert len(rows) == 2 * 4  # three bands and everybody; nobody did not tell
    assert all(row["low"] <= row["value"] <= row["high"] for row in rows)
    dots = spec["layer"][1]["encoding"]
    assert dots["color"]["scale"]["domain"] == ["FFT local", "Local survey"]
    assert dots["color"]["scale"]["range"] == [ground.fft, ground.survey]
    assert dots["shape"]["scale"]["range"] == ["square", "circle"]


def test_what_is_withheld_is_not_drawn(store: Store) -> None:
    cells = by_age({"25-34": (90, 60), "45-54": (3, 1), "75-84": (30, 20), "": (12, 5)}, 1)
    told = groups(two_local(store, cells), SHOWN, "age")
    for picture in (charts.by_group(told, LIGHT), charts.gaps(told, LIGHT)):
        bands = {row["band"] for row in rows_with(drawn(picture), "band")}
        assert bands
        assert "16-44" in bands
        assert "45-64" not in bands


@GROUNDS
def test_the_gaps_are_drawn_in_points_with_nought(people: GroupsReport, ground: Palette) -> None:
    spec = drawn(charts.gaps(people, ground))
    rows = {row["band"]: row for row in rows_with(spec, "gap")}
    assert people.gaps is not None
    gap = people.gaps.rows
    assert rows[TAKEN_TOGETHER]["gap"] == pytest.approx(100 * gap.iloc[0]["gap"])
    assert rows[TAKEN_TOGETHER]["total"] is True
    assert rows["16-44"]["total"] is False
    assert rows_with(spec, "zero") == [{"zero": 0.0}]


@GROUNDS
def test_agreement_is_drawn_for_every_group_with_a_figure(
    practices: GroupsReport, ground: Palette
) -> None:
    spec = drawn(charts.rankings(practices, ground))
    rows = rows_with(spec, "estimate")
    assert {row["band"] for row in rows} == set(practices.rankings["band"])
    assert {row["what"] for row in rows} == {"underlying", "raw"}
    assert all(row["low"] <= row["estimate"] <= row["high"] for row in rows)
