"""Names of people, found by weighing each word: what the lists know of it, and what stands around it.

    A word starts with what it is worth by itself (a given name much, a surname less, a word no
    list knows a
    little, an everyday word nothing) and gains or loses by its neighbours: a title, a role,
    kin, thanks, a
    signature, what only a person does; “St”, “Ward”, “disease”, a date. From `ENOUGH` on it is
    a name. Names
then draw in what hangs on them: initials, particles, surnames, the other names of a list.

    Where letters tell nothing (a comment all in capitals or all in small letters) the words
    alone are weighed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pxcore.disclosure.redaction.lexicon import (
    NO_ENTRY,
    Entry,
    entries,
    is_misspelt,
    is_word,
    well_known,
)

ENOUGH = 3.0
LONGEST = 30  # letters of a name
MOST_BEFORE = 5  # initials and particles before one word of a name


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# --- Words that tell ------------------------------------------------------------------------------

# Words after a title that are no name: with them a name ends, or there was none.
_NO_NAMES = _set(
    """
    a about after again ago all also although always am an and any app appointment appointments
    appt are area around as ask asked asking at attitude away back be because been
    before being both but by call called calls came can cant care cared carers caring
    checked clinic come comes consultant consultation could couldnt course dentist
    department desk diagnosed did didnt do doctor doctors does doesnt doing done dont dr drs
    during each even ever every everyone everything examined excellent explained fantastic
    felt first for found friday friendly from gave get gets give given gives go goes
    going gone good got gp gps great had has hasnt have having hca hcas he helped helpful her
    here him hers
    his hospital how however i if im ive in into is isnt it its just kept kind knew know knows
    last later led
    left let like line listened listens looked lovely made make makes man manager manner matron
    me midwife
    midwives might miss monday more most mr mrs ms mx must my myself need needed needs never nhs
    nice no not notes nothing
    now nurse nurses of off on once one only or our out over own paramedic paramedics patient
    patients pharmacist phoned phones physio please polite practice practitioner prescribed prof
    professor
    put rang really receptionist receptionists referral referred refused registrar room rude said
    same sat saturday saw says see seen sees sent service services she shift should
    shouldnt since sister so some specialist spoke staff station still student students such sunday
    surgeon surgeries surgery take takes talked team tells than thank thanks that thats the their
    them then there these they theyre this those though through thursday to today told too took
    tried
    tuesday unit until up us very via visit visited visits volunteers waiting want wanted wants
    was wasnt we wednesday well went were werent what when where which while who whos whom whose why
    with within without woman wont wonderful would wouldnt wrote yesterday yet you your yours youre
    mon tue tues weds thu thur thurs fri
    mum mums mam mom dad dads mother father son sons daughter wife husband brother sister baby
    nan gran grandad grandma
    partner uncle aunt auntie cousin friend mate neighbour boy girl lady gentleman guy guys god
    xx xxx
    ok okay yes etc am pm hi hello hey dear sir madam a&e ae ed icu itu nicu mri ct ecg er ent
    gum nhs111 pcn icb cqc pals
    """
)
# and words in capitals that stand where a name may: after “thanks to”, “my son”, before “on reception”
_NO_NAMES_OF_SOMEBODY = _set(
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
# names that are verbs, months or helpers where they stand in small letters
_SELDOM_IN_SMALL = _set(
    """
    will may mark hope bill drew grant chase sue pat rob skip don jack art april june august
    summer autumn frank
    rich faith joy dawn gift grace miles chance sunny early young little long case major star
    van bud buddy honey
    angel precious rose lane love stone page price sky storm true wells west rain talon season
    victory favour comfort
    brown grey small queen king justice prince princess judge bishop ward carter hunter mercy
    glory peace happy
    christian charity patience max penny gay dick bee dee val nova dot sid lark stan kit tad tam
    gill
    """
)
_MONTHS = _set(
    "may april june august march january february july september october november december"
)
_TITLES = _set(
    "dr drs mr mrs ms miss mx prof professor doctor doctors sir dame lord lady rev revd reverend"
    " fr father sr sister"
    " matron canon rabbi imam cllr councillor capt captain sgt pc lt col major mister missus doc"
    " messrs nurse nurses"
)
# titles that are words as well: what follows in small letters must look like a name
_TITLES_AND_WORDS = _set(
    "miss doctor doctors sir dame lord lady father sister matron canon captain major nurse nurses"
    " doc imam rabbi fr"
)
_ABBREVIATED = _set("dr drs mr mrs ms mx prof rev revd fr sr st capt sgt lt col cllr messrs")
_SEVERAL = _set("drs nurses doctors messrs sisters midwives receptionists")
_ROLES = _set(
    """
    nurse nurses sister matron midwife midwives consultant surgeon hca hcas hcsw assistant
    assistants practitioner physio
    physios physiotherapist physiotherapists therapist therapists paramedic paramedics porter
    porters receptionist receptionists
    pharmacist dentist hygienist counsellor psychologist psychiatrist carer carers visitor
    optometrist optician
    radiographer radiographers sonographer phlebotomist anaesthetist anesthetist registrar
    doctor doctors gp gps chaplain driver
    secretary student volunteer volunteers dietitian dietician radiologist cardiologist
    oncologist physician
    podiatrist chiropodist cleaner cleaners interpreter manager worker coordinator ordinator cpn
    locum crew ot slt salt
    sho houseman trainee nurseries housekeeper domestic technician audiologist orthoptist
    prescriber dispenser
    neurologist dermatologist urologist gynaecologist obstetrician paediatrician geriatrician
    rheumatologist haematologist
    clerk warden clinician operator ambulanceman fireman policeman officer advocate navigator
    link prescriber doula vicar priest
    administrator supervisor lead ahp odp hv dn sw ward-clerk nursery
    """
)
_KIN = _set(
    """
    mother mum mums mummy mom mommy mam father dad dads daddy son sons daughter daughters wife
    husband hubby partner brother
    brothers sister sisters sibling grandmother grandfather grandma grandpa grandson
    granddaughter grandchild nan nana nanny
    gran granny grandad granddad uncle aunt auntie aunty cousin niece nephew friend mate
    neighbour boyfriend girlfriend
    fiance fiancee boy girl baby child toddler twins twin stepson stepdaughter stepdad stepmum
    law kid kids
    little lad bump missus hubbie
    """
)
_POSSESSIVES = _set("my our his her their your")
_PARTICLES = _set(
    "van von de da del della der den di du la le el al bin binti ibn ap ab st mac mc ter ten dos"
    " das ben bint abu o ni nic ui fitz abd"
)
_THANKS = _set(
    "thanks thank thankyou thanku cheers ta kudos praise gratitude credit props respect thx tysm"
    " congratulations congrats bravo"
)
_TO_PERSON = _set("hi hello dear hey sorry hiya hallo goodbye bye welcome")
# “spoke to”, “seen by”: whom one meets
_MET = _set(
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
_OF_MEETING = _set("to by with for after about from under of towards")
# what only a person does or is, after the name
_ACTS = _set(
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
_OF_PEOPLE = _set(
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
_DESKS = _set("reception desk switchboard pharmacy triage phones dispensary phone counter till")
_FACILITIES = _set(
    """
    ward wards hospital hospitals unit units wing suite house road street lane avenue close
    drive way court place gardens garden clinic
    clinics surgery practice centre center infirmary hospice medical health building block floor
    trust university college
    school park square terrace crescent hill green room theatre lounge café cafe church station
    airport hotel pub ae
    castle bridge day bank cottage lodge village town city county council foundation group
    pharmacy chemist dental hall
    hostel nursing residential care home homes
    """
)
_AILMENTS = _set(
    """
    disease diseases syndrome palsy test tests score scale scan lymphoma ulcer contracture
    fracture sign reflex procedure
    manoeuvre tumour sarcoma oesophagus cells fever diet catheter bandage frame stocking
    stockings line pump inhaler
    tablets tablet cream mg ml mcg injection vaccine jab insulin leaflet clinic dementia
    phenomenon thyroiditis lamp garden
    hip knee block splint collar pelvis coma criteria chart index technique method
    wallpaper position remedies neuroma forceps balloon firs fir potatoes potato quiche
    paint award awards plum plums apple apples pear pears cake cakes
    pie sandwich toast biscuits lifts lift scanner scanners fabric curtains chair mattress cushion
    print font
    """
)
_ROYAL = _set("st saint queen king princess prince royal duke duchess lord sir our")
_PLACE_BEFORE = _set(
    "in at near from to around outside towards via behind opposite beyond across into"
)
_GOING = _set(
    "went go going gone goes came come got get moved transferred sent referred taken back travel"
    " travelled drive drove bus next close"
)
_TIME_BEFORE = _set(
    "in last next since until till by early late mid this every before after from of during end"
    " start on for to through"
)
_SPOKEN = _set("spoke spoken speak speaking talked talking listened listening complained")
_AS_NAMED = _set("called named name names known nicknamed")
_THINGS = _set(
    "prep drug drugs tablet tablets medicine medication cream gel drink app system programme"
    " course scheme company"
    " condition disease disorder syndrome thing something bug infection form test scan procedure"
    " website portal injection"
)
_THEN = _set("said say says then maybe or not now promised became")
_PREFIXES = _set("co non anti pre post semi ex e i")
_KISSES = re.compile(r"[xX]{1,8}$")
_END = re.compile(r"[.!?;:…]|\n")
_SENTENCE = re.compile(r"[.!?…\n]|[•*]")

_TOKEN = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*")
_LIST_GAP = re.compile(r" ?(?:,|&|/|\+|;) ?|[,.]? ?\n ?(?:[-•*] ?|[0-9]\W? ?)?| ?[0-9]\W ?")
_JOINED = re.compile(r"[ \-.,&/+]{1,3}|\n")


# whose names illnesses and tests bear
_EPONYMS = _set(
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


@dataclass(slots=True)
class _Words:
    """The words of a shadow, side by side: what each is, and what stands between it and the one"
    " before."""

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


