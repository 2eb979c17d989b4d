"""Which branches of the parts that must not be wrong no test of theirs takes, each part held to a floor.

    python -m benchmarks.branch_coverage [--only disclosure]

Only a part's own tests count, so that a line which a page happens to run through is not taken for tested.
The floors are a little below what was measured when they were set: raise them when they are beaten, and never
lower them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Part:
    """A folder of pxcore, and how many of its lines and branches its tests must take, in per cent."""

    folder: str
    floor: float

    @property
    def tests(self) -> str:
        return self.folder.replace("pxcore/", "tests/", 1)


PARTS = (
    Part("pxcore/stats", 98.5),
    Part("pxcore/disclosure", 97),
    Part("pxcore/ingest", 94),
    Part("pxcore/analysis/joining", 88),
)


def measured(part: Part, processes: int) -> bool:
    """Runs the tests of a part, prints what they leave out; is it the floor or better?."""
    print(f"\n{part.folder}, floor {part.floor:g} %", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(processes), part.tests]
    report = ["--cov-report=term-missing:skip-covered", f"--cov-fail-under={part.floor}"]
    return subprocess.run([*command, f"--cov={part.folder}", *report], cwd=ROOT).returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.branch_coverage", description=__doc__
    )
    parser.add_argument("--only", default="", help="parts whose folder has this in it")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    parts = [part for part in PARTS if options.only in part.folder]
    below = [part.folder for part in parts if not measured(part, options.processes)]
    if below:
        sys.exit(f"Below the floor, or a test failed: {', '.join(below)}")


if __name__ == "__main__":
    main()
