"""Requests not meant for this server are refused, whatever they ask for; real ones, to a real server."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.served import ARGUMENTS, CHROMIUM, WAIT, Server, settled

ROUTES = ["/", "/_stcore/health", "/_stcore/host-config", "/static/index.html", "/media/x"]
UPGRADE = {
    "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol": "streamlit",
}  # fmt: skip
Serve = Callable[..., int]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Start the app as the README does, with more options; its port."""
    running: list[Server] = []

    def start(*options: str) -> int:
        running.append(Server(tmp_path_factory.mktemp("own") / "own.duckdb", *options))
        return running[-1].port

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="module")
def port(serve: Serve) -> int:
    return serve()


def status(
    port: int, path: str, host: str, origin: str | None = None, method: str = "GET", **more: str
) -> int:
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    connection.putrequest(method, path, skip_host=True)
    headers = {"Host": host} | ({"Origin": origin} if origin is not None else {})
    for name, value in (
        headers | {key.replace("_", "-"): text for key, text in more.items()}
    ).items():
        connection.putheader(name, value)
    connection.endheaders()
    answered = connection.getresponse().status
    connection.close()
    return answered


def stream(port: int, host: str, origin: str | None = None) -> int:
    """101 where the websocket opens."""
    return status(port, "/_stcore/stream", host, origin, **UPGRADE)


@pytest.mark.parametrize("path", ROUTES)
def test_a_foreign_name_or_page_is_refused_everywhere(port: int, path: str) -> None:
    own = f"localhost:{port}"
    usual = status(port, path, own)
    assert usual in (200, 404)
    assert status(port, path, f"127.0.0.1:{port}") == usual
    assert status(port, path, own, f"http://{own}") == usual
    foreign = (
        "evil.example", f"evil.example:{port}", f"localhost.evil.example:{port}", "",
        f"evil.example@localhost:{port}", f"10.0.0.1:{port}",
    )  # fmt: skip
    for host in foreign:
        assert status(port, path, host) in (400, 403), host
    for origin in ("http://evil.example", "http://localhost:1", "null", ""):
        assert status(port, path, own, origin) == 403, origin


def test_files_cannot_be_sent_or_deleted_from_elsewhere(port: int) -> None:
    for method in ("PUT", "POST", "DELETE", "OPTIONS"):
        for host, origin in (
            (f"evil.example:{port}", None),
            (f"localhost:{port}", "http://evil.example"),
        ):
            told = status(
                port, "/_stcore/upload_file/a/b", host, origin, method, Content_Length="0"
            )
            assert told == 403, (method, host, origin)


def test_the_stream_opens_for_own_pages_alone(port: int) -> None:
    own = f"localhost:{port}"
    assert stream(port, own, f"http://{own}") == 101
    # Streamlit itself lets in any page of this computer, and asks another machine for its own address
    for host, origin in (
        (own, "http://localhost:1"),
        (own, "http://evil.example"),
        (f"evil.example:{port}", f"http://evil.example:{port}"),
        (f"evil.example:{port}", None),
    ):
        assert stream(port, host, origin) == 403, (host, origin)


def test_a_list_of_names_opens_a_shared_server_to_these_alone(serve: Serve) -> None:
    names = ("px.example.nhs.uk", "*.room.example")
    port = serve(*(part for name in names for part in ("--server.allowedHosts", name)))
    for host in (f"px.example.nhs.uk:{port}", "PX.example.nhs.uk", f"a.room.example:{port}"):
        assert status(port, "/", host) == 200
        assert stream(port, host, f"http://{host}") == 101
    for host in (f"localhost:{port}", "evil.example", "room.example", "xroom.example"):
        assert status(port, "/", host) == 403
        assert stream(port, host) == 403


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is on this machine")
def test_a_browser_shows_nothing_under_a_name_pointed_here_nor_in_a_frame(
    port: int, playwright: Any
) -> None:
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM,
        args=[*ARGUMENTS, "--host-resolver-rules=MAP evil.example 127.0.0.1"],
    )
    page = browser.new_page()
    page.goto(f"http://evil.example:{port}/")
    assert "does not answer to that name" in page.inner_text("body")
    page.set_content(f'<iframe src="http://localhost:{port}/" width="900" height="600"></iframe>')
    page.wait_for_timeout(3000)
    assert all("Overview" not in frame.content() for frame in page.frames)
    page.goto(f"http://localhost:{port}/sources?data=Our data")
    settled(page)
    page.locator("input[type=file]").first.set_input_files(
        [{"name": "a.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}]
    )
    page.get_by_text("a.csv").first.wait_for(timeout=WAIT)
    browser.close()
