"""How long a telephone's answer takes until it is on disk and acknowledged, while the app draws pages.

Run: python -m benchmarks.workshop  (Chromium). Thirty telephones join a workshop on the demonstration and
send five answers each, at random within some seconds: while nothing else runs; while the facilitator's page
and the screen of the room are open, as in a workshop; and while a browser goes from page to page and asks for
areas nobody has asked for. Printed: percentiles of the post alone and of the post with the page that follows
it, and beside them of the server's own “ok” (/_stcore/health), asked just before each post, for what the
machine itself takes. Every acknowledged answer is counted in the file afterwards.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

from pxcore.analysis.files.demonstration import load_demonstration
from pxcore.analysis.pairs.overview import overview
from pxcore.analysis.workshop import admission, workshops
from pxcore.analysis.workshop.agenda import suggestions
from pxcore.analysis.workshop.course import Place, Stage
from pxcore.analysis.workshop.frozen import data_key, freeze
from pxcore.model import Disclosure
from pxcore.store import Store
from tests.browser.room import Phone
from tests.browser.served import ARGUMENTS, CHROMIUM, Server, settled

PHONES, POSTS, SPREAD = 30, 5, 3.0  # seconds between two answers of a telephone, at most
ANSWERS = ("agree", "partly", "differ", "silent", "cannot_tell")
AREAS = ("B-01", "B-02", "B-03", "B-04")
PAGES = ("", "divergence", "agreement", "what_if", "groups", "trends")


class _Stopping(urllib.request.HTTPRedirectHandler):
    """Does not follow: the post alone is timed."""

    def redirect_request(self, *_: object) -> None:
        return None


class TimedPhone(Phone):
    def __init__(self, address: str, code: str) -> None:
        super().__init__(address, code)
        self.health = f"{address}/_stcore/health"
        jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.stopping = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(jar), _Stopping()
        )

    def timed(self, answer: str) -> tuple[float, float, float]:
        """Seconds of the server's “ok”, of a post, and of it with the page that follows."""
        began = time.perf_counter()
        self.opener.open(self.health, timeout=60).read()
        usual = time.perf_counter() - began
        hidden = {name: self._field(name) for name in ("form", "request", "cell", "stage")}
        body = urlencode(hidden | {"answer": answer}).encode()
        began = time.perf_counter()
        led_on = ""
        try:
            self.stopping.open(self.url, data=body, timeout=60)
        except urllib.error.HTTPError as answered:
            led_on = answered.headers["location"] if answered.code == 303 else ""
        posted = time.perf_counter() - began
        assert led_on, "an answer leads to the page that shows it"
        assert "late" not in led_on, led_on
        self.look()
        assert "Sent" in self.page
        return usual, posted, time.perf_counter() - began


def made(path: Path) -> tuple[str, str]:
    """A workshop on the demonstration, its first round open; its identifier and code."""
    store = load_demonstration()
    report = overview(store)
    cells = [
        freeze(store, report.certainties[item.pair], item.unit, item.purpose.value, Disclosure())
        for item in suggestions(report)
    ]
    held = Store.open(path, kind="demonstration")
    identifier = workshops.make(
        held, "Benchmark", "benchmark", cells, revision=store.revision, data_key=data_key(store),
        view="{}", disclosure=Disclosure(),
    )  # fmt: skip
    code = admission.open_code(held, identifier)
    workshops.go(held, identifier, Place(1, Stage.ROUND_ONE))
    held.close()
    store.close()
    return identifier, code


def everybody(server: Server, code: str) -> list[tuple[float, float, float]]:
    """All telephones at once; the times of their posts."""

    def one_phone(seed: int) -> list[tuple[float, float, float]]:
        chance, phone = random.Random(seed), TimedPhone(server.address, code)
        phone.look()
        phone.send(role="nurse")
        times = []
        for _ in range(POSTS):
            time.sleep(chance.random() * SPREAD)
            times.append(phone.timed(chance.choice(ANSWERS)))
        return times

    with ThreadPoolExecutor(PHONES) as phones:
        return [times for listed in phones.map(one_phone, range(PHONES)) for times in listed]


def _beside(
    server: Server, code: str, work: Callable[[int], None]
) -> list[tuple[float, float, float]]:
    """The times of the posts while a browser does some work again and again."""
    with ThreadPoolExecutor(1) as sending:
        times = sending.submit(everybody, server, code)
        turn = 0
        while not times.done():
            work(turn)
            turn += 1
        return times.result()


def percentiles(times: list[float]) -> str:
    cut = statistics.quantiles(times, n=20)
    return (
        f"p50 {statistics.median(times) * 1000:5.0f} ms   p95 {cut[18] * 1000:5.0f} ms   "
        f"most {max(times) * 1000:5.0f} ms   ({len(times)})"
    )


def main() -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "own.duckdb"
        kept = database.with_name("own-demonstration-workshops.duckdb")
        identifier, code = made(kept)
        server = Server(database)
        try:
            TimedPhone(server.address, code).look()  # the first request imports the program
            runs = {"nothing else runs": everybody(server, code)}
            with sync_playwright() as started:
                browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                page = browser.new_page(viewport={"width": 1366, "height": 768})
                page.goto(f"{server.address}/workshop")
                settled(page)
                screen = browser.new_page(viewport={"width": 1920, "height": 1080})
                screen.goto(f"{server.address}/projector/demonstration/{identifier}")
                title = "the facilitator's page and the screen of the room are open"
                runs[title] = _beside(server, code, lambda _: page.wait_for_timeout(200))

                def draw(turn: int) -> None:
                    area, name = AREAS[turn % len(AREAS)], PAGES[turn % len(PAGES)]
                    page.goto(f"{server.address}/{name}?area={area}")
                    settled(page)

                runs["pages are drawn that nobody has asked for"] = _beside(server, code, draw)
                browser.close()
        finally:
            server.stop()
        held = Store.open(kept, kind="demonstration")
        answers = workshops.meeting(held, identifier).answers
        held.close()
    for title, times in runs.items():
        print(title)
        for what, place in (("the server's ok", 0), ("the post", 1), ("and its page", 2)):
            print(f"  {what:<18}{percentiles([measured[place] for measured in times])}")
    print(f"acknowledged {sum(map(len, runs.values()))}, on disk {len(answers)}")


if __name__ == "__main__":
    main()
