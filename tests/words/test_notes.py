"""Every kind of note and of sign is said, of an alignment or of a source."""

from __future__ import annotations

import numpy as np
import pytest

from pxcore.analysis.joining.independence import SameAnswers, Sign
from pxcore.analysis.joining.notes import Note, Noticed
from pxcore.words import alignment, evidence
from pxcore.words.independence import sign
from tests.analysis.frames import figures, weighed

OF_A_SOURCE = {
    Noticed.OWN_PEERS: "GP survey: each organisation is set against its own peers; 1 has fewer than 10 peers "
    "and is not judged.",
    Noticed.FEW_PEERS: "GP survey: only 12 organisations have enough answers to be compared with one "
    "another: to be read with caution.",
    Noticed.ASSUMED_BASE: "GP Patient Survey: 1.3 answers are assumed for 1 organisation without a published "
    "number. Every verdict on them rests on that assumption.",
    Noticed.ASSUMED_MONTHS: "GP survey: 1.3 answers are taken to be worth one, because too few organisations "
    "have several months to see how far months differ by themselves.",
    Noticed.ASSUMED_DESIGN: "GP survey: 1.3 weighted answers are taken to be worth one (assumed; no interval "
    "is published for 1 organisation).",
}
OF_AN_ALIGNMENT = {
    Noticed.CUT_AT_BREAK: "FFT GP is cut at a break: age.",
    Noticed.NO_MODES: "FFT GP does not tell how each answer came: all of its answers are kept.",
    Noticed.NO_SPLIT: "FFT GP cannot be split by age: its figures are those of everybody who answered.",
    Noticed.NO_STARS: "FFT GP gives no stars: its comments count as they were coded.",
    Noticed.DISPUTED_AREAS: "Files of the same date put 1 organisation under different areas: P-1 under A, "
    "not B or C. The first code counts, or the one in a list of organisations; take out the file "
    "that is wrong.",
}


def test_every_kind_of_note_is_said() -> None:
    assert {*OF_A_SOURCE, *OF_AN_ALIGNMENT} == set(Noticed)


@pytest.mark.parametrize("kind", OF_AN_ALIGNMENT)
def test_a_note_on_an_alignment(kind: Noticed) -> None:
    noted = Note(kind, "fft_gp", "age", 1, disputed=(("P-1", "A", ("B", "C")),))
    assert alignment.note(noted) == OF_AN_ALIGNMENT[kind]


@pytest.mark.parametrize("kind", OF_A_SOURCE)
def test_a_note_on_a_source(kind: Noticed) -> None:
    source = weighed(figures(np.linspace(0.5, 0.8, 12), 100))
    count = 12 if kind is Noticed.FEW_PEERS else 1
    noted = Note(kind, "gp_survey", count=count, answers=1.3)
    assert evidence.note(source, noted) == OF_A_SOURCE[kind]


@pytest.mark.parametrize(
    ("noticed", "said"),
    [
        (
            SameAnswers(Sign.TIME, share=0.7, lag=30),
            "about 70% of the answers stand in both at the same time, 0.5 hour apart throughout",
        ),
        (
            SameAnswers(Sign.TIME, share=0.4, lag=120),
            "about 40% of the answers stand in both at the same time, 2 hours apart throughout",
        ),
        (
            SameAnswers(Sign.DAY, share=0.3),
            "about 30% of the answers stand in both on the same day",
        ),
        (
            SameAnswers(Sign.DAY, share=0.3, lag=1, together=True),
            "taken together, about 30% of the answers stand in both one day apart throughout",
        ),
        (
            SameAnswers(Sign.MONTH, share=1.0),
            "about 100% of the answers seem to stand in both: their numbers move together, period by period",
        ),
        (
            SameAnswers(Sign.WAVE, alike=1),
            "both hold the very same number of answers and of positive ones, as at 1 other organisation",
        ),
    ],
)
def test_each_sign_of_the_same_people(noticed: SameAnswers, said: str) -> None:
    assert sign(noticed) == said
