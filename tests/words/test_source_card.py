"""A source's card: what its files say, what they do not, and what such a source can bear."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pxcore.analysis.judging.source_card import SourceCard, source_card
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.disclosure import Released
from pxcore.model import Signal
from pxcore.words import source_card as words


def cards(whole: OverviewReport, pair: tuple[str, str]) -> tuple[SourceCard, SourceCard]:
    verdicts = whole.agreement(pair).verdicts
    assert verdicts is not None
    return (
        source_card(verdicts.left, verdicts.right),
        source_card(verdicts.right, verdicts.left),
    )


def test_a_card_says_what_is_asked_of_whom_when_and_how_well_it_tells_apart(
    every_pair: OverviewReport,
) -> None:
    verdicts = every_pair.agreement(("fft_gp", "gp_survey")).verdicts
    assert verdicts is not None
    fft, survey = cards(every_pair, ("fft_gp", "gp_survey"))
    facts = dict(words.facts(survey, verdicts.grain))
    assert facts["Asks"].startswith("Overall, how would you describe your experience of your GP")
    assert facts["Whom, and how"] == "Random sample of registered patients; weighted."
    assert facts["When"] == "Jan–Mar 2026."
    rows = verdicts.right.rows
    assert facts["How many"] == (
        f"{rows['respondents'].sum():,.0f} answers on {rows['value'].notna().sum()} practices."
    )
    assert facts["Usual level"] == (
        f"{verdicts.right.average:.0%} on average; FFT GP {verdicts.left.average:.0%}."
    )
    share = round(100 * verdicts.right.spread.mean_reliability)  # type: ignore[union-attr]
    assert (
        f"About {share} in 100 of the differences between practices are real"
        in (facts["Tells apart"])
    )
    facts = dict(words.facts(fft, verdicts.grain))
    assert "by itself" in facts["Cannot bear"]


def test_the_response_is_answers_of_those_asked(every_pair: OverviewReport) -> None:
    for report in every_pair.answered:
        verdicts = report.verdicts
        assert verdicts is not None
        for weighed, beside in (
            (verdicts.left, verdicts.right),
            (verdicts.right, verdicts.left),
        ):
            card = source_card(weighed, beside)
            rows = weighed.rows[weighed.rows["eligible"].notna()]
            facts = dict(words.facts(card, verdicts.grain))
            if rows.empty:
                assert card.response is None
                assert facts["Response"] == "Its files do not say how many were asked."
            else:
                assert card.response == pytest.approx(
                    rows["respondents"].sum() / rows["eligible"].sum()
                )
                assert facts["Response"].endswith(" of those asked answered.")


def test_answers_of_those_whose_number_asked_is_not_known_are_no_response(
    every_pair: OverviewReport,
) -> None:
    verdicts = every_pair.agreement(("fft_gp", "gp_survey")).verdicts
    assert verdicts is not None
    weighed = verdicts.right
    answers = weighed.rows["respondents"].head(4).tolist()
    rows = weighed.rows.head(4).assign(eligible=[answers[0] * 2, answers[1] * 4, None, None])
    card = source_card(replace(weighed, rows=Released(rows)), verdicts.left)
    assert card.response == pytest.approx(
        (answers[0] + answers[1]) / (answers[0] * 2 + answers[1] * 4)
    )


def test_answers_that_are_confidential_or_not_given_are_said_to_be(
    every_pair: OverviewReport,
) -> None:
    verdicts = every_pair.agreement(("fft_local", "local_survey")).verdicts
    assert verdicts is not None
    local, _ = cards(every_pair, ("fft_local", "local_survey"))
    assert local.confidential
    assert dict(words.facts(local, verdicts.grain))["How many"].startswith("about ")
    nothing = SourceCard(local.side, "", "c", False, 3, None, None, None, None, local.side, None)
    facts = dict(words.facts(nothing, verdicts.grain))
    assert facts["How many"] == "3 practices; its files give no number of answers."
    assert facts["Asks"] == f"{local.side.measure_title}."
    assert facts["Usual level"] == "Cannot be said."
    assert "Too few practices" in facts["Tells apart"]


def test_every_kind_of_source_has_what_it_can_and_cannot_bear() -> None:
    assert set(words.BEARS) == set(Signal)
