"""What would settle it? How many more answers, in which source, would tell of those that could be either."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pxcore.analysis.judging.certainty import CertaintyReport
from pxcore.analysis.judging.judgement import Judged, Judgement
from pxcore.analysis.pairs.agreement import certainty
from pxcore.analysis.questions import ask
from pxcore.disclosure import OfOne, Released, release
from pxcore.model import Disclosure, Pairing
from pxcore.stats.certainty import Word
from pxcore.stats.certainty_nodes import Answered, Counted
from pxcore.stats.intervals import Floats
from pxcore.stats.settling import Side, Spending, chances, needed, spend
from pxcore.store import Store

MOST = 60  # organisations worked through: those with most people
STEPS = (25, 50, 100, 200, 400, 800)  # further answers an organisation that are tried
LEAST, USUAL, MOST_ANSWERS = 50, 300, 3000  # further answers in all that can be spread
SIDES = tuple(side.value for side in Side)
TRIES = 208  # sets of further answers drawn for each of the steps


@dataclass(frozen=True, slots=True)
class SettlingReport(Judged):
    """What further answers to one of two sources would settle."""

    judgement: Judgement
    status: str
    certainty: CertaintyReport
    side: Side  # the source that gets more answers
    either: int  # organisations in view that could be either
    rows: Released  # of those worked through: `answers_needed`, `chance` and `outlook` of each
    chances: Floats  # (organisations, STEPS): of being settled by so many further answers

    def spending(self, budget: int) -> Spending:
        """Where a number of further answers would settle most."""
        return spend(self.chances, STEPS, budget)


def settling(
    store: Store,
    pairing: Pairing,
    side: str,
    progress: Callable[[str, int, int], None] | None = None,
) -> SettlingReport:
    """What would further answers to one source settle?"""
    return settling_of(ask(store, certainty, pairing), side, progress)


def settling_of(
    report: CertaintyReport,
    side: str,
    progress: Callable[[str, int, int], None] | None = None,
) -> SettlingReport:
    """The same of two sources of which the probabilities are known; `side` is one of SIDES."""
    side = Side(side)
    cells = report.likely
    either = cells[cells["mark"] == Word.COULD_BE_EITHER]
    rows = Released(either.sort_values([report.people, "unit"], ascending=[False, True]).head(MOST))
    if report.status != "ok" or rows.empty:
        nothing = np.zeros((0, len(STEPS)))
        return SettlingReport(
            report.judgement, report.status, report, side, len(either), rows.head(0), nothing
        )
    usual, left, right = report.usual, report.left_answers, report.right_answers
    assert usual is not None
    assert left is not None
    assert right is not None
    margin = report.margin
    source = left if side is Side.LEFT else right
    worth = _worth(source, rows[f"{side.value}_respondents"].to_numpy(dtype=float), report, rows)
    place = {unit: number for number, unit in enumerate(report.units)}
    answers, chance, outlook, table = [], [], [], []
    for number, (unit, agree) in enumerate(zip(rows["unit"], rows["agree"], strict=True)):
        if progress is not None:
            progress("imagining further answers", number, len(rows))
        row = place[unit]
        alone = np.full(len(report.units), np.nan)
        alone[row] = agree
        wanted = needed(usual, left, right, alone, side, worth=float(worth[number]), margin=margin)
        answers.append(float(wanted.answers[row]))
        chance.append(float(wanted.chance[row]))
        outlook.append(wanted.outlook[row].name)
        table.append(
            chances(
                usual, left, right, row, side, STEPS,
                worth=float(worth[number]), margin=margin, imagined=TRIES,
            )
        )  # fmt: skip
    rows = rows.assign(answers_needed=answers, chance=chance, outlook=outlook)
    if report.alignment.confidential:
        rows = release(rows, Disclosure(), OfOne(probabilities=("chance",)))
    return SettlingReport(
        report.judgement, "ok", report, side, len(either), Released(rows), np.array(table)
    )


def _worth(
    source: Answered, respondents: np.ndarray, report: CertaintyReport, rows: Released
) -> np.ndarray:
    """What one further real answer is worth to each organisation; the middle of all where it is not known."""
    at = np.array([report.units.index(unit) for unit in rows["unit"]])
    with np.errstate(divide="ignore", invalid="ignore"):
        if isinstance(source, Counted):
            worth = (source.effective / source.answers)[at]
        else:
            worth = 1 / (source.variance[at] * respondents)
    return np.asarray(np.where(np.isfinite(worth), worth, np.nanmedian(worth)))
