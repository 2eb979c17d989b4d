"""Do the probabilities of `pxcore.stats.certainty` come true? On imaginary data whose truth is known.

python -m benchmarks.calibration.certainty [--sets 200] [--scenario null_usual] [--write] [--unfinished]

For every scenario: of the organisations of which agreement was called so likely, how many did agree;
whether that beats the base rate; how often the interval of the gap holds the truth; and whether what
was wanted is reached. Data sets done are kept under build/certainty, by the code they were made with,
and are not made again: an unfinished run is taken up where it ended, and `--unfinished` shows what it
has so far. `--write` writes data/reference/certainty_calibration.csv anew after every scenario.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.calibration import certainty_measures, measures, world
from benchmarks.calibration.certainty_measures import SETTINGS, SETTLING, TOGETHER, run
from benchmarks.calibration.certainty_table import COLUMNS, acceptance, rows_of
from benchmarks.calibration.measures import Tally
from benchmarks.calibration.study import ROOT, gather, made_with, tallied
from pxcore.analysis.judging import evidence, verdicts
from pxcore.disclosure import perturbation
from pxcore.stats import (
    certainty,
    certainty_fit,
    certainty_nodes,
    certainty_sources,
    intervals,
    overdispersion,
    scale,
    settling,
    spread,
    verdict,
)

TABLE = ROOT / "data" / "reference" / "certainty_calibration.csv"
KEPT = ROOT / "build" / "certainty"
SETS = 200
NAMES = [*SETTINGS, TOGETHER, SETTLING]
# what the results hang on
CODE = (
    evidence, verdicts, perturbation, certainty, certainty_fit, certainty_nodes, certainty_sources,
    intervals, overdispersion, scale, settling, spread, verdict, world, measures, certainty_measures,
)  # fmt: skip


def study(
    names: Sequence[str],
    sets: int | None,
    *,
    kept: Path | None = None,
    processes: int = 1,
    table: Path | None = None,
) -> dict[str, list[Tally]]:
    """What was counted on every data set of every scenario; the table written after each.

    With no number of sets, on those that are kept.
    """
    results: dict[str, list[Tally]] = {}
    for name in names:
        wanted = range(count_of(kept, name) if sets is None else sets)
        done = tallied({name: wanted}, run, kept=kept, processes=processes)[name]
        results[name] = [
            {measure: (float(above), float(below)) for measure, (above, below) in one.items()}
            for one in done
        ]
        if table is not None:
            write(results, table)
    return results


def count_of(kept: Path | None, name: str) -> int:
    """Data sets of a scenario that are kept."""
    path = None if kept is None else kept / f"{name}.jsonl"
    return len(path.read_text(encoding="utf-8").splitlines()) if path and path.exists() else 0


def write(results: Mapping[str, Sequence[Tally]], path: Path = TABLE) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows_of(results))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration.certainty")
    parser.add_argument("--sets", type=int, default=SETS, help="data sets a scenario")
    parser.add_argument("--scenario", choices=NAMES, action="append")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="print every measure too")
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.relative_to(ROOT)}")
    parser.add_argument("--unfinished", action="store_true", help="only the data sets kept so far")
    asked = parser.parse_args(arguments)
    if asked.write and asked.scenario:
        parser.error("the table is written of all scenarios at once")
    results = study(
        asked.scenario or NAMES,
        None if asked.unfinished else asked.sets,
        kept=KEPT / made_with(CODE),
        processes=asked.processes,
        table=TABLE if asked.write else None,
    )
    if asked.all:
        for scenario, tallies in results.items():
            for name, value in gather(tallies).items():
                print(f"{scenario:20} {name:32} {value.value:8.4f} ± {value.error:.4f}")
    judged = acceptance(results)
    for line in judged:
        print(f"{line.scenario:20} {line.line:52} {line.figure:>26}  {line.wanted:28} {line.word}")
    if asked.write:
        print(f"written: {TABLE}")
        sys.exit(any(line.meets is False for line in judged))


if __name__ == "__main__":
    main()
