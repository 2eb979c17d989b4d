"""Mann-Kendall, Hamed-Rao, seasonal and Sen figures by pymannkendall, which the tests do not need.

Run: python trend.py > trend.json
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version

import numpy as np
import pymannkendall as mk
from scipy.signal import lfilter
from statsmodels.datasets import elnino, nile


def figures(found: tuple) -> dict[str, float]:
    given = {name: float(getattr(found, name)) for name in ("s", "var_s", "z", "p", "slope")}
    return {name: value for name, value in given.items() if np.isfinite(value)}


def plain(values: np.ndarray) -> dict[str, object]:
    return {
        "values": values.tolist(),
        "original": figures(mk.original_test(values)),
        "hamed_rao": figures(mk.hamed_rao_modification_test(values)),
    }


def seasonal(values: np.ndarray) -> dict[str, object]:
    return {"values": values.tolist(), "seasonal": figures(mk.seasonal_test(values, period=12))}


random = np.random.default_rng(20)
# Flow of the Nile at Aswan, 1871-1970; times 5, so that the slope of -13 leaves whole numbers and
# ties are ties whatever the order of rounding.
river = 5 * np.asarray(nile.load_pandas().data["volume"], dtype=float)
sea = elnino.load_pandas().data.iloc[:, 1:].to_numpy(dtype=float).ravel()  # monthly, from 1950

series = {
    "nile": river,
    "nile_first_30": river[:30],
    "sea_24": sea[:24],
    "tied_percentages": random.integers(84, 96, 24).astype(float),
    "rising_12": np.round(80 + 0.4 * np.arange(12) + random.normal(0, 1.5, 12), 1),
    "falling_10": np.round(9.1 - 0.05 * np.arange(10) + random.normal(0, 0.1, 10), 2),
    "autocorrelated_60": 90 + lfilter([1], [1, -0.7], random.normal(0, 1, 60)),
    "alternating_40": 90 + lfilter([1], [1, 0.7], random.normal(0, 1, 40)),
}
months = {
    "sea_60": sea[:60],
    "sea_41": sea[100:141],  # not a whole number of years
    "tied_36": random.integers(88, 95, 36).astype(float),
    "rising_48": 85
    + np.arange(48) / 12
    + 2 * np.sin(np.arange(48) * np.pi / 6)
    + random.normal(0, 1, 48),
}
sys.stdout.write(
    json.dumps(
        {
            "made_with": {name: version(name) for name in ("pymannkendall", "numpy")},
            "plain": {name: plain(values) for name, values in series.items()},
            "seasonal": {name: seasonal(values) for name, values in months.items()},
        },
        indent=1,
    )
    + "\n"
)
