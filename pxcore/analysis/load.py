"""From bytes to the store: where file formats and the database meet, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pxcore.analysis import masking
from pxcore.disclosure import protect
from pxcore.disclosure.redaction import Redactor
from pxcore.errors import ExtractError, Fault, PxError, Severity
from pxcore.ingest import SOURCES, Asked, Extract, mapping, open_workbook, recognise
from pxcore.ingest.cells import month as month_in
from pxcore.ingest.cells import period as period_in
from pxcore.ingest.workbook import FILE_TYPES, Workbook
from pxcore.model import REFERENCE_FRAMES, Disclosure
from pxcore.store import Store

__all__ = [
    "FILE_TYPES",
    "SOURCES",
    "Asked",
    "Loaded",
    "Reading",
    "Store",
    "commit",
    "load_files",
    "open_store",
    "period_in",
    "read",
]


def open_store(path: Path | str | None = None, *, kind: str = "own") -> Store:
    """The store at a path, made if new; None keeps it in memory."""
    return Store.open(path, kind=kind)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file read and not yet loaded: what it is, what is wrong with it, what it lacks."""

    file_name: str
    recognised_as: str  # title of the source or profile; "" where nothing recognises it
    extract: Extract | None
    faults: tuple[Fault, ...]

    @property
    def needs(self) -> tuple[str, ...]:
        """What a person must supply: "period", "source" or "mapping"."""
        return tuple(sorted({fault.needs for fault in self.faults if fault.needs}))

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.severity is Severity.ERROR)

    @property
    def ready(self) -> bool:
        return self.extract is not None and not self.errors


PREVIEWED_ROWS = 5
# Frames with one person's answer a row: never previewed.
PERSONAL_FRAMES = ("response", "redaction", "answer")


def preview(extract: Extract, name: str, disclosure: Disclosure) -> pd.DataFrame:
    """The first rows of a frame as they would be loaded, small numbers hidden, blank columns out."""
    if name in PERSONAL_FRAMES:
        return pd.DataFrame()
    rows = extract.frames[name].head(PREVIEWED_ROWS)
    if "respondents" in rows:
        figures = [
            column
            for column in rows.select_dtypes("number").columns
            if column not in ("respondents", "eligible", "scale_low", "scale_high")
        ]
        rows = protect(rows, disclosure, count="respondents", values=figures)
    filled = [
        column
        for column in rows.columns
        if rows[column].notna().any() and rows[column].astype(str).ne("").any()
    ]
    return rows[filled]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one file."""

    file_name: str
    status: str  # "loaded", "refused" or "already loaded"
    number: int | None
    reading: Reading
    problem: str = ""


def profiles(store: Store | None) -> dict[str, mapping.Profile]:
    """Mapping profiles by name: the shipped ones, and those saved in the store."""
    known = {profile.name: profile for profile in mapping.shipped_profiles()}
    if store is not None:
        for row in store.query("profiles").itertuples():
            known[str(row.name)] = mapping.from_json(str(row.definition))
    return known


def read(
    file_name: str,
    content: bytes,
    *,
    store: Store | None = None,
    asked: Asked | None = None,
    profile: str = "",
) -> Reading:
    """Recognise a file and read it whole; nothing is loaded, every fault is told at once.

    `profile` names the mapping profile to read it with, whatever it looks like.
    """
    asked = asked or Asked()
    try:
        # the name alone: where a file lay says nothing about it, and may name a person
        workbook = open_workbook(Path(file_name).name, content)
        title, parse = _reader(workbook, store, profile)
        if parse is None:
            return Reading(file_name, "", None, (_unrecognised(workbook),))
        extract = parse(asked)
    except ExtractError as problem:
        return Reading(file_name, "", None, problem.faults)
    if any(name in extract.frames for name in PERSONAL_FRAMES):
        rules = masking.redactor(store) if store is not None else Redactor()
        extract = replace(
            extract,
            faults=tuple(
                replace(fault, what=masking.quotes_masked(fault.what, rules))
                for fault in extract.faults
            ),
        )
    return Reading(file_name, title, extract, extract.faults)


def _reader(
    workbook: Workbook, store: Store | None, profile: str
) -> tuple[str, Callable[[Asked], Extract] | None]:
    """The title of what recognises a workbook, and how to read it; None where nothing does."""
    if profile:
        known = profiles(store)
        if profile not in known:
            raise ExtractError(workbook.name, [_unknown_profile(profile, known)])
        return _mapped(known[profile], workbook)
    source = recognise(workbook)
    if source is not None:
        return source.title, lambda asked: source.parse(workbook, asked)
    for candidate in profiles(store).values():
        if mapping.recognises(candidate, workbook):
            return _mapped(candidate, workbook)
    return "", None


def _mapped(
    profile: mapping.Profile, workbook: Workbook
) -> tuple[str, Callable[[Asked], Extract] | None]:
    return (
        f"{mapping.source_of(profile).title} (layout ‘{profile.name}’)",
        lambda asked: mapping.parse_with(profile, workbook, asked),
    )


def _unknown_profile(name: str, known: Iterable[str]) -> Fault:
    return Fault(
        Severity.ERROR,
        f"There is no mapping profile called ‘{name}’.",
        "the profiles",
        f"Known: {', '.join(sorted(known)) or 'none yet'}.",
    )


def _unrecognised(workbook: Workbook) -> Fault:
    titles = "; ".join(source.title for source in SOURCES)
    first = "the file" if workbook.is_csv else f"sheets {', '.join(workbook.sheet_names)}"
    return Fault(
        Severity.ERROR,
        "The layout of this file is not known.",
        first,
        "Use the mapping wizard to say which column is which (it is remembered for next time), or "
        f"check that the file is one of: {titles}.",
        needs="mapping",
    )


def commit(store: Store, extracts: Sequence[Extract]) -> list[int]:
    """Load extracts in one transaction, all or none; their numbers. Raises the first trouble."""
    for extract in extracts:
        extract.raise_errors()
    redactor = masking.redactor(store)
    return store.commit([_record(extract, redactor) for extract in extracts])


def _record(extract: Extract, redactor: Redactor) -> dict[str, Any]:
    frames = masking.labels_masked(dict(extract.frames), redactor)
    notes = list(extract.notes)
    if "response" in frames:
        frames["redaction"] = masking.redactions(frames["response"], redactor)
        notes = [masking.quotes_masked(note, redactor) for note in notes]
    return {
        "layout": extract.layout,
        "file_name": extract.file_name,
        "sha256": extract.sha256,
        "title": extract.title,
        "publisher": extract.publisher,
        "as_at": as_at(extract),
        "rows_in": extract.rows_in,
        "rows_kept": extract.rows_kept,
        "rows_withheld": extract.rows_withheld,
        "rows_rejected": sum(extract.rows_rejected.values()),
        "rejected": json.dumps(dict(extract.rows_rejected), ensure_ascii=False),
        "faults": json.dumps(
            [[fault.what, fault.where, fault.fix] for fault in extract.warnings],
            ensure_ascii=False,
        ),
        "notes": json.dumps(notes, ensure_ascii=False),
        "frames": frames,
    }


def as_at(extract: Extract) -> date | None:
    """The date the extract speaks of: its publication's, else the last day it holds figures for."""
    if extract.as_at is not None:
        return extract.as_at
    last = [
        frame[column].max()
        for frame in extract.frames.values()
        for column in ("period_end", "answered_on")
        if column in frame and frame[column].notna().any()
    ]
    if last:
        return pd.Timestamp(max(last)).date()
    named = month_in(extract.file_name)
    return named.end if named else None


