"""Does the conclusion hold if …? A baseline beside a scenario, and what changed in words and numbers.

Both are worked out by the same code and withheld by the same rules. They share answers, so that a
difference between them is no test and carries no p-value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.bands import bands_of, told_groups
from pxcore.analysis.joining.outcomes import NOT_JOINED
from pxcore.analysis.joining.periods import MONTHS_TITLES, widening
from pxcore.analysis.joining.selection import DIMENSIONS, SENTIMENT_TITLES, ways_to_count
from pxcore.analysis.judging.evidence import Kind, kind_of
from pxcore.analysis.judging.robustness import MOST_WAYS, design_matters
from pxcore.analysis.judging.verdicts import LOOK_ORDER, MARKS, Mark
from pxcore.analysis.masking import note_masked
from pxcore.analysis.pairs.agreement import AgreementReport, agreement
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.errors import NothingToCompare, UnknownSource
from pxcore.model import (
    GRAIN_TITLES,
    Grain,
    Mix,
    Months,
    Pairing,
    Peers,
    Scenario,
    Sentiment,
    TestScale,
)
from pxcore.publish import agreement as published
from pxcore.stats.intervals import Interval
from pxcore.stats.sensitivity import FAIRLY_STABLE, STABLE
from pxcore.stats.verdict import Rule
from pxcore.store import Store
from pxcore.words import agreement as agreement_words
from pxcore.words import alignment as alignment_words
from pxcore.words import refusals
from pxcore.words import verdicts as verdict_words
from pxcore.words.english import joined, number
from pxcore.words.robustness import CHOICES
from pxcore.words.verdicts import gap

NOT_COMPARED = "not compared"
CANNOT_FOLLOW = "these sources cannot follow it"
BASELINE, LOOKED_AT = "Baseline", "This one (not saved)"  # names no saved scenario may have
PRACTICALLY_THE_SAME = 0.1  # of the way to the end of the range
GRADED = ("dissonance, unusual", "dissonance of usual size")
MOST_NAMED = 3
_BY_TEXT = ("sms", "text")
NONE_FAILED: Mapping[str, tuple[Scenario, str]] = {}

# Verdicts counted side by side: those one would speak of, and the rest together.
COUNTED: Mapping[str, tuple[str, ...]] = {
    "agreement": ("agreement",),
    "partial": ("partial agreement",),
    "unusual": (GRADED[0],),
    "usual": (GRADED[1],),
    "unjudged": ("not enough evidence", "silence"),
}
SCENARIO = (
    "name", "what", "status", "compared", "underlying", "underlying_low", "underlying_high", "raw",
    "raw_low", "raw_high", *COUNTED, "moved", "in_both", "headline", "headline_move", "moved_said", "marks",
)  # fmt: skip

MIX_TITLES: Mapping[Mix, str] = {
    Mix.NONE: "as they answered",
    Mix.POOLED: "of both sources together",
    Mix.REGISTERED: "of each practice's registered patients",
    Mix.NATIONAL: "of all registered patients",
}
PEER_TITLES: Mapping[Peers, str] = {
    Peers.ALL: "all organisations",
    Peers.REGION: "those of the same region",
    Peers.ICB: "those of the same integrated care board",
    Peers.DEPRIVATION: "practices in equally deprived places",
    Peers.SIZE: "practices with about as many patients",
}
SCALE_TITLES: Mapping[TestScale, str] = {
    TestScale.LOGIT: "log odds",
    TestScale.FREEMAN_TUKEY: "Freeman–Tukey (square roots)",
}


def margin_said(margin: float) -> str:
    return f"{margin:g} typical difference{'' if margin == 1 else 's'}"


def described(scenario: Scenario) -> list[str]:
    """Each choice that differs from the baseline, in a few words."""
    said = []
    for side in (scenario.left, scenario.right):
        if side:
            said.append(f"with {maps.source(side)['title']} instead")
    if scenario.grain:
        said.append(f"by {GRAIN_TITLES[Grain(scenario.grain)][0]}")
    if scenario.area:
        said.append(f"in {scenario.area} alone")
    if scenario.service:
        said.append(f"{maps.service_titles()[scenario.service].lower()} alone")
    if scenario.window is not None:
        said.append(f"in {scenario.window}")
    if scenario.months is not None:
        said.append(f"over {MONTHS_TITLES[scenario.months]}")
    if scenario.evidence_floor is not None:
        said.append(f"only with {scenario.evidence_floor} answers or more")
    if scenario.without_modes:
        said.append(f"without the answers by {joined(scenario.without_modes)}")
    if scenario.groups:
        said.append(f"{DIMENSIONS[scenario.dimension]} {joined(scenario.groups)} alone")
    if scenario.mix:
        said.append(
            f"weighted by {DIMENSIONS[scenario.dimension]} to the people {MIX_TITLES[scenario.mix]} "
            "(hypothetical)"
        )
    if scenario.peers:
        said.append(f"among {PEER_TITLES[scenario.peers]}")
    if scenario.sentiment:
        said.append(f"comments counted otherwise: {SENTIMENT_TITLES[scenario.sentiment]}")
    if scenario.comments_halved:
        said.append("two comments counted as one person")
    if scenario.design_effect is not None:
        said.append(f"{scenario.design_effect:g} weighted answers worth one")
    if scenario.margin is not None:
        said.append(f"agreement within {margin_said(scenario.margin)}")
    if scenario.false_discovery is not None:
        said.append(f"chance findings held to 1 in {1 / scenario.false_discovery:.0f}")
    if scenario.scale is not None:
        said.append(f"tested on the scale of {SCALE_TITLES[scenario.scale]}")
    return said


def not_followed(wanted: Scenario, found: Scenario) -> list[str]:
    """What was asked and could not be, in the words of `described`."""
    kept = described(found)
    return [said for said in described(wanted) if said not in kept]


def titled(scenario: Scenario) -> str:
    said = "; ".join(described(scenario))
    return _capital(said) if said else "Nothing is changed"


def _capital(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}"


@dataclass(frozen=True, slots=True)
class WhatIfReport:
    """A baseline and a scenario side by side."""

    scenario: Scenario
    baseline: AgreementReport
    changed: AgreementReport
    moves: Released  # one row per organisation of either: its verdict in both; see MOVE
    lost: tuple[tuple[str, str], ...]  # organisations compared in the baseline alone, and why

    @property
    def title(self) -> str:
        return titled(self.scenario)

    @property
    def asks(self) -> bool:
        """Whether anything is changed, and can be looked at."""
        return bool(described(self.scenario)) and self.changed.status != "refused" and self.followed

    @property
    def in_both(self) -> pd.DataFrame:
        """Organisations the baseline and the scenario both speak of."""
        return self.moves[
            (self.moves["before"] != NOT_COMPARED) & (self.moves["after"] != NOT_COMPARED)
        ]

    @property
    def moved(self) -> Released:
        """Of those in both, the ones with another verdict; those to or from dissonance first."""
        return Released(self.in_both[self.in_both["before"] != self.in_both["after"]])

    @property
    def same_level(self) -> bool:
        """Whether both are of organisations of one kind, so that their verdicts can be set side by side."""
        return self.baseline.alignment.grain is self.changed.alignment.grain

    def summary(self) -> str:
        """What changes, in one sentence."""
        if not described(self.scenario):
            return "Choose a question, or change something, and see whether the conclusion holds."
        if self.changed.status == "refused":
            return f"{self.title}: nothing can be compared. {refusals.text(self.changed.refusals)}"
        if not self.followed:
            return f"{self.title}: {CANNOT_FOLLOW}, and nothing changes."
        alike = any(one.judgement.too_alike for one in (self.baseline, self.changed))
        note = f" ({Mark.SAME_PEOPLE})" if alike else ""
        return f"{self.title}: {self._headline()}{note}; {self._verdicts()}."

    @property
    def followed(self) -> bool:
        """Whether anything of the scenario reaches these two sources. What a source does not tell it cannot
        follow: its answers stay as they were."""
        one, other = self.baseline.alignment, self.changed.alignment
        if not described(self.scenario) or self.changed.status == "refused":
            return True  # nothing to follow, or another thing to say
        if any(
            getattr(one, name) != getattr(other, name)
            for name in ("left", "right", "grain", "service")
        ):
            return True
        kinds = {kind_of(side) for side in (other.left, other.right)}
        asked = self.scenario
        return (
            one.pairing.area != other.pairing.area
            or any(
                n is not None for n in (asked.evidence_floor, asked.margin, asked.false_discovery)
            )
            or (asked.scale is not None and kinds != {Kind.SCORE})
            or (asked.design_effect is not None and design_matters(other))
            or (asked.comments_halved is not None and Kind.COMMENTS in kinds)
        )

    @property
    def _headlines(self) -> tuple[_Headline | None, _Headline | None]:
        """The figure for all organisations in both views: underlying agreement where both have it, else
        the raw correlation of both; never one beside the other."""
        for of in (_underlying, _raw):
            before, after = of(self.baseline), of(self.changed)
            if before is not None and after is not None:
                return before, after
        before, after = ((_underlying(one) or _raw(one)) for one in (self.baseline, self.changed))
        return before, after

    def _headline(self) -> str:
        before, after = self._headlines
        if after is None:
            return "no figure can be worked out for all organisations together"
        if after.estimate is None:
            least = number(after.interval.low)
            said = f"{after.what} at the limit of what can be estimated (at least {least})"
        else:
            said = f"{after.what} {after.said()}"
        if before is not None and before.what == after.what:
            said += f" instead of {before.said()}"
            said += f", {self._how_far()}" if self._how_far() else ""
        once, now = _underlying(self.baseline), _underlying(self.changed)
        if once is not None and now is None:
            said = f"underlying agreement can no longer be estimated (it was {once.said()}); {said}"
        elif once is None and now is not None and now is not after:
            said += f"; underlying agreement can now be estimated: {now.said()}"
        return said

    def _how_far(self) -> str:
        """How far the headline moved, against the range it had."""
        share = self.headline_move
        if share is None:
            return ""
        if abs(share) < PRACTICALLY_THE_SAME:
            return "practically the same"
        if abs(share) <= 1:
            return "inside the range the baseline already allowed"
        return "outside the range of the baseline"

    @property
    def headline_of(self) -> str:
        """What the headline is under the scenario: underlying agreement, or the raw rank correlation."""
        after = self._headlines[1]
        return after.what if after is not None else ""

    @property
    def headline_move(self) -> float | None:
        """The move of the headline as a share of the way to the end of the baseline's range: beyond 1 it
        is outside. None where the two cannot be set side by side."""
        before, after = self._headlines
        if before is None or after is None or before.what != after.what or not self.followed:
            return None
        if before.estimate is None or after.estimate is None:
            return None
        move = after.estimate - before.estimate
        ends = before.interval
        room = ends.high - before.estimate if move > 0 else before.estimate - ends.low
        return float(move / room) if room > 0 else None

    def _verdicts(self) -> str:
        one, many = GRAIN_TITLES[self.changed.alignment.grain]
        if not self.same_level:
            return self._other_level()
        if not (judges(self.baseline) or judges(self.changed)):
            return f"no single {one} can be judged, before or after"
        n, of = len(self.moved), len(self.in_both)
        if not of:
            return f"no {one} is in both"
        if n == 0:
            return f"no verdict changes, of {of:,}"
        return (
            f"{n:,} of {of:,} {many if of != 1 else one} get{'s' if n == 1 else ''} another verdict"
        )

    def _other_level(self) -> str:
        was, now = (GRAIN_TITLES[one.alignment.grain][1] for one in (self.baseline, self.changed))
        return f"verdicts on {now} cannot be set beside those on {was}"

    def limits(self) -> str:
        """What limits the comparison; why the sources cannot follow it."""
        if not self.followed:
            return " ".join(self._new_notes()) or "Neither of them tells what it would take."
        if not self.asks:
            return ""
        said = [self.lost_said()] if self.lost else []
        said.append(
            "Both rest in part on the same answers: the difference between them is not a test. It shows "
            "whether the conclusion hangs on this choice."
            if self._shares_answers()
            else "The difference between them is not a test: it shows whether the conclusion hangs on "
            "this choice."
        )
        return " ".join(said)

    def _shares_answers(self) -> bool:
        """Whether an answer may count in both."""
        if (
            self.same_level
            and not self.baseline.pairs["unit"].isin(self.changed.pairs["unit"]).any()
        ):
            return False
        return any(
            one.source == other.source
            and one.period is not None
            and other.period is not None
            and one.period.overlap(other.period) > 0
            for one, other in (
                (self.baseline.left, self.changed.left),
                (self.baseline.right, self.changed.right),
            )
        )

    def lost_said(self) -> str:
        """Who is not compared any more, and why."""
        one, many = GRAIN_TITLES[self.changed.alignment.grain]
        n = len(self.lost)
        first = "; ".join(f"{name} ({why})" for name, why in self.lost[:MOST_NAMED])
        more = f"; and {n - MOST_NAMED} more" if n > MOST_NAMED else ""
        return (
            f"{n} {f'{one} is' if n == 1 else f'{many} are'} not compared any more: {first}{more}."
        )

    def what_changed(self) -> list[str]:
        """The changes that matter, in sentences."""
        if not described(self.scenario):
            return []
        said = self._moves_said() if self.same_level else [f"{_capital(self._other_level())}."]
        said += self._new_notes()
        if said:
            return said
        if not (judges(self.baseline) or judges(self.changed)):
            figure = next((one for one in self._headlines if one is not None), None)
            return [
                "No single organisation can be judged, before or after; "
                + (
                    "only the order of all of them can be compared."
                    if figure is not None
                    else "nor is there a figure for all of them together."
                )
            ]
        if self.headline_move is not None and abs(self.headline_move) >= PRACTICALLY_THE_SAME:
            return ["No organisation gets another verdict."]
        return ["Nothing changes: the conclusion does not hang on this choice."]

    def _new_notes(self) -> list[str]:
        known = alignment_words.notes(self.baseline.alignment)
        return [note for note in alignment_words.notes(self.changed.alignment) if note not in known]

    def _moves_said(self) -> list[str]:
        """Which verdicts moved, and who is in one of the two alone."""
        said = []
        for before, after in (
            (GRADED[0], None), (None, GRADED[0]), (GRADED[1], None), (None, GRADED[1]),
            ("agreement", None), (None, "agreement"),
        ):  # fmt: skip
            rows = self.moved
            if before:
                rows = rows[rows["before"] == before]
                which = f"no longer “{before}”"
            else:
                rows = rows[rows["after"] == after]
                which = f"now “{after}”"
            if len(rows):
                said.append(f"{_named(rows, with_after=before is not None)}: {which}.")
        n = int(
            (
                ~self.moved["before"].isin((*GRADED, "agreement"))
                & ~self.moved["after"].isin((*GRADED, "agreement"))
            ).sum()
        )
        if n:
            said.append(
                f"{n:,} {'more ' if said else ''}change{'s' if n == 1 else ''} between partial "
                "agreement, not enough evidence and silence."
            )
        if why := self._newly_silent():
            said.append(why)
        one, many = GRAIN_TITLES[self.changed.alignment.grain]
        for view, other in (("baseline", "after"), ("scenario", "before")):
            n = int((self.moves[other] == NOT_COMPARED).sum())
            if n:
                said.append(
                    f"{n:,} {f'{one} is' if n == 1 else f'{many} are'} in the {view} alone."
                )
        return said

    def _newly_silent(self) -> str:
        """How many fall silent under the scenario, and why most of them do."""
        units = self.moved.loc[self.moved["after"] == "silence", "unit"]
        if not len(units) or self.changed.verdicts is None:
            return ""
        shown = self.changed.verdicts.shown
        here = shown[shown["unit"].isin(units)]
        whys = pd.concat([here["left_silence"], here["right_silence"]])
        whys = whys[whys != ""].value_counts()
        n = f"{len(units):,} {'falls' if len(units) == 1 else 'fall'} silent"
        return f"{n}: {whys.index[0]}." if len(whys) else f"{n}."

    def figures(self) -> list[tuple[str, str, str]]:
        """Label, value under the scenario, and what it was."""
        many = GRAIN_TITLES[self.changed.alignment.grain][1]
        told = []
        before, after = self._headlines
        told.append(
            (
                after.what.capitalize() if after else "Underlying agreement",
                after.value() if after else "–",
                "; ".join(
                    [
                        f"now {number(after.interval.low)} to {number(after.interval.high)}"
                        if after
                        else "no figure",
                        f"was {before.said()}"
                        if before and (after is None or before.what == after.what)
                        else "no figure before",
                    ]
                ),
            )
        )
        told.append(
            (
                "Other verdicts",
                f"{len(self.moved):,}" if self.same_level else "–",
                f"of {len(self.in_both):,} {many} in both" if self.same_level else "another level",
            )
        )
        told.append(
            (
                f"{many.capitalize()} compared",
                f"{len(self.changed.pairs):,}",
                f"was {len(self.baseline.pairs):,}",
            )
        )
        told.append(self._answers())
        return told

    def _answers(self) -> tuple[str, str, str]:
        values, rests = [], []
        for which in ("left", "right"):
            now, was = (
                float(one.pairs[f"{which}_respondents"].sum()) if len(one.pairs) else 0.0
                for one in (self.changed, self.baseline)
            )
            side, before = getattr(self.changed, which), getattr(self.baseline, which)
            values.append(f"{now:,.0f}" if now or was else "–")
            whose = "" if side.source == before.source else f" of {before.short_title}"
            rests.append(f"{side.short_title}, was {was:,.0f}{whose}" if was else side.short_title)
        return ("Answers", " / ".join(values), "; ".join(rests))

    def flow(self) -> Released:
        """How many organisations went from which verdict to which: one row per pair of marks."""
        return Released(
            self.moves.groupby(["before", "after"], as_index=False)
            .agg(organisations=("unit", "count"))
            .sort_values(["before", "after"])
            .reset_index(drop=True)
        )

    def table(self) -> Released:
        columns = [column for column in MOVE if column != "place"]
        return Released(self.moves[columns].reset_index(drop=True))

    def screen(self) -> Released:
        """The organisations that moved, for the screen."""
        rows = self.moved
        return rows.assign(
            gap_before=[_gap(*ends) for ends in _ends(rows, "before")],
            gap_after=[_gap(*ends) for ends in _ends(rows, "after")],
        )

    def headlines(self) -> pd.DataFrame:
        """One row per figure for all organisations and view: for the picture."""
        rows = []
        for view, report in (("Baseline", self.baseline), ("Scenario", self.changed)):
            latent, raw = report.latent, report.correlation
            for what, one in (("underlying", latent), ("raw", raw)):
                if one is not None and one.interval is not None:
                    rows.append(
                        {
                            "view": view,
                            "what": what,
                            "estimate": one.estimate
                            if one.estimate is not None
                            else one.interval.high,
                            "low": one.interval.low,
                            "high": one.interval.high,
                            "pairs": one.pairs,
                        }
                    )
        return Released(rows, columns=["view", "what", "estimate", "low", "high", "pairs"])

    @property
    def extracts(self) -> tuple[int, ...]:
        return tuple(sorted({*self.baseline.alignment.extracts, *self.changed.alignment.extracts}))

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "scenario": self.scenario.as_json(),
            "title": self.title,
            "summary": self.summary(),
            "headline_move": self.headline_move,
            "baseline": published.as_json(self.baseline),
            "changed": published.as_json(self.changed),
            "verdicts": [
                {str(key): value for key, value in row.items()}
                for row in self.table()
                .astype(object)
                .where(self.table().notna(), None)
                .to_dict("records")
            ],
            "what_changed": self.what_changed(),
        }

    def method(self) -> tuple[str, ...]:
        return (
            "**Baseline** is what the sidebar asks. The **scenario** changes only what is named; both are "
            "worked out anew from the rows, by the same code.",
            "**The same rules protect small numbers in both.** Counts of single responses carry a small "
            "noise in both, so that what a few people said does not follow from the difference.",
            "**Weighted to other people**, each group's percentage is added up by its share of the people "
            "asked about (direct standardisation); groups with fewer than 5 answers are joined to a "
            "neighbour, and the answers are worth less than their number. It is hypothetical: nobody "
            "gave these answers.",
            "**Among peers**, the general level of each group of peers is taken away before organisations "
            "are compared; a group takes 10 organisations.",
            "**How far the headline moved** is told against the range it had. No p-value: both rest in part "
            "on the same answers.",
            f"**Every reasonable choice**: each combination of {joined(list(CHOICES.values()))}, "
            f"as far as it can matter for these two sources; of more than {MOST_WAYS}, so many drawn by "
            f"lot. The same verdict in at least {STABLE:.0%} of them is called stable, in at least "
            f"{FAIRLY_STABLE:.0%} fairly stable. No p-value is pooled over them.",
        )


MOVE = (
    "unit", "name", "before", "after", "difference_before", "low_before", "high_before",
    "difference_after", "low_after", "high_after", "said", "place",
)  # fmt: skip


def _named(rows: pd.DataFrame, *, with_after: bool) -> str:
    told = [
        f"{row.name} (now {row.after})" if with_after else f"{row.name} (was {row.before})"
        for row in each(rows.head(MOST_NAMED))
    ]
    more = f" and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
    return f"{', '.join(told)}{more}"


def judges(report: AgreementReport) -> bool:
    """Whether any single organisation can be judged."""
    told = report.verdicts
    return (
        told is not None and told.heard > 0 and told.method is not None and not told.method.assumed
    )


@dataclass(frozen=True, slots=True)
class _Headline:
    """One figure for all organisations together."""

    what: str
    estimate: float | None  # None at the limit of what can be estimated
    interval: Interval

    def value(self) -> str:
        return "at the limit" if self.estimate is None else number(self.estimate)

    def said(self) -> str:
        return f"{self.value()} ({number(self.interval.low)} to {number(self.interval.high)})"


def _underlying(report: AgreementReport) -> _Headline | None:
    latent = report.latent
    if report.status != "ok" or not report.estimated or latent is None or latent.interval is None:
        return None
    return _Headline("underlying agreement", latent.estimate, latent.interval)


def _raw(report: AgreementReport) -> _Headline | None:
    raw = report.correlation
    if report.status != "ok" or raw is None or raw.interval is None:
        return None
    return _Headline("raw rank correlation", raw.estimate, raw.interval)


def _ends(rows: pd.DataFrame, view: str) -> list[tuple[float, float, float]]:
    columns = (rows[f"{name}_{view}"].tolist() for name in ("difference", "low", "high"))
    return list(zip(*columns, strict=True))


def _gap(value: float, low: float, high: float) -> str:
    if np.isnan(value):
        return ""
    return f"{gap(value)} ({gap(low)} to {gap(high)})"


# --- Asking ---


def what_if(store: Store, baseline: Pairing, scenario: Scenario) -> WhatIfReport:
    """Ask the baseline's question again under a scenario, and say what changed."""
    return compared(agreement(store, baseline), agreement(store, scenario.of(baseline)), scenario)


