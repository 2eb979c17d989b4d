"""A workshop on the demonstration, just made."""

from __future__ import annotations

import pytest

from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.workshop.frozen import FrozenCell
from pxcore.store import Store
from tests.analysis.workshop.rooms import frozen, made


@pytest.fixture
def cells(demonstration: Store, every_pair: OverviewReport) -> tuple[FrozenCell, ...]:
    return frozen(demonstration, every_pair)


@pytest.fixture
def identifier(store: Store, cells: tuple[FrozenCell, ...], demonstration: Store) -> str:
    return made(store, cells, demonstration)
