"""Where somebody lives: streets, houses, homes and postcodes."""

from __future__ import annotations

import re

from pxcore.disclosure.redaction.ages import KIN
from pxcore.disclosure.redaction.dates import UNDER_A_HUNDRED
from pxcore.disclosure.redaction.lexicon import is_misspelt, is_word
from pxcore.disclosure.redaction.rules import NO_DIGIT, Rule, S, matches

# One or two letters, a digit, a digit or letter; then a digit and two of the letters in use there
# (neither “am” nor “pm” is). ZZ99 3 stands for no postcode, and still in its form.
_POSTCODE = (
    rf"(?<![A-Za-z0-9])(?P<it>(?:[A-Z]{{1,2}}[0-9][A-Z0-9]?|GIR{S}?0)[ .\-,\n]{{0,3}}"
    rf"[0-9]{S}?[ABD-HJLNP-UW-Z]{S}?[ABD-HJLNP-UW-Z]|ZZ99{S}?3[A-Z]{{2}}|BFPO{S}?[0-9]{{1,4}})"
    r"(?![A-Za-z0-9])"
)
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
    rf"(?<![A-Za-z0-9])(?:(?:(?:top|(?:lower{S})?ground|first|second|third|upper|lower|garden|basement|[1-9](?:st|nd|rd|th))"
    rf"{S}(?:floor(?:{S}(?:flat|maisonette))?|flat|maisonette)|(?:flat|apartment|apt){S}[a-z]|[0-9]f[0-9lr]|[0-9]/[0-9]"
    rf"|number),?{S})"
)
_PLACES = (
    rf"(?:,{S}(?i:flat|apartment|apt|unit){S}[0-9A-Z]{{1,4}}(?:/[0-9])?(?![A-Za-z0-9]))?"
    rf"(?:,{S}?(?:(?:nr\.?|near|in|off){S})?{_TOWN}(?=[,.;:!?)\n\0]|{S}\0|{S}[\-–]|$))*"
    rf"(?:{S}{_TOWN}(?=,?{S}(?:\0|[A-Z]{{1,2}}[0-9]{{1,2}} )))?"
    rf"(?:,{S}[a-z]{_LETTERS}{{2,24}}(?=,?{S}\0))?"
    rf"(?:,?{S}[A-Z]{{1,2}}[0-9]{{1,2}}[A-Z]?(?![A-Za-z0-9]))?"
)
# Streets nobody takes for anything else in small letters, unlike “way”, “place” or “close”.
_SURE_STREET = "(?:street|road|lane|avenue|crescent|gardens|terrace|mews|grove)"
_HOME = (
    rf"(?:(?:flat|apartment|apt|unit|(?<!waiting )room|house|bungalow|number|no\.?|pitch|plot|mooring|berth)"
    rf"{S}*)?[0-9]{{1,4}}[A-Za-z]?(?:[\-/][0-9]{{1,4}}[A-Za-z]?)?(?![A-Za-z])"
)
_SPELLED_NUMBER = rf"(?:[0-9]{{1,4}}[A-Za-z]?|(?:a{S}hundred{S}and{S})?{UNDER_A_HUNDRED})"
_CAPITALS = rf"(?:[A-Z]{_LETTERS}{{0,24}}{S}+)"  # words of a name, each with the space after it
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
    rf"{NO_DIGIT}\b(?P<it>(?:(?i:flat|apartment|apt|unit|room|plot|maisonette"
    rf"|suite){S}*(?:[0-9]{{1,4}}[A-Za-z]?|[A-Za-z])(?:/[0-9]{{1,2}})?{S}*,{S}*)?"
    rf"(?i:{_HOME}){S}*,?{S}*(?:St\.{S}?)?(?:{_NO_STREET}[A-Z]{_LETTERS}{{0,24}}{S}+){{1,4}}(?i:{_STREET})"
    rf"(?:,{S}*(?:[A-Z]{_LETTERS}{{0,24}}{S}+){{1,3}}(?i:{_STREET}))?)\b"
)
# “post it to 75b meadow court”: said to be where somebody lives
_INTRODUCED_ADDRESS = (
    rf"\b(?:live[sd]?|living|moved|i'?m|i{S}am|we'?re|we{S}are|she'?s|he'?s|address(?:{S}is)?|"
    rf"(?:post|send|sent|posted|deliver"
    rf"|delivered)(?:{S}[a-z]+)?){S}(?:at{S}|to{S}|in{S}|is{S})?"
    rf"(?P<it>{_HOME}{S}*,?{S}*(?:{_NO_STREET}[A-Za-z]{_LETTERS}{{1,24}}{S}+){{1,3}}{_STREET})\b"
)
# “from 79 kestrel drive”: words that are often no street, in small letters
_UNSURE_STREET = (
    "(?:drive|close|court|way|place|hill|rise|view|row|grove|gardens?|cottages?|square|rd|ave?|cres|gdns|gr|dene|parade|park"
    "|meadows?|fields|towers|buildings?|estate|chase|bank|heights|brae|garth|villas|house|lodge|mansions|wharf|quay|walk|lea"
    "|green|vale|croft|yard|mount|grange|st)"
)
_FROM_A_HOUSE_IN_SMALL = (
    rf"(?:\b(?:at|from|to|of|outside|near|called|is|ours|address|moved|care{S}of|c/o|into|house"
    rf"|flat|alone|:),?{S}|^|\(|, )"
    rf"(?P<it>(?:(?:flat|number|no\.?){S}*)?[0-9]{{1,3}}[a-d]?,?{S}"
    rf"(?:{_NO_STREET}{_NO_STREET_IN_SMALL}[A-Za-z]{_LETTERS}{{2,24}}{S}){{1,2}}{_UNSURE_STREET})"
    rf"(?!{S}(?:to|by|through|up|of|from|friends?|off|away|there|home|and{S}back|here|hospital|surgery|ward|clinic)\b|[A-Za-z\-])"
)
# “rose cottage, chestnut grove”, “flat 3b oak road”, “apartment 12, rose cottage and”
_HOUSE_AND_STREET_IN_SMALL = (
    rf"\b(?P<it>(?:the{S})?(?:{_NO_STREET}{_NO_STREET_IN_SMALL}[a-z]{_LETTERS}{{2,24}}{S}){{1,2}}"
    rf"(?:cottage|rectory|vicarage|farm|lodge|manor|villa|bungalow|barn|grange|forge|mill|house|court|towers),{S}"
    rf"(?:{_NO_STREET}[a-z]{_LETTERS}{{2,24}}{S}){{1,2}}(?:{_SURE_STREET}|{_UNSURE_STREET}))\b"
)
_FLAT_IN_A_HOUSE = (
    rf"\b(?P<it>(?:flat|apartment|apt|maisonette){S}*(?:no\.?|number)?{S}*(?:[0-9]{{1,4}}[a-z]?|[a-z](?=,))"
    rf"(?:/[0-9]{{1,2}})?,?{S}(?:[0-9]{{1,3}}[a-d]?,?{S})?(?:the{S})?"
    rf"(?:{_NO_STREET}{_NO_STREET_IN_SMALL}[a-z]{_LETTERS}{{2,24}}{S}){{1,3}}(?:{_SURE_STREET}|{_UNSURE_STREET}))\b"
)
_HOME_OF_CARE_IN_SMALL = (
    rf"\b(?:live[sd]?|living|{KIN}(?:'?s)?|he's|she's|visit(?:ed)?(?:{S}{KIN})?|in|at){S}(?:in|at){S}"
    rf"(?P<it>(?:the{S}(?=[a-z]+{S}[a-z]+{S}(?:care|nurs|resid)))?(?:{_NO_STREET}{_NO_STREET_IN_SMALL}"
    rf"(?!(?:local|private|different|new|lovely|council|sheltered|specialist|secure|dementia|good|care|nursing)\b)"
    rf"[a-z]{_LETTERS}{{2,24}}{S}){{1,2}}(?:care|nursing|residential|rest){S}home)\b"
)
# “twenty two Station Road”: with the capitals of a name, or where somebody lives
_ADDRESS_IN_WORDS = (
    rf"\b(?P<it>(?i:(?:flat|number|no\.?|house){S})?(?i:{UNDER_A_HUNDRED}),?{S}"
    rf"(?:{_NO_STREET}{_CAPITALS}){{1,3}}(?:(?i:{_SURE_STREET})|Close|Drive|Court|Rise|Hill"
    rf"|Place|Square|Way|Walk|Row|Park|View|Rd|Ave|St))\b"
)
# “Mill Lane number four”
_STREET_AND_NUMBER = (
    rf"\b(?P<it>(?:{_NO_STREET}{_CAPITALS}){{1,3}}(?i:{_STREET}),?{S}(?:at{S})?(?i:number|no\.?"
    rf"|house|flat){S}?"
    rf"(?i:{_SPELLED_NUMBER}))\b(?!{S}bus)"
)
# “flat above the chippy on Marsh Street”, “live opposite the church on Mill Lane”
_HOME_NEAR_BY = (
    rf"\b(?i:live[sd]?|living|flat|house|bungalow|cottage)(?:,?{S}[a-z']+){{1,7}}?,?"
    rf"{S}(?:on|in|off|of|down|along|at){S}(?P<it>{_CAPITALS}{{1,3}}(?i:{_STREET})"
    rf"(?:{S}and{S}{_CAPITALS}{{1,3}}(?i:{_STREET}))?)\b"
    rf"(?!{S}(?i:clinic|surgery|practice|hospital|ward|health|medical))"
)
# a street of one word: “at 23 Queensway”
_STREET_OF_A_SINGLE_WORD = (
    rf"\b(?i:at|to|from|is|address:?){S}(?P<it>[0-9]{{1,4}}[A-Za-z]?,?{S}[A-Z][a-z]{{2,12}}"
    rf"(?:way|gate|side|fields?|wood|croft|dale|ville|mead|bank|leigh|brook|crest|cote|hurst|holme|garth))\b"
    rf"(?!{S}(?i:ward|unit|suite|clinic|centre))"
)
# In Welsh the kind of street comes first.
_STREET_IN_WALES = (
    rf"\b(?P<it>(?:[0-9]{{1,4}}[a-z]?,?{S}|(?-i:{_CAPITALS}{{0,2}}[A-Z]{_LETTERS}{{1,24}},{S}))"
    rf"(?:heol|ffordd|stryd|lon|clos|rhodfa|llys|maes){S}(?:(?:y|yr){S})?[a-z]{_LETTERS}{{2,20}})\b"
)
# Homes that have a pitch, a mooring or a room number.
_PARK_OF_HOMES = (
    rf"{_CAPITALS}{{1,3}}(?i:(?:caravan|holiday|mobile{S}home|residential){S}(?:park|site)"
    rf"|marina|wharf|moorings?|boatyard)"
)
_CARE_HOME = (
    rf"{_CAPITALS}{{1,3}}(?i:(?:care|nursing|residential|rest|retirement){S}(?:home|village))"
)
_PITCH = (
    rf"\b(?P<it>(?i:pitch|plot|mooring|berth|caravan|chalet|bungalow){S}(?i:(?:number"
    rf"|no\.?){S})?[0-9]{{1,3}}[A-Za-z]?"
    rf"(?:,?{S}(?:(?:at|on|in){S})?(?:the{S})?(?:{_PARK_OF_HOMES}|{_CAPITALS}{{1,3}}(?i:{_STREET})\b))?)"
    rf"(?![A-Za-z0-9])"
)
_ROOM_OF_A_HOME = (
    rf"\b(?P<it>(?i:room){S}[0-9]{{1,3}}[A-Za-z]?,?{S}(?:(?:at|in){S})?"
    rf"(?:the{S})?{_CARE_HOME})\b"
)
_IN_A_HOME = (
    rf"\b(?i:live[sd]?|living|resides?|resident|moved|discharged|{KIN}|he|she|caravan|boat"
    rf"|(?:supported|sheltered){S}(?:housing|accommodation|living))(?:'s"
    rf"|{S}(?:is|are|was))?"
    rf"(?:{S}(?:now|back|still))?{S}(?:in|at|of|to|into|on){S}(?:the{S})?(?P<it>{_CARE_HOME}"
    rf"|{_PARK_OF_HOMES})\b"
)
# A boat, or a house without a number, whose name is its address.
_NAME_OF_A_HOME = (
    rf"\b(?i:(?:narrow{S}?|canal{S}?|house)boat|barge|(?:house|cottage|bungalow|boat){S}"
    rf"(?:is{S})?(?:called|named)),?"
    rf"{S}['\"]?(?P<it>(?:[Tt]he{S})?(?!The\b)[A-Z][a-z]{{2,20}}"
    rf"(?:{S}[A-Z][a-z]{{2,20}}){{0,2}}(?:{S}at{S}{_PARK_OF_HOMES})?)\b"
)
_FARM = (
    rf"\b(?i:at|to|in|find|found|from|reach|is){S}(?P<it>{_CAPITALS}{{1,3}}Farm(?:house)?)\b"
    rf"(?!{S}(?i:shop|surgery|ward|road|lane|street|medical|health|clinic|practice))"
)
_PO_BOX = rf"\b(?P<it>p\.?{S}?o\.?{S}?box{S}(?:no\.?{S}|number{S})?[0-9]{{1,6}})\b"
# The name of a house and its street in small letters; the High Street is where the shops are.
_NAMED_HOUSE_IN_SMALL = (
    rf"\b(?:live[sd]?|living|address(?:{S}is)?|delivered|post(?:ed)?(?:{S}it)?|sent|moved){S}"
    rf"(?:at|to|in|is){S}"
    rf"(?P<it>(?:{_NO_STREET}[a-z]{_LETTERS}{{2,24}}{S}){{0,1}}{_NO_STREET}[a-z]{_LETTERS}{{2,24}},{S}"
    rf"(?:{_NO_STREET}(?!high\b)[a-z]{_LETTERS}{{1,24}}{S}){{1,2}}{_SURE_STREET})\b"
)
_INTRODUCED_HOUSE = (
    rf"\b(?i:live[sd]?|living|address(?:{S}is)?|delivered|post(?:ed)?(?:{S}it)?|sent|moved"
    rf"|we're|i'm){S}(?i:at|to|in|is){S}['\"]?"
    rf"(?P<it>(?:[A-Z][^\W\d_]+{S}*){{1,4}}['\"]?,{S}*(?!High{S}Street)"
    rf"(?:[A-Z]{_LETTERS}{{0,24}}{S}+){{1,3}}"
    rf"(?i:{_STREET}))\b"
)
_ADDRESS_IN_SMALL = (
    rf"{NO_DIGIT}\b(?P<it>{_HOME}{S}*,?{S}*"
    rf"(?:{_NO_STREET}[A-Za-z]{_LETTERS}{{1,24}}{S}+){{1,2}}"
    rf"{_SURE_STREET})\b"
)
_HOME_IN_STREET = (
    rf"\b(?i:live[sd]?|living|address(?:{S}+is)?|home|house|flat|bungalow|neighbou?rs?|moved|move|stuck|stranded"
    rf"|i'm|we're|she's|he's|hostel|floor{S}of|(?:travellers'?|gypsy|caravan){S}site)"
    rf"{S}+(?i:(?:(?:in|on|at|by){S}+the{S}+(?:corner|end|top|bottom){S}+of)"
    rf"|just{S}+off|in|on|at|is|down|up|off|along|near|by|to|from){S}+"
    rf"(?P<it>(?:{_NO_STREET}[A-Z]{_LETTERS}{{0,24}}{S}+){{1,4}}(?i:{_STREET}))\b"
)
_HOME_IN_STREET_IN_SMALL = (
    rf"\b(?:live[sd]?|living|stuck|moved|hostel|flat|i'm|im|we're|(?:my|our){S}(?:road|street|house)){S}+(?:just{S})?"
    rf"(?:in|on|at|down|off|along|up|to){S}+"
    rf"(?P<it>(?:{_NO_STREET}[A-Za-z]{_LETTERS}{{1,24}}{S}+){{1,2}}(?:{_SURE_STREET}|court|close|drive|lodge|towers"
    rf"|rise|view)|[0-9]{{1,3}}[a-d]?{S}the{S}(?:{_SURE_STREET}|close|green|drive|square|row|parade))\b"
)
# Rose Cottage, Church Lane
_NAMED_HOUSE = (
    rf"\b(?P<it>(?:[A-Z]{_LETTERS}{{0,24}}{S}+){{1,3}}"
    rf"(?i:cottage|rectory|vicarage|farm(?:house)?|lodge|house|manor|villa|bungalow|forge|barn|grange|gables|maltings"
    rf"|schoolhouse|stables|towers|court){S}*,{S}*"
    rf"(?:[A-Z]{_LETTERS}{{0,24}}{S}+){{1,3}}(?i:{_STREET}))\b"
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
    rf"\b(?:(?i:(?:live[sd]?|living|resid(?:es?|ing)|moored|find{S}(?:us|me|her|him)){S}(?:at|by)|home{S}is"
    rf"|(?:supported|sheltered){S}(?:housing|accommodation|living){S}(?:at|in))|[cC]/[oO]:?)"
    rf"{S}['\"]?(?P<it>(?:[Tt]he{S})?{_TOWN}(?:,{S}{_TOWN})*)(?!{S}(?i:ward|hospital|clinic|surgery))\b"
)
_ON_AN_ESTATE = (
    rf"\b(?:on|off|of|from){S}(?:the|our){S}(?P<it>(?:(?!(?:housing|council|local|real|industrial|same|whole|trading|private"
    rf"|hospital|new|old|big|rough|little|business|retail|country|next|family|entire|crown|landed)\b)"
    rf"[a-z]{_LETTERS}{{2,24}}{S}){{1,3}}estate)\b"
)
# “my road, Penny Lane, is cut off”; “Watery Lane where we live”
_STREET_IN_APPOSITION = (
    rf"\b(?:(?i:my|our|her|his){S}(?i:road|street|lane|estate|building|flat|close|house|home|block|cottage)|[Tt]he{S}farm|tower{S}block"
    rf"|cul{S}de{S}sac)(?:{S}(?:is|was))?(?:,{S}|{S}?\({S}?|{S})(?P<it>{_CAPITALS}{{1,3}}(?i:{_STREET}))\b"
)
_STREET_WHERE_SOMEBODY_LIVES = (
    rf"\b(?P<it>{_CAPITALS}{{1,3}}(?i:{_STREET})),?{S}(?:where|which{S}is{S}where)"
    rf"{S}(?:[A-Za-z]+{S}){{1,3}}(?i:live[sd]?)\b"
)
_STREET_WHERE_SOMEBODY_LIVES_IN_SMALL = (
    rf"\b(?P<it>(?:{_NO_STREET}{_NO_STREET_IN_SMALL}[a-z]{_LETTERS}{{2,24}}{S}){{1,2}}{_SURE_STREET}),?{S}where{S}"
    rf"(?:[a-z]+{S}){{1,3}}live[sd]?\b"
)
# “send it to 6 Fairlawns”, “lives at 8 Cornmarket”
_NUMBER_AND_NAME = (
    rf"\b(?i:(?:live[sd]?|living|address|sen[dt]|post(?:ed)?|deliver(?:ed)?|letters?|parcel|moved|come|came|called"
    rf"|carer|nurse|bell|write|wrote|i'm|im|we're|she's|he's|home)(?:{S}(?!at|to)[a-z]+){{0,3}}?{S}(?:at|to|is|from))"
    rf"{S}(?P<it>[0-9]{{1,3}}[A-Da-d]?{S}(?:{_NO_STREET}{_NO_TOWN}[A-Za-z]{{3,25}})(?:{S}(?-i:[A-Z][a-z]{{2,24}}))?)"
    rf"(?=[,.;!?)\n]|$|{S}[A-Za-z])(?!{S}(?i:ward|unit|clinic|surgery|hospital|staff|nurses|doctors))"
)
_NEXT_DOOR = (
    rf"\b(?:next{S}door|people|lady|man|couple|woman|family|neighbours?)(?:{S}[a-z]+){{0,3}}?{S}(?:at|in){S}"
    rf"(?P<it>(?:number|no\.?){S}?[0-9]{{1,3}}[a-d]?)(?!{S}(?:in|on|of)\b|[0-9])"
)
# “Flat B, Room 14, Beech Hall”
_ROOM_IN_A_HALL = (
    rf"\b(?P<it>(?i:room){S}[0-9]{{1,4}}[A-Za-z]?,?{S}(?:Block{S}[A-Z0-9]{{1,2}},?{S})?"
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
    rf"\b(?:live[sd]?|living|neighbours?|neighbor|moved|address is){S}(?:at|in|to|next to)?{S}?"
    rf"(?P<it>(?:house{S})?(?:number|no\.?){S}?[0-9]{{1,4}}[a-z]?)\b"
)
_FLAT = (
    rf"\b(?P<it>(?:(?:tower{S})?block{S}[a-z0-9]{{1,2}},?{S})?(?:flat|apartment|apt|maisonette){S}*"
    rf"(?:no\.?|number)?{S}*[0-9]{{1,4}}[a-z]?"
    rf"(?:,{S}(?:(?-i:[Tt]he){S})?(?-i:(?:{_NO_TOWN}[A-Z][a-z]+{S}?){{1,3}}(?=[,.;:!?)\n\0]|$))"
    rf"|,{S}(?:tower{S})?block{S}[a-z0-9]{{1,2}})?)\b"
    rf"(?!{S}?(?:hours?|hrs?|minutes?|mins?|days?|weeks?|times?|%))"  # “lie flat 2 hours”
)


