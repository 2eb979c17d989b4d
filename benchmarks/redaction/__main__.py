"""How much of what could name somebody is masked, by class, and how many innocent comments are touched?

    python -m benchmarks.redaction [--write] [--show N] [--class CLASS] [--part PART [--reveal]]

Held against the synthetic labelled comments beside this file, of both parts. `--write` keeps the table in
data/reference/redaction_measured.csv. `--show N` prints the first N labels of a part that were missed and
the innocent comments that were touched; of the held-back part, which those who write the rules must not
read, only with `--reveal`. `--class` shows one class.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields

from benchmarks.redaction.labelled import (
    CLASSES,
    FOLDER,
    INNOCENT,
    MANNERS,
    PARTS,
    Outcome,
    comments,
    outcomes,
)
from pxcore import maps
from pxcore.disclosure.redaction import redact
from pxcore.stats.intervals import wilson

TABLE = maps.REFERENCE / "redaction_measured.csv"
COMMAND = "python -m benchmarks.redaction"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: how many were there, how many were masked, and Wilson's 95 % interval.

    Of innocent comments `identifiers` counts the comments and `masked` those that were touched.
    """

    part: str
    kind: str  # name, form, rare context, manner or innocent
    group: str  # a class, "all" of a kind, a manner of writing, or what an innocent comment holds
    identifiers: int
    masked: int
    low: float
    high: float


def rows(part: str, measured: list[Outcome]) -> list[Row]:
    """The rows of one part: each kind and its classes, each manner of writing, the innocent."""
    labels = [
        (label.kind, outcome.comment.manner, not left)
        for outcome in measured
        for label, left in outcome.labels
    ]
    table = []
    for kind in dict.fromkeys(CLASSES.values()):
        of_kind = [masked for name, _, masked in labels if CLASSES[name] == kind]
        table.append(_row(part, kind, "all", of_kind))
        table += [
            _row(part, kind, name, [masked for its, _, masked in labels if its == name])
            for name in CLASSES
            if CLASSES[name] == kind and kind != name
        ]
    table += [
        _row(
            part,
            "manner",
            manner,
            [m for its, how, m in labels if how == manner and CLASSES[its] != "rare context"],
        )
        for manner in MANNERS
    ]
    innocent = [outcome for outcome in measured if not outcome.comment.labels]
    table.append(_row(part, "innocent", "all", [outcome.touched for outcome in innocent]))
    table += [
        _row(
            part,
            "innocent",
            group,
            [outcome.touched for outcome in innocent if outcome.comment.innocent == group],
        )
        for group in INNOCENT
    ]
    return table


def _row(part: str, kind: str, group: str, masked: Iterable[bool]) -> Row:
    which = list(masked)
    share = sum(which) / len(which) if which else float("nan")
    low, high = wilson(share, len(which))
    return Row(
        part, kind, group, len(which), sum(which), round(float(low), 4), round(float(high), 4)
    )


def _print_table(table: list[Row]) -> None:
    print(f"{'part':12} {'kind':13} {'class':31} {'masked':>11}  share  95 % interval")
    for row in table:
        share = f"{row.masked / row.identifiers:6.1%}" if row.identifiers else "     –"
        print(
            f"{row.part:12} {row.kind:13} {row.group:31} {row.masked:5}/{row.identifiers:5} "
            f"{share}  {row.low:.1%}–{row.high:.1%}"
        )


def _print_missed(measured: list[Outcome], most: int, group: str | None) -> None:
    missed = [
        (label, outcome)
        for outcome in measured
        for label, left in outcome.labels
        if left and group in (None, label.kind)
    ]
    for label, outcome in missed[:most]:
        words = outcome.comment.text[label.start : label.end]
        print(f"{outcome.comment.number} missed {label.kind}: {words!r}\n    {outcome.masked!r}")
    hit = [] if group else [o for o in measured if o.touched and not o.comment.labels]
    for outcome in hit[:most]:
        print(f"{outcome.comment.number} innocent, touched:\n    {outcome.masked!r}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog=COMMAND)
    parser.add_argument("--write", action="store_true", help=f"keep the table in {TABLE}")
    parser.add_argument("--show", type=int, metavar="N", help="print the first N that were missed")
    parser.add_argument("--class", dest="group", choices=CLASSES, help="show this class only")
    parser.add_argument("--part", choices=PARTS, help="this part only")
    parser.add_argument("--reveal", action="store_true", help="show the held-back part too")
    options = parser.parse_args(arguments)
    if options.show is not None and options.part != PARTS[0] and not options.reveal:
        parser.error(f"--show goes with --part {PARTS[0]}; the held-back part needs --reveal.")
    if options.write and options.part:
        parser.error("--write keeps both parts; leave out --part.")
    table = []
    for part in [options.part] if options.part else PARTS:
        if not (FOLDER / f"{part.replace(' ', '_')}.jsonl").exists():
            print(f"The {part} part is not in this folder.", file=sys.stderr)
            if options.write:
                return 1
            continue
        measured = list(outcomes(comments(part), lambda text: redact(text).text))
        table += rows(part, measured)
        if options.show is not None:
            _print_missed(measured, options.show, options.group)
    if options.show is None:
        _print_table(table)
    if options.write:
        with TABLE.open("w", encoding="utf-8", newline="") as lines:
            lines.write(f"# Synthetic: measured on invented comments by {COMMAND} --write\n")
            writer = csv.writer(lines, lineterminator="\n")
            names = [field.name for field in fields(Row)]
            writer.writerow("class" if name == "group" else name for name in names)
            writer.writerows(astuple(row) for row in table)
        print(f"Written to {TABLE}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
