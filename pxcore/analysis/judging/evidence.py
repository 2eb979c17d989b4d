"""What one source can say of each provider: its figure, how sure it is, where it stands among peers.

Centre, spread and over-dispersion are those of all providers of the level, never of the part a
person has filtered: a filter chooses which rows are shown, not what is true of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore.analysis.joining.notes import Note, Noticed
from pxcore.analysis.joining.periods import Side, placing, unbroken
from pxcore.analysis.joining.selection import peers_of
from pxcore.analysis.judging.months import as_usual, months_apart, odd_months
from pxcore.analysis.judging.silence import OUTCOMES as SILENT_OUTCOMES
from pxcore.analysis.judging.silence import Silence
from pxcore.disclosure import Answers, Confidential, Released, is_confidential, release, rounded
from pxcore.model import USUAL_DISCLOSURE, Disclosure, Pairing, Settings, TestScale
from pxcore.stats import scale
from pxcore.stats.intervals import Z_95, wilson, with_noise
from pxcore.stats.overdispersion import ASSUMED, MonthlyOverdispersion
from pxcore.stats.spread import FEW_PEERS, FEWEST_PEERS, Spread, Standing, peer_spread, standing
from pxcore.stats.verdict import LEAST_EFFECTIVE, reach_in_points, speaks
from pxcore.store import Store

FULL_MARKS_UNDER = 50  # everybody positive on fewer answers than this is named


class Kind(StrEnum):
    """How a source's figure comes about, and so how unsure it is."""

    PERCENT_SURVEY = "percent survey"
    SCORE = "score"
    FFT = "fft"
    COMMENTS = "comments"
    COUNT = "count"  # complaints: not a rating of experience


ROW = (
    "unit",
    "name",
    "icb",
    "pcn",
    "value",
    "low",
    "high",
    "standard_error",
    "respondents",
    "positive",
    "people",
    "eligible",
    "by_text",
    "by_any_mode",
    "periods",
    "worth",
    "noise",
)


@dataclass(frozen=True)  # no slots: the exact rows are put in order once, to look them up
class Evidence:
    """One source weighed: one row a provider, and what is true of the source as a whole."""

    side: Side
    kind: Kind
    scale: str  # "logit", "freeman_tukey" or "score"
    rows: Released  # one row per provider with a figure, whatever its number of answers, as shown
    exact: Confidential  # of the same and those not shown: what statistics over many are worked out from
    spread: Spread | None  # None: too few providers with enough answers
    overdispersion: MonthlyOverdispersion | None  # of a monthly source
    silences: Mapping[str, Silence]  # provider without a figure -> why, where its file says
    known: Mapping[str, tuple[str, str, str]]  # provider -> name, ICB and network, figure or not
    whole_silence: Silence | None  # why the source as a whole can support or contradict nobody
    notes: tuple[Note, ...]  # what was assumed
    evidence_floor: int
    confidential: bool  # single responses: what is shown of one provider carries noise
    assumed: bool  # some number of answers is assumed, not published

    def exact_of(self, units: pd.Series) -> pd.DataFrame:
        """The exact rows of providers, in their order: for statistics over all of them."""
        return self._by_unit.figures.reindex(units)

    @cached_property
    def _by_unit(self) -> Confidential:
        by_unit = self.exact.figures.set_index("unit")
        return Confidential(by_unit.copy())  # its columns lie together then

    @property
    def standings(self) -> Standing:
        """Of the rows, in their order."""
        return Standing(
            self.rows["standing"].to_numpy(),
            self.rows["standing_variance"].to_numpy(),
            self.rows["z"].to_numpy(),
        )

    @property
    def printed(self) -> tuple[str, ...]:
        """Providers the source's files print without a figure: silence to be shown, even alone."""
        blank = (Silence.NONE_RECEIVED, Silence.OTHER_TIME)
        return tuple(unit for unit, why in self.silences.items() if why not in blank)

    def silence_of(self, unit: str) -> Silence:
        """Why the source says nothing of a provider that has no figure."""
        # where each row is a person, nobody's answers and those of a few read alike
        default = (
            Silence.FEW
            if self.confidential
            else Silence.NONE_RECEIVED
            if self.kind is Kind.COMMENTS
            else Silence.NOT_LISTED
        )
        silence = self.silences.get(unit, default)
        nothing_now = self.confidential or self.kind is Kind.COMMENTS
        return default if silence is Silence.OTHER_TIME and nothing_now else silence

    def points(self, difference: float) -> tuple[float, float]:
        """How far below and above the average a difference in peer SDs reaches, in the source's unit:
        percentage points, or points of its score. Not on any scale but the logit."""
        assert self.spread is not None
        if self.scale == "score":
            return difference * self.spread.deviation, difference * self.spread.deviation
        down, up = reach_in_points(self.spread, difference)
        return float(down), float(up)

    @property
    def average(self) -> float:
        """The centre of the peers in the source's own unit (proportion or score)."""
        assert self.spread is not None
        centre = self.spread.centre
        own = centre if self.scale == "score" else float(scale.proportion_at(centre))
        return float(rounded(own, self.confidential))


