"""What may leave. Every figure that is drawn, shown, downloaded or printed has passed `release`."""

from pxcore.disclosure.perturbation import largest_noise
from pxcore.disclosure.release import (
    ANSWERED,
    Answers,
    Confidential,
    Count,
    OfMany,
    OfOne,
    Parts,
    Released,
    added,
    answers_shown,
    enough,
    is_chance,
    is_confidential,
    release,
    rounded,
    with_rounded_chances,
)

__all__ = [
    "ANSWERED",
    "Answers",
    "Confidential",
    "Count",
    "OfMany",
    "OfOne",
    "Parts",
    "Released",
    "added",
    "answers_shown",
    "enough",
    "is_chance",
    "is_confidential",
    "largest_noise",
    "release",
    "rounded",
    "with_rounded_chances",
]
