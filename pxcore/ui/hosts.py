"""Who may ask this server: requests sent to a name of its own, from pages of its own, never in a frame.

Without this, any web page could point a name of its own at this computer and read what is drawn here
(DNS rebinding). Streamlit's own option of the same name looks at the websocket alone; what is looked at
here is every request.

Where PX_ROOM names what telephones of a workshop type, they are answered at /join, and from any other
computer nothing else is to be had, whatever name it is asked by.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware

LOOPBACK = ("localhost", "127.0.0.1", "::1")
JOIN = "/join"
REFUSED = (
    b"This server does not answer to that name, or to pages of another site. Whoever runs it can allow a "
    b"name with server.allowedHosts: see the README.\n"
)
# What somebody reads on the telephone in their hand, or on another computer than the app's.
NOT_HERE = (
    b"Nothing opens at this address. To take part in a workshop, type the address and the code just as they "
    b"stand on the screen of the room, or point your camera at the square beside them.\n\nIf that brings you "
    b"here again, tell whoever leads the workshop: the app must be started with the name or number of its "
    b"computer that you typed. The facilitator's guide (docs/workshop.md) says how.\n"
)
# Nobody may show the app inside another page, nor guess at what a file is; and another site that is
# gone to learns nothing of what was looked at.
HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def named(address: str) -> str:
    """The host of `host`, `host:port` or `[::1]:port`, in small letters; "" where it is none."""
    try:
        parts = urlsplit(f"//{address}")
        port_is_a_number = parts.port is None or parts.port >= 0
    except ValueError:
        return ""
    if not port_is_a_number or parts.netloc != address or "@" in address or parts.path:
        return ""
    return (parts.hostname or "").rstrip(".")


def is_allowed(host: str, allowed: Sequence[str]) -> bool:
    """Whether a request sent to `host` is for this server: one of the names allowed, `*.` for any below."""
    name = named(host)
    patterns = [pattern.strip().lower().rstrip(".") for pattern in allowed]
    return name != "" and any(
        name.endswith(pattern[1:]) if pattern.startswith("*.") else name == pattern
        for pattern in patterns
    )


def is_own(origin: str, host: str, trusted: Sequence[str]) -> bool:
    """Whether a page of `origin` may ask: one of this server's own, or of a site trusted by name."""
    return urlsplit(origin).netloc.lower() == host.lower() or origin in trusted


class OwnAlone:
    """Refuses what is not meant for this server; marks what it sends as not to be framed."""

    def __init__(self, app: Callable[[Message, Receive, Send], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif not _is_for_us(scope):
            await _refuse(scope, receive, send)
        else:
            await self.app(scope, receive, _marked(send))


def _is_for_us(scope: Message) -> bool:
    hosts, origins = (
        [value.decode("latin-1") for name, value in scope["headers"] if name == wanted]
        for wanted in (b"host", b"origin")
    )
    trusted = st.get_option("server.corsAllowedOrigins")
    return (
        len(hosts) == 1
        and is_allowed(hosts[0], _allowed(scope))
        and all(is_own(origin, hosts[0], trusted) for origin in origins)
    )


def room() -> list[str]:
    """What telephones of a workshop may call this server: PX_ROOM, its names parted by commas."""
    return [name.strip() for name in os.environ.get("PX_ROOM", "").split(",") if name.strip()]


def _allowed(scope: Message) -> Sequence[str]:
    """The names by which this may be asked for, by whoever asks."""
    usual = st.get_option("server.allowedHosts") or LOOPBACK
    names = [named(name) for name in room()]
    if not names:
        return list(usual)
    if scope["type"] == "http" and _is_for_telephones(scope):
        return [*usual, *names]
    return list(usual) if _is_this_computer(scope) else []


def _is_for_telephones(scope: Message) -> bool:
    path = str(scope.get("path", ""))
    return path == JOIN or path.startswith(f"{JOIN}/")


def _is_this_computer(scope: Message) -> bool:
    """Whether a request comes from this computer itself."""
    client = scope.get("client") or ("",)
    try:
        return ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False


def _marked(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *HEADERS]
        await send(message)

    return sent


async def _refuse(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *HEADERS]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    elsewhere = room() and not _is_this_computer(scope)
    told = NOT_HERE if elsewhere or _is_for_telephones(scope) else REFUSED
    await send({"type": "http.response.body", "body": told})


MIDDLEWARE = (Middleware(OwnAlone),)
