"""Files into a database and out of it, the demonstration, and the start of the app."""

from __future__ import annotations

import glob
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from pxcore import maps
from pxcore.analysis.files import load
from pxcore.analysis.files.demonstration import load_demonstration
from pxcore.analysis.files.sources import sources
from pxcore.cli import options
from pxcore.cli.run import DEMONSTRATION, DONE, FAULT, Run, command, print_progress, released
from pxcore.errors import PxError
from pxcore.model import Period
from pxcore.paths import HOME
from pxcore.words import sources as words

_EXTRACT = (
    "extract", "status", "file_name", "title", "publisher", "as_at", "loaded_at",
    "rows_in", "rows_kept", "rows_withheld", "rows_rejected", "live_rows", "sha256",
)  # fmt: skip


@command
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--profile", default="", help="Read them with this mapping profile.")
@click.option("--period", type=options.period, help="Their month or year, where they do not say.")
@click.option("--source", default="", help="Their source, where they do not say.")
def load_command(
    run: Run, files: Sequence[str], profile: str, period: Period | None, source: str
) -> int:
    """Load files (patterns allowed)."""
    if source:
        maps.source(source)  # a source that does not exist is refused before anything is opened
    if run.database == DEMONSTRATION or run.store.kind != "own":
        raise PxError(
            "Nothing is loaded into the demonstration: it is never mixed with your own data.",
            fix="Name a database of your own, or none.",
        )
    paths, refused = _expand(files)
    contents: list[tuple[str, bytes]] = []
    for path in paths:
        try:
            contents.append((path, Path(path).read_bytes()))
        except OSError as problem:
            refused.append((path, _unreadable(problem)))
    loaded = load.load_files(
        run.store,
        contents,
        request=load.Request(period, source),
        profile=profile,
        progress=None if run.as_json or not sys.stderr.isatty() else print_progress,
    )
    outcomes = [_outcome_json(outcome) for outcome in loaded]
    outcomes += [
        {"file": path, "status": "refused", "problem": f"{path}: {why}", "faults": []}
        for path, why in refused
    ]
    if run.as_json:
        run.print_json({"files": outcomes, "revision": run.store.revision})
    else:
        for outcome in outcomes:
            _print_outcome(outcome)
    return FAULT if any(outcome["status"] == "refused" for outcome in outcomes) else DONE


_UNREADABLE: dict[type[OSError], str] = {
    FileNotFoundError: "There is no such file.",
    PermissionError: "There is no permission to read it: ask its owner, or copy it to a folder of yours.",
    IsADirectoryError: "It is a folder.",
}


def _unreadable(problem: OSError) -> str:
    unknown = f"It cannot be read ({problem.strerror or type(problem).__name__})."
    return _UNREADABLE.get(type(problem), unknown)


