"""From bytes to the store: where file formats and the database meet, and nowhere else."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pxcore.analysis import masking
from pxcore.disclosure import Released
from pxcore.disclosure.redaction import Redactor
from pxcore.errors import ExtractError, Fault, PxError, Severity, origin
from pxcore.frames import REFERENCE_FRAMES
from pxcore.ingest import SOURCES, Extract, Request, Source, mapping, open_workbook, recognise
from pxcore.ingest import profile as layouts
from pxcore.ingest.cells import months_in, only
from pxcore.ingest.cells import period as period_in
from pxcore.ingest.nearest import nearest
from pxcore.ingest.workbook import FILE_TYPES, Workbook
from pxcore.store import Store

__all__ = [
    "FILE_TYPES",
    "SOURCES",
    "Loaded",
    "Reading",
    "Request",
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
        """What a person must supply: "period", "source", "profile" or "mapping"."""
        return tuple(sorted({fault.needs for fault in self.faults if fault.needs}))

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.severity is Severity.ERROR)

    @property
    def ready(self) -> bool:
        return self.extract is not None and not self.errors


PREVIEWED_ROWS = 5
# Frames with one person's answer a row: never previewed.
PERSONAL_FRAMES = ("response", "redaction", "answer", "document")


def preview(extract: Extract, name: str) -> Released:
    """The first rows of a frame of published figures as they would be loaded, blank columns out."""
    if name in PERSONAL_FRAMES:
        return Released()
    rows = extract.frames[name].head(PREVIEWED_ROWS)
    filled = [
        column
        for column in rows.columns
        if rows[column].notna().any() and rows[column].astype(str).ne("").any()
    ]
    return Released(rows[filled])


def counted(responses: pd.DataFrame) -> str:
    """How many answers a frame of responses holds, of how many organisations and when: nobody's own."""
    providers = (
        responses["provider"].where(responses["provider"].ne(""), responses["provider_name"])
    ).nunique()
    days = responses["answered_on"].dropna()
    when = ""
    if len(days):
        first, last = days.min(), days.max()
        when = f", {first.day} {first:%B %Y} to {last.day} {last:%B %Y}"
    dateless = len(responses) - len(days)
    return (
        f"{len(responses):,} answer{'s' if len(responses) != 1 else ''} of {providers:,} "
        f"organisation{'s' if providers != 1 else ''}{when}"
        + (f"; {dateless:,} without a day that can be read" if dateless else "")
        + "."
    )


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one file."""

    file_name: str
    status: str  # "loaded", "refused" or "already loaded"
    number: int | None
    reading: Reading
    problem: str = ""


def saved_profiles(store: Store) -> dict[str, layouts.Profile]:
    """Those a person saved in the store, by name."""
    return {
        str(row.name): layouts.from_json(str(row.definition))
        for row in store.query("profiles").itertuples()
    }


def profiles(store: Store | None) -> dict[str, layouts.Profile]:
    """Mapping profiles by name: the shipped ones, and those saved in the store."""
    shipped = {profile.name: profile for profile in layouts.shipped_profiles()}
    return shipped | (saved_profiles(store) if store is not None else {})


def read(
    file_name: str,
    content: bytes,
    *,
    store: Store | None = None,
    request: Request | None = None,
    profile: str = "",
) -> Reading:
    """Recognise a file and read it whole; nothing is loaded, every fault is told at once.

    `profile` names the mapping profile to read it with, whatever it looks like.
    """
    request = request or Request()
    try:
        # the name alone: where a file lay says nothing about it, and may name a person
        workbook = open_workbook(Path(file_name).name, content)
        title, parse, headings = _reader(workbook, store, profile, request)
        if parse is None:
            return Reading(file_name, "", None, (_unrecognised(workbook),))
        extract = parse(request)
    except ExtractError as problem:
        return Reading(file_name, "", None, problem.faults)
    except PxError as problem:
        return Reading(file_name, "", None, (_refused(problem),))
    except Exception as problem:  # a mistake of the reader's, met in this file: the others load
        return Reading(file_name, "", None, (_stumbled(problem),))
    if any(name in extract.frames for name in PERSONAL_FRAMES) or _may_quote(extract):
        rules = masking.redactor(store) if store is not None else Redactor()
        extract = replace(
            extract,
            faults=tuple(
                replace(fault, what=masking.quotes_masked(fault.what, rules, headings))
                for fault in extract.faults
            ),
        )
    return Reading(file_name, title, extract, extract.faults)


def _may_quote(extract: Extract) -> bool:
    """Whether a mapped file of which nothing could be read may be one of people's answers."""
    return extract.layout.startswith("mapping:") and not extract.frames


