"""What is documented is true: commands, sources, statistics, and the check that must pass."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import pxcore.stats
from pxcore import maps
from pxcore.cli import px

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

STATISTICS = [
    function
    for module in pkgutil.iter_modules(pxcore.stats.__path__)
    for name, function in inspect.getmembers(
        importlib.import_module(f"pxcore.stats.{module.name}"), inspect.isfunction
    )
    if not name.startswith("_") and function.__module__ == f"pxcore.stats.{module.name}"
]


def test_the_test_command_is_the_one_that_must_pass() -> None:
    commands = re.findall(r"^python3 -m venv .*pytest$", README, re.MULTILINE)
    assert len(commands) == 1
    assert commands[0] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_command_and_option_is_in_the_readme() -> None:
    for name, command in px.commands.items():
        assert f"`{name}" in README, name
        for option in (option for taken in command.params for option in taken.opts):
            if option.startswith("--") and option != "--source":
                assert option in README, (name, option)


@pytest.mark.parametrize("function", STATISTICS, ids=lambda function: function.__name__)
def test_every_statistic_says_what_it_answers(function: object) -> None:
    assert len(inspect.getdoc(function) or "") > 30


@pytest.mark.parametrize("name", ["wilson", "spearman"])
def test_a_statistic_shown_to_people_has_its_references(name: str) -> None:
    doc = next(inspect.getdoc(f) for f in STATISTICS if f.__name__ == name) or ""
    assert "References" in doc
    assert "Parameters" in doc


def test_every_page_is_in_the_readme() -> None:
    for page in (ROOT / "pages").glob("*.py"):
        assert f"*{page.stem.capitalize().replace('_', ' ')}*" in README, page.stem


def test_no_host_of_packages_is_named() -> None:
    for name in ("constraints.txt", "pyproject.toml", ".ci/run"):
        said = (ROOT / name).read_text(encoding="utf-8").lower()
        assert "http" not in said.replace("keepachangelog", ""), name
        assert "index-url" not in said, name


def test_every_pin_is_exact() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            assert re.fullmatch(r"[\w.-]+==[\w.]+(; .+)?", line), line


def test_pictures_of_the_readme_are_there() -> None:
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file(), path


def test_every_source_is_described() -> None:
    described = {row["source"] for row in maps.rows("measures")}
    assert described == set(maps.figure_sources())
