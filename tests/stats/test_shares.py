"""Shares of people: held to statsmodels and scipy, and to their laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from pxcore.stats.shares import association, share_differences

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_differences_are_those_of_statsmodels() -> None:
    left, n, right, m = [56, 9, 10], [70, 10, 10], [48, 3, 0], [80, 10, 20]
    found = share_differences(left, n, right, m)
    for at in range(3):
        low, high = confint_proportions_2indep(
            left[at], n[at], right[at], m[at], method="newcomb", compare="diff"
        )
        assert (found.low[at], found.high[at]) == pytest.approx((low, high), abs=1e-9)
    assert found.difference[0] == pytest.approx(0.2)
    assert found.low[0] == pytest.approx(0.0524, abs=5e-5)  # Newcombe 1998, table II (a), method 10
    assert found.high[0] == pytest.approx(0.3339, abs=5e-5)
    assert found.p_value[0] == pytest.approx(
        stats.fisher_exact([[56, 14], [48, 32]]).pvalue, rel=1e-12
    )
    q = multipletests(found.p_value, method="fdr_bh")[1]
    assert found.q_value == pytest.approx(q)


def test_what_is_not_known_is_not_tested_and_does_not_count_among_the_tested() -> None:
    found = share_differences([5, np.nan, 3], [10, 10, 0], [1, 2, 1], [30, 10, 10])
    assert np.isnan(found.p_value[1:]).all()
    assert np.isnan(found.q_value[1:]).all()
    assert found.q_value[0] == found.p_value[0]


@given(one=counts, other=counts)
def test_changing_sides_changes_the_sign_alone(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    there = share_differences([one[0]], [one[1]], [other[0]], [other[1]])
    back = share_differences([other[0]], [other[1]], [one[0]], [one[1]])
    assert there.difference[0] == pytest.approx(-back.difference[0])
    assert there.low[0] == pytest.approx(-back.high[0])
    assert there.p_value[0] == pytest.approx(back.p_value[0])
    assert there.low[0] - 1e-12 <= there.difference[0] <= there.high[0] + 1e-12


def test_association_is_that_of_scipy() -> None:
    table = np.array([[30, 20], [40, 110]])  # named the one or not; named the other or not
    found = association([30], [50], [70], [200])

    chi = stats.chi2_contingency(table, correction=False).statistic
    assert found.phi[0] == pytest.approx(np.sqrt(chi / 200))
    assert found.lift[0] == pytest.approx(30 * 200 / (50 * 70))
    assert found.with_other[0] == pytest.approx(30 / 70)
    assert found.without_other[0] == pytest.approx(20 / 130)
    assert found.p_value[0] == pytest.approx(stats.fisher_exact(table).pvalue)
    low, high = confint_proportions_2indep(30, 70, 20, 130, method="newcomb", compare="diff")
    assert (found.low[0], found.high[0]) == pytest.approx((low, high), abs=1e-9)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(1, 60))
def test_phi_is_the_same_whichever_is_named_first(
    both: int, one: int, other: int, rest: int
) -> None:
    people = both + one + other + rest
    a, c = both + one, both + other
    there, back = association([both], [a], [c], [people]), association([both], [c], [a], [people])
    assert there.phi == pytest.approx(back.phi, nan_ok=True)
    assert there.lift == pytest.approx(back.lift, nan_ok=True)
    assert not np.abs(there.phi[0]) > 1 + 1e-9
