"""A repeat pack: a document's figures with what they rest on, to be worked out and compared again elsewhere.

A zip of `manifest.json` (who made it, of which data, the view asked for) and a table of released figures a
file. `check` reads one and says of every figure whether it comes out the same: statistics that the released
figures give by themselves anywhere, everything else where the same data are loaded.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import pandas as pd

from pxcore import maps
from pxcore.errors import PxError, TooFewPairs
from pxcore.publish.asking import PAPER, section
from pxcore.publish.document import Document, Section, Table, every_column
from pxcore.publish.reports import Reports
from pxcore.publish.sections.agreement import RAW, RAW_FROM, RAW_TO
from pxcore.publish.view import View, to_plain, view_of
from pxcore.stats.correlation import spearman

FORMAT = 1
MANIFEST = "manifest.json"
LARGEST = 100_000_000  # bytes of one part, once unpacked
CLOSE = 1e-9  # relative: a figure that is the same
_DATA = ("title", "file_name", "sha256", "loaded_at")
_DAY = (1980, 1, 1, 0, 0, 0)  # of every part: the same figures make the same pack


class Outcome(StrEnum):
    """What became of one figure or table."""

    SAME = "confirmed"
    DIFFERS = "differs"
    OWN_STORE = "confirmed by hash in its own store only"
    NO_DATA = "not worked out again: these data are not loaded here"


@dataclass(frozen=True, slots=True)
class Check:
    """One figure or table of a pack, and what became of it."""

    what: str
    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What a pack says of itself, and every check of it."""

    made_by: str
    made: str
    revision: int
    kind: str
    data: tuple[str, ...]  # files, each with the beginning of its fingerprint
    checks: tuple[Check, ...]

    @property
    def differs(self) -> bool:
        return any(check.outcome is Outcome.DIFFERS for check in self.checks)


def pack(document: Document, views: Sequence[View], kind: str) -> bytes:
    """The bytes of a pack.

    Parameters
    ----------
    views : what was asked, one a section.
    kind : "own" or "demonstration", of the database.
    """
    parts: dict[str, bytes] = {}
    entries = []
    for part, view in zip(document.sections, views, strict=True):
        tables = []
        for place, (title, table) in enumerate(_tables(part)):
            name = f"tables/{part.page}-{place}.json"
            parts[name] = _json(_plain(table))
            tables.append({"title": title, "file": name, "sha256": _digest(parts[name])})
        entries.append(
            {
                "page": part.page,
                "view": to_plain(replace(view, page=part.page)),
                "question": part.question,
                "answer": part.answer,
                "limits": part.limits,
                "sources": part.sources,
                "code": part.code,
                "revision": part.revision,
                "confidential": _is_confidential(part),
                "statistics": dict(part.statistics),
                "data": [
                    {name: _cell(row[name]) for name in _DATA}
                    for row in part.files.rows[list(_DATA)].to_dict("records")
                ],
                "tables": tables,
            }
        )
    manifest = {
        "format": FORMAT,
        "made_by": document.provenance,
        "made": document.made.isoformat(),
        "mark": document.mark,
        "kind": kind,
        "sections": entries,
    }
    parts[MANIFEST] = _json(manifest | {"sha256": _digest(_json(manifest))})
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(parts):
            package.writestr(zipfile.ZipInfo(name, _DAY), parts[name], zipfile.ZIP_DEFLATED)
    return content.getvalue()


def check(content: bytes, reports: Reports | None, kind: str = "") -> Reproduction:
    """Work out again what a pack holds.

    Parameters
    ----------
    reports : answers from the database here; None where none is named.
    kind : of that database.

    Raises
    ------
    PxError : it is no pack, or of a version that this program does not know.
    """
    parts = _unpacked(content)
    manifest = _manifest(parts)
    own = {name: value for name, value in manifest.items() if name != "sha256"}
    checks = [
        Check("the manifest", Outcome.SAME)
        if _digest(_json(own)) == manifest["sha256"]
        else Check("the manifest", Outcome.DIFFERS, "It was changed after the pack was made.")
    ]
    data: dict[str, None] = {}
    for entry in manifest["sections"]:
        held = {}
        for table in entry["tables"]:
            part = parts.get(table["file"], b"")
            intact = _digest(part) == table["sha256"]
            what = f"{entry['page']}, ‘{table['title']}’, as packed"
            detail = "" if intact else "It was changed after the pack was made."
            checks.append(Check(what, Outcome.SAME if intact else Outcome.DIFFERS, detail))
            held[table["file"]] = _read(part)
        checks += _from_released(entry, held)
        checks += _from_data(entry, manifest, held, reports, kind)
        data |= dict.fromkeys(f"{row['file_name']} ({row['sha256'][:12]})" for row in entry["data"])
    return Reproduction(
        manifest["made_by"],
        manifest["made"],
        max((entry["revision"] for entry in manifest["sections"]), default=0),
        manifest["kind"],
        tuple(data),
        tuple(checks),
    )


