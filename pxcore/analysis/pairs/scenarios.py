"""Scenarios themselves: the questions often asked of two sources, those kept, and several side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from pxcore.analysis.joining.bands import bands_of, told_groups
from pxcore.analysis.joining.periods import widening
from pxcore.analysis.joining.selection import DIMENSIONS, ways_to_count
from pxcore.analysis.judging.certainty import AGREE, DIFFER, CertaintyReport, Unsaid
from pxcore.analysis.judging.evidence import Kind, kind_of
from pxcore.analysis.judging.robustness import design_matters
from pxcore.analysis.masking import note_masked
from pxcore.analysis.pairs.agreement import AgreementReport, agreement, certainty
from pxcore.analysis.pairs.what_if import WhatIfReport, judges, raw, underlying, what_if
from pxcore.analysis.questions import ask
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.errors import NothingToCompare, PxError
from pxcore.model import Grain, Mix, Months, Pairing, Peers, Scenario, Sentiment
from pxcore.stats.certainty import Word
from pxcore.store import Store

BASELINE, LOOKED_AT = "Baseline", "This one (not saved)"  # names no saved scenario may have
OLDER = "65 and over"
_BY_TEXT = ("sms", "text")

# How likely the two agree, counted side by side: those one would speak of, and the rest together.
COUNTED: Mapping[str, tuple[str, ...]] = {
    "agree": AGREE,
    "either": (Word.COULD_BE_EITHER,),
    "differ": DIFFER,
    "unsaid": tuple(Unsaid),
}
SCENARIO = (
    "name", "status", "compared", "underlying", "underlying_low", "underlying_high", "raw", "raw_low",
    "raw_high", *COUNTED, "moved", "in_both", "differed", "still", "headline", "headline_move", "holds",
)  # fmt: skip


# --- What managers ask ---


class Question(StrEnum):
    """A question often asked."""

    NO_TEXTS = "no texts"
    MANY_ANSWERS = "many answers"
    YEAR = "a year"
    OLDER = "older people"
    SAME_MIX = "same mix"
    REGISTERED = "registered patients"
    DEPRIVATION = "same deprivation"
    ICB = "same board"
    DESIGN = "survey answers worth half"
    ONE_PERSON = "two comments are one person"


@dataclass(frozen=True, slots=True)
class Preset:
    """A question often asked, and the scenario that answers it; None where these data cannot."""

    question: Question
    scenario: Scenario | None
    unjudged: bool = False  # cannot, as no single organisation can be judged


@dataclass(frozen=True, slots=True)
class Options:
    """What can be changed for these two sources."""

    modes: tuple[str, ...]
    bands: Mapping[str, tuple[str, ...]]  # dimension -> bands at least one source publishes
    in_both: tuple[str, ...]  # dimensions of both sources
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
    """What can be asked of these two sources."""
    splits, known = ask(store, told_groups), bands_of(store)
    sides = (report.left, report.right)
    groups: dict[str, dict[str, set[str]]] = {}  # dimension -> source -> its groups
    names = [side.source for side in sides]
    columns = ("source", "dimension", "group_value")
    for source, dimension, group in zip(*(splits[name].tolist() for name in columns), strict=True):
        if source in names:
            groups.setdefault(dimension, {}).setdefault(source, set()).add(group)
    bands = {
        dimension: tuple(
            known.among(dimension, {s: sorted(g) for s, g in groups[dimension].items()})
        )
        for dimension in DIMENSIONS
        if dimension in groups
    }
    registered = not store.query("registered").empty and report.alignment.grain is Grain.PRACTICE
    peers = store.query("peers")
    shown = peers[peers["unit"].isin(report.pairs["unit"])]
    services: set[str] = set()
    if not any(side.service for side in sides):
        of_each = groups.get("service", {})
        services = set.intersection(*(of_each.get(side.source, set()) for side in sides))
    offered = Options(
        modes=tuple(sorted(set().union(*groups.get("mode", {}).values()))),
        bands=bands,
        in_both=tuple(d for d in bands if len(groups[d]) == len(sides)),
        services=tuple(sorted(services)) if len(services) > 1 else (),
        sentiments=tuple(
            sentiment
            for sentiment in Sentiment
            if sentiment and any(sentiment in ways_to_count(side.source, splits) for side in sides)
        ),
        comments=Kind.COMMENTS in {kind_of(side) for side in sides},
        months=report.alignment.aligned_in_time
        and any(widening(report.alignment.left_spans, report.alignment.right_spans)),
        design=design_matters(report.alignment),
        registered=registered,
        regions=max(int(shown["icb"].nunique()), int(shown["region"].nunique())),
        judged=judges(report),
        presets=(),
    )
    return replace(offered, presets=_presets(offered))


def _presets(offered: Options) -> tuple[Preset, ...]:
    texts = tuple(mode for mode in offered.modes if any(word in mode.lower() for word in _BY_TEXT))
    mixed = next((dimension for dimension in ("age", "sex") if dimension in offered.in_both), "")
    # what answers each question, whether these data hold what it takes, whether it is of verdicts alone
    answers: Mapping[Question, tuple[Scenario, bool, bool]] = {
        Question.NO_TEXTS: (Scenario(without_modes=texts), bool(texts), False),
        Question.MANY_ANSWERS: (Scenario(evidence_floor=30), True, False),
        Question.YEAR: (Scenario(months=Months.YEAR), offered.months, False),
        Question.OLDER: (
            Scenario(dimension="age", groups=(OLDER,)),
            OLDER in offered.bands.get("age", ()),
            False,
        ),
        Question.SAME_MIX: (Scenario(dimension=mixed, mix=Mix.POOLED), bool(mixed), False),
        Question.REGISTERED: (
            Scenario(dimension="age", mix=Mix.REGISTERED),
            offered.registered and "age" in offered.bands,
            False,
        ),
        Question.DEPRIVATION: (Scenario(peers=Peers.DEPRIVATION), offered.registered, True),
        Question.ICB: (Scenario(peers=Peers.ICB), offered.regions > 1, True),
        Question.DESIGN: (Scenario(design_effect=2.0), offered.design, True),
        Question.ONE_PERSON: (Scenario(comments_halved=True), offered.comments, False),
    }
    presets = []
    for question, (scenario, possible, of_verdicts) in answers.items():
        unjudged = of_verdicts and not offered.judged
        presets.append(Preset(question, scenario if possible and not unjudged else None, unjudged))
    return tuple(presets)


# --- Saved scenarios ---


@dataclass(frozen=True, slots=True)
class Saved:
    """A scenario kept under a name."""

    name: str
    scenario: Scenario
    saved_by: str
    saved_at: datetime


def saved(store: Store) -> tuple[Saved, ...]:
    """Those kept and not withdrawn; one that this version cannot read is left out."""
    readable = []
    for row in each(store.query("scenarios")):
        try:
            scenario = Scenario.from_json(json.loads(row.definition))
        except (ValueError, TypeError):
            continue
        at = row.saved_at.to_pydatetime()
        readable.append(Saved(str(row.name), scenario, str(row.saved_by), at))
    return tuple(readable)


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


# --- Side by side ---


class Status(StrEnum):
    """Whether a scenario can be set beside the baseline, organisation by organisation."""

    BASELINE = "baseline"
    COMPARED = "compared"
    REFUSED = "refused"
    NOT_FOLLOWED = "not followed"
    OTHER_LEVEL = "other level"
    UNJUDGED = "unjudged"
    APART = "apart"  # no organisation is in both


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Several scenarios beside one baseline."""

    rows: Released  # the baseline, then one row per scenario; see SCENARIO
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    reports: Mapping[str, AgreementReport] = field(default_factory=dict)
    failed: Mapping[str, PxError] = field(default_factory=dict)


