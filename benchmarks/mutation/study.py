"""Which small changes of the code no test notices.

mutmut changes a function in a single place (a comparison, a number, an argument left out) and runs the tests
that go through it; `[tool.mutmut]` in pyproject.toml says of which files, and which tests. What survives is
tried again in a process of its own, with the tests of its module and of the modules that import it: there,
what runs when a module is imported runs changed too. A change that no test notices is a gap in the tests, or
changes nothing: `equivalent.csv` lists those, each with its reason. All changes take days; a sample, drawn
file by file in proportion, says how many survive.

mutmut leaves alone: constants of a module, and functions with a decorator (properties, what is remembered).
"""

from __future__ import annotations

import argparse
import csv
import difflib
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pxcore.stats.intervals import wilson

ROOT = Path(__file__).parents[2]
MUTANTS = ROOT / "mutants"
EQUIVALENT = Path(__file__).parent / "equivalent.csv"
SURVIVED = {"survived", "no tests"}
LONGEST = 1800  # seconds for the tests near by
NOT_TRIED = {"not checked", "check was interrupted by user", "skipped"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of one function: the file, mutmut's name of it, and the lines before and after."""

    file: str
    name: str
    before: str
    after: str

    @property
    def function(self) -> str:
        """The function's name as it is written, `Class.method` for a method."""
        mangled = self.name.rpartition(".")[2].rpartition("__mutmut_")[0]
        return mangled.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")


def names_by_file() -> dict[str, list[str]]:
    """Every mutant's name, by the file it is in."""
    from mutmut.configuration import config
    from mutmut.mutation.file_mutation import mutate_file_contents
    from mutmut.utils.file_utils import walk_source_files
    from mutmut.utils.format_utils import get_mutant_name

    return {
        path.as_posix(): [
            get_mutant_name(path, name)
            for name in mutate_file_contents(str(path), path.read_text("utf-8")).mutant_names
        ]
        for path in sorted(walk_source_files())
        if config().should_mutate(path)
    }


def sampled(names: dict[str, list[str]], size: int, seed: int) -> dict[str, list[str]]:
    """About `size` names: of each file in proportion to how many it has, at least one."""
    drawn = random.Random(seed)
    every = sum(map(len, names.values()))
    return {
        file: sorted(drawn.sample(own, min(len(own), max(1, round(size * len(own) / every)))))
        for file, own in names.items()
        if own
    }


def changed(file: str, name: str) -> Mutant:
    """What a mutant changes, read out of the files mutmut made."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    lines = get_diff_for_mutant(name, path=Path(file)).splitlines()
    return Mutant(file, name, *(changed_lines(lines, sign) for sign in "-+"))


def changed_lines(lines: list[str], sign: str) -> str:
    """The lines of a unified difference with this sign, on one line."""
    return " ".join(
        " ".join(line[1:].split())
        for line in lines
        if line.startswith(sign) and not line.startswith(sign * 3)
    )


def equivalents() -> dict[tuple[str, str, str, str], str]:
    """Changes that change nothing, by file, function, and the lines before and after: why."""
    with EQUIVALENT.open(encoding="utf-8", newline="") as rows:
        return {
            (row["file"], row["function"], row["before"], row["after"]): row["reason"]
            for row in csv.DictReader(rows)
        }


def statuses(files: list[str]) -> dict[str, str]:
    """What became of every mutant mutmut has tried, by its name."""
    from mutmut.stats import status_by_exit_code

    return {
        name: status_by_exit_code[code]
        for file in files
        for name, code in json.loads((MUTANTS / f"{file}.meta").read_text("utf-8"))[
            "exit_code_by_key"
        ].items()
    }


def mirrors(file: str) -> list[str]:
    """The tests of a module, and of the modules that import it, its own first.

    A statistic is held by its own tests alone, by worked examples and laws: not by what a page makes of it.
    """
    if file.startswith("pxcore/stats/"):
        return own_tests(file)
    module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    folder, _, noun = module.rpartition(".")
    imported = re.compile(rf"from {module} import|from {folder} import .*\b{noun}\b")
    users = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "pxcore").rglob("*.py"))
        if imported.search(path.read_text("utf-8"))
    ]
    return list(dict.fromkeys(test for path in (file, *users) for test in own_tests(path)))


def own_tests(file: str) -> list[str]:
    """The tests of a module: under its name, or under that of its folder."""
    path = Path(file.replace("pxcore/", "tests/", 1))
    places = (
        path.with_name(f"test_{path.name}"),
        path.parent.with_name(f"test_{path.parent.name}.py"),
    )
    return [str(place) for place in places if (ROOT / place).exists()]


def noticed(name: str, tests: list[str]) -> bool:
    """Whether tests notice a change in a process of its own."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider"]
    try:
        done = subprocess.run(
            [*command, *tests],
            cwd=MUTANTS,
            env=os.environ | {"MUTANT_UNDER_TEST": name, "PYTHONPATH": str(MUTANTS)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired:
        return True  # a loop that does not end
    if done.returncode == 5:
        raise RuntimeError(f"There is no test in {tests}")
    return done.returncode != 0  # a failure, or what cannot even be imported


def table(names: dict[str, list[str]], status: dict[str, str]) -> tuple[Counter[str], list[Mutant]]:
    """Prints a line for each file; returns the totals, and the survivors not known to change nothing."""
    known = equivalents()
    totals: Counter[str] = Counter()
    gaps: list[Mutant] = []
    print(f"{'tried':>6}{'killed':>8}{'equivalent':>12}{'survived':>10}  file")
    for file, own in names.items():
        tried = [name for name in own if status[name] not in NOT_TRIED]
        survivors = [changed(file, name) for name in tried if status[name] in SURVIVED]
        left = [
            mutant
            for mutant in survivors
            if (file, mutant.function, mutant.before, mutant.after) not in known
        ]
        counts = {
            "tried": len(tried),
            "killed": len(tried) - len(survivors),
            "equivalent": len(survivors) - len(left),
            "survived": len(left),
        }
        totals.update(counts)
        gaps += left
        print("{tried:>6}{killed:>8}{equivalent:>12}{survived:>10}".format(**counts), f" {file}")
    return totals, gaps


def marked(before: str, after: str) -> str:
    """The line after the change, with what was there before in brackets."""
    pieces = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return "".join(
        after[start:end]
        if kind == "equal"
        else f"[{before[old_start:old_end]} → {after[start:end]}]"
        for kind, old_start, old_end, start, end in pieces
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.add_argument("--sample", type=int, help="about so many changes; without it, all")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--only", default="", help="files whose path has this in it")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument(
        "--again",
        action="store_true",
        help="keep mutants/, and try only what has survived there, after tests or code have changed",
    )
    options = parser.parse_args()
    if Path.cwd() != ROOT:
        sys.exit(f"Start this in {ROOT}: mutmut reads and writes where it is started.")
    names = {file: own for file, own in names_by_file().items() if options.only in file}
    every = sum(map(len, names.values()))
    if options.sample:
        names = sampled(names, options.sample, options.seed)
    chosen = [name for own in names.values() for name in own]
    print(f"{len(chosen)} of {every} changes in {len(names)} files.", flush=True)
    if options.again:
        status = statuses(list(names))
        chosen = [name for name in chosen if status[name] in SURVIVED | NOT_TRIED]
    elif MUTANTS.exists():
        shutil.rmtree(MUTANTS)
    command = Path(sys.executable).with_name("mutmut")
    subprocess.run([command, "run", "--max-children", str(options.processes), *chosen], check=True)
    status = statuses(list(names))
    files = {name: file for file, own in names.items() for name in own}
    for name in chosen:
        if status[name] in SURVIVED and noticed(name, mirrors(files[name])):
            status[name] = "killed"
    totals, gaps = table(names, status)
    for mutant in gaps:
        print(f"\n{mutant.file}: {mutant.function} ({mutant.name.rpartition('_')[2]})")
        print(f"    {marked(mutant.before, mutant.after)}")
    meant = totals["tried"] - totals["equivalent"]
    low, high = wilson(len(gaps) / meant, meant)
    print(
        f"\n{len(gaps)} of {meant} changes that change something survived: {len(gaps) / meant:.1%}, "
        f"95 % interval {low:.1%} to {high:.1%} (Wilson). {totals['equivalent']} more change nothing."
    )
