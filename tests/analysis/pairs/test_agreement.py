"""The question of agreement, asked of small stores, the demonstration and the real excerpts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats

from pxcore.analysis.files import load
from pxcore.analysis.joining import matching
from pxcore.analysis.joining.alignment import align
from pxcore.analysis.joining.names import readable
from pxcore.analysis.joining.outcomes import OUTCOMES
from pxcore.analysis.joining.trace import trace
from pxcore.analysis.judging.judgement import Mark
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.errors import NothingToCompare, UnknownSource
from pxcore.model import Disclosure, Organisation, Pairing, Periods
from pxcore.publish.agreement import as_json
from pxcore.store import Store
from pxcore.words import agreement as words
from pxcore.words import alignment as alignment_words
from pxcore.words import overview as overview_words
from pxcore.words import refusals
from tests.store.loads import extract, fft, parent, provider, survey

GP = Pairing("fft_gp", "gp_survey")


def practices(count: int, answers: float = 50) -> list[dict[str, Any]]:
    """FFT and survey rows of practices whose two sources rise together, but for the first."""
    rows = []
    for n in range(1, count + 1):
        rows.append(fft(f"P-{n}", answers * (0.5 + n / (2.5 * count)), answers))
    return rows


def loaded(store: Store, count: int = 12, answers: float = 50) -> Store:
    waves = [survey(f"P-{n}", 0.4 + n / (2 * count)) for n in range(1, count + 1)]
    store.commit([extract(fft_fact=practices(count, answers)), extract(survey_fact=waves)])
    return store


def test_the_same_order_is_found_and_said(store: Store) -> None:
    report = agreement(loaded(store), GP)
    assert (report.status, len(report.pairs)) == ("ok", 12)
    assert report.correlation is not None
    assert report.correlation.estimate == 1
    assert "12 practices" in words.summary(report)


def test_under_ten_organisations_is_not_enough_evidence_and_no_figure(store: Store) -> None:
    report = agreement(loaded(store, 9), GP)
    assert (report.status, report.correlation) == ("not_enough_evidence", None)
    assert "only 9 practices" in words.summary(report)


def test_nothing_loaded_of_a_source_is_said(store: Store) -> None:
    with pytest.raises(NothingToCompare, match="Nothing is loaded of Friends and Family Test: GP"):
        agreement(store, GP)


def test_an_unknown_source_lists_the_known(store: Store) -> None:
    with pytest.raises(UnknownSource, match="gp_survey"):
        agreement(loaded(store), Pairing("hearsay", "gp_survey"))


@pytest.mark.parametrize(
    ("left", "right"), [("fft", "survey"), ("FFT GP", "GP survey"), ("fft_gp", "survey")]
)
def test_a_source_may_be_named_by_signal_or_title(store: Store, left: str, right: str) -> None:
    report = agreement(loaded(store), Pairing(left, right))
    assert (report.left.source, report.right.source) == ("fft_gp", "gp_survey")


@pytest.mark.parametrize("named", ["contact", "access", "Experience of contacting the practice"])
def test_a_measure_may_be_named_by_name_domain_or_title(store: Store, named: str) -> None:
    waves = [survey(f"P-{n}", 0.4 + n / 30, measure="contact") for n in range(1, 13)]
    store.commit([extract(fft_fact=practices(12)), extract(survey_fact=waves)])
    report = agreement(store, Pairing("fft_gp", "gp_survey", right_measure=named))
    assert report.right.measure == "contact"
    assert report.alignment.across_domains
    assert "across domains" in words.summary(report)


def test_measures_of_other_domains_are_not_compared_unasked(store: Store) -> None:
    waves = [survey(f"P-{n}", 0.4 + n / 30, measure="phone") for n in range(1, 13)]
    store.commit([extract(fft_fact=practices(12)), extract(survey_fact=waves)])
    report = agreement(store, GP)
    assert report.status == "refused"
    assert "do not ask about the same thing" in refusals.text(report.refusals)


@pytest.mark.parametrize(("floor", "left_out"), [(5, 1), (10, 2), (30, 3)])
def test_organisations_under_the_floor_are_left_out_and_counted(
    store: Store, floor: int, left_out: int
) -> None:
    small = [fft("P-1", 3, 4), fft("P-2", 6, 8), fft("P-3", 10, 20)]
    waves = [survey(f"P-{n}", 0.4 + n / 40) for n in range(1, 16)]
    store.commit([extract(fft_fact=small + practices(15)[3:]), extract(survey_fact=waves)])
    report = agreement(store, Pairing("fft_gp", "gp_survey", disclosure=Disclosure(floor)))
    assert (report.alignment.withheld, len(report.pairs)) == (left_out, 15 - left_out)
    assert report.pairs["left_respondents"].min() >= floor


def test_every_row_loaded_of_both_sources_is_accounted_for(store: Store) -> None:
    rows = practices(12)
    rows += [fft("P-1", 9, 10, "2025-07"), fft("P-77", 9, 10), fft("P-2", None, None, "2024-03")]
    rows += [fft("B-1", 90, 100, grain="icb"), fft("P-78", 2, 3)]
    waves = [survey(f"P-{n}", 0.5 + n / 40) for n in range(1, 13)]
    waves += [survey("P-99", None), survey("P-1", 0.4, measure="phone"), survey("P-78", 0.5)]
    store.commit([extract(fft_fact=rows), extract(survey_fact=waves)])
    alignment = align(store, GP)
    by_side = alignment.account.groupby("side")["rows"].sum()
    assert dict(by_side) == {"left": len(rows), "right": len(waves)}
    assert set(alignment.account["outcome"]) <= set(OUTCOMES)
    assert set(alignment_words.OUTCOMES) == set(OUTCOMES)
    lone = alignment.unmatched.set_index(["side", "unit"]).loc[("left", "P-77")]
    assert (lone["outcome"], lone["elsewhere"]) == ("no_counterpart", "")
    (why,) = alignment_words.reasons(alignment.unmatched.query("unit == 'P-77'"))
    assert "no value for this organisation" in why


def test_a_lone_organisation_is_told_why_the_other_side_is_silent(store: Store) -> None:
    loaded(store)
    store.commit([extract(fft_fact=[fft("P-50", 9, 10)])])
    store.commit([extract(survey_fact=[survey("P-50", None)])])
    told = alignment_words.did_not_join(align(store, GP))
    assert "withheld by the publisher" in told.set_index("unit")["reason"]["P-50"].tolist()[0]


def test_codes_no_reference_file_holds_are_named(store: Store) -> None:
    loaded(store)
    assert "reference" not in " ".join(
        alignment_words.notes(align(store, GP))
    )  # none is loaded: nothing to miss
    known = [provider(f"P-{n}") for n in range(2, 13)]
    store.commit([extract(provider=known)])
    assert "FFT GP: 1 code not in any reference file loaded (P-1)." in alignment_words.notes(
        align(store, GP)
    )


def test_the_json_has_the_keys_that_are_promised(store: Store) -> None:
    told = as_json(agreement(loaded(store), GP))
    promised = {
        "schema", "status", "reason", "pairs", "spearman", "aligned_in_time", "left", "right",
        "withheld", "unmatched", "notes",
    }  # fmt: skip
    assert promised <= set(told)  # more may be added, none taken away
    assert set(told["left"]) == {"source", "measure", "period_start", "period_end"}
    assert set(told["spearman"]) == {"estimate", "low", "high", "level"}
    assert (told["schema"], told["left"]["period_start"]) == (1, "2024-02-01")


def test_practices_are_rolled_up_to_networks_where_asked(store: Store) -> None:
    loaded(store, 24)
    links = [parent(f"P-{n}", f"N-{(n - 1) // 2}", "pcn") for n in range(1, 25)]
    networks = [provider(f"N-{n}", "pcn") for n in range(12)]
    store.commit([extract(parent=links, provider=networks)])
    report = agreement(store, Pairing("fft_gp", "gp_survey", grain="pcn"))
    first = report.pairs.set_index("unit").loc["N-0"]
    assert len(report.pairs) == 12
    assert first["left_respondents"] == 100
    assert first["right_value"] == pytest.approx((0.4 + 1 / 48 + 0.4 + 2 / 48) / 2)


def test_adding_a_constant_to_one_source_changes_no_rank_correlation(store: Store) -> None:
    generator = np.random.default_rng(5)
    left, right = generator.uniform(0.4, 0.8, 15), generator.uniform(0.3, 0.6, 15)
    store.commit(
        [
            extract(fft_fact=[fft(f"P-{n}", 100 * v, 100) for n, v in enumerate(left)]),
            extract(survey_fact=[survey(f"P-{n}", v) for n, v in enumerate(right)]),
        ]
    )
    before = agreement(store, GP).correlation
    store.commit([extract(survey_fact=[survey(f"P-{n}", v + 0.2) for n, v in enumerate(right)])])
    after = agreement(store, GP).correlation
    assert before is not None
    assert after is not None
    assert after.estimate == pytest.approx(before.estimate)
    assert before.estimate == pytest.approx(scipy.stats.spearmanr(left, right).statistic)


def test_the_rows_behind_a_figure_add_up_to_it(demonstration: Store) -> None:
    alignment = align(demonstration, GP)
    pair = alignment.pairs[alignment.pairs["left_respondents"] > 60].iloc[0]
    rows = trace(demonstration, alignment, pair["unit"])
    left = rows[rows["source"] == "FFT GP"]
    assert left["respondents"].sum() == pair["left_respondents"]
    assert left["cell"].str.len().min() > 0
    assert left["file_name"].str.contains("synthetic").all()


@pytest.mark.parametrize(
    ("printed", "readable_name"),
    [
        ("THE OLD MILL SURGERY", "The Old Mill Surgery"),
        ("WREN HOSPITALS NHS FOUNDATION TRUST", "Wren Hospitals NHS Foundation Trust"),
        ("STOKE-BY-THE-WATER PCN", "Stoke-By-The-Water PCN"),
        ("Already Mixed Case", "Already Mixed Case"),
    ],
)
def test_names_in_capitals_are_made_readable(printed: str, readable_name: str) -> None:
    assert readable(printed) == readable_name


# --- The demonstration ---


def test_the_demonstration_says_what_it_said(
    demonstration: Store, golden: Callable[[str, Any], None]
) -> None:
    told = as_json(agreement(demonstration, GP))
    del told["extracts"]  # numbered as they were loaded
    golden("demonstration_agreement", told)


def test_the_demonstrations_overview_says_what_it_said(
    every_pair: OverviewReport, golden: Callable[[str, Any], None]
) -> None:
    rows = overview_words.table(every_pair)[
        ["pair", "status", "compared", "correlation", "periods"]
    ]
    told = [
        {key: (None if value != value else value) for key, value in row.items()}
        for row in rows.to_dict(orient="records")
    ]
    golden("demonstration_overview", told)


def test_merged_trusts_are_one_now_and_two_as_reported(demonstration: Store) -> None:
    merged = Pairing("fft_inpatient", "cqc_inpatient", periods=Periods.LATEST)
    now = align(demonstration, merged)
    assert {"T-05", "T-06"} & set(now.pairs["unit"]) == set()
    then = align(
        demonstration,
        Pairing(
            "fft_inpatient", "cqc_inpatient", organisation=Organisation.REPORTED,
            periods=Periods.LATEST,
        ),
    )  # fmt: skip
    assert then.account["rows"].sum() == now.account["rows"].sum()


def test_the_accounts_of_the_demonstration_hold_every_row(demonstration: Store) -> None:
    rows = demonstration.query("extracts")
    alignment = align(demonstration, GP)
    for side in ("left", "right"):
        source = getattr(alignment, side).source
        of_source = rows[rows["sources"] == source]["fact_rows"].sum()
        account = alignment.account
        assert account.loc[account["side"] == side, "rows"].sum() == of_source


# --- The publishers' own files ---

EXCERPTS = (
    "fft/fft_gp_2026-02_north_east_london.csv",
    "survey/gpps_2024_north_east_london.csv",
    "ods/gp_mapping_2025-08.csv",
    "healthwatch/healthwatch_tower_hamlets_2024q2_gp_by_pcn.csv",
)
CONTACT = Pairing(
    "fft_gp", "gp_survey", left_measure="overall", right_measure="contact", periods=Periods.LATEST
)


@pytest.fixture(scope="module")
def excerpts(real: Path) -> Store:
    store = Store.open()
    outcomes = load.load_files(
        store, [(name.split("/")[1], (real / name).read_bytes()) for name in EXCERPTS]
    )
    assert [outcome.status for outcome in outcomes] == ["loaded"] * len(EXCERPTS)
    return store


def test_real_excerpts_are_refused_by_default_because_their_periods_do_not_meet(
    excerpts: Store,
) -> None:
    report = agreement(excerpts, GP)
    assert report.status == "refused"
    assert "February 2026" in refusals.text(report.refusals)
    assert "2 Jan – 25 Mar 2024" in refusals.text(report.refusals)


@pytest.mark.parametrize("area", ["", "QMF"])
def test_real_excerpts_give_the_published_check(excerpts: Store, area: str) -> None:
    from dataclasses import replace

    report = agreement(excerpts, replace(CONTACT, area=area))
    assert report.correlation is not None
    assert report.correlation.interval is not None
    found = [
        report.correlation.estimate,
        report.correlation.interval.low,
        report.correlation.interval.high,
    ]
    assert ([round(one, 2) for one in found], len(report.pairs)) == ([0.43, 0.29, 0.55], 169)
    assert report.marks == (Mark.NOT_ALIGNED, Mark.ACROSS_DOMAINS)


def test_real_excerpts_rise_with_the_floor(excerpts: Store) -> None:
    from dataclasses import replace

    report = agreement(excerpts, replace(CONTACT, disclosure=Disclosure(30)))
    assert report.correlation is not None
    assert (round(report.correlation.estimate, 2), len(report.pairs)) == (0.57, 111)


def test_real_healthwatch_networks_are_not_enough_evidence(excerpts: Store) -> None:
    names = matching.matching(excerpts)
    best = names.suggestions[names.suggestions["place"] == 1]
    assert sorted(best["name"]) == ["PCN 1", "PCN 2", "PCN 5", "PCN 7", "PCN 8"]
    matching.confirm(excerpts, list(zip(best["name"], best["context"], best["code"], strict=True)))
    report = agreement(
        excerpts, Pairing("healthwatch", "fft_gp", grain="pcn", periods=Periods.LATEST)
    )
    assert report.status == "not_enough_evidence"
    assert len(report.pairs) <= 7
