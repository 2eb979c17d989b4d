"""Themes that keyword rules suggest: the rules, for reading, and how often they were right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pxcore import maps
from pxcore.disclosure import Released
from pxcore.words.english import percent, percent_range


@cache
def rules() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rules of data/reference/theme_rules.csv: themes and their patterns, side by side.

    A pattern is looked for in the words of a masked comment: small letters and single spaces.
    """
    found = maps.rows("theme_rules")
    return tuple(row["theme"] for row in found), tuple(row["pattern"] for row in found)


@dataclass(frozen=True, slots=True)
class Rule:
    """The keyword rules of one theme, and how often they were right where that was measured."""

    theme: str
    patterns: tuple[str, ...]
    measured: str  # in words
    right: str  # the share of those it marks that people marked too, "" where it was not measured


def rules_told() -> list[Rule]:
    """Every theme with rules, for reading: the patterns and what was measured of them."""
    measured = {row["theme"]: row for row in maps.rows("theme_rules_measured")}
    named, patterns = rules()
    return [
        Rule(
            theme,
            tuple(p for n, p in zip(named, patterns, strict=True) if n == theme),
            _measured_said(measured.get(theme)),
            _right(measured.get(theme)),
        )
        for theme in dict.fromkeys(named)
    ]


def table() -> Released:
    """The rules for the screen."""
    return Released(
        [(rule.theme, rule.measured, " or ".join(rule.patterns)) for rule in rules_told()],
        columns=["theme", "measured", "patterns"],
    )


def _measured_said(row: Mapping[str, str] | None) -> str:
    if row is None or not (_number(row["precision"]) >= 0 or _number(row["recall"]) >= 0):
        return "not measured: too few comments coded with it"
    told = []
    for share, words in (
        ("precision", "right for {} of those it marks"),
        ("recall", "finds {} of those people named"),
    ):
        value = _number(row[share])
        if value >= 0:
            low, high = _number(row[f"{share}_low"]), _number(row[f"{share}_high"])
            told.append(words.format(f"{percent(value)} ({percent_range(low, high)})"))
    return f"{'; '.join(told)}; on {row['measured_on']}"


def _right(row: Mapping[str, str] | None) -> str:
    value = _number(row["precision"]) if row else float("nan")
    return f"right for {percent(value)}" if value >= 0 else ""


def _number(said: str) -> float:
    return float(said) if said not in ("", "nan") else float("nan")
