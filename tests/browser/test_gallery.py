"""Every picture of the demonstration is drawn by Vega in a real browser, in light and dark, without a word of
complaint; PX_PICTURES names a folder to keep what was drawn, to be looked at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.served import JOURNEY, WAIT, Server, settled

pytestmark = JOURNEY
MARKS = """chart => {
  const canvas = chart.querySelector('canvas');
  if (!canvas) return chart.querySelectorAll('svg path, svg text, svg line').length;
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set();
  for (let at = 0; at < data.length; at += 4)
    if (data[at + 3]) colours.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
  return colours.size;
}"""


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("gallery")
    running = Server(folder / "own.duckdb", script=str(Path(__file__).with_name("gallery_app.py")))
    yield running.address
    running.stop()


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_every_picture_is_drawn(chromium: Any, gallery: str, ground: str) -> None:
    page = chromium.new_page(viewport={"width": 1100, "height": 900}, color_scheme=ground)
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type in ("warning", "error") else None
        ),
    )
    page.goto(gallery, timeout=WAIT)
    page.get_by_text("All are drawn.").wait_for(timeout=WAIT)
    settled(page)
    charts = page.locator("[data-testid=stVegaLiteChart]")
    names = page.locator("h3").all_inner_texts()
    assert len(names) == charts.count() > 35
    kept = os.environ.get("PX_PICTURES")
    for place, name in enumerate(names):
        chart = charts.nth(place)
        chart.scroll_into_view_if_needed()
        assert chart.evaluate(MARKS) >= 4, name  # a blank picture has a colour or two
        box = chart.bounding_box()
        assert box is not None
        assert box["height"] > 80, name
        if kept:
            chart.screenshot(path=str(Path(kept) / f"{name.replace(' ', '-')}-{ground}.png"))
    assert sorted({text for text in complaints if "vega" in text.lower() or "WARN" in text}) == []
    page.close()
