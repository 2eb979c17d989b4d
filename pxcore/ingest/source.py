"""What a source is, what it hands over, and the findings it collects on the way.

A source is a layout (or a family of layouts) that a file may have. `recognise` says whether a
workbook is one, `read` reads it whole and never stops at the first fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pxcore.errors import ExtractError, Fault, Severity
from pxcore.frames import FRAMES, Columns
from pxcore.ingest.workbook import Workbook
from pxcore.model import Period, Withheld

MOST_FAULTS_OF_A_KIND = 20
Frames = Mapping[str, pd.DataFrame]
_DTYPES = {"text": "str", "number": "float64", "date": "datetime64[us]", "flag": "bool"}


@dataclass(frozen=True, slots=True)
class Request:
    """What the person (or the command line) supplied with the file."""

    period: Period | None = None
    source: str = ""  # instrument, where the layout alone does not show it


@dataclass(frozen=True, slots=True)
class Extract:
    """One file, read: its frames, its faults and the account of its rows."""

    layout: str  # name in the SOURCES registry
    file_name: str
    sha256: str
    title: str
    publisher: str
    frames: Frames
    faults: tuple[Fault, ...] = ()
    rows_in: int = 0  # rows of data found in the file
    rows_rejected: Mapping[str, int] = field(default_factory=dict)  # reason -> rows
    as_at: date | None = None  # publication date, where the file says
    notes: tuple[str, ...] = ()  # "Sheet ‘Trusts’: rows 10-11 read as the header"

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.severity is Severity.WARNING)

    @property
    def needs(self) -> tuple[str, ...]:
        """What must be supplied before it can load, such as "period"."""
        return tuple(sorted({fault.needs for fault in self.errors if fault.needs}))

    @property
    def rows_accepted(self) -> int:
        return self.rows_in - sum(self.rows_rejected.values())

    @property
    def rows_withheld(self) -> int:
        """Rows kept whose value is withheld or missing."""
        return sum(
            int((frame["withheld"] != Withheld.NONE.value).sum())
            for frame in self.frames.values()
            if "withheld" in frame
        )

    def raise_errors(self) -> None:
        if self.errors:
            raise ExtractError(self.file_name, self.faults)


@dataclass(frozen=True, slots=True)
class Source:
    """A layout files come in. `recognise` is cheap and never raises; `read` reads everything."""

    name: str
    title: str
    publisher: str
    licence: str
    frames: tuple[str, ...]  # the frames it may hand over, keys of model.FRAMES
    recognise: Callable[[Workbook], bool]
    read: Callable[[Workbook, Request, Findings], Frames]

    def parse(self, workbook: Workbook, request: Request) -> Extract:
        """The workbook read whole: its frames, with all that was noticed on the way."""
        findings = Findings()
        return _extract(self, workbook, findings, self.read(workbook, request, findings))


@dataclass(slots=True)
class Findings:
    """Collects faults, notes and rejected rows while a workbook is read."""

    title: str = ""  # of the extract; blank: that of the source
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rejected: Counter[str] = field(default_factory=Counter)
    rows_in: int = 0
    _kinds: Counter[tuple[Severity, str]] = field(default_factory=Counter)

    def error(self, what: str, where: str, fix: str, *, needs: str = "") -> None:
        self._add(Fault(Severity.ERROR, what, where, fix, needs))

    def warning(self, what: str, where: str, fix: str = "") -> None:
        self._add(Fault(Severity.WARNING, what, where, fix))

    def reject(self, reason: str, rows: int = 1) -> None:
        if rows:
            self.rejected[reason] += rows

    def note(self, text: str) -> None:
        self.notes.append(text)

    def _add(self, fault: Fault) -> None:
        # The repair is the same for every fault of a kind: past twenty, more rows say nothing new.
        kind = (fault.severity, fault.fix or fault.what)
        self._kinds[kind] += 1
        if self._kinds[kind] <= MOST_FAULTS_OF_A_KIND:
            self.faults.append(fault)

    def all_faults(self) -> tuple[Fault, ...]:
        """Errors first, then warnings; a closing line for each kind that was cut off."""
        cut = [
            Fault(severity, f"… and {count - MOST_FAULTS_OF_A_KIND} more of this kind.", "", fix)
            for (severity, fix), count in self._kinds.items()
            if count > MOST_FAULTS_OF_A_KIND
        ]
        return errors_first([*self.faults, *cut])


def counted(count: int, noun: str) -> str:
    """1 row, 3 rows, 1,204 rows."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def errors_first(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Faults in their order, errors before warnings."""
    return tuple(sorted(faults, key=lambda fault: fault.severity is Severity.WARNING))


