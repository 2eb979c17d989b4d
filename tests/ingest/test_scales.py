"""Scales: what a word counts as, and which scales a column's words leave open."""

from __future__ import annotations

import pytest

from pxcore.ingest.scales import SCALES, fitting


@pytest.mark.parametrize(
    ("scale", "word", "positive", "score"),
    [
        ("experience", "Very good", 1, 5),
        ("experience", "Neither good or poor", 0, 3),
        ("recommend", "Likely", 1, 4),
        ("agree", "Strongly agree", 1, 5),
        ("disagree", "Strongly agree", 0, 1),
        ("stars", "★★★★☆", 1, 4),
        ("stars", "4 out of 5", 1, 4),
        ("stars", "3 stars", 0, 3),
        ("no", "No", 1, 2),
    ],
)
def test_a_word_counts_by_its_scale(scale: str, word: str, positive: float, score: float) -> None:
    likert = SCALES[scale].meaning(word)
    assert likert is not None
    assert (likert.positive, likert.score) == (positive, score)


@pytest.mark.parametrize(
    ("scale", "word"),
    [("experience", "Likely"), ("stars", "7/10"), ("stars", "3/10"), ("stars", "6"), ("easy", "Fairly easy"),
     ("criticality", "-3")],
)  # fmt: skip
def test_a_word_of_another_scale_is_not_counted(scale: str, word: str) -> None:
    assert SCALES[scale].meaning(word) is None


def test_words_leave_open_what_they_do_not_decide() -> None:
    assert fitting(["Very good", "Good", "Poor"]) == ("experience",)
    assert fitting(["Very good", "Very poor"]) == ("experience", "fairly_good")
    assert fitting(["Agree", "Disagree"]) == ("agree", "disagree")
    assert fitting(["Very good", "Wonderful"]) == fitting(["don't know"]) == fitting([]) == ()
