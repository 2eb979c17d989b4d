"""Do two sources agree about each organisation, differ, or can nothing be said? One verdict each.

`judge` takes two weighed sources and needs no database, so that the calibration study runs the very
code the app runs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore.analysis.joining.alignment import LOOKED_AT, Alignment, align, inside, readable
from pxcore.analysis.joining.independence import MAY_BE_THE_SAME, Independence, independence
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.joining.refusals import Cause, Refusal
from pxcore.analysis.judging.evidence import SILENCE_LETTERS, Evidence, Silence, evidence
from pxcore.disclosure import OfOne, Released, release
from pxcore.model import GRAIN_TITLES, Disclosure, Grain, Pairing, Settings
from pxcore.stats.intervals import Z_95
from pxcore.stats.spread import Standing
from pxcore.stats.verdict import (
    MOST_NOISE,
    MethodVariance,
    PairVerdicts,
    Rule,
    State,
    flag_needs,
    method_variance,
    pair_verdicts,
    side_words,
)
from pxcore.store import Store

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

SHORT_WORDS: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.SILENCE: "Silence",
        Rule.AGREEMENT: "Agreement",
        Rule.DISSONANCE_UNUSUAL: "Dissonance, unusual",
        Rule.SAME_SIDE_UNUSUAL: "Partial agreement: same side, one much more strongly",
        Rule.DISSONANCE_USUAL: "Dissonance of usual size",
        Rule.SAME_SIDE_APART: "Partial agreement: same side, one more strongly",
        Rule.SAME_SIDE: "Partial agreement: probably the same side",
        Rule.NOT_ENOUGH: "Not enough evidence",
    }
)

GRADED_WITHIN = (
    Z_95 * MOST_NOISE
)  # typical differences: the half of a gap's 95 % range, to be graded
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
    method: MethodVariance | None  # None where the sources cannot be set against each other
    tested: int  # organisations tested together, whatever the area shown
    margin: float
    weakest_flag: float | None  # the z-score from which organisations are called unusual

    @cached_property
    def shown(self) -> Released:
        """Those of the area chosen."""
        return self.cells[self.cells["in_view"]]

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
        return int(self.shown["tested"].sum())

    @property
    def could_agree(self) -> int:
        return int(self.shown["could_agree"].sum())

    def could_agree_said(self) -> str:
        """How often agreement could have been shown at all; said before any count of it."""
        one, many = GRAIN_TITLES[self.grain]
        if not self.heard:
            return f"No {one} has enough answers in both sources to be judged."
        agreed = self.count(State.AGREEMENT)
        if self.method is None or self.method.assumed:
            return f"None of the {self.heard:,} {many} can be judged: they are too few."
        could = self.could_agree
        if not could:
            return (
                f"Agreement could not have been shown for any of the {self.heard:,} {many} with enough "
                "answers in both: the numbers of answers are too small for it."
            )
        return (
            f"Agreement could have been shown for {could:,} of the {self.heard:,} {many} with enough "
            f"answers in both; it was for {agreed:,}."
        )

    def judged_said(self) -> str:
        """On how many of those in view the two differ: the answer of Divergence, without its marks."""
        one, many = GRAIN_TITLES[self.grain]
        unusual, usual = len(self.unusual), len(self.of_usual_size)
        heard = f"{self.heard:,} {many if self.heard != 1 else one}"
        pair = f"{self.left.side.short_title} and {self.right.side.short_title}"
        said = (
            f"On {unusual:,} of {heard}, {pair} differ by more than these two usually do"
            if unusual
            else f"On none of {heard} do {pair} differ by more than these two usually do"
        )
        if usual:
            said += f"; on {usual:,} more by over one typical difference, beyond chance"
        return said

    def one_step_said(self) -> str:
        """The margin of agreement in the units of both sources."""
        return " and ".join(
            f"{step_in_points(side, self.margin)} on {side.side.short_title}"
            for side in (self.right, self.left)
        )


def step_in_points(source: Evidence, difference: float) -> str:
    """A difference in peer SDs around the average, in the source's own unit."""
    down, up = source.points(difference / 2)
    reach = down + up
    if source.scale == "score":
        return f"about {reach:.1f} points of its score"
    return f"about {reach:.0f} percentage point{'s' if round(reach) != 1 else ''}"


