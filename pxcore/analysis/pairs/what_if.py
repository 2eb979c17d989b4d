"""Does the conclusion hold if …? A baseline beside a scenario, and what changed between them.

Of each organisation it is how likely the two sources agree on it that is set side by side. Both views are
worked out by the same code and withheld by the same rules. They share answers, so that a difference
between them is no test and carries no p-value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.outcomes import NOT_JOINED
from pxcore.analysis.judging.certainty import AGREE, DIFFER, MARKS, CertaintyReport
from pxcore.analysis.judging.evidence import Kind, kind_of
from pxcore.analysis.judging.robustness import design_matters
from pxcore.analysis.judging.verdicts import MARKS as VERDICT_MARKS
from pxcore.analysis.pairs.agreement import AgreementReport, agreement, certainty
from pxcore.analysis.questions import ask
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.errors import NothingToCompare, UnknownSource
from pxcore.model import Pairing, Scenario
from pxcore.stats.certainty import Word
from pxcore.stats.intervals import Interval
from pxcore.stats.latent import limit_within
from pxcore.stats.verdict import Rule
from pxcore.store import Store

NOT_COMPARED = "not compared"
VERY_LIKELY = (Word.VERY_LIKELY_DIFFER, Word.VERY_LIKELY_AGREE)
PRACTICALLY_THE_SAME = 0.1  # of the way to the end of the range
OF_ONE = ("agree", "gap", "gap_low", "gap_high")  # of each organisation, in either view
MOVE = (
    "unit", "name", "before", "after",
    *(f"{column}_{view}" for view in ("before", "after") for column in OF_ONE), "place",
)  # fmt: skip


def choices_of(scenario: Scenario) -> dict[str, object]:
    """Each choice that differs from the baseline, by field; groups and a mix with what they are of."""
    choices = {field: value for field, value in scenario.as_json().items() if value}
    dimension = choices.pop("dimension", "")
    return {
        field: (dimension, value) if field in ("groups", "mix") else value
        for field, value in choices.items()
    }


def not_followed(wanted: Scenario, used: Scenario) -> tuple[str, ...]:
    """The fields of a scenario that are not as wanted in the one that could be used."""
    available = choices_of(used)
    return tuple(
        field for field, value in choices_of(wanted).items() if available.get(field) != value
    )


class Figure(StrEnum):
    """What the figure for all organisations together is."""

    UNDERLYING = "underlying agreement"
    RAW = "raw rank correlation"


class HowFar(StrEnum):
    """How far the headline moved, against the range it had."""

    SAME = "practically the same"
    INSIDE = "inside the range"
    OUTSIDE = "outside the range"


class Holds(StrEnum):
    """Whether the conclusion of the baseline holds under a scenario."""

    YES = "yes"
    PARTLY = (
        "partly"  # for all together, not for every organisation of which something was very likely
    )
    NO = "no"


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure for all organisations together."""

    figure: Figure
    estimate: float | None  # None at the limit of what can be estimated
    interval: Interval


@dataclass(frozen=True, slots=True)
class Lost:
    """An organisation compared in the baseline alone."""

    name: str
    outcome: str  # what became of its rows (`alignment.OUTCOMES`); "" where a source has none of it