def _words(shadow: str) -> _Words:
    words = _Words(shadow)
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


_SMALL_WORDS = _set(
    "the and to of for was were is in on at with my me you very all it they that have had so a i"
    " not as be"
)


_CAPITALS = re.compile("[A-Z]+")


def _look_at_capitals(words: _Words) -> None:
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


_SURNAMES_TOO = _set("hill hall day green")
_SURE_FACILITIES = _set(
    "ward wards unit units hospital hospitals clinic clinics surgery practice centre wing suite"
    " infirmary hospice road street avenue"
)
_NEVER_ALONE = _FACILITIES | _ROLES | _KIN


# --- What a word is worth by itself ---------------------------------------------------------------


@dataclass(slots=True)
class _Candidate:
    """A word that may be a name."""

    place: int
    entry: Entry
    worth: float
    unknown: bool  # neither a name of the lists nor a word
    word: bool  # an everyday word that no list knows as a name


def _candidate(words: _Words, place: int) -> _Candidate | None:
    low = words.low[place]
    if not 2 <= len(low) <= LONGEST or low in _NO_NAMES:
        return None
    entry = entries().get(low, NO_ENTRY)
    capital, begins = words.capital[place], words.begins[place]
    named = entry is not NO_ENTRY
    english = is_word(low)
    if english and not named and not (capital and (not begins or _title(words, place))):
        return None  # by far the most
    title = _title(words, place)
    unknown = not named and not english and (len(low) > 2 or bool(title))
    if unknown and (begins or not capital) and (not title or title in _TITLES_AND_WORDS):
        unknown = not is_misspelt(low)
    if not named and not unknown and not capital:
        return None
    if low in _NEVER_ALONE and not (entry.given == 2 and capital and not entry.also):
        behind_a_name = (
            low not in _SURE_FACILITIES and words.at(_leading(words, place) - 1) in entries()
        )
        if not (capital and (_title(words, place) or behind_a_name)):
            return None
    worth = _worth(low, entry, capital, begins, english, unknown)
    if capital and unknown and words.text[place].isupper():
        worth -= 1.2  # an abbreviation, as a rule
    return _Candidate(place, entry, worth, unknown, not named and not unknown)


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
        return -1.6 if low in _SELDOM_IN_SMALL else 0.0
    if entry.given and not also and not english:
        return 1.2
    if entry.surname and not also and not english:
        return 1.0
    if unknown:
        return 0.9
    if entry.surname and not also:
        return 0.0  # “sayed” is no word, but made as one
    return -1.2 if entry.given or entry.surname else -2.5


