"""Many tests at once: how many of the findings are chance?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

from pxcore.stats.intervals import Floats


def discovery_rates(p_value: npt.ArrayLike) -> Floats:
    """How many false findings to expect among those at least as striking as this one, as a share?

    Parameters
    ----------
    p_value : array of p-values tested together; NaN for what was not tested.

    Returns
    -------
    Array of q-values, NaN where p is.

    References
    ----------
    Benjamini Y, Hochberg Y. Controlling the false discovery rate: a practical and powerful approach
    to multiple testing. Journal of the Royal Statistical Society B 1995;57:289-300.

    Checked against statsmodels (multipletests).
    """
    p = np.asarray(p_value, dtype=float)
    q = np.full(p.shape, np.nan)
    tested = ~np.isnan(p)
    q[tested] = stats.false_discovery_control(p[tested]) if tested.any() else ()
    return q
