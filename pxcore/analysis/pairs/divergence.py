"""About whom do two sources differ beyond chance? The tested list, graded, with reasons to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.refusals import Refusal
from pxcore.analysis.judging.certainty import CertaintyReport, certainty_of
from pxcore.analysis.judging.evidence import Evidence
from pxcore.analysis.judging.judgement import Judged, Judgement, judgement
from pxcore.analysis.judging.reasons import Reasons, reasons
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.what_if import third_source
from pxcore.analysis.questions import ask
from pxcore.disclosure import Released
from pxcore.errors import PxError
from pxcore.model import Pairing, Signal
from pxcore.stats.funnel import Funnel, funnel, funnel_limits
from pxcore.stats.intervals import Z_95
from pxcore.stats.spread import STRONG
from pxcore.store import Store

MOST_FUNNEL_POINTS = 800
MOST_DRAWN = 24  # organisations in the ranked picture


class Order(StrEnum):
    """What the organisations of a list are ordered by; the sources themselves are never blended."""

    PEOPLE = "people"  # those that differ, by how many people it concerns
    LIKELY = "likely"  # how likely the two differ
    SIZE = "size"  # patients on the list, else answers
    VOICE = "voice"  # what community voice says, the poorest first


@dataclass(frozen=True, slots=True)
class DivergenceReport(Judged):
    """On which organisations two sources differ, how sure that is, and what might be behind it."""

    judgement: Judgement
    status: str  # "ok", "refused" or "not_enough_evidence"
    certainty: CertaintyReport  # how likely the two agree on each
    reasons: Reasons | None
    hardly_track: bool  # even the upper end of their underlying agreement is low
    left_funnel: Funnel | None  # None for a score, or too few organisations
    right_funnel: Funnel | None

    def drawn(self) -> Released:
        """The organisations of the ranked picture: those least likely to agree."""
        rows = Released(self.certainty.likely.head(MOST_DRAWN))
        return rows.assign(order=range(len(rows))).reset_index(drop=True)

    @property
    def differing(self) -> Released:
        """The organisations on which the two probably differ, most people concerned first."""
        return self.certainty.to_look_at()

    def funnels(self) -> list[tuple[Funnel, Evidence]]:
        """The funnels there are, with the source of each."""
        assert self.verdicts is not None
        pairs = (
            (self.left_funnel, self.verdicts.left),
            (self.right_funnel, self.verdicts.right),
        )
        return [(limits, source) for limits, source in pairs if limits is not None]

    def outside(self, limits: Funnel) -> int:
        """Organisations of a funnel outside limits that hold 998 in 1,000."""
        return int((np.abs(limits.z_adjusted) > STRONG).sum())

    def has_standing(self, unit: str) -> bool:
        cell = self.cell(unit)
        return bool(np.isfinite([cell["left_standing"], cell["right_standing"]]).any())

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Why no organisation in view is judged; empty where some are."""
        return self.judgement.refusals

    @property
    def rows(self) -> Released:
        """Every organisation in view, those least likely to agree first."""
        return self.certainty.in_view

    def cell(self, unit: str) -> Mapping[str, Any]:
        """Everything about one organisation."""
        return self.certainty.cell(unit)

    def ordered(self, by: Order, beside: Judgement | None = None) -> Released:
        """Every organisation in view, in an order a person chooses.

        Parameters
        ----------
        beside : one of the two sources judged beside community voice, where neither of them is that.
        """
        rows = self.rows
        match by:
            case Order.LIKELY:
                keys = rows["agree"]
            case Order.SIZE:
                keys = -rows[self.certainty.people]
            case Order.VOICE:
                keys = rows["unit"].map(self.voice(beside))
            case _:
                return rows
        places = keys.reset_index(drop=True).sort_values(kind="stable", na_position="last").index
        return Released(rows.iloc[places])

    def voice(self, beside: Judgement | None = None) -> pd.Series:
        """Organisation -> the share of community voice that is positive, as it is shown; empty where there
        is none."""
        for judged in (self.judgement, beside):
            verdicts = judged.verdicts if judged is not None else None
            if verdicts is None:
                continue
            for which, source in (("left", verdicts.left), ("right", verdicts.right)):
                if source.side.signal == Signal.COMMUNITY.value:
                    return verdicts.cells.set_index("unit")[f"{which}_value"].dropna()
        return pd.Series(dtype="float64")


def divergence(store: Store, pairing: Pairing) -> DivergenceReport:
    """Judge every organisation on two sources, say how likely they differ, and look for reasons."""
    judged = judgement(store, pairing)
    verdicts, certainty = judged.verdicts, certainty_of(store, judged)
    if verdicts is None or judged.not_compared():
        return DivergenceReport(judged, "refused", certainty, None, False, None, None)
    funnels = (_funnel(verdicts.left), _funnel(verdicts.right))
    candidates = reasons(store, judged)
    if judged.refusals:
        return DivergenceReport(
            judged, "not_enough_evidence", certainty, candidates, False, *funnels
        )
    report = ask(store, agreement, pairing)
    certainty = replace(certainty, judgement=report.judgement)  # which may be marked too alike
    return DivergenceReport(
        report.judgement, "ok", certainty, candidates, report.hardly_track, *funnels
    )


def voice_beside(store: Store, pairing: Pairing) -> Judgement | None:
    """The left source judged beside community voice; None where there is none of these organisations."""
    third = third_source(store, ask(store, agreement, pairing))
    if not third or maps.source(third)["signal"] != Signal.COMMUNITY:
        return None
    beside = replace(pairing, right=third, left_measure="", right_measure="")
    try:
        return judgement(store, beside)
    except PxError:  # not at this level, or in this window
        return None


def _funnel(source: Evidence) -> Funnel | None:
    if source.scale == "score" or source.spread is None:
        return None
    rows = source.rows[source.rows["people"] >= source.evidence_floor]
    if rows["respondents"].nunique() < 2:
        return None  # one assumed number of answers: a funnel of a single width
    return funnel(
        rows["value"].to_numpy() * rows["respondents"].to_numpy(), rows["respondents"].to_numpy()
    )


def funnel_points(source: Evidence, limits: Funnel, picked: str = "") -> pd.DataFrame:
    """The organisations of a funnel; of very many, those outside the limits, the one picked, and every
    so many of the rest."""
    rows = source.rows[source.rows["people"] >= source.evidence_floor]
    points = rows[["unit", "name", "value"]].assign(
        answers=rows["respondents"], picked=rows["unit"] == picked
    )
    outside = (np.abs(limits.z_adjusted) > Z_95) | points["picked"].to_numpy()
    step = -(-int((~outside).sum()) // MOST_FUNNEL_POINTS)
    if len(points) <= MOST_FUNNEL_POINTS or step < 2:
        return points
    return Released(pd.concat([points[outside], points[~outside].iloc[::step]]))


def funnel_lines(limits: Funnel, answers: pd.Series) -> pd.DataFrame:
    """The limits of a funnel over the numbers of answers that are drawn: four lines."""
    grid = np.geomspace(max(1.0, float(answers.min())), float(answers.max()) * 1.02, 60)
    at = funnel_limits(limits.target, limits.between, grid)
    return pd.concat(
        [
            pd.DataFrame({"answers": grid, "limit": values, "which": which, "end": end})
            for which, end, values in (
                ("19 in 20", "low", at.low_95),
                ("19 in 20", "high", at.high_95),
                ("998 in 1,000", "low", at.low_998),
                ("998 in 1,000", "high", at.high_998),
            )
        ]
    )
