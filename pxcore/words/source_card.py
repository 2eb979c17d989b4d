"""What a source is in words: what it asks, whom, when, how many; what it can and cannot bear."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pxcore.analysis.judging.source_card import SourceCard
from pxcore.model import GRAIN_TITLES, Grain, Signal
from pxcore.words.english import capital, counted, fixed

# What each kind of source can and cannot bear.
BEARS: Mapping[Signal, tuple[str, str]] = MappingProxyType(
    {
        Signal.SURVEY: (
            "Setting organisations side by side, within its range.",
            "What changed from one month to the next; groups of few answers.",
        ),
        Signal.FFT: (
            "What those who answered said, month by month, and whether that moves.",
            "Setting organisations side by side by itself: who is asked and who answers differs between "
            "them. Its publisher says so too.",
        ),
        Signal.COMMUNITY: (
            "What matters to people and why; one story can be enough to ask a question.",
            "How common something is: few speak, and they choose to.",
        ),
    }
)


BEARS_IN_BRIEF: Mapping[Signal, str] = MappingProxyType(
    {
        Signal.SURVEY: "Comparing; not small groups",
        Signal.FFT: "Following; not comparing",
        Signal.COMMUNITY: "Why; not how common",
    }
)


def title(card: SourceCard) -> str:
    return card.side.title


def facts(card: SourceCard, grain: Grain) -> list[tuple[str, str]]:
    """Heading and sentence of each thing to know of a source; what its files do not say is said."""
    bears, not_bears = BEARS[Signal(card.side.signal)]
    return [
        ("Asks", card.question or f"{card.side.measure_title}."),
        ("Whom, and how", f"{capital(card.collection)}."),
        ("When", f"{card.side.period or 'no period'}."),
        ("How many", _how_many(card, grain)),
        ("Response", _response(card)),
        ("Tells apart", _reliability(card, grain)),
        ("Usual level", _level(card)),
        ("Can bear", bears),
        ("Cannot bear", not_bears),
    ]


def _how_many(card: SourceCard, grain: Grain) -> str:
    many = counted(card.organisations, *GRAIN_TITLES[grain])
    if card.answers is None:
        return f"{many}; its files give no number of answers."
    about = "about " if card.confidential else ""
    return f"{about}{counted(card.answers, 'answer')} on {many}."


def _response(card: SourceCard) -> str:
    if card.response is None:
        return "Its files do not say how many were asked."
    return f"{fixed(card.response * 100)} in 100 of those asked answered."


def _reliability(card: SourceCard, grain: Grain) -> str:
    many = GRAIN_TITLES[grain][1]
    if card.reliability is None:
        return f"Too few {many} have enough answers to say."
    if card.reliability == 0:
        return f"No {many} apart: all its differences could be chance in the answers."
    return (
        f"About {fixed(card.reliability * 100)} in 100 of the differences between {many} are real; the "
        "rest is chance in the answers."
    )


def _level(card: SourceCard) -> str:
    if card.average is None:
        return "Cannot be said."
    own = _value(card.average, card.side.unit)
    if card.average_beside is None:
        return f"{own} on average."
    beside = _value(card.average_beside, card.beside.unit)
    return f"{own} on average; {card.beside.short_title} {beside}."


def _value(value: float, unit: str) -> str:
    return f"{value:.0%}" if unit == "proportion" else f"{value:.1f}"
