"""How soon the first answer stands, beside a trivial app. Run: python benchmarks/first_start.py [--rounds 5]

Every start is a server process of its own and a browser of its own, with nothing in its cache: from the
first visit until the sentence is to be read. The trivial app shows one `st.title`. The two kinds of start
of the app, with no database kept yet and with one, take turns with it; the ratio is what to quote. Beside
it: from the start of the process, and until the whole page stands.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TRIVIAL = "import streamlit as st\n\nst.title('Across')\n"
FIRST = "h1, h3"
WHOLE = "text=Where do these figures come from?"
LIMIT = 600_000  # milliseconds
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)


def start(script: Path, cache: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A server of its own, and its address once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"XDG_CACHE_HOME": str(cache), "PX_DATABASE": str(cache / "own.duckdb")}
    process = subprocess.Popen(
        [
            sys.executable, "-m", "streamlit", "run", str(script),
            "--server.headless", "true", "--server.port", str(port),
            "--browser.gatherUsageStats", "false",
        ],
        cwd=script.parent, env=os.environ | own,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://localhost:{port}"
    while True:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
            return process, address
        except OSError:
            time.sleep(0.02)


def timed(page: Page, script: Path, cache: Path, *, whole: bool) -> tuple[float, float, float]:
    """Seconds from the visit to the first sentence, from the process to it, and to the whole page."""
    begun = time.perf_counter()
    process, address = start(script, cache)
    try:
        visited = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.locator(FIRST).filter(has_text="Across").first.wait_for(timeout=LIMIT)
        read = time.perf_counter()
        if whole:
            page.locator(WHOLE).first.wait_for(timeout=LIMIT)
        return read - visited, read - begun, time.perf_counter() - visited
    finally:
        process.terminate()
        process.wait(60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    found: dict[str, list[tuple[float, float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        trivial = Path(folder) / "trivial.py"
        trivial.write_text(TRIVIAL, encoding="utf-8")
        for turn in range(
            rounds + 1
        ):  # the first does not count: files of programs come off the disk
            cache = Path(folder) / f"cache {turn}"
            cache.mkdir()
            for name, script in (
                ("trivial app", trivial),
                ("very first start", ROOT / "app.py"),
                ("later start", ROOT / "app.py"),
            ):
                browser = playwright.chromium.launch(
                    executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
                )
                took = timed(browser.new_page(), script, cache, whole=script != trivial)
                browser.close()
                if turn:
                    found.setdefault(name, []).append(took)
    base = found["trivial app"]
    print(f"{'':<18}{'visit':>8}{'ratio':>14}{'process':>9}{'ratio':>7}{'whole page':>12}")
    for name, times in found.items():
        visits, starts, wholes = (statistics.median(column) for column in zip(*times, strict=True))
        ratios = [one[0] / other[0] for one, other in zip(times, base, strict=True)]
        spread = f"{statistics.median(ratios):.2f} ({min(ratios):.1f}–{max(ratios):.1f})"
        from_process = starts / statistics.median(one[1] for one in base)
        print(
            f"{name:<18}{visits:>7.2f}s{spread:>15}{starts:>7.2f}s{from_process:>7.2f}{wholes:>11.2f}s"
        )


if __name__ == "__main__":
    main()
