"""Kendall's W and Friedman's test, against vegan, R, scipy and textbook tables.

`agreement.R` in tests/reference made the recorded figures.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import assume, given
from hypothesis import strategies as st

from pxcore.errors import TooFewPairs
from pxcore.stats.concordance import kendall_w

REFERENCE = Path(__file__).parents[1] / "reference"
R: dict[str, Any] = json.loads((REFERENCE / "agreement.json").read_text(encoding="utf-8"))


def tables(least: int = 2) -> st.SearchStrategy[np.ndarray]:
    """10 to 25 providers, some sources, many ties."""
    return st.tuples(st.integers(10, 25), st.integers(least, 5)).flatmap(
        lambda size: st.lists(
            st.lists(st.integers(0, 8).map(float), min_size=size[1], max_size=size[1]),
            min_size=size[0],
            max_size=size[0],
        ).map(np.array)
    )


# --- Kendall's W ---


def test_kendalls_three_tied_rankings() -> None:
    found = kendall_w(R["w"]["tied"]["values"], seed=1)
    assert round(found.estimate, 3) == 0.828  # Siegel 1956, page 234
    assert (found.providers, found.sources, found.degrees) == (10, 3, 9)


@pytest.mark.parametrize("name", ["tied", "executives", "three"])
def test_w_is_that_of_vegan(name: str) -> None:
    case = R["w"][name]
    found = kendall_w(case["values"], seed=1, resamples=99, fewest=6)
    assert found.estimate == pytest.approx(case["w"])
    assert found.chi_square == pytest.approx(case["chi_square"])


def test_under_eight_providers_p_comes_from_permutations() -> None:
    values = np.array(R["w"]["executives"]["values"])
    found = kendall_w(values, seed=1, fewest=6)
    assert round(found.estimate, 2) == 0.16  # Siegel 1956, page 231
    assert found.by_permutation
    # every order of two executives against the first
    spread = [
        ((values[:, 0] + np.array(one) + np.array(other)) ** 2).sum()
        for one in itertools.permutations(range(1, 7))
        for other in itertools.permutations(range(1, 7))
    ]
    exact = np.mean(np.array(spread) >= (values.sum(axis=1) ** 2).sum())
    assert found.p_value == pytest.approx(float(exact), abs=0.02)
    assert not kendall_w(R["w"]["three"]["values"], seed=1).by_permutation


@given(tables())
def test_w_is_friedmans_with_providers_as_treatments(table: np.ndarray) -> None:
    assume((np.ptp(table, axis=0) > 0).all())
    found = kendall_w(table, seed=1)
    # SciPy's needs three treatments: there are ten providers or more
    outside = scipy.stats.friedmanchisquare(*table)
    assert found.chi_square == pytest.approx(float(outside.statistic))
    assert found.p_value == pytest.approx(float(outside.pvalue), abs=1e-9)


@given(tables(), st.randoms())
def test_laws_of_w(table: np.ndarray, random: object) -> None:
    assume((np.ptp(table, axis=0) > 0).all())
    found = kendall_w(table, seed=1)
    assert 0 <= found.estimate <= 1 + 1e-12
    assert -1 <= found.mean_spearman <= 1
    order = list(range(len(table)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert kendall_w(table[order][:, ::-1], seed=1).estimate == pytest.approx(found.estimate)
    bent = np.exp(table / 3) + np.arange(table.shape[1])
    assert kendall_w(bent, seed=1).estimate == pytest.approx(found.estimate)
    pairs = itertools.combinations(range(table.shape[1]), 2)
    mean = np.mean([scipy.stats.spearmanr(table[:, i], table[:, j]).statistic for i, j in pairs])
    assert found.mean_spearman == pytest.approx(float(mean), abs=1e-9)


@given(st.integers(10, 25), st.integers(2, 5), st.integers(0, 1000))
def test_without_ties_the_mean_spearman_is_w_in_another_guise(n: int, k: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    table = np.column_stack([random.permutation(n) for _ in range(k)])
    found = kendall_w(table, seed=1)
    assert found.mean_spearman == pytest.approx((k * found.estimate - 1) / (k - 1), abs=1e-12)


def test_one_order_for_all_is_one() -> None:
    column = np.arange(12.0)
    found = kendall_w(np.column_stack([column, 2 * column, column**3]), seed=1)
    assert (found.estimate, found.mean_spearman) == pytest.approx((1.0, 1.0))


def test_w_refuses_what_it_cannot_judge() -> None:
    with pytest.raises(TooFewPairs, match="9 providers"):
        kendall_w(np.arange(27.0).reshape(9, 3), seed=1)
    with pytest.raises(TooFewPairs, match="no order"):
        kendall_w(np.column_stack([np.arange(12), np.full(12, 3), np.arange(12)]), seed=1)
    with pytest.raises(ValueError, match="missing"):
        kendall_w(np.full((12, 3), np.nan), seed=1)


# --- Friedman ---
