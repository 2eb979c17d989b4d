"""Play views over the demonstration, solve for cells under the floor, and print what can be recovered.

python -m benchmarks.attacker [--people one|several] [--short] [--noise exact|perturbed] [--views N]
[--structure given|open] [--table PATH] [--keys NUMBER] [--rule moved|apart|total] [--no-lists]
[--one-part] [--seconds N] [--write PATH]

`exact` asks every view for exact figures; `perturbed` takes them as the table of noise moves them (a CSV of
count, noise, first_key, last_key; data/reference/perturbation.csv unless another is named). With
`--people several` the same respondent answers at several practices, and has a number. With
`--structure given` the attacker is told which combinations of attributes anybody has, which no view tells.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.attacker.attack import Attack, attack, report
from benchmarks.attacker.noise import Noise
from benchmarks.attacker.several import load_several
from benchmarks.attacker.statements import RULES
from benchmarks.attacker.two_worlds import other_world
from pxcore import maps
from pxcore.analysis.files.demonstration import load_demonstration

STORES = {"one": load_demonstration, "several": load_several}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attacker", description=__doc__)
    parser.add_argument(
        "--people", choices=STORES, default="one", help="practices that one person wrote of"
    )
    parser.add_argument("--short", action="store_true", help="the views of the tests alone")
    parser.add_argument("--noise", choices=("exact", "perturbed"), default="exact")
    parser.add_argument("--views", type=int, default=0, metavar="N", help="how many to play")
    parser.add_argument("--structure", choices=("given", "open"), default="open")
    parser.add_argument("--table", type=Path, help="with --keys: another table of noise, as CSV")
    parser.add_argument(
        "--keys",
        type=int,
        metavar="NUMBER",
        help="show every count as record keys made up from a number would move it, whatever views show",
    )
    parser.add_argument(
        "--rule", choices=RULES, default=RULES[0], help="with --keys: what has to be enough"
    )
    parser.add_argument(
        "--no-lists", action="store_true", help="who is listed under which reason tells nothing"
    )
    parser.add_argument("--one-part", action="store_true", help="nobody counts as readable")
    parser.add_argument(
        "--seconds", type=float, default=600.0, help="for the linear programmes of all sources"
    )
    parser.add_argument("--write", type=Path, metavar="PATH", help="write the report there too")
    asked = parser.parse_args(arguments)
    if asked.keys is None and (asked.table is not None or asked.rule != RULES[0]):
        parser.error("--table and --rule need --keys: views show what the shipped table has")
    found: Attack = attack(
        STORES[asked.people](),
        _noise(asked.noise, asked.table),
        short=asked.short,
        most=asked.views,
        structure_given=asked.structure == "given",
        seconds=0.0 if asked.short else asked.seconds,
        keys=asked.keys,
        two_parts=not asked.one_part,
        rule=asked.rule,
        lists=not asked.no_lists,
        other=None if asked.short or asked.people != "one" else other_world(),
        progress=lambda said: print(said, file=sys.stderr, flush=True),
    )
    told = report(found)
    print(told)
    if asked.write:
        asked.write.write_text(told + "\n", encoding="utf-8")
    return 0


def _noise(name: str, table: Path | None) -> Noise:
    if name == "exact":
        return Noise.none()
    return Noise.of_file(table or maps.REFERENCE / "perturbation.csv")


if __name__ == "__main__":
    sys.exit(main())
