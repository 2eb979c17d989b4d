"""Would a verdict stand had other, equally reasonable, choices been made?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from pxcore.stats.intervals import Floats

STABLE = 0.9  # share of specifications with the verdict
FAIRLY_STABLE = 0.7
NOT_TRIED = -1  # a provider under a specification that does not apply to it


class Steadiness(IntEnum):
    """How a verdict stands up to other choices."""

    STABLE = 1
    FAIRLY_STABLE = 2
    DEPENDS = 3

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Steadiness.STABLE: "stable",
    Steadiness.FAIRLY_STABLE: "fairly stable",
    Steadiness.DEPENDS: "depends on choices",
}


@dataclass(frozen=True, slots=True)
class Stability:
    """For each provider, how its verdict stands up to other choices and which of them matters."""

    share: Floats  # of the specifications that give the default verdict
    steadiness: npt.NDArray[np.int64]  # a Steadiness
    choices: tuple[str, ...]  # their names, in the order of `swings`
    swings: (
        Floats  # (choices, providers): by how much that share differs between a choice's options
    )
    decisive: npt.NDArray[np.int64]  # the choice that swings it most; -1 where none does
    specifications: int


def stability(
    verdicts: npt.ArrayLike, default: int, options: Mapping[str, npt.ArrayLike]
) -> Stability:
    """Would each provider's verdict be the same under other reasonable choices?

    Parameters
    ----------
    verdicts : array (specifications, providers) of whole numbers that name the verdicts; NOT_TRIED
        where a specification does not apply, which leaves it out of that provider's share.
    default : which row is the default specification.
    options : for each choice, by name, an array naming the option taken in each specification.

    Returns
    -------
    Stability. “Stable” where at least 0.9 of the specifications give the default verdict, “fairly
    stable” from 0.7, “depends on choices” under that. The decisive choice is the one between whose
    options that share differs most; of equals, the first named.

    Notes
    -----
    No test: specifications are not a sample of anything and no p-value is pooled over them. The
    default is fixed before looking.

    References
    ----------
    Steegen S, Tuerlinckx F, Gelman A, Vanpaemel W. Increasing transparency through a multiverse
    analysis. Perspectives on Psychological Science 2016;11:702-712.
    Simonsohn U, Simmons JP, Nelson LD. Specification curve analysis. Nature Human Behaviour
    2020;4:1208-1214.
    """
    table = np.asarray(verdicts)
    if table.ndim != 2 or not len(table):
        raise ValueError(f"verdicts {table.shape} must be (specifications, providers)")
    if not np.issubdtype(table.dtype, np.integer):
        raise ValueError("verdicts must be whole numbers")
    specifications, providers = table.shape
    if not 0 <= default < specifications:
        raise ValueError(f"the default {default} is not one of {specifications} specifications")
    tried = table != NOT_TRIED
    tried[default] = True  # the share of a provider rests on its own verdict at least
    same = (table == table[default]) & tried
    share = same.sum(axis=0) / tried.sum(axis=0)
    swings = np.zeros((len(options), providers))
    for row, (name, taken) in enumerate(options.items()):
        labels = np.asarray(taken)
        if labels.shape != (specifications,):
            raise ValueError(f"{name} must name the option of each of {specifications} rows")
        code = np.unique(labels, return_inverse=True)[1]
        members = [code == member for member in range(code.max() + 1)]
        counts = np.array([tried[member].sum(axis=0) for member in members])
        within = np.array([same[member].sum(axis=0) for member in members]) / np.maximum(counts, 1)
        most = np.where(counts > 0, within, -np.inf).max(axis=0)
        swings[row] = most - np.where(counts > 0, within, np.inf).min(axis=0)
    decisive = np.full(providers, -1)
    if len(options):
        decisive = np.where(swings.max(axis=0) > 0, swings.argmax(axis=0), -1)
    steadiness = np.select(
        [share >= STABLE, share >= FAIRLY_STABLE],
        [Steadiness.STABLE, Steadiness.FAIRLY_STABLE],
        Steadiness.DEPENDS,
    )
    return Stability(
        share=np.asarray(share, dtype=float),
        steadiness=steadiness.astype(np.int64),
        choices=tuple(options),
        swings=swings,
        decisive=decisive.astype(np.int64),
        specifications=specifications,
    )
