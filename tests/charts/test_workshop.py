"""Pictures for the screen of a room: what is drawn is what was frozen, and its words say the same."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.workshop.frozen import FrozenCell
from pxcore.analysis.workshop.room import RoundReport, Tally
from pxcore.analysis.workshop.workshops import Answer
from pxcore.charts import workshop as charts
from pxcore.store import Store
from pxcore.words import workshop as words
from tests.analysis.workshop.rooms import frozen


@pytest.fixture
def cells(demonstration: Store, every_pair: OverviewReport) -> tuple[FrozenCell, ...]:
    return frozen(demonstration, every_pair)


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(svg: str) -> list[str]:
    return [str(node.text) for node in parsed(svg).iter("text")]


def inside(svg: str) -> bool:
    """Everything with a place stands inside the picture."""
    width = float(parsed(svg).attrib["viewBox"].split()[2])
    places = [
        float(node.attrib[name])
        for node in parsed(svg).iter()
        for name in ("x", "x1", "x2", "cx")
        if name in node.attrib
    ]
    return all(0 <= place <= width for place in places)


def test_both_figures_stand_on_one_axis_with_ranges_and_peers(
    cells: tuple[FrozenCell, ...],
) -> None:
    svg = charts.figures(cells[0])
    said = texts(svg)
    for text in ("FFT GP", "558 answers", "95.5%", "peers 89%", "GP survey", "57%", "peers 74%"):
        assert text in said
    assert said.count("40%") == 2  # both axes begin at the same share
    assert parsed(svg).attrib["aria-label"] == " ".join(map(words.figure, cells[0].sources))
    assert inside(svg)


def test_a_silent_source_says_why_and_has_no_mark(cells: tuple[FrozenCell, ...]) -> None:
    svg = charts.figures(cells[3])
    assert "blank in the file: withheld or none received" in texts(svg)
    marks = [
        node.attrib.get("fill") for node in parsed(svg).iter() if node.tag in ("rect", "circle")
    ]
    assert "var(--fft)" not in marks
    assert "var(--survey)" in marks


def test_a_score_has_an_axis_of_its_own(cells: tuple[FrozenCell, ...]) -> None:
    left = cells[0].left
    side = replace(left.card.side, unit="score")
    card = replace(left.card, side=side)
    scored = replace(
        left, card=card, value=7.9, low=7.5, high=8.2, peers=8.1, lowest=0.0, highest=10.0
    )
    svg = charts.figures(replace(cells[0], left=scored))
    assert {"7.9", "peers 8.1", "0.0", "10.0"} <= set(texts(svg))
    assert inside(svg)
    unknown = charts.figures(replace(cells[0], left=replace(scored, lowest=None)))
    assert {"7.0", "8.7"} <= set(texts(unknown))
    assert inside(unknown)


def test_twenty_dots_are_drawn_those_that_agree_in_the_band(
    cells: tuple[FrozenCell, ...],
) -> None:
    for cell in cells:
        if not cell.dots:
            continue
        svg = charts.dots(cell)
        fills = [node.attrib["fill"] for node in parsed(svg).iter("circle")]
        assert len(fills) == 20
        within = sum(abs(dot) < cell.margin for dot in cell.dots)
        assert fills.count("var(--agreement)") == within
        assert f"{within} of 20" in parsed(svg).attrib["aria-label"]
        assert inside(svg)
        assert f"← {cell.right.side.short_title} better" in texts(svg)


def rounds(**given: int) -> RoundReport:
    counts = Tally({answer: given.get(answer.value, 0) for answer in Answer})
    return RoundReport(1, 1, counts, (), None, None, None)


def test_a_bar_is_as_long_as_people_gave_the_answer() -> None:
    svg = charts.room(rounds(agree=2, differ=4))
    widths = [float(node.attrib["width"]) for node in parsed(svg).iter("rect")]
    assert widths[0] == pytest.approx(widths[2] / 2)
    assert widths[1] == 0
    assert parsed(svg).attrib["aria-label"] == "4 differ and 2 agree"
    assert set(words.ANSWERS.values()) <= set(texts(svg))
    assert inside(svg)


def test_the_second_round_shows_the_first() -> None:
    svg = charts.room(rounds(differ=10), rounds(agree=6, differ=4))
    assert "10 (was 4)" in texts(svg)
    assert "0 (was 6)" in texts(svg)
    assert svg.count("stroke-dasharray") == len(Answer)
    assert inside(svg)


def test_names_are_words_and_colours_are_those_of_the_theme(cells: tuple[FrozenCell, ...]) -> None:
    side = replace(cells[0].left.card.side, short_title='<script>"&')
    card = replace(cells[0].left.card, side=side)
    svg = charts.figures(replace(cells[0], left=replace(cells[0].left, card=card)))
    assert '<script>"&' in texts(svg)
    assert "<script>" not in svg
    assert not re.search(r"#[0-9a-fA-F]{3,6}\b", svg)
