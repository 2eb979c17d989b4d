"""Numbers and lists as they are printed: percentages, points, coefficients, ranges, signs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


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


def number(value: float) -> str:
    """A correlation for print: two decimals, a true minus sign, no minus nought."""
    said = f"{value:.2f}"
    return "0.00" if said == "-0.00" else said.replace("-", "−")
