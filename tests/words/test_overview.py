"""Every pair of sources in words: the answer, the table, where to look first."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from pxcore.analysis.joining.refusals import Cause
from pxcore.analysis.judging.certainty import DIFFER
from pxcore.analysis.pairs.overview import MOST_LOOKS, OverviewReport, overview
from pxcore.model import Pairing, Period, Periods, Scope, Settings
from pxcore.stats.certainty import Word
from pxcore.store import Store
from pxcore.words import coverage as coverage_words
from pxcore.words import overview as words
from tests.analysis.frames import alike, committed, standings
from tests.analysis.pairs.test_overview import contradicted, two_sources
from tests.store.loads import extract


@pytest.fixture(scope="module")
def whole(every_pair: OverviewReport) -> OverviewReport:
    return every_pair


def test_an_empty_store_has_nothing_to_compare(store: Store) -> None:
    report = overview(store)
    assert report.agreements == ()
    assert "nothing to compare" in words.summary(report)
    assert words.pairs(report) == {}
    assert words.table(report).empty
    assert coverage_words.summary(report.coverage) == "Nothing is loaded yet."


def test_the_pair_compared_is_the_summary(store: Store) -> None:
    report = overview(two_sources(store))
    assert "12 practices" in words.summary(report)
    assert words.table(report)[["pair", "status", "compared"]].values.tolist() == [
        ["FFT GP and GP survey", "Compared", 12]
    ]
    assert report.extracts == (1, 2)


def test_a_pair_refused_is_listed_with_its_reason_and_no_figure(store: Store) -> None:
    row = words.table(overview(two_sources(store, "2025-07"))).iloc[0]
    assert row["status"] == "Not compared"
    assert pd.isna(row["correlation"])
    assert "July 2025" in row["to_bear_in_mind"]


def test_the_latest_of_each_is_marked_in_the_table(store: Store) -> None:
    report = overview(
        two_sources(store, "2025-07"), Scope.of(Pairing("", "", periods=Periods.LATEST))
    )
    row = words.table(report).iloc[0]
    assert (row["status"], row["periods"]) == ("Compared", "July 2025 / 2 Jan – 25 Mar 2024")
    assert "not aligned in time" in row["to_bear_in_mind"]
    assert words.summary(report).endswith("; not aligned in time).")


def test_the_table_on_screen_says_briefly_why_there_is_no_figure(whole: OverviewReport) -> None:
    brief, full = words.screen(whole)["to_bear_in_mind"], words.table(whole)["to_bear_in_mind"]
    assert brief.str.len().max() < 60  # a line
    assert (brief.eq("") == full.eq("")).all()
    assert "Only 2 practices can be compared" in set(brief)
    assert not brief.str.contains("Not enough evidence|\\.", regex=True).any()
    assert full.str.contains("25 are left out").any()  # in full in the download


def test_where_to_look_first_are_the_planted_ones_each_with_a_reason_or_none(
    whole: OverviewReport,
) -> None:
    assert len(whole.looks()) == MOST_LOOKS
    planted = {"P-0044", "P-0057", "P-0012", "P-0081"}
    assert planted <= {look.unit for look in whole.every_look if look.left == "fft_gp"}
    for look in whole.looks():
        assert look.unit in planted
        assert words.what(look).startswith("Very likely differ; ")
    for look in whole.every_look:
        assert re.search(
            r"^[▲▼] (?:FFT|NHS\.uk) .* \d+% \(peers \d+%\); [▲▼] .* [\d.]+%? \(peers [\d.]+%?\)$",
            "; ".join(words.each_source(look)),
        )
        # contradictions were planted, and nothing else
        assert words.reason(look) == "" or look.unit not in planted
        assert not re.search(r"\bnan\b|None", f"{words.what(look)} {words.each_source(look)}")
    first = whole.looks()[0]
    pair = (first.left, first.right)
    assert words.summary(whole, pair).endswith(f". Look first at {first.name}.")
    nobody = next(two for two, likely in whole.likely.items() if likely.to_look_at().empty)
    assert words.summary(whole, nobody).endswith(
        f". Look first at {first.name} (FFT local and GP survey)."
    )


def test_a_pair_in_view_says_how_alike_it_is_in_general_in_one_figure(
    whole: OverviewReport,
) -> None:
    for pair, title in words.pairs(whole).items():
        line = words.limits(whole, pair)
        likely = whole.likely[pair]
        settled = len(likely.likely) - likely.counts()[Word.COULD_BE_EITHER]
        assert line.startswith(
            f"Whether they agree can be told for {settled} of {len(likely.likely)} "
        )
        assert ". How alike in general: " in line
        report = whole.agreement(pair)
        if report.latent and report.latent.estimate is not None and report.underlying_leads:
            assert f": {report.latent.estimate:.2f} (".replace("-", "−") in line
            assert "chance in the answers" not in line
        assert f"({len(whole.likely[pair].likely)} " in title
        assert words.sure(whole, pair)[0].startswith("Across ")


def test_a_reason_the_files_offer_stands_beside_the_look(store: Store) -> None:
    left, right = standings([*alike(24), (2.4, -2.4)])
    right[-1]["respondents"] = 29.0
    right[-1]["value"] = 0.2
    report = overview(committed(store, left, right))
    assert report.looks()[0].unit == "P-24"
    assert words.reason(report.looks()[0]) == (
        "Would more answers say the same? GP survey rests on 29 answers here."
    )


def test_the_latest_of_each_is_marked_where_to_look_first(store: Store) -> None:
    month = Period.month(2025, 7)
    contradicted(store, period_start=month.start, period_end=month.end)
    report = overview(store, Scope.of(Pairing("", "", periods=Periods.LATEST)))
    assert words.findings(report)[0].startswith("Shown to rank alike")
    assert words.findings(report)[0].endswith(" compared; not aligned in time).")
    looks = report.looks()
    assert len(looks) == 2
    assert all(words.what(look).endswith(" (not aligned in time).") for look in looks)


def test_what_has_no_answer_says_why_in_a_line_and_by_its_cause(store: Store) -> None:
    report = overview(two_sources(store, "2025-07"))
    assert words.summary(report) == "The only pair of sources cannot be compared yet."
    first = report.of_pair(("gp_survey", "fft_gp"))
    assert first is not None
    assert [one.cause for one in first.refusals] == [Cause.APART]
    assert words.why_not(first, first.refusals).startswith(
        "FFT GP and GP survey: the periods do not meet: FFT GP"
    )
    assert report.of_pair(("fft_gp", "healthwatch")) is None
    again = overview(store, Scope.of(Pairing("", "", periods=Periods.LATEST))).of_pair(
        ("fft_gp", "gp_survey")
    )
    assert again is not None
    assert again.refusals == ()


def test_a_look_has_the_word_of_its_mark_and_no_number_that_is_not_given(store: Store) -> None:
    left, right = standings([*alike(), (2.2, -2.2), (-2.0, 2.0), (4.0, 1.2)])
    store.commit(
        [
            extract(fft_fact=left),
            extract(survey_fact=[row | {"respondents": None} for row in right]),
        ]
    )
    report = overview(store, Scope.of(Pairing("", "", settings=Settings(assumed_base=400))))
    assert {look.unit for look in report.looks()} >= {"P-24", "P-25"}
    for look in report.looks():
        said = words.what(look)
        assert not re.search(r"\bnan\b", f"{said} {words.each_source(look)}")
        assert look.cell["mark"] in DIFFER
        assert said.lower().startswith(look.cell["mark"])
