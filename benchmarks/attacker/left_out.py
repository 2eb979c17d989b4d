"""Leaving organisations out one at a time: what a statistic over many tells of the one that two areas differ
by.

The attacker is given far more than anybody has: the exact figures of all other organisations of both areas.
What is left open of the one is every pair of positive and all answers within the noise of the counts shown
whose rank correlation is printed as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import rankdata

from benchmarks.attacker.views import Player
from pxcore.analysis.agreement import agreement
from pxcore.analysis.alignment import Alignment, inside
from pxcore.model import Pairing

FEWEST = 10  # organisations of a rank correlation


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One organisation that two areas differ by."""

    said: str
    answers: int
    able: int  # pairs of positive and all answers that the counts shown allow
    left: int  # of them that the statistic printed leaves


def left_out(player: Player, most: int, noise: int) -> Iterator[LeftOut]:
    """Organisations of confidential sources that two areas differ by, `most` of them.

    `noise` is how far either moved part may lie from the truth.
    """
    found = 0
    for source in player.truth.people:
        for other in player.offered.sources:
            if other == source or other in player.truth.people:
                continue
            whole = player.alignment(Pairing(source, other))
            if whole.left.source != source or whole.left.unit != "proportion":
                continue
            of_area = {
                area: set(inside(whole, area).pairs["unit"]) for area in player.offered.areas
            }
            of_area[""] = set(whole.pairs["unit"])
            for area, units in of_area.items():
                if len(units) <= FEWEST or found >= most:
                    continue
                lone = [units - less for less in of_area.values() if less < units]
                for unit in sorted({one for some in lone if len(some) == 1 for one in some}):
                    yield _one(player, whole, area, sorted(units), unit, noise)
                    found += 1


def _one(
    player: Player, whole: Alignment, area: str, units: list[str], unit: str, noise: int
) -> LeftOut:
    told = agreement(player.store, replace(whole.pairing, area=area)).as_json()["spearman"]
    exact = whole.exact.figures.set_index("unit").loc[units]
    shown = whole.pairs.set_index("unit").loc[unit]
    place, right = units.index(unit), rankdata(exact["right_value"])
    values = exact["left_value"].to_numpy(dtype=float, copy=True)
    positive, rest = (
        float(shown["left_positive"]),
        float(shown["left_respondents"] - shown["left_positive"]),
    )
    able = left = 0
    for one in range(max(0, round(positive - noise)), round(positive + noise) + 1):
        for other in range(max(0, round(rest - noise)), round(rest + noise) + 1):
            if one + other == 0:
                continue
            able += 1
            values[place] = one / (one + other)
            rho = float(np.corrcoef(rankdata(values), right)[0, 1])
            left += told is None or round(rho, 2) == told["estimate"]
    said = f"{whole.left.source} beside {whole.right.source}, {area or 'everywhere'} with {unit}"
    return LeftOut(said, int(exact["left_respondents"].iloc[place]), able, left)
