"""Ways through the app in Chromium: from an empty database to an answer by clicking what is offered."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.served import JOURNEY, WAIT, chosen, go, no_sideways, settled

pytestmark = JOURNEY
REAL = os.environ.get("PX_REAL_FILES", "")
PRACTICES = [f"F8{n:04d}" for n in range(40)]


def sidebar(page: Any) -> Any:
    return page.locator("[data-testid=stSidebar]")


def press(page: Any, label: str) -> None:
    page.get_by_role("button", name=label).first.click(timeout=WAIT)
    settled(page)


def follow(page: Any, label: str) -> None:
    page.locator(".st-key-tour").get_by_role("link", name=label).click(timeout=WAIT)
    settled(page)


def sees(page: Any, words: str) -> None:
    page.get_by_text(re.compile(words)).first.wait_for(timeout=WAIT)


def load(page: Any, server: str, files: list[Path]) -> None:
    page.goto(f"{server}/sources?data=Our+data")
    settled(page)
    page.set_input_files("input[type=file]", [str(file) for file in files])
    many = f"Load {len(files)} file{'s' if len(files) != 1 else ''}"
    press(page, many)
    sees(page, f"{len(files)} files? loaded")


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The publishers' public form: percentages without bases, of other questions, years apart."""
    folder = tmp_path_factory.mktemp("public")
    fft, survey = folder / "fft_gp_2026-02_invented.csv", folder / "gpps_2024_invented.csv"
    fft.write_text(
        "gp_code,fft_responses,fft_pct_positive\n"
        + "".join(f"{code},{30 + n},{70 + n % 25}.0\n" for n, code in enumerate(PRACTICES))
    )
    survey.write_text(
        "gp_code,access_satisfaction_2024,phone_easy_2024\n"
        + "".join(
            f"{code},{55 + n % 25 + n % 3}.5,{40 + n % 30}.5\n" for n, code in enumerate(PRACTICES)
        )
    )
    return [fft, survey]


def test_from_an_empty_database_to_an_answer_by_what_the_pages_offer(
    page: Any,
    server: str,
    public: list[Path],
) -> None:
    page.goto(f"{server}/?data=Our+data")
    settled(page)
    page.get_by_test_id("stMain").get_by_role("link", name="Load files").click(timeout=WAIT)
    settled(page)
    load(page, server, public)
    go(page, "Overview")
    sees(page, "The only pair of sources cannot be compared yet")
    go(page, "Agreement")
    sees(page, "The periods do not meet: FFT GP covers February 2026, GP survey covers")
    assert no_sideways(page)
    press(page, "Compare the latest of each (24 months apart)")
    sees(
        page,
        "They do not ask about the same thing: FFT GP on overall experience and GP survey on access",
    )
    press(page, "Compare overall experience with access anyway")
    sees(page, r"Across 40 practices, FFT GP and GP survey .*not aligned in time; across domains")
    go(page, "Divergence")
    sees(page, "GP survey can support or contradict no other source here")
    press(page, "Assume 100 answers a practice")
    sees(page, r"of 40.*not aligned in time; across domains; numbers of answers assumed")
    go(page, "Overview")
    sees(page, r"Across 40 practices, FFT GP and GP survey .*numbers of answers assumed")
    assert "nan" not in page.get_by_test_id("stMain").inner_text().lower().split()
    for title in ("What if", "Provider"):
        go(page, title)
        page.get_by_role("button", name="Assume no answers").wait_for(timeout=WAIT)
    go(page, "Agreement")
    for way in ("Assume no answers", "Back to the usual measures", "Back to the same time only"):
        press(page, way)
    sees(page, "The periods do not meet")


def test_an_area_or_year_that_empties_a_page_is_taken_back_by_a_button(
    page: Any,
    server: str,
) -> None:
    page.goto(f"{server}/agreement?data=Our+data&window=2025-26")
    settled(page)
    sees(page, "has nothing in Apr 2025")
    press(page, "As the survey was made")
    sees(page, "The periods do not meet")


def test_one_service_after_another_never_sets_a_source_against_itself(
    page: Any,
    server: str,
) -> None:
    page.goto(f"{server}/alignment")
    page.wait_for_selector("h1", timeout=WAIT)
    settled(page)
    for service in ("Inpatient", "Maternity", "Urgent and emergency care", "General practice"):
        page.get_by_role("combobox", name="Service").click()
        page.get_by_role("option", name=service).click()
        settled(page)
        assert chosen(page, "Compare") != chosen(page, "with")
    page.goto(f"{server}/alignment?left=FFT+GP&right=FFT+GP")
    settled(page)
    sees(page, "The link names the same source twice")
    assert (chosen(page, "Compare"), chosen(page, "with")) == ("FFT GP", "GP survey")