def compared(
    baseline: AgreementReport, changed: AgreementReport, scenario: Scenario
) -> WhatIfReport:
    """Two reports side by side."""
    moves = _moves(baseline, changed)
    return WhatIfReport(scenario, baseline, changed, moves, tuple(_lost(baseline, changed)))


def _moves(baseline: AgreementReport, changed: AgreementReport) -> Released:
    told = []
    for view, report in (("before", baseline), ("after", changed)):
        if report.verdicts is None:
            told.append(Released({"unit": pd.Series(dtype="str")}))
            continue
        cells = report.verdicts.shown
        told.append(
            Released(
                {
                    "unit": cells["unit"],
                    f"name_{view}": cells["name"],
                    view: [MARKS[Rule(rule)] for rule in cells["rule"]],
                    f"difference_{view}": cells["difference"],
                    f"low_{view}": cells["difference_low"],
                    f"high_{view}": cells["difference_high"],
                    f"said_{view}": verdict_words.sentences(report.verdicts, cells),
                    f"place_{view}": [LOOK_ORDER.index(Rule(rule)) for rule in cells["rule"]],
                }
            )
        )
    rows = told[0].merge(told[1], on="unit", how="outer")
    for view in ("before", "after"):
        for column, blank in (
            (view, NOT_COMPARED), (f"name_{view}", ""), (f"said_{view}", ""),
        ):  # fmt: skip
            values = rows[column] if column in rows else pd.Series(np.nan, index=rows.index)
            rows[column] = values.astype(object).where(values.notna(), blank)
        for column in ("difference", "low", "high", "place"):
            name = f"{column}_{view}"
            rows[name] = rows[name].astype("float64") if name in rows else np.nan
    rows["name"] = rows["name_after"].where(rows["name_after"] != "", rows["name_before"])
    rows["said"] = rows["said_after"]
    rows["place"] = rows[["place_before", "place_after"]].min(axis=1).fillna(len(LOOK_ORDER))
    return rows.sort_values(["place", "name", "unit"], kind="stable")[list(MOVE)].reset_index(
        drop=True
    )