# --- What stands around it ------------------------------------------------------------------------

_CLOSE = re.compile(r" ?[\"'(]? ?")
_AFTER_TITLE = re.compile(r"(?:'?s)?\.? ?[\-:,/&]? ?[\"']?")
_AFTER_ROLE = re.compile(r"(?:[ ,:/(\-\"'=]|\d\W)*")
_NO_STOP = re.compile(r"[^.!?\n\0]*")


def _close(gap: str) -> bool:
    return bool(_CLOSE.fullmatch(gap))


def _before(words: _Words, candidate: _Candidate) -> float:
    """What the words before it add."""
    place, low = candidate.place, words.low[candidate.place]
    capital = words.capital[place]
    title = _title(words, place)
    if title:
        sure = title not in _TITLES_AND_WORDS
        if (
            capital
            or (not candidate.word and low not in _SELDOM_IN_SMALL)
            or (
                sure
                and (candidate.entry.given or candidate.entry.surname)
                and low not in ("will", "may")
            )
        ):
            return 9.0 if sure or capital else 2.3
    initial = (
        _is_initial(words, place - 1)
        and re.fullmatch(r"\.? ?", words.gap[place])
        and (capital or "." in words.gap[place])
    )
    if _is_linked(words, candidate):
        return 2.4
    first = _leading(words, place)
    gap = words.gap[first]
    near, far = words.at(first - 1), words.at(first - 2)
    if not _NO_STOP.fullmatch(gap):
        return 0.0
    best = 0.0
    if near in _ROLES and _AFTER_ROLE.fullmatch(gap):
        by_comma = "," in gap or "-" in gap
        best = (2.2 if by_comma else 3.0) if capital else 2.2
    if near in _KIN and _AFTER_ROLE.fullmatch(gap) and _is_kin(words, place - 1):
        best = max(best, 3.0 if capital else 2.3)
    if near in _AS_NAMED and (_close(gap) or ":" in gap) and (capital or far not in _THINGS):
        best = max(best, 3.0 if capital else 2.3)
    if near == "as" and far in ("known", "signed", "introduced") and _close(gap):
        best = max(best, 3.0 if capital else 2.3)
    if near in _CASES and capital and not candidate.word and re.fullmatch(r"[ :,]{1,2}", gap):
        best = max(best, 2.2)
    if _in_apposition(words, candidate):
        best = max(best, 2.2)
    if far == "name" and near in ("is", "was") and _close(gap):
        best = max(best, 3.2 if capital else 2.3)
    if near == "name" and words.owns[place - 1]:
        best = max(best, 3.2 if capital else 2.3)
    if _is_thanked(words, first):
        best = max(best, 2.5 if candidate.entry.given == 2 else 2.2)
    if near in _TO_PERSON and _close(gap):
        best = max(best, 0.0 if candidate.word else 2.5 if candidate.entry.given == 2 else 2.2)
    if not candidate.word and _close(gap):
        if near in _OF_MEETING and far in _MET:
            strong = near not in ("for", "about", "of", "after", "from")
            best = max(
                best,
                2.2 if strong or not candidate.unknown or (far, near) == ("ask", "for") else 1.0,
            )
        elif (far, near) in (("behalf", "of"), ("care", "of")):
            best = max(best, 3.0)
        elif near in _MET:
            best = max(best, 1.5)
        elif (
            near in ("says", "said", "old", "young", "poor", "bloody", "little")
            and not candidate.unknown
        ):
            best = max(best, 1.3)
        elif near in (
            "by",
            "with",
            "that",
            "when",
            "then",
            "because",
            "but",
            "for",
            "if",
            "and",
            "is",
            "was",
            "think",
            "it's",
        ):
            best = max(best, 0.8 if capital else 0.3)
        elif near in _OF_PEOPLE and capital:
            best = max(best, 0.8)
    if capital and (far, near) == ("ask", "for"):
        best = max(best, 3.0)
    if re.fullmatch(r" ?[(\"'] ?", gap) and capital and not candidate.word:
        best = max(best, 1.2)
    if near in ("was", "is", "were", "=") and far in _ROLES and _close(gap) and not candidate.word:
        best = max(best, 2.2)
    if (
        (far in ("call", "calls", "called") and near in ("him", "her", "me", "them"))
        and _close(gap)
        and (capital or not candidate.word)
    ):
        best = max(best, 3.0)
    return best + (2.0 if initial and not candidate.word else 0.0)


