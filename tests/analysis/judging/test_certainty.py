"""How likely two sources agree on every organisation: what it rests on, and what it must not hang on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from pxcore.analysis.judging.certainty import (
    AGREE,
    DIFFER,
    GAPS,
    MARKS,
    PROBABILITIES,
    CertaintyReport,
    Unsaid,
    exact_answers,
)
from pxcore.analysis.pairs.agreement import certainty
from pxcore.cli.run import plain as for_json
from pxcore.model import Pairing, Peers, Selection
from pxcore.publish.certainty import as_json
from pxcore.stats.certainty import Word, posterior, word
from pxcore.stats.certainty_nodes import Counted, Scored
from pxcore.stats.verdict import Rule
from pxcore.store import Store
from tests.analysis.frames import GP, alike, committed, standings
from tests.store.loads import extract, fft, parent, provider, survey

LOCAL = Pairing("fft_local", "gp_survey")
TRUSTS = Pairing("fft_inpatient", "cqc_inpatient")


@pytest.fixture(scope="module")
def practices(demonstration: Store) -> CertaintyReport:
    return certainty(demonstration, GP)


@pytest.fixture(scope="module")
def local(demonstration: Store) -> CertaintyReport:
    """Single responses, of which counts are shown with noise."""
    return certainty(demonstration, LOCAL)


@pytest.fixture(scope="module")
def trusts(demonstration: Store) -> CertaintyReport:
    """The survey is a score."""
    return certainty(demonstration, TRUSTS)


@pytest.fixture(scope="module")
def small(empty: Any) -> Store:
    """Two dozen practices, three contradicted, one with few answers and one without any."""
    left, right = standings(
        [*alike(), (2.2, -2.2), (-2.0, 2.0), (1.8, -1.4), (0.0, 0.0), (0.3, 0.3)]
    )
    left[27] |= {"positive": 5.0, "respondents": 6.0, "value": 5 / 6}
    store = Store.open(copied_from=empty)
    links = [parent(f"P-{n}", f"N-{n % 2}", "pcn") for n in range(29)]
    return committed(
        store, left, right[:28],
        parent=links, provider=[provider("N-0", "pcn"), provider("N-1", "pcn")],
    )  # fmt: skip


@pytest.fixture(scope="module")
def whole(small: Store) -> CertaintyReport:
    return certainty(small, GP)


# --- What is said of each ---


@pytest.mark.parametrize("which", ["practices", "local", "trusts", "whole"])
def test_probabilities_add_up_and_the_word_follows_from_them(
    which: str, request: pytest.FixtureRequest
) -> None:
    report: CertaintyReport = request.getfixturevalue(which)
    assert report.status == "ok"
    rows = report.likely
    rough = 0.011 if report.alignment.confidential else 1e-9  # each of three rounded on its own
    assert (
        (rows["agree"] + rows["left_higher"] + rows["right_higher"])
        .between(1 - rough, 1 + rough)
        .all()
    )
    sides = rows["both_above"] + rows["both_below"] + rows["opposite"]
    assert sides.between(1 - max(rough, 1e-6), 1 + max(rough, 1e-6)).all()
    assert rows[list(PROBABILITIES)].stack().between(0, 1).all()
    assert (rows["gap_low"] <= rows["gap"]).all()
    assert (rows["gap"] <= rows["gap_high"]).all()
    for side in ("left", "right"):
        middle = rows[f"{side}_informed"]
        assert middle.between(rows[f"{side}_informed_low"], rows[f"{side}_informed_high"]).all()
    for agree, mark in zip(rows["agree"], rows["mark"], strict=True):
        assert mark == word(float(f"{agree:.2f}"))
    assert sum(report.counts().values()) == len(report.in_view)
    assert list(report.counts()) == [mark.value for mark in MARKS]
    assert report.before is not None
    before = report.before
    assert before.agree + before.left_higher + before.right_higher == pytest.approx(1)


def test_those_least_likely_to_agree_come_first_and_the_silent_last(whole: CertaintyReport) -> None:
    assert set(whole.cells["unit"].head(3)) == {"P-24", "P-25", "P-26"}
    differ = whole.cells["mark"].isin(DIFFER)
    assert differ.is_monotonic_decreasing  # first, those that concern most people first
    assert whole.cells["unit"][differ].tolist() == whole.to_look_at()["unit"].tolist()
    assert whole.cells["look"][~differ].is_monotonic_increasing
    assert whole.cells["agree"][~differ].dropna().is_monotonic_increasing
    assert whole.cells["mark"].tail(2).tolist() == [Unsaid.NOT_JUDGED, Unsaid.SILENT]


def test_few_answers_are_not_judged_and_no_answers_are_silent(whole: CertaintyReport) -> None:
    cells = whole.cells.set_index("unit")
    assert cells.loc["P-27", "mark"] == Unsaid.NOT_JUDGED
    assert cells.loc["P-28", "mark"] == Unsaid.SILENT
    unsaid = cells.loc[["P-27", "P-28"]]
    assert unsaid[[*PROBABILITIES, *GAPS]].isna().all(axis=None)
    assert not unsaid["shown"].any()
    assert len(whole.dots("P-27")) == len(whole.dots("nowhere")) == 0
    assert (
        cells.loc[cells["agree"].notna(), ["left_silence", "right_silence"]].eq("").all(axis=None)
    )


@pytest.mark.parametrize("which", ["practices", "local", "trusts", "whole"])
def test_shown_is_what_the_stricter_rules_show(which: str, request: pytest.FixtureRequest) -> None:
    report: CertaintyReport = request.getfixturevalue(which)
    rows = report.cells
    differ, agree = rows["mark"].isin(DIFFER), rows["mark"].isin(AGREE)
    assert not rows.loc[~differ & ~agree, "shown"].any()
    confirmed = {Rule.DISSONANCE_UNUSUAL, Rule.DISSONANCE_USUAL, Rule.SAME_SIDE_UNUSUAL}
    assert set(rows.loc[differ & rows["shown"], "rule"]) <= confirmed
    assert (rows.loc[differ & rows["shown"], "q_value"] <= 0.05).all()
    # the whole of the range that the rule reads lies beyond the margin, or within it
    apart = rows.loc[differ & rows["shown"], "difference"].abs()
    assert (apart > report.margin).all()
    within = rows.loc[agree & rows["shown"], ["difference_low", "difference_high"]].abs()
    assert (rows.loc[agree, "shown"] == rows.loc[agree, "agrees"]).all()
    assert (rows.loc[agree & rows["shown"], "difference"].abs() < report.margin).all()
    assert within.notna().all(axis=None)
    unusual = rows[rows["rule"] == Rule.DISSONANCE_UNUSUAL]
    assert unusual["mark"].isin(DIFFER).all()


def test_what_was_planted_is_shown_to_differ(practices: CertaintyReport) -> None:
    shown = practices.cells[practices.cells["mark"].isin(DIFFER) & practices.cells["shown"]]
    assert set(shown["unit"]) == {"P-0012", "P-0044", "P-0057", "P-0081"}


# --- What it must not hang on ---


def test_the_area_changes_no_probability(small: Store, whole: CertaintyReport) -> None:
    part = certainty(small, replace(GP, area="N-0"))
    assert set(part.in_view["unit"]) == {f"P-{n}" for n in range(0, 29, 2)}
    assert len(part.likely) < len(whole.likely)
    columns = ["unit", "mark", "shown", *PROBABILITIES, *GAPS]
    assert part.cells[columns].equals(whole.cells[columns])
    assert part.before == whole.before
    assert set(part.to_look_at()["unit"]) < set(whole.to_look_at()["unit"])


def test_swapping_the_sources_mirrors_everything(small: Store, whole: CertaintyReport) -> None:
    turned = certainty(small, Pairing("gp_survey", "fft_gp"))
    one, two = (of.cells.set_index("unit").sort_index() for of in (whole, turned))
    assert one["mark"].equals(two["mark"])
    assert one["shown"].equals(two["shown"])
    mirror = {
        "agree": "agree", "left_higher": "right_higher", "both_above": "both_above",
        "opposite": "opposite", "left_informed": "right_informed",
    }  # fmt: skip
    for name, swapped in mirror.items():
        np.testing.assert_allclose(one[name], two[swapped], atol=1e-6)
    for name, swapped in (("gap", "gap"), ("gap_low", "gap_high"), ("gap_high", "gap_low")):
        np.testing.assert_allclose(one[name], -two[swapped], atol=1e-6)
    np.testing.assert_allclose(one["gap_points"], two["gap_points"], atol=1e-4)


def test_the_same_people_are_set_apart(store: Store) -> None:
    """An organisation whose two sources are the same answers teaches nothing of how alike they are."""
    random = np.random.default_rng(4)
    fft_rows, local_rows = [], []
    for place, at in enumerate(np.linspace(-1.8, 1.8, 20)):
        for month in (1, 2, 3, 4):
            counts = []
            for centre in (2.2, 1.1):
                n = int(random.integers(140, 190))
                counts.append((int(random.binomial(n, expit(centre + 0.7 * at))), n))
            (x, n), (y, m) = (counts[0], counts[0]) if place == 3 else counts
            row = fft(f"P-{place}", x, n, f"2024-{month:02d}")
            fft_rows.append(row)
            local_rows.append(
                survey(f"P-{place}", y / m, m, source="local_survey", positive=y)
                | {column: row[column] for column in ("period_start", "period_end")}
            )
    store.commit([extract(fft_fact=fft_rows), extract(survey_fact=local_rows)])
    report = certainty(store, Pairing("fft_gp", "local_survey"))
    assert report.usual is not None
    cell = report.cells.set_index("unit").loc["P-3"]
    assert cell["left_silence"] == "the same people answered both"
    assert (cell["mark"], np.isnan(cell["agree"])) == (Unsaid.NOT_JUDGED, True)
    place = report.units.index("P-3")
    assert isinstance(report.left_answers, Counted)
    assert np.isnan(report.left_answers.answers[place])
    assert report.usual.common == len(report.likely) == 19


def test_too_few_in_common_have_no_probability(store: Store) -> None:
    left, right = standings(alike(30))
    report = certainty(committed(store, left[:18], right[10:]), GP)
    assert (report.status, report.usual, report.before) == ("not_enough_evidence", None, None)
    assert report.likely.empty
    assert report.to_look_at().empty
    assert set(report.cells["mark"]) == {Unsaid.NOT_JUDGED, Unsaid.SILENT}
    assert as_json(report)["certainty"] is None


# --- Where to look first ---


def test_the_order_is_that_of_the_people_concerned(whole: CertaintyReport) -> None:
    assert whole.people == "answers"  # nobody knows the patients of these
    rows = whole.to_look_at()
    assert rows["mark"].isin(DIFFER).all()
    concern = (1 - rows["agree"]) * rows["gap_points"] * rows["answers"]
    assert rows["concern"].tolist() == concern.tolist()
    assert rows["concern"].is_monotonic_decreasing
    assert (rows["answers"] == rows["left_respondents"] + rows["right_respondents"]).all()


def test_patients_and_answers_rank_by_themselves(practices: CertaintyReport) -> None:
    assert practices.people == "patients"
    for people in ("patients", "answers"):
        rows = practices.to_look_at(people)
        assert rows["concern"].tolist() == pytest.approx(
            ((1 - rows["agree"]) * rows["gap_points"] * rows[people]).tolist()
        )
        assert rows["concern"].is_monotonic_decreasing
    assert (
        practices.to_look_at()["unit"].tolist() == practices.to_look_at("patients")["unit"].tolist()
    )


def test_the_gap_in_points_is_that_of_the_survey(
    practices: CertaintyReport, trusts: CertaintyReport
) -> None:
    for report in (practices, trusts):
        assert report.verdicts is not None
        survey = report.verdicts.right
        for row in report.likely.head(5).to_dict("records"):
            below, above = survey.points(abs(row["gap"]) / 2)
            hundredths = 10 if survey.scale == "score" else 1  # CQC's scale is 0 to 10
            assert row["gap_points"] == pytest.approx((below + above) * hundredths)


# --- Sources whose counts are shown with noise ---


def test_what_is_said_of_one_is_as_coarse_as_confidential_counts_allow(
    local: CertaintyReport,
) -> None:
    assert local.alignment.confidential
    rows = local.likely
    for name in PROBABILITIES:
        assert (rows[name] * 100).tolist() == pytest.approx((rows[name] * 100).round().tolist())
    for name in GAPS:
        assert (rows[name] * 10).tolist() == pytest.approx((rows[name] * 10).round().tolist())
    dots = local.dots(str(rows["unit"].iloc[0]))
    assert len(dots) == 20
    assert (dots * 10).tolist() == pytest.approx((dots * 10).round().tolist())


def test_what_is_said_of_one_follows_from_its_shown_figures_alone(local: CertaintyReport) -> None:
    """Whoever knows how the two usually behave can work it out from what is printed: so nothing else of
    one organisation can be read back from it."""
    verdicts, usual = local.verdicts, local.usual
    assert verdicts is not None
    assert usual is not None
    printed = []
    for source in (verdicts.left, verdicts.right):
        rows = source.rows.set_index("unit").reindex(local.units)
        answers = rows["respondents"].to_numpy(dtype=float)
        share, worth = rows["value"].to_numpy(dtype=float), rows["effective"].to_numpy(dtype=float)
        printed.append(Counted(share * answers, answers, worth))
    again = posterior(usual, *printed).certainty(local.margin)
    cells = local.cells.set_index("unit").reindex(local.units)
    said = cells["agree"].notna().to_numpy()
    for name in PROBABILITIES:
        worked = getattr(again, name)[said]
        np.testing.assert_allclose(cells[name].to_numpy()[said], worked, atol=0.005 + 1e-9)
    exact = exact_answers(verdicts, cells.index.to_series())[0]
    assert isinstance(exact, Counted)
    assert isinstance(local.left_answers, Counted)
    moved = exact.positive[said] != local.left_answers.positive[said]
    assert moved.mean() > 0.5  # most counts are shown with noise, and these are not read


# --- Among peers of one's own kind ---


def test_among_peers_the_level_of_the_group_is_taken_away(demonstration: Store) -> None:
    report = certainty(demonstration, replace(GP, selection=Selection(peers=Peers.ICB)))
    assert report.status == "ok"
    assert isinstance(report.left_answers, Scored)
    assert isinstance(report.right_answers, Scored)
    assert report.verdicts is not None
    for source, answers in (
        (report.verdicts.left, report.left_answers), (report.verdicts.right, report.right_answers)
    ):  # fmt: skip
        boards = source.rows.set_index("unit").reindex(report.units)["icb"]
        means = [
            float(np.nanmean(answers.value[(boards == icb).to_numpy()]))
            for icb in set(boards.dropna())
        ]
        assert len(means) > 1
        assert np.ptp(means) < 0.25  # logits
    first = report.likely["unit"].head(4)
    assert set(first) == {"P-0012", "P-0044", "P-0057", "P-0081"}


# --- For programs ---


@pytest.mark.parametrize("which", ["practices", "local", "trusts", "whole"])
def test_the_json_is_whole_and_knows_no_nan(which: str, request: pytest.FixtureRequest) -> None:
    report: CertaintyReport = request.getfixturevalue(which)
    sent = json.loads(json.dumps(for_json(as_json(report)), allow_nan=False))
    assert {one["unit"] for one in sent["organisations"]} == set(report.in_view["unit"])
    for one in sent["organisations"]:
        silent = bool(one["left_silence"] or one["right_silence"])
        assert (one["agree"] is None) == (one["gap"] is None) == silent
        assert one["word"].lower().startswith(one["mark"])
    assert sent["certainty"]["words"] == report.counts()
    assert sent["certainty"]["margin"] == report.margin == 1
    assert sum(one["mark"] in set(Word) for one in sent["organisations"]) == len(report.likely)


def test_the_demonstration_says_what_it_said(
    practices: CertaintyReport, golden: Callable[[str, Any], None]
) -> None:
    told = for_json(as_json(practices))
    told["organisations"] = told["organisations"][:12]
    del told["extracts"]  # numbered as they were loaded
    golden("demonstration_certainty", told)


def test_a_gap_unusual_for_two_sources_but_not_beyond_the_margin_is_not_shown(store: Store) -> None:
    left, right = standings(alike(40))
    own = standings([(0.85, -0.85)], 600)
    left, right = [*left, own[0][0] | {"provider": "X"}], [*right, own[1][0] | {"provider": "X"}]
    report = certainty(committed(store, left, right), GP)
    cell = report.cells.set_index("unit").loc["X"]
    assert report.verdicts is not None
    assert cell["q_value"] <= report.verdicts.settings.false_discovery
    assert not cell["beyond_margin"]
    assert cell["mark"] in DIFFER
    assert not cell["shown"]
