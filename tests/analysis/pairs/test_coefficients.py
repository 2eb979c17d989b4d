"""Everything beside the headline: each figure is that of `stats` on the same arrays, and its words hold."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from pxcore.analysis.pairs.agreement import SEED, AgreementReport, agreement, latent_of, margins_of
from pxcore.analysis.pairs.coefficients import (
    FLOORS,
    GRADED,
    CoefficientsReport,
    Subset,
    coefficients,
)
from pxcore.cli.run import plain as for_json
from pxcore.model import Disclosure, Pairing
from pxcore.publish.coefficients import as_json as as_json_of
from pxcore.stats.bands import band_agreement, band_of, band_reference
from pxcore.stats.concordance import kendall_w
from pxcore.stats.correlation import (
    MINIMUM_PAIRS,
    bootstrap_spearman,
    kendall,
    pearson,
    permutation_p,
    spearman,
)
from pxcore.stats.latent import pearson_ceiling
from pxcore.stats.level import (
    bland_altman,
    concordance,
    deming,
    icc_agreement,
    icc_consistency,
    level_difference,
    structural_line,
)
from pxcore.stats.verdict import detectable_correlation
from pxcore.store import Store
from pxcore.words import coefficients as words
from pxcore.words.english import number
from tests.analysis.frames import GP, alike, committed, standings
from tests.store.loads import extract, fft, parent, provider, response, survey

MACHINE_WORDS = re.compile(r"\bnan\b|\bNone\b(?! of)|\binf\b|\b0\.000\b")


def asked(store: Store, pairing: Pairing = GP) -> CoefficientsReport:
    told = coefficients(store, agreement(store, pairing))
    assert told is not None
    return told


def every_sentence(told: CoefficientsReport) -> list[str]:
    return [
        words.power(told), words.curve(told), words.bands(told), words.chance(told),
        words.measures(told), words.three(told), *words.level(told),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def practices(demonstration: Store) -> CoefficientsReport:
    return asked(demonstration)


@pytest.fixture(scope="module")
def headline(practices: CoefficientsReport) -> AgreementReport:
    return practices.agreement


def values(report: AgreementReport) -> tuple[np.ndarray, np.ndarray]:
    return report.pairs["left_value"].to_numpy(), report.pairs["right_value"].to_numpy()


# --- Each figure against stats, on the same arrays ---


def test_every_coefficient_is_that_of_stats_on_the_published_values(
    practices: CoefficientsReport, headline: AgreementReport
) -> None:
    x, y = values(headline)
    told = {other.label: other for other in practices.others}
    assert told["Spearman (bootstrap)"].interval == bootstrap_spearman(x, y, seed=SEED).interval
    assert told["Kendall"] == kendall(x, y, seed=SEED)
    assert practices.permutation_p == permutation_p(x, y, seed=SEED)
    assert headline.verdicts is not None
    cells = headline.verdicts.shown[headline.verdicts.shown["tested"]]
    scaled = [
        source.rows.set_index("unit").loc[cells["unit"], "scaled"].to_numpy()
        for source in (headline.verdicts.left, headline.verdicts.right)
    ]
    assert told["Pearson"] == pearson(*scaled)


def test_every_figure_of_level_is_that_of_stats(
    practices: CoefficientsReport, headline: AgreementReport
) -> None:
    x, y = values(headline)
    level = practices.level
    assert level is not None
    table = np.column_stack([x, y])
    assert level.difference == level_difference(x, y)
    assert level.concordance == concordance(x, y)
    assert level.icc_agreement == icc_agreement(table)
    assert level.icc_consistency == icc_consistency(table)
    noise = []
    assert headline.verdicts is not None
    for which, source in (("left", headline.verdicts.left), ("right", headline.verdicts.right)):
        rows = source.rows.set_index("unit").loc[headline.pairs["unit"]]
        n = rows["respondents"].to_numpy()
        smooth = (headline.pairs[f"{which}_value"].to_numpy() * n + 0.5) / (n + 1)
        noise.append(smooth * (1 - smooth) / np.maximum(rows["effective"].to_numpy(), 1))
    assert level.bland_altman == bland_altman(x, y, *noise)
    assert level.deming == deming(x, y, float(noise[0].mean() / noise[1].mean()))
    latent = headline.latent
    assert latent is not None
    assert latent.estimate is not None
    assert level.structural == structural_line(
        latent.left_centre, latent.left_variance**0.5, latent.right_centre,
        latent.right_variance**0.5, latent.estimate,
    )  # fmt: skip
    assert level.points["difference"].to_numpy() == pytest.approx(x - y)
    assert level.points["mean"].to_numpy() == pytest.approx((x + y) / 2)


def test_the_bands_and_both_references_are_those_of_stats(
    practices: CoefficientsReport, headline: AgreementReport
) -> None:
    assert headline.verdicts is not None
    cells = headline.verdicts.shown[headline.verdicts.shown["tested"]]
    z = [
        source.rows.set_index("unit").loc[cells["unit"], "z"].to_numpy()
        for source in (headline.verdicts.left, headline.verdicts.right)
    ]
    table = band_agreement(band_of(z[0]), band_of(z[1]))
    assert practices.bands is not None
    assert np.asarray(practices.bands.table).tolist() == np.asarray(table.table).tolist()
    assert np.asarray(table.table).sum() == len(cells)
    assert (practices.bands.match, practices.bands.ac2) == (table.match, table.ac2)
    margins = margins_of(headline.verdicts, headline.latent, cells["unit"])
    assert margins is not None
    assert practices.reference == band_reference(*margins, seed=SEED)


def test_what_could_have_been_found_is_that_of_stats(
    practices: CoefficientsReport, headline: AgreementReport
) -> None:
    pairs = len(headline.pairs)
    assert practices.detectable_raw == detectable_correlation(pairs)
    assert headline.verdicts is not None
    cells = headline.verdicts.shown[headline.verdicts.shown["tested"]]
    noise = [
        source.rows.set_index("unit").loc[cells["unit"], "scaled_variance"].to_numpy()
        for source in (headline.verdicts.left, headline.verdicts.right)
    ]
    assert headline.latent is not None
    ceiling = pearson_ceiling(headline.latent, *noise)
    assert practices.detectable_latent == detectable_correlation(pairs, ceiling)
    assert practices.detectable_latent is not None
    assert practices.detectable_raw is not None
    assert practices.detectable_latent > practices.detectable_raw


def test_every_point_of_the_curve_is_that_of_stats(
    practices: CoefficientsReport, headline: AgreementReport
) -> None:
    assert headline.verdicts is not None
    pairs, curve = headline.pairs, practices.curve
    fewest = pairs[["left_respondents", "right_respondents"]].min(axis=1)
    rows = curve[curve["which"] == Subset.ALL]
    for row in rows.itertuples():
        here = pairs[fewest >= row.floor]
        raw = spearman(here["left_value"].to_numpy(), here["right_value"].to_numpy())
        assert (row.pairs, row.raw) == (len(here), raw.estimate)
        if row.floor >= headline.verdicts.left.evidence_floor:
            latent = latent_of(headline.verdicts, floor=int(row.floor))
            assert latent is not None
            assert row.latent == latent.estimate
    left_over = [floor for floor in FLOORS if floor not in set(rows["floor"])]
    assert (fewest >= left_over[0]).sum() < MINIMUM_PAIRS


def test_every_measure_of_the_survey_is_correlated_with_the_ffts_one(
    practices: CoefficientsReport, headline: AgreementReport
) -> None:
    table = practices.measures
    assert len(table) == 8
    assert table["same_domain"].sum() == 1
    overall = table[table["same_domain"]].iloc[0]
    assert headline.correlation is not None
    assert overall["estimate"] == headline.correlation.estimate
    assert overall["pairs"] == headline.correlation.pairs
    assert set(table.loc[~table["same_domain"], "right_domain"]) >= {"access"}


def test_a_measure_of_another_thing_is_correlated_on_its_own_answers(
    practices: CoefficientsReport, demonstration: Store
) -> None:
    table = practices.measures.set_index("right")
    alone = agreement(demonstration, replace(GP, right_measure="phone"))
    assert alone.correlation is not None
    assert table.loc["Ease of contact by phone", "estimate"] == alone.correlation.estimate


# --- The curve ---


def test_without_those_planted_the_underlying_agreement_stays_in_its_range(
    practices: CoefficientsReport, headline: AgreementReport
) -> None:
    rest = practices.curve[practices.curve["which"] != Subset.ALL].dropna(subset=["latent"])
    assert headline.verdicts is not None
    graded = headline.verdicts.shown["rule"].isin(GRADED).sum()
    assert rest["which"].unique().tolist() == [Subset.UNGRADED]
    label = words.subset(practices, Subset.UNGRADED)
    assert label == f"without the {graded} graded as dissonant"
    usual = rest.iloc[0]
    assert len(rest) >= 6
    assert rest["latent"].between(usual["latent_low"], usual["latent_high"]).all()
    assert usual["latent_low"] < 0.75 < usual["latent_high"]  # what was put in
    assert "stays within its range" in words.curve(practices)


def test_the_raw_figure_rises_as_more_answers_are_asked_for(store: Store) -> None:
    random = np.random.default_rng(5)
    at = random.standard_normal(120)
    many = 6 * 2 ** random.integers(0, 7, 120)
    left = [
        row | {"respondents": float(n), "positive": float(random.binomial(n, expit(2.2 + 0.9 * a)))}
        for row, n, a in zip(standings([(a, a) for a in at])[0], many, at, strict=True)
    ]
    left = [row | {"value": row["positive"] / row["respondents"]} for row in left]
    told = asked(committed(store, left, standings([(a, a) for a in at])[1]))
    rows = told.curve[told.curve["which"] == Subset.ALL]
    assert rows["raw"].iloc[-1] > rows["raw"].iloc[0] + 0.05
    assert "the raw correlation rises" in words.curve(told)


def test_no_floor_below_the_disclosure_floor_is_asked_for(demonstration: Store) -> None:
    told = asked(demonstration, replace(GP, disclosure=Disclosure(30)))
    assert told.curve["floor"].min() == 30
    assert told.curve["latent"].notna().any()


def test_a_curve_of_one_point_is_none(store: Store) -> None:
    told = asked(committed(store, *standings(alike(12), left=12, right=12)))
    assert (
        words.curve(told) == "Too few organisations have more answers: there is no curve to draw."
    )


# --- Words ---


@pytest.mark.parametrize(
    "pair",
    [None, Pairing("fft_inpatient", "cqc_inpatient"), Pairing("fft_gp", "healthwatch")],
    ids=["practices", "trusts", "voice"],
)
def test_the_sentences_end_and_hold_no_machines_word(
    practices: CoefficientsReport, demonstration: Store, pair: Pairing | None
) -> None:
    told = practices if pair is None else asked(demonstration, pair)
    for said in every_sentence(told):
        assert said.endswith(".")
        assert not MACHINE_WORDS.search(said)
    rows = words.table(told).astype(str).to_numpy().ravel()
    assert not [said for said in rows if MACHINE_WORDS.search(said)]
    json.dumps(for_json(as_json_of(told)), allow_nan=False)


def test_the_words_carry_the_figures(practices: CoefficientsReport) -> None:
    bands, reference = practices.bands, practices.reference
    assert bands is not None
    assert reference is not None
    assert f"match for {bands.match * 100:.0f} of 100" in words.bands(practices)
    assert f"{reference.unrelated.match.mean * 100:.0f} (" in words.bands(practices)
    assert "this table cannot tell" in words.bands(practices)  # the ranges overlap
    assert practices.level is not None
    assert "a different level, which is no disagreement about who is better" in " ".join(
        words.level(practices)
    )
    assert "less than 0.001" in words.chance(practices)
    assert f"{practices.detectable_raw:.2f}" in words.power(practices)
    figures = words.bands_table(practices)
    assert figures["coefficient"].tolist() == [
        "Same band", "Kappa (quadratic weights)", "Gwet AC2 (quadratic weights)",
    ]  # fmt: skip
    rows = words.table(practices)
    assert rows["coefficient"].tolist()[:2] == ["Underlying agreement", "Within areas"]
    pairs = dict(zip(rows["coefficient"], rows["organisations"], strict=True))
    assert (pairs["Underlying agreement"], pairs["Spearman"]) == (116, 119)


def test_a_score_is_not_held_against_a_percentage(demonstration: Store) -> None:
    told = asked(demonstration, Pairing("fft_inpatient", "cqc_inpatient"))
    assert told.level is None
    assert "a score is no percentage" in words.level(told)[0]
    assert as_json_of(told)["level"] is None
    assert "Lin's concordance" not in set(words.table(told)["coefficient"])


def test_where_there_is_no_headline_there_is_nothing_beside_it(store: Store) -> None:
    committed(store, *standings(alike(6)))
    assert coefficients(store, agreement(store, GP)) is None


def two_measures(store: Store, exact: bool) -> CoefficientsReport:
    left, right = standings(alike())
    if not exact:
        right[0], right[5] = right[0] | {"provider": "P-5"}, right[5] | {"provider": "P-0"}
    access = [row | {"measure": "contact", "value": 1 - row["value"]} for row in right]
    return asked(committed(store, left, right + access))


def test_what_agrees_best_is_said_to_be_the_thing_asked_about(store: Store) -> None:
    assert words.measures(two_measures(store, exact=False)).endswith(
        "and none of another thing comes near: what agrees is the thing asked about."
    )  # fmt: skip


def test_measures_in_exactly_the_same_order_have_no_range_and_can_be_said(store: Store) -> None:
    assert not MACHINE_WORDS.search(words.measures(two_measures(store, exact=True)))


def test_two_measures_are_not_said_to_be_one(store: Store) -> None:
    told = two_measures(store, exact=True)
    assert len(told.measures) == 2
    assert "Only one measure" not in words.measures(told)


def test_nought_has_no_sign(practices: CoefficientsReport) -> None:
    assert "−0.00" not in " ".join(words.bands_table(practices).astype(str).to_numpy().ravel())
    assert [number(one) for one in (-0.001, 0.0, -0.006, 0.5)] == ["0.00", "0.00", "−0.01", "0.50"]


# --- A third source ---

PLACES = tuple(np.linspace(-2.0, 2.0, 26))
ODD = 25  # the practice of which Healthwatch alone says the opposite


def voices(count: int = 26, share: Any = None, comments: int = 150) -> dict[str, Any]:
    """Healthwatch comments of February 2024, each practice's share positive as given."""
    said = []
    for unit in range(count):
        good = share(unit)
        for place in range(comments):
            said.append(
                response(
                    unit * 1000 + place, provider=f"P-{unit}", positive=int(place < good * comments),
                    on=f"2024-02-{place % 28 + 1:02d}", source="healthwatch",
                )
            )  # fmt: skip
    return extract(response=[one for one, _ in said], answer=[one for _, one in said])


