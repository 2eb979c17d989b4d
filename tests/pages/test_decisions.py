"""The Decisions page: nothing decided, what became of decisions, reviews, what the public is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pxcore.analysis.workshop import record, workshops
from pxcore.analysis.workshop.decisions import decisions_report
from pxcore.analysis.workshop.frozen import data_key
from pxcore.analysis.workshop.record import Direction, Draft, Expected, Outcome
from pxcore.model import Disclosure
from pxcore.publish.files import KINDS
from pxcore.store import Store
from pxcore.ui import follow_up, state
from tests.analysis.workshop.test_decisions import frozen
from tests.pages.test_pages import sound, words
from tests.publish.documents import text_of

Visit = Callable[..., AppTest]
TABS = ("Reviews due (6)", "Forecasts", "You said, we did", "Since the last load")


@pytest.fixture
def decided(demonstration: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Two decisions of May 2025, one by a named owner."""
    with monkeypatch.context() as earlier:
        earlier.setattr(record, "now", lambda: datetime(2025, 5, 1))
        held = state.workshops(state.DEMONSTRATION)
        identifier = workshops.make(
            held,
            "May meeting",
            "Ann Facilitator",
            frozen(demonstration),
            revision=demonstration.revision,
            data_key=data_key(demonstration),
            view="{}",
            disclosure=Disclosure(),
        )
        meeting = workshops.meeting(held, identifier)
        for cell, owner in ((1, "Practice manager"), (2, "Wilhelmina Quibble")):
            facts = meeting.workshop.cells[cell].facts
            assert facts is not None
            expected = Expected(record.figure_of(facts.left), Direction.UP, 0.01, date(2026, 3, 31))
            draft = Draft(
                words="Ring back within a day",
                action="Ring back, ask Sarah on 07700 900123",
                owner=owner,
                first_raised=date(2025, 2, 1),
                expected=expected,
            )
            record.record(held, meeting, cell, draft, "Ann Facilitator")
    return held


def open_tab(at: AppTest, title: str) -> AppTest:
    at.session_state["decisions_tab"] = title
    return sound(at.run())


def test_with_nothing_decided_the_page_leads_to_the_workshop(visit: Visit) -> None:
    at = sound(visit("decisions"))
    assert "Nothing is decided yet" in words(at)
    links = [link.proto.label for link in at.get("page_link")]  # type: ignore[attr-defined]
    assert links == ["Make a workshop"]


@pytest.mark.usefixtures("decided")
def test_each_decision_says_what_became_of_it_with_its_range(visit: Visit) -> None:
    at = sound(visit("decisions"))
    shown = words(at)
    assert (
        "Of 2 decisions, 1 moved as expected, 0 did not and of 1 it is too early to tell" in shown
    )
    assert "went from 80% to 95%" in shown
    assert re.search(r"\+1[45]\S* points \(\+\S+ to \+\S+\)", shown)
    assert "With nothing done" in shown
    assert len(at.get("vega_lite_chart")) == 1


@pytest.mark.usefixtures("decided")
def test_filters_choose_what_is_shown(visit: Visit) -> None:
    at = sound(visit("decisions"))
    owner = next(box for box in at.selectbox if box.label == "Owner")
    at = sound(owner.set_value("Practice manager").run())
    badges = [str(text.value) for text in at.markdown if "-badge[" in str(text.value)]
    assert len([badge for badge in badges if "Ring back" in badge]) == 1
    due = next(box for box in at.selectbox if box.label == "Action due")
    assert "No decision is left" in words(sound(due.set_value("past").run()))


@pytest.mark.usefixtures("decided")
@pytest.mark.parametrize("title", TABS)
def test_every_part_is_drawn(visit: Visit, title: str) -> None:
    shown = words(open_tab(sound(visit("decisions")), title))
    assert {
        TABS[0]: "the review after 30 days was due on 31 May 2025",
        TABS[1]: "0 of 10 forecasts judged",
        TABS[2]: "tick what you have read",
        TABS[3]: "NHS Oversight Framework: 2 files, ",  # no source of the maps, loaded all the same
    }[title] in shown


def test_a_review_is_written_down_from_the_page(visit: Visit, decided: Store) -> None:
    at = sound(visit("decisions"))
    at.session_state["decisions_tab"] = TABS[0]
    first = record.decisions(decided)[0]
    at.session_state[f"due_{first.decision}"] = True
    at = sound(at.run())
    who = next(box for box in at.text_input if box.label == "Who reviews it")
    who.set_value("Ben")
    button = next(one for one in at.button if one.label == "Keep the review")
    sound(button.click().run())
    (review,) = record.reviews(decided)
    assert (review.decision, review.days, review.outcome) == (first.decision, 30, Outcome.DONE)


def test_what_is_published_names_nobody_and_leaves_only_once_ticked(
    visit: Visit, decided: Store, demonstration: Store
) -> None:
    at = open_tab(sound(visit("decisions")), "You said, we did")
    assert "Wilhelmina" not in words(at)
    (button,) = [
        item for item in at.get("download_button") if "Download the page" in item.proto.label
    ]
    assert button.proto.disabled
    at = sound(at.checkbox[0].check().run())
    (button,) = [
        item for item in at.get("download_button") if "Download the page" in item.proto.label
    ]
    assert not button.proto.disabled
    assert "1 decision" in button.proto.label
    report = decisions_report(demonstration, decided, date(2026, 11, 30))
    page = follow_up.as_page(report.records, report, synthetic=True)
    for name in (
        "Wilhelmina",
        "Quibble",
        "Ann",
        "Facilitator",
        "Sarah",
        "07700",
        "Practice manager",
    ):
        assert name not in page
    assert "[name]" in page
    assert "First raised in February 2025." in page
    assert "The figure rose from 80% to 95%. That is what we hoped for" in page
    assert "Synthetic data" in page
    hostile = replace(report.records[0], action="<script>alert(1)</script>")
    assert "<script>" not in follow_up.as_page([hostile], report, synthetic=False)


@pytest.mark.usefixtures("decided")
def test_decisions_leave_as_every_kind_of_file_and_the_public_as_what_is_ticked(
    first: Visit, files: dict[str, Any]
) -> None:
    at = sound(first("decisions"))
    names = [f"synthetic-decisions.{kind.ending}" for kind in KINDS]
    assert set(names) <= set(files)
    for name in names:
        text = text_of(files[name]())
        assert "Practice manager" in text
        assert "Of 2 decisions" in text
    at = open_tab(at, TABS[2])
    assert not [name for name in files if name.startswith("synthetic-you-said-we-did.docx")]
    at.checkbox[0].check()
    sound(at.run())
    text = text_of(files["synthetic-you-said-we-did.docx"]())
    assert "You said" in text
    assert "Practice manager" not in text
    assert "1 decision." in text


def test_the_demonstration_offers_two_invented_decisions(visit: Visit) -> None:
    at = sound(visit("decisions"))
    assert "Nothing is decided yet" in words(at)
    at.button(key="decisions_example").click().run()
    said = words(sound(at))
    assert "Of 2 decisions, 1 moved as expected and 1 did not." in said
    assert "Jesselstow Medical Centre" in said


def test_own_data_are_offered_no_invented_decision(visit: Visit) -> None:
    at = sound(visit("decisions", data="Our data"))
    assert not [button for button in at.button if button.key == "decisions_example"]
