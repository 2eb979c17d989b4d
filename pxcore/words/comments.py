"""What the report of comments says: how many there are, and where each stands."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.comments.comments import CommentsReport, Quotations
from pxcore.analysis.comments.mentions import Coder
from pxcore.analysis.comments.rules import every_rule
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.words.counts import fewer_than
from pxcore.words.english import counted
from pxcore.words.rules import right

_CODERS = {Coder.SUPPLIER: "coded by the supplier", Coder.PERSON: "coded in this app"}


def summary(report: CommentsReport) -> str:
    """How many comments there are, and what is not shown."""
    # not how many of the hidden a search fits: word by word that would tell what they say
    searched = "searched" if report.question.searches else "shown"
    more = "" if np.isnan(report.not_shown) else f" of {report.not_shown:,.0f} more people"
    hidden = (
        f"Comments{more} on organisations about which {fewer_than(report.question.disclosure)} people wrote "
        f"are not {searched}."
    )
    if not report.matches:
        return f"No comment that may be read was found. {hidden}"
    by = report.groups[report.groups["matches"] > 0].groupby("source", sort=False)["matches"].sum()
    sources = ", ".join(
        f"{maps.source(str(source))['short_title']} {count:,.0f}" for source, count in by.items()
    )
    return f"{counted(report.matches, 'comment')} found ({sources}). {hidden}"


def texts(report: CommentsReport | Quotations) -> list[tuple[str, str]]:
    """Each comment: its context in one line, and its words."""
    people = {(row.source, row.organisation): int(row.people) for row in each(report.groups)}
    return [
        (_context(row, people[row.source, row.organisation]), str(row.comment))
        for row in each(report.rows)
    ]


def _context(row: Any, people: int) -> str:
    parts = (
        maps.source(str(row.source))["short_title"],
        str(row.organisation_name),
        _service(str(row.service)),
        "undated" if pd.isna(row.month) else f"{row.month:%B %Y}",
        str(row.sentiment),
        _themes(list(row.themes), str(row.coded_by)),
        f"one of {people:,} who wrote",
    )
    return " · ".join(part for part in parts if part)


def _themes(themes: list[str], coded_by: str) -> str:
    """Themes with who found them; of a rule's, how often it was right where that was measured."""
    if not themes:
        return ""
    if coded_by == Coder.RULE:
        rights = {rule.theme: right(rule) for rule in every_rule()}
        parts = [f"{theme} ({rights.get(theme) or 'not measured'})" for theme in themes]
        return f"suggested by a rule: {', '.join(parts)}"
    return f"{', '.join(themes)} ({_CODERS[Coder(coded_by)]})"


def _service(name: str) -> str:
    return maps.service_titles().get(name, name)


def table(report: CommentsReport) -> Released:
    """The comments as rows, for a file: masked, with their context."""
    rows = report.rows
    return Released(
        {
            "source": [maps.source(str(source))["short_title"] for source in rows["source"]],
            "organisation": rows["organisation_name"],
            "service": [_service(str(service)) for service in rows["service"]],
            "month": ["" if pd.isna(month) else f"{month:%Y-%m}" for month in rows["month"]],
            "feeling": rows["sentiment"],
            "themes": ["; ".join(themes) for themes in rows["themes"]],
            "themes_as_coded": ["; ".join(themes) for themes in rows["own_themes"]],
            "coded_by": rows["coded_by"],
            "comment_masked": rows["comment"],
            "details_masked": [sum(json.loads(masked).values()) for masked in rows["masked"]],
        }
    )


def marks(report: CommentsReport) -> tuple[str, ...]:
    """What an export must carry wherever it goes."""
    return (
        "personal details masked by rules, which find most, not all",
        f"at least {report.question.disclosure.floor} people wrote in each group shown",
    )
