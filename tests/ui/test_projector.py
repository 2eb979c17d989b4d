"""The screen of the room: what each stage shows, and its keys."""

from __future__ import annotations

import re
from datetime import date

import pytest

from pxcore.analysis.files.sources import sources
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.workshop import admission, notes, record, workshops
from pxcore.analysis.workshop.course import Place, Stage
from pxcore.analysis.workshop.decisions import decisions_report
from pxcore.analysis.workshop.minutes import minutes
from pxcore.analysis.workshop.notes import Kind
from pxcore.analysis.workshop.record import Direction, Draft, Expected
from pxcore.analysis.workshop.workshops import Answer
from pxcore.charts.theme import LIGHT
from pxcore.publish import html
from pxcore.publish.document import Document
from pxcore.publish.sections import record as record_section
from pxcore.store import Store
from pxcore.ui import exact, projector, state
from pxcore.words import decisions as decision_words
from pxcore.words import workshop as words
from tests.analysis.workshop.rooms import (
    at,
    frozen,
    made,
    of_few,
    of_single_responses,
    people,
    says,
)
from tests.ui.asking import Browser, figures

pytestmark = pytest.mark.usefixtures("stores")


@pytest.fixture
def held(stores: None) -> Store:  # noqa: ARG001  the order
    return state.workshops(state.DEMONSTRATION)


@pytest.fixture
def identifier(held: Store, demonstration: Store, every_pair: OverviewReport) -> str:
    return made(held, frozen(demonstration, every_pair), demonstration)


def screen(identifier: str, path: str = "") -> Browser:
    return Browser().ask(f"/projector/demonstration/{identifier}{path}")