def side_by_side(
    store: Store,
    pairing: Pairing,
    scenarios: tuple[tuple[str, Scenario], ...],
    progress: Callable[[str, int, int], None] | None = None,
) -> SideBySide:
    """Scenarios of one baseline, by name, each a row beside it; of those that failed, why."""
    baseline, likely = ask(store, agreement, pairing), ask(store, certainty, pairing)
    reports: dict[str, WhatIfReport] = {}
    failed: dict[str, tuple[Scenario, PxError]] = {}
    for place, (name, scenario) in enumerate(scenarios):
        if progress is not None:
            progress(name, place, len(scenarios))
        try:
            reports[name] = ask(store, what_if, pairing, scenario)
        except PxError as problem:  # a source that these data do not have, say
            failed[name] = (scenario, problem)
    rows = [_row(BASELINE, Status.BASELINE, baseline, likely)]
    for name, report in reports.items():
        status = status_of(report)
        row = _row(name, status, report.changed, report.likely_after)
        row["holds"] = report.holds.value if report.holds is not None else ""
        if status is Status.COMPARED:
            row["moved"], row["in_both"] = len(report.moved), len(report.in_both)
            row["differed"], row["still"] = report.differed
        if report.headline_move is not None:
            _, after = report.headlines
            row["headline"] = after.figure.value if after is not None else ""
            row["headline_move"] = report.headline_move
        rows.append(row)
    rows += [{"name": name, "status": Status.REFUSED.value} for name in failed]
    return SideBySide(
        Released(rows, columns=list(SCENARIO)),
        {name: report.scenario for name, report in reports.items()}
        | {name: scenario for name, (scenario, _) in failed.items()},
        {BASELINE: baseline} | {name: report.changed for name, report in reports.items()},
        {name: problem for name, (_, problem) in failed.items()},
    )


def status_of(report: WhatIfReport) -> Status:
    """Whether what is said of organisations under a scenario can be set beside its baseline."""
    if report.refused:
        return Status.REFUSED
    if not report.followed:
        return Status.NOT_FOLLOWED
    if not report.same_level:
        return Status.OTHER_LEVEL
    if not report.judged:
        return Status.UNJUDGED
    return Status.COMPARED if len(report.in_both) else Status.APART


def _row(
    name: str, status: Status, report: AgreementReport, likely: CertaintyReport
) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "status": status.value}
    if status in (Status.REFUSED, Status.NOT_FOLLOWED):
        return row  # nothing, or the figures of the baseline
    row["compared"] = report.compared
    for column, headline in (("underlying", underlying(report)), ("raw", raw(report))):
        if headline is not None:
            row |= {
                column: headline.estimate,
                f"{column}_low": headline.interval.low,
                f"{column}_high": headline.interval.high,
            }
    if len(likely.likely):
        counts = likely.counts()
        row |= {column: sum(counts[mark] for mark in marks) for column, marks in COUNTED.items()}
    return row
