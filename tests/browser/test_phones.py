"""Every picture of every page on a telephone, in real Chromium: wide enough to read, nothing off the screen.

And the very first visit of the server, which sees our menu and no other.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is on this machine"),
]
ROOT = Path(__file__).parents[2]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WAIT = 900_000  # milliseconds: the first visit loads the demonstration, on a busy machine slowly
LEAST = 180  # pixels of a plot
MENU = {
    "Overview", "Sources", "Alignment", "Agreement", "Divergence", "What if", "Groups", "Trends",
    "Themes", "Provider", "Methods",
}  # fmt: skip
# A page, with what its link must say for it to have pictures, and the fewest it then has.
PAGES = {
    "": 4,
    "agreement": 3,
    "divergence": 4,
    "what_if?if_floor=30": 1,
    "groups": 3,
    "trends": 5,
    "themes": 1,
    "provider": 3,
    "alignment": 2,
}
TABS = {"agreement": 6, "themes": 6}  # how many of a page's tabs are opened
# Keeps every name that the menu ever had, from before the first script of the page runs.
WATCH = """
window.menu = new Set();
const look = () => {
  for (const one of document.querySelectorAll('[data-testid=stSidebarNavLink]')) {
    window.menu.add(one.innerText.split('\\n').pop().trim());
  }
};
new MutationObserver(look).observe(document, {childList: true, subtree: true, characterData: true});
"""
QUIET = """() =>
  document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning' &&
  [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(
    one => one.querySelector('svg, canvas'))
"""
# Of each picture in sight: its words, the size of each plot in it, how many places its marks stand at,
# and how far any mark or word runs out of it. Nothing while one is being drawn anew.
PICTURES = """() => {
  const seen = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
    .filter(one => one.getBoundingClientRect().width > 0);
  return seen.every(one => one.querySelector('svg')) && seen.map(one => {
      const svg = one.querySelector('svg');
      const whole = svg.getBoundingClientRect();
      const plots = [...svg.querySelectorAll('g.mark-group.role-frame.root > g > path.background')]
        .map(plot => plot.getBoundingClientRect());
      const marks = [...svg.querySelectorAll('g.mark-symbol.role-mark path, g.mark-rect.role-mark path')]
        .map(mark => mark.getBoundingClientRect());
      const words = [...svg.querySelectorAll('text')].filter(text => text.textContent.trim())
        .map(text => [text.textContent, text.getBoundingClientRect()]);
      return {
        said: (one.getAttribute('aria-label') || svg.textContent).slice(0, 70),
        wide: Math.min(...plots.map(plot => plot.width)),
        high: Math.min(...plots.map(plot => plot.height)),
        marks: marks.length,
        places: new Set(marks.map(mark => Math.round(mark.x + mark.width / 2))).size,
        // a line of words is some pixels higher than its letters, an upright one wider
        cut: words.filter(([, box]) => box.left < whole.left - 5 || box.right > whole.right + 5)
          .map(([text]) => text),
        off: Math.max(0, whole.right - innerWidth),
      };
    });
}
"""
SIDEWAYS = """() =>
  [document.documentElement, document.querySelector('[data-testid=stMain]')]
    .map(one => one.scrollWidth - one.clientWidth)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app as the README starts it, on a machine where it has never run."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    fresh = tmp_path_factory.mktemp("fresh")
    process = subprocess.Popen(
        [
            sys.executable, "-m", "streamlit", "run", "app.py",
            "--server.headless", "true", "--server.port", str(port),
        ],
        cwd=ROOT,
        env=os.environ | {"PX_DATABASE": str(fresh / "own.duckdb"), "XDG_CACHE_HOME": str(fresh)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://localhost:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


def settled(page: Any) -> None:
    page.wait_for_selector("h1", timeout=WAIT)
    for _ in range(3):  # what a page draws at last may make it run again
        page.wait_for_timeout(400)
        page.wait_for_function(QUIET, timeout=WAIT)


def test_the_very_first_visit_sees_our_menu_alone_and_the_answer_before_the_data_are_in(
    server: str, browser: Any
) -> None:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.add_init_script(WATCH)
    page.goto(server)
    page.locator("h3").filter(has_text="Across 122 practices").first.wait_for(timeout=WAIT)
    assert page.get_by_text("What does each source cover?").count() == 0
    first = page.locator("h3").first.inner_text()
    page.get_by_text("Where do these figures come from?").wait_for(timeout=WAIT)
    settled(page)
    assert page.locator("h1").all_inner_texts() == ["Do our sources agree?"]
    assert page.locator("h3").first.inner_text() == first
    assert set(page.evaluate("() => [...window.menu]")) == MENU
    page.close()


@pytest.mark.parametrize(
    ("link", "width"),
    [*((link, width) for link in PAGES for width in (360, 390)), ("divergence", 768)],
)
def test_every_picture_can_be_read_on_a_telephone(
    server: str, browser: Any, link: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{server}/{link}")
    settled(page)
    seen = []
    for place in range(TABS.get(link, 1)):
        if place:
            page.get_by_role("tab").nth(place).click()
            settled(page)
        pictures = page.wait_for_function(PICTURES, timeout=WAIT).json_value()
        seen += pictures
        for one in pictures:
            assert one["wide"] >= LEAST, one
            assert one["high"] >= 30, one
            assert one["marks"] < 3 or one["places"] > 1, one
            assert one["cut"] == [], one
            assert one["off"] == 0, one
        assert max(page.evaluate(SIDEWAYS)) <= 1
    assert len(seen) >= PAGES[link]
    page.close()


def test_a_legend_is_written_beside_its_picture_in_a_small_window_alone(
    server: str, browser: Any
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{server}/divergence")
    settled(page)
    legend = page.locator(".legend").first
    assert legend.is_visible()
    assert "not enough evidence" in legend.inner_text()
    drawn = page.locator("[data-testid=stVegaLiteChart] svg").first
    assert drawn.locator("g.role-legend-label text").count() == 0
    page.set_viewport_size({"width": 1366, "height": 768})
    page.wait_for_timeout(1500)
    assert not legend.is_visible()
    assert drawn.locator("g.role-legend-label text").count() > 0
    page.close()
