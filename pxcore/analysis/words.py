"""Shares, gaps, lists and rows, as they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from pxcore.disclosure import largest_noise
from pxcore.model import Disclosure


def percent(share: float) -> str:
    """Whole per cent; one decimal only above 95 or under 5."""
    shown = share * 100
    return f"{shown:.1f}%" if 95 < shown < 100 or 0 < shown < 5 else f"{shown:.0f}%"


def percent_range(low: float, high: float) -> str:
    return f"{percent(low).removesuffix('%')} to {percent(high)}"


def points_signed(points: float) -> str:
    """Percentage points with their sign, a true minus."""
    said = f"{points:+.1f}" if abs(points) < 5 else f"{points:+.0f}"
    return said.replace("+0.0", "0.0").replace("-0.0", "0.0").replace("-", "−")


def joined(words: Sequence[str], last: str = "and") -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def few(words: Iterable[object]) -> str:
    told = [str(word) for word in words]
    return joined(told) if len(told) <= 4 else f"{', '.join(told[:3])} and {len(told) - 3} more"


def tested_together(names: Sequence[object], tested: int, found: str) -> str:
    """Why ranges that leave out 0 are not findings: each is one of many tested at once; "" of none."""
    if not names:
        return ""
    return (
        f"{few(names)}: the 95 % range leaves out 0, yet {found}. Each is tested together with "
        f"{tested - 1:,} others, and of so many some such ranges come by chance."
    )


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON prints them: what is missing is null."""
    told = rows.astype(object).where(rows.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in told.to_dict("records")]


def counts_said(counts: pd.Series, disclosure: Disclosure) -> list[str]:
    """Counts for a table on the screen; one that is not shown is fewer than the floor, never nothing."""
    few = f"fewer than {disclosure.floor}"
    return [few if pd.isna(count) else f"{count:,.0f}" for count in counts]


def noise_said(source: str, disclosure: Disclosure) -> str:
    """How the counts of a confidential source are shown, in two sentences."""
    if disclosure.exact:
        return f"{source}: exact figures of single responses, for this computer alone."
    return (
        f"{source} holds single responses: the numbers of good and of other answers each carry a small noise "
        f"(seldom more than {largest_noise()} either way, always the same for the same people), so that "
        f"figures may not add up, and counts under {disclosure.floor} read “fewer than {disclosure.floor}”."
    )
