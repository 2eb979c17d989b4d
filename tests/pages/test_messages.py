"""What a page says when something goes wrong in it."""

from __future__ import annotations

from typing import Any

import pytest

from pxcore.analysis.files import sources as question
from pxcore.errors import origin


def test_a_mistake_of_the_program_is_named_by_its_place_and_quotes_nobody(
    visit: Any,
    mistakes: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def sources(*_: object) -> None:
        raise ValueError("could not convert ‘my daughter Zainab rang’")

    monkeypatch.setattr(question, "sources", sources)
    at = visit("sources")
    assert [error.proto.body for error in at.error][0].startswith(
        "Nothing that is loaded was changed"
    )
    assert "ValueError" in at.error[0].proto.body
    assert list(at.exception) == []
    assert [mistake.partition(",")[0] for mistake in mistakes] == ["drawing a page: ValueError"]
    assert "Zainab" not in caplog.text + at.error[0].proto.body
    mistakes.clear()


def test_the_place_of_a_mistake_is_the_last_line_of_ours() -> None:
    with pytest.raises(ValueError, match="E5") as problem:
        float("E5")
    assert origin(problem.value).startswith("ValueError")
    assert "E5" not in origin(problem.value)
