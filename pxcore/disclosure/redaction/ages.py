"""Ages of ninety and over, as few are: of a person, not of a queue, a temperature or a percentage."""

from __future__ import annotations

import re

from pxcore.disclosure.redaction.rules import Rule, matches

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
KIN = (
    r"(?:mum|mummy|mom|mam|mother|dad|daddy|father|nan|nana|nanna|nanny|gran|granny|grandad|grandma"
    r"|grandpa|gramps|grandmother|grandfather|aunt|auntie|aunty|uncle|husband|hubby|wife|partner"
    r"|brother|sister|cousin)(?:[ \-]in[ \-]law)?"
)
_SOMEBODY_IS = (
    rf"(?:he|she|i|who|{KIN}|neighbour|friend|patient|resident|pensioner|widow|widower|veteran|lady"
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
    rf"|\b(?:died|passed away|passed|buried|lost|went)(?: (?:him|her|(?:my|our) {KIN}))?,? (?:at"
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
    rf"(?:\b(?:{KIN}|\0) (?={_OLD},? (?:and|who|is|was|has|had|waited|lives|fell)\b)"
    rf"|(?:\b(?:{KIN}|neighbour|friend) [A-Z][a-z]+|\0)(?:, | \()(?={_OLD}[,)]))"
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
_OLD_ENOUGH = re.compile(r"(?<![0-9£])(?:9[0-9]|1[01][0-9])(?![0-9])|ninet|hundred")

# In this order: what holds another kind inside it goes first.
RULES: tuple[Rule, ...] = (
    Rule("age", matches(_AGED, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", matches(_YEARS_OLD, any_case=True, unless=_OF_A_BUILDING), holds=_OLD_ENOUGH),
    Rule("age", matches(_YEARS_OF_LIFE, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", matches(_AT_AGE, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", matches(_BESIDE_SOMEBODY, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", matches(_STILL, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", matches(_THEY_ARE, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", matches(_WHOSE_AGE, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", matches(_SHORT_OF, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", matches(_HER_HUNDREDTH, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", matches(_SEX_AND_AGE), holds=_OLD_ENOUGH),
    Rule("age", matches(_BIRTHDAY, any_case=True), holds=_OLD_ENOUGH),
    Rule("age", matches(_THEIR_DECADE, any_case=True), needs=("ninet", "90")),
    Rule("age", matches(_OVER_A_HUNDRED, any_case=True), needs=("arian", "erian")),
)