def _lost(baseline: AgreementReport, changed: AgreementReport) -> list[tuple[str, str]]:
    """Organisations compared in the baseline alone, with the reason the scenario's alignment gives."""
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
    nobody = "no answers in one of the two"
    told = pd.Series([why.lower() for why in alignment_words.reasons(rows)], rows.index)
    return [(str(row.name), str(told.get(row.unit, nobody))) for row in each(gone)]


# --- Without each source ---


@dataclass(frozen=True, slots=True)
class WithoutEach:
    """Three kinds of source, each left out in turn: what the other two say."""

    rows: Released  # left_out, pair, underlying, raw (each with its range), compared
    verdicts: Released  # unit, name, and one column per pair: the mark of its verdict

    def summary(self) -> str:
        if self.rows.empty:
            return "It takes three kinds of source on the same organisations; they are not loaded."
        told = [f"without {row.left_out}: {row.said}" for row in each(self.rows)]
        return f"{told[0][:1].upper()}{'; '.join(told)[1:]}."


def without_each(store: Store, pairing: Pairing, third: str) -> WithoutEach:
    """The agreement of each remaining pair when one of three sources is left out."""
    blank = Released(columns=["left_out", "pair", "underlying", "raw", "compared", "said"])
    names = (pairing.left, pairing.right, third)
    if not third:
        return WithoutEach(blank, Released(columns=["unit", "name"]))
    rows, marks = [], []
    for one, other in combinations(names, 2):
        left_out = next(name for name in names if name not in (one, other))
        asked = replace(pairing, left=one, right=other, left_measure="", right_measure="")
        pair = " and ".join(maps.source(name)["short_title"] for name in (one, other))
        try:
            report = agreement(store, asked)
        except (NothingToCompare, UnknownSource):
            continue
        headline = _underlying(report) or _raw(report)
        raw = report.correlation
        rows.append(
            {
                "left_out": maps.source(left_out)["short_title"],
                "pair": pair,
                "underlying": _short(agreement_words.underlying(report))
                if report.estimated
                else "cannot be estimated",
                "raw": _short(agreement_words.raw(report)) if raw is not None else "",
                "compared": len(report.pairs),
                "said": f"{pair} {agreement_words.likeness_in_words(report)}"
                if headline is not None
                else f"for {pair} there is not enough evidence",
            }
        )
        if report.verdicts is not None:
            shown = report.verdicts.shown
            marks.append(
                Released(
                    {
                        "unit": shown["unit"],
                        "name": shown["name"],
                        pair: [MARKS[Rule(rule)] for rule in shown["rule"]],
                    }
                )
            )
    table = Released(columns=["unit", "name"])
    for mark in marks:
        table = mark if table.empty else table.merge(mark, on=["unit", "name"], how="outer")
    return WithoutEach(Released(rows, columns=list(blank.columns)), table.fillna(NOT_COMPARED))


