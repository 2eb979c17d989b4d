"""Why a source says nothing of a provider: kinds, their letters, and the rows they come from."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Silence(StrEnum):
    """Why a source says nothing of a provider. None of these is zero, and none is agreement."""

    NONE_RECEIVED = "none received"
    NOT_LISTED = "not in its files"
    FEW = "too few answers"
    WITHHELD = "withheld by the publisher"
    MISSING = "missing in its files"
    UNDATED = "its dates cannot be read for certain"
    FEW_VOICES = "too few people behind its answers"
    WORTH_FEW = "its answers are worth fewer than 5 independent ones"
    OTHER_TIME = "nothing in its files for this time"
    NO_ERROR = "published without an interval"
    UNKNOWN = "blank in the file: withheld or none received"
    NO_QUESTION = "no question on it"
    CANNOT_TELL = "the source shows no difference between organisations beyond chance"
    NO_BASE = "numbers of answers not published"
    NO_PEERS = "too few organisations to compare with"
    SPLIT = "the organisation was split or its successor is not confirmed"
    NO_GROUP = "cannot be weighted to the chosen mix of people"
    SAME_PEOPLE = "the same people answered both"


LETTERS: Mapping[Silence, str] = MappingProxyType(
    {
        Silence.NONE_RECEIVED: "n",
        Silence.NOT_LISTED: "l",
        Silence.FEW: "f",
        Silence.WITHHELD: "w",
        Silence.UNKNOWN: "u",
        Silence.MISSING: "m",
        Silence.UNDATED: "d",
        Silence.FEW_VOICES: "v",
        Silence.WORTH_FEW: "a",
        Silence.OTHER_TIME: "t",
        Silence.NO_ERROR: "e",
        Silence.NO_QUESTION: "q",
        Silence.CANNOT_TELL: "s",
        Silence.NO_BASE: "b",
        Silence.NO_PEERS: "p",
        Silence.SPLIT: "x",
        Silence.NO_GROUP: "g",
        Silence.SAME_PEOPLE: "i",
    }
)

# What the rows of a provider without a figure say, the most telling first.
OUTCOMES: Mapping[str, Silence] = MappingProxyType(
    {
        "withheld_publisher": Silence.WITHHELD,
        "withheld_unknown": Silence.UNKNOWN,
        "withheld_not_calculable": Silence.NONE_RECEIVED,
        "withheld_missing": Silence.MISSING,
        "no_base": Silence.NO_BASE,
        "no_group": Silence.NO_GROUP,
        "date_uncertain": Silence.UNDATED,
        "split": Silence.SPLIT,
        "to_confirm": Silence.SPLIT,
        "cycle": Silence.SPLIT,
        "outside_period": Silence.OTHER_TIME,
        "superseded": Silence.OTHER_TIME,
    }
)


def letter(silence: str) -> str:
    """The one letter of a kind of silence; "" where the source speaks."""
    return LETTERS[Silence(silence)] if silence else ""
