"""Exact figures: for who owns the data, on the own computer, said on every page; and nothing leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pxcore.ui import exact, state
from tests.analysis.frames import alike, standings
from tests.pages.conftest import OWN
from tests.pages.test_pages import words
from tests.store.loads import extract, response, survey

PAGES = Path(__file__).parents[2] / "pages"


def load_rows(at: AppTest) -> None:
    said = [response(n, provider=f"P-{n % 12}", positive=n % 3 > 0) for n in range(360)]
    own = state._stores().open["own"]
    own.commit(
        [
            extract(response=[row for row, _ in said], answer=[answer for _, answer in said]),
            extract(survey_fact=[survey(f"P-{n}", 0.5 + n / 40) for n in range(12)]),
        ]
    )
    at.run()


def local_beside_the_survey(visit: Any) -> AppTest:
    at = visit("sources", **OWN)
    load_rows(at)
    return at


def bands(at: AppTest) -> list[str]:
    return [str(one.value) for one in at.warning if "Exact figures" in str(one.value)]


def switched_on(at: AppTest, by: str = "Ann", reason: str = "check the file") -> None:
    at.text_input(key="exact_by").set_value(by)
    at.text_input(key="exact_reason").set_value(reason)
    next(one for one in at.button if one.label == "Show exact figures").click()
    at.run()


def test_they_are_off_until_somebody_says_who_and_why(visit: Any) -> None:
    at = local_beside_the_survey(visit)
    assert bands(at) == []
    switched_on(at, reason="")
    assert bands(at) == []
    assert "Give your name" in at.error[0].value
    switched_on(at)
    assert len(bands(at)) == 1
    history = state._stores().open["own"].query("history")
    assert history["event"].tolist()[0] == "exact figures shown"
    assert history["detail"].tolist()[0] == "by Ann: check the file"


def test_every_page_says_so_shows_them_and_lets_nothing_out(visit: Any) -> None:
    at = local_beside_the_survey(visit)
    at.switch_page("pages/agreement.py").run()
    assert charts_offered(at)
    at.switch_page("pages/sources.py").run()
    switched_on(at)
    for page in sorted(path.stem for path in PAGES.glob("*.py")):
        at.switch_page(f"pages/{page}.py").run()
        assert len(bands(at)) == 1, page
        assert not any("browser's own print" in one.value for one in at.caption), page
        styles = " ".join(one.proto.body for one in at.get("html"))
        assert exact.NO_PRINT in styles, page
        assert exact.NO_PICTURE in styles, page
        assert all(one.proto.disabled for one in at.get("download_button")), page
        assert not charts_offered(at), page
    at.switch_page("pages/alignment.py").run()
    table = next(one.value for one in at.dataframe if "rows_text" in one.value)
    assert "360" in set(table["rows_text"])


def charts_offered(at: AppTest) -> list[Any]:
    """Ways to take a chart away; the page itself: tests/pages/test_publishing.py."""
    return [one for one in at.get("popover") if "_taken" in one.proto.id]


def test_they_are_off_again_when_switched_off_and_in_another_window(visit: Any) -> None:
    at = local_beside_the_survey(visit)
    switched_on(at)
    assert bands(visit("sources", **OWN)) == []
    at.button(key="exact_off").click().run()
    assert bands(at) == []
    history = state._stores().open["own"].query("history")
    assert "exact figures switched off" in set(history["event"])


def test_they_are_not_offered_on_the_demonstration_or_beyond_this_computer(
    visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not any("Exact figures" in one.label for one in visit("sources").expander)
    at = local_beside_the_survey(visit)
    assert any("Exact figures" in one.label for one in at.expander)
    usual = st.get_option
    monkeypatch.setattr(
        exact.st, "get_option", lambda name: "0.0.0.0" if name == "server.address" else usual(name)
    )
    at = visit("sources", **OWN)
    assert not any("Exact figures" in one.label for one in at.expander)


def test_a_workshop_made_before_is_led_and_its_record_does_not_leave(visit: Any) -> None:
    at = visit("sources", **OWN)
    left, right = standings(alike())
    state._stores().open["own"].commit([extract(fft_fact=left), extract(survey_fact=right)])
    at.switch_page("pages/workshop.py").run()
    for label, said in (("Title", "Ours"), ("Who leads it", "Ann")):
        next(one for one in at.text_input if one.label == label).set_value(said)
    next(one for one in at.button if one.label.startswith("Make the workshop")).click().run()
    assert not any(one.proto.disabled for one in records(at))
    at.switch_page("pages/sources.py").run()
    switched_on(at)
    at.switch_page("pages/workshop.py").run()
    assert len(bands(at)) == 1
    assert not records(at)
    assert "exact figures are on" in words(at)


def records(at: AppTest) -> list[Any]:
    """What the record of a workshop leaves as."""
    at.session_state["workshop_tab"] = "Record"
    at.run()
    assert not at.exception
    return [one for one in at.get("download_button") if "record" in one.proto.label.lower()]
