"""The one owner of a DuckDB file: opens it, answers named queries, writes in transactions.

No code outside this folder sees a connection. Every query has a cursor of its own, because a
connection shared between threads gives another thread's answers without an error.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import duckdb
import pandas as pd

from pxcore.errors import StoreError
from pxcore.frames import FRAMES
from pxcore.store.cursors import execute_each, first_row, roll_back, scalar
from pxcore.store.file import connect, copies_of, private, rewrite, settings_of
from pxcore.store.happening import MOST_ANSWERS_CACHED, Happenings
from pxcore.store.loading import (
    check,
    choose_speakers,
    insert,
    key_responses,
    rebuild,
    refuse_repeated,
)
from pxcore.store.migration import migrate, newest_version, version_of
from pxcore.store.record_key import new_secret
from pxcore.store.statements import MADE_IN_ORDER, PARAMETER, made_by, statement
from pxcore.store.trouble import trouble

# Strings as Python objects, not Arrow arrays: answers are small frames, whose rows pandas then selects
# with less overhead.
pd.set_option("mode.string_storage", "python")

SECRET = "secret of the record keys"
MADE = "views and marts"  # in the settings: what they were made by
MOST_ROWS_CACHED = 20_000
MOST_QUERIES_AT_ONCE = 4  # queries are CPU-bound: more at once only makes all of them slower


class Store(Happenings):
    """A database of extracts, in a file or in memory.

    `revision` counts committed changes: a report made at one revision holds until the next.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path | None, kind: str) -> None:
        super().__init__(connection, path)
        self._writing = threading.RLock()
        self._queries = threading.BoundedSemaphore(MOST_QUERIES_AT_ONCE)
        self.kind = kind  # "own" or "demonstration"
        self.id = str(path) if path else f"memory-{uuid4().hex}"
        self.revision = 0
        self._answered: dict[Any, pd.DataFrame] = {}
        self.codings = 0  # kept by people in this app; counted apart, for they touch themes alone

    @classmethod
    def open(
        cls,
        path: Path | str | None = None,
        *,
        kind: str = "own",
        copied_from: Path | None = None,
    ) -> Store:
        """Open (and, if new, make) the store at `path`; None keeps it in memory.

        `copied_from` is the file of another store, only read, whose content a new one begins with.

        One of an older version is brought up to date, after a copy. Raises StoreError where the file
        is in use, damaged, of another program or a newer version, or cannot be read and written.
        """
        where = Path(path) if path else None
        if where is not None and os.path.lexists(where):
            settings = settings_of(where)
            _refuse_wrong_kind(where, settings, kind)
            if settings and version_of(where, settings) < newest_version():
                migrate(where)
        store = cls(connect(where), where, kind)
        try:
            if copied_from is not None:
                store._copy(copied_from)
            store._prepare()
        except duckdb.ProgrammingError:
            store.close()
            raise  # our own SQL: a bug, and it must show as one
        except duckdb.Error as problem:
            store.close()
            raise trouble(where, problem) from None
        except StoreError:
            store.close()
            raise
        return store

    def _copy(self, path: Path) -> None:
        quoted = str(path).replace("'", "''")  # attach takes no parameters
        cursor = self._connection.cursor()
        (name,) = cursor.execute("select current_database()").fetchall()[0]
        cursor.execute(f"attach '{quoted}' as copied (read_only)")
        cursor.execute(f'copy from database copied to "{name}"')
        cursor.execute("detach copied")
        cursor.close()

    def _prepare(self) -> None:
        with private(), self._connection.cursor() as cursor:
            cursor.begin()
            settings = _settings(cursor)
            as_made = settings.get(MADE) == made_by()
            if not as_made:
                cursor.execute(statement("schema", "tables"))
            if not settings:
                cursor.execute(
                    "insert into setting values ('schema', ?), ('kind', ?), ('revision', '0')",
                    [str(newest_version()), self.kind],
                )
                settings = _settings(cursor)
            _refuse_wrong_kind(self.path, settings, self.kind)
            self._secret = settings.get(SECRET) or new_secret(self.kind)
            self.revision = int(settings["revision"])
            self.codings = int(scalar(cursor, "select count(*) from coding"))
            # An open database is as it was closed: marts are made anew where what makes them is new.
            if key_responses(cursor, self._secret) or not as_made:
                for folder, name in MADE_IN_ORDER:
                    cursor.execute(statement(folder, name))
                cursor.executemany(
                    "insert or replace into setting values (?, ?)",
                    [(SECRET, self._secret), (MADE, made_by())],
                )
            else:  # a small change that needs the log: where none can be written, it says so now
                cursor.execute(statement(*MADE_IN_ORDER[0]))
            cursor.commit()
            # From here on nothing reads or writes a file but the database itself.
            # (Opened twice in one process, a file is one database, and already locked.)
            if not scalar(cursor, "select current_setting('lock_configuration')"):
                cursor.execute("set enable_external_access = false")
                cursor.execute("set lock_configuration = true")

    # --- Reading ---

    def query(self, name: str, /, **parameters: Any) -> pd.DataFrame:
        """The frame answered by sql/ask/<name>.sql with its $named parameters."""
        return self._read("ask", name, parameters)

    def _read(self, folder: str, name: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        text = statement(folder, name)
        wanted = set(PARAMETER.findall(text))
        bound = {key: value for key, value in parameters.items() if key in wanted}
        # several questions stand on the same rows: what was answered since the last change is kept
        key = (folder, name, *sorted((key, _hashable(value)) for key, value in bound.items()))
        answered = self._answered
        if key in answered:
            return answered[key].copy(deep=False)
        with self._queries, private():  # what does not fit into memory goes to a file
            cursor = self._connection.cursor()
            try:
                frame = cursor.execute(text, bound).df()
                if len(frame) <= MOST_ROWS_CACHED:
                    if len(answered) >= MOST_ANSWERS_CACHED:
                        answered.pop(next(iter(answered)), None)
                    answered[key] = frame
                return frame.copy(deep=False)
            except duckdb.Error as problem:
                raise self._trouble(problem, "The database could not answer.") from None
            finally:
                cursor.close()

    # --- Writing ---

    def commit(self, extracts: Sequence[Mapping[str, Any]]) -> list[int]:
        """Load extracts, all or none, in one transaction; their numbers.

        Each is a mapping with the fields of the table `extract` (but number, status and loaded_at)
        and `frames`: name of a frame in model.FRAMES -> frame. Raises AlreadyLoaded for a file
        whose bytes are in the store, StoreError where a check fails.
        """
        with self._transaction() as cursor:
            before = _now()
            refuse_repeated(cursor, extracts, before)
            drawn = "select nextval('extract_number') from range(?)"
            numbers = sorted(n for (n,) in cursor.execute(drawn, [len(extracts)]).fetchall())
            execute_each(
                cursor,
                "insert into extract values (?, ?, ?, ?, ?, ?, ?, ?, 'loaded', ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        number,
                        *(extract[key] for key in ("layout", "file_name", "sha256", "title")),
                        *(extract[key] for key in ("publisher", "as_at")),
                        before,
                        *(extract[key] for key in ("rows_in", "rows_kept", "rows_withheld")),
                        *(extract[key] for key in ("rows_rejected", "rejected", "faults", "notes")),
                    )
                    for number, extract in zip(numbers, extracts, strict=True)
                ],
            )
            for name in FRAMES:
                insert(cursor, name, extracts, numbers)
            key_responses(cursor, self._secret)
            replaced = choose_speakers(cursor, numbers)
            detail = json.dumps({"replaced": replaced} if replaced else {})
            self._record(cursor, "loaded", *((number, detail) for number in numbers))
        return numbers

    def remove(self, number: int) -> None:
        """Take an extract out of every figure; what it had replaced speaks again. It can be restored."""
        self._set_status(number, "removed")

    def restore(self, number: int) -> None:
        """Put a removed extract back; without its words, where they were erased."""
        self._set_status(number, "loaded")

    def erase(self, number: int) -> None:
        """Take an extract out, and its comments and all that was found in them for good.

        The file is written anew, so that they are not left in its bytes; that takes as long as to copy
        it, and questions wait. Raises StoreError where there is no such extract, or where the file
        could not be written anew: the words are deleted then, and to erase again tries that again.
        """
        with self._transaction() as cursor:
            changed = cursor.execute(
                "update extract set status = 'removed', faults = '[]' where extract = ? returning extract",
                [number],
            ).fetchall()
            if not changed:
                raise StoreError(f"Extract {number} cannot be erased: it is not there.")
            words = first_row(cursor, statement("load", "words"), {"extract": number})[0]
            for name in ("erase_response", "erase_answer", "erase_document", "erase_redaction"):
                cursor.execute(statement("load", name), {"extract": number})
            moved = choose_speakers(cursor, [number])
            detail = {"erased": words} | ({"replaced": moved} if moved else {})
            self._record(cursor, "erased", (number, json.dumps(detail)))
        if self.path is not None:
            self._write_anew(self.path)

    def copies(self) -> tuple[str, ...]:
        """The names of copies beside the file, made before it was brought up to date."""
        return tuple(copy.name for copy in copies_of(self.path)) if self.path else ()

    def _write_anew(self, path: Path) -> None:
        with self._writing, self._happening, ExitStack() as waiting:
            for _ in range(MOST_QUERIES_AT_ONCE):  # until no question is being answered
                waiting.enter_context(self._queries)
            self.close()
            try:
                rewrite(path)
            except StoreError as problem:
                raise StoreError(
                    "The comments are deleted, but may still be found in the bytes of the database file. "
                    + problem.what,
                    problem.where,
                    f"{problem.fix} Then erase them again.",
                ) from None
            finally:
                self._connection = connect(path)
                self._prepare()

    def _set_status(self, number: int, status: str) -> None:
        with self._transaction() as cursor:
            changed = cursor.execute(
                "update extract set status = ? where extract = ? and status <> ? returning extract",
                [status, number, status],
            ).fetchall()
            if not changed:
                raise StoreError(
                    f"Extract {number} cannot be {status}: it is not there, or already is."
                )
            moved = choose_speakers(cursor, [number])
            event = "removed" if status == "removed" else "restored"
            self._record(cursor, event, (number, json.dumps({"replaced": moved} if moved else {})))

    def confirm_aliases(self, aliases: Sequence[Mapping[str, str]], by: str) -> None:
        """Keep which code each name stands for: mappings with name, context and code."""
        with self._transaction() as cursor:
            cursor.execute(
                statement("load", "alias"),
                {
                    "names": [alias["name"] for alias in aliases],
                    "contexts": [alias.get("context", "") for alias in aliases],
                    "codes": [alias["code"] for alias in aliases],
                    "confirmed_at": _now(),
                    "confirmed_by": by,
                },
            )
            details = (f"{alias['name']} is {alias['code']}" for alias in aliases)
            self._record(cursor, "matched", *((None, detail) for detail in details))

    def forget_alias(self, name: str, context: str = "") -> None:
        """Undo a match of a name to a code."""
        with self._transaction() as cursor:
            cursor.execute(
                "delete from alias where name_key = name_key(?) and context_key = name_key(?)",
                [name, context],
            )
            self._record(cursor, "unmatched", (None, name))

    def save_profile(self, name: str, definition: str) -> None:
        """Keep a mapping profile (JSON) under its name."""
        with self._transaction(changes="answers") as cursor:
            cursor.execute(
                "insert or replace into profile values (?, ?, ?)", [name, definition, _now()]
            )
            self._record(cursor, "profile saved", (None, name))

    def delete_profile(self, name: str) -> None:
        with self._transaction(changes="answers") as cursor:
            cursor.execute("delete from profile where name = ?", [name])
            self._record(cursor, "profile deleted", (None, name))

    def keep_scenario(self, name: str, definition: str, by: str) -> None:
        """Keep a scenario (JSON) under its name, or ('') withdraw it. What was kept before stays in the
        table; no answer changes."""
        with self._transaction(changes="nothing") as cursor:
            cursor.execute(
                "insert into scenario values (?, ?, ?, ?)", [name, definition, _now(), by]
            )

    def decide_rebase(
        self,
        source: str,
        unit: str,
        month: date,
        reason: str,
        by: str,
        *,
        withdrawn: bool = False,
    ) -> None:
        """Keep that a series of a source starts afresh at a month, or (withdrawn) no longer does."""
        self._decide(
            "insert into rebase values (?, ?, ?, ?, ?, ?, ?, ?)",
            (source, unit, month, reason, by, _now(), withdrawn),
            "series joined again" if withdrawn else "series started afresh",
            f"{source}, {unit or 'everywhere'}, {month:%B %Y}: {reason} ({by})",
        )

    def decide_target(
        self,
        source: str,
        measure: str,
        value: float,
        reason: str,
        by: str,
        *,
        withdrawn: bool = False,
    ) -> None:
        """Keep a target for a measure of a source, or (withdrawn) that it is one no longer."""
        self._decide(
            "insert into target values (?, ?, ?, ?, ?, ?, ?, ?)",
            (source, measure, value, reason, by, _now(), withdrawn),
            "target withdrawn" if withdrawn else "target set",
            f"{source}, {measure}, {value:g}: {reason} ({by})",
        )

    def _decide(self, text: str, values: tuple[Any, ...], event: str, detail: str) -> None:
        """Add one row to a table of decisions, whose first column is the revision, and to the history."""
        with self._transaction(changes="answers") as cursor:
            cursor.execute(text, [self.revision + 1, *values])
            self._record(cursor, event, (None, detail))

    def unmasked(self, rules: str) -> pd.DataFrame:
        """Comments as received that `rules` have not masked: for the masking, and nothing else."""
        return self._read("load", "unmasked", {"rules": rules})

    def labels(self, rules: str) -> pd.DataFrame:
        """The words in which suppliers code (label, rows) where `rules` have not masked them: for the
        masking, and nothing else."""
        done = self._connection.cursor().execute(
            "select value from setting where name = 'labels masked by'"
        )
        if done.fetchall() == [(rules,)]:
            return pd.DataFrame({"label": [], "rows": []})
        return self._read("load", "labels", {})

    def mask(
        self,
        redactions: pd.DataFrame,
        names: Sequence[tuple[str, bool]] = (),
        by: str = "",
        *,
        labels: Mapping[str, str] | None = None,
        rules: str = "",
    ) -> None:
        """Keep what may be read of comments (REDACTION with `extract`), and changes to listed names.

        `names` are put on the list of names to mask (True) or taken off it (False), by whom. `labels`
        are words in which suppliers code -> what may be read of them; they are replaced for good, and
        `rules` is kept as what masked them.
        """
        with self._transaction(changes="answers") as cursor:
            if labels:
                for name in ("mask_labels", "mask_published_labels", "mask_document_labels"):
                    cursor.execute(
                        statement("load", name),
                        {"labels": list(labels), "masked": list(labels.values())},
                    )
            if rules:
                cursor.execute(
                    "insert or replace into setting values ('labels masked by', ?)", [rules]
                )
            if len(redactions):
                cursor.register("incoming", redactions[["extract", *FRAMES["redaction"]]])
                cursor.execute(statement("load", "mask"))
                cursor.execute("insert into redaction by name select * from incoming")
                cursor.unregister("incoming")
            execute_each(
                cursor,
                "insert into masked_name values (?, ?, ?, ?)",
                [(name, listed, by, _now()) for name, listed in names],
            )
            # who and how many, not which: the history is shown to everybody
            if names:
                self._record(cursor, "names to mask changed", (None, f"{len(names)} by {by}"))
            else:
                self._record(cursor, "masked", (None, f"{len(redactions)} comments"))

    def code(
        self,
        extract: int,
        response: str,
        *,
        coder: str,
        outcome: str,
        themes: Sequence[str] = (),
        sentiment: str = "",
    ) -> None:
        """Keep what a person found in one comment; nothing kept before is changed.

        No figure but those of themes rests on it, so the marts stay as they are, and `codings`, not
        `revision`, is counted up.
        """
        with self._writing, private():
            cursor = self._connection.cursor()
            try:
                cursor.execute(
                    statement("load", "code"),
                    {
                        "extract": extract,
                        "response": response,
                        "coder": coder,
                        "outcome": outcome,
                        "themes": list(themes),
                        "sentiment": sentiment,
                        "coded_at": _now(),
                    },
                )
                self.codings += 1
                self._answered = {}
            except duckdb.Error as problem:
                raise self._trouble(problem, "The coding was not kept.") from None
            finally:
                cursor.close()

    def keep_bands(
        self, dimension: str, bands: Mapping[str, str], by: str, reason: str, source: str = ""
    ) -> None:
        """Keep the band each group counts in from now on: group -> band, "" as before any change; as one
        source tells it, or any. What was kept before stays in the table."""
        with self._transaction(changes="answers") as cursor:
            now = _now()
            execute_each(
                cursor,
                "insert into group_band values (?, ?, ?, ?, ?, ?, ?)",
                [
                    (dimension, group, band, now, by, reason, source)
                    for group, band in bands.items()
                ],
            )
            why = f" ({reason})" if reason else ""
            whose = f" of {source}" if source else ""
            details = (
                f"{group}{whose} counts as {band or 'before its change'}, by {by}{why}"
                for group, band in bands.items()
            )
            self._record(cursor, "groups changed", *((None, detail) for detail in details))

    def note(self, event: str, detail: str) -> None:
        """Write to the history something that changes no answer."""
        with self._transaction(changes="nothing") as cursor:
            self._record(cursor, event, (None, detail), changes=False)

    def close(self) -> None:
        with private():
            self._connection.close()

    # --- Inside a transaction ---

    @contextmanager
    def _transaction(
        self, *, changes: Literal["facts", "answers", "nothing"] = "facts"
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """What changes facts makes the marts anew; what changes answers alone, such as a target, does not."""
        with self._writing, private():
            cursor = self._connection.cursor()
            try:
                cursor.begin()
                yield cursor
                if changes == "facts":
                    rebuild(cursor)
                    check(cursor)
                if changes != "nothing":
                    cursor.execute(
                        "update setting set value = ? where name = 'revision'",
                        [str(self.revision + 1)],
                    )
                cursor.commit()
                self.revision += changes != "nothing"
                self._answered = {}  # a question asked meanwhile keeps to the old one
            except duckdb.Error as problem:
                roll_back(cursor)
                raise self._trouble(
                    problem, "Nothing was changed: the database refused the change."
                ) from None
            except BaseException:
                roll_back(cursor)
                raise
            finally:
                cursor.close()

    def _record(
        self,
        cursor: duckdb.DuckDBPyConnection,
        event: str,
        *happened: tuple[int | None, str],
        changes: bool = True,
    ) -> None:
        """Write to the history an event, once for each extract (or none) and detail."""
        execute_each(
            cursor,
            "insert into history values (?, ?, ?, ?, ?)",
            [
                (self.revision + changes, _now(), event, extract, detail)
                for extract, detail in happened
            ],
        )


def _settings(cursor: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The settings of a database; none of a new one."""
    known = "select count(*) from duckdb_tables() where table_name = 'setting'"
    if not scalar(cursor, known):
        return {}
    return dict(cursor.execute("select name, value from setting").fetchall())


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _refuse_wrong_kind(path: Path | None, settings: Mapping[str, str], kind: str) -> None:
    held = settings.get("kind", kind)
    if held != kind:
        raise StoreError(
            f"The database holds {held} data.",
            str(path),
            "Demonstration and own data are never mixed: choose another file.",
        )
