"""Codes by which a view can be called back: `PX-7F3K2MQ` names a question, the data it was asked of and the
program that answered it.

A code is made of a hash of all that decides what is shown, and ends with a check character. What a view came
to is written down beside its code once, when that is first shown or leaves, and is never altered.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from itertools import count
from typing import Any

from pxcore.errors import PxError
from pxcore.store import Store

PREFIX = "PX-"
# Without 0 and O, 1, I and L, U (for V), B (for 8): whoever copies a code by hand takes none for another.
# There are 29, a prime, on which the check rests.
ALPHABET = "23456789ACDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6  # without the check character
REST = 8  # not nought, so that seven times the first character is no code
CLOSE = 1e-9  # relative: a figure that is the same
_DASHES = str.maketrans("‐‑‒–—−", "------")
FORM = f"A code is {PREFIX} and {LENGTH + 1} letters and figures, as in PX-7F3K2MQ."


@dataclass(frozen=True, slots=True)
class Headline:
    """What a view comes to: its answer, and the figures in it.

    Attributes
    ----------
    answer : the sentence of its page.
    figures : of frames that have been released, or over all organisations; each by its name.
    extracts : those it rests on.
    """

    answer: str
    figures: tuple[tuple[str, float], ...]
    extracts: tuple[int, ...]
    revision: int


@dataclass(frozen=True, slots=True)
class CodedView:
    """A view as it was when its code was first shown or left.

    Attributes
    ----------
    code : with prefix and check character.
    view : the question, as JSON has it.
    data_key : of the files that spoke then.
    program : version of this program.
    """

    code: str
    view: Mapping[str, Any]
    data_key: str
    program: str
    made_at: datetime
    headline: Headline


@dataclass(frozen=True, slots=True)
class Change:
    """A headline figure then and now; None where there was or is none."""

    name: str
    before: float | None
    now: float | None

    @property
    def is_same(self) -> bool:
        if self.before is None or self.now is None:
            return self.before is self.now
        return math.isclose(self.before, self.now, rel_tol=CLOSE, abs_tol=CLOSE)


@dataclass(frozen=True, slots=True)
class CalledBack:
    """A view called back, as it was and as it is today.

    Attributes
    ----------
    now : None where it can be worked out no more; `why` says so.
    same_data : whether this version would make the same code of it today.
    is_known : whether this version has its page and settings.
    """

    then: CodedView
    now: Headline | None
    why: str
    same_data: bool
    is_known: bool = True

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every headline figure then and now, in their order; none where there is no answer today."""
        if self.now is None:
            return ()
        before, now = dict(self.then.headline.figures), dict(self.now.figures)
        return tuple(
            Change(name, before.get(name), now.get(name)) for name in dict.fromkeys([*before, *now])
        )

    @property
    def changed(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if not change.is_same)


def code_of(view_key: str, attempt: int = 0) -> str:
    """The code of a view; of one whose code another view has, a further attempt.

    Parameters
    ----------
    view_key : hexadecimal, at least 32 digits.
    """
    number = int(hashlib.sha256(f"{view_key} {attempt}".encode()).hexdigest(), 16)
    letters = ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters += ALPHABET[place]
    return f"{PREFIX}{letters}{check_character(letters)}"


def check_character(letters: str) -> str:
    """The character after six that makes any one wrong character, or two changed about, show.

    The places in the alphabet, weighed by 2 to 7 and the last by 1, leave REST when divided by 29. As that is
    a prime and every weight another, no change of one of them, nor two that change places, does so again.
    """
    weighed = sum((place + 2) * ALPHABET.index(letter) for place, letter in enumerate(letters))
    return ALPHABET[(REST - weighed) % len(ALPHABET)]


def read_code(words: str) -> str:
    """The code a person typed, however they wrote its letters, dashes and spaces.

    Raises
    ------
    PxError : it is no code, or a character of it is mistyped; none is ever guessed.
    """
    written = "".join(words.translate(_DASHES).upper().split())
    letters = written.removeprefix(PREFIX) if written.startswith(PREFIX) else written
    letters = letters.removeprefix("PX") if len(letters) == LENGTH + 3 else letters
    shown = words.strip()[:40]
    if len(letters) != LENGTH + 1:
        raise PxError(f"‘{shown}’ is no code.", fix=FORM)
    strange = [letter for letter in letters if letter not in ALPHABET]
    if strange:
        raise PxError(
            f"In ‘{shown}’ a character is mistyped: no code has ‘{strange[0]}’ in it.",
            fix="Look at it again: no code has 0, 1, B, I, L, O or U in it.",
        )
    if check_character(letters[:LENGTH]) != letters[LENGTH]:
        raise PxError(
            f"In ‘{shown}’ a character is mistyped.",
            fix="Its last character does not go with the others: look at each again.",
        )
    return f"{PREFIX}{letters}"


def view_key(kind: str, view: Mapping[str, Any], state: tuple[object, ...]) -> str:
    """A hash of all that decides what a view shows.

    Parameters
    ----------
    kind : of the database: own data or the demonstration.
    state : revision, key of the data, and what else the answer changes with.
    """
    whole = [kind, view, *map(str, state), version("pxcore")]
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def keep(store: Store, key: str, view: Mapping[str, Any], data_key: str, headline: Headline) -> str:
    """The code of a view; what it comes to is written down where it was not yet.

    Parameters
    ----------
    store : where codes are kept.
    """
    with store.happening():
        known = store.events("coded_view", code="", view_key=key)
        if known:
            return str(known[0]["code"])
        code = next(
            code
            for code in (code_of(key, attempt) for attempt in count())
            if not store.events("coded_view", code=code, view_key="")
        )
        store.add(
            (
                "coded_view",
                {
                    "code": code,
                    "view_key": key,
                    "view": json.dumps(view, ensure_ascii=False, default=_plain),
                    "revision": headline.revision,
                    "data_key": data_key,
                    "extracts": list(headline.extracts),
                    "program": version("pxcore"),
                    "made_at": datetime.now(UTC).replace(tzinfo=None),
                    "answer": headline.answer,
                    "figures": json.dumps(headline.figures, ensure_ascii=False),
                },
            )
        )
    return code


def code_kept(store: Store, key: str) -> str:
    """The code of a view that was written down; "" of none."""
    known = store.events("coded_view", code="", view_key=key)
    return str(known[0]["code"]) if known else ""


def coded_view(store: Store, code: str) -> CodedView | None:
    """The view that a code names; None where it was not made here."""
    rows = store.events("coded_view", code=code, view_key="")
    if not rows:
        return None
    row = rows[0]
    figures = tuple((str(name), float(figure)) for name, figure in json.loads(row["figures"]))
    return CodedView(
        row["code"],
        json.loads(row["view"]),
        row["data_key"],
        row["program"],
        row["made_at"],
        Headline(row["answer"], figures, tuple(row["extracts"]), row["revision"]),
    )


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
