"""Initials that stand for a name by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pxcore.disclosure.redaction.cues import word_set

_TITLE_JOINED = re.compile(r"\b(?:Dr|Mrs?|Ms|Prof)(?P<it>[A-Z][a-z][A-Za-z'\-]{1,30})")  # DrSample
# “I'm T.W. from the Tuesday group”, “my daughter (D. H.)”, “initials on the chart were j. d.”
_INITIALS_ALONE = re.compile(
    r"\b(?:(?i:i'm|i am|this is|pt|patient|client|initials(?: (?:are|were|is)|:)?"
    r"|initials(?: [a-z]+){1,4} (?:were|are|is|was|said)"
    r"|signed(?: by)?|(?:daughter|son|wife|husband|mum|dad|mother|father|sister|brother|baby"
    r"|child|nan|partner) \()[:,]? ?"
    r"(?P<it>[A-Z]\.? ?[A-Z]\b\.?(?: ?[A-Z]\b\.?)?)(?!'|[a-z])"
    r"|(?i:initials(?: [a-z]+){0,4} (?:were|are|is|was|said)) (?P<small>[a-z]\. ?[a-z]\.)"
    r"|(?i:thanks|thx|thank you|cheers|regards|love"
    r"|from),? (?P<dotted>[A-Z]\. ?[A-Z]\.(?: ?[A-Z]\.)?))"
)
# “Mrs P was kind”, “my named nurse, T., was great”
_INITIAL_TITLED = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|Miss|Mx|Prof|Nurse|Sister|Matron|Doctor|dr|mr|mrs|ms|miss|prof|nurse|sister"
    r"|matron|midwife|Midwife|doctor|consultant|surgeon|porter|receptionist|HCA|physio)"
    r"\.?(?P<comma>,)? (?P<it>[A-Z]\b(?!['&/\-])\.?(?: ?[A-Z]\b\.?)?)"
    r"(?!\.?[ \n]{0,2}(?:[A-Z][A-Za-z.]|[0-9&/]|and [A-Z]\b))"
)
_TWO_LETTERS = re.compile(r"\b[A-Z]\.? ?[A-Z]\b|\b[a-z]\. ?[a-z]\.|[a-z][A-Z]")
_SINGLE_LETTER = re.compile(r" [B-HJ-Z]\b| A\.")
_NO_INITIALS = word_set(
    "OK GP UK ED ME MS MD AE HR IT TV UTI TB ID EU US CT MRI PA NI IN ON AT TO OF NO SO UP GO DO"
    " BE AM PM NHS HCA ICU ITU HIV"
    " PTSD COPD BMI MP VIP DNA ADHD OCD PCN ICB CQC RGN SEN DVT"
)


def spans_of_initials(shadow: str) -> Iterator[tuple[int, int]]:
    """Where initials stand for somebody, and a name that is written in one with its title."""
    if not (_TWO_LETTERS.search(shadow) or _SINGLE_LETTER.search(shadow)):
        return
    for match in _TITLE_JOINED.finditer(shadow):
        yield match.span("it")
    for match in _INITIAL_TITLED.finditer(shadow):
        letters = re.sub("[. ]", "", match["it"])
        dotted = match["it"].endswith(".") and shadow[match.end() :].strip() != ""
        if letters in _NO_INITIALS or (letters in ("I", "A") and not dotted):
            continue
        if not match["comma"] or dotted:
            yield match.span("it")
    for match in _INITIALS_ALONE.finditer(shadow):
        which = match.lastgroup or "it"
        if which != "it" or re.sub("[. ]", "", match["it"]) not in _NO_INITIALS:
            yield match.span(which)
