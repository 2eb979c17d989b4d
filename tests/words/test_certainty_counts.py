"""For how many two sources tell the same story: what holds for most comes first, and nothing is 0 or 100."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pxcore.analysis.judging.certainty import CertaintyReport
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.disclosure import Released
from pxcore.stats.certainty import Word
from pxcore.words import certainty as words


def marked(whole: OverviewReport, agree: int, differ: int, either: int) -> CertaintyReport:
    """The report of two sources with so many organisations of each word, and no other."""
    report = whole.likely["fft_gp", "gp_survey"]
    marks = (
        [Word.PROBABLY_AGREE.value] * agree
        + [Word.VERY_LIKELY_DIFFER.value] * differ
        + [Word.COULD_BE_EITHER.value] * either
    )
    rows = report.likely.head(len(marks))
    return replace(report, cells=Released(rows.assign(mark=marks)))


@pytest.mark.parametrize(
    ("agree", "differ", "either", "said"),
    [
        (
            6,
            2,
            3,
            "tell the same story for most practices: very likely or probably for 6 of 11. They very likely "
            "or probably differ on 2; on 3 it could be either.",
        ),
        (
            2,
            6,
            0,
            "tell different stories for most practices: very likely or probably for 6 of 8. They very "
            "likely or probably agree on 2.",
        ),
        (
            0,
            6,
            1,
            "tell different stories for most practices: very likely or probably for 6 of 7. They probably "
            "agree on none; on 1 it could be either.",
        ),
        (
            4,
            4,
            2,
            "tell the same story for 4 of 10 practices, very likely or probably. They very likely or "
            "probably differ on 4; on 2 it could be either.",
        ),
    ],
)
def test_what_holds_for_most_comes_first(
    every_pair: OverviewReport, agree: int, differ: int, either: int, said: str
) -> None:
    report = marked(every_pair, agree, differ, either)
    assert words.summary(report) == f"FFT GP and GP survey {said}"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "< 1"), (0.004, "< 1"), (0.006, "1"), (0.5, "50"), (0.994, "99"), (0.996, "> 99")],
)
def test_a_narrow_column_never_says_0_or_100(share: float, shown: str) -> None:
    assert words.of_100(share) == shown
    assert words.of_100(np.nan) == ""
