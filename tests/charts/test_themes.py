"""Pictures of themes: every field is a column, sources of one signal are told apart by their marks."""

from __future__ import annotations

import pytest

from pxcore.analysis.comments.themes import ThemesQuestion, ThemesReport, themes
from pxcore.charts import themes as charts
from pxcore.charts.theme import DARK, LIGHT, Palette
from pxcore.store import Store
from tests.analysis.voices import committed, many
from tests.charts.specs import drawn

GROUNDS = pytest.mark.parametrize("ground", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture(scope="module")
def report(demonstration: Store) -> ThemesReport:
    return themes(demonstration, ThemesQuestion())


def rows_with(spec: dict, column: str) -> list[dict]:
    return [row for rows in spec["datasets"].values() for row in rows if column in row]


@GROUNDS
def test_shares_are_drawn_inside_their_ranges_most_named_first(
    report: ThemesReport, ground: Palette
) -> None:
    spec = drawn(charts.prominence(report, ground))
    rows = rows_with(spec, "share")
    assert len(rows) == 26  # 13 themes in two sources
    assert all(row["low"] <= row["share"] <= row["high"] for row in rows)
    assert rows[0]["theme"] == report.topics[0]


@GROUNDS
def test_two_sources_of_one_signal_share_its_colour_and_not_their_mark(
    report: ThemesReport, ground: Palette
) -> None:
    spec = drawn(charts.prominence(report, ground))
    marks = next(one for one in spec["layer"] if "shape" in one["encoding"])["encoding"]
    assert marks["stroke"]["scale"]["range"] == [ground.community] * 2
    looks = zip(marks["shape"]["scale"]["range"], marks["fill"]["scale"]["range"], strict=True)
    assert len(set(looks)) == 2


@GROUNDS
def test_the_heat_maps_draw_no_hidden_cell(report: ThemesReport, ground: Palette) -> None:
    rows = [
        row
        for voices in charts.sheets(report)
        for row in rows_with(drawn(charts.heat(report, voices, ground)), "shown")
    ]
    assert len(rows) == len(report.heat())
    hidden = [row for row in rows if row["share"] is None]
    assert hidden
    for row in hidden:
        under = row["shown"].removeprefix("<")
        assert 0 < int(under) <= 100
        assert row["text"].startswith("fewer than 5 of ")
        assert row["text"].endswith(f", under {under}%, named it")
    assert all(row["shown"].isdigit() for row in rows if row["share"] is not None)


def test_a_heat_map_has_room_for_upright_heads_that_name_a_source_once(
    report: ThemesReport,
) -> None:
    sheets = charts.sheets(report)
    assert sorted(key for voices in sheets for key in voices) == ["care_opinion", "healthwatch"]
    for voices in sheets:
        spec = drawn(charts.heat(report, voices, LIGHT))
        columns = list(dict.fromkeys(row["column"] for row in rows_with(spec, "column")))
        heads = [column.split("\n")[1:] for column in columns]
        assert len(heads) <= charts.MOST_COLUMNS
        assert len({len(head) for head in heads}) == 1  # all end on one line
        assert max(len(line) for head in heads for line in head) <= charts.HEAD
        title = report.voice(voices[0]).title
        assert sum(title in " ".join(head) for head in heads) == 1


@GROUNDS
def test_a_theme_over_time_draws_the_points_that_may_be_shown(
    report: ThemesReport, ground: Palette
) -> None:
    theme = "Staff attitudes"
    rows = rows_with(drawn(charts.over_time(report, theme, ground)), "when")
    assert len(rows) == len(report.series(theme)) > 4


@GROUNDS
def test_pairs_are_drawn_on_both_sides(report: ThemesReport, ground: Palette) -> None:
    rows = rows_with(drawn(charts.together(report, "healthwatch", ground)), "first")
    there = {(row["first"], row["second"]) for row in rows}
    assert there == {(b, a) for a, b in there}
    assert all(row["size"] >= 0 for row in rows)


@GROUNDS
def test_what_was_felt_is_drawn_with_everybody_first(report: ThemesReport, ground: Palette) -> None:
    rows = rows_with(drawn(charts.felt(report, "healthwatch", ground)), "feeling")
    assert rows[0]["name"] == "Everybody"
    assert {row["feeling"] for row in rows} == {"positive", "negative"}


def test_four_sources_of_one_signal_have_four_marks(store: Store) -> None:
    names = ("healthwatch", "care_opinion", "nhs_reviews", "coded_comments")
    for at, source in enumerate(names):
        committed(store, many(20 + at, ["Waiting times"], start=100 * at, source=source))
    report = themes(store, ThemesQuestion())
    spec = drawn(charts.prominence(report, LIGHT))
    marks = next(one for one in spec["layer"] if "shape" in one["encoding"])["encoding"]
    looks = zip(marks["shape"]["scale"]["range"], marks["fill"]["scale"]["range"], strict=True)
    assert len(set(looks)) == 4
