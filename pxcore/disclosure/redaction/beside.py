"""What stands directly beside a word: a title, an initial, kin, thanks."""

from __future__ import annotations

import re

from pxcore.disclosure.redaction.cues import (
    AFTER_TITLE,
    MOST_BEFORE,
    NO_STOP,
    PARTICLES,
    TITLES,
    word_set,
)
from pxcore.disclosure.redaction.tokens import Words

_ABBREVIATED = word_set("dr drs mr mrs ms mx prof rev revd fr sr st capt sgt lt col cllr messrs")
_POSSESSIVES = word_set("my our his her their your")
_THANKS = word_set(
    "thanks thank thankyou thanku cheers ta kudos praise gratitude credit props respect thx tysm"
    " congratulations congrats bravo"
)
_CLOSE = re.compile(r" ?[\"'(]? ?")


def close(gap: str) -> bool:
    return bool(_CLOSE.fullmatch(gap))


def leading(words: Words, place: int) -> int:
    """Where a name begins whose word this is: before its initials and particles."""
    least = max(0, place - MOST_BEFORE)
    while place > least and re.fullmatch(r"\.? ?", words.gap[place]):
        before = words.low[place - 1]
        if not (is_initial(words, place - 1) or (before in PARTICLES and before != "o")):
            break
        place -= 1
    return place


def title_before(words: Words, place: int) -> str:
    """The title before a name, or ""."""
    first = leading(words, place)
    for start in {place, first}:
        near, gap = words.at(start - 1), words.gap[start]
        # “such a kind doctor. Five stars”: a full stop after a whole word ends a sentence, and
        # “the nurse, Monday’s,” names nobody by a title
        whole = near in _ABBREVIATED or not (gap.startswith(".") or "," in gap)
        if near in TITLES and whole and AFTER_TITLE.fullmatch(gap):
            return near
    return ""


def is_kin(words: Words, place: int) -> bool:
    """Somebody's: “my late father”; a husband or a granddaughter is so by the word alone."""
    if words.low[place] in ("grandson", "granddaughter", "husband", "wife", "daughter"):
        return True
    return any(words.at(back) in _POSSESSIVES for back in range(place - 1, place - 6, -1)) or (
        words.begins[place]
        and words.low[place]
        in ("mum", "mam", "dad", "nan", "gran", "grandad", "grandma", "uncle", "auntie", "aunt")
    )


def is_thanked(words: Words, place: int) -> bool:
    near = words.at(place - 1)
    direct = near in _THANKS or (near == "you" and words.at(place - 2) == "thank")
    if direct:
        return bool(re.fullmatch(r"[ ,!\-:]*", words.gap[place]))
    if near in (
        "to",
        "you",
        "especially",
        "esp",
        "particularly",
        "also",
        "again",
        "both",
        "much",
        "out",
        "done",
        "off",
    ):
        for back in range(place - 2, max(-1, place - 9), -1):
            if words.low[back] in _THANKS or (words.low[back], words.at(back + 1)) in (
                ("shout", "out"),
                ("well", "done"),
                ("hats", "off"),
                ("shoutout", "to"),
            ):
                return (
                    near in ("to", "especially", "esp", "particularly", "also") or place - back <= 3
                )
            if not NO_STOP.fullmatch(words.gap[back + 1]):
                return False
    return False


def is_initial(words: Words, place: int) -> bool:
    if not 0 <= place < len(words.low) or len(words.low[place]) != 1:
        return False
    dotted = words.gap[place + 1].startswith(".")
    return dotted or (words.text[place].isupper() and words.text[place] not in "IAX")