def _short(said: str) -> str:
    """A figure and its range for a narrow column, whose head says what the range is."""
    return said.removeprefix("about ").replace("plausible range ", "")


def third_source(store: Store, report: AgreementReport) -> str:
    """The source of the remaining signal that speaks of most of the same organisations; "" for none."""
    signals = {report.left.signal, report.right.signal}
    found: dict[str, int] = {}
    for row in each(store.query("shared_providers")):
        other = str(row.right_source)
        about = maps.source(other)
        if (
            row.left_source == report.left.source
            and row.grain == report.alignment.grain
            and about["signal"] not in signals
            and about["service"] in ("", report.alignment.service)
            and other != "complaints"
        ):
            found[other] = max(found.get(other, 0), int(row.shared))
    return max(found, key=lambda name: found[name], default="")


# --- What managers ask ---


@dataclass(frozen=True, slots=True)
class Preset:
    """A question often asked, and the scenario that answers it; or why these data cannot."""

    title: str
    scenario: Scenario | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """What can be changed for these two sources."""

    modes: tuple[str, ...]
    bands: Mapping[str, tuple[str, ...]]  # dimension -> bands at least one source tells
    in_both: tuple[str, ...]  # dimensions both sources tell
    services: tuple[str, ...]  # those both speak of, where both speak of several
    sentiments: tuple[Sentiment, ...]  # ways to count a comment other than the usual one
    comments: bool
    months: bool  # a monthly source beside a survey
    design: bool  # a percent survey that publishes no interval for some organisation
    registered: bool
    regions: int
    judged: bool  # whether any single organisation can be judged
    presets: tuple[Preset, ...]


