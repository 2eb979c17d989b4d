"""How long loading takes, beside what it has to do at least. Run: python benchmarks/loading.py

Times on one machine say little; the ratios, measured side by side in one run, are what to quote.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from pxcore.analysis import load
from pxcore.analysis.demonstration import demonstration_files
from pxcore.store import Store

WARDS, REPEATS = 7_000, 5
HEADINGS = [
    *("ICB Code", "Trust Code", "Trust Name", "Site Code", "Site Name", "Ward Name"),
    *("Total Responses", "Total Eligible", "Percentage Positive", "Percentage Negative"),
]
ANSWERS = ["Very Good", "Good", "Neither Good nor Poor", "Poor", "Very Poor", "Don't Know"]


def ward_workbook() -> bytes:
    """An inpatient workbook in the publication's layout with 7,000 wards, invented."""
    generator = np.random.default_rng(1)
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    notes = book.add_worksheet("Notes")
    notes.write(1, 0, "Inpatient Friends and Family Test (FFT) Data - July 2025")
    sheet = book.add_worksheet("Wards")
    sheet.write_row(9, 0, [*HEADINGS, "Breakdown of Responses"])
    sheet.write_row(9, 16, ["First Speciality", "Second Speciality"])
    sheet.write_row(10, 10, ANSWERS)
    counts = generator.poisson([30, 8, 2, 1, 1, 1], size=(WARDS, 6))
    for ward, row in enumerate(counts.tolist()):
        total, site = sum(row), ward // 12
        trust = site // 4
        told = [
            f"B-{trust % 9}",
            f"T-{trust}",
            f"Trust {trust}",
            f"T-{trust}-{site}",
            f"Site {site}",
        ]
        shares = [round((row[0] + row[1]) / total, 2), round((row[3] + row[4]) / total, 2)]
        sheet.write_row(
            14 + ward,
            0,
            [*told, f"Ward {ward}", total, total * 4, *shares, *row, "300 - Medicine", ""],
        )
    book.close()
    return content.getvalue()


def timed(what: Callable[[], object]) -> list[float]:
    """Seconds of each of REPEATS runs, after one that does not count."""
    what()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        what()
        times.append(time.perf_counter() - start)
    return times


def line(name: str, times: list[float], beside: list[float] | None = None) -> str:
    middle = statistics.median(times)
    said = f"{name:55} {min(times):7.3f} {middle:7.3f} {max(times):7.3f} s"
    return said + (f"   ratio {middle / statistics.median(beside):5.2f}" if beside else "")


def read_with_calamine(content: bytes) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def load_into_a_store(files: list[tuple[str, bytes]]) -> None:
    store = Store.open()
    outcomes = load.load_files(store, files)
    store.close()
    assert all(outcome.status == "loaded" for outcome in outcomes), outcomes[0].problem


def main() -> None:
    wards = ward_workbook()
    name = "FFT-inpatient-July-2025.xlsx"
    print(f"{'':55} {'min':>7} {'median':>7} {'max':>7}")
    floor = timed(lambda: read_with_calamine(wards))
    print(line(f"{WARDS:,} wards: calamine only reads the cells", floor))
    slow = timed(lambda: pd.read_excel(io.BytesIO(wards), sheet_name=None, engine="openpyxl"))
    print(line("the same: pandas and openpyxl only read the cells", slow, floor))
    parsed = timed(lambda: load.read(name, wards))
    print(line("the same: recognised, parsed, checked", parsed, floor))
    whole = timed(lambda: load_into_a_store([(name, wards)]))
    print(line("the same: loaded into a new database", whole, floor))
    print(
        f"loading against pandas and openpyxl only reading: "
        f"{statistics.median(whole) / statistics.median(slow):.2f}"
    )
    files = demonstration_files()
    print(
        line(
            f"the demonstration, {len(files)} files, loaded",
            timed(lambda: load_into_a_store(files)),
        )
    )


if __name__ == "__main__":
    main()
