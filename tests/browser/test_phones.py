"""Every picture of every page on a telephone, in real Chromium: wide enough to read, nothing off the screen.

And the very first visit of the server, which sees our menu and no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.served import JOURNEY, SIDEWAYS, WAIT, Server, drawn, settled

pytestmark = JOURNEY
LEAST = 180  # pixels of a plot
MENU = {  # what stands in it by itself; data and methods are behind one more click
    "Overview", "Divergence", "Agreement", "Provider", "Trends", "Themes", "Groups", "What if",
    "Workshop", "Decisions",
}  # fmt: skip
# A page, with what its link must say for it to have pictures, and the fewest it then has.
PAGES = {
    "": 4,
    "agreement": 3,
    "divergence": 5,
    "what_if?if_months=A+year+to+its+end": 1,
    "groups": 3,
    "trends": 1,
    "themes": 1,
    "themes?themes_tab=In+more+detail": 2,
    "themes?themes_tab=In+more+detail&themes_detail=Over+time": 1,
    "themes?themes_tab=In+more+detail&themes_detail=Together": 1,
    "themes?themes_tab=In+more+detail&themes_detail=How+they+felt": 1,
    "provider": 2,
    "alignment": 2,
}
FOLDS = {  # what is opened of a page
    "": ["How sure are we?"],
    "agreement": ["How strong is that?", "Does it hold, asked in other ways?"],
    "divergence": ["For the analyst"],
}
TABS = {"agreement": 6}  # how many of a page's tabs are opened
# Keeps every name that the menu ever had, from before the first script of the page runs.
WATCH = """
window.menu = new Set();
const look = () => {
  for (const one of document.querySelectorAll('[data-testid=stTopNavLink], [data-testid=stSidebarNavLink]')) {
    window.menu.add(one.innerText.split('\\n').pop().trim());
  }
};
new MutationObserver(look).observe(document, {childList: true, subtree: true, characterData: true});
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


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """On a machine where the app has never run."""
    fresh = tmp_path_factory.mktemp("fresh")
    running = Server(fresh / "own.duckdb", XDG_CACHE_HOME=str(fresh))
    yield running.address
    running.stop()


def test_the_very_first_visit_sees_our_menu_alone_and_the_answer_before_the_data_are_in(
    server: str, chromium: Any
) -> None:
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    page.add_init_script(WATCH)
    page.goto(server)
    page.locator("h2").filter(has_text="for 73 of 116").first.wait_for(timeout=WAIT)
    assert page.get_by_text("What does each source cover?").count() == 0
    first = page.locator("h2").first.inner_text()
    drawn(page)
    assert page.locator("h1").all_inner_texts() == ["Do our sources agree?"]
    assert page.locator("h2").first.inner_text() == first
    assert set(page.evaluate("() => [...window.menu]")) == MENU
    page.close()


@pytest.mark.parametrize("link", PAGES)
def test_every_picture_can_be_read_on_a_telephone(server: str, chromium: Any, link: str) -> None:
    widths = [360, 390, *([768] if link == "divergence" else [])]
    page = chromium.new_page(viewport={"width": widths[0], "height": 800})
    page.goto(f"{server}/{link}")
    drawn(page)
    for fold in FOLDS.get(link, []):
        page.get_by_text(fold).first.click(timeout=WAIT)
        settled(page)
    count = dict.fromkeys(widths, 0)
    for place in range(TABS.get(link, 1)):
        if place:
            page.get_by_role("tab").nth(place).click()
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            settled(page)
            pictures = page.wait_for_function(PICTURES, timeout=WAIT).json_value()
            count[width] += len(pictures)
            for picture in pictures:
                assert picture["wide"] >= LEAST, picture
                assert picture["high"] >= 30, picture
                assert picture["marks"] < 3 or picture["places"] > 1, picture
                assert picture["cut"] == [], picture
                assert picture["off"] == 0, picture
            assert max(page.evaluate(SIDEWAYS)) <= 1
    assert min(count.values()) >= PAGES[link]
    page.close()


def test_a_legend_is_written_beside_its_picture_in_a_small_window_alone(
    server: str, chromium: Any
) -> None:
    from playwright.sync_api import expect

    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{server}/agreement")
    drawn(page)
    legend = page.locator(".legend").first
    picture = page.locator("[data-testid=stVegaLiteChart] svg").first
    drawn_legend = picture.locator("g.role-legend-label text")
    expect(legend).to_be_visible(timeout=WAIT)
    assert "could be either" in legend.inner_text()
    expect(drawn_legend).to_have_count(0, timeout=WAIT)
    page.set_viewport_size({"width": 1366, "height": 768})
    expect(legend).to_be_hidden(timeout=WAIT)
    expect(drawn_legend).not_to_have_count(0, timeout=WAIT)
    page.close()
