"""One Chromium for all journeys of a process; for each file of them a server and a window of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlparse

import pytest

from tests.browser.served import ARGUMENTS, CHROMIUM, Server


@pytest.fixture(scope="package")
def playwright() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def chromium(playwright: Any) -> Iterator[Any]:
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, with an own database nobody has used."""
    running = Server(tmp_path_factory.mktemp("own") / "own.duckdb")
    yield running.address
    running.stop()


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    """A laptop's window. Its `hosts` are the machines that anything was asked of."""
    opened = chromium.new_page(viewport={"width": 1366, "height": 768})
    opened.hosts = set()
    opened.on("request", lambda request: opened.hosts.add(urlparse(request.url).hostname))
    yield opened
    opened.close()
