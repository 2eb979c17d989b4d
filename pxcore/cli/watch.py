"""A folder that is watched: what arrives is loaded, whole or not at all, and a log says what became of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from pxcore.analysis.files import load
from pxcore.cli.run import DEMONSTRATION, DONE, FAULT, Run, command
from pxcore.errors import PxError

LOG = "px-watch.log"
EVERY = 10  # seconds between two looks
Marks = dict[Path, tuple[int, int]]  # file -> size, and when it was last written (ns)


@command
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--every",
    type=click.IntRange(min=1),
    default=EVERY,
    show_default=True,
    metavar="SECONDS",
    help="How often to look.",
)
@click.option("--once", is_flag=True, help="Load what is there, and end.")
@click.option(
    "--log", type=click.Path(dir_okay=False, path_type=Path), help="The log; else in FOLDER."
)
def watch_command(run: Run, folder: Path, every: int, once: bool, log: Path | None) -> int:
    """Load what arrives in FOLDER, until interrupted."""
    if run.database == DEMONSTRATION or run.store.kind != "own":
        raise PxError(
            "Nothing is loaded into the demonstration: it is never mixed with your own data.",
            fix="Name a database of your own, or none.",
        )
    path = log or folder / LOG
    refused = 0
    for entry in watched(run.store, folder, path, once=once, wait=lambda: time.sleep(every)):
        refused += entry["status"] == "refused"
        _write(path, entry)
        if run.as_json:
            run.print_json(entry)
        else:
            print(f"{entry['at']}  {entry['status']:<15} {entry['file']}{_why(entry)}", flush=True)
    return FAULT if refused else DONE


def watched(
    store: load.Store, folder: Path, log: Path, *, once: bool, wait: Callable[[], None]
) -> Iterator[dict[str, Any]]:
    """What becomes of every file that arrives.

    A file counts as arrived when two looks in turn find it the same: one that is still being copied is left
    for the next. One that was refused is tried again when it has changed. `once` ends after the first
    that are at rest.
    """
    done: Marks = {}
    before = _looked(folder, log)
    while True:
        wait()
        now = _looked(folder, log)
        settled = [file for file, mark in now.items() if before.get(file) == mark != done.get(file)]
        contents: list[tuple[str, bytes]] = []
        for file in settled:
            done[file] = now[file]
            try:
                contents.append((str(file), file.read_bytes()))
            except OSError as problem:
                yield _entry(file, "refused", f"It cannot be read ({problem.strerror}).", ())
        # one at a time: a file's failure leaves the others as they are
        for name, content in contents:
            for outcome in load.load_files(store, [(name, content)], request=load.Request()):
                faults = [
                    f"{fault.what} {fault.where} {fault.fix}".strip()
                    for fault in outcome.reading.faults
                    if fault.severity == "error"
                ]
                yield _entry(Path(name), outcome.status, outcome.problem, faults)
        if once:
            return
        before = now


def _looked(folder: Path, log: Path) -> Marks:
    """The files of the folder as they are now, hidden ones and the log apart."""
    marks: Marks = {}
    for file in sorted(folder.iterdir()):
        if file.name.startswith((".", "~$")) or file == log:
            continue
        with suppress(OSError):  # gone between the two
            state = file.stat()
            if file.is_file():
                marks[file] = (state.st_size, state.st_mtime_ns)
    return marks


def _entry(file: Path, status: str, problem: str, faults: Any) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "file": file.name,
        "status": status,
        "problem": problem or None,
        "faults": list(faults),
    }


def _why(entry: dict[str, Any]) -> str:
    reasons = entry["faults"] or ([entry["problem"]] if entry["problem"] else [])
    return f": {'; '.join(reasons)}" if reasons and entry["status"] != "loaded" else ""


def _write(path: Path, entry: dict[str, Any]) -> None:
    """One line of the log, as JSON; on disk before the next file is read."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    except OSError as problem:
        raise PxError(
            f"The log ‘{path}’ cannot be written ({problem.strerror}).",
            fix="Name another with --log.",
        ) from problem
