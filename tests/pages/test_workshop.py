"""The facilitator's page, from what is suggested to the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pxcore.analysis.workshop import admission, example, frozen, notes, record, workshops
from pxcore.analysis.workshop.course import Place, Stage
from pxcore.analysis.workshop.notes import Kind
from pxcore.analysis.workshop.workshops import Answer, Role
from pxcore.model import Disclosure
from pxcore.paths import demonstration_workshops
from pxcore.store import Store
from pxcore.ui import exact, filters, phones, state
from tests.analysis.frames import alike, standings
from tests.analysis.workshop.rooms import people, says
from tests.pages.test_pages import sound, words
from tests.publish.documents import text_of
from tests.store.loads import extract

Visit = Callable[..., AppTest]


def button(at: AppTest, label: str) -> object:
    return next(one for one in at.button if one.label.startswith(label))


def press(at: AppTest, label: str) -> AppTest:
    return sound(button(at, label).click().run())  # type: ignore[attr-defined]


def labelled(at: AppTest, kind: str, label: str) -> object:
    return next(one for one in getattr(at, kind) if one.label == label)


def held() -> Store:
    return state.workshops(state.DEMONSTRATION)


@pytest.fixture
def led(visit: Visit) -> AppTest:
    """A workshop of two questions, just made."""
    at = sound(visit("workshop"))
    for box in at.checkbox[2:]:
        box.uncheck()
    at = sound(at.run())
    labelled(at, "text_input", "Title").set_value("Access, June")  # type: ignore[attr-defined]
    labelled(at, "text_input", "Who leads it").set_value("Ann Example")  # type: ignore[attr-defined]
    return press(at, "Make the workshop (2 questions)")


def the_workshop() -> workshops.Meeting:
    (row,) = workshops.listed(held())
    return workshops.meeting(held(), row["workshop"])


def open_tab(at: AppTest, title: str) -> AppTest:
    at.session_state["workshop_tab"] = title
    return sound(at.run())


def taken_along(at: AppTest, files: dict[str, Any]) -> str:
    """All words of the record as the page lets it go in Word."""
    open_tab(at, "Record")
    (name,) = [name for name in files if name.endswith(".docx")]
    return text_of(files[name]())


def test_a_workshop_is_made_of_what_is_ticked_and_named(visit: Visit) -> None:
    at = sound(visit("workshop"))
    assert [box.value for box in at.checkbox] == [True] * 5
    at = press(at, "Make the workshop (5 questions)")
    assert "needs a title and who leads it" in words(at)
    assert workshops.listed(held()) == []


def test_an_organisation_is_added_by_hand(visit: Visit) -> None:
    at = sound(visit("workshop"))
    assert len(at.checkbox) == 5
    at = press(at, "Add")  # the first of the list is suggested already
    assert len(at.checkbox) == 5
    box = at.selectbox(key="workshop_unit")
    at = press(sound(box.select_index(40).run()), "Add")
    assert len(at.checkbox) == 6
    assert "picked by hand" in at.checkbox[-1].label
    at = press(at, "Add")  # again
    assert len(at.checkbox) == 6


def test_an_organisation_is_put_on_the_agenda_from_divergence(visit: Visit) -> None:
    at = press(sound(visit("divergence")), "Put before a workshop")
    links = [one.proto.label for one in at.get("page_link")]  # type: ignore[attr-defined]
    assert "On the agenda: make the workshop" in links
    at.switch_page("pages/workshop.py")
    labels = [box.label for box in sound(at.run()).checkbox]
    assert len(labels) == 5  # it is suggested already, and stands there once
    assert sum("Osiermere Surgery" in label for label in labels) == 1


def test_what_is_made_is_led_and_frozen(led: AppTest) -> None:
    meeting = the_workshop()
    assert meeting.agenda.cells == 2
    assert (meeting.workshop.title, meeting.workshop.made_by) == ("Access, June", "Ann Example")
    assert "2 questions, frozen on" in words(led)
    assert "People join" in words(led)
    (code,) = admission.codes(held(), meeting.workshop.workshop)
    assert code.code in words(led)  # at localhost
    assert "Telephones cannot reach this computer" in words(led)


def test_keys_lead_on_and_back_close_begin_anew_and_undo(led: AppTest) -> None:
    at = press(press(led, "Forward: the question"), "Forward: first round")
    assert the_workshop().course.place == Place(0, Stage.ROUND_ONE)
    at = press(at, "Close the phones")
    assert the_workshop().course.place == Place(0, Stage.CLOSED_ONE)
    at = press(at, "Begin this round anew")
    assert the_workshop().course.place == Place(0, Stage.ROUND_ONE)
    assert the_workshop().course.resets
    at = press(press(at, "Undo"), "Undo")
    assert the_workshop().course.place == Place(0, Stage.CLOSED_ONE)
    assert not the_workshop().course.resets
    at = press(at, "Back")
    assert the_workshop().course.place == Place(0, Stage.ROUND_ONE)
    at = press(at, "3 min")
    assert the_workshop().course.ends_at is not None
    at = press(at, "1 · ")
    assert the_workshop().course.place == Place(1, Stage.QUESTION)
    at = press(at, "End the workshop")
    assert "The workshop is over" in words(at)
    assert press(at, "Undo")
    assert not the_workshop().course.ended


def test_who_has_answered_is_seen_and_not_what(led: AppTest) -> None:
    meeting = the_workshop()
    identifier = meeting.workshop.workshop
    workshops.go(held(), identifier, Place(1, Stage.ROUND_ONE))
    persons = people(held(), identifier, 6)
    for person in persons[:4]:
        says(held(), identifier, person, Answer.DIFFER)
    at = sound(led.run())
    assert "4 of 6 have answered" in words(at)
    assert "4 differ" not in words(at)
    workshops.go(held(), identifier, Place(1, Stage.ROOM))
    assert "4 differ" in words(sound(at.run()))


def test_hands_are_counted_where_telephones_cannot(led: AppTest) -> None:
    meeting = the_workshop()
    workshops.go(held(), meeting.workshop.workshop, Place(1, Stage.ROUND_ONE))
    at = sound(led.run())
    labelled(at, "number_input", "They differ").set_value(7)  # type: ignore[attr-defined]
    at = press(at, "Keep the count")
    assert the_workshop().shown_hands(1, 1)[Role.DOCTOR, Answer.DIFFER] == 7
    assert "7 of 7 have answered" in words(at)


def test_a_participant_is_removed_and_let_in_again(led: AppTest) -> None:
    identifier = the_workshop().workshop.workshop
    people(held(), identifier, 1)
    at = press(open_tab(led, "People and codes"), "Remove")
    assert the_workshop().present == ()
    at = press(at, "Let in again")
    assert len(the_workshop().present) == 1
    at = press(at, "New link for those elsewhere")
    assert any(code.remote for code in admission.codes(held(), identifier))
    at = press(at, "Withdraw")
    assert "Code for the room" not in words(at)


def test_a_decision_is_written_down_corrected_and_withdrawn(led: AppTest) -> None:
    at = open_tab(led, "Write down")
    at = press(at, "Write it down")
    assert "what is decided, the action, and who owns it" in words(at)
    labelled(at, "text_area", "What is decided or recommended").set_value("Ring back")  # type: ignore[attr-defined]
    labelled(at, "text_input", "Action").set_value("Second line")  # type: ignore[attr-defined]
    labelled(at, "text_input", "Owner").set_value("Sister Ray")  # type: ignore[attr-defined]
    figure = labelled(at, "selectbox", "Figure expected to move")
    at = sound(figure.set_value("gp_survey").run())  # type: ignore[attr-defined]
    at = press(at, "Write it down")
    (decision,) = record.decisions(held())
    assert decision.draft.owner == "Sister Ray"
    assert decision.draft.expected is not None
    assert decision.draft.expected.amount == pytest.approx(0.05)
    assert "GP survey rises from 85% to 90% or more" in words(at)
    at.session_state[f"decision_correct_{decision.decision}"] = True
    at = sound(at.run())
    at = press(at, "Withdraw it")
    assert "a change needs its reason" in words(at)
    why = labelled(at, "text_input", "Why it is changed")
    at = press(sound(why.set_value("no money").run()), "Withdraw it")  # type: ignore[attr-defined]
    assert [version.stands for version in record.versions(held())] == [True, False]
    assert "(withdrawn)" in words(at)


def test_what_is_half_written_stays_while_the_screen_leads_on(led: AppTest) -> None:
    identifier = the_workshop().workshop.workshop
    record.advance(held(), identifier, Place(1, Stage.DECISION))
    at = open_tab(led, "Write down")
    at = sound(labelled(at, "text_input", "Action").set_value("Second line").run())  # type: ignore[attr-defined]
    record.advance(held(), identifier, Place(2, Stage.QUESTION))
    labelled(at, "text_input", "Owner").set_value("Sister Ray")  # type: ignore[attr-defined]
    labelled(at, "text_area", "What is decided or recommended").set_value("Ring back")  # type: ignore[attr-defined]
    at = press(at, "Write it down")
    (decision,) = record.decisions(held())
    assert (decision.cell, decision.draft.action) == (1, "Second line")
    at = press(at, "On the screen now: 2")  # nothing moves by itself under what was just written
    assert labelled(at, "selectbox", "Question").value == 2  # type: ignore[attr-defined]
    labelled(at, "text_area", "In words").set_value("They ring at eight")  # type: ignore[attr-defined]
    record.advance(held(), identifier, Place(1, Stage.DECISION))
    at = press(at, "Keep the note")
    (note,) = notes.own_words(held(), the_workshop())
    assert note.cell == 2
    record.advance(held(), identifier, Place(2, Stage.DECISION))
    record.advance(held(), identifier, Place(1, Stage.DECISION))
    at = sound(at.run())
    assert "On the screen now: 1" in [one.label[:20] for one in at.button]


def test_the_question_to_write_on_follows_the_screen(led: AppTest) -> None:
    at = open_tab(led, "Write down")
    for cell in (2, 1):
        record.advance(held(), the_workshop().workshop.workshop, Place(cell, Stage.QUESTION))
        at = sound(at.run())
        assert labelled(at, "selectbox", "Question").value == cell  # type: ignore[attr-defined]
    at = sound(labelled(at, "selectbox", "Question").set_value(2).run())  # type: ignore[attr-defined]
    assert labelled(at, "selectbox", "Question").value == 2  # type: ignore[attr-defined]


def test_notes_wait_to_be_looked_at_before_they_are_in_the_record(
    led: AppTest, files: dict[str, Any]
) -> None:
    identifier = the_workshop().workshop.workshop
    at = open_tab(led, "Write down")
    labelled(at, "text_area", "In words").set_value("The café on 5 May: Mrs Patel waited")  # type: ignore[attr-defined]
    at = press(at, "Keep the note")
    assert "Mrs \\[name\\] waited" in words(at)
    notes.add_note(held(), identifier, 2, Kind.MINORITY, "Not all think so", "Ben")
    assert "waited" not in taken_along(at, files)
    at = open_tab(at, "Words to look at")
    assert "2 texts to look at" in words(at)
    at = press(press(at, "May leave"), "Stays")
    page = taken_along(at, files)
    assert ("waited" in page) + ("Not all think so" in page) == 1
    assert "to be looked at" not in words(at)
    labels = [one.proto.label for one in at.get("download_button")]  # type: ignore[attr-defined]
    kinds = ("PowerPoint", "Word", "Excel", "One web page", "CSV")
    assert labels == [f"Download as {kind}" for kind in kinds]


def test_what_the_room_says_otherwise_is_asked_for_and_what_is_refused_stays(led: AppTest) -> None:
    at = open_tab(led, "Write down")
    kinds = labelled(at, "selectbox", "What it is")
    at = sound(kinds.set_value(Kind.OVERRULE).run())  # type: ignore[attr-defined]
    assert labelled(at, "selectbox", "The room says instead").value is None  # type: ignore[attr-defined]
    labelled(at, "text_area", "Why").set_value("The messages went to few")  # type: ignore[attr-defined]
    at = press(at, "Keep the note")
    assert "say what the room says instead" in words(at)
    assert labelled(at, "text_area", "Why").value == "The messages went to few"  # type: ignore[attr-defined]
    labelled(at, "selectbox", "The room says instead").set_value(Answer.SILENT)  # type: ignore[attr-defined]
    at = press(at, "Keep the note")
    (note,) = notes.own_words(held(), the_workshop())
    assert (note.kind, note.answer) == (Kind.OVERRULE, Answer.SILENT)
    assert labelled(at, "text_area", "Why").value == ""  # type: ignore[attr-defined]


def test_the_record_is_marked_as_synthetic_and_holds_what_was_frozen(
    led: AppTest, files: dict[str, Any]
) -> None:
    meeting = the_workshop()
    page = taken_along(led, files)
    assert "Synthetic data" in page
    assert meeting.workshop.frozen_key[:16] in page
    for cell in meeting.workshop.cells[1:]:
        assert cell.name in page


def test_no_record_leaves_while_exact_figures_are_on(
    led: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exact, "is_on", lambda: True)
    at = open_tab(led, "Record")
    assert exact.NOTHING_LEAVES in words(at)
    assert all(one.proto.disabled for one in at.get("download_button"))  # type: ignore[attr-defined]


def test_newer_data_are_said_and_change_nothing(
    led: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "data have changed since" not in words(led)
    before = the_workshop().workshop
    monkeypatch.setattr(frozen, "data_key", lambda _: "another")
    at = sound(led.run())
    assert "The data have changed since this workshop was made" in words(at)
    assert the_workshop().workshop == before


def test_a_workshop_that_runs_is_led_by_whoever_opens_the_page_next(
    led: AppTest, visit: Visit
) -> None:
    assert "2 questions, frozen on" in words(sound(visit("workshop")))
    press(led, "End the workshop")
    at = sound(visit("workshop"))
    assert "What shall the room talk about?" in words(at)
    assert at.selectbox(key="workshop_led").options[1].startswith("Access, June (")


def test_the_invented_decisions_of_last_year_do_not_hide_the_workshop_that_runs(
    led: AppTest, visit: Visit, demonstration: Store
) -> None:
    running = the_workshop().workshop.workshop
    example.example(demonstration, held())
    assert workshops.listed(held())[0]["workshop"] == running
    assert "Forward: the question" in [one.label for one in sound(visit("workshop")).button]
    assert led is not None


def test_the_demonstrations_workshops_outlive_it_and_are_never_mixed_with_own(
    led: AppTest,
    visit: Visit,
) -> None:
    assert demonstration_workshops().exists()
    assert workshops.listed(state.workshops(state.OWN)) == []
    own = sound(visit("workshop", data="Our data"))
    assert "Access, June" not in words(own)
    code = admission.codes(held(), the_workshop().workshop.workshop)[0].code
    assert phones.store_of(code) is held()
    assert phones.store_of(f"A{code[1:]}") is state.workshops(state.OWN)
    assert led.title[0].value == "What does this room conclude?"


def test_a_workshop_on_own_data_stands_in_the_own_database_and_later_loads_are_said(
    visit: Visit, files: dict[str, Any]
) -> None:
    visit("sources", data="Our data")
    left, right = standings(alike())
    own = state._stores().open["own"]
    own.commit([extract(fft_fact=left), extract(survey_fact=right)])
    at = sound(visit("workshop", data="Our data"))
    labelled(at, "text_input", "Title").set_value("Ours")  # type: ignore[attr-defined]
    labelled(at, "text_input", "Who leads it").set_value("Ann")  # type: ignore[attr-defined]
    at = press(at, "Make the workshop")
    (row,) = workshops.listed(own)
    made = workshops.workshop(own, row["workshop"])
    (code,) = admission.codes(own, row["workshop"])
    assert code.code[0] != admission.DEMONSTRATION_LETTER
    assert phones.store_of(code.code) is own
    assert not demonstration_workshops().exists()
    assert phones.store_of(f"D{code.code[1:]}") is None
    assert "data have changed since" not in words(at)
    own.commit([extract(survey_fact=[row | {"value": 0.5} for row in right])])
    assert "The data have changed since this workshop was made" in words(sound(at.run()))
    workshops._made.clear()
    assert workshops.workshop(own, made.workshop) == made
    page = taken_along(at, files)
    assert made.cells[1].name in page
    assert "Synthetic" not in page


def test_no_workshop_is_made_while_exact_figures_are_on(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = sound(visit("workshop"))
    monkeypatch.setattr(filters, "disclosure", lambda: Disclosure(exact=True))
    at = sound(at.run())
    labelled(at, "text_input", "Title").set_value("Exact")  # type: ignore[attr-defined]
    labelled(at, "text_input", "Who leads it").set_value("Ann")  # type: ignore[attr-defined]
    at = press(at, "Make the workshop")
    assert "while exact figures are on" in words(at)
    assert workshops.listed(held()) == []
