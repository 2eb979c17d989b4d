"""Themes that keyword rules suggest: the rules, for reading, and how often they were right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isnan

from pxcore import maps


@cache
def rules() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rules of data/reference/theme_rules.csv: themes and their patterns, side by side.

    A pattern is looked for in the words of a masked comment: small letters and single spaces.
    """
    rows = maps.rows("theme_rules")
    return tuple(row["theme"] for row in rows), tuple(row["pattern"] for row in rows)


@dataclass(frozen=True, slots=True)
class Measured:
    """A share of comments with its interval."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rule:
    """The keyword rules of one theme, and how often they were right where that was measured."""

    theme: str
    patterns: tuple[str, ...]
    precision: Measured | None  # of the comments it marks, those that people marked too
    recall: Measured | None  # of those that people marked, the ones it marks
    measured_on: str


def every_rule() -> list[Rule]:
    """Every theme with rules, for reading: the patterns and what was measured of them."""
    measured = {row["theme"]: row for row in maps.rows("theme_rules_measured")}
    patterns: dict[str, list[str]] = {}
    for theme, pattern in zip(*rules(), strict=True):
        patterns.setdefault(theme, []).append(pattern)
    return [
        Rule(
            theme,
            tuple(of_theme),
            _measured(measured.get(theme, {}), "precision"),
            _measured(measured.get(theme, {}), "recall"),
            measured.get(theme, {}).get("measured_on", ""),
        )
        for theme, of_theme in patterns.items()
    ]


def _measured(row: Mapping[str, str], name: str) -> Measured | None:
    share, low, high = (float(row.get(f"{name}{end}") or "nan") for end in ("", "_low", "_high"))
    return None if isnan(share) else Measured(share, low, high)