def options(store: Store, report: AgreementReport) -> Options:
    """What these two sources allow one to ask."""
    splits, known = told_groups(store), bands_of(store)
    sides = (report.left, report.right)
    here = splits[splits["source"].isin([side.source for side in sides])]
    told: dict[str, dict[str, set[str]]] = {}
    for row in each(here):
        told.setdefault(str(row.dimension), {}).setdefault(str(row.source), set()).add(
            str(row.group_value)
        )
    modes = tuple(sorted(set().union(*told.get("mode", {}).values())))
    bands = {
        dimension: tuple(known.among(dimension, {s: sorted(g) for s, g in told[dimension].items()}))
        for dimension in DIMENSIONS
        if dimension in told
    }
    kinds = {kind_of(side) for side in sides}
    registered = not store.query("registered").empty and report.alignment.grain is Grain.PRACTICE
    peers = store.query("peers")
    shown = peers[peers["unit"].isin(report.pairs["unit"])]
    regions = max(int(shown["icb"].nunique()), int(shown["region"].nunique()))
    spoken = [told.get("service", {}).get(side.source, set()) for side in sides]
    several = not any(side.service for side in sides)
    services = tuple(sorted(set.intersection(*spoken))) if several else ()
    found = Options(
        modes=modes,
        bands=bands,
        in_both=tuple(d for d in bands if len(told[d]) == len(sides)),
        services=services if len(services) > 1 else (),
        sentiments=tuple(
            one
            for one in Sentiment
            if one and any(one in ways_to_count(side.source, splits) for side in sides)
        ),
        comments=Kind.COMMENTS in kinds,
        months=report.alignment.aligned_in_time
        and any(widening(report.alignment.left_spans, report.alignment.right_spans)),
        design=design_matters(report.alignment),
        registered=registered,
        regions=regions,
        judged=judges(report),
        presets=(),
    )
    return replace(found, presets=tuple(_presets(found, report)))


