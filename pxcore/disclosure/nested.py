"""Totals of areas inside areas: which may be shown beside each other, so that nothing follows.

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


def splits_shown(
    counts: pd.DataFrame, areas: pd.DataFrame, disclosure: Disclosure, *, levels: Sequence[str]
) -> set[str]:
    """The areas that may be shown split into groups of people, beside each other and beside the whole.

    What follows from an area's own total, where one of its groups is hidden, follows in a smaller area
    from the others too: an area is split whole or not at all.

    Parameters
    ----------
    counts : respondents, one row an organisation, one column a group; those that are hidden in the whole
        together as one.
    areas : its rows in the same order; the columns `levels`, "" where an organisation belongs to none.
    levels : the smallest first. Each is taken to lie inside one area of the next.

    Returns
    -------
    Set of codes. In each, and in what is left of it and of the whole once the areas shown inside are
    taken away, every group is of nobody or of at least the floor.
    """
    counts = counts.reset_index(drop=True)
    areas = areas.reset_index(drop=True)
    refused: set[str] = set()
    while True:
        shown, outermost, left = _split(counts, areas, disclosure.floor, levels, refused)
        few = counts.columns[(left > 0) & (left < disclosure.floor)]
        # the smallest that adds somebody to those few is taken back, with all inside it
        able = [code for code in outermost if outermost[code][few].sum() > 0]
        if not able:
            return shown
        taken = min(able, key=lambda code: (outermost[code].sum(), code))
        for place, level in enumerate(levels):
            inside = areas.loc[areas[level] == taken, list(levels[: place + 1])]
            refused |= set(inside.to_numpy().ravel().tolist())


def _split(
    counts: pd.DataFrame,
    areas: pd.DataFrame,
    floor: int,
    levels: Sequence[str],
    refused: set[str],
) -> tuple[set[str], dict[str, pd.Series], pd.Series]:
    """Areas that can be shown, those of them in no other with their people, and what is left of the whole."""
    left = counts.copy()
    shown: set[str] = set()
    outermost: dict[str, pd.Series] = {}
    for place, level in enumerate(levels):
        for code, members in areas.groupby(level, sort=True).indices.items():
            if code == "" or str(code) in refused:
                continue
            rest = left.iloc[members].sum()
            if ((rest == 0) | (rest >= floor)).all():
                left.iloc[members] = 0.0
                for inner in areas[list(levels[:place])].iloc[members].to_numpy().ravel():
                    outermost.pop(str(inner), None)
                shown.add(str(code))
                outermost[str(code)] = counts.iloc[members].sum()
    return shown, outermost, left.sum()
