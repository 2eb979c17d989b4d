"""A workshop in real Chromium, with a facilitator, a screen, ten telephones of 390 pixels and thirty more by
script, from what is suggested to the record; the server is killed in the middle and nothing is lost."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import docx
import duckdb
import pytest

from pxcore.analysis.workshop.workshops import LONGEST_NOTE
from tests.browser.room import Phone, press
from tests.browser.served import JOURNEY, WAIT, Server, settled

pytestmark = JOURNEY
ROLES = ("Nurse or midwife",) * 5 + ("Doctor",) * 2 + ("Manager or administrator",) * 3
ANSWERS = ("They differ", "They agree in part", "They differ", "I cannot tell")
SCRIPTED = 30
SENT = "Sent: “They differ”"
# How far anything on the screen of the room runs out of it, and how large its title is drawn.
SCREEN = """() => {
  const section = document.querySelector('section');
  return {
    over: Math.max(document.documentElement.scrollHeight - innerHeight,
                   document.documentElement.scrollWidth - innerWidth,
                   section.scrollHeight - section.clientHeight,
                   ...[...document.querySelectorAll('.foot > *')]
                     .map(one => one.getBoundingClientRect().right - innerWidth)),
    title: parseFloat(getComputedStyle(document.querySelector('h1')).fontSize),
  };
}
"""
PICTURES = os.environ.get("PX_PICTURES", "")


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("own") / "own.duckdb")
    yield running
    running.stop()


def looked_at(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"workshop_{name}.png"))


def on_screen(screen: Any, stage: str) -> None:
    """The stage is drawn; nothing runs out of it, and its title is read from the back of the room."""
    screen.wait_for_function(
        "stage => document.querySelector('.foot').innerText.includes(stage)",
        arg=stage,
        timeout=WAIT,
    )
    drawn = screen.evaluate(SCREEN)
    assert drawn["over"] <= 1, stage
    assert drawn["title"] >= 40
    looked_at(screen, re.sub(r"\W+", "_", stage.lower()))


def test_a_workshop_from_the_agenda_to_the_record(
    serving: Server, chromium: Any, tmp_path: Path
) -> None:
    facilitator = chromium.new_page(viewport={"width": 1366, "height": 768})
    facilitator.goto(f"{serving.address}/workshop")
    make = facilitator.get_by_role("button", name=re.compile("^Make the workshop"))
    make.wait_for(timeout=WAIT)
    settled(facilitator)
    # all but the first: the second is one of whom three sources speak
    facilitator.locator("[data-testid=stCheckbox] label", has_text="Osiermere").click()
    settled(facilitator)
    facilitator.get_by_label("Title").fill("Access, June")
    facilitator.get_by_label("Who leads it").fill("Ann Example")
    make.click()
    link = facilitator.get_by_role("link", name="Open the screen of the room")
    link.wait_for(timeout=WAIT)
    settled(facilitator)
    way = str(link.get_attribute("href"))
    shown = re.search(r"code\s+(D\w{5})", facilitator.inner_text("body"))
    assert shown is not None
    code = shown.group(1)

    screen = chromium.new_page(viewport={"width": 1920, "height": 1080})
    screen.goto(serving.address + way)
    assert code in screen.inner_text("body")
    on_screen(screen, "People join")

    phones = _telephones(chromium, serving.address, code)
    on_screen(screen, "10 people have joined")
    _practice(screen, phones, serving, way)

    _to(screen, "ArrowRight", "First round: phones are open")
    for phone in phones[:9]:  # each opens by itself
        phone.get_by_role("button", name="They differ").wait_for(timeout=WAIT)
    scripted = [Phone(serving.address, code) for _ in range(SCRIPTED)]
    _killed_in_the_middle(serving, scripted, phones)
    on_screen(screen, "40 of 40 have answered")
    for place, phone in enumerate(phones):
        phone.get_by_text(f"Sent: “{ANSWERS[place % 4]}”").wait_for(timeout=WAIT)
    answered = sum(place % 4 in (0, 2) for place in range(10)) + SCRIPTED
    _to(screen, "PageDown", "First round closed")
    _to(screen, "PageDown", "What the room says")
    picture = screen.locator("section svg").first
    assert f"{answered} differ" in str(picture.get_attribute("aria-label"))
    _to(screen, "ArrowRight", "What the figures say")
    shown = screen.inner_text("section")
    _to(screen, "ArrowRight", "What people wrote")
    _conclude_at_length(facilitator)
    screen.get_by_text("Dr Longwind concludes").nth(1).wait_for(timeout=WAIT)
    on_screen(screen, "What people wrote")
    _to(screen, "ArrowRight", "Second round: phones are open")
    # what it shows is of the first round until it has looked again
    phones[1].get_by_text(f"Sent: “{ANSWERS[1]}”").wait_for(state="hidden", timeout=WAIT)
    phones[1].get_by_role("button", name="They differ").click()
    phones[1].get_by_text(SENT).wait_for(timeout=WAIT)
    _to(screen, "ArrowRight", "Second round closed")
    _to(screen, "ArrowRight", "Who changed their mind")
    assert "1 moved from “agree in part” to “differ”" in screen.inner_text("body")
    _to(screen, "ArrowRight", "What shall we do?")

    _decide(facilitator)
    on_screen(screen, "What shall we do?")
    screen.get_by_text("Ring back within a day").wait_for(timeout=WAIT)
    _to(screen, "ArrowRight", "How likely is it? Phones are open")
    for phone in phones[:3]:
        phone.get_by_role("button", name=re.compile("^Likely")).click()
        phone.get_by_text("Sent: Likely.").wait_for(timeout=WAIT)
    _to(screen, "ArrowRight", "What is written down")
    assert "The room's chance: 80 in 100, the middle of 3 answers" in screen.inner_text("body")
    _record(facilitator, tmp_path, answered, shown)
    _back_by_its_code(facilitator, chromium, serving)
    facilitator.goto(f"{serving.address}/decisions")
    facilitator.get_by_text("Jesselden Group Practice: Ring back within a day").first.wait_for(
        timeout=WAIT
    )
    looked_at(facilitator, "decisions")


def _telephones(chromium: Any, address: str, code: str) -> list[Any]:
    """Ten telephones that have joined; the last has no JavaScript."""
    phones = []
    for place, role in enumerate(ROLES):
        context = chromium.new_context(
            viewport={"width": 390, "height": 844},
            is_mobile=True,
            has_touch=True,
            java_script_enabled=place < 9,
            color_scheme="dark" if place % 2 else "light",
        )
        phone, requests = context.new_page(), []
        phone.on("request", lambda request, seen=requests: seen.append(request.url))
        answer = phone.goto(f"{address}/join/{code}")
        assert len(requests) <= 3
        assert len(answer.body()) <= 20_000
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390 if place < 9 else True
        tall = [
            box["height"]
            for button in phone.get_by_role("button").all()
            if (box := button.bounding_box()) is not None
        ]
        assert min(tall) >= 44  # a thumb's
        looked_at(phone, f"phone_{place}")
        phone.get_by_role("button", name=role, exact=True).click()
        phone.get_by_text("Look at the screen").wait_for(timeout=WAIT)
        phones.append(phone)
    return phones


def _practice(screen: Any, phones: list[Any], serving: Server, way: str) -> None:
    _to(screen, "ArrowRight", "The question")
    _to(screen, "ArrowRight", "First round: phones are open")
    phones[0].get_by_role("button", name="They differ").click()  # it opened by itself
    phones[0].get_by_text(SENT).wait_for(timeout=WAIT)
    looked_at(phones[0], "phone_sent")
    phones[9].reload()
    phones[9].get_by_role("button", name="They agree", exact=True).click()
    phones[9].get_by_text("Sent: “They agree”").wait_for(timeout=WAIT)
    on_screen(screen, "2 of 10 have answered")
    for _ in range(3):
        press(serving.address, way, "forward")
    on_screen(screen, "The question")
    assert "Jesselden Group Practice" in screen.inner_text("h1")


def _killed_in_the_middle(serving: Server, scripted: list[Phone], phones: list[Any]) -> None:
    """Everybody answers while the server is killed and started again; what a phone was told is on disk."""
    told: list[Phone] = []
    halfway = threading.Event()

    def answers(phone: Phone) -> None:
        phone.look()
        phone.send(role="analyst")
        phone.send(answer="differ")
        assert SENT in phone.page
        told.append(phone)
        if len(told) == SCRIPTED // 3:
            halfway.set()
        for _ in range(2):  # nothing came back, it may think, and sends the same again
            phone.send(answer="differ")

    with ThreadPoolExecutor(SCRIPTED) as everybody:
        running = [everybody.submit(answers, phone) for phone in scripted]
        assert halfway.wait(240)
        before = len(told)
        serving.process.kill()
        serving.process.wait(60)
        assert before >= SCRIPTED // 3
        _on_disk(Path(serving.environment["PX_DATABASE"]), before)
        phones[0].get_by_role("button", name=ANSWERS[0], exact=True).click()
        phones[0].get_by_text("Not sent yet").wait_for(timeout=WAIT)
        serving.start()
        phones[0].get_by_text(SENT).wait_for(timeout=WAIT)  # by itself
        for place, phone in enumerate(phones):
            if place == 9:
                phone.reload()
            phone.get_by_role("button", name=ANSWERS[place % 4], exact=True).click(timeout=WAIT)
            phone.get_by_text(f"Sent: “{ANSWERS[place % 4]}”").wait_for(timeout=WAIT)
        for result in running:
            result.result(300)


def _on_disk(database: Path, told: int) -> None:
    """As many answers as were acknowledged, or more, are in the file a dead process left."""
    kept = database.with_name(f"{database.stem}-demonstration-workshops.duckdb")
    left = duckdb.connect(str(kept))
    row = left.execute(
        "select count(distinct participant) from workshop_answer where cell = 1 and answer = 'differ'"
    ).fetchone()
    left.close()
    assert row is not None
    assert row[0] >= told


def _to(screen: Any, key: str, stage: str) -> None:
    screen.keyboard.press(key)
    on_screen(screen, stage)


def _conclude_at_length(page: Any) -> None:
    """Two notes as long as any may be: beside figures and comments, more than a screen holds as it is."""
    page.reload()
    settled(page)
    page.get_by_role("tab", name="Write down").click()
    settled(page)
    page.get_by_role("combobox", name="What it is").click()
    page.get_by_role("option", name=re.compile("^What somebody concludes")).click(timeout=WAIT)
    settled(page)
    for words in (
        "The messages reach those who came back. ",
        "The desk asks only those who smile. ",
    ):
        page.get_by_role("textbox", name="In words").fill((words * 20)[:LONGEST_NOTE])
        page.get_by_role("textbox", name="Whose").fill("Dr Longwind")
        page.get_by_role("button", name="Keep the note").click()
        page.get_by_text(words.strip()).first.wait_for(timeout=WAIT)
        settled(page)


def _decide(page: Any) -> None:
    page.reload()
    settled(page)
    page.get_by_role("tab", name="Write down").click()
    settled(page)
    page.get_by_label("What is decided or recommended").fill("Ring back within a day")
    page.get_by_label("Action", exact=True).fill("A second line from eight to ten")
    page.get_by_label("Owner", exact=True).fill("Practice manager")
    page.keyboard.press("Tab")
    settled(page)
    settled(page)
    box = page.get_by_role("combobox", name="Figure expected to move")
    box.click()
    box.fill("GP survey")  # a page drawn anew meanwhile would close the list
    page.get_by_role("option", name=re.compile("^GP survey")).click(timeout=WAIT)
    settled(page)
    page.get_by_role("button", name="Write it down").click()
    page.get_by_text("Version 1").wait_for(timeout=WAIT)
    looked_at(page, "decision")


def _record(page: Any, folder: Path, answered: int, shown: str) -> None:
    """The record in Word is what page and screen showed, figure by figure.

    `shown` : the screen of the room with what the figures say.
    """
    page.get_by_role("tab", name="Record").click()
    settled(page)
    # by the pointer a tab keeps no arrow keys: they lead on
    assert page.evaluate("document.activeElement.getAttribute('role')") != "tab"
    looked_at(page, "record")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as Word").click()
    assert download.value.suggested_filename.startswith("synthetic-workshop-")
    assert download.value.suggested_filename.endswith(".docx")
    kept = folder / "record.docx"
    download.value.save_as(kept)
    written = docx.Document(str(kept))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in written.tables]
    said = [paragraph.text for paragraph in written.paragraphs]
    for words in ("Access, June: the record of a workshop", "Jesselden Group Practice"):
        assert words in said
    assert "Synthetic data" in written.sections[0].header.paragraphs[0].text
    code = re.search(r"PX-\w{7}", page.inner_text("[data-testid=stMain]"))
    assert code is not None
    assert any(line.endswith(code.group()) for line in said)
    (rounds,) = [rows[1:] for rows in tables if rows[0][-1] == "Second round"]
    first = {row[0]: int(row[1]) for row in rounds}
    assert first["They differ"] == answered
    assert sum(first.values()) == 40
    figures = next(rows[1:] for rows in tables if "95 % range" in rows[0])
    assert len(figures) == 3
    for source, _, value, interval, peers, answers, _ in figures:  # the third source, too
        assert f"{source}: {value} ({interval}; peers {peers}), {answers} answers" in shown
    decided = {row[0]: row[1] for rows in tables for row in rows if len(row) == 2}
    assert decided["Action"] == "A second line from eight to ten"
    assert decided["The room's chance that it does"] == "80 in 100, the middle of 3 answers"
    assert decided["The figure expected to move"].startswith(
        "GP survey rises from 55% to 60% or more"
    )
    assert "Version 2" in decided["Versions"]
    expected = decided["The figure expected to move"].removesuffix(".")
    assert expected in page.inner_text("[data-testid=stMain]")


def _back_by_its_code(page: Any, chromium: Any, serving: Server) -> None:
    """The code at the foot opens the workshop in another browser."""
    code = re.search(r"PX-\w{7}", page.inner_text("[data-testid=stMain]"))
    assert code is not None
    other = chromium.new_context(viewport={"width": 1366, "height": 768}).new_page()
    other.goto(f"{serving.address}/?code={code.group()}")
    other.get_by_text(re.compile("Access, June.*frozen on")).wait_for(timeout=WAIT)
    other.get_by_text(re.compile("all of its .* come out the same")).wait_for(timeout=WAIT)
    other.context.close()