def by_place(unit: int) -> float:
    at = -2.5 if unit == ODD else PLACES[unit] + (0.25 if unit % 2 else -0.25)
    return float(expit(-0.2 + 0.8 * at))


@pytest.fixture(scope="module")
def three_signals() -> Store:
    """Survey and FFT of one mind; Healthwatch too, but for one practice."""
    places = [(at, at + (0.2 if n % 3 else -0.2)) for n, at in enumerate(PLACES)]
    store = committed(
        Store.open(), *standings(places),
        parent=[parent(f"P-{n}", f"N-{n % 2}", "pcn") for n in range(26)],
        provider=[provider("N-0", "pcn"), provider("N-1", "pcn")],
    )  # fmt: skip
    store.commit([voices(share=by_place)])
    return store


@pytest.fixture(scope="module")
def of_three(three_signals: Store) -> CoefficientsReport:
    return asked(three_signals)


def test_three_sources_are_as_concordant_as_kendall_says(
    three_signals: Store, of_three: CoefficientsReport
) -> None:
    told = of_three
    assert told.three is not None
    assert told.three.titles == ("FFT GP", "GP survey", "Healthwatch")
    assert told.three.kendall_w is not None
    exact = Disclosure(exact=True)
    pairs = told.agreement.pairs.set_index("unit")
    voice = agreement(three_signals, Pairing("fft_gp", "healthwatch", disclosure=exact)).pairs
    voice = voice.set_index("unit")
    table = np.column_stack(
        [pairs["left_value"], pairs["right_value"], voice.loc[pairs.index, "right_value"]]
    )
    w = kendall_w(table, seed=SEED)
    # the pair is published and the third source confidential: to two decimals all the same
    assert told.three.kendall_w.estimate == round(w.estimate, 2) != w.estimate
    assert told.three.kendall_w.mean_spearman == round(w.mean_spearman, 2)
    assert told.three.providers == 26
    sent = as_json_of(told)["three_sources"]
    assert sent["kendall_w"] == round(w.estimate, 2)
    assert "Kendall's W" in words.three(told)
    assert "over 26 organisations" in words.three(told)
    assert "p < 0.001" in words.three(told)


