"""Whether organisations that improve in one source improve in the other, in words."""

from __future__ import annotations

from pxcore.analysis.time.changes import Change
from pxcore.model import GRAIN_TITLES
from pxcore.stats.latent import Estimability, LatentCorrelation
from pxcore.stats.spread import FEWEST_PEERS
from pxcore.words import refusals
from pxcore.words.agreement import REVERSED_SCALE
from pxcore.words.english import at_limit, number


def title(change: Change) -> str:
    return f"{change.survey.short_title} and {change.series.short_title}"


def summary(change: Change) -> str:
    """Whether organisations that rise in one rise in the other, in a sentence."""
    if change.latent is None:
        return f"{title(change)}: {_why_none(change)}"
    many = GRAIN_TITLES[change.level][1]
    over = f"change from {change.before} to {change.after} over {change.organisations:,} {many}"
    return f"{title(change)}, {over}: {_together(change.latent, many)}"


def _together(latent: LatentCorrelation, many: str) -> str:
    interval = latent.interval
    if latent.state is Estimability.NOT_ESTIMABLE or interval is None:
        why = latent.reason
        if latent.left_variance == 0 or latent.right_variance == 0:
            why = "changes differ no more than chance makes them, in at least one of the two."
        return f"how far the two agree cannot be told: {why}"
    low, high = number(interval.low), number(interval.high)
    if latent.estimate is None:
        way = "rise" if latent.nearest == 1 else "fall"
        bound = at_limit(interval.low, interval.high)
        text = f"{many} that rise in one {way} in the other (underlying correlation of the changes {bound})."
        return text if latent.nearest == 1 else f"{text} {REVERSED_SCALE}"
    text, asked = "whether their changes go together cannot be told", ""
    if interval.low > 0:
        text = f"{many} that rise in one tend to rise in the other"
    elif interval.high < 0:
        text = f"{many} that rise in one tend to fall in the other"
        asked = f" {REVERSED_SCALE}"
    estimate = number(latent.estimate)
    return f"{text}; underlying correlation of the changes {estimate} ({low} to {high}).{asked}"


def _why_none(change: Change) -> str:
    """Why the changes are not compared."""
    if change.after is None:
        count = "one wave" if change.waves else "no wave"
        return f"only {count} of {change.survey.short_title} since its last change."
    if change.refusal is not None:
        return refusals.text([change.refusal])
    if change.organisations < FEWEST_PEERS:
        return (
            f"{change.organisations} {GRAIN_TITLES[change.level][1]} have enough answers in both and in both "
            f"waves, and it takes {FEWEST_PEERS}."
        )
    return "" if change.too_few is None else change.too_few.what
