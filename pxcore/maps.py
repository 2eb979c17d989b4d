"""The shipped maps in data/reference: sources, measures, questions, services, windows, breaks.

Each is a CSV a person can read and correct; a row is a dict of strings. A leaf: imports nothing of
ours but errors and paths.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pxcore.errors import UnknownSource
from pxcore.paths import DATA

REFERENCE = DATA / "reference"


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Every row of data/reference/<name>.csv; lines that start with # are comments."""
    path = REFERENCE / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(line for line in lines if not line.startswith("#"))
        return tuple(
            MappingProxyType({key: (value or "").strip() for key, value in row.items()})
            for row in reader
        )


@cache
def sources() -> Mapping[str, Mapping[str, str]]:
    """Instrument by name: signal, title, publisher, service."""
    return MappingProxyType({row["source"]: row for row in rows("sources")})


def source(name: str) -> Mapping[str, str]:
    try:
        return sources()[name]
    except KeyError:
        known = ", ".join(sources())
        raise UnknownSource(
            f"There is no source called ‘{name}’.", fix=f"The sources are: {known}."
        ) from None


@cache
def figure_sources() -> tuple[str, ...]:
    """Sources whose files hold figures or answers that are counted: all but documents."""
    return tuple(name for name, row in sources().items() if row["disclosure"] != "document")


@cache
def confidential_sources() -> frozenset[str]:
    """Sources whose figures are of single responses that nobody publishes, unless a file says otherwise."""
    return frozenset(name for name, row in sources().items() if row["disclosure"] == "confidential")


@cache
def measures() -> Mapping[tuple[str, str], Mapping[str, str]]:
    """Measure by (source, measure): title, domain, unit, question."""
    return MappingProxyType({(row["source"], row["measure"]): row for row in rows("measures")})


@cache
def service_titles() -> Mapping[str, str]:
    """Service -> its title, in the order of services.csv."""
    return MappingProxyType({row["service"]: row["title"] for row in rows("services")})


@cache
def theme_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every word for a theme that a supplier may use, and the common theme it stands for, side by side."""
    pairs = {
        word.strip(): row["theme"]
        for row in rows("themes")
        for word in (row["theme"].lower(), *row["also"].split("|"))
        if word.strip()
    }
    return tuple(pairs), tuple(pairs.values())