def kind_of(side: Side) -> Kind:
    if side.unit == "count" or side.source == "complaints":
        return Kind.COUNT  # the more upheld, the better? no rating of experience
    if side.unit != "proportion":
        return Kind.SCORE
    return {"fft": Kind.FFT, "community": Kind.COMMENTS}.get(side.signal, Kind.PERCENT_SURVEY)


# --- Asking ---


def evidence(
    store: Store, side: Side, pairing: Pairing, rows: pd.DataFrame, service: str
) -> Evidence:
    """Weigh one source over all providers of the level.

    `rows` are those of ask/side.sql for the side's period, without an area chosen.
    """
    figures = rows[rows["outcome"].isin(["in_window", "paired", "no_counterpart", "few_answers"])]
    silences: dict[str, Silence] = {}
    for outcome in reversed(list(SILENT_OUTCOMES)):
        for unit in rows.loc[rows["outcome"] == outcome, "unit"]:
            silences[str(unit)] = SILENT_OUTCOMES[outcome]
    months = None
    if kind_of(side) is Kind.FFT and side.period is not None:
        months = months_of(store, side, pairing, service)
    return weigh(
        figures,
        months,
        side,
        pairing.settings,
        evidence_floor=pairing.evidence_floor,
        silences=silences,
        disclosure=pairing.disclosure,
        peers=peers_of(store, side.selection.peers, [str(unit) for unit in figures["unit"]])
        if side.selection.peers
        else None,
        known={
            str(unit): (name, icb, pcn)
            for unit, name, icb, pcn in zip(
                rows["unit"], rows["name"], rows["icb"], rows["pcn"], strict=True
            )
            if unit and isinstance(icb, str)
        },
    )


def by_itself(
    store: Store, side: Side, pairing: Pairing, service: str
) -> tuple[Evidence, pd.DataFrame]:
    """One source weighed over its period, beside no other, and its rows as ask/side.sql has them."""
    assert side.period is not None
    rows = store.query("side", **placing(side, pairing, service, side.period))
    return evidence(store, side, pairing, rows, service), rows


def months_of(store: Store, side: Side, pairing: Pairing, service: str) -> pd.DataFrame:
    """One row per provider and month of a monthly source, between the breaks around its period."""
    assert side.period is not None
    everywhere = replace(pairing, area="")
    return store.query("months", **placing(side, everywhere, service, unbroken(side)))


# --- Weighing: frames in, Evidence out; no database ---


