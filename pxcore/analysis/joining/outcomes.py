"""What became of every row of two sources: compared, or not and why; listed, and counted by outcome."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pxcore.analysis.joining.names import readable
from pxcore.disclosure import Count, Released, added, release
from pxcore.model import Disclosure, Pairing

SIDES = ("left", "right")

# What may become of a row; the order in which an account lists it.
OUTCOMES = (
    "paired",
    "no_counterpart",
    "few_answers",
    "withheld_publisher",
    "withheld_unknown",
    "withheld_not_calculable",
    "withheld_missing",
    "name_not_matched",
    "area_only",
    "outside_period",
    "outside_area",
    "other_grain",
    "other_measure",
    "other_service",
    "group_row",
    "no_group",
    "date_uncertain",
    "split",
    "to_confirm",
    "cycle",
    "no_parent",
    "no_base",
    "superseded",
)

# Of rows that were in question and have no partner.
NOT_JOINED = (
    "no_counterpart",
    "few_answers",
    "withheld_publisher",
    "withheld_unknown",
    "withheld_not_calculable",
    "withheld_missing",
    "name_not_matched",
    "date_uncertain",
    "split",
    "to_confirm",
    "cycle",
    "no_parent",
    "no_base",
    "no_group",
    "area_only",
)

# Outcomes of rows that were looked at only after the area was seen to be right.
LOOKED_AT = (
    "paired", "no_counterpart", "few_answers", "no_base", "no_group",
    "withheld_publisher", "withheld_unknown", "withheld_not_calculable", "withheld_missing",
)  # fmt: skip


def unmatched(sides: Sequence[pd.DataFrame], pairing: Pairing) -> Released:
    """One row per side, organisation (or name) and outcome that is not a pair.

    Single responses are counted by reason alone (`account`): beside another source, period or measure an
    organisation's rows split otherwise each time, and so many differences of the same few people would let
    their number be guessed.
    """
    tables = []
    for place, (which, source, side) in enumerate(
        zip(("left", "right"), (pairing.left, pairing.right), sides, strict=True)
    ):
        # what is counted by reason alone has neither code nor name
        rest = side[(side["outcome"] != "paired") & ((side["unit"] != "") | (side["name"] != ""))]
        tables.append(
            pd.DataFrame(
                {
                    "side": which,
                    "source": source,
                    "unit": rest["unit"],
                    "name": rest["name"].map(readable),
                    "outcome": rest["outcome"],
                    "elsewhere": _elsewhere(rest, sides[1 - place]),
                    "rows": rest["rows"]
                    .astype("float64")
                    .where(rest["people_key"].isna() | pairing.disclosure.exact),
                }
            )
        )
    return release(pd.concat(tables, ignore_index=True), pairing.disclosure)


# Why the other side is silent on an organisation, the most telling first.
_TELLING = (
    "withheld_publisher",
    "withheld_unknown",
    "withheld_not_calculable",
    "withheld_missing",
    "split",
    "to_confirm",
    "outside_period",
    "superseded",
)


def _elsewhere(rest: pd.DataFrame, beside: pd.DataFrame) -> list[str]:
    """Where the other side is silent on an organisation: the most telling outcome it has there, or ""."""
    telling = beside[beside["outcome"].isin(_TELLING) & (beside["unit"] != "")]
    ranked = telling.assign(rank=telling["outcome"].map(_TELLING.index)).sort_values("rank")
    first = ranked.drop_duplicates("unit").set_index("unit")["outcome"]
    return [
        str(first.get(unit, "")) if outcome == "no_counterpart" else ""
        for outcome, unit in zip(rest["outcome"], rest["unit"], strict=True)
    ]


def account(sides: Sequence[pd.DataFrame], disclosure: Disclosure) -> Released:
    order = {outcome: place for place, outcome in enumerate(OUTCOMES)}
    rows = pd.concat([side.assign(side=which) for which, side in zip(SIDES, sides, strict=True)])[
        ["side", "outcome", "unit", "rows", "rows_key"]
    ]
    account = added(rows, ["side", "outcome"])
    units = rows[rows["unit"] != ""].groupby(["side", "outcome"])["unit"].nunique()
    account = account.join(units.rename("organisations"), on=["side", "outcome"])
    account["organisations"] = account["organisations"].fillna(0).astype("int64")
    account = account.sort_values(
        ["side", "outcome"], key=lambda c: c.map(order) if c.name == "outcome" else c
    ).reset_index(drop=True)
    # of single responses neither whose the rows with a reason are is shown, nor of how many
    known = account["rows_key"].isna() | (account["organisations"] > 0)
    shown = release(account, disclosure, Count("rows", "rows_key"))
    return shown.assign(organisations=shown["organisations"].where(known))


def in_question(rows: pd.DataFrame) -> pd.Series:
    """Rows of organisations that were meant to be compared."""
    return rows["outcome"].isin(["paired", *NOT_JOINED]) & (rows["unit"] != "")
