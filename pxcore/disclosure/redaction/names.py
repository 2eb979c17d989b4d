"""Names of people, found by weighing each word: what the lists know of it, and what stands around it.

A word starts with what it is worth by itself (a given name much, a surname less, a word no list knows a
little, an everyday word nothing: `candidates`) and gains or loses by its neighbours (`context`, `objections`,
`signatures`): a title, a role, kin, thanks, a signature, what only a person does; “St”, “Ward”, “disease”, a
date. From `ENOUGH` on it is a name. Names then draw in what hangs on them: initials, particles, surnames, the
other names of a list.

Where letters tell nothing (a comment all in capitals or all in small letters) the words alone are weighed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pxcore.disclosure.redaction.beside import is_kin, is_thanked
from pxcore.disclosure.redaction.candidates import Candidate, candidate_at
from pxcore.disclosure.redaction.context import after, before
from pxcore.disclosure.redaction.cues import (
    AFTER_TITLE,
    AS_NAMED,
    KIN,
    MOST_BEFORE,
    PARTICLES,
    ROLES,
    SELDOM_IN_SMALL,
    TITLES,
    word_set,
)
from pxcore.disclosure.redaction.lexicon import well_known
from pxcore.disclosure.redaction.objections import against
from pxcore.disclosure.redaction.signatures import signatures
from pxcore.disclosure.redaction.tokens import Words, words_in

ENOUGH = 3.0
_SEVERAL = word_set("drs nurses doctors messrs sisters midwives receptionists")
_LIST_GAP = re.compile(r" ?(?:,|&|/|\+|;) ?|[,.]? ?\n ?(?:[-•*] ?|[0-9]\W? ?)?| ?[0-9]\W ?")
_JOINED = re.compile(r"[ \-.,&/+]{1,3}|\n")


def _of_nobody(words: Words) -> list[tuple[int, int]]:
    """Where well-known names stand: but not behind a title, a role, kin or thanks, which make of
    “Gordon Brown” somebody's surgeon."""
    known = well_known()
    places = []
    place = 0
    while place < len(words.low):
        first = words.low[place]
        ways = (*known.get(first, ()), *known.get(f"{first}'s", ()))
        length = max((len(way) for way in ways if _is_way(words, place, way)), default=0)
        if length and not _met_before(words, place):
            last = place + length - 1
            places.append((words.start[place], words.end[last]))
        place += max(length, 1)
    return places


_BETWEEN_WORDS = re.compile(r"[ ,.&\-\"]{1,3}")


def _is_way(words: Words, place: int, way: tuple[str, ...]) -> bool:
    if place + len(way) > len(words.low):
        return False
    for step, spelt in enumerate(way):
        at = place + step
        owned = spelt.endswith("'s")
        bare = (spelt[:-2] if owned else spelt).replace("'", "")
        if words.low[at] != bare or (owned and not words.owns[at]):
            return False
        if step and not _BETWEEN_WORDS.fullmatch(words.gap[at].strip("'") or " "):
            return False
    # one word alone is somebody well known only with a capital, where capitals tell
    return len(way) > 1 or words.text[place][0].isupper()


_HONOURS = word_set("sir dame lord lady sr st")


def _met_before(words: Words, place: int) -> bool:
    near, gap = words.at(place - 1), words.gap[place]
    if near in TITLES - _HONOURS:
        return bool(AFTER_TITLE.fullmatch(gap))
    if near in ROLES or near in AS_NAMED:
        return bool(re.fullmatch(r"[ ,:(]{1,2}", gap))
    return (near in KIN and is_kin(words, place - 1)) or (place > 0 and is_thanked(words, place))


def _weighed(shadow: str) -> tuple[Words, dict[int, Candidate]]:
    """The words of a shadow, and those of them that may be names."""
    words = words_in(shadow)
    read = ((place, candidate_at(words, place)) for place in range(len(words.low)))
    return words, {place: candidate for place, candidate in read if candidate is not None}


