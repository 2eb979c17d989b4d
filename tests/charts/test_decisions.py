"""Pictures of decisions: moves as shares of what was expected, and forecasts beside what came about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pxcore.analysis.workshop.decisions import After, Alone, Followed, Move
from pxcore.analysis.workshop.record import Direction
from pxcore.charts.decisions import moves, reliability
from pxcore.charts.theme import palette
from pxcore.stats.forecast import forecast_score
from tests.words.test_decisions import AFTER, DECISION, DRAFT, MOVED

LIGHT = palette("light")


def rows_of(records: list[Followed]) -> list[dict[str, object]]:
    """The rows that are drawn."""
    picture = moves(records, LIGHT)
    sets = picture.to_dict()["datasets"].values()
    return next(rows for rows in sets if "move" in rows[0])


def test_a_move_is_drawn_as_a_share_of_what_was_expected() -> None:
    (row,) = rows_of([MOVED])  # +6 points of 5, from 1 to 11
    assert [row["move"], row["low"], row["high"]] == pytest.approx([1.2, 0.2, 2.2])
    assert [row["alone"], row["alone_low"], row["alone_high"]] == pytest.approx([0.4, -1.6, 2.4])
    assert row["kind"] == Move.AS_EXPECTED.value


def test_a_fall_that_was_expected_points_the_same_way_and_its_range_is_in_order() -> None:
    expected = DRAFT.expected
    assert expected is not None
    down = replace(expected, direction=Direction.DOWN)
    decision = replace(DECISION, draft=replace(DRAFT, expected=down))
    after = After(AFTER.period, 0.51, 0.45, 0.57, 170, -0.06, -0.11, -0.01)
    fell = replace(MOVED, decision=decision, after=after, alone=Alone(-0.02, -0.12, 0.08, 0))
    (row,) = rows_of([fell])
    assert [row["move"], row["low"], row["high"]] == pytest.approx([1.2, 0.2, 2.2])
    assert [row["alone_low"], row["alone_high"]] == pytest.approx([-1.6, 2.4])


def test_two_decisions_on_one_figure_have_rows_of_their_own_and_none_without_a_figure() -> None:
    silent = replace(MOVED, after=None)
    stuck = replace(MOVED, move=Move.DID_NOT_MOVE, alone=None)
    rows = rows_of([MOVED, silent, stuck])
    assert [row["name"] for row in rows] == ["The Surgery, GP survey", "The Surgery, GP survey · 2"]
    assert rows[1]["kind"] == Move.OTHER_WAY.value
    assert rows[1]["alone"] is None


def test_no_figure_is_cut_at_an_edge() -> None:
    far = replace(MOVED, after=replace(AFTER, move=-0.4, move_low=-0.9, move_high=0.1))
    whole = moves([far], LIGHT).to_dict()
    domains = [
        layer["encoding"]["x"]["scale"]["domain"]
        for layer in whole["layer"]
        if "domain" in layer.get("encoding", {}).get("x", {}).get("scale", {})
    ]
    assert domains
    for low, high in domains:
        assert low < -8 < 8 < high


def test_each_group_of_forecasts_stands_where_it_came_about() -> None:
    score = forecast_score([0.9, 0.1] * 10, [1, 0] * 10)
    sets = reliability(score, LIGHT).to_dict()["datasets"].values()
    rows = next(rows for rows in sets if "forecasts" in rows[0])
    assert [(row["chance"], row["share"]) for row in rows] == [
        (pytest.approx(0.1), 0),
        (pytest.approx(0.9), 1),
    ]
    assert all(row["low"] <= row["share"] <= row["high"] for row in rows)
