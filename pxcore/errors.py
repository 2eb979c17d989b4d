"""What can go wrong and be told to a person. Everything else is a bug and must show as one."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Severity(StrEnum):
    ERROR = "error"  # the extract is not loaded
    WARNING = "warning"  # it is loaded; the person should know


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in an extract: what, where, and how to mend it."""

    severity: Severity
    what: str
    where: str
    fix: str
    needs: str = (
        ""  # "period", "source" or "mapping": what the person must supply before it can load
    )

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, f"({self.where})", self.fix) if part)


class PxError(Exception):
    """Base of the errors shown to a person as a message: what is wrong, where, how to mend it."""

    def __init__(self, what: str, where: str = "", fix: str = "") -> None:
        self.what, self.where, self.fix = what, where, fix
        super().__init__(" ".join(part for part in (what, where, fix) if part))

    def __reduce__(self) -> tuple[type[PxError], tuple[str, str, str]]:
        return type(self), (self.what, self.where, self.fix)


class ExtractError(PxError):
    """An extract cannot be loaded; holds every fault found in it."""

    def __init__(self, file_name: str, faults: Iterable[Fault]) -> None:
        self.file_name, self.faults = file_name, tuple(faults)
        errors = [fault for fault in self.faults if fault.severity is Severity.ERROR]
        first = str(errors[0]) if errors else ""
        more = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
        super().__init__(f"‘{file_name}’ was not loaded: {first}{more}")

    def __reduce__(self):  # type: ignore[no-untyped-def]
        return type(self), (self.file_name, self.faults)


class RedactionFailed(PxError):
    """A text could not be masked. Says nothing of the text: it may be anybody's words."""


class UnknownSource(PxError):
    """No source recognises the file, or no source has the name asked for."""


class AlreadyLoaded(PxError):
    """The same file (by its contents) is already in the store."""


class NothingToCompare(PxError):
    """A question was asked of sources that hold nothing to answer it with."""


class TooFewPairs(PxError):
    """A statistic was asked of fewer pairs than it can bear."""


class StoreError(PxError):
    """The database file cannot be opened, read or written."""


def origin(problem: BaseException) -> str:
    """The kind of an exception and the line of ours it came from: never its message, which may quote
    what a patient wrote."""
    ours = [
        frame
        for frame in traceback.extract_tb(problem.__traceback__)
        if {"pxcore", "pages"} & set(Path(frame.filename).parts)
    ]
    place = f", {Path(ours[-1].filename).name} line {ours[-1].lineno}" if ours else ""
    return f"{type(problem).__name__}{place}"
