"""From a click to a painted page, in Chromium. Run: python -m benchmarks.browser [--clicks 20] [page ...]

Each page of the demonstration, at 1366×768, with areas chosen in the sidebar: each for the first time (a
view nobody has asked for) and again (a known view). A click counts from the key that chooses to the last
change of the page that it brings. Beside it, taking turns with the pages, a trivial app of one chart and
one table does the same: ratios of the medians and of the 95th percentiles are what to quote.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from tests.browser.served import ARGUMENTS, CHROMIUM, ROOT, WAIT, Server, settled

TRIVIAL = """
import altair as alt
import pandas as pd
import streamlit as st

turn = st.sidebar.selectbox("Area", [f"Area {n:02}" for n in range(45)])
rows = pd.DataFrame({"x": range(100), "y": [int(turn[-2:]) + n for n in range(100)]})
st.altair_chart(alt.Chart(rows).mark_point().encode(x="x", y="y"))
st.dataframe(rows)
st.markdown(f"Chosen: {turn}")
"""
# Sets down when the key that chooses is pressed, and each later change of the page or of what it draws on.
WATCH = """() => {
  const watch = window.watch = {pressed: null, changed: null};
  const note = () => { if (watch.pressed) watch.changed = performance.now(); };
  new MutationObserver(note).observe(document.querySelector('[data-testid=stMain]'),
    {subtree: true, childList: true, attributes: true, characterData: true});
  document.addEventListener('keydown', event => {
    if (event.key === 'Enter') { watch.pressed = performance.now(); watch.changed = null; }
  }, true);
}"""
STILL = """still => {
  const {pressed, changed} = window.watch;
  return pressed && changed && performance.now() - changed > still &&
    document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning';
}"""
TAKEN = "() => { const {pressed, changed} = window.watch; return changed - pressed; }"
QUIET = 400  # milliseconds without a change, after which a page is said to be painted
WITHOUT_AREAS = ("decisions", "methods", "sources", "workshop")


def _choose(page: Any, area: str) -> float:
    """Choose an area and wait until the page is painted: milliseconds from the key to the last change."""
    box = page.get_by_role("combobox", name="Area").first
    box.click()
    box.fill(area)
    page.get_by_role("option", name=area, exact=True).first.wait_for(timeout=WAIT)
    page.evaluate("() => { window.watch.pressed = window.watch.changed = null; }")
    page.keyboard.press("Enter")
    page.wait_for_function(STILL, arg=QUIET, timeout=WAIT)
    return float(page.evaluate(TAKEN))


def _opened(browser: Any, address: str) -> Any:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(address, timeout=WAIT)
    page.get_by_role("combobox", name="Area").first.wait_for(timeout=WAIT)
    if "/" in address.removeprefix("http://"):
        settled(page)
    else:
        page.wait_for_timeout(1000)
    page.evaluate(WATCH)
    return page


def _areas(page: Any, most: int) -> list[str]:
    """The titles of areas offered, without the one that stands for all."""
    box = page.get_by_role("combobox", name="Area").first
    box.click()
    page.get_by_role("option").first.wait_for(timeout=WAIT)
    titles: list[str] = []
    while len(titles) <= most:
        seen = [
            title for title in page.get_by_role("option").all_inner_texts() if title not in titles
        ]
        if not seen:
            break
        titles += seen
        page.get_by_role("option").last.scroll_into_view_if_needed()
        page.wait_for_timeout(100)
    page.keyboard.press("Escape")
    return titles[1 : most + 1]


def _at(times: Sequence[float], share: float) -> float:
    return float(np.quantile(times, share))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--clicks", type=int, default=20, help="areas on each page, each chosen twice"
    )
    parser.add_argument(
        "pages", nargs="*", help="names of files in pages/; all but those without areas"
    )
    options = parser.parse_args()
    every = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
    pages = options.pages or [name for name in every if name not in WITHOUT_AREAS]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder) / "trivial.py"
        script.write_text(TRIVIAL)
        app = Server(Path(folder) / "own.duckdb")
        trivial = Server(Path(folder) / "none.duckdb", script=str(script))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        beside = _opened(browser, trivial.address)
        plain = [_choose(beside, f"Area {n:02}") for n in range(1, 4)]  # warm; not counted
        plain.clear()
        all_new: list[float] = []
        all_known: list[float] = []
        rows = []
        for name in pages:
            page = _opened(browser, f"{app.address}/{'' if name == 'overview' else name}")
            areas = _areas(page, options.clicks)
            new, known = [], []
            for place, area in enumerate(areas):
                new.append(_choose(page, area))
                plain.append(_choose(beside, f"Area {place % 40 + 1:02}"))
            for place, area in enumerate(areas):
                known.append(_choose(page, area))
                plain.append(_choose(beside, f"Area {place % 40 + 2:02}"))
            rows.append((name, new, known))
            all_new += new
            all_known += known
            page.close()
        browser.close()
        app.stop()
        trivial.stop()
    usual, slow = _at(plain, 0.5), _at(plain, 0.95)
    print(
        f"trivial app: median {usual:.0f} ms, 95th percentile {slow:.0f} ms of {len(plain)} clicks"
    )
    print(
        f"{'page':<12}{'new, ms':>9}{'p95':>7}{'×':>6}{'p95 ×':>7}"
        f"{'known, ms':>11}{'p95':>7}{'×':>6}{'p95 ×':>7}"
    )
    for name, new, known in [*rows, ("all", all_new, all_known)]:
        cells = "".join(
            f"{_at(times, 0.5):>{width}.0f}{_at(times, 0.95):>7.0f}"
            f"{_at(times, 0.5) / usual:>6.1f}{_at(times, 0.95) / slow:>7.1f}"
            for times, width in ((new, 9), (known, 11))
        )
        print(f"{name:<12}{cells}")


if __name__ == "__main__":
    main()
