"""The perturbation table: what is added to a count of confidential answers before it is shown.

The cell key method of the census table builders. Each person has a hidden record key; a count's cell key is
the sum of the keys of those in it, modulo 256; the table says what a count with that cell key is shown as.
The same people therefore give the same number everywhere, and two counts that differ by a person differ by
noise. The table is data/reference/perturbation.csv, made by benchmarks/perturbation.py.

Comments of an organisation about which enough people wrote may be read, and their writers counted. In a count
of them and others together each of the two is moved by itself: less those who were read, every total of the
same others is then the same moved number, whatever the area or the span of days.

Fraser B, Wooton J. A proposed method for confidentialising tabular output to protect against differencing.
Joint UNECE/Eurostat work session on statistical data confidentiality, 2005.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from pxcore import maps
from pxcore.model import DISCLOSURE_FLOORS

KEYS = 256
LOWEST = DISCLOSURE_FLOORS[0]  # the floor that the table is made for
# A cell key as SQL adds it up (staging/cell_key.sql): the sum of record keys of those who may not be read, of
# those who may, and how many these are.
READABLE_KEYS, READABLE = 2**16, 2**32
SECOND_KEY = 89  # added to a key where the same people need another noise
Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


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
    keys : their cell keys, of the same shape.
    heaviest : most answers of one person in each count; the noise hides them all, and who stands beside
        them: noise as of one answer, and as many times another as there are more.
    """
    shown, _ = perturbed_with_variance(counts, keys, heaviest)
    return shown


def enough_people(
    counts: npt.ArrayLike, keys: npt.ArrayLike, *, alone: bool = False
) -> npt.NDArray[np.bool_]:
    """Whether counts reach the lowest floor: those who may be read, with the moved number of the others.

    Without any to be read that is whether the count itself does, as the table has it. Of a count of three who
    were read and some others, on which side of the floor the count is would tell how many the others are;
    their moved number tells nothing more. It does tell that there are some: with `alone` those who may be
    read have to be enough by themselves, or the others.
    """
    count = np.nan_to_num(np.asarray(counts, dtype=float))
    hidden_key, _, readable = parts_of_key(keys)
    apart = (readable > 0) & (readable <= count)
    read = np.where(apart, readable, 0)
    if alone:
        return np.asarray(np.maximum(read, count - read) >= LOWEST)
    others = _moved(count - read, hidden_key, np.ones(count.shape))
    return np.where(apart, read + others, count) >= LOWEST


def perturbed_with_variance(
    counts: npt.ArrayLike, keys: npt.ArrayLike, heaviest: npt.ArrayLike | float = 1.0
) -> tuple[Numbers, Numbers]:
    """Counts as they are shown, and the variance of their noise as far as it follows from those."""
    count = np.asarray(counts, dtype=float)
    heavy = np.broadcast_to(np.asarray(heaviest, dtype=float), count.shape)
    heavy = np.where(heavy > 1, heavy, 1.0)
    hidden_key, read_key, readable = parts_of_key(keys)
    # somebody who wrote several times is counted once, so that there are fewer people than comments
    apart = (readable > 0) & (readable <= np.nan_to_num(count))
    read = np.where(apart, readable, 0)
    shown_read = _moved(read, read_key, heavy)
    shown_hidden = _moved(count - read, np.where(apart, hidden_key, hidden_key + read_key), heavy)
    alone = apart & (read == count)
    variance = np.where(apart, noise_variance(shown_read), 0.0)
    variance += np.where(alone, 0.0, noise_variance(shown_hidden))
    return shown_read + shown_hidden, variance * (1 + (heavy - 1) ** 2)


def _moved(count: Numbers, key: Whole, heavy: Numbers) -> Numbers:
    table = noise_table()
    last = len(table) - 1
    whole = np.nan_to_num(count).astype(np.int64)
    # near the floor the table keeps counts on their side of it; answers of few people have no such side
    row = np.where((heavy > 1) & (whole > 0), last, np.minimum(whole, last))
    more = (heavy - 1) * table[last, (key + SECOND_KEY) % KEYS] * (whole > 0)
    return np.asarray(np.maximum(0.0, count + table[row, key % KEYS] + more))


def parts_of_key(keys: npt.ArrayLike) -> tuple[Whole, Whole, Whole]:
    """Of cell keys: keys of those who may not be read, of those who may, and how many may; NaN as 0."""
    key = np.nan_to_num(np.asarray(keys, dtype=float)).astype(np.int64)
    hidden, read, readable = key % READABLE_KEYS, key % READABLE // READABLE_KEYS, key // READABLE
    return hidden % KEYS, read % KEYS, readable


def joined_key(hidden: npt.ArrayLike, read: npt.ArrayLike, readable: npt.ArrayLike) -> Numbers:
    """Cell keys of their three numbers, which may be sums; NaN stays."""
    count = np.asarray(readable, dtype=float)
    keys = np.asarray(hidden) % KEYS + READABLE_KEYS * (np.asarray(read) % KEYS)
    return np.asarray(keys + READABLE * count, dtype=float)


def sum_of_keys(keys: Sequence[npt.ArrayLike]) -> Numbers:
    """Cell keys of disjoint people together; NaN stays."""
    known = np.sum([np.asarray(key, dtype=float) * 0 for key in keys], axis=0)
    sums = np.sum([parts_of_key(key) for key in keys], axis=0)
    return joined_key(sums[0], sums[1], sums[2] + known)


def rest_of_key(whole: npt.ArrayLike, part: npt.ArrayLike) -> Numbers:
    """Cell keys of those of a whole who are not in a part of it; NaN stays."""
    of_whole, of_part = parts_of_key(whole), parts_of_key(part)
    known = np.where(np.isnan(np.asarray(whole, dtype=float)), np.nan, 0.0)
    differences = [of_all - of_some for of_all, of_some in zip(of_whole, of_part, strict=True)]
    return joined_key(differences[0], differences[1], differences[2] + known)


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