def spans(shadow: str) -> Iterator[tuple[int, int]]:
    """Where names stand."""
    words, candidates = _weighed(shadow)
    if not candidates:
        return
    for start, end in _of_nobody(words):
        shadow = shadow[:start] + "." * (end - start) + shadow[end:]
    if shadow != words.shadow:
        words, candidates = _weighed(shadow)
    signed = signatures(words, candidates)
    weight = {}
    for place, candidate in candidates.items():
        weight[place] = (
            candidate.worth
            + max(before(words, candidate), signed.get(place, 0.0))
            + after(words, candidate)
            + against(words, candidate)
        )
    places = {place for place, worth in weight.items() if worth >= ENOUGH}
    if places:
        _draw_in(words, candidates, weight, places)
        yield from _joined(words, places)


def _draw_in(
    words: Words, candidates: dict[int, Candidate], weight: dict[int, float], places: set[int]
) -> None:
    """Add to the names what hangs on them, until nothing more does."""
    waiting = sorted(places)
    while waiting:
        place = waiting.pop()
        for drawn in (
            *_surnames(words, candidates, place),
            *_given(words, candidates, place),
            *_of_a_list(words, candidates, weight, place),
            *_initials(words, place),
        ):
            if drawn not in places:
                places.add(drawn)
                waiting.append(drawn)


_AFTER_A_SURNAME = word_set("and was is who for has at on in from to did does that had said")
_HANGING = re.compile(r" {1,2}|-|'|\. |\n")


def _surnames(words: Words, candidates: dict[int, Candidate], place: int) -> list[int]:
    """The surname behind a given name, with its particles."""
    if words.owns[place]:
        return []
    following = place + 1
    particles: list[int] = []
    while (
        len(particles) < MOST_BEFORE
        and words.at(following) in PARTICLES
        and _HANGING.fullmatch(words.gap[following])
        and "\n" not in words.gap[following]
    ):
        particles.append(following)
        following += 1
    if following >= len(words.low) or not _HANGING.fullmatch(words.gap[following]):
        return []
    gap = words.gap[following]
    candidate = candidates.get(following)
    if gap == "-" and words.text[following][0].isupper() and words.text[place][0].isupper():
        return [*particles, following]
    if gap == ". " and len(words.low[place]) == 1:
        gap = " "
    if (
        gap == "'"
        or gap == ". "
        or candidate is None
        or ("\n" in gap and not words.capital[following])
    ):
        return []
    if words.low[following] in SELDOM_IN_SMALL and not words.capital[following]:
        return []
    if (
        candidate.entry.surname
        or candidate.unknown
        or (particles and words.capital[following])
        or candidate.entry.given
    ):
        more = 2.6 if words.capital[following] else 2.2
        # in small letters a word such as “green” is a surname where the sentence ends with it
        ends = (
            bool(re.match(r" ?[,.!?;:)\n\-]|$", words.gap[following + 1]))
            or words.at(following + 1) in _AFTER_A_SURNAME
        )
        if (
            not words.capital[following]
            and candidate.entry.surname
            and candidate.entry.also
            and ends
        ):
            more += 2.0
        if "\n" in gap:
            more -= 1.0
        if particles:
            more += 1.0
        if _own_weight(words, candidate) + more >= ENOUGH:
            return [*particles, following]
    return []


def _own_weight(words: Words, candidate: Candidate) -> float:
    return candidate.worth + min(0.0, against(words, candidate))


