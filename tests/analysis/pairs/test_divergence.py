"""About whom do two sources differ: the graded list, its words and its JSON; and what was planted."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pxcore.analysis.joining.refusals import Apart, Cause
from pxcore.analysis.judging.certainty import AGREE, DIFFER, MARKS, Unsaid
from pxcore.analysis.judging.judgement import Mark, judgement
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.divergence import MOST_DRAWN, DivergenceReport, Order, divergence
from pxcore.cli.run import plain as for_json
from pxcore.model import Disclosure, Pairing, Periods, Settings
from pxcore.publish.agreement import as_json as agreement_json
from pxcore.publish.divergence import as_json
from pxcore.stats.certainty import Word
from pxcore.stats.verdict import Rule, State
from pxcore.store import Store
from pxcore.words import certainty as certainty_words
from pxcore.words import divergence as words
from pxcore.words import refusals
from pxcore.words.certainty import GLYPHS, in_100
from pxcore.words.english import fixed, signed
from pxcore.words.verdicts import chance, sentences
from tests.analysis.frames import GP, alike, committed, standings
from tests.store.loads import fft, parent, provider, survey

TRUSTS = Pairing("fft_inpatient", "cqc_inpatient")
PLANTED = {"P-0012", "P-0044", "P-0057", "P-0081"}
SEVEN_ANSWERS = (
    "P-0066"  # two of seven positive: planted too, and heard only where a person asks for it
)


@pytest.fixture(scope="module")
def practices(demonstration: Store) -> DivergenceReport:
    return divergence(demonstration, GP)


@pytest.fixture(scope="module")
def trusts(demonstration: Store) -> DivergenceReport:
    return divergence(demonstration, TRUSTS)


def contradicted() -> list[tuple[float, float]]:
    """Two dozen practices on which the sources agree, and two on which they contradict each other."""
    return [*alike(), (2.2, -2.2), (-2.0, 2.0)]


# --- The list ---


def test_those_on_which_two_sources_differ_are_named_and_counted(store: Store) -> None:
    told = divergence(committed(store, *standings(contradicted())), GP)
    assert told.status == "ok"
    assert words.summary(told) == (
        "FFT GP and GP survey very likely or probably differ on 2 of 26 practices: Practice P-24 and "
        "Practice P-25. They very likely or probably agree on 24."
    )
    assert words.table(told)["unit"].head(2).tolist() == ["P-24", "P-25"]
    assert words.label(told, "P-24") == "Very likely differ (more than 99 in 100), confirmed"
    assert told.verdicts is not None
    assert set(told.verdicts.unusual["unit"]) == {"P-24", "P-25"}
    first, second = words.table(told)["gap"].head(2)
    assert first > 2.5
    assert second < -2.5
    assert words.findings(told)[0].startswith(
        "Practice P-24: FFT GP: clearly above its peers. GP survey: clearly below its peers."
    )


def test_sources_that_agree_differ_on_nobody(store: Store) -> None:
    told = divergence(committed(store, *standings(alike())), GP)
    assert words.summary(told) == (
        "FFT GP and GP survey probably differ on none of 24 practices (the same people may have answered "
        "both). "  # exactly alike: more than two mirrors would be
        "They very likely or probably agree on 24."
    )
    assert told.differing.empty
    assert told.verdicts is not None
    assert told.verdicts.unusual.empty


def test_the_gaps_of_usual_size_are_counted_beside_the_unusual(store: Store) -> None:
    random = np.random.default_rng(11)
    at = np.linspace(-1.8, 1.8, 40)
    mixed = 0.3 * at + 0.95 * random.permutation(at)
    told = divergence(
        committed(store, *standings([*zip(at, mixed, strict=True), (5.0, -5.0)])), GP
    )  # fmt: skip
    assert told.verdicts is not None
    assert told.verdicts.unusual["unit"].tolist() == ["P-40"]
    assert len(told.verdicts.of_usual_size) > 3
    # each gap that the stricter rules call dissonance is one on which the two differ, and shown
    differing = told.differing.set_index("unit")
    for unit in (*told.verdicts.unusual["unit"], *told.verdicts.of_usual_size["unit"]):
        assert differing.loc[unit, "mark"] in DIFFER
    assert differing.loc["P-40", "shown"]
    drawn = told.drawn()
    assert drawn["unit"].iloc[0] == "P-40"
    assert drawn["agree"].is_monotonic_increasing


@pytest.mark.parametrize("pair", [GP, TRUSTS, replace(GP, grain="pcn"), replace(GP, area="B-01")])
def test_what_the_summary_counts_is_what_the_cells_hold(
    demonstration: Store, pair: Pairing
) -> None:
    told = divergence(demonstration, pair)
    assert told.verdicts is not None
    cells, shown = told.rows, told.verdicts.shown
    assert set(cells["unit"]) == set(shown["unit"])
    marks = Counter(cells["mark"])
    differ, agree = (sum(marks[mark] for mark in kind) for kind in (DIFFER, AGREE))
    heard = int(shown["tested"].sum())
    assert sum(marks[word] for word in Word) == heard
    said = words.summary(told)
    assert f"differ on {differ or 'none'} of {heard} " in said
    assert f" agree on {agree or 'none'}" in said
    assert f"; on {marks[Word.COULD_BE_EITHER]} it could be either." in said
    listed = words.people_list(told, Order.PEOPLE, None)
    assert listed["unit"].tolist() == cells["unit"].tolist()
    glyphs = {f"{GLYPHS[mark]} {mark}".strip(): mark for mark in marks}
    assert Counter(listed["word"].map(glyphs)) == marks
    silent = listed["in_100"] == ""
    assert (silent == cells["agree"].isna().reset_index(drop=True)).all()
    assert listed.loc[~silent, "in_100"].str.fullmatch(r"\d\d?|< 1|> 99").all()
    for which, weighed in (("left", told.verdicts.left), ("right", told.verdicts.right)):
        value = cells[f"{which}_value"].reset_index(drop=True)
        assert (listed[which].eq("") == value.isna()).all()
        for text, figure in zip(listed[which], value, strict=True):
            apart = round(figure * 100) - round(weighed.average * 100) if figure == figure else 0
            if weighed.side.unit == "proportion" and figure == figure:
                way = "▲ " if apart > 0 else "▼ " if apart < 0 else ""
                assert text == f"{way}{figure:.0%} ({signed(apart)})"
    assert ("patients" in listed) == cells["patients"].notna().any()
    json_counts = as_json(told)
    assert json_counts["unusual"] == int((shown["rule"] == Rule.DISSONANCE_UNUSUAL).sum())
    assert json_counts["heard"] == heard
    assert sum(json_counts["states"].values()) == len(cells) == len(json_counts["organisations"])
    assert json_counts["certainty"]["words"] == {mark.value: marks[mark] for mark in MARKS}
    assert words.limits(told).startswith(certainty_words.before(told.certainty))
    assert len(told.drawn()) == min(MOST_DRAWN, heard)


def test_the_sentence_of_each_gap_is_that_of_its_figures(practices: DivergenceReport) -> None:
    for unit in words.table(practices)["unit"].head(30):
        cell = practices.cell(unit)
        said = " ".join(words.evidence(practices, unit))
        higher, lower = ("FFT GP", "GP survey") if cell["gap"] > 0 else ("GP survey", "FFT GP")
        assert f"{higher} probably puts it {fixed(abs(cell['gap']), 1)} typical differences" in said
        spans = re.search(rf"than {lower} does \((−?[\d.]+) to (−?[\d.]+)\)", said)
        assert spans is not None
        low, high = (float(end.replace("−", "-")) for end in spans.groups())
        assert low <= abs(cell["gap"]) + 0.05
        assert high >= abs(cell["gap"]) - 0.05
        assert f"{cell['left_respondents']:,.0f} answers" in said
        assert f"opposite sides: {in_100(cell['opposite'])}" in said
        assert ("Confirmed: a stricter test" in said) is bool(cell["shown"])
        assert f"after its {cell['left_respondents']:,.0f} and " in words.sentence(practices, unit)


def test_the_stricter_test_says_its_own_gap_and_chance(practices: DivergenceReport) -> None:
    for unit in words.table(practices)["unit"].head(30):
        cell = practices.cell(unit)
        said = " ".join(words.tested(practices, unit))
        assert f"the two are {abs(cell['difference']):.1f} typical differences apart" in said
        spans = re.search(r"apart \((−?[\d.]+) to (−?[\d.]+)\)", said)
        assert spans is not None
        low, high = (float(end.replace("−", "-")) for end in spans.groups())
        assert low <= abs(cell["difference"]) + 0.05
        assert high >= abs(cell["difference"]) - 0.05
        assert f"a gap of {cell['detectable']:.1f} typical" in said
        assert f"is {chance(cell['q_value'])} (q, over" in said
        assert f"over {practices.verdicts.tested} tested together" in said  # type: ignore[union-attr]
    assert words.tested(practices, "P-0018") == []  # silent: nothing was tested


def test_the_table_for_the_screen_tells_ranges_in_words(practices: DivergenceReport) -> None:
    screen = words.screen(practices)
    first = words.table(practices).iloc[0]
    low, high = (signed(first[f"gap_{end}"], 1) for end in ("low", "high"))
    assert screen["probable_gap"].iloc[0] == f"{signed(first['gap'], 1)} ({low} to {high})"
    assert screen["probable_gap"].iloc[-1] == ""
    assert screen["likely"].iloc[0] == "Very likely differ (more than 99 in 100), confirmed"
    assert screen["likely"].iloc[-1] == "Silent: one source is silent"
    assert words.table(practices)["left_value"].max() == 1


# --- What cannot be judged ---


def test_periods_that_do_not_meet_are_refused_with_what_to_do(store: Store) -> None:
    rows = [fft(f"P-{n}", 30, 60, "2025-08") for n in range(12)]
    told = divergence(committed(store, rows, [survey(f"P-{n}", 0.5) for n in range(12)]), GP)
    assert (told.status, told.verdicts) == ("refused", None)
    assert "periods do not meet" in words.summary(told)
    assert [(type(one), one.cause, one.months) for one in told.refusals] == [  # type: ignore[attr-defined]
        (Apart, Cause.APART, 18)
    ]
    assert "ask for the latest of each" in refusals.text(told.refusals)
    assert words.limits(told) == ""
    assert words.findings(told) == []
    assert as_json(told)["organisations"] == []
    assert as_json(told)["status"] == "refused"


def test_the_latest_of_each_is_marked_as_not_aligned(store: Store) -> None:
    rows = [row | {"period_start": at, "period_end": at.replace(day=28)} for row, at in (
        (row, fft("P-1", 1, 1, "2025-08")["period_start"]) for row in standings(alike())[0]
    )]  # fmt: skip
    told = divergence(
        committed(store, rows, standings(alike())[1]), replace(GP, periods=Periods.LATEST)
    )  # fmt: skip
    assert Mark.NOT_ALIGNED in told.marks
    assert "not aligned in time" in as_json(told)["notes"]


def test_few_organisations_are_not_enough_evidence_and_the_sentence_says_how_few(
    store: Store,
) -> None:
    left, right = standings(alike(30))
    told = divergence(committed(store, left[:18], right[10:]), GP)
    assert told.status == "not_enough_evidence"
    assert refusals.text(told.refusals) == (
        "Not enough evidence: FFT GP and GP survey both have enough answers on only 8 practices, and it "
        "takes 10 to know how far two sources usually differ."
    )
    assert as_json(told)["organisations"] == []
    assert [one.cause for one in told.refusals] == [Cause.FEW]


def test_an_area_in_which_nobody_is_heard_says_so(store: Store) -> None:
    left, right = standings([*alike(), (0.0, 0.0), (0.5, 0.5)])
    for row in left[-2:]:
        row |= {"positive": 5.0, "respondents": 6.0, "value": 5 / 6}
    committed(
        store, left, right, parent=[parent("P-24", "N-9", "pcn"), parent("P-25", "N-9", "pcn")],
        provider=[provider("N-9", "pcn")],
    )  # fmt: skip
    told = divergence(store, replace(GP, area="N-9"))
    assert told.verdicts is not None
    assert (told.status, told.verdicts.heard) == ("not_enough_evidence", 0)
    assert "on only 24 practices" not in refusals.text(told.refusals)


def test_no_gap_is_shown_that_rests_on_an_assumed_usual_difference(store: Store) -> None:
    left, right = standings(alike(30))
    told = divergence(committed(store, left[:18], right[10:]), GP)
    assert told.status == "not_enough_evidence"
    assert words.table(told)[["q_value", "agree", "gap"]].isna().all(axis=None)
    assert words.tested(told, "P-12") == []
    assert "typical difference" not in " ".join(words.evidence(told, "P-12"))


def test_a_source_that_can_contradict_nobody_is_named_with_why(store: Store) -> None:
    left, _ = standings(alike())
    told = divergence(committed(store, left, [survey(f"P-{n}", 0.7) for n in range(24)]), GP)
    assert told.status == "not_enough_evidence"
    assert "GP survey can support or contradict no other source here" in refusals.text(
        told.refusals
    )
    assert "no difference between organisations beyond chance" in refusals.text(told.refusals)


def test_sources_that_hardly_track_each_other_are_said_to(store: Store) -> None:
    random = np.random.default_rng(2)
    places = [(float(a), float(b)) for a, b in random.standard_normal((80, 2))]
    told = divergence(committed(store, *standings(places)), GP)
    assert told.hardly_track
    assert any("hardly track each other" in said for said in words.warnings(told))


@pytest.mark.parametrize("count", [0, 1, 6, 12])
def test_small_stores_give_whole_reports(store: Store, count: int) -> None:
    left, right = standings(alike(max(count, 2))[:count])
    committed(store, [*left, fft("X", None, None)], [*right, survey("X", None)])
    told = divergence(store, GP)
    assert words.summary(told)
    for unit in told.rows["unit"]:
        assert words.evidence(told, unit)
        assert words.reasons(told, unit)
        assert words.label(told, unit)
    assert len(words.screen(told)) == count + 1
    assert told.cell("nowhere") == {}
    json.dumps(for_json(as_json(told)), allow_nan=False)


# --- JSON ---

PROMISED = {
    "word", "agree", "left_higher", "right_higher", "gap", "gap_low", "gap_high", "gap_points", "shown",
    "verdict", "difference", "difference_low", "difference_high", "z", "p_value", "q_value", "same_side",
    "detectable", "left_value", "left_low", "left_high", "left_respondents", "right_value", "right_low",
    "right_high", "right_respondents", "left_silence", "right_silence", "reasons", "unit", "name", "said",
}  # fmt: skip
HEAD = {
    "schema", "status", "reason", "grain", "area", "floor", "evidence_floor", "left", "right",
    "extracts", "revision", "notes", "organisations",
}  # fmt: skip


@pytest.mark.parametrize(
    "pair", [GP, TRUSTS, Pairing("fft_gp", "healthwatch"), replace(GP, grain="pcn")]
)
def test_the_json_is_whole_and_knows_no_nan(demonstration: Store, pair: Pairing) -> None:
    told = divergence(demonstration, pair)
    sent = json.loads(json.dumps(for_json(as_json(told)), allow_nan=False))
    assert set(sent) >= HEAD
    assert set(sent["left"]) == {"source", "measure", "period_start", "period_end"}
    assert told.verdicts is not None
    if told.status != "ok":
        assert sent["organisations"] == []
        assert sent["reason"]
        return
    assert {one["unit"] for one in sent["organisations"]} == set(told.verdicts.shown["unit"])
    assert len(sent["organisations"]) == len(told.verdicts.shown)
    for one in sent["organisations"]:
        assert set(one) >= PROMISED
        silent = bool(one["left_silence"] or one["right_silence"])
        assert (
            (one["difference"] is None) == (one["agree"] is None) == (one["gap"] is None) == silent
        )
        assert all(set(reason) == {"kind", "said"} for reason in one["reasons"])
        for which in ("left", "right"):
            if one[f"{which}_value"] is not None and one[f"{which}_low"] is not None:
                assert one[f"{which}_low"] <= one[f"{which}_value"] <= one[f"{which}_high"]
    assert sent["left"]["period_start"] < sent["left"]["period_end"]


def test_whatever_marks_agreement_marks_divergence(demonstration: Store) -> None:
    across = replace(GP, right_measure="phone")
    assert agreement(demonstration, across).marks == (Mark.ACROSS_DOMAINS,)
    assert divergence(demonstration, across).marks == (Mark.ACROSS_DOMAINS,)


def test_the_json_of_divergence_tells_what_was_assumed_as_that_of_agreement_does(
    trusts: DivergenceReport, demonstration: Store
) -> None:
    notes = agreement_json(agreement(demonstration, TRUSTS))["notes"]
    assert any("1.5 answers are taken to be worth one" in note for note in notes)
    assert set(as_json(trusts)["notes"]) >= set(notes)


@pytest.mark.parametrize("key", ["warnings", "aligned_in_time", "across_domains", "withheld"])
def test_the_json_of_divergence_has_the_head_of_agreements(
    trusts: DivergenceReport, key: str
) -> None:
    assert key in as_json(trusts)


def test_the_demonstration_says_what_it_said(
    practices: DivergenceReport, golden: Callable[[str, Any], None]
) -> None:
    told = for_json(as_json(practices))
    told["organisations"] = told["organisations"][:12]
    del told["extracts"]  # numbered as they were loaded
    golden("demonstration_divergence", told)


# --- What was planted ---


def test_the_planted_contradictions_of_practices_are_the_first_four(
    practices: DivergenceReport,
) -> None:
    first = words.table(practices).head(4)
    assert set(first["unit"]) == PLANTED == set(practices.differing["unit"].head(4))
    way = dict(zip(first["unit"], np.sign(first["gap"]), strict=True))
    assert {unit for unit in PLANTED if way[unit] > 0} == {"P-0012", "P-0057"}  # FFT the higher
    assert first["word"].tolist() == [Word.VERY_LIKELY_DIFFER] * 4
    assert first["shown"].all()
    assert first["verdict"].str.startswith("Dissonance").all()


def test_the_planted_contradictions_of_trusts_are_the_first_two(trusts: DivergenceReport) -> None:
    first = words.table(trusts).head(2)
    assert first["unit"].tolist() == ["T-03", "T-11"]
    assert first["word"].tolist() == [Word.VERY_LIKELY_DIFFER] * 2
    assert first["verdict"].tolist() == ["Dissonance, unusual"] * 2
    assert np.sign(first["gap"]).tolist() == np.sign(first["difference"]).tolist() == [1, -1]


@pytest.mark.parametrize(
    ("pair", "planted"),
    [
        (GP, PLANTED),
        (TRUSTS, {"T-03", "T-11"}),
        (Pairing("fft_local", "gp_survey"), {"P-0012"}),
        (replace(GP, settings=Settings(evidence_floor=5)), PLANTED | {SEVEN_ANSWERS}),
        (replace(GP, disclosure=Disclosure(30)), PLANTED),
    ],
)
def test_nothing_that_was_not_planted_is_shown_to_differ(
    demonstration: Store, pair: Pairing, planted: set[str]
) -> None:
    told = divergence(demonstration, pair)
    assert told.verdicts is not None
    assert set(told.verdicts.unusual["unit"]) <= planted
    differing = told.differing
    assert set(differing.loc[differing["shown"], "unit"]) <= planted
    assert set(differing.loc[differing["mark"] == Word.VERY_LIKELY_DIFFER, "unit"]) <= planted


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        (
            "P-0066",
            "Not enough evidence: nothing to compare. FFT GP: too few answers, and it takes 10.",
        ),
        (
            "P-0110",
            "Not enough evidence: nothing to compare. FFT GP: too few answers, and it takes 10.",
        ),
        (
            "P-0048",
            "Silence: nothing to compare. FFT GP: blank in the file: withheld or none received.",
        ),
        ("P-0041", "Silence: nothing to compare. FFT GP: not in its files."),
        (
            "P-0018",
            "Silence: nothing to compare. FFT GP: withheld by the publisher; GP survey: withheld by the "
            "publisher.",
        ),
    ],
)
def test_each_planted_silence_is_told_by_its_kind(
    practices: DivergenceReport, unit: str, said: str
) -> None:
    cell = practices.cell(unit)
    assert (words.sentence(practices, unit), cell["state"]) == (said, State.SILENCE.value)
    few = "too few answers" in said
    assert cell["mark"] == (Unsaid.NOT_JUDGED if few else Unsaid.SILENT)
    assert math.isnan(cell["difference"])
    assert math.isnan(cell["agree"])


def test_the_small_n_trap_is_shown_with_its_answers_and_without_a_verdict(
    practices: DivergenceReport,
) -> None:
    told = words.evidence(practices, "P-0066")
    assert told[0] == (
        "Friends and Family Test: GP (Jan–Mar 2026): 29% (6% to 71%; peers 89%), 7 "
        "answers; not heard: too few answers."
    )
    assert not any("gap" in said for said in told)


def test_full_marks_end_short_of_certainty(practices: DivergenceReport) -> None:
    cell = practices.cell("P-0090")
    assert cell["left_value"] == 1
    assert cell["left_low"] < 0.97
    assert cell["mark"] not in DIFFER


def test_many_more_answers_are_no_dissonance(practices: DivergenceReport) -> None:
    assert practices.cell("P-0052")["mark"] not in DIFFER


def test_a_practice_that_was_split_is_silent_with_that_reason(demonstration: Store) -> None:
    told = divergence(demonstration, Pairing("fft_gp", "healthwatch"))
    assert told.cell("P-0095")["left_silence"].startswith("the organisation was split")


@pytest.mark.parametrize("pair", [TRUSTS, Pairing("fft_inpatient", "healthwatch")])
def test_nothing_is_compared_at_sites_where_a_source_has_none(
    demonstration: Store, pair: Pairing
) -> None:
    told = divergence(demonstration, replace(pair, grain="site"))
    assert told.status == "refused"
    assert "no dated figures for sites" in refusals.text(told.refusals)


def test_the_trust_that_cannot_be_told_apart_by_service_is_heard_as_a_whole(
    trusts: DivergenceReport, demonstration: Store
) -> None:
    assert trusts.cell("T-02")["state"] == State.PARTIAL.value  # of few trusts hardly any is shown
    assert trusts.cell("T-02")["mark"] in AGREE
    voice = divergence(demonstration, Pairing("fft_inpatient", "healthwatch")).cell("T-02")
    assert (voice["state"], voice["left_silence"]) == (State.SILENCE.value, "")


def test_what_only_community_voice_contradicts_is_not_called_dissonance(
    demonstration: Store,
) -> None:
    """P-0103: three practices alone have ten comments, so nobody has a standing among peers."""
    told = divergence(demonstration, Pairing("fft_gp", "healthwatch"))
    assert told.status == "not_enough_evidence"
    cell = told.cell("P-0103")
    assert cell["right_value"] < 0.3
    assert cell["state"] == State.NOT_ENOUGH.value
    assert cell["mark"] == Unsaid.NOT_JUDGED


# --- Funnels ---


def test_a_percentage_has_a_funnel_and_a_score_has_none(
    practices: DivergenceReport, trusts: DivergenceReport
) -> None:
    assert len(practices.funnels()) == 2
    assert [source.side.source for _, source in trusts.funnels()] == ["fft_inpatient"]
    limits, source = practices.funnels()[0]
    rows = source.rows[source.rows["respondents"] >= 10]
    assert len(limits.z_adjusted) == len(rows)
    assert limits.target == pytest.approx(
        (rows["value"] * rows["respondents"]).sum() / rows["respondents"].sum()
    )
    outside = int((np.abs(limits.z_adjusted) > 3.0902).sum())
    assert f"{outside} of {len(rows)} organisations outside" in words.funnel(
        practices, limits, source
    )


def test_a_gap_too_rough_to_grade_says_so_and_not_that_it_may_be_small(
    practices: DivergenceReport,
) -> None:
    assert practices.verdicts is not None
    cells = practices.verdicts.cells
    grey = cells[(cells["rule"] == Rule.NOT_ENOUGH) & cells["tested"]]
    shown = grey[grey["difference_low"] * grey["difference_high"] > 0]
    rough = shown["narrowest"] > practices.verdicts.margin
    assert rough.any()
    for part, why in (
        (shown[rough], "too roughly to be graded"), (shown[~rough], "not whether it is over one")
    ):  # fmt: skip
        assert all(why in line for line in sentences(practices.verdicts, part))
    half = (shown["difference_high"] - shown["difference_low"])[rough] / 2
    assert (half > 1.96).all()


def test_the_list_is_ordered_as_asked_and_nobody_is_left_out(demonstration: Store) -> None:
    report = divergence(demonstration, Pairing("fft_gp", "gp_survey"))
    beside = judgement(demonstration, Pairing("fft_gp", "healthwatch"))
    assert list(words.orders(report, None)) == ["people", "likely", "size"]
    assert list(words.orders(report, beside)) == list(Order)
    for order in Order:
        rows = report.ordered(order, beside)
        assert sorted(rows["unit"]) == sorted(report.rows["unit"])
    assert report.ordered(Order.PEOPLE)["unit"].tolist() == report.rows["unit"].tolist()
    assert report.ordered(Order.LIKELY)["agree"].dropna().is_monotonic_increasing
    assert report.ordered(Order.SIZE)["patients"].dropna().is_monotonic_decreasing
    voice = report.voice(beside)
    units = report.ordered(Order.VOICE, beside)["unit"]
    heard = units[units.isin(voice.index)]
    assert len(heard) > 3
    assert units.tolist()[: len(heard)] == heard.tolist()  # who is not heard comes after
    assert voice[heard].is_monotonic_increasing
    own = divergence(demonstration, Pairing("fft_gp", "healthwatch"))
    assert own.voice().equals(own.verdicts.cells.set_index("unit")["right_value"].dropna())  # type: ignore[union-attr]
