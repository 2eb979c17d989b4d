"""A plugin of pytest: the tests of the changed module first, so that most changes fall at once."""

from __future__ import annotations

import os

import pytest

from benchmarks.mutation.study import own_tests


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by whether a test is of the module that mutmut has changed; else the order stays."""
    changed = os.environ.get("MUTANT_UNDER_TEST", "")
    if changed.startswith("pxcore."):
        module = changed.rpartition(".")[0].replace(".", "/")
        own = (*own_tests(f"{module}.py"), *own_tests(f"{module}/__init__.py"))
        items.sort(key=lambda item: item.nodeid.split("::")[0] not in own)
