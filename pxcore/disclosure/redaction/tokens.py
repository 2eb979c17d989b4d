"""The words of a text, side by side, and which of their capitals tell something."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pxcore.disclosure.redaction.cues import word_set

_SENTENCE = re.compile(r"[.!?…\n]|[•*]")
_TOKEN = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*")


@dataclass(slots=True)
class Words:
    """The words of a shadow, side by side: what each is, and what stands between it and
    the word before."""

    shadow: str
    text: list[str] = field(default_factory=list)
    low: list[str] = field(default_factory=list)  # small, without apostrophes, without ’s
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    gap: list[str] = field(default_factory=list)  # before each word, and last what follows the last
    owns: list[bool] = field(default_factory=list)  # stands with ’s
    capital: list[bool] = field(default_factory=list)  # begins with one, and that tells something
    begins: list[bool] = field(default_factory=list)  # of a sentence

    def at(self, place: int) -> str:
        return self.low[place] if 0 <= place < len(self.low) else ""


def words_in(shadow: str) -> Words:
    words = Words(shadow)
    last = 0
    for match in _TOKEN.finditer(shadow):
        start, end = match.span()
        text = match.group()
        low = text.lower()
        owns = False
        if "'" in low:
            if owns := low.endswith("'s"):
                text, low = text[:-2], low[:-2]
            low = low.replace("'", "")
        words.text.append(text)
        words.low.append(low)
        words.start.append(start)
        words.end.append(start + len(text))
        words.owns.append(owns)
        words.gap.append(shadow[last:start])
        last = end
    words.gap.append(shadow[last:])
    _look_at_capitals(words)
    return words


_SMALL_WORDS = word_set(
    "the and to of for was were is in on at with my me you very all it they that have had so a i"
    " not as be"
)
_CAPITALS = re.compile("[A-Z]+")


def _look_at_capitals(words: Words) -> None:
    """Which words stand with a capital that tells something: not in a text all in capitals, nor in one
    that Begins Every Word With One."""
    high = sum(map(len, _CAPITALS.findall(words.shadow)))
    letters = sum(map(len, words.text))
    loud = 2 * high > letters and letters > 3
    titled = 0
    for place, text in enumerate(words.text):
        gap = words.gap[place]
        begins = place == 0 or (gap != " " and bool(_SENTENCE.search(gap)))
        words.begins.append(begins)
        if not begins and text[0].isupper() and len(text) > 1 and words.low[place] in _SMALL_WORDS:
            titled += 1
    for place, text in enumerate(words.text):
        if not text[0].isupper():
            words.capital.append(False)
            continue
        # in a text all in capitals a name that is written like one tells as much as ever
        capital = titled < 3 and not (loud and text.isupper())
        if capital and len(text) > 2 and text.isupper():
            beside = [*words.text[max(0, place - 1) : place], *words.text[place + 1 : place + 2]]
            capital = not any(len(near) > 2 and near.isupper() for near in beside)
        words.capital.append(capital)
