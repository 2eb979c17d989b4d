"""Do two sources agree about each organisation, differ, or can nothing be said? One verdict each.

`judge` takes two weighed sources and needs no database, so that the calibration study runs the very
code the app runs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore.analysis.joining.names import readable
from pxcore.analysis.judging.evidence import Evidence
from pxcore.analysis.judging.silence import Silence
from pxcore.analysis.rows import places_of
from pxcore.disclosure import OfOne, Released, release, rounded
from pxcore.model import Disclosure, Grain, Settings
from pxcore.stats.intervals import Z_95
from pxcore.stats.latent import LatentCorrelation
from pxcore.stats.multiplicity import discovery_rates
from pxcore.stats.spread import Spread, Standing
from pxcore.stats.verdict import (
    MOST_NOISE,
    MethodVariance,
    PairVerdicts,
    Rule,
    State,
    above_average,
    graded,
    method_variance,
    pair_verdicts,
)

# What deserves a look comes first.
LOOK_ORDER = (
    Rule.DISSONANCE_UNUSUAL,
    Rule.DISSONANCE_USUAL,
    Rule.SAME_SIDE_UNUSUAL,
    Rule.SAME_SIDE_APART,
    Rule.NOT_ENOUGH,
    Rule.SAME_SIDE,
    Rule.AGREEMENT,
    Rule.SILENCE,
)
STATES = (State.AGREEMENT, State.PARTIAL, State.DISSONANCE, State.NOT_ENOUGH, State.SILENCE)

# What a verdict is drawn as.
MARKS: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.AGREEMENT: "agreement",
        Rule.SAME_SIDE: "partial agreement",
        Rule.SAME_SIDE_APART: "partial agreement",
        Rule.SAME_SIDE_UNUSUAL: "partial agreement",
        Rule.DISSONANCE_UNUSUAL: "dissonance, unusual",
        Rule.DISSONANCE_USUAL: "dissonance of usual size",
        Rule.NOT_ENOUGH: "not enough evidence",
        Rule.SILENCE: "silence",
    }
)

# Typical differences: the half of a gap's 95 % range, to be graded.
GRADED_WITHIN = Z_95 * MOST_NOISE
_SHOWN = ("value", "low", "high")
_FROM_BOTH = (
    "difference",
    "difference_low",
    "difference_high",
    "z",
    "p_value",
    "q_value",
    "same_side",
    "detectable",
    "widest",
    "narrowest",
)


@dataclass(frozen=True)  # no slots: those of the area are looked up once
class Verdicts:
    """One verdict an organisation on two sources, with every figure behind it."""

    left: Evidence
    right: Evidence
    grain: Grain
    settings: Settings
    cells: Released  # one row per organisation either source speaks of, those to look at first
    index: pd.Index  # the organisations of the cells, to look them up
    method: MethodVariance | None  # None where the sources cannot be set against each other
    tested: int  # organisations tested together, whatever the area shown
    margin: float
    too_alike: bool = False  # more alike than two perfect mirrors; see `too_alike`
    seen: frozenset[str] | None = None  # organisations in view; None: all

    @property
    def comparable(self) -> bool:
        """Whether it is known how far the two usually differ, so that anybody can be judged."""
        return self.method is not None and not self.method.assumed

    @cached_property
    def _places(self) -> npt.NDArray[np.int64]:
        """The places in the cells of those of the area chosen."""
        return np.arange(len(self.cells)) if self.seen is None else places_of(self.index, self.seen)

    def column(self, name: str) -> npt.NDArray[Any]:
        """A column of the cells of those of the area chosen."""
        return np.asarray(self.cells[name].to_numpy()[self._places])

    @cached_property
    def shown(self) -> Released:
        """Those of the area chosen."""
        return self.cells if self.seen is None else self.cells.iloc[self._places]

    def count(self, state: State) -> int:
        return int((self.shown["state"] == state.value).sum())

    @property
    def assumed(self) -> bool:
        """Whether a verdict may rest on numbers of answers that are assumed."""
        return self.left.assumed or self.right.assumed

    @property
    def unusual(self) -> Released:
        return self.shown[self.shown["rule"] == Rule.DISSONANCE_UNUSUAL]

    @property
    def of_usual_size(self) -> Released:
        return self.shown[self.shown["rule"] == Rule.DISSONANCE_USUAL]

    @property
    def heard(self) -> int:
        """Organisations shown on which both sources have enough answers."""
        return int(self.column("tested").sum())

    @property
    def could_agree(self) -> int:
        return int(self.shown["could_agree"].sum())


def judge(
    left: Evidence,
    right: Evidence,
    settings: Settings,
    *,
    grain: Grain = Grain.PRACTICE,
    shared: Collection[str] = (),
) -> Verdicts:
    """One verdict an organisation, from two weighed sources.

    Parameters
    ----------
    left, right : Evidence of the two sources over all providers of the level.
    settings : the choices of method.
    grain : the level of organisation.
    shared : providers whose two sources are the same people's answers: they are not judged.
    """
    units = sorted(
        {str(unit) for source in (left, right) for unit in (*source.rows["unit"], *source.printed)}
    )
    sides = {"left": _aligned(left, units), "right": _aligned(right, units)}
    same_people = np.isin(units, list(shared))
    silence = {
        which: np.where(same_people, Silence.SAME_PEOPLE.value, rows["silence"])
        for which, rows in sides.items()
    }
    speak = {which: silence[which] == "" for which in sides}
    both = speak["left"] & speak["right"]
    spreads = None
    if left.spread is not None and right.spread is not None:
        spreads = left.spread, right.spread
    judged = _verdicts(sides, speak, both, settings, spreads)
    rule, method = judged.rule, judged.method
    if method is None or method.assumed:
        rule = np.where(_would_speak(silence, sides), Rule.NOT_ENOUGH, Rule.SILENCE)
        silence = {which: np.where(rule == Rule.SILENCE, why, "") for which, why in silence.items()}
    figures = judged.figures
    cells = pd.DataFrame({"unit": pd.Series(units, dtype="str")})
    for place, column in enumerate(("name", "icb", "pcn", "merged_from")):
        first, second = sides["left"][column].to_numpy(), sides["right"][column].to_numpy()
        cells[column] = np.where(first != "", first, second)
        if column != "merged_from":
            known = {
                unit: about[place]
                for source in (left, right)
                for unit, about in source.known.items()
                if about[place]
            }
            cells[column] = [
                text or known.get(unit, "") for unit, text in zip(units, cells[column], strict=True)
            ]
    cells["name"] = cells["name"].where(cells["name"] != "", cells["unit"]).map(readable)
    cells["rule"] = rule.astype(np.int64)
    cells["tested"] = both
    for column, values in figures.items():
        cells[column] = values
    for which, rows in sides.items():
        cells = cells.assign(
            **{
                f"{which}_{column}": rows[column].to_numpy()
                for column in (
                    *_SHOWN,
                    "respondents",
                    "people",
                    "standing",
                    "odd_month",
                    "full_marks",
                )
            },
            **{
                f"{which}_standing_low": (
                    rows["standing"] - Z_95 * np.sqrt(rows["standing_variance"])
                ).to_numpy(),
                f"{which}_standing_high": (
                    rows["standing"] + Z_95 * np.sqrt(rows["standing_variance"])
                ).to_numpy(),
                f"{which}_silence": silence[which],
            },
        )
    confidential = left.confidential or right.confidential
    shown = _released(_in_order(cells), confidential)
    return Verdicts(
        left=left,
        right=right,
        grain=grain,
        settings=settings,
        cells=shown.copy(),  # its columns lie together then: rows are chosen of it many times
        index=pd.Index(shown["unit"]),
        method=rounded(method, confidential),
        tested=int(both.sum()),
        margin=settings.margin,
    )


def _in_order(cells: pd.DataFrame) -> pd.DataFrame:
    """The verdicts with what follows from their rule, those to look at first first."""
    order = {int(code): place for place, code in enumerate(LOOK_ORDER)}
    cells = cells.assign(
        state=[Rule(code).state.value for code in cells["rule"]],
        look=cells["rule"].map(order),
        apart=-cells["narrowest"].fillna(-np.inf),
    ).sort_values(["look", "apart", "name", "unit"], kind="stable")
    return cells.drop(columns="apart").reset_index(drop=True)


def together(several: Sequence[Verdicts]) -> list[Verdicts]:
    """The same of several pairs of sources, chance findings held to their share over all of them: what
    stands side by side is one family of tests.

    Which are called unusual may change, and with that the rule; nothing else does.
    """
    p_values = [verdicts.cells["p_value"].to_numpy(dtype=float) for verdicts in several]
    ends = np.cumsum([len(p_value) for p_value in p_values])[:-1]
    q_values = np.split(discovery_rates(np.concatenate(p_values)), ends)
    return [_regraded(*pair) for pair in zip(several, q_values, strict=True)]


def _regraded(verdicts: Verdicts, q_value: npt.NDArray[np.float64]) -> Verdicts:
    cells = verdicts.cells
    rule = cells["rule"].to_numpy()
    stands = np.isin(rule, (Rule.SILENCE, Rule.AGREEMENT))
    sided = np.isin(rule, (Rule.SAME_SIDE, Rule.SAME_SIDE_APART, Rule.SAME_SIDE_UNUSUAL))
    unusual = q_value <= verdicts.settings.false_discovery
    anew = graded(unusual, cells["beyond_margin"].to_numpy(dtype=bool), sided)
    regraded = _in_order(cells.assign(q_value=q_value, rule=np.where(stands, rule, anew)))
    confidential = verdicts.left.confidential or verdicts.right.confidential
    shown = _released(regraded, confidential).copy()
    return replace(verdicts, cells=shown, index=pd.Index(shown["unit"]))


def _released(cells: pd.DataFrame, confidential: bool) -> Released:
    """The verdicts as they may be shown: of confidential answers no finer than their counts allow."""
    if not confidential:
        return Released(cells)
    of_one = OfOne(
        gaps=(
            "difference", "difference_low", "difference_high", "z", "detectable", "widest", "narrowest",
            *(
                f"{which}_{of}"
                for which in ("left", "right")
                for of in ("standing", "standing_low", "standing_high")
            ),
        ),
        chances=("p_value", "q_value"),
        probabilities=("same_side", "left_above", "right_above"),
    )  # fmt: skip
    return release(cells, Disclosure(), of_one)


def latent_shown(latent: LatentCorrelation | None, confidential: bool) -> LatentCorrelation | None:
    """An underlying agreement as it may leave; what simulations need of it stays as it is."""
    if latent is None or not confidential:
        return latent
    figures = {name: getattr(latent, name) for name in ("estimate", "interval", "p_value")}
    return replace(latent, **rounded(figures, confidential))


@dataclass(frozen=True, slots=True)
class _Judged:
    rule: npt.NDArray[np.int64]
    method: MethodVariance | None
    figures: Mapping[str, npt.NDArray[np.generic]]


def _verdicts(
    sides: Mapping[str, pd.DataFrame],
    speak: Mapping[str, npt.NDArray[np.bool_]],
    both: npt.NDArray[np.bool_],
    settings: Settings,
    spreads: tuple[Spread, Spread] | None,
) -> _Judged:
    left, right = (
        Standing(
            rows["standing"].to_numpy(dtype=float),
            rows["standing_variance"].to_numpy(dtype=float),
            rows["z"].to_numpy(dtype=float),
        )
        for rows in (sides["left"], sides["right"])
    )
    none = np.full(len(both), np.nan)
    never = np.zeros(len(both), dtype=bool)
    # of each source by itself, whether the other speaks or not
    above = {
        f"{which}_above": np.where(speak[which], above_average(standing), np.nan)
        for which, standing in (("left", left), ("right", right))
    }
    blank: dict[str, npt.NDArray[np.generic]] = dict.fromkeys(_FROM_BOTH, none)
    blank |= {"agrees": never, "could_agree": never, "beyond_margin": never, **above}
    if not both.any():
        return _Judged(np.full(len(both), int(Rule.SILENCE)), None, blank)
    method = method_variance(left, right, both)
    pairs: PairVerdicts = pair_verdicts(
        left,
        right,
        speak["left"],
        speak["right"],
        margin=settings.margin,
        false_discovery=settings.false_discovery,
        method=method,
        spreads=spreads,
    )
    if method.assumed:
        return _Judged(pairs.rule, method, blank)  # no figure may rest on that assumption
    half = Z_95 * pairs.noise
    return _Judged(
        pairs.rule,
        method,
        {
            "difference": pairs.difference,
            "difference_low": pairs.difference - half,
            "difference_high": pairs.difference + half,
            "z": pairs.z,
            "p_value": pairs.p_value,
            "q_value": pairs.q_value,
            "same_side": pairs.same_side,
            "detectable": pairs.detectable,
            "widest": pairs.widest,
            "narrowest": pairs.narrowest,
            **above,
            "agrees": pairs.agrees,
            "could_agree": pairs.could_agree,
            "beyond_margin": pairs.apart,
        },
    )


def _would_speak(
    silence: Mapping[str, npt.NDArray[np.generic]], sides: Mapping[str, pd.DataFrame]
) -> npt.NDArray[np.bool_]:
    """Enough answers in both, though there are too few organisations to compare them with."""
    enough = np.ones(len(sides["left"]), dtype=bool)
    for which in sides:
        enough &= np.isin(silence[which], ["", Silence.NO_PEERS.value])
    return enough


def _aligned(source: Evidence, units: list[str]) -> pd.DataFrame:
    """The source's rows in the order of the units; those it has no row for say why."""
    rows = source.rows.drop_duplicates("unit").set_index("unit").reindex(units)
    absent = rows["silence"].isna()
    silence = rows["silence"].astype(object)
    silence[absent] = [source.silence_of(unit).value for unit in rows.index[absent]]
    if source.whole_silence in (
        Silence.NO_BASE,
        Silence.NO_ERROR,
        Silence.NO_QUESTION,
        Silence.CANNOT_TELL,
    ):
        silence = silence.where(absent, source.whole_silence.value)
    for column in ("name", "icb", "pcn", "merged_from", "odd_month"):
        rows[column] = rows[column].astype(object).where(~absent, "")
    rows["full_marks"] = rows["full_marks"].astype(object).where(~absent, False).astype(bool)
    return rows.assign(silence=silence.to_numpy(dtype=object))
