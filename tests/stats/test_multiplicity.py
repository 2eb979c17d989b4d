"""Many tests at once: how many of the findings are chance?"""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from pxcore.stats.multiplicity import discovery_rates


def test_a_rate_leaves_out_what_was_not_tested() -> None:
    p = np.array([0.01, np.nan, 0.04, 0.5])
    q = discovery_rates(p)
    assert np.isnan(q[1])
    assert q[[0, 2, 3]] == pytest.approx(multipletests(p[[0, 2, 3]], method="fdr_bh")[1])
    assert np.isnan(discovery_rates([np.nan])).all()
    assert discovery_rates([]).shape == (0,)
