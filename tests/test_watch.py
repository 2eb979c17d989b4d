"""A watched folder: what arrives is loaded, whole or not at all, and the log says what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pxcore.cli import DONE, FAULT, main
from pxcore.cli.watch import LOG, watched
from pxcore.store import Store
from tests.schemas import faults

HEADINGS = "source,provider,period,measure,positive,respondents\n"
ROWS = "".join(f"fft_gp,P-{n},2024-02,overall,{40 + n},60\n" for n in range(12))


@pytest.fixture
def looks(store: Store, tmp_path: Path) -> Callable[..., list[dict[str, Any]]]:
    """What is loaded while, between two looks, each of some things happens."""

    def look(*happens: Callable[[], object]) -> list[dict[str, Any]]:
        coming: Iterator[Callable[[], object]] = iter(happens)

        class Over(Exception):
            pass

        def wait() -> None:
            try:
                next(coming)()
            except StopIteration:
                raise Over from None

        entries = []
        try:
            for entry in watched(store, tmp_path, tmp_path / LOG, once=False, wait=wait):
                entries.append(entry)
        except Over:
            pass
        return entries

    return look


def test_what_arrives_is_loaded_once(looks: Any, tmp_path: Path, store: Store) -> None:
    file = tmp_path / "fft.csv"
    entries = looks(
        lambda: file.write_text(HEADINGS + ROWS), lambda: None, lambda: None, lambda: None
    )
    assert [(entry["file"], entry["status"]) for entry in entries] == [("fft.csv", "loaded")]
    assert store.revision == 1


def test_a_file_still_being_copied_is_left_for_the_next_look(looks: Any, tmp_path: Path) -> None:
    file = tmp_path / "fft.csv"
    entries = looks(
        lambda: file.write_text(HEADINGS + ROWS[:200]),
        lambda: file.write_text(HEADINGS + ROWS),
        lambda: None,
    )
    assert [entry["status"] for entry in entries] == ["loaded"]


def test_a_broken_file_is_refused_whole_and_tried_again_when_it_has_changed(
    looks: Any, tmp_path: Path, store: Store
) -> None:
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text(
        HEADINGS + ROWS.replace("P-3,2024-02,overall,43,60", "P-3,2024-02,overall,99,60")
    )
    good.write_text(HEADINGS + ROWS)
    entries = looks(
        lambda: None, lambda: None, lambda: bad.write_text(HEADINGS + ROWS.replace(",60", ",70")),
        lambda: None,
    )  # fmt: skip
    assert [(entry["file"], entry["status"]) for entry in entries] == [
        ("bad.csv", "refused"),
        ("good.csv", "loaded"),
        ("bad.csv", "loaded"),
    ]
    assert entries[0]["faults"]
    assert store.revision == 2


def test_hidden_files_and_the_log_are_no_extracts(looks: Any, tmp_path: Path) -> None:
    for name in (".part.csv", "~$open.xlsx", LOG):
        (tmp_path / name).write_text(HEADINGS + ROWS)
    (tmp_path / "older").mkdir()
    assert looks(lambda: None, lambda: None) == []


def test_the_command_writes_its_log_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "fft.csv").write_text(HEADINGS + ROWS)
    own = ["--database", str(tmp_path / "own.duckdb"), "--once", "--every", "1"]
    assert main(["watch", str(folder), "--json", *own]) == DONE
    printed = json.loads(capsys.readouterr().out)
    assert not faults("watch", printed)
    logged = [json.loads(line) for line in (folder / LOG).read_text().splitlines()]
    assert [(line["file"], line["status"]) for line in logged] == [("fft.csv", "loaded")]
    (folder / "empty.csv").write_text("")
    assert main(["watch", str(folder), *own]) == FAULT
    said = capsys.readouterr().out
    assert "already loaded  fft.csv" in said
    assert "refused         empty.csv: The file is empty" in said
    assert len((folder / LOG).read_text().splitlines()) == 3


def test_nothing_is_loaded_into_the_demonstration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["watch", str(tmp_path), "--database", "demonstration", "--once"]) == FAULT
    assert "never mixed" in capsys.readouterr().err