def _presets(found: Options, report: AgreementReport) -> list[Preset]:
    pair = f"{report.left.short_title} and {report.right.short_title}"
    by_text = tuple(mode for mode in found.modes if any(word in mode.lower() for word in _BY_TEXT))
    older = "65 and over" if "65 and over" in found.bands.get("age", ()) else ""
    nobody = "No single organisation can be judged with these two sources."
    weigh = next((d for d in ("age", "sex") if d in found.in_both), "")
    return [
        Preset(
            "Drop text messages",
            Scenario(without_modes=by_text) if by_text else None,
            f"Neither of {pair} tells how each answer came.",
        ),
        Preset("Only with 30 answers or more", Scenario(evidence_floor=30)),
        Preset(
            "A year instead of the fieldwork",
            Scenario(months=Months.YEAR) if found.months else None,
            "It takes a monthly source beside a survey, at the same time.",
        ),
        Preset(
            "Only people of 65 and over",
            Scenario(dimension="age", groups=(older,)) if older else None,
            f"Neither of {pair} tells who is 65 or over.",
        ),
        Preset(
            "The same mix of people in both",
            Scenario(dimension=weigh, mix=Mix.POOLED) if weigh else None,
            f"Not both of {pair} tell age or sex.",
        ),
        Preset(
            "As all registered patients",
            Scenario(dimension="age", mix=Mix.REGISTERED)
            if found.registered and "age" in found.bands
            else None,
            "It takes a source that tells age, practices, and their list sizes.",
        ),
        Preset(
            "Among practices of the same deprivation",
            Scenario(peers=Peers.DEPRIVATION) if found.registered and found.judged else None,
            "It takes practices and a file of their list sizes." if found.judged else nobody,
        ),
        Preset(
            "Among those of the same integrated care board",
            Scenario(peers=Peers.ICB) if found.regions > 1 and found.judged else None,
            "All of them belong to one, or it is not known." if found.judged else nobody,
        ),
        Preset(
            "Survey answers worth half",
            Scenario(design_effect=2.0) if found.design and found.judged else None,
            nobody
            if not found.judged
            else "Every survey figure here has its published interval, or is no percentage.",
        ),
        Preset(
            "Two comments are one person",
            Scenario(comments_halved=True) if found.comments else None,
            "Neither is community voice.",
        ),
    ]


