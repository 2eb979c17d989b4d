"""Three checks of the probabilities, in words."""

from __future__ import annotations

from pxcore.analysis.judging.checks import ChecksReport
from pxcore.disclosure import Released
from pxcore.model import GRAIN_TITLES
from pxcore.stats.design_check import Checked
from pxcore.stats.planting import Planted
from pxcore.words import certainty
from pxcore.words.certainty import in_100
from pxcore.words.english import counted, fixed

SIZES = {
    1.0: "one typical difference",
    2.0: "two typical differences",
    3.0: "three typical differences",
}


def summary(report: ChecksReport) -> str:
    """How often “very likely” would be right here, in the worst and the best of the worlds tried."""
    if report.design is None:
        return certainty.without(report.certainty)
    return (
        f"If your data behave as this app assumes, or a little worse, what it calls very likely of "
        f"{certainty.pair(report.certainty)} is right {_times(report.design.worst)} to "
        f"{_times(report.design.best)} times in 100."
    )


def _times(share: float) -> str:
    return fixed(share * 100)


def limits(report: ChecksReport) -> str:
    """What the checks cannot see; "" where they were not made."""
    if report.design is None:
        return ""
    return (
        "Tried on invented data of this very design: the same organisations and answers, with the truth "
        "known. It cannot see every way in which real data may differ from that."
    )


def designs(report: ChecksReport) -> Released:
    """A row a world: what was claimed of “very likely”, and how often it came true."""
    worlds = report.design.worlds if report.design else ()
    return Released(
        [_world(world) for world in worlds], columns=["invented_data", "claimed", "right", "sets"]
    )


def _world(world: Checked) -> dict[str, object]:
    error = f" ± {fixed(world.error * 100)}" if world.error == world.error else ""
    return {
        "invented_data": f"Data {world.world.value}",
        "claimed": in_100(world.sure),
        "right": f"{fixed(world.right * 100)} in 100{error}",
        "sets": world.sets,
    }


def planted(report: ChecksReport) -> list[str]:
    """How often a difference planted in these data is found, a sentence a size."""
    noun = GRAIN_TITLES[report.alignment.grain][0]
    return [_planted(found, noun) for found in report.planted]


def _planted(found: Planted, noun: str) -> str:
    low, high = found.differ_interval.low, found.differ_interval.high
    return (
        f"Moved by {SIZES[found.shift]}, a {noun} is called probably or very likely different "
        f"{fixed(found.differ * 100)} times in 100 ({fixed(low * 100)} to {fixed(high * 100)}), very likely "
        f"{fixed(found.very_likely * 100)} (planted in {found.organisations:,}, beside the gap each had)."
    )


def history(report: ChecksReport) -> list[str]:
    """What is said from half the months, and what the second half says of it."""
    kept = report.history
    if kept is None:
        return ["Neither source has published months that could be split in two."]
    many = GRAIN_TITLES[report.alignment.grain]
    lines = [
        f"The months of {report.halved} split in two, each half set beside the second source alone:"
    ]
    for word, count, again, turned in (
        ("agree", kept.agree, kept.agree_kept, kept.agree_turned),
        ("differ", kept.differ, kept.differ_kept, kept.differ_turned),
    ):
        if count:
            lines.append(
                f"Of {counted(count, *many)} called probably or very likely to {word} from the first half, "
                f"{again:,} are from the second half too, {count - again - turned:,} could be either and "
                f"{turned:,} turn into the opposite."
            )
    return lines


def method() -> tuple[str, ...]:
    """What each of the checks does."""
    return (
        "**Design check.** Imaginary data are drawn for the same organisations with the same numbers of "
        "answers, as the model has it and in three worse ways; all is worked out anew on each, and what was "
        "claimed is counted against the truth.",
        "**Planted check.** A twentieth of the real organisations at a time is moved by a known size in one "
        "source, up or down, and judged with the rest as it is.",
        "**History check.** Every second month of a monthly source is set beside the other source, then the "
        "remaining months are. The halves share their organisations, not their answers.",
    )
