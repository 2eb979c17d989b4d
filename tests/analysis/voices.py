"""Comments made by hand, for tests of themes, of reading them and of coding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pxcore.analysis import masking
from pxcore.store import Store
from tests.store.loads import extract, response


def comment(number: int, themes: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    """One Healthwatch comment about practice P-1, July 2025, without an author."""
    return {
        "number": number,
        "themes": list(themes),
        "source": "healthwatch",
        "provider": "P-1",
        "provider_name": "A Practice",
        "service": "general_practice",
        "on": "2025-07-10",
        "sentiment": "positive",
        "flags": [],
        "comment": f"Comment {number}",
    } | more


def committed(store: Store, *files: list[dict[str, Any]], name: str = "") -> Store:
    """The comments, each list in a file of its own, loaded and masked."""
    for rows in files:
        told = [
            response(row["number"], **{key: row[key] for key in row if key != "number"})
            for row in rows
        ]
        store.commit([extract(name, response=[r for r, _ in told], answer=[a for _, a in told])])
    masking.mask_missing(store)
    return store


def many(
    count: int, themes: Sequence[str] = (), start: int = 0, **more: Any
) -> list[dict[str, Any]]:
    return [comment(start + at, themes, **more) for at in range(count)]
