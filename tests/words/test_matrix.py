"""The convergence matrix in words."""

from __future__ import annotations

import re

import pytest

from pxcore.analysis.judging.certainty import MARKS
from pxcore.analysis.pairs.matrix import UNSAID
from pxcore.analysis.pairs.overview import OverviewReport, overview
from pxcore.charts import theme
from pxcore.stats.certainty import Word, word
from pxcore.store import Store
from pxcore.ui.convergence import legend
from pxcore.words import matrix as words
from tests.analysis.frames import alike, committed, standings
from tests.analysis.pairs.test_overview import matrix_of, two_sources


@pytest.fixture(scope="module")
def whole(every_pair: OverviewReport) -> OverviewReport:
    return every_pair


def test_the_legend_tells_each_mark_with_its_word_and_number(whole: OverviewReport) -> None:
    matrix = matrix_of(whole)
    counts = matrix.by_mark(matrix.telling[0])
    assert counts[Word.VERY_LIKELY_DIFFER] == 4  # of FFT and survey alone, whatever other pairs say
    marks, letters = legend(theme.LIGHT, counts), words.letters(matrix)
    for mark, count in counts.items():
        assert f"{mark} <b>{count:,}</b>" in marks
    assert "f too few answers" in letters
    assert "w withheld by the publisher" in letters
    unsaid = matrix.cells["mark"].isin(UNSAID)
    assert "silent" in set(matrix.cells.loc[unsaid, "mark"])
    assert (matrix.cells.loc[matrix.cells["mark"] == "silent", "letter"] != "").all()
    assert (matrix.cells.loc[~unsaid, "letter"] == "").all()


def test_a_pair_that_is_silent_throughout_is_not_drawn_and_told(whole: OverviewReport) -> None:
    trusts = matrix_of(whole, "Trusts (inpatient)")
    assert trusts.telling == ("FFT inpatient – CQC inpatient",)
    silent = [pair for pair in trusts.pairs if pair not in trusts.telling]
    assert len(silent) == 4
    sentence = words.not_drawn(trusts)[0]
    assert sentence.startswith("Nothing can be said throughout, and not drawn: ")
    assert all(pair in sentence for pair in silent)
    nobody = matrix_of(whole, "Trusts (maternity)")
    assert nobody.telling == ()  # then nothing is drawn, and all of it told
    assert all(pair in words.not_drawn(nobody)[0] for pair in nobody.pairs)
    why = words.silences(nobody)
    assert [one.split(":")[0] for one in why] == list(nobody.pairs)
    assert all(re.search(r": [a-z].* \(\d", one) for one in why)  # a reason and how many


def test_a_tick_says_over_how_many_pairs_it_was_tested(whole: OverviewReport) -> None:
    practices = matrix_of(whole)
    several = [
        report.verdicts
        for report in practices.certainties.values()
        if report.verdicts is not None and report.verdicts.comparable
    ]
    assert len(several) > 1
    sentence = words.tested_together(practices)
    assert f"1 in 20 over all {len(several)} pairs of this table together" in sentence
    assert "Divergence tests one pair by itself" in sentence
    assert words.tested_together(matrix_of(whole, "Trusts (inpatient)")) == ""


def test_what_a_source_does_not_ask_about_is_told(whole: OverviewReport) -> None:
    matrix = matrix_of(whole)
    assert "access" in matrix.no_question["FFT GP"]
    sentences = words.without_question(matrix)
    assert any(re.match(r"No question on access[^:]*: FFT GP\b", text) for text in sentences)
    assert (
        len(sentences) == len(set(sentences)) <= 4
    )  # what the same sources do not ask is told together
    assert "GP survey" not in matrix.no_question


def test_each_cell_says_what_its_mark_says(whole: OverviewReport) -> None:
    for matrix in whole.matrices():
        assert set(matrix.cells["mark"]) <= set(MARKS)
        said = ~matrix.cells["mark"].isin(UNSAID)
        assert (matrix.cells["agree"].notna() == said).all()
        for mark, agree in matrix.cells.loc[said, ["mark", "agree"]].itertuples(index=False):
            assert mark == word(float(f"{agree:.2f}"))
    matrix = matrix_of(whole)
    for _, rows in matrix.cells.groupby("mark"):
        cell = rows.iloc[0]
        sentence = words.sentence(matrix, cell["unit"], cell["pair"])
        assert sentence.lower().startswith(cell["mark"])
        assert sentence.endswith(".")
        assert "nan" not in sentence
        assert ("before hearing this practice" in sentence) is (cell["mark"] not in UNSAID)


def test_a_pair_of_few_organisations_says_why_nothing_is_said(store: Store) -> None:
    """They have answers enough, and too few peers: no cell has a letter of silence then."""
    left, right = standings(alike(6), 300, 150)
    matrix = matrix_of(overview(committed(store, left, right)))
    assert matrix.telling == ()
    (why,) = words.silences(matrix)
    assert why.startswith("FFT GP – GP survey: Not enough evidence: ")
    assert why.endswith(".")


def test_one_organisation_is_told_in_the_singular(store: Store) -> None:
    assert words.summary(matrix_of(overview(two_sources(store, count=1)))).startswith(
        "1 practice by"
    )


def test_an_area_nobody_knows_is_called_that(store: Store) -> None:
    matrix = matrix_of(overview(two_sources(store)))
    assert words.by_area(matrix, matrix.pairs[0])["area"].unique().tolist() == ["No area known"]
    assert matrix.areas() == []
