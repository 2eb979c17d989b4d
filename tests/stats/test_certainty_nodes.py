"""The usual agreement of two sources on nodes: by factors and on a part of them it is the same."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from pxcore.stats.certainty_nodes import CONTRADICTION, Block, heard, mixed

BLOCK = Block(np.arange(3), 0.25 * np.arange(-24.0, 25.0), 0.25)
PART = slice(5, 30), slice(12, 40)


@pytest.mark.parametrize("correlation", [-0.4, 0.0, 0.6, 0.95])
def test_the_density_is_that_of_three_normals(correlation: float) -> None:
    u, v = np.meshgrid(BLOCK.nodes, BLOCK.nodes, indexing="ij")
    expected = np.zeros(u.shape)
    for share, p, q in ((0.9, 0, 0), (0.05, CONTRADICTION, 0), (0.05, 0, CONTRADICTION)):
        shape = [[1 + p, correlation], [correlation, 1 + q]]
        expected += share * stats.multivariate_normal([0, 0], shape).pdf(np.dstack([u, v]))
    assert BLOCK.density(correlation, 0.1) == pytest.approx(expected, rel=1e-9)
    assert mixed(BLOCK.components(correlation), 0.1) == pytest.approx(expected, rel=1e-9)
    assert BLOCK.density(correlation, 0.1, *PART) == pytest.approx(expected[PART], rel=1e-9)


def test_slopes_are_those_of_the_density_by_the_correlation() -> None:
    step = 1e-6
    higher, lower = (BLOCK.density(0.6 + by, 0.1, *PART) for by in (step, -step))
    slopes = mixed(BLOCK.slopes(0.6, BLOCK.components(0.6, *PART), *PART), 0.1)
    assert slopes == pytest.approx((higher - lower) / (2 * step), abs=1e-7)


def test_nodes_where_nothing_is_heard_are_left_out() -> None:
    table = np.zeros((2, 9))
    table[0, 3], table[1, 5] = 1.0, 1e-6
    assert heard(table) == slice(3, 6)