@dataclass(frozen=True)  # no slots: who is in both is asked for again and again
class WhatIfReport:
    """A baseline and a scenario side by side."""

    scenario: Scenario
    baseline: AgreementReport
    changed: AgreementReport
    likely_before: CertaintyReport
    likely_after: CertaintyReport
    moves: Released  # one row per organisation of either: how likely the two agree on it in both; see MOVE

    @cached_property
    def lost(self) -> tuple[Lost, ...]:
        """Organisations compared in the baseline alone."""
        return tuple(_lost(self.baseline, self.changed))

    @property
    def blank(self) -> bool:
        """Whether the scenario changes nothing."""
        return not choices_of(self.scenario)

    @property
    def refused(self) -> bool:
        """Whether nothing can be compared under the scenario."""
        return self.changed.status == "refused"

    @property
    def answered(self) -> bool:
        """Whether anything is changed, and can be looked at."""
        return not self.blank and not self.refused and self.followed

    @cached_property
    def in_both(self) -> Released:
        """Organisations the baseline and the scenario both speak of."""
        return _chosen(self.moves, lambda *marks: NOT_COMPARED not in marks)

    @cached_property
    def moved(self) -> Released:
        """Of those in both, the ones of which something else is said; those that differ in either first."""
        return _chosen(self.in_both, lambda was, now: was != now)

    @cached_property
    def differed(self) -> tuple[int, int]:
        """On how many of those in both the two probably differed, and on how many of these they still do."""
        now = [now for was, now in _marks(self.in_both) if was in DIFFER]
        return len(now), sum(mark in DIFFER for mark in now)

    @property
    def same_level(self) -> bool:
        """Whether both are of organisations of one kind, so that they can be set side by side."""
        return self.baseline.alignment.grain is self.changed.alignment.grain

    @property
    def judged(self) -> bool:
        """Whether anything is said of single organisations, in the baseline or under the scenario."""
        return len(self.likely_before.likely) > 0 or len(self.likely_after.likely) > 0

    @cached_property
    def followed(self) -> bool:
        """Whether anything of the scenario reaches these two sources. Where a source holds nothing of what
        is asked about, its answers stay as they were."""
        before, after = self.baseline.alignment, self.changed.alignment
        if self.blank or self.refused:
            return True  # there is nothing to follow, or something else to say
        if any(
            getattr(before, name) != getattr(after, name)
            for name in ("left", "right", "grain", "service")
        ):
            return True
        kinds = {kind_of(side) for side in (after.left, after.right)}
        choices = choices_of(self.scenario)
        return (
            before.pairing.area != after.pairing.area
            or bool(choices.keys() & {"evidence_floor", "margin", "false_discovery", "beforehand"})
            or ("scale" in choices and kinds != {Kind.SCORE})
            or ("design_effect" in choices and design_matters(after))
            or ("comments_halved" in choices and Kind.COMMENTS in kinds)
        )

    @property
    def headlines(self) -> tuple[Headline | None, Headline | None]:
        """The figure for all organisations in both views: underlying agreement where both have it, else
        the raw correlation of both; never one beside the other."""
        for figure in (underlying, raw):
            before, after = figure(self.baseline), figure(self.changed)
            if before is not None and after is not None:
                return before, after
        before, after = (underlying(view) or raw(view) for view in (self.baseline, self.changed))
        return before, after

    @property
    def headline_move(self) -> float | None:
        """The move of the headline as a share of the way to the end of the baseline's range: beyond 1 it
        is outside. None where the two cannot be set side by side."""
        before, after = self.headlines
        if before is None or after is None or before.figure != after.figure or not self.followed:
            return None
        if before.estimate is None or after.estimate is None:
            return None
        move = after.estimate - before.estimate
        ends = before.interval
        room = ends.high - before.estimate if move > 0 else before.estimate - ends.low
        return float(move / room) if room > 0 else None

    @property
    def how_far(self) -> HowFar | None:
        """How far the headline moved; None where the two cannot be set side by side."""
        share = self.headline_move
        if share is None:
            return None
        if abs(share) < PRACTICALLY_THE_SAME:
            return HowFar.SAME
        return HowFar.INSIDE if abs(share) <= 1 else HowFar.OUTSIDE

    @cached_property
    def holds(self) -> Holds | None:
        """Whether the conclusion holds; None where the headlines cannot be set side by side."""
        if not self.answered or self.how_far is None:
            return None
        if self.how_far is HowFar.OUTSIDE:
            return Holds.NO
        if underlying(self.baseline) is not None and underlying(self.changed) is None:
            return Holds.PARTLY  # what was concluded can no longer be estimated
        return Holds.PARTLY if self.same_level and len(self.turned) else Holds.YES

    @cached_property
    def turned(self) -> Released:
        """Of those in both, the ones very likely to differ or to agree in one view that are not even
        probably so in the other."""
        return _chosen(
            self.in_both,
            lambda was, now: (
                (was in VERY_LIKELY or now in VERY_LIKELY)
                and not any(was in side and now in side for side in (DIFFER, AGREE))
            ),
        )

    @property
    def shares_answers(self) -> bool:
        """Whether an answer may count in both."""
        if (
            self.same_level
            and not self.baseline.pairs["unit"].isin(self.changed.pairs["unit"]).any()
        ):
            return False
        return any(
            before.source == after.source
            and before.period is not None
            and after.period is not None
            and before.period.overlap(after.period) > 0
            for before, after in (
                (self.baseline.left, self.changed.left),
                (self.baseline.right, self.changed.right),
            )
        )

    def flow(self) -> Released:
        """How many organisations went from which word to which: one row per pair of marks."""
        return Released(
            self.moves.groupby(["before", "after"], as_index=False)
            .agg(organisations=("unit", "count"))
            .sort_values(["before", "after"])
            .reset_index(drop=True)
        )

    def headline_rows(self) -> pd.DataFrame:
        """One row per figure for all organisations and view: for the picture."""
        rows = []
        for view, report in (("Baseline", self.baseline), ("Scenario", self.changed)):
            for what, figure in (("underlying", report.latent), ("raw", report.correlation)):
                if figure is not None and figure.interval is not None:
                    low, high = figure.interval.low, figure.interval.high
                    estimate = figure.estimate
                    if estimate is None:
                        estimate = limit_within(low, high)
                    rows.append((view, what, estimate, low, high, figure.pairs))
        return Released(rows, columns=["view", "what", "estimate", "low", "high", "pairs"])

    @property
    def extracts(self) -> tuple[int, ...]:
        return tuple(sorted({*self.baseline.alignment.extracts, *self.changed.alignment.extracts}))


