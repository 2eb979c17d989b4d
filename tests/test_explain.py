"""px explain: what a code names; the codes in what other commands print; what is typed wrong is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pxcore.cli import DONE, FAULT, main
from pxcore.paths import demonstration_workshops
from pxcore.store import Store
from tests.publish.documents import text_of
from tests.schemas import faults
from tests.test_export import met
from tests.test_export import own as own  # a database of two sources, as options
from tests.test_watch import HEADINGS

PAIR = ("--left", "fft_gp", "--right", "gp_survey")
Printed = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def printed(own: list[str], capsys: pytest.CaptureFixture[str]) -> Printed:
    """What a command prints for programs, its exit status, and what it says of trouble."""

    def run(*arguments: str, database: list[str] | None = None) -> tuple[int, Any, str]:
        status = main([*arguments, "--json", *(own if database is None else database)])
        out, err = capsys.readouterr()
        return status, json.loads(out), err

    return run


def test_what_a_command_printed_is_called_back(printed: Printed) -> None:
    _, agreement, _ = printed("agreement", *PAIR, "--floor", "10")
    assert not faults("agreement", agreement)
    status, answer, _ = printed("explain", agreement["code"].lower())
    assert status == DONE
    assert not faults("explain", answer)
    assert (answer["status"], answer["page"]) == ("same data", "agreement")
    assert answer["settings"] == {
        "Sources": "FFT GP beside GP survey",
        "Smallest number of answers shown": "10",
    }
    assert answer["revision"] == agreement["revision"]
    assert answer["extracts"] == agreement["extracts"]
    assert {entry["file_name"] for entry in answer["files"]} == {"fft.csv", "survey.csv"}
    figures = {entry["name"]: entry["before"] for entry in answer["figures"]}
    assert figures["organisations compared"] == 12
    assert figures["raw rank correlation"] == pytest.approx(1)  # both rise by the practice
    assert all(entry["same"] for entry in answer["figures"])


@pytest.mark.parametrize(
    "ask",
    [
        ("agreement", *PAIR),
        ("align", *PAIR),
        ("certainty", *PAIR),
        ("divergence", *PAIR),
        ("trends", "--unit", "P-3"),
        ("themes",),
    ],
    ids=lambda ask: ask[0],
)
def test_each_page_a_command_prints_has_a_code(ask: tuple[str, ...], printed: Printed) -> None:
    _, content, _ = printed(*ask)
    assert not faults(ask[0], content)
    status, answer, _ = printed("explain", content["code"])
    page = {"align": "alignment", "certainty": "agreement"}.get(ask[0], ask[0])
    assert (status, answer["status"], answer["page"]) == (DONE, "same data", page)
    _, again, _ = printed(*ask)
    assert again["code"] == content["code"]


@pytest.mark.parametrize("command", ["align", "certainty"])
def test_the_code_stands_in_what_is_printed_for_people(
    command: str, own: list[str], printed: Printed, capsys: pytest.CaptureFixture[str]
) -> None:
    _, content, _ = printed(command, *PAIR)
    assert main([command, *PAIR, *own]) == DONE
    assert f"Code of this view: {content['code']}" in capsys.readouterr().out


def test_later_data_do_not_change_a_workshop_and_what_they_change_is_said(
    own: list[str], printed: Printed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    met(own, "June")
    _, content, _ = printed("export", str(tmp_path / "a.docx"), "--page", "workshop")
    later = "".join(
        f"gp_survey,P-{n},2025-01-02/2025-03-25,overall,{80 - n},100\n" for n in range(12)
    )
    (tmp_path / "later.csv").write_text(HEADINGS + later)
    (tmp_path / "months.csv").write_text(
        HEADINGS + "".join(f"fft_gp,P-{n},2025-02,overall,{70 + n},100\n" for n in range(12))
    )
    for name in ("later.csv", "months.csv"):
        assert main(["load", str(tmp_path / name), *own]) == DONE
    capsys.readouterr()
    code = content["codes"][0]["code"]
    _, explained, _ = printed("explain", code)
    assert explained["status"] == "changed"
    survey = next(entry for entry in explained["figures"] if entry["name"].endswith("GP survey"))
    assert survey["before"] == pytest.approx(0.53)
    assert survey["now"] == pytest.approx(0.77)
    _, again, _ = printed("export", str(tmp_path / "a.docx"), "--page", "workshop")
    assert again["codes"][0]["code"] == code
    words = text_of((tmp_path / "a.docx").read_bytes())
    assert "53%" in words
    assert "77%" not in words


def test_what_no_page_shows_has_none(printed: Printed) -> None:
    assert printed("trends")[1]["code"] is None  # everything of everybody: a page shows a service
    assert printed("themes", "--source", "healthwatch")[1]["code"] is None
    assert printed("agreement", *PAIR, "--exact")[1]["code"] is None


def test_a_source_named_by_its_signal_is_called_back_by_its_name(printed: Printed) -> None:
    _, content, _ = printed("divergence", "--left", "fft", "--right", "survey")
    _, answer, _ = printed("explain", content["code"])
    assert json.loads(answer["view"])["pairing"]["left"] == "fft_gp"
    assert answer["status"] == "same data"


def test_an_exported_file_holds_the_code_that_is_printed(printed: Printed, tmp_path: Any) -> None:
    file = tmp_path / "board.docx"
    pages = ("--page", "divergence", "--page", "agreement")
    _, content, _ = printed("export", str(file), *pages)
    assert [entry["page"] for entry in content["codes"]] == ["divergence", "agreement"]
    words = text_of(file.read_bytes())
    for entry in content["codes"]:
        assert entry["code"] in words
        assert printed("explain", entry["code"])[1]["page"] == entry["page"]


def test_newer_data_are_said_in_words_with_what_they_change(
    own: list[str], printed: Printed, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    code = printed("agreement", *PAIR)[1]["code"]
    later = "".join(
        f"gp_survey,P-{n},2024-01-02/2024-03-25,overall,{80 - n},100\n" for n in range(12)
    )
    (tmp_path / "later.csv").write_text(HEADINGS + later)
    assert main(["load", str(tmp_path / "later.csv"), *own]) == DONE
    capsys.readouterr()
    assert main(["explain", code, *own]) == DONE
    out = capsys.readouterr().out
    assert out.startswith(f"{code}: Agreement\n")
    assert "The data have changed since: revision 1 then, 2 now." in out
    assert "raw rank correlation: " in out
    assert "survey.csv (loaded)" in out
    assert "Today: " in out
    assert printed("explain", code)[1]["status"] == "changed"


def test_what_is_typed_wrong_and_what_is_unknown_are_told_apart(
    own: list[str], printed: Printed, capsys: pytest.CaptureFixture[str]
) -> None:
    code = printed("agreement", *PAIR)[1]["code"]
    swapped = code[:5] + code[6] + code[5] + code[7:]
    if swapped != code:
        assert main(["explain", swapped, *own]) == FAULT
        assert "a character is mistyped" in capsys.readouterr().err
    assert main(["explain", "PX-7F3K2MQ", *own]) == FAULT
    assert "is not known here. It was made on another computer" in capsys.readouterr().err
    status, answer, _ = printed("explain", "hello")
    assert (status, answer["status"]) == (FAULT, "error")
    assert "is no code" in answer["reason"]


def test_codes_of_the_demonstration_are_kept_beside_ones_own_data(printed: Printed) -> None:
    named = ["--database", "demonstration"]
    _, content, _ = printed("trends", "--unit", "P-0002", database=named)
    assert demonstration_workshops().exists()
    status, answer, _ = printed("explain", content["code"], database=named)
    assert (status, answer["status"]) == (DONE, "same data")
    assert answer["files"]
    assert printed("explain", content["code"])[0] == FAULT  # one's own data know nothing of it


def test_where_no_code_can_be_kept_that_is_said_and_the_figures_are_printed(
    printed: Printed, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    blocked = tmp_path / "no folder"
    blocked.write_text("")
    monkeypatch.setenv("PX_DATABASE", str(blocked / "own.duckdb"))
    status, content, err = printed(
        "trends", "--unit", "P-0002", database=["--database", "demonstration"]
    )
    assert (status, content["code"]) == (DONE, None)
    assert "no code is given, for none can be kept" in err


def test_a_demonstration_made_of_other_files_names_none_of_its_own(printed: Printed) -> None:
    named = ["--database", "demonstration"]
    _, content, _ = printed("trends", "--unit", "P-0002", database=named)
    kept = Store.open(demonstration_workshops(), kind="demonstration")
    with kept._connection.cursor() as cursor:
        cursor.execute(
            "update coded_view set data_key = 'of other files', view_key = 'other' where code = ?",
            [content["code"]],
        )
    kept.close()
    _, answer, _ = printed("explain", content["code"], database=named)
    assert answer["files"] == []
    assert answer["status"] == "newer data"