# --- Saved scenarios ---


@dataclass(frozen=True, slots=True)
class Saved:
    """A scenario kept under a name."""

    name: str
    scenario: Scenario
    saved_by: str
    saved_at: datetime

    def said(self) -> str:
        """What it changes, who keeps it and since when."""
        at = f"{self.saved_at.day} {self.saved_at:%B %Y}"
        return f"{titled(self.scenario)} (saved by {self.saved_by}, {at})"


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Several scenarios beside one baseline."""

    rows: Released  # the baseline, then one row per scenario; see SCENARIO

    def summary(self) -> str:
        """In how many of them the conclusion holds, and which move the headline most."""
        told = self.rows.iloc[1:]
        if not len(told):
            return "No scenario to set beside the baseline."
        known = told[told["headline_move"].notna()]
        inside = int((known["headline_move"].abs() <= 1).sum())
        said = []
        if len(known):
            said.append(
                f"In {inside:,} of {len(known):,} the headline stays inside the range the baseline already "
                "allowed"
            )
            # how far underlying and raw figures move cannot be set side by side
            figures = known["headline"].unique()
            for figure in figures:
                moves = known[known["headline"] == figure].set_index("name")["headline_move"].abs()
                if len(moves) > 1 and moves.max() >= PRACTICALLY_THE_SAME:
                    what = "it" if len(figures) == 1 else f"the {figure}"
                    said[-1] += f"; ‘{moves.idxmax()}’ moves {what} most"
        counts = {
            status: int((told["status"] == status).sum()) for status in ("unfollowed", "refused")
        }
        if n := len(told) - sum(counts.values()) - len(known):
            said.append(f"{n:,} cannot be set beside it by one figure")
        if n := counts["unfollowed"]:
            said.append(f"{n:,} cannot be followed by these sources")
        if n := counts["refused"]:
            said.append(f"{n:,} cannot be compared")
        return ". ".join(said) + "."

    def screen(self) -> Released:
        """For the screen: figures in words, who gets another verdict."""
        rows = self.rows
        told = rows.assign(
            what=[
                " · ".join(one for one in (what, marks) if one)
                for what, marks in zip(rows["what"], rows["marks"].fillna(""), strict=True)
            ],
            underlying=[_ranged(*row) for row in _triples(rows, "underlying")],
            raw=[_ranged(*row) for row in _triples(rows, "raw")],
            differ=rows["unusual"] + rows["usual"],
        )
        figures = ["compared", "underlying", "raw", "agreement", "partial", "differ", "moved_said"]
        return told[["name", "what", *figures]]


def side_by_side(
    baseline: AgreementReport,
    reports: Mapping[str, WhatIfReport],
    failed: Mapping[str, tuple[Scenario, str]] = NONE_FAILED,
) -> SideBySide:
    """Scenarios of one baseline, by name, each a row beside it; of those that failed, why."""
    same = compared(baseline, baseline, Scenario())
    rows = [_beside(BASELINE, "", baseline, same.moves["before"])]
    for name, report in reports.items():
        row = _beside(name, report.title, report.changed, report.moves["after"])
        if report.changed.status == "refused":
            row["moved_said"] = f"nothing can be compared: {refusals.text(report.changed.refusals)}"
        elif not report.followed:  # its figures are those of the baseline
            row = {"name": name, "what": report.title, "status": "unfollowed"}
            row["moved_said"] = "cannot be followed"
        elif not report.same_level:
            row["moved_said"] = "another level of organisation"
        elif not (judges(baseline) or judges(report.changed)):
            row["moved_said"] = "none can be judged"
        elif not len(report.in_both):
            row["moved_said"] = "none is in both"
        else:
            row["moved"], row["in_both"] = len(report.moved), len(report.in_both)
            row["moved_said"] = f"{len(report.moved):,} of {len(report.in_both):,}"
        if report.headline_move is not None:
            row["headline"], row["headline_move"] = report.headline_of, report.headline_move
        rows.append(row)
    rows += [
        {"name": name, "what": titled(scenario), "status": "refused", "moved_said": why}
        for name, (scenario, why) in failed.items()
    ]
    return SideBySide(Released(rows, columns=list(SCENARIO)))


def _beside(name: str, what: str, report: AgreementReport, marks: pd.Series) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "what": what, "status": report.status, "moved_said": ""}
    if report.status == "refused":
        return row
    row |= {"compared": len(report.pairs), "marks": "; ".join(report.marks)}
    for of, headline in (("underlying", _underlying(report)), ("raw", _raw(report))):
        if headline is not None:
            row |= {
                of: headline.estimate,
                f"{of}_low": headline.interval.low,
                f"{of}_high": headline.interval.high,
            }
    if judges(report):
        row |= {mark: int(marks.isin(some).sum()) for mark, some in COUNTED.items()}
    return row


def _triples(rows: pd.DataFrame, of: str) -> Iterator[tuple[float, float, float]]:
    return zip(rows[of], rows[f"{of}_low"], rows[f"{of}_high"], strict=True)


def _ranged(estimate: float | None, low: float, high: float) -> str:
    if pd.isna(low):
        return "–"
    said = "at the limit" if estimate is None or pd.isna(estimate) else number(estimate)
    return f"{said} ({number(low)} to {number(high)})"


def saved(store: Store) -> tuple[Saved, ...]:
    """Those kept and not withdrawn; one that this version cannot read is left out."""
    told = []
    for row in each(store.query("scenarios")):
        try:
            scenario = Scenario.from_json(json.loads(row.definition))
        except (ValueError, TypeError):
            continue
        told.append(Saved(str(row.name), scenario, str(row.saved_by), row.saved_at.to_pydatetime()))
    return tuple(told)


def keep(store: Store, name: str, scenario: Scenario, by: str = "this computer") -> None:
    """Keep a scenario under a name; one of the same name is replaced, and stays in the history.

    Raises NothingToCompare for a name that stands for something else where scenarios are set side by side.
    """
    if name.strip().casefold() in (BASELINE.casefold(), LOOKED_AT.casefold()):
        raise NothingToCompare(
            f"‘{name.strip()}’ stands for something else beside saved scenarios.",
            fix="Give it another name.",
        )
    store.keep_scenario(note_masked(store, name), json.dumps(scenario.as_json(), default=str), by)


def withdraw(store: Store, name: str, by: str = "this computer") -> None:
    """Take a scenario off the list."""
    store.keep_scenario(name, "", by)
