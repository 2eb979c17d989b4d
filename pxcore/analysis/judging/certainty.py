"""How likely is it, for every organisation, that two sources agree on it?

The verdicts say what can be shown of one organisation; this says how likely it is, from how alike the two
usually are and what each says here. Parameters of all are learnt from exact figures; what is worked out of
one rests on the figures that are shown of it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.judging.evidence import Evidence, Kind
from pxcore.analysis.judging.judgement import Judged, Judgement
from pxcore.analysis.judging.silence import Silence
from pxcore.analysis.judging.verdicts import Verdicts
from pxcore.analysis.questions import ask_by
from pxcore.analysis.rows import places_of, row_of
from pxcore.disclosure import OfOne, Released, release
from pxcore.errors import TooFewPairs
from pxcore.model import Beforehand, Disclosure, Grain, Signal
from pxcore.stats.certainty import Before, Certainty, Word, posterior, word
from pxcore.stats.certainty_fit import Prior, Usual, usual_behaviour
from pxcore.stats.certainty_nodes import Answered, Counted, Scored
from pxcore.stats.intervals import Floats
from pxcore.stats.verdict import Rule, reach_in_points
from pxcore.store import Store

GAPS = (
    "gap", "gap_low", "gap_high", "left_informed", "left_informed_low", "left_informed_high",
    "right_informed", "right_informed_low", "right_informed_high",
)  # fmt: skip
PROBABILITIES = (
    "agree", "left_higher", "right_higher", "both_above", "both_below", "opposite",
)  # fmt: skip

PRIORS: Mapping[Beforehand, Prior] = MappingProxyType(
    {
        Beforehand.USUAL: Prior(),
        Beforehand.WIDER: Prior(alike_deviation=2 * Prior().alike_deviation),
        Beforehand.NOTHING: Prior(alike_deviation=math.inf),
    }
)
DOTS = tuple((2 * place + 1) / 40 for place in range(20))


class Unsaid(StrEnum):
    """Why no probability is said of an organisation."""

    NOT_JUDGED = "not judged"  # fewer answers than the evidence floor, or nothing to compare with
    SILENT = "silent"  # a source does not speak of it, or cannot tell organisations apart


# What too few answers are, or too few to compare with; every other silence is a source that is silent.
_TOO_FEW = (
    Silence.FEW,
    Silence.FEW_VOICES,
    Silence.WORTH_FEW,
    Silence.NO_PEERS,
    Silence.SAME_PEOPLE,
)
# Those to look at first come first.
MARKS = (
    Word.VERY_LIKELY_DIFFER,
    Word.PROBABLY_DIFFER,
    Word.COULD_BE_EITHER,
    Word.PROBABLY_AGREE,
    Word.VERY_LIKELY_AGREE,
    Unsaid.NOT_JUDGED,
    Unsaid.SILENT,
)
DIFFER = (Word.VERY_LIKELY_DIFFER, Word.PROBABLY_DIFFER)
AGREE = (Word.VERY_LIKELY_AGREE, Word.PROBABLY_AGREE)


@dataclass(frozen=True)  # no slots: those in view are looked up once
class CertaintyReport(Judged):
    """How likely two sources agree on each organisation, and what was known before it was heard.

    `cells` hold those of the verdicts, and of each organisation: the probabilities PROBABILITIES, the gap
    and the standings of GAPS in typical differences (missing where nothing is said), `mark` (one of MARKS),
    `shown` (whether the rules show what the word says), `gap_points` (the gap in percentage points of the
    survey, or in hundredths of the scale of its score), the `patients` registered where that is known, and
    `answers` in both.
    """

    judgement: Judgement
    status: str  # "ok", "refused", "not_enough_evidence"
    usual: Usual | None  # how the two usually behave; None where too little is known of it
    before: Before | None  # of any organisation, before its answers are read
    cells: Released  # those to look at first first
    index: pd.Index  # the organisations of the cells, which are looked up in it
    left_answers: Answered | None  # as they are shown, in the order of `units`
    right_answers: Answered | None
    units: tuple[str, ...]

    @property
    def margin(self) -> float:
        """Typical differences within which the two agree."""
        return self.verdicts.margin if self.verdicts is not None else float("nan")

    @cached_property
    def _places(self) -> npt.NDArray[np.int64]:
        """The places in the cells of those of the area chosen."""
        seen = self.verdicts.seen if self.verdicts is not None else frozenset()
        return np.arange(len(self.cells)) if seen is None else places_of(self.index, seen)

    def column(self, name: str) -> npt.NDArray[Any]:
        """A column of the cells of those of the area chosen."""
        return np.asarray(self.cells[name].to_numpy()[self._places])

    @cached_property
    def in_view(self) -> Released:
        """Those of the area chosen."""
        return self.cells.iloc[self._places]

    @property
    def viewed(self) -> int:
        """How many organisations are of the area chosen."""
        return len(self._places)

    @cached_property
    def heard(self) -> int:
        """Of how many of those in view a probability is said."""
        return int(pd.notna(self.column("agree")).sum())

    def cell(self, unit: str) -> Mapping[str, Any]:
        """Everything about one organisation; nothing where it is not known."""
        return row_of(self.cells, self.index, unit)

    @cached_property
    def likely(self) -> Released:
        """Those in view of which a probability is said."""
        rows = self.in_view
        return rows[rows["agree"].notna()]

    @cached_property
    def _differ(self) -> npt.NDArray[np.int64]:
        """The places in the cells of those in view on which the two probably differ."""
        differ = [mark in DIFFER for mark in self.column("mark").tolist()]
        return np.asarray(self._places[np.array(differ, dtype=bool)])

    @property
    def differ(self) -> int:
        """On how many of those in view the two probably differ."""
        return len(self._differ)

    @cached_property
    def differing(self) -> Released:
        """Those in view on which the two probably differ."""
        return self.cells.iloc[self._differ]

    def counts(self) -> dict[str, int]:
        """Mark -> organisations in view, in the order of MARKS."""
        counts = Counter(self.column("mark").tolist())
        return {mark.value: counts[mark.value] for mark in MARKS}

    @property
    def people(self) -> str:
        """Whom a difference concerns, "patients" or "answers"; see `_whom`."""
        patients = self.column("patients")[pd.notna(self.column("agree"))]
        return "answers" if pd.isna(patients).any() else "patients"

    def concern(self, people: str = "") -> pd.Series:
        """Of those in view that probably differ, the concern: see `to_look_at`."""
        return _concern(self.differing, people or self.people)

    def to_look_at(self, people: str = "") -> Released:
        """Those in view on which the two probably differ, with `concern`, most of it first: how likely
        they differ × how far apart they are × how many `people` (patients or answers) there are."""
        return self.differing.assign(concern=self.concern(people)).sort_values(
            ["concern", "name"], ascending=[False, True], kind="stable"
        )

    def agree_on(self, unit: str) -> float:
        """How likely the two agree on one organisation; missing where nothing is said."""
        return float(self.cell(unit).get("agree", math.nan))

    def dots(self, unit: str) -> Floats:
        """Twenty gaps that one organisation may have, each as likely as another; none where nothing is said.

        They stand where the distribution passes 1/40, 3/40, … 39/40 (a quantile dotplot).

        References
        ----------
        Kay M, Kola T, Hullman JR, Munson SA. When (ish) is my bus? User-centered visualizations of
        uncertainty in everyday, mobile predictive systems. CHI 2016:5092-5103.
        """
        left, right = self.left_answers, self.right_answers
        if self.usual is None or left is None or right is None or np.isnan(self.agree_on(unit)):
            return np.array([])
        row = np.array([self.units.index(unit)])
        places = posterior(self.usual, left.of(row), right.of(row)).gaps(DOTS)[0]
        confidential = self.alignment.confidential
        return np.asarray(np.round(places, 1) if confidential else places)


def certainty_of(store: Store, judged: Judgement) -> CertaintyReport:
    """How likely two judged sources agree on each organisation; the same whatever the area in view."""
    # two of different domains are refused until a measure is chosen by name, and resolve to the same
    known_by = replace(judged.alignment.pairing, area=""), bool(judged.not_compared())
    return replace(ask_by(store, known_by, learnt, judged), judgement=judged)


def learnt(
    store: Store, judged: Judgement, progress: Callable[[float], None] | None = None
) -> CertaintyReport:
    """What is learnt of two judged sources from all their figures.

    Parameters
    ----------
    progress : is given the share done, 0 to 1.
    """
    verdicts = judged.verdicts
    if verdicts is None or judged.not_compared():
        names = ("unit", "name", "mark", "agree", "shown", "gap_points", "patients", "answers")
        nothing = Released({name: [] for name in names})
        nobody = pd.Index([], dtype="str")
        return CertaintyReport(judged, "refused", None, None, nothing, nobody, None, None, ())
    cells = verdicts.cells.sort_values("unit", kind="stable").reset_index(drop=True)
    usual, shown, found = _probabilities(verdicts, cells, progress)
    rows = _people(store, verdicts, _with_probabilities(verdicts, cells, found))
    rows = _to_look_at_first(rows).reset_index(drop=True)
    return CertaintyReport(
        judgement=judged,
        status="not_enough_evidence" if found is None else "ok",
        usual=usual,
        before=None if found is None else found.before,
        cells=Released(rows.copy()),
        index=pd.Index(rows["unit"]),
        left_answers=shown[0] if shown else None,
        right_answers=shown[1] if shown else None,
        units=tuple(cells["unit"]),
    )


def _probabilities(
    verdicts: Verdicts, cells: pd.DataFrame, progress: Callable[[float], None] | None
) -> tuple[Usual | None, tuple[Answered, Answered] | None, Certainty | None]:
    """How the two usually behave, their answers as shown, and what follows for each of the cells."""
    if not verdicts.comparable:
        return None, None, None
    shown = answers_shown(verdicts, cells["unit"])
    try:
        usual = usual_behaviour(
            *exact_answers(verdicts, cells["unit"]),
            prior=PRIORS[verdicts.settings.beforehand],
            progress=progress,
        )
    except TooFewPairs:
        return None, None, None
    return usual, shown, posterior(usual, *shown).certainty(verdicts.margin)


def answers_shown(verdicts: Verdicts, units: pd.Series) -> tuple[Answered, Answered]:
    """Both sources' figures as they are shown, in the order of the units, without those the same people
    answered."""
    left, right = (
        source.rows.set_index("unit").reindex(units) for source in (verdicts.left, verdicts.right)
    )
    return _of_different_people(verdicts, left, right)


def exact_answers(verdicts: Verdicts, units: pd.Series) -> tuple[Answered, Answered]:
    """The same from exact figures."""
    left, right = (source.exact_of(units) for source in (verdicts.left, verdicts.right))
    return _of_different_people(verdicts, left, right)


def _of_different_people(
    verdicts: Verdicts, left: pd.DataFrame, right: pd.DataFrame
) -> tuple[Answered, Answered]:
    silence = verdicts.cells.set_index("unit")["left_silence"].reindex(left.index)
    apart = (silence != Silence.SAME_PEOPLE.value).to_numpy()
    first, second = (rows[apart].reindex(rows.index) for rows in (left, right))
    return answers_of(verdicts.left, first), answers_of(verdicts.right, second)


def answers_of(source: Evidence, rows: pd.DataFrame) -> Answered:
    """A source's figures as the statistics take them; missing where it does not speak.

    Among peers of their own the level of the group has been taken away on the scale of the tests, and
    answers speak through their variance there.
    """
    among_peers = bool(source.side.selection.peers)
    if source.kind is Kind.SCORE or among_peers:
        scaled = (rows[name].to_numpy(dtype=float) for name in ("scaled", "scaled_variance"))
        return Scored(*scaled)
    effective = rows["effective"].to_numpy(dtype=float)
    answers = rows["respondents"].fillna(rows["effective"]).to_numpy(dtype=float)
    # the noise of confidential counts has made these answers worth less already
    return Counted(rows["value"].to_numpy(dtype=float) * answers, answers, effective)


def _with_probabilities(
    verdicts: Verdicts, cells: pd.DataFrame, found: Certainty | None
) -> pd.DataFrame:
    """The cells with what is said of each: probabilities as they may be shown, word and grade."""
    columns: dict[str, np.ndarray] = {name: np.full(len(cells), np.nan) for name in GAPS}
    columns |= {name: np.full(len(cells), np.nan) for name in PROBABILITIES}
    if found is not None:
        for name in (*PROBABILITIES, "gap", "gap_low", "gap_high"):
            columns[name] = np.asarray(getattr(found, name), dtype=float).copy()
        for which, place in (("left", found.left), ("right", found.right)):
            columns[f"{which}_informed"] = place.mean.copy()
            columns[f"{which}_informed_low"] = place.low.copy()
            columns[f"{which}_informed_high"] = place.high.copy()
        judged = cells["tested"].to_numpy()
        for values in columns.values():
            values[~judged] = np.nan
    rows = cells.assign(**columns)
    if verdicts.left.confidential or verdicts.right.confidential:
        rows = release(rows, Disclosure(), OfOne(gaps=GAPS, probabilities=PROBABILITIES))
    silences = rows[["left_silence", "right_silence"]].isin([kind.value for kind in _TOO_FEW])
    silent = (rows[["left_silence", "right_silence"]] != "") & ~silences
    unsaid = np.where(silent.any(axis=1), Unsaid.SILENT.value, Unsaid.NOT_JUDGED.value)
    # the word is that of the probability as it is printed, in whole numbers of 100
    words = [word(agree) for agree in np.floor(rows["agree"].to_numpy() * 100 + 0.5) / 100]
    marks = [unsaid[place] if said is None else said.value for place, said in enumerate(words)]
    return _graded(rows.assign(mark=marks))


def _graded(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with whether the rules show what the word says."""
    unusual = rows["rule"].isin([Rule.DISSONANCE_UNUSUAL, Rule.SAME_SIDE_UNUSUAL])
    shown = np.where(
        rows["mark"].isin(DIFFER),
        unusual & rows["beyond_margin"],
        rows["mark"].isin(AGREE) & rows["agrees"],
    )
    return rows.assign(shown=shown.astype(bool))


