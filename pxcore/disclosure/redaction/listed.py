"""Names that a person has listed: masked wherever they stand, in any case, spacing and hyphens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from pxcore.disclosure.redaction.plain import plain, shadow

Spans = Callable[[str], Iterator[tuple[int, int]]]


def shadow_of(name: str) -> str:
    return shadow(plain(name))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name for looking it up, folded: “Sarah O’Brien-Smith” has three."""
    return tuple(word for word, _, _ in _tokens(shadow_of(name)))


def _spellings(name: str) -> Iterator[tuple[str, ...]]:
    """A name as people write it: as listed, in one word, a part after an apostrophe apart."""
    words = words_of(name)
    yield words
    if len(words) > 1:
        yield ("".join(words),)
    apart = words_of(shadow_of(name).replace("'", " "))
    if len(apart) > len(words):
        yield apart


_TOKEN = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
_APART = re.compile(r"[ \n.\-']{1,3}")
_REVERSED = re.compile(" *, *")


def _tokens(shadow: str) -> list[tuple[str, int, int]]:
    """Each word with its place, without the ’s of a possessive."""
    tokens = []
    for match in _TOKEN.finditer(shadow):
        start, end = match.span()
        word = match.group()
        if word.lower().endswith("'s"):
            word, end = word[:-2], end - 2
        folded = word.replace("'", "").lower()
        if folded:
            tokens.append((folded, start, end))
    return tokens


def _same(word: str, listed: str, *, last: bool) -> bool:
    """Whether a word is that of a name; at its end an s may follow without its apostrophe."""
    return word == listed or (last and len(listed) > 2 and word == listed + "s")


@cache
def listed(names: frozenset[str]) -> Spans:
    """Where a listed name stands, in any case, spacing and hyphens: looked up word by word."""
    by_first: dict[str, list[tuple[tuple[str, ...], re.Pattern[str]]]] = {}
    spelled = {(words, _APART) for name in names for words in _spellings(name)}
    # “Sample, Ann” for Ann Sample
    spelled |= {(words[::-1], _REVERSED) for words in map(words_of, names) if len(words) == 2}
    for words, apart in sorted(spelled, key=lambda item: (-len(item[0]), item[0])):
        if words:
            by_first.setdefault(words[0], []).append((words, apart))
            if len(words) == 1:
                by_first.setdefault(words[0] + "s", []).append((words, apart))

    def spans(shadow: str) -> Iterator[tuple[int, int]]:
        tokens = _tokens(shadow) if by_first else []
        for at, (first, start, _) in enumerate(tokens):
            for words, apart in by_first.get(first, ()):
                run = tokens[at : at + len(words)]
                if len(run) < len(words) or not all(
                    _same(word, listed, last=place == len(words) - 1)
                    for place, ((word, _, _), listed) in enumerate(zip(run, words, strict=True))
                ):
                    continue
                between = zip(run, run[1:], strict=False)
                if all(apart.fullmatch(shadow, a[2], b[1]) for a, b in between):
                    yield start, run[-1][2]
                    break

    return spans
