"""Do organisations that improve in one source improve in the other? For surveys that speak in waves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import product

import numpy as np
import pandas as pd

from pxcore.analysis.joining.alignment import Alignment, align
from pxcore.analysis.joining.independence import independence
from pxcore.analysis.joining.periods import Side, breaks_of, spans
from pxcore.analysis.joining.refusals import Refusal
from pxcore.analysis.judging.evidence import Evidence, evidence
from pxcore.analysis.judging.verdicts import latent_shown
from pxcore.analysis.questions import ask_by
from pxcore.analysis.time.cells import View
from pxcore.analysis.time.trends import TrendsReport
from pxcore.errors import TooFewPairs
from pxcore.model import Grain, Pairing, Period
from pxcore.stats.latent import LatentCorrelation, latent_correlation
from pxcore.stats.spread import FEWEST_PEERS, peer_spread
from pxcore.store import Store

MOST_PAIRS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """The changes of two sources from one wave to the next, over all organisations."""

    survey: Side  # the source that speaks in waves
    series: Side
    level: Grain
    waves: int = 0  # since the last change of question or method
    before: Period | None = None  # the two last waves; None where there are not two
    after: Period | None = None
    organisations: int = 0  # with both changes
    latent: LatentCorrelation | None = None  # None where the changes are not compared:
    refusal: Refusal | None = None  # because the two sources cannot be
    too_few: TooFewPairs | None = None  # or because organisations are too few


def changes(store: Store, report: TrendsReport) -> tuple[Change, ...]:
    """The changes of each survey between its last two waves against those of each series."""
    view = replace(report.view, unit="", area="")
    return tuple(
        ask_by(store, (survey.source, survey.measure, series.source, series.measure, view), change,
               survey, series, view)
        for survey, series in sides(report)
    )  # fmt: skip


def sides(report: TrendsReport) -> list[tuple[Side, Side]]:
    """The surveys of a report and the series each is set against."""
    pairs = [
        (survey, series)
        for survey, series in product(*report.waves_and_series())
        if survey.service == series.service and survey.reported_grain == series.reported_grain
    ]
    return pairs[:MOST_PAIRS]


def change(store: Store, survey: Side, series: Side, view: View) -> Change:
    """The changes of a survey between its last two waves against those of a series, over all organisations
    of the level, whatever organisation or area is looked at."""
    waves = _waves(store, survey)
    report = Change(survey, series, view.level, len(waves))
    if len(waves) < 2:
        return report
    before, after = waves[-2:]
    report = replace(report, before=before, after=after)
    weighed: list[list[pd.DataFrame]] = []  # by wave, of the survey and of the series
    shared: frozenset[str] = frozenset()
    for wave in (before, after):
        pairing = Pairing(
            survey.source,
            series.source,
            left_measure=survey.measure,
            right_measure=series.measure,
            grain=view.level.value,
            window=wave,
            organisation=view.organisation,
            disclosure=view.disclosure,
        )
        alignment = align(store, pairing)
        if alignment.refusals:
            return replace(report, refusal=alignment.refusals[0])
        if not shared:
            copies = independence(
                store, alignment.left, alignment.right, alignment.pairing, alignment.service
            )
            shared = frozenset(copies.units)
        sources = _weighed(store, alignment)
        weighed.append([_enough(source) for source in sources])
    of_survey, of_series = (_difference(*both) for both in zip(*weighed, strict=True))
    pairs = of_survey.merge(of_series, on="unit", suffixes=("_survey", "_series"))
    pairs = pairs[~pairs["unit"].isin(shared)]
    report = replace(report, organisations=len(pairs))
    if len(pairs) < FEWEST_PEERS:
        return report
    left, right = (
        (pairs[f"change_{which}"].to_numpy(), pairs[f"variance_{which}"].to_numpy())
        for which in ("survey", "series")
    )
    try:
        latent = latent_correlation(
            *left, *right, left_spread=peer_spread(*left), right_spread=peer_spread(*right)
        )
    except TooFewPairs as problem:
        return replace(report, too_few=problem)
    confidential = any(source.confidential for source in sources)
    return replace(report, latent=latent_shown(latent, confidential))


def _waves(store: Store, survey: Side) -> list[Period]:
    """The waves since the last change of question or method."""
    waves = spans(store.query("coverage"), survey)
    cuts = [on for on, _ in breaks_of(survey) if waves and on <= waves[-1].start]
    last = max(cuts, default=date.min)
    return [wave for wave in waves if wave.start >= last]


def _weighed(store: Store, alignment: Alignment) -> list[Evidence]:
    return [
        evidence(store, side, alignment.pairing, rows, alignment.service)
        for side, rows in zip((alignment.left, alignment.right), alignment.rows, strict=True)
    ]


def _enough(source: Evidence) -> pd.DataFrame:
    """The organisations with enough answers: value and sampling variance on the test scale."""
    rows = source.exact.figures
    enough = (rows["people"] >= source.evidence_floor) & np.isfinite(rows["scaled_variance"])
    weighed: pd.DataFrame = rows.loc[enough, ["unit", "scaled", "scaled_variance"]]
    return weighed


def _difference(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    both = before.merge(after, on="unit", suffixes=("_before", "_after"))
    return pd.DataFrame(
        {
            "unit": both["unit"],
            "change": both["scaled_after"] - both["scaled_before"],
            "variance": both["scaled_variance_after"] + both["scaled_variance_before"],
        }
    )
