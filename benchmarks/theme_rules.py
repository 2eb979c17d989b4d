"""How often are keyword rules right? Precision and recall by theme, held against codes people gave.

    python -m benchmarks.theme_rules [--write]

Measured on comments that have both words and a supplier's codes: in the folder that PX_REAL_FILES names,
where any do; else in the demonstration, whose comments are put together from set phrases, so that what
is measured there says little of comments people write. Which it was stands in every row.
`--write` keeps the table in data/reference/theme_rules_measured.csv: counts by theme, at least 10 each.
"""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

from pxcore import maps
from pxcore.analysis import masking
from pxcore.analysis.comments.coding import measured_rules
from pxcore.analysis.files import load
from pxcore.analysis.files.demonstration import load_demonstration
from pxcore.store import Store

TABLE = maps.REFERENCE / "theme_rules_measured.csv"
FILES = (".csv", ".xlsx", ".ods")


def coded_comments() -> tuple[Store, str]:
    """A store with comments that have words and codes, and what they are."""
    named = os.environ.get("PX_REAL_FILES")
    if named:
        folder = Path(named) / "comments"
        files = [
            (path.name, path.read_bytes())
            for path in sorted(folder.glob("*"))
            if path.suffix.lower() in FILES
        ]
        store = Store.open()
        load.load_files(store, files)
        masking.mask_missing(store)
        if len(measured_rules(store)):
            return store, "comments coded by people"
        print("The coded files there came without the words of the comments.")
    return (
        load_demonstration(),
        "the demonstration: invented phrases, known when the rules were written",
    )


def main() -> int:
    store, what = coded_comments()
    rows = measured_rules(store)
    rows = rows[rows["precision"].notna() | rows["recall"].notna()].assign(measured_on=what)
    print(rows.to_string(index=False))
    if "--write" in sys.argv[1:]:
        with TABLE.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(rows.columns)
            for row in rows.itertuples(index=False):
                writer.writerow(f"{one:.4g}" if isinstance(one, float) else one for one in row)
        print(f"Written to {TABLE}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
