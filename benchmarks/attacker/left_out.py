"""Leaving organisations out one at a time: what a statistic over many tells of one of them.

Two areas of the demonstration differ by one organisation nowhere that a rank correlation is told of both. The
attacker is therefore given more than two such areas would tell: the exact figures of all other organisations.
What is left open of the one is every pair of positive and all answers within the noise of the counts shown
whose rank correlation is printed as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.stats import rankdata

from benchmarks.attacker.player import Player
from pxcore.analysis.joining.alignment import Alignment
from pxcore.analysis.pairs.agreement import agreement
from pxcore.model import Pairing
from pxcore.publish.agreement import as_json

FEWEST = 10  # organisations of a rank correlation


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One organisation among others whose figures are known."""

    said: str
    answers: int
    able: int  # pairs of positive and all answers that the counts shown allow
    left: int  # of them that the statistic printed leaves


def left_out(player: Player, noise: int) -> Iterator[LeftOut]:
    """Every organisation of confidential sources beside published ones, where a correlation is told.

    `noise` is how far each moved part may lie from the truth.
    """
    for source, other in product(player.truth.people, player.offered.sources):
        if other in player.truth.people:
            continue
        whole = player.alignment(Pairing(source, other))
        if len(whole.pairs) < FEWEST or whole.left.unit != "proportion":
            continue
        told = as_json(agreement(player.store, whole.pairing))["spearman"]
        if told is not None:
            for unit in whole.pairs["unit"]:
                yield _one(whole, str(unit), told["estimate"], noise)


def _one(whole: Alignment, unit: str, told: float, noise: int) -> LeftOut:
    exact = whole.exact_of(whole.pairs["unit"])
    shown = whole.pairs.set_index("unit").loc[unit]
    place, right = exact.index.get_loc(unit), rankdata(exact["right_value"])
    values = exact["left_value"].to_numpy(dtype=float, copy=True)
    positive = float(shown["left_positive"])
    parts = (positive, float(shown["left_respondents"]) - positive)
    near = [range(max(0, round(part - noise)), round(part + noise) + 1) for part in parts]
    able = left = 0
    for one, other in product(*near):
        if one + other == 0:
            continue
        able += 1
        values[place] = one / (one + other)
        left += round(float(np.corrcoef(rankdata(values), right)[0, 1]), 2) == told
    said = f"{whole.left.source} beside {whole.right.source}, {unit}"
    return LeftOut(said, int(exact["left_respondents"].iloc[place]), able, left)