def weigh(
    figures: pd.DataFrame,
    months: pd.DataFrame | None,
    side: Side,
    settings: Settings,
    *,
    evidence_floor: int,
    silences: Mapping[str, Silence] | None = None,
    known: Mapping[str, tuple[str, str, str]] | None = None,
    peers: Mapping[str, str] | None = None,
    disclosure: Disclosure = USUAL_DISCLOSURE,
) -> Evidence:
    """How sure is each figure of a source, and where does each provider stand among its peers?

    Parameters
    ----------
    figures : one row per provider with a figure in the window: the columns of ROW that there are.
    months : one row per provider and month (unit, period_start, respondents, positive), the whole
        published history; None for a source that is not monthly.
    side : the source, its measure and its period.
    settings : the choices of method.
    evidence_floor : answers it takes to be heard.
    silences : provider without a figure -> why, where known.
    known : provider -> name, ICB and network, for those without a figure too.
    peers : provider -> the group of its peers, whose own general level is then taken away; all
        providers are peers of one another where None. A group takes 10 providers that are heard.
    disclosure : how confidential answers are shown. The level and the spread of all providers are worked out
        from exact figures; what is said of one, from those shown, with the variance of their noise.
    """
    rows = _complete(figures)
    kind = kind_of(side)
    notes: list[Note] = []
    confidential = not disclosure.exact and is_confidential(figures)
    weighed = _weighed(rows, kind, months, side, settings, evidence_floor, peers, notes)
    shown = weighed
    if confidential:
        released = release(figures, disclosure, Answers())
        shown = _weighed(
            _complete(released), kind, months, side, settings, evidence_floor, peers, [], alike=True
        )
    heard = weighed.heard
    if weighed.alone is not None:
        lonely = int(weighed.alone.sum())
        notes.append(Note(Noticed.OWN_PEERS, side.source, count=lonely))
    spread, placed = None, Standing(*(np.full(len(shown.rows), np.nan) for _ in range(3)))
    if int(heard.sum()) >= FEWEST_PEERS:
        spread = peer_spread(weighed.value[heard], weighed.variance[heard])
        placed = standing(shown.value, shown.variance, spread)
        if spread.providers < FEW_PEERS:
            notes.append(Note(Noticed.FEW_PEERS, side.source, count=spread.providers))
    rows_shown = _with_interval(shown.rows, kind, shown.effective)
    by_itself = np.zeros(len(rows_shown), dtype=bool) if shown.alone is None else shown.alone
    rows_shown = rows_shown.assign(
        people=shown.people,
        effective=shown.effective,
        scaled=shown.value,
        scaled_variance=shown.variance,
        standing=placed.value,
        standing_variance=placed.variance,
        z=placed.z,
        speaks=speaks(shown.people, shown.effective, placed, evidence_floor),
        silence=[
            _silence(answers, who, worth, has, None if alone else spread, evidence_floor)
            for answers, who, worth, has, alone in zip(
                shown.answers, shown.people, shown.effective, shown.usable, by_itself, strict=True
            )
        ],
        full_marks=(rows_shown["value"] >= 1)
        & (shown.answers < FULL_MARKS_UNDER)
        & (shown.scale != "score"),
        odd_month=odd_months(rows_shown, months, shown.overdispersion),
    )
    return Evidence(
        side=side,
        kind=kind,
        scale=weighed.scale,
        rows=Released(rows_shown),
        exact=Confidential(
            weighed.rows.assign(
                answers=weighed.answers,
                people=weighed.people,
                effective=weighed.effective,
                scaled=weighed.value,
                scaled_variance=weighed.variance,
            )
        ),
        spread=spread,
        overdispersion=weighed.overdispersion,
        silences=dict(silences or {}),
        known=dict(known or {}),
        whole_silence=_whole_silence(kind, rows_shown, shown.answers, shown.usable, spread),
        assumed=weighed.assumed,
        notes=tuple(notes),
        evidence_floor=evidence_floor,
        confidential=confidential,
    )


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Figures of a source on the scale they are tested on, each with its variance."""

    rows: pd.DataFrame
    answers: npt.NDArray[np.float64]
    people: npt.NDArray[np.float64]
    effective: npt.NDArray[np.float64]  # independent answers a figure is worth
    value: npt.NDArray[np.float64]
    variance: npt.NDArray[np.float64]
    usable: npt.NDArray[np.bool_]
    heard: npt.NDArray[np.bool_]
    alone: npt.NDArray[np.bool_] | None  # with too few peers of its own; None where all are peers
    scale: str
    overdispersion: MonthlyOverdispersion | None
    assumed: bool


def _weighed(
    rows: pd.DataFrame,
    kind: Kind,
    months: pd.DataFrame | None,
    side: Side,
    settings: Settings,
    evidence_floor: int,
    peers: Mapping[str, str] | None,
    notes: list[Note],
    *,
    alike: bool = False,
) -> _Weighed:
    """`alike`: months are over-dispersed as they usually are, whatever those of one provider say."""
    assumed = float("nan")
    if kind is not Kind.COUNT and rows["respondents"].isna().any():
        assumed = _assume_base(rows, side, settings, notes)
    # what is assumed enters the statistics; what is shown stays what was published
    n = rows["respondents"].fillna(assumed).to_numpy(dtype=float)
    people = np.fmin(n, rows["people"].to_numpy(dtype=float))
    over = None
    if kind is Kind.SCORE:
        scaled, effective = _score(rows), n
        scale_name = "score"
    else:
        effective, over = _effective(rows, n, people, months, side, kind, settings, notes)
        if over is not None and alike:
            over, effective = as_usual(over), effective * over.each / over.usual
        # weighted to another mix of people, answers are worth less than their number
        effective = effective * rows["worth"].fillna(1.0).to_numpy()
        effective = with_noise(effective, rows["value"], rows["respondents"], rows["noise"])
        worth = np.where(np.isnan(effective), 1.0, effective)
        value = rows["value"].to_numpy(dtype=float)
        if settings.scale is TestScale.LOGIT:
            scaled = scale.logit(value, n, worth, rounded=_is_rounded(rows))
        else:
            scaled = scale.freeman_tukey(value, n, worth)
        scale_name = settings.scale.value
    usable = (
        np.isfinite(scaled.value)
        & np.isfinite(scaled.variance)
        & (scaled.variance > 0)
        & (kind is not Kind.COUNT)
    )
    y = np.where(usable, scaled.value, np.nan)
    v = np.where(usable, scaled.variance, np.nan)
    with np.errstate(invalid="ignore"):
        heard = usable & (people >= evidence_floor) & (effective >= LEAST_EFFECTIVE)
    alone = None
    if peers is not None:
        y, alone = _among_peers(y, v, heard, [peers.get(unit, "") for unit in rows["unit"]])
        heard = heard & ~alone
    return _Weighed(
        rows=rows,
        answers=n,
        people=people,
        effective=effective,
        value=y,
        variance=v,
        usable=usable,
        heard=heard,
        alone=alone,
        scale=scale_name,
        overdispersion=over,
        assumed=bool(assumed > 0 and rows["respondents"].isna().any()),
    )


def _complete(figures: pd.DataFrame) -> pd.DataFrame:
    """The columns of ROW, whatever the figures lack; a provider without a value has no figure."""
    rows = figures[figures["value"].notna()].reset_index(drop=True)
    texts = ("unit", "name", "icb", "pcn")
    columns = {}
    for column in ROW:
        blank = "" if column in texts else np.nan
        values = rows[column] if column in rows else pd.Series(blank, index=rows.index)
        columns[column] = values if column in texts else values.astype("float64")
    complete = pd.DataFrame(columns)
    merged = rows["merged_from"] if "merged_from" in rows else pd.Series("", index=rows.index)
    return complete.assign(
        merged_from=[
            ", ".join(map(str, codes)) if isinstance(codes, list | np.ndarray) else ""
            for codes in merged
        ]
    )


def _assume_base(rows: pd.DataFrame, side: Side, settings: Settings, notes: list[Note]) -> float:
    """The number of answers taken where none is published; NaN where nothing is assumed."""
    if not settings.assumed_base:
        return float("nan")  # it takes part in the raw rank correlation only, as the alignment says
    missing = int(rows["respondents"].isna().sum())
    notes.append(
        Note(
            Noticed.ASSUMED_BASE,
            side.source,
            count=missing,
            every=missing == len(rows),
            answers=settings.assumed_base,
        )
    )
    return float(settings.assumed_base)


def _effective(
    rows: pd.DataFrame,
    n: npt.NDArray[np.float64],
    people: npt.NDArray[np.float64],
    months: pd.DataFrame | None,
    side: Side,
    kind: Kind,
    settings: Settings,
    notes: list[Note],
) -> tuple[npt.NDArray[np.float64], MonthlyOverdispersion | None]:
    """How many independent answers each figure is worth."""
    if kind is Kind.COMMENTS:
        return people / (2.0 if settings.comments_halved else 1.0), None
    if kind is Kind.FFT:
        over = months_apart(rows, months, side)
        if over.assumed:
            notes.append(Note(Noticed.ASSUMED_MONTHS, side.source, answers=ASSUMED))
        return n / over.each, over
    published = scale.effective_from_interval(
        rows["value"].to_numpy(), rows["low"].to_numpy(), rows["high"].to_numpy()
    )
    assumed = np.isnan(published) & ~np.isnan(n)
    if assumed.any() and settings.design_effect != 1:
        notes.append(
            Note(
                Noticed.ASSUMED_DESIGN,
                side.source,
                count=int(assumed.sum()),
                every=bool(assumed.all()),
                answers=settings.design_effect,
            )
        )
    return np.where(
        assumed, scale.effective_from_design(n, settings.design_effect), published
    ), None


def _score(rows: pd.DataFrame) -> scale.Scaled:
    """A mean score as it is; its error from the published interval, else as given."""
    half = (rows["high"] - rows["low"]) / (2 * Z_95)
    error = half.where(half > 0, rows["standard_error"]).to_numpy(dtype=float)
    return scale.Scaled(rows["value"].to_numpy(dtype=float), error**2)


def _is_rounded(rows: pd.DataFrame) -> bool:
    """Percentages published without decimals: whole, though the counts behind them are not."""
    points = rows["value"].to_numpy() * 100
    count = (rows["value"] * rows["respondents"]).to_numpy()
    whole = np.abs(points - np.rint(points)) < 1e-6
    counted = np.abs(count - np.rint(count)) < 1e-6
    return bool(len(rows)) and bool(whole.all()) and not bool(counted.all())


def _with_interval(
    rows: pd.DataFrame, kind: Kind, effective: npt.NDArray[np.float64]
) -> pd.DataFrame:
    """Published intervals where there are any; else Wilson's on the effective number of answers."""
    if kind is Kind.SCORE:
        half = Z_95 * rows["standard_error"]
        low, high = rows["value"] - half, rows["value"] + half
    elif kind is Kind.COUNT:
        return rows
    else:
        ends = wilson(rows["value"].to_numpy(), np.maximum(effective, 1.0))
        low, high = (pd.Series(end, index=rows.index) for end in ends)
    return rows.assign(low=rows["low"].fillna(low), high=rows["high"].fillna(high))


