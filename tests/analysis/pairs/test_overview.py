"""Every pair of sources at once, and what each covers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pxcore.analysis.joining.refusals import Cause
from pxcore.analysis.judging.verdicts import LOOK_ORDER, MARKS
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.divergence import divergence
from pxcore.analysis.pairs.overview import (
    MOST_LOOKS,
    NO_REASON,
    Matrix,
    OverviewReport,
    coverage,
    overview,
)
from pxcore.charts import theme
from pxcore.model import Disclosure, Grain, Pairing, Period, Periods, Settings
from pxcore.stats.verdict import Rule
from pxcore.store import Store
from pxcore.ui.convergence import FIRST, MANY, legend, letters_said
from pxcore.words import agreement as agreement_words
from pxcore.words import divergence as divergence_words
from pxcore.words.verdicts import sentences
from tests.analysis.frames import GP, alike, committed, standings
from tests.store.loads import extract, fft, parent, provider, response, survey


def two_sources(store: Store, month: str = "2024-02", count: int = 12) -> Store:
    store.commit(
        [
            extract(fft_fact=[fft(f"P-{n}", 30 + n, 60, month) for n in range(count)]),
            extract(survey_fact=[survey(f"P-{n}", 0.4 + n / 40) for n in range(count)]),
        ]
    )
    return store


def test_an_empty_store_has_nothing_to_compare(store: Store) -> None:
    report = overview(store)
    assert report.agreements == ()
    assert "nothing to compare" in report.summary()
    assert report.figures()[0][1] == "0"
    assert report.table().empty
    assert report.coverage.summary() == "Nothing is loaded yet."


def test_one_source_alone_is_no_pair(store: Store) -> None:
    store.commit([extract(fft_fact=[fft("P-1", 30, 60)])])
    assert overview(store).agreements == ()


def test_the_pair_compared_is_the_summary(store: Store) -> None:
    report = overview(two_sources(store))
    assert "12 practices" in report.summary()
    assert report.table()[["pair", "status", "compared"]].values.tolist() == [
        ["FFT GP and GP survey", "Compared", 12]
    ]
    assert report.extracts == (1, 2)


def test_a_pair_refused_is_listed_with_its_reason_and_no_figure(store: Store) -> None:
    row = overview(two_sources(store, "2025-07")).table().iloc[0]
    assert row["status"] == "Not compared"
    assert pd.isna(row["correlation"])
    assert "July 2025" in row["said"]


def test_the_latest_of_each_is_marked_in_the_table(store: Store) -> None:
    report = overview(two_sources(store, "2025-07"), periods=Periods.LATEST)
    row = report.table().iloc[0]
    assert (row["status"], row["periods"]) == ("Compared", "July 2025 / 2 Jan – 25 Mar 2024")
    assert "not aligned in time" in row["said"]
    for label, value, rest in report.figures():
        correlation = label in ("Underlying agreement", "Raw rank correlation") and value != "–"
        assert rest.endswith("; not aligned in time") == correlation


@pytest.mark.parametrize(("source", "pairs"), [("healthwatch", 1), ("complaints", 0)])
def test_complaints_are_never_ranked_against_praise(store: Store, source: str, pairs: int) -> None:
    about = {"source": source, "grain": "trust", "service": ""}
    rows = [survey(f"T-{n}", 0.5 + n / 40, **about) for n in range(12)]
    answers = [fft(f"T-{n}", 30 + n, 60, source="fft_ae", grain="trust") for n in range(12)]
    store.commit([extract(survey_fact=rows), extract(fft_fact=answers)])
    assert len(overview(store).agreements) == pairs


@pytest.fixture(scope="module")
def whole(every_pair: OverviewReport) -> OverviewReport:
    """The demonstration's overview, made once."""
    return every_pair


def test_a_service_keeps_its_own_pairs_and_those_of_sources_on_several(
    whole: OverviewReport,
) -> None:
    report = whole.of_service("general_practice")
    pairs = {(one.left.source, one.right.source) for one in report.agreements}
    assert ("fft_gp", "gp_survey") in pairs
    assert ("fft_inpatient", "cqc_inpatient") not in pairs
    assert "cqc_inpatient" not in set(report.coverage.totals["source"])


def test_the_demonstration_is_answered_strongest_evidence_first(whole: OverviewReport) -> None:
    report = whole
    compared = [len(one.pairs) for one in report.answered]
    assert compared == sorted(compared, reverse=True)
    assert report.summary() == agreement_words.summary(report.answered[0])


