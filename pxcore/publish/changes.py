"""Changes from wave to wave for programs."""

from __future__ import annotations

from typing import Any

from pxcore.analysis.time.changes import Change
from pxcore.words import changes as words


def as_json(change: Change) -> dict[str, Any]:
    latent = change.latent
    interval = latent.interval if latent else None
    return {
        "survey": change.survey.source,
        "other": change.series.source,
        "before": None if change.before is None else str(change.before),
        "after": None if change.after is None else str(change.after),
        "organisations": change.organisations,
        "state": latent.state.value if latent else None,
        "estimate": latent.estimate if latent else None,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "said": words.summary(change),
    }