def detectable_in_points(source: Evidence, difference: float) -> str:
    """The smallest gap that would have shown up, below and above the average."""
    down, up = source.points(difference)
    if source.scale == "score":
        return f"{down:.1f} points of its score"
    room_down, room_up = source.average * 100, 100 - source.average * 100
    told = []
    if down < room_down - 0.5:
        told.append(f"{down:.0f} points below the average")
    if up < room_up - 0.5:
        told.append(f"{up:.0f} above")
    return " or ".join(told) if told else "no gap, however large,"


def judge(
    left: Evidence,
    right: Evidence,
    settings: Settings,
    *,
    grain: Grain = Grain.PRACTICE,
    shared: Collection[str] = (),
    words: bool = True,
) -> Verdicts:
    """One verdict an organisation, from two weighed sources.

    Parameters
    ----------
    left, right : Evidence of the two sources over all providers of the level.
    settings : the choices of method.
    grain : the level, for the words.
    shared : providers whose two sources are the same people's answers: they are not judged.
    words : whether each verdict is also put in a sentence (`said`).
    """
    units = sorted(
        {str(unit) for one in (left, right) for unit in (*one.rows["unit"], *one.printed)}
    )
    sides = {"left": _aligned(left, units), "right": _aligned(right, units)}
    same_people = np.isin(units, list(shared))
    silence = {
        which: np.where(same_people, Silence.SAME_PEOPLE.value, rows["silence"])
        for which, rows in sides.items()
    }
    speak = {which: silence[which] == "" for which in sides}
    both = speak["left"] & speak["right"]
    judged = _verdicts(sides, speak, both, settings)
    rule, method = judged.rule, judged.method
    if method is None or method.assumed:
        rule = np.where(_would_speak(silence, sides), Rule.NOT_ENOUGH, Rule.SILENCE)
        silence = {
            which: np.where(rule == Rule.SILENCE, told, "") for which, told in silence.items()
        }
    figures = judged.figures
    cells = pd.DataFrame({"unit": pd.Series(units, dtype="str")})
    for place, column in enumerate(("name", "icb", "pcn", "merged_from")):
        one, other = sides["left"][column].to_numpy(), sides["right"][column].to_numpy()
        cells[column] = np.where(one != "", one, other)
        if column != "merged_from":
            known = {
                unit: about[place]
                for source in (left, right)
                for unit, about in source.known.items()
                if about[place]
            }
            cells[column] = [
                said or known.get(unit, "") for unit, said in zip(units, cells[column], strict=True)
            ]
    cells["name"] = cells["name"].where(cells["name"] != "", cells["unit"]).map(readable)
    cells["rule"] = rule.astype(np.int64)
    cells["state"] = [Rule(one).state.value for one in rule]
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
    cells["in_view"] = True  # until an area is chosen: `within`
    order = {int(one): place for place, one in enumerate(LOOK_ORDER)}
    cells["look"] = cells["rule"].map(order)
    cells["apart"] = -cells["narrowest"].fillna(-np.inf)
    cells = cells.sort_values(["look", "apart", "name", "unit"], kind="stable").reset_index(
        drop=True
    )
    verdicts = Verdicts(
        left=left,
        right=right,
        grain=grain,
        settings=settings,
        cells=_released(cells.drop(columns=["apart"]), left.confidential or right.confidential),
        method=method,
        tested=int(both.sum()),
        margin=settings.margin,
        weakest_flag=_weakest_flag(cells, int(both.sum()), settings) if both.any() else None,
    )
    if not words:
        return verdicts
    return replace(verdicts, cells=verdicts.cells.assign(said=_sentences(verdicts)))


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


