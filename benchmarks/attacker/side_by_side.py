"""Two sources set side by side, read: Alignment, Agreement, Divergence, Provider, What if, Trace and Groups.

The columns each reader needs are named in its docstring, as in `readings`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from benchmarks.attacker.reading import LISTED, NONE, Reading, answers, number
from benchmarks.attacker.truth import (
    Condition,
    Group,
    People,
    Truth,
    between,
    group,
    month_number,
    none_of,
    one_of,
)
from pxcore.analysis.joining.alignment import Alignment
from pxcore.analysis.joining.bands import EVERYBODY, NOT_TOLD
from pxcore.analysis.joining.outcomes import LOOKED_AT
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.joining.trace import SINGLE_RESPONSES
from pxcore.analysis.pairs.group_counts import WITH_FIGURE
from pxcore.analysis.pairs.group_report import GroupsReport
from pxcore.model import Organisation, Sentiment

SEVERAL = "several"  # the line of an account that several reasons are told in
IN_WINDOW = ("paired", "no_counterpart", "few_answers", "no_group", "no_base")
_ORDER = (
    "other_measure", "group_row", "other_service", "area_only", "name_not_matched", "other_grain",
    "date_uncertain", "outside_period", "split", "to_confirm", "cycle", "no_parent", "in_window",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Placed:
    """Whose rows have which outcome, as ask/side.sql decides it for one source."""

    people: People
    side: Side
    alignment: Alignment
    kept: dict[str, Group | None] = field(default_factory=dict)  # by outcome

    @property
    def source(self) -> str:
        return self.side.source

    @property
    def organised(self) -> str:
        return self.alignment.pairing.organisation.value

    @property
    def unit(self) -> str:
        return f"{self.alignment.grain.value} {self.organised}"

    def _tests(self) -> dict[str, tuple[Condition, Condition] | None]:
        """Outcome -> what its rows meet, and what all later ones meet; None where no row can have it."""
        side, service = self.side, self.alignment.service
        chosen = side.selection
        answer = f"answer {side.measure}"
        current = self.alignment.pairing.organisation is Organisation.CURRENT
        tests: dict[str, tuple[Condition, Condition] | None] = dict.fromkeys(_ORDER)
        tests["other_measure"] = (one_of(answer, ""), none_of(answer, ""))
        if chosen.dimension and chosen.groups:
            told = frozenset(chosen.groups)
            tests["group_row"] = (
                Condition(chosen.dimension, told, inside=False),
                Condition(chosen.dimension, told),
            )
        if service:
            tests["other_service"] = (
                none_of("service", "", service),
                one_of("service", "", service),
            )
        tests["area_only"] = (one_of("row_grain", "area"), none_of("row_grain", "area"))
        tests["name_not_matched"] = (one_of("code", ""), none_of("code", ""))
        grain = side.reported_grain
        tests["other_grain"] = (none_of("row_grain", grain), one_of("row_grain", grain))
        tests["date_uncertain"] = (one_of("month", -1), none_of("month", -1))
        period = None if self.alignment.refusals else side.period
        if period is None:
            tests["outside_period"] = (none_of("month", -1), one_of("month", -2))
        else:
            inside = between("month", month_number(period.start), month_number(period.end))
            tests["outside_period"] = (
                Condition(inside.column, inside.values, inside=False),
                inside,
            )
        if current:
            for name in ("split", "to_confirm", "cycle"):
                tests[name] = (one_of("succession", name), none_of("succession", name))
        tests["no_parent"] = (one_of(self.unit, ""), none_of(self.unit, ""))
        return tests

    def of_outcome(self, outcome: str) -> Group | None:
        """All rows with an outcome; None where that cannot be told of people."""
        outcome = "in_window" if outcome in IN_WINDOW else outcome
        if outcome not in self.kept:
            self.kept[outcome] = self._of_outcome(outcome)
        return self.kept[outcome]

    def _of_outcome(self, outcome: str) -> Group | None:
        if outcome not in _ORDER:
            return None
        chosen = self.side.selection
        met = [none_of("mode", *chosen.without_modes)] if chosen.without_modes else []
        if outcome == "other_measure":
            others = [
                name
                for name in self.people.codes
                if name.startswith("answer ")
                and name != f"answer {self.side.measure}"
                and set(self.people.values[name]) != {""}
            ]
            # each answer is a row: people only where one other measure is all there is
            return group(self.source, *met, none_of(others[0], "")) if len(others) == 1 else None
        for name, test in self._tests().items():
            if name == outcome:
                return group(self.source, *met, test[0]) if test else group(self.source, *met)
            if test:
                met.append(test[1])
        return None

    def of_unit(self, outcome: str, unit: str, name: str) -> Group | None:
        """Those of them at one organisation, or under one name without a code."""
        whole = self.of_outcome(outcome)
        if whole is None:
            return None
        if not unit:
            return whole.and_(one_of("code", ""), one_of("shown name", name))
        if outcome in IN_WINDOW:
            return whole.and_(one_of(self.unit, unit))
        code = "current" if self.organised == "current" else "code"
        (part,) = whole.parts
        named = none_of("code", "")
        return Group(
            whole.source,
            (
                (*part, named, one_of(self.unit, unit)),
                (*part, named, one_of(self.unit, ""), one_of(code, unit)),
            ),
        )

    def outcomes(self) -> list[str]:
        """Reasons of rows outside the window that somebody can have."""
        tests = self._tests()
        return [name for name in _ORDER[:-1] if tests[name] and name != "other_measure"]

    def of_none(self, outcome: str, listed: Sequence[tuple[str, str]]) -> Group | None:
        """All with an outcome but those of the organisations, or names without a code, listed."""
        whole = self.of_outcome(outcome)
        if whole is None:
            return None
        units = [unit for unit, _ in listed if unit]
        names = [name for unit, name in listed if not unit]
        code = "current" if self.organised == "current" else "code"
        kept = (
            (none_of("code", ""), none_of(self.unit, "", *units)),
            (none_of("code", ""), one_of(self.unit, ""), none_of(code, *units)),
            (one_of("code", ""), none_of("shown name", *names)),
        )
        return Group(whole.source, tuple((*part, *more) for part in whole.parts for more in kept))

    def ways(self, whole: Group) -> list[Group]:
        """Those of them whose answer is positive, half so, and not; of a measure that nobody can answer half
        positively, two."""
        return ways(self.people, self.side.measure, self.side.selection.sentiment, whole)

    def counted(self, whole: Group) -> Group:
        """Those whose answer counts one way or another."""
        return Group(whole.source, tuple(part for way in self.ways(whole) for part in way.parts))


def ways(people: People, measure: str, sentiment: Sentiment, whole: Group) -> list[Group]:
    """Those of a group whose answer is positive, half so, and not."""
    answer = f"answer {measure}"
    plain = [one_of(answer, value) for value in ("1.0", "0.5", "0.0")]
    if measure != "overall" or sentiment is Sentiment.POSITIVE:
        half = "0.5" in people.values.get(answer, {})
        return [whole.and_(way) for way in plain if half or way != plain[1]]
    if sentiment is Sentiment.MIXED_HALF:
        felt = [one_of("sentiment", value) for value in ("positive", "mixed", "negative")]
    else:
        felt = [
            one_of("stars", *values) for values in ((4.0, 5.0), (), (1.0, 2.0, 3.0))
        ]  # fmt: skip
    silent, spoken = one_of("sentiment", ""), none_of("sentiment", "")
    told = [
        Group(whole.source, (*whole.and_(spoken, one).parts, *whole.and_(silent, other).parts))
        for one, other in zip(felt, plain, strict=True)
    ]
    return [one for one in told if people.anybody(one) or one is not told[1]]


def alignment(truth: Truth, told: Alignment) -> Iterator[Reading]:
    """Both sources' figures by organisation, who is listed under which reason, and rows by reason.

    `Alignment.pairs`: unit, left_positive, left_respondents (and right_…); `Alignment.unmatched`: side, unit,
    name, outcome; `Alignment.account`: side, outcome, organisations, rows; `Alignment.everywhere` for the
    people of a source that is published, whose figures are no secret.
    """
    for place, (which, side) in enumerate((("left", told.left), ("right", told.right))):
        if side.source not in truth.people:
            continue
        placed = _Placed(truth.people[side.source], side, told)
        other = (told.right, told.left)[place]
        yield from figures(truth, told, which, told.pairs)
        yield from _did_not_join(placed, told, which, other.source not in truth.people)
        yield from _by_reason(placed, told, which)


def figures(
    truth: Truth,
    told: Alignment,
    which: str,
    rows: pd.DataFrame,
    page: str = "Agreement",
    route: str = "figure of both sources",
) -> Iterator[Reading]:
    """The figure of each organisation in one source. Columns: unit, left_respondents and left_positive, or
    those of the right; `rows` are those of the alignment, or of whatever else shows them.
    """
    side = told.left if which == "left" else told.right
    if side.source not in truth.people or side.selection.mix or side.unit != "proportion":
        return
    placed = _Placed(truth.people[side.source], side, told)
    for row in rows.to_dict("records"):
        whole = placed.of_unit("paired", str(row["unit"]), "")
        assert whole is not None
        yield answers(
            placed.counted(whole), placed.ways(whole), row[f"{which}_respondents"],
            row.get(f"{which}_positive"), told.pairing.disclosure.floor, page, route,
        )  # fmt: skip


def rates(told: Alignment, sources: Collection[str]) -> tuple[int, int]:
    """How many shares of confidential answers are told, and how many are not those of the counts shown
    beside them.

    `Alignment.pairs`: left_value, left_positive, left_respondents (and right_…).
    """
    every = other = 0
    for which, side in (("left", told.left), ("right", told.right)):
        if side.source not in sources or side.unit != "proportion":
            continue
        value, positive, answers = (
            told.pairs[f"{which}_{name}"] for name in ("value", "positive", "respondents")
        )
        every += int(value.notna().sum())
        other += int(((value - positive / answers).abs() > 1e-12).sum())
    return every, other


def _did_not_join(
    placed: _Placed, told: Alignment, which: str, beside_published: bool
) -> Iterator[Reading]:
    """Who is of few beside a published source of enough; that who is not listed has nobody; and of exact
    figures, that who is listed has somebody."""
    pairing = told.pairing
    floor = max(pairing.disclosure.floor, pairing.rank_floor)
    rows = told.unmatched
    rows = rows[rows["side"] == which]
    enough: set[str] = set()
    if beside_published:
        other = told.everywhere[which == "left"].figures
        in_window = other["outcome"].isin(IN_WINDOW)
        enough = set(other.loc[in_window & (other["people"] >= floor), "unit"])
    listed: dict[str, list[tuple[str, str]]] = {
        "paired": [(str(unit), "") for unit in told.pairs["unit"]]
    }
    for row in rows.to_dict("records"):
        outcome, unit, name = str(row["outcome"]), str(row["unit"]), str(row["name"])
        looked_at = outcome in LOOKED_AT or outcome == "outside_area"
        own = "paired" if looked_at else outcome
        listed.setdefault(own, []).append((unit, name))
        of = placed.of_unit(own, unit, name)
        if of is None or outcome.startswith("withheld"):
            continue
        if pairing.disclosure.exact:
            table = f"listed: {outcome}"
            yield Reading(of, LISTED, math.nan, floor, "Alignment", table, figure=False)
        if outcome == "few_answers" and unit in enough:
            yield answers(
                placed.counted(of), placed.ways(of), math.nan, math.nan, floor, "Alignment",
                "too few to compare",
            )  # fmt: skip
    by_name = placed.outcomes() if pairing.disclosure.exact else ["name_not_matched"]
    for outcome in ("paired", *by_name):
        of = placed.of_none(outcome, listed.get(outcome, []))
        if of is not None:
            yield Reading(of, NONE, 0.0, floor, "Alignment", f"not listed: {outcome}", figure=False)


def _by_reason(placed: _Placed, told: Alignment, which: str) -> Iterator[Reading]:
    floor = told.pairing.disclosure.floor
    account = told.account[told.account["side"] == which]
    rows = told.unmatched[told.unmatched["side"] == which]
    named = set(account["outcome"])
    for row in account.to_dict("records"):
        outcomes = (
            sorted(set(rows["outcome"]) - named)
            if row["outcome"] == SEVERAL
            else [str(row["outcome"])]
        )
        parts = []
        for outcome in outcomes:
            if outcome == "paired":
                units = list(told.pairs["unit"])
            elif outcome == "outside_area" or outcome in IN_WINDOW:
                units = list(rows.loc[rows["outcome"] == outcome, "unit"])
            else:
                whole = placed.of_outcome(outcome)
                parts.append(whole.parts if whole else None)
                continue
            whole = placed.of_outcome("paired")
            assert whole is not None
            parts.append(whole.and_(Condition(placed.unit, frozenset(units))).parts)
        if not parts or any(part is None for part in parts):
            continue
        of = Group(placed.source, tuple(one for part in parts if part for one in part))
        # a reason of no listed organisation has a line only where somebody has it
        own = row["outcome"] in placed.outcomes() and row["outcome"] != "name_not_matched"
        yield number(of.answers(), row["rows"], floor, "Alignment", "rows by reason", somebody=own)
    for outcome in set(placed.outcomes()) - named:
        whole = placed.of_outcome(outcome)
        if whole is not None:
            yield Reading(whole, NONE, 0.0, floor, "Alignment", f"no line: {outcome}", figure=False)


def trace(truth: Truth, told: Alignment, rows: pd.DataFrame, unit: str) -> Iterator[Reading]:
    """Answers behind one organisation's figure: of single responses one row, of all files and months.

    Columns: source (short title), cell, respondents, positive.
    """
    floor = told.pairing.disclosure.floor
    for side in (told.left, told.right):
        if side.source not in truth.people or side.unit != "proportion":
            continue
        placed = _Placed(truth.people[side.source], side, told)
        whole = placed.of_unit("paired", unit, "")
        assert whole is not None
        here = rows[(rows["source"] == side.short_title) & (rows["cell"] == SINGLE_RESPONSES)]
        for row in here.to_dict("records"):
            yield answers(
                placed.counted(whole), placed.ways(whole), row["respondents"], row["positive"],
                floor, "Trace", "rows behind a figure",
            )  # fmt: skip


def groups(truth: Truth, told: GroupsReport, bands: Any) -> Iterator[Reading]:
    """Answers of each group. `GroupsReport.cells`: side, band, respondents, withheld; the organisations
    are those with a figure from both sources, as the page says; where some are left out the reading is
    not kept.
    """
    found = told.alignment
    floor = found.pairing.disclosure.floor
    if not told.of_people or told.cells.empty:
        return
    for place, (which, side) in enumerate((("left", found.left), ("right", found.right))):
        if side.source not in truth.people:
            continue
        people = truth.people[side.source]
        placed = _Placed(people, side, found)
        mine, other = found.rows[place], found.rows[1 - place]
        own, both = _with_figure(mine), _with_figure(mine) & _with_figure(other)
        values = list(people.values[told.group_by])
        for units in (both, own):
            whole = placed.of_outcome("paired")
            assert whole is not None
            here = whole.and_(Condition(placed.unit, frozenset(units)))
            for row in told.cells[told.cells["side"] == which].to_dict("records"):
                inside = [
                    value
                    for value in values
                    if row["band"]
                    in (
                        EVERYBODY,
                        bands.of(told.group_by, value, side.source) if value else NOT_TOLD,
                    )
                ]
                if not inside:
                    continue
                of = here.and_(one_of(told.group_by, *inside))
                positive = row["value"] * row["respondents"]
                yield answers(
                    placed.counted(of), placed.ways(of), row["respondents"],
                    round(2 * positive) / 2 if pd.notna(positive) else math.nan, floor,
                    "Groups", "answers by group", uncertain=True,
                )  # fmt: skip


def _with_figure(rows: pd.DataFrame) -> set[str]:
    return set(rows.loc[rows["outcome"].isin(WITH_FIGURE), "unit"])
