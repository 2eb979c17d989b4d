"""Pages run as a person would open them: through app.py, each test with stores of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from pxcore.analysis.questions import remember
from pxcore.store import Store
from pxcore.ui import state

APP = str(Path(__file__).parents[2] / "app.py")
OWN = {"data": "Our data"}


@pytest.fixture(autouse=True, scope="session")
def components() -> Iterator[None]:
    """Streamlit looks through every installed package for components whenever a page is opened here (in
    life once a server); what it finds does not change while tests run."""
    usual = manifest_scanner.scan_component_manifests
    manifest_scanner.scan_component_manifests = cache(usual)
    yield
    manifest_scanner.scan_component_manifests = usual


@pytest.fixture(autouse=True)
def stores(demonstration: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The shared demonstration, and an own database nobody has used.

    All AppTest objects share one session: without this one test would see another's stores. What was
    answered is kept by the store it was asked of, so that no test is given another's answer.
    """
    state._stores.clear()
    monkeypatch.setenv("PX_DATABASE", str(tmp_path / "own.duckdb"))
    state._stores().open["demonstration"] = demonstration
    yield
    for kind in (state.OWN, state.WORKSHOPS):
        made = state._stores().open.pop(kind, None)
        if made is not None:
            made.close()
    state._stores().open.pop("demonstration", None)
    remember(demonstration, None)
    state._stores.clear()


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the download buttons of a page hold, by file name."""
    held: dict[str, Any] = {}
    usual = st.download_button

    def noted(label: str, data: Any, **more: Any) -> bool:
        held[more["file_name"]] = data
        return usual(label, data, **more)

    monkeypatch.setattr(st, "download_button", noted)
    return held


@pytest.fixture(autouse=True)
def mistakes() -> Iterator[list[str]]:
    """The mistakes of the program that pages stopped at: none, but for a test that takes them out."""
    found: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: found.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("pxcore.ui.messages")
    logger.addHandler(handler)
    yield found
    logger.removeHandler(handler)
    assert found == []


@pytest.fixture
def visit() -> Callable[..., AppTest]:
    """Open a page, by its file's name, with what its link says."""

    def open_page(page: str = "overview", **link: str) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        for key, value in link.items():
            at.query_params[key] = value
        if page != "overview":
            at.switch_page(f"pages/{page}.py")
        at.run()
        return at

    return open_page


@pytest.fixture
def first(visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open a page whose sidebar is drawn on every run, as a server does from its first visit on.

    AppTest takes each run for a server's very first: it would run the page's file alone from the second on.
    """
    made = PagesManager.__init__

    def visited(self: PagesManager, *given: Any, **named: Any) -> None:
        made(self, *given, **named)
        monkeypatch.setattr(PagesManager, "uses_pages_directory", False)

    monkeypatch.setattr(PagesManager, "__init__", visited)
    return visit
