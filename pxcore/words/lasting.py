"""Does a difference of two sources last from one year to the next, in words."""

from __future__ import annotations

from pxcore.analysis.time.lasting import LastingReport
from pxcore.model import GRAIN_TITLES
from pxcore.stats.latent import Estimability
from pxcore.words.english import counted, number, number_range


def summary(report: LastingReport) -> str:
    """How much of a difference lasts, with its range; else why it is not known."""
    alignment = report.now.alignment
    left, right = alignment.left.short_title, alignment.right.short_title
    if report.before is None:
        return (
            f"Whether a difference lasts is not known: it takes {left} and {right} of the year before as "
            "well."
        )
    many = GRAIN_TITLES[alignment.grain]
    before = report.before.alignment
    years = f"{before.left.period} and {alignment.left.period}"
    of = f"{counted(report.organisations, *many)} judged in both {years}"
    share = report.share
    if share is None or not report.estimated:
        return f"Whether a difference lasts cannot be told from {of}: what is not chance is too little."
    assert share.interval is not None
    low, high = max(0.0, share.interval.low), share.interval.high
    if share.state is Estimability.AT_LIMIT or share.estimate is None:
        return f"Nearly all of a difference lasts from one year to the next: at least {number(low)} ({of})."
    if share.interval.high <= 0:
        return f"Nothing of a difference lasts from one year to the next ({of})."
    return (
        f"About {number(max(0.0, share.estimate))} of a difference lasts from one year to the next "
        f"({number_range(low, high)}; {of}); the rest is passing."
    )


def limits() -> str:
    return "Only what lasts is worth a visit. Chance in the answers is taken out of both years."