def _expand(patterns: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Files for names and patterns, and what cannot be read with the reason.

    Patterns are expanded here, because not every shell does it; a file of that very name goes before a
    pattern. A folder named alone stands for the files in it.
    """
    files: list[str] = []
    refused: list[tuple[str, str]] = []
    for pattern in patterns:
        path = os.path.expanduser(pattern)
        matches = (
            [path] if os.path.lexists(path) else sorted(glob.glob(path, recursive=True)) or [path]
        )
        for match in map(Path, matches):
            if not match.is_dir():
                files.append(str(match))
            elif len(matches) == 1:
                try:
                    inside = [item for item in sorted(match.iterdir()) if not item.is_dir()]
                    why = "There is no file in the folder: name files, or FOLDER/**/*.csv."
                except OSError as problem:
                    inside, why = [], _unreadable(problem)
                files += [str(item) for item in inside if item.name[0] != "."]
                refused += [] if inside else [(str(match), why)]
    return list(dict.fromkeys(files)), refused


def _outcome_json(outcome: load.Loaded) -> dict[str, Any]:
    extract = outcome.reading.extract
    return {
        "file": outcome.file_name,
        "status": outcome.status,
        "extract": outcome.number,
        "recognised_as": outcome.reading.recognised_as or None,
        "problem": outcome.problem or None,
        "rows_in": extract.rows_in if extract else None,
        "rows_kept": extract.rows_accepted if extract else None,
        "rows_withheld": extract.rows_withheld if extract else None,
        "rows_rejected": dict(extract.rows_rejected) if extract else {},
        "faults": [
            {part: getattr(fault, part) for part in ("severity", "what", "where", "fix")}
            for fault in outcome.reading.faults
        ],
        "notes": list(extract.notes) if extract else [],
    }


def _print_outcome(outcome: dict[str, Any]) -> None:
    name = Path(outcome["file"]).name
    if outcome["status"] == "loaded":
        print(
            f"loaded   {name}: {outcome['recognised_as']}; {outcome['rows_kept']:,} of "
            f"{outcome['rows_in']:,} rows kept, {outcome['rows_withheld']:,} withheld or missing"
        )
        for reason, rows in outcome["rows_rejected"].items():
            print(f"           left out: {rows:,} rows: {reason}")
    elif outcome["status"] == "already loaded":
        print(f"kept     {outcome['problem']}")
    else:
        print(f"refused  {name}")
        if not outcome["faults"]:
            print(f"           {outcome['problem']}")
    for fault in outcome["faults"]:
        place = f" ({fault['where']})" if fault["where"] else ""
        print(f"           {fault['severity']}: {fault['what']}{place} {fault['fix']}".rstrip())


@command
@click.option("--remove", type=int, metavar="N", help="Take extract N out.")
@click.option("--restore", type=int, metavar="N", help="Put extract N back.")
@click.option(
    "--erase",
    is_flag=True,
    help="With --remove: delete the comments of extract N for good, from the file too.",
)
def sources_command(run: Run, remove: int | None, restore: int | None, erase: bool) -> None:
    """What is loaded, and from where."""
    store = run.store
    if erase and remove is None:
        raise PxError("Nothing is named to erase.", fix="Write --remove N --erase.")
    if remove is not None:
        (store.erase if erase else store.remove)(remove)
    if restore is not None:
        store.restore(restore)
    report = sources(store)
    notes = [words.copies_hold(report)] if erase and report.copies else []
    notes += [words.restored(report, restore)] if restore is not None else []
    if run.as_json:
        run.print_json(
            {
                "database": report.path,
                "notes": notes,
                "revision": report.revision,
                "extracts": released(report.extracts[list(_EXTRACT)]),
                "history": released(
                    report.history[["revision", "happened_at", "event", "file_name", "said"]]
                ),
            }
        )
        return
    print(*notes, words.summary(report), sep="\n")
    print(f"Database: {report.path}, revision {report.revision}")
    if len(report.extracts):
        shown = report.extracts[["extract", "status", "file_name", "rows_kept", "live_rows"]]
        print(shown.to_string(index=False))


@command
def demo_command(run: Run) -> None:
    """Load the demonstration data into a database."""
    if not run.database:
        raise PxError(
            "Demonstration and own data are never mixed.",
            fix="Name a database for it: demo --database demonstration.duckdb",
        )
    run.store = load.open_store(run.database, kind=DEMONSTRATION)
    report = sources(load_demonstration(run.store))
    if run.as_json:
        run.print_json({"status": "ok", "extracts": len(report.extracts)})
    else:
        print(f"Demonstration data loaded into {run.database}. {words.summary(report)}")


# --help too is Streamlit's
@click.command(add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("streamlit", nargs=-1, type=click.UNPROCESSED)
def start_command(streamlit: Sequence[str]) -> int:
    """Start the app; takes the options of Streamlit."""
    arguments = [sys.executable, "-m", "streamlit", "run", "app.py", *streamlit]
    with suppress(KeyboardInterrupt):  # that is how it is ended
        return subprocess.run(arguments, cwd=HOME, check=False).returncode
    return DONE
