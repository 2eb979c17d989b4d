"""What every journey needs: the app on a port of its own, and how to know that a page has been drawn."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
JOURNEY = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is on this machine"),
]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ROOT = Path(__file__).parents[2]
WAIT = 240_000  # milliseconds: a first visit loads the demonstration, on a busy machine slowly
QUIET = """() =>
  document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning' &&
  [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(
    one => one.querySelector('svg, canvas'))
"""
SIDEWAYS = """() =>
  [document.documentElement, document.querySelector('[data-testid=stMain]')]
    .map(one => one.scrollWidth - one.clientWidth)
"""


class Server:
    """The app as the README starts it, with a database nobody has used; it can be started anew.

    options go to `streamlit run`, environment to the process; script is what is run.
    """

    def __init__(
        self, database: Path, *options: str, script: str = "app.py", **environment: str
    ) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.address = f"http://localhost:{self.port}"
        self.command = [
            sys.executable, "-m", "streamlit", "run", script,
            "--server.headless", "true", "--server.port", str(self.port), *options,
        ]  # fmt: skip
        self.environment = (
            os.environ | {"PX_DATABASE": str(database), "PYTHONPATH": str(ROOT)} | environment
        )
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(480):
            assert self.process.poll() is None, "the server ended"
            try:
                urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=5).close()
                return
            except urllib.error.HTTPError:  # it answers, to other names than ours
                return
            except OSError:
                time.sleep(0.25)
        raise AssertionError("the server did not start")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)


def settled(page: Any) -> None:
    """The page and its pictures are drawn, and nothing runs any more."""
    page.wait_for_selector("h1", timeout=WAIT)
    for _ in range(3):  # what a page draws at last may make it run again
        page.wait_for_timeout(250)
        page.wait_for_function(QUIET, timeout=WAIT)


def drawn(page: Any) -> None:
    """The page of the demonstration is drawn to its foot, and nothing runs any more."""
    page.get_by_text("Where do these figures come from?").wait_for(timeout=WAIT)
    settled(page)


def go(page: Any, title: str) -> None:
    """Open a page by the menu, as a person does: what is set stays set."""
    link = page.locator("[data-testid=stTopNavLink]", has_text=re.compile(f"^{title}$"))
    if not link.count():
        page.locator("[data-testid=stTopNavSection]").click()
        link = page.locator("[data-testid=stTopNavDropdownLink]", has_text=re.compile(f"^{title}$"))
    link.click(timeout=WAIT)
    # on a busy machine nothing runs yet for a moment, and the page before still stands there
    path = "" if title == "Overview" else title.lower().replace(" ", "_")
    page.wait_for_function(
        "path => location.pathname.split('/').pop() === path", arg=path, timeout=WAIT
    )
    settled(page)


def no_sideways(page: Any) -> bool:
    """The page is no wider than its window."""
    return bool(max(page.evaluate(SIDEWAYS)) <= 1)


def chosen(page: Any, label: str) -> str:
    """What a select box of the sidebar or the page holds."""
    return str(page.get_by_role("combobox", name=label).first.get_attribute("value"))
