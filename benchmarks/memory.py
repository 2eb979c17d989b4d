"""Does the app grow while it is used? Run on Linux: python benchmarks/memory.py

The full garbage collection after every rerun is off (it costs several times what the rerun does), so
this reads the server's memory while a browser goes round the pages, and says how it changed.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
ROUNDS = 12
PAGES = ("", "sources", "alignment", "agreement", "divergence", "trends", "themes", "provider")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def resident(process: int) -> float:
    """Megabytes of memory a process holds."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the server has ended")


def go_round(page: Page, address: str) -> None:
    for name in PAGES:
        page.goto(f"{address}/{name}")
        page.wait_for_selector("h1", timeout=60_000)
        page.wait_for_timeout(700)
        page.locator("[data-testid=stSidebar]").get_by_role("radio", name="10").first.click(
            force=True
        )
        page.wait_for_timeout(700)


def main() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "streamlit", "run", "app.py"),
            *("--server.headless", "true", "--server.port", str(port)),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}"
    try:
        for _ in range(60):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.5)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=ARGUMENTS
            )
            page = browser.new_page()
            sizes = []
            for _ in range(ROUNDS):
                go_round(page, address)
                sizes.append(resident(server.pid))
            browser.close()
        middle = ROUNDS // 2
        print("megabytes after each round:", " ".join(f"{size:.0f}" for size in sizes))
        print(f"second half against first: {sum(sizes[middle:]) / sum(sizes[:middle]):.3f}")
        print(f"last round against the middle one: {sizes[-1] / sizes[middle]:.3f}")
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
