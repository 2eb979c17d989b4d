"""Totals of areas inside areas: which may be shown beside the organisations, so that nothing follows.

Organisations belong to networks, networks to larger areas, and a person may look at each in turn. What
can then be had by subtraction is, for every total shown, what is left of it once the largest shown parts
inside it are taken away. A total is shown where that rest is nothing or at least the floor; the rests are
disjoint, so no other sum or difference of shown figures rests on fewer people either.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pxcore.model import Disclosure, Withheld

EVERYWHERE = ""


def totals_shown(
    cells: pd.DataFrame,
    disclosure: Disclosure,
    *,
    count: str,
    within: str,
    levels: Sequence[str],
    withheld: str = "withheld",
) -> set[tuple[str, object]]:
    """The totals (code of an area, period) that may be shown beside protected cells and each other.

    Parameters
    ----------
    cells : one row per organisation and period, `withheld` as `protect` left it; the counts still whole.
    count : column of respondents.
    within : column of the period.
    levels : columns of the areas an organisation belongs to, the smallest first; "" where it has none.
        Each is taken to lie inside one area of the next.

    Returns
    -------
    Set of (code, period); the code is "" for the total of everything.
    """
    counts = cells[count].fillna(0.0).to_numpy(dtype=float)
    hidden = np.where(cells[withheld].to_numpy() == Withheld.FLOOR.value, counts, 0.0)
    # people hidden inside each part, and how many of them its shown parts leave open
    parts = pd.DataFrame(
        {"hidden": hidden, "left": hidden, "period": cells[within].to_numpy()}
        | {level: cells[level].to_numpy() for level in levels}
    )
    shown: set[tuple[str, object]] = set()
    hiding: set[tuple[str, object]] = set()
    for place, level in enumerate(levels):
        loose = parts[parts[level] == ""]
        above = list(levels[place + 1 :])
        totals = (
            parts[parts[level] != ""]
            .groupby([level, "period"], as_index=False, sort=False)
            .agg({"hidden": "sum", "left": "sum"} | dict.fromkeys(above, "first"))
        )
        open_ = (totals["left"] == 0) | (totals["left"] >= disclosure.floor)
        named = zip(totals[level].astype(str), totals["period"], strict=True)
        for one, is_open, people in zip(named, open_, totals["hidden"], strict=True):
            if is_open:
                shown.add(one)
            if people:
                hiding.add(one)
        totals["left"] = totals["left"].mask(open_, 0.0)
        columns = ["hidden", "left", "period", *above]
        parts = pd.concat([totals[columns], loose[columns]], ignore_index=True)
    for period, whole in parts.groupby("period", sort=False)[["hidden", "left"]].sum().iterrows():
        # The whole is shown elsewhere in any case. Where the areas inside leave a few people of it
        # open, none of those that hide anybody is shown in that period.
        if 0 < whole["left"] < disclosure.floor:
            shown -= {one for one in hiding if one[1] == period}
        if whole["hidden"] == 0 or whole["hidden"] >= disclosure.floor:
            shown.add((EVERYWHERE, period))
    return shown
