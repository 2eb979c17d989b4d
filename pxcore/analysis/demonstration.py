"""The demonstration store: synthetic files through the same door as real ones, never mixed with them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from pxcore import maps
from pxcore.analysis import load, matching
from pxcore.errors import StoreError
from pxcore.store import Store

FOLDER = maps.DATA / "demo"
ALIASES = (
    FOLDER / "reference" / "aliases.csv"
)  # read here, not as an extract: it is a person's doing
NOT_EXTRACTS = {"README.md", "manifest.csv", "aliases.csv"}


def demonstration_paths() -> list[Path]:
    return sorted(
        path for path in FOLDER.rglob("*") if path.is_file() and path.name not in NOT_EXTRACTS
    )


def demonstration_files() -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in demonstration_paths()]


def load_demonstration(
    store: Store | None = None, progress: Callable[[str, int, int], None] | None = None
) -> Store:
    """A store with the demonstration data, in memory unless one is given: fresh at every start."""
    store = store or Store.open(kind="demonstration")
    outcomes = load.load_files(store, demonstration_files(), progress=progress)
    refused = [outcome for outcome in outcomes if outcome.status == "refused"]
    if refused or not outcomes:
        raise StoreError(
            "The demonstration data cannot be loaded: this copy of the program is incomplete.",
            refused[0].file_name if refused else str(FOLDER),
            refused[0].problem if refused else "Download it again.",
        )
    confirm_names(store)
    return store


def confirm_names(store: Store) -> None:
    """Confirm the names the demonstration's story has already matched: a few, and the exact ones."""
    if not ALIASES.is_file():
        return
    sure = matching.matching(store).sure
    exact = list(zip(sure["name"], sure["context"], sure["code"], strict=True))
    with ALIASES.open(encoding="utf-8", newline="") as lines:
        matches = [
            (row["name"], row.get("context", ""), row["code"]) for row in csv.DictReader(lines)
        ]
    if matches or exact:
        matching.confirm(store, [*exact, *matches], by="demonstration")
