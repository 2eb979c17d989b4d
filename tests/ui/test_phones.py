"""Telephones: by a code, without an account; back where they were; nothing of the data but the question."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.workshop import admission, record, workshops
from pxcore.analysis.workshop.course import Place, Stage
from pxcore.analysis.workshop.record import Direction, Draft, Expected
from pxcore.store import Store
from pxcore.ui import exact, phones, state
from pxcore.words import workshop as words
from tests.analysis.workshop.rooms import at, frozen, made, of_single_responses
from tests.ui.asking import Browser, figures

pytestmark = pytest.mark.usefixtures("stores")


@pytest.fixture
def held(stores: None) -> Store:  # noqa: ARG001  the order
    return state.workshops(state.DEMONSTRATION)


@pytest.fixture
def identifier(held: Store, demonstration: Store, every_pair: OverviewReport) -> str:
    return made(held, frozen(demonstration, every_pair), demonstration)


@pytest.fixture
def code(held: Store, identifier: str) -> str:
    return admission.open_code(held, identifier)


def joined(code: str, role: str = "nurse") -> Browser:
    phone = Browser()
    phone.ask(f"/join/{code}")
    return phone.post(f"/join/{code}", role=role)


def answers(held: Store, identifier: str, round_: int = 1) -> list[str]:
    return [row["answer"] for row in workshops.meeting(held, identifier).latest(1, round_).values()]


def test_telephones_see_what_was_frozen_while_exact_figures_are_on(
    held: Store, demonstration: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    identifier = made(held, (of_single_responses(demonstration),), demonstration)
    code = admission.open_code(held, identifier)
    phone = joined(code)
    for stage in Stage:
        if stage is Stage.WELCOME:
            continue
        at(held, identifier, 1, stage)
        before = figures(phone.ask(f"/join/{code}").text)
        with monkeypatch.context() as patched:
            patched.setattr(exact, "is_on", lambda: True)
            assert figures(phone.ask(f"/join/{code}").text) == before
        assert "57" not in before


def test_a_code_is_typed_in_any_way(code: str) -> None:
    phone = Browser()
    assert phone.ask("/join").status == 200
    phone.ask(f"/join?code=%20{code[:3].lower()}-{code[3:]}")
    assert (phone.status, phone.location) == (303, f"/join/{code}")
    assert phone.ask(phone.location).status == 200
    assert "As what do you take part?" in phone.text


def test_the_cookie_is_the_browsers_alone(code: str) -> None:
    phone = Browser().ask(f"/join/{code}")
    assert "HttpOnly" in phone.set_cookie
    assert "SameSite=lax" in phone.set_cookie
    assert "Path=/join" in phone.set_cookie
    assert "Secure" not in phone.set_cookie  # no telephone of a room has a certificate


def test_a_page_is_small_and_asks_for_nothing_else(held: Store, identifier: str, code: str) -> None:
    phone = joined(code)
    for stage in (Stage.QUESTION, Stage.ROUND_ONE, Stage.FORECAST):
        at(held, identifier, 1, stage)
        phone.ask(f"/join/{code}")
        assert len(phone.text.encode()) <= 20_000
        assert not re.findall(r'(?:src|href)="(?!data:,|")', phone.text)
        policy = phone.headers["content-security-policy"]
        nonce = re.search(r'script nonce="([^"]+)"', phone.text)
        assert nonce is not None
        assert f"'nonce-{nonce.group(1)}'" in policy
        assert "default-src 'none'" in policy
        assert phone.headers["cache-control"] == "no-store"


def test_a_telephone_sees_the_open_question_and_nothing_of_the_data(
    held: Store, identifier: str, code: str
) -> None:
    facts = workshops.workshop(held, identifier).cells[1].facts
    assert facts is not None
    phone = joined(code)
    figures = [
        words.value(figure, source.side.unit)
        for source in facts.sources
        for figure in (source.value, source.peers)
        if figure is not None
    ]
    assert len(figures) == 4
    for stage in Stage:
        at(held, identifier, 1, stage)
        text = phone.ask(f"/join/{code}").text
        body = text.split("</style>")[1]
        assert phone.status == 200
        assert (facts.name in body) is (stage in (Stage.ROUND_ONE, Stage.ROUND_TWO))
        assert not any(figure in body for figure in (*figures, words.likely(facts), facts.mark))
        assert not any(comment.comment in body for comment in facts.comments)
    stranger = Browser().ask(f"/join/{code}")
    assert facts.name not in stranger.text


def test_an_answer_is_kept_shown_and_changed(held: Store, identifier: str, code: str) -> None:
    phone = joined(code)
    assert words.PHONE_WAITS in phone.text
    at(held, identifier, 1, Stage.ROUND_ONE)
    phone.ask(f"/join/{code}")
    phone.post(f"/join/{code}", answer="differ", reason="Mrs Patel waited")
    assert "Sent: “They differ”, with your reason." in phone.text
    assert "Mrs [name] waited" in phone.text  # masked before it was kept
    assert answers(held, identifier) == ["differ"]
    phone.post(f"/join/{code}", answer="partly")
    assert "Sent: “They agree in part”." in phone.text
    assert answers(held, identifier) == ["partly"]
    at(held, identifier, 1, Stage.CLOSED_ONE)
    assert words.PHONE_WAITS in phone.ask(f"/join/{code}").text
    at(held, identifier, 1, Stage.ROUND_TWO)
    second = phone.ask(f"/join/{code}").text
    assert "Sent" not in second  # another round, another answer
    assert "In the first round you said: “They agree in part”. Tap it again" in second
    assert (
        "In the first round" not in joined(code).ask(f"/join/{code}").text
    )  # whoever said nothing


def test_sent_twice_is_sent_once_and_another_answer_of_the_same_page_counts(
    held: Store, identifier: str, code: str
) -> None:
    phone = joined(code)
    at(held, identifier, 1, Stage.ROUND_ONE)
    page = phone.ask(f"/join/{code}").text
    for answer in ("agree", "agree", "differ", "agree"):  # the last: the first, come again
        phone.text = page
        phone.post(f"/join/{code}", answer=answer)
        assert phone.status == 200
    assert answers(held, identifier) == ["differ"]
    rows = held.events("workshop_answers", workshop=identifier, participant="")
    assert [row["answer"] for row in rows] == ["agree", "differ"]


def test_what_comes_late_says_so_and_what_stood_stands(
    held: Store, identifier: str, code: str
) -> None:
    phone = joined(code)
    at(held, identifier, 1, Stage.ROUND_ONE)
    page = phone.ask(f"/join/{code}").text
    phone.post(f"/join/{code}", answer="agree")
    at(held, identifier, 1, Stage.ROUND_TWO)  # meanwhile
    phone.text = page
    phone.post(f"/join/{code}", answer="differ")
    assert "had closed before that arrived" in phone.text
    assert answers(held, identifier) == ["agree"]
    assert answers(held, identifier, 2) == []


def test_nobody_sends_for_somebody_else(held: Store, identifier: str, code: str) -> None:
    phone = joined(code)
    at(held, identifier, 1, Stage.ROUND_ONE)
    phone.ask(f"/join/{code}")
    for wrong in ("", "0" * 32):
        assert phone.post(f"/join/{code}", form=wrong, answer="agree").status == 403
        phone.ask(f"/join/{code}")
    stranger = Browser()
    stranger.text = phone.text  # the form of another's page, without the cookie
    assert stranger.post(f"/join/{code}", answer="agree").status == 403
    assert answers(held, identifier) == []
    for nonsense in (
        {"answer": "perhaps"},
        {"answer": "agree", "stage": "x"},
        {"answer": "agree", "cell": "one"},
        {"answer": "agree", "request": ""},
    ):
        phone.ask(f"/join/{code}").post(f"/join/{code}", **nonsense)
        assert "Nothing was sent" in phone.text
    assert phone.ask(f"/join/{code}", "POST", b"x" * 10_000).status == 413
    assert answers(held, identifier) == []


def test_a_room_has_an_end(
    held: Store, identifier: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshops, "MOST_PEOPLE", 2)
    first, second, third = joined(code), joined(code), joined(code)
    assert third.status == 409
    assert "The room is full" in third.text
    assert first.post(f"/join/{code}", role="doctor").status != 409  # who is in may change role
    assert second.ask(f"/join/{code}").status == 200
    assert len(workshops.meeting(held, identifier).joined) == 2


def test_who_has_joined_stays_in_though_somebody_beside_them_guesses(code: str) -> None:
    phone = joined(code)
    for guess in range(phones.MOST_WRONG):
        Browser().ask(f"/join/DBBB{guess:02d}")
    assert phone.ask(f"/join/{code}").status == 200
    assert Browser().ask(f"/join/{code}").status == 429


def test_wrong_codes_are_few(code: str) -> None:
    guesser = Browser(address="10.0.0.9")
    for guess in range(phones.MOST_WRONG - 1):
        assert guesser.ask(f"/join/DAAA{guess:02d}").status == 404
    assert guesser.ask("/join/DAAAZZ").status == 429
    assert guesser.ask(f"/join/{code}").status == 429  # nor the right one now
    assert "five minutes" in guesser.text
    assert Browser(address="10.0.0.8").ask(f"/join/{code}").status == 200


def test_no_database_is_made_by_a_code_that_there_is_none_of(stores: None) -> None:  # noqa: ARG001
    from pxcore.paths import own_database

    assert Browser().ask("/join/ABCEFG").status == 404
    assert not own_database().exists()


def test_an_expired_code_lets_nobody_in_and_puts_nobody_out(
    held: Store, identifier: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = joined(code)
    at(held, identifier, 1, Stage.ROUND_ONE)
    later = workshops.now() + timedelta(hours=workshops.ROOM_HOURS, minutes=1)
    monkeypatch.setattr(workshops, "now", lambda: later)
    newcomer = Browser().ask(f"/join/{code}")
    assert newcomer.status == 410
    assert "no longer opens" in newcomer.text
    phone.ask(f"/join/{code}").post(f"/join/{code}", answer="agree")
    assert answers(held, identifier) == ["agree"]


def test_a_restart_of_the_server_brings_everybody_back(
    held: Store, identifier: str, code: str
) -> None:
    phone = joined(code)
    at(held, identifier, 1, Stage.ROUND_ONE)
    phone.ask(f"/join/{code}").post(f"/join/{code}", answer="silent")
    state._stores.clear()  # all that a process holds
    held.close()
    assert "Sent: “One of them says too little”." in phone.ask(f"/join/{code}").text
    phone.post(f"/join/{code}", answer="agree")
    again = state.workshops(state.DEMONSTRATION)
    assert again is not held
    assert answers(again, identifier) == ["agree"]
    assert len(workshops.meeting(again, identifier).joined) == 1


def test_who_is_removed_is_told(held: Store, identifier: str, code: str) -> None:
    phone = joined(code)
    (person,) = workshops.meeting(held, identifier).present
    at(held, identifier, 1, Stage.ROUND_ONE)
    phone.ask(f"/join/{code}")
    workshops.remove(held, identifier, person.participant)
    phone.post(f"/join/{code}", answer="agree")
    assert "taken you off the list" in phone.text
    assert answers(held, identifier) == []


def test_the_number_changes_with_every_step_and_says_nothing(
    held: Store, identifier: str, code: str
) -> None:
    phone = joined(code)
    before = phone.ask(f"/join/{code}/now").text
    at(held, identifier, 1, Stage.ROUND_ONE)
    after = phone.ask(f"/join/{code}/now").text
    assert before == "0"
    assert after.isdecimal()
    assert after != before
    assert f'seen = "{after}"' in phone.ask(f"/join/{code}").text


def test_words_of_a_person_are_words(
    held: Store, demonstration: Store, every_pair: OverviewReport
) -> None:
    from pxcore.analysis.workshop.frozen import data_key
    from pxcore.model import Disclosure

    identifier = workshops.make(
        held, "<script>alert(1)</script>", "Ann", frozen(demonstration, every_pair)[:1],
        revision=1, data_key=data_key(demonstration), view="{}", disclosure=Disclosure(),
    )  # fmt: skip
    phone = Browser().ask(f"/join/{admission.open_code(held, identifier)}")
    assert "&lt;script&gt;alert" in phone.text
    assert "<script>alert" not in phone.text


def test_the_forecast_is_asked_in_words_and_kept_as_a_chance(
    held: Store, identifier: str, code: str
) -> None:
    phone = joined(code)
    now = workshops.meeting(held, identifier)
    facts = now.workshop.cells[1].facts
    assert facts is not None
    by_date = datetime(2027, 9, 30).date()
    expected = Expected(record.figure_of(facts.right), Direction.UP, 0.05, by_date)
    draft = Draft("Ring back", "Second line", "Manager", expected=expected)
    record.record(held, now, 1, draft, "Ann")
    at(held, identifier, 1, Stage.FORECAST)
    phone.ask(f"/join/{code}")
    assert "rises from 57% to 62% or more in data up to 30 September 2027?" in phone.text
    phone.post(f"/join/{code}", chance="0.8")
    assert "Sent: Likely." in phone.text
    rows = workshops.meeting(held, identifier).latest(1, 3)
    assert [row["chance"] for row in rows.values()] == [0.8]
    assert Place(1, Stage.FORECAST).round == 3


def test_the_end_is_said(held: Store, identifier: str, code: str) -> None:
    phone = joined(code)
    workshops.end(held, identifier)
    assert "Thank you" in phone.ask(f"/join/{code}").text