def test_the_source_that_stands_alone_is_named(of_three: CoefficientsReport) -> None:
    told = of_three
    assert told.three is not None
    assert told.three.flagged[["name", "odd"]].values.tolist() == [
        [f"Practice P-{ODD}", "Healthwatch"]
    ]
    assert told.three.tested == 26
    assert "on 1: Practice P-25 (Healthwatch is the odd one)" in words.three(told)


@pytest.mark.parametrize(
    ("left", "right"), [("gp_survey", "healthwatch"), ("healthwatch", "fft_gp")]
)
def test_the_third_is_the_signal_that_is_left(three_signals: Store, left: str, right: str) -> None:
    told = asked(three_signals, Pairing(left, right))
    assert told.three is not None
    assert set(told.three.titles) == {"FFT GP", "GP survey", "Healthwatch"}


def test_of_an_area_only_its_own_organisations_are_named(three_signals: Store) -> None:
    told = asked(three_signals, replace(GP, area="N-0"))
    assert told.three is not None
    assert told.three.providers == 13
    assert told.three.flagged.empty  # the odd one is in the other network


def test_too_few_in_all_three_is_said_with_how_many(store: Store) -> None:
    committed(store, *standings(alike()))
    store.commit([voices(6, share=by_place)])
    told = asked(store)
    assert told.three is not None
    assert words.three(told) == (
        "FFT GP, GP survey, Healthwatch: 6 organisations have enough answers in all three, and it takes 10: "
        "not enough evidence."
    )


