"""Agreement of several sources, by pingouin, krippendorff and SciPy's own permutations.

Run, where those packages are installed: python agreement_python.py > agreement_python.json
"""

import json
import sys
from importlib.metadata import version

import krippendorff
import numpy as np
import pandas as pd
import pingouin
from scipy import stats


def shares(table):
    rows, sources = table.shape
    frame = pd.DataFrame(
        {
            "provider": np.repeat(np.arange(rows), sources),
            "source": np.tile(np.arange(sources), rows),
            "value": table.ravel(),
        }
    )
    found = pingouin.intraclass_corr(frame, "provider", "source", "value").set_index("Type")
    column = next(name for name in found.columns if name.startswith("CI95"))
    return {
        "values": table.tolist(),
        "agreement": float(found.loc["ICC(A,1)", "ICC"]),
        "agreement_interval": [float(end) for end in found.loc["ICC(A,1)", column]],
        "consistency": float(found.loc["ICC(C,1)", "ICC"]),
        "consistency_interval": [float(end) for end in found.loc["ICC(C,1)", column]],
    }


def alphas(table):
    ratings = table.T  # sources in rows
    return {
        "values": [[None if np.isnan(one) else float(one) for one in row] for row in table],
        "ordinal": float(krippendorff.alpha(ratings, level_of_measurement="ordinal")),
        "interval": float(krippendorff.alpha(ratings, level_of_measurement="interval")),
    }


random = np.random.default_rng(7)
gap = np.nan
# Krippendorff 2011, section C: 4 observers, 12 units
published = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, gap, gap, gap],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, gap, gap],
        [gap, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 3],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, gap],
    ]
).T
shared = random.standard_normal(60)
bands = np.digitize(shared[:, None] + random.normal(0, 0.7, (60, 3)), [-1, 1.5]) - 1.0
bands[random.random(bands.shape) < 0.25] = gap
true = random.standard_normal(50)
standings = true[:, None] + random.normal(0, 0.6, (50, 4))
standings[random.random(standings.shape) < 0.3] = gap
whole = (0.8 + 0.05 * true[:30])[:, None] + random.normal(0, 0.03, (30, 2)) + [0, 0.04]
four = (true[:20])[:, None] + random.normal(0, 0.5, (20, 4)) + [0, 0.3, -0.2, 0.1]

left = np.round(0.8 + 0.05 * true[:24], 2)
right = np.round(0.7 + 0.03 * true[:24] + random.normal(0, 0.05, 24), 2)
ranks = stats.rankdata(left)


def spearman(values):
    return stats.spearmanr(ranks, values).statistic


permuted = stats.permutation_test(
    (stats.rankdata(right),),
    spearman,
    permutation_type="pairings",
    n_resamples=99_999,
    rng=np.random.default_rng(1),
)

sys.stdout.write(
    json.dumps(
        {
            "made_with": {
                name: version(name) for name in ("pingouin", "krippendorff", "scipy", "numpy")
            },
            "icc": {"two": shares(whole), "four": shares(four)},
            "alpha": {
                "published": alphas(published),
                "bands": alphas(bands),
                "standings": alphas(standings),
            },
            "permutation": {
                "left": left.tolist(),
                "right": right.tolist(),
                "p": float(permuted.pvalue),
            },
        }
    )
    + "\n"
)
