"""The four-weekly survey beside monthly FFT, by board: practices pooled over the months of the wave."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest

from pxcore.analysis.files.load import load_files
from pxcore.analysis.joining.alignment import align
from pxcore.analysis.pairs.agreement import agreement
from pxcore.model import Grain, Pairing
from pxcore.store import Store

BOARDS = 12
OVERALL = "Overall, how would you describe your experience of your GP practice?"
WAVE = "14 - responses from 22 July 2025 to 13 August 2025"


def text(rows: Sequence[Sequence[object]]) -> bytes:
    lines = io.StringIO()
    csv.writer(lines).writerows(rows)
    return lines.getvalue().encode()


def practices() -> list[tuple[str, str]]:
    return [
        (f"P-{at:02}{own}", f"B-{at:02}")
        for at in range(BOARDS)
        for own in ("a".upper(), "b".upper())
    ]


def mapping() -> bytes:
    heads = ["GP_CODE", "GP_NAME", "PCN_CODE", "PCN_NAME", "ICB_CODE", "ICB_NAME"]
    return text(
        [
            heads,
            *(
                [
                    practice,
                    f"Practice {practice}",
                    f"N-{board}",
                    f"N {board}",
                    board,
                    f"NHS {board}",
                ]
                for practice, board in practices()
            ),
        ]
    )


def fft(month: int) -> bytes:
    """Of 100 answers of one practice 90, of 300 of the other 90 less the number of its board a hundred."""
    heads = [
        *("ICB Code", "Practice Code", "Practice Name", "Total Responses", "Percentage Positive"),
        *("Percentage Negative", "Very Good", "Good", "Neither Good nor Poor", "Poor", "Very Poor"),
        "Don't Know",
    ]
    rows = []
    for practice, board in practices():
        number = int(board[2:])
        asked, good = (100, 90) if practice.endswith("A") else (300, 3 * (90 - number) - month)
        rest = asked - good
        rows.append(
            [board, practice, practice, asked, good / asked, rest / asked, good, 0, 0, rest, 0, 0]
        )
    return text([heads, *rows])


def health_insight() -> bytes:
    heads = ["ICB code", "ICB name", "Wave", "Response option", "Percent", "LCL", "UCL"]
    return text(
        [
            [f"{OVERALL} By integrated care board, England"],
            [*heads, "Number of responses"],
            ["E92000001", "England", WAVE, "Good", 73.0, 72.4, 73.6, 40000],
            *(
                [f"B-{at:02}", f"NHS B-{at:02}", WAVE, "Good", 78 - at, 74 - at, 82 - at, 900]
                for at in range(BOARDS)
            ),
        ]
    )


@pytest.fixture
def loaded(store: Store) -> Store:
    files = [
        ("mapping.csv", mapping()),
        *((f"FFT-GP-{name}-25.csv", fft(month)) for month, name in ((7, "Jul"), (8, "Aug"))),
        ("health insight survey.csv", health_insight()),
    ]
    for file in load_files(store, files):
        assert file.status == "loaded", file.problem
    return store


def test_practices_are_pooled_by_board_over_the_month_that_holds_most_of_the_wave(
    loaded: Store,
) -> None:
    pairs = align(loaded, Pairing("health_insight", "fft_gp"))
    assert pairs.grain is Grain.ICB
    assert (str(pairs.left.period), str(pairs.right.period)) == (
        "22 Jul – 13 Aug 2025",
        "August 2025",
    )
    assert pairs.aligned_in_time
    assert not pairs.refusals
    first = pairs.pairs.set_index("unit").loc["B-03"]
    assert first["left_value"] == pytest.approx(0.75)
    assert first["right_respondents"] == 400
    assert first["right_value"] == pytest.approx((90 + 3 * 87 - 8) / 400)


def test_the_two_are_judged_with_the_published_limits(loaded: Store) -> None:
    report = agreement(loaded, Pairing("health_insight", "fft_gp", grain="icb"))
    assert report.correlation is not None
    assert report.correlation.estimate > 0.99
    assert report.judgement.verdicts is not None
    surveyed = report.judgement.verdicts.left.rows.set_index("unit").loc["B-03"]
    # limits 4 points from 75 % are worth 450 independent answers, of the 900 given
    assert surveyed["effective"] == pytest.approx(450, rel=0.02)