def test_without_a_third_source_there_is_none(store: Store) -> None:
    told = asked(committed(store, *standings(alike())))
    assert told.three is None
    assert words.three(told) == "No third source of another kind speaks of these organisations."
    assert as_json_of(told)["three_sources"] is None
    assert words.measures(told) == "Only one measure of each source can be compared."


def test_a_third_source_without_an_order_is_no_reason_to_fail(store: Store) -> None:
    committed(store, *standings(alike()))
    store.commit([voices(24, share=lambda _: 0.5)])
    told = asked(store)
    assert told.three is not None
    assert told.three.kendall_w is None


def test_a_third_source_that_tells_nobody_apart_is_no_reason_to_warn(store: Store) -> None:
    committed(store, *standings(alike()))
    store.commit([voices(24, share=lambda unit: 0.5 + 0.01 * (unit % 3))])
    told = asked(store)
    assert told.three is not None
    assert told.three.flagged.empty


def test_a_third_source_of_the_same_people_is_not_counted(store: Store) -> None:
    left, right = standings(alike())
    committed(store, left, right)
    again = [
        survey(row["provider"], row["value"], row["respondents"], source="healthwatch")
        | {"positive": row["positive"], "period_start": row["period_start"]}
        | {"period_end": row["period_end"]}
        for row in left
    ]
    store.commit([extract(survey_fact=again)])
    told = asked(store)
    assert told.three is None or told.three.kendall_w is None


