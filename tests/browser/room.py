"""Telephones that are no browser: forms sent as a phone without JavaScript sends them, and sent again where
nothing came back."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from urllib.parse import urlencode

AGAIN = (OSError, urllib.error.URLError, ConnectionError)
LONGEST = 300  # seconds that a phone keeps trying


class Phone:
    """One person's telephone: its cookie, and the page it shows."""

    def __init__(self, address: str, code: str) -> None:
        self.url = f"{address}/join/{code}"
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.page = ""
        self.posts: list[float] = []  # seconds that each took, with the page that follows it

    def look(self) -> str:
        self.page = self._asked(None)
        return self.page

    def send(self, **chosen: str) -> str:
        """Send the form of this page until it is answered; the same form, however often."""
        hidden = {name: self._field(name) for name in ("form", "request", "cell", "stage")}
        began = time.perf_counter()
        self.page = self._asked(urlencode(hidden | chosen).encode())
        self.posts.append(time.perf_counter() - began)
        return self.page

    def _field(self, name: str) -> str:
        match = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return match.group(1) if match else ""

    def _asked(self, body: bytes | None) -> str:
        until = time.monotonic() + LONGEST
        while True:
            try:
                with self.opener.open(self.url, data=body, timeout=30) as answer:
                    text: str = answer.read().decode()
                    return text
            except AGAIN as problem:
                refused = isinstance(problem, urllib.error.HTTPError) and problem.code < 500
                if refused or time.monotonic() > until:
                    raise
                time.sleep(0.2)


def press(address: str, screen: str, step: str) -> None:
    """A key of the screen of the room."""
    asked = urllib.request.Request(
        address + screen, data=step.encode(), headers={"x-px-screen": "1"}
    )
    urllib.request.urlopen(asked, timeout=60).close()
