"""What was said, in people's own words? Comments as they may be read, with where they stand.

The rule, exactly. A comment is shown only as it was masked by the rules and listed names in force, and
only where at least the floor of people wrote, in the same source, about the same organisation, in the
span of days and the service asked for. Words, themes and feelings looked for do not make that group
smaller: a single story on a theme stays readable among those who wrote about other things. Of what is
hidden it is told by how many people it is, as shown, and never whether a search would have found it; who may
read comments can count those they read.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.comments.rules import rules, rules_told
from pxcore.analysis.joining.alignment import readable
from pxcore.analysis.joining.periods import refuse_part_of_a_quarter
from pxcore.analysis.masking import redactor
from pxcore.analysis.rows import each
from pxcore.disclosure import Count, Released, added, release
from pxcore.disclosure.redaction import folded
from pxcore.model import Disclosure, Period
from pxcore.store import Store

PAGE = 10  # comments on a page
MOST_EXPORTED = 100_000
FEELINGS = ("positive", "neutral", "mixed", "negative")


@dataclass(frozen=True, slots=True)
class CommentsQuestion:
    """Which comments to read. `area` may be one organisation's code."""

    area: str = ""
    service: str = ""
    window: Period | None = None
    source: str = ""
    organisation: str = ""  # a key of CommentsReport.organisations()
    theme: str = ""  # a common theme
    feeling: str = ""
    words: str = ""
    suggestions: bool = False  # themes that keyword rules suggest, where nobody has coded
    page: int = 1
    disclosure: Disclosure = field(default_factory=Disclosure)

    @property
    def searches(self) -> bool:
        """Whether what a comment says decides if it is found."""
        return bool(self.words or self.theme or self.feeling)

    def parameters(self) -> dict[str, Any]:
        raw, common = maps.theme_words()
        begins, phrases, without = looked_for(self.words)
        named, patterns = rules()
        return {
            "area": self.area,
            "service": self.service,
            "start": self.window.start if self.window else None,
            "end": self.window.end if self.window else None,
            "source": self.source,
            "theme": self.theme,
            "feeling": self.feeling,
            "begins": begins,
            "phrases": phrases,
            "without": without,
            "raw": list(raw),
            "common": list(common),
            "rule_themes": list(named),
            "rule_patterns": list(patterns),
        }


@dataclass(frozen=True, slots=True)
class CommentsReport:
    """One page of comments, and how many there are."""

    asked: CommentsQuestion
    rows: Released  # one row per comment of the page, with its context
    groups: Released  # one row per source and organisation that may be shown
    found: int  # comments that may be read
    not_shown: float  # people in groups too small, whatever they wrote; NaN where few or none
    extracts: tuple[int, ...]
    revision: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.found // PAGE))

    def summary(self) -> str:
        """How many were found, and what is not shown."""
        # not how many of them were found: word by word that would tell what they say
        searched = "searched" if self.asked.searches else "shown"
        more = "" if np.isnan(self.not_shown) else f" of {self.not_shown:,.0f} more people"
        hidden = (
            f" Comments{more} on organisations about which fewer than {self.asked.disclosure.floor} people "
            f"wrote are not {searched}."
        )
        if not self.found:
            return f"No comment that may be read was found.{hidden}"
        sources = self.groups[self.groups["found"] > 0]
        by = sources.groupby("source", sort=False)["found"].sum()
        told = ", ".join(
            f"{maps.source(str(source))['short_title']} {count:,.0f}"
            for source, count in by.items()
        )
        said = f"{self.found:,} comment{'' if self.found == 1 else 's'} found ({told})."
        return said + hidden

    def organisations(self) -> dict[str, str]:
        """Organisations whose comments may be read: key -> name."""
        rows = self.groups.drop_duplicates("organisation").sort_values("name", kind="stable")
        return {
            str(row.organisation): f"{row.name} ({row.unit})" if row.unit else str(row.name)
            for row in each(rows)
        }

    def shown(self) -> list[tuple[str, str]]:
        """Each comment of the page: its context in one line, and its words."""
        people = {(row.source, row.organisation): int(row.people) for row in each(self.groups)}
        return [
            (self._context(row, people[row.source, row.organisation]), str(row.comment))
            for row in each(self.rows)
        ]

    def _context(self, row: Any, people: int) -> str:
        themes = _themes_said(list(row.themes), str(row.coded_by))
        parts = (
            maps.source(str(row.source))["short_title"],
            str(row.organisation_name),
            _service(str(row.service)),
            "undated" if pd.isna(row.month) else f"{row.month:%B %Y}",
            str(row.sentiment),
            themes,
            f"one of {people:,} who wrote",
        )
        return " · ".join(part for part in parts if part)

    def table(self) -> Released:
        """The comments as rows, for a file: masked, with their context."""
        rows = self.rows
        return Released(
            {
                "source": [maps.source(str(one))["short_title"] for one in rows["source"]],
                "organisation": rows["organisation_name"],
                "service": [_service(str(one)) for one in rows["service"]],
                "month": ["" if pd.isna(month) else f"{month:%Y-%m}" for month in rows["month"]],
                "feeling": rows["sentiment"],
                "themes": ["; ".join(one) for one in rows["themes"]],
                "themes_as_coded": ["; ".join(one) for one in rows["own_themes"]],
                "coded_by": rows["coded_by"],
                "comment_masked": rows["comment"],
                "details_masked": [sum(json.loads(one).values()) for one in rows["masked"]],
            }
        )