def _extract(
    source: Source,
    workbook: Workbook,
    findings: Findings,
    frames: Frames,
) -> Extract:
    """The extract of a workbook: frames conformed to their declared columns, findings attached."""
    conformed = {name: conform(frame, FRAMES[name]) for name, frame in frames.items() if len(frame)}
    if not conformed and not any(
        f.severity is Severity.ERROR for f in (*workbook.faults, *findings.faults)
    ):
        findings.error(
            "The file holds no rows of data.",
            "the file",
            "Check that it was saved after the figures were filled in.",
        )
    return Extract(
        layout=source.name,
        file_name=workbook.name,
        sha256=workbook.sha256,
        title=findings.title or source.title,
        publisher=source.publisher,
        frames=conformed,
        faults=errors_first([*workbook.faults, *findings.all_faults()]),
        rows_in=findings.rows_in,
        rows_rejected=dict(findings.rejected),
        notes=(*workbook.notes, *findings.notes),
    )


def conform(frame: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """The frame with exactly the declared columns, in order, each of its declared kind.

    A column not given is blank: "" for text, NaN for numbers, NaT for dates, False for flags.
    Raises ValueError for a column nobody declared: that is a mistake in a source, not in a file.
    """
    unknown = set(frame.columns) - set(columns)
    if unknown:
        raise ValueError(f"columns not declared: {sorted(unknown)}")
    if _conforms(frame, columns):
        return frame
    rows = len(frame)
    # Blank columns are most of a small frame: one of each kind is made, and shared.
    blanks: dict[str, Any] = {
        "text": pd.array([""] * rows, dtype="str"),
        "number": np.full(rows, np.nan),
        "date": np.full(rows, "NaT", dtype="datetime64[us]"),
        "flag": np.zeros(rows, dtype=bool),
    }
    conformed: dict[str, Any] = {}
    for name, kind in columns.items():
        if name not in frame:
            conformed[name] = [[] for _ in range(rows)] if kind == "list" else blanks[kind]
        elif kind == "text":
            conformed[name] = _as_text(frame[name])
        elif kind == "number":
            conformed[name] = _as_kind(frame[name], kind, pd.to_numeric)
        elif kind == "date":
            conformed[name] = _as_kind(frame[name], kind, pd.to_datetime)
        elif kind == "flag":
            conformed[name] = frame[name].to_numpy(dtype=bool)
        else:
            conformed[name] = frame[name].to_numpy(dtype=object)
    return pd.DataFrame(conformed)


def _conforms(frame: pd.DataFrame, columns: Columns) -> bool:
    """Whether nothing is left to do: a source that gives every column need not be copied."""
    in_order = list(frame.columns) == list(columns)
    if not in_order or not frame.index.equals(pd.RangeIndex(len(frame))):
        return False
    return all(
        dtype == _DTYPES.get(kind, "object")
        and not (kind == "text" and frame[name].array.isna().any())
        for (name, dtype), kind in zip(frame.dtypes.items(), columns.values(), strict=True)
    )


def _as_kind(column: pd.Series, kind: str, read: Callable[[pd.Series], Any]) -> Any:
    if column.dtype == _DTYPES[kind]:  # most are so already
        return column.to_numpy()
    return read(column).to_numpy(dtype=_DTYPES[kind])


def _as_text(column: pd.Series) -> Any:
    """A column of text; what is missing is blank."""
    if column.dtype == "str" and not column.array.isna().any():
        return column.array
    texts = [
        "" if missing else str(cell) for cell, missing in zip(column, column.isna(), strict=True)
    ]
    return pd.array(texts, dtype="str")
