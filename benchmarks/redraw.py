"""How long a page takes to redraw after a filter is touched. Run: python benchmarks/redraw.py

Each page of the demonstration is run as Streamlit runs it (without a browser), with a filter changed:
once when nothing of the answer is known yet, and again when it is. Beside it, in the same run, a trivial
app of one chart and one table is rerun: the ratio is what to quote.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]
AREAS = ("B-01", "B-02", "B-03", "B-04")
ROUNDS = 3


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
    trivial = AppTest.from_function(_trivial, default_timeout=60).run()
    plain = []
    for turn in range(1, 12):
        trivial.number_input[0].set_value(turn)
        plain.append(_timed(trivial.run))
    usual = statistics.median(plain)
    print(f"trivial app, rerun: {usual * 1000:.0f} ms")
    print(f"{'page':<14}{'first, ms':>10}{'again, ms':>10}{'first ×':>9}{'again ×':>9}")
    for page in sorted((ROOT / "pages").glob("*.py")):
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        if page.stem != "overview":
            at.switch_page(f"pages/{page.name}")
        at.run()
        first, again = [], []
        for area in AREAS[:ROUNDS]:
            at.session_state["area"] = area
            first.append(_timed(at.run))
            again.append(_timed(at.run))
        one, other = statistics.median(first), statistics.median(again)
        print(
            f"{page.stem:<14}{one * 1000:>10.0f}{other * 1000:>10.0f}{one / usual:>9.1f}{other / usual:>9.1f}"
        )


if __name__ == "__main__":
    main()