_CASES = _set("patient client resident surname surnamed signed")
_LINKS = _set("van von de da di del della bin al el dos das ibn ben")


def _in_apposition(words: _Words, candidate: _Candidate) -> bool:
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
        if words.low[back] in _ROLES or words.low[back] in _KIN or words.low[back] in _CASES:
            return True
        if words.low[back] in ("lady", "gentleman", "man", "woman", "chap", "lad"):
            return True
        if words.gap[back] != " ":
            return False
    return False


def _is_linked(words: _Words, candidate: _Candidate) -> bool:
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


def _leading(words: _Words, place: int) -> int:
    """Where a name begins whose word this is: before its initials and particles."""
    least = max(0, place - MOST_BEFORE)
    while place > least and re.fullmatch(r"\.? ?", words.gap[place]):
        before = words.low[place - 1]
        if not (
            _is_initial(words, place - 1) or (before in _PARTICLES and before not in ("do", "o"))
        ):
            break
        place -= 1
    return place


def _title(words: _Words, place: int) -> str:
    """The title before a name, or ""."""
    first = _leading(words, place)
    for start in {place, first}:
        near, gap = words.at(start - 1), words.gap[start]
        # “such a kind doctor. Five stars”: a full stop after a whole word ends a sentence, and
        # “the nurse, Monday’s,” names nobody by a title
        whole = near in _ABBREVIATED or not (gap.startswith(".") or "," in gap)
        if near in _TITLES and whole and _AFTER_TITLE.fullmatch(gap):
            return near
    return ""


