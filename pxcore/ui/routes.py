"""What this server answers besides the app: telephones at /join, the screen of the room at /projector.

Plain HTML, no session of Streamlit. Imports nothing of ours before the first request: the rest of the program
takes seconds to import, and the server starts without it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

MOST_SENT = 8_192  # bytes of a form


def _handled(module: str, name: str) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MOST_SENT:
                return Response("Too much was sent.", status_code=413)

        def answer() -> Response:
            handler: Callable[[Request, bytes], Response] = getattr(import_module(module), name)
            return handler(request, body)

        return await run_in_threadpool(answer)

    return endpoint


_PHONES, _PROJECTOR = "pxcore.ui.phones", "pxcore.ui.projector"
_SCREEN = "/projector/{kind}/{workshop}"
ROUTES = (
    Route("/join", _handled(_PHONES, "door"), methods=["GET"]),
    Route("/join/{code}", _handled(_PHONES, "page"), methods=["GET", "POST"]),
    Route("/join/{code}/now", _handled(_PHONES, "now"), methods=["GET"]),
    Route(_SCREEN, _handled(_PROJECTOR, "page"), methods=["GET", "POST"]),
    Route(f"{_SCREEN}/now", _handled(_PROJECTOR, "now"), methods=["GET"]),
)
