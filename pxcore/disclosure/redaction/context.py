"""What speaks for a name in what stands before and after a word."""

from __future__ import annotations

import re

from pxcore.disclosure.redaction.beside import (
    close,
    is_initial,
    is_kin,
    is_thanked,
    leading,
    title_before,
)
from pxcore.disclosure.redaction.candidates import Candidate
from pxcore.disclosure.redaction.cues import (
    AILMENTS,
    AS_NAMED,
    FACILITIES,
    KIN,
    NO_NAMES,
    NO_STOP,
    ROLES,
    SELDOM_IN_SMALL,
    TITLES_AND_WORDS,
    word_set,
)
from pxcore.disclosure.redaction.lexicon import NO_ENTRY, entries, is_word
from pxcore.disclosure.redaction.tokens import Words

_TO_PERSON = word_set("hi hello dear hey sorry hiya hallo goodbye bye welcome")
# “spoke to”, “seen by”: whom one meets
_MET = word_set(
    """
    saw spoke speak speaking spoken talked seen met treated helped dealt looked cared ask asked
    phoned rang told tell
    thank thanked booked waited waiting with seeing see meet treat operated delivered done
    assisted greeted attended supported
    introduced assessed examined reviewed discharged scanned served given praise about complaint
    against remember recommend
    miss love bless missed appreciated contacted contact emailed messaged texted under from led
    called calls nicknamed knew know
    by sent owe owed let heard watched made explained taken work worked for behalf involving chatted
    """
)
_OF_MEETING = word_set("to by with for after about from under of towards")
# what only a person does or is, after the name
_ACTS = word_set(
    """
    was is has had did does said says told explained took listened came went made gave helped
    put kept held rang phoned called
    looked showed sorted knew knows never always really just who whos asked answered walked
    talked sat stayed did didnt wasnt
    isnt treated saw does doesnt couldnt could would wouldnt wont should spoke deserves goes
    came gets got ran tried smiled
    laughed checked changed brought fetched found seems seemed appeared works worked understood
    noticed reassured greeted calmed
    delivered performed fixed drove visited visits removed injected wrote writes reads read
    rocks rules made cared cares let lets
    left leaves needs wants wanted needed went thought thinks spent carried took takes turned
    discharged saved saves ignored
    shouted refused laughed rolled snapped introduced apologised apologized deserved made went bless
    """
)
# and what is said of people
_OF_PEOPLE = word_set(
    """
    kind kinder kindest lovely great amazing helpful friendly rude brilliant fantastic caring
    professional excellent patient so very really
    extremely incredibly wonderful polite gentle attentive superb outstanding fab fabulous
    awesome awful horrible dismissive
    abrupt arrogant thorough reassuring calm cheerful welcoming unhelpful unprofessional
    marvellous exceptional absolutely
    incredible sweet funny nice good nasty patronising sympathetic understanding knowledgeable
    efficient compassionate such an a
    particularly especially always never truly genuinely legend star angel gem lifesaver hero
    delight
    """
)
_DESKS = word_set("reception desk switchboard pharmacy triage phones dispensary phone counter till")
_THINGS = word_set(
    "prep drug drugs tablet tablets medicine medication cream gel drink app system programme"
    " course scheme company"
    " condition disease disorder syndrome thing something bug infection form test scan procedure"
    " website portal injection"
)
_AFTER_ROLE = re.compile(r"(?:[ ,:/(\-\"'=]|\d\W)*")


