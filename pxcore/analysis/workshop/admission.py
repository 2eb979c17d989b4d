"""The codes with which telephones, and whoever facilitates, come into a room."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pxcore.analysis.workshop.workshops import REMOTE_CODE, REMOTE_HOURS, ROOM_CODE, ROOM_HOURS, now
from pxcore.store import Store

DEMONSTRATION_LETTER = (
    "D"  # with which codes of workshops on the demonstration begin, and no others
)

LETTERS = "23456789ABCEFGHJKLMNPQRTUVWXYZ"  # none that is taken for another, and no D


@dataclass(frozen=True, slots=True)
class Code:
    workshop: str
    code: str
    remote: bool
    expires_at: datetime  # UTC
    withdrawn: bool

    def opens(self, at: datetime) -> bool:
        return not self.withdrawn and at < self.expires_at


def open_code(store: Store, identifier: str, *, remote: bool = False) -> str:
    """A new code, or link, by which people join; it opens nothing after some hours."""
    letters = REMOTE_CODE if remote else ROOM_CODE
    first = DEMONSTRATION_LETTER if store.kind == "demonstration" else secrets.choice(LETTERS)
    code = first + "".join(secrets.choice(LETTERS) for _ in range(letters - 1))
    hours = REMOTE_HOURS if remote else ROOM_HOURS
    _keep_code(store, identifier, code, remote, now() + timedelta(hours=hours), withdrawn=False)
    return code


def withdraw_code(store: Store, code: Code) -> None:
    _keep_code(store, code.workshop, code.code, code.remote, code.expires_at, withdrawn=True)


def _keep_code(
    store: Store, identifier: str, code: str, remote: bool, expires_at: datetime, *, withdrawn: bool
) -> None:
    store.add(
        (
            "workshop_code",
            {
                "workshop": identifier,
                "code": code,
                "remote": remote,
                "made_at": now(),
                "expires_at": expires_at,
                "withdrawn": withdrawn,
            },
        )
    )


def codes(store: Store, identifier: str) -> list[Code]:
    """Every code of a workshop, the latest first."""
    return [_code(row) for row in store.events("workshop_codes", workshop=identifier, code="")]


def code_named(store: Store, code: str) -> Code | None:
    """The code with these letters, whether it still opens or not; None where there never was."""
    rows = store.events("workshop_codes", workshop="", code=tidy_code(code))
    return _code(rows[0]) if rows else None


def tidy_code(typed: str) -> str:
    """A code as somebody may have typed it."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())[:REMOTE_CODE]


def _code(row: Mapping[str, Any]) -> Code:
    return Code(row["workshop"], row["code"], row["remote"], row["expires_at"], row["withdrawn"])
