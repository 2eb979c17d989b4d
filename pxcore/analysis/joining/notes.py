"""What was noticed of a source on the way to an answer: the kind, and its facts; `words` says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Noticed(StrEnum):
    """What was noticed."""

    CUT_AT_BREAK = "its months before a break are left out"
    NO_MODES = "it does not tell how each answer came"
    NO_SPLIT = "it cannot be split by the dimension asked for"
    NO_STARS = "its comments have no stars"
    DISPUTED_AREAS = "files of one date put organisations under different areas"
    OWN_PEERS = "each organisation is set against its own peers"
    FEW_PEERS = "few organisations can be compared with one another"
    ASSUMED_BASE = "numbers of answers are assumed"
    ASSUMED_MONTHS = "how far months differ by themselves is assumed"
    ASSUMED_DESIGN = "what a weighted answer is worth is assumed"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to bear in mind."""

    kind: Noticed
    source: str = ""
    about: str = ""  # the change at a break, or a dimension
    count: int = 0  # organisations concerned
    every: bool = False  # all of its organisations are
    answers: float = 0.0  # assumed for each organisation, or taken to be worth one
    disputed: tuple[
        tuple[str, str, tuple[str, ...]], ...
    ] = ()  # code, area that counts, the others
