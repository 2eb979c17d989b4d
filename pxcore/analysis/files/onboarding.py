"""What a person's own data still need before the sources can be set side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pxcore import maps
from pxcore.analysis.files.sources import SourcesReport
from pxcore.analysis.joining.matching import MatchingReport
from pxcore.model import Signal


class Step(StrEnum):
    """A step, in the order in which it is best taken."""

    REFERENCE = "reference"
    SURVEY = "survey"
    FFT = "fft"
    COMMUNITY = "community"
    NAMES = "names"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Onboarding:
    """Which steps are done."""

    done: Mapping[Step, bool]
    open_names: int  # names without a code that wait for a person

    @property
    def steps_done(self) -> int:
        return sum(self.done.values())

    @property
    def complete(self) -> bool:
        """Whether nothing is left; community voice may be missing where nobody collects it."""
        return all(done for step, done in self.done.items() if step is not Step.COMMUNITY)


def onboarding(
    sources: SourcesReport, loaded: Collection[str], names: MatchingReport, *, answered: bool
) -> Onboarding:
    """The steps of what is loaded.

    Parameters
    ----------
    loaded : the sources with figures.
    names : names without a code.
    answered : whether anything is said of any two sources.
    """
    signals = {maps.source(name)["signal"] for name in loaded}
    waiting = len(names.open_names)
    return Onboarding(
        {
            Step.REFERENCE: bool((sources.reference["kind"] == "parents").any()),
            Step.SURVEY: Signal.SURVEY.value in signals,
            Step.FFT: Signal.FFT.value in signals,
            Step.COMMUNITY: Signal.COMMUNITY.value in signals,
            Step.NAMES: bool(loaded) and waiting == 0,
            Step.ANSWER: answered,
        },
        waiting,
    )
