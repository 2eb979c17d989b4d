"""The demonstration kept between starts: exactly that of its files, or made anew."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pxcore.analysis.files import demonstration
from pxcore.analysis.files.demonstration import (
    demonstration_files,
    kept_demonstration,
    load_demonstration,
)
from pxcore.frames import FRAMES
from pxcore.store import Store

ROOT = Path(__file__).parents[3]
TIDY = "source,provider,period,measure,positive,respondents\nlocal_survey,P-{n},2026-02,overall,41,52\n"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A demonstration of two files."""
    folder = tmp_path / "demo"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"survey {number}.csv").write_text(TIDY.format(n=number), encoding="utf-8")
    monkeypatch.setattr(demonstration, "FOLDER", folder)
    monkeypatch.setattr(demonstration, "ALIASES", folder / "aliases.csv")
    return folder


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for every time the files were read."""
    counted: list[int] = []

    def counting(*asked: object, **more: object) -> Store:
        counted.append(1)
        return load_demonstration(*asked, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(demonstration, "load_demonstration", counting)
    return counted


def rows(store: Store) -> dict[str, list[str]]:
    """Every row of every table, without the moment it was loaded."""
    told = {}
    for (table,) in store._connection.execute(
        "select table_name from information_schema.tables where table_type = 'BASE TABLE'"
    ).fetchall():
        frame: pd.DataFrame = store._connection.execute(f"select * from {table}").df()
        kept = frame.drop(columns=[name for name in frame if name.endswith("_at")])
        told[table] = sorted(map(repr, kept.itertuples(index=False)))
    return told


@pytest.mark.usefixtures("files")
def test_what_is_kept_is_what_the_files_say(tmp_path: Path, loads: list[int]) -> None:
    read = load_demonstration()
    made, again = (kept_demonstration(tmp_path / "kept") for _ in range(2))
    assert loads == [1]
    assert rows(made) == rows(again) == rows(read)
    assert {*FRAMES, "extract"} <= set(rows(again))
    assert set(again.query("extracts")["sha256"]) == {
        hashlib.sha256(content).hexdigest() for _, content in demonstration_files()
    }
    assert (again.path, again.kind, again.revision) == (None, "demonstration", read.revision)


@pytest.mark.usefixtures("files")
def test_nothing_done_to_the_demonstration_is_kept(tmp_path: Path) -> None:
    first = kept_demonstration(tmp_path / "kept")
    first.remove(int(first.query("extracts")["extract"].iloc[0]))
    assert rows(kept_demonstration(tmp_path / "kept")) == rows(load_demonstration())


def _another_file(files: Path, _kept: Path) -> None:
    (files / "survey 3.csv").write_text(TIDY.format(n=3), encoding="utf-8")


def _another_figure(files: Path, _kept: Path) -> None:
    path = files / "survey 1.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("41", "40"), encoding="utf-8")


def _a_byte(_files: Path, kept: Path) -> None:
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 0xFF
    kept.write_bytes(content)


def _its_end(_files: Path, kept: Path) -> None:
    kept.write_bytes(kept.read_bytes()[:-4096])


def _empty(_files: Path, kept: Path) -> None:
    kept.write_bytes(b"")


@pytest.mark.parametrize("change", [_another_file, _another_figure, _a_byte, _its_end, _empty])
def test_what_is_kept_of_other_files_or_damaged_is_made_anew(
    files: Path, tmp_path: Path, loads: list[int], change: Callable[[Path, Path], None]
) -> None:
    folder = tmp_path / "kept"
    kept_demonstration(folder)
    (before,) = folder.iterdir()
    change(files, before)
    found = kept_demonstration(folder)
    assert loads == [1, 1]
    assert rows(found) == rows(load_demonstration())
    assert len(list(folder.iterdir())) == 1  # the other is cleared away


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("part", ["CODE", "READERS"])
def test_what_other_code_or_versions_made_is_not_used(
    tmp_path: Path, loads: list[int], part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_demonstration(tmp_path / "kept")
    (tmp_path / "code").mkdir()
    other = {"CODE": tmp_path / "code", "READERS": ("duckdb", "pandas")}
    monkeypatch.setattr(demonstration, part, other[part])
    kept_demonstration(tmp_path / "kept")
    assert loads == [1, 1]


@pytest.mark.usefixtures("files")
def test_what_is_kept_is_for_its_owner_alone(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no such permissions: the user's folder is the user's own")
    kept_demonstration(tmp_path / "kept")
    (kept,) = (tmp_path / "kept").iterdir()
    assert (kept.parent.stat().st_mode & 0o777, kept.stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.usefixtures("files")
def test_where_nothing_can_be_kept_the_demonstration_is_there_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be", encoding="utf-8")
    assert rows(kept_demonstration(tmp_path / "kept")) == rows(load_demonstration())


START = """
import sys
from pathlib import Path
from pxcore.analysis.files import demonstration
demonstration.FOLDER = Path(sys.argv[1])
demonstration.ALIASES = demonstration.FOLDER / "aliases.csv"
for turn in range(4):
    store = demonstration.kept_demonstration(Path(sys.argv[2]))
    assert len(store.query("extracts")) == 2
    store.close()
"""


def test_two_starts_at_once_both_have_it(files: Path, tmp_path: Path) -> None:
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", START, str(files), str(tmp_path / "kept")], cwd=ROOT
        )
        for _ in range(2)
    ]
    assert [start.wait(300) for start in starts] == [0, 0]
    assert len(list((tmp_path / "kept").iterdir())) <= 2
