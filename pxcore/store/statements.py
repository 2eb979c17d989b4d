"""The SQL files as text, and which of them views and marts are made by."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib import resources

import duckdb

# Tables of what happens, mostly in workshops: rows are added, one at a time, and read as they are now.
EVENT_TABLES = (
    "workshop", "workshop_cell", "workshop_code", "workshop_step", "workshop_participant",
    "workshop_answer", "workshop_hands", "workshop_note", "workshop_review", "decision",
    "decision_review", "coded_view",
)  # fmt: skip
# Order matters: each stands on those before it. A view is bound by name and outlives the marts made anew.
MADE_IN_ORDER = (
    ("staging", "name_key"),
    ("staging", "cell_key"),
    ("staging", "stg_reference"),
    ("marts", "mart_name"),
    ("marts", "mart_succession"),
    ("marts", "mart_parent"),
    ("marts", "mart_provider"),
    ("marts", "mart_belonging"),
    ("staging", "stg_named"),
    ("marts", "mart_readable"),
    ("staging", "stg_response"),
    ("staging", "stg_counted"),
    ("marts", "mart_response"),
    ("staging", "stg_observation"),
    ("staging", "stg_placed"),
    ("marts", "mart_comment"),
    ("staging", "stg_comment"),
    ("staging", "stg_coded"),
    ("staging", "stg_found"),
    ("marts", "mart_coverage"),
)
PARAMETER = re.compile(r"\$(\w+)")


@cache
def statement(folder: str, name: str) -> str:
    """The text of sql/<folder>/<name>.sql."""
    return (resources.files(__package__) / "sql" / folder / f"{name}.sql").read_text("utf-8")


@cache
def event_tables_of(text: str) -> tuple[str, ...]:
    """The tables of what happens that a question asks."""
    words = set(re.findall(r"\w+", text))
    return tuple(table for table in EVENT_TABLES if table in words)


@cache
def made_by() -> str:
    """A fingerprint of all that views and marts are made by: the same of two means they are the same."""
    texts = (statement("schema", "tables"), *(statement(*named) for named in MADE_IN_ORDER))
    return hashlib.sha256("\0".join((duckdb.__version__, *texts)).encode()).hexdigest()


@cache
def checks() -> tuple[str, ...]:
    folder = resources.files(__package__) / "sql" / "checks"
    return tuple(
        sorted(
            entry.name.removesuffix(".sql") for entry in folder.iterdir() if ".sql" in entry.name
        )
    )
