"""Every `--json` is as its schema says: no field unknown, none missing, every field described."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from docs.schemas.make import as_text, commands, table
from pxcore.cli import main, px
from pxcore.cli.run import Run
from pxcore.store import Store
from tests.schemas import SCHEMAS, faults

PAIR = ("--left", "fft_gp", "--right", "gp_survey")
LOCAL = ("--left", "fft_local", "--right", "gp_survey")
FEW = ("--left", "fft_gp", "--right", "healthwatch", "--grain", "pcn")
NETWORKS = (*PAIR, "--grain", "pcn")
JUDGED = ("align", "agreement", "certainty", "divergence")
OTHER_YEAR = ("--window", "2015-16")
ANSWERS = (
    ("changes",),
    ("sources",),
    ("coverage",),
    ("themes",),
    ("themes", "--own-words", "--exact"),
    ("themes", "--source", "healthwatch", "--area", "B-01"),
    ("trends",),
    ("trends", "--unit", "P-0002"),
    ("trends", "--area", "B-01", "--floor", "30"),
    ("align", "--names"),
    *((command, *pair) for command in JUDGED for pair in (PAIR, FEW)),
    ("certainty", *NETWORKS, "--settle", "left", "--answers", "100"),
    ("check", *NETWORKS, "--sets", "2"),
    ("check", *FEW),
    ("agreement", *LOCAL, "--periods", "latest", "--exact"),
    ("certainty", *LOCAL),
    ("divergence", *LOCAL, "--organisation", "reported"),
)
REFUSALS = (
    ("load", "survey.csv"),
    ("sources", "--erase"),
    ("themes", "--source", "nowhere"),
    ("themes", *OTHER_YEAR),
    ("trends", "--area", "nowhere"),
    ("align", *PAIR, *OTHER_YEAR),
    ("agreement", *PAIR, *OTHER_YEAR),
    ("agreement", *PAIR, "--evidence-floor", "100000"),
    ("certainty", *PAIR, *OTHER_YEAR),
    ("certainty", *PAIR, *OTHER_YEAR, "--settle", "right"),
    ("check", *PAIR, *OTHER_YEAR),
    ("divergence", *PAIR, *OTHER_YEAR),
    ("divergence", "--left", "nowhere", "--right", "gp_survey"),
)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    main([*arguments, "--json"])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


@pytest.mark.parametrize("arguments", [*ANSWERS, *REFUSALS], ids=" ".join)
def test_what_is_printed_of_the_demonstration_is_as_its_schema_says(
    arguments: tuple[str, ...],
    demonstration: Store,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(Run, "store", demonstration)
    answer = printed(capsys, *arguments)
    assert (answer.get("status") == "error") <= (arguments in REFUSALS)
    assert not faults(arguments[0], answer)


@pytest.mark.parametrize("command", ["sources", "coverage", "themes", "trends", "align", "changes"])
def test_an_empty_database_is_printed_as_the_schema_says(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = ("--database", str(tmp_path / "empty.duckdb"))
    names = ("--names",) if command == "align" else ()
    assert not faults(command, printed(capsys, command, *names, *database))


def test_the_demonstration_and_its_fault_are_printed_as_the_schema_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not faults("demo", printed(capsys, "demo"))
    answer = printed(capsys, "demo", "--database", str(tmp_path / "demonstration.duckdb"))
    assert answer["status"] == "ok"
    assert not faults("demo", answer)


def test_a_field_that_the_schema_does_not_know_is_a_fault() -> None:
    answer = {"schema": 1, "status": "ok", "extracts": 3}
    assert not faults("demo", answer)
    assert any("surplus" in fault for fault in faults("demo", answer | {"surplus": None}))
    assert faults("demo", {"schema": 1, "status": "ok"})
    assert faults("demo", answer | {"extracts": "three"})


@pytest.mark.parametrize("command", commands())
def test_the_schemas_are_those_of_the_table(command: str) -> None:
    path = SCHEMAS / f"{command}.json"
    assert path.read_text(encoding="utf-8") == as_text(command), "run python -m docs.schemas.make"


def test_every_command_that_prints_json_has_a_schema_and_a_line() -> None:
    readme = (SCHEMAS / "README.md").read_text(encoding="utf-8")
    of_json = {
        name
        for name, command in px.commands.items()
        if any("--json" in option.opts for option in command.params)
    }
    assert of_json == set(commands()) == {path.stem for path in SCHEMAS.glob("*.json")}
    assert all(f"| [{name}]({name}.json) |" in readme for name in of_json)


def test_every_field_says_what_it_means() -> None:
    for part, fields in table().items():
        for path, (_, meaning) in fields.items():
            assert len(meaning) > 8, (part, path)
            assert meaning.endswith("."), (part, path)
