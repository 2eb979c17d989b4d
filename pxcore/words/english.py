"""Numbers, counted nouns and lists as they are printed: percentages, ranges, signs, capitals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

MINUS = "−"


def fixed(value: float, decimals: int = 0) -> str:
    """A number with so many decimals, halves rounded up as publishers do; a true minus, no minus nought.

    The number is read as it is printed (0.285 is 285 thousandths, though its double lies below).
    """
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded:,f}".replace("-", MINUS if rounded else "")


def signed(value: float, decimals: int = 0) -> str:
    """A difference with its sign: +3, −0.4; nought has none."""
    text = fixed(value, decimals)
    return text if text.startswith(MINUS) or not text.strip("0.,") else f"+{text}"


def percent(share: float) -> str:
    """Whole per cent, halves rounded up; one decimal only above 95 or under 5."""
    shown = round(share * 100, 9)  # 0.285 is 28.5 %, though a hundred times its double is less
    return f"{fixed(shown, 1 if 95 < shown < 100 or 0 < shown < 5 else 0)}%"


def percent_range(low: float, high: float) -> str:
    return f"{percent(low).removesuffix('%')} to {percent(high)}"


def points_signed(points: float) -> str:
    """Percentage points with their sign, a true minus."""
    text = f"{points:+.1f}" if abs(points) < 5 else f"{points:+.0f}"
    return text.replace("+0.0", "0.0").replace("-0.0", "0.0").replace("-", MINUS)


def number(value: float) -> str:
    """A correlation for print: two decimals, a true minus sign, no minus nought."""
    text = f"{value:.2f}"
    return "0.00" if text == "-0.00" else text.replace("-", MINUS)


def number_range(low: float, high: float) -> str:
    """0.29 to 0.55."""
    return f"{number(low)} to {number(high)}"


def at_limit(low: float, high: float) -> str:
    """What stands for a correlation at the limit of what can be estimated: at least 0.93."""
    return f"at least {number(low)}" if high >= -low else f"opposite, at most {number(high)}"


def counted(count: float, singular: str, plural: str = "") -> str:
    """1 practice, 3 practices, 1,204 answers; the plural where it is not the singular and an s."""
    return f"{count:,.0f} {singular if count == 1 else plural or f'{singular}s'}"


def capital(text: str) -> str:
    """The text with its first letter large and the rest as it is (FFT stays FFT)."""
    return f"{text[:1].upper()}{text[1:]}"


def uncapital(text: str) -> str:
    """The text with its first letter small, to stand inside a sentence."""
    return f"{text[:1].lower()}{text[1:]}"


def dated(day: date) -> str:
    """3 March 2026."""
    return f"{day.day} {day:%B %Y}"


def month_range(first: date, last: date) -> str:
    """Jan 2025–Mar 2026; one month in full."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%B %Y}"
    return f"{first:%b %Y}–{last:%b %Y}"


def joined(words: Sequence[str], last: str = "and") -> str:
    """a, b and c."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def few(words: Iterable[object]) -> str:
    """At most four by name; of more, three and how many more."""
    names = [str(word) for word in words]
    return joined(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"


def tested_together(names: Sequence[object], tested: int, found: str) -> str:
    """Why ranges that leave out 0 are not findings: each is one of many tested at once; "" of none."""
    if not names:
        return ""
    return (
        f"{few(names)}: the 95 % range leaves out 0, yet {found}. Each is tested together with "
        f"{tested - 1:,} others, and of so many some such ranges come by chance."
    )
