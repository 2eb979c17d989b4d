"""A few journeys in real Chromium, on a server of their own; skipped where there is no Chromium."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is on this machine"),
]
ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WAIT = 60_000  # milliseconds: the first visit loads the demonstration


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app as the README starts it, fresh, with an own database nobody has used."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = tmp_path_factory.mktemp("own") / "own.duckdb"
    process = subprocess.Popen(
        [
            sys.executable, "-m", "streamlit", "run", "app.py",
            "--server.headless", "true", "--server.port", str(port),
        ],
        cwd=ROOT,
        env=os.environ | {"PX_DATABASE": str(own)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://localhost:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def page(server: str) -> Iterator[object]:  # noqa: ARG001  the server must be up
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        opened = browser.new_page(viewport={"width": 1366, "height": 768})
        opened.hosts = set()  # type: ignore[attr-defined]
        opened.on("request", lambda r: opened.hosts.add(urlparse(r.url).hostname))  # type: ignore[attr-defined]
        yield opened
        browser.close()


def settled(page: object) -> object:
    page.wait_for_selector("h1", timeout=WAIT)  # type: ignore[attr-defined]
    page.wait_for_timeout(500)  # type: ignore[attr-defined]
    page.wait_for_function(  # type: ignore[attr-defined]
        "() => !document.querySelector('[data-testid=stStatusWidget]')", timeout=WAIT
    )
    page.wait_for_timeout(300)  # type: ignore[attr-defined]
    return page


def test_a_link_to_a_page_as_the_very_first_visit_shows_the_whole_app(
    page: object, server: str
) -> None:
    page.goto(f"{server}/agreement")  # type: ignore[attr-defined]
    settled(page)
    sidebar = page.locator("[data-testid=stSidebar]")  # type: ignore[attr-defined]
    sidebar.get_by_text("Smallest number of answers shown").wait_for(timeout=WAIT)
    assert sidebar.get_by_role("link", name="Overview").count() == 1
    assert page.locator("h1").inner_text() == "Do two sources order organisations alike?"  # type: ignore[attr-defined]


def test_a_filter_is_in_the_link_and_a_reload_keeps_it(page: object, server: str) -> None:
    page.goto(server)  # type: ignore[attr-defined]
    settled(page)
    page.get_by_text(re.compile("Across 122 practices")).first.wait_for(timeout=WAIT)  # type: ignore[attr-defined]
    sidebar = page.locator("[data-testid=stSidebar]")  # type: ignore[attr-defined]
    sidebar.get_by_role("link", name="Agreement").click()
    settled(page)
    sidebar.get_by_text("30", exact=True).first.click()
    page.wait_for_url(re.compile("floor=30"), timeout=WAIT)  # type: ignore[attr-defined]
    settled(page)
    page.reload()  # type: ignore[attr-defined]
    settled(page)
    assert "floor=30" in page.url  # type: ignore[attr-defined]
    page.get_by_text(re.compile("left out, under 30 answers")).wait_for(timeout=WAIT)  # type: ignore[attr-defined]


def no_sideways(page: object) -> bool:
    """The page is no wider than its window."""
    return bool(
        page.evaluate(  # type: ignore[attr-defined]
            "() => [document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".every(one => one.scrollWidth <= one.clientWidth + 1)"
        )
    )


def chosen(page: object, label: str) -> str:
    """What a select box of the sidebar or the page holds."""
    return str(page.get_by_role("combobox", name=label).first.get_attribute("value"))  # type: ignore[attr-defined]


def test_where_to_look_first_leads_to_the_organisation_with_both_sources_set(
    page: object, server: str
) -> None:
    page.goto(f"{server}/?floor=10")  # type: ignore[attr-defined]
    settled(page)
    page.get_by_text("Where to look first").wait_for(timeout=WAIT)  # type: ignore[attr-defined]
    assert no_sideways(page)
    page.get_by_role("link", name="Pindlewick Hospitals").click()  # type: ignore[attr-defined]
    page.get_by_text(re.compile("On 2 of 14 trusts")).first.wait_for(timeout=WAIT)  # type: ignore[attr-defined]
    settled(page)
    assert "/divergence" in page.url  # type: ignore[attr-defined]
    assert "floor=10" in page.url  # type: ignore[attr-defined]
    assert chosen(page, "Organisation") == "Pindlewick Hospitals NHS Foundation Trust (T-03)"
    assert chosen(page, "Compare") == "FFT inpatient"
    assert chosen(page, "with") == "CQC inpatient"
    page.get_by_role("heading", name="Dissonance, unusual").wait_for(timeout=WAIT)  # type: ignore[attr-defined]
    assert no_sideways(page)


def test_another_organisation_is_picked_from_the_list(page: object) -> None:
    box = page.get_by_role("combobox", name="Organisation").first  # type: ignore[attr-defined]
    box.click()
    box.fill("T-09")
    page.get_by_role("option", name=re.compile(r"\(T-09\)")).click()  # type: ignore[attr-defined]
    page.get_by_text(re.compile("the step came in June 2025")).wait_for(timeout=WAIT)  # type: ignore[attr-defined]
    page.wait_for_url(re.compile("T-09"), timeout=WAIT)  # type: ignore[attr-defined]
    assert no_sideways(page)


def test_a_link_followed_stays_in_the_address(page: object, server: str) -> None:
    page.goto(f"{server}/")  # type: ignore[attr-defined]
    settled(page)
    page.get_by_role("link", name="Ravelminster Medical Centre").click()  # type: ignore[attr-defined]
    page.get_by_text(re.compile("On 4 of 122 practices")).first.wait_for(timeout=WAIT)  # type: ignore[attr-defined]
    settled(page)
    assert "P-0081" in page.url  # type: ignore[attr-defined]
    page.goto(page.url)  # type: ignore[attr-defined]
    settled(page)
    assert chosen(page, "Organisation") == "Ravelminster Medical Centre (P-0081)"


def test_a_measure_chosen_stays_through_a_link_to_the_same_source(
    page: object, server: str
) -> None:
    contact = "right_measure=Experience+of+contacting+the+practice"
    page.goto(f"{server}/provider?provider=Osiermere+Surgery+%28P-0044%29&{contact}")  # type: ignore[attr-defined]
    page.get_by_role("link", name="FFT GP – GP survey").first.click(timeout=WAIT)  # type: ignore[attr-defined]
    page.get_by_text(re.compile(r"\(across domains\)")).first.wait_for(timeout=WAIT)  # type: ignore[attr-defined]
    settled(page)
    assert "/divergence" in page.url  # type: ignore[attr-defined]
    assert contact in page.url  # type: ignore[attr-defined]


def test_agreement_opens_its_bands_when_they_are_asked_for(page: object, server: str) -> None:
    page.goto(f"{server}/agreement")  # type: ignore[attr-defined]
    settled(page)
    page.get_by_role("tab", name="Same band?").click(timeout=WAIT)  # type: ignore[attr-defined]
    page.get_by_text(re.compile("The bands match for")).first.wait_for(timeout=WAIT)  # type: ignore[attr-defined]
    settled(page)
    assert no_sideways(page)


def test_a_persons_own_file_is_loaded_and_stays(page: object, server: str, tmp_path: Path) -> None:
    tidy = tmp_path / "local survey.csv"
    tidy.write_text(
        "source,provider,period,measure,positive,respondents\n"
        "local_survey,P-1,2026-02,overall,41,52\n"
    )
    page.goto(f"{server}/sources")  # type: ignore[attr-defined]
    settled(page)
    page.locator("[data-testid=stSidebar]").get_by_text("Our data", exact=True).click()  # type: ignore[attr-defined]
    page.get_by_text("Nothing is loaded yet.").first.wait_for(timeout=WAIT)  # type: ignore[attr-defined]
    page.set_input_files("input[type=file]", str(tidy))  # type: ignore[attr-defined]
    page.get_by_role("button", name="Load 1 file").click(timeout=WAIT)  # type: ignore[attr-defined]
    page.get_by_text(re.compile("1 file loaded")).wait_for(timeout=WAIT)  # type: ignore[attr-defined]
    page.reload()  # type: ignore[attr-defined]
    settled(page)
    page.get_by_text(re.compile("1 file of 1 source")).first.wait_for(timeout=WAIT)  # type: ignore[attr-defined]


def test_nothing_is_asked_of_any_other_machine(page: object) -> None:
    assert page.hosts - {None, ""} == {"localhost"}  # type: ignore[attr-defined]


def test_trends_lines_its_rows_up_under_one_axis_and_keeps_the_organisation_in_the_link(
    page: object, server: str
) -> None:
    page.goto(f"{server}/trends")  # type: ignore[attr-defined]
    settled(page)
    page.get_by_text("All practices together: ").first.wait_for(timeout=WAIT)  # type: ignore[attr-defined]
    pictures = page.locator(
        "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"
    )  # type: ignore[attr-defined]
    page.wait_for_function(  # type: ignore[attr-defined]
        "() => document.querySelectorAll('[data-testid=stVegaLiteChart]').length >= 5", timeout=WAIT
    )
    pictures.first.wait_for(timeout=WAIT)
    boxes = [pictures.nth(place).bounding_box() for place in range(pictures.count())]
    assert len({round(box["x"]) for box in boxes}) == 1
    assert max(box["width"] for box in boxes) - min(box["width"] for box in boxes) <= 1
    wide = page.evaluate(  # type: ignore[attr-defined]
        "() => { const m = document.querySelector('[data-testid=stMain]');"
        " return m.scrollWidth - m.clientWidth; }"
    )
    assert wide <= 0
    page.get_by_role("combobox", name=re.compile("Organisation")).click()  # type: ignore[attr-defined]
    page.keyboard.type("T-24")  # type: ignore[attr-defined]
    page.keyboard.press("Enter")  # type: ignore[attr-defined]
    page.get_by_text(re.compile("^Wrenbeck Hospitals NHS Foundation Trust: ")).first.wait_for(
        timeout=WAIT
    )  # type: ignore[attr-defined]
    settled(page)
    assert "T-24" in page.url  # type: ignore[attr-defined]
    page.reload()  # type: ignore[attr-defined]
    settled(page)
    page.get_by_text(re.compile("^Wrenbeck Hospitals NHS Foundation Trust: ")).first.wait_for(
        timeout=WAIT
    )  # type: ignore[attr-defined]


def test_on_paper_an_organisation_stands_without_its_buttons_and_with_its_source(
    page: object, server: str
) -> None:
    page.goto(f"{server}/provider")  # type: ignore[attr-defined]
    page.get_by_text("Where do these figures come from?").wait_for(timeout=WAIT)  # type: ignore[attr-defined]
    foot = page.locator(".on-paper")  # type: ignore[attr-defined]
    assert not foot.is_visible()
    page.emulate_media(media="print")  # type: ignore[attr-defined]
    for hidden in ("stSidebar", "stDownloadButton", "stSelectbox"):
        for one in page.get_by_test_id(hidden).all():  # type: ignore[attr-defined]
            assert not one.is_visible()
    assert "revision" in foot.inner_text()
    assert f"{server}/provider" in foot.inner_text()
    assert page.get_by_role("heading", level=3).first.is_visible()  # type: ignore[attr-defined]
    page.emulate_media(media="screen")  # type: ignore[attr-defined]
