"""How long a page takes to redraw after a filter is touched. Run: python benchmarks/redraw.py [page ...]

Each page of the demonstration is run as Streamlit runs it (without a browser), with a filter changed:
once when nothing of the answer is known yet, and again when it is. A trivial app of one chart and one table
takes turns with it: the ratio of the medians is what to quote.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]
AREAS = ("B-01", "B-02", "B-03", "B-04", *(f"S-{number:02}" for number in range(1, 13)))


def _trivial() -> None:
    import altair as alt
    import pandas as pd
    import streamlit as st

    turn = st.number_input("Turn", value=0)
    rows = pd.DataFrame({"x": range(100), "y": [turn + n for n in range(100)]})
    st.altair_chart(alt.Chart(rows).mark_point().encode(x="x", y="y"))
    st.dataframe(rows)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--areas", type=int, default=8, help=f"areas a page, at most {len(AREAS)}")
    parser.add_argument("pages", nargs="*", help="names of files in pages/; all if none is named")
    options = parser.parse_args()
    pages = options.pages or sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
    trivial = AppTest.from_function(_trivial, default_timeout=60).run()
    plain: list[float] = []

    def beside() -> None:
        trivial.number_input[0].set_value(len(plain) + 1)
        plain.append(_timed(trivial.run))

    rows = []
    for page in pages:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        if page != "overview":
            at.switch_page(f"pages/{page}.py")
        at.run()
        first, again = [], []
        for area in AREAS[: options.areas]:
            at.session_state["area"] = area
            first.append(_timed(at.run))
            again.append(_timed(at.run))
            beside()
        if at.exception:
            raise SystemExit(f"{page}: {at.exception[0].value}")
        rows.append((page, statistics.median(first), statistics.median(again)))
    usual = statistics.median(plain)
    print(f"trivial app, rerun: {usual * 1000:.0f} ms, of {len(plain)}")
    print(f"{'page':<14}{'first, ms':>10}{'again, ms':>10}{'first ×':>9}{'again ×':>9}")
    for page, new, known in rows:
        print(
            f"{page:<14}{new * 1000:>10.0f}{known * 1000:>10.0f}{new / usual:>9.1f}{known / usual:>9.1f}"
        )


if __name__ == "__main__":
    main()