def _reader(
    workbook: Workbook, store: Store | None, profile: str, request: Request
) -> tuple[str, Callable[[Request], Extract] | None, Collection[str]]:
    """The title of what recognises a workbook, how to read it (None where nothing does), and the headings of
    a layout, which are nobody's words.

    A built-in source goes before a remembered layout, unless it cannot read the file; a layout a person
    saved goes before a shipped one.
    """
    if profile:
        known = profiles(store)
        if profile not in known:
            raise ExtractError(workbook.name, [_unknown_profile(profile, known)])
        return _mapped(known[profile], workbook)
    source = recognise(workbook)
    saved = tuple(saved_profiles(store).values()) if store is not None else ()
    fits = layouts.fitting(saved, workbook)
    if source is not None and not (fits and _cannot_read(source, workbook, request)):
        return source.title, lambda again: source.parse(workbook, again), ()
    fits = fits or layouts.fitting(layouts.shipped_profiles(), workbook)
    if len(fits) > 1:
        raise ExtractError(workbook.name, [_several_profiles(fits)])
    return _mapped(fits[0], workbook) if fits else ("", None, ())


def _cannot_read(source: Source, workbook: Workbook, request: Request) -> bool:
    """Whether more is wrong than a period or a source to be said."""
    return any(not fault.needs for fault in source.parse(workbook, request).errors)


def _refused(problem: PxError) -> Fault:
    return Fault(Severity.ERROR, problem.what, problem.where or "the file", problem.fix)


def _stumbled(problem: Exception) -> Fault:
    """A fault in place of an exception: where the program stopped, and never its message, which may
    hold what somebody wrote."""
    logging.getLogger(__name__).error("reading a file: %s", origin(problem))
    return Fault(
        Severity.ERROR,
        f"The file could not be read: the program met something in it that it does not know "
        f"({origin(problem)}).",
        "the file",
        "Open it in a spreadsheet program and look for cells that are out of place, or save the "
        "table as a CSV of its own; and report this line to whoever looks after the program.",
    )


def _mapped(
    profile: layouts.Profile, workbook: Workbook
) -> tuple[str, Callable[[Request], Extract] | None, Collection[str]]:
    return (
        f"{mapping.source_of(profile).title} (layout ‘{profile.name}’)",
        lambda request: mapping.parse_with(profile, workbook, request),
        layouts.headings_of(profile).values(),
    )


def _several_profiles(fits: Sequence[layouts.Profile]) -> Fault:
    names = ", ".join(f"‘{profile.name}’" for profile in fits)
    return Fault(
        Severity.ERROR,
        f"Several remembered layouts fit this file: {names}.",
        "the remembered layouts",
        "Say which to read it with (on the command line: --profile), or delete those not needed.",
        needs="profile",
    )


def _unknown_profile(name: str, known: Iterable[str]) -> Fault:
    return Fault(
        Severity.ERROR,
        f"There is no mapping profile called ‘{name}’.",
        "the profiles",
        f"Known: {', '.join(sorted(known)) or 'none yet'}.",
    )


def _unrecognised(workbook: Workbook) -> Fault:
    where = "the file" if workbook.is_csv else f"sheets {', '.join(workbook.sheet_names)}"
    misses = nearest(workbook)
    rest = (
        " Or mend the headings. "
        + ". ".join(f"{str(miss)[:1].upper()}{str(miss)[1:]}" for miss in misses)
        + "."
        if misses
        else f" Layouts known: {'; '.join(source.title for source in SOURCES)}."
    )
    return Fault(
        Severity.ERROR,
        "The layout of this file is not known.",
        where,
        "Say in the mapping wizard which column is which (it is remembered for next time)." + rest,
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
    for name in frames.keys() & {"response", "document"}:
        frames["redaction"] = masking.redactions(frames[name], redactor)
        notes = [masking.quotes_masked(note, redactor) for note in notes]
    return {
        "layout": extract.layout,
        "file_name": extract.file_name,
        "sha256": extract.sha256,
        "title": extract.title,
        "publisher": extract.publisher,
        "as_at": as_at(extract),
        "rows_in": extract.rows_in,
        "rows_kept": extract.rows_accepted,
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
    named = only(months_in(extract.file_name))
    return named.end if named else None


def load_files(
    store: Store,
    files: Iterable[tuple[str, bytes]],
    *,
    request: Request | None = None,
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
        readings.append(read(name, content, store=store, request=request, profile=profile))
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
        text = " ".join(str(fault) for fault in reading.errors[:3])
        return Loaded(reading.file_name, "refused", None, reading, text)
    status = "already loaded" if type(outcome).__name__ == "AlreadyLoaded" else "refused"
    return Loaded(reading.file_name, status, None, reading, str(outcome))
