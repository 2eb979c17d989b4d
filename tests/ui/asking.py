"""Requests to the routes that stand beside the app, without a server."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.middleware import Middleware

from pxcore.ui import routes


class Browser:
    """Asks as one telephone does: it keeps its cookie and knows the page it was given last."""

    def __init__(
        self, *, address: str = "127.0.0.1", host: str = "localhost:8501", guarded: bool = False
    ) -> None:
        from pxcore.ui import hosts

        guards: list[Middleware] = list(hosts.MIDDLEWARE) if guarded else []
        self.app = Starlette(routes=list(routes.ROUTES), middleware=guards)
        self.address, self.host = address, host
        self.cookie, self.set_cookie = "", ""
        self.status, self.text, self.location = 0, "", ""
        self.headers: dict[str, str] = {}

    def ask(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Browser:
        path, _, query = path.partition("?")
        sent = {"host": self.host, **{k.replace("_", "-"): v for k, v in headers.items()}}
        if self.cookie:
            sent["cookie"] = self.cookie
        scope = {
            "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": path,
            "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(k.encode(), v.encode()) for k, v in sent.items()],
            "client": (self.address, 50_000), "server": ("localhost", 8501),
        }  # fmt: skip
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        asyncio.run(self.app(scope, receive, send))
        start = messages[0]
        self.status = start["status"]
        self.headers = {k.decode(): v.decode() for k, v in start["headers"]}
        self.text = b"".join(message.get("body", b"") for message in messages[1:]).decode()
        self.location = self.headers.get("location", "")
        if "set-cookie" in self.headers:
            self.set_cookie = self.headers["set-cookie"]
            self.cookie = self.set_cookie.split(";")[0]
        return self

    def field(self, name: str) -> str:
        match = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        return match.group(1) if match else ""

    def fields(self, **given: str) -> dict[str, str]:
        """What the form of this page sends, with what is chosen in it."""
        hidden = {name: self.field(name) for name in ("form", "request", "cell", "stage")}
        return hidden | given

    def post(self, path: str, **given: str) -> Browser:
        """Send the form and see where it leads."""
        self.ask(path, "POST", urlencode(self.fields(**given)).encode())
        return self.ask(self.location) if self.status == 303 else self


def figures(page: str) -> list[str]:
    """Every number in the words of a page."""
    unseen = r"<style.*?</style>|<script.*?</script>|<[^>]*>"
    return re.findall(r"\d+", re.sub(unseen, " ", page, flags=re.S))
