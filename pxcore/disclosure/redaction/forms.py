"""Details that have a form: numbers, dates, addresses, the web. Patterns over the shadow of a plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pxcore.disclosure.redaction.lexicon import is_misspelt, is_word

Spans = Callable[[str], Iterator[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of detail, where it stands, and one of what there must be before it is looked for."""

    kind: str
    spans: Spans
    digits: bool = False  # looked for only where there are any
    needs: tuple[str, ...] = ()  # pieces in small letters, one of which must be there
    holds: re.Pattern[str] | None = None  # what must be there, where digits alone are too often

    def applies(self, small: str, digits: bool) -> bool:
        """Whether to look at all: most comments hold no digit, no @ and no month."""
        if self.digits and not digits:
            return False
        if self.holds:
            return _held(self.holds, small)
        for piece in self.needs:
            if piece in small:
                return True
        return not self.needs


@lru_cache(maxsize=8)  # rules of one kind follow one another, and ask the same
def _held(pattern: re.Pattern[str], small: str) -> bool:
    return pattern.search(small) is not None


_LOOKED_BACK = 60  # characters before a detail that may say it is none


def _matches(
    pattern: str,
    *,
    any_case: bool = False,
    accepts: Callable[[str], bool] | None = None,
    unless: str | None = None,
    after: str | None = None,
    head: str | None = None,
    tail: str | None = None,
) -> Spans:
    """Where the group `it` of a pattern stands, is one where that must be worked out, and what stands
    directly before it is not `unless` but `after`; with what hangs on it, its `head` and its `tail`."""
    compiled = re.compile(pattern, re.IGNORECASE if any_case else 0)
    before, needed, ahead = (
        re.compile(rf"(?:{which})$", re.IGNORECASE) if which else None
        for which in (unless, after, head)
    )
    behind = re.compile(tail) if tail else None

    def spans(shadow: str) -> Iterator[tuple[int, int]]:
        for match in compiled.finditer(shadow):
            start, end = match.span("it")
            back = max(0, start - _LOOKED_BACK)
            if before and before.search(shadow, back, start):
                continue
            if needed and not needed.search(shadow, back, start):
                continue
            if accepts is None or accepts(match["it"]):
                if ahead and (lead := ahead.search(shadow, back, start)):
                    start = lead.start()
                if behind and (rest := behind.match(shadow, end)):
                    end = rest.end()
                yield start, end

    return spans


# --- Numbers --------------------------------------------------------------------------------------

_S = " "  # a plain text has no other within a line
_GAP = r"[ ._\-/()]{0,3}"  # what people put between the digits of one number
_NO_DIGIT = "(?<![0-9])"


def _digits(text: str) -> list[int]:
    return [int(character) for character in text if character.isdigit()]


def _is_nhs_number(text: str) -> bool:
    """Whether the last of ten digits is the check digit of the nine before it.

    Modulus 11 with weights 10 to 2 (NHS Data Model and Dictionary, “NHS NUMBER”).
    """
    digits = _digits(text)
    check = 11 - sum((10 - at) * digit for at, digit in enumerate(digits[:9])) % 11
    return check != 10 and check % 11 == digits[9]


def _is_card(text: str) -> bool:
    """Whether the digits of a card add up as Luhn's check has it (ISO/IEC 7812-1)."""
    digits = _digits(text)[::-1]
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[1::2]]
    return len(digits) >= 13 and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_no_years(text: str) -> bool:
    """Not two years one after the other."""
    return not all(re.fullmatch("(?:19|20)[0-9]{2}", part) for part in text.split())


def _is_phone(text: str) -> bool:
    """Not a list of times of day, such as “08.00 08.15 08.30”."""
    return not re.match(r"\(?[0-2]?[0-9]\.[0-5][0-9][ \-/]+[0-2]?[0-9]\.[0-5][0-9]", text)


