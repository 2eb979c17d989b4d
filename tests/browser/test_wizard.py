"""A person explains a form of their own in real Chromium, loads it, and is met by it next time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.served import JOURNEY, WAIT, Server, no_sideways

pytestmark = JOURNEY
FORM = (
    "EndDate,ResponseId,Name,practice_code,Q1,Q2\n"
    '"End Date","Response ID","Name","Which practice did you use?","Overall, how was it?",'
    '"How easy was it to phone?"\n'
    '"{""ImportId"":""endDate""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID0""}",'
    '"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}","{""ImportId"":""QID3""}"\n'
    "2026-03-02 10:12:00,R_002,Ann Invented,P-0001,Very good,Very easy\n"
    "2026-03-03 10:13:00,R_003,Bob Invented,P-0002,Fairly good,Fairly easy\n"
    "2026-03-04 10:14:00,R_004,Cat Invented,P-0001,Fairly poor,Not very easy\n"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("own") / "own.duckdb")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    """A telephone's window."""
    opened = chromium.new_page(viewport={"width": 390, "height": 844})
    yield opened
    opened.close()


def drop(page: Any, server: Server, file: Path) -> None:
    page.goto(f"{server.address}/sources?data=Our+data")
    page.locator("input[type=file]").first.wait_for(state="attached", timeout=WAIT)
    page.wait_for_timeout(500)
    page.locator("input[type=file]").first.set_input_files(str(file))


def choose(page: Any, box: str, option: str) -> None:
    page.get_by_role("combobox", name=re.compile(re.escape(box))).first.click(timeout=WAIT)
    page.get_by_role("option", name=option).first.click(timeout=WAIT)


def test_a_form_is_explained_once_on_a_telephone_and_loaded(
    page: Any, server: Server, tmp_path: Path
) -> None:
    form = tmp_path / "spring form.csv"
    form.write_text(FORM)
    drop(page, server, form)
    page.get_by_text("What does a row hold?").wait_for(timeout=WAIT)
    page.get_by_text("The headings stand in rows 1 to 3").wait_for(timeout=WAIT)
    for box, holds in (("‘Name’ holds", "Leave out"), ("‘practice_code’ holds", "Provider code")):
        shown = page.get_by_role("combobox", name=re.compile(re.escape(box))).first
        assert shown.get_attribute("value") == holds
    page.get_by_text("3 answers of 2 organisations").wait_for(timeout=WAIT)
    assert no_sideways(page)
    page.get_by_role("button", name="Remember this layout and load the file").click(timeout=WAIT)
    page.get_by_text(re.compile("1 file loaded")).wait_for(timeout=WAIT)


def test_next_months_form_is_recognised_by_itself(
    page: Any, server: Server, tmp_path: Path
) -> None:
    april = tmp_path / "april form.csv"
    april.write_text(FORM.replace("2026-03", "2026-04").replace("R_00", "R_10"))
    drop(page, server, april)
    page.get_by_role("button", name="Load 1 file").wait_for(timeout=WAIT)
    assert page.get_by_text("What does a row hold?").count() == 0


def test_a_file_dropped_before_the_program_was_started_anew_must_be_dropped_again(
    page: Any, server: Server
) -> None:
    from playwright.sync_api import expect

    server.stop()
    page.wait_for_timeout(1000)
    server.start()
    page.get_by_role("button", name="Load 1 file").click(timeout=WAIT)
    page.get_by_text("Drop the file again").wait_for(timeout=2 * WAIT)
    expect(page.get_by_text("april form.csv")).to_have_count(0, timeout=WAIT)
