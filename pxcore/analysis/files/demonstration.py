"""The demonstration store: synthetic files through the same door as real ones, never mixed with them."""

from __future__ import annotations

import csv
import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from pxcore import maps
from pxcore.analysis.files import load
from pxcore.analysis.joining import matching
from pxcore.errors import PxError, StoreError
from pxcore.paths import CODE, DATA
from pxcore.store import Store

FOLDER = DATA / "demo"
ALIASES = (
    FOLDER / "reference" / "aliases.csv"
)  # read here, not as an extract: it is a person's doing
NOT_EXTRACTS = {"README.md", "manifest.csv", "aliases.csv"}
READERS = ("duckdb", "pandas", "numpy", "python-calamine")  # other versions may read otherwise


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


def kept_demonstration(
    folder: Path, progress: Callable[[str, int, int], None] | None = None
) -> Store:
    """The demonstration in memory, copied from the database an earlier start has kept in `folder`.

    It is made and kept where there is none of exactly these files, this code and these versions, or the
    one there is damaged; where nothing can be kept, it is loaded as ever. Nothing anybody does to the
    demonstration is kept. Two starts at once each make one, and either will do.
    """
    key = demonstration_key()
    for path in sorted(folder.glob(f"demonstration-{key}-*.duckdb")):
        try:
            if path.stem == f"demonstration-{key}-{_digest([path])}":
                return Store.open(kind="demonstration", copied_from=path)
        except (OSError, StoreError):
            continue  # of another start's clearing up, or not to be read: it is made anew
    try:
        path = _keep(folder, key, progress)
        return Store.open(kind="demonstration", copied_from=path)
    except (OSError, PxError):  # no room or no permission; were it the files, this says so
        return load_demonstration(progress=progress)


def demonstration_key() -> str:
    """What the kept database hangs on: every demonstration file and shipped map, all code, and what
    reads the files."""
    made_by = [*CODE.rglob("*.py"), *CODE.rglob("*.sql"), *maps.REFERENCE.rglob("*")]
    files = sorted(path for path in (*FOLDER.rglob("*"), *made_by) if path.is_file())
    names = [path.name for path in files]
    return _digest(files, (*names, *map(version, READERS), sys.version))


def _digest(paths: Iterable[Path], words: Iterable[str] = ()) -> str:
    """A fingerprint of files, in their order, and of words."""
    whole = hashlib.sha256("\0".join(words).encode())
    for path in paths:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:32]


def _keep(folder: Path, key: str, progress: Callable[[str, int, int], None] | None) -> Path:
    """Make the demonstration's database and put it into `folder`, whole or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix="making-") as making:  # for its owner alone
        made = Path(making) / "demonstration.duckdb"
        store = load_demonstration(Store.open(made, kind="demonstration"), progress)
        store.close()
        made.chmod(0o600)
        path = folder / f"demonstration-{key}-{_digest([made])}.duckdb"
        os.replace(made, path)
    for old in folder.glob("demonstration-*.duckdb"):
        if old != path:
            with suppress(OSError):  # another program may be reading it
                old.unlink()
    return path


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
