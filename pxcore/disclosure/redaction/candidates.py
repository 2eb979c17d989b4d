"""What a word is worth as a name by itself: what the lists know of it, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass

from pxcore.disclosure.redaction.beside import leading, title_before
from pxcore.disclosure.redaction.cues import (
    FACILITIES,
    KIN,
    NO_NAMES,
    ROLES,
    SELDOM_IN_SMALL,
    SURE_FACILITIES,
    TITLES_AND_WORDS,
)
from pxcore.disclosure.redaction.lexicon import NO_ENTRY, Entry, entries, is_misspelt, is_word
from pxcore.disclosure.redaction.tokens import Words

LONGEST = 30  # letters of a name
_NEVER_ALONE = FACILITIES | ROLES | KIN


@dataclass(slots=True)
class Candidate:
    """A word that may be a name."""

    place: int
    entry: Entry
    worth: float
    unknown: bool  # neither a name of the lists nor a word
    word: bool  # an everyday word that no list knows as a name


def candidate_at(words: Words, place: int) -> Candidate | None:
    low = words.low[place]
    if not 2 <= len(low) <= LONGEST or low in NO_NAMES:
        return None
    entry = entries().get(low, NO_ENTRY)
    capital, begins = words.capital[place], words.begins[place]
    named = entry is not NO_ENTRY
    english = is_word(low)
    if english and not named and not (capital and (not begins or title_before(words, place))):
        return None  # by far the most
    title = title_before(words, place)
    unknown = not named and not english and (len(low) > 2 or bool(title))
    if unknown and (begins or not capital) and (not title or title in TITLES_AND_WORDS):
        unknown = not is_misspelt(low)
    if not named and not unknown and not capital:
        return None
    if low in _NEVER_ALONE and not (entry.given == 2 and capital and not entry.also):
        behind_a_name = (
            low not in SURE_FACILITIES and words.at(leading(words, place) - 1) in entries()
        )
        if not (capital and (title_before(words, place) or behind_a_name)):
            return None
    worth = _worth(low, entry, capital, begins, english, unknown)
    if capital and unknown and words.text[place].isupper():
        worth -= 1.2  # an abbreviation, as a rule
    return Candidate(place, entry, worth, unknown, not named and not unknown)


def _worth(
    low: str, entry: Entry, capital: bool, begins: bool, english: bool, unknown: bool
) -> float:
    also = bool(entry.also)
    if capital and not begins:
        if entry.given == 2:
            return {"": 3.0, "word": 2.0, "place": 2.4}[entry.also]
        if entry.given:
            return 0.8 if also else 2.2
        if entry.surname:
            return (0.5 if entry.also == "word" else 0.0) if also else 1.8
        return 1.2 if unknown else 0.0
    if capital:
        if entry.given == 2:
            return {"": 1.8 if english else 3.0, "word": 0.6, "place": 1.0}[entry.also]
        if entry.given:
            return -0.5 if also or english else 1.5
        if entry.surname:
            return -0.7 if also or english else 1.3
        return 0.8 if unknown else -1.5
    if entry.given == 2 and not also:
        return (1.3 if english else 3.0) if len(low) > 3 else (0.5 if english else 1.6)
    if entry.given == 2:
        return -1.6 if low in SELDOM_IN_SMALL else 0.0
    if entry.given and not also and not english:
        return 1.2
    if entry.surname and not also and not english:
        return 1.0
    if unknown:
        return 0.9
    if entry.surname and not also:
        return 0.0  # “sayed” is no word, but made as one
    return -1.2 if entry.given or entry.surname else -2.5
