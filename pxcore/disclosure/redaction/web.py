"""E-mail and web addresses, and names people go by on networks."""

from __future__ import annotations

import re

from pxcore.disclosure.redaction.lexicon import is_word
from pxcore.disclosure.redaction.rules import Rule, S, matches

_WHO = r"(?<![\w.+\-])[\w.+\-]{1,64}"
_EMAIL = (
    rf"(?P<it>{_WHO}{S}?(?:@|%40){S}?[\w\-]{{1,63}}(?:\.[\w\-]{{1,63}}"
    rf"|{S}?\.{S}?(?:[a-z][\w\-]{{0,62}}{S}?\.{S}?)?(?:com|co|org|net|uk|nhs|gov|ac|ie|eu"
    rf"|example)\b){{1,6}})"
)
# jo (at) example (dot) org, jo at example dot org
_EMAIL_IN_WORDS = (
    rf"(?P<it>{_WHO}{S}*(?:[(\[{{]{S}*at{S}*[)\]}}]|{S}at{S}|@){S}*[\w\-]{{1,63}}"
    rf"(?:{S}*(?:[(\[{{]{S}*(?:dot|\.){S}*[)\]}}]|{S}dot{S}|\.){S}*[\w\-]{{1,63}}){{0,6}}"
    rf"{S}*(?:[(\[{{]{S}*(?:dot|\.){S}*[)\]}}]|{S}dot{S}){S}*[\w\-]{{1,63}})"
)
# jo.sample at example.org, jo(at)example.org: a bare “at” only where the first word is none
_EMAIL_AT = (
    rf"(?P<it>(?:{_WHO}{S}*[(\[{{]{S}*at{S}*[)\]}}]{S}*"
    rf"|(?<![\w.+\-])[a-z][\w+]{{0,30}}[._+\-][\w.+\-]{{1,30}}{S}at{S})"
    r"(?:[a-z0-9\-]{1,63}\.){1,6}[a-z]{2,10}\b)"
)
# of a provider, or with a slip after the @
_EMAIL_SLIPPED = (
    rf"(?P<it>(?!(?:look|work|am|is|was|me|us)(?:s|ed|ing)?\b){_WHO}(?:{S}at{S}(?:gmail"
    rf"|googlemail|hotmail|icloud|btinternet|protonmail)"
    rf"|@[a-z][\w\-]{{1,62}})(?:[.,]?{S}?(?:com|co|org|net|uk|nhs)\b){{0,3}})"
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
    r"(?:insta(?:gram)?|twitter|x|facebook|fb|messenger|snap(?:chat)?|tik{S}?tok|tiktok|threads"
    r"|linkedin|telegram"
    r"|whatsapp|skype|youtube|bluesky|mastodon|reddit|discord|discord|signal|handle|username"
    r"|user{S}name)"
).replace("{S}", " ")
# “find me on Instagram: jo_sample99”; of letters alone only after a colon or “is”
_INTRODUCED_HANDLE = (
    rf"(?<![0-9] )\b{_NETWORK}\b(?:{S}(?:handle|name|page|account|profile|user(?:name)?|id))?"
    rf"(?:{S}*[:=\-(]{S}*|{S}+(?:(?:is|as|under|at|named|called){S}+)?)"
    rf"(?P<it>@?(?:(?=[a-z0-9_.\-]*[0-9_])[a-z0-9_][a-z0-9_.\-]{{2,30}}"
    rf"|[a-z0-9]{{2,20}}[._][a-z0-9_.]{{2,20}})(?<![.\-]))"
)
_HANDLE_ON = (
    rf"\b(?P<it>[a-z0-9_.]{{3,30}}){S}on{S}(?:insta(?:gram)?|twitter|facebook|fb|snapchat"
    rf"|tiktok|tik{S}tok|linkedin|threads|x)\b"
)
_INTRODUCED_SINGLE_WORD_HANDLE = (
    rf"\b{_NETWORK}(?:{S}(?:handle|name|page|account|profile|id))?{S}*(?::|{S}is{S}){S}*"
    rf"(?P<it>@?[a-z0-9_][a-z0-9_.]{{3,30}})(?<!\.)"
)


def _is_no_word(text: str) -> bool:
    return not is_word(text.lower())


_AT = ("@", " at ", "at)", "at]", "at}", "%40")
_TOP = re.compile(r"\.(?:com|org|net|uk|info|ie|eu|io|biz|gov|wales|scot)\b")
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
    Rule("web address", matches(_LINK, any_case=True), needs=("http", "www", "/")),
    Rule("web address", matches(_SPELT_OUT_WITH_A_PATH, any_case=True), needs=("slash",)),
    Rule("e-mail", matches(_EMAIL), needs=("@", "%40")),
    Rule("e-mail", matches(_EMAIL_IN_WORDS, any_case=True), needs=_AT),
    Rule("e-mail", matches(_EMAIL_AT, any_case=True), needs=_AT),
    Rule("e-mail", matches(_EMAIL_SLIPPED, any_case=True), needs=_AT),
    Rule("web address", matches(_DOMAIN, any_case=True), holds=_TOP),
    Rule("web address", matches(_SPELT_OUT, any_case=True), needs=(" dot ",)),
    Rule("web address", matches(_HANDLE), needs=("@",)),
    Rule("web address", matches(_HANDLE_IN_WORDS, any_case=True), needs=("(at)", "[at]")),
    Rule("web address", matches(_BOUND), needs=("_",)),
    Rule("web address", matches(_HANDLE_ON, any_case=True, accepts=_is_no_word), needs=(" on ",)),
    Rule("web address", matches(_INTRODUCED_HANDLE, any_case=True), needs=_OF_NETWORKS),
    Rule(
        "web address",
        matches(_INTRODUCED_SINGLE_WORD_HANDLE, any_case=True, accepts=_is_no_word),
        needs=_OF_NETWORKS,
    ),
)
