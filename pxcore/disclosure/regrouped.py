"""Groups that were joined otherwise before: which of them may be shown beside what was shown then.

A person may change which groups count as one, look, and change it again. Every band shown under any of
those maps is one equation about the same people. What follows from all of them together must rest on
nobody or on enough people, as if they stood on one screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from pxcore.disclosure.floor import floors_up_to, protect
from pxcore.disclosure.nested import splits_shown
from pxcore.model import Disclosure, Withheld

MOST_SMALL = 12  # of more, every sum is taken to follow


@dataclass(frozen=True, slots=True)
class Regrouped:
    """What of the latest map may not be shown, and which parts no map shows apart."""

    hidden: frozenset[str]  # bands of the latest map
    # for each floor up to that in force, and after each map: what can be told apart, a number by part
    # (parts of one number stand in the same bands shown, under every map so far); the latest last
    told_apart: tuple[tuple[Disclosure, tuple[int, ...]], ...]


def beside_earlier(
    maps: pd.DataFrame,
    whole: np.ndarray,
    at_units: np.ndarray,
    elsewhere: np.ndarray,
    disclosure: Disclosure,
    quarters: np.ndarray | None = None,
) -> Regrouped:
    """Which bands of the latest map may be shown beside those of all earlier ones.

    Each map in turn is shown as far as `protect` and the maps before it allow; the total of everybody is
    shown beside all of them.

    Parameters
    ----------
    maps : one row per part (groups that no map sets apart), one column per map, the earliest first and the
        latest last: the band of the part.
    whole : people by part, over all organisations together.
    at_units : people by organisation (rows) and part.
    elsewhere : people by part at organisations that are shown beside another source only.
    disclosure : the rule in force.
    quarters : people by quarter of the year (rows) and part, where one of those quarters is looked at: each
        can be looked at in turn, and the year.

    Bands are hidden, of the fewest people, until no sum of parts that follows from what is shown holds few,
    here or elsewhere.
    """
    hidden: list[set[str]] = [set() for _ in maps]
    views: dict[tuple[Disclosure, tuple[int, ...]], None] = {}
    for floor in floors_up_to(disclosure.floor):
        equations = [np.ones(len(whole))]
        for place, name in enumerate(maps):
            labels = maps[name].to_numpy(dtype=object)
            hidden[place] |= _few_at_units(labels, whole, at_units, floor)
            hidden[place] |= _few_in(labels, elsewhere, floor)
            if quarters is not None:
                hidden[place] |= _few_in_a_quarter(labels, quarters, floor)
            shown = _shown(labels, whole, hidden[place], floor)
            while shown and _follows([*equations, *shown.values()], whole, elsewhere, floor):
                hidden[place] |= _enough(
                    labels, equations, shown, whole, elsewhere, hidden[place], floor
                )
                shown = _shown(labels, whole, hidden[place], floor)
            # what is hidden under one floor is so under a higher one, also what hid beside a few
            hidden[place] = set(map(str, labels)) - set(shown)
            equations += shown.values()
            _, classes = np.unique(np.array(equations), axis=1, return_inverse=True)
            view = (Disclosure(floor), tuple(int(one) for one in classes.ravel()))
            views.pop(view, None)
            views[view] = None
    return Regrouped(frozenset(hidden[-1]), tuple(views))


def told_apart(people: pd.DataFrame, classes: Sequence[int]) -> pd.DataFrame:
    """Organisations × what can be told apart: people, of organisations × parts."""
    names = dict(zip(people.columns, classes, strict=True))
    return people.rename(columns=names).T.groupby(level=0).sum().T


def areas_split(
    regrouped: Regrouped, people: pd.DataFrame, areas: pd.DataFrame, *, levels: Sequence[str]
) -> set[str]:
    """The areas that may be shown by band beside each other, the whole and all maps.

    `people` is organisations × parts, in the order of the maps; `areas` and `levels` as in `splits_shown`.
    An area that was not split under a map before, or under a lower floor, stays so: of two that must not be
    shown together one would else be shown now, and the other was then.
    """
    return set.intersection(
        *(
            splits_shown(told_apart(people, classes), areas, disclosure, levels=levels)
            for disclosure, classes in regrouped.told_apart
        )
    )


def _shown(
    labels: np.ndarray, whole: np.ndarray, hidden: set[str], floor: int
) -> dict[str, np.ndarray]:
    """Band -> which parts it holds, of the bands shown."""
    bands = sorted(set(labels))
    cells = pd.DataFrame(
        {
            "band": bands,
            "people": [float(whole[labels == band].sum()) for band in bands],
            "withheld": [
                Withheld.FLOOR.value if band in hidden else Withheld.NONE.value for band in bands
            ],
        }
    )
    told = protect(cells, Disclosure(floor), count="people", values=[], totals_within=[])
    return {
        str(band): (labels == band).astype(float)
        for band in told.loc[told["withheld"] == Withheld.NONE.value, "band"]
    }


def _enough(
    labels: np.ndarray,
    equations: Sequence[np.ndarray],
    shown: dict[str, np.ndarray],
    whole: np.ndarray,
    elsewhere: np.ndarray,
    hidden: set[str],
    floor: int,
) -> set[str]:
    """One band or two that, hidden, are enough, and hide the fewest people; the smallest where none are."""
    for many in (1, 2):
        able = []
        for some in combinations(shown, many):
            without = _shown(labels, whole, {*hidden, *some}, floor)
            if not _follows([*equations, *without.values()], whole, elsewhere, floor):
                left = sum(float(band @ whole) for band in without.values())
                able.append((-left, some))
        if able:
            return set(min(able)[1])
    return {min(shown, key=lambda band: (float(shown[band] @ whole), band))}


def _few_in(labels: np.ndarray, people: np.ndarray, floor: int) -> set[str]:
    return {str(band) for band in dict.fromkeys(labels) if 0 < people[labels == band].sum() < floor}


def _few_in_a_quarter(labels: np.ndarray, quarters: np.ndarray, floor: int) -> set[str]:
    """Bands to hide in every quarter of a year: those of few people in any of them, and of the others the
    smallest of the year, until what is hidden is two bands or more and of enough people in each quarter.

    The same in all quarters: a band shown in three of them and in the year would follow in the fourth.
    """
    people = {str(band): quarters[:, labels == band].sum(axis=1) for band in sorted(set(labels))}
    found = {band for band, by in people.items() if ((by > 0) & (by < floor)).any()}
    rest = sorted((band for band in people if band not in found), key=lambda b: people[b].sum())
    while found and rest:
        together = sum(people[band] for band in found)
        few = ((together > 0) & (together < floor)).any()
        if not few and sum(people[band].sum() > 0 for band in found) > 1:
            break
        found.add(rest.pop(0))
    return found


def _few_at_units(
    labels: np.ndarray, whole: np.ndarray, at_units: np.ndarray, floor: int
) -> set[str]:
    """Bands whose few people at the organisations where they are few would follow from the band's total
    and the organisations shown one by one."""
    found = set()
    for band in dict.fromkeys(labels):
        people = at_units[:, labels == band].sum(axis=1)
        small = people[people < floor].sum()
        if 0 < small < floor <= whole[labels == band].sum():
            found.add(str(band))
    return found


def _follows(
    equations: Sequence[np.ndarray], whole: np.ndarray, elsewhere: np.ndarray, floor: int
) -> bool:
    """Whether a sum of parts that holds few people can be worked out from the equations."""
    known = np.array(equations)
    # Parts in the same equations cannot be told apart: what follows holds all of them or none.
    classes, of_class = np.unique(known, axis=1, return_inverse=True)
    of_class = of_class.ravel()
    for people in (whole, elsewhere):
        counts = np.bincount(of_class, weights=people, minlength=classes.shape[1])
        somebody = counts > 0
        if _few_follow(classes[:, somebody], counts[somebody], floor):
            return True
    return False


def _few_follow(known: np.ndarray, counts: np.ndarray, floor: int) -> bool:
    small = np.flatnonzero(counts < floor)
    if not len(small):
        return False
    if len(small) > MOST_SMALL:
        return True
    # A sum of parts follows where it does not move in any direction the equations leave open.
    _, sizes, directions = np.linalg.svd(known)
    rank = int((sizes > 1e-9).sum())
    free = directions[rank:].T
    for many in range(1, len(small) + 1):
        for some in combinations(small, many):
            if counts[list(some)].sum() < floor and np.allclose(
                free[list(some)].sum(axis=0), 0.0, atol=1e-7
            ):
                return True
    return False
