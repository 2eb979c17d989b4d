"""What a room might talk about first: a few organisations worth its hour, each with why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pxcore.analysis.judging.certainty import CertaintyReport, Unsaid
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.stats.certainty import Word

MOST_DIFFERENCES = 2


class Purpose(StrEnum):
    """Why an organisation is on the agenda."""

    PRACTICE = "practice"  # the practice question, on nothing real
    DIFFERENCE = "difference"
    AGREEMENT = "agreement"  # where the two sources usually differ more
    SILENCE = "silence"
    SETTLE = "settle"  # more answers would settle it
    PICKED = "picked"  # by the facilitator


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One organisation in two sources."""

    purpose: Purpose
    left: str
    right: str
    unit: str
    name: str

    @property
    def pair(self) -> tuple[str, str]:
        return self.left, self.right


def suggestions(report: OverviewReport) -> tuple[Suggestion, ...]:
    """The strongest differences, a surprising agreement, an important silence, and where more answers
    would settle it; no organisation twice."""
    chosen: list[Suggestion] = []
    for suggestion in (
        *_differences(report),
        *_agreements(report),
        *_silences(report),
        *_unsettled(report),
    ):
        alike = sum(beside.purpose is suggestion.purpose for beside in chosen)
        most = MOST_DIFFERENCES if suggestion.purpose is Purpose.DIFFERENCE else 1
        if alike < most and suggestion.unit not in {beside.unit for beside in chosen}:
            chosen.append(suggestion)
    return tuple(chosen)


def _differences(report: OverviewReport) -> Iterator[Suggestion]:
    for look in report.looks(next(iter(report.likely), None)):  # as Overview opens
        yield Suggestion(Purpose.DIFFERENCE, look.left, look.right, look.unit, look.name)


def _agreements(report: OverviewReport) -> Iterator[Suggestion]:
    """Those of whom most was learnt: very likely agree, where before hearing them it was least likely."""
    ranked = []
    for pair, likely in report.likely.items():
        assert likely.before is not None
        rows = likely.likely[likely.likely["mark"] == Word.VERY_LIKELY_AGREE.value]
        ranked += [
            (agree - likely.before.agree, pair, str(unit), str(name))
            for agree, unit, name in zip(rows["agree"], rows["unit"], rows["name"], strict=True)
        ]
    for _, pair, unit, name in sorted(ranked, reverse=True):
        yield Suggestion(Purpose.AGREEMENT, *pair, unit, name)


def _silences(report: OverviewReport) -> Iterator[Suggestion]:
    """Those of most people of whom one source says nothing."""
    yield from _most_people(report, Unsaid.SILENT.value, Purpose.SILENCE)


def _unsettled(report: OverviewReport) -> Iterator[Suggestion]:
    """Those of most people on which it could be either."""
    yield from _most_people(report, Word.COULD_BE_EITHER.value, Purpose.SETTLE)


def _most_people(report: OverviewReport, mark: str, purpose: Purpose) -> Iterator[Suggestion]:
    ranked = []
    for pair, likely in report.certainties.items():
        if likely.status != "ok":
            continue
        rows = likely.in_view[likely.in_view["mark"] == mark]
        ranked += [
            (float(np.nan_to_num(people)), pair, str(unit), str(name))
            for people, unit, name in zip(
                rows[_people(likely)], rows["unit"], rows["name"], strict=True
            )
        ]
    for _, pair, unit, name in sorted(ranked, reverse=True):
        yield Suggestion(purpose, *pair, unit, name)


def _people(likely: CertaintyReport) -> str:
    """Patients where they are known of everybody in view, else answers."""
    return "patients" if likely.in_view["patients"].notna().all() else "answers"