def few_answers(store: Store) -> Store:
    three = [response(n, provider="P-9") for n in range(3)]
    store.commit(
        [extract(response=[row for row, _ in three], answer=[answer for _, answer in three])]
    )
    return store


def test_a_small_number_of_people_stands_in_no_column_of_coverage(store: Store) -> None:
    report = coverage(few_answers(store))
    cell = report.cells.iloc[0]
    assert cell["withheld"] == "floor"
    assert pd.isna(cell["respondents"])
    assert pd.isna(cell["rows"])  # one row is one person here


def test_answers_that_are_hidden_do_not_add_up_to_zero(store: Store) -> None:
    assert pd.isna(coverage(few_answers(store)).totals["respondents"].iloc[0])


def test_coverage_follows_the_floor(store: Store) -> None:
    """Single responses alone: what publishers print is shown as printed."""
    people = [response(n, provider="P-1", positive=n % 2) for n in range(4)]
    store.commit(
        [
            extract(fft_fact=[fft("P-1", 2, 3)]),
            extract(response=[row for row, _ in people], answer=[answer for _, answer in people]),
        ]
    )
    for disclosure in (Disclosure(), Disclosure(10)):
        report = coverage(store, disclosure)
        cells, totals = (rows.set_index("source") for rows in (report.cells, report.totals))
        assert cells.loc["fft_gp", "respondents"] == totals.loc["fft_gp", "respondents"] == 3
        assert np.isnan(cells.loc["fft_local", "respondents"])
        assert np.isnan(cells.loc["fft_local", "rows"])
        assert np.isnan(totals.loc["fft_local", "respondents"])


# --- The convergence matrix ---


def matrix_of(report: OverviewReport, title: str = "") -> Matrix:
    matrices = report.matrices()
    return matrices[title] if title else next(iter(matrices.values()))


def test_what_deserves_a_look_is_first_in_every_matrix(whole: OverviewReport) -> None:
    for matrix in whole.matrices().values():
        assert matrix.rows["look"].is_monotonic_increasing
        for _, rows in matrix.rows.groupby("look"):
            apart = rows["apart"].dropna()
            assert apart.is_monotonic_decreasing
        best = matrix.cells.groupby("unit")["look"].min()
        assert dict(zip(matrix.rows["unit"], matrix.rows["look"], strict=True)) == dict(best)
    first = matrix_of(whole)
    assert first.title == "Practices (general practice)"
    assert set(first.rows["unit"].head(5)) >= {"P-0012", "P-0044", "P-0057", "P-0081"}
    trusts = matrix_of(whole, "Trusts (inpatient)")
    assert trusts.rows["unit"].head(2).tolist() == ["T-03", "T-11"]


def test_the_marks_of_a_matrix_add_up_to_its_cells(whole: OverviewReport) -> None:
    for matrix in whole.matrices().values():
        cells = len(matrix.cells)
        by_pair = [sum(matrix.by_mark(pair).values()) for pair in matrix.pairs]
        assert sum(by_pair) == sum(matrix.counts().values()) == cells
        told = [int(n.replace(",", "")) for n in re.findall(r"([\d,]+) [a-z]", matrix.summary())]
        assert sum(told[2:]) == cells  # after the organisations and the pairs
        assert not matrix.cells.duplicated(["unit", "pair"]).any()
        for pair in matrix.pairs:
            by_area = matrix.by_area(pair)
            assert by_area["organisations"].sum() == (matrix.cells["pair"] == pair).sum()


def test_the_legend_tells_each_mark_with_its_word_and_number(whole: OverviewReport) -> None:
    matrix = matrix_of(whole)
    counts = matrix.by_mark(matrix.telling[0])
    assert counts["dissonance, unusual"] == 4  # of FFT and survey alone, whatever other pairs say
    marks, letters = legend(theme.LIGHT, counts), letters_said(matrix)
    for mark, count in counts.items():
        assert f"{mark} <b>{count:,}</b>" in marks
    assert "f too few answers" in letters
    assert "w withheld by the publisher" in letters
    assert set(matrix.cells.loc[matrix.cells["mark"] == "silence", "letter"]) != {""}
    assert (matrix.cells.loc[matrix.cells["mark"] != "silence", "letter"] == "").all()