def test_a_third_source_of_the_same_people_as_the_second_is_not_counted(store: Store) -> None:
    left, right = standings(alike())
    whole = [row | {"positive": float(round(row["value"] * row["respondents"]))} for row in right]
    committed(store, left, whole)
    store.commit([extract(survey_fact=[row | {"source": "healthwatch"} for row in whole])])
    told = asked(store)
    assert told.three is None or told.three.kendall_w is None


def test_one_organisation_of_the_same_people_does_not_silence_a_third_source(store: Store) -> None:
    months = ("2023-11", "2023-12", "2024-01", "2024-02", "2024-03")
    left, right = standings(alike(26))
    monthly = [
        fft(row["provider"], round(row["positive"] / 10) + turn, 400, month)
        for row in left
        for turn, month in enumerate(months)
    ]
    committed(store, monthly, right)
    voice = [
        survey(
            row["provider"], row["value"], 400, source="healthwatch",
            positive=row["positive"] - (0 if row["provider"] == "P-3" else 9 + turn % 5),
        )
        | {"period_start": row["period_start"], "period_end": row["period_end"]}
        for turn, row in enumerate(monthly)
    ]  # fmt: skip
    store.commit([extract(survey_fact=[row | {"value": row["positive"] / 400} for row in voice])])
    told = asked(store)
    assert told.three is not None
    assert told.three.providers == 25
    assert told.three.kendall_w is not None