def _given(words: Words, candidates: dict[int, Candidate], place: int) -> list[int]:
    """The given name before a surname; particles, and what a hyphen binds."""
    drawn: list[int] = []
    before = place - 1
    if before < 0:
        return drawn
    gap = words.gap[place]
    while len(drawn) < MOST_BEFORE and words.at(before) in PARTICLES and gap in (" ", "-", "'"):
        drawn.append(before)
        gap = words.gap[before]
        before -= 1
    if before < 0 or gap not in (" ", "  ", "-"):
        return drawn
    candidate = candidates.get(before)
    if (
        gap == "-"
        and words.text[before][0].isupper()
        and words.text[place][0].isupper()
        and words.low[before] not in TITLES
    ):
        return [*drawn, before]
    if candidate is not None and not candidate.word and not words.owns[before]:
        more = (
            2.4
            if candidate.entry.given == 2
            else 2.0
            if words.capital[before] or candidate.unknown
            else 0.0
        )
        if words.low[before] in SELDOM_IN_SMALL and not words.capital[before]:
            more = 0.0
        if (
            _own_weight(words, candidate)
            + more
            + (0.8 if candidate.entry.given == 2 and not words.begins[before] else 0.0)
            >= ENOUGH
        ):
            return [*drawn, before]
    return drawn


def _of_a_list(
    words: Words, candidates: dict[int, Candidate], weight: dict[int, float], place: int
) -> list[int]:
    """The names beside one, after a comma, an “and” or at the head of the next line."""
    drawn = []
    for step in (1, -1):
        at = place + step
        gaps = [words.gap[max(place, at)]]
        while words.at(at) in (
            "and",
            "also",
            "sometimes",
            "of",
            "course",
            "then",
            "or",
            "plus",
            "n",
            "nurse",
            "dr",
        ) and 0 <= at < len(words.low):
            at += step
            if not 0 <= at < len(words.low):
                break
            gaps.append(words.gap[at] if step > 0 else words.gap[at + 1])
        candidate = candidates.get(at)
        if candidate is None or (
            candidate.word and not (words.capital[at] and _in_a_titled_list(words, at))
        ):
            continue
        between = [gap for gap in gaps if gap != " "]
        if len(gaps) == 1 and not between:
            continue  # beside it without a comma: no list
        if all(_LIST_GAP.fullmatch(gap) for gap in between) and (
            candidate.word or weight[at] + _more_in_a_list(words, candidate) >= ENOUGH
        ):
            drawn.append(at)
    return drawn


def _in_a_titled_list(words: Words, place: int) -> bool:
    """Whether a list began with a title for all of it: “Drs Sample and Other”."""
    least = max(0, place - 20)
    while (
        place > least
        and (words.capital[place] or words.low[place] == "and")
        and re.fullmatch(r"[, &/]*", words.gap[place])
    ):
        place -= 1
    return words.low[place] in _SEVERAL


def _more_in_a_list(words: Words, candidate: Candidate) -> float:
    if words.capital[candidate.place]:
        return 2.5
    if words.low[candidate.place] in SELDOM_IN_SMALL:
        return 1.0
    return 3.0 if candidate.entry.given == 2 else 2.2


def _initials(words: Words, place: int) -> list[int]:
    """“J.” before a name and “L” behind it."""
    drawn = []
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(words.low) and len(words.low[at]) == 1:
            gap = words.gap[at + 1 if step < 0 else at]
            text = words.text[at]
            dotted = words.gap[at + 1].startswith(".")
            if not re.fullmatch(r"\.? ?|-", gap) or text in ("I", "A", "x", "X") and not dotted:
                break
            if not text.isupper() and not dotted:
                break
            if step > 0 and "." in gap:
                break
            drawn.append(at)
            at += step
    return drawn


def _joined(words: Words, places: set[int]) -> Iterator[tuple[int, int]]:
    """The places of names, those of one person or of one list together."""
    start = end = -1
    last = -2
    for place in sorted(places):
        listed = (
            last == place - 2
            and words.low[place - 1] == "and"
            and words.gap[place - 1].strip() in ("", ",")
            and words.gap[place] == " "
        )
        if (
            last >= 0
            and not words.owns[last]
            and (
                (
                    last == place - 1
                    and _JOINED.fullmatch(words.gap[place])
                    and not ("." in words.gap[place] and len(words.low[last]) > 1)
                )
                or (listed and "\n" not in words.gap[place - 1])
            )
        ):
            end = words.end[place]
        else:
            if start >= 0:
                yield start, end
            start, end = words.start[place], words.end[place]
        last = place
    if start >= 0:
        yield start, end