def _among_peers(
    y: npt.NDArray[np.float64],
    v: npt.NDArray[np.float64],
    heard: npt.NDArray[np.bool_],
    groups: list[str],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Values with the level of each group of peers moved to that of all; and who has too few peers."""
    moved, alone = np.full(len(y), np.nan), np.ones(len(y), dtype=bool)
    group = np.array(groups, dtype=object)
    if int(heard.sum()) < FEWEST_PEERS:
        return moved, alone
    centre = peer_spread(y[heard], v[heard]).centre
    for name in sorted(set(groups) - {""}):
        members = group == name
        if int((heard & members).sum()) >= FEWEST_PEERS:
            own = peer_spread(y[heard & members], v[heard & members]).centre
            moved[members], alone[members] = y[members] - own + centre, False
    return moved, alone


def _silence(
    answers: float,
    people: float,
    effective: float,
    usable: bool,
    spread: Spread | None,
    evidence_floor: int,
) -> str:
    """Why a provider's figure is not heard; "" where it is."""
    if np.isnan(answers):
        return Silence.NO_BASE.value
    if answers < evidence_floor:
        return Silence.FEW.value
    if people < evidence_floor:
        return Silence.FEW_VOICES.value
    if not usable:
        return Silence.NO_ERROR.value
    if not effective >= LEAST_EFFECTIVE:
        return Silence.WORTH_FEW.value
    if spread is None:
        return Silence.NO_PEERS.value
    return Silence.CANNOT_TELL.value if spread.variance == 0 else ""


def _whole_silence(
    kind: Kind,
    rows: pd.DataFrame,
    n: npt.NDArray[np.float64],
    usable: npt.NDArray[np.bool_],
    spread: Spread | None,
) -> Silence | None:
    if kind is Kind.COUNT:
        return Silence.NO_QUESTION
    if len(rows) and np.isnan(n).all():
        return Silence.NO_BASE
    if len(rows) and not usable.any():
        return Silence.NO_ERROR
    if spread is None:
        return Silence.NO_PEERS
    return Silence.CANNOT_TELL if spread.variance == 0 else None
