"""Coding comments by hand: one at a time, and how alike two people code.

Codes are kept with who gave them and when, in a table of their own; a supplier's are never touched. The
comment is shown masked and without whom it is about or when: the group it then stands in is everybody
who wrote in the source, and that must hold at least the floor of people.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.comments.rules import rules
from pxcore.analysis.comments.themes import ThemesQuestion, comment_account
from pxcore.analysis.masking import redactor
from pxcore.analysis.rows import each
from pxcore.disclosure import Released, enough, release
from pxcore.errors import PxError
from pxcore.stats.bands import yes_or_no_agreement
from pxcore.stats.intervals import wilson
from pxcore.store import Store

FEWEST_BOTH = 10  # comments coded by both, before their agreement is put in figures
SENTIMENTS = ("positive", "neutral", "negative")
SUPPLIER = "the supplier"
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class ToCode:
    """One comment to be coded, as it may be read."""

    extract: int
    response: str
    comment: str
    service: str  # its title; "" where it is not known
    done: int  # comments of the source that the coder has coded or skipped, under whatever filters


@dataclass(frozen=True, slots=True)
class CodingReport:
    """Who has coded how much of one source, and how alike two of them code.

    What is counted is what coders did, in the whole source: a filter would make it a count of people.
    """

    source: str
    coders: Released  # one row per coder: coder, coded, skipped
    agreement: Released  # one row per pair of coders and theme
    pairs: Released  # one row per pair of coders: both, same, and its share (NaN where too few)


def themes_to_give() -> tuple[str, ...]:
    """The common themes, in the order of themes.csv."""
    return tuple(row["theme"] for row in maps.rows("themes"))


def sources_to_code(store: Store, question: ThemesQuestion) -> Released:
    """Sources with comments that may be read for coding, those nobody has coded first."""
    account = comment_account(store, question)
    return account[account["with_words"] > 0].sort_values("coded_by_supplier", kind="stable")


def next_comment(
    store: Store, question: ThemesQuestion, source: str, coder: str, *, again: bool = False
) -> ToCode | None:
    """The next comment for a coder, in an order drawn once; None where none waits.

    `again`: only those somebody else has coded, so that the two can be held against each other.
    """
    if source not in set(sources_to_code(store, question)["source"]):
        return None
    rows = store.query(
        "to_code",
        **question.filters(),
        masks=redactor(store).rules,
        source=source,
        coder=_tidy(coder),
        again=again,
    )
    titles = maps.service_titles()
    for row in each(rows):
        return ToCode(
            extract=int(row.extract),
            response=str(row.response),
            comment=str(row.comment),
            service=titles.get(str(row.service), ""),
            done=int(row.done),
        )
    return None


def code(store: Store, comment: ToCode, coder: str, themes: list[str], sentiment: str = "") -> None:
    """Keep the themes (none is an answer too) and the feeling a person found in a comment."""
    known = themes_to_give()
    if set(themes) - set(known) or sentiment not in ("", *SENTIMENTS):
        raise PxError("A theme or feeling is not one of those that can be given.")
    store.code(
        comment.extract,
        comment.response,
        coder=_tidy(coder),
        outcome="coded",
        themes=[theme for theme in known if theme in themes],
        sentiment=sentiment,
    )


def skip(store: Store, comment: ToCode, coder: str) -> None:
    """Leave a comment out: it is not offered to this coder again."""
    store.code(comment.extract, comment.response, coder=_tidy(coder), outcome="skipped")


def undo(store: Store, coder: str) -> bool:
    """Take back the coder's last coding (it stays in the table, withdrawn); whether there was one."""
    for row in each(store.query("last_coding", coder=_tidy(coder))):
        store.code(int(row.extract), str(row.response), coder=_tidy(coder), outcome="withdrawn")
        return True
    return False


def _tidy(coder: str) -> str:
    name = " ".join(coder.split())[:LONGEST_NAME]
    if not name or name.casefold() == SUPPLIER:
        raise PxError("Say who codes.", fix="Type your name: codes are kept with it.")
    return name


