"""With PX_ROOM, other computers have the pages of telephones and nothing else."""

from __future__ import annotations

import pytest

from tests.ui.asking import Browser

pytestmark = pytest.mark.usefixtures("stores")
ROOM, PHONE = "192.168.1.20", "192.168.1.77"


def status(path: str, *, address: str, host: str) -> int:
    return Browser(address=address, host=host, guarded=True).ask(path).status


def test_telephones_are_answered_at_join_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PX_ROOM", f"{ROOM}, px.example:8501")
    for host in (f"{ROOM}:8501", "px.example:8501", "localhost:8501"):
        assert status("/join", address=PHONE, host=host) == 200
        for path in ("/", "/joined", "/projector/demonstration/x", "/_stcore/health"):
            assert status(path, address=PHONE, host=host) == 403, (host, path)
    assert status("/join", address=PHONE, host="evil.example") == 403
    assert status("/join", address=PHONE, host=f"{ROOM}.evil.example") == 403


def test_this_computer_has_everything_by_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PX_ROOM", ROOM)
    for address in ("127.0.0.1", "::1"):
        assert status("/projector/demonstration/x", address=address, host="localhost:8501") == 404
    assert status("/projector/demonstration/x", address="127.0.0.1", host=f"{ROOM}:8501") == 403


def test_whoever_is_turned_away_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(path: str, address: str, host: str) -> str:
        return Browser(address=address, host=host, guarded=True).ask(path).text

    for path, host in (("/join", ROOM), ("/join/DABCDE", ROOM)):  # nobody has named the room
        assert "type the address and the code just as they stand on the screen" in told(
            path, PHONE, host
        )
    assert "server.allowedHosts" in told("/", PHONE, ROOM)
    monkeypatch.setenv("PX_ROOM", ROOM)
    for path in ("/", "/workshop", "/join"):
        words = told(path, PHONE, "another.example")
        assert "point your camera at the square" in words
        assert "allowedHosts" not in words
    assert "server.allowedHosts" in told("/", "127.0.0.1", ROOM)


def test_without_a_room_all_is_as_it_was() -> None:
    assert status("/join", address=PHONE, host="localhost:8501") == 200
    assert status("/join", address=PHONE, host=f"{ROOM}:8501") == 403
    assert status("/projector/demonstration/x", address=PHONE, host="localhost:8501") == 404