def _weakest_flag(cells: pd.DataFrame, tested: int, settings: Settings) -> float:
    unusual = int((cells["q_value"] <= settings.false_discovery).sum())
    return flag_needs(tested, settings.false_discovery, unusual)


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
    blank: dict[str, npt.NDArray[np.generic]] = dict.fromkeys((*_FROM_BOTH, "left_above"), none)
    blank |= {"right_above": none, "agrees": never, "could_agree": never}
    if not both.any():
        return _Judged(np.full(len(both), int(Rule.SILENCE)), None, blank)
    method = method_variance(left, right, both)
    told: PairVerdicts = pair_verdicts(
        left,
        right,
        speak["left"],
        speak["right"],
        margin=settings.margin,
        false_discovery=settings.false_discovery,
        method=method,
    )
    if method.assumed:
        return _Judged(told.rule, method, blank)  # no figure may rest on that assumption
    half = Z_95 * told.noise
    return _Judged(
        told.rule,
        method,
        {
            "difference": told.difference,
            "difference_low": told.difference - half,
            "difference_high": told.difference + half,
            "z": told.z,
            "p_value": told.p_value,
            "q_value": told.q_value,
            "same_side": told.same_side,
            "detectable": told.detectable,
            "widest": told.widest,
            "narrowest": told.narrowest,
            "left_above": told.left_side,
            "right_above": told.right_side,
            "agrees": told.agrees,
            "could_agree": told.could_agree,
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


# --- Words ---


def side_said(above: float) -> str:
    """Where one source alone puts an organisation, in words."""
    words = str(side_words(above))
    return f"{words} its peers" if words.endswith(("above", "below")) else words


def at_least(share: float) -> str:
    """A probability of at least so much, never printed as certainty."""
    return "more than 99%" if share > 0.99 else f"at least {np.floor(share * 100):.0f}%"


def chance(value: float) -> str:
    """A p- or q-value for print: never 0."""
    if np.isnan(value):
        return "–"
    return "< 0.001" if value < 0.001 else f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def _sentences(verdicts: Verdicts) -> list[str]:
    cells = verdicts.cells
    unknown = verdicts.method is None or verdicts.method.assumed
    reason = _not_comparable(verdicts) if unknown else ""
    columns = [
        "rule", "left_silence", "right_silence", "left_above", "right_above", "same_side", "widest",
        "narrowest", "q_value", "difference_low", "difference_high",
    ]  # fmt: skip
    rests_on = " (Numbers of answers are assumed.)" if verdicts.assumed else ""
    return [
        _sentence(verdicts, reason, *row) + ("" if row[0] == Rule.SILENCE else rests_on)
        for row in zip(*(cells[column].tolist() for column in columns), strict=True)
    ]


def _not_comparable(verdicts: Verdicts) -> str:
    one, many = GRAIN_TITLES[verdicts.grain]
    for source in (verdicts.left, verdicts.right):
        if source.whole_silence is Silence.NO_PEERS:
            return (
                f"Fewer than 10 {many} have enough answers in {source.side.short_title}, so none can "
                "be said to stand above or below its peers."
            )
    return (
        f"Fewer than 10 {many} have enough answers in both sources, so how far the two usually "
        f"differ on a {one} is not known."
    )


def _sentence(
    verdicts: Verdicts,
    reason: str,
    rule: int,
    left_silence: str,
    right_silence: str,
    left_above: float,
    right_above: float,
    same_side: float,
    widest: float,
    narrowest: float,
    q_value: float,
    low: float,
    high: float,
) -> str:
    left, right = verdicts.left.side.short_title, verdicts.right.side.short_title
    one, few = GRAIN_TITLES[verdicts.grain][0], Silence.FEW.value
    match rule:
        case Rule.SILENCE:
            floor = verdicts.left.evidence_floor
            told = [
                f"{name}: {silence}" + (f", and it takes {floor}" if silence == few else "")
                for name, silence in ((left, left_silence), (right, right_silence))
                if silence
            ]
            if left_silence == right_silence == Silence.SAME_PEOPLE.value:
                return (
                    f"{left} and {right} are the same people's answers here: that they agree would "
                    "say nothing."
                )
            opening = "Not enough evidence" if few in (left_silence, right_silence) else "Silence"
            return f"{opening}: nothing to compare. {'; '.join(told)}."
        case Rule.AGREEMENT:
            said = (
                f"The sources agree: closer than {_steps(verdicts.margin)} between {one}s "
                f"({verdicts.one_step_said()})."
            )
            if q_value <= verdicts.settings.false_discovery:
                said += " The small gap that remains is real."
            return said
        case Rule.DISSONANCE_UNUSUAL:
            return (
                f"{left}: {side_said(left_above)}. {right}: {side_said(right_above)}. A gap this big "
                "is unusual for these two sources; of all such flags in this table about 1 in 20 is "
                "expected to be chance."
            )
        case Rule.SAME_SIDE_UNUSUAL:
            return (
                f"Same side of the average, but one source puts it there much more strongly; unusually "
                f"so. {left}: {side_said(left_above)}; {right}: {side_said(right_above)}."
            )
        case Rule.DISSONANCE_USUAL:
            return (
                f"{left}: {side_said(left_above)}. {right}: {side_said(right_above)}. The two differ "
                f"here by more than {_steps(verdicts.margin)}, beyond chance. Gaps this big are common "
                "between these two sources: worth a look, not an outlier."
            )
        case Rule.SAME_SIDE_APART:
            return (
                f"Same side of the average, one source more strongly. {left}: {side_said(left_above)}; "
                f"{right}: {side_said(right_above)}."
            )
        case Rule.SAME_SIDE:
            return (
                f"Probably the same side of the average ({at_least(same_side)}); how close the two are "
                "is not established."
            )
    if reason:
        return f"Not enough evidence. {reason}"
    if low * high > 0:
        least, most = sorted((abs(low), abs(high)))
        shown = (
            f"Not enough evidence: taken alone these numbers show a gap, of {least:.1f} to {most:.1f} "
            "typical differences, but "
        )
        if narrowest > verdicts.margin:  # the rule of usual size asks for a standard error as well
            within = (high - low) / 2
            return (
                f"{shown}too roughly to be graded: it is known to within {within:.1f} either way, and it "
                f"takes {GRADED_WITHIN:.1f}."
            )
        return f"{shown}not whether it is over {_steps(verdicts.margin)}."
    said = (
        f"Not enough evidence: these numbers fit both agreement within {_steps(verdicts.margin)} "
        f"and a gap of up to {widest:.1f} times that."
        if verdicts.margin == 1
        else f"Not enough evidence: these numbers fit both agreement and a gap of up to {widest:.1f} "
        "typical differences."
    )
    if widest < 2:
        said += " A gap of twice that or more is ruled out."
    return said


def _steps(margin: float) -> str:
    if margin == 1:
        return "one typical difference"
    return f"{margin:g} typical differences"


# --- Asking ---


HARDLY_TRACK = 0.3  # an underlying agreement whose upper end is lower
MOSTLY_SHARED = 0.5  # of the organisations compared are the same people: nothing is compared at all


@dataclass(frozen=True)  # no slots: why nobody is judged is looked up once
class Judgement:
    """Two sources set side by side, weighed and judged: what Agreement, Divergence and Overview
    stand on."""

    alignment: Alignment
    verdicts: Verdicts | None  # None where nothing may be compared
    independence: Independence | None
    too_alike: bool = False  # more alike than two perfect mirrors; see `too_alike`

    def same_people_said(self) -> str:
        """Where the same people seem to have answered both; "" where none do."""
        if self.independence is None or self.verdicts is None:
            return ""
        cells = self.verdicts.cells
        return self.independence.summary(dict(zip(cells["unit"], cells["name"], strict=True)))

    def not_compared(self) -> tuple[Refusal, ...]:
        """Why the two are not compared at all; empty where they are."""
        mostly = self.mostly_the_same_people()
        same = (Refusal(Cause.SAME_PEOPLE, mostly),) if mostly else ()
        return self.alignment.refusals or same

    @cached_property
    def refusals(self) -> tuple[Refusal, ...]:
        """Why no organisation in view is judged; empty where some are.

        The one rule of what can be judged: Overview, Divergence and Provider go by it.
        """
        verdicts = self.verdicts
        if verdicts is None or self.not_compared():
            return self.not_compared()
        if verdicts.heard and verdicts.method is not None and not verdicts.method.assumed:
            return ()
        return (_not_judged(self.alignment, verdicts),)

    def mostly_the_same_people(self) -> str:
        """Why two sources are not compared at all where most of what they share is the same people."""
        pairs = self.alignment.pairs
        shared = pairs["unit"].isin(self.independence.units if self.independence else ())
        return self.same_people_said() if shared.sum() > MOSTLY_SHARED * len(pairs) else ""


def _not_judged(alignment: Alignment, verdicts: Verdicts) -> Refusal:
    """Why no organisation in view is judged, though the two sources are compared."""
    one, many = GRAIN_TITLES[alignment.grain]
    left, right = alignment.left.short_title, alignment.right.short_title
    known = verdicts.method is not None and not verdicts.method.assumed
    if not verdicts.heard and verdicts.tested and known:
        return Refusal(
            Cause.AREA,
            f"Not enough evidence: no {one} of this area has enough answers in both {left} and {right}.",
        )
    for source in (verdicts.left, verdicts.right):
        why = source.whole_silence
        if why is not None and why is not Silence.NO_PEERS:
            cause = Cause.NO_BASE if why is Silence.NO_BASE else Cause.SILENT
            return Refusal(
                cause,
                f"Not enough evidence: {source.side.short_title} can support or contradict no other "
                f"source here ({why.value}).",
                source=source.side.source,
            )
    for source in (verdicts.left, verdicts.right):
        if source.whole_silence is Silence.NO_PEERS:
            return Refusal(
                Cause.FEW,
                f"Not enough evidence: {source.side.short_title} can support or contradict no other "
                f"source here ({Silence.NO_PEERS.value}).",
                source=source.side.source,
            )
    found = verdicts.tested
    return Refusal(
        Cause.NAMES if alignment.names_waiting and not found else Cause.FEW,
        f"Not enough evidence: {left} and {right} both have enough answers on "
        f"{f'only {found} {one if found == 1 else many}' if found else f'no {one}'}, and it takes 10 "
        "to know how far two sources usually differ.",
    )


class Judged:
    """What every report on two judged sources says of them. A report holds `judgement`, `status` and
    `reason`."""

    __slots__ = ()
    judgement: Judgement
    status: str
    reason: str

    @property
    def alignment(self) -> Alignment:
        return self.judgement.alignment

    @property
    def verdicts(self) -> Verdicts | None:
        return self.judgement.verdicts

    @property
    def left(self) -> Side:
        return self.alignment.left

    @property
    def right(self) -> Side:
        return self.alignment.right

    @property
    def marks(self) -> tuple[str, ...]:
        """What must stand wherever a figure is shown."""
        if self.status == "refused":
            return ()
        held = {
            MAY_BE_THE_SAME: self.judgement.too_alike,
            "not aligned in time": not self.alignment.aligned_in_time,
            "across domains": self.alignment.across_domains,
            "numbers of answers assumed": self.verdicts is not None and self.verdicts.assumed,
        }
        return tuple(mark for mark, holds in held.items() if holds)

    @property
    def marked(self) -> str:
        """The marks in brackets, to stand behind a sentence; "" where there is none."""
        return f" ({'; '.join(self.marks)})" if self.marks else ""

    def notes(self) -> list[str]:
        """What was assumed of the two sources, and what to bear in mind, each once."""
        if self.status == "refused":
            return []
        said = [*self.alignment.notes]
        if self.verdicts is not None:
            said += [*self.verdicts.left.notes, *self.verdicts.right.notes]
        return list(dict.fromkeys(said))

    def warnings(self) -> list[str]:
        """What a reader must hear before believing the page."""
        too_alike = TOO_ALIKE if self.judgement.too_alike else ""
        return [said for said in (too_alike, self.judgement.same_people_said()) if said]

    def hardly_said(self) -> str:
        """Said above any single organisation where the two sources hardly track each other."""
        many = GRAIN_TITLES[self.alignment.grain][1]
        return (
            f"Across all {many} these two sources hardly track each other; a single one on which they "
            "differ says little."
        )


# Above every agreement that no two independent sources would show.
TOO_ALIKE = (
    f"{MAY_BE_THE_SAME[:1].upper()}{MAY_BE_THE_SAME[1:]}: the two sources rank organisations more alike "
    "than two perfect mirrors of the truth would with these numbers of answers. Until it is known that "
    "they asked different people, their agreement is no evidence."
)
_AGREEING = (State.AGREEMENT.value, State.PARTIAL.value)


def too_alike(judged: Judgement) -> Judgement:
    """The same, known to be more alike than two sources of different people would be: no verdict of
    agreement stands without saying so."""
    if judged.verdicts is None or judged.too_alike:
        return judged
    cells = judged.verdicts.cells
    noted = cells["said"].where(
        ~cells["state"].isin(_AGREEING),
        cells["said"].str.removesuffix(".") + f" ({MAY_BE_THE_SAME}).",
    )
    verdicts = replace(judged.verdicts, cells=cells.assign(said=noted))
    return replace(judged, verdicts=verdicts, too_alike=True)


def judgement(store: Store, pairing: Pairing) -> Judgement:
    """Align two sources, weigh each over all its providers, and judge every organisation."""
    return within(_judgement(store, replace(pairing, area="")), pairing.area)


def within(whole: Judgement, area: str) -> Judgement:
    """The same in view of an area: its organisations alone are shown, and no verdict changes."""
    if not area:
        return whole
    alignment = inside(whole.alignment, area)
    if whole.verdicts is None:
        return replace(whole, alignment=alignment)
    seen = whole.alignment.of_area(area, _SEEN)
    cells = whole.verdicts.cells
    shown = cells.assign(in_view=cells["unit"].isin(seen - {""}))
    return replace(whole, alignment=alignment, verdicts=replace(whole.verdicts, cells=shown))


def _judgement(store: Store, asked: Pairing) -> Judgement:
    alignment = align(store, asked)
    if alignment.refusals:
        return Judgement(alignment, None, None)
    asked = alignment.pairing
    weighed = [
        evidence(store, side, asked, rows, alignment.service)
        for side, rows in zip((alignment.left, alignment.right), alignment.rows, strict=True)
    ]
    same = independence(store, alignment.left, alignment.right, asked, alignment.service)
    told = judge(
        weighed[0],
        weighed[1],
        asked.settings,
        grain=alignment.grain,
        shared=same.units,
    )
    return Judgement(alignment, told, same)


# Outcomes that place an organisation in an area: also those told before the area is looked at.
_SEEN = (*LOOKED_AT, "split", "to_confirm", "cycle")


def silence_letter(said: str) -> str:
    """The one letter of a kind of silence; "" where the source speaks."""
    return SILENCE_LETTERS[Silence(said)] if said else ""
