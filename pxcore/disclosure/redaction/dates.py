"""Dates, in figures and in words.

A full date is masked whatever its year: a birthday is one, and so is the day somebody was admitted.
"""

from __future__ import annotations

import re

from pxcore.disclosure.redaction.rules import NO_DIGIT, Rule, matches

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
UNDER_A_HUNDRED = (
    rf"(?:(?:twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety)(?:[ \-]{_UNITS})?|ten"
    rf"|eleven"
    rf"|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:oh?{_W}+)?{_UNITS})"
)
_YEAR_IN_WORDS = (
    rf"(?:(?:nineteen|twenty)[ \-](?:hundred{_W}+)?(?:and{_W}+)?{UNDER_A_HUNDRED}"
    rf"|two{_W}+thousand(?:{_W}+(?:and{_W}+)?{UNDER_A_HUNDRED})?)"
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
    rf"{NO_DIGIT}(?!(?:10/10/10|5/5/5)(?![0-9]))(?P<it>{_DATE})"
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
    rf"{NO_DIGIT}(?<![0-9£/.:])\b(?P<it>(?:{_WEEKDAY}{_W}+(?:the{_W}+)?)?(?:{_NTH}"
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


_DAY_MONTH_YEAR = re.compile(
    rf"{'|'.join(_MONTHS)}|[0-9]\s*[-/.\\]\s*[0-9]{{1,2}}\s*[-/.\\]|[0-9]\s+[0-9]{{1,2}}\s+(?:18|19|20)"
    r"|[ivx][ ./-](?:18|19|20)|of the [0-9]"
)
_A_YEAR = re.compile(r"(?:18|19|20)[0-9]{2}|'[0-9]{2}")
_DAY_STROKE = re.compile("[0-9][/.][0-9]")
_NTH_OF_SOMETHING = re.compile("[0-9] ?(?:st|nd|rd|th)")

# In this order: what holds another kind inside it goes first.
NAMED_DAYS: tuple[Rule, ...] = (
    Rule("date", matches(_FEAST, any_case=True), digits=True, holds=_A_YEAR),
    Rule("date", matches(_BORN, any_case=True), needs=("born", "birth", "dob", "d.o", "d o")),
    Rule("date", matches(_DATE_IN_WORDS, any_case=True, head=_ON_A), needs=_MONTHS),
    Rule("date", matches(_DATE_IN_WORDS_ALONE, any_case=True, head=_ON_A), needs=_MONTHS),
)
DAYS: tuple[Rule, ...] = (
    Rule("date", matches(_FULL_DATE, any_case=True, head=_ON_A), holds=_DAY_MONTH_YEAR),
    Rule("date", matches(_BORN_AGAIN, any_case=True), needs=("birth", "dob", "d.o", "d o")),
    Rule("date", matches(_DAY_AND_MONTH, any_case=True, accepts=_is_day_and_month), needs=_MONTHS),
    Rule("date", matches(_DAY_IN_MAY, any_case=True), needs=(" may", " mar")),
    Rule("date", matches(_WEEKDAY_AND_DAY, any_case=True), digits=True, holds=_NTH_OF_SOMETHING),
    Rule(
        "date",
        matches(_DAY_OF_MONTH, any_case=True, accepts=_is_day_of_month),
        digits=True,
        holds=_DAY_STROKE,
    ),
)