def before(words: Words, candidate: Candidate) -> float:
    """What the words before it add."""
    place, low = candidate.place, words.low[candidate.place]
    capital = words.capital[place]
    title = title_before(words, place)
    if title:
        sure = title not in TITLES_AND_WORDS
        if (
            capital
            or (not candidate.word and low not in SELDOM_IN_SMALL)
            or (
                sure
                and (candidate.entry.given or candidate.entry.surname)
                and low not in ("will", "may")
            )
        ):
            return 9.0 if sure or capital else 2.3
    initial = (
        is_initial(words, place - 1)
        and re.fullmatch(r"\.? ?", words.gap[place])
        and (capital or "." in words.gap[place])
    )
    if _is_linked(words, candidate):
        return 2.4
    first = leading(words, place)
    gap = words.gap[first]
    near, far = words.at(first - 1), words.at(first - 2)
    if not NO_STOP.fullmatch(gap):
        return 0.0
    best = 0.0
    if near in ROLES and _AFTER_ROLE.fullmatch(gap):
        by_comma = "," in gap or "-" in gap
        best = (2.2 if by_comma else 3.0) if capital else 2.2
    if near in KIN and _AFTER_ROLE.fullmatch(gap) and is_kin(words, place - 1):
        best = max(best, 3.0 if capital else 2.3)
    if near in AS_NAMED and (close(gap) or ":" in gap) and (capital or far not in _THINGS):
        best = max(best, 3.0 if capital else 2.3)
    if near == "as" and far in ("known", "signed", "introduced") and close(gap):
        best = max(best, 3.0 if capital else 2.3)
    if near in _CASES and capital and not candidate.word and re.fullmatch(r"[ :,]{1,2}", gap):
        best = max(best, 2.2)
    if _in_apposition(words, candidate):
        best = max(best, 2.2)
    if far == "name" and near in ("is", "was") and close(gap):
        best = max(best, 3.2 if capital else 2.3)
    if near == "name" and words.owns[place - 1]:
        best = max(best, 3.2 if capital else 2.3)
    if is_thanked(words, first):
        best = max(best, 2.5 if candidate.entry.given == 2 else 2.2)
    if near in _TO_PERSON and close(gap):
        best = max(best, 0.0 if candidate.word else 2.5 if candidate.entry.given == 2 else 2.2)
    if not candidate.word and close(gap):
        if near in _OF_MEETING and far in _MET:
            strong = near not in ("for", "about", "of", "after", "from")
            best = max(
                best,
                2.2 if strong or not candidate.unknown or (far, near) == ("ask", "for") else 1.0,
            )
        elif (far, near) == ("care", "of"):
            best = max(best, 3.0)
        elif near in _MET:
            best = max(best, 1.5)
        elif (
            near in ("says", "said", "old", "young", "poor", "bloody", "little")
            and not candidate.unknown
        ):
            best = max(best, 1.3)
        elif near in (
            "that",
            "when",
            "then",
            "because",
            "but",
            "if",
            "and",
            "is",
            "was",
            "think",
        ):
            best = max(best, 0.8 if capital else 0.3)
        elif near in _OF_PEOPLE and capital:
            best = max(best, 0.8)
    if capital and (far, near) == ("ask", "for"):
        best = max(best, 3.0)
    if re.fullmatch(r" ?[(\"'] ?", gap) and capital and not candidate.word:
        best = max(best, 1.2)
    if near in ("was", "is", "were") and far in ROLES and close(gap) and not candidate.word:
        best = max(best, 2.2)
    if (
        (far in ("call", "calls", "called") and near in ("him", "her", "me", "them"))
        and close(gap)
        and (capital or not candidate.word)
    ):
        best = max(best, 3.0)
    return best + (2.0 if initial and not candidate.word else 0.0)


_CASES = word_set("patient client resident surname surnamed signed")
_LINKS = word_set("van von de da di del della bin al el dos das ibn ben")


def _in_apposition(words: Words, candidate: Candidate) -> bool:
    """“The patient beside me, Sample, was …”: a name between commas behind somebody it is of."""
    place = candidate.place
    if (
        candidate.word
        or not words.capital[place]
        or words.gap[place] != ", "
        or not re.match(r",|\)| -", words.gap[place + 1])
    ):
        return False
    for back in range(place - 1, max(-1, place - 8), -1):
        if words.low[back] in ROLES or words.low[back] in KIN or words.low[back] in _CASES:
            return True
        if words.low[back] in ("lady", "gentleman", "man", "woman", "chap"):
            return True
        if words.gap[back] != " ":
            return False
    return False


def _is_linked(words: Words, candidate: Candidate) -> bool:
    """Whether a particle links it with another word with a capital: “Pieter van Sample”."""
    place = candidate.place
    if candidate.word or not words.capital[place] or candidate.entry.also == "place":
        return False
    for step in (1, -1):
        at = place + step
        passed = 0
        while words.at(at) in _LINKS and passed < 3:
            passed += 1
            at += step
        if passed and 0 <= at < len(words.low) and words.capital[at]:
            between = words.shadow[words.end[min(place, at)] : words.start[max(place, at)]]
            linked = words.low[at]
            if re.fullmatch(r"[A-Za-z' \-]+", between) and not is_word(linked):
                entry = entries().get(linked, NO_ENTRY)
                return entry.also != "place" and bool(
                    entry.given or entry.surname or candidate.entry.given or candidate.entry.surname
                )
    return False