def test_people_join_by_what_is_on_it(
    held: Store, identifier: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "opens the doors" in screen(identifier).text
    code = admission.open_code(held, identifier)
    shown = screen(identifier).text
    assert code in shown
    assert "localhost:8501/join" in shown
    assert 'class="qr"' in shown
    assert "Invented data" in shown
    monkeypatch.setenv("PX_ROOM", "192.168.1.20, px.example")
    assert "192.168.1.20:8501/join" in screen(identifier).text
    monkeypatch.setenv("PX_ROOM", "px.example:80")
    assert "px.example:80/join" in screen(identifier).text


def test_the_room_sees_what_was_frozen_while_exact_figures_are_on(
    held: Store, demonstration: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    identifier = made(held, (of_single_responses(demonstration),), demonstration)
    for stage in (Stage.QUESTION, Stage.ANSWER, Stage.VOICES):
        at(held, identifier, 1, stage)
        before = figures(screen(identifier).text)
        with monkeypatch.context() as patched:
            patched.setattr(exact, "is_on", lambda: True)
            assert figures(screen(identifier).text) == before
        assert "57" not in before
        assert stage is not Stage.QUESTION or {"98", "53"} <= set(before)


def counts_of_none(page: str) -> list[str]:
    """Where a page counts nobody, or has a share of nought; an axis may begin there."""
    said = re.sub(r"<style.*?</style>|<script.*?</script>|<[^>]*>", " ", page, flags=re.S)
    return re.findall(
        r"\b0\s*(?:%|of|in 100|answer\w*|respon\w*|people|patient\w*|comment\w*)", said
    )


def test_few_answers_never_read_as_none_in_a_room_its_record_or_what_became_of_it(
    held: Store, store: Store
) -> None:
    identifier = made(held, (of_few(store),), store)
    people(held, identifier, 6)
    code = admission.open_code(held, identifier)
    for stage in (Stage.QUESTION, Stage.ANSWER, Stage.VOICES, Stage.DECISION):
        at(held, identifier, 1, stage)
        on_screen = screen(identifier).text
        assert not counts_of_none(on_screen)
        assert not counts_of_none(Browser().ask(f"/join/{code}").text)
        assert stage is not Stage.QUESTION or "too few answers" in on_screen
    meeting = workshops.meeting(held, identifier)
    facts = meeting.workshop.cells[1].facts
    assert facts is not None
    assert facts.left.respondents is None
    expected = Expected(record.figure_of(facts.right), Direction.UP, 0.01, date(2027, 3, 31))
    draft = Draft(words="Ring back", action="A line", owner="Manager", expected=expected)
    record.record(held, meeting, 1, draft, "Ann")
    parts = record_section.sections(minutes(held, store, identifier), sources(store).extracts)
    page = html.page(Document("Record", parts, LIGHT, "", date(2026, 11, 30))).decode()
    assert "too few answers" in page
    assert not counts_of_none(page)
    report = decisions_report(store, held, date(2026, 11, 30))
    (row,) = decision_words.table(report.records).to_dict("records")
    assert not [name for name, cell in row.items() if cell in (0, "0", "0%")]


def test_every_stage_of_every_question_is_drawn(held: Store, identifier: str) -> None:
    persons = people(held, identifier, 6)
    for cell in range(len(workshops.workshop(held, identifier).cells)):
        for stage in Stage:
            if cell == 0 and stage is Stage.ANSWER:
                break
            now = at(held, identifier, cell, stage)
            if stage in (Stage.ROUND_ONE, Stage.ROUND_TWO):
                for person in persons:
                    says(held, identifier, person, Answer.DIFFER)
            asked = screen(identifier)
            assert asked.status == 200, (cell, stage)
            title = "June meeting" if stage is Stage.WELCOME else words.title(now.cell)
            assert f"<h1>{title}</h1>" in asked.text


def test_the_figures_answer_is_not_seen_before_the_room_has_spoken(
    held: Store, identifier: str
) -> None:
    facts = workshops.workshop(held, identifier).cells[1].facts
    assert facts is not None
    seen = {}
    for stage in Stage:
        at(held, identifier, 1, stage)
        seen[stage] = words.likely(facts) in screen(identifier).text
    assert {stage for stage, shown in seen.items() if shown} == {
        Stage.ANSWER, Stage.ROUND_TWO, Stage.CLOSED_TWO,
    }  # fmt: skip


def test_what_the_room_says_is_not_seen_while_it_speaks(held: Store, identifier: str) -> None:
    persons = people(held, identifier, 6)
    at(held, identifier, 1, Stage.ROUND_ONE)
    for person in persons[:4]:
        says(held, identifier, person, Answer.DIFFER)
    assert screen(identifier, "/now").text.count("4 of 6 have answered") == 1
    for stage in (Stage.ROUND_ONE, Stage.CLOSED_ONE):
        at(held, identifier, 1, stage)
        assert "4 differ" not in screen(identifier).text
    at(held, identifier, 1, Stage.ROOM)
    assert 'aria-label="4 differ"' in screen(identifier).text


def test_a_named_inference_stands_beside_figures_and_comments(held: Store, identifier: str) -> None:
    at(held, identifier, 1, Stage.VOICES)
    before = screen(identifier, "/now").text
    notes.add_note(held, identifier, 1, Kind.INFERENCE, "Phones hide it", "Sister Ray")
    assert screen(identifier, "/now").text != before  # it is drawn anew
    text = screen(identifier).text
    facts = workshops.workshop(held, identifier).cells[1].facts
    assert facts is not None
    assert "Sister Ray concludes: Phones hide it" in text
    assert words.figure(facts.left) in text
    assert facts.comments[0].comment.split(".")[0] in text


def test_keys_lead_on_and_back_and_no_other_site_can(held: Store, identifier: str) -> None:
    path = f"/projector/demonstration/{identifier}"

    def press(body: bytes, **headers: str) -> int:
        return Browser().ask(path, "POST", body, **headers).status

    assert press(b"forward") == 403
    assert press(b"dance", x_px_screen="1") == 403
    assert press(b"forward", x_px_screen="1") == 200
    assert press(b"forward", x_px_screen="1") == 200
    assert workshops.meeting(held, identifier).course.place == Place(0, Stage.ROUND_ONE)
    assert press(b"back", x_px_screen="1") == 200
    assert workshops.meeting(held, identifier).course.place == Place(0, Stage.QUESTION)
    workshops.end(held, identifier)
    press(b"forward", x_px_screen="1")
    assert workshops.meeting(held, identifier).course.ended
    assert "Thank you" in screen(identifier).text


def test_a_screen_that_is_none_says_so(held: Store, identifier: str) -> None:  # noqa: ARG001
    for path in (
        "/projector/demonstration/x",
        f"/projector/strange/{identifier}",
        "/projector/own/x",
    ):
        assert Browser().ask(path).status == 404
        assert Browser().ask(f"{path}/now").status == 404


def test_the_timer_counts_down(held: Store, identifier: str) -> None:
    workshops.start_timer(held, identifier, 2)
    assert '"timer":"1:5' in screen(identifier, "/now").text or "2:00" in screen(identifier).text


def test_comments_that_fill_the_screen_are_cut_and_show_it() -> None:
    long, short = "word " * 100, "Short."
    shown = projector._fitting([("a", long), ("b", short), ("c", long), ("d", short)])
    assert [context for context, _ in shown] == ["a", "b", "c", "d"]
    assert shown[0][1].endswith(" …")
    assert shown[1][1] == short
    assert sum(len(text) for _, text in shown) <= projector.MOST_READ
