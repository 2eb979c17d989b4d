"""A code from an exported file opens the same view in another browser; one is typed, copied, mistyped."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.browser.served import JOURNEY, WAIT, chosen, drawn, go, no_sideways, settled
from tests.publish.documents import text_of

pytestmark = JOURNEY
CODE = re.compile(r"PX-[2-9A-Z]{7}")


def foot(page: Any) -> str:
    """The code at the foot of a page."""
    drawn(page)
    place = page.locator(".st-key-view_code [data-testid=stCode]")
    place.wait_for(timeout=WAIT)
    return str(place.inner_text().strip())


def test_a_code_from_an_exported_file_opens_the_same_view_in_another_browser(
    page: Any, chromium: Any, server: str, tmp_path: Path
) -> None:
    page.goto(f"{server}/agreement?floor=30&left=FFT+local&right=GP+survey")
    settled(page)
    code = foot(page)
    assert CODE.fullmatch(code)
    answer = page.locator("h2").first.inner_text()
    page.get_by_role("button", name="Take away").click()
    page.get_by_text("One web page", exact=True).click()
    with page.expect_download(timeout=WAIT) as started:
        page.get_by_role("button", name="Download as One web page").click(timeout=WAIT)
    started.value.save_as(tmp_path / "board.html")
    (exported,) = set(CODE.findall(text_of((tmp_path / "board.html").read_bytes())))
    assert exported == code

    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    other = context.new_page()
    other.goto(f"{server}/?code={exported}")
    other.get_by_role("heading", name="Do two sources order organisations alike?").wait_for(
        timeout=WAIT
    )
    assert foot(other) == code
    assert other.locator("h2").first.inner_text() == answer
    assert "/agreement" in other.url
    assert "floor=30" in other.url
    assert f"code={code}" in other.url
    assert chosen(other, "Compare") == "FFT local"
    other.get_by_text(re.compile("all of its .* come out the same")).wait_for(timeout=WAIT)
    assert no_sideways(other)
    other.reload()
    assert foot(other) == code
    other.locator("[data-testid=stSidebar]").get_by_text("10", exact=True).first.click()
    other.wait_for_url(re.compile("floor=10"), timeout=WAIT)
    assert foot(other) != code
    assert "code=" not in other.url  # something else is looked at
    context.close()


def test_a_code_is_typed_in_the_sidebar_of_any_page(page: Any, server: str) -> None:
    page.goto(f"{server}/provider?provider=Osiermere+Surgery+%28P-0044%29")
    settled(page)
    code = foot(page)
    page.goto(f"{server}/methods")
    settled(page)
    page.get_by_role("button", name="Open a code").click()
    box = page.get_by_role("textbox", name=re.compile("The code below"))
    box.press_sequentially(f"{code[:4]}{'3' if code[4] != '3' else '4'}{code[5:]}")
    box.press("Enter")
    page.get_by_text(re.compile("a character is mistyped")).wait_for(timeout=WAIT)
    settled(page)
    page.get_by_role("button", name="Open a code").click()
    box.press_sequentially(code.lower())
    box.press("Enter")
    page.get_by_role("heading", name="What do all sources say of one organisation?").wait_for(
        timeout=WAIT
    )
    assert foot(page) == code
    assert chosen(page, "Organisation") == "Osiermere Surgery (P-0044)"
    assert page.get_by_text(re.compile("a character is mistyped")).count() == 0
    go(page, "Trends")  # what is set stays set
    settled(page)
    assert foot(page) != code


def test_the_sidebar_still_fits_a_laptop_and_a_chart_has_the_code_of_its_page(
    page: Any, server: str
) -> None:
    page.goto(f"{server}/agreement")
    settled(page)
    code = foot(page)
    page.get_by_role("button", name="Take this chart away").first.click()
    page.get_by_text("The code of this view").wait_for(timeout=WAIT)
    assert page.locator("[data-testid=stPopoverBody] [data-testid=stCode]", has_text=code).count()
