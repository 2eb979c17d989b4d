"""What speaks against a name: buildings, illnesses, months, what is sung or broadcast."""

from __future__ import annotations

import re

from pxcore.disclosure.redaction.beside import title_before
from pxcore.disclosure.redaction.candidates import Candidate
from pxcore.disclosure.redaction.cues import AILMENTS, FACILITIES, SURE_FACILITIES, TITLES, word_set
from pxcore.disclosure.redaction.lexicon import entries
from pxcore.disclosure.redaction.tokens import Words

# and words in capitals that stand where a name may: after “thanks to”, “my son”, before “on reception”
_NO_NAMES_OF_SOMEBODY = word_set(
    """
    admin african age aged alzheimers ambulance american antenatal asian autism autistic black
    boxing british cancer
    cardiology caribbean catering chinese christian christmas copd covid deaf dementia
    dermatology diabetes dyslexia
    easter english european girls gynaecology hindu indian irish islam jewish ladies lads
    maternity muslim
    oncology ophthalmology orthopaedics outpatients paediatrics parking parkinsons pharmacy
    physiotherapy
    everyone anyone someone nobody everybody anybody somebody
    victorian edwardian georgian
    polish radiology ramadan reception scottish security sikh somali switchboard triage type
    welsh white xray
    urdu hindi punjabi bengali arabic spanish french german italian portuguese romanian turkish
    russian ukrainian
    """
)
_MONTHS = word_set(
    "may april june august march january february july september october november december"
)
_ROYAL = word_set("st saint queen king princess prince royal duke duchess lord sir our")
_PLACE_BEFORE = word_set(
    "in at near from to around outside towards via behind opposite beyond across into"
)
_GOING = word_set(
    "went go going gone goes came come got get moved transferred sent referred taken back travel"
    " travelled drive drove bus next close"
)
_TIME_BEFORE = word_set(
    "in last next since until till by early late mid this every before after from of during end"
    " start on for to through"
)
_SPOKEN = word_set("spoke spoken speak speaking talked talking listened listening complained")
_THEN = word_set("said say says then maybe or not now promised became")
_PREFIXES = word_set("co non anti pre post semi ex e i")
# whose names illnesses and tests bear
_EPONYMS = word_set(
    "alzheimer parkinson crohn hodgkin addison hashimoto asperger barrett cushing meniere sjogren"
    " graves huntington paget wilson"
    " turner marfan bell raynaud tourette down reiter kawasaki behcet still hirschsprung"
    " dupuytren perthes colles baker wernicke"
    " korsakoff guillain fournier lynch whipple gilbert osgood charcot peyronie bowen ewing wilms"
    " burkitt kaposi munchausen"
    " creutzfeldt jakob tay sachs prader willi schlatter scheuermann friedreich duchenne charcot"
    " marie tooth ehlers danlos"
    " barre henoch schonlein peutz jeghers wegener goodpasture lloyd davies legg calve beckwith wiedemann"
    " coeliac hoffman babinski phalen tinel schirmer snellen apgar braxton entonox hickman foley"
    " zimmer thomas heimlich"
)
_SURNAMES_TOO = word_set("hill hall day green")
_OWNED_BY_NOBODY = word_set(
    "law rule act arms head inn tavern fund charity appeal foundation legacy boys"
)
_SUNG = word_set("sang sing sings singing sung played hummed humming")
_PERFORMED = word_set(
    "song songs album film films movie book books novel novels music programme show concert poster"
    " posters dvd cd podcast fan fans impression impersonator tribute"
)
_ON_AIR = word_set("radio telly tv television hold loop repeat film screen netflix spotify iplayer")


def _is_performed(words: Words, place: int) -> bool:
    """Sung, played, read or on the radio: “Jolene on the radio again”."""
    first, last = place, place
    while first > 0 and words.capital[first - 1] and words.gap[first] == " " and place - first < 2:
        first -= 1
    while (
        words.at(last + 1)
        and words.capital[last + 1]
        and words.gap[last + 1] == " "
        and last - place < 2
    ):
        last += 1
    near = words.at(first - 1)
    if words.gap[first] == " " and (
        near in _SUNG
        or (words.at(first - 2) in _PERFORMED and near in ("of", "by"))
        or near in _PERFORMED
    ):
        return True
    then = [words.at(there) for there in range(last + 1, last + 6)]
    if words.gap[last + 1] != " " or not words.at(last + 1):
        return False
    if then[0] in _PERFORMED:
        return True
    while then and then[0] in ("was", "were", "is", "played", "playing", "blaring", "came"):
        then = then[1:]
    return then[:1] == ["on"] and any(word in _ON_AIR for word in then[1:3])


