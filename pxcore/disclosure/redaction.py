"""What of a comment may be read: the same words with personal details masked.

Pure functions over text. A detail is looked for in a shadow of the comment, of the same length, in
which accents, full-width digits and odd spaces are made plain; it is cut out of the comment itself.
What is left is never anything the comment did not say. Masking is repeated until nothing more is
found, so that to redact twice changes nothing.

It errs on the side of masking: a word masked for nothing costs a reader little. It does not find first
names that stand alone (list them), places, or what only somebody who was there would recognise.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

RULES = "2"  # raise it with any change below: comments masked by other rules are masked anew

MASKS: Mapping[str, str] = MappingProxyType(
    {
        "web address": "[web address]",
        "e-mail": "[e-mail]",
        "NHS number": "[NHS number]",
        "date": "[date]",
        "phone number": "[phone number]",
        "postcode": "[postcode]",
        "address": "[address]",
        "number": "[number]",
        "name": "[name]",
    }
)
_MASKED = re.compile("|".join(re.escape(mask) for mask in MASKS.values()))
Spans = Callable[[str], Iterator[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Redacted:
    """What may be read of a comment, and how many details of each kind were masked."""

    text: str
    masked: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Redactor:
    """The rules of this module, and the names a person has listed."""

    names: frozenset[str] = frozenset()

    @property
    def rules(self) -> str:
        """Which rules and names these are: two with the same key mask alike."""
        said = "\n".join(sorted(" ".join(words) for words in map(_words, self.names) if words))
        return f"{RULES}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"

    def redact(self, text: str) -> Redacted:
        """The comment with its personal details masked."""
        rules = (*_RULES, ("name", _listed(self.names), False))
        found: Counter[str] = Counter()
        while True:
            before, digits = text, any(map(str.isdigit, text))
            for kind, spans, of_digits in rules:
                if digits or not of_digits:
                    text = _mask(text, kind, spans, found)
            if text == before:
                return Redacted(text, MappingProxyType(dict(found)))


def redact(text: str, names: Iterable[str] = ()) -> Redacted:
    """The comment with its personal details masked, listed names too."""
    return Redactor(frozenset(names)).redact(text)


def folded(redacted: str) -> str:
    """The words of what may be read, small and plain between single spaces, masks left out: for searching."""
    said = _shadow(redacted).replace(_UNSEEN, "").lower().replace("'", "")
    return " " + " ".join(re.findall(r"[^\W_]+", said)) + " "


# --- Finding and masking ----------------------------------------------------------------------


def _mask(text: str, kind: str, spans: Spans, found: Counter[str]) -> str:
    kept, at = [], 0
    for start, end in spans(_shadow(text)):
        if start >= at:
            kept += [text[at:start], MASKS[kind]]
            at = end
            found[kind] += 1
    return "".join([*kept, text[at:]]) if kept else text


def _shadow(text: str) -> str:
    """The text for matching, character for character: plain, and empty where it is masked already."""
    plain = text if text.isascii() else _plain(text)
    return _MASKED.sub(lambda mask: "\0" * len(mask.group()), plain)


def _plain(text: str) -> str:
    return "".join(map(_plain_character, text))


_UNSEEN = "\u200b"  # stands for every character that takes no room


# letters that Unicode takes for letters of their own, not for one with a mark
_STROKES = str.maketrans("ŁłØøĐđÐðĦħıÆæŒœßÞþ", "LlOoDdDdHhiAaOosTt")


@cache
def _plain_character(character: str) -> str:
    """“é” as “e”, a full-width “７” as “7”, any space as “ ”; a letter of another script as “x” or “X”."""
    if character in "‘’ʼ′`´":
        return "'"
    if character in "‐‑‒–—−":
        return "-"
    if character in "\u200b\u200c\u200d\u2060\ufeff\u00ad":
        return _UNSEEN
    if character.isspace():
        return character if character in "\n\r" else " "
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    plain = unicodedata.normalize("NFKD", character)[:1].translate(_STROKES)
    if plain.isascii() and plain.isprintable():
        return plain
    if character.isalpha():
        return "x" if character.islower() else "X"
    return character


def _matches(
    pattern: str, *, any_case: bool = False, is_one: Callable[[str], bool] | None = None
) -> Spans:
    """Where the group `it` of a pattern stands, and is one where that must be worked out."""
    compiled = re.compile(pattern, re.IGNORECASE if any_case else 0)

    def spans(shadow: str) -> Iterator[tuple[int, int]]:
        for match in compiled.finditer(shadow):
            if is_one is None or is_one(match["it"]):
                yield match.span("it")

    return spans


# --- Numbers --------------------------------------------------------------------------------------

_S = rf"[ \t{_UNSEEN}]"  # a space within a line
_GAP = rf"[ \t{_UNSEEN}._\-/()]{{0,3}}"  # what people put between the digits of one number
_NO_DIGIT = "(?<![0-9])"


def _digits(said: str) -> list[int]:
    return [int(character) for character in said if character.isdigit()]


def _is_nhs_number(said: str) -> bool:
    """Whether the last of ten digits is the check digit of the nine before it.

    Modulus 11 with weights 10 to 2 (NHS Data Model and Dictionary, “NHS NUMBER”).
    """
    digits = _digits(said)
    check = 11 - sum((10 - at) * digit for at, digit in enumerate(digits[:9])) % 11
    return check != 10 and check % 11 == digits[9]


def _is_phone(said: str) -> bool:
    """Not a list of times of day, such as “08.00 08.15 08.30”."""
    return not re.match(r"\(?[0-2]?[0-9]\.[0-5][0-9][ \-/]+[0-2]?[0-9]\.[0-5][0-9]", said)


_NHS_NUMBER = rf"{_NO_DIGIT}(?P<it>(?:[0-9]{_GAP}){{9}}[0-9])(?![0-9])"
# three, three and four, whatever stands between them
_BETWEEN = r"[^0-9A-Za-z\0]{1,3}"
_NHS_NUMBER_IN_GROUPS = (
    rf"{_NO_DIGIT}(?P<it>[0-9]{{3}}{_BETWEEN}[0-9]{{3}}{_BETWEEN}[0-9]{{4}})(?![0-9])"
)
# said to be one: with a mistake in it, it is still somebody's
_SAID_TO_BE_NHS_NUMBER = (
    rf"\bnhs{_S}*(?:no\b\.?|number|num\b|id\b|#)[^0-9\n\0]{{0,15}}?"
    rf"(?P<it>[0-9](?:{_GAP}[0-9]){{5,11}})"
)
# 0 or +44 or 0044, then nine or ten digits, in any grouping; a letter O may stand for a nought
_PHONE = (
    rf"{_NO_DIGIT}(?<![A-Za-z])(?P<it>(?:(?:\+{_S}?|0{_GAP}0{_GAP})4{_GAP}4{_GAP}"
    rf"(?:\({_S}?0{_S}?\){_GAP})?|\(?[0oO]{_GAP})"
    rf"[1-35789]{_GAP}(?:[0-9oO]{_GAP}){{7,8}}[0-9])(?![0-9])"
)
# zero seven seven double nought …
_NUMBER_IN_WORDS = (
    r"\b(?P<it>(?:(?:zero|nought|oh?|one|two|three|four|five|six|seven|eight|nine|double|treble|triple)"
    r"[ \-,]{1,2}){7,}(?:zero|nought|oh?|one|two|three|four|five|six|seven|eight|nine))\b"
)
_FOREIGN_PHONE = rf"(?P<it>\+{_S}?[1-9](?:{_GAP}[0-9]){{7,14}})"
# “ring me on 960123”, “ext 45678”
_SAID_TO_BE_PHONE = (
    r"\b(?:tel|telephone|phone|mobile|mob|ring|call|text|sms|whatsapp|ext|extension)\b"
    r"[^0-9\n\0]{0,20}?(?P<it>[0-9]{3,}(?:[ \-]?[0-9]{2,}){0,4})"
)
_REFERENCE = (
    rf"\b(?:(?:hospital|case|patient|record|policy|account|passport|complaint|datix|badge|crn|unit)"
    rf"{_S}*(?:no\b\.?|number|num\b|id\b|ref(?:erence)?)|ref(?:erence)?(?:{_S}*(?:no\b\.?|number))?"
    rf"|mrn)\b[^0-9A-Za-z\n\0]{{0,4}}(?:is{_S}+)?(?P<it>[A-Za-z]{{0,4}}[\-/]?[0-9][0-9A-Za-z/\-]{{3,}})"
)
_LONG_NUMBER = rf"{_NO_DIGIT}(?P<it>[0-9](?:[ \-]?[0-9]){{7,}})"
_NATIONAL_INSURANCE = (
    rf"\b(?P<it>[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]{_S}*(?:[0-9]{{2}}{_S}*){{3}}[A-D])\b"
)
# of a car, as complaints about parking tell it; in capitals alone
_CAR = rf"\b(?P<it>[A-HJ-PR-Y]{{2}}[0-9]{{2}}{_S}?(?!AND|THE|FOR|MIN|HRS|DAY)[A-HJ-PR-Z]{{3}})\b"
# One or two letters, a digit, a digit or letter; then a digit and two of the letters in use there
# (neither “am” nor “pm” is). ZZ99 3 stands for no postcode, and still in its form.
_POSTCODE = (
    rf"(?<![A-Za-z0-9])(?P<it>(?:[A-Z]{{1,2}}[0-9][A-Z0-9]?|GIR{_S}?0)[ \t{_UNSEEN}.\-,]{{0,3}}"
    rf"[0-9]{_S}?[ABD-HJLNP-UW-Z]{_S}?[ABD-HJLNP-UW-Z]|ZZ99{_S}?3[A-Z]{{2}}|BFPO{_S}?[0-9]{{1,4}})"
    r"(?![A-Za-z0-9])"
)

# --- Dates ----------------------------------------------------------------------------------------
# A full date is masked whatever its year: a birthday is one, and so is the day somebody was admitted.
# A month with a year stays.

_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_LONG_YEAR = "(?:18|19|20)[0-9]{2}"
_YEAR = rf"(?:{_LONG_YEAR}|'?[0-9]{{2}})"
_DAY = "(?:0?[1-9]|[12][0-9]|3[01])"
_NTH = rf"{_DAY}(?:{_S}?(?:st|nd|rd|th))?"
_MONTH_NUMBER = "(?:0?[1-9]|1[0-2])"
_DATE = (
    rf"(?:{_LONG_YEAR}{_S}*(?P<a>[-/.]){_S}*{_MONTH_NUMBER}{_S}*(?P=a){_S}*{_DAY}"  # 1951-04-03
    rf"|{_DAY}{_S}*(?P<b>[-/.\\]){_S}*{_MONTH_NUMBER}{_S}*(?P=b){_S}*{_YEAR}"  # 3/4/51
    rf"|{_DAY}{_S}+{_MONTH_NUMBER}{_S}+{_LONG_YEAR}"  # 03 04 1951
    rf"|{_NTH}(?:{_S}+of)?{_S}*[-/.,]?{_S}*{_MONTH}\b\.?{_S}*[-/.,]?{_S}*{_YEAR}"  # 3rd of April 1951
    rf"|{_MONTH}\.?{_S}+{_NTH}{_S}*,?{_S}+{_LONG_YEAR})"  # April 3rd, 1951
)
_NTH_IN_WORDS = (
    r"(?:(?:twenty|thirty)[ \-])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    r"|(?:tenth|eleventh|twelf?th|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth)"
)
_UNITS = "(?:one|two|three|four|five|six|seven|eight|nine)"
_UNDER_A_HUNDRED = (
    rf"(?:(?:twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety)(?:[ \-]{_UNITS})?|ten|eleven"
    rf"|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:oh?{_S}+)?{_UNITS})"
)
_YEAR_IN_WORDS = (
    rf"(?:(?:nineteen|twenty)[ \-](?:hundred{_S}+)?(?:and{_S}+)?{_UNDER_A_HUNDRED}"
    rf"|two{_S}+thousand(?:{_S}+(?:and{_S}+)?{_UNDER_A_HUNDRED})?)"
)
# third of April nineteen fifty-one; April the 3rd, 1951
_DATE_IN_WORDS = (
    rf"\b(?P<it>(?:(?:{_NTH_IN_WORDS}|{_NTH}){_S}+(?:(?:day{_S}+)?of{_S}+)?{_MONTH}"
    rf"|{_MONTH}{_S}+(?:the{_S}+)?(?:{_NTH_IN_WORDS}|{_NTH}))"
    rf"{_S}*,?{_S}+(?:in{_S}+)?(?:{_LONG_YEAR}|{_YEAR_IN_WORDS}))\b"
)
_FULL_DATE = rf"{_NO_DIGIT}(?P<it>{_DATE})(?![0-9])"
_BORN = (
    rf"\b(?:d\.?{_S}?o\.?{_S}?b\b\.?|date{_S}+of{_S}+birth|birth{_S}?da(?:y|te)|born)[^0-9\n\0]{{0,25}}?"
    rf"(?P<it>{_DATE}|{_DAY}{_S}+{_MONTH_NUMBER}{_S}+{_YEAR}|[0-9]{{6}}(?:[0-9]{{2}})?"
    rf"|(?:(?:{_NTH_IN_WORDS}|{_NTH}){_S}+(?:of{_S}+)?)?{_MONTH}\b"
    rf"(?:{_S}+the{_S}+(?:{_NTH_IN_WORDS}|{_NTH}))?(?:,?{_S}+{_YEAR})?"
    rf"|{_DAY}[-/.]{_MONTH_NUMBER}|{_LONG_YEAR})(?![0-9])"
)

# --- Addresses ------------------------------------------------------------------------------------

_STREET = (
    "(?:street|road|lane|avenue|close|drive|way|court|place|gardens?|crescent|terrace|grove|walk"
    "|square|mews|row|hill|rise|green|park|parade|yard|wharf|quay|gate|villas?|cottages?|mansions?"
    "|buildings?|house|lodge|view|heights|st|rd|ave|ln|cl|dr|cres|gdns)"
)
# Streets nobody takes for anything else in small letters, unlike “way”, “place” or “close”.
_SURE_STREET = "(?:street|road|lane|avenue|crescent|gardens|terrace|mews|grove)"
_LETTERS = rf"[A-Za-z'\-{_UNSEEN}]"
_HOME = rf"(?:(?:flat|apartment|apt|unit|room|house|number|no\.?){_S}*)?[0-9]{{1,4}}[A-Za-z]?"
_NO_STREET = (
    "(?!(?:the|a|an|on|in|of|to|at|for|and|or|but|down|from|my|his|her|their|our|up|by|was|were|is"
    "|hours?|hrs?|minutes?|mins?|days?|weeks?|months?|years?|miles?|times?|people|patients?|nurses?"
    "|doctors?|different|other|more|long|main|same|busy)\\b)"
)
_ADDRESS = (
    rf"{_NO_DIGIT}\b(?P<it>(?i:{_HOME}){_S}*,?{_S}*"
    rf"(?:[A-Z]{_LETTERS}{{0,24}}{_S}+){{1,4}}(?i:{_STREET}))\b"
)
_ADDRESS_IN_SMALL = (
    rf"{_NO_DIGIT}\b(?P<it>{_HOME}{_S}*,?{_S}*(?:{_NO_STREET}[A-Za-z]{_LETTERS}{{1,24}}{_S}+){{1,2}}"
    rf"{_SURE_STREET})\b"
)
_HOME_IN_STREET = (
    rf"\b(?i:live[sd]?|living|address(?:{_S}+is)?|home){_S}+(?i:in|on|at|is){_S}+"
    rf"(?P<it>(?:[A-Z]{_LETTERS}{{0,24}}{_S}+){{1,4}}(?i:{_STREET}))\b"
)
_HOME_IN_STREET_IN_SMALL = (
    rf"\b(?:live[sd]?|living){_S}+(?:in|on|at){_S}+"
    rf"(?P<it>(?:{_NO_STREET}[A-Za-z]{_LETTERS}{{1,24}}{_S}+){{1,2}}{_SURE_STREET})\b"
)
# Rose Cottage, Church Lane
_NAMED_HOUSE = (
    rf"\b(?P<it>(?:[A-Z]{_LETTERS}{{0,24}}{_S}+){{1,3}}"
    rf"(?i:cottage|rectory|vicarage|farm(?:house)?|lodge|house|manor|villa|bungalow|court){_S}*,{_S}*"
    rf"(?:[A-Z]{_LETTERS}{{0,24}}{_S}+){{1,3}}(?i:{_STREET}))\b"
)
_FLAT = rf"\b(?P<it>(?:flat|apartment|apt){_S}*(?:no\.?|number)?{_S}*[0-9]{{1,4}}[a-z]?)\b"

# --- The web --------------------------------------------------------------------------------------

_WHO = r"(?<![\w.+\-])[\w.+\-]{1,64}"
_EMAIL = rf"(?P<it>{_WHO}{_S}?@{_S}?[\w\-]{{1,63}}(?:{_S}?\.{_S}?[\w\-]{{1,63}}){{1,6}})"
# jo (at) example (dot) org, jo at example dot org
_EMAIL_IN_WORDS = (
    rf"(?P<it>{_WHO}{_S}*(?:[(\[{{]{_S}*at{_S}*[)\]}}]|{_S}at{_S}|@){_S}*[\w\-]{{1,63}}"
    rf"(?:{_S}*(?:[(\[{{]{_S}*(?:dot|\.){_S}*[)\]}}]|{_S}dot{_S}|\.){_S}*[\w\-]{{1,63}}){{0,6}}"
    rf"{_S}*(?:[(\[{{]{_S}*(?:dot|\.){_S}*[)\]}}]|{_S}dot{_S}){_S}*[\w\-]{{1,63}})"
)
# jo.sample at example.org, jo(at)example.org: a bare “at” only where the first word is none
_EMAIL_AT = (
    rf"(?P<it>(?:{_WHO}{_S}*[(\[{{]{_S}*at{_S}*[)\]}}]{_S}*"
    rf"|(?<![\w.+\-])[a-z][\w+]{{0,30}}[._+\-][\w.+\-]{{1,30}}{_S}at{_S})"
    r"(?:[a-z0-9\-]{1,63}\.){1,6}[a-z]{2,10}\b)"
)
# of a provider, or with a slip after the @
_EMAIL_SLIPPED = (
    rf"(?P<it>(?!(?:look|work|am|is|was|me|us)(?:s|ed|ing)?\b){_WHO}(?:{_S}at{_S}(?:gmail|googlemail|hotmail|icloud|btinternet|protonmail)"
    rf"|@[a-z][\w\-]{{1,62}})(?:[.,]?{_S}?(?:com|co|org|net|uk|nhs)\b){{0,3}})"
)
_LINK = r"(?P<it>(?:https?://|www\.)[^\s\0<>]+)"
_DOMAIN = (
    r"(?<![\w@.\-])(?P<it>(?:[a-z0-9\-]{1,63}\.){1,8}(?:com|org|net|uk|info)\b(?:/[^\s\0<>]*)?)"
)
_HANDLE = r"(?<![\w.@])(?P<it>@[A-Za-z0-9_]{2,30})"

# --- Names ----------------------------------------------------------------------------------------

# Words after a title that are no name: with them a name ends, or there was none.
_NO_NAMES = frozenset(
    re.findall(
        r"\S+",
        """
    a about after again ago all also although always am an and any app appointment appointments
    appt april are area around as ask asked asking at attitude august away back be because been
    before being both but by call called calls came can can't cannot cant care cared carers caring
    checked clinic come comes consultant consultation could couldn't course december dentist
    department desk diagnosed did didn't do doctor doctors does doesn't doing don't done dr drs
    during each even ever every everyone everything examined excellent explained fantastic
    february felt first for found friday friendly from gave get gets give given gives go goes
    going good got gp gps great had has hasn't have having hca hcas he helped helpful her here him
    his hospital how however i i'm if in in-charge into is isn't it it's its january july june
    just kept kind knew know knows last later led left let like line listened listens looked
    lovely made make makes man manager manner march me midwife midwives might miss monday more
    most mr mrs ms must my need needed needs never nhs nice no not notes nothing november now
    nurse nurses october of off on once one only or our out over own paramedic paramedics patient
    patients pharmacist phoned phones physio please polite practice practitioner prescribed prof
    put rang really receptionist receptionists referral referred refused registrar room rude said
    same sat saturday saw says see seen sees sent september service services she shift should
    shouldn't since so some specialist spoke staff station still student students such sunday
    surgeon surgeries surgery take takes talked team tells than thank thanks that that's the their
    them then there these they this those though through thursday to today told too took tried
    tuesday unit until up us very visit visited visits volunteers waiting want wanted wants ward
    was wasn't we wednesday well went were weren't what when where which while who whom whose why
    will with within without woman won't wonderful would wouldn't wrote yesterday yet you your
    """,
    )
)
# and words in capitals that stand where a name may: after “thanks to”, “my son”, before “on reception”
_NO_NAMES_OF_SOMEBODY = frozenset(
    re.findall(
        r"\S+",
        """
    admin african age aged alzheimer's alzheimers ambulance american antenatal asian autism
    autistic black boxing british cancer cardiology caribbean catering chinese christian christmas
    copd covid deaf dementia dermatology diabetes dyslexia easter english european everybody girls
    god guys gynaecology hindu indian irish jewish ladies lads maternity muslim oncology
    ophthalmology orthopaedics outpatients paediatrics pals parking parkinson's parkinsons
    pharmacy physio physiotherapy polish radiology ramadan reception scottish security sikh somali
    switchboard triage type welsh white x-ray
    """,
    )
)


def _none_of(words: Iterable[str]) -> str:
    return "(?!(?i:" + "|".join(sorted(words, key=len, reverse=True)) + r")(?![A-Za-z'\-]))"


_NO_NAME = _none_of(_NO_NAMES)
# a full stop after a whole word ends a sentence: “such a kind doctor. Five stars”
_TITLE = r"(?:(?:drs?|mrs?|ms|mx|prof|revd?)\b\.?|(?:doctor|miss|professor|sir|dame|lord|lady|reverend)\b)"
_ROLE = (
    rf"(?:nurses?|sister|matron|midwi(?:fe|ves)|consultant|surgeon|hca|assistant|practitioner"
    rf"|physio(?:therapist)?|therapist|paramedics?|porter|receptionists?|pharmacist|dentist|hygienist"
    rf"|counsellor|psychologist|psychiatrist|carers?|health{_S}visitor|optometrist|optician|radiographer"
    rf"|sonographer|phlebotomist|an(?:a?)esthetist|registrar|doctors?|gp|chaplain|driver|secretary"
    rf"|student|volunteer|dieti[ct]ian|radiologist|cardiologist|oncologist|physician|podiatrist"
    rf"|chiropodist|cleaner|interpreter|manager|(?:support|social|key){_S}worker|co-?ordinator)"
)
_PART = rf"(?:[A-Z]\.(?![A-Za-z])|[A-Z](?={_S}[A-Z][a-z])|{_NO_NAME}[A-Z](?:{_LETTERS}{{1,30}}|(?![A-Za-z])))"
_PARTICLE = r"(?:(?i:van|von|de|da|del|der|den|di|la|le|el|al|bin|ibn|ap|st\.?)[ \-])"
_NAME = rf"{_PARTICLE}?{_PART}(?:(?:{_S}{{1,2}}|(?<=\.)){_PARTICLE}?{_PART}){{0,3}}"
_NAMES = rf"{_NAME}(?:{_S}*(?:,|&|\b(?i:and)\b){_S}*{_NAME})*"
_AND = rf"{_S}*(?:&|/|\b(?i:and)\b){_S}*"
_TITLED = (
    rf"\b(?i:{_TITLE})(?:{_AND}(?i:{_TITLE}))?{_S}*[:\-]?{_S}*(?P<it>{_NAME}(?:{_AND}{_NAME})*)"
)
_TITLE_IN_ONE = r"\b(?:Dr|Mrs?|Ms|Prof)(?P<it>[A-Z][a-z][A-Za-z'\-]{1,30})"  # DrSample
_TITLED_IN_SMALL = (
    rf"\b(?:dr|mr|mrs|ms|prof)\b(?:\.{_S}*|{_S}+)(?P<it>{_NO_NAME}[a-z]{_LETTERS}{{1,30}})"
)
_BY_ROLE = rf"\b(?i:{_ROLE})\b(?:{_S}*[,:/(\-\"'“”]{_S}*|{_S}+(?i:called|named){_S}+|{_S}+)(?P<it>{_NAMES})"
_CALLED = (
    rf"\b(?i:named|name{_S}+(?:is|was)|name's|name{_S}*[:\-]|by{_S}+the{_S}+name{_S}+of"
    rf"|(?:i|s?he)(?:'m|'s|{_S}+am|{_S}+is){_S}+called){_S}*(?P<it>{_NAMES})"
)
_NAMED_IN_SMALL = (
    rf"\b(?i:my|her|his){_S}+(?i:name)(?:'s|{_S}+is){_S}+(?P<it>{_NO_NAME}(?!(?:wrong|spelt|spelled"
    rf"|incorrect|missing|down|unknown|never|hard|difficult|easy|common|similar|often|pronounced|mis)\b)"
    rf"[a-z]{_LETTERS}{{1,30}}(?:{_S}+(?i:{_NO_NAME})[a-z]{_LETTERS}{{1,30}}(?={_S}*(?:[.,!\n]|$|and\b)))?)"
)
# A name with small letters in it: what stands in capitals throughout may be any word.
_CASED = (
    rf"(?=[A-Z][a-z']){_none_of(_NO_NAMES | _NO_NAMES_OF_SOMEBODY)}"
    rf"[A-Z](?:[a-z]|'[A-Z][a-z]){_LETTERS}{{0,30}}"
)
_FULL = rf"{_CASED}(?:{_S}{{1,2}}{_PARTICLE}?{_CASED}){{0,2}}"
# no more than eight of them: what must follow is looked for behind each
_SOMEBODY = rf"{_FULL}(?:{_S}*(?:,|&|\b(?i:and)\b){_S}*{_FULL}){{0,7}}"
_KIN = (
    r"(?:mother|mum(?:my)?|mom(?:my)?|mam|father|dad(?:dy)?|son|daughter|wife|husband|hubby|partner|brother"
    r"|sister|sibling|(?:great[ \-])?grand[ \-]?(?:mother|father|ma|pa|dad|mum|son|daughter|child)|nann?y?"
    r"|nana|gran(?:ny|dad)?|uncle|aunt(?:ie|y)?|cousin|niece|nephew|friend|mate|neighbour|boyfriend"
    r"|girlfriend|fiancee?|boy|girl|baby|child|toddler|little one|twins?|(?:mother|father|brother|sister|son"
    r"|daughter)[ \-]in[ \-]law)"
)
_OF_KIN = (
    rf"\b(?i:(?:my|our|his|her|their|your){_S}+(?:[a-z0-9\-]+{_S}+){{0,3}}?{_KIN}"
    rf"|grandson|granddaughter|husband|wife|daughter)"
    rf"(?:{_S}+(?i:called|named){_S}+|{_S}+|{_S}*[,(\-]{_S}*)(?P<it>{_SOMEBODY})"
)
_THANKED = (
    rf"\b(?i:thanks?|gratitude|kudos|praise|shout{_S}?out|credit)(?:{_S}+(?i:you|so|very|much|again|all"
    rf"|especially|must|goes?)){{0,4}}{_S}+(?i:to){_S}+(?P<it>{_SOMEBODY})"
)
_THANKED_FOR = (
    rf"\b(?i:thank{_S}+you|thanks|thankyou){_S}+(?P<it>{_SOMEBODY})(?={_S}+(?i:for|you|so)\b)"
)
# inside a sentence: any word may begin one with a capital
_AT_THE_DESK = (
    rf"(?<=[a-z,;]{_S})(?P<it>{_SOMEBODY}){_S}+(?i:on|at|in|from|behind){_S}+(?:(?i:the|main|front){_S}+)*"
    rf"(?i:reception|desk|switchboard|pharmacy|triage)\b"
)
_BEFORE_ROLE = (
    rf"(?<=[a-z,;]{_S})(?P<it>{_FULL})(?:,?{_S}+|{_S}*\({_S}*)(?i:the|our|my|a){_S}+"
    rf"(?:[a-z]+{_S}+)?(?i:{_ROLE}|{_KIN})\b"
)
_I_AM = rf"\b(?:I|i)(?:'m|{_S}+am){_S}+(?P<it>{_CASED}{_S}{{1,2}}{_CASED})"
_CALLED_SOMEBODY = (
    rf"\b(?i:lady|man|woman|gentleman|girl|guy|lad|chap|person|member of staff|one|someone|somebody)"
    rf"(?:{_S}+(?i:on|at|in|behind)(?:{_S}+[a-z]+){{1,3}})?{_S}+(?i:called){_S}+(?P<it>{_NAME})"
)
_SOMEBODY_AT = (
    rf"\b(?i:lady|man|woman|gentleman|girl|guy|lad|chap|person|member of staff|someone|somebody){_S}+"
    rf"(?i:on|at|in|behind)(?:{_S}+[a-z]+){{1,3}},{_S}+(?P<it>{_FULL})(?={_S}*,)"
)
_HEADED = (
    rf"\b(?i:re|patient|fao|attn){_S}*[:\-]{_S}*(?P<it>{_CASED}(?:{_S}{{1,2}}{_CASED}){{1,2}})"
)
_SIGNED = (
    rf"\b(?i:regards|yours{_S}+(?:sincerely|faithfully|truly)|signed|sincerely)[,:.\s\-]{{1,4}}"
    rf"(?P<it>{_NAME})"
)
# the last line of a letter
_SIGNED_BELOW = (
    rf"\b(?i:thanks|thank{_S}+you|wishes|yours|cheers|love|from)[,.!]?(?:{_S}*\n\s*|,{_S}+)(?P<it>{_FULL})"
    r"\s*[.!]?\s*\Z"
)


def _words(name: str) -> tuple[str, ...]:
    """The words of a name for looking it up, folded: “Sarah O’Brien-Smith” has three."""
    return tuple(word for word, _, _ in _tokens(_plain(name)))


def _spellings(name: str) -> Iterator[tuple[str, ...]]:
    """A name as people write it: as listed, in one word, a part after an apostrophe apart."""
    words = _words(name)
    yield words
    if len(words) > 1:
        yield ("".join(words),)
    apart = _words(_plain(name).replace("'", " "))
    if len(apart) > len(words) and all(apart):
        yield apart


_TOKEN = re.compile(rf"[A-Za-z0-9{_UNSEEN}]+(?:'[A-Za-z0-9{_UNSEEN}]+)*")
_APART = re.compile(rf"[ \t\n\r.\-'{_UNSEEN}]{{1,3}}")
_REVERSED = re.compile(rf"{_S}*,{_S}*")


def _tokens(shadow: str) -> list[tuple[str, int, int]]:
    """Each word with its place, without the ’s of a possessive."""
    found = []
    for match in _TOKEN.finditer(shadow):
        start, end = match.span()
        word = match.group()
        if word.lower().endswith("'s"):
            word, end = word[:-2], end - 2
        folded = word.replace(_UNSEEN, "").replace("'", "").lower()
        if folded:
            found.append((folded, start, end))
    return found


def _same(word: str, listed: str, *, last: bool) -> bool:
    """Whether a word is that of a name; at its end an s may follow without its apostrophe."""
    return word == listed or (last and len(listed) > 2 and word == listed + "s")


@cache
def _listed(names: frozenset[str]) -> Spans:
    """Where a listed name stands, in any case, spacing and hyphens: looked up word by word."""
    by_first: dict[str, list[tuple[tuple[str, ...], re.Pattern[str]]]] = {}
    spelled = {(words, _APART) for name in names for words in _spellings(name)}
    # “Sample, Ann” for Ann Sample
    spelled |= {(words[::-1], _REVERSED) for words in map(_words, names) if len(words) == 2}
    for words, apart in sorted(spelled, key=lambda one: (-len(one[0]), one[0])):
        if words:
            by_first.setdefault(words[0], []).append((words, apart))
            if len(words) == 1:
                by_first.setdefault(words[0] + "s", []).append((words, apart))

    def spans(shadow: str) -> Iterator[tuple[int, int]]:
        tokens = _tokens(shadow) if by_first else []
        for at, (first, start, _) in enumerate(tokens):
            for words, apart in by_first.get(first, ()):
                here = tokens[at : at + len(words)]
                if len(here) < len(words) or not all(
                    _same(word, listed, last=place == len(words) - 1)
                    for place, ((word, _, _), listed) in enumerate(zip(here, words, strict=True))
                ):
                    continue
                between = zip(here, here[1:], strict=False)
                if all(apart.fullmatch(shadow, a[2], b[1]) for a, b in between):
                    yield start, here[-1][2]
                    break

    return spans


# In this order: what holds another kind inside it goes first. Those of digits are not tried where
# there are none, as in most comments.
_RULES: tuple[tuple[str, Spans, bool], ...] = (
    ("web address", _matches(_LINK, any_case=True), False),
    ("e-mail", _matches(_EMAIL), False),
    ("e-mail", _matches(_EMAIL_IN_WORDS, any_case=True), False),
    ("e-mail", _matches(_EMAIL_AT, any_case=True), False),
    ("e-mail", _matches(_EMAIL_SLIPPED, any_case=True), False),
    ("web address", _matches(_DOMAIN, any_case=True), False),
    ("web address", _matches(_HANDLE), False),
    ("NHS number", _matches(_NHS_NUMBER, is_one=_is_nhs_number), True),
    ("NHS number", _matches(_NHS_NUMBER_IN_GROUPS, is_one=_is_nhs_number), True),
    ("NHS number", _matches(_SAID_TO_BE_NHS_NUMBER, any_case=True), True),
    ("date", _matches(_BORN, any_case=True), False),
    ("date", _matches(_DATE_IN_WORDS, any_case=True), False),
    ("date", _matches(_FULL_DATE, any_case=True), True),
    ("phone number", _matches(_PHONE, is_one=_is_phone), True),
    ("phone number", _matches(_FOREIGN_PHONE), True),
    ("phone number", _matches(_NUMBER_IN_WORDS, any_case=True), False),
    (
        "phone number",
        _matches(_SAID_TO_BE_PHONE, any_case=True, is_one=lambda said: len(_digits(said)) >= 5),
        True,
    ),
    ("postcode", _matches(_POSTCODE, any_case=True), True),
    ("address", _matches(_ADDRESS), True),
    ("address", _matches(_ADDRESS_IN_SMALL, any_case=True), True),
    ("address", _matches(_HOME_IN_STREET), False),
    ("address", _matches(_HOME_IN_STREET_IN_SMALL, any_case=True), False),
    ("address", _matches(_NAMED_HOUSE), False),
    ("address", _matches(_FLAT, any_case=True), True),
    ("number", _matches(_REFERENCE, any_case=True), True),
    ("number", _matches(_NATIONAL_INSURANCE, any_case=True), True),
    ("number", _matches(_CAR), True),
    ("number", _matches(_LONG_NUMBER), True),
    ("name", _matches(_TITLED), False),
    ("name", _matches(_TITLE_IN_ONE), False),
    ("name", _matches(_TITLED_IN_SMALL), False),
    ("name", _matches(_BY_ROLE), False),
    ("name", _matches(_CALLED), False),
    ("name", _matches(_NAMED_IN_SMALL), False),
    ("name", _matches(_CALLED_SOMEBODY), False),
    ("name", _matches(_SOMEBODY_AT), False),
    ("name", _matches(_OF_KIN), False),
    ("name", _matches(_THANKED), False),
    ("name", _matches(_THANKED_FOR), False),
    ("name", _matches(_AT_THE_DESK), False),
    ("name", _matches(_BEFORE_ROLE), False),
    ("name", _matches(_I_AM), False),
    ("name", _matches(_HEADED), False),
    ("name", _matches(_SIGNED), False),
    ("name", _matches(_SIGNED_BELOW), False),
)