def _is_name_of_a_home(text: str) -> bool:
    """“8 Cornmarket” by its capital, “8 cornmarket” and “8 CORNMARKET” as no word."""
    name = text.split()[1]
    return name.istitle() or not (is_word(name.lower()) or is_misspelt(name.lower()))


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

# In this order: what holds another kind inside it goes first.
POSTCODES: tuple[Rule, ...] = (Rule("postcode", matches(_POSTCODE, any_case=True), digits=True),)
RULES: tuple[Rule, ...] = (
    Rule("postcode", matches(_HALF_A_POSTCODE, any_case=True), needs=("postcode", "post code")),
    Rule("address", matches(_PITCH, tail=_PLACES), digits=True),
    Rule("address", matches(_ROOM_IN_A_HALL, tail=_PLACES), needs=("room",)),
    Rule("address", matches(_ROOM_OF_A_HOME), digits=True),
    Rule(
        "address", matches(_ADDRESS, unless=_OF_A_SERVICE, head=_FLOOR, tail=_PLACES), digits=True
    ),
    Rule("address", matches(_STREET_AND_NUMBER, unless=_OF_A_SERVICE), needs=_OF_A_NUMBER),
    Rule(
        "address", matches(_ADDRESS_IN_WORDS, unless=_OF_A_SERVICE, tail=_PLACES), needs=_IN_WORDS
    ),
    Rule(
        "address",
        matches(_STREET_OF_A_SINGLE_WORD, unless=_OF_A_SERVICE, tail=_PLACES),
        digits=True,
    ),
    Rule("address", matches(_STREET_IN_WALES, any_case=True), needs=_IN_WELSH),
    Rule("address", matches(_NAME_OF_A_HOME), needs=("boat", "barge", "called", "named")),
    Rule("address", matches(_PO_BOX, any_case=True), needs=("box",)),
    Rule(
        "address",
        matches(_ADDRESS_IN_SMALL, any_case=True, unless=_OF_A_SERVICE, head=_FLOOR, tail=_PLACES),
        digits=True,
        holds=_ROAD,
    ),
    Rule(
        "address",
        matches(
            _FROM_A_HOUSE_IN_SMALL, any_case=True, unless=_OF_A_SERVICE, head=_FLOOR, tail=_PLACES
        ),
        digits=True,
    ),
    Rule("address", matches(_AT_THE_GREEN, unless=_OF_A_SERVICE, tail=_PLACES), digits=True),
    Rule("address", matches(_INTRODUCED_ADDRESS, any_case=True, tail=_PLACES), digits=True),
    Rule("address", matches(_INTRODUCED_HOUSE, tail=_PLACES), needs=(",",)),
    Rule(
        "address",
        matches(_HOME_IN_STREET, unless=_OF_A_SERVICE, tail=_PLACES),
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
    Rule("address", matches(_IN_A_HOME), needs=_HOMES),
    Rule(
        "address",
        matches(_TO_A_HOUSE, unless=_OF_A_SERVICE, tail=_PLACES),
        needs=(" at ", " in ", " to ", " is "),
    ),
    Rule("address", matches(_NAMED_HOUSE_IN_SMALL, any_case=True), needs=(",",)),
    Rule("address", matches(_FARM, tail=_PLACES), needs=("farm",)),
    Rule(
        "address",
        matches(_HOME_NEAR_BY, unless=_OF_A_SERVICE),
        needs=("liv", "flat", "house", "bungalow", "cottage"),
    ),
    Rule("address", matches(_NUMBER_LIVED_AT, any_case=True), digits=True),
    Rule("address", matches(_NEXT_DOOR, any_case=True), needs=_OF_A_NUMBER),
    Rule(
        "address",
        matches(_NUMBER_AND_NAME, any_case=True, accepts=_is_name_of_a_home, tail=_PLACES),
        digits=True,
    ),
    Rule("address", matches(_ON_AN_ESTATE, any_case=True), needs=("estate",)),
    Rule("address", matches(_STREET_IN_APPOSITION), needs=_OWN),
    Rule("address", matches(_STREET_WHERE_SOMEBODY_LIVES), needs=("where",)),
    Rule(
        "address", matches(_STREET_WHERE_SOMEBODY_LIVES_IN_SMALL, any_case=True), needs=("where",)
    ),
    Rule(
        "address",
        matches(_LIVED_AT),
        needs=("liv", "resid", "moored", "find ", "home is", "c/o", "sheltered", "supported"),
    ),
    Rule(
        "address",
        matches(_HOME_IN_STREET_IN_SMALL, any_case=True, unless=_OF_A_SERVICE),
        needs=("liv", "stuck", "moved", "hostel", "flat", "i'm ", "im ", "we're ", "my ", "our "),
    ),
    Rule("address", matches(_NAMED_HOUSE, tail=_PLACES), needs=(",",)),
    Rule(
        "address",
        matches(_HOUSE_ALONE),
        needs=("cottage", "bungalow", "farmhouse", "barn", "rectory", "vicarage", "villa"),
    ),
    Rule(
        "address",
        matches(_FLAT_IN_A_HOUSE, any_case=True, tail=_PLACES),
        needs=("flat", "ap", "maisonette"),
    ),
    Rule(
        "address",
        matches(_HOUSE_AND_STREET_IN_SMALL, any_case=True, unless=_OF_A_SERVICE),
        needs=_NAMED_HOUSES,
    ),
    Rule("address", matches(_HOME_OF_CARE_IN_SMALL, any_case=True), needs=("home",)),
    Rule("address", matches(_FLAT, any_case=True, tail=_PLACES), digits=True),
)
