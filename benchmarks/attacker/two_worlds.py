"""Columns of a file that no noise reaches: in which the figures shown are the exact ones.

Each page is made three times: as it is shown, exactly, and exactly of another world, in which more people of
the confidential sources answered. What is the same in both worlds is public. Where a column shows what is
exact and would be otherwise in the other world, single responses leave by it.
"""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from benchmarks.attacker.exports import DAY, WRITERS
from benchmarks.attacker.leaving import Left, left_by, numbers_in
from benchmarks.attacker.several import FOLDERS
from pxcore.analysis.files import load
from pxcore.analysis.files.demonstration import confirm_names, demonstration_paths
from pxcore.analysis.questions import Kept, remember
from pxcore.errors import PxError
from pxcore.model import Disclosure, Scope
from pxcore.publish.asking import PAPER, document
from pxcore.publish.reports import Reports
from pxcore.publish.view import View
from pxcore.store import Store

READ = ("html", "xlsx", "zip")  # between them they hold every number that the others hold
EVERY = 3  # of so many rows of single responses one stands twice in the other world
SIMPLE = 4000  # a share of people has no larger denominator
FEW, MOST = 6, 0.5  # of so many figures more than this share that are the exact ones are no chance


def other_world() -> Store:
    """The demonstration with some of its single responses twice: everybody compared stays so."""
    store = Store.open(kind="demonstration")
    files = [
        (
            path.name,
            _grown(path.read_bytes()) if path.parent.name in FOLDERS else path.read_bytes(),
        )
        for path in demonstration_paths()
    ]
    refused = [one for one in load.load_files(store, files) if one.status == "refused"]
    assert not refused, refused
    confirm_names(store)
    return store


def _grown(content: bytes) -> bytes:
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(
        [head, *(row for place, row in enumerate(rows) for _ in range(1 + (place % EVERY == 0)))]
    )
    return written.getvalue().encode()


class Exactly(Reports):
    """Every report of exact figures, though the view does not ask for them."""

    def ask(self, question: Callable[..., Any], *details: Any, **named: Any) -> Any:
        exactly = {name: _exact(detail) for name, detail in named.items()}
        return super().ask(question, *map(_exact, details), **exactly)


def _exact(asked: Any) -> Any:
    if isinstance(asked, Disclosure):
        return replace(asked, exact=True)
    if isinstance(asked, Scope):
        return replace(asked, pairing=_exact(asked.pairing))
    if hasattr(asked, "disclosure"):
        return replace(asked, disclosure=replace(asked.disclosure, exact=True))
    return asked


Column = tuple[str, int, str]  # kind of file, which of its tables, heading


def columns_of(view: View, reports: Any) -> dict[Column, list[float]]:
    """Every number of the files of one page, by column; those that stand in none together."""
    made = document([view], reports, PAPER, "", DAY)
    found: dict[Column, list[float]] = {}
    for ending in READ:
        left: Left = left_by(WRITERS[ending](made, view))
        found[ending, -1, ""] = left.numbers
        for place, table in enumerate(left.tables):
            for column in map(str, table.columns[~table.columns.duplicated()]):
                found[ending, place, column] = numbers_in(table[column])
    return found


def unmoved(
    shown: dict[Column, list[float]],
    exact: dict[Column, list[float]],
    other: dict[Column, list[float]],
) -> Iterator[str]:
    """Columns by which exact figures of single responses leave: one finer than two decimals that is no share
    of people, or most of several."""
    for column, numbers in shown.items():
        fine = Counter(map(_alike, filter(_is_fine, numbers)))
        own = Counter(map(_alike, exact.get(column, ())))
        own -= Counter(map(_alike, other.get(column, ())))
        same = fine & own
        plain = sum(same[number] for number in same if not _is_share(number))
        if plain or (fine.total() >= FEW and same.total() > MOST * fine.total()):
            ending, place, heading = column
            yield f"{ending}, table {place + 1}, {heading}: {[*same][:3]}"


def _alike(number: float) -> float:
    return float(f"{number:.10g}")


def _is_fine(number: float) -> bool:
    return math.isfinite(number) and abs(round(number, 2) - number) > 1e-9


def _is_share(number: float) -> bool:
    """Whether it can be a share of people, or as many in 100."""
    return any(
        abs(float(Fraction(n).limit_denominator(SIMPLE)) - n) < 1e-9 for n in (number, number / 100)
    )


def leaks(
    store: Store,
    other: Store,
    views: Sequence[View],
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[int, list[str]]:
    """How many columns the files of some pages have, and those by which exact figures leave."""
    for world in (store, other):
        remember(world, Kept())
    asked = Reports(store), Exactly(store), Exactly(other)
    columns, found = 0, []
    for view in views:
        try:
            worlds = [columns_of(view, reports) for reports in asked]
        except PxError:  # in the other world there may be nothing to compare
            continue
        found += [f"{view.page} of {view.scope.pairing.left} beside {view.scope.pairing.right}, {column}"
                  for column in unmoved(*worlds)]  # fmt: skip
        columns += len(worlds[0])
        progress(f"{view.page} in two worlds: {columns:,} columns, {len(found)} leak")
    return columns, found