def _names_a_building(words: Words, place: int) -> bool:
    """Whether a row of capitals goes on from a word to a building's: with “the” before it, or a capital."""
    last = place
    while last - place < 4 and words.at(last + 1) and words.gap[last + 1] == " ":
        last += 1
        if words.low[last] in SURE_FACILITIES or (
            words.low[last] in ("house", "building", "theatre", "college", "school", "garden")
            and words.capital[last]
        ):
            first = place
            while first > 0 and words.capital[first - 1] and words.gap[first] in (" ", "-"):
                first -= 1
            return words.capital[last] or words.at(first - 1) == "the"
        if not words.capital[last]:
            return False
    return False


def against(words: Words, candidate: Candidate) -> float:
    """What speaks against a person: a place, an illness, a month, a saint."""
    place, low, entry = candidate.place, words.low[candidate.place], candidate.entry
    gap, near, after = words.gap[place], words.at(place - 1), words.gap[place + 1]
    far = words.at(place - 2)
    following = words.at(place + 1)
    sure = entry.given == 2 and not entry.also
    total = 0.0
    hyphened = (gap == "-" and near in _EPONYMS) or (after == "-" and following in _EPONYMS)
    if low in _EPONYMS and (words.owns[place] or following in AILMENTS or hyphened):
        total -= 6.0
    elif (
        words.capital[place]
        and low not in _MONTHS
        and title_before(words, place)
        and not (
            following in ("ward", "wing", "unit", "hospital", "house", "centre", "suite", "clinic")
            and not words.owns[place]
        )
    ):
        return 0.0
    ahead = re.fullmatch(r"[ \-/]", after) if following else None
    if (
        ahead
        and following in (FACILITIES - _SURNAMES_TOO if sure else FACILITIES)
        and not (words.owns[place] and sure and words.at(place - 1) not in _ROYAL)
    ):
        total -= 4.0
    # “the Queen Elizabeth Hospital”: the last of a row of capitals tells what the others are
    elif (
        ahead
        and words.capital[place]
        and words.capital[place + 1]
        and words.at(place + 2) in FACILITIES - word_set("home bank care day")
        and words.gap[place + 2] == " "
    ):
        total -= 2.5
    if ahead and following in AILMENTS and not (sure and words.owns[place]):
        total -= 4.0
    # “the Elizabeth Garrett Anderson Wing”
    elif ahead and words.capital[place] and _names_a_building(words, place):
        total -= 3.5
    if words.owns[place] and following in _OWNED_BY_NOBODY:
        total -= 4.0
    if _is_performed(words, place):
        total -= 4.0
    of_a_name = near == "st" and (far in TITLES or far in entries())
    if near in _ROYAL and gap in (" ", ". ") and near not in ("our", "sir", "lord"):
        total -= 0.0 if of_a_name else 4.0
    if near == "ward" and gap == " ":
        total -= 2.0
    if near == "the" and gap == " ":
        total -= 2.5
    elif (
        near in ("a", "an", "this", "your", "no", "some", "every", "any")
        and gap == " "
        and not sure
    ):
        total -= 1.2
    if near in _PLACE_BEFORE and gap == " " and not (near == "to" and far in _SPOKEN):
        if entry.also == "place":
            total -= 3.0
        elif not entry.given:
            total -= 1.5 if near != "to" or words.at(place - 2) in _GOING else 0.0
    if (
        low in _MONTHS
        and (
            near in _TIME_BEFORE
            or near in ("st", "nd", "rd", "th")
            or near in _MONTHS
            or following in _MONTHS
            or re.search(r"\d\W*$|\d(?:st|nd|rd|th)$", gap)
            or re.match(r"\W{0,2}\d", after)
        )
        or low in _MONTHS
        and near in _THEN
        and _beside_a_month(words, place)
    ):
        total -= 5.0
    if gap == "-" and near in _PREFIXES:
        total -= 4.0
    if re.match(r" ?\d+ ?(?:mg|ml|mcg|g)\b", words.shadow[words.end[place] :]):
        total -= 4.0
    if (low in _NO_NAMES_OF_SOMEBODY and not sure) or low in _ROYAL:
        total -= 4.0
    return total


def _beside_a_month(words: Words, place: int) -> bool:
    """Whether a month stands near: “in March they said May”."""
    return any(
        words.low[near] in _MONTHS and words.at(near - 1) in _TIME_BEFORE
        for near in range(max(1, place - 8), min(len(words.low), place + 9))
        if near != place
    )
