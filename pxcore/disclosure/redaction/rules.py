"""A kind of detail and where it stands: what every pattern over the shadow of a plain text is made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

Spans = Callable[[str], Iterator[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of detail, where it stands, and one of what there must be before it is looked for."""

    kind: str
    spans: Spans
    digits: bool = False  # looked for only where there are any
    needs: tuple[str, ...] = ()  # pieces in small letters, one of which must be there
    holds: re.Pattern[str] | None = None  # what must be there, where digits alone are too often

    def applies(self, small: str) -> bool:
        """Whether to look at all: most comments hold no @ and no month."""
        if self.holds:
            return _held(self.holds, small)
        for piece in self.needs:
            if piece in small:
                return True
        return not self.needs


@lru_cache(maxsize=8)  # rules of one kind follow one another, and ask the same
def _held(pattern: re.Pattern[str], small: str) -> bool:
    return pattern.search(small) is not None


_LOOKED_BACK = 60  # characters before a detail that may say it is none


def matches(
    pattern: str,
    *,
    any_case: bool = False,
    accepts: Callable[[str], bool] | None = None,
    unless: str | None = None,
    after: str | None = None,
    head: str | None = None,
    tail: str | None = None,
) -> Spans:
    """Where the group `it` of a pattern stands, is one where that must be worked out, and what stands
    directly before it is not `unless` but `after`; with what hangs on it, its `head` and its `tail`."""
    compiled = re.compile(pattern, re.IGNORECASE if any_case else 0)
    before, needed, ahead = (
        re.compile(rf"(?:{which})$", re.IGNORECASE) if which else None
        for which in (unless, after, head)
    )
    behind = re.compile(tail) if tail else None

    def spans(shadow: str) -> Iterator[tuple[int, int]]:
        for match in compiled.finditer(shadow):
            start, end = match.span("it")
            back = max(0, start - _LOOKED_BACK)
            if before and before.search(shadow, back, start):
                continue
            if needed and not needed.search(shadow, back, start):
                continue
            if accepts is None or accepts(match["it"]):
                if ahead and (lead := ahead.search(shadow, back, start)):
                    start = lead.start()
                if behind and (rest := behind.match(shadow, end)):
                    end = rest.end()
                yield start, end

    return spans


S = " "  # a plain text has no other within a line
NO_DIGIT = "(?<![0-9])"
# what is left of a number: “-2773”, “/25/K”, “ 1182”, “B and C25/118”
REST = (
    r"(?:[\-/.#]?[0-9A-Za-z]*[0-9][0-9A-Za-z]*)*(?:[\-/]?[A-Za-z]{1,3}(?![A-Za-z]))?"
    r"(?: [0-9]{3,}(?![0-9%:A-Za-z]|\.[0-9]| [a-z]))*"
    r"(?:,? (?:and|AND|&|or) [A-Za-z]{0,4}[\-/]?[0-9]{3,}(?:[\-/][0-9A-Za-z]+)*(?![0-9%:]|\.[0-9]|"
    r" (?:of|people|patients|times|minutes|days|hours)))?"
)