def _is_kin(words: _Words, place: int) -> bool:
    """Somebody's: “my late father”; a husband or a granddaughter is so by the word alone."""
    if words.low[place] in ("grandson", "granddaughter", "husband", "wife", "daughter"):
        return True
    return any(words.at(back) in _POSSESSIVES for back in range(place - 1, place - 6, -1)) or (
        words.begins[place]
        and words.low[place]
        in ("mum", "mam", "dad", "nan", "gran", "grandad", "grandma", "uncle", "auntie", "aunt")
    )


def _is_thanked(words: _Words, place: int) -> bool:
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
            if not _NO_STOP.fullmatch(words.gap[back + 1]):
                return False
    return False


def _is_initial(words: _Words, place: int) -> bool:
    if not 0 <= place < len(words.low) or len(words.low[place]) != 1:
        return False
    dotted = words.gap[place + 1].startswith(".")
    return dotted or (words.text[place].isupper() and words.text[place] not in "IAX")


def _after(words: _Words, candidate: _Candidate) -> float:
    """What the words behind it add; those behind a surname that follows too."""
    best = 0.0
    place = candidate.place
    for last in (place, place + 1, place + 2):
        if last > place and not (
            _close(words.gap[last]) and last < len(words.low) and _may_follow(words, last)
        ):
            break
        best = max(best, _after_it(words, candidate, last))
        if last + 1 >= len(words.low):
            break
    return best


def _may_follow(words: _Words, place: int) -> bool:
    low = words.low[place]
    if len(low) == 1:
        return _is_initial(words, place)
    if low in _NO_NAMES or low in _FACILITIES or low in _ACTS:
        return False
    entry = entries().get(low, NO_ENTRY)
    return (words.capital[place] or not words.capital[place - 1]) and (
        bool(entry.surname or entry.given)
        and (words.capital[place] or not entry.also)
        or not is_word(low)
    )


def _after_it(words: _Words, candidate: _Candidate, last: int) -> float:
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
        return (
            1.8 if near in _ROLES else 0.8 if not candidate.word and near not in _AILMENTS else 0.0
        )
    if not near or candidate.word:
        return 0.0
    best = 0.0
    if re.fullmatch(r",? ?[(\-]? ?", gap):
        article = near in ("the", "our", "my", "a", "an", "one", "his", "her")
        then = range(last + 2, last + 5) if article else range(last + 1, last + 3)
        who = _ROLES | _KIN if article else _ROLES
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
            and any(words.at(there) in _ROLES for there in range(last + 3, last + 6))
        ):
            best = max(best, 2.3)
        # a medicine may be, help and give as well; a person is kind, and listens
        best = max(best, 1.2 if not candidate.unknown else 0.9)
        if near in ("was", "is", "were", "are", "has", "really", "always"):
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
                if near not in ("gave", "made", "helped", "put", "kept", "keeps", "helps")
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


