"""What a trainer shows on the demonstration is there: each step of the story in data/demo/README.md."""

from __future__ import annotations

from datetime import date

import pytest

from data.maker import planted
from pxcore.analysis.comments.documents import documents
from pxcore.analysis.joining.alignment import align
from pxcore.analysis.judging.certainty import AGREE, DIFFER, CertaintyReport, Unsaid
from pxcore.analysis.pairs.agreement import certainty
from pxcore.analysis.pairs.league import league
from pxcore.analysis.pairs.overview import OverviewReport, Standing
from pxcore.analysis.pairs.provider import provider
from pxcore.analysis.time.changes import sides
from pxcore.analysis.time.trends import trends
from pxcore.model import Disclosure, Organisation, Pairing, Scope
from pxcore.stats.certainty import Word
from pxcore.stats.control_chart import Variation
from pxcore.store import Store
from pxcore.words import overview as words
from pxcore.words import series as over_time

GP = Pairing("fft_gp", "gp_survey")
TRUSTS = Pairing("fft_inpatient", "cqc_inpatient")
# P-0103 is contradicted by Healthwatch alone, whose few comments are judged of nobody.
CONTRADICTED = {code for code in planted.CONTRADICTIONS if code != "P-0103"}


@pytest.fixture(scope="module")
def practices(demonstration: Store) -> CertaintyReport:
    return certainty(demonstration, GP)


def test_all_five_words_are_said_of_several_practices(practices: CertaintyReport) -> None:
    counted = practices.counts()
    assert min(counted[word.value] for word in Word) >= 3
    told = sum(counted[word.value] for word in (*AGREE, *DIFFER))
    judged = sum(counted[word.value] for word in Word)
    assert told / judged >= 0.6


def test_every_planted_contradiction_is_told_and_nobody_else(
    demonstration: Store, practices: CertaintyReport
) -> None:
    of_trusts = certainty(demonstration, TRUSTS)
    differ = {
        unit
        for report in (practices, of_trusts)
        for unit in report.cells.loc[report.cells["mark"].isin(DIFFER), "unit"]
    }
    assert differ == CONTRADICTED | set(planted.MILDER)


def test_those_planted_alike_are_never_told_to_differ(practices: CertaintyReport) -> None:
    marks = practices.cells.set_index("unit")["mark"][list(planted.ALIKE)]
    assert not marks.isin(DIFFER).any()
    assert marks.isin(AGREE).mean() >= 0.75


def test_silence_of_each_kind_is_that_of_several_practices(
    demonstration: Store, practices: CertaintyReport
) -> None:
    marks = practices.cells.set_index("unit")["mark"]
    for silent in (planted.NO_RETURN, planted.UNLISTED, planted.WITHHELD):
        assert len(silent) > 1
        assert set(marks[list(silent)]) == {Unsaid.SILENT}
    assert set(marks[list(planted.FEW)]) <= {Unsaid.SILENT, Unsaid.NOT_JUDGED}
    outcome = align(demonstration, GP).unmatched.groupby("unit")["outcome"].agg(set)
    assert all("withheld_unknown" in outcome[unit] for unit in planted.NO_RETURN)
    assert all("withheld_publisher" in outcome[unit] for unit in planted.WITHHELD)


def test_the_reversed_scale_is_asked_about(every_pair: OverviewReport) -> None:
    opposite = {
        (report.left.source, report.right.source)
        for report in every_pair.agreements
        if report.status == "ok" and report.opposite
    }
    assert opposite == {("fft_gp", "nhs_reviews")}
    (asked,) = [line for line in words.findings(every_pair) if "Is one scale reversed?" in line]
    assert Standing.OPPOSITE.capitalize() in asked


def test_two_boards_became_one(demonstration: Store) -> None:
    boards = demonstration.query("areas", organisation=Organisation.CURRENT.value)
    now = set(boards.loc[boards["grain"] == "icb", "code"])
    boards = demonstration.query("areas", organisation=Organisation.REPORTED.value)
    reported = set(boards.loc[boards["grain"] == "icb", "code"])
    assert reported - now == set(planted.FORMER_BOARDS)
    assert planted.MERGED_BOARD in now


def test_a_decision_can_be_confirmed_and_another_cannot(demonstration: Store) -> None:
    worked = trends(demonstration, unit=planted.ACTED)
    series = worked.of_source("fft_gp")
    assert series.chart is not None
    after = [
        variation
        for variation, start in zip(series.chart.variation, series.shown["start"], strict=True)
        if date.fromisoformat(str(start)[:10]) >= planted.ACTED_ON
    ]
    assert len(after) == 10
    assert set(after) == {Variation.IMPROVEMENT}
    waves = worked.of_source("gp_survey").shown.tail(2)
    before, since = waves.iloc[0], waves.iloc[1]
    assert since["low"] > before["high"]
    same = trends(demonstration, unit=planted.NOTHING_MOVED).of_source("fft_gp")
    assert same.chart is not None
    assert set(same.chart.variation) == {Variation.COMMON}


def test_first_in_the_table_is_last_in_what_people_say(
    demonstration: Store, every_pair: OverviewReport
) -> None:
    unit = planted.TOP_OF_THE_LEAGUE
    report = provider(demonstration, unit, every_pair)
    ranked = league(demonstration, unit, report.voices)
    assert ranked is not None
    assert ranked.rank == 1
    inpatient = ranked.sources.set_index("source").loc["FFT inpatient"]
    assert inpatient["elsewhere"]
    assert inpatient["low"] >= 10


def test_documents_speak_where_figures_do_not(demonstration: Store) -> None:
    disclosure = Disclosure()
    written = {
        unit: documents(demonstration, unit, disclosure).rows for unit, *_ in planted.DOCUMENTS
    }
    assert len(written[planted.NEVER_RETURNS]) == 2
    assert written[planted.NOT_LISTED]["quotation"].ne("").all()
    few = written["P-0121"].iloc[0]
    assert few["quotation"] == ""  # of three people


def test_boards_are_compared_with_the_survey_of_every_four_weeks(demonstration: Store) -> None:
    pairs = align(demonstration, Pairing("fft_gp", "health_insight"))
    assert (str(pairs.left.period), str(pairs.right.period)) == (
        "March 2026",
        "3 Mar – 25 Mar 2026",
    )
    assert set(pairs.pairs["unit"]) == {"B-01", "B-02", "B-03", planted.MERGED_BOARD}


def test_the_trends_of_a_board_show_the_survey_of_every_four_weeks(demonstration: Store) -> None:
    report = trends(demonstration, Scope(Pairing("", "", area="B-02")))
    series = report.of_source("health_insight")
    assert len(series.shown) == 13
    assert series.is_wave
    assert over_time.why_no_trend(series).startswith("13 waves: a direction is looked for")
    assert "health_insight" not in {one.side.source for one in trends(demonstration).series}
    network = trends(demonstration, Scope(Pairing("", "", area="N-010")))
    assert "health_insight" not in {one.side.source for one in network.series}
    # only surveys of practices are set against what practices' series do
    assert {survey.source for survey, _ in sides(report)} == {"gp_survey"}
