"""What one answer in words counts as, and answers from best to worst. A leaf of the readers."""

from __future__ import annotations

from dataclasses import dataclass

from pxcore.ingest import cells


@dataclass(frozen=True, slots=True)
class Likert:
    """What one answer in words counts as: positive 1, 0 or null, and its place on its scale."""

    positive: float
    score: float
    scale_low: float
    scale_high: float


def scale(words: tuple[str, ...], positive: int) -> dict[str, Likert]:
    """Answers from best to worst, the first `positive` of them positive; higher is better."""
    most = len(words)
    return {
        cells.key(word): Likert(float(place < positive), float(most - place), 1.0, float(most))
        for place, word in enumerate(words)
    }
