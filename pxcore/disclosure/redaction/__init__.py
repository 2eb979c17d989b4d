"""What of a comment may be read: the same words with personal details masked.

Pure functions over text. The text is made plain first (`plain`): markup, entities and characters that
take no room would hide a detail. A detail is then looked for in a shadow of the plain text, of the same
length, in which accents are taken off; it is cut out of the plain text itself. What is left is never
anything the comment did not say. Masking is repeated until nothing more is found, so that to redact
twice changes nothing.

It errs on the side of masking: a word masked for nothing costs a reader little. How much is found is
measured on synthetic comments (`python -m benchmarks.redaction`) and told on Methods. It does not find
what only somebody who was there would recognise.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pxcore.disclosure.redaction import forms, initials, names
from pxcore.disclosure.redaction.lexicon import NO_ENTRY, entries, is_word
from pxcore.disclosure.redaction.listed import listed, words_of
from pxcore.disclosure.redaction.plain import plain, shadow
from pxcore.disclosure.redaction.rules import Rule
from pxcore.errors import RedactionFailed

__all__ = ["MASKS", "RULES", "Redacted", "Redactor", "everyday", "folded", "redact"]

RULES = (
    "7"  # raise it with any change in this folder or of its lists: comments are then masked anew
)

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
        "age": "[age]",
        "name": "[name]",
    }
)
_MASKED = re.compile("|".join(re.escape(mask) for mask in MASKS.values()))


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
        spelt = "\n".join(sorted(" ".join(words) for words in map(words_of, self.names) if words))
        return f"{RULES}-{hashlib.sha256(spelt.encode()).hexdigest()[:16]}"

    def redact(self, text: str) -> Redacted:
        """The comment with its personal details masked.

        Raises RedactionFailed, without a word of the comment and without what was raised before it,
        for whatever goes wrong: an exception is shown and written where comments are not.
        """
        try:
            return self._redacted(text)
        except Exception as problem:
            reason = type(problem).__name__
        raise RedactionFailed(
            f"A comment could not be masked ({reason}), so nothing of its file was kept.",
            fix="Please report this: the comment itself is not part of this message.",
        )

    def _redacted(self, text: str) -> Redacted:
        counts: Counter[str] = Counter()
        names_of_somebody = (Rule("name", listed(self.names)), *_NAMES)
        while True:
            text = before = plain(text)
            digits = any(map(str.isdigit, text))
            written = forms.RULES if digits else forms.WITHOUT_DIGITS
            for hide, rules in ((_unwrapped, written), (_shadow, names_of_somebody)):
                hidden = hide(text)
                small = hidden.lower()
                for rule in rules:
                    if rule.applies(small):
                        masked = _mask(text, hidden, rule, counts)
                        if masked is not text:
                            text, hidden = masked, hide(masked)
            if text == before:
                return Redacted(text, MappingProxyType(dict(counts)))


# a line that ends within a sentence, perhaps within a detail
_WRAP = re.compile(r"(?<![.!?:;\n])\n(?!\n)")
_NAMES = (Rule("name", initials.spans_of_initials), Rule("name", names.spans))


def redact(text: str, names: Iterable[str] = ()) -> Redacted:
    """The comment with its personal details masked, listed names too."""
    return Redactor(frozenset(names)).redact(text)


def everyday(word: str) -> bool:
    """Whether it is a word of English and no list of names knows it."""
    small = shadow(word).lower()
    return is_word(small) and entries().get(small, NO_ENTRY) is NO_ENTRY


def folded(redacted: str) -> str:
    """The words of what may be read, small and plain between single spaces, masks left out: for searching."""
    words = _shadow(redacted).lower().replace("'", "")
    return " " + " ".join(re.findall(r"[^\W_]+", words)) + " "


def _mask(text: str, hidden: str, rule: Rule, counts: Counter[str]) -> str:
    parts, at = [], 0
    for start, end in rule.spans(hidden):
        if start >= at:
            parts += [text[at:start], MASKS[rule.kind]]
            at = end
            counts[rule.kind] += 1
    return "".join([*parts, text[at:]]) if parts else text


def _shadow(text: str) -> str:
    """The shadow of a text, empty where it is masked already."""
    if "[" not in text:
        return shadow(text)
    return _MASKED.sub(lambda mask: "\0" * len(mask.group()), shadow(text))


def _unwrapped(text: str) -> str:
    """The shadow of a text, its lines joined where no sentence ends: a detail may go on in the next."""
    return _WRAP.sub(" ", _shadow(text))
