"""Installed, the program needs nothing of the repository: pages, data and SQL are in the wheel."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what the wheel holds, and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def environment(site: Path, database: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(site), "PX_DATABASE": str(database)}


def test_the_wheel_holds_the_app_and_nothing_that_makes_or_tests_it(installed: Path) -> None:
    top = {path.name for path in installed.iterdir()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"pxcore"}
    app = installed / "pxcore" / "app"
    assert {path.name for path in app.iterdir()} == {"app.py", "pages", "data", ".streamlit"}
    for folder in ("pages", "data/demo", "data/reference"):
        assert sorted(path.name for path in (app / folder).rglob("*.[pc]*[vy]")) == sorted(
            path.name for path in (ROOT / folder).rglob("*.[pc]*[vy]")
        )
    (entry,) = installed.glob("*.dist-info/entry_points.txt")
    assert "px = pxcore.cli:main" in entry.read_text(encoding="utf-8")


def test_the_command_line_answers_from_a_folder_that_holds_nothing_else(
    installed: Path, tmp_path: Path
) -> None:
    database = tmp_path / "demonstration.duckdb"
    ran = subprocess.run(
        [sys.executable, "-m", "pxcore", "demo", "--database", str(database), "--json"],
        cwd=tmp_path, env=environment(installed, database), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(ran.stdout)["status"] == "ok"


@pytest.fixture
def address(installed: Path, tmp_path: Path) -> Iterator[str]:
    """Where the installed app listens, started as a person starts it."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    started = subprocess.Popen(
        [sys.executable, "-m", "pxcore", "start", "--server.headless", "true",
         "--server.port", str(port)],
        cwd=tmp_path, env=environment(installed, tmp_path / "own.duckdb"),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    yield f"http://localhost:{port}"
    with suppress(ProcessLookupError):
        os.killpg(started.pid, 15)
    started.communicate()


def answer(address: str) -> str:
    """What an address answers, as soon as it answers."""
    for _ in range(600):
        with suppress(OSError), urllib.request.urlopen(address) as reply:
            return str(reply.read().decode())
        time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")


def test_the_app_starts_from_a_folder_that_holds_nothing_else(address: str) -> None:
    assert answer(f"{address}/_stcore/health") == "ok"
    assert "streamlit" in answer(address).lower()
    served = answer(f"{address}/_stcore/host-config")
    assert "allowedOrigins" in served
