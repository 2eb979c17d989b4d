"""The small-number rule, in one function, applied to final aggregates after every filter.

Publishers' own withheld cells stay withheld (never zero, never worked out again). On top, a cell
resting on fewer respondents than the floor is hidden, and where a total over the cells is shown,
enough of the next smallest are hidden that none can be had by subtraction.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pxcore.model import DISCLOSURE_FLOORS, Disclosure, Withheld


def protect(
    cells: pd.DataFrame,
    disclosure: Disclosure,
    *,
    count: str,
    values: Sequence[str],
    withheld: str = "withheld",
    totals_within: Sequence[str] | None = None,
) -> pd.DataFrame:
    """The cells with what may not be shown blanked, and `withheld` saying why.

    Parameters
    ----------
    cells : one row per cell of the final table, after all filters.
    count : column of respondents. A true zero is shown; a blank count stands on its publisher's
        rule (the value stays; flag it `base_unknown` where it is shown).
    values : columns that rest on the count and vanish with it.
    withheld : column of Withheld values, made if absent. A cell already withheld is blanked too.
    totals_within : columns within which a total is shown beside the cells ([] for a grand total
        over all of them, None where no total is shown). In each such group either no cell is
        hidden, or at least two are and together they hold at least the floor. Of equal counts the
        first in the order given is hidden.

    What is hidden under a lower floor is hidden under a higher one: a person may look at both, and what
    was hidden beside a small cell under one would else be shown beside it under the other.
    """
    shown = cells.copy()
    if withheld not in shown:
        shown[withheld] = Withheld.NONE.value
    if shown.empty:
        return shown
    counts = shown[count].to_numpy(dtype=float)
    why = shown[withheld].to_numpy(dtype=object).copy()
    groups: list[np.ndarray] = []
    if totals_within is not None:
        groups = (
            [np.arange(len(shown))]
            if len(totals_within) == 0
            else [
                np.asarray(members)
                for members in shown.groupby(list(totals_within), sort=False).indices.values()
            ]
        )
    for floor in floors_up_to(disclosure.floor):
        small = (counts > 0) & (counts < floor) & (why == Withheld.NONE.value)
        why[small] = Withheld.FLOOR.value
        for members in groups:
            _hide_beside(counts, why, members, floor)
    hidden = why != Withheld.NONE.value
    shown[withheld] = why
    for column in dict.fromkeys([count, *values]):
        shown[column] = shown[column].astype("float64").mask(hidden)
    return shown


def floors_up_to(highest: int) -> list[int]:
    """The floor in force and all below it that a person may choose."""
    return [floor for floor in DISCLOSURE_FLOORS if floor <= highest]


def _hide_beside(counts: np.ndarray, why: np.ndarray, members: np.ndarray, floor: int) -> None:
    """Hide the next smallest of a group until nothing hidden follows from the total. In place."""
    concealing = (Withheld.FLOOR.value, Withheld.PUBLISHER.value)
    hidden = [at for at in members if why[at] in concealing]
    if not hidden:
        return
    # Publishers' cells have no count here: each may be as small as one respondent.
    held = sum(counts[at] if not np.isnan(counts[at]) else 1.0 for at in hidden)
    open_cells = [at for at in members if why[at] == Withheld.NONE.value and counts[at] > 0]
    open_cells.sort(key=lambda at: counts[at])  # stable: ties fall to the first in order
    while open_cells and (len(hidden) < 2 or held < floor):
        next_smallest = open_cells.pop(0)
        why[next_smallest] = Withheld.FLOOR.value
        hidden.append(next_smallest)
        held += counts[next_smallest]
