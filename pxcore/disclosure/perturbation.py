"""The perturbation table: what is added to a count of confidential answers before it is shown.

The cell key method of the census table builders. Each person has a hidden record key; a count's cell key is
the sum of the keys of those in it, modulo 256; the table says what a count with that cell key is shown as.
The same people therefore give the same number everywhere, and two counts that differ by a person differ by
noise. The table is data/reference/perturbation.csv, made by benchmarks/perturbation.py.

Fraser B, Wooton J. A proposed method for confidentialising tabular output to protect against differencing.
Joint UNECE/Eurostat work session on statistical data confidentiality, 2005.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from pxcore import maps

KEYS = 256
Numbers = npt.NDArray[np.float64]


@cache
def noise_table() -> npt.NDArray[np.int64]:
    """Noise by count (rows; the last is that of all higher counts too) and cell key (columns)."""
    rows = [{name: int(value) for name, value in row.items()} for row in maps.rows("perturbation")]
    table = np.zeros((1 + max(row["count"] for row in rows), KEYS), dtype=np.int64)
    for row in rows:
        table[row["count"], row["first_key"] : row["last_key"] + 1] = row["noise"]
    return table


@cache
def largest_noise() -> int:
    """D: no count is shown further from the true one."""
    return int(np.abs(noise_table()).max())


def perturbed(
    counts: npt.ArrayLike, keys: npt.ArrayLike, heaviest: npt.ArrayLike | float = 1.0
) -> Numbers:
    """Counts as they are shown.

    Parameters
    ----------
    counts : whole numbers of answers or people, of any shape; NaN stays.
    keys : sums of their record keys, of the same shape.
    heaviest : most answers of one person in each count; the noise is as many times larger, so that it
        hides a person and not an answer.
    """
    count = np.asarray(counts, dtype=float)
    heavy = np.broadcast_to(np.asarray(heaviest, dtype=float), count.shape)
    heavy = np.where(heavy > 1, heavy, 1.0)
    key = np.nan_to_num(np.asarray(keys, dtype=float)).astype(np.int64) % KEYS
    table = noise_table()
    last = len(table) - 1
    whole = np.nan_to_num(count).astype(np.int64)
    # near the floor the table keeps counts on their side of it; answers of few people have no such side
    row = np.where((heavy > 1) & (whole > 0), last, np.minimum(whole, last))
    return np.asarray(np.maximum(0.0, count + heavy * table[row, key]))


@cache
def _mean_squares() -> Numbers:
    """By count shown: the mean squared noise of the counts that may be shown so, each as likely."""
    table = noise_table()
    highest = len(table) + 2 * largest_noise()
    counts = np.arange(highest + largest_noise() + 1)
    noises = table[np.minimum(counts, len(table) - 1)]
    shown = counts[:, None] + noises
    return np.array([(noises[shown == number] ** 2).mean() for number in range(highest)])


def noise_variance(shown: npt.ArrayLike) -> Numbers:
    """The variance of the noise in counts, from what is shown of them alone."""
    number = np.nan_to_num(np.asarray(shown, dtype=float)).astype(np.int64)
    squares = _mean_squares()
    return np.asarray(squares[np.minimum(number, len(squares) - 1)])
