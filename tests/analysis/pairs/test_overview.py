"""Every pair of sources at once, and what each covers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control

from pxcore.analysis.joining.refusals import Cause
from pxcore.analysis.judging.certainty import (
    AGREE,
    DIFFER,
    MARKS,
    Unsaid,
    beside_others,
)
from pxcore.analysis.pairs.agreement import agreement, certainty
from pxcore.analysis.pairs.coverage import coverage
from pxcore.analysis.pairs.divergence import divergence
from pxcore.analysis.pairs.matrix import Matrix
from pxcore.analysis.pairs.overview import MOST_LOOKS, OverviewReport, Standing, overview
from pxcore.analysis.questions import ask
from pxcore.model import Disclosure, Grain, Pairing, Period, Scope
from pxcore.stats.certainty import Word
from pxcore.stats.verdict import Rule
from pxcore.store import Store
from pxcore.ui.convergence import FIRST, MANY
from pxcore.words import agreement as agreement_words
from pxcore.words import certainty as certainty_words
from pxcore.words import matrix as matrix_words
from pxcore.words import overview as words
from tests.analysis.frames import GP, alike, committed, standings
from tests.remembering import remembering
from tests.store.loads import extract, fft, parent, provider, response, survey


def two_sources(store: Store, month: str = "2024-02", count: int = 12) -> Store:
    store.commit(
        [
            extract(fft_fact=[fft(f"P-{n}", 30 + n, 60, month) for n in range(count)]),
            extract(survey_fact=[survey(f"P-{n}", 0.4 + n / 40) for n in range(count)]),
        ]
    )
    return store


def test_one_source_alone_is_no_pair(store: Store) -> None:
    store.commit([extract(fft_fact=[fft("P-1", 30, 60)])])
    assert overview(store).agreements == ()


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
    assert words.summary(report) == agreement_words.summary(report.answered[0])


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
    titles = {matrix_words.title(matrix): matrix for matrix in report.matrices()}
    return titles[title] if title else next(iter(titles.values()))


def test_all_pairs_of_a_matrix_are_one_family_of_tests(whole: OverviewReport) -> None:
    several = 0
    for matrix in whole.matrices():
        reports = [one for one in matrix.certainties.values() if one.usual is not None]
        cells = [report.cells[report.cells["p_value"].notna()] for report in reports]
        several += len(cells) > 1
        tested = pd.concat(cells) if cells else pd.DataFrame({"p_value": []})
        rates = false_discovery_control(tested["p_value"].to_numpy(float))
        confidential = any(report.alignment.confidential for report in reports)
        if len(cells) > 1 or not confidential:  # a pair alone: from figures finer than are shown
            own = np.split(rates, np.cumsum([len(rows) for rows in cells])[:-1])[: len(cells)]
            for report, rows, rate in zip(reports, cells, own, strict=True):
                if report.alignment.confidential:
                    rate = [float(f"{q:.0e}") for q in rate]
                assert rows["q_value"].to_numpy(float) == pytest.approx(rate)
        for report, rows in zip(reports, cells, strict=True):
            differ = rows["mark"].isin(DIFFER)
            strict = (rows["q_value"] <= 0.05) & rows["beyond_margin"]
            assert (rows["shown"] == np.where(differ, strict, rows["agrees"] & rows["shown"])).all()
            unusual = rows["rule"].isin((Rule.DISSONANCE_UNUSUAL, Rule.SAME_SIDE_UNUSUAL))
            assert (unusual == ((rows["q_value"] <= 0.05) & ~rows["agrees"])).all()
            verdicts = report.verdicts
            assert verdicts is not None
            assert verdicts.cells.set_index("unit")["rule"].equals(
                report.cells.set_index("unit")["rule"].reindex(verdicts.cells["unit"])
            )
    assert several


def test_a_probability_that_was_kept_is_graded_as_beside_the_other_pairs(
    demonstration: Store, whole: OverviewReport
) -> None:
    """The screen keeps how likely a pair agrees for all its pages, and Overview tests it with others."""
    beside = whole.certainties["fft_gp", "gp_survey"]
    alone = certainty(demonstration, Pairing("fft_gp", "gp_survey"))
    graded = beside_others(alone, beside.judgement)
    assert (alone.cells["q_value"].dropna() != beside.cells["q_value"].dropna()).any()
    for column in ("unit", "agree", "mark", "q_value", "rule", "state", "shown"):
        pd.testing.assert_series_equal(graded.cells[column], beside.cells[column])
    usual = beside.verdicts.cells.assign(q_value=1.0, rule=int(Rule.DISSONANCE_USUAL))
    strict = replace(beside.judgement, verdicts=replace(beside.verdicts, cells=usual))
    differ = graded.cells["mark"].isin(DIFFER)
    assert alone.cells.loc[differ, "shown"].any()
    assert not beside_others(alone, strict).cells.loc[differ, "shown"].any()


def test_what_deserves_a_look_is_first_in_every_matrix(whole: OverviewReport) -> None:
    for matrix in whole.matrices():
        assert matrix.rows["look"].is_monotonic_increasing
        for _, rows in matrix.rows.groupby("look"):
            assert rows["agree"].dropna().is_monotonic_increasing
        best = matrix.cells.groupby("unit")["look"].min()
        assert dict(zip(matrix.rows["unit"], matrix.rows["look"], strict=True)) == dict(best)
    first = matrix_of(whole)
    assert matrix_words.title(first) == "Practices (general practice)"
    # beside the contradictions, one whose reviews are counted on a reversed scale
    assert {"P-0012", "P-0044", "P-0057", "P-0081"} < set(first.rows["unit"].head(5))
    trusts = matrix_of(whole, "Trusts (inpatient)")
    assert trusts.rows["unit"].head(2).tolist() == ["T-03", "T-11"]


def test_the_marks_of_a_matrix_add_up_to_its_cells(whole: OverviewReport) -> None:
    for matrix in whole.matrices():
        cells = len(matrix.cells)
        by_pair = [sum(matrix.by_mark(pair).values()) for pair in matrix.pairs]
        assert sum(by_pair) == sum(matrix.counts().values()) == cells
        told = [
            int(n.replace(",", ""))
            for n in re.findall(r"([\d,]+) [a-z]", matrix_words.summary(matrix))
        ]
        assert sum(told[2:]) == cells  # after the organisations and the pairs
        assert not matrix.cells.duplicated(["unit", "pair"]).any()
        for pair in matrix.pairs:
            by_area = matrix_words.by_area(matrix, pair)
            assert by_area["organisations"].sum() == (matrix.cells["pair"] == pair).sum()


def test_a_part_keeps_whole_rows_in_order(whole: OverviewReport) -> None:
    matrix = matrix_of(whole)
    part = matrix.part(most=7)
    assert list(dict.fromkeys(part["unit"])) == matrix.rows["unit"].head(7).tolist()
    assert part["place"].max() == 6
    area = matrix.areas()[0]
    here = matrix.part(area)
    assert set(here["unit"]) == set(matrix.rows.loc[matrix.rows["area"] == area, "unit"])


# --- Where to look first ---


def contradicted(store: Store, pairs: int = 2, **more: object) -> Store:
    places = [*alike(24), *[(2.4, -2.4), (-2.2, 2.2), (2.0, -2.4), (-2.0, 2.4)][:pairs]]
    left, right = standings(places)
    return committed(store, [row | more for row in left], right)


def test_nothing_that_differs_is_nothing_to_look_at(store: Store) -> None:
    assert overview(committed(store, *standings(alike()))).looks() == ()


def test_looks_are_those_of_the_area_chosen(store: Store) -> None:
    contradicted(store)
    links = [parent(f"P-{n}", f"N-{n % 2}", "pcn") for n in range(26)]
    store.commit([extract(parent=links, provider=[provider("N-0", "pcn"), provider("N-1", "pcn")])])
    assert [
        look.unit for look in overview(store, Scope.of(Pairing("", "", area="N-0"))).looks()
    ] == ["P-24"]
    assert [
        look.unit for look in overview(store, Scope.of(Pairing("", "", area="N-1"))).looks()
    ] == ["P-25"]


def test_a_service_keeps_the_looks_of_its_own_sources(whole: OverviewReport) -> None:
    looks = whole.of_service("inpatient").looks()
    assert looks
    # sources that speak of several services stay
    own = [look for look in looks if look.left != "fft_local"]
    assert {look.unit for look in own[:2]} == {"T-03", "T-11"}
    practices = {look.left for look in whole.of_service("general_practice").looks()}
    assert "fft_gp" in practices
    assert practices <= {"fft_gp", "fft_local"}
    assert "Practices (general practice)" not in map(
        matrix_words.title, whole.of_service("inpatient").matrices()
    )


def test_a_service_has_the_looks_it_would_have_alone(whole: OverviewReport) -> None:
    looks = whole.of_service("general_practice").looks()
    assert len(looks) == MOST_LOOKS
    assert {look.unit for look in looks} < {"P-0012", "P-0044", "P-0057", "P-0081"}


def test_the_pairs_of_which_something_is_said_come_as_they_are_listed(
    whole: OverviewReport,
) -> None:
    said = list(whole.likely)
    assert said[0] == ("fft_gp", "gp_survey")
    listed = [(report.left.source, report.right.source) for report in whole.agreements]
    assert said == [pair for pair in listed if pair in whole.likely]
    assert 1 < len(said) < len(listed)
    for pair, likely in whole.likely.items():
        assert whole.agreement(pair).left.source == pair[0]
        assert len(likely.likely) > 0
        matrix, name = whole.column(pair)
        assert matrix.certainties[name] is likely
    for pair in set(listed) - set(said):
        assert whole.certainties[pair].likely.empty


def test_looks_come_by_the_people_they_may_concern(whole: OverviewReport) -> None:
    """Those of a pair in the order of its own page; of two pairs the one that concerns more answers."""
    by_pair: dict[tuple[str, str], list[str]] = {}
    left = {pair: report.to_look_at("answers") for pair, report in whole.certainties.items()}
    for look in whole.every_look:
        pair = look.left, look.right
        assert look.cell["mark"] in DIFFER
        assert look.people == whole.certainties[pair].people
        assert look.concern == pytest.approx(
            (1 - look.cell["agree"]) * look.cell["gap_points"] * look.cell[look.people]
        )
        by_pair.setdefault(pair, []).append(look.unit)
        heads = {
            name: rows.set_index("unit")["concern"].loc[
                whole.certainties[name].to_look_at()["unit"].iloc[len(by_pair.get(name, []))]
            ]
            for name, rows in left.items()
            if len(rows) > len(by_pair.get(name, []))
        }
        in_answers = left[pair].set_index("unit")["concern"][look.unit]
        assert all(in_answers >= head for name, head in heads.items() if name != pair)
    for pair, units in by_pair.items():
        order = whole.certainties[pair].to_look_at()["unit"].tolist()
        assert units == order[: len(units)]
        listed = whole.certainties[pair].in_view["unit"].tolist()
        assert listed[: len(order)] == order  # as Divergence lists them
    assert whole.certainties["fft_gp", "gp_survey"].people == "patients"
    assert len({look.unit for look in whole.looks()}) == len(whole.looks()) == MOST_LOOKS


def test_the_pair_in_view_is_the_one_chosen_else_the_first_of_which_something_is_said(
    whole: OverviewReport,
) -> None:
    first, *_, last = whole.likely
    assert whole.pair_in_view(Pairing(*last)) == last
    assert whole.pair_in_view(Pairing(*reversed(last))) == last
    assert whole.pair_in_view(Pairing("fft_gp", "cqc_inpatient")) == first
    assert replace(whole, certainties={}).pair_in_view(Pairing(*last)) is None


def test_of_the_pair_in_view_those_to_look_at_come_first(whole: OverviewReport) -> None:
    for pair, likely in whole.likely.items():
        looks = whole.looks(pair)
        own = [look.unit for look in looks if (look.left, look.right) == pair]
        assert own == likely.to_look_at()["unit"].tolist()[: len(own)]
        assert own == [look.unit for look in looks][: len(own)]
        if own and not whole.agreement(pair).opposite:
            assert words.summary(whole, pair).endswith(f"Look first at {looks[0].name}.")


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
    counts = matrix_words.by_area(matrix, matrix.pairs[0])
    assert counts["area"].nunique() == 6
    assert counts["organisations"].sum() == 600
    assert matrix.areas() == [f"B-{n}" for n in range(6)]
    assert "B-0" in matrix_words.of_areas(matrix, matrix.pairs[0])


def test_the_rows_drawn_are_bounded_and_begin_with_the_contradicted(many: OverviewReport) -> None:
    matrix = matrix_of(many)
    drawn = matrix.part("", FIRST)
    assert drawn["unit"].nunique() == FIRST <= 20
    assert set(drawn["unit"].head(2)) == {"P-598", "P-599"}
    assert len(matrix.part("B-3")["unit"].unique()) == 100


def test_the_order_to_look_is_that_of_the_words() -> None:
    assert MARKS[:2] == DIFFER
    assert MARKS[2:5] == (Word.COULD_BE_EITHER, *reversed(AGREE))
    assert MARKS[5:] == tuple(Unsaid)


def test_pairs_that_are_refused_have_nothing_to_look_at(store: Store) -> None:
    report = overview(two_sources(store, "2025-07"))
    assert report.agreements[0].status == "refused"
    likely = report.certainties["fft_gp", "gp_survey"]
    assert (likely.status, len(likely.in_view), len(likely.to_look_at())) == ("refused", 0, 0)
    assert report.looks() == report.matrices() == ()


def test_every_pair_is_asked_as_the_filters_have_it(demonstration: Store) -> None:
    quarter = Period(date(2026, 1, 1), date(2026, 3, 31))
    whichever = Pairing("", "", grain="practice", window=quarter)
    report = overview(demonstration, Scope(whichever, (("gp_survey", "contact"),)))
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
    assert "GP survey by ‘Experience of contacting the practice’." in words.limits(report)
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


# --- What Overview says and what Divergence says ---


@pytest.mark.parametrize("members", [0, 2, 4, 12])
def test_an_area_of_a_few_is_told_alike_by_overview_and_divergence(
    store: Store, members: int
) -> None:
    """Probabilities stand on every organisation, a correlation on those of the area: with a few of them
    the one can be told and the other cannot, and neither page may deny what the other shows."""
    here = contradicted(store)
    here.commit([extract(parent=[parent(f"P-{25 - n}", "B-1", "icb") for n in range(members)])])
    report = overview(here, Scope.of(Pairing("", "", area="B-1")))
    beside = divergence(here, replace(GP, area="B-1"))
    judged = beside.status == "ok"
    assert judged is (members > 0)
    assert bool(report.standing(Standing.ONE_BY_ONE)) is (judged and members < 10)
    assert (beside.refusals == ()) is judged
    if report.standing(Standing.ONE_BY_ONE):
        assert certainty_words.summary(beside.certainty) in words.summary(report)
        assert "None of" not in words.summary(report)
        assert "cannot be compared" not in words.summary(report)
    elif not judged:
        assert words.summary(report) == "The only pair of sources cannot be compared yet."
        assert [one.cause for one in beside.refusals] == [Cause.AREA]


def test_a_pair_by_itself_is_the_same_before_and_after_overview(demonstration: Store) -> None:
    """What Overview shows is tested over all of its pairs; what Divergence shows, over its one alone."""
    alone = certainty(demonstration, GP)
    with remembering(demonstration):
        whole = ask(demonstration, overview)
        after = ask(demonstration, certainty, GP)
    columns = ["unit", "q_value", "rule", "shown"]
    pd.testing.assert_frame_equal(after.cells[columns], alone.cells[columns])
    beside = whole.certainties["fft_gp", "gp_survey"].cells
    assert (beside["q_value"] != alone.cells["q_value"]).any()


def test_whichever_two_are_chosen_it_is_one_report(demonstration: Store) -> None:
    """What is drawn of it is known by it, and stays as it is when another pair is looked at."""
    with remembering(demonstration):
        first = ask(demonstration, overview, Scope.of(GP, "general_practice"))
        beside = ask(
            demonstration, overview, Scope.of(Pairing("fft_gp", "healthwatch"), "general_practice")
        )
        elsewhere = ask(demonstration, overview, Scope.of(Pairing("", "", area="N-007")))
    assert beside is first
    assert elsewhere is not first