def test_a_look_lands_on_the_organisation_and_leads_to_everything_on_it_and_back(
    page: Any,
    server: str,
) -> None:
    page.goto(server)
    settled(page)
    page.get_by_role("link", name="Jesselden Group Practice").click(timeout=WAIT)
    settled(page)
    landed = page.locator(".st-key-one_organisation")
    landed.wait_for(timeout=WAIT)
    page.wait_for_function(
        "element => { const top = element.getBoundingClientRect().top; return 0 <= top && top < 300; }",
        arg=landed.element_handle(),
        timeout=WAIT,
    )
    page.wait_for_timeout(4500)  # and stays there: the landing script ends after four seconds
    assert 0 <= landed.bounding_box()["y"] < 300
    page.get_by_role("link", name="Everything on Jesselden Group Practice").click(timeout=WAIT)
    settled(page)
    sees(page, "^Jesselden Group Practice: ")
    page.get_by_role("link", name="FFT GP – GP survey").first.click(timeout=WAIT)
    settled(page)
    assert "/divergence" in page.url
    assert chosen(page, "Organisation") == "Jesselden Group Practice (P-0012)"


def test_a_picture_offers_neither_its_frames_nor_its_drawing_instructions(
    page: Any,
    server: str,
) -> None:
    page.goto(f"{server}/agreement")
    settled(page)
    page.get_by_test_id("stVegaLiteChart").first.hover(timeout=WAIT)
    page.get_by_role("button", name=re.compile("^Download as PNG")).first.wait_for(timeout=WAIT)
    for name in ("Show data", "Copy Vega-Lite spec"):
        found = page.locator(f'button[aria-label^="{name}"]')
        assert not any(one.is_visible() for one in found.all())


def test_what_is_set_stays_set_through_pages_left_before_they_are_drawn(
    page: Any,
    server: str,
) -> None:
    page.goto(f"{server}/?assumed_base=100&periods=Latest+of+each")
    settled(page)
    for pages in (
        {"Provider": 1000, "Agreement": 600, "Overview": 0},
        {"Groups": 600, "Provider": 30, "What if": 30},
        {"What if": 300, "Provider": 1000, "Groups": 0},
        {"Provider": 30, "Divergence": 600, "Agreement": 30},
    ):
        for title, milliseconds in pages.items():
            page.locator("[data-testid=stTopNavLink]", has_text=re.compile(f"^{title}$")).click()
            page.wait_for_timeout(milliseconds)
        settled(page)
        sees(page, "100 answers assumed where none are given")
        address = parse_qs(urlsplit(page.url).query)
        assert (address["assumed_base"], address["periods"]) == (["100"], ["Latest of each"])


@pytest.mark.skipif(not REAL, reason="PX_REAL_FILES names no folder of real files")
def test_real_files_lead_to_an_answer_by_what_the_pages_offer(
    page: Any,
    server: str,
) -> None:
    files = [
        Path(REAL) / "survey" / "gpps_2024_north_east_london.csv",
        Path(REAL) / "fft" / "fft_gp_2026-02_north_east_london.csv",
    ]
    load(page, server, files)
    go(page, "Agreement")
    press(page, "Compare the latest of each (24 months apart)")
    press(page, "Compare overall experience with access anyway")
    sees(page, r"Across \d+ practices, FFT GP and GP survey .*not aligned in time; across domains")
    go(page, "Divergence")
    press(page, "Assume 100 answers a practice")
    sees(page, r"of \d+.*numbers of answers assumed")


def test_the_way_through_the_demonstration_leads_to_ones_own_data(page: Any, server: str) -> None:
    page.goto(server)
    settled(page)
    press(page, "Show me round")
    sees(page, "Each mark is an invented practice")
    follow(page, "Next")
    sees(page, "twenty dots")
    page.wait_for_url(re.compile("/divergence"), timeout=WAIT)
    go(page, "Trends")
    follow(page, "Back to it")
    sees(page, "twenty dots")
    follow(page, "Next")
    page.wait_for_url(re.compile("/sources"), timeout=WAIT)
    press(page, "Done")
    sidebar(page).get_by_text("Our data", exact=True).click()
    settled(page)
    assert page.get_by_role("button", name="Show me round").count() == 0
    go(page, "Overview")
    sees(page, r"Getting started: \d of 6 done|Names without a code|Reference files")
