"""Do probabilities come true on data like these? Three checks of what is said of two sources.

The design check invents data of this very design whose truth is known; the planted check shifts some of the
real organisations and looks how many are found; the history check splits the months of a monthly source.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pxcore.analysis.judging.certainty import (
    PRIORS,
    CertaintyReport,
    answers_of,
    certainty_of,
    exact_answers,
)
from pxcore.analysis.judging.evidence import Evidence, Kind, months_of
from pxcore.analysis.judging.judgement import Judged, Judgement, judgement
from pxcore.errors import TooFewPairs
from pxcore.model import Pairing
from pxcore.stats.certainty import posterior
from pxcore.stats.certainty_fit import usual_behaviour
from pxcore.stats.certainty_nodes import Answered, Counted
from pxcore.stats.design_check import DesignCheck, design_check
from pxcore.stats.planting import Planted, Repeated, planted, repeated
from pxcore.store import Store

Progress = Callable[[str, int, int], None]
SETS = 20  # imaginary data sets a world: a minute on an ordinary laptop
_STEPS = 100


@dataclass(frozen=True, slots=True)
class ChecksReport(Judged):
    """How far what is said of two sources can be relied on."""

    judgement: Judgement
    status: str
    certainty: CertaintyReport
    design: DesignCheck | None  # None where nothing is said of any organisation
    planted: tuple[Planted, ...]
    history: Repeated | None  # None without a published monthly source of two months
    halved: str  # the source whose months were split; "" of none


def checks(
    store: Store, pairing: Pairing, progress: Progress | None = None, *, sets: int = SETS
) -> ChecksReport:
    """The three checks of two sources, all areas together."""
    judged = judgement(store, replace(pairing, area=""))
    report = certainty_of(store, judged)
    if report.status != "ok":
        return ChecksReport(judged, report.status, report, None, (), None, "")
    verdicts, usual = judged.verdicts, report.usual
    shown = report.left_answers, report.right_answers
    assert verdicts is not None
    assert usual is not None
    assert shown[0] is not None
    assert shown[1] is not None
    exact = exact_answers(verdicts, pd.Series(report.units))
    probability = report.cells.set_index("unit")["agree"].reindex(report.units)
    said = probability.notna().to_numpy()

    def doing(what: str) -> Callable[[float], None]:
        def step(share: float) -> None:
            if progress is not None:
                progress(what, round(share * _STEPS), _STEPS)

        return step

    doing("splitting the months")(0.0)
    history, halved = _history(store, judged, said, report)
    found = planted(
        usual, exact, (shown[0], shown[1]), said,
        margin=verdicts.margin, progress=doing("planting differences"),
    )  # fmt: skip
    design = design_check(
        usual, shown[0], shown[1], said,
        sets=sets, margin=verdicts.margin, progress=doing("inventing data of this design"),
    )  # fmt: skip
    return ChecksReport(judged, "ok", report, design, found, history, halved)


def _history(
    store: Store, judged: Judgement, said: np.ndarray, report: CertaintyReport
) -> tuple[Repeated | None, str]:
    """What is said from every second month of a published monthly source, against what is from the others.

    Single responses are not split: what is said of an organisation from half of its months would rest on
    counts that are shown nowhere.
    """
    verdicts = judged.verdicts
    assert verdicts is not None
    sources = verdicts.left, verdicts.right
    monthly = next(
        (
            place
            for place, source in enumerate(sources)
            if source.kind is Kind.FFT and not source.confidential
        ),
        None,
    )
    beside = report.right_answers if monthly == 0 else report.left_answers
    if monthly is None or beside is None:
        return None, ""
    source, second = sources[monthly], sources[1 - monthly]
    units = pd.Series(report.units)
    halves = _halves(store, source, judged, units)
    if halves is None:
        return None, ""
    agree = []
    for half in halves:
        exact: list[Answered] = [half, answers_of(second, second.exact_of(units))]
        shown: list[Answered] = [half, beside]
        if monthly == 1:
            exact.reverse()
            shown.reverse()
        try:
            usual = usual_behaviour(exact[0], exact[1], prior=PRIORS[verdicts.settings.beforehand])
        except TooFewPairs:
            return None, ""
        probability = posterior(usual, shown[0], shown[1]).certainty(verdicts.margin).agree
        probability[~said] = np.nan
        agree.append(probability)
    return repeated(agree[0], agree[1]), source.side.short_title


def _halves(
    store: Store, source: Evidence, judged: Judgement, units: pd.Series
) -> tuple[Counted, Counted] | None:
    """The answers of every second month of the period, and of the others; None of a single month."""
    period, alignment = source.side.period, judged.alignment
    if period is None:
        return None
    months = months_of(store, source.side, alignment.pairing, alignment.service)
    started = pd.to_datetime(months["period_start"])
    inside = (started >= pd.Timestamp(period.start)) & (started <= pd.Timestamp(period.end))
    months = months[inside].assign(place=pd.factorize(started[inside], sort=True)[0] % 2)
    if months.empty or months["place"].nunique() < 2:
        return None
    exact = source.exact_of(units)
    worth = (exact["effective"] / exact["respondents"]).to_numpy(dtype=float)
    halves = []
    for half in (0, 1):
        sums = months[months["place"] == half].groupby("unit")[["respondents", "positive"]].sum()
        rows = sums.reindex(units)
        answers = rows["respondents"].to_numpy(dtype=float)
        halves.append(Counted(rows["positive"].to_numpy(dtype=float), answers, answers * worth))
    return halves[0], halves[1]