def _tables(part: Section) -> Iterator[tuple[str, Table]]:
    """Every table of a section with its title; the last, where there is one, has all figures."""
    for piece in part.pieces:
        if piece.table is not None:
            yield piece.title, piece.table
        elif piece.native is not None:
            yield f"the chart of: {piece.title}", every_column(piece.native.drawn)
    if part.figures is not None:
        yield "all figures", part.figures


def _is_confidential(part: Section) -> bool:
    names = {name for row in part.files.rows["sources"] for name in str(row).split(", ") if name}
    return any(
        maps.sources()[name]["disclosure"] == "confidential" for name in names & set(maps.sources())
    )


# --- Written and read ---


def _plain(table: Table) -> dict[str, Any]:
    names = [column.name for column in table.columns]
    return {
        "columns": [{"name": c.name, "heading": c.heading} for c in table.columns],
        "rows": [
            [_cell(value) for value in row] for row in table.rows[names].itertuples(index=False)
        ],
    }


def _cell(value: Any) -> Any:
    if value is None or value is pd.NaT or (pd.api.types.is_float(value) and value != value):
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, str | int | float | bool) else str(value)


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False, default=str).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


_DAMAGED = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError,
)  # fmt: skip
_NO_PACK = "Make one with: px export pack.zip"


