"""What was said, in people's own words? Comments as they may be read, with where they stand.

The rule, exactly. A comment is shown only as it was masked by the rules and listed names in force, and
only where at least the floor of people wrote, in the same source, about the same organisation, in the
span of days and the service asked for. Words, themes and feelings looked for do not make that group
smaller: a single story on a theme stays readable among those who wrote about other things. Of what is
hidden only the number of people is shown, as it may be, never whether a search would have found it; whoever
may read comments can count those they read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.comments.rules import rules
from pxcore.analysis.joining.names import readable
from pxcore.analysis.joining.periods import refuse_part_of_a_quarter
from pxcore.analysis.masking import redactor
from pxcore.analysis.rows import each
from pxcore.disclosure import Count, Released, release
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
        """Whether what a comment says decides if it is listed."""
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

    question: CommentsQuestion
    rows: Released  # one row per comment of the page, with its context
    groups: Released  # one row per source and organisation that may be shown
    matches: int  # comments that may be read
    not_shown: float  # people in groups too small, whatever they wrote; NaN where few or none
    extracts: tuple[int, ...]
    revision: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.matches // PAGE))

    def organisations(self) -> dict[str, str]:
        """Organisations whose comments may be read: key -> name."""
        rows = self.groups.drop_duplicates("organisation").sort_values("name", kind="stable")
        return {
            str(row.organisation): f"{row.name} ({row.unit})" if row.unit else str(row.name)
            for row in each(rows)
        }


@dataclass(frozen=True, slots=True)
class Quotations:
    """Single comments to be quoted."""

    rows: Released  # one row per comment, with its context
    groups: Released  # one row per source and organisation whose comments may be read


def looked_for(words: str) -> tuple[list[str], list[str], list[str]]:
    """What a search asks: beginnings of words, phrases in quotation marks, and -words not wanted."""
    begins: list[str] = []
    phrases: list[str] = []
    without: list[str] = []
    for phrase, minus, word in re.findall(
        r"[\"“”]([^\"“”]+)[\"“”]?|(?<!\S)(-?)([^\s\"“”]+)", words
    ):
        text = folded(phrase or word).strip()
        if text:
            (phrases if phrase else without if minus else begins).append(text)
    return begins, phrases, without


def comments(store: Store, question: CommentsQuestion) -> CommentsReport:
    """One page of the comments asked for, newest first."""
    return _read(store, question, most=PAGE, after=(max(1, question.page) - 1) * PAGE)


def every_comment(store: Store, question: CommentsQuestion) -> CommentsReport:
    """All the comments asked for that may be read: for a file."""
    return _read(store, replace(question, page=1), most=MOST_EXPORTED, after=0)


def newest_of_each(store: Store, question: CommentsQuestion, feelings: Sequence[str]) -> Quotations:
    """The newest comment of those asked for of each feeling, in their order; none of a feeling nobody had."""
    refuse_part_of_a_quarter(question.window, question.disclosure)
    parameters = _parameters(store, question)
    groups, readable_by_all, shown = _groups(store, question, parameters)
    may_be_read = shown[readable_by_all]
    rows = store.query(
        "newest_comments",
        **parameters,
        feelings=list(feelings),
        sources=list(may_be_read["source"]),
        organisations=list(may_be_read["organisation"]),
    )
    newest = _named(rows, "organisation_name")
    return Quotations(release(newest, question.disclosure), may_be_read)


def _parameters(store: Store, question: CommentsQuestion) -> dict[str, Any]:
    masks = redactor(store).rules
    return question.parameters() | {
        "masks": masks,
        "rules": masks if question.suggestions else "",
    }


def _groups(
    store: Store, question: CommentsQuestion, parameters: Mapping[str, Any]
) -> tuple[pd.DataFrame, pd.Series, Released]:
    """Sources and organisations with comments asked for, whether the words of each may be read, and the same
    as they may be shown."""
    groups = _named(store.query("comment_groups", **parameters), "name")
    if question.organisation:
        groups = groups[groups["organisation"] == question.organisation]
    people = Count("people", "people_key")
    # exact figures or not: words of so few people are read by nobody
    may_be_read = release(groups, replace(question.disclosure, exact=False), people)[
        "people"
    ].notna()
    return groups, may_be_read, release(groups, question.disclosure, people)


def _read(store: Store, question: CommentsQuestion, *, most: int, after: int) -> CommentsReport:
    refuse_part_of_a_quarter(question.window, question.disclosure)
    parameters = _parameters(store, question)
    groups, may_be_read, shown = _groups(store, question, parameters)
    allowed = shown[may_be_read & (shown["matches"] > 0)]
    rows = store.query(
        "comments",
        **parameters,
        sources=list(allowed["source"]),
        organisations=list(allowed["organisation"]),
        most=most,
        after=after,
    )
    hidden = groups[~may_be_read]
    not_shown = np.nan
    if len(hidden):
        # one person of several organisations once: those of each added up would be more than there are
        of_all = store.query(
            "comment_people",
            **parameters,
            sources=list(hidden["source"]),
            organisations=list(hidden["organisation"]),
        )
        released = release(of_all, question.disclosure, Count("people", "people_key"))
        not_shown = float(released["people"].iloc[0])
    return CommentsReport(
        question=question,
        rows=release(_named(rows, "organisation_name"), question.disclosure),
        groups=shown[may_be_read].reset_index(drop=True),
        matches=int(allowed["matches"].sum()),
        not_shown=not_shown,
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
    named = set(rows["service"])
    return {name: title for name, title in maps.service_titles().items() if name in named}
