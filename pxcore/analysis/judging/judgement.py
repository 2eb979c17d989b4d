"""What can be judged of two sources, and why not where nothing can."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from pxcore.analysis.joining.alignment import Alignment, align, inside
from pxcore.analysis.joining.independence import Independence, SameAnswers, independence
from pxcore.analysis.joining.outcomes import LOOKED_AT
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.joining.refusals import Cause, Refusal
from pxcore.analysis.judging.evidence import evidence
from pxcore.analysis.judging.silence import Silence
from pxcore.analysis.judging.verdicts import Verdicts, judge
from pxcore.analysis.questions import ask
from pxcore.model import Grain, Pairing
from pxcore.store import Store

HARDLY_TRACK = 0.3  # an underlying agreement whose upper end is lower

MOSTLY_SHARED = 0.5  # of the organisations compared are the same people: nothing is compared at all


class Mark(StrEnum):
    """What must stand wherever a figure of two sources is shown."""

    SAME_PEOPLE = "the same people may have answered both"  # an agreement too good for two sources
    NOT_ALIGNED = "not aligned in time"
    ACROSS_DOMAINS = "across domains"
    ASSUMED_BASE = "numbers of answers assumed"


@dataclass(frozen=True, slots=True)
class SamePeople(Refusal):
    """Most of what two sources share is the same people's answers."""

    names: tuple[str, ...]  # of the organisations
    noticed: SameAnswers  # at the first of them
    cause: Cause = Cause.SAME_PEOPLE


@dataclass(frozen=True, slots=True)
class NobodyInArea(Refusal):
    """No organisation of the area has enough answers in both, though some have elsewhere."""

    left: str
    right: str
    grain: Grain
    cause: Cause = Cause.AREA


@dataclass(frozen=True, slots=True)
class Mute(Refusal):
    """A source that can support or contradict no other."""

    source: str
    silence: Silence
    cause: Cause


@dataclass(frozen=True, slots=True)
class FewJudged(Refusal):
    """Too few have enough answers in both to know how far the two usually differ."""

    left: str
    right: str
    grain: Grain
    tested: int
    cause: Cause


@dataclass(frozen=True)  # no slots: why nobody is judged is looked up once
class Judgement:
    """Two sources set side by side, weighed and judged: what Agreement, Divergence and Overview
    stand on."""

    alignment: Alignment
    verdicts: Verdicts | None  # None where nothing may be compared
    independence: Independence | None

    @property
    def too_alike(self) -> bool:
        """Whether the two are more alike than two perfect mirrors would be."""
        return self.verdicts is not None and self.verdicts.too_alike

    @property
    def same_people(self) -> SamePeople | None:
        """Where the same people seem to have answered both; None where nowhere."""
        if self.independence is None or self.verdicts is None or not self.independence.units:
            return None
        cells, units = self.verdicts.cells, self.independence.units
        names = dict(zip(cells["unit"], cells["name"], strict=True))
        return SamePeople(
            tuple(str(names.get(unit, unit)) for unit in units),
            self.independence.evidence[units[0]],
        )

    def not_compared(self) -> tuple[Refusal, ...]:
        """Why the two are not compared at all; empty where they are."""
        if self.alignment.refusals:
            return self.alignment.refusals
        if self.independence is None or not self.independence.units:
            return ()
        pairs, same = self.alignment.pairs, self.same_people
        shared = pairs["unit"].isin(self.independence.units)
        return (same,) if same is not None and shared.sum() > MOSTLY_SHARED * len(pairs) else ()

    @cached_property
    def refusals(self) -> tuple[Refusal, ...]:
        """Why no organisation in view is judged; empty where some are.

        The one rule of what can be judged: Overview, Divergence and Provider go by it.
        """
        verdicts = self.verdicts
        if verdicts is None or self.not_compared():
            return self.not_compared()
        if verdicts.heard and verdicts.comparable:
            return ()
        return (_not_judged(self.alignment, verdicts),)


def _not_judged(alignment: Alignment, verdicts: Verdicts) -> Refusal:
    """Why no organisation in view is judged, though the two sources are compared."""
    left, right, grain = alignment.left.source, alignment.right.source, alignment.grain
    if not verdicts.heard and verdicts.tested and verdicts.comparable:
        return NobodyInArea(left, right, grain)
    for few in (False, True):  # a source without peers says least of what stands in the way
        for source in (verdicts.left, verdicts.right):
            silence = source.whole_silence
            if silence is not None and (silence is Silence.NO_PEERS) == few:
                usual = {Silence.NO_BASE: Cause.NO_BASE, Silence.NO_PEERS: Cause.FEW}
                return Mute(source.side.source, silence, usual.get(silence, Cause.SILENT))
    tested = verdicts.tested
    cause = Cause.NAMES if alignment.names_waiting and not tested else Cause.FEW
    return FewJudged(left, right, grain, tested, cause)


class Judged:
    """What every report on two judged sources knows of them. A report holds `judgement` and `status`."""

    __slots__ = ()
    judgement: Judgement
    status: str

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
    def marks(self) -> tuple[Mark, ...]:
        """What must stand wherever a figure is shown."""
        if self.status == "refused":
            return ()
        held = {
            Mark.SAME_PEOPLE: self.judgement.too_alike,
            Mark.NOT_ALIGNED: not self.alignment.aligned_in_time,
            Mark.ACROSS_DOMAINS: self.alignment.across_domains,
            Mark.ASSUMED_BASE: self.verdicts is not None and self.verdicts.assumed,
        }
        return tuple(mark for mark, holds in held.items() if holds)

    @property
    def across_domains(self) -> bool:
        """Whether figures are shown of two sources that do not ask about the same thing."""
        return Mark.ACROSS_DOMAINS in self.marks


def too_alike(judged: Judgement) -> Judgement:
    """The same, more alike than two sources of different people would be: no agreement stands without it."""
    if judged.verdicts is None:
        return judged
    return replace(judged, verdicts=replace(judged.verdicts, too_alike=True))


def judgement(store: Store, pairing: Pairing) -> Judgement:
    """Align two sources, weigh each over all its providers, and judge every organisation."""
    return within(ask(store, judged_everywhere, replace(pairing, area="")), pairing.area)


def within(whole: Judgement, area: str) -> Judgement:
    """The same in view of an area: its organisations alone are shown, and no verdict changes."""
    if not area:
        return whole
    alignment = inside(whole.alignment, area)
    if whole.verdicts is None:
        return replace(whole, alignment=alignment)
    seen = whole.alignment.placed.units(area, _SEEN)
    verdicts = replace(whole.verdicts, seen=frozenset(seen - {""}))
    return replace(whole, alignment=alignment, verdicts=verdicts)


def judged_everywhere(store: Store, question: Pairing) -> Judgement:
    alignment = align(store, question)
    if alignment.refusals:
        return Judgement(alignment, None, None)
    question = alignment.pairing
    left, right = (
        evidence(store, side, question, rows, alignment.service)
        for side, rows in zip(alignment.sides, alignment.rows, strict=True)
    )
    same = independence(store, *alignment.sides, question, alignment.service)
    verdicts = judge(left, right, question.settings, grain=alignment.grain, shared=same.units)
    return Judgement(alignment, verdicts, same)


# Outcomes that place an organisation in an area: also those known before the area is looked at.
_SEEN = (*LOOKED_AT, "split", "to_confirm", "cycle")
