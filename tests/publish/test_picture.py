"""A picture that leaves: title, source and period inside it, and the rows it is drawn from as a table."""

from __future__ import annotations

import json
import re
import struct

import pytest

from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.charts.specification import Specification, specification
from pxcore.charts.theme import DARK, LIGHT
from pxcore.publish import picture
from pxcore.store import Store
from pxcore.words.basis import basis
from tests.charts.gallery import Drawing, pictures

FRAME = picture.Frame("The two tell the same story.", ("FFT GP, Jan–Mar 2026", "Synthetic data"))


@pytest.fixture(scope="module")
def drawings(demonstration: Store, every_pair: OverviewReport) -> dict[str, Drawing]:
    return pictures(demonstration, every_pair)


def of(drawing: Drawing) -> Specification:
    draw, question = drawing
    return specification(draw, LIGHT, "", *question)


def test_every_picture_is_drawn_with_its_title_source_and_period(
    drawings: dict[str, Drawing],
) -> None:
    for name, drawing in drawings.items():
        spec = picture.framed(of(drawing), FRAME, LIGHT)
        drawn = picture.svg(spec)
        for words in (FRAME.title, *FRAME.lines):
            assert words in drawn, name
        assert "NaN" not in drawn, name
        text = json.dumps(spec)
        assert "containerSize" not in text, name
        assert "windowSize" not in text, name


def test_a_png_is_as_sharp_as_paper_needs(drawings: dict[str, Drawing]) -> None:
    content = picture.png(picture.framed(of(drawings["overview strip"]), FRAME, DARK))
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    assert width > picture.SCALE * picture.WIDTH
    assert height > 400


# Beside Latin-1 the letters of Liberation Sans, which vl-convert brings along, that pictures need.
LETTERS = set("–—‘’“”…−←→│≥≤●○")


def test_what_is_written_in_a_picture_is_drawn_on_a_computer_without_fonts(
    drawings: dict[str, Drawing],
) -> None:
    """A mark that the font lacks would be an empty box there: marks are drawn as shapes."""
    assert picture.FONT.startswith("Liberation Sans,")
    for name, drawing in drawings.items():
        drawn = picture.svg(picture.framed(of(drawing), FRAME, LIGHT))
        # what stands in the tree of a picture for those who do not see it is not drawn
        written = "".join(re.findall(r">([^<>]+)</(?:text|tspan)>", drawn))
        assert written, name
        assert {letter for letter in written if ord(letter) > 255} <= LETTERS, name
        assert 'font-family="Liberation Sans' in drawn, name


def test_a_long_title_is_there_in_full(drawings: dict[str, Drawing]) -> None:
    long = picture.Frame(" ".join(f"word{n}" for n in range(80)), ("FFT GP",))
    drawn = picture.svg(picture.framed(of(drawings["overview strip"]), long, LIGHT))
    assert all(f"word{n}" in drawn for n in range(80))
    assert "FFT GP" in drawn


def test_every_picture_has_its_rows_under_headings_of_its_own(drawings: dict[str, Drawing]) -> None:
    for name, drawing in drawings.items():
        rows = picture.rows(of(drawing))
        assert rows.size, name
        assert len(set(rows.columns)) == len(rows.columns), name
        assert not [column for column in rows.columns if "_" in column], name


def test_the_rows_are_those_drawn(drawings: dict[str, Drawing]) -> None:
    draw, (report,) = drawings["divergence ranked"]
    rows = picture.rows(of((draw, (report,))))
    drawn = report.drawn()
    assert rows["Organisation"].tolist() == drawn["name"].tolist()
    assert rows["Gap, typical differences"].tolist() == pytest.approx(drawn["gap"].tolist())


def test_each_picture_says_what_it_rests_on(drawings: dict[str, Drawing]) -> None:
    # of a robustness report the page says; how good the room's forecasts were rests on no source
    silent = {"divergence specifications", "what if strip", "decisions reliability"}
    for name, (_, question) in drawings.items():
        assert bool(basis(*question)) != (name in silent), name
    assert basis(*drawings["overview strip"][1]) == (
        "FFT GP, Jan–Mar 2026; GP survey, Jan–Mar 2026"
    )
    assert basis(*drawings["trends everybody 0"][1]) == "FFT GP, Apr 2023–Mar 2026"
    assert basis(*drawings["overview coverage"][1]).endswith("2026")
    assert "Healthwatch, Apr 2023" not in basis(*drawings["overview agreements"][1])
