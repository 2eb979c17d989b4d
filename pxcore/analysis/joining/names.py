"""Names of organisations as people write them."""

from __future__ import annotations

from functools import lru_cache

_SMALL_WORDS = frozenset({"and", "at", "by", "for", "in", "of", "on", "the", "upon"})
_INITIALS = frozenset({"nhs", "pcn", "gp", "icb", "cic", "uk", "ltd", "a&e", "wic", "utc", "llp"})


@lru_cache(maxsize=50_000)
def readable(name: str) -> str:
    """A name printed all in capitals, as reference files do, in ordinary letters."""
    if name != name.upper():
        return name
    words = []
    for place, word in enumerate(name.split(" ")):
        low = word.lower()
        if low.strip("().,") in _INITIALS or any(letter.isdigit() for letter in word):
            words.append(word)
        elif place and low in _SMALL_WORDS:
            words.append(low)
        else:
            words.append("-".join(part[:1].upper() + part[1:] for part in low.split("-")))
    return " ".join(words)
