"""A code at the foot of a page calls that very view back: another session, other filters, later data."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pxcore.analysis.files.codes import ALPHABET, LENGTH, check_character, coded_view
from pxcore.analysis.pairs.overview import overview
from pxcore.analysis.workshop import record
from pxcore.publish import asking, codes
from pxcore.publish.codes import view_of_code
from pxcore.publish.page_names import CODED
from pxcore.ui import navigation, publishing, state
from pxcore.words import codes as words
from tests.analysis.workshop.rooms import concluded
from tests.pages.conftest import APP, OWN
from tests.store.loads import extract, fft, survey

Visit = Callable[..., AppTest]
# What each page is asked for: filters, boxes of its own, the organisation looked at.
ASKED: dict[str, dict[str, Any]] = {
    "overview": {"area": "B-02", "left": "fft_gp", "right": "gp_survey", "floor": 10},
    "divergence": {"left": "fft_gp", "right": "gp_survey", "provider": "P-0017", "evidence": 30},
    "agreement": {
        "left": "fft_local", "right": "gp_survey", "periods": "latest", "grain": "practice",
        "right_measure": "overall",
    },
    "provider": {"provider": "P-0044", "area": ""},
    "trends": {"provider": "P-0044", "left": "fft_gp", "right": "gp_survey"},
    "themes": {"themes_words": "As each supplier coded", "service": "gp"},
    "groups": {"left": "fft_local", "right": "local_survey", "group_by": "age"},
    "what_if": {"left": "fft_gp", "right": "gp_survey", "if_months": "year", "area": "B-02"},
    "alignment": {"left": "fft_local", "right": "gp_survey", "area": "B-02", "floor": 10},
    "sources": {"floor": 10},
    "methods": {},
}  # fmt: skip


def code_of(at: AppTest) -> str:
    """The code at the foot of a page."""
    (code,) = [item.value for item in at.code if re.fullmatch(r"PX-\w{7}", item.value)]
    return str(code)


def answer_of(at: AppTest) -> str:
    return next(item.value for item in at.markdown if item.value.startswith("## "))


def opened(page: str, **asked: Any) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=60)
    for key, value in asked.items():
        at.session_state[key] = value
    if page != "overview":
        at.switch_page(f"pages/{page}.py")
    return at.run()


def called(code: str) -> AppTest:
    """A new session that follows the link of a code to the first page."""
    at = AppTest.from_file(APP, default_timeout=60)
    at.query_params["code"] = code
    return at.run()


def tables(at: AppTest) -> list[str]:
    return [item.value.to_csv() for item in at.dataframe]


@pytest.mark.parametrize("page", ASKED)
def test_the_code_of_a_page_calls_it_back_with_all_its_settings(page: str) -> None:
    before = opened(page, **ASKED[page])
    assert not before.exception
    code = code_of(before)
    then = coded_view(state.workshops(), code)
    assert then is not None
    view = view_of_code(then)
    assert view is not None
    for field in ("area", "left", "right", "grain"):
        if ASKED[page].get(field):
            assert getattr(view.scope.pairing, field) == ASKED[page][field]
    after = called(code)
    assert not after.exception
    assert code_of(after) == code
    assert answer_of(after) == answer_of(before)
    assert tables(after) == tables(before)
    assert any("all of its" in item.value for item in after.caption if code in item.value)


def test_every_page_is_called_back_by_a_code() -> None:
    """Or a page of the menu has none, and nobody has said why."""
    assert set(CODED) == {page.file for page in navigation.PAGES}
    assert set(ASKED) | {"workshop", "decisions"} == set(CODED)


@pytest.fixture
def met() -> str:
    """A workshop that was led to its end, with two decisions; kept where the app keeps those on the
    demonstration."""
    data, room = state._stores().open["demonstration"], state.workshops(state.DEMONSTRATION)
    return concluded(data, overview(data), room)[1]


def test_the_code_of_a_workshop_opens_it_and_says_what_newer_data_change(
    met: str, first: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = code_of(first("workshop"))
    first("agreement")
    at = called(code)
    assert at.session_state["workshop_led"] == met
    assert code_of(at) == code
    assert any("come out the same" in item.value for item in at.caption if code in item.value)
    then = coded_view(state.workshops(), code)
    assert then is not None
    assert (
        len(then.headline.figures) == 9
    )  # three questions: whether they agree, and what each says
    monkeypatch.setattr(codes, "data_key", lambda _: "another")
    again = called(code)
    assert code_of(again) == code  # what is frozen is the same
    (notice,) = [item.value for item in again.info if "have changed since" in item.value]
    assert "All of its 9 headline figures are the same today." in notice


@pytest.mark.usefixtures("met")
def test_the_code_of_decisions_holds_which_are_looked_at_and_changes_with_them(
    first: Visit,
) -> None:
    whole = code_of(first("decisions"))
    chosen = opened("decisions", decisions_owner="Practice manager", decisions_due="later")
    code = code_of(chosen)
    assert code != whole
    at = called(code)
    assert at.selectbox(key="decisions_due").value == "later"
    assert at.selectbox(key="decisions_owner").value == "Practice manager"
    assert code_of(at) == code
    room = state.workshops()
    kept = record.decisions(room)[0]
    record.review(room, kept, 90, record.Outcome.DONE, "", "Ann")
    later = called(code)
    assert code_of(later) != code
    assert any("have changed since" in item.value for item in later.info)


def test_what_is_set_is_in_the_code(visit: Visit) -> None:
    """Else a code could call back the page as it comes."""
    for page in ("overview", "provider", "groups", "what_if"):
        assert code_of(visit(page)) != code_of(opened(page, **ASKED[page]))


def written(kind: str = "") -> int:
    rows = state.workshops(kind)._events("select count(*) as rows from coded_view", {})
    return int(rows[0]["rows"])


def test_a_view_is_written_down_once_and_a_redraw_writes_nothing(
    visit: Visit, first: Visit
) -> None:
    at = first()
    assert written() == 1
    code = code_of(at)
    at.run()
    assert (code_of(at), written()) == (code, 1)
    assert code_of(visit()) == code
    assert written() == 1
    visit("workshop")  # none is led: nothing to call back
    visit("decisions")  # nothing is decided
    assert written() == 1
    visit("sources", **OWN)  # nothing is loaded
    assert written("own") == 0


def test_a_code_outlives_the_server(visit: Visit) -> None:
    code = code_of(visit("divergence"))
    state._stores().open.pop(state.WORKSHOPS).close()  # as a start anew does
    at = called(code)
    assert code_of(at) == code


def loaded(visit: Visit) -> None:
    visit("sources", **OWN)
    state._stores().open["own"].commit(
        [
            extract(
                "first.csv",
                survey_fact=[survey(f"P-{n}", 0.5 + n / 60) for n in range(24)],
                fft_fact=[fft(f"P-{n}", 60 + n, 100) for n in range(24)],
            )
        ]
    )


def test_later_data_are_said_with_what_they_change(first: Visit) -> None:
    loaded(first)
    code = code_of(first("agreement", **OWN))
    same = called(code)  # from the demonstration: the code leads to one's own data
    assert same.session_state["data"] == "own"
    assert any("come out the same" in item.value for item in same.caption)
    state._stores().open["own"].commit(
        [extract("later.csv", fft_fact=[fft(f"P-{n}", 90 - n, 100) for n in range(24)])]
    )
    at = called(code)
    (notice,) = [item.value for item in at.info if "have changed since" in item.value]
    assert "revision 1 then, 2 now" in notice
    assert re.search(r"- raw rank correlation: 1 then, −1 now|- underlying agreement", notice)
    assert code_of(at) != code
    at.session_state["floor"] = 30  # something else is looked at
    at.run()
    assert not [item for item in at.info if "have changed since" in item.value]


def test_what_is_no_longer_offered_is_said(visit: Visit) -> None:
    loaded(visit)
    code = code_of(visit("agreement", **OWN))
    state._stores().open["own"].remove(1)
    at = called(code)
    assert not at.exception
    said = [*(item.value for item in at.warning), *(item.value for item in at.markdown)]
    assert any("It came to" in text for text in said) or any("Nothing is loaded" in t for t in said)


def mistyped(code: str) -> str:
    letter = next(letter for letter in ALPHABET if letter != code[4])
    return f"{code[:4]}{letter}{code[5:]}"


def unknown() -> str:
    letters = "7F3K2M"[:LENGTH]
    return f"PX-{letters}{check_character(letters)}"


def shown(at: AppTest) -> str:
    return re.sub(r"[\\\u2060]", "", " ".join(item.value for item in at.markdown))


def test_a_mistyped_and_an_unknown_code_are_told_apart(visit: Visit) -> None:
    code = code_of(visit())
    at = called(mistyped(code))
    assert not at.exception
    assert f"In ‘{mistyped(code)}’ a character is mistyped." in shown(at)
    assert words.unknown(unknown()) in shown(called(unknown()))
    assert "‘PX-1’ is no code." in shown(called("PX-1"))
    assert not state.own_database().exists()  # to look for a code makes no database


def test_a_code_is_typed_in_the_sidebar(visit: Visit, first: Visit) -> None:
    code = code_of(visit("trends"))
    at = first("methods")
    at.session_state["open_code"] = True
    at.run()
    at.text_input(key="code_typed").set_value(code.lower().replace("-", " "))
    next(item for item in at.button if item.label == "Open").click()
    at.run()
    assert code_of(at) == code


def test_no_code_is_given_of_exact_figures(visit: Visit) -> None:
    loaded(visit)
    at = visit("agreement", **OWN)
    before = written("own")
    at.session_state["exact_figures"] = True
    at.run()
    assert not [item for item in at.code if item.value.startswith("PX-")]
    assert written("own") == before


def test_where_none_can_be_kept_the_page_says_why(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked() -> Any:
        raise publishing.PxError("Another program has it open.")

    monkeypatch.setattr(publishing, "answering", locked)
    at = visit("agreement")
    assert not at.exception
    assert any("has no code, for none can be kept" in item.value for item in at.caption)


def test_the_code_of_a_page_is_in_what_is_taken_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit as st

    made: list[Any] = []
    usual = asking.Document
    monkeypatch.setattr(asking, "Document", lambda *parts: made.append(parts[1]) or usual(*parts))
    held: dict[str, Any] = {}
    button = st.download_button

    def noted(label: str, data: Any, **more: Any) -> bool:
        held[more["file_name"]] = data
        return button(label, data, **more)

    monkeypatch.setattr(st, "download_button", noted)
    at = opened("agreement", take_away=True, agreement_scatter_taken=True)
    code = next(item.value for item in at.code if re.fullmatch(r"PX-\w{7}", item.value))
    assert [part.code for part in made[0]] == [code]
    assert b"view_code" in held["synthetic-organisations-compared.csv"]()
    assert code.encode() in held["synthetic-organisations-compared.csv"]()
    assert code.encode() in held["synthetic-agreement-scatter.csv"]()
    assert code in held["synthetic-agreement-scatter.svg"]()
    assert [item.value for item in at.code].count(code) == 2  # at the foot, and under the chart