_NHS_NUMBER = rf"(?<![0-9A-Za-z])(?<![0-9][\-/.])(?P<it>(?:[0-9]{_GAP}){{9}}[0-9])(?![0-9])"
# three, three and four, whatever stands between them
_BETWEEN = r"[^0-9A-Za-z\0]{1,3}"
_NHS_NUMBER_IN_GROUPS = (
    rf"{_NO_DIGIT}(?P<it>[0-9]{{3}}{_BETWEEN}[0-9]{{3}}{_BETWEEN}[0-9]{{4}})(?![0-9])"
)
# said to be one: with a mistake in it, it is still somebody's
_INTRODUCED_NHS_NUMBER = (
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
    r"\b(?P<it>(?:(?:zero|nought|oh?|one|two|three|four|five|six|seven|eight|nine|double|treble"
    r"|triple|hundred|thousand)"
    r"[ \-,]{1,2}){7,}(?:zero|nought|oh?|one|two|three|four|five|six|seven|eight|nine|hundred"
    r"|thousand))\b"
)
_FOREIGN_PHONE = rf"(?P<it>\+{_S}?[1-9](?:{_GAP}[0-9]){{7,14}})"
# “Leeds 4960 881”: of a town
_SEVEN_DIGITS = r"(?<![0-9£.\-/])(?<!£ )(?P<it>[0-9]{4} [0-9]{3,4}|[0-9]{3} [0-9]{4})(?! ?[0-9%£])"
# “ring me on 960123”, “ext 45678”
_INTRODUCED_PHONE = (
    r"\b(?:tel|telephone|phone|mobile|mob|ring|rang|call|text|sms|whatsapp|contact|landline|fax"
    r"|bleep"
    r"|pager|ext|extension|extn)\b"
    r"[^0-9\n\0]{0,20}?(?P<it>[0-9]{3,}(?:[ \-]?[0-9]{2,}){0,4})"
)
# what is left of a number: “-2773”, “/25/K”, “ 1182”, “B and C25/118”
_REST = (
    r"(?:[\-/.#]?[0-9A-Za-z]*[0-9][0-9A-Za-z]*)*(?:[\-/]?[A-Za-z]{1,3}(?![A-Za-z]))?"
    r"(?: [0-9]{3,}(?![0-9%:A-Za-z]|\.[0-9]| [a-z]))*"
    r"(?:,? (?:and|AND|&|or) [A-Za-z]{0,4}[\-/]?[0-9]{3,}(?:[\-/][0-9A-Za-z]+)*(?![0-9%:]|\.[0-9]|"
    r" (?:of|people|patients|times|minutes|days|hours)))?"
)
_LETTERS_BEFORE = r"(?<![A-Za-z0-9])[A-Za-z]{1,6}[\-/]?"
# what a number is called, and then the number: letters, figures, strokes and hyphens
_NUMBERED = (
    r"hospital|hosp|case|patient|record|policy|account|acc?t?|passport|complaint|incident|datix"
    r"|badge|crn"
    r"|unit|booking|claim|order|ticket|job|staff|employee|member(?:ship)?|licen[cs]e|permit|pin"
    r"|pals|crime"
    r"|custody|prison|appeal|invoice|receipt|letter|bed|x-?ray|scan|sample|specimen|lab|serial"
    r"|device"
    r"|batch|application|referral|ubrn|blue badge|bus pass|library|gmc|nmc|hcpc|student|payroll"
    r"|log|cad"
)
_A_NUMBER = r"(?:no\b\.?|number|num\b\.?|nr\b\.?|id\b|ref(?:erence)?\b\.?|code|#)"
_REFERENCE = (
    rf"(?:\b(?:{_NUMBERED}){_S}*(?:{_A_NUMBER}{_S}*){{1,2}}"
    rf"|\b(?:ref(?:erence)?\b\.?(?:{_S}*{_A_NUMBER})?|mrn|urn|ubrn|pas{_S}(?:no|number)|cad|datix"
    rf"|(?:incident|complaint|case|claim|ticket|booking|pals|invoice|job)"
    rf"(?:,?{_S}(?:case|number|no\b\.?|enquiry|query|contact))?{_S}*#?)(?![A-Za-z]))"
    rf"[^0-9A-Za-z\n\0]{{0,4}}(?:(?:is|was|of|it's|being|quoted?"
    rf"|as){_S}+){{0,2}}[^0-9A-Za-z\n\0]{{0,2}}"
    rf"(?P<it>(?:[A-Za-z]{{1,6}}{_S}?[\-/:]?{_S}?){{0,2}}[0-9][0-9A-Za-z]*"
    rf"(?:[/\-.: ]?[0-9A-Za-z]*[0-9][0-9A-Za-z]*|[/\-][A-Za-z]{{1,3}}(?![A-Za-z]))*)"
)
_REFERENCE_FROM = (
    rf"\b(?:(?:{_NUMBERED}){_S}(?:{_A_NUMBER})|ref(?:erence)?|number(?!{_S}plate))(?:{_S}[a-z]+){{1,7}}"
    rf"(?:{_S}(?:is|was|as)|[,:]){_S}"
    rf"(?P<it>(?=[0-9A-Za-z/\-]*[0-9][0-9A-Za-z/\-]{{2}})[0-9A-Za-z]{{1,8}}(?:[/\-][0-9A-Za-z]+)*)"
)
# “wristband says K0411827”, “receipt 41182”, “PC 4417”, “quoting 41182/RF”
_INTRODUCED_CODE = (
    rf"(?:\b(?:wristband|case{_S}?notes?|notes|chart|badge|receipt|permit|collar|payroll|invoice"
    rf"|certificate|letter|log|policy|member(?:ship)?|order|claim|chi|mrn|pas|pid|epr|epic|emis|systmone|rio"
    rf"|hosp|barcode|bar{_S}code|tracking|caseref|refs|officer|constable|(?-i:PC|DC|WPC)|quot(?:e|ing)|system)"
    rf"(?:{_S}(?:says?|said|is|was|ref|as))?|\b(?:logged|recorded|registered|filed){_S}(?:as"
    rf"|under)|\b(?:i'm|i{_S}am|under|me{_S}up|number):?)[ :#,(]{{1,2}}"
    rf"(?P<it>[A-Za-z]{{0,4}}[/\-]?[0-9]{{4,}}[A-Za-z]{{0,2}}|[0-9]{{2,}}[/\-][0-9A-Za-z]+)"
    rf"(?![0-9A-Za-z%:.]*[0-9%:]|{_S}(?:of|in|on|at|people|patients|times|letters|miles|others?|steps"
    rf"|calls?|men|women|staff|words|years?|km|and{_S}[a-z]+{_S}in)\b)"
)
# whatever the number is of: “wristband number was 88421”, “EPR number E8842”
_NUMBER_OF = (
    rf"\b(?P<of>[a-z\-]+){_S}(?:number|no\b\.?|num|id|code|ref(?:erence)?)(?:{_S}(?:is|was"
    rf"|being))?[ :#]{{1,3}}"
    rf"(?P<it>[A-Za-z]{{0,3}}[/\-]?[0-9]{{4,}}[A-Za-z]?|[0-9]{{2,4}}(?:[ \-/][0-9]{{2,8}}){{1,4}}"
    rf"|[A-Za-z]{{1,3}}[/\-]?[0-9]{{3,}})(?![0-9A-Za-z%])"
)
# RJ1-004512, SI/2024/0133, DTX 20417, M1234567, 12345/67
_CODED_IN_SMALL = (
    r"(?<![A-Za-z0-9/\-])(?P<it>[a-z]{1,6}[\-/](?:[a-z0-9]{1,6}[\-/])*[0-9]{4,}|[a-z]{1,3}[0-9]{2,4}[\-/][0-9]{3,}"
    r"|[0-9]{1,2}[a-z]{1,4}[\-/]?[0-9]{4,}[a-z]?)(?![A-Za-z0-9])"
)
_CODED = (
    r"(?<![A-Za-z0-9/\-])(?P<it>[A-Z]{1,6}[0-9]{5,}[A-Z]?"
    r"|[A-Z]{1,6}[0-9]{0,2}[\-/#](?:[A-Z0-9]{1,6}[\-/])*[0-9]{3,}[A-Z0-9]*"
    r"|(?!COVID)[A-Z]{2,6} ?[0-9]{5,}|[0-9]{2,}[A-Z]{1,4}[0-9]{3,}[A-Z]?"
    r"|[0-9]{1,2}[A-Z]{1,4}[\-/][0-9]{4,}|[0-9]{2,4}[\-/][0-9]{3,}[\-/][A-Z]{1,3}"
    r"|[A-Z]{2} ?(?:[0-9] ?){9}GB|(?=[A-Z\-]*[0-9])[0-9A-Z]{6}-[0-9A-Z]{6}-[0-9A-Z]{5,6}"
    r"|[0-9]{4,}/[0-9]{2,})(?![A-Za-z0-9])"
)
_LONG_NUMBER = rf"{_NO_DIGIT}(?P<it>[0-9](?:[ \-.]?[0-9]){{7,}})"
# six figures or more in a row are nobody's opinion; money and round figures are
_SIX_DIGITS = r"(?<![0-9£$€])(?<!£ )(?P<it>[0-9]{6,})(?![0-9])"
_NATIONAL_INSURANCE = rf"\b(?P<it>[A-Z]{_S}?[A-Z][ \-.]*(?:[0-9]{_S}?[0-9][ \-.]*){{3}}[A-D])\b"
_INTRODUCED_NATIONAL_INSURANCE = (
    rf"\b(?:ni|nino|n\.i\.|national{_S}insurance){_S}*{_A_NUMBER}?[^0-9A-Za-z\n\0]{{0,4}}(?:(?:is"
    rf"|was){_S}+)?"
    rf"(?P<it>[a-z]{{2}}[ \-.]*(?:[0-9][ \-.]*){{6}}[a-z]?)\b"
)
_CARD = rf"{_NO_DIGIT}(?P<it>[0-9](?:[ \-]?[0-9]){{12,18}})(?![ \-]?[0-9])"
_END_OF_CARD = (
    rf"\b(?:last{_S}(?:four|4|three|3){_S}(?:digits|numbers)?(?:{_S}[a-z]+){{0,4}}?"
    rf"|(?:card|visa|mastercard|amex|debit|credit|maestro)(?:{_S}[a-z]+){{0,2}}{_S}(?:ending|ends|end)"
    rf"(?:{_S}(?:in|with|by))?|visa|mastercard|cvv|cvc|pin|(?:security|pin){_S}(?:code|number|no))"
    rf"(?:{_S}(?:is|are|was|were))?[ :#.]{{1,5}}(?P<it>[0-9]{{3,4}})(?![0-9:]|{_S}(?:times|people|hours"
    rf"|minutes|days|weeks))"
)
# a sort code and an account behind it
_SORT_CODE_AND_ACCOUNT = (
    r"(?<![0-9])(?<![0-9][/\-.])(?P<it>[0-9]{2}([ \-./\n]?)[0-9]{2}\2[0-9]{2}[ ,;/\n]{1,3}"
    r"(?:[0-9]{8}|[0-9]{4}[ \-][0-9]{4}))(?![0-9])"
)
# “**** **** **** 7735”, “xxxx 7735”
_HIDDEN_CARD = r"(?P<it>(?:[*xX•#.]{3,4}[ \-]?){1,4}[0-9]{3,4})(?![0-9A-Za-z:%])"
_EXPIRY = (
    r"\b(?:card|visa|mastercard|debit|credit|maestro|amex|cvv|cvc)\b[^\n]{0,40}?\b(?:exp(?:iry|ires|iring)?"
    r"(?: date)?|valid (?:to|until|thru|from))[ :.]{1,2}(?P<it>[0-9]{2}/[0-9]{2,4})(?![0-9/])"
)
_SORT_CODE = r"\b(?P<it>(?<![0-9][/\-.])[0-9]{2}-[0-9]{2}-[0-9]{2})(?![0-9/\-])"
_INTRODUCED_BANK_NUMBER = (
    rf"\b(?:sort(?:{_S}?code)?|s/c|bank(?:{_S}details)?|account|acc?t?|a/c|iban"
    rf"|card)\b[^0-9\n\0]{{0,20}}?"
    rf"(?P<it>[0-9]{{2}}(?:[ \-./\n]?[0-9]{{2}}){{2,3}}(?:[ ,]{{1,2}}[0-9]{{8}})?"
    rf"|[0-9]{{4}}[ \-][0-9]{{4}}|[0-9]{{4,}})(?![0-9])"
)
_IBAN = rf"\b(?P<it>[A-Z]{{2}}[0-9]{{2}}{_S}?[A-Z]{{4}}(?:{_S}?[0-9]){{10,18}})\b"
# five letters of a name (9s fill it up), a birthday, initials and a check
_DRIVING_LICENCE = (
    rf"\b(?P<it>[A-Z][A-Z9]{{4}}{_S}?[0-9]{{6}}{_S}?[A-Z9]{{2}}{_S}?[0-9A-Z]{{3}}"
    rf"(?:{_S}?[0-9]{{2}})?)\b"
)
_CAR_NOW = r"\b(?P<it>[A-Z]{2}[\-.]?[0-9]{2}[ \-.]?[A-Z0]{3})\b"
# In three parts, or a diplomat’s: in capitals only, because “on 12 may” is no plate.
_CAR_IN_PARTS_IN_SMALL = r"(?<![a-z0-9\-/'])(?P<it>[a-z]{2} [0-9]{2} [a-z]{3})(?![a-z0-9'])"
_CAR_IN_PARTS = (
    r"(?<![A-Za-z0-9\-/])(?P<it>[A-Z]{2} [0-9]{2} [A-Z]{3}|[B-HJ-Z] [0-9]{1,3} [A-Z]{3}"
    r"|[0-9]{3} ?[DX] ?[0-9]{3}|[A-Z] [A-Z] [0-9] [0-9] [A-Z] [A-Z] [A-Z]|[A-Z]{2}-[0-9]{3}-[A-Z]{2})"
    r"(?![A-Za-z0-9])"
)
# Plates of Northern Ireland contain an I or a Z, which other plates do not.
_CAR_OF_NORTHERN_IRELAND = (
    r"(?<![A-Za-z0-9\-/])(?P<it>(?=[A-Z]{0,2}[IZ])[A-Z]{3} ?(?!19|20)[0-9]{4})(?![A-Za-z0-9:.%/\-])"
)
_CAR_BEFORE = r"\b(?P<it>[A-Z][0-9]{2,3}[ \-]?[A-Z]{3}|[A-Z]{3}[ \-]?[0-9]{2,3}[A-Z])\b"
_CAR_WITHOUT_A_YEAR = (
    r"(?<![A-Za-z0-9\-/])(?P<it>[A-Z]{3} ?[0-9]{2,3})(?![A-Za-z0-9:.%/\-]|[ ](?:mg|ml|calls|times"
    r"|number))"
)
_WAS_THE_CAR = (
    r"(?<![A-Za-z0-9])(?P<it>[A-Z]{1,3}[ \-]?[0-9]{1,4}(?:[ \-]?[A-Z]{1,3})?|[0-9]{1,4}[ \-]?[A-Z]{1,3})"
    r"(?=,? (?:was|is) (?:the|a|my|our|his|her) (?:(?:private )?(?:number )?plate|reg|van|car"
    r"|taxi|vehicle|lorry|motor|bike)|,? (?:was |is |were )?(?:park(?:s|ed|ing)\b|blocking|blocked"
    r"|reversed|hit\b|clamped"
    r"|towed|cut me up|overtook|in the (?:disabled|drop)|again in the|left its|had not paid))"
)
# of Northern Ireland, or without a year: only where a car is spoken of
_OF_A_CAR = (
    r"\b(?i:northern irish|ni plate|cars?(?! ?park)|vans?|vehicles?|reg(?:istration)?s?|plates?"
    r"|parked|parking|taxi"
    r"|motor(?:bike|cycle)?|ambulance|pcn|clamped|lorry|minibus|truck|moped|scooter|trailer"
    r"|caravan|coach|transit|campervan|motorhome|vrm|vrn|jag|jaguar|suzuki|dacia|yamaha|harley|triumph"
    r"|bmw|audi|ford|vauxhall|golf|fiesta|corsa|astra|focus|polo|mini|nissan|toyota|kia|mercedes"
    r"|volvo|skoda|yaris|honda|peugeot|renault|citroen|hyundai|mazda|tesla|seat|fiat|qashqai|clio"
    r"|lexus|porsche|bentley|rover|landrover|micra|juke|civic|passat|octavia|fabia|ibiza|zafira|insignia"
    r"|mokka|merc|beetle|tiguan|kuga|picanto|sportage|aygo|prius|corolla|duster|sandero|megane|hatchback"
    r"|saloon|suv|jeep|pick-?up|tractor|hgv|subaru|mitsubishi|volkswagen|vw|mg|cab|recovery|transporter"
    r"|(?:who(?:ever)?|person who) (?:owns|drives)|driver of|owner of)\b"
)
_AFTER_A_CAR = rf"{_OF_A_CAR}[^\n\0]{{0,40}}?"
_PLATE_AFTER_A_WORD = (
    r"(?<![A-Za-z0-9])(?P<it>[A-Z]{1,3}[ \-]?[0-9]{1,3}[ \-]?[A-Z]{1,3}"
    r"|[A-Z]{1,3}[ \-]?[0-9]{1,4}"
    r"|[0-9]{1,4}[ \-]?[A-Z]{1,3})(?![A-Za-z0-9:.%])"
)
# In small letters: only within two words of the vehicle, and in three parts or after three letters.
_DIRECTLY_AFTER_A_CAR = rf"(?:{_OF_A_CAR}|\bdr(?:ive|ives|iving|ove)),? (?:[a-z]+,? ){{0,2}}\(?"
_INTRODUCED_PLATE_IN_SMALL = (
    r"(?<![A-Za-z0-9])(?P<it>[a-z]{1,3} ?[0-9]{1,3} ?[a-z]{3}"
    r"|[a-z]{3} ?(?!(?:19|20)[0-9]{2})[0-9]{2,4}"
    r")(?![A-Za-z0-9:.%])"
)
# “reg ending KLM”: a piece of a plate
_PIECE_OF_A_PLATE = (
    rf"\b(?:reg(?:istration)?|(?:number{_S}?)?plate|vrm|vrn)s?(?:{_S}(?:no|number|plate))?{_S}(?:"
    rf"(?:that|which){_S})?"
    rf"(?:end|start|begin|beginn|finish)(?:ing|s|es|ed)?(?:{_S}(?:in|with|is|letters)){{0,2}}[ :\"']{{1,2}}"
    r"(?P<it>[A-Z0-9]{2,4})(?![A-Za-z0-9])"
)
# The number of a taxi, a fleet or a frame: “taxi plate TX 482”, “cab number 217”, “fleet number 36205”
_NUMBER_OF_A_VEHICLE = (
    rf"(?:\b(?:taxi|cab|hackney|carriage|minicab|private{_S}hire)(?:{_S}driver)?(?:'?s)?"
    rf"(?:{_S}(?:plate|licen[cs]e|badge|number|no\b\.?|id)){{1,2}}"
    rf"|\b(?:fleet|chassis|frame|vin|cris|call{_S}?sign)(?:{_S}(?:number|no\b\.?|id))?|\bplates?(?:{_S}(?:number"
    rf"|no\b\.?))?)"
    rf"[ :#,]{{1,2}}(?:(?:is|was|of){_S})?(?P<it>[0-9]{{1,4}}{_S}?(?-i:[A-Z]{{1,3}})|[A-Z]{{1,3}}[ \-/]?"
    rf"[0-9]{{2,8}}|[0-9]{{3,6}})"
    rf"(?![0-9A-Za-z%])"
)
_INTRODUCED_PLATE = (
    rf"\b(?:reg(?:istration)?(?:{_S}(?:no|number|plate))?|(?:number|licen[cs]e){_S}?plate"
    rf"|plate)s?\b"
    rf"[^0-9A-Za-z\n\0]{{0,4}}(?:(?:is|was|of"
    rf"|number){_S}+)?(?P<it>[a-z]{{1,3}}[ \-]?[0-9]{{1,4}}(?:[ \-]?[a-z]{{1,3}})?"
    rf"|[0-9]{{1,4}}[ \-]?[a-z]{{1,3}})\b"
)


# three letters before a number that belong to no car
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\w+",
        """
        nhs gmc nmc cqc pcn gfr bmi fev inr wbc crp psa tsh ldl hdl mri rta itu icu ctg ecg eeg
        hrt ibs ibd tia dvt gcs nms ref tel ext flu hiv hpv mmr bcg ivf icb ccg gps hca cpn anp
        sho rmn ent obs tto dna pip esa gbp usd vat bbc itv mon tue wed thu fri sat sun jan feb
        mar apr jun jul aug sep oct nov dec xii iii vii hrs min mins sec yrs mrs miss age bed
        bay max min ttr egfr kcal esr alt ast alp ggt tft fbc fsh cea afp hcg dht pef lvl flr mph kph kmh
        pls plz thx ppl wks mth mths yds apt stn
        mtr ltr hpa gbh atm pin app dvd ccu nnu sau amu mau aau sdu hdu bp hr rr gp sys dia
        """,
    )
)


