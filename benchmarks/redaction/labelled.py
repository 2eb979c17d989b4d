"""Labelled comments, and what is still readable of every label once a comment was masked.

A label is a stretch of a comment with its class. Comments are compared as a reader reads them: markup
taken away, entities and full-width digits made plain, characters that take no room left out, and of the
rest only letters and digits, in words. What came out of masking must be the comment with stretches
replaced; those stretches are found by setting the two side by side, so that "Will" masked where it
names somebody is not confused with a "will" left two lines below.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pxcore.disclosure.redaction import MASKS

FOLDER = Path(__file__).parent
PARTS = ("development", "held back")

# Class -> its kind: what has a form of its own, a name, or what only somebody who was there would know.
CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "full name": "name",
        "surname after a title": "name",
        "first name alone": "name",
        "surname alone": "name",
        "nickname": "name",
        "kin": "name",
        "staff by role": "name",
        "name with a particle or hyphen": "name",
        "initials": "name",
        "signature": "name",
        "names in a list": "name",
        "NHS number": "form",
        "hospital number": "form",
        "National Insurance number": "form",
        "phone number": "form",
        "e-mail": "form",
        "web address": "form",
        "social handle": "form",
        "postcode": "form",
        "address": "form",
        "vehicle": "form",
        "date of birth": "form",
        "date": "form",
        "reference number": "form",
        "bank details": "form",
        "passport or driving licence": "form",
        "age over 89": "form",
        "rare context": "rare context",
    }
)
# What stands in comments that name nobody and looks as if it did.
INNOCENT = ("words and numbers", "sayings and well-known names")
MANNERS = ("as usual", "small letters", "capitals", "disguised")
READABLE = 2  # so many letters or digits left of a label, and somebody can read a piece of it

_MASK = re.compile("|".join(map(re.escape, MASKS.values())))
_MASKED = "\0"
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_EMPHASIS = re.compile(r"</?(?:em|i|b|u|strong|span)\b")
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]\w*);")
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


@dataclass(frozen=True, slots=True)
class Label:
    """A stretch of a comment that could name somebody: from `start` up to before `end`."""

    start: int
    end: int
    kind: str  # a key of CLASSES


@dataclass(frozen=True, slots=True)
class Comment:
    """One synthetic comment with its labels; without any it is innocent."""

    number: str
    text: str
    labels: tuple[Label, ...]
    manner: str  # one of MANNERS
    innocent: str = ""  # one of INNOCENT where there is no label


class NotTheComment(ValueError):
    """What came out of masking is not the comment with stretches replaced by masks."""


def comments(part: str) -> list[Comment]:
    """Every comment of a part, from its file.

    Raises
    ------
    ValueError : a label names no class, or stands outside its comment.
    """
    written = []
    path = FOLDER / f"{part.replace(' ', '_')}.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        labels = tuple(Label(*label) for label in row["labels"])
        for label in labels:
            if label.kind not in CLASSES or not 0 <= label.start < label.end <= len(row["text"]):
                raise ValueError(f"{path.name}, {row['comment']}: {label} is no label of its text.")
        written.append(
            Comment(row["comment"], row["text"], labels, row["manner"], row.get("innocent", ""))
        )
    return written


def as_read(text: str) -> list[tuple[str, int]]:
    """The letters and digits a reader sees, small and plain, each with its place in the text.

    A space stands wherever words are parted, never two in a row and none at the ends.
    """
    seen: list[tuple[str, int]] = []
    at = 0
    while at < len(text):
        piece, after = text[at], at + 1
        if piece == "<" and (tag := _TAG.match(text, at)):
            # a line ends where a paragraph or a break does; emphasis parts no words
            piece, after = "" if _EMPHASIS.match(tag.group()) else " ", tag.end()
        elif piece == "&" and (entity := _ENTITY.match(text, at)):
            piece, after = html.unescape(entity.group()), entity.end()
        for character in piece if piece.isascii() else unicodedata.normalize("NFKD", piece):
            if character == _MASKED or character.isalnum():
                seen += [(small, at) for small in character.lower()]
            elif character in _UNSEEN or unicodedata.combining(character):
                continue
            elif seen and seen[-1][0] != " ":
                seen.append((" ", at))
        at = after
    if seen and seen[-1][0] == " ":
        seen.pop()
    return seen


def left_over(text: str, masked: str) -> set[int]:
    """The places in `text` whose letter or digit can still be read in `masked`.

    Raises
    ------
    NotTheComment : `masked` is not `text` with stretches replaced by masks such as "[name]".
    """
    before = as_read(text)
    after = "".join(character for character, _ in as_read(_MASK.sub(_MASKED, masked)))
    if _MASKED not in after:
        if after.replace(" ", "") != "".join(c for c, _ in before).replace(" ", ""):
            raise NotTheComment(f"{masked!r} is not {text!r} with stretches masked.")
        return {at for character, at in before if character != " "}
    whole = "".join(character for character, _ in before)
    # First as if only whole words were masked and words parted as before, then with words parted
    # otherwise, then with parts of words: "and" is no part of "Sandra" where a mask stands beside a
    # word of its own.
    whole_words = r"(?<![^ ])[^ ](?:.*?[^ ])??(?![^ ])"
    for parted, gap in ((" ", whole_words), ("", whole_words), ("", ".*?")):
        match = re.fullmatch(_pattern(after, parted, gap), whole, re.DOTALL)
        if match:
            gaps = [match.span(group) for group in range(1, (match.lastindex or 0) + 1)]
            return {
                at
                for place, (character, at) in enumerate(before)
                if character != " " and not any(start <= place < end for start, end in gaps)
            }
    raise NotTheComment(f"{masked!r} is not {text!r} with stretches masked.")


def _pattern(after: str, parted: str, gap: str) -> str:
    """What the comment must look like: its own letters and a gap at every mask.

    With `parted` a space the words of `after` stand as they are, but for a space more or less between
    them; without, a space may stand between any two letters.
    """
    pieces = [
        " ?".join(map(re.escape, literal.split() if parted else literal.replace(" ", "")))
        for literal in re.split(r"(?: *\0 *)+", after)
    ]
    return f" ?({gap}) ?".join(pieces)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What masking made of one comment."""

    comment: Comment
    masked: str
    labels: tuple[tuple[Label, bool], ...]  # with whether a piece of each can still be read
    touched: bool  # whether anything of the comment can no longer be read


def outcome(comment: Comment, masked: str) -> Outcome:
    """What of a comment and of each of its labels can still be read.

    A piece of a label is two letters or digits, wherever in the label they stand: "O’" left of "O’Neill"
    names nobody; "van der" left of "van der Berg", "J.S." and the last two digits of a telephone number
    count as left.
    """
    seen = [at for character, at in as_read(comment.text) if character != " "]
    left = left_over(comment.text, masked)
    labels = tuple(
        (label, sum(at in left for at in seen if label.start <= at < label.end) >= READABLE)
        for label in comment.labels
    )
    return Outcome(comment, masked, labels, touched=not left.issuperset(seen))


def outcomes(written: list[Comment], redact: Callable[[str], str]) -> Iterator[Outcome]:
    """Every comment after masking by `redact`, which takes a text and returns it masked."""
    for comment in written:
        yield outcome(comment, redact(comment.text))
