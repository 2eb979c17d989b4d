"""Bands and their agreement, against R, irrCAC, krippendorff and published tables.

`agreement.R` and `agreement_python.py` in tests/reference made the recorded figures.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from pxcore.errors import TooFewPairs
from pxcore.stats.bands import (
    Band,
    band_agreement,
    band_of,
    band_reference,
    band_table,
    gwet_ac1,
    gwet_ac2,
    weighted_kappa,
    yes_or_no_agreement,
)
from pxcore.stats.latent import Margin
from pxcore.stats.scale import logit
from pxcore.stats.spread import peer_spread, standing

REFERENCE = Path(__file__).parents[1] / "reference"
R: dict[str, Any] = json.loads((REFERENCE / "agreement.json").read_text(encoding="utf-8"))
PYTHON: dict[str, Any] = json.loads(
    (REFERENCE / "agreement_python.json").read_text(encoding="utf-8")
)
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]  # Gwet 2014, and the vignettes of irrCAC
DIAGNOSES = [[40, 4, 4, 17], [6, 25, 2, 13], [4, 1, 21, 12], [15, 5, 9, 45]]

band_lists = st.integers(10, 60).flatmap(
    lambda n: st.tuples(
        *[st.lists(st.sampled_from([-1.0, 0.0, 0.0, 1.0]), min_size=n, max_size=n)] * 2
    )
)


# --- Bands and their table ---


def test_both_ends_of_the_middle_band_belong_to_it() -> None:
    z = [-3.2, -1.97, -1.959963984540054, 0.0, 1.959963984540054, 1.97, np.nan]
    expected = [Band.WORSE, Band.WORSE, Band.AS_EXPECTED, Band.AS_EXPECTED, Band.AS_EXPECTED]
    found = band_of(z)
    assert list(found[:5]) == expected
    assert found[5] == Band.BETTER
    assert np.isnan(found[6])


def test_the_table_counts_pairs_from_worse_to_better() -> None:
    table = band_table([-1, -1, 0, 0, 0, 1], [-1, 1, 0, 0, -1, 1])
    assert table.tolist() == [[1, 0, 1], [1, 2, 0], [0, 0, 1]]
    assert band_table([0, 0], [0, 1]).shape == (3, 3)


@given(band_lists, st.randoms())
def test_laws_of_the_agreement_of_bands(
    pair: tuple[list[float], list[float]], random: object
) -> None:
    left, right = pair
    found, turned = band_agreement(left, right), band_agreement(right, left)
    order = list(range(len(left)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = band_agreement([left[at] for at in order], [right[at] for at in order])
    assert (found.table == turned.table.T).all()
    assert (found.table == shuffled.table).all()
    assert found.pairs == len(left)
    assert found.match == np.mean(np.array(left) == np.array(right))
    for name in ("match", "ac1", "ac2"):
        assert getattr(found, name) == pytest.approx(getattr(turned, name), abs=1e-12)
    assert -0.5 - 1e-12 <= found.ac1 <= 1
    assert -np.sqrt(1.5) - 1e-12 <= found.ac2 <= 1
    if found.kappa is None:
        assert len({*left, *right}) == 1
    else:
        assert found.kappa == pytest.approx(turned.kappa, abs=1e-12)
        assert -1 - 1e-12 <= found.kappa <= 1 + 1e-12


def test_everyone_in_one_band_has_no_kappa_but_full_ac2() -> None:
    found = band_agreement(np.zeros(20), np.zeros(20))
    assert (found.kappa, found.kappa_reason) == (None, "not defined (everyone in one band)")
    assert (found.match, found.ac1, found.ac2) == (1.0, 1.0, 1.0)


def test_an_empty_band_still_counts_as_a_category() -> None:
    # as Gwet's weights and number of categories are fixed: pe = 6 / 6 * 2 * .55 * .45
    table = [[11, 0, 0], [0, 9, 0], [0, 0, 0]]
    assert gwet_ac2(table) == 1.0
    table = [[9, 1, 0], [1, 9, 0], [0, 0, 0]]
    pa, pe = 1 - 0.1 * 0.25, 0.5
    assert gwet_ac2(table) == pytest.approx((pa - pe) / (1 - pe))
    assert gwet_ac2(table) != pytest.approx(gwet_ac2([[9, 1], [1, 9]]))


def test_the_lowest_ac2_of_three_bands() -> None:
    c = np.sqrt(2 / 3)
    worst = np.array([[0, 0, c / 2], [0, 1 - c, 0], [c / 2, 0, 0]])
    assert gwet_ac2(worst) == pytest.approx(-np.sqrt(1.5))


@pytest.mark.parametrize("bad", [[0.5, 0, 1], [np.nan, 0, 1]])
def test_what_is_no_band_is_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="bands are -1, 0 or 1"):
        band_table(bad, [0, 0, 0])


def test_refusals() -> None:
    with pytest.raises(TooFewPairs, match="9 pairs"):
        band_agreement(np.zeros(9), np.zeros(9))
    with pytest.raises(ValueError, match="equal length"):
        band_table([0, 1], [0])
    with pytest.raises(ValueError, match="square"):
        weighted_kappa([[1, 2, 3], [4, 5, 6]])
    with pytest.raises(ValueError, match="counts must not"):
        gwet_ac1([[1, -2], [3, 4]])
    with pytest.raises(TooFewPairs, match="no provider"):
        gwet_ac2(np.zeros((3, 3)))


# --- Kappa, AC1 and AC2 ---


@pytest.mark.parametrize("case", R["kappas"], ids=["sexual_fun", "abstractors", "bands", "middle"])
def test_weighted_kappa_is_that_of_vcd_psych_and_statsmodels(case: dict[str, Any]) -> None:
    found = weighted_kappa(case["table"])
    assert found == pytest.approx(case["vcd"], abs=1e-12)
    assert found == pytest.approx(case["psych"], abs=1e-12)
    outside = cohens_kappa(np.array(case["table"]), wt="quadratic", return_results=False)
    assert found == pytest.approx(float(outside), abs=1e-12)


def test_kappa_and_ac_of_the_abstractors_are_those_of_irrcac() -> None:
    # irrCAC, vignettes “overview” and “weighting”: 0.8921569, 0.849 and 0.9402369
    assert weighted_kappa(ABSTRACTORS) == pytest.approx(0.8921569, abs=5e-8)
    assert round(gwet_ac1(ABSTRACTORS), 3) == 0.849
    assert gwet_ac2(ABSTRACTORS) == pytest.approx(0.9402369, abs=5e-8)


def test_ac_of_the_four_diagnoses_are_those_of_irrcac() -> None:
    # irrCAC for Python, its own tests after the R package: 0.456 and 0.299
    assert round(gwet_ac1(DIAGNOSES), 3) == 0.456
    assert round(gwet_ac2(DIAGNOSES), 3) == 0.299


def test_with_nearly_everyone_as_expected_kappa_collapses_and_ac2_does_not() -> None:
    case = R["kappas"][3]["table"]
    kappa = weighted_kappa(case)
    assert kappa is not None
    assert kappa < 0
    assert gwet_ac2(case) > 0.95


# --- Krippendorff ---


# --- What the table would show, were the truth known ---


def few_answers(count: int, answers: float, deviation: float) -> Margin:
    # only effective counts matter for a percentage; variances are for scores
    return Margin(1.1, deviation, np.full(count, 0.1), np.full(count, answers))


def test_well_measured_mirrors_share_their_bands_and_unrelated_sources_only_by_chance() -> None:
    margin = few_answers(200, 5000, 0.5)
    found = band_reference(margin, margin, seed=1, draws=200)
    # unrelated: both in the middle, or both on the same side
    chance = 0.95**2 + 2 * 0.025**2
    assert found.unrelated.match.mean == pytest.approx(chance, abs=0.004)
    assert found.unrelated.kappa.mean == pytest.approx(0, abs=0.03)
    assert found.mirrors.match.mean > 0.985
    assert found.mirrors.kappa.mean > 0.85
    assert found.mirrors.ac2.low > found.unrelated.ac2.mean
    assert (found.draws, found.seed) == (200, 1)


def test_with_few_answers_the_table_cannot_tell() -> None:
    found = band_reference(few_answers(100, 12, 0.3), few_answers(100, 12, 0.3), seed=2, draws=200)
    assert found.unrelated.match.low < found.mirrors.match.mean < found.unrelated.match.high
    assert found.unrelated.ac2.mean > 0.95  # whatever the truth


def test_scores_draw_their_noise_from_their_variances() -> None:
    random = np.random.default_rng(3)
    exact = Margin(8.0, 0.25, np.full(150, 1e-8), None)
    noisy = Margin(8.0, 0.25, np.full(150, 0.25**2), None)
    same = band_reference(exact, exact, seed=1, draws=100).mirrors
    assert (same.match.mean, same.kappa.mean, same.ac2.mean) == pytest.approx((1, 1, 1), abs=0.01)
    half = band_reference(noisy, noisy, seed=1, draws=100).mirrors
    # mirrors half of whose variance is noise correlate at 0.5
    pairs = random.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 400_000)
    bands = band_of(pairs)
    assert half.match.mean == pytest.approx(np.mean(bands[:, 0] == bands[:, 1]), abs=0.005)


def test_the_reference_covers_the_table_of_data_made_the_same_way() -> None:
    random = np.random.default_rng(11)
    count, answers = 120, 80
    shared = random.standard_normal(count)
    bands, margins = [], []
    for mean, deviation in ((1.1, 0.5), (2.0, 0.4)):
        rate = 1 / (1 + np.exp(-(mean + deviation * shared)))
        scaled = logit(random.binomial(answers, rate) / answers, np.full(count, answers))
        spread = peer_spread(scaled.value, scaled.variance)
        bands.append(band_of(standing(scaled.value, scaled.variance, spread).z))
        margins.append(
            Margin(spread.centre, spread.deviation, scaled.variance, np.full(count, 80.0))
        )
    seen = band_agreement(*bands)
    found = band_reference(margins[0], margins[1], seed=5)
    assert found.draws == 500
    assert found.mirrors.match.low <= seen.match <= found.mirrors.match.high
    assert found.mirrors.ac2.low <= seen.ac2 <= found.mirrors.ac2.high


def test_kappa_counts_only_the_draws_in_which_it_exists() -> None:
    found = band_reference(few_answers(10, 5, 0.2), few_answers(10, 5, 0.2), seed=4, draws=50)
    assert found.unrelated.kappa.draws < 50
    assert found.unrelated.ac2.draws == 50


def test_the_seed_decides_and_sources_must_match() -> None:
    margin = few_answers(40, 60, 0.4)
    assert band_reference(margin, margin, seed=3, draws=50) == band_reference(
        margin, margin, seed=3, draws=50
    )
    with pytest.raises(ValueError, match="same providers"):
        band_reference(margin, few_answers(41, 60, 0.4), seed=1)
    with pytest.raises(TooFewPairs, match="9 providers"):
        band_reference(few_answers(9, 60, 0.4), few_answers(9, 60, 0.4), seed=1)


# --- Two people, yes or no ---------------------------------------------------------------------


def _flags(table: list[list[int]]) -> tuple[list[bool], list[bool]]:
    cells = [(a, b) for a in (0, 1) for b in (0, 1) for _ in range(table[a][b])]
    return [bool(a) for a, _ in cells], [bool(b) for _, b in cells]


def test_yes_or_no_is_kappa_and_ac1_with_intervals_that_hold_them() -> None:
    table = [[40, 9], [6, 15]]
    found = yes_or_no_agreement(*_flags(table))
    assert found.cases == 70
    assert found.kappa == pytest.approx(cohens_kappa(table).kappa)
    assert found.ac1 == pytest.approx(gwet_ac1(table))
    assert found.kappa_interval is not None
    assert found.kappa_interval.low < found.kappa < found.kappa_interval.high
    assert found.ac1_interval.low < found.ac1 < found.ac1_interval.high


def test_with_many_cases_the_interval_is_that_of_the_standard_error() -> None:
    table = [[4000, 900], [600, 1500]]
    found, usual = yes_or_no_agreement(*_flags(table)), cohens_kappa(table)
    assert found.kappa_interval is not None
    assert found.kappa_interval.low == pytest.approx(usual.kappa_low, abs=0.005)
    assert found.kappa_interval.high == pytest.approx(usual.kappa_upp, abs=0.005)


def test_ten_of_ten_alike_is_not_certainty() -> None:
    found = yes_or_no_agreement(*_flags([[5, 0], [0, 5]]))
    assert found.kappa == 1
    assert found.kappa_interval is not None
    assert found.kappa_interval.high == 1
    assert found.kappa_interval.low == pytest.approx(0.4449, abs=1e-4)  # Wilson: 0.7225 of 10
    never = yes_or_no_agreement([False] * 10, [False] * 10)
    assert never.kappa is None
    assert never.kappa_interval is None
    assert never.ac1 == 1
    assert never.ac1_interval.low == pytest.approx(0.7225, abs=1e-4)


def test_the_interval_of_kappa_holds_the_truth_in_95_of_100_tables() -> None:
    random = np.random.default_rng(3)
    for kappa, yes in ((0.5, 0.3), (0.8, 0.2)):
        both = yes * yes + kappa * yes * (1 - yes)
        cells = [1 - 2 * yes + both, yes - both, yes - both, both]
        held = 0
        for counts in random.multinomial(40, cells, size=500):
            found = yes_or_no_agreement(*_flags(counts.reshape(2, 2).tolist()))
            interval = found.kappa_interval
            held += interval is not None and interval.low <= kappa <= interval.high
        assert held >= 0.92 * 500


def test_yes_or_no_needs_cases() -> None:
    with pytest.raises(TooFewPairs):
        yes_or_no_agreement([], [])
    with pytest.raises(ValueError, match="equal length"):
        yes_or_no_agreement([True], [True, False])
