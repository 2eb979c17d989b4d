"""px export: pages as files by the endings of their names, whole or not at all."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pxcore.analysis.pairs.agreement import certainty
from pxcore.analysis.workshop import workshops
from pxcore.analysis.workshop.frozen import data_key, freeze, view_as_json
from pxcore.cli import DONE, FAULT, USAGE, main
from pxcore.model import Disclosure, Pairing, Scope
from pxcore.store import Store
from tests.publish.documents import MARK, text_of
from tests.schemas import faults
from tests.test_watch import HEADINGS, ROWS

SURVEY = "".join(f"gp_survey,P-{n},2024-01-02/2024-03-25,overall,{50 + n},100\n" for n in range(12))


@pytest.fixture
def own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """A database of two sources, as options."""
    (tmp_path / "fft.csv").write_text(HEADINGS + ROWS)
    (tmp_path / "survey.csv").write_text(HEADINGS + SURVEY)
    database = ["--database", str(tmp_path / "own.duckdb")]
    assert main(["load", str(tmp_path / "*.csv"), *database]) == DONE
    capsys.readouterr()
    return database


def test_each_ending_is_a_kind_of_file(
    own: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / f"board.{ending}" for ending in ("pptx", "docx", "xlsx", "html", "zip")]
    pages = ["--page", "overview", "--page", "divergence", "--page", "agreement"]
    status = main(["export", *map(str, files), *pages, "--title", "For the board", "--json", *own])
    assert status == DONE
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert not faults("export", printed)
    assert [entry["bytes"] for entry in printed["files"]] == [f.stat().st_size for f in files]
    for file in files[:-1]:
        words = text_of(file.read_bytes())
        assert "For the board" in words
        assert "About whom do they differ?" in words
        assert MARK not in words
    assert main(["reproduce", str(files[-1]), *own]) == DONE
    assert "differs" not in capsys.readouterr().out
    assert not list(tmp_path.glob(".*"))


def test_what_is_not_understood_is_said_before_anything_is_worked_out(
    own: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(tmp_path / "board.pdf"), *own]) == FAULT
    assert ".pptx, .docx, .xlsx, .html, .zip" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "a.html"), "--page", "what_if", *own]) == USAGE
    assert main(["export", str(tmp_path / "gone" / "a.html"), *own]) == FAULT
    assert "cannot be written" in capsys.readouterr().err


def test_decisions_leave_beside_pages_and_in_no_pack(
    own: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "board.docx"
    pages = ["--page", "decisions", "--page", "agreement"]
    assert main(["export", str(file), *pages, "--json", *own]) == DONE
    printed = json.loads(capsys.readouterr().out)
    assert not faults("export", printed)
    assert [entry["page"] for entry in printed["codes"]] == ["decisions", "agreement"]
    assert all(entry["code"] for entry in printed["codes"])
    assert main(["explain", printed["codes"][0]["code"], *own]) == DONE
    assert "Decisions" in capsys.readouterr().out
    words = text_of(file.read_bytes())
    assert words.index("What became of what we decided?") < words.index("Do two sources order")
    assert "No decision stands." in words
    assert main(["export", str(file), "--page", "decisions", *own]) == DONE
    assert text_of(file.read_bytes()).count("What became of what we decided?") >= 2  # title, too
    assert main(["export", str(tmp_path / "a.zip"), *pages, *own]) == FAULT
    assert "holds no decisions" in capsys.readouterr().err


def met(own: list[str], title: str) -> None:
    """A workshop on one practice, in the database of the options."""
    with closing(Store.open(Path(own[1]))) as store:
        pairing = Pairing("fft_gp", "gp_survey")
        likely = certainty(store, pairing)
        cell = freeze(store, likely, "P-3", "picked", Disclosure())
        workshops.make(
            store, title, "Ann", [cell], revision=store.revision, data_key=data_key(store),
            view=view_as_json(Scope.of(pairing)), disclosure=Disclosure(),
        )  # fmt: skip


def test_the_record_of_a_workshop_leaves_beside_pages(
    own: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "board.docx"
    pages = ["--page", "overview", "--page", "decisions", "--page", "workshop"]
    assert main(["export", str(file), *pages, *own]) == FAULT
    assert "No workshop has been held." in capsys.readouterr().err
    met(own, "May")
    met(own, "June")
    assert main(["export", str(file), *pages, "--json", *own]) == DONE
    printed = json.loads(capsys.readouterr().out)
    assert [entry["page"] for entry in printed["codes"]] == [
        "overview", "decisions", "record", "record",
    ]  # fmt: skip
    words = text_of(file.read_bytes())
    assert "Workshop “June”" in words
    assert words.index("No decision stands.") < words.index("What did this room conclude?")
    code = printed["codes"][2]["code"]
    assert code == printed["codes"][3]["code"]
    assert main(["explain", code, "--json", *own]) == DONE
    explained = json.loads(capsys.readouterr().out)
    assert not faults("explain", explained)
    assert (explained["status"], explained["page"]) == ("same data", "workshop")
    assert [figure["name"].split(", ")[1] for figure in explained["figures"]] == [
        "FFT GP", "GP survey",
    ]  # fmt: skip
    assert main(["export", str(file), *pages, "--workshop", "May", *own]) == DONE
    assert "Workshop “May”" in text_of(file.read_bytes())
    assert main(["export", str(tmp_path / "a.zip"), "--page", "workshop", *own]) == FAULT
    assert "Leave --page workshop out" in capsys.readouterr().err


def test_which_workshop_is_never_guessed(
    own: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["export", str(tmp_path / "a.docx"), "--page", "workshop", "--workshop"]
    met(own, "June")
    assert main([*ask, "Ju", *own]) == FAULT
    assert "There is no workshop ‘Ju’. There are: June." in capsys.readouterr().err
    met(own, "June")
    assert main([*ask, "June", *own]) == FAULT
    told = capsys.readouterr().err
    assert "Several workshops are called ‘June’." in told
    number = told.split("by its number: ")[1].split(" ")[0]
    assert main([*ask, number, *own]) == DONE


def test_nothing_leaves_exactly(
    own: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(tmp_path / "a.html"), "--exact", *own]) == FAULT
    assert "Nothing leaves while exact figures are on" in capsys.readouterr().err
    assert not (tmp_path / "a.html").exists()


def test_an_organisation_nobody_speaks_of_is_named(
    own: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "a.html")
    assert main(["export", path, "--page", "provider", "--unit", "X-1", *own]) == FAULT
    assert "‘X-1’" in capsys.readouterr().err


def test_without_two_sources_there_is_nothing_to_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = ["--database", str(tmp_path / "new.duckdb")]
    assert main(["export", str(tmp_path / "a.html"), *database]) == FAULT
    assert "no two sources" in capsys.readouterr().err
