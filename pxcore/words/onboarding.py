"""The first steps with one's own data, and the way through the demonstration, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pxcore.analysis.files.onboarding import Onboarding, Step
from pxcore.words.english import counted

STEPS: Mapping[Step, tuple[str, str]] = MappingProxyType(
    {
        Step.REFERENCE: (
            "Reference files",
            "Practices, trusts and who belongs to whom: they decide what joins and name each area.",
        ),
        Step.SURVEY: (
            "A survey",
            "Such as the GP Patient Survey, a CQC survey or one of your own.",
        ),
        Step.FFT: ("The Friends and Family Test", "The monthly files, just as they come."),
        Step.COMMUNITY: (
            "Community voice",
            "Such as Healthwatch or Care Opinion. Few voices are heard for what they are worth.",
        ),
        Step.NAMES: ("Names without a code", "Say once which organisation each of them is."),
        Step.ANSWER: ("The first answer", "Two sources that speak of the same organisations."),
    }
)
# The page of each stop on the way through the demonstration, and what is said there.
TOUR: tuple[tuple[str, str], ...] = (
    (
        "overview",
        "Each mark is an invented practice. The sentence says for how many the two sources tell the same "
        "story, and whom to look at first. Click a mark.",
    ),
    (
        "divergence",
        "One practice: what each source says beside its peers, and twenty dots for how far apart they "
        "probably are. All dots outside the band: they very likely differ.",
    ),
    (
        "sources",
        "Your turn: choose “Our data” in the sidebar and drop the files you receive here. They stay on "
        "this computer.",
    ),
)


def heading(report: Onboarding) -> str:
    return f"Getting started: {report.steps_done} of {len(report.done)} done"


def steps(report: Onboarding) -> list[tuple[Step, bool, str, str]]:
    """Each step, whether it is done, its heading, and what it is for or what is left of it."""
    rows = []
    for step, done in report.done.items():
        title, why = STEPS[step]
        if step is Step.NAMES and report.open_names:
            why = f"{counted(report.open_names, 'name waits', 'names wait')}: {why[0].lower()}{why[1:]}"
        rows.append((step, done, title, why))
    return rows