_OWNED_BY_NOBODY = _set(
    "law rule act arms head inn tavern fund charity appeal foundation legacy boys"
)
_SUNG = _set("sang sing sings singing sung played hummed humming")
_PERFORMED = _set(
    "song songs album film films movie book books novel novels music programme show concert poster"
    " posters dvd cd podcast fan fans impression impersonator tribute"
)
_ON_AIR = _set("radio telly tv television hold loop repeat film screen netflix spotify iplayer")


def _is_performed(words: _Words, place: int) -> bool:
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
    if words.gap[last + 1] not in (" ", "'s ") or not words.at(last + 1):
        return False
    if then[0] in _PERFORMED:
        return True
    while then and then[0] in ("was", "were", "is", "played", "playing", "blaring", "came"):
        then = then[1:]
    return then[:1] == ["on"] and any(word in _ON_AIR for word in then[1:3])


def _names_a_building(words: _Words, place: int) -> bool:
    """Whether a row of capitals goes on from a word to a building's: with “the” before it, or a capital."""
    last = place
    while (
        last - place < 4 and words.at(last + 1) and re.fullmatch(r"(?:'s)? ", words.gap[last + 1])
    ):
        last += 1
        if words.low[last] in _SURE_FACILITIES or (
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


_ONLY_OF_PEOPLE = _set(
    "kind kinder kindest friendly rude helpful caring polite gentle attentive professional"
    " dismissive abrupt arrogant cheerful"
    " welcoming unhelpful unprofessional patronising sympathetic knowledgeable compassionate"
    " legend angel gem"
)


def _against(words: _Words, candidate: _Candidate) -> float:
    """What speaks against a person: a place, an illness, a month, a saint."""
    place, low, entry = candidate.place, words.low[candidate.place], candidate.entry
    gap, near, after = words.gap[place], words.at(place - 1), words.gap[place + 1]
    far = words.at(place - 2)
    following = words.at(place + 1)
    sure = entry.given == 2 and not entry.also
    total = 0.0
    hyphened = (gap == "-" and near in _EPONYMS) or (after == "-" and following in _EPONYMS)
    if low in _EPONYMS and (words.owns[place] or following in _AILMENTS or hyphened):
        total -= 6.0
    elif (
        words.capital[place]
        and low not in _MONTHS
        and _title(words, place)
        and not (
            following in ("ward", "wing", "unit", "hospital", "house", "centre", "suite", "clinic")
            and not words.owns[place]
        )
    ):
        return 0.0
    ahead = re.fullmatch(r"(?:'s)?[ \-/]", after) if following else None
    if (
        ahead
        and following in (_FACILITIES - _SURNAMES_TOO if sure else _FACILITIES)
        and not (words.owns[place] and sure and words.at(place - 1) not in _ROYAL)
    ):
        total -= 4.0
    # “the Queen Elizabeth Hospital”: the last of a row of capitals tells what the others are
    elif (
        ahead
        and words.capital[place]
        and words.capital[place + 1]
        and words.at(place + 2) in _FACILITIES - _set("home bank care day")
        and words.gap[place + 2] in (" ", "'s ")
    ):
        total -= 2.5
    if ahead and following in _AILMENTS and not (sure and words.owns[place]):
        total -= 4.0
    # “the Elizabeth Garrett Anderson Wing”
    elif ahead and words.capital[place] and _names_a_building(words, place):
        total -= 3.5
    if words.owns[place] and following in _OWNED_BY_NOBODY:
        total -= 4.0
    if _is_performed(words, place):
        total -= 4.0
    of_a_name = near == "st" and (far in _TITLES or far in entries())
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
            or near in ("st", "nd", "rd", "th", "on", "of")
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


def _beside_a_month(words: _Words, place: int) -> bool:
    """Whether a month stands near: “in March they said May”."""
    return any(
        words.low[near] in _MONTHS and words.at(near - 1) in _TIME_BEFORE
        for near in range(max(1, place - 8), min(len(words.low), place + 9))
        if near != place
    )


# --- Signatures -----------------------------------------------------------------------------------

_SIGNING = _set(
    "regards thanks thank you yours cheers love from signed sincerely faithfully truly wishes"
    " best all disgust ta kind gratefully respectfully"
)
_BEFORE_SIGNATURE = re.compile(r"[\n]|[-–—~] ?$|[.!?,:] ?[\"]?$")


def _signatures(words: _Words, candidates: dict[int, _Candidate]) -> dict[int, float]:
    """What the words of a last line, or of a line by itself, gain: a name, a few initials and"
    " kisses."""
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
                or low in _TITLES
                or low in _PARTICLES
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
                and words.low[at - 1] not in _TITLES
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


# --- Without a word of its own --------------------------------------------------------------------

_TITLE_JOINED = re.compile(r"\b(?:Dr|Mrs?|Ms|Prof)(?P<it>[A-Z][a-z][A-Za-z'\-]{1,30})")  # DrSample
# “I'm T.W. from the Tuesday group”, “my daughter (D. H.)”, “initials on the chart were j. d.”
_INITIALS_ALONE = re.compile(
    r"\b(?:(?i:i'm|i am|this is|pt|patient|client|initials(?: (?:are|were|is)|:)?"
    r"|initials(?: [a-z]+){1,4} (?:were|are|is|was|said)"
    r"|signed(?: by)?|(?:daughter|son|wife|husband|mum|dad|mother|father|sister|brother|baby"
    r"|child|nan|partner) \()[:,]? ?"
    r"(?P<it>[A-Z]\.? ?[A-Z]\b\.?(?: ?[A-Z]\b\.?)?)(?!'|[a-z])"
    r"|(?i:initials(?: [a-z]+){0,4} (?:were|are|is|was|said)) (?P<small>[a-z]\. ?[a-z]\.)"
    r"|(?i:thanks|thx|thank you|cheers|regards|love"
    r"|from),? (?P<dotted>[A-Z]\. ?[A-Z]\.(?: ?[A-Z]\.)?))"
)
# “Mrs P was kind”, “my named nurse, T., was great”
_INITIAL_TITLED = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|Miss|Mx|Prof|Nurse|Sister|Matron|Doctor|dr|mr|mrs|ms|miss|prof|nurse|sister"
    r"|matron|midwife|Midwife|doctor|consultant|surgeon|porter|receptionist|HCA|physio)"
    r"\.?(?P<comma>,)? (?P<it>[A-Z]\b(?!['&/\-])\.?(?: ?[A-Z]\b\.?)?)"
    r"(?!\.?[ \n]{0,2}(?:[A-Z][A-Za-z.]|[0-9&/]|and [A-Z]\b))"
)
_TWO_LETTERS = re.compile(r"\b[A-Z]\.? ?[A-Z]\b|\b[a-z]\. ?[a-z]\.|[a-z][A-Z]")
_SINGLE_LETTER = re.compile(r" [B-HJ-Z]\b| A\.")
_NO_INITIALS = _set(
    "OK GP UK ED ME MS MD AE HR IT TV UTI TB ID EU US CT MRI PA NI IN ON AT TO OF NO SO UP GO DO"
    " BE AM PM NHS HCA ICU ITU HIV"
    " PTSD COPD BMI MP VIP DNA ADHD OCD PCN ICB CQC RGN SEN DVT"
)


