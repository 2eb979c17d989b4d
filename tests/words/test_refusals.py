"""Why there is no answer, kind by kind: the sentence, its heart, and the way out."""

from __future__ import annotations

from datetime import date

import pytest

from pxcore.analysis.joining.independence import SameAnswers, Sign
from pxcore.analysis.joining.refusals import (
    AcrossBreak,
    Apart,
    Cause,
    NoFigures,
    NotByQuarter,
    NothingInside,
    OtherDomains,
    Refusal,
    SameSource,
)
from pxcore.analysis.judging.judgement import FewJudged, Mute, NobodyInArea, SamePeople
from pxcore.analysis.judging.silence import Silence
from pxcore.analysis.pairs.agreement import FewCompared
from pxcore.model import Grain, Period
from pxcore.words.refusals import brief, sentence, text, way_out

FEBRUARY, WAVE = Period.month(2026, 2), Period(date(2024, 1, 2), date(2024, 3, 25))


def few(compared: int = 0, withheld: int = 0, names: int = 0, *, no_order: bool = False) -> Refusal:
    return FewCompared(Grain.PRACTICE, compared, withheld, 5, names, no_order, Cause.FEW)


SAID = [
    (
        SameSource("gp_survey"),
        "Both sides are GP Patient Survey: the same people answered both, so that they agree would say "
        "nothing.",
        "Choose another source on one side.",
    ),
    (
        NoFigures("gp_survey", "overall", Grain.SITE),
        "GP Patient Survey (Overall experience) has no dated figures for sites.",
        "",
    ),
    (
        NotByQuarter("healthwatch"),
        "Healthwatch feedback: single responses are counted by whole quarters.",
        "Choose a quarter or a year.",
    ),
    (
        NothingInside("gp_survey", FEBRUARY, (WAVE,)),
        "GP Patient Survey has nothing in February 2026: it covers 2 Jan – 25 Mar 2024.",
        "",
    ),
    (
        Apart("fft_gp", "gp_survey", (FEBRUARY,), (WAVE,), 24),
        "The periods do not meet: FFT GP covers February 2026, GP survey covers 2 Jan – 25 Mar 2024.",
        "Load extracts of the same time, or ask for the latest of each, whatever its date.",
    ),
    (
        AcrossBreak("gp_survey", "the questionnaire was redesigned"),
        "GP Patient Survey: the questionnaire was redesigned; nothing is compared across it.",
        "",
    ),
    (
        OtherDomains("fft_gp", "gp_survey", ("overall", "access"), ("", "phone")),
        "They do not ask about the same thing: FFT GP on overall experience and GP survey on access.",
        "To compare them all the same, choose the measures by name.",
    ),
    (
        SamePeople(("A", "B", "C", "D"), SameAnswers(Sign.COUNTS, alike=3, periods=4)),
        "The same people seem to have answered both sources at A, B, C and 1 more: in 3 of 4 periods both "
        "hold the very same number of answers and of positive ones. Their agreement is no evidence, and "
        "is not counted.",
        "",
    ),
    (
        NobodyInArea("fft_gp", "gp_survey", Grain.PRACTICE),
        "Not enough evidence: no practice of this area has enough answers in both FFT GP and GP survey.",
        "",
    ),
    (
        Mute("gp_survey", Silence.NO_BASE, Cause.NO_BASE),
        "Not enough evidence: GP survey can support or contradict no other source here (numbers of answers "
        "not published).",
        "",
    ),
    (
        FewJudged("fft_gp", "gp_survey", Grain.PRACTICE, 1, Cause.FEW),
        "Not enough evidence: FFT GP and GP survey both have enough answers on only 1 practice, and it "
        "takes 10 to know how far two sources usually differ.",
        "",
    ),
    (
        few(compared=9, withheld=1, names=2),
        "Not enough evidence: only 9 practices can be compared, and it takes 10 to print a correlation. 1 "
        "is left out, with fewer than 5 answers in one of the two. 2 names are not matched to a code yet "
        "(Alignment page).",
        "",
    ),
]


@pytest.mark.parametrize(("refusal", "said", "out"), SAID, ids=lambda case: type(case).__name__)
def test_each_kind_is_a_sentence_with_its_way_out(refusal: Refusal, said: str, out: str) -> None:
    assert sentence(refusal) == said
    assert way_out(refusal) == out
    assert text([refusal]) == f"{said} {out}".strip()
    assert brief(refusal) in said
    assert not brief(refusal).endswith(".")


def test_no_kind_is_without_words() -> None:
    kinds = {kind.__name__ for kind in Refusal.__subclasses__()}
    assert {type(refusal).__name__ for refusal, *_ in SAID} == kinds
    assert isinstance(few().cause, Cause)


@pytest.mark.parametrize(
    ("refusal", "heart"),
    [
        (few(), "no practice has a value from both sources"),
        (few(withheld=3), "no practice has enough answers in both sources"),
        (few(compared=1), "only 1 practice can be compared"),
        (few(compared=12, no_order=True), "one source gives every organisation the same value"),
        (FewJudged("fft_gp", "gp_survey", Grain.PRACTICE, 0, Cause.NAMES), "on no practice"),
    ],
)
def test_the_heart_of_few_says_what_there_is(refusal: Refusal, heart: str) -> None:
    assert heart in brief(refusal)
    assert "it takes" not in brief(refusal)