def test_the_table_on_screen_says_briefly_why_there_is_no_figure(whole: OverviewReport) -> None:
    brief, full = whole.shown()["said"], whole.table()["said"]
    assert brief.str.len().max() < 60  # a line
    assert (brief.eq("") == full.eq("")).all()
    assert "Only 2 practices can be compared" in set(brief)
    assert not brief.str.contains("Not enough evidence|\\.", regex=True).any()
    assert full.str.contains("25 are left out").any()  # in full in the download


def test_a_pair_that_is_silent_throughout_is_not_drawn_and_told(whole: OverviewReport) -> None:
    trusts = matrix_of(whole, "Trusts (inpatient)")
    assert trusts.telling == ("FFT inpatient – CQC inpatient",)
    silent = [pair for pair in trusts.pairs if pair not in trusts.telling]
    assert len(silent) == 4
    told = trusts.no_question_said()[0]
    assert told.startswith("Silent throughout, and not drawn: ")
    assert all(pair in told for pair in silent)
    nobody = matrix_of(whole, "Trusts (maternity)")
    assert nobody.telling == ()  # then nothing is drawn, and all of it told
    assert all(pair in nobody.no_question_said()[0] for pair in nobody.pairs)
    why = nobody.silence_said()
    assert [one.split(":")[0] for one in why] == list(nobody.pairs)
    assert all(re.search(r": [a-z].* \(\d", one) for one in why)  # a reason and how many


def test_what_a_source_does_not_ask_about_is_told(whole: OverviewReport) -> None:
    matrix = matrix_of(whole)
    assert "access" in matrix.no_question["FFT GP"]
    said = matrix.no_question_said()
    assert any(re.match(r"No question on access[^:]*: FFT GP\b", one) for one in said)
    assert len(said) == len(set(said)) <= 4  # what the same sources do not ask is told together
    assert "GP survey" not in matrix.no_question


def test_how_often_agreement_could_have_been_shown_is_told_for_the_pairs_that_speak(
    whole: OverviewReport,
) -> None:
    told = matrix_of(whole).could_agree()
    assert len(told) == 3
    assert told[0].startswith(
        "FFT GP – GP survey: Agreement could have been shown for 5 of the 122"
    )


def test_each_cell_says_what_its_mark_says(whole: OverviewReport) -> None:
    for matrix in whole.matrices().values():
        assert (matrix.cells["mark"] == [MARKS[Rule(rule)] for rule in matrix.cells["rule"]]).all()
        assert matrix.cells["said"].str.endswith(".").all()


def test_a_part_keeps_whole_rows_in_order(whole: OverviewReport) -> None:
    matrix = matrix_of(whole)
    part = matrix.part(most=7)
    assert list(dict.fromkeys(part["unit"])) == matrix.rows["unit"].head(7).tolist()
    assert part["place"].max() == 6
    area = matrix.areas()[0]
    here = matrix.part(area)
    assert set(here["unit"]) == set(matrix.rows.loc[matrix.rows["area"] == area, "unit"])


def test_one_organisation_is_told_in_the_singular(store: Store) -> None:
    assert matrix_of(overview(two_sources(store, count=1))).summary().startswith("1 practice by")


# --- Where to look first ---


def test_where_to_look_first_are_the_graded_ones_each_with_a_reason_or_none(
    whole: OverviewReport,
) -> None:
    assert len(whole.looks) == MOST_LOOKS
    assert {(look.left, look.unit) for look in whole.looks} < {
        ("fft_gp", "P-0044"), ("fft_gp", "P-0057"), ("fft_gp", "P-0012"), ("fft_gp", "P-0081"),
        ("fft_inpatient", "T-03"), ("fft_inpatient", "T-11"),
    }  # fmt: skip
    for look in whole.looks:
        assert look.how_sure.startswith("Dissonance, unusual: gap ")
        assert "answers" in look.how_sure
        assert look.reason == NO_REASON  # contradictions were planted, and nothing else
        assert "its peers" in look.what
        assert not re.search(r"\bnan\b|None", f"{look.what} {look.how_sure}")


def contradicted(store: Store, pairs: int = 2, **more: object) -> Store:
    places = [*alike(24), *[(2.4, -2.4), (-2.2, 2.2), (2.0, -2.4), (-2.0, 2.4)][:pairs]]
    left, right = standings(places)
    return committed(store, [row | more for row in left], right)


