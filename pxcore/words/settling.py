"""What would settle it, in words."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.pairs.settling import SettlingReport
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.model import GRAIN_TITLES
from pxcore.stats.settling import ENOUGH, Outlook, Side
from pxcore.words import certainty
from pxcore.words.certainty import in_100
from pxcore.words.english import counted, fixed

TABLE = ("name", "unit", "likely", "asked", "answers_needed", "chance", "outlook")


def source(report: SettlingReport) -> str:
    """The source that gets more answers."""
    return (report.left if report.side is Side.LEFT else report.right).short_title


def second(report: SettlingReport) -> str:
    return (report.right if report.side is Side.LEFT else report.left).short_title


def summary(report: SettlingReport, budget: int) -> str:
    """What a budget of further answers would settle, spread well and spread evenly."""
    many = GRAIN_TITLES[report.alignment.grain]
    if report.status != "ok":
        return certainty.without(report.certainty)
    if report.rows.empty:
        return f"No {many[0]} could be either: there is nothing to settle."
    spent, rows = report.spending(budget), report.rows
    asked = int((spent.answers > 0).sum())
    if not asked:
        return (
            f"{budget:,} more answers to {source(report)} would settle none of the "
            f"{counted(len(rows), *many)} that could be either: {second(report)} is too coarse there."
        )
    return (
        f"{int(spent.answers.sum()):,} more answers to {source(report)}, asked at "
        f"{counted(asked, *many)}, would settle {_about(spent.settled)} of the {len(rows):,} that could be "
        f"either; {budget:,} spread evenly over all would settle {_about(spent.settled_evenly)}."
    )


def _about(expected: float) -> str:
    """An expected number of organisations."""
    return "hardly any" if expected < 0.5 else f"about {fixed(expected, 0 if expected > 5 else 1)}"


def limits(report: SettlingReport) -> str:
    """Which organisations were worked through, and what settled means."""
    many = GRAIN_TITLES[report.alignment.grain][1]
    part = (
        f"Of {report.either:,} {many} that could be either, the {len(report.rows):,} with most people were "
        "worked through. "
        if report.either > len(report.rows)
        else ""
    )
    return (
        f"{part}Settled means very likely one way or the other: agree or differ, 9 in 10 or more."
    )


def table(report: SettlingReport, budget: int) -> Released:
    """An organisation a row: how many of the budget to ask there, most first, and what settling it takes."""
    rows = report.rows
    if rows.empty:
        return Released(columns=list(TABLE))
    spread = rows.assign(
        likely=certainty.labels(rows),
        outlook=[_outlook(report, row) for row in each(rows)],
        asked=report.spending(budget).answers,
    )
    return spread.sort_values("asked", ascending=False, kind="stable")[list(TABLE)].reset_index(
        drop=True
    )


def _outlook(report: SettlingReport, row: Any) -> str:
    match Outlook[row.outlook]:
        case Outlook.POSSIBLE:
            return (
                f"{counted(row.answers_needed, 'more answer')} would settle it with a chance of "
                f"{fixed(ENOUGH * 100)} in 100"
            )
        case Outlook.TOO_COARSE:
            return (
                f"Out of reach: {second(report)} is too coarse here (at best {in_100(row.chance)})"
            )
    return ""