def _marks(rows: Released) -> list[tuple[str, str]]:
    """What is said of each organisation, before and after."""
    return list(zip(rows["before"].tolist(), rows["after"].tolist(), strict=True))


def _chosen(rows: Released, of_marks: Callable[[str, str], bool]) -> Released:
    """The organisations of which what is said before and after is so."""
    return rows[np.array([of_marks(was, now) for was, now in _marks(rows)], dtype=bool)]


def judges(report: AgreementReport) -> bool:
    """Whether any single organisation can be judged."""
    verdicts = report.verdicts
    return (
        verdicts is not None
        and verdicts.heard > 0
        and verdicts.method is not None
        and not verdicts.method.assumed
    )


def underlying(report: AgreementReport) -> Headline | None:
    latent = report.latent
    if report.status != "ok" or not report.estimated or latent is None or latent.interval is None:
        return None
    return Headline(Figure.UNDERLYING, latent.estimate, latent.interval)


def raw(report: AgreementReport) -> Headline | None:
    correlation = report.correlation
    if report.status != "ok" or correlation is None or correlation.interval is None:
        return None
    return Headline(Figure.RAW, correlation.estimate, correlation.interval)


def what_if(store: Store, baseline: Pairing, scenario: Scenario) -> WhatIfReport:
    """Ask the baseline's question again under a scenario, and set both side by side."""
    changed = scenario.of(baseline)
    before, after = ask(store, agreement, baseline), ask(store, agreement, changed)
    likely_before, likely_after = ask(store, certainty, baseline), ask(store, certainty, changed)
    return WhatIfReport(
        scenario,
        before,
        after,
        likely_before,
        likely_after,
        _moves(likely_before, likely_after),
    )


