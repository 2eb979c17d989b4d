"""What each page says, as a section of a document: a report and its words in, pieces out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from pxcore.charts.specification import Specification, specification
from pxcore.charts.theme import HALF_DISC, LIKELY_MARKS, Mark, Palette, Picture, verdict_marks
from pxcore.publish.picture import is_empty


def picture_of(
    draw: Callable[..., Picture], palette: Palette, *question: Any
) -> Specification | None:
    """The picture `draw(*question, palette)` makes, without a line of a page in it; None where it would show
    nothing."""
    picture = specification(draw, palette, "", *question)
    return None if is_empty(picture) else picture


def word_marks(present: Collection[str], palette: Palette) -> tuple[Mark, ...]:
    """How likely two sources agree, as office programs draw it: half a disc is its tint."""
    marks = verdict_marks([word for word in LIKELY_MARKS if word in present], palette)
    return tuple(
        replace(mark, fill=palette.partial) if mark.shape == HALF_DISC else mark for mark in marks
    )


def alike(colour: str) -> tuple[Mark, ...]:
    """The mark of a chart whose marks are all alike."""
    return (Mark("", "circle", colour, colour),)
