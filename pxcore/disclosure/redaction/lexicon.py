"""Which words are names, and which are everyday English: data/reference/names.csv, words.csv, well_known.csv.

    A list decides nothing by itself: “Grace” and “Will” are words too, and nobody lists every
    name. What
stands around a word is weighed with it, in `names`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from pxcore import maps

# an ending, and what may stand in its place in the word that is listed
_ENDINGS = (
    ("s", ("",)),
    ("es", ("",)),
    ("ies", ("y",)),
    ("ed", ("", "e")),
    ("ied", ("y",)),
    ("ing", ("", "e")),
    ("ings", ("", "e")),
    ("ly", ("",)),
    ("er", ("", "e")),
    ("ers", ("", "e")),
    ("ness", ("",)),
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONG_ENOUGH_TO_MISSPELL = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """What the lists know of a word: as a given name and a surname 2 (common), 1 (rare) or 0."""

    given: int = 0
    surname: int = 0
    also: str = ""  # "word" or "place" where it is as often one of these


NO_ENTRY = Entry()


def _lines(name: str) -> list[str]:
    """The lines under the heading: tens of thousands, so not each a mapping as in `maps.rows`."""
    lines = (maps.REFERENCE / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")][1:]


@cache
def entries() -> dict[str, Entry]:
    """What the lists know, by name; names of one kind share an entry."""
    how = {"yes": 2, "rare": 1, "": 0}
    kinds: dict[str, Entry] = {}
    known = {}
    for line in _lines("names"):
        name, kind = line.split(",", 1)
        if kind not in kinds:
            given, surname, also = kind.split(",")
            kinds[kind] = Entry(how[given], how[surname], also)
        known[name] = kinds[kind]
    return known


@cache
def well_known() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Names of nobody met (sayings, famous people, songs), in words, by the first; longest first."""
    known: dict[str, list[tuple[str, ...]]] = {}
    for line in _lines("well_known"):
        spelt = tuple(line.rsplit(",", 1)[0].split())
        known.setdefault(spelt[0], []).append(spelt)
    return {first: tuple(sorted(ways, key=len, reverse=True)) for first, ways in known.items()}


@cache
def _words() -> frozenset[str]:
    return frozenset(_lines("words"))


@lru_cache(maxsize=65_536)
def is_word(word: str) -> bool:
    """Whether it is an English word in small letters, or one with a regular ending."""
    words = _words()
    if word in words:
        return True
    for ending, replacements in _ENDINGS:
        if word.endswith(ending):
            stem = word[: -len(ending)]
            if any(
                len(stem + ending_too) > 2 and stem + ending_too in words
                for ending_too in replacements
            ):
                return True
            if len(stem) > 3 and stem[-1] == stem[-2] and stem[:-1] in words:
                return True
    return False


@lru_cache(maxsize=65_536)
def is_misspelt(word: str) -> bool:
    """Whether one slip of the pen makes a longer word of it: “recieved”, “excelent”."""
    if not _LONG_ENOUGH_TO_MISSPELL <= len(word) <= 20:
        return False
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return any(
        is_word(slip)
        for start, rest in parts
        for slip in (
            start + rest[1:],
            start + rest[1:2] + rest[:1] + rest[2:],
            *(start + letter + rest for letter in _LETTERS),
            *(start + letter + rest[1:] for letter in _LETTERS),
        )
    )
