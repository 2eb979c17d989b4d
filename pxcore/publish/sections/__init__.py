"""What each page says, as a section of a document: a report and its words in, pieces out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pxcore.charts.theme import HALF_DISC, LIKELY_MARKS, Mark, Palette, verdict_marks


def word_marks(present: Collection[str], palette: Palette) -> tuple[Mark, ...]:
    """How likely two sources agree, as office programs draw it: half a disc is its tint."""
    marks = verdict_marks([word for word in LIKELY_MARKS if word in present], palette)
    return tuple(
        replace(mark, fill=palette.partial) if mark.shape == HALF_DISC else mark for mark in marks
    )


def alike(colour: str) -> tuple[Mark, ...]:
    """The mark of a chart whose marks are all alike."""
    return (Mark("", "circle", colour, colour),)
