"""The record key of each response: what the cell key of every count shown is added up from.

A keyed hash of whom the response is from, so that the same person has the same key in every file, after a
revision and after a migration; nobody without the secret of the database can work one out.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from secrets import token_hex

import pandas as pd

from pxcore.model import GROUPS

KEYS = 256  # a record key and a cell key are numbers from 0 to 255
# The demonstration is invented: with a secret that anybody may know, its figures are the same everywhere.
DEMONSTRATION_SECRET = sha256(b"demonstration").hexdigest()
# What tells one response from another where no respondent is named. Codes that a supplier adds later
# (themes, feelings, flags) are not part of it, nor where in which file the row stood.
CONTENT = (
    "source", "provider", "provider_name", "provider_context", "service_raw", "date_raw", "mode", "stars",
    *GROUPS, "comment",
)  # fmt: skip


def new_secret(kind: str) -> str:
    """The secret of a new database, in hexadecimal."""
    return DEMONSTRATION_SECRET if kind == "demonstration" else token_hex(32)


def record_keys(responses: pd.DataFrame, answers: pd.DataFrame, secret: str) -> list[int]:
    """The record key, 0 to 255, of each response of one extract.

    Parameters
    ----------
    responses : rows in the columns of `model.RESPONSE`.
    answers : what they answered, in the columns of `model.ANSWER`.
    secret : of the database, in hexadecimal.

    Where a row names its respondent or author, the key is theirs, in that source. Otherwise a row is taken
    for a person, and its key hangs on what it holds and on which of several rows alike it is.
    """
    given: dict[str, list[str]] = {}
    for response, measure, answer in zip(
        answers["response"], answers["measure"], answers["answer"], strict=True
    ):
        given.setdefault(response, []).append(f"{measure}={answer}")
    columns = [[str(value) for value in responses[name]] for name in CONTENT]
    seen: Counter[bytes] = Counter()
    key = bytes.fromhex(secret)
    keys = []
    for source, author, response, *content in zip(
        responses["source"], responses["author"], responses["response"], *columns, strict=True
    ):
        if author:
            keys.append(_digest(key, ("author", source, author)))
            continue
        digest = _content(("row", *content, *sorted(given.get(response, ()))))
        seen[digest] += 1
        keys.append(_digest(key, (digest.hex(), str(seen[digest]))))
    return keys


# What tells one confidential count that comes added up from another.
COUNTED = (
    "source", "measure", "provider", "provider_name", "period_start", "period_end", "respondents", "positive",
)  # fmt: skip
GROUP = ("service", "group_dimension", "group_value")


def count_keys(facts: pd.DataFrame, secret: str) -> list[int]:
    """Two record keys in one number of 16 bits for each confidential count: of its positive answers (modulo
    256) and of the others. `facts` has the columns of COUNTED and, where there are, of GROUP."""
    names = [name for name in (*COUNTED, *GROUP) if name in facts]
    columns = [[str(value) for value in facts[name]] for name in names]
    key = bytes.fromhex(secret)
    return [
        int.from_bytes(hmac.digest(key, _content(("count", *row)), "sha256")[:2], "little")
        for row in zip(*columns, strict=True)
    ]


def _content(parts: Iterable[str]) -> bytes:
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()


def _digest(key: bytes, parts: Iterable[str]) -> int:
    return hmac.digest(key, _content(parts), "sha256")[0]
