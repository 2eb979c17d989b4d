"""How long loading takes, beside what it has to do at least. Run: python benchmarks/loading.py

Times on one machine say little; the ratios, measured side by side in one run, are what to quote.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook

from pxcore.analysis.files import load
from pxcore.analysis.files.demonstration import demonstration_files, load_demonstration
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


def timed(tasks: Mapping[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Seconds of each of REPEATS runs of every task, taken in turns so that noise falls on all."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for task in tasks.values():  # the first run of each does not count
        task()
    for _ in range(REPEATS):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            times[name].append(time.perf_counter() - start)
    return times


def line(name: str, times: list[float]) -> str:
    return f"{name:58} {min(times):7.3f} {statistics.median(times):7.3f} {max(times):7.3f} s"


def ratio(name: str, above: list[float], below: list[float]) -> str:
    """Each run beside the one it took turns with."""
    pairs = [one / other for one, other in zip(above, below, strict=True)]
    return f"{name:58} {min(pairs):7.2f} {statistics.median(pairs):7.2f} {max(pairs):7.2f}"


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
    file_name = "FFT-inpatient-July-2025.xlsx"
    calamine, pandas = "calamine only reads the cells", "pandas and openpyxl only read the cells"
    parsed, loaded = "recognised, parsed and checked", "loaded into a new database"
    times = timed(
        {
            calamine: lambda: read_with_calamine(wards),
            pandas: lambda: pd.read_excel(io.BytesIO(wards), sheet_name=None, engine="openpyxl"),
            parsed: lambda: load.read(file_name, wards),
            loaded: lambda: load_into_a_store([(file_name, wards)]),
        }
    )
    print(f"{f'A workbook of {WARDS:,} wards':58} {'min':>7} {'median':>7} {'max':>7}")
    for name, taken in times.items():
        print(line(name, taken))
    for above in (parsed, loaded):
        for below in (calamine, pandas):
            print(ratio(f"ratio: {above} / {below.split(' only')[0]}", times[above], times[below]))

    files = demonstration_files()
    read_all, load_all = "read (recognised, parsed and checked)", "loaded, names matched"
    times = timed(
        {
            read_all: lambda: [load.read(name, content) for name, content in files],
            load_all: lambda: load_demonstration().close(),
        }
    )
    print(f"\nThe demonstration, {len(files)} files")
    for name, taken in times.items():
        print(line(name, taken))
        print(line(f"{name}: a file", [one / len(files) for one in taken]))
    print(ratio("ratio: loaded / read", times[load_all], times[read_all]))


if __name__ == "__main__":
    main()