def _unpacked(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            if any(entry.file_size > LARGEST for entry in entries):
                raise PxError("A part of the pack is larger than any figures are.", fix=_NO_PACK)
            return {entry.filename: package.read(entry) for entry in entries}
    except _DAMAGED as problem:
        raise PxError(f"It cannot be read as a pack ({problem}).", fix=_NO_PACK) from problem


def _manifest(parts: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        manifest = json.loads(parts[MANIFEST])
        known = manifest["format"] == FORMAT
    except (KeyError, TypeError, ValueError) as problem:
        raise PxError("It holds no manifest of a pack.", fix=_NO_PACK) from problem
    if not known:
        raise PxError(
            f"It is a pack of another form ({manifest['format']}; this program reads {FORMAT}).",
            fix=f"It was made by: {manifest.get('made_by', 'unknown')}. Use that version.",
        )
    return dict(manifest)


def _read(part: bytes) -> dict[str, Any]:
    try:
        table = json.loads(part)
        return {"columns": list(table["columns"]), "rows": list(table["rows"])}
    except (KeyError, TypeError, ValueError):
        return {"columns": [], "rows": []}


# --- Worked out again ---


def _from_released(entry: Mapping[str, Any], held: Mapping[str, Any]) -> Iterator[Check]:
    """The statistics that the released figures of a section give by themselves."""
    statistics: Mapping[str, float] = entry["statistics"]
    if not statistics or not entry["tables"]:
        return
    table = held[entry["tables"][-1]["file"]]
    names = [column["name"] for column in table["columns"]]
    rows = pd.DataFrame(table["rows"], columns=names)
    again: Mapping[str, float] = {}
    if entry["page"] == "agreement" and entry["confidential"]:
        # over many organisations they are worked out from exact answers, which never leave
        yield from (Check(f"agreement, {name}", Outcome.OWN_STORE) for name in statistics)
        return
    if entry["page"] == "agreement":
        again = _raw(rows)
    elif entry["page"] == "divergence" and "word" in rows:
        again = {str(word): float(n) for word, n in rows["word"].value_counts().items()}
    for name, packed in statistics.items():
        now = again.get(name, 0.0 if entry["page"] == "divergence" else math.nan)
        yield _compared(f"{entry['page']}, {name}, from the released figures", packed, now)


def _raw(rows: pd.DataFrame) -> dict[str, float]:
    try:
        raw = spearman(
            rows["left_value"].to_numpy(dtype=float), rows["right_value"].to_numpy(dtype=float)
        )
    except (KeyError, TypeError, ValueError, TooFewPairs):
        return {}
    ends = {RAW_FROM: raw.interval.low, RAW_TO: raw.interval.high} if raw.interval else {}
    return {RAW: raw.estimate} | ends


def _from_data(
    entry: Mapping[str, Any],
    manifest: Mapping[str, Any],
    held: Mapping[str, Any],
    reports: Reports | None,
    kind: str,
) -> Iterator[Check]:
    """Every table and sentence of a section, asked again of the data that are loaded here."""
    page = entry["page"]
    if reports is None:
        yield Check(f"{page}, asked again", _without(entry))
        return
    here = set(reports.extracts["sha256"])
    missing = [row["file_name"] for row in entry["data"] if row["sha256"] not in here]
    if missing:
        named = ", ".join(missing[:4]) + (
            f" and {len(missing) - 4} more" if len(missing) > 4 else ""
        )
        yield Check(f"{page}, asked again", _without(entry), f"Not loaded here: {named}.")
        return
    if entry["confidential"] and not _same_store(entry, manifest, reports, kind):
        yield Check(f"{page}, asked again", Outcome.OWN_STORE)
        return
    try:
        view = view_of(entry["view"])
    except (KeyError, TypeError, ValueError) as problem:
        yield Check(
            f"{page}, asked again", Outcome.DIFFERS, f"Its question cannot be read: {problem}."
        )
        return
    now = section(view, reports, PAPER)
    for name in ("answer", "limits", "sources"):
        same = entry[name] == getattr(now, name)
        detail = "" if same else f"‘{entry[name]}’ is now ‘{getattr(now, name)}’."
        yield Check(f"{page}, the {name}", Outcome.SAME if same else Outcome.DIFFERS, detail)
    tables = list(_tables(now))
    if len(tables) != len(entry["tables"]):
        yield Check(
            f"{page}, tables",
            Outcome.DIFFERS,
            f"There were {len(entry['tables'])}, and now there are {len(tables)}.",
        )
        return
    for packed, (title, table) in zip(entry["tables"], tables, strict=True):
        yield from _table_compared(f"{page}, ‘{title}’", held[packed["file"]], _plain(table))


def _without(entry: Mapping[str, Any]) -> Outcome:
    return Outcome.OWN_STORE if entry["confidential"] else Outcome.NO_DATA


def _same_store(
    entry: Mapping[str, Any], manifest: Mapping[str, Any], reports: Reports, kind: str
) -> bool:
    """Whether single responses have the same noise here: the demonstration has everywhere; own data in the
    very database they were loaded into, which is known by when each file was."""
    if kind == manifest["kind"] == "demonstration":
        return True
    loaded = {
        (str(row["sha256"]), _cell(row["loaded_at"]))
        for row in reports.extracts[["sha256", "loaded_at"]].to_dict("records")
    }
    return all((row["sha256"], row["loaded_at"]) in loaded for row in entry["data"])


def _table_compared(
    what: str, packed: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[Check]:
    """One check of a table that is the same; of another, one a figure that differs."""
    then, current = packed["rows"], now["rows"]
    names = [column["name"] for column in now["columns"]]
    if [column["name"] for column in packed["columns"]] != names or len(then) != len(current):
        yield Check(
            what,
            Outcome.DIFFERS,
            f"It had {len(then)} rows of {len(packed['columns'])} columns, and has now {len(current)} of "
            f"{len(names)}.",
        )
        return
    differing = [
        Check(
            f"{what}, row {place + 1}, {column['heading']}",
            Outcome.DIFFERS,
            f"{before!r} is now {after!r}.",
        )
        for place, (first, second) in enumerate(zip(then, current, strict=True))
        for column, before, after in zip(now["columns"], first, second, strict=True)
        if not _alike(before, after)
    ]
    yield from differing or [
        Check(what, Outcome.SAME, f"{len(current) * len(names):,} figures and words")
    ]


def _compared(what: str, packed: float, now: float) -> Check:
    if _alike(packed, now):
        return Check(what, Outcome.SAME)
    return Check(what, Outcome.DIFFERS, f"{packed!r} is now {now!r}.")


def _alike(packed: Any, now: Any) -> bool:
    numbers = (int, float)
    if isinstance(packed, numbers) and isinstance(now, numbers):
        return math.isclose(packed, now, rel_tol=CLOSE, abs_tol=CLOSE)
    return bool(packed == now)