def _moves(before: CertaintyReport, after: CertaintyReport) -> Released:
    views = {"before": before, "after": after}
    units = sorted({unit for report in views.values() for unit in report.in_view["unit"].tolist()})
    place_of = {unit: place for place, unit in enumerate(units)}
    columns: dict[str, Any] = {"unit": np.array(units, dtype=object)}
    names = np.full(len(units), "", dtype=object)
    for view, report in views.items():  # by the name it has under the scenario
        cells = report.in_view
        places = [place_of[unit] for unit in cells["unit"].tolist()]
        names[places] = cells["name"]
        columns[view] = np.full(len(units), NOT_COMPARED, dtype=object)
        figures = {f"{name}_{view}": np.full(len(units), np.nan) for name in OF_ONE}
        if report.status != "refused":
            columns[view][places] = cells["mark"]
            for name in OF_ONE:
                figures[f"{name}_{view}"][places] = cells[name]
        columns |= figures
    order = {mark.value: place for place, mark in enumerate(MARKS)} | {NOT_COMPARED: len(MARKS)}
    marks = zip(columns["before"], columns["after"], strict=True)
    look = [min(order[was], order[now]) for was, now in marks]
    columns |= {"name": names, "place": np.array(look, dtype=np.int64)}
    rows = sorted(range(len(units)), key=lambda row: (look[row], names[row], units[row]))
    return Released({column: columns[column][rows] for column in MOVE})


def _lost(baseline: AgreementReport, changed: AgreementReport) -> list[Lost]:
    """Organisations compared in the baseline alone, with what the scenario's alignment makes of them."""
    gone = baseline.pairs[~baseline.pairs["unit"].isin(changed.pairs["unit"])]
    if (
        gone.empty
        or changed.alignment.refusals
        or baseline.alignment.grain is not changed.alignment.grain  # all of them, and none is lost
    ):
        return []
    rows = changed.alignment.unmatched
    rows = rows[rows["outcome"].isin((*NOT_JOINED, "outside_area"))]
    rows = rows[rows["outcome"] != "no_counterpart"].drop_duplicates("unit").set_index("unit")
    return [Lost(str(row.name), str(rows["outcome"].get(row.unit, ""))) for row in each(gone)]


# --- Without each source ---


@dataclass(frozen=True, slots=True)
class Remaining:
    """The two sources that remain when one of three is left out, and how alike they are."""

    left_out: str
    sources: tuple[str, str]
    report: AgreementReport

    @property
    def headline(self) -> Headline | None:
        return underlying(self.report) or raw(self.report)


@dataclass(frozen=True, slots=True)
class WithoutEach:
    """Three kinds of source, each left out in turn: what the other two show."""

    pairs: tuple[Remaining, ...]

    def verdicts(self) -> Released:
        """One row per organisation, one column per source left out: the mark of its verdict."""
        table = Released(columns=["unit", "name"])
        for pair in self.pairs:
            if pair.report.verdicts is not None:
                cells = pair.report.verdicts.shown
                verdicts = [VERDICT_MARKS[Rule(rule)] for rule in cells["rule"]]
                marks = Released(cells[["unit", "name"]].assign(**{pair.left_out: verdicts}))
                table = (
                    marks if table.empty else table.merge(marks, on=["unit", "name"], how="outer")
                )
        return table.fillna(NOT_COMPARED)


def without_each(store: Store, pairing: Pairing) -> WithoutEach:
    """The agreement of each remaining pair when one of three kinds of source is left out."""
    third = third_source(store, ask(store, agreement, pairing))
    names = (pairing.left, pairing.right, third)
    pairs = []
    for sources in combinations(names, 2) if third else ():
        (left_out,) = set(names) - set(sources)
        question = replace(
            pairing, left=sources[0], right=sources[1], left_measure="", right_measure=""
        )
        try:
            pairs.append(Remaining(left_out, sources, ask(store, agreement, question)))
        except (NothingToCompare, UnknownSource):
            continue
    return WithoutEach(tuple(pairs))


def third_source(store: Store, report: AgreementReport) -> str:
    """The source of the remaining signal that speaks of most of the same organisations; "" for none."""
    signals = {report.left.signal, report.right.signal}
    shared: dict[str, int] = {}
    for row in each(store.query("shared_providers")):
        source = str(row.right_source)
        about = maps.source(source)
        if (
            row.left_source == report.left.source
            and row.grain == report.alignment.grain
            and about["signal"] not in signals
            and about["service"] in ("", report.alignment.service)
            and source != "complaints"
        ):
            shared[source] = max(shared.get(source, 0), int(row.shared))
    return max(shared, key=lambda name: shared[name], default="")
