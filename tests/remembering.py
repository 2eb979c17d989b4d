"""Stores that remember what they have answered, as in the app and in a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pxcore.analysis.questions import Kept, remember
from pxcore.store import Store


@contextmanager
def remembering(store: Store) -> Iterator[Store]:
    """A store that works nothing out twice meanwhile."""
    remember(store, Kept())
    try:
        yield store
    finally:
        remember(store, None)
