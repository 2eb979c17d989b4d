"""One run of a command: what it opens, how it prints, how it ends."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, wraps
from typing import Any

import click

from pxcore.analysis.files import load
from pxcore.analysis.files.demonstration import load_demonstration
from pxcore.analysis.joining.choices import choices
from pxcore.analysis.questions import Kept, remember
from pxcore.analysis.rows import JSON_SCHEMA, records
from pxcore.disclosure import Released
from pxcore.errors import NothingToCompare, PxError, StoreError
from pxcore.model import DISCLOSURE_FLOORS, Disclosure
from pxcore.paths import demonstration_workshops, own_database

DONE, FAULT = 0, 1
DEMONSTRATION = "demonstration"


@dataclass
class Run:
    """A command as it was called: for which database, for whom it prints, how exactly."""

    database: str
    as_json: bool
    disclosure: Disclosure

    @cached_property
    def store(self) -> load.Store:
        """The database named, as the kind it holds; a command works nothing out twice."""
        store = self._opened()
        remember(store, Kept())
        return store

    def _opened(self) -> load.Store:
        if self.database == DEMONSTRATION:
            return load_demonstration()
        path = self.database or own_database()
        try:
            return load.open_store(path)
        except StoreError as problem:
            try:
                return load.open_store(path, kind=DEMONSTRATION)
            except StoreError:
                raise problem from None  # no demonstration either: what was wrong first stands

    @cached_property
    def code_store(self) -> load.Store:
        """Where codes of views are kept: with the data; of the demonstration, which is made anew, beside the
        user's own.

        Raises
        ------
        StoreError : another program, such as the app, has it open.
        """
        if self.store.path is not None:
            return self.store
        return load.open_store(demonstration_workshops(), kind=DEMONSTRATION)

    def area(self, code: str) -> str:
        """The code of an area with figures, or ""; any other is refused with those it may mean."""
        if not code:
            return ""
        areas, wanted = choices(self.store).areas, code.strip().upper()
        if wanted in areas:
            return wanted
        close = difflib.get_close_matches(wanted, areas, n=5, cutoff=0.5)
        titled = [item for item, title in areas.items() if wanted.lower() in title.lower()]
        alike = dict.fromkeys([*close, *titled]) or areas
        named = "; ".join(f"{item}: {areas[item]}" for item in list(alike)[:8])
        raise NothingToCompare(
            f"There is no area with the code ‘{code}’ in what is loaded.",
            fix=named
            and f"It may be one of: {named}."
            or "Load the reference files that name areas.",
        )

    def print_figures(self, content: dict[str, Any]) -> None:
        """Figures for a program, with whether confidential ones are exact."""
        self.print_json({**content, "exact": self.disclosure.exact})

    def print_json(self, content: dict[str, Any]) -> None:
        """What is printed for programs, and the version of its form."""
        # what cannot be printed as it is, is written the way JSON has for it
        escaped = "utf" not in (sys.stdout.encoding or "utf-8").lower()
        print(
            json.dumps(
                plain({"schema": JSON_SCHEMA} | content),
                ensure_ascii=escaped,
                indent=2,
                allow_nan=False,
            )
        )


def command(function: Callable[..., int | None]) -> click.Command:
    """A command of its run and its own options."""

    @click.command
    @click.option(
        "--database",
        metavar="PATH",
        default="",
        help="The database file; else PX_DATABASE, else one in your data folder; "
        "‘demonstration’ is the demonstration data, in memory.",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
    @wraps(function)
    def whole(database: str, as_json: bool, **given: Any) -> int:
        disclosure = Disclosure(
            given.pop("floor", DISCLOSURE_FLOORS[0]), exact=given.pop("exact", False)
        )
        run = Run(database, as_json, disclosure)
        try:
            return function(run, **given) or DONE
        except PxError as problem:
            if as_json:
                run.print_json({"status": "error", "reason": str(problem)})
            print(f"pxcore: {problem}", file=sys.stderr)
            return FAULT
        except BrokenPipeError:
            sys.stderr.close()
            return DONE
        finally:
            for name in ("store", "code_store"):
                if name in vars(run):  # opened, and not only named
                    getattr(run, name).close()

    return whole


def plain(value: Any) -> Any:
    """A value JSON knows: dates in ISO form, missing as null."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or value != value:  # NaN, NaT and their kind
        return None
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | float) else str(value)


def released(frame: Released) -> list[dict[str, Any]]:
    """The rows of a frame for a program."""
    if not isinstance(frame, Released):
        raise TypeError("only what has been released may leave")
    return records(frame)


def print_progress(doing: str, done: int, of: int) -> None:
    end = "\r\033[K" if doing == "Loading" else ""
    print(f"\r\033[K{doing} ({done} of {of})", end=end, file=sys.stderr, flush=True)