# --- Which words are names ------------------------------------------------------------------------


def spans_of_initials(shadow: str) -> Iterator[tuple[int, int]]:
    """Where initials stand for somebody, and a name that is written in one with its title."""
    if not (_TWO_LETTERS.search(shadow) or _SINGLE_LETTER.search(shadow)):
        return
    for match in _TITLE_JOINED.finditer(shadow):
        yield match.span("it")
    for match in _INITIAL_TITLED.finditer(shadow):
        letters = re.sub("[. ]", "", match["it"])
        dotted = match["it"].endswith(".") and shadow[match.end() :].strip() != ""
        if letters in _NO_INITIALS or (letters in ("I", "A") and not dotted):
            continue
        if not match["comma"] or dotted:
            yield match.span("it")
    for match in _INITIALS_ALONE.finditer(shadow):
        which = match.lastgroup or "it"
        if which != "it" or re.sub("[. ]", "", match["it"]) not in _NO_INITIALS:
            yield match.span(which)


def _of_nobody(words: _Words) -> list[tuple[int, int]]:
    """Where well-known names stand: but not behind a title, a role, kin or thanks, which make of
    “Gordon Brown” somebody's surgeon."""
    known = well_known()
    places = []
    place = 0
    while place < len(words.low):
        first = words.low[place]
        ways = (*known.get(first, ()), *known.get(f"{first}'s", ())) if first else ()
        length = max((len(way) for way in ways if _is_way(words, place, way)), default=0)
        if length and not _met_before(words, place):
            last = place + length - 1
            places.append((words.start[place], words.end[last]))
        place += max(length, 1)
    return places


