"""Number plates, and the numbers of taxis and fleets."""

from __future__ import annotations

import re

from pxcore.disclosure.redaction.lexicon import is_word
from pxcore.disclosure.redaction.rules import REST, Rule, S, matches

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
    rf"\b(?:reg(?:istration)?|(?:number{S}?)?plate|vrm|vrn)s?(?:{S}(?:no|number|plate))?{S}(?:"
    rf"(?:that|which){S})?"
    rf"(?:end|start|begin|beginn|finish)(?:ing|s|es|ed)?(?:{S}(?:in|with|is|letters)){{0,2}}[ :\"']{{1,2}}"
    r"(?P<it>[A-Z0-9]{2,4})(?![A-Za-z0-9])"
)
# The number of a taxi, a fleet or a frame: “taxi plate TX 482”, “cab number 217”, “fleet number 36205”
_NUMBER_OF_A_VEHICLE = (
    rf"(?:\b(?:taxi|cab|hackney|carriage|minicab|private{S}hire)(?:{S}driver)?(?:'?s)?"
    rf"(?:{S}(?:plate|licen[cs]e|badge|number|no\b\.?|id)){{1,2}}"
    rf"|\b(?:fleet|chassis|frame|vin|cris|call{S}?sign)(?:{S}(?:number|no\b\.?|id))?|\bplates?(?:{S}(?:number"
    rf"|no\b\.?))?)"
    rf"[ :#,]{{1,2}}(?:(?:is|was|of){S})?(?P<it>[0-9]{{1,4}}{S}?(?-i:[A-Z]{{1,3}})|[A-Z]{{1,3}}[ \-/]?"
    rf"[0-9]{{2,8}}|[0-9]{{3,6}})"
    rf"(?![0-9A-Za-z%])"
)
_INTRODUCED_PLATE = (
    rf"\b(?:reg(?:istration)?(?:{S}(?:no|number|plate))?|(?:number|licen[cs]e){S}?plate"
    rf"|plate)s?\b"
    rf"[^0-9A-Za-z\n\0]{{0,4}}(?:(?:is|was|of"
    rf"|number){S}+)?(?P<it>[a-z]{{1,3}}[ \-]?[0-9]{{1,4}}(?:[ \-]?[a-z]{{1,3}})?"
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
        and word.upper() not in ("AM", "PM", "A", "I", "M", "B", "T", "GP", "ST", "ND", "RD", "TH")
        for word in words
    )


# what gives a letter and a figure to a room, a road or a bus, and not to a car
NO_CAR = (
    r"\b(?:ward|room|bay|zone|level|floor|theatre|clinic|park|area|section|row|space|block|door|gate"
    r"|entrance|lift|bed|desk|junction|bus|route|form|unit|the|of|vitamin|type|stage|grade|band|corridor"
    r"|parked|parking) "
)

# In this order: what holds another kind inside it goes first.
RULES: tuple[Rule, ...] = (
    Rule("number", matches(_CAR_NOW, any_case=True, accepts=_is_car), digits=True),
    Rule("number", matches(_CAR_IN_PARTS, accepts=_is_car_in_parts), digits=True),
    Rule("number", matches(_CAR_IN_PARTS_IN_SMALL, accepts=_is_car_in_parts), digits=True),
    Rule(
        "number",
        matches(_CAR_OF_NORTHERN_IRELAND, any_case=True, accepts=_is_car_without_a_year),
        digits=True,
    ),
    Rule(
        "number",
        matches(_PIECE_OF_A_PLATE, any_case=True, accepts=_is_piece_of_a_plate),
        needs=("reg", "plate", "vr"),
    ),
    Rule("number", matches(_CAR_BEFORE, any_case=True, accepts=_is_car), digits=True),
    Rule("number", matches(_CAR_WITHOUT_A_YEAR, accepts=_is_car_without_a_year), digits=True),
    Rule("number", matches(_WAS_THE_CAR, any_case=True, accepts=_is_introduced_plate), digits=True),
    Rule(
        "number",
        matches(_INTRODUCED_PLATE, any_case=True, accepts=_is_introduced_plate, tail=REST),
        needs=("reg", "plate"),
    ),
    Rule("number", matches(_NUMBER_OF_A_VEHICLE, any_case=True, tail=REST), digits=True),
    Rule(
        "number",
        matches(
            _INTRODUCED_PLATE_IN_SMALL,
            any_case=True,
            accepts=_is_car_in_parts,
            unless=NO_CAR,
            after=_DIRECTLY_AFTER_A_CAR,
        ),
        digits=True,
    ),
    Rule(
        "number",
        matches(
            _PLATE_AFTER_A_WORD, accepts=_is_introduced_plate, unless=NO_CAR, after=_AFTER_A_CAR
        ),
        digits=True,
    ),
)
