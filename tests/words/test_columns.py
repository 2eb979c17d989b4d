"""Columns have one title, one way to write cells and one help text each; pages and documents name them."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from pxcore.words.columns import Cells, Column, columns, heading, nouns

ROOT = Path(__file__).parents[2]
FILES = [*sorted((ROOT / "pages").glob("*.py")), *sorted((ROOT / "pxcore").rglob("*.py"))]


def test_no_two_nouns_are_the_same() -> None:
    titles = Counter((noun.title.casefold(), noun.cells) for noun in nouns().values())
    assert [title for title, times in titles.items() if times > 1] == []


def test_every_noun_but_that_of_several_alike_has_a_title_of_its_own() -> None:
    assert [name for name, noun in nouns().items() if not noun.title] == ["each"]


def test_no_noun_is_unused() -> None:
    nodes = [
        node for path in FILES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]
    names = {node.arg for node in nodes if isinstance(node, ast.keyword)}  # frame.assign(name=…)
    names |= {node.value for node in nodes if isinstance(node, ast.Constant)}
    assert [noun for noun in nouns() if noun not in names] == []


def test_no_page_sets_up_a_column_by_itself() -> None:
    """Titles, formats, widths and help come from the registry, which one module turns into Streamlit's."""
    users = {
        path.relative_to(ROOT).as_posix()
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "column_config"
    }
    assert users == {"pxcore/ui/columns.py"}


def test_a_table_says_what_it_has_of_its_own_and_the_rest_is_as_usual() -> None:
    usual = nouns()["respondents"]
    own = Column.of("left_respondents", "respondents", "FFT, answers", width=125)
    assert own == Column(
        "left_respondents", "FFT, answers", Cells.COUNT, 125, usual.share, usual.help
    )
    assert columns(["respondents", own]) == [usual, own]


def test_a_column_that_is_no_noun_is_refused() -> None:
    with pytest.raises(KeyError, match="left_respondents"):
        columns(["left_respondents"])


def test_figures_for_analysts_are_headed_by_their_noun_or_their_name() -> None:
    assert [heading(name) for name in ("unit", "gap_low", "named_with", "each", "p_value")] == [
        "Code", "Gap, from", "Named with", "Each", "P value",
    ]  # fmt: skip
