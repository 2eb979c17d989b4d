"""A text made plain before anything is looked for in it, and what is then shown of it.

Markup, entities, characters that take no room and letters in another width hide a detail from every
rule. They say nothing a reader needs, so they are taken away for good; line breaks stay.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

_TAGS_OF_LINES = (
    "p|div|br|li|ul|ol|tr|table|h[1-6]|blockquote|hr|section|header|footer|pre|dd|dt|dl"
)
_TAGS = (
    "a|abbr|b|big|body|center|cite|code|del|em|figure|font|form|head|html|i|img|input|ins|label"
    "|link"
    "|main|mark|meta|nav|o:p|q|s|script|small|span|strike|strong|style|sub|sup|svg|t[bdh]|tbody|td"
    "|textarea|tfoot|thead|th|title|tt|u|video|wbr|article|button|nobr"
)
_TAG = re.compile(
    rf"<\s?/?\s?(?:(?P<line>{_TAGS_OF_LINES})|(?P<cell>td|th)|(?:{_TAGS}))(?:[\s/][^<>]*)?>"
    rf"|<!--.*?-->",
    re.IGNORECASE | re.DOTALL,
)
_TAG_IN_BRACKETS = re.compile(
    r"\[/?(?:b|i|u|s|em|strong|quote|url|email|color|size)(?:=[^\[\]]*)?\]", re.I
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});|&nbsp\b")
# **so**, __so__, ~~so~~, `so`, *so*, _so_: marks at both ends of a word or of several
_EMPHASIS = re.compile(
    r"(?<![\w*_~`])(?P<mark>\*{1,3}|_{1,3}|~~"
    r"|`)(?=[^\s*_~`])(?P<words>[^\n*~`]*?[^\s*_~`])(?P=mark)(?![\w*_~`])"
)
_BREAK = re.compile("\r\n?|_x000[dD]_\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile(r" {2,}")
_AROUND_BREAKS = re.compile(r" ?\n ?")
_BREAKS = re.compile(r"\n{3,}")
# letters and figures in another width, in a circle, in a mathematician's hand, in one with another
_IN_ANOTHER_DRESS = re.compile(
    "[\u2460-\u24ff\ufb00-\ufb06\ufe50-\ufe6f\uff01-\uff5e\uffe0-\uffe6\U0001d400-\U0001d7ff"
    "\U0001f100-\U0001f149]"
)
_PLAIN = re.compile(r"[^\x21-\x7e \n]|[<&*_~`\[]|  |\n |\n\n\n")
_JOINER, _AS_PICTURE = "\u200d", "\ufe0f"


def plain(text: str) -> str:
    """The words of a text without what hides them; plain twice is plain once."""
    while _PLAIN.search(text):
        before = text
        text = _without_markup(text)
        if not text.isascii():
            text = unicodedata.normalize("NFC", _without_the_unseen(text))
        text = _BREAK.sub("\n", text)
        if not (text.isascii() and text.replace("\n", " ").isprintable()):
            text = "".join(map(_drawn, text))
        text = _SPACES.sub(" ", text)
        text = _BREAKS.sub("\n\n", _AROUND_BREAKS.sub("\n", text))
        if text == before:
            break
    return text.strip(" \n")


def _without_markup(text: str) -> str:
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
    if "<" in text:
        text = _TAG.sub(lambda tag: "\n" if tag["line"] else " " if tag["cell"] else "", text)
    if "[" in text:
        text = _TAG_IN_BRACKETS.sub("", text)
    return _EMPHASIS.sub(r"\g<words>", text)


def _without_the_unseen(text: str) -> str:
    """Without characters that take no room: but those that join the parts of one picture."""
    parts = []
    for at, character in enumerate(text):
        if _unseen(character):
            # a family is drawn as several people joined
            around = text[at - 1 : at], text[at + 1 : at + 2]
            of_picture = character in (_JOINER, _AS_PICTURE) and (
                unicodedata.category(around[0] or "a") in ("So", "Sk")
                or around[0] in (_JOINER, _AS_PICTURE)
            )
            if not of_picture:
                continue
        parts.append(character)
    return "".join(parts)


@cache
def _unseen(character: str) -> bool:
    return (
        unicodedata.category(character) == "Cf"
        or character in "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800"
        or "\ufe00" <= character <= "\ufe0f"
    )


@cache
def _drawn(character: str) -> str:
    if character == "\n":
        return character
    if character.isspace():
        return " "
    if unicodedata.category(character) == "Cc":
        return ""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if _IN_ANOTHER_DRESS.match(character):
        return unicodedata.normalize("NFKC", character)
    return character


# --- For matching alone ---------------------------------------------------------------------------

# letters that Unicode takes for letters of their own, not for one with a mark
_STROKES = str.maketrans("ŁłØøĐđÐðĦħıÆæŒœßÞþ", "LlOoDdDdHhiAaOosTt")
# letters of other alphabets that look like ours, so that one of them hides no name
_ALIKE = str.maketrans(
    "АВЕКМНОРСТУХЅІЈасеорухѕіјԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧαοιν",
    "ABEKMHOPCTYXSIJaceopyxsijdhABEZHIKMNOPTYXaoiv",
)


def shadow(text: str) -> str:
    """The text for matching, of the same length: “é” as “e”, “’” as “'”; a letter of another"
    " script as x."""
    return text if text.isascii() else "".join(map(_shadow_of, text))


@cache
def _shadow_of(character: str) -> str:
    if character in "‘’ʼ′`´":
        return "'"
    if character in "‐‑‒–—−":
        return "-"
    if character in "“”„«»":
        return '"'
    alike = character.translate(_ALIKE)
    letter = unicodedata.normalize("NFKD", alike)[:1].translate(_STROKES)
    if letter.isascii() and letter.isprintable():
        return letter
    if character.isalpha():
        return "x" if character.islower() else "X"
    return character
