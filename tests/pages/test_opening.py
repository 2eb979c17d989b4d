"""What is on screen before anything is loaded: the sentence that the page then works out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.ui import opening, show
from pxcore.words import overview as words


def test_the_first_answer_is_what_overview_works_out(
    every_pair: OverviewReport, request: pytest.FixtureRequest
) -> None:
    first = next(iter(every_pair.likely))
    worked_out = {
        "manifest": opening.fingerprint(),
        "question": "Do our sources agree?",
        "summary": show.escape(words.summary(every_pair, first)),
        "limits": show.escape(words.limits(every_pair, first)),
    }
    if request.config.getoption("--update-golden"):
        text = json.dumps(worked_out, indent=2, ensure_ascii=False) + "\n"
        opening.ANSWER.write_text(text, encoding="utf-8")
    assert opening.first_answer() == worked_out, (
        "What Overview says of the demonstration has changed: run this with --update-golden"
    )


def test_it_is_drawn_once_a_server_and_on_overview_alone(
    visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    usual = opening.first_answer
    monkeypatch.setattr(opening, "_ready", False)
    monkeypatch.setattr(opening, "first_answer", lambda: drawn.append("drawn") or usual())
    visit("sources")
    visit("overview", floor="30")
    assert drawn == []
    at = visit("overview")
    assert (drawn, [one.value for one in at.title]) == (["drawn"], [usual()["question"]])
    assert usual()["summary"] in at.main.markdown[1].value  # after the badge, as on the page
    at.run()
    assert drawn == ["drawn"]


@pytest.mark.parametrize("content", ["", "[]", '{"manifest": "of other files", "summary": "No."}'])
def test_an_answer_of_other_files_or_a_damaged_one_is_not_shown(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "first_answer.json"
    other.write_text(content, encoding="utf-8")
    monkeypatch.setattr(opening, "ANSWER", other)
    assert opening.first_answer() == {}
    monkeypatch.setattr(opening, "ANSWER", tmp_path / "nowhere.json")
    assert opening.first_answer() == {}