def coding(store: Store, question: ThemesQuestion, source: str) -> CodingReport:
    """Who has coded how much of a source, and how alike."""
    raw, common = maps.theme_words()
    rows = store.query("codings", source=source, raw=list(raw), common=list(common))
    counted = rows.groupby("coder", sort=True)["outcome"].value_counts().unstack(fill_value=0)
    counted = counted.reindex(columns=["coded", "skipped"], fill_value=0).reset_index()
    coders = counted[(counted["coder"] != SUPPLIER) & (counted["coded"] + counted["skipped"] > 0)]
    coded = rows[rows["outcome"] == "coded"]
    pairs, agreement = [], []
    for first, second in combinations(sorted(set(coded["coder"])), 2):
        both = coded[coded["coder"] == first].merge(
            coded[coded["coder"] == second], on=["extract", "response"], suffixes=("", "_second")
        )
        if both.empty:
            continue
        left = [frozenset(themes) for themes in both["themes"]]
        right = [frozenset(themes) for themes in both["themes_second"]]
        same = float(sum(a == b for a, b in zip(left, right, strict=True)))
        if len(both) >= FEWEST_BOTH and bool(enough(len(both), question.disclosure)):
            agreement += _by_theme(first, second, left, right)
        else:
            same = np.nan
        pairs.append((first, second, len(both), same))
    columns = ["first", "second", "theme", "both", "match", "low", "high", "kappa", "kappa_low",
               "kappa_high", "ac1", "ac1_low", "ac1_high"]  # fmt: skip
    alike = pd.DataFrame(pairs, columns=["first", "second", "both", "same"])
    share = (alike["same"] / alike["both"]).to_numpy(dtype=float)
    low, high = wilson(share, alike["both"].to_numpy(dtype=float))
    return CodingReport(
        source=source,
        coders=release(coders.reset_index(drop=True), question.disclosure),
        agreement=release(pd.DataFrame(agreement, columns=columns), question.disclosure),
        pairs=release(alike.assign(share=share, low=low, high=high), question.disclosure),
    )


def _by_theme(
    first: str, second: str, left: list[frozenset[str]], right: list[frozenset[str]]
) -> list[dict[str, Any]]:
    rows = []
    for theme in sorted(set().union(*left, *right)):
        a = np.array([theme in named for named in left])
        b = np.array([theme in named for named in right])
        test = yes_or_no_agreement(a, b)
        rows.append(
            {
                "first": first,
                "second": second,
                "theme": theme,
                "both": test.cases,
                "match": test.match,
                "low": test.match_interval.low,
                "high": test.match_interval.high,
                "kappa": float("nan") if test.kappa is None else test.kappa,
                "kappa_low": test.kappa_interval.low if test.kappa_interval else float("nan"),
                "kappa_high": test.kappa_interval.high if test.kappa_interval else float("nan"),
                "ac1": test.ac1,
                "ac1_low": test.ac1_interval.low,
                "ac1_high": test.ac1_interval.high,
            }
        )
    return rows


# --- Keyword rules ---

FEWEST_MEASURED = 10  # comments a rule marked, or coders did, before its share is put down


def measured_rules(store: Store) -> pd.DataFrame:
    """Of each theme with a rule: how often coders agree with the rule, and how many of theirs it finds.

    Precision is the share of comments the rule marks that a coder gave the theme too; recall the share of
    those a coder gave it that the rule marks. Both with Wilson's interval; blank under ten comments, and
    where no coder gave the theme at all: it was then not one of those they could give.
    """
    raw, common = maps.theme_words()
    named, patterns = rules()
    outcomes = store.query(
        "rule_outcomes",
        raw=list(raw),
        common=list(common),
        rule_themes=list(named),
        rule_patterns=list(patterns),
        masks=redactor(store).rules,
    )
    outcomes = outcomes[outcomes["theme"].isin(named)].reset_index(drop=True)
    rows = outcomes[["theme", "comments"]].copy()
    for share, of in (("precision", "suggested"), ("recall", "named")):
        enough = (outcomes[of] >= FEWEST_MEASURED) & (outcomes["named"] > 0)
        n = outcomes[of].astype(float).where(enough)
        value = outcomes["right_ones"] / n
        low, high = wilson(value.to_numpy(dtype=float), n.to_numpy(dtype=float))
        rows[of], rows[share] = n, value
        rows[f"{share}_low"], rows[f"{share}_high"] = low, high
    return rows
