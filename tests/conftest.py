"""Fixtures every test may use: an empty store, the demonstration, the publishers' own files."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from pxcore.analysis.files.demonstration import load_demonstration
from pxcore.analysis.pairs.overview import OverviewReport, overview
from pxcore.store import Store, database
from pxcore.store.record_key import new_secret
from tests.figures import EXACT, Tolerance, differences

# No test asserts a time, Hypothesis' own deadline included: a busy machine is no failure.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden reports anew, then read them"
    )


def pytest_collection_finish() -> None:
    """What is imported by now stays to the end: the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def known_secret() -> Iterator[None]:
    """Own databases have the same record keys in every run: a test says today what it said yesterday."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            database, "new_secret", lambda kind: new_secret(kind) if kind != "own" else "5a" * 32
        )
        yield


@pytest.fixture(autouse=True, scope="session")
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the database of whoever runs it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PX_DATABASE", str(tmp_path_factory.mktemp("own") / "own.duckdb"))
        yield


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty store: views and marts are made once for a process."""
    path = tmp_path_factory.mktemp("empty") / "empty.duckdb"
    Store.open(path).close()
    return path


@pytest.fixture
def store(empty: Path) -> Iterator[Store]:
    """A fresh store in memory."""
    fresh = Store.open(copied_from=empty)
    yield fresh
    fresh.close()


@pytest.fixture(scope="session")
def demonstration() -> Iterator[Store]:
    """The demonstration, loaded once for a process. Read only: who changes it spoils it for others."""
    loaded = load_demonstration()
    yield loaded
    loaded.close()


@pytest.fixture(scope="session")
def every_pair(demonstration: Store) -> OverviewReport:
    """Every two sources of the demonstration compared, once for a process."""
    return overview(demonstration)


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of publishers' own files; the test is skipped where there is none."""
    named = os.environ.get("PX_REAL_FILES")
    if not named:
        pytest.skip("PX_REAL_FILES is not set: the real files are not part of the repository")
    return Path(named)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Holds a report against the one kept under its name in tests/golden."""

    def hold(name: str, report: Any, tolerance: Tolerance = EXACT) -> None:
        path = GOLDEN / f"{name}.json"
        said = json.dumps(report, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        if request.config.getoption("--update-golden"):
            path.write_text(said, encoding="utf-8")
        expected = json.loads(path.read_text(encoding="utf-8"))
        found = list(differences(json.loads(said), expected, tolerance=tolerance))
        assert not found, "\n".join([f"{path.name} says otherwise:", *found])

    return hold