def _themes_said(themes: list[str], coded_by: str) -> str:
    """Themes with who found them; of a rule's, how often it was right where that was measured."""
    if not themes:
        return ""
    if coded_by == "rule":
        right = {rule.theme: rule.right or "not measured" for rule in rules_told()}
        told = ", ".join(f"{theme} ({right.get(theme, 'not measured')})" for theme in themes)
        return f"suggested by a rule: {told}"
    by = {"supplier": "coded by the supplier", "person": "coded in this app"}[coded_by]
    return f"{', '.join(themes)} ({by})"


def _service(name: str) -> str:
    titles = maps.service_titles()
    return titles.get(name, name)


def looked_for(words: str) -> tuple[list[str], list[str], list[str]]:
    """What a search asks: beginnings of words, phrases in quotation marks, and -words not wanted."""
    begins: list[str] = []
    phrases: list[str] = []
    without: list[str] = []
    for phrase, minus, word in re.findall(
        r"[\"“”]([^\"“”]+)[\"“”]?|(?<!\S)(-?)([^\s\"“”]+)", words
    ):
        said = folded(phrase or word).strip()
        if not said:
            continue
        (phrases if phrase else without if minus else begins).append(said)
    return begins, phrases, without


def comments(store: Store, asked: CommentsQuestion) -> CommentsReport:
    """One page of the comments asked for, newest first."""
    return _asked(store, asked, most=PAGE, after=(max(1, asked.page) - 1) * PAGE)


def every_comment(store: Store, asked: CommentsQuestion) -> CommentsReport:
    """All the comments asked for that may be read: for a file."""
    return _asked(store, replace(asked, page=1), most=MOST_EXPORTED, after=0)


def _asked(store: Store, asked: CommentsQuestion, *, most: int, after: int) -> CommentsReport:
    refuse_part_of_a_quarter(asked.window, asked.disclosure)
    masks = redactor(store).rules
    parameters = asked.parameters() | {
        "masks": masks,
        "rules": masks if asked.suggestions else "",
    }
    groups = _named(store.query("comment_groups", **parameters), "name")
    if asked.organisation:
        groups = groups[groups["organisation"] == asked.organisation]
    people = Count("people", "people_key")
    shown = release(groups, asked.disclosure, people)
    # exact figures or not: words of so few people are read by nobody
    may_be_read = release(groups, replace(asked.disclosure, exact=False), people)["people"].notna()
    allowed = shown[may_be_read & (shown["found"] > 0)]
    rows = store.query(
        "comments",
        **parameters,
        sources=list(allowed["source"]),
        organisations=list(allowed["organisation"]),
        most=most,
        after=after,
    )
    hidden = added(groups[~may_be_read].assign(hidden=True), ["hidden"])
    return CommentsReport(
        asked=asked,
        rows=release(_named(rows, "organisation_name"), asked.disclosure),
        groups=shown[may_be_read].reset_index(drop=True),
        found=int(allowed["found"].sum()),
        not_shown=float(release(hidden, asked.disclosure, people)["people"].sum(min_count=1)),
        extracts=tuple(sorted({int(n) for listed in allowed["extracts"] for n in listed})),
        revision=store.revision,
    )


def _named(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Names in ordinary letters; a single word in capitals, such as NEAS, is an abbreviation."""
    return rows.assign(
        **{column: [readable(name) if " " in name else name for name in rows[column]]}
    )


def services(store: Store) -> dict[str, str]:
    """The services that enough comments speak of, in the order of services.csv: name -> title."""
    people = Count("people", "people_key")
    rows = release(store.query("comment_services"), Disclosure(), people).dropna(subset="people")
    spoken = set(rows["service"])
    return {name: title for name, title in maps.service_titles().items() if name in spoken}