_BETWEEN_WORDS = re.compile(r"[ ,.&\-\"]{1,3}")


def _is_way(words: _Words, place: int, way: tuple[str, ...]) -> bool:
    if place + len(way) > len(words.low):
        return False
    for step, spelt in enumerate(way):
        at = place + step
        owned = spelt.endswith("'s")
        bare = (spelt[:-2] if owned else spelt).replace("'", "")
        if words.low[at] != bare or (owned and not words.owns[at]):
            return False
        if step and not _BETWEEN_WORDS.fullmatch(
            words.gap[at].removeprefix("'s").strip("'") or " "
        ):
            return False
    # one word alone is somebody well known only with a capital, where capitals tell
    return len(way) > 1 or words.text[place][0].isupper()


_HONOURS = _set("sir dame lord lady sr st")


def _met_before(words: _Words, place: int) -> bool:
    near, gap = words.at(place - 1), words.gap[place]
    if near in _TITLES - _HONOURS:
        return bool(_AFTER_TITLE.fullmatch(gap))
    if near in _ROLES or near in _AS_NAMED:
        return bool(re.fullmatch(r"[ ,:(]{1,2}", gap))
    return (near in _KIN and _is_kin(words, place - 1)) or (place > 0 and _is_thanked(words, place))


def _weighed(shadow: str) -> tuple[_Words, dict[int, _Candidate]]:
    """The words of a shadow, and those of them that may be names."""
    words = _words(shadow)
    read = ((place, _candidate(words, place)) for place in range(len(words.low)))
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
    signed = _signatures(words, candidates)
    weight = {}
    for place, candidate in candidates.items():
        weight[place] = (
            candidate.worth
            + max(_before(words, candidate), signed.get(place, 0.0))
            + _after(words, candidate)
            + _against(words, candidate)
        )
    places = {place for place, worth in weight.items() if worth >= ENOUGH}
    if places:
        _draw_in(words, candidates, weight, places)
        yield from _joined(words, places)


def _draw_in(
    words: _Words, candidates: dict[int, _Candidate], weight: dict[int, float], places: set[int]
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


_AFTER_A_SURNAME = _set("and was is who for has at on in from to did does that had said")
_HANGING = re.compile(r" {1,2}|-|'|\. |\n")


def _surnames(words: _Words, candidates: dict[int, _Candidate], place: int) -> list[int]:
    """The surname behind a given name, with its particles."""
    if words.owns[place]:
        return []
    following = place + 1
    particles: list[int] = []
    while (
        len(particles) < MOST_BEFORE
        and words.at(following) in _PARTICLES
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
    if words.low[following] in _SELDOM_IN_SMALL and not words.capital[following]:
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


def _own_weight(words: _Words, candidate: _Candidate) -> float:
    return candidate.worth + min(0.0, _against(words, candidate))


def _given(words: _Words, candidates: dict[int, _Candidate], place: int) -> list[int]:
    """The given name before a surname; particles, and what a hyphen binds."""
    drawn: list[int] = []
    before = place - 1
    if before < 0:
        return drawn
    gap = words.gap[place]
    while len(drawn) < MOST_BEFORE and words.at(before) in _PARTICLES and gap in (" ", "-", "'"):
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
        and words.low[before] not in _TITLES
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
        if words.low[before] in _SELDOM_IN_SMALL and not words.capital[before]:
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
    words: _Words, candidates: dict[int, _Candidate], weight: dict[int, float], place: int
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


def _in_a_titled_list(words: _Words, place: int) -> bool:
    """Whether a list began with a title for all of it: “Drs Sample and Other”."""
    least = max(0, place - 20)
    while (
        place > least
        and (words.capital[place] or words.low[place] == "and")
        and re.fullmatch(r"[, &/]*", words.gap[place])
    ):
        place -= 1
    return words.low[place] in _SEVERAL


def _more_in_a_list(words: _Words, candidate: _Candidate) -> float:
    if words.capital[candidate.place]:
        return 2.5
    if words.low[candidate.place] in _SELDOM_IN_SMALL:
        return 1.0
    return 3.0 if candidate.entry.given == 2 else 2.2


def _initials(words: _Words, place: int) -> list[int]:
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


def _joined(words: _Words, places: set[int]) -> Iterator[tuple[int, int]]:
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
