"""A few journeys in real Chromium on the demonstration; skipped where there is no Chromium."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.browser.served import JOURNEY, WAIT, chosen, go, no_sideways, settled

pytestmark = JOURNEY


def test_a_link_to_a_page_as_the_very_first_visit_shows_the_whole_app(
    page: Any, server: str
) -> None:
    page.goto(f"{server}/agreement")
    settled(page)
    sidebar = page.locator("[data-testid=stSidebar]")
    sidebar.get_by_text("Smallest number of answers shown").wait_for(timeout=WAIT)
    assert page.locator("[data-testid=stTopNavLink]", has_text="Overview").count() == 1
    assert page.locator("h1").inner_text() == "Do two sources order organisations alike?"


def test_a_filter_is_in_the_link_and_a_reload_keeps_it(page: Any, server: str) -> None:
    page.goto(server)
    settled(page)
    page.get_by_text(re.compile("for 73 of 116")).first.wait_for(timeout=WAIT)
    sidebar = page.locator("[data-testid=stSidebar]")
    go(page, "Agreement")
    sidebar.get_by_text("30", exact=True).first.click()
    page.wait_for_url(re.compile("floor=30"), timeout=WAIT)
    settled(page)
    page.reload()
    settled(page)
    assert "floor=30" in page.url
    page.get_by_text(re.compile("left out, under 30 answers")).wait_for(timeout=WAIT)


def test_where_to_look_first_leads_to_the_organisation_with_both_sources_set(
    page: Any, server: str
) -> None:
    page.goto(f"{server}/?floor=10&service=Inpatient")
    settled(page)
    page.get_by_text("Where to look first").wait_for(timeout=WAIT)
    assert no_sideways(page)
    page.get_by_role("link", name="Pindlewick Hospitals").click()
    page.get_by_text(re.compile(" very likely or probably differ on 2 of ")).first.wait_for(
        timeout=WAIT
    )
    settled(page)
    assert "/divergence" in page.url
    assert "floor=10" in page.url
    assert chosen(page, "Organisation") == "Pindlewick Hospitals NHS Foundation Trust (T-03)"
    assert chosen(page, "Compare") == "FFT inpatient"
    assert chosen(page, "with") == "CQC inpatient"
    page.get_by_role("heading", name=re.compile("Very likely differ")).wait_for(timeout=WAIT)
    assert no_sideways(page)


def test_another_organisation_is_picked_from_the_list(page: Any) -> None:
    box = page.get_by_role("combobox", name="Organisation").first
    box.click()
    box.fill("T-09")
    page.get_by_role("option", name=re.compile(r"\(T-09\)")).click()
    page.get_by_text(re.compile("the change came in June 2025")).wait_for(timeout=WAIT)
    page.wait_for_url(re.compile("T-09"), timeout=WAIT)
    assert no_sideways(page)


def test_a_link_followed_stays_in_the_address(page: Any, server: str) -> None:
    page.goto(f"{server}/")
    settled(page)
    page.get_by_role("link", name="Jesselden Group Practice").click()
    page.get_by_role("heading", name="About whom do they differ?").wait_for(timeout=WAIT)
    settled(page)
    assert "P-0012" in page.url
    page.goto(page.url)
    settled(page)
    assert chosen(page, "Organisation") == "Jesselden Group Practice (P-0012)"


def test_a_measure_chosen_stays_through_a_link_to_the_same_source(page: Any, server: str) -> None:
    contact = "right_measure=Experience+of+contacting+the+practice"
    page.goto(f"{server}/provider?provider=Osiermere+Surgery+%28P-0044%29&{contact}")
    page.get_by_role("link", name="FFT GP – GP survey").first.click(timeout=WAIT)
    page.get_by_text(re.compile(r"\(across domains\)")).first.wait_for(timeout=WAIT)
    settled(page)
    assert "/divergence" in page.url
    assert contact in page.url


def test_agreement_opens_its_bands_when_they_are_asked_for(page: Any, server: str) -> None:
    page.goto(f"{server}/agreement")
    settled(page)
    page.get_by_text("Does it hold, asked in other ways?").click(timeout=WAIT)
    settled(page)
    page.get_by_role("tab", name="Same band?").click(timeout=WAIT)
    page.get_by_text(re.compile("The bands match for")).first.wait_for(timeout=WAIT)
    settled(page)
    assert no_sideways(page)


def test_a_persons_own_file_is_loaded_and_stays(page: Any, server: str, tmp_path: Path) -> None:
    tidy = tmp_path / "local survey.csv"
    tidy.write_text(
        "source,provider,period,measure,positive,respondents\n"
        "local_survey,P-1,2026-02,overall,41,52\n"
    )
    page.goto(f"{server}/sources")
    settled(page)
    page.locator("[data-testid=stSidebar]").get_by_text("Our data", exact=True).click()
    page.get_by_text("Nothing is loaded yet.").first.wait_for(timeout=WAIT)
    page.set_input_files("input[type=file]", str(tidy))
    page.get_by_role("button", name="Load 1 file").click(timeout=WAIT)
    page.get_by_text(re.compile("1 file loaded")).wait_for(timeout=WAIT)
    page.reload()
    settled(page)
    page.get_by_text(re.compile("1 file of 1 source")).first.wait_for(timeout=WAIT)


def test_nothing_is_asked_of_any_other_machine(page: Any) -> None:
    assert page.hosts - {None, ""} == {"localhost"}


def test_trends_draws_every_source_on_one_axis_and_keeps_the_organisation_in_the_link(
    page: Any, server: str
) -> None:
    page.goto(f"{server}/trends")
    settled(page)
    page.get_by_text("All practices together: ").first.wait_for(timeout=WAIT)
    picture = page.locator("[data-testid=stVegaLiteChart] svg").first
    picture.wait_for(timeout=WAIT)
    drawn = picture.text_content()
    for label in ("FFT GP", "GP survey", "Healthwatch", "Jan 2026", "The question changed"):
        assert label in drawn
    wide = page.evaluate(
        "() => { const m = document.querySelector('[data-testid=stMain]');"
        " return m.scrollWidth - m.clientWidth; }"
    )
    assert wide <= 0
    page.get_by_role("combobox", name=re.compile("Organisation")).click()
    page.keyboard.type("T-24")
    page.keyboard.press("Enter")
    page.get_by_text(
        re.compile("Wrenbeck Hospitals NHS Foundation Trust (shows|rose|fell)")
    ).first.wait_for(timeout=WAIT)
    settled(page)
    assert "T-24" in page.url
    page.reload()
    settled(page)
    page.get_by_text(
        re.compile("Wrenbeck Hospitals NHS Foundation Trust (shows|rose|fell)")
    ).first.wait_for(timeout=WAIT)


def test_on_paper_an_organisation_stands_without_its_buttons_and_with_its_source(
    page: Any, server: str
) -> None:
    from playwright.sync_api import expect

    address = f"{server}/provider?provider=Osiermere+Surgery+%28P-0044%29"
    page.goto(address)
    page.get_by_text("Where do these figures come from?").wait_for(timeout=WAIT)
    foot = page.locator(".on-paper")
    expect(foot).to_be_hidden(timeout=WAIT)
    page.emulate_media(media="print")
    # the style sheet is drawn with the page: while a page is drawn again, it may be a moment late
    for hidden in ("stSidebar", "stDownloadButton", "stSelectbox"):
        for element in page.get_by_test_id(hidden).all():
            expect(element).to_be_hidden(timeout=WAIT)
    expect(foot).to_be_visible(timeout=WAIT)
    assert "revision" in foot.inner_text()
    assert address in foot.inner_text()
    expect(page.get_by_role("heading", level=3).first).to_be_visible(timeout=WAIT)
    sheets = len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4")))
    assert sheets == 2, f"{sheets} sheets of paper"
    page.emulate_media(media="screen")
