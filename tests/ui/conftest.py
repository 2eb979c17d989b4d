"""The process's stores, for tests that ask as telephones do: an own database nobody has used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pxcore.ui import phones, state


@pytest.fixture
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    state._stores.clear()
    monkeypatch.setenv("PX_DATABASE", str(tmp_path / "own.duckdb"))
    monkeypatch.setattr(phones, "wrong_codes", phones._WrongCodes())
    yield
    state._stores.clear()  # closes them
