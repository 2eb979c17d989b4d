"""Words that stand where somebody signs."""

from __future__ import annotations

import re

from pxcore.disclosure.redaction.candidates import Candidate
from pxcore.disclosure.redaction.cues import PARTICLES, TITLES, word_set
from pxcore.disclosure.redaction.tokens import Words

_KISSES = re.compile(r"[xX]{1,8}$")
_SIGNING = word_set(
    "regards thanks thank you yours cheers love from signed sincerely faithfully truly wishes"
    " best all disgust ta kind gratefully respectfully"
)
_BEFORE_SIGNATURE = re.compile(r"[\n]|[-–—~] ?$|[.!?,:] ?[\"]?$")


def signatures(words: Words, candidates: dict[int, Candidate]) -> dict[int, float]:
    """What the words of a last line, or of a line by itself, gain: a name, a few initials
    and kisses."""
    gained: dict[int, float] = {}
    total = len(words.low)
    ends = [place for place in range(total) if "\n" in words.gap[place + 1] or place == total - 1]
    for end in ends:
        first = end + 1
        names = 0
        while first > 0 and end - first < 6:
            at = first - 1
            low = words.low[at]
            if at in candidates and not candidates[at].word and low not in _SIGNING:
                names += 1
            elif not (
                _KISSES.match(low)
                or len(low) == 1
                or low in TITLES
                or low in PARTICLES
                or low in ("and", "family", "hubby", "mum", "dad")
            ):
                break
            first = at
            if _BEFORE_SIGNATURE.search(words.gap[at]) and not re.fullmatch(r"\. ?", words.gap[at]):
                break
            if (
                re.fullmatch(r"\. ?", words.gap[at])
                and at
                and len(words.low[at - 1]) > 1
                and words.low[at - 1] not in TITLES
            ):
                break
        while first <= end and (words.low[first] == "and" or _KISSES.match(words.low[first])):
            first += 1
        if not names or first > end:
            continue
        gap, near = words.gap[first], words.at(first - 1)
        if first == 0:
            worth = 2.5 if total > end + 1 else 0.0
        elif near in _SIGNING:
            worth = (
                3.0
                if near not in ("you", "all", "best", "kind", "from") or not re.fullmatch(" ", gap)
                else 2.5
            )
        elif "\n" in gap or re.search("[-–—~] ?$", gap):
            worth = 3.0
        elif re.search(r"[.!?:] ?$", gap):
            worth = 1.8
        elif _KISSES.match(words.low[first - 1]):
            worth = 2.0
        else:
            continue
        if worth:
            gained |= {place: worth for place in range(first, end + 1) if place in candidates}
    return gained
