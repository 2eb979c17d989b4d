"""Other reasonable choices: each specification is what asking for it gives; what matters and what is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pxcore.analysis.judging import robustness as question
from pxcore.analysis.judging.judgement import judgement
from pxcore.analysis.judging.robustness import RobustnessReport, robustness
from pxcore.analysis.judging.verdicts import MARKS
from pxcore.model import Months, Pairing, Selection, Sentiment
from pxcore.model import TestScale as Scale
from pxcore.stats.sensitivity import Stability, Steadiness
from pxcore.stats.verdict import Rule
from pxcore.store import Store
from pxcore.words.robustness import CHOICES as TITLES
from pxcore.words.robustness import decisive, of_one, specifications, summary
from tests.analysis.frames import alike, standings
from tests.analysis.joining.test_selection import answers
from tests.store.loads import extract

VOICES = Pairing("fft_gp", "healthwatch")
GP = Pairing("fft_gp", "gp_survey")


@pytest.fixture(scope="module")
def voices(demonstration: Store) -> RobustnessReport:
    return robustness(demonstration, VOICES)


def asked_for(pairing: Pairing, one: pd.Series) -> Pairing:
    """The same question as one specification asks it, by hand."""
    return replace(
        pairing,
        months=Months(one["window"]),
        selection=Selection(sentiment=Sentiment(one["sentiment"])),
        settings=replace(
            pairing.settings,
            scale=Scale(one["scale"]),
            evidence_floor=int(one["floor"]),
            design_effect=float(one["design_effect"]),
            false_discovery=float(one["rate"]),
            comments_halved=bool(one["comments"]),
        ),
    )


def test_each_specification_gives_the_verdicts_of_asking_for_it(
    demonstration: Store, voices: RobustnessReport
) -> None:
    table = voices.specifications
    assert len(table) == 2 * 3 * 2 * 2 * 3  # scale, floor, rate, comments, sentiment
    for place in np.random.default_rng(1).choice(len(table), 6, replace=False):
        verdicts = judgement(demonstration, asked_for(VOICES, table.iloc[place])).verdicts
        assert verdicts is not None
        rules = verdicts.cells.set_index("unit")["rule"].reindex(list(voices.units))
        marks = np.array([MARKS[Rule(int(rule))] for rule in rules.fillna(Rule.SILENCE)])
        shown = voices.marks[place] != ""
        assert shown.sum() > 50
        assert (voices.marks[place][shown] == marks[shown]).all()


def test_what_is_varied_is_what_can_matter_for_the_two(demonstration: Store) -> None:
    varied = robustness(demonstration, GP).specifications.nunique()
    assert varied["window"] == 3  # a monthly source beside a survey
    assert (varied["sentiment"], varied["comments"]) == (1, 1)  # no comments


def test_of_a_large_grid_as_many_are_drawn_as_can_be_tried_ours_among_them(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, right = standings(alike())
    store.commit([extract(fft_fact=left), extract(survey_fact=right)])
    whole = robustness(store, GP)
    assert whole.possible == len(whole.marks)
    assert f"under {whole.possible} ways" in summary(whole)
    monkeypatch.setattr(question, "MOST_WAYS", 10)
    drawn = robustness(store, GP)
    assert (len(drawn.marks), drawn.possible) == (10, whole.possible)
    assert drawn.specifications["default"].sum() == 1
    assert f"under 10 of {whole.possible} (drawn by lot) ways" in summary(drawn)
    again = robustness(store, GP)
    pd.testing.assert_frame_equal(again.specifications, drawn.specifications)
    # each of the ten is what the whole grid has for it
    key = [name for name in whole.specifications if name != "default"]
    places = whole.specifications.reset_index().merge(drawn.specifications[key], on=key)["index"]
    assert (whole.marks[places] == drawn.marks).all()


def test_the_silent_and_unheard_are_no_stable_verdicts(store: Store) -> None:
    """Twenty-four organisations of which both sources speak with thousands, one with six answers each."""
    left, right = standings(alike())
    few_left, few_right = standings([(0.0, 0.0)], left=6, right=6)
    few: list[dict[str, Any]] = [row | {"provider": "P-few"} for row in (*few_left, *few_right)]
    store.commit([extract(fft_fact=[*left, few[0]]), extract(survey_fact=[*right, few[1]])])
    found = robustness(store, GP)
    assert "P-few" in found.units
    heard = dict(zip(found.units, found.heard, strict=True))
    assert sum(heard.values()) == len(found.units) - (0 if heard["P-few"] else 1)
    assert summary(found).startswith(f"Of {sum(heard.values())} verdicts under ")
    if not heard["P-few"]:
        assert "1 organisation is never heard enough to be judged." in summary(found)
    counts = dict.fromkeys(Steadiness, 0)
    for unit, code in zip(found.units, found.stability.steadiness, strict=True):
        counts[Steadiness(int(code))] += heard[unit]
    told = ", ".join(f"{n:,} {one.words}" for one, n in counts.items())
    assert told in summary(found)


def test_a_source_without_stars_is_not_counted_by_stars(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question, "MOST_WAYS", 24)
    told = [
        (f"P-{place}", {"sentiment": mood}, 20, good)
        for place in range(12)
        for mood, good in (("positive", 20), ("negative", 0), ("neutral", 0))
    ]
    survey = standings(alike(12))[1]
    store.commit([answers("healthwatch", told), extract(survey_fact=survey)])
    found = robustness(store, Pairing("gp_survey", "healthwatch"))
    assert set(found.specifications["sentiment"]) == {Sentiment.POSITIVE, Sentiment.MIXED_HALF}


def test_months_are_varied_only_where_one_source_is_monthly_and_the_other_is_not(
    store: Store,
) -> None:
    """A local survey held by the month beside FFT: more months of both, or of one alone, is no choice."""
    told = [(f"P-{place}", {}, 40 + place, 20 + place) for place in range(12)]
    more = [(f"P-{place}", {}, 60 + place, 30 + place % 5) for place in range(12)]
    store.commit([answers("fft_local", told), answers("local_survey", more)])
    found = robustness(store, Pairing("fft_local", "local_survey"))
    assert found.specifications["window"].nunique() == 1
    assert "which months" not in decisive(found)


def told_of(marks: list[list[str]], decisive: list[int]) -> RobustnessReport:
    """Two ways, ours the first, by hand; `decisive` names the floor (0) or none (-1) by organisation."""
    many = len(marks[0])
    steadiness = np.full(many, int(Steadiness.DEPENDS))
    return RobustnessReport(
        units=tuple(f"P-{place}" for place in range(many)),
        stability=Stability(
            share=np.full(many, 0.5),
            steadiness=steadiness,
            decisive=np.array(decisive),
            choices=("floor",),
            swings=np.full((1, many), 0.5),
            specifications=2,
        ),
        specifications=pd.DataFrame({"default": [True, False]}),
        possible=2,
        marks=np.array(marks),
        z=np.full((2, many), np.nan),
    )


def test_what_flips_most_counts_those_that_are_judged_alone() -> None:
    """Three flip between silence and too few answers: no verdict of theirs depends on the floor."""
    marks = [["agreement", *["silence"] * 3], ["partial agreement", *["not enough evidence"] * 3]]
    found = told_of(marks, [0, 0, 0, 0])
    assert summary(found).startswith("Of 1 verdict under 2 ways")
    assert decisive(found).endswith("(for 1).")


def test_where_nobody_is_ever_judged_nothing_is_said_to_hold() -> None:
    found = told_of([["silence"] * 2, ["not enough evidence"] * 2], [0, 0])
    assert summary(found) == ("Under none of 2 ways is any organisation heard enough to be judged.")
    assert decisive(found) == ""


def test_every_choice_has_words_and_one_organisation_a_sentence() -> None:
    assert tuple(TITLES) == question.CHOICES
    found = told_of([["agreement", "silence"], ["partial agreement", "silence"]], [0, -1])
    assert of_one(found, "P-0") == (
        "The same verdict in 1 of 2 reasonable ways to work it out: depends on choices. Otherwise mostly: "
        "partial agreement (1). What changes it most often is how many answers it takes to be heard."
    )
    assert of_one(found, "nowhere") == ""


def test_the_choices_of_one_organisation_are_shown_in_words(voices: RobustnessReport) -> None:
    rows = specifications(voices, voices.units[0])
    assert set(rows["comments"]) == {"a person", "half a person"}
    assert rows["window"].str.contains("fieldwork|months|year").all()
    assert rows["z"].dropna().is_monotonic_increasing
