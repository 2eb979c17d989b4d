"""What every page shows and gives away: words as words, never as Markdown or a formula."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from pxcore.ui import comments, show

FORMULAS = [
    '=HYPERLINK("http://example.invalid","open me")', "@SUM(1+1) Surgery", "+44 Road Practice",
    "-Lane Surgery", "\t=1+1", "\r=1+1", "=1+1", "-2+3+cmd|' /C calc'!A0", "-1-2", "＝1+1",
]  # fmt: skip


def cells(frame: pd.DataFrame) -> list[list[str]]:
    return list(csv.reader(io.StringIO(show.as_csv(frame).decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_download_gives_a_formula_as_words(formula: str) -> None:
    frame = pd.DataFrame({"name": [formula, "Elm"], formula: [formula, None]})
    words = "'" + formula.replace("\r", "\n")
    assert cells(frame) == [
        ["name", words],
        [words, words],
        ["Elm", ""],
    ]


def test_a_number_stays_a_number_and_a_date_a_date() -> None:
    frame = pd.DataFrame(
        {
            "gap": [-3.2, 4.0],
            "as words": ["-3.2", "+1,204.5%"],
            "on": pd.to_datetime(["2026-01-01", "2026-02-01"]),
            "mixed": pd.Series([-1, "-x"], dtype=object),
            "kind": pd.Categorical(["=a", "b"]),
        }
    )
    assert cells(frame)[1:] == [
        ["-3.2", "-3.2", "2026-01-01", "-1", "'=a"],
        ["4.0", "+1,204.5%", "2026-02-01", "'-x", "b"],
    ]


def test_a_download_leaves_the_answer_it_was_made_of_as_it_is() -> None:
    frame = pd.DataFrame({"name": ["=1+1"]})
    show.as_csv(frame)
    assert frame["name"].tolist() == ["=1+1"]


def test_ordinary_words_stay_as_they_are_written() -> None:
    for plain in (
        "Across 122 practices: 68 agree.",
        "The King's Surgery (Elm & Ash), 10:30",
        "-3.2",
        "1st",
    ):
        assert show.escape(plain) == plain


def test_words_over_several_lines_keep_them_and_nothing_else() -> None:
    assert comments.as_written("- one\n    two\n:smile:") == "\\- one  \ntwo  \n:\u2060smile:"
