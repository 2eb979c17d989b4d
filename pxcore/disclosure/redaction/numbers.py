"""Numbers that belong to somebody: of patients, telephones, accounts, cards, cases and references."""

from __future__ import annotations

import re

from pxcore.disclosure.redaction.lexicon import is_word
from pxcore.disclosure.redaction.rules import NO_DIGIT, REST, Rule, S, matches
from pxcore.disclosure.redaction.vehicles import NO_CAR

_GAP = r"[ ._\-/()]{0,3}"  # what people put between the digits of one number


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
    rf"{NO_DIGIT}(?P<it>[0-9]{{3}}{_BETWEEN}[0-9]{{3}}{_BETWEEN}[0-9]{{4}})(?![0-9])"
)
# said to be one: with a mistake in it, it is still somebody's
_INTRODUCED_NHS_NUMBER = (
    rf"\bnhs{S}*(?:no\b\.?|number|num\b|id\b|#)[^0-9\n\0]{{0,15}}?"
    rf"(?P<it>[0-9](?:{_GAP}[0-9]){{5,11}})"
)
# 0 or +44 or 0044, then nine or ten digits, in any grouping; a letter O may stand for a nought
_PHONE = (
    rf"{NO_DIGIT}(?<![A-Za-z])(?P<it>(?:(?:\+{S}?|0{_GAP}0{_GAP})4{_GAP}4{_GAP}"
    rf"(?:\({S}?0{S}?\){_GAP})?|\(?[0oO]{_GAP})"
    rf"[1-35789]{_GAP}(?:[0-9oO]{_GAP}){{7,8}}[0-9])(?![0-9])"
)
# zero seven seven double nought …
_NUMBER_IN_WORDS = (
    r"\b(?P<it>(?:(?:zero|nought|oh?|one|two|three|four|five|six|seven|eight|nine|double|treble"
    r"|triple|hundred|thousand)"
    r"[ \-,]{1,2}){7,}(?:zero|nought|oh?|one|two|three|four|five|six|seven|eight|nine|hundred"
    r"|thousand))\b"
)
_FOREIGN_PHONE = rf"(?P<it>\+{S}?[1-9](?:{_GAP}[0-9]){{7,14}})"
# “Leeds 4960 881”: of a town
_SEVEN_DIGITS = r"(?<![0-9£.\-/])(?<!£ )(?P<it>[0-9]{4} [0-9]{3,4}|[0-9]{3} [0-9]{4})(?! ?[0-9%£])"
# “ring me on 960123”, “ext 45678”
_INTRODUCED_PHONE = (
    r"\b(?:tel|telephone|phone|mobile|mob|ring|rang|call|text|sms|whatsapp|contact|landline|fax"
    r"|bleep"
    r"|pager|ext|extension|extn)\b"
    r"[^0-9\n\0]{0,20}?(?P<it>[0-9]{3,}(?:[ \-]?[0-9]{2,}){0,4})"
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
    rf"(?:\b(?:{_NUMBERED}){S}*(?:{_A_NUMBER}{S}*){{1,2}}"
    rf"|\b(?:ref(?:erence)?\b\.?(?:{S}*{_A_NUMBER})?|mrn|urn|ubrn|pas{S}(?:no|number)|cad|datix"
    rf"|(?:incident|complaint|case|claim|ticket|booking|pals|invoice|job)"
    rf"(?:,?{S}(?:case|number|no\b\.?|enquiry|query|contact))?{S}*#?)(?![A-Za-z]))"
    rf"[^0-9A-Za-z\n\0]{{0,4}}(?:(?:is|was|of|it's|being|quoted?"
    rf"|as){S}+){{0,2}}[^0-9A-Za-z\n\0]{{0,2}}"
    rf"(?P<it>(?:[A-Za-z]{{1,6}}{S}?[\-/:]?{S}?){{0,2}}[0-9][0-9A-Za-z]*"
    rf"(?:[/\-.: ]?[0-9A-Za-z]*[0-9][0-9A-Za-z]*|[/\-][A-Za-z]{{1,3}}(?![A-Za-z]))*)"
)
_REFERENCE_FROM = (
    rf"\b(?:(?:{_NUMBERED}){S}(?:{_A_NUMBER})|ref(?:erence)?|number(?!{S}plate))(?:{S}[a-z]+){{1,7}}"
    rf"(?:{S}(?:is|was|as)|[,:]){S}"
    rf"(?P<it>(?=[0-9A-Za-z/\-]*[0-9][0-9A-Za-z/\-]{{2}})[0-9A-Za-z]{{1,8}}(?:[/\-][0-9A-Za-z]+)*)"
)
# “wristband says K0411827”, “receipt 41182”, “PC 4417”, “quoting 41182/RF”
_INTRODUCED_CODE = (
    rf"(?:\b(?:wristband|case{S}?notes?|notes|chart|badge|receipt|permit|collar|payroll|invoice"
    rf"|certificate|letter|log|policy|member(?:ship)?|order|claim|chi|mrn|pas|pid|epr|epic|emis|systmone|rio"
    rf"|hosp|barcode|bar{S}code|tracking|caseref|refs|officer|constable|(?-i:PC|DC|WPC)|quot(?:e|ing)|system)"
    rf"(?:{S}(?:says?|said|is|was|ref|as))?|\b(?:logged|recorded|registered|filed){S}(?:as"
    rf"|under)|\b(?:i'm|i{S}am|under|me{S}up|number):?)[ :#,(]{{1,2}}"
    rf"(?P<it>[A-Za-z]{{0,4}}[/\-]?[0-9]{{4,}}[A-Za-z]{{0,2}}|[0-9]{{2,}}[/\-][0-9A-Za-z]+)"
    rf"(?![0-9A-Za-z%:.]*[0-9%:]|{S}(?:of|in|on|at|people|patients|times|letters|miles|others?|steps"
    rf"|calls?|men|women|staff|words|years?|km|and{S}[a-z]+{S}in)\b)"
)
# whatever the number is of: “wristband number was 88421”, “EPR number E8842”
_NUMBER_OF = (
    rf"\b(?P<of>[a-z\-]+){S}(?:number|no\b\.?|num|id|code|ref(?:erence)?)(?:{S}(?:is|was"
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
_LONG_NUMBER = rf"{NO_DIGIT}(?P<it>[0-9](?:[ \-.]?[0-9]){{7,}})"
# six figures or more in a row are nobody's opinion; money and round figures are
_SIX_DIGITS = r"(?<![0-9£$€])(?<!£ )(?P<it>[0-9]{6,})(?![0-9])"
_NATIONAL_INSURANCE = rf"\b(?P<it>[A-Z]{S}?[A-Z][ \-.]*(?:[0-9]{S}?[0-9][ \-.]*){{3}}[A-D])\b"
_INTRODUCED_NATIONAL_INSURANCE = (
    rf"\b(?:ni|nino|n\.i\.|national{S}insurance){S}*{_A_NUMBER}?[^0-9A-Za-z\n\0]{{0,4}}(?:(?:is"
    rf"|was){S}+)?"
    rf"(?P<it>[a-z]{{2}}[ \-.]*(?:[0-9][ \-.]*){{6}}[a-z]?)\b"
)
_CARD = rf"{NO_DIGIT}(?P<it>[0-9](?:[ \-]?[0-9]){{12,18}})(?![ \-]?[0-9])"
_END_OF_CARD = (
    rf"\b(?:last{S}(?:four|4|three|3){S}(?:digits|numbers)?(?:{S}[a-z]+){{0,4}}?"
    rf"|(?:card|visa|mastercard|amex|debit|credit|maestro)(?:{S}[a-z]+){{0,2}}{S}(?:ending|ends|end)"
    rf"(?:{S}(?:in|with|by))?|visa|mastercard|cvv|cvc|pin|(?:security|pin){S}(?:code|number|no))"
    rf"(?:{S}(?:is|are|was|were))?[ :#.]{{1,5}}(?P<it>[0-9]{{3,4}})(?![0-9:]|{S}(?:times|people|hours"
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
    rf"\b(?:sort(?:{S}?code)?|s/c|bank(?:{S}details)?|account|acc?t?|a/c|iban"
    rf"|card)\b[^0-9\n\0]{{0,20}}?"
    rf"(?P<it>[0-9]{{2}}(?:[ \-./\n]?[0-9]{{2}}){{2,3}}(?:[ ,]{{1,2}}[0-9]{{8}})?"
    rf"|[0-9]{{4}}[ \-][0-9]{{4}}|[0-9]{{4,}})(?![0-9])"
)
_IBAN = rf"\b(?P<it>[A-Z]{{2}}[0-9]{{2}}{S}?[A-Z]{{4}}(?:{S}?[0-9]){{10,18}})\b"
# five letters of a name (9s fill it up), a birthday, initials and a check
_DRIVING_LICENCE = (
    rf"\b(?P<it>[A-Z][A-Z9]{{4}}{S}?[0-9]{{6}}{S}?[A-Z9]{{2}}{S}?[0-9A-Z]{{3}}"
    rf"(?:{S}?[0-9]{{2}})?)\b"
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


def _is_no_round_figure(text: str) -> bool:
    return not re.fullmatch("[1-9][0-9]?0{5,}", text)


def _is_sort_code(text: str) -> bool:
    """Not hours that follow one another: “10-12-14”."""
    first, second, third = (int(part) for part in text.split("-"))
    return not first < second < third <= 24 or third > 24


_A_NUMBER_OF = re.compile(r"number|ref|\bno\b|\bnum\b|\bnr\b|\bid\b|code|#")
_LONG_ENOUGH = re.compile(r"[0-9]{4}|[0-9]{2}[/\-]")

# In this order: what holds another kind inside it goes first.
CARDS: tuple[Rule, ...] = (
    Rule("number", matches(_CARD, accepts=_is_card), digits=True),
    Rule("number", matches(_SORT_CODE_AND_ACCOUNT), digits=True),
    Rule("number", matches(_HIDDEN_CARD), digits=True),
    Rule("number", matches(_EXPIRY, any_case=True), digits=True),
    Rule("number", matches(_END_OF_CARD, any_case=True), digits=True),
)
NHS_NUMBERS: tuple[Rule, ...] = (
    Rule("NHS number", matches(_NHS_NUMBER, accepts=_is_nhs_number), digits=True),
    Rule("NHS number", matches(_NHS_NUMBER_IN_GROUPS, accepts=_is_nhs_number), digits=True),
    Rule("NHS number", matches(_INTRODUCED_NHS_NUMBER, any_case=True), digits=True),
)
ACCOUNTS: tuple[Rule, ...] = (
    Rule("number", matches(_IBAN, any_case=True), digits=True),
    Rule("number", matches(_INTRODUCED_BANK_NUMBER, any_case=True, tail=REST), digits=True),
)
PHONES: tuple[Rule, ...] = (
    Rule("number", matches(_SORT_CODE, accepts=_is_sort_code), digits=True),
    Rule("phone number", matches(_PHONE, accepts=_is_phone), digits=True),
    Rule("phone number", matches(_FOREIGN_PHONE), digits=True),
    Rule(
        "phone number",
        matches(_NUMBER_IN_WORDS, any_case=True),
        needs=("seven", "eight", "one", "two", "zero", "nine"),
    ),
    Rule(
        "phone number",
        matches(_INTRODUCED_PHONE, any_case=True, accepts=lambda text: len(_digits(text)) >= 5),
        digits=True,
    ),
)
LICENCES: tuple[Rule, ...] = (
    Rule("number", matches(_DRIVING_LICENCE, any_case=True), digits=True),
    Rule("number", matches(_NATIONAL_INSURANCE, any_case=True), digits=True),
    Rule("number", matches(_INTRODUCED_NATIONAL_INSURANCE, any_case=True), digits=True),
)
REFERENCES: tuple[Rule, ...] = (
    Rule(
        "number",
        matches(_REFERENCE, any_case=True, accepts=_is_reference, tail=REST),
        digits=True,
    ),
    Rule(
        "number",
        matches(_NUMBER_OF, any_case=True, accepts=_is_numbered, unless=NO_CAR, tail=REST),
        digits=True,
    ),
    Rule(
        "number",
        matches(_INTRODUCED_CODE, any_case=True, accepts=_is_numbered, tail=REST),
        digits=True,
        holds=_LONG_ENOUGH,
    ),
    Rule("number", matches(_REFERENCE_FROM, any_case=True), holds=_A_NUMBER_OF),
    Rule("number", matches(_CODED, accepts=_is_coded, tail=REST), digits=True),
    Rule("number", matches(_CODED_IN_SMALL, any_case=True, tail=REST), digits=True),
)
LONG_NUMBERS: tuple[Rule, ...] = (
    Rule(
        "number",
        matches(_LONG_NUMBER, accepts=_is_phone, head=_LETTERS_BEFORE, tail=REST),
        digits=True,
    ),
    Rule("phone number", matches(_SEVEN_DIGITS, accepts=_is_no_years), digits=True),
    Rule(
        "number",
        matches(_SIX_DIGITS, accepts=_is_no_round_figure, head=_LETTERS_BEFORE, tail=REST),
        digits=True,
    ),
)
