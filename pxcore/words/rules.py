"""Keyword rules in words: what was measured of each."""

from __future__ import annotations

from pxcore.analysis.comments.rules import Rule, every_rule
from pxcore.disclosure import Released
from pxcore.words.english import percent, percent_range


def measured(rule: Rule) -> str:
    parts = [
        text.format(f"{percent(value.share)} ({percent_range(value.low, value.high)})")
        for value, text in (
            (rule.precision, "right for {} of those it marks"),
            (rule.recall, "finds {} of those people named"),
        )
        if value is not None
    ]
    if not parts:
        return "not measured: too few comments coded with it"
    return f"{'; '.join(parts)}; on {rule.measured_on}"


def right(rule: Rule) -> str:
    """How many of those it marks people marked too; "" where it was not measured."""
    return "" if rule.precision is None else f"right for {percent(rule.precision.share)}"


def table() -> Released:
    """The rules for the screen."""
    return Released(
        [(rule.theme, measured(rule), " or ".join(rule.patterns)) for rule in every_rule()],
        columns=["theme", "measured", "patterns"],
    )
