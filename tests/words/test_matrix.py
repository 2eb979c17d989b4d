"""The convergence matrix in words."""

from __future__ import annotations

import re

import pytest

from pxcore.analysis.judging.verdicts import MARKS
from pxcore.analysis.pairs.overview import OverviewReport, overview
from pxcore.charts import theme
from pxcore.stats.verdict import Rule
from pxcore.store import Store
from pxcore.ui.convergence import legend
from pxcore.words import matrix as words
from tests.analysis.pairs.test_overview import matrix_of, two_sources


@pytest.fixture(scope="module")
def whole(every_pair: OverviewReport) -> OverviewReport:
    return every_pair


def test_the_legend_tells_each_mark_with_its_word_and_number(whole: OverviewReport) -> None:
    matrix = matrix_of(whole)
    counts = matrix.by_mark(matrix.telling[0])
    assert counts["dissonance, unusual"] == 4  # of FFT and survey alone, whatever other pairs say
    marks, letters = legend(theme.LIGHT, counts), words.letters(matrix)
    for mark, count in counts.items():
        assert f"{mark} <b>{count:,}</b>" in marks
    assert "f too few answers" in letters
    assert "w withheld by the publisher" in letters
    assert set(matrix.cells.loc[matrix.cells["mark"] == "silence", "letter"]) != {""}
    assert (matrix.cells.loc[matrix.cells["mark"] != "silence", "letter"] == "").all()


def test_a_pair_that_is_silent_throughout_is_not_drawn_and_told(whole: OverviewReport) -> None:
    trusts = matrix_of(whole, "Trusts (inpatient)")
    assert trusts.telling == ("FFT inpatient – CQC inpatient",)
    silent = [pair for pair in trusts.pairs if pair not in trusts.telling]
    assert len(silent) == 4
    sentence = words.not_drawn(trusts)[0]
    assert sentence.startswith("Silent throughout, and not drawn: ")
    assert all(pair in sentence for pair in silent)
    nobody = matrix_of(whole, "Trusts (maternity)")
    assert nobody.telling == ()  # then nothing is drawn, and all of it told
    assert all(pair in words.not_drawn(nobody)[0] for pair in nobody.pairs)
    why = words.silences(nobody)
    assert [one.split(":")[0] for one in why] == list(nobody.pairs)
    assert all(re.search(r": [a-z].* \(\d", one) for one in why)  # a reason and how many


def test_what_a_source_does_not_ask_about_is_told(whole: OverviewReport) -> None:
    matrix = matrix_of(whole)
    assert "access" in matrix.no_question["FFT GP"]
    sentences = words.without_question(matrix)
    assert any(re.match(r"No question on access[^:]*: FFT GP\b", text) for text in sentences)
    assert (
        len(sentences) == len(set(sentences)) <= 4
    )  # what the same sources do not ask is told together
    assert "GP survey" not in matrix.no_question


def test_how_often_agreement_could_have_been_shown_is_told_for_the_pairs_that_speak(
    whole: OverviewReport,
) -> None:
    sentences = words.could_agree(matrix_of(whole))
    assert len(sentences) == 3
    assert sentences[0].startswith(
        "FFT GP – GP survey: Agreement could have been shown for 5 of the 122"
    )


def test_each_cell_says_what_its_mark_says(whole: OverviewReport) -> None:
    for matrix in whole.matrices():
        assert (matrix.cells["mark"] == [MARKS[Rule(rule)] for rule in matrix.cells["rule"]]).all()
        assert words.with_verdicts(matrix, matrix.cells)["verdict"].str.endswith(".").all()


def test_one_organisation_is_told_in_the_singular(store: Store) -> None:
    assert words.summary(matrix_of(overview(two_sources(store, count=1)))).startswith(
        "1 practice by"
    )


def test_an_area_nobody_knows_is_called_that(store: Store) -> None:
    matrix = matrix_of(overview(two_sources(store)))
    assert words.by_area(matrix, matrix.pairs[0])["area"].unique().tolist() == ["No area known"]
    assert matrix.areas() == []