def _concern(rows: pd.DataFrame, people: str) -> pd.Series:
    """Of those that differ: how likely they do × how far apart they are × how many people it concerns."""
    concern = (1 - rows["agree"]) * rows["gap_points"] * rows[people]
    return concern.where(rows["mark"].isin(DIFFER))


def _whom(likely: pd.DataFrame) -> str:
    """Whom a difference concerns: "patients" where it is known how many each has on its list, else
    "answers"."""
    return "patients" if likely["patients"].notna().all() else "answers"


def _to_look_at_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Those that differ by whom it concerns, then the rest by the words; with `look`, the place of the
    word."""
    order = {mark.value: place for place, mark in enumerate(MARKS)}
    concern = _concern(rows, _whom(rows[rows["agree"].notna()]))
    return (
        rows.assign(
            look=rows["mark"].map(order), alike=~rows["mark"].isin(DIFFER), concern=-concern
        )
        .sort_values(["alike", "concern", "look", "agree", "name", "unit"], kind="stable")
        .drop(columns=["alike", "concern"])
    )


def beside_others(report: CertaintyReport, judged: Judgement) -> CertaintyReport:
    """The same of two sources that were tested together with other pairs: what is shown may differ, how
    likely they agree does not."""
    verdicts = judged.verdicts
    if verdicts is None or report.status == "refused":
        return replace(report, judgement=judged)
    tested = verdicts.cells.set_index("unit").reindex(report.cells["unit"])
    rows = report.cells.assign(
        **{name: tested[name].to_numpy() for name in ("q_value", "rule", "state")}
    )
    return replace(report, judgement=judged, cells=Released(_graded(rows).copy()))


def _people(store: Store, verdicts: Verdicts, rows: pd.DataFrame) -> pd.DataFrame:
    """The cells with the size of the gap in points of the survey, and the people it may concern."""
    patients = np.full(len(rows), np.nan)
    if verdicts.grain is Grain.PRACTICE:
        lists = store.query("registered")
        registered = lists[lists["dimension"] == ""].set_index("unit")["people"]
        patients = rows["unit"].map(registered).to_numpy(dtype=float)
    survey = verdicts.right if verdicts.right.side.signal == Signal.SURVEY.value else verdicts.left
    points = np.full(len(rows), np.nan)
    if survey.spread is not None:
        half = rows["gap"].abs().to_numpy(dtype=float) / 2
        if survey.scale == "score":
            points = 2 * half * survey.spread.deviation * 100 / _reach_of_scale(survey.side)
        else:
            below, above = reach_in_points(survey.spread, half)
            points = below + above
    if verdicts.left.confidential or verdicts.right.confidential:
        points = points.round(1)
    return rows.assign(
        gap_points=points,
        patients=patients,
        answers=rows[["left_respondents", "right_respondents"]].sum(axis=1),
    )


def _reach_of_scale(side: Side) -> float:
    """How many points the scale of a score has from end to end; missing where that is not known."""
    measure = maps.measures().get((side.source, side.measure), {})
    ends = measure.get("scale_low", ""), measure.get("scale_high", "")
    return float(ends[1]) - float(ends[0]) if all(ends) else float("nan")