def test_a_reason_the_files_offer_stands_beside_the_look(store: Store) -> None:
    left, right = standings([*alike(24), (2.4, -2.4)])
    right[-1]["respondents"] = 29.0
    right[-1]["value"] = 0.2
    report = overview(committed(store, left, right))
    assert report.looks[0].unit == "P-24"
    assert report.looks[0].reason == (
        "Would more answers say the same? GP survey rests on 29 answers here."
    )


def test_the_latest_of_each_is_marked_where_to_look_first(store: Store) -> None:
    month = Period.month(2025, 7)
    contradicted(store, period_start=month.start, period_end=month.end)
    report = overview(store, periods=Periods.LATEST)
    assert report.findings()[0].startswith("Shown to rank alike")
    assert report.findings()[0].endswith(" compared; not aligned in time).")
    found = report.looks
    assert len(found) == 2
    assert all(look.how_sure.endswith(" answers (not aligned in time).") for look in found)


def test_nothing_graded_is_nothing_to_look_at(store: Store) -> None:
    assert overview(committed(store, *standings(alike()))).looks == ()


def test_looks_are_those_of_the_area_chosen(store: Store) -> None:
    contradicted(store)
    links = [parent(f"P-{n}", f"N-{n % 2}", "pcn") for n in range(26)]
    store.commit([extract(parent=links, provider=[provider("N-0", "pcn"), provider("N-1", "pcn")])])
    assert [look.unit for look in overview(store, area="N-0").looks] == ["P-24"]
    assert [look.unit for look in overview(store, area="N-1").looks] == ["P-25"]


def test_a_service_keeps_the_looks_of_its_own_sources(whole: OverviewReport) -> None:
    looks = whole.of_service("inpatient").looks
    assert looks
    # sources that speak of several services stay
    own = [look for look in looks if look.left != "fft_local"]
    assert {look.unit for look in own} <= {"T-03", "T-11"}
    practices = {look.left for look in whole.of_service("general_practice").looks}
    assert "fft_gp" in practices
    assert practices <= {"fft_gp", "fft_local"}
    assert "Practices (general practice)" not in whole.of_service("inpatient").matrices()


def test_a_service_has_the_five_looks_it_would_have_alone(whole: OverviewReport) -> None:
    looks = whole.of_service("general_practice").looks
    assert len(looks) == MOST_LOOKS
    assert {look.unit for look in looks} > {"P-0012", "P-0044", "P-0057", "P-0081"}


# --- Many organisations ---


@pytest.fixture(scope="module")
def many() -> OverviewReport:
    """Six hundred practices in six boards, two of them contradicted."""
    random = np.random.default_rng(3)
    at = random.standard_normal(598)
    places = [
        *zip(at, at + 0.4 * random.standard_normal(598), strict=True),
        (2.5, -2.5),
        (-2.5, 2.5),
    ]
    store = committed(
        Store.open(), *standings(places, 300, 150),
        parent=[parent(f"P-{n}", f"B-{n % 6}", "icb") for n in range(600)],
        provider=[provider(f"B-{n}", "icb") for n in range(6)],
    )  # fmt: skip
    report = overview(store)
    store.close()
    return report


def test_many_organisations_are_told_by_area_before_any_row(many: OverviewReport) -> None:
    matrix = matrix_of(many)
    assert len(matrix.rows) == 600 > MANY
    counts = matrix.by_area(matrix.pairs[0])
    assert counts["area"].nunique() == 6
    assert counts["organisations"].sum() == 600
    assert matrix.areas() == [f"B-{n}" for n in range(6)]
    assert "B-0" in matrix.by_area_said(matrix.pairs[0])


def test_the_rows_drawn_are_bounded_and_begin_with_the_contradicted(many: OverviewReport) -> None:
    matrix = matrix_of(many)
    drawn = matrix.part("", FIRST)
    assert drawn["unit"].nunique() == FIRST <= 20
    assert set(drawn["unit"].head(2)) == {"P-598", "P-599"}
    assert len(matrix.part("B-3")["unit"].unique()) == 100


def test_an_area_nobody_knows_is_called_that(store: Store) -> None:
    matrix = matrix_of(overview(two_sources(store)))
    assert matrix.by_area(matrix.pairs[0])["area"].unique().tolist() == ["No area known"]
    assert matrix.areas() == []