def load_files(
    store: Store,
    files: Iterable[tuple[str, bytes]],
    *,
    asked: Asked | None = None,
    profile: str = "",
    progress: Callable[[str, int, int], None] | None = None,
) -> list[Loaded]:
    """Read and load many files; one file's failure does not stop the others.

    Files are taken in the order of their names without endings, so that “…-v2” follows the file it
    revises. Reference files go first: they say who the providers are. `progress` is told what is
    being done, how much is done and how much there is.
    """
    ordered = sorted(files, key=lambda file: (file[0].rsplit(".", 1)[0].lower(), file[0]))
    readings: list[Reading] = []
    for place, (name, content) in enumerate(ordered):
        if progress:
            progress(f"Reading {name}", place, len(ordered) + 1)
        readings.append(read(name, content, store=store, asked=asked, profile=profile))
    readings.sort(key=lambda reading: not is_reference(reading))
    if progress:
        progress("Loading", len(ordered), len(ordered) + 1)
    return load_readings(store, readings)


def is_reference(reading: Reading) -> bool:
    extract = reading.extract
    return (
        extract is not None
        and bool(extract.frames)
        and set(extract.frames) <= set(REFERENCE_FRAMES)
    )


def load_readings(store: Store, readings: Sequence[Reading]) -> list[Loaded]:
    """Load what is ready: in one transaction, or, if that is refused, each file in its own."""
    ready = [reading for reading in readings if reading.ready]
    numbers: dict[int, int | PxError] = {}
    try:
        extracts = [reading.extract for reading in ready if reading.extract is not None]
        for reading, number in zip(ready, commit(store, extracts) if ready else [], strict=True):
            numbers[id(reading)] = number
    except PxError:
        for reading in ready:
            assert reading.extract is not None
            try:
                numbers[id(reading)] = commit(store, [reading.extract])[0]
            except PxError as problem:
                numbers[id(reading)] = problem
    return [_outcome(reading, numbers.get(id(reading))) for reading in readings]


def _outcome(reading: Reading, outcome: int | PxError | None) -> Loaded:
    if isinstance(outcome, int):
        return Loaded(reading.file_name, "loaded", outcome, reading)
    if outcome is None:
        said = " ".join(str(fault) for fault in reading.errors[:3])
        return Loaded(reading.file_name, "refused", None, reading, said)
    status = "already loaded" if type(outcome).__name__ == "AlreadyLoaded" else "refused"
    return Loaded(reading.file_name, status, None, reading, str(outcome))
