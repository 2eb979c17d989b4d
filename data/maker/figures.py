"""Drawing figures: beta-binomial counts, answers, modes; and the publisher's suppression."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.maker import planted
from pxcore.frames import ANSWERS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST_SHOWN = 5  # one to four responses are withheld by the publisher


def logit(proportion: float) -> float:
    return float(np.log(proportion / (1 - proportion)))


def expit(value: Any) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.asarray(value, dtype=float))))


def beta_binomial(
    rng: np.random.Generator, trials: Ints, proportion: Floats, intra_class: float
) -> Ints:
    """Positives of each unit: answers within a unit are a little alike."""
    weight = 1 / intra_class - 1
    own = rng.beta(proportion * weight, (1 - proportion) * weight)
    return np.asarray(rng.binomial(trials, own), dtype=np.int64)


def answers(rng: np.random.Generator, responses: Ints, positive: Ints) -> pd.DataFrame:
    """The six answers of each unit, from its responses and its positives."""
    very_good = rng.binomial(positive, 0.78)
    rest = rng.multinomial(responses - positive, [0.36, 0.22, 0.28, 0.14])
    columns = (very_good, positive - very_good, *(rest[:, at] for at in range(4)))
    return pd.DataFrame(dict(zip(ANSWERS, columns, strict=True)))


def modes(
    rng: np.random.Generator, responses: Ints, shares: Floats, names: tuple[str, ...]
) -> pd.DataFrame:
    """How the responses of each organisation came in."""
    counts = rng.multinomial(responses, shares / shares.sum(axis=1, keepdims=True))
    return pd.DataFrame(counts, columns=list(names))


def wilson(proportion: Floats, base: Floats) -> tuple[Floats, Floats]:
    """The 95% interval of a proportion resting on `base` answers."""
    z = 1.959964
    centre = (proportion + z**2 / (2 * base)) / (1 + z**2 / base)
    half = (
        z * np.sqrt(proportion * (1 - proportion) / base + z**2 / (4 * base**2)) / (1 + z**2 / base)
    )
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)


def survey_results(
    rng: np.random.Generator, base: Ints, proportion: Floats
) -> tuple[Floats, Floats, Floats]:
    """Weighted proportion and its interval: weighting costs a design effect."""
    effective = np.maximum(np.round(base / planted.DESIGN_EFFECT), 1).astype(np.int64)
    value: Floats = np.asarray(rng.binomial(effective, proportion) / effective, dtype=np.float64)
    low, high = wilson(value, effective.astype(float))
    return (
        value.round(6),
        np.asarray(np.minimum(low, value), dtype=np.float64).round(6),
        high.round(6),
    )


def suppression(rows: pd.DataFrame, hidden_parents: frozenset[str] = frozenset()) -> pd.DataFrame:
    """Which rows the publisher withholds: `first` (1-4 responses) and `any` (also the guards).

    rows: `code`, `group` (the parent whose total is shown) and `respondents`; `hidden_parents`
    holds the groups of parents themselves withheld. Where the smallest of a group is withheld so
    is the next; of a withheld parent the two smallest are. Zero is shown.
    """
    given = rows["respondents"]
    first = (given > 0) & (given < LEAST_SHOWN)
    rank = given.where(given > 0).groupby(rows["group"]).rank(method="dense")
    smallest_hidden = (first & (rank == 1)).groupby(rows["group"]).transform("any")
    second = smallest_hidden & (rank == 2)
    cascade = rows["group"].isin(hidden_parents) & rank.isin([1, 2])
    return pd.DataFrame({"first": first, "any": first | second | cascade})
