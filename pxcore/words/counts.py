"""Counts as they are shown, and how those of single responses are made."""

from __future__ import annotations

import pandas as pd

from pxcore.disclosure import largest_noise
from pxcore.model import Disclosure


def fewer_than(disclosure: Disclosure) -> str:
    """How a count under the floor reads."""
    return f"fewer than {disclosure.floor}"


def counts_said(counts: pd.Series, disclosure: Disclosure) -> list[str]:
    """Counts for a table on the screen; one that is not shown is fewer than the floor, never nothing."""
    few = fewer_than(disclosure)
    return [few if pd.isna(count) else f"{count:,.0f}" for count in counts]


def noise_said(source: str, disclosure: Disclosure) -> str:
    """How the counts of a confidential source are shown, in two sentences."""
    if disclosure.exact:
        return f"{source}: exact figures of single responses, for this computer alone."
    return (
        f"{source} holds single responses: the numbers of good and of other answers each carry a small noise "
        f"(seldom more than {largest_noise()} either way, always the same for the same people), so that "
        f"figures may not add up, and counts under {disclosure.floor} read “{fewer_than(disclosure)}”."
    )