def after(words: Words, candidate: Candidate) -> float:
    """What the words behind it add; those behind a surname that follows too."""
    best = 0.0
    place = candidate.place
    for last in (place, place + 1, place + 2):
        if last > place and not (
            close(words.gap[last]) and last < len(words.low) and _may_follow(words, last)
        ):
            break
        best = max(best, _after_it(words, candidate, last))
        if last + 1 >= len(words.low):
            break
    return best


def _may_follow(words: Words, place: int) -> bool:
    low = words.low[place]
    if len(low) == 1:
        return is_initial(words, place)
    if low in NO_NAMES or low in FACILITIES or low in _ACTS:
        return False
    entry = entries().get(low, NO_ENTRY)
    return (words.capital[place] or not words.capital[place - 1]) and (
        bool(entry.surname or entry.given)
        and (words.capital[place] or not entry.also)
        or not is_word(low)
    )


def _after_it(words: Words, candidate: Candidate, last: int) -> float:
    gap, near, far = words.gap[last + 1], words.at(last + 1), words.at(last + 2)
    if last == candidate.place and not candidate.word and gap in (" ", "  ", "-"):
        # a surname that is nothing else, behind a word that may be a given name
        follower = entries().get(near, NO_ENTRY)
        if (
            follower.surname
            and not follower.also
            and not is_word(near)
            and (candidate.entry.given or candidate.unknown)
            and words.capital[last] == words.capital[last + 1]
        ):
            return 2.2
    if words.owns[last]:
        return 1.8 if near in ROLES else 0.8 if not candidate.word and near not in AILMENTS else 0.0
    if not near or candidate.word:
        return 0.0
    best = 0.0
    if re.fullmatch(r",? ?[(\-]? ?", gap):
        article = near in ("the", "our", "my", "a", "an", "one", "his", "her")
        then = range(last + 2, last + 5) if article else range(last + 1, last + 3)
        who = ROLES | KIN if article else ROLES
        if (article or gap != " ") and any(words.at(there) in who for there in then):
            best = 2.3 if article else 2.0
    if gap == " " and near in ("on", "at", "in", "from", "behind"):
        for there in range(last + 2, last + 5):
            if words.at(there) in _DESKS:
                best = max(best, 2.0)
            if words.at(there) not in ("the", "main", "front", "your"):
                break
    if gap == " " and near in _ACTS:
        # “is the best surgeon in the county”
        if (
            near in ("is", "was")
            and far in ("the", "my", "our", "a", "an")
            and any(words.at(there) in ROLES for there in range(last + 3, last + 6))
        ):
            best = max(best, 2.3)
        # a medicine may be, help and give as well; a person is kind, and listens
        best = max(best, 1.2 if not candidate.unknown else 0.9)
        if near in ("was", "is", "has", "really", "always"):
            if any(words.at(there) in _OF_PEOPLE for there in (last + 2, last + 3)):
                best += (
                    1.5
                    if not candidate.unknown or {far, words.at(last + 3)} & _ONLY_OF_PEOPLE
                    else 0.3
                )
        elif far in ("me", "us", "my", "our", "him", "her", "his"):
            best += (
                1.3
                if not candidate.unknown
                else 0.9
                if near not in ("gave", "made", "helped", "put", "kept")
                else 0.2
            )
    if (near, far) in (
        ("as", "they"),
        ("as", "we"),
        ("as", "everyone"),
        ("to", "his"),
        ("to", "her"),
    ):
        best = max(best, 2.2)
    if re.fullmatch(r" ?[,!] ?", gap) and near in ("you", "your", "thank", "thanks"):
        best = max(best, 1.5)
    if (near, far) in (
        ("and", "the"),
        ("and", "her"),
        ("and", "his"),
        ("and", "team"),
    ) and candidate.entry.given:
        best = max(best, 1.0)
    return best


_ONLY_OF_PEOPLE = word_set(
    "kind kinder kindest friendly rude helpful caring polite gentle attentive professional"
    " dismissive abrupt arrogant cheerful"
    " welcoming unhelpful unprofessional patronising sympathetic knowledgeable compassionate"
    " legend angel gem"
)