def test_the_order_to_look_is_that_of_the_verdicts() -> None:
    assert LOOK_ORDER.index(Rule.DISSONANCE_UNUSUAL) < LOOK_ORDER.index(Rule.DISSONANCE_USUAL)
    assert LOOK_ORDER[-1] is Rule.SILENCE


def test_every_pair_is_asked_as_the_filters_have_it(demonstration: Store) -> None:
    quarter = Period(date(2026, 1, 1), date(2026, 3, 31))
    report = overview(
        demonstration, measures={"gp_survey": "contact"}, grain="practice", window=quarter
    )
    asked = Pairing(
        "fft_gp", "gp_survey", right_measure="contact", grain="practice", window=quarter
    )
    alone = agreement(demonstration, asked)
    one = next(
        one
        for one in report.agreements
        if (one.left.source, one.right.source) == ("fft_gp", "gp_survey")
    )
    assert agreement_words.summary(one) == agreement_words.summary(alone)
    assert "GP survey by ‘Experience of contacting the practice’." in report.limits()
    assert {one.alignment.grain for one in report.answered} == {Grain.PRACTICE}
    periods = {str(side.period) for one in report.answered for side in (one.left, one.right)}
    assert periods == {str(quarter)}


def test_coverage_counts_every_organisation_not_those_of_the_fullest_month(store: Store) -> None:
    rows = [fft(f"P-{n}", 40, 50, f"2026-0{n}") for n in (1, 2, 3)]
    store.commit([extract(fft_fact=[*rows, fft("P-1", 30, 50, "2026-02")])])
    totals = coverage(store).totals
    assert totals["providers"].tolist() == [3]
    assert totals["periods"].tolist() == [3]
    assert coverage(store).cells["providers"].tolist() == [1, 2, 1]


def test_what_has_no_answer_says_why_in_a_line_and_by_its_cause(store: Store) -> None:
    report = overview(two_sources(store, "2025-07"))
    assert report.summary() == "The only pair of sources cannot be compared yet."
    first = report.without_answer(("gp_survey", "fft_gp"))
    assert first is not None
    assert [one.cause for one in first.refusals] == [Cause.APART]
    assert report.why_not(first).startswith("FFT GP and GP survey: the periods do not meet: FFT GP")
    assert overview(store, periods=Periods.LATEST).without_answer(("fft_gp", "gp_survey")) is None


# --- What Overview says and what Divergence says ---


@pytest.mark.parametrize("members", [0, 2, 4, 12])
def test_an_area_of_a_few_is_told_alike_by_overview_and_divergence(
    store: Store, members: int
) -> None:
    """Verdicts stand on every organisation, a correlation on those of the area: with a few of them the one
    can be told and the other cannot, and neither page may deny what the other shows."""
    here = contradicted(store)
    here.commit([extract(parent=[parent(f"P-{25 - n}", "B-1", "icb") for n in range(members)])])
    report = overview(here, area="B-1")
    beside = divergence(here, replace(GP, area="B-1"))
    judged = beside.status == "ok"
    assert judged is (members > 0)
    assert bool(report.one_by_one) is (judged and members < 10)
    assert (beside.refusals == ()) is judged
    if report.one_by_one:
        assert divergence_words.summary(beside).removesuffix(".") in report.summary()
        assert "None of" not in report.summary()
        assert "cannot be compared" not in report.summary()
    elif not judged:
        assert report.summary() == "The only pair of sources cannot be compared yet."
        assert [one.cause for one in beside.refusals] == [Cause.AREA]


def test_a_look_has_the_word_of_its_verdict_and_no_number_that_is_not_given(store: Store) -> None:
    left, right = standings([*alike(), (2.2, -2.2), (-2.0, 2.0), (4.0, 1.2)])
    store.commit(
        [
            extract(fft_fact=left),
            extract(survey_fact=[row | {"respondents": None} for row in right]),
        ]
    )
    report = overview(store, settings=Settings(assumed_base=400))
    verdicts = report.agreements[0].verdicts
    assert verdicts is not None
    words = dict(zip(verdicts.cells["unit"], sentences(verdicts, verdicts.cells), strict=True))
    assert len(report.looks) > 1
    for look in report.looks:
        assert not re.search(r"\bnan\b", look.how_sure)
        assert "GP survey gives no number" in look.how_sure
        assert look.how_sure.startswith(("Dissonance", "Partial agreement"))
        partly = words[look.unit].startswith("Same side")
        assert look.how_sure.startswith("Partial agreement") is partly
