"""Whether verdicts stand up to other reasonable choices, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from pxcore.analysis.joining.periods import MONTHS_TITLES
from pxcore.analysis.joining.selection import SENTIMENT_TITLES
from pxcore.analysis.judging.robustness import RobustnessReport
from pxcore.stats.sensitivity import Steadiness
from pxcore.words.english import counted

CHOICES: Mapping[str, str] = MappingProxyType(
    {
        "scale": "the scale of the tests",
        "floor": "how many answers it takes to be heard",
        "window": "which months are compared",
        "design_effect": "what a weighted answer is worth",
        "rate": "how many chance findings are allowed",
        "comments": "whether two comments are one person",
        "sentiment": "how a comment counts",
    }
)


def summary(report: RobustnessReport) -> str:
    """How many verdicts stand, and how firmly."""
    heard, tried = report.heard, len(report.marks)
    ways = counted(tried, "way")
    if report.possible > tried:
        ways = f"{tried} of {report.possible} (drawn by lot) ways"
    if not heard.any():
        return f"Under none of {ways} is any organisation heard enough to be judged."
    steadiness = report.stability.steadiness[heard]
    counts = ", ".join(f"{(steadiness == kind).sum():,} {kind.words}" for kind in Steadiness)
    text = f"Of {counted(heard.sum(), 'verdict')} under {ways}: {counts}."
    if never := int((~heard).sum()):
        organisations = counted(never, "organisation")
        text += f" {organisations} {'is' if never == 1 else 'are'} never heard enough to be judged."
    return text


def decisive(report: RobustnessReport) -> str:
    """Which choice flips most verdicts; "" where there is none to flip."""
    if not report.heard.any():
        return ""
    flips = report.flips
    if not flips:
        return "No choice changes any verdict."
    choice, count = max(flips.items(), key=lambda item: item[1])
    return f"The choice that matters most often is {CHOICES[choice]} (for {count:,})."


def of_one(report: RobustnessReport, unit: str) -> str:
    """How one organisation's verdict stands up, and what flips it most; "" where it was not tried."""
    if unit not in report.units:
        return ""
    stability, place = report.stability, report.units.index(unit)
    share, tried = float(stability.share[place]), report.marks[:, place]
    same = share * len(tried)
    text = (
        f"The same verdict in {round(same)} of {len(tried)} reasonable ways to work it out: "
        f"{Steadiness(int(stability.steadiness[place])).words}."
    )
    marks, counts = np.unique(tried, return_counts=True)
    others = [
        (int(count), str(mark))
        for mark, count in zip(marks, counts, strict=True)
        if mark != tried[report.default]
    ]
    if others:
        most, mark = max(others)
        text += f" {'More often' if most > same else 'Otherwise mostly'}: {mark} ({most})."
    choice = int(stability.decisive[place])
    if choice >= 0 and share < 1:
        text += f" What changes it most often is {CHOICES[stability.choices[choice]]}."
    return text


def specifications(report: RobustnessReport, unit: str) -> pd.DataFrame:
    """One organisation under every specification, by its z-score, the choices in words."""
    rows = report.of(unit)
    return rows.assign(
        window=[MONTHS_TITLES[months] for months in rows["window"]],
        sentiment=[SENTIMENT_TITLES[way] for way in rows["sentiment"]],
        comments=["half a person" if halved else "a person" for halved in rows["comments"]],
    )
