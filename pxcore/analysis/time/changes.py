"""Do organisations that improve in one source improve in the other? For surveys that speak in waves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pxcore.analysis.joining.alignment import Alignment, align
from pxcore.analysis.joining.independence import independence
from pxcore.analysis.joining.periods import Side, breaks_of, spans
from pxcore.analysis.judging.evidence import Evidence, evidence
from pxcore.analysis.time.history import View
from pxcore.analysis.time.trends import TrendsReport
from pxcore.errors import TooFewPairs
from pxcore.model import GRAIN_TITLES, Pairing, Period
from pxcore.stats.latent import Estimability, LatentCorrelation, latent_correlation
from pxcore.stats.spread import FEWEST_PEERS, peer_spread
from pxcore.store import Store
from pxcore.words.english import number

MOST_PAIRS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """The changes of two sources from one wave to the next, over all organisations."""

    survey: Side  # the source that speaks in waves
    other: Side
    before: Period | None  # the two waves; None where there are not two
    after: Period | None
    organisations: int  # with both changes
    latent: LatentCorrelation | None
    reason: str  # why the changes are not compared; "" where they are
    many: str  # practices or trusts

    @property
    def title(self) -> str:
        return f"{self.survey.short_title} and {self.other.short_title}"

    def said(self) -> str:
        """Whether organisations that rise in one rise in the other, in a sentence."""
        if self.reason or self.latent is None:
            return f"{self.title}: {self.reason}"
        opening = (
            f"{self.title}, change from {self.before} to {self.after} over {self.organisations:,} "
            f"{self.many}"
        )
        interval = self.latent.interval
        if self.latent.state is Estimability.NOT_ESTIMABLE or interval is None:
            return f"{opening}: how far the two agree cannot be told: {self._why()}."
        if self.latent.estimate is None:
            return (
                f"{opening}: {self.many} that rise in one rise in the other (underlying correlation of "
                f"the changes at least {number(interval.low)})."
            )
        told = "whether their changes go together cannot be told"
        if interval.low > 0:
            told = f"{self.many} that rise in one tend to rise in the other"
        elif interval.high < 0:
            told = f"{self.many} that rise in one tend to fall in the other"
        return (
            f"{opening}: {told}; underlying correlation of the changes {number(self.latent.estimate)} "
            f"({number(interval.low)} to {number(interval.high)})."
        )

    def as_json(self) -> dict[str, Any]:
        latent = self.latent
        interval = latent.interval if latent else None
        return {
            "survey": self.survey.source,
            "other": self.other.source,
            "before": None if self.before is None else str(self.before),
            "after": None if self.after is None else str(self.after),
            "organisations": self.organisations,
            "state": latent.state.value if latent else None,
            "estimate": latent.estimate if latent else None,
            "low": interval.low if interval else None,
            "high": interval.high if interval else None,
            "said": self.said(),
        }

    def _why(self) -> str:
        assert self.latent is not None
        if self.latent.left_variance == 0 or self.latent.right_variance == 0:
            return "changes differ no more than chance makes them, in at least one of the two"
        return self.latent.reason.rstrip(".")


def changes(store: Store, report: TrendsReport) -> tuple[Change, ...]:
    """The changes of each survey between its last two waves against those of each other source."""
    return tuple(change(store, one, other, report.view) for one, other in asked_of(report))


def asked_of(report: TrendsReport) -> list[tuple[Side, Side]]:
    """The surveys of a report and the series each is set against."""
    surveys, others = report.waves_and_others()
    pairs = [(one, other) for one in surveys for other in others if one.service == other.service]
    return pairs[:MOST_PAIRS]


def change(store: Store, survey: Side, other: Side, view: View) -> Change:
    """The changes of a survey between its last two waves against those of another source, over all
    organisations of the level, whatever organisation or area is looked at."""
    many = GRAIN_TITLES[view.level][1]
    waves = _waves(store, survey)
    nothing = Change(survey, other, None, None, 0, None, "", many)
    if len(waves) < 2:
        count = "one wave" if waves else "no wave"
        return replace(
            nothing, reason=f"only {count} of {survey.short_title} since its last change."
        )
    before, after = waves[-2:]
    told: list[tuple[pd.DataFrame, pd.DataFrame]] = []
    shared: frozenset[str] = frozenset()
    for wave in (before, after):
        asked = Pairing(
            survey.source,
            other.source,
            left_measure=survey.measure,
            right_measure=other.measure,
            grain=view.level.value,
            window=wave,
            organisation=view.organisation,
            disclosure=view.disclosure,
        )
        found = align(store, asked)
        if found.refusals:
            return replace(nothing, before=before, after=after, reason=str(found.refusals[0]))
        if not shared:
            same = independence(store, found.left, found.right, found.pairing, found.service)
            shared = frozenset(same.units)
        told.append(tuple(_heard(one) for one in _weighed(store, found)))  # type: ignore[arg-type]
    (survey_before, other_before), (survey_after, other_after) = told
    pairs = _difference(survey_before, survey_after).merge(
        _difference(other_before, other_after), on="unit", suffixes=("_one", "_other")
    )
    pairs = pairs[~pairs["unit"].isin(shared)]
    ready = replace(nothing, before=before, after=after, organisations=len(pairs))
    if len(pairs) < FEWEST_PEERS:
        return replace(
            ready,
            reason=f"{len(pairs)} {many} have enough answers in both and in both waves, and it takes "
            f"{FEWEST_PEERS}.",
        )
    one, other_change = (
        (pairs[f"change_{which}"].to_numpy(), pairs[f"variance_{which}"].to_numpy())
        for which in ("one", "other")
    )
    try:
        latent = latent_correlation(
            *one,
            *other_change,
            left_spread=peer_spread(*one),
            right_spread=peer_spread(*other_change),
        )
    except TooFewPairs as problem:
        return replace(ready, reason=problem.what)
    return replace(ready, latent=latent)


def _waves(store: Store, survey: Side) -> list[Period]:
    """The waves since the last change of question or method."""
    found = spans(store.query("coverage"), survey)
    cuts = [on for on, _ in breaks_of(survey) if found and on <= found[-1].start]
    last = max(cuts, default=date.min)
    return [wave for wave in found if wave.start >= last]


def _weighed(store: Store, found: Alignment) -> list[Evidence]:
    return [
        evidence(store, side, found.pairing, rows, found.service)
        for side, rows in zip((found.left, found.right), found.rows, strict=True)
    ]


def _heard(source: Evidence) -> pd.DataFrame:
    """The organisations with enough answers: value and sampling variance on the test scale."""
    rows = source.exact.figures
    enough = (rows["people"] >= source.evidence_floor) & np.isfinite(rows["scaled_variance"])
    heard: pd.DataFrame = rows.loc[enough, ["unit", "scaled", "scaled_variance"]]
    return heard


def _difference(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    both = before.merge(after, on="unit", suffixes=("_before", "_after"))
    return pd.DataFrame(
        {
            "unit": both["unit"],
            "change": both["scaled_after"] - both["scaled_before"],
            "variance": both["scaled_variance_after"] + both["scaled_variance_before"],
        }
    )