_SHORT_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        at in on to of is by or as up my me he we it so no go do be am an if us ok gp ae
        """,
    )
)
_FEW = re.compile(r"[0-9]{1,2}|(?:19|20)[0-9]{2}")
# words before a figure with which nobody names a number
_SAYS = frozenset(
    re.findall(
        r"\w+",
        """
        to in of at on for by from was is made took takes taking and or the a over about after
        before with only nearly almost around within up than least per some all last next be being
        """,
    )
)


def _is_reference(text: str) -> bool:
    """Not “the incident took 3 hours”, nor a number that many have, nor a year."""
    first, *more = re.findall(r"[A-Za-z]+|[0-9]+", text)
    if text.isdigit() and len(text) == 3 and text.endswith("00"):
        return False
    coded = first.isupper() and len(_digits(text)) > 3
    if re.match(r"[A-Za-z]+ ", text) and (
        first.lower() in _SAYS or (len(first) > 2 and is_word(first.lower()) and not coded)
    ):
        return False
    return bool(more) or not _FEW.fullmatch(first)


def _is_numbered(text: str) -> bool:
    return not _FEW.fullmatch(text) and _is_no_years(text) and _is_no_round_figure(text)


def _is_coded(text: str) -> bool:
    """Not a year of figures (2024/25), nor a word before a number: “ROOM 12345” in capitals."""
    return not re.fullmatch(r"(?:19|20)[0-9]{2}/(?:19|20)?[0-9]{2}", text)


def _is_car(text: str) -> bool:
    """Not “AT10 AND” in a comment in capitals, nor the blood test HbA1c; in capitals the letters behind the
    year of a plate may spell a word."""
    if re.fullmatch("[A-Z]{2}[0-9]{2} ?[A-Z]{3}", text) and text[:2].lower() not in _SHORT_WORDS:
        return text[-3:].lower() not in _ABBREVIATIONS
    letters = re.findall("[A-Z]{3}", text.upper())
    return text.upper() != "HBA1C" and not any(
        is_word(word.lower()) or word.lower() in _ABBREVIATIONS for word in letters
    )


def _is_car_in_parts(text: str) -> bool:
    """Not “AT 10 MRS” nor “GP 12 HRS” in capitals: no part of it a word or an abbreviation."""
    return all(
        len(word) == 1
        or not (is_word(word.lower()) if len(word) > 2 else word.lower() in _SHORT_WORDS)
        and word.lower() not in _ABBREVIATIONS
        for word in re.findall("[A-Za-z]+", text)
    )


def _is_piece_of_a_plate(text: str) -> bool:
    return any(map(str.isdigit, text)) or not is_word(text.lower())


def _is_car_without_a_year(text: str) -> bool:
    letters = text[:3].lower()
    return letters not in _ABBREVIATIONS and not is_word(letters)


def _is_introduced_plate(text: str) -> bool:
    """Not “A 10” for a road or a time: both letters and figures, in no word and no unit."""
    words = re.findall("[A-Za-z]+", text)
    bought = re.fullmatch("[A-Z] ?[0-9]{1,3} [A-Z]{3}", text)
    if bought and words[1] not in ("AND", "THE", "WAS") and words[1].lower() not in _ABBREVIATIONS:
        return True  # “J4 NET”: a plate that was bought may spell a word
    if re.fullmatch("(?=[A-Z]{0,2}[IZ])[A-Z]{3} ?(?!19|20)[0-9]{4}", text):
        return words[0].lower() not in _ABBREVIATIONS  # of Northern Ireland
    return all(
        not (is_word(word.lower()) if len(word) > 2 else word.lower() in _SHORT_WORDS)
        and word.upper()
        not in ("AM", "PM", "A", "I", "M", "B", "T", "GP", "NHS", "ST", "ND", "RD", "TH")
        for word in words
    )


# what gives a letter and a figure to a room, a road or a bus, and not to a car
_NO_CAR = (
    r"\b(?:ward|room|bay|zone|level|floor|theatre|clinic|park|area|section|row|space|block|door|gate"
    r"|entrance|lift|bed|desk|junction|bus|route|form|unit|the|of|vitamin|type|stage|grade|band|corridor"
    r"|parked|parking) "
)


def _is_no_round_figure(text: str) -> bool:
    return not re.fullmatch("[1-9][0-9]?0{5,}", text)


def _is_sort_code(text: str) -> bool:
    """Not hours that follow one another: “10-12-14”."""
    first, second, third = (int(part) for part in text.split("-"))
    return not first < second < third <= 24 or third > 24


# One or two letters, a digit, a digit or letter; then a digit and two of the letters in use there
# (neither “am” nor “pm” is). ZZ99 3 stands for no postcode, and still in its form.
_POSTCODE = (
    rf"(?<![A-Za-z0-9])(?P<it>(?:[A-Z]{{1,2}}[0-9][A-Z0-9]?|GIR{_S}?0)[ .\-,\n]{{0,3}}"
    rf"[0-9]{_S}?[ABD-HJLNP-UW-Z]{_S}?[ABD-HJLNP-UW-Z]|ZZ99{_S}?3[A-Z]{{2}}|BFPO{_S}?[0-9]{{1,4}})"
    r"(?![A-Za-z0-9])"
)

# --- Dates ----------------------------------------------------------------------------------------
# A full date is masked whatever its year: a birthday is one, and so is the day somebody was admitted.
# A month with a year stays.

_W = r"[ \n]"  # a line may end inside a date
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_LONG_YEAR = "(?:18|19|20)[0-9]{2}"
_YEAR = rf"(?:{_LONG_YEAR}|'?[0-9]{{2}}(?![.:][0-9]{{2}}))"
_DAY = "(?:0?[1-9]|[12][0-9]|3[01])"
_NTH = rf"{_DAY}(?:{_W}?(?:st|nd|rd|th))?"
_MONTH_NUMBER = "(?:0?[1-9]|1[0-2])"
_DATE = (
    rf"(?:{_LONG_YEAR}{_W}*(?P<a>[-/.]){_W}*{_MONTH_NUMBER}{_W}*(?P=a){_W}*{_DAY}"  # 1951-04-03
    rf"|{_DAY}{_W}*(?P<b>[-/.\\]){_W}*{_MONTH_NUMBER}{_W}*(?P=b){_W}*{_YEAR}"  # 3/4/51
    rf"|{_DAY}{_W}+{_MONTH_NUMBER}{_W}+{_LONG_YEAR}"  # 03 04 1951
    rf"|{_NTH}(?:{_W}*(?:-|/|to|and|&){_W}*{_NTH})?(?:{_W}+(?:day{_W}+)?of)?"  # 3rd of April 1951
    rf"{_W}*[-/.,]?{_W}*{_MONTH}(?![a-z])\.?{_W}*[-/.,]?{_W}*{_YEAR}"
    rf"|{_DAY}[ ./\-](?:i{{1,3}}|iv|vi{{0,3}}|ix|xi{{0,2}})[ ./\-]{_LONG_YEAR}"  # 3 iv 1951
    rf"|{_NTH} of the {_MONTH_NUMBER}(?:st|nd|rd|th)(?:,? {_LONG_YEAR})?"
    rf"|{_MONTH}\.?{_W}+{_NTH}{_W}*,?{_W}+{_LONG_YEAR})"  # April 3rd, 1951
)
_NTH_IN_WORDS = (
    r"(?:(?:twenty|thirty)[ \-])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    r"|(?:tenth|eleventh|twelf?th|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth)"
)
_UNITS = "(?:one|two|three|four|five|six|seven|eight|nine)"
_UNDER_A_HUNDRED = (
    rf"(?:(?:twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety)(?:[ \-]{_UNITS})?|ten"
    rf"|eleven"
    rf"|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:oh?{_W}+)?{_UNITS})"
)
_YEAR_IN_WORDS = (
    rf"(?:(?:nineteen|twenty)[ \-](?:hundred{_W}+)?(?:and{_W}+)?{_UNDER_A_HUNDRED}"
    rf"|two{_W}+thousand(?:{_W}+(?:and{_W}+)?{_UNDER_A_HUNDRED})?)"
)
_WEEKDAY = "(?:(?:mon|tues?|wed(?:s|nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\\.?,?)"
_ON_A = rf"\b{_WEEKDAY}{_W}+(?:the{_W}+)?"
# third of April nineteen fifty-one; April the 3rd, 1951
_DATE_IN_WORDS = (
    rf"\b(?P<it>(?:(?:{_NTH_IN_WORDS}|{_NTH})(?:{_W}*(?:-|/|to|and|&){_W}*{_NTH})?{_W}+(?:(?:day{_W}+)?of{_W}+)?{_MONTH}"
    rf"|{_MONTH}{_W}+(?:the{_W}+)?(?:{_NTH_IN_WORDS}|{_NTH}))"
    rf"{_W}*,?{_W}+(?:in{_W}+)?(?:{_LONG_YEAR}|{_YEAR_IN_WORDS}))\b"
)
# the eighth of June, fifteenth March; June the eighth
_DATE_IN_WORDS_ALONE = (
    rf"\b(?P<it>(?:(?:{_NTH_IN_WORDS}){_W}+(?:(?:day{_W}+)?of{_W}+{_MONTH}|(?<!first )(?<!second )"
    rf"(?<!third ){_MONTH}|{_MONTH}(?<!may)(?<!march))"
    rf"|{_MONTH}{_W}+the{_W}+(?:{_NTH_IN_WORDS}))(?![a-z]))"
)
_FEAST = (
    rf"\b(?P<it>(?:(?:christmas|xmas)(?:{_W}+(?:day|eve))?|boxing{_W}+day|new{_W}+year(?:'?s?{_W}+(?:day|eve))?"
    rf"|valentine'?s{_W}+day|halloween|(?:good|black){_W}+friday|easter(?:{_W}+(?:sunday|monday|saturday))?"
    rf"|st{_W}+[a-z]+'?s{_W}+day|bonfire{_W}+night|guy{_W}+fawkes{_W}+night|may{_W}+day|(?:mother|father)'?s'?{_W}+day"
    rf"|mothering{_W}+sunday|(?:remembrance|palm|whit|advent){_W}+sunday|(?:remembrance|armistice|pancake|vj|ve){_W}+day"
    rf"|(?:shrove{_W}+tues|ash{_W}+wednes|maundy{_W}+thurs|whit{_W}+mon)day|burns{_W}+night|hogmanay|twelfth{_W}+night"
    rf"|all{_W}+(?:saints|souls)'?{_W}+day|pentecost|whitsun|michaelmas|candlemas|epiphany|(?:ascension|lammas|lady){_W}+day|(?:(?:early{_W}+)?may|spring|summer|august|easter|christmas){_W}+"
    rf"bank{_W}+holiday(?:{_W}+{_WEEKDAY})?|eid(?:[ \-](?:al|ul)[ \-][a-z]+)?|diwali|vaisakhi|holi"
    rf"|hanukkah|passover"
    rf"|yom{_W}+kippur|rosh{_W}+hashanah|(?:chinese|lunar){_W}+new{_W}+year),?{_W}+(?:in{_W}+)?"
    rf"(?:{_LONG_YEAR}|'[0-9]{{2}}))\b"
)
# three scores are no date
_FULL_DATE = (
    rf"{_NO_DIGIT}(?!(?:10/10/10|5/5/5)(?![0-9]))(?P<it>{_DATE})"
    r"(?![0-9]| ?(?:min(?:ute)?s?|hours?|days|stars?)\b)"
)
_BORN = (
    rf"\b(?:d\.?{_W}?o\.?{_W}?b\b\.?|date{_W}+of{_W}+birth|birth{_W}?da(?:y|te)"
    rf"|born)[^0-9\n\0]{{0,25}}?"
    rf"(?P<it>{_DATE}|{_DAY}{_W}+{_MONTH_NUMBER}{_W}+{_YEAR}|[0-9]{{6}}(?:[0-9]{{2}})?"
    rf"|(?:(?:{_NTH_IN_WORDS}|{_NTH}){_W}+(?:of{_W}+)?)?{_MONTH}\b"
    rf"(?:{_W}+the{_W}+(?:{_NTH_IN_WORDS}|{_NTH}))?(?:,?{_W}+{_YEAR})?"
    rf"|{_DAY}[-/.]{_MONTH_NUMBER}|{_LONG_YEAR})(?![0-9])"
)
# “my date of birth is … and they had it as 1951”: another year of the same birth
_BORN_AGAIN = (
    rf"\b(?:d\.?{_W}?o\.?{_W}?b\b\.?|date{_W}+of{_W}+birth)[^.!?\n0-9]{{0,25}}\0+"
    rf"[^.!?\n\0]{{1,50}}?(?<![0-9£/.:])(?P<it>{_LONG_YEAR})(?![0-9])"
)
_ORDINAL = rf"{_DAY}{_W}?(?:st|nd|rd|th)"
# a day and a month without a year: on which day somebody was there
_DAY_AND_MONTH = (
    rf"{_NO_DIGIT}(?<![0-9£/.:])\b(?P<it>(?:{_WEEKDAY}{_W}+(?:the{_W}+)?)?(?:{_NTH}"
    rf"(?:{_W}*(?:-|/|to|and|&){_W}*{_NTH})?(?:{_W}+(?:day{_W}+)?of)?{_W}*[-/.]?{_W}*{_MONTH}\b"
    rf"|{_MONTH}\b\.?{_W}+(?:the{_W}+)?(?:{_ORDINAL}(?:{_W}*(?:-|/|to|and|&){_W}*{_ORDINAL})?|{_DAY}(?={_W}*(?:[,.;:!?)]|$|at\b|and\b"
    rf"|for\b|to\b|with\b)(?!\.?[0-9])))))(?![0-9A-Za-z])"
)
_DAY_OF_MONTH = (
    rf"(?:\b(?:on|since|until|till|dated?|appointment|appt|admitted|discharged|visit|time|operation"
    rf"|op|seen|from|before|w/c|commencing|booked|cancelled|scan|surgery|(?:came|went|taken|was"
    rf"|brought) in)\b"
    rf"[ :(]{{1,3}}(?:on{_W}+)?|(?=\b{_WEEKDAY}{_W}))(?P<it>(?:{_WEEKDAY}{_W}+)?{_DAY}[/.]{_MONTH_NUMBER})"
    rf"(?![0-9/.:%]*[0-9%]|{_W}?(?:out|hours?|days?|am|pm|stars?|times|people|of)\b)"
)


_WEEKDAY_AND_DAY = (
    rf"\b(?P<it>{_WEEKDAY}{_W}+(?:the{_W}+)?(?!13)(?:{_ORDINAL}))"
    r"(?![0-9A-Za-z]| (?:birthday|floor|class|time))"
)


def _is_day_and_month(text: str) -> bool:
    """Not “3 may” of three people who may, nor “2 mar” of a word cut short."""
    words = re.findall("[A-Za-z]+", text)
    return words not in (["may"], ["march"], ["mar"], ["sat"], ["sun"])


# “dated 3 may” in small letters
_DAY_IN_MAY = (
    rf"\b(?:on|dated|since|until|till|before|after|from|of|the),? (?:{_WEEKDAY} )?(?P<it>{_DAY} "
    rf"(?:may|march|mar))\b"
    r"(?! (?:be|have|not|need|also|never|help|get|go|take|seem|come|say|find|want|well|feel|on|in|past|up))"
)


def _is_day_of_month(text: str) -> bool:
    """Not a score: “10/10”, “5/5”."""
    day, month = (int(part) for part in re.findall("[0-9]+", text))
    return day != month and not (month in (5, 10) and day < month)


# --- Ages -----------------------------------------------------------------------------------------
# Ninety and over, as few are: of a person, not of a queue, a temperature or a percentage.

_OLD = (
    r"(?:9[0-9]|10[0-9]|11[0-9]|ninety(?:[ \-](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|(?:one|a) hundred(?: and [a-z]+)?)(?:[ \-](?:odd|something|plus)\b|\+)?"
)
_NO_AGE = (
    r"(?![0-9:/%°]|\.[0-9]| ?(?:%|percent|per|mins?|minutes?|hours?|hrs?|days?|weeks?|months?"
    r"|miles?|people|pounds|quid|degrees|calls?|times|mg|kg|ml|in the|on the|in line|in a queue"
    r"|seconds?|secs?|patients?|th|rd|st"
    r"|nd|out|over)\b)"
)
_KIN = (
    r"(?:mum|mummy|mom|mam|mother|dad|daddy|father|nan|nana|nanna|nanny|gran|granny|grandad|grandma"
    r"|grandpa|gramps|grandmother|grandfather|aunt|auntie|aunty|uncle|husband|hubby|wife|partner"
    r"|brother|sister|cousin)(?:[ \-]in[ \-]law)?"
)
_SOMEBODY_IS = (
    rf"(?:he|she|i|who|{_KIN}|neighbour|friend|patient|resident|pensioner|widow|widower|veteran|lady"
    r"|gentleman|man|woman)"
)
_ABOUT = r"(?:(?:now|nearly|almost|over|only|just|already|about|well over|getting on for) ){0,2}"
_AGED = (
    rf"(?:\baged?:? (?:of )?|\b{_SOMEBODY_IS}(?:,? who)?(?: is|'s| was|'m| am|, ) ?{_ABOUT}(?:aged )?"
    rf"|\b{_SOMEBODY_IS}(?: [A-Za-z\0\[\]]+){{0,2}} ?\(|\b(?:reached) "
    rf"|\bat (?={_OLD} (?:you|years|and|i|she|he)\b)|\bim |\b{_SOMEBODY_IS} \("
    rf"|\b{_SOMEBODY_IS}(?: is| was|'s| are|,? who(?: is|'s)?),? (?:now|then|also|only|just|nearly"
    rf"|at least|in fact"
    rf"|actually|currently|today|herself|himself|by then|at|a mere|a frail|a sprightly),? "
    rf"|\b(?:and|but|who|now|alone|still)(?:,)? (?:is|was|am|at) (?={_OLD}(?:[.,;!?)\n]|$))"
    rf"|(?<!was )(?<!is )(?<!sats )(?<!ate )(?<!ulse )(?<!tuck )(?<!ight )\b(?:at|aged?) (?={_OLD}"
    rf"(?:,|[.!?\n]? ?$)))"
    rf"(?P<it>{_OLD})(?![A-Za-z](?<!y)){_NO_AGE}"
)
# Somebody, and an age with nothing between them but what leads to one: “mum, who will be nearly 94”
_LEADS_TO_AN_AGE = (
    r"(?:is|was|'s|are|were|'re|am|'m|be|been|being|will|would|may|might|could|must|should|'ll|'d|d|have|has|had|now|then|also|only|just|about|nearly"
    r"|almost|over|well|at|aged?|of|turn(?:ed|s|ing)?|reach(?:ed|es|ing)?|celebrat(?:ed|es|ing)|got|made|it|lived|living|to"
    r"|a|an|the|very|fit|frail|sprightly|ripe|old|good|grand|tender|mere|least|still|himself|herself|myself|both|us|already"
    r"|by|who|not|quite|approaching|nearing|pushing|rising|going on|getting on for|coming up|close"
    r"|past|just short of)"
)
_WHOSE_AGE = (
    rf"(?:\b{_SOMEBODY_IS}|\b(?:both|parents|people|children|those|hes|shes|ive|lady|ladies|person|pt|relative|someone"
    rf"|grandparents?|parent|chap|boy|fella|bloke|client|carer|thing|we|they)|\0)"
    rf"(?:[ ,(\-]{{0,3}}{_LEADS_TO_AN_AGE}\b){{0,7}}(?<!the)(?<!with)[ ,(:=\-–]{{1,3}}"
    rf"(?P<it>{_OLD})(?![A-Za-z](?<!y)){_NO_AGE}(?![\-–][0-9])"
    r"(?= ?(?:[.,;!?)&\-]|\n|$)|['’]| (?:and|but|who|with|now|on|this|next|that|years?|yrs?|for|so"
    r"|when|to|was|is|has"
    r"|had|he|she|bless|come|at|in|by|today|tomorrow|yesterday|himself|herself|because|living|lives|alone|while|still|till"
    r"|without|or|as|then|since|after|before|last|it|they|you|i|we|if|odd|plus|not|never|no|fell|waited)\b)"
)
_YEARS_OF_LIFE = (
    rf"(?:(?<=[a-z]{{3}}), (?<!bus, )(?<!ward, )(?<!bed, )(?<!room, )(?<!ber, )(?<!line, )"
    rf"(?={_OLD}, [a-z])|\b(?:his|her|my|lived(?: for)?|all (?:his|her|my)) (?={_OLD} years\b)"
    rf"|\([^()\n]{{2,40}}, (?={_OLD}\)))"
    rf"(?P<it>{_OLD})"
)
_BUILT = (
    r"(?:buildings?|hospitals?|house|school|surgery|clinic|ward|wing|block|equipment|machines?|scanner|boiler|lifts?"
    r"|system|institution|place|site|unit|theatres?|nhs)\b"
)
_OF_A_BUILDING = (
    rf"\b(?:{_BUILT}|it|that) ?(?:is|was|are|must be|feels|looks|'s)"
    r"(?: about| over| nearly| almost)? "
)
_YEARS_OLD = (
    rf"(?<![0-9£.\-/])\b(?P<it>{_OLD})[ \-]?(?:years?|yrs?|yr|y)[ \-/.]?"
    rf"(?:olds?|young|of age|o)\b(?! {_BUILT})"
)
_PERSON = (
    r"(?:lady|ladies|gentleman|gent|man|woman|person|patient|pt|someone|somebody|anyone|mother|mum|father"
    r"|dad|resident|relative|neighbour|gran|nan|grandmother|grandfather|widow|widower|veteran|pensioner"
    r"|chap|parent|aunt|uncle|client|boy|girl|lad|lass|fella|fellow|bloke|dear|soul|bird)"
)
# of somebody for sure, “in the next bed” counts nothing
_NO_AGE_OF_SOMEBODY = _NO_AGE.replace("|in the|on the", "")
_AT_AGE = (
    rf"(?:\b(?:[a-z]+'ll|(?:i|he|she|mum|dad|who|nan|gran|grandad) (?:will|would)(?: soon)?"
    rf"|(?:when|if|once|until|because|as|since) (?:you|he|she|i|they)(?:'re| are|'s| is|'m| am| was| were))"
    rf"(?: be| be turning| turn| reach)? ?(?:nearly |almost |over |now )?"
    rf"|\bbeing (?:nearly |over |almost )?|\b(?:{_PERSON}|people|those|anyone|one) of (?:nearly "
    rf"|over |almost )?"
    rf"|\b(?:mum|dad|patient|he|she|who|nan)(?:'s| is| was) (?:a )?(?:grand old |good |ripe old )"
    rf"|\b(?:turned|turning|turns|celebrate[ds]|lived to(?: be)?|(?:soon|going|about|due) to (?:be|turn)"
    rf"|at (?:my|his|her|their|your) age,?(?: of)?) {_ABOUT}"
    rf"|\b(?:died|passed away|passed|buried|lost|went)(?: (?:him|her|(?:my|our) {_KIN}))?,? (?:at"
    rf"|aged) (?:the age of )?"
    rf"(?!{_OLD} (?:that|at|on|in)\b)"
    rf"|\b{_PERSON}(?: [a-z]+){{0,3}}?, (?={_OLD}[,.)])|\b(?:pt|patient|px):? (?={_OLD}[,;])"
    rf"|(?:^|[.!?\n] ?)(?:am|age):? (?:now )?|\bage\b(?: is| was)? ?[,:=?(]? ?(?![a-z])|\b(?:just"
    rf" short|just shy|not far short) of (?={_OLD}(?:[,.!;]|$))|\b(?:not bad|good|fit|sharp|well"
    rf"|marvellous|amazing)"
    rf" (?:for|at) (?={_OLD}(?:[.,!?;)\n]|$))|\b(?:parents|both|mother|father|mum|dad|i|he|she"
    rf"|they|who)(?: is| are|'s"
    rf"|'re| was| were|'m| am)(?: both)? over (?={_OLD}(?:[.,!?;)\n]|$| and))"
    rf"|\bthe ripe old age of |\bage of |\bat (?:nearly |almost |over )?(?={_OLD},? (?:he|she|i|my|mum|dad"
    rf"|you|still|and))|^(?:[a-z]+ )?\()"
    rf"(?P<it>{_OLD})(?![A-Za-z](?<!y)){_NO_AGE_OF_SOMEBODY}"
)
# An age directly after a person: “my nan 94 and frail”, “my neighbour Joan, 94, fell”, “Mrs Smith (93)”
_BESIDE_SOMEBODY = (
    rf"(?:\b(?:{_KIN}|\0) (?={_OLD},? (?:and|who|is|was|has|had|waited|lives|fell)\b)"
    rf"|(?:\b(?:{_KIN}|neighbour|friend) [A-Z][a-z]+|\0)(?:, | \()(?={_OLD}[,)]))"
    rf"(?P<it>{_OLD}){_NO_AGE}"
)
_STILL = (
    rf"(?:^|[.!?\n,;] ?)(?:nearly |almost |over |only |just turned |rising |pushing )?"
    rf"(?P<it>{_OLD})(?=,? and (?:still (?!wait|in\b|not\b|no\b|count)|liv(?:es?|ing)\b"
    rf"|frail|deaf|blind|housebound|disabled|registered|unsteady|lonely|alone|on (?:his|her|my) own)"
    r"| next (?:birthday|week|month|year|mon|tues|wednes|thurs|fri|satur|sun|january|february|march|april|may"
    r"|june|july|august|september|october|november|december)|,? (?:he|she|i|mum|dad) (?:is|was"
    r"|am)\b|, (?:lives?|living) alone)"
)
# Two people at once, one of whom may be younger.
_THEY_ARE = (
    rf"\b(?:we|they|parents|both|grandparents)(?: are|'re| were)?(?: both| now)? "
    rf"(?P<it>{_OLD}(?: and (?:{_OLD}|[78][0-9]))|[78][0-9] and {_OLD}"
    rf"|(?<=both ){_OLD}(?= ?(?:[,.;!)\n]|$))){_NO_AGE}"
)
# Close to an age: “three months short of her 100th”.
_SHORT_OF = (
    rf"(?:\b{_SOMEBODY_IS}(?: is|'s|'m| am| was)? (?:approaching|nearing|pushing|coming up(?: to| for)?"
    rf"|close to|past) |\b(?:approaching|nearing) (?={_OLD},? (?:he|she|i|my)\b)"
    rf"|\b(?:years?|months?|weeks?|days?) (?:short of|shy of|off|away from|from) (?:(?:being|turning) )?"
    rf"(?:(?:my|his|her) )?|\ball (?:my|his|her|their) (?={_OLD} y))(?P<it>{_OLD})(?![A-Za-z](?<!t"
    rf"|y)){_NO_AGE}"
)
# “for her 100th”, with the birthday left out
_HER_HUNDREDTH = (
    r"\b(?:my|his|her|their) (?P<it>(?:9[0-9]|10[0-9]) ?(?:st|nd|rd|th))"
    r"(?= ?(?:[.,;!?)\n]|$)| (?:on|came|last|this|party|cake|card|telegram|and|with|next|in|soon|but)\b)"
)
_SEX_AND_AGE = (
    r"(?<![A-Za-z0-9])(?P<it>(?:9[0-9]|10[0-9])[ /]?(?:M|F|(?i:male|female))\b|(?<!')\b(?:M|F|"
    r"(?i:male|female))[,/ ]{1,2}"
    r"(?:9[0-9]|10[0-9])|(?:9[0-9]|10[0-9])/[mf]\b|\b[mf]/(?:9[0-9]|10[0-9]))(?![0-9A-Za-z:%.]| ?"
    r"(?:mins?|minutes|hours))"
)
_BIRTHDAY = (
    r"\b(?P<it>(?:9[0-9]|1[01][0-9]) ?(?:st|nd|rd|th)|ninetieth|ninety[ \-]?[a-z]+th|ninety[ \-]?"
    r"(?:first|second"
    r"|third)|hundredth|one hundredth)(?= birthday| b-?day| year\b)"
)
_THEIR_DECADE = (
    r"\b(?:my|his|her|their|our|your) (?P<it>(?:(?:very )?(?:early|late|mid)[ \-]?)?(?:nineties"
    r"|90'?s))\b"
)
_OVER_A_HUNDRED = r"\b(?P<it>(?:super)?cent[ae]n[ae]rian|non[aeo]g[ei]n[ae]rian)s?\b"

# --- Addresses ------------------------------------------------------------------------------------

_LETTERS = r"[A-Za-z'\-]"
_STREET = (
    "(?:street|road|lane|avenue|close|drive|way|court|place|gardens?|crescent|terrace|grove|walk"
    "|square|mews|row|hill|rise|green|park|parade|yard|wharf|quay|gate|villas?|cottages?|mansions?"
    "|path|passage|broadway|chase|croft|meadows?|dene|vale|end|circus|close|buildings?|house|lodge|view|heights|st|rd|ave|ln|cl|dr|cres|gdns|boulevard|track|drove|wynd|brae|estate|courtyard|esplanade"
    # abbreviations, as they are usually written: “CT” is a scan
    "|(?-i:Gr|Av|Sq|Wk|Ct|Crt|Pl|Tce|Terr?|Blvd|Bldgs?|Grn|Pk|Est"
    # and words of many other uses, with a capital
    "|Approach|Fields?|Towers?|Heath|Ridge|Bank|Banks|Mount|Copse|Spinney|Promenade|Leas?|Parkway|Common|Garth"
    "|Fold|Loan|Causeway|Haven|Reach|Orchards?|Paddocks?|Spur|Strand|Point|Hollow|Dell|Glade|Knoll|Nook|Dale"
    "|Glen|Warren|Oval|Beck|Woods?|Corner|Barn|Farm|Cross|Lawns?|Mills?|Halls?|Side|Bottom|Gates|Lock|Wharf"
    "|Chambers|Apartments|Almshouses|Mains))"
)
# behind an address: a village, a town, the first half of a postcode
_NO_TOWN = (
    "(?!(?i:the|a|an|i|i'm|i've|we|my|our|he|she|it|they|you|your|dr|mr|mrs|miss|ms|nurse|sister|doctor|please|thanks"
    "|thank|nhs|gp|monday|tuesday|wednesday|thursday|friday|saturday|sunday|when|but|and|so|if|no|not|still|call"
    "|ring|tel|mob|phone|email|dob)\\b)"
)
_TOWN = (
    rf"(?:{_NO_TOWN}[A-Z]{_LETTERS}{{1,24}}"
    rf"(?:[ \-](?:{_NO_TOWN}[A-Z]{_LETTERS}{{1,24}}|on|le|the|upon|in|by)){{0,3}})"
)
# “Top flat, ”, “1st floor, ”, “Flat C, ”, “3F2, ” before a number
_FLOOR = (
    rf"(?<![A-Za-z0-9])(?:(?:(?:top|(?:lower{_S})?ground|first|second|third|upper|lower|garden|basement|[1-9](?:st|nd|rd|th))"
    rf"{_S}(?:floor(?:{_S}(?:flat|maisonette))?|flat|maisonette)|(?:flat|apartment|apt){_S}[a-z]|[0-9]f[0-9lr]|[0-9]/[0-9]"
    rf"|number),?{_S})"
)
_PLACES = (
    rf"(?:,{_S}(?i:flat|apartment|apt|unit){_S}[0-9A-Z]{{1,4}}(?:/[0-9])?(?![A-Za-z0-9]))?"
    rf"(?:,{_S}?(?:(?:nr\.?|near|in|off){_S})?{_TOWN}(?=[,.;:!?)\n\0]|{_S}\0|{_S}[\-–]|$))*"
    rf"(?:{_S}{_TOWN}(?=,?{_S}(?:\0|[A-Z]{{1,2}}[0-9]{{1,2}} )))?"
    rf"(?:,{_S}[a-z]{_LETTERS}{{2,24}}(?=,?{_S}\0))?"
    rf"(?:,?{_S}[A-Z]{{1,2}}[0-9]{{1,2}}[A-Z]?(?![A-Za-z0-9]))?"
)
# Streets nobody takes for anything else in small letters, unlike “way”, “place” or “close”.
_SURE_STREET = "(?:street|road|lane|avenue|crescent|gardens|terrace|mews|grove)"
_HOME = (
    rf"(?:(?:flat|apartment|apt|unit|(?<!waiting )room|house|bungalow|number|no\.?|pitch|plot|mooring|berth)"
    rf"{_S}*)?[0-9]{{1,4}}[A-Za-z]?(?:[\-/][0-9]{{1,4}}[A-Za-z]?)?(?![A-Za-z])"
)
_SPELLED_NUMBER = rf"(?:[0-9]{{1,4}}[A-Za-z]?|(?:a{_S}hundred{_S}and{_S})?{_UNDER_A_HUNDRED})"
_CAPITALS = rf"(?:[A-Z]{_LETTERS}{{0,24}}{_S}+)"  # words of a name, each with the space after it
_NO_STREET = (
    "(?!(?i:the|a|an|on|in|of|to|at|for|and|or|but|down|from|my|his|her|their|our|up|by|was|were|is"
    "|hours?|hrs?|minutes?|mins?|days?|weeks?|months?|years?|miles?|times?|people|patients?|nurses?"
    "|doctors?|different|other|more|long|main|same|busy|car)\\b)"
)
_NO_STREET_IN_SMALL = (
    "(?!(?i:good|great|nice|very|so|quite|too|really|staff|them|us|me|you|we|i|they|he|she|it|star|no|per|cent"
    "|am|pm|o'clock|all|any|every|each|car|bus|this|that|which|what|with|if|then|till|until|when|could|would"
    "|can|had|have|has|people|min|max|out|close|not|never|only|just|still|first|next|another)\\b)"
)
_ADDRESS = (
    rf"{_NO_DIGIT}\b(?P<it>(?:(?i:flat|apartment|apt|unit|room|plot|maisonette"
    rf"|suite){_S}*(?:[0-9]{{1,4}}[A-Za-z]?|[A-Za-z])(?:/[0-9]{{1,2}})?{_S}*,{_S}*)?"
    rf"(?i:{_HOME}){_S}*,?{_S}*(?:St\.{_S}?)?(?:{_NO_STREET}[A-Z]{_LETTERS}{{0,24}}{_S}+){{1,4}}(?i:{_STREET})"
    rf"(?:,{_S}*(?:[A-Z]{_LETTERS}{{0,24}}{_S}+){{1,3}}(?i:{_STREET}))?)\b"
)
# “post it to 75b meadow court”: said to be where somebody lives
_INTRODUCED_ADDRESS = (
    rf"\b(?:live[sd]?|living|moved|i'?m|i{_S}am|we'?re|we{_S}are|she'?s|he'?s|address(?:{_S}is)?|"
    rf"(?:post|send|sent|posted|deliver"
    rf"|delivered)(?:{_S}[a-z]+)?){_S}(?:at{_S}|to{_S}|in{_S}|is{_S})?"
    rf"(?P<it>{_HOME}{_S}*,?{_S}*(?:{_NO_STREET}[A-Za-z]{_LETTERS}{{1,24}}{_S}+){{1,3}}{_STREET})\b"
)
# “from 79 kestrel drive”: words that are often no street, in small letters
_UNSURE_STREET = (
    "(?:drive|close|court|way|place|hill|rise|view|row|grove|gardens?|cottages?|square|rd|ave?|cres|gdns|gr|dene|parade|park"
    "|meadows?|fields|towers|buildings?|estate|chase|bank|heights|brae|garth|villas|house|lodge|mansions|wharf|quay|walk|lea"
    "|green|vale|croft|yard|mount|grange|st)"
)
_FROM_A_HOUSE_IN_SMALL = (
    rf"(?:\b(?:at|from|to|of|outside|near|called|is|ours|address|moved|care{_S}of|c/o|into|house"
    rf"|flat|alone|:),?{_S}|^|\(|, )"
    rf"(?P<it>(?:(?:flat|number|no\.?){_S}*)?[0-9]{{1,3}}[a-d]?,?{_S}"
    rf"(?:{_NO_STREET}{_NO_STREET_IN_SMALL}[A-Za-z]{_LETTERS}{{2,24}}{_S}){{1,2}}{_UNSURE_STREET})"
    rf"(?!{_S}(?:to|by|through|up|of|from|friends?|off|away|there|home|and{_S}back|here|hospital|surgery|ward|clinic)\b|[A-Za-z\-])"
)
# “rose cottage, chestnut grove”, “flat 3b oak road”, “apartment 12, rose cottage and”
_HOUSE_AND_STREET_IN_SMALL = (
    rf"\b(?P<it>(?:the{_S})?(?:{_NO_STREET}{_NO_STREET_IN_SMALL}[a-z]{_LETTERS}{{2,24}}{_S}){{1,2}}"
    rf"(?:cottage|rectory|vicarage|farm|lodge|manor|villa|bungalow|barn|grange|forge|mill|house|court|towers),{_S}"
    rf"(?:{_NO_STREET}[a-z]{_LETTERS}{{2,24}}{_S}){{1,2}}(?:{_SURE_STREET}|{_UNSURE_STREET}))\b"
)
_FLAT_IN_A_HOUSE = (
    rf"\b(?P<it>(?:flat|apartment|apt|maisonette){_S}*(?:no\.?|number)?{_S}*(?:[0-9]{{1,4}}[a-z]?|[a-z](?=,))"
    rf"(?:/[0-9]{{1,2}})?,?{_S}(?:[0-9]{{1,3}}[a-d]?,?{_S})?(?:the{_S})?"
    rf"(?:{_NO_STREET}{_NO_STREET_IN_SMALL}[a-z]{_LETTERS}{{2,24}}{_S}){{1,3}}(?:{_SURE_STREET}|{_UNSURE_STREET}))\b"
)
_HOME_OF_CARE_IN_SMALL = (
    rf"\b(?:live[sd]?|living|{_KIN}(?:'?s)?|he's|she's|visit(?:ed)?(?:{_S}{_KIN})?|in|at){_S}(?:in|at){_S}"
    rf"(?P<it>(?:the{_S}(?=[a-z]+{_S}[a-z]+{_S}(?:care|nurs|resid)))?(?:{_NO_STREET}{_NO_STREET_IN_SMALL}"
    rf"(?!(?:local|private|different|new|lovely|council|sheltered|specialist|secure|dementia|good|care|nursing)\b)"
    rf"[a-z]{_LETTERS}{{2,24}}{_S}){{1,2}}(?:care|nursing|residential|rest){_S}home)\b"
)
# “twenty two Station Road”: with the capitals of a name, or where somebody lives
_ADDRESS_IN_WORDS = (
    rf"\b(?P<it>(?i:(?:flat|number|no\.?|house){_S})?(?i:{_UNDER_A_HUNDRED}),?{_S}"
    rf"(?:{_NO_STREET}{_CAPITALS}){{1,3}}(?:(?i:{_SURE_STREET})|Close|Drive|Court|Rise|Hill"
    rf"|Place|Square|Way|Walk|Row|Park|View|Rd|Ave|St))\b"
)
# “Mill Lane number four”
_STREET_AND_NUMBER = (
    rf"\b(?P<it>(?:{_NO_STREET}{_CAPITALS}){{1,3}}(?i:{_STREET}),?{_S}(?:at{_S})?(?i:number|no\.?"
    rf"|house|flat){_S}?"
    rf"(?i:{_SPELLED_NUMBER}))\b(?!{_S}bus)"
)
# “flat above the chippy on Marsh Street”, “live opposite the church on Mill Lane”
_HOME_NEAR_BY = (
    rf"\b(?i:live[sd]?|living|flat|house|bungalow|cottage)(?:,?{_S}[a-z']+){{1,7}}?,?"
    rf"{_S}(?:on|in|off|of|down|along|at){_S}(?P<it>{_CAPITALS}{{1,3}}(?i:{_STREET})"
    rf"(?:{_S}and{_S}{_CAPITALS}{{1,3}}(?i:{_STREET}))?)\b"
    rf"(?!{_S}(?i:clinic|surgery|practice|hospital|ward|health|medical))"
)
# a street of one word: “at 23 Queensway”
_STREET_OF_A_SINGLE_WORD = (
    rf"\b(?i:at|to|from|is|address:?){_S}(?P<it>[0-9]{{1,4}}[A-Za-z]?,?{_S}[A-Z][a-z]{{2,12}}"
    rf"(?:way|gate|side|fields?|wood|croft|dale|ville|mead|bank|leigh|brook|crest|cote|hurst|holme|garth))\b"
    rf"(?!{_S}(?i:ward|unit|suite|clinic|centre))"
)
# In Welsh the kind of street comes first.
_STREET_IN_WALES = (
    rf"\b(?P<it>(?:[0-9]{{1,4}}[a-z]?,?{_S}|(?-i:{_CAPITALS}{{0,2}}[A-Z]{_LETTERS}{{1,24}},{_S}))"
    rf"(?:heol|ffordd|stryd|lon|clos|rhodfa|llys|maes){_S}(?:(?:y|yr){_S})?[a-z]{_LETTERS}{{2,20}})\b"
)
# Homes that have a pitch, a mooring or a room number.
_PARK_OF_HOMES = (
    rf"{_CAPITALS}{{1,3}}(?i:(?:caravan|holiday|mobile{_S}home|residential){_S}(?:park|site)"
    rf"|marina|wharf|moorings?|boatyard)"
)
_CARE_HOME = (
    rf"{_CAPITALS}{{1,3}}(?i:(?:care|nursing|residential|rest|retirement){_S}(?:home|village))"
)
_PITCH = (
    rf"\b(?P<it>(?i:pitch|plot|mooring|berth|caravan|chalet|bungalow){_S}(?i:(?:number"
    rf"|no\.?){_S})?[0-9]{{1,3}}[A-Za-z]?"
    rf"(?:,?{_S}(?:(?:at|on|in){_S})?(?:the{_S})?(?:{_PARK_OF_HOMES}|{_CAPITALS}{{1,3}}(?i:{_STREET})\b))?)"
    rf"(?![A-Za-z0-9])"
)
_ROOM_OF_A_HOME = (
    rf"\b(?P<it>(?i:room){_S}[0-9]{{1,3}}[A-Za-z]?,?{_S}(?:(?:at|in){_S})?"
    rf"(?:the{_S})?{_CARE_HOME})\b"
)
_IN_A_HOME = (
    rf"\b(?i:live[sd]?|living|resides?|resident|moved|discharged|{_KIN}|he|she|caravan|boat"
    rf"|(?:supported|sheltered){_S}(?:housing|accommodation|living))(?:'s"
    rf"|{_S}(?:is|are|was))?"
    rf"(?:{_S}(?:now|back|still))?{_S}(?:in|at|of|to|into|on){_S}(?:the{_S})?(?P<it>{_CARE_HOME}"
    rf"|{_PARK_OF_HOMES})\b"
)
# A boat, or a house without a number, whose name is its address.
_NAME_OF_A_HOME = (
    rf"\b(?i:(?:narrow{_S}?|canal{_S}?|house)boat|barge|(?:house|cottage|bungalow|boat){_S}"
    rf"(?:is{_S})?(?:called|named)),?"
    rf"{_S}['\"]?(?P<it>(?:[Tt]he{_S})?(?!The\b)[A-Z][a-z]{{2,20}}"
    rf"(?:{_S}[A-Z][a-z]{{2,20}}){{0,2}}(?:{_S}at{_S}{_PARK_OF_HOMES})?)\b"
)
_FARM = (
    rf"\b(?i:at|to|in|find|found|from|reach|is){_S}(?P<it>{_CAPITALS}{{1,3}}Farm(?:house)?)\b"
    rf"(?!{_S}(?i:shop|surgery|ward|road|lane|street|medical|health|clinic|practice))"
)
_PO_BOX = rf"\b(?P<it>p\.?{_S}?o\.?{_S}?box{_S}(?:no\.?{_S}|number{_S})?[0-9]{{1,6}})\b"
# The name of a house and its street in small letters; the High Street is where the shops are.
_NAMED_HOUSE_IN_SMALL = (
    rf"\b(?:live[sd]?|living|address(?:{_S}is)?|delivered|post(?:ed)?(?:{_S}it)?|sent|moved){_S}"
    rf"(?:at|to|in|is){_S}"
    rf"(?P<it>(?:{_NO_STREET}[a-z]{_LETTERS}{{2,24}}{_S}){{0,1}}{_NO_STREET}[a-z]{_LETTERS}{{2,24}},{_S}"
    rf"(?:{_NO_STREET}(?!high\b)[a-z]{_LETTERS}{{1,24}}{_S}){{1,2}}{_SURE_STREET})\b"
)
_INTRODUCED_HOUSE = (
    rf"\b(?i:live[sd]?|living|address(?:{_S}is)?|delivered|post(?:ed)?(?:{_S}it)?|sent|moved"
    rf"|we're|i'm){_S}(?i:at|to|in|is){_S}['\"]?"
    rf"(?P<it>(?:[A-Z][^\W\d_]+{_S}*){{1,4}}['\"]?,{_S}*(?!High{_S}Street)"
    rf"(?:[A-Z]{_LETTERS}{{0,24}}{_S}+){{1,3}}"
    rf"(?i:{_STREET}))\b"
)
_ADDRESS_IN_SMALL = (
    rf"{_NO_DIGIT}\b(?P<it>{_HOME}{_S}*,?{_S}*"
    rf"(?:{_NO_STREET}[A-Za-z]{_LETTERS}{{1,24}}{_S}+){{1,2}}"
    rf"{_SURE_STREET})\b"
)
_HOME_IN_STREET = (
    rf"\b(?i:live[sd]?|living|address(?:{_S}+is)?|home|house|flat|bungalow|neighbou?rs?|moved|move|stuck|stranded"
    rf"|i'm|we're|she's|he's|hostel|floor{_S}of|(?:travellers'?|gypsy|caravan){_S}site)"
    rf"{_S}+(?i:(?:(?:in|on|at|by){_S}+the{_S}+(?:corner|end|top|bottom){_S}+of)"
    rf"|just{_S}+off|in|on|at|is|down|up|off|along|near|by|to|from){_S}+"
    rf"(?P<it>(?:{_NO_STREET}[A-Z]{_LETTERS}{{0,24}}{_S}+){{1,4}}(?i:{_STREET}))\b"
)
_HOME_IN_STREET_IN_SMALL = (
    rf"\b(?:live[sd]?|living|stuck|moved|hostel|flat|i'm|im|we're|(?:my|our){_S}(?:road|street|house)){_S}+(?:just{_S})?"
    rf"(?:in|on|at|down|off|along|up|to){_S}+"
    rf"(?P<it>(?:{_NO_STREET}[A-Za-z]{_LETTERS}{{1,24}}{_S}+){{1,2}}(?:{_SURE_STREET}|court|close|drive|lodge|towers"
    rf"|rise|view)|[0-9]{{1,3}}[a-d]?{_S}the{_S}(?:{_SURE_STREET}|close|green|drive|square|row|parade))\b"
)
# Rose Cottage, Church Lane
_NAMED_HOUSE = (
    rf"\b(?P<it>(?:[A-Z]{_LETTERS}{{0,24}}{_S}+){{1,3}}"
    rf"(?i:cottage|rectory|vicarage|farm(?:house)?|lodge|house|manor|villa|bungalow|forge|barn|grange|gables|maltings"
    rf"|schoolhouse|stables|towers|court){_S}*,{_S}*"
    rf"(?:[A-Z]{_LETTERS}{{0,24}}{_S}+){{1,3}}(?i:{_STREET}))\b"
)
# where a service is, is no detail of a person
_OF_A_SERVICE = (
    r"\b(?:surgery|practice|clinic|hospital|pharmacy|chemist|centre|center|dentist|dental|hub|branch|site"
    r"|unit|gps?|doctors'?|health|opticians?|office|car park|(?:care|nursing|residential|rest) homes?)"
    r"(?:,? (?:is|are|was|moved|now|based|over|up|down|there|building|opposite|located|situated"
    r"|near|next|to)){0,3},? (?:(?:at|on|in|of|to) )?"
)
_HOUSE = (
    r"(?:[A-Z][A-Za-z'\-]{1,24} ){1,2}(?:Cottage|Bungalow|Farmhouse|Barn|Rectory|Vicarage|Villa)"
    r"(?! (?i:hospital|surgery|ward|clinic|practice|hospice|nursing|care|centre))"
)
_HOUSE_ALONE = rf"(?<![A-Za-z])(?!(?:The|A|Our|This|Local|My|That) )(?P<it>{_HOUSE})\b"
_TO_A_HOUSE = (
    r"\b(?i:live[sd]?|living|moved|letters?|post|posted|sent|deliver(?:ed|y)?|home|come|came|address(?: is)?"
    r"|parcel|out) (?i:at|in|to|is) (?P<it>(?:The Old (?:[A-Z][a-z]+)(?: Office)?"
    r"|The (?:Maltings|Lodge|Mill|Forge|Gables|Willows|Laurels|Firs|Elms|Oaks|Limes|Hollies|Beeches"
    r"|Cedars|Poplars|Croft|Hawthorns|Paddock|Chestnuts|Cottage|Bungalow|Old|Manor|Grange|Orchard)"
    r"|[A-Z][A-Za-z'\-]{1,24} (?:Lodge|Farm|House|Manor|Croft|Barn|View|Villa|Grange|Mill))"
    rf"(?:, {_CAPITALS}{{1,3}}(?i:{_STREET})\b)?)"
    r"(?! (?i:hospital|surgery|ward|clinic|practice|hospice|nursing|care|centre|health|unit|medical))\b"
)
# “I live at Braeside, Glen Lochan”, “c/o The Old Post Office”: a name is all there is
_LIVED_AT = (
    rf"\b(?:(?i:(?:live[sd]?|living|resid(?:es?|ing)|moored|find{_S}(?:us|me|her|him)){_S}(?:at|by)|home{_S}is"
    rf"|(?:supported|sheltered){_S}(?:housing|accommodation|living){_S}(?:at|in))|[cC]/[oO]:?)"
    rf"{_S}['\"]?(?P<it>(?:[Tt]he{_S})?{_TOWN}(?:,{_S}{_TOWN})*)(?!{_S}(?i:ward|hospital|clinic|surgery))\b"
)
_ON_AN_ESTATE = (
    rf"\b(?:on|off|of|from){_S}(?:the|our){_S}(?P<it>(?:(?!(?:housing|council|local|real|industrial|same|whole|trading|private"
    rf"|hospital|new|old|big|rough|little|business|retail|country|next|family|entire|crown|landed)\b)"
    rf"[a-z]{_LETTERS}{{2,24}}{_S}){{1,3}}estate)\b"
)
# “my road, Penny Lane, is cut off”; “Watery Lane where we live”
_STREET_IN_APPOSITION = (
    rf"\b(?:(?i:my|our|her|his){_S}(?i:road|street|lane|estate|building|flat|close|house|home|block|cottage)|[Tt]he{_S}farm|tower{_S}block"
    rf"|cul{_S}de{_S}sac)(?:{_S}(?:is|was))?(?:,{_S}|{_S}?\({_S}?|{_S})(?P<it>{_CAPITALS}{{1,3}}(?i:{_STREET}))\b"
)
_STREET_WHERE_SOMEBODY_LIVES = (
    rf"\b(?P<it>{_CAPITALS}{{1,3}}(?i:{_STREET})),?{_S}(?:where|which{_S}is{_S}where)"
    rf"{_S}(?:[A-Za-z]+{_S}){{1,3}}(?i:live[sd]?)\b"
)
_STREET_WHERE_SOMEBODY_LIVES_IN_SMALL = (
    rf"\b(?P<it>(?:{_NO_STREET}{_NO_STREET_IN_SMALL}[a-z]{_LETTERS}{{2,24}}{_S}){{1,2}}{_SURE_STREET}),?{_S}where{_S}"
    rf"(?:[a-z]+{_S}){{1,3}}live[sd]?\b"
)
# “send it to 6 Fairlawns”, “lives at 8 Cornmarket”
_NUMBER_AND_NAME = (
    rf"\b(?i:(?:live[sd]?|living|address|sen[dt]|post(?:ed)?|deliver(?:ed)?|letters?|parcel|moved|come|came|called"
    rf"|carer|nurse|bell|write|wrote|i'm|im|we're|she's|he's|home)(?:{_S}(?!at|to)[a-z]+){{0,3}}?{_S}(?:at|to|is|from))"
    rf"{_S}(?P<it>[0-9]{{1,3}}[A-Da-d]?{_S}(?:{_NO_STREET}{_NO_TOWN}[A-Za-z]{{3,25}})(?:{_S}(?-i:[A-Z][a-z]{{2,24}}))?)"
    rf"(?=[,.;!?)\n]|$|{_S}[A-Za-z])(?!{_S}(?i:ward|unit|clinic|surgery|hospital|staff|nurses|doctors))"
)
_NEXT_DOOR = (
    rf"\b(?:next{_S}door|people|lady|man|couple|woman|family|neighbours?)(?:{_S}[a-z]+){{0,3}}?{_S}(?:at|in){_S}"
    rf"(?P<it>(?:number|no\.?){_S}?[0-9]{{1,3}}[a-d]?)(?!{_S}(?:in|on|of)\b|[0-9])"
)
# “Flat B, Room 14, Beech Hall”
_ROOM_IN_A_HALL = (
    rf"\b(?P<it>(?i:room){_S}[0-9]{{1,4}}[A-Za-z]?,?{_S}(?:Block{_S}[A-Z0-9]{{1,2}},?{_S})?"
    rf"(?:{_NO_STREET}{_CAPITALS}){{1,2}}(?i:Halls?|House|Court|Lodge|Residences?|Hostel|Hotel))\b"
)
_HALF_A_POSTCODE = (
    r"\bpost ?code(?: [a-z']+){0,3}:? (?P<it>[A-Z]{1,2}[0-9]{1,2}[A-Z]?)(?![A-Za-z0-9])"
)
_AT_THE_GREEN = (
    r"(?<![A-Za-z0-9£])(?P<it>(?:(?i:flat|apartment|apt|unit) )?[0-9]{1,3}[A-Za-z]?,? [Tt]he "
    r"(?:Green|Close|Street|Avenue|Crescent|Drive|Mews"
    r"|Square|Parade|Terrace|Row|Lane|Maltings|Paddocks?|Orchard|Gardens|Grove|Glebe|Croft|Ridings"
    r"|Meadows?|Spinney|Cloisters|Limes|Laurels|Willows|Firs|Rise|Walk|Hill|Causeway|Quay))\b"
)
_NUMBER_LIVED_AT = (
    rf"\b(?:live[sd]?|living|neighbours?|neighbor|moved|address is){_S}(?:at|in|to|next to)?{_S}?"
    rf"(?P<it>(?:house{_S})?(?:number|no\.?){_S}?[0-9]{{1,4}}[a-z]?)\b"
)
_FLAT = (
    rf"\b(?P<it>(?:(?:tower{_S})?block{_S}[a-z0-9]{{1,2}},?{_S})?(?:flat|apartment|apt|maisonette){_S}*"
    rf"(?:no\.?|number)?{_S}*[0-9]{{1,4}}[a-z]?"
    rf"(?:,{_S}(?:(?-i:[Tt]he){_S})?(?-i:(?:{_NO_TOWN}[A-Z][a-z]+{_S}?){{1,3}}(?=[,.;:!?)\n\0]|$))"
    rf"|,{_S}(?:tower{_S})?block{_S}[a-z0-9]{{1,2}})?)\b"
    rf"(?!{_S}?(?:hours?|hrs?|minutes?|mins?|days?|weeks?|times?|%))"  # “lie flat 2 hours”
)

# --- The web --------------------------------------------------------------------------------------

_WHO = r"(?<![\w.+\-])[\w.+\-]{1,64}"
_EMAIL = (
    rf"(?P<it>{_WHO}{_S}?(?:@|%40){_S}?[\w\-]{{1,63}}(?:\.[\w\-]{{1,63}}"
    rf"|{_S}?\.{_S}?(?:[a-z][\w\-]{{0,62}}{_S}?\.{_S}?)?(?:com|co|org|net|uk|nhs|gov|ac|ie|eu"
    rf"|example)\b){{1,6}})"
)
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
    rf"(?P<it>(?!(?:look|work|am|is|was|me|us)(?:s|ed|ing)?\b){_WHO}(?:{_S}at{_S}(?:gmail"
    rf"|googlemail|hotmail|icloud|btinternet|protonmail)"
    rf"|@[a-z][\w\-]{{1,62}})(?:[.,]?{_S}?(?:com|co|org|net|uk|nhs)\b){{0,3}})"
)
# Punctuation that ends a sentence or closes a bracket is not part of the address.
_LINK = (
    r"(?P<it>(?:(?:https?:/{0,2}|www\.)[^\s\0<>]*|\b[a-z0-9\-.]{1,60}\.[a-z]{2,12}/[^\s\0<>]*)"
    r"[^\s\0<>.,;:!?'\")\]])"
)
_DOMAIN = (
    r"(?<![\w@.\-])(?P<it>(?:[a-z0-9\-]{1,63}\.){1,8}(?:com|org|net|uk|info|ie|eu|io|biz|gov"
    r"|wales|scot)\b(?:/[^\s\0<>]*)?)"
)
_SPELT_OUT = (
    r"\b(?P<it>[\w\-]{2,40}(?: dot [\w\-]{1,30}){0,3} dot (?:com|org|net|co|uk|info|io"
    r"|me)\b(?: dot uk\b)?(?: (?:forward )?slash [\w\-.]{1,40})*)"
)
_SPELT_OUT_WITH_A_PATH = _SPELT_OUT.replace("{1,40})*)", "{1,40})+)")
# words bound by a low line are nobody's English
_BOUND = (
    r"(?<![\w@.\-])(?P<it>(?=[0-9_.]*[A-Za-z])[A-Za-z0-9.]*[A-Za-z0-9]_[A-Za-z0-9_.]*[A-Za-z0-9_])"
)
_HANDLE_IN_WORDS = r"(?P<it>[(\[]at[)\]] ?[A-Za-z0-9_]{3,30})"
_HANDLE = r"(?<![\w.@])(?P<it>@[A-Za-z0-9_](?:[A-Za-z0-9_.\-]{0,30}[A-Za-z0-9_])?)"
_NETWORK = (
    r"(?:insta(?:gram)?|twitter|x|facebook|fb|messenger|snap(?:chat)?|tik{_S}?tok|tiktok|threads"
    r"|linkedin|telegram"
    r"|whatsapp|skype|youtube|bluesky|mastodon|reddit|discord|discord|signal|handle|username"
    r"|user{_S}name)"
).replace("{_S}", " ")
# “find me on Instagram: jo_sample99”; of letters alone only after a colon or “is”
_INTRODUCED_HANDLE = (
    rf"(?<![0-9] )\b{_NETWORK}\b(?:{_S}(?:handle|name|page|account|profile|user(?:name)?|id))?"
    rf"(?:{_S}*[:=\-(]{_S}*|{_S}+(?:(?:is|as|under|at|named|called){_S}+)?)"
    rf"(?P<it>@?(?:(?=[a-z0-9_.\-]*[0-9_])[a-z0-9_][a-z0-9_.\-]{{2,30}}"
    rf"|[a-z0-9]{{2,20}}[._][a-z0-9_.]{{2,20}})(?<![.\-]))"
)
_HANDLE_ON = (
    rf"\b(?P<it>[a-z0-9_.]{{3,30}}){_S}on{_S}(?:insta(?:gram)?|twitter|facebook|fb|snapchat"
    rf"|tiktok|tik{_S}tok|linkedin|threads|x)\b"
)
_INTRODUCED_SINGLE_WORD_HANDLE = (
    rf"\b{_NETWORK}(?:{_S}(?:handle|name|page|account|profile|id))?{_S}*(?::|{_S}is{_S}){_S}*"
    rf"(?P<it>@?[a-z0-9_][a-z0-9_.]{{3,30}})(?<!\.)"
)


def _is_name_of_a_home(text: str) -> bool:
    """“8 Cornmarket” by its capital, “8 cornmarket” and “8 CORNMARKET” as no word."""
    name = text.split()[1]
    return name.istitle() or not (is_word(name.lower()) or is_misspelt(name.lower()))


def _is_no_word(text: str) -> bool:
    return not is_word(text.lower())


# --- The rules ------------------------------------------------------------------------------------

_AT = ("@", " at ", "at)", "at]", "at}", "%40")
_OLD_ENOUGH = re.compile(r"(?<![0-9£])(?:9[0-9]|1[01][0-9])(?![0-9])|ninet|hundred")
_DAY_MONTH_YEAR = re.compile(
    rf"{'|'.join(_MONTHS)}|[0-9]\s*[-/.\\]\s*[0-9]{{1,2}}\s*[-/.\\]|[0-9]\s+[0-9]{{1,2}}\s+(?:18|19|20)"
    r"|[ivx][ ./-](?:18|19|20)|of the [0-9]"
)
_NAMED_HOUSES = tuple(
    f"{house},"
    for house in (
        "cottage",
        "rectory",
        "vicarage",
        "farm",
        "lodge",
        "manor",
        "villa",
        "bungalow",
        "barn",
        "grange",
        "forge",
        "mill",
        "house",
        "court",
        "towers",
    )
)
_HOMES = (
    "care",
    "nursing",
    "residential",
    "rest ",
    "retirement",
    "park",
    "site",
    "marina",
    "wharf",
    "moor",
    "boat",
)
_ROAD = re.compile(r"[0-9][^.!?]*(?:street|road|lane|avenue|crescent|gardens|terrace|mews|grove)")
_A_NUMBER_OF = re.compile(r"number|ref|\bno\b|\bnum\b|\bnr\b|\bid\b|code|#")
_TOP = re.compile(r"\.(?:com|org|net|uk|info|ie|eu|io|biz|gov|wales|scot)\b")
_A_YEAR = re.compile(r"(?:18|19|20)[0-9]{2}|'[0-9]{2}")
_DAY_STROKE = re.compile("[0-9][/.][0-9]")
_NTH_OF_SOMETHING = re.compile("[0-9] ?(?:st|nd|rd|th)")
_LONG_ENOUGH = re.compile(r"[0-9]{4}|[0-9]{2}[/\-]")
_OWN = ("my ", "our ", "her ", "his ", "the farm", "tower block", "cul de sac")
_OF_A_NUMBER = ("number", "no ", "no.", "house", "flat")
_IN_WORDS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten ",
    "teen",
    "twel",
    "elev",
    "twent",
    "thirt",
)
_IN_WELSH = ("heol", "ffordd", "stryd", "lon ", "clos ", "rhodfa", "llys", "maes")
_OF_NETWORKS = (
    *(
        "insta",
        "twitter",
        "x:",
        "x ",
        "facebook",
        "fb",
        "messenger",
        "snap",
        "tik",
        "threads",
        "linkedin",
    ),
    *(
        "telegram",
        "whatsapp",
        "skype",
        "youtube",
        "bluesky",
        "mastodon",
        "reddit",
        "discord",
        "signal",
    ),
    *("handle", "username", "user name"),
)

# In this order: what holds another kind inside it goes first.
RULES: tuple[Rule, ...] = (
    Rule("web address", _matches(_LINK, any_case=True), needs=("http", "www", "/")),
    Rule("web address", _matches(_SPELT_OUT_WITH_A_PATH, any_case=True), needs=("slash",)),
    Rule("e-mail", _matches(_EMAIL), needs=("@", "%40")),
    Rule("e-mail", _matches(_EMAIL_IN_WORDS, any_case=True), needs=_AT),
    Rule("e-mail", _matches(_EMAIL_AT, any_case=True), needs=_AT),
    Rule("e-mail", _matches(_EMAIL_SLIPPED, any_case=True), needs=_AT),
    Rule("web address", _matches(_DOMAIN, any_case=True), holds=_TOP),
    Rule("web address", _matches(_SPELT_OUT, any_case=True), needs=(" dot ",)),
    Rule("web address", _matches(_HANDLE), needs=("@",)),
    Rule("web address", _matches(_HANDLE_IN_WORDS, any_case=True), needs=("(at)", "[at]")),
    Rule("web address", _matches(_BOUND), needs=("_",)),
    Rule("web address", _matches(_HANDLE_ON, any_case=True, accepts=_is_no_word), needs=(" on ",)),
    Rule("web address", _matches(_INTRODUCED_HANDLE, any_case=True), needs=_OF_NETWORKS),
    Rule(
        "web address",
        _matches(_INTRODUCED_SINGLE_WORD_HANDLE, any_case=True, accepts=_is_no_word),
        needs=_OF_NETWORKS,
    ),
    Rule("number", _matches(_CARD, accepts=_is_card), digits=True),
    Rule("number", _matches(_SORT_CODE_AND_ACCOUNT), digits=True),
    Rule("number", _matches(_HIDDEN_CARD), digits=True),
    Rule("number", _matches(_EXPIRY, any_case=True), digits=True),
    Rule("number", _matches(_END_OF_CARD, any_case=True), digits=True),
    Rule("NHS number", _matches(_NHS_NUMBER, accepts=_is_nhs_number), digits=True),
    Rule("NHS number", _matches(_NHS_NUMBER_IN_GROUPS, accepts=_is_nhs_number), digits=True),
    Rule("NHS number", _matches(_INTRODUCED_NHS_NUMBER, any_case=True), digits=True),
    Rule("date", _matches(_FEAST, any_case=True), digits=True, holds=_A_YEAR),
    Rule("date", _matches(_BORN, any_case=True), needs=("born", "birth", "dob", "d.o", "d o")),
    Rule("date", _matches(_DATE_IN_WORDS, any_case=True, head=_ON_A), needs=_MONTHS),
    Rule("date", _matches(_DATE_IN_WORDS_ALONE, any_case=True, head=_ON_A), needs=_MONTHS),
    Rule("number", _matches(_IBAN, any_case=True), digits=True),
    Rule("number", _matches(_INTRODUCED_BANK_NUMBER, any_case=True, tail=_REST), digits=True),
    Rule("date", _matches(_FULL_DATE, any_case=True, head=_ON_A), holds=_DAY_MONTH_YEAR),
    Rule("date", _matches(_BORN_AGAIN, any_case=True), needs=("birth", "dob", "d.o", "d o")),
    Rule("date", _matches(_DAY_AND_MONTH, any_case=True, accepts=_is_day_and_month), needs=_MONTHS),
    Rule("date", _matches(_DAY_IN_MAY, any_case=True), needs=(" may", " mar")),
    Rule("date", _matches(_WEEKDAY_AND_DAY, any_case=True), digits=True, holds=_NTH_OF_SOMETHING),
    Rule(
        "date",
        _matches(_DAY_OF_MONTH, any_case=True, accepts=_is_day_of_month),
        digits=True,
        holds=_DAY_STROKE,
    ),
    Rule("age", _matches(_AGED, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", _matches(_YEARS_OLD, any_case=True, unless=_OF_A_BUILDING), holds=_OLD_ENOUGH),
    Rule("age", _matches(_YEARS_OF_LIFE, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", _matches(_AT_AGE, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", _matches(_BESIDE_SOMEBODY, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", _matches(_STILL, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", _matches(_THEY_ARE, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", _matches(_WHOSE_AGE, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", _matches(_SHORT_OF, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", _matches(_HER_HUNDREDTH, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", _matches(_SEX_AND_AGE), holds=_OLD_ENOUGH),
    Rule("age", _matches(_BIRTHDAY, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", _matches(_THEIR_DECADE, any_case=True), needs=("ninet", "90")),
    Rule("age", _matches(_OVER_A_HUNDRED, any_case=True), needs=("arian", "erian")),
    Rule("number", _matches(_SORT_CODE, accepts=_is_sort_code), digits=True),
    Rule("phone number", _matches(_PHONE, accepts=_is_phone), digits=True),
    Rule("phone number", _matches(_FOREIGN_PHONE), digits=True),
    Rule(
        "phone number",
        _matches(_NUMBER_IN_WORDS, any_case=True),
        needs=("seven", "eight", "one", "two", "zero", "nine"),
    ),
    Rule(
        "phone number",
        _matches(_INTRODUCED_PHONE, any_case=True, accepts=lambda text: len(_digits(text)) >= 5),
        digits=True,
    ),
    Rule("postcode", _matches(_POSTCODE, any_case=True), digits=True),
    Rule("number", _matches(_DRIVING_LICENCE, any_case=True), digits=True),
    Rule("number", _matches(_NATIONAL_INSURANCE, any_case=True), digits=True),
    Rule("number", _matches(_INTRODUCED_NATIONAL_INSURANCE, any_case=True), digits=True),
    Rule("postcode", _matches(_HALF_A_POSTCODE, any_case=True), needs=("postcode", "post code")),
    Rule("address", _matches(_PITCH, tail=_PLACES), digits=True),
    Rule("address", _matches(_ROOM_IN_A_HALL, tail=_PLACES), needs=("room",)),
    Rule("address", _matches(_ROOM_OF_A_HOME), digits=True),
    Rule(
        "address", _matches(_ADDRESS, unless=_OF_A_SERVICE, head=_FLOOR, tail=_PLACES), digits=True
    ),
    Rule("address", _matches(_STREET_AND_NUMBER, unless=_OF_A_SERVICE), needs=_OF_A_NUMBER),
    Rule(
        "address", _matches(_ADDRESS_IN_WORDS, unless=_OF_A_SERVICE, tail=_PLACES), needs=_IN_WORDS
    ),
    Rule(
        "address",
        _matches(_STREET_OF_A_SINGLE_WORD, unless=_OF_A_SERVICE, tail=_PLACES),
        digits=True,
    ),
    Rule("address", _matches(_STREET_IN_WALES, any_case=True), needs=_IN_WELSH),
    Rule("address", _matches(_NAME_OF_A_HOME), needs=("boat", "barge", "called", "named")),
    Rule("address", _matches(_PO_BOX, any_case=True), needs=("box",)),
    Rule(
        "address",
        _matches(_ADDRESS_IN_SMALL, any_case=True, unless=_OF_A_SERVICE, head=_FLOOR, tail=_PLACES),
        digits=True,
        holds=_ROAD,
    ),
    Rule(
        "address",
        _matches(
            _FROM_A_HOUSE_IN_SMALL, any_case=True, unless=_OF_A_SERVICE, head=_FLOOR, tail=_PLACES
        ),
        digits=True,
    ),
    Rule("address", _matches(_AT_THE_GREEN, unless=_OF_A_SERVICE, tail=_PLACES), digits=True),
    Rule("address", _matches(_INTRODUCED_ADDRESS, any_case=True, tail=_PLACES), digits=True),
    Rule("address", _matches(_INTRODUCED_HOUSE, tail=_PLACES), needs=(",",)),
    Rule(
        "address",
        _matches(_HOME_IN_STREET, unless=_OF_A_SERVICE, tail=_PLACES),
        needs=(
            "liv",
            "address",
            "home",
            "house",
            "flat",
            "bungalow",
            "neighb",
            "move",
            "i'm ",
            "we're ",
            "he's ",
            "stuck",
            "stranded",
            "hostel",
            "floor",
            "site",
        ),
    ),
    Rule("address", _matches(_IN_A_HOME), needs=_HOMES),
    Rule(
        "address",
        _matches(_TO_A_HOUSE, unless=_OF_A_SERVICE, tail=_PLACES),
        needs=(" at ", " in ", " to ", " is "),
    ),
    Rule("address", _matches(_NAMED_HOUSE_IN_SMALL, any_case=True), needs=(",",)),
    Rule("address", _matches(_FARM, tail=_PLACES), needs=("farm",)),
    Rule(
        "address",
        _matches(_HOME_NEAR_BY, unless=_OF_A_SERVICE),
        needs=("liv", "flat", "house", "bungalow", "cottage"),
    ),
    Rule("address", _matches(_NUMBER_LIVED_AT, any_case=True), digits=True),
    Rule("address", _matches(_NEXT_DOOR, any_case=True), needs=_OF_A_NUMBER),
    Rule(
        "address",
        _matches(_NUMBER_AND_NAME, any_case=True, accepts=_is_name_of_a_home, tail=_PLACES),
        digits=True,
    ),
    Rule("address", _matches(_ON_AN_ESTATE, any_case=True), needs=("estate",)),
    Rule("address", _matches(_STREET_IN_APPOSITION), needs=_OWN),
    Rule("address", _matches(_STREET_WHERE_SOMEBODY_LIVES), needs=("where",)),
    Rule(
        "address", _matches(_STREET_WHERE_SOMEBODY_LIVES_IN_SMALL, any_case=True), needs=("where",)
    ),
    Rule(
        "address",
        _matches(_LIVED_AT),
        needs=("liv", "resid", "moored", "find ", "home is", "c/o", "sheltered", "supported"),
    ),
    Rule(
        "address",
        _matches(_HOME_IN_STREET_IN_SMALL, any_case=True, unless=_OF_A_SERVICE),
        needs=("liv", "stuck", "moved", "hostel", "flat", "i'm ", "im ", "we're ", "my ", "our "),
    ),
    Rule("address", _matches(_NAMED_HOUSE, tail=_PLACES), needs=(",",)),
    Rule(
        "address",
        _matches(_HOUSE_ALONE),
        needs=("cottage", "bungalow", "farmhouse", "barn", "rectory", "vicarage", "villa"),
    ),
    Rule(
        "address",
        _matches(_FLAT_IN_A_HOUSE, any_case=True, tail=_PLACES),
        needs=("flat", "ap", "maisonette"),
    ),
    Rule(
        "address",
        _matches(_HOUSE_AND_STREET_IN_SMALL, any_case=True, unless=_OF_A_SERVICE),
        needs=_NAMED_HOUSES,
    ),
    Rule("address", _matches(_HOME_OF_CARE_IN_SMALL, any_case=True), needs=("home",)),
    Rule("address", _matches(_FLAT, any_case=True, tail=_PLACES), digits=True),
    Rule(
        "number",
        _matches(_REFERENCE, any_case=True, accepts=_is_reference, tail=_REST),
        digits=True,
    ),
    Rule(
        "number",
        _matches(_NUMBER_OF, any_case=True, accepts=_is_numbered, unless=_NO_CAR, tail=_REST),
        digits=True,
    ),
    Rule(
        "number",
        _matches(_INTRODUCED_CODE, any_case=True, accepts=_is_numbered, tail=_REST),
        digits=True,
        holds=_LONG_ENOUGH,
    ),
    Rule("number", _matches(_REFERENCE_FROM, any_case=True), holds=_A_NUMBER_OF),
    Rule("number", _matches(_CODED, accepts=_is_coded, tail=_REST), digits=True),
    Rule("number", _matches(_CODED_IN_SMALL, any_case=True, tail=_REST), digits=True),
    Rule("number", _matches(_CAR_NOW, any_case=True, accepts=_is_car), digits=True),
    Rule("number", _matches(_CAR_IN_PARTS, accepts=_is_car_in_parts), digits=True),
    Rule("number", _matches(_CAR_IN_PARTS_IN_SMALL, accepts=_is_car_in_parts), digits=True),
    Rule(
        "number",
        _matches(_CAR_OF_NORTHERN_IRELAND, any_case=True, accepts=_is_car_without_a_year),
        digits=True,
    ),
    Rule(
        "number",
        _matches(_PIECE_OF_A_PLATE, any_case=True, accepts=_is_piece_of_a_plate),
        needs=("reg", "plate", "vr"),
    ),
    Rule("number", _matches(_CAR_BEFORE, any_case=True, accepts=_is_car), digits=True),
    Rule("number", _matches(_CAR_WITHOUT_A_YEAR, accepts=_is_car_without_a_year), digits=True),
    Rule(
        "number", _matches(_WAS_THE_CAR, any_case=True, accepts=_is_introduced_plate), digits=True
    ),
    Rule(
        "number",
        _matches(_INTRODUCED_PLATE, any_case=True, accepts=_is_introduced_plate, tail=_REST),
        needs=("reg", "plate"),
    ),
    Rule("number", _matches(_NUMBER_OF_A_VEHICLE, any_case=True, tail=_REST), digits=True),
    Rule(
        "number",
        _matches(
            _INTRODUCED_PLATE_IN_SMALL,
            any_case=True,
            accepts=_is_car_in_parts,
            unless=_NO_CAR,
            after=_DIRECTLY_AFTER_A_CAR,
        ),
        digits=True,
    ),
    Rule(
        "number",
        _matches(
            _PLATE_AFTER_A_WORD, accepts=_is_introduced_plate, unless=_NO_CAR, after=_AFTER_A_CAR
        ),
        digits=True,
    ),
    Rule(
        "number",
        _matches(_LONG_NUMBER, accepts=_is_phone, head=_LETTERS_BEFORE, tail=_REST),
        digits=True,
    ),
    Rule("phone number", _matches(_SEVEN_DIGITS, accepts=_is_no_years), digits=True),
    Rule(
        "number",
        _matches(_SIX_DIGITS, accepts=_is_no_round_figure, head=_LETTERS_BEFORE, tail=_REST),
        digits=True,
    ),
)
# most comments hold no digit
WITHOUT_DIGITS = tuple(rule for rule in RULES if not rule.digits)
