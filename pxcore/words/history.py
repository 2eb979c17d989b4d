"""Why a source over time shows nothing, and whose answers are added up."""

from __future__ import annotations

from types import MappingProxyType

from pxcore.analysis.time.cells import Every
from pxcore.analysis.time.history import Members, Silent
from pxcore.model import GRAIN_TITLES, Grain

SHARE_MOVED = (
    0.1  # of all answers: that more of them come from elsewhere than at first is worth a word
)
SILENT = MappingProxyType(
    {
        Silent.BY_PUBLISHER: "withheld by the publisher",
        Silent.BLANK: "blank in the file",
        Silent.NO_ANSWERS: "no answers",
        Silent.MISSING: "missing in the file",
        Silent.SPLIT: "the organisation was split",
        Silent.TO_CONFIRM: "its successor is to be confirmed",
        Silent.CYCLE: "its succession leads back to itself",
        Silent.FEW: "too few answers to show",
        Silent.NOTHING: "no figure in the files",
        Silent.NO_RATING: "a number of complaints is no rating of experience",
        Silent.SCORES: "scores are not added up: choose one organisation",
        Silent.NOT_OF_UNIT: "it has no figure of this organisation",
        Silent.NOT_OF_AREA: "it has no figure that may be shown of organisations here",
        Silent.NOBODY_SPEAKS: "it says nothing of organisations here",
        Silent.WITHOUT_COUNTS: "published without numbers of answers, which cannot be added up",
        Silent.SEVERAL_SERVICES: "it speaks of several services: choose one in the sidebar",
    }
)
_OFTEN = {
    Every.MONTH: "at least 9 months in 10",
    Every.QUARTER: "at least 9 quarters in 10",
    Every.WAVE: "every wave",
}


def silent(why: Silent | None) -> str:
    """Why a source shows nothing; "" where it shows something."""
    return "" if why is None else SILENT[why]


def members(members: Members, level: Grain) -> str:
    """Who is added up, in a sentence or two."""
    single, many = GRAIN_TITLES[level]
    if members.voices:
        return (
            f"All feedback about {many} here is added up: which of them people speak of changes, and a "
            "change of the figure may be due to that."
        )
    few, most = f"{members.fewest:,}", f"{members.most:,}"
    each = few if few == most else f"{few} to {most}"
    text = (
        f"All {many} that report are added up, {each} in any one {members.every.value}: who reports "
        "changes, and a change of the figure may be due to that."
    )
    if members.steady:
        often = _OFTEN[members.every]
        counted = f"{members.organisations:,} {many}"
        text = (
            f"Only the one {single} that reports in {often} is counted"
            if members.organisations == 1
            else f"The {counted} that report in {often} are added up ({each} in any one)"
        )
        if members.left_out:
            report = "that reports now and then is"
            if members.left_out > 1:
                report = "that report now and then are"
            text += f"; {members.left_out:,} {report} left out"
        text += "."
    if members.moved > SHARE_MOVED:
        text += (
            f" {members.moved:.0%} of the answers now come from other {many} than at first (most more from "
            f"{members.grown}): part of a rise or fall may be due to that."
        )
    return text
