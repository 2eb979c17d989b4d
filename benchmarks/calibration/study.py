"""Runs the study and writes data/reference/calibration.csv.

python -m benchmarks.calibration [--sets 200] [--scenario null_usual] [--write]

Each data set has its own seed, so results do not depend on the number of processes; those done are
kept under build/calibration, by the code they were made with, and are not made again.
"""

from __future__ import annotations

import argparse
import ast
import csv
import hashlib
import inspect
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

from benchmarks.calibration import measures, world
from benchmarks.calibration.measures import Tally, tally
from benchmarks.calibration.over_time import SERIES, tallies
from benchmarks.calibration.table import COLUMNS, rows_of
from benchmarks.calibration.world import SCENARIOS, simulate
from pxcore.analysis.judging import evidence, verdicts
from pxcore.analysis.pairs import agreement
from pxcore.stats import (
    binomial_normal,
    correlation,
    intervals,
    latent,
    multiplicity,
    overdispersion,
    scale,
    spread,
    verdict,
)

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "data" / "reference" / "calibration.csv"
KEPT = ROOT / "build" / "calibration"
SETS, PROCESSES, AT_ONCE = 200, 2, 10
# what the results hang on
CODE = (
    evidence, verdicts, agreement.latent_of, binomial_normal, correlation, intervals, latent,
    multiplicity, overdispersion, scale, spread, verdict, world, measures,
)  # fmt: skip
# what is rare is looked for in more data sets
TIMES_AS_MANY = {
    "null_usual": 5, "null_two_big": 5, "null_areas_20": 5, "null_areas_40": 5, "null_small_group": 3,
    "null_fifty": 3,
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """One measure over many data sets: a share or mean, and its Monte Carlo standard error."""

    value: float
    error: float
    sets: int


def gather(tallies: Sequence[Mapping[str, Sequence[float]]]) -> dict[str, Found]:
    """Every measure over all data sets; one that could not be taken on some rests on the others.

    A ratio of sums, its error by linearising: the organisations of one data set share its centre
    and spread, so that the data set is what is drawn independently.
    """
    found = {}
    for name in dict.fromkeys(name for one in tallies for name in one):
        counts = np.array([one.get(name, (0.0, 0.0)) for one in tallies], dtype=float)
        above, below = counts[:, 0], counts[:, 1]
        if below.sum() == 0:
            continue
        value = above.sum() / below.sum()
        count = len(counts)
        rest = above - value * below
        scatter = np.sqrt((rest**2).sum() * count / max(1, count - 1)) / below.sum()
        found[name] = Found(float(value), float(scatter), count)
    return found


Task = tuple[str, Sequence[int]]
Work = Callable[[Task], tuple[str, list[tuple[int, Tally]]]]


def run(task: Task) -> tuple[str, list[tuple[int, Tally]]]:
    """Some data sets of one scenario."""
    name, numbers = task
    return name, [(number, tally(simulate(SCENARIOS[name], number))) for number in numbers]


def made_with(code: Iterable[ModuleType | Callable[..., object]] = CODE) -> str:
    """A fingerprint of the code whose results may be kept, without its comments and docstrings."""
    told = hashlib.sha256()
    for part in code:
        tree = ast.parse(inspect.getsource(part))
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                node.value.value = ""
        told.update(ast.dump(tree).encode())
    return told.hexdigest()[:12]


def study(
    names: Iterable[str], sets: int, *, kept: Path | None = None, processes: int = PROCESSES
) -> dict[str, dict[str, Found]]:
    """Every measure of every scenario asked for; of series over time, which take no time, of ten times as
    many data sets."""
    asked = list(names)
    wanted = {name: range(sets * TIMES_AS_MANY.get(name, 1)) for name in asked if name in SCENARIOS}
    done = tallied(wanted, run, kept=kept, processes=processes)
    found = {name: gather(counted) for name, counted in done.items()}
    return found | {
        name: gather(tallies(name, range(10 * sets))) for name in asked if name in SERIES
    }


def tallied(
    wanted: Mapping[str, range], work: Work, *, kept: Path | None = None, processes: int = PROCESSES
) -> dict[str, list[Mapping[str, Sequence[float]]]]:
    """What was counted on every data set wanted: those kept, and the rest made now."""
    done: dict[str, dict[int, Mapping[str, Sequence[float]]]] = {}
    tasks = []
    for name, numbers in wanted.items():
        done[name] = _read(kept, name, numbers)
        missing = [number for number in numbers if number not in done[name]]
        tasks += [(name, missing[at : at + AT_ONCE]) for at in range(0, len(missing), AT_ONCE)]
    start = time.perf_counter()
    for count, (name, results) in enumerate(_results(tasks, work, processes), 1):
        done[name] |= dict(results)
        _keep(kept, name, results)
        if kept is not None and (count % 10 == 0 or count == len(tasks)):
            taken = time.perf_counter() - start
            print(f"{count} of {len(tasks)} parts, {taken:.0f} s, last of {name}", flush=True)
    return {name: [told[n] for n in sorted(told)] for name, told in done.items()}


def _results(
    tasks: Sequence[Task], work: Work, processes: int
) -> Iterable[tuple[str, list[tuple[int, Tally]]]]:
    if processes == 1 or len(tasks) < 2:
        yield from map(work, tasks)
        return
    os.environ["OMP_NUM_THREADS"] = "1"  # the processes started here would only wait for each other
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(work, tasks)


def _read(kept: Path | None, name: str, wanted: range) -> dict[int, Mapping[str, Sequence[float]]]:
    path = None if kept is None else kept / f"{name}.jsonl"
    if path is None or not path.exists():
        return {}
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {line["set"]: line["tally"] for line in lines if line["set"] in wanted}


def _keep(kept: Path | None, name: str, results: list[tuple[int, Tally]]) -> None:
    if kept is None:
        return
    kept.mkdir(parents=True, exist_ok=True)
    with (kept / f"{name}.jsonl").open("a", encoding="utf-8") as lines:
        for number, told in results:
            lines.write(json.dumps({"set": number, "tally": told}) + "\n")


def write(found: Mapping[str, Mapping[str, Found]], path: Path = TABLE) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows_of(found))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration")
    parser.add_argument("--sets", type=int, default=SETS, help="data sets a scenario")
    parser.add_argument("--scenario", choices=[*SCENARIOS, *SERIES], action="append")
    parser.add_argument("--all", action="store_true", help="print every measure, not the table's")
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.relative_to(ROOT)}")
    parser.add_argument("--processes", type=int, default=PROCESSES)
    asked = parser.parse_args(arguments)
    if asked.write and asked.scenario:
        parser.error("the table is written of all scenarios at once")
    kept = KEPT / made_with()
    found = study(
        asked.scenario or [*SCENARIOS, *SERIES], asked.sets, kept=kept, processes=asked.processes
    )
    if asked.all:
        for scenario, every in found.items():
            for name, one in every.items():
                print(f"{scenario:20} {name:45} {one.value:8.4f} ± {one.error:.4f} ({one.sets})")
    else:
        for row in rows_of(found):
            print(
                f"{row['scenario']:18} {row['measure']:26} {row['value']:>8} ± {row['error']:>6}  "
                f"{row['line']:28} {row['meets']}"
            )
    if asked.write:
        write(found)
        print(f"written: {TABLE}")
