"""Charts: every field drawn is a column of the frame, on both grounds, and selections have names."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from pxcore.analysis.joining.alignment import align
from pxcore.analysis.judging.certainty import MARKS, certainty_of
from pxcore.analysis.pairs.agreement import AgreementReport, agreement
from pxcore.analysis.pairs.matrix import UNSAID, Matrix
from pxcore.analysis.pairs.overview import OverviewReport, overview
from pxcore.charts import agreement as agreement_charts
from pxcore.charts import alignment as alignment_charts
from pxcore.charts import overview as overview_charts
from pxcore.charts.specification import finished
from pxcore.charts.theme import (
    DARK,
    LIGHT,
    LIKELY_MARKS,
    SIGNAL_MARKS,
    SIGNAL_TITLES,
    VERDICT_MARKS,
    Palette,
    Picture,
    palette,
    verdict_fill,
    verdict_line,
)
from pxcore.model import Pairing, Signal
from pxcore.stats.intervals import wilson
from pxcore.store import Store
from pxcore.words import matrix as words
from tests.analysis.frames import alike, committed, standings
from tests.charts.specs import drawn
from tests.store.loads import extract, fft, parent, provider, response, survey

GP = Pairing("fft_gp", "gp_survey")
GROUNDS = pytest.mark.parametrize("ground", [LIGHT, DARK], ids=["light", "dark"])


def scatter(store: Store, report: AgreementReport, ground: Palette) -> Picture:
    return agreement_charts.scatter(report, certainty_of(store, report.judgement), ground)


@GROUNDS
def test_the_scatter(demonstration: Store, ground: Palette) -> None:
    spec = drawn(scatter(demonstration, agreement(demonstration, GP), ground))
    assert "organisation" in {parameter["name"] for parameter in spec["params"]}
    likely = certainty_of(demonstration, agreement(demonstration, GP).judgement)
    rows = {row["unit"]: row for rows in spec["datasets"].values() for row in rows if "unit" in row}
    marks = likely.cells.set_index("unit")["mark"]
    assert {unit: row["mark"] for unit, row in rows.items()} == {unit: marks[unit] for unit in rows}
    edge = max(abs(row["left_standing"]) for row in rows.values())
    reach = spec["layer"][0]["encoding"]["x"]["scale"]["domain"][1]
    assert edge < reach  # no mark is cut


@GROUNDS
def test_the_coefficient_beside_published_ones(demonstration: Store, ground: Palette) -> None:
    report = agreement(demonstration, Pairing("fft_inpatient", "cqc_inpatient"))
    spec = drawn(agreement_charts.coefficient(report, ground))
    assert any(
        row.get("what") == "Published, raw" for rows in spec["datasets"].values() for row in rows
    )


@pytest.fixture(scope="module")
def whole(every_pair: OverviewReport) -> OverviewReport:
    return every_pair


@GROUNDS
def test_the_overview(whole: OverviewReport, ground: Palette) -> None:
    drawn(overview_charts.agreements(whole, ground))
    drawn(overview_charts.coverage(whole.coverage, ground))


# --- The convergence matrix ---


@GROUNDS
def test_the_matrix_and_its_distribution(whole: OverviewReport, ground: Palette) -> None:
    for matrix in whole.matrices():
        spec = drawn(overview_charts.matrix(matrix, "", 14, ground))
        assert "cell" in {parameter["name"] for parameter in spec["params"]}
        for pair in matrix.pairs:
            drawn(overview_charts.distribution(matrix, pair, ground))


def test_a_cell_holds_its_mark_and_the_letter_of_its_silence(whole: OverviewReport) -> None:
    matrix = whole.matrices()[0]
    assert words.title(matrix) == "Practices (general practice)"
    spec = drawn(overview_charts.matrix(matrix, "", 0, LIGHT))
    of_layers = [spec["datasets"][layer["data"]["name"]] for layer in spec["layer"][:5]]
    rows, marked, beside, alone, ticked = of_layers
    assert rows == marked
    assert len(rows) == matrix.cells["pair"].isin(matrix.telling).sum() > 100
    for row in rows:
        assert (row["size"] == 0) is (row["mark"] == "not judged")
        unsaid = row["mark"] in UNSAID
        assert (row["letter"] != "") == unsaid  # the letter of its silence
        assert (row in beside) is (unsaid and row["size"] > 0)
        assert (row in alone) is (unsaid and row["size"] == 0)
        assert (row in ticked) is row["shown"]
    scale = spec["layer"][1]["encoding"]["shape"]["scale"]
    shapes = dict(zip(scale["domain"], scale["range"], strict=True))
    assert shapes == {mark: shape for mark, (_, shape) in LIKELY_MARKS.items()}
    withheld = next(row for row in rows if row["unit"] == "P-0018" and "GP survey" in row["pair"])
    assert (withheld["mark"], withheld["letter"]) == ("silent", "w")
    assert withheld["answers"] == "– / –"
    planted = next(row for row in rows if row["unit"] == "P-0044" and "GP survey" in row["pair"])
    assert (planted["mark"], planted["shown"]) == ("very likely differ", True)
    assert planted["likely"] == "Very likely differ (more than 99 in 100), confirmed"


def test_every_mark_has_a_fill_a_line_and_an_ink_that_stands_out() -> None:
    for ground in (LIGHT, DARK):
        for mark in (*VERDICT_MARKS, *LIKELY_MARKS):
            assert verdict_fill(mark, ground).startswith("#")
            assert verdict_line(mark, ground).startswith("#")
        for hollow, filled in (
            ("dissonance of usual size", "dissonance, unusual"),
            ("probably differ", "very likely differ"),
        ):
            assert verdict_fill(hollow, ground) == ground.ground
            assert verdict_fill(filled, ground) == verdict_line(hollow, ground) == ground.dissonance
        for mark in LIKELY_MARKS:
            assert overview_charts.ink(mark, ground) != overview_charts.tile(mark, ground)
    for marks in (VERDICT_MARKS, LIKELY_MARKS):
        assert len({glyph for glyph, _ in marks.values()}) == len(marks)
    assert tuple(LIKELY_MARKS) == tuple(mark.value for mark in MARKS)


def matrix_of(count: int, **names: str) -> Matrix:
    left, right = standings(alike(max(count, 2))[:count], 300, 150)
    for row in left:
        row["provider_name"] = names.get(row["provider"].replace("-", "_"), row["provider_name"])
    store = committed(
        Store.open(), left, [row | {"provider_name": ""} for row in right],
        parent=[parent(f"P-{n}", f"B-{n % 6}", "icb") for n in range(count)],
        provider=[provider(f"B-{n}", "icb") for n in range(6)],
    )  # fmt: skip
    (matrix,) = overview(store).matrices()
    store.close()
    return matrix


@pytest.mark.parametrize("count", [1, 6, 600])
def test_a_matrix_of_few_and_of_many(count: int) -> None:
    matrix = matrix_of(count)
    spec = drawn(overview_charts.matrix(matrix, "", 14, LIGHT))
    units = {row["unit"] for rows in spec["datasets"].values() for row in rows if "unit" in row}
    # under ten nobody knows how alike the two usually are, and nothing is drawn
    assert len(units) == (14 if count > 9 else 0)
    assert bool(matrix.telling) is (count > 9)
    assert len(matrix.rows) == count
    assert spec["height"] < 500
    picture = drawn(overview_charts.distribution(matrix, matrix.pairs[0], LIGHT))
    every = [row for rows in picture["datasets"].values() for row in rows]
    counted = [row for row in every if "organisations" in row]
    assert {row["area"] for row in every} == {row["area"] for row in counted}  # every row is named
    assert sum(row["organisations"] for row in counted) == count


def test_two_organisations_of_one_name_are_two_rows() -> None:
    matrix = matrix_of(12, P_3="The Surgery", P_7="The Surgery")
    spec = drawn(overview_charts.matrix(matrix, "", 0, LIGHT))
    place = spec["layer"][0]["encoding"]["y"]["field"]
    rows = [row for rows in spec["datasets"].values() for row in rows if "unit" in row]
    assert len({row[place] for row in rows}) == len({row["unit"] for row in rows}) == 12


@GROUNDS
def test_the_alignment(demonstration: Store, ground: Palette) -> None:
    alignment = agreement(demonstration, GP).alignment
    drawn(alignment_charts.windows(alignment, ground))
    drawn(alignment_charts.account(alignment, ground))


def test_a_refused_alignment_can_still_be_drawn(store: Store) -> None:
    store.commit(
        [
            extract(fft_fact=[fft("P-1", 9, 10, "2026-02")]),
            extract(survey_fact=[survey("P-1", 0.5)]),
        ]
    )
    alignment = agreement(store, GP).alignment
    assert alignment.refusals
    spec = drawn(alignment_charts.windows(alignment, LIGHT))
    rows = [row for rows in spec["datasets"].values() for row in rows]
    assert {row["use"] for row in rows if "use" in row} == {alignment_charts.USES[False]}
    drawn(alignment_charts.account(alignment, LIGHT))


@GROUNDS
def test_a_scatter_of_nothing_is_an_empty_picture(store: Store, ground: Palette) -> None:
    store.commit(
        [
            extract(fft_fact=[fft("P-1", 9, 10)]),
            extract(survey_fact=[survey("P-2", 0.5)]),
        ]
    )
    report = agreement(store, GP)
    assert report.pairs.empty
    spec = scatter(store, report, ground).to_dict()
    assert json.dumps(spec, allow_nan=False)
    drawn(alignment_charts.account(report.alignment, ground))


@GROUNDS
def test_an_overview_of_nothing_is_an_empty_picture(store: Store, ground: Palette) -> None:
    assert overview_charts.agreements(overview(store), ground).to_dict()["height"] > 0


@GROUNDS
def test_a_coverage_without_a_date_is_an_empty_picture(store: Store, ground: Palette) -> None:
    undated = [response(n, provider="P-1", on="") for n in range(9)]
    store.commit([extract(response=[row for row, _ in undated], answer=[a for _, a in undated])])
    report = overview(store)
    for one in (report, report.of_service("general_practice")):
        assert overview_charts.coverage(one.coverage, ground).to_dict()["height"] > 0


def test_the_scatter_stays_a_scatter_up_to_its_limit(store: Store) -> None:
    most = agreement_charts.MOST_POINTS
    store.commit(
        [
            extract(fft_fact=[fft(f"P-{n}", n % 97, 100) for n in range(most)]),
            extract(survey_fact=[survey(f"P-{n}", (n % 89) / 100) for n in range(most)]),
        ]
    )
    spec = drawn(scatter(store, agreement(store, GP), LIGHT))
    drawn_rows = {
        row["unit"]: row for rows in spec["datasets"].values() for row in rows if "unit" in row
    }
    assert len(drawn_rows) == most


def test_many_organisations_are_binned_not_drawn_over_one_another(store: Store) -> None:
    store.commit(
        [
            extract(fft_fact=[fft(f"P-{n}", n % 97, 100) for n in range(600)]),
            extract(survey_fact=[survey(f"P-{n}", (n % 89) / 100) for n in range(600)]),
        ]
    )
    report = agreement(store, GP)
    spec = drawn(scatter(store, report, LIGHT))
    cells = next(iter(spec["datasets"].values()))
    assert sum(cell["organisations"] for cell in cells) == len(report.pairs) > 500
    assert len(cells) < 600


def test_each_signal_has_its_colour_mark_and_title() -> None:
    for signal in Signal:
        assert SIGNAL_MARKS[signal]
        assert SIGNAL_TITLES[signal]
        assert LIGHT.signal(signal) != DARK.signal(signal)
    assert palette("dark") is DARK
    assert palette("light") is LIGHT
    assert palette("anything else") is LIGHT


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    bent = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * bent[0] + 0.7152 * bent[1] + 0.0722 * bent[2]


@GROUNDS
def test_text_and_marks_stand_out_from_their_ground(ground: Palette) -> None:
    def contrast(colour: str, against: str) -> float:
        light, dark = sorted((luminance(colour), luminance(against)), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    for text in (ground.text, ground.muted):
        assert contrast(text, ground.ground) >= 4.5
    for mark in (ground.survey, ground.fft, ground.community, ground.agreement, ground.dissonance):
        assert contrast(mark, ground.ground) >= 3


def test_values_are_told_with_their_interval_and_answers(store: Store) -> None:
    store.commit(
        [
            extract(fft_fact=[fft(f"P-{n}", 40 + n, 60) for n in range(12)]),
            extract(survey_fact=[survey(f"P-{n}", 0.5 + n / 50) for n in range(12)]),
        ]
    )
    spec = scatter(store, agreement(store, GP), LIGHT).to_dict()
    rows = pd.DataFrame([row for rows in spec["datasets"].values() for row in rows])
    said = rows["left_said"].dropna().iloc[0]
    # months differ by more than chance: 60 answers are worth 40 where that cannot be estimated
    low, high = wilson(40 / 60, 60 / 1.5)
    assert said == f"67% ({low:.0%} to {high:.0%}), 60 answers"


def test_a_picture_of_the_demonstration_says_so_wherever_it_is_copied(demonstration: Store) -> None:
    picture = scatter(demonstration, agreement(demonstration, GP), LIGHT)
    assert finished(picture.to_dict(), LIGHT, "Synthetic")["title"]["text"] == "Synthetic"


@pytest.mark.parametrize("months", [1, 2, 3, 7, 8, 9, 16, 24, 30, 60, 96, 97, 240])
def test_the_axis_of_periods_names_no_month_twice(store: Store, months: int) -> None:
    """A label at the first of a month, whole months from the next, and no more than have room."""
    starts = pd.date_range("2024-01-01", periods=months, freq="MS")
    rows = [fft(f"P-{n}", 9, 10, f"{start:%Y-%m}") for n in range(3) for start in starts]
    waves = [survey(f"P-{n}", 0.9) for n in range(3)]
    store.commit([extract(fft_fact=rows), extract(survey_fact=waves)])
    spec = drawn(alignment_charts.windows(align(store, GP), LIGHT))
    ticks = spec["layer"][0]["encoding"]["x"]["axis"]["tickCount"]
    apart = ticks["step"] * {"month": 1, "year": 12}[ticks["interval"]]
    span = max(months + 1, 4)
    assert apart >= 1
    assert span / apart <= 10


@pytest.mark.parametrize(("across", "up"), [(0.0, 3.9), (0.0, -3.9), (3.9, 0.0), (-3.9, 3.9)])
def test_a_name_stays_in_the_picture(across: float, up: float) -> None:
    at_edge = pd.DataFrame(
        {"left_standing": [across], "right_standing": [up], "name": ["A practice of long name"]}
    )
    # marks all around it towards the middle, so that the places there are covered
    inwards = -0.1 if up > 0 else 0.1
    places = [(step, depth) for step in range(-14, 15) for depth in range(7)]
    around = pd.DataFrame(
        {
            "left_standing": [across + 0.1 * step for step, _ in places],
            "right_standing": [up + inwards * depth for _, depth in places],
        }
    )
    (place,) = agreement_charts._places(at_edge, around, 4.0)
    align, right, below = agreement_charts.PLACES[place]
    ((x, y),) = agreement_charts._pixels(at_edge, 4.0, agreement_charts.USUAL_WIDTH / 8)
    left, end, top, bottom = agreement_charts._box(
        x, y, 23 * agreement_charts.LETTER, align, right, below
    )
    assert min(left, top) >= 0
    assert max(end, bottom) <= agreement_charts.USUAL_WIDTH
